/* SPDX-License-Identifier: 0BSD */
/* The mode that counts system calls. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

#define OPTIONS \
	(PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | \
	 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT)

struct count {
	int began;
	double entry; /* the number of the last execve */
	double exec, own, all, peak_kb;
};

/* A child that waits to be traced before it executes its program. Its memory is a copy of ours. */
static pid_t traced(struct contender *c)
{
	int go[2];
	char byte;
	pid_t pid;

	need(!pipe2(go, O_CLOEXEC), "pipe");
	pid = (pid_t)syscall(SYS_clone, SIGCHLD | (all.ordinary ? 0 : CLONE_NEWPID), 0, 0, 0, 0);
	need(pid >= 0, "clone");
	if (!pid) {
		close(go[1]);
		if (read(go[0], &byte, 1) == 1)
			execve(c->argv[0], c->argv, environment);
		_exit(127);
	}
	close(go[0]);
	need(!ptrace(PTRACE_SEIZE, pid, 0, OPTIONS) && !ptrace(PTRACE_INTERRUPT, pid, 0, 0),
	     "ptrace");
	need(write(go[1], "g", 1) == 1, "write");
	close(go[1]);
	return pid;
}

/* Keeps the largest of what is there, which is exact, and at the end of the mark that the kernel
 * keeps, which may miss some pages of each CPU. */
static void look_at_memory(struct count *n, pid_t pid, const char *file, const char *key)
{
	char buf[8192];
	double kb = slurp(pid, file, buf, sizeof(buf)) ? field(buf, key) : -1;

	if (kb > n->peak_kb)
		n->peak_kb = kb;
}

/* The beginning of a system call, or its end, which is not counted. */
static void call(struct contender *c, struct count *n, pid_t pid)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	n->all++;
	if (pid == c->pid)
		n->own++;
	/* Memory is given back: what it has now may have been its peak. */
	if (pid == c->pid && (info.entry.nr == SYS_munmap || info.entry.nr == SYS_brk))
		look_at_memory(n, pid, "smaps_rollup", "\nRss:");
	if (info.entry.nr == SYS_execve)
		n->entry = n->all;
}

/* One stop of a traced process; the signal that it is to get. */
static int stopped(struct contender *c, struct count *n, pid_t pid, int status)
{
	int event = status >> 16;

	if (event == PTRACE_EVENT_EXEC && pid == c->pid && !n->began) {
		n->began = 1;
		n->own = n->all = 1; /* that call itself, whose beginning was not counted */
	} else if (event == PTRACE_EVENT_EXEC && n->exec < 0) {
		n->exec = n->entry - 1; /* meanwhile the parent may have gone on */
	} else if (event == PTRACE_EVENT_EXIT && pid == c->pid) {
		look_at_memory(n, pid, "smaps_rollup", "\nRss:");
		look_at_memory(n, pid, "status", "\nVmHWM:");
	} else if (WSTOPSIG(status) == (SIGTRAP | 0x80) && n->began) {
		call(c, n, pid);
	}
	return event || WSTOPSIG(status) == (SIGTRAP | 0x80) ? 0 : WSTOPSIG(status);
}

static void calls_once(struct contender *c, int round)
{
	struct count n = { .exec = -1, .peak_kb = -1 };
	int status, end = 0;
	pid_t pid;

	c->pid = traced(c);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status))
			ptrace(PTRACE_SYSCALL, pid, 0, stopped(c, &n, pid, status));
		else if (pid == c->pid)
			end = status;
	}
	if (!n.began || end) {
		fail(c, n.began ? "it ended with status 0x%x" : "it was not executed", end);
		return;
	}
	if (n.exec >= 0)
		note(c, round, "calls_exec", n.exec);
	note(c, round, "calls", n.own);
	note(c, round, "calls_all", n.all);
	note(c, round, "peak_kb", n.peak_kb);
}

void mode_calls(void)
{
	if (all.target || all.population)
		enter_world();
	for (int round = 0; round < all.rounds; round++)
		for (struct contender *c = all.c; c < all.c + all.n; c++)
			if (!c->failed)
				calls_once(c, round);
}
