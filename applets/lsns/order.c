/* SPDX-License-Identifier: 0BSD */
/* The lines of lsns: which ones, in what order, and who stands below whom. */
#include "view.h"

#include "die.h"
#include "sys.h"

#include <string.h>

__attribute__((noreturn)) static void no_memory(void)
{
	die(1, -ENOMEM, "cannot hold the namespaces");
}

/* ---- lines */

struct asked {
	struct lsns *l;
	const struct line *line;
};

static void asked_value(void *context, int column, struct filter_value *v)
{
	const struct asked *a = context;

	a->l->value(a->l, &a->l->table.cols[column], a->line, v);
}

uint32_t lsns_add_line(struct lsns *l, size_t of, pid_t pid)
{
	struct line line = { of, .pid = pid, .ppid = -1 };
	struct asked asked = { l, &line };
	size_t text = l->text.len, n = lsns_line_count(l);
	int r = 1;

	/* Of the namespaces that were made together mostly one process is the lowest in all. */
	if (pid && n && lsns_line(l, n - 1)->pid == pid) {
		line = *lsns_line(l, n - 1);
		line.of = of;
	} else if (pid) {
		lsns_describe(l, &line);
	}
	line.parent = line.first = line.last = line.next = LINE_NONE;
	if (CFG_LSNS_FILTER && l->filter_text)
		r = filter_match(&l->filter, asked_value, &asked);
	if (!r) {
		l->text.len = text;
		return LINE_NONE;
	}
	if (r < 0 || n == LINE_NONE || str_add(&l->lines, (const char *)&line, sizeof line))
		no_memory();
	return (uint32_t)n;
}

void lsns_link(struct lsns *l)
{
	uint32_t last_root = LINE_NONE;

	for (uint32_t i = 0; i < lsns_line_count(l); i++) {
		uint32_t parent = lsns_line(l, i)->parent;
		uint32_t *last = parent == LINE_NONE ? &last_root : &lsns_line(l, parent)->last;

		if (*last != LINE_NONE)
			lsns_line(l, *last)->next = i;
		else if (parent != LINE_NONE)
			lsns_line(l, parent)->first = i;
		*last = i;
	}
}

/* ---- the processes' tree */

static int by_pid(const void *a, const void *b, const void *context)
{
	const uint32_t *i = a, *j = b;
	pid_t x = lsns_line(context, *i)->pid, y = lsns_line(context, *j)->pid;

	return (x > y) - (x < y);
}

/* The last line before i that is of its parent. */
static uint32_t parent_of(const struct lsns *l, const uint32_t *sorted, uint32_t i)
{
	pid_t ppid = lsns_line(l, i)->ppid;
	size_t low = 0, high = lsns_line_count(l);

	while (low < high) { /* behind the last one that is not behind (ppid, i) */
		size_t middle = low + (high - low) / 2;
		pid_t pid = lsns_line(l, sorted[middle])->pid;

		if (pid < ppid || (pid == ppid && sorted[middle] < i))
			low = middle + 1;
		else
			high = middle;
	}
	return low && ppid > 0 && lsns_line(l, sorted[low - 1])->pid == ppid ? sorted[low - 1]
	                                                                     : LINE_NONE;
}

static void by_process(struct lsns *l)
{
	struct str order = { 0 };
	size_t n = lsns_line_count(l);
	uint32_t *sorted;

	if (str_room(&order, 2 * n * sizeof *sorted))
		no_memory();
	sorted = (uint32_t *)(void *)order.p;
	for (uint32_t i = 0; i < n; i++)
		sorted[i] = i;
	str_sort(sorted, n, sizeof *sorted, sorted + n, by_pid, l);
	for (uint32_t i = 0; i < n; i++)
		lsns_line(l, i)->parent = parent_of(l, sorted, i);
	str_free(&order);
}

/* ---- the trees of owners and parents */

/* Of a namespace: its line, or when the filter left it out that of the next one above. */
struct place {
	uint32_t line;
	int known;
};

/* Adds a namespace behind its owner, in the tree of parents behind its parent where it has one,
 * whatever -p and -P say of those. Its line. */
static uint32_t add_space(struct lsns *l, struct place *places, struct space *s)
{
	uint32_t owner = LINE_NONE, line;
	struct space *above = NULL;
	struct place *at;

	if (!s)
		return LINE_NONE;
	at = &places[s - find_at(&l->find, 0)];
	if (at->known)
		return at->line;
	at->known = 1;
	at->line = LINE_NONE;
	if (l->tree == LSNS_BY_PARENT)
		above = find_space(&l->find, s->kind, s->parent);
	if (above)
		at->line = add_space(l, places, above);
	else if (l->tree >= LSNS_BY_OWNER)
		owner = add_space(l, places, find_space(&l->find, NS_USER, s->owner));
	if (l->tree == LSNS_BY_OWNER)
		at->line = owner;
	line = lsns_add_line(l, (size_t)(at - places), s->pid);
	if (line != LINE_NONE) {
		lsns_line(l, line)->parent = at->line;
		at->line = line;
	}
	return at->line;
}

/* ---- all */

static int is_listed(const struct lsns *l, const struct space *s)
{
	if (l->task_text && !s->picked)
		return 0;
	if (l->persistent && s->processes)
		return 0;
	if (!(l->find.kinds & 1u << s->kind)) /* found besides: as an owner */
		return l->tree >= LSNS_BY_OWNER && s->kind == NS_USER;
	return l->tree >= LSNS_BY_OWNER || s->held & ~(1u << HOLD_SPACE);
}

static int by_of(const void *a, const void *b, const void *unused)
{
	const struct line *x = a, *y = b;

	(void)unused;
	return (x->of > y->of) - (x->of < y->of);
}

/* By their numbers, not behind owners and parents. */
static void sort_lines(struct lsns *l)
{
	size_t n = lsns_line_count(l);
	struct str spare = { 0 };

	if (str_room(&spare, l->lines.len))
		no_memory();
	str_sort(l->lines.p, n, sizeof(struct line), spare.p, by_of, NULL);
	str_free(&spare);
}

static void add_spaces(struct lsns *l)
{
	struct str places = { 0 };
	size_t n = find_count(&l->find), size = n * sizeof(struct place);

	if (str_room(&places, size + 1))
		no_memory();
	memset(places.p, 0, size);
	for (size_t i = 0; i < n; i++)
		if (is_listed(l, find_at(&l->find, i)))
			add_space(l, (struct place *)(void *)places.p, find_at(&l->find, i));
	str_free(&places);
}

static void add_members(struct lsns *l)
{
	const pid_t *pid = (const pid_t *)(const void *)l->find.members.p;
	size_t of = (size_t)(l->named - find_at(&l->find, 0));

	for (size_t n = l->find.members.len / sizeof *pid; n; n--)
		lsns_add_line(l, of, *pid++);
}

void lsns_space_lines(struct lsns *l)
{
	if (l->named)
		add_members(l);
	else
		add_spaces(l);
	if (l->json || l->raw)
		sort_lines(l);
	for (size_t i = 0; l->flat && i < lsns_line_count(l); i++)
		lsns_line(l, i)->parent = LINE_NONE;
	if (l->tree == LSNS_BY_PROCESS)
		by_process(l);
	lsns_link(l);
}
