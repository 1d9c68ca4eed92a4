/* SPDX-License-Identifier: 0BSD */
/* --json: the PID namespaces and the processes in them as data (RFC 8259). */
#include "picture.h"

#include <string.h>

static void indent(const struct picture *v, unsigned depth)
{
	out_text(v->t->o, "\n");
	out_fill(v->t->o, ' ', 3 * (size_t)depth);
}

static void add_signed(struct out *o, int64_t n)
{
	if (n < 0)
		out_text(o, "-");
	out_number(o, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

static void add_key(struct out *o, const char *key)
{
	out_text(o, ", \"");
	out_text(o, key);
	out_text(o, "\": ");
}

static void add_flag(struct out *o, const char *key, unsigned value)
{
	add_key(o, key);
	out_text(o, value ? "true" : "false");
}

/* The words, which end in NULs. */
static void add_arguments(struct out *o, const char *words, size_t len)
{
	add_key(o, "args");
	out_text(o, "[");
	for (size_t at = 0; at < len;) {
		size_t n = strnlen(words + at, len - at);

		out_text(o, at ? ", " : "");
		out_json_string(o, words + at, n);
		at += n + 1;
	}
	out_text(o, "]");
}

static void add_process(const struct picture *v, uint32_t i)
{
	const struct tree_process *p = process(v->t, item(v->t, i));
	unsigned kind = picture_kind(v, i);
	struct out *o = v->t->o;
	const pid_t *chain;
	int levels = picture_chain(v, i, &chain);

	out_text(o, "{\"pid\": ");
	add_signed(o, item(v->t, i)->id);
	add_key(o, "chain");
	for (int n = 0; n < levels; n++) {
		out_text(o, n ? ", " : "[");
		add_signed(o, chain[n]);
	}
	out_text(o, "]");
	add_key(o, "ppid");
	add_signed(o, p->ppid);
	add_key(o, "comm");
	out_json_string(o, p->comm, p->comm_len);
	add_key(o, "state");
	out_json_string(o, &p->state, 1);
	add_key(o, "threads");
	add_signed(o, p->threads);
	add_flag(o, "init", kind & PICTURE_INIT);
	add_flag(o, "zombie", kind & PICTURE_ZOMBIE);
	add_flag(o, "orphan", kind & PICTURE_ORPHAN);
	add_flag(o, "entered", kind & PICTURE_ENTERED);
	if (v->t->show_args)
		add_arguments(o, p->cmdline, p->cmdline_len);
	out_text(o, "}");
}

static void add_spaces(const struct picture *v, uint32_t above, unsigned depth);

/* The number of its init as it is shown, wherever the picture has it. */
static void add_init(const struct picture *v, uint32_t init)
{
	add_key(v->t->o, "init");
	if (init == TREE_NONE)
		out_text(v->t->o, "null");
	else
		add_signed(v->t->o, item(v->t, init)->id);
}

static void add_space(const struct picture *v, uint32_t at, unsigned depth)
{
	const struct space *space = space_at(&v->t->view.pid, at);
	struct out *o = v->t->o;
	const char *comma = "";

	out_text(o, "{");
	indent(v, depth + 1);
	out_text(o, "\"type\": \"pid\", \"inode\": ");
	if (space->inode)
		out_number(o, space->inode);
	else
		out_text(o, "null");
	add_key(o, "level");
	add_signed(o, picture_level(v, at));
	add_init(v, space->init);
	out_text(o, ",");
	indent(v, depth + 1);
	out_text(o, "\"processes\": [");
	for (uint32_t i = picture_first(v, at); i != NONE; i = picture_next(v, i)) {
		out_text(o, comma);
		indent(v, depth + 2);
		add_process(v, i);
		comma = ",";
	}
	out_text(o, "],");
	indent(v, depth + 1);
	add_spaces(v, at, depth + 1);
	indent(v, depth);
	out_text(o, "}");
}

/* Namespaces nest no deeper than spaces.c allows. */
static void add_spaces(const struct picture *v, uint32_t above, unsigned depth)
{
	const char *comma = "";

	out_text(v->t->o, "\"namespaces\": [");
	for (uint32_t at = picture_inside(v, above); at != TREE_NONE; at = picture_beside(v, at)) {
		out_text(v->t->o, comma);
		add_space(v, at, depth);
		comma = ", ";
	}
	out_text(v->t->o, "]");
}

void json_draw(struct pstree *t)
{
	struct picture v;

	picture_open(&v, t);
	out_text(t->o, "{");
	indent(&v, 1);
	add_spaces(&v, TREE_NONE, 1);
	out_text(t->o, "\n}\n");
	picture_close(&v);
}
