/* SPDX-License-Identifier: 0BSD */
/*
 * listns FILE CMD...: runs the command with a kernel that seems to have listns(2) and to open a
 * namespace by its id (Linux 6.19). What it knows is a network namespace that nobody holds: its
 * only descriptor is on its way through a socket. Its inode number and id go to FILE. The list has
 * one entry a call: besides, a namespace that processes are in, and one that has just gone. Exits
 * as the command does.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NR_LISTNS 470
#define NR_PIDFD_OPEN 434
#define NR_PIDFD_GETFD 438
#define NSFS_ROOT ((uint32_t)-10003)
#define GET_ID _IOR(0xb7, 13, uint64_t)

struct request { /* struct ns_id_req of linux/nsfs.h */
	uint32_t size, spare;
	uint64_t id;
	uint32_t kinds, spare2;
	uint64_t owner;
};

static int way[2]; /* a socket and its other end */
static uint64_t id, of_processes;

static void need(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "listns: %s: %s\n", what, strerror(errno));
	exit(125);
}

static void send_away(int fd)
{
	char byte = 0, room[CMSG_SPACE(sizeof(int))] = "";
	struct iovec part = { &byte, 1 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = room };
	struct cmsghdr *c;

	m.msg_controllen = sizeof(room);
	c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	need(sendmsg(way[0], &m, 0) == 1, "sendmsg");
	close(fd);
}

/* It stays there. */
static int look_at_it(void)
{
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec part = { &byte, 1 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = room };
	int fd;

	m.msg_controllen = sizeof(room);
	need(recvmsg(way[1], &m, MSG_PEEK) == 1 && CMSG_FIRSTHDR(&m), "recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	return fd;
}

static void make_one(const char *file)
{
	int back = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), fd;
	struct stat st;
	FILE *out;

	need(back >= 0 && !unshare(CLONE_NEWNET), "unshare");
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	need(fd >= 0 && !fstat(fd, &st) && !setns(back, 0), "namespace");
	if (ioctl(fd, GET_ID, &id))
		id = 1000000; /* Linux before 6.18 */
	of_processes = id - 2;
	need(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, way), "socketpair");
	send_away(fd);
	close(back);
	out = fopen(file, "w");
	need(out &&
	             fprintf(out, "%llu %llu\n", (unsigned long long)st.st_ino,
	                     (unsigned long long)id) > 0 &&
	             !fclose(out),
	     file);
}

/* The descriptor at which the filter reports. */
static int filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NR_LISTNS, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_open_by_handle_at, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NSFS_ROOT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
	                    &program);
}

static int memory_of(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	need(fd >= 0, path);
	return fd;
}

static long list(int memory, const struct seccomp_data *d)
{
	struct request r;
	uint64_t next;

	need(pread(memory, &r, sizeof(r), (off_t)d->args[0]) == sizeof(r), "request");
	if (r.size != sizeof(r) || r.spare || r.spare2 || r.kinds || r.owner || !d->args[2] ||
	    d->args[3])
		return -EINVAL;
	if (r.id >= id)
		return 0;
	next = r.id < of_processes ? of_processes : r.id + 1;
	need(pwrite(memory, &next, sizeof(next), (off_t)d->args[1]) == sizeof(next), "ids");
	return 1;
}

/* Puts it into the process, as the answer. */
static long open_it(int listener, int memory, const struct seccomp_notif *n)
{
	struct {
		uint32_t bytes;
		int32_t type;
		uint64_t id;
	} handle;
	struct seccomp_notif_addfd add = { .id = n->id, .newfd_flags = O_CLOEXEC };
	long fd;

	need(pread(memory, &handle, sizeof(handle), (off_t)n->data.args[1]) == sizeof(handle),
	     "handle");
	if (handle.type != 0xf1 || handle.bytes < 8 ||
	    (handle.id != id && handle.id != of_processes))
		return -ESTALE;
	add.srcfd = (uint32_t)(handle.id == id ? look_at_it()
	                                       : open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC));
	fd = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
	close((int)add.srcfd);
	return fd < 0 ? -errno : fd;
}

static void serve(int listener)
{
	struct pollfd p = { .fd = listener, .events = POLLIN };

	while (poll(&p, 1, -1) == 1 && p.revents & POLLIN) {
		struct seccomp_notif n = { 0 };
		struct seccomp_notif_resp answer = { 0 };
		int memory;
		long r;

		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n))
			continue;
		memory = memory_of((pid_t)n.pid);
		r = n.data.nr == NR_LISTNS ? list(memory, &n.data) : open_it(listener, memory, &n);
		close(memory);
		answer.id = n.id;
		answer.error = r < 0 ? (int)r : 0;
		answer.val = r < 0 ? 0 : r;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

int main(int argc, char **argv)
{
	int up[2], down[2], number, pidfd, listener, status;
	char byte = 0;
	pid_t pid;

	need(argc > 2 && !pipe2(up, O_CLOEXEC) && !pipe2(down, O_CLOEXEC), "start");
	make_one(argv[1]);
	pid = fork();
	if (!pid) {
		close(way[0]);
		close(way[1]);
		number = filter();
		need(number >= 0, "seccomp");
		if (write(up[1], &number, sizeof(number)) < 0 || read(down[0], &byte, 1) != 1)
			_exit(125);
		execv(argv[2], argv + 2);
		need(0, argv[2]);
	}
	need(read(up[0], &number, sizeof(number)) == sizeof(number), "pipe");
	pidfd = (int)syscall(NR_PIDFD_OPEN, pid, 0);
	listener = (int)syscall(NR_PIDFD_GETFD, pidfd, number, 0);
	need(listener >= 0, "pidfd_getfd");
	need(write(down[1], &byte, 1) == 1, "pipe");
	serve(listener);
	need(waitpid(pid, &status, 0) == pid, "wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
