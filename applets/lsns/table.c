/* SPDX-License-Identifier: 0BSD */
/*
 * Prints the lines of lsns: as a table with a tree in one column and several lines in another, raw,
 * or as JSON. The widths and the drawing are util-linux's.
 */
#include "view.h"

#include "columns.h"
#include "die.h"
#include "sys.h"

#include <string.h>

/* A column row of its own kind: what -H says of the columns. */
#define LIST_COLUMNS(ROW) \
	ROW("holder", "HOLDER", 0, 0, 0, SHOW_NS, 0, "") \
	ROW("type", "TYPE", 0, 0, 0, SHOW_TYPE, 0, "") \
	ROW("description", "DESCRIPTION", 0, 0, 0, SHOW_DESCRIPTION, 0, "")
OUT_COLUMNS(list_columns, LIST_COLUMNS);

/* ---- the order in which a tree is drawn */

enum glyph { BRANCH, LAST_BRANCH, BAR, BLANK };

static const char *glyph(const struct lsns *l, enum glyph g)
{
	static const char glyphs[2][4][7] = {
		{ "|-", "`-", "| ", "  " },
		{ "\xe2\x94\x9c\xe2\x94\x80", "\xe2\x94\x94\xe2\x94\x80", "\xe2\x94\x82 ", "  " },
	};

	return glyphs[l->table.utf8][g];
}

/* A way down the tree. */
struct walk {
	struct lsns *l;
	uint32_t at;       /* LINE_NONE: not yet, or no more */
	struct str margin; /* what stands in front of the lines here, but for their own branch */
	struct str whole;  /* of draw: a cell with its branch */
	size_t row;        /* of the line that is being printed */
	int bar;           /* whether the bar to the lines below is drawn in later rows */
};

/* What a line puts in front of those below it; roots nothing. */
static const char *bar(const struct walk *w, const struct line *line)
{
	if (line->parent == LINE_NONE)
		return "";
	return glyph(w->l, line->next == LINE_NONE ? BLANK : BAR);
}

static const struct line *walk_next(struct walk *w)
{
	const struct line *line;

	if (w->at == LINE_NONE) {
		/* The first root: what has a parent may stand before it. */
		for (w->at = 0; w->at < lsns_line_count(w->l); w->at++)
			if (lsns_line(w->l, w->at)->parent == LINE_NONE)
				return lsns_line(w->l, w->at);
		return NULL;
	}
	line = lsns_line(w->l, w->at);
	if (line->first != LINE_NONE) {
		if (str_puts(&w->margin, bar(w, line)))
			die(1, -ENOMEM, "cannot draw the tree");
		w->at = line->first;
		return lsns_line(w->l, w->at);
	}
	while (line->next == LINE_NONE && line->parent != LINE_NONE) {
		line = lsns_line(w->l, line->parent);
		w->margin.len -= strlen(bar(w, line));
	}
	w->at = line->next;
	return w->at == LINE_NONE ? NULL : lsns_line(w->l, w->at);
}

static struct walk walk(struct lsns *l)
{
	return (struct walk){ .l = l, .at = LINE_NONE };
}

static void walk_free(struct walk *w)
{
	str_free(&w->margin);
	str_free(&w->whole);
}

/* ---- cells */

struct cell {
	const char *text;
	size_t len;
	char digits[OUT_DIGITS];
};

/* The text of a value; empty for what is unknown. */
static void as_text(const struct filter_value *v, struct cell *c)
{
	char *end = c->digits + sizeof c->digits;

	c->text = v->text ? v->text : "";
	c->len = v->len;
	if (v->kind == FILTER_NUMBER && !v->text) {
		c->text = out_digits(end, (uint64_t)v->number);
		c->len = (size_t)(end - c->text);
	}
	if (v->kind == FILTER_UNKNOWN)
		c->len = 0;
}

/* The part of a cell that stands in a row of its line, of which there is one or one for each part
 * of what has several. Whether there is such a row. */
static int cell_of(struct lsns *l, const struct out_col *col, const struct line *line, size_t row,
                   struct cell *c)
{
	struct filter_value v = { .kind = FILTER_UNKNOWN };
	const char *newline = NULL;

	l->value(l, col, line, &v);
	as_text(&v, c);
	if (!l->no_wrap && (col->flags & LINES))
		while ((newline = memchr(c->text, '\n', c->len)) && row) {
			c->len -= (size_t)(newline + 1 - c->text);
			c->text = newline + 1;
			row--;
		}
	if (newline)
		c->len = (size_t)(newline - c->text);
	else if (row)
		c->len = 0;
	return newline || !row;
}

/* ---- a table */

static struct out_pick *pick(struct lsns *l, unsigned i)
{
	return &l->table.picks[i];
}

static int is_tree(const struct lsns *l, const struct out_pick *p)
{
	return l->tree != LSNS_FLAT && p->col->show == l->tree_show;
}

/* Adds the branch at which a line hangs; in later rows what goes on below it. */
static int add_branch(const struct walk *w, const struct line *line, struct str *to)
{
	int is_last = line->next == LINE_NONE;
	enum glyph own = is_last ? LAST_BRANCH : BRANCH;
	int r = str_add(to, w->margin.p, w->margin.len);

	if (w->row)
		own = is_last ? BLANK : BAR;
	if (!r && line->parent != LINE_NONE)
		r = str_puts(to, glyph(w->l, own));
	if (!r && w->bar && w->row && line->first != LINE_NONE)
		r = str_puts(to, glyph(w->l, BAR));
	return r;
}

/* A cell as it is printed, in l->table.scratch: with the tree, safe, of at most `room` cells, which
 * it returns. */
static size_t draw(struct walk *w, const struct out_pick *p, const struct line *line,
                   const struct cell *c, size_t room)
{
	struct lsns *l = w->l;
	struct str *to = &l->table.scratch, *whole = &w->whole;
	long cells;

	to->len = 0;
	if (!is_tree(l, p)) {
		cells = out_safe(to, c->text, c->len, l->table.utf8, room);
	} else {
		whole->len = 0;
		cells = str_room(whole, 1);
		if (!cells)
			cells = add_branch(w, line, whole);
		if (!cells)
			cells = str_add(whole, c->text, c->len);
		if (!cells)
			cells = out_safe(to, whole->p, whole->len, l->table.utf8, room);
	}
	if (cells < 0)
		die(1, -ENOMEM, "cannot draw the tree");
	return (size_t)cells;
}

/* As wide as the header or the widest cell; the column's own width counts only where the cells are
 * not narrower than the header. */
static size_t fit(struct out_pick *p)
{
	p->width = strlen(p->header);
	if (p->widest >= p->width)
		p->width = p->widest > p->col->width ? p->widest : p->col->width;
	return p->width;
}

static void measure(struct lsns *l)
{
	struct walk w = walk(l);
	const struct line *line;
	size_t total = l->table.count - 1; /* the blanks between them */

	while ((line = walk_next(&w)))
		for (unsigned i = 0; i < l->table.count; i++) {
			struct out_pick *p = pick(l, i);
			struct cell c;

			for (w.row = 0; cell_of(l, p->col, line, w.row, &c); w.row++) {
				size_t cells = draw(&w, p, line, &c, SIZE_MAX);

				p->widest = cells > p->widest ? cells : p->widest;
			}
		}
	walk_free(&w);
	for (unsigned i = 0; i < l->table.count; i++)
		total += fit(pick(l, i));
	/* What may be cut takes what the others leave, and the width of its header at least. */
	for (unsigned i = 0; i < l->table.count; i++) {
		struct out_pick *p = pick(l, i);
		size_t spare = p->width - strlen(p->header);

		if (!(p->col->flags & CUT) || !l->table.screen || total <= l->table.screen)
			continue;
		if (spare > total - l->table.screen)
			spare = total - l->table.screen;
		p->width -= spare;
		total -= spare;
	}
}

/* What is in scratch, in its place. Behind the last cell nothing is filled up, nor in front of it
 * when it is empty. */
static void place(struct lsns *l, unsigned i, size_t cells)
{
	const struct out_pick *p = pick(l, i);
	size_t fill = cells < p->width ? p->width - cells : 0;
	int right = p->right && !is_tree(l, p), is_last = i + 1 == l->table.count;

	if (is_last && (!right || !cells))
		fill = 0;
	out_fill(l->table.o, ' ', right ? fill : 0);
	out_bytes(l->table.o, l->table.scratch.p, l->table.scratch.len);
	out_fill(l->table.o, ' ', right ? 0 : fill);
	out_text(l->table.o, is_last ? "\n" : " ");
}

static void print_header(struct lsns *l)
{
	for (unsigned i = 0; i < l->table.count; i++) {
		l->table.scratch.len = 0;
		if (str_puts(&l->table.scratch, pick(l, i)->header))
			die(1, -ENOMEM, "cannot print the header");
		place(l, i, l->table.scratch.len);
	}
}

/* Whether a column from `first` on has something to say in that row. */
static int has_row(struct lsns *l, unsigned first, const struct line *line, size_t row)
{
	struct cell c;

	while (first < l->table.count && !cell_of(l, pick(l, first)->col, line, row, &c))
		first++;
	return first < l->table.count;
}

/* All rows of a line. In the last one the bar is drawn only while something follows it, as
 * util-linux has it. */
static void print_line(struct walk *w, const struct line *line)
{
	struct lsns *l = w->l;
	int more = 1;

	for (w->row = 0; more; w->row++) {
		more = has_row(l, 0, line, w->row + 1);
		for (unsigned i = 0; i < l->table.count; i++) {
			struct out_pick *p = pick(l, i);
			struct cell c;

			w->bar = more || has_row(l, i + 1, line, w->row);
			cell_of(l, p->col, line, w->row, &c);
			place(l, i,
			      draw(w, p, line, &c, p->col->flags & CUT ? p->width : SIZE_MAX));
		}
	}
}

static void print_table(struct lsns *l)
{
	struct walk w = walk(l);
	const struct line *line;

	measure(l);
	if (!l->no_header)
		print_header(l);
	while ((line = walk_next(&w)))
		print_line(&w, line);
	walk_free(&w);
}

/* ---- raw */

/* Blanks, what is not ASCII and not to be seen, and the backslash as \xHH. */
static void raw(struct out *o, const char *text, size_t len)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		char escaped[] = { '\\', 'x', hex[c >> 4], hex[c & 15] };

		if (c > ' ' && c <= '~' && c != '\\')
			out_bytes(o, text + i, 1);
		else
			out_bytes(o, escaped, sizeof escaped);
	}
}

static void print_raw(struct lsns *l)
{
	struct out *o = l->table.o;

	for (size_t n = lsns_line_count(l), line = l->no_header ? 1 : 0; line <= n; line++)
		for (unsigned i = 0; i < l->table.count; i++) {
			struct cell c = { .text = pick(l, i)->header };

			c.len = strlen(c.text);
			if (line)
				cell_of(l, pick(l, i)->col, lsns_line(l, line - 1), 0, &c);
			raw(o, c.text, c.len);
			out_text(o, i + 1 < l->table.count ? " " : "\n");
		}
}

/* ---- JSON */

/* What out_row is told about. */
struct json_row {
	struct lsns *l;
	const struct line *line;
};

static void show_json(struct out_table *t, const struct out_col *col, const void *row)
{
	const struct json_row *r = row;
	struct filter_value v = { .kind = FILTER_UNKNOWN };
	struct cell c;

	r->l->value(r->l, col, r->line, &v);
	as_text(&v, &c);
	if (v.kind == FILTER_UNKNOWN)
		out_cell_none(t);
	else if (col->flags & OUT_NUM)
		out_cell_plain(t, c.text, c.len);
	else
		out_cell(t, c.text, c.len);
}

static void print_json(struct lsns *l)
{
	l->table.form = OUT_JSON;
	l->table.show = show_json;
	out_begin(&l->table);
	for (size_t i = 0; i < lsns_line_count(l); i++) {
		struct json_row row = { l, lsns_line(l, i) };

		out_row(&l->table, &row);
	}
}

/* Without lines nothing is printed, not even a header; but JSON says that there are none. */
int lsns_print(struct lsns *l)
{
	if (CFG_JSON && l->json)
		print_json(l);
	else if (!lsns_line_count(l))
		return 0;
	else if (l->raw)
		print_raw(l);
	else
		print_table(l);
	return out_end(&l->table);
}

/* ---- the list of columns */

/* Column `of` of the list is what a line is about; its texts follow each other. */
static void list_value(struct lsns *l, const struct out_col *col, const struct line *line,
                       struct filter_value *v)
{
	const char *header = l->listed_texts, *help;

	header += strlen(header) + 1;
	for (size_t i = 0; i < line->of; i++)
		for (int skip = 0; skip < 3; skip++)
			header += strlen(header) + 1;
	help = header + strlen(header) + 1;
	if (col->show == SHOW_NS)
		lsns_word(v, header);
	else if (col->show == SHOW_DESCRIPTION)
		lsns_word(v, help);
	else
		lsns_word(v, l->listed[line->of].flags & OUT_NUM ? "<number>" : "<string>");
}

int lsns_print_columns(struct lsns *l)
{
	static const char names[][12] = { "holder", "type", "description" };

	size_t count = l->table.col_count;

	l->listed = l->table.cols;
	l->listed_texts = l->table.texts;
	lsns_use_columns(l, list_columns, list_columns_text, 3, list_value);
	l->table.key = "lsns-columns";
	l->table.count = 0;
	for (int i = 0; i < 3; i++)
		out_pick(&l->table, names[i], strlen(names[i]), NULL);
	l->need = 0;
	l->filter_text = NULL;
	l->tree = LSNS_FLAT;
	for (size_t i = 0; i < count; i++)
		lsns_add_line(l, i, 0);
	lsns_link(l);
	return lsns_print(l);
}
