/* SPDX-License-Identifier: 0BSD */
#include "proc.h"
#include "io.h"
#include "sys.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#define PF_KTHREAD 0x00200000 /* linux/sched.h; field 9 of proc_pid_stat(5) */

int proc_mount(const char *path)
{
	int fd = io_open_dir(path ? path : "/proc");
	struct stat st;

	if (!path && fd >= 0 && fstatat(fd, "self", &st, AT_SYMLINK_NOFOLLOW)) {
		close(fd);
		return -ENOENT; /* an empty directory */
	}
	return fd;
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
	if (pid)
		str_format(path, PROC_PATH, "%d/%s", pid, file);
	else
		str_format(path, PROC_PATH, "self/%s", file);
}

/* ---- stat */

/* Reads the next field, a decimal number with an optional sign, into *v. */
static int next_field(const char **s, int64_t *v)
{
	const char *p = *s;
	uint64_t n;
	int minus;

	while (*p == ' ')
		p++;
	minus = *p == '-';
	if (str_digits(p + minus, &p, UINT64_MAX, &n))
		return -EPROTO;
	*v = minus ? (int64_t)(0 - n) : (int64_t)n;
	*s = p;
	return 0;
}

/* Fields 4 to 41 of proc_pid_stat(5), of which a short or foreign procfs may lack the last. */
enum { FIRST_FIELD = 4, NEEDED_FIELD = 24, LAST_FIELD = 41 };

int proc_parse_stat(const char *text, size_t len, struct proc *p)
{
	const char *open = memchr(text, '(', len), *close = memrchr(text, ')', len), *s;
	int64_t f[LAST_FIELD + 1] = { 0 }, pid;

	s = text;
	if (!open || !close || close < open || next_field(&s, &pid) || pid <= 0 || pid > INT32_MAX)
		return -EPROTO;
	if (close[1] != ' ' || !close[2] || close[3] != ' ')
		return -EPROTO;
	s = close + 4;
	for (int i = FIRST_FIELD; i <= LAST_FIELD; i++)
		if (next_field(&s, &f[i])) {
			if (i <= NEEDED_FIELD)
				return -EPROTO;
			break;
		}
	if (f[4] < 0 || f[4] > INT32_MAX)
		return -EPROTO;
	p->comm_len = (unsigned)(close - open - 1);
	if (p->comm_len >= PROC_COMM)
		p->comm_len = PROC_COMM - 1;
	memcpy(p->comm, open + 1, p->comm_len);
	p->comm[p->comm_len] = 0;
	p->pid = (pid_t)pid;
	p->state = close[2];
	p->ppid = (pid_t)f[4];
	p->pgid = (pid_t)f[5];
	p->sid = (pid_t)f[6];
	p->tty = (int)f[7];
	p->tpgid = (pid_t)f[8];
	p->flags = (unsigned)f[9];
	p->minor_faults = (uint64_t)f[10];
	p->major_faults = (uint64_t)f[12];
	p->utime_ticks = (uint64_t)f[14];
	p->stime_ticks = (uint64_t)f[15];
	p->priority = (int)f[18];
	p->nice = (int)f[19];
	p->threads = (long)f[20];
	p->start_ticks = (uint64_t)f[22];
	p->vsize_bytes = (uint64_t)f[23];
	p->rss_pages = f[24];
	p->cpu = (int)f[39];
	p->rt_priority = (unsigned)f[40];
	p->policy = (int)f[41];
	p->kernel_thread = (p->flags & PF_KTHREAD) != 0;
	return 0;
}

/* ---- status */

/* Reads blank-separated numbers of a line; at most `max`. Returns how many. */
static int line_numbers(const char *s, uint64_t *v, int max)
{
	int n = 0;

	while (n < max) {
		while (*s == ' ' || *s == '\t')
			s++;
		if (str_digits(s, &s, UINT64_MAX, &v[n]))
			break;
		n++;
	}
	return n;
}

/* Undoes the escapes of a name in status: \n and \\ (proc_pid_status(5)). */
static void status_name(const char *s, size_t len, struct proc *p)
{
	unsigned n = 0;

	for (size_t i = 0; i < len && n < PROC_COMM - 1; i++) {
		if (s[i] == '\\' && i + 1 < len) {
			i++;
			p->comm[n++] = s[i] == 'n' ? '\n' : s[i];
		} else {
			p->comm[n++] = s[i];
		}
	}
	p->comm[n] = 0;
	p->comm_len = n;
}

static void status_chain(const char *s, struct proc *p)
{
	uint64_t v[PROC_LEVELS];
	int n = line_numbers(s, v, PROC_LEVELS);

	for (int i = 0; i < n; i++)
		p->nspid[i] = v[i] <= INT32_MAX ? (pid_t)v[i] : 0;
	p->levels = n;
	p->has_chain = n > 0;
}

/* The lines that are looked at; the others are skipped. */
enum {
	L_NAME,
	L_STATE,
	L_TGID,
	L_PID,
	L_PPID,
	L_UID,
	L_GID,
	L_NSPID,
	L_KTHREAD,
	L_SIZE,
	L_LOCK,
	L_RSS,
	L_THREADS
};
static const char status_keys[][10] = { "Name",  "State", "Tgid",   "Pid",     "PPid",
	                                "Uid",   "Gid",   "NSpid",  "Kthread", "VmSize",
	                                "VmLck", "VmRSS", "Threads" };

/* -EPROTO when there is no parent in it: a wrong one would draw a wrong tree. */
static int status_line(int key, const char *s, size_t len, struct proc *p)
{
	uint64_t v[2] = { 0 };
	int n = key == L_NAME || key == L_STATE || key == L_NSPID ? 0 : line_numbers(s, v, 2);

	switch (key) {
	case L_NAME:
		status_name(s, len, p);
		break;
	case L_STATE:
		p->state = *s;
		break;
	case L_TGID:
		p->tgid = (pid_t)v[0];
		break;
	case L_PID:
		p->pid = (pid_t)v[0];
		break;
	case L_PPID:
		if (!n || v[0] > INT32_MAX)
			return -EPROTO;
		p->ppid = (pid_t)v[0];
		break;
	case L_UID:
		p->ruid = (uid_t)v[0];
		p->status_euid = n > 1 ? (uid_t)v[1] : p->ruid;
		break;
	case L_GID:
		p->rgid = (gid_t)v[0];
		p->status_egid = n > 1 ? (gid_t)v[1] : p->rgid;
		break;
	case L_NSPID:
		status_chain(s, p);
		break;
	case L_KTHREAD:
		p->kernel_thread |= v[0] == 1;
		break;
	case L_SIZE:
		p->vm_size_kb = v[0];
		break;
	case L_LOCK:
		p->vm_lock_kb = v[0];
		break;
	case L_RSS:
		p->vm_rss_kb = v[0];
		break;
	case L_THREADS:
		p->threads = (long)v[0];
		break;
	}
	return 0;
}

int proc_parse_status(const char *text, size_t len, struct proc *p)
{
	const char *end = text + len;
	int seen = 0;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		const char *colon = memchr(text, ':', (size_t)(stop - text));

		for (int i = 0; colon && i < (int)(sizeof status_keys / sizeof *status_keys); i++) {
			size_t key = strlen(status_keys[i]);

			if ((size_t)(colon - text) != key || memcmp(text, status_keys[i], key))
				continue;
			colon++;
			if (colon < stop && *colon == '\t')
				colon++;
			if (status_line(i, colon, (size_t)(stop - colon), p))
				return -EPROTO;
			seen |= 1 << i;
		}
		text = stop + 1;
	}
	return seen & 1 << L_NAME && seen & 1 << L_PPID ? 0 : -EPROTO;
}

/* ---- one process */

static int read_stat(int proc, const char *path, struct proc *p)
{
	char text[2048];
	ssize_t len = io_read_at(proc, path, text, sizeof text);

	return len < 0 ? (int)len : len == 0 ? -ESRCH : proc_parse_stat(text, (size_t)len, p);
}

/* The Groups line, which stands before those about namespaces and memory, may have 65,536 numbers
 * (setgroups(2)): what does not fit at first is read again as a whole. */
static int read_status(int proc, const char *path, struct proc *p)
{
	char text[4096];
	struct str whole = { 0 };
	ssize_t len = io_read_at(proc, path, text, sizeof text);
	int r;

	if (len <= 0)
		return len ? (int)len : -ESRCH;
	if ((size_t)len < sizeof text - 1)
		return proc_parse_status(text, (size_t)len, p);
	len = io_append_at(proc, path, &whole, 2 << 20);
	r = len > 0 ? str_add(&whole, "", 1) : len ? (int)len : -ESRCH;
	if (!r)
		r = proc_parse_status(whole.p, (size_t)len, p);
	str_free(&whole);
	return r;
}

/* Reads the files of `want`, whose names are put behind "PID" in path. */
static int read_files(int proc, char *path, char *name, unsigned want, struct str *text,
                      struct proc *p)
{
	ssize_t r = 0;

	if (want & PROC_OWNER) {
		struct stat st;

		if (fstatat(proc, path, &st, 0))
			return -errno;
		p->euid = st.st_uid;
		p->egid = st.st_gid;
	}
	if (want & PROC_STATUS) {
		strcpy(name, "/status");
		r = read_status(proc, path, p);
		if (r)
			return (int)r;
	}
	if (want & PROC_STAT) {
		strcpy(name, "/stat");
		r = read_stat(proc, path, p);
		if (r)
			return (int)r;
	}
	if (want & PROC_CMDLINE) {
		strcpy(name, "/cmdline");
		r = io_append_at(proc, path, text, PROC_TEXT);
		p->cmdline_len = r > 0 ? (size_t)r : 0; /* not ours to read: as if it had none */
	}
	if (want & PROC_CGROUP) {
		strcpy(name, "/cgroup");
		r = io_append_at(proc, path, text, PROC_TEXT);
		p->cgroup_len = r > 0 ? (size_t)r : 0;
	}
	return r == -ENOMEM || r == -ESRCH ? (int)r : 0;
}

int proc_get(int proc, pid_t pid, unsigned want, struct str *text, struct proc *p)
{
	char path[32];
	size_t start = text ? text->len : 0;
	size_t len = str_format(path, sizeof path, pid ? "%d" : "self", pid);
	int r;

	memset(p, 0, sizeof *p);
	r = read_files(proc, path, path + len, want, text, p);
	if (r)
		return r == -ENOENT ? -ESRCH : r;
	if (pid)
		p->pid = pid; /* the name of its directory: stat of a recorded tree may say
		                 otherwise */
	if (want & PROC_STATUS && !p->has_chain) {
		p->nspid[0] = p->pid;
		p->levels = 1;
	}
	if (text) {
		p->cmdline = text->p + start;
		p->cgroup = p->cmdline + p->cmdline_len;
	}
	return 0;
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
static int64_t next_pid(struct proc_walk *w)
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
			return (int64_t)pid;
	}
}

int proc_next(struct proc_walk *w, struct proc *p)
{
	for (;;) {
		int64_t pid = next_pid(w);
		int r;

		if (pid <= 0)
			return (int)pid;
		w->text.len = 0;
		r = proc_get(w->proc, (pid_t)pid, w->want, &w->text, p);
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
	struct statfs fs;
	struct proc self;
	int r;

	if (fstatfs(proc, &fs))
		return -errno;
	if (fs.f_type != SYS_PROC_SUPER_MAGIC)
		return 0; /* a recording */
	r = proc_get(proc, 0, PROC_STATUS, NULL, &self);
	if (r)
		return r == -ESRCH ? 0 : r; /* ESRCH: we have no number there */
	/* The same number by chance in both namespaces still makes a chain of two. */
	return self.levels == 1 && self.nspid[0] == getpid();
}
