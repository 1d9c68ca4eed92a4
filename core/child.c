/* SPDX-License-Identifier: 0BSD */
#include "child.h"
#include "exec.h"
#include "reap.h"
#include "str.h"
#include "sys.h"
#include "user.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

int child_set_ids(const struct child_ids *ids, const char **call)
{
	int r = ids->have_gid ? sys_setgroups(0, NULL) : 0;

	*call = "setgroups";
	if (r && !(r == -EPERM && ids->keep_groups))
		return r;
	*call = "setgid()";
	r = ids->have_gid ? sys_setgid(ids->gid) : 0;
	if (r)
		return r;
	*call = "setuid()";
	return ids->have_uid ? sys_setuid(ids->uid) : 0;
}

/* ---- start */

/* "-sh" for "/bin/sh": so a shell knows that it is the one of a login. */
static int exec_shell(struct child *c, const char *file)
{
	const char *base = strrchr(file, '/');

	str_format(c->name, sizeof c->name, "-%s", base ? base + 1 : file);
	c->words[1] = c->name;
	c->words[2] = NULL;
	c->ran = file;
	return exec_run(file, c->words + 1);
}

int child_shell(struct child *c)
{
	struct user_db db = { 0 };
	struct user_account account;
	const char *file = getenv("SHELL");
	int r = -ENOENT;

	if (file && *file)
		r = exec_shell(c, file);
	if (r == -ENOENT && !user_account(&db, NULL, getuid(), &account) && account.shell_len) {
		db.text.p[account.shell + account.shell_len - db.text.p] = 0;
		r = exec_shell(c, account.shell);
	}
	if (r != -ENOENT)
		return r; /* c->ran may stand in the text */
	user_free(&db);
	return exec_shell(c, "/bin/sh");
}

int child_exec(struct child *c)
{
	int r;

	c->step = CHILD_EXEC;
	if (c->chld)
		sys_sigaction(SIGCHLD, c->chld, NULL);
	if (c->mask)
		sig_restore(c->mask);
	if (*c->argv || !c->shell) {
		c->ran = c->file ? c->file : c->argv[0];
		r = c->fd ? sys_fexec(c->fd, c->argv, environ) : exec_run(c->ran, c->argv);
	} else {
		r = c->shell(c);
	}
	/* Now, with the directory and the rights that it would have had. */
	*c->cause = 0;
	if (!c->fd)
		exec_cause(c->ran, r, c->cause, sizeof c->cause);
	return r;
}

/* What the child, which shares this memory, tells us. */
struct start {
	struct child c;
	int err;
};

static int in_child(void *arg)
{
	struct start *s = arg;
	int err = 0;

	s->c.step = CHILD_SETUP;
	if (s->c.setup)
		err = s->c.setup(s->c.context);
	s->err = err < 0 ? err : child_exec(&s->c);
	sys_exit(127);
	return 0;
}

pid_t child_spawn(struct child *c)
{
	struct start own, *s = sys_child_memory(&own, sizeof own);
	pid_t pid;

	s->c = *c;
	s->c.step = CHILD_FORK;
	s->err = 0;
	pid = sys_spawn(in_child, s);
	if (pid < 0) {
		c->step = CHILD_FORK;
		return pid;
	}
	if (s->err < 0) {
		*c = s->c;
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		return s->err;
	}
	return pid;
}

pid_t child_copy(int (*run)(void *context), void *context)
{
	pid_t pid = sys_fork();

	if (!pid)
		_exit(run(context));
	return pid;
}

/* ---- wait */

/* Stops as the child has stopped, and continues it once we are continued. A PID 1 cannot stop
 * (pid_namespaces(7)): it leaves its child as it is. */
static void stop_too(pid_t pid)
{
	if (getpid() == 1)
		return;
	kill(getpid(), SIGSTOP);
	kill(pid, SIGCONT);
}

int child_relay(pid_t pid)
{
	struct sys_sigset stops = { { 0 } }, old;

	sig_add(&stops, SIGTSTP);
	sig_add(&stops, SIGTTIN);
	sig_add(&stops, SIGTTOU);
	for (;;) {
		int status = 0, err, blind;
		siginfo_t info;
		pid_t r;

		/* Filters of system calls may refuse it: then the two do it in one step. */
		blind = waitid(P_PID, (id_t)pid, &info, WEXITED | WSTOPPED | WNOWAIT) < 0;
		if (blind && errno == EINTR)
			continue;
		/* ^Z stops both of us, and that may be over by now: then nobody is to stop again.
		 * Neither must a next ^Z come between the answer to that and what follows. */
		sys_sigprocmask(SIG_BLOCK, &stops, &old);
		r = waitpid(pid, &status, WUNTRACED | (blind ? 0 : WNOHANG));
		err = r < 0 ? -errno : 0;
		if (r > 0 && WIFSTOPPED(status))
			stop_too(pid);
		sys_sigprocmask(SIG_SETMASK, &old, NULL);
		if (err && err != -EINTR)
			return err;
		if (r > 0 && !WIFSTOPPED(status))
			return status;
	}
}

int child_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void child_exit_as(int status)
{
	if (WIFSIGNALED(status)) {
		struct sys_sigset one = { { 0 } };

		sys_control(PR_SET_DUMPABLE, 0); /* the core is the child's */
		sig_default(WTERMSIG(status), NULL);
		sig_add(&one, WTERMSIG(status));
		kill(getpid(), WTERMSIG(status));
		sys_sigprocmask(SIG_UNBLOCK, &one, NULL);
	}
	_exit(child_code(status));
}

int child_has_ended(int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	return pidfd >= 0 && poll(&p, 1, 0) == 1;
}

int child_die_with(int parent, int sig)
{
	int r = sys_control(PR_SET_PDEATHSIG, (unsigned long)sig);

	if (!r && child_has_ended(parent))
		child_exit_as(1 << 8); /* nobody is there any more to be told */
	return r;
}

/* ---- init */

struct supervised {
	pid_t pid;
	int status, ended;
};

static void supervised_ended(void *context, const struct reap_end *end)
{
	struct supervised *s = context;

	if (end->pid != s->pid)
		return;
	if (WIFSTOPPED(end->status)) {
		stop_too(end->pid);
		return;
	}
	s->status = end->status;
	s->ended = 1;
}

static void nobodys(void *context, const struct reap_end *end)
{
	(void)context;
	(void)end;
}

void child_end_rest(uint64_t grace_ns)
{
	struct reap r = { .ended = nobodys };
	uint64_t until = sys_clock(CLOCK_MONOTONIC) + grace_ns;
	siginfo_t info;

	reap_sweep(&r);
	if (r.none || getpid() != 1)
		return;
	kill(-1, SIGTERM);
	kill(-1, SIGCONT);
	reap_open(&r);
	while (!r.none && sys_clock(CLOCK_MONOTONIC) < until)
		reap_wait(&r, until, &info);
}

int child_supervise(pid_t main_pid, int stand_in)
{
	struct supervised s = { .pid = main_pid };
	struct reap r = { .ended = supervised_ended, .context = &s, .main_pid = main_pid };
	siginfo_t info;

	reap_open(&r);
	reap_sweep(&r);
	while (!s.ended) {
		int sig = reap_wait(&r, 0, &info);

		if (!sig)
			continue;
		if (!sig_from_terminal(&info))
			sig_pass_on(main_pid, sig, &info);
		else if (stand_in && (sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU))
			kill(getpid(), SIGSTOP);
	}
	return s.status;
}
