/* SPDX-License-Identifier: 0BSD */
/*
 * One entry of the table becomes a process. In a copy of init and not in a child that shares its
 * memory, which would have it wait: asking for Enter may take as long as a person.
 */
#include "system.h"
#include "child.h"
#include "command.h"
#include "die.h"
#include "exec.h"
#include "io.h"
#include "str.h"

#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

extern char **environ;

static int leads_up(const char *path)
{
	while (*path && !str_begins(path, "/../"))
		path++;
	return *path;
}

/* As the first terminal that is opened it may become the session's own, unless it is another's. */
static int open_terminal(const struct entry *e)
{
	char path[48];
	int r;

	str_format(path, sizeof path, "/dev/%s", e->line.tty);
	r = leads_up(path) ? -EINVAL : console_take(path, 0);
	if (r && !e->waiting)
		warn(r, "cannot open %s", path);
	return r;
}

static void ask(void)
{
	static const char text[] = "\nPlease press Enter to activate this console. ";
	char c;

	/* lint: output: a copy, to who sits at the terminal */
	io_write_all(1, text, sizeof text - 1);
	while (read(0, &c, 1) == 1 && c != '\n')
		;
}

/* As busybox's debug builds do it. */
static void allow_cores(void)
{
	if (!access("/.init_enable_core", F_OK))
		sys_set_limit(RLIMIT_CORE, SYS_UNLIMITED, SYS_UNLIMITED);
}

/* The entry's program, where all is ready. */
static int execute(const struct entry *e)
{
	struct command command;
	struct child c = { .argv = e->argv };
	int r;

	if (!c.argv)
		c.argv = command_words(&command, e->line.command, "exec ");
	if (!c.argv) {
		if (!e->waiting)
			warn(0, "'%s': no command, or too long a one", e->line.command);
		return 1;
	}
	if (!e->argv && *c.argv[0] == '-') {
		c.file = c.argv[0] + 1;
		ioctl(0, TIOCSCTTY, 0); /* not stolen: where it is another's it stays that */
	}
	r = child_exec(&c);
	return e->waiting ? exec_status(r) : warn_start(&c, r);
}

static size_t variables(void)
{
	size_t n = 0;

	while (environ[n])
		n++;
	return n;
}

/* With another environment, for as long as this does not return. */
static int execute_told(const struct system *s, const struct entry *e)
{
	char *list[variables() + CONSOLE_VARIABLES + 1], **old = environ;
	int r;

	console_environment(s, list);
	environ = list;
	r = execute(e);
	environ = old;
	return r;
}

int action_exec(const struct system *s, const struct entry *e)
{
	static const struct sys_sigset none;

	if (!s) /* a machine's init ignores nothing, and what it catches ends with execve(2) */
		sig_default_all();
	sig_restore(&none); /* it can be told to end while it asks */
	setsid();
	if (*e->line.tty && open_terminal(e))
		return 1;
	if (s || *e->line.tty)
		console_reset();
	if (e->line.action & INITTAB_ASKFIRST)
		ask();
	if (!s)
		return execute(e);
	allow_cores();
	return execute_told(s, e);
}

struct start {
	const struct system *s;
	const struct entry *e;
};

static int in_copy(void *context)
{
	const struct start *start = context;

	return action_exec(start->s, start->e);
}

pid_t action_start(struct system *s, struct entry *e)
{
	struct start start = { s, e };

	if (s)
		console_keep();
	return child_copy(in_copy, &start);
}
