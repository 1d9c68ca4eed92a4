/* SPDX-License-Identifier: 0BSD */
/*
 * waitpid: waits for processes that are not our children, by pidfds, as util-linux's does. It
 * differs in PID@REF, in durations with units, and in that --timeout 0 only looks.
 */
//config:config WAITPID
//config:	bool "waitpid"
//config:	default y
//config:	help
//config:	  Waits for the end of processes that need not be its children.
//install:/usr/bin

#include "applet.h"
#include "out.h"
#include "pid.h"
#include "proc.h"
#include "str.h"
#include "sys.h"

#include <poll.h>
#include <string.h>
#include <time.h>

enum { EXIT_FAILED = 1, EXIT_LACKING = 2, EXIT_LATE = 3 };

struct waitpid {
	const char *timeout_text, *count_text;
	int verbose, exited;
	int proc;
	struct out o;
	struct str fds;   /* struct pollfd; -1: done with */
	struct str words; /* const char *: their operands */
};

#define OPTS struct waitpid

#define ROWS(OPT, OPT_) \
	OPT('v', "verbose", "", OPT_SET, verbose, 1, "say who has ended") \
	OPT('t', "timeout", "SECONDS", OPT_TEXT, timeout_text, 0, "wait no longer; 0 only looks") \
	OPT('e', "exited", "", OPT_SET, exited, 1, "it is no error when one has ended before") \
	OPT('c', "count", "N", OPT_TEXT, count_text, 0, "wait until so many of them have ended") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

extern const struct applet applet_waitpid;

/* ---- who */

static void add(struct waitpid *w, int fd, const char *word)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (str_add(&w->fds, (const char *)&p, sizeof p) ||
	    str_add(&w->words, (const char *)&word, sizeof word))
		die(EXIT_FAILED, -ENOMEM, "cannot hold the processes");
}

/* Takes hold of a process. */
static void hold(struct waitpid *w, const char *word)
{
	struct str why = { 0 };
	pid_t pid = 0;
	int fd = pid_open_text(w->proc, word, &pid, &why);

	if (fd == -ESRCH && w->exited)
		warn(0, "PID %s has exited, skipping", word);
	else if (fd >= 0)
		add(w, fd, word);
	else if (fd == -EBADF)
		die(EXIT_FAILED, 0,
		    "'%s': no /proc here to look that up; the cure is: mount -t proc proc /proc",
		    word);
	else if (pid_reason(fd))
		die_pid(fd == -EOPNOTSUPP ? EXIT_LACKING : EXIT_FAILED, fd, word, &why);
	else
		die(fd == -ENOSYS ? EXIT_LACKING : EXIT_FAILED, fd, "could not open pid %s", word);
	str_free(&why);
}

/* ---- waiting */

/* What has ended is not waited for again. Returns how many that were, at most `max`. */
static size_t take_ended(struct waitpid *w, size_t max)
{
	struct pollfd *fds = (struct pollfd *)(void *)w->fds.p;
	const char *const *words = (const char *const *)(void *)w->words.p;
	size_t taken = 0;

	for (size_t i = 0; i < w->fds.len / sizeof *fds && taken < max; i++) {
		if (fds[i].fd < 0 || !fds[i].revents)
			continue;
		close(fds[i].fd);
		fds[i].fd = -1; /* poll(2) passes over it */
		taken++;
		if (w->verbose) {
			out_text(&w->o, "PID ");
			out_text(&w->o, words[i]);
			out_text(&w->o, " finished\n");
		}
	}
	return taken;
}

/* Until so many have ended: 0, or 3 when the time is over. */
static int wait_for(struct waitpid *w, size_t count, uint64_t until_ns)
{
	while (count) {
		int r = pid_wait((struct pollfd *)(void *)w->fds.p,
		                 w->fds.len / sizeof(struct pollfd), until_ns);

		if (r < 0)
			die(EXIT_FAILED, r, "cannot wait");
		if (!r && w->verbose)
			out_text(&w->o, "Timeout expired\n");
		if (!r)
			return EXIT_LATE;
		count -= take_ended(w, count);
		r = out_flush(&w->o); /* as it happens */
		if (r)
			die(EXIT_FAILED, r, "write error");
	}
	return 0;
}

static uint64_t deadline(const char *text)
{
	uint64_t ns, now = sys_clock(CLOCK_MONOTONIC);

	if (!text)
		return STR_FOREVER;
	if (str_duration(text, &ns))
		opt_misuse(&applet_waitpid, "invalid timeout: '%s'", text);
	return ns > STR_FOREVER - now ? STR_FOREVER : now + ns;
}

APPLET(waitpid, "wait for processes that need not be its children",
       "[-v] [-t SECONDS] [-e|-c N] PID[:INODE]|PID@REF...", rows, 0, EXIT_FAILED, NULL)
{
	struct waitpid w = { .o = { .fd = 1 } };
	char **words = opt_parse(&applet_waitpid, run->argv, &w);
	uint64_t until_ns = deadline(w.timeout_text), count;
	int status, r;

	if (!*words)
		opt_misuse(&applet_waitpid, "no PIDs specified");
	if (w.count_text && w.exited)
		opt_misuse(&applet_waitpid, "mutually exclusive arguments: --count --exited");
	w.proc = proc_mount(NULL);
	for (; *words; words++)
		hold(&w, *words);
	count = w.fds.len / sizeof(struct pollfd);
	if (w.count_text) {
		uint64_t all = count;

		if (str_number(w.count_text, UINT32_MAX, &count) || !count)
			opt_misuse(&applet_waitpid, "invalid count: '%s'", w.count_text);
		if (count > all)
			die(EXIT_FAILED, 0, "can't wait for %lu of %lu PIDs", (unsigned long)count,
			    (unsigned long)all);
	}
	status = wait_for(&w, (size_t)count, until_ns);
	r = out_flush(&w.o);
	if (r)
		die(EXIT_FAILED, r, "write error");
	return status;
}

//man:A process has ended when all its threads have; whether its parent has waited for it does not
//man:matter. The wait costs nothing meanwhile: the kernel wakes us, pidfd_open(2).
//man:
//man:PID:INODE, with the inode that getino(1) prints, is the very process that had it, not another
//man:one that has got the number since. PID@REF is the one with that number in another PID
//man:namespace: see pidbox(1). SECONDS may have a fraction, and one of the units s m h d.
//man:# EXIT STATUS
//man:0 when they have ended, 1 when something is wrong, also when one has ended before and -e is
//man:not given, 2 when the kernel lacks what it takes, 3 when the time is over.
//man:# EXAMPLES
//man:$ sleep 1 & waitpid $!
//man:$ sleep 9 & waitpid --timeout 0 $! || echo it runs; kill $!
