/* SPDX-License-Identifier: 0BSD */
/* probe: terminals. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "probe.h"

#define END "\001" /* the last byte of a session of ours */

/* A new terminal; the PIDs of who reads it are not ours. */
static int new_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	check(master >= 0 && !grantpt(master) && !unlockpt(master), "pty");
	return master;
}

/* Makes it descriptors 0, 1, 2 of a new session, and the session's own unless it has none. */
static void sit_at(const char *terminal, int own)
{
	int fd;

	check(setsid() > 0, "setsid");
	fd = open(terminal, O_RDWR | O_NOCTTY);
	check(fd >= 0 && (!own || !ioctl(fd, TIOCSCTTY, 0)), "terminal");
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

/* A shell with job control for one job: tells when it stops, and at once resumes it. It ends when
 * `seen` is closed: the end of a session takes away what nobody has read yet. */
static void shell(const char *terminal, char **argv, int seen)
{
	char byte;
	int status;
	pid_t job;

	sit_at(terminal, 1);
	job = fork();
	check(job >= 0, "fork");
	signal(SIGTTOU, SIG_IGN);
	setpgid(job, job); /* either is first */
	tcsetpgrp(0, job ? job : getpid());
	if (!job) {
		close(seen);
		signal(SIGTTOU, SIG_DFL);
		run(argv);
	}
	for (;;) {
		check(waitpid(job, &status, WUNTRACED) == job, "waitpid");
		if (!WIFSTOPPED(status))
			break;
		/* What is typed when this has been said is for the job. */
		tcsetpgrp(0, job);
		dprintf(1, "[stopped]\n");
		kill(-job, SIGCONT);
	}
	tcsetpgrp(0, getpid());
	dprintf(1, "[%s %d]\n" END, WIFSIGNALED(status) ? "signal" : "exit",
	        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	check(read(seen, &byte, 1) == 0, "read");
	_exit(0);
}

/* 0 when it has been hung up. */
static int type(int master, const char *text)
{
	const struct winsize size = { .ws_row = 33, .ws_col = 99 };

	if (!strcmp(text, "@hangup"))
		return 0;
	if (!strcmp(text, "@resize"))
		check(!ioctl(master, TIOCSWINSZ, &size), "resize");
	else
		check(write(master, text, strlen(text)) >= 0, "write");
	return 1;
}

/* Shows what the terminal does, and answers. The number of pairs that did not come. */
static int talk(int master, char **argv, char **end)
{
	static char seen[1 << 18];
	char *at = seen;
	size_t len = 0;

	for (int ended = 0; !ended;) {
		ssize_t r = read(master, seen + len, sizeof seen - 1 - len);

		if (r <= 0)
			break; /* EIO: nobody has it open any more */
		ended = memchr(seen + len, *END, (size_t)r) != NULL;
		check(write(1, seen + len, (size_t)(r - ended)) == r - ended, "write");
		for (ssize_t i = 0; i < r; i++)
			seen[len + (size_t)i] += !seen[len + (size_t)i]; /* a NUL is no end */
		seen[len += (size_t)r] = 0;
		for (char *hit; argv < end && (hit = strstr(at, argv[0])); argv += 2) {
			at = hit + strlen(argv[0]);
			if (!type(master, argv[1]))
				return (int)(end - argv) / 2 - 1;
		}
	}
	return (int)(end - argv) / 2;
}

/* `how`: 'j' for a job of a shell, 's' for the leader of the session, 'n' for one whose session has
 * no terminal of its own yet. */
static int terminal(char **argv, int how)
{
	char **cmd = argv;
	int master = new_terminal(), seen[2], status, left;
	pid_t pid;

	while (*cmd && strcmp(*cmd, "--"))
		cmd++;
	check(*cmd && !pipe(seen), "no --");
	alarm(LIMIT_S);
	pid = fork();
	check(pid >= 0, "fork");
	if (!pid) {
		const char *name = ptsname(master);

		close(seen[1]);
		if (how == 'j')
			shell(name, cmd + 1, seen[0]);
		close(seen[0]);
		sit_at(name, how == 's');
		run(cmd + 1);
	}
	left = talk(master, argv, cmd);
	close(master);
	close(seen[1]);
	check(waitpid(pid, &status, 0) == pid, "waitpid");
	if (how != 'j')
		printf("[%s %d]\n", WIFSIGNALED(status) ? "signal" : "exit",
		       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return (status && how == 'j') || left ? 99 : 0;
}

/* pty [EXPECT TYPE]... -- CMD...: runs it as the job of a shell on a terminal of its own; types
 * TYPE when EXPECT has been printed. All that the terminal shows goes to stdout. TYPE may be
 * "@resize", and "@hangup", which closes the terminal. */
int do_pty(char **argv)
{
	return terminal(argv, 'j');
}

/* term [-n] [EXPECT TYPE]... -- CMD...: the same without that shell: the command leads the session
 * that the terminal belongs to, or with -n one that has no terminal. Prints how it ended; what it
 * said last may be lost, so it should wait for an answer to that. */
int do_term(char **argv)
{
	int none = !strcmp(argv[0], "-n");

	return terminal(argv + none, none ? 'n' : 's');
}

/* stdin closed|hung|foreign CMD...: without a stdin; with a terminal that has been hung up (EIO);
 * or with one that belongs to another session (ENOTTY). */
int do_stdin(char **argv)
{
	int master, slave, foreign = !strcmp(argv[0], "foreign");
	pid_t holder;
	char byte;

	close(0);
	if (strcmp(argv[0], "closed")) {
		int ready[2];

		master = new_terminal();
		slave = open(ptsname(master), O_RDWR | O_NOCTTY);
		check(slave >= 0 && !pipe(ready), "terminal");
		holder = foreign ? fork() : 0;
		check(holder >= 0, "fork");
		if (foreign && !holder) { /* lives as long as the parent */
			pid_t parent = getppid();

			sit_at(ptsname(master), 1);
			check(write(ready[1], "", 1) == 1, "write");
			while (getppid() == parent)
				usleep(20000);
			_exit(0);
		}
		check(!foreign || read(ready[0], &byte, 1) == 1, "read");
		close(ready[0]);
		close(ready[1]);
		if (!foreign)
			close(master);
		if (slave) {
			dup2(slave, 0);
			close(slave);
		}
	}
	run(argv + 1);
	return 99;
}

/* lonely CMD...: as the leader of a session, runs it as the foreground process group, which is an
 * orphaned one: its parent is gone, and who adopts it is in another session. */
int do_lonely(char **argv)
{
	int alive[2], ready[2], status;
	char byte;
	pid_t middle, pid;

	check(!pipe(alive) && !pipe(ready), "pipe");
	signal(SIGTTOU, SIG_IGN);
	middle = fork();
	check(middle >= 0, "fork");
	if (!middle) {
		close(alive[0]);
		pid = fork();
		check(pid >= 0, "fork");
		if (pid) {
			check(read(ready[0], &byte, 1) == 1, "read");
			_exit(0);
		}
		pid = getppid();
		check(!setpgid(0, 0) && !tcsetpgrp(0, getpid()), "group");
		check(write(ready[1], "", 1) == 1, "write");
		while (getppid() == pid)
			usleep(1000);
		signal(SIGTTOU, SIG_DFL);
		run(argv);
	}
	close(alive[1]);
	check(waitpid(middle, &status, 0) == middle && !status, "middle");
	/* It has the other end of this pipe; an init closes its own, not the command's. */
	check(read(alive[0], &byte, 1) == 0, "read");
	return 0;
}
