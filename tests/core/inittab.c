/* SPDX-License-Identifier: 0BSD */
/* The lines of an inittab: busybox's, and the words of services; commands; the table of entries. */
#include "test.h"
#include "help.h"

#include "../../applets/init/command.c"
#include "../../applets/init/inittab.c"
#include "../../applets/init/table.c"

/* The lines of a text as "NUMBER TTY|ACTION|COMMAND" or "NUMBER bad", one a line. */
static const char *lines_of(const char *text)
{
	static char copy[8192], got[8192];
	char *at = copy;
	unsigned number = 0;
	struct inittab_line l;
	size_t len = 0;
	int r;

	snprintf(copy, sizeof copy, "%s", text);
	got[0] = 0;
	while ((r = inittab_next(&at, &number, &l)))
		len += (size_t)(r < 0 ? snprintf(got + len, sizeof got - len, "%u bad\n", number)
		                      : snprintf(got + len, sizeof got - len, "%u %s|%u|%s\n",
		                                 number, l.tty, l.action, l.command));
	return got;
}

TEST(actions)
{
	CHECK_TEXT(lines_of("::sysinit:a\n::wait:b\n::once:c\n::respawn:d\n::askfirst:e\n"
	                    "::ctrlaltdel:f\n::shutdown:g\n::restart:h\n"),
	           "1 |1|a\n2 |2|b\n3 |4|c\n4 |8|d\n5 |16|e\n6 |32|f\n7 |64|g\n8 |128|h\n");
	CHECK_TEXT(lines_of("::Sysinit:a\n::off:b\n:::c\n::sysinit :d\n"),
	           "1 bad\n2 bad\n3 bad\n4 bad\n");
}

TEST(fields)
{
	CHECK_TEXT(lines_of("tty1:2345:respawn:/sbin/getty -L ttyS0 115200 vt100"),
	           "1 tty1|8|/sbin/getty -L ttyS0 115200 vt100\n");
	CHECK_TEXT(lines_of("/dev/tty1::once:x\n/dev/pts/0::once:x\n"),
	           "1 tty1|4|x\n2 pts/0|4|x\n");
	CHECK_TEXT(lines_of("::once:date +%H:%M:%S\n"), "1 |4|date +%H:%M:%S\n");
	CHECK_TEXT(lines_of("::once:-/bin/sh\n::once:  a  \n"), "1 |4|-/bin/sh\n2 |4|  a  \n");
	CHECK_TEXT(lines_of("::once:\n::once\n:once:x\nonce\n::\n"),
	           "1 bad\n2 bad\n3 bad\n4 bad\n5 bad\n");
	CHECK_TEXT(lines_of("a234567890123456789012345678901::once:x\n"
	                    "a2345678901234567890123456789012::once:x\n"),
	           "1 a234567890123456789012345678901|4|x\n2 bad\n");
}

TEST(comments)
{
	CHECK_TEXT(lines_of("# all\n\n  \t\n::once:a # b\n::once:a#b\n#::once:c\n::onc#e:d\n"),
	           "4 |4|a \n5 |4|a\n7 bad\n");
	CHECK_TEXT(lines_of("::once:#x\n"), "1 bad\n");
	CHECK_TEXT(lines_of("#::once:a\\\n::once:b\n::once:c"), "3 |4|c\n");
}

/* What editors leave behind the line is dropped; a file that was damaged is not taken for text. */
TEST(controls)
{
	CHECK_TEXT(lines_of("::once:a\r\n\r\n::once:b\r"), "1 |4|a\n3 |4|b\n");
	CHECK_TEXT(lines_of("::once:a\rb\n::once:a\tb\n"), "1 |4|a\rb\n2 |4|a\tb\n");
	CHECK_TEXT(lines_of("::once:a\1b\n::once:\33[m\n# \1\n\37\n::once:\177\200\377\n"),
	           "1 bad\n2 bad\n3 bad\n4 bad\n5 |4|\177\200\377\n");
	CHECK_TEXT(lines_of(""), "");
	CHECK_TEXT(lines_of("\\\n"), "");
}

/* Each line that is none says why. */
TEST(reasons)
{
	static const struct {
		char line[48];
		const char *why;
	} rows[] = {
		{ "x", "it has not four fields" },
		{ "::once", "it has not four fields" },
		{ "::of:x", "unknown action" },
		{ "::once:", "no command" },
		{ "a2345678901234567890123456789012::once:x", "terminal's name too long" },
		{ "::once:\1", "control character" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[48];
		char *at = text;
		struct inittab_line l;
		unsigned number = 0;

		strcpy(text, rows[i].line);
		CHECK_INT(inittab_next(&at, &number, &l), -EINVAL);
		CHECK_TEXT(l.wrong, rows[i].why);
	}
}

TEST(continuation)
{
	CHECK_TEXT(lines_of("::once:a \\\nb\\\nc\n::once:d\n"), "3 |4|a bc\n4 |4|d\n");
	CHECK_TEXT(lines_of("# to be \\\n::once:a\n::once:b"), "3 |4|b\n");
	CHECK_TEXT(lines_of("::once:a\\"), "1 |4|a\\\n");
	CHECK_TEXT(lines_of("::once:a\\\n"), "2 |4|a\n");
	CHECK_TEXT(lines_of("::once:a\\b\n"), "1 |4|a\\b\n");
}

static const char *words_of(const char *words)
{
	static char text[256], got[256];
	char *at = text;
	unsigned number = 0;
	struct inittab_line l;
	int r;

	snprintf(text, sizeof text, ":%s:respawn:x", words);
	r = inittab_next(&at, &number, &l);
	if (r != 1)
		return "no line";
	r = inittab_words(&l);
	if (r < 0)
		return l.wrong ? "bad" : "no reason";
	if (r != 1 || l.wrong)
		return "neither";
	snprintf(got, sizeof got, "%d %d %d %u %llu", l.restart, l.critical, l.stop_signal, l.max,
	         (unsigned long long)l.timeout_ns);
	return got;
}

TEST(words)
{
	static const struct {
		const char *words, *should;
	} rows[] = {
		{ "", "0 0 0 0 0" },
		{ "2345", "0 0 0 0 0" },
		{ "S", "0 0 0 0 0" },
		{ "restart=no", "1 0 0 0 0" },
		{ "restart=on-failure", "2 0 0 0 0" },
		{ "restart=always", "3 0 0 0 0" },
		{ "critical", "0 1 0 0 0" },
		{ "criticality", "0 0 0 0 0" },
		{ "max=3", "0 0 0 3 0" },
		{ "stop=INT", "0 0 2 0 0" },
		{ "stop=SIGQUIT", "0 0 3 0 0" },
		{ "stop=RTMIN+3", "0 0 37 0 0" },
		{ "timeout=1.5", "0 0 0 0 1500000000" },
		{ "timeout=2m", "0 0 0 0 120000000000" },
		{ "timeout=.000000001", "0 0 0 0 1" },
		{ "restart=always,max=5,critical,stop=15,timeout=1", "3 1 15 5 1000000000" },
		{ "2345 restart=on-failure\tmax=2,, critical", "2 1 0 2 0" },
		{ "restart=", "bad" },
		{ "restart=sometimes", "bad" },
		{ "restarts=no", "bad" },
		{ "max=", "bad" },
		{ "max=-1", "bad" },
		{ "max=4294967296", "bad" },
		{ "stop=0", "bad" },
		{ "stop=NONE", "bad" },
		{ "stop=65", "bad" },
		{ "timeout=soon", "bad" },
		{ "timeout=0", "bad" },
		{ "timeout=5,timeout=0.0m", "bad" },
		{ "=", "bad" },
		{ "critical=1", "bad" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(words_of(rows[i].words), rows[i].should))
			CHECK_FAIL("%s: %s, not %s", rows[i].words, words_of(rows[i].words),
			           rows[i].should);
}

/* ---- commands */

/* The words, each in brackets. */
static const char *command_of(const char *line)
{
	static struct command c;
	static char got[COMMAND_TEXT + 256];
	char **words = command_words(&c, line, "exec ");
	size_t len = 0;

	if (!words)
		return NULL;
	for (*got = 0; *words; words++)
		len += (size_t)snprintf(got + len, sizeof got - len, "[%s]", *words);
	return got;
}

TEST(command)
{
	CHECK_TEXT(command_of("/bin/a"), "[/bin/a]");
	CHECK_TEXT(command_of(" a  -b\tc:d "), "[a][-b][c:d]");
	CHECK_TEXT(command_of("-/bin/sh -x"), "[-/bin/sh][-x]");
	CHECK_TEXT(command_of("a 100%"), "[a][100%]");
	CHECK_TEXT(command_of(""), NULL);
	CHECK_TEXT(command_of(" \t "), NULL);
}

/* Exactly those of busybox. */
TEST(shell_characters)
{
	for (int c = 1; c < 256; c++) {
		char line[4] = { 'a', (char)c, 'b', 0 };
		char whole[32];
		int shell = c < 128 && strchr("~`!$^&*()=|\\{}[];\"'<>?\n", c);

		snprintf(whole, sizeof whole, "[/bin/sh][-c][exec a%cb]", c);
		CHECK_INT(!strcmp(command_of(line), whole), shell != 0);
	}
	CHECK_TEXT(command_of("-a; b"), "[-/bin/sh][-c][exec a; b]");
}

TEST(long_commands)
{
	static char line[COMMAND_TEXT + 16];

	memset(line, 'a', COMMAND_TEXT - 1);
	CHECK(command_of(line) != NULL);
	line[COMMAND_TEXT - 1] = 'a';
	CHECK_TEXT(command_of(line), NULL);
	memset(line, ';', COMMAND_TEXT - 6);
	line[COMMAND_TEXT - 6] = 0;
	CHECK(command_of(line) != NULL);
	strcpy(line + COMMAND_TEXT - 6, ";");
	CHECK_TEXT(command_of(line), NULL);
	*line = 0;
	for (int i = 0; i < COMMAND_WORDS; i++)
		strcat(line, "a ");
	CHECK(command_of(line) != NULL);
	strcat(line, "a");
	CHECK_TEXT(command_of(line), NULL);
}

/* ---- the table */

/* What is in there: "TTY|ACTION|COMMAND|PID\n"... */
static const char *entries_of(const struct table *t)
{
	static char got[4096];
	size_t n, len = 0;
	const struct entry *e = table_entries(t, &n);

	*got = 0;
	for (; n; e++, n--)
		len += (size_t)snprintf(got + len, sizeof got - len, "%s|%u|%s|%d\n", e->line.tty,
		                        e->line.action, e->line.command, (int)e->pid);
	return got;
}

/* stderr is the test's own: what is said there goes elsewhere. */
static int read_quietly(void *text)
{
	struct table t = { 0 };
	unsigned bad;
	int r;

	put("inittab", text);
	r = table_read(&t, tmp("inittab"), &bad);
	table_free(&t);
	return r ? 255 : (int)bad;
}

static const char *said_of(const char *text)
{
	static char said[1024];

	capture(2, read_quietly, (void *)(uintptr_t)text, said, sizeof said);
	return strstr(said, "line") ? strstr(said, "line") : said;
}

TEST(read)
{
	struct table t = { 0 };
	unsigned bad = 1;

	put("inittab", "::once:a\ntty1::respawn:b\n");
	CHECK_INT(table_read(&t, tmp("inittab"), &bad), 0);
	CHECK_INT(bad, 0);
	CHECK_INT(t.cut, 0);
	CHECK_TEXT(entries_of(&t), "|4|a|0\ntty1|8|b|0\n");
	table_free(&t);
	CHECK_TEXT(entries_of(&t), "");
	CHECK_TEXT(said_of("::once:a\n\n::twice:b\n"), "line 3 is no entry: unknown action\n");
}

/* Those of services count in their tables; elsewhere they are anybody's. */
static int read_words(void *services)
{
	struct table t = { .services = services != NULL };
	unsigned bad;
	int r;

	put("inittab", ":max=2:once:a\n:max=x:once:b\n");
	r = table_read(&t, tmp("inittab"), &bad);
	if (services && (bad != 1 || table_entries(&t, &(size_t){ 0 })->line.max != 2))
		r = 1;
	if (!services && (bad || table_entries(&t, &(size_t){ 0 })->line.max))
		r = 2;
	table_free(&t);
	return r;
}

TEST(B2_words)
{
	char said[1024];

	CHECK_INT(capture(2, read_words, NULL, said, sizeof said), 0);
	CHECK_TEXT(said, "");
	if (!CFG_INIT_SERVICE)
		return;
	CHECK_INT(capture(2, read_words, said, said, sizeof said), 0);
	CHECK(strstr(said, "line 2 is no entry: unknown word or value\n"));
}

/* The last one counts, where it stands, whatever its action. */
TEST(B2_duplicates)
{
	struct table t = { 0 };
	unsigned bad;

	put("inittab", "::once:a\n::wait:b\n/dev/x::once:a\n:2:respawn:a\n::wait:b \n");
	CHECK_INT(table_read(&t, tmp("inittab"), &bad), 0);
	CHECK_TEXT(entries_of(&t), "|2|b|0\nx|4|a|0\n|8|a|0\n|2|b |0\n");
	table_free(&t);
}

/* A file that ends in the midst of a line may still be written. */
TEST(cut)
{
	static const struct {
		const char *text;
		unsigned line;
	} rows[] = { { "", 1 },
		     { "::once:a", 1 },
		     { "#\n::once:a\n#", 3 },
		     { "::once:a\\\n", 0 },
		     { "::once:a\n\n", 0 },
		     { "\n", 0 } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct table t = { 0 };
		unsigned bad;

		put("inittab", rows[i].text);
		CHECK_INT(table_read(&t, tmp("inittab"), &bad), 0);
		CHECK_INT(t.cut, rows[i].line);
		table_free(&t);
	}
}

TEST(unreadable)
{
	static char large[TEXT_MAX + 2];
	struct table t = { 0 };
	unsigned bad;

	CHECK_INT(table_read(&t, tmp("none"), &bad), -ENOENT);
	CHECK_INT(table_read(&t, tmp(""), &bad), -EISDIR);
	memset(large, '\n', TEXT_MAX);
	put_bytes("large", large, TEXT_MAX);
	CHECK_INT(table_read(&t, tmp("large"), &bad), 0);
	table_free(&t);
	put_bytes("large", large, TEXT_MAX + 1);
	CHECK_INT(table_read(&t, tmp("large"), &bad), -EFBIG);
	table_free(&t);
	CHECK_INT(table_read(&t, "/dev/zero", &bad), -EFBIG);
	table_free(&t);
	/* A FIFO without a writer is no reason to wait. */
	CHECK_INT(mkfifo(tmp("fifo"), 0600), 0);
	CHECK_INT(table_read(&t, tmp("fifo"), &bad), 0);
	CHECK_INT(t.cut, 1);
	table_free(&t);
}

/* What stands behind a NUL is not hidden by it, and its own line is none. */
static int read_nul(void *unused)
{
	static const char text[] = "::once:a\n::once:b\0c\n#\0\n\0\n::once:d\n";
	struct table t = { 0 };
	unsigned bad;

	(void)unused;
	put_bytes("nul", text, sizeof text - 1);
	return table_read(&t, tmp("nul"), &bad) || bad != 3 ||
	       strcmp(entries_of(&t), "|4|a|0\n|4|d|0\n");
}

TEST(nul)
{
	char said[1024];

	CHECK_INT(capture(2, read_nul, NULL, said, sizeof said), 0);
	CHECK(strstr(said, "line 2 is no entry: control character"));
	CHECK(strstr(said, "line 3 is no entry: control character"));
}

/* The machine this runs on has terminals or has not: a shell on the console it has always. */
TEST(B3_built_in)
{
	struct table t = { 0 };

	CHECK_INT(table_built_in(&t, 0), 0);
	CHECK(strstr(entries_of(&t), "|32|reboot|0\n|128|init|0\n|16|-/bin/sh|0\n"));
	CHECK_INT(strstr(entries_of(&t), "tty2|16|-/bin/sh|0\n") != NULL, is_there("/dev/tty2"));
	CHECK(!strstr(entries_of(&t), "tty5"));
	CHECK_INT(strstr(entries_of(&t), "|1|/etc/init.d/rcS") != NULL,
	          !access("/etc/init.d/rcS", F_OK));
	table_free(&t);
	CHECK_INT(table_built_in(&t, 1), 0);
	CHECK_TEXT(entries_of(&t), "|8|-/bin/sh|0\n");
	table_free(&t);
	CHECK_INT(is_there("/dev/null"), 1);
	CHECK_INT(is_there("/dev/none"), 0);
}

static void table_of(struct table *t, const char *text)
{
	unsigned bad;

	*t = (struct table){ 0 };
	put("inittab", text);
	if (table_read(t, tmp("inittab"), &bad) || bad)
		CHECK_FAIL("%s", text);
}

static void run_all(struct table *t, pid_t first)
{
	size_t n;
	struct entry *e = table_entries(t, &n);

	for (; n; e++, n--)
		e->pid = first++;
}

/* What matches keeps its process; what is gone is still known as long as it runs. */
TEST(T55_replace)
{
	struct table t, new;
	size_t n;

	table_of(&t, "::respawn:a\ntty1::respawn:b\n::once:c\n::respawn:d\n");
	run_all(&t, 10);
	table_entries(&t, &n)[0].started_ns = 77;
	table_entries(&t, &n)[3].pid = 0;
	table_of(&new, "::respawn:e\n::wait:a\ntty2::respawn:b\n");
	CHECK_INT(table_replace(&t, &new), 0);
	CHECK_TEXT(entries_of(&t), "|8|e|0\n|2|a|10\ntty2|8|b|0\ntty1|0|b|11\n|0|c|12\n");
	CHECK_INT(table_entries(&t, &n)[1].started_ns, 77);

	/* They come back, and so does their process; one of them has ended meanwhile. */
	table_entries(&t, &n)[4].pid = 0;
	table_of(&new, "tty1::respawn:b\n::respawn:c\n");
	CHECK_INT(table_replace(&t, &new), 0);
	CHECK_TEXT(entries_of(&t), "tty1|8|b|11\n|8|c|0\n|0|a|10\n");
	table_of(&new, "# none\n");
	CHECK_INT(table_replace(&t, &new), 0);
	CHECK_TEXT(entries_of(&t), "tty1|0|b|11\n|0|a|10\n");
	table_of(&new, "tty1::respawn:b\n");
	CHECK_INT(table_replace(&t, &new), 0);
	CHECK_TEXT(entries_of(&t), "tty1|8|b|11\n|0|a|10\n");
	table_free(&t);
}

/* Hundreds of them, time and again: the words of those that are gone do not pile up. */
TEST(replace_many)
{
	static char text[2][32768];
	struct table t = { 0 }, new;
	size_t n;

	for (unsigned i = 0; i < 2; i++)
		for (unsigned j = 0, len = 0; j < 500; j++)
			len += (unsigned)snprintf(text[i] + len, sizeof text[i] - len,
			                          "::once:%u%u\n", i, j);
	table_of(&t, text[0]);
	run_all(&t, 1);
	for (unsigned i = 1; i < 6; i++) {
		table_of(&new, text[i % 2]);
		CHECK_INT(table_replace(&t, &new), 0);
		table_entries(&t, &n);
		CHECK_INT(n, i % 2 ? 1000 : 500);
		CHECK(t.gone.len < 8192);
	}
	table_free(&t);
}

/* Whatever tables follow each other: each process is in there once, at its own entry, which has an
 * action just when the file has one. */
TEST(T55_random)
{
	struct table t = { 0 };
	char text[512], file[512];
	size_t n;

	for (int round = 0; round < 600; round++) {
		struct table new;
		pid_t pids[20] = { 0 }; /* the command's name is a number */
		struct entry *e = table_entries(&t, &n);

		for (; n; e++, n--) {
			if (!e->pid && e->line.action && rnd_below(2))
				e->pid = (pid_t)(1000 * round + (int)n + 1);
			else if (!rnd_below(3))
				e->pid = 0;
			pids[atoi(e->line.command)] = e->pid;
		}
		*text = 0;
		for (uint64_t lines = rnd_below(20); lines; lines--)
			sprintf(text + strlen(text), "::once:%d\n", (int)rnd_below(20));
		strcpy(file, text);
		table_of(&new, *text ? text : "#\n");
		CHECK_INT(table_replace(&t, &new), 0);
		e = table_entries(&t, &n);
		for (; n; e++, n--) {
			char line[32];

			snprintf(line, sizeof line, "::once:%s\n", e->line.command);
			CHECK_INT(e->pid, pids[atoi(e->line.command)]);
			CHECK_INT(e->line.action, strstr(file, line) ? INITTAB_ONCE : 0);
			CHECK(e->line.action || e->pid);
			pids[atoi(e->line.command)] = 0;
		}
		for (size_t i = 0; i < COUNT(pids); i++)
			CHECK_INT(pids[i], 0);
	}
	table_free(&t);
}

/* ---- back-off */

#define MS 1000000ull

/* One that has lived so long at that moment: how long it waits. */
static uint64_t waits(const struct backoff *b, struct entry *e, uint64_t lived)
{
	uint64_t now = 1000000 * MS;

	e->started_ns = now - lived;
	return backoff_next(b, e, now) - now;
}

TEST(X12_backoff)
{
	static const uint64_t times[] = { 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60 };
	struct backoff b = { 1000 * MS, 60000 * MS };
	struct entry e = { 0 };

	for (size_t i = 0; i < COUNT(times); i++)
		CHECK_INT(waits(&b, &e, 1999 * MS), times[i] * 1000 * MS);
	CHECK_INT(e.row, COUNT(times));
	/* Neither soon nor late: it waits as before. */
	CHECK_INT(waits(&b, &e, 2000 * MS), 60000 * MS);
	e.quick = 6;
	CHECK_INT(waits(&b, &e, 9999 * MS), 2000 * MS);
	CHECK_INT(backoff_steady(&b, &e), e.started_ns + 10000 * MS);
	CHECK_INT(waits(&b, &e, 10000 * MS), 0);
	CHECK_INT(e.quick, 0);
	CHECK_INT(e.row, 0);
	/* The limit may be below the base. */
	b.limit_ns = 5 * MS;
	for (int i = 0; i < 7; i++)
		CHECK_INT(waits(&b, &e, 0), i < 4 ? 0 : 5 * MS);
}

/* Without end is a long time, and never one in the past. */
TEST(X12_backoff_without_end)
{
	struct backoff b = { STR_FOREVER, STR_FOREVER };
	struct entry e = { 0 };
	uint64_t year = 365ull * 86400 * 1000 * MS;

	for (int i = 0; i < 200; i++)
		CHECK_INT(waits(&b, &e, 0), i < 4 ? 0 : year);
	CHECK(backoff_steady(&b, &e) > year);
	b.base_ns = 1;
	e = (struct entry){ 0 };
	for (int i = 0; i < 200; i++) {
		uint64_t is = waits(&b, &e, 0);

		CHECK_INT(is, i < 4                                  ? 0
		              : i - 4 < 55 && 1ull << (i - 4) < year ? 1ull << (i - 4)
		                                                     : year);
	}
}
