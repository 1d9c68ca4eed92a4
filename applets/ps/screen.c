/* SPDX-License-Identifier: 0BSD */
/* What the columns need, and how wide they and the lines are. */
#include "ps.h"

#include "die.h"

void ps_find_needs(struct ps *ps)
{
	ps->need = ps_select_needs(&ps->opt);
	for (unsigned i = 0; i < ps->table.count; i++)
		if (ps->table.picks[i].col)
			ps->need |= ps->table.picks[i].col->need;
	if (ps->opt.full)
		ps->need |= PROC_CMDLINE; /* of comm */
	else if (ps->opt.bare)
		ps->need &= ~(unsigned)PROC_CMDLINE; /* of args */
	for (unsigned i = 0; i < ps->opt.key_count; i++)
		ps->need |= ps->opt.keys[i].col->need;
	if (ps_is_in(ps))
		ps->need |= PROC_STATUS; /* the numbers of threads there */
	if (ps->opt.forest || ps_is_in(ps) || ps->hide_kernel)
		ps->need |= PROC_STAT;
}

#define PS_UNLIMITED 131072 /* the longest line of procps */

/* 80 by 24 where there is a terminal that does not say; none is without limit. */
static void find_screen(struct ps *ps)
{
	const struct ps_args *a = &ps->opt;
	size_t screen = out_screen();

	if (screen && screen < 9)
		warn(0, "your %zux%zu screen size is bogus. expect trouble", screen, out_lines());
	ps->table.screen = a->columns ? a->columns : screen;
	if (a->wide == 1 && ps->table.screen && ps->table.screen < 132)
		ps->table.screen = 132;
	if (a->wide > 1 || !ps->table.screen)
		ps->table.screen = PS_UNLIMITED;
	if (a->header)
		ps->table.repeat = (unsigned)(a->lines ? a->lines : out_lines()) - 1;
}

static unsigned flags_of(const struct out_pick *p)
{
	return p->col ? p->col->flags : 0;
}

/* Masks of signals take 16 cells, and their columns 7 more than otherwise, if there is room for all
 * of them, else 9. */
static void set_signals(struct ps *ps, size_t count)
{
	struct out_table *t = &ps->table;
	size_t total, active = out_active(t, &total);
	int wide = !active || total + count * 7 <= active;

	ps->facts.wide_signals = wide;
	for (unsigned i = 0; i < t->count; i++)
		if (flags_of(&t->picks[i]) & PS_SIGNAL) {
			t->picks[i].aligned = wide ? 16 : 9;
			t->picks[i].width += wide ? 7 : 0;
		}
}

/* Numbers are as wide as the greatest there can be. */
static void set_widths(struct ps *ps)
{
	struct out_table *t = &ps->table;
	size_t digits = 0, signals = 0;

	for (unsigned i = 0; i < t->count; i++) {
		struct out_pick *p = &t->picks[i];
		unsigned flags = flags_of(p);

		if ((flags & PS_PID) && !p->fixed) {
			if (!digits)
				digits = proc_pid_digits(ps->proc);
			p->width = p->width < digits ? digits : p->width;
		}
		if ((flags & PS_NAME) && ps->opt.numeric)
			p->right = 1;
		signals += (flags & PS_SIGNAL) != 0;
	}
	if (signals)
		set_signals(ps, signals);
}

void ps_set_table(struct ps *ps)
{
	struct out_table *t = &ps->table;

	t->no_header = ps->opt.no_header;
	t->delimiter = ps->opt.delimiter ? *ps->opt.delimiter : 0;
	t->left_headers = ps->opt.busybox;
	t->tree_step = ps->opt.forest == PS_FOREST_INDENT ? 2 : 4;
	if (ps->opt.json)
		t->form = OUT_JSON;
	find_screen(ps);
	set_widths(ps);
}
