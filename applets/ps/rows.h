/* SPDX-License-Identifier: 0BSD */
/* The option rows of ps: what the SysV letters and the long names do. BSD's letters are in parse.c,
 * since a row has one letter. */
#ifndef PS_ROWS_H
#define PS_ROWS_H

/* What an option does; from PS_DO_ARG on it takes an argument. */
enum ps_do {
	PS_DO_ALL,
	PS_DO_SYSV_A,
	PS_DO_SYSV_D,
	PS_DO_BSD_A,
	PS_DO_BSD_X,
	PS_DO_BSD_G,
	PS_DO_RUNNING,
	PS_DO_NEGATE,
	PS_DO_ZOMBIES,
	PS_DO_SYSV_L,
	PS_DO_FMT_J,
	PS_DO_FMT_L,
	PS_DO_FMT_S,
	PS_DO_FMT_U,
	PS_DO_FMT_V,
	PS_DO_FMT_X,
	PS_DO_FMT_M,
	PS_DO_CONTEXT,
	PS_DO_MOD_C,
	PS_DO_MOD_J,
	PS_DO_MOD_Y,
	PS_DO_MOD_M,
	PS_DO_MOD_P,
	PS_DO_THREAD_L,
	PS_DO_THREAD_T,
	PS_DO_THREAD_SYSV_M,
	PS_DO_THREAD_BSD_M,
	PS_DO_THREAD_H,
	PS_DO_BARE,
	PS_DO_ENV,
	PS_DO_NUMERIC,
	PS_DO_CUMULATIVE,
	PS_DO_SIGNAMES,
	PS_DO_JSON,
	PS_DO_HELP,
	PS_DO_SET, /* so far each sets one bit of a member: parse.c has a table */
	PS_DO_THIS_TTY = PS_DO_SET,
	PS_DO_SYSV_F,
	PS_DO_EXTRA_F,
	PS_DO_SYSV_X,
	PS_DO_FOREST,
	PS_DO_INDENT,
	PS_DO_WIDE,
	PS_DO_BSD_H,
	PS_DO_HEADERS,
	PS_DO_NO_HEADERS,
	PS_DO_COLUMNS,
	PS_DO_VERSION,
	PS_DO_DRUM,
	PS_DO_ARG,
	PS_DO_COMMANDS = PS_DO_ARG,
	PS_DO_EGROUPS,
	PS_DO_RGROUPS,
	PS_DO_EUSERS,
	PS_DO_RUSERS,
	PS_DO_PIDS,
	PS_DO_QUICK,
	PS_DO_PPIDS,
	PS_DO_SIDS,
	PS_DO_SYSV_G,
	PS_DO_TTYS,
	PS_DO_BSD_TTYS,
	PS_DO_PIDNS,
	PS_DO_PIDNS_TREE,
	PS_DO_IN,
	PS_DO_FILTER,
	PS_DO_FORMAT,
	PS_DO_SYSV_O,
	PS_DO_BSD_O,
	PS_DO_SORT,
	PS_DO_DATE,
	PS_DO_WIDTH,
	PS_DO_LINES,
	PS_DO_DELIMITER,
	PS_DO_PROC,
	PS_DO_END,
};

#define OPTS struct ps_args
#define ROWS(OPT, OPT_) \
	OPT_('A', "", "", OPT_CALL, PS_DO_ALL, "all processes") \
	OPT_('e', "", "", OPT_CALL, PS_DO_ALL, "the same") \
	OPT_('a', "", "", OPT_CALL, PS_DO_SYSV_A, "all with a terminal but session leaders") \
	OPT_('d', "", "", OPT_CALL, PS_DO_SYSV_D, "all but session leaders") \
	OPT_('N', "deselect", "", OPT_CALL, PS_DO_NEGATE, \
	     "all but those that the other options select") \
	OPT_('C', "", "NAME", OPT_CALL, PS_DO_COMMANDS, "those of these names") \
	OPT_('p', "pid", "PID", OPT_CALL, PS_DO_PIDS, \
	     "these: PID, or PID@REF; so in each list of processes") \
	OPT_('q', "quick-pid", "PID", OPT_CALL, PS_DO_QUICK, "these, in this order") \
	OPT_(0, "ppid", "PID", OPT_CALL, PS_DO_PPIDS, "the children of these") \
	OPT_('s', "sid", "PID", OPT_CALL, PS_DO_SIDS, "those of these sessions") \
	OPT_('g', "", "GROUP", OPT_CALL, PS_DO_SYSV_G, \
	     "those of these sessions or, by name, effective groups") \
	OPT_('t', "tty", "TTY", OPT_CALL, PS_DO_TTYS, "those on these terminals; -: on none") \
	OPT_('u', "user", "USER", OPT_CALL, PS_DO_EUSERS, "those of these effective users") \
	OPT_('U', "User", "USER", OPT_CALL, PS_DO_RUSERS, "those of these real users") \
	OPT_(0, "group", "GROUP", OPT_CALL, PS_DO_EGROUPS, "those of these effective groups") \
	OPT_('G', "Group", "GROUP", OPT_CALL, PS_DO_RGROUPS, "those of these real groups") \
	OPT_(0, "pidns", "REF", OPT_CALL, PS_DO_PIDNS, "only those in this PID namespace") \
	OPT_(0, "pidns-tree", "REF", OPT_CALL, PS_DO_PIDNS_TREE, "or in one below it") \
	IF_PS_IN(OPT_(0, "in", "REF", OPT_CALL, PS_DO_IN, \
	              "all numbers, and only those processes, as this PID namespace sees them")) \
	IF_PS_FILTER( \
		OPT_(0, "filter", "EXPR", OPT_CALL, PS_DO_FILTER, \
	             "of those the rows of which this is true, as 'rss > 10M and user != 0'")) \
	OPT_(0, "zombies", "", OPT_CALL, PS_DO_ZOMBIES, "only zombies") \
	OPT_('f', "", "", OPT_CALL, PS_DO_SYSV_F, "full format") \
	OPT_('F', "", "", OPT_CALL, PS_DO_EXTRA_F, "fuller format") \
	OPT_('l', "", "", OPT_CALL, PS_DO_SYSV_L, "long format") \
	OPT_('y', "", "", OPT_CALL, PS_DO_MOD_Y, "-l without F, with RSS instead of ADDR") \
	OPT_('j', "", "", OPT_CALL, PS_DO_MOD_J, "with process group and session") \
	OPT_('c', "", "", OPT_CALL, PS_DO_MOD_C, "with the scheduling class") \
	OPT_('P', "", "", OPT_CALL, PS_DO_MOD_P, "with the processor") \
	OPT_('M', "", "", OPT_CALL, PS_DO_MOD_M, "with the security label") \
	OPT_('Z', "", "", OPT_CALL, PS_DO_MOD_M, "the same") \
	OPT_(0, "context", "", OPT_CALL, PS_DO_CONTEXT, "the format of the security label") \
	OPT_('o', "format", "COLUMN", OPT_CALL, PS_DO_FORMAT, \
	     "these columns: a list of NAME[:WIDTH][=HEADER]; repeatable") \
	OPT_('O', "", "COLUMN", OPT_CALL, PS_DO_SYSV_O, "the usual columns and these") \
	OPT_('L', "", "", OPT_CALL, PS_DO_THREAD_L, "threads, with LWP and NLWP") \
	OPT_('T', "", "", OPT_CALL, PS_DO_THREAD_T, "threads, with SPID") \
	OPT_('m', "", "", OPT_CALL, PS_DO_THREAD_SYSV_M, "threads below each process") \
	OPT_(0, "forest", "", OPT_CALL, PS_DO_FOREST, "children below their parents") \
	OPT_('H', "", "", OPT_CALL, PS_DO_INDENT, "the same without lines") \
	OPT_(0, "sort", "COLUMN", OPT_CALL, PS_DO_SORT, "sort by these: a list of [+|-]NAME") \
	OPT_('w', "", "", OPT_CALL, PS_DO_WIDE, "132 columns; twice: no limit") \
	OPT_(0, "columns", "N", OPT_CALL, PS_DO_WIDTH, "so wide (--cols, --width)") \
	OPT_(0, "lines", "N", OPT_CALL, PS_DO_LINES, "so high, for --headers (--rows)") \
	OPT_(0, "headers", "", OPT_CALL, PS_DO_HEADERS, "a header on each screen") \
	OPT_(0, "no-headers", "", OPT_CALL, PS_DO_NO_HEADERS, "none") \
	OPT_(0, "delimiter", "CHAR", OPT_CALL, PS_DO_DELIMITER, \
	     "this character between the columns, which are not padded") \
	OPT_(0, "cumulative", "", OPT_CALL, PS_DO_CUMULATIVE, "with the times of dead children") \
	OPT_(0, "signames", "", OPT_CALL, PS_DO_SIGNAMES, "signals by name") \
	OPT_('D', "date-format", "FORMAT", OPT_CALL, PS_DO_DATE, "of lstart: strftime(3)") \
	IF_JSON(OPT_(0, "json", "", OPT_CALL, PS_DO_JSON, "an array of objects")) \
	OPT_(0, "proc", "DIR", OPT_CALL, PS_DO_PROC, \
	     "read another mount of proc, or a recorded one") \
	OPT_('x', "", "", OPT_CALL, PS_DO_SYSV_X, "as PS_PERSONALITY has it") \
	OPT_(0, "help", "", OPT_CALL, PS_DO_HELP, "show this help and exit") \
	OPT_('V', "version", "", OPT_CALL, PS_DO_VERSION, "show the version and exit")

#endif
