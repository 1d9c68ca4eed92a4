/* SPDX-License-Identifier: 0BSD */
/* Which columns: the lists of -o and -O, and what the letters stand for. */
#include "ps.h"
#include "sys.h"

#include <string.h>

/* ---- lists */

/* Names that stand for several columns, each with its list, as procps has them. */
static const char macros[] =
	"DFMT\0pid,tname,state,cputime,cmd\0"
	"DefBSD\0pid,tname,stat,bsdtime,args\0"
	"DefSysV\0pid,tname,time,cmd\0"
	"END_BSD\0state,tname,cputime,comm\0"
	"END_SYS5\0state,tname,time,command\0"
	"F5FMT\0uname,pid,ppid,c,start,tname,time,cmd\0"
	"FB_\0pid,tt,stat,time,command\0"
	"FB_j\0user,pid,ppid,pgid,sess,jobc,stat,tt,time,command\0"
	"FB_l\0uid,pid,ppid,cpu,pri,nice,vsz,rss,wchan,stat,tt,time,command\0"
	"FB_u\0user,pid,pcpu,pmem,vsz,rss,tt,stat,start,time,command\0"
	"FB_v\0pid,stat,time,sl,re,pagein,vsz,rss,lim,tsiz,pcpu,pmem,command\0"
	"FD_\0pid,tty,time,comm\0"
	"FD_f\0user,pid,ppid,start_time,tty,time,comm\0"
	"FD_fj\0user,pid,ppid,start_time,tty,time,pgid,sid,comm\0"
	"FD_j\0pid,tty,time,pgid,sid,comm\0"
	"FD_l\0flags,state,uid,pid,ppid,priority,nice,vsz,wchan,tty,time,comm\0"
	"FD_lj\0flags,state,uid,pid,ppid,priority,nice,vsz,wchan,tty,time,pgid,sid,comm\0"
	"FL5FMT\0f,state,uid,pid,ppid,pcpu,pri,nice,rss,wchan,start,time,command\0"
	"FLASK_context\0pid,context,command\0"
	"HP_\0pid,tty,time,comm\0"
	"HP_f\0user,pid,ppid,cpu,stime,tty,time,args\0"
	"HP_fl\0flags,state,user,pid,ppid,cpu,intpri,nice,addr,sz,wchan,stime,tty,time,args\0"
	"HP_l\0flags,state,uid,pid,ppid,cpu,intpri,nice,addr,sz,wchan,tty,time,comm\0"
	"J390\0pid,sid,pgrp,tname,atime,args\0"
	"JFMT\0user,pid,ppid,pgid,sess,jobc,state,tname,cputime,command\0"
	"L5FMT\0f,state,uid,pid,ppid,c,pri,nice,addr,sz,wchan,tt,time,ucmd\0"
	"LFMT\0uid,pid,ppid,cp,pri,nice,vsz,rss,wchan,state,tname,cputime,command\0"
	"OL_X\0pid,start_stack,esp,eip,timeout,alarm,stat,tname,bsdtime,args\0"
	"OL_j\0ppid,pid,pgid,sid,tname,tpgid,stat,uid,bsdtime,args\0"
	"OL_l\0flags,uid,pid,ppid,priority,nice,vsz,rss,wchan,stat,tname,bsdtime,args\0"
	"OL_m\0pid,tname,majflt,minflt,m_trs,m_drs,m_size,m_swap,rss,m_share,vm_lib,m_dt,args\0"
	"OL_s\0uid,pid,pending,sig_block,sig_ignore,caught,stat,tname,bsdtime,args\0"
	"OL_u\0user,pid,pcpu,pmem,vsz,rss,tname,stat,start_time,bsdtime,args\0"
	"OL_v\0pid,tname,stat,bsdtime,maj_flt,m_trs,m_drs,rss,pmem,args\0"
	"RD_\0pid,tname,state,bsdtime,comm\0"
	"RD_f\0uid,pid,ppid,start_time,tname,bsdtime,args\0"
	"RD_fj\0uid,pid,ppid,start_time,tname,bsdtime,pgid,sid,args\0"
	"RD_j\0pid,tname,state,bsdtime,pgid,sid,comm\0"
	"RD_l\0flags,state,uid,pid,ppid,priority,nice,wchan,tname,bsdtime,comm\0"
	"RD_lj\0flags,state,uid,pid,ppid,priority,nice,wchan,tname,bsdtime,pgid,sid,comm\0"
	"RUSAGE\0minflt,majflt,nswap,inblock,oublock,msgsnd,msgrcv,nsigs,nvcsw,nivcsw\0"
	"SCHED\0user,pcpu,pri,usrpri,nice,psxpri,psr,policy,pset\0"
	"SFMT\0uid,pid,cursig,sig,sigmask,sigignore,sigcatch,stat,tname,command\0"
	"Std_f\0uid_hack,pid,ppid,c,stime,tname,time,cmd\0"
	"Std_fl\0f,s,uid_hack,pid,ppid,c,opri,ni,addr,sz,wchan,stime,tname,time,cmd\0"
	"Std_l\0f,s,uid,pid,ppid,c,opri,ni,addr,sz,wchan,tname,time,ucmd\0"
	"THREAD\0user,pcpu,pri,scnt,wchan,usertime,systime\0"
	"UFMT\0uname,pid,pcpu,pmem,vsz,rss,tt,state,start,time,command\0"
	"VFMT\0pid,tt,state,time,sl,pagein,vsz,rss,pcpu,pmem,command\0";

static const char *macro(const char *name, size_t len)
{
	for (const char *s = macros; *s; s += strlen(s) + 1) {
		const char *list = s + strlen(s) + 1;

		if (strlen(s) == len && !memcmp(s, name, len))
			return list;
		s = list;
	}
	return NULL;
}

static int pick_list(struct ps_parser *p, const char *list, const char *header);

/* Some columns of procps's formats have names that only it can explain: in JSON these are the keys
 * when letters have asked for a format. */
static void rename_key(struct out_pick *pick)
{
	static const char names[][2][9] = { { "addr_1", "addr" }, { "bsdtime", "time" },
		                            { "f", "flags" },     { "s", "state" },
		                            { "tname", "tty" },   { "tt", "tty" },
		                            { "ucmd", "comm" },   { "uid_hack", "user" },
		                            { "uname", "user" } };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(pick->name, names[i][0]))
			pick->name = names[i][1];
}

/* One column by its exact name, or those of a macro, which all get the header. */
static int pick_name(struct ps_parser *p, const char *name, size_t len, const char *header)
{
	struct out_table *t = p->table;
	const char *list = macro(name, len);
	int r;

	if (list)
		return pick_list(p, list, header);
	r = out_pick(t, name, len, header);
	if (!r && memcmp(t->picks[t->count - 1].name, name, len)) {
		t->count--;
		r = -ENOENT;
	}
	if (CFG_JSON && !r && p->lettered && p->a->json)
		rename_key(&t->picks[t->count - 1]);
	return !r ? 0
	          : ps_fail(p, r == -E2BIG ? PS_WRONG_TOO_MANY : PS_WRONG_FORMAT_NAME, name, len);
}

/* NAME[:WIDTH][=HEADER], len bytes. */
static int pick_item(struct ps_parser *p, const char *item, size_t len, const char *header)
{
	struct out_table *t = p->table;
	const char *equals = memchr(item, '=', len);
	size_t head = equals ? (size_t)(equals - item) : len;
	const char *colon = memchr(item, ':', head), *end = NULL;
	size_t name = colon ? (size_t)(colon - item) : head;
	uint64_t width = 0;
	unsigned before = t->count;
	int r;

	if (equals) { /* the room for all headers is there: what is in it does not move */
		header = p->a->text.p + p->a->text.len;
		r = str_add(&p->a->text, equals + 1, len - head - 1);
		if (r || str_add(&p->a->text, "", 1))
			return ps_fail(p, PS_WRONG_MEMORY, "", 0);
	}
	if (colon &&
	    (colon[1] == '0' || str_digits(colon + 1, &end, 131071, &width) || end != item + head))
		return ps_fail(p, PS_WRONG_FORMAT_WIDTH, item, len);
	r = pick_name(p, item, name, header);
	if (r || !colon)
		return r;
	if (t->count != before + 1)
		return ps_fail(p, PS_WRONG_FORMAT_MACRO, item, len);
	t->picks[before].width = (size_t)width;
	t->picks[before].fixed = 1;
	return 0;
}

static int is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t';
}

/* A list of items; one separator may stand at its end. */
static int pick_list(struct ps_parser *p, const char *list, const char *header)
{
	if (!*list)
		return ps_fail(p, PS_WRONG_FORMAT_EMPTY, "", 0);
	for (const char *s = list; *s;) {
		size_t len = strcspn(s, ", \t");
		int r = len ? pick_item(p, s, len, header)
		            : ps_fail(p, PS_WRONG_FORMAT_LIST, list, strlen(list));

		if (r)
			return r;
		s += len + is_separator(s[len]);
	}
	return 0;
}

/* AIX's way, "%p %a": a letter for each column, and nothing else but blanks, which are then all
 * that stands between them. The last column is followed by as many, or by none, but is not the last
 * one of the line for its width. */
static int pick_aix(struct ps_parser *p, const char *list)
{
	static const char letters[] = "CGPUacgnprtuxyz";
	static const char names[][7] = { "pcpu",  "group",  "ppid", "user",  "args",
		                         "comm",  "rgroup", "nice", "pid",   "pgid",
		                         "etime", "ruser",  "time", "tname", "vsz" };

	for (const char *s = list;; s++) {
		size_t blanks = strspn(s, " ");
		const char *at;
		int r;

		s += blanks;
		if ((blanks || !*s) && out_pick_gap(p->table, blanks))
			return ps_fail(p, PS_WRONG_TOO_MANY, s, 0);
		if (!*s)
			return 0;
		if (*s != '%')
			return ps_fail(p, PS_WRONG_AIX_TEXT, s, 1);
		if (!*++s || *s == ' ' || *s == '%')
			return ps_fail(p, PS_WRONG_AIX_END, list, strlen(list));
		at = strchr(letters, *s);
		if (!at)
			return ps_fail(p, PS_WRONG_FORMAT_AIX, s, 1);
		r = pick_name(p, names[at - letters], strlen(names[at - letters]), NULL);
		if (r)
			return r;
	}
}

/* AIX's way is what makes no sense otherwise: %cpu and %mem are names. */
static int pick_spec(struct ps_parser *p, const char *list)
{
	unsigned before = p->table->count;
	int r = pick_list(p, list, NULL);

	if (!r || !strchr(list, '%'))
		return r;
	p->table->count = before;
	return pick_aix(p, list);
}

/* ---- letters */

struct list {
	char text[256];
	size_t len;
};

static void add(struct list *l, const char *names)
{
	l->len += str_format(l->text + l->len, sizeof l->text - l->len, "%s%s", l->len ? "," : "",
	                     names);
}

static void add_if(struct list *l, unsigned condition, const char *names)
{
	if (condition)
		add(l, names);
}

/* -f and -l, each column in its place among those of the modifiers. */
static void sysv_list(const struct ps_parser *p, struct list *l)
{
	const struct ps_args *a = p->a;
	unsigned f = a->format & PS_FMT_SYSV_F, lng = a->format & PS_FMT_SYSV_L, m = a->modifiers;
	int linux_way = (p->w->person & PS_PERSON_LINUX) != 0;

	add_if(l, m & PS_MOD_M, "label");
	add_if(l, lng && !(m & PS_MOD_Y), "f");
	add_if(l, lng, "s");
	add_if(l, f, linux_way ? "user" : "uid_hack");
	add_if(l, lng && !f, "uid");
	add(l, "pid");
	add_if(l, a->threads & PS_THREAD_T, "spid");
	add_if(l, f | lng, "ppid");
	add_if(l, m & PS_MOD_J, "pgid,sid");
	add_if(l, a->threads & PS_THREAD_L, "lwp");
	add_if(l, m & PS_MOD_P, "psr");
	add_if(l, (f | lng) && !(m & PS_MOD_C), "c");
	add_if(l, f && (a->threads & PS_THREAD_L), "nlwp");
	if (m & PS_MOD_C)
		add(l, "class,pri");
	else
		add_if(l, lng, "opri,ni");
	add_if(l, lng,
	       m & PS_MOD_Y ? "rss,sz,wchan"
	       : linux_way  ? "sgi_p,sz,wchan"
	                    : "addr_1,sz,wchan");
	if (m & PS_MOD_F) {
		add_if(l, !lng, "sz");
		add_if(l, !(lng && (m & PS_MOD_Y)), "rss");
		add_if(l, !(m & PS_MOD_P), "psr");
	}
	add_if(l, f, "stime");
	add(l, "tname");
	if (a->bsd) {
		add_if(l, !lng, "stat");
		add(l, f | lng ? "bsdtime,cmd" : "bsdtime,args");
	} else {
		add(l, f ? "time,cmd" : "time,ucmd");
	}
}

static const char *bsd_list(const struct ps_parser *p)
{
	int of_bsd = (p->w->person & PS_PERSON_BSD_FORMATS) != 0;

	switch (p->a->format) {
	case PS_FMT_J:
		return of_bsd ? "FB_j" : "OL_j";
	case PS_FMT_L:
		return of_bsd ? "FB_l" : "OL_l";
	case PS_FMT_S:
		return "OL_s";
	case PS_FMT_U:
		return of_bsd ? "FB_u" : "OL_u";
	case PS_FMT_V:
		return of_bsd ? "FB_v" : "OL_v";
	case PS_FMT_X:
		return "OL_X";
	case PS_FMT_M:
		return "OL_m";
	case PS_FMT_CONTEXT:
		return "FLASK_context";
	default:
		return NULL;
	}
}

/* The place of the first (or, with `last`, the last) column that has one of the names; -1. */
static int find(const struct out_table *t, const char *names, int last)
{
	int found = -1;

	for (unsigned i = 0; i < t->count && (last || found < 0); i++)
		for (const char *s = names; *s; s += strlen(s) + 1)
			if (t->picks[i].col && !strcmp(s, t->picks[i].name))
				found = (int)i;
	return found;
}

/* Picks a column that stands at `at`. */
static int insert(struct ps_parser *p, const char *name, int at)
{
	struct out_table *t = p->table;
	int r = pick_name(p, name, strlen(name), NULL);
	struct out_pick pick;

	if (r)
		return r;
	pick = t->picks[t->count - 1];
	memmove(&t->picks[at + 1], &t->picks[at],
	        ((size_t)t->count - 1 - (size_t)at) * sizeof pick);
	t->picks[at] = pick;
	return 0;
}

static void drop(struct out_table *t, int at)
{
	t->count--;
	memmove(&t->picks[at], &t->picks[at + 1], (t->count - (size_t)at) * sizeof *t->picks);
}

/* What the modifiers of SysV do to a format of BSD. */
static int modify(struct ps_parser *p)
{
	struct out_table *t = p->table;
	unsigned m = p->a->modifiers, threads = p->a->threads;
	int at, r = 0;

	if (m & PS_MOD_C) {
		at = find(t, "pri\0priority\0opri\0intpri\0", 0);
		if (at < 0)
			return ps_fail(p, PS_WRONG_FORMATS, "-c", 2);
		drop(t, at);
		r = insert(p, "pri", at);
		if (!r)
			r = insert(p, "class", at);
		at = find(t, "ni\0nice\0", 0);
		if (at >= 0)
			drop(t, at);
		at = find(t, "c\0", 0);
		if (at >= 0)
			drop(t, at);
	}
	if (!r && (threads & PS_THREAD_T))
		r = insert(p, "spid", find(t, "pid\0", 0) + 1);
	if (!r && (m & PS_MOD_J)) {
		at = find(t, "ppid\0", 0);
		at = (at < 0 ? find(t, "pid\0", 0) : at) + 1;
		r = insert(p, "sid", at);
		if (!r)
			r = insert(p, "pgid", at);
	}
	if (!r && (threads & PS_THREAD_L)) {
		r = insert(p, "lwp", find(t, "pid\0ppid\0pgid\0sid\0sess\0", 1) + 1);
		at = find(t, "c\0pcpu\0%cpu\0", 0);
		if (!r && at >= 0)
			r = insert(p, "nlwp", at + 1);
	}
	if (!r && (m & PS_MOD_M))
		r = insert(p, "label", 0);
	return r;
}

/* What -L and -T ask for as well as H and m is in columns of the usual formats only. */
static int check_threads_shown(struct ps_parser *p, const char *about)
{
	unsigned t = p->a->threads;

	if (!(t & (PS_THREAD_L | PS_THREAD_T)) || !(t & (PS_THREAD_H | PS_THREAD_M)))
		return 0;
	return ps_fail(p, PS_WRONG_THREAD_FORMAT, about, strlen(about));
}

static int pick_format(struct ps_parser *p)
{
	const struct ps_args *a = p->a;
	unsigned sysv = a->format & (PS_FMT_SYSV_F | PS_FMT_SYSV_L);
	struct list l = { .len = 0 };
	const char *list;

	if ((a->modifiers & PS_MOD_Y) && !(a->format & (PS_FMT_SYSV_L | ~sysv)))
		return ps_fail(p, PS_WRONG_FORMAT_Y, "", 0);
	p->lettered = 1;
	if (a->format && a->format != sysv) {
		list = bsd_list(p);
		if (!list)
			return ps_fail(p, PS_WRONG_FORMATS, "", 0);
		return pick_list(p, list, NULL) ? (int)p->e->code : modify(p);
	}
	if (!sysv && !a->modifiers) {
		if (p->w->default_format) {
			p->lettered = 0;
			p->a->ignored = pick_spec(p, p->w->default_format);
			p->lettered = 1;
			if (!p->a->ignored)
				return check_threads_shown(p, "$PS_FORMAT");
		}
		p->table->count = 0;
		if ((p->w->person & PS_PERSON_BUSYBOX) &&
		    !(a->threads & (PS_THREAD_L | PS_THREAD_T))) {
			p->a->busybox = 1;
			return pick_list(p, "pid:5,user,bsdtime:5,args", NULL);
		}
	}
	sysv_list(p, &l);
	return pick_list(p, l.text, NULL);
}

/* ---- all of it */

/* -O: its columns among the usual ones. */
static int wrap(struct ps_parser *p, const char *list, const char *end)
{
	int r = pick_list(p, "pid", NULL);

	if (!r)
		r = pick_spec(p, list);
	return r ? r : pick_list(p, end, NULL);
}

/* BSD's O: a sorting code if it can be read as one, else columns. */
static int pick_bsd_o(struct ps_parser *p, const char *text)
{
	int r = ps_sort_letters(p, text);

	if (!r || r == PS_WRONG_SORTS)
		return r;
	if (p->table->count)
		return ps_fail(p, PS_WRONG_FORMAT_BSD_O, text, strlen(text));
	if (!wrap(p, text, "END_BSD"))
		return 0;
	return ps_fail(p, (enum ps_wrong)r, text, strlen(text));
}

static int pick_one(struct ps_parser *p, const struct ps_spec *spec)
{
	switch (spec->kind) {
	case PS_SPEC_FORMAT:
		return pick_spec(p, spec->text);
	case PS_SPEC_SYSV_O:
		if (p->table->count)
			return ps_fail(p, PS_WRONG_FORMAT_O, spec->text, strlen(spec->text));
		return wrap(p, spec->text, "END_SYS5");
	case PS_SPEC_BSD_O:
		return pick_bsd_o(p, spec->text);
	case PS_SPEC_SORT:
		return ps_sort_list(p, spec->text);
	}
	return 0;
}

/* All headers together are no longer than the words they stand in. */
static int make_room(struct ps_parser *p)
{
	const struct ps_spec *specs = (const struct ps_spec *)(const void *)p->a->specs.p;
	size_t room = p->w->default_format ? strlen(p->w->default_format) + 1 : 1;

	for (size_t i = 0; i < p->a->specs.len / sizeof *specs; i++)
		room += strlen(specs[i].text) + 1;
	return str_room(&p->a->text, room);
}

int ps_pick_columns(struct ps_parser *p)
{
	const struct ps_args *a = p->a;
	const struct ps_spec *specs = (const struct ps_spec *)(const void *)a->specs.p;

	if (make_room(p))
		return ps_fail(p, PS_WRONG_MEMORY, "", 0);
	for (size_t i = 0; i < a->specs.len / sizeof *specs; i++) {
		int r = pick_one(p, &specs[i]);

		if (r)
			return r;
	}
	if (!p->table->count)
		return pick_format(p);
	if (a->format)
		return ps_fail(p, PS_WRONG_FORMATS, "", 0);
	if (a->modifiers)
		return ps_fail(p, PS_WRONG_MODIFIERS, "", 0);
	return check_threads_shown(p, "");
}
