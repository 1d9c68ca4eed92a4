/* SPDX-License-Identifier: 0BSD */
/*
 * The end: what happens before a stop signal is handed on, how long the command has then, and what
 * becomes of the processes that outlive it. Every moment is of CLOCK_MONOTONIC.
 */
#include "init.h"
#include "child.h"
#include "command.h"
#include "die.h"
#include "proc.h"
#include "str.h"

#include <string.h>
#include <sys/wait.h>
#include <time.h>

/* 0 is no limit either, as for timeout(1). */
static uint64_t from_now(uint64_t ns)
{
	return ns == STR_FOREVER || !ns ? 0 : sys_clock(CLOCK_MONOTONIC) + ns;
}

static int is_over(uint64_t moment)
{
	return moment && sys_clock(CLOCK_MONOTONIC) >= moment;
}

/* ---- before the command gets the signal */

static int run_pre_stop(struct init *in)
{
	static const struct sys_sigset none;
	struct command command;
	struct child c = { .argv = command_words(&command, in->pre_stop, ""), .mask = &none };
	pid_t pid = c.argv ? child_spawn(&c) : -EINVAL;

	if (CFG_INIT_LOG)
		log_event(in, "pre-stop", pid > 0 ? "pid" : "errno", pid > 0 ? pid : -pid);
	if (pid <= 0) {
		warn(pid, "cannot run %s", in->pre_stop);
		return 0;
	}
	in->pre_stop_child = pid;
	in->pre_stop_until = from_now(in->pre_stop_ns);
	return 1;
}

/* Hands a stop signal on; from then on the command has --kill-after. */
static void hand_on(struct init *in, siginfo_t *info)
{
	if (in->kill_after_ns && !in->kill_at && !in->services) /* theirs begin one by one */
		in->kill_at = from_now(in->kill_after_ns);
	engine_forward(in, in->map[info->si_signo], info);
}

int stop_asked(struct init *in, siginfo_t *info)
{
	if (!in->child && !in->services)
		return 0;
	in->held.si_signo = 0; /* a second one does not wait, and the first goes with it */
	if (in->pre_stop && !in->pre_stop_done) {
		in->pre_stop_done = 1;
		in->held = *info;
		if (run_pre_stop(in))
			return 1;
	}
	hand_on(in, info);
	return 1;
}

/* The pre-stop command is over: now the signal goes on. */
static void release(struct init *in)
{
	in->pre_stop_until = 0;
	in->pre_stop_child = 0;
	if (in->held.si_signo)
		hand_on(in, &in->held);
	in->held.si_signo = 0;
}

void stop_ended(struct init *in, const struct reap_end *end)
{
	if (end->pid == in->pre_stop_child)
		release(in);
	if (!in->child)
		in->kill_at = 0;
	if (in->killing && WIFSIGNALED(end->status) && WTERMSIG(end->status) == SIGKILL)
		in->killed++;
}

/* ---- time limits */

uint64_t stop_deadline(const struct init *in)
{
	const uint64_t moments[] = { in->kill_at, in->pre_stop_until, in->grace_until };
	uint64_t next = 0;

	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
		if (moments[i] && (!next || moments[i] < next))
			next = moments[i];
	return next;
}

void stop_tick(struct init *in)
{
	if (is_over(in->pre_stop_until)) {
		pid_t pid = in->pre_stop_child;

		release(in);
		kill(pid, SIGKILL);
	}
	if (is_over(in->kill_at)) {
		in->kill_at = 0;
		in->death.killed = 1;
		if (CFG_INIT_LOG)
			log_event(in, "kill", "pid", in->child);
		if (in->child && in->own_group)
			kill(-in->child, SIGKILL);
		if (in->child) /* which may have left that group */
			kill(in->child, SIGKILL);
	}
}

/* ---- after the command's end */

/* Whether a process is below us, by climbing to the init that has lost us on the way. */
static int is_below(int proc, pid_t self, struct proc *p)
{
	for (int depth = 0; depth < 4096 && p->ppid > 1; depth++) {
		if (p->ppid == self)
			return 1;
		if (proc_get_stat(proc, p->ppid, p))
			return 0;
	}
	return 0;
}

/* As PID 1 all others are the rest, and the kernel knows them, those too that somebody has brought
 * in by setns(2). As a subreaper our descendants are. */
void stop_signal_rest(struct init *in, int sig)
{
	struct proc_walk w;
	struct proc p;
	pid_t pid;
	int proc;

	if (!CFG_INIT_CONTAINER || in->self == 1) {
		kill(-1, sig);
		return;
	}
	proc = proc_mount_own();
	if (proc < 0 || proc_open(&w, proc, 0)) {
		if (proc >= 0)
			close(proc);
		return;
	}
	while ((pid = proc_next_pid(&w)) > 0)
		if (!proc_get_stat(proc, pid, &p) && is_below(proc, in->self, &p))
			kill(pid, sig);
	proc_close(&w);
	close(proc);
}

/* Whether nobody is left. Who was brought in from outside is no child of ours. On a machine there
 * is no outside, but kill(2) counts the kernel's threads. */
static int is_alone(struct init *in)
{
	if (in->reap.due)
		return 0;
	reap_sweep(&in->reap);
	return in->reap.none && (in->self != 1 || in->machine || kill(-1, 0));
}

/* KILL until the last is gone; whose parent is outside of the namespace is collected there. */
static void kill_rest(struct init *in)
{
	in->killing = 1;
	in->grace_until = from_now(1000000000);
	while (!is_alone(in) && !is_over(in->grace_until)) {
		siginfo_t info;

		stop_signal_rest(in, SIGKILL);
		reap_wait(&in->reap, sys_clock(CLOCK_MONOTONIC) + 10000000, &info);
	}
}

/* How often to look for those whose end nobody tells us of. */
#define LOOK_NS 100000000u

/* An init of a machine has no command that signals would go on to. */
static void step(struct init *in, uint64_t until)
{
	siginfo_t info;

	if (CFG_INIT_CONTAINER && in->person) {
		in->grace_until = until;
		engine_step(in);
	} else {
		reap_wait(&in->reap, until, &info);
	}
}

/* Until `until`, or without an end: then a stop signal ends it where there is a grace. */
static void wait_for_rest(struct init *in, uint64_t until)
{
	while (!is_alone(in) && !is_over(until)) {
		uint64_t look = in->reap.none ? from_now(LOOK_NS) : 0;

		if (!until && in->stop.sig && in->grace_ns)
			return;
		step(in, look && (!until || look < until) ? look : until);
	}
}

/* What --wait-all and --pre-stop have to do with it. */
static void wait_for_all(struct init *in)
{
	in->held.si_signo = 0;
	if (in->pre_stop_child) /* whom it should prepare for the end is gone */
		kill(in->pre_stop_child, SIGKILL);
	if (!in->wait_all)
		return;
	reap_sweep(&in->reap);
	if (in->stop.sig)
		stop_signal_rest(in, in->map[in->stop.sig]);
	wait_for_rest(in, 0);
	if (!strcmp(in->wait_all, "last"))
		in->status = in->last_status;
}

void stop_rest(struct init *in)
{
	if (CFG_INIT_CONTAINER)
		wait_for_all(in);
	if (!in->grace_ns)
		return;
	reap_sweep(&in->reap); /* what is due: where nobody is left nobody is to be told */
	if (is_alone(in))
		return;
	if (CFG_INIT_LOG)
		log_event(in, "shutdown", NULL, 0);
	stop_signal_rest(in, SIGTERM);
	stop_signal_rest(in, SIGCONT);
	wait_for_rest(in, from_now(in->grace_ns));
	if (!is_alone(in))
		kill_rest(in);
}
