/* SPDX-License-Identifier: 0BSD */
/* All processes at once, as the tree that their parents make. */
#ifndef TREE_H
#define TREE_H

#include "proc.h"

/* For the `want` of tree_read, besides enum proc_want: the inode of the PID namespace. */
#define TREE_PIDNS 32

/* What is kept of a process, named as in struct proc, where it is said what has to be asked for. */
struct tree_process {
	pid_t pid, ppid, pgid, sid;
	uid_t euid; /* PROC_OWNER */
	char state;
	unsigned char levels, has_chain, kernel_thread;
	unsigned comm_len, cmdline_len, cgroup_len;
	long threads;
	uint64_t start_ticks;
	const char *comm; /* ended by a NUL, unlike the two that follow it in the same buffer */
	const char *cmdline, *cgroup;
	const pid_t *nspid; /* PROC_STATUS: `levels` numbers, else NULL */
};

/* Sorted by number, linked by indices. */
struct tree {
	struct tree_node *node;
	size_t count;
	struct str nodes, text, numbers;
};
struct tree_node {
	struct tree_process p;
	uint64_t pidns;                     /* inode; 0: not asked for or not readable */
	uint32_t parent, first_child, next; /* indices, TREE_NONE for none */
	uint32_t mark;                      /* 0, or what `each` has put there; the caller's */
};
#define TREE_NONE UINT32_MAX

/* Reads them all. A parent that is not there, or that would close a circle (the numbers are read at
 * different moments), makes a root. `each`, if it is not NULL, sees all that was read of a process,
 * and may set n->mark. -errno. */
int tree_read(struct tree *t, int proc, unsigned want);
int tree_read_each(struct tree *t, int proc, unsigned want,
                   void (*each)(void *context, const struct proc *p, struct tree_node *n),
                   void *context);
void tree_free(struct tree *t);
/* The index of a process or TREE_NONE. */
size_t tree_find(const struct tree *t, pid_t pid);

/* The init of the PID namespace of node i, as an index: number 1 there (PROC_STATUS). Known without
 * privileges as long as the parents are in the same namespace, which they are when their chain is
 * as long (a child's namespace is its parent's or one below). TREE_NONE when it cannot be seen. */
size_t tree_nsinit(const struct tree *t, size_t i);

#endif
