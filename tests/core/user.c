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

/* "uid:gid home shell" of the first account of a name, or the error. */
static const char *split(const char *text, const char *name)
{
	static char is[256];
	struct user_account a;
	size_t len = strlen(name);
	uid_t uid = 0;
	const char *line = user_find(text, strlen(text), name, &len, &uid);
	int r = line ? user_split(line, strlen(line), &a) : -ENOENT;

	snprintf(is, sizeof is, "%d", r);
	if (!r)
		snprintf(is, sizeof is, "%u:%u %.*s %.*s", a.uid, a.gid, (int)a.home_len, a.home,
		         (int)a.shell_len, a.shell);
	return is;
}

TEST(accounts)
{
	CHECK_TEXT(split("a:x:1:2:c:/h:/s\n", "a"), "1:2 /h /s");
	CHECK_TEXT(split("b:x:1:1::/:\na:x:1:2:c:/h:/s\n", "a"), "1:2 /h /s");
	CHECK_TEXT(split("a:x:1:2:::\n", "a"), "1:2  ");
	CHECK_TEXT(split("a:x:1:2:\n", "a"), "1:2  ");
	CHECK_TEXT(split("a:x:1:2:c:/h\n", "a"), "1:2 /h ");
	CHECK_TEXT(split("a:x:1:2:c:/h:/s:more\n", "a"), "1:2 /h /s");
	CHECK_TEXT(split("a:x:1:4294967294::/h:\n", "a"), "1:4294967294 /h ");
	CHECK_TEXT(split("a:x:1:2\nb:x:3:4::/:\n", "a"), "-22"); /* not the next line's */
	CHECK_TEXT(split("a:x:1:4294967295::/h:\n", "a"), "-22");
	CHECK_TEXT(split("a:x:1:-1::/h:\n", "a"), "-22");
	CHECK_TEXT(split("a:x:1:::/h:\n", "a"), "-22");
	CHECK_TEXT(split("a:x:1:\n", "a"), "-22");
	CHECK_TEXT(split("a:x:1:0x0::/h:\n", "a"), "-22");
	CHECK_TEXT(split("a:x:1:2::/h:\n", "b"), "-2");
}

/* The groups that list a name, as "1,2,". */
static const char *members(const char *text, const char *name)
{
	static char is[256];
	const char *end = text + strlen(text);
	gid_t gid = 0;

	*is = 0;
	while ((text = user_member(text, (size_t)(end - text), name, strlen(name), &gid)))
		snprintf(is + strlen(is), sizeof is - strlen(is), "%u,", gid);
	return is;
}

TEST(members)
{
	static const char groups[] = "g:x:1:a,b,c\nh:x:2:b\n\nbad:x:y:b\nlast:x:4294967294:c,b\n";

	CHECK_TEXT(members(groups, "b"), "1,2,4294967294,");
	CHECK_TEXT(members(groups, "a"), "1,");
	CHECK_TEXT(members(groups, "c"), "1,4294967294,");
	CHECK_TEXT(members(groups, "g"), ""); /* a group's own name is no member */
	CHECK_TEXT(members(groups, "a,b"), "");
	CHECK_TEXT(members(groups, "B"), "");
	CHECK_TEXT(members(groups, ""), "");
	CHECK_TEXT(members("g:x:1:ab,ba,b \ng:x:2:,b,\n", "b"), "2,");
	CHECK_TEXT(members("g:x:4294967295:b\ng:x:-1:b\n:x:3:b\ng:x::b\n", "b"), "");
	CHECK_TEXT(members("g:x:1:\nb:x:2:\ng:x:3\ng:b:4:x\n", "b"), "");
	CHECK_TEXT(members("", "b"), "");
}

/* user_name says what user_find says, of every id, in any order, and asked again. */
static void check_name(struct user_db *db, uid_t uid)
{
	size_t len = 77, found_len = 0;
	const char *name = user_name(db, uid, &len);
	const char *found = user_find(db->text.p, db->text.len, NULL, &found_len, &uid);

	if (name != found || len != found_len)
		CHECK_FAIL("%u is %.*s", uid, (int)len, name ? name : "");
}

TEST(names_by_the_table)
{
	static const uid_t ids[] = { 9, 4294967294u, 4294967295u, 7, 8, 0, 0, 12345 };
	struct user_db db = { .read = 1 };

	CHECK(!str_puts(&db.text, passwd) && !str_puts(&db.text, "\n"));
	for (size_t i = 0; i < COUNT(ids); i++)
		check_name(&db, ids[i]);
	for (uid_t uid = 0; uid < 12; uid++)
		check_name(&db, uid);
	user_free(&db);
	CHECK(!db.read && !db.known.p && !db.at && !db.count);
	db.read = 1; /* an empty file */
	check_name(&db, 0);
	user_free(&db);
}

/* Of many lines each is read once, and only up to the one that is asked for. */
TEST(names_of_many)
{
	enum { MANY = 20000 };
	struct user_db db = { .read = 1 };
	char line[64];

	for (unsigned i = 0; i < MANY; i++) {
		/* ids close by, far apart, and some twice, of which the first counts */
		str_format(line, sizeof line, "u%u:x:%u:1::/:\n", i,
		           i % 3   ? i
		           : i % 7 ? i << 16
		                   : i / 2);
		CHECK(!str_puts(&db.text, line));
	}
	check_name(&db, 1);
	CHECK_INT(db.count, 2); /* u0 and u1 */
	CHECK(db.at < 64);
	check_name(&db, 100);
	CHECK(db.at < 4096);
	for (unsigned i = 0; i < MANY; i += 997) {
		check_name(&db, i);
		check_name(&db, i << 16);
		check_name(&db, i / 2);
		check_name(&db, ~i);
	}
	CHECK_INT(db.at, db.text.len);
	/* None of these reads a line: in the order of the file that would take minutes. */
	for (unsigned i = 0; i < 1000000; i++) {
		size_t len;

		if (i % 3 && i < MANY && !user_name(&db, i, &len))
			CHECK_FAIL("%u has no name", i);
		if (i >= MANY && i % 65536 && user_name(&db, i, &len))
			CHECK_FAIL("%u has a name", i);
	}
	user_free(&db);
}

/* The machine's file, against libc; an id that nobody has. */
TEST(the_real_file)
{
	struct user_db db = { .read = 0 };
	struct user_account a;
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
		CHECK_INT(user_account(&db, pw->pw_name, 0, &a), 0);
		CHECK(a.uid == pw->pw_uid && a.gid == pw->pw_gid);
		CHECK(a.home_len == strlen(pw->pw_dir) && !memcmp(a.home, pw->pw_dir, a.home_len));
		CHECK(a.shell_len == strlen(pw->pw_shell) &&
		      !memcmp(a.shell, pw->pw_shell, a.shell_len));
	}
	endpwent();
	CHECK(!user_name(&db, 4123456789u, &len));
	CHECK_INT(len, 0);
	CHECK_INT(user_id(&db, "", &uid), -ENOENT);
	CHECK_INT(user_id(&db, "no such user", &uid), -ENOENT);
	CHECK_INT(user_account(&db, "", 0, &a), -ENOENT);
	CHECK_INT(user_account(&db, "no such user", 0, &a), -ENOENT);
	CHECK_INT(user_account(&db, NULL, 4123456789u, &a), -ENOENT);
	CHECK_INT(user_account(&db, NULL, 0, &a), 0);
	CHECK_INT(a.uid, 0);
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
	/* Whose members are whose. */
	setgrent();
	while ((gr = getgrent()) != NULL)
		for (char **m = gr->gr_mem; *m; m++) {
			size_t at = 0;
			int found = 0;

			while (user_next_group(&db, &at, *m, strlen(*m), &id))
				found += id == gr->gr_gid;
			CHECK(found);
		}
	endgrent();
	CHECK_INT(user_id(&db, "no such group", &id), -ENOENT);
	user_free(&db);
}
