/* SPDX-License-Identifier: 0BSD */
/*
 * The name of a terminal, of which /proc/PID/stat has but the number. A name counts when it is in
 * our /dev, as a device of that number. In a container that has no /dev nothing can be looked up:
 * there the number alone tells the name that it usually has.
 */
#include "ps.h"
#include "io.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* A number as /proc/PID/stat has it: minor 0 to 7, major 8 to 19, the rest of minor. */
static unsigned tty_major(unsigned tty)
{
	return tty >> 8 & 0xfff;
}

static unsigned tty_minor(unsigned tty)
{
	return (tty & 0xff) | (tty >> 12 & 0xfff00);
}

/* ---- names it may have */

static const char *skip_blanks(const char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

static int number(const char **s, unsigned *n)
{
	uint64_t v;
	int r = str_digits(*s, s, UINT32_MAX, &v);

	*n = (unsigned)v;
	return r;
}

/* "pty_slave  /dev/pts  136 0-1048575  pty:slave": 1 when that is a line of drivers. */
static int driver_line(const char *s, struct ps_driver *d)
{
	static const char dev[] = "/dev/";

	s = skip_blanks(s + strcspn(s, " \t\n"));
	if (strncmp(s, dev, sizeof dev - 1))
		return 0;
	d->name = s + sizeof dev - 1;
	d->len = strcspn(d->name, " \t\n");
	s = skip_blanks(d->name + d->len);
	if (number(&s, &d->major))
		return 0;
	s = skip_blanks(s);
	if (number(&s, &d->first))
		return 0;
	d->last = d->first;
	if (*s != '-')
		return 1;
	s++;
	return !number(&s, &d->last);
}

int ps_tty_driver(const char **at, struct ps_driver *d)
{
	while (**at) {
		const char *line = *at;

		*at += strcspn(line, "\n");
		*at += **at == '\n';
		if (driver_line(line, d))
			return 1;
	}
	return 0;
}

int ps_tty_name(const struct ps_driver *d, unsigned minor, int way, char name[PS_TTY])
{
	const char *slash = way == 1 ? "/" : "";
	unsigned n = way == 3 ? minor - d->first : minor;

	if (way > 3 || d->len > PS_TTY - 12)
		return 0;
	str_format(name, PS_TTY, way == 2 ? "%.*s" : "%.*s%s%u", (int)d->len, d->name, slash, n);
	return 1;
}

int ps_tty_usual(unsigned tty, char name[PS_TTY])
{
	/* The last row that fits counts. */
	static const struct {
		unsigned char major, first, numbered;
		char name[8];
	} usual[] = { { 4, 0, 1, "tty" },      { 4, 64, 1, "ttyS" },     { 5, 0, 0, "tty" },
		      { 5, 1, 0, "console" },  { 5, 2, 0, "ptmx" },      { 166, 0, 1, "ttyACM" },
		      { 188, 0, 1, "ttyUSB" }, { 204, 64, 1, "ttyAMA" }, { 229, 0, 1, "hvc" } };
	unsigned large = tty_major(tty), small = tty_minor(tty);
	size_t i = sizeof usual / sizeof *usual;

	if (large >= 136 && large < 144) {
		str_format(name, PS_TTY, "pts/%u", (large - 136) * 256 + small);
		return 1;
	}
	while (i--)
		if (usual[i].major == large && usual[i].first <= small &&
		    (usual[i].numbered || usual[i].first == small)) {
			str_format(name, PS_TTY, usual[i].numbered ? "%s%u" : "%s", usual[i].name,
			           small - usual[i].first);
			return 1;
		}
	str_format(name, PS_TTY, "%u:%u", large, small);
	return 0;
}

/* ---- whether it has it */

/* Whether it is a device; that of a terminal, unless that is 0. */
static int is_device(const char *path, unsigned tty)
{
	struct stat st;

	if (stat(path, &st) || !S_ISCHR(st.st_mode))
		return 0;
	return !tty || (major(st.st_rdev) == tty_major(tty) && minor(st.st_rdev) == tty_minor(tty));
}

static int is_in_dev(const char *name, unsigned tty)
{
	char path[PS_TTY + 8];

	str_format(path, sizeof path, "/dev/%s", name);
	return is_device(path, tty);
}

/* The name that a driver gives; "". */
static void find_driver(const struct ps *ps, struct ps_tty *t)
{
	char text[4096];
	const char *at = text;
	struct ps_driver d;
	unsigned small = tty_minor(t->tty);

	if (io_read_at(ps->proc, "tty/drivers", text, sizeof text) < 0)
		return;
	while (ps_tty_driver(&at, &d)) {
		if (d.major != tty_major(t->tty) || small < d.first || small > d.last)
			continue;
		for (int way = 0; ps_tty_name(&d, small, way, t->name); way++)
			if (is_in_dev(t->name, t->tty))
				return;
	}
	*t->name = 0;
}

static const char *by_driver(struct ps *ps, unsigned tty)
{
	struct ps_tty *all = ps->facts.files.tty;
	struct ps_tty *t = &all[tty % (sizeof ps->facts.files.tty / sizeof *all)];

	if (t->tty != tty) {
		*t = (struct ps_tty){ .tty = tty };
		find_driver(ps, t);
	}
	return *t->name ? t->name : NULL;
}

/* What the process has opened it by. */
static const char *by_link(const struct ps_row *r, const char *file)
{
	struct ps_files *f = &r->ps->facts.files;
	char path[PROC_PATH];

	proc_path(path, r->id, file);
	if (io_link_at(r->dir, path, f->text, sizeof f->text) < 0 || strncmp(f->text, "/dev/", 5) ||
	    !is_device(f->text, (unsigned)r->p->tty))
		return NULL;
	return f->text + 5;
}

static int has_dev(struct ps_files *f)
{
	if (!f->dev)
		f->dev = is_in_dev("null", 0) || is_in_dev("tty", 0) ? 1 : -1;
	return f->dev > 0;
}

const char *ps_tty(const struct ps_row *r)
{
	struct ps_files *f = &r->ps->facts.files;
	unsigned tty = (unsigned)r->p->tty;
	const char *name;
	int usual;

	if (!tty)
		return NULL;
	name = by_driver(r->ps, tty);
	if (!name)
		name = by_link(r, "fd/2");
	if (name)
		return name;
	usual = ps_tty_usual(tty, f->text);
	if (usual && is_in_dev(f->text, tty))
		return f->text;
	name = by_link(r, "fd/255");
	if (name || has_dev(f))
		return name;
	ps_tty_usual(tty, f->text);
	return f->text;
}
