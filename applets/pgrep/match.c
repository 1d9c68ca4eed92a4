/* SPDX-License-Identifier: 0BSD */
/* Which processes are meant: walking and comparing. What the options say is read in choose.c. */
#include "match.h"

#include "cgroup.h"
#include "disposition.h"
#include "io.h"

#include <string.h>

/* Of what cannot be read it is not known, so that neither it nor its contrary is true of it. */
enum truth { NO, YES, UNKNOWN };

/* ---- texts */

void match_command(struct match *m, const struct proc *p)
{
	m->line.len = 0;
	if (str_room(&m->line, p->cmdline_len + PROC_COMM + 16))
		die(3, -ENOMEM, "cannot read a command line");
	if (p->cmdline_len) {
		str_add(&m->line, p->cmdline, p->cmdline_len);
		for (size_t i = 0; i < m->line.len; i++)
			if (!m->line.p[i] || m->line.p[i] == '\n')
				m->line.p[i] = ' ';
	} else {
		str_puts(&m->line, "[");
		str_add(&m->line, p->comm, p->comm_len);
		str_puts(&m->line, p->state == 'Z' ? "] <defunct>" : "]");
	}
	m->line.p[m->line.len] = 0;
}

void match_clean(struct match *m, struct out *o, const char *text, size_t len)
{
	m->clean.len = 0;
	if (out_safe(&m->clean, text, len, m->utf8, SIZE_MAX) < 0)
		die(3, -ENOMEM, "cannot print a name");
	out_bytes(o, m->clean.p, m->clean.len);
}

void match_name(void *context, struct match *m, const struct proc *p, struct out *o)
{
	(void)context;
	match_clean(m, o, p->comm, p->comm_len);
}

/* ---- comparing */

const struct match_item *match_items(const struct match *m, size_t *count)
{
	*count = m->items.len / sizeof(struct match_item);
	return (const struct match_item *)(const void *)m->items.p;
}

/* In the hierarchy of version 2, whose line has no controllers. */
static int in_cgroup(const struct proc *p, const struct match_item *item)
{
	const char *at = p->cgroup, *end = at + p->cgroup_len;
	struct cgroup_line line;

	while (cgroup_next(&at, end, &line))
		if (!line.controllers.len && line.path.len == item->len &&
		    !memcmp(line.path.p, item->text, item->len))
			return 1;
	return 0;
}

static int has_item(const struct match *m, const struct proc *p, const struct match_item *item)
{
	switch (item->list) {
	case MATCH_PID:
	case MATCH_PIDFILE:
		return item->number == (uint32_t)m->group;
	case MATCH_PPID:
		return item->number == (uint32_t)p->ppid;
	case MATCH_PGID:
		return item->number == (uint32_t)p->pgid;
	case MATCH_SID:
		return item->number == (uint32_t)p->sid;
	case MATCH_EUID:
		return item->number == p->euid;
	case MATCH_RUID:
		return item->number == p->ruid;
	case MATCH_RGID:
		return item->number == p->rgid;
	case MATCH_TTY:
		return item->number == (uint32_t)p->tty;
	case MATCH_CGROUP:
		return in_cgroup(p, item);
	default:
		return 1; /* has_variable */
	}
}

/* Whether it is in each of these lists that was given. */
static int in_lists(const struct match *m, const struct proc *p, unsigned lists)
{
	size_t count;
	const struct match_item *items = match_items(m, &count);
	unsigned held = 0;

	lists &= m->listed;
	for (size_t i = 0; i < count && lists & ~held; i++)
		if (lists & ~held & 1u << items[i].list && has_item(m, p, &items[i]))
			held |= 1u << items[i].list;
	return held == lists;
}

/* Whether a variable is NAME=VALUE, or of the name when that alone was given. */
static int is_variable(const char *variable, size_t len, const struct match_item *item)
{
	if (len < item->len || memcmp(variable, item->text, item->len))
		return 0;
	return memchr(item->text, '=', item->len) ? len == item->len : variable[item->len] == '=';
}

static enum truth has_variable(struct match *m, const struct proc *p)
{
	size_t count;
	const struct match_item *items = match_items(m, &count);
	struct str *all = &m->environment; /* not m->text, of which p has pieces */
	char path[PROC_PATH];
	const char *s, *end;

	if (!(m->listed & 1u << MATCH_ENV))
		return YES;
	all->len = 0;
	proc_path(path, p->pid, "environ");
	if (io_append_at(m->dir, path, all, 8 << 20) < 0 || str_add(all, "", 1))
		return UNKNOWN;
	end = all->p + all->len - 1;
	for (s = all->p; s < end; s += strlen(s) + 1)
		for (size_t i = 0; i < count; i++)
			if (items[i].list == MATCH_ENV && is_variable(s, strlen(s), &items[i]))
				return YES;
	return NO;
}

static enum truth in_namespaces(const struct match *m, const struct proc *p)
{
	enum truth truth = YES;

	for (int kind = 0; kind < NS_N; kind++) {
		uint64_t id;

		if (!(m->ns_kinds & 1u << kind))
			continue;
		if (ns_id(m->dir, p->pid, (enum ns_kind)kind, &id))
			truth = UNKNOWN;
		else if (id != m->ns_ids[kind])
			return NO;
	}
	return truth;
}

/* Most patterns are plain words, for which no automaton is needed. */
static int holds(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; *text; text++)
		if (*text == *word && !strncmp(text, word, len))
			return 1;
	return !len;
}

static int fits(struct match *m, const struct proc *p)
{
	const char *text = p->comm;

	if (!m->pattern)
		return 1;
	if (m->full) {
		match_command(m, p);
		text = m->line.p;
	}
	if (m->literal)
		return m->exact ? !strcmp(text, m->pattern) : holds(text, m->pattern);
	return !regexec(&m->regex, text, 0, NULL, 0);
}

static enum truth handles(const struct match *m, const struct proc *p)
{
	int has = m->handler ? disposition_mask(p, "SigCgt", m->sig) : 1;

	return has < 0 ? UNKNOWN : has ? YES : NO;
}

/* What takes no further file comes first. */
static enum truth is_meant(struct match *m, const struct proc *p)
{
	enum truth truth[3];

	if (!in_lists(m, p, ~0u) || (int64_t)p->start_ticks > m->before_ticks ||
	    (m->states && (!p->state || !strchr(m->states, p->state))) || !fits(m, p))
		return NO;
	truth[0] = handles(m, p);
	truth[1] = truth[0] == NO ? NO : in_namespaces(m, p);
	truth[2] = truth[1] == NO ? NO : has_variable(m, p);
	if (truth[2] == NO)
		return NO;
	return truth[0] == UNKNOWN || truth[1] == UNKNOWN ? UNKNOWN : truth[2];
}

/* Those who are looked at at all: what is said of them is not turned round by --inverse. */
static int is_seen(struct match *m, const struct proc *p)
{
	int r;

	if (m->space.inode && !pidns_has(&m->space, p->pid, m->pidns_tree != NULL))
		return 0;
	if (!CFG_PGREP_FILTER || !m->filter)
		return 1;
	m->fields.proc = m->dir;
	m->fields.p = p;
	r = filter_match(&m->filter_code, field_value, &m->fields);
	if (r < 0)
		die(3, r, "cannot read processes");
	return r;
}

static int is_hit(struct match *m, const struct proc *p)
{
	return is_meant(m, p) == (m->negate ? NO : YES) && is_seen(m, p);
}

/* ---- walking */

/* Reads these files of a process. The name stands for the command line that it lacks. */
static int read_process(struct match *m, pid_t pid, unsigned want, struct proc *p)
{
	struct proc stat;
	int r;

	m->text.len = 0;
	r = proc_get(m->dir, pid, want, &m->text, p);
	/* Who sets a title fills what was there with NULs. */
	while (!r && p->cmdline_len && !p->cmdline[p->cmdline_len - 1])
		p->cmdline_len--;
	if (r || !(want & PROC_CMDLINE) || want & PROC_STAT || p->cmdline_len)
		return r;
	r = proc_get(m->dir, pid, PROC_STAT, NULL, &stat);
	memcpy(p->comm, stat.comm, sizeof p->comm);
	p->comm_len = stat.comm_len;
	p->state = stat.state;
	return r;
}

/* Whether it takes the place of the one hit that there may be, with -n and -o. Of two that were
 * started in the same tick the kernel's order says which is the newer. */
static int is_better(const struct match *m, const struct proc *p)
{
	const struct match_hit *hit = (const struct match_hit *)(const void *)m->hits.p;

	if (!m->hits.len)
		return 1;
	return m->newest ? p->start_ticks >= hit->start_ticks : p->start_ticks < hit->start_ticks;
}

static int add_hit(struct match *m, struct proc *p, struct out *o)
{
	struct match_hit hit = { .pid = p->pid };
	int single = m->newest || m->oldest, r = 0;

	if (single && !is_better(m, p))
		return 0;
	if (m->more & ~m->want)
		r = read_process(m, p->pid, m->want | m->more, p);
	if (r)
		return r;
	if (single)
		m->hits.len = m->shown.len = 0;
	hit.start_ticks = p->start_ticks;
	hit.shown = m->shown.len;
	if (m->show)
		m->show(m->context, m, p, o);
	r = out_flush(o);
	hit.len = m->shown.len - hit.shown;
	return r ? r : str_add(&m->hits, (const char *)&hit, sizeof hit);
}

/* One process or thread. What has ended meanwhile is none. */
static int look_at(struct match *m, pid_t pid, struct out *o)
{
	struct proc p;
	int r = read_process(m, pid, m->want, &p);

	if (!r && is_hit(m, &p))
		r = add_hit(m, &p, o);
	return r == -ENOMEM || r == -EMFILE || r == -ENFILE ? r : 0;
}

static int look_at_threads(struct match *m, struct out *o)
{
	char path[PROC_PATH];
	struct proc_walk w;
	pid_t tid;
	int r = 0;

	proc_path(path, m->group, "task");
	m->dir = openat(m->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (m->dir >= 0) {
		r = proc_open(&w, m->dir, 0);
		while (!r && (tid = proc_next_pid(&w)) > 0)
			r = look_at(m, tid, o);
		if (w.fd >= 0)
			proc_close(&w);
		close(m->dir);
	}
	m->dir = m->proc;
	return r == -ENOENT || r == -ESRCH ? 0 : r; /* it has ended */
}

static int is_skipped(const struct match *m, pid_t pid)
{
	const pid_t *skip = (const pid_t *)(const void *)m->skip.p;

	for (size_t i = 0; i < m->skip.len / sizeof *skip; i++)
		if (skip[i] == pid)
			return 1;
	return 0;
}

static int walk(struct match *m, struct proc_walk *w, struct out *o)
{
	const unsigned numbers = 1u << MATCH_PID | 1u << MATCH_PIDFILE;
	int r = 0;

	while (!r && (m->group = proc_next_pid(w)) > 0) {
		if (is_skipped(m, m->group) || (!m->negate && !in_lists(m, NULL, numbers)))
			continue;
		r = m->threads ? look_at_threads(m, o) : look_at(m, m->group, o);
		if (m->once && m->hits.len)
			return r;
	}
	return r ? r : m->group;
}

size_t match_find(struct match *m, const struct match_hit **hits)
{
	struct out o = { .add = str_add, .to = &m->shown };
	struct proc_walk w;
	int r;

	m->dir = m->proc;
	r = proc_open(&w, m->proc, 0);
	if (!r) {
		r = walk(m, &w, &o);
		proc_close(&w);
	}
	if (r < 0)
		die(3, r, "cannot read processes");
	if (!m->hits.len && m->pattern && !m->full && strlen(m->pattern) > 15)
		warn(0, "pattern that searches for process name longer than 15 characters will "
		        "result in zero matches (try -f)");
	*hits = (const struct match_hit *)(const void *)m->hits.p;
	return m->hits.len / sizeof **hits;
}

int match_again(struct match *m, const struct match_hit *hit)
{
	struct proc p;

	m->group = hit->pid;
	return !read_process(m, hit->pid, m->want | m->more, &p) &&
	       p.start_ticks == hit->start_ticks && is_hit(m, &p);
}

const char *match_shown(const struct match *m, const struct match_hit *hit)
{
	return m->shown.p + hit->shown;
}

int match_end(struct out *o, size_t hits)
{
	int r = out_flush(o);

	if (r && r != -EPIPE)
		die(1, r, "write error");
	return !hits;
}
