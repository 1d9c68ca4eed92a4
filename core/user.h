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
};

/* The name of an id, not terminated; NULL and *len = 0 when it has none. */
const char *user_name(struct user_db *db, uid_t uid, size_t *len);

/* The id of a name. -ENOENT. */
int user_id(struct user_db *db, const char *name, uid_t *uid);

/* Pure: finds the line of a passwd text, which ends in a newline, whose name (len != 0) or else
 * whose uid is the one given. Returns the line's name, its length and uid; NULL. */
const char *user_find(const char *text, size_t size, const char *name, size_t *len, uid_t *uid);

/* Gives the text back; the next question reads the file again. */
void user_free(struct user_db *db);

#endif
