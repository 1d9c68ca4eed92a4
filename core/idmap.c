/* SPDX-License-Identifier: 0BSD */
#include "idmap.h"
#include "io.h"
#include "proc.h"
#include "str.h"
#include "sys.h"

#include <string.h>

#define ID_END 0xffffffffu /* (uid_t)-1 is no id */

static int overlap(uint32_t a, uint32_t a_count, uint32_t b, uint32_t b_count)
{
	return a < b ? b - a < a_count : a - b < b_count;
}

int idmap_add_range(struct idmap *map, uint32_t inner, uint32_t outer, uint32_t count)
{
	if (!count || inner > ID_END - count || outer > ID_END - count)
		return -EINVAL;
	for (size_t i = 0; i < map->n; i++) {
		const struct idmap_range *r = &map->range[i];

		if (overlap(r->inner, r->count, inner, count) ||
		    overlap(r->outer, r->count, outer, count))
			return -EEXIST;
	}
	if (map->n == IDMAP_LINES)
		return -E2BIG;
	map->range[map->n++] = (struct idmap_range){ inner, outer, count, 0 };
	return 0;
}

int idmap_add_moving(struct idmap *map, uint32_t outer, uint32_t count)
{
	int r = idmap_add_range(map, 0, outer, count);

	if (!r)
		map->range[map->n - 1].moves = 1;
	return r;
}

int idmap_add(struct idmap *map, const char *text)
{
	uint64_t v[3];
	char separator = 0;

	for (int i = 0; i < 3; i++) {
		if (str_digits(text, &text, ID_END, &v[i]))
			return -EINVAL;
		if (i == 0)
			separator = *text;
		if (i < 2 && (*text++ != separator || (separator != ':' && separator != ',')))
			return -EINVAL;
	}
	if (*text)
		return -EINVAL;
	if (separator == ',')
		return idmap_add_range(map, (uint32_t)v[1], (uint32_t)v[0], (uint32_t)v[2]);
	return idmap_add_range(map, (uint32_t)v[0], (uint32_t)v[1], (uint32_t)v[2]);
}

/* Ids start..end without one of them: the next run of at most `max` from *at on. */
static uint32_t run_of(uint32_t *at, uint32_t end, uint32_t hole, uint32_t max)
{
	uint32_t n;

	if (*at == hole)
		++*at;
	if (*at >= end)
		return 0;
	n = (hole > *at && hole < end ? hole : end) - *at;
	return n < max ? n : max;
}

static int add_around(struct idmap *map, const struct idmap_range *range, uint32_t inner,
                      uint32_t outer)
{
	uint32_t in = range->inner, out = range->outer;
	uint32_t in_end = in + range->count, out_end = out + range->count;

	if (range->moves && overlap(in, range->count, inner, 1) && in_end < ID_END)
		in_end++;
	for (;;) {
		uint32_t n = run_of(&in, in_end, inner, ID_END);
		int r;

		n = run_of(&out, out_end, outer, n);
		if (!n)
			return 0;
		r = idmap_add_range(map, in, out, n);
		if (r)
			return r;
		in += n;
		out += n;
	}
}

int idmap_single(struct idmap *map, uint32_t inner, uint32_t outer)
{
	struct idmap old = *map;
	int r;

	map->n = 0;
	r = idmap_add_range(map, inner, outer, 1);
	for (size_t i = 0; i < old.n && !r; i++)
		r = add_around(map, &old.range[i], inner, outer);
	if (r)
		*map = old;
	return r;
}

/* ---- where maps come from */

/* "START:COUNT\n" */
static int parse_subid(const char *p, uint32_t *start, uint32_t *count)
{
	uint64_t first, n;

	if (str_digits(p, &p, ID_END - 1, &first) || *p != ':' ||
	    str_digits(p + 1, &p, ID_END - first, &n) || !n || *p != '\n')
		return -EINVAL;
	*start = (uint32_t)first;
	*count = (uint32_t)n;
	return 0;
}

int idmap_find_subid(const char *text, size_t size, const char *name, size_t len, uint32_t uid,
                     uint32_t *start, uint32_t *count)
{
	const char *end = text + size;

	for (const char *next; text < end; text = next) {
		const char *colon, *p;
		uint64_t id;
		int is_user;

		next = (const char *)memchr(text, '\n', (size_t)(end - text)) + 1;
		colon = memchr(text, ':', (size_t)(next - text));
		if (!colon)
			continue;
		is_user = len && (size_t)(colon - text) == len && !memcmp(text, name, len);
		if (!is_user)
			is_user = !str_digits(text, &p, ID_END, &id) && p == colon && id == uid;
		if (is_user && !parse_subid(colon + 1, start, count))
			return 0;
	}
	return -ENOENT;
}

/* One number of a line of uid_map, where blanks fill columns. */
static int next_id(const char **p, uint32_t *id)
{
	uint64_t n;

	while (**p == ' ')
		++*p;
	if (str_digits(*p, p, ID_END, &n))
		return -EPROTO;
	*id = (uint32_t)n;
	return 0;
}

int idmap_add_inner(struct idmap *map, const char *text)
{
	size_t before = map->n;
	int r = 0;

	while (!r && *text) {
		uint32_t inner, outer, count;

		if (next_id(&text, &inner) || next_id(&text, &outer) || next_id(&text, &count) ||
		    *text++ != '\n')
			r = -EPROTO;
		else
			r = idmap_add_range(map, inner, inner, count);
	}
	if (r)
		map->n = before;
	return r == -EINVAL ? -EPROTO : r;
}

static int read_map(int proc, pid_t pid, int gid, struct str *text)
{
	char path[PROC_PATH];
	int r;

	proc_path(path, pid, gid ? "gid_map" : "uid_map");
	/* In pieces: one read(2) gives a page at most. */
	r = (int)io_append_at(proc, path, text, IDMAP_LINES * 64);
	return r < 0 ? r : str_add(text, "", 1);
}

int idmap_add_own(struct idmap *map, int proc, int gid)
{
	struct str text = { 0 };
	int r = read_map(proc, 0, gid, &text);

	if (!r)
		r = idmap_add_inner(map, text.p);
	str_free(&text);
	return r;
}

int idmap_may_hold(int proc, pid_t pid, uint32_t uid)
{
	struct str text = { 0 };
	int r = read_map(proc, pid, 0, &text), found = r || !*text.p;
	uint32_t inner, outer, count;

	for (const char *s = text.p; !found && *s; s++)
		found = next_id(&s, &inner) || next_id(&s, &outer) || next_id(&s, &count) ||
		        *s != '\n' || overlap(outer, count, uid, 1);
	str_free(&text);
	return found;
}

/* Whether the one's outer ids are among the other's inner ones. No sum exceeds ID_END. */
static int lies_in(const struct idmap_range *r, const struct idmap_range *own)
{
	return r->outer >= own->inner && r->outer + r->count <= own->inner + own->count;
}

int idmap_is_ours(const struct idmap *map, int proc, int gid)
{
	struct idmap own = { .n = 0 };
	int r = idmap_add_own(&own, proc, gid);

	if (r)
		return r;
	for (size_t i = 0; i < map->n; i++) {
		size_t k = 0;

		while (k < own.n && !lies_in(&map->range[i], &own.range[k]))
			k++;
		if (k == own.n)
			return 0;
	}
	return 1;
}

/* ---- the files of a namespace */

int idmap_format(const struct idmap *map, char text[IDMAP_TEXT])
{
	size_t len = 0;

	for (size_t i = 0; i < map->n; i++) {
		const struct idmap_range *r = &map->range[i];

		len += str_format(text + len, IDMAP_TEXT - len, "%u %u %u\n", r->inner, r->outer,
		                  r->count);
		if (len >= IDMAP_TEXT)
			return -E2BIG;
	}
	return (int)len;
}

int idmap_write(int proc, pid_t pid, int gid, const struct idmap *map)
{
	char text[IDMAP_TEXT], path[PROC_PATH];
	int len = idmap_format(map, text);

	if (len < 0)
		return len;
	proc_path(path, pid, gid ? "gid_map" : "uid_map");
	return io_write_at(proc, path, text, (size_t)len);
}

int idmap_setgroups(int proc, pid_t pid, int allow)
{
	char path[PROC_PATH];
	int r;

	proc_path(path, pid, "setgroups");
	r = io_write_at(proc, path, allow ? "allow" : "deny", allow ? 5 : 4);
	return r == -ENOENT ? 0 : r;
}
