/* SPDX-License-Identifier: 0BSD */
/*
 * The columns of ps whose value is in a file of its own, which is read only for them. What cannot
 * be read has no value; procps writes a number there in some columns, and so do we.
 */
#include "ps.h"
#include "io.h"
#include "sys.h"

#include <string.h>
#include <sys/stat.h>

/* libc's functions for this take 2.5 KB: they have a table to be fast in long texts. */
const char *ps_find(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (; len >= n; len--, text++)
		if (!memcmp(text, word, n))
			return text;
	return NULL;
}

/* ---- directories */

/* Of few entries. */
struct names {
	int fd;
	int have, at;
	char entries[2048] __attribute__((aligned(8)));
};

static int names_open(struct names *n, int dir, const char *path)
{
	n->have = n->at = 0;
	n->fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return n->fd < 0 ? -errno : 0;
}

static const char *names_next(struct names *n)
{
	for (;;) {
		const struct sys_dirent *d;

		if (n->at == n->have) {
			n->at = 0;
			n->have = sys_getdents(n->fd, n->entries, sizeof n->entries);
			if (n->have <= 0) {
				n->have = 0;
				return NULL;
			}
		}
		d = (const struct sys_dirent *)(const void *)(n->entries + n->at);
		n->at += d->reclen;
		if (*d->name != '.')
			return d->name;
	}
}

static void names_close(struct names *n)
{
	close(n->fd);
}

/* ---- numbers */

/* The line, or the word, where it stands; and what is shown when it does not: no value, if NOTHING.
 */
enum { NOTHING = 1 };
static const struct {
	char file[14];
	char key[24];
	signed char otherwise;
} numbers[] = {
	[NUMBER_OOM] = { "oom_score", "", 0 },
	[NUMBER_OOM_ADJUST] = { "oom_score_adj", "", 0 },
	[NUMBER_LOGIN_UID] = { "loginuid", "", NOTHING },
	[NUMBER_GROUP] = { "autogroup", "/autogroup-", -1 },
	[NUMBER_GROUP_NICE] = { "autogroup", "nice ", 0 },
	[NUMBER_READ_BYTES] = { "io", "read_bytes: ", 0 },
	[NUMBER_READ_CHARS] = { "io", "rchar: ", 0 },
	[NUMBER_READ_CALLS] = { "io", "syscr: ", 0 },
	[NUMBER_WRITE_BYTES] = { "io", "write_bytes: ", 0 },
	[NUMBER_WRITE_CHARS] = { "io", "wchar: ", 0 },
	[NUMBER_WRITE_CALLS] = { "io", "syscw: ", 0 },
	[NUMBER_CANCELLED_BYTES] = { "io", "cancelled_write_bytes: ", 0 },
	[NUMBER_PSS] = { "smaps_rollup", "Pss:", 0 },
	[NUMBER_HUGE_PRIVATE] = { "smaps_rollup", "Private_Hugetlb:", 0 },
	[NUMBER_HUGE_SHARED] = { "smaps_rollup", "Shared_Hugetlb:", 0 },
	[NUMBER_USS] = { "smaps_rollup", "Private_Clean:", 0 },
	[NUMBER_PRIVATE_DIRTY] = { "smaps_rollup", "Private_Dirty:", 0 },
};

/* The text of a file, which the next column may want as well. */
static const char *number_text(const struct ps_row *r, const char *file)
{
	struct ps_files *f = &r->ps->facts.files;
	char path[PROC_PATH];
	/* It belongs to the process: there is none below task. */
	int dir = r->tid == r->p->pid && !strcmp(file, "autogroup") ? r->ps->proc : r->dir;

	if (f->number_file && !strcmp(f->number_file, file) && f->number_id == r->id &&
	    f->number_dir == dir)
		return f->numbers;
	f->number_file = file;
	f->number_id = r->id;
	f->number_dir = dir;
	*f->numbers = 0;
	proc_path(path, r->id, file);
	io_read_at(dir, path, f->numbers, sizeof f->numbers);
	return f->numbers;
}

/* The number behind a word that begins a line or follows a blank. */
static int find_number(const char *text, const char *key, int64_t *v)
{
	const char *s = text;
	uint64_t n;
	int minus;

	while ((s = ps_find(s, strlen(s), key)) && s > text && s[-1] != '\n' && s[-1] != ' ')
		s++;
	if (!s)
		return -ENOENT;
	s += strlen(key);
	while (*s == ' ')
		s++;
	minus = *s == '-';
	if (str_digits(s + minus, &s, INT64_MAX, &n))
		return -EPROTO;
	*v = minus ? -(int64_t)n : (int64_t)n;
	return 0;
}

static int file_number(const struct ps_row *r, enum ps_number which, int64_t *v)
{
	int64_t more = 0;
	int err = find_number(number_text(r, numbers[which].file), numbers[which].key, v);

	if (!err && which == NUMBER_USS)
		err = file_number(r, NUMBER_PRIVATE_DIRTY, &more);
	*v += more;
	if (!err && which == NUMBER_LOGIN_UID) {
		if (*v == UINT32_MAX)
			return -ENOENT; /* it has logged in nowhere */
		if (ps_is_in(r->ps))
			*v = pidns_id(&r->ps->ns, (uint32_t)*v, 0);
	}
	return err;
}

/* Linux 6.2 and later say it without the right to look into it. */
static int count_descriptors(const struct ps_row *r, int64_t *v)
{
	struct names names;
	struct stat st;
	char path[PROC_PATH];
	int err;

	proc_path(path, r->id, "fd");
	if (!fstatat(r->dir, path, &st, 0) && st.st_size) {
		*v = st.st_size;
		return 0;
	}
	err = names_open(&names, r->dir, path);
	if (err)
		return err;
	for (*v = 0; names_next(&names); ++*v)
		;
	names_close(&names);
	return 0;
}

/* The NUMA node of a processor, or -1; a machine without the one has no answer. */
static int find_node(struct ps_files *f, int cpu, int64_t *v)
{
	char path[64];
	struct names names;
	const char *name;
	uint64_t node;

	if (f->cpu != cpu + 1) {
		f->cpu = cpu + 1;
		f->node = -1;
		str_format(path, sizeof path, "/sys/devices/system/cpu/cpu%d", cpu);
		if (!names_open(&names, AT_FDCWD, path)) {
			while ((name = names_next(&names)))
				if (!strncmp(name, "node", 4) &&
				    !str_number(name + 4, INT32_MAX, &node))
					f->node = (int)node;
			names_close(&names);
		}
	}
	*v = f->node;
	return f->node < 0 && access("/sys/devices/system/node", F_OK) ? -ENOENT : 0;
}

static int inode_of(const struct out_col *col, const struct ps_row *r, uint64_t *inode)
{
	switch (col->show) {
	case SHOW_NS:
		return ns_id(r->dir, r->id, (enum ns_kind)col->of, inode);
	case SHOW_NSCHILD:
		return ps_ns_children(r, inode);
	default:
		return ps_pid_inode(r, inode);
	}
}

/* An inode has all of 64 bits: it is its digits as well. */
static int inode_value(const struct out_col *col, const struct ps_row *r, struct filter_value *v)
{
	char *end = r->ps->facts.files.text + 24;
	uint64_t inode;
	int err = inode_of(col, r, &inode);

	if (err)
		return err;
	v->number = (int64_t)inode;
	v->text = ps_digits(end, inode, 1);
	v->len = (size_t)(end - v->text);
	return 0;
}

static int number_value(const struct out_col *col, const struct ps_row *r, struct filter_value *v)
{
	switch (col->show) {
	case SHOW_FILE:
		return CFG_PS_FILES ? file_number(r, (enum ps_number)col->of, &v->number) : -ENOENT;
	case SHOW_FDS:
		return count_descriptors(r, &v->number);
	case SHOW_NUMA:
		return CFG_PS_FILES ? find_node(&r->ps->facts.files, r->p->cpu, &v->number)
		                    : -ENOENT;
	case SHOW_NSINIT:
		v->number = ps_ns_init(r);
		return v->number ? 0 : -ENOENT;
	default:
		return inode_value(col, r, v);
	}
}

/* ---- texts */

/* The kernel's function that it sleeps in; "0" is none, or none for us to know. */
static const char *wchan(const struct ps_row *r)
{
	char *text = r->ps->facts.files.text, path[PROC_PATH];
	ssize_t len;

	proc_path(path, r->id, "wchan");
	len = io_read_at(r->dir, path, text, sizeof r->ps->facts.files.text);
	if (len <= 0)
		return "?";
	text += strspn(text, "._");
	return strcmp(text, "0") ? text : "";
}

static const char *exe(const struct ps_row *r)
{
	struct ps_files *f = &r->ps->facts.files;
	char path[PROC_PATH];

	proc_path(path, r->id, "exe");
	return io_link_at(r->dir, path, f->text, sizeof f->text) < 0 ? NULL : f->text;
}

/* The label of its security module (LSM): names of printable characters. */
static const char *label(const struct ps_row *r)
{
	struct ps_files *f = &r->ps->facts.files;
	char path[PROC_PATH];
	ssize_t len;

	proc_path(path, r->id, "attr/current");
	len = io_read_at(r->dir, path, f->text, sizeof f->text);
	if (len <= 0)
		return NULL;
	f->text[out_plain(f->text, (size_t)len)] = 0;
	return f->text;
}

/* With blanks between the variables. */
static struct cgroup_part environment(const struct ps_row *r)
{
	struct str *line = &r->ps->line;
	char path[PROC_PATH];

	line->len = 0;
	proc_path(path, r->id, "environ");
	if (io_append_at(r->dir, path, line, PROC_TEXT) <= 0)
		return (struct cgroup_part){ "", 0 };
	while (line->len && !line->p[line->len - 1])
		line->len--;
	for (size_t i = 0; i < line->len; i++)
		if (!line->p[i] || line->p[i] == '\n')
			line->p[i] = ' ';
	return (struct cgroup_part){ line->p, line->len };
}

static struct cgroup_part text_value(const struct out_col *col, const struct ps_row *r)
{
	const char *text;

	switch (col->show) {
	case SHOW_CGROUP:
		return CFG_PS_CGROUP ? ps_cgroup_value((enum ps_cgroup)col->of, r)
		                     : (struct cgroup_part){ NULL, 0 };
	case SHOW_ENVIRON:
		return environment(r);
	case SHOW_TTY:
		text = ps_tty(r);
		break;
	case SHOW_WCHAN:
		text = wchan(r);
		break;
	case SHOW_EXE:
		text = exe(r);
		break;
	case SHOW_LABEL:
		text = label(r);
		break;
	case SHOW_REAPER:
		text = ps_reaper(r);
		break;
	default:
		text = CFG_PS_SIGTERM ? ps_sigterm(r) : NULL;
		break;
	}
	return (struct cgroup_part){ text, text ? strlen(text) : 0 };
}

/* ---- cells */

void ps_value_file(const struct out_col *col, const struct ps_row *r, struct filter_value *v)
{
	struct cgroup_part text;

	*v = (struct filter_value){ .kind = FILTER_UNKNOWN };
	if (col->show < SHOW_FILE_TEXTS) {
		if (!number_value(col, r, v))
			v->kind = FILTER_NUMBER;
		return;
	}
	text = text_value(col, r);
	if (!text.len)
		return;
	v->kind = FILTER_TEXT;
	v->text = text.p;
	v->len = text.len;
}

/* What stands where there is no value. */
static void show_none(struct out_table *t, const struct out_col *col)
{
	if (col->show == SHOW_FILE && numbers[col->of].otherwise != NOTHING)
		out_cell_signed(t, numbers[col->of].otherwise);
	else if (col->show == SHOW_TTY)
		out_cell_text(t, "?");
	else
		out_cell_none(t);
}

/* pts/7 is 7, and ttyS0 S0. */
static void shorten(struct filter_value *v)
{
	size_t skip = v->len > 4 && !memcmp(v->text, "pts/", 4)  ? 4
	              : v->len > 3 && !memcmp(v->text, "tty", 3) ? 3
	                                                         : 0;

	v->text += skip;
	v->len -= skip;
}

void ps_show_file(struct out_table *t, const struct out_col *col, const struct ps_row *r)
{
	struct filter_value v;

	ps_value_file(col, r, &v);
	if (col->show == SHOW_TTY && col->of == TTY_SHORT)
		shorten(&v);
	if (v.kind == FILTER_UNKNOWN)
		show_none(t, col);
	else if (!v.text)
		out_cell_signed(t, v.number);
	else
		out_cell(t, v.text, v.len);
}
