/* SPDX-License-Identifier: 0BSD */
/*
 * Masks and handlers stand in status; for a program that waits for signals there is where it
 * sleeps, and what for. What the program makes of it nobody knows.
 */
#include "disposition.h"
#include "io.h"
#include "sig.h"

#include <poll.h>
#include <string.h>

#define WHILE_NS 200000 /* more than one needs who is in the midst of a call */

/* What one thread does about it. Of several, the greatest counts: the kernel looks for one that
 * takes it. */
enum taker {
	TAKER_BLOCKS,
	TAKER_WAITS,
	TAKER_MAY_WAIT, /* or is open */
	TAKER_OPEN,
};

/* Where it sleeps, as far as it matters here. */
enum sleeper { SLEEP_UNKNOWN, SLEEP_NOT, SLEEP_ELSEWHERE, SLEEP_SIGWAIT };

/* What is known of a thread. While it is in sigtimedwait(2) the kernel takes the signals that it
 * waits for out of its mask. */
struct thread {
	int blocked;
	enum sleeper sleep;
	int in_set;  /* SLEEP_SIGWAIT: whether it waits for this one; -1: unknown */
	int handled; /* caught or ignored */
};

/* ---- pure */

/* Whether a mask in hexadecimal digits has a signal; -1 when it makes no sense. */
static int has(const char *mask, size_t len, int sig)
{
	size_t digit = (size_t)(sig - 1) / 4;
	int c, v;

	if (digit >= len)
		return -1;
	c = mask[len - 1 - digit] | 32;
	v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
	return v < 0 ? v : v >> ((sig - 1) % 4) & 1;
}

static enum taker taker(const struct thread *t)
{
	if (t->blocked)
		return TAKER_BLOCKS;
	if (t->sleep == SLEEP_SIGWAIT && (t->in_set < 0 ? !t->handled : t->in_set))
		return TAKER_WAITS;
	return t->sleep == SLEEP_UNKNOWN ? TAKER_MAY_WAIT : TAKER_OPEN;
}

/* has_fd: whether a signalfd(2) takes it when it is blocked; -1 is unknown, of all three. */
static enum disposition judge(enum taker most, int has_fd, int ignored, int caught)
{
	int blocks = most == TAKER_BLOCKS;

	if (ignored < 0 || caught < 0 || (blocks && has_fd < 0))
		return DISPOSITION_UNKNOWN;
	if (most == TAKER_WAITS || (blocks && has_fd))
		return DISPOSITION_WAITS;
	if (blocks)
		return DISPOSITION_BLOCKED;
	if (caught || ignored)
		return caught ? DISPOSITION_HANDLER : DISPOSITION_IGNORED;
	return most == TAKER_OPEN ? DISPOSITION_DEFAULT : DISPOSITION_UNKNOWN;
}

/* The first argument of the system call in which a thread is: "128 0x7ffc5c7a1c40 0x0 ...". */
static int first_argument(const char *text, uint64_t *v)
{
	const char *s = strchr(text, ' ');

	*v = 0;
	if (!s || strncmp(s, " 0x", 3))
		return -EPROTO;
	for (s += 3; *s && *s != ' '; s++) {
		int c = *s | 32;

		*v = *v << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return 0;
}

/* The names that the kernel has for it begin and end in various ways. */
static int is_sigtimedwait(const char *function)
{
	static const char name[] = "sigtimedwait";

	while ((function = strchr(function, *name)) && strncmp(function, name, sizeof name - 1))
		function++;
	return function != NULL;
}

const char *disposition_word(enum disposition d)
{
	static const char words[] = "unknown\0default\0ignored\0handler\0blocked\0waits";

	return d == DISPOSITION_ENDED ? NULL : words + d * sizeof "unknown";
}

/* ---- from /proc */

int disposition_mask(const struct proc *p, const char *key, int sig)
{
	size_t len;
	const char *mask = proc_line(p, key, &len);

	return mask ? has(mask, len, sig) : -1;
}

static int read_file(int dir, pid_t id, const char *file, char *text, size_t size)
{
	char path[PROC_PATH];

	proc_path(path, id, file);
	return io_read_at(dir, path, text, size) <= 0;
}

/* Whether a thread that is in sigtimedwait(2) waits for the signal, as its memory says: -1 when
 * that is not to be read. */
static int is_in_set(int dir, pid_t id, int sig)
{
	struct sys_sigset set;
	char path[PROC_PATH], text[256];
	uint64_t address;
	ssize_t n;
	int fd;

	if (read_file(dir, id, "syscall", text, sizeof text) || first_argument(text, &address))
		return -1;
	proc_path(path, id, "mem");
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -1;
	n = pread(fd, &set, sizeof set, (off_t)address);
	close(fd);
	return n == sizeof set ? sig_has(&set, sig) : -1;
}

/* Whether that is a signalfd(2) for it; -1 when it is not to be read what it is. */
static int takes(int dir, pid_t id, int fd, int sig)
{
	char file[32], text[512];
	struct proc info = { .lines = text };
	ssize_t r;

	str_format(file, sizeof file, "%d/fd/%d", id, fd);
	r = io_link_at(dir, file, text, sizeof text);
	if (r < 0 || strcmp(text, "anon_inode:[signalfd]"))
		return r == -EACCES || r == -EPERM ? -1 : 0;
	str_format(file, sizeof file, "fdinfo/%d", fd);
	if (read_file(dir, id, file, text, sizeof text))
		return -1;
	info.lines_len = strlen(text) + 1;
	return disposition_mask(&info, "sigmask", sig) > 0;
}

/* -1: that is not to be read. */
static int has_signalfd(int dir, pid_t id, int sig)
{
	struct proc_walk w;
	char path[PROC_PATH];
	pid_t fd = 0; /* for which a walk of processes does not look */
	int found, fds;

	proc_path(path, id, "fd");
	fds = openat(dir, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fds < 0)
		return -1;
	found = proc_open(&w, fds, 0);
	close(fds);
	if (found)
		return -1;
	do
		found = takes(dir, id, fd, sig);
	while (!found && (fd = proc_next_pid(&w)) > 0);
	proc_close(&w);
	return found;
}

static int is_dead(const struct proc *p)
{
	return p->state == 'Z' || p->state == 'X';
}

/* Without the right to know it the name in wchan is "0", as it is of a thread that runs, or that
 * could; only of the latter syscall says so. It is also "0" of one that has just gone to sleep,
 * until somebody looks at its system call (the scheduler's DELAY_DEQUEUE, Linux 6.12). */
static enum sleeper sleep_now(int dir, pid_t id)
{
	char text[128];

	for (int looked = 0; looked < 2; looked++) {
		if (!read_file(dir, id, "wchan", text, sizeof text) && strcmp(text, "0"))
			return is_sigtimedwait(text) ? SLEEP_SIGWAIT : SLEEP_ELSEWHERE;
		if (read_file(dir, id, "syscall", text, sizeof text))
			return SLEEP_UNKNOWN;
		if (*text == 'r')
			return SLEEP_NOT;
	}
	return SLEEP_ELSEWHERE;
}

/* Whether it has slept anew since `before`: then what was seen of it since is of two moments. */
static int has_slept(const struct proc *before, const struct proc *now)
{
	static const char key[] = "voluntary_ctxt_switches";
	size_t len, len_now;
	const char *count = proc_line(before, key, &len);
	const char *count_now = proc_line(now, key, &len_now);

	return count && count_now && (len != len_now || memcmp(count, count_now, len) != 0);
}

/* Nanoseconds on a processor; 0 where the kernel does not count (CONFIG_SCHED_INFO). */
static uint64_t ran_ns(int dir, pid_t id)
{
	char text[64];
	uint64_t ns = 0;

	if (read_file(dir, id, "schedstat", text, sizeof text))
		return 0;
	text[strcspn(text, " ")] = 0;
	str_number(text, INT64_MAX, &ns);
	return ns;
}

/* Its mask and where it sleeps stand in two files. And one that was woken in sigtimedwait(2), or is
 * about to sleep there, has the mask of that until it gets a processor: only who has run for a
 * while with such a mask is no such one. */
static enum taker taker_of(int dir, pid_t id, const struct proc *p, int sig, int handled)
{
	struct thread t = { .handled = handled };
	char text[2][4096];
	uint64_t run = 0, first_run = 0;
	struct proc seen = *p;

	if (sig == SIGKILL || sig == SIGSTOP)
		return TAKER_OPEN; /* nobody can wait for these */
	for (int tries = 0; tries < 20; tries++) {
		char *status = text[tries % 2];
		struct proc now = { .lines = status };

		if (disposition_mask(&seen, "SigBlk", sig) > 0)
			return TAKER_BLOCKS;
		t.sleep = sleep_now(dir, id);
		if (t.sleep == SLEEP_SIGWAIT)
			t.in_set = is_in_set(dir, id, sig);
		else if (t.sleep == SLEEP_NOT)
			run = ran_ns(dir, id);
		if (read_file(dir, id, "status", status, sizeof *text))
			break; /* it has ended */
		now.lines_len = strlen(now.lines) + 1;
		t.blocked = disposition_mask(&now, "SigBlk", sig) > 0;
		if (has_slept(&seen, &now)) /* its count stands behind the mask */
			first_run = 0;
		else if (t.sleep != SLEEP_NOT || !run || (first_run && run - first_run > WHILE_NS))
			return taker(&t);
		seen = now;
		if (t.sleep == SLEEP_NOT) {
			first_run = first_run ? first_run : run;
			poll(NULL, 0, 1);
		}
	}
	return TAKER_MAY_WAIT;
}

/* A signal for the process may be taken by any of its threads, but for those that have ended. */
static enum taker taker_of_all(int dir, int sig, int handled, int *has_fd)
{
	enum taker most = TAKER_BLOCKS;
	struct proc_walk w;
	struct proc p;
	pid_t last = 0;

	if (proc_open(&w, dir, PROC_STATUS | PROC_LINES))
		return most;
	while (most != TAKER_OPEN && proc_next(&w, &p) == 1) {
		enum taker one = is_dead(&p) ? most : taker_of(dir, p.pid, &p, sig, handled);

		last = is_dead(&p) ? last : p.pid;
		most = one > most ? one : most;
	}
	proc_close(&w);
	if (most == TAKER_BLOCKS && last)
		*has_fd = has_signalfd(dir, last, sig);
	return most;
}

enum disposition disposition_of(int dir, pid_t id, const struct proc *p, int sig, int alone)
{
	int ignored = disposition_mask(p, "SigIgn", sig);
	int caught = disposition_mask(p, "SigCgt", sig);
	int handled = ignored > 0 || caught > 0, has_fd = -1, tasks;
	enum taker most = TAKER_BLOCKS;
	char path[PROC_PATH];

	if (p->threads < 2 || alone) {
		if (is_dead(p))
			return DISPOSITION_ENDED;
		most = taker_of(dir, id, p, sig, handled);
		if (most == TAKER_BLOCKS)
			has_fd = has_signalfd(dir, id, sig);
		return judge(most, has_fd, ignored, caught);
	}
	proc_path(path, id, "task");
	tasks = openat(dir, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (tasks >= 0) {
		most = taker_of_all(tasks, sig, handled, &has_fd);
		close(tasks);
	}
	return judge(most, has_fd, ignored, caught);
}

enum disposition disposition(int proc, const struct proc *p, int sig)
{
	return disposition_of(proc, p->pid, p, sig, 0);
}
