/* SPDX-License-Identifier: 0BSD */
/* Dispatch on the name we are called by, and what `pidbox` itself answers. */
#include "applet.h"
#include "install.h"
#include "io.h"
#include "out.h"
#include "sig.h"
#include "sys.h"
#include "table.h"

#include <string.h>
#include <unistd.h>

static const struct applet *find(const char *name)
{
	for (const struct table_row *row = table_rows; row->applet; row++)
		if (!strcmp(row->name, name))
			return row->applet;
	return NULL;
}

/* The name of a program without its path and a login shell's dash. */
static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash)
		path = slash + 1;
	return path + (*path == '-');
}

static int run(const struct applet *a, char **argv, const char *name)
{
	struct run r = { .argv = argv, .name = name };

	if (a->opts.flags & OPT_BLOCK)
		sig_block_all(&r.mask);
	if (CFG_RELRO && CFG_STATIC_PIE)
		sys_protect_tables();
	io_hold_std();
	die_name = name;
	return a->main(&r);
}

static int say_list(int full)
{
	struct out o = { .fd = 1 };

	for (const struct table_row *row = table_rows; row->applet; row++) {
		out_text(&o, full ? row->dir : "");
		out_text(&o, full ? "/" : "");
		out_text(&o, row->name);
		out_text(&o, "\n");
	}
	return out_flush(&o);
}

static int say_help(void)
{
	struct out o = { .fd = 1 };

	out_text(&o,
	         "Usage: pidbox APPLET [ARGUMENT]...\n"
	         "   or: pidbox --list | --list-full | --help [APPLET] | --version\n"
	         "   or: pidbox --install [-s] [-f] DIR\n\n"
	         "One program that is many: it acts as the applet whose name it is called by.\n"
	         "PID means a number, PID@REF (see the README) or a process of a container.\n\n");
	for (const struct table_row *row = table_rows; row->applet; row++) {
		size_t len = strlen(row->name);

		if (strcmp(row->applet->text, row->name))
			continue; /* an alias */
		out_text(&o, "  ");
		out_text(&o, row->name);
		out_fill(&o, ' ', len < 12 ? 12 - len : 1);
		out_text(&o, applet_summary(row->applet));
		out_text(&o, "\n");
	}
	return out_flush(&o);
}

/* Ends a command that only prints: a full disk is an error. */
static int printed(int r)
{
	if (r)
		die(1, r, "write error");
	return 0;
}

/* One line, then what there is. */
static int unknown(const char *called, const char *word)
{
	struct out o = { .fd = 2 };
	size_t at = 0;

	if (strcmp(called, "pidbox"))
		warn(0, "neither '%s' nor '%s' is an applet; there are:", called, word);
	else
		warn(0, "%s: no such applet; there are:", word);
	for (const struct table_row *row = table_rows; row->applet; row++) {
		size_t len = strlen(row->name);

		if (at && at + 1 + len > 79) {
			out_text(&o, "\n");
			at = 0;
		}
		out_text(&o, at ? " " : "");
		out_text(&o, row->name);
		at += len + (at != 0);
	}
	out_text(&o, "\n");
	out_flush(&o);
	return 127;
}

/* `pidbox ...` and any other name that is no applet's: the first argument says what to do. */
static int multi_call(char **argv)
{
	const char *called = base_name(argv[0]), *word = argv[1];
	const struct applet *a = word ? find(base_name(word)) : NULL;

	if (a)
		return run(a, argv + 1, base_name(word));
	io_hold_std();
	if (!word)
		return printed(say_help());
	if (!strcmp(word, "--list") || !strcmp(word, "--list-full"))
		return printed(say_list(!strcmp(word, "--list-full")));
	if (!strcmp(word, "--version") || !strcmp(word, "-V"))
		return printed(applet_version());
	if (CFG_INSTALL && !strcmp(word, "--install"))
		return install_main(argv + 1);
	if (!strcmp(word, "--help") || !strcmp(word, "-h")) {
		if (!argv[2])
			return printed(say_help());
		a = find(argv[2]);
		return a ? printed(opt_help(a, 1)) : unknown("pidbox", argv[2]);
	}
	return unknown(called, word);
}

/* A binary that holds one applet is that applet under any name. As `pidbox` it also takes the
 * applet's name as first word, so that `pidbox init ...` means the same in every build. */
static int single_call(char **argv, const char *name)
{
	if (!strcmp(name, "pidbox") && argv[1] && !strcmp(argv[1], TABLE_SINGLE.text))
		return run(&TABLE_SINGLE, argv + 1, argv[1]);
	return run(&TABLE_SINGLE, argv, strcmp(name, "pidbox") && *name ? name : TABLE_SINGLE.text);
}

int main(int argc, char **argv)
{
	static char *none[] = { "", NULL };
	const char *name;
	const struct applet *a;

	if (argc < 1 || !argv[0]) /* execve(2) with an empty argv, before Linux 5.18 */
		argv = none;
	name = base_name(argv[0]);
	if (TABLE_COUNT == 1)
		return single_call(argv, name);
	a = find(name);
	return a ? run(a, argv, name) : multi_call(argv);
}
