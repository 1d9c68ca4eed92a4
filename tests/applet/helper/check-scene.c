/* SPDX-License-Identifier: 0BSD */
/*
 * For the tests of pidcheck. Each writes "ready" when it is so, and sleeps.
 *
 *   check-scene zombies N NAME   a parent of N children of that name, which have ended. At USR1 it
 *                                waits for all of them
 *   check-scene below N NAME     a parent of such a parent; it waits for nobody either
 *   check-scene traced NAME      the parent of a tracer, and of whom that one traces, who has
 *                                ended; the tracer never waits
 *   check-scene holds NAME       the parent of a child of that name, which lives
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(what) \
	do { \
		if (!(what)) { \
			perror(#what); \
			_exit(99); \
		} \
	} while (0)

static void say(const char *line)
{
	CHECK(write(1, line, strlen(line)) == (ssize_t)strlen(line));
}

/* A child of that name; it ends when the pipe does, which is also how it is ready. */
static pid_t child(const char *name, const int ends[2])
{
	pid_t pid = fork();
	char byte;

	CHECK(pid >= 0);
	if (pid)
		return pid;
	prctl(PR_SET_NAME, name);
	close(ends[1]);
	_exit(read(ends[0], &byte, 1) != 0);
}

static void leave_zombie(pid_t pid)
{
	siginfo_t info;

	CHECK(!waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
}

static void zombies(int n, const char *name)
{
	pid_t pids[1000];
	int ends[2];

	CHECK(n <= 1000 && !pipe(ends));
	for (int i = 0; i < n; i++)
		pids[i] = child(name, ends);
	close(ends[1]);
	for (int i = 0; i < n; i++)
		leave_zombie(pids[i]);
	say("ready\n");
}

static void traced(const char *name)
{
	int ends[2], attached[2];
	char byte;
	pid_t pid;

	CHECK(!pipe(ends) && !pipe(attached));
	pid = child(name, ends);
	if (!fork()) {
		prctl(PR_SET_NAME, "tracer");
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		CHECK(!ptrace(PTRACE_SEIZE, pid, NULL, NULL));
		CHECK(write(attached[1], "", 1) == 1);
		close(ends[1]);
		leave_zombie(pid);
		say("ready\n");
		for (;;)
			pause();
	}
	CHECK(read(attached[0], &byte, 1) == 1);
	close(ends[1]);
}

int main(int argc, char **argv)
{
	sigset_t set;
	int sig, ends[2];

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (argc == 4 && !strcmp(argv[1], "zombies")) {
		zombies(atoi(argv[2]), argv[3]);
	} else if (argc == 4 && !strcmp(argv[1], "below")) {
		if (!fork()) {
			prctl(PR_SET_NAME, "middle");
			zombies(atoi(argv[2]), argv[3]);
			for (;;)
				pause();
		}
	} else if (argc == 3 && !strcmp(argv[1], "traced")) {
		traced(argv[2]);
	} else if (argc == 3 && !strcmp(argv[1], "holds")) {
		CHECK(!pipe(ends));
		child(argv[2], ends);
		say("ready\n");
	} else {
		return 99;
	}
	while (!sigwait(&set, &sig)) {
		while (wait(NULL) > 0)
			;
	}
}
