/* SPDX-License-Identifier: 0BSD */
/*
 * What the parts of ps share. parse.c and format.c turn words into struct ps_args and columns, and
 * ask nobody; select.c says who is meant; ps.c, thread.c, sort.c and forest.c bring the rows into
 * order; show*.c write what stands in them.
 */
#ifndef PS_H
#define PS_H

#include "ns.h"
#include "opt.h"
#include "out.h"
#include "pidns.h"
#include "proc.h"
#include "tree.h"
#include "user.h"

/* Of a column (columns.h), besides the flags of out.h. */
enum {
	PS_ONLY_PROCESS = OUT_OWN,     /* of a process: "-" in the lines that m gives to threads */
	PS_ONLY_THREAD = OUT_OWN << 1, /* of a thread: "-" in the line that m gives to a process */
	PS_PID = OUT_OWN << 2,         /* as wide as the greatest number of a process */
	PS_SIGNAL = OUT_OWN << 3,      /* 16 wide where the screen has room */
	PS_NAME = OUT_OWN << 4,        /* a name to the left; with `n` to the right */
	PS_TREE = OUT_TREE,            /* takes the lines of the forest */
};

/* What a column needs besides the files of enum proc_want, which have the bits below. */
enum { NEED_TREE = 1 << 15 };

/* ---- the words of the command line */

/* What one list of processes is about; up to sessions in the order of enum ps_do. */
enum ps_kind {
	PS_KIND_COMMAND,
	PS_KIND_EGROUP,
	PS_KIND_RGROUP,
	PS_KIND_EUSER,
	PS_KIND_RUSER,
	PS_KIND_PID,
	PS_KIND_QUICK,
	PS_KIND_PPID,
	PS_KIND_SID,
	PS_KIND_PGID,
	PS_KIND_TTY,
};

/* One member of a list. */
struct ps_item {
	enum ps_kind kind;
	uint32_t number;
	const char *text; /* PS_KIND_COMMAND */
	size_t len;
};

enum ps_simple {
	PS_ALL = 1,    /* -A -e */
	PS_SYSV_A = 2, /* -a */
	PS_SYSV_D = 4, /* -d */
	PS_BSD_A = 8,  /* a */
	PS_BSD_X = 16, /* x */
	PS_BSD_G = 32, /* g */
};

enum ps_format {
	PS_FMT_SYSV_F = 1,
	PS_FMT_SYSV_L = 2,
	PS_FMT_J = 4,
	PS_FMT_L = 8,
	PS_FMT_S = 16,
	PS_FMT_U = 32,
	PS_FMT_V = 64,
	PS_FMT_X = 128,
	PS_FMT_M = 256, /* m of old */
	PS_FMT_CONTEXT = 512,
};

enum ps_modifier {
	PS_MOD_C = 1,  /* -c */
	PS_MOD_J = 2,  /* -j */
	PS_MOD_Y = 4,  /* -y */
	PS_MOD_M = 8,  /* -M -Z Z */
	PS_MOD_P = 16, /* -P */
	PS_MOD_F = 32, /* -F */
};

enum ps_threads {
	PS_THREAD_L = 1,      /* -L */
	PS_THREAD_T = 2,      /* -T */
	PS_THREAD_SYSV_M = 4, /* -m */
	PS_THREAD_BSD_M = 8,  /* m */
	PS_THREAD_H = 16,     /* H */
};
#define PS_THREAD_M (PS_THREAD_SYSV_M | PS_THREAD_BSD_M)

enum ps_forest { PS_FOREST_NONE, PS_FOREST_LINES, PS_FOREST_INDENT };

/* What is printed instead of processes. */
enum ps_print { PS_PRINT_LIST, PS_PRINT_HELP, PS_PRINT_VERSION, PS_PRINT_COLUMNS };

/* A list of columns, or of columns to sort by. */
enum ps_spec_kind { PS_SPEC_FORMAT, PS_SPEC_SYSV_O, PS_SPEC_BSD_O, PS_SPEC_SORT };

struct ps_spec {
	enum ps_spec_kind kind;
	const char *text;
};

#define PS_KEYS 32

struct ps_key {
	const struct out_col *col;
	int down, text; /* text: its values are */
};

/* What the words say. */
struct ps_args {
	unsigned simple, format, modifiers, threads;
	int bsd;           /* a word in BSD's way: its defaults */
	int listed, quick; /* there was a list; it was that of -q */
	int negate, running, zombies, forest, print;
	int bare, full, env, numeric, cumulative, signames; /* c -f e n S --signames */
	int wide;                                           /* how many w */
	int header, no_header, json;
	int busybox;           /* the table is busybox's */
	int ignored;           /* what is wrong with PS_FORMAT, which is passed over */
	size_t columns, lines; /* 0: not given */
	const char *date_format, *delimiter, *proc_path;
	const char *pidns, *in; /* a REF */
	const char *filter;     /* an expression */
	int below;              /* --pidns-tree: and those below */
	struct str items;       /* struct ps_item */
	struct str specs;       /* struct ps_spec */
	struct str text;        /* headers */
	int words;              /* how many there are */
	struct ps_key keys[PS_KEYS];
	unsigned key_count;
};

/* What is wrong, and how procps says it. */
#define PS_WRONGS(E) \
	E(NONE, "") \
	E(GARBAGE, "garbage option") \
	E(SYSV, "unsupported SysV option") \
	E(BSD, "unsupported option (BSD syntax)") \
	E(GNU, "unknown gnu long option") \
	E(NO_ARGUMENT, "does not take an argument") \
	E(SYSV_DASH, "embedded '-' among SysV options makes no sense") \
	E(BSD_DASH, "embedded '-' among BSD options makes no sense") \
	E(EXCLUSIVE, "the option is exclusive") \
	E(PERSON_X, "must set personality to get -x option") \
	E(DRUM, "obsolete W option not supported (you have a /dev/drum?)") \
	E(HEADINGS, "only one heading option may be specified") \
	E(PID_SYNTAX, "process ID list syntax error") \
	E(PID_RANGE, "process ID out of range") \
	E(REF, "") \
	E(SESSIONS, "list of session leaders OR effective group IDs was invalid") \
	E(USER, "user name does not exist") \
	E(USER_RANGE, "user ID out of range") \
	E(GROUP, "group name does not exist") \
	E(GROUP_RANGE, "group ID out of range") \
	E(TTY, "TTY could not be found") \
	E(NO_TTY, "list member was not a TTY") \
	E(LIST, "improper list") \
	E(QUICK_ONCE, "q/-q/--quick-pid can only be used once.") \
	E(QUICK_OTHER, "q/-q/--quick-pid cannot be combined with other selection options.") \
	E(QUICK_FOREST, "q/-q/--quick-pid cannot be used together with forest type listings.") \
	E(QUICK_SORT, "q/-q,--quick-pid cannot be used together with sort options.") \
	E(QUICK_NEGATE, "q/-q/--quick-pid cannot be used together with negation switches.") \
	E(SELECTION, "process selection options conflict") \
	E(THREAD_FOREST, "thread display conflicts with forest display") \
	E(THREAD_H, "thread flags conflict; can't use H with m or -m") \
	E(THREAD_M, "thread flags conflict; can't use both m and -m") \
	E(THREAD_LT, "thread flags conflict; can't use both -L and -T") \
	E(THREAD_FORMAT, "-L/-T with H/m/-m and -o/-O/o/O is nonsense") \
	E(SORTS, "multiple sort options") \
	E(SORT_KEY, "unknown sort specifier") \
	E(SORT_LIST, "improper sort list") \
	E(SORT_EMPTY, "empty sort list") \
	E(SORT_CODE, "bad sorting code") \
	E(FORMAT_LIST, "improper format list") \
	E(FORMAT_EMPTY, "empty format list") \
	E(FORMAT_AIX, "unknown AIX field descriptor") \
	E(AIX_TEXT, "improper AIX field descriptor") \
	E(AIX_END, "missing AIX field descriptor") \
	E(FORMAT_NAME, "unknown user-defined format specifier") \
	E(FORMAT_WIDTH, "column widths must be unsigned decimal numbers") \
	E(FORMAT_MACRO, "can not set width for a macro (multi-column) format specifier") \
	E(FORMAT_O, "option -O can not follow other format options") \
	E(FORMAT_BSD_O, "option O is neither first format nor sort order") \
	E(FORMATS, "conflicting format options") \
	E(MODIFIERS, "can not use output modifiers with user-defined output") \
	E(FORMAT_Y, "modifier -y without format -l makes no sense") \
	E(TOO_MANY, "too many columns") \
	E(COLUMNS, "number of columns must follow --cols, --width, or --columns") \
	E(LINES, "number of rows must follow --rows or --lines") \
	E(DELIMITER, "delimiter must be a single character") \
	E(MISSING, "must follow") \
	E(MEMORY, "out of memory")
#define PS_WRONG_NAME(name, text) PS_WRONG_##name,
enum ps_wrong { PS_WRONGS(PS_WRONG_NAME) };

#define PS_WORD 64

struct ps_error {
	enum ps_wrong code;
	int err;             /* PS_WRONG_REF: what pid_resolve said */
	const char *noun;    /* PS_WRONG_MISSING: what */
	int quick;           /* and the option was -q, whose message ends in a dot */
	char about[PS_WORD]; /* the word, or the part of it that is wrong; cut */
};

/* The text for a code, without the word. */
const char *ps_wrong_text(enum ps_wrong code);

enum ps_name { PS_NAME_USER, PS_NAME_GROUP, PS_NAME_TTY, PS_NAME_PROCESS };

/* What the parser cannot know by itself. */
struct ps_world {
	const struct opt_table *opts;
	unsigned person;            /* enum ps_person */
	const char *default_format; /* PS_FORMAT */
	/* The number behind the name of a user, group, terminal or process: 0, or -ENOENT, -ENOTTY
	 * and what pid_resolve returns. */
	int (*look_up)(void *context, enum ps_name what, const char *name, uint32_t *number);
	void *context;
};

/* PS_PERSONALITY, of which only this makes a difference. */
enum ps_person {
	PS_PERSON_BSD = 1,      /* every word is in BSD's way */
	PS_PERSON_OLD_M = 2,    /* m is a format */
	PS_PERSON_LINUX = 4,    /* -f has USER, -l has P */
	PS_PERSON_HP_X = 8,     /* -x is wide and full */
	PS_PERSON_SVR4_X = 16,  /* -x is -y */
	PS_PERSON_BUSYBOX = 32, /* all processes, as PID USER TIME COMMAND */
	PS_PERSON_HEADERS = 64, /* h repeats the header */
	PS_PERSON_BSD_FORMATS = 128,
};

/* Pure: the personality of that name. -EINVAL when there is none. */
int ps_person(const char *name, unsigned *person);

/* Pure: what argv[1..] says, and the columns of `table`; when it makes no sense as a mixture of the
 * three syntaxes, what it says in BSD's alone, and if that fails too what was wrong at first. 0, or
 * -EINVAL with *e. `a` is to be freed in any case. */
int ps_parse(const struct ps_world *w, char **argv, struct out_table *table, struct ps_args *a,
             struct ps_error *e);
void ps_args_free(struct ps_args *a);

/* ---- parts of the parser */

struct ps_parser {
	const struct ps_world *w;
	struct out_table *table;
	struct ps_args *a;
	struct ps_error *e;
	char **word;      /* the one being read */
	const char *rest; /* of a cluster, behind the letter */
	int as_bsd;       /* -x is read as x */
	int second;       /* because that made no sense otherwise */
	int lettered;     /* the columns come from letters, not from a list */
};

/* Fills in the error; returns its code. */
int ps_fail(struct ps_parser *p, enum ps_wrong code, const char *about, size_t len);

/* These return 0 or the code of an error. One list of processes: */
int ps_list(struct ps_parser *p, enum ps_kind kind, const char *list);
/* -g, which takes sessions or groups */
int ps_list_g(struct ps_parser *p, const char *list);
/* whether what is selected can be */
int ps_check_selection(struct ps_parser *p);
/* a list of columns, once all options are known: */
int ps_pick_columns(struct ps_parser *p);
int ps_sort_list(struct ps_parser *p, const char *list);
int ps_sort_letters(struct ps_parser *p, const char *letters);

/* ---- which processes */

struct ps;
struct ps_row;

/* What select.c has to know of a process to tell. */
unsigned ps_select_needs(const struct ps_args *a);
/* Whether it depends on who asks. */
int ps_asks_self(const struct ps_args *a);
/* Whether the words mean this process, given who asks (NULL when that does not matter), and whether
 * --pidns does. */
int ps_selects(const struct ps_args *a, const struct proc *self, const struct proc *p, int in_ns);
/* The processes named, when there is nothing else to ask; NULL: all must be looked at. */
const struct ps_item *ps_named(const struct ps_args *a, size_t *count);

/* ---- at work */

#include "show.h"

/* One process, or with H one thread, whose turn comes when all are known: 32 bytes and 8 a key. */
struct ps_record {
	size_t place; /* of its rows, by out_hold */
	uint64_t start_ticks;
	pid_t pid, ppid;
	unsigned rows;
	unsigned char done, kernel_thread;
	int64_t key[]; /* a number, or where the text begins in ps->key_texts */
};

struct ps {
	struct ps_args opt;
	struct out_table table;
	struct user_db users, groups;
	int proc;
	struct tree tree;
	struct str line; /* a command line being written */
	struct str text; /* a command line as read */
	struct ps_facts facts;
	struct proc self; /* who asks */
	unsigned need;
	int hide_kernel; /* LIBPROC_HIDE_KERNEL */
	struct str why;  /* candidates of a REF */
	/* in order */
	struct str records, key_texts, order;
	size_t record_size, record_count;
	struct pidns ns, only; /* --in; --pidns, --pidns-tree */
	struct filter filter;
};

/* Whether --in is given. */
static inline int ps_is_in(const struct ps *ps)
{
	return CFG_PS_IN && ps->opt.in;
}

/* What `show` gets. */
struct ps_row {
	struct ps *ps;
	const struct proc
		*p; /* pid is the process even for a thread; the rest as read from below */
	pid_t tid;  /* the thread, p->pid for a process */
	int dir;    /* the mount of proc, or /proc/PID/task: files are read at "ID/FILE" */
	pid_t id;
	size_t node; /* in the tree, when a column needs it */
	enum ps_line { PS_LINE, PS_LINE_PROCESS, PS_LINE_THREAD } line; /* of m: whose line */
};

/* Whether the cell is empty: in the lines of m those of the other kind are. */
static inline int ps_is_empty(const struct out_col *col, const struct ps_row *r)
{
	return (r->line == PS_LINE_PROCESS && (col->flags & PS_ONLY_THREAD)) ||
	       (r->line == PS_LINE_THREAD && (col->flags & PS_ONLY_PROCESS));
}

/* --filter: reads the expression, or ends the program; whether it is true of a row. */
void ps_filter_open(struct ps *ps);
int ps_filter(const struct ps_row *row);

static inline int ps_passes(const struct ps_row *row)
{
	return !CFG_PS_FILTER || !row->ps->opt.filter || ps_filter(row);
}

/* What has to be read for the columns, and how wide they are. */
void ps_find_needs(struct ps *ps);
void ps_set_table(struct ps *ps);

/* These end the program when something is wrong with the machine. */

/* Offers those that the words may mean. 0, -errno. */
int ps_walk(struct ps *ps);

/* Whether the words mean a process, or a thread, which has names and states of its own. */
int ps_means(struct ps *ps, const struct proc *p, pid_t outer);
/* Prints a selected process or what belongs to it, or keeps it until the order is known. */
void ps_offer(struct ps *ps, const struct proc *p, pid_t outer);
/* Its threads, each as a row; with `keep` each as a record of its own. */
void ps_threads(struct ps *ps, pid_t outer, enum ps_line line);
/* One row, kept or printed. */
void ps_one_row(struct ps *ps, const struct ps_row *row);
/* A new record, whose rows follow. */
void ps_new_record(struct ps *ps, const struct ps_row *row);
int ps_keeps(const struct ps *ps);

/* Puts the records into order and prints them. 0, -ENOMEM. */
int ps_print_sorted(struct ps *ps);
int ps_print_forest(struct ps *ps);
/* The records in the order of the keys: their numbers in ps->order. 0, -ENOMEM. */
int ps_sort_records(struct ps *ps);
struct ps_record *ps_record_at(const struct ps *ps, size_t i);

#endif
