/* SPDX-License-Identifier: 0BSD */
#include "cgroup.h"
#include "io.h"
#include "mount.h"
#include "proc.h"
#include "sys.h"

#include <string.h>

/* ---- the texts of /proc */

/* What stands in front of the next separator, behind which *at goes. */
static struct cgroup_part next_part(const char **at, const char *end, char separator)
{
	const char *s = *at, *stop = s < end ? memchr(s, separator, (size_t)(end - s)) : NULL;

	*at = stop ? stop + 1 : end;
	return (struct cgroup_part){ s, (size_t)((stop ? stop : end) - s) };
}

static int same(struct cgroup_part a, struct cgroup_part b)
{
	return a.len == b.len && !memcmp(a.p, b.p, a.len);
}

static int is(struct cgroup_part a, const char *word)
{
	return same(a, (struct cgroup_part){ word, strlen(word) });
}

int cgroup_next(const char **at, const char *end, struct cgroup_line *line)
{
	while (*at < end) {
		struct cgroup_part whole = next_part(at, end, '\n');
		const char *s = whole.p, *stop = s + whole.len;

		next_part(&s, stop, ':');
		line->controllers = next_part(&s, stop, ':');
		line->path = (struct cgroup_part){ s, (size_t)(stop - s) };
		if (s < stop && *s == '/')
			return 1;
	}
	return 0;
}

/* Whether a list with commas between its words has this one. */
static int has_word(struct cgroup_part list, struct cgroup_part word)
{
	const char *end = list.p + list.len;

	while (list.p < end)
		if (same(next_part(&list.p, end, ','), word))
			return 1;
	return 0;
}

/* A byte as mountinfo writes it: a blank is \040. */
static char next_byte(const char **at, const char *end)
{
	const char *s = *at;
	unsigned value = 0;
	int i = 0;

	if (*s == '\\' && end - s > 3)
		while (i < 3 && s[i + 1] >= '0' && s[i + 1] <= '7')
			value = value * 8 + (unsigned)(s[++i] - '0');
	if (i < 3 || !value || value > 255) {
		*at = s + 1;
		return *s;
	}
	*at = s + 4;
	return (char)value;
}

/* What a cgroup's path has below the root of a mount, from its slash on; NULL when it is elsewhere.
 * A ".." that is left over leads out of the mount. */
static const char *below(struct cgroup_part path, struct cgroup_part root)
{
	const char *s = path.p, *end = s + path.len, *stop = root.p + root.len, *name;

	if (!root.len)
		return NULL;
	while (root.p < stop)
		if (s == end || next_byte(&root.p, stop) != *s++)
			return NULL;
	if (s == end)
		return s;
	if (s[-1] == '/') /* the root is "/" */
		s--;
	name = s + 1;
	return *s != '/' || is(next_part(&name, end, '/'), "..") ? NULL : s;
}

/* A word of a mount_line. */
static struct cgroup_part part(const char *word)
{
	return (struct cgroup_part){ word, strcspn(word, " \n") };
}

/* Whether it is a hierarchy with these controllers. Each is in one only: the first tells. */
static int is_of(const struct mount_line *mount, struct cgroup_part controllers)
{
	const char *end = controllers.p + controllers.len;

	if (!controllers.len)
		return mount_is(mount->type, "cgroup2");
	return mount_is(mount->type, "cgroup") &&
	       has_word(part(mount->super), next_part(&controllers.p, end, ','));
}

int cgroup_seen(const struct cgroup_line *line, const struct mount_line *mount, struct str *dir)
{
	struct cgroup_part point = part(mount->point);
	const char *rest = below(line->path, part(mount->root)), *end;
	size_t rest_len;

	if (!rest || *point.p != '/' || !is_of(mount, line->controllers))
		return 0;
	rest_len = (size_t)(line->path.p + line->path.len - rest);
	if (str_room(dir, point.len + rest_len + 1))
		return -ENOMEM;
	for (end = point.p + point.len; point.p < end;)
		dir->p[dir->len++] = next_byte(&point.p, end);
	memcpy(dir->p + dir->len, rest, rest_len);
	dir->len += rest_len;
	dir->p[dir->len++] = 0;
	return 1;
}

/* ---- killed for memory */

/* The number in the line that begins with this key, and a blank or tab behind it. */
static int64_t line_number(const char *text, const char *key)
{
	size_t len = strlen(key);
	uint64_t v;

	for (const char *s = text; s; s = strchr(s, '\n')) {
		s += *s == '\n';
		if (!strncmp(s, key, len) && (s[len] == ' ' || s[len] == '\t') &&
		    !str_digits(s + len + 1, &s, INT64_MAX, &v))
			return (int64_t)v;
	}
	return -ENODATA;
}

/* Of a cgroup below a mount of either version. */
static int64_t count(const char *root, int version, const char *path, size_t len)
{
	char name[1024], text[1024];
	size_t need =
		str_format(name, sizeof name, "%s%s%.*s/%s", root, version == 1 ? "/memory" : "",
	                   (int)len, path, version == 1 ? "memory.oom_control" : "memory.events");
	ssize_t r = -ENAMETOOLONG;

	if (need < sizeof name)
		r = io_read_at(AT_FDCWD, name, text, sizeof text);
	return r < 0 ? r : line_number(text, "oom_kill");
}

/* Version 2 counts for all of memory itself, version 1 in the hierarchy of that controller. */
static int counts(const struct cgroup_line *line, int version)
{
	return version == 2 ? !line->controllers.len
	                    : has_word(line->controllers, (struct cgroup_part){ "memory", 6 });
}

int64_t cgroup_oom_kills(int proc, const char *root)
{
	char text[4096] = "";
	const char *end = text;
	struct cgroup_line line;
	int64_t n = -ENOENT;

	if (!root)
		root = "/sys/fs/cgroup";
	if (proc >= 0)
		io_read_at(proc, "self/cgroup", text, sizeof text);
	end += strlen(text);
	for (int version = 2; version && n < 0; version--)
		for (const char *s = text; n < 0 && cgroup_next(&s, end, &line);)
			if (counts(&line, version))
				n = count(root, version, line.path.p, line.path.len);
	for (int version = 2; version && n < 0; version--)
		n = count(root, version, "", 0);
	return n;
}

/* ---- joining */

/* Whether the text, too, has this cgroup of this hierarchy. */
static int has_line(const char *text, const char *end, const struct cgroup_line *line)
{
	struct cgroup_line l;

	while (cgroup_next(&text, end, &l))
		if (same(l.controllers, line->controllers) && same(l.path, line->path))
			return 1;
	return 0;
}

/* Not where another mount lies over this one. A kernel that does not tell is believed. */
static int open_procs(int proc, const char *path, uint64_t id)
{
	int dir = io_open_dir(path), fd = -ENOENT;
	uint64_t there;

	if (dir < 0)
		return dir;
	if (mount_id(proc, dir, &there) || there == id)
		fd = (int)sys_result(openat(dir, "cgroup.procs", O_WRONLY | O_CLOEXEC));
	close(dir);
	return fd;
}

/* By the first mount that shows it and lets us: 1. 0 when none shows it, else the -errno of the
 * first that does. */
static int open_line(int proc, const struct cgroup_line *line, const char *mounts,
                     struct cgroup_join *join)
{
	struct mount_line mount;
	size_t failed = 0;
	int err = 0;

	if (join->n == CGROUP_HIERARCHIES)
		return -E2BIG;
	while (mount_next(&mounts, &mount)) {
		size_t path = join->text.len;
		int r = cgroup_seen(line, &mount, &join->text);

		if (r < 0)
			return r;
		if (!r)
			continue;
		r = open_procs(proc, join->text.p + path, mount.id);
		if (r >= 0) {
			join->file[join->n].fd = r;
			join->file[join->n++].path = path;
			return 1;
		}
		if (r == -ENOENT || err) {
			join->text.len = path;
		} else {
			err = r;
			failed = path;
		}
	}
	if (err)
		join->failed = join->text.p + failed;
	return err;
}

static int not_seen(struct cgroup_join *join, const struct cgroup_line *line)
{
	size_t at = join->text.len;

	if (str_add(&join->text, line->path.p, line->path.len) || str_add(&join->text, "", 1))
		return -ENOMEM;
	join->failed = join->text.p + at;
	return -ENOENT;
}

static int open_all(int proc, const struct str *its, const struct str *own, const char *mounts,
                    struct cgroup_join *join)
{
	const char *at = its->p;
	struct cgroup_line line, first = { 0 };
	int any = 0;

	while (cgroup_next(&at, its->p + its->len, &line)) {
		int r = 1;

		if (!has_line(own->p, own->p + own->len, &line))
			r = open_line(proc, &line, mounts, join);
		if (r < 0)
			return r;
		if (!r && !line.controllers.len)
			return not_seen(join, &line);
		if (!first.path.len)
			first = line;
		any |= r;
	}
	return any ? 0 : first.path.len ? not_seen(join, &first) : -ENOENT;
}

int cgroup_open(int proc, int target, struct cgroup_join *join)
{
	const size_t most = 1 << 20; /* of each, a line a hierarchy */
	struct str its = { 0 }, own = { 0 }, mounts = { 0 };
	int r = (int)io_append_at(target, "cgroup", &its, most);

	if (r >= 0)
		r = (int)io_append_at(proc, "self/cgroup", &own, most);
	if (r >= 0)
		r = mount_read(proc, 0, &mounts);
	if (r >= 0)
		r = open_all(proc, &its, &own, mounts.p, join);
	str_free(&its);
	str_free(&own);
	str_free(&mounts);
	return r;
}

int cgroup_join(struct cgroup_join *join)
{
	for (unsigned i = 0; i < join->n; i++) {
		/* 0 is the writer. */
		ssize_t r = io_write_all(join->file[i].fd, "0", 1);

		if (r) {
			join->failed = join->text.p + join->file[i].path;
			return (int)r;
		}
	}
	cgroup_close(join);
	return 0;
}

void cgroup_close(struct cgroup_join *join)
{
	while (join->n)
		close(join->file[--join->n].fd);
	str_free(&join->text);
	join->failed = NULL;
}
