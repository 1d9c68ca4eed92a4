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
		/* with 10:1000:10 there already */
		"10:5000:1",
		"19:5000:1",
		"5:5000:6",
		"5:5000:100",
		"5000:1000:1",
		"5000:1009:1",
		"5000:991:10",
		"5000:900:4000000000",
	};
	struct idmap map = made_of("10:1000:10"), before = map;

	for (size_t i = 0; i < COUNT(bad); i++) {
		int r = idmap_add(&map, bad[i]);

		if (r != -EINVAL || memcmp(&map, &before, sizeof map))
			CHECK_FAIL("\"%s\" is %d or has changed the map", bad[i], r);
	}
	CHECK_INT(idmap_add(&map, "20:1010:1"), 0); /* neighbours are no overlap */
	CHECK_INT(idmap_add(&map, "9:999:1"), 0);
	CHECK_INT(map.n, 3);
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

		for (int i = 0; i < 6; i++) {
			uint32_t in = base + (uint32_t)rnd_below(SPACE),
				 n = (uint32_t)rnd_below(20);
			uint32_t out = base + (uint32_t)rnd_below(SPACE);
			size_t before = map.n;
			int r = idmap_add_range(&map, in, out, n);

			if ((r != 0 && r != -EINVAL) || map.n != before + !r || !is_sound(&map))
				CHECK_FAIL("adding %u %u %u: %d", in, out, n, r);
			if (!r && outer_of(&map, in + n - 1) != (long long)out + n - 1)
				CHECK_FAIL("%u is not mapped", in + n - 1);
		}
		old = map;
		CHECK_INT(idmap_single(&map, inner, outer), 0);
		if (!is_sound(&map))
			CHECK_FAIL("unsound after %u %u: %.200s", inner, outer, text_of(&map));
		CHECK_INT(outer_of(&map, inner), outer);
		for (size_t i = 0; i < old.n; i++) {
			const struct idmap_range *r = &old.range[i];
			uint64_t in = r->inner, out = r->outer;
			uint64_t in_end = in + r->count, out_end = out + r->count;

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
			for (; in < in_end; in++) /* its outer ids are used up */
				if (in != inner && outer_of(&map, (uint32_t)in) >= 0)
					CHECK_FAIL("%llu is mapped to more than there was",
					           (unsigned long long)in);
		}
	}
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
