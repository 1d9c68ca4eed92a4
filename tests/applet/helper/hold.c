/* SPDX-License-Identifier: 0BSD */
/*
 * hold DEED [ARG...]: a process that holds a namespace in a way that no shell can. It writes the
 * namespace's inode number and another one (see below) to stdout, and sleeps.
 *   thread KIND    a thread that has left for a new one, and its number
 *   spare KIND     the same, and the process's first thread has ended
 *   socket         a new network namespace, left again but for a socket: its descriptor;
 *                  besides one of the old network
 *   bound FILE     a descriptor of what is mounted at the file
 *   children       a new time namespace, which only children would be in; 0
 *   threads N      no namespace but our network's, and N threads more; N
 *   flight KIND    a new one, whose only descriptor is on its way through a socket; 0
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

static void need(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "hold: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int flag_of(const char *kind)
{
	static const struct {
		const char *name;
		int flag;
	} kinds[] = {
		{ "cgroup", CLONE_NEWCGROUP }, { "ipc", CLONE_NEWIPC }, { "mnt", CLONE_NEWNS },
		{ "net", CLONE_NEWNET },       { "uts", CLONE_NEWUTS },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, kind))
			return kinds[i].flag;
	errno = EINVAL;
	need(0, kind);
	return 0;
}

static void say(const char *path, long number)
{
	struct stat st;

	need(!stat(path, &st), path);
	printf("%llu %ld\n", (unsigned long long)st.st_ino, number);
	fflush(stdout);
}

static int own(const char *kind)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/thread-self/ns/%s", kind);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	need(fd >= 0, path);
	return fd;
}

static pthread_t first;
static int spare;

__attribute__((noreturn)) static void stay(void)
{
	for (;;)
		pause();
}

/* Who waits for a thread is woken while it is still ending. */
static void until_zombie(void)
{
	char text[256];
	ssize_t n;
	int fd;

	do {
		fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
		n = read(fd, text, sizeof(text) - 1);
		need(n > 0, "stat");
		text[n] = 0;
		close(fd);
	} while (!strstr(text, ") Z"));
}

static void *leave(void *kind)
{
	char path[64];

	need(!unshare(flag_of(kind)), "unshare");
	if (spare) {
		pthread_join(first, NULL);
		until_zombie();
	}
	snprintf(path, sizeof(path), "/proc/thread-self/ns/%s", (const char *)kind);
	say(path, syscall(SYS_gettid));
	stay();
}

static void *rest(void *unused)
{
	(void)unused;
	stay();
}

static void start(void *(*run)(void *), void *arg)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, run, arg);
	need(!errno, "pthread_create");
}

static void keep_socket(void)
{
	int back = own("net"), fd;
	struct stat st;

	need(!unshare(CLONE_NEWNET), "unshare");
	need(!stat("/proc/self/ns/net", &st), "stat");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	need(fd >= 0, "socket");
	need(!setns(back, CLONE_NEWNET), "setns");
	need(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) >= 0, "socket");
	close(back);
	printf("%llu %d\n", (unsigned long long)st.st_ino, fd);
	fflush(stdout);
}

static void send_away(const char *kind)
{
	int pair[2], fd, back = own(kind);
	char byte = 0, room[CMSG_SPACE(sizeof(int))] = "";
	struct iovec part = { &byte, 1 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = room };
	struct cmsghdr *c;

	need(!unshare(flag_of(kind)), "unshare");
	fd = own(kind);
	need(!setns(back, 0), "setns");
	need(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), "socketpair");
	m.msg_controllen = sizeof(room);
	c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	need(sendmsg(pair[0], &m, 0) == 1, "sendmsg");
	snprintf(room, sizeof(room), "/proc/self/fd/%d", fd);
	say(room, 0);
	close(fd);
	close(back);
}

int main(int argc, char **argv)
{
	const char *deed = argc > 1 ? argv[1] : "", *arg = argc > 2 ? argv[2] : "";
	int fd;

	first = pthread_self();
	if (!strcmp(deed, "thread")) {
		start(leave, argv[2]);
	} else if (!strcmp(deed, "spare")) {
		spare = 1;
		start(leave, argv[2]);
		pthread_exit(NULL);
	} else if (!strcmp(deed, "socket")) {
		keep_socket();
	} else if (!strcmp(deed, "bound")) {
		fd = open(arg, O_RDONLY);
		need(fd >= 0, arg);
		say(arg, fd);
	} else if (!strcmp(deed, "children")) {
		need(!unshare(CLONE_NEWTIME), "unshare");
		say("/proc/self/ns/time_for_children", 0);
	} else if (!strcmp(deed, "threads")) {
		for (int i = 0; i < atoi(arg); i++)
			start(rest, NULL);
		say("/proc/self/ns/net", atoi(arg));
	} else if (!strcmp(deed, "flight")) {
		send_away(arg);
	} else {
		errno = EINVAL;
		need(0, deed);
	}
	stay();
}
