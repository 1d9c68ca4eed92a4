/* SPDX-License-Identifier: 0BSD */
/* Which processes are looked at, and in which order. */
#include "ps.h"
#include "sys.h"

#include "die.h"

static int one(struct ps *ps, pid_t outer)
{
	struct proc p;
	int r;

	ps->text.len = 0;
	/* The number of a thread opens its process's files: only status tells. */
	r = proc_get(ps->proc, outer, ps->need | PROC_STATUS, &ps->text, &p);
	if (r)
		return r == -ENOMEM || r == -EMFILE || r == -ENFILE ? r : 0;
	if (p.tgid && p.tgid != outer)
		return 0;
	if (ps_is_in(ps))
		pidns_translate(&ps->ns, &p);
	ps_offer(ps, &p, outer);
	return 0;
}

static int by_number(const void *a, const void *b, const void *unused)
{
	const struct ps_item *x = a, *y = b;

	(void)unused;
	return (x->number > y->number) - (x->number < y->number);
}

/* Those whom the namespace of --in sees, or of these only the one that is `number` there. */
static int walk_inner(struct ps *ps, uint32_t number)
{
	size_t count;
	const struct pidns_number *list = pidns_members(&ps->ns, &count);
	int r = 0;

	for (size_t i = 0; i < count && !r; i++)
		if (!number || (uint32_t)list[i].inner == number)
			r = one(ps, list[i].outer);
	return r;
}

/* Only those that are named, without looking at others: -q in the order of the list, -p as if all
 * had been looked at. */
static int walk_named(struct ps *ps, size_t count)
{
	struct ps_item *items = (struct ps_item *)(void *)ps->opt.items.p;
	int sorted = items->kind == PS_KIND_PID, r = 0;

	if (sorted) {
		if (str_room(&ps->opt.items, ps->opt.items.len))
			return -ENOMEM;
		items = (struct ps_item *)(void *)ps->opt.items.p;
		str_sort(items, count, sizeof *items, items + count, by_number, NULL);
	}
	for (size_t i = 0; i < count && !r; i++) {
		uint32_t number = items[i].number;

		if (!sorted || !i || number != items[i - 1].number)
			r = ps_is_in(ps) ? walk_inner(ps, number) : one(ps, (pid_t)number);
	}
	return r;
}

static int by_pid(const void *a, const void *b, const void *unused)
{
	const pid_t *x = a, *y = b;

	(void)unused;
	return (*x > *y) - (*x < *y);
}

/* The files of a copy are in no order. */
static int walk_copy(struct ps *ps, struct proc_walk *w)
{
	struct str list = { 0 };
	struct proc p;
	pid_t pid, *pids;
	size_t n;
	int r = 0;

	while (!r && (pid = proc_next_pid(w)) > 0)
		r = str_add(&list, (const char *)&pid, sizeof pid);
	if (!r)
		r = pid ? pid : str_room(&list, list.len);
	pids = (pid_t *)(void *)list.p;
	n = list.len / sizeof pid;
	if (!r)
		str_sort(pids, n, sizeof pid, pids + n, by_pid, NULL);
	for (size_t i = 0; i < n && !r && !ps->table.o->err; i++) {
		w->text.len = 0;
		r = proc_get(ps->proc, pids[i], ps->need, &w->text, &p);
		if (!r)
			ps_offer(ps, &p, p.pid);
		else if (r != -ENOMEM)
			r = 0;
	}
	str_free(&list);
	return r ? r : n > 0;
}

static int walk_all(struct ps *ps)
{
	struct proc_walk w;
	struct proc p;
	int r = proc_open(&w, ps->proc, ps->need), seen = 0;

	if (r)
		return r;
	if (ps->opt.proc_path && proc_is_recorded(ps->proc)) {
		r = walk_copy(ps, &w);
		seen = r;
	} else {
		while ((r = proc_next(&w, &p)) == 1 && !ps->table.o->err) {
			ps_offer(ps, &p, p.pid);
			seen = 1;
		}
	}
	proc_close(&w);
	if (r == 1)
		return 0; /* nobody reads any more: out_end says why */
	if (!r && !seen)
		die(1, 0,
		    "%s%sthere is no process: it is no proc, or that of a PID namespace that has "
		    "ended",
		    ps->opt.proc_path ? ps->opt.proc_path : "", ps->opt.proc_path ? ": " : "");
	return r;
}

int ps_walk(struct ps *ps)
{
	size_t count;
	int r = 0;

	if (ps->need & NEED_TREE)
		r = tree_read(&ps->tree, ps->proc, PROC_STAT | PROC_STATUS | TREE_PIDNS);
	if (r)
		return r;
	if (ps_named(&ps->opt, &count))
		return walk_named(ps, count);
	return ps_is_in(ps) ? walk_inner(ps, 0) : walk_all(ps);
}
