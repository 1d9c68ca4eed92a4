/* SPDX-License-Identifier: 0BSD */
#include "die.h"
#include "child.h"
#include "config.h"
#include "io.h"
#include "out.h"
#include "pid.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

const char *die_name = "pidbox";

static size_t reason(char *text, size_t room, int err)
{
	err = err < 0 ? -err : err;
	if (CFG_STRERROR)
		return str_format(text, room, ": %s", strerror(err));
	return str_format(text, room, ": error %d", err);
}

__attribute__((format(printf, 3, 0))) static void say(int err, const char *hint, const char *format,
                                                      va_list args)
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
	io_write_all(2, line, len);
}

void warn(int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(err, NULL, format, args);
	va_end(args);
}

void die(int code, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(err, NULL, format, args);
	va_end(args);
	_exit(code);
}

void die_hint(int code, int err, const char *hint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(err, hint, format, args);
	va_end(args);
	_exit(code);
}

void die_start(const struct child *c, int err)
{
	if (c->step == CHILD_EXEC)
		die(child_exec_status(err), err, "failed to execute %s",
		    c->file ? c->file : c->argv[0]);
	die_hint(1, err, err == -ENOMEM ? "the init of the PID namespace has ended" : NULL,
	         "fork failed");
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
