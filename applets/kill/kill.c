/* SPDX-License-Identifier: 0BSD */
/*
 * kill: sends signals, by number or name, to processes and process groups: util-linux's options,
 * and procps's where they say the same. It differs in that one process is signalled by a pidfd, in
 * PID@REF, in that it says when a signal is lost on the init of a PID namespace, and in that what
 * follows by --timeout comes to all processes at the same time, not to one after the other.
 */
//config:config KILL
//config:	bool "kill"
//config:	default y
//config:	help
//config:	  Sends signals to processes.
//config:config KILL_NAMES
//config:	bool "kill: processes by name, of one PID namespace (--all, --pidns)"
//config:	depends on KILL
//config:	default y
//config:config KILL_STATE
//config:	bool "kill: look at handlers (--require-handler, --show-process-state)"
//config:	depends on KILL
//config:	default y
//config:config KILL_TREE
//config:	bool "kill: a process with its descendants (--tree)"
//config:	depends on KILL
//config:	default y
//config:config KILL_WAIT
//config:	bool "kill: wait for the end, or send more signals (--wait, --timeout)"
//config:	depends on KILL
//config:	default y
//config:config KILL_INIT
//config:	bool "kill: say when a signal is lost on the init of a PID namespace"
//config:	depends on KILL
//config:	default y
//install:/bin

#include "applet.h"
#include "kill.h"
#include "pid.h"
#include "sig.h"

#include <string.h>

#define SOME 64 /* exit status: some of them were */

#define OPTS struct kill

#define ROWS(OPT, OPT_) \
	OPT('s', "signal", "SIGNAL", OPT_TEXT, signal, 0, \
	    "the signal to send (TERM); also -SIGNAL") \
	OPT('q', "queue", "VALUE", OPT_TEXT, value, 0, "an integer to send with the signal") \
	IF_KILL_WAIT(OPT(0, "timeout", "MS SIGNAL", OPT_TEXT, unused, 0, \
	                 "after so many milliseconds send this one to those that are still " \
	                 "there; may be repeated")) \
	IF_KILL_WAIT(OPT(0, "wait", "[=DURATION]", OPT_TEXT | OPT_OWN, wait, 0, \
	                 "wait until they have ended, at most so long")) \
	IF_KILL_TREE(OPT(0, "tree", "", OPT_SET | OPT_OWN, tree, 1, \
	                 "with all their descendants, of which none escapes by forking")) \
	IF_KILL_NAMES( \
		OPT('a', "all", "", OPT_SET, all, 1, "by name, processes of other users as well")) \
	IF_KILL_NAMES(OPT(0, "pidns", "REF", OPT_TEXT | OPT_OWN, pidns, 0, \
	                  "only processes of this PID namespace")) \
	IF_KILL_STATE(OPT('r', "require-handler", "", OPT_SET, need_handler, 1, \
	                  "only to processes that have a handler for it")) \
	OPT('p', "pid", "", OPT_SET, print, 1, "only print the process numbers") \
	OPT('l', "list", "[=N]", OPT_TEXT, list, 0, \
	    "list the names of signals, or turn numbers (also exit codes), names and masks (0xN) " \
	    "into each other") \
	OPT('L', "table", "", OPT_SET, table, 1, "list names and numbers of signals") \
	IF_KILL_STATE(OPT('d', "show-process-state", "PID", OPT_TEXT, state, 0, \
	                  "list the signals that are pending for a process, and those that it " \
	                  "blocks, ignores and catches")) \
	OPT(0, "verbose", "", OPT_SET, verbose, 1, "say what is sent to whom") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

/* ---- words that look like options */

/* Whether the word is --NAME, or as many letters of it that it is no other one, with or without a
 * value. */
static int is_long(const char *word, const char *name, size_t least)
{
	size_t len = strcspn(word, "=");

	return len >= least + 2 && !strncmp(word, "--", 2) && !strncmp(word + 2, name, len - 2);
}

/* How many words an option with its value takes. */
static int count_words(const char *word)
{
	const char *letter = word + strcspn(word, "sqdl"); /* the first one with a value */

	if (word[1] != '-')
		return *letter && *letter != 'l' && !letter[1] ? 2 : 1;
	return !strchr(word, '=') &&
	                       (is_long(word, "signal", 2) || is_long(word, "queue", 1) ||
	                        is_long(word, "pidns", 4) || is_long(word, "show-process-state", 2))
	               ? 2
	               : 1;
}

/* --timeout MS SIGNAL. How many words. */
static int take_step(struct kill *k, char **words)
{
	const char *equals = strchr(*words, '='), *ms = equals ? equals + 1 : words[1];
	char *name = ms ? words[equals ? 1 : 2] : NULL;
	struct kill_step s = { 0, name ? sig_parse(name) : 0 };

	if (!name)
		die(1, 0, "option '--timeout' requires two arguments, MS and SIGNAL");
	if (str_number(ms, INT32_MAX, &s.ms))
		die(1, 0, "not a number of milliseconds: '%s'", ms);
	if (s.sig < 0)
		die(1, 0, "unknown signal: %s", name);
	if (str_add(&k->steps, (const char *)&s, sizeof s))
		die(1, -ENOMEM, "--timeout");
	return equals ? 2 : 3;
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* -SIGNAL is no cluster of letters, and --timeout has two values: takes them out of the words. Once
 * there is a signal -N is a process group, with which the options end; before it is a signal
 * (kill(1p)). */
static const char *take_words(struct kill *k, char **argv)
{
	char **from = argv, **to = argv;
	const char *signal = NULL;
	int has_signal = 0;

	if (*from)
		*to++ = *from++;
	while (*from && **from == '-' && from[0][1] && strcmp(*from, "--") &&
	       !(is_digit(from[0][1]) && has_signal)) {
		const char *word = *from + 1;
		int count = count_words(*from);

		if (*word == 'l' || is_long(*from, "list", 1))
			break;
		if (CFG_KILL_WAIT && is_long(*from, "timeout", 2)) {
			from += take_step(k, from);
		} else if (!has_signal && (sig_parse(word) >= 0 || is_digit(*word))) {
			signal = word;
			has_signal = 1;
			from++;
		} else {
			has_signal |= is_long(*from, "signal", 2) ||
			              (*word != '-' && word[strcspn(word, "sqd")] == 's');
			while (count-- && *from)
				*to++ = *from++;
		}
	}
	while ((*to++ = *from++) != NULL)
		;
	return signal;
}

/* ---- operands */

/* The processes of a group that has got the signal, for --timeout and --wait. */
static int keep_group(struct kill *k, pid_t pgid)
{
	struct proc_walk w;
	struct proc p;
	int r = k->is_ours && pgid ? proc_open(&w, k->proc, PROC_STAT) : -EXDEV;

	if (r)
		return r;
	while ((r = proc_next(&w, &p)) == 1) {
		int fd = p.pgid == pgid && p.pid != getpid() ? pid_open(p.pid) : -1;

		if (fd >= 0)
			kill_done(k, p.pid, fd,
			          !proc_get_stat(k->proc, p.pid, &p) && p.pgid == pgid);
	}
	proc_close(&w);
	return r;
}

/* A value goes to a group by the pidfd of its leader (Linux 6.9). */
static int queue_group(const struct kill *k, pid_t pgid)
{
	siginfo_t info;
	int fd = pid_open(pgid), r;

	if (fd < 0)
		return fd;
	sig_value(&info, k->sig, k->queued);
	r = sys_pidfd_send_group(fd, k->sig, &info);
	close(fd);
	return r;
}

/* A negative number is a process group, -1 everybody; 0 our own group (kill(2)), which is not asked
 * for by its number: that may be 1. */
static void send_group(struct kill *k, const char *word)
{
	int minus = *word == '-', waits = CFG_KILL_WAIT && (k->wait || k->steps.len), r;
	const char *not = k->tree           ? "tree"
	                  : k->pidns        ? "pidns"
	                  : k->need_handler ? "require-handler"
	                                    : "wait";
	uint64_t n;
	pid_t pgid;

	if (str_number(word + minus, INT32_MAX, &n)) {
		k->failed++;
		warn(0, "failed to parse argument: '%s'", word);
		return;
	}
	pgid = n ? (pid_t)n : getpgrp();
	if (k->tree || k->pidns || k->need_handler || (waits && minus && n == 1)) {
		k->failed++;
		warn(0, "(%s): --%s is not for groups", word, not );
		return;
	}
	if (k->verbose)
		kill_say(k, "sending", k->sig, -pgid);
	if (k->print)
		r = -EINVAL;
	else if (k->value)
		r = queue_group(k, pgid);
	else
		r = (int)sys_result(kill(n ? -pgid : 0, k->sig));
	if (!r && waits)
		r = keep_group(k, pgid);
	k->sent += !r;
	if (r)
		kill_failed(k, r, word);
}

static void send_process(struct kill *k, const char *word)
{
	struct str why = { 0 };
	uint64_t n;
	pid_t pid;
	int fd;

	/* Whether there is one nobody has asked. */
	if (k->print && !k->tree && !k->pidns && !str_number(word, INT32_MAX, &n)) {
		kill_print(k, (pid_t)n);
		return;
	}
	fd = pid_open_text(k->proc, word, &pid, &why);
	if (CFG_KILL_NAMES && fd == -EINVAL && !pid && *word && *word != '-' &&
	    !(is_digit(*word) && strpbrk(word, "@:"))) {
		kill_by_name(k, word);
	} else if (k->proc < 0 && fd < 0 && strchr(word, '@')) {
		k->failed++;
		warn(0,
		     "'%s': no /proc here to look that up; the cure is: mount -t proc proc /proc",
		     word);
	} else if (!pid && pid_reason(fd)) {
		k->failed++;
		warn_pid(fd, word, &why);
	} else if (!pid) {
		kill_failed(k, fd, word);
	} else if (CFG_KILL_NAMES && k->pidns && !pidns_has(&k->ns, pid, 0)) {
		k->failed++;
		warn(0, "(%s): not in the PID namespace %s", word, k->pidns);
		if (fd >= 0)
			close(fd);
	} else {
		/* No pidfds before Linux 5.3, and seccomp profiles refuse them in many ways. */
		kill_process(k, word, pid, fd);
	}
	str_free(&why);
}

/* ---- the options' values */

/* For an option that asks /proc for one of our numbers: elsewhere it would be a stranger's. */
static void need_proc(const struct kill *k, const char *option)
{
	if (!k->is_ours)
		die_hint(1, 0, "mount -t proc proc /proc", "--%s: %s", option,
		         k->proc < 0 ? "nothing is mounted on /proc"
		                     : "/proc is that of another PID namespace");
}

static void parse_values(struct kill *k)
{
	struct str why = { 0 };
	uint64_t n;
	int minus, r;

	k->sig = k->signal ? sig_parse(k->signal) : SIGTERM;
	if (k->sig < 0)
		die(1, 0, "unknown signal: %s", k->signal);
	if (k->print && (k->signal || k->value))
		die(1, 0, "--pid and --%s are mutually exclusive", k->signal ? "signal" : "queue");
	if (k->value) {
		minus = *k->value == '-';
		if (str_number(k->value + minus, (uint64_t)INT32_MAX + (unsigned)minus, &n))
			die(1, 0, "not an integer: '%s'", k->value);
		k->queued = (int)(minus ? -(int64_t)n : (int64_t)n);
	}
	k->wait_ns = STR_FOREVER;
	if (CFG_KILL_WAIT && k->wait && *k->wait && str_duration(k->wait, &k->wait_ns))
		die(1, 0, "not a duration: '%s'", k->wait);
	if (CFG_KILL_STATE && k->need_handler)
		need_proc(k, "require-handler");
	if (CFG_KILL_TREE && k->tree)
		need_proc(k, "tree");
	if (!CFG_KILL_NAMES || !k->pidns)
		return;
	need_proc(k, "pidns");
	r = pidns_find(&k->ns, k->proc, k->pidns, &why);
	if (r)
		die_pid(1, r, k->pidns, &why);
}

/* What is asked for about signals, instead of sending one; -1: nothing. */
static int show(struct kill *k, char **words)
{
	int failed, r;

	if (CFG_KILL_STATE && k->state)
		need_proc(k, "show-process-state");
	if (k->list)
		failed = kill_list(&k->out, *k->list ? k->list : NULL, words);
	else if (k->table)
		failed = kill_table(&k->out);
	else if (CFG_KILL_STATE && k->state)
		failed = kill_state(k);
	else
		return -1;
	r = out_flush(&k->out);
	if (r)
		die(1, r, "write error");
	return failed;
}

APPLET(kill, "send a signal to processes",
       "[-s SIGNAL|-SIGNAL] [OPTION]... PID|NAME|-PGID... | -l [SIGNAL]...", rows,
       OPT_STOP | OPT_DIGITS | OPT_GLUED, 1, NULL)
{
	struct kill k = { .out.fd = 1, .proc = -1 };
	char **words;
	int status, r;

	k.signal = take_words(&k, run->argv);
	words = opt_parse(&applet_kill, run->argv, &k);
	k.proc = proc_mount(NULL);
	k.is_ours = k.proc >= 0 && proc_is_ours(k.proc) == 1;
	status = show(&k, words);
	if (status >= 0)
		return status;
	if (!*words)
		opt_misuse(&applet_kill, "no process given");
	parse_values(&k);
	for (; *words; words++)
		if (**words == '-' || !strcmp(*words, "0"))
			send_group(&k, *words);
		else
			send_process(&k, *words);
	if (CFG_KILL_WAIT)
		kill_wait(&k);
	if (CFG_KILL_NAMES)
		pidns_free(&k.ns);
	str_free(&k.steps);
	str_free(&k.targets);
	r = out_flush(&k.out);
	if (r)
		die(1, r, "write error");
	return !k.failed && k.sent ? 0 : k.sent ? SOME : 1;
}

//man:A PID is a number; a negative one is a process group, -1 every process but oneself and PID
//man:1; PID@REF names a process by its number in another PID namespace: see pidbox(1); PID:INODE
//man:by the inode of its pidfd, as getino(1) tells it, which no other process has had or gets.
//man:Another word is the name of processes, of all those of the same user that have it. Signal 0
//man:only asks whether the process exists. What begins with a dash and a digit is a signal, or
//man:behind one a process group.
//man:
//man:The first process of a PID namespace gets no signal that it has no handler for, except KILL
//man:and STOP from a namespace above. The kernel drops it and reports success, and so does the
//man:exit status; but a line on stderr says so, and what would work.
//man:
//man:The option --tree stops the process and its descendants, looks for more until there are
//man:none, sends the signal to all of them, and lets them go on. Those whose parents have ended
//man:belong to it when their session or process group does. A daemon that has left both, and its
//man:parent, while it was looked for, or before, does not. Neither does kill itself, nor what it
//man:descends from; their other children do. With --pid the numbers are printed, and nobody is
//man:stopped.
//man:
//man:With --wait the exit status says whether the processes have ended: those that are still
//man:there after the DURATION (as in sleep(1)) count as failed. What a process that is no child
//man:of kill has ended with cannot be told. Both this and --timeout begin when all have got the
//man:first signal.
//man:# EXIT STATUS
//man:0 when all were signalled, 1 when none was, 64 when some were.
//man:# EXAMPLES
//man:$ kill -l TERM
//man:$ kill --list=0x4001
