/* SPDX-License-Identifier: 0BSD */
/*
 * The calls that nobody can avoid who makes new namespaces, or who enters those of a process, and
 * nothing else. The letters are those of unshare.
 *
 *	floor-enter [-t PID] [-muinpCUTrf] [--mount-proc] PROGRAM [ARGUMENT]...
 */
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct wish {
	int target, flags, map, fork, proc;
};

static void take_letter(struct wish *w, char c)
{
	static const struct {
		char letter;
		int flag;
	} kinds[] = { { 'm', CLONE_NEWNS },   { 'u', CLONE_NEWUTS },  { 'i', CLONE_NEWIPC },
		      { 'n', CLONE_NEWNET },  { 'p', CLONE_NEWPID },  { 'C', CLONE_NEWCGROUP },
		      { 'U', CLONE_NEWUSER }, { 'T', CLONE_NEWTIME }, { 'r', CLONE_NEWUSER } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (c == kinds[i].letter)
			w->flags |= kinds[i].flag;
	w->map |= c == 'r';
	w->fork |= c == 'f';
}

/* The words behind the options. */
static char **take_options(struct wish *w, char **argv)
{
	for (argv++; *argv && **argv == '-'; argv++) {
		if (!strcmp(*argv, "-t") && argv[1]) {
			w->target = atoi(*++argv);
		} else if (!strcmp(*argv, "--mount-proc")) {
			w->flags |= CLONE_NEWNS;
			w->proc = 1;
		} else {
			for (const char *c = *argv + 1; *c; c++)
				take_letter(w, *c);
		}
	}
	return argv;
}

/* The libc's own functions for the ids would tell its threads. setgroups(2) may be forbidden there
 * (user_namespaces(7)). */
static int enter(const struct wish *w)
{
	int pidfd = (int)syscall(SYS_pidfd_open, w->target, 0);

	if (setns(pidfd, w->flags))
		return 0;
	close(pidfd);
	if (!(w->flags & CLONE_NEWUSER))
		return 1;
	syscall(SYS_setgroups, 0, NULL);
	return !syscall(SYS_setgid, 0) && !syscall(SYS_setuid, 0);
}

/* Where musl's open() takes two calls, openat() takes one. */
static int put(const char *path, const char *text)
{
	int fd = openat(AT_FDCWD, path, O_WRONLY);
	int ok = write(fd, text, strlen(text)) > 0;

	close(fd);
	return ok;
}

static int make(const struct wish *w)
{
	if (w->flags && unshare(w->flags))
		return 0;
	return !w->map ||
	       (put("/proc/self/uid_map", "0 0 1") && put("/proc/self/setgroups", "deny") &&
	        put("/proc/self/gid_map", "0 0 1"));
}

static void run(const struct wish *w, char **argv)
{
	if (!w->target && w->flags & CLONE_NEWNS &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		_exit(1);
	if (w->proc && mount("proc", "/proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL))
		_exit(1);
	execve(*argv, argv, environ);
	_exit(127);
}

static pid_t start(const struct wish *w, char **argv)
{
	pid_t pid = w->fork ? vfork() : 0;

	if (!pid)
		run(w, argv);
	return pid;
}

int main(int argc, char **argv)
{
	struct wish w = { 0 };
	int status;
	pid_t pid;

	argv = take_options(&w, argv);
	if (!argc || !*argv)
		return 127;
	if (w.target ? !enter(&w) : !make(&w))
		return 1;
	pid = start(&w, argv);
	while (waitpid(pid, &status, 0) != pid)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
