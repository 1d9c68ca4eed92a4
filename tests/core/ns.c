/* SPDX-License-Identifier: 0BSD */
/* The table of namespaces, the text of their links, and real ones: made, told apart, entered. */
#include "test.h"
#include "help.h"
#include "ns.h"
#include "proc.h"
#include "sys.h"

#include <sys/mount.h>

TEST(table)
{
	static const struct {
		const char *name;
		char letter;
		unsigned clone;
	} kinds[] = {
		{ "user", 'U', CLONE_NEWUSER }, { "cgroup", 'C', CLONE_NEWCGROUP },
		{ "ipc", 'i', CLONE_NEWIPC },   { "uts", 'u', CLONE_NEWUTS },
		{ "net", 'n', CLONE_NEWNET },   { "pid", 'p', CLONE_NEWPID },
		{ "mnt", 'm', CLONE_NEWNS },    { "time", 'T', CLONE_NEWTIME },
	};

	CHECK_INT(COUNT(kinds), NS_N);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		int kind = ns_by_name(kinds[i].name);

		CHECK_INT(kind, i);
		CHECK_INT(ns_kinds[i].letter, kinds[i].letter);
		CHECK_INT(ns_kinds[i].clone, kinds[i].clone);
	}
	CHECK_INT(ns_by_name("PID"), -EINVAL);
	CHECK_INT(ns_by_name("pi"), -EINVAL);
	CHECK_INT(ns_by_name("pid "), -EINVAL);
	CHECK_INT(ns_by_name("pid_for_children"), -EINVAL);
	CHECK_INT(ns_by_name(""), -EINVAL);
}

TEST(parse)
{
	static const struct {
		const char *text;
		int kind; /* -1: refused */
		uint64_t inode;
	} cases[] = {
		{ "pid:[4026531836]", NS_PID, 4026531836 },
		{ "cgroup:[1]", NS_CGROUP, 1 },
		{ "time:[0]", NS_TIME, 0 },
		{ "user:[18446744073709551615]", NS_USER, UINT64_MAX },
		{ "net:[007]", NS_NET, 7 },
		{ "user:[18446744073709551616]", -1, 0 },
		{ "", -1, 0 },
		{ "pid", -1, 0 },
		{ "pid:", -1, 0 },
		{ "pid:[", -1, 0 },
		{ "pid:[]", -1, 0 },
		{ "pid:[1", -1, 0 },
		{ "pid:1]", -1, 0 },
		{ "pid:[1]]", -1, 0 },
		{ "pid:[1] ", -1, 0 },
		{ " pid:[1]", -1, 0 },
		{ "pid:[ 1]", -1, 0 },
		{ "pid:[-1]", -1, 0 },
		{ "pid:[+1]", -1, 0 },
		{ "pid:[0x1]", -1, 0 },
		{ "pid :[1]", -1, 0 },
		{ ":[1]", -1, 0 },
		{ "PID:[1]", -1, 0 },
		{ "pid_for_children:[1]", -1, 0 },
		{ "cgroups:[1]", -1, 0 },
		{ "cgroup2:[1]", -1, 0 },
		{ "anon_inode:[pidfd]", -1, 0 },
		{ "socket:[123]", -1, 0 },
		{ "pipe:[123]", -1, 0 },
		{ "mnt:[1]:[2]", -1, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		enum ns_kind kind = NS_N;
		uint64_t inode = 42;
		int r = ns_parse(cases[i].text, &kind, &inode);

		if (cases[i].kind < 0 ? r != -EINVAL || kind != NS_N || inode != 42
		                      : r || (int)kind != cases[i].kind || inode != cases[i].inode)
			CHECK_FAIL("\"%s\" is %d, %d, %llu", cases[i].text, r, kind,
			           (unsigned long long)inode);
	}
}

/* ---- links of recorded trees */

TEST(recorded_links)
{
	int dir = tree_fd("hostile");
	uint64_t inode;

	CHECK_INT(ns_id(dir, 1, NS_PID, &inode), 0);
	CHECK_INT(inode, 4026531836);
	CHECK_INT(ns_id(dir, 26, NS_NET, &inode), -EPROTO);
	CHECK_INT(ns_id(dir, 26, NS_MNT, &inode), -EPROTO);
	CHECK_INT(ns_id(dir, 26, NS_UTS, &inode), -EPROTO);
	CHECK_INT(ns_id(dir, 26, NS_IPC, &inode), -EPROTO);
	CHECK_INT(ns_id(dir, 26, NS_CGROUP, &inode), -ENOENT);
	CHECK_INT(ns_id(dir, 4000, NS_PID, &inode), -ENOENT);
	CHECK_INT(ns_open(dir, 1, NS_PID), -ENOENT); /* it leads nowhere */
	close(dir);
}

/* A link of another kind is nonsense, not the number of a PID namespace. */
TEST(link_of_another_kind)
{
	int dir = tree_fd("hostile");
	uint64_t inode;

	CHECK_INT(ns_id(dir, 26, NS_PID, &inode), -EPROTO);
	close(dir);
}

/* ---- real ones */

static int proc;

static uint64_t id(enum ns_kind kind)
{
	uint64_t inode = 0;

	return ns_id(proc, 0, kind, &inode) ? 0 : inode;
}

/* One new namespace: its link changes, or for pid and time that of the children; no other does. */
static int make_one(void *arg)
{
	int new = *(int *)arg;
	uint64_t before[NS_N], children[2], now;

	for (int i = 0; i < NS_N; i++)
		before[i] = id((enum ns_kind)i);
	if (ns_new(1u << new))
		return 1;
	for (int i = 0; i < NS_N; i++) {
		int moved = i == new &&i != NS_PID &&i != NS_TIME;

		if (!before[i] || (id((enum ns_kind)i) != before[i]) != moved)
			return 2;
	}
	/* A PID namespace without a first process cannot be read. */
	if (ns_id_children(proc, 0, NS_PID, &children[0]) != (new == NS_PID ? -ENOENT : 0) ||
	    ns_id_children(proc, 0, NS_TIME, &children[1]))
		return 3;
	if ((new != NS_PID &&children[0] != before[NS_PID]) ||
	    (children[1] != before[NS_TIME]) != (new == NS_TIME))
		return 4;
	return ns_id_children(proc, 0, NS_NET, &now) == -ENOENT ? 0 : 5;
}

TEST(new)
{
	proc = proc_mount(NULL);
	for (int kind = 0; kind < NS_N; kind++) {
		int r = in_child(make_one, &kind);

		if (r)
			CHECK_FAIL("%s: step %d", ns_kinds[kind].name, r);
	}
	close(proc);
}

static int make_all(void *unused)
{
	uint64_t before[NS_N];

	(void)unused;
	for (int i = 0; i < NS_N; i++)
		before[i] = id((enum ns_kind)i);
	if (ns_new((1u << NS_N) - 1))
		return 1;
	for (int i = 0; i < NS_N; i++)
		if ((id((enum ns_kind)i) == before[i]) != (i == NS_PID || i == NS_TIME))
			return 2;
	return ns_new(1u << NS_PID) == -EINVAL ? 0 : 3; /* not twice without a child */
}

TEST(new_all)
{
	proc = proc_mount(NULL);
	CHECK_INT(in_child(make_all, NULL), 0);
	close(proc);
}

/* A process in namespaces of its own that lives until the pipe's other end is closed. */
static pid_t resident(int flags, int life[2])
{
	int ready[2];
	char c;
	pid_t pid;

	if (pipe2(life, O_CLOEXEC) || pipe2(ready, O_CLOEXEC))
		give_up("pipe");
	pid = fork_into(flags);
	if (pid == 0) {
		close(life[1]);
		close(ready[0]);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		_exit(read(life[0], &c, 1) ? 1 : 0);
	}
	close(ready[1]);
	close(life[0]);
	if (read(ready[0], &c, 1) != 1)
		give_up("resident");
	close(ready[0]);
	return pid;
}

static void farewell(pid_t pid, int life[2])
{
	close(life[1]);
	CHECK_INT(wait_status(pid), 0);
}

TEST(identity)
{
	int life[2], fd, up;
	pid_t pid = resident(CLONE_NEWPID | CLONE_NEWUSER, life);
	uint64_t own, theirs, inode = 0, nsid;

	proc = proc_mount(NULL);
	CHECK_INT(ns_id(proc, getpid(), NS_PID, &own), 0);
	CHECK_INT(own, id(NS_PID)); /* PID 0 is the caller */
	CHECK_INT(ns_id(proc, pid, NS_PID, &theirs), 0);
	CHECK(own != theirs);
	fd = ns_open(proc, pid, NS_PID);
	CHECK(fd >= 0 && fcntl(fd, F_GETFD) & FD_CLOEXEC);
	CHECK_INT(ns_inode(fd, &inode), 0);
	CHECK_INT(inode, theirs);
	up = ns_parent(fd);
	CHECK_INT(ns_inode(up, &inode), 0);
	CHECK_INT(inode, own);
	CHECK_INT(ns_parent(up), -EPERM); /* above the caller's own */
	CHECK_INT(ns_inode(-1, &inode), -EBADF);
	close(up);
	if (!ioctl(fd, SYS_NS_GET_ID, &nsid)) {
		up = ns_open_id(NS_PID, nsid);
		CHECK_INT(ns_inode(up, &inode), 0);
		CHECK_INT(inode, theirs);
		close(up);
		CHECK_INT(ns_open_id(NS_NET, nsid), -ENOENT);
		CHECK_INT(ns_open_id(NS_PID, UINT64_MAX), -ENOENT);
	}
	close(fd);
	fd = ns_open(proc, pid, NS_NET);
	CHECK_INT(ns_parent(fd), -EINVAL); /* these have no parents */
	close(fd);
	farewell(pid, life);
	CHECK_INT(ns_id(proc, pid, NS_PID, &theirs), -ENOENT);
	CHECK_INT(ns_open(proc, pid, NS_PID), -ENOENT);
	close(proc);
}

/* ---- entering */

struct entry {
	pid_t target;
	unsigned by_file, by_pidfd, keep_user; /* masks of kinds */
	int as_nobody;
	int result;
	int failed; /* kind, when the result is an error */
};

static int enter(void *arg)
{
	struct entry *e = arg;
	int fd[NS_N], pidfd = sys_pidfd_open(e->target), r;
	enum ns_kind failed = NS_N;

	for (int i = 0; i < NS_N; i++)
		fd[i] = e->by_file & 1u << i ? ns_open(proc, e->target, (enum ns_kind)i) : -1;
	if (e->as_nobody && (setgid(65534) || setuid(65534)))
		return 1;
	r = ns_enter(fd, pidfd, e->by_pidfd, &failed);
	if (r != e->result)
		return 2;
	if (r)
		return (int)failed == e->failed ? 0 : 3;
	for (int i = 0; i < NS_N; i++) {
		uint64_t mine = 0, theirs = 0;
		/* pid: only our children are there; time: as the kernel has it, we too since 5.6 */
		int r1 = i == NS_PID ? ns_id_children(proc, 0, NS_PID, &mine)
		                     : ns_id(proc, 0, (enum ns_kind)i, &mine);

		if (i == NS_PID && r1 == -ENOENT)
			continue;
		if ((e->by_file | e->by_pidfd) & 1u << i &&
		    (r1 || ns_id(proc, e->target, (enum ns_kind)i, &theirs) || mine != theirs))
			return 10 + i;
	}
	return 0;
}

#define ALL_BUT_TIME ((1u << NS_N) - 1 - (1u << NS_TIME))

TEST(enter)
{
	int life[2];
	pid_t pid = resident(CLONE_NEWPID | CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWUTS |
	                             CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWCGROUP,
	                     life);
	unsigned pair = 1u << NS_UTS | 1u << NS_NET;
	struct entry cases[] = {
		{ .target = pid, .by_pidfd = ALL_BUT_TIME },
		{ .target = pid, .by_file = ALL_BUT_TIME },
		{ .target = pid, .by_file = pair, .by_pidfd = ALL_BUT_TIME & ~pair },
		{ .target = pid, .by_file = ALL_BUT_TIME & ~pair, .by_pidfd = pair },
		{ .target = pid, .by_pidfd = 1u << NS_USER },
		{ .target = pid, .by_file = 1u << NS_USER },
		{ .target = pid, .by_pidfd = 1u << NS_UTS },
		{ .target = pid, .by_file = 1u << NS_MNT },
		{ .target = pid }, /* nothing asked for, nothing done */
		{ .target = pid,
		  .by_file = 1u << NS_UTS,
		  .as_nobody = 1,
		  .result = -EPERM,
		  .failed = NS_UTS },
		/* of several at once the kernel does not say which */
		{ .target = pid,
		  .by_pidfd = pair,
		  .as_nobody = 1,
		  .result = -EPERM,
		  .failed = NS_N },
		{ .target = pid,
		  .by_pidfd = 1u << NS_UTS,
		  .as_nobody = 1,
		  .result = -EPERM,
		  .failed = NS_UTS },
		/* one's own user namespace cannot be entered */
		{ .target = getpid(),
		  .by_file = 1u << NS_USER | 1u << NS_UTS,
		  .result = -EINVAL,
		  .failed = NS_USER },
	};

	proc = proc_mount(NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		int r = in_child(enter, &cases[i]);

		if (r)
			CHECK_FAIL("case %zu: step %d", i, r);
	}
	farewell(pid, life);
	close(proc);
}

/* Root's way in: the UTS namespace belongs to our user namespace, so that after entering the
 * target's there would be no right to it any more. The user namespace has to come last. */
TEST(enter_user_last)
{
	unsigned mask = 1u << NS_USER | 1u << NS_UTS;
	struct entry e = { .by_file = mask };
	int life[2], ready[2];
	char c;

	proc = proc_mount(NULL);
	fflush(stdout);
	if (pipe2(life, O_CLOEXEC) || pipe2(ready, O_CLOEXEC))
		give_up("pipe");
	e.target = fork_into(CLONE_NEWUTS);
	if (e.target == 0) {
		close(life[1]);
		if (unshare(CLONE_NEWUSER) || write(ready[1], "", 1) != 1)
			_exit(1);
		_exit(read(life[0], &c, 1) ? 1 : 0);
	}
	CHECK_INT(read(ready[0], &c, 1), 1);
	CHECK_INT(in_child(enter, &e), 0);
	e.by_file = 0;
	e.by_pidfd = mask;
	CHECK_INT(in_child(enter, &e), 0);
	close(ready[0]);
	close(ready[1]);
	close(life[0]);
	farewell(e.target, life);
	close(proc);
}

/* An unprivileged user's way in: only the target's user namespace gives rights to the others, so it
 * has to come first. */
static int enter_own(void *unused)
{
	unsigned mask = 1u << NS_USER | 1u << NS_UTS;
	struct entry e = { .by_file = mask };
	int life[2], r;

	(void)unused;
	if (setgid(65534) || setuid(65534) || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
		return 1;
	e.target = resident(CLONE_NEWUSER | CLONE_NEWUTS, life);
	r = in_child(enter, &e);
	if (!r) {
		e.by_file = 0;
		e.by_pidfd = mask;
		r = in_child(enter, &e);
	}
	close(life[1]);
	return r ? r : wait_status(e.target);
}

TEST(enter_unprivileged)
{
	proc = proc_mount(NULL);
	CHECK_INT(in_child(enter_own, NULL), 0);
	close(proc);
}

/* ---- files that keep them */

static int own_uts(void)
{
	int self = sys_pidfd_open(getpid()), fd = ns_of_pidfd(self, NS_UTS, 0);

	close(self);
	return fd;
}

/* Whether the file stands for our UTS namespace. */
static int is_kept(const char *path)
{
	int fd = own_uts(), file = open(path, O_RDONLY);
	uint64_t own = 0, there = 1;

	ns_inode(fd, &own);
	ns_inode(file, &there);
	close(fd);
	close(file);
	return own == there;
}

static int keep(void *unused)
{
	int fd;

	(void)unused;
	put("keep", "");
	put_link("keep-link", tmp("keep"));
	if (ns_new(1u << NS_MNT | 1u << NS_UTS) || ns_propagation(MS_PRIVATE))
		return 1;
	fd = own_uts();
	if (ns_keep(fd, tmp("keep")) || !is_kept(tmp("keep")) || umount(tmp("keep")))
		return 2;
	if (ns_keep(fd, tmp("keep/x")) != -ENOTDIR || ns_keep(fd, tmp("none")) != -ENOENT ||
	    ns_keep(fd, "/tmp") != -ENOTDIR)
		return 3;
	/* Without /proc, and through a link. */
	if (umount2("/proc", MNT_DETACH))
		return 4;
	if (ns_keep(fd, tmp("keep-link")) || !is_kept(tmp("keep")) || umount(tmp("keep")))
		return 5;
	return ns_keep(fd, tmp("none")) == -ENOENT ? 0 : 6;
}

TEST(keep)
{
	if (!geteuid())
		CHECK_INT(in_child(keep, NULL), 0);
}

/* ---- propagation */

static int jailed(void *unused)
{
	struct stat root, here, now;

	(void)unused;
	if (chroot(tmp("jail")) || chdir("/dir") || stat("/", &root) || stat(".", &here))
		return 1;
	if (ns_new(1u << NS_MNT) || ns_propagation(MS_PRIVATE))
		return 2;
	if (stat("/", &now) || now.st_ino != root.st_ino || stat(".", &now) ||
	    now.st_ino != here.st_ino)
		return 3;
	return mount("tmpfs", "/dir", "tmpfs", 0, NULL) ? 4 : 0;
}

/* In a chroot whose root is no mount point, below shared mounts: nothing reaches those. */
static int in_a_chroot(void *unused)
{
	struct stat before, after;
	int r;

	(void)unused;
	put("jail/dir/file", "");
	if (ns_new(1u << NS_MNT) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/", NULL, MS_REC | MS_SHARED, NULL))
		return 10;
	if (stat(tmp("jail/dir"), &before))
		return 11;
	r = in_child(jailed, NULL);
	if (r)
		return r;
	return stat(tmp("jail/dir"), &after) || before.st_dev != after.st_dev ? 12 : 0;
}

TEST(propagation)
{
	if (!geteuid())
		CHECK_INT(in_child(in_a_chroot, NULL), 0);
}
