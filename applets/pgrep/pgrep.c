/* SPDX-License-Identifier: 0BSD */
/*
 * pgrep: processes by name and other things, as procps has it. It differs in that only the files
 * are read that the question needs, in what is wrong there (see the manual), and in namespaces.
 */
//config:config PGREP
//config:	bool "pgrep"
//config:	default y
//config:	help
//config:	  Finds processes by name, owner, namespace and other things.
//config:config PGREP_FILTER
//config:	bool "pgrep, pkill, pidwait: --filter"
//config:	depends on PGREP || PKILL || PIDWAIT
//config:	default y
//config:	help
//config:	  Chooses processes by an expression over their fields, as lsns does.
//install:/usr/bin

#include "match.h"
#include "sig.h"

#include <string.h>

struct pgrep {
	struct match m;
	const char *delimiter;
	int name, command, quote, quiet, threads, json;
};

#define OPTS struct pgrep
#define ROWS(OPT, OPT_) \
	MATCH_ROWS(OPT, OPT_) \
	OPT('v', "inverse", "", OPT_SET, m.negate, 1, "all but those who match") \
	OPT('w', "lightweight", "", OPT_SET, threads, 1, "threads, each by its own number") \
	OPT('l', "list-name", "", OPT_SET, name, 1, "with their names") \
	OPT('a', "list-full", "", OPT_SET, command, 1, "with their command lines") \
	OPT('Q', "shell-quote", "", OPT_SET, quote, 1, "with -a: as a shell would read them") \
	OPT('d', "delimiter", "TEXT", OPT_TEXT, delimiter, 0, \
	    "what stands between them (a newline)") \
	OPT(0, "quiet", "", OPT_SET, quiet, 1, "print nothing: the exit status tells") \
	IF_JSON(OPT('J', "json", "", OPT_SET | OPT_OWN, json, 1, \
	            "an array of objects, with the numbers in all PID namespaces")) \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

/* A word, so that a shell reads it as it is, and a terminal obeys none of it: in quotes, and where
 * control characters and the like are in it, in the $'...' that POSIX has since 2024. */
static void show_word(struct match *m, struct out *o, const char *s, size_t len)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "%+,-./:=@_";
	size_t bare = 0;

	while (bare < len && strchr(plain, s[bare]))
		bare++;
	m->clean.len = 0;
	if (out_safe(&m->clean, s, len, m->utf8, SIZE_MAX) < 0)
		die(3, -ENOMEM, "cannot print a command line");
	if (len && bare == len) {
		out_bytes(o, s, len);
	} else if (!len ||
	           (m->clean.len == len && !memcmp(m->clean.p, s, len) && !memchr(s, '\'', len))) {
		out_text(o, "'");
		out_bytes(o, s, len);
		out_text(o, "'");
	} else {
		out_text(o, "$'");
		for (size_t i = 0; i < len; i++) {
			unsigned char c = (unsigned char)s[i];
			char octal[5];

			if (c == '\'' || c == '\\' || c < 32 || c > 126)
				str_format(octal, sizeof octal, "\\%03o", c);
			else
				str_format(octal, sizeof octal, "%c", c);
			out_text(o, octal);
		}
		out_text(o, "'");
	}
}

static void show_quoted(struct match *m, const struct proc *p, struct out *o)
{
	const char *s = p->cmdline, *end = s + p->cmdline_len;

	if (!p->cmdline_len) {
		match_command(m, p);
		show_word(m, o, m->line.p, m->line.len);
	}
	for (size_t len; s < end; s += len + 1) {
		len = strnlen(s, (size_t)(end - s));
		out_text(o, s == p->cmdline ? "" : " ");
		show_word(m, o, s, len);
	}
}

static void show_json(const struct proc *p, struct out *o)
{
	const char *s = p->cmdline, *end = s + p->cmdline_len;

	out_text(o, "{\"pid\":");
	out_number(o, (uint64_t)p->pid);
	out_text(o, ",\"nspid\":[");
	for (int i = 0; i < p->levels; i++) {
		out_text(o, i ? "," : "");
		out_number(o, (uint64_t)p->nspid[i]);
	}
	out_text(o, "],\"comm\":");
	out_json_string(o, p->comm, p->comm_len);
	out_text(o, ",\"argv\":[");
	for (size_t len; s < end; s += len + 1) {
		len = strnlen(s, (size_t)(end - s));
		out_text(o, s == p->cmdline ? "" : ",");
		out_json_string(o, s, len);
	}
	out_text(o, "]}");
}

static void show(void *context, struct match *m, const struct proc *p, struct out *o)
{
	const struct pgrep *g = context;

	if (CFG_JSON && g->json) {
		show_json(p, o);
		return;
	}
	out_number(o, (uint64_t)p->pid);
	if (!g->name && !g->command)
		return;
	out_text(o, " ");
	if (!g->command) {
		match_name(NULL, m, p, o);
	} else if (g->quote) {
		show_quoted(m, p, o);
	} else {
		match_command(m, p);
		match_clean(m, o, m->line.p, m->line.len);
	}
}

static void print(const struct pgrep *g, const struct match_hit *hits, size_t count, struct out *o)
{
	int json = CFG_JSON && g->json;
	const char *between = json ? ",\n" : g->delimiter ? g->delimiter : "\n";

	out_text(o, json ? "[\n" : "");
	for (size_t i = 0; i < count; i++) {
		out_text(o, i ? between : "");
		out_bytes(o, match_shown(&g->m, &hits[i]), hits[i].len);
	}
	out_text(o, count ? "\n" : "");
	out_text(o, json ? "]\n" : "");
}

static void choose(struct pgrep *g)
{
	struct match *m = &g->m;

	m->threads = g->threads;
	m->once = g->quiet;
	if (g->quiet || m->count)
		return;
	m->show = show;
	m->context = g;
	if (CFG_JSON && g->json)
		m->more = PROC_STATUS | PROC_STAT | PROC_CMDLINE;
	else if (g->command)
		m->more = PROC_CMDLINE;
	else if (g->name)
		m->more = PROC_STAT;
}

APPLET(pgrep, "find processes by name and other things", "[OPTION]... PATTERN", rows, 0, 2, NULL)
{
	struct pgrep g = { .m = { 0 } };
	struct sys_sigset pipe = { { 0 } };
	struct out o = { .fd = 1 };
	const struct match_hit *hits;
	size_t count;

	sig_add(&pipe, SIGPIPE);
	sig_block(&pipe, &pipe); /* match_end sees it, and it is no failure */
	match_begin(&g.m, &applet_pgrep, opt_parse(&applet_pgrep, run->argv, &g));
	if (!g.m.ours)
		warn(0, "/proc is that of another PID namespace: these are not our numbers "
		        "(mount -t proc proc /proc)");
	choose(&g);
	count = match_find(&g.m, &hits);
	if (g.m.count && !g.quiet) {
		out_number(&o, count);
		out_text(&o, "\n");
	} else if (!g.quiet) {
		print(&g, hits, count, &o);
	}
	return match_end(&o, count);
}

//man:PATTERN is an extended regular expression, regex(7). It is looked for in the names of all
//man:processes, which the kernel keeps to 15 characters, or with -f in their command lines, whose
//man:words are joined by blanks, up to 128 KiB. Characters are bytes: in whatever locale, a . is
//man:one of them, and ASCII is what -i knows. A process that has no command line is "[NAME]"
//man:then, and a zombie "[NAME] <defunct>".
//man:
//man:All that is asked for must hold; in a list, of which the members stand between commas, one
//man:must. An empty member is an error: others take it for 0, which is root. pgrep never finds
//man:itself, also in a /proc that is not that of its own PID namespace; that it is such a one is
//man:said on stderr, since its numbers are not ours.
//man:
//man:What cannot be read of a process is not known, and it is then neither found nor, with
//man:--inverse, found for the contrary. --ns compares all kinds of namespaces unless --nslist
//man:names some, of which all must agree; a zombie has but its PID and user namespace left.
//man:Who is looked at at all is said by --pidns, --pidns-tree and --filter, which --inverse does
//man:not turn round. The EXPR of --filter is in the language of lsns(1), and its columns are
//man:those of ps(1): --filter 'rss > 10M and nslevel > 1'.
//man:
//man:With --json there is one array with an object for each: pid; nspid, its numbers in all PID
//man:namespaces from here inwards; comm, the name as it is; argv, its words.
//man:
//man:Options mean what they mean in procps. Those of busybox mean the same; in toybox -L SIGNAL
//man:signals, which is pkill(1) here.
//man:# EXIT STATUS
//man:0 when somebody was found, 1 when nobody was, or the file of -F cannot be used, 2 for wrong
//man:use, 3 when it cannot be done: without /proc, or where what --ns is about may not be read.
//man:# EXAMPLES
//man:$ pgrep -o .
//man:$ pgrep -c -r S
//man:$ pgrep -c --ns $$ --nslist net,mnt .
//man:# SEE ALSO
//man:kill(1), pidof(1), pidwait(1), pkill(1), ps(1), regex(7), namespaces(7)
