/* SPDX-License-Identifier: 0BSD */
/* Names of users from /etc/passwd (passwd(5)) alone: no resolver, no network, and none is fine. */
#ifndef USER_H
#define USER_H

#include <stdint.h>
#include <sys/types.h>

#include "str.h"

/* The file's content, read at the first question. {0} is a fresh one; with .groups it is about the
 * groups of /etc/group (group(5)) instead, whose lines begin in the same way. */
struct user_db {
	struct str text;
	int groups, read;
	/* What user_name knows: a table of the ids in the lines before `at`, each of which is read
	 * once, whoever is asked for and how often. */
	struct str known;
	size_t at, count;
};

/* The name of an id, not terminated; NULL and *len = 0 when it has none. */
const char *user_name(struct user_db *db, uid_t uid, size_t *len);

/* The id of a name. -ENOENT. */
int user_id(struct user_db *db, const char *name, uid_t *uid);

/* What a line of passwd says. The texts are not terminated and may be empty. */
struct user_account {
	const char *name, *home, *shell;
	size_t name_len, home_len, shell_len;
	uid_t uid;
	gid_t gid;
};

/* The first account of a name or, where that is NULL, of an id. -ENOENT: there is none; -EINVAL:
 * its group is no number, so that nobody knows which one it should be. */
int user_account(struct user_db *db, const char *name, uid_t uid, struct user_account *a);

/* Of a .groups db: the next group that lists the name as a member, from *at on, which is 0 at
 * first. 1 and its id, 0 when there is none left. */
int user_next_group(struct user_db *db, size_t *at, const char *name, size_t len, gid_t *gid);

/* Pure: finds the line of a passwd text, which ends in a newline, whose name (len != 0) or else
 * whose uid is the one given. Returns the line's name, its length and uid; NULL. */
const char *user_find(const char *text, size_t size, const char *name, size_t *len, uid_t *uid);

/* Pure: takes the line apart that user_find has found, with `size` bytes up to the end of the text.
 * 0, -EINVAL. */
int user_split(const char *line, size_t size, struct user_account *a);

/* Pure: the first line of a group text, which ends in a newline, that lists the name as a member.
 * Returns what follows the line, and the group's id; NULL. */
const char *user_member(const char *text, size_t size, const char *name, size_t len, gid_t *gid);

/* Gives the text back; the next question reads the file again. */
void user_free(struct user_db *db);

#endif
