/* SPDX-License-Identifier: 0BSD */
/*
 * kill: sends signals, by number or name, to processes and process groups. It differs from the
 * others in that one process is signalled by a pidfd, and in PID@REF.
 */
//config:config KILL
//config:	bool "kill"
//config:	default y
//config:	help
//config:	  Sends signals to processes.
//install:/bin

#include "applet.h"
#include "out.h"
#include "pid.h"
#include "proc.h"
#include "sig.h"

#include <string.h>

struct kill {
	const char *signal;
	int list;
};

#define OPTS struct kill

#define ROWS(OPT, OPT_) \
	OPT('s', "signal", "SIGNAL", OPT_TEXT, signal, 0, \
	    "the signal to send (TERM); also -SIGNAL") \
	OPT('l', "list", "", OPT_SET, list, 1, \
	    "list the names of signals, or turn numbers (also exit codes) and names into each " \
	    "other") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

/* The names of the signals 1 to 31, as procps prints them, 16 a line. */
static void list_all(struct out *o)
{
	char name[SIG_NAME];

	for (int sig = 1; sig < 32; sig++) {
		out_text(o, sig_name(sig, name));
		out_text(o, sig == 16 || sig == 31 ? "\n" : " ");
	}
}

/* A number gives the name, 128 + N too, as the shell reports a death; a name gives the number. */
static int list_one(struct out *o, const char *word)
{
	char name[SIG_NAME];
	uint64_t n;
	int sig;

	if (!str_number(word, 255, &n)) {
		sig = (int)(n > 128 ? n - 128 : n);
		if (sig > SYS_SIGNALS || sig < 1) {
			warn(0, "unknown signal: %s", word);
			return 1;
		}
		out_text(o, sig_name(sig, name));
	} else {
		sig = sig_parse(word);
		if (sig < 0) {
			warn(0, "unknown signal: %s", word);
			return 1;
		}
		out_number(o, (uint64_t)sig);
	}
	out_text(o, "\n");
	return 0;
}

static int list(char **words)
{
	struct out o = { .fd = 1 };
	int failed = 0, r;

	if (!*words)
		list_all(&o);
	for (; *words; words++)
		failed |= list_one(&o, *words);
	r = out_flush(&o);
	if (r)
		die(1, r, "write error");
	return failed;
}

/* A negative number is a process group, -1 everybody; 0 our own group (kill(2)). */
static int send_group(const char *word, int sig)
{
	int minus = *word == '-';
	uint64_t n;

	if (str_number(word + minus, INT32_MAX, &n)) {
		warn(0, "failed to parse argument: '%s'", word);
		return 1;
	}
	if (kill(minus ? -(pid_t)n : (pid_t)n, sig)) {
		warn(errno, "(%s)", word);
		return 1;
	}
	return 0;
}

static int send_process(const char *word, int sig)
{
	struct str why = { 0 };
	int proc = strchr(word, '@') ? proc_mount(NULL) : -1, r;

	if (strchr(word, '@') && proc < 0) {
		warn(0,
		     "'%s': no /proc here to look that up; the cure is: mount -t proc proc /proc",
		     word);
		return 1;
	}
	r = pid_signal(proc, word, sig, &why);
	if (r == -EXDEV)
		warn(0,
		     "'%s': this /proc belongs to another PID namespace: its numbers are not ours",
		     word);
	else if (r && pid_reason(r))
		warn_pid(r, word, &why);
	else if (r)
		warn(r, "(%s)", word);
	if (proc >= 0)
		close(proc);
	str_free(&why);
	return r != 0;
}

static int send(const char *word, int sig)
{
	return *word == '-' || !strcmp(word, "0") ? send_group(word, sig) : send_process(word, sig);
}

/* -SIGNAL is no cluster of letters: takes it out of the words. Behind a signal, or "--", a word
 * that begins with a dash is a process group. */
static const char *take_signal(char **argv)
{
	char *word = argv[0] ? argv[1] : NULL;
	int is_number;

	if (!word || word[0] != '-')
		return NULL;
	is_number = word[1] >= '0' && word[1] <= '9';
	if (sig_parse(word + 1) < 0 && is_number)
		die(1, 0, "unknown signal: %s", word + 1);
	if (sig_parse(word + 1) < 0)
		return NULL;
	for (argv++; argv[1]; argv++)
		argv[0] = argv[1];
	argv[0] = NULL;
	return word + 1;
}

APPLET(kill, "send a signal to processes", "[-s SIGNAL|-SIGNAL] PID... | -l [SIGNAL]...", rows,
       OPT_STOP | OPT_DIGITS, 1, NULL)
{
	struct kill k = { .signal = take_signal(run->argv) };
	char **words = k.signal ? run->argv + 1 : opt_parse(&applet_kill, run->argv, &k);
	int sig = SIGTERM, failed = 0;

	if (k.list)
		return list(words);
	if (k.signal && *words && !strcmp(*words, "--"))
		words++;
	if (!*words)
		opt_misuse(&applet_kill, "no process given");
	if (k.signal)
		sig = sig_parse(k.signal);
	if (sig < 0)
		die(1, 0, "unknown signal: %s", k.signal);
	for (; *words; words++)
		failed |= send(*words, sig);
	return failed;
}

//man:A PID is a number; a negative one is a process group, -1 every process but oneself and PID 1;
//man:PID@REF names a process by its number in another PID namespace: see pidbox(1). Signal 0 only
//man:asks whether the process exists.
//man:
//man:The first process of a PID namespace gets no signal that it has no handler for, except KILL
//man:and STOP from outside.
//man:# EXIT STATUS
//man:0 when all were signalled, else 1.
//man:# EXAMPLES
//man:$ kill -l TERM
