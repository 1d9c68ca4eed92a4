/* SPDX-License-Identifier: 0BSD */
/*
 * pstree: processes as a tree, drawn as psmisc draws it. It differs in that every process without
 * a visible parent is a root (in a container: what was exec'ed into it), that names in UTF-8 are
 * shown as such where a terminal can take no harm of them, and that it knows of namespaces.
 */
//config:config PSTREE
//config:	bool "pstree"
//config:	default y
//config:	help
//config:	  Draws processes as a tree.
//config:config PSTREE_NS
//config:	bool "pstree: namespaces (-N, --borders, --pidns, --in)"
//config:	depends on PSTREE
//config:	default y
//config:config PSTREE_DOT
//config:	bool "pstree: a picture for graphviz (--dot)"
//config:	depends on PSTREE_NS
//config:	default y
//config:config PSTREE_JSON
//config:	bool "pstree: JSON"
//config:	depends on PSTREE_NS
//config:	default y
//config:config PSTREE_FILTER
//config:	bool "pstree: only those of which an expression is true (--filter)"
//config:	depends on PSTREE
//config:	default y
//install:/usr/bin

#include "pstree.h"
#include "field.h"
#include "filter.h"
#include "io.h"
#include "pid.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define OPTS struct pstree

enum { CALL_COLOR, CALL_BRIGHT, CALL_SPACE, CALL_DEPTH };

#define ROWS(OPT, OPT_) \
	OPT('a', "arguments", "", OPT_SET, show_args, 1, "show command lines; one process a line") \
	OPT('A', "ascii", "", OPT_SET, lines, LINES_ASCII, "draw with ASCII") \
	OPT('c', "compact-not", "", OPT_SET, separate, 1, "do not draw equal subtrees once") \
	OPT_('C', "color", "TYPE", OPT_CALL, CALL_COLOR, \
	     "color by attribute: age (less than a minute, than an hour, more)") \
	OPT('g', "show-pgids", "", OPT_SET, show_groups, 1, \
	    "show numbers of process groups (implies -c)") \
	OPT('G', "vt100", "", OPT_SET, lines, LINES_VT100, "draw with the lines of a VT100") \
	OPT_('h', "highlight-all", "", OPT_CALL, CALL_BRIGHT, \
	     "highlight this process and who stands above it") \
	OPT_('H', "highlight-pid", "PID", OPT_CALL, CALL_BRIGHT, "the same for another process") \
	OPT('l', "long", "", OPT_SET, wide, 1, "do not cut lines") \
	OPT('n', "numeric-sort", "", OPT_SET, by_number, 1, "sort by number, not by name") \
	IF_PSTREE_NS(OPT_('N', "ns-sort", "TYPE", OPT_CALL, CALL_SPACE, \
	                  "draw each namespace of a type by itself")) \
	OPT('p', "show-pids", "", OPT_SET, show_pids, 1, "show numbers (implies -c)") \
	OPT('s', "show-parents", "", OPT_SET, show_parents, 1, "show who stands above PID, too") \
	OPT('S', "ns-changes", "", OPT_SET, show_spaces, 1, \
	    "show of which types a namespace is not the parent's") \
	OPT('t', "thread-names", "", OPT_SET, thread_names, 1, "show the names of threads") \
	OPT('T', "hide-threads", "", OPT_SET, no_threads, 1, "no threads") \
	OPT('u', "uid-changes", "", OPT_SET, show_users, 1, \
	    "show users that are not the parent's") \
	OPT('U', "unicode", "", OPT_SET, lines, LINES_UTF8, "draw with Unicode") \
	OPT('Z', "security-context", "", OPT_SET, show_labels, 1, "show security labels") \
	IF_PSTREE_NS(OPT(0, "borders", "[=TYPE,...]", OPT_TEXT | OPT_OWN, borders, 0, \
	                 "draw where a namespace begins (pid, or of these types)")) \
	IF_PSTREE_NS(OPT(0, "pidns", "REF", OPT_TEXT | OPT_OWN, pidns_ref, 0, \
	                 "only processes of that PID namespace")) \
	IF_PSTREE_NS(OPT(0, "pidns-tree", "REF", OPT_TEXT | OPT_OWN, pidns_tree_ref, 0, \
	                 "the same, and of those below it")) \
	IF_PSTREE_NS(OPT(0, "in", "REF", OPT_TEXT | OPT_OWN, in_ref, 0, \
	                 "what that PID namespace sees")) \
	IF_PSTREE_NS(OPT_(0, "depth", "N", OPT_CALL | OPT_OWN, CALL_DEPTH, \
	                  "no more than so many levels")) \
	IF_PSTREE_FILTER(OPT(0, "filter", "EXPR", OPT_TEXT | OPT_OWN, filter_text, 0, \
	                     "only those of which it is true, and who stands above them")) \
	IF_PSTREE_DOT(OPT(0, "dot", "", OPT_SET | OPT_OWN, dot, 1, "a picture for graphviz")) \
	IF_PSTREE_JSON(OPT('J', "json", "", OPT_SET | OPT_OWN, json, 1, "JSON")) \
	OPT(0, "proc", "DIR", OPT_TEXT | OPT_OWN, proc_path, 0, \
	    "read another mount of proc, or a recorded one") \
	OPT_(0, "help", "", OPT_HELP | OPT_OWN, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

/* -h, where `arg` is NULL, is silent on a terminal without a name, as it is in psmisc. */
static void set_bright(struct pstree *t, const char *arg)
{
	const char *term = getenv("TERM");
	uint64_t pid = (uint64_t)getpid();

	if (t->bright_pid)
		opt_misuse(&applet_pstree, "only one can be highlighted");
	if (arg && (str_number(arg, INT32_MAX, &pid) || !pid))
		opt_misuse(&applet_pstree, "'%s': no PID", arg);
	if (arg && (!term || !*term))
		die(1, 0, "%s", term ? "Can't get terminal capabilities" : "TERM is not set");
	t->bright_pid = (pid_t)pid;
	t->bright = term && *term && strcmp(term, "dumb");
}

static void call(void *to, int value, const char *arg)
{
	struct pstree *t = to;

	switch (value) {
	case CALL_COLOR:
		if (strcasecmp(arg, "age"))
			opt_misuse(&applet_pstree, "'%s': nothing to color by (age)", arg);
		t->by_age = 1;
		break;
	case CALL_BRIGHT:
		set_bright(t, arg);
		break;
	case CALL_SPACE:
		t->space = ns_by_name(arg);
		if (t->space < 0)
			opt_misuse(&applet_pstree, "'%s': no type of namespace", arg);
		break;
	case CALL_DEPTH:
		if (str_number(arg, UINT32_MAX, &t->depth) || !t->depth)
			opt_misuse(&applet_pstree, "'%s': no number of levels", arg);
		break;
	}
}

static const struct strokes ascii_strokes = { "---", "-+-", "|-", "`-", "|", "", "", "->", 1 };
static const struct strokes vt100_strokes = { "qqq",        "qwq",    "tq", "mq", "x",
	                                      "\033(0\017", "\033(B", "->", 1 };
static const struct strokes utf8_strokes = { "\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80",
	                                     "\xe2\x94\x80\xe2\x94\xac\xe2\x94\x80",
	                                     "\xe2\x94\x9c\xe2\x94\x80",
	                                     "\xe2\x94\x94\xe2\x94\x80",
	                                     "\xe2\x94\x82",
	                                     "",
	                                     "",
	                                     "\xe2\x86\x92",
	                                     3 };

static const struct strokes *strokes_of(int lines)
{
	return lines == LINES_UTF8    ? &utf8_strokes
	       : lines == LINES_VT100 ? &vt100_strokes
	                              : &ascii_strokes;
}

/* ---- what is known of the processes */

uint64_t space_of(const struct pstree *t, uint32_t process, enum ns_kind kind)
{
	return ((const uint64_t *)(const void *)t->spaces.p)[process * NS_N + kind];
}

static void add(struct str *to, const void *bytes, size_t len)
{
	if (str_add(to, bytes, len))
		die(1, -ENOMEM, "cannot hold the processes");
}

static void read_spaces(struct pstree *t)
{
	for (size_t i = 0; i < t->tree.count; i++)
		for (int kind = 0; kind < NS_N; kind++) {
			uint64_t inode = 0;

			ns_id(t->proc, t->tree.node[i].p.pid, (enum ns_kind)kind, &inode);
			add(&t->spaces, &inode, sizeof inode);
		}
}

/* What SELinux or AppArmor (attr/current in proc(5)) say, of which a newline is no part. */
static void read_labels(struct pstree *t)
{
	for (size_t i = 0; i < t->tree.count; i++) {
		uint32_t at = (uint32_t)t->labels.len;
		char path[PROC_PATH];
		size_t len;

		proc_path(path, t->tree.node[i].p.pid, "attr/current");
		io_append_at(t->proc, path, &t->labels, 4096);
		add(&t->labels, "", 1);
		len = strcspn(t->labels.p + at, "\n");
		t->labels.p[at + len] = 0;
		t->labels.len = at + len + 1;
		add(&t->label_at, &at, sizeof at);
	}
}

/* ---- the filter */

struct sieve {
	struct filter filter;
	struct fields fields;
};

static void open_sieve(struct pstree *t, struct sieve *v)
{
	struct filter_error e;
	int r = filter_parse(&v->filter, t->filter_text, field_find, &v->fields, &e);

	if (r)
		die_filter(1, r, t->filter_text, &e);
	v->fields.proc = t->proc;
}

/* Marks those of which the expression is true. */
static void try_filter(void *sieve, const struct proc *p, struct tree_node *n)
{
	struct sieve *v = sieve;
	int r;

	v->fields.p = p;
	r = filter_match(&v->filter, field_value, &v->fields);
	if (r < 0)
		die(1, r, "--filter");
	n->mark = (uint32_t)r;
}

static void apply_filter(struct pstree *t)
{
	for (uint32_t i = 0; i < item_count(t); i++)
		item(t, i)->is_kept = t->tree.node[item(t, i)->process].mark != 0;
	items_keep(t);
}

/* ---- who is drawn */

static int is_user(struct pstree *t, const char *word, uid_t *uid)
{
	return word[strspn(word, "0123456789")] && !user_id(&t->users, word, uid);
}

/* The topmost processes of a user. */
static void add_user(struct pstree *t, uid_t uid)
{
	uint32_t count = (uint32_t)t->tree.count;

	items_sort(t);
	for (uint32_t root = 0; root < count; root++) {
		uint32_t depth = 0, i = item(t, root)->parent == NONE ? root : NONE;

		while (i != NONE) {
			struct item *it = item(t, i);
			uint32_t below = it->first_child;

			if (process(t, it)->euid == uid) {
				it->is_users = 1;
				root_add(t, i);
				it->first_child = NONE;
			}
			i = items_next(t, root, i, &depth);
			it->first_child = below;
		}
	}
}

/* PID 1 first, then who came from outside; the kernel's own threads only with `all`. */
static void add_all(struct pstree *t, int all)
{
	for (uint32_t i = 0; i < t->tree.count; i++)
		if (item(t, i)->parent == NONE && (all || !process(t, item(t, i))->kernel_thread))
			root_add(t, i);
}

static void add_operand(struct pstree *t, const char *word)
{
	struct str why = { 0 };
	size_t before = root_count(t);
	uid_t uid = 0;
	pid_t pid = 0;
	uint32_t i;
	int r;

	if (is_user(t, word, &uid)) {
		add_user(t, uid);
		if (root_count(t) == before)
			die(1, 0, "no process of %s", word);
		return;
	}
	if (!strcmp(word, "0")) {
		add_all(t, 1);
		return;
	}
	r = pid_resolve(t->proc, word, &pid, &why);
	if (r == -EINVAL && !strpbrk(word, "0123456789@"))
		die(1, 0, "'%s': no such user", word);
	if (r)
		die_pid(1, r, word, &why);
	i = item_find(t, pid);
	if (i == NONE)
		die(1, 0, "no process %s", word);
	root_add(t, i);
}

/* Instead of the roots, who stands above all, with nobody between but the way down to them. */
static void add_parents(struct pstree *t)
{
	size_t count = root_count(t);

	for (size_t n = 0; n < count; n++) {
		uint32_t root = root_at(t, n), depth = 0;

		for (uint32_t i = root; i != NONE; i = items_next(t, root, i, &depth))
			item(t, i)->is_kept = 1;
	}
	for (size_t n = 0; n < count; n++) {
		uint32_t i = root_at(t, n), known = 0;

		while (item(t, i)->parent != NONE)
			i = item(t, i)->parent;
		for (size_t k = count; k < root_count(t); k++)
			known |= root_at(t, k) == i;
		if (!known)
			root_add(t, i);
	}
	memmove(t->roots.p, t->roots.p + count * sizeof(uint32_t),
	        t->roots.len -= count * sizeof(uint32_t));
	items_keep(t);
}

static void add_roots(struct pstree *t, char **words)
{
	if (!*words)
		add_all(t, t->space >= 0);
	for (; *words; words++)
		add_operand(t, *words);
	if (t->show_parents && !t->users_named)
		add_parents(t);
}

/* Our own number says nothing where /proc is another PID namespace's. */
static void mark_bright(struct pstree *t)
{
	int foreign = t->bright_pid == getpid() && proc_is_ours(t->proc) != 1;
	uint32_t i = foreign ? NONE : item_find(t, t->bright_pid);

	for (; i != NONE; i = item(t, i)->parent)
		item(t, i)->is_bright = 1;
}

static void draw(struct pstree *t)
{
	int users = 0;

	items_fold(t);
	for (size_t n = 0; n < root_count(t); n++) {
		uint32_t root = root_at(t, n);

		if (item(t, root)->is_users && users++ && t->space < 0)
			out_text(t->o, "\n");
		if (CFG_PSTREE_NS)
			space_heading(t, root);
		draw_item(t, root);
	}
}

/* ---- */

static void set_up(struct pstree *t)
{
	struct timespec now;

	t->screen = t->wide ? 0 : out_screen();
	if (!t->wide && !t->screen)
		t->screen = 132; /* psmisc's, also in a pipe */
	t->utf8 = out_utf8();
	if (t->lines == LINES_AUTO && isatty(1) && t->utf8)
		t->lines = LINES_UTF8;
	t->strokes = strokes_of(t->lines);
	t->separate |= t->show_pids || t->show_groups || t->json || t->dot;
	clock_gettime(CLOCK_BOOTTIME, &now);
	t->now_ticks = (uint64_t)now.tv_sec * 100 + (uint64_t)now.tv_nsec / 10000000;
	t->proc = proc_mount(t->proc_path);
	if (t->proc < 0)
		die(1, t->proc, "no /proc here; the cure is: mount -t proc proc /proc");
}

static void read_all(struct pstree *t, char **words)
{
	unsigned want = PROC_STAT | (t->show_args ? PROC_CMDLINE : 0);
	struct sieve sieve = { .fields = { .proc = -1 } };
	int sifts = CFG_PSTREE_FILTER && t->filter_text;
	uid_t uid;
	int r;

	for (; *words; words++)
		t->users_named |= is_user(t, *words, &uid);
	/* Users tell the order of those who have the same name, too. */
	if (!t->by_number || t->show_users || t->users_named)
		want |= PROC_OWNER;
	if (CFG_PSTREE_NS)
		want |= space_want(t);
	if (sifts) {
		open_sieve(t, &sieve);
		want |= sieve.fields.want;
	}
	r = tree_read_each(&t->tree, t->proc, want, sifts ? try_filter : NULL, &sieve);
	if (sifts) {
		field_free(&sieve.fields);
		filter_free(&sieve.filter);
	}
	if (r)
		die(1, r, "cannot read processes");
	if (!t->tree.count)
		die(1, 0, "no process is visible");
	if (t->show_spaces)
		read_spaces(t);
	if (t->show_labels)
		read_labels(t);
}

APPLET(pstree, "draw processes as a tree, with the borders of PID namespaces",
       "[OPTION]... [PID|USER]...", rows, 0, 1, call)
{
	struct out o = { .fd = 1 };
	struct pstree t = { .o = &o, .space = -1, .depth = UINT64_MAX };
	char **words = opt_parse(&applet_pstree, run->argv, &t);
	int r;

	set_up(&t);
	read_all(&t, words);
	items_build(&t);
	if (t.bright)
		mark_bright(&t);
	add_roots(&t, words);
	if (CFG_PSTREE_FILTER && t.filter_text)
		apply_filter(&t);
	if (CFG_PSTREE_NS)
		space_shape(&t);
	items_sort(&t);
	if (CFG_PSTREE_JSON && t.json)
		json_draw(&t);
	else if (CFG_PSTREE_DOT && t.dot)
		dot_draw(&t);
	else
		draw(&t);
	r = out_flush(&o);
	if (r && r != -EPIPE)
		die(1, r, "write error");
	return 0;
}

//man:Every process stands below its parent. One whose parent cannot be seen is a tree of its own:
//man:in a container whoever came in from outside. The kernel's own threads are shown with the
//man:operand 0, or their number.
//man:
//man:An operand is PID, or TID, or PID@REF (see pidbox(1)): then only what is below it is drawn; or
//man:USER: then the topmost processes of that user are. Subtrees that look the same are drawn
//man:once, as N*[...]. Threads are in braces. A line that reaches the edge of the terminal, or
//man:cell $COLUMNS or else 132, ends in '+' there.
//man:
//man:A byte of a name or an argument that a terminal might obey, or that is no text in this locale,
//man:is shown as \ooo, and a backslash twice. On a terminal called dumb -h and -H change nothing.
//man:
//man:With --filter those are drawn of which EXPR is true, and everybody between them and the top,
//man:so that each stands in its place; of the latter no threads are shown. The fields of EXPR are
//man:named as the columns of ps(1).
//man:# NAMESPACES
//man:With --borders, --pidns, --pidns-tree or --in, a process of another PID namespace than
//man:that of the numbers has its number there behind an arrow: sleep(20998->6). The first
//man:process of a namespace is marked <init>, and one that is dead but not waited for <zombie>.
//man:[TYPE:INODE] stands in front of the process with which a namespace begins (--borders); the
//man:inode is '?' where it cannot be read. All numbers, groups and users are as the namespace
//man:has them with --in.
//man:
//man:The trees of each namespace are drawn by themselves with -N, below its inode, or [?] for
//man:those that cannot be read. PID and user namespaces stand, indented, below their parent.
//man:Nobody is left out: processes without a visible parent are there, too.
//man:
//man:A graph for graphviz is printed by --dot: PID namespaces are boxes inside each other, and
//man:each process has the numbers of all boxes around it, the outermost first. Marked are
//man:inits, zombies, orphans (whose session tells that somebody else than the init, who is
//man:their parent now, has started them, or whose parent is gone) and those who entered the
//man:namespace from outside. What is wide, dot -Grankdir=LR draws from left to right. The same
//man:as data, with -a with the arguments, is --json.
//man:# EXIT STATUS
//man:0; 1 for wrong use, for an operand that is not there, and when not all could be written.
//man:# EXAMPLES
//man:$ pstree -p --filter 'comm == "sh" or rss > 100M'
//man:
//man:$ pstree -l --borders=pid,net
//man:$ pstree -N pid
//man:$ pstree -J 1
//man:
//man:What runs in a container, with the numbers of here and there, and as a picture:
//man:
//man:  pstree -p --borders --pidns-tree CONTAINER
//man:
//man:  pstree --dot --pidns-tree CONTAINER | dot -Tsvg >container.svg
