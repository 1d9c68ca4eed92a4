/* SPDX-License-Identifier: 0BSD */
/* Executing a file, and why that failed. execve(2). */
#ifndef EXEC_H
#define EXEC_H

#include <stddef.h>

/* The value of a variable of the environment, by its name with the '=': as getenv(3), in a third of
 * the bytes. NULL when there is none. */
const char *exec_variable(const char *name);

/* execve(2) by PATH, as execvp(3): a script without a #! line goes to /bin/sh, for which argv[-1]
 * must be a place that may be written, as the word before the first operand is. Only returns with
 * -errno. Allocates nothing: a child that shares its parent's memory may call it. */
int exec_run(const char *file, char **argv);

/* The shell's exit status for that: 127 when there is no such file, else 126. */
int exec_status(int err);

/* What the error number does not tell, when it can be found out: a missing #! interpreter or ELF
 * loader by its name, the machine that the program is for, a missing right, a mount without
 * exec. Returns `text`, or NULL when there is nothing to add. */
const char *exec_cause(const char *file, int err, char *text, size_t size);

/* Whether the program behind a descriptor needs nothing but the kernel: 0, else -ENOEXEC and `text`
 * says what it is or needs: its loader, its interpreter. It is read from its beginning, and the
 * position is left alone. */
int exec_alone(int fd, char *text, size_t size);

#endif
