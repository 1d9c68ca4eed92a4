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
			return -EINVAL;
	}
	if (map->n == IDMAP_LINES)
		return -E2BIG;
	map->range[map->n++] = (struct idmap_range){ inner, outer, count };
	return 0;
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

int idmap_single(struct idmap *map, uint32_t inner, uint32_t outer)
{
	struct idmap old = *map;

	map->n = 0;
	if (idmap_add_range(map, inner, outer, 1)) {
		*map = old;
		return -EINVAL;
	}
	for (size_t i = 0; i < old.n; i++) {
		uint32_t in = old.range[i].inner, out = old.range[i].outer;
		uint32_t in_end = in + old.range[i].count, out_end = out + old.range[i].count;

		for (;;) {
			uint32_t n = run_of(&in, in_end, inner, ID_END);

			n = run_of(&out, out_end, outer, n);
			if (!n)
				break;
			if (map->n == IDMAP_LINES) {
				*map = old;
				return -E2BIG;
			}
			map->range[map->n++] = (struct idmap_range){ in, out, n };
			in += n;
			out += n;
		}
	}
	return 0;
}

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
