/* SPDX-License-Identifier: 0BSD */
/*
 * init for machines: PID 1 of an embedded root, after busybox's inittab(5). It differs in that it
 * never sleeps for a fixed time, reaps at once whatever it does, and never ends: a kernel whose
 * PID 1 has ended panics.
 */
#include "system.h"
#include "child.h"
#include "die.h"
#include "str.h"

#include <limits.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define INITTAB "/etc/inittab"
#define SECOND 1000000000ull

/* ---- signals */

static const struct {
	unsigned char sig, request;
} requests[] = {
	{ SIGHUP, REQUEST_RELOAD },    { SIGINT, REQUEST_CTRLALTDEL },
	{ SIGQUIT, REQUEST_RESTART },  { SIGUSR1, REQUEST_HALT },
	{ SIGPWR, REQUEST_HALT },      { SIG_RTMIN + 3, REQUEST_HALT },
	{ SIGUSR2, REQUEST_POWEROFF }, { SIG_RTMIN + 4, REQUEST_POWEROFF },
	{ SIGTERM, REQUEST_REBOOT },   { SIG_RTMIN + 5, REQUEST_REBOOT },
};

static void note(struct system *s, int sig)
{
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		if (requests[i].sig == sig)
			s->requests |= requests[i].request;
	if (sig == SIGTSTP || sig == SIGCONT)
		s->paused = sig == SIGTSTP;
}

void system_step(struct system *s, uint64_t until_ns)
{
	siginfo_t info;
	int sig = reap_wait(&s->in->reap, until_ns, &info);

	if (sig)
		note(s, sig);
}

/* ---- entries */

static int is_to_run(const struct entry *e)
{
	return e->line.action & (INITTAB_RESPAWN | INITTAB_ASKFIRST);
}

/* A line when that changes, and not one for each try. */
static void tell_wait(struct entry *e)
{
	if (!e->waiting)
		warn(0, "'%s' ends again and again: it has to wait", e->line.command);
	e->waiting = 1;
}

static void tell_steady(struct entry *e)
{
	if (e->waiting)
		warn(0, "'%s' runs steadily again", e->line.command);
	e->waiting = 0;
}

static void ended(void *context, const struct reap_end *end)
{
	struct system *s = context;
	size_t n;
	struct entry *e = table_entries(&s->table, &n);
	uint64_t now = sys_clock(CLOCK_MONOTONIC);

	if (WIFSTOPPED(end->status))
		return;
	if (end->pid == s->in->child)
		s->in->child = 0;
	for (; n; e++, n--) {
		if (e->pid != end->pid)
			continue;
		e->pid = 0;
		e->status = end->status;
		e->again_ns = backoff_next(&s->backoff, e, now);
		if (is_to_run(e) && e->again_ns > now)
			tell_wait(e);
		else if (!e->quick)
			tell_steady(e);
	}
}

/* Whether it was started; when no process can be made it is tried again soon. */
static int start(struct system *s, struct entry *e)
{
	pid_t pid = action_start(s, e);
	uint64_t wait = s->backoff.base_ns;

	e->started_ns = sys_clock(CLOCK_MONOTONIC);
	if (pid > 0) {
		e->pid = pid;
		return 1;
	}
	if (!e->waiting)
		warn(pid, "'%s' cannot be started and has to wait", e->line.command);
	e->waiting = 1;
	e->again_ns = e->started_ns + (wait < SECOND ? wait : SECOND);
	return 0;
}

#define SHUTDOWN_TRIES 3

/* The machine's end makes room for processes: where there is none it does not wait for that. */
static int start_at_last(struct system *s, struct entry *e)
{
	int tries = e->line.action == INITTAB_SHUTDOWN ? SHUTDOWN_TRIES : INT_MAX;

	while (!start(s, e)) {
		if (!--tries || s->requests >= REQUEST_HALT)
			return 0;
		system_step(s, e->again_ns);
	}
	e->waiting = 0;
	return 1;
}

void system_group(struct system *s, unsigned actions)
{
	size_t n;
	struct entry *e = table_entries(&s->table, &n);

	for (; n; e++, n--) {
		if (!(e->line.action & actions))
			continue;
		/* A reload may have made it of one that still runs, which is not waited for. */
		if (!start_at_last(s, e))
			continue;
		while (e->pid && e->line.action != INITTAB_ONCE)
			system_step(s, 0);
	}
}

/* Starts it if that is due; returns the moment at which to look at it again, 0 for none. */
static uint64_t look_after(struct system *s, struct entry *e, uint64_t now)
{
	uint64_t steady;

	if (!e->pid) {
		if (!is_to_run(e))
			return 0;
		if (e->again_ns > now || !start(s, e))
			return e->again_ns;
	}
	if (!e->waiting)
		return 0;
	steady = backoff_steady(&s->backoff, e);
	if (steady > now)
		return steady;
	tell_steady(e);
	return 0;
}

/* Starts what is to run and does not; returns when there is more to do, 0 for never. */
static uint64_t start_due(struct system *s)
{
	size_t n;
	struct entry *e = table_entries(&s->table, &n);
	uint64_t now = sys_clock(CLOCK_MONOTONIC), next = 0;

	for (; n; e++, n--) {
		uint64_t moment = look_after(s, e, now);

		if (moment && (!next || moment < next))
			next = moment;
	}
	return next;
}

/* ---- requests */

static int has(const struct system *s, unsigned action)
{
	size_t n;
	const struct entry *e = table_entries(&s->table, &n);

	while (n && !(e->line.action & action)) {
		e++;
		n--;
	}
	return n != 0;
}

/* Whoever has corrected the table, or something else, does not want to wait. */
static void forgive(struct system *s)
{
	size_t n;
	struct entry *e = table_entries(&s->table, &n);

	for (; n; e++, n--) {
		e->again_ns = 0;
		e->quick = e->row = e->waiting = 0;
	}
}

/* All or nothing: of a table that is half written none is used, and the old one stays. */
static void reload(struct system *s)
{
	struct table new = { 0 };
	unsigned bad;
	int r = table_read(&new, INITTAB, &bad), broken = !r && (bad || new.cut);

	if (new.cut)
		warn(0, "%s: line %u has no end", INITTAB, new.cut);
	if (!r && !broken)
		r = table_replace(&s->table, &new);
	if (r || broken) {
		warn(r, "%s: not reloaded", INITTAB);
		table_free(&new);
	} else {
		warn(0, "%s: reloaded", INITTAB);
		forgive(s);
	}
}

/* In the order of the signals' numbers, in which busybox takes them. */
static void obey(struct system *s)
{
	unsigned asked = s->requests;

	s->requests = 0;
	if (asked & REQUEST_RELOAD)
		reload(s);
	if (asked & REQUEST_CTRLALTDEL)
		system_group(s, INITTAB_CTRLALTDEL);
	if (asked >= REQUEST_HALT) /* a new init would not know of that */
		asked &= ~(unsigned)REQUEST_RESTART;
	for (unsigned what = REQUEST_RESTART; what <= REQUEST_REBOOT; what *= 2)
		if ((asked & what) && (what != REQUEST_RESTART || has(s, INITTAB_RESTART)))
			down(s, (enum request)what);
}

/* ---- the beginning */

/* A shell on the console instead of what would be started, for a machine that nothing else can be
 * done with. The other actions stay, and HUP brings the table back. */
static void rescue(struct system *s, const char *why)
{
	struct inittab_line shell = { .tty = "", .command = "-/bin/sh" };
	size_t n;
	struct entry *e = table_entries(&s->table, &n);

	for (; n; e++, n--)
		if (e->line.action < INITTAB_CTRLALTDEL)
			e->line.action = 0;
	shell.action = INITTAB_RESPAWN;
	if (access("/bin/sh", X_OK) || table_add(&s->table, &shell))
		warn(0, "%s, and there is no /bin/sh: nothing is started", why);
	else
		warn(0, "%s: a shell on the console", why);
}

static int cannot_run(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) >= 126 && WEXITSTATUS(status) <= 127;
}

static void check_sysinit(struct system *s)
{
	size_t n;
	const struct entry *e = table_entries(&s->table, &n);

	for (; n; e++, n--)
		if (e->line.action == INITTAB_SYSINIT && cannot_run(e->status)) {
			rescue(s, "a sysinit entry cannot be run");
			return;
		}
}

static void load(struct system *s, int single)
{
	unsigned bad = 0;
	int r = single ? -ENOENT : table_read(&s->table, INITTAB, &bad);

	if (r && r != -ENOENT)
		warn(r, "%s: not used", INITTAB);
	if (r) {
		table_free(&s->table);
		r = table_built_in(&s->table, single);
	}
	if (r || !has(s, ~0u))
		rescue(s, "no usable entry");
}

/* A word of the kernel's command line. What is wrong is no reason not to go on. */
static void take_word(struct system *s, const char *word)
{
	static const char names[][17] = { "--grace=", "--backoff=", "--backoff-limit=" };
	uint64_t *const times[] = { &s->in->grace_ns, &s->backoff.base_ns, &s->backoff.limit_ns };
	const char *value;
	uint64_t ns;

	for (size_t i = 0; CFG_INIT_TUNE && i < sizeof times / sizeof *times; i++) {
		value = str_begins(word, names[i]);
		if (!value)
			continue;
		if (str_duration(value, &ns) || (i && !ns))
			warn(0, "'%s': passed over, it is no time", word);
		else
			*times[i] = ns + !ns; /* no grace is a short one: 0 would mean no KILL */
		return;
	}
	value = str_begins(word, "--watchdog=");
	if (CFG_INIT_WATCHDOG && value && !watchdog_set(s, value))
		return;
	if (str_begins(word, "--"))
		warn(0, "'%s': passed over", word);
	else if (!*s->runlevel)
		str_format(s->runlevel, sizeof s->runlevel, "RUNLEVEL=%s", word);
}

static int is_single(const char *word)
{
	return !strcmp(word, "single") || !strcmp(word, "-s") || !strcmp(word, "1");
}

/* All of them; whether they ask for a shell alone. */
static int take_words(struct system *s, char **words)
{
	int single = 0;

	for (; *words; words++) {
		single |= is_single(*words);
		take_word(s, *words);
		memset(*words, 0, strlen(*words)); /* ps(1) would show the kernel's */
	}
	return single;
}

int system_run(struct init *in, char **words, int initial)
{
	struct system s = { .in = in, .initial = initial, .backoff = { SECOND, 60 * SECOND } };
	int single;

	if (!initial) /* the kernel ignores nothing on behalf of its init */
		sig_default_all();
	if (CFG_INIT_FALL)
		fall_prepare();
	in->grace_ns = 5 * SECOND;
	in->reap.ended = ended;
	in->reap.context = &s;
	boot(initial);
	single = take_words(&s, words);
	reap_open(&in->reap);
	reap_sweep(&in->reap);
	load(&s, single);
	system_group(&s, INITTAB_SYSINIT);
	check_sysinit(&s);
	obey(&s);
	system_group(&s, INITTAB_WAIT);
	obey(&s);
	system_group(&s, INITTAB_ONCE);
	sys_forget_stack();
	for (;;) {
		obey(&s);
		system_step(&s, s.paused ? 0 : start_due(&s));
	}
}
