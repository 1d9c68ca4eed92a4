/* SPDX-License-Identifier: 0BSD */
/*
 * setpriv: runs a program with other credentials, with the options, messages and exit codes of
 * util-linux; gosu and su-exec: the same for entry points of containers, with their interface. It
 * differs from util-linux in that an option which cannot be carried out ends it (there a capability
 * that may not be dropped or raised, and the id -1, pass without a word), in that groups change
 * before the user, in that numbers are never names, and in that --reset-env knows an id without an
 * account.
 */
//config:config SETPRIV
//config:	bool "setpriv, gosu, su-exec"
//config:	default y
//config:	help
//config:	  Runs a program as another user, with other groups and capabilities.
//alias:gosu
//alias:su-exec
//install:/usr/bin

#include "setpriv.h"

#include "child.h"
#include "exec.h"
#include "io.h"
#include "proc.h"
#include "sig.h"

#include <string.h>

#define EXIT_PRIVILEGE 127 /* an option could not be carried out */

enum {
	S_DUMP,
	S_LIST,
	S_NNP,
	S_AMBIENT,
	S_INHERITABLE,
	S_BOUNDING,
	S_RUID,
	S_EUID,
	S_REUID,
	S_RGID,
	S_EGID,
	S_REGID,
	S_CLEAR_GROUPS,
	S_KEEP_GROUPS,
	S_INIT_GROUPS,
	S_GROUPS,
	S_SECUREBITS,
	S_PDEATHSIG,
	S_PTRACER,
	S_SELINUX,
	S_APPARMOR,
	S_RESET_ENV,
	S_SECCOMP,
	S_LANDLOCK_ACCESS,
	S_LANDLOCK_RULE,
};

#define OPTS struct setpriv

#define ROWS(OPT, OPT_) \
	OPT_('d', "dump", "", OPT_CALL, S_DUMP, \
	     "show the credentials of the caller; repeated, more of them") \
	OPT_(0, "list-caps", "", OPT_CALL, S_LIST, "list the capabilities that there are") \
	OPT_(0, "no-new-privs", "", OPT_CALL, S_NNP, "no exec gives rights any more") \
	OPT_(0, "nnp", "", OPT_CALL, S_NNP, "the same") \
	OPT_(0, "ambient-caps", "+CAP|-CAP,...", OPT_CALL, S_AMBIENT, \
	     "change the ambient capabilities") \
	OPT_(0, "inh-caps", "+CAP|-CAP,...", OPT_CALL, S_INHERITABLE, \
	     "change the inheritable capabilities") \
	OPT_(0, "bounding-set", "+CAP|-CAP,...", OPT_CALL, S_BOUNDING, \
	     "change the bounding set: what is dropped no exec gives back") \
	OPT_(0, "ruid", "UID|NAME", OPT_CALL, S_RUID, "set the real user id") \
	OPT_(0, "euid", "UID|NAME", OPT_CALL, S_EUID, "set the effective user id") \
	OPT_(0, "reuid", "UID|NAME", OPT_CALL, S_REUID, "set both") \
	OPT_(0, "rgid", "GID|NAME", OPT_CALL, S_RGID, "set the real group id") \
	OPT_(0, "egid", "GID|NAME", OPT_CALL, S_EGID, "set the effective group id") \
	OPT_(0, "regid", "GID|NAME", OPT_CALL, S_REGID, "set both") \
	OPT_(0, "clear-groups", "", OPT_CALL, S_CLEAR_GROUPS, "drop the supplementary groups") \
	OPT_(0, "keep-groups", "", OPT_CALL, S_KEEP_GROUPS, "keep the supplementary groups") \
	OPT_(0, "init-groups", "", OPT_CALL, S_INIT_GROUPS, \
	     "set the supplementary groups to those of the new real user") \
	OPT_(0, "groups", "GID|NAME,...", OPT_CALL, S_GROUPS, "set the supplementary groups") \
	OPT_(0, "securebits", "+BIT|-BIT,...", OPT_CALL, S_SECUREBITS, \
	     "change noroot, noroot_locked, no_setuid_fixup, no_setuid_fixup_locked, " \
	     "keep_caps_locked") \
	OPT_(0, "pdeathsig", "keep|clear|SIGNAL", OPT_CALL, S_PDEATHSIG, \
	     "the signal that the program gets when its parent ends") \
	OPT_(0, "ptracer", "PID|any|none", OPT_CALL, S_PTRACER, \
	     "who may trace the program under Yama") \
	OPT_(0, "selinux-label", "LABEL", OPT_CALL, S_SELINUX, "the program's SELinux label") \
	OPT_(0, "apparmor-profile", "PROFILE", OPT_CALL, S_APPARMOR, \
	     "the program's AppArmor profile") \
	OPT_(0, "reset-env", "", OPT_CALL, S_RESET_ENV, \
	     "a new environment: HOME, SHELL, USER, LOGNAME and PATH, and TERM as it is") \
	OPT_(0, "seccomp-filter", "FILE", OPT_CALL, S_SECCOMP, "not built in") \
	OPT_(0, "landlock-access", "ACCESS", OPT_CALL, S_LANDLOCK_ACCESS, "not built in") \
	OPT_(0, "landlock-rule", "RULE", OPT_CALL, S_LANDLOCK_RULE, "not built in") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

/* ---- options */

static const struct {
	char name[6];
	unsigned char set;
} ids[] = {
	/* as S_RUID and so on */
	{ "ruid", CRED_RUID }, { "euid", CRED_EUID }, { "reuid", CRED_RUID | CRED_EUID },
	{ "rgid", CRED_RGID }, { "egid", CRED_EGID }, { "regid", CRED_RGID | CRED_EGID },
};

static void set_id(struct setpriv *s, int which, const char *arg)
{
	unsigned set = ids[which].set;
	int group = which >= S_RGID - S_RUID;
	const char *name = ids[which].name;
	struct cred other = { 0 };
	uint32_t id = 0;

	if (s->cred.set & set)
		die(1, 0, "duplicate %s",
		    which == S_REUID - S_RUID   ? "ruid or euid"
		    : which == S_REGID - S_RUID ? "rgid or egid"
		                                : name);
	s->cred.set |= set;
	/* The account is the real user's. */
	if (cred_id(set & CRED_RUID ? &s->cred : &other, arg, group, &id))
		die(1, 0, "failed to parse %s: '%s'", name, arg);
	cred_free(&other);
	if (set & CRED_RUID)
		s->cred.ruid = id;
	if (set & CRED_EUID)
		s->cred.euid = id;
	if (set & CRED_RGID)
		s->cred.rgid = id;
	if (set & CRED_EGID)
		s->cred.egid = id;
}

static const char *option_name(int option)
{
	const char *text = rows_text;

	for (const struct opt *o = rows; o->kind != OPT_CALL || o->value != option; o++)
		for (int i = 0; i < 3; i++) /* name, argument, help */
			text += strlen(text) + 1;
	return text;
}

#define GROUPS_OPTIONS \
	(1u << S_CLEAR_GROUPS | 1u << S_KEEP_GROUPS | 1u << S_INIT_GROUPS | 1u << S_GROUPS)

/* Most options stand once or not at all. */
static void note_option(struct setpriv *s, int option)
{
	unsigned bit = 1u << option;

	s->options++;
	if (s->seen & GROUPS_OPTIONS & ~bit && bit & GROUPS_OPTIONS)
		die(1, 0,
		    "mutually exclusive arguments: --clear-groups --keep-groups --init-groups "
		    "--groups");
	if (s->seen & bit && option != S_DUMP && option != S_LIST && option != S_RESET_ENV)
		die(1, 0, "duplicate --%s option", option_name(option));
	s->seen |= option < S_RUID || option > S_REGID ? bit : 0;
}

static int seen(const struct setpriv *s, int option)
{
	return s->seen >> option & 1;
}

static void parse_caps(struct setpriv *s, struct cred_caps *caps, const char *arg)
{
	int r = cred_caps(&s->cred, caps, arg);

	if (r == -EINVAL)
		die(1, 0, "bad capability string");
	if (r)
		die(1, 0, "unknown capability \"%.*s\"", s->cred.bad.len, s->cred.bad.text);
}

static void parse_groups(struct setpriv *s, const char *arg)
{
	int r = cred_groups(&s->cred, arg);

	if (r == -EINVAL || r == -ENOENT || r == -ERANGE)
		die(1, 0, "Invalid supplementary group id: '%.*s'", s->cred.bad.len,
		    s->cred.bad.text);
	if (r)
		die(1, r, "too many groups");
}

static void parse_pdeathsig(struct setpriv *s, const char *arg)
{
	if (!strcmp(arg, "clear"))
		return;
	if (!strcmp(arg, "keep")) {
		if (prctl(PR_GET_PDEATHSIG, &s->pdeathsig, 0, 0, 0))
			die(1, errno, "failed to get parent death signal");
		return;
	}
	s->pdeathsig = sig_parse(arg);
	if (s->pdeathsig <= 0)
		die(1, 0, "unknown signal: %s", arg);
}

static void parse_ptracer(struct setpriv *s, const char *arg)
{
	uint64_t pid = 0;

	s->ptracer = PR_SET_PTRACER_ANY;
	if (!strcmp(arg, "any"))
		return;
	if (strcmp(arg, "none") && (str_number(arg, INT32_MAX, &pid) || !pid))
		die(1, 0, "failed to parse ptracer pid: '%s'", arg);
	s->ptracer = (unsigned long)pid;
}

static void on_option(void *to, int value, const char *arg)
{
	struct setpriv *s = to;

	note_option(s, value);
	switch (value) {
	case S_DUMP:
		s->dump++;
		break;
	case S_NNP:
		s->cred.set |= CRED_NO_NEW_PRIVS;
		break;
	case S_AMBIENT:
		parse_caps(s, &s->cred.ambient, arg);
		break;
	case S_INHERITABLE:
		parse_caps(s, &s->cred.inheritable, arg);
		break;
	case S_BOUNDING:
		parse_caps(s, &s->cred.bounding, arg);
		break;
	case S_CLEAR_GROUPS:
	case S_INIT_GROUPS:
		s->cred.set |= CRED_GROUPS;
		break;
	case S_GROUPS:
		parse_groups(s, arg);
		break;
	case S_SECUREBITS:
		s->cred.set |= CRED_SECUREBITS;
		s->cred.securebits = securebits_parse(arg);
		break;
	case S_PDEATHSIG:
		parse_pdeathsig(s, arg);
		break;
	case S_PTRACER:
		parse_ptracer(s, arg);
		break;
	case S_SELINUX:
		s->selinux = arg;
		break;
	case S_APPARMOR:
		s->apparmor = arg;
		break;
	case S_SECCOMP:
	case S_LANDLOCK_ACCESS:
	case S_LANDLOCK_RULE:
		die(1, 0, "--%s is not built in", option_name(value));
	default:
		if (value >= S_RUID && value <= S_REGID)
			set_id(s, value - S_RUID, arg);
	}
}

/* ---- setpriv */

static void check_groups(struct setpriv *s)
{
	if (s->cred.set & (CRED_RGID | CRED_EGID) && !(s->seen & GROUPS_OPTIONS))
		die(1, 0,
		    "--[re]gid requires --keep-groups, --clear-groups, --init-groups, or "
		    "--groups");
	if (!seen(s, S_INIT_GROUPS))
		return;
	if (!(s->cred.set & CRED_RUID))
		die(1, 0, "--init-groups requires --ruid or --reuid");
	if (cred_account(&s->cred, s->cred.ruid))
		die(1, 0,
		    "uid %u not found, --init-groups requires an user that can be found on the "
		    "system",
		    s->cred.ruid);
	if (cred_add_group(&s->cred, s->cred.account_gid) || cred_member_groups(&s->cred))
		die(1, 0, "too many groups");
}

/* What the program is to be to a security module; it takes effect at the exec. */
static void set_label(const char *module, const char *name, const char *prefix, const char *label)
{
	struct str text = { 0 };
	int proc, r;

	if (!label)
		return;
	if (access(module, F_OK))
		die(EXIT_PRIVILEGE, 0, "%s is not running", name);
	proc = proc_mount(NULL);
	if (proc < 0)
		die_hint(EXIT_PRIVILEGE, proc, "mount -t proc proc /proc", "no /proc here");
	if (str_puts(&text, prefix) || str_puts(&text, label))
		die(EXIT_PRIVILEGE, ENOMEM, "cannot set the label");
	r = io_write_at(proc, "self/attr/exec", text.p, text.len);
	if (r)
		die(EXIT_PRIVILEGE, r, "write failed: /proc/self/attr/exec");
	str_free(&text);
	close(proc);
}

static int be_setpriv(struct setpriv *s, char **argv)
{
	struct child c = { .argv = argv };
	const char *call;
	int r;

	check_groups(s);
	if (seen(s, S_RESET_ENV))
		env_reset(s);
	set_label(SELINUX, "SELinux", "", s->selinux);
	set_label(APPARMOR, "AppArmor", "exec ", s->apparmor);
	s->cred.set |= CRED_KEEP_CAPS;
	r = cred_apply(&s->cred, &call);
	if (r)
		die_hint(EXIT_PRIVILEGE, r, cred_hint(call, r), "%s failed", call);
	/* A change of credentials has cleared it (PR_SET_PDEATHSIG(2const)). */
	if (seen(s, S_PDEATHSIG) && prctl(PR_SET_PDEATHSIG, s->pdeathsig, 0, 0, 0))
		die(EXIT_PRIVILEGE, errno, "set parent death signal failed");
	if (seen(s, S_PTRACER) && prctl(PR_SET_PTRACER, s->ptracer, 0, 0, 0))
		die(EXIT_PRIVILEGE, errno, "set ptracer failed");
	return warn_start(&c, child_exec(&c));
}

APPLET(setpriv, "run a program as another user, with other groups and capabilities",
       "[OPTION]... PROGRAM [ARGUMENT]... | (as gosu, su-exec) USER[:GROUP] PROGRAM "
       "[ARGUMENT]...",
       rows, OPT_STOP, 1, on_option)
{
	struct setpriv s = { .options = 0 };
	int su_exec = !strcmp(run->name, "su-exec");
	char **argv;

	if (su_exec || !strcmp(run->name, "gosu"))
		return gosu(run, &s, su_exec);
	argv = opt_parse(&applet_setpriv, run->argv, &s);
	if (s.dump && (s.options != s.dump || *argv))
		die(1, 0, "--dump is incompatible with all other options");
	if (s.dump)
		dump(s.dump);
	if (seen(&s, S_LIST) && (s.options != 1 || *argv))
		die(1, 0, "--list-caps must be specified alone");
	if (seen(&s, S_LIST))
		dump_names();
	if (!*argv)
		die(1, 0, "No program specified");
	return be_setpriv(&s, argv);
}

//man:setpriv changes what its options name and executes the program in its own place: the process
//man:stays the same. Users and groups are numbers, for which no file is asked, or names of
//man:/etc/passwd and /etc/group. The order of the changes leaves no way back: bounding set,
//man:groups, group, user, capabilities, securebits, no_new_privs. When one of them fails the
//man:program is not run.
//man:
//man:Capabilities are a list of +CAP and -CAP, in which what stands further right wins: names as
//man:in capabilities(7), with or without cap_, numbers as cap_38, or all: +all is all that can
//man:be. A change of user leaves capabilities as they are up to the execution of the program,
//man:which takes them from who is not root; the ambient ones stay. An ambient capability has to
//man:be permitted and inheritable.
//man:
//man:gosu and su-exec take UID, UID:GID, NAME, NAME:GROUP or :GROUP. Without a group it is that
//man:of the account in /etc/passwd, with all groups that list the user; for a number that has no
//man:account it stays as it is: say UID:GID. With a group there are no supplementary ones;
//man:su-exec adds the group itself to them. HOME is that of the account, or /. Who becomes
//man:another user than root loses all capabilities. They refuse to work as set-user-ID programs.
//man:# EXIT STATUS
//man:The program's. Of setpriv itself: 127 when there is no such program or when a change fails,
//man:126 when the program cannot be executed, 1 for wrong options. Of gosu and su-exec 1 for every
//man:failure; su-exec without a program 0.
//man:# EXAMPLES
//man:$ setpriv --dump
//man:$ setpriv --no-new-privs true
//man:
//man:A web server that may bind port 80 and nothing else, in an image without /etc/passwd (one
//man:line):
//man:
//man:  setpriv --reuid 65532 --regid 65532 --clear-groups --no-new-privs
//man:    --inh-caps +net_bind_service --ambient-caps +net_bind_service
//man:    --bounding-set -all,+net_bind_service httpd
//man:
//man:The last line of an entry point that has prepared its directories as root:
//man:
//man:  exec gosu postgres postgres -D /data
