/* SPDX-License-Identifier: 0BSD */
#include "proc.h"
#include "io.h"
#include "sys.h"

#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>

int proc_is_recorded(int proc)
{
	struct statfs fs;

	return fstatfs(proc, &fs) || fs.f_type != SYS_PROC_SUPER_MAGIC;
}

int proc_mount(const char *path)
{
	int fd = io_open_dir(path ? path : "/proc");

	/* What else may be there is an empty directory, or files that are not the kernel's. */
	if (!path && fd >= 0 && proc_is_recorded(fd)) {
		close(fd);
		return -ENOENT;
	}
	return fd;
}

int proc_mount_any(void)
{
	int fd = proc_mount(NULL), own;

	if (fd >= 0)
		return fd;
	own = sys_fsmount("proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);
	return own < 0 ? fd : own;
}

size_t proc_pid_digits(int proc)
{
	char text[16];
	ssize_t len = io_read_at(proc, "sys/kernel/pid_max", text, sizeof text);
	const char *end = text;
	uint64_t max;
	size_t digits = 1;

	if (len <= 0 || str_digits(text, &end, INT32_MAX, &max) || !max)
		return 5;
	for (max--; max > 9; max /= 10)
		digits++;
	return digits < 5 ? 5 : digits;
}

void proc_path(char path[PROC_PATH], pid_t pid, const char *file)
{
	if (pid > 0)
		str_format(path, PROC_PATH, "%d/%s", pid, file);
	else
		str_format(path, PROC_PATH, pid ? "%s" : "self/%s", file);
}

/* ---- one process */

/* Opens stat. What is read of it later is of the process that had the number at this moment: of one
 * that has gone it is -ESRCH, even when another one has got its number. */
static int open_stat(int proc, const char *path)
{
	int fd = openat(proc, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* it may be a FIFO */

	return fd < 0 ? -errno : fd;
}

static int parse_open_stat(int fd, unsigned want, struct proc *p)
{
	char text[2048];
	ssize_t len = read(fd, text, sizeof text - 1);

	if (len <= 0)
		return len ? -errno : -ESRCH;
	text[len] = 0;
	return proc_parse_stat(text, (size_t)len, want, p);
}

/* One read(2) does for nearly all: procfs ends a file that is short where it ends. */
static ssize_t read_whole(int proc, const char *path, struct str *text, size_t max)
{
	const size_t usual = 4096;
	ssize_t r = str_room(text, usual);

	if (!r)
		r = io_read_at(proc, path, text->p + text->len, usual);
	if (r == (ssize_t)usual - 1)
		return io_append_at(proc, path, text, max);
	if (r > 0)
		text->len += (size_t)r;
	return r;
}

/* The Groups line, which stands before those about namespaces and memory, may have 65,536 numbers
 * (setgroups(2)): what does not fit at first is read again as a whole. With `keep` it stays there,
 * and the NUL behind it. */
static int read_status(int proc, const char *path, unsigned want, struct str *keep, struct proc *p)
{
	char text[4096];
	struct str whole = { 0 }, *to = keep ? keep : &whole;
	size_t start = to->len;
	ssize_t len;
	int r;

	if (!keep) {
		len = io_read_at(proc, path, text, sizeof text);
		if (len <= 0)
			return len ? (int)len : -ESRCH;
		if ((size_t)len < sizeof text - 1)
			return proc_parse_status(text, (size_t)len, want, p);
	}
	len = read_whole(proc, path, to, 2 << 20);
	r = len > 0 ? str_add(to, "", 1) : len ? (int)len : -ESRCH;
	if (!r)
		r = proc_parse_status(to->p + start, (size_t)len, want, p);
	p->lines_len = keep ? keep->len - start : 0;
	str_free(&whole);
	return r;
}

/* The directory belongs to the effective ids. What has them from status saves the call; a foreign
 * one may lack them. */
static int read_owner(int proc, const char *path, struct proc *p)
{
	struct stat st;

	if (p->status_euid == (uid_t)-1) {
		if (fstatat(proc, path, &st, 0))
			return -errno;
		p->status_euid = st.st_uid;
		p->status_egid = st.st_gid;
	}
	p->euid = p->status_euid;
	p->egid = p->status_egid;
	return 0;
}

/* Reads the files of `want` but stat, whose names are put behind "PID" in path. */
static int read_others(int proc, char *path, char *name, unsigned want, struct str *text,
                       struct proc *p)
{
	ssize_t r = 0;

	p->status_euid = (uid_t)-1; /* no id */
	if (want & PROC_STATUS) {
		strcpy(name, "/status");
		r = read_status(proc, path, want, want & PROC_LINES ? text : NULL, p);
		if (r)
			return (int)r;
	}
	if (want & PROC_OWNER) {
		*name = 0;
		r = read_owner(proc, path, p);
		if (r)
			return (int)r;
	}
	if (want & PROC_CMDLINE) {
		strcpy(name, "/cmdline");
		r = read_whole(proc, path, text, PROC_TEXT);
		p->cmdline_len = r > 0 ? (size_t)r : 0; /* not ours to read: as if it had none */
	}
	if (want & PROC_CGROUP) {
		strcpy(name, "/cgroup");
		r = read_whole(proc, path, text, PROC_TEXT);
		p->cgroup_len = r > 0 ? (size_t)r : 0;
	}
	return r == -ENOMEM || r == -ESRCH ? (int)r : 0;
}

/* stat, when it is wanted, is opened before the others and read behind them: when there still is
 * something in it nobody else has had the number in between, and all is of the same process. */
static int read_files(int proc, char *path, char *name, unsigned want, struct str *text,
                      struct proc *p)
{
	int fd, r;

	if (!(want & PROC_STAT))
		return read_others(proc, path, name, want, text, p);
	strcpy(name, "/stat");
	fd = open_stat(proc, path);
	if (fd < 0)
		return fd;
	r = read_others(proc, path, name, want, text, p);
	if (!r)
		r = parse_open_stat(fd, want, p);
	close(fd);
	return r;
}

int proc_get(int proc, pid_t pid, unsigned want, struct str *text, struct proc *p)
{
	char room[PROC_PATH], *name = room + 11, *path; /* a number stands in front of the name */
	size_t start = text ? text->len : 0;
	int r;

	memset(p, 0, sizeof *p);
	path = pid ? str_decimal(name, (uint64_t)pid, 1) : memcpy(name - 4, "self", 4);
	r = read_files(proc, path, name, want, text, p);
	if (r)
		return r == -ENOENT ? -ESRCH : r;
	if (pid)
		p->pid = pid; /* its directory's: stat of a recorded tree may say otherwise */
	if (want & PROC_STATUS && !p->has_chain) {
		p->nspid[0] = p->pid;
		p->levels = 1;
	}
	if (text) {
		p->lines = text->p + start;
		p->cmdline = p->lines + p->lines_len;
		p->cgroup = p->cmdline + p->cmdline_len;
	}
	return 0;
}

int proc_mount_own(void)
{
	char own[16];
	uint64_t pid = 0;
	int proc = proc_mount(NULL);

	if (proc >= 0 && (io_link_at(proc, "self", own, sizeof own) < 0 ||
	                  str_number(own, INT32_MAX, &pid) || (pid_t)pid != getpid())) {
		close(proc);
		return -ENOENT;
	}
	return proc;
}

int proc_get_stat(int proc, pid_t pid, struct proc *p)
{
	char path[PROC_PATH];
	int fd, r;

	memset(p, 0, sizeof *p);
	proc_path(path, pid, "stat");
	fd = open_stat(proc, path);
	r = fd < 0 ? fd : parse_open_stat(fd, PROC_REST, p);
	if (fd >= 0)
		close(fd);
	p->pid = pid;
	return r == -ENOENT ? -ESRCH : r;
}

/* ---- the walk */

int proc_open(struct proc_walk *w, int proc, unsigned want)
{
	w->proc = proc;
	w->want = want;
	w->text = (struct str){ 0 };
	w->have = w->at = 0;
	w->fd = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return w->fd < 0 ? -errno : 0;
}

/* The next entry that is a number; 0 at the end, -errno. */
pid_t proc_next_pid(struct proc_walk *w)
{
	for (;;) {
		const struct sys_dirent *d;
		uint64_t pid;

		if (w->at == w->have) {
			int r = sys_getdents(w->fd, w->entries, sizeof w->entries);

			if (r <= 0)
				return r;
			w->have = (size_t)r;
			w->at = 0;
		}
		d = (const struct sys_dirent *)(w->entries + w->at);
		w->at += d->reclen;
		if (!str_number(d->name, INT32_MAX, &pid) && pid)
			return (pid_t)pid;
	}
}

int proc_next(struct proc_walk *w, struct proc *p)
{
	for (;;) {
		pid_t pid = proc_next_pid(w);
		int r;

		if (pid <= 0)
			return pid;
		w->text.len = 0;
		r = proc_get(w->proc, pid, w->want, &w->text, p);
		if (!r)
			return 1;
		if (r == -ENOMEM || r == -EMFILE || r == -ENFILE)
			return r;
	}
}

void proc_close(struct proc_walk *w)
{
	str_free(&w->text);
	close(w->fd);
}

int proc_is_ours(int proc)
{
	struct proc self;
	int r;

	if (proc_is_recorded(proc))
		return 0;
	r = proc_get(proc, 0, PROC_STATUS, NULL, &self);
	if (r)
		return r == -ESRCH ? 0 : r; /* ESRCH: we have no number there */
	/* The same number by chance in both namespaces still makes a chain of two. */
	return self.levels == 1 && self.nspid[0] == getpid();
}
