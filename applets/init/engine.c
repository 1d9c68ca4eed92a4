/* SPDX-License-Identifier: 0BSD */
#include "init.h"
#include "child.h"
#include "die.h"
#include "io.h"
#include "service.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

/* ---- signals */

/* A fault of our own is never taken here: the kernel ends the program. What remains are those that
 * others have sent, and those that our own writing has raised, about which nobody has asked. */
static int own_doing(const struct init *in, const siginfo_t *info)
{
	int sig = info->si_signo;

	if (info->si_code == SI_USER && info->si_pid == in->self)
		return sig == SIGPIPE || sig == SIGXFSZ || sig == SIGTSTP || sig == SIGTTIN ||
		       sig == SIGTTOU;
	return 0;
}

static int asks_for_end(const struct init *in, int sig)
{
	return sig == SIGTERM || sig == SIGINT || sig == in->stop_signal;
}

static int stops(int sig)
{
	return sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

/* Errors are no reason for an init to end: ESRCH means that there is something to reap, EPERM that
 * the command is another user's. */
static int deliver(pid_t to, int sig, siginfo_t *info)
{
	int err = sig_pass_on(to, sig, info);

	if (err == -ESRCH && to < 0) /* it has left the group that we made for it */
		err = sig_pass_on(-to, sig, info);
	return err;
}

void engine_tell(struct init *in, int sig, siginfo_t *info)
{
	int group = in->group || (in->own_group && sig_from_terminal(info));
	int from = info->si_signo, err = 0, end = asks_for_end(in, from);
	pid_t to;

	if (end && in->child)
		reap_one(&in->reap, in->child); /* it may just have stopped */
	to = group ? -in->child : in->child;
	if (to) {
		err = deliver(to, sig, info);
		if (end && in->stopped && kill(to, SIGCONT))
			kill(in->child, SIGCONT); /* the same */
		in->told_to_stop =
			stops(sig) || sig == SIGSTOP || (in->told_to_stop && sig != SIGCONT);
		in->stopped &= !end && sig != SIGCONT;
		in->end_sent |= end;
	} else if (CFG_INIT_STOP && !in->services && (in->wait_all || in->grace_until)) {
		stop_signal_rest(in, sig);
	}
	in->forwarded++;
	if (CFG_INIT_LOG)
		log_forward(in, from, sig, err);
}

void engine_forward(struct init *in, int sig, siginfo_t *info)
{
	int end = asks_for_end(in, info->si_signo);

	if (sig &&
	    !(CFG_INIT_SERVICE && in->services && service_signal(in->services, sig, info, end)))
		engine_tell(in, sig, info);
}

/* dumb-init stops itself, as its command has. As PID 1 that has no effect (pid_namespaces(7)). The
 * CONT that ends it is queued, and goes on to the command as any other signal; where the terminal
 * may not stop us, in an orphaned group, the command goes on at once. */
static void suspend(const struct init *in, const siginfo_t *info)
{
	if (in->self == 1)
		return;
	if (!sig_from_terminal(info)) {
		kill(in->self, SIGSTOP);
		return;
	}
	term_stop_by(info->si_signo, 0);
	if (in->child)
		kill(in->group ? -in->child : in->child, SIGCONT);
}

/* The first signal that asks for an end is what the termination log tells of. */
static void note_end(struct init *in, const siginfo_t *info)
{
	if (in->stop.sig)
		return;
	in->stop.sig = info->si_signo;
	in->stop.from = info->si_pid;
	if (CFG_INIT_TERMINATION_LOG)
		death_asked(in, info);
}

static void signalled(struct init *in, siginfo_t *info)
{
	int sig = info->si_signo, end = asks_for_end(in, sig);
	int dumb = (in->person->flags & PERSON_SESSION) && stops(sig);

	if (own_doing(in, info))
		return;
	if (CFG_INIT_LOG)
		log_signal(in, info);
	if (term_has_said(in, info))
		return;
	if (CFG_INIT_INFO && sig == in->info_signal) {
		report(in);
		return;
	}
	if (end)
		note_end(in, info);
	/* The terminal has told our whole group, and the command is in it. */
	if (in->own_group || !sig_from_terminal(info))
		if (!CFG_INIT_STOP || !end || !stop_asked(in, info))
			engine_forward(in, in->map[sig], info);
	if (dumb)
		suspend(in, info);
}

/* ---- children */

static void found(void *context, pid_t pid)
{
	struct init *in = context;

	/* As long as the command is not collected, its group's number is nobody else's. */
	if (pid == in->child && in->session)
		kill(-pid, in->map[SIGTERM]);
	if (CFG_INIT_LOG)
		log_found(in, pid);
}

/* Who has had itself traced by its parent, so that no debugger can, would wait for us at each
 * signal, and at its exec, where a TRAP that is nobody's stops it. */
static void child_stopped(struct init *in, pid_t pid, int sig)
{
	if (!sys_untrace(pid, sig == SIGTRAP ? 0 : sig) || pid != in->child)
		return;
	if (CFG_INIT_LOG)
		log_event(in, "stop", "signal", sig);
	term_stopped(in, sig);
}

static void ended(void *context, const struct reap_end *end)
{
	struct init *in = context;
	int service;

	if (WIFSTOPPED(end->status)) {
		child_stopped(in, end->pid, WSTOPSIG(end->status));
		return;
	}
	in->reaped++;
	in->by_signal += WIFSIGNALED(end->status) != 0;
	in->by_code += WIFEXITED(end->status) && WEXITSTATUS(end->status);
	in->last_status = end->status;
	if (CFG_INIT_LOG)
		log_reaped(in, end);
	service = CFG_INIT_SERVICE && in->services && service_reaped(in->services, end);
	if (end->pid == in->child) {
		if (CFG_INIT_TERMINATION_LOG)
			death_ended(in, end->status);
		in->status = end->status;
		in->child = in->reap.main_pid = 0;
	} else if (in->warn_reap && !service) {
		log_warn_reaped(in, end->pid);
	}
	if (CFG_INIT_STOP)
		stop_ended(in, end);
}

/* ---- the command */

struct start {
	struct init *in;
	const char *call; /* what failed */
};

/* LISTEN_PID=1 means "these descriptors are PID 1's" (sd_listen_fds(3)): they are the command's,
 * also when it is started again. */
static void rewrite_pid(const struct init *in, const char *name, char *text)
{
	for (char **p = environ; *p; p++) {
		const char *value = str_begins(*p, name);
		uint64_t pid;

		if (!value || str_number(value, INT32_MAX, &pid) ||
		    ((pid_t)pid != in->self && (pid_t)pid != in->group_id))
			continue;
		str_format(text, sizeof in->listen_pid, "%s%d", name, (int)getpid());
		*p = text;
	}
}

static int in_child(void *context)
{
	struct start *s = context;
	struct init *in = s->in;

	if (in->session) {
		setsid(); /* cannot fail: a new process leads no group */
		if (ioctl(0, TIOCSCTTY, 0) && CFG_INIT_LOG)
			log_dumb(in, "Unable to attach to controlling tty", errno);
		if (CFG_INIT_LOG)
			log_dumb(in, "setsid complete", 0);
	} else if (in->own_group) {
		setpgid(0, 0);
		term_enter(in);
	}
	rewrite_pid(in, "LISTEN_PID=", in->listen_pid);
	rewrite_pid(in, "WATCHDOG_PID=", in->watchdog_pid);
	return CFG_INIT_USER && in->user.any ? user_apply(in, &s->call) : 0;
}

/* What init need not hold on to: its directory's mount, and the descriptors that the command has
 * got. */
static void let_go(struct init *in)
{
	if (chdir("/") < 0) {
		/* then the mount stays busy, no more */
	}
	io_close_from(3, CFG_INIT_LOG ? in->log.fd : -1);
	if (in->tty > 2)
		in->tty = -1;
	reap_open(&in->reap);
	sys_forget_stack();
}

/* Says why, to whom it may concern. The exit status. */
static int not_started(struct init *in, struct child *c, const char *call, int err)
{
	in->death.err = err;
	in->death.call = call;
	if (c->step == CHILD_SETUP) {
		warn(err, "%s failed", call);
		return 1;
	}
	if (c->step == CHILD_EXEC) {
		in->death.file = c->argv[0];
		memcpy(in->death.cause, c->cause, sizeof c->cause);
	} else {
		in->death.call = "fork";
	}
	err = warn_start(c, err);
	return c->step == CHILD_EXEC && in->person->exec_failure ? in->person->exec_failure : err;
}

/* --user has made the command another user: in memory that is ours, too (prctl(2)). And without
 * CAP_KILL we may only signal those whose user is our real one (kill(2)); what else we may do goes
 * by the effective one. */
static void stay_able(const struct init *in, pid_t pid)
{
	sys_control(PR_SET_DUMPABLE, 1);
	if (kill(pid, 0))
		sys_setresuid(in->user.cred.ruid, (uid_t)-1, (uid_t)-1);
}

void engine_open(struct init *in)
{
	in->reap.ended = ended;
	in->reap.context = in;
	if (in->session || (CFG_INIT_LOG && in->log.style))
		in->reap.found = found;
	if (CFG_INIT_LOG || CFG_INIT_INFO || CFG_INIT_TERMINATION_LOG)
		in->started_ns = sys_clock(CLOCK_MONOTONIC);
}

int engine_start(struct init *in, char **argv, const struct sys_sigset *mask,
                 const struct sys_sigaction *chld)
{
	struct start own, *s = sys_child_memory(&own, sizeof own);
	struct child c = { .argv = argv, .mask = mask, .chld = chld };
	pid_t pid;

	c.setup = in_child;
	c.context = s;
	*s = (struct start){ in, NULL };
	if (!in->reap.ended)
		engine_open(in);
	pid = child_spawn(&c);
	if (pid > 0) {
		if (CFG_INIT_USER && in->user.user)
			stay_able(in, pid);
		in->child = in->group_id = in->reap.main_pid = pid;
		if (!in->services) /* each start needs them */
			let_go(in);
		return -1;
	}
	return not_started(in, &c, s->call, pid);
}

void engine_step(struct init *in)
{
	siginfo_t info;

	if (reap_wait(&in->reap, CFG_INIT_STOP || CFG_INIT_SERVICE ? stop_deadline(in) : 0, &info))
		signalled(in, &info);
	if (CFG_INIT_STOP)
		stop_tick(in);
}

void engine_run(struct init *in)
{
	reap_sweep(&in->reap);
	while (in->child)
		engine_step(in);
	term_take_back(in);
	if (CFG_INIT_STOP)
		stop_rest(in);
}

void engine_pause(struct init *in)
{
	siginfo_t info;
	int sig;

	in->reap.ended = ended;
	in->reap.context = in;
	let_go(in);
	reap_sweep(&in->reap);
	do
		sig = reap_wait(&in->reap, 0, &info);
	while (sig != SIGTERM && sig != SIGINT);
}
