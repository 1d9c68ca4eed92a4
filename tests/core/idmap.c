/* SPDX-License-Identifier: 0BSD */
/* Id maps: the vectors that util-linux gives, borders, properties of random maps, real writes. */
#include "test.h"
#include "help.h"
#include "idmap.h"
#include "proc.h"

#include <sched.h>

#define LAST 4294967294u /* the greatest id: 4294967295 is no id */

static const char *text_of(const struct idmap *map)
{
	static char text[IDMAP_TEXT];

	return idmap_format(map, text) < 0 ? "too long" : text;
}

/* A map of several specs, as --map-users gives them. */
static struct idmap made_of(const char *specs)
{
	struct idmap map = { .n = 0 };
	char copy[256];

	snprintf(copy, sizeof copy, "%s", specs);
	for (char *spec = strtok(copy, " "); spec; spec = strtok(NULL, " "))
		if (idmap_add(&map, spec))
			CHECK_FAIL("%s is refused", spec);
	return map;
}

/* With the single id that -r, -c and --map-user add; single_inner < 0: none. */
TEST(vectors)
{
	static const struct {
		const char *specs;
		long long inner, outer;
		const char *text;
	} cases[] = {
		{ "0:100000:65536", -1, 0, "0 100000 65536\n" },
		{ "100,0,10", -1, 0, "0 100 10\n" },
		{ "0:100000:65536", 0, 0, "0 0 1\n1 100000 65535\n" },
		{ "0:100000:65536", 500, 0, "500 0 1\n0 100000 500\n501 100500 65035\n" },
		{ "0:0:10", 0, 0, "0 0 1\n1 1 9\n" },
		{ "0:0:4294967295", -1, 0, "0 0 4294967295\n" },
		{ "0:0:4294967295", 0, 0, "0 0 1\n1 1 4294967294\n" },
		{ "0:1000:10 10:5000:20", -1, 0, "0 1000 10\n10 5000 20\n" },
		{ "1:100000:65536", 0, 65534, "0 65534 1\n1 100000 65536\n" },
		{ "0:100000:65537", 65534, 65534,
		  "65534 65534 1\n0 100000 65534\n65535 165534 2\n" },
		{ "100000:100000:65536", -1, 0, "100000 100000 65536\n" },
		{ "100000:100000:65536", 65534, 65534, "65534 65534 1\n100000 100000 65536\n" },
		{ "0:100000:10", 0, 65534, "0 65534 1\n1 100000 9\n" },
		/* the single id takes numbers in the middle, at an end, of a range of one */
		{ "0:100:10", 3, 105, "3 105 1\n0 100 3\n4 103 2\n6 106 4\n" },
		{ "0:100:10", 3, 103, "3 103 1\n0 100 3\n4 104 6\n" },
		{ "0:100:10", 9, 100, "9 100 1\n0 101 9\n" },
		{ "0:100:10", 0, 109, "0 109 1\n1 100 9\n" },
		{ "5:5:1", 5, 5, "5 5 1\n" },
		{ "5:5:1", 5, 6, "5 6 1\n" },
		{ "5:5:1", 6, 5, "6 5 1\n" },
		{ "4294967294:4294967294:1", 4294967294, 0, "4294967294 0 1\n" },
		{ "0:0:4294967295", 4294967294, 4294967294,
		  "4294967294 4294967294 1\n0 0 4294967294\n" },
		{ "", 0, 0, "0 0 1\n" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct idmap map = made_of(cases[i].specs);

		if (cases[i].inner >= 0)
			CHECK_INT(idmap_single(&map, (uint32_t)cases[i].inner,
			                       (uint32_t)cases[i].outer),
			          0);
		if (strcmp(text_of(&map), cases[i].text))
			CHECK_FAIL("\"%s\" and %lld to %lld: \"%.200s\"", cases[i].specs,
			           cases[i].inner, cases[i].outer, text_of(&map));
	}
}

TEST(refused)
{
	static const char *const bad[] = {
		"",
		":",
		"::",
		",,",
		"1",
		"1:2",
		"1:2:",
		":1:2",
		"1::2",
		"0,0,x",
		"0:0:1:",
		"0:0:1 ",
		" 0:0:1",
		"0:0:-1",
		"-1:0:1",
		"+1:0:1",
		"0:0,1",
		"0,0:1",
		"0;0;1",
		"0 0 1",
		"0:0:0",
		"4294967295:0:1",
		"0:4294967295:1",
		"4294967296:0:1",
		"0:0:4294967296",
		"0:1:4294967295",
		"1:0:4294967295",
		"4294967294:0:2",
		"0:0:18446744073709551617",
		"0:0:0x1",
	};
	static const char *const meet[] = {
		/* with 10:1000:10 there already */
		"10:5000:1",   "19:5000:1",   "5:5000:6",    "5:5000:100",
		"5000:1000:1", "5000:1009:1", "5000:991:10", "5000:900:4000000000",
	};
	struct idmap map = made_of("10:1000:10"), before = map;

	for (size_t i = 0; i < COUNT(bad) + COUNT(meet); i++) {
		const char *text = i < COUNT(bad) ? bad[i] : meet[i - COUNT(bad)];
		int r = idmap_add(&map, text);

		if (r != (i < COUNT(bad) ? -EINVAL : -EEXIST) || memcmp(&map, &before, sizeof map))
			CHECK_FAIL("\"%s\" is %d or has changed the map", text, r);
	}
	CHECK_INT(idmap_add(&map, "20:1010:1"), 0); /* neighbours are no overlap */
	CHECK_INT(idmap_add(&map, "9:999:1"), 0);
	CHECK_INT(map.n, 3);
}

/* Blocks that count from 0 move up around the single id; nothing is lost but the outer id that it
 * takes. */
TEST(moving)
{
	static const struct {
		uint32_t outer, count;
		const char *specs;
		long long inner, single;
		const char *text;
	} cases[] = {
		{ 100000, 65536, "", -1, 0, "0 100000 65536\n" },
		{ 100000, 65536, "", 0, 65534, "0 65534 1\n1 100000 65536\n" },
		{ 100000, 65536, "", 65534, 65534,
		  "65534 65534 1\n0 100000 65534\n65535 165534 2\n" },
		{ 100000, 65536, "", 65535, 65534,
		  "65535 65534 1\n0 100000 65535\n65536 165535 1\n" },
		/* beyond its inner ids: nothing to make room for */
		{ 100000, 65536, "", 65536, 65534, "65536 65534 1\n0 100000 65536\n" },
		/* the single id is one of the block outside, too */
		{ 100, 10, "", 0, 103, "0 103 1\n1 100 3\n4 104 6\n" },
		{ 100, 10, "", 5, 103, "5 103 1\n0 100 3\n3 104 2\n6 106 4\n" },
		{ 100, 10, "", 20, 103, "20 103 1\n0 100 3\n3 104 6\n" },
		{ 100, 1, "", 0, 100, "0 100 1\n" },
		/* the last id has nowhere to go */
		{ 0, 4294967295u, "", 0, 0, "0 0 1\n1 1 4294967294\n" },
		/* besides others, which do not move */
		{ 100, 10, "20:200:10", 0, 5, "0 5 1\n1 100 10\n20 200 10\n" },
		{ 100, 10, "20:200:10", 25, 5, "25 5 1\n0 100 10\n20 200 5\n26 205 4\n" },
		{ 100, 10, "11:200:10", 0, 5, "0 5 1\n1 100 10\n11 200 10\n" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct idmap map = { .n = 0 };

		CHECK_INT(idmap_add_moving(&map, cases[i].outer, cases[i].count), 0);
		if (*cases[i].specs)
			CHECK_INT(idmap_add(&map, cases[i].specs), 0);
		if (cases[i].inner >= 0)
			CHECK_INT(idmap_single(&map, (uint32_t)cases[i].inner,
			                       (uint32_t)cases[i].single),
			          0);
		if (strcmp(text_of(&map), cases[i].text))
			CHECK_FAIL("%u %u %s and %lld: \"%.200s\"", cases[i].outer, cases[i].count,
			           cases[i].specs, cases[i].inner, text_of(&map));
	}
}

/* What it would meet on its way makes it impossible; without a single id there it need not move. */
TEST(moving_has_no_room)
{
	struct idmap map = { .n = 0 }, before;

	CHECK_INT(idmap_add_moving(&map, 100, 10), 0);
	CHECK_INT(idmap_add_moving(&map, 200, 10), -EEXIST);
	CHECK_INT(idmap_add_moving(&map, 0, 0), -EINVAL);
	CHECK_INT(idmap_add(&map, "10:300:10"), 0);
	before = map;
	CHECK_INT(idmap_single(&map, 3, 5), -EEXIST);
	CHECK(!memcmp(&map, &before, sizeof map));
	CHECK_INT(idmap_single(&map, 30, 5), 0);
	CHECK_TEXT(text_of(&map), "30 5 1\n0 100 10\n10 300 10\n");
}

/* (uid_t)-1 is no id: it cannot be the single one either. */
TEST(single_needs_an_id)
{
	struct idmap map = made_of("0:0:10"), before = map;

	CHECK_INT(idmap_single(&map, 4294967295u, 3), -EINVAL);
	CHECK(!memcmp(&map, &before, sizeof map));
	CHECK_INT(idmap_single(&map, 3, 4294967295u), -EINVAL);
	CHECK(!memcmp(&map, &before, sizeof map));
}

TEST(too_many)
{
	static struct idmap map, before;

	for (uint32_t i = 0; i < IDMAP_LINES; i++)
		CHECK_INT(idmap_add_range(&map, 2 * i, 2 * i, 1), 0);
	before = map;
	CHECK_INT(idmap_add(&map, "10000:10000:1"), -E2BIG);
	CHECK_INT(idmap_single(&map, 10000, 10000), -E2BIG);
	CHECK(!memcmp(&map, &before, sizeof map));
	CHECK_INT(idmap_single(&map, 0, 0), 0); /* takes the place of one */
	CHECK_INT(map.n, IDMAP_LINES);
}

/* One write takes less than a page. */
TEST(text_limit)
{
	static struct idmap map;
	static char text[IDMAP_TEXT + 1];
	size_t len = 0;

	text[IDMAP_TEXT] = 'x';
	for (uint32_t i = 0; i < IDMAP_LINES; i++) {
		char line[64];
		int r;

		idmap_add_range(&map, 1000000000 + 2 * i, 1000000000 + 2 * i, 1);
		len += (size_t)sprintf(line, "%u %u 1\n", 1000000000 + 2 * i, 1000000000 + 2 * i);
		r = idmap_format(&map, text);
		if (r != (len < IDMAP_TEXT ? (int)len : -E2BIG))
			CHECK_FAIL("%zu bytes are %d", len, r);
	}
	CHECK(len > IDMAP_TEXT && text[IDMAP_TEXT] == 'x');

	/* One byte too many: 170 lines of 24 bytes, and one of 16. */
	map.n = 170;
	CHECK_INT(idmap_add(&map, "1000:1000:12345"), 0);
	CHECK_INT(idmap_format(&map, text), -E2BIG);
	map.range[170].count = 1234;
	CHECK_INT(idmap_format(&map, text), IDMAP_TEXT - 1);
}

/* ---- properties */

/* Who inner id `id` is outside, or -1; a second answer is an error. */
static long long outer_of(const struct idmap *map, uint32_t id)
{
	long long found = -1;

	for (size_t i = 0; i < map->n; i++) {
		const struct idmap_range *r = &map->range[i];

		if (id >= r->inner && id - r->inner < r->count) {
			if (found >= 0)
				CHECK_FAIL("%u is mapped twice", id);
			found = (long long)r->outer + (id - r->inner);
		}
	}
	return found;
}

static int is_sound(const struct idmap *map)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct idmap_range *a = &map->range[i];

		if (!a->count || (uint64_t)a->inner + a->count > LAST + 1ull ||
		    (uint64_t)a->outer + a->count > LAST + 1ull)
			return 0;
		for (size_t j = 0; j < i; j++) {
			const struct idmap_range *b = &map->range[j];

			if (((uint64_t)a->inner + a->count > b->inner &&
			     (uint64_t)b->inner + b->count > a->inner) ||
			    ((uint64_t)a->outer + a->count > b->outer &&
			     (uint64_t)b->outer + b->count > a->outer))
				return 0;
		}
	}
	return 1;
}

/* Random ranges in a small space, where they meet often: an added range maps what it says; a single
 * id is mapped, and of each range the inner ids but the single one are mapped in order to the outer
 * ids but the single one, as far as either goes. */
TEST(properties)
{
	enum { SPACE = 64 };

	for (int round = 0; round < 20000 && !check_now->failures; round++) {
		/* Near the last id as well as near 0. */
		uint32_t base = rnd_below(2) ? LAST + 1 - SPACE : 0;
		uint32_t inner = base + (uint32_t)rnd_below(SPACE);
		uint32_t outer = base + (uint32_t)rnd_below(SPACE);
		struct idmap map = { .n = 0 }, old;
		int r;

		if (!base && rnd_below(2))
			idmap_add_moving(&map, (uint32_t)rnd_below(SPACE), (uint32_t)rnd_below(20));
		for (int i = 0; i < 6; i++) {
			uint32_t in = base + (uint32_t)rnd_below(SPACE),
				 n = (uint32_t)rnd_below(20);
			uint32_t out = base + (uint32_t)rnd_below(SPACE);
			size_t before = map.n;
			int r = idmap_add_range(&map, in, out, n);

			if ((r != 0 && r != -EINVAL && r != -EEXIST) || map.n != before + !r ||
			    !is_sound(&map))
				CHECK_FAIL("adding %u %u %u: %d", in, out, n, r);
			if (!r && outer_of(&map, in + n - 1) != (long long)out + n - 1)
				CHECK_FAIL("%u is not mapped", in + n - 1);
		}
		old = map;
		r = idmap_single(&map, inner, outer);
		if (r) {
			/* Only what moves can meet another. */
			if (r != -EEXIST || !old.range[0].moves || memcmp(&map, &old, sizeof map))
				CHECK_FAIL("%u %u is %d: %.200s", inner, outer, r, text_of(&old));
			continue;
		}
		if (!is_sound(&map))
			CHECK_FAIL("unsound after %u %u: %.200s", inner, outer, text_of(&map));
		CHECK_INT(outer_of(&map, inner), outer);
		for (size_t i = 0; i < old.n; i++) {
			const struct idmap_range *r = &old.range[i];
			uint64_t in = r->inner, out = r->outer;
			uint64_t in_end = in + r->count, out_end = out + r->count;

			in_end += r->moves && inner < in_end;
			for (;; in++, out++) {
				in += in == inner;
				out += out == outer;
				if (in >= in_end || out >= out_end)
					break;
				if (outer_of(&map, (uint32_t)in) != (long long)out)
					CHECK_FAIL("%llu is %lld, not %llu, after %u %u",
					           (unsigned long long)in,
					           outer_of(&map, (uint32_t)in),
					           (unsigned long long)out, inner, outer);
			}
			/* Its outer ids are used up. */
			for (; in < (uint64_t)r->inner + r->count; in++)
				if (in != inner && outer_of(&map, (uint32_t)in) >= 0)
					CHECK_FAIL("%llu is mapped to more than there was",
					           (unsigned long long)in);
		}
	}
}

/* ---- where maps come from */

static const char *subid_of(const char *text, const char *name, uint32_t uid)
{
	static char found[64];
	uint32_t start = 0, count = 0;
	int r = idmap_find_subid(text, strlen(text), name, strlen(name), uid, &start, &count);

	if (r)
		return r == -ENOENT && !start && !count ? "none" : "wrong";
	snprintf(found, sizeof found, "%u %u", start, count);
	return found;
}

TEST(subid)
{
	static const struct {
		const char *text, *name;
		uint32_t uid;
		const char *found;
	} cases[] = {
		{ "", "ann", 1000, "none" },
		{ "ann:100000:65536\n", "ann", 1000, "100000 65536" },
		{ "1000:100000:65536\n", "ann", 1000, "100000 65536" },
		{ "1000:100000:65536\n", "", 1000, "100000 65536" },
		{ "ann:100000:65536\n", "", 1000, "none" },
		{ "bob:1:2\nann:3:4\n1000:5:6\nann:7:8\n", "ann", 1000, "3 4" },
		{ "bob:1:2\n1000:5:6\nann:3:4\n", "ann", 1000, "5 6" },
		{ "\n\nann:3:4\n", "ann", 1000, "3 4" },
		/* not the beginning, the end, another case of a name; not a number like it */
		{ "an:1:2\nanna:1:2\nAnn:1:2\n ann:1:2\nann :1:2\n", "ann", 1000, "none" },
		{ "100:1:2\n10000:1:2\n1000x:1:2\n-1000:1:2\n+1000:1:2\n", "ann", 1000, "none" },
		{ "4294968296:1:2\n18446744073709552616:1:2\n", "ann", 1000, "none" },
		/* no number is 0, and an empty name is nobody's */
		{ "ann:1:2\nbob:1:2\n:1:2\nx0:1:2\n", "root", 0, "none" },
		{ ":1:2\n", "", 1000, "none" },
		{ "0:7:8\n", "root", 0, "7 8" },
		/* a user whose name is a number */
		{ "1000:5:6\n", "1000", 7, "5 6" },
		/* comments are nobody's lines; nonsense is passed over */
		{ "# ann:1:2\n#ann:1:2\nann:3:4\n", "ann", 1000, "3 4" },
		{ "ann\nann:\nann:1\nann:1:\nann:1:x\nann:x:1\nann:1:2:3\nann::2\nann:1:2 \n"
		  "ann: 1:2\nann:-1:2\nann:1:-2\nann:1:0\nann:1,2\nann:1:2\r\nann:0x1:2\n"
		  "ann:5:6\n",
		  "ann", 1000, "5 6" },
		/* 4294967295 is no id */
		{ "ann:4294967295:1\nann:4294967294:2\nann:1:4294967295\nann:4294967296:1\n"
		  "ann:0:4294967296\nann:0:18446744073709551617\nann:4294967294:1\n",
		  "ann", 1000, "4294967294 1" },
		{ "ann:0:4294967295\n", "ann", 1000, "0 4294967295" },
		{ "ann\303:1:2\n\033[1mann:1:2\n", "ann\303", 1000, "1 2" },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		if (strcmp(subid_of(cases[i].text, cases[i].name, cases[i].uid), cases[i].found))
			CHECK_FAIL("\"%.60s\": %s is \"%s\", not \"%s\"", cases[i].text,
			           cases[i].name,
			           subid_of(cases[i].text, cases[i].name, cases[i].uid),
			           cases[i].found);
}

/* NUL bytes, very long lines, a hundred thousand of them. */
TEST(subid_hostile)
{
	enum { LINES = 100000 };
	static const char nul[] = "ann\0:1:2\nann:1\0:2\nann:1:2\0\nann:3:4\n";
	size_t size = LINES * 20 + 200000, len = 0;
	char *text = malloc(size);
	uint32_t start, count;

	CHECK_INT(idmap_find_subid(nul, sizeof nul - 1, "ann", 3, 1000, &start, &count), 0);
	CHECK(start == 3 && count == 4);
	if (!text)
		give_up("malloc");
	memset(text, '1', 99999);
	text[99999] = '\n';
	len = 100000;
	memset(text + len, ':', 99999);
	text[len + 99999] = '\n';
	len += 100000;
	for (int i = 0; i < LINES; i++)
		len += (size_t)snprintf(text + len, size - len, "u%d:%d:1\n", i, i);
	CHECK_INT(idmap_find_subid(text, len, "u99999", 6, 1000, &start, &count), 0);
	CHECK(start == 99999 && count == 1);
	CHECK_INT(idmap_find_subid(text, len, "u100000", 7, 1000, &start, &count), -ENOENT);
	free(text);
}

TEST(inner)
{
	static const char *const bad[] = {
		"x",
		"\n",
		"0 0\n",
		"0 0 1",
		"0 0 1 \n",
		"0 0 1 2\n",
		"0,0,1\n",
		"\t0 0 1\n",
		"0 0 0\n",
		"-1 0 1\n",
		"0 4294967296 1\n",
		"4294967295 0 1\n",
		"1 0 4294967295\n",
		"0 100 10\nx",
	};
	struct idmap map = { .n = 0 }, before;
	char *text, *p;

	CHECK_INT(idmap_add_inner(&map, ""), 0); /* of a namespace without a map */
	CHECK_INT(map.n, 0);
	CHECK_INT(idmap_add_inner(&map, "         0          0 4294967295\n"), 0);
	CHECK_TEXT(text_of(&map), "0 0 4294967295\n");
	map.n = 0;
	CHECK_INT(idmap_add_inner(&map, "0 65534 1\n         1     100000      65536\n"), 0);
	CHECK_TEXT(text_of(&map), "0 0 1\n1 1 65536\n");
	before = map;
	CHECK_INT(idmap_add_inner(&map, "70000 5 1\n3 6 1\n"), -EEXIST);
	CHECK(map.n == before.n);
	map.n = 0;
	for (size_t i = 0; i < COUNT(bad); i++) {
		char *copy = strdup(bad[i]); /* where ASAN sees its end */

		if (idmap_add_inner(&map, copy) != -EPROTO || map.n)
			CHECK_FAIL("\"%s\" is %d", bad[i], idmap_add_inner(&map, copy));
		free(copy);
	}

	/* As many lines as the kernel has, and one more. */
	p = text = malloc((IDMAP_LINES + 1) * 40);
	if (!p)
		give_up("malloc");
	for (unsigned i = 0; i <= IDMAP_LINES; i++) {
		p += sprintf(p, "%10u %10u %10u\n", 2 * i, i, 1u);
		if (i == IDMAP_LINES - 1) {
			CHECK_INT(idmap_add_inner(&map, text), 0);
			CHECK_INT(map.n, IDMAP_LINES);
			map.n = 0;
		}
	}
	CHECK_INT(idmap_add_inner(&map, text), -E2BIG);
	CHECK_INT(map.n, 0);
	free(text);
}

/* Who is somebody there, by a map that may still come, and by none that makes sense. */
TEST(may_hold)
{
	int dir = tree_fd("/");

	put("7/uid_map", "         0       1000          1\n         1     100000      65536\n");
	CHECK_INT(idmap_may_hold(dir, 7, 1000), 1);
	CHECK_INT(idmap_may_hold(dir, 7, 100000), 1);
	CHECK_INT(idmap_may_hold(dir, 7, 165535), 1);
	CHECK_INT(idmap_may_hold(dir, 7, 0), 0);
	CHECK_INT(idmap_may_hold(dir, 7, 1), 0);
	CHECK_INT(idmap_may_hold(dir, 7, 999), 0);
	CHECK_INT(idmap_may_hold(dir, 7, 1001), 0);
	CHECK_INT(idmap_may_hold(dir, 7, 165536), 0);
	CHECK_INT(idmap_may_hold(dir, 8, 0), 1);
	put("7/uid_map", "");
	CHECK_INT(idmap_may_hold(dir, 7, 0), 1);
	put("7/uid_map", "0 1000 1");
	CHECK_INT(idmap_may_hold(dir, 7, 0), 1);
	put("7/uid_map", "0 1000 x\n");
	CHECK_INT(idmap_may_hold(dir, 7, 0), 1);
	close(dir);
}

/* In a recorded tree whose map is longer than a page. */
TEST(own)
{
	enum { LONG = 339 };
	struct idmap map = { .n = 0 }, asked;
	char *text = malloc(64 * LONG), *p = text;
	int dir = tree_fd("/");

	if (!p)
		give_up("malloc");
	put("self/uid_map", "0 1000 1\n1 100000 65536\n");
	CHECK_INT(idmap_add_own(&map, dir, 0), 0);
	CHECK_TEXT(text_of(&map), "0 0 1\n1 1 65536\n");
	CHECK_INT(idmap_add_own(&map, dir, 1), -ENOENT);
	CHECK_INT(idmap_is_ours(&map, dir, 1), -ENOENT);
	for (unsigned i = 0; i < LONG; i++)
		p += sprintf(p, "%10u %10u %10u\n", 4000000000u + 2 * i, i, 1u);
	put("self/gid_map", text);
	map.n = 0;
	CHECK_INT(idmap_add_own(&map, dir, 1), 0);
	CHECK_INT(map.n, LONG);
	CHECK_INT(map.range[LONG - 1].outer, 4000000000u + 2 * (LONG - 1));
	put("self/gid_map", "nonsense\n");
	CHECK_INT(idmap_add_own(&map, dir, 1), -EPROTO);

	asked = made_of("0:0:1 5:1:65536");
	CHECK_INT(idmap_is_ours(&asked, dir, 0), 1);
	asked = made_of("0:65536:1");
	CHECK_INT(idmap_is_ours(&asked, dir, 0), 1);
	asked = made_of("0:65537:1");
	CHECK_INT(idmap_is_ours(&asked, dir, 0), 0);
	asked = made_of("0:2:10 100:65530:8");
	CHECK_INT(idmap_is_ours(&asked, dir, 0), 0);
	asked = made_of("0:0:2"); /* each is there, but not in one line */
	CHECK_INT(idmap_is_ours(&asked, dir, 0), 0);
	put("self/uid_map", "0 0 4294967295\n");
	asked = made_of("0:0:4294967295");
	CHECK_INT(idmap_is_ours(&asked, dir, 0), 1);
	put("self/uid_map", "");
	CHECK_INT(idmap_is_ours(&asked, dir, 0), 0);
	free(text);
	close(dir);
}

/* ---- the kernel's files */

static int map_child(void *arg)
{
	int *ready = arg; /* [0] the parent's word to us, [1] ours to it */
	char c = 0;

	if (unshare(CLONE_NEWUSER) || write(ready[1], "", 1) != 1 || read(ready[0], &c, 1) != 1)
		return 1;
	return c == '!' && getuid() == 7 && getgid() == 8 ? 0 : 2;
}

TEST(write)
{
	int to[2], from[2], ends[2], proc = proc_mount(NULL), dir = tree_fd("/");
	struct idmap uids = made_of("7:0:1 8:100:10"), gids = made_of("8:0:1"), none = { .n = 0 };
	char text[256] = "", path[64];
	pid_t pid;
	FILE *f;

	if (pipe(to) || pipe(from))
		give_up("pipe");
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		ends[0] = to[0];
		ends[1] = from[1];
		_exit(map_child(ends));
	}
	if (read(from[0], text, 1) != 1)
		give_up("read");
	CHECK_INT(idmap_write(proc, pid, 0, &none), -EINVAL);
	CHECK_INT(idmap_setgroups(proc, pid, 0), 0);
	CHECK_INT(idmap_write(proc, pid, 0, &uids), 0);
	CHECK_INT(idmap_write(proc, pid, 1, &gids), 0);
	CHECK_INT(idmap_write(proc, pid, 0, &uids), -EPERM); /* a map is written once */
	CHECK_INT(idmap_setgroups(proc, pid, 1), -EPERM);
	snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
	f = fopen(path, "r");
	CHECK(f && fscanf(f, " 7 0 1 8 100 %15s", text) == 1 && !strcmp(text, "10"));
	if (f)
		fclose(f);
	CHECK_INT(write(to[1], "!", 1), 1);
	CHECK_INT(wait_status(pid), 0);

	/* A kernel without setgroups (before 3.19): as good as done. Without uid_map: an error. */
	put("5/stat", "");
	CHECK_INT(idmap_setgroups(dir, 5, 0), 0);
	CHECK_INT(idmap_write(dir, 5, 0, &uids), -ENOENT);
	for (int i = 0; i < 2; i++) {
		close(to[i]);
		close(from[i]);
	}
	close(proc);
	close(dir);
}
