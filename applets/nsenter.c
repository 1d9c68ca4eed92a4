/* SPDX-License-Identifier: 0BSD */
/*
 * nsenter: runs a program in the namespaces of a process, with the options, order of operations and
 * exit codes of util-linux. It differs in that no version of the kernel is asked for (an error code
 * tells what it lacks), that a new root never leaves the working directory outside, and in PID@REF.
 */
//config:config NSENTER
//config:	bool "nsenter"
//config:	default y
//config:	help
//config:	  Runs a program in the namespaces of another process.
//install:/usr/bin

#include "applet.h"
#include "child.h"
#include "io.h"
#include "ns.h"
#include "pid.h"
#include "proc.h"
#include "sys.h"

#include <string.h>

struct nsenter {
	unsigned mask;   /* kinds of the target, 1 << kind */
	unsigned shared; /* those of -a that are the caller's own anyway */
	int fd[NS_N];    /* kinds given as a file, else -1 */
	int all, no_fork, preserve, want_root, want_dir;
	struct child_ids ids;
	const char *target_text;
	pid_t target;
	int proc, pidfd, root, dir;
	const char *file;
	char **argv;
	struct sys_sigset mask_before;
	struct sys_sigaction chld_before;
};

enum { N_UID = NS_N, N_GID, N_ROOT, N_DIR };

#define OPTS struct nsenter

#define ROWS(OPT, OPT_) \
	OPT('a', "all", "", OPT_SET, all, 1, "enter all namespaces of the target") \
	OPT('t', "target", "PID", OPT_TEXT, target_text, 0, "the process to take namespaces from") \
	OPT_('m', "mount", "[=FILE]", OPT_CALL, NS_MNT, "enter the mount namespace") \
	OPT_('u', "uts", "[=FILE]", OPT_CALL, NS_UTS, "enter the UTS (host name) namespace") \
	OPT_('i', "ipc", "[=FILE]", OPT_CALL, NS_IPC, "enter the IPC namespace") \
	OPT_('n', "net", "[=FILE]", OPT_CALL, NS_NET, "enter the network namespace") \
	OPT_('p', "pid", "[=FILE]", OPT_CALL, NS_PID, "enter the PID namespace") \
	OPT_('C', "cgroup", "[=FILE]", OPT_CALL, NS_CGROUP, "enter the cgroup namespace") \
	OPT_('U', "user", "[=FILE]", OPT_CALL, NS_USER, "enter the user namespace") \
	OPT_('T', "time", "[=FILE]", OPT_CALL, NS_TIME, "enter the time namespace") \
	OPT_('S', "setuid", "UID", OPT_CALL, N_UID, \
	     "set the user id (0 when a user namespace is entered)") \
	OPT_('G', "setgid", "GID", OPT_CALL, N_GID, \
	     "set the group id (0 when a user namespace is entered)") \
	OPT(0, "preserve-credentials", "", OPT_SET, preserve, 1, "leave user and group ids alone") \
	OPT_('r', "root", "[=DIR]", OPT_CALL, N_ROOT, "change the root directory (the target's)") \
	OPT_('w', "wd", "[=DIR]", OPT_CALL, N_DIR, "change the working directory (the target's)") \
	OPT('F', "no-fork", "", OPT_SET, no_fork, 1, \
	    "do not start a child in the PID namespace: only its children will be there") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

static int open_path(const char *path, int flags)
{
	int fd = (int)sys_result(open(path, flags | O_CLOEXEC));

	if (fd < 0)
		die(1, fd, "cannot open %s", path);
	return fd;
}

/* Files are opened while parsing, before any namespace takes their paths away. */
static void on_option(void *to, int value, const char *arg)
{
	struct nsenter *n = to;

	switch (value) {
	case N_UID:
		n->ids.have_uid = 1;
		n->ids.uid = opt_id(arg, "uid");
		break;
	case N_GID:
		n->ids.have_gid = 1;
		n->ids.gid = opt_id(arg, "gid");
		break;
	case N_ROOT:
		n->want_root = !arg;
		if (arg)
			n->root = open_path(arg, O_PATH | O_DIRECTORY);
		break;
	case N_DIR:
		n->want_dir = !arg;
		if (arg)
			n->dir = open_path(arg, O_PATH | O_DIRECTORY);
		break;
	default:
		if (arg) {
			n->fd[value] = open_path(arg, O_RDONLY);
			n->mask &= ~(1u << value);
		} else {
			n->mask |= 1u << value;
		}
	}
}

/* ---- the target */

static void find_target(struct nsenter *n)
{
	struct str why = { 0 };
	int r = pid_resolve(n->proc, n->target_text, &n->target, &why);

	if (r)
		die_pid(1, r, n->target_text, &why);
	if (n->proc < 0 || proc_is_ours(n->proc) == 1) {
		n->pidfd = sys_pidfd_open(n->target);
		if (n->pidfd == -ESRCH)
			die(1, n->pidfd, "no process %s", n->target_text);
	}
}

/* -a: all kinds that this kernel has; not the user namespace that we are in already, since nobody
 * may enter his own (setns(2)). */
static void expand_all(struct nsenter *n)
{
	if (n->proc < 0)
		die_hint(1, n->proc, "mount -t proc proc /proc",
		         "no /proc here to see what -a means");
	for (int i = 0; i < NS_N; i++) {
		uint64_t own, its = 0;

		if (n->fd[i] >= 0 || ns_id(n->proc, 0, (enum ns_kind)i, &own))
			continue;
		if (!ns_id(n->proc, n->target, (enum ns_kind)i, &its) && its == own)
			n->shared |= 1u << i;
		if (i != NS_USER || its != own)
			n->mask |= 1u << i;
	}
}

static int open_of_target(struct nsenter *n, const char *file)
{
	char path[PROC_PATH];
	int fd;

	proc_path(path, n->target, file);
	fd = (int)sys_result(openat(n->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (fd < 0)
		die(1, fd, "cannot open /proc/%s", path);
	return fd;
}

/* Without pidfds, or where the kernel cannot enter by one (before 5.8): the files of /proc. */
static void open_namespaces(struct nsenter *n)
{
	for (int i = 0; i < NS_N; i++) {
		if (!(n->mask & 1u << i))
			continue;
		n->fd[i] = ns_open(n->proc, n->target, (enum ns_kind)i);
		if (n->fd[i] < 0)
			die(1, n->fd[i], "cannot open /proc/%d/ns/%s", n->target, ns_kinds[i].name);
	}
	n->mask = 0;
}

static void enter(struct nsenter *n)
{
	enum ns_kind failed = NS_USER;
	int r, files = 0;

	for (int i = 0; i < NS_N; i++)
		files |= n->fd[i] >= 0;
	if (!n->mask && !files && n->root < 0 && n->dir < 0)
		die(1, 0, "no namespace specified");
	if (n->pidfd < 0)
		open_namespaces(n);
	r = ns_enter(n->fd, n->pidfd, n->mask, &failed);
	/* To enter one's own again needs rights over it, which an ordinary user lacks. */
	if (r == -EPERM && n->shared) {
		n->mask &= ~n->shared;
		r = ns_enter(n->fd, n->pidfd, n->mask, &failed);
	}
	if ((r == -EINVAL || r == -EBADF || r == -ENOSYS) && n->mask) {
		open_namespaces(n);
		r = ns_enter(n->fd, -1, 0, &failed);
	}
	if (r && failed == NS_N)
		die(1, r, "reassociate to namespaces failed");
	if (r)
		die(1, r, "reassociate to namespace 'ns/%s' failed", ns_kinds[failed].name);
}

/* ---- inside */

static void change_root(const struct nsenter *n)
{
	if (n->root >= 0 && (fchdir(n->root) || chroot(".") || chdir("/")))
		die(1, errno, "cannot change the root directory");
	if (n->dir >= 0 && fchdir(n->dir))
		die(1, errno, "cannot change the working directory");
}

static int set_ids(void *context)
{
	const struct nsenter *n = context;
	const char *call;
	int r = child_set_ids(&n->ids, &call);

	if (r)
		die(1, r, "%s failed", call);
	return 0;
}

static void run_program(struct nsenter *n, int fork)
{
	struct child c = { .argv = n->argv,
		           .file = n->file,
		           .mask = &n->mask_before,
		           .chld = &n->chld_before,
		           .setup = set_ids,
		           .context = n };
	static const struct sys_sigset none;
	int status;
	pid_t pid;

	if (!fork) {
		set_ids(n);
		sys_sigaction(SIGCHLD, &n->chld_before, NULL);
		c.step = CHILD_EXEC;
		die_start(&c, child_exec(n->file ? n->file : n->argv[0], n->argv));
	}
	sig_block(&none, &n->mask_before);
	pid = child_spawn(&c);
	if (pid < 0)
		die_start(&c, pid);
	status = child_relay(pid);
	if (status < 0)
		die(1, status, "waitpid failed");
	child_exit_as(status);
}

APPLET(nsenter, "run a program in the namespaces of another process",
       "[OPTION]... [PROGRAM [ARGUMENT]...]", rows, OPT_STOP | OPT_GLUED, 1, on_option)
{
	static const struct sys_sigaction dfl;
	struct nsenter n = {
		.fd = { -1, -1, -1, -1, -1, -1, -1, -1 }, .pidfd = -1, .root = -1, .dir = -1
	};
	struct child_shell shell;
	int user, fork;

	n.argv = opt_parse(&applet_nsenter, run->argv, &n);
	n.file = child_default_shell(&n.argv, &shell);
	n.proc = proc_mount(NULL);
	if (n.target_text)
		find_target(&n);
	else if (n.mask || n.all || n.want_root || n.want_dir)
		die(1, 0, "no target PID specified");
	if (n.all)
		expand_all(&n);
	if (n.want_root)
		n.root = open_of_target(&n, "root");
	if (n.want_dir)
		n.dir = open_of_target(&n, "cwd");
	user = n.mask >> NS_USER & 1 || n.fd[NS_USER] >= 0;
	fork = (n.mask >> NS_PID & 1 || n.fd[NS_PID] >= 0) && !n.no_fork;
	if (user && !n.preserve) {
		n.ids.have_uid = n.ids.have_gid = 1;
		n.ids.keep_groups = 1; /* inside it may be forbidden: user_namespaces(7), "deny" */
		sys_setgroups(0, NULL);
	}
	sys_sigaction(SIGCHLD, &dfl, &n.chld_before);
	enter(&n);
	change_root(&n);
	run_program(&n, fork);
	return 1;
}

//man:Without PROGRAM it runs $SHELL, else /bin/sh, as a login shell.
//man:
//man:The process of a PID namespace that -t names is PID, a number here, or PID@REF: see pidbox(1).
//man:The program that enters a PID namespace has a parent outside: inside its parent is 0.
//man:# EXIT STATUS
//man:The program's; when a PID namespace was entered, death by the same signal as the program's;
//man:127 when there is no such program, 126 when it cannot be executed, 1 for every failure of
//man:its own.
