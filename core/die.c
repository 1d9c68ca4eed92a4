/* SPDX-License-Identifier: 0BSD */
#include "die.h"
#include "child.h"
#include "config.h"
#include "exec.h"
#include "filter.h"
#include "io.h"
#include "out.h"
#include "pid.h"
#include "proc.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

const char *die_name = "pidbox";
ssize_t (*die_write)(int fd, const char *bytes, size_t len) = io_write_all;

static size_t reason(char *text, size_t room, int err)
{
	err = err < 0 ? -err : err;
	if (CFG_STRERROR)
		return str_format(text, room, ": %s", strerror(err));
	return str_format(text, room, ": error %d", err);
}

__attribute__((format(printf, 3, 0))) static void vsay(int err, const char *hint,
                                                       const char *format, va_list args)
{
	char line[1024];
	size_t room = sizeof line - 1; /* one byte is the newline's */
	size_t len = str_format(line, room, "%s: ", die_name);

	if (len < room)
		len += str_vformat(line + len, room - len, format, args);
	if (err && len < room)
		len += reason(line + len, room - len, err);
	if (hint && len < room)
		len += str_format(line + len, room - len, " (%s)", hint);
	if (len >= room)
		len = room - 1;
	out_clean(line, len, out_utf8());
	line[len++] = '\n';
	die_write(2, line, len);
}

__attribute__((format(printf, 3, 4))) static void say(int err, const char *hint, const char *format,
                                                      ...)
{
	va_list args;

	va_start(args, format);
	vsay(err, hint, format, args);
	va_end(args);
}

void warn(int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(err, NULL, format, args);
	va_end(args);
}

void die(int code, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(err, NULL, format, args);
	va_end(args);
	_exit(code);
}

void die_hint(int code, int err, const char *hint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(err, hint, format, args);
	va_end(args);
	_exit(code);
}

int warn_start(struct child *c, int err)
{
	if (c->step == CHILD_EXEC) {
		say(err, *c->cause ? c->cause : NULL, "failed to execute %s", c->ran);
		return exec_status(err);
	}
	say(err, CFG_HINTS && c->why_no_fork ? c->why_no_fork(proc_mount(NULL), err) : NULL,
	    "fork failed");
	return 1;
}

void die_start(struct child *c, int err)
{
	_exit(warn_start(c, err));
}

void warn_pid(int err, const char *text, const struct str *why)
{
	const char *reason = pid_reason(err);

	if (reason)
		warn(0, "'%s': %s%s", text, reason, why->len ? "; it may be:" : "");
	else
		warn(err, "'%s'", text);
	io_write_all(2, why->p, why->len);
}

void die_pid(int code, int err, const char *text, const struct str *why)
{
	warn_pid(err, text, why);
	_exit(code);
}

void die_filter(int code, int err, const char *text, const struct filter_error *e)
{
	enum { WORD = 64 };
	unsigned column;

	if (err != -EINVAL)
		die(code, err, "--filter");
	column = (unsigned)out_cells(text, e->at, out_utf8()) + 1;
	if (!e->len)
		die(code, 0, "--filter: column %u: %s", column, e->what);
	die(code, 0, "--filter: column %u: '%.*s': %s", column,
	    (int)(e->len < WORD ? e->len : WORD), text + e->at, e->what);
}
