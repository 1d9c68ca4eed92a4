/* SPDX-License-Identifier: 0BSD */
/*
 * clog: outputs that nobody reads for a while, and processes that look like zombies. It ends with
 * 99 when it fails itself.
 *
 *   clog out KIND FD GO FILE CMD...   runs CMD with descriptor FD open for writing to a pipe, a
 *           socket, a terminal (tty), or one that was stopped by ^S (stopped). It is read from when
 *           somebody writes to the FIFO GO; all goes to FILE. Prints "drained" when for a moment
 *           nothing more came. Ends as CMD.
 *   clog flags FD    the file status flags of a descriptor: "nonblock" or "block".
 *   clog headless    a process whose first thread has ended.
 *   clog brood N     has N children named "worker" that have ended, for which it does not wait.
 *           Both print their PID when it is so.
 *   clog name NAME   ends, having given itself this name.
 *   clog orphan CMD...   starts CMD as a child of whoever adopts it.
 *   clog eat         fills its memory, 64 MiB, until something happens.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_S 60

static void check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	_exit(99);
}

/* Two ends; the writer's takes little. */
static void open_ends(const char *kind, int ends[2])
{
	int size = 32768;

	if (!strcmp(kind, "pipe")) {
		check(!pipe2(ends, O_CLOEXEC), "pipe");
		check(fcntl(ends[1], F_SETPIPE_SZ, size) >= 0, "F_SETPIPE_SZ");
	} else if (!strcmp(kind, "socket")) {
		check(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
		setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	} else {
		ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
		check(ends[0] >= 0 && !grantpt(ends[0]) && !unlockpt(ends[0]), "pty");
		ends[1] = open(ptsname(ends[0]), O_RDWR | O_NOCTTY | O_CLOEXEC);
		check(ends[1] >= 0, "terminal");
		if (!strcmp(kind, "stopped"))
			check(write(ends[0], "\023", 1) == 1, "^S");
	}
}

/* Copies what there is until the other end is closed. */
static void drain(int from, const char *file)
{
	int to = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), said = 0;
	struct pollfd p = { .fd = from, .events = POLLIN };
	static char buf[65536];
	ssize_t n;

	check(to >= 0, file);
	do {
		n = said || poll(&p, 1, 100) ? read(from, buf, sizeof buf) : 0;
		if (n > 0) {
			check(write(to, buf, (size_t)n) == n, file);
		} else if (!said) {
			check(write(1, "drained\n", 8) == 8, "stdout");
			said = n = 1;
		}
	} while (n > 0); /* EIO from a terminal that nobody has open any more */
	close(to);
}

static int do_out(char **argv)
{
	int ends[2], fd = atoi(argv[1]), go, status;
	pid_t pid;
	char byte;

	alarm(LIMIT_S);
	open_ends(argv[0], ends);
	pid = fork();
	check(pid >= 0, "fork");
	if (!pid) {
		alarm(0);
		check(dup2(ends[1], fd) == fd, "dup2");
		execvp(argv[4], argv + 4);
		check(0, argv[4]);
	}
	close(ends[1]);
	go = open(argv[2], O_RDONLY | O_CLOEXEC);
	check(go >= 0 && read(go, &byte, 1) == 1, argv[2]);
	if (!strcmp(argv[0], "stopped"))
		check(write(ends[0], "\021", 1) == 1, "^Q");
	drain(ends[0], argv[3]);
	check(waitpid(pid, &status, 0) == pid, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int do_flags(char **argv)
{
	int flags = fcntl(atoi(argv[0]), F_GETFL);

	check(flags >= 0, argv[0]);
	puts(flags & O_NONBLOCK ? "nonblock" : "block");
	return 0;
}

static void *go_on(void *first)
{
	pthread_join(*(pthread_t *)first, NULL);
	/* What has been joined is about to end; only when /proc says so it has. */
	for (int ended = 0; !ended;) {
		char text[512], *state;
		int fd = open("/proc/self/stat", O_RDONLY);
		ssize_t n = read(fd, text, sizeof text - 1);

		check(n > 0, "stat");
		text[n] = 0;
		state = strrchr(text, ')');
		ended = state && state[2] == 'Z';
		close(fd);
	}
	printf("%d\n", (int)getpid());
	fflush(stdout);
	for (;;)
		pause();
	return NULL;
}

static int do_headless(char **argv)
{
	static pthread_t first;
	pthread_t other;

	(void)argv;
	alarm(LIMIT_S);
	first = pthread_self();
	check(!pthread_create(&other, NULL, go_on, &first), "pthread_create");
	pthread_exit(NULL);
}

static int do_brood(char **argv)
{
	alarm(LIMIT_S);
	for (int n = atoi(argv[0]); n; n--) {
		pid_t pid = fork();
		siginfo_t info;

		check(pid >= 0, "fork");
		if (!pid) {
			prctl(PR_SET_NAME, "worker");
			_exit(0);
		}
		check(!waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), "waitid");
	}
	printf("%d\n", (int)getpid());
	fflush(stdout);
	for (;;)
		pause();
	return 0;
}

static int do_orphan(char **argv)
{
	pid_t middle = fork();
	int status;

	check(middle >= 0, "fork");
	if (!middle) {
		pid_t parent = getpid(), pid = fork();

		check(pid >= 0, "fork");
		if (pid)
			_exit(0);
		while (getppid() == parent)
			usleep(1000);
		execvp(argv[0], argv);
		check(0, argv[0]);
	}
	check(waitpid(middle, &status, 0) == middle && !status, "middle");
	return 0;
}

static int do_eat(void)
{
	for (int i = 0; i < 64; i++) {
		char *p = malloc(1 << 20);

		check(p != NULL, "malloc");
		memset(p, 1, 1 << 20);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 6 && !strcmp(argv[1], "out"))
		return do_out(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "flags"))
		return do_flags(argv + 2);
	if (argc > 1 && !strcmp(argv[1], "headless"))
		return do_headless(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "brood"))
		return do_brood(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "orphan"))
		return do_orphan(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "name"))
		return prctl(PR_SET_NAME, argv[2]) ? 99 : 0;
	if (argc > 1 && !strcmp(argv[1], "eat"))
		return do_eat();
	fprintf(stderr, "clog: wrong use\n");
	return 99;
}
