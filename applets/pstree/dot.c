/* SPDX-License-Identifier: 0BSD */
/*
 * --dot: a graph for graphviz (dot(1)), as textbooks draw PID namespaces: each is a box inside that
 * of its parent, and holds its processes, with their numbers from the outermost box inwards.
 */
#include "picture.h"

#include <string.h>

/* Text from outside, in quotes: of what is safe to show, graphviz takes a backslash for an escape
 * and an ampersand for the beginning of an entity. */
static void add_name(const struct picture *v, const char *text, size_t len)
{
	struct out *o = v->t->o;
	struct str safe = { 0 };

	if (out_safe(&safe, text, len, 1, SIZE_MAX) < 0)
		die(1, -ENOMEM, "cannot draw");
	for (size_t i = 0; i < safe.len; i++) {
		char c = safe.p[i];

		if (c == '"' || c == '\\')
			out_text(o, "\\");
		out_bytes(o, &c, 1);
		if (c == '&')
			out_text(o, "amp;");
	}
	str_free(&safe);
}

static void add_chain(const struct picture *v, uint32_t i)
{
	const pid_t *chain;
	int levels = picture_chain(v, i, &chain);

	for (int n = 0; n < levels; n++) {
		if (n)
			out_text(v->t->o, v->t->lines == LINES_ASCII ? " -> " : " \xe2\x86\x92 ");
		out_number(v->t->o, (uint64_t)chain[n]);
	}
}

/* What is told of a process besides its numbers, the most important first. */
enum look { LOOK_PLAIN, LOOK_INIT, LOOK_ZOMBIE, LOOK_ORPHAN, LOOK_ENTERED };

static enum look look_of(unsigned kind)
{
	return kind & PICTURE_ZOMBIE    ? LOOK_ZOMBIE
	       : kind & PICTURE_INIT    ? LOOK_INIT
	       : kind & PICTURE_ENTERED ? LOOK_ENTERED
	       : kind & PICTURE_ORPHAN  ? LOOK_ORPHAN
	                                : LOOK_PLAIN;
}

static void add_node(const struct picture *v, uint32_t i)
{
	static const char looks[][80] = {
		"\"]",
		"\\ninit\" fillcolor=\"#1f5a8c\" color=\"#1f5a8c\" fontcolor=white]",
		"\\nzombie\" color=gray45 fontcolor=gray30 style=\"rounded,dashed\"]",
		"\\norphan\" fillcolor=\"#fff0d6\" color=\"#b86e00\"]",
		"\\nentered\" fillcolor=\"#f1e6fa\" color=\"#7d3fa8\"]",
	};
	const struct tree_process *p = process(v->t, item(v->t, i));
	struct out *o = v->t->o;

	out_text(o, "p");
	out_number(o, (uint64_t)p->pid);
	out_text(o, " [label=\"");
	add_name(v, p->comm, p->comm_len);
	out_text(o, "\\n");
	add_chain(v, i);
	out_text(o, looks[look_of(picture_kind(v, i))]);
	out_text(o, "\n");
}

static void add_edges(const struct picture *v, uint32_t at)
{
	struct out *o = v->t->o;

	for (uint32_t i = picture_first(v, at); i != NONE; i = picture_next(v, i)) {
		uint32_t parent = item(v->t, i)->parent;
		enum look look = look_of(picture_kind(v, i) & ~(unsigned)PICTURE_ZOMBIE);

		if (!picture_has(v, parent))
			continue;
		out_text(o, "p");
		out_number(o, (uint64_t)process(v->t, item(v->t, parent))->pid);
		out_text(o, " -> p");
		out_number(o, (uint64_t)process(v->t, item(v->t, i))->pid);
		out_text(o, look == LOOK_ORPHAN    ? " [style=dashed color=\"#b86e00\"]\n"
		            : look == LOOK_ENTERED ? " [style=dashed color=\"#7d3fa8\"]\n"
		                                   : "\n");
	}
}

/* "pid:4026532178, level 1" and below it "init: sh 20998 -> 1". */
static void add_title(const struct picture *v, uint32_t at)
{
	const struct space *space = space_at(&v->t->view.pid, at);
	struct out *o = v->t->o;

	out_text(o, "label=\"PID namespace pid:");
	if (space->inode)
		out_number(o, space->inode);
	else
		out_text(o, "?");
	out_text(o, "\\llevel ");
	out_number(o, (uint64_t)picture_level(v, at));
	out_text(o, ", init: ");
	if (space->init == TREE_NONE) {
		out_text(o, "?");
	} else {
		const struct tree_process *p = &v->t->tree.node[space->init].p;

		add_name(v, p->comm, p->comm_len);
		out_text(o, " ");
		add_chain(v, space->init);
	}
	out_text(o, "\\l\"\n");
}

/* Namespaces nest no deeper than spaces.c allows. */
static void add_boxes(const struct picture *v, uint32_t above)
{
	static const char colors[][8] = { "#f4f8fc", "#e3edf7", "#cfe0f1", "#bad2ea" };
	struct out *o = v->t->o;

	for (uint32_t at = picture_inside(v, above); at != TREE_NONE; at = picture_beside(v, at)) {
		out_text(o, "subgraph cluster_");
		out_number(o, at);
		out_text(o, " {\nbgcolor=\"");
		out_text(o, colors[(unsigned)picture_level(v, at) % 4]);
		out_text(o, "\"\n");
		add_title(v, at);
		for (uint32_t i = picture_first(v, at); i != NONE; i = picture_next(v, i))
			add_node(v, i);
		add_boxes(v, at);
		out_text(o, "}\n");
		add_edges(v, at);
	}
}

void dot_draw(struct pstree *t)
{
	struct picture v;

	picture_open(&v, t);
	out_text(t->o, "digraph pidns {\n"
	               "graph [fontname=\"Helvetica,Arial,sans-serif\" fontsize=11 labeljust=l "
	               "style=rounded color=\"#7f9fbf\" fontcolor=\"#1f3b57\" nodesep=0.2 "
	               "ranksep=0.35 labelloc=b]\n"
	               "node [fontname=\"Helvetica,Arial,sans-serif\" fontsize=11 shape=box "
	               "style=\"filled,rounded\" fillcolor=white color=\"#55708c\" "
	               "height=0.3 margin=\"0.12,0.05\"]\n"
	               "edge [color=\"#55708c\" arrowsize=0.6]\n");
	add_boxes(&v, TREE_NONE);
	out_text(t->o, "}\n");
	picture_close(&v);
}
