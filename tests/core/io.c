/* SPDX-License-Identifier: 0BSD */
/* Whole-file reads and writes, on files, FIFOs and what is neither. */
#include "test.h"
#include "help.h"
#include "io.h"

#include <signal.h>
#include <sys/ioctl.h>

static int here(void)
{
	int fd = io_open_dir(tmp(""));

	if (fd < 0)
		give_up("T");
	return fd;
}

TEST(open_dir)
{
	int dir = here();

	put("file", "");
	CHECK(fcntl(dir, F_GETFD) & FD_CLOEXEC);
	CHECK_INT(io_open_dir(tmp("file")), -ENOTDIR);
	CHECK_INT(io_open_dir(tmp("none")), -ENOENT);
	close(dir);
}

TEST(read)
{
	char buf[8];
	int dir = here(), fds = count_fds();

	put("empty", "");
	put("seven", "1234567");
	put("eight", "12345678");
	CHECK_INT(io_read_at(dir, "empty", buf, sizeof buf), 0);
	CHECK_TEXT(buf, "");
	CHECK_INT(io_read_at(dir, "seven", buf, sizeof buf), 7);
	CHECK_TEXT(buf, "1234567");
	CHECK_INT(io_read_at(dir, "eight", buf, sizeof buf), 7); /* cut */
	CHECK_TEXT(buf, "1234567");
	buf[0] = 'x';
	CHECK_INT(io_read_at(dir, "eight", buf, 1), 0);
	CHECK_TEXT(buf, "");
	CHECK_INT(io_read_at(dir, "none", buf, sizeof buf), -ENOENT);
	CHECK_INT(io_read_at(dir, ".", buf, sizeof buf), -EISDIR);
	CHECK_INT(io_read_at(-1, "seven", buf, sizeof buf), -EBADF);
	CHECK_INT(count_fds(), fds);
	close(dir);
}

TEST(append)
{
	static char big[70000];
	struct str b = { 0 };
	int dir = here(), fds = count_fds();

	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (char)(i * 7);
	put_bytes("big", big, sizeof big);
	put("small", "small");
	put("empty", "");
	CHECK_INT(io_append_at(dir, "small", &b, 100), 5);
	CHECK_INT(io_append_at(dir, "big", &b, sizeof big), sizeof big);
	CHECK_INT(io_append_at(dir, "big", &b, 4097), 4097);
	CHECK_INT(io_append_at(dir, "small", &b, 5), 5);
	CHECK_INT(io_append_at(dir, "small", &b, 0), 0);
	CHECK_INT(io_append_at(dir, "empty", &b, 100), 0);
	CHECK_INT(io_append_at(dir, "none", &b, 100), -ENOENT);
	CHECK_INT(io_append_at(dir, ".", &b, 100), -EISDIR);
	CHECK_INT(b.len, 5 + sizeof big + 4097 + 5);
	CHECK(!memcmp(b.p, "small", 5));
	CHECK(!memcmp(b.p + 5, big, sizeof big));
	CHECK(!memcmp(b.p + 5 + sizeof big, big, 4097));
	CHECK_INT(count_fds(), fds);
	str_free(&b);
	close(dir);
}

TEST(link)
{
	char buf[8];
	int dir = here();

	put_link("seven.link", "1234567");
	put_link("eight.link", "12345678");
	put("file", "");
	CHECK_INT(io_link_at(dir, "seven.link", buf, sizeof buf), 7);
	CHECK_TEXT(buf, "1234567");
	CHECK_INT(io_link_at(dir, "eight.link", buf, sizeof buf), -ENAMETOOLONG);
	CHECK_INT(io_link_at(dir, "file", buf, sizeof buf), -EINVAL);
	CHECK_INT(io_link_at(dir, "none", buf, sizeof buf), -ENOENT);
	close(dir);
}

static char pattern(size_t i)
{
	return (char)('a' + i % 7);
}

static void on_signal(int sig)
{
	(void)sig;
}

/* A signal ends a write into a full pipe early: the rest must follow. */
TEST(write_all_interrupted)
{
	static char bytes[300000];
	int ends[2], full = 0, wrong = 0;
	size_t at = 0;
	ssize_t n;
	pid_t pid;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = pattern(i);
	fflush(stdout);
	if (pipe(ends))
		give_up("pipe");
	pid = fork();
	if (pid == 0) {
		struct sigaction interrupt = { .sa_handler = on_signal };

		sigaction(SIGUSR1, &interrupt, NULL);
		_exit(io_write_all(ends[1], bytes, sizeof bytes) ? 1 : 0);
	}
	close(ends[1]);
	while (full < fcntl(ends[0], F_GETPIPE_SZ))
		if (ioctl(ends[0], FIONREAD, &full))
			give_up("FIONREAD");
	kill(pid, SIGUSR1);
	while ((n = read(ends[0], bytes, 5000)) > 0)
		for (ssize_t i = 0; i < n; i++)
			wrong += bytes[i] != pattern(at++);
	CHECK_INT(at, sizeof bytes);
	CHECK_INT(wrong, 0);
	CHECK_INT(wait_status(pid), 0);
	close(ends[0]);
}

TEST(write_all)
{
	static char bytes[300000];
	int ends[2];

	CHECK_INT(io_write_all(-1, "a", 1), -EBADF);
	CHECK_INT(io_write_all(-1, "a", 0), 0);
	if (pipe2(ends, O_NONBLOCK))
		give_up("pipe");
	CHECK_INT(io_write_all(ends[1], bytes, sizeof bytes), -EAGAIN);
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	CHECK_INT(io_write_all(ends[1], "a", 1), -EPIPE);
	signal(SIGPIPE, SIG_DFL);
	close(ends[1]);
	ends[1] = open("/dev/full", O_WRONLY);
	CHECK_INT(io_write_all(ends[1], "a", 1), -ENOSPC);
	close(ends[1]);
}

TEST(write_at)
{
	char buf[16];
	int dir = here(), fds = count_fds();

	put("map", "old text");
	CHECK_INT(io_write_at(dir, "map", "new", 3), 0);
	CHECK_INT(io_read_at(dir, "map", buf, sizeof buf), 8); /* it does not truncate */
	CHECK_TEXT(buf, "new text");
	CHECK_INT(io_write_at(dir, "none", "new", 3), -ENOENT); /* nor create */
	CHECK_INT(io_write_at(AT_FDCWD, "/dev/full", "new", 3), -ENOSPC);
	CHECK_INT(count_fds(), fds);
	close(dir);
}

/* Each of 0, 1 and 2 that is closed is filled, and only those, by what nobody can read or write. */
static int hold(void *arg)
{
	int closed = *(int *)arg, bad = 0;
	char c;

	for (int fd = 0; fd < 3; fd++)
		if (closed & 1 << fd)
			close(fd);
	io_hold_std();
	for (int fd = 0; fd < 3; fd++) {
		int flags = fcntl(fd, F_GETFL), held = closed >> fd & 1;

		bad |= flags < 0 || !!(flags & O_PATH) != held;
		bad |= held && (read(fd, &c, 1) != -1 || errno != EBADF);
		bad |= held && !(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	}
	return bad;
}

TEST(hold_std)
{
	for (int closed = 0; closed < 8; closed++)
		if (in_child(hold, &closed))
			CHECK_FAIL("wrong with closed set %d", closed);
	CHECK_INT(count_fds(), (io_hold_std(), count_fds()));
}
