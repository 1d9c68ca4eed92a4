/* SPDX-License-Identifier: 0BSD */
#include "reap.h"
#include "config.h"

#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>

#define QUIET_NS 10000000u
#define MANY 64

#define WAIT_FOR (WUNTRACED | WNOHANG | __WALL)

static pid_t collect(struct reap *r, pid_t pid);

/* Takes notice of a stop, and of nothing else: it may have been killed meanwhile. */
static pid_t stopped(struct reap *r, pid_t pid)
{
	struct reap_end end = { .pid = pid };
	siginfo_t info = { 0 };

	if (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | __WALL) || !info.si_pid)
		return collect(r, pid);
	end.status = info.si_status << 8 | 0x7f;
	r->ended(r->context, &end);
	return pid;
}

/* Collects one child, any one with -1. Its number, 0 when none has ended, or -errno. */
static pid_t collect(struct reap *r, pid_t pid)
{
	struct reap_end end;

	if (CFG_INIT_CONTAINER && r->found) { /* nobody else asks for it */
		siginfo_t info = { 0 };

		if (!waitid(pid < 0 ? P_ALL : P_PID, (id_t)pid, &info,
		            WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL)) {
			pid = info.si_pid;
			if (!pid)
				return 0;
			if (info.si_code == CLD_STOPPED || info.si_code == CLD_TRAPPED)
				return stopped(r, pid);
			r->found(r->context, pid);
		}
	}
	end.pid = wait4(pid, &end.status, WAIT_FOR,
	                CFG_INIT_CONTAINER && r->found ? &end.usage : NULL);
	if (end.pid > 0)
		r->ended(r->context, &end);
	return end.pid < 0 ? -errno : end.pid;
}

void reap_sweep(struct reap *r)
{
	pid_t pid;

	r->due = r->others = 0;
	while ((pid = collect(r, -1)) > 0)
		;
	r->none = pid == -ECHILD;
}

void reap_one(struct reap *r, pid_t pid)
{
	collect(r, pid);
}

static void child_signal(struct reap *r, const siginfo_t *info)
{
	if (info->si_code > 0 && info->si_pid > 0)
		collect(r, info->si_pid);
	/* Its own signal may be the one that was not raised. */
	if (!(r->due++ % 16) && r->main_pid && r->main_pid != info->si_pid)
		collect(r, r->main_pid);
	if (r->due >= MANY)
		reap_sweep(r);
}

/* ---- the wait point */

/* poll(2)'s unit, not less than what is asked for. */
static int milliseconds(uint64_t ns)
{
	ns = (ns + 999999) / 1000000;
	return ns > INT_MAX ? INT_MAX : (int)ns;
}

/* How long to wait at most. */
static uint64_t limit(const struct reap *r, uint64_t until_ns)
{
	uint64_t now, left;

	if (!until_ns)
		return r->due ? QUIET_NS : SYS_NO_LIMIT;
	now = sys_clock(CLOCK_MONOTONIC);
	left = until_ns > now ? until_ns - now : 0;
	return r->due && left > QUIET_NS ? QUIET_NS : left;
}

/* What a signalfd tells, in the other form. */
static void convert(const struct signalfd_siginfo *from, siginfo_t *to)
{
	memset(to, 0, sizeof *to);
	to->si_signo = (int)from->ssi_signo;
	to->si_code = from->ssi_code;
	to->si_pid = (pid_t)from->ssi_pid;
	to->si_uid = from->ssi_uid;
	if (from->ssi_code < 0)
		to->si_value.sival_ptr = (void *)(uintptr_t)from->ssi_ptr;
	else
		to->si_status = from->ssi_status;
}

/* The next signal, -EAGAIN when the time is over. Through a descriptor: sigtimedwait(2) unblocks
 * what it waits for, and then nobody sees in /proc that a TERM would be taken. It does where there
 * is no descriptor to be had, and while children end one after the other: one call, not two. */
static int next_signal(const struct reap *r, uint64_t ns, siginfo_t *info)
{
	struct signalfd_siginfo from;
	struct sys_sigset all;

	if (r->fd > 0 && ns != QUIET_NS) {
		struct pollfd p = { .fd = r->fd, .events = POLLIN };

		if (ns != SYS_NO_LIMIT && poll(&p, 1, milliseconds(ns)) < 1)
			return -EAGAIN;
		if (read(r->fd, &from, sizeof from) != sizeof from)
			return -EAGAIN;
		convert(&from, info);
		return info->si_signo;
	}
	memset(&all, 0xff, sizeof all);
	return sys_sigwait(&all, info, ns);
}

void reap_open(struct reap *r)
{
	struct sys_sigset all;

	memset(&all, 0xff, sizeof all);
	r->fd = sys_signalfd(&all);
}

int reap_wait(struct reap *r, uint64_t until_ns, siginfo_t *info)
{
	uint64_t tick = r->tick ? r->tick(r->context) : 0;
	int sig;

	if (tick && (!until_ns || tick < until_ns))
		until_ns = tick;
	sig = next_signal(r, limit(r, until_ns), info);
	if (sig == SIGCHLD)
		child_signal(r, info);
	else if (r->due || ++r->others >= MANY)
		reap_sweep(r); /* lower signals come before SIGCHLD, however many they are */
	return sig > 0 && sig != SIGCHLD ? sig : 0;
}
