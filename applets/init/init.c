/* SPDX-License-Identifier: 0BSD */
/*
 * init: the first process of a container, in place of tini, dumb-init, catatonit and the pause
 * program. It differs from all of them in that a signal which comes at any moment after its first
 * instructions reaches the command: everything is blocked before the options are looked at, and the
 * command already runs when the first one is handed on.
 */
//config:config INIT
//config:	bool "init"
//config:	default y
//config:	help
//config:	  PID 1 of a container: starts one command, hands signals on, reaps what the command
//config:	  leaves behind, ends with the command's status. Called tini, docker-init,
//config:	  dumb-init, catatonit, podman-init or pause it stands in for these. Or PID 1 of a
//config:	  machine, with an inittab. Or both.
//config:
//config:config INIT_SYSTEM
//config:	bool "init: PID 1 of a machine"
//config:	depends on INIT
//config:	default y
//config:	help
//config:	  The inittab of busybox: sysinit, wait, once, respawn, askfirst, ctrlaltdel,
//config:	  shutdown, restart.
//config:
//config:config INIT_CONTAINER
//config:	bool "init: PID 1 of a container" if INIT_SYSTEM
//config:	depends on INIT
//config:	default y
//config:	help
//config:	  Runs a command, with all that the options say. One of the two roles must be there.
//config:
//config:config INIT_WATCHDOG
//config:	bool "init: hardware watchdog"
//config:	depends on INIT_SYSTEM
//config:	default y
//config:	help
//config:	  --watchdog: PID 1 feeds it.
//config:
//config:config INIT_FALL
//config:	bool "init: survives its own faults"
//config:	depends on INIT_SYSTEM
//config:	default y
//config:	help
//config:	  A fault of PID 1 does not end it, and with it the machine: it says so, reaps, and
//config:	  obeys the signals that end the machine.
//config:
//config:config INIT_TUNE
//config:	bool "init: times by words of the kernel"
//config:	depends on INIT_SYSTEM
//config:	default y
//config:	help
//config:	  --grace=, --backoff=, --backoff-limit= among those of the kernel's command line.
//config:
//config:config INIT_UNMOUNT
//config:	bool "init: swap off, unmount"
//config:	depends on INIT_SYSTEM
//config:	default y
//config:	help
//config:	  At the end of a machine, after its shutdown actions, which may do that themselves.
//config:
//config:config INIT_SERVICE
//config:	bool "init: services"
//config:	depends on INIT_CONTAINER
//config:	default y
//config:	help
//config:	  --inittab, --restart: several programs in one container, or one that is started
//config:	  again.
//config:
//config:config INIT_HOSTNAME
//config:	bool "init: the host name of /etc/hostname"
//config:	depends on INIT_SYSTEM
//config:	default y
//config:
//config:config INIT_PROC
//config:	bool "init: mounts /proc"
//config:	depends on INIT_SYSTEM
//config:	default y
//config:
//config:config INIT_SYS
//config:	bool "init: mounts /sys"
//config:	depends on INIT_SYSTEM
//config:	default y
//config:
//config:config INIT_DEV
//config:	bool "init: mounts /dev"
//config:	depends on INIT_SYSTEM
//config:	default y
//config:
//config:config INIT_PTS
//config:	bool "init: mounts /dev/pts"
//config:	depends on INIT_SYSTEM
//config:	default y
//config:
//config:config INIT_RUN
//config:	bool "init: mounts /run"
//config:	depends on INIT_SYSTEM
//config:	default y
//config:
//config:config INIT_STOP
//config:	bool "init: orderly end"
//config:	depends on INIT_CONTAINER
//config:	default y
//config:	help
//config:	  --grace, --kill-after, --wait-all, --pre-stop.
//config:
//config:config INIT_LOG
//config:	bool "init: log of events"
//config:	depends on INIT_CONTAINER
//config:	default y
//config:	help
//config:	  --log, and what -v says as dumb-init.
//config:
//config:config INIT_INFO
//config:	bool "init: report on a signal"
//config:	depends on INIT_CONTAINER
//config:	default y
//config:	help
//config:	  --info-signal: a report about children and zombies.
//config:
//config:config INIT_USER
//config:	bool "init: leave root"
//config:	depends on INIT_CONTAINER
//config:	default y
//config:	help
//config:	  --user, --groups, --cap-add, --cap-drop, --no-new-privs, --chdir, --umask,
//config:	  --env-file, --clear-env.
//config:
//config:config INIT_TERMINATION_LOG
//config:	bool "init: termination log"
//config:	depends on INIT_CONTAINER
//config:	default y
//config:	help
//config:	  --termination-log: why the container ended, for Kubernetes.
//alias:catatonit
//alias:docker-init
//alias:dumb-init
//alias:linuxrc
//alias:pause
//alias:podman-init
//alias:tini
//alias:tini-static
//install:/sbin

#include "applet.h"
#include "child.h"
#include "io.h"
#include "options.h"
#include "service.h"
#include "system.h"

#include <string.h>

OPT_TABLE(rows, ROWS);

extern const struct applet applet_init;

/* ---- PID 1 of a machine */

static int be_system(struct init *in, const struct run *run, int initial)
{
	if (!CFG_INIT_SYSTEM)
		die(1, 0, "the role of a machine's init, with an inittab, is not built in");
	/* Its end signals everybody. */
	if (in->self != 1)
		die(1, 0, "the init of a machine, with an inittab, is PID 1");
	in->person = NULL;
	return system_run(in, run->argv + 1, initial);
}

static int is_system(const struct init *in, const struct run *run, int command, int *initial)
{
	struct role_facts facts = { .name = run->name, .pid1 = in->self == 1, .command = command };

	for (char **word = run->argv; *word; word++)
		facts.dashes |= !strcmp(*word, "--");
	facts.initial = facts.pid1 && command < 0;
	/* The question is a reboot(2), which a filter may punish: only who may be that asks. */
	if (CFG_INIT_CONTAINER && facts.initial)
		facts.initial = role_of(&facts) == ROLE_SYSTEM;
	facts.initial = facts.initial && role_initial();
	*initial = facts.initial;
	return role_of(&facts) == ROLE_SYSTEM;
}

static int reload(void)
{
	if (kill(1, SIGHUP))
		die(1, errno, "cannot signal PID 1");
	return 0;
}

/* Without the other role options are so few that they need no parser. */
static int be_system_only(struct init *in, const struct run *run)
{
	static const char usage[] = "Usage: init [-q]\n\nPID 1 of a machine, with an inittab.\n";
	const char *word = run->argv[0] && run->argv[1] ? run->argv[1] : "";
	int command = 0, initial;

	if (!strcmp(word, "-h") || !strcmp(word, "--help"))
		/* lint: output: this line is all, and out would double what it costs */
		opt_printed((int)io_write_all(1, usage, sizeof usage - 1));
	if (in->self != 1 && !strcmp(word, "-q"))
		return reload();
	for (char **w = run->argv; *w && w[1]; w++)
		command |= *w[1] != '-';
	if (is_system(in, run, command, &initial))
		return be_system(in, run, initial);
	die(1, 0, "the role of a container's init is not built in");
}

/* ---- the first process of a container */

/* What is not inherited (prctl(2)): so the command is to be what init was. */
static void watch_parent(const struct init *in, pid_t parent)
{
	int r;

	if (!in->parent_signal)
		return;
	r = sys_control(PR_SET_PDEATHSIG, (unsigned long)in->parent_signal);
	if (r)
		die(1, r, "cannot ask for a signal at the parent's end");
	if (getppid() != parent)
		kill(in->self, in->parent_signal);
}

/* The command's status as init's own. */
static int exit_code(struct init *in)
{
	int code = child_code(in->status);

	return in->success[code / 8] >> code % 8 & 1 ? 0 : code;
}

/* -1 when it has run, or the exit status. */
static int run_command(struct init *in, char **command, const struct sys_sigset *mask,
                       const struct sys_sigaction *chld)
{
	int code = engine_start(in, command, mask, chld);

	if (code < 0) {
		if (CFG_INIT_LOG)
			log_started(in, *command);
		engine_run(in);
	}
	return code;
}

static int supervise(struct init *in, char **command, const struct run *run,
                     const struct sys_sigaction *chld)
{
	struct services services;
	int code, started;

	if (CFG_INIT_LOG)
		log_open(in);
	if (CFG_INIT_SERVICE && (in->inittab || in->restart) &&
	    service_open(&services, in, command))
		return 1;
	if (CFG_INIT_USER)
		user_prepare(in);
	if (CFG_INIT_TERMINATION_LOG)
		death_prepare(in);
	if (*command)
		term_prepare(in);
	code = CFG_INIT_SERVICE && in->services ? service_run(in->services, &run->mask, chld)
	                                        : run_command(in, command, &run->mask, chld);
	started = code < 0;
	if (started)
		code = exit_code(in);
	if (CFG_INIT_LOG)
		log_exit(in, code);
	if (CFG_INIT_TERMINATION_LOG)
		death_write(in, code);
	if (started && in->propagate && in->self != 1 && code)
		child_exit_as(in->status);
	return code;
}

static int be_container(struct init *in, const struct run *run, const struct sys_sigaction *chld)
{
	pid_t parent = getppid();
	char **command;
	int initial, services, r;

	in->person = person_find(run->name);
	options_begin(in);
	command = opt_parse(&applet_init, run->argv, in);
	services = CFG_INIT_SERVICE && (in->inittab || in->restart);
	if (!in->pause && !services && is_system(in, run, *command != NULL, &initial))
		return be_system(in, run, initial); /* the options are words for that */
	options_settle(in);
	if (CFG_INIT_SYSTEM && in->reload)
		return reload();
	watch_parent(in, parent);
	if (!in->pause && !services && !*command)
		opt_misuse(&applet_init, "no command");
	/* As PID 1 we are that anyway. Where it is forbidden orphans go to the next reaper. */
	r = in->self != 1 ? sys_control(PR_SET_CHILD_SUBREAPER, 1) : 0;
	if (r)
		warn(r, "cannot become a subreaper: orphans will not be reaped here");
	if (!in->pause || services)
		return supervise(in, command, run, chld);
	engine_pause(in);
	return 0;
}

APPLET(init, "first process of a container or a machine: runs, forwards, reaps",
       "[OPTION]... [--] COMMAND [ARGUMENT]...", rows, OPT_STOP | OPT_BLOCK, 1,
       CFG_INIT_CONTAINER ? options_take : NULL)
{
	struct sys_sigaction chld;
	struct init in = { .tty = -1, .log.fd = -1, .pre_stop_ns = 10000000000u };
	int initial;

	/* Its inherited disposition may be "ignored": then nothing could be waited for. */
	sig_default(SIGCHLD, &chld);
	die_write = io_write_now;
	in.self = getpid();
	if (is_system(&in, run, -1, &initial))
		return be_system(&in, run, initial);
	return CFG_INIT_CONTAINER ? be_container(&in, run, &chld) : be_system_only(&in, run);
}

//man:It starts COMMAND and waits for it. Signals that others send to init are handed on to the
//man:command, those of the terminal reach it anyway. Every process that becomes a child of init
//man:is reaped, as PID 1 by the kernel's rule and otherwise as a subreaper
//man:(PR_SET_CHILD_SUBREAPER(2const)). A signal that comes at any moment after init's first
//man:instructions reaches the command. Options end at the first operand.
//man:# ROLES AND NAMES
//man:Called tini, tini-static, docker-init, podman-init, dumb-init, catatonit or pause it stands
//man:in for that program: the same options, environment variables, exit codes and streams.
//man:- tini, docker-init
//man:TINI_SUBREAPER, TINI_KILL_PROCESS_GROUP (as -g), TINI_VERBOSITY.
//man:- dumb-init
//man:The command has a session of its own, and signals go to its group, unless -c is given or
//man:DUMB_INIT_SETSID=0 is set; DUMB_INIT_DEBUG=1 is -v. TSTP, TTIN and TTOU suspend. At the end
//man:what is left of the group gets TERM. Where COMMAND cannot be executed the status is 2.
//man:- catatonit, podman-init
//man:CATATONIT_DEBUG is -v. Where COMMAND cannot be executed catatonit ends with 1.
//man:- pause
//man:Needs no command: it is init -P.
//man:
//man:Called init, as PID 1 of a machine and without "--" among its words, or as PID 1 of a
//man:container without a command, and called linuxrc, it is the init of a system, below.
//man:# SIGNALS
//man:All are handed on, 1 to 64, but KILL, STOP and CHLD, with the value that was queued with
//man:them. Those that mean a fault are when somebody has sent them. A stopped command that is to
//man:end is continued. Outside of a container init stops when its command does, and continues it
//man:afterwards, as a shell expects of a job.
//man:# TERMINAL
//man:The command has a process group of its own, which gets the terminal's foreground when that
//man:is ours: at the start as PID 1, or when input and output are the terminal; in a pipeline at
//man:the moment when the command needs it. The foreground comes back at the end.
//man:# THE END
//man:Without --grace init ends with the command, as its peers do, and the kernel kills what
//man:remains in the PID namespace. With it, TERM and CONT go to all that remains, and init
//man:ends as soon as the last is gone, or after TIME, when the rest gets KILL. TERM, INT
//man:and the signal of --stop-signal are those that ask for an end: they start --pre-stop
//man:and --kill-after. A second one does not wait for the pre-stop command.
//man:# SERVICES
//man:With --inittab init runs the entries of FILE as services, and COMMAND, if there is one, as
//man:one more, the last. A line is TERMINAL:WORDS:ACTION:COMMAND LINE as of inittab(5) of
//man:busybox. First come the sysinit entries and then the wait ones, in their order, each when
//man:the one before has ended. Then all services are started: once, respawn and askfirst entries.
//man:At the end the shutdown entries run. The actions ctrlaltdel and restart mean nothing here. A
//man:file that cannot be read or has a line that is none ends init with status 1 before anything
//man:runs.
//man:
//man:Among the WORDS, which busybox ignores, with commas or blanks between them, may be
//man:- restart=no|on-failure|always
//man:Whether it is started again; if not said, once is not, respawn and askfirst always are. A
//man:sysinit or wait entry may be tried again that way, too.
//man:- max=N
//man:It is given up when it ends more than N times in a row. Who has lived for ten times --backoff
//man:begins anew. 0 is no limit.
//man:- critical
//man:When it has given up, all ends with its status. One that ended with 0 and need not be started
//man:again has done its work and not given up. A sysinit or wait entry that fails ends all if it is
//man:critical, and else nothing.
//man:- stop=SIGNAL
//man:How it is told to end, instead of by TERM (or what --stop-signal makes of it).
//man:- timeout=TIME
//man:How long it then has until KILL, more than 0 or infinity: --kill-after if not said, and
//man:10 seconds without that. For entries that are waited for it is the time that they may take
//man:at all.
//man:
//man:Of one that ends soon the first four restarts come at once, the fifth after --backoff,
//man:and each further one after twice the time, up to --backoff-limit. The options --restart
//man:and --max say the same of COMMAND, with or without --inittab. Each of its starts is like
//man:the first: in the same directory, with the same descriptors and signals, and in the
//man:foreground of the terminal if that is ours; what ^C has ended there is not started again.
//man:If it cannot be executed at the very first start, all ends.
//man:
//man:Services have a session of their own, init's input and output, directory, and environment,
//man:and no signal blocked or ignored. The option --user and its like are for COMMAND alone.
//man:- the end
//man:It comes with the first service that is not started again, with COMMAND, or when none is
//man:left, as --exit-on says (main if there is a COMMAND, else all), with a critical one, or by a
//man:stop signal. Services are told to end in reverse order, each when the one before has ended;
//man:a second stop signal does not wait for that. A stop signal during the entries that are
//man:waited for ends these.
//man:- the exit status
//man:That of the one that has ended it all. After a stop signal it is that of COMMAND,
//man:where --exit-on is main, or 128 plus the signal if that was not started yet; else that
//man:of the first service that had failed for good, or 0.
//man:- signals
//man:They go to COMMAND; where there is none, to the groups of all services. HUP reads FILE
//man:again, unless -r or --ignore say something else about it: all of it or, when anything is
//man:wrong, nothing. What stands in both, by terminal and command line, goes on as it is; what is
//man:gone is stopped; what is new is started, but no sysinit or wait entry; what was given up or
//man:had to wait has a new chance.
//man:- log
//man:Events of services: start, restart with the code it ended with, over for good, end when it is
//man:told to, with the signal, kill, reload; each with pid and command.
//man:# LOG
//man:With --log init writes a line an event, as NAME[PID] +SECONDS EVENT KEY=VALUE... or one JSON
//man:object. The seconds count from its start; JSON has the time of day besides.
//man:- start
//man:The command's pid and name.
//man:- signal, forward
//man:Its name, from whom (0: from outside of the PID namespace), si_code; what it went on as.
//man:- stop
//man:The command was stopped, by which signal.
//man:- reap
//man:Who ended: pid, comm, the code or signal, core, utime, stime, maxrss_kb, and age, all in
//man:seconds. A comm with blanks and the like is quoted as in JSON.
//man:- pre-stop, shutdown, kill, exit
//man:The pre-stop command was started; the grace begins; --kill-after is over; init's own status.
//man:- lost
//man:So many lines were, since nobody read them: init never waits for a reader.
//man:
//man:The option --log-format alone, or -v, logs to stderr. With --info-signal there is a report on
//man:stderr: children with their age, and zombies that are not init's to reap, with the parent that
//man:has to. With --termination-log a few lines about the end stand where Kubernetes shows them.
//man:# OTHER USERS
//man:The user may be given as numbers, for which no file is needed, or by names of /etc/passwd and
//man:/etc/group; HOME and USER are set. Only the command changes: init keeps the rights to signal
//man:it.
//man:# INIT OF A MACHINE
//man:As PID 1 of a machine, called init or linuxrc, its words are the kernel's: what stands
//man:behind "--" on the kernel's command line, and what the kernel does not know itself. Those of
//man:the form --backoff=TIME, --backoff-limit=TIME, --grace=TIME and --watchdog=DEVICE[:SECONDS]
//man:mean what they do as options; "single", "-s" and "1" ask for one shell on the console
//man:instead of the table; the first other word is the variable RUNLEVEL of all that is started.
//man:It then runs /etc/inittab, which is busybox's: TTY:IGNORED:ACTION:COMMAND, with comments
//man:from "#" on, wherever that stands, and lines that go on behind a backslash.
//man:- sysinit, wait, once
//man:First all sysinit, then all wait, one after the other; then once, without waiting.
//man:- respawn, askfirst
//man:Started, and started again when they end; askfirst waits for Enter before.
//man:- ctrlaltdel, shutdown, restart
//man:On INT; before the end; on QUIT, instead of init itself, when all has ended.
//man:
//man:A COMMAND with characters of the shell in it goes to /bin/sh; one that begins with "-" is a
//man:login shell's and gets TTY as its terminal. What ends five times within two seconds waits for
//man:a second, then two, and so on up to a minute: two lines tell when it begins to wait and when
//man:it runs steadily again. Without the file there are a shell on the console and on tty2 to tty4,
//man:as far as these exist, /etc/init.d/rcS before, and reboot for Ctrl-Alt-Del.
//man:
//man:Signals: USR1, PWR and RTMIN+3 halt the machine, USR2 and RTMIN+4 power it off, TERM and
//man:RTMIN+5 reboot it; INT and QUIT as above; TSTP stops starting anything again until CONT. They
//man:count when the group of actions that runs is through. HUP reads the table again: who stands in
//man:both goes on, who is gone goes on too but is not started again, who is new starts. A table
//man:that cannot be read, has a bad line or ends in the midst of one changes nothing.
//man:
//man:Where a sysinit entry cannot be run (126, 127) or no entry is usable there is a shell on the
//man:console; the table comes back by HUP.
//man:
//man:Before the first action, and only in the first PID namespace of the machine, it mounts
//man:/proc, /sys, /dev, /dev/pts and /run where such a directory is there and nothing is
//man:mounted on it, and sets the host name from /etc/hostname. At the end come the shutdown
//man:actions, TERM and CONT for all that runs, KILL for what is left after --grace (5 s), and
//man:on a machine the end of swap and mounts. In any other PID namespace reboot(2) ends that
//man:and no more (pid_namespaces(7)).
//man:
//man:PID 1 never ends by itself, which a kernel takes for a catastrophe: a fault of its own
//man:leaves it collecting zombies and obeying the signals that end the machine. Machines
//man:without an MMU are not supported: init needs fork(2).
//man:
//man:With --watchdog PID 1 feeds a hardware watchdog twice in each timeout, the device's own
//man:unless SECONDS are given, and while it waits for actions, too: the machine is reset when
//man:PID 1 hangs. A device that is missing, busy or broken is said once, and tried again. It is
//man:stopped right before the machine ends, unless its driver does not let that happen, so that
//man:an end which hangs before that is a reset as well.
//man:
//man:Not as PID 1, init -q has PID 1 read its table again, by HUP.
//man:# EXIT STATUS
//man:The command's own; 128 plus the signal that ended it; 127 when there is no such command, 126
//man:when it cannot be executed, 1 for wrong use or when no process could be made.
//man:# EXAMPLES
//man:$ init -- sleep 0.01
//man:$ init --grace=5s -- sh -c 'sleep 0.01 & exit 0'
//man:$ init -e 143 -- sh -c 'kill -TERM $$'
//man:$ init --restart=on-failure --max=3 -- true
//man:$ init --kill-after=10s -r HUP:USR1 -- sleep 0.01
