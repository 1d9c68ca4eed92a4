/* SPDX-License-Identifier: 0BSD */
/*
 * --filter: what the expression gets to know of a row in any column, shown or not. A number is what
 * is printed, as text and as that number; a text is the whole of it, as it is.
 */
#include "ps.h"

#include "die.h"

/* Reading the expression says what else is to be read of each process. */
static int column(void *context, const char *name, size_t len)
{
	struct ps *ps = context;
	const struct out_col *col = out_find(&ps->table, name, len);

	if (!col)
		return -1;
	ps->need |= col->need;
	return (int)(col - ps->table.cols);
}

void ps_filter_open(struct ps *ps)
{
	struct filter_error e;
	int r = filter_parse(&ps->filter, ps->opt.filter, column, ps, &e);

	if (r)
		die_filter(1, r, ps->opt.filter, &e);
}

/* A text that is read as the number that it shows, if it does. */
static void read_number(const char *text, size_t len, struct filter_value *v)
{
	while (len && *text == ' ') {
		text++;
		len--;
	}
	filter_number(text, len, v);
	if (len == 1 && *text == '-')
		v->kind = FILTER_UNKNOWN;
}

static void value(void *context, int number, struct filter_value *v)
{
	struct ps_row *r = context;
	const struct out_col *col = &r->ps->table.cols[number];

	if (ps_is_empty(col, r)) {
		*v = (struct filter_value){ .kind = FILTER_UNKNOWN };
	} else if (ps_is_date(col)) {
		*v = (struct filter_value){ .kind = FILTER_TEXT };
		v->text = ps_date_text(col, r, &v->len);
	} else if (col->show < SHOW_TEXTS) {
		size_t len;
		const char *text = ps_number(col, r, r->ps->facts.files.text, &len);

		read_number(text, len, v);
		if (col->show == SHOW_HEX)
			v->kind = FILTER_TEXT;
	} else {
		ps_value(col, r, v);
		if (v->kind == FILTER_NUMBER && v->text)
			filter_number(v->text, v->len, v);
		/* What there is not is known, unlike what cannot be read. */
		if (v->kind == FILTER_UNKNOWN && col->show == SHOW_TTY && !r->p->tty)
			*v = (struct filter_value){ .kind = FILTER_TEXT, .text = "?", .len = 1 };
		if (v->kind == FILTER_UNKNOWN && col->show == SHOW_CGROUP && r->p->cgroup_len)
			*v = (struct filter_value){ .kind = FILTER_TEXT, .text = "" };
	}
	v->unit = ps_unit(col);
}

int ps_filter(const struct ps_row *row)
{
	struct ps_row copy = *row;
	int r = filter_match(&row->ps->filter, value, &copy);

	if (r < 0)
		row->ps->table.err = r;
	return r > 0;
}
