/* SPDX-License-Identifier: 0BSD */
/* The cells of ps that are text: names, command lines, users, sets of groups, signals, rights. */
#include "ps.h"

#include "cred.h"
#include "io.h"
#include "sig.h"

#include <string.h>

/* The line being written; on failure the row is lost with the table. */
static void add(struct ps *ps, const char *text, size_t len)
{
	if (str_add(&ps->line, text, len))
		ps->table.err = -ENOMEM;
}

static void add_number(struct ps *ps, uint64_t v)
{
	char text[24], *end = text + sizeof text, *p = ps_digits(end, v, 1);

	add(ps, p, (size_t)(end - p));
}

static void add_item(struct ps *ps)
{
	if (ps->line.len)
		add(ps, ",", 1);
}

/* ---- names and command lines */

static void add_name(struct ps *ps, const struct proc *p, int brackets)
{
	if (brackets)
		add(ps, "[", 1);
	add(ps, p->comm, p->comm_len);
	if (brackets)
		add(ps, "]", 1);
	if (p->state == 'Z')
		add(ps, " <defunct>", 10);
}

/* Adds the words of a file with a NUL behind each, a blank between them. */
static void add_words(struct ps *ps, size_t start)
{
	char *text = ps->line.p;
	size_t len = ps->line.len;

	while (len > start && !text[len - 1])
		len--;
	ps->line.len = len;
	for (int c = 0; c <= '\n'; c += '\n') /* both, NUL and newline */
		for (char *p = text + start; (p = memchr(p, c, (size_t)(text + len - p)));)
			*p = ' ';
}

/* Whether more than a blank can stand behind the command line; of rows that wait nobody knows. */
static int has_room(const struct ps *ps)
{
	size_t room = out_room(&ps->table);

	return room == SIZE_MAX || out_cells(ps->line.p, ps->line.len, ps->table.utf8) + 1 < room;
}

static void add_environment(struct ps *ps, const struct ps_row *r)
{
	char path[PROC_PATH];
	size_t start = ps->line.len + 1;

	add(ps, " ", 1);
	proc_path(path, r->id, "environ");
	if (io_append_at(r->dir, path, &ps->line, PROC_TEXT) > 0)
		add_words(ps, start);
	else
		ps->line.len--;
}

/* The command line with blanks between its words, else the name in brackets. */
static void add_args(struct ps *ps, const struct proc *p)
{
	if (p->state != 'Z' && p->cmdline_len) {
		add(ps, p->cmdline, p->cmdline_len);
		add_words(ps, 0);
	}
	if (!ps->line.len)
		add_name(ps, p, 1);
}

static void add_stat(struct ps *ps, const struct proc *p)
{
	char text[8];
	size_t len = 0;

	text[len++] = p->state;
	if (p->nice)
		text[len++] = p->nice < 0 ? '<' : 'N';
	if (p->vm_lock_kb)
		text[len++] = 'L';
	if (p->sid == p->pid)
		text[len++] = 's';
	if (p->threads > 1)
		text[len++] = 'l';
	if (p->tpgid == p->pgid)
		text[len++] = '+';
	add(ps, text, len);
}

/* ---- users and groups */

#define NAME_MAX_SHOWN 32 /* longer ones are shown as numbers */

/* The name of an id; *len is 0 when it has none. */
static const char *name_of(struct ps *ps, uint32_t id, int group, size_t *len)
{
	const char *name = user_name(group ? &ps->groups : &ps->users, id, len);

	if (*len > NAME_MAX_SHOWN)
		*len = 0;
	return name;
}

static void add_id(struct ps *ps, uint32_t id, int group)
{
	size_t len;
	const char *name = name_of(ps, id, group, &len);

	if (len)
		add(ps, name, len);
	else
		add_number(ps, id);
}

/* Groups, as numbers or names. */
static void add_groups(struct ps *ps, const struct proc *p, int names)
{
	size_t len;
	const char *s = proc_line(p, "Groups", &len), *end = s + len;

	while (s && s < end) {
		uint64_t gid;
		uint32_t id;

		if (str_digits(s, &s, UINT32_MAX, &gid))
			break;
		id = ps_is_in(ps) ? pidns_id(&ps->ns, (uint32_t)gid, 1) : (uint32_t)gid;
		add_item(ps);
		if (names)
			add_id(ps, id, 1);
		else
			add_number(ps, id);
		while (s < end && *s == ' ')
			s++;
	}
}

/* ---- signals and capabilities */

static uint64_t mask_bits(const char *digits, size_t len)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < len; i++)
		bits = bits << 4 |
		       (unsigned)(digits[i] <= '9' ? digits[i] - '0' : (digits[i] | 32) - 'a' + 10);
	return bits;
}

static const char *mask_line(const struct ps_row *r, unsigned mask, size_t *len)
{
	static const char keys[][7] = {
		"SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt", "CapPrm"
	};

	return proc_line(r->p, keys[mask], len);
}

static void add_signals(struct ps *ps, uint64_t bits)
{
	char name[SIG_NAME];

	for (int sig = 1; sig <= 64; sig++)
		if (bits >> (sig - 1) & 1) {
			add_item(ps);
			sig_name(sig, name);
			add(ps, name, strlen(name));
		}
}

/* Where there is no room the last 8 digits, behind '<' when that is not all. */
static void add_mask(struct ps *ps, const struct ps_row *r, unsigned mask)
{
	size_t len;
	const char *s = mask_line(r, mask, &len);

	if (!s)
		return;
	if (mask != MASK_PERMITTED && ps->opt.signames) {
		add_signals(ps, mask_bits(s, len));
		return;
	}
	if (mask != MASK_PERMITTED && !ps->facts.wide_signals && len > 8) {
		if (mask_bits(s, len - 8))
			add(ps, "<", 1);
		s += len - 8;
		len = 8;
	}
	add(ps, s, len);
}

/* All that this kernel knows are "full". */
static void add_capabilities(struct ps *ps, const struct ps_row *r)
{
	size_t len;
	const char *s = mask_line(r, MASK_PERMITTED, &len);
	uint64_t bits = s ? mask_bits(s, len) : 0;
	char name[CRED_CAP_NAME];
	int missing = 0;

	for (int cap = 0; cap < 64; cap++)
		if (bits >> cap & 1) {
			add_item(ps);
			cred_cap_name(cap, name);
			add(ps, name, strlen(name));
		} else {
			missing |= cred_cap_known(cap);
		}
	if (bits && !missing) {
		ps->line.len = 0;
		add(ps, "full", 4);
	} else if (s && !bits) {
		add(ps, "none", 4);
	}
}

/* ---- PID namespaces */

/* Its numbers from here to its own PID namespace. Before Linux 4.1 there is no such line, and only
 * the one is known. */
static void add_chain(struct ps *ps, const struct proc *p, unsigned chain)
{
	static const char keys[][7] = { "NStgid", "NSpgid", "NSsid" };
	const pid_t only[] = { p->pid, p->pgid, p->sid };
	uint64_t v[PROC_LEVELS];
	int n, first = ps_is_in(ps) ? ps->ns.depth - 1 : 0;

	if (chain == CHAIN_PID) {
		for (int i = 0; i < p->levels; i++) {
			add_item(ps);
			add_number(ps, (uint64_t)p->nspid[i]);
		}
		return;
	}
	n = proc_line_numbers(p, keys[chain], v, PROC_LEVELS);
	if (!n) {
		v[n++] = (uint64_t)only[chain];
		first = 0;
	}
	for (int i = first; i < n; i++) {
		add_item(ps);
		add_number(ps, v[i]);
	}
}

/* ---- any of them */

/* The text that is shown, in ps->line; users and groups are not shown by this. */
static void add_text(const struct out_col *col, const struct ps_row *r)
{
	struct ps *ps = r->ps;
	const struct proc *p = r->p;

	ps->line.len = 0;
	switch (col->show) {
	case SHOW_STATE:
		add(ps, &p->state, 1);
		break;
	case SHOW_STAT:
		add_stat(ps, p);
		break;
	case SHOW_COMM: /* -f makes it the command line, c the other way round */
	case SHOW_ARGS:
		if (col->show == SHOW_COMM ? ps->opt.full : !ps->opt.bare)
			add_args(ps, p);
		else
			add_name(ps, p, 0);
		if (ps->opt.env && has_room(ps))
			add_environment(ps, r);
		break;
	case SHOW_FNAME:
		if (out_safe(&ps->line, p->comm, p->comm_len, ps->table.utf8, 8) < 0)
			ps->table.err = -ENOMEM;
		break;
	case SHOW_SUPGID:
	case SHOW_SUPGRP:
		add_groups(ps, p, col->show == SHOW_SUPGRP);
		break;
	case SHOW_MASK:
		add_mask(ps, r, col->of);
		break;
	case SHOW_PCAPS:
		add_capabilities(ps, r);
		break;
	case SHOW_CHAIN:
		add_chain(ps, p, col->of);
		break;
	}
}

static uint32_t id_of(const struct out_col *col, const struct proc *p)
{
	return *(const uint32_t *)(const void *)((const char *)p + col->of);
}

/* What stands in comm or args for whatever options; a mask as a whole. */
void ps_value_text(const struct out_col *col, const struct ps_row *r, struct filter_value *v)
{
	struct ps *ps = r->ps;
	const struct proc *p = r->p;

	ps->line.len = 0;
	*v = (struct filter_value){ .kind = FILTER_TEXT };
	switch (col->show) {
	case SHOW_COMM:
	case SHOW_FNAME:
		v->text = p->comm;
		v->len = p->comm_len;
		return;
	case SHOW_MASK:
		v->text = mask_line(r, col->of, &v->len);
		v->kind = v->text ? FILTER_TEXT : FILTER_UNKNOWN;
		return;
	case SHOW_ARGS:
		add_args(ps, p);
		break;
	case SHOW_USER:
	case SHOW_GROUP:
		v->kind = FILTER_NAME;
		v->number = id_of(col, p);
		add_id(ps, id_of(col, p), col->show == SHOW_GROUP);
		break;
	default:
		add_text(col, r);
		if (!ps->line.len)
			v->kind = FILTER_UNKNOWN;
	}
	v->text = ps->line.p;
	v->len = ps->line.len;
}

static void show_plain_number(struct out_table *t, uint32_t id)
{
	char text[16], *end = text + sizeof text, *p = ps_digits(end, id, 1);

	out_cell_plain(t, p, (size_t)(end - p));
}

void ps_show_text(struct out_table *t, const struct out_col *col, const struct ps_row *r)
{
	struct str *line = &r->ps->line;
	size_t len, width = t->picks[t->cell].width;

	if (col->show == SHOW_USER || col->show == SHOW_GROUP) {
		uint32_t id = id_of(col, r->p);
		const char *name = name_of(r->ps, id, col->show == SHOW_GROUP, &len);

		if (r->ps->opt.numeric)
			show_plain_number(t, id);
		else
			out_cell_name(t, name, len, id);
		return;
	}
	add_text(col, r);
	if (!line->len && col->show >= SHOW_SUPGID) { /* a name may be empty */
		out_cell_none(t);
		return;
	}
	/* Names of signals that do not fit end in '+'. */
	if (col->show == SHOW_MASK && r->ps->opt.signames && line->len > width) {
		line->len = width;
		line->p[width - 1] = '+';
	}
	out_cell(t, line->p, line->len);
}
