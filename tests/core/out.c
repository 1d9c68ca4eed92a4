/* SPDX-License-Identifier: 0BSD */
/* The last door: escaping, cells, tables, JSON, errors of the writer. */
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
		      9),                             /* U+FFF9, no characters */
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
		{ E_ACUTE "x", 1, "e", E_ACUTE, 1, 1 }, /* the accent belongs to its letter */
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

/* ---- tables */

enum { SHOW_TEXT, SHOW_NUMBER, SHOW_NONE };

#define COLUMNS(COL) \
	COL("left", "LEFT", 6, 0, 0, SHOW_TEXT, 0, "text") \
	COL("right", "RIGHT", 6, OUT_RIGHT, 0, SHOW_TEXT, 1, "text") \
	COL("num", "NUM", 5, OUT_RIGHT | OUT_NUM, 0, SHOW_NUMBER, 2, "a number") \
	COL("none", "NONE", 4, OUT_RIGHT | OUT_NUM, 0, SHOW_NONE, 0, "nothing") \
	COL("wide", "WIDE", 6, OUT_WIDE, 0, SHOW_TEXT, 3, "unlimited at the end") \
	COL("cut", "CUT", 4, OUT_CUT, 0, SHOW_TEXT, 3, "always cut") \
	COL("textnum", "TN", 3, OUT_RIGHT, 0, SHOW_NUMBER, 2, "a number, but text in JSON")
OUT_COLUMNS(columns, COLUMNS);

static void show(struct out_table *t, const struct out_col *col, const void *row)
{
	const char *const *cells = row;

	if (col->show == SHOW_TEXT)
		out_cell_text(t, cells[col->of]);
	else if (col->show == SHOW_NUMBER)
		out_cell_number(t, strtoull(cells[col->of], NULL, 10));
	else
		out_cell_none(t);
}

struct table_job {
	enum out_form form;
	const char *picks; /* names, with =HEADER */
	int no_header, utf8;
	size_t screen;
	int row_count;
	const char *rows[4][4];
};

static int print_table(void *arg)
{
	const struct table_job *job = arg;
	struct out o = { .fd = 1 };
	struct out_table t = { .o = &o,
		               .form = job->form,
		               OUT_USE(columns),
		               .show = show,
		               .key = "rows",
		               .utf8 = job->utf8,
		               .no_header = job->no_header,
		               .screen = job->screen };
	char list[256];

	snprintf(list, sizeof list, "%s", job->picks);
	for (char *name = strtok(list, " "); name; name = strtok(NULL, " ")) {
		char *header = strchr(name, '=');

		if (header)
			*header++ = 0;
		if (out_pick(&t, name, strlen(name), header))
			return 1;
	}
	out_begin(&t);
	for (int i = 0; i < job->row_count; i++)
		out_row(&t, job->rows[i]);
	return out_end(&t) ? 2 : 0;
}

static void check_table(struct table_job job, const char *should)
{
	char text[4096];

	CHECK_INT(capture(1, print_table, &job, text, sizeof text), 0);
	CHECK_TEXT(text, should);
}

/* No blanks at the end of a line. */
TEST(fixed)
{
	struct table_job job = { OUT_FIXED,
		                 "left right num wide",
		                 0,
		                 0,
		                 0,
		                 2,
		                 { { "a", "b", "1", "tail" },
		                   { "abcdef", "ghijkl", "12345", "" } } };

	check_table(job, "LEFT    RIGHT   NUM WIDE\n"
	                 "a           b     1 tail\n"
	                 "abcdef ghijkl 12345\n");
	job.no_header = 1;
	check_table(job, "a           b     1 tail\n"
	                 "abcdef ghijkl 12345\n");
	job.row_count = 0;
	check_table(job, "");
	job = (struct table_job){ OUT_FIXED, "left= num= none=",      0, 0, 0,
		                  1,         { { "a", "", "7", "" } } };
	check_table(job, "a          7    -\n"); /* all headers empty: no line */
	job.picks = "left=A-LONG-ONE num=";
	check_table(job, "A-LONG-ONE\na              7\n");
}

/* Too long a value pushes the line; what follows takes its place again as soon as it can. */
TEST(fixed_debt)
{
	struct table_job job = { OUT_FIXED,
		                 "left right num",
		                 0,
		                 0,
		                 0,
		                 4,
		                 { { "12345678", "r", "1", "" },
		                   { "123456789012345", "r", "1", "" },
		                   { "1234567890", "1234567890", "1234567", "" },
		                   { "", "", "1", "" } } };

	check_table(job, "LEFT    RIGHT   NUM\n"
	                 "12345678    r     1\n" /* blanks of the next pay for it */
	                 "123456789012345 r 1\n" /* one blank is left each */
	                 "1234567890 1234567890 1234567\n"
	                 "                  1\n");
	job = (struct table_job){ OUT_FIXED,
		                  "left wide",
		                  1,
		                  0,
		                  0,
		                  2,
		                  { { "123456", "", "", "tail" }, { "1234567", "", "", "tail" } } };
	check_table(job, "123456 tail\n1234567 tail\n"); /* a blank in any case */
}

TEST(fixed_cut)
{
	struct table_job job = { OUT_FIXED,
		                 "cut wide left",
		                 0,
		                 0,
		                 0,
		                 2,
		                 { { "x", "", "", "0123456789" }, { "y", "", "", "ab" } } };

	check_table(job, "CUT  WIDE   LEFT\n"
	                 "0123 012345 x\n"
	                 "ab   ab     y\n");
	job.picks = "left wide";
	check_table(job, "LEFT   WIDE\nx      0123456789\ny      ab\n");
	job.screen = 12;
	check_table(job, "LEFT   WIDE\nx      01234\ny      ab\n");
	job.picks = "wide";
	job.screen = 5;
	check_table(job, "WIDE\n01234\nab\n");
	/* In UTF-8 a cell is not a byte. */
	job = (struct table_job){ OUT_FIXED,
		                  "left num",
		                  0,
		                  1,
		                  0,
		                  2,
		                  { { "\xc3\xa9\xc3\xa9", "", "1", "" }, { "ee", "", "1", "" } } };
	check_table(job, "LEFT     NUM\n\xc3\xa9\xc3\xa9         1\nee         1\n");
}

/* A column is as wide as its header or its widest cell; the width of its row counts when the cells
 * are not narrower than the header, as util-linux has it. */
TEST(fit)
{
	struct table_job job = { OUT_FIT,
		                 "left right num wide",
		                 0,
		                 0,
		                 0,
		                 2,
		                 { { "a", "b", "1", "a\nb" },
		                   { "123456789", "x", "123456", "" } } };

	check_table(job, "LEFT      RIGHT    NUM WIDE\n"
	                 "a             b      1 a?b\n"
	                 "123456789     x 123456\n");
	job.screen = 25;
	check_table(job, "LEFT      RIGHT    NUM WIDE\n"
	                 "a             b      1 a?\n"
	                 "123456789     x 123456\n");
	job.screen = 0;
	job.row_count = 1;
	check_table(job, "LEFT RIGHT NUM WIDE\na        b   1 a?b\n");
	job.rows[0][2] = "123"; /* as wide as its header: now the 5 of its row count */
	check_table(job, "LEFT RIGHT   NUM WIDE\na        b   123 a?b\n");
	job.no_header = 1;
	check_table(job, "a        b   123 a?b\n");
	job.no_header = 0;
	job.row_count = 0;
	check_table(job, ""); /* no rows: not even headers */
}

TEST(json)
{
	struct table_job job = { OUT_JSON,
		                 "left num none textnum wide",
		                 0,
		                 0,
		                 10,
		                 2,
		                 { { "a\"\n", "", "7", "0123456789012345" },
		                   { "\xff", "", "18446744073709551615", "" } } };

	check_table(job, "{\n   \"rows\": [\n"
	                 "      {\n"
	                 "         \"left\": \"a\\\"\\u000a\",\n"
	                 "         \"num\": 7,\n"
	                 "         \"none\": null,\n"
	                 "         \"textnum\": \"7\",\n"
	                 "         \"wide\": \"0123456789012345\"\n"
	                 "      },{\n"
	                 "         \"left\": \"\\ufffd\",\n"
	                 "         \"num\": 18446744073709551615,\n"
	                 "         \"none\": null,\n"
	                 "         \"textnum\": \"18446744073709551615\",\n"
	                 "         \"wide\": \"\"\n"
	                 "      }\n   ]\n}\n");
	job.row_count = 0;
	check_table(job, "{\n   \"rows\": []\n}\n");
	job.row_count = 1;
	job.picks = "num";
	check_table(job, "{\n   \"rows\": [\n      {\n         \"num\": 7\n      }\n   ]\n}\n");
}

TEST(pick)
{
	struct out o = { .fd = -1 };
	struct out_table t = { .o = &o, OUT_USE(columns), .show = show };

	CHECK_INT(out_pick(&t, "num", 3, NULL), 0);
	CHECK_INT(out_pick(&t, "NUM,x", 3, NULL), 0); /* any case, by length */
	CHECK_INT(out_pick(&t, "textnum", 7, NULL), 0);
	CHECK_INT(out_pick(&t, "nu", 2, NULL), -ENOENT);
	CHECK_INT(out_pick(&t, "numb", 4, NULL), -ENOENT);
	CHECK_INT(out_pick(&t, "", 0, NULL), -ENOENT);
	CHECK_INT(out_pick(&t, "NUM", 0, NULL), -ENOENT);
	CHECK_INT(t.count, 3);
	CHECK_TEXT(t.picks[1].name, "num");
	CHECK_TEXT(t.picks[2].header, "TN");
	CHECK_INT(t.picks[2].width, 3);
	while (t.count < OUT_COLS)
		CHECK_INT(out_pick(&t, "left", 4, "a-long-header"), 0);
	CHECK_INT(t.picks[OUT_COLS - 1].width, 13);
	CHECK_INT(out_pick(&t, "left", 4, NULL), -E2BIG);
	CHECK_INT(t.count, OUT_COLS);
}

static int to_full(void *arg)
{
	dup2(open("/dev/full", O_WRONLY), 1);
	return print_table(arg);
}

TEST(table_on_a_full_disk)
{
	struct table_job job = { OUT_FIXED, "left", 0, 0, 0, 1, { { "a", "", "", "" } } };

	for (job.form = OUT_FIXED; job.form <= OUT_JSON; job.form++)
		CHECK_INT(in_child(to_full, &job), 2);
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
