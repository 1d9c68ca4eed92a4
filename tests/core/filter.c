/* SPDX-License-Identifier: 0BSD */
/* Expressions over columns: what is true of a row, and where a mistake is. */
#include "test.h"
#include "filter.h"
#include "help.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* pid 42, %cpu 12.5, tpgid -1, rss 4 KiB, size 4096 bytes, time 93784 s, zero 0, low -1.5; user
 * root and 0; name "init", digits "0", a long one, an empty one; gone unknown. */
enum { PID, CPU, TPGID, RSS, SIZE, TIME, ZERO, LOW, HUGE, USER, NAME, DIGITS, LONG, EMPTY, GONE };
static const char names[][7] = { "pid",  "%cpu", "tpgid", "rss",    "size", "time",  "zero", "low",
	                         "huge", "user", "name",  "digits", "long", "empty", "gone" };

static int column(void *context, const char *name, size_t len)
{
	(void)context;
	for (int i = 0; i < (int)COUNT(names); i++)
		if (strlen(names[i]) == len && !strncasecmp(names[i], name, len))
			return i;
	return -1;
}

static char scratch[140000];

static void value(void *context, int which, struct filter_value *v)
{
	static const struct filter_value known[] = {
		[PID] = { FILTER_NUMBER, 42, 0, 0, NULL, 0 },
		[CPU] = { FILTER_NUMBER, 125, 10, 0, "12.5", 4 },
		[TPGID] = { FILTER_NUMBER, -1, 1, 0, NULL, 0 },
		[RSS] = { FILTER_NUMBER, 4, 0, 1024, NULL, 0 },
		[SIZE] = { FILTER_NUMBER, 4096, 0, 1, NULL, 0 },
		[TIME] = { FILTER_NUMBER, 93784, 0, 0, "1-02:03:04", 10 },
		[ZERO] = { FILTER_NUMBER, 0, 0, 0, "none", 4 },
		[LOW] = { FILTER_NUMBER, -1500, 1000, 0, NULL, 0 },
		[HUGE] = { FILTER_NUMBER, INT64_MAX, 0, 1024, NULL, 0 },
		[USER] = { FILTER_NAME, 0, 0, 0, "root", 4 },
		[NAME] = { FILTER_TEXT, 0, 0, 0, "init", 4 },
		[DIGITS] = { FILTER_TEXT, 0, 0, 0, "0", 1 },
		[LONG] = { FILTER_TEXT, 0, 0, 0, NULL, sizeof scratch },
		[EMPTY] = { FILTER_TEXT, 0, 0, 0, "", 0 },
		[GONE] = { FILTER_UNKNOWN, 0, 0, 0, NULL, 0 },
	};

	(void)context;
	*v = known[which];
	/* one buffer for all, so that nobody can rely on the last value; and no NUL behind it */
	memset(scratch, 'x', sizeof scratch);
	if (v->text)
		memcpy(scratch, v->text, v->len);
	if (v->text || which == LONG)
		v->text = scratch;
	if (which == LONG)
		scratch[sizeof scratch - 1] = 'y';
}

TEST(rows)
{
	static const struct {
		const char *text;
		int is;
	} cases[] = {
		{ "pid == 42", 1 },
		{ "PID==42", 1 },
		{ "pid eq 42 AND pid Ne 43", 1 },
		{ "pid != 42", 0 },
		{ "pid < 42 or pid > 42", 0 },
		{ "pid <= 42 && pid >= 42", 1 },
		{ "pid lt 43 && pid gt 41 && pid le 42 && pid ge 42", 1 },
		{ "42 == pid", 1 },
		{ "pid == '42'", 1 },
		{ "pid == \"042\"", 1 }, /* a number all the same */
		{ "pid == 'x'", 0 },
		{ "pid != 'x'", 1 },
		{ "pid", 1 },
		{ "empty", 0 },
		{ "name", 1 },
		{ "0", 0 },
		{ "1", 1 },
		{ "'0'", 1 }, /* a text that is there */
		{ "''", 0 },
		{ "zero", 0 },
		{ "low", 1 },
		{ "user", 1 },
		{ "not user", 0 },
		{ "not pid", 0 },
		{ "!pid", 0 },
		{ "! ! pid", 1 },
		{ "%cpu > 12", 1 },
		{ "%cpu == 12.5", 1 },
		{ "%cpu == 12.50", 1 },
		{ "%cpu < 12.51 and %cpu > 12.4999", 1 },
		{ "%cpu == '12.500000'", 1 },
		{ "%cpu =~ '^12\\.5$'", 1 },
		{ "%cpu =~ '^12'", 1 },
		{ "%cpu == 'much'", 0 },
		{ "low == -1.5 and low < -1.4 and low > -1.6 and low < -1 and low > -2", 1 },
		{ "low < 0 and 0 > low and low != -1", 1 },
		{ "-0.5 > -0.6 and -0.5 < 0.5 and -0.5 < 0", 1 },
		{ "1.123456789 == 1.123456", 1 },
		{ "low =~ '^-1$'", 1 }, /* without a text of its own it is a whole one */
		{ "tpgid == -1", 1 },
		{ "tpgid < -0.5 and tpgid > -1.5", 1 },
		{ "tpgid < -1.5", 0 },
		{ "tpgid =~ '^-1$'", 1 },
		{ "name == 'init'", 1 },
		{ "name == \"init\"", 1 },
		{ "name == 'Init'", 0 },
		{ "name < 'inix' && name > 'ini' && name >= 'init'", 1 },
		{ "name == 'ini' or name == 'initx'", 0 },
		{ "digits == 0", 1 },
		{ "digits == '0'", 1 },
		{ "digits == '00'", 0 }, /* a text, not a number */
		{ "0 == digits and '0' == digits", 1 },
		{ "user == 0", 1 },
		{ "user == 'root'", 1 },
		{ "user == '0'", 1 },
		{ "user != 0 or user != 'root' or user == 'toor' or user == 1", 0 },
		{ "user < 1 and user > -1", 1 },
		{ "user =~ '^ro+t$'", 1 },
		{ "user == pid", 0 },
		{ "user == zero", 1 },
		{ "user == name", 0 },
		{ "name == name", 1 },
		{ "name == user", 0 },
		{ "name != user", 1 },
		{ "long == long", 1 },
		{ "long == name", 0 },
		{ "name =~ 'n.t'", 1 },
		{ "name =~ '^(in|ou)it$'", 1 },
		{ "name !~ '^n'", 1 },
		{ "name =~ 'N'", 0 },
		{ "pid =~ '^4'", 1 },
		{ "empty =~ '^$'", 1 },
		{ "long =~ '^x+y$'", 1 },
		{ "long < 'xy'", 1 },
		{ "gone == 1", 0 },
		{ "gone != 1", 0 }, /* unknown, like its contrary */
		{ "not (gone == 1)", 0 },
		{ "not gone", 0 },
		{ "gone =~ 'x'", 0 },
		{ "gone !~ 'x'", 0 },
		{ "gone == gone", 0 },
		{ "pid == gone", 0 },
		{ "not (pid == gone)", 0 },
		{ "pid == 42 and gone == 1", 0 },
		{ "not (pid == 1 or gone == 1)", 0 },
		{ "not (pid == 42 and gone == 1)", 0 },
		{ "gone == 1 or pid == 42", 1 },
		{ "pid == 42 or gone == 1", 1 },
		{ "not (gone == 1 and pid == 1)", 1 },
		{ "gone == 1 and pid == 42", 0 },
		{ "pid == 1 or pid == 2 or pid == 42", 1 },
		{ "pid == 42 or pid == 1 and pid == 2", 1 }, /* and binds closer */
		{ "(pid == 42 or pid == 1) and pid == 2", 0 },
		{ "not pid == 1 and pid == 42", 1 },
		{ "((((pid))))", 1 },
		{ "1K == 1024", 1 },
		{ "1k == 1024 and 2M == 2097152 and 1.5K == 1536", 1 },
		{ "1KiB == 1K and 1kib == 1024 and 1KB == 1000 and 3mb == 3000000", 1 },
		{ "1T == 1099511627776 and 1p == 1024t and 7E == 7168P and 1EB == 1000PB", 1 },
		{ "0.1K < 102.5 and 0.1K > 102.3 and -1K == -1024", 1 },
		{ "rss == 4 and rss == 4K and rss == 4.0KiB and rss != 4KB", 1 },
		{ "rss > 4000 or rss > 4.1K", 0 },
		{ "rss == 4 and rss == 4K and rss < 1M and rss > 3.9K", 1 },
		{ "4K == rss and rss == size and size == 4K and size == 4096", 1 },
		{ "pid < 1K and rss < pid", 1 }, /* where no size is meant it is a number */
		{ "huge > 7E and huge > rss and huge == huge", 1 },
		{ "time == 1-02:03:04 and time > 1-02:03 and time < 26:03:05", 1 },
		{ "time == '1-02:03:04' and time == 93784 and time > '10:00'", 1 },
		{ "time =~ '^1-'", 1 },
		{ "time < 'x'", 1 },
		{ "zero == 'none' and zero == 0 and zero =~ 'none'", 1 },
		{ "1:00 == 60", 1 },
		{ "01:00:00 == 3600", 1 },
		{ "1-00:00:00 == 86400 and 2-01:00 == 176400", 1 },
		{ "9223372036854775807 > 9223372036854775806", 1 },
		{ "\tpid\n==\r42\v", 1 },
		{ "\"a'b\" == \"a'b\"", 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct filter f;
		struct filter_error e = { 0, 0, "" };
		int r = filter_parse(&f, cases[i].text, column, NULL, &e);

		if (r)
			printf("%s: %s at %zu\n", cases[i].text, e.what, e.at);
		CHECK_INT(r, 0);
		if (!r && filter_match(&f, value, NULL) != cases[i].is)
			printf("%s: not %d\n", cases[i].text, cases[i].is);
		CHECK_INT(!r && filter_match(&f, value, NULL), cases[i].is);
		filter_free(&f);
	}
}

TEST(mistakes)
{
	static const struct {
		const char *text;
		size_t at, len;
		const char *what;
	} cases[] = {
		{ "", 0, 0, "a column or a value is expected" },
		{ "  ", 2, 0, "a column or a value is expected" },
		{ "pid ==", 6, 0, "a column or a value is expected" },
		{ "pid == and", 7, 3, "a column or a value is expected" },
		{ "pid == ==", 7, 2, "a column or a value is expected" },
		{ "not", 3, 0, "a column or a value is expected" },
		{ "()", 1, 1, "a column or a value is expected" },
		{ "pid = 1", 4, 1, "unknown operator" },
		{ "pid == 1 #", 9, 1, "unknown operator" },
		{ "pid \xc3\xa4\xc3\xa4 1", 4, 2, "unknown operator" },
		{ "pid \033\xc2\x9b", 4, 1, "unknown operator" },
		{ "pid & 1", 4, 1, "unknown operator" },
		{ "foo == 1", 0, 3, "unknown column (texts need quotes)" },
		{ "pid == 1 and foo", 13, 3, "unknown column (texts need quotes)" },
		{ "name == init", 8, 4, "unknown column (texts need quotes)" },
		{ "pid == 1x", 7, 2, "not a number" },
		{ "pid == 1.2.3", 7, 5, "not a number" },
		{ "pid == 1KK", 7, 3, "not a number" },
		{ "pid == 1Kix", 7, 4, "not a number" },
		{ "pid == 1Kxb", 7, 4, "not a number" },
		{ "pid == 1KiBs", 7, 5, "not a number" },
		{ "pid == 1B", 7, 2, "not a number" },
		{ "pid == 99999999999999999999", 7, 20, "not a number" },
		{ "pid == 9223372036854775808", 7, 19, "not a number" },
		{ "pid == 9223372036854775807.5", 7, 21, "not a number" },
		{ "pid == 9999999999999P", 7, 14, "not a number" },
		{ "pid == 8E", 7, 2, "not a number" },
		{ "pid == 1:2:3:4", 7, 7, "not a number" },
		{ "pid == 1:", 7, 2, "not a number" },
		{ "pid == -1:00", 7, 5, "not a number" },
		{ "pid == 1:4294967296", 7, 12, "not a number" },
		{ "pid == 1-2-3:4", 7, 7, "not a number" },
		{ "pid == 1-2", 7, 3, "not a number" },
		{ "name == 'x", 8, 2, "the text does not end" },
		{ "(pid", 0, 4, "the bracket is not closed" },
		{ "pid and ((name)", 8, 7, "the bracket is not closed" },
		{ "pid)", 3, 1, "an operator or the end is expected" },
		{ "pid pid", 4, 3, "an operator or the end is expected" },
		{ "name =~ pid", 8, 3, "a regular expression in quotes is expected" },
		{ "name =~ 1", 8, 1, "a regular expression in quotes is expected" },
		{ "name =~", 7, 0, "a regular expression in quotes is expected" },
		{ "name =~ '('", 8, 3, "not a regular expression" },
		{ "pid == 1 == 1", 9, 2, "an operator or the end is expected" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct filter f;
		struct filter_error e = { 99, 99, "" };

		CHECK_INT(filter_parse(&f, cases[i].text, column, NULL, &e), -EINVAL);
		if (strcmp(e.what, cases[i].what) || e.at != cases[i].at || e.len != cases[i].len)
			printf("%s: %s at %zu, %zu\n", cases[i].text, e.what, e.at, e.len);
		CHECK_INT(e.at, cases[i].at);
		CHECK_INT(e.len, cases[i].len);
		CHECK(!strcmp(e.what, cases[i].what));
		filter_free(&f);
	}
}

static int parse(const char *text, struct filter *f, struct filter_error *e)
{
	return filter_parse(f, text, column, NULL, e);
}

static int asked;

static void count(void *context, int which, struct filter_value *v)
{
	asked++;
	value(context, which, v);
}

/* A column that does not matter any more is not asked: it may be dear to read. */
TEST(decided)
{
	static const struct {
		const char *text;
		int is, asked;
	} cases[] = {
		{ "pid == 1 and rss == 1", 0, 1 },
		{ "pid == 42 and rss == 1", 0, 2 },
		{ "pid == 42 or rss == 1", 1, 1 },
		{ "pid == 1 or rss == 4", 1, 2 },
		{ "gone == 1 and rss == 4", 0, 2 },
		{ "gone == 1 or rss == 4", 1, 2 },
		{ "pid == 1 and rss == 4 and size == 4K or name == 'init'", 1, 2 },
		{ "pid == 42 or rss == 4 and (size == 4K or name == 'init')", 1, 1 },
		{ "not (pid == 42 or rss == 4) or not (pid == 1 and rss == 4)", 1, 2 },
		{ "pid == 1 and (rss == 4 or size == 4096 or time > 1) and name", 0, 1 },
		{ "(pid == 1 or pid == 2 or pid == 42) and (rss == 5 or rss == 4)", 1, 5 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct filter f;
		struct filter_error e;

		asked = 0;
		CHECK_INT(filter_parse(&f, cases[i].text, column, NULL, &e), 0);
		CHECK_INT(filter_match(&f, count, NULL), cases[i].is);
		if (asked != cases[i].asked)
			printf("%s\n", cases[i].text);
		CHECK_INT(asked, cases[i].asked);
		filter_free(&f);
	}
}

TEST(limits)
{
	char text[20 * FILTER_DEPTH] = "";
	struct filter f;
	struct filter_error e;

	memset(text, '(', FILTER_DEPTH);
	strcpy(text + FILTER_DEPTH, "pid");
	memset(text + FILTER_DEPTH + 3, ')', FILTER_DEPTH);
	CHECK_INT(parse(text, &f, &e), 0);
	CHECK_INT(filter_match(&f, value, NULL), 1);
	filter_free(&f);
	memset(text, '(', FILTER_DEPTH + 1);
	CHECK_INT(parse(text, &f, &e), -EINVAL);
	CHECK_INT(e.at, FILTER_DEPTH);
	CHECK(!strcmp(e.what, "too deep"));
	filter_free(&f);
	/* As many as you like beside each other. */
	text[0] = 0;
	for (int i = 0; i < FILTER_DEPTH + 2; i++)
		strcat(text, "(not pid)or ");
	strcat(text, "pid");
	CHECK_INT(parse(text, &f, &e), 0);
	CHECK_INT(filter_match(&f, value, NULL), 1);
	filter_free(&f);
	/* The deepest stack: two truths wait at each level. */
	text[0] = 0;
	for (int i = 0; i < FILTER_DEPTH; i++)
		strcat(text, "empty or pid and(");
	strcat(text, "pid");
	for (int i = 0; i < FILTER_DEPTH; i++)
		strcat(text, ")");
	CHECK_INT(parse(text, &f, &e), 0);
	CHECK_INT(filter_match(&f, value, NULL), 1);
	filter_free(&f);
}

TEST(regexes)
{
	char text[FILTER_REGEXES * 16 + 32] = "name=~'i'";
	struct filter f;
	struct filter_error e;

	for (int i = 1; i < FILTER_REGEXES; i++)
		strcat(text, "&&name=~'i'");
	CHECK_INT(parse(text, &f, &e), 0);
	CHECK_INT(filter_match(&f, value, NULL), 1);
	filter_free(&f);
	strcat(text, "&&name=~'i'");
	CHECK_INT(parse(text, &f, &e), -EINVAL);
	CHECK(!strcmp(e.what, "too many regular expressions"));
	filter_free(&f);
}
