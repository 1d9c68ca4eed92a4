/* SPDX-License-Identifier: 0BSD */
/* What several C tests need: numbers that are random but the same each time, files in $T, child
 * processes that end with us, and what a function writes to a descriptor. */
#ifndef HELP_H
#define HELP_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __clang__ /* test.h cuts long texts on purpose */
#pragma GCC diagnostic ignored "-Wformat-truncation"
#endif

#define HELP __attribute__((unused)) static
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* xorshift64: the same sequence in every run. */
HELP uint64_t rnd(void)
{
	static uint64_t x = 0x9e3779b97f4a7c15;

	x ^= x << 13;
	x ^= x >> 7;
	return x ^= x << 17;
}

HELP uint64_t rnd_below(uint64_t n)
{
	return rnd() % n;
}

/* A number that is small, near a power of two, or anything. */
HELP uint64_t rnd_edge(void)
{
	switch (rnd_below(4)) {
	case 0:
		return rnd_below(20);
	case 1:
		return (1ull << rnd_below(64)) + rnd_below(5) - 2;
	case 2:
		return rnd() >> rnd_below(64);
	default:
		return 0 - rnd_below(20);
	}
}

__attribute__((noreturn)) HELP void give_up(const char *what)
{
	perror(what);
	exit(1);
}

/* The path of a file below $T, in one of a few buffers. */
HELP const char *tmp(const char *name)
{
	static char path[8][512];
	static int turn;
	const char *t = getenv("T");

	turn = (turn + 1) % 8;
	snprintf(path[turn], sizeof path[turn], "%s/%s", t ? t : "/tmp", name);
	return path[turn];
}

/* Writes a file below $T, with the directories above it. */
HELP void put_bytes(const char *name, const void *bytes, size_t len)
{
	char path[512];
	int fd;

	snprintf(path, sizeof path, "%s", tmp(name));
	for (char *p = path + strlen(tmp("")); (p = strchr(p, '/')) != NULL; p++) {
		*p = 0;
		if (mkdir(path, 0755) && errno != EEXIST)
			give_up(path);
		*p = '/';
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		give_up(path);
	close(fd);
}

HELP void put(const char *name, const char *text)
{
	put_bytes(name, text, strlen(text));
}

HELP void put_link(const char *name, const char *target)
{
	put(name, ""); /* makes the directories */
	if (unlink(tmp(name)) || symlink(target, tmp(name)))
		give_up(name);
}

/* A directory of $TOP/tests/proc, or of $T when the name begins with '/'; O_PATH. */
HELP int tree_fd(const char *name)
{
	char path[512];
	int fd;

	if (*name == '/')
		snprintf(path, sizeof path, "%s", tmp(name + 1));
	else
		snprintf(path, sizeof path, "%s/tests/proc/%s", getenv("TOP"), name);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		give_up(path);
	return fd;
}

HELP int count_fds(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* fork(2) with CLONE_NEW* flags. The child must end by _exit: main's report is ours. */
HELP pid_t fork_into(int flags)
{
	pid_t pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);

	if (pid < 0)
		give_up("clone");
	return pid;
}

HELP int wait_status(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			give_up("waitpid");
	return status;
}

/* Runs f(arg) in a child with `fd` going to us; all it has written, NUL-terminated, up to `size`.
 * Returns its wait status; f's value is the exit code. */
HELP int capture(int fd, int (*f)(void *), void *arg, char *buf, size_t size)
{
	int ends[2];
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC))
		give_up("pipe");
	pid = fork();
	if (pid < 0)
		give_up("fork");
	if (pid == 0) {
		dup2(ends[1], fd);
		_exit(f(arg));
	}
	close(ends[1]);
	while (len < size - 1 && (n = read(ends[0], buf + len, size - 1 - len)) > 0)
		len += (size_t)n;
	buf[len] = 0;
	close(ends[0]);
	return wait_status(pid);
}

/* The same in a child for its own sake: the exit code of f(arg), or -1. */
HELP int in_child(int (*f)(void *), void *arg)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		give_up("fork");
	if (pid == 0)
		_exit(f(arg));
	status = wait_status(pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
