/* SPDX-License-Identifier: 0BSD */
/*
 * The orderly end: actions, TERM, KILL, and on a machine swap and file systems; then reboot(2),
 * which in a PID namespace ends that (pid_namespaces(7)). There the file systems are somebody
 * else's, and a remount would make them read-only for him, too.
 */
#include "system.h"
#include "child.h"
#include "die.h"
#include "io.h"
#include "mount.h"
#include "proc.h"
#include "str.h"

#include <string.h>
#include <sys/reboot.h>
#include <sys/swap.h>
#include <termios.h>
#include <time.h>

#define SECOND 1000000000ull

/* A server that does not answer holds umount(2) and sync(2) for ever. */
#define ANSWER_NS (120 * SECOND)

static const struct way {
	char name[9];
	int command;
} ways[] = {
	{ "restart", RB_ENABLE_CAD }, /* as the kernel leaves it to an init */
	{ "halt", RB_HALT_SYSTEM },
	{ "poweroff", RB_POWER_OFF },
	{ "reboot", RB_AUTOBOOT },
};

/* Until `until`, or without an end. In a copy of init, since PID 1 has to go on reaping, and since
 * the kernel ends who calls reboot(2): as PID 1 that would be a panic. */
static void in_copy(struct system *s, int (*run)(void *), void *context, uint64_t until)
{
	pid_t pid = child_copy(run, context);

	s->in->child = pid > 0 ? pid : 0;
	if (pid < 0) /* no room for another process: the last resort */
		run(context);
	while (s->in->child && (!until || sys_clock(CLOCK_MONOTONIC) < until))
		system_step(s, until);
}

/* ---- what a machine holds on to */

static void swap_off(const struct str *list)
{
	char *line = list->len ? strchr(list->p, '\n') : NULL, *next;

	for (; line && line[1]; line = next) {
		next = strchr(++line, '\n');
		mount_path(line);
		if (swapoff(line))
			warn(errno, "cannot turn off swap on %s", line);
	}
}

static void stays(const char *point, int err)
{
	warn(err, "cannot unmount %s, nor make it read-only", point);
}

static void unmount(void)
{
	struct str swaps = { 0 }, mounts = { 0 };
	int proc = proc_mount_any(), r = proc;

	if (proc >= 0) { /* which is unmounted, too: all is read before */
		if (io_append_at(proc, "swaps", &swaps, 65536) > 0 && str_add(&swaps, "", 1))
			swaps.len = 0;
		r = mount_read(proc, 0, &mounts);
		close(proc);
	}
	swap_off(&swaps);
	if (!r)
		r = mount_off(&mounts, stays);
	if (!r)
		return;
	warn(r, "cannot tell what is mounted");
	r = mount_read_only("/");
	if (r)
		stays("/", r);
}

static int let_go(void *unused)
{
	(void)unused;
	if (CFG_INIT_UNMOUNT)
		unmount();
	sync();
	return 0;
}

/* ---- the end */

struct call {
	const struct way *way;
	int initial;
};

/* Where it works it does not come back. */
static int call_reboot(void *context)
{
	const struct call *c = context;
	int err = reboot(c->way->command) ? errno : 0;

	if (c->initial)
		warn(err, "cannot %s", c->way->name);
	return 0;
}

/* Returns when the kernel has refused: then who is at the console may try something else. */
static void end(struct system *s, const struct way *way)
{
	struct call c = { way, s->initial };

	if (s->initial)
		in_copy(s, let_go, NULL, sys_clock(CLOCK_MONOTONIC) + ANSWER_NS);
	if (CFG_INIT_WATCHDOG)
		watchdog_stop(s);
	in_copy(s, call_reboot, &c, 0);
	if (s->initial)
		return;
	/* In a container without the right to it this is the way. Where somebody is left the kernel
	 * would wait for him, too, or it is a machine after all, with its kernel's threads. */
	while (!kill(-1, 0))
		system_step(s, sys_clock(CLOCK_MONOTONIC) + SECOND);
	sys_exit(0); /* lint: exits: ended is what init is to be here */
}

/* Becomes what the entry says. Returns when that failed, and is init as before. */
static void restart(struct system *s, const struct way *way)
{
	size_t n;
	struct entry *e = table_entries(&s->table, &n);

	for (; n && !(e->line.action & INITTAB_RESTART); n--)
		e++;
	if (s->initial)
		reboot(way->command);
	if (CFG_INIT_WATCHDOG)
		watchdog_stop(s);
	if (n)
		action_exec(s, e);
	sig_block_all(NULL);
	if (CFG_INIT_FALL)
		fall_prepare();
	if (s->initial)
		reboot(RB_DISABLE_CAD);
	warn(0, "this init goes on");
}

/* Interactive shells ignore TERM and would use up the grace. What init gave a terminal to is told
 * that it goes; daemons, for which that signal means something else, are not. */
static void hang_up(const struct system *s)
{
	size_t n;
	const struct entry *e = table_entries(&s->table, &n);

	for (; n; e++, n--)
		if (e->pid &&
		    (*e->line.command == '-' || *e->line.tty || e->line.action == INITTAB_ASKFIRST))
			kill(-e->pid, SIGHUP);
}

static const struct way *way_of(unsigned what)
{
	return &ways[(what >= REQUEST_HALT) + (what >= REQUEST_POWEROFF) +
	             (what >= REQUEST_REBOOT)];
}

/* Another init would know nothing of what was asked of this one meanwhile: the end that a signal
 * has asked for, or that still waits. 0 for none. */
static unsigned asked_meanwhile(struct system *s)
{
	unsigned ends;

	for (int i = 0; i < 64; i++)
		system_step(s, 1);
	ends = s->requests & (REQUEST_HALT | REQUEST_POWEROFF | REQUEST_REBOOT);
	return ends & -ends;
}

void down(struct system *s, enum request what)
{
	const struct way *way = way_of(what);
	unsigned instead = 0;

	/* Who writes to a console that ^S has stopped would stop the end. TCOON alone starts none
	 * that TCOOFF has not stopped, too (tcflow(3)). */
	tcflow(0, TCOOFF);
	tcflow(0, TCOON);
	system_group(s, INITTAB_SHUTDOWN);
	warn(0, "the system is going down: %s", way->name);
	s->in->machine = s->initial;
	hang_up(s);
	stop_rest(s->in);
	if (what == REQUEST_RESTART && !(instead = asked_meanwhile(s)))
		restart(s, way);
	else
		end(s, instead ? way_of(instead) : way);
}
