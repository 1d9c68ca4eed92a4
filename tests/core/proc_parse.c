/* SPDX-License-Identifier: 0BSD */
/* The parsers of /proc/PID/stat and /proc/PID/status, on texts. */
#include "test.h"
#include "help.h"
#include "proc.h"
#include "sys.h"

/* The tail of a stat line from the state on, with a parent and the 22 fields that are needed. */
#define TAIL(ppid) " S " ppid " 5 6 1025 7 4194560 100 0 2 0 12 3 0 0 20 0 4 0 777 3133440 416"
#define REST " 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 3 99 1 0 0 0 0 0 0 0 0 0 0 0\n"
#define NAME63 "kworker/0:1H-a_name_that_only_workqueue_threads_have_63_bytes_x"

/* As the parsers promise not to look behind len but for a NUL: on the heap, exactly. */
static int parse(int (*parser)(const char *, size_t, unsigned, struct proc *), const char *text,
                 size_t len, unsigned want, struct proc *p)
{
	char *copy = malloc(len + 1);
	int r;

	memcpy(copy, text, len);
	copy[len] = 0;
	memset(p, 0, sizeof *p);
	r = parser(copy, len, want, p);
	free(copy);
	return r;
}

static int stat_of(const char *text, struct proc *p)
{
	return parse(proc_parse_stat, text, strlen(text), PROC_REST, p);
}

static int status_of(const char *text, struct proc *p)
{
	return parse(proc_parse_status, text, strlen(text), PROC_MEMORY, p);
}

/* ---- stat */

TEST(stat_fields)
{
	struct proc p;

	CHECK_INT(stat_of("1234 (name)" TAIL("4") REST, &p), 0);
	CHECK_INT(p.pid, 1234);
	CHECK_TEXT(p.comm, "name");
	CHECK_INT(p.comm_len, 4);
	CHECK_INT(p.state, 'S');
	CHECK_INT(p.ppid, 4);
	CHECK_INT(p.pgid, 5);
	CHECK_INT(p.sid, 6);
	CHECK_INT(p.tty, 1025);
	CHECK_INT(p.tpgid, 7);
	CHECK_INT(p.flags, 4194560);
	CHECK_INT(p.minor_faults, 100);
	CHECK_INT(p.major_faults, 2);
	CHECK_INT(p.utime_ticks, 12);
	CHECK_INT(p.stime_ticks, 3);
	CHECK_INT(p.priority, 20);
	CHECK_INT(p.nice, 0);
	CHECK_INT(p.threads, 4);
	CHECK_INT(p.start_ticks, 777);
	CHECK_INT(p.vsize_bytes, 3133440);
	CHECK_INT(p.rss_pages, 416);
	CHECK_INT(p.cpu, 3);
	CHECK_INT(p.rt_priority, 99);
	CHECK_INT(p.policy, 1);
	CHECK_INT(p.kernel_thread, 0);
	CHECK_INT(stat_of("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0\n", &p),
	          0);
	CHECK_INT(p.tpgid, -1);
	CHECK_INT(p.kernel_thread, 1);
	/* a real-time and a nice priority */
	CHECK_INT(stat_of("3 (x) R 0 0 0 0 -1 0 0 0 0 0 0 0 0 0 -100 -20 1 0 0 0 0", &p), 0);
	CHECK_INT(p.priority, -100);
	CHECK_INT(p.nice, -20);
}

/* Each field has its own number as its value: none is taken for another. */
TEST(stat_every_field)
{
	char text[512] = "9 (x) S";
	struct proc p;

	for (int field = 4; field <= 52; field++)
		snprintf(text + strlen(text), 8, " %d", field);
	CHECK_INT(stat_of(text, &p), 0);
	CHECK_INT(p.ppid, 4);
	CHECK_INT(p.tpgid, 8);
	CHECK_INT(p.flags, 9);
	CHECK_INT(p.minor_faults, 10);
	CHECK_INT(p.child_minor_faults, 11);
	CHECK_INT(p.major_faults, 12);
	CHECK_INT(p.child_major_faults, 13);
	CHECK_INT(p.utime_ticks, 14);
	CHECK_INT(p.stime_ticks, 15);
	CHECK_INT(p.child_utime_ticks, 16);
	CHECK_INT(p.child_stime_ticks, 17);
	CHECK_INT(p.priority, 18);
	CHECK_INT(p.nice, 19);
	CHECK_INT(p.threads, 20);
	CHECK_INT(p.start_ticks, 22);
	CHECK_INT(p.vsize_bytes, 23);
	CHECK_INT(p.rss_pages, 24);
	CHECK_INT(p.rss_limit_bytes, 25);
	CHECK_INT(p.start_code, 26);
	CHECK_INT(p.end_code, 27);
	CHECK_INT(p.start_stack, 28);
	CHECK_INT(p.stack_pointer, 29);
	CHECK_INT(p.instruction_pointer, 30);
	CHECK_INT(p.cpu, 39);
	CHECK_INT(p.rt_priority, 40);
	CHECK_INT(p.policy, 41);
	/* Addresses and limits need all 64 bits. */
	CHECK_INT(stat_of("1 (a)" TAIL("0") REST, &p), 0);
	CHECK(p.rss_limit_bytes == UINT64_MAX);
	CHECK_INT(stat_of("1 (a)" TAIL("0") " 18446744073709551616", &p), 0);
	CHECK_INT(p.rss_limit_bytes, 0); /* behind the needed ones */
	CHECK_INT(stat_of("1 (a) S 0 0 0 0 -1 0 0 0 0 0 0 0 0 0 0 0 1 0 18446744073709551610 0 0",
	                  &p),
	          0);
	CHECK(p.start_ticks == UINT64_MAX - 5);
}

TEST(stat_names)
{
	static const char *const names[] = {
		"",
		"a",
		"15 bytes, a max",
		"a) R (b\n1 2 3",
		")",
		"(",
		")) (",
		") S 1 2",
		"((((",
		"\n",
		"\\n",
		"\x1b[31m",
		"\xff\xfe",
		"a\tb",
		NAME63,
		"x) S 0 1 1 0 -1 0 0",
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		char text[512];
		struct proc p;
		int r;

		snprintf(text, sizeof text, "77 (%s)%s%s", names[i], TAIL("4"), REST);
		r = stat_of(text, &p);
		if (r || strcmp(p.comm, names[i]) || p.comm_len != strlen(names[i]) ||
		    p.ppid != 4 || p.pid != 77 || p.state != 'S')
			CHECK_FAIL("\"%s\" is %d, \"%s\", parent %d", names[i], r, p.comm, p.ppid);
	}
	CHECK_INT(strlen(NAME63), PROC_COMM - 1);
}

TEST(stat_name_too_long)
{
	struct proc p;

	CHECK_INT(stat_of("77 (" NAME63 "cut)" TAIL("4"), &p), 0);
	CHECK_TEXT(p.comm, NAME63);
	CHECK_INT(p.comm_len, PROC_COMM - 1);
}

TEST(stat_nonsense)
{
	static const char *const bad[] = {
		"",
		"1",
		"1 ",
		"1 (",
		"1 (a",
		"1 (a)",
		"1 (a) ",
		"1 (a) S",
		"1 (a) S ",
		"1 )a(" TAIL("1"),
		"1 a" TAIL("1"),
		"1 a)" TAIL("1"),
		"(a)" TAIL("1"),
		"x (a)" TAIL("1"),
		"0 (a)" TAIL("1"),
		"-1 (a)" TAIL("1"),
		"2147483648 (a)" TAIL("1"),
		"4294967297 (a)" TAIL("1"),
		"99999999999999999999 (a)" TAIL("1"),
		"1 (a) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0", /* 23 fields */
		"1 (a) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0 x",
		"1 (a) S 1 1 x 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0",
		"1 (a)S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0",
		"1 (a) SS 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0",
		"1 (a) S 1 1 1 0 - 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0",
		"1 (a) S 1 1 1 0 -1 0 99999999999999999999 0 0 0 0 0 0 0 20 0 1 0 1 0 0",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct proc p;
		int r = stat_of(bad[i], &p);

		if (r != -EPROTO)
			CHECK_FAIL("\"%s\" is %d", bad[i], r);
	}
}

/* A parent whose number is none must not become another process's by losing its upper half. */
TEST(stat_parent_out_of_range)
{
	static const char *const bad[] = {
		"9 (a)" TAIL("4294967297"),
		"9 (a)" TAIL("2147483648"),
		"9 (a)" TAIL("-2"),
		"9 (a)" TAIL("18446744073709551615"),
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct proc p;
		int r = stat_of(bad[i], &p);

		if (r != -EPROTO)
			CHECK_FAIL("\"%s\" is %d, parent %d", bad[i], r, p.ppid);
	}
}

/* gVisor and other foreign ones end early; what is not there is 0. */
/* What the kernel writes of one that is waited for just then: do_task_stat() finds it without what
 * its threads share. One without a parent that is seen is not that. */
TEST(stat_of_nobody)
{
	struct proc p;

	CHECK_INT(
		stat_of("7 (sh) X 0 -1 -1 0 -1 4228364 0 0 0 0 0 0 0 0 20 0 0 0 777 0 0" REST, &p),
		-ESRCH);
	CHECK_INT(
		stat_of("7 (sh) Z 0 -1 -1 0 -1 4228364 0 0 0 0 0 0 0 0 20 0 0 0 777 0 0" REST, &p),
		-ESRCH);
	CHECK_INT(stat_of("7 (sh) Z 0 0 0 0 -1 4228364 0 0 0 0 0 0 0 0 20 0 1 0 777 0 0" REST, &p),
	          0);
	CHECK_INT(stat_of("7 (sh) S 0 0 0 0 -1 64 0 0 0 0 0 0 0 0 20 0 0 0 777 0 0" REST, &p), 0);
	CHECK_INT(status_of("Name:\tsh\nState:\tX (dead)\nTgid:\t0\nPid:\t7\nPPid:\t0\n", &p),
	          -ESRCH);
	CHECK_INT(status_of("Name:\tsh\nState:\tZ (zombie)\nTgid:\t7\nPid:\t7\nPPid:\t0\n", &p), 0);
}

TEST(stat_short)
{
	struct proc p;

	CHECK_INT(stat_of("1 (a) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 2 3", &p), 0);
	CHECK_INT(p.rss_pages, 3);
	CHECK_INT(p.cpu, 0);
	CHECK_INT(stat_of("1 (a)" TAIL("0") " 1 2 3 x 5", &p), 0); /* nonsense behind the needed */
	CHECK_INT(p.policy, 0);
}

/* What nobody wants is not read. */
TEST(stat_without_the_rest)
{
	const char *text = "1234 (name)" TAIL("4") " x";
	struct proc p;

	CHECK_INT(parse(proc_parse_stat, text, strlen(text), 0, &p), 0);
	CHECK_INT(p.rss_pages, 416);
	text = "1234 (name)" TAIL("4") REST;
	CHECK_INT(parse(proc_parse_stat, text, strlen(text), 0, &p), 0);
	CHECK_INT(p.rss_pages, 416);
	CHECK_INT(p.cpu, 0);
	CHECK_INT(p.rss_limit_bytes, 0);
}

/* Any bytes: no crash, and either nonsense or a whole process. */
TEST(stat_random)
{
	const char *good = "1234 (na) (me)" TAIL("4") REST;

	for (int i = 0; i < 20000; i++) {
		char text[300];
		size_t len = strlen(good);
		struct proc p;
		int r;

		memcpy(text, good, len);
		for (uint64_t n = rnd_below(4); n--;)
			text[rnd_below(len)] =
				(char)(rnd_below(2) ? "() -09\n"[rnd_below(8)] : (int)rnd());
		r = parse(proc_parse_stat, text, rnd_below(3) ? len : rnd_below(len), PROC_REST,
		          &p);
		if (r ? r != -EPROTO : p.pid <= 0 || p.comm_len >= PROC_COMM || p.comm[p.comm_len])
			CHECK_FAIL("%.200s is %d", text, r);
	}
}

/* ---- status */

TEST(status_fields)
{
	struct proc p;

	CHECK_INT(status_of("Name:\tname\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t12\nPid:\t12\n"
	                    "PPid:\t4\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t1 2 3 \n"
	                    "NStgid:\t12\t7\nNSpid:\t12\t7\t1\nNSpgid:\t12\t7\t1\nKthread:\t0\n"
	                    "VmSize:\t    3060 kB\nVmLck:\t       8 kB\nVmRSS:\t    1664 kB\n"
	                    "Threads:\t3\nSigQ:\t4/96365\n",
	                    &p),
	          0);
	CHECK_TEXT(p.comm, "name");
	CHECK_INT(p.state, 'S');
	CHECK_INT(p.pid, 12);
	CHECK_INT(p.ppid, 4);
	CHECK_INT(p.ruid, 1);
	CHECK_INT(p.status_euid, 2);
	CHECK_INT(p.suid, 3);
	CHECK_INT(p.fsuid, 4);
	CHECK_INT(p.rgid, 5);
	CHECK_INT(p.status_egid, 6);
	CHECK_INT(p.sgid, 7);
	CHECK_INT(p.fsgid, 8);
	CHECK_INT(p.levels, 3);
	CHECK_INT(p.nspid[0], 12);
	CHECK_INT(p.nspid[1], 7);
	CHECK_INT(p.nspid[2], 1);
	CHECK_INT(p.kernel_thread, 0);
	CHECK_INT(p.vm_size_kb, 3060);
	CHECK_INT(p.vm_lock_kb, 8);
	CHECK_INT(p.vm_rss_kb, 1664);
	CHECK_INT(p.threads, 3);
}

/* What stat says, too, or nobody wants is not read: not even when it makes no sense. */
TEST(status_without_memory)
{
	const char *text =
		"Name:\tname\nState:\tS (sleeping)\nPid:\t12\nPPid:\t-1\nUid:\t1\t2\t3\t4\n"
		"NSpid:\t12\t7\nKthread:\t1\nVmRSS:\t1664 kB\nThreads:\t3\n";
	struct proc p;

	CHECK_INT(parse(proc_parse_status, text, strlen(text), PROC_MEMORY, &p), -EPROTO);
	CHECK_INT(parse(proc_parse_status, text, strlen(text), PROC_STAT, &p), 0);
	CHECK_INT(p.comm_len, 0);
	CHECK_INT(p.status_euid, 2);
	CHECK_INT(p.levels, 2);
	CHECK_INT(p.kernel_thread, 0);
	CHECK_INT(p.vm_rss_kb, 0);
	CHECK_INT(parse(proc_parse_status, text, strlen(text), PROC_STAT | PROC_MEMORY, &p), 0);
	CHECK_INT(p.vm_rss_kb, 1664);
	CHECK_INT(p.threads, 0);
}

TEST(status_names)
{
	static const char *const names[][2] = {
		{ "plain", "plain" },       { "", "" },
		{ " blanks ", " blanks " }, { "a\\nb", "a\nb" },
		{ "a\\\\nb", "a\\nb" },     { "\\\\", "\\" },
		{ "end\\", "end\\" },       { "PPid:\\t1", "PPid:t1" },
		{ "a: b", "a: b" },         { "\xff\x1b", "\xff\x1b" },
		{ NAME63, NAME63 },         { NAME63 "cut", NAME63 },
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		char text[512];
		struct proc p;
		int r;

		snprintf(text, sizeof text, "Name:\t%s\nPPid:\t4\n", names[i][0]);
		r = status_of(text, &p);
		if (r || strcmp(p.comm, names[i][1]) || p.comm_len != strlen(names[i][1]) ||
		    p.ppid != 4)
			CHECK_FAIL("\"%s\" is %d, \"%s\"", names[i][0], r, p.comm);
	}
}

TEST(status_chains)
{
	char text[600] = "Name:\tx\nPPid:\t1\nNSpid:";
	struct proc p;

	for (int n = 1; n <= 40; n++) { /* the kernel has at most 33 */
		snprintf(text + strlen(text), 16, "\t%d", 1000 + n);
		CHECK_INT(status_of(text, &p), 0);
		CHECK_INT(p.levels, n < PROC_LEVELS ? n : PROC_LEVELS);
		for (int i = 0; i < p.levels; i++)
			CHECK_INT(p.nspid[i], 1001 + i);
	}
	CHECK_INT(status_of("Name:\tx\nPPid:\t1\n", &p), 0);
	CHECK_INT(p.levels, 0);
	CHECK_INT(status_of("Name:\tx\nPPid:\t1\nNSpid:\t\n2\n", &p), 0);
	CHECK_INT(p.levels, 0); /* not the next line */
	CHECK_INT(status_of("Name:\tx\nPPid:\t1\nNSpid:\t5\t4294967297\t1\n", &p), 0);
	CHECK_INT(p.nspid[1], 0); /* none rather than another's */
}

TEST(status_nonsense)
{
	static const char *const bad[] = {
		"",
		"\n",
		":",
		"Name",
		"Name:\tx",
		"Name:\tx\n",
		"PPid:\t1\n",
		"name:\tx\nppid:\t1\n",
		"Name:\tx\nPPid 1\n",
		" Name:\tx\nPPid:\t1\n",
		"Name:\tx PPid:\t1\n",
		"XName:\tx\nXPPid:\t1\n",
	};
	struct proc p;

	for (size_t i = 0; i < COUNT(bad); i++) {
		int r = status_of(bad[i], &p);

		if (r != -EPROTO)
			CHECK_FAIL("\"%s\" is %d", bad[i], r);
	}
	CHECK_INT(status_of("Name:\tx\nPPid:\t1", &p), 0); /* without its last newline */
	CHECK_INT(p.ppid, 1);
	CHECK_INT(status_of("\n\nfoo\nName:\tx\n:\nPPid:\t1\n\n", &p), 0);
	CHECK_INT(status_of("Name:\tx\nPPid:\t1\nUid:\t7\n", &p), 0);
	CHECK_INT(p.status_euid, 7); /* the only one there is */
	CHECK_INT(p.fsuid, 7);
	CHECK_INT(status_of("Name:\tx\nPPid:\t1\nGid:\t7 8 9\n", &p), 0);
	CHECK_INT(p.status_egid, 8);
	CHECK_INT(p.fsgid, 9);
}

/* In any order, and not taken for lines whose names begin or end in the same way. */
TEST(status_keys)
{
	struct proc p;

	CHECK_INT(
		status_of("Threads:\t3\nXPid:\t1\nPidX:\t2\nVmRSSX:\t9\nVmR:\t9\nNSpi:\t8\n"
	                  "Threads \t9\nThread:\t9\nNSpid:\t5\t6\nPPid:\t4\nPPidX:\t9\nName:\tx\n",
	                  &p),
		0);
	CHECK_INT(p.pid, 0);
	CHECK_INT(p.threads, 3);
	CHECK_INT(p.vm_rss_kb, 0);
	CHECK_INT(p.levels, 2);
	CHECK_INT(p.ppid, 4);
}

/* ---- a line of status */

static struct proc lines_of(const char *text)
{
	struct proc p = { .lines = text, .lines_len = strlen(text) + 1 };

	return p;
}

TEST(line)
{
	static const char text[] = "Name:\tGroups:\nGroups:\t1 22 333 \nEmpty:\t\nBlank:\t  \nMask:"
				   "\t00ff\nNoColon\nGroup:\t7\nNone:\n\n:\nLast:\t5";
	static const char *const lines[][2] = {
		{ "Name", "Groups:" }, { "Groups", "1 22 333" }, { "Empty", "" }, { "Blank", "" },
		{ "Mask", "00ff" },    { "Group", "7" },         { "None", "" },  { "Last", "5" },
	};
	static const char *const missing[] = {
		"NoColon", "Gro", "ask", "Las", "Lasts", "\tGroups"
	};
	struct proc p = lines_of(text);
	uint64_t v[3] = { 9, 9, 9 };
	size_t len;

	for (size_t i = 0; i < COUNT(lines); i++) {
		const char *s = proc_line(&p, lines[i][0], &len);

		if (!s || len != strlen(lines[i][1]) || memcmp(s, lines[i][1], len))
			CHECK_FAIL("%s is \"%.*s\"", lines[i][0], s ? (int)len : 4, s ? s : "NULL");
	}
	for (size_t i = 0; i < COUNT(missing); i++)
		if (proc_line(&p, missing[i], &len))
			CHECK_FAIL("%s is there", missing[i]);
	CHECK_INT(proc_line_numbers(&p, "Groups", v, 2), 2);
	CHECK_INT(v[1], 22);
	CHECK_INT(v[2], 9); /* not behind the array */
	CHECK_INT(proc_line_numbers(&p, "Groups", v, 3), 3);
	CHECK_INT(v[2], 333);
	CHECK_INT(proc_line_numbers(&p, "Empty", v, 3), 0); /* not the next line's */
	CHECK_INT(proc_line_numbers(&p, "Last", v, 3), 1);
	CHECK_INT(proc_line_numbers(&p, "Nobody", v, 3), 0);
	p = (struct proc){ .pid = 1 };
	CHECK(!proc_line(&p, "Name", &len)); /* not asked for */
}

TEST(status_parent_out_of_range)
{
	struct proc p;

	CHECK_INT(status_of("Name:\tx\nPPid:\t4294967297\n", &p), -EPROTO);
	CHECK_INT(status_of("Name:\tx\nPPid:\t2147483648\n", &p), -EPROTO);
	CHECK_INT(status_of("Name:\tx\nPPid:\t-1\n", &p), -EPROTO);
	CHECK_INT(status_of("Name:\tx\nPPid:\t\n", &p), -EPROTO);
}
