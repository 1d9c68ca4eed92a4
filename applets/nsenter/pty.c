/* SPDX-License-Identifier: 0BSD */
/*
 * nsenter --pty: a terminal of the target's devpts for the program, and what goes to and fro
 * between it and ours, as script(1) does. pty(7), mount(8) on devpts, tty_ioctl(4).
 *
 * Of the files inside any may be something else than it seems. So a ptmx is looked at first, and
 * opened by what it is, not by its name once more; its other end by ioctl(2), not by a path.
 */
#include "nsenter.h"
#include "reap.h"

#include <poll.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>

#define DEVPTS_MAGIC 0x1cd1 /* linux/magic.h */
#define SLAVE_MAJOR 136     /* linux/major.h, as the 5:2 of ptmx */

/* More than a terminal holds for its reader: it may be that somebody goes on writing for ever. */
#define LAST_BYTES 131072

/* ---- open */

/* stdout, a pipe or a terminal, by an open file description of our own, so as not to wait at it:
 * others may share the caller's, which is the second best. What else there is never makes us wait.
 * (Not stdin: a pipe that is opened after its last writer has gone never tells that.) */
static int own_stdout(const struct nsenter *n)
{
	struct stat st;
	int own = -1;

	if (n->proc >= 0 && !fstat(1, &st) && (S_ISFIFO(st.st_mode) || isatty(1)))
		own = openat(n->proc, "self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return own < 0 ? 1 : own;
}

static int is_device(int fd, unsigned major, unsigned minor)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISCHR(st.st_mode) && st.st_rdev == makedev(major, minor);
}

static int open_ptmx(const struct nsenter *n, const char *path)
{
	const int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int look = (int)sys_result(open(path, O_PATH | O_CLOEXEC)), fd = -ENOTTY;
	char again[32];

	if (look < 0)
		return look;
	if (is_device(look, 5, 2)) {
		str_format(again, sizeof again, "self/fd/%d", look);
		fd = n->proc < 0 ? -ENOENT : (int)sys_result(openat(n->proc, again, flags));
		if (fd == -ENOENT) /* no /proc of ours: at least nothing that blocks */
			fd = (int)sys_result(open(path, flags));
	}
	close(look);
	if (fd < 0 || is_device(fd, 5, 2))
		return fd;
	close(fd);
	return -ENOTTY;
}

/* The other end, before Linux 4.13 by its path. */
static int open_slave(int master)
{
	const int flags = O_RDWR | O_NOCTTY | O_CLOEXEC;
	int unlock = 0, fd;
	unsigned number;
	char path[32];
	struct statfs fs;

	if (ioctl(master, TIOCSPTLCK, &unlock))
		return -errno;
	fd = (int)sys_result(ioctl(master, TIOCGPTPEER, flags));
	if (fd != -ENOTTY && fd != -EINVAL)
		return fd;
	if (ioctl(master, TIOCGPTN, &number))
		return -errno;
	str_format(path, sizeof path, "/dev/pts/%u", number);
	fd = (int)sys_result(open(path, flags | O_NOFOLLOW | O_NONBLOCK));
	if (fd < 0)
		return fd;
	if (is_device(fd, SLAVE_MAJOR, number) && !fstatfs(fd, &fs) && fs.f_type == DEVPTS_MAGIC)
		return (int)sys_result(fcntl(fd, F_SETFL, O_RDWR)) < 0 ? -errno : fd;
	close(fd);
	return -ENOTTY;
}

/* devpts gives a terminal to who opens it, which has to be the program's user: inside, nobody can
 * give away what belongs to a user of outside. Afterwards our own rights are what they were. */
static void open_as(const struct child_ids *ids)
{
	struct sys_caps caps;
	int r = sys_capget(&caps);

	if (ids->have_gid)
		setfsgid(ids->gid);
	if (ids->have_uid)
		setfsuid(ids->uid);
	if (!r)
		sys_capset(&caps);
}

/* The first of our standard descriptors that is a terminal tells the size. */
static void copy_size(int master)
{
	struct winsize size;

	for (int fd = 0; fd <= 2; fd++)
		if (!ioctl(fd, TIOCGWINSZ, &size)) {
			ioctl(master, TIOCSWINSZ, &size);
			return;
		}
}

/* Whether stdin is a terminal that we may use. In the background we are stopped for it, as
 * everybody who wants to read there (SIGTTIN). */
static int have_terminal(void)
{
	return isatty(0) && !read(0, "", 0);
}

/* As ours is; without one nobody wants to see what comes from a pipe. */
static void copy_modes(int slave)
{
	struct termios modes;

	if (!have_terminal() || tcgetattr(0, &modes)) {
		if (tcgetattr(slave, &modes))
			return;
		modes.c_lflag &= ~(tcflag_t)ECHO;
	}
	tcsetattr(slave, TCSANOW, &modes);
}

static const char *hint(int err)
{
	switch (err) {
	case -EACCES:
		return "devpts is mounted there without ptmxmode=666?";
	case -ENOSPC:
		return "all are in use: sysctl kernel.pty.max, or max= of the devpts there";
	default:
		return "no devpts mounted there?";
	}
}

void pty_open(struct nsenter *n)
{
	int second;

	n->pty.out = own_stdout(n);
	open_as(&n->ids);
	n->pty.master = open_ptmx(n, "/dev/ptmx");
	if (n->pty.master < 0) {
		second = open_ptmx(n, "/dev/pts/ptmx");
		if (second >= 0 || n->pty.master == -ENOENT)
			n->pty.master = second;
	}
	n->pty.slave = n->pty.master < 0 ? n->pty.master : open_slave(n->pty.master);
	if (n->pty.slave < 0)
		die_hint(1, n->pty.slave, hint(n->pty.slave),
		         "cannot open a terminal in the target");
	copy_modes(n->pty.slave);
	copy_size(n->pty.master);
}

void pty_sit(const struct nsenter *n)
{
	if (setsid() < 0 || ioctl(n->pty.slave, TIOCSCTTY, 0))
		die(1, errno, "cannot make the terminal the program's");
	for (int fd = 0; fd <= 2; fd++)
		dup2(n->pty.slave, fd);
}

/* ---- relay */

/* Bytes on their way. */
struct flow {
	size_t at, end;
	char bytes[4096]; /* PIPE_BUF: what a pipe with room takes at once */
};

struct relay {
	pid_t pid;
	int status, ended;
	int out, master; /* -1 when hung up */
	int no_input;    /* stdin has ended */
	int lost;        /* why `out` takes no more, -errno */
	int partial;     /* what went in last was no end of a line */
	int raw;         /* our terminal is: `modes` are what it was before */
	int hurried; /* after the program's end: what our reader does not take at once is lost */
	size_t left; /* of LAST_BYTES */
	struct termios modes;
	struct flow up, down;
};

/* All signals but one. */
static void block_but(int sig)
{
	struct sys_sigset set = { { 0 } };

	for (int i = 1; i <= SYS_SIGNALS; i++)
		if (i != sig)
			sig_add(&set, i);
	sig_restore(&set);
}

/* Makes our terminal pass every key on. In the background we are stopped before (SIGTTIN, the one
 * signal that is not blocked), so that a shell's own modes are neither changed nor kept. */
static void make_raw(struct relay *r)
{
	struct termios raw;

	if (!have_terminal() || (!r->raw && tcgetattr(0, &r->modes)))
		return;
	raw = r->modes;
	cfmakeraw(&raw);
	r->raw = !tcsetattr(0, TCSANOW, &raw);
}

/* Unless somebody else has the terminal by now: a shell that has stopped us by force. Where it is
 * not our controlling terminal (ENOTTY) nobody has. */
static void make_usual(struct relay *r)
{
	pid_t front = tcgetpgrp(0);

	if (r->raw && (front < 0 || front == getpgrp()))
		tcsetattr(0, TCSANOW, &r->modes);
	r->raw = 0;
}

static void go_on(struct relay *r)
{
	make_raw(r);
	copy_size(r->master);
}

/* Stops as a program does that knows nothing of signals; its terminal is as it was meanwhile. */
static void stop_by(struct relay *r, int sig)
{
	make_usual(r);
	kill(getpid(), sig);
	block_but(sig);
	block_but(SIGTTIN);
	go_on(r);
}

static void on_child(void *context, const struct reap_end *end)
{
	struct relay *r = context;

	if (!WIFSTOPPED(end->status)) {
		r->status = end->status;
		r->ended = 1;
	} else if (getpid() != 1) { /* which cannot stop: pid_namespaces(7) */
		stop_by(r, SIGSTOP);
		kill(r->pid, SIGCONT);
	}
}

static void on_signal(struct relay *r, int sig, siginfo_t *info)
{
	struct reap reap = { .ended = on_child, .context = r };

	switch (sig) {
	case SIGCHLD:
		if (!r->ended)
			reap_one(&reap, r->pid);
		return;
	case SIGWINCH:
		copy_size(r->master);
		return;
	case SIGTSTP:
	case SIGTTOU:
		stop_by(r, sig);
		return;
	case SIGPIPE:
		if (info->si_pid == getpid()) /* our own, of a write(2) */
			return;
		break;
	case SIGCONT:
		if (r->ended)
			return;
		go_on(r);
		break;
	}
	if (r->ended)
		r->hurried = 1;
	else if (!sig_from_terminal(info) || ioctl(r->master, TIOCSIG, sig))
		sig_pass_on(r->pid, sig, info);
}

/* ---- bytes */

static void hang_up(struct relay *r, int err)
{
	close(r->master);
	r->lost = err;
	r->master = r->out = -1;
	r->no_input = 1;
	r->down.at = r->down.end = r->up.at = r->up.end = 0;
}

/* What a user would type to say that nothing more comes: twice behind half a line (termios(3),
 * VEOF). */
static void type_end(struct relay *r)
{
	struct termios modes;
	int times;

	r->no_input = 1;
	if (tcgetattr(r->master, &modes) || modes.c_cc[VEOF] == _POSIX_VDISABLE)
		return;
	for (times = r->partial && modes.c_lflag & ICANON ? 2 : 1; times; times--)
		r->up.bytes[r->up.end++] = (char)modes.c_cc[VEOF];
}

static void read_keys(struct relay *r)
{
	ssize_t n = read(0, r->up.bytes, sizeof r->up.bytes);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	r->up.at = r->up.end = 0;
	if (n <= 0) {
		type_end(r);
		return;
	}
	r->up.end = (size_t)n;
	r->partial = r->up.bytes[n - 1] != '\n';
}

/* Whether there was something. */
static int read_screen(struct relay *r)
{
	size_t want = r->left < sizeof r->down.bytes ? r->left : sizeof r->down.bytes;
	ssize_t n = r->master < 0 || !want ? 0 : read(r->master, r->down.bytes, want);

	if (n <= 0)
		return 0;
	r->down.at = 0;
	r->down.end = (size_t)n;
	if (r->ended)
		r->left -= (size_t)n;
	return 1;
}

/* 0 or -errno. */
static int send_flow(struct flow *f, int fd)
{
	ssize_t n = write(fd, f->bytes + f->at, f->end - f->at);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	f->at += (size_t)n;
	return 0;
}

static int has_bytes(const struct flow *f)
{
	return f->at < f->end;
}

/* Waits, then does what can be done. */
static void turn(struct relay *r, int signals)
{
	enum { SIGNALS, IN, OUT, MASTER, N };
	int takes = !r->no_input && !r->ended && !has_bytes(&r->up), err;
	struct pollfd p[N] = {
		[SIGNALS] = { .fd = signals, .events = POLLIN },
		[IN] = { .fd = takes ? 0 : -1, .events = POLLIN },
		[OUT] = { .fd = has_bytes(&r->down) ? r->out : -1, .events = POLLOUT },
		[MASTER] = { .fd = r->ended ? -1 : r->master },
	};
	struct sys_sigset all;
	siginfo_t info;
	int sig;

	p[MASTER].events =
		(short)((has_bytes(&r->down) ? 0 : POLLIN) | (has_bytes(&r->up) ? POLLOUT : 0));
	if (!p[MASTER].events)
		p[MASTER].fd = -1;
	if (!poll(p, N, r->hurried ? 0 : -1)) {
		r->left = 0;
		r->down.at = r->down.end;
	}
	/* First and alone: after a stop nothing of what poll(2) has said needs to be true. */
	if (p[SIGNALS].revents) {
		memset(&all, 0xff, sizeof all);
		while ((sig = sys_sigwait(&all, &info, 0)) > 0)
			on_signal(r, sig, &info);
		return;
	}
	if (p[OUT].revents) {
		err = send_flow(&r->down, r->out);
		if (err)
			hang_up(r, err);
	}
	if (p[MASTER].revents & ~POLLOUT && !has_bytes(&r->down))
		read_screen(r);
	if (p[MASTER].revents & POLLOUT && r->master >= 0 && send_flow(&r->up, r->master))
		r->up.at = r->up.end;
	if (p[IN].revents && !r->no_input)
		read_keys(r);
}

int pty_relay(const struct nsenter *n, pid_t pid)
{
	struct relay r = {
		.pid = pid, .out = n->pty.out, .master = n->pty.master, .left = LAST_BYTES
	};
	struct reap wake = { 0 };

	reap_open(&wake);
	if (wake.fd < 0)
		die(1, wake.fd, "cannot wait for signals");
	block_but(SIGTTIN);
	make_raw(&r);
	/* Our own end stays open, or nobody's having it open would wake us again and again. */
	while (!r.ended || has_bytes(&r.down) || read_screen(&r))
		turn(&r, wake.fd);
	make_usual(&r);
	if (r.lost && r.lost != -EPIPE)
		die(1, r.lost, "write error");
	return r.status;
}
