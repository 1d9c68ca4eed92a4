/* SPDX-License-Identifier: 0BSD */
/* A PID namespace seen from outside, on recorded trees and on real namespaces. */
#include "test.h"
#include "help.h"
#include "ns.h"
#include "pid.h"
#include "pidns.h"
#include "sys.h"

#include <sched.h>
#include <signal.h>

/* ---- recorded trees */

struct find_case {
	const char *ref;
	int result;
	pid_t member;
	uint64_t inode;
	int depth;
};

static void check_find(const char *tree, const struct find_case *c, size_t n)
{
	int dir = tree_fd(tree), fds = count_fds();

	for (; n--; c++) {
		struct pidns ns = { 0 };
		struct str why = { 0 };
		int r = pidns_find(&ns, dir, c->ref, &why);

		if (r != c->result || (!r && (ns.member != c->member || ns.inode != c->inode ||
		                              ns.depth != c->depth)))
			CHECK_FAIL("%s is %d: %d in %llu, %d deep", c->ref, r, ns.member,
			           (unsigned long long)ns.inode, ns.depth);
		pidns_free(&ns);
		str_free(&why);
	}
	CHECK_INT(count_fds(), fds);
	close(dir);
}

#define FIND(tree, cases) check_find(tree, cases, COUNT(cases))

TEST(find)
{
	static const struct find_case host[] = {
		{ "20997", 0, 20997, 4026532398, 2 },
		{ "21012", 0, 21012, 4026532398, 2 },
		{ "22001", 0, 22001, 4026532398, 2 }, /* came in by setns(2) */
		{ "4026532398", 0, 20997, 4026532398, 2 },
		{ "pid:[4026532600]", 0, 21060, 4026532600, 4 },
		{ "4f1c2d9a8b3e", 0, 20997, 4026532398, 2 },
		{ "1", 0, 1, 4026531836, 1 },
		/* that of the process, not of the REF */
		{ "7@20997", 0, 21010, 4026532398, 2 },
		{ "1@4026532510", 0, 21050, 4026532510, 3 },
		{ "99@20997", -ESRCH, 0, 0, 0 },
		{ "9@4026539999", -ENOENT, 0, 0, 0 },
		{ "99999", -ENOENT, 0, 0, 0 },
		{ "4026539999", -ENOENT, 0, 0, 0 },
		{ "000000000000", -ENOENT, 0, 0, 0 },
		{ "123456789012", -ENOTUNIQ, 0, 0, 0 },
		{ "", -EINVAL, 0, 0, 0 },
		{ "0", -EINVAL, 0, 0, 0 },
		{ "x", -EINVAL, 0, 0, 0 },
		{ "net:[4026531840]", -EINVAL, 0, 0, 0 },
		{ "7@", -EINVAL, 0, 0, 0 },
		{ "@7", -EINVAL, 0, 0, 0 },
		{ "99999999999999@1", -ERANGE, 0, 0, 0 },
	};

	FIND("host-with-containers", host);
}

/* Who is meant is told, and no descriptor is left. */
TEST(find_ambiguous)
{
	int dir = tree_fd("host-with-containers"), fds = count_fds();
	struct pidns ns = { 0 };
	struct str why = { 0 };

	CHECK_INT(pidns_find(&ns, dir, "1@123456789012", &why), -ENOTUNIQ);
	CHECK_INT(why.len, 2 * 65);
	CHECK_INT(count_fds(), fds);
	str_free(&why);
	pidns_free(&ns);
	close(dir);
}

TEST(no_proc)
{
	struct pidns ns = { 0 };
	struct str why = { 0 };

	CHECK_INT(pidns_find(&ns, -1, "1", &why), -EBADF);
	CHECK_INT(pidns_find(&ns, -1, "1@1", &why), -EBADF);
	CHECK_INT(pidns_find(&ns, -1, "4026531836", &why), -EBADF);
	ns = (struct pidns){ .proc = -1, .fd = -1, .member = 1, .inode = 1, .depth = 1 };
	CHECK_INT(pidns_see(&ns), -EBADF);
	CHECK(!pidns_has(&ns, 1, 0));
	CHECK(!pidns_has(&ns, 1, 1));
	pidns_free(&ns);
	str_free(&why);
}

/* ns: the namespace of a REF, and who is there. */
static void open_ns(struct pidns *ns, int dir, const char *ref)
{
	struct str why = { 0 };

	*ns = (struct pidns){ 0 };
	CHECK_INT(pidns_find(ns, dir, ref, &why), 0);
	CHECK_INT(pidns_see(ns), 0);
	str_free(&why);
}

static void check_members(const struct pidns *ns, const struct pidns_number *want, size_t n)
{
	size_t count;
	const struct pidns_number *is = pidns_members(ns, &count);

	CHECK_INT(count, n);
	for (size_t i = 0; i < n && i < count; i++)
		if (is[i].inner != want[i].inner || is[i].outer != want[i].outer)
			CHECK_FAIL("member %zu is %d->%d, not %d->%d", i, is[i].outer, is[i].inner,
			           want[i].outer, want[i].inner);
}

TEST(members)
{
	/* Which namespace is above another one is not in a recording: that below is not in it. */
	static const struct pidns_number first[] = {
		{ 1, 20997 }, { 7, 21010 },  { 8, 21011 },
		{ 9, 21012 }, { 12, 21020 }, { 40, 22001 },
	};
	static const struct pidns_number third[] = { { 1, 21060 }, { 2, 21061 } };
	int dir = tree_fd("host-with-containers"), fds = count_fds();
	struct pidns ns;

	open_ns(&ns, dir, "21011");
	check_members(&ns, first, COUNT(first));
	for (size_t i = 0; i < COUNT(first); i++)
		CHECK_INT(pidns_pid(&ns, first[i].outer), first[i].inner);
	CHECK_INT(pidns_pid(&ns, 0), 0);
	CHECK_INT(pidns_pid(&ns, 1), 0); /* outside */
	CHECK_INT(pidns_pid(&ns, 800), 0);
	CHECK_INT(pidns_pid(&ns, 23002), 0); /* 1 in another one */
	CHECK_INT(pidns_pid(&ns, 99999), 0);
	CHECK_INT(pidns_pid(&ns, -1), 0);
	pidns_free(&ns);
	open_ns(&ns, dir, "4026532600");
	check_members(&ns, third, COUNT(third));
	CHECK_INT(pidns_pid(&ns, 21061), 2);
	CHECK_INT(pidns_pid(&ns, 21050), 0); /* above */
	pidns_free(&ns);
	/* The first one: everybody, by the numbers of here. */
	open_ns(&ns, dir, "1");
	CHECK_INT(pidns_pid(&ns, 21061), 21061);
	CHECK_INT(pidns_pid(&ns, 1), 1);
	pidns_free(&ns);
	CHECK_INT(count_fds(), fds);
	close(dir);
}

TEST(has)
{
	static const struct {
		pid_t pid;
		int in;
	} cases[] = {
		{ 20997, 1 }, { 21012, 1 }, { 21020, 1 }, { 22001, 1 }, { 1, 0 },     { 800, 0 },
		{ 22000, 0 }, { 23002, 0 }, { 99999, 0 }, { 0, 0 },     { 21050, 0 },
	};
	int dir = tree_fd("host-with-containers"), fds = count_fds();
	struct pidns ns = { 0 };
	struct str why = { 0 };

	CHECK_INT(pidns_find(&ns, dir, "4026532398", &why), 0);
	for (size_t i = 0; i < COUNT(cases); i++)
		for (int below = 0; below < 2; below++)
			if (pidns_has(&ns, cases[i].pid, below) != cases[i].in)
				CHECK_FAIL("%d is in: %d", cases[i].pid, !cases[i].in);
	CHECK_INT(count_fds(), fds);
	pidns_free(&ns);
	CHECK(!ns.inner.p && !ns.outer.p && !ns.ids[0].p && !ns.ids[1].p);
	close(dir);
}

/* ---- made up ones */

/* A process in $T/pidns; its namespaces. */
static void put_process(int pid, const char *pidns, const char *userns, const char *status)
{
	char name[64], text[512];

	snprintf(name, sizeof name, "pidns/%d/status", pid);
	snprintf(text, sizeof text, "Name:\tx\nState:\tS (x)\nTgid:\t%d\nPid:\t%d\nPPid:\t1\n%s",
	         pid, pid, status);
	put(name, text);
	snprintf(name, sizeof name, "pidns/%d/ns/pid", pid);
	put_link(name, pidns);
	snprintf(name, sizeof name, "pidns/%d/ns/user", pid);
	put_link(name, userns);
}

static void put_map(int pid, const char *uids, const char *gids)
{
	char name[64];

	snprintf(name, sizeof name, "pidns/%d/uid_map", pid);
	put(name, uids);
	snprintf(name, sizeof name, "pidns/%d/gid_map", pid);
	put(name, gids);
}

#define OURS "user:[4026531837]"
#define THEIRS "user:[4026532001]"
#define HERE "pid:[4026531836]"
#define THERE "pid:[4026532002]"

/* 1 is we, 50 and 60 are in there, and 60 is its PID 1. The leader of 50's group and session is
 * gone. */
static int made_up(void)
{
	put_process(1, HERE, OURS, "NSpid:\t1\nNSpgid:\t1\nNSsid:\t1\n");
	put_process(50, THERE, OURS, "NSpid:\t50\t7\nNSpgid:\t48\t5\nNSsid:\t47\t4\n");
	put_process(60, THERE, THEIRS, "NSpid:\t60\t1\nNSpgid:\t60\t1\nNSsid:\t1\t0\n");
	put_map(1, "0 0 4294967295\n", "0 0 4294967295\n");
	put_map(50, "0 0 4294967295\n", "0 0 4294967295\n");
	if (access(tmp("pidns/self"), F_OK))
		put_link("pidns/self", "1");
	return tree_fd("/pidns");
}

TEST(groups_without_leader)
{
	static const struct pidns_number want[] = { { 1, 60 }, { 7, 50 } };
	int dir = made_up();
	struct pidns ns;

	put_map(60, "", "");
	open_ns(&ns, dir, "50");
	check_members(&ns, want, COUNT(want)); /* no group is a member */
	CHECK_INT(pidns_pid(&ns, 48), 5);
	CHECK_INT(pidns_pid(&ns, 47), 4);
	CHECK_INT(pidns_pid(&ns, 1), 0); /* a session from outside */
	pidns_free(&ns);
	close(dir);
}

struct id_case {
	uint32_t here, there;
};

static void check_ids(const struct pidns *ns, int group, const struct id_case *c, size_t n)
{
	for (; n--; c++)
		if (pidns_id(ns, c->here, group) != c->there)
			CHECK_FAIL("%s %u is %u there, not %u", group ? "group" : "user", c->here,
			           pidns_id(ns, c->here, group), c->there);
}

/* The map is that of PID 1, also when another member has a lower number here. */
TEST(ids)
{
	static const struct id_case users[] = {
		{ 100000, 0 },         { 100999, 999 },   { 101000, 65534 },
		{ 99999, 65534 },      { 300000, 1000 },  { 0, 65534 },
		{ 4294967294, 65534 }, { 300001, 65534 }, { 4294967290, 3000 },
	};
	static const struct id_case groups[] = { { 7, 0 }, { 8, 65534 }, { 0, 65534 } };
	int dir = made_up(), fds = count_fds();
	struct pidns ns;

	put_map(60,
	        "         0     100000       1000\n      1000     300000          1\n"
	        "3000 4294967290 1\n",
	        "0 7 1\n");
	open_ns(&ns, dir, "50");
	check_ids(&ns, 0, users, COUNT(users));
	check_ids(&ns, 1, groups, COUNT(groups));
	CHECK_INT(count_fds(), fds);
	pidns_free(&ns);
	close(dir);
}

/* A map that cannot be read, or makes no sense, changes nothing; nor does one of our own user
 * namespace, which would say what its parent has. */
TEST(ids_without_map)
{
	static const struct id_case same[] = { { 0, 0 },
		                               { 100000, 100000 },
		                               { 4294967294, 4294967294 } };
	static const char *const wrong[] = { "",
		                             "x\n",
		                             "0 100000\n",
		                             "0 100000 4294967296\n",
		                             "-1 0 1\n",
		                             "0 100000 1000\nx\n",
		                             "18446744073709551616 0 1\n",
		                             "0 100000 1 2\n" };
	int dir = made_up();
	struct pidns ns;

	for (size_t i = 0; i < COUNT(wrong); i++) {
		put_map(60, wrong[i], "0 5 1\n");
		open_ns(&ns, dir, "50");
		check_ids(&ns, 0, same, COUNT(same));
		CHECK_INT(pidns_id(&ns, 5, 1), 0); /* the other one stands */
		pidns_free(&ns);
	}
	put_process(60, THERE, OURS, "NSpid:\t60\t1\n");
	put_map(60, "0 100000 1000\n", "0 5 1\n");
	open_ns(&ns, dir, "50");
	check_ids(&ns, 0, same, COUNT(same));
	check_ids(&ns, 1, same, COUNT(same));
	pidns_free(&ns);
	close(dir);
}

TEST(translate)
{
	int dir = made_up();
	struct proc p = { .pid = 50,
		          .ppid = 60,
		          .pgid = 48,
		          .sid = 1,
		          .tpgid = -1,
		          .levels = 3,
		          .nspid = { 50, 7, 3 },
		          .euid = 100001,
		          .ruid = 5,
		          .suid = 100002,
		          .fsuid = 100003,
		          .status_euid = 100004,
		          .egid = 200001,
		          .rgid = 5,
		          .sgid = 200002,
		          .fsgid = 200003,
		          .status_egid = 200004 };
	struct pidns ns;

	put_map(60, "0 100000 10\n", "0 200000 10\n");
	open_ns(&ns, dir, "50");
	pidns_translate(&ns, &p);
	CHECK_INT(p.pid, 7);
	CHECK_INT(p.ppid, 1);
	CHECK_INT(p.pgid, 5);
	CHECK_INT(p.sid, 0);
	CHECK_INT(p.tpgid, -1); /* no terminal */
	CHECK_INT(p.levels, 2);
	CHECK_INT(p.nspid[0], 7);
	CHECK_INT(p.nspid[1], 3);
	CHECK_INT(p.euid, 1);
	CHECK_INT(p.ruid, 65534);
	CHECK_INT(p.suid, 2);
	CHECK_INT(p.fsuid, 3);
	CHECK_INT(p.status_euid, 4);
	CHECK_INT(p.egid, 1);
	CHECK_INT(p.rgid, 65534);
	CHECK_INT(p.sgid, 2);
	CHECK_INT(p.fsgid, 3);
	CHECK_INT(p.status_egid, 4);
	/* Of who is above: nothing is left that could be shown, nor read behind its end. */
	p = (struct proc){ .pid = 1, .levels = 1, .nspid = { 1 }, .tpgid = 48 };
	pidns_translate(&ns, &p);
	CHECK_INT(p.pid, 0);
	CHECK_INT(p.levels, 1);
	CHECK_INT(p.tpgid, 5);
	pidns_free(&ns);
	close(dir);
}

/* ---- all trees: nothing breaks, whoever is asked for */

TEST(trees)
{
	static const char *const names[] = { "host-with-containers", "hostile",   "gvisor-like",
		                             "old-kernel",           "old-links", "hidepid",
		                             "container-view" };

	for (size_t i = 0; i < COUNT(names); i++) {
		int dir = tree_fd(names[i]), fds = count_fds();

		for (int pid = 1; pid < 30000; pid = pid < 40 ? pid + 1 : pid + 7) {
			struct pidns ns = { 0 };
			struct str why = { 0 };
			char ref[16];
			size_t n = 0;

			snprintf(ref, sizeof ref, "%d", pid);
			if (!pidns_find(&ns, dir, ref, &why) && !pidns_see(&ns)) {
				const struct pidns_number *m = pidns_members(&ns, &n);

				for (size_t k = 0; k < n; k++)
					if (m[k].inner < 1 ||
					    pidns_pid(&ns, m[k].outer) != m[k].inner ||
					    (k && m[k - 1].inner > m[k].inner))
						CHECK_FAIL("%s: %s has %d->%d", names[i], ref,
						           m[k].outer, m[k].inner);
			}
			pidns_free(&ns);
			str_free(&why);
		}
		CHECK_INT(count_fds(), fds);
		close(dir);
	}
}

/* ---- a real one */

static int to_us[2], to_them[2];

static void tell(pid_t pid)
{
	if (write(to_us[1], &pid, sizeof pid) != sizeof pid)
		_exit(1);
}

__attribute__((noreturn)) static void linger(void)
{
	char c;

	close(to_them[1]);
	_exit(read(to_them[0], &c, 1) != 0);
}

/* PID 1 there: 2 leads a session and ends, 3 stays in it. */
static void be_init(void)
{
	char go;
	pid_t leader;

	if (read(to_them[0], &go, 1) != 1) /* the maps are written */
		_exit(1);
	leader = fork();
	if (!leader) {
		setsid();
		if (!fork()) {
			tell(getpid());
			linger();
		}
		_exit(0);
	}
	if (waitpid(leader, NULL, 0) != leader)
		_exit(1);
	signal(SIGCHLD, SIG_IGN); /* the member leaves no zombie */
	tell(leader);
	linger();
}

static void write_maps(pid_t pid)
{
	const char *files[] = { "setgroups", "uid_map", "gid_map" };

	for (int i = 0; i < 3; i++) {
		char path[64], text[128];
		int fd, len;

		if (!i && !geteuid())
			continue;
		snprintf(path, sizeof path, "/proc/%d/%s", pid, files[i]);
		len = !i          ? snprintf(text, sizeof text, "deny")
		      : geteuid() ? snprintf(text, sizeof text, "0 %d 1\n",
		                             i == 1 ? geteuid() : getegid())
		                  : snprintf(text, sizeof text, "0 %d 10\n100 5000 5\n", i * 1000);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, text, (size_t)len) != len)
			give_up(path);
		close(fd);
	}
}

static pid_t told(void)
{
	pid_t pid;

	if (read(to_us[0], &pid, sizeof pid) != sizeof pid)
		give_up("read");
	return pid;
}

static void check_real_ids(const struct pidns *ns)
{
	static const struct id_case users[] = {
		{ 1000, 0 }, { 1009, 9 }, { 5004, 104 }, { 0, 65534 }
	};
	static const struct id_case groups[] = { { 2000, 0 }, { 5000, 100 }, { 1000, 65534 } };

	if (geteuid()) {
		CHECK_INT(pidns_id(ns, geteuid(), 0), 0);
		CHECK_INT(pidns_id(ns, getegid(), 1), 0);
		return;
	}
	check_ids(ns, 0, users, COUNT(users));
	check_ids(ns, 1, groups, COUNT(groups));
}

/* Who is named ends before it is asked who is in his namespace: that goes on. */
static void check_without(int proc, pid_t member, pid_t init)
{
	struct pidns ns = { 0 };
	struct str why = { 0 };
	char ref[32];

	snprintf(ref, sizeof ref, "%d", member);
	CHECK_INT(pidns_find(&ns, proc, ref, &why), 0);
	CHECK_INT(kill(member, SIGKILL), 0);
	while (!kill(member, 0))
		sched_yield();
	CHECK(pidns_has(&ns, init, 1) && !pidns_has(&ns, getpid(), 1));
	CHECK_INT(pidns_see(&ns), 0);
	CHECK_INT(pidns_pid(&ns, init), 1);
	CHECK_INT(pidns_pid(&ns, member), 0);
	pidns_free(&ns);
}

/* Who is in there by the kernel's own word, and who is as it should be. */
static void check_real(pid_t init, const pid_t inner[2])
{
	char ref[32];
	int proc = proc_mount(NULL), fds = count_fds();
	struct pidns ns;
	const struct pidns_number *m;
	pid_t member = 0;
	size_t n;

	snprintf(ref, sizeof ref, "%d", init);
	open_ns(&ns, proc, ref);
	CHECK_INT(ns.member, init);
	CHECK_INT(ns.depth, 2);
	m = pidns_members(&ns, &n);
	CHECK_INT(n, 2);
	if (n == 2) {
		CHECK_INT(m[0].inner, 1);
		CHECK_INT(m[0].outer, init);
		CHECK_INT(m[1].inner, inner[0]);
		member = m[1].outer;
		CHECK_INT(pidns_pid(&ns, m[1].outer), inner[0]);
		/* Its session's leader is gone, and yet has a number. */
		CHECK_INT(pidns_pid(&ns, getsid(m[1].outer)), inner[1]);
		CHECK(getsid(m[1].outer) != m[1].outer);
		CHECK(pidns_has(&ns, m[1].outer, 0) && pidns_has(&ns, m[1].outer, 1));
	}
	CHECK(pidns_has(&ns, init, 0) && pidns_has(&ns, init, 1));
	CHECK(!pidns_has(&ns, getpid(), 0) && !pidns_has(&ns, getpid(), 1));
	CHECK_INT(pidns_pid(&ns, getpid()), 0);
	check_real_ids(&ns);
	pidns_free(&ns);
	/* From our own it is below. */
	snprintf(ref, sizeof ref, "%d", getpid());
	open_ns(&ns, proc, ref);
	CHECK_INT(pidns_pid(&ns, init), init);
	CHECK(!pidns_has(&ns, init, 0) && pidns_has(&ns, init, 1));
	CHECK(pidns_has(&ns, getpid(), 0));
	pidns_free(&ns);
	if (member)
		check_without(proc, member, init);
	CHECK_INT(count_fds(), fds);
	close(proc);
}

TEST(real)
{
	pid_t init, inner[2];

	if (pipe(to_us) || pipe(to_them))
		give_up("pipe");
	init = fork_into(CLONE_NEWUSER | CLONE_NEWPID);
	if (!init)
		be_init();
	write_maps(init);
	if (write(to_them[1], "", 1) != 1)
		give_up("write");
	/* The member tells before its leader's end can be told. */
	for (int i = 0; i < 2; i++) {
		pid_t pid = told();

		inner[pid == 2] = pid;
	}
	check_real(init, inner);
	close(to_them[0]);
	close(to_them[1]);
	close(to_us[0]);
	close(to_us[1]);
	CHECK_INT(wait_status(init), 0);
}
