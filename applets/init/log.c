/* SPDX-License-Identifier: 0BSD */
/*
 * The log: a line for each event, as text, as JSON (RFC 8259), or in the words of dumb-init, which
 * programs read. Nobody who does not read may hold up an init: what cannot be written at once is
 * lost, counted, and the count is in front of the next line that goes through.
 */
#include "init.h"
#include "applet.h"
#include "io.h"
#include "options.h"
#include "out.h"
#include "proc.h"
#include "str.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <time.h>

extern const struct applet applet_init;

#define NAME_SHOWN 32
#define TEXT_MAX 250 /* of a value, in the line: what else stands there takes less than the rest */

/* ---- one line */

static void vadd(struct line *l, const char *format, va_list args)
{
	size_t room = sizeof l->text - 2 - l->len; /* those are the end's */
	size_t len = str_vformat(l->text + l->len, room, format, args);

	l->len += len < room ? len : room - 1;
}

void log_add(struct line *l, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vadd(l, format, args);
	va_end(args);
}

void log_end(struct line *l)
{
	if (l->json)
		l->text[l->len++] = '}';
	out_clean(l->text, l->len, 1);
	l->text[l->len++] = '\n';
}

char *log_seconds(uint64_t ns, unsigned digits, char text[LOG_SECONDS])
{
	size_t len =
		str_format(text, LOG_SECONDS, "%llu.%06llu", (unsigned long long)(ns / 1000000000u),
	                   (unsigned long long)(ns / 1000u % 1000000u));

	text[len - 6 + digits] = 0;
	return text;
}

/* "NAME[PID]" */
static void begin_plain(const struct init *in, struct line *l)
{
	l->json = 0;
	l->len = 0;
	log_add(l, "%.*s[%d]", NAME_SHOWN, die_name, in->self);
}

/* ---- writing */

/* 0 when the line is lost. A terminal takes a part of one: the rest goes before anything else. */
static int put(struct log *log, int fd, const struct line *l)
{
	size_t len = l->len;
	ssize_t n;

	if (log->rest_len) {
		n = io_write_now(log->rest_fd, log->rest, log->rest_len);
		if (n > 0) {
			log->rest_len -= (unsigned)n;
			memmove(log->rest, log->rest + n, log->rest_len);
		}
		if (log->rest_len && log->rest_fd == fd)
			return 0;
	}
	n = io_write_now(fd, l->text, len);
	if (n <= 0)
		return 0;
	len -= (size_t)n;
	if (len && !log->rest_len) {
		memcpy(log->rest, l->text + n, len);
		log->rest_len = (unsigned)len;
		log->rest_fd = fd;
	}
	return 1;
}

static void begin(const struct init *in, struct line *l, const char *event);

static int say_lost(struct init *in, int fd, unsigned lost)
{
	struct line l;

	if (CFG_INIT_LOG && fd == in->log.fd && in->log.style != LOG_DUMB) {
		begin(in, &l, "lost");
		log_add(&l, l.json ? ",\"lines\":%u" : " lines=%u", lost);
	} else {
		begin_plain(in, &l);
		log_add(&l, ": %u lines were lost here", lost);
	}
	log_end(&l);
	return put(&in->log, fd, &l);
}

/* A line that may be lost. */
static void emit(struct init *in, int fd, struct line *l)
{
	struct log *log = &in->log;
	unsigned *lost = fd == log->fd ? &log->lost : &log->err_lost;

	log_end(l);
	if (*lost && say_lost(in, fd, *lost))
		*lost = 0;
	if (*lost || !put(log, fd, l)) {
		++*lost;
		log->all_lost++;
	}
}

void log_say(struct init *in, const char *format, ...)
{
	struct line l;
	va_list args;

	begin_plain(in, &l);
	if (*format == '[')
		l.len = 0;
	else
		log_add(&l, ": ");
	va_start(args, format);
	vadd(&l, format, args);
	va_end(args);
	emit(in, 2, &l);
}

void log_warn_reaped(struct init *in, pid_t pid)
{
	if (in->verbose >= 0)
		log_say(in, "[WARN  %.*s (%d)] Reaped zombie process with pid=%d", NAME_SHOWN,
		        die_name, in->self, pid);
}

/* ---- what /proc knows */

int log_look(pid_t pid, struct proc *p)
{
	int proc = proc_mount_own(), r;

	if (proc < 0)
		return proc;
	r = proc_get_stat(proc, pid, p);
	close(proc);
	return r;
}

uint64_t log_age_ns(uint64_t start_ticks)
{
	uint64_t now = sys_clock(CLOCK_BOOTTIME);
	uint64_t start = start_ticks * (1000000000u / getauxval(AT_CLKTCK));

	return now > start ? now - start : 0;
}

/* ---- dumb-init: to stderr always */

void log_dumb(struct init *in, const char *text, int err)
{
	if (in->log.style != LOG_DUMB)
		return;
	if (err)
		log_say(in, "[dumb-init] %s (errno=%d %s).", text, err,
		        CFG_STRERROR ? strerror(err) : "error");
	else
		log_say(in, "[dumb-init] %s.", text);
}

static void dumb_forward(struct init *in, int from)
{
	int to = in->map[from];

	if (to != from)
		log_say(in, "[dumb-init] Translating signal %d to %d.", from, to);
	log_say(in,
	        to ? "[dumb-init] Forwarded signal %d to children."
	           : "[dumb-init] Not forwarding signal %d to children (ignored).",
	        to);
	if (from == SIGTSTP || from == SIGTTIN || from == SIGTTOU)
		log_dumb(in, "Suspending self due to TTY signal", 0);
}

static void dumb_received(struct init *in, int sig)
{
	log_say(in, "[dumb-init] Received signal %d.", sig);
	if (sig != SIGCHLD && !in->map[sig])
		dumb_forward(in, sig);
}

static void dumb_reaped(struct init *in, const struct reap_end *end)
{
	int by_signal = WIFSIGNALED(end->status);

	dumb_received(in, SIGCHLD);
	log_say(in,
	        by_signal ? "[dumb-init] A child with PID %d was terminated by signal %d."
	                  : "[dumb-init] A child with PID %d exited with exit status %d.",
	        end->pid, by_signal ? WTERMSIG(end->status) : WEXITSTATUS(end->status));
	if (end->pid == in->child)
		dumb_forward(in, SIGTERM);
}

/* ---- what stands in an event's line, in either format */

static void add_key(struct line *l, const char *key)
{
	log_add(l, l->json ? ",\"%s\":" : " %s=", key);
}

static void add_number(struct line *l, const char *key, long v)
{
	add_key(l, key);
	log_add(l, "%ld", v);
}

static void add_seconds(struct line *l, const char *key, uint64_t ns, unsigned digits)
{
	char text[LOG_SECONDS];

	add_key(l, key);
	log_add(l, "%s", log_seconds(ns, digits, text));
}

/* Whether a value can stand in a line of text as it is. */
static int is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] > '~' || s[i] == '"' || s[i] == '\\' || s[i] == '=')
			return 0;
	return len > 0;
}

/* Any bytes; those that are no UTF-8, and what could trouble a terminal, fall to log_end. In text
 * it is quoted, the same way, where a reader would be mistaken about its end. */
static void add_text(struct line *l, const char *key, const char *s, size_t len)
{
	const char *quote = l->json || !is_plain(s, len) ? "\"" : "";
	size_t most = l->len + TEXT_MAX;

	add_key(l, key);
	log_add(l, "%s", quote);
	for (size_t i = 0; i < len && l->len < most; i++) {
		unsigned char c = (unsigned char)s[i];

		log_add(l,
		        c < ' ' || c == 0x7f    ? "\\u%04x"
		        : c == '"' || c == '\\' ? "\\%c"
		                                : "%c",
		        c);
	}
	log_add(l, "%s", quote);
}

static void add_signal(struct line *l, const char *key, int sig)
{
	char name[SIG_NAME];

	sig_name(sig, name);
	add_text(l, key, name, strlen(name));
}

static void begin(const struct init *in, struct line *l, const char *event)
{
	uint64_t up = in->started_ns ? sys_clock(CLOCK_MONOTONIC) - in->started_ns : 0;
	char seconds[LOG_SECONDS];

	begin_plain(in, l);
	log_seconds(up, 3, seconds);
	if (in->log.style == LOG_JSON) {
		l->json = 1;
		l->len = 0;
		add_seconds(l, "time", sys_clock(CLOCK_REALTIME), 3);
		*l->text = '{';
		log_add(l, ",\"uptime\":%s,\"event\":\"%s\"", seconds, event);
	} else {
		log_add(l, " +%s %s", seconds, event);
	}
}

/* ---- the events */

void log_started(struct init *in, const char *command)
{
	struct line l;

	if (in->log.style == LOG_DUMB) {
		log_say(in, "[dumb-init] Child spawned with PID %d.", in->child);
	} else if (in->log.style) {
		begin(in, &l, "start");
		add_number(&l, "pid", in->child);
		add_text(&l, "command", command, strlen(command));
		emit(in, in->log.fd, &l);
	}
}

void log_signal(struct init *in, const siginfo_t *info)
{
	int code = info->si_code, sig = info->si_signo;
	struct proc p;
	struct line l;

	if (in->log.style == LOG_DUMB) {
		dumb_received(in, sig);
	} else if (in->log.style) {
		begin(in, &l, "signal");
		add_signal(&l, "signal", sig);
		if (code == SI_USER || code == SI_QUEUE || code == SI_TKILL) {
			add_number(&l, "from", info->si_pid);
			if (info->si_pid > 0 && !log_look(info->si_pid, &p))
				add_text(&l, "comm", p.comm, p.comm_len);
		}
		add_number(&l, "code", code);
		emit(in, in->log.fd, &l);
	}
}

void log_forward(struct init *in, int from, int sig, int err)
{
	struct line l;

	if (in->log.style == LOG_DUMB) {
		dumb_forward(in, from);
	} else if (in->log.style) {
		begin(in, &l, "forward");
		add_signal(&l, "signal", from);
		add_signal(&l, "as", sig);
		if (err)
			add_number(&l, "errno", -err);
		emit(in, in->log.fd, &l);
	}
}

void log_found(struct init *in, pid_t pid)
{
	struct log *log = &in->log;
	struct proc p;

	log->pid = 0;
	if (!log->style || log->style == LOG_DUMB || log_look(pid, &p))
		return;
	log->pid = pid;
	memcpy(log->comm, p.comm, sizeof log->comm);
	log->comm_len = p.comm_len < sizeof log->comm ? p.comm_len : sizeof log->comm;
	log->start_ticks = p.start_ticks;
}

static uint64_t time_ns(const struct timeval *t)
{
	return (uint64_t)t->tv_sec * 1000000000u + (uint64_t)t->tv_usec * 1000u;
}

void log_reaped(struct init *in, const struct reap_end *end)
{
	const struct log *log = &in->log;
	int known = log->pid == end->pid;
	struct line l;

	if (log->style == LOG_DUMB)
		dumb_reaped(in, end);
	if (!log->style || log->style == LOG_DUMB)
		return;
	begin(in, &l, "reap");
	add_number(&l, "pid", end->pid);
	if (known)
		add_text(&l, "comm", log->comm, log->comm_len);
	if (WIFEXITED(end->status))
		add_number(&l, "code", WEXITSTATUS(end->status));
	else
		add_signal(&l, "signal", WTERMSIG(end->status));
	add_key(&l, "core");
	log_add(&l, WCOREDUMP(end->status) ? "true" : "false");
	add_seconds(&l, "utime", time_ns(&end->usage.ru_utime), 6);
	add_seconds(&l, "stime", time_ns(&end->usage.ru_stime), 6);
	add_number(&l, "maxrss_kb", end->usage.ru_maxrss);
	if (known)
		add_seconds(&l, "age", log_age_ns(log->start_ticks), 3);
	emit(in, in->log.fd, &l);
}

static void add_value(struct line *l, const char *key, long value)
{
	if (key && !strcmp(key, "signal"))
		add_signal(l, key, (int)value);
	else if (key)
		add_number(l, key, value);
}

void log_event(struct init *in, const char *event, const char *key, long value)
{
	struct line l;

	if (in->log.style == LOG_DUMB) {
		if (!strcmp(event, "stop"))
			dumb_received(in, SIGCHLD);
	} else if (in->log.style) {
		begin(in, &l, event);
		add_value(&l, key, value);
		emit(in, in->log.fd, &l);
	}
}

void log_service(struct init *in, const char *event, pid_t pid, const char *command,
                 const char *key, long value)
{
	struct line l;

	if (!in->log.style || in->log.style == LOG_DUMB)
		return;
	begin(in, &l, event);
	if (pid)
		add_number(&l, "pid", pid);
	add_text(&l, "command", command, strlen(command));
	add_value(&l, key, value);
	emit(in, in->log.fd, &l);
}

void log_exit(struct init *in, int code)
{
	if (in->log.style == LOG_DUMB)
		log_say(in, "[dumb-init] Child exited with status %d. Goodbye.", code);
	else
		log_event(in, "exit", "code", code);
	if (in->log.err_lost)
		say_lost(in, 2, in->log.err_lost);
}

/* ---- the options */

static int open_log(const char *to)
{
	uint64_t n = 0;
	int err = str_number(to, INT32_MAX, &n), fd = (int)n, flags;

	if (err == -EINVAL) {
		fd = open(to, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
		          0644);
		if (fd < 0)
			die_hint(1, errno, errno == ENXIO ? "nobody reads there" : NULL,
			         "cannot open %s", to);
		return fd;
	}
	flags = err ? -1 : fcntl(fd, F_GETFL);
	if (flags < 0 || flags & O_PATH || (flags & O_ACCMODE) == O_RDONLY)
		die(1, EBADF, "cannot write to descriptor %s", to);
	return fd;
}

void log_open(struct init *in)
{
	struct log *log = &in->log;
	const char *format = in->log_format;

	if (!in->log_to && !format && in->verbose < 1)
		return;
	log->style = LOG_TEXT;
	if (format && !strcmp(format, "json"))
		log->style = LOG_JSON;
	else if (format && strcmp(format, "text"))
		opt_misuse(&applet_init, "unknown log format '%s'", format);
	log->fd = in->log_to ? open_log(in->log_to) : 2;
	if (in->log_to || format || !(in->person->flags & PERSON_DUMB_ENV))
		return;
	log->style = LOG_DUMB;
	if (options_env("DUMB_INIT_DEBUG=", "1"))
		log_dumb(in, "Running in debug mode", 0);
	if (options_env("DUMB_INIT_SETSID=", "0"))
		log_dumb(in, "Not running in setsid mode", 0);
}
