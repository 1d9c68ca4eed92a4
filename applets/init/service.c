/* SPDX-License-Identifier: 0BSD */
/*
 * Several programs in one container, without a supervisor of their own: the entries of an inittab,
 * and the command of the command line as one more, the last. When one that matters has given up
 * all ends, with its status, so that who runs the container notices.
 */
#include "service.h"
#include "applet.h"
#include "child.h"
#include "die.h"
#include "str.h"

#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;
extern const struct applet applet_init;

#define SECOND 1000000000ull
#define TIMEOUT_NS (10 * SECOND)
#define PAST 1 /* a moment that is over */

static int is_service(const struct entry *e)
{
	return (e->line.action & POLICY_SERVICES) != 0;
}

static uint64_t now(void)
{
	return sys_clock(CLOCK_MONOTONIC);
}

/* Of two moments of which 0 is never. */
static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a && (!b || a < b) ? a : b;
}

static void log_entry(struct services *v, const char *event, const struct entry *e, const char *key,
                      long value)
{
	if (CFG_INIT_LOG)
		log_service(v->in, event, e->pid, e->line.command, key, value);
}

/* ---- an end */

static int none_left(const struct services *v)
{
	size_t n;
	const struct entry *e = table_entries(&v->table, &n);

	while (n && (!is_service(e) || e->over)) {
		e++;
		n--;
	}
	return !n;
}

/* It is not started again. */
static void give_up(struct services *v, struct entry *e)
{
	e->over = 1;
	if (v->ends)
		return;
	if (e->status || is_service(e))
		log_entry(v, "over", e, "code", child_code(e->status));
	if (v->refused || policy_decides(v->exit_on, &e->line, e->argv != NULL, e->status)) {
		v->decided = 1;
		v->status = e->status;
		v->ended_ns = now();
		v->in->death.service = e->argv ? NULL : e->line.command;
		v->ends++;
	} else if (is_service(e)) {
		if (!v->status)
			v->status = e->status;
		v->ends += (unsigned)none_left(v);
	}
}

/* ^C in the terminal that we gave it: a person wants to be rid of it. */
static int unwanted(const struct services *v, const struct entry *e)
{
	int code = child_code(e->status);

	return e->argv && v->in->tty_given && (code == 128 + SIGINT || code == 128 + SIGQUIT);
}

static void ended(struct services *v, struct entry *e, int status)
{
	uint64_t at = now(), again;

	e->pid = 0;
	e->status = status;
	e->kill_ns = 0;
	if (e->over)
		return;
	again = backoff_next(&v->backoff, e, at);
	if ((v->ends && e != v->group) || unwanted(v, e) || !policy_again(&e->line, 0, status)) {
		give_up(v, e);
		return;
	}
	if (!policy_again(&e->line, e->row, status)) {
		warn(0, "'%s' ends again and again: it is given up", e->line.command);
		give_up(v, e);
		return;
	}
	e->again_ns = again;
	log_entry(v, "restart", e, "code", child_code(status));
	if (again > at && !e->waiting)
		warn(0, "'%s' ends again and again: it has to wait", e->line.command);
	e->waiting = again > at;
}

int service_reaped(struct services *v, const struct reap_end *end)
{
	size_t n;
	struct entry *e = table_entries(&v->table, &n);

	for (; n && e->pid != end->pid; n--)
		e++;
	if (n)
		ended(v, e, end->status);
	return n != 0;
}

/* ---- a start */

/* The terminal may be another's by now. PID 1 has no shell that would give it away. */
static void look_at_terminal(struct init *in)
{
	if (in->self == 1 || in->session)
		return;
	term_take_back(in);
	in->tty_given = 0;
	term_prepare(in);
}

/* What cannot be executed at first is a mistake; later it may be about to be replaced. */
static void start_command(struct services *v, struct entry *e)
{
	struct init *in = v->in;
	int first = !e->started_ns, code;

	if (!first)
		look_at_terminal(in);
	in->stopped = in->told_to_stop = in->end_sent = 0; /* that was the one before */
	e->started_ns = now();
	code = engine_start(in, e->argv, v->mask, v->chld);
	if (code < 0) {
		in->death.err = 0;
		e->pid = in->child;
		return;
	}
	e->status = code << 8;
	if (first) {
		v->refused = code;
		give_up(v, e);
	} else {
		ended(v, e, e->status);
	}
}

/* When no process can be made it is tried again later. */
static void start_line(struct services *v, struct entry *e)
{
	char **own = environ;
	pid_t pid;

	environ = v->environment;
	pid = action_start(NULL, e);
	environ = own;
	e->started_ns = now();
	if (pid > 0) {
		e->pid = pid;
		return;
	}
	if (!e->waiting)
		warn(pid, "cannot start '%s' now", e->line.command);
	e->waiting = 1;
	e->again_ns = e->started_ns + earlier(v->backoff.base_ns, SECOND);
}

/* How long it may take to end, or, where it is waited for, at all. */
static uint64_t deadline(const struct services *v, const struct entry *e)
{
	uint64_t ns = e->line.timeout_ns ? e->line.timeout_ns : v->in->kill_after_ns;

	return ns == STR_FOREVER ? 0 : now() + ns;
}

static void start(struct services *v, struct entry *e)
{
	e->killed = 0;
	if (e->argv)
		start_command(v, e);
	else
		start_line(v, e);
	if (!e->pid)
		return;
	if (!is_service(e) && e->line.timeout_ns)
		e->kill_ns = deadline(v, e);
	log_entry(v, "start", e, NULL, 0);
	sys_forget_stack(); /* when all run init is as small as it can be */
}

/* Starts what is to run and does not; the next moment when there is more to do. */
static uint64_t start_due(struct services *v)
{
	size_t n;
	struct entry *e = table_entries(&v->table, &n);
	uint64_t next = 0;

	for (; n; e++, n--) {
		if (e->pid || e->over || !(e == v->group || (v->up && is_service(e))))
			continue;
		if (e->again_ns <= now())
			start(v, e);
		if (!e->pid)
			next = earlier(next, e->again_ns | PAST);
	}
	return next;
}

/* ---- told to end */

/* To its group, or before it has one, to itself, where the signal waits for the program. */
static int tell(const struct entry *e, int sig, siginfo_t *info)
{
	return sig_pass_on(-e->pid, sig, info) ? sig_pass_on(e->pid, sig, info) : 0;
}

/* Whoever does not end by that is in the kernel's hands, or another user's. */
static void kill_late(struct services *v, struct entry *e)
{
	siginfo_t info = { .si_signo = SIGKILL };

	warn(0, e->killed ? "'%s' does not end by KILL" : "'%s' does not end: KILL",
	     e->line.command);
	if (e->killed) {
		ended(v, e, SIGKILL);
		return;
	}
	log_entry(v, "kill", e, NULL, 0);
	e->killed = 1;
	e->kill_ns = now() + SECOND;
	v->in->death.killed |= e->argv != NULL;
	if (e->argv && !v->in->own_group)
		kill(e->pid, SIGKILL);
	else
		tell(e, SIGKILL, &info);
}

/* KILL for those whose time is over; the next moment when one's is. */
static uint64_t kill_due(struct services *v)
{
	size_t n;
	struct entry *e = table_entries(&v->table, &n);
	uint64_t next = 0;

	for (; n; e++, n--) {
		if (!e->pid || !e->kill_ns)
			continue;
		if (e->kill_ns <= now())
			kill_late(v, e);
		next = earlier(next, e->pid ? e->kill_ns : PAST);
	}
	return next;
}

static void turn(struct services *v)
{
	uint64_t next = start_due(v);

	v->in->grace_until = earlier(next, kill_due(v));
	engine_step(v->in);
}

static void ask(struct services *v, struct entry *e)
{
	siginfo_t info = { .si_signo = SIGTERM };
	int sig = e->line.stop_signal ? e->line.stop_signal : v->in->map[SIGTERM];

	e->over |= is_service(e);
	if (!e->pid)
		return;
	if (!sig)
		sig = SIGTERM;
	e->kill_ns = deadline(v, e);
	log_entry(v, "end", e, "signal", sig);
	if (e->argv) {
		engine_tell(v->in, sig, &info);
		return;
	}
	tell(e, sig, &info);
	tell(e, SIGCONT, &info);
}

/* In reverse order, one after the other; a second wish does not wait for that. */
static void stop_all(struct services *v)
{
	unsigned ends = v->ends;
	size_t n;
	struct entry *e = table_entries(&v->table, &n);

	v->up = 0;
	for (size_t i = n; i--;) {
		ask(v, &e[i]);
		while (e[i].pid && v->ends == ends)
			turn(v);
	}
	for (; n; e++, n--)
		while (e->pid)
			turn(v);
}

/* ---- signals */

int service_signal(struct services *v, int sig, siginfo_t *info, int end)
{
	size_t n;
	const struct entry *e = table_entries(&v->table, &n);

	v->ends += end != 0;
	if (end)
		return 1;
	if (info->si_signo == SIGHUP && sig == SIGHUP && v->in->inittab) {
		v->reload = 1;
		return 1;
	}
	if (v->command)
		return 0;
	/* The terminal means us; services are in other sessions. */
	if (info->si_signo == SIGTSTP && sig_from_terminal(info) && v->in->self != 1) {
		term_stop_by(SIGTSTP, 0);
		return 1;
	}
	for (; n; e++, n--)
		if (e->pid && is_service(e))
			tell(e, sig, info);
	return 1;
}

/* ---- the table */

static int read_table(const struct services *v, struct table *t)
{
	struct entry e = { .argv = v->command,
		           .line = { .tty = ":", .action = INITTAB_ONCE } }; /* no line's */
	unsigned bad = 0;
	int r;

	t->services = 1;
	r = v->in->inittab ? table_read(t, v->in->inittab, &bad) : 0;
	if (!r && v->command) {
		e.line.command = *v->command;
		e.line.restart = (unsigned char)v->in->restart;
		e.line.max = v->in->restart_max;
		r = str_add(&t->list, (const char *)&e, sizeof e);
	}
	if (r)
		warn(r, "%s", v->in->inittab);
	return r || bad;
}

/* What runs goes on; what has given up, or has to wait, has a new chance. */
static void keep(struct entry *e, const struct entry *was)
{
	struct inittab_line line = e->line;

	*e = *was;
	e->line = line;
	e->quick = e->row = e->waiting = 0;
	e->again_ns = 0;
	e->over &= !policy_again(&line, 0, e->status);
}

/* Those that are not in it any more end. */
static void leave_out(struct services *v, const struct table *new)
{
	unsigned ends = v->ends;
	size_t n;
	struct entry *e = table_entries(&v->table, &n);

	while (n-- && v->ends == ends) {
		if (table_find(new, &e[n].line))
			continue;
		ask(v, &e[n]);
		while (e[n].pid && v->ends == ends)
			turn(v);
	}
}

/* All or nothing. */
static void reload(struct services *v)
{
	struct services next = *v;
	size_t n;
	struct entry *e;

	v->reload = 0;
	memset(&next.table, 0, sizeof next.table);
	if (read_table(&next, &next.table) || none_left(&next)) {
		warn(0, "%s: not reloaded", v->in->inittab);
		table_free(&next.table);
		return;
	}
	leave_out(v, &next.table);
	if (v->ends) {
		table_free(&next.table);
		return;
	}
	e = table_entries(&next.table, &n);
	v->status = 0;
	for (; n; e++, n--) {
		const struct entry *was = table_find(&v->table, &e->line);

		if (was)
			keep(e, was);
		if (e->over && is_service(e) && !v->status)
			v->status = e->status;
	}
	table_free(&v->table);
	v->table = next.table;
	if (CFG_INIT_LOG)
		log_event(v->in, "reload", NULL, 0);
	v->ends += (unsigned)none_left(v); /* what is in both may be over */
}

/* ---- the report */

void service_report(struct services *v)
{
	size_t n;
	const struct entry *e = table_entries(&v->table, &n);
	char seconds[LOG_SECONDS];
	uint64_t at = now();

	for (; n; e++, n--) {
		if (!is_service(e))
			continue;
		if (e->pid)
			log_say(v->in, "service '%s': %d, for %s s", e->line.command, e->pid,
			        log_seconds(at - e->started_ns, 3, seconds));
		else if (e->over)
			log_say(v->in, "service '%s': over, with %d", e->line.command,
			        child_code(e->status));
		else
			log_say(v->in, "service '%s': again in %s s", e->line.command,
			        log_seconds(e->again_ns > at ? e->again_ns - at : 0, 3, seconds));
	}
}

/* ---- the beginning and the end */

static void check_use(const struct services *v)
{
	const struct init *in = v->in;
	const struct user_options *u = &in->user;

	if (in->pause)
		opt_misuse(&applet_init, "-P has no services");
	if (v->command)
		return;
	if (in->restart || v->exit_on == POLICY_EXIT_MAIN)
		opt_misuse(&applet_init, "--restart and --exit-on=main need a COMMAND");
	if (u->user || u->groups || u->cap_add || u->cap_drop || u->no_new_privs || u->dir ||
	    u->umask || u->env_file || u->clear_env)
		opt_misuse(&applet_init, "--user and its like are for a COMMAND; there is none");
}

int service_open(struct services *v, struct init *in, char **command)
{
	memset(v, 0, sizeof *v);
	v->in = in;
	v->command = *command ? command : NULL;
	v->environment = environ;
	if (!in->kill_after_ns)
		in->kill_after_ns = TIMEOUT_NS;
	v->exit_on = (enum policy_exit)in->exit_on;
	check_use(v);
	if (v->exit_on == POLICY_EXIT_USUAL)
		v->exit_on = v->command ? POLICY_EXIT_MAIN : POLICY_EXIT_ALL;
	v->backoff.base_ns = in->backoff_ns ? in->backoff_ns : SECOND;
	v->backoff.limit_ns = in->backoff_limit_ns ? in->backoff_limit_ns : 60 * SECOND;
	if (read_table(v, &v->table))
		return 1;
	if (none_left(v)) {
		warn(0, "%s: there is no service in it, and no COMMAND", in->inittab);
		return 1;
	}
	in->services = v;
	return 0;
}

static void run_group(struct services *v, unsigned action)
{
	unsigned ends = v->ends;
	size_t n;
	struct entry *e = table_entries(&v->table, &n);

	for (; n && v->ends == ends; e++, n--) {
		if (!(e->line.action & action))
			continue;
		v->group = e;
		while (!e->over && v->ends == ends)
			turn(v);
	}
	v->group = NULL;
}

/* Where nothing has decided it is the command's, which before its start a signal has ended. */
static int status_of_all(const struct services *v)
{
	size_t n;
	const struct entry *e = table_entries(&v->table, &n);

	if (v->decided || v->exit_on != POLICY_EXIT_MAIN)
		return v->status;
	while (!e->argv)
		e++;
	return e->started_ns ? e->status : v->in->stop.sig;
}

int service_run(struct services *v, const struct sys_sigset *mask, const struct sys_sigaction *chld)
{
	struct init *in = v->in;

	v->mask = mask;
	v->chld = chld;
	engine_open(in);
	reap_open(&in->reap);
	reap_sweep(&in->reap);
	run_group(v, INITTAB_SYSINIT);
	if (!v->ends)
		run_group(v, INITTAB_WAIT);
	v->up = 1;
	while (!v->ends) {
		if (v->reload)
			reload(v);
		else
			turn(v);
	}
	stop_all(v);
	term_take_back(in);
	run_group(v, INITTAB_SHUTDOWN);
	stop_all(v);
	in->status = status_of_all(v);
	in->services = NULL;
	in->grace_until = 0;
	if (CFG_INIT_TERMINATION_LOG) {
		in->death.services = !v->command;
		death_ended(in, in->status);
		if (v->decided)
			in->death.ended_ns = v->ended_ns;
	}
	stop_rest(in);
	return v->refused ? v->refused : -1;
}
