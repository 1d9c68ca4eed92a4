/* SPDX-License-Identifier: 0BSD */
/*
 * The termination log: a few lines for who asks why a container has ended. Kubernetes reads
 * /dev/termination-log, at most 4,096 bytes of it, and shows them with the container's state.
 */
#include "init.h"
#include "cgroup.h"
#include "child.h"
#include "exec.h"
#include "io.h"
#include "proc.h"
#include "str.h"

#include <string.h>
#include <sys/wait.h>
#include <time.h>

/* The file, and the line that is being made: of those there are few enough. */
struct note {
	int fd, err;
	struct line line;
	char seconds[LOG_SECONDS];
};

/* The end of a line. */
static void end(struct note *n)
{
	log_end(&n->line);
	if (!n->err) {
		ssize_t r = io_write_now(n->fd, n->line.text, n->line.len);

		n->err = r < 0 ? (int)-r : (size_t)r < n->line.len ? ENOSPC : 0;
	}
	n->line.len = 0;
}

static char *seconds(struct note *n, uint64_t ns)
{
	return log_seconds(ns, 3, n->seconds);
}

static int64_t oom_kills(void)
{
	int proc = proc_mount(NULL);
	int64_t n = cgroup_oom_kills(proc, NULL);

	if (proc >= 0)
		close(proc);
	return n;
}

void death_prepare(struct init *in)
{
	if (in->termination_log)
		in->death.oom_kills = oom_kills();
}

void death_asked(struct init *in, const siginfo_t *info)
{
	struct proc p;

	in->stop.at_ns = sys_clock(CLOCK_MONOTONIC);
	in->death.code = info->si_code;
	if (in->termination_log && info->si_code <= 0 && info->si_pid > 0 &&
	    !log_look(info->si_pid, &p))
		memcpy(in->death.comm, p.comm, sizeof in->death.comm - 1);
}

void death_ended(struct init *in, int status)
{
	in->death.status = status;
	in->death.ended_ns = sys_clock(CLOCK_MONOTONIC);
}

#define REASON 64
static const char *reason(int err, char text[REASON])
{
	if (CFG_STRERROR)
		return strerror(err);
	str_format(text, REASON, "error %d", err);
	return text;
}

static void not_started(const struct init *in, struct note *n)
{
	const struct death *d = &in->death;
	int err = d->err < 0 ? -d->err : d->err;
	char number[REASON];

	log_add(&n->line,
	        d->file ? "The command was not started: failed to execute %.*s: %s"
	                : "The command was not started: %.*s failed: %s",
	        200, d->file ? d->file : d->call, reason(err, number));
	if (*d->cause)
		log_add(&n->line, " (%s)", d->cause);
	end(n);
}

/* Whose end it is: that of the command, or of the service that has ended all. */
static void add_who(const struct init *in, struct line *l, const char *article)
{
	const struct death *d = &in->death;

	if (d->service)
		log_add(l, "%s service '%.*s'", article, 200, d->service);
	else
		log_add(l, d->services ? "%s services" : "%s command", article);
}

static void how_it_ended(const struct init *in, struct note *n)
{
	int status = in->death.status, sig = WTERMSIG(status);
	char name[SIG_NAME];

	if (WIFSIGNALED(status)) {
		log_add(&n->line, "Signal %d (%s) ended ", sig, sig_name(sig, name));
		add_who(in, &n->line, "the");
	} else {
		add_who(in, &n->line, "The");
		log_add(&n->line, " ended with exit status %d", WEXITSTATUS(status));
	}
	log_add(&n->line, " after %s s%s.", seconds(n, in->death.ended_ns - in->started_ns),
	        WIFSIGNALED(status) && WCOREDUMP(status) ? ", with a core dump" : "");
	end(n);
	if (in->death.killed) {
		log_add(&n->line, "Init killed it, %s s after the stop signal.",
		        seconds(n, in->kill_after_ns));
		end(n);
	}
}

static void who_asked(const struct init *in, struct note *n)
{
	const struct death *d = &in->death;
	char name[SIG_NAME];

	if (!in->stop.sig) {
		log_add(&n->line, "No stop signal came.");
		end(n);
		return;
	}
	log_add(&n->line, "Stop signal %s came after %s s from ", sig_name(in->stop.sig, name),
	        seconds(n, in->stop.at_ns - in->started_ns));
	if (d->code > 0)
		log_add(&n->line, d->code == SI_KERNEL ? "the terminal" : "the kernel");
	else if (!in->stop.from)
		log_add(&n->line, "outside of the PID namespace: the container runtime");
	else
		log_add(&n->line, *d->comm ? "process %d (%s)" : "process %d", in->stop.from,
		        d->comm);
	log_add(&n->line, "; ");
	add_who(in, &n->line, "the");
	if (d->ended_ns >= in->stop.at_ns)
		log_add(&n->line, " ended %s s later.", seconds(n, d->ended_ns - in->stop.at_ns));
	else
		log_add(&n->line, " had ended already.");
	end(n);
}

static void what_else(const struct init *in, struct note *n, int code)
{
	int64_t before = in->death.oom_kills, now = before < 0 ? before : oom_kills();

	if (now > before)
		log_add(&n->line, "Out of memory: the kernel killed %lld processes of the cgroup.",
		        (long long)(now - before));
	else if (now >= 0)
		log_add(&n->line, "The kernel killed no process of the cgroup for lack of memory.");
	if (now >= 0)
		end(n);
	if (in->killed) {
		log_add(&n->line, "%u processes had to be killed after the grace of %s s.",
		        in->killed, seconds(n, in->grace_ns));
		end(n);
	}
	if (code != child_code(in->death.status)) {
		log_add(&n->line, "Exit status: %d.", code);
		end(n);
	}
}

void death_write(struct init *in, int code)
{
	const char *file = in->termination_log;
	struct note n = { .err = 0 };
	char number[REASON];

	if (!file)
		return;
	if (!*file)
		file = "/dev/termination-log";
	n.fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0644);
	if (n.fd < 0)
		n.err = errno;
	if (!in->death.ended_ns)
		death_ended(in, in->status);
	if (in->death.err) {
		not_started(in, &n);
	} else {
		how_it_ended(in, &n);
		who_asked(in, &n);
		what_else(in, &n, code);
	}
	if (n.err)
		log_say(in, "cannot write %.*s: %s", 256, file, reason(n.err, number));
	if (n.fd >= 0)
		close(n.fd);
}
