/* SPDX-License-Identifier: 0BSD */
/*
 * A PID namespace full of what ps must get right, for the tests of ps:
 *
 *   ps-scene scene [map] [users]   becomes the parent of its PID 1; with `map` in a user namespace
 *                                  in which the users from 0 on are 100000 outside and, from 1000
 *                                  on, 300000, and groups 100000 more; with `users` some of them
 *                                  are other users'
 *   ps-scene idle NAME             a process of that name that does nothing
 *   ps-scene tty CMD...            runs it with a terminal, in front of which is the caller itself
 *   ps-scene unborn                one whose children will be in a PID namespace that has none yet
 *   ps-scene pidino PID            prints the inode number of its pidfd, "-" when all have the same
 *
 * Each process writes "NAME NUMBER" (its own number) when it is in the state that it stays in, and
 * PID 1 in the end "end". All of them die with the parent.
 */
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(what) \
	do { \
		if (!(what)) { \
			perror(#what); \
			_exit(1); \
		} \
	} while (0)

static const char *name;
static int ready = -1;

/* The state is reached: who started us goes on. */
static void tell(void)
{
	char line[64];
	int len = snprintf(line, sizeof line, "%s %d\n", name, getpid());

	CHECK(write(1, line, (size_t)len) == len);
	close(ready);
}

__attribute__((noreturn)) static void sleep_on(void)
{
	tell();
	for (;;)
		pause();
}

/* Returns when the child stays as it is, which it tells by tell() or by its end. */
static pid_t spawn(const char *child, void (*act)(void))
{
	int fds[2];
	pid_t pid;
	char byte;

	CHECK(!pipe2(fds, O_CLOEXEC));
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		close(fds[0]);
		close(ready);
		ready = fds[1];
		name = child;
		prctl(PR_SET_NAME, name);
		act();
		tell();
		_exit(0);
	}
	close(fds[1]);
	CHECK(read(fds[0], &byte, 1) == 0);
	close(fds[0]);
	return pid;
}

static void wait_for_zombie(pid_t pid)
{
	siginfo_t info;

	CHECK(!waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
}

/* ---- who is there */

static void end(void)
{
}

static void in_own_group(void)
{
	CHECK(!setpgid(0, 0));
	sleep_on();
}

/* A tree, with a group of two below it. */
static void branch(void)
{
	pid_t leader = spawn("leader", in_own_group), member = spawn("member", sleep_on);

	CHECK(!setpgid(member, leader));
	spawn("twig", sleep_on);
	sleep_on();
}

/* Leads a group and a session, starts somebody in it, and ends: nobody has that number any more. */
static void leave_group(void)
{
	CHECK(!setpgid(0, 0));
	spawn("in-dead-group", sleep_on);
}

static void leave_session(void)
{
	CHECK(setsid() > 0);
	spawn("in-dead-sess", in_own_group);
}

/* A group whose leader is a zombie. */
static void zombie_leader(void)
{
	CHECK(!setpgid(0, 0));
	spawn("in-zombies", sleep_on);
}

static void negligent(void)
{
	wait_for_zombie(spawn("zombie-2", end));
	sleep_on();
}

/* Leads a session on a terminal. */
static int take_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), tty;

	CHECK(setsid() > 0);
	CHECK(master >= 0 && !grantpt(master) && !unlockpt(master));
	tty = open(ptsname(master), O_RDWR);
	CHECK(tty >= 0 && !ioctl(tty, TIOCSCTTY, 0));
	return tty;
}

static void session(void)
{
	int tty = take_terminal();
	pid_t front;

	spawn("back", in_own_group);
	front = spawn("front", in_own_group);
	CHECK(!tcsetpgrp(tty, front));
	sleep_on();
}

static pthread_barrier_t named;

__attribute__((noreturn)) static void *thread(void *own_name)
{
	pthread_setname_np(pthread_self(), own_name);
	pthread_barrier_wait(&named);
	for (;;)
		pause();
}

static void threads(void)
{
	pthread_t t;

	pthread_barrier_init(&named, NULL, 3);
	CHECK(!pthread_create(&t, NULL, thread, "thread-1"));
	CHECK(!pthread_create(&t, NULL, thread, "thread-2"));
	pthread_barrier_wait(&named);
	sleep_on();
}

/* The first thread ends, the other goes on. */
__attribute__((noreturn)) static void *survivor(void *unused)
{
	(void)unused;
	sleep_on();
}

static void headless(void)
{
	pthread_t t;

	CHECK(!pthread_create(&t, NULL, survivor, NULL));
	pthread_exit(NULL);
}

static void nested(void)
{
	spawn("leaf", sleep_on);
	wait_for_zombie(spawn("leaf-zombie", end));
	sleep_on();
}

/* Its children are in another PID namespace than itself. */
static void outer(void)
{
	CHECK(!unshare(CLONE_NEWPID));
	spawn("inner-init", nested);
	sleep_on();
}

/* A name that would like to be something else. */
static void hostile(void)
{
	prctl(PR_SET_NAME, "a) R 1\n(b\033[1m");
	sleep_on();
}

static void nice_one(void)
{
	CHECK(!setpriority(PRIO_PROCESS, 0, 5));
	sleep_on();
}

static void user(void)
{
	CHECK(!setgroups(0, NULL) && !setresgid(1, 1, 1) && !setresuid(1, 1, 1));
	sleep_on();
}

/* Users that are not all the same, in the other range of the map. */
static void users(void)
{
	gid_t groups[] = { 5, 1007 };

	CHECK(!setgroups(2, groups) && !setresgid(1001, 1002, 1003) &&
	      !setresuid(1004, 1005, 1006));
	sleep_on();
}

static void init(void)
{
	pid_t pid;

	spawn("sleeper", sleep_on);
	spawn("branch", branch);
	pid = spawn("gone-group", leave_group);
	CHECK(waitpid(pid, NULL, 0) == pid);
	pid = spawn("gone-session", leave_session);
	CHECK(waitpid(pid, NULL, 0) == pid);
	wait_for_zombie(spawn("zombie-lead", zombie_leader));
	wait_for_zombie(spawn("zombie-1", end));
	spawn("negligent", negligent);
	spawn("session", session);
	spawn("threads", threads);
	spawn("headless", headless);
	spawn("hostile", hostile);
	spawn("nice", nice_one);
	pid = spawn("stopped", sleep_on);
	CHECK(!kill(pid, SIGSTOP));
	CHECK(waitpid(pid, NULL, WUNTRACED) == pid);
	spawn("outer", outer);
}

/* ---- the namespaces */

static void write_map(const char *file, const char *map)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "/proc/%d/%s", getppid(), file);
	fd = open(path, O_WRONLY);
	CHECK(fd >= 0 && write(fd, map, strlen(map)) == (ssize_t)strlen(map));
	_exit(0);
}

/* Somebody who stays outside writes the maps. */
static void new_users(void)
{
	static const char maps[2][2][40] = {
		{ "uid_map", "0 100000 1000\n1000 300000 50000\n" },
		{ "gid_map", "0 200000 1000\n1000 400000 50000\n" },
	};
	int fds[2], status;
	char byte;

	CHECK(!pipe(fds));
	for (int i = 0; i < 2; i++) {
		if (fork())
			continue;
		close(fds[1]);
		CHECK(read(fds[0], &byte, 1) == 0);
		write_map(maps[i][0], maps[i][1]);
	}
	CHECK(!unshare(CLONE_NEWUSER));
	close(fds[1]);
	while (wait(&status) > 0)
		CHECK(!status);
	close(fds[0]);
	CHECK(!setgroups(0, NULL) && !setresgid(0, 0, 0) && !setresuid(0, 0, 0));
	prctl(PR_SET_DUMPABLE, 1); /* or those in there may not look at it */
}

static int with_users;

__attribute__((noreturn)) static void first(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	init();
	if (with_users) {
		spawn("daemon", user);
		spawn("mixed", users);
	}
	tell();
	CHECK(write(1, "end\n", 4) == 4);
	for (;;)
		pause();
}

#define PIDFS 0x50494446

static int print_inode(const char *pid)
{
	int fd = (int)syscall(SYS_pidfd_open, atoi(pid), 0);
	struct statfs fs;
	struct stat st;

	CHECK(fd >= 0 && !fstatfs(fd, &fs) && !fstat(fd, &st));
	if (fs.f_type == PIDFS)
		printf("%llu\n", (unsigned long long)st.st_ino);
	else
		puts("-");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "pidino"))
		return print_inode(argv[2]);
	if (argc > 2 && !strcmp(argv[1], "tty")) {
		take_terminal();
		execvp(argv[2], argv + 2);
		return 127;
	}
	name = argc > 2 ? argv[2] : argv[1];
	if (!strcmp(argv[1], "unborn"))
		CHECK(!unshare(CLONE_NEWPID));
	if (strcmp(argv[1], "scene")) {
		prctl(PR_SET_NAME, name);
		sleep_on();
	}
	for (int i = 2; i < argc; i++) {
		if (!strcmp(argv[i], "map"))
			new_users();
		with_users |= !strcmp(argv[i], "users");
	}
	CHECK(!unshare(CLONE_NEWPID));
	spawn("init", first);
	for (;;)
		pause();
}
