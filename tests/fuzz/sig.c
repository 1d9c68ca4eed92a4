/* SPDX-License-Identifier: 0BSD */
/* parsers: sig_parse parse_realtime sig_name */
#include "fuzz.h"
#include "sig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), name[SIG_NAME], prefixed[SIG_NAME + 3];
	int sig = sig_parse(text), any = 0;

	MUST(sig == -EINVAL || (sig >= 0 && sig <= SYS_SIGNALS));
	if (sig > 0) {
		MUST(sig_name(sig, name) == name && strlen(name) < sizeof name);
		MUST(sig_parse(name) == sig);
		snprintf(prefixed, sizeof prefixed, "sig%s", name);
		MUST(strchr("0123456789", *name) || sig_parse(prefixed) == sig);
	}
	/* A number that comes from elsewhere, such as a wait status. */
	memcpy(&any, data, size < sizeof any ? size : sizeof any);
	sig_name(any, name);
	MUST(strlen(name) > 0 && strlen(name) < sizeof name);
	MUST(any < 0 || any > SYS_SIGNALS || sig_parse(name) == any);
	free(text);
	return 0;
}
