/* SPDX-License-Identifier: 0BSD */
#include "system.h"
#include "die.h"
#include "io.h"
#include "str.h"

#include <string.h>

#define TEXT_MAX 65536
#define SOON 2   /* times the base: who ends before that ends soon */
#define LATER 10 /* who lives longer is forgiven */
#define FREE 4   /* so often soon for nothing */

struct entry *table_entries(const struct table *t, size_t *count)
{
	*count = t->list.len / sizeof(struct entry);
	return (struct entry *)(void *)t->list.p;
}

struct entry *table_find(const struct table *t, const struct inittab_line *line)
{
	size_t n;
	struct entry *e = table_entries(t, &n);

	for (; n; e++, n--)
		if (!strcmp(e->line.tty, line->tty) && !strcmp(e->line.command, line->command))
			return e;
	return NULL;
}

int table_add(struct table *t, const struct inittab_line *line)
{
	struct entry new = { .line = *line }, *old = table_find(t, line);
	size_t behind;

	if (old) {
		behind = t->list.len - (size_t)((char *)(old + 1) - t->list.p);
		memmove(old, old + 1, behind);
		t->list.len -= sizeof new;
	}
	return str_add(&t->list, (const char *)&new, sizeof new);
}

static int add_lines(struct table *t, const char *name, unsigned *bad)
{
	char *at = t->text.p;
	struct inittab_line line;
	unsigned number = 0;
	int r, err = 0;

	while (!err && (r = inittab_next(&at, &number, &line))) {
		if (r > 0 && CFG_INIT_SERVICE && t->services)
			r = inittab_words(&line);
		if (r > 0) {
			err = table_add(t, &line);
			continue;
		}
		warn(0, "%s: line %u is no entry: %s", name, number, line.wrong);
		++*bad;
	}
	if (t->cut)
		t->cut = number + !number;
	return err;
}

int table_read(struct table *t, const char *file, unsigned *bad)
{
	ssize_t n = io_append_at(AT_FDCWD, file, &t->text, TEXT_MAX + 1);

	*bad = 0;
	if (n < 0)
		return (int)n;
	if (n > TEXT_MAX)
		return -EFBIG;
	t->cut = !n || t->text.p[n - 1] != '\n';
	for (char *p = t->text.p; p < t->text.p + n; p++)
		*p = *p ? *p : 1; /* a NUL would hide what stands behind it */
	if (str_add(&t->text, "", 1))
		return -ENOMEM;
	return add_lines(t, file, bad);
}

/* Those of the kernel's that are there without a device answer with an error. */
static int is_there(const char *path)
{
	int fd = sys_open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int table_built_in(struct table *t, int single)
{
	unsigned bad;
	int r = 0;

	if (!single && !access("/etc/init.d/rcS", F_OK))
		r = str_puts(&t->text, "::sysinit:/etc/init.d/rcS\n");
	if (!r)
		r = str_puts(&t->text, single ? "::respawn:-/bin/sh\n"
		                              : "::ctrlaltdel:reboot\n::restart:init\n"
		                                "::askfirst:-/bin/sh\n");
	for (char number = '2'; !single && !r && number <= '4'; number++) {
		char line[48], path[16];

		str_format(path, sizeof path, "/dev/tty%c", number);
		str_format(line, sizeof line, "%s::askfirst:-/bin/sh\n", path);
		r = is_there(path) ? str_puts(&t->text, line) : 0;
	}
	if (!r)
		r = str_add(&t->text, "", 1);
	return r ? r : add_lines(t, "", &bad);
}

/* What runs and stands in the new table no more: without an action, but it is found when it comes
 * back before it has ended. There is room for its words. */
static int remember(struct table *t, const struct entry *was)
{
	struct entry e = *was;
	size_t tty = t->gone.len, command = tty + strlen(was->line.tty) + 1;

	str_add(&t->gone, was->line.tty, command - tty);
	str_add(&t->gone, was->line.command, strlen(was->line.command) + 1);
	e.line = (struct inittab_line){ .tty = t->gone.p + tty, .command = t->gone.p + command };
	return str_add(&t->list, (const char *)&e, sizeof e);
}

static int keep(struct table *new, const struct entry *was, size_t n)
{
	int r = 0;

	for (; !r && n; was++, n--) {
		struct entry *e = table_find(new, &was->line);

		if (e) {
			struct inittab_line line = e->line;

			*e = *was;
			e->line = line;
		} else if (was->pid) {
			r = remember(new, was);
		}
	}
	return r;
}

int table_replace(struct table *t, struct table *new)
{
	size_t n, room = 0;
	const struct entry *was = table_entries(t, &n);
	int r;

	for (size_t i = 0; i < n; i++)
		if (was[i].pid)
			room += strlen(was[i].line.tty) + strlen(was[i].line.command) + 2;
	r = str_room(&new->gone, room); /* now, as the entries point into it */
	if (!r)
		r = keep(new, was, n);
	if (r)
		return r;
	table_free(t);
	*t = *new;
	return 0;
}

void table_free(struct table *t)
{
	str_free(&t->text);
	str_free(&t->gone);
	str_free(&t->list);
}

/* ---- back-off */

/* So that sums and products fit. */
static uint64_t bounded(uint64_t ns)
{
	const uint64_t year = 365ull * 86400 * 1000000000;

	return ns < year ? ns : year;
}

uint64_t backoff_steady(const struct backoff *b, const struct entry *e)
{
	return e->started_ns + LATER * bounded(b->base_ns);
}

uint64_t backoff_next(const struct backoff *b, struct entry *e, uint64_t now_ns)
{
	uint64_t wait = bounded(b->base_ns), limit = bounded(b->limit_ns);

	e->row++;
	if (now_ns >= backoff_steady(b, e))
		e->quick = e->row = 0;
	else if (now_ns - e->started_ns < SOON * wait)
		e->quick += e->quick < 64 + FREE;
	if (e->quick <= FREE)
		return now_ns;
	for (unsigned i = FREE + 1; i < e->quick && wait < limit; i++)
		wait *= 2;
	return now_ns + (wait < limit ? wait : limit);
}
