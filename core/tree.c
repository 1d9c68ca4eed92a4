/* SPDX-License-Identifier: 0BSD */
#include "tree.h"
#include "ns.h"
#include "sys.h"

static int by_pid(const void *a, const void *b, const void *unused)
{
	const struct tree_node *x = a, *y = b;

	(void)unused;
	return (x->p.pid > y->p.pid) - (x->p.pid < y->p.pid);
}

/* Sorts unless readdir's order is already that of the numbers, as procfs's is. */
static int sort_nodes(struct tree *t)
{
	struct str spare = { 0 };
	size_t i = 1;
	int r;

	while (i < t->count && t->node[i - 1].p.pid < t->node[i].p.pid)
		i++;
	if (i >= t->count)
		return 0;
	r = str_room(&spare, t->count * sizeof *t->node);
	if (!r)
		str_sort(t->node, t->count, sizeof *t->node, spare.p, by_pid, NULL);
	str_free(&spare);
	return r;
}

size_t tree_find(const struct tree *t, pid_t pid)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->node[middle].p.pid == pid)
			return middle;
		if (t->node[middle].p.pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return TREE_NONE;
}

/* Cuts circles: a node met again on one way up becomes a root. */
static void cut_circles(struct tree *t)
{
	for (size_t i = 0; i < t->count; i++) {
		for (size_t at = i; at != TREE_NONE && !t->node[at].mark; at = t->node[at].parent) {
			size_t parent = t->node[at].parent;

			t->node[at].mark = i + 1;
			if (parent != TREE_NONE && t->node[parent].mark == i + 1)
				t->node[at].parent = TREE_NONE;
		}
	}
}

static void link_nodes(struct tree *t)
{
	for (size_t i = 0; i < t->count; i++) {
		struct tree_node *n = &t->node[i];

		n->parent = n->p.ppid ? tree_find(t, n->p.ppid) : TREE_NONE;
		n->first_child = n->next = TREE_NONE;
		n->mark = 0;
	}
	cut_circles(t);
	for (size_t i = t->count; i--;) {
		struct tree_node *n = &t->node[i];

		if (n->parent == TREE_NONE)
			continue;
		n->next = t->node[n->parent].first_child;
		t->node[n->parent].first_child = i;
	}
	for (size_t i = 0; i < t->count; i++)
		t->node[i].mark = 0;
}

int tree_read(struct tree *t, int proc, unsigned want)
{
	struct proc_walk w;
	struct tree_node n = { .parent = 0 };
	int r = proc_open(&w, proc, want);

	*t = (struct tree){ 0 };
	if (r)
		return r;
	while ((r = proc_next(&w, &n.p)) == 1) {
		size_t text = t->text.len;

		n.pidns = 0;
		if (want & TREE_PIDNS)
			ns_id(proc, n.p.pid, NS_PID, &n.pidns);
		r = str_add(&t->text, w.text.p, n.p.cmdline_len + n.p.cgroup_len);
		/* offsets for now: the buffer may still move */
		n.p.cmdline = (const char *)text;
		n.p.cgroup = (const char *)(text + n.p.cmdline_len);
		if (!r)
			r = str_add(&t->nodes, (const char *)&n, sizeof n);
		if (r)
			break;
		t->count++;
	}
	proc_close(&w);
	t->node = (struct tree_node *)(void *)t->nodes.p;
	if (!r)
		r = sort_nodes(t);
	if (r) {
		tree_free(t);
		return r;
	}
	for (size_t i = 0; i < t->count; i++) {
		t->node[i].p.cmdline = t->text.p + (size_t)t->node[i].p.cmdline;
		t->node[i].p.cgroup = t->text.p + (size_t)t->node[i].p.cgroup;
	}
	link_nodes(t);
	return 0;
}

void tree_free(struct tree *t)
{
	str_free(&t->nodes);
	str_free(&t->text);
	t->count = 0;
}

static int is_nsinit(const struct tree_node *n)
{
	return n->p.nspid[n->p.levels - 1] == 1;
}

/* The mount's own PID namespace, whose init is number 1. Without a chain the inode must tell. */
static size_t outermost_init(const struct tree *t, const struct tree_node *n)
{
	size_t init = tree_find(t, 1);

	if (n->p.has_chain || init == TREE_NONE)
		return init;
	return n->pidns && n->pidns == t->node[init].pidns ? init : TREE_NONE;
}

size_t tree_nsinit(const struct tree *t, size_t i)
{
	const struct tree_node *n = &t->node[i];
	size_t up = i;

	if (n->p.levels == 1)
		return outermost_init(t, n);
	while (up != TREE_NONE && t->node[up].p.levels == n->p.levels) {
		if (is_nsinit(&t->node[up]))
			return up;
		up = t->node[up].parent;
	}
	/* It came from outside by setns(2): only the inode tells. */
	for (up = 0; n->pidns && up < t->count; up++)
		if (t->node[up].pidns == n->pidns && is_nsinit(&t->node[up]))
			return up;
	return TREE_NONE;
}
