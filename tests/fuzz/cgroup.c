/* SPDX-License-Identifier: 0BSD */
/* parsers: cgroup_next cgroup_seen next_part has_word next_byte below is_of */
/* The input is the text of /proc/PID/cgroup, an empty line, and that of mountinfo. */
#include "fuzz.h"
#include "cgroup.h"

/* Field number `n` of a line, its end where the line ends at the latest. */
static struct cgroup_part field(struct cgroup_part line, int n)
{
	const char *end = line.p + line.len;
	struct cgroup_part f = { line.p, 0 };

	for (; n && f.p < end; f.p++)
		n -= *f.p == ' ';
	while (f.p + f.len < end && f.p[f.len] != ' ')
		f.len++;
	return f;
}

/* As mountinfo means it: another one than the parser's. */
static char *plain(struct cgroup_part f)
{
	char *text = fuzz_text((const uint8_t *)f.p, f.len), *to = text;

	for (size_t i = 0; i < f.len; i++) {
		const char *s = f.p + i;
		int value = -1;

		if (*s == '\\' && f.len - i > 3 && strspn(s + 1, "01234567") >= 3)
			value = (s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0');
		if (value > 0 && value < 256)
			i += 3;
		*to++ = value > 0 && value < 256 ? (char)value : *s;
	}
	*to = 0;
	return text;
}

/* Only a file system of the version that the line is of. */
static void check_type(const struct cgroup_line *line, struct cgroup_part mount)
{
	const char *type = line->controllers.len ? "cgroup" : "cgroup2";
	struct cgroup_part f;
	int n = 5;

	do
		f = field(mount, n++);
	while (f.len != 1 || *f.p != '-');
	f = field(mount, n);
	MUST(f.len == strlen(type) && !memcmp(f.p, type, f.len));
}

/* It is what the mount point says, and with the mount's root in its place the cgroup's path. */
static void check(const struct cgroup_line *line, struct cgroup_part mount, const char *dir)
{
	char *root = plain(field(mount, 3)), *point = plain(field(mount, 4)), *path;
	const char *rest = dir + strlen(point), *slash = rest;

	MUST(*root == '/' && *point == '/' && !strncmp(dir, point, strlen(point)));
	MUST(!*rest || *rest == '/');
	MUST(strncmp(rest, "/..", 3) || (rest[3] && rest[3] != '/'));
	path = fuzz_text((const uint8_t *)line->path.p, line->path.len);
	if (root[strlen(root) - 1] == '/' && *rest)
		slash++; /* only one of them */
	MUST(!strncmp(path, root, strlen(root)) && !strcmp(path + strlen(root), slash));
	free(root);
	free(point);
	free(path);
}

static void see(const struct cgroup_line *line, const char *mounts)
{
	struct mount_line mount;

	for (const char *at = mounts; mount_next(&at, &mount);) {
		const char *begin = at - 1;
		struct cgroup_part whole;
		struct str dir = { 0 };
		int r = cgroup_seen(line, &mount, &dir);

		while (begin > mounts && begin[-1] != '\n')
			begin--;
		whole = (struct cgroup_part){ begin, (size_t)(at - 1 - begin) };
		MUST(r == 0 || r == 1);
		MUST(r ? dir.len && !dir.p[dir.len - 1] : !dir.len);
		if (r) {
			MUST(strtoull(begin, NULL, 10) == mount.id);
			check(line, whole, dir.p);
			check_type(line, whole);
		}
		str_free(&dir);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1), *mounts, *empty; /* text has no NUL behind it */
	const char *at = text, *end = text + size, *before = text;
	struct cgroup_line line;
	int lines = 0;

	/* The kernel writes no NUL, and who asks for paths could do nothing with one. */
	for (size_t i = 0; i < size; i++)
		text[i] = data[i] ? (char)data[i] : ' ';
	empty = size ? memmem(text, size, "\n\n", 2) : NULL;
	if (empty)
		end = empty + 1;
	mounts = empty ? fuzz_text((uint8_t *)empty + 2, (size_t)(text + size - empty - 2))
	               : fuzz_text(NULL, 0);
	while (cgroup_next(&at, end, &line) && lines++ < 50) {
		const char *controllers = line.controllers.p, *path = line.path.p;

		MUST(at > before && at <= end);
		MUST(controllers > before && controllers[-1] == ':' &&
		     path == controllers + line.controllers.len + 1 && path[-1] == ':');
		MUST(line.path.len && *path == '/' && path + line.path.len <= at);
		MUST(!memchr(path, '\n', line.path.len));
		MUST(!memchr(controllers, ':', line.controllers.len));
		see(&line, mounts);
		before = at;
	}
	free(mounts);
	free(text);
	return 0;
}
