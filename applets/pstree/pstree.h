/* SPDX-License-Identifier: 0BSD */
/* What the parts of pstree share: pstree.c has the options and the roots, items.c makes the
 * picture's items out of the tree of processes, draw.c makes text of them, space.c knows of
 * namespaces, dot.c and json.c are pictures for other programs. */
#ifndef PSTREE_H
#define PSTREE_H

#include "applet.h"
#include "ns.h"
#include "out.h"
#include "space.h"
#include "tree.h"
#include "user.h"

#define NONE UINT32_MAX

/* A process or a thread in the picture. */
struct item {
	uint32_t process;                   /* index in the tree of processes */
	uint32_t parent, first_child, next; /* items; NONE: none */
	pid_t id;                           /* PID or TID */
	uint32_t name;          /* a thread's own one: offset in pstree.names, or NONE */
	uint32_t times;         /* it is drawn once for so many that look like it */
	uint32_t look;          /* the first item that looks so, with all below it */
	uint32_t seen_by, seen; /* of such a first one: items.c folds by it */
	unsigned char is_thread, is_bright, is_kept, is_users;
};

/* What a line has to its left, for each level. */
struct level {
	uint32_t cells;
	int more; /* another sibling follows */
};

/* What lines are drawn with, `bytes` for each cell, and what stands around every run of it. */
struct strokes {
	char only[10], first[10], middle[7], last[7], down[4], begin[5], end[4], arrow[4];
	unsigned char bytes;
};

enum pstree_lines { LINES_AUTO, LINES_ASCII, LINES_UTF8, LINES_VT100 };

struct pstree {
	/* options */
	int show_pids, show_args, show_groups, show_users, show_spaces, show_labels;
	int show_parents, separate, by_number, no_threads, thread_names, wide, lines, by_age;
	int bright;       /* whether the terminal can do it */
	pid_t bright_pid; /* -h, -H; 0: none */
	int json, dot;
	uint64_t depth;      /* --depth N; UINT64_MAX: no limit */
	const char *borders; /* --borders[=TYPE,...]; NULL: not given */
	const char *pidns_tree_ref;
	int space;             /* -N: the kind it sorts by, enum ns_kind, or -1 */
	const char *pidns_ref; /* --pidns */
	const char *in_ref;    /* --in */
	const char *filter_text;
	const char *proc_path;

	/* the processes */
	int proc;
	struct tree tree;  /* tree.node[item->process].p is what is known of a process */
	struct str spaces; /* uint64_t[NS_N] a process: its namespaces' inodes; see space_of() */
	struct str labels; /* -Z: ended by NULs; label_at: uint32_t a process, its place there */
	struct str label_at;
	struct user_db users;
	int users_named; /* an operand is a user */

	/* the picture */
	struct str items; /* struct item; those of processes come first, in the tree's order */
	struct str roots; /* uint32_t: the items that are drawn, one after the other */
	struct str names; /* of threads, ended by NULs */

	/* the drawing */
	struct out *o;
	const struct strokes *strokes;
	struct str levels, text;
	size_t screen, at; /* cells of a line (0: no limit), and of this one so far */
	int utf8;          /* names may be shown in UTF-8 */
	uint64_t now_ticks;

	struct space_view view; /* what space.c remembers */
};

extern const struct applet applet_pstree;

/* ---- items.c */

static inline struct item *item(const struct pstree *t, uint32_t i)
{
	return (struct item *)(void *)t->items.p + i;
}
static inline const struct tree_process *process(const struct pstree *t, const struct item *i)
{
	return &t->tree.node[i->process].p;
}
uint32_t item_count(const struct pstree *t);

/* What is drawn. */
void root_add(struct pstree *t, uint32_t i);
uint32_t root_at(const struct pstree *t, size_t n);
size_t root_count(const struct pstree *t);

/* The name of an item without braces, ended by a NUL. */
const char *item_name(const struct pstree *t, const struct item *i, size_t *len);

/* The item of a process or, with its parent, of a thread; NONE. */
uint32_t item_find(const struct pstree *t, pid_t id);

/* Makes an item of each process, in the tree's order, and of each thread, and links them. */
void items_build(struct pstree *t);

/* Leaves nothing but those with is_kept, and who stands above them: also of t->roots. */
void items_keep(struct pstree *t);

/* Puts all children into order: to be called when they are linked as they are to be drawn. */
void items_sort(struct pstree *t);
/* Then, makes one of those that look the same, which changes the links. */
void items_fold(struct pstree *t);

/* The next one of `root` and all below it, a parent before its children; NONE at the end. *depth,
 * 0 at the root, follows. */
uint32_t items_next(const struct pstree *t, uint32_t root, uint32_t i, uint32_t *depth);

/* The inode of a namespace of a process; 0 when it cannot be read. Only after spaces_read. */
uint64_t space_of(const struct pstree *t, uint32_t process, enum ns_kind kind);

/* ---- draw.c */

/* Appends to t->text: text from outside, made harmless, and our own. They return its cells. */
size_t draw_add(struct pstree *t, const char *text, size_t len);
size_t draw_plain(struct pstree *t, const char *ascii);
/* Draws an item and all below it. */
void draw_item(struct pstree *t, uint32_t root);

/* ---- space.c */

/* What of /proc the options about namespaces need: to be or-ed to the `want` of tree_read. */
unsigned space_want(struct pstree *t);

/* Changes what is drawn, the roots as well: -N, --pidns, --in, --depth. Before items_sort. */
void space_shape(struct pstree *t);

/* Writes what stands above a root, a line: -N. */
void space_heading(struct pstree *t, uint32_t root);

/* What stands in front of the name of an item: --borders. Appends to t->text, returns the cells. */
size_t space_border(struct pstree *t, const struct item *i);

/* What stands behind the number of an item: "→6". Appends to t->text, returns the cells. */
size_t space_number(struct pstree *t, const struct item *i);

/* What stands behind all of it: marks of zombies and of inits. */
size_t space_mark(struct pstree *t, const struct item *i);

/* Whether two items that are the same otherwise must not be made one. */
int space_differs(const struct pstree *t, const struct item *a, const struct item *b);

/* ---- dot.c, json.c: the same items, other forms */
void dot_draw(struct pstree *t);
void json_draw(struct pstree *t);

#endif
