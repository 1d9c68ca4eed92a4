/* SPDX-License-Identifier: 0BSD */
/* Signals: names and numbers, masks. signal(7). */
#ifndef SIG_H
#define SIG_H

#include "sys.h"

#define SIG_RTMIN 34 /* the kernel's: what libc keeps for itself is left out of its own */

/* Blocks every signal that can be blocked, by the raw system call, and keeps the old mask in
 * *old (which may be NULL). */
void sig_block_all(struct sys_sigset *old);
/* Blocks the signals of `set` besides; the old mask to *old. */
void sig_block(const struct sys_sigset *set, struct sys_sigset *old);
/* Sets the mask. */
void sig_restore(const struct sys_sigset *mask);
/* The signal's disposition becomes the default one; the one before to *old, unless that is NULL. */
void sig_default(int sig, struct sys_sigaction *old);
/* Every signal's disposition becomes the default one (sigaction(2)). */
void sig_default_all(void);
/* A set begins as { { 0 } }, the empty one. */
void sig_add(struct sys_sigset *set, int sig);
int sig_has(const struct sys_sigset *set, int sig);

/* Whether the signal comes from a terminal (tty_ioctl(4)): ^C and its like, a change of the size.
 * Then the whole foreground process group has got it. */
int sig_from_terminal(const siginfo_t *info);

/* Sends `sig` to a process, or with -PGID to a process group, with the value that came with it when
 * it was queued (sigqueue(3)), where the kernel allows that. 0 or -errno. */
int sig_pass_on(pid_t to, int sig, siginfo_t *info);

/* What the receiver of a signal from us with a value is told (sigqueue(3)). */
void sig_value(siginfo_t *info, int sig, int value);

/* "TERM", "SIGTERM" in any case, "15", "RTMIN", "RTMIN+3", "RT3", "RTMAX-1", "0": the number of a
 * signal in the kernel's numbering, where RTMIN is 34. -EINVAL. */
int sig_parse(const char *text);

/* The name without SIG in buf[SIG_NAME], or its number where it has none. Returns buf. */
#define SIG_NAME 12
char *sig_name(int sig, char buf[SIG_NAME]);

#endif
