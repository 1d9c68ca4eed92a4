/* SPDX-License-Identifier: 0BSD */
/* The last door: escaping, cells, strings of JSON, errors of the writer. */
#include "test.h"
#include "help.h"
#include "out.h"

#include <locale.h>

/* ---- escaping */

static const char *safe(const char *text, size_t len, int utf8, size_t max, long *cells)
{
	static char result[4096];
	struct str to = { 0 };

	CHECK_INT(str_puts(&to, "<"), 0); /* it appends */
	*cells = out_safe(&to, text, len, utf8, max);
	snprintf(result, sizeof result, "%.*s>", (int)to.len, to.p);
	str_free(&to);
	return result;
}

struct safe_case {
	const char *text;
	size_t max;
	const char *ascii, *utf8; /* what comes out */
	long ascii_cells, utf8_cells;
};

static void check_safe(const struct safe_case *c, size_t n)
{
	/* musl's wcwidth(3) knows Unicode always, glibc's in a UTF-8 locale only. */
	CHECK(setlocale(LC_CTYPE, "C.UTF-8"));
	for (; n--; c++)
		for (int utf8 = 0; utf8 < 2; utf8++) {
			const char *should = utf8 ? c->utf8 : c->ascii;
			long cells, want = utf8 ? c->utf8_cells : c->ascii_cells;
			const char *is = safe(c->text, strlen(c->text), utf8, c->max, &cells);
			char framed[256];

			snprintf(framed, sizeof framed, "<%s>", should);
			if (strcmp(is, framed) || cells != want)
				CHECK_FAIL("\"%s\" in %zu, utf8 %d: %s (%ld cells), not %s (%ld)",
				           c->text, c->max, utf8, is, cells, framed, want);
		}
	setlocale(LC_CTYPE, "C");
}

#define ALIKE(text, out, n) \
	{ \
		text, SIZE_MAX, out, out, n, n \
	}
#define CUT(text, max, out, n) \
	{ \
		text, max, out, out, n, n \
	}

TEST(ascii)
{
	static const struct safe_case cases[] = {
		ALIKE("", "", 0),
		ALIKE("plain ~ text", "plain ~ text", 12),
		ALIKE("\t\n\r\x1b\x01\x1f", "??????", 6),
		ALIKE("\x7f", "?", 1),
		ALIKE("\x1b[31mred\x1b[0m", "?[31mred?[0m", 12),
		ALIKE("\"\\'", "\"\\'", 3),
		CUT("text", 0, "", 0),
		CUT("text", 3, "tex", 3),
		CUT("text", 4, "text", 4),
		CUT("a\nb", 2, "a?", 2),
	};

	check_safe(cases, COUNT(cases));
}

/* procps outside UTF-8. */
TEST(dots)
{
	long cells;

	CHECK_TEXT(safe("\x1b[m\x7f\n\x80\xc3\xa9~", 9, OUT_DOTS, 8, &cells), "<.[m..??"
	                                                                      "?>");
	CHECK_INT(cells, 8);
}

TEST(unsafe_characters)
{
	static const struct safe_case cases[] = {
		ALIKE("\x80\x9b\x9f", "???", 3),                /* C1 as bytes */
		ALIKE("\xc2\x80\xc2\x9b\xc2\x9f", "??????", 6), /* C1 in UTF-8 */
		ALIKE("\xd8\x9c", "??", 2),                     /* U+061C arabic letter mark */
		ALIKE("\xe2\x80\x8b", "???", 3),                /* U+200B zero width space */
		ALIKE("\xe2\x80\x8d", "???", 3),                /* U+200D joiner */
		ALIKE("\xe2\x80\x8e\xe2\x80\x8f", "??????", 6), /* marks */
		ALIKE("\xe2\x80\xa8\xe2\x80\xa9", "??????", 6), /* U+2028 and 2029: line ends */
		ALIKE("\xe2\x80\xae"
		      "a",
		      "???a", 4), /* U+202E bidi override */
		ALIKE("\xe2\x81\xa0\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaf", "????????????", 12),
		ALIKE("\xee\x80\x80\xef\xa3\xbf", "??????", 6), /* private use */
		ALIKE("\xef\xbb\xbf", "???", 3),                /* U+FEFF */
		ALIKE("\xef\xbf\xb9\xef\xbf\xbe\xef\xbf\xbf", "?????????",
		      9),                                       /* U+FFF9, no characters */
		ALIKE("s\xcd\x8fsh", "s??sh", 5),               /* U+034F joins graphemes */
		ALIKE("\xe1\xa0\x8e\xef\xb8\x8f", "??????", 6), /* U+180E, U+FE0F */
		ALIKE("\xf0\x93\x90\xb0\xf0\x9b\xb2\xa3", "????????", 8), /* U+13430, U+1BCA3 */
		{ "\xf0\x90\x80\x9f", SIZE_MAX, "????", "\xf0\x90\x80\x9f", 4, 1 }, /* U+1001F */
		ALIKE("\xf3\xa0\x80\x81", "????", 4), /* U+E0001 tags */
		ALIKE("\xf4\x8f\xbf\xbf", "????", 4), /* U+10FFFF */
	};

	check_safe(cases, COUNT(cases));
}

TEST(invalid_utf8)
{
	static const struct safe_case cases[] = {
		ALIKE("\xff\xfe", "??", 2),
		ALIKE("\xc0\xaf", "??", 2), /* overlong '/' */
		ALIKE("\xc1\xbf", "??", 2),
		ALIKE("\xe0\x80\xaf", "???", 3), /* overlong in 3 and 4 bytes */
		ALIKE("\xe0\x9f\xbf", "???", 3),
		ALIKE("\xf0\x80\x80\xaf", "????", 4),
		ALIKE("\xf0\x8f\xbf\xbf", "????", 4),
		ALIKE("\xed\xa0\x80", "???", 3), /* surrogates */
		ALIKE("\xed\xbf\xbf", "???", 3),
		ALIKE("\xf4\x90\x80\x80", "????", 4), /* above U+10FFFF */
		ALIKE("\xf5\x80\x80\x80", "????", 4),
		ALIKE("\xf8\x88\x80\x80\x80", "?????", 5), /* 5 bytes, as it once was */
		ALIKE("\xbf", "?", 1),                     /* a tail alone */
		ALIKE("\xc3"
		      "a",
		      "?a", 2), /* its tail is missing */
		ALIKE("\xe2\x82"
		      "a",
		      "??a", 3),
		ALIKE("\xf0\x9f\x98"
		      "a",
		      "???a", 4),
		ALIKE("a\xe2\x82", "a??", 3), /* and so is the end */
		ALIKE("a\xf0", "a?", 2),
		{ "\xe2\xc3\xa9", SIZE_MAX, "???", "?\xc3\xa9", 3,
		  2 }, /* it goes on with the next */
	};

	check_safe(cases, COUNT(cases));
}

TEST(cells)
{
#define E_ACUTE "e\xcc\x81"      /* e and U+0301, a combining accent */
#define KANJI "\xe6\xbc\xa2"     /* two cells */
#define EMOJI "\xf0\x9f\x98\x80" /* two cells, four bytes */
	static const struct safe_case cases[] = {
		{ "\xc3\xa9", SIZE_MAX, "??", "\xc3\xa9", 2, 1 },
		{ "\xed\x9e\xa3", SIZE_MAX, "???", "\xed\x9e\xa3", 3,
		  2 }, /* U+D7A3, below surrogates */
		{ E_ACUTE, SIZE_MAX, "e??", E_ACUTE, 3, 1 },
		{ E_ACUTE "x", 1, "e", "e", 1, 1 }, /* nothing stands behind the last cell */
		{ E_ACUTE "x", 2, "e?", E_ACUTE "x", 2, 2 },
		{ KANJI, SIZE_MAX, "???", KANJI, 3, 2 },
		{ KANJI KANJI, 3, "???", KANJI, 3, 2 }, /* half a character is none */
		{ KANJI "a", 1, "?", "", 1, 0 },
		{ EMOJI, SIZE_MAX, "????", EMOJI, 4, 2 },
		{ "\xf0\x90\x8d\x88", SIZE_MAX, "????", "\xf0\x90\x8d\x88", 4, 1 },
		{ "a\xe2\x80\x8b", 3, "a??", "a", 3, 1 }, /* all its '?' or none */
	};

	check_safe(cases, COUNT(cases));
}

/* Bytes with a NUL among them, and any at all: what comes out is printable. */
TEST(random_bytes)
{
	CHECK(setlocale(LC_CTYPE, "C.UTF-8"));
	for (int round = 0; round < 20000 && !check_now->failures; round++) {
		static const unsigned char favourites[] = { 0xc2, 0x80, 0x9b, 0xe2, 0xad,
			                                    0xed, 0xa0, 0xf0, 0xf4, 0x8f,
			                                    0xef, 0xbb, 0xbf };
		char text[32];
		size_t len = rnd_below(sizeof text), max = rnd_below(40);
		long cells;
		const char *p;

		for (size_t i = 0; i < len; i++)
			text[i] = (char)(rnd_below(2) ? favourites[rnd_below(sizeof favourites)]
			                              : rnd());
		p = safe(text, len, 0, max, &cells);
		if (cells != (long)(len < max ? len : max) || strlen(p) != (size_t)cells + 2)
			CHECK_FAIL("%zu bytes of ASCII in %zu are %ld cells", len, max, cells);
		for (; *p; p++)
			if (*p < ' ' || *p > '~')
				CHECK_FAIL("byte %02x gets out", (unsigned char)*p);
		p = safe(text, len, 1, max, &cells);
		if (cells < 0 || cells > (long)max || mbstowcs(NULL, p, 0) == (size_t)-1)
			CHECK_FAIL("%ld cells in %zu, or invalid: %s", cells, max, p);
		for (; *p; p++)
			if ((unsigned char)*p < ' ' || *p == 0x7f ||
			    (p[0] == '\xc2' && (unsigned char)p[1] < 0xa0))
				CHECK_FAIL("byte %02x gets out", (unsigned char)*p);
	}
	setlocale(LC_CTYPE, "C");
}

TEST(environment)
{
	static const struct {
		const char *all, *ctype, *lang;
		int utf8;
	} cases[] = {
		{ NULL, NULL, NULL, 0 },
		{ NULL, NULL, "C", 0 },
		{ NULL, NULL, "POSIX", 0 },
		{ NULL, NULL, "en_US", 0 },
		{ NULL, NULL, "en_US.UTF-8", 1 },
		{ NULL, NULL, "C.UTF-8", 1 },
		{ NULL, NULL, "de_DE.utf8", 1 },
		{ NULL, NULL, "de_DE.UTF8@euro", 1 },
		{ NULL, NULL, "de_DE.ISO8859-1", 0 },
		{ NULL, NULL, "de_DE.UTF-16", 0 },
		{ NULL, NULL, "de_DE.utf-80", 0 },
		{ NULL, NULL, "de_DE.", 0 },
		{ NULL, NULL, ".UTF-8", 0 }, /* a locale without a name is none */
		{ NULL, "C", "C.UTF-8", 0 },
		{ NULL, "C.UTF-8", "C", 1 },
		{ "C", "C.UTF-8", "C.UTF-8", 0 },
		{ "C.UTF-8", "C", "C", 1 },
		{ "", "", "C.UTF-8", 1 },
		{ "", "C.UTF-8", NULL, 1 },
		{ "UTF-8", NULL, NULL, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
		const char *values[] = { cases[i].all, cases[i].ctype, cases[i].lang };

		for (int k = 0; k < 3; k++)
			values[k] ? setenv(names[k], values[k], 1) : unsetenv(names[k]);
		if (out_utf8() != cases[i].utf8)
			CHECK_FAIL("case %zu", i);
	}
	setenv("COLUMNS", "100", 1);
	CHECK_INT(out_screen(), 100);
	setenv("COLUMNS", " 0x64", 1);
	CHECK_INT(out_screen(), 100);
	setenv("COLUMNS", "0", 1);
	CHECK_INT(out_screen(), 0); /* stdout is a file */
	setenv("COLUMNS", "-5", 1);
	CHECK_INT(out_screen(), 0);
	setenv("COLUMNS", "99999999999999999999", 1);
	CHECK_INT(out_screen(), 0);
	unsetenv("COLUMNS");
	CHECK_INT(out_screen(), 0);
}

/* ---- the writer */

static int write_parts(void *unused)
{
	struct out o = { .fd = 1 };

	(void)unused;
	/* Past the buffer's end, to it, and one byte at a time. */
	for (int i = 0; i < 3; i++) {
		out_text(&o, "text");
		out_fill(&o, '.', 5000);
		out_number(&o, 18446744073709551615u);
		out_bytes(&o, "\0\n", 2);
		out_fill(&o, ',', sizeof o.buf - o.len);
	}
	out_bytes(&o, "", 0);
	return out_flush(&o) ? 1 : out_flush(&o) ? 2 : 0;
}

TEST(writer)
{
	static char text[40000], should[6000];
	size_t n = (size_t)sprintf(should, "text%05000d18446744073709551615", 0), tail;

	for (char *p = should + 4; *p == '0'; p++)
		*p = '.';
	should[4 + 5000] = '1';
	CHECK_INT(capture(1, write_parts, NULL, text, sizeof text), 0);
	CHECK(!memcmp(text, should, 4 + 5000 - 1));
	CHECK(!memcmp(text + 5004, "18446744073709551615\0\n", 22));
	tail = strspn(text + n + 2, ",");
	CHECK_INT((n + 2 + tail) % 4096, 0);
}

/* The first error stays, and nothing is written after it. */
TEST(write_errors)
{
	struct out full = { .fd = open("/dev/full", O_WRONLY) }, closed = { .fd = -1 };

	out_text(&full, "x");
	CHECK_INT(out_flush(&full), -ENOSPC);
	dup2(open(tmp("after"), O_RDWR | O_CREAT, 0600), full.fd);
	out_text(&full, "lost");
	CHECK_INT(out_flush(&full), -ENOSPC);
	CHECK_INT(lseek(full.fd, 0, SEEK_END), 0);
	CHECK_INT(out_flush(&closed), 0); /* nothing to write */
	out_fill(&closed, 'x', 100000);
	CHECK_INT(out_flush(&closed), -EBADF);
	close(full.fd);
}

/* ---- JSON strings */

/* A string of RFC 8259 and nothing behind it, in UTF-8, with every byte printable. */
static int is_json_string(const char *s)
{
	if (*s++ != '"' || mbstowcs(NULL, s, 0) == (size_t)-1)
		return 0;
	while (*s != '"') {
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return 0; /* the NUL at the end is one */
		if (*s++ != '\\')
			continue;
		if (*s == 'u') {
			if (strspn(s + 1, "0123456789abcdefABCDEF") < 4)
				return 0;
			s += 5;
		} else if (strchr("\"\\/bfnrt", *s++) == NULL) {
			return 0;
		}
	}
	return !s[1];
}

static const char *json_of(const char *text, size_t len)
{
	static char buf[4096];
	struct out o = { .fd = -1 };

	out_json_string(&o, text, len);
	snprintf(buf, sizeof buf, "%.*s", (int)o.len, o.buf);
	return buf;
}

TEST(json_strings)
{
	static const char *const cases[][2] = {
		{ "", "\"\"" },
		{ "plain", "\"plain\"" },
		{ "\"\\/", "\"\\\"\\\\/\"" },
		{ "\n\t\x01\x1f\x7f", "\"\\u000a\\u0009\\u0001\\u001f\\u007f\"" },
		{ "\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80",
		  "\"\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80\"" },
		{ "\xc2\x9b", "\"\\u009b\"" },
		{ "\xe2\x80\xae", "\"\\u202e\"" },
		{ "\xe2\x80\xa8", "\"\\u2028\"" },
		{ "\xff\xc0\xaf", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xe2\x82", "\"\\ufffd\\ufffd\"" },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK_TEXT(json_of(cases[i][0], strlen(cases[i][0])), cases[i][1]);
	CHECK_TEXT(json_of("a\0b", 3), "\"a\\u0000b\"");
}

/* Above U+FFFF an escape takes two: tags, which are not shown, are no better than U+200B. */
TEST(json_unsafe_above_the_bmp)
{
	CHECK_TEXT(json_of("\xf3\xa0\x80\x81", 4), "\"\\udb40\\udc01\"");
}

TEST(json_random)
{
	CHECK(setlocale(LC_CTYPE, "C.UTF-8"));
	for (int round = 0; round < 20000 && !check_now->failures; round++) {
		char text[40];
		size_t len = rnd_below(sizeof text);

		for (size_t i = 0; i < len; i++)
			text[i] = (char)(rnd_below(3) ? (int)rnd()
			                              : "\"\\\0\xe2\x80\xed\xf0"[rnd_below(7)]);
		if (!is_json_string(json_of(text, len)))
			CHECK_FAIL("not JSON: %s", json_of(text, len));
	}
	setlocale(LC_CTYPE, "C");
}
