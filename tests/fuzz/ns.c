/* SPDX-License-Identifier: 0BSD */
/* parsers: ns_parse ns_by_name */
#include "fuzz.h"
#include "ns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), again[64];
	enum ns_kind kind = NS_N;
	uint64_t inode = 42;
	int r = ns_parse(text, &kind, &inode);

	MUST(r == 0 || r == -EINVAL);
	MUST(!r || (kind == NS_N && inode == 42));
	if (!r) {
		size_t name = strcspn(text, ":");

		MUST((unsigned)kind < NS_N);
		MUST(ns_by_name(ns_kinds[kind].name) == (int)kind);
		/* But for zeros in front of the number it can be made again. */
		snprintf(again, sizeof again, "%s:[%llu]", ns_kinds[kind].name,
		         (unsigned long long)inode);
		text[name + 1] = '[';
		MUST(!strncmp(again, text, name + 2));
		MUST(!strcmp(again + name + 2,
		             text + name + 2 + strspn(text + name + 2, "0") - (inode == 0)));
	}
	free(text);
	return 0;
}
