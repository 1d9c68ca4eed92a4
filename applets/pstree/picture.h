/* SPDX-License-Identifier: 0BSD */
/* What --dot and --json have in common: the processes that are drawn, by PID namespace, and what is
 * to be said of each. */
#ifndef PICTURE_H
#define PICTURE_H

#include "pstree.h"

struct picture {
	struct pstree *t;
	struct str
		members;  /* uint32_t for each process: the item of the next one in its namespace */
	struct str first; /* uint32_t for each namespace: that of the first one, or NONE */
};

/* Collects them. The rank of a namespace is 1 when somebody is drawn in it, or below it. */
void picture_open(struct picture *v, struct pstree *t);
void picture_close(struct picture *v);

/* The first member of a namespace, and the next one; NONE at the end. */
uint32_t picture_first(const struct picture *v, uint32_t space);
uint32_t picture_next(const struct picture *v, uint32_t item);

/* The first namespace inside another one (TREE_NONE: that is in none) that is drawn, and the next;
 * TREE_NONE at the end. */
uint32_t picture_inside(const struct picture *v, uint32_t space);
uint32_t picture_beside(const struct picture *v, uint32_t space);

/* How many namespaces are around it, of those that are to be shown. */
int picture_level(const struct picture *v, uint32_t space);

/* Whether an item is drawn. */
int picture_has(const struct picture *v, uint32_t item);

enum picture_kind {
	PICTURE_INIT = 1,   /* number 1 of its namespace */
	PICTURE_ZOMBIE = 2, /* dead, and nobody has waited for it */
	PICTURE_ORPHAN = 4, /* whoever started it has gone: its init is its parent now, or nobody */
	PICTURE_ENTERED = 8, /* came in by setns(2): its parent is outside */
	PICTURE_KERNEL = 16, /* a thread of the kernel */
};
unsigned picture_kind(const struct picture *v, uint32_t item);

/* The numbers of a process, outermost first, as far as they are to be shown; how many. */
int picture_chain(const struct picture *v, uint32_t item, const pid_t **numbers);

#endif
