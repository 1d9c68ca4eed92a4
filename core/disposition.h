/* SPDX-License-Identifier: 0BSD */
/* What a signal meets in a process (signal(7)), as far as the kernel shows it. */
#ifndef DISPOSITION_H
#define DISPOSITION_H

#include "proc.h"

enum disposition {
	DISPOSITION_UNKNOWN,
	DISPOSITION_DEFAULT, /* where that is the init of a PID namespace it gets nothing at all */
	DISPOSITION_IGNORED,
	DISPOSITION_HANDLER,
	DISPOSITION_BLOCKED,
	DISPOSITION_WAITS, /* sigwait(3), signalfd(2) */
	DISPOSITION_ENDED, /* a zombie meets nothing */
};

/* Of the process p, read with PROC_STATUS | PROC_LINES | PROC_MEMORY, in the mount `proc`; only
 * looks. What may not be read makes it unknown. */
enum disposition disposition(int proc, const struct proc *p, int sig);

/* The same of a process or thread whose files are those of `id` in the directory `dir`, a mount of
 * proc or /proc/PID/task: p may have other numbers. With `alone` its other threads do not matter.
 */
enum disposition disposition_of(int dir, pid_t id, const struct proc *p, int sig, int alone);

/* Its word: "unknown", "default", "ignored", "handler", "blocked", "waits"; NULL for ended. */
const char *disposition_word(enum disposition d);

/* Whether a mask of p's status, read with PROC_LINES, has the signal: "SigBlk", "SigIgn", "SigCgt"
 * (proc_pid_status(5)); -1 when that is not known. */
int disposition_mask(const struct proc *p, const char *key, int sig);

#endif
