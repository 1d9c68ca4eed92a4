/* SPDX-License-Identifier: 0BSD */
#include "cred.h"
#include "sys.h"
#include "user.h"

#include <string.h>
#include <strings.h>

#define ID_MAX (UINT32_MAX - 1) /* (uid_t)-1 means "leave it as it is" to the kernel */
#define GROUPS_MAX 65536        /* NGROUPS_MAX, since Linux 2.6.4 */

static int refuse(struct cred *c, const char *what, const char *text, size_t len, int err)
{
	c->bad.what = what;
	c->bad.text = text;
	c->bad.len = (int)len;
	return err;
}

/* ---- users and groups */

static int keep_account(struct cred *c, const struct user_account *a)
{
	c->account.len = 0;
	if (str_add(&c->account, a->home, a->home_len) || str_add(&c->account, "", 1))
		return -ENOMEM;
	c->name_at = c->account.len;
	if (str_add(&c->account, a->name, a->name_len) || str_add(&c->account, "", 1))
		return -ENOMEM;
	c->shell_at = c->account.len;
	if (str_add(&c->account, a->shell, a->shell_len) || str_add(&c->account, "", 1))
		return -ENOMEM;
	c->account_gid = a->gid;
	return 0;
}

/* By the name or, where that is NULL, by the id. */
static int find_account(struct cred *c, const char *name, uid_t *uid)
{
	struct user_db db = { .groups = 0 };
	struct user_account a;
	int r = user_account(&db, name, *uid, &a);

	if (!r)
		r = keep_account(c, &a);
	if (!r)
		*uid = a.uid;
	user_free(&db);
	return r;
}

int cred_account(struct cred *c, uid_t uid)
{
	return c->account.len ? 0 : find_account(c, NULL, &uid);
}

/* A part of a text. Numbers come first, and without a file: one that an image brings along must not
 * be able to say that "1000" is the name of root. */
static int parse_id(struct cred *c, const char *text, size_t len, struct user_db *groups,
                    uint32_t *id)
{
	char word[256];
	uint64_t n;
	int r = -ENOENT;

	if (len < sizeof word) {
		memcpy(word, text, len);
		word[len] = 0;
		r = str_number(word, ID_MAX, &n);
		if (!r)
			*id = (uint32_t)n;
		else if (r == -EINVAL)
			r = groups ? user_id(groups, word, id) : find_account(c, word, id);
	}
	return r ? refuse(c, groups ? "group" : "user", text, len, r) : 0;
}

int cred_id(struct cred *c, const char *text, int group, uint32_t *id)
{
	struct user_db groups = { .groups = 1 };
	int r = parse_id(c, text, strlen(text), group ? &groups : NULL, id);

	user_free(&groups);
	return r;
}

int cred_add_group(struct cred *c, gid_t gid)
{
	const gid_t *list = (const gid_t *)(void *)c->groups.p;
	size_t n = c->groups.len / sizeof gid;

	c->set |= CRED_GROUPS;
	for (size_t i = 0; i < n; i++)
		if (list[i] == gid)
			return 0;
	return n < GROUPS_MAX ? str_add(&c->groups, (const char *)&gid, sizeof gid) : -E2BIG;
}

static int add_member_groups(struct cred *c, struct user_db *groups)
{
	const char *name = c->account.p + c->name_at;
	size_t at = 0, len = strlen(name);
	gid_t gid;
	int r = 0;

	while (!r && user_next_group(groups, &at, name, len, &gid))
		r = cred_add_group(c, gid);
	return r;
}

int cred_member_groups(struct cred *c)
{
	struct user_db groups = { .groups = 1 };
	int r = c->account.len ? add_member_groups(c, &groups) : -ENOENT;

	user_free(&groups);
	return r;
}

int cred_groups(struct cred *c, const char *text)
{
	struct user_db groups = { .groups = 1 };
	gid_t gid;
	int r;

	do {
		size_t len = strcspn(text, ",");

		r = len ? parse_id(c, text, len, &groups, &gid)
		        : refuse(c, "group", text, 0, -EINVAL);
		if (!r)
			r = cred_add_group(c, gid);
		text += len;
	} while (!r && *text++);
	user_free(&groups);
	return r;
}

static int set_user(struct cred *c, const char *text, size_t len)
{
	uid_t uid = getuid();
	int r = len ? parse_id(c, text, len, NULL, &uid) : 0;

	if (r)
		return r;
	r = cred_account(c, uid);
	c->set |= CRED_RUID | CRED_EUID;
	c->ruid = c->euid = uid;
	return r && r != -ENOENT ? refuse(c, "user", text, len, r) : 0;
}

/* After the user; `text` is "" for the account's group. */
static int set_group(struct cred *c, const char *text)
{
	struct user_db groups = { .groups = 1 };
	gid_t gid = c->account.len ? c->account_gid : getgid();
	int r = 0;

	c->set |= CRED_RGID | CRED_EGID | CRED_GROUPS;
	if (*text)
		r = parse_id(c, text, strlen(text), &groups, &gid);
	else if (c->account.len)
		r = add_member_groups(c, &groups);
	c->rgid = c->egid = gid;
	user_free(&groups);
	return r;
}

int cred_user(struct cred *c, const char *text)
{
	size_t len = strcspn(text, ":");
	const char *group = text + len + (text[len] == ':');
	int r;

	if (strchr(group, ':'))
		return refuse(c, "user", text, strlen(text), -EINVAL);
	r = set_user(c, text, len);
	return r ? r : set_group(c, group);
}

const char *cred_home(const struct cred *c)
{
	return c->account.len && *c->account.p ? c->account.p : "/";
}

const char *cred_name(const struct cred *c)
{
	return c->account.len ? c->account.p + c->name_at : NULL;
}

const char *cred_shell(const struct cred *c)
{
	const char *shell = c->account.len ? c->account.p + c->shell_at : "";

	return *shell ? shell : "/bin/sh";
}

void cred_free(struct cred *c)
{
	str_free(&c->groups);
	str_free(&c->account);
}

/* ---- capabilities by name */

/* In the order of their numbers (linux/capability.h), each ended by NUL. */
static const char cap_names[] =
	"chown\0dac_override\0dac_read_search\0fowner\0fsetid\0kill\0setgid\0setuid\0setpcap\0"
	"linux_immutable\0net_bind_service\0net_broadcast\0net_admin\0net_raw\0ipc_lock\0"
	"ipc_owner\0sys_module\0sys_rawio\0sys_chroot\0sys_ptrace\0sys_pacct\0sys_admin\0"
	"sys_boot\0sys_nice\0sys_resource\0sys_time\0sys_tty_config\0mknod\0lease\0audit_write\0"
	"audit_control\0setfcap\0mac_override\0mac_admin\0syslog\0wake_alarm\0block_suspend\0"
	"audit_read\0perfmon\0bpf\0checkpoint_restore\0";
#define CAP_BITS 64 /* more than a struct sys_caps can hold will need another version of it */

static int same_word(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && !strncasecmp(text, word, len);
}

int cred_cap(const char *text, size_t len)
{
	int prefix = len > 4 && !strncasecmp(text, "cap_", 4), cap = 0;
	unsigned n = 0;

	text += prefix ? 4 : 0;
	len -= prefix ? 4 : 0;
	for (const char *name = cap_names; *name; name += strlen(name) + 1, cap++)
		if (same_word(text, len, name))
			return cap;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -ENOENT;
		n = n * 10 + (unsigned)(text[i] - '0');
		if (n >= CAP_BITS)
			return -ENOENT;
	}
	return prefix ? (int)n : -ENOENT;
}

char *cred_cap_name(int cap, char buf[CRED_CAP_NAME])
{
	const char *name = cap_names;

	for (int i = 0; i < cap && *name; i++)
		name += strlen(name) + 1;
	if (*name)
		strcpy(buf, name);
	else
		str_format(buf, CRED_CAP_NAME, "cap_%d", cap);
	return buf;
}

/* Where even the question is forbidden (seccomp) the call that uses it will tell. */
int cred_cap_known(int cap)
{
	return prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0 || errno != EINVAL;
}

/* One entry: its bits, all for "all". */
static int parse_cap(struct cred *c, const char *text, size_t len, uint64_t *bits)
{
	int cap = cred_cap(text, len);

	*bits = ~0ull;
	if (same_word(text, len, "all"))
		return 1;
	if (cap < 0 || !cred_cap_known(cap))
		return refuse(c, "capability", text, len, -ENOENT);
	*bits = 1ull << cap;
	return 0;
}

int cred_caps(struct cred *c, struct cred_caps *caps, const char *text)
{
	do {
		size_t len = strcspn(text, ",");
		uint64_t bits;
		int all;

		if (*text != '+' && *text != '-')
			return refuse(c, "capability", text, len, -EINVAL);
		all = parse_cap(c, text + 1, len - 1, &bits);
		if (all < 0)
			return all;
		caps->add &= ~bits;
		caps->drop &= ~bits;
		caps->able &= ~bits;
		*(*text == '+' ? &caps->add : &caps->drop) |= bits;
		caps->able |= all && *text == '+' ? bits : 0;
		text += len;
	} while (*text++);
	return 0;
}

/* One list without signs: the named ones, and whether there is an "all". */
static int parse_list(struct cred *c, const char *text, uint64_t *named, int *all)
{
	if (!text)
		return 0;
	do {
		size_t len = strcspn(text, ",");
		uint64_t bits;
		int r = parse_cap(c, text, len, &bits);

		if (r < 0)
			return r;
		if (r)
			*all = 1;
		else
			*named |= bits;
		text += len;
	} while (*text++);
	return 0;
}

int cred_limit(struct cred *c, const char *add, const char *drop)
{
	uint64_t added = 0, dropped = 0, able;
	int all_added = 0, all_dropped = 0;
	int r = parse_list(c, add, &added, &all_added);

	if (!r)
		r = parse_list(c, drop, &dropped, &all_dropped);
	if (r)
		return r;
	able = all_added ? ~(added | dropped) : 0;
	added |= able;
	dropped = (all_dropped ? ~0ull : dropped) & ~added;
	c->inheritable = (struct cred_caps){ added, dropped, able };
	c->ambient = (struct cred_caps){ added, 0, able }; /* a part of the inheritable ones */
	c->bounding = (struct cred_caps){ .drop = dropped };
	return 0;
}

/* ---- the change */

/* Remembers what is being done, for the message about it. */
static int doing(const char **call, const char *name, int r)
{
	*call = name;
	return r;
}

static int control(int option, unsigned long a, unsigned long b)
{
	return (int)sys_result(prctl(option, a, b, 0, 0));
}

/* Whether it is in the bounding set; -EINVAL for one that the kernel does not know. */
static int in_bounding(unsigned long cap)
{
	return control(PR_CAPBSET_READ, cap, 0);
}

/* Who has no right to drop it may find that done. */
static int drop_bounding(unsigned long cap)
{
	int r = control(PR_CAPBSET_DROP, cap, 0), there = r == -EPERM ? in_bounding(cap) : 1;

	return there > 0 ? r : there;
}

/* What is dropped here, no exec gives back, not that of a set-user-ID root program either. */
static int limit_bounding(const struct cred *c, const char **call)
{
	for (unsigned long cap = 0; cap < CAP_BITS; cap++) {
		uint64_t bit = 1ull << cap;
		int r = 0;

		if (c->bounding.drop & bit)
			r = doing(call, "prctl(PR_CAPBSET_DROP)", drop_bounding(cap));
		else if ((c->bounding.add & ~c->bounding.able & bit) && in_bounding(cap) != 1)
			r = doing(call, "adding to the bounding set", -EPERM); /* nobody can */
		if (r == -EINVAL)
			break; /* the kernel has no more */
		if (r)
			return r;
	}
	return 0;
}

/* The capabilities that are to be inheritable in any case. An "all" means those that we have and
 * that the bounding set lets be inherited. */
static uint64_t inherited(const struct cred *c, const struct sys_caps *caps)
{
	uint64_t able = c->inheritable.able & caps->permitted;

	for (unsigned long cap = 0; cap < CAP_BITS; cap++)
		if ((able & 1ull << cap) && in_bounding(cap) != 1)
			able &= ~(1ull << cap);
	return (c->inheritable.add & ~c->inheritable.able) | able;
}

/* From the least to the most powerful: setgroups(2) needs CAP_SETGID, which leaves with user 0, as
 * setresgid(2) does; and as long as the user is 0, all of it could be taken back. All three ids
 * change, so that none is kept to return to (setresuid(2), "saved set-user-ID"). */
static int set_ids(const struct cred *c, const char **call)
{
	const uint32_t same = UINT32_MAX;
	int r = 0;

	if (c->set & CRED_GROUPS)
		r = doing(call, "setgroups",
		          sys_setgroups(c->groups.len / sizeof(gid_t),
		                        (const gid_t *)(void *)c->groups.p));
	if (!r && (c->set & (CRED_RGID | CRED_EGID)))
		r = doing(call, "setresgid",
		          sys_setresgid(c->set & CRED_RGID ? c->rgid : same,
		                        c->set & CRED_EGID ? c->egid : same,
		                        c->set & CRED_EGID ? c->egid : getegid()));
	if (!r && (c->set & (CRED_RUID | CRED_EUID)))
		r = doing(call, "setresuid",
		          sys_setresuid(c->set & CRED_RUID ? c->ruid : same,
		                        c->set & CRED_EUID ? c->euid : same,
		                        c->set & CRED_EUID ? c->euid : geteuid()));
	return r;
}

/* CRED_KEEP_CAPS: the effective set, which a change from user 0 empties, is as it was, and the
 * inheritable one is changed. In two steps: the second may need CAP_SETPCAP to be effective. */
static int restore_caps(const struct cred *c, struct sys_caps *caps, const char **call)
{
	uint64_t before = caps->inheritable;
	int r = 0;

	if ((c->set & (CRED_RUID | CRED_EUID)) && caps->permitted)
		r = doing(call, "capset", sys_capset(caps));
	caps->inheritable = (before | inherited(c, caps)) & ~c->inheritable.drop;
	if (!r && caps->inheritable != before)
		r = doing(call, "capset", sys_capset(caps));
	return r;
}

/* Without it: what is not kept is given up in so many words, whatever securebits make of a change
 * of user. A smaller permitted or inheritable set takes the ambient one along. */
static int reduce_caps(const struct cred *c, struct sys_caps *caps, const char **call)
{
	uint64_t kept = inherited(c, caps), drop = c->inheritable.drop;
	uint64_t had = caps->effective | caps->permitted | caps->inheritable;

	if ((c->set & CRED_EUID) && c->euid) {
		*caps = (struct sys_caps){ kept, kept, kept };
		had |= kept;
	} else {
		caps->effective &= ~drop;
		caps->permitted &= ~drop;
		caps->inheritable = (caps->inheritable | kept) & ~drop;
		had = kept | drop;
	}
	return had ? doing(call, "capset", sys_capset(caps)) : 0;
}

/* The ambient set is what somebody who is not root takes along through an exec. */
static int set_ambient(const struct cred *c, const struct sys_caps *caps, const char **call)
{
	uint64_t unable = c->ambient.able & ~(caps->permitted & caps->inheritable);

	for (unsigned long cap = 0; cap < CAP_BITS; cap++) {
		uint64_t bit = 1ull << cap;
		int r = 0;

		if (c->ambient.drop & bit)
			r = doing(call, "prctl(PR_CAP_AMBIENT_LOWER)",
			          control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, cap));
		else if (c->ambient.add & ~unable & bit)
			r = doing(call, "prctl(PR_CAP_AMBIENT_RAISE)",
			          control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap));
		if (r == -EINVAL && (c->ambient.drop & bit))
			break; /* the kernel has no more, or no ambient set (before 4.3) */
		if (r)
			return r;
	}
	return 0;
}

int cred_apply(const struct cred *c, const char **call)
{
	int changes_user = (c->set & (CRED_RUID | CRED_EUID)) != 0, r;
	struct sys_caps caps;

	r = doing(call, "capget", sys_capget(&caps));
	/* First what needs CAP_SETPCAP, which may be about to go. */
	if (!r)
		r = limit_bounding(c, call);
	/* Else the permitted set leaves with user 0. An exec clears the flag. */
	if (!r && changes_user && ((c->set & CRED_KEEP_CAPS) ? caps.permitted : c->inheritable.add))
		r = doing(call, "prctl(PR_SET_KEEPCAPS)", control(PR_SET_KEEPCAPS, 1, 0));
	if (!r)
		r = set_ids(c, call);
	if (!r)
		r = c->set & CRED_KEEP_CAPS ? restore_caps(c, &caps, call)
		                            : reduce_caps(c, &caps, call);
	if (!r && (c->set & CRED_SECUREBITS))
		r = doing(call, "prctl(PR_SET_SECUREBITS)",
		          control(PR_SET_SECUREBITS, c->securebits, 0));
	if (!r)
		r = set_ambient(c, &caps, call);
	/* Nothing above depends on it: from here on no exec gives rights (PR_SET_NO_NEW_PRIVS). */
	if (!r && (c->set & CRED_NO_NEW_PRIVS))
		r = doing(call, "prctl(PR_SET_NO_NEW_PRIVS)", control(PR_SET_NO_NEW_PRIVS, 1, 0));
	return r;
}

int cred_keep_caps(void)
{
	struct sys_caps caps;
	int r = sys_capget(&caps);

	caps.inheritable = caps.permitted;
	if (!r)
		r = sys_capset(&caps);
	for (int cap = 0; cap < 64 && !r; cap++)
		if (caps.permitted >> cap & 1)
			r = control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap);
	return r;
}

const char *cred_hint(const char *call, int err)
{
	return err == -EINVAL && !strncmp(call, "set", 3)
	               ? "no such id in this user namespace: see user_namespaces(7)"
	               : NULL;
}
