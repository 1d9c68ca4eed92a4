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
	CHECK_INT(p.euid, p.status_euid);
	CHECK_INT(proc_get(dir, 21060, PROC_OWNER, NULL, &q), 0);
	CHECK_INT(q.euid, getuid()); /* of the directory: who has checked it out */
	/* From status alone the same as from stat. */
	CHECK_INT(proc_get(dir, 21060, PROC_STATUS | PROC_MEMORY, NULL, &q), 0);
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

/* The effective ids, which are the directory's, come from status when that is read anyway. */
TEST(get_owner)
{
	struct proc p;
	int dir;

	put("owner/5/status", "Name:\tx\nPPid:\t1\nUid:\t71\t72\t73\t74\nGid:\t81\t82\t83\t84\n");
	put("owner/6/status", "Name:\tx\nPPid:\t1\n");
	dir = tree_fd("/owner");
	CHECK_INT(proc_get(dir, 5, PROC_STATUS | PROC_OWNER, NULL, &p), 0);
	CHECK_INT(p.euid, 72);
	CHECK_INT(p.egid, 82);
	CHECK_INT(proc_get(dir, 5, PROC_OWNER, NULL, &p), 0);
	CHECK_INT(p.euid, getuid());
	CHECK_INT(p.egid, getgid());
	CHECK_INT(proc_get(dir, 6, PROC_STATUS | PROC_OWNER, NULL, &p), 0);
	CHECK_INT(p.euid, getuid());
	CHECK_INT(p.egid, getgid());
	close(dir);
}

/* All in one buffer, each in its place. */
TEST(get_lines)
{
	unsigned want = PROC_STATUS | PROC_LINES | PROC_CMDLINE | PROC_CGROUP;
	struct str text = { 0 };
	struct proc p;
	uint64_t v[2];
	size_t len;
	int dir;

	put("lines/5/status", "Name:\tx\nPPid:\t1\nNSsid:\t5\t1\nLast:\t12");
	put_bytes("lines/5/cmdline", "34\0b", 5);
	put("lines/5/cgroup", "0::/x\n");
	dir = tree_fd("/lines");
	CHECK_INT(str_puts(&text, "before"), 0);
	CHECK_INT(proc_get(dir, 5, want, &text, &p), 0);
	CHECK_INT(proc_line_numbers(&p, "NSsid", v, 2), 2);
	CHECK_INT(v[1], 1);
	CHECK_INT(proc_line_numbers(&p, "Last", v, 2), 1);
	CHECK_INT(v[0], 12); /* and not 1234 */
	CHECK_INT(p.cmdline_len, 5);
	CHECK(!memcmp(p.cmdline, "34\0b", 5));
	CHECK(!memcmp(p.cgroup, "0::/x\n", 6));
	CHECK(proc_line(&p, "PPid", &len) && len == 1);
	CHECK_INT(proc_get(dir, 5, PROC_STATUS | PROC_LINES, NULL, &p), 0); /* nowhere to keep it */
	CHECK(!proc_line(&p, "PPid", &len));
	str_free(&text);
	close(dir);
}

/* Around the size of one read. */
TEST(get_cmdlines)
{
	static char line[9000];
	int dir;

	memset(line, 'a', sizeof line);
	for (size_t len = 4090; len < 4103; len++) {
		struct str text = { 0 };
		struct proc p;

		put_bytes("cmdlines/5/cmdline", line, len);
		dir = tree_fd("/cmdlines");
		CHECK_INT(proc_get(dir, 5, PROC_CMDLINE, &text, &p), 0);
		CHECK_INT(p.cmdline_len, len);
		str_free(&text);
		close(dir);
	}
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
	status = proc_get(proc, pid, PROC_STATUS | PROC_MEMORY, NULL, &p);
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

/* By a directory that was opened before: as long as it lives. */
TEST(get_here)
{
	int mount = proc_mount(NULL), dir, ends[2];
	char path[PROC_PATH], byte;
	struct proc p;
	pid_t pid;

	proc_path(path, PROC_HERE, "stat");
	CHECK_TEXT(path, "stat");
	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC))
		give_up("pipe");
	pid = fork();
	if (pid == 0) {
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) ? 1 : 0);
	}
	proc_path(path, pid, "");
	dir = openat(mount, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CHECK_INT(proc_get_stat(dir, PROC_HERE, &p), 0);
	CHECK_INT(p.ppid, getpid());
	close(ends[0]);
	close(ends[1]);
	CHECK_INT(wait_status(pid), 0);
	CHECK_INT(proc_get_stat(dir, PROC_HERE, &p), -ESRCH);
	close(dir);
	close(mount);
}
