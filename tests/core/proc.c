/* SPDX-License-Identifier: 0BSD */
/* /proc -> struct proc: hostile texts, recorded trees, processes that vanish, the real one. */
#include "test.h"
#include "help.h"
#include "proc.h"
#include "ns.h"
#include "sys.h"

#include <grp.h>

/* The tail of a stat line from the state on, with a parent and the 22 fields that are needed. */
#define TAIL(ppid) " S " ppid " 5 6 1025 7 4194560 100 0 2 0 12 3 0 0 20 0 4 0 777 3133440 416"
#define REST " 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 3 99 1 0 0 0 0 0 0 0 0 0 0 0\n"
#define NAME63 "kworker/0:1H-a_name_that_only_workqueue_threads_have_63_bytes_x"

/* As the parsers promise not to look behind len but for a NUL: on the heap, exactly. */
static int parse(int (*parser)(const char *, size_t, struct proc *), const char *text, size_t len,
                 struct proc *p)
{
	char *copy = malloc(len + 1);
	int r;

	memcpy(copy, text, len);
	copy[len] = 0;
	memset(p, 0, sizeof *p);
	r = parser(copy, len, p);
	free(copy);
	return r;
}

static int stat_of(const char *text, struct proc *p)
{
	return parse(proc_parse_stat, text, strlen(text), p);
}

static int status_of(const char *text, struct proc *p)
{
	return parse(proc_parse_status, text, strlen(text), p);
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
TEST(stat_short)
{
	struct proc p;

	CHECK_INT(stat_of("1 (a) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 2 3", &p), 0);
	CHECK_INT(p.rss_pages, 3);
	CHECK_INT(p.cpu, 0);
	CHECK_INT(stat_of("1 (a)" TAIL("0") " 1 2 3 x 5", &p), 0); /* nonsense behind the needed */
	CHECK_INT(p.policy, 0);
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
		r = parse(proc_parse_stat, text, rnd_below(3) ? len : rnd_below(len), &p);
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
	CHECK_INT(p.rgid, 5);
	CHECK_INT(p.status_egid, 6);
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
}

TEST(status_parent_out_of_range)
{
	struct proc p;

	CHECK_INT(status_of("Name:\tx\nPPid:\t4294967297\n", &p), -EPROTO);
	CHECK_INT(status_of("Name:\tx\nPPid:\t2147483648\n", &p), -EPROTO);
	CHECK_INT(status_of("Name:\tx\nPPid:\t-1\n", &p), -EPROTO);
	CHECK_INT(status_of("Name:\tx\nPPid:\t\n", &p), -EPROTO);
}

/* ---- the mount */

TEST(mount)
{
	int fd = proc_mount(NULL), dir;

	CHECK(fd >= 0 && fcntl(fd, F_GETFD) & FD_CLOEXEC);
	CHECK_INT(proc_is_ours(fd), 1);
	close(fd);
	CHECK_INT(proc_mount(tmp("none")), -ENOENT);
	put("file", "");
	CHECK_INT(proc_mount(tmp("file")), -ENOTDIR);
	dir = tree_fd("container-view");
	CHECK_INT(proc_is_ours(dir), 0);
	close(dir);
	dir = tree_fd("hostile"); /* self is no number */
	CHECK_INT(proc_is_ours(dir), 0);
	close(dir);
}

TEST(pid_digits)
{
	static const struct {
		const char *text;
		size_t digits;
	} cases[] = {
		{ "32768\n", 5 },       { "4194304\n", 7 },
		{ "100000\n", 5 },      { "100001\n", 6 },
		{ "301\n", 5 },         { "1\n", 5 },
		{ "0\n", 5 },           { "", 5 },
		{ "x\n", 5 },           { "-1\n", 5 },
		{ "99999999999\n", 5 }, { "2147483647\n", 10 },
	};
	int dir;

	put("digits/1/stat", "");
	dir = tree_fd("/digits");
	CHECK_INT(proc_pid_digits(dir), 5);
	for (size_t i = 0; i < COUNT(cases); i++) {
		put("digits/sys/kernel/pid_max", cases[i].text);
		if (proc_pid_digits(dir) != cases[i].digits)
			CHECK_FAIL("%s has %zu", cases[i].text, proc_pid_digits(dir));
	}
	close(dir);
}

/* A recording is nobody's /proc, whatever number its self leads to. */
TEST(recording_is_not_ours)
{
	char number[16];
	int dir;

	snprintf(number, sizeof number, "%d", getpid());
	put_link("coincidence/self", number);
	dir = tree_fd("/coincidence");
	CHECK_INT(proc_is_ours(dir), 0);
	close(dir);
}

/* In a nested namespace, with the mount of the outer one, by chance under the same number in both:
 * the mount is still not ours. clone3(2) lets root choose the numbers. */
static int same_number(void *arg)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls,
			set_tid, set_tid_size;
	} args = { .exit_signal = SIGCHLD };
	int proc = *(int *)arg, status;

	if (getpid() != 1)
		return 1;
	for (pid_t n = 30000; n < 31000; n++) {
		pid_t numbers[2] = { n, n }, pid;

		args.set_tid = (uint64_t)(uintptr_t)numbers;
		args.set_tid_size = 2;
		pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
		if (pid == 0)
			_exit(proc_is_ours(proc) == 0 ? 0 : 2);
		if (pid < 0 && errno == EEXIST)
			continue;
		return pid == n && waitpid(pid, &status, 0) == pid ? WEXITSTATUS(status) : 3;
	}
	return 4;
}

TEST(mount_of_the_outer_namespace)
{
	int proc = proc_mount(NULL), status;
	pid_t pid = fork_into(CLONE_NEWPID);

	if (pid == 0)
		_exit(proc_is_ours(proc) != 0 ? 5 : same_number(&proc));
	status = wait_status(pid);
	CHECK_INT(WEXITSTATUS(status), 0);
	close(proc);
}

/* ---- recorded processes */

TEST(get_recorded)
{
	int dir = tree_fd("host-with-containers");
	unsigned all = PROC_STAT | PROC_STATUS | PROC_OWNER | PROC_CMDLINE | PROC_CGROUP;
	struct str text = { 0 };
	struct proc p, q;

	CHECK_INT(str_puts(&text, "before"), 0); /* it appends */
	CHECK_INT(proc_get(dir, 21060, all, &text, &p), 0);
	CHECK_INT(p.pid, 21060);
	CHECK_INT(p.ppid, 21051);
	CHECK_INT(p.levels, 4);
	CHECK_INT(p.nspid[3], 1);
	CHECK_INT(p.cmdline_len, 15);
	CHECK(!memcmp(p.cmdline, "sleep\0infinity", 15));
	CHECK(p.cgroup == p.cmdline + p.cmdline_len);
	CHECK(p.cgroup_len > 64 && !memcmp(p.cgroup, "0::/system.slice/docker-", 24));
	CHECK_INT(p.euid, getuid()); /* of the directory: who has checked it out */
	/* From status alone the same as from stat. */
	CHECK_INT(proc_get(dir, 21060, PROC_STATUS, NULL, &q), 0);
	CHECK_TEXT(q.comm, p.comm);
	CHECK_INT(q.ppid, p.ppid);
	CHECK_INT(q.state, p.state);
	CHECK_INT(q.threads, p.threads);
	CHECK_INT(proc_get(dir, 17, PROC_STAT | PROC_STATUS, NULL, &p), 0);
	CHECK_INT(p.comm_len, PROC_COMM - 1);
	CHECK_INT(p.kernel_thread, 1);
	CHECK_INT(proc_get(dir, 4711, PROC_STAT, NULL, &p), -ESRCH);
	str_free(&text);
	close(dir);
}

TEST(get_hostile)
{
	static const struct {
		pid_t pid;
		unsigned want;
		int result;
	} cases[] = {
		{ 17, PROC_STAT, -EPROTO }, { 18, PROC_STAT, -EPROTO },
		{ 19, PROC_STAT, -ESRCH },  { 20, PROC_STATUS, -ESRCH },
		{ 20, PROC_STAT, 0 },       { 21, PROC_STATUS, -ESRCH },
		{ 21, PROC_STAT, 0 },       { 22, PROC_STAT, -EPROTO },
		{ 27, PROC_STAT, -ESRCH },  { 27, PROC_OWNER, 0 },
		{ 99, PROC_STAT, -ESRCH },  { 26, PROC_CGROUP, 0 },
	};
	int dir = tree_fd("hostile");
	struct proc p;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str text = { 0 };
		int r = proc_get(dir, cases[i].pid, cases[i].want, &text, &p);

		if (r != cases[i].result)
			CHECK_FAIL("%d is %d, not %d", cases[i].pid, r, cases[i].result);
		str_free(&text);
	}
	/* The directory tells whose it is, whatever stat says. */
	CHECK_INT(proc_get(dir, 30, PROC_STAT, NULL, &p), 0);
	CHECK_INT(p.pid, 30);
	/* From stat and from status the same name. */
	CHECK_INT(proc_get(dir, 2, PROC_STATUS, NULL, &p), 0);
	CHECK_TEXT(p.comm, "a) R (b\n1 2 3");
	CHECK_INT(proc_get(dir, 8, PROC_STATUS, NULL, &p), 0);
	CHECK_TEXT(p.comm, "back\\slash\\n");
	close(dir);
}

/* Without the NSpid line (before 4.1, gVisor) the chain is the number itself, the caller's too. */
TEST(get_without_nspid)
{
	int dir = tree_fd("gvisor-like");
	struct proc p;

	CHECK_INT(proc_get(dir, 6, PROC_STATUS, NULL, &p), 0);
	CHECK_INT(p.levels, 1);
	CHECK_INT(p.nspid[0], 6);
	CHECK_INT(proc_get(dir, 0, PROC_STATUS, NULL, &p), 0);
	CHECK_INT(p.pid, 9);
	CHECK_INT(p.levels, 1);
	CHECK_INT(p.nspid[0], 9);
	close(dir);
}

/* The line Groups stands in front of NSpid, and a process may have 65536 groups. */
TEST(get_with_many_groups)
{
	int dir = tree_fd("hostile");
	struct proc p;

	CHECK_INT(proc_get(dir, 31, PROC_STATUS, NULL, &p), 0);
	CHECK_INT(p.levels, 2);
	CHECK_INT(p.nspid[1], 1);
	close(dir);
}

static int many_groups(void *unused)
{
	static gid_t groups[65536];
	int proc = proc_mount(NULL), ends[2], status;
	struct proc p;
	char c;
	pid_t pid;

	(void)unused;
	for (size_t i = 0; i < COUNT(groups); i++)
		groups[i] = (gid_t)(4000000000u + i);
	if (setgroups(COUNT(groups), groups) || pipe(ends))
		return 1;
	pid = fork_into(CLONE_NEWPID);
	if (pid == 0) {
		close(ends[1]);
		_exit(read(ends[0], &c, 1) != 0);
	}
	status = proc_get(proc, pid, PROC_STATUS, NULL, &p);
	close(ends[1]);
	wait_status(pid);
	if (status)
		return 2;
	return p.levels == 2 && p.nspid[0] == pid && p.nspid[1] == 1 && p.threads == 1 ? 0 : 3;
}

TEST(get_with_most_groups)
{
	CHECK_INT(in_child(many_groups, NULL), 0);
}

/* A command line longer than any pipe, up to what is read. */
TEST(get_long_cmdline)
{
	static char line[PROC_TEXT + 5000];
	struct str text = { 0 };
	struct proc p;
	int dir;

	memset(line, 'a', sizeof line);
	put("long/5/stat", "5 (a)" TAIL("1"));
	put_bytes("long/5/cmdline", line, sizeof line);
	put("long/5/cgroup", "0::/x\n");
	dir = tree_fd("/long");
	CHECK_INT(proc_get(dir, 5, PROC_STAT | PROC_CMDLINE | PROC_CGROUP, &text, &p), 0);
	CHECK_INT(p.cmdline_len, PROC_TEXT);
	CHECK_INT(p.cgroup_len, 6);
	CHECK(!memcmp(p.cgroup, "0::/x\n", 6));
	str_free(&text);
	close(dir);
}

/* ---- the walk */

/* The numbers of a walk as text. */
static const char *walk(const char *tree, unsigned want)
{
	static char numbers[4096];
	struct proc_walk w;
	struct proc p;
	int dir = tree_fd(tree), r, fds = count_fds();

	*numbers = 0;
	CHECK_INT(proc_open(&w, dir, want), 0);
	while ((r = proc_next(&w, &p)) == 1)
		snprintf(numbers + strlen(numbers), 16, "%d ", p.pid);
	CHECK_INT(r, 0);
	CHECK_INT(proc_next(&w, &p), 0); /* the end stays the end */
	proc_close(&w);
	CHECK_INT(count_fds(), fds);
	close(dir);
	return numbers;
}

/* More than one getdents(2) brings: each once, in whatever order the file system has. */
TEST(walk_many)
{
	char name[64], word[16], framed[4096];

	for (int i = 1; i <= 300; i++) {
		snprintf(name, sizeof name, "many/%d/stat", i * 1000003);
		put(name, "1 (x)" TAIL("1"));
	}
	snprintf(framed, sizeof framed, " %s", walk("/many", PROC_STAT));
	for (int i = 1; i <= 300; i++) {
		char *found;

		snprintf(word, sizeof word, " %d ", i * 1000003);
		found = strstr(framed, word);
		if (!found || strstr(found + 1, word))
			CHECK_FAIL("%s is not there once", word);
	}
}

TEST(walk_recorded)
{
	const char *all = walk("hostile", PROC_STAT | PROC_STATUS);
	static const char *const none[] = { "0 ",  "17 ", "18 ", "19 ", "20 ",        "21 ",
		                            "22 ", "27 ", "28 ", "99 ", "4294967297 " };
	char framed[2048];

	snprintf(framed, sizeof framed, " %s", all);
	for (size_t i = 0; i < COUNT(none); i++) {
		char word[32];

		snprintf(word, sizeof word, " %s", none[i]);
		if (strstr(framed, word))
			CHECK_FAIL("%s is there: %s", none[i], all);
	}
	CHECK(strstr(framed, " 1 ") && strstr(framed, " 2 ") && strstr(framed, " 30 "));
}

/* Processes that end between the reading of the directory and of their files are left out. */
TEST(walk_vanishing)
{
	struct proc_walk w;
	struct proc p;
	char name[64];
	int dir, seen = 0, fds;

	for (int i = 1; i <= 50; i++) {
		snprintf(name, sizeof name, "vanish/%d/stat", i);
		put(name, "1 (x)" TAIL("1"));
	}
	dir = tree_fd("/vanish");
	fds = count_fds();
	CHECK_INT(proc_open(&w, dir, PROC_STAT), 0);
	CHECK_INT(proc_next(&w, &p), 1);
	for (int i = 1; i <= 50; i++) {
		snprintf(name, sizeof name, "vanish/%d/stat", i);
		if (i != p.pid && i % 2)
			unlink(tmp(name)); /* the directory is there, its files are not */
		if (i != p.pid && i % 3 == 0) {
			unlink(tmp(name));
			snprintf(name, sizeof name, "vanish/%d", i);
			rmdir(tmp(name));
		}
	}
	while (proc_next(&w, &p) == 1) {
		seen++;
		if (p.pid % 2 || p.pid % 3 == 0)
			CHECK_FAIL("%d has gone", p.pid);
	}
	proc_close(&w);
	CHECK(seen == 16 ||
	      seen == 17); /* the even ones, without every third and maybe the first */
	CHECK_INT(count_fds(), fds);
	close(dir);
}

/* The real /proc while others come and go: we are always there, in order, and there is no error. */
TEST(walk_churn)
{
	int proc = proc_mount(NULL), stop[2], missing = 0, disorder = 0;
	unsigned all = PROC_STAT | PROC_STATUS | PROC_OWNER | PROC_CMDLINE | PROC_CGROUP;
	struct proc_walk w;
	struct proc p;
	pid_t churn;

	if (pipe2(stop, O_CLOEXEC | O_NONBLOCK))
		give_up("pipe");
	fflush(stdout);
	churn = fork();
	if (churn == 0) {
		char c;

		close(stop[1]);
		while (read(stop[0], &c, 1) < 0) {
			pid_t pid = fork();

			if (pid == 0)
				_exit(0);
			waitpid(pid, NULL, 0);
		}
		_exit(0);
	}
	for (int i = 0; i < 30; i++) {
		int found = 0, r;
		pid_t last = 0;

		CHECK_INT(proc_open(&w, proc, all), 0);
		while ((r = proc_next(&w, &p)) == 1) {
			found |= p.pid == getpid();
			disorder |= p.pid <= last;
			last = p.pid;
		}
		CHECK_INT(r, 0);
		proc_close(&w);
		missing |= !found;
	}
	CHECK(!missing && !disorder);
	close(stop[0]);
	close(stop[1]);
	CHECK_INT(wait_status(churn), 0);
	close(proc);
}

/* A walk and a single read agree about ourselves, and with what the kernel says otherwise. */
TEST(ourselves)
{
	int proc = proc_mount(NULL);
	struct str text = { 0 };
	struct proc p, self;

	CHECK_INT(proc_get(proc, getpid(), PROC_STAT | PROC_STATUS | PROC_OWNER, &text, &p), 0);
	CHECK_INT(proc_get(proc, 0, PROC_STAT | PROC_STATUS | PROC_OWNER, &text, &self), 0);
	CHECK_INT(self.pid, getpid());
	CHECK_INT(p.ppid, getppid());
	CHECK_INT(p.pgid, getpgrp());
	CHECK_INT(p.sid, getsid(0));
	CHECK_INT(p.euid, geteuid());
	CHECK_INT(p.ruid, getuid());
	CHECK_INT(p.nspid[0], getpid());
	CHECK_INT(p.state, 'R');
	CHECK_TEXT(self.comm, p.comm);
	str_free(&text);
	close(proc);
}
