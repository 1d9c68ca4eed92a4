/* SPDX-License-Identifier: 0BSD */
#include "out.h"
#include "io.h"
#include "sys.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <wchar.h>

int out_flush(struct out *o)
{
	int r = io_write_all(o->fd, o->buf, o->len);

	o->len = 0;
	if (r && !o->err)
		o->err = r;
	return o->err;
}

void out_bytes(struct out *o, const char *bytes, size_t len)
{
	while (len && !o->err) {
		size_t room = sizeof o->buf - o->len, n = len < room ? len : room;

		memcpy(o->buf + o->len, bytes, n);
		o->len += n;
		bytes += n;
		len -= n;
		if (o->len == sizeof o->buf)
			out_flush(o);
	}
}

void out_text(struct out *o, const char *trusted)
{
	out_bytes(o, trusted, strlen(trusted));
}

void out_fill(struct out *o, char c, size_t n)
{
	while (n--)
		out_bytes(o, &c, 1);
}

void out_number(struct out *o, uint64_t v)
{
	char text[24];

	out_bytes(o, text, str_format(text, sizeof text, "%llu", (unsigned long long)v));
}

int out_utf8(void)
{
	static const char names[][9] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (int i = 0; i < 3; i++) {
		const char *value = getenv(names[i]), *charset;

		if (!value || !*value)
			continue;
		charset = strchr(value, '.');
		return charset &&
		       (!strncasecmp(charset, ".utf-8", 6) || !strncasecmp(charset, ".utf8", 5));
	}
	return 0;
}

/* Decodes one character of UTF-8 (RFC 3629). Returns its length, 0 when it is invalid. */
static size_t utf8_decode(const unsigned char *s, size_t len, unsigned *c)
{
	size_t n = s[0] < 0x80   ? 1
	           : s[0] < 0xc2 ? 0
	           : s[0] < 0xe0 ? 2
	           : s[0] < 0xf0 ? 3
	           : s[0] < 0xf5 ? 4
	                         : 0;
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (!n || n > len)
		return 0;
	*c = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return n;
}

/* Characters that change how others are shown, or are not shown themselves. */
static int is_unsafe(unsigned c)
{
	static const unsigned short ranges[][2] = {
		{ 0x00, 0x1f },     { 0x7f, 0x9f },     { 0x061c, 0x061c },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0xe000, 0xf8ff }, { 0xfeff, 0xfeff }, { 0xfff9, 0xffff },
	};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return 1;
	return c >= 0xe0000;
}

/* The cells of a safe character. */
static size_t cells_of(unsigned c)
{
	int w = CFG_UNICODE && c >= 0x300 ? wcwidth((wchar_t)c) : 1;

	return w < 0 ? 1 : (size_t)w;
}

/* The length of the character at `s`, at least 1; *c is what it is, *safe whether to show it. */
static size_t next_char(const unsigned char *s, size_t len, int utf8, unsigned *c, int *safe)
{
	size_t n = utf8 ? utf8_decode(s, len, c) : *s < 0x80;

	if (!utf8)
		*c = *s;
	*safe = n && !is_unsafe(*c);
	return n ? n : 1;
}

long out_safe(struct str *to, const char *text, size_t len, int utf8, size_t max_cells)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t cells = 0;

	if (str_room(to, len + 1))
		return -ENOMEM;
	while (len) {
		unsigned c;
		int safe;
		size_t n = next_char(s, len, utf8, &c, &safe), width = safe ? cells_of(c) : n;

		if (cells + width > max_cells)
			break;
		if (safe)
			memcpy(to->p + to->len, s, n);
		else
			memset(to->p + to->len, '?', n);
		to->len += n;
		cells += width;
		s += n;
		len -= n;
	}
	return (long)cells;
}

void out_clean(char *text, size_t len, int utf8)
{
	while (len) {
		unsigned c;
		int safe;
		size_t n = next_char((unsigned char *)text, len, utf8, &c, &safe);

		if (!safe)
			memset(text, '?', n);
		text += n;
		len -= n;
	}
}

size_t out_screen(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t n;

	if (columns && !str_number(columns, 131071, &n) && n)
		return (size_t)n;
	if (!ioctl(1, TIOCGWINSZ, &size))
		return size.ws_col ? size.ws_col : 80;
	return 0;
}

int out_pick(struct out_table *t, const char *name, size_t len, const char *header)
{
	const char *text = t->texts;
	struct out_pick *p = &t->picks[t->count];

	for (size_t i = 0; i < t->col_count; i++) {
		const char *own = text + strlen(text) + 1, *help = own + strlen(own) + 1;

		if (!strncasecmp(text, name, len) && !text[len]) {
			if (t->count == OUT_COLS)
				return -E2BIG;
			p->col = &t->cols[i];
			p->name = text;
			p->header = header ? header : own;
			p->width = strlen(p->header);
			if (p->width < p->col->width)
				p->width = p->col->width;
			p->widest = 0;
			p->fixed = 0;
			t->count++;
			return 0;
		}
		text = help + strlen(help) + 1;
	}
	return -ENOENT;
}

/* Whether the cell being written is the last of its line. */
static int is_last(const struct out_table *t)
{
	return t->cell + 1 == t->count;
}

/* Puts a cell where its column starts, or one blank behind a cell that took more than its place. */
static void place(struct out_table *t, const struct out_pick *p, const char *text, size_t len,
                  size_t cells)
{
	size_t start = t->want;

	if ((p->col->flags & OUT_RIGHT) && cells < p->width)
		start += p->width - cells;
	if (start < t->at + (t->cell != 0))
		start = t->at + (t->cell != 0);
	if (cells || !is_last(t)) {
		out_fill(t->o, ' ', start - t->at);
		out_bytes(t->o, text, len);
		t->at = start + cells;
	}
	t->want += p->width + 1;
}

static void line_begin(struct out_table *t)
{
	t->cell = 0;
	t->want = t->at = 0;
}

/* The most cells that this cell may take. The screen counts as the smallest multiple of its width
 * that leaves a last unlimited column its header, as procps has it. */
size_t out_room(const struct out_table *t)
{
	const struct out_pick *p = &t->picks[t->cell];
	size_t start = t->want > t->at + 1 ? t->want : t->at + 1, screen = t->screen;

	if (p->col->flags & OUT_CUT)
		return p->width;
	if (!(p->col->flags & OUT_WIDE))
		return SIZE_MAX;
	if (!is_last(t))
		return p->width;
	if (!screen || t->form == OUT_JSON)
		return SIZE_MAX;
	while (t->cell && screen < start + 3)
		screen += t->screen;
	return t->cell ? screen - start : screen;
}

/* Headers that are all empty make no line, not an empty one. */
static void headers(struct out_table *t)
{
	unsigned i = 0;

	while (i < t->count && !*t->picks[i].header)
		i++;
	if (i == t->count)
		return;
	line_begin(t);
	for (; t->cell < t->count; t->cell++) {
		const struct out_pick *p = &t->picks[t->cell];

		place(t, p, p->header, strlen(p->header), strlen(p->header));
	}
	out_text(t->o, "\n");
}

void out_begin(struct out_table *t)
{
	if (CFG_JSON && t->form == OUT_JSON) {
		out_text(t->o, "{\n   \"");
		out_text(t->o, t->key);
		out_text(t->o, "\": [");
	} else if (t->form == OUT_FIXED && !t->no_header) {
		headers(t);
	}
}

void out_row(struct out_table *t, const void *row)
{
	if (CFG_JSON && t->form == OUT_JSON)
		out_text(t->o, t->rows ? ",{" : "\n      {");
	line_begin(t);
	for (; t->cell < t->count; t->cell++)
		t->show(t, t->picks[t->cell].col, row);
	if (CFG_JSON && t->form == OUT_JSON)
		out_text(t->o, "\n      }");
	else if (t->form == OUT_FIXED)
		out_text(t->o, "\n");
	t->rows++;
}

/* As wide as the header or the widest cell; the row's own width counts only when the cells are not
 * narrower than the header (so does util-linux). */
static void fit(struct out_pick *p)
{
	p->width = strlen(p->header);
	if (p->widest >= p->width)
		p->width = p->widest > p->col->width ? p->widest : p->col->width;
}

/* Prints what OUT_FIT stored: cells of known width, each "CELLS TEXT\0". */
static void print_stored(struct out_table *t)
{
	const char *p = t->stored.p;

	if (!t->rows)
		return;
	for (unsigned i = 0; i < t->count; i++)
		fit(&t->picks[i]);
	if (!t->no_header)
		headers(t);
	for (unsigned row = 0; row < t->rows; row++) {
		line_begin(t);
		for (; t->cell < t->count; t->cell++) {
			uint32_t cells;
			size_t len;

			memcpy(&cells, p, sizeof cells);
			p += sizeof cells;
			len = strlen(p);
			if (is_last(t) && t->screen && t->want < t->screen &&
			    cells > t->screen - t->want) {
				t->scratch.len = 0;
				cells = (uint32_t)out_safe(&t->scratch, p, len, t->utf8,
				                           t->screen - t->want);
				place(t, &t->picks[t->cell], t->scratch.p, t->scratch.len, cells);
			} else {
				place(t, &t->picks[t->cell], p, len, cells);
			}
			p += len + 1;
		}
		out_text(t->o, "\n");
	}
}

int out_end(struct out_table *t)
{
	int r;

	if (CFG_JSON && t->form == OUT_JSON)
		out_text(t->o, t->rows ? "\n   ]\n}\n" : "]\n}\n");
	else if (t->form == OUT_FIT && !t->err)
		print_stored(t);
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
	struct out_pick *p = &t->picks[t->cell];
	uint32_t stored_cells = (uint32_t)cells;

	if (t->form == OUT_FIXED) {
		place(t, p, text, len, cells);
		return;
	}
	if (cells > p->widest)
		p->widest = cells;
	if (str_add(&t->stored, (const char *)&stored_cells, sizeof stored_cells) ||
	    str_add(&t->stored, text, len) || str_add(&t->stored, "", 1))
		t->err = -ENOMEM;
}

void out_cell(struct out_table *t, const char *text, size_t len)
{
	size_t room = t->form == OUT_FIT ? SIZE_MAX : out_room(t);
	long cells;

	if (CFG_JSON && t->form == OUT_JSON) {
		json_key(t);
		out_json_string(t->o, text, len);
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

void out_cell_number(struct out_table *t, uint64_t v)
{
	char text[24];
	size_t len = str_format(text, sizeof text, "%llu", (unsigned long long)v);

	if (CFG_JSON && t->form == OUT_JSON && (t->picks[t->cell].col->flags & OUT_NUM)) {
		json_key(t);
		out_bytes(t->o, text, len);
	} else {
		out_cell(t, text, len);
	}
}

void out_cell_none(struct out_table *t)
{
	if (CFG_JSON && t->form == OUT_JSON) {
		json_key(t);
		out_text(t->o, "null");
	} else {
		out_cell(t, "-", 1);
	}
}

/* \uXXXX, above the basic plane two of them (RFC 8259, section 7). */
static void json_escape(struct out *o, unsigned c)
{
	char text[16];

	if (c < 0x10000)
		str_format(text, sizeof text, "\\u%04x", c);
	else
		str_format(text, sizeof text, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10),
		           0xdc00 + (c & 0x3ff));
	out_text(o, text);
}

void out_json_string(struct out *o, const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;

	out_text(o, "\"");
	while (len) {
		unsigned c;
		size_t n = utf8_decode(s, len, &c);

		if (!n) {
			n = 1;
			out_text(o, "\\ufffd");
		} else if (c == '"' || c == '\\') {
			out_text(o, c == '"' ? "\\\"" : "\\\\");
		} else if (is_unsafe(c)) {
			json_escape(o, c);
		} else {
			out_bytes(o, (const char *)s, n);
		}
		s += n;
		len -= n;
	}
	out_text(o, "\"");
}
