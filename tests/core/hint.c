/* SPDX-License-Identifier: 0BSD */
/* Causes that are found: of real refusals, in namespaces of our own, as root and without rights;
 * where no kernel is at hand that has the cause, a filter stands for it, or a recorded tree for
 * /proc. Everything runs in a child, which is in strange namespaces then. */
#include "test.h"
#include "guard.h"
#include "hint.h"
#include "proc.h"

#include <sys/mount.h>
#include <sys/statvfs.h>

#define MUST_SAY(hint, part) \
	do { \
		const char *must_hint = (hint); \
\
		if (!must_hint || !strstr(must_hint, part) || strpbrk(must_hint, "()\n")) { \
			printf("# %s:%d: \"%s\", not \"%s\"\n", __FILE__, __LINE__, \
			       must_hint ? must_hint : "nothing", part); \
			_exit(1); \
		} \
	} while (0)

#define MUST_BE_SILENT(hint) \
	do { \
		const char *must_hint = (hint); \
\
		if (must_hint) { \
			printf("# %s:%d: \"%s\"\n", __FILE__, __LINE__, must_hint); \
			_exit(1); \
		} \
	} while (0)

#define BIT(kind) (1u << NS_##kind)
#define NOBODY 65534

static int proc; /* the machine's; opened by each test */
static char text[HINT_TEXT];

/* ---- who and where */

struct run {
	int (*f)(void *);
	void *arg;
};

static int as_nobody(void *run)
{
	const struct run *r = run;

	MUST(!sys_setgroups(0, NULL) && !setgid(NOBODY) && !setuid(NOBODY));
	MUST(!prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
	return r->f(r->arg);
}

#define CHECK_CHILD(f, arg) CHECK_INT(in_child(f, arg), 0)

/* As we are, and if that is root, without rights as well. */
#define CHECK_BOTH(f, arg) \
	do { \
		CHECK_CHILD(f, arg); \
		if (!geteuid()) \
			CHECK_CHILD(as_nobody, (&(struct run){ f, arg })); \
	} while (0)

static void write_file(const char *path, const char *bytes)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	MUST(fd >= 0);
	MUST_INT(write(fd, bytes, strlen(bytes)), (long long)strlen(bytes));
	close(fd);
}

/* A user namespace in which we are root. */
static void map_root(uid_t uid, gid_t gid)
{
	char map[64];

	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof map, "0 %u 1", uid);
	write_file("/proc/self/uid_map", map);
	snprintf(map, sizeof map, "0 %u 1", gid);
	write_file("/proc/self/gid_map", map);
}

static void new_user(unsigned more)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	MUST_INT(ns_new(BIT(USER) | more), 0);
	map_root(uid, gid);
}

/* A directory as /proc, of files that were put below it. */
static int tree(const char *name)
{
	return tree_fd(name);
}

/* From now on a system call fails whose first argument has one of the bits, or is this value. */
static void refuse(int number, unsigned any_bit, unsigned value, int err)
{
	const unsigned low = offsetof(struct seccomp_data, args) +
	                     (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, any_bit, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { COUNT(code), code };

	MUST(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	MUST(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

/* As a filter of a container runtime. */
static void filter_unshare(unsigned flags, int err)
{
	refuse(SYS_unshare, flags, UINT32_MAX, err);
}

/* As a security module, which has no say in what the kernel refuses by itself. */
static void module_unshare(unsigned flags)
{
	refuse(SYS_unshare, 0, flags, EPERM);
}

static void drop_caps(uint64_t caps)
{
	struct sys_caps own;

	MUST(!sys_capget(&own));
	own.effective &= ~caps;
	own.permitted &= ~caps;
	MUST(!sys_capset(&own));
}

/* ---- ENOSPC */

/* The limit of the namespace that we are in, of a kind of many that are asked for. */
static int limit_is_zero(void *arg)
{
	enum ns_kind kind = *(enum ns_kind *)arg;
	unsigned mask = kind == NS_USER ? BIT(USER) : (1u << NS_N) - 1;
	char path[64], want[64];
	int r;

	new_user(0);
	snprintf(path, sizeof path, "/proc/sys/user/max_%s_namespaces", ns_kinds[kind].name);
	snprintf(want, sizeof want, "sysctl user.max_%s_namespaces is 0: raise it",
	         ns_kinds[kind].name);
	write_file(path, "0");
	r = ns_new(mask);
	MUST_INT(r, -ENOSPC);
	MUST_SAY(hint_unshare(proc, mask, r, text), want);
	return 0;
}

TEST(limits)
{
	proc = proc_mount(NULL);
	for (int kind = 0; kind < NS_N; kind++)
		CHECK_BOTH(limit_is_zero, &kind);
	close(proc);
}

static int limit_is_reached(void *unused)
{
	int r;

	(void)unused;
	new_user(0);
	write_file("/proc/sys/user/max_uts_namespaces", "1");
	MUST_INT(ns_new(BIT(UTS)), 0);
	r = ns_new(BIT(UTS));
	MUST_INT(r, -ENOSPC);
	MUST_SAY(hint_unshare(proc, BIT(UTS), r, text),
	         "sysctl user.max_uts_namespaces is 1, and there are as many, or too many for one "
	         "around: raise it");
	return 0;
}

/* In the machine's own user namespace there is none around. (The number is the tree's.) */
static int limit_of_the_machine(void *unused)
{
	int r, dir;

	(void)unused;
	put("first/sys/user/max_net_namespaces", "7\n");
	put_link("first/self/ns/user", "user:[4026531837]");
	dir = tree("/first");
	new_user(0);
	write_file("/proc/sys/user/max_net_namespaces", "0");
	r = ns_new(BIT(NET));
	MUST_INT(r, -ENOSPC);
	MUST_SAY(hint_unshare(dir, BIT(NET), r, text),
	         "sysctl user.max_net_namespaces is 7, and there are as many: raise it");
	MUST_SAY(hint_unshare(-1, BIT(NET), r, text), "user.max_net_namespaces");
	return 0;
}

/* What it is there nobody can see from within. */
static int limit_around(void *unused)
{
	int r;

	(void)unused;
	new_user(0);
	write_file("/proc/sys/user/max_ipc_namespaces", "0");
	MUST_INT(ns_new(BIT(USER)), 0);
	map_root(0, 0);
	r = ns_new(BIT(IPC) | BIT(NET));
	MUST_INT(r, -ENOSPC);
	MUST_SAY(hint_unshare(proc, BIT(IPC) | BIT(NET), r, text),
	         "a user namespace around has reached its sysctl user.max_ipc_namespaces");
	MUST(!strstr(text, "32"));
	return 0;
}

static int many_users(void *unused)
{
	int n = 0, r;

	(void)unused;
	new_user(0);
	while ((r = ns_new(BIT(USER))) == 0) {
		map_root(0, 0);
		MUST(++n < 40);
	}
	MUST(n >= 31);
	MUST_INT(r, -ENOSPC);
	MUST_SAY(hint_unshare(proc, BIT(USER), r, text), "they nest no deeper than 32, or");
	return 0;
}

/* A chain of namespaces, one in the other. */
static int many_pids(void *depth)
{
	int n = *(int *)depth - 1, r;

	if (n < 0) {
		r = ns_new(BIT(PID));
		MUST_INT(r, -ENOSPC);
		MUST_SAY(hint_unshare(proc, BIT(PID), r, text),
		         "PID namespaces nest no deeper than 32");
		MUST(!strstr(text, "sysctl"));
		/* A /proc that does not show it. */
		MUST_SAY(hint_unshare(-1, BIT(PID), r, text), "no deeper than 32, or ");
		return 0;
	}
	MUST_INT(ns_new(BIT(PID)), 0);
	return in_child(many_pids, &n);
}

static int many_pids_of_ours(void *depth)
{
	new_user(0);
	return many_pids(depth);
}

TEST(no_space)
{
	int depth = 32;

	proc = proc_mount(NULL);
	CHECK_BOTH(limit_is_reached, NULL);
	CHECK_CHILD(limit_of_the_machine, NULL);
	CHECK_BOTH(limit_around, NULL);
	CHECK_BOTH(many_users, NULL);
	CHECK_BOTH(many_pids_of_ours, &depth);
	close(proc);
}

/* It was so when the caller asked; it is not any more. */
static int not_any_more(void *unused)
{
	static const int errors[] = { -ENOSPC, -EUSERS, -EINVAL, -EPERM, -EACCES };

	(void)unused;
	new_user(0);
	for (size_t i = 0; i < COUNT(errors); i++)
		MUST_BE_SILENT(hint_unshare(proc, BIT(UTS) | BIT(NET), errors[i], text));
	MUST_BE_SILENT(hint_unshare(proc, BIT(UTS), -ENOMEM, text));
	MUST_BE_SILENT(hint_unshare(proc, BIT(UTS), -ENOSYS, text));
	MUST_BE_SILENT(hint_unshare(proc, 0, -EINVAL, text));
	return 0;
}

TEST(nothing_to_find)
{
	proc = proc_mount(NULL);
	CHECK_BOTH(not_any_more, NULL);
	close(proc);
}

/* ---- EINVAL */

static int ends(void *unused)
{
	(void)unused;
	return 0;
}

static int a_second_pid(void *unused)
{
	int r;

	(void)unused;
	new_user(BIT(PID));
	r = ns_new(BIT(PID) | BIT(UTS));
	MUST_INT(r, -EINVAL);
	MUST_SAY(hint_unshare(proc, BIT(PID) | BIT(UTS), r, text), "lacks -f");
	/* After its first process, too. */
	MUST_INT(in_child(ends, NULL), 0);
	r = ns_new(BIT(PID));
	MUST_INT(r, -EINVAL);
	MUST_SAY(hint_unshare(proc, BIT(PID), r, text), "lacks -f");
	MUST_BE_SILENT(hint_unshare(-1, BIT(PID), r, text));
	return 0;
}

/* In another's PID namespace, then in a user namespace that is not below that other's. */
static int a_foreign_pid(void *arg)
{
	const int *fd = arg;
	int all[NS_N] = { -1, -1, -1, -1, -1, -1, -1, -1 }, r;
	enum ns_kind failed;

	all[NS_USER] = fd[1];
	MUST_INT(ns_enter(all, -1, 0, &failed), 0);
	r = ns_new(BIT(PID));
	MUST_INT(r, -EINVAL);
	MUST_SAY(hint_unshare(proc, BIT(PID), r, text), "is not of this user namespace");
	return 0;
}

/* A process in namespaces of its own that ends with us. */
static pid_t resident(int flags, int (*set_up)(void))
{
	int ready[2], life[2];
	pid_t pid;
	char c;

	MUST(!pipe2(ready, O_CLOEXEC) && !pipe2(life, O_CLOEXEC));
	pid = fork_into(flags);
	if (!pid) {
		close(life[1]);
		_exit((set_up && set_up()) || write(ready[1], "", 1) != 1 || read(life[0], &c, 1));
	}
	close(life[0]);
	close(ready[1]);
	MUST(read(ready[0], &c, 1) == 1);
	close(ready[0]);
	return pid;
}

static int to_a_foreign_pid(void *unused)
{
	pid_t a = resident(CLONE_NEWUSER | CLONE_NEWPID, NULL), b = resident(CLONE_NEWUSER, NULL);
	int all[NS_N] = { -1, -1, -1, -1, -1, -1, -1, -1 };
	int fd[2] = { ns_open(proc, a, NS_PID), ns_open(proc, b, NS_USER) };
	enum ns_kind failed;

	(void)unused;
	all[NS_PID] = fd[0];
	MUST_INT(ns_enter(all, -1, 0, &failed), 0);
	return in_child(a_foreign_pid, fd);
}

/* A kernel without time namespaces; one that has them and refuses for a reason of its own. */
static int a_kind_that_is_missing(void *unused)
{
	unsigned mask = BIT(UTS) | BIT(TIME);
	int dir;

	(void)unused;
	put_link("old/self/ns/uts", "uts:[1]");
	dir = tree("/old");
	new_user(0);
	filter_unshare(CLONE_NEWTIME, EINVAL);
	MUST_INT(ns_new(mask), -EINVAL);
	MUST_SAY(hint_unshare(dir, mask, -EINVAL, text), "this kernel has no time namespaces");
	MUST_SAY(hint_unshare(-1, mask, -EINVAL, text), "this kernel has no time namespaces");
	MUST_BE_SILENT(hint_unshare(proc, mask, -EINVAL, text));
	return 0;
}

TEST(invalid)
{
	proc = proc_mount(NULL);
	CHECK_BOTH(a_second_pid, NULL);
	if (!geteuid())
		CHECK_CHILD(to_a_foreign_pid, NULL);
	CHECK_CHILD(a_kind_that_is_missing, NULL);
	close(proc);
}

/* ---- EPERM */

/* Somebody without rights, for whom a user namespace is the cure. */
static int without_rights(void *arg)
{
	unsigned mask = 1u << *(int *)arg;

	drop_caps(UINT64_MAX);
	MUST_INT(ns_new(mask), -EPERM);
	MUST_SAY(hint_unshare(proc, mask, -EPERM, text),
	         "needs CAP_SYS_ADMIN, which a user namespace gives: unshare -r");
	return 0;
}

/* For whom it is none. */
static int without_a_cure(void *unused)
{
	(void)unused;
	drop_caps(UINT64_MAX);
	filter_unshare(CLONE_NEWUSER, EPERM);
	MUST_INT(ns_new(BIT(UTS)), -EPERM);
	MUST_SAY(hint_unshare(proc, BIT(UTS), -EPERM, text),
	         "needs CAP_SYS_ADMIN, and a user namespace, -r, is refused: a seccomp filter");
	MUST_SAY(hint_unshare(-1, BIT(UTS), -EPERM, text), "is refused: a seccomp filter");
	return 0;
}

static int without_space(void *unused)
{
	(void)unused;
	new_user(0);
	write_file("/proc/sys/user/max_user_namespaces", "0");
	drop_caps(UINT64_MAX);
	MUST_SAY(hint_unshare(proc, BIT(NET), -EPERM, text),
	         "is refused: sysctl user.max_user_namespaces is 0");
	return 0;
}

static int unmapped(void *unused)
{
	(void)unused;
	MUST_INT(ns_new(BIT(USER)), 0);
	MUST_INT(ns_new(BIT(USER)), -EPERM);
	MUST_SAY(hint_unshare(proc, BIT(USER), -EPERM, text), "must be mapped");
	MUST_SAY(hint_unshare(proc, BIT(USER) | BIT(NET), -EPERM, text), "must be mapped");
	return 0;
}

/* The user is, the group is not. */
static int half_mapped(void *unused)
{
	char map[64];

	(void)unused;
	snprintf(map, sizeof map, "0 %u 1", geteuid());
	MUST_INT(ns_new(BIT(USER)), 0);
	write_file("/proc/self/uid_map", map);
	MUST_INT(ns_new(BIT(USER)), -EPERM);
	MUST_SAY(hint_unshare(proc, BIT(USER), -EPERM, text), "must be mapped");
	return 0;
}

static int chrooted(void *unused)
{
	(void)unused;
	new_user(0);
	MUST(!chroot(tmp("jail")) && !chdir("/"));
	MUST_INT(ns_new(BIT(USER)), -EPERM);
	MUST_SAY(hint_unshare(proc, BIT(USER), -EPERM, text), "inside a chroot: unshare -R DIR");
	return 0;
}

/* Where the kernel's own rule has been asked first, it is named first. */
static int of_a_filter(void *unused)
{
	unsigned mask = BIT(USER) | BIT(NET);

	(void)unused;
	filter_unshare(CLONE_NEWUSER, EPERM);
	MUST_INT(ns_new(mask), -EPERM);
	MUST_SAY(hint_unshare(proc, mask, -EPERM, text), "a seccomp filter forbids it");
	MUST_SAY(hint_unshare(proc, BIT(USER), -EPERM, text), "--security-opt seccomp=unconfined");
	return 0;
}

/* As systemd's RestrictNamespaces= with all but user namespaces. */
static int of_a_filter_of_one(void *unused)
{
	unsigned mask = BIT(USER) | BIT(NET);

	(void)unused;
	filter_unshare(CLONE_NEWNET, EPERM);
	MUST_INT(ns_new(mask), -EPERM);
	MUST_SAY(hint_unshare(proc, mask, -EPERM, text), "a seccomp filter forbids it");
	return 0;
}

static int of_a_filter_that_denies_it(void *unused)
{
	(void)unused;
	filter_unshare(~0u, ENOSYS);
	MUST_SAY(hint_unshare(proc, BIT(USER), -ENOSYS, text), "a seccomp filter forbids it");
	return 0;
}

/* A module's label says which it is; without one we cannot know. */
static int of_a_module(void *unused)
{
	static const struct {
		const char *label, *want;
	} cases[] = {
		{ "docker-default (enforce)\n",
		  "AppArmor forbids it to docker-default: --security-opt apparmor=unconfined" },
		{ "system_u:system_r:container_t:s0:c1,c2",
		  "SELinux forbids it to system_u:system_r:container_t:s0:c1,c2: --security-opt "
		  "label=disable" },
		{ "unconfined\n", "a security module may forbid it, or a chroot" },
		{ "", "a security module may forbid it, or a chroot" },
	};

	(void)unused;
	module_unshare(CLONE_NEWUSER);
	MUST_INT(ns_new(BIT(USER)), -EPERM);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char name[32], dir[32];

		snprintf(name, sizeof name, "label%zu/self/attr/current", i);
		snprintf(dir, sizeof dir, "/label%zu", i);
		put(name, cases[i].label);
		MUST_SAY(hint_unshare(tree(dir), BIT(USER), -EPERM, text), cases[i].want);
	}
	MUST_SAY(hint_unshare(-1, BIT(USER), -EPERM, text), "a security module may forbid it");
	return 0;
}

/* Sysctls of some distributions. They do not bind the machine's root. */
static int of_a_sysctl(void *arg)
{
	static const struct {
		const char *clone, *restrict_, *want;
	} cases[] = {
		{ "0\n", "0\n", "sysctl kernel.unprivileged_userns_clone is 0: set it to 1" },
		{ "0\n", "1\n", "sysctl kernel.unprivileged_userns_clone is 0" },
		{ "1\n", "1\n", "sysctl kernel.apparmor_restrict_unprivileged_userns is 1" },
		{ "1\n", "0\n", "a seccomp filter" },
		{ "00\n", "10\n", "sysctl kernel.unprivileged_userns_clone is 0" },
		{ "", "10\n", "a seccomp filter" },
		{ "x\n", "1", "a seccomp filter" },
		{ "-0\n", "0x1\n", "a seccomp filter" },
		{ "0 0\n", "18446744073709551617\n", "a seccomp filter" },
	};
	int bound = *(int *)arg;

	filter_unshare(CLONE_NEWUSER, EPERM);
	for (size_t i = 0; i < COUNT(cases); i++) {
		put("sysctl/sys/kernel/unprivileged_userns_clone", cases[i].clone);
		put("sysctl/sys/kernel/apparmor_restrict_unprivileged_userns", cases[i].restrict_);
		MUST_SAY(hint_unshare(tree("/sysctl"), BIT(USER), -EPERM, text),
		         bound ? cases[i].want : "a seccomp filter");
	}
	return 0;
}

/* Ubuntu's lets user namespaces be made in which one can do nothing. */
static int of_a_sysctl_later(void *unused)
{
	unsigned mask = BIT(USER) | BIT(NET);
	int dir;

	(void)unused;
	put("later/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
	dir = tree("/later");
	MUST_SAY(hint_map(dir, -EPERM), "apparmor_restrict_unprivileged_userns is 1");
	MUST_SAY(hint_map(dir, -EACCES), "apparmor_restrict_unprivileged_userns is 1");
	MUST_BE_SILENT(hint_map(dir, -EINVAL));
	MUST_BE_SILENT(hint_map(proc, -EPERM));
	MUST_BE_SILENT(hint_map(-1, -EPERM));
	filter_unshare(CLONE_NEWNET, EPERM);
	MUST_SAY(hint_unshare(dir, mask, -EPERM, text),
	         "sysctl kernel.apparmor_restrict_unprivileged_userns is 1");
	return 0;
}

TEST(refused)
{
	int bound = 1;

	proc = proc_mount(NULL);
	for (int kind = 1; kind < NS_N; kind++)
		CHECK_BOTH(without_rights, &kind);
	CHECK_BOTH(without_a_cure, NULL);
	CHECK_BOTH(without_space, NULL);
	CHECK_BOTH(unmapped, NULL);
	CHECK_BOTH(half_mapped, NULL);
	put("jail/file", "");
	CHECK_BOTH(chrooted, NULL);
	CHECK_BOTH(of_a_filter, NULL);
	CHECK_BOTH(of_a_filter_of_one, NULL);
	CHECK_BOTH(of_a_filter_that_denies_it, NULL);
	CHECK_CHILD(of_a_module, NULL);
	CHECK_CHILD(of_a_sysctl, &bound);
	put_link("sysctl/self/ns/user", "user:[4026531837]");
	bound = geteuid() != 0;
	CHECK_CHILD(of_a_sysctl, &bound);
	CHECK_CHILD(of_a_sysctl_later, NULL);
	close(proc);
}

/* ---- ENOMEM of fork */

static int a_dead_init(void *unused)
{
	(void)unused;
	MUST_BE_SILENT(hint_fork(proc, -ENOMEM)); /* then it is memory */
	new_user(BIT(PID));
	MUST_INT(in_child(ends, NULL), 0);
	MUST(fork() < 0);
	MUST_SAY(hint_fork(proc, -errno), "the init of the PID namespace for the children has "
	                                  "ended: unshare -p needs -f");
	MUST_SAY(hint_fork(-1, -ENOMEM), "the init of");
	MUST_BE_SILENT(hint_fork(proc, -EAGAIN));
	return 0;
}

TEST(fork_fails)
{
	proc = proc_mount(NULL);
	CHECK_BOTH(a_dead_init, NULL);
	close(proc);
}

/* ---- a proc */

static int mount_one(void)
{
	return (int)sys_result(mount("proc", tmp("mnt"), "proc", 0, NULL));
}

/* Nothing is said where there is nothing wrong: then it would be a module. */
static int all_is_well(void *unused)
{
	(void)unused;
	MUST_INT(mount_one(), 0);
	MUST_SAY(hint_proc(proc, -EPERM, text), "a security module may forbid it");
	return 0;
}

static int without_a_pid(void *unused)
{
	(void)unused;
	new_user(BIT(MNT));
	MUST_INT(mount_one(), -EPERM);
	MUST_SAY(hint_proc(proc, -EPERM, text),
	         "the PID namespace is not of this user namespace: unshare -fp, nsenter -p");
	MUST_INT(ns_new(BIT(PID)), 0);
	MUST_INT(mount_one(), -EPERM);
	MUST_SAY(hint_proc(proc, -EPERM, text), "only the children are in the new PID namespace: "
	                                        "unshare -fp");
	MUST_INT(in_child(all_is_well, NULL), 0);
	/* They were: the first has ended. */
	MUST_SAY(hint_proc(proc, -EPERM, text), "only the children are in the new PID namespace: "
	                                        "unshare -fp");
	return 0;
}

/* Runs f in namespaces where nothing of ours can be taken away any more: that takes a user
 * namespace. */
static int below(int (*f)(void *), void *arg)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork_into(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID);
	if (!pid)
		_exit(f(arg));
	status = wait_status(pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int refused_because(void *arg)
{
	const char *want = arg;

	MUST_INT(mount_one(), -EPERM);
	MUST_SAY(hint_proc(proc, -EPERM, text), want);
	return 0;
}

/* The place is to be in the new root; what is to be seen is not. */
static int refused_in_a_new_root(void *arg)
{
	const char *want = arg;

	MUST(!chroot(tmp("jail")) && !chdir("/"));
	MUST_INT((int)sys_result(mount("proc", "/proc", "proc", 0, NULL)), -EPERM);
	MUST_SAY(hint_proc(proc, -EPERM, text), want);
	return 0;
}

static void begin_mounts(void)
{
	if (geteuid())
		new_user(BIT(MNT));
	else
		MUST(!ns_new(BIT(MNT)));
	MUST(!ns_propagation(MS_PRIVATE));
}

static int masked(void *unused)
{
	char want[] = "/proc/irq is masked by a mount, as container runtimes do: --security-opt "
		      "unmask=ALL";

	(void)unused;
	begin_mounts();
	MUST_INT(below(all_is_well, NULL), 0);
	MUST(!mount("mask", "/proc/irq", "tmpfs", 0, NULL));
	MUST_INT(below(refused_because, want), 0);
	MUST_INT(below(refused_in_a_new_root, want), 0);
	MUST(!umount("/proc/irq"));
	MUST_INT(below(all_is_well, NULL), 0);
	return 0;
}

static int read_only(void *unused)
{
	char want[] = "/proc is masked: it is read-only, and a new one would not be";
	struct statvfs fs;

	(void)unused;
	begin_mounts();
	MUST(!statvfs("/proc", &fs));
	MUST(!mount("none", "/proc", NULL,
	            MS_REMOUNT | MS_BIND | MS_RDONLY |
	                    (fs.f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC)),
	            NULL));
	return below(refused_because, want);
}

static int covered(void *unused)
{
	char want[] = "/proc is masked by a mount";

	(void)unused;
	begin_mounts();
	MUST(!mount("mask", "/proc", "tmpfs", 0, NULL));
	return below(refused_because, want);
}

static int gone(void *unused)
{
	char want[] = "no proc can be seen here, and a user namespace gets one only where there is";

	(void)unused;
	begin_mounts();
	MUST(!umount2("/proc", MNT_DETACH));
	return below(refused_because, want);
}

static int filtered(void *unused)
{
	(void)unused;
	forbid(SYS_mount, EPERM);
	MUST_INT(mount_one(), -EPERM);
	MUST_SAY(hint_proc(proc, -EPERM, text), "a seccomp filter forbids it");
	return 0;
}

static int filtered_below(void *unused)
{
	(void)unused;
	begin_mounts();
	return below(filtered, NULL);
}

static int other_errors(void *unused)
{
	int dir;

	(void)unused;
	put("mounts/self/attr/current", "docker-default (enforce)\n");
	put("mounts/self/mountinfo", "22 27 0:21 / /proc rw - proc proc rw\n");
	put("mounts/sys/fs/mount-max", "100000\n");
	dir = tree("/mounts");
	MUST_SAY(hint_proc(dir, -EACCES, text), "AppArmor forbids it to docker-default");
	MUST_SAY(hint_proc(dir, -EPERM, text), "AppArmor forbids it to docker-default");
	MUST_SAY(hint_proc(dir, -ENOSPC, text), "more mounts than sysctl fs.mount-max, 100000");
	MUST_BE_SILENT(hint_proc(-1, -ENOSPC, text));
	MUST_SAY(hint_proc(dir, -ENOENT, text), "make that directory first");
	MUST_BE_SILENT(hint_proc(dir, -ENOTDIR, text));
	return 0;
}

TEST(mounts)
{
	proc = proc_mount(NULL);
	put("mnt/x", "");
	put("jail/proc/x", "");
	CHECK_BOTH(without_a_pid, NULL);
	CHECK_BOTH(masked, NULL);
	CHECK_BOTH(read_only, NULL);
	CHECK_BOTH(covered, NULL);
	if (!geteuid()) {
		CHECK_CHILD(gone, NULL);
		CHECK_CHILD(filtered, NULL);
	}
	CHECK_BOTH(filtered_below, NULL);
	CHECK_CHILD(other_errors, NULL);
	close(proc);
}

/* ---- another process */

/* It cannot be read indeed. */
static void must_be_kept_from(pid_t pid, const char *want)
{
	uint64_t inode;

	MUST_INT(ns_id(proc, pid, NS_UTS, &inode), -EACCES);
	MUST_SAY(hint_access(proc, pid, 0, -EACCES, text), want);
	MUST_SAY(hint_access(proc, pid, 1, -EPERM, text), want);
	MUST_SAY(hint_enter(proc, pid, NULL, 0, NS_UTS, -EACCES, text), want);
}

static int become_1234(void)
{
	return setgid(1234) || setuid(1234) || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static int become_root_by_file(void)
{
	return setresuid(NOBODY, 0, 0) || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static int look_at_others(void *pids)
{
	const pid_t *pid = pids;

	must_be_kept_from(pid[0], "the process runs as user 0: be root");
	must_be_kept_from(pid[1], "the process runs as user 1234: be that user, or root");
	must_be_kept_from(pid[2], "the process runs as user 0: be root");
	return 0;
}

static int other_users(void *unused)
{
	pid_t pids[] = { resident(0, NULL), resident(0, become_1234),
		         resident(0, become_root_by_file) };

	(void)unused;
	return in_child(as_nobody, (&(struct run){ look_at_others, pids }));
}

static int hide(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static int not_dumpable(void *unused)
{
	(void)unused;
	drop_caps(UINT64_MAX);
	must_be_kept_from(resident(0, hide), geteuid() ? "the process is not dumpable"
	                                               : "the process is in a user namespace");
	return 0;
}

/* Root without rights, beside root with them. */
static int more_capabilities(void *unused)
{
	pid_t pid = resident(0, NULL);

	(void)unused;
	drop_caps(UINT64_MAX);
	must_be_kept_from(pid, "the process has more capabilities, cap_chown: needs "
	                       "CAP_SYS_PTRACE");
	return 0;
}

static int beside_ours(void *unused)
{
	pid_t pid = resident(CLONE_NEWUSER, NULL);

	(void)unused;
	new_user(0);
	drop_caps(1ull << 0); /* it has one more than we, which is not the point */
	must_be_kept_from(pid, "the process is in a user namespace that is not below ours");
	return 0;
}

static int recorded(void *unused)
{
	uint64_t resource = 1ull << 24;
	char status[256];
	int dir;

	(void)unused;
	snprintf(status, sizeof status,
	         "Name:\tx\nPPid:\t1\nUid:\t%u\t%u\t%u\t%u\nCapInh:\t00000000ffffffff\n"
	         "CapPrm:\t0000000001000000\nCapEff:\t0000000000000000\n",
	         geteuid(), geteuid(), geteuid(), geteuid());
	put("access/12/status", status);
	*strstr(strstr(status, "CapPrm"), "1") = '0';
	put("access/13/status", status);
	put("access/sys/kernel/yama/ptrace_scope", "2\n");
	dir = tree("/access");
	drop_caps(resource | 1ull << 19);
	MUST_SAY(hint_access(dir, 12, 0, -EPERM, text), "has more capabilities, cap_sys_resource:");
	MUST_SAY(hint_access(dir, 13, 1, -EPERM, text), "sysctl kernel.yama.ptrace_scope is 2");
	MUST_SAY(hint_access(dir, 13, 0, -EPERM, text), "user namespace that is not below");
	put("access/sys/kernel/yama/ptrace_scope", "0\n");
	MUST_SAY(hint_access(dir, 13, 1, -EPERM, text), "user namespace that is not below");
	MUST_BE_SILENT(hint_access(dir, 14, 0, -EPERM, text));
	MUST_BE_SILENT(hint_access(-1, 13, 0, -EPERM, text));
	MUST_BE_SILENT(hint_access(dir, 13, 0, -ENOENT, text));
	MUST_BE_SILENT(hint_access(dir, 13, 0, -ESRCH, text));
	return 0;
}

/* Who may trace all processes there are, and yet not this one. */
static int recorded_for_root(void *unused)
{
	int dir;

	(void)unused;
	put("root/12/status", "Name:\tx\nPPid:\t1\nUid:\t0\t0\t0\t0\n");
	put("root/self/attr/current", "u:r:t:s0\n");
	dir = tree("/root");
	MUST_SAY(hint_access(dir, 12, 0, -EPERM, text), "user namespace that is not below ours");
	put_link("root/self/ns/user", "user:[4026531837]");
	MUST_SAY(hint_access(dir, 12, 0, -EPERM, text), "SELinux forbids it to u:r:t:s0");
	return 0;
}

TEST(access)
{
	proc = proc_mount(NULL);
	CHECK_BOTH(beside_ours, NULL);
	if (!geteuid()) {
		CHECK_CHILD(other_users, NULL);
		CHECK_CHILD(more_capabilities, NULL);
		CHECK_CHILD(recorded_for_root, NULL);
		CHECK_CHILD(as_nobody, (&(struct run){ not_dumpable, NULL }));
	} else {
		CHECK_CHILD(not_dumpable, NULL);
	}
	CHECK_CHILD(recorded, NULL);
	close(proc);
}

/* ---- entering */

struct entry {
	pid_t pid;
	unsigned by_pidfd, by_file;
	int fd[NS_N];
	enum ns_kind failed;
};

static void open_files(struct entry *e)
{
	for (int i = 0; i < NS_N; i++)
		e->fd[i] = e->by_file & 1u << i ? ns_open(proc, e->pid, (enum ns_kind)i) : -1;
}

static void must_be_kept_out(struct entry *e, int err, const char *want)
{
	int pidfd = e->by_pidfd ? sys_pidfd_open(e->pid) : -1, fds;

	MUST_INT(ns_enter(e->fd, pidfd, e->by_pidfd, &e->failed), err);
	close(pidfd);
	fds = count_fds();
	MUST_SAY(hint_enter(proc, e->by_pidfd ? e->pid : 0, e->fd, e->by_pidfd, e->failed, err,
	                    text),
	         want);
	MUST_INT(count_fds(), fds);
}

static int enter_roots(void *entry)
{
	struct entry *e = entry;

	must_be_kept_out(e, -EPERM,
	                 e->by_file & BIT(USER)
	                         ? "only who has made that user namespace, or is root "
	                           "around it, may enter it"
	                 : e->by_file ? "needs CAP_SYS_ADMIN over it: be root"
	                              : "the process runs as user 0: be root");
	return 0;
}

/* What is root's, by somebody else. */
static int of_root(void *unused)
{
	struct entry ways[] = {
		{ .by_pidfd = BIT(UTS) },  { .by_pidfd = BIT(UTS) | BIT(NET) },
		{ .by_pidfd = BIT(USER) }, { .by_pidfd = BIT(USER) | BIT(UTS) },
		{ .by_file = BIT(UTS) },   { .by_file = BIT(UTS) | BIT(NET) },
		{ .by_file = BIT(USER) },  { .by_file = BIT(PID) },
	};
	pid_t pid = resident(CLONE_NEWUSER | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWPID, NULL);

	(void)unused;
	for (size_t i = 0; i < COUNT(ways); i++) {
		ways[i].pid = pid;
		open_files(&ways[i]);
		MUST_INT(in_child(as_nobody, (&(struct run){ enter_roots, &ways[i] })), 0);
	}
	return 0;
}

struct wish {
	struct entry entry;
	const char *want;
};

static int enter_one(void *wish)
{
	struct wish *w = wish;

	open_files(&w->entry);
	must_be_kept_out(&w->entry, -EPERM, w->want);
	return 0;
}

/* What is our own, but belongs to a user namespace below. */
static int of_our_own(void *unused)
{
	struct wish ways[] = {
		{ { .by_pidfd = BIT(UTS) }, "needs CAP_SYS_ADMIN over it: add -U" },
		{ { .by_pidfd = BIT(UTS) | BIT(NET) }, "needs CAP_SYS_ADMIN over it: add -U" },
		{ { .by_file = BIT(UTS) }, "needs CAP_SYS_ADMIN over it: add --user-parent" },
		{ { .by_file = BIT(UTS) | BIT(IPC) },
		  "needs CAP_SYS_ADMIN over it: add --user-parent" },
		/* That of the machine, which it has not left. */
		{ { .by_pidfd = BIT(CGROUP) }, "needs CAP_SYS_ADMIN over it: be root" },
		{ { .by_pidfd = BIT(USER) | BIT(CGROUP) },
		  "the namespace belongs to a user namespace that is not below ours" },
	};
	pid_t pid = resident(CLONE_NEWUSER | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWIPC, NULL);

	(void)unused;
	drop_caps(UINT64_MAX);
	for (size_t i = 0; i < COUNT(ways); i++) {
		ways[i].entry.pid = pid;
		MUST_INT(in_child(enter_one, &ways[i]), 0);
	}
	return 0;
}

/* Root of a user namespace, at what is around it. */
static int of_those_around(void *unused)
{
	struct entry e = { .by_file = BIT(UTS) };

	(void)unused;
	open_files(&e);
	new_user(0);
	must_be_kept_out(&e, -EPERM,
	                 "the namespace belongs to a user namespace that is not below ours");
	return 0;
}

static int without_chroot(void *unused)
{
	struct entry e = { .by_file = BIT(MNT) };

	(void)unused;
	new_user(0);
	e.pid = resident(CLONE_NEWNS, NULL);
	open_files(&e);
	drop_caps(1ull << 18);
	must_be_kept_out(&e, -EPERM, "needs CAP_SYS_CHROOT");
	return 0;
}

static int filtered_setns(void *unused)
{
	struct entry e = { .by_file = BIT(UTS) };

	(void)unused;
	new_user(0);
	e.pid = resident(CLONE_NEWUTS, NULL);
	open_files(&e);
	forbid(SYS_setns, EPERM);
	must_be_kept_out(&e, -EPERM, "a seccomp filter forbids it");
	return 0;
}

static int its_own_user(void *unused)
{
	struct entry e = { .by_file = BIT(USER) };

	(void)unused;
	open_files(&e);
	must_be_kept_out(&e, -EINVAL, "one's own user namespace cannot be entered");
	return 0;
}

static int a_pid_above(void *entry)
{
	must_be_kept_out(entry, -EINVAL, "only a PID namespace below one's own can be entered");
	return 0;
}

/* All are of our own user namespace. */
static int from_a_pid_below(void *unused)
{
	struct entry e = { .by_file = BIT(PID) };

	(void)unused;
	open_files(&e);
	MUST_INT(ns_new(BIT(PID)), 0);
	return in_child(a_pid_above, &e);
}

static int from_two_pids_below(void *unused)
{
	new_user(BIT(PID));
	return in_child(from_a_pid_below, unused);
}

static int a_wrong_file(void *unused)
{
	struct entry e = { .by_file = 0 };
	int net = ns_open(proc, 0, NS_NET), null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)unused;
	new_user(0);
	open_files(&e);
	e.fd[NS_UTS] = net;
	must_be_kept_out(&e, -EINVAL, "the file is no uts namespace");
	e.fd[NS_UTS] = null;
	must_be_kept_out(&e, -EINVAL, "the file is no uts namespace");
	e.fd[NS_UTS] = -1;
	e.fd[NS_PID] = net;
	must_be_kept_out(&e, -EINVAL, "the file is no pid namespace");
	return 0;
}

static int a_kind_to_enter_that_is_missing(void *unused)
{
	struct entry e = { .by_file = BIT(TIME) };
	int dir;

	(void)unused;
	put_link("old/self/ns/uts", "uts:[1]");
	dir = tree("/old");
	open_files(&e);
	MUST_SAY(hint_enter(dir, 0, e.fd, 0, NS_TIME, -EINVAL, text),
	         "this kernel has no time namespaces");
	MUST_SAY(hint_enter(dir, 7, e.fd, 0, NS_TIME, -ENOENT, text),
	         "this kernel has no time namespaces");
	MUST_BE_SILENT(hint_enter(dir, 7, e.fd, 0, NS_UTS, -ENOENT, text));
	MUST_BE_SILENT(hint_enter(proc, 7, e.fd, 0, NS_TIME, -ENOENT, text));
	MUST_BE_SILENT(hint_enter(proc, 7, e.fd, 0, NS_TIME, -EINVAL, text));
	MUST_BE_SILENT(hint_enter(proc, 7, e.fd, BIT(UTS), NS_N, -EINVAL, text));
	MUST_BE_SILENT(hint_enter(proc, 7, e.fd, 0, NS_UTS, -EINVAL, text));
	MUST_BE_SILENT(hint_enter(proc, 7, e.fd, BIT(UTS), NS_N, -ESRCH, text));
	return 0;
}

TEST(enter)
{
	proc = proc_mount(NULL);
	if (!geteuid())
		CHECK_CHILD(of_root, NULL);
	CHECK_CHILD(geteuid() ? of_our_own : as_nobody, (&(struct run){ of_our_own, NULL }));
	CHECK_BOTH(of_those_around, NULL);
	CHECK_BOTH(without_chroot, NULL);
	CHECK_BOTH(filtered_setns, NULL);
	CHECK_BOTH(its_own_user, NULL);
	CHECK_BOTH(from_two_pids_below, NULL);
	CHECK_BOTH(a_wrong_file, NULL);
	CHECK_CHILD(a_kind_to_enter_that_is_missing, NULL);
	close(proc);
}
