/* SPDX-License-Identifier: 0BSD */
/* The items of the picture: processes and threads, put into order, and those that look the same
 * made one. Nothing here calls itself, nor takes more than n log n, whatever the tree is. */
#include "pstree.h"

#include <string.h>

uint32_t item_count(const struct pstree *t)
{
	return (uint32_t)(t->items.len / sizeof(struct item));
}

static void add(struct str *to, const void *bytes, size_t len)
{
	if (str_add(to, bytes, len))
		die(1, -ENOMEM, "cannot hold the processes");
}

void root_add(struct pstree *t, uint32_t i)
{
	add(&t->roots, &i, sizeof i);
}

uint32_t root_at(const struct pstree *t, size_t n)
{
	return ((const uint32_t *)(const void *)t->roots.p)[n];
}

size_t root_count(const struct pstree *t)
{
	return t->roots.len / sizeof(uint32_t);
}

const char *item_name(const struct pstree *t, const struct item *i, size_t *len)
{
	const struct tree_process *p = process(t, i);

	if (i->name == NONE) {
		*len = p->comm_len;
		return p->comm;
	}
	*len = strlen(t->names.p + i->name);
	return t->names.p + i->name;
}

uint32_t item_find(const struct pstree *t, pid_t id)
{
	size_t process = tree_find(&t->tree, id);

	if (process != TREE_NONE)
		return (uint32_t)process;
	for (uint32_t i = (uint32_t)t->tree.count; i < item_count(t); i++)
		if (item(t, i)->id == id)
			return i;
	return NONE;
}

uint32_t items_next(const struct pstree *t, uint32_t root, uint32_t i, uint32_t *depth)
{
	if (item(t, i)->first_child != NONE) {
		++*depth;
		return item(t, i)->first_child;
	}
	for (; i != root; i = item(t, i)->parent, --*depth)
		if (item(t, i)->next != NONE)
			return item(t, i)->next;
	return NONE;
}

/* ---- making them */

static void add_item(struct pstree *t, uint32_t parent, uint32_t index, pid_t id, uint32_t name)
{
	struct item new = { .process = index, .parent = parent, .id = id, .name = name };

	new.first_child = new.next = NONE;
	new.times = 1;
	new.is_thread = index != item_count(t);
	add(&t->items, &new, sizeof new);
}

static void add_child(struct pstree *t, uint32_t parent, uint32_t child)
{
	item(t, child)->next = item(t, parent)->first_child;
	item(t, parent)->first_child = child;
}

static void add_thread(struct pstree *t, uint32_t parent, int dir, pid_t tid)
{
	uint32_t name = NONE;
	struct proc thread;

	if (t->thread_names) {
		if (proc_get_stat(dir, tid, &thread))
			return; /* it has ended meanwhile */
		name = (uint32_t)t->names.len;
		add(&t->names, thread.comm, thread.comm_len + 1);
	}
	add_item(t, parent, parent, tid, name);
}

static void add_threads(struct pstree *t, uint32_t i)
{
	struct proc_walk w;
	pid_t tid, pid = item(t, i)->id;
	uint32_t first = item_count(t);
	char path[PROC_PATH];
	int dir;

	proc_path(path, pid, "task");
	dir = (int)sys_result(openat(t->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (dir >= 0 && !proc_open(&w, dir, 0)) {
		while ((tid = proc_next_pid(&w)) > 0)
			if (tid != pid)
				add_thread(t, i, dir, tid);
		proc_close(&w);
	}
	if (dir >= 0)
		close(dir);
	for (uint32_t n = item_count(t); n-- > first;)
		add_child(t, i, n);
}

void items_build(struct pstree *t)
{
	const struct tree_node *node = t->tree.node;
	uint32_t count = (uint32_t)t->tree.count;

	for (uint32_t i = 0; i < count; i++)
		add_item(t, node[i].parent, i, node[i].p.pid, NONE);
	for (uint32_t i = count; i--;)
		if (node[i].parent != TREE_NONE)
			add_child(t, node[i].parent, i);
	for (uint32_t i = 0; i < count && !t->no_threads; i++)
		if (node[i].p.threads > 1)
			add_threads(t, i);
}

/* All items below those without a parent, each behind its parent: uint32_t. */
static struct str in_order(struct pstree *t)
{
	struct str order = { 0 };

	for (uint32_t i = 0; i < item_count(t); i++)
		if (item(t, i)->parent == NONE)
			for (uint32_t at = i, depth = 0; at != NONE;
			     at = items_next(t, i, at, &depth))
				add(&order, &at, sizeof at);
	return order;
}

static uint32_t nth(const struct str *order, size_t n)
{
	return ((const uint32_t *)(const void *)order->p)[n];
}

void items_keep(struct pstree *t)
{
	struct str order = in_order(t);
	size_t roots = root_count(t);

	for (size_t n = order.len / sizeof(uint32_t); n--;) {
		struct item *i = item(t, nth(&order, n));
		uint32_t *link = &i->first_child;

		while (*link != NONE) {
			struct item *child = item(t, *link);

			i->is_kept |= child->is_kept;
			if (child->is_kept)
				link = &child->next;
			else
				*link = child->next;
		}
	}
	str_free(&order);
	t->roots.len = 0;
	for (size_t n = 0; n < roots; n++)
		if (item(t, root_at(t, n))->is_kept)
			root_add(t, root_at(t, n));
}

/* ---- their order */

/* The character of a name as it is shown: a thread's is in braces. */
static unsigned char shown_char(const struct item *i, const char *name, size_t len, size_t at)
{
	if (!i->is_thread)
		return (unsigned char)name[at];
	if (!at || at > len)
		return !at ? '{' : at == len + 1 ? '}' : 0;
	return (unsigned char)name[at - 1];
}

/* strcmp(3) of the names as they are shown. */
static int compare_names(const struct pstree *t, const struct item *a, const struct item *b)
{
	size_t a_len, b_len, at = 0;
	const char *x = item_name(t, a, &a_len), *y = item_name(t, b, &b_len);

	if (a->is_thread == b->is_thread && !a->is_thread)
		return strcmp(x, y);
	for (;; at++) {
		unsigned char c = shown_char(a, x, a_len, at), d = shown_char(b, y, b_len, at);

		if (c != d || !c)
			return c - d;
	}
}

/* By number, or by name, then user, then number. */
static int before(const struct pstree *t, const struct item *a, const struct item *b)
{
	int order = t->by_number ? 0 : compare_names(t, a, b);
	uid_t x = process(t, a)->euid, y = process(t, b)->euid;

	if (order || t->by_number || x == y)
		return order ? order < 0 : a->id <= b->id;
	return x < y;
}

/* Merges two sorted lists of siblings. */
static uint32_t merge(struct pstree *t, uint32_t a, uint32_t b)
{
	uint32_t head = NONE, *tail = &head;

	while (a != NONE && b != NONE) {
		uint32_t *from = before(t, item(t, a), item(t, b)) ? &a : &b;

		*tail = *from;
		tail = &item(t, *from)->next;
		*from = *tail;
	}
	*tail = a != NONE ? a : b;
	return head;
}

/* Takes from a list what is in order at its beginning. */
static uint32_t take_run(struct pstree *t, uint32_t *list)
{
	uint32_t run = *list, last = run, next;

	while ((next = item(t, last)->next) != NONE && before(t, item(t, last), item(t, next)))
		last = next;
	item(t, last)->next = NONE;
	*list = next;
	return run;
}

/* A stable merge sort of a list: of what were 1, 2, 4 ... runs one waits at its place in runs. */
static uint32_t sort_list(struct pstree *t, uint32_t list)
{
	uint32_t runs[32], result = NONE;
	size_t i, top = 0;

	while (list != NONE) {
		uint32_t run = take_run(t, &list);

		for (i = 0; i < top && runs[i] != NONE; i++) {
			run = merge(t, runs[i], run);
			runs[i] = NONE;
		}
		runs[i] = run;
		top = i == top ? top + 1 : top;
	}
	for (i = 0; i < top; i++)
		result = merge(t, runs[i], result);
	return result;
}

/* ---- who looks the same */

/* A table of the first item of each look: open addressing, never more than half full. */
struct looks {
	struct str table;
	uint32_t mask;
};

static void open_looks(struct pstree *t, struct looks *l)
{
	uint32_t size = 64;

	while (size / 2 < item_count(t))
		size *= 2;
	*l = (struct looks){ .mask = size - 1 };
	if (str_room(&l->table, (size_t)size * sizeof(uint32_t)))
		die(1, -ENOMEM, "cannot hold the processes");
	memset(l->table.p, 0xff, (size_t)size * sizeof(uint32_t)); /* NONE */
}

static uint32_t mix(uint32_t hash, uint32_t v)
{
	return (hash ^ v) * 0x9e3779b1u + (hash >> 15);
}

static uint32_t hash_of(const struct pstree *t, const struct item *i)
{
	size_t len;
	const char *name = item_name(t, i, &len);
	uint32_t hash = i->is_thread;

	while (*name)
		hash = mix(hash, (unsigned char)*name++);
	for (uint32_t child = i->first_child; child != NONE; child = item(t, child)->next)
		hash = mix(hash, item(t, child)->look);
	return hash ^ hash >> 16;
}

static int same_spaces(const struct pstree *t, const struct item *a, const struct item *b)
{
	for (int kind = 0; kind < NS_N && t->show_spaces; kind++)
		if (space_of(t, a->process, (enum ns_kind)kind) !=
		    space_of(t, b->process, (enum ns_kind)kind))
			return 0;
	return !CFG_PSTREE_NS || !space_differs(t, a, b);
}

static int same(const struct pstree *t, const struct item *a, const struct item *b)
{
	uint32_t x = a->first_child, y = b->first_child;

	if (a->is_thread != b->is_thread || compare_names(t, a, b) ||
	    (t->show_users && process(t, a)->euid != process(t, b)->euid) || !same_spaces(t, a, b))
		return 0;
	while (x != NONE && y != NONE && item(t, x)->look == item(t, y)->look) {
		x = item(t, x)->next;
		y = item(t, y)->next;
	}
	return x == y;
}

/* Its children must be in order, and have their looks. */
static void look_at(struct pstree *t, struct looks *l, uint32_t i)
{
	uint32_t *table = (uint32_t *)(void *)l->table.p;
	uint32_t at = hash_of(t, item(t, i)) & l->mask;

	while (table[at] != NONE && !same(t, item(t, table[at]), item(t, i)))
		at = (at + 1) & l->mask;
	if (table[at] == NONE)
		table[at] = i;
	item(t, i)->look = table[at];
	item(t, i)->seen_by = NONE;
}

void items_sort(struct pstree *t)
{
	struct str order = in_order(t);
	struct looks looks = { 0 };

	if (!t->separate)
		open_looks(t, &looks);
	/* From below: what children look like, their parents need. */
	for (size_t n = order.len / sizeof(uint32_t); n--;) {
		struct item *i = item(t, nth(&order, n));

		i->first_child = sort_list(t, i->first_child);
		if (!t->separate)
			look_at(t, &looks, nth(&order, n));
	}
	str_free(&looks.table);
	str_free(&order);
}

/* Where lines show arguments or labels, of which everybody has its own, only threads are folded. */
void items_fold(struct pstree *t)
{
	int only_threads = t->show_args || t->show_labels;

	if (t->separate)
		return;
	for (uint32_t parent = 0; parent < item_count(t); parent++) {
		uint32_t *link = &item(t, parent)->first_child;

		while (*link != NONE) {
			struct item *i = item(t, *link), *look = item(t, i->look);

			if (only_threads && !i->is_thread) {
				link = &i->next;
			} else if (look->seen_by == parent) {
				item(t, look->seen)->times++;
				*link = i->next;
			} else {
				look->seen_by = parent;
				look->seen = *link;
				link = &i->next;
			}
		}
	}
}
