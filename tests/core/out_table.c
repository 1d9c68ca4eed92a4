/* SPDX-License-Identifier: 0BSD */
/* Tables: where cells stand, what is cut, rows that are kept, JSON. */
#include "test.h"
#include "help.h"
#include "out.h"

#include <locale.h>

enum { SHOW_TEXT, SHOW_NUMBER, SHOW_NAME, SHOW_NONE };

#define COLUMNS(COL) \
	COL("left", "LEFT", 6, 0, 0, SHOW_TEXT, 0, "text") \
	COL("right", "RIGHT", 6, OUT_RIGHT, 0, SHOW_TEXT, 1, "text") \
	COL("num", "NUM", 5, OUT_RIGHT | OUT_NUM, 0, SHOW_NUMBER, 2, "a number") \
	COL("none", "NONE", 4, OUT_RIGHT | OUT_NUM, 0, SHOW_NONE, 0, "nothing") \
	COL("wide", "WIDE", 6, OUT_WIDE, 0, SHOW_TEXT, 3, "unlimited at the end") \
	COL("whole", "WHOLE", 8, OUT_WIDE | OUT_WHOLE, 0, SHOW_TEXT, 3, "counts at the end, too") \
	COL("tree", "TREE", 12, OUT_WIDE | OUT_TREE, 0, SHOW_TEXT, 3, "takes a prefix") \
	COL("cut", "CUT", 4, OUT_CUT, 0, SHOW_TEXT, 3, "always cut") \
	COL("name", "NAME", 6, OUT_CUT, 0, SHOW_NAME, 0, "a name and its number") \
	COL("textnum", "TN", 3, OUT_RIGHT, 0, SHOW_NUMBER, 2, "a number, but text in JSON")
OUT_COLUMNS(columns, COLUMNS);

static void show(struct out_table *t, const struct out_col *col, const void *row)
{
	const char *const *cells = row;

	if (col->show == SHOW_TEXT)
		out_cell_text(t, cells[col->of]);
	else if (col->show == SHOW_NUMBER)
		cells[col->of][0] == '-' ? out_cell_signed(t, atoll(cells[col->of]))
					 : out_cell_number(t, strtoull(cells[col->of], NULL, 10));
	else if (col->show == SHOW_NAME)
		out_cell_name(t, cells[0], strlen(cells[0]), (uint32_t)atol(cells[2]));
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
		if (*name == '+' ? out_pick_gap(&t, strlen(name))
		                 : out_pick(&t, name, strlen(name), header))
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
	                 "abcdef ghijkl 12345 \n");
	job.no_header = 1;
	check_table(job, "a           b     1 tail\n"
	                 "abcdef ghijkl 12345 \n");
	job.row_count = 0;
	check_table(job, "");
	job = (struct table_job){ OUT_FIXED, "left= num= none=",      0, 0, 0,
		                  1,         { { "a", "", "7", "" } } };
	check_table(job, "a          7    -\n"); /* all headers empty: no line */
	job.picks = "left=A-LONG-ONE num=";
	check_table(job, "A-LONG-ONE      \na              7\n");
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
	/* nothing is left of the line; behind its end procps does not look any more */
	job.rows[0][0] = "12345678901";
	job.rows[1][0] = "123456789012";
	check_table(job, "LEFT   WIDE\n12345678901 \n123456789012 ab\n");
	job.picks = "wide";
	job.screen = 5;
	check_table(job, "WIDE\n01234\nab\n");
	/* The next line has room for all of one that counts as a whole; of another only 3 count. */
	job = (struct table_job){
		OUT_FIXED, "left whole", 0, 0, 12, 1, { { "x", "", "", "0123456789abcdefghijk" } }
	};
	check_table(job, "LEFT   WHOLE\nx      0123456789abcdefg\n");
	job.picks = "left wide";
	check_table(job, "LEFT   WIDE\nx      01234\n");
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

/* A name is in the object once, and a gap is nothing there. */
TEST(json_once)
{
	struct table_job job = { OUT_JSON, "num + num left left num", 0, 0, 0,
		                 1,        { { "a", "", "-7", "" } } };

	check_table(job, "{\n   \"rows\": [\n      {\n         \"num\": -7,\n"
	                 "         \"left\": \"a\"\n      }\n   ]\n}\n");
}

/* Too long a name is cut with a '+', which is no part of another character, else its number stands
 * there in full length. */
TEST(names)
{
	static const struct {
		const char *name, *number, *ascii, *utf8;
	} cases[] = {
		{ "abcdef", "1", "abcdef ab|", "abcdef ab|" },
		{ "abcdefg", "1", "abcde+ ab|", "abcde+ ab|" },
		{ "", "4294967295", "42949+ ab|", "42949+ ab|" },
		{ "", "100000", "100000 ab|", "100000 ab|" },
		{ "abcd\xc3\xa9", "1", "abcd?? ab|", "abcd\xc3\xa9  ab|" },
		{ "ab\xc3\xa9gh", "1", "ab??gh ab|", "ab\xc3\xa9gh  ab|" },
		{ "ab\xc3\xa9ghij", "1", "ab??g+ ab|", "ab\xc3\xa9g+  ab|" },
		{ "abcd\xc3\xa9gh", "70000000", "abcd?+ ab|", "70000000 ab|" },
		{ "\x1b[31m", "1", "?[31m  ab|", "?[31m  ab|" },
		{ "\x1b[31mx", "1", "?[31mx ab|", "?[31mx ab|" },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		for (int utf8 = 0; utf8 < 2; utf8++) {
			struct table_job job = {
				OUT_FIXED,
				"name= cut=",
				0,
				utf8,
				0,
				1,
				{ { cases[i].name, "", cases[i].number, "ab|" } }
			};
			char should[64];

			snprintf(should, sizeof should, "%s\n",
			         utf8 ? cases[i].utf8 : cases[i].ascii);
			check_table(job, should);
		}
	/* in JSON nothing is cut */
	check_table(
		(struct table_job){ OUT_JSON, "name", 0, 0, 0, 1, { { "abcdefgh", "", "1", "" } } },
		"{\n   \"rows\": [\n      {\n         \"name\": \"abcdefgh\"\n      }\n   ]\n}\n");
}

/* A gap is as wide as it is: no other blank stands at its sides, and none is missing at the end. */
TEST(gaps)
{
	struct table_job job = { OUT_FIXED, "num ++ right", 0, 0, 0, 1, { { "a", "b", "1", "" } } };

	check_table(job, "  NUM   RIGHT\n    1       b\n");
	job.picks = "num + right";
	check_table(job, "  NUM  RIGHT\n    1      b\n");
	job.picks = "+++ num +";
	check_table(job, "     NUM \n       1 \n");
	job.picks = "left ++";
	check_table(job, "LEFT    \na       \n");
	job.picks = "wide + num";
	job.rows[0][3] = "12345678";
	check_table(job, "WIDE     NUM\n123456     1\n");
}

/* A row that is kept looks as one that is not, but for what its place in a tree puts in front. */
static int print_held(void *arg)
{
	const struct table_job *job = arg;
	struct out o = { .fd = 1 };
	struct out_table t = { .o = &o,
		               .form = job->form,
		               OUT_USE(columns),
		               .show = show,
		               .utf8 = job->utf8,
		               .screen = job->screen,
		               .tree_step = 4 };
	size_t place[4];
	char list[64];

	snprintf(list, sizeof list, "%s", job->picks);
	for (char *name = strtok(list, " "); name; name = strtok(NULL, " "))
		if (*name == '+' ? out_pick_gap(&t, strlen(name))
		                 : out_pick(&t, name, strlen(name), NULL))
			return 1;
	out_begin(&t);
	for (int i = 0; i < job->row_count; i++)
		if (out_hold(&t, job->rows[i], &place[i]))
			return 1;
	for (int i = job->row_count; i--;)
		out_held(&t, place[i], i ? " |   \\_ " : "");
	return out_end(&t) ? 2 : 0;
}

TEST(held)
{
	struct table_job job = { OUT_FIXED,
		                 "num tree left",
		                 0,
		                 0,
		                 0,
		                 2,
		                 { { "a", "b", "1", "x\n" },
		                   { "c", "d", "2", "yyyyyyyyyyyyyyyy" } } };
	char text[1024];

	CHECK_INT(capture(1, print_held, &job, text, sizeof text), 0);
	CHECK_TEXT(text, "  NUM TREE         LEFT\n    2  |   \\_ yyyy c\n    1 x?           a\n");
	job.picks = "num + tree";
	CHECK_INT(capture(1, print_held, &job, text, sizeof text), 0);
	CHECK_TEXT(text, "  NUM TREE\n    2  |   \\_ yyyyyyyyyyyyyyyy\n    1 x?\n");
	job.screen = 20;
	CHECK_INT(capture(1, print_held, &job, text, sizeof text), 0);
	CHECK_TEXT(text, "  NUM TREE\n    2  |   \\_ yyyyyy\n    1 x?\n");
	job.form = OUT_JSON;
	job.picks = "num num tree";
	CHECK_INT(capture(1, print_held, &job, text, sizeof text), 0);
	CHECK_TEXT(text,
	           "[\n      {\n         \"num\": 2,\n         \"tree\": \"yyyyyyyyyyyyyyyy\"\n"
	           "      },{\n         \"num\": 1,\n         \"tree\": \"x\\u000a\"\n      }\n   "
	           "]\n");
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
