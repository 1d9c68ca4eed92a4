/* SPDX-License-Identifier: 0BSD */
#include "picture.h"

static uint32_t *numbers(const struct str *list)
{
	return (uint32_t *)(void *)list->p;
}

/* Room for so many, all NONE. */
static void fill(struct str *list, size_t count)
{
	static const uint32_t none = NONE;

	while (count--)
		if (str_add(list, (const char *)&none, sizeof none))
			die(1, -ENOMEM, "cannot hold the processes");
}

static void collect(struct picture *v, uint32_t i, uint32_t *last)
{
	struct pstree *t = v->t;
	uint32_t at = space_index(&t->view.pid, item(t, i)->process);

	item(t, i)->is_kept = 1;
	if (last[at] == NONE)
		numbers(&v->first)[at] = i;
	else
		numbers(&v->members)[last[at]] = i;
	last[at] = i;
	for (; at != TREE_NONE && !space_at(&t->view.pid, at)->rank;
	     at = space_at(&t->view.pid, at)->parent)
		space_at(&t->view.pid, at)->rank = 1;
}

void picture_open(struct picture *v, struct pstree *t)
{
	struct str last = { 0 };

	*v = (struct picture){ .t = t };
	fill(&v->members, t->tree.count);
	fill(&v->first, space_count(&t->view.pid));
	fill(&last, space_count(&t->view.pid));
	for (uint32_t i = 0; i < item_count(t); i++)
		item(t, i)->is_kept = 0;
	for (size_t n = 0; n < root_count(t); n++) {
		uint32_t root = root_at(t, n), depth = 0;

		for (uint32_t i = root; i != NONE; i = items_next(t, root, i, &depth))
			if (!item(t, i)->is_thread && !item(t, i)->is_kept)
				collect(v, i, numbers(&last));
	}
	str_free(&last);
}

void picture_close(struct picture *v)
{
	str_free(&v->members);
	str_free(&v->first);
}

uint32_t picture_first(const struct picture *v, uint32_t space)
{
	return numbers(&v->first)[space];
}

uint32_t picture_next(const struct picture *v, uint32_t i)
{
	return numbers(&v->members)[i];
}

static uint32_t next_shown(const struct picture *v, uint32_t space)
{
	const struct spaces *s = &v->t->view.pid;

	while (space != TREE_NONE && !space_at(s, space)->rank)
		space = space_at(s, space)->next;
	return space;
}

/* Those in no other one; with --in it is the outermost. */
static uint32_t next_top(const struct picture *v, uint32_t from)
{
	const struct spaces *s = &v->t->view.pid;

	while (from < space_count(s) &&
	       (!space_at(s, from)->rank ||
	        (v->t->in_ref ? from != v->t->view.in_at : space_at(s, from)->parent != TREE_NONE)))
		from++;
	return from < space_count(s) ? from : TREE_NONE;
}

uint32_t picture_inside(const struct picture *v, uint32_t space)
{
	return space == TREE_NONE ? next_top(v, 0)
	                          : next_shown(v, space_at(&v->t->view.pid, space)->first_child);
}

uint32_t picture_beside(const struct picture *v, uint32_t space)
{
	const struct space *at = space_at(&v->t->view.pid, space);

	return at->parent == TREE_NONE || (v->t->in_ref && space == v->t->view.in_at)
	               ? next_top(v, space + 1)
	               : next_shown(v, at->next);
}

static int levels_above(const struct picture *v)
{
	return v->t->in_ref ? v->t->view.in.depth - 1 : 0;
}

int picture_level(const struct picture *v, uint32_t space)
{
	uint32_t member = space_at(&v->t->view.pid, space)->member;

	return v->t->tree.node[member].p.levels - 1 - levels_above(v);
}

int picture_has(const struct picture *v, uint32_t i)
{
	return i != NONE && item(v->t, i)->is_kept;
}

/* An init starts its children in its own session, and they may begin one of their own. Who is in
 * somebody else's was started by somebody else, who is gone. */
static int is_adopted(const struct tree_process *p, const struct tree_process *init)
{
	return p->sid != p->pid && p->sid != init->sid && p->sid;
}

unsigned picture_kind(const struct picture *v, uint32_t i)
{
	const struct pstree *t = v->t;
	const struct tree_process *p = process(t, item(t, i));
	uint32_t parent = t->tree.node[item(t, i)->process].parent;
	uint32_t at = space_index(&t->view.pid, item(t, i)->process);
	unsigned kind = space_is_zombie(p) ? PICTURE_ZOMBIE : 0;

	if (p->kernel_thread)
		return PICTURE_KERNEL;
	if (space_is_init(p))
		return kind | PICTURE_INIT;
	if (parent == TREE_NONE)
		return kind | (p->ppid ? PICTURE_ORPHAN : PICTURE_ENTERED);
	if (space_index(&t->view.pid, parent) != at)
		return kind | PICTURE_ENTERED;
	if (parent == space_at(&t->view.pid, at)->init && is_adopted(p, &t->tree.node[parent].p))
		kind |= PICTURE_ORPHAN;
	return kind;
}

int picture_chain(const struct picture *v, uint32_t i, const pid_t **chain)
{
	const struct tree_process *p = process(v->t, item(v->t, i));

	*chain = p->nspid + levels_above(v);
	return p->levels - levels_above(v);
}
