/* SPDX-License-Identifier: 0BSD */
/*
 * The words of the command line, in the three syntaxes that ps takes mixed: -x with SysV's letters,
 * x with BSD's, --name; numbers are processes, -N is a process group, +N a session. Asks nobody but
 * through struct ps_world.
 */
#include "ps.h"
#include "rows.h"

#include <errno.h>
#include <string.h>

const char *ps_wrong_text(enum ps_wrong code)
{
#define PS_WRONG_TEXT(name, text) text "\0"
	static const char texts[] = PS_WRONGS(PS_WRONG_TEXT);
	const char *s = texts;

	for (int i = 0; i < (int)code; i++)
		s += strlen(s) + 1;
	return s;
}

int ps_fail(struct ps_parser *p, enum ps_wrong code, const char *about, size_t len)
{
	if (len >= PS_WORD)
		len = PS_WORD - 1;
	p->e->code = code;
	memcpy(p->e->about, about, len);
	p->e->about[len] = 0;
	return (int)code;
}

/* About the whole word. */
static int fail_word(struct ps_parser *p, enum ps_wrong code)
{
	return ps_fail(p, code, *p->word, strlen(*p->word));
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ---- what options do */

/* Options that go alone: -V, L. */
static int alone(struct ps_parser *p, enum ps_print what)
{
	const char *word = *p->word;

	if (p->a->words > 1 || (word[0] != '-' ? word[1] : word[1] != '-' && word[2]))
		return fail_word(p, PS_WRONG_EXCLUSIVE);
	p->a->print = (int)what;
	return 0;
}

static int heading(struct ps_parser *p, int *which)
{
	if (p->a->header || p->a->no_header)
		return fail_word(p, PS_WRONG_HEADINGS);
	*which = 1;
	return 0;
}

static int size_of(struct ps_parser *p, enum ps_wrong code, const char *text, size_t *size)
{
	uint64_t n;

	if (str_c_number(text, 1999999999, &n) || !n)
		return fail_word(p, code);
	*size = (size_t)n;
	return 0;
}

static int add_spec(struct ps_parser *p, enum ps_spec_kind kind, const char *text)
{
	struct ps_spec spec = { kind, text };

	return str_add(&p->a->specs, (const char *)&spec, sizeof spec)
	               ? fail_word(p, PS_WRONG_MEMORY)
	               : 0;
}

static int with_argument(struct ps_parser *p, enum ps_do what, const char *arg)
{
	struct ps_args *a = p->a;

	if (what <= PS_DO_SIDS)
		return ps_list(p, (enum ps_kind)(what - PS_DO_COMMANDS), arg);
	if (what >= PS_DO_FORMAT && what <= PS_DO_SORT)
		return add_spec(p, (enum ps_spec_kind)(what - PS_DO_FORMAT), arg);
	switch (what) {
	case PS_DO_SYSV_G:
		return ps_list_g(p, arg);
	case PS_DO_TTYS:
	case PS_DO_BSD_TTYS:
		return ps_list(p, PS_KIND_TTY, arg);
	case PS_DO_PIDNS:
	case PS_DO_PIDNS_TREE:
		a->pidns = arg;
		a->below = what == PS_DO_PIDNS_TREE;
		return 0;
	case PS_DO_IN:
		a->in = arg;
		return 0;
	case PS_DO_FILTER:
		a->filter = arg;
		return 0;
	case PS_DO_DATE:
		a->date_format = arg;
		return 0;
	case PS_DO_WIDTH:
		return size_of(p, PS_WRONG_COLUMNS, arg, &a->columns);
	case PS_DO_LINES:
		return size_of(p, PS_WRONG_LINES, arg, &a->lines);
	case PS_DO_DELIMITER:
		a->delimiter = arg;
		/* nothing that a terminal obeys */
		return arg[1] || !out_plain(arg, 1) ? fail_word(p, PS_WRONG_DELIMITER) : 0;
	case PS_DO_PROC:
		a->proc_path = arg;
		return 0;
	default:
		return 0;
	}
}

/* What the options before PS_DO_SET set, in their order. */
static const struct {
	unsigned short member, bit;
} sets[] = {
#define SET(member, bit) \
	{ \
		offsetof(struct ps_args, member), bit \
	}
	SET(simple, PS_ALL),
	SET(simple, PS_SYSV_A),
	SET(simple, PS_SYSV_D),
	SET(simple, PS_BSD_A),
	SET(simple, PS_BSD_X),
	SET(simple, PS_BSD_G),
	SET(running, 1),
	SET(negate, 1),
	SET(zombies, 1),
	SET(format, PS_FMT_SYSV_L),
	SET(format, PS_FMT_J),
	SET(format, PS_FMT_L),
	SET(format, PS_FMT_S),
	SET(format, PS_FMT_U),
	SET(format, PS_FMT_V),
	SET(format, PS_FMT_X),
	SET(format, PS_FMT_M),
	SET(format, PS_FMT_CONTEXT),
	SET(modifiers, PS_MOD_C),
	SET(modifiers, PS_MOD_J),
	SET(modifiers, PS_MOD_Y),
	SET(modifiers, PS_MOD_M),
	SET(modifiers, PS_MOD_P),
	SET(threads, PS_THREAD_L),
	SET(threads, PS_THREAD_T),
	SET(threads, PS_THREAD_SYSV_M),
	SET(threads, PS_THREAD_BSD_M),
	SET(threads, PS_THREAD_H),
	SET(bare, 1),
	SET(env, 1),
	SET(numeric, 1),
	SET(cumulative, 1),
	SET(signames, 1),
	SET(json, 1),
	SET(print, PS_PRINT_HELP),
#undef SET
};

/* T: our own terminal. */
static int this_tty(struct ps_parser *p)
{
	struct ps_item item = { .kind = PS_KIND_TTY };
	struct ps_args *a = p->a;

	if (p->w->look_up(p->w->context, PS_NAME_TTY, "", &item.number))
		item.number = 0;
	a->listed = 1;
	return str_add(&a->items, (const char *)&item, sizeof item) ? fail_word(p, PS_WRONG_MEMORY)
	                                                            : 0;
}

static int sysv_x(struct ps_parser *p)
{
	if (p->w->person & PS_PERSON_HP_X) {
		p->a->wide += 2;
		p->a->full = 1;
	} else if (p->w->person & PS_PERSON_SVR4_X)
		p->a->modifiers |= PS_MOD_Y;
	else
		return fail_word(p, PS_WRONG_PERSON_X);
	return 0;
}

static int act(struct ps_parser *p, enum ps_do what, const char *arg)
{
	struct ps_args *a = p->a;

	if (what < PS_DO_SET) {
		*(unsigned *)(void *)((char *)a + sets[what].member) |= sets[what].bit;
		return 0;
	}
	switch (what) {
	case PS_DO_THIS_TTY:
		return this_tty(p);
	case PS_DO_EXTRA_F:
		a->modifiers |= PS_MOD_F;
		__attribute__((fallthrough));
	case PS_DO_SYSV_F:
		a->format |= PS_FMT_SYSV_F;
		a->full = 1;
		return 0;
	case PS_DO_SYSV_X:
		return sysv_x(p);
	case PS_DO_WIDE:
		a->wide++;
		return 0;
	case PS_DO_HEADERS:
		return heading(p, &a->header);
	case PS_DO_BSD_H:
		if (p->w->person & PS_PERSON_HEADERS)
			return heading(p, &a->header);
		return heading(p, &a->no_header);
	case PS_DO_NO_HEADERS:
		return heading(p, &a->no_header);
	case PS_DO_COLUMNS:
		return alone(p, PS_PRINT_COLUMNS);
	case PS_DO_VERSION:
		return alone(p, PS_PRINT_VERSION);
	case PS_DO_DRUM:
		return fail_word(p, PS_WRONG_DRUM);
	case PS_DO_FOREST:
	case PS_DO_INDENT:
		a->forest = what == PS_DO_INDENT ? PS_FOREST_INDENT : PS_FOREST_LINES;
		return 0;
	default:
		return with_argument(p, what, arg);
	}
}

/* ---- arguments of options */

/* What is missing behind an option: the words of procps. */
static const char *noun_of(enum ps_do what)
{
	static const char nouns[] = "list of command names\0"
				    "list of effective groups\0"
				    "list of real groups\0"
				    "list of users\0"
				    "list of real users\0"
				    "list of process IDs\0"
				    "List of process IDs\0"
				    "list of process IDs\0"
				    "list of session IDs\0"
				    "list of session leaders OR effective group names\0"
				    "list of terminals (pty, tty...)\0"
				    "list of terminals (pty, tty...)\0"
				    "PID namespace\0"
				    "PID namespace\0"
				    "PID namespace\0"
				    "expression\0"
				    "format specification\0"
				    "format or sort specification\0"
				    "format or sort specification\0"
				    "long sort specification\0"
				    "date format\0"
				    "number of columns\0"
				    "number of rows\0"
				    "delimiter\0"
				    "directory";
	const char *s = nouns;

	for (int i = PS_DO_ARG; i < (int)what; i++)
		s += strlen(s) + 1;
	return s;
}

static int missing(struct ps_parser *p, enum ps_do what, const char *option, size_t len)
{
	ps_fail(p, PS_WRONG_MISSING, option, len);
	p->e->noun = noun_of(what);
	p->e->quick = what == PS_DO_QUICK;
	return PS_WRONG_MISSING;
}

/* The argument of a letter, which ends its cluster: the rest of it, else the next word. */
static const char *argument(struct ps_parser *p)
{
	const char *arg = p->rest;

	p->rest = "";
	if (*arg)
		return arg;
	return p->word[1] && *p->word[1] ? *++p->word : NULL;
}

/* ---- one word */

/* A letter of a cluster that does `what`. */
static int letter(struct ps_parser *p, enum ps_do what, char c)
{
	char option[3] = { '-', c, 0 };
	const char *arg = NULL;
	int sysv = **p->word == '-';

	if (what >= PS_DO_ARG) {
		arg = argument(p);
		if (!arg && what == PS_DO_BSD_TTYS)
			what = PS_DO_THIS_TTY;
		else if (!arg && what == PS_DO_SORT)
			return missing(p, what, "'k'", 3);
		else if (!arg)
			return missing(p, what, option + !sysv, (size_t)(1 + sysv));
	}
	return act(p, what, arg);
}

static int sysv_word(struct ps_parser *p)
{
	const struct opt_table *opts = p->w->opts;

	for (p->rest = *p->word + 1; *p->rest;) {
		char c = *p->rest++;
		int i = 0, r;

		while (i < opts->count && opts->rows[i].letter != c)
			i++;
		if (i == opts->count)
			return ps_fail(p, c == '-' ? PS_WRONG_SYSV_DASH : PS_WRONG_SYSV,
			               p->rest - 1, 1);
		r = letter(p, (enum ps_do)opts->rows[i].value, c);
		if (r)
			return r;
	}
	return 0;
}

static enum ps_do bsd_letter(char c)
{
	static const char letters[] = "acefghHjlLmMnoOpqrsStTuUvVwWxXZk";
	static const unsigned char acts[] = {
		PS_DO_BSD_A,    PS_DO_BARE,     PS_DO_ENV,          PS_DO_FOREST,
		PS_DO_BSD_G,    PS_DO_BSD_H,    PS_DO_THREAD_H,     PS_DO_FMT_J,
		PS_DO_FMT_L,    PS_DO_COLUMNS,  PS_DO_THREAD_BSD_M, PS_DO_THREAD_BSD_M,
		PS_DO_NUMERIC,  PS_DO_FORMAT,   PS_DO_BSD_O,        PS_DO_PIDS,
		PS_DO_QUICK,    PS_DO_RUNNING,  PS_DO_FMT_S,        PS_DO_CUMULATIVE,
		PS_DO_BSD_TTYS, PS_DO_THIS_TTY, PS_DO_FMT_U,        PS_DO_EUSERS,
		PS_DO_FMT_V,    PS_DO_VERSION,  PS_DO_WIDE,         PS_DO_DRUM,
		PS_DO_BSD_X,    PS_DO_FMT_X,    PS_DO_MOD_M,        PS_DO_SORT,
	};
	const char *at = strchr(letters, c);

	return at ? (enum ps_do)acts[at - letters] : PS_DO_END;
}

static int bsd_word(struct ps_parser *p)
{
	/* procps does not take such a word in its second attempt, and shows the first error. */
	if (p->second && **p->word != '-')
		return fail_word(p, PS_WRONG_BSD);
	p->a->bsd = 1;
	for (p->rest = *p->word + (**p->word == '-'); *p->rest;) {
		char c = *p->rest++;
		enum ps_do what = bsd_letter(c);
		int r;

		if (is_digit(c)) { /* ps ax1 */
			p->rest--;
			return ps_list(p, PS_KIND_PID, argument(p));
		}
		if (what == PS_DO_END)
			return ps_fail(p, c == '-' ? PS_WRONG_BSD_DASH : PS_WRONG_BSD, p->rest - 1,
			               1);
		/* M, as of Mac OS X, is m whatever m is. */
		if (c == 'm' && (p->second || (p->w->person & PS_PERSON_OLD_M)))
			what = PS_DO_FMT_M;
		r = letter(p, what, c);
		if (r)
			return r;
	}
	return 0;
}

/* Other names for the long options; procps knows them all and shortens none. */
static const char *real_name(const char *name, size_t *len)
{
	static const char same[] =
		"cols columns width columns rows lines header headers "
		"heading headers headings headers no-header no-headers "
		"no-heading no-headers no-headings no-headers noheader no-headers "
		"noheaders no-headers noheading no-headers noheadings no-headers "
		"session sid ";

	for (const char *s = same; *s;) {
		size_t alias = strcspn(s, " ");
		const char *real = s + alias + 1;
		size_t n = strcspn(real, " ");

		if (alias == *len && !memcmp(s, name, alias)) {
			*len = n;
			return real;
		}
		s = real + n + 1;
	}
	return name;
}

/* The row of a long name; its number or -1. */
static int find_long(const struct opt_table *opts, const char *name, size_t len)
{
	const char *s = opts->text;

	for (int i = 0; i < opts->count; i++) {
		if (*s && strlen(s) == len && !memcmp(s, name, len))
			return i;
		for (int skip = 0; skip < 3; skip++) /* name, argument, help */
			s += strlen(s) + 1;
	}
	return -1;
}

static int long_word(struct ps_parser *p)
{
	const char *name = *p->word + 2, *value, *real;
	size_t len = strcspn(name, "=:"), real_len = len;
	enum ps_do what;
	int i;

	value = name[len] ? name + len + 1 : NULL;
	real = real_name(name, &real_len);
	i = find_long(p->w->opts, real, real_len);
	p->rest = "";
	if (i < 0)
		return fail_word(p, PS_WRONG_GNU);
	what = (enum ps_do)p->w->opts->rows[i].value;
	if (what < PS_DO_ARG)
		return value && what != PS_DO_HELP
		               ? ps_fail(p, PS_WRONG_NO_ARGUMENT, real, real_len)
		               : act(p, what, NULL);
	if (!value)
		value = argument(p);
	if (what == PS_DO_WIDTH || what == PS_DO_LINES)
		return act(p, what, value ? value : ""); /* which is no number */
	if (!value || !*value)
		return missing(p, what, *p->word, len + 2);
	return act(p, what, value);
}

/* Once a number is met, all words must be: processes, -groups, +sessions. */
static int numbers(struct ps_parser *p)
{
	p->a->bsd = 1;
	for (;; p->word++) {
		const char *word = *p->word;
		enum ps_kind kind = *word == '-'   ? PS_KIND_PGID
		                    : *word == '+' ? PS_KIND_SID
		                                   : PS_KIND_PID;
		int r = word[strcspn(word, ", \t")] /* each is one */
		                ? fail_word(p, PS_WRONG_PID_SYNTAX)
		                : ps_list(p, kind, word + (kind != PS_KIND_PID));

		if (r || !p->word[1])
			return r;
	}
}

static int one_word(struct ps_parser *p)
{
	const char *word = *p->word;

	p->rest = "";
	if (is_digit(*word) || ((*word == '-' || *word == '+') && is_digit(word[1])))
		return numbers(p);
	if (*word == '-' && word[1] == '-' && is_letter(word[2]))
		return long_word(p);
	if (*word == '-' && is_letter(word[1]))
		return p->as_bsd ? bsd_word(p) : sysv_word(p);
	if (is_letter(*word))
		return bsd_word(p);
	return fail_word(p, PS_WRONG_GARBAGE);
}

/* ---- all of them */

static int check_threads(struct ps_parser *p)
{
	unsigned t = p->a->threads;
	enum ps_wrong code = PS_WRONG_NONE;

	if (p->a->forest && t)
		code = PS_WRONG_THREAD_FOREST;
	else if ((t & PS_THREAD_H) && (t & PS_THREAD_M))
		code = PS_WRONG_THREAD_H;
	else if ((t & PS_THREAD_M) == PS_THREAD_M)
		code = PS_WRONG_THREAD_M;
	else if ((t & PS_THREAD_L) && (t & PS_THREAD_T))
		code = PS_WRONG_THREAD_LT;
	return code ? ps_fail(p, code, "", 0) : 0;
}

static int pass(struct ps_parser *p, char **argv)
{
	int r = 0;

	if (p->w->person & PS_PERSON_BSD)
		p->as_bsd = p->a->bsd = 1;
	if (*argv)
		argv++;
	while (argv[p->a->words])
		p->a->words++;
	for (p->word = argv; *p->word && !r && p->a->print == PS_PRINT_LIST; p->word++)
		r = one_word(p);
	if (!r && p->a->print == PS_PRINT_LIST)
		r = check_threads(p);
	if (!r && p->a->print == PS_PRINT_LIST)
		r = ps_pick_columns(p);
	if (!r && p->a->print == PS_PRINT_LIST)
		r = ps_check_selection(p);
	return r;
}

void ps_args_free(struct ps_args *a)
{
	str_free(&a->items);
	str_free(&a->specs);
	str_free(&a->text);
}

int ps_parse(const struct ps_world *w, char **argv, struct out_table *table, struct ps_args *a,
             struct ps_error *e)
{
	struct ps_error second = { 0 };
	struct ps_parser p = { .w = w, .table = table, .a = a, .e = e };

	*a = (struct ps_args){ 0 };
	*e = (struct ps_error){ 0 };
	if (!pass(&p, argv))
		return 0;
	if (e->code >= PS_WRONG_QUICK_ONCE && e->code <= PS_WRONG_QUICK_NEGATE)
		return -EINVAL; /* what it means is clear */
	ps_args_free(a);
	*a = (struct ps_args){ 0 };
	table->count = 0;
	p.e = &second;
	p.second = p.as_bsd = a->bsd = 1;
	return pass(&p, argv) ? -EINVAL : 0;
}
