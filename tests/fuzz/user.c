/* SPDX-License-Identifier: 0BSD */
/* parsers: user_find */
#include "fuzz.h"
#include "user.h"

/* A line found is one of the text, and is found again by what it says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uid_t uids[] = { 0, 1, 1000, 65534, 4294967294u, 4294967295u };
	char *text = malloc(size + 1);

	if (size)
		memcpy(text, data, size);
	text[size++] = '\n'; /* in place of a NUL: that is what the function may rely on */
	for (size_t i = 0; i < sizeof uids / sizeof *uids; i++) {
		uid_t uid = uids[i], again = 12345;
		size_t len = 0, same;
		const char *name = user_find(text, size, NULL, &len, &uid);

		MUST(!name == !len && uid == uids[i]);
		if (!name)
			continue;
		MUST(uid != 4294967295u);
		MUST(name >= text && name + len < text + size && name[len] == ':');
		MUST(name == text || name[-1] == '\n');
		MUST(!memchr(name, ':', len) && !memchr(name, '\n', len));
		same = len;
		MUST(user_find(text, size, name, &same, &again) && same == len);
	}
	/* The name is the input's first word. */
	if (size > 1) {
		size_t len = 0;
		uid_t uid = 12345;
		const char *found;

		while (len < size - 1 && text[len] != ':' && text[len] != '\n')
			len++;
		if (len) {
			found = user_find(text, size, text, &len, &uid);
			MUST(!found || (!memcmp(found, text, len) && found[len] == ':'));
			MUST(found || uid == 12345);
		}
	}
	free(text);
	return 0;
}
