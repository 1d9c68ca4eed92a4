/* SPDX-License-Identifier: 0BSD */
/* Tables: columns, cells, rows that are kept, JSON. */
#include "out.h"
#include "sys.h"

#include <string.h>
#include <strings.h>

/* The number of the column of that name, and its texts; -1. */
static int find(const struct out_table *t, const char *name, size_t len, const char **texts)
{
	const char *text = t->texts;

	for (size_t i = 0; i < t->col_count; i++) {
		*texts = text;
		if (!strncasecmp(text, name, len) && !text[len])
			return (int)i;
		for (int skip = 0; skip < 3; skip++) /* name, header, help */
			text += strlen(text) + 1;
	}
	return -1;
}

const struct out_col *out_find(const struct out_table *t, const char *name, size_t len)
{
	const char *texts;
	int i = find(t, name, len, &texts);

	return i < 0 ? NULL : &t->cols[i];
}

int out_pick(struct out_table *t, const char *name, size_t len, const char *header)
{
	const char *texts;
	int i = find(t, name, len, &texts);
	struct out_pick *p = &t->picks[t->count];

	if (i < 0)
		return -ENOENT;
	if (t->count == OUT_COLS)
		return -E2BIG;
	*p = (struct out_pick){ .col = &t->cols[i], .name = texts, .header = header };
	if (!header)
		p->header = texts + strlen(texts) + 1;
	/* a column's own width is meant for its own header */
	p->width = header ? out_cells(header, strlen(header), t->utf8) : 0;
	if (p->width < p->col->width)
		p->width = p->col->width;
	p->right = (p->col->flags & OUT_RIGHT) != 0;
	t->count++;
	return 0;
}

int out_pick_gap(struct out_table *t, size_t width)
{
	if (t->count == OUT_COLS)
		return -E2BIG;
	t->picks[t->count++] = (struct out_pick){ .header = "", .width = width };
	return 0;
}

/* Whether a blank stands behind that column: where another one follows, and not a gap. */
static int is_apart(const struct out_table *t, unsigned i)
{
	return i + 1 < t->count && t->picks[i].col && t->picks[i + 1].col;
}

/* Whether the cell being written is the last of its line. */
static int is_last(const struct out_table *t)
{
	return t->cell + 1 == t->count;
}

/* Where the cell being written can stand at the earliest. */
static size_t earliest(const struct out_table *t)
{
	return t->at + (t->cell && is_apart(t, t->cell - 1));
}

/* Puts a cell where its column starts, or one blank behind a cell that took more than its place. */
static void place(struct out_table *t, const struct out_pick *p, const char *text, size_t len,
                  size_t cells)
{
	size_t start = t->want, least = earliest(t), aligned = p->aligned ? p->aligned : p->width;

	if (t->delimiter) {
		out_fill(t->o, t->delimiter, t->cell != 0);
		out_bytes(t->o, text, len);
		return;
	}
	if (p->right && cells < aligned)
		start += aligned - cells;
	if (start < least)
		start = least;
	if (cells || !is_last(t) || t->form == OUT_FIXED) {
		out_fill(t->o, ' ', start - t->at);
		out_bytes(t->o, text, len);
		t->at = start + cells;
	}
	t->want += p->width + (size_t)is_apart(t, t->cell);
}

/* Goes on to the next cell that is one, with the blanks of the gap in front of it. */
static int next_cell(struct out_table *t)
{
	while (t->cell < t->count && !t->picks[t->cell].col) {
		size_t width = t->picks[t->cell].width, end = t->at > t->want ? t->at : t->want;

		end += width;
		if (!t->delimiter && !t->holding)
			out_fill(t->o, ' ', end - t->at);
		t->at = end;
		t->want += width;
		t->cell++;
	}
	return t->cell < t->count;
}

static void line_begin(struct out_table *t)
{
	t->cell = 0;
	t->want = t->at = 0;
}

size_t out_active(const struct out_table *t, size_t *total)
{
	size_t active = t->screen;

	*total = 0;
	for (unsigned i = 0; i < t->count; i++) {
		const struct out_pick *p = &t->picks[i];
		unsigned flags = p->col && i + 1 == t->count ? p->col->flags : 0;
		int open = (flags & (OUT_WIDE | OUT_WHOLE)) == OUT_WIDE;

		*total += (open ? 3 : p->width) + (size_t)is_apart(t, i);
	}
	while (active && active < *total)
		active += t->screen;
	return active;
}

size_t out_room(const struct out_table *t)
{
	const struct out_pick *p = &t->picks[t->cell];
	size_t start = earliest(t);

	if (p->col->flags & OUT_CUT)
		return p->width;
	if (!(p->col->flags & OUT_WIDE))
		return SIZE_MAX;
	if (!is_last(t))
		return p->width;
	if (!t->active || t->holding || t->form == OUT_JSON)
		return SIZE_MAX;
	start = start < t->want ? t->want : start;
	/* so far behind the end procps does not look any more */
	return start <= t->active ? t->active - start : SIZE_MAX;
}

/* Headers that are all empty make no line, not an empty one. */
static void headers(struct out_table *t)
{
	unsigned i = 0;

	while (i < t->count && !*t->picks[i].header)
		i++;
	if (i == t->count)
		return;
	for (line_begin(t); next_cell(t); t->cell++) {
		struct out_pick p = t->picks[t->cell];
		long cells;

		p.right &= !t->left_headers;
		t->scratch.len = 0;
		cells = out_safe(&t->scratch, p.header, strlen(p.header), t->utf8, SIZE_MAX);
		if (cells < 0)
			t->err = (int)cells;
		else
			place(t, &p, t->scratch.p, t->scratch.len, (size_t)cells);
	}
	out_text(t->o, "\n");
}

/* An object of JSON has each name once, and no gaps. */
static void drop_repeated(struct out_table *t)
{
	unsigned n = 0;

	for (unsigned i = 0; i < t->count; i++) {
		unsigned seen = 0;

		while (seen < n && t->picks[seen].col != t->picks[i].col)
			seen++;
		if (seen == n && t->picks[i].col)
			t->picks[n++] = t->picks[i];
	}
	t->count = n;
}

void out_begin(struct out_table *t)
{
	size_t total;

	t->active = out_active(t, &total);
	if (CFG_JSON && t->form == OUT_JSON) {
		drop_repeated(t);
		if (t->key) {
			out_text(t->o, "{\n   \"");
			out_text(t->o, t->key);
			out_text(t->o, "\": ");
		}
		out_text(t->o, "[");
	} else if (t->form == OUT_FIXED && !t->no_header) {
		headers(t);
	}
}

/* In front of a row: the header of a new screen. */
static void row_begin(struct out_table *t)
{
	if (CFG_JSON && t->form == OUT_JSON)
		out_text(t->o, t->rows ? "," : "\n      ");
	else if (t->repeat && t->rows && t->rows % t->repeat == 0)
		headers(t);
	t->rows++;
}

/* The row itself, as far as it does not depend on the others. */
static void row_cells(struct out_table *t, const void *row)
{
	if (CFG_JSON && t->form == OUT_JSON)
		out_text(t->o, "{");
	for (line_begin(t); next_cell(t); t->cell++)
		t->show(t, t->picks[t->cell].col, row);
	if (CFG_JSON && t->form == OUT_JSON)
		out_text(t->o, "\n      }");
}

void out_row(struct out_table *t, const void *row)
{
	row_begin(t);
	row_cells(t, row);
	if (t->form == OUT_FIXED)
		out_text(t->o, "\n");
}

int out_hold(struct out_table *t, const void *row, size_t *place)
{
	*place = t->stored.len;
	t->holding = 1;
	if (CFG_JSON && t->form == OUT_JSON) {
		struct out o = { .fd = -1, .add = str_add, .to = &t->stored }, *real = t->o;

		t->o = &o;
		row_cells(t, row);
		t->o = real;
		if (out_flush(&o) || str_add(&t->stored, "", 1))
			t->err = -ENOMEM;
	} else {
		row_cells(t, row);
	}
	t->holding = 0;
	return t->err;
}

/* A cell of a row that was held: cut now that its place is known. */
static void held_cell(struct out_table *t, const char *text, const char *prefix)
{
	const struct out_pick *p = &t->picks[t->cell];
	size_t room = out_room(t), before = 0;
	long cells;

	t->scratch.len = 0;
	if (p->col->flags & OUT_TREE) {
		before = strlen(prefix);
		if (before > room)
			before = room - room % t->tree_step;
		if (str_add(&t->scratch, prefix, before))
			t->err = -ENOMEM;
	}
	cells = out_safe(&t->scratch, text, strlen(text), t->utf8, room - before);
	if (cells < 0)
		t->err = (int)cells;
	else
		place(t, p, t->scratch.p, t->scratch.len, before + (size_t)cells);
}

size_t out_held(struct out_table *t, size_t at, const char *prefix)
{
	const char *text = t->stored.p + at;

	row_begin(t);
	if (CFG_JSON && t->form == OUT_JSON) {
		out_text(t->o, text);
		return at + strlen(text) + 1;
	}
	for (line_begin(t); next_cell(t); t->cell++) {
		held_cell(t, text, prefix);
		text += strlen(text) + 1;
	}
	out_text(t->o, "\n");
	return (size_t)(text - t->stored.p);
}

int out_end(struct out_table *t)
{
	int r;

	if (CFG_JSON && t->form == OUT_JSON)
		out_text(t->o, t->key ? (t->rows ? "\n   ]\n}\n" : "]\n}\n")
		                      : (t->rows ? "\n   ]\n" : "]\n"));
	str_free(&t->stored);
	str_free(&t->scratch);
	r = out_flush(t->o);
	return t->err ? t->err : r;
}

static void json_key(struct out_table *t)
{
	out_text(t->o, t->cell ? ",\n         \"" : "\n         \"");
	out_text(t->o, t->picks[t->cell].name);
	out_text(t->o, "\": ");
}

/* A cell whose text is already safe. */
static void safe_cell(struct out_table *t, const char *text, size_t len, size_t cells)
{
	if (!t->holding)
		place(t, &t->picks[t->cell], text, len, cells);
	else if (str_add(&t->stored, text, len) || str_add(&t->stored, "", 1))
		t->err = -ENOMEM;
}

void out_cell(struct out_table *t, const char *text, size_t len)
{
	size_t room = out_room(t);
	long cells;

	if (CFG_JSON && t->form == OUT_JSON) {
		json_key(t);
		out_json_string(t->o, text, len);
		return;
	}
	if (len <= room && out_plain(text, len) == len) {
		safe_cell(t, text, len, len);
		return;
	}
	t->scratch.len = 0;
	cells = out_safe(&t->scratch, text, len, t->utf8, room);
	if (cells < 0) {
		t->err = (int)cells;
		return;
	}
	safe_cell(t, t->scratch.p, t->scratch.len, (size_t)cells);
}

void out_cell_text(struct out_table *t, const char *text)
{
	out_cell(t, text, strlen(text));
}

void out_cell_plain(struct out_table *t, const char *text, size_t len)
{
	if (CFG_JSON && t->form == OUT_JSON) {
		json_key(t);
		out_bytes(t->o, text, len);
	} else {
		safe_cell(t, text, len, len);
	}
}

void out_cell_number(struct out_table *t, uint64_t v)
{
	char text[OUT_DIGITS], *end = text + sizeof text, *s = out_digits(end, v);

	if (t->picks[t->cell].col->flags & OUT_NUM)
		out_cell_plain(t, s, (size_t)(end - s));
	else
		out_cell(t, s, (size_t)(end - s));
}

void out_cell_signed(struct out_table *t, int64_t v)
{
	char text[OUT_DIGITS + 1], *end = text + sizeof text;
	char *s = out_digits(end, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);

	if (v < 0)
		*--s = '-';
	out_cell_plain(t, s, (size_t)(end - s));
}

void out_cell_name(struct out_table *t, const char *name, size_t len, uint32_t number)
{
	char text[OUT_DIGITS], *end = text + sizeof text, *as_number = out_digits(end, number);
	size_t room = t->form == OUT_FIXED ? out_room(t) : SIZE_MAX;
	long cells;

	if (!len) {
		name = as_number;
		len = (size_t)(end - as_number);
	}
	if (room == SIZE_MAX || (len <= room && out_plain(name, len) == len)) {
		out_cell(t, name, len);
		return;
	}
	t->scratch.len = 0;
	cells = out_safe(&t->scratch, name, len, t->utf8, SIZE_MAX);
	if (cells < 0) {
		t->err = (int)cells;
	} else if ((size_t)cells <= room) {
		safe_cell(t, t->scratch.p, t->scratch.len, (size_t)cells);
	} else if (room && !(t->scratch.p[room - 1] & 0x80)) {
		t->scratch.p[room - 1] = '+';
		safe_cell(t, t->scratch.p, room, out_cells(t->scratch.p, room, t->utf8));
	} else {
		safe_cell(t, as_number, (size_t)(end - as_number), (size_t)(end - as_number));
	}
}

void out_cell_none(struct out_table *t)
{
	if (CFG_JSON && t->form == OUT_JSON) {
		json_key(t);
		out_text(t->o, "null");
	} else {
		safe_cell(t, "-", 1, 1);
	}
}
