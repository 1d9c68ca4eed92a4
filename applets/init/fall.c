/* SPDX-License-Identifier: 0BSD */
/*
 * What is left when PID 1 itself has a fault. The kernel would panic at its end, and all that runs
 * would end with it. So it does not end: services and logins go on, orphans are reaped, and the
 * signals that ask for the end of the machine are obeyed, in the crudest way.
 *
 * It does not execute itself anew. An exec that fails half-way ends PID 1, and it fails where a
 * fault comes from: a disk that cannot be read, memory that is short or bad. And the new one would
 * know nothing of what runs, so that it would start all of that a second time. A watchdog, which
 * nobody feeds any more, resets the machine that has fallen; that is what it is for.
 *
 * Nothing is trusted here but system calls.
 */
#include "system.h"
#include "child.h"
#include "die.h"

#include <string.h>
#include <sys/reboot.h>
#include <sys/wait.h>

#define LOOK_NS 20000000u
#define LOOKS 100 /* two seconds */

static const unsigned char faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS };

/* Ctrl-Alt-Del, too: there is no action any more that it could ask for. */
static int command_of(int sig)
{
	switch (sig) {
	case SIGINT:
	case SIGTERM:
	case SIG_RTMIN + 5:
		return RB_AUTOBOOT;
	case SIGUSR2:
	case SIG_RTMIN + 4:
		return RB_POWER_OFF;
	case SIGUSR1:
	case SIGPWR:
	case SIG_RTMIN + 3:
		return RB_HALT_SYSTEM;
	default:
		return 0;
	}
}

/* ---- the end */

static int in_copy(void *context)
{
	const int *command = context;

	return reboot(*command) != 0;
}

static void sleep_a_moment(uint64_t ns)
{
	static const struct sys_sigset none;

	sys_sigwait(&none, NULL, ns);
}

/* Until no child is left, but not for long. */
static void wait_for_all(int blind)
{
	for (int i = 0; i < LOOKS && (blind || waitpid(-1, NULL, WNOHANG | __WALL) >= 0); i++)
		sleep_a_moment(LOOK_NS);
}

/* Returns where reboot(2) is forbidden and its own end would be a catastrophe. `blind`: it cannot
 * look who is there. */
static void end(int command, int blind)
{
	kill(-1, SIGTERM);
	kill(-1, SIGCONT);
	wait_for_all(blind);
	kill(-1, SIGKILL);
	wait_for_all(blind);
	sync();
	if (child_copy(in_copy, &command) < 0)
		reboot(command); /* no room for another process: the last resort */
	wait_for_all(blind);
	if (kill(-1, 0)) /* nobody, no thread of the kernel's either: no machine but a container, */
		child_exit_as(0); /* which may not do that */
}

/* ---- the fault */

/* Children vanish by themselves: who ends tells nobody whose parent ignores SIGCHLD (wait(2)). */
static void ignore_children(void)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGCHLD, &ignore, NULL);
}

static void sweep(void)
{
	while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
		;
}

static void say(int sig, const siginfo_t *why)
{
	char name[SIG_NAME];

	warn(0,
	     "a fault of its own (%s at 0x%lx): it only reaps now; TERM reboots, USR1 halts, "
	     "USR2 powers off",
	     sig_name(sig, name), (unsigned long)(uintptr_t)why->si_addr);
}

static void obey(int blind)
{
	struct sys_sigset all;
	siginfo_t info;

	for (size_t i = 0; i < sizeof all; i++)
		((unsigned char *)&all)[i] = 0xff;
	for (;;) {
		int command = command_of(sys_sigwait(&all, &info, SYS_NO_LIMIT));

		if (command)
			end(command, blind);
	}
}

static void let_faults_in(void)
{
	struct sys_sigset mask = { { 0 } };

	for (size_t i = 0; i < sizeof faults; i++)
		sig_add(&mask, faults[i]);
	sys_sigprocmask(SIG_UNBLOCK, &mask, NULL);
}

/* It begins with every signal blocked. Of those that others send, all that wait would else come on
 * top of each other until the stack is full, and that is the end of PID 1. A fault in here comes
 * back to it, and what has failed is left out. */
static void caught(int sig, siginfo_t *why, void *context)
{
	/* lint: state: a handler has nothing else to remember by */
	static volatile sig_atomic_t times;
	int time;

	(void)context;
	if (why->si_code <= 0) /* somebody has sent it (sigaction(2)): that means nothing */
		return;
	if (getpid() != 1)
		child_exit_as(sig); /* a copy that was to become another program */
	let_faults_in();
	time = times++;
	ignore_children();
	if (time < 1)
		sweep();
	if (time < 2)
		say(sig, why);
	if (time < 3)
		obey(time > 0);
	for (;;)
		sleep_a_moment(SYS_NO_LIMIT);
}

/* Common, so that it lies behind all other variables and these share a page. */
/* lint: state: main's stack may be what is at its end; it is no memory until used */
__attribute__((common)) char fall_room[32768];

/* All others stay blocked, in the handler, too; but a fault whose signal is blocked ends even
 * PID 1 (signal(7)). It may be the stack that is at its end. */
void fall_prepare(void)
{
	const stack_t stack = { .ss_sp = fall_room, .ss_size = sizeof fall_room };
	struct sigaction act = { .sa_flags = SA_ONSTACK | SA_SIGINFO | SA_RESTART };

	act.sa_sigaction = caught;
	memset(&act.sa_mask, 0xff, sizeof act.sa_mask);
	sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof faults; i++)
		sigaction(faults[i], &act, NULL);
	let_faults_in();
}
