/* SPDX-License-Identifier: 0BSD */
/*
 * What goes to stdout: buffered text, tables, JSON. Untrusted text is escaped here and nowhere
 * else, so that it can be forgotten nowhere.
 */
#ifndef OUT_H
#define OUT_H

#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "str.h"

/* A buffered writer; {.fd = 1} is a fresh one. The first error is kept and what follows is lost. */
struct out {
	int fd, err;
	/* str_add, when the bytes go to `to` and not to fd; NULL at first. */
	int (*add)(struct str *to, const char *bytes, size_t len);
	struct str *to;
	size_t len;
	char buf[4096];
};

/* These four add to the buffer; they write it out when it is full. */
void out_bytes(struct out *o, const char *bytes, size_t len);
void out_text(struct out *o, const char *trusted);
void out_fill(struct out *o, char c, size_t n);
void out_number(struct out *o, uint64_t v);

/* Writes the number's digits, at most OUT_DIGITS, up to `end`. Returns where they begin. */
#define OUT_DIGITS 20
char *out_digits(char *end, uint64_t v);

/* Writes out what is buffered. 0, or the -errno of the first write that failed since the start. */
int out_flush(struct out *o);

/* Whether LC_ALL, LC_CTYPE or LANG (the first that is set and not empty) asks for UTF-8, the way
 * locale(7) has it; an empty environment means ASCII. A locale is taken to be installed. */
int out_utf8(void);

#define OUT_DOTS (-1)

/* Appends text so that a terminal obeys none of it: control bytes (C0, DEL, C1 in both encodings),
 * invalid UTF-8, bidirectional controls, zero-width and private characters become '?', one for each
 * byte; outside UTF-8 every byte above 127 does, and with OUT_DOTS for utf8 control bytes are '.'.
 * At most max_cells cells; what takes none is left out behind the last of them. Returns the cells
 * used, or -ENOMEM. */
long out_safe(struct str *to, const char *text, size_t len, int utf8, size_t max_cells);

/* How many bytes at the front of the text are ASCII that out_safe leaves as it is. */
size_t out_plain(const char *text, size_t len);

/* The cells that out_safe makes of a text. */
size_t out_cells(const char *text, size_t len, int utf8);

/* out_safe in place, without counting cells: no byte becomes two. */
void out_clean(char *text, size_t len, int utf8);

/* The cells per line of the terminal on stdout, or of COLUMNS; 0 for no limit. */
size_t out_screen(void);

/* The lines of that terminal, or LINES; 24 when nobody knows. */
size_t out_lines(void);

enum out_col_flags {
	OUT_RIGHT = 1,  /* aligned to the right */
	OUT_NUM = 2,    /* a number in JSON */
	OUT_WIDE = 4,   /* unlimited when it is the last column, else cut to its width */
	OUT_CUT = 8,    /* always cut to its width */
	OUT_TREE = 16,  /* takes the prefix that out_held is given */
	OUT_WHOLE = 32, /* with OUT_WIDE: out_active counts its width even at the end */
	OUT_OWN = 256,  /* from here on the applet's own */
};

struct out_table;

/*
 * A column row. An applet writes its columns once, as a macro over a macro COL, of which
 * OUT_COLUMNS makes two arrays, as opt.h does for options and for the same reason.
 *
 *     #define COLUMNS(COL) \
 *             COL("pid", "PID", 5, OUT_RIGHT | OUT_NUM, NEED_PID_WIDTH, SHOW_PID, 0, "help") ...
 *     OUT_COLUMNS(columns, COLUMNS);
 */
struct out_col {
	unsigned short need; /* the applet's mask of what it has to read */
	unsigned short flags;
	unsigned short of; /* what the applet shows there, and of what: its own numbers */
	unsigned char show;
	unsigned char width;
};

#define OUT_COL_ROW(name, header, width, flags, need, show, of, help) \
	{ need, flags, of, show, width },
#define OUT_COL_STRINGS(name, header, width, flags, need, show, of, help) \
	name "\0" header "\0" IF_HELP(help) "\0"
#define OUT_COLUMNS(id, COLUMNS) \
	static const struct out_col id[] = { COLUMNS(OUT_COL_ROW) }; \
	static const char id##_text[] = COLUMNS(OUT_COL_STRINGS)
/* Members of struct out_table. */
#define OUT_USE(id) .cols = id, .texts = id##_text, .col_count = sizeof id / sizeof *id

#define OUT_COLS 128

struct out_pick {
	const struct out_col *col; /* NULL: a gap */
	const char *name, *header;
	size_t width;
	size_t widest;  /* for the applet: the widest cell */
	int fixed;      /* somebody has chosen the width */
	size_t aligned; /* in so many cells of the column, 0: in all */
	int right;      /* aligned to the right, as the flags say at first */
};

enum out_form {
	OUT_FIXED, /* widths of the rows, printed line by line; too long a value pushes the line */
	OUT_JSON,  /* an array of objects below one key */
};

struct out_table {
	struct out *o;
	enum out_form form;
	const struct out_col *cols; /* the applet's columns, their texts and how many they are */
	const char *texts;
	size_t col_count;
	/* writes exactly one cell of a row, by the functions out_cell... */
	void (*show)(struct out_table *t, const struct out_col *col, const void *row);
	const char *key; /* JSON: name of the array; NULL: nothing is around it */
	struct out_pick picks[OUT_COLS];
	unsigned count, cell, rows;
	int utf8, no_header, left_headers, err;
	size_t screen;      /* cells per line, 0: no limit */
	char delimiter;     /* OUT_FIXED: stands between the cells, which are not padded; 0: none */
	unsigned tree_step; /* cells of a prefix that are cut off together; not 0 */
	unsigned repeat;    /* OUT_FIXED: rows after which the header comes again; 0: never */
	size_t active;      /* OUT_FIXED: out_active, since out_begin */
	size_t want, at;    /* OUT_FIXED: where the cell should start, where the line is */
	int holding;        /* out_hold */
	struct str scratch; /* one cell */
	struct str stored;  /* out_hold: cells, each ended by NUL */
};

/* Adds blanks between columns, which have no other there. -E2BIG. */
int out_pick_gap(struct out_table *t, size_t width);

/* Adds a column by its name, in any case, to those shown; header NULL is the row's own. -ENOENT
 * when there is none of that name, -E2BIG when there are too many. */
int out_pick(struct out_table *t, const char *name, size_t len, const char *header);

/* The column of that name, in any case; NULL. */
const struct out_col *out_find(const struct out_table *t, const char *name, size_t len);

/* Prints what stands in front of the first row: headers, the beginning of the JSON. */
void out_begin(struct out_table *t);
/* One row: calls `show` for each column. */
void out_row(struct out_table *t, const void *row);
/* A row for later, when their order is known: what it shows now is kept and *place says where. 0 or
 * -ENOMEM. */
int out_hold(struct out_table *t, const void *row, size_t *place);
/* Prints it; the prefix stands in front of the text of the columns with OUT_TREE. Returns the place
 * of the row that was held next. */
size_t out_held(struct out_table *t, size_t place, const char *prefix);
/* Prints what is stored and the end of the JSON. 0, -ENOMEM, or the error of the writer. */
int out_end(struct out_table *t);

/* The cells per line that count: the smallest multiple of the screen's width with room for all
 * columns, of which a last unlimited one takes 3, as procps has it, unless it has OUT_WHOLE; 0 for
 * no limit. *total is what they take. */
size_t out_active(const struct out_table *t, size_t *total);

/* The most cells that the cell being written may take. */
size_t out_room(const struct out_table *t);

/* For `show`: one cell each. */
void out_cell(struct out_table *t, const char *text, size_t len);
void out_cell_text(struct out_table *t, const char *text);
void out_cell_number(struct out_table *t, uint64_t v);
/* Trusted ASCII that is never cut, in JSON without quotes: a number in some form. */
void out_cell_plain(struct out_table *t, const char *text, size_t len);
void out_cell_signed(struct out_table *t, int64_t v);
/* A name, or where it has none (len 0) a number. What is too wide is cut with a '+', or when that
 * would fall into a character of several bytes it is the number. */
void out_cell_name(struct out_table *t, const char *name, size_t len, uint32_t number);
void out_cell_none(struct out_table *t); /* "-", null in JSON */

/* A string in JSON, with its quotes: any bytes come out as valid JSON (RFC 8259). */
void out_json_string(struct out *o, const char *text, size_t len);

#endif
