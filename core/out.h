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
	size_t len;
	char buf[4096];
};

/* These four add to the buffer; they write it out when it is full. */
void out_bytes(struct out *o, const char *bytes, size_t len);
void out_text(struct out *o, const char *trusted);
void out_fill(struct out *o, char c, size_t n);
void out_number(struct out *o, uint64_t v);

/* Writes out what is buffered. 0, or the -errno of the first write that failed since the start. */
int out_flush(struct out *o);

/* Whether LC_ALL, LC_CTYPE or LANG (the first that is set and not empty) asks for UTF-8, the way
 * locale(7) has it; an empty environment means ASCII. */
int out_utf8(void);

/* Appends text so that a terminal obeys none of it: control bytes (C0, DEL, C1 in both encodings),
 * invalid UTF-8, bidirectional controls, zero-width and private characters become '?', one for each
 * byte; outside UTF-8 every byte above 126 does. At most max_cells cells. Returns the cells used,
 * or -ENOMEM. */
long out_safe(struct str *to, const char *text, size_t len, int utf8, size_t max_cells);

/* The same in place, without counting cells: no byte becomes two. */
void out_clean(char *text, size_t len, int utf8);

/* The cells per line of the terminal on stdout, or of COLUMNS; 0 for no limit. */
size_t out_screen(void);

enum out_col_flags {
	OUT_RIGHT = 1, /* aligned to the right */
	OUT_NUM = 2,   /* a number in JSON */
	OUT_WIDE = 4,  /* unlimited when it is the last column, else cut to its width */
	OUT_CUT = 8,   /* always cut to its width */
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
	unsigned char width, flags;
	unsigned char show; /* what the applet shows there, and of what: its own numbers */
	unsigned short of;
};

#define OUT_COL_ROW(name, header, width, flags, need, show, of, help) \
	{ need, width, flags, show, of },
#define OUT_COL_STRINGS(name, header, width, flags, need, show, of, help) \
	name "\0" header "\0" IF_HELP(help) "\0"
#define OUT_COLUMNS(id, COLUMNS) \
	static const struct out_col id[] = { COLUMNS(OUT_COL_ROW) }; \
	static const char id##_text[] = COLUMNS(OUT_COL_STRINGS)
/* Members of struct out_table. */
#define OUT_USE(id) .cols = id, .texts = id##_text, .col_count = sizeof id / sizeof *id

#define OUT_COLS 128

struct out_pick {
	const struct out_col *col;
	const char *name, *header;
	size_t width;
	size_t widest; /* OUT_FIT: the widest cell so far */
	int fixed;     /* somebody has chosen the width */
};

enum out_form {
	OUT_FIXED, /* widths of the rows, printed line by line; too long a value pushes the line */
	OUT_FIT,   /* columns as wide as their widest cell: nothing is printed before out_end */
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
	const char *key; /* JSON: name of the array */
	struct out_pick picks[OUT_COLS];
	unsigned count, cell, rows;
	int utf8, no_header, err;
	size_t screen;      /* cells per line, 0: no limit */
	size_t want, at;    /* OUT_FIXED: where the cell should start, where the line is */
	struct str scratch; /* one cell */
	struct str stored;  /* OUT_FIT: cells, each ended by NUL */
};

/* Adds a column by its name, in any case, to those shown; header NULL is the row's own. -ENOENT
 * when there is none of that name, -E2BIG when there are too many. */
int out_pick(struct out_table *t, const char *name, size_t len, const char *header);

/* Prints what stands in front of the first row: headers, the beginning of the JSON. */
void out_begin(struct out_table *t);
/* One row: calls `show` for each column. */
void out_row(struct out_table *t, const void *row);
/* Prints what is stored and the end of the JSON. 0, -ENOMEM, or the error of the writer. */
int out_end(struct out_table *t);

/* The most cells that the cell being written may take. */
size_t out_room(const struct out_table *t);

/* For `show`: one cell each. */
void out_cell(struct out_table *t, const char *text, size_t len);
void out_cell_text(struct out_table *t, const char *text);
void out_cell_number(struct out_table *t, uint64_t v);
void out_cell_none(struct out_table *t); /* "-", null in JSON */

/* A string in JSON, with its quotes: any bytes come out as valid JSON (RFC 8259). */
void out_json_string(struct out *o, const char *text, size_t len);

#endif
