/* SPDX-License-Identifier: 0BSD */
/* Rows whose order depends on all of them: what is kept of each, and their order by the keys. */
#include "ps.h"
#include "sys.h"

#include <string.h>

struct ps_record *ps_record_at(const struct ps *ps, size_t i)
{
	return (struct ps_record *)(void *)(ps->records.p + i * ps->record_size);
}

int ps_keeps(const struct ps *ps)
{
	return ps->opt.key_count || ps->opt.forest;
}

/* A value as it is kept: INT64_MIN for none, so that it comes first. */
static int64_t keep_value(struct ps *ps, const struct out_col *col, const struct filter_value *v)
{
	int64_t at = (int64_t)ps->key_texts.len;

	if (v->kind == FILTER_NUMBER)
		return v->number;
	if (v->kind == FILTER_UNKNOWN)
		return INT64_MIN;
	/* In the order of what is shown; procps has names of users and groups as they are. */
	if ((col->flags & PS_NAME
	             ? str_add(&ps->key_texts, v->text, v->len)
	             : out_safe(&ps->key_texts, v->text, v->len, ps->table.utf8, SIZE_MAX) < 0) ||
	    str_add(&ps->key_texts, "", 1))
		ps->table.err = -ENOMEM;
	return at;
}

void ps_new_record(struct ps *ps, const struct ps_row *row)
{
	struct ps_record *r;

	ps->record_size = sizeof *r + ps->opt.key_count * sizeof *r->key;
	if (str_room(&ps->records, ps->record_size)) {
		ps->table.err = -ENOMEM;
		return;
	}
	r = ps_record_at(ps, ps->record_count++);
	ps->records.len += ps->record_size;
	*r = (struct ps_record){ .place = ps->table.stored.len,
		                 .start_ticks = row->p->start_ticks,
		                 .pid = row->p->pid,
		                 .ppid = row->p->ppid,
		                 .kernel_thread = row->p->kernel_thread != 0 };
	for (unsigned i = 0; i < ps->opt.key_count; i++) {
		struct filter_value v;

		ps_key(ps->opt.keys[i].col, row, &v);
		/* Text and number do not meet: a column has one kind. */
		r->key[i] = keep_value(ps, ps->opt.keys[i].col, &v);
		if (v.kind == FILTER_TEXT || v.kind == FILTER_NAME)
			ps->opt.keys[i].text = 1;
	}
}

static const char *key_text(const struct ps *ps, int64_t key)
{
	return key == INT64_MIN ? "" : ps->key_texts.p + key;
}

static int by_keys(const void *a, const void *b, const void *context)
{
	const struct ps *ps = context;
	const struct ps_record *x = ps_record_at(ps, *(const uint32_t *)a);
	const struct ps_record *y = ps_record_at(ps, *(const uint32_t *)b);

	for (unsigned i = 0; i < ps->opt.key_count; i++) {
		const struct ps_key *k = &ps->opt.keys[i];
		int r = k->text ? strcmp(key_text(ps, x->key[i]), key_text(ps, y->key[i]))
		                : (x->key[i] > y->key[i]) - (x->key[i] < y->key[i]);

		if (r)
			return k->down ? -r : r;
	}
	return 0;
}

static int by_start(const void *a, const void *b, const void *context)
{
	const struct ps_record *x = ps_record_at(context, *(const uint32_t *)a);
	const struct ps_record *y = ps_record_at(context, *(const uint32_t *)b);

	return (x->start_ticks > y->start_ticks) - (x->start_ticks < y->start_ticks);
}

static int by_pid(const void *a, const void *b, const void *context)
{
	const struct ps_record *x = ps_record_at(context, *(const uint32_t *)a);
	const struct ps_record *y = ps_record_at(context, *(const uint32_t *)b);

	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* Equal ones stay in the order of their numbers, which is procfs's but not that of a recording. */
int ps_sort_records(struct ps *ps)
{
	size_t n = ps->record_count;
	uint32_t *order;
	int r = str_room(&ps->order, 2 * n * sizeof *order);

	if (r)
		return r;
	order = (uint32_t *)(void *)ps->order.p;
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	str_sort(order, n, sizeof *order, order + n, by_pid, ps);
	str_sort(order, n, sizeof *order, order + n, ps->opt.key_count ? by_keys : by_start, ps);
	return 0;
}

int ps_print_sorted(struct ps *ps)
{
	int r = ps_sort_records(ps);
	const uint32_t *order = (const uint32_t *)(void *)ps->order.p;

	for (size_t i = 0; !r && i < ps->record_count; i++) {
		const struct ps_record *record = ps_record_at(ps, order[i]);
		size_t place = record->place;

		for (unsigned row = 0; row < record->rows; row++)
			place = out_held(&ps->table, place, "");
	}
	return r;
}
