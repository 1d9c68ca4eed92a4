/* SPDX-License-Identifier: 0BSD */
/* Processes of ours: start, wait, relay, reap, end as they ended. */
#ifndef CHILD_H
#define CHILD_H

#include <stdint.h>
#include <sys/types.h>

#include "sig.h"

enum child_step { CHILD_FORK, CHILD_SETUP, CHILD_EXEC };

/* What to start. */
struct child {
	char **argv;                      /* searched in PATH, as execvp(3) does */
	const char *file;                 /* to execute instead of argv[0], or NULL */
	const struct sys_sigset *mask;    /* the program's signal mask */
	const struct sys_sigaction *chld; /* the program's disposition of SIGCHLD, or NULL */
	int (*setup)(void *context);      /* run in the child before exec; < 0 is -errno, or NULL */
	void *context;
	enum child_step step; /* where it failed */
};

/* Starts a program. The child shares our memory until its exec (clone(2) with CLONE_VM and
 * CLONE_VFORK, on a stack of its own), so that a failed exec comes back as -errno and a started
 * program is one that already runs. Returns its PID or -errno, with c->step. Signals must be
 * blocked. */
pid_t child_spawn(struct child *c);

/* Runs a function in a copy of the caller (fork(2)), which ends with what it returns. Returns the
 * copy's PID or -errno. */
pid_t child_copy(int (*run)(void *context), void *context);

/* execve(2) by PATH, as execvp(3): a file without a #! line goes to /bin/sh. Returns -errno. */
int child_exec(const char *file, char **argv);
/* The exit status for that: 127 when there is no such file, else 126. */
int child_exec_status(int err);

/* The credentials that a program is to have. */
struct child_ids {
	int have_uid, have_gid;
	int keep_groups; /* it is no error that setgroups(2) is forbidden (user_namespaces(7)) */
	uint32_t uid, gid;
};

/* Drops the supplementary groups and sets the group id, if there is one, then the user id. On
 * -errno *call is the name of what failed. */
int child_set_ids(const struct child_ids *ids, const char **call);

/* What to run when no program was named: $SHELL, else /bin/sh, as a login shell ("-sh"). Points
 * *argv at it when *argv is empty and returns the file to execute; else returns NULL. */
struct child_shell {
	char name[64];
	char *argv[2];
};
const char *child_default_shell(char ***argv, struct child_shell *shell);

/* Waits for one child; when it stops, stops the caller too and continues it afterwards, as
 * nsenter(1) does. Returns its wait status (wait(2)) or -errno. */
int child_relay(pid_t pid);

/* The shell's number for a wait status: the exit code or 128 + signal. */
int child_code(int status);

/* Ends the caller as the child ended: by the same signal, without a second core dump; where that
 * has no effect, as PID 1, with 128 + signal. */
__attribute__((noreturn)) void child_exit_as(int status);

/* The main loop of an init: hands the signals that others send on to `main_pid`, reaps everything,
 * returns the wait status of `main_pid` once it has ended. All signals must be blocked. It stops
 * with its child; `stand_in`: for a child that cannot stop, an init in a PID namespace of its own,
 * it stops when the terminal asks for it. */
int child_supervise(pid_t main_pid, int stand_in);

#endif
