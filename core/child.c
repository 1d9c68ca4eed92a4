/* SPDX-License-Identifier: 0BSD */
#include "child.h"
#include "str.h"
#include "sys.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

/* ---- exec */

/* A script without a #! line: POSIX has the shell run it. */
static int exec_script(const char *path, char **argv)
{
	struct str words = { 0 };
	const char *first[2] = { "/bin/sh", path };
	size_t n = 0;

	argv += *argv != NULL; /* the shell's own name comes first */
	while (argv[n])
		n++;
	if (str_add(&words, (const char *)first, sizeof first) ||
	    str_add(&words, (const char *)argv, (n + 1) * sizeof *argv))
		return -ENOEXEC;
	execve("/bin/sh", (char **)(void *)words.p, environ);
	str_free(&words);
	return -ENOEXEC;
}

static int exec_path(const char *path, char **argv)
{
	int err;

	execve(path, argv, environ);
	err = errno;
	return err == ENOEXEC ? exec_script(path, argv) : -err;
}

int child_exec(const char *file, char **argv)
{
	const char *path = getenv("PATH");
	char full[PATH_MAX];
	int denied = 0;

	if (strchr(file, '/') || !*file)
		return *file ? exec_path(file, argv) : -ENOENT;
	if (!path)
		path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	for (;; path++) {
		size_t len = strcspn(path, ":");
		int r = -ENAMETOOLONG;

		if (str_format(full, sizeof full, "%.*s%s%s", (int)len, path, len ? "/" : "",
		               file) < sizeof full)
			r = exec_path(full, argv);
		if (r == -EACCES)
			denied = 1;
		else if (r != -ENOENT && r != -ENOTDIR && r != -ENAMETOOLONG && r != -ESTALE &&
		         r != -ENODEV && r != -ETIMEDOUT)
			return r;
		path += len;
		if (!*path)
			return denied ? -EACCES : -ENOENT;
	}
}

int child_exec_status(int err)
{
	return err == -ENOENT ? 127 : 126;
}

const char *child_default_shell(char ***argv, struct child_shell *shell)
{
	const char *file = getenv("SHELL"), *base;

	if (**argv)
		return NULL;
	if (!file || !*file)
		file = "/bin/sh";
	base = strrchr(file, '/');
	str_format(shell->name, sizeof shell->name, "-%s", base ? base + 1 : file);
	shell->argv[0] = shell->name;
	shell->argv[1] = NULL;
	*argv = shell->argv;
	return file;
}

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

/* What the child, which shares this memory, tells us. */
struct start {
	struct child *c;
	enum child_step step;
	int err;
};

static int in_child(void *arg)
{
	struct start *s = arg;
	struct child *c = s->c;
	int err = 0;

	s->step = CHILD_SETUP;
	if (c->setup)
		err = c->setup(c->context);
	if (err >= 0) {
		s->step = CHILD_EXEC;
		if (c->chld)
			sys_sigaction(SIGCHLD, c->chld, NULL);
		sig_restore(c->mask);
		err = child_exec(c->file ? c->file : c->argv[0], c->argv);
	}
	s->err = err;
	sys_exit(127);
	return 0;
}

pid_t child_spawn(struct child *c)
{
	struct start own, *s = sys_child_memory(&own, sizeof own);
	pid_t pid;
	int err;

	*s = (struct start){ c, CHILD_FORK, 0 };
	c->step = CHILD_FORK;
	pid = sys_spawn(in_child, s);
	if (pid < 0)
		return pid;
	c->step = s->step;
	err = s->err;
	if (err < 0) {
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		return err;
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
	int status;

	for (;;) {
		if (waitpid(pid, &status, WUNTRACED) < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (!WIFSTOPPED(status))
			return status;
		stop_too(pid);
	}
}

int child_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void child_exit_as(int status)
{
	if (WIFSIGNALED(status)) {
		static const struct sys_sigaction dfl;
		struct sys_sigset one = { { 0 } };

		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* the core is the child's */
		sys_sigaction(WTERMSIG(status), &dfl, NULL);
		sig_add(&one, WTERMSIG(status));
		kill(getpid(), WTERMSIG(status));
		sys_sigprocmask(SIG_UNBLOCK, &one, NULL);
	}
	_exit(child_code(status));
}

/* ---- init */

/* The terminal has sent these to the whole foreground group, the program included. */
static int from_terminal(const siginfo_t *info)
{
	int sig = info->si_signo;

	return info->si_code == SI_KERNEL && (sig == SIGINT || sig == SIGQUIT || sig == SIGTSTP ||
	                                      sig == SIGTTIN || sig == SIGTTOU || sig == SIGWINCH);
}

static void forward(pid_t pid, siginfo_t *info, int stand_in)
{
	int sig = info->si_signo;

	if (from_terminal(info)) {
		if (stand_in && (sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU))
			kill(getpid(), SIGSTOP);
		return;
	}
	/* A queued signal keeps its value. Errors are no reason for an init to end: ESRCH means
	 * that there is something to reap, EPERM that the program is another user's. */
	if (info->si_code == SI_QUEUE && !sys_rt_sigqueueinfo(pid, sig, info))
		return;
	kill(pid, sig);
}

/* Reaps all that can be. 1 with the status once main_pid was among them. */
static int reap(pid_t main_pid, int *main_status)
{
	int status, ended = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | __WALL)) > 0) {
		if (WIFSTOPPED(status)) {
			if (pid == main_pid)
				stop_too(pid);
		} else if (pid == main_pid) {
			*main_status = status;
			ended = 1;
		}
	}
	return ended;
}

int child_supervise(pid_t main_pid, int stand_in)
{
	struct sys_sigset all;
	siginfo_t info;
	int status = 0;

	memset(&all, 0xff, sizeof all);
	while (!reap(main_pid, &status)) {
		if (sys_sigwaitinfo(&all, &info) < 0 || info.si_signo == SIGCHLD)
			continue;
		forward(main_pid, &info, stand_in);
	}
	return status;
}
