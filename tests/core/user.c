/* SPDX-License-Identifier: 0BSD */
/* The passwd file: lines that are none, ids at the border, lookups both ways. */
#include "test.h"
#include "help.h"
#include "user.h"

#include <grp.h>
#include <pwd.h>

static const char passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
			     "# comment:x:1:1\n"
			     "\n"
			     ":x:2:2:no name\n"
			     "noid:x\n"
			     "empty:x::3\n"
			     "text:x:abc:3\n"
			     "neg:x:-1:3\n"
			     "plus:x:+4:3\n"
			     "tail:x:5z:3\n"
			     "short:x:6\n"
			     "max:x:4294967294:3\n"
			     "none:x:4294967295:3\n"
			     "over:x:4294967296:3\n"
			     "twice:x:7:7\n"
			     "again:x:7:7\n"
			     "twice:x:8:8\n"
			     "+::::::\n"
			     "late:x:9:9";

/* The name of an id, or "". */
static const char *name_of(uid_t uid)
{
	static char name[32];
	size_t len = 0;
	char text[sizeof passwd + 1];
	const char *p;

	snprintf(text, sizeof text, "%s\n", passwd);
	p = user_find(text, strlen(text), NULL, &len, &uid);
	snprintf(name, sizeof name, "%.*s", p ? (int)len : 0, p ? p : "");
	return name;
}

static long long id_of(const char *name)
{
	size_t len = strlen(name);
	uid_t uid = 12345;
	char text[sizeof passwd + 1];

	snprintf(text, sizeof text, "%s\n", passwd);
	return user_find(text, strlen(text), name, &len, &uid) ? (long long)uid : -1;
}

TEST(names)
{
	CHECK_TEXT(name_of(0), "root");
	CHECK_TEXT(name_of(1), "# comment"); /* as getpwuid(3) has it: there are no comments */
	CHECK_TEXT(name_of(2), "");
	CHECK_TEXT(name_of(3), "");
	CHECK_TEXT(name_of(4), "");
	CHECK_TEXT(name_of(5), "");
	CHECK_TEXT(name_of(6), "");
	CHECK_TEXT(name_of(4294967294u), "max");
	CHECK_TEXT(name_of(4294967295u), "");
	CHECK_TEXT(name_of(7), "twice"); /* the first line wins */
	CHECK_TEXT(name_of(9), "late");
}

TEST(ids)
{
	CHECK_INT(id_of("root"), 0);
	CHECK_INT(id_of("max"), 4294967294u);
	CHECK_INT(id_of("none"), -1);
	CHECK_INT(id_of("over"), -1);
	CHECK_INT(id_of("noid"), -1);
	CHECK_INT(id_of("empty"), -1);
	CHECK_INT(id_of("tail"), -1);
	CHECK_INT(id_of("twice"), 7);
	CHECK_INT(id_of("again"), 7);
	CHECK_INT(id_of("late"), 9);
	CHECK_INT(id_of("roo"), -1);
	CHECK_INT(id_of("rootx"), -1);
	CHECK_INT(id_of("root:x"), -1);
	CHECK_INT(id_of("ROOT"), -1);
}

TEST(nothing_to_find)
{
	size_t len = 0;
	uid_t uid = 0;

	CHECK(!user_find(NULL, 0, NULL, &len, &uid));
	CHECK(!user_find("\n", 1, NULL, &len, &uid));
	CHECK_INT(len, 0);
}

/* The machine's file, against libc; an id that nobody has. */
TEST(the_real_file)
{
	struct user_db db = { .read = 0 };
	size_t len = 77;
	const char *name;
	struct passwd *pw;
	uid_t uid = 12345;

	while ((pw = getpwent()) != NULL) {
		name = user_name(&db, pw->pw_uid, &len);
		CHECK(name && len == strlen(getpwuid(pw->pw_uid)->pw_name) &&
		      !memcmp(name, getpwuid(pw->pw_uid)->pw_name, len));
		CHECK_INT(user_id(&db, pw->pw_name, &uid), 0);
		CHECK_INT(uid, pw->pw_uid);
	}
	endpwent();
	CHECK(!user_name(&db, 4123456789u, &len));
	CHECK_INT(len, 0);
	CHECK_INT(user_id(&db, "", &uid), -ENOENT);
	CHECK_INT(user_id(&db, "no such user", &uid), -ENOENT);
	user_free(&db);
	CHECK(!db.read);
}

TEST(the_real_groups)
{
	struct user_db db = { .groups = 1 };
	struct group *gr;
	size_t len;
	uid_t id;

	while ((gr = getgrent()) != NULL) {
		const char *name = user_name(&db, gr->gr_gid, &len);

		CHECK(name && len == strlen(getgrgid(gr->gr_gid)->gr_name) &&
		      !memcmp(name, getgrgid(gr->gr_gid)->gr_name, len));
		CHECK_INT(user_id(&db, gr->gr_name, &id), 0);
		CHECK_INT(id, gr->gr_gid);
	}
	endgrent();
	CHECK_INT(user_id(&db, "no such group", &id), -ENOENT);
	user_free(&db);
}
