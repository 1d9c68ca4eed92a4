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
	char **argv;                      /* for exec_run */
	const char *file;                 /* to execute instead of argv[0], or NULL */
	int fd;                           /* of the program, instead of looking for it, or 0 */
	const struct sys_sigset *mask;    /* the program's signal mask */
	const struct sys_sigaction *chld; /* the program's disposition of SIGCHLD, or NULL */
	int (*shell)(struct child *c);    /* child_shell, when argv may be empty, or NULL */
	/* hint_fork, for the message when there can be no child, or NULL */
	const char *(*why_no_fork)(int proc, int err);
	int (*setup)(void *context); /* run in the child before exec; < 0 is -errno, or NULL */
	void *context;
	enum child_step step; /* where it failed */
	const char *ran;      /* the file that child_exec has tried last */
	char cause[160];
	char name[64];
	char *words[3]; /* of a shell; the first is spare (exec_run) */
};

/* Executes the program: with the signal mask and disposition that are given. Only returns with
 * -errno, and with c->ran and c->cause. */
int child_exec(struct child *c);

/* Executes the first that exists of $SHELL, the user's shell of passwd(5) and /bin/sh, as a login
 * shell ("-sh"). -errno. */
int child_shell(struct child *c);

/* Starts a program. The child shares our memory until its exec (clone(2) with CLONE_VM and
 * CLONE_VFORK, on a stack of its own), so that a failed exec comes back as -errno and a started
 * program is one that already runs. Returns its PID or -errno, with c->step. Signals must be
 * blocked. */
pid_t child_spawn(struct child *c);

/* Runs a function in a copy of the caller (fork(2)), which ends with what it returns. Returns the
 * copy's PID or -errno. */
pid_t child_copy(int (*run)(void *context), void *context);

/* The credentials that a program is to have. */
struct child_ids {
	int have_uid, have_gid;
	int keep_groups; /* it is no error that setgroups(2) is forbidden (user_namespaces(7)) */
	uint32_t uid, gid;
};

/* Drops the supplementary groups and sets the group id, if there is one, then the user id. On
 * -errno *call is the name of what failed. */
int child_set_ids(const struct child_ids *ids, const char **call);

/* Waits for one child; when it stops, stops the caller too and continues it afterwards, as
 * nsenter(1) does. Returns its wait status (wait(2)) or -errno. */
int child_relay(pid_t pid);

/* The shell's number for a wait status: the exit code or 128 + signal. */
int child_code(int status);

/* Ends the caller as the child ended: by the same signal, without a second core dump; where that
 * has no effect, as PID 1, with 128 + signal. */
__attribute__((noreturn)) void child_exit_as(int status);

/* Whether the process behind a pidfd has ended; of none, a negative one, it is not known. */
int child_has_ended(int pidfd);

/* The caller gets `sig` when its parent ends, whose pidfd `parent` is, as getppid(2) is 0 in a new
 * PID namespace; ends itself where that has happened before. Last of all, since a change of ids
 * clears it (PR_SET_PDEATHSIG(2const)). -errno. */
int child_die_with(int parent, int sig);

/* The main loop of an init: hands the signals that others send on to `main_pid`, reaps everything,
 * returns the wait status of `main_pid` once it has ended. All signals must be blocked. It stops
 * with its child; `stand_in`: for a child that cannot stop, an init in a PID namespace of its own,
 * it stops when the terminal asks for it. */
int child_supervise(pid_t main_pid, int stand_in);

/* What the init of a PID namespace does for the rest when its child has ended: TERM to all, and
 * waits at most `grace_ns` until no child is left. What is still there the kernel kills with it. */
void child_end_rest(uint64_t grace_ns);

#endif
