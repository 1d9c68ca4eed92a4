/* SPDX-License-Identifier: 0BSD */
/* setpriv and gosu: one struct on main's stack. */
#ifndef SETPRIV_H
#define SETPRIV_H

#include "applet.h"
#include "cred.h"
#include "str.h"

struct setpriv {
	unsigned seen; /* a bit for each option that was given, but the ids */
	int options, dump;
	struct cred cred;
	int pdeathsig;
	unsigned long ptracer;
	const char *selinux, *apparmor;
	struct str env, texts; /* pointers, and what they point at */
};

extern const struct applet applet_setpriv;

#define SELINUX "/sys/fs/selinux"
#define APPARMOR "/sys/kernel/security/apparmor"

/* ---- dump.c: what only prints, and the names of securebits */

/* "+BIT,-BIT,...": the current securebits with these changes. Dies on what is wrong. */
unsigned securebits_parse(const char *text);
/* What there is, or the credentials of the caller, more of them at level 2 and 3; exits. */
__attribute__((noreturn)) void dump_names(void);
__attribute__((noreturn)) void dump(int level);

/* ---- env.c: the program's environment */

/* A new one: HOME, SHELL, USER, LOGNAME and PATH, and TERM as it is. */
void env_reset(struct setpriv *s);
/* The user's HOME; the rest stays. */
void env_home(struct setpriv *s);

/* ---- gosu.c: gosu and su-exec; an exit status */
int gosu(struct run *run, struct setpriv *s, int su_exec);

#endif
