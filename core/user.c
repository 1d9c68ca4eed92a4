/* SPDX-License-Identifier: 0BSD */
#include "user.h"
#include "io.h"
#include "sys.h"

#include <string.h>

const char *user_find(const char *text, size_t size, const char *name, size_t *len, uid_t *uid)
{
	const char *end = text + size;

	for (const char *stop; text < end; text = stop + 1) {
		const char *colon, *id;
		uint64_t n;

		stop = memchr(text, '\n', (size_t)(end - text));
		if (!stop)
			stop = end;
		colon = memchr(text, ':', (size_t)(stop - text));
		if (!colon || colon == text)
			continue;
		id = memchr(colon + 1, ':', (size_t)(stop - colon - 1));
		if (!id || str_digits(id + 1, &id, UINT32_MAX - 1, &n) || id >= stop || *id != ':')
			continue;
		if (*len ? (size_t)(colon - text) == *len && !memcmp(text, name, *len)
		         : n == *uid) {
			*len = (size_t)(colon - text);
			*uid = (uid_t)n;
			return text;
		}
	}
	return NULL;
}

static void fill(struct user_db *db)
{
	const char *path = db->groups ? "/etc/group" : "/etc/passwd";

	if (!db->read && io_append_at(AT_FDCWD, path, &db->text, 16 << 20) > 0)
		str_add(&db->text, "\n", 1);
	db->read = 1;
}

const char *user_name(struct user_db *db, uid_t uid, size_t *len)
{
	fill(db);
	*len = 0;
	return user_find(db->text.p, db->text.len, NULL, len, &uid);
}

int user_id(struct user_db *db, const char *name, uid_t *uid)
{
	size_t len = strlen(name);

	fill(db);
	return len && user_find(db->text.p, db->text.len, name, &len, uid) ? 0 : -ENOENT;
}

void user_free(struct user_db *db)
{
	str_free(&db->text);
	db->read = 0;
}
