/* SPDX-License-Identifier: 0BSD */
/*
 * lsns: the namespaces that processes are in, as util-linux lists them. It differs in that each
 * process costs one readlink a kind and the rest is hashing, that processes which vanish meanwhile
 * are no error, that the JSON is always flat, and in the columns about the init of a PID namespace.
 */
//config:config LSNS
//config:	bool "lsns"
//config:	default y
//config:	help
//config:	  Lists namespaces.
//install:/usr/bin

#include "applet.h"
#include "ns.h"
#include "out.h"
#include "pid.h"
#include "proc.h"
#include "sys.h"
#include "user.h"

#include <string.h>

/* A namespace. */
struct space {
	uint64_t inode;
	enum ns_kind kind;
	unsigned long processes;
	pid_t pid, ppid; /* the lowest process in it */
	uid_t uid;
	size_t command, command_len; /* in lsns.text */
	pid_t init;                  /* of a PID namespace: its number 1, as we see it */
	int picked;                  /* the process of -p is in it */
};

struct lsns {
	unsigned kinds; /* 1 << kind */
	int json, no_header, list, raw_width;
	const char *task_text, *columns, *proc_path;
	pid_t task;
	int proc;
	struct str spaces, text, slots; /* slots: open addressing, index + 1, 0 is free */
	size_t slot_mask;
	unsigned long unreadable;
	struct user_db users;
	struct out_table table;
};

/* ---- columns */

struct lsns_row {
	struct lsns *l;
	const struct space *s;
};

enum {
	SHOW_NS,
	SHOW_TYPE,
	SHOW_PATH,
	SHOW_NPROCS,
	SHOW_PID,
	SHOW_PPID,
	SHOW_COMMAND,
	SHOW_UID,
	SHOW_USER,
	SHOW_INIT
};
enum { RN = OUT_RIGHT | OUT_NUM };

#define COLUMNS(COL) \
	COL("ns", "NS", 10, RN, 0, SHOW_NS, 0, "namespace (inode number)") \
	COL("type", "TYPE", 5, 0, 0, SHOW_TYPE, 0, "kind of namespace") \
	COL("path", "PATH", 0, 0, 0, SHOW_PATH, 0, "its file in /proc") \
	COL("nprocs", "NPROCS", 0, RN, 0, SHOW_NPROCS, 0, "processes in it") \
	COL("pid", "PID", 5, RN, 0, SHOW_PID, 0, "the lowest process in it") \
	COL("ppid", "PPID", 5, RN, 0, SHOW_PPID, 0, "parent of that process") \
	COL("command", "COMMAND", 0, OUT_WIDE, 0, SHOW_COMMAND, 0, "command line of that process") \
	COL("uid", "UID", 0, RN, 0, SHOW_UID, 0, "user id of that process") \
	COL("user", "USER", 0, 0, 0, SHOW_USER, 0, "user of that process") \
	COL("init", "INIT", 0, RN, PROC_STATUS, SHOW_INIT, 0, \
	    "of a PID namespace: its PID 1, as numbered here")
OUT_COLUMNS(columns, COLUMNS);

static void show_user(struct out_table *t, const struct lsns_row *r)
{
	size_t len;
	const char *name = user_name(&r->l->users, r->s->uid, &len);

	if (name)
		out_cell(t, name, len);
	else
		out_cell_number(t, r->s->uid);
}

static void show(struct out_table *t, const struct out_col *col, const void *row)
{
	const struct lsns_row *r = row;
	const struct space *s = r->s;
	char text[NS_PATH];

	switch (col->show) {
	case SHOW_NS:
		out_cell_number(t, s->inode);
		break;
	case SHOW_TYPE:
		out_cell_text(t, ns_kinds[s->kind].name);
		break;
	case SHOW_PATH:
		ns_path(text, s->pid, s->kind);
		out_cell_text(t, text);
		break;
	case SHOW_NPROCS:
		out_cell_number(t, s->processes);
		break;
	case SHOW_PID:
		out_cell_number(t, (uint64_t)s->pid);
		break;
	case SHOW_PPID:
		out_cell_number(t, (uint64_t)s->ppid);
		break;
	case SHOW_COMMAND:
		out_cell(t, r->l->text.p + s->command, s->command_len);
		break;
	case SHOW_UID:
		out_cell_number(t, s->uid);
		break;
	case SHOW_USER:
		show_user(t, r);
		break;
	case SHOW_INIT:
		if (s->init)
			out_cell_number(t, (uint64_t)s->init);
		else
			out_cell_none(t);
		break;
	}
}

static void pick_columns(struct lsns *l, const char *list)
{
	const char *item = *list == '+' ? list + 1 : list;

	if (*list == '+')
		pick_columns(l, "ns,type,nprocs,pid,user,command");
	while (*item) {
		size_t len = strcspn(item, ",");
		int r = out_pick(&l->table, item, len, NULL);

		if (r == -ENOENT)
			die(1, 0, "unknown column: %.*s", (int)len, item);
		if (r)
			die(1, 0, "more than %d columns", OUT_COLS);
		item += len + (item[len] == ',');
	}
}

/* ---- options */

enum { L_TYPE };
#define OPTS struct lsns

#define ROWS(OPT, OPT_) \
	IF_JSON(OPT('J', "json", "", OPT_SET, json, 1, "print JSON")) \
	OPT('l', "list", "", OPT_SET, list, 1, "a flat list (it always is)") \
	OPT('n', "noheadings", "", OPT_SET, no_header, 1, "no header line") \
	OPT('o', "output", "COLUMN,...", OPT_TEXT, columns, 0, \
	    "these columns; with a + in front, besides the usual ones") \
	OPT('p', "task", "PID", OPT_TEXT, task_text, 0, "only namespaces that PID is in") \
	OPT_('t', "type", "KIND", OPT_CALL, L_TYPE, \
	     "only this kind: mnt net ipc user pid uts cgroup time; repeatable") \
	OPT('u', "notruncate", "", OPT_SET, raw_width, 1, "do not cut lines") \
	OPT(0, "proc", "DIR", OPT_TEXT, proc_path, 0, \
	    "read another mount of proc, or a recorded one") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

static void on_option(void *to, int value, const char *arg)
{
	struct lsns *l = to;
	int kind = ns_by_name(arg);

	(void)value;
	if (kind < 0)
		die(1, 0, "unknown namespace type: %s", arg);
	l->kinds |= 1u << kind;
}

/* ---- collecting */

static struct space *space(const struct lsns *l, size_t i)
{
	return (struct space *)(void *)l->spaces.p + i;
}

static size_t space_count(const struct lsns *l)
{
	return l->spaces.len / sizeof(struct space);
}

static size_t slot_of(const struct lsns *l, uint64_t inode)
{
	uint64_t hash = inode * 0x9e3779b97f4a7c15ull; /* inodes alone tell kinds apart */

	return (size_t)(hash >> 32) & l->slot_mask;
}

/* Makes the hash twice as large and puts all in again. */
static void grow_slots(struct lsns *l)
{
	size_t slots = l->slot_mask ? 2 * (l->slot_mask + 1) : 256;
	uint32_t *slot;

	l->slots.len = 0;
	if (str_room(&l->slots, slots * sizeof *slot))
		die(1, -ENOMEM, "cannot hold the namespaces");
	slot = (uint32_t *)(void *)l->slots.p;
	memset(slot, 0, slots * sizeof *slot);
	l->slot_mask = slots - 1;
	for (size_t i = 0; i < space_count(l); i++) {
		size_t at = slot_of(l, space(l, i)->inode);

		while (slot[at])
			at = (at + 1) & l->slot_mask;
		slot[at] = (uint32_t)i + 1;
	}
}

static struct space *find_or_add(struct lsns *l, enum ns_kind kind, uint64_t inode)
{
	struct space new = { .inode = inode, .kind = kind };
	uint32_t *slot;
	size_t at;

	if (space_count(l) * 2 >= l->slot_mask)
		grow_slots(l);
	slot = (uint32_t *)(void *)l->slots.p;
	for (at = slot_of(l, inode); slot[at]; at = (at + 1) & l->slot_mask)
		if (space(l, slot[at] - 1)->inode == inode)
			return space(l, slot[at] - 1);
	if (str_add(&l->spaces, (const char *)&new, sizeof new))
		die(1, -ENOMEM, "cannot hold the namespaces");
	slot[at] = (uint32_t)space_count(l);
	return space(l, space_count(l) - 1);
}

/* Counts a process in each of its namespaces. */
static void count(struct lsns *l, const struct proc *p)
{
	int hidden = 0;

	for (int kind = 0; kind < NS_N; kind++) {
		uint64_t inode;
		struct space *s;
		int r;

		if (!(l->kinds & 1u << kind))
			continue;
		r = ns_id(l->proc, p->pid, (enum ns_kind)kind, &inode);
		hidden |= r == -EACCES || r == -EPERM;
		if (r)
			continue;
		s = find_or_add(l, (enum ns_kind)kind, inode);
		s->processes++;
		if (!s->pid || p->pid < s->pid)
			s->pid = p->pid;
		if (kind == NS_PID && p->levels && p->nspid[p->levels - 1] == 1)
			s->init = p->pid;
		s->picked |= p->pid == l->task;
	}
	l->unreadable += (unsigned long)hidden;
}

static void collect(struct lsns *l)
{
	struct proc_walk w;
	struct proc p;
	unsigned want = 0;
	int r;

	for (unsigned i = 0; i < l->table.count; i++)
		want |= l->table.picks[i].col->need;
	r = proc_open(&w, l->proc, want);
	while (!r && (r = proc_next(&w, &p)) == 1) {
		count(l, &p);
		r = 0;
	}
	if (r)
		die(1, r, "cannot read processes");
	proc_close(&w);
}

/* What is shown of a namespace's process, read for that one only. */
static void describe(struct lsns *l, struct space *s)
{
	struct proc p;
	size_t start = l->text.len, len;

	if (proc_get(l->proc, s->pid, PROC_STAT | PROC_OWNER | PROC_CMDLINE, &l->text, &p))
		return; /* gone meanwhile: the row stays, its process has no name any more */
	s->ppid = p.ppid;
	s->uid = p.euid;
	len = p.cmdline_len;
	while (len && !l->text.p[start + len - 1])
		len--;
	for (size_t i = start; i < start + len; i++)
		if (!l->text.p[i] || l->text.p[i] == '\n')
			l->text.p[i] = ' ';
	if (!len) {
		l->text.len = start;
		if (str_add(&l->text, p.comm, p.comm_len))
			die(1, -ENOMEM, "cannot hold the namespaces");
		len = p.comm_len;
	}
	s->command = start;
	s->command_len = len;
}

static int by_inode(const void *a, const void *b, const void *unused)
{
	const struct space *x = a, *y = b;

	(void)unused;
	return (x->inode > y->inode) - (x->inode < y->inode);
}

static void sort_spaces(struct lsns *l)
{
	struct str spare = { 0 };

	if (str_room(&spare, l->spaces.len))
		die(1, -ENOMEM, "cannot sort");
	str_sort(l->spaces.p, space_count(l), sizeof(struct space), spare.p, by_inode, NULL);
	str_free(&spare);
}

static void print(struct lsns *l)
{
	int r;

	out_begin(&l->table);
	for (size_t i = 0; i < space_count(l); i++) {
		struct lsns_row row = { l, space(l, i) };

		if (l->task_text && !row.s->picked)
			continue;
		describe(l, space(l, i));
		out_row(&l->table, &row);
	}
	r = out_end(&l->table);
	if (r && r != -EPIPE)
		die(1, r, "write error");
}

APPLET(lsns, "list namespaces", "[OPTION]...", rows, 0, 1, on_option)
{
	struct out o = { .fd = 1 };
	struct lsns l = { .table = {
				  .o = &o, .key = "namespaces", OUT_USE(columns), .show = show } };
	char **words = opt_parse(&applet_lsns, run->argv, &l);
	struct str why = { 0 };
	int r = 0;

	if (*words)
		opt_misuse(&applet_lsns, "invalid namespace argument: '%s'", *words);
	l.proc = proc_mount(l.proc_path);
	if (l.proc < 0)
		die(1, l.proc, "no /proc here; the cure is: mount -t proc proc /proc");
	if (l.task_text)
		r = pid_resolve(l.proc, l.task_text, &l.task, &why);
	if (r)
		die_pid(1, r, l.task_text, &why);
	if (!l.kinds)
		l.kinds = (1u << NS_N) - 1;
	l.table.form = l.json ? OUT_JSON : OUT_FIT;
	l.table.utf8 = out_utf8();
	l.table.no_header = l.no_header;
	l.table.screen = l.raw_width || !isatty(1) ? 0 : out_screen();
	pick_columns(&l, l.columns ? l.columns : "ns,type,nprocs,pid,user,command");
	collect(&l);
	sort_spaces(&l);
	print(&l);
	if (l.unreadable)
		warn(0, "%lu unreadable (no permission): what only they are in is missing",
		     l.unreadable);
	return 0;
}

//man:A row stands for a namespace that at least one process is in. Its process is the one with
//man:the lowest number; of a PID namespace that is mostly its init, which the column INIT names
//man:for sure.
//man:# EXAMPLES
//man:$ lsns -t pid
//man:$ lsns -t user -o ns,nprocs
