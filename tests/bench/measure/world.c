/* SPDX-License-Identifier: 0BSD */
/* A PID namespace of our own, with its own /proc and with processes that only sleep. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

#define KINDS \
	(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWCGROUP)

static pid_t started(pid_t pid)
{
	need(pid >= 0, "fork");
	return pid;
}

/* As the first process of its PID namespace. There are kernels without time namespaces. */
static void sleep_inside(const int ready[2])
{
	int time = -1;

	if (!unshare(CLONE_NEWTIME))
		time = open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	need(time < 0 || !setns(time, CLONE_NEWTIME), "time namespace");
	need(write(ready[1], "r", 1) == 1, "write");
	for (;;)
		pause();
}

static void map_root(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	need(fd >= 0 && write(fd, "0 0 1\n", 6) == 6, path);
	close(fd);
}

/* The first child: it has number 2. */
static void start_target(void)
{
	int ready[2], user = all.target_user ? CLONE_NEWUSER : 0;
	char byte;
	pid_t pid;

	need(!pipe2(ready, O_CLOEXEC), "pipe");
	pid = started((pid_t)syscall(SYS_clone, KINDS | user | SIGCHLD, 0, 0, 0, 0));
	if (!pid)
		sleep_inside(ready);
	close(ready[1]);
	need(read(ready[0], &byte, 1) == 1, "target");
	close(ready[0]);
	if (user) {
		map_root("/proc/2/uid_map");
		map_root("/proc/2/gid_map");
	}
}

static void exit_as(pid_t pid)
{
	int status;

	need(waitpid(pid, &status, 0) == pid, "wait");
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 2);
}

/* Its PID 1 waits for us, and with it ends whatever is there. */
void enter_world(void)
{
	pid_t pid;

	need(!unshare(CLONE_NEWPID | CLONE_NEWNS), "unshare");
	pid = started(fork());
	if (pid)
		exit_as(pid);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	need(!mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount /");
	need(!mount("proc", "/proc", "proc", 0, NULL), "mount /proc");
	if (all.target)
		start_target();
	for (int i = 0; i < all.population; i++) {
		pid = started(fork());
		while (!pid)
			pause();
	}
	pid = started(fork());
	if (pid)
		exit_as(pid);
}
