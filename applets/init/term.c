/* SPDX-License-Identifier: 0BSD */
/*
 * The controlling terminal (credentials(7), tty_ioctl(4)). Outside of a container somebody else's
 * shell works with it: the foreground is only ever handed on when it is ours. No error of a
 * terminal matters: it may be closed, hung up, another session's, or none.
 */
#include "init.h"

#include <string.h>
#include <sys/ioctl.h>

/* The foreground process group; -1 where `fd` is not our terminal. */
static pid_t foreground(int fd)
{
	pid_t group;

	return ioctl(fd, TIOCGPGRP, &group) ? -1 : group;
}

static int find(struct init *in)
{
	if (in->tty >= 0)
		return in->tty;
	for (int fd = 0; fd <= 2; fd++)
		if (foreground(fd) >= 0)
			return in->tty = fd;
	return -1;
}

/* Another way to it, where the standard descriptors lead elsewhere. */
static int find_anyhow(struct init *in)
{
	if (find(in) < 0)
		in->tty = sys_open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return in->tty;
}

/* Whether our group is in the foreground. A group of an outer PID namespace has the number 0, as
 * any other one there: then reading nothing tells, which only the foreground may. */
static int is_ours(int fd)
{
	pid_t own;

	if (fd < 0)
		return 0;
	own = getpgrp();
	return foreground(fd) == own && (own || read(fd, "", 0) == 0);
}

/* dumb-init's way: the command's session is to have the terminal for its own. A session leader that
 * gives it up gets HUP and CONT (tty_ioctl(4), TIOCNOTTY). */
static int give_up(struct init *in)
{
	int leader = getsid(0) == in->self;

	if (ioctl(0, TIOCNOTTY)) {
		if (CFG_INIT_LOG)
			log_dumb(in, "Unable to detach from controlling tty", errno);
		return 0;
	}
	in->farewell = leader ? 1 | 2 : 0;
	if (CFG_INIT_LOG)
		log_dumb(in,
		         leader ? "Detached from controlling tty, ignoring the first SIGHUP and "
		                  "SIGCONT we receive"
		                : "Detached from controlling tty, but was not session leader",
		         0);
	return 0;
}

int term_has_said(struct init *in, const siginfo_t *info)
{
	int which = info->si_signo == SIGHUP ? 1 : info->si_signo == SIGCONT ? 2 : 0;

	if (!(in->farewell & which))
		return 0;
	in->farewell &= ~which;
	if (CFG_INIT_LOG)
		log_dumb(in,
		         which == 1 ? "Ignoring tty hand-off signal 1"
		                    : "Ignoring tty hand-off signal 18",
		         0);
	return 1;
}

int term_prepare(struct init *in)
{
	if (in->session)
		return give_up(in);
	if (!in->own_group)
		return 0;
	/* In a pipeline others may need the terminal as much: then whoever is stopped for lack of
	 * it gets it (term_stopped). */
	if (in->self != 1 && (foreground(0) < 0 || foreground(1) < 0))
		return 0;
	in->tty_given = is_ours(find(in));
	return in->tty_given;
}

static void set_foreground(const struct init *in, pid_t group)
{
	ioctl(in->tty, TIOCSPGRP, &group);
}

void term_enter(const struct init *in)
{
	if (in->tty_given)
		set_foreground(in, getpid());
}

int term_give(struct init *in)
{
	if (!in->child || !in->own_group || !is_ours(find_anyhow(in)))
		return 0;
	set_foreground(in, in->child);
	in->tty_given = 1;
	return 1;
}

void term_take_back(struct init *in)
{
	/* What is in the foreground now may be somebody whom our caller has put there. */
	if (in->tty_given && in->self != 1 && foreground(find_anyhow(in)) == in->group_id)
		set_foreground(in, getpgrp());
}

void term_stop_by(int sig, int group)
{
	struct sys_sigaction old;
	struct sys_sigset one = { { 0 } };

	sig_add(&one, sig);
	sig_default(sig, &old);
	kill(group ? 0 : getpid(), sig);
	sys_sigprocmask(SIG_UNBLOCK, &one, NULL); /* here we stop */
	sys_sigprocmask(SIG_BLOCK, &one, NULL);
	sys_sigaction(sig, &old, NULL);
}

void term_stopped(struct init *in, int sig)
{
	pid_t whom = in->own_group ? -in->child : in->child;
	int by_terminal = sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;

	in->stopped = 1;
	if (in->end_sent) { /* it stopped at the very moment when it should end */
		in->end_sent = in->stopped = 0;
		kill(whom, SIGCONT);
		return;
	}
	if (in->told_to_stop && in->person->flags & PERSON_SESSION)
		return; /* dumb-init has stopped itself for it */
	if ((sig == SIGTTIN || sig == SIGTTOU) && term_give(in)) {
		in->stopped = 0;
		kill(whom, SIGCONT);
		return;
	}
	/* PID 1 cannot stop (pid_namespaces(7)). It leaves the command as it is, but for one that
	 * the terminal has stopped, since no shell is there to continue it. */
	if (in->self == 1) {
		if (!by_terminal || !in->tty_given || in->told_to_stop)
			return;
	} else if (by_terminal) {
		term_stop_by(sig, in->tty_given);
	} else {
		kill(in->self, SIGSTOP);
	}
	if (in->tty_given)
		term_give(in);
	in->stopped = 0;
	kill(whom, SIGCONT);
}
