/* SPDX-License-Identifier: 0BSD */
/*
 * frozen [-s] DIRECTORY COMMAND...: runs the command, whose children then are in a PID namespace
 * full of odd processes that all sleep, so that nothing changes between two looks at them. The
 * place has a /proc, a /dev/pts, users and groups of its own, in a mount namespace of its own; a
 * tmpfs on the directory, which is seen by nobody else, holds what this takes. The machine has been
 * up for three years there, so that a process may be old. Everything ends with the command.
 *
 * With -s only those live there whom procps 4.0.2 does not show as it should.
 * The command itself is outside: it is in no listing. 99 when something fails here.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "frozen.h"

/* Where everybody says to his maker that he is ready, and where a new program finds its deed. */
enum { READY = 1000, DEED };

enum { YEARS_UP_S = 100000000, LIMIT_S = 60, HALF_NS = 500000000 };

void check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "frozen: ");
	perror(what);
	_exit(99);
}

void be_named(const void *comm)
{
	prctl(PR_SET_NAME, comm);
}

void ready(void)
{
	check(write(READY, "", 1) == 1, "ready");
}

void sleep_for_ever(void)
{
	for (;;)
		pause();
}

void begin_in_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	if (t.tv_nsec < HALF_NS)
		return;
	t.tv_sec++;
	t.tv_nsec = 0;
	check(!clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &t, NULL), "clock_nanosleep");
}

/* Forks; what the child says goes to the pipe, if there is one. */
static pid_t make(void (*be)(const void *), const void *arg, const int *pipes)
{
	pid_t pid;

	begin_in_time();
	pid = fork();
	check(pid >= 0, "fork");
	if (pid)
		return pid;
	if (pipes)
		check(dup2(pipes[1], READY) == READY && !close(pipes[0]) && !close(pipes[1]),
		      "dup2");
	be(arg);
	if (pipes)
		ready();
	sleep_for_ever();
}

pid_t spawn(void (*be)(const void *), const void *arg)
{
	int pipes[2];
	char byte;
	pid_t pid;

	check(!pipe(pipes), "pipe");
	pid = make(be, arg, pipes);
	close(pipes[1]);
	if (read(pipes[0], &byte, 1) != 1) {
		int status;

		waitpid(pid, &status, 0);
		fprintf(stderr, "frozen: process %d was not ready, wait status %#x\n", (int)pid,
		        status);
		_exit(99);
	}
	close(pipes[0]);
	return pid;
}

pid_t spawn_only(void (*be)(const void *), const void *arg)
{
	return make(be, arg, NULL);
}

void leave_zombie(pid_t pid)
{
	siginfo_t info;

	check(!waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), "waitid");
}

void bury(pid_t pid)
{
	check(waitpid(pid, NULL, 0) == pid, "waitpid");
}

void become(const char *file, char *const argv[], char *const envp[], int deed)
{
	int pipes[2];

	check(!pipe(pipes) && write(pipes[1], &deed, sizeof deed) == sizeof deed &&
	              dup2(pipes[0], DEED) == DEED && !close(pipes[0]) && !close(pipes[1]),
	      "pipe");
	execve(file, argv, envp);
	check(0, file);
	_exit(99);
}

/* The new program: what it does to its own words needs no argument that could be seen. */
static void do_deed(char **argv)
{
	size_t len = strlen(argv[0]);
	int deed;

	if (read(DEED, &deed, sizeof deed) != sizeof deed)
		return;
	close(DEED);
	if (deed == DEED_ZERO_ARGV)
		for (char **word = argv; *word; word++)
			memset(*word, 0, strlen(*word));
	/* As setproctitle does: the words run into the environment, which lies behind them. */
	if (deed == DEED_NO_END)
		memset(argv[0] + len, '!', 1);
	ready();
	sleep_for_ever();
}

/* ---- files */

size_t slurp(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	check(fd >= 0, path);
	while (len < size - 1 && (n = read(fd, text + len, size - 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	text[len] = 0;
	return len;
}

void save(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	size_t len = strlen(text);

	check(fd >= 0 && write(fd, text, len) == (ssize_t)len && !close(fd), path);
}

/* ---- the place */

/* A copy of the file with more lines, over it. */
static void add_lines(const char *path, const char *more)
{
	static char text[1 << 16];
	char copy[64];
	size_t len = slurp(path, text, sizeof text);

	snprintf(text + len, sizeof text - len, "%s", more);
	snprintf(copy, sizeof copy, "copy-of-%s", strrchr(path, '/') + 1);
	save(copy, text);
	check(!mount(copy, path, NULL, MS_BIND, NULL), path);
}

static void make_place(const char *dir)
{
	static const char offset[] = "boottime 100000000 0\n";
	int fd;

	check(!unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWTIME), "unshare");
	fd = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
	check(fd >= 0 && write(fd, offset, sizeof offset - 1) > 0 && !close(fd), "timens_offsets");
	check(!mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make all mounts private");
	check(!mount("frozen", dir, "tmpfs", 0, NULL) && !chdir(dir), dir);
	check(!mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
	             "newinstance,ptmxmode=0666,mode=0620"),
	      "/dev/pts");
	add_lines("/etc/passwd",
	          "exactly8:x:70001:70001::/:/bin/sh\n"
	          "ninechars:x:70002:70002::/:/bin/sh\n"
	          "averylongusername:x:70003:70003::/:/bin/sh\n"
	          "anamewithmuchmorethan32characters.really:x:70004:70004::/:/bin/sh\n"
	          "b\303\274rger:x:70005:70005::/:/bin/sh\n"
	          "seven_\303\274_9:x:70006:70006::/:/bin/sh\n"
	          "esc\033[31m:x:70008:70008::/:/bin/sh\n"
	          "12345x:x:70009:70009::/:/bin/sh\n");
	add_lines("/etc/group", "exactly8:x:70001:\nninechars:x:70002:\n"
	                        "averylonggroupname:x:70003:\n"
	                        "anamewithmuchmorethan32characters.really:x:70004:\n"
	                        "gr\303\274ppe:x:70005:\n");
}

/* PID 1. */
static void be_init(const void *make)
{
	check(!prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
	check(getpid() == 1, "not PID 1 of a new namespace");
	check(!mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "/proc");
	check(setsid() == 1, "setsid");
	(*(void (*const *)(void))make)();
}

/* Who has come in from outside: its parent is not to be seen in there. */
static void be_outsider(const void *arg)
{
	be_named(arg);
	setsid();
	spawn(be_named, "outsider's");
	spawn(be_named, "outsider's");
}

int main(int argc, char **argv)
{
	const int strange = argc > 1 && !strcmp(argv[1], "-s");
	void (*const make)(void) = strange ? make_strangers : make_everybody;
	int home;

	if (fcntl(DEED, F_GETFD) >= 0)
		do_deed(argv);
	argv += strange;
	if (argc - strange < 3) {
		fprintf(stderr, "usage: frozen [-s] DIRECTORY COMMAND...\n");
		return 99;
	}
	/* How many everybody has is seen in there; it must not hang on who began this. */
	check(!close_range(STDERR_FILENO + 1, ~0U, 0), "close_range");
	home = open(".", O_PATH | O_CLOEXEC);
	make_place(argv[1]);
	/* Everything is made now or never: somebody who fails says it, and is not ready. */
	alarm(LIMIT_S);
	spawn(be_init, &make);
	for (int i = 0; i < 2 && !strange; i++)
		spawn(be_outsider, "outsider");
	alarm(0);
	check(!fchdir(home), "fchdir");
	execvp(argv[2], argv + 2);
	check(0, argv[2]);
}
