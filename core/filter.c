/* SPDX-License-Identifier: 0BSD */
#include "filter.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* The code is that of a machine with a stack of truths: a comparison puts one on it. When the left
 * side of and, or decides, OP_SKIP leads behind them: a column may be dear to read. */
enum op { OP_TEST, OP_COMPARE, OP_MATCH, OP_NO_MATCH, OP_NOT, OP_SKIP, OP_AND, OP_OR };

/* An operand of a comparison: a column, or what was written: a NUMBER, or in quotes a TEXT, or a
 * NAME when a number stands in them. */
struct operand {
	int column; /* -1: none */
	size_t at;  /* its text in f->text, which may still move */
	struct filter_value v;
};

/* Which results of a three-way comparison make it true. */
enum { LESS = 1, EQUAL = 2, GREATER = 4 };

enum truth { NO, YES, UNKNOWN };

struct step {
	enum op op;
	enum truth decides; /* OP_SKIP: how many steps are left out when the truth is that one */
	size_t skip;
	unsigned accept;
	int regex;
	struct operand left, right;
};

/* ---- the parser */

enum token {
	T_END,
	T_OPEN,
	T_CLOSE,
	T_AND,
	T_OR,
	T_NOT,
	T_COMPARE,
	T_MATCH,
	T_NO_MATCH,
	T_OPERAND
};

struct parser {
	struct filter *f;
	const char *text, *at; /* the expression; behind the token */
	const char *begin;     /* of the token */
	enum token token;
	unsigned accept;        /* of T_COMPARE */
	struct operand operand; /* of T_OPERAND */
	int depth, err;
	struct filter_error *e;
	int (*column)(void *context, const char *name, size_t len);
	void *context;
};

/* About the word from `at` on, which reaches to where the parser is. */
static void fail_at(struct parser *p, const char *at, const char *what)
{
	if (!p->err) {
		p->err = -EINVAL;
		*p->e = (struct filter_error){ (size_t)(at - p->text), (size_t)(p->at - at), what };
	}
	p->token = T_END;
}

static void fail(struct parser *p, const char *what)
{
	fail_at(p, p->begin, what);
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
	       c == '%';
}

/* ---- words */

/* Takes a text of the expression over. */
static void take_text(struct parser *p, const char *s, size_t len)
{
	struct str *text = &p->f->text;

	p->token = T_OPERAND;
	p->operand = (struct operand){ .column = -1, .at = text->len };
	if (str_add(text, s, len) || str_add(text, "", 1))
		p->err = -ENOMEM;
	else
		filter_number(text->p + p->operand.at, len, &p->operand.v);
}

static void read_quoted(struct parser *p)
{
	const char *s = p->at, *end = strchr(s + 1, *s);

	p->at = end ? end + 1 : s + strlen(s);
	if (!end) {
		fail(p, "the text does not end");
		return;
	}
	take_text(p, s + 1, (size_t)(end - s - 1));
	if (p->operand.v.kind == FILTER_NUMBER)
		p->operand.v.kind = FILTER_NAME;
}

static void read_literal(struct parser *p)
{
	for (p->at++; in_name(*p->at) || (*p->at && strchr(":.-", *p->at)); p->at++)
		;
	take_text(p, p->begin, (size_t)(p->at - p->begin));
	if (p->operand.v.kind != FILTER_NUMBER)
		fail(p, "not a number");
}

/* A column, or an operator that is a word. */
static void read_name(struct parser *p)
{
	static const struct {
		char name[4];
		unsigned char token, accept;
	} words[] = {
		{ "and", T_AND, 0 },
		{ "or", T_OR, 0 },
		{ "not", T_NOT, 0 },
		{ "eq", T_COMPARE, EQUAL },
		{ "ne", T_COMPARE, LESS | GREATER },
		{ "lt", T_COMPARE, LESS },
		{ "le", T_COMPARE, LESS | EQUAL },
		{ "gt", T_COMPARE, GREATER },
		{ "ge", T_COMPARE, GREATER | EQUAL },
	};
	const char *s = p->at;
	size_t len;

	while (in_name(*p->at))
		p->at++;
	len = (size_t)(p->at - s);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strncasecmp(s, words[i].name, len) && !words[i].name[len]) {
			p->token = (enum token)words[i].token;
			p->accept = words[i].accept;
			return;
		}
	p->token = T_OPERAND;
	p->operand = (struct operand){ .column = p->column(p->context, s, len) };
	if (p->operand.column < 0)
		fail(p, "unknown column (texts need quotes)");
}

/* An operator of one or two signs. */
static void read_sign(struct parser *p)
{
	static const struct {
		char sign[3];
		unsigned char token, accept;
	} signs[] = {
		{ "==", T_COMPARE, EQUAL },
		{ "!=", T_COMPARE, LESS | GREATER },
		{ "<=", T_COMPARE, LESS | EQUAL },
		{ ">=", T_COMPARE, GREATER | EQUAL },
		{ "=~", T_MATCH, 0 },
		{ "!~", T_NO_MATCH, 0 },
		{ "&&", T_AND, 0 },
		{ "||", T_OR, 0 },
		{ "<", T_COMPARE, LESS },
		{ ">", T_COMPARE, GREATER },
		{ "!", T_NOT, 0 },
		{ "(", T_OPEN, 0 },
		{ ")", T_CLOSE, 0 },
	};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t len = strlen(signs[i].sign);

		if (strncmp(p->at, signs[i].sign, len))
			continue;
		p->at += len;
		p->token = (enum token)signs[i].token;
		p->accept = signs[i].accept;
		return;
	}
	do
		p->at++;
	while ((*p->at & 0xc0) == 0x80); /* a character of several bytes */
	fail(p, "unknown operator");
}

static void next(struct parser *p)
{
	while (*p->at == ' ' || (*p->at >= '\t' && *p->at <= '\r'))
		p->at++;
	p->begin = p->at;
	if (p->err || !*p->at)
		p->token = T_END;
	else if (*p->at == '"' || *p->at == '\'')
		read_quoted(p);
	else if (is_digit(*p->at) || (*p->at == '-' && is_digit(p->at[1])))
		read_literal(p);
	else if (in_name(*p->at))
		read_name(p);
	else
		read_sign(p);
}

/* ---- sentences */

static void emit(struct parser *p, const struct step *step)
{
	if (!p->err && str_add(&p->f->code, (const char *)step, sizeof *step))
		p->err = -ENOMEM;
}

static void read_pattern(struct parser *p, struct step *step)
{
	struct filter *f = p->f;
	const struct filter_value *v = &p->operand.v;

	if (p->token != T_OPERAND || p->operand.column >= 0 || v->kind == FILTER_NUMBER)
		fail(p, "a regular expression in quotes is expected");
	else if (f->regexes == FILTER_REGEXES)
		fail(p, "too many regular expressions");
	else if (regcomp(&f->regex[f->regexes], f->text.p + p->operand.at,
	                 REG_EXTENDED | REG_NOSUB))
		fail(p, "not a regular expression");
	else
		step->regex = f->regexes++;
}

static void expect_operand(struct parser *p)
{
	if (p->token != T_OPERAND)
		fail(p, "a column or a value is expected");
}

static void comparison(struct parser *p)
{
	struct step step = { .op = OP_TEST, .left = p->operand };

	expect_operand(p);
	next(p);
	if (p->token == T_COMPARE) {
		step.op = OP_COMPARE;
		step.accept = p->accept;
		next(p);
		expect_operand(p);
		step.right = p->operand;
		next(p);
	} else if (p->token == T_MATCH || p->token == T_NO_MATCH) {
		step.op = p->token == T_MATCH ? OP_MATCH : OP_NO_MATCH;
		next(p);
		read_pattern(p, &step);
		next(p);
	}
	emit(p, &step);
}

static void either(struct parser *p);

static void term(struct parser *p)
{
	const char *open = p->begin;

	if (p->token != T_NOT && p->token != T_OPEN) {
		comparison(p);
		return;
	}
	if (++p->depth > FILTER_DEPTH) {
		fail(p, "too deep");
		return;
	}
	if (p->token == T_NOT) {
		next(p);
		term(p);
		emit(p, &(struct step){ .op = OP_NOT });
	} else {
		next(p);
		either(p);
		if (p->token != T_CLOSE)
			fail_at(p, open, "the bracket is not closed");
		next(p);
	}
	p->depth--;
}

/* The right side of `op`, as long as one follows; `decides` is the truth that needs none. */
static void chain(struct parser *p, enum token token, enum op op, enum truth decides,
                  void (*side)(struct parser *p))
{
	side(p);
	while (p->token == token) {
		struct step skip = { .op = OP_SKIP, .decides = decides };
		size_t at = p->f->code.len;

		emit(p, &skip);
		next(p);
		side(p);
		emit(p, &(struct step){ .op = op });
		if (p->err)
			return;
		skip.skip = (p->f->code.len - at) / sizeof skip - 1;
		memcpy(p->f->code.p + at, &skip, sizeof skip);
	}
}

static void both(struct parser *p)
{
	chain(p, T_AND, OP_AND, NO, term);
}

static void either(struct parser *p)
{
	chain(p, T_OR, OP_OR, YES, both);
}

int filter_parse(struct filter *f, const char *text,
                 int (*column)(void *context, const char *name, size_t len), void *context,
                 struct filter_error *e)
{
	struct parser p = {
		.f = f, .text = text, .at = text, .column = column, .context = context, .e = e
	};

	*f = (struct filter){ 0 };
	next(&p);
	either(&p);
	if (p.token != T_END)
		fail(&p, "an operator or the end is expected");
	return p.err;
}

void filter_free(struct filter *f)
{
	while (f->regexes)
		regfree(&f->regex[--f->regexes]);
	str_free(&f->code);
	str_free(&f->text);
	str_free(&f->line[0]);
	str_free(&f->line[1]);
}

/* ---- rows */

struct row {
	struct filter *f;
	void (*value)(void *context, int column, struct filter_value *v);
	void *context;
	int err;
};

/* Keeps the text of a column, which may be gone when the next one is asked for, with a NUL. */
static void keep(struct row *r, int side, struct filter_value *v)
{
	struct str *line = &r->f->line[side];

	line->len = 0;
	if (str_add(line, v->text, v->len) || str_add(line, "", 1)) {
		r->err = -ENOMEM;
		v->kind = FILTER_UNKNOWN;
	}
	v->text = line->p;
}

/* The value of an operand, that of a number without its digits. */
static void know(struct row *r, int side, const struct operand *o, struct filter_value *v)
{
	*v = o->v;
	if (o->column < 0) {
		v->text = r->f->text.p + o->at;
		return;
	}
	r->value(r->context, o->column, v);
	if (v->kind != FILTER_UNKNOWN && v->text)
		keep(r, side, v);
}

static void as_text(struct row *r, int side, struct filter_value *v)
{
	char digits[24];
	int64_t scale = v->scale ? (int64_t)v->scale : 1;

	if (v->text)
		return;
	v->text = digits;
	v->len = str_format(digits, sizeof digits, "%lld", (long long)(v->number / scale));
	keep(r, side, v);
}

static int three_way(int less, int greater)
{
	return less ? LESS : greater ? GREATER : EQUAL;
}

static int64_t times(int64_t n, unsigned unit)
{
	return n > INT64_MAX / unit ? INT64_MAX : n < INT64_MIN / unit ? INT64_MIN : n * unit;
}

/* What is a size is taken in bytes, where both are. */
static int compare_numbers(const struct filter_value *a, const struct filter_value *b)
{
	int sizes = a->unit && b->unit;
	int64_t x = sizes ? times(a->number, a->unit) : a->number;
	int64_t y = sizes ? times(b->number, b->unit) : b->number;
	int64_t x_scale = a->scale ? (int64_t)a->scale : 1;
	int64_t y_scale = b->scale ? (int64_t)b->scale : 1;

	if (x / x_scale != y / y_scale)
		return three_way(x / x_scale < y / y_scale, 1);
	x = x % x_scale * y_scale;
	y = y % y_scale * x_scale;
	return three_way(x<y, x> y);
}

static int compare_texts(const struct filter_value *a, const struct filter_value *b)
{
	int c = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

	return c ? three_way(c < 0, 1) : three_way(a->len<b->len, a->len> b->len);
}

static enum truth matches(struct row *r, const struct step *s, struct filter_value *v)
{
	int result;

	as_text(r, 0, v);
	if (v->kind == FILTER_UNKNOWN)
		return UNKNOWN;
	result = regexec(&r->f->regex[s->regex], v->text, 0, NULL, 0);
	if (result && result != REG_NOMATCH) {
		r->err = -ENOMEM;
		return UNKNOWN;
	}
	return !result == (s->op == OP_MATCH) ? YES : NO;
}

static enum truth test(struct row *r, const struct step *s)
{
	struct filter_value a, b;
	int result;

	know(r, 0, &s->left, &a);
	if (a.kind == FILTER_UNKNOWN)
		return UNKNOWN;
	if (s->op == OP_TEST)
		return (a.kind == FILTER_NUMBER ? a.number != 0 : a.len > 0) ? YES : NO;
	if (s->op != OP_COMPARE)
		return matches(r, s, &a);
	know(r, 1, &s->right, &b);
	if (b.kind == FILTER_UNKNOWN)
		return UNKNOWN;
	if (a.kind != FILTER_TEXT && b.kind != FILTER_TEXT) {
		result = compare_numbers(&a, &b);
	} else {
		as_text(r, 0, &a);
		as_text(r, 1, &b);
		if (r->err)
			return UNKNOWN;
		result = compare_texts(&a, &b);
	}
	return result & (int)s->accept ? YES : NO;
}

static enum truth join(enum op op, enum truth a, enum truth b)
{
	enum truth decides = op == OP_AND ? NO : YES;

	if (a == decides || b == decides)
		return decides;
	return a == UNKNOWN || b == UNKNOWN ? UNKNOWN : a;
}

int filter_match(struct filter *f, void (*value)(void *context, int column, struct filter_value *v),
                 void *context)
{
	struct row r = { f, value, context, 0 };
	const struct step *s = (const struct step *)(const void *)f->code.p;
	const struct step *end = s + f->code.len / sizeof *s;
	enum truth stack[2 * FILTER_DEPTH + 4];
	size_t top = 0;

	for (; s < end; s++)
		switch (s->op) {
		case OP_NOT:
			if (stack[top - 1] != UNKNOWN)
				stack[top - 1] = stack[top - 1] == NO ? YES : NO;
			break;
		case OP_SKIP:
			if (stack[top - 1] == s->decides)
				s += s->skip;
			break;
		case OP_AND:
		case OP_OR:
			top--;
			stack[top - 1] = join(s->op, stack[top - 1], stack[top]);
			break;
		default:
			stack[top++] = test(&r, s);
		}
	return r.err ? r.err : top && stack[0] == YES;
}
