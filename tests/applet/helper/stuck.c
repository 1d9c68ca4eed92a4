/* SPDX-License-Identifier: 0BSD */
/*
 * stuck FILE: a process that hangs in the kernel with the lock of its memory map held for writing,
 * so that who reads its command line hangs as well. FILE, in a mount namespace of our own, is one
 * of a FUSE file system whose server, which is us, never answers a read: one process reads the
 * file, which locks its first page; the other maps it as one that is not to be cached, and waits
 * for that page in mmap(2). Its number goes to stdout. It ends when stdin does: with the server all
 * that waits for it is refused. 99 when something fails here.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

static void check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "stuck: ");
	perror(what);
	_exit(99);
}

static void answer(int fuse, uint64_t unique, int error, const void *data, size_t len)
{
	char reply[sizeof(struct fuse_out_header) + 256];
	struct fuse_out_header head = { .len = (uint32_t)(sizeof head + len),
		                        .error = error,
		                        .unique = unique };

	memcpy(reply, &head, sizeof head);
	memcpy(reply + sizeof head, data, len);
	check(write(fuse, reply, head.len) == (ssize_t)head.len, "answer");
}

/* One request. Returns 1 when it was a read, which gets no answer. */
static int serve(int fuse, int *opened)
{
	static char text[1 << 17];
	struct fuse_in_header head;
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
		                      .minor = FUSE_KERNEL_MINOR_VERSION,
		                      .max_write = PAGE };
	struct fuse_attr_out attr = {
		.attr_valid = 1000,
		.attr = { .ino = 1, .size = PAGE, .mode = S_IFREG | 0644, .nlink = 1 }
	};
	struct fuse_open_out open = { .fh = 1 };

	check(read(fuse, text, sizeof text) >= (ssize_t)sizeof head, "request");
	memcpy(&head, text, sizeof head);
	switch (head.opcode) {
	case FUSE_INIT:
		answer(fuse, head.unique, 0, &init, sizeof init);
		break;
	case FUSE_GETATTR:
		answer(fuse, head.unique, 0, &attr, sizeof attr);
		break;
	case FUSE_OPEN:
		/* Kept, since open(2) itself would wait for the page otherwise. */
		open.open_flags = FOPEN_KEEP_CACHE | ((*opened)++ ? FOPEN_DIRECT_IO : 0);
		answer(fuse, head.unique, 0, &open, sizeof open);
		break;
	case FUSE_READ:
		return 1;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		answer(fuse, head.unique, -ENOSYS, "", 0);
	}
	return 0;
}

/* It must not have the server's end, or that would never be closed. */
static pid_t make(void (*be)(const char *), const char *file, int fuse)
{
	pid_t pid = fork();

	check(pid >= 0, "fork");
	if (pid)
		return pid;
	close(fuse);
	be(file);
	_exit(0);
}

static void read_it(const char *file)
{
	char byte;
	int fd = open(file, O_RDONLY);

	if (fd >= 0 && read(fd, &byte, 1) < 0)
		_exit(1);
}

static void map_it(const char *file)
{
	int fd = open(file, O_RDONLY);

	prctl(PR_SET_NAME, "stuck");
	if (fd >= 0)
		mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
}

int main(int argc, char **argv)
{
	struct pollfd in[2] = { { .fd = 0, .events = POLLIN }, { .events = POLLIN } };
	char options[64];
	int fuse, opened = 0;
	pid_t reader, mapper = 0;

	check(argc == 2, "usage: stuck FILE");
	check(!unshare(CLONE_NEWNS) && !mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL), "unshare");
	fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	check(fuse >= 0, "/dev/fuse");
	snprintf(options, sizeof options, "fd=%d,rootmode=100644,user_id=0,group_id=0", fuse);
	check(!mount("stuck", argv[1], "fuse.stuck", MS_NOSUID | MS_NODEV, options), "mount");
	reader = make(read_it, argv[1], fuse);
	in[1].fd = fuse;
	while (poll(in, 2, -1) > 0 && !in[0].revents)
		if (in[1].revents && serve(fuse, &opened) && !mapper) {
			mapper = make(map_it, argv[1], fuse);
			printf("%d\n", mapper);
			fflush(stdout);
		}
	close(fuse);
	waitpid(reader, NULL, 0);
	if (mapper)
		waitpid(mapper, NULL, 0);
	return 0;
}
