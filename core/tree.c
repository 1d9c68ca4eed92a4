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

/* Cuts circles: a node met again on one way up becomes a root. `next` marks who has been met. */
static void cut_circles(struct tree *t)
{
	for (uint32_t i = 0; i < t->count; i++) {
		for (uint32_t at = i; at != TREE_NONE && t->node[at].next == TREE_NONE;
		     at = t->node[at].parent) {
			uint32_t parent = t->node[at].parent;

			t->node[at].next = i;
			if (parent != TREE_NONE && t->node[parent].next == i)
				t->node[at].parent = TREE_NONE;
		}
	}
}

static int link_nodes(struct tree *t)
{
	if (t->count >= TREE_NONE)
		return -E2BIG;
	for (size_t i = 0; i < t->count; i++) {
		struct tree_node *n = &t->node[i];

		n->parent = n->p.ppid ? (uint32_t)tree_find(t, n->p.ppid) : TREE_NONE;
		n->first_child = n->next = TREE_NONE;
	}
	cut_circles(t);
	for (size_t i = t->count; i--;)
		t->node[i].next = TREE_NONE;
	for (uint32_t i = (uint32_t)t->count; i--;) {
		struct tree_node *n = &t->node[i];

		if (n->parent == TREE_NONE)
			continue;
		n->next = t->node[n->parent].first_child;
		t->node[n->parent].first_child = i;
	}
	return 0;
}

/* Keeps of a process what the tree has room for. Of texts and numbers the offsets, for now: their
 * buffers may still move. */
static int keep(struct tree *t, const struct proc *p, unsigned want, struct tree_process *k)
{
	int r = 0;

	*k = (struct tree_process){
		.pid = p->pid,
		.ppid = p->ppid,
		.pgid = p->pgid,
		.sid = p->sid,
		.euid = p->euid,
		.state = p->state,
		.levels = (unsigned char)p->levels,
		.has_chain = p->has_chain != 0,
		.kernel_thread = p->kernel_thread != 0,
		.comm_len = p->comm_len,
		.cmdline_len = (unsigned)p->cmdline_len,
		.cgroup_len = (unsigned)p->cgroup_len,
		.threads = p->threads,
		.start_ticks = p->start_ticks,
		.comm = (const char *)t->text.len,
		.nspid = (const pid_t *)t->numbers.len,
	};
	if (want & PROC_STATUS)
		r = str_add(&t->numbers, (const char *)p->nspid,
		            (size_t)p->levels * sizeof *p->nspid);
	if (!r)
		r = str_add(&t->text, p->comm, p->comm_len + 1);
	if (!r)
		r = str_add(&t->text, p->cmdline, p->cmdline_len);
	return r ? r : str_add(&t->text, p->cgroup, p->cgroup_len);
}

static void make_pointers(struct tree *t)
{
	for (size_t i = 0; i < t->count; i++) {
		struct tree_process *p = &t->node[i].p;

		p->comm = t->text.p + (size_t)p->comm;
		p->cmdline = p->comm + p->comm_len + 1;
		p->cgroup = p->cmdline + p->cmdline_len;
		p->nspid = !p->levels ? NULL
		                      : (const pid_t *)(void *)(t->numbers.p + (size_t)p->nspid);
	}
}

int tree_read_each(struct tree *t, int proc, unsigned want,
                   void (*each)(void *context, const struct proc *p, struct tree_node *n),
                   void *context)
{
	struct proc_walk w;
	struct proc p;
	int r = proc_open(&w, proc, want & ~(unsigned)TREE_PIDNS);

	*t = (struct tree){ 0 };
	if (r)
		return r;
	while ((r = proc_next(&w, &p)) == 1) {
		struct tree_node n = { .mark = 0 };

		if (want & TREE_PIDNS)
			ns_id(proc, p.pid, NS_PID, &n.pidns);
		r = keep(t, &p, want, &n.p);
		if (!r && each)
			each(context, &p, &n);
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
	if (!r)
		r = link_nodes(t);
	if (r) {
		tree_free(t);
		return r;
	}
	make_pointers(t);
	return 0;
}

int tree_read(struct tree *t, int proc, unsigned want)
{
	return tree_read_each(t, proc, want, NULL, NULL);
}

void tree_free(struct tree *t)
{
	str_free(&t->nodes);
	str_free(&t->text);
	str_free(&t->numbers);
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
