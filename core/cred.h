/* SPDX-License-Identifier: 0BSD */
/*
 * Who a program runs as: ids, groups, capabilities, and the way there. credentials(7),
 * capabilities(7). First the parsing functions fill a struct cred, of which {0} is a fresh one,
 * then cred_apply changes the caller, whose next step is to execute a program.
 */
#ifndef CRED_H
#define CRED_H

#include <stdint.h>
#include <sys/types.h>

#include "str.h"

/* Changes to one set of capabilities, a bit for each; none is in both. */
struct cred_caps {
	uint64_t add, drop;
	uint64_t able; /* those of `add` that are only wished for: where the kernel lets us */
};

enum cred_set {
	CRED_RUID = 1,
	CRED_EUID = 2, /* and the saved one */
	CRED_RGID = 4,
	CRED_EGID = 8, /* and the saved one */
	CRED_GROUPS = 16,
	CRED_SECUREBITS = 32,
	CRED_NO_NEW_PRIVS = 64,
	/* Up to the exec, a change of user does not change the capabilities, as setpriv(1) has it.
	 * Without it, who becomes another user than root loses all but .inheritable.add. */
	CRED_KEEP_CAPS = 128,
};

struct cred {
	unsigned set; /* which of these are to be set */
	uid_t ruid, euid;
	gid_t rgid, egid;
	struct str groups; /* gid_t: the supplementary ones */
	unsigned securebits;
	struct cred_caps inheritable, ambient, bounding;

	/* What passwd(5) says about the user, if it does: three texts that end in NUL. */
	struct str account;
	size_t name_at, shell_at;
	gid_t account_gid;

	/* What a parsing function has refused. */
	struct {
		const char *text;
		int len;
		const char *what; /* "user", "group", "capability" */
	} bad;
};

/* A user or group (`group`): the number, for which no file is asked, or the name's. Ids are
 * 0..4294967294. -ENOENT: no such name; -ERANGE; -EINVAL for an account whose group is no number;
 * with c->bad. Of a user that was given by name, the account is in *c. */
int cred_id(struct cred *c, const char *text, int group, uint32_t *id);

/* Looks up the account of an id, if *c has none yet. -ENOENT, -EINVAL. */
int cred_account(struct cred *c, uid_t uid);

/*
 * "UID", "UID:GID", "NAME", "NAME:GROUP", ":GROUP" and so on, as docker run --user and gosu do:
 * sets all user and group ids and the supplementary groups. Without a group it is the account's,
 * with all groups that list the user as a member; for a number without an account it stays the
 * caller's. With a group there are no supplementary ones. -EINVAL for a second colon; -ENOENT,
 * -ERANGE; with c->bad.
 */
int cred_user(struct cred *c, const char *text);

/* "GROUP[,GROUP]...", numbers and names: adds them to the supplementary groups. -EINVAL for an
 * empty one, -ENOENT, -ERANGE, -E2BIG for more than the kernel takes (65536). */
int cred_groups(struct cred *c, const char *text);
/* Adds one; at most once. -ENOMEM, -E2BIG. */
int cred_add_group(struct cred *c, gid_t gid);
/* Adds all that list the account as a member (initgroups(3)). -ENOENT without an account. */
int cred_member_groups(struct cred *c);

/* "+CAP,-CAP,...", CAP a name in any case, with or without "cap_", "cap_38" or "all": what stands
 * further right wins. -EINVAL: an entry without its sign; -ENOENT: no capability, or none of this
 * kernel; with c->bad. */
int cred_caps(struct cred *c, struct cred_caps *caps, const char *text);

/* The two lists of docker run --cap-add and --cap-drop, "CAP,CAP,..." without signs, either of
 * which may be NULL. Dropped is what stands in `drop` and not in `add`: out of every set, for good.
 * Added is kept for who is not root, also across an exec. An "all" yields to names in the other
 * list. Not together with CRED_KEEP_CAPS. Errors as cred_caps. */
int cred_limit(struct cred *c, const char *add, const char *drop);

/* Pure: the number of a capability, "chown", "CAP_CHOWN", "cap_0"; 0..63. -ENOENT. */
int cred_cap(const char *text, size_t len);
/* Its name in lower case without "cap_", or "cap_N" when we know none. Returns buf. */
#define CRED_CAP_NAME 20
char *cred_cap_name(int cap, char buf[CRED_CAP_NAME]);
/* Whether this kernel knows the capability. */
int cred_cap_known(int cap);

/*
 * Changes the caller. On -errno *call is the name of what failed, and the program must not be
 * executed: some of the changes are made. It makes system calls and nothing else: a child that
 * shares its parent's memory may call it.
 */
int cred_apply(const struct cred *c, const char **call);

/* Makes the permitted capabilities ambient, so that they pass an exec of whoever is not root.
 * -errno. */
int cred_keep_caps(void);

/* The cause of such an error where the number does not tell it, or NULL. */
const char *cred_hint(const char *call, int err);

/* The environment that belongs to it: HOME ("/" when nobody knows), USER (NULL), SHELL
 * ("/bin/sh"). */
const char *cred_home(const struct cred *c);
const char *cred_name(const struct cred *c);
const char *cred_shell(const struct cred *c);

/* Gives the memory back. */
void cred_free(struct cred *c);

#endif
