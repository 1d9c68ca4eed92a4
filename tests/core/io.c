/* SPDX-License-Identifier: 0BSD */
/* Whole-file reads and writes, on files, FIFOs and what is neither. */
#include "test.h"
#include "help.h"
#include "guard.h"
#include "io.h"

#include <limits.h>
#include <pty.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <termios.h>

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

/* ---- with less than there is */

/* A machine on which that system call fails, and perhaps without /proc. */
struct poor {
	int err, no_proc;
};

static void be_poor(const struct poor *p, int call)
{
	if (p->no_proc) /* what was $T is the root then */
		MUST(!chroot(tmp("")) && !chdir("/") && !setenv("T", "", 1));
	if (p->err)
		forbid(call, p->err);
}

/* Runs a test on each of them. */
static void on_all(int (*f)(void *))
{
	static const struct poor all[] = {
		{ 0, 0 }, { ENOSYS, 0 }, { EPERM, 0 }, { 0, 1 }, { ENOSYS, 1 }, { EPERM, 1 },
	};

	for (size_t i = 0; i < COUNT(all); i++)
		if (guarded(f, (void *)&all[i]))
			CHECK_FAIL("with the call failing by %d%s", all[i].err,
			           all[i].no_proc ? ", without /proc" : "");
}

/* ---- closing */

#define HIGHEST 900

/* Descriptors 3 to HIGHEST, some of them open, are closed but one. */
static void check_close(int first, int keep)
{
	static const int fds[] = { 3, 4, 5, 9, 63, 64, 500, 501, HIGHEST };

	for (size_t i = 0; i < COUNT(fds); i++)
		MUST_INT(dup2(0, fds[i]), fds[i]);
	io_close_from(first, keep);
	for (size_t i = 0; i < COUNT(fds); i++) {
		int open = fcntl(fds[i], F_GETFD) >= 0;

		if (open != (fds[i] < first || fds[i] == keep)) {
			printf("# %d is %s: closed from %d, kept %d\n", fds[i],
			       open ? "open" : "closed", first, keep);
			_exit(1);
		}
	}
	MUST(fcntl(1, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0);
}

static int close_from(void *poor)
{
	static const int keeps[] = { -1, 0, 2, 3, 4, 64, 100, 501, HIGHEST, 5000 };

	be_poor(poor, SYS_close_range);
	for (size_t i = 0; i < COUNT(keeps); i++) {
		check_close(3, keeps[i]);
		check_close(5, keeps[i]);
		check_close(64, keeps[i]);
	}
	return 0;
}

TEST(close_from)
{
	on_all(close_from);
}

/* Our caller may have lowered the limit below what was open already. */
static int close_above_limit(void *unused)
{
	struct rlimit few = { 64, 64 };

	(void)unused;
	forbid(SYS_close_range, EPERM);  /* then /proc tells what there is */
	for (int fd = 5; fd < 300; fd++) /* more than one look at the list tells */
		MUST_INT(dup2(0, fd), fd);
	close(3);
	MUST(!setrlimit(RLIMIT_NOFILE, &few));
	io_close_from(3, -1);
	MUST_INT(count_fds(), 3);
	return 0;
}

TEST(close_above_limit)
{
	CHECK_INT(guarded(close_above_limit, NULL), 0);
}

static int keep_the_first(void *unused)
{
	(void)unused;
	io_close_from(0, 0);
	return fcntl(0, F_GETFD) < 0 || fcntl(1, F_GETFD) >= 0;
}

TEST(keep_the_first)
{
	CHECK_INT(guarded(keep_the_first, NULL), 0);
}

/* ---- what can be written at once */

static char lots[200000];

/* In a child, with SIGPIPE blocked. */
static void prepare(const void *poor)
{
	struct sys_sigset all;

	memset(&all, 0xff, sizeof all);
	sys_sigprocmask(SIG_SETMASK, &all, NULL);
	for (size_t i = 0; i < sizeof lots; i++)
		lots[i] = pattern(i);
	be_poor(poor, SYS_pwritev2);
}

/* Writes pieces of that size until nothing more goes in; the bytes that went. They go on with the
 * pattern where `at` bytes have gone before. */
static size_t fill(int fd, size_t piece, size_t at)
{
	size_t sum = 0;

	for (;;) {
		ssize_t n = io_write_now(fd, lots + (at + sum) % 7, piece);

		if (n == -EAGAIN)
			return sum;
		MUST(n > 0 && (size_t)n <= piece);
		sum += (size_t)n;
		MUST(sum < sizeof lots * 100);
	}
}

/* Reads what is there, at most so much; it must be the pattern, from `at` on. */
static size_t drain(int fd, size_t most, size_t at)
{
	char buf[4096];
	size_t sum = 0;

	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	while (sum < most) {
		ssize_t n = read(fd, buf, most - sum < sizeof buf ? most - sum : sizeof buf);

		if (n <= 0)
			break;
		for (ssize_t i = 0; i < n; i++)
			MUST(buf[i] == pattern(at + sum++));
	}
	return sum;
}

/* One with a name is another thing for the kernel: it knows no RWF_NOWAIT. */
static void open_pipe(int ends[2], int named)
{
	if (!named) {
		MUST(!pipe(ends));
		return;
	}
	unlink(tmp("fifo"));
	MUST(!mkfifo(tmp("fifo"), 0600));
	ends[0] = open(tmp("fifo"), O_RDONLY | O_NONBLOCK);
	ends[1] = open(tmp("fifo"), O_WRONLY);
	MUST(ends[0] >= 0 && ends[1] >= 0);
}

static int full_pipe(void *arg)
{
	static const size_t pieces[] = { 1, 7, 100, 4095, PIPE_BUF, 4097, 65536, 65537, 100000 };

	prepare(arg);
	for (size_t i = 0; i < 2 * COUNT(pieces); i++) {
		int ends[2], flags, size, fds = count_fds();
		size_t sum, some = 3 * 4096, piece = pieces[i / 2];

		open_pipe(ends, i % 2);
		flags = fcntl(ends[1], F_GETFL);
		size = fcntl(ends[1], F_GETPIPE_SZ);
		sum = fill(ends[1], piece, 0);
		MUST(sum > (size_t)size / 3 && sum <= (size_t)size);
		MUST_INT(io_write_now(ends[1], lots, 1), -EAGAIN);
		/* Some room: what fits goes, at the right place. */
		MUST_INT(drain(ends[0], some, 0), some);
		sum += fill(ends[1], piece, sum);
		MUST_INT(drain(ends[0], sizeof lots, some), sum - some);
		/* The pipe is others' too: it is not changed. */
		MUST_INT(fcntl(ends[1], F_GETFL), flags);
		close(ends[0]);
		close(ends[1]);
		MUST_INT(count_fds(), fds);
	}
	return 0;
}

TEST(now_full_pipe)
{
	on_all(full_pipe);
}

static int closed_reader(void *arg)
{
	int ends[2];

	prepare(arg);
	for (int full = 0; full < 2; full++) {
		MUST(!pipe(ends));
		if (full)
			fill(ends[1], 4096, 0);
		close(ends[0]);
		MUST_INT(io_write_now(ends[1], lots, 5), -EPIPE);
		close(ends[1]);
		MUST(!socketpair(AF_UNIX, full ? SOCK_DGRAM : SOCK_STREAM, 0, ends));
		close(ends[0]);
		MUST(io_write_now(ends[1], lots, 5) < 0);
		close(ends[1]);
	}
	return 0;
}

TEST(now_closed_reader)
{
	on_all(closed_reader);
}

static int full_socket(void *arg)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	static const size_t pieces[] = { 1, 73, 4681, 37449, sizeof lots - 7 };

	prepare(arg);
	for (size_t i = 0; i < COUNT(types); i++)
		/* The last is more than a socket holds, which a message must not be. */
		for (size_t k = 0; k < COUNT(pieces) - (types[i] != SOCK_STREAM); k++) {
			int ends[2], flags, fds = count_fds(), holds = 65536;
			size_t sum, piece = pieces[k];

			MUST(!socketpair(AF_UNIX, types[i], 0, ends));
			MUST(!setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &holds, sizeof holds));
			flags = fcntl(ends[1], F_GETFL);
			sum = fill(ends[1], piece, 0);
			MUST(sum > 0);
			MUST_INT(io_write_now(ends[1], lots, piece), -EAGAIN);
			MUST_INT(fcntl(ends[1], F_GETFL), flags);
			close(ends[0]);
			close(ends[1]);
			MUST_INT(count_fds(), fds);
		}
	return 0;
}

TEST(now_full_socket)
{
	on_all(full_socket);
}

/* A terminal whose user has pressed ^S, or whose other side reads nothing. */
static int stopped_terminal(void *arg)
{
	static const size_t pieces[] = { 1, 2, 3, 80, 255, 4096, 100000 };
	int masters[COUNT(pieces)], slaves[COUNT(pieces)];

	for (size_t i = 0; i < COUNT(pieces); i++)
		MUST(!openpty(&masters[i], &slaves[i], NULL, NULL, NULL));
	prepare(arg);
	for (size_t i = 0; i < sizeof lots; i += 1 + i % 5)
		lots[i] = '\n'; /* becomes two */
	for (size_t i = 0; i < COUNT(pieces); i++) {
		int master = masters[i], slave = slaves[i], flags = fcntl(slave, F_GETFL);

		MUST_INT(io_write_now(slave, lots, 3), 3);
		MUST(!tcflow(slave, TCOOFF));
		MUST_INT(io_write_now(slave, lots, pieces[i]), -EAGAIN);
		MUST(!tcflow(slave, TCOON));
		/* Full, of which -EAGAIN tells, it is until the kernel moves some to the reader's
		 * side: that may be a moment later. */
		fill(slave, pieces[i], 0);
		/* Every number of bytes that may be free. */
		for (size_t k = 1; k < 600; k += 1 + k / 4) {
			char buf[600];

			MUST(read(master, buf, k) > 0);
			fill(slave, pieces[i], 0);
		}
		MUST_INT(fcntl(slave, F_GETFL), flags);
		close(master);
		close(slave);
	}
	return 0;
}

TEST(now_stopped_terminal)
{
	on_all(stopped_terminal);
}

/* ^S comes at any moment, also while it is being written to. */
static int stopped_meanwhile(void *arg)
{
	struct {
		unsigned long turns;
		int stop;
	} volatile *told = shared_memory(sizeof *told);
	int master, slave;

	prepare(arg);
	for (int i = 0; i < 150; i++) {
		unsigned long before = told->turns;
		pid_t pid;

		told->stop = 0;
		MUST(!openpty(&master, &slave, NULL, NULL, NULL));
		pid = fork();
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (; !told->stop; told->turns++)
				if (io_write_now(slave, lots, 100) == -EAGAIN)
					tcflush(slave, TCOFLUSH);
			_exit(0);
		}
		while (told->turns < before + 3)
			sched_yield();
		MUST(!tcflow(slave, TCOOFF));
		told->stop = 1;
		MUST_INT(wait_status(pid), 0);
		close(master);
		close(slave);
	}
	return 0;
}

TEST(now_stopped_meanwhile)
{
	static const struct poor not_poor;

	CHECK_INT(guarded(stopped_meanwhile, (void *)&not_poor), 0);
}

static int gone_terminal(void *arg)
{
	int master, slave;

	MUST(!openpty(&master, &slave, NULL, NULL, NULL));
	prepare(arg);
	close(master);
	MUST(io_write_now(slave, lots, 5) < 0);
	return 0;
}

TEST(now_gone_terminal)
{
	on_all(gone_terminal);
}

static int regular_file(void *arg)
{
	static char back[sizeof lots + 10];
	int fd, flags;

	prepare(arg);
	for (int append = 0; append < 2; append++) {
		fd = open(tmp("file"), O_RDWR | O_CREAT | O_TRUNC | (append ? O_APPEND : 0), 0600);
		flags = fcntl(fd, F_GETFL);
		for (size_t at = 0, n = 1; at < sizeof lots; at += n, n = n * 3 + 1) {
			if (n > sizeof lots - at)
				n = sizeof lots - at;
			MUST_INT(io_write_now(fd, lots + at, n), n);
		}
		MUST_INT(pread(fd, back, sizeof back, 0), sizeof lots);
		MUST(!memcmp(back, lots, sizeof lots));
		MUST_INT(fcntl(fd, F_GETFL), flags);
		MUST_INT(io_write_now(fd, lots, 0), 0);
		close(fd);
	}
	return 0;
}

TEST(now_regular_file)
{
	on_all(regular_file);
}

static int errors_of_now(void *arg)
{
	int fd, ends[2], null = open("/dev/null", O_WRONLY);

	fd = open("/dev/full", O_WRONLY);
	prepare(arg);
	MUST_INT(io_write_now(fd, lots, 5), -ENOSPC);
	close(fd);
	MUST(io_write_now(fd, lots, 5) < 0); /* closed */
	MUST(io_write_now(-1, lots, 5) < 0);
	MUST_INT(io_write_now(null, lots, 5), 5);
	close(null);
	put("read-only", "text");
	fd = open(tmp("read-only"), O_RDONLY);
	MUST_INT(io_write_now(fd, lots, 5), -EBADF);
	close(fd);
	MUST(!pipe(ends));
	MUST(io_write_now(ends[0], lots, 5) < 0);
	fd = open(tmp("."), O_RDONLY | O_DIRECTORY);
	MUST(io_write_now(fd, lots, 5) < 0);
	close(fd);
	fd = open("/", O_PATH); /* what io_hold_std puts there */
	MUST(io_write_now(fd, lots, 5) < 0);
	close(fd);
	fd = eventfd(0, 0);
	MUST_INT(io_write_now(fd, "\376\377\377\377\377\377\377\377", 8), sizeof(long long));
	MUST_INT(io_write_now(fd, "\1\1\1\1\1\1\1\1", 8), -EAGAIN);
	close(fd);
	return 0;
}

TEST(now_errors)
{
	on_all(errors_of_now);
}

/* Two fill one pipe: that the other was faster must not make one of them wait. */
static int race(void *arg)
{
	int ends[2];
	pid_t others[3];
	size_t sum = 0;
	char buf[5000];

	prepare(arg);
	MUST(!pipe(ends));
	for (size_t i = 0; i < COUNT(others); i++) {
		others[i] = fork();
		if (others[i] == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(ends[0]);
			for (int k = 0; k < 20000; k++)
				io_write_now(ends[1], lots, 1 + (size_t)k % 4096);
			_exit(0);
		}
	}
	close(ends[1]);
	for (ssize_t n; (n = read(ends[0], buf, sizeof buf)) > 0;)
		sum += (size_t)n;
	MUST(sum > 0);
	for (size_t i = 0; i < COUNT(others); i++)
		MUST_INT(wait_status(others[i]), 0);
	return 0;
}

TEST(now_race)
{
	on_all(race);
}
