/* SPDX-License-Identifier: 0BSD */
/*
 * The command of an init that is to reap:
 *
 *	orphans stream N      N orphans, one after the other, each of which ends at once
 *	orphans burst N       N orphans that live, and then end all together
 *	orphans single K N    beside K orphans that live, N end one by one, each when the one before
 *	                      has been reaped
 *
 * It writes "r" to stdout when it has prepared and begins when it reads a byte from stdin. Then it
 * writes "d" when all have been reaped, or "o" when they will be once it is init's only child, and
 * waits for its end.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void need(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "orphans: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static void say(char byte)
{
	need(write(STDOUT_FILENO, &byte, 1) == 1, "write");
}

static void hear(void)
{
	char byte;

	need(read(STDIN_FILENO, &byte, 1) == 1, "read");
}

/* Makes an orphan, as a daemon is made. It lives until nobody has the other end of `alive` open. */
static void orphan(const int *alive)
{
	pid_t parent = fork();
	int status;
	char byte;

	need(parent >= 0, "fork");
	if (!parent) {
		pid_t pid = fork();

		need(pid >= 0, "fork");
		if (!pid && alive) {
			close(alive[1]);
			need(read(alive[0], &byte, 1) == 0, "read");
		}
		_exit(0);
	}
	need(waitpid(parent, &status, 0) == parent && status == 0, "an orphan's parent");
}

/* A sibling of ours that ends at once is to init what an orphan is, and we know its number. */
static void single(void)
{
	static const struct timespec pause = { .tv_nsec = 20000 };
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);

	need(pid >= 0, "clone");
	if (!pid)
		_exit(0);
	while (kill(pid, 0) == 0)
		nanosleep(&pause, NULL);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 2 ? argv[1] : "";
	int stream = !strcmp(mode, "stream"), burst = !strcmp(mode, "burst");
	int living = stream ? 0 : argc > 2 ? atoi(argv[2]) : 0;
	int ending = stream ? atoi(argv[2]) : argc > 3 ? atoi(argv[3]) : 0;
	int alive[2];

	if (!(stream || burst) && strcmp(mode, "single")) {
		fputs("usage: orphans stream N | burst N | single K N\n", stderr);
		return 2;
	}
	need(pipe(alive) == 0, "pipe");
	while (living-- > 0)
		orphan(alive);
	say('r');
	hear();
	if (burst)
		close(alive[1]);
	while (ending-- > 0)
		if (stream)
			orphan(NULL);
		else
			single();
	say(stream || burst ? 'o' : 'd');
	for (;;)
		pause();
}
