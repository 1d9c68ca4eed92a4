/* SPDX-License-Identifier: 0BSD */
/*
 * pstree: processes as a tree, drawn as psmisc draws it. It differs in that every process without a
 * visible parent is a root (in a container: what was exec'ed into it), that names can do nothing to
 * a terminal, and that --borders draws where a PID namespace begins.
 */
//config:config PSTREE
//config:	bool "pstree"
//config:	default y
//config:	help
//config:	  Draws processes as a tree, with the borders of PID namespaces.
//install:/usr/bin

#include "applet.h"
#include "out.h"
#include "pid.h"
#include "tree.h"
#include "sys.h"

#include <string.h>

/* A process or a thread in the picture. */
struct item {
	size_t process; /* index in the tree of processes */
	pid_t id;       /* PID or TID */
	int is_thread, is_hidden;
	size_t first_child, next; /* TREE_NONE: none */
};

/* What a line has to its left, for each level. */
struct level {
	size_t cells;
	int more; /* another sibling follows */
};

struct strokes {
	char only[10], first[10], middle[10], last[10], down[10], arrow[4];
};

struct pstree {
	int show_pids, show_args, separate, by_number, no_threads, borders, utf8, ascii, wide;
	const char *proc_path;
	int proc;
	struct tree tree;
	struct str items, levels, text;
	const struct strokes *strokes;
	struct out *o;
	size_t screen, at; /* cells of the line used, and of the screen; 0: no limit */
	int err;
};

#define OPTS struct pstree

#define ROWS(OPT, OPT_) \
	OPT('a', "arguments", "", OPT_SET, show_args, 1, "show command lines; one process a line") \
	OPT('p', "show-pids", "", OPT_SET, show_pids, 1, "show numbers (implies -c)") \
	OPT('c', "compact-not", "", OPT_SET, separate, 1, "do not draw equal subtrees once") \
	OPT('n', "numeric-sort", "", OPT_SET, by_number, 1, "sort by number, not by name") \
	OPT('T', "hide-threads", "", OPT_SET, no_threads, 1, "no threads") \
	OPT(0, "borders", "", OPT_SET, borders, 1, \
	    "draw where a PID namespace begins; with -p both numbers, here and there") \
	OPT('A', "ascii", "", OPT_SET, ascii, 1, "draw with ASCII") \
	OPT('U', "unicode", "", OPT_SET, utf8, 1, "draw with Unicode") \
	OPT('l', "long", "", OPT_SET, wide, 1, "do not cut lines") \
	OPT(0, "proc", "DIR", OPT_TEXT, proc_path, 0, \
	    "read another mount of proc, or a recorded one") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

static const struct strokes ascii_strokes = { "---", "-+-", " |-", " `-", " | ", "->" };
static const struct strokes utf8_strokes = { "\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80",
	                                     "\xe2\x94\x80\xe2\x94\xac\xe2\x94\x80",
	                                     " \xe2\x94\x9c\xe2\x94\x80",
	                                     " \xe2\x94\x94\xe2\x94\x80",
	                                     " \xe2\x94\x82 ",
	                                     "\xe2\x86\x92" };

static struct item *item(const struct pstree *t, size_t i)
{
	return (struct item *)(void *)t->items.p + i;
}

static size_t item_count(const struct pstree *t)
{
	return t->items.len / sizeof(struct item);
}

static const struct proc *process(const struct pstree *t, const struct item *i)
{
	return &t->tree.node[i->process].p;
}

/* ---- the picture's items */

static size_t add_item(struct pstree *t, size_t process_index, pid_t id, int is_thread)
{
	struct item new = { process_index, id, is_thread, 0, TREE_NONE, TREE_NONE };

	if (str_add(&t->items, (const char *)&new, sizeof new))
		die(1, -ENOMEM, "cannot hold the processes");
	return item_count(t) - 1;
}

/* The character of a name as it is shown: a thread's is in braces. */
static unsigned char shown_char(const struct pstree *t, const struct item *i, size_t at)
{
	const struct proc *p = process(t, i);

	if (!i->is_thread)
		return (unsigned char)p->comm[at];
	if (!at || at > p->comm_len)
		return !at ? '{' : at == p->comm_len + 1 ? '}' : 0;
	return (unsigned char)p->comm[at - 1];
}

/* By number, or by name and then number. */
static int before(const struct pstree *t, const struct item *a, const struct item *b)
{
	size_t at = 0;

	while (!t->by_number) {
		unsigned char x = shown_char(t, a, at), y = shown_char(t, b, at);

		if (x != y)
			return x < y;
		if (!x)
			break;
		at++;
	}
	return a->id <= b->id;
}

/* Merges two sorted lists of siblings. */
static size_t merge(struct pstree *t, size_t a, size_t b)
{
	size_t head = TREE_NONE, *tail = &head;

	while (a != TREE_NONE && b != TREE_NONE) {
		size_t *from = before(t, item(t, a), item(t, b)) ? &a : &b;

		*tail = *from;
		tail = &item(t, *from)->next;
		*from = *tail;
	}
	*tail = a != TREE_NONE ? a : b;
	return head;
}

/* A stable merge sort of a list: runs of 1, 2, 4 ... wait at their place in `runs`. */
static size_t sort_siblings(struct pstree *t, size_t list)
{
	size_t runs[64], i, top = 0, result = TREE_NONE;

	while (list != TREE_NONE) {
		size_t run = list;

		list = item(t, run)->next;
		item(t, run)->next = TREE_NONE;
		for (i = 0; i < top && runs[i] != TREE_NONE; i++) {
			run = merge(t, runs[i], run);
			runs[i] = TREE_NONE;
		}
		runs[i] = run;
		top = i == top ? top + 1 : top;
	}
	for (i = 0; i < top; i++)
		result = merge(t, runs[i], result);
	return result;
}

static void add_child(struct pstree *t, size_t parent, size_t child)
{
	item(t, child)->next = item(t, parent)->first_child;
	item(t, parent)->first_child = child;
}

static void add_threads(struct pstree *t, size_t i)
{
	struct proc_walk w;
	struct proc thread;
	pid_t pid = item(t, i)->id;
	char path[PROC_PATH];
	int dir;

	proc_path(path, pid, "task");
	dir = (int)sys_result(openat(t->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (dir < 0 || proc_open(&w, dir, 0)) {
		if (dir >= 0)
			close(dir);
		return; /* it has ended meanwhile */
	}
	while (proc_next(&w, &thread) == 1)
		if (thread.pid != pid)
			add_child(t, i, add_item(t, item(t, i)->process, thread.pid, 1));
	proc_close(&w);
	close(dir);
}

static void build(struct pstree *t)
{
	size_t count = t->tree.count;

	for (size_t i = 0; i < count; i++)
		add_item(t, i, t->tree.node[i].p.pid, 0);
	for (size_t i = 0; i < count; i++) {
		if (t->tree.node[i].parent != TREE_NONE)
			add_child(t, t->tree.node[i].parent, i);
		if (!t->no_threads && t->tree.node[i].p.threads > 1)
			add_threads(t, i);
	}
	for (size_t i = 0; i < count; i++)
		item(t, i)->first_child = sort_siblings(t, item(t, i)->first_child);
}

/* ---- drawing */

/* Writes text of known cells, cut at the screen's edge, which then shows a '+'. */
static void put(struct pstree *t, const char *text, size_t len, size_t cells)
{
	if (t->screen && t->at + cells >= t->screen) {
		struct str part = { 0 };
		size_t room = t->at < t->screen ? t->screen - t->at - 1 : 0;
		long used = room ? out_safe(&part, text, len,
		                            t->strokes == &utf8_strokes || out_utf8(), room)
		                 : 0;

		if (used > 0)
			out_bytes(t->o, part.p, part.len);
		if (t->at < t->screen)
			out_text(t->o, "+");
		t->at = t->screen;
		str_free(&part);
		return;
	}
	out_bytes(t->o, text, len);
	t->at += cells;
}

static void put_ascii(struct pstree *t, const char *text)
{
	put(t, text, strlen(text), strlen(text));
}

static void put_stroke(struct pstree *t, const char *stroke)
{
	put(t, stroke, strlen(stroke), 3);
}

static void new_line(struct pstree *t)
{
	out_text(t->o, "\n");
	t->at = 0;
}

static size_t add_text(struct pstree *t, const char *text, size_t len)
{
	long cells = out_safe(&t->text, text, len, out_utf8(), SIZE_MAX);

	if (cells < 0)
		die(1, (int)cells, "cannot draw");
	return (size_t)cells;
}

static size_t add_plain(struct pstree *t, const char *text)
{
	if (str_puts(&t->text, text))
		die(1, -ENOMEM, "cannot draw");
	return strlen(text);
}

/* The PID namespace of a process begins here when its chain of numbers is longer than its
 * parent's. */
static int begins_namespace(const struct pstree *t, const struct item *i)
{
	size_t parent = t->tree.node[i->process].parent;
	int above = parent == TREE_NONE ? 1 : t->tree.node[parent].p.levels;

	return t->borders && !i->is_thread && process(t, i)->levels > above;
}

static size_t add_border(struct pstree *t, const struct item *i)
{
	uint64_t inode = t->tree.node[i->process].pidns;
	char text[40];
	size_t cells;

	if (inode)
		str_format(text, sizeof text, "[pid:%llu]", (unsigned long long)inode);
	else
		strcpy(text, "[pid:?]");
	cells = add_plain(t, text);
	add_plain(t, t->strokes->only);
	return cells + 3;
}

static size_t add_number(struct pstree *t, const struct item *i)
{
	const struct proc *p = process(t, i);
	pid_t inner = p->levels ? p->nspid[p->levels - 1] : 0;
	char text[40];
	size_t cells = add_plain(
		t, (str_format(text, sizeof text, t->show_args ? ",%d" : "(%d", i->id), text));

	if (t->borders && p->levels > 1 && !i->is_thread) {
		add_plain(t, t->strokes->arrow);
		str_format(text, sizeof text, "%d", inner);
		cells += (t->strokes == &utf8_strokes ? 1 : 2) + add_plain(t, text);
	}
	return cells + (t->show_args ? 0 : add_plain(t, ")"));
}

static size_t add_arguments(struct pstree *t, const struct proc *p)
{
	size_t len = p->cmdline_len, cells = 0, start;

	while (len && !p->cmdline[len - 1])
		len--;
	for (start = strnlen(p->cmdline, len) + 1; start <= len;) {
		size_t word = strnlen(p->cmdline + start, len - start);

		cells += add_plain(t, " ") + add_text(t, p->cmdline + start, word);
		start += word + 1;
	}
	return cells;
}

/* Makes the text of an item in t->text; returns its cells. */
static size_t make_text(struct pstree *t, const struct item *i)
{
	const struct proc *p = process(t, i);
	int bare = t->show_args && !i->is_thread && !p->cmdline_len;
	size_t cells = 0;

	t->text.len = 0;
	if (begins_namespace(t, i))
		cells += add_border(t, i);
	cells += add_plain(t, i->is_thread ? "{" : bare ? "(" : "");
	cells += add_text(t, p->comm, p->comm_len);
	cells += add_plain(t, i->is_thread ? "}" : bare ? ")" : "");
	if (t->show_pids)
		cells += add_number(t, i);
	if (t->show_args && !i->is_thread)
		cells += add_arguments(t, p);
	return cells;
}

static struct level *level(const struct pstree *t, size_t depth)
{
	return (struct level *)(void *)t->levels.p + depth;
}

static void set_level(struct pstree *t, size_t depth, size_t cells, int more)
{
	size_t end = (depth + 1) * sizeof(struct level);

	if (t->levels.len < end && (str_room(&t->levels, end - t->levels.len)))
		die(1, -ENOMEM, "cannot draw");
	if (t->levels.len < end)
		t->levels.len = end;
	*level(t, depth) = (struct level){ cells, more };
}

/* The left part of a line for a child at `depth`. */
static void indent(struct pstree *t, size_t depth)
{
	for (size_t l = 0; l < depth; l++) {
		int more = level(t, l)->more, end = l + 1 == depth;

		for (size_t n = level(t, l)->cells; n--;)
			put(t, " ", 1, 1);
		put_stroke(t, end    ? (more ? t->strokes->middle : t->strokes->last)
		              : more ? t->strokes->down
		                     : "   ");
	}
}

/* With arguments the children stand below the second letter of the name, as psmisc has them. */
static size_t args_indent(const struct pstree *t, const struct item *i)
{
	const struct proc *p = process(t, i);

	return (p->comm_len > 1) + (size_t)(!i->is_thread && !p->cmdline_len);
}

/* Whether two items look the same, with all that is below them. */
static int same(const struct pstree *t, const struct item *a, const struct item *b)
{
	size_t x = a->first_child, y = b->first_child;

	if (a->is_thread != b->is_thread || strcmp(process(t, a)->comm, process(t, b)->comm) ||
	    begins_namespace(t, a) || begins_namespace(t, b))
		return 0;
	while (x != TREE_NONE && y != TREE_NONE) {
		if (!same(t, item(t, x), item(t, y)))
			return 0;
		x = item(t, x)->next;
		y = item(t, y)->next;
	}
	return x == y;
}

/* Hides later siblings that look like item i; returns how many there are with it. */
static unsigned long fold(struct pstree *t, size_t i)
{
	unsigned long n = 1;

	if (t->separate || t->show_pids || (t->show_args && !item(t, i)->is_thread))
		return n;
	for (size_t s = item(t, i)->next; s != TREE_NONE; s = item(t, s)->next)
		if (!item(t, s)->is_hidden && same(t, item(t, i), item(t, s))) {
			item(t, s)->is_hidden = 1;
			n++;
		}
	return n;
}

static size_t next_shown(const struct pstree *t, size_t i)
{
	while (i != TREE_NONE && item(t, i)->is_hidden)
		i = item(t, i)->next;
	return i;
}

static void draw(struct pstree *t, size_t i, size_t depth, unsigned long times, unsigned closing)
{
	size_t child = item(t, i)->first_child, cells = 0;
	char count[24];
	int first = 1;

	if (times > 1) {
		cells = str_format(count, sizeof count, "%lu*[", times);
		put_ascii(t, count);
		closing++;
	}
	cells += make_text(t, item(t, i));
	put(t, t->text.p, t->text.len, cells - (times > 1 ? strlen(count) : 0));
	if (child == TREE_NONE || t->show_args) {
		for (unsigned n = 0; n < closing && child == TREE_NONE; n++)
			put_ascii(t, "]");
		new_line(t);
	}
	if (child != TREE_NONE && !t->show_args && t->screen && t->at + 1 >= t->screen) {
		/* Nothing of what is below would be seen: psmisc leaves it out. */
		put_stroke(t, t->strokes->first);
		new_line(t);
		return;
	}
	while (child != TREE_NONE) {
		unsigned long n = fold(t, child);
		size_t next = next_shown(t, item(t, child)->next);

		set_level(t, depth, t->show_args ? args_indent(t, item(t, i)) : cells,
		          next != TREE_NONE);
		if (first && !t->show_args)
			put_stroke(t, next != TREE_NONE ? t->strokes->first : t->strokes->only);
		else
			indent(t, depth + 1);
		draw(t, child, depth + 1, n, closing);
		first = 0;
		child = next;
	}
}

/* ---- roots */

/* PID 1 first, then who came from outside; the kernel's own threads only when asked for by PID. */
static void draw_roots(struct pstree *t)
{
	for (size_t i = 0; i < t->tree.count; i++)
		if (t->tree.node[i].parent == TREE_NONE && !t->tree.node[i].p.kernel_thread)
			draw(t, i, 0, 1, 0);
}

static void draw_operand(struct pstree *t, const char *word)
{
	struct str why = { 0 };
	pid_t pid = 0;
	int r = pid_resolve(t->proc, word, &pid, &why);
	size_t i;

	if (r)
		die_pid(1, r, word, &why);
	i = tree_find(&t->tree, pid);
	if (i == TREE_NONE)
		die(1, 0, "no process %s", word);
	draw(t, i, 0, 1, 0);
}

APPLET(pstree, "draw processes as a tree, with the borders of PID namespaces",
       "[OPTION]... [PID]...", rows, 0, 1, NULL)
{
	struct out o = { .fd = 1 };
	struct pstree t = { .o = &o };
	char **words = opt_parse(&applet_pstree, run->argv, &t);
	unsigned want = PROC_STAT | (t.show_args ? PROC_CMDLINE : 0);
	int r;

	t.proc = proc_mount(t.proc_path);
	if (t.proc < 0)
		die(1, t.proc, "no /proc here; the cure is: mount -t proc proc /proc");
	t.screen = t.wide ? 0 : out_screen();
	if (!t.wide && !t.screen)
		t.screen = 132; /* psmisc's, also in a pipe */
	t.strokes =
		!t.ascii && (t.utf8 || (isatty(1) && out_utf8())) ? &utf8_strokes : &ascii_strokes;
	r = tree_read(&t.tree, t.proc, want | (t.borders ? PROC_STATUS | TREE_PIDNS : 0));
	if (r)
		die(1, r, "cannot read processes");
	if (!t.tree.count)
		die(1, 0, "no process is visible");
	build(&t);
	if (!*words)
		draw_roots(&t);
	for (; *words; words++)
		draw_operand(&t, *words);
	r = out_flush(&o);
	if (r && r != -EPIPE)
		die(1, r, "write error");
	return 0;
}
