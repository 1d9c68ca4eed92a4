/* SPDX-License-Identifier: 0BSD */
/*
 * What the paths of a process's cgroups tell: its unit, by the names that systemd gives, and its
 * container. systemd itself is not asked but for the names of machines and seats, which it keeps in
 * /run.
 */
#include "ps.h"
#include "io.h"
#include "sys.h"

#include <string.h>

static const struct cgroup_part none = { "", 0 };

static struct cgroup_part whole(const char *text)
{
	return (struct cgroup_part){ text, strlen(text) };
}

static struct cgroup_part behind(struct cgroup_part s, size_t n)
{
	return (struct cgroup_part){ s.p + n, s.len - n };
}

static int begins(struct cgroup_part s, const char *with)
{
	size_t n = strlen(with);

	return s.len >= n && !memcmp(s.p, with, n);
}

static int is(struct cgroup_part s, const char *word)
{
	return begins(s, word) && s.len == strlen(word);
}

/* What stands between the two; nothing when it does not begin and end so. */
static struct cgroup_part between(struct cgroup_part s, const char *start, const char *end)
{
	size_t a = strlen(start), b = strlen(end);

	if (s.len < a + b || !begins(s, start) || memcmp(s.p + s.len - b, end, b))
		return none;
	return (struct cgroup_part){ s.p + a, s.len - a - b };
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_alnum(char c)
{
	return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* The word, if it has only digits, or letters as well. */
static struct cgroup_part checked(struct cgroup_part s, int (*allowed)(char))
{
	for (size_t i = 0; i < s.len; i++)
		if (!allowed(s.p[i]))
			return none;
	return s;
}

/* ---- units */

/* The next name in a path, behind which the path goes. */
static struct cgroup_part next_name(struct cgroup_part *path)
{
	struct cgroup_part name;
	size_t n = 0;

	while (path->len && *path->p == '/')
		*path = behind(*path, 1);
	while (n < path->len && path->p[n] != '/')
		n++;
	name = (struct cgroup_part){ path->p, n };
	*path = behind(*path, n);
	return name;
}

static int is_unit_char(char c)
{
	return is_alnum(c) || (c && strchr(":-_.\\@", c));
}

/* The unit of that cgroup; one that could be taken for a file of the kernel has a '_' in front
 * (systemd's Control Group API). */
static struct cgroup_part unit_of(struct cgroup_part name)
{
	static const char types[][9] = { ".service", ".scope",  ".slice", ".socket",
		                         ".mount",   ".swap",   ".timer", ".path",
		                         ".target",  ".device", "" };

	if (begins(name, "_"))
		name = behind(name, 1);
	if (name.len > 255 || begins(name, "@") || !checked(name, is_unit_char).len)
		return none;
	for (int i = 0; *types[i]; i++)
		if (between(name, "", types[i]).len)
			return name;
	return none;
}

/* Goes past the slices: the name that follows them. */
static struct cgroup_part behind_slices(struct cgroup_part *path, struct cgroup_part *slice)
{
	for (;;) {
		struct cgroup_part name = next_name(path), unit = unit_of(name);

		if (!between(unit, "", ".slice").len)
			return name;
		*slice = unit;
	}
}

void ps_unit_parse(struct cgroup_part path, const char *root, struct ps_unit *u)
{
	struct cgroup_part inner, uid;

	*u = (struct ps_unit){ whole("-.slice"), none, none, none, none };
	if (begins(path, root) && (path.len == strlen(root) || path.p[strlen(root)] == '/'))
		path = behind(path, strlen(root));
	u->unit = unit_of(behind_slices(&path, &u->slice));
	u->session = checked(between(u->unit, "session-", ".scope"), is_alnum);
	u->owner = checked(between(u->slice, "user-", ".slice"), is_digit);
	uid = checked(between(u->unit, "user@", ".service"), is_digit);
	if (u->session.len || uid.len)
		u->user_unit = unit_of(behind_slices(&path, &inner));
}

/* The path in one hierarchy: that of version 2, or systemd's own of version 1. */
static int path_in(struct cgroup_part text, int v1, struct cgroup_part *path)
{
	const char *end = text.p + text.len;
	struct cgroup_line line;

	while (cgroup_next(&text.p, end, &line))
		if (v1 ? is(line.controllers, "name=systemd") : !line.controllers.len) {
			*path = line.path;
			return 1;
		}
	return 0;
}

/* systemd uses version 2 if it can. Where PID 1 is, its names begin; in a container that is not at
 * the top. */
static void find_root(const struct ps *ps, struct ps_files *f)
{
	static const char own[][14] = { "/init.scope", "/system.slice", "/system", "/" };
	struct cgroup_part text, v1, v2, root;
	char path[PROC_PATH];
	ssize_t len;

	f->units = UNITS_ANY;
	proc_path(path, 1, "cgroup");
	len = io_read_at(ps->proc, path, f->text, sizeof f->text);
	if (len <= 0)
		return;
	text = (struct cgroup_part){ f->text, (size_t)len };
	v1 = v2 = none;
	f->units =
		path_in(text, 1, &v1) && (!path_in(text, 0, &v2) || (is(v2, "/") && !is(v1, "/")))
			? UNITS_V1
			: UNITS_V2;
	root = f->units == UNITS_V1 ? v1 : v2;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (root.len >= strlen(own[i]) &&
		    is(behind(root, root.len - strlen(own[i])), own[i])) {
			root.len -= strlen(own[i]);
			break;
		}
	str_format(f->units_root, sizeof f->units_root, "%.*s", (int)root.len, root.p);
}

/* Whether systemd knows of this process at all. */
static int read_unit(const struct ps_row *r, struct ps_unit *u)
{
	struct ps_files *f = &r->ps->facts.files;
	struct cgroup_part text = { r->p->cgroup, r->p->cgroup_len }, path;

	if (!f->units)
		find_root(r->ps, f);
	if (!(f->units != UNITS_V1 && path_in(text, 0, &path)) &&
	    !(f->units != UNITS_V2 && path_in(text, 1, &path)))
		return 0;
	ps_unit_parse(path, f->units_root, u);
	return 1;
}

/* The name under which a unit is registered as a machine (systemd-machined(8)). */
static struct cgroup_part machine_of(struct cgroup_part unit, struct ps_files *f)
{
	char path[320];

	str_format(path, sizeof path, "/run/systemd/machines/unit:%.*s", (int)unit.len, unit.p);
	if (!unit.len || io_link_at(AT_FDCWD, path, f->text, sizeof f->text) < 0)
		return none;
	return whole(f->text);
}

static struct cgroup_part seat_of(struct cgroup_part session, struct ps_files *f)
{
	char path[320];
	const char *at = f->text;

	/* lint: procfs: "sessions/" ends in "ns/" */
	str_format(path, sizeof path, "/run/systemd/sessions/%.*s", (int)session.len, session.p);
	if (!session.len || io_read_at(AT_FDCWD, path, f->text, sizeof f->text) < 0)
		return none;
	while (at && strncmp(at, "SEAT=", 5)) {
		at = strchr(at, '\n');
		at += at != NULL;
	}
	return at ? (struct cgroup_part){ at + 5, strcspn(at + 5, "\n") } : none;
}

static struct cgroup_part unit_value(enum ps_cgroup which, const struct ps_row *r)
{
	struct ps_unit u;

	if (!read_unit(r, &u))
		return none;
	switch (which) {
	case CGROUP_SLICE:
		return u.slice;
	case CGROUP_UNIT:
		return u.unit;
	case CGROUP_USER_UNIT:
		return u.user_unit;
	case CGROUP_SESSION:
		return u.session;
	case CGROUP_OWNER:
		return u.owner;
	case CGROUP_MACHINE:
		return machine_of(u.unit, &r->ps->facts.files);
	default:
		return seat_of(u.session, &r->ps->facts.files);
	}
}

/* ---- containers */

/* What follows the word; `none` where it does not occur. */
static struct cgroup_part find(struct cgroup_part text, const char *word)
{
	const char *at = ps_find(text.p, text.len, word);

	return at ? behind(text, (size_t)(at - text.p) + strlen(word)) : none;
}

static struct cgroup_part until(struct cgroup_part s, char end)
{
	const char *at = memchr(s.p, end, s.len);

	return at ? (struct cgroup_part){ s.p, (size_t)(at - s.p) } : s;
}

struct cgroup_part ps_cgroup_lxc(struct cgroup_part text)
{
	static const char marks[][13] = { "lxc.payload.", "lxc.payload/", "lxc/" };

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct cgroup_part name = until(find(text, marks[i]), '\n'), inner = name;

		while (inner.len) {
			name = inner;
			inner = find(inner, marks[i]);
		}
		if (name.len)
			return until(name, '/');
	}
	return none;
}

static int is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

struct cgroup_part ps_cgroup_docker(struct cgroup_part text)
{
	static const char marks[][9] = { "/docker-", "/docker/" };
	enum { DIGITS = 12 };

	for (int i = 0; i < 2; i++)
		for (struct cgroup_part id = find(text, marks[i]); id.len >= DIGITS;
		     id = find(id, marks[i]))
			if (checked((struct cgroup_part){ id.p, DIGITS }, is_hex).len)
				return (struct cgroup_part){ id.p, DIGITS };
	return none;
}

/* ---- all of them */

/* The lines but those of a root, with commas between them. */
static struct cgroup_part all_lines(const struct ps_row *r)
{
	struct str *line = &r->ps->line;
	struct cgroup_part text = { r->p->cgroup, r->p->cgroup_len };

	line->len = 0;
	while (text.len) {
		struct cgroup_part one = until(text, '\n');

		text = behind(text, one.len + (one.len < text.len));
		if (!one.len || one.p[one.len - 1] == '/')
			continue;
		if ((line->len && str_add(line, ",", 1)) || str_add(line, one.p, one.len))
			return none;
	}
	return (struct cgroup_part){ line->p, line->len };
}

struct cgroup_part ps_cgroup_value(enum ps_cgroup which, const struct ps_row *r)
{
	struct cgroup_part text = { r->p->cgroup, r->p->cgroup_len }, named;

	switch (which) {
	case CGROUP_ALL:
		return all_lines(r);
	case CGROUP_NAMED:
		text = all_lines(r);
		named = find(text, ":name=");
		return named.len ? named : text;
	case CGROUP_DOCKER:
		return ps_cgroup_docker(text);
	case CGROUP_LXC:
		return ps_cgroup_lxc(text);
	default:
		return unit_value(which, r);
	}
}
