/* SPDX-License-Identifier: 0BSD */
/*
 * ps: processes as procps shows them, and what no ps shows: the numbers of a process in all its PID
 * namespaces, and who would reap its orphans. Only the files that the columns need are read.
 */
//config:config PS
//config:	bool "ps"
//config:	default y
//config:	help
//config:	  Lists processes, with their numbers in every PID namespace.
//config:config PS_IN
//config:	bool "ps: what another PID namespace sees (--in)"
//config:	depends on PS
//config:	default y
//config:config PS_SIGTERM
//config:	bool "ps: what a TERM meets (column sigterm)"
//config:	depends on PS
//config:	default y
//config:config PS_CGROUP
//config:	bool "ps: cgroups, containers and units"
//config:	depends on PS
//config:	default y
//config:	help
//config:	  The columns cgname, cgroup, docker, lsession, lxc, machine, ouid, seat, slice,
//config:	  unit and uunit.
//config:config PS_FILES
//config:	bool "ps: figures that have files of their own"
//config:	depends on PS
//config:	default y
//config:	help
//config:	  The columns of /proc/PID/io, smaps_rollup, autogroup, oom_score, loginuid, and
//config:	  numa.
//config:config PS_FILTER
//config:	bool "ps: only those of which an expression is true (--filter)"
//config:	depends on PS
//config:	default y
//config:config PS_NONE
//config:	bool "ps: names of columns that never show anything"
//config:	depends on PS
//config:	default y
//config:	help
//config:	  procps knows them, so that scripts for other systems run. They show "-".
//config:config PS_BUSYBOX
//config:	bool "ps: busybox's listing unless told otherwise"
//config:	depends on PS
//config:	default n
//config:	help
//config:	  Without options all processes are listed, as PID USER TIME COMMAND. So they are
//config:	  with PS_PERSONALITY=busybox; PS_PERSONALITY=default is the other way round.
//install:/bin

#include "applet.h"
#include "pid.h"
#include "ps.h"
#include "rows.h"
#include "sig.h"
#include "sys.h"

#include "columns.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

OUT_COLUMNS(columns, COLUMNS);
OPT_TABLE(rows, ROWS);

extern const struct applet applet_ps;

/* ---- names */

static int mount_of(struct ps *ps)
{
	if (ps->proc < 0)
		ps->proc = proc_mount(ps->opt.proc_path);
	return ps->proc;
}

/* Who asks: at most once. */
static const struct proc *self_of(struct ps *ps)
{
	if (!ps->self.state && mount_of(ps) >= 0 &&
	    proc_get(ps->proc, 0, PROC_STAT | PROC_OWNER, NULL, &ps->self)) {
		ps->self.euid = geteuid(); /* not in that mount */
		ps->self.state = 'R';
	}
	return &ps->self;
}

/* The number of a terminal as /proc/PID/stat has it. */
static int tty_number(const char *path, uint32_t *number)
{
	unsigned large, small;
	struct stat st;

	if (stat(path, &st))
		return -ENOENT;
	if (!S_ISCHR(st.st_mode))
		return -ENOTTY;
	large = major(st.st_rdev);
	small = minor(st.st_rdev);
	*number = (small & 0xff) | large << 8 | (small & ~0xffu) << 12;
	return 0;
}

static int look_up_tty(struct ps *ps, const char *name, uint32_t *number)
{
	static const char places[][10] = { "/dev/pts/", "/dev/", "/dev/tty", "/dev/pty" };
	char path[300];

	*number = 0;
	if (!*name) {
		*number = (uint32_t)self_of(ps)->tty;
		return 0;
	}
	if (*name == '/')
		return tty_number(name, number);
	if (!strcmp(name, "co"))
		return tty_number("/dev/console", number);
	if (!strcmp(name, "-") || !strcmp(name, "?"))
		return 0;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		int r;

		str_format(path, sizeof path, "%s%s", places[i], name);
		r = tty_number(path, number);
		if (r != -ENOENT)
			return r;
	}
	/* the shell has made a file's name of the '?' */
	return name[1] || access(name, F_OK) ? -ENOENT : 0;
}

static int look_up(void *context, enum ps_name what, const char *name, uint32_t *number)
{
	struct ps *ps = context;
	pid_t pid;
	int r;

	switch (what) {
	case PS_NAME_USER:
		return user_id(&ps->users, name, number);
	case PS_NAME_GROUP:
		return user_id(&ps->groups, name, number);
	case PS_NAME_TTY:
		return look_up_tty(ps, name, number);
	default:
		if (mount_of(ps) < 0)
			return ps->proc;
		ps->why.len = 0;
		r = pid_resolve(ps->proc, name, &pid, &ps->why);
		*number = r ? 0 : (uint32_t)pid;
		return r;
	}
}

/* ---- the command line */

static const char *personality(void)
{
	static const char names[][15] = { "PS_PERSONALITY", "CMD_ENV" };

	if (getenv("I_WANT_A_BROKEN_PS"))
		return "old";
	for (int i = 0; i < 2; i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return CFG_PS_BUSYBOX ? "busybox" : "default";
}

__attribute__((noreturn)) static void no_proc(const struct ps *ps)
{
	if (ps->opt.proc_path)
		die(47, ps->proc, "%s", ps->opt.proc_path);
	die_hint(47, ps->proc == -ENOENT ? 0 : ps->proc, "nothing is mounted on /proc",
	         "Error, do this: mount -t proc proc /proc");
}

/* procps calls both by its own name for them. */
static const char *heading_of(const char *name)
{
	return !strcmp(name, "headers")      ? "heading"
	       : !strcmp(name, "no-headers") ? "no-heading"
	                                     : name;
}

static void describe(const struct ps_error *e, char *line, size_t size)
{
	str_format(line, size,
	           e->code == PS_WRONG_FORMAT_NAME ? "%s \"%s\""
	           : *e->about                     ? "%s: '%s'"
	                                           : "%s",
	           ps_wrong_text(e->code), e->about);
}

__attribute__((noreturn)) static void complain(struct ps *ps, const struct ps_error *e)
{
	const char *text = ps_wrong_text(e->code);
	char line[256];

	if (e->code == PS_WRONG_REF && ps->proc < 0)
		no_proc(ps);
	if (e->code == PS_WRONG_REF)
		die_pid(1, e->err, e->about, &ps->why);
	if (e->code == PS_WRONG_MISSING)
		opt_misuse(&applet_ps, "%s %s %s%s", e->noun, text, e->about, e->quick ? "." : "");
	if (e->code == PS_WRONG_NO_ARGUMENT)
		opt_misuse(&applet_ps, "option --%s %s", heading_of(e->about), text);
	describe(e, line, sizeof line);
	if (e->code == PS_WRONG_FORMAT_NAME)
		die(1, 0, "%s", line);
	if (e->code <= PS_WRONG_DRUM)
		opt_misuse(&applet_ps, "%s", line);
	die(1, 0, "%s", line);
}

/* L: the names and headers of all columns. */
static int print_columns(const struct ps *ps)
{
	const char *text = ps->table.texts;

	for (size_t i = 0; i < ps->table.col_count; i++) {
		const char *header = text + strlen(text) + 1;
		size_t len = strlen(text);

		out_text(ps->table.o, text);
		out_fill(ps->table.o, ' ', len < 12 ? 13 - len : 1);
		out_text(ps->table.o, header);
		len = strlen(header);
		out_fill(ps->table.o, ' ', len < 8 ? 8 - len : 0);
		out_text(ps->table.o, "\n");
		text = header + len + 1;
		text += strlen(text) + 1;
	}
	return out_flush(ps->table.o);
}

/* As of a list: who reads no more has had enough. */
static void printed(int r)
{
	opt_printed(r == -EPIPE ? 0 : r);
}

static void parse(struct ps *ps, char **argv)
{
	struct ps_world w = { .opts = &applet_ps.opts,
		              .default_format = getenv("PS_FORMAT"),
		              .look_up = look_up,
		              .context = ps };
	struct ps_error e;

	ps_person(personality(), &w.person); /* an unknown one is none, as in procps */
	if (w.default_format && !*w.default_format)
		w.default_format = NULL;
	if (ps_parse(&w, argv, &ps->table, &ps->opt, &e))
		complain(ps, &e);
	if (ps->opt.ignored) {
		char line[256];

		if (e.code != PS_WRONG_FORMAT_NAME)
			*e.about = 0;
		describe(&e, line, sizeof line);
		warn(0, "warning: $PS_FORMAT ignored. (%s)", line);
	}
	if (ps->opt.print == PS_PRINT_HELP)
		printed(opt_help(&applet_ps, 1));
	if (ps->opt.print == PS_PRINT_VERSION)
		printed(applet_version());
	if (ps->opt.print == PS_PRINT_COLUMNS)
		printed(print_columns(ps));
}

/* ---- rows */

void ps_one_row(struct ps *ps, const struct ps_row *row)
{
	size_t place;

	if (!ps_keeps(ps)) {
		out_row(&ps->table, row);
		return;
	}
	if (!ps->table.err && !out_hold(&ps->table, row, &place))
		ps_record_at(ps, ps->record_count - 1)->rows++;
}

int ps_means(struct ps *ps, const struct proc *p, pid_t outer)
{
	return ps_selects(&ps->opt, ps_asks_self(&ps->opt) ? self_of(ps) : NULL, p,
	                  !ps->opt.pidns || pidns_has(&ps->only, outer, ps->opt.below));
}

void ps_offer(struct ps *ps, const struct proc *p, pid_t outer)
{
	struct ps_row row = { .ps = ps, .p = p, .tid = p->pid, .dir = ps->proc, .id = outer };
	unsigned threads = ps->opt.threads;
	int passes;

	if (ps->hide_kernel && p->kernel_thread)
		return;
	if (!(threads & ~(unsigned)PS_THREAD_M) && !ps_means(ps, p, outer))
		return;
	row.node = ps->need & NEED_TREE ? tree_find(&ps->tree, outer) : TREE_NONE;
	if (threads & PS_THREAD_M)
		row.line = PS_LINE_PROCESS;
	passes = (!threads || (threads & PS_THREAD_M)) && ps_passes(&row);
	if (!threads && !passes)
		return;
	if (ps_keeps(ps) && !(threads & PS_THREAD_H))
		ps_new_record(ps, &row);
	if (passes)
		ps_one_row(ps, &row);
	if (threads)
		ps_threads(ps, outer, threads & PS_THREAD_M ? PS_LINE_THREAD : PS_LINE);
}

static void show(struct out_table *t, const struct out_col *col, const void *row)
{
	const struct ps_row *r = row;

	if (ps_is_empty(col, r))
		out_cell_none(t);
	else if (CFG_JSON && t->form == OUT_JSON)
		ps_show_json(t, col, r);
	else
		ps_show(t, col, row);
}

/* ---- the list */

static void open_ns(struct ps *ps, const char *ref, struct pidns *ns)
{
	int r;

	ps->why.len = 0;
	r = pidns_find(ns, ps->proc, ref, &ps->why);
	if (r)
		die_pid(1, r, ref, &ps->why);
}

static void open_in(struct ps *ps)
{
	int r;

	open_ns(ps, ps->opt.in, &ps->ns);
	r = pidns_see(&ps->ns);
	if (r)
		die(1, r, "cannot read processes");
}

static int print_ordered(struct ps *ps)
{
	if (!ps_keeps(ps) || ps->table.err)
		return ps->table.err;
	return ps->opt.forest ? ps_print_forest(ps) : ps_print_sorted(ps);
}

APPLET(ps, "list processes, with their numbers in every PID namespace",
       "[-eAf] [-p PID,...] [-o COLUMN,...] [aux]", rows, 0, 1, NULL)
{
	struct sys_sigset pipe = { { 0 } };
	struct out o = { .fd = 1 };
	struct ps ps = {
		.table = { .o = &o,
		           .form = OUT_FIXED,
		           OUT_USE(columns),
		           .show = show,
		           .utf8 = out_utf8() ? 1 : OUT_DOTS },
		.groups = { .groups = 1 },
		.proc = -1,
	};
	int r;

	sig_add(&pipe, SIGPIPE);
	sig_block(&pipe, &pipe); /* out_end sees it, and it is no failure */
	parse(&ps, run->argv);
	if (mount_of(&ps) < 0)
		no_proc(&ps);
	if (!ps.opt.proc_path && !proc_is_ours(ps.proc))
		warn(0, "/proc is that of another PID namespace: these are not our numbers "
		        "(mount -t proc proc /proc)");
	ps.hide_kernel = getenv("LIBPROC_HIDE_KERNEL") != NULL;
	ps_find_needs(&ps);
	if (CFG_PS_FILTER && ps.opt.filter)
		ps_filter_open(&ps);
	if (ps.opt.pidns)
		open_ns(&ps, ps.opt.pidns, &ps.only);
	if (ps_is_in(&ps))
		open_in(&ps);
	ps_facts(&ps, ps.need);
	ps_set_table(&ps);
	out_begin(&ps.table);
	r = ps_walk(&ps);
	if (!r)
		r = print_ordered(&ps);
	if (r)
		die(1, r, "cannot read processes");
	r = out_end(&ps.table);
	if (r == -EPIPE)
		return 0;
	if (r)
		die(1, r, "write error");
	return ps.table.rows ? 0 : 1;
}
//man:Options are read as procps reads them: letters behind a dash as in System V, bare letters
//man:as in BSD, long ones, and all of them mixed. Bare numbers are processes, -N is a process
//man:group, +N a session. When that makes no sense, as in -aux without a user x, the words are
//man:read again as if all were BSD's.
//man:
//man:Without any choice those are listed that have our effective user and our terminal; with a
//man:word in BSD's way those that have our user and any terminal. Lists are joined: who is in
//man:one of them is shown. -N means all others, and r, --zombies and --pidns leave some of them
//man:out.
//man:
//man:Only the files of /proc that the columns need are read. A command line is the only thing
//man:among the usual ones for which a process that is stuck can make us wait.
//man:# BSD LETTERS
//man:- a, x
//man:those of others; those without a terminal
//man:
//man:- r, T, t TTY, U USER, p PID, q PID
//man:those that run; on our terminal, on these, of these users, these
//man:
//man:- j, l, s, u, v, X
//man:formats: jobs, long, signals, users, memory, registers
//man:
//man:- o COLUMN, O COLUMN, k COLUMN, L
//man:as -o, -O and --sort; the names of all columns
//man:
//man:- f, H, m
//man:a forest; threads as if they were processes; threads below each process
//man:
//man:- c, e, n, S, w, h
//man:the name alone; with the environment; numbers for names; with the times of dead children;
//man:wide; without a header
//man:# NAMESPACES
//man:With --in all is as a PID namespace sees it, without entering it: only those who are in it
//man:or below, and their numbers, and those of users, as its processes have them. Processes are
//man:chosen by those numbers, too, and stand in their order. The REF of --in, --pidns and
//man:--pidns-tree may also be a PID@REF: the namespace of that process.
//man:
//man:When /proc is that of another PID namespace than ours, which happens to who enters only one
//man:of the two, its processes are listed, and stderr says whose they are. With --proc DIR they
//man:are those of DIR, and nothing is said.
//man:
//man:The column nsinit has the init of a process's PID namespace, to which orphans go; a nearer
//man:subreaper, prctl(2), is not visible in /proc. The column reaper has the parent, who is the
//man:one who must wait for the process. What the column sigterm says of a TERM is what is
//man:installed, never that the program will end: "default" at the init of a namespace means
//man:that nothing happens; "waits" that it is fetched by sigwait(3) or signalfd(2).
//man:
//man:In a forest all who have no parent here are roots: PID 1, and behind it those that came in
//man:from outside, whose parent is 0.
//man:# EXPRESSIONS
//man:With --filter only those rows are listed, of the processes that the other options select, of
//man:which the expression is true; without any selection all processes are asked. The language is
//man:that of lsns: comparisons of any columns, shown or not, in any case, by == != < <= > >= (or
//man:eq ne lt le gt ge); =~ and !~ with a regular expression, regex(7); and, or, not (or && || !)
//man:and parentheses. Texts and regular expressions stand in quotes, "so" or 'so'.
//man:
//man:Numbers are compared in the unit in which the table shows them: rss > 10240 means KiB. With a
//man:K, M, G, T, P or E (1024 each, also KiB; KB is 1000) they are bytes: rss > 10M. Times are
//man:in seconds, and may be written as they are printed: time >= 1-02:00:00, etime < 10:00. Dates
//man:are texts as they are printed; ages are compared by etimes. The name of a user or group is
//man:also its number: user == 0. Other texts are compared as they are, even where the table cuts
//man:them: args is always the command line and comm the name. From left to right only that is
//man:read of a process that still matters.
//man:
//man:What the table shows as "-", or what must not be read, is unknown, and whatever is said about
//man:it is not true, nor is its contrary; but the columns of cgroups are empty texts for who is in
//man:none, and the terminal of who has none is "?". A thread is asked by itself. With m and -m only
//man:what its line shows is known of a process or thread. In a forest children of who is left out
//man:are roots. What -N means is asked like others; the expression itself has a not.
//man:
//man:$ ps --filter 'pid == 1 or comm =~ "^ps$" and rss > 0' -o pid,comm,rss
//man:# JSON
//man:With --json there is one array with an object for each row, in which each column asked for
//man:stands once, by the name that -o has for it; those of a format that letters ask for have plain
//man:names, like user, tty and comm. The values are not those of the table: numbers in bytes,
//man:seconds and the like, null where there is none, and texts as they are, without what a forest
//man:draws. Every byte that is no UTF-8 becomes U+FFFD, so that what comes out is
//man:always valid; control characters and those that a terminal might obey are escaped.
//man:# ENVIRONMENT
//man:PS_PERSONALITY, or CMD_ENV, makes ps that of bsd, linux, hp, svr4 or busybox, as far as
//man:somebody may rely on it; PS_FORMAT has the usual columns; COLUMNS and LINES the size of
//man:the screen; LIBPROC_HIDE_KERNEL hides the kernel's threads; TZ is the time zone. The first
//man:of LC_ALL, LC_CTYPE and LANG that is set says whether names are UTF-8; without one of them
//man:they are ASCII. A locale is taken to be installed.
//man:# EXIT STATUS
//man:0 when something was listed, 1 when nothing was, or a word was wrong, 47 without /proc.
