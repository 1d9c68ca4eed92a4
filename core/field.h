/* SPDX-License-Identifier: 0BSD */
/*
 * The plain fields of a process by their names, which are those of the columns of ps: what filters
 * (filter.h) and JSON ask for in applets that have no columns of their own.
 */
#ifndef FIELD_H
#define FIELD_H

#include "filter.h"
#include "proc.h"
#include "tree.h"
#include "user.h"

/* {0} is a fresh one; proc, p and pid are to be set before a value is asked for. */
struct fields {
	int proc;             /* the mount */
	const struct proc *p; /* read there with `want` */
	pid_t pid;            /* its number there, if p has others; 0: p->pid */
	unsigned want;        /* enum proc_want, of all fields that were found */
	/* field.c's own */
	struct user_db users, groups;
	struct str line;
	struct tree tree;
	int has_tree; /* 1; -1: it cannot be read */
	uint64_t boot_ticks, second;
};

/* The number of a field, in any case, or -1; what it needs is added to want of the struct fields,
 * which may be NULL. It is what filter_parse asks. */
int field_find(void *fields, const char *name, size_t len);

/* Its value: what cannot be known is FILTER_UNKNOWN, times are in seconds, texts are as they are.
 * It is what filter_match asks. */
void field_value(void *fields, int field, struct filter_value *v);

/* What was kept for the values goes. */
void field_free(struct fields *f);

#endif
