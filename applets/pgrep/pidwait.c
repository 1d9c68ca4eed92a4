/* SPDX-License-Identifier: 0BSD */
/*
 * pidwait: waits for processes by name and other things, as procps has it. It differs in that it
 * holds one pidfd at a time, so that there may be any number of them: who has ended before is told
 * from a stranger with the same number by when it was started.
 */
//config:config PIDWAIT
//config:	bool "pidwait"
//config:	default y
//config:	help
//config:	  Waits for the end of processes by name, owner, namespace and other things.
//install:/usr/bin

#include "match.h"
#include "pid.h"
#include "sig.h"

#include <poll.h>

struct pidwait {
	struct match m;
	int echo;
};

#define OPTS struct pidwait
#define ROWS(OPT, OPT_) \
	MATCH_ROWS(OPT, OPT_) \
	OPT('v', "inverse", "", OPT_SET, m.negate, 1, "all but those who match") \
	OPT('e', "echo", "", OPT_SET, echo, 1, "say for whom it waits") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

/* 0 when it has ended. */
static int wait_for(const struct match *m, const struct match_hit *hit)
{
	struct pollfd fd = { .fd = pid_open(hit->pid), .events = POLLIN };
	struct proc p;
	int r;

	if (fd.fd < 0)
		return fd.fd == -ESRCH ? 0 : fd.fd;
	r = proc_get_stat(m->proc, hit->pid, &p);
	/* It is still the one that was found: else the pidfd is a stranger's. */
	if (!r && p.start_ticks == hit->start_ticks)
		r = pid_wait(&fd, 1, STR_FOREVER);
	close(fd.fd);
	return r == -ESRCH || r > 0 ? 0 : r;
}

static void announce(const struct match *m, const struct match_hit *hit, struct out *o)
{
	out_text(o, "waiting for ");
	out_bytes(o, match_shown(m, hit), hit->len);
	out_text(o, " (pid ");
	out_number(o, (uint64_t)hit->pid);
	out_text(o, ")\n");
}

APPLET(pidwait, "wait for processes by name and other things", "[OPTION]... PATTERN", rows, 0, 2,
       NULL)
{
	struct pidwait w = { .m = { .more = PROC_STAT } };
	struct sys_sigset pipe = { { 0 } };
	struct out o = { .fd = 1 };
	const struct match_hit *hits;
	size_t count, ended = 0;

	sig_add(&pipe, SIGPIPE);
	sig_block(&pipe, &pipe); /* it waits, even when nobody hears for whom */
	match_begin(&w.m, &applet_pidwait, opt_parse(&applet_pidwait, run->argv, &w));
	if (!w.m.ours)
		die(3, 0,
		    "/proc is that of another PID namespace: its numbers are not ours "
		    "(mount -t proc proc /proc)");
	w.m.show = w.echo ? match_name : NULL;
	count = match_find(&w.m, &hits);
	if (w.m.count) {
		out_number(&o, count);
		out_text(&o, "\n");
	}
	for (size_t i = 0; w.echo && i < count; i++)
		announce(&w.m, &hits[i], &o);
	out_flush(&o);
	for (size_t i = 0; i < count; i++) {
		int r = wait_for(&w.m, &hits[i]);

		if (r)
			warn(r, "opening pid %d failed", hits[i].pid);
		else
			ended++;
	}
	return match_end(&o, ended);
}

//man:It waits until all processes have ended that pgrep(1) would find with the same words; there it
//man:is said what these mean. Who has already ended when it comes to him, and be it that another
//man:has got his number, has ended. A zombie has. Who is started later is not waited for.
//man:
//man:It never waits for itself; for who waits for it, it would wait for ever: -A leaves them out.
//man:# EXIT STATUS
//man:0 when they have ended, 1 when there was nobody, 2 for wrong use, 3 when it cannot be done.
//man:# EXAMPLES
//man:$ sleep 1 & pidwait -P $$
//man:# SEE ALSO
//man:pgrep(1), pkill(1), pidfd_open(2), waitpid(1)
