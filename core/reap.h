/* SPDX-License-Identifier: 0BSD */
/*
 * The one place where an init waits: for signals, for the end of children, for a time. wait(2),
 * sigtimedwait(2).
 *
 * wait4(2) for any child looks at each living one, thousands perhaps, to find the one that has
 * ended. SIGCHLD tells which it is, so that one is collected first. But SIGCHLD is not queued: ends
 * that come together raise it once. Hence a sweep over all children follows, when it has been quiet
 * for a moment, after so many ends, or before another signal is handed out; nothing else but the
 * callback `tick` ever sets a timer.
 */
#ifndef REAP_H
#define REAP_H

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "sys.h"

/* A child that has ended and is collected, or one that has stopped. */
struct reap_end {
	pid_t pid;
	int status; /* as of wait(2) */
	struct rusage usage;
};

/* {0} but for the callbacks is a fresh one. */
struct reap {
	/* A child that has ended and is not collected yet: /proc still knows it, and its number
	 * and group are nobody else's. NULL spares the call it costs. */
	void (*found)(void *context, pid_t pid);
	void (*ended)(void *context, const struct reap_end *end);
	/* Called before each wait: what is to be done in time, like feeding a watchdog. Returns
	 * the moment of CLOCK_MONOTONIC at which it is due again, 0 for never. Or NULL. */
	uint64_t (*tick)(void *context);
	void *context;
	int fd;         /* of reap_open, 0 before that, -errno */
	pid_t main_pid; /* a child whose end must not wait for a sweep, or 0 */
	int due;        /* a sweep is; how many ends were told since the last one */
	int others;     /* signals handed out since then */
	int none;       /* no child was left at the last sweep */
};

/* Makes the descriptor through which signals are waited for, close-on-exec. It is no error when
 * that fails: then reap_wait uses sigtimedwait(2). */
void reap_open(struct reap *r);

/* Collects all children that have ended. */
void reap_sweep(struct reap *r);

/* Looks at one child: collects it if it has ended, notices if it has stopped. */
void reap_one(struct reap *r, pid_t pid);

/* Waits for a signal other than SIGCHLD and returns it, with *info; collects children meanwhile.
 * Returns 0 after each batch of them, at the moment `until_ns` of CLOCK_MONOTONIC (0: none), and
 * earlier when `tick` is due. All signals must be blocked. */
int reap_wait(struct reap *r, uint64_t until_ns, siginfo_t *info);

#endif
