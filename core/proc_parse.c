/* SPDX-License-Identifier: 0BSD */
/* The texts of /proc/PID/stat and /proc/PID/status: what a listing of all processes does most. */
#include "proc.h"
#include "sys.h"

#include <string.h>

#define PF_KTHREAD 0x00200000 /* linux/sched.h; field 9 of proc_pid_stat(5) */

/* Reads up to `max` decimal numbers with blanks in front of each; a negative one comes out in two's
 * complement. Returns how many. str_digits, with a limit of its own, is not fast enough. */
static int line_numbers(const char *s, uint64_t *v, int max)
{
	int i;

	for (i = 0; i < max; i++) {
		const char *first;
		uint64_t n = 0;
		unsigned digit;
		int minus;

		while (*s == ' ' || *s == '\t')
			s++;
		minus = *s == '-';
		for (first = s += minus; (digit = (unsigned)*s - '0') < 10; s++) {
			if (n >= UINT64_MAX / 10 &&
			    (n > UINT64_MAX / 10 || digit > UINT64_MAX % 10))
				return i;
			n = n * 10 + digit;
		}
		if (s == first)
			break;
		v[i] = minus ? 0 - n : n;
	}
	return i;
}

/* ---- stat */

/* Fields 4 to 41 of proc_pid_stat(5), of which a short or foreign procfs may lack the last. */
enum { FIRST_FIELD = 4, NEEDED_FIELD = 24, LAST_FIELD = 41 };

/* memrchr(3), but from the front, where the name stands: memchr(3) takes a word at a time. */
static const char *last_of(const char *text, char c, size_t len)
{
	const char *end = text + len, *last = NULL;

	while (text && (text = memchr(text, c, (size_t)(end - text))))
		last = text++;
	return last;
}

int proc_parse_stat(const char *text, size_t len, unsigned want, struct proc *p)
{
	const char *open = memchr(text, '(', len), *close = last_of(text, ')', len);
	uint64_t f[LAST_FIELD + 1] = { 0 }, pid;
	int last = want & PROC_REST ? LAST_FIELD : NEEDED_FIELD, n;

	if (!open || !close || close < open || !line_numbers(text, &pid, 1) || !pid ||
	    pid > INT32_MAX)
		return -EPROTO;
	if (close[1] != ' ' || !close[2] || close[3] != ' ')
		return -EPROTO;
	n = line_numbers(close + 4, f + FIRST_FIELD, last - FIRST_FIELD + 1);
	if (FIRST_FIELD + n <= NEEDED_FIELD || f[4] > INT32_MAX)
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
	p->child_minor_faults = (uint64_t)f[11];
	p->major_faults = (uint64_t)f[12];
	p->child_major_faults = (uint64_t)f[13];
	p->utime_ticks = (uint64_t)f[14];
	p->stime_ticks = (uint64_t)f[15];
	p->child_utime_ticks = (uint64_t)f[16];
	p->child_stime_ticks = (uint64_t)f[17];
	p->priority = (int)f[18];
	p->nice = (int)f[19];
	p->threads = (long)f[20];
	p->start_ticks = (uint64_t)f[22];
	p->vsize_bytes = (uint64_t)f[23];
	p->rss_pages = f[24];
	p->rss_limit_bytes = (uint64_t)f[25];
	p->start_code = (uint64_t)f[26];
	p->end_code = (uint64_t)f[27];
	p->start_stack = (uint64_t)f[28];
	p->stack_pointer = (uint64_t)f[29];
	p->instruction_pointer = (uint64_t)f[30];
	p->cpu = (int)f[39];
	p->rt_priority = (unsigned)f[40];
	p->policy = (int)f[41];
	p->kernel_thread = (p->flags & PF_KTHREAD) != 0;
	/* Who has been waited for since the file was opened has no group and no thread any more. */
	return p->pgid == -1 && !p->threads ? -ESRCH : 0;
}

/* ---- status */

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

/* Of a line Uid or Gid: real, effective, saved, of the file system. What is missing is as the one
 * before it. */
static void status_ids(const char *s, uint32_t id[4])
{
	uint64_t v[4] = { 0 };

	for (int i = line_numbers(s, v, 4); i < 4; i++)
		v[i] = i ? v[i - 1] : 0;
	for (int i = 0; i < 4; i++)
		id[i] = (uint32_t)v[i];
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
	L_THREADS,
	L_COUNT
};
static const char status_keys[L_COUNT][9] = { "Name:",  "State:", "Tgid:",   "Pid:",     "PPid:",
	                                      "Uid:",   "Gid:",   "NSpid:",  "Kthread:", "VmSize:",
	                                      "VmLck:", "VmRSS:", "Threads:" };

/* -EPROTO when there is no parent in it: a wrong one would draw a wrong tree. */
static int status_line(int key, const char *s, size_t len, struct proc *p)
{
	uint64_t v = 0;
	uint32_t id[4];

	if (key == L_UID || key == L_GID)
		status_ids(s, id);
	else if (key > L_STATE && key != L_NSPID && !line_numbers(s, &v, 1) && key == L_PPID)
		return -EPROTO;
	switch (key) {
	case L_NAME:
		status_name(s, len, p);
		break;
	case L_STATE:
		p->state = *s;
		break;
	case L_TGID:
		p->tgid = (pid_t)v;
		break;
	case L_PID:
		p->pid = (pid_t)v;
		break;
	case L_PPID:
		if (v > INT32_MAX)
			return -EPROTO;
		p->ppid = (pid_t)v;
		break;
	case L_UID:
		p->ruid = id[0], p->status_euid = id[1], p->suid = id[2], p->fsuid = id[3];
		break;
	case L_GID:
		p->rgid = id[0], p->status_egid = id[1], p->sgid = id[2], p->fsgid = id[3];
		break;
	case L_NSPID:
		status_chain(s, p);
		break;
	case L_KTHREAD:
		p->kernel_thread |= v == 1;
		break;
	case L_SIZE:
		p->vm_size_kb = v;
		break;
	case L_LOCK:
		p->vm_lock_kb = v;
		break;
	case L_RSS:
		p->vm_rss_kb = v;
		break;
	case L_THREADS:
		p->threads = (long)v;
		break;
	}
	return 0;
}

/* What follows the key of a line, which ends in a colon, and the tab; NULL when it has another. */
static const char *behind_key(const char *line, const char *key)
{
	while (*key && *key == *line) {
		key++;
		line++;
	}
	return *key ? NULL : line + (*line == '\t');
}

/* Which of the lines it can be: they differ in their first four bytes. */
static int line_key(const char *line)
{
	const unsigned char *s = (const unsigned char *)line;

#define KEY(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))
	switch (KEY(s[0], s[1], s[2], s[3])) {
	case KEY('N', 'a', 'm', 'e'):
		return L_NAME;
	case KEY('S', 't', 'a', 't'):
		return L_STATE;
	case KEY('T', 'g', 'i', 'd'):
		return L_TGID;
	case KEY('P', 'i', 'd', ':'):
		return L_PID;
	case KEY('P', 'P', 'i', 'd'):
		return L_PPID;
	case KEY('U', 'i', 'd', ':'):
		return L_UID;
	case KEY('G', 'i', 'd', ':'):
		return L_GID;
	case KEY('N', 'S', 'p', 'i'):
		return L_NSPID;
	case KEY('K', 't', 'h', 'r'):
		return L_KTHREAD;
	case KEY('V', 'm', 'S', 'i'):
		return L_SIZE;
	case KEY('V', 'm', 'L', 'c'):
		return L_LOCK;
	case KEY('V', 'm', 'R', 'S'):
		return L_RSS;
	case KEY('T', 'h', 'r', 'e'):
		return L_THREADS;
	}
	return L_COUNT;
}

/* The lines that need not be looked for. */
static unsigned known_lines(unsigned want)
{
	unsigned known = 0;

	if (want & PROC_STAT) /* which has them, too */
		known = 1u << L_NAME | 1u << L_STATE | 1u << L_PPID | 1u << L_KTHREAD |
		        1u << L_THREADS;
	if (!(want & PROC_MEMORY))
		known |= 1u << L_SIZE | 1u << L_LOCK | 1u << L_RSS | 1u << L_THREADS;
	return known;
}

int proc_parse_status(const char *text, size_t len, unsigned want, struct proc *p)
{
	const unsigned all = (1u << L_COUNT) - 1;
	const char *end = text + len, *stop;
	unsigned seen = known_lines(want);

	for (; text < end && seen != all; text = stop + 1) {
		const char *value;
		int key;

		stop = memchr(text, '\n', (size_t)(end - text));
		if (!stop)
			stop = end;
		key = stop - text < 4 ? L_COUNT : line_key(text);
		if (key == L_COUNT || seen >> key & 1 ||
		    !(value = behind_key(text, status_keys[key])))
			continue;
		if (status_line(key, value, (size_t)(stop - value), p))
			return -EPROTO;
		seen |= 1u << key;
	}
	if (!(seen & 1 << L_NAME && seen & 1 << L_PPID))
		return -EPROTO;
	return seen & 1 << L_TGID && !p->tgid ? -ESRCH : 0; /* as in stat */
}

const char *proc_line(const struct proc *p, const char *key, size_t *len)
{
	const char *s = p->lines, *end = s + p->lines_len - (p->lines_len != 0), *stop;
	size_t key_len = strlen(key);

	for (; s < end; s = stop + 1) {
		stop = memchr(s, '\n', (size_t)(end - s));
		if (!stop)
			stop = end;
		if ((size_t)(stop - s) <= key_len || memcmp(s, key, key_len) || s[key_len] != ':')
			continue;
		s += key_len + 1;
		while (s < stop && (*s == ' ' || *s == '\t'))
			s++;
		while (s < stop && stop[-1] == ' ')
			stop--;
		*len = (size_t)(stop - s);
		return s;
	}
	return NULL;
}

int proc_line_numbers(const struct proc *p, const char *key, uint64_t *v, int max)
{
	size_t len;
	const char *s = proc_line(p, key, &len);

	return s ? line_numbers(s, v, max) : 0;
}
