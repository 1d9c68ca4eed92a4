/* SPDX-License-Identifier: 0BSD */
/*
 * pkill: signals processes by name and other things, as procps has it. It differs in that a pidfd
 * is held before a process is compared for the last time: no stranger who has got the number
 * meanwhile is hit.
 */
//config:config PKILL
//config:	bool "pkill"
//config:	default y
//config:	help
//config:	  Signals processes by name, owner, namespace and other things.
//install:/usr/bin

#include "match.h"
#include "pid.h"
#include "sig.h"

#include <string.h>

struct pkill {
	struct match m;
	const char *value;
	int echo, list, release;
	siginfo_t info; /* with a value */
};

extern const struct applet applet_pkill;

#define OPTS struct pkill
#define ROWS(OPT, OPT_) \
	MATCH_ROWS(OPT, OPT_) \
	OPT(0, "inverse", "", OPT_SET, m.negate, 1, "all but those who match") \
	OPT('e', "echo", "", OPT_SET, echo, 1, "say who was signalled") \
	OPT('q', "queue", "VALUE", OPT_TEXT, value, 0, "a number that goes with the signal") \
	OPT('m', "mrelease", "", OPT_SET, release, 1, \
	    "and give back at once the memory of the killed") \
	OPT('l', "", "", OPT_SET, list, 1, "list the names of the signals") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

/* -SIGNAL may stand anywhere in front of a "--", also when its letters could be options. */
static const char *take_signal(char **argv)
{
	const char *found = NULL;
	char **to = argv;

	for (; *argv && strcmp(*argv, "--"); argv++)
		if (**argv == '-' && sig_parse(*argv + 1) >= 0)
			found = *argv + 1;
		else
			*to++ = *argv;
	while (*argv)
		*to++ = *argv++;
	*to = NULL;
	return found;
}

static void read_value(struct pkill *k)
{
	int minus = k->value[0] == '-';
	uint64_t n;

	if (str_number(k->value + minus, (uint64_t)INT32_MAX + (unsigned)minus, &n))
		opt_misuse(&applet_pkill, "not a number: %s", k->value);
	sig_value(&k->info, k->m.sig, (int)(minus ? -(int64_t)n : (int64_t)n));
}

static int list(char **words)
{
	struct out o = { .fd = 1 };
	char name[SIG_NAME];

	/* In toybox -l has a signal, and means something else. */
	if (*words)
		opt_misuse(&applet_pkill, "-l takes nothing; to send a signal: --signal %s",
		           *words);
	for (int sig = 1; sig < 32; sig++) {
		out_text(&o, sig_name(sig, name));
		out_text(&o, sig == 16 || sig == 31 ? "\n" : " ");
	}
	return match_end(&o, 1);
}

/* From when the pidfd is held on, whoever is read by that number is the one who is signalled, or
 * has ended, and then nobody is. -ESRCH: it has, or it is no longer meant. */
static int signal_one(struct pkill *k, const struct match_hit *hit)
{
	int fd = pid_open(hit->pid), r = -ESRCH, kept;

	if (fd != -ESRCH && match_again(&k->m, hit))
		r = pid_signal(hit->pid, fd, k->m.sig, k->value ? &k->info : NULL);
	if (!r && k->release && fd >= 0) {
		kept = sys_process_mrelease(fd);
		if (kept && kept != -ESRCH)
			warn(kept, "the memory of %d", hit->pid);
	}
	if (fd >= 0)
		close(fd);
	return r;
}

static int signal_all(struct pkill *k, const struct match_hit *hits, size_t count, struct out *o)
{
	int done = 0;

	for (size_t i = 0; i < count; i++) {
		const struct match_hit *hit = &hits[i];
		int r = signal_one(k, hit);

		if (r && r != -ESRCH)
			warn(r, "killing pid %d failed", hit->pid);
		if (r)
			continue;
		done = 1;
		if (!k->echo)
			continue;
		out_bytes(o, match_shown(&k->m, hit), hit->len);
		out_text(o, " killed (pid ");
		out_number(o, (uint64_t)hit->pid);
		out_text(o, ")\n");
	}
	return done;
}

APPLET(pkill, "signal processes by name and other things", "[-SIGNAL] [OPTION]... PATTERN", rows, 0,
       2, NULL)
{
	const char *signal = *run->argv ? take_signal(run->argv + 1) : NULL;
	struct pkill k = { .m = { .signal = signal } };
	struct sys_sigset pipe = { { 0 } };
	struct out o = { .fd = 1 };
	const struct match_hit *hits;
	char **words = opt_parse(&applet_pkill, run->argv, &k);
	size_t count;
	int done;

	sig_add(&pipe, SIGPIPE);
	sig_block(&pipe, &pipe); /* who does not hear of it is signalled, too */
	if (k.list)
		return list(words);
	k.m.show = k.echo ? match_name : NULL;
	k.m.more = PROC_STAT; /* by its start a process is known from the next of that number */
	match_begin(&k.m, &applet_pkill, words);
	if (!k.m.ours)
		die(3, 0,
		    "/proc is that of another PID namespace: its numbers are not ours "
		    "(mount -t proc proc /proc)");
	if (k.value)
		read_value(&k);
	count = match_find(&k.m, &hits);
	done = signal_all(&k, hits, count, &o);
	if (k.m.count) {
		out_number(&o, count);
		out_text(&o, "\n");
	}
	return match_end(&o, (size_t)done);
}

//man:The signal, TERM unless another is given, goes to all processes that pgrep(1) would find with
//man:the same words; there it is said what these mean. -SIGNAL, as in -9, -KILL and -SIGKILL, may
//man:stand anywhere in front of a "--", also where its letters could be options: -io is SIGIO.
//man:A value for -q that is negative is written --queue=-1.
//man:
//man:Each process is held by a pidfd, pidfd_open(2), before it is looked at for the last time: who
//man:has ended by then, is called otherwise, or has only got the number of another is not
//man:signalled. In a /proc that is not that of our own PID namespace nobody is, since its numbers
//man:are not ours. Of the init of a PID namespace that has no handler for the signal, kill(1) tells
//man:more.
//man:
//man:The option -v is refused, so that nobody uses it by mistake; --inverse does it. As in busybox
//man:-l lists signals; toybox's -l SIGNAL is --signal SIGNAL, and its -V, which means verbose, is
//man:-e.
//man:# EXIT STATUS
//man:0 when somebody was signalled, 1 when nobody was, 2 for wrong use, 3 when it cannot be done.
//man:# EXAMPLES
//man:$ pkill -l
//man:# SEE ALSO
//man:kill(1), pgrep(1), pidwait(1), process_mrelease(2), signal(7)
