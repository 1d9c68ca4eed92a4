/* SPDX-License-Identifier: 0BSD */
/*
 * probe: what the shell tests need to do or see and no system tool shows: exact wait statuses,
 * signal sets, queued values, descriptors, a terminal with job control. `probe COMMAND
 * ARGUMENT...`, see the table at the end. It ends with 99 when it fails itself.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SIGSET_BYTES 8 /* the kernel's; libc's functions refuse some real-time signals */
#define LIMIT_S 10     /* nothing here takes longer, or it has failed */

static void fail(const char *what)
{
	perror(what);
	_exit(99);
}

static void check(int ok, const char *what)
{
	if (!ok)
		fail(what);
}

static int number(const char *text)
{
	char *end;
	long n = text ? strtol(text, &end, 10) : -1;

	check(text && *text && !*end, "not a number");
	return (int)n;
}

static void run(char **argv)
{
	execvp(argv[0], argv);
	fail(argv[0]);
}

static void mask(int how, unsigned long set)
{
	check(!syscall(SYS_rt_sigprocmask, how, &set, NULL, SIGSET_BYTES), "rt_sigprocmask");
}

static unsigned long bit(int sig)
{
	return 1ul << (sig - 1);
}

/* The next signal of the set; 0 when none comes in time. */
static int wait_signal(unsigned long set, siginfo_t *info)
{
	struct timespec limit = { LIMIT_S, 0 };
	long r;

	do
		r = syscall(SYS_rt_sigtimedwait, &set, info, &limit, SIGSET_BYTES);
	while (r < 0 && errno == EINTR);
	return r < 0 ? 0 : (int)r;
}

/* ---- signals */

/* catch COUNT: prints "ready", then "NUMBER CODE VALUE" of COUNT signals, which may be any. */
static int do_catch(char **argv)
{
	int count = number(argv[0]);

	mask(SIG_SETMASK, ~0ul);
	puts("ready");
	fflush(stdout);
	for (siginfo_t info; count--;) {
		if (!wait_signal(~0ul, &info))
			return 99;
		printf("%d %d %d\n", info.si_signo, info.si_code,
		       info.si_code == SI_QUEUE ? info.si_value.sival_int : 0);
		fflush(stdout);
	}
	return 0;
}

/* await SIGNAL: 0 when the signal comes, and it had better be blocked before. */
static int do_await(char **argv)
{
	siginfo_t info;

	mask(SIG_BLOCK, bit(number(argv[0])));
	return wait_signal(bit(number(argv[0])), &info) ? 0 : 99;
}

/* send PID SIGNAL [VALUE]: by kill(2), with a value by sigqueue(3). */
static int do_send(char **argv)
{
	union sigval value = { .sival_int = argv[2] ? number(argv[2]) : 0 };
	pid_t pid = number(argv[0]);
	int sig = number(argv[1]);

	check(!(argv[2] ? sigqueue(pid, sig, value) : kill(pid, sig)), "send");
	return 0;
}

/* die SIGNAL: by that signal, whatever was inherited; without a core file. */
static int do_die(char **argv)
{
	int sig = number(argv[0]);

	signal(sig, SIG_DFL);
	mask(SIG_UNBLOCK, bit(sig));
	kill(getpid(), sig);
	return 99;
}

/* with [block=N,...] [ignore=N,...] CMD...: with just these signals blocked and ignored. */
static int do_with(char **argv)
{
	unsigned long set[2] = { 0, 0 };

	for (; *argv; argv++) {
		int ignore = !strncmp(*argv, "ignore=", 7);

		if (!ignore && strncmp(*argv, "block=", 6))
			break;
		for (char *n = strtok(strchr(*argv, '=') + 1, ","); n; n = strtok(NULL, ","))
			set[ignore] |= bit(number(n));
	}
	for (int sig = 1; sig <= 31; sig++)
		signal(sig, set[1] & bit(sig) ? SIG_IGN : SIG_DFL);
	mask(SIG_SETMASK, set[0]);
	run(argv);
	return 99;
}

/* pending SIGNAL CMD...: with the signal blocked and already there. */
static int do_pending(char **argv)
{
	mask(SIG_BLOCK, bit(number(argv[0])));
	kill(getpid(), number(argv[0]));
	run(argv + 1);
	return 99;
}

/* race COUNT CMD...: COUNT times starts the command with TERM blocked, sends TERM after a delay
 * that grows from 0 to 2 ms, and prints how many times the command ended with 0. */
static int do_race(char **argv)
{
	int count = number(argv[0]), good = 0;

	mask(SIG_BLOCK, bit(SIGTERM));
	for (int i = 0; i < count; i++) {
		struct timespec delay = { 0, i * (2000000 / count) };
		int status;
		pid_t pid = fork();

		check(pid >= 0, "fork");
		if (!pid)
			run(argv + 1);
		nanosleep(&delay, NULL);
		kill(pid, SIGTERM);
		check(waitpid(pid, &status, 0) == pid, "waitpid");
		if (status)
			break; /* it may have waited long for what was lost */
		good++;
	}
	printf("%d of %d\n", good, count);
	return 0;
}

/* ---- processes */

/* status CMD...: prints how it ended, "exit N" or "signal N". */
static int do_status(char **argv)
{
	int status;
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (!pid)
		run(argv);
	check(waitpid(pid, &status, 0) == pid, "waitpid");
	if (WIFSIGNALED(status))
		printf("signal %d%s\n", WTERMSIG(status), WCOREDUMP(status) ? " core" : "");
	else
		printf("exit %d\n", WEXITSTATUS(status));
	return 0;
}

/* orphans COUNT: leaves COUNT processes to the reaper; all of them end at once, when we do. */
static int do_orphans(char **argv)
{
	int count = number(argv[0]), hold[2];
	pid_t middle;

	check(!pipe(hold), "pipe");
	middle = fork();
	check(middle >= 0, "fork");
	if (!middle) {
		close(hold[1]);
		for (; count; count--) {
			pid_t pid = fork();
			char byte;

			check(pid >= 0, "fork");
			if (!pid)
				_exit(read(hold[0], &byte, 1) != 0);
		}
		_exit(0);
	}
	check(waitpid(middle, &count, 0) == middle && !count, "middle");
	return 0;
}

/* fds FILE: writes the numbers of the open descriptors to FILE, in one line. */
static int do_fds(char **argv)
{
	char open_fds[1024];
	FILE *f;

	for (int fd = 0; fd < 1024; fd++)
		open_fds[fd] = fcntl(fd, F_GETFD) >= 0;
	f = fopen(argv[0], "w");
	check(f != NULL, argv[0]);
	for (int fd = 0; fd < 1024; fd++)
		if (open_fds[fd])
			fprintf(f, "%d ", fd);
	fprintf(f, "\n");
	return fclose(f) ? 99 : 0;
}

/* argv0 FILE [NAME ARGUMENT...]: executes FILE with this argument vector, which may be empty. */
static int do_argv0(char **argv)
{
	execv(argv[0], argv + 1);
	fail(argv[0]);
	return 99;
}

/* ---- a terminal */

/* A shell with job control for one job: tells when it stops, and at once resumes it. */
static void shell(const char *terminal, char **argv)
{
	int fd, status;
	pid_t job;

	check(setsid() > 0, "setsid");
	fd = open(terminal, O_RDWR);
	check(fd >= 0 && !ioctl(fd, TIOCSCTTY, 0), "terminal");
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	job = fork();
	check(job >= 0, "fork");
	signal(SIGTTOU, SIG_IGN);
	setpgid(job, job); /* either is first */
	tcsetpgrp(0, job ? job : getpid());
	if (!job) {
		signal(SIGTTOU, SIG_DFL);
		run(argv);
	}
	for (;;) {
		check(waitpid(job, &status, WUNTRACED) == job, "waitpid");
		if (!WIFSTOPPED(status))
			break;
		tcsetpgrp(0, getpid());
		dprintf(1, "[stopped]\n");
		tcsetpgrp(0, job);
		kill(-job, SIGCONT);
	}
	tcsetpgrp(0, getpid());
	dprintf(1, "[%s %d]\n", WIFSIGNALED(status) ? "signal" : "exit",
	        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	_exit(0);
}

/* pty [EXPECT TYPE]... -- CMD...: runs it as the job of a shell on a terminal of its own; types
 * TYPE when EXPECT has been printed. All that the terminal shows goes to stdout. */
static int do_pty(char **argv)
{
	char seen[65536] = "", *at = seen, **cmd = argv;
	size_t len = 0;
	int master = posix_openpt(O_RDWR | O_NOCTTY), status;
	pid_t pid;

	while (*cmd && strcmp(*cmd, "--"))
		cmd++;
	check(*cmd && master >= 0 && !grantpt(master) && !unlockpt(master), "pty");
	alarm(LIMIT_S);
	pid = fork();
	check(pid >= 0, "fork");
	if (!pid) {
		const char *terminal = ptsname(master);

		close(master); /* so that all hang up when we are gone */
		shell(terminal, cmd + 1);
	}
	for (;;) {
		ssize_t r = read(master, seen + len, sizeof seen - 1 - len);

		if (r <= 0)
			break; /* EIO: nobody has it open any more */
		check(write(1, seen + len, (size_t)r) == r, "write");
		seen[len += (size_t)r] = 0;
		for (char *hit; argv < cmd && (hit = strstr(at, argv[0])); argv += 2) {
			at = hit + strlen(argv[0]);
			check(write(master, argv[1], strlen(argv[1])) >= 0, "write");
		}
	}
	check(waitpid(pid, &status, 0) == pid, "waitpid");
	return status || argv < cmd ? 99 : 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int operands;
		int (*run)(char **);
	} commands[] = {
		{ "catch", 1, do_catch }, { "await", 1, do_await },
		{ "send", 2, do_send },   { "die", 1, do_die },
		{ "with", 1, do_with },   { "pending", 2, do_pending },
		{ "race", 2, do_race },   { "status", 1, do_status },
		{ "fds", 1, do_fds },     { "orphans", 1, do_orphans },
		{ "argv0", 1, do_argv0 }, { "pty", 2, do_pty },
	};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (argc > 1 && !strcmp(argv[1], commands[i].name) &&
		    argc - 2 >= commands[i].operands)
			return commands[i].run(argv + 2);
	fprintf(stderr, "probe: wrong use\n");
	return 99;
}
