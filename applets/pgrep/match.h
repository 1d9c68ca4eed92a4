/* SPDX-License-Identifier: 0BSD */
/* pgrep, pkill and pidwait: which processes are meant. One struct on main's stack. */
#ifndef MATCH_H
#define MATCH_H

#include <regex.h>

#include "applet.h"
#include "field.h"
#include "filter.h"
#include "ns.h"
#include "out.h"
#include "pidns.h"
#include "proc.h"
#include "user.h"

/* The lists of the options. */
enum match_list {
	MATCH_PID,
	MATCH_PIDFILE,
	MATCH_PPID,
	MATCH_PGID,
	MATCH_SID,
	MATCH_EUID,
	MATCH_RUID,
	MATCH_RGID,
	MATCH_TTY,
	MATCH_CGROUP,
	MATCH_ENV,
	MATCH_LISTS,
};

struct match {
	/* what the options say */
	int count, full, ignore_case, exact, newest, oldest, negate, ancestors, handler, locked;
	const char *list[MATCH_LISTS];
	const char *older, *states, *ns, *nslist, *signal, *pidns, *pidns_tree, *filter;

	/* for match_find, from the applet: the files that only `show` needs, and what it writes of
	 * a process that is meant; NULL: nothing */
	unsigned more;
	void (*show)(void *context, struct match *m, const struct proc *p, struct out *o);
	void *context;
	int once;    /* the first one is enough */
	int threads; /* each thread for itself */

	/* match.c's own */
	const struct applet *applet;
	const char *pattern;
	int sig, literal, utf8;
	int proc, ours;   /* the mount; whether its numbers are ours */
	int dir;          /* where the process or thread has its files: that, or a task/ */
	pid_t group;      /* whose thread it is */
	unsigned want;    /* what is read of all */
	struct str items; /* struct match_item */
	unsigned listed;  /* 1 << enum match_list */
	struct str skip;  /* pid_t: ourselves, and our ancestors */
	unsigned ns_kinds;
	uint64_t ns_ids[NS_N];
	int64_t before_ticks; /* started then or earlier */
	regex_t regex;
	struct pidns space;
	struct filter filter_code;
	struct fields fields;
	struct user_db users, groups;
	struct str text, line, clean; /* files, a command line, a text to print */
	struct str environment;
	struct str hits, shown; /* struct match_hit, and what `show` wrote */
};

/* A member of a list. */
struct match_item {
	enum match_list list;
	uint32_t number;
	const char *text;
	size_t len;
};

/* One that is meant. */
struct match_hit {
	pid_t pid;
	uint64_t start_ticks; /* 0 unless its stat was read */
	size_t shown, len;
};

/* The options of all three, for an OPTS with a member `m`. */
#define MATCH_ROWS(OPT, OPT_) \
	OPT('f', "full", "", OPT_SET, m.full, 1, "match the whole command line, not the name") \
	OPT('x', "exact", "", OPT_SET, m.exact, 1, "match all of it, not a part") \
	OPT('i', "ignore-case", "", OPT_SET, m.ignore_case, 1, "match in any case") \
	OPT('c', "count", "", OPT_SET, m.count, 1, "print how many match") \
	OPT('n', "newest", "", OPT_SET, m.newest, 1, "only the one that was started last") \
	OPT('o', "oldest", "", OPT_SET, m.oldest, 1, "only the one that was started first") \
	OPT('O', "older", "SECONDS", OPT_TEXT, m.older, 0, \
	    "only those that have run so long; also 10m, 2h, 1d") \
	OPT('p', "pid", "PID", OPT_TEXT, m.list[MATCH_PID], 0, \
	    "only these: PID, or PID@REF; so in each list of processes") \
	OPT('P', "parent", "PID", OPT_TEXT, m.list[MATCH_PPID], 0, "only children of these") \
	OPT('g', "pgroup", "PID", OPT_TEXT, m.list[MATCH_PGID], 0, \
	    "only those in these process groups; 0: ours") \
	OPT('s', "session", "PID", OPT_TEXT, m.list[MATCH_SID], 0, \
	    "only those in these sessions; 0: ours") \
	OPT('u', "euid", "USER", OPT_TEXT, m.list[MATCH_EUID], 0, \
	    "only those of these effective users") \
	OPT('U', "uid", "USER", OPT_TEXT, m.list[MATCH_RUID], 0, "only those of these real users") \
	OPT('G', "group", "GROUP", OPT_TEXT, m.list[MATCH_RGID], 0, \
	    "only those of these real groups") \
	OPT('t', "terminal", "TTY", OPT_TEXT, m.list[MATCH_TTY], 0, \
	    "only those on these terminals; -: on none") \
	OPT('r', "runstates", "STATE", OPT_TEXT, m.states, 0, \
	    "only those in these states: letters, as ps shows them") \
	OPT('F', "pidfile", "FILE", OPT_TEXT, m.list[MATCH_PIDFILE], 0, \
	    "only the one whose number stands in this file") \
	OPT('L', "logpidfile", "", OPT_SET, m.locked, 1, "fail when nobody has locked that file") \
	OPT('A', "ignore-ancestors", "", OPT_SET, m.ancestors, 1, "without our ancestors") \
	OPT('H', "require-handler", "", OPT_SET, m.handler, 1, \
	    "only those that have a handler for the signal") \
	OPT(0, "cgroup", "PATH", OPT_TEXT, m.list[MATCH_CGROUP], 0, \
	    "only those in these cgroups of version 2") \
	OPT(0, "env", "NAME[=VALUE]", OPT_TEXT, m.list[MATCH_ENV], 0, \
	    "only those that were started with one of these variables") \
	OPT(0, "ns", "PID", OPT_TEXT, m.ns, 0, "only those in the namespaces of this process") \
	OPT(0, "nslist", "KIND", OPT_TEXT, m.nslist, 0, \
	    "of these kinds, instead of all: cgroup, ipc, mnt, net, pid, time, user, uts") \
	OPT(0, "pidns", "REF", OPT_TEXT | OPT_OWN, m.pidns, 0, \
	    "look only at those in this PID namespace") \
	OPT(0, "pidns-tree", "REF", OPT_TEXT | OPT_OWN, m.pidns_tree, 0, "or in one below it") \
	IF_PGREP_FILTER(OPT(0, "filter", "EXPR", OPT_TEXT | OPT_OWN, m.filter, 0, \
	                    "look only at those of which this is true: see below")) \
	OPT(0, "signal", "SIGNAL", OPT_TEXT, m.signal, 0, "TERM, or 15: the signal")

/* Takes what follows the options, the pattern, and gets all ready. Exits with 2 for wrong use, with
 * 3 without a /proc and what else cannot work; with 1 for a file that holds no number. */
void match_begin(struct match *m, const struct applet *a, char **operands);

/* Looks for those who are meant, in the order of the kernel. How many there are; they are *hits. */
size_t match_find(struct match *m, const struct match_hit **hits);

/* Whether a hit is still there and still meant. It answers for whom a pidfd stands that was opened
 * before, and is not of somebody who has ended. */
int match_again(struct match *m, const struct match_hit *hit);

/* What `show` wrote of it; not terminated. */
const char *match_shown(const struct match *m, const struct match_hit *hit);

/* The members of all lists. */
const struct match_item *match_items(const struct match *m, size_t *count);

/* The command line in one line, "[NAME]" where it has none; m->line, ended by a NUL. */
void match_command(struct match *m, const struct proc *p);

/* Writes a text so that no terminal obeys it. */
void match_clean(struct match *m, struct out *o, const char *text, size_t len);

/* A `show` that writes the name. */
void match_name(void *context, struct match *m, const struct proc *p, struct out *o);

/* The end: writes out; the exit status for so many hits. */
int match_end(struct out *o, size_t hits);

#endif
