/* SPDX-License-Identifier: 0BSD */
/*
 * console SCREEN KEYS [own]: makes a terminal and returns when it is there; a copy of it stays
 * behind. What the terminal shows is added to the file SCREEN, what comes through the FIFO KEYS is
 * typed; after ^S SCREEN says "[stopped]". HUP hangs the terminal up. With "own" it belongs to a
 * session that never ends.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_S 100

static volatile sig_atomic_t hang_up;

static void note(int sig)
{
	hang_up = sig;
}

static void check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	_exit(99);
}

/* Somebody else's, who keeps it. */
static void own(const char *name)
{
	int ready[2];
	char byte;

	check(!pipe(ready), "pipe");
	if (!fork()) {
		alarm(LIMIT_S);
		check(setsid() > 0, "setsid");
		check(!ioctl(open(name, O_RDWR | O_NOCTTY), TIOCSCTTY, 0), "TIOCSCTTY");
		check(write(ready[1], "", 1) == 1, "write");
		for (;;)
			pause();
	}
	check(read(ready[0], &byte, 1) == 1, "read");
	close(ready[0]);
	close(ready[1]);
}

/* Whether there was a ^S among it. */
static int hand_over(int from, int to)
{
	char bytes[4096];
	ssize_t n = read(from, bytes, sizeof bytes);

	check(n <= 0 || write(to, bytes, (size_t)n) == n, "write");
	return n > 0 && memchr(bytes, 19, (size_t)n);
}

/* The line discipline looks at what is typed when it comes to it. */
static void wait_stopped(int slave, int screen)
{
	struct pollfd p = { .fd = slave, .events = POLLOUT };

	while (poll(&p, 1, 0) == 1)
		usleep(1000);
	check(write(screen, "[stopped]\n", 10) == 10, "write");
}

static void stay(int master, int screen, int keys, const char *name)
{
	struct pollfd p[2] = { { .fd = master, .events = POLLIN },
		               { .fd = keys, .events = POLLIN } };
	struct sigaction act = { .sa_handler = note };
	int slave = open(name, O_RDWR | O_NOCTTY); /* so that the master never reads EIO */
	sigset_t none, hup;

	sigemptyset(&none);
	sigemptyset(&hup);
	sigaddset(&hup, SIGHUP);
	sigprocmask(SIG_BLOCK, &hup, NULL);
	sigaction(SIGHUP, &act, NULL);
	check(slave >= 0, name);
	for (;;) {
		int n = ppoll(p, 2, NULL, &none);

		if (hang_up) {
			check(!ioctl(slave, TIOCVHANGUP), "TIOCVHANGUP");
			close(slave);
			slave = open(name, O_RDWR | O_NOCTTY);
			hang_up = 0;
		}
		if (n > 0 && p[0].revents)
			hand_over(master, screen);
		if (n > 0 && p[1].revents && hand_over(keys, master))
			wait_stopped(slave, screen);
	}
}

int main(int argc, char **argv)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), screen, keys;
	const char *name;
	pid_t pid;

	check(argc >= 3 && master >= 0 && !grantpt(master) && !unlockpt(master), "terminal");
	name = ptsname(master);
	screen = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	keys = open(argv[2], O_RDWR | O_CLOEXEC);
	check(screen >= 0 && keys >= 0 && name, "files");
	if (argc == 4)
		own(name);
	pid = fork();
	check(pid >= 0, "fork");
	if (!pid) {
		setsid();
		alarm(LIMIT_S);
		for (int fd = 0; fd < 3; fd++)
			close(fd);
		for (int fd = 0; fd < 3; fd++)
			open("/dev/null", O_RDWR);
		stay(master, screen, keys, name);
	}
	puts(name);
	return 0;
}
