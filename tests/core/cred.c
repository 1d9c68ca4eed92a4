/* SPDX-License-Identifier: 0BSD */
/* Credentials: what the texts mean, with files of our own in a root of our own, and what becomes of
 * a process. Whatever changes is a child of ours. */
#include "test.h"
#include "help.h"
#include "child.h"
#include "cred.h"
#include "sig.h"
#include "sys.h"

#include <grp.h>

#define NOBODY 65534u

static const char passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
			     "app:x:1000:1001:An App,,,:/home/app:/bin/bash\n"
			     "bare:x:1002:1002:::\n"
			     "short:x:1003:1003:\n"
			     "cut:x:1004:1004\n"
			     "badgid:x:1005:abc::/:/bin/sh\n"
			     "neggid:x:1006:-1::/:/bin/sh\n"
			     "biggid:x:1007:4294967295::/:/bin/sh\n"
			     "1010:x:0:0:a number for a name:/evil:/bin/sh\n"
			     "twin:x:1000:1:the second of its id:/twin:\n"
			     "app:x:2000:2000:the second of its name:/app2:\n"
			     "4294967294x:x:1:1::/:\n"
			     "max:x:4294967294:4294967294::/max:/bin/sh\n"
			     "none:x:4294967295:1::/:\n"
			     "minus:x:-1:1::/:\n";
static const char group[] = "root:x:0:\n"
			    "wheel:x:10:root,app\n"
			    "app:x:1001:\n"
			    "disk:x:6:application,xapp,app2\n"
			    "video:x:44:x,app\n"
			    "audio:x:45:app,\n"
			    "bad:x:abc:app\n"
			    "neg:x:-1:app\n"
			    "none:x:4294967295:app\n"
			    "1010:x:0:\n"
			    "self:x:1001:app\n"
			    "max:x:4294967294:max\n";

/* ---- what a user specification means */

/* The child's view: "R uid:gid groups home name shell", with R the result, or "R what 'bad'". */
static int show_user(void *spec)
{
	struct cred c = { 0 };
	int r;

	if (chroot(tmp("root")) || chdir("/"))
		return 98;
	r = cred_user(&c, spec);
	if (r) {
		dprintf(1, "%d %s '%.*s'", r, c.bad.what, c.bad.len, c.bad.text);
		return 0;
	}
	if (c.ruid != c.euid || c.rgid != c.egid ||
	    c.set != (CRED_RUID | CRED_EUID | CRED_RGID | CRED_EGID | CRED_GROUPS))
		return 97;
	dprintf(1, "%u:%u ", c.ruid, c.rgid);
	for (size_t i = 0; i < c.groups.len / sizeof(gid_t); i++)
		dprintf(1, "%s%u", i ? "," : "", ((gid_t *)(void *)c.groups.p)[i]);
	dprintf(1, " %s %s %s", cred_home(&c), cred_name(&c) ? cred_name(&c) : "-", cred_shell(&c));
	cred_free(&c);
	return c.groups.p || c.account.p ? 96 : 0;
}

static void check_user(const char *spec, const char *should)
{
	char text[1024];
	int status = capture(1, show_user, (void *)(uintptr_t)spec, text, sizeof text);

	if (status || strcmp(text, should))
		CHECK_FAIL("'%s' is \"%s\" (status %d), not \"%s\"", spec, text, status, should);
}

static void make_root(const char *users, const char *groups)
{
	put("root/etc/passwd", users);
	put("root/etc/group", groups);
}

TEST(user_with_files)
{
	if (geteuid())
		return; /* chroot(2) */
	make_root(passwd, group);
	/* A name: its group, and all groups that list it. */
	check_user("root", "0:0 10 /root root /bin/sh");
	check_user("app", "1000:1001 10,44,45,1001 /home/app app /bin/bash");
	check_user("max", "4294967294:4294967294 4294967294 /max max /bin/sh");
	/* A number that has an account: the same, by the first line of its id. */
	check_user("1000", "1000:1001 10,44,45,1001 /home/app app /bin/bash");
	check_user("1002", "1002:1002  / bare /bin/sh"); /* empty fields */
	check_user("bare", "1002:1002  / bare /bin/sh");
	check_user("short", "1003:1003  / short /bin/sh");
	/* With a group: that one alone. */
	check_user("app:video", "1000:44  /home/app app /bin/bash");
	check_user("app:44", "1000:44  /home/app app /bin/bash");
	check_user("1000:12345", "1000:12345  /home/app app /bin/bash");
	check_user("1000:", "1000:1001 10,44,45,1001 /home/app app /bin/bash");
	/* A number without an account: our own group, as nobody has said another. */
	check_user("54321", "54321:0  / - /bin/sh");
	check_user("54321:7", "54321:7  / - /bin/sh");
	check_user("54321:video", "54321:44  / - /bin/sh");
	check_user("4294967294:4294967294", "4294967294:4294967294  /max max /bin/sh");
	check_user("00000001000:0044", "1000:44  /home/app app /bin/bash");
	/* Nobody: who we are. */
	check_user("", "0:0 10 /root root /bin/sh");
	check_user(":", "0:0 10 /root root /bin/sh");
	check_user(":video", "0:44  /root root /bin/sh");
	check_user(":7", "0:7  /root root /bin/sh");
	/* A number is never a name, whatever the file says. */
	check_user("1010", "1010:0  / - /bin/sh");
	check_user("1010:1010", "1010:1010  / - /bin/sh");
}

TEST(user_refused)
{
	char text[300], should[400];

	if (geteuid())
		return;
	make_root(passwd, group);
	check_user("nobody", "-2 user 'nobody'");
	check_user("app:nogroup", "-2 group 'nogroup'");
	check_user("54321:nogroup", "-2 group 'nogroup'");
	check_user("App", "-2 user 'App'");
	check_user("ap", "-2 user 'ap'");
	check_user("app ", "-2 user 'app '");
	check_user("app,root", "-2 user 'app,root'");
	check_user("app:1:2", "-22 user 'app:1:2'");
	check_user("::", "-22 user '::'");
	check_user("-1", "-2 user '-1'");
	check_user("minus", "-2 user 'minus'");
	check_user("+5", "-2 user '+5'");
	check_user(" 5", "-2 user ' 5'");
	check_user("5 ", "-2 user '5 '");
	check_user("0x0", "-2 user '0x0'");
	check_user("1e3", "-2 user '1e3'");
	check_user("none", "-2 user 'none'");
	check_user("4294967295", "-34 user '4294967295'");
	check_user("4294967296", "-34 user '4294967296'");
	check_user("18446744073709551616", "-34 user '18446744073709551616'");
	check_user("99999999999999999999999999", "-34 user '99999999999999999999999999'");
	check_user("0:4294967295", "-34 group '4294967295'");
	check_user("0:-1", "-2 group '-1'");
	check_user("0:none", "-2 group 'none'");
	check_user("0:bad", "-2 group 'bad'");
	/* An account whose group nobody can read is none to guess about: 0 would be root's. */
	check_user("cut", "-22 user 'cut'");
	check_user("badgid", "-22 user 'badgid'");
	check_user("neggid", "-22 user 'neggid'");
	check_user("biggid", "-22 user 'biggid'");
	check_user("1005", "-22 user '1005'");
	check_user("badgid:5", "-22 user 'badgid'");
	memset(text, '0', sizeof text); /* longer than any number or name */
	text[sizeof text - 1] = 0;
	snprintf(should, sizeof should, "-2 user '%s'", text);
	check_user(text, should);
}

TEST(user_without_files)
{
	if (geteuid())
		return;
	make_root("", "");
	unlink(tmp("root/etc/passwd"));
	unlink(tmp("root/etc/group"));
	check_user("0", "0:0  / - /bin/sh");
	check_user("65532", "65532:0  / - /bin/sh");
	check_user("65532:65532", "65532:65532  / - /bin/sh");
	check_user("4294967294:4294967294", "4294967294:4294967294  / - /bin/sh");
	check_user(":5", "0:5  / - /bin/sh");
	check_user("root", "-2 user 'root'");
	check_user("0:root", "-2 group 'root'");
}

/* Bytes that are no text, lines without an end. */
TEST(user_of_a_hostile_file)
{
	static const char nul[] = "a\0b:x:1:1::/:\nc:x:3:3::/h\0me:/s\0\nd:x:4:4\0::/:\n";

	if (geteuid())
		return;
	put_bytes("root/etc/passwd", nul, sizeof nul - 1);
	put("root/etc/group", "g:x:5:c\nh:x:6:c,\nlast:x:7:c");
	check_user("c", "3:3 5,6,7 /h c /s");
	check_user("a", "-2 user 'a'");
	check_user("d", "-22 user 'd'");
	make_root("app:x:5:5:::", "app:x:5:app"); /* no newline */
	check_user("app", "5:5 5 / app /bin/sh");
	make_root("\n\n:::::\n", "\n:\n::\n:::app\n");
	check_user("app", "-2 user 'app'");
	check_user("5", "5:0  / - /bin/sh");
}

/* ---- lists of groups */

TEST(groups)
{
	struct cred c = { 0 };
	gid_t *list;

	CHECK_INT(cred_groups(&c, "5,4294967294,0,5"), 0);
	CHECK_INT(c.set, CRED_GROUPS);
	CHECK_INT(c.groups.len, 3 * sizeof(gid_t)); /* each once */
	CHECK_INT(cred_groups(&c, "root"), 0);
	CHECK_INT(c.groups.len, 3 * sizeof(gid_t));
	CHECK_INT(cred_add_group(&c, 7), 0);
	list = (gid_t *)(void *)c.groups.p;
	CHECK_INT(list[0], 5);
	CHECK_INT(list[1], 4294967294u);
	CHECK_INT(list[2], 0);
	CHECK_INT(list[3], 7);
	cred_free(&c);
	CHECK_INT(c.groups.len, 0);
}

TEST(groups_refused)
{
	static const struct {
		const char *text, *bad;
		int result;
	} cases[] = {
		{ "", "", -EINVAL },
		{ "5,", "", -EINVAL },
		{ ",5", "", -EINVAL },
		{ "5,,6", "", -EINVAL },
		{ "5,no-such-group,6", "no-such-group", -ENOENT },
		{ "-1", "-1", -ENOENT },
		{ "5, 6", " 6", -ENOENT },
		{ "0x1", "0x1", -ENOENT },
		{ "4294967295", "4294967295", -ERANGE },
		{ "99999999999999999999", "99999999999999999999", -ERANGE },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cred c = { 0 };
		int r = cred_groups(&c, cases[i].text);

		if (r != cases[i].result || c.bad.len != (int)strlen(cases[i].bad) ||
		    memcmp(c.bad.text, cases[i].bad, (size_t)c.bad.len) ||
		    strcmp(c.bad.what, "group"))
			CHECK_FAIL("'%s' is %d, about '%.*s'", cases[i].text, r, c.bad.len,
			           c.bad.text);
		cred_free(&c);
	}
}

/* The kernel takes 65536 groups (NGROUPS_MAX). */
TEST(too_many_groups)
{
	struct cred c = { 0 };
	uint32_t i;

	/* One by one would compare each with all others. */
	CHECK_INT(str_room(&c.groups, 65536 * sizeof i), 0);
	for (i = 0; i < 65536; i++)
		memcpy(c.groups.p + i * sizeof i, &i, sizeof i);
	c.groups.len = 65535 * sizeof i;
	CHECK_INT(cred_add_group(&c, 65535), 0);
	CHECK_INT(cred_add_group(&c, 65536), -E2BIG);
	CHECK_INT(cred_add_group(&c, 0), 0);
	CHECK_INT(cred_groups(&c, "65536"), -E2BIG);
	CHECK_INT(c.groups.len, 65536 * sizeof i);
	cred_free(&c);
}

TEST(ids)
{
	struct cred c = { 0 };
	uint32_t id = 77;

	CHECK_INT(cred_id(&c, "4294967294", 0, &id), 0);
	CHECK_INT(id, 4294967294u);
	CHECK_INT(cred_id(&c, "root", 0, &id), 0);
	CHECK_INT(id, 0);
	CHECK_TEXT(cred_name(&c), "root");
	CHECK_INT(cred_id(&c, "root", 1, &id), 0);
	CHECK_INT(id, 0);
	id = 77;
	CHECK_INT(cred_id(&c, "4294967295", 0, &id), -ERANGE);
	CHECK_INT(cred_id(&c, "4294967295", 1, &id), -ERANGE);
	CHECK_INT(cred_id(&c, "-1", 0, &id), -ENOENT);
	CHECK_INT(cred_id(&c, "", 0, &id), -ENOENT);
	CHECK_INT(cred_id(&c, "", 1, &id), -ENOENT);
	CHECK_INT(cred_id(&c, "no such user", 0, &id), -ENOENT);
	CHECK_TEXT(c.bad.what, "user");
	CHECK_INT(c.bad.len, 12);
	CHECK_INT(id, 77);
	cred_free(&c);
}

TEST(environment)
{
	struct cred c = { 0 };

	CHECK_TEXT(cred_home(&c), "/");
	CHECK(!cred_name(&c));
	CHECK_TEXT(cred_shell(&c), "/bin/sh");
	CHECK_INT(cred_account(&c, 4123456789u), -ENOENT);
	CHECK_INT(cred_member_groups(&c), -ENOENT);
	CHECK_TEXT(cred_home(&c), "/");
	CHECK_INT(cred_account(&c, 0), 0);
	CHECK_TEXT(cred_name(&c), "root");
	CHECK_INT(cred_account(&c, 4123456789u), 0); /* it has one */
	cred_free(&c);
	CHECK(!cred_name(&c));
}

/* ---- capabilities */

TEST(cap_names)
{
	char name[CRED_CAP_NAME], with[40];

	for (int cap = 0; cap < 64; cap++) {
		cred_cap_name(cap, name);
		CHECK_INT(cred_cap(name, strlen(name)), cap);
		CHECK_INT(strncmp(name, "cap_", 4) == 0, cap > 40);
		snprintf(with, sizeof with, "CAP_%s", cap > 40 ? name + 4 : name);
		CHECK_INT(cred_cap(with, strlen(with)), cap);
		snprintf(with, sizeof with, "cap_%d", cap);
		CHECK_INT(cred_cap(with, strlen(with)), cap);
	}
	/* The ends and some between, by linux/capability.h. */
	CHECK_TEXT(cred_cap_name(0, name), "chown");
	CHECK_TEXT(cred_cap_name(10, name), "net_bind_service");
	CHECK_TEXT(cred_cap_name(21, name), "sys_admin");
	CHECK_TEXT(cred_cap_name(24, name), "sys_resource");
	CHECK_TEXT(cred_cap_name(38, name), "perfmon");
	CHECK_TEXT(cred_cap_name(40, name), "checkpoint_restore");
	CHECK_TEXT(cred_cap_name(41, name), "cap_41");
	CHECK_INT(cred_cap("Net_Admin", 9), 12);
	CHECK_INT(cred_cap("cap_040", 7), 40);
	CHECK_INT(cred_cap("killer", 4), 5); /* a part of a text */
}

TEST(cap_names_refused)
{
	static const char *const cases[] = { "",
		                             "cap_",
		                             "cap_cap_kill",
		                             "5",
		                             "kil",
		                             "killx",
		                             "cap_64",
		                             "cap_-1",
		                             "cap_+1",
		                             "cap_0x5",
		                             "cap_ 5",
		                             "cap_5 ",
		                             "all",
		                             "cap_5a",
		                             " kill",
		                             "kill ",
		                             "net",
		                             "+kill",
		                             "cap_99999999999999999999",
		                             "_kill",
		                             "capkill",
		                             "CAP_KILL_",
		                             "chown,kill" };

	for (size_t i = 0; i < COUNT(cases); i++)
		if (cred_cap(cases[i], strlen(cases[i])) != -ENOENT)
			CHECK_FAIL("'%s' is a capability", cases[i]);
	CHECK_INT(cred_cap("kill\0admin", 10), -ENOENT);
}

#define KILL (1ull << 5)
#define CHOWN 1ull

TEST(cap_lists)
{
	static const struct {
		const char *text;
		uint64_t add, drop, able;
	} cases[] = {
		{ "+kill", KILL, 0, 0 },
		{ "-kill", 0, KILL, 0 },
		{ "+kill,-kill", 0, KILL, 0 }, /* the last one counts */
		{ "-CAP_KILL,+cap_5", KILL, 0, 0 },
		{ "+all", ~0ull, 0, ~0ull },
		{ "-all", 0, ~0ull, 0 },
		{ "+ALL,-kill", ~KILL, KILL, ~KILL },
		{ "-all,+kill,+chown", KILL | CHOWN, ~(KILL | CHOWN), 0 },
		{ "+all,+kill", ~0ull, 0, ~KILL }, /* by name it is a must */
		{ "-kill,+all", ~0ull, 0, ~0ull },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cred c = { 0 };
		struct cred_caps caps = { 0, 0, 0 };
		int r = cred_caps(&c, &caps, cases[i].text);

		if (r || caps.add != cases[i].add || caps.drop != cases[i].drop ||
		    caps.able != cases[i].able)
			CHECK_FAIL("%s is %d, %llx %llx %llx", cases[i].text, r,
			           (long long)caps.add, (long long)caps.drop, (long long)caps.able);
	}
}

TEST(cap_lists_refused)
{
	static const struct {
		const char *text, *bad;
		int result;
	} cases[] = {
		{ "", "", -EINVAL },
		{ "kill", "kill", -EINVAL },
		{ "+kill,", "", -EINVAL },
		{ "+kill,chown", "chown", -EINVAL },
		{ ",+kill", "", -EINVAL },
		{ "+", "", -ENOENT },
		{ "+kill,-foo,+chown", "foo", -ENOENT },
		{ "++kill", "+kill", -ENOENT },
		{ "+cap_63", "cap_63", -ENOENT }, /* no kernel has it */
		{ "-cap_63", "cap_63", -ENOENT },
		{ "+kill -chown", "kill -chown", -ENOENT },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cred c = { 0 };
		struct cred_caps caps = { 0, 0, 0 };
		int r = cred_caps(&c, &caps, cases[i].text);

		if (r != cases[i].result || c.bad.len != (int)strlen(cases[i].bad) ||
		    memcmp(c.bad.text, cases[i].bad, (size_t)c.bad.len))
			CHECK_FAIL("'%s' is %d, about '%.*s'", cases[i].text, r, c.bad.len,
			           c.bad.text);
	}
}

/* docker's two lists, in whatever order they come. */
TEST(cap_limit)
{
	static const struct {
		const char *add, *drop;
		uint64_t added, dropped;
	} cases[] = {
		{ NULL, NULL, 0, 0 },
		{ "kill", NULL, KILL, 0 },
		{ NULL, "kill,CAP_CHOWN", 0, KILL | CHOWN },
		{ NULL, "ALL", 0, ~0ull },
		{ "kill", "all", KILL, ~KILL },
		{ "kill", "kill", KILL, 0 },
		{ "all", "kill", ~KILL, KILL },
		{ "all", "all", ~0ull, 0 },
		{ "all,kill", "kill,chown", ~CHOWN, CHOWN },
	};
	struct cred c = { 0 };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cred l = { 0 };
		int r = cred_limit(&l, cases[i].add, cases[i].drop);

		if (r || l.inheritable.add != cases[i].added || l.ambient.add != cases[i].added ||
		    l.inheritable.drop != cases[i].dropped || l.bounding.drop != cases[i].dropped ||
		    l.bounding.add || (l.inheritable.add & l.inheritable.drop))
			CHECK_FAIL("+%s -%s is %d, %llx %llx", cases[i].add, cases[i].drop, r,
			           (long long)l.inheritable.add, (long long)l.inheritable.drop);
	}
	CHECK_INT(cred_limit(&c, "kill,foo", NULL), -ENOENT);
	CHECK_TEXT(c.bad.what, "capability");
	CHECK_INT(cred_limit(&c, NULL, ""), -ENOENT);
	CHECK_INT(cred_limit(&c, "kill,", NULL), -ENOENT);
	CHECK_INT(cred_limit(&c, "+kill", NULL), -ENOENT);
}

/* ---- the change */

#define BIND (1ull << 10)

struct change {
	const char *user, *add, *drop, *groups;
	unsigned set;                     /* besides */
	int (*before)(void);              /* what the process is before */
	int (*after)(void);               /* what it tries afterwards; 0: in vain */
	struct cred_caps inh, amb, bound; /* for CRED_KEEP_CAPS */
};

/* "uids gids [groups] inh prm eff bnd amb nnp", as /proc/self/status has them. */
static void show_status(void)
{
	static const char *const keys[] = { "Uid",    "Gid",    "Groups", "CapInh",    "CapPrm",
		                            "CapEff", "CapBnd", "CapAmb", "NoNewPrivs" };
	char line[4096], *save, *word;
	FILE *f = fopen("/proc/self/status", "r");
	size_t key = 0;

	while (f && key < COUNT(keys) && fgets(line, sizeof line, f)) {
		const char *name = strtok_r(line, ":", &save);
		int n = 0;

		if (strcmp(name, keys[key]))
			continue;
		dprintf(1, "%s%s", key ? " " : "", key == 2 ? "[" : "");
		while ((word = strtok_r(NULL, "\t \n", &save)) != NULL)
			if (key < 3)
				dprintf(1, "%s%s", n++ ? "," : "", word);
			else
				dprintf(1, "%llx", strtoull(word, NULL, 16));
		dprintf(1, "%s", key == 2 ? "]" : "");
		key++;
	}
	if (f)
		fclose(f);
}

static int prepare(const struct change *ch, struct cred *c)
{
	c->inheritable = ch->inh;
	c->ambient = ch->amb;
	c->bounding = ch->bound;
	c->set |= ch->set;
	return (ch->user && cred_user(c, ch->user)) || (ch->groups && cred_groups(c, ch->groups)) ||
	       ((ch->add || ch->drop) && cred_limit(c, ch->add, ch->drop));
}

static int run_change(void *arg)
{
	const struct change *ch = arg;
	struct cred c = { 0 };
	const char *call = "";
	int r;

	if (ch->before && ch->before())
		return 95;
	if (prepare(ch, &c))
		return 96;
	r = cred_apply(&c, &call);
	if (r) {
		dprintf(1, "%d %s", r, call);
		return 0;
	}
	show_status();
	return ch->after ? ch->after() : 0;
}

/* `should` with "BND" for the bounding set as it is here. */
static void check_change(int line, struct change ch, const char *should)
{
	char text[1024], want[1024], *at;
	uint64_t bounding = 0;
	int status = capture(1, run_change, &ch, text, sizeof text);

	for (int cap = 0; cap < 64 && prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
		bounding |= (uint64_t)prctl(PR_CAPBSET_READ, cap) << cap;
	snprintf(want, sizeof want, "%s", should);
	while ((at = strstr(want, "BND")) != NULL) {
		char rest[1024];
		int minus = !strncmp(at, "BND-KILL", 8);

		snprintf(rest, sizeof rest, "%s", at + (minus ? 8 : 3));
		snprintf(at, sizeof want - (size_t)(at - want), "%llx%s",
		         (long long)(bounding & ~(minus ? KILL : 0)), rest);
	}
	if (status || strcmp(text, want))
		CHECK_FAIL("line %d: \"%s\" (status %d), not \"%s\"", line, text, status, want);
}

#define CHANGE(should, ...) check_change(__LINE__, (struct change){ __VA_ARGS__ }, should)

/* Whatever root could do a moment ago; the number of what still works. */
static int regain(void)
{
	struct sys_caps all = { ~0ull >> 23, ~0ull >> 23, ~0ull >> 23 };
	struct sys_caps inheritable = { 0, 0, ~0ull >> 23 };
	gid_t zero = 0;

	if (!setuid(0) || !seteuid(0) || !setreuid(0, 0) || !setresuid(0, 0, 0))
		return 1;
	if (!setgid(0) || !setegid(0) || !setregid(0, 0) || !setresgid(0, 0, 0))
		return 2;
	if (!setgroups(1, &zero) || !setgroups(0, NULL))
		return 3;
	if (!sys_capset(&all) || !sys_capset(&inheritable))
		return 4;
	if (!prctl(PR_SET_KEEPCAPS, 1) && !setuid(0))
		return 5;
	if (!prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0))
		return 6;
	if (open("/proc/1/mem", O_RDWR) >= 0 || open("/etc/shadow", O_RDONLY) >= 0)
		return 7;
	if (!chroot("/") || !kill(1, 0) || !sethostname("x", 1))
		return 8;
	if (geteuid() == 0 || getuid() == 0 || getegid() == 0 || getgid() == 0)
		return 9;
	return 0;
}

TEST(becomes_a_user)
{
	if (geteuid())
		return;
	CHANGE("5,5,5,5 6,6,6,6 [] 0 0 0 BND 0 0", .user = "5:6", .after = regain);
	CHANGE("5,5,5,5 6,6,6,6 [7,8] 0 0 0 BND 0 0", .user = "5:6", .groups = "8,7",
	       .after = regain);
	CHANGE("4294967294,4294967294,4294967294,4294967294 "
	       "4294967294,4294967294,4294967294,4294967294 [] 0 0 0 BND 0 0",
	       .user = "4294967294:4294967294", .after = regain);
	CHANGE("5,5,5,5 6,6,6,6 [] 0 0 0 BND 0 1", .user = "5:6", .set = CRED_NO_NEW_PRIVS,
	       .after = regain);
	CHANGE("0,0,0,0 0,0,0,0 [] 0 BND BND BND 0 0", .user = "0:0");
	CHANGE("0,0,0,0 6,6,6,6 [] 0 BND BND BND 0 0", .user = "0:6");
}

TEST(becomes_a_user_with_capabilities)
{
	if (geteuid())
		return;
	CHANGE("5,5,5,5 6,6,6,6 [] 400 400 400 BND 400 0", .user = "5:6", .add = "net_bind_service",
	       .after = regain);
	CHANGE("5,5,5,5 6,6,6,6 [] 400 400 400 400 400 1", .user = "5:6", .add = "net_bind_service",
	       .drop = "all", .set = CRED_NO_NEW_PRIVS, .after = regain);
	CHANGE("5,5,5,5 6,6,6,6 [] 0 0 0 0 0 0", .user = "5:6", .drop = "all", .after = regain);
	CHANGE("5,5,5,5 6,6,6,6 [] 0 0 0 BND-KILL 0 0", .user = "5:6", .drop = "kill",
	       .after = regain);
	CHANGE("5,5,5,5 6,6,6,6 [] BND BND BND BND BND 0", .user = "5:6", .add = "all");
	CHANGE("0,0,0,0 0,0,0,0 [] 0 BND-KILL BND-KILL BND-KILL 0 0", .drop = "kill");
	CHANGE("0,0,0,0 0,0,0,0 [] 20 20 20 20 20 0", .drop = "all", .add = "kill");
	CHANGE("0,0,0,0 0,0,0,0 [] 0 0 0 0 0 0", .user = "0:0", .drop = "all");
}

/* ---- from where it is not root, or where a plain setuid(2) would take nothing away */

static int no_fixup(void)
{
	return prctl(PR_SET_SECUREBITS, 1 << 2, 0, 0, 0); /* SECBIT_NO_SETUID_FIXUP */
}

static int with_inheritable(void)
{
	struct sys_caps caps;

	if (sys_capget(&caps))
		return 1;
	caps.inheritable = KILL | BIND;
	return sys_capset(&caps) || prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 5, 0, 0);
}

/* An ordinary user whom a container runtime gave some capabilities. */
static int user_with_setuid(void)
{
	struct sys_caps caps = { 0xc0 | KILL, 0xc0 | KILL, 0xc0 | KILL };

	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups(0, NULL) || setresgid(9, 9, 9) ||
	       setresuid(9, 9, 9) || sys_capset(&caps) ||
	       prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 7, 0, 0);
}

static int user(void)
{
	return setgroups(0, NULL) || setresgid(9, 9, 9) || setresuid(9, 9, 9);
}

TEST(whoever_it_was_before)
{
	if (geteuid())
		return;
	CHANGE("5,5,5,5 6,6,6,6 [] 0 0 0 BND 0 0", .user = "5:6", .before = no_fixup,
	       .after = regain);
	CHANGE("5,5,5,5 6,6,6,6 [] 0 0 0 BND 0 0", .user = "5:6", .before = with_inheritable,
	       .after = regain);
	CHANGE("5,5,5,5 6,6,6,6 [] 400 400 400 BND 400 0", .user = "5:6", .add = "net_bind_service",
	       .before = with_inheritable, .after = regain);
	CHANGE("5,5,5,5 6,6,6,6 [] 0 0 0 BND 0 0", .user = "5:6", .before = user_with_setuid,
	       .after = regain);
	CHANGE("5,5,5,5 6,6,6,6 [] 20 20 20 BND 20 0", .user = "5:6", .add = "kill",
	       .before = user_with_setuid);
	/* To the same user: nothing changes but what was asked for. */
	CHANGE("9,9,9,9 9,9,9,9 [] 0 0 0 BND 0 1", .set = CRED_NO_NEW_PRIVS, .before = user);
}

static int less(void)
{
	return prctl(PR_CAPBSET_DROP, 5, 0, 0, 0);
}

TEST(failures_are_named)
{
	if (geteuid())
		return;
	CHANGE("-1 setgroups", .user = "5:6", .before = user);
	CHANGE("-1 setresgid", .set = CRED_RGID, .before = user); /* to 0 */
	CHANGE("-1 setresuid", .set = CRED_RUID, .before = user);
	CHANGE("-1 prctl(PR_CAPBSET_DROP)", .user = "9:9", .drop = "kill", .before = user);
	CHANGE("-1 prctl(PR_CAPBSET_DROP)", .drop = "kill", .before = user);
	CHANGE("-1 capset", .add = "kill", .before = user);
	CHANGE("-1 capset", .user = "5:6", .add = "chown", .before = user_with_setuid);
	CHANGE("-1 prctl(PR_SET_SECUREBITS)", .set = CRED_SECUREBITS, .before = user);
	CHANGE("-1 adding to the bounding set", .bound = { .add = KILL }, .before = less);
	CHANGE("-1 prctl(PR_CAP_AMBIENT_RAISE)", .set = CRED_KEEP_CAPS, .amb = { .add = KILL });
	CHANGE("-1 capset", .set = CRED_KEEP_CAPS, .inh = { .add = KILL }, .before = less);
}

/* A user namespace without a map: no id is valid in it. */
static int no_ids(void)
{
	return unshare(CLONE_NEWUSER);
}

TEST(failures_in_a_user_namespace)
{
	if (geteuid())
		return;
	CHANGE("-1 setgroups", .user = "5:6", .before = no_ids);
	CHANGE("-22 setresgid", .set = CRED_RGID | CRED_EGID, .before = no_ids);
	CHANGE("-22 setresuid", .set = CRED_RUID | CRED_EUID, .before = no_ids);
	CHECK_TEXT(cred_hint("setresuid", -EINVAL),
	           "no such id in this user namespace: see user_namespaces(7)");
	CHECK(!cred_hint("setresuid", -EPERM));
	CHECK(!cred_hint("capset", -EINVAL));
}

/* ---- setpriv's rule: up to the exec a change of user does not change the capabilities */

TEST(keeps_capabilities)
{
	const unsigned ids = CRED_RUID | CRED_EUID | CRED_RGID | CRED_EGID | CRED_KEEP_CAPS;

	if (geteuid())
		return;
	CHANGE("5,5,5,5 6,6,6,6 [] 0 BND BND BND 0 0", .user = "5:6", .set = ids);
	CHANGE("5,5,5,5 6,6,6,6 [] 20 BND BND BND 20 0", .user = "5:6", .set = ids,
	       .inh = { .add = KILL }, .amb = { .add = KILL });
	CHANGE("5,5,5,5 6,6,6,6 [] 420 BND BND BND 420 0", .user = "5:6", .set = ids,
	       .inh = { .add = KILL | BIND }, .amb = { .add = ~0ull, .able = ~0ull });
	CHANGE("5,5,5,5 6,6,6,6 [] BND-KILL BND BND BND-KILL 0 0", .user = "5:6", .set = ids,
	       .inh = { .add = ~0ull, .able = ~0ull }, .bound = { .drop = KILL });
	CHANGE("0,0,0,0 0,0,0,0 [] 400 BND BND BND 0 0", .set = CRED_KEEP_CAPS,
	       .inh = { .drop = KILL }, .before = with_inheritable);
	CHANGE("0,0,0,0 0,0,0,0 [] 420 BND BND BND 0 0", .set = CRED_KEEP_CAPS,
	       .amb = { .drop = ~0ull }, .before = with_inheritable);
}

/* ---- in a child that shares our memory */

static struct cred shared;

static int apply_shared(void *unused)
{
	const char *call;

	(void)unused;
	return cred_apply(&shared, &call);
}

static int spawn_as(void *unused)
{
	struct sys_sigset mask;
	struct child c = { .argv = (char *[]){ "", "sh", "-c", "id -u; id -g; id -G", NULL },
		           .mask = &mask,
		           .setup = apply_shared };
	pid_t pid;

	(void)unused;
	c.argv++;
	cred_user(&shared, "5:6");
	cred_groups(&shared, "7,8");
	sig_block_all(&mask);
	pid = child_spawn(&c);
	sig_restore(&mask);
	if (pid < 0 || wait_status(pid))
		return 1;
	cred_free(&shared);
	return getuid() || geteuid() || getgid(); /* we are who we were */
}

TEST(in_a_child)
{
	char text[256];

	if (geteuid())
		return;
	CHECK_INT(capture(1, spawn_as, NULL, text, sizeof text), 0);
	CHECK_TEXT(text, "5\n6\n6 7 8\n");
}
