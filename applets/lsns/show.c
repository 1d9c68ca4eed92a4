/* SPDX-License-Identifier: 0BSD */
/* What stands in the columns of namespaces, and of the processes in them. */
#include "view.h"

#include "columns.h"
#include "die.h"
#include "sys.h"

#include <string.h>

/* ---- texts that are put together */

void lsns_put(struct lsns *l, const char *text, size_t len)
{
	if (str_add(&l->cell, text, len))
		die(1, -ENOMEM, "cannot hold a cell");
}

void lsns_put_number(struct lsns *l, uint64_t number)
{
	char text[OUT_DIGITS], *end = text + sizeof text, *s = out_digits(end, number);

	lsns_put(l, s, (size_t)(end - s));
}

void lsns_cell(const struct lsns *l, struct filter_value *v)
{
	if (!l->cell.len)
		return;
	v->kind = FILTER_TEXT;
	v->text = l->cell.p;
	v->len = l->cell.len;
}

void lsns_number(struct filter_value *v, uint64_t number)
{
	v->kind = FILTER_NUMBER;
	v->number = (int64_t)number;
}

void lsns_word(struct filter_value *v, const char *word)
{
	v->kind = FILTER_TEXT;
	v->text = word;
	v->len = strlen(word);
}

/* ---- processes */

/* Its command line, as one line of words; the name where it has none. */
static void add_command(struct lsns *l, struct line *line, const struct proc *p, size_t start)
{
	size_t len = p->cmdline_len;

	while (len && !l->text.p[start + len - 1])
		len--;
	for (size_t i = start; i < start + len; i++)
		if (!l->text.p[i])
			l->text.p[i] = ' ';
	if (!len) {
		l->text.len = start;
		if (str_add(&l->text, p->comm, p->comm_len))
			die(1, -ENOMEM, "cannot hold the names");
		len = p->comm_len;
	}
	line->command = start;
	line->command_len = len;
}

void lsns_describe(struct lsns *l, struct line *line)
{
	unsigned want = NEED_OF_PROCESS(l->need);
	size_t start = l->text.len;
	struct proc p;

	if (!want || proc_get(l->find.proc, line->pid, want, &l->text, &p))
		return; /* gone meanwhile: the line stays, its process has no name any more */
	if (want & PROC_STAT)
		line->ppid = p.ppid;
	line->uid = p.euid;
	line->has_uid = (want & PROC_OWNER) != 0;
	if (want & PROC_CMDLINE)
		add_command(l, line, &p, start);
}

static void show_user(struct lsns *l, uid_t uid, int as_name, struct filter_value *v)
{
	lsns_number(v, uid);
	if (as_name)
		v->text = user_name(&l->users, uid, &v->len);
	if (v->text)
		v->kind = FILTER_NAME;
}

int lsns_process_value(struct lsns *l, unsigned show, const struct line *line,
                       struct filter_value *v)
{
	switch (show) {
	case SHOW_PID:
		if (line->pid)
			lsns_number(v, (uint64_t)line->pid);
		return 1;
	case SHOW_PPID:
		if (line->ppid >= 0)
			lsns_number(v, (uint64_t)line->ppid);
		return 1;
	case SHOW_COMMAND:
		if (line->command_len) {
			v->kind = FILTER_TEXT;
			v->text = l->text.p + line->command;
			v->len = line->command_len;
		}
		return 1;
	case SHOW_UID:
	case SHOW_USER:
		if (line->has_uid)
			show_user(l, line->uid, show == SHOW_USER, v);
		return 1;
	}
	return 0;
}

/* All numbers of a process, from here inwards. */
void lsns_chain(struct lsns *l, pid_t pid, struct filter_value *v)
{
	struct proc p;

	if (!pid || proc_get(l->find.proc, pid, PROC_STATUS, NULL, &p))
		return;
	for (int i = 0; i < p.levels; i++) {
		lsns_put(l, ",", i != 0);
		lsns_put_number(l, (uint64_t)p.nspid[i]);
	}
	lsns_cell(l, v);
}

/* ---- namespaces */

/* The places where it is mounted, one below the other. */
static void show_mounts(struct lsns *l, const struct space *s, struct filter_value *v)
{
	const struct lsns_mount *m;

	for (size_t at = s->mount; at; at = m->next) {
		m = find_mount(&l->find, at);
		lsns_put(l, l->no_wrap ? "," : "\n", at != s->mount);
		lsns_put(l, l->find.text.p + m->path, m->len);
	}
	lsns_cell(l, v);
}

/* All that keeps it, the surest first: for what is not a process in it who has it, and in which of
 * his threads or descriptors. */
static void show_holders(struct lsns *l, const struct space *s, struct filter_value *v)
{
	const char *word = LSNS_HOLDERS;

	for (unsigned hold = 0; hold < HOLD_N; hold++, word += strlen(word) + 1) {
		const struct lsns_holder *by = &s->by[hold];

		if (!(s->held & 1u << hold))
			continue;
		lsns_put(l, ",", l->cell.len != 0);
		lsns_put(l, word, strlen(word));
		if (!by->pid || hold == HOLD_PROCESS || hold == HOLD_MOUNT)
			continue;
		lsns_put(l, " ", 1);
		lsns_put_number(l, (uint64_t)by->pid);
		if (hold == HOLD_CHILD)
			continue;
		lsns_put(l, "/", 1);
		lsns_put_number(l, (uint64_t)by->number);
	}
	lsns_cell(l, v);
}

static void show_path(struct lsns *l, const struct line *line, const struct space *s,
                      struct filter_value *v)
{
	char path[NS_PATH];

	if (line->pid) {
		ns_path(path, line->pid, s->kind);
		lsns_put(l, path, strlen(path));
	} else {
		find_path(&l->find, s, &l->cell);
	}
	lsns_cell(l, v);
}

static void show_net_id(const struct space *s, struct filter_value *v)
{
	if (s->net_id == NET_ID_NONE)
		lsns_word(v, "unassigned");
	else if (s->net_id >= 0)
		lsns_number(v, (uint64_t)s->net_id);
}

static void space_value(struct lsns *l, const struct out_col *col, const struct line *line,
                        struct filter_value *v)
{
	const struct space *s = find_at(&l->find, line->of);

	l->cell.len = 0;
	if (!line->pid && s->has_uid && (col->show == SHOW_UID || col->show == SHOW_USER))
		show_user(l, s->uid, col->show == SHOW_USER, v);
	if (lsns_process_value(l, col->show, line, v))
		return;
	switch (col->show) {
	case SHOW_NS:
		lsns_number(v, s->inode);
		break;
	case SHOW_TYPE:
		lsns_word(v, ns_kinds[s->kind].name);
		break;
	case SHOW_PATH:
		show_path(l, line, s, v);
		break;
	case SHOW_NPROCS:
		lsns_number(v, s->processes);
		break;
	case SHOW_NETNSID:
		show_net_id(s, v);
		break;
	case SHOW_NSFS:
		show_mounts(l, s, v);
		break;
	case SHOW_PNS:
		lsns_number(v, s->parent);
		break;
	case SHOW_ONS:
		lsns_number(v, s->owner);
		break;
	case SHOW_NSID:
		if (s->id)
			lsns_number(v, s->id);
		break;
	case SHOW_HOLDER:
		show_holders(l, s, v);
		break;
	case SHOW_INIT:
		if (s->init)
			lsns_number(v, (uint64_t)s->init);
		break;
	case SHOW_NSPID:
		lsns_chain(l, s->init, v);
		break;
	}
}

OUT_COLUMNS(columns, COLUMNS);

void lsns_use_columns(struct lsns *l, const struct out_col *cols, const char *texts, size_t count,
                      lsns_value *value)
{
	l->table.cols = cols;
	l->table.texts = texts;
	l->table.col_count = count;
	l->value = value;
}

void lsns_space_columns(struct lsns *l)
{
	lsns_use_columns(l, columns, columns_text, sizeof columns / sizeof *columns, space_value);
}
