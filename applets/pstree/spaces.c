/* SPDX-License-Identifier: 0BSD */
#include "space.h"
#include "sys.h"

#include <string.h>

/* What is at hand while they are found. */
struct search {
	struct spaces *s;
	const struct tree *t;
	int proc;
	uint64_t *inode; /* of each process */
	uint32_t *up;    /* disjoint sets: another one that is in the same namespace */
};

static uint32_t top_of(const struct search *f, uint32_t i)
{
	while (f->up[i] != i) {
		f->up[i] = f->up[f->up[i]];
		i = f->up[i];
	}
	return i;
}

/* The lowest process stands for the set. */
static void unite(const struct search *f, uint32_t a, uint32_t b)
{
	a = top_of(f, a);
	b = top_of(f, b);
	f->up[a > b ? a : b] = a > b ? b : a;
}

/* A child's PID namespace is its parent's or one below that: then its chain is longer. */
static int is_with_parent(const struct search *f, uint32_t i)
{
	const struct tree_node *n = &f->t->node[i], *parent;

	if (n->parent == TREE_NONE)
		return 0;
	if (f->s->kind != NS_PID || (f->inode[i] && f->inode[n->parent]))
		return f->inode[i] == f->inode[n->parent];
	parent = &f->t->node[n->parent];
	return !n->p.has_chain || n->p.levels == parent->p.levels;
}

struct known {
	uint64_t inode;
	uint32_t process;
};

static int by_inode(const void *a, const void *b, const void *unused)
{
	const struct known *x = a, *y = b;

	(void)unused;
	return (x->inode > y->inode) - (x->inode < y->inode);
}

/* Whoever has the same inode is in the same namespace. */
static int unite_equal(const struct search *f, struct str *list)
{
	size_t n = list->len / sizeof(struct known);
	struct known *k;

	if (str_room(list, list->len))
		return -ENOMEM;
	k = (struct known *)(void *)list->p;
	str_sort(k, n, sizeof *k, k + n, by_inode, NULL);
	for (size_t i = 1; i < n; i++)
		if (k[i].inode == k[i - 1].inode)
			unite(f, k[i].process, k[i - 1].process);
	return 0;
}

/* In the PID namespace of the mount of proc: who has one number only. Without chains (Linux before
 * 4.1) that says nothing; a root then is where the mount is unless its inode tells. */
static int is_outermost(const struct search *f, uint32_t i)
{
	const struct tree_node *n = &f->t->node[i];

	return f->s->kind == NS_PID && n->p.levels == 1 &&
	       (n->p.has_chain || (!f->inode[i] && n->parent == TREE_NONE));
}

/* Makes the sets. Of the other kinds what cannot be read is taken for one. */
static int find_sets(const struct search *f)
{
	struct str list = { 0 };
	uint32_t outermost = TREE_NONE;
	int r = 0;

	for (uint32_t i = 0; i < f->t->count; i++)
		f->up[i] = i;
	for (uint32_t i = 0; i < f->t->count && !r; i++) {
		uint32_t parent = f->t->node[i].parent;
		struct known k = { f->inode[i], i };

		if (is_with_parent(f, i))
			unite(f, i, parent);
		/* Those with a known parent's inode would only make the list long. */
		if ((k.inode || f->s->kind != NS_PID) &&
		    (parent == TREE_NONE || f->inode[parent] != k.inode))
			r = str_add(&list, (const char *)&k, sizeof k);
		if (is_outermost(f, i)) {
			if (outermost != TREE_NONE)
				unite(f, i, outermost);
			outermost = i;
		}
	}
	if (!r && list.len)
		r = unite_equal(f, &list);
	str_free(&list);
	return r;
}

static int is_init(const struct search *f, uint32_t i)
{
	const struct tree_process *p = &f->t->node[i].p;

	return f->s->kind == NS_PID && p->nspid && p->nspid[p->levels - 1] == 1;
}

/* Makes a namespace of each set, in the order of their lowest processes. */
static int list_sets(const struct search *f)
{
	uint32_t *of = (uint32_t *)(void *)f->s->of.p;

	for (uint32_t i = 0; i < f->t->count; i++) {
		uint32_t top = top_of(f, i);
		struct space new = { 0, TREE_NONE, TREE_NONE, TREE_NONE, TREE_NONE, i, 0 }, *space;

		if (top == i) {
			of[i] = space_count(f->s);
			if (str_add(&f->s->list, (const char *)&new, sizeof new))
				return -ENOMEM;
		}
		of[i] = of[top];
		space = space_at(f->s, of[i]);
		if (!space->inode)
			space->inode = f->inode[i];
		if (space->init == TREE_NONE && is_init(f, i))
			space->init = i;
	}
	return 0;
}

/* ---- which is below which */

/* What the kernel says (ioctl_nsfs(2)): the nearest one above that somebody is in. */
static uint32_t ask_kernel(const struct search *f, const struct space *space)
{
	pid_t member = f->t->node[space->member].p.pid;
	int fd = proc_is_recorded(f->proc) ? -1 : ns_open(f->proc, member, f->s->kind);
	uint32_t found = TREE_NONE;
	uint64_t inode;

	while (fd >= 0 && found == TREE_NONE) {
		int above = ns_parent(fd);

		close(fd);
		fd = above;
		if (fd < 0 || ns_inode(fd, &inode))
			break;
		for (uint32_t i = 0; i < space_count(f->s) && found == TREE_NONE; i++)
			if (space_at(f->s, i)->inode == inode)
				found = i;
	}
	if (fd >= 0)
		close(fd);
	return found;
}

/* The namespace of the nearest ancestor who is in another one. */
static uint32_t ask_parents(const struct search *f, uint32_t i, uint32_t process)
{
	while (process != TREE_NONE && space_index(f->s, process) == i)
		process = f->t->node[process].parent;
	return process == TREE_NONE ? TREE_NONE : space_index(f->s, process);
}

static int levels(const struct search *f, uint32_t i)
{
	return f->t->node[space_at(f->s, i)->member].p.levels;
}

/* Who made a PID namespace was in the one above it. So was whoever took over his children. */
static uint32_t find_parent(const struct search *f, uint32_t i)
{
	const struct space *space = space_at(f->s, i);
	uint32_t guess = ask_parents(f, i, space->init != TREE_NONE ? space->init : space->member);
	uint32_t above;

	if (f->s->kind == NS_PID && levels(f, i) == 1 && f->t->node[space->member].p.has_chain)
		return TREE_NONE;
	if (space->init != TREE_NONE && guess != TREE_NONE && levels(f, guess) == levels(f, i) - 1)
		return guess;
	above = ask_kernel(f, space);
	return above != TREE_NONE ? above : guess;
}

int space_is_below(const struct spaces *s, uint32_t i, uint32_t top)
{
	while (i != TREE_NONE && i != top)
		i = space_at(s, i)->parent;
	return i == top;
}

/* Recorded trees and numbers of different moments may say anything; the kernel nests 32. */
static int is_too_deep(const struct spaces *s, uint32_t i)
{
	int depth = 0;

	while (i != TREE_NONE && depth < PROC_LEVELS) {
		i = space_at(s, i)->parent;
		depth++;
	}
	return depth == PROC_LEVELS;
}

static void link_spaces(const struct search *f)
{
	struct spaces *s = f->s;

	for (uint32_t i = 0; i < space_count(s); i++) {
		uint32_t above = find_parent(f, i);

		if (above != TREE_NONE && !space_is_below(s, above, i) && !is_too_deep(s, above))
			space_at(s, i)->parent = above;
	}
	for (uint32_t i = space_count(s); i--;) {
		struct space *space = space_at(s, i);

		if (space->parent == TREE_NONE)
			continue;
		space->next = space_at(s, space->parent)->first_child;
		space_at(s, space->parent)->first_child = i;
	}
}

int spaces_find(struct spaces *s, const struct tree *t, int proc, enum ns_kind kind,
                uint64_t (*inode)(const void *context, uint32_t process), const void *context)
{
	struct search f = { .s = s, .t = t, .proc = proc };
	size_t each = sizeof *f.inode + sizeof *f.up;
	struct str room = { 0 };
	int r = str_room(&room, t->count * each);

	s->kind = kind;
	if (!r)
		r = str_room(&s->of, t->count * sizeof(uint32_t));
	if (!r && t->count) {
		f.inode = (uint64_t *)(void *)room.p;
		f.up = (uint32_t *)(void *)(f.inode + t->count);
		for (uint32_t i = 0; i < t->count; i++)
			f.inode[i] = inode(context, i);
		r = find_sets(&f);
	}
	if (!r && t->count)
		r = list_sets(&f);
	if (!r && (kind == NS_PID || kind == NS_USER))
		link_spaces(&f);
	str_free(&room);
	return r;
}

void spaces_free(struct spaces *s)
{
	str_free(&s->list);
	str_free(&s->of);
}
