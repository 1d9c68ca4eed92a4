/* SPDX-License-Identifier: 0BSD */
/*
 * The console of a machine: a kernel without /dev/console starts init with nothing on 0, 1 and 2,
 * where main has put placeholders. console_ioctl(4), termios(3).
 */
#include "system.h"
#include "exec.h"
#include "io.h"
#include "str.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

extern char **environ;

#define VT_OPENQRY 0x5600 /* linux/vt.h */

/* ---- descriptors */

/* Those of 0, 1 and 2 that are not open, a bit each: nobody can read from a placeholder (open(2),
 * O_PATH), nor from a terminal that was hung up, as that of a login shell is at its end, but its
 * name can be opened again. */
static int not_open(void)
{
	struct pollfd fds[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };
	struct termios t;
	int bits = 0;

	poll(fds, 3, 0);
	for (int i = 0; i < 3; i++)
		if ((fds[i].revents & POLLNVAL) ||
		    ((fds[i].revents & POLLHUP) && tcgetattr(i, &t) && errno == EIO))
			bits |= 1 << i;
	return bits;
}

int console_take(const char *path, int flags)
{
	int fd = sys_open(path, O_RDWR | O_NONBLOCK | flags);

	if (fd < 0)
		return fd;
	sys_fcntl(fd, F_SETFL, sys_fcntl(fd, F_GETFL, 0) & ~O_NONBLOCK);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	return 0;
}

static int take(const char *path)
{
	return path && *path && !console_take(path, O_NOCTTY);
}

/* The kernel's own last choice: the end of its list. */
static void take_active(void)
{
	char names[256], path[sizeof names + 8], *name = names, *p = names;

	if (io_read_at(AT_FDCWD, "/sys/class/tty/console/active", names, sizeof names) <= 0)
		return;
	for (; *p && *p != '\n'; p++)
		if (*p == ' ')
			name = p + 1;
	*p = 0;
	str_format(path, sizeof path, "/dev/%s", name);
	take(path);
}

void console_open(void)
{
	const char *name = exec_variable("CONSOLE=");

	if (take(name ? name : exec_variable("console=")) || not_open() != 7)
		return;
	if (!take("/dev/console"))
		take_active();
}

void console_keep(void)
{
	int fd, bits = not_open();

	if (!bits)
		return;
	console_open();
	bits = not_open();
	for (int i = 0; i < 3; i++) {
		if (!(bits & 1 << i))
			continue;
		fd = sys_open("/dev/null", O_RDWR);
		if (fd < 0)
			fd = sys_open("/",
			              O_RDONLY); /* what an action opens must not be its stdin */
		dup2(fd, i);
		if (fd > 2)
			close(fd);
	}
}

void console_leave(void)
{
	struct sys_sigset farewell = { { 0 } };
	siginfo_t info;

	if (setsid() > 0 || ioctl(0, TIOCNOTTY))
		return;
	/* Which to us would mean a new table (tty_ioctl(4)). */
	sig_add(&farewell, SIGHUP);
	sig_add(&farewell, SIGCONT);
	while (sys_sigwait(&farewell, &info, 0) > 0)
		;
}

/* ---- how it behaves */

/* As a person expects it who comes after a program that has crashed. */
void console_reset(void)
{
	static const unsigned char keys[][2] = {
		{ VINTR, 3 }, { VQUIT, 28 },  { VERASE, 127 }, { VKILL, 21 },
		{ VEOF, 4 },  { VSTART, 17 }, { VSTOP, 19 },   { VSUSP, 26 },
	};
	struct termios t;

	if (tcgetattr(0, &t))
		return;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		t.c_cc[keys[i][0]] = keys[i][1];
	t.c_line = 0;
	t.c_cflag &= CBAUD | CBAUDEX | CSIZE | CSTOPB | PARENB | PARODD | CRTSCTS;
	t.c_cflag |= CREAD | HUPCL | CLOCAL;
	t.c_iflag = ICRNL | IXON | IXOFF;
	t.c_oflag = OPOST | ONLCR;
	t.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
	tcsetattr(0, TCSANOW, &t);
}

/* ---- what a program there is told */

/* What has a screen knows the next free one. */
static const char *terminal(void)
{
	const char *have = exec_variable("TERM=");
	int n;

	if (ioctl(0, VT_OPENQRY, &n))
		return !have || !strcmp(have, "linux") ? "TERM=vt102" : NULL;
	return have ? NULL : "TERM=linux";
}

static char *constant(const char *text)
{
	return (char *)(uintptr_t)text;
}

static int same_name(const char *a, const char *b)
{
	while (*a && *a != '=' && *a == *b) {
		a++;
		b++;
	}
	return *a == '=' && *b == '=';
}

/* Whether there is one of that name. */
static int is_set(char **list, size_t n, const char *entry)
{
	while (n--)
		if (same_name(list[n], entry))
			return 1;
	return 0;
}

void console_environment(const struct system *s, char **list)
{
	const char *term = terminal();
	size_t n = 0;

	list[n++] = constant("PATH=/sbin:/usr/sbin:/bin:/usr/bin");
	list[n++] = constant("SHELL=/bin/sh");
	list[n++] = constant("USER=root");
	if (term)
		list[n++] = constant(term);
	if (*s->runlevel)
		list[n++] = constant(s->runlevel);
	for (char **e = environ; *e; e++)
		if (!is_set(list, n, *e))
			list[n++] = *e;
	list[n] = NULL;
}
