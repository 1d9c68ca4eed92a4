/* SPDX-License-Identifier: 0BSD */
/*
 * A PID namespace seen from outside (pid_namespaces(7)): who is in it, and everything as it sees
 * it, without entering it: from the NSpid, NSpgid and NSsid lines of /proc/PID/status and its
 * uid_map and gid_map (user_namespaces(7)). Nothing is asked of the processes themselves.
 */
#ifndef PIDNS_H
#define PIDNS_H

#include "proc.h"

/* A process by its two numbers, and a line of uid_map or gid_map. */
struct pidns_number {
	pid_t inner, outer;
};
struct pidns_range {
	uint32_t inner, outer, count;
};

/* {0} is a fresh one. */
struct pidns {
	int proc, fd;            /* fd: itself, held open; -1 when /proc is not ours */
	pid_t member;            /* the lowest process in it; it may end */
	uint64_t inode;          /* 0: none was found */
	int depth;               /* 1: that of the mount of proc; 0: cannot be told */
	struct str inner, outer; /* struct pidns_number, sorted by the one or the other number */
	struct str ids[2];       /* struct pidns_range of users and groups; empty: as here */
};

/* Finds the one that a REF names (pid.h), or that the process PID@REF is in. -errno as of
 * pid_ref_find and pid_resolve, with the candidates in *why. Is to be freed in any case. */
int pidns_find(struct pidns *ns, int proc, const char *text, struct str *why);
void pidns_free(struct pidns *ns);

/* Whether a process is in it; with `below` also in one below it. */
int pidns_has(const struct pidns *ns, pid_t pid, int below);

/* Reads who can be seen there, and its users and groups: what is below needs that. -errno. */
int pidns_see(struct pidns *ns);

/* Those it can see, in the order of their numbers there. */
const struct pidns_number *pidns_members(const struct pidns *ns, size_t *count);

/* The number there of a process, group or session that is `outer` here, 0 when it cannot be seen
 * there; the id of a user or group. */
pid_t pidns_pid(const struct pidns *ns, pid_t outer);
uint32_t pidns_id(const struct pidns *ns, uint32_t id, int group);

/* Turns the numbers and ids of a process into those it has there. */
void pidns_translate(const struct pidns *ns, struct proc *p);

#endif
