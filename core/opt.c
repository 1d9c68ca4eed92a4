/* SPDX-License-Identifier: 0BSD */
#include "opt.h"
#include "applet.h"
#include "out.h"
#include "str.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static const char *opt_arg(const struct opt *o)
{
	return o->text + strlen(o->text) + 1;
}

static const char *opt_text(const struct opt *o)
{
	const char *arg = opt_arg(o);

	return arg + strlen(arg) + 1;
}

static void hint(const struct applet *a)
{
	char line[128];
	size_t len = str_format(line, sizeof line, "Try '%s --help' for more information.\n",
	                        die_name ? die_name : a->text);

	if (write(2, line, len < sizeof line ? len : sizeof line - 1) < 0) {
		/* stderr is gone: nobody to tell */
	}
	_exit(a->opts.usage_exit);
}

#define MISUSE(a, ...) (warn(0, __VA_ARGS__), hint(a))

void opt_misuse(const struct applet *a, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	str_vformat(text, sizeof text, format, args);
	va_end(args);
	MISUSE(a, "%s", text);
	__builtin_unreachable();
}

static void apply(const struct applet *a, const struct opt *o, void *to, const char *arg)
{
	char *place = (char *)to + o->to;

	switch (o->kind) {
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
		a->opts.call(to, o, arg);
		break;
	case OPT_HELP:
		_exit(opt_help(a) ? 1 : 0);
	case OPT_VERSION:
		_exit(applet_version() ? 1 : 0);
	}
}

/* Finds --name, or the one row that it abbreviates; several spellings of one row are no conflict. */
static const struct opt *find_long(const struct applet *a, const char *word, size_t len)
{
	const struct opt *found = NULL;
	char all[256] = "";
	size_t used = 0;
	int many = 0;

	for (int i = 0; i < a->opts.count; i++) {
		const struct opt *o = &a->opts.rows[i];

		if (!*o->text || strncmp(o->text, word, len))
			continue;
		if (!o->text[len])
			return o;
		many |= found != NULL;
		found = o;
		if (used < sizeof all)
			used += str_format(all + used, sizeof all - used, " '--%s'", o->text);
	}
	if (many)
		MISUSE(a, "option '--%.*s' is ambiguous; possibilities:%s", (int)len, word, all);
	if (!found)
		MISUSE(a, "unrecognized option '--%.*s'", (int)len, word);
	return found;
}

/* One word that begins with "--". Returns how many words it took. */
static int parse_long(const struct applet *a, char **word, void *to)
{
	const char *name = word[0] + 2, *equals = strchr(name, '=');
	const struct opt *o = find_long(a, name, equals ? (size_t)(equals - name) : strlen(name));
	const char *arg = opt_arg(o), *value = equals ? equals + 1 : NULL;

	if (!*arg && value)
		MISUSE(a, "option '--%s' doesn't allow an argument", o->text);
	if (*arg && *arg != '[' && !value) {
		value = word[1];
		if (!value)
			MISUSE(a, "option '--%s' requires an argument", o->text);
		apply(a, o, to, value);
		return 2;
	}
	apply(a, o, to, value);
	return 1;
}

/* One word that begins with "-": a cluster of letters. Returns how many words it took. */
static int parse_cluster(const struct applet *a, char **word, void *to)
{
	for (const char *p = word[0] + 1; *p; p++) {
		const struct opt *o = a->opts.rows, *end = o + a->opts.count;
		const char *arg;

		while (o < end && o->letter != *p)
			o++;
		if (o == end)
			MISUSE(a, "invalid option -- '%c'", *p);
		arg = opt_arg(o);
		if (*arg == '[' && (a->opts.flags & OPT_GLUED)) {
			apply(a, o, to, p[1] ? p + 1 + (p[1] == '=') : NULL);
			return 1;
		}
		if (!*arg || *arg == '[') {
			apply(a, o, to, NULL);
			continue;
		}
		if (!p[1] && !word[1])
			MISUSE(a, "option requires an argument -- '%c'", *p);
		apply(a, o, to, p[1] ? p + 1 : word[1]);
		return p[1] ? 1 : 2;
	}
	return 1;
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
		if (next[0][0] != '-' || !next[0][1]) {
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

#define HELP_WIDTH 79
#define HELP_COLUMN 26

/* Writes `text` from column `at` on, broken at blanks, later lines indented to `indent`. */
static void wrap(struct out *o, const char *text, size_t at, size_t indent)
{
	while (*text) {
		size_t word = strcspn(text, " ");

		if (at + word > HELP_WIDTH && at > indent) {
			out_text(o, "\n");
			out_fill(o, ' ', indent);
			at = indent;
		}
		out_bytes(o, text, word);
		at += word;
		text += word;
		for (; *text == ' '; text++, at++)
			if (at + 1 + strcspn(text + 1, " ") <= HELP_WIDTH)
				out_text(o, " ");
	}
	out_text(o, "\n");
}

static void help_row(struct out *o, const struct opt *row)
{
	const char *arg = opt_arg(row), *gap = *arg && *arg != '[' ? " " : "";
	char left[80];
	size_t len;

	if (!*row->text)
		len = str_format(left, sizeof left, "  -%c%s%s", row->letter, gap, arg);
	else if (row->letter)
		len = str_format(left, sizeof left, "  -%c, --%s%s%s", row->letter, row->text, gap, arg);
	else
		len = str_format(left, sizeof left, "      --%s%s%s", row->text, gap, arg);
	out_text(o, left);
	if (len + 2 > HELP_COLUMN) {
		out_text(o, "\n");
		len = 0;
	}
	out_fill(o, ' ', HELP_COLUMN - len);
	wrap(o, opt_text(row), HELP_COLUMN, HELP_COLUMN);
}

int opt_help(const struct applet *a)
{
	struct out o = { .fd = 1 };
	size_t indent = 8 + strlen(a->text);

	out_text(&o, "Usage: ");
	out_text(&o, a->text);
	out_text(&o, " ");
	wrap(&o, applet_synopsis(a), indent, indent);
	out_text(&o, "\n");
	wrap(&o, applet_summary(a), 0, 0);
	if (CFG_HELP) {
		out_text(&o, "\n");
		for (int i = 0; i < a->opts.count; i++)
			help_row(&o, &a->opts.rows[i]);
	}
	return out_flush(&o);
}
