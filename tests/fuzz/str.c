/* SPDX-License-Identifier: 0BSD */
/* parsers: str_digits str_number str_duration unit_seconds */
#include "fuzz.h"
#include "str.h"

/* What strtoull(3) makes of digits alone: 0, -EINVAL, -ERANGE. */
static int number(const char *text, uint64_t max, uint64_t *value)
{
	if (!*text || text[strspn(text, "0123456789")])
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, NULL, 10);
	return errno || *value > max ? -ERANGE : 0;
}

static void duration(const char *text)
{
	static const char units[] = "smhd";
	static const unsigned seconds[] = { 1, 60, 3600, 86400 };
	uint64_t ns = 42;
	long double should;
	unsigned unit = 1;
	const char *u;
	int r = str_duration(text, &ns);

	MUST(r == 0 || (r == -EINVAL && ns == 42));
	if (r || !strcasecmp(text, "inf") || !strcasecmp(text, "infinity")) {
		MUST(r || ns == STR_FOREVER);
		return;
	}
	MUST(*text && strspn(text, "0123456789.smhd") == strlen(text));
	u = strchr(units, text[strlen(text) - 1]);
	if (u && *u)
		unit = seconds[u - units];
	/* To a nanosecond of the number that is written, or too far away to matter. */
	should = strtold(text, NULL) * unit * 1e9L;
	if (ns == STR_FOREVER)
		MUST(should > 584.0L * 365 * 86400 * 1e9L);
	else
		MUST(should - ns < unit * 1.001L + 1e-9L * ns && ns <= should + 1 + 1e-9L * ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	uint64_t maxima[] = { 0, 9, 64, INT32_MAX, UINT32_MAX, UINT64_MAX - 1, UINT64_MAX };
	const char *end;

	for (size_t i = 0; i < sizeof maxima / sizeof *maxima; i++) {
		uint64_t is = 42, should = 0;
		int r = str_number(text, maxima[i], &is);

		MUST(r == number(text, maxima[i], &should));
		MUST(r || is == should);
		r = str_digits(text, &end, maxima[i], &is);
		MUST(end == text + strspn(text, "0123456789"));
		MUST((r == -EINVAL) == (end == text));
		MUST(r || is <= maxima[i]);
	}
	duration(text);
	free(text);
	return 0;
}
