/* SPDX-License-Identifier: 0BSD */
#include "opt.h"
#include "applet.h"
#include "out.h"
#include "str.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

/* A row with its texts. */
struct row {
	const struct opt *o;
	const char *name, *arg, *help;
	int left; /* rows from this one on */
};

static void texts(struct row *r, const char *text)
{
	r->name = text;
	r->arg = r->name + strlen(r->name) + 1;
	r->help = r->arg + strlen(r->arg) + 1;
}

static struct row first_row(const struct applet *a)
{
	struct row r = { .o = a->opts.rows, .left = a->opts.count };

	texts(&r, a->opts.text);
	return r;
}

static void next_row(struct row *r)
{
	r->o++;
	if (--r->left)
		texts(r, r->help + strlen(r->help) + 1);
}

void opt_hint(const struct applet *a)
{
	char line[128];
	size_t len =
		str_format(line, sizeof line, "Try '%s --help' for more information.\n", die_name);

	die_write(2, line, len < sizeof line ? len : sizeof line - 1);
	_exit(a->opts.usage_exit);
}

#define MISUSE(a, ...) (warn(0, __VA_ARGS__), opt_hint(a))

void opt_misuse(const struct applet *a, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	str_vformat(text, sizeof text, format, args);
	va_end(args);
	MISUSE(a, "%s", text);
}

void opt_printed(int r)
{
	if (r)
		die(1, r, "write error");
	_exit(0);
}

static void apply(const struct applet *a, const struct opt *o, void *to, const char *arg)
{
	char *place = (char *)to + o->to;

	switch (o->kind & ~OPT_OWN) {
	case OPT_SET:
		*(int *)place = o->value;
		break;
	case OPT_OR:
		*(unsigned *)place |= (unsigned)o->value;
		break;
	case OPT_TEXT:
		*(const char **)place = arg ? arg : "";
		break;
	case OPT_CALL:
		a->opts.call(to, o->value, arg);
		break;
	case OPT_HELP:
		opt_printed(opt_help(a, 1));
	case OPT_VERSION:
		opt_printed(applet_version());
	}
}

/* Finds --name, or the one row that it abbreviates. */
static struct row find_long(const struct applet *a, const char *word, size_t len)
{
	struct row r = first_row(a), found = { 0 };
	char all[256] = "";
	size_t used = 0;
	int many = 0;

	for (; r.left; next_row(&r)) {
		int own = r.o->kind & OPT_OWN;

		if (!*r.name || strncmp(r.name, word, len))
			continue;
		if (!r.name[len])
			return r;
		if (found.o && own > (found.o->kind & OPT_OWN))
			continue;
		many = found.o && own == (found.o->kind & OPT_OWN);
		used = many ? used : 0;
		found = r;
		if (used < sizeof all)
			used += str_format(all + used, sizeof all - used, " '--%s'", r.name);
	}
	if (many)
		MISUSE(a, "option '--%.*s' is ambiguous; possibilities:%s", (int)len, word, all);
	if (!found.o)
		MISUSE(a, "unrecognized option '--%.*s'", (int)len, word);
	return found;
}

/* How long the text is up to that character, or to its end. */
static size_t up_to(const char *text, char c)
{
	size_t len = 0;

	while (text[len] && text[len] != c)
		len++;
	return len;
}

/* One word that begins with "--". Returns how many words it took. */
static int parse_long(const struct applet *a, char **word, void *to)
{
	const char *name = word[0] + 2;
	size_t len = up_to(name, '=');
	struct row r = find_long(a, name, len);
	const char *value = name[len] ? name + len + 1 : NULL;

	if (!*r.arg && value)
		MISUSE(a, "option '--%s' doesn't allow an argument", r.name);
	if (!*r.arg || *r.arg == '[' || value) {
		apply(a, r.o, to, value);
		return 1;
	}
	if (!word[1])
		MISUSE(a, "option '--%s' requires an argument", r.name);
	apply(a, r.o, to, word[1]);
	return 2;
}

/* One word that begins with "-": a cluster of letters. Returns how many words it took. */
static int parse_cluster(const struct applet *a, char **word, void *to)
{
	for (const char *p = word[0] + 1; *p; p++) {
		struct row r = first_row(a);

		while (r.left && r.o->letter != *p)
			next_row(&r);
		if (!r.left)
			MISUSE(a, "invalid option -- '%c'", *p);
		if (*r.arg == '[' && (a->opts.flags & OPT_GLUED)) {
			apply(a, r.o, to, p[1] ? p + 1 + (p[1] == '=') : NULL);
			return 1;
		}
		if (!*r.arg || *r.arg == '[') {
			apply(a, r.o, to, NULL);
			continue;
		}
		if (!p[1] && !word[1])
			MISUSE(a, "option requires an argument -- '%c'", *p);
		apply(a, r.o, to, p[1] ? p + 1 : word[1]);
		return p[1] ? 1 : 2;
	}
	return 1;
}

static int is_operand(const struct applet *a, const char *word)
{
	return word[0] != '-' || !word[1] ||
	       ((a->opts.flags & OPT_DIGITS) && word[1] >= '0' && word[1] <= '9');
}

char **opt_parse(const struct applet *a, char **argv, void *to)
{
	char **next = argv, **operands = argv;

	if (!*argv)
		return argv;
	next++;
	while (*next) {
		if (!strcmp(*next, "--")) {
			next++;
			break;
		}
		if (is_operand(a, *next)) {
			if (a->opts.flags & OPT_STOP)
				break;
			*operands++ = *next++; /* argv[0] is no longer needed */
			continue;
		}
		next += next[0][1] == '-' ? parse_long(a, next, to) : parse_cluster(a, next, to);
	}
	while (*next && operands != argv)
		*operands++ = *next++;
	if (operands == argv)
		return next;
	*operands = NULL;
	return argv;
}

uint32_t opt_id(const char *text, const char *what)
{
	uint64_t n;

	if (str_number(text, UINT32_MAX - 1, &n))
		die(1, 0, "failed to parse %s: '%s'", what, text);
	return (uint32_t)n;
}

#define HELP_WIDTH 79
#define HELP_COLUMN 26

/* Writes `text` from column `at` on, broken at blanks, later lines indented to `indent`. */
static void wrap(struct out *o, const char *text, size_t at, size_t indent)
{
	while (*text) {
		size_t word = up_to(text, ' ');

		if (at + word > HELP_WIDTH && at > indent) {
			out_text(o, "\n");
			out_fill(o, ' ', indent);
			at = indent;
		}
		out_bytes(o, text, word);
		at += word;
		text += word;
		for (; *text == ' '; text++, at++)
			if (at + 1 + up_to(text + 1, ' ') <= HELP_WIDTH)
				out_text(o, " ");
	}
	out_text(o, "\n");
}

static void help_row(struct out *o, const struct row *r)
{
	const char *gap = *r->arg && *r->arg != '[' ? " " : "";
	char left[80];
	size_t len;

	if (!*r->name)
		len = str_format(left, sizeof left, "  -%c%s%s", r->o->letter, gap, r->arg);
	else if (r->o->letter)
		len = str_format(left, sizeof left, "  -%c, --%s%s%s", r->o->letter, r->name, gap,
		                 r->arg);
	else
		len = str_format(left, sizeof left, "      --%s%s%s", r->name, gap, r->arg);
	out_text(o, left);
	if (len + 2 > HELP_COLUMN) {
		out_text(o, "\n");
		len = 0;
	}
	out_fill(o, ' ', HELP_COLUMN - len);
	wrap(o, r->help, HELP_COLUMN, HELP_COLUMN);
}

int opt_help(const struct applet *a, int fd)
{
	struct out o = { .fd = fd };
	size_t indent = 8 + strlen(a->text);

	out_text(&o, "Usage: ");
	out_text(&o, a->text);
	out_text(&o, " ");
	wrap(&o, applet_synopsis(a), indent, indent);
	out_text(&o, "\n");
	wrap(&o, applet_summary(a), 0, 0);
	if (CFG_HELP) {
		out_text(&o, "\n");
		for (struct row r = first_row(a); r.left; next_row(&r))
			help_row(&o, &r);
	}
	return out_flush(&o);
}
