/* SPDX-License-Identifier: 0BSD */
/*
 * f, --forest, -H: children below their parents. The order is procps's: siblings by the keys, else
 * by their start; the roots backwards by their parents' number and then by the same. Other than
 * there, PID 1 stands before all other roots but the kernel's, such as those that have entered its
 * PID namespace from outside, and its children are drawn as such (so in procps since 4.0.6).
 * Numbers that were read at different moments may form a circle: each process is printed once all
 * the same.
 */
#include "ps.h"
#include "sys.h"

#include <string.h>

/* Where the walk is on one level: the children still to come. */
struct level {
	uint32_t next, end;
};

struct forest {
	struct ps *ps;
	const uint32_t *order; /* by parent, then as sorted */
	const uint32_t *by_pid;
	struct str levels, prefix;
};

static int by_ppid(const void *a, const void *b, const void *context)
{
	const struct ps_record *x = ps_record_at(context, *(const uint32_t *)a);
	const struct ps_record *y = ps_record_at(context, *(const uint32_t *)b);

	return (x->ppid > y->ppid) - (x->ppid < y->ppid);
}

static int by_pid(const void *a, const void *b, const void *context)
{
	const struct ps_record *x = ps_record_at(context, *(const uint32_t *)a);
	const struct ps_record *y = ps_record_at(context, *(const uint32_t *)b);

	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* The first in order[0..n) whose parent's number is at least `ppid`, which a recorded tree may have
 * up to INT32_MAX. */
static uint32_t first_child(const struct forest *f, int64_t ppid)
{
	uint32_t low = 0, high = (uint32_t)f->ps->record_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (ps_record_at(f->ps, f->order[middle])->ppid < ppid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int is_there(const struct forest *f, pid_t pid)
{
	size_t low = 0, high = f->ps->record_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		pid_t at = ps_record_at(f->ps, f->by_pid[middle])->pid;

		if (at == pid)
			return 1;
		if (at < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

static void print(struct forest *f, struct ps_record *r)
{
	const char *prefix = f->prefix.len ? f->prefix.p : "";

	r->done = 1;
	out_held(&f->ps->table, r->place, prefix);
}

/* Opens the level of a process's children. */
static int descend(struct forest *f, const struct ps_record *r)
{
	struct level l = { first_child(f, r->pid), first_child(f, (int64_t)r->pid + 1) };

	return str_add(&f->levels, (const char *)&l, sizeof l);
}

/* Draws what leads to a child, as a text that ends in a NUL. */
static int set_prefix(struct forest *f)
{
	const struct level *levels = (const struct level *)(const void *)f->levels.p;
	size_t depth = f->levels.len / sizeof *levels;
	int lines = f->ps->opt.forest == PS_FOREST_LINES, r = 0;

	f->prefix.len = 0;
	for (size_t i = 0; i < depth && !r; i++) {
		int more = levels[i].next < levels[i].end; /* `next` is behind the one drawn */

		if (!lines)
			r = str_add(&f->prefix, "  ", 2);
		else if (i + 1 == depth)
			r = str_add(&f->prefix, " \\_ ", 4);
		else
			r = str_add(&f->prefix, more ? " |  " : "    ", 4);
	}
	return r ? r : str_add(&f->prefix, "", 1);
}

static int print_tree(struct forest *f, struct ps_record *root)
{
	int r;

	f->levels.len = f->prefix.len = 0;
	print(f, root);
	r = descend(f, root);
	while (!r && f->levels.len) {
		struct level *l = (struct level *)(void *)(f->levels.p + f->levels.len) - 1;
		struct ps_record *child;

		if (l->next == l->end) {
			f->levels.len -= sizeof *l;
			continue;
		}
		child = ps_record_at(f->ps, f->order[l->next++]);
		if (child->done)
			continue; /* a circle */
		r = set_prefix(f);
		if (!r) {
			print(f, child);
			r = descend(f, child);
		}
	}
	return r;
}

static int is_root(const struct forest *f, const struct ps_record *r)
{
	return !r->done && (r->ppid == r->pid || !is_there(f, r->ppid));
}

static int print_roots(struct forest *f)
{
	struct ps *ps = f->ps;
	struct ps_record *init = NULL;
	int r = 0;

	if (ps->record_count && is_there(f, 1))
		for (size_t i = 0; !init; i++)
			if (ps_record_at(ps, f->by_pid[i])->pid == 1)
				init = ps_record_at(ps, f->by_pid[i]);
	for (size_t i = ps->record_count; i-- && !r;) {
		struct ps_record *record = ps_record_at(ps, f->order[i]);

		if (!is_root(f, record))
			continue;
		if (init && !init->done && !record->kernel_thread)
			r = print_tree(f, init);
		if (!r && !record->done)
			r = print_tree(f, record);
	}
	/* what is left is a circle */
	for (size_t i = 0; i < ps->record_count && !r; i++)
		if (!ps_record_at(ps, f->by_pid[i])->done)
			r = print_tree(f, ps_record_at(ps, f->by_pid[i]));
	return r;
}

int ps_print_forest(struct ps *ps)
{
	struct forest f = { .ps = ps };
	struct str numbers = { 0 };
	size_t n = ps->record_count, size = sizeof(uint32_t);
	uint32_t *order, *pids;
	int r;

	if (!n)
		return 0;
	r = ps_sort_records(ps);
	if (!r)
		r = str_room(&numbers, n * size);
	if (!r) {
		order = (uint32_t *)(void *)ps->order.p;
		pids = (uint32_t *)(void *)numbers.p;
		str_sort(order, n, size, order + n, by_ppid, ps);
		memcpy(pids, order, n * size);
		str_sort(pids, n, size, order + n, by_pid, ps);
		f.order = order;
		f.by_pid = pids;
		r = print_roots(&f);
	}
	str_free(&numbers);
	str_free(&f.levels);
	str_free(&f.prefix);
	return r;
}
