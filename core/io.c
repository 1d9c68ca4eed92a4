/* SPDX-License-Identifier: 0BSD */
#include "io.h"
#include "sys.h"

#include <limits.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* Where a regular file should be a container may have put a FIFO, on which others wait for ever. */
#define IO_READ (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

void io_hold_std(void)
{
	struct pollfd fds[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };

	poll(fds, 3, 0);
	for (int i = 0; i < 3; i++)
		if (fds[i].revents & POLLNVAL)
			sys_open("/", O_PATH | O_CLOEXEC); /* takes the lowest number: this one */
}

int io_open_dir(const char *path)
{
	/* musl's open(2) makes a second call of O_CLOEXEC. */
	return sys_open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

ssize_t io_read_at(int dir, const char *path, char *buf, size_t size)
{
	int fd = sys_open_at(dir, path, IO_READ);
	ssize_t r;

	if (fd < 0)
		return fd;
	do
		r = read(fd, buf, size - 1);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		r = -errno;
	close(fd);
	buf[r > 0 ? r : 0] = 0;
	return r;
}

ssize_t io_append_at(int dir, const char *path, struct str *b, size_t max)
{
	int fd = sys_open_at(dir, path, IO_READ);
	size_t start = b->len;
	ssize_t r = 0;

	if (fd < 0)
		return fd;
	while (b->len - start < max) {
		size_t want = max - (b->len - start);

		/* The end of a short file is seen without more memory. */
		r = str_room(b, want < 512 ? want : 512);
		if (r)
			break;
		if (want > b->cap - b->len)
			want = b->cap - b->len;
		r = read(fd, b->p + b->len, want);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			r = -errno;
		if (r <= 0)
			break;
		b->len += (size_t)r;
	}
	close(fd);
	if (r < 0)
		b->len = start;
	return r < 0 ? r : (ssize_t)(b->len - start);
}

ssize_t io_link_at(int dir, const char *path, char *buf, size_t size)
{
	ssize_t r = readlinkat(dir, path, buf, size);

	if (r < 0)
		return -errno;
	if ((size_t)r == size)
		return -ENAMETOOLONG;
	buf[r] = 0;
	return r;
}

ssize_t io_write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t r = write(fd, bytes, len);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return r ? -errno : -EIO;
		bytes += r;
		len -= (size_t)r;
	}
	return 0;
}

int io_write_at(int dir, const char *path, const char *bytes, size_t len)
{
	int fd = openat(dir, path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t r;

	if (fd < 0)
		return -errno;
	r = write(fd, bytes, len);
	r = r < 0 ? -errno : (size_t)r == len ? 0 : -EIO;
	close(fd);
	return (int)r;
}

/* lint: procfs: the caller's own descriptors, which are io's */
#define OWN_FDS "/proc/self/fd"

/* Closes the open descriptors first..last one by one: 0, or -errno without a list of them. */
static int close_listed(unsigned first, unsigned last)
{
	int dir = sys_open(OWN_FDS, O_RDONLY | O_DIRECTORY | O_CLOEXEC), n;
	char entries[1024] __attribute__((aligned(8)));

	if (dir < 0)
		return dir;
	while ((n = sys_getdents(dir, entries, sizeof entries)) > 0)
		for (int at = 0; at < n;) {
			const struct sys_dirent *d = (const void *)(entries + at);
			uint64_t fd;

			at += d->reclen;
			if (!str_number(d->name, last, &fd) && fd >= first && (int)fd != dir)
				close((int)fd);
		}
	close(dir);
	return n;
}

static void close_some(unsigned first, unsigned last)
{
	uint64_t limit;

	if (first > last || !sys_close_range(first, last) || !close_listed(first, last))
		return;
	limit = sys_hard_limit(RLIMIT_NOFILE);
	for (; first <= last && first < limit && first < 1 << 16; first++)
		close((int)first);
}

void io_close_from(int first, int keep)
{
	unsigned next = (unsigned)first;

	if (keep > first)
		close_some(next, (unsigned)keep - 1);
	if (keep >= first)
		next = (unsigned)keep + 1;
	close_some(next, INT_MAX);
}

/* Opens anew what a descriptor is open for, so as not to wait for it: whoever shares the old one
 * is not to be disturbed (O_NONBLOCK belongs to the open file description, open(2)). */
static int reopen(int fd)
{
	char path[32];

	str_format(path, sizeof path, OWN_FDS "/%d", fd);
	return sys_open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* Without /proc. A pipe takes up to PIPE_BUF bytes or none, with RWF_NOWAIT (preadv2(2)) even if
 * another writer fills it at this moment. A terminal takes what it has room for and waits with the
 * rest: it gets one byte at a time. */
static ssize_t write_blocking(int fd, const char *bytes, size_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	struct iovec part = { (void *)(uintptr_t)bytes, len < PIPE_BUF ? len : PIPE_BUF };
	struct winsize terminal;
	ssize_t n;
	size_t done = 0;

	if (ioctl(fd, TIOCGWINSZ, &terminal)) {
		n = sys_write_nowait(fd, &part);
		if (n == -EOPNOTSUPP || n == -ENOSYS || n == -EINVAL || n == -EPERM)
			n = sys_result(write(fd, bytes, part.iov_len));
		return n;
	}
	while (done < len && poll(&p, 1, 0) == 1 && p.revents & POLLOUT &&
	       write(fd, bytes + done, 1) == 1)
		done++;
	return done ? (ssize_t)done : -EAGAIN;
}

/* What has a position never waits for a reader. */
ssize_t io_write_now(int fd, const char *bytes, size_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	ssize_t n;
	int own;

	if (poll(&p, 1, 0) < 1 || !(p.revents & POLLOUT))
		return p.revents & (POLLERR | POLLNVAL) ? -EPIPE : -EAGAIN;
	if (lseek(fd, 0, SEEK_CUR) >= 0)
		return sys_result(write(fd, bytes, len));
	n = send(fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n >= 0 || errno != ENOTSOCK)
		return sys_result(n);
	own = reopen(fd);
	if (own < 0)
		return write_blocking(fd, bytes, len);
	n = sys_result(write(own, bytes, len));
	close(own);
	return n;
}
