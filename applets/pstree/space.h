/* SPDX-License-Identifier: 0BSD */
/* The namespaces of one kind that the processes of a tree are in, as the tree that they make. */
#ifndef SPACE_H
#define SPACE_H

#include "ns.h"
#include "pidns.h"
#include "tree.h"

struct space {
	uint64_t inode; /* 0: it cannot be read */
	uint32_t parent, first_child,
		next;    /* indices, TREE_NONE for none; of kinds that have them */
	uint32_t init;   /* the process that is number 1 in it, or TREE_NONE */
	uint32_t member; /* the lowest process in it */
	uint32_t rank;   /* the caller's; 0 */
};

/* {0} is an empty one. */
struct spaces {
	enum ns_kind kind;
	struct str list; /* struct space */
	struct str of;   /* uint32_t for each process: its index in the list */
};

/* Finds them: `inode` says which one a process is in, 0 when it cannot be read. A PID namespace is
 * also known by the chains of numbers (PROC_STATUS), which anybody may read: whose chain is as long
 * as its parent's is in the same one. -ENOMEM. */
int spaces_find(struct spaces *s, const struct tree *t, int proc, enum ns_kind kind,
                uint64_t (*inode)(const void *context, uint32_t process), const void *context);
void spaces_free(struct spaces *s);

static inline struct space *space_at(const struct spaces *s, uint32_t i)
{
	return (struct space *)(void *)s->list.p + i;
}
static inline uint32_t space_count(const struct spaces *s)
{
	return (uint32_t)(s->list.len / sizeof(struct space));
}
/* The index of the one that a process is in. */
static inline uint32_t space_index(const struct spaces *s, uint32_t process)
{
	return ((const uint32_t *)(const void *)s->of.p)[process];
}
/* Whether namespace i is `top` or one below it. */
int space_is_below(const struct spaces *s, uint32_t i, uint32_t top);

/* Whether a process is number 1 of its PID namespace (PROC_STATUS). */
int space_is_init(const struct tree_process *p);
/* Whether it is dead, and waited for by nobody. A dead leader whose threads go on is not. */
int space_is_zombie(const struct tree_process *p);

/* What pstree has to know of namespaces, in struct pstree. {0} at first. */
struct space_view {
	struct spaces pid;       /* PID namespaces, when an option is about them */
	struct spaces kind;      /* -N: the others */
	struct pidns only, in;   /* --pidns, --in */
	uint32_t only_at, in_at; /* their indices in `pid` */
	uint32_t block;          /* -N: 1 + that being drawn */
	size_t margin;           /* and the blanks in front of its lines */
	unsigned borders;        /* --borders: 1 << kind for each that is marked */
};

#endif
