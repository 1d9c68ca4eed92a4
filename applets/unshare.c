/* SPDX-License-Identifier: 0BSD */
/*
 * unshare: runs a program in new namespaces, with the options, messages and exit codes of
 * util-linux. It differs in that --kill-child survives (it is set last), that death by a signal is
 * told also as PID 1 (128 + signal), that a relative -w never leads out of -R, and in --init.
 */
//config:config UNSHARE
//config:	bool "unshare"
//config:	default y
//config:	help
//config:	  Runs a program in new namespaces.
//config:
//config:config UNSHARE_INIT
//config:	bool "unshare --init"
//config:	depends on UNSHARE
//config:	default y
//config:	help
//config:	  An init of ours as PID 1 of the new PID namespace: it reaps and hands signals on.
//config:
//config:config UNSHARE_IDMAP
//config:	bool "unshare --map-users, --map-groups"
//config:	depends on UNSHARE
//config:	default y
//config:	help
//config:	  Ranges of ids in a new user namespace, not only one.
//install:/usr/bin

#include "applet.h"
#include "child.h"
#include "idmap.h"
#include "ns.h"
#include "proc.h"
#include "str.h"
#include "sys.h"
#include "user.h"

#include <poll.h>
#include <string.h>
#include <sys/mount.h>

struct unshare {
	unsigned mask; /* 1 << kind */
	int fork, init, kill_signal;
	int have_map_uid, have_map_gid;
	struct child_ids ids;
	uint32_t map_uid, map_gid, euid, egid;
	const char *mount_proc, *root, *dir, *propagation, *setgroups;
	struct idmap uids, gids;
	const char *file;
	char **argv;
	int proc, parent; /* /proc as it was before; a pidfd of our parent for --kill-child */
	struct sys_sigset mask_before;
	struct sys_sigaction chld_before;
};

enum {
	U_ROOT = 1,
	U_CURRENT,
	U_USER,
	U_GROUP,
	U_USERS,
	U_GROUPS,
	U_SETUID,
	U_SETGID,
	U_KILL,
	U_PROC
};

#define OPTS struct unshare

#define ROWS(OPT, OPT_) \
	OPT('m', "mount", "", OPT_OR, mask, 1 << NS_MNT, "new mount namespace") \
	OPT('u', "uts", "", OPT_OR, mask, 1 << NS_UTS, "new UTS (host name) namespace") \
	OPT('i', "ipc", "", OPT_OR, mask, 1 << NS_IPC, "new IPC namespace") \
	OPT('n', "net", "", OPT_OR, mask, 1 << NS_NET, "new network namespace") \
	OPT('p', "pid", "", OPT_OR, mask, 1 << NS_PID, "new PID namespace") \
	OPT('U', "user", "", OPT_OR, mask, 1 << NS_USER, "new user namespace") \
	OPT('C', "cgroup", "", OPT_OR, mask, 1 << NS_CGROUP, "new cgroup namespace") \
	OPT('T', "time", "", OPT_OR, mask, 1 << NS_TIME, "new time namespace") \
	OPT('f', "fork", "", OPT_SET, fork, 1, "start the program as a child process") \
	IF_UNSHARE_INIT(OPT(0, "init", "", OPT_SET, init, 1, \
	                    "an init of ours starts the program, hands signals on to it and " \
	                    "reaps (implies -f -p)")) \
	OPT_(0, "kill-child", "[=SIGNAL]", OPT_CALL, U_KILL, \
	     "the child gets SIGNAL (KILL) when unshare ends (implies -f)") \
	OPT_(0, "mount-proc", "[=DIR]", OPT_CALL, U_PROC, \
	     "mount proc on DIR (/proc) in the new mount namespace (implies -m)") \
	OPT(0, "propagation", "slave|shared|private|unchanged", OPT_TEXT, propagation, 0, \
	    "propagation of mounts in the new mount namespace (private)") \
	OPT('R', "root", "DIR", OPT_TEXT, root, 0, "change the root directory") \
	OPT('w', "wd", "DIR", OPT_TEXT, dir, 0, "change the working directory") \
	OPT_('S', "setuid", "UID", OPT_CALL, U_SETUID, "set the user id of the program") \
	OPT_('G', "setgid", "GID", OPT_CALL, U_SETGID, "set the group id, drop the other groups") \
	OPT_('r', "map-root-user", "", OPT_CALL, U_ROOT, \
	     "map the current user to root (implies -U)") \
	OPT_('c', "map-current-user", "", OPT_CALL, U_CURRENT, \
	     "map the current user to itself (implies -U)") \
	OPT_(0, "map-user", "UID|NAME", OPT_CALL, U_USER, \
	     "map the current user to UID (implies -U)") \
	OPT_(0, "map-group", "GID|NAME", OPT_CALL, U_GROUP, \
	     "map the current group to GID (implies -U)") \
	IF_UNSHARE_IDMAP(OPT_(0, "map-users", "INNER:OUTER:COUNT", OPT_CALL, U_USERS, \
	                      "map a range of users (implies -U; repeatable)")) \
	IF_UNSHARE_IDMAP(OPT_(0, "map-groups", "INNER:OUTER:COUNT", OPT_CALL, U_GROUPS, \
	                      "map a range of groups (implies -U; repeatable)")) \
	OPT(0, "setgroups", "allow|deny", OPT_TEXT, setgroups, 0, \
	    "whether the new user namespace may call setgroups(2)") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

static void map_user(struct unshare *u, uint32_t uid)
{
	u->mask |= 1u << NS_USER;
	u->have_map_uid = 1;
	u->map_uid = uid;
}

static void map_group(struct unshare *u, uint32_t gid)
{
	u->mask |= 1u << NS_USER;
	u->have_map_gid = 1;
	u->map_gid = gid;
}

/* A number or a name. */
static uint32_t parse_name(const char *text, int group)
{
	struct user_db db = { .groups = group };
	uid_t id;
	int r = user_id(&db, text, &id);

	user_free(&db);
	return r ? opt_id(text, group ? "gid" : "uid") : id;
}

static void add_range(struct unshare *u, struct idmap *map, const char *text)
{
	u->mask |= 1u << NS_USER;
	if (idmap_add(map, text))
		die(1, 0, "invalid mapping '%s'", text);
}

static void on_option(void *to, int value, const char *arg)
{
	struct unshare *u = to;

	switch (value) {
	case U_ROOT:
	case U_CURRENT:
		map_user(u, value == U_ROOT ? 0 : u->euid);
		map_group(u, value == U_ROOT ? 0 : u->egid);
		break;
	case U_USER:
		map_user(u, parse_name(arg, 0));
		break;
	case U_GROUP:
		map_group(u, parse_name(arg, 1));
		break;
	case U_USERS:
		add_range(u, &u->uids, arg);
		break;
	case U_GROUPS:
		add_range(u, &u->gids, arg);
		break;
	case U_SETUID:
		u->ids.have_uid = 1;
		u->ids.uid = opt_id(arg, "uid");
		break;
	case U_SETGID:
		u->ids.have_gid = 1;
		u->ids.gid = opt_id(arg, "gid");
		break;
	case U_KILL:
		u->fork = 1;
		u->kill_signal = arg ? sig_parse(arg) : SIGKILL;
		if (u->kill_signal <= 0)
			die(1, 0, "unknown signal: %s", arg);
		break;
	case U_PROC:
		u->mask |= 1u << NS_MNT;
		u->mount_proc =
			arg ? arg : "/proc"; /* lint: procfs: a mount point, not a file in it */
		break;
	}
}

/* ---- the user namespace */

/* Ranges and foreign ids need rights in the namespace above: a copy of ourselves that stays there
 * writes them. It waits for a byte; the pipe's end without one means that unshare(2) failed. */
struct mapper {
	struct unshare *u;
	pid_t pid, target;
	int wait, go; /* the ends of the pipe */
};

static int map_from_outside(void *context)
{
	struct mapper *m = context;
	struct unshare *u = m->u;
	char byte;
	int r;

	close(m->go);
	if (read(m->wait, &byte, 1) != 1)
		return 0;
	r = u->uids.n ? idmap_write(u->proc, m->target, 0, &u->uids) : 0;
	if (r)
		die(1, r, "write failed uid_map of %d", m->target);
	r = u->gids.n ? idmap_write(u->proc, m->target, 1, &u->gids) : 0;
	if (r)
		die(1, r, "write failed gid_map of %d", m->target);
	return 0;
}

static void start_mapper(struct mapper *m)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		die(1, errno, "cannot make a pipe");
	m->wait = ends[0];
	m->go = ends[1];
	m->target = getpid();
	m->pid = child_copy(map_from_outside, m);
	if (m->pid < 0)
		die(1, m->pid, "fork failed");
	close(m->wait);
}

static void finish_mapper(const struct mapper *m)
{
	int status;

	if (write(m->go, "", 1) != 1)
		die(1, errno, "cannot start the id mapping");
	close(m->go);
	status = child_relay(m->pid);
	if (status)
		child_exit_as(status);
}

static void write_single(struct unshare *u, int gid, uint32_t inner, uint32_t outer)
{
	struct idmap map = { .n = 0 };
	int r;

	idmap_add_range(&map, inner, outer, 1);
	r = idmap_write(u->proc, 0, gid, &map);
	if (r)
		die(1, r, "write failed /proc/self/%cid_map", gid ? 'g' : 'u');
}

/* One id may be mapped by the process itself; for its group only after setgroups(2) is given up
 * (user_namespaces(7)). */
static void write_own_maps(struct unshare *u)
{
	int r = 0;

	if (u->have_map_uid && !u->uids.n)
		write_single(u, 0, u->map_uid, u->euid);
	if (u->have_map_gid && !u->gids.n) {
		if (u->setgroups && !strcmp(u->setgroups, "allow"))
			die(1, 0,
			    "options --setgroups=allow and --map-group are mutually exclusive");
		r = idmap_setgroups(u->proc, 0, 0);
		if (r)
			die(1, r, "write failed /proc/self/setgroups");
		write_single(u, 1, u->map_gid, u->egid);
	} else if (u->setgroups) {
		r = idmap_setgroups(u->proc, 0, !strcmp(u->setgroups, "allow"));
		if (r)
			die(1, r, "write failed /proc/self/setgroups");
	}
}

/* The single id takes its place in the ranges. */
static void punch(struct idmap *map, uint32_t inner, uint32_t outer)
{
	int r = idmap_single(map, inner, outer);

	if (r)
		die(1, r, "cannot map %u to %u besides the ranges", outer, inner);
}

static void enter_new(struct unshare *u)
{
	struct mapper mapper = { .u = u };
	int r;

	if ((u->have_map_uid || u->have_map_gid || u->uids.n || u->gids.n) && u->proc < 0)
		die_hint(1, u->proc, "mount -t proc proc /proc",
		         "no /proc here to write the id maps");
	if (CFG_UNSHARE_IDMAP && u->have_map_uid && u->uids.n)
		punch(&u->uids, u->map_uid, u->euid);
	if (CFG_UNSHARE_IDMAP && u->have_map_gid && u->gids.n)
		punch(&u->gids, u->map_gid, u->egid);
	if (CFG_UNSHARE_IDMAP && (u->uids.n || u->gids.n))
		start_mapper(&mapper);
	r = ns_new(u->mask);
	if (r)
		die_hint(1, r, ns_new_hint(u->proc, u->mask, r), "unshare failed");
	if (CFG_UNSHARE_IDMAP && mapper.pid)
		finish_mapper(&mapper);
	write_own_maps(u);
}

/* ---- inside */

static const struct {
	char name[10];
	unsigned long flag;
} propagations[] = {
	{ "private", MS_PRIVATE },
	{ "slave", MS_SLAVE },
	{ "shared", MS_SHARED },
	{ "unchanged", 0 },
};

static unsigned long propagation_flag(const char *name)
{
	for (size_t i = 0; i < sizeof propagations / sizeof *propagations; i++)
		if (!strcmp(name, propagations[i].name))
			return propagations[i].flag;
	die(1, 0, "unsupported propagation mode: %s", name);
}

static void mount_proc(const struct unshare *u)
{
	/* With propagation the new mount would reach the namespace we came from. */
	if (!u->root && strcmp(u->propagation, "private"))
		if (mount("none", u->mount_proc, NULL, MS_PRIVATE | MS_REC, NULL) &&
		    errno != EINVAL)
			die(1, errno, "cannot change %s's propagation", u->mount_proc);
	if (!mount("proc", u->mount_proc, "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL))
		return;
	die_hint(1, errno,
	         errno == EPERM ? "proc needs a PID namespace of one's own, -fp, and a /proc "
	                          "of which nothing is masked, as container runtimes do"
	                        : NULL,
	         "mount %s failed", u->mount_proc);
}

static void set_ids(struct unshare *u)
{
	const char *call;
	int r;

	u->ids.keep_groups = u->have_map_gid; /* they were dropped before the map */
	r = child_set_ids(&u->ids, &call);
	if (r)
		die(1, r, "%s failed", call);
}

/* Last of all, since a change of ids clears it (PR_SET_PDEATHSIG(2const)). The parent may have
 * ended before: its pidfd tells, getppid(2) is 0 in a new PID namespace. */
static void die_with_parent(const struct unshare *u)
{
	struct pollfd parent = { .fd = u->parent, .events = POLLIN };

	if (prctl(PR_SET_PDEATHSIG, u->kill_signal, 0, 0, 0))
		die(1, errno, "cannot set the parent death signal");
	if (u->parent >= 0 && poll(&parent, 1, 0) == 1)
		die(1, 0, "the parent has ended");
}

/* All that is done in the new namespaces; runs in the child when there is one. */
static int set_up(void *context)
{
	struct unshare *u = context;
	unsigned long flag = propagation_flag(u->propagation);

	if ((u->mask & 1u << NS_MNT) && flag && mount("none", "/", NULL, MS_REC | flag, NULL))
		die(1, errno, "cannot change root filesystem propagation");
	if (u->root && chroot(u->root))
		die(1, errno, "cannot change root directory to '%s'", u->root);
	if (u->root && chdir("/"))
		die(1, errno, "cannot change directory to /");
	if (u->dir && chdir(u->dir))
		die(1, errno, "cannot change directory to %s", u->dir);
	if (u->mount_proc)
		mount_proc(u);
	set_ids(u);
	if (u->kill_signal)
		die_with_parent(u);
	return 0;
}

/* ---- the three ways to run it */

static void run_here(struct unshare *u)
{
	struct child c = { .argv = u->argv, .file = u->file, .step = CHILD_EXEC };

	set_up(u);
	sys_sigaction(SIGCHLD, &u->chld_before, NULL);
	die_start(&c, child_exec(u->file ? u->file : u->argv[0], u->argv));
}

/* INT and TERM are blocked here, not ignored, so that the program inherits what we had. */
static int run_child(struct unshare *u)
{
	struct child c = { .argv = u->argv,
		           .file = u->file,
		           .mask = &u->mask_before,
		           .chld = &u->chld_before,
		           .setup = set_up,
		           .context = u };
	struct sys_sigset block = { { 0 } };
	pid_t pid;

	sig_add(&block, SIGINT);
	sig_add(&block, SIGTERM);
	sig_block(&block, &u->mask_before);
	pid = child_spawn(&c);
	if (pid < 0)
		die_start(&c, pid);
	return child_relay(pid);
}

/* PID 1 of the new namespace: sets things up, starts the program and supervises it. */
static int be_init(void *context)
{
	struct unshare *u = context;
	struct child c = {
		.argv = u->argv, .file = u->file, .mask = &u->mask_before, .chld = &u->chld_before
	};
	pid_t pid;

	set_up(u);
	pid = child_spawn(&c);
	if (pid < 0)
		die_start(&c, pid);
	return child_code(child_supervise(pid, 0));
}

/* The init is a copy of ourselves; we hand on to it what we are sent, to the same end. */
static int run_init(struct unshare *u)
{
	pid_t pid;

	sig_block_all(&u->mask_before);
	pid = child_copy(be_init, u);
	if (pid < 0)
		die(1, pid, "fork failed");
	return child_supervise(pid, 1);
}

APPLET(unshare, "run a program in new namespaces", "[OPTION]... [PROGRAM [ARGUMENT]...]", rows,
       OPT_STOP, 1, on_option)
{
	static const struct sys_sigaction dfl;
	struct unshare u = { .propagation = "private", .parent = -1 };
	struct child_shell shell;
	int status;

	u.euid = geteuid();
	u.egid = getegid();
	u.argv = opt_parse(&applet_unshare, run->argv, &u);
	u.file = child_default_shell(&u.argv, &shell);
	if (u.setgroups && strcmp(u.setgroups, "allow") && strcmp(u.setgroups, "deny"))
		die(1, 0, "unsupported --setgroups argument '%s'", u.setgroups);
	propagation_flag(u.propagation);
	if (CFG_UNSHARE_INIT && u.init) {
		u.fork = 1;
		u.mask |= 1u << NS_PID;
	}
	u.proc = proc_mount(NULL);
	sys_sigaction(SIGCHLD, &dfl, &u.chld_before);
	if (u.ids.have_gid)
		sys_setgroups(0, NULL);
	if (u.kill_signal)
		u.parent = sys_pidfd_open(getpid());
	enter_new(&u);
	if (!u.fork)
		run_here(&u);
	status = CFG_UNSHARE_INIT && u.init ? run_init(&u) : run_child(&u);
	if (status < 0)
		die(1, status, "waitpid failed");
	child_exit_as(status);
}

//man:Without PROGRAM it runs $SHELL, else /bin/sh, as a login shell.
//man:
//man:A new PID namespace (-p) holds the children of the process, not the process itself: with -f
//man:the program is its first process and number 1. Such a PID 1 gets no signal that it has no
//man:handler for, except KILL and STOP from outside, and whoever is orphaned becomes its child: a
//man:program that was not written for that neither stops nor reaps. --init puts an init in front
//man:of it.
//man:# EXIT STATUS
//man:The program's; with -f, death by the same signal as the program's, or 128 plus the signal
//man:where unshare is itself PID 1; 127 when there is no such program, 126 when it cannot be
//man:executed, 1 for every failure of its own.
//man:# EXAMPLES
//man:$ unshare -U -r true
//man:$ unshare -r -f -p --mount-proc ps -ef
