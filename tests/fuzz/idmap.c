/* SPDX-License-Identifier: 0BSD */
/* parsers: idmap_add idmap_add_range idmap_add_moving idmap_single add_around run_of overlap */
/* parsers: idmap_format idmap_find_subid parse_subid idmap_add_inner next_id */
/* The input is a text like /etc/subuid, and one like /proc/PID/uid_map; and it is lines:
 * "INNER:OUTER:COUNT" and "OUTER,INNER,COUNT" are added, and "OUTER+COUNT", which moves;
 * "INNER=OUTER" is the single one, "*N" fills N lines, for the limits. */
#include "fuzz.h"
#include "idmap.h"

static uint64_t end_of(uint32_t start, uint32_t count)
{
	return (uint64_t)start + count;
}

static int meet(uint32_t a, uint32_t a_count, uint32_t b, uint32_t b_count)
{
	return end_of(a, a_count) > b && end_of(b, b_count) > a;
}

/* No id twice, on either side, and none that is none. */
static void check(const struct idmap *map)
{
	static char text[IDMAP_TEXT];
	unsigned long inner, outer, count;
	const char *line = text;
	int len, n;

	MUST(map->n <= IDMAP_LINES);
	for (size_t i = 0; i < map->n; i++) {
		const struct idmap_range *a = &map->range[i];

		MUST(a->count && end_of(a->inner, a->count) <= UINT32_MAX &&
		     end_of(a->outer, a->count) <= UINT32_MAX);
		for (size_t j = 0; j < i; j++) {
			const struct idmap_range *b = &map->range[j];

			MUST(!meet(a->inner, a->count, b->inner, b->count));
			MUST(!meet(a->outer, a->count, b->outer, b->count));
		}
	}
	len = idmap_format(map, text);
	MUST(len == -E2BIG || (len >= 0 && len < IDMAP_TEXT));
	MUST(len <= 0 || (size_t)len == strlen(text)); /* of no range nothing is written */
	for (size_t i = 0; len >= 0 && i < map->n; i++, line += n) {
		n = 0;
		MUST(sscanf(line, "%lu %lu %lu%n", &inner, &outer, &count, &n) == 3 &&
		     line[n++] == '\n');
		MUST(inner == map->range[i].inner && outer == map->range[i].outer &&
		     count == map->range[i].count);
	}
	MUST(len <= 0 || !*line);
}

static void single(struct idmap *map, uint32_t inner, uint32_t outer)
{
	struct idmap old = *map;
	uint64_t before = 0, after = 0;
	int r = idmap_single(map, inner, outer), moves = 0;

	for (size_t i = 0; i < old.n; i++)
		moves |= old.range[i].moves;
	MUST(r == 0 || r == -E2BIG || r == -EINVAL || (r == -EEXIST && moves));
	MUST(!r || !memcmp(map, &old, sizeof old));
	if (r)
		return;
	MUST(map->n && map->range[0].inner == inner && map->range[0].outer == outer &&
	     map->range[0].count == 1);
	for (size_t i = 0; i < old.n; i++)
		before += old.range[i].count;
	for (size_t i = 1; i < map->n; i++)
		after += map->range[i].count;
	/* A range loses at most one id at each of the two holes. */
	MUST(after <= before && before - after <= 2);
}

/* What is found is the user's, and something that can be mapped. */
static void subid(const uint8_t *data, size_t size)
{
	static const uint32_t uids[] = { 0, 1000, 65534, 4294967295u };
	char *text = malloc(size + 1);
	size_t len = 0;

	if (size)
		memcpy(text, data, size);
	text[size++] = '\n'; /* in place of a NUL: that is what the function may rely on */
	while (text[len] != ':' && text[len] != '\n')
		len++;
	for (size_t i = 0; i < sizeof uids / sizeof *uids; i++) {
		for (size_t n = 0; n <= len; n += len ? len : 1) {
			uint32_t start = 7, count = 0;
			int r = idmap_find_subid(text, size, text, n, uids[i], &start, &count);
			char number[16];

			MUST(r == 0 || (r == -ENOENT && start == 7 && !count));
			if (r)
				continue;
			MUST(count && end_of(start, count) <= UINT32_MAX);
			snprintf(number, sizeof number, "%u:", uids[i]);
			MUST(n || memmem(text, size, number, strlen(number)));
		}
	}
	free(text);
}

static void inner(const char *text)
{
	struct idmap *map = calloc(1, sizeof *map);
	int r;

	idmap_add_range(map, 4000000000u, 0, 1);
	r = idmap_add_inner(map, text);
	MUST(r == 0 || r == -EPROTO || r == -EEXIST || r == -E2BIG);
	MUST(!r || map->n == 1);
	for (size_t i = 1; i < map->n; i++)
		MUST(map->range[i].inner == map->range[i].outer);
	check(map);
	free(map);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *save, *line;
	struct idmap *map = calloc(1, sizeof *map), *old = malloc(sizeof *old);
	int rounds = 0;

	subid(data, size);
	inner(text);
	for (line = strtok_r(text, "\n", &save); line && rounds++ < 50;
	     line = strtok_r(NULL, "\n", &save)) {
		unsigned long a, b;
		int r;

		*old = *map;
		if (sscanf(line, "%lu=%lu", &a, &b) == 2) {
			single(map, (uint32_t)a, (uint32_t)b);
		} else if (sscanf(line, "*%lu", &a) == 1) {
			for (uint32_t i = 0; i < a && i < 400; i++)
				idmap_add_range(map, 3000000000u + 2 * i, 3000000000u + 2 * i, 1);
		} else {
			if (sscanf(line, "%lu+%lu", &a, &b) == 2)
				r = idmap_add_moving(map, (uint32_t)a, (uint32_t)b);
			else
				r = idmap_add(map, line);
			MUST(r == 0 || r == -EINVAL || r == -EEXIST || r == -E2BIG);
			MUST(map->n == old->n + !r);
			MUST(!r || !memcmp(map, old, sizeof *map));
		}
		check(map);
	}
	free(map);
	free(old);
	free(text);
	return 0;
}
