/* SPDX-License-Identifier: 0BSD */
/*
 * unshare: runs a program in new namespaces, with the options, messages and exit codes of
 * util-linux. It differs in that --kill-child survives (it is set last), that death by a signal is
 * told also as PID 1 (128 + signal), that a relative -w never leads out of -R, that -m works in a
 * chroot, that every signal is forwarded, and in the options that are marked OPT_OWN.
 */
//config:config UNSHARE
//config:	bool "unshare"
//config:	default y
//config:	help
//config:	  Runs a program in new namespaces.
//config:
//config:config UNSHARE_INIT
//config:	bool "unshare --init, --forward-signals"
//config:	depends on UNSHARE
//config:	default y
//config:	help
//config:	  An init of ours as PID 1 of the new PID namespace, which reaps and hands signals
//config:	  on; or unshare itself hands them on.
//config:
//config:config UNSHARE_IDMAP
//config:	bool "unshare --map-users, --map-groups"
//config:	depends on UNSHARE
//config:	default y
//config:	help
//config:	  Ranges of ids in a new user namespace, not only one; the subordinate ids of
//config:	  /etc/subuid and /etc/subgid.
//config:
//config:config UNSHARE_KEEP
//config:	bool "unshare --net=FILE and so on"
//config:	depends on UNSHARE
//config:	default y
//config:	help
//config:	  Namespaces bound to files, so that they outlive their processes.
//config:
//config:config UNSHARE_DEV
//config:	bool "unshare --dev"
//config:	depends on UNSHARE
//config:	default y
//config:	help
//config:	  A minimal /dev in the new mount namespace.
//config:
//config:config UNSHARE_BINFMT
//config:	bool "unshare --mount-binfmt, --load-interp"
//config:	depends on UNSHARE
//config:	default y
//config:	help
//config:	  Interpreters for foreign programs in a user namespace of their own.
//install:/usr/bin

#include "unshare.h"
#include "cred.h"
#include "hint.h"
#include "proc.h"
#include "str.h"

#include <string.h>
#include <time.h>

extern char **environ;

/* Values of options; below are the kinds of namespaces, above map.c's. */
enum {
	U_KILL = NS_N,
	U_INIT,
	U_FORWARD,
	U_SETUID,
	U_SETGID,
	U_PROC,
	U_BINFMT,
	U_INTERP,
	U_PIVOT,
	U_DEV,
	U_BOOTTIME,
	U_MONOTONIC,
	U_KEEP_ENV,
	U_HOSTNAME
};
_Static_assert((int)U_HOSTNAME < (int)MAP_ROOT, "the values are told apart");

#define PROC "/proc" /* lint: procfs: a mount point, not a file in it */

#define OPTS struct unshare

#define ROWS(OPT, OPT_) \
	OPT_('m', "mount", "[=FILE]", OPT_CALL, NS_MNT, "new mount namespace; FILE keeps it") \
	OPT_('u', "uts", "[=FILE]", OPT_CALL, NS_UTS, "new UTS (host name) namespace") \
	OPT_('i', "ipc", "[=FILE]", OPT_CALL, NS_IPC, "new IPC namespace") \
	OPT_('n', "net", "[=FILE]", OPT_CALL, NS_NET, "new network namespace") \
	OPT_('p', "pid", "[=FILE]", OPT_CALL, NS_PID, "new PID namespace, for the children") \
	OPT_('U', "user", "[=FILE]", OPT_CALL, NS_USER, "new user namespace") \
	OPT_('C', "cgroup", "[=FILE]", OPT_CALL, NS_CGROUP, "new cgroup namespace") \
	OPT_('T', "time", "[=FILE]", OPT_CALL, NS_TIME, "new time namespace") \
	OPT('f', "fork", "", OPT_SET, fork, 1, "start the program as a child process") \
	IF_UNSHARE_INIT(OPT_(0, "init", "[=SECONDS]", OPT_CALL | OPT_OWN, U_INIT, \
	                     "an init of ours starts the program, hands signals on to it and " \
	                     "reaps (implies -f -p); SECONDS (5) for the rest to end after it")) \
	OPT_(0, "kill-child", "[=SIGNAL]", OPT_CALL, U_KILL, \
	     "the child gets SIGNAL (KILL) when unshare ends (implies -f)") \
	IF_UNSHARE_INIT(OPT_(0, "forward-signals", "", OPT_CALL | OPT_OWN, U_FORWARD, \
	                     "hand the signals that unshare is sent on to the program (implies " \
	                     "-f)")) \
	OPT_(0, "mount-proc", "[=DIR]", OPT_CALL, U_PROC, \
	     "mount proc on DIR (/proc) in the new mount namespace (implies -m)") \
	IF_UNSHARE_BINFMT( \
		OPT_(0, "mount-binfmt", "[=DIR]", OPT_CALL | OPT_OWN, U_BINFMT, \
	             "mount binfmt_misc on DIR, else below a new /proc (implies -m -U)")) \
	IF_UNSHARE_BINFMT(OPT_('l', "load-interp", "STRING", OPT_CALL, U_INTERP, \
	                       "register a program for foreign ones in binfmt_misc (implies " \
	                       "--mount-binfmt)")) \
	IF_UNSHARE_DEV(OPT_(0, "dev", "", OPT_CALL | OPT_OWN, U_DEV, \
	                    "a minimal /dev of one's own (implies -m)")) \
	OPT(0, "propagation", "slave|shared|private|unchanged", OPT_TEXT, propagation, 0, \
	    "propagation of mounts in the new mount namespace (private)") \
	OPT('R', "root", "DIR", OPT_TEXT, root, 0, "change the root directory") \
	OPT_(0, "pivot-root", "", OPT_CALL | OPT_OWN, U_PIVOT, \
	     "with -R: leave nothing of the old root, by pivot_root(2) (implies -m)") \
	OPT('w', "wd", "DIR", OPT_TEXT, dir, 0, "change the working directory") \
	OPT_('S', "setuid", "UID", OPT_CALL, U_SETUID, "set the user id of the program") \
	OPT_('G', "setgid", "GID", OPT_CALL, U_SETGID, "set the group id, drop the other groups") \
	OPT_('r', "map-root-user", "", OPT_CALL, MAP_ROOT, \
	     "map the current user to root (implies -U)") \
	OPT_('c', "map-current-user", "", OPT_CALL, MAP_CURRENT, \
	     "map the current user to itself (implies -U)") \
	OPT_(0, "map-user", "UID|NAME", OPT_CALL, MAP_USER, \
	     "map the current user to UID (implies -U)") \
	OPT_(0, "map-group", "GID|NAME", OPT_CALL, MAP_GROUP, \
	     "map the current group to GID (implies -U)") \
	IF_UNSHARE_IDMAP(OPT_(0, "map-users", "INNER:OUTER:COUNT|auto|subids|all", OPT_CALL, \
	                      MAP_USERS, \
	                      "map a range of users, the subordinate ones of /etc/subuid from 0 " \
	                      "on or to themselves, or all (implies -U; repeatable)")) \
	IF_UNSHARE_IDMAP(OPT_(0, "map-groups", "INNER:OUTER:COUNT|auto|subids|all", OPT_CALL, \
	                      MAP_GROUPS, "the same for groups, by /etc/subgid")) \
	IF_UNSHARE_IDMAP(OPT_(0, "map-auto", "", OPT_CALL, MAP_AUTO, \
	                      "the same as --map-users=auto --map-groups=auto")) \
	IF_UNSHARE_IDMAP(OPT_(0, "map-subids", "", OPT_CALL | OPT_OWN, MAP_SUBIDS, \
	                      "the same as --map-users=subids --map-groups=subids")) \
	IF_UNSHARE_IDMAP(OPT_(0, "owner", "UID:GID", OPT_CALL, MAP_OWNER, \
	                      "whom the new user namespace belongs to (implies -U)")) \
	OPT_(0, "setgroups", "allow|deny", OPT_CALL, MAP_SETGROUPS, \
	     "whether the new user namespace may call setgroups(2)") \
	OPT(0, "keep-caps", "", OPT_SET, keep_caps, 1, \
	    "with -U: the program keeps the capabilities in it") \
	OPT_(0, "monotonic", "SECONDS", OPT_CALL, U_MONOTONIC, \
	     "offset of CLOCK_MONOTONIC in the new time namespace") \
	OPT_(0, "boottime", "SECONDS", OPT_CALL, U_BOOTTIME, \
	     "offset of CLOCK_BOOTTIME in the new time namespace") \
	OPT(0, "loopback", "", OPT_SET | OPT_OWN, loopback, 1, \
	    "with -n: the loopback device is up") \
	OPT_(0, "hostname", "NAME", OPT_CALL | OPT_OWN, U_HOSTNAME, "the host name (implies -u)") \
	OPT(0, "clear-env", "", OPT_SET | OPT_OWN, clear_env, 1, "an empty environment") \
	OPT_(0, "whitelist-env", "NAME[,NAME]...", OPT_CALL | OPT_OWN, U_KEEP_ENV, \
	     "an environment of these variables only (repeatable)") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

static void on_kind(struct unshare *u, int kind, const char *file)
{
	u->mask |= 1u << kind;
	if (file && !CFG_UNSHARE_KEEP)
		die(1, 0, "FILEs that keep namespaces are not built in: %s", file);
	if (file) {
		u->keep[kind] = file;
		u->keeps = 1;
	}
}

/* For the child, which allocates nothing. */
static void on_names(struct unshare *u, const char *list)
{
	u->clear_env = 1;
	for (; *list; list += *list == ',') {
		size_t len = strcspn(list, ",");

		if (str_add(&u->keep_env, list, len) || str_add(&u->keep_env, "", 1))
			die(1, ENOMEM, "--whitelist-env");
		list += len;
	}
}

static void on_mount(struct unshare *u, int value, const char *arg)
{
	u->mask |= 1u << NS_MNT;
	switch (value) {
	case U_PROC:
		u->mount_proc = arg ? arg : PROC;
		break;
	case U_INTERP:
		u->interp = arg;
		arg = NULL;
		/* fall through */
	case U_BINFMT:
		u->mask |= 1u << NS_USER;
		if (arg || !u->binfmt)
			u->binfmt = arg ? arg : "";
		break;
	case U_PIVOT:
		u->pivot = 1;
		break;
	case U_DEV:
		u->dev = 1;
		break;
	}
}

static void on_program(struct unshare *u, int value, const char *arg)
{
	switch (value) {
	case U_KILL:
		u->fork = 1;
		u->kill_signal = arg ? sig_parse(arg) : SIGKILL;
		if (u->kill_signal <= 0)
			die(1, 0, "unknown signal: %s", arg);
		break;
	case U_INIT:
		u->fork = u->init = 1;
		u->mask |= 1u << NS_PID;
		u->grace_ns = 5000000000u;
		if (arg && str_duration(arg, &u->grace_ns))
			die(1, 0, "failed to parse the time of --init: '%s'", arg);
		break;
	case U_FORWARD:
		u->fork = u->forward = 1;
		break;
	case U_SETUID:
		u->ids.have_uid = 1;
		u->ids.uid = opt_id(arg, "uid");
		break;
	case U_SETGID:
		u->ids.have_gid = 1;
		u->ids.gid = opt_id(arg, "gid");
		break;
	}
}

static void on_option(void *to, int value, const char *arg)
{
	struct unshare *u = to;

	if (value < NS_N)
		on_kind(u, value, arg);
	else if (value >= MAP_ROOT)
		map_option(u, value, arg);
	else if (value <= U_SETGID)
		on_program(u, value, arg);
	else if (value <= U_DEV)
		on_mount(u, value, arg);
	else if (value == U_BOOTTIME)
		fresh_offset(u->boottime, arg, CLOCK_BOOTTIME);
	else if (value == U_MONOTONIC)
		fresh_offset(u->monotonic, arg, CLOCK_MONOTONIC);
	else if (value == U_KEEP_ENV)
		on_names(u, arg);
	if (value == U_HOSTNAME) {
		u->mask |= 1u << NS_UTS;
		u->hostname = arg;
	}
}

/* ---- inside */

static void set_ids(struct unshare *u)
{
	const char *call;
	int r;

	u->ids.keep_groups = u->map.have_gid; /* they were dropped before the map */
	r = child_set_ids(&u->ids, &call);
	if (r)
		die_hint(1, r, cred_hint(call, r), "%s failed", call);
	r = u->keep_caps && u->mask & 1u << NS_USER ? cred_keep_caps() : 0;
	if (r)
		die(1, r, "cannot keep the capabilities");
}

int unshare_has_ended(const struct unshare *u)
{
	return child_has_ended(u->parent);
}

static int is_kept(const struct str *names, const char *entry)
{
	size_t len = strcspn(entry, "=");

	for (size_t i = 0; i < names->len; i += strlen(names->p + i) + 1)
		if (strlen(names->p + i) == len && !memcmp(names->p + i, entry, len))
			return 1;
	return 0;
}

static void clear_environment(const struct unshare *u)
{
	char **to = environ;

	for (char **from = environ; *from; from++)
		if (is_kept(&u->keep_env, *from))
			*to++ = *from;
	*to = NULL;
}

/* All that is done in the new namespaces; runs in the child when there is one. */
static int set_up(void *context)
{
	struct unshare *u = context;
	int r;

	if (CFG_UNSHARE_KEEP)
		keep_bind(u);
	fresh_names(u);
	root_set_up(u);
	set_ids(u);
	r = u->kill_signal ? child_die_with(u->parent, u->kill_signal) : 0;
	if (r)
		die(1, r, "cannot set the parent death signal");
	if (u->clear_env)
		clear_environment(u);
	/* What is executed may be a link to /proc/self/fd, to the old root (CVE-2024-21626). */
	if (u->proc >= 0)
		close(u->proc);
	return 0;
}

/* ---- the ways to run it */

static void run_here(struct unshare *u)
{
	set_up(u);
	if (CFG_UNSHARE_KEEP)
		keep_end(u);
	die_start(&u->child, child_exec(&u->child));
}

/* INT and TERM are blocked here, not ignored, so that the program inherits what we had. */
static int run_child(struct unshare *u)
{
	int dumpable = (u->ids.have_uid || u->ids.have_gid) && prctl(PR_GET_DUMPABLE) == 1;
	struct sys_sigset block = { { 0 } };
	pid_t pid;

	sig_add(&block, SIGINT);
	sig_add(&block, SIGTERM);
	if (CFG_UNSHARE_INIT && u->forward)
		memset(&block, 0xff, sizeof block);
	sig_block(&block, &u->mask_before);
	u->child.setup = set_up;
	u->child.context = u;
	pid = child_spawn(&u->child);
	/* By new ids in the memory that was ours, too, it has taken our files in /proc from our
	 * user: who enters by our number needs them (PR_SET_DUMPABLE(2const)). */
	if (dumpable)
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	if (CFG_UNSHARE_KEEP)
		keep_end(u);
	if (pid < 0)
		die_start(&u->child, pid);
	return CFG_UNSHARE_INIT && u->forward ? child_supervise(pid, u->mask >> NS_PID & 1)
	                                      : child_relay(pid);
}

/* PID 1 of the new namespace: sets things up, starts the program and supervises it. */
static int be_init(void *context)
{
	struct unshare *u = context;
	int status;
	pid_t pid;

	set_up(u);
	pid = child_spawn(&u->child);
	if (pid < 0)
		die_start(&u->child, pid);
	status = child_supervise(pid, 0);
	child_end_rest(u->grace_ns);
	return child_code(status);
}

/* The init is a copy of ourselves; we hand on to it what we are sent, to the same end. */
static int run_init(struct unshare *u)
{
	pid_t pid;

	sig_block_all(&u->mask_before);
	pid = child_copy(be_init, u);
	if (pid < 0)
		die_hint(1, pid, hint_fork(u->proc, pid), "fork failed");
	if (CFG_UNSHARE_KEEP)
		keep_end(u);
	return child_supervise(pid, 1);
}

static void enter_new(struct unshare *u)
{
	char why[HINT_TEXT];
	int r;

	if (CFG_UNSHARE_KEEP)
		keep_prepare(u);
	map_prepare(u);
	r = ns_new(u->mask);
	if (r)
		die_hint(1, r,
		         hint_unshare(u->proc < 0 ? proc_mount(NULL) : u->proc, u->mask, r, why),
		         "unshare failed");
	map_write(u);
	fresh_clocks(u);
}

static void check(struct unshare *u)
{
	if (u->binfmt && !*u->binfmt && !u->mount_proc)
		u->mount_proc = PROC; /* there it is */
	root_propagation(u->propagation);
	if ((*u->boottime || *u->monotonic) && !(u->mask & 1u << NS_TIME))
		die(1, 0,
		    "options --monotonic and --boottime require unsharing of a time namespace "
		    "(-T)");
	if (u->loopback && !(u->mask & 1u << NS_NET))
		die(1, 0, "option --loopback requires unsharing of a network namespace (-n)");
	if (u->pivot && !u->root)
		die(1, 0, "option --pivot-root requires a new root (-R)");
	if (u->pivot && strcmp(u->propagation, "private") && strcmp(u->propagation, "slave"))
		die(1, 0, "option --pivot-root requires --propagation private or slave");
}

/* The one of outside: inside it may be out of reach. */
static int needs_proc(const struct unshare *u)
{
	return u->mask & (1u << NS_USER | 1u << NS_TIME) || u->keeps || u->map.setgroups ||
	       u->mount_proc;
}

APPLET(unshare, "run a program in new namespaces", "[OPTION]... [PROGRAM [ARGUMENT]...]", rows,
       OPT_STOP, 1, on_option)
{
	struct unshare u = { .propagation = "private", .parent = -1 };
	int status;

	u.map.euid = geteuid();
	u.map.egid = getegid();
	u.child.argv = opt_parse(&applet_unshare, run->argv, &u);
	u.child.mask = &u.mask_before;
	u.child.chld = &u.chld_before;
	u.child.shell = child_shell;
	u.child.why_no_fork = hint_fork;
	check(&u);
	u.proc = needs_proc(&u) ? proc_mount_any() : -ENOENT;
	sig_block(&(const struct sys_sigset){ { 0 } }, &u.mask_before);
	sig_default(SIGCHLD, &u.chld_before);
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

//man:Without PROGRAM it runs $SHELL, else the user's shell or /bin/sh, as a login shell.
//man:
//man:A new PID namespace (-p) holds the children of the process, not the process itself: with -f
//man:the program is its first process and number 1. Such a PID 1 gets no signal that it has no
//man:handler for, except KILL and STOP from outside, and whoever is orphaned becomes its child: a
//man:program that was not written for that neither stops nor reaps. --init puts an init in front
//man:of it.
//man:
//man:The default is util-linux's: unshare itself ignores INT and TERM while the program runs, and
//man:dies of the others. --forward-signals hands on all that is sent to it; what a terminal sends
//man:has reached the program already. A program that is PID 1 and has no handler yet does not get
//man:it all the same, but behind --init it does.
//man:
//man:Ranges of ids need root, or newuidmap(1), newgidmap(1) and a line of subuid(5) and subgid(5).
//man:
//man:A namespace ends with its last process, unless a FILE keeps it, which must exist: nsenter(1)
//man:finds the namespace there until umount(8) takes it off.
//man:# ROOT DIRECTORIES
//man:With -R it is a chroot(2): whoever is root in it can leave it, and no user namespace can be
//man:made there. With --pivot-root both end, since nothing of the old root is left. --dev mounts a
//man:tmpfs on /dev with null, zero, full, random, urandom, tty, a devpts of its own, ptmx, shm,
//man:and the links fd, stdin, stdout and stderr; where nobody may make device files they are those
//man:of outside.
//man:
//man:unshare -R DIR --pivot-root --dev --init --mount-proc -r PROGRAM
//man:# EXIT STATUS
//man:The program's; with -f, death by the same signal as the program's, or 128 plus the signal
//man:where unshare is itself PID 1; 127 when there is no such program, 126 when it cannot be
//man:executed, 1 for every failure of its own.
//man:# EXAMPLES
//man:$ unshare -U -r true
//man:$ unshare -r -f -p --mount-proc ps -ef
