/* SPDX-License-Identifier: 0BSD */
/*
 * Processes that fork as fast as they can, for kill --tree: kill-bomb MODE. It refuses to run in
 * the PID namespace of the tests. Its first process stays; it tells its number when the others are
 * at work.
 *
 *   fork     all fork for ever
 *   flee     eight lines of processes, each of which forks and ends: whoever is met is gone by then
 *   both     all fork twice, and then end
 *   threads  all fork from a second thread, while the first one sleeps
 *   groups   like both, each in a process group of its own
 *
 * They are a session of their own, and of a user of their own who may have 60 processes.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define USER 61234
#define MOST 60

static void *fork_on(void *unused)
{
	pthread_t t;

	for (;;)
		if (!fork()) {
			pthread_create(&t, NULL, fork_on, unused);
			for (;;)
				pause();
		}
	return NULL;
}

static void work(const char *mode)
{
	int groups = !strcmp(mode, "groups"), flees = !strcmp(mode, "flee");

	if (!strcmp(mode, "threads"))
		fork_on(NULL);
	for (;;) {
		if (groups)
			setpgid(0, 0);
		if (fork() > 0 && (flees || ((groups || !strcmp(mode, "both")) && fork() > 0)))
			_exit(0);
	}
}

/* A user may have no more than so many. */
static int is_full(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return pid < 0;
}

int main(int argc, char **argv)
{
	const char *tests = getenv("TEST_PIDNS"), *mode = argc == 2 ? argv[1] : "fork";
	struct rlimit most = { MOST, MOST };
	int lines = !strcmp(mode, "flee") ? 8 : 1;
	char own[64] = "", line[16];

	if (readlink("/proc/self/ns/pid", own, sizeof own - 1) < 0 || !tests ||
	    !strcmp(tests, own)) {
		fprintf(stderr, "kill-bomb: not in a PID namespace of its own\n");
		return 99;
	}
	setsid();
	signal(SIGCHLD, SIG_IGN);
	if (setrlimit(RLIMIT_NPROC, &most) || setgid(USER) || setuid(USER))
		return 1;
	while (lines--)
		if (!fork())
			work(mode);
	for (int tries = 0; tries < 100 && (strcmp(mode, "flee") ? !is_full() : tries < 10);
	     tries++)
		usleep(1000);
	snprintf(line, sizeof line, "%d\n", getpid());
	if (write(1, line, strlen(line)) < 0)
		return 1;
	close(1);
	for (;;)
		pause();
}
