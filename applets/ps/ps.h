/* SPDX-License-Identifier: 0BSD */
/* What the two halves of ps share: ps.c chooses, show.c writes. */
#ifndef PS_H
#define PS_H

#include "ns.h"
#include "out.h"
#include "tree.h"
#include "user.h"

#include <time.h>

/* What a column may need besides the files of enum proc_want. */
enum { NEED_TREE = 1 << 8, NEED_PID_WIDTH = 1 << 9 };

enum ps_select { SELECT_TTY, SELECT_ALL, SELECT_LIST };
enum ps_format { FORMAT_SYSV, FORMAT_BSD, FORMAT_FULL, FORMAT_USER };

struct ps {
	int select, format, no_header, bsd_a, bsd_x, wide;
	const char *proc_path;
	struct str pid_words; /* the words of -p, each ended by a comma */
	struct str pids;      /* the pid_t of them */
	struct str line;      /* a command line being written */
	struct out_table table;
	struct user_db users;
	int proc;
	struct tree tree;
	uint64_t boot_ns, ticks_per_second, memory_kb;
	time_t now, boot_time;
	struct proc self;
	unsigned long printed;
};

/* What `show` gets. */
struct ps_row {
	struct ps *ps;
	const struct proc *p;
	size_t node; /* in the tree, when a column needs it */
};

/* What a column shows. The first four: the member of struct proc at its `of`. */
enum ps_show {
	SHOW_INT,
	SHOW_ID,
	SHOW_LONG,
	SHOW_U64,
	SHOW_USER,
	SHOW_COMM,
	SHOW_ARGS,
	SHOW_TTY,
	SHOW_STATE,
	SHOW_STAT,
	SHOW_NICE,
	SHOW_PRI,
	SHOW_TIME,
	SHOW_BSDTIME,
	SHOW_ETIME,
	SHOW_ETIMES,
	SHOW_START,
	SHOW_C,
	SHOW_CPU,
	SHOW_MEM,
	SHOW_NSPID,
	SHOW_NSLEVEL,
	SHOW_NSINIT,
	SHOW_NS /* of: enum ns_kind */
};

/* Writes one cell of a struct ps_row: the `show` of the table. */
void ps_show(struct out_table *t, const struct out_col *col, const void *row);

#endif
