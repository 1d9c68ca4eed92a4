/* SPDX-License-Identifier: 0BSD */
/* parsers: user_find user_name user_split user_member parse_head next_field */
#include "fuzz.h"
#include "user.h"

/* What the line says lies in it. */
static void split(const char *line, const char *end, size_t len, uid_t uid)
{
	const char *stop = memchr(line, '\n', (size_t)(end - line));
	struct user_account a;
	int r = user_split(line, (size_t)(end - line), &a);

	MUST(r == 0 || r == -EINVAL);
	if (r)
		return;
	MUST(a.name == line && a.name_len == len && a.uid == uid && a.gid != 4294967295u);
	MUST(a.home > line && a.home + a.home_len <= stop && a.shell >= a.home + a.home_len &&
	     a.shell + a.shell_len <= stop);
	MUST(!memchr(a.home, ':', a.home_len) && !memchr(a.shell, ':', a.shell_len));
}

/* Goes on, and ends behind a line that has the name in it. */
static void members(const char *text, const char *end, const char *name, size_t len)
{
	gid_t gid = 4294967295u;
	const char *next;

	while ((next = user_member(text, (size_t)(end - text), name, len, &gid))) {
		MUST(len && next > text && next <= end && next[-1] == '\n');
		MUST(memmem(text, (size_t)(next - text), name, len));
		MUST(gid != 4294967295u);
		text = next;
	}
}

/* The table has the same answers. */
static void names(const char *text, size_t size, const uid_t *uids, size_t count)
{
	struct user_db db = { .read = 1 };

	MUST(!str_add(&db.text, text, size));
	for (size_t i = 0; i < 2 * count; i++) {
		uid_t uid = uids[i % count];
		size_t len = 77, same = 0;
		const char *name = user_name(&db, uid, &len);
		const char *found = user_find(db.text.p, db.text.len, NULL, &same, &uid);

		MUST(name == found && len == same);
	}
	user_free(&db);
}

/* A line found is one of the text, and is found again by what it says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uid_t uids[] = { 0, 1, 1000, 65534, 4294967294u, 4294967295u };
	char *text = malloc(size + 1);

	if (size)
		memcpy(text, data, size);
	text[size++] = '\n'; /* in place of a NUL: that is what the function may rely on */
	for (size_t i = 0; i < sizeof uids / sizeof *uids; i++) {
		uid_t uid = uids[i], again = 12345;
		size_t len = 0, same;
		const char *name = user_find(text, size, NULL, &len, &uid);

		MUST(!name == !len && uid == uids[i]);
		if (!name)
			continue;
		MUST(uid != 4294967295u);
		MUST(name >= text && name + len < text + size && name[len] == ':');
		MUST(name == text || name[-1] == '\n');
		MUST(!memchr(name, ':', len) && !memchr(name, '\n', len));
		same = len;
		MUST(user_find(text, size, name, &same, &again) && same == len);
		split(name, text + size, len, uid);
	}
	names(text, size, uids, sizeof uids / sizeof *uids);
	/* The name is the input's first word. */
	if (size > 1) {
		size_t len = 0;
		uid_t uid = 12345;
		const char *found;

		while (len < size - 1 && text[len] != ':' && text[len] != '\n')
			len++;
		members(text, text + size, text, len);
		if (len) {
			found = user_find(text, size, text, &len, &uid);
			MUST(!found || (!memcmp(found, text, len) && found[len] == ':'));
			MUST(found || uid == 12345);
		}
	}
	free(text);
	return 0;
}
