/* SPDX-License-Identifier: 0BSD */
/*
 * nsenter: runs a program in the namespaces of a process, with the options, order of operations and
 * exit codes of util-linux. It differs in that no version of the kernel is asked for (an error code
 * tells what it lacks), that a new root never leaves the working directory outside, and in PID@REF
 * and the options that are marked OPT_OWN.
 */
//config:config NSENTER
//config:	bool "nsenter"
//config:	default y
//config:	help
//config:	  Runs a program in the namespaces of another process.
//config:
//config:config NSENTER_BRING
//config:	bool "nsenter --bring, --self"
//config:	depends on NSENTER
//config:	default y
//config:	help
//config:	  Runs a static program of the host's, or one of our applets, in a container that
//config:	  has none.
//config:
//config:config NSENTER_PLAN
//config:	bool "nsenter --dry-run"
//config:	depends on NSENTER
//config:	default y
//config:	help
//config:	  Shows what would be entered.
//config:
//config:config NSENTER_CGROUP
//config:	bool "nsenter --join-cgroup"
//config:	depends on NSENTER
//config:	default y
//config:	help
//config:	  Joins the cgroups of the target.
//config:
//config:config NSENTER_FORWARD
//config:	bool "nsenter --forward-signals"
//config:	depends on NSENTER
//config:	default y
//config:	help
//config:	  Hands the signals that nsenter is sent on to the program.
//config:
//config:config NSENTER_PTY
//config:	bool "nsenter --pty"
//config:	depends on NSENTER
//config:	default y
//config:	help
//config:	  Runs the program on a terminal of the target's.
//config:
//config:config NSENTER_LIKE
//config:	bool "nsenter --like-target, --cap-drop"
//config:	depends on NSENTER
//config:	default y
//config:	help
//config:	  Limits the program as the target is limited.
//install:/usr/bin

#include "nsenter.h"
#include "cred.h"
#include "hint.h"
#include "proc.h"

#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

extern char **environ;

/* Values of options; below are the kinds of namespaces. */
enum {
	N_TARGET = NS_N,
	N_SOCKET,
	N_UID,
	N_GID,
	N_ROOT,
	N_DIR,
	N_WDNS,
	N_KILL,
	N_PROC,
	N_CONTEXT,
	N_DROP
};

#define PROC "/proc" /* lint: procfs: a mount point, not a file in it */

#define OPTS struct nsenter

#define ROWS(OPT, OPT_) \
	OPT('a', "all", "", OPT_SET, all, 1, "enter all namespaces of the target") \
	OPT_('t', "target", "PID", OPT_CALL, N_TARGET, \
	     "the process to take namespaces from: PID, PID:INODE, PID@REF, a container's ID") \
	OPT_('m', "mount", "[=FILE|:ID]", OPT_CALL, NS_MNT, "enter the mount namespace") \
	OPT_('u', "uts", "[=FILE|:ID]", OPT_CALL, NS_UTS, "enter the UTS (host name) namespace") \
	OPT_('i', "ipc", "[=FILE|:ID]", OPT_CALL, NS_IPC, "enter the IPC namespace") \
	OPT_('n', "net", "[=FILE|:ID]", OPT_CALL, NS_NET, "enter the network namespace") \
	OPT_('N', "net-socket", "FD", OPT_CALL | OPT_OWN, N_SOCKET, \
	     "enter the network namespace of the target's socket FD") \
	OPT_('p', "pid", "[=FILE|:ID]", OPT_CALL, NS_PID, "enter the PID namespace") \
	OPT_('C', "cgroup", "[=FILE|:ID]", OPT_CALL, NS_CGROUP, "enter the cgroup namespace") \
	OPT_('U', "user", "[=FILE|:ID]", OPT_CALL, NS_USER, "enter the user namespace") \
	OPT(0, "user-parent", "", OPT_SET | OPT_OWN, user_parent, 1, \
	    "enter the user namespace that the others belong to, with -U its parent") \
	OPT_('T', "time", "[=FILE|:ID]", OPT_CALL, NS_TIME, "enter the time namespace") \
	OPT(0, "children", "", OPT_SET | OPT_OWN, children, 1, \
	    "the PID and time namespaces of the target's children instead of its own") \
	OPT_('S', "setuid", "UID|follow", OPT_CALL, N_UID, \
	     "set the user id (0 when a user namespace is entered), or the target's") \
	OPT_('G', "setgid", "GID|follow", OPT_CALL, N_GID, \
	     "set the group id (0 when a user namespace is entered), or the target's") \
	OPT(0, "preserve-credentials", "", OPT_SET, preserve, 1, "leave user and group ids alone") \
	OPT(0, "keep-caps", "", OPT_SET, keep_caps, 1, \
	    "the program keeps the capabilities in a user namespace") \
	OPT_('r', "root", "[=DIR]", OPT_CALL, N_ROOT, "change the root directory (the target's)") \
	OPT_('w', "wd", "[=DIR]", OPT_CALL, N_DIR, "change the working directory (the target's)") \
	OPT_('W', "wdns", "[=DIR]", OPT_CALL, N_WDNS, \
	     "change the working directory to DIR as it is inside") \
	OPT('e', "env", "", OPT_SET, want_env, 1, "take the target's environment") \
	OPT('F', "no-fork", "", OPT_SET, no_fork, 1, \
	    "do not start a child in the PID namespace: only its children will be there") \
	IF_NSENTER_CGROUP( \
		OPT('c', "join-cgroup", "", OPT_SET, want_cgroup, 1, "join the target's cgroups")) \
	OPT_('Z', "follow-context", "", OPT_CALL, N_CONTEXT, "SELinux: not built in") \
	OPT_(0, "mount-proc", "[=DIR]", OPT_CALL | OPT_OWN, N_PROC, \
	     "with -p: mount the PID namespace's proc on DIR (/proc), for the program alone") \
	IF_NSENTER_BRING(OPT(0, "bring", "FILE", OPT_TEXT | OPT_OWN, bring, 0, \
	                     "run a copy of the static program FILE of here; operands are its " \
	                     "arguments")) \
	IF_NSENTER_BRING(OPT(0, "self", "", OPT_SET | OPT_OWN, self, 1, \
	                     "bring pidbox along: the operands are one of its applets and its " \
	                     "arguments")) \
	OPT_(0, "kill-child", "[=SIGNAL]", OPT_CALL | OPT_OWN, N_KILL, \
	     "the program gets SIGNAL (KILL) when nsenter ends") \
	IF_NSENTER_FORWARD(OPT(0, "forward-signals", "", OPT_SET | OPT_OWN, forward, 1, \
	                       "hand the signals that nsenter is sent on to the program")) \
	IF_NSENTER_PTY(OPT(0, "pty", "", OPT_SET | OPT_OWN, pty.want, 1, \
	                   "run the program on a terminal of the target's /dev/pts")) \
	IF_NSENTER_LIKE(OPT(0, "like-target", "", OPT_SET | OPT_OWN, like.want, 1, \
	                    "limit the program as the target is: capabilities, no_new_privs, " \
	                    "seccomp filters, resource limits, oom_score_adj, cgroups")) \
	IF_NSENTER_LIKE(OPT_(0, "cap-drop", "CAP[,CAP]...", OPT_CALL | OPT_OWN, N_DROP, \
	                     "capabilities that the program cannot have; all")) \
	IF_NSENTER_PLAN(OPT(0, "dry-run", "", OPT_SET | OPT_OWN, dry_run, 1, \
	                    "only show what would be entered")) \
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

static void on_target(struct nsenter *n, const char *arg)
{
	if (n->target_text)
		die(1, 0, "option --target may be given only once");
	n->target_text = arg;
}

static void on_id(const char *arg, const char *what, int *have, uint32_t *id, int *follow)
{
	*follow = !strcmp(arg, "follow");
	*have = !*follow;
	if (!*follow)
		*id = opt_id(arg, what);
}

static void on_kind(struct nsenter *n, int kind, const char *file)
{
	uint64_t id;

	n->mask &= ~(1u << kind);
	if (!file) {
		n->mask |= 1u << kind;
	} else if (*file == ':' && !str_number(file + 1, UINT64_MAX, &id)) {
		n->fd[kind] = ns_open_id((enum ns_kind)kind, id);
		if (n->fd[kind] < 0)
			die(1, n->fd[kind], "cannot open the %s namespace with id %s",
			    ns_kinds[kind].name, file + 1);
	} else {
		n->fd[kind] = open_path(file, O_RDONLY);
	}
}

static void on_signal(struct nsenter *n, const char *arg)
{
	n->kill_signal = arg ? sig_parse(arg) : SIGKILL;
	if (n->kill_signal <= 0)
		die(1, 0, "unknown signal: %s", arg);
}

static void on_option(void *to, int value, const char *arg);

APPLET(nsenter, "run a program in the namespaces of another process",
       "[OPTION]... [PROGRAM [ARGUMENT]...]", rows, OPT_STOP | OPT_GLUED, 1, on_option);

/* Files are opened while parsing, before any namespace takes their paths away. */
static void on_option(void *to, int value, const char *arg)
{
	struct nsenter *n = to;
	uint64_t fd;

	switch (value) {
	case N_TARGET:
		on_target(n, arg);
		break;
	case N_SOCKET:
		if (str_number(arg, INT32_MAX, &fd))
			die(1, 0, "failed to parse file descriptor: '%s'", arg);
		n->socket = (int)fd;
		break;
	case N_UID:
		on_id(arg, "uid", &n->ids.have_uid, &n->ids.uid, &n->follow_uid);
		break;
	case N_GID:
		on_id(arg, "gid", &n->ids.have_gid, &n->ids.gid, &n->follow_gid);
		break;
	case N_ROOT:
		n->want_root = !arg;
		n->root = arg ? open_path(arg, O_PATH | O_DIRECTORY) : -1;
		break;
	case N_DIR:
		n->want_dir = !arg;
		n->dir = arg ? open_path(arg, O_PATH | O_DIRECTORY) : -1;
		break;
	case N_WDNS:
		n->have_wdns = 1;
		n->wdns = arg ? arg : n->wdns;
		break;
	case N_KILL:
		on_signal(n, arg);
		break;
	case N_PROC:
		n->mount_proc = arg ? arg : PROC;
		break;
	case N_DROP:
		if (CFG_NSENTER_LIKE)
			like_drop(n, arg);
		break;
	case N_CONTEXT:
		opt_misuse(&applet_nsenter, "SELinux contexts are not built in");
	default:
		on_kind(n, value, arg);
	}
}

static void check(const struct nsenter *n)
{
	if (n->have_wdns && (n->dir >= 0 || n->want_dir))
		die(1, 0, "mutually exclusive arguments: --wdns --wd");
	if (n->bring && n->self)
		die(1, 0, "mutually exclusive arguments: --bring --self");
	if (n->like.want && n->keep_caps)
		die(1, 0, "mutually exclusive arguments: --like-target --keep-caps");
	if (!n->target_text && n->all)
		die(1, 0, "no target PID specified for --all");
	if (!n->target_text &&
	    (n->mask || n->want_root || n->want_dir || n->want_env || n->want_cgroup ||
	     n->follow_uid || n->follow_gid || n->children || n->socket >= 0 || n->like.want))
		die(1, 0, "no target PID specified");
}

/* ---- inside */

/* Without a directory to go to it is the new root: never one outside of it. */
static void change_root(const struct nsenter *n)
{
	if (n->root >= 0 && (fchdir(n->root) || chroot(".") || chdir("/")))
		die(1, errno, "cannot change the root directory");
}

/* What has a name inside may be a link to /proc/self/fd: with a directory of outside open, its ".."
 * leads to all that is there (CVE-2024-21626). Up to an exec close-on-exec does not help. */
static void close_outside(struct nsenter *n)
{
	close(n->proc);
	close(n->directory);
	n->proc = n->directory = -1;
}

static void change_dir(struct nsenter *n)
{
	int dir = n->dir;

	if (n->wdns)
		close_outside(n);
	if (n->wdns && dir < 0)
		dir = open_path(n->wdns, O_PATH | O_DIRECTORY);
	if (dir >= 0 && fchdir(dir))
		die(1, errno, "cannot change the working directory");
}

/* proc(5) has the block as it was at exec: texts that end in NUL, of any form. */
static void use_environment(struct nsenter *n)
{
	struct str list = { 0 };
	size_t at = 0;
	const char *end = NULL;
	int r = str_add(&n->env, "", 1);

	while (!r && at + 1 < n->env.len) {
		const char *entry = n->env.p + at;

		r = str_add(&list, (const char *)&entry, sizeof entry);
		at += strlen(entry) + 1;
	}
	if (r || str_add(&list, (const char *)&end, sizeof end))
		die(1, ENOMEM, "failed to set environment variables");
	environ = (char **)(void *)list.p;
}

/* By then the ids are those of the user namespace that was entered. */
static void follow(struct nsenter *n)
{
	struct stat st;

	/* Of the directory itself it would tell something when the process has ended, too. */
	if (fstatat(n->directory, "task", &st, 0))
		die(1, errno, "cannot tell the ids of process %s", n->target_text);
	if (n->follow_uid)
		n->ids.uid = st.st_uid;
	if (n->follow_gid)
		n->ids.gid = st.st_gid;
	n->ids.have_uid |= n->follow_uid;
	n->ids.have_gid |= n->follow_gid;
}

static void mount_inside(const struct nsenter *n)
{
	char why[HINT_TEXT];
	int r = ns_new(1u << NS_MNT);

	if (!r)
		r = ns_propagation(MS_PRIVATE);
	if (r)
		die_hint(1, r, hint_unshare(n->proc, 1u << NS_MNT, r, why),
		         "cannot make a mount namespace for %s", n->mount_proc);
	r = (int)sys_result(
		mount("proc", n->mount_proc, "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL));
	if (r)
		die_hint(1, r, hint_proc(n->proc, r, why), "mount %s failed", n->mount_proc);
}

static void set_ids(const struct nsenter *n)
{
	const char *call;
	int r;

	if (CFG_NSENTER_LIKE)
		like_before_ids(n);
	r = child_set_ids(&n->ids, &call);
	if (r)
		die_hint(1, r, cred_hint(call, r), "%s failed", call);
	if (CFG_NSENTER_LIKE)
		like_after_ids(n);
	r = n->keep_caps && is_entered(n, NS_USER) ? cred_keep_caps() : 0;
	if (r)
		die(1, r, "cannot keep the capabilities");
}

static int set_up(void *context)
{
	struct nsenter *n = context;
	int r;

	if (n->mount_proc)
		mount_inside(n);
	set_ids(n);
	r = n->kill_signal ? child_die_with(n->parent, n->kill_signal) : 0;
	if (r)
		die(1, r, "cannot set the parent death signal");
	if (CFG_NSENTER_PTY && n->pty.want)
		pty_sit(n);
	close_outside(n); /* here and not before, for the hints */
	if (CFG_NSENTER_LIKE)
		like_apply(n);
	return 0;
}

/* ---- run */

__attribute__((noreturn)) static void not_started(struct nsenter *n, int err)
{
	struct child *c = &n->child;

	if (c->step == CHILD_EXEC && !*c->argv && err == -ENOENT)
		die_hint(127, err,
		         CFG_NSENTER_BRING
		                 ? "no shell there: --bring FILE runs a static program of "
		                   "here, --self an applet of ours"
		                 : NULL,
		         "failed to execute %s", c->ran);
	die_start(c, err);
}

static void run_program(struct nsenter *n, int fork)
{
	struct sys_sigset block = { { 0 } };
	int status;
	pid_t pid;

	n->child.mask = &n->mask_before;
	n->child.chld = &n->chld_before;
	n->child.shell = child_shell;
	n->child.why_no_fork = hint_fork;
	if ((CFG_NSENTER_FORWARD && n->forward) || (CFG_NSENTER_PTY && n->pty.want))
		memset(&block, 0xff, sizeof block);
	sig_block(&block, &n->mask_before);
	if (!fork) {
		set_up(n);
		not_started(n, child_exec(&n->child));
	}
	n->child.setup = set_up;
	n->child.context = n;
	pid = child_spawn(&n->child);
	if (pid < 0)
		not_started(n, pid);
	if (CFG_NSENTER_PTY && n->pty.want)
		status = pty_relay(n, pid);
	else if (CFG_NSENTER_FORWARD && n->forward)
		status = child_supervise(pid, 0);
	else
		status = child_relay(pid);
	if (status < 0)
		die(1, status, "waitpid failed");
	child_exit_as(status);
}

static void enter(struct nsenter *n)
{
	if (is_entered(n, NS_USER) && !n->preserve)
		sys_setgroups(0, NULL); /* inside it may be forbidden: user_namespaces(7), "deny" */
	sig_default(SIGCHLD, &n->chld_before);
	/* What we have open of outside is nobody's inside until the exec. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	target_enter(n);
	change_root(n);
	if (n->want_env)
		use_environment(n);
	if (CFG_NSENTER_CGROUP && n->want_cgroup) {
		int r = cgroup_join(&n->cgroup);

		if (r)
			die(1, r, "cannot join cgroup %s", n->cgroup.failed);
	}
	if (n->follow_uid || n->follow_gid)
		follow(n);
	if (CFG_NSENTER_PTY && n->pty.want)
		pty_open(n);
	change_dir(n);
}

static int nsenter_main(struct run *run)
{
	struct nsenter n = { .fd = { -1, -1, -1, -1, -1, -1, -1, -1 },
		             .pidfd = -1,
		             .parent = -1,
		             .socket = -1,
		             .witness = -1,
		             .root = -1,
		             .dir = -1,
		             .directory = -1 };
	int fork, any = 0;

	n.child.argv = opt_parse(&applet_nsenter, run->argv, &n);
	check(&n);
	if ((CFG_NSENTER_BRING && (n.bring || n.self)) ||
	    (CFG_NSENTER_LIKE && (n.like.want || n.like.drop)))
		bring_seal_self(run->argv);
	if (CFG_NSENTER_BRING && (n.bring || n.self)) {
		n.child.argv = bring_open(&n, n.child.argv);
		bring_hide_paths(&n, run->argv);
	}
	n.proc = proc_mount_any();
	if (n.target_text)
		target_find(&n);
	target_open(&n);
	for (int i = 0; i < NS_N; i++)
		any |= is_entered(&n, (enum ns_kind)i);
	if (!any && n.root < 0 && n.dir < 0 && !n.like.want)
		die(1, 0, "no namespace specified");
	if (is_entered(&n, NS_USER) && !n.preserve) {
		n.ids.have_uid = n.ids.have_gid = 1;
		n.ids.keep_groups = 1;
	}
	fork = (is_entered(&n, NS_PID) && !n.no_fork) || n.forward || n.kill_signal || n.pty.want;
	if (CFG_NSENTER_PLAN && n.dry_run) {
		target_narrow(&n, 0);
		target_warn(&n);
		plan_show(&n, fork);
	}
	bring_seal_open(&n, run->argv);
	if (n.kill_signal)
		n.parent = sys_pidfd_open(getpid());
	if (CFG_NSENTER_LIKE)
		like_read(&n);
	enter(&n);
	run_program(&n, fork);
	return 1;
}

//man:Without PROGRAM it runs $SHELL, else the user's shell there or /bin/sh, as a login shell.
//man:
//man:The process of a PID namespace that -t names is PID, a number here, or PID@REF: see pidbox(1).
//man:A container's ID alone, of which 12 or more digits are enough, is its first process. PID:INODE
//man:is a process whose pidfd has that inode number, which no later process of the same number has.
//man:The program that enters a PID namespace has a parent outside: inside its parent is 0.
//man:
//man:Root, working directory and environment are looked for in the target before anything is
//man:entered; PATH and SHELL are those of here unless -e takes the target's. By default signals
//man:that are sent to nsenter are not handed on, and the program outlives it: see
//man:--forward-signals and --kill-child.
//man:# A CONTAINER THAT HAS NOTHING
//man:With --bring a static program of here runs in a container without a shell, a libc or a /proc:
//man:what runs there is a copy in memory, sealed against writing, so that nobody inside finds a
//man:path to the file here or can change it. --self brings our own applets:
//man:
//man:nsenter -t PID -a --bring /bin/busybox sh
//man:
//man:nsenter -t PID -a --self ps -ef
//man:# A TERMINAL
//man:A terminal of here has no name in a container. With --pty the program has one of the
//man:container's, with the size of ours and job control; what is typed and shown passes through
//man:nsenter, which hands the signals that it is sent on to the program. At the end of a stdin that
//man:is no terminal it types ^D.
//man:# THE TARGET'S LIMITS
//man:Whoever enters a container has more rights there than its own processes. With --like-target
//man:the program has the target's capabilities, no_new_privs, seccomp filters, resource limits,
//man:oom_score_adj and cgroups. What the kernel does not let us have is left out, and one line
//man:says so: hard limits above ours and an oom_score_adj below it without CAP_SYS_RESOURCE, a
//man:cgroup that we may not join, capabilities that we lack, filters, which only root of the first
//man:user namespace can read. What cannot be taken from the program ends nsenter instead.
//man:
//man:Whoever the program runs as, it may use the capabilities that the target is permitted. Where
//man:only a change of other sets makes that possible, these are inheritable and ambient, and user
//man:0 is nobody special (SECBIT_NOROOT). They are rights over the target's user namespace, which
//man:-U enters: it is required where that is another than ours. The ids are the target's with
//man:-S follow -G follow.
//man:
//man:To read its filters the target is stopped for some microseconds, as strace(1) does it; one
//man:that does not stop within 3 seconds keeps them to itself. A filter that asks a supervisor
//man:(seccomp_unotify(2)) finds none: its system calls fail with ENOSYS.
//man:
//man:The list of --cap-drop takes capabilities from the program, or from what --like-target leaves
//man:it, for good: no exec gives them back.
//man:
//man:A program with no more rights than others there is open to them, and may be a link to nsenter
//man:itself: so with these two options nsenter runs from a copy in memory, as with --bring, and
//man:also when the program of another root has another user than root, or a user namespace in
//man:which somebody may write to the file of nsenter.
//man:
//man:nsenter -t PID -a -S follow -G follow --like-target sh
//man:# EXIT STATUS
//man:The program's; when a PID namespace was entered, death by the same signal as the program's;
//man:127 when there is no such program, 126 when it cannot be executed, 1 for every failure of
//man:its own.
