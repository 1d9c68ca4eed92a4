/* SPDX-License-Identifier: 0BSD */
/* Signals: names and numbers, masks. signal(7). */
#ifndef SIG_H
#define SIG_H

#include "sys.h"

/* Blocks every signal that can be blocked, by the raw system call, and keeps the old mask in
 * *old (which may be NULL). */
void sig_block_all(struct sys_sigset *old);
/* Blocks the signals of `set` besides; the old mask to *old. */
void sig_block(const struct sys_sigset *set, struct sys_sigset *old);
/* Sets the mask. */
void sig_restore(const struct sys_sigset *mask);
/* A set begins as { { 0 } }, the empty one. */
void sig_add(struct sys_sigset *set, int sig);
int sig_has(const struct sys_sigset *set, int sig);

/* "TERM", "SIGTERM" in any case, "15", "RTMIN", "RTMIN+3", "RTMAX-1", "0": the number of a signal
 * in the kernel's numbering, where RTMIN is 34. -EINVAL. */
int sig_parse(const char *text);

/* The name without SIG in buf[SIG_NAME], or its number where it has none. Returns buf. */
#define SIG_NAME 12
char *sig_name(int sig, char buf[SIG_NAME]);

#endif
