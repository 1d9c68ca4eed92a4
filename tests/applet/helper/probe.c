/* SPDX-License-Identifier: 0BSD */
/*
 * probe: what the shell tests need to do or see and no system tool shows: exact wait statuses,
 * signal sets, queued values, descriptors, children of odd kinds, a terminal with job control.
 * `probe COMMAND ARGUMENT...`, see the table at the end. It ends with 99 when it fails itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"

void fail(const char *what)
{
	perror(what);
	_exit(99);
}

void check(int ok, const char *what)
{
	if (!ok)
		fail(what);
}

int number(const char *text)
{
	char *end;
	long n = text ? strtol(text, &end, 10) : -1;

	check(text && *text && !*end, "not a number");
	return (int)n;
}

void run(char **argv)
{
	execvp(argv[0], argv);
	fail(argv[0]);
}

void mask(int how, unsigned long set)
{
	check(!syscall(SYS_rt_sigprocmask, how, &set, NULL, SIGSET_BYTES), "rt_sigprocmask");
}

unsigned long bit(int sig)
{
	return 1ul << (sig - 1);
}

int wait_signal(unsigned long set, siginfo_t *info, const struct timespec *limit)
{
	static const struct timespec usual = { LIMIT_S, 0 };
	long r;

	if (!limit)
		limit = &usual;
	do
		r = syscall(SYS_rt_sigtimedwait, &set, info, limit, SIGSET_BYTES);
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
		if (!wait_signal(~0ul, &info, NULL))
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
	return wait_signal(bit(number(argv[0])), &info, NULL) ? 0 : 99;
}

/* send PID SIGNAL,... [VALUE]: by kill(2), with a value by sigqueue(3). */
static int do_send(char **argv)
{
	union sigval value = { .sival_int = argv[2] ? number(argv[2]) : 0 };
	pid_t pid = number(argv[0]);

	for (char *n = strtok(argv[1], ","); n; n = strtok(NULL, ","))
		check(!(argv[2] ? sigqueue(pid, number(n), value) : kill(pid, number(n))), "send");
	return 0;
}

/* By the kernel's own call: libc refuses to touch 32 and 33. */
static void dispose(int sig, int ignore)
{
	unsigned long action[8] = { ignore ? (unsigned long)SIG_IGN : (unsigned long)SIG_DFL };

	syscall(SYS_rt_sigaction, sig, action, NULL, SIGSET_BYTES);
}

/* die SIGNAL: by that signal, whatever was inherited; without a core file. */
static int do_die(char **argv)
{
	int sig = number(argv[0]);

	dispose(sig, 0);
	mask(SIG_UNBLOCK, bit(sig));
	kill(getpid(), sig);
	return 99;
}

/* live: until a signal ends it, which each of them does that can; a stray one for not long. */
static int do_live(char **argv)
{
	(void)argv;
	alarm(LIMIT_S);
	while (pause() < 0)
		;
	return 99;
}

static void say_awake(int sig)
{
	(void)sig;
	if (write(1, "awake\n", 6) != 6)
		_exit(99);
}

/* awake: the same, and says so at the start and whenever it is continued. */
static int do_awake(char **argv)
{
	const struct sigaction say = { .sa_handler = say_awake, .sa_flags = SA_RESTART };

	check(!sigaction(SIGCONT, &say, NULL), "sigaction");
	say_awake(0);
	return do_live(argv);
}

/* nop: ends with 0, at once. */
static int do_nop(char **argv)
{
	(void)argv;
	return 0;
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
	for (int sig = 1; sig <= 64; sig++)
		dispose(sig, (set[1] & bit(sig)) != 0);
	mask(SIG_SETMASK, set[0]);
	run(argv);
	return 99;
}

/* pending SIGNAL[:VALUE],... CMD...: with these signals blocked and already there. */
static int do_pending(char **argv)
{
	for (char *n = strtok(argv[0], ","); n; n = strtok(NULL, ",")) {
		char *value = strchr(n, ':');
		union sigval v = { .sival_int = value ? number(value + 1) : 0 };

		if (value)
			*value = 0;
		mask(SIG_BLOCK, bit(number(n)));
		check(!(value ? sigqueue(getpid(), number(n), v) : kill(getpid(), number(n))), n);
	}
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

/* vars NAME=VALUE... -- CMD...: with just these variables, as they stand. */
static int do_vars(char **argv)
{
	char **end = argv;

	while (*end && strcmp(*end, "--"))
		end++;
	check(*end && end[1], "no command");
	*end = NULL;
	environ = argv;
	run(end + 1);
	return 99;
}

/* traced SIGNAL CMD...: traced by its parent, which it has asked itself for, when the signal comes
 * (0: none) and CMD is executed. */
static int do_traced(char **argv)
{
	check(!ptrace(PTRACE_TRACEME, 0, NULL, NULL), "ptrace");
	kill(getpid(), number(argv[0]));
	run(argv + 1);
	return 99;
}

/* nsid FILE: the id of a namespace, ioctl_nsfs(2); nothing where the kernel has none. */
static int do_nsid(char **argv)
{
	int fd = open(argv[0], O_RDONLY);
	uint64_t id;

	check(fd >= 0, argv[0]);
	if (!ioctl(fd, _IOR(0xb7, 13, uint64_t), &id))
		printf("%llu\n", (unsigned long long)id);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int operands;
		int (*run)(char **);
	} commands[] = {
		{ "argv0", 1, do_argv0 },     { "await", 1, do_await },
		{ "awake", 0, do_awake },     { "bomb", 0, do_bomb },
		{ "catch", 1, do_catch },     { "die", 1, do_die },
		{ "fds", 1, do_fds },         { "fill", 1, do_fill },
		{ "leader", 2, do_leader },   { "live", 0, do_live },
		{ "lonely", 1, do_lonely },   { "nop", 0, do_nop },
		{ "nsid", 1, do_nsid },       { "older", 3, do_older },
		{ "orphans", 1, do_orphans }, { "pending", 2, do_pending },
		{ "pty", 2, do_pty },         { "race", 2, do_race },
		{ "regroup", 1, do_regroup }, { "seccomp", 2, do_seccomp },
		{ "send", 2, do_send },       { "starts", 4, do_starts },
		{ "status", 1, do_status },   { "stdin", 2, do_stdin },
		{ "stops", 2, do_stops },     { "term", 2, do_term },
		{ "traced", 2, do_traced },   { "vars", 2, do_vars },
		{ "with", 1, do_with },
	};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (argc > 1 && !strcmp(argv[1], commands[i].name) &&
		    argc - 2 >= commands[i].operands)
			return commands[i].run(argv + 2);
	fprintf(stderr, "probe: wrong use\n");
	return 99;
}
