/* SPDX-License-Identifier: 0BSD */
/* unshare: one struct on main's stack, and the rooms that work on it. They end the program when
 * something fails. */
#ifndef UNSHARE_H
#define UNSHARE_H

#include <stdint.h>
#include <sys/types.h>

#include "applet.h"
#include "child.h"
#include "idmap.h"
#include "ns.h"
#include "str.h"

/* ---- map.c { the id maps of a new user namespace */

struct unshare_map {
	int have_uid, have_gid;  /* one id is mapped */
	uint32_t uid, gid;       /* to which number */
	uint32_t euid, egid;     /* the one that it is outside */
	const char *setgroups;   /* "allow", "deny", NULL */
	struct idmap uids, gids; /* ranges */
	struct child_ids owner;  /* who makes the namespace, where have_uid is set */
	pid_t helper;            /* writes the maps from outside, or 0 */
	int pipe[2];             /* a byte through it: the namespace is there */
};
/* } */

struct unshare {
	unsigned mask; /* new namespaces, 1 << kind */
	int fork, init, forward, kill_signal;
	uint64_t grace_ns;
	struct unshare_map map;
	const char *keep[NS_N]; /* files that shall hold the namespaces, or NULL */
	int keeps;              /* there is one */
	int keeper;             /* a socket to the process that binds them */
	pid_t keeper_pid;       /* that process, or 0 */
	/* "CLOCK SECONDS 0": offsets of the new time namespace's clocks, or "" */
	char boottime[32], monotonic[32];
	int loopback, dev, pivot;
	const char *hostname, *propagation, *mount_proc, *binfmt, *interp, *root, *dir;
	int new_proc; /* of --mount-proc, not yet where it belongs; or negative */
	int node[6];  /* of --dev: mounts of the device files of outside */
	struct child_ids ids;
	int keep_caps, clear_env;
	struct str keep_env; /* "NAME\0NAME\0": what --clear-env leaves */
	int proc, parent;    /* /proc as it was before; a pidfd of our parent for --kill-child */
	struct child child;  /* the program */
	struct sys_sigset mask_before;
	struct sys_sigaction chld_before;
};

/* ---- unshare.c */

/* Whether unshare has ended while its child sets things up; only known for --kill-child. */
int unshare_has_ended(const struct unshare *u);

/* ---- map.c */

/* An option of this room: its value is one of these. */
enum {
	MAP_ROOT = 32,
	MAP_CURRENT,
	MAP_USER,
	MAP_GROUP,
	MAP_USERS,
	MAP_GROUPS,
	MAP_AUTO,
	MAP_SUBIDS,
	MAP_OWNER,
	MAP_SETGROUPS
};
void map_option(struct unshare *u, int value, const char *arg);

/* Before unshare(2): finds out what is to be written, starts the helper if one is needed, becomes
 * the owner. */
void map_prepare(struct unshare *u);
/* After it: has all written. */
void map_write(struct unshare *u);

/* ---- keep.c: namespaces bound to files */

/* Before unshare(2): starts the process that will bind them, which stays outside. */
void keep_prepare(struct unshare *u);
/* In the new namespaces, in the program's process: has it bind them, waits until it has. */
void keep_bind(struct unshare *u);
/* In the process that has started it, afterwards. */
void keep_end(const struct unshare *u);

/* ---- fresh.c: what a new namespace begins with */

/* "SECONDS" as such a line. */
void fresh_offset(char line[32], const char *seconds, int clock);
/* Before its first process: the offsets of the clocks (time_namespaces(7)). */
void fresh_clocks(const struct unshare *u);
/* The host name; the loopback device up. */
void fresh_names(const struct unshare *u);

/* ---- root.c: mounts, the root, the working directory */

/* The flag of a word of --propagation. */
unsigned long root_propagation(const char *word);
void root_set_up(struct unshare *u);

#endif
