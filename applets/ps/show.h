/* SPDX-License-Identifier: 0BSD */
/* The values of ps. */
#ifndef PS_SHOW_H
#define PS_SHOW_H

#include <stdint.h>
#include <time.h>

#include "filter.h"
#include "show-file.h"

struct out_col;
struct out_table;
struct ps;
struct ps_row;

#define PS_DATE 128

/* What all rows have in common, and what the last one had that the next may have, too. */
struct ps_facts {
	struct ps_files files;
	uint64_t ticks_per_second, boot_ticks;
	uint64_t memory_kb; /* 0: nobody has asked yet */
	time_t now, boot_time;
	int today, year, day; /* of now, once somebody has asked */
	int wide_signals;
	struct ps_date {
		time_t start;
		unsigned show;
		size_t len;
		char text[PS_DATE];
	} date;
};

/* What a column shows. */
enum ps_show {
	/* Numbers with a sign; with `of`: that member of struct proc. */
	SHOW_INT,
	SHOW_LONG,
	SHOW_NSLEVEL,
	SHOW_PRI,      /* of: what is added, and 100 */
	SHOW_PRI_DOWN, /* of: what it is taken from, and 100 */
	SHOW_NICE,
	SHOW_CLASS,
	SHOW_RUNS_ON,
	/* Without one. */
	SHOW_ID,
	SHOW_U64,
	SHOW_KB,
	SHOW_HEX,
	SHOW_FAULTS, /* and of the children behind it */
	SHOW_TID,
	SHOW_RTPRIO,
	SHOW_FLAGS,
	SHOW_PAGES,
	SHOW_SIZE,
	SHOW_CODE,
	SHOW_DATA,
	SHOW_LIMIT,
	SHOW_MEM,
	/* Of the clock. */
	SHOW_TIME,
	SHOW_BSDTIME,
	SHOW_TIMES,
	SHOW_ETIME,
	SHOW_ETIMES,
	SHOW_START,
	SHOW_STARTED,
	SHOW_BSDSTART,
	SHOW_LSTART,
	SHOW_C,
	SHOW_CPU,
	SHOW_CP,
	SHOW_CUU,
	SHOW_CUC,
	/* Text. */
	SHOW_TEXTS,
	SHOW_STATE = SHOW_TEXTS,
	SHOW_STAT,
	SHOW_COMM,
	SHOW_ARGS,
	SHOW_FNAME,
	SHOW_USER,  /* of: the member */
	SHOW_GROUP, /* of: the member */
	SHOW_SUPGID,
	SHOW_SUPGRP,
	SHOW_MASK, /* of: enum ps_mask */
	SHOW_PCAPS,
	SHOW_CHAIN, /* of: enum ps_chain */
	SHOW_NONE,
	/* From here on they are read from files of their own: show-file.c. */
	SHOW_FILES,
	SHOW_FILE = SHOW_FILES, /* of: enum ps_number */
	SHOW_FDS,
	SHOW_NUMA,
	SHOW_NS, /* of: enum ns_kind */
	SHOW_NSCHILD,
	SHOW_NSINIT,
	SHOW_PIDINO,
	SHOW_FILE_TEXTS,
	SHOW_TTY = SHOW_FILE_TEXTS, /* of: TTY_LONG or TTY_SHORT */
	SHOW_WCHAN,
	SHOW_EXE,
	SHOW_ENVIRON,
	SHOW_LABEL,
	SHOW_CGROUP, /* of: enum ps_cgroup */
	SHOW_REAPER,
	SHOW_SIGTERM,
};

/* Lines of /proc/PID/status. */
enum ps_mask { MASK_THREAD, MASK_PENDING, MASK_BLOCKED, MASK_IGNORED, MASK_CAUGHT, MASK_PERMITTED };
enum ps_chain { CHAIN_TGID, CHAIN_PGID, CHAIN_SID, CHAIN_PID };

/* Reads what the columns need of the machine. */
void ps_facts(struct ps *ps, unsigned need);
/* Writes one cell of a struct ps_row: the `show` of the table; that of JSON. */
void ps_show(struct out_table *t, const struct out_col *col, const void *row);
void ps_show_file(struct out_table *t, const struct out_col *col, const struct ps_row *row);
void ps_show_json(struct out_table *t, const struct out_col *col, const struct ps_row *row);
/* The value, whatever is printed of it: a number in the unit of the table, but of times in ticks
 * and of what is too large for it with its digits as text; a text that is not escaped. Texts are
 * valid until the next call. */
void ps_value(const struct out_col *col, const struct ps_row *row, struct filter_value *v);
void ps_value_file(const struct out_col *col, const struct ps_row *row, struct filter_value *v);
/* That by which procps sorts. */
void ps_key(const struct out_col *col, const struct ps_row *row, struct filter_value *v);
/* The bytes of one, where the number is a size; 0. */
unsigned ps_unit(const struct out_col *col);
/* Whether it shows when a process has started, which is printed in a form of its own. */
int ps_is_date(const struct out_col *col);
/* What is printed of a number that is no date, in text[PS_NUMBER]; its length. */
#define PS_NUMBER 40
const char *ps_number(const struct out_col *col, const struct ps_row *row, char *text, size_t *len);

/* ---- parts of these */

/* A number in at least so many digits, written before `end`: where it begins. */
char *ps_digits(char *end, uint64_t v, unsigned least);
/* Blanks in front of it: procps writes some figures with a width of their own. */
char *ps_pad(char *p, const char *end, int width);

/* A column from SHOW_TIME on: its number, what is printed of it before `end`, and of a date. */
void ps_value_time(const struct out_col *col, const struct ps_row *row, struct filter_value *v);
char *ps_time_text(char *end, const struct out_col *col, const struct ps_row *row,
                   const struct filter_value *v);
const char *ps_date_text(const struct out_col *col, const struct ps_row *row, size_t *len);
int64_t ps_share_key(const struct out_col *col, const struct ps_row *row);
/* Per mille as a percentage with one decimal, from 100 on without; written before `end`. */
char *ps_percent(char *end, uint64_t permille);

/* localtime_r(3); what is too far off for a calendar, as a /proc that is no kernel's may have it,
 * is the first moment there is. */
void ps_local_time(time_t when, struct tm *tm);
/* Writes a local time by a format of strftime(3), cut to `size` with a NUL; returns its length. */
size_t ps_date(char *to, size_t size, const char *format, time_t when);

/* A column from SHOW_TEXTS on: its value, and its cell. */
void ps_value_text(const struct out_col *col, const struct ps_row *row, struct filter_value *v);
void ps_show_text(struct out_table *t, const struct out_col *col, const struct ps_row *row);

#endif
