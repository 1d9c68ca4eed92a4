/* SPDX-License-Identifier: 0BSD */
/*
 * Expressions over the columns of a list: the language of lsns -Q (scols-filter(5)).
 *
 *     == != < <= > >= (eq ne lt le gt ge)   =~ !~ "regex" (regex(7))
 *     and or not (&& || !)   ( )   "text" 'text'   columns, in any case
 *     12  12.5  -1  10:00  1-02:03:04 (in seconds)
 *     4K  4KiB  4KB (K M G T P E: times 1024, with B alone 1000; bytes where a size is meant)
 *
 * What a row does not show is unknown, and so is what is said about it, also its contrary.
 */
#ifndef FILTER_H
#define FILTER_H

#include <regex.h>
#include <stdint.h>

#include "str.h"

enum filter_kind {
	FILTER_UNKNOWN,
	FILTER_NUMBER,
	FILTER_TEXT,
	FILTER_NAME, /* a text that stands for a number, as that of a user: both are meant */
};

/* What a column shows of a row; its text is valid until the next one is asked for. */
struct filter_value {
	enum filter_kind kind;
	int64_t number;
	uint64_t scale;   /* of which so many make one; 0 is 1 */
	unsigned unit;    /* of a size: the bytes of one; 0: it is none */
	const char *text; /* of a number: how it is printed; NULL: in digits */
	size_t len;
};

/* Reads what is printed as a number, as the language has them: then *v is that number with this
 * text, else -EINVAL and it is the text. */
int filter_number(const char *text, size_t len, struct filter_value *v);

#define FILTER_REGEXES 16
#define FILTER_DEPTH 64 /* of parentheses and not */

struct filter {
	struct str code, text; /* of the parser's own */
	struct str line[2];    /* what is being compared */
	regex_t regex[FILTER_REGEXES];
	int regexes;
};

struct filter_error {
	size_t at, len; /* the word of the expression that it is about; len 0: its end */
	const char *what;
};

/* Reads an expression. `column` gives the number of a column of that name, or -1. -EINVAL with *e,
 * -ENOMEM. Is to be freed in any case. */
int filter_parse(struct filter *f, const char *text,
                 int (*column)(void *context, const char *name, size_t len), void *context,
                 struct filter_error *e);

/* Whether it is true of a row, of which `value` tells: 1 or 0; -ENOMEM. */
int filter_match(struct filter *f, void (*value)(void *context, int column, struct filter_value *v),
                 void *context);
void filter_free(struct filter *f);

#endif
