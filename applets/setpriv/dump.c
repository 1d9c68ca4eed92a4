/* SPDX-License-Identifier: 0BSD */
#include "setpriv.h"

#include "io.h"
#include "out.h"
#include "proc.h"
#include "sig.h"

#include <string.h>

/* ---- securebits */

static const struct {
	char name[24];
	unsigned bit; /* linux/securebits.h */
} securebits[] = {
	{ "noroot", 1 << 0 },           { "noroot_locked", 1 << 1 },
	{ "no_setuid_fixup", 1 << 2 },  { "no_setuid_fixup_locked", 1 << 3 },
	{ "keep_caps_locked", 1 << 5 },
};
#define KEEP_CAPS (1u << 4) /* an exec clears it: nothing to show or to set */
#define SECUREBITS (sizeof securebits / sizeof *securebits)

static unsigned securebit(const char *name, size_t len)
{
	for (size_t i = 0; i < SECUREBITS; i++)
		if (strlen(securebits[i].name) == len && !memcmp(name, securebits[i].name, len))
			return securebits[i].bit;
	if (len == 9 && !memcmp(name, "keep_caps", len))
		die(1, 0, "adjusting keep_caps does not make sense");
	die(1, 0, "unrecognized securebit '%.*s'", (int)len, name);
}

unsigned securebits_parse(const char *text)
{
	int now = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
	unsigned bits = (unsigned)now, all = 0;

	if (now < 0)
		die(1, errno, "getting process secure bits failed");
	for (size_t i = 0; i < SECUREBITS; i++)
		all |= securebits[i].bit;
	do {
		size_t len = strcspn(text, ",");

		if (*text != '+' && *text != '-')
			die(1, 0, "bad securebits string");
		if (len == 4 && !memcmp(text, "+all", len))
			die(1, 0, "+all securebits is not allowed");
		if (len == 4 && !memcmp(text, "-all", len))
			bits &= ~all;
		else if (*text == '+')
			bits |= securebit(text + 1, len - 1);
		else
			bits &= ~securebit(text + 1, len - 1);
		text += len;
	} while (*text++);
	return bits;
}

/* ---- printing */

void dump_names(void)
{
	struct out o = { .fd = 1 };
	char name[CRED_CAP_NAME];

	for (int cap = 0; cap < 64 && cred_cap_known(cap); cap++) {
		out_text(&o, cred_cap_name(cap, name));
		out_text(&o, "\n");
	}
	opt_printed(out_flush(&o));
}

/* A list that may be empty. */
static void list_item(struct out *o, int *count, const char *text)
{
	out_text(o, (*count)++ ? "," : "");
	out_text(o, text);
}

static void list_end(struct out *o, int count)
{
	out_text(o, count ? "\n" : "[none]\n");
}

static void dump_caps(struct out *o, const char *title, uint64_t set)
{
	char name[CRED_CAP_NAME];
	int count = 0;

	out_text(o, title);
	for (int cap = 0; cap < 64; cap++)
		if (set >> cap & 1)
			list_item(o, &count, cred_cap_name(cap, name));
	list_end(o, count);
}

/* The sets that are asked for bit by bit. */
static uint64_t read_caps(int option, unsigned long call)
{
	uint64_t set = 0;

	for (unsigned long cap = 0; cap < 64; cap++) {
		int r = call ? prctl(option, call, cap, 0, 0) : prctl(option, cap, 0, 0, 0);

		if (r < 0)
			break;
		set |= (uint64_t)r << cap;
	}
	return set;
}

static void dump_groups(struct out *o)
{
	int n = getgroups(0, NULL), count = 0;
	struct str list = { 0 };
	char text[12];

	out_text(o, "Supplementary groups: ");
	if (n < 0 || str_room(&list, (size_t)n * sizeof(gid_t)))
		die(1, n < 0 ? errno : ENOMEM, "getgroups failed");
	n = getgroups(n, (gid_t *)(void *)list.p);
	for (int i = 0; i < n; i++) {
		str_format(text, sizeof text, "%u", ((gid_t *)(void *)list.p)[i]);
		list_item(o, &count, text);
	}
	list_end(o, count);
}

static void dump_securebits(struct out *o)
{
	int now = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0), count = 0;
	unsigned bits = now < 0 ? 0 : (unsigned)now & ~KEEP_CAPS;
	char text[12];

	out_text(o, "Securebits: ");
	for (size_t i = 0; i < SECUREBITS; i++)
		if (bits & securebits[i].bit)
			list_item(o, &count, securebits[i].name);
	for (size_t i = 0; i < SECUREBITS; i++)
		bits &= ~securebits[i].bit;
	if (bits) {
		str_format(text, sizeof text, "0x%x", bits);
		list_item(o, &count, text);
	}
	list_end(o, count);
}

static void dump_pdeathsig(struct out *o)
{
	char name[SIG_NAME];
	int sig = 0;

	if (prctl(PR_GET_PDEATHSIG, &sig, 0, 0, 0))
		return;
	out_text(o, "Parent death signal: ");
	if (!sig)
		out_text(o, "[none]");
	else if (sig == SIGIO) /* of its two names the one that util-linux prints */
		out_text(o, "IO");
	else if (sig < 32)
		out_text(o, sig_name(sig, name));
	else
		out_number(o, (unsigned)sig);
	out_text(o, "\n");
}

static void dump_label(struct out *o, const char *module, const char *title)
{
	char text[4096];
	int proc = access(module, F_OK) ? -1 : proc_mount(NULL);
	ssize_t len = proc < 0 ? 0 : io_read_at(proc, "self/attr/current", text, sizeof text);

	while (len > 0 && (text[len - 1] == '\n' || !text[len - 1]))
		len--;
	if (len <= 0)
		return;
	out_text(o, title);
	out_bytes(o, text, (size_t)len);
	out_text(o, "\n");
}

static void dump_number(struct out *o, const char *title, uint64_t n)
{
	out_text(o, title);
	out_number(o, n);
	out_text(o, "\n");
}

/* As util-linux prints it: scripts read it. */
void dump(int level)
{
	struct out o = { .fd = 1 };
	uid_t uid[3];
	gid_t gid[3];
	struct sys_caps caps;

	if (getresuid(&uid[0], &uid[1], &uid[2]) || getresgid(&gid[0], &gid[1], &gid[2]) ||
	    sys_capget(&caps))
		die(1, errno, "cannot read the credentials");
	dump_number(&o, "uid: ", uid[0]);
	dump_number(&o, "euid: ", uid[1]);
	if (level >= 3)
		dump_number(&o, "suid: ", uid[2]);
	dump_number(&o, "gid: ", gid[0]);
	dump_number(&o, "egid: ", gid[1]);
	if (level >= 3)
		dump_number(&o, "sgid: ", gid[2]);
	dump_groups(&o);
	dump_number(&o, "no_new_privs: ", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) > 0);
	if (level >= 2) {
		dump_caps(&o, "Effective capabilities: ", caps.effective);
		dump_caps(&o, "Permitted capabilities: ", caps.permitted);
	}
	dump_caps(&o, "Inheritable capabilities: ", caps.inheritable);
	dump_caps(&o, "Ambient capabilities: ", read_caps(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET));
	dump_caps(&o, "Capability bounding set: ", read_caps(PR_CAPBSET_READ, 0));
	dump_securebits(&o);
	dump_pdeathsig(&o);
	dump_label(&o, SELINUX, "SELinux label: ");
	dump_label(&o, APPARMOR, "AppArmor profile: ");
	opt_printed(out_flush(&o));
}
