/* SPDX-License-Identifier: 0BSD */
/*
 * relay: what the tests of those need who hand signals on to a child. It ends with 99 when it fails
 * itself.
 *
 *   relay until SIGNAL         prints "ready", then "NUMBER CODE VALUE" of each signal, whichever
 *                              it is, up to this one
 *   relay awake                says so at the start and whenever it is continued; QUIT ends it
 *                              with 131, by a handler, which also a PID 1 gets
 *   relay tries COUNT child|pid1 free|held CMD...
 *                              COUNT times starts CMD, as a child or as PID 1 of a namespace of
 *                              its own, and sends it TERM; prints how many times it ended as it
 *                              should:
 *                                free  TERM comes 0 to 1.5 ms after CMD was seen to block it; it
 *                                      ends by it, or with 143
 *                                held  TERM is blocked from before CMD is executed, and comes 0 to
 *                                      2 ms after that; it ends with 0
 *                              After the third that does not, or not within 3 seconds, it gives up.
 *   relay cut COUNT MS CMD...  COUNT times starts CMD and kills it after a delay that grows from 0
 *   to
 *                              MS milliseconds; prints how many times nobody whom it had started
 *                              was left a second later
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SET_BYTES 8 /* the kernel's; libc's functions refuse some real-time signals */

static void check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	_exit(99);
}

static void run(char **argv)
{
	execvp(argv[0], argv);
	check(0, argv[0]);
}

static unsigned long bit(int sig)
{
	return 1ul << (sig - 1);
}

static void mask(int how, unsigned long set)
{
	check(!syscall(SYS_rt_sigprocmask, how, &set, NULL, SET_BYTES), "rt_sigprocmask");
}

/* The next signal of the set; 0 when none comes in time. */
static int next(unsigned long set, siginfo_t *info, double us)
{
	long ns = (long)(us * 1e3);
	struct timespec limit = { ns / 1000000000, ns % 1000000000 };
	long r;

	do
		r = syscall(SYS_rt_sigtimedwait, &set, info, &limit, SET_BYTES);
	while (r < 0 && errno == EINTR);
	return r < 0 ? 0 : (int)r;
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void wait_until(double us)
{
	while (now_us() < us)
		;
}

/* fork(2), with namespaces. */
static pid_t copy(unsigned long flags)
{
	pid_t pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

	check(pid >= 0, "clone");
	return pid;
}

static int do_until(char **argv)
{
	int last = atoi(argv[0]), sig;
	siginfo_t info;

	mask(SIG_SETMASK, ~0ul);
	puts("ready");
	do {
		fflush(stdout);
		sig = next(~0ul, &info, 20e6);
		if (!sig)
			return 99;
		printf("%d %d %d\n", sig, info.si_code,
		       info.si_code == SI_QUEUE ? info.si_value.sival_int : 0);
	} while (sig != last);
	return 0;
}

static void say_awake(int sig)
{
	if (sig == SIGQUIT)
		_exit(131);
	check(write(1, "awake\n", 6) == 6, "stdout");
}

static int do_awake(void)
{
	const struct sigaction say = { .sa_handler = say_awake, .sa_flags = SA_RESTART };

	check(!sigaction(SIGCONT, &say, NULL) && !sigaction(SIGQUIT, &say, NULL), "sigaction");
	say_awake(0);
	alarm(20);
	for (;;)
		pause();
	return 0;
}

/* ---- tries */

static int blocks_term(pid_t pid)
{
	char path[32], text[4096], *at;
	ssize_t len;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/status", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, text, sizeof text - 1);
	close(fd);
	text[len > 0 ? len : 0] = 0;
	at = strstr(text, "\nSigBlk:");
	return at && strtoul(at + 8, NULL, 16) & bit(SIGTERM);
}

/* The wait status of a child, -1 when it does not end in time. */
static int end_of(pid_t pid, double us)
{
	double end = now_us() + us;
	siginfo_t info;
	int status;

	for (;;) {
		pid_t r = waitpid(pid, &status, WNOHANG);

		check(r >= 0, "waitpid");
		if (r)
			return status;
		us = end - now_us();
		if (us <= 0 || !next(bit(SIGCHLD), &info, us))
			return -1;
	}
}

static int try_one(double delay, unsigned long flags, int held, char **argv)
{
	double start = now_us();
	pid_t pid = copy(flags);
	int status;

	if (!pid) {
		mask(SIG_SETMASK, held ? bit(SIGTERM) : 0);
		run(argv);
	}
	while (!blocks_term(pid) && now_us() - start < 3e6)
		;
	wait_until(now_us() + delay);
	kill(pid, SIGTERM);
	status = end_of(pid, 3e6);
	if (status < 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return status;
}

static int do_tries(char **argv)
{
	int count = atoi(argv[0]), held = !strcmp(argv[2], "held"), good = 0, bad = 0;
	unsigned long flags = strcmp(argv[1], "pid1") ? 0 : CLONE_NEWPID;
	double longest = held ? 2000 : 1500;

	mask(SIG_BLOCK, bit(SIGCHLD));
	for (int i = 0; i < count && bad < 3; i++) {
		int status = try_one(longest * i / count, flags, held, argv + 3);

		if (held ? !status : status == SIGTERM || status == 143 << 8)
			good++;
		else if (bad++ < 3)
			fprintf(stderr, "number %d: status %#x\n", i, (unsigned)status);
	}
	printf("%d of %d\n", good, count);
	return 0;
}

/* ---- cut */

/* Waits for all our children, which those become whose parent has ended; 0 when some are left. */
static int all_gone(double us)
{
	double end = now_us() + us;
	siginfo_t info;
	pid_t r;

	for (;;) {
		r = waitpid(-1, NULL, WNOHANG | __WALL);
		if (r < 0)
			return 1;
		us = end - now_us();
		if (!r && (us <= 0 || !next(bit(SIGCHLD), &info, us)))
			return 0;
	}
}

static void end_children(void)
{
	char path[64], text[4096], *at = text;
	ssize_t len;
	int fd;

	snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = read(fd, text, sizeof text - 1);
	close(fd);
	text[len > 0 ? len : 0] = 0;
	fprintf(stderr, "left: %s\n", text);
	for (pid_t pid; (pid = (pid_t)strtol(at, &at, 10)) > 1;)
		kill(pid, SIGKILL);
	all_gone(1e6);
}

static int do_cut(char **argv)
{
	int count = atoi(argv[0]), good = 0, bad = 0;
	double longest = atof(argv[1]) * 1e3;

	mask(SIG_BLOCK, bit(SIGCHLD));
	check(!prctl(PR_SET_CHILD_SUBREAPER, 1), "prctl");
	for (int i = 0; i < count && bad < 3; i++) {
		double start = now_us();
		pid_t pid = copy(0);
		int status;

		if (!pid) {
			mask(SIG_SETMASK, 0);
			run(argv + 2);
		}
		wait_until(start + longest * i / count);
		kill(pid, SIGKILL);
		check(waitpid(pid, &status, 0) == pid && status == SIGKILL, "it had ended");
		if (all_gone(1e6)) {
			good++;
		} else {
			fprintf(stderr, "number %d\n", i);
			end_children();
			bad++;
		}
	}
	printf("%d of %d\n", good, count);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "until"))
		return do_until(argv + 2);
	if (argc > 1 && !strcmp(argv[1], "awake"))
		return do_awake();
	if (argc > 5 && !strcmp(argv[1], "tries"))
		return do_tries(argv + 2);
	if (argc > 4 && !strcmp(argv[1], "cut"))
		return do_cut(argv + 2);
	fprintf(stderr, "relay: wrong use\n");
	return 99;
}
