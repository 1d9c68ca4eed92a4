/* SPDX-License-Identifier: 0BSD */
/* All processes at once, as the tree that their parents make. */
#ifndef TREE_H
#define TREE_H

#include "proc.h"

/* For the `want` of tree_read, besides enum proc_want: the inode of the PID namespace. */
#define TREE_PIDNS 32

/* Sorted by number, linked by indices. */
struct tree {
	struct tree_node *node;
	size_t count;
	struct str nodes, text;
};
struct tree_node {
	struct proc p;
	uint64_t pidns;                   /* inode; 0: not asked for or not readable */
	size_t parent, first_child, next; /* indices, TREE_NONE for none */
	size_t mark;                      /* 0; the caller's to use */
};
#define TREE_NONE SIZE_MAX

/* Reads them all. A parent that is not there, or that would close a circle (the numbers are read at
 * different moments), makes a root. -errno. */
int tree_read(struct tree *t, int proc, unsigned want);
void tree_free(struct tree *t);
/* The index of a process or TREE_NONE. */
size_t tree_find(const struct tree *t, pid_t pid);

/* The init of the PID namespace of node i, as an index: number 1 there (PROC_STATUS). Known without
 * privileges as long as the parents are in the same namespace, which they are when their chain is
 * as long (a child's namespace is its parent's or one below). TREE_NONE when it cannot be seen. */
size_t tree_nsinit(const struct tree *t, size_t i);

#endif
