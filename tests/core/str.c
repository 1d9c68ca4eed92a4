/* SPDX-License-Identifier: 0BSD */
/* Numbers at their borders, durations, the formatter against snprintf(3), the stable sort. */
#include "test.h"
#include "help.h"
#include "str.h"

#include <limits.h>

TEST(number)
{
	static const struct {
		const char *text;
		uint64_t max;
		int result;
		uint64_t value;
	} cases[] = {
		{ "0", 0, 0, 0 },
		{ "00", 0, 0, 0 },
		{ "1", 0, -ERANGE, 0 },
		{ "10", 0, -ERANGE, 0 },
		{ "7", 7, 0, 7 },
		{ "8", 7, -ERANGE, 0 },
		{ "17", 7, -ERANGE, 0 },
		{ "0000000000000000000000000000000000000007", 7, 0, 7 },
		{ "4294967295", UINT32_MAX, 0, UINT32_MAX },
		{ "4294967296", UINT32_MAX, -ERANGE, 0 },
		{ "18446744073709551615", UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, -ERANGE, 0 },
		{ "18446744073709551625", UINT64_MAX, -ERANGE, 0 },
		{ "99999999999999999999999999", UINT64_MAX, -ERANGE, 0 },
		{ "18446744073709551615", UINT64_MAX - 1, -ERANGE, 0 },
		{ "18446744073709551614", UINT64_MAX - 1, 0, UINT64_MAX - 1 },
		{ "", 9, -EINVAL, 0 },
		{ " 1", 9, -EINVAL, 0 },
		{ "1 ", 9, -EINVAL, 0 },
		{ "+1", 9, -EINVAL, 0 },
		{ "-1", 9, -EINVAL, 0 },
		{ "-0", 9, -EINVAL, 0 },
		{ "0x1", 9, -EINVAL, 0 },
		{ "1a", 9, -EINVAL, 0 },
		{ "99a", 9, -EINVAL, 0 }, /* nonsense before too large */
		{ "1\n", 9, -EINVAL, 0 },
		{ "\xd9\xa1", 9, -EINVAL, 0 }, /* a digit, but not of ASCII */
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t value = 42;
		int r = str_number(cases[i].text, cases[i].max, &value);

		if (r != cases[i].result || (!r && value != cases[i].value))
			CHECK_FAIL("\"%s\" up to %llu is %d, %llu", cases[i].text,
			           (unsigned long long)cases[i].max, r, (unsigned long long)value);
	}
}

/* As strtol(3) has it with the base 0, which the peers of ps use. */
TEST(numbers_in_c)
{
	static const struct {
		const char *text;
		uint64_t max;
		int result;
		uint64_t value;
	} cases[] = {
		{ "0", 0, 0, 0 },
		{ "80", 99, 0, 80 },
		{ "0x50", 99, 0, 80 },
		{ "0XfF", 255, 0, 255 },
		{ "0120", 99, 0, 80 },
		{ "00", 99, 0, 0 },
		{ " \t\n\v\f\r80", 99, 0, 80 },
		{ "+80", 99, 0, 80 },
		{ " +0x50", 99, 0, 80 },
		{ "-0", 99, 0, 0 },
		{ "-00", 99, 0, 0 },
		{ "100", 99, -ERANGE, 0 },
		{ "-1", 99, -ERANGE, 0 },
		{ "-99999999999999999999", 99, -ERANGE, 0 },
		{ "0x10000000000000000", UINT64_MAX / 16, -ERANGE, 0 },
		{ "99999999999999999999", 99, -ERANGE, 0 },
		{ "", 99, -EINVAL, 0 },
		{ " ", 99, -EINVAL, 0 },
		{ "+", 99, -EINVAL, 0 },
		{ "-", 99, -EINVAL, 0 },
		{ "+-1", 99, -EINVAL, 0 },
		{ "- 1", 99, -EINVAL, 0 },
		{ "0x", 99, -EINVAL, 0 },
		{ "0xg", 99, -EINVAL, 0 },
		{ "x50", 99, -EINVAL, 0 },
		{ "08", 99, -EINVAL, 0 },
		{ "1a", 99, -EINVAL, 0 },
		{ "1:", 99, -EINVAL, 0 },
		{ "0x1G", 99, -EINVAL, 0 },
		{ "80 ", 99, -EINVAL, 0 },
		{ "999x", 99, -EINVAL, 0 }, /* nonsense before too large */
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t value = 42;
		int r = str_c_number(cases[i].text, cases[i].max, &value);

		if (r != cases[i].result || (!r && value != cases[i].value))
			CHECK_FAIL("\"%s\" is %d, %llu", cases[i].text, r,
			           (unsigned long long)value);
	}
}

TEST(digits_end)
{
	const char *end = NULL, *text = "12,13";
	uint64_t v = 0;

	CHECK_INT(str_digits(text, &end, 99, &v), 0);
	CHECK_INT(v, 12);
	CHECK(end == text + 2);
	CHECK_INT(str_digits(text, &end, 11, &v), -ERANGE);
	CHECK(end == text + 2); /* behind the digits all the same */
	CHECK_INT(str_digits(",", &end, 11, &v), -EINVAL);
	CHECK_TEXT(end, ",");
}

/* Every number there and back, against strtoull(3). */
TEST(number_random)
{
	for (int i = 0; i < 20000; i++) {
		uint64_t n = rnd_edge(), max = rnd_edge(), value;
		char text[32];
		int r;

		snprintf(text, sizeof text, "%llu", (unsigned long long)n);
		r = str_number(text, max, &value);
		if (r != (n > max ? -ERANGE : 0) || (!r && value != strtoull(text, NULL, 10))) {
			CHECK_FAIL("%s up to %llu is %d", text, (unsigned long long)max, r);
			return;
		}
	}
}

#define S 1000000000ull

/* Around every power of ten, and at random. */
TEST(decimal)
{
	uint64_t power = 1;

	for (int i = 0; i < 3000; i++) {
		uint64_t v = i < 60 ? power + (uint64_t)(i % 3) - 1 : rnd() >> rnd_below(64);
		char text[32], wanted[32], *end = text + 31;

		if (i % 3 == 2)
			power *= 10;
		*end = 0;
		snprintf(wanted, sizeof wanted, "%llu", (unsigned long long)v);
		CHECK_TEXT(str_decimal(end, v, 1), wanted);
		snprintf(wanted, sizeof wanted, "%05llu", (unsigned long long)v);
		CHECK_TEXT(str_decimal(end, v, 5), wanted);
	}
}

TEST(octal)
{
	unsigned v = 7;

	CHECK_INT(str_octal("0", 0777, &v), 0);
	CHECK_INT(v, 0);
	CHECK_INT(str_octal("0027", 0777, &v), 0);
	CHECK_INT(v, 027);
	CHECK_INT(str_octal("777", 0777, &v), 0);
	CHECK_INT(v, 0777);
	CHECK_INT(str_octal("1000", 0777, &v), -ERANGE);
	CHECK_INT(str_octal("7777777777777777777", 0777, &v), -ERANGE);
	CHECK_INT(str_octal("8", 0777, &v), -EINVAL);
	CHECK_INT(str_octal("", 0777, &v), -EINVAL);
	CHECK_INT(str_octal("-1", 0777, &v), -EINVAL);
	CHECK_INT(str_octal("7 ", 0777, &v), -EINVAL);
}

TEST(begins)
{
	CHECK_TEXT(str_begins("--grace=5", "--grace="), "5");
	CHECK_TEXT(str_begins("same", "same"), "");
	CHECK(!str_begins("--Grace=5", "--grace=") && !str_begins("sam", "same"));
	CHECK(!str_begins("", "x") && str_begins("", ""));
}

TEST(prefix)
{
	static const char *const texts[] = { "utf-8", "UTF-8", "Utf-8" };

	for (size_t i = 0; i < COUNT(texts); i++) {
		const char *rest = str_prefix(texts[i], "utf");

		CHECK(rest == texts[i] + 3);
	}
	CHECK(!*str_prefix("inf", "inf"));
	CHECK(!str_prefix("in", "inf"));
	CHECK(!str_prefix("", "inf"));
	CHECK(!str_prefix("\x09nf", "inf")); /* what is no letter has no case */
	CHECK(!str_prefix("ung", "utf"));
	CHECK_TEXT(str_prefix("anything", ""), "anything");
}

TEST(duration)
{
	static const struct {
		const char *text;
		int result;
		uint64_t ns;
	} cases[] = {
		{ "0", 0, 0 },
		{ "1", 0, S },
		{ "1s", 0, S },
		{ "2m", 0, 120 * S },
		{ "2h", 0, 7200 * S },
		{ "2d", 0, 172800 * S },
		{ ".5", 0, S / 2 },
		{ "1.", 0, S },
		{ "1.s", 0, S },
		{ "0.000000001", 0, 1 },
		{ "0.0000000019", 0, 1 }, /* what is below a nanosecond is cut */
		{ "0.123456789", 0, 123456789 },
		{ "1.5m", 0, 90 * S },
		{ "0.1d", 0, 8640 * S },
		{ "0.00000000000000000000000000000000000000001", 0, 0 },
		{ "infinity", 0, STR_FOREVER },
		{ "INF", 0, STR_FOREVER },
		{ "Infinity", 0, STR_FOREVER },
		{ "18446744072", 0, 18446744072 * S },
		{ "18446744072.999999999", 0, 18446744072 * S + 999999999 },
		{ "18446744074", 0, STR_FOREVER },
		{ "99999999999999999999999", 0, STR_FOREVER },
		{ "99999999999999999999999d", 0, STR_FOREVER },
		{ "213502d", 0, 213502ull * 86400 * S },
		{ "213504d", 0, STR_FOREVER },
		{ "", -EINVAL, 0 },
		{ ".", -EINVAL, 0 },
		{ ".s", -EINVAL, 0 },
		{ "s", -EINVAL, 0 },
		{ "1x", -EINVAL, 0 },
		{ "1ms", -EINVAL, 0 },
		{ "1 s", -EINVAL, 0 },
		{ "1s ", -EINVAL, 0 },
		{ "1S", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "1.2.3", -EINVAL, 0 },
		{ "1.-2", -EINVAL, 0 },
		{ "inf ", -EINVAL, 0 },
		{ "infinit", -EINVAL, 0 },
		{ "99999999999999999999999x", -EINVAL, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t ns = 42;
		int r = str_duration(cases[i].text, &ns);

		if (r != cases[i].result || ns != (r ? 42 : cases[i].ns))
			CHECK_FAIL("\"%s\" is %d, %llu", cases[i].text, r, (unsigned long long)ns);
	}
}

/* The longest finite durations: never a wrap to a short one. */
TEST(duration_never_wraps)
{
	static const struct {
		char letter;
		uint64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };

	for (size_t u = 0; u < COUNT(units); u++) {
		uint64_t limit = UINT64_MAX / S / units[u].seconds;

		for (uint64_t n = limit - 3; n < limit + 4; n++) {
			char text[64];
			uint64_t ns = 0;

			snprintf(text, sizeof text, "%llu.999999999%c", (unsigned long long)n,
			         units[u].letter);
			CHECK_INT(str_duration(text, &ns), 0);
			if (ns != STR_FOREVER && ns / S / units[u].seconds != n)
				CHECK_FAIL("%s is %llu ns", text, (unsigned long long)ns);
		}
	}
}

TEST(buffer)
{
	struct str b = { 0 };
	char *before;

	CHECK_INT(str_add(&b, "", 0), 0);
	for (int i = 0; i < 10000; i++)
		CHECK_INT(str_add(&b, "ab", 2), 0);
	CHECK_INT(b.len, 20000);
	CHECK(b.cap >= b.len);
	for (size_t i = 0; i < b.len; i += 2)
		if (memcmp(b.p + i, "ab", 2)) {
			CHECK_FAIL("the text is broken at %zu", i);
			break;
		}
	before = b.p;
	CHECK_INT(str_room(&b, SIZE_MAX), -ENOMEM);
	CHECK_INT(str_room(&b, SIZE_MAX / 4 - b.len + 1), -ENOMEM);
	CHECK(b.p == before && b.len == 20000);
	CHECK_INT(str_puts(&b, "end"), 0);
	CHECK(!memcmp(b.p + 20000, "end", 3));
	str_free(&b);
	CHECK(!b.p && !b.len && !b.cap);
	str_free(&b);
}

static void same(size_t is, const char *text, int should, const char *expected, const char *what)
{
	if (is != (size_t)should || strcmp(text, expected))
		CHECK_FAIL("%s: \"%s\" (%zu), not \"%s\" (%d)", what, text, is, expected, should);
}

static char ours[300], theirs[300];

/* What both are asked for, into buffers of one size; nothing may be written behind the end. */
#define SAME(size, ...) \
	do { \
		size_t is; \
		int should; \
\
		memset(ours, 'x', sizeof ours); \
		is = str_format(ours, size, __VA_ARGS__); \
		should = snprintf(theirs, size, __VA_ARGS__); \
		same(is, size ? ours : "", should, size ? theirs : "", #__VA_ARGS__); \
		CHECK(ours[size] == 'x'); \
	} while (0)

TEST(format)
{
	static const size_t sizes[] = { 0, 1, 2, 5, 299 };

	for (size_t i = 0; i < COUNT(sizes); i++) {
		size_t n = sizes[i];

		SAME(n, "%s", "");
		SAME(n, "%%");
		SAME(n, "100%% of %s", "it");
		SAME(n, "%d %d", INT_MIN, INT_MAX);
		SAME(n, "%ld", LONG_MIN);
		SAME(n, "%lld", LLONG_MIN);
		SAME(n, "%llu %llx %llo", ULLONG_MAX, ULLONG_MAX, ULLONG_MAX);
		SAME(n, "%zu", SIZE_MAX);
		SAME(n, "%u %x %o", UINT_MAX, UINT_MAX, UINT_MAX);
		SAME(n, "%c%c", 'a', 'b');
		SAME(n, "%3c|%-3c|", 'a', 'b');
		SAME(n, "%10s|%-10s|", "right", "left");
		SAME(n, "%2s|%-2s|", "long", "long");
		SAME(n, "%.*s|", 2, "cut");
		SAME(n, "%.*s|", 9, "whole");
		SAME(n, "%.*s|", 0, "none");
		SAME(n, "%.*s|", -1, "all of it");
		SAME(n, "%02d:%02d", 7, 59);
		SAME(n, "%-5d|%5d|%05d", 42, 42, 42);
		SAME(n, "%-5d|%5d", -42, -42);
		SAME(n, "%250d", 1);
	}
}

/* A zero goes between the sign and the digits. */
TEST(format_negative_with_zeros)
{
	SAME(299, "%05d", -42);
	SAME(299, "%02d", -1);
	SAME(299, "%020lld", LLONG_MIN);
}

/* A precision bounds what is read: no NUL is needed. */
TEST(format_unterminated)
{
	char *text = malloc(3), out[8];

	memcpy(text, "abc", 3);
	CHECK_INT(str_format(out, sizeof out, "%.*s", 3, text), 3);
	CHECK_TEXT(out, "abc");
	free(text);
}

/* Any flag, width, size and kind with any number. */
TEST(format_random)
{
	static const char *const flags[] = { "", "-", "0", "-0" };
	static const char *const sizes[] = { "", "l", "ll", "z" };

	for (int i = 0; i < 50000 && !check_now->failures; i++) {
		const char *size = sizes[rnd_below(4)];
		char kind = "duxo"[rnd_below(4)], format[32], what[64];
		size_t room = rnd_below(64), n;
		uint64_t v = rnd_edge();
		int m;

		snprintf(format, sizeof format, "[%%%s%u%s%c]", flags[rnd_below(4)],
		         (unsigned)rnd_below(30) + 1, size, kind);
		if (!*size) {
			n = str_format(ours, room, format, (unsigned)v);
			m = snprintf(theirs, room, format, (unsigned)v);
		} else if (!strcmp(size, "ll")) {
			n = str_format(ours, room, format, (unsigned long long)v);
			m = snprintf(theirs, room, format, (unsigned long long)v);
		} else {
			n = str_format(ours, room, format, (unsigned long)v);
			m = snprintf(theirs, room, format, (unsigned long)v);
		}
		snprintf(what, sizeof what, "%s of %llx in %zu", format, (unsigned long long)v,
		         room);
		same(n, room ? ours : "", m, room ? theirs : "", what);
	}
}

struct record {
	unsigned key, place;
};

static int by_key(const void *a, const void *b, const void *context)
{
	const struct record *x = a, *y = b;

	CHECK_TEXT(context, "context");
	return (x->key > y->key) - (x->key < y->key);
}

/* All lengths about the powers of two that the runs have, with many equal keys. */
TEST(sort)
{
	static struct record records[1100], spare[1100];

	for (size_t n = 0; n < COUNT(records) && !check_now->failures; n += n < 70 ? 1 : 103) {
		unsigned long long sum = 0;

		for (unsigned i = 0; i < n; i++) {
			records[i] = (struct record){ (unsigned)rnd_below(n / 3 + 1), i };
			sum += records[i].key;
		}
		str_sort(records, n, sizeof *records, spare, by_key, "context");
		for (unsigned i = 0; i < n; i++) {
			sum -= records[i].key;
			if (i && (records[i - 1].key > records[i].key ||
			          (records[i - 1].key == records[i].key &&
			           records[i - 1].place >= records[i].place)))
				CHECK_FAIL("%zu records: wrong at %u", n, i);
		}
		CHECK_INT(sum, 0);
	}
}

/* A size that is no power of two and has no alignment. */
static int by_byte(const void *a, const void *b, const void *unused)
{
	(void)unused;
	return *(const unsigned char *)a - *(const unsigned char *)b;
}

TEST(sort_odd_size)
{
	char records[] = "c1-b1-a1-b2-a2-c2-a3-", spare[sizeof records];

	str_sort(records, 7, 3, spare, by_byte, NULL);
	CHECK_TEXT(records, "a1-a2-a3-b1-b2-c1-c2-");
}
