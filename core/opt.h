/* SPDX-License-Identifier: 0BSD */
/*
 * Option rows: one row is the letter, the long name, the argument, where the value goes and the
 * help. Parsing, --help, the man page (scripts/docs.awk reads the same rows) and the README come
 * from it. The syntax is that of getopt_long(3): clusters, glued values, --name=VALUE, unambiguous
 * abbreviations, "--".
 */
#ifndef OPT_H
#define OPT_H

#include <stddef.h>
#include <stdint.h>

#include "config.h"

enum opt_kind {
	OPT_SET,     /* int at `to` = value */
	OPT_OR,      /* unsigned at `to` |= value */
	OPT_TEXT,    /* const char * at `to` = the argument, "" for an optional one not given */
	OPT_CALL,    /* the table's function is called, in the order of the command line */
	OPT_HELP,    /* print --help, exit 0 */
	OPT_VERSION, /* print the version, exit 0 */
	/* Added to one of these: no peer has it, or none of the versions in use. It does not make
	 * ambiguous what abbreviates an option of theirs. */
	OPT_OWN = 128,
};

/*
 * An applet writes its rows once, as a macro over two macros (OPT for a row with a place to go to,
 * OPT_ for one without), of which OPT_TABLE makes two arrays: numbers, and one text that holds
 * "long\0ARG\0help\0" of each row in the same order. A table of pointers would cost 32 bytes a row
 * more in a static PIE, for the relocation.
 *
 *     #define OPTS struct nsenter
 *     #define ROWS(OPT, OPT_) \
 *             OPT('t', "target", "PID", OPT_TEXT, target, 0, "the process to enter") \
 *             OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit")
 *     OPT_TABLE(rows, ROWS);
 *
 * ARG is "" for no argument, "ARG" for one that is required, "[=ARG]" for an optional one.
 */
struct opt {
	unsigned short to; /* offset into the applet's struct */
	unsigned char kind;
	char letter; /* 0: only the long name */
	short value;
};

#define OPT_ROW(letter, name, arg, kind, to, value, help) \
	{ offsetof(OPTS, to), kind, letter, value },
#define OPT_ROW_(letter, name, arg, kind, value, help) { 0, kind, letter, value },
#define OPT_STRINGS(letter, name, arg, kind, to, value, help) name "\0" arg "\0" IF_HELP(help) "\0"
#define OPT_STRINGS_(letter, name, arg, kind, value, help) name "\0" arg "\0" IF_HELP(help) "\0"
#define OPT_TABLE(id, ROWS) \
	static const struct opt id[] = { ROWS(OPT_ROW, OPT_ROW_) }; \
	static const char id##_text[] = ROWS(OPT_STRINGS, OPT_STRINGS_)

enum opt_flags {
	OPT_STOP = 1,   /* parsing stops at the first operand (else operands may stand anywhere) */
	OPT_DIGITS = 4, /* a word like -123 is an operand */
	OPT_BLOCK = 8,  /* main blocks all signals before anything else (struct run) */
	OPT_GLUED = 2,  /* a letter takes an optional argument too, when it is glued: -m/path */
};

struct opt_table {
	const struct opt *rows;
	const char *text;
	int count;
	unsigned char flags;
	unsigned char usage_exit; /* status after a wrong option */
	/* for OPT_CALL, with the row's value; arg is NULL for an optional argument not given */
	void (*call)(void *to, int value, const char *arg);
};

struct applet;

/* Parses argv[1..] into `to`. Returns the operands, NULL-terminated (argv is reordered). On a wrong
 * option: one line, a hint to --help, exit. */
char **opt_parse(const struct applet *a, char **argv, void *to);

/* One line about wrong use, the hint to --help, exit with the applet's usage status. */
__attribute__((noreturn, format(printf, 2, 3))) void opt_misuse(const struct applet *a,
                                                                const char *format, ...);

/* Only the hint to --help, and the exit. */
__attribute__((noreturn)) void opt_hint(const struct applet *a);

/* A user or group id, or the end of the program: "failed to parse WHAT: 'TEXT'". */
uint32_t opt_id(const char *text, const char *what);

/* Prints --help of an applet to a descriptor. 0 or -errno. */
int opt_help(const struct applet *a, int fd);

/* The end of an option that only prints: exit 0, or 1 with a line when `r` says that the output
 * was lost, as on a full disk. */
__attribute__((noreturn)) void opt_printed(int r);

#endif
