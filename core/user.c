/* SPDX-License-Identifier: 0BSD */
#include "user.h"
#include "io.h"
#include "sys.h"

#include <string.h>

/* The beginning of a line of either file, "NAME:PASSWORD:ID:": the name's length, the id and what
 * follows. NULL when it is none. */
static const char *parse_head(const char *line, const char *stop, size_t *len, uint32_t *id)
{
	const char *colon = memchr(line, ':', (size_t)(stop - line)), *p;
	uint64_t n;

	if (!colon || colon == line)
		return NULL;
	p = memchr(colon + 1, ':', (size_t)(stop - colon - 1));
	if (!p || str_digits(p + 1, &p, UINT32_MAX - 1, &n) || p >= stop || *p != ':')
		return NULL;
	*len = (size_t)(colon - line);
	*id = (uint32_t)n;
	return p + 1;
}

static const char *line_end(const char *line, const char *end)
{
	const char *stop = memchr(line, '\n', (size_t)(end - line));

	return stop ? stop : end;
}

const char *user_find(const char *text, size_t size, const char *name, size_t *len, uid_t *uid)
{
	const char *end = text + size;

	for (const char *stop; text < end; text = stop + 1) {
		size_t n;
		uint32_t id;

		stop = line_end(text, end);
		if (!parse_head(text, stop, &n, &id))
			continue;
		if (*len ? n == *len && !memcmp(text, name, n) : id == *uid) {
			*len = n;
			*uid = id;
			return text;
		}
	}
	return NULL;
}

/* A field up to the next ':' or the end of the line; *p moves behind it. */
static const char *next_field(const char **p, const char *stop, size_t *len)
{
	const char *field = *p, *colon = memchr(field, ':', (size_t)(stop - field));

	*len = (size_t)((colon ? colon : stop) - field);
	*p = colon ? colon + 1 : stop;
	return field;
}

int user_split(const char *line, size_t size, struct user_account *a)
{
	const char *stop = line_end(line, line + size), *p;
	size_t len;
	uint64_t gid;

	p = parse_head(line, stop, &a->name_len, &a->uid);
	if (!p || str_digits(p, &p, UINT32_MAX - 1, &gid) || *p++ != ':')
		return -EINVAL;
	a->name = line;
	a->gid = (gid_t)gid;
	next_field(&p, stop, &len); /* who it is */
	a->home = next_field(&p, stop, &a->home_len);
	a->shell = next_field(&p, stop, &a->shell_len);
	return 0;
}

const char *user_member(const char *text, size_t size, const char *name, size_t len, gid_t *gid)
{
	const char *end = text + size;

	for (const char *stop; text < end; text = stop + 1) {
		size_t group_len;
		uint32_t id;
		const char *p;

		stop = line_end(text, end);
		p = parse_head(text, stop, &group_len, &id);
		while (p && p < stop) {
			const char *comma = memchr(p, ',', (size_t)(stop - p));
			size_t n = (size_t)((comma ? comma : stop) - p);

			if (n == len && n && !memcmp(p, name, n)) {
				*gid = id;
				return stop < end ? stop + 1 : end;
			}
			p += n + 1;
		}
	}
	return NULL;
}

static void fill(struct user_db *db)
{
	const char *path = db->groups ? "/etc/group" : "/etc/passwd";

	if (!db->read && io_append_at(AT_FDCWD, path, &db->text, 16 << 20) > 0 &&
	    str_add(&db->text, "\n", 1))
		str_free(&db->text);
	db->read = 1;
}

/* ---- names of ids */

/* A place in the table: where the first line of an id begins, counted from 1; 0 when it is free. */
struct known {
	uint32_t id, line;
};

/* The place of an id, or the one where it belongs. At least half of the table is free. */
static struct known *place_of(const struct user_db *db, uint32_t id)
{
	struct known *table = (struct known *)(void *)db->known.p;
	size_t mask = db->known.len / sizeof *table - 1, i = id * 0x9e3779b1u >> 8;

	while (table[i & mask].line && table[i & mask].id != id)
		i++;
	return &table[i & mask];
}

/* Makes the table, or a larger one. */
static int grow(struct user_db *db)
{
	struct str old = db->known, fresh = { 0 };
	const struct known *k = (const struct known *)(const void *)old.p;
	size_t size = old.len ? old.len * 2 : 4096;

	if (str_room(&fresh, size))
		return -ENOMEM;
	memset(fresh.p, 0, size);
	fresh.len = size;
	db->known = fresh;
	for (size_t i = 0; i < old.len / sizeof *k; i++)
		if (k[i].line)
			*place_of(db, k[i].id) = k[i];
	str_free(&old);
	return 0;
}

/* Goes on to the next line with an id that is not in the table yet: 1; 0 at the end; -ENOMEM. */
static int learn(struct user_db *db)
{
	const char *text = db->text.p, *end = text + db->text.len;

	while (db->at < db->text.len) {
		const char *line = text + db->at, *stop = line_end(line, end);
		struct known *k;
		size_t len;
		uint32_t id;

		if (db->count * 2 * sizeof *k >= db->known.len && grow(db))
			return -ENOMEM;
		db->at = (size_t)(stop + 1 - text);
		if (!parse_head(line, stop, &len, &id))
			continue;
		k = place_of(db, id);
		if (k->line)
			continue;
		*k = (struct known){ id, (uint32_t)(line - text) + 1 };
		db->count++;
		return 1;
	}
	return 0;
}

const char *user_name(struct user_db *db, uid_t uid, size_t *len)
{
	const char *name;
	int r = 1;

	fill(db);
	*len = 0;
	do {
		const struct known *k = db->known.len ? place_of(db, uid) : NULL;

		if (!k || !k->line)
			continue;
		name = db->text.p + k->line - 1;
		while (name[*len] != ':')
			++*len;
		return name;
	} while ((r = learn(db)) > 0);
	return r ? user_find(db->text.p, db->text.len, NULL, len, &uid) : NULL;
}

/* ---- */

int user_id(struct user_db *db, const char *name, uid_t *uid)
{
	size_t len = strlen(name);

	fill(db);
	return len && user_find(db->text.p, db->text.len, name, &len, uid) ? 0 : -ENOENT;
}

int user_account(struct user_db *db, const char *name, uid_t uid, struct user_account *a)
{
	size_t len = name ? strlen(name) : 0;
	const char *line;

	fill(db);
	if (name && !len)
		return -ENOENT;
	line = user_find(db->text.p, db->text.len, name, &len, &uid);
	return line ? user_split(line, db->text.len - (size_t)(line - db->text.p), a) : -ENOENT;
}

int user_next_group(struct user_db *db, size_t *at, const char *name, size_t len, gid_t *gid)
{
	const char *next;

	fill(db);
	if (!db->text.len)
		return 0;
	next = user_member(db->text.p + *at, db->text.len - *at, name, len, gid);
	if (next)
		*at = (size_t)(next - db->text.p);
	return next != NULL;
}

void user_free(struct user_db *db)
{
	str_free(&db->text);
	str_free(&db->known);
	db->at = db->count = 0;
	db->read = 0;
}
