/* SPDX-License-Identifier: 0BSD */
/* probe: what an init is started with, and when signals come to it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"

/* fork(2) with namespaces, and a signal at the child's end that may be none. */
static pid_t copy(unsigned long flags)
{
	pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);

	check(pid >= 0, "clone");
	return pid;
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* ---- starts */

/* Whether the process sleeps, as its status says it; or at least has blocked TERM. */
static int sleeps(pid_t pid, int blocked_will_do)
{
	char path[32], text[4096], *at;
	unsigned long set = 0;
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
	if (at)
		set = strtoul(at + 8, NULL, 16);
	return strstr(text, "\nState:\tS") || (blocked_will_do && set & bit(SIGTERM));
}

/* Its wait status; -1 when it does not end in time. CHLD must be blocked. */
static int end_of(pid_t pid)
{
	static const struct timespec limit = { 3, 0 };
	siginfo_t info;
	int status;

	for (;;) {
		pid_t r = waitpid(pid, &status, WNOHANG);

		check(r >= 0, "waitpid");
		if (r)
			return status;
		if (!wait_signal(bit(SIGCHLD), &info, &limit))
			return -1;
	}
}

/* starts COUNT child|pid1 never|pending|later CMD...: starts the command COUNT times, as a child or
 * as PID 1 of a namespace of its own, and prints how many times it ended as it should:
 *	never	gets no TERM, ends with 0
 *	pending	has a TERM blocked and pending from before its exec, ends with 0
 *	later	gets TERM 0 to 1.5 ms after it was seen to block TERM, ends with 143
 * After the third that does not, or does not end within 3 seconds, it gives up. */
int do_starts(char **argv)
{
	int count = number(argv[0]), good = 0, bad = 0;
	unsigned long flags = SIGCHLD | (strcmp(argv[1], "pid1") ? 0 : CLONE_NEWPID);
	int pending = !strcmp(argv[2], "pending"), later = !strcmp(argv[2], "later");

	mask(SIG_BLOCK, bit(SIGCHLD));
	for (int i = 0; i < count && bad < 3; i++) {
		int status;
		double start;
		pid_t pid = copy(flags);

		if (!pid) {
			mask(SIG_SETMASK, pending ? bit(SIGTERM) : 0);
			if (pending)
				syscall(SYS_kill, syscall(SYS_getpid), SIGTERM);
			run(argv + 3);
		}
		start = now_us();
		while (later && !sleeps(pid, 1) && now_us() - start < 3e6)
			;
		start = now_us();
		while (later && now_us() - start < 1500.0 * i / count)
			;
		if (later)
			kill(pid, SIGTERM);
		status = end_of(pid);
		if (status < 0) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
		if (status == (later ? 143 << 8 : 0))
			good++;
		else if (bad++ < 3)
			fprintf(stderr, "number %d: status %#x\n", i, (unsigned)status);
	}
	printf("%d of %d\n", good, count);
	return 0;
}

/* The only child of a process, once that sleeps. */
static pid_t settled_child(pid_t pid)
{
	char path[64], text[32];
	double start = now_us();

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
	while (now_us() - start < 3e6) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text - 1);

		close(fd);
		if (len > 0 && sleeps(pid, 0)) {
			text[len] = 0;
			return atoi(text);
		}
	}
	check(0, "no child");
	return 0;
}

/* stops COUNT CMD...: starts an init as PID 1 COUNT times, stops its child and sends TERM to it at
 * the same time, and prints how many times it ended. */
int do_stops(char **argv)
{
	int count = number(argv[0]), good = 0;

	mask(SIG_BLOCK, bit(SIGCHLD));
	for (int i = 0; i < count && i - good < 3; i++) {
		pid_t pid = copy(SIGCHLD | CLONE_NEWPID), child, stopper;
		double start;

		if (!pid) {
			mask(SIG_SETMASK, 0);
			run(argv + 1);
		}
		child = settled_child(pid);
		start = now_us() + 300;
		stopper = copy(0);
		while (now_us() < start + (stopper ? i % 40 - 20 : 0))
			;
		if (!stopper) {
			kill(child, SIGSTOP);
			_exit(0);
		}
		kill(pid, SIGTERM);
		waitpid(stopper, NULL, __WALL);
		if (end_of(pid) >= 0) {
			good++;
			continue;
		}
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	printf("%d of %d\n", good, count);
	return 0;
}

/* ---- children and threads of odd kinds */

/* older SIGNAL alive|dead CMD...: becomes the command with a child already there, which tells its
 * end by this signal (0: none). Prints its PID; one that is alive lives until a signal ends it. */
int do_older(char **argv)
{
	int dead = !strcmp(argv[1], "dead");
	siginfo_t info;
	pid_t pid = copy((unsigned long)number(argv[0]));

	if (!pid) {
		alarm(LIMIT_S);
		if (!dead)
			pause();
		_exit(0);
	}
	if (dead)
		check(!waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | __WALL), "waitid");
	printf("%d\n", pid);
	fflush(stdout);
	run(argv + 2);
	return 99;
}

static void *until_written(void *argument)
{
	char **argv = argument, byte;
	int fd = open(argv[0], O_RDONLY);

	check(fd >= 0 && read(fd, &byte, 1) >= 0, argv[0]);
	syscall(SYS_exit, number(argv[1])); /* this thread alone */
	return NULL;
}

/* leader FIFO CODE: its first thread ends with CODE, so that the process looks like a zombie; it
 * is none before the second has read from FIFO and ends so too. */
int do_leader(char **argv)
{
	pthread_t thread;

	check(!pthread_create(&thread, NULL, until_written, argv), "pthread_create");
	puts("ready");
	fflush(stdout);
	syscall(SYS_exit, number(argv[1]));
	return 99;
}

/* fill CMD...: starts processes until there can be no more, and prints that; runs the command. They
 * end with it. */
int do_fill(char **argv)
{
	pid_t pid = 1, parent = getpid();
	int n = 0;

	while (n < 5000 && (pid = fork()) > 0)
		n++;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(LIMIT_S);
		while (getppid() == parent)
			pause();
		_exit(0);
	}
	check(pid < 0 && errno == EAGAIN, "no limit");
	printf("full %d\n", n);
	fflush(stdout);
	run(argv);
	return 99;
}

/* bomb: forks for some seconds, as fast as it can, what forks too; whoever has tried often enough
 * leaves its children to the reaper. */
int do_bomb(char **argv)
{
	pid_t first = getpid();

	(void)argv;
	alarm(LIMIT_S);
	signal(SIGCHLD, SIG_IGN); /* nobody of us waits */
	for (int tries = 0; getpid() == first || tries < 50; tries++)
		if (!fork()) {
			alarm(LIMIT_S);
			tries = 0;
		}
	_exit(0);
}

/* regroup CMD...: in the process group of our parent. */
int do_regroup(char **argv)
{
	check(!setpgid(0, getpgid(getppid())), "setpgid");
	run(argv);
	return 99;
}

/* ---- seccomp */

static unsigned syscall_number(const char *name)
{
	static const struct {
		const char *name;
		unsigned number;
	} calls[] = {
		{ "chdir", SYS_chdir },       { "kill", SYS_kill },
		{ "prctl", SYS_prctl },       { "setpgid", SYS_setpgid },
		{ "setsid", SYS_setsid },     { "signalfd", SYS_signalfd4 },
		{ "waitid", SYS_waitid },     { "queue", SYS_rt_sigqueueinfo },
		{ "prlimit", SYS_prlimit64 }, { "reboot", SYS_reboot },
	};

	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (!strcmp(name, calls[i].name))
			return calls[i].number;
	check(0, name);
	return 0;
}

/* seccomp eperm=NAME,...|trap=NAME CMD...: the kernel refuses these system calls with EPERM, as the
 * profiles of container runtimes do, or takes them for a fault. The name "new" is all those since
 * Linux 5.1: pidfd_*, clone3, close_range, openat2, ... */
int do_seccomp(char **argv)
{
	int trap = !strncmp(argv[0], "trap=", 5);
	struct sock_filter code[64] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = { 1, code };
	unsigned answer = trap ? SECCOMP_RET_TRAP : SECCOMP_RET_ERRNO | EPERM;

	check(strchr(argv[0], '=') != NULL, argv[0]);
	for (char *name = strtok(strchr(argv[0], '=') + 1, ","); name; name = strtok(NULL, ",")) {
		int all_new = !strcmp(name, "new");
		unsigned nr = all_new ? 424 : syscall_number(name);
		unsigned short test = BPF_JMP | BPF_K | (all_new ? BPF_JGE : BPF_JEQ);

		check(program.len + 3u < 64, "too many");
		code[program.len++] = (struct sock_filter)BPF_JUMP(test, nr, 0, 1);
		code[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer);
	}
	code[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	check(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	check(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
	run(argv + 1);
	return 99;
}
