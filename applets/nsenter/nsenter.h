/* SPDX-License-Identifier: 0BSD */
/* nsenter: one struct on main's stack, and the rooms that work on it. They end the program when
 * something fails. */
#ifndef NSENTER_H
#define NSENTER_H

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "applet.h"
#include "cgroup.h"
#include "child.h"
#include "ns.h"
#include "proc.h"
#include "str.h"

/* ---- like.c: what the target has and the program is to have, or to lack */

struct like_filters;
struct nsenter_like {
	int want;      /* --like-target, without which the rest is empty */
	uint64_t drop; /* --cap-drop: capabilities, a bit each, that the others do not have */
	uint64_t bounding, permitted, inheritable, ambient;
	int no_new_privs, limits; /* limits: how many of limit[] there are */
	struct rlimit limit[RLIM_NLIMITS];
	struct like_filters *filters; /* of seccomp(2), or NULL */
};

struct nsenter {
	unsigned mask; /* kinds of the target, 1 << kind */
	int fd[NS_N];  /* kinds that are entered by a descriptor, else -1 */
	int all, children, user_parent, no_fork, preserve, keep_caps;
	int want_root, want_dir, have_wdns, want_env, want_cgroup, follow_uid, follow_gid;
	int self, dry_run, forward, kill_signal;
	int socket; /* of the target, whose network namespace is entered, or -1 */
	struct child_ids ids;
	const char *target_text, *wdns, *mount_proc;
	char *bring; /* --bring, a word of the command line, or NULL */
	pid_t target;
	int proc, pidfd, parent; /* /proc; the target; ourselves, for --kill-child */
	int directory;           /* /proc/PID: the target as long as it lives, and never another */
	int beside;              /* its children are in another PID namespace than itself */
	uint64_t inode[NS_N];    /* which the target must not leave meanwhile, or 0 */
	int witness;             /* its root, where that is to be in its mount namespace, or -1 */
	int root, dir;           /* to go to */
	struct str env;          /* the target's: its text, then the pointers */
	struct cgroup_join cgroup;
	struct {
		int want, master, slave, out; /* the terminal's ends; our stdout */
	} pty;
	struct child child; /* the program */
	struct nsenter_like like;
	struct sys_sigset mask_before;
	struct sys_sigaction chld_before;
};

static inline int is_entered(const struct nsenter *n, enum ns_kind kind)
{
	return n->mask >> kind & 1 || n->fd[kind] >= 0;
}

/* ---- target.c: the process and what is taken from it, all opened before the first setns(2) */

void target_find(struct nsenter *n);
void target_open(struct nsenter *n);
/* The inode number of a kind of its namespaces, 0 when unknown; PID 0 means ours. */
uint64_t target_inode(const struct nsenter *n, pid_t pid, enum ns_kind kind);
/* Takes out of the kinds to enter what this kernel lacks, and with `shared` what is ours too and
 * has to stay so. */
void target_narrow(struct nsenter *n, int shared);
void target_enter(struct nsenter *n);
/* About what would not be expected there. target_enter says it too, once it has succeeded: whoever
 * fails says one line. */
void target_warn(const struct nsenter *n);

/* ---- bring.c: a program of ours in a container that has nothing */

/* Before anything else: from then on we run from a sealed copy in memory. For --like-target and
 * --cap-drop, too: what is executed inside may be a link to /proc/self/exe, our own program, and
 * when it has no more rights than others there, these may write to its file. */
void bring_seal_self(char **words);
/* The same before something is entered, where that may be so without these options. */
void bring_seal_open(const struct nsenter *n, char **words);
/* Opens the program to bring, as such a copy; returns its words. */
char **bring_open(struct nsenter *n, char **operands);
/* Cuts the paths of here out of the words, which anybody inside may read in /proc/PID/cmdline until
 * the program is executed. */
void bring_hide_paths(struct nsenter *n, char **words);

/* ---- plan.c: --dry-run */

__attribute__((noreturn)) void plan_show(const struct nsenter *n, int fork);

/* ---- pty.c: --pty */

/* Inside: opens a terminal there, or ends. */
void pty_open(struct nsenter *n);
/* In the program's process: makes it the controlling terminal, and stdin, stdout and stderr. */
void pty_sit(const struct nsenter *n);
/* Hands bytes, signals, stops and the size on until the program has ended; its wait status. All
 * signals must be blocked. */
int pty_relay(const struct nsenter *n, pid_t pid);

/* ---- like.c: --like-target, --cap-drop */

/* Adds a list of capabilities to those that the program is not to have. */
void like_drop(struct nsenter *n, const char *list);
/* Before anything is entered. Takes what it may not be able to take later. */
void like_read(struct nsenter *n);
/* In the child: around the change of its ids, and as the last thing before its exec. */
void like_before_ids(const struct nsenter *n);
void like_after_ids(const struct nsenter *n);
void like_apply(const struct nsenter *n);

#endif
