/* SPDX-License-Identifier: 0BSD */
/* parsers: idmap_add idmap_add_range idmap_single run_of overlap idmap_format */
/* The input is lines: "INNER:OUTER:COUNT" and "OUTER,INNER,COUNT" are added, "INNER=OUTER" is the
 * single one, "*N" fills N lines, for the limits. */
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
	int r = idmap_single(map, inner, outer);

	MUST(r == 0 || r == -E2BIG || r == -EINVAL);
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *save, *line;
	struct idmap *map = calloc(1, sizeof *map), *old = malloc(sizeof *old);
	int rounds = 0;

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
			r = idmap_add(map, line);
			MUST(r == 0 || r == -EINVAL || r == -E2BIG);
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
