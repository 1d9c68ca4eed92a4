/* SPDX-License-Identifier: 0BSD */
/*
 * What lsns shows: a line is a namespace, a process in one, a container, or a column. order.c makes
 * the lines, show.c and containers.c know what stands in their columns, table.c prints them.
 */
#ifndef LSNS_VIEW_H
#define LSNS_VIEW_H

#include "filter.h"
#include "lsns.h"
#include "out.h"
#include "proc.h"
#include "user.h"

/* What a column shows. */
enum lsns_show {
	SHOW_NS,
	SHOW_TYPE,
	SHOW_PATH,
	SHOW_NPROCS,
	SHOW_PID,
	SHOW_PPID,
	SHOW_COMMAND,
	SHOW_UID,
	SHOW_USER,
	SHOW_NETNSID,
	SHOW_NSFS,
	SHOW_PNS,
	SHOW_ONS,
	SHOW_NSID,
	SHOW_HOLDER,
	SHOW_INIT,
	SHOW_NSPID,
	SHOW_ZOMBIES,
	SHOW_SHARED,
	SHOW_OWN,
	SHOW_SIGTERM,
	SHOW_CONTAINER,
	SHOW_DESCRIPTION,
	SHOW_NOTHING
};

/* What a column needs: of find.c its own bits, and of a line's process those of enum proc_want. */
#define NEED(process) ((process) << 8)
#define NEED_OF_PROCESS(need) ((need) >> 8)
#define NEED_OF_FIND(need) ((need)&255)

struct line {
	size_t of;  /* an index, of a namespace, a container or a column */
	pid_t pid;  /* its process; 0: none */
	pid_t ppid; /* -1: unknown */
	uid_t uid;
	int has_uid;
	size_t command, command_len; /* in lsns.text */
	/* The tree: indices, LINE_NONE for none. */
	uint32_t parent, first, last, next;
};
#define LINE_NONE UINT32_MAX

enum lsns_tree { LSNS_FLAT, LSNS_BY_PROCESS, LSNS_BY_OWNER, LSNS_BY_PARENT };

struct lsns;
/* Makes *v, which is unknown, what a column shows of a line; valid until the next one is asked
 * for. */
typedef void lsns_value(struct lsns *l, const struct out_col *col, const struct line *line,
                        struct filter_value *v);

struct lsns {
	/* options */
	int json, raw, no_header, list, not_cut, no_wrap, persistent, all_columns, list_columns;
	int containers, net;
	const char *task_text, *columns, *proc_path, *filter_text, *tree_text;

	enum lsns_tree tree;
	int flat;                  /* the tree is not drawn */
	enum lsns_show tree_show;  /* the column that it is drawn in */
	unsigned need;             /* of the columns that are shown or asked about */
	const struct space *named; /* by the operand: the lines are the processes in it */
	struct find find;
	struct str containers_found; /* struct lsns_container */
	int own_proc;                /* the mount in which "self" is us */
	struct str lines;            /* struct line, in the order in which they were found */
	struct str text;             /* what lines point to */
	struct str cell;             /* what a value is put together in */
	struct filter filter;
	struct user_db users;
	struct out_table table; /* of JSON; and which columns there are, and are shown */
	lsns_value *value;
	const struct out_col *listed; /* by lsns_print_columns */
	const char *listed_texts;
};

/* ---- order.c */

static inline struct line *lsns_line(const struct lsns *l, size_t i)
{
	return (struct line *)(void *)l->lines.p + i;
}

static inline size_t lsns_line_count(const struct lsns *l)
{
	return l->lines.len / sizeof(struct line);
}

/* A new line, with what the columns need of a process, 0 for none. Its index, or LINE_NONE when the
 * filter says no. */
uint32_t lsns_add_line(struct lsns *l, size_t of, pid_t pid);
/* Hangs up all lines below their parents, in the order in which they stand. */
void lsns_link(struct lsns *l);
/* The lines of what find_all has found. */
void lsns_space_lines(struct lsns *l);

/* ---- show.c */

void lsns_use_columns(struct lsns *l, const struct out_col *cols, const char *texts, size_t count,
                      lsns_value *value);
void lsns_space_columns(struct lsns *l);
void lsns_describe(struct lsns *l, struct line *line);

/* Parts of values: bytes and digits behind what is in l->cell, which lsns_cell makes the value
 * unless it is empty; a number, a word that stays. */
void lsns_put(struct lsns *l, const char *text, size_t len);
void lsns_put_number(struct lsns *l, uint64_t number);
void lsns_cell(const struct lsns *l, struct filter_value *v);
void lsns_number(struct filter_value *v, uint64_t number);
void lsns_word(struct filter_value *v, const char *word);

/* What every line with a process shows of it; 0: that is another column. */
int lsns_process_value(struct lsns *l, unsigned show, const struct line *line,
                       struct filter_value *v);
/* All numbers of a process, from here inwards. */
void lsns_chain(struct lsns *l, pid_t pid, struct filter_value *v);

/* ---- table.c */

/* Prints all lines. 0, or the error of the writer. */
int lsns_print(struct lsns *l);
/* Prints the columns that there are. 0, or the error of the writer. */
int lsns_print_columns(struct lsns *l);

/* ---- containers.c */

void lsns_container_columns(struct lsns *l);
void lsns_container_lines(struct lsns *l);

#endif
