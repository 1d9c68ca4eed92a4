/* SPDX-License-Identifier: 0BSD */
#include "io.h"
#include "sys.h"

#include <poll.h>

void io_hold_std(void)
{
	struct pollfd fds[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };

	poll(fds, 3, 0);
	for (int i = 0; i < 3; i++)
		if (fds[i].revents & POLLNVAL)
			open("/", O_PATH | O_CLOEXEC); /* takes the lowest number: this one */
}

int io_open_dir(const char *path)
{
	return (int)sys_result(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

ssize_t io_read_at(int dir, const char *path, char *buf, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t r;

	if (fd < 0)
		return -errno;
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
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t start = b->len;
	ssize_t r = 0;

	if (fd < 0)
		return -errno;
	while (b->len - start < max) {
		size_t want = max - (b->len - start);

		if (want > 4096)
			want = 4096;
		r = str_room(b, want);
		if (r)
			break;
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

int io_write_all(int fd, const char *bytes, size_t len)
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
	int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);
	ssize_t r;

	if (fd < 0)
		return -errno;
	r = write(fd, bytes, len);
	r = r < 0 ? -errno : (size_t)r == len ? 0 : -EIO;
	close(fd);
	return (int)r;
}
