/* SPDX-License-Identifier: 0BSD */
#include "options.h"
#include "applet.h"
#include "exec.h"
#include "out.h"
#include "str.h"

#include <string.h>

extern const struct applet applet_init;

#define WRONG(...) opt_misuse(&applet_init, __VA_ARGS__)

/* ---- options */

static int a_signal(const char *text)
{
	int sig = sig_parse(text);

	if (sig < 0)
		WRONG("unknown signal '%s'", text);
	return sig;
}

static uint64_t a_time(const char *text)
{
	uint64_t ns;

	if (str_duration(text, &ns))
		WRONG("invalid time interval '%s'", text);
	return ns;
}

/* The first of several, in `word`; returns what stands behind the separator. */
static const char *first(const char *text, char separator, char word[16])
{
	size_t len = 0;

	while (text[len] && text[len] != separator)
		len++;
	if (len >= 16)
		WRONG("unknown signal '%s'", text);
	memcpy(word, text, len);
	word[len] = 0;
	return text[len] ? text + len + 1 : NULL;
}

static void rewrite(struct init *in, const char *arg)
{
	char word[16];
	const char *to = first(arg, ':', word);
	int sig = a_signal(word);

	if (!sig || !to)
		WRONG("'%s' is not of the form FROM:TO", arg);
	in->map[sig] = (unsigned char)a_signal(to);
}

static void ignore(struct init *in, const char *arg)
{
	char word[16];

	do {
		arg = first(arg, ',', word);
		in->map[a_signal(word)] = 0;
	} while (arg);
}

static void success(struct init *in, const char *arg)
{
	uint64_t code;

	if (str_number(arg, 255, &code))
		WRONG("not an exit status: '%s'", arg);
	in->success[code / 8] |= (unsigned char)(1 << code % 8);
}

/* Which of the words, from 1 on. */
static int one_of(const char *text, const char *words, const char *option)
{
	int n = 1;

	for (; *words; words += strlen(words) + 1, n++)
		if (!strcmp(text, words))
			return n;
	WRONG("%s: unknown word '%s'", option, text);
}

static void service_option(struct init *in, enum options_call call, const char *arg)
{
	uint64_t n;

	if (call == CALL_EXIT_ON) {
		in->exit_on = one_of(arg, "first\0main\0all\0", "--exit-on");
	} else if (call == CALL_RESTART) {
		in->restart = one_of(arg, "no\0on-failure\0always\0", "--restart");
	} else if (call == CALL_MAX) {
		if (str_number(arg, UINT32_MAX, &n))
			WRONG("--max: not a number: '%s'", arg);
		in->restart_max = (unsigned)n;
	} else {
		uint64_t ns = a_time(arg);

		if (!ns)
			WRONG("a back-off of no time at all");
		*(call == CALL_BACKOFF ? &in->backoff_ns : &in->backoff_limit_ns) = ns;
	}
}

static int version(const struct person *p)
{
	if (!*p->version)
		return applet_version();
	return applet_version_as(p->version, p->flags & PERSON_VERSION_ERR ? 2 : 1);
}

static int license(void)
{
	struct out o = { .fd = 1 };

	out_text(&o, "pidbox: 0BSD licence. Use, copy, modify and distribute it for any purpose, "
	             "with or without\nfee; it comes without any warranty.\n");
	return out_flush(&o);
}

void options_take(void *to, int value, const char *arg)
{
	struct init *in = to;

	while (arg && *arg == ' ') /* "-e 143" as one word: strtol(3) and sscanf(3) of the peers */
		arg++;
	switch ((enum options_call)value) {
	case CALL_HELP:
		opt_printed(opt_help(&applet_init, in->person->flags & PERSON_ERR ? 2 : 1));
	case CALL_VERBOSE:
		in->verbose++;
		if (!(in->person->flags & PERSON_PAUSE))
			break; /* fall through */
	case CALL_VERSION:
		opt_printed(version(in->person));
	case CALL_LICENSE:
		opt_printed(license());
	case CALL_PARENT:
		in->parent_signal = a_signal(arg);
		break;
	case CALL_SUCCESS:
		success(in, arg);
		break;
	case CALL_REWRITE:
		rewrite(in, arg);
		break;
	case CALL_IGNORE:
		ignore(in, arg);
		break;
	case CALL_STOP_SIGNAL:
		in->stop_signal = a_signal(arg);
		in->map[SIGTERM] = (unsigned char)in->stop_signal;
		break;
	case CALL_INFO:
		in->info_signal = a_signal(arg);
		break;
	case CALL_GRACE:
	case CALL_KILL_AFTER:
	case CALL_PRE_STOP:
		if (CFG_INIT_STOP)
			*(value == CALL_GRACE        ? &in->grace_ns
			  : value == CALL_KILL_AFTER ? &in->kill_after_ns
			                             : &in->pre_stop_ns) = a_time(arg);
		break;
	default:
		if (CFG_INIT_SERVICE)
			service_option(in, (enum options_call)value, arg);
	}
}

/* ---- what the names mean */

int options_env(const char *name, const char *value)
{
	const char *have = exec_variable(name);

	return have && (!value || !strcmp(have, value));
}

/* In the map until -c is known: without a session they are handed on as they are; the session that
 * we make is an orphaned group, which nothing but STOP stops. What -r says counts in either. */
#define BY_MODE 255

void options_begin(struct init *in)
{
	unsigned flags = in->person->flags;

	for (int sig = 1; sig <= SYS_SIGNALS; sig++)
		in->map[sig] = (unsigned char)sig;
	if (flags & PERSON_MUTE)
		in->map[SIGTTIN] = in->map[SIGTTOU] = 0;
	in->pause = (flags & PERSON_PAUSE) != 0;
	if (flags & PERSON_SESSION)
		in->map[SIGTSTP] = in->map[SIGTTIN] = in->map[SIGTTOU] = BY_MODE;
	if (flags & PERSON_TINI_ENV)
		in->group = options_env("TINI_KILL_PROCESS_GROUP=", NULL);
	if (flags & PERSON_DUMB_ENV) {
		in->verbose = options_env("DUMB_INIT_DEBUG=", "1");
		in->single = options_env("DUMB_INIT_SETSID=", "0");
	}
	if (flags & PERSON_CATATONIT_ENV) {
		in->verbose = options_env("CATATONIT_DEBUG=", NULL);
		if (options_env("CATATONIT_LOG=", NULL))
			WRONG("CATATONIT_LOG is set, which means nothing");
	}
}

void options_settle(struct init *in)
{
	unsigned flags = in->person->flags;
	const char *level = flags & PERSON_TINI_ENV ? exec_variable("TINI_VERBOSITY=") : NULL;
	uint64_t n;

	if (level)
		in->verbose = str_number(level, 9, &n) ? 0 : (int)n - 1;
	in->own_group = !in->single;
	if (flags & PERSON_SESSION) {
		in->session = in->group = !in->single;
		for (int sig = SIGTSTP; sig <= SIGTTOU; sig++)
			if (in->map[sig] == BY_MODE)
				in->map[sig] = (unsigned char)(in->single ? sig : SIGSTOP);
	}
	if (CFG_INIT_SYSTEM && in->reload && *in->person->version)
		WRONG("invalid option -- 'q'"); /* it is init's own */
	if (CFG_INIT_SERVICE && !in->inittab && !in->restart &&
	    (in->exit_on || in->restart_max || in->backoff_ns || in->backoff_limit_ns))
		WRONG("--exit-on, --max and --backoff need --inittab or --restart");
	if (CFG_INIT_SERVICE && in->restart_max && !in->restart)
		WRONG("--max needs --restart; for the entries of an inittab there is max=");
	if (CFG_INIT_STOP && in->wait_all && *in->wait_all && strcmp(in->wait_all, "last"))
		WRONG("--wait-all=%s: only 'last' is known", in->wait_all);
}
