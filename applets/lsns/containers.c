/* SPDX-License-Identifier: 0BSD */
/*
 * lsns --containers: a line for each set of processes with a PID namespace of its own, which is
 * what all containers have in common; a service that only has a private /tmp has none. Whose
 * namespace we may not look at is known by his numbers (NSpid), which nobody hides.
 */
#include "view.h"

#include "columns.h"
#include "die.h"
#include "disposition.h"
#include "pid.h"
#include "sys.h"
#include "tree.h"

#include <string.h>

struct lsns_container {
	uint64_t inode, parent; /* of PID namespaces; 0: unknown */
	pid_t init, lowest;     /* init 0: not to be seen */
	unsigned levels;        /* how deep below the mount's own */
	unsigned long processes, zombies;
	int picked; /* the process of -p is in it */
	/* Once somebody has asked: */
	int looked;
	unsigned known, shared; /* 1 << kind */
	enum disposition sigterm;
	int has_cgroup;
	size_t id, id_len; /* in lsns.text */
};

static struct lsns_container *container(const struct lsns *l, size_t i)
{
	return (struct lsns_container *)(void *)l->containers_found.p + i;
}

static size_t container_count(const struct lsns *l)
{
	return l->containers_found.len / sizeof(struct lsns_container);
}

__attribute__((noreturn)) static void failed(int err)
{
	die(1, err, "cannot read processes");
}

/* ---- which there are */

/* A process, and what it has in common with the others in its PID namespace. */
struct member {
	uint64_t inode; /* 0: may not be known */
	uint32_t init;  /* in the tree; TREE_NONE: not to be seen */
	uint32_t node;
};

static int by_set(const void *a, const void *b, const void *unused)
{
	const struct member *x = a, *y = b;

	(void)unused;
	if (x->inode != y->inode) /* unknown ones last */
		return x->inode - 1 < y->inode - 1 ? -1 : 1;
	if (!x->inode && x->init != y->init)
		return x->init < y->init ? -1 : 1;
	return 0;
}

/* The PID namespace of the mount: that of who has one number only. */
static uint64_t own_inode(const struct tree *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->node[i].p.levels == 1 && t->node[i].pidns)
			return t->node[i].pidns;
	return 0;
}

/* All who are not in it. */
static void find_members(const struct tree *t, struct str *members)
{
	uint64_t own = own_inode(t);

	for (uint32_t i = 0; i < t->count; i++) {
		struct member m = { t->node[i].pidns, TREE_NONE, i };

		if (t->node[i].p.levels < 2 || (own && t->node[i].pidns == own))
			continue;
		m.init = (uint32_t)tree_nsinit(t, i);
		if (!m.inode && m.init != TREE_NONE)
			m.inode = t->node[m.init].pidns;
		if (str_add(members, (const char *)&m, sizeof m))
			failed(-ENOMEM);
	}
}

static int is_zombie(const struct tree_node *n)
{
	return n->p.state == 'Z' || n->p.state == 'X';
}

static void add_member(const struct lsns *l, struct lsns_container *c, const struct tree_node *n)
{
	c->processes++;
	c->zombies += (unsigned long)is_zombie(n);
	c->picked |= n->p.pid == l->find.task;
	if (!c->lowest)
		c->lowest = n->p.pid;
	/* An init that is a zombie has its number still. */
	if (n->p.nspid[n->p.levels - 1] == 1)
		c->init = c->lowest = n->p.pid;
}

/* The PID namespace around that of a process; 0 when it may not be known. */
static uint64_t around(const struct lsns *l, pid_t pid)
{
	int fd = ns_open(l->find.proc, pid, NS_PID), up = fd < 0 ? fd : ns_parent(fd);
	uint64_t inode;

	if (up < 0 || ns_inode(up, &inode))
		inode = 0;
	if (fd >= 0)
		close(fd);
	if (up >= 0)
		close(up);
	return inode;
}

/* The parent of an init that nobody has sent elsewhere is in the namespace around. */
static uint64_t around_by_parent(const struct tree *t, const struct lsns_container *c)
{
	size_t init = c->init ? tree_find(t, c->init) : TREE_NONE;
	uint32_t parent = init == TREE_NONE ? TREE_NONE : t->node[init].parent;

	return parent != TREE_NONE && t->node[parent].p.levels + 1u == c->levels
	               ? t->node[parent].pidns
	               : 0;
}

static void find_containers(struct lsns *l, const struct tree *t)
{
	struct str members = { 0 }, spare = { 0 };
	const struct member *m, *end;

	find_members(t, &members);
	if (str_room(&spare, members.len + 1))
		failed(-ENOMEM);
	m = (const struct member *)(const void *)members.p;
	end = m + members.len / sizeof *m;
	str_sort(members.p, (size_t)(end - m), sizeof *m, spare.p, by_set, NULL);
	while (m < end) {
		struct lsns_container c = { .inode = m->inode,
			                    .levels = t->node[m->node].p.levels };
		const struct member *first = m;

		for (; m < end && !by_set(first, m, NULL); m++)
			add_member(l, &c, &t->node[m->node]);
		l->find.unreadable += c.inode ? 0 : c.processes;
		c.parent = around(l, c.lowest);
		if (!c.parent)
			c.parent = around_by_parent(t, &c);
		if (str_add(&l->containers_found, (const char *)&c, sizeof c))
			failed(-ENOMEM);
	}
	str_free(&members);
	str_free(&spare);
}

/* ---- their columns */

/* Which kinds its lowest process shares with us; of a zombie only few are known. */
static void look_at_kinds(struct lsns *l, struct lsns_container *c)
{
	for (int kind = 0; kind < NS_N; kind++) {
		uint64_t theirs, ours;

		if (ns_id(l->find.proc, c->lowest, (enum ns_kind)kind, &theirs) ||
		    ns_id(l->own_proc, 0, (enum ns_kind)kind, &ours))
			continue;
		c->known |= 1u << kind;
		c->shared |= (unsigned)(theirs == ours) << kind;
	}
}

/* The id of the innermost container in the path of its cgroup. */
static void look_at_cgroup(struct lsns *l, struct lsns_container *c)
{
	size_t start = l->text.len, at = 0;
	const char *id, *found = NULL;
	struct proc p;

	if (proc_get(l->find.proc, c->lowest, PROC_CGROUP, &l->text, &p))
		return;
	c->has_cgroup = 1;
	while ((id = pid_container(p.cgroup, p.cgroup_len, &at)))
		found = id;
	if (found) {
		memmove(l->text.p + start, found, PID_CONTAINER_DIGITS);
		c->id = start;
		c->id_len = PID_CONTAINER_DIGITS;
	}
	l->text.len = start + c->id_len;
}

static void look_at_init(struct lsns *l, struct lsns_container *c)
{
	const unsigned want = PROC_STATUS | PROC_LINES | PROC_MEMORY;
	size_t start = l->text.len;
	struct proc p;

	if (c->init && !proc_get(l->find.proc, c->init, want, &l->text, &p))
		c->sigterm = disposition(l->find.proc, &p, SIGTERM);
	l->text.len = start;
}

static void look(struct lsns *l, struct lsns_container *c)
{
	if (c->looked)
		return;
	c->looked = 1;
	look_at_kinds(l, c);
	look_at_cgroup(l, c);
	look_at_init(l, c);
}

/* None of them is an answer, too. */
static void show_kinds(struct lsns *l, unsigned kinds, struct filter_value *v)
{
	lsns_word(v, "");
	for (int kind = 0; kind < NS_N; kind++) {
		if (!(kinds & 1u << kind))
			continue;
		lsns_put(l, ",", l->cell.len != 0);
		lsns_put(l, ns_kinds[kind].name, strlen(ns_kinds[kind].name));
	}
	lsns_cell(l, v);
}

static void show_sigterm(const struct lsns_container *c, struct filter_value *v)
{
	const char *word = disposition_word(c->sigterm);

	if (c->init)
		lsns_word(v, word ? word : "zombie");
}

static void show_id(const struct lsns *l, const struct lsns_container *c, struct filter_value *v)
{
	enum { SHORT = 12 }; /* what the tools of containers show */
	int is_short = !l->not_cut && !l->raw && !l->json;

	if (!c->has_cgroup)
		return;
	lsns_word(v, "");
	if (!c->id_len)
		return;
	v->text = l->text.p + c->id;
	v->len = is_short ? SHORT : c->id_len;
}

static void container_value(struct lsns *l, const struct out_col *col, const struct line *line,
                            struct filter_value *v)
{
	struct lsns_container *c = container(l, line->of);

	l->cell.len = 0;
	if (lsns_process_value(l, col->show, line, v))
		return;
	if (col->show >= SHOW_SHARED)
		look(l, c);
	switch (col->show) {
	case SHOW_NS:
		if (c->inode)
			lsns_number(v, c->inode);
		break;
	case SHOW_PNS:
		lsns_number(v, c->parent);
		break;
	case SHOW_INIT:
		if (c->init)
			lsns_number(v, (uint64_t)c->init);
		break;
	case SHOW_NSPID:
		lsns_chain(l, c->lowest, v);
		break;
	case SHOW_NPROCS:
		lsns_number(v, c->processes);
		break;
	case SHOW_ZOMBIES:
		lsns_number(v, c->zombies);
		break;
	case SHOW_SHARED:
	case SHOW_OWN:
		if (c->known)
			show_kinds(l, col->show == SHOW_OWN ? c->known & ~c->shared : c->shared, v);
		break;
	case SHOW_SIGTERM:
		show_sigterm(c, v);
		break;
	case SHOW_CONTAINER:
		show_id(l, c, v);
		break;
	}
}

OUT_COLUMNS(columns, CONTAINER_COLUMNS);

void lsns_container_columns(struct lsns *l)
{
	lsns_use_columns(l, columns, columns_text, sizeof columns / sizeof *columns,
	                 container_value);
}

/* ---- their lines */

/* The container with that PID namespace, or how many there are; they are sorted. */
static size_t container_in(const struct lsns *l, uint64_t inode)
{
	size_t n = container_count(l), low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (container(l, middle)->inode == inode)
			return middle;
		if (container(l, middle)->inode - 1 < inode - 1)
			low = middle + 1;
		else
			high = middle;
	}
	return n;
}

/* The line of the container around; those between that the filter has left out are skipped. */
static uint32_t line_around(const struct lsns *l, const uint32_t *lines, size_t i)
{
	while (container(l, i)->parent) {
		size_t up = container_in(l, container(l, i)->parent);

		if (up == container_count(l) || container(l, up)->levels >= container(l, i)->levels)
			break;
		if (lines[up] != LINE_NONE)
			return lines[up];
		i = up;
	}
	return LINE_NONE;
}

static void add_lines(struct lsns *l)
{
	size_t n = container_count(l);
	struct str room = { 0 };
	uint32_t *lines;

	if (str_room(&room, n * sizeof *lines + 1))
		failed(-ENOMEM);
	lines = (uint32_t *)(void *)room.p;
	for (size_t i = 0; i < n; i++)
		lines[i] = l->task_text && !container(l, i)->picked
		                   ? LINE_NONE
		                   : lsns_add_line(l, i, container(l, i)->lowest);
	for (size_t i = 0; i < n && l->tree != LSNS_FLAT; i++)
		if (lines[i] != LINE_NONE)
			lsns_line(l, lines[i])->parent = line_around(l, lines, i);
	str_free(&room);
	lsns_link(l);
}

void lsns_container_lines(struct lsns *l)
{
	struct tree t = { 0 };
	int r = tree_read(&t, l->find.proc, PROC_STATUS | TREE_PIDNS);

	if (r)
		failed(r);
	/* We are who runs this, also where DIR is not our own /proc. */
	l->own_proc = proc_mount(NULL);
	find_containers(l, &t);
	tree_free(&t);
	add_lines(l);
}
