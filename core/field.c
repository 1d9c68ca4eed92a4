/* SPDX-License-Identifier: 0BSD */
#include "field.h"
#include "disposition.h"
#include "ns.h"
#include "pid.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>
#include <time.h>

/* What a field is; `of` is the member of struct proc, if nothing else is said. */
enum what {
	IS_INT,
	IS_LONG,
	IS_KB,
	IS_ID,
	IS_USER,
	IS_GROUP,
	IS_STATE,
	IS_COMM,
	IS_ARGS,
	IS_CHAIN, /* of: enum chain */
	IS_NICE,
	IS_PRIORITY,
	IS_CPU_TIME,
	IS_AGE,
	IS_SHARE,
	IS_NS, /* of: enum ns_kind */
	IS_LEVEL,
	IS_NSINIT,
	IS_CGROUP,
	IS_CONTAINER,
	IS_SIGTERM,
};

enum chain { CHAIN_PID, CHAIN_PGID, CHAIN_SID, CHAIN_TGID };

struct row {
	char name[10];
	unsigned char what;
	unsigned short of, want;
};

#define OF(member) offsetof(struct proc, member)
#define REST (PROC_STAT | PROC_REST)
#define LINES (PROC_STATUS | PROC_LINES)
#define MEMORY (PROC_STATUS | PROC_MEMORY)

static const struct row rows[] = {
	{ "%cpu", IS_SHARE, 0, PROC_STAT },
	{ "args", IS_ARGS, 0, PROC_STAT | PROC_CMDLINE },
	{ "cgroup", IS_CGROUP, 0, PROC_CGROUP },
	{ "cgroupns", IS_NS, NS_CGROUP, 0 },
	{ "cmd", IS_ARGS, 0, PROC_STAT | PROC_CMDLINE },
	{ "comm", IS_COMM, 0, PROC_STAT },
	{ "command", IS_ARGS, 0, PROC_STAT | PROC_CMDLINE },
	{ "container", IS_CONTAINER, 0, PROC_CGROUP },
	{ "cputime", IS_CPU_TIME, 0, PROC_STAT },
	{ "cputimes", IS_CPU_TIME, 0, PROC_STAT },
	{ "egid", IS_ID, OF(egid), PROC_OWNER },
	{ "egroup", IS_GROUP, OF(egid), PROC_OWNER },
	{ "etime", IS_AGE, 0, PROC_STAT },
	{ "etimes", IS_AGE, 0, PROC_STAT },
	{ "euid", IS_ID, OF(euid), PROC_OWNER },
	{ "euser", IS_USER, OF(euid), PROC_OWNER },
	{ "gid", IS_ID, OF(egid), PROC_OWNER },
	{ "group", IS_GROUP, OF(egid), PROC_OWNER },
	{ "ipcns", IS_NS, NS_IPC, 0 },
	{ "mntns", IS_NS, NS_MNT, 0 },
	{ "netns", IS_NS, NS_NET, 0 },
	{ "ni", IS_NICE, 0, REST },
	{ "nice", IS_NICE, 0, REST },
	{ "nlwp", IS_LONG, OF(threads), PROC_STAT },
	{ "nsinit", IS_NSINIT, 0, PROC_STATUS },
	{ "nslevel", IS_LEVEL, 0, PROC_STATUS },
	{ "nspgid", IS_CHAIN, CHAIN_PGID, LINES | PROC_STAT },
	{ "nspid", IS_CHAIN, CHAIN_PID, PROC_STATUS },
	{ "nssid", IS_CHAIN, CHAIN_SID, LINES | PROC_STAT },
	{ "nstgid", IS_CHAIN, CHAIN_TGID, LINES },
	{ "pcpu", IS_SHARE, 0, PROC_STAT },
	{ "pgid", IS_INT, OF(pgid), PROC_STAT },
	{ "pgrp", IS_INT, OF(pgid), PROC_STAT },
	{ "pid", IS_INT, OF(pid), 0 },
	{ "pidns", IS_NS, NS_PID, 0 },
	{ "ppid", IS_INT, OF(ppid), PROC_STAT },
	{ "pri", IS_PRIORITY, 0, PROC_STAT },
	{ "rgid", IS_ID, OF(rgid), PROC_STATUS },
	{ "rgroup", IS_GROUP, OF(rgid), PROC_STATUS },
	{ "rss", IS_KB, OF(vm_rss_kb), MEMORY },
	{ "rsz", IS_KB, OF(vm_rss_kb), MEMORY },
	{ "ruid", IS_ID, OF(ruid), PROC_STATUS },
	{ "ruser", IS_USER, OF(ruid), PROC_STATUS },
	{ "s", IS_STATE, 0, PROC_STAT },
	{ "sess", IS_INT, OF(sid), PROC_STAT },
	{ "sid", IS_INT, OF(sid), PROC_STAT },
	{ "sigterm", IS_SIGTERM, 0, LINES | MEMORY },
	{ "state", IS_STATE, 0, PROC_STAT },
	{ "tgid", IS_INT, OF(pid), 0 },
	{ "thcount", IS_LONG, OF(threads), PROC_STAT },
	{ "threads", IS_LONG, OF(threads), PROC_STAT },
	{ "time", IS_CPU_TIME, 0, PROC_STAT },
	{ "times", IS_CPU_TIME, 0, PROC_STAT },
	{ "timens", IS_NS, NS_TIME, 0 },
	{ "tpgid", IS_INT, OF(tpgid), PROC_STAT },
	{ "ucmd", IS_COMM, 0, PROC_STAT },
	{ "ucomm", IS_COMM, 0, PROC_STAT },
	{ "uid", IS_ID, OF(euid), PROC_OWNER },
	{ "uname", IS_USER, OF(euid), PROC_OWNER },
	{ "user", IS_USER, OF(euid), PROC_OWNER },
	{ "userns", IS_NS, NS_USER, 0 },
	{ "utsns", IS_NS, NS_UTS, 0 },
	{ "vsize", IS_KB, OF(vm_size_kb), MEMORY },
	{ "vsz", IS_KB, OF(vm_size_kb), MEMORY },
};

int field_find(void *fields, const char *name, size_t len)
{
	struct fields *f = fields;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (len < sizeof rows->name && !strncasecmp(rows[i].name, name, len) &&
		    !rows[i].name[len]) {
			if (f)
				f->want |= rows[i].want;
			return (int)i;
		}
	return -1;
}

/* ---- numbers */

static pid_t number_of(const struct fields *f)
{
	return f->pid ? f->pid : f->p->pid;
}

/* The clock is read once: all rows are of one moment. */
static void read_clock(struct fields *f)
{
	struct timespec boot;

	if (f->second)
		return;
	clock_gettime(CLOCK_BOOTTIME, &boot);
	f->second = getauxval(AT_CLKTCK);
	f->boot_ticks = (uint64_t)boot.tv_sec * f->second +
	                (uint64_t)boot.tv_nsec * f->second / 1000000000u;
}

static void set_time(struct fields *f, enum what what, struct filter_value *v)
{
	uint64_t used = f->p->utime_ticks + f->p->stime_ticks, age;

	read_clock(f);
	age = f->boot_ticks > f->p->start_ticks ? f->boot_ticks - f->p->start_ticks : 0;
	if (what == IS_SHARE) {
		v->number = age ? (int64_t)(used * 1000 / age) : 0;
		v->scale = 10;
	} else {
		v->number = (int64_t)((what == IS_AGE ? age : used) / f->second);
	}
}

/* Only where the policy has one (sched(7)). */
static void set_nice(const struct proc *p, struct filter_value *v)
{
	v->number = p->nice;
	if (p->policy != 0 && p->policy != 3)
		v->kind = FILTER_UNKNOWN;
}

static void set_ns(const struct fields *f, enum ns_kind kind, struct filter_value *v)
{
	uint64_t inode;

	if (ns_id(f->proc, number_of(f), kind, &inode))
		v->kind = FILTER_UNKNOWN;
	else
		v->number = (int64_t)inode;
}

static void set_nsinit(struct fields *f, struct filter_value *v)
{
	size_t node, init = TREE_NONE;

	if (!f->has_tree)
		f->has_tree =
			tree_read(&f->tree, f->proc, PROC_STAT | PROC_STATUS | TREE_PIDNS) ? -1 : 1;
	node = f->has_tree > 0 ? tree_find(&f->tree, number_of(f)) : TREE_NONE;
	if (node != TREE_NONE)
		init = tree_nsinit(&f->tree, node);
	if (init == TREE_NONE)
		v->kind = FILTER_UNKNOWN;
	else
		v->number = f->tree.node[init].p.pid;
}

/* ---- texts */

static int add(struct fields *f, const char *text, size_t len)
{
	return str_add(&f->line, text, len);
}

static int add_number(struct fields *f, uint64_t n)
{
	char text[20], *end = text + sizeof text, *p = str_decimal(end, n, 1);

	return add(f, p, (size_t)(end - p));
}

/* The words with blanks between them, else the name in brackets. */
static int add_args(struct fields *f)
{
	const struct proc *p = f->p;
	size_t len = p->state == 'Z' ? 0 : p->cmdline_len;

	while (len && !p->cmdline[len - 1])
		len--;
	if (!len)
		return add(f, "[", 1) || add(f, p->comm, p->comm_len) || add(f, "]", 1) ||
		       (p->state == 'Z' && add(f, " <defunct>", 10));
	if (add(f, p->cmdline, len))
		return -ENOMEM;
	for (size_t i = 0; i < len; i++)
		if (!f->line.p[i] || f->line.p[i] == '\n')
			f->line.p[i] = ' ';
	return 0;
}

/* Its numbers from here to its own PID namespace; before Linux 4.1 only this one is known. */
static int add_chain(struct fields *f, enum chain chain)
{
	static const char keys[][7] = { "NSpid", "NSpgid", "NSsid", "NStgid" };
	const struct proc *p = f->p;
	const pid_t only[] = { p->pid, p->pgid, p->sid, p->pid };
	uint64_t v[PROC_LEVELS];
	int n = 0, r = 0;

	if (chain == CHAIN_PID)
		for (; n < p->levels; n++)
			v[n] = (uint64_t)p->nspid[n];
	else
		n = proc_line_numbers(p, keys[chain], v, PROC_LEVELS);
	if (!n)
		v[n++] = (uint64_t)only[chain];
	for (int i = 0; i < n && !r; i++)
		r = (i && add(f, ",", 1)) || add_number(f, v[i]);
	return r;
}

/* The lines but those of a root, with commas between them. */
static int add_cgroups(struct fields *f)
{
	const char *s = f->p->cgroup, *end = s + f->p->cgroup_len;
	int r = 0;

	while (s < end && !r) {
		const char *newline = memchr(s, '\n', (size_t)(end - s));
		size_t len = (size_t)((newline ? newline : end) - s);

		if (len && s[len - 1] != '/')
			r = (f->line.len && add(f, ",", 1)) || add(f, s, len);
		s += len + 1;
	}
	return r;
}

/* The innermost one: as many digits of its id as people see. */
static int add_container(struct fields *f)
{
	enum { DIGITS = 12 };
	const char *id;
	size_t at = 0;
	int r = 0;

	while (!r && (id = pid_container(f->p->cgroup, f->p->cgroup_len, &at))) {
		f->line.len = 0;
		r = add(f, id, DIGITS);
	}
	return r;
}

static void set_name(struct fields *f, uint32_t id, int group, struct filter_value *v)
{
	struct user_db *db = group ? &f->groups : &f->users;

	db->groups = group;
	v->kind = FILTER_NAME;
	v->number = id;
	v->text = user_name(db, id, &v->len);
	if (!v->len)
		v->kind = FILTER_NUMBER;
}

static void set_sigterm(const struct fields *f, struct filter_value *v)
{
	v->text = disposition_word(disposition_of(f->proc, number_of(f), f->p, SIGTERM, 0));
	if (v->text)
		v->len = strlen(v->text);
	else
		v->kind = FILTER_UNKNOWN;
}

/* A text of the process, or one that is to be made. */
static void set_text(struct fields *f, const struct row *row, struct filter_value *v)
{
	int r = 0;

	f->line.len = 0;
	v->kind = FILTER_TEXT;
	switch (row->what) {
	case IS_STATE:
		v->text = &f->p->state;
		v->len = 1;
		return;
	case IS_COMM:
		v->text = f->p->comm;
		v->len = f->p->comm_len;
		return;
	case IS_SIGTERM:
		set_sigterm(f, v);
		return;
	case IS_ARGS:
		r = add_args(f);
		break;
	case IS_CHAIN:
		r = add_chain(f, (enum chain)row->of);
		break;
	case IS_CGROUP:
	case IS_CONTAINER: /* that there is none is known, too; where nothing was read it is not */
		if (!f->p->cgroup_len)
			v->kind = FILTER_UNKNOWN;
		else
			r = row->what == IS_CGROUP ? add_cgroups(f) : add_container(f);
		break;
	}
	if (r)
		v->kind = FILTER_UNKNOWN;
	v->text = f->line.len ? f->line.p : "";
	v->len = f->line.len;
}

void field_value(void *fields, int field, struct filter_value *v)
{
	struct fields *f = fields;
	const struct proc *p = f->p;
	const struct row *row = &rows[field];
	const void *of = (const char *)p + row->of;

	*v = (struct filter_value){ .kind = FILTER_NUMBER };
	switch (row->what) {
	case IS_INT:
		v->number = *(const int *)of;
		break;
	case IS_LONG:
		v->number = *(const long *)of;
		break;
	case IS_KB:
		v->number = (int64_t) * (const uint64_t *)of;
		v->unit = 1024;
		break;
	case IS_ID:
		v->number = *(const uint32_t *)of;
		break;
	case IS_USER:
	case IS_GROUP:
		set_name(f, *(const uint32_t *)of, row->what == IS_GROUP, v);
		break;
	case IS_NICE:
		set_nice(p, v);
		break;
	case IS_PRIORITY:
		v->number = 39 - p->priority;
		break;
	case IS_CPU_TIME:
	case IS_AGE:
	case IS_SHARE:
		set_time(f, row->what, v);
		break;
	case IS_NS:
		set_ns(f, (enum ns_kind)row->of, v);
		break;
	case IS_LEVEL:
		v->number = p->levels - 1;
		break;
	case IS_NSINIT:
		set_nsinit(f, v);
		break;
	default:
		set_text(f, row, v);
	}
}

void field_free(struct fields *f)
{
	user_free(&f->users);
	user_free(&f->groups);
	str_free(&f->line);
	tree_free(&f->tree);
}
