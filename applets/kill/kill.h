/* SPDX-License-Identifier: 0BSD */
/* kill: what its parts share. */
#ifndef KILL_H
#define KILL_H

#include "out.h"
#include "pidns.h"
#include "sys.h"

struct kill {
	/* options; NULL: not given */
	const char *signal, *value, *list, *state, *pidns, *wait, *unused;
	int table, print, all, need_handler, verbose, tree;

	int sig, queued;    /* the signal, and what -q gives with it */
	uint64_t wait_ns;   /* of --wait */
	int proc;           /* the mount, or -1 */
	int is_ours;        /* whether its numbers are ours */
	struct pidns ns;    /* --pidns */
	struct str steps;   /* struct kill_step, in order: --timeout */
	struct str targets; /* struct kill_target: those that have got the signal, for --wait */
	struct out out;
	unsigned sent, failed;
};

/* --timeout: after so many milliseconds the next signal. */
struct kill_step {
	uint64_t ms;
	int sig;
};

struct kill_target {
	pid_t pid;
	int fd; /* its pidfd; -1: it has ended, or is not to be looked at any more */
};

/* ---- list.c: the exit status of each */

/* What `first`, if it is not NULL, and the words are; without any, all signals. */
int kill_list(struct out *o, const char *first, char **words);
int kill_table(struct out *o);
/* The signals that a process waits for, blocks, ignores, catches. */
int kill_state(struct kill *k);

/* ---- send.c */

/* A line on stdout, for --verbose: "TEXT signal N to pid N". */
void kill_say(struct kill *k, const char *text, int sig, pid_t pid);
/* Sends the signal, with the value if there is one, by the pidfd or, without, by the number, which
 * may be a group's. 0, -errno. */
int kill_send(struct kill *k, pid_t pid, int fd, int sig);
/* Sends it unless that is to have a handler, counts it, and says so when it is lost. `word` is what
 * the user calls the process. 1 when it was sent, 0 when not, -errno. */
int kill_one(struct kill *k, const char *word, pid_t pid, int fd);
/* Does with a process what is asked for, and says what went wrong. Takes the pidfd, which may be
 * -errno. */
void kill_process(struct kill *k, const char *word, pid_t pid, int fd);

void kill_failed(struct kill *k, int err, const char *word);
/* For --pid. */
void kill_print(struct kill *k, pid_t pid);
/* Takes the pidfd, to keep it for --timeout and --wait when the process has been sent a signal. */
void kill_done(struct kill *k, pid_t pid, int fd, int sent);

/* ---- names.c */

void kill_by_name(struct kill *k, const char *name);

/* ---- init.c */

/* Says so when the signal just sent to a process is one that the kernel drops since it is the init
 * of a PID namespace. */
void kill_check_init(struct kill *k, const char *word, const struct proc *p);

/* ---- wait.c: --timeout, --wait */

void kill_wait(struct kill *k);

/* ---- tree.c */

/* The process whose pidfd is `fd`, which it takes, and its descendants. */
void kill_tree(struct kill *k, const char *word, pid_t pid, int fd);

#endif
