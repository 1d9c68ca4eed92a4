/* SPDX-License-Identifier: 0BSD */
/* The cells of ps: how each value is written. */
#include "ps.h"

#include <errno.h>
#include <string.h>

static void show_number(struct out_table *t, int64_t v)
{
	char text[24];

	if (v >= 0)
		out_cell_number(t, (uint64_t)v);
	else
		out_cell(t, text, str_format(text, sizeof text, "%lld", (long long)v));
}

/* A name if it fits, else cut with '+'; so is the number of a user without a name. */
static void show_user(struct out_table *t, struct ps *ps, uid_t uid)
{
	size_t width = out_room(t), len;
	const char *name = user_name(&ps->users, uid, &len);
	char text[40];

	if (!name || len >= sizeof text - 1)
		len = str_format(text, sizeof text, "%u", uid);
	else
		memcpy(text, name, len);
	if (len > width) {
		len = width;
		text[len - 1] = '+';
	}
	out_cell(t, text, len);
}

/* The name; in brackets where it stands for a command line. */
static void show_comm(struct out_table *t, const struct proc *p, int brackets)
{
	char text[PROC_COMM + 16];

	out_cell(t, text,
	         str_format(text, sizeof text, "%s%.*s%s%s", brackets ? "[" : "", (int)p->comm_len,
	                    p->comm, brackets ? "]" : "", p->state == 'Z' ? " <defunct>" : ""));
}

/* The command line with blanks between its words. */
static void show_args(struct out_table *t, struct str *line, const struct proc *p)
{
	size_t len = p->cmdline_len;

	while (len && !p->cmdline[len - 1])
		len--;
	if (!len || p->state == 'Z') {
		show_comm(t, p, 1);
		return;
	}
	line->len = 0;
	if (str_add(line, p->cmdline, len)) {
		t->err = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < len; i++)
		if (!line->p[i] || line->p[i] == '\n')
			line->p[i] = ' ';
	out_cell(t, line->p, len);
}

/* From the number of the device (devices.txt of the kernel): there may be no /dev to look into. */
static void show_tty(struct out_table *t, unsigned tty)
{
	unsigned major = tty >> 8 & 0xfff, minor = (tty & 0xff) | (tty >> 12 & 0xfff00);
	char text[24] = "?";

	if (major >= 136 && major <= 143)
		str_format(text, sizeof text, "pts/%u", (major - 136) * 256 + minor);
	else if (major == 4 && minor < 64)
		str_format(text, sizeof text, "tty%u", minor);
	else if (major == 4)
		str_format(text, sizeof text, "ttyS%u", minor - 64);
	else if (major == 5 && minor == 1)
		strcpy(text, "console");
	else if (tty)
		str_format(text, sizeof text, "%u:%u", major, minor);
	out_cell_text(t, text);
}

static void show_stat(struct out_table *t, const struct proc *p)
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
	out_cell(t, text, len);
}

/* ---- time */

static uint64_t cpu_ticks(const struct proc *p)
{
	return p->utime_ticks + p->stime_ticks;
}

static uint64_t elapsed_ticks(const struct ps *ps, const struct proc *p)
{
	const uint64_t second = 1000000000u;
	uint64_t hz = ps->ticks_per_second;
	uint64_t now = ps->boot_ns / second * hz + ps->boot_ns % second * hz / second;

	return now > p->start_ticks ? now - p->start_ticks : 0;
}

/* [DD-]HH:MM:SS; with `short_form` the hours only when there are any. */
static void show_duration(struct out_table *t, uint64_t s, int short_form)
{
	unsigned long long days = s / 86400;
	unsigned h = (unsigned)(s / 3600 % 24), m = (unsigned)(s / 60 % 60);
	char text[40];
	size_t len = days ? str_format(text, sizeof text, "%llu-", days) : 0;

	if (days || h || !short_form)
		len += str_format(text + len, sizeof text - len, "%02u:", h);
	len += str_format(text + len, sizeof text - len, "%02u:%02u", m, (unsigned)(s % 60));
	out_cell(t, text, len);
}

static void show_bsdtime(struct out_table *t, unsigned long long s)
{
	char text[32];

	out_cell(t, text, str_format(text, sizeof text, "%3llu:%02llu", s / 60, s % 60));
}

/* HH:MM today, MonDD this year, else the year. */
static void show_start(struct out_table *t, const struct ps *ps, const struct proc *p)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t start = ps->boot_time + (time_t)(p->start_ticks / ps->ticks_per_second);
	struct tm then, now;
	char text[16];

	localtime_r(&start, &then);
	localtime_r(&ps->now, &now);
	if (then.tm_year != now.tm_year)
		str_format(text, sizeof text, "%04d", then.tm_year + 1900);
	else if (then.tm_yday != now.tm_yday)
		str_format(text, sizeof text, "%.*s%02d", 3, months + 3 * then.tm_mon,
		           then.tm_mday);
	else
		str_format(text, sizeof text, "%02d:%02d", then.tm_hour, then.tm_min);
	out_cell_text(t, text);
}

/* CPU time by life time, in thousandths. */
static uint64_t cpu_permille(const struct ps *ps, const struct proc *p)
{
	uint64_t elapsed = elapsed_ticks(ps, p);

	return elapsed ? cpu_ticks(p) * 1000 / elapsed : 0;
}

/* Thousandths as a percentage with one decimal, from 100 on without. */
static void show_percent(struct out_table *t, uint64_t permille)
{
	char text[24];
	unsigned long long v = permille;

	out_cell(t, text,
	         v < 1000 ? str_format(text, sizeof text, "%llu.%llu", v / 10, v % 10)
	                  : str_format(text, sizeof text, "%llu", v / 10));
}

static void show_memory(struct out_table *t, const struct ps *ps, const struct proc *p)
{
	uint64_t permille = ps->memory_kb ? p->vm_rss_kb * 1000 / ps->memory_kb : 0;

	show_percent(t, permille > 999 ? 999 : permille);
}

/* ---- namespaces */

static void show_chain(struct out_table *t, const struct proc *p)
{
	char text[PROC_LEVELS * 12];
	size_t len = 0;

	for (int i = 0; i < p->levels; i++)
		len += str_format(text + len, sizeof text - len, "%s%d", i ? "," : "", p->nspid[i]);
	out_cell(t, text, len);
}

static void show_namespace(struct out_table *t, const struct ps_row *r, enum ns_kind kind)
{
	uint64_t inode;

	if (ns_id(r->ps->proc, r->p->pid, kind, &inode))
		out_cell_none(t);
	else
		out_cell_number(t, inode);
}

static void show_nsinit(struct out_table *t, const struct ps_row *r)
{
	const struct tree *tree = &r->ps->tree;
	size_t init = tree_nsinit(tree, r->node);

	if (init == TREE_NONE)
		out_cell_none(t);
	else
		out_cell_number(t, (uint64_t)tree->node[init].p.pid);
}

static void show_rest(struct out_table *t, const struct out_col *col, const struct ps_row *r);

void ps_show(struct out_table *t, const struct out_col *col, const void *row)
{
	const struct ps_row *r = row;
	const struct proc *p = r->p;
	const char *member = (const char *)p + col->of;

	switch (col->show) {
	case SHOW_INT:
		show_number(t, *(const int *)(const void *)member);
		break;
	case SHOW_ID:
		show_number(t, *(const uid_t *)(const void *)member);
		break;
	case SHOW_LONG:
		show_number(t, *(const long *)(const void *)member);
		break;
	case SHOW_U64:
		out_cell_number(t, *(const uint64_t *)(const void *)member);
		break;
	case SHOW_USER:
		show_user(t, r->ps, *(const uid_t *)(const void *)member);
		break;
	case SHOW_COMM:
		show_comm(t, p, 0);
		break;
	case SHOW_ARGS:
		show_args(t, &r->ps->line, p);
		break;
	case SHOW_TTY:
		show_tty(t, (unsigned)p->tty);
		break;
	case SHOW_STATE:
		out_cell(t, &p->state, 1);
		break;
	case SHOW_STAT:
		show_stat(t, p);
		break;
	default:
		show_rest(t, col, r);
	}
}

static void show_rest(struct out_table *t, const struct out_col *col, const struct ps_row *r)
{
	const struct ps *ps = r->ps;
	const struct proc *p = r->p;
	uint64_t hz = ps->ticks_per_second, percent;

	switch (col->show) {
	case SHOW_NICE: /* only SCHED_OTHER and SCHED_BATCH have one */
		if (p->policy == 0 || p->policy == 3)
			show_number(t, p->nice);
		else
			out_cell(t, "-", 1);
		break;
	case SHOW_PRI:
		show_number(t, 39 - p->priority);
		break;
	case SHOW_TIME:
		show_duration(t, cpu_ticks(p) / hz, 0);
		break;
	case SHOW_BSDTIME:
		show_bsdtime(t, cpu_ticks(p) / hz);
		break;
	case SHOW_ETIME:
		show_duration(t, elapsed_ticks(ps, p) / hz, 1);
		break;
	case SHOW_ETIMES:
		out_cell_number(t, elapsed_ticks(ps, p) / hz);
		break;
	case SHOW_START:
		show_start(t, ps, p);
		break;
	case SHOW_C:
		percent = cpu_permille(ps, p) / 10;
		out_cell_number(t, percent > 99 ? 99 : percent);
		break;
	case SHOW_CPU:
		show_percent(t, cpu_permille(ps, p));
		break;
	case SHOW_MEM:
		show_memory(t, ps, p);
		break;
	case SHOW_NSPID:
		show_chain(t, p);
		break;
	case SHOW_NSLEVEL:
		show_number(t, p->levels - 1);
		break;
	case SHOW_NSINIT:
		show_nsinit(t, r);
		break;
	case SHOW_NS:
		show_namespace(t, r, (enum ns_kind)col->of);
		break;
	}
}
