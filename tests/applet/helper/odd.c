/* SPDX-License-Identifier: 0BSD */
/*
 * odd DEED [ARG...]: a process that is as no shell can make one. It writes a line to stdout when it
 * is, and sleeps. What stands behind an ARG is for its command line.
 *   named NAME      has that name, which may hold any bytes
 *   wiped           has wiped its command line
 *   titled TEXT     has filled the place of its command line with the text again and again, up to
 *                   its last byte
 *   secret UID      has become that user and lets nobody look into it
 *   threads N NAME  N more threads of that name
 *   leader NAME     the first thread has ended; one of that name goes on
 *   zombie NAME     one child, which has ended, of that name
 *   churn N         N threads that each begin the next one and end, for ever
 * or one that changes what a command finds:
 *   pty COLUMNS CMD...        a terminal so wide; what is written there goes to stdout
 *   auxv TYPE=VALUE CMD...    that entry of getauxval(3) has another value
 * or makes many of one:
 *   links DIRECTORY FROM TO   there, beside FROM, links to it of all numbers behind it up to TO
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "odd: ");
	perror(what);
	_exit(99);
}

static void *ready(void *name)
{
	if (name)
		prctl(PR_SET_NAME, name);
	check(write(1, "\n", 1) == 1, "ready");
	for (;;)
		pause();
	return NULL;
}

static void *sleep_there(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *hand_on(void *unused)
{
	static pthread_attr_t detached;
	pthread_t thread;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&detached, 1 << 16);
	while (pthread_create(&thread, &detached, hand_on, NULL))
		sched_yield();
	return unused;
}

/* ---- what it is */

static void be(int argc, char **argv, char *arg)
{
	char *end = argv[argc - 1] + strlen(argv[argc - 1]), *text, own[16];
	pthread_t thread;

	if (!strcmp(argv[1], "named")) {
		ready(arg);
	} else if (!strcmp(argv[1], "wiped")) {
		memset(argv[0], 0, (size_t)(end - argv[0]));
	} else if (!strcmp(argv[1], "titled")) {
		text = strdup(arg);
		for (size_t i = 0, len = strlen(text); argv[0] + i <= end; i++)
			argv[0][i] = text[i % len];
	} else if (!strcmp(argv[1], "secret")) {
		check(!setresuid((uid_t)atoi(arg), (uid_t)atoi(arg), (uid_t)atoi(arg)), "setuid");
		check(!prctl(PR_SET_DUMPABLE, 0), "dumpable");
	} else if (!strcmp(argv[1], "threads")) {
		/* Theirs from their first moment: it is inherited. */
		prctl(PR_GET_NAME, own);
		prctl(PR_SET_NAME, argv[3]);
		for (int n = atoi(arg); n--;)
			check(!pthread_create(&thread, NULL, sleep_there, NULL), "thread");
		prctl(PR_SET_NAME, own);
	} else if (!strcmp(argv[1], "leader")) {
		check(!pthread_create(&thread, NULL, ready, arg), "thread");
		pthread_exit(NULL);
	} else if (!strcmp(argv[1], "zombie")) {
		pid_t pid = fork();
		siginfo_t info;

		if (!pid) {
			prctl(PR_SET_NAME, arg);
			_exit(0);
		}
		check(!waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), "wait");
	} else if (!strcmp(argv[1], "churn")) {
		for (int n = atoi(arg); n--;)
			hand_on(NULL);
	} else {
		errno = EINVAL;
		check(0, argv[1]);
	}
	ready(NULL);
}

/* ---- what a command finds */

static int status_of(pid_t pid)
{
	int status;

	check(waitpid(pid, &status, 0) == pid, "wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void execute(char **command)
{
	execvp(*command, command);
	check(0, *command);
}

static int on_terminal(int columns, char **command)
{
	struct winsize size = { .ws_row = 24, .ws_col = (unsigned short)columns };
	int master = posix_openpt(O_RDWR | O_NOCTTY), fd;
	struct termios raw;
	char text[4096];
	ssize_t len;
	pid_t pid;

	check(master >= 0 && !grantpt(master) && !unlockpt(master), "pty");
	pid = fork();
	check(pid >= 0, "fork");
	if (!pid) {
		setsid();
		fd = open(ptsname(master), O_RDWR);
		check(fd >= 0 && !ioctl(fd, TIOCSCTTY, 0) && !ioctl(fd, TIOCSWINSZ, &size), "tty");
		tcgetattr(fd, &raw);
		raw.c_oflag &= ~(tcflag_t)OPOST;
		tcsetattr(fd, TCSANOW, &raw);
		for (int i = 0; i < 3; i++)
			dup2(fd, i);
		close(fd);
		execute(command);
	}
	while ((len = read(master, text, sizeof text)) > 0)
		check(write(1, text, (size_t)len) == len, "write");
	return status_of(pid);
}

/* Where the entry stands in the memory of a program that has just begun: on its stack, which begins
 * at field 28 of proc_pid_stat(5), behind argc, argv and environ. */
static unsigned long auxv_place(pid_t pid, unsigned long type)
{
	char path[32], text[1024], *field;
	unsigned long at;
	size_t len;
	FILE *stat;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	stat = fopen(path, "r");
	check(stat != NULL, path);
	len = fread(text, 1, sizeof text - 1, stat);
	fclose(stat);
	text[len] = 0;
	field = strrchr(text, ')');
	for (int n = 2; field && n < 28; n++)
		field = strchr(field + 1, ' ');
	check(field != NULL, path);
	at = strtoul(field, NULL, 10) + sizeof at;
	for (int lists = 2; lists; at += sizeof at)
		lists -= ptrace(PTRACE_PEEKDATA, pid, (void *)at, NULL) == 0;
	while (ptrace(PTRACE_PEEKDATA, pid, (void *)at, NULL) != (long)type)
		at += 2 * sizeof at;
	return at + sizeof at;
}

static int with_auxv(const char *entry, char **command)
{
	unsigned long type = strtoul(entry, NULL, 0), value;
	pid_t pid = fork();
	int status;

	check(pid >= 0 && strchr(entry, '='), "fork");
	value = strtoul(strchr(entry, '=') + 1, NULL, 0);
	if (!pid) {
		check(!ptrace(PTRACE_TRACEME, 0, NULL, NULL), "trace");
		execute(command);
	}
	check(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status), "stop");
	check(!ptrace(PTRACE_POKEDATA, pid, (void *)auxv_place(pid, type), (void *)value), "poke");
	check(!ptrace(PTRACE_DETACH, pid, NULL, NULL), "detach");
	return status_of(pid);
}

static int make_links(const char *directory, const char *from, const char *to)
{
	char name[16];

	check(!chdir(directory), directory);
	for (int n = atoi(from) + 1; n <= atoi(to); n++) {
		snprintf(name, sizeof name, "%d", n);
		check(!symlink(from, name), name);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 3 && !strcmp(argv[1], "pty"))
		return on_terminal(atoi(argv[2]), argv + 3);
	if (argc > 3 && !strcmp(argv[1], "auxv"))
		return with_auxv(argv[2], argv + 3);
	if (argc > 4 && !strcmp(argv[1], "links"))
		return make_links(argv[2], argv[3], argv[4]);
	check(argc > 1, "usage: odd DEED [ARG...]");
	be(argc, argv, argc > 2 ? argv[2] : argv[1]);
}
