/* SPDX-License-Identifier: 0BSD */
/* --sort, k, and the letters of BSD's O: what they say. */
#include "ps.h"
#include "sys.h"

#include <string.h>

static int add_key(struct ps_parser *p, const char *name, size_t len, int down)
{
	struct ps_args *a = p->a;
	const struct out_col *col = out_find(p->table, name, len);

	if (!col)
		return ps_fail(p, PS_WRONG_SORT_KEY, name, len);
	if (a->key_count == PS_KEYS)
		return ps_fail(p, PS_WRONG_TOO_MANY, name, len);
	a->keys[a->key_count++] = (struct ps_key){ .col = col, .down = down };
	return 0;
}

int ps_sort_list(struct ps_parser *p, const char *list)
{
	if (p->a->key_count)
		return ps_fail(p, PS_WRONG_SORTS, "", 0);
	if (!*list)
		return ps_fail(p, PS_WRONG_SORT_EMPTY, "", 0);
	for (const char *s = list; *s;) {
		size_t len = strcspn(s, ", \t"), sign = *s == '+' || *s == '-';
		int r = len ? add_key(p, s + sign, len - sign, *s == '-')
		            : ps_fail(p, PS_WRONG_SORT_LIST, list, strlen(list));

		if (r)
			return r;
		s += len + (s[len] != 0);
	}
	return 0;
}

/* The columns behind the letters of O. */
static const char sort_letters[] = "CGJKMNPRSTUcfgjkmnoprstuvy";
static const char sort_names[][11] = {
	"pcpu",     "tpgid", "cstime",     "stime",    "maj_flt",  "cmaj_flt", "ppid",
	"resident", "share", "start_time", "uid",      "cmd",      "f",        "pgrp",
	"cutime",   "utime", "min_flt",    "cmin_flt", "session",  "pid",      "rss",
	"size",     "tty",   "user",       "vsize",    "priority",
};

/* Whether it can be a sorting code: letters, each at most once, with a sign in front. */
static int is_code(const char *s)
{
	for (const char *at = s; *at; at++) {
		int sign = *at == '+' || *at == '-';

		if (sign ? !at[1] || at[1] == '+' || at[1] == '-'
		         : !strchr(sort_letters, *at) || strchr(at + 1, *at))
			return 0;
	}
	return *s != 0;
}

int ps_sort_letters(struct ps_parser *p, const char *s)
{
	int down = 0, r = 0;

	if (p->a->key_count)
		return ps_fail(p, PS_WRONG_SORTS, "", 0);
	if (!is_code(s))
		return ps_fail(p, PS_WRONG_SORT_CODE, s, strlen(s));
	for (; *s && !r; s++) {
		const char *name;

		if (*s == '+' || *s == '-') {
			down = *s == '-';
			continue;
		}
		name = sort_names[strchr(sort_letters, *s) - sort_letters];
		r = add_key(p, name, strlen(name), down);
		down = 0;
	}
	return r;
}
