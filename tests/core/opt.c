/* SPDX-License-Identifier: 0BSD */
/* Option rows: what getopt_long(3) would take, errors, help within 80 columns. */
#include "test.h"
#include "help.h"
#include "applet.h"

struct values {
	int set;
	unsigned mask;
	const char *text, *maybe;
	char calls[128];
};

#define OPTS struct values

#define ROWS(OPT, OPT_) \
	OPT('a', "all", "", OPT_SET, set, 1, "everything") \
	OPT('b', "", "", OPT_SET, set, 2, "only a letter") \
	OPT(0, "color", "", OPT_SET, set, 3, "only a name") \
	OPT('u', "user", "", OPT_OR, mask, 1, "one bit") \
	OPT('n', "network", "", OPT_OR, mask, 4, "another bit") \
	OPT('t', "target", "TEXT", OPT_TEXT, text, 0, "a text") \
	OPT('m', "maybe", "[=FILE]", OPT_TEXT, maybe, 0, \
	    "an optional value, and a help text that is far too long for the line that it begins " \
	    "on, " \
	    "so that it has to go on in the next, and in one more after that") \
	OPT_('c', "call", "ARG", OPT_CALL, 10, "calls") \
	OPT_('d', "call-maybe", "[=ARG]", OPT_CALL, 20, "calls") \
	OPT(0, "deep", "", OPT_SET, set, 4, "theirs") \
	OPT(0, "deepest", "", OPT_SET | OPT_OWN, set, 5, "ours") \
	OPT(0, "own-more", "", OPT_SET | OPT_OWN, set, 6, "ours") \
	OPT(0, "own-most", "", OPT_SET | OPT_OWN, set, 7, "ours too") \
	OPT(0, "owner", "", OPT_SET, set, 8, "theirs") \
	OPT(0, "a-name-that-takes-all-the-room", "ARGUMENT", OPT_TEXT, text, 0, "moves down") \
	OPT_('h', "help", "", OPT_HELP, 0, "this") \
	OPT_('V', "version", "", OPT_VERSION, 0, "that")
OPT_TABLE(rows, ROWS);

static void on_call(void *to, int value, const char *arg)
{
	struct values *v = to;
	size_t len = strlen(v->calls);

	snprintf(v->calls + len, sizeof v->calls - len, "%d:%s,", value, arg ? arg : "(null)");
}

/* What main.c has for real. */
const char *applet_summary(const struct applet *a)
{
	return a->text + strlen(a->text) + 1;
}

const char *applet_synopsis(const struct applet *a)
{
	return applet_summary(a) + strlen(applet_summary(a)) + 1;
}

int applet_version(void)
{
	return write(1, "version\n", 8) == 8 ? 0 : -EIO;
}

static struct applet mixed = { "mixed\0takes options anywhere\0[OPTION]... [WORD]...",
	                       { rows, rows_text, COUNT(rows), 0, 64, on_call },
	                       NULL };
static struct applet stops = { "stops\0stops at a word\0[OPTION]... [WORD]...",
	                       { rows, rows_text, COUNT(rows), OPT_STOP, 65, on_call },
	                       NULL };
static struct applet glues = { "glues\0takes -mFILE\0[OPTION]... [WORD]...",
	                       { rows, rows_text, COUNT(rows), OPT_GLUED, 66, on_call },
	                       NULL };

struct job {
	struct applet *a;
	const char *words[8];
};

static struct values parsed;

/* Parses the words; the operands come back as "ONE|TWO|". */
static const char *operands_of(const struct job *job)
{
	static char operands[128];
	const char *argv[10] = { "name" };
	char **left;

	for (int i = 0; job->words[i]; i++)
		argv[i + 1] = job->words[i];
	memset(&parsed, 0, sizeof parsed);
	*operands = 0;
	for (left = opt_parse(job->a, (char **)argv, &parsed); *left; left++) {
		strcat(operands, *left);
		strcat(operands, "|");
	}
	return operands;
}

TEST(parse)
{
	static const struct {
		struct job job;
		const char *operands;
		struct values v;
	} cases[] = {
		{ { &mixed, { NULL } }, "", { 0 } },
		{ { &mixed, { "-a" } }, "", { .set = 1 } },
		{ { &mixed, { "-ab" } }, "", { .set = 2 } }, /* the last one counts */
		{ { &mixed, { "-ba" } }, "", { .set = 1 } },
		{ { &mixed, { "-un" } }, "", { .mask = 5 } },
		{ { &mixed, { "-u", "-n", "-u" } }, "", { .mask = 5 } },
		{ { &mixed, { "--all" } }, "", { .set = 1 } },
		{ { &mixed, { "--al" } }, "", { .set = 1 } },
		{ { &mixed, { "--col" } }, "", { .set = 3 } },
		/* What we have added makes nothing of theirs ambiguous. */
		{ { &mixed, { "--dee" } }, "", { .set = 4 } },
		{ { &mixed, { "--deepe" } }, "", { .set = 5 } },
		{ { &mixed, { "--deepest" } }, "", { .set = 5 } },
		{ { &mixed, { "--own" } }, "", { .set = 8 } },
		{ { &mixed, { "--own-mor" } }, "", { .set = 6 } },
		{ { &mixed, { "--call=x" } },
		  "",
		  { .calls = "10:x," } }, /* exact, though longer ones exist */
		{ { &mixed, { "-tx" } }, "", { .text = "x" } },
		{ { &mixed, { "-t", "x" } }, "", { .text = "x" } },
		{ { &mixed, { "-at", "x" } }, "", { .set = 1, .text = "x" } },
		{ { &mixed, { "-ta" } }, "", { .text = "a" } },
		{ { &mixed, { "-t", "-a" } },
		  "",
		  { .text = "-a" } }, /* a value may look like an option */
		{ { &mixed, { "-t", "--" } }, "", { .text = "--" } },
		{ { &mixed, { "-t", "" } }, "", { .text = "" } },
		{ { &mixed, { "-t=x" } }, "", { .text = "=x" } },
		{ { &mixed, { "--target=x" } }, "", { .text = "x" } },
		{ { &mixed, { "--target=" } }, "", { .text = "" } },
		{ { &mixed, { "--target=a=b" } }, "", { .text = "a=b" } },
		{ { &mixed, { "--target", "x" } }, "", { .text = "x" } },
		{ { &mixed, { "--targ", "-a" } }, "", { .text = "-a" } },
		{ { &mixed, { "--maybe" } }, "", { .maybe = "" } },
		{ { &mixed, { "--maybe=f" } }, "", { .maybe = "f" } },
		{ { &mixed, { "--maybe", "f" } }, "f|", { .maybe = "" } },
		{ { &mixed, { "-m", "f" } }, "f|", { .maybe = "" } },
		{ { &mixed, { "-ma" } }, "", { .maybe = "", .set = 1 } }, /* a cluster goes on */
		{ { &glues, { "-mf" } }, "", { .maybe = "f" } },
		{ { &glues, { "-m=f" } }, "", { .maybe = "f" } },
		{ { &glues, { "-m", "f" } }, "f|", { .maybe = "" } },
		{ { &glues, { "-amf" } }, "", { .set = 1, .maybe = "f" } },
		{ { &mixed, { "-c1", "-c", "2", "--call", "3", "-d", "--call-maybe=4" } },
		  "",
		  { .calls = "10:1,10:2,10:3,20:(null),20:4," } },
		{ { &mixed, { "x", "-a", "y" } }, "x|y|", { .set = 1 } },
		{ { &mixed, { "x", "--", "-a", "y" } }, "x|-a|y|", { 0 } },
		{ { &mixed, { "--", "--" } }, "--|", { 0 } },
		{ { &mixed, { "-" } }, "-|", { 0 } },
		{ { &mixed, { "-", "-a", "" } }, "-||", { .set = 1 } },
		{ { &stops, { "-a", "x", "-b", "--" } }, "x|-b|--|", { .set = 1 } },
		{ { &stops, { "-a", "--", "-b" } }, "-b|", { .set = 1 } },
		{ { &stops, { "--", "--", "-b" } }, "--|-b|", { 0 } },
		{ { &stops, { "-", "-b" } }, "-|-b|", { 0 } },
		{ { &stops, { "" } }, "|", { 0 } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *operands = operands_of(&cases[i].job);
		const struct values *v = &cases[i].v;

		if (strcmp(operands, cases[i].operands) || parsed.set != v->set ||
		    parsed.mask != v->mask || strcmp(parsed.calls, v->calls) ||
		    strcmp(parsed.text ? parsed.text : "-", v->text ? v->text : "-") ||
		    strcmp(parsed.maybe ? parsed.maybe : "-", v->maybe ? v->maybe : "-"))
			CHECK_FAIL("case %zu (%s): %s set %d mask %u text %s maybe %s calls %s", i,
			           cases[i].job.words[0], operands, parsed.set, parsed.mask,
			           parsed.text, parsed.maybe, parsed.calls);
	}
}

/* argc may be 0. */
TEST(no_words_at_all)
{
	char *argv[] = { NULL };

	CHECK(opt_parse(&mixed, argv, &parsed) == argv);
}

static int parse(void *arg)
{
	die_name = ((struct job *)arg)->a->text;
	operands_of(arg);
	return 0;
}

TEST(errors)
{
	static const struct {
		struct job job;
		int code;
		const char *line;
	} cases[] = {
		{ { &mixed, { "-x" } }, 64, "invalid option -- 'x'" },
		{ { &mixed, { "-ax" } }, 64, "invalid option -- 'x'" },
		{ { &mixed, { "-\x1b" } }, 64, "invalid option -- '?'" },
		{ { &mixed, { "--x" } }, 64, "unrecognized option '--x'" },
		{ { &mixed, { "--x=y" } }, 64, "unrecognized option '--x'" },
		{ { &mixed, { "--all-of-it" } }, 64, "unrecognized option '--all-of-it'" },
		{ { &mixed, { "--e\x1bsc" } }, 64, "unrecognized option '--e?sc'" },
		{ { &mixed, { "--all=x" } }, 64, "option '--all' doesn't allow an argument" },
		{ { &mixed, { "--all=" } }, 64, "option '--all' doesn't allow an argument" },
		{ { &mixed, { "-t" } }, 64, "option requires an argument -- 't'" },
		{ { &stops, { "-at" } }, 65, "option requires an argument -- 't'" },
		{ { &glues, { "--target" } }, 66, "option '--target' requires an argument" },
		{ { &mixed, { "--c" } },
		  64,
		  "option '--c' is ambiguous; possibilities: '--color' '--call' '--call-maybe'" },
		{ { &mixed, { "--own-" } },
		  64,
		  "option '--own-' is ambiguous; possibilities: '--own-more' '--own-most'" },
		{ { &mixed, { "--=x" } }, 64, NULL }, /* everything begins with it */
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct job job = cases[i].job;
		char text[1024], should[1024];
		int status = capture(2, parse, &job, text, sizeof text);

		if (!WIFEXITED(status) || WEXITSTATUS(status) != cases[i].code)
			CHECK_FAIL("%s: status %x", job.words[0], status);
		snprintf(should, sizeof should, "%s: %s\nTry '%s --help' for more information.\n",
		         job.a->text, cases[i].line, job.a->text);
		if (cases[i].line && strcmp(text, should))
			CHECK_FAIL("\"%s\", not \"%s\"", text, should);
	}
}

/* Nothing to stdout on an error, nothing to stderr for help. */
TEST(help_and_version)
{
	struct job help = { &mixed, { "-ah", "-x" } }, version = { &mixed, { "--version" } };
	struct job wrong = { &mixed, { "-x" } };
	const char *usage = "Usage: mixed [OPTION]... [WORD]...\n\ntakes options anywhere\n\n";
	char text[4096], *line, *save;
	int status;

	CHECK_INT(capture(1, parse, &wrong, text, sizeof text), 64 << 8);
	CHECK_TEXT(text, "");
	CHECK_INT(capture(1, parse, &version, text, sizeof text), 0);
	CHECK_TEXT(text, "version\n");
	status = capture(2, parse, &version, text, sizeof text);
	CHECK_INT(status, 0);
	CHECK_TEXT(text, "");
	CHECK_INT(capture(1, parse, &help, text, sizeof text), 0);
	CHECK(!strncmp(text, usage, strlen(usage)));
	CHECK(strstr(text, "\n  -V, --version           that\n"));
	CHECK(strstr(text, "\n      --a-name-that-takes-all-the-room "));
	CHECK(strstr(text, "\n  -b                      only a letter\n"));
	CHECK(strstr(text, "\n      --color             only a name\n"));
	CHECK(strstr(text, "\n  -t, --target TEXT       a text\n"));
	CHECK(strstr(text, "\n  -m, --maybe[=FILE]      an optional"));
	CHECK(strstr(text, "ARGUMENT\n                          moves down\n"));
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (strlen(line) > 79 || line[strlen(line) - 1] == ' ')
			CHECK_FAIL("too long, or a blank at its end: \"%s\"", line);
}

static int help_to_full(void *arg)
{
	int fd = open("/dev/full", O_WRONLY);

	dup2(fd, 1);
	return parse(arg);
}

TEST(help_to_a_full_disk)
{
	struct job help = { &mixed, { "--help" } };

	CHECK_INT(in_child(help_to_full, &help), 1);
}

/* The same to another descriptor, and there only. */
static int help_to(void *fd)
{
	return opt_help(&mixed, *(int *)fd) ? 9 : 0;
}

static int help_to_closed(void *unused)
{
	(void)unused;
	close(7);
	return opt_help(&mixed, 7) == -EBADF ? 0 : 1;
}

static int help_to_full_fd(void *unused)
{
	(void)unused;
	return opt_help(&mixed, open("/dev/full", O_WRONLY)) == -ENOSPC ? 0 : 1;
}

TEST(help_to_a_descriptor)
{
	struct job help = { &mixed, { "--help" } };
	char should[4096], text[4096];

	CHECK_INT(capture(1, parse, &help, should, sizeof should), 0);
	for (int fd = 1; fd < 10; fd++) {
		CHECK_INT(capture(fd, help_to, &fd, text, sizeof text), 0);
		CHECK_TEXT(text, should);
	}
	for (int fd = 1; fd < 3; fd++) {
		int other = 3 - fd;

		CHECK_INT(capture(fd, help_to, &other, text, sizeof text), 0);
		CHECK_TEXT(text, "");
	}
	CHECK_INT(in_child(help_to_closed, NULL), 0);
	CHECK_INT(in_child(help_to_full_fd, NULL), 0);
}

static int misuse(void *unused)
{
	(void)unused;
	die_name = "tini";
	opt_misuse(&mixed, "%s: %d of %d", "a\nb", 1, 2);
}

TEST(misuse)
{
	char text[512];

	CHECK_INT(capture(2, misuse, NULL, text, sizeof text), 64 << 8);
	CHECK_TEXT(text, "tini: a?b: 1 of 2\nTry 'tini --help' for more information.\n");
}
