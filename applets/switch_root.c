/* SPDX-License-Identifier: 0BSD */
/*
 * switch_root: from an initramfs to the root file system (ramfs-rootfs-initramfs.rst of the kernel:
 * it takes memory, and can neither be unmounted nor hidden by pivot_root(2)). It moves /dev, /proc,
 * /sys and /run along, as util-linux does, and refuses what busybox refuses. It differs from both
 * in that the kernel has accepted the new init, and has moved the new root to its place, before
 * the first file is deleted.
 */
//config:config SWITCH_ROOT
//config:	bool "switch_root"
//config:	default y
//config:	help
//config:	  Leaves an initramfs for the root file system of a machine.
//install:/sbin

#include "applet.h"
#include "child.h"
#include "str.h"

#include <stdio.h> /* renameat */
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>

#define RAMFS_MAGIC 0x858458f6 /* linux/magic.h */
#define TMPFS_MAGIC 0x01021994

struct switch_root {
	const char *console;
};

#define OPTS struct switch_root

#define ROWS(OPT, OPT_) \
	OPT('c', "console", "DEVICE", OPT_TEXT, console, 0, \
	    "the standard descriptors of the new init, a file of the new root") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

/* ---- what is to be deleted */

struct sweep {
	int top;
	dev_t device;
	unsigned number; /* the name of what is brought to the top next */
	int progress;
};

static void delete_in(struct sweep *s, int dir);

/* A directory that is not empty is met there again: so trees may be as deep as they like. What else
 * cannot be deleted stays where it is, since it cannot be moved either. A name that is taken may
 * stay so, by a mount. */
static void bring_up(struct sweep *s, int dir, const char *name)
{
	char free[16];
	struct stat st;

	do
		str_format(free, sizeof free, "%u", s->number++);
	while (!fstatat(s->top, free, &st, AT_SYMLINK_NOFOLLOW));
	s->progress |= !renameat(dir, name, s->top, free);
}

/* What is mounted on it stays, and so does what it is mounted on. */
static void delete_directory(struct sweep *s, const char *name)
{
	int dir = openat(s->top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (dir < 0)
		return;
	if (!fstat(dir, &st) && st.st_dev == s->device)
		delete_in(s, dir);
	close(dir);
	s->progress |= !unlinkat(s->top, name, AT_REMOVEDIR);
}

static void delete_entry(struct sweep *s, int dir, const struct sys_dirent *d)
{
	if (!unlinkat(dir, d->name, 0) || !unlinkat(dir, d->name, AT_REMOVEDIR))
		s->progress = 1;
	else if (dir == s->top)
		delete_directory(s, d->name);
	else
		bring_up(s, dir, d->name);
}

static void delete_in(struct sweep *s, int dir)
{
	char entries[2048] __attribute__((aligned(8)));
	int n;

	while ((n = sys_getdents(dir, entries, sizeof entries)) > 0)
		for (int at = 0; at < n;) {
			const struct sys_dirent *d = (const void *)(entries + at);

			at += d->reclen;
			if (strcmp(d->name, ".") && strcmp(d->name, ".."))
				delete_entry(s, dir, d);
		}
}

/* Until what is left stays: deleting moves the rest, and what was read may have left some out. */
static void delete_all(int top, dev_t device)
{
	struct sweep s = { .top = top, .device = device };

	do {
		s.progress = 0;
		lseek(top, 0, SEEK_SET);
		delete_in(&s, top);
	} while (s.progress);
}

/* ---- what must be so before */

static void check_old(const char *new, struct stat *old)
{
	struct stat st;
	struct statfs fs;

	if (getpid() != 1)
		die(1, 0, "must be PID 1, whose place the new init takes");
	if (stat("/", old) || stat(new, &st))
		die(1, errno, "%s", new);
	if (st.st_dev == old->st_dev)
		die(1, 0, "%s: nothing is mounted there", new);
	if (stat("/init", &st) || !S_ISREG(st.st_mode))
		die(1, 0, "there is no /init: this is no initramfs");
	if (statfs("/", &fs) || (fs.f_type != RAMFS_MAGIC && fs.f_type != TMPFS_MAGIC))
		die(1, 0, "/ is neither ramfs nor tmpfs: this is no initramfs");
}

/* Executes the new init, but so that it stops before its first instruction (ptrace(2)). */
static int try_new(void *context)
{
	static const struct sys_sigset none;
	char **words = context;
	struct child c = { .argv = words + 1, .mask = &none };
	int r;

	if (chroot(words[0]) || chdir("/")) {
		warn(errno, "cannot change root directory to %s", words[0]);
		return 1;
	}
	if (!ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		return warn_start(&c, child_exec(&c));
	r = sys_file_mode(words[1]); /* where it is forbidden */
	if (r >= 0)
		r = S_ISREG(r) ? (int)sys_result(access(words[1], X_OK)) : -EACCES;
	if (r)
		warn(r, "%s", words[1]);
	return r != 0;
}

/* 0, or an exit status, and why was said. */
static int check_new(char **words)
{
	pid_t pid = child_copy(try_new, words);
	int status = 0;

	if (pid < 0)
		die(1, pid, "fork failed");
	/* lint: processes: no program is to run, and nothing is to be relayed */
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status))
		kill(pid, SIGKILL);
	return WIFSIGNALED(status) ? 0 : child_code(status);
}

/* ---- the change */

/* What the kernel shows goes along, unless the new root has it already. The working directory is
 * the old root, and / the new one. */
static void move_mounts(dev_t old)
{
	/* lint: procfs: they are moved, not read */
	static const char points[][6] = { "/dev", "/proc", "/sys", "/run" };
	struct stat root, from, to;

	if (stat("/", &root))
		return;
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		const char *point = points[i];

		if (lstat(point + 1, &from) || !S_ISDIR(from.st_mode) || from.st_dev == old)
			continue;
		if (stat(point, &to) || to.st_dev != root.st_dev ||
		    mount(point + 1, point, NULL, MS_MOVE, NULL))
			umount2(point + 1, MNT_DETACH);
	}
}

static void open_console(const char *name)
{
	int fd = open(name, O_RDWR | O_NOCTTY);

	if (fd < 0) {
		warn(errno, "%s", name);
		return;
	}
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

APPLET(switch_root, "leave an initramfs for the root file system",
       "[-c DEVICE] NEW_ROOT NEW_INIT [ARGUMENT]...", rows, OPT_STOP, 1, NULL)
{
	struct switch_root s = { 0 };
	char **words = opt_parse(&applet_switch_root, run->argv, &s);
	struct child c = { .argv = words + 1 };
	struct stat old;
	int top, r;

	if (!words[0] || !words[1])
		opt_misuse(&applet_switch_root, "a new root and its init are needed");
	check_old(words[0], &old);
	r = check_new(words);
	if (r)
		return r;
	top = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top < 0 || chdir(words[0]))
		die(1, errno, "%s", words[0]);
	if (mount(".", "/", NULL, MS_MOVE, NULL))
		die(1, errno, "cannot move %s to /: it must be where a file system is mounted",
		    words[0]);
	if (chroot(".") || fchdir(top))
		die(1, errno, "cannot change root directory");
	move_mounts(old.st_dev);
	delete_all(top, old.st_dev);
	close(top);
	if (chdir("/"))
		die(1, errno, "/");
	if (s.console)
		open_console(s.console);
	r = child_exec(&c);
	die_start(&c, r);
}

//man:It moves the mount on NEW_ROOT to /, deletes what is in the initramfs, whose memory is free
//man:then, and becomes NEW_INIT. It must be PID 1: in the /init of an initramfs, exec switch_root.
//man:
//man:Nothing is changed unless / is a ramfs or tmpfs with an /init, something is mounted on
//man:NEW_ROOT, and the kernel has accepted NEW_INIT with its interpreter or loader there: it is
//man:executed, and killed before its first instruction. What is mounted on /dev, /proc, /sys
//man:and /run goes along where the new root has a directory for it with nothing mounted on it,
//man:and is unmounted otherwise.
//man:# EXIT STATUS
//man:That of NEW_INIT; 127 or 126 when it is not there or cannot be executed, 1 when something else
//man:is not as it must be.
