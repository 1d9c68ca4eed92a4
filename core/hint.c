/* SPDX-License-Identifier: 0BSD */
#include "hint.h"
#include "config.h"
#include "cred.h"
#include "idmap.h"
#include "io.h"
#include "mount.h"
#include "proc.h"
#include "str.h"
#include "sys.h"

#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { CAP_SYS_CHROOT = 18, CAP_SYS_PTRACE = 19, CAP_SYS_ADMIN = 21 }; /* capabilities(7) */

/* ---- facts */

static int has(int cap)
{
	struct sys_caps caps;

	return !sys_capget(&caps) && caps.effective >> cap & 1;
}

/* The first user namespace, which has no limits but its own; its number is the same on all machines
 * (linux/nsfs.h, USER_NS_INIT_INO). */
static int in_first_user(int proc)
{
	uint64_t inode;

	return !ns_id(proc, 0, NS_USER, &inode) && inode == 0xeffffffd;
}

static int read_sysctl(int proc, const char *name, uint64_t *value)
{
	char path[64], text[24];
	const char *end;

	str_format(path, sizeof path, "sys/%s", name);
	return io_read_at(proc, path, text, sizeof text) > 0 &&
	       !str_digits(text, &end, UINT64_MAX, value) && *end == '\n';
}

static int sysctl_is(int proc, const char *name, uint64_t want)
{
	uint64_t value;

	return read_sysctl(proc, name, &value) && value == want;
}

/* Who makes a user namespace must be somebody in the one around it. */
static int is_nobody(int proc)
{
	for (int gid = 0; gid < 2; gid++) {
		struct idmap map = { .n = 0 };

		idmap_add_range(&map, 0, gid ? getegid() : geteuid(), 1);
		if (!idmap_is_ours(&map, proc, gid))
			return 1;
	}
	return 0;
}

/* The kind that alone gives the error; NS_N. A new user namespace first, as the kernel does. */
static enum ns_kind find_kind(unsigned mask, int err)
{
	int i = 0;

	while (i < NS_N && (!(mask & 1u << i) || ns_new(1u << i) != err))
		i++;
	return (enum ns_kind)i;
}

static const char *no_kind(enum ns_kind kind, char text[HINT_TEXT])
{
	str_format(text, HINT_TEXT, "this kernel has no %s namespaces", ns_kinds[kind].name);
	return text;
}

/* ---- who else than the kernel's own rules forbids something */

static const char filtered[] =
	"a seccomp filter forbids it, as those of container runtimes do: --security-opt "
	"seccomp=unconfined";

/* For these arguments each of the calls has but one answer, whoever asks, unless a filter
 * (seccomp(2)) answers before the kernel does. */
static int filters_unshare(unsigned mask)
{
	unsigned flags = CLONE_VFORK; /* which is none of its own */

	for (int i = 0; i < NS_N; i++)
		if (mask & 1u << i)
			flags |= ns_kinds[i].clone;
	return unshare((int)flags) && errno != EINVAL; /* lint: namespaces: it must not succeed */
}

static int filters_setns(void)
{
	int fd[NS_N] = { INT32_MAX, -1, -1, -1, -1, -1, -1, -1 };
	enum ns_kind failed;

	return ns_enter(fd, -1, 0, &failed) != -EBADF;
}

static int filters_mount(void)
{
	return mount("proc", "", "proc", 0, NULL) && errno != ENOENT;
}

/* A security module knows us by a label (proc_pid_attr(5)): AppArmor's "PROFILE (MODE)", SELinux's
 * "USER:ROLE:TYPE:LEVEL". */
static const char *module(int proc, const char * or, char text[HINT_TEXT])
{
	char label[160];
	ssize_t n = io_read_at(proc, "self/attr/current", label, sizeof label);
	size_t len = n > 0 ? strcspn(label, " \n") : 0;

	if (len && label[len] == ' ')
		str_format(text, HINT_TEXT,
		           "AppArmor forbids it to %.*s: --security-opt apparmor=unconfined",
		           (int)len, label);
	else if (len && memchr(label, ':', len))
		str_format(text, HINT_TEXT,
		           "SELinux forbids it to %.*s: --security-opt label=disable", (int)len,
		           label);
	else
		str_format(text, HINT_TEXT, "a security module may forbid it%s", or);
	return text;
}

/* Ubuntu's, since 23.10: it has no say over the machine's root. */
static const char *apparmor(int proc)
{
	return sysctl_is(proc, "kernel/apparmor_restrict_unprivileged_userns", 1) &&
	                       !(in_first_user(proc) && has(CAP_SYS_ADMIN))
	               ? "sysctl kernel.apparmor_restrict_unprivileged_userns is 1: set it to 0, "
	                 "or let a profile allow userns"
	               : NULL;
}

/* ---- new namespaces */

static const char *why_no_user(int proc, char text[HINT_TEXT])
{
	if (is_nobody(proc))
		return "the user and group must be mapped in the user namespace around: -r or -c "
		       "there";
	if (mount_in_chroot(proc))
		return "inside a chroot: unshare -R DIR --pivot-root makes a root that allows it";
	if (sysctl_is(proc, "kernel/unprivileged_userns_clone", 0) &&
	    !(in_first_user(proc) && has(CAP_SYS_ADMIN)))
		return "sysctl kernel.unprivileged_userns_clone is 0: set it to 1";
	if (apparmor(proc))
		return apparmor(proc);
	if (filters_unshare(1u << NS_USER))
		return filtered;
	return module(proc, ", or a chroot", text);
}

static const char *why_refused(int proc, unsigned mask, int err, char text[HINT_TEXT])
{
	char more[HINT_TEXT];
	const char *why;
	enum ns_kind kind;

	if (!(mask & 1u << NS_USER) && !has(CAP_SYS_ADMIN)) {
		int r = ns_new(1u << NS_USER);

		if (!r)
			return "needs CAP_SYS_ADMIN, which a user namespace gives: unshare -r, "
			       "nsenter -U";
		why = hint_unshare(proc, 1u << NS_USER, r, more);
		str_format(text, HINT_TEXT,
		           "needs CAP_SYS_ADMIN, and a user namespace, -r, is refused%s%s",
		           why ? ": " : "", why ? why : "");
		return text;
	}
	kind = find_kind(mask, err);
	if (kind == NS_USER)
		return why_no_user(proc, text);
	if (kind == NS_N)
		return NULL;
	if (mask & 1u << NS_USER && apparmor(proc))
		return apparmor(proc);
	return filters_unshare(mask) ? filtered : module(proc, "", text);
}

/* How deep PID namespaces are nested, as far as /proc shows it. */
static int pid_depth(int proc)
{
	struct proc p;

	return proc_get(proc, 0, PROC_STATUS, NULL, &p) ? 0 : p.levels - 1;
}

/* Each user namespace has a limit for each kind, which counts for all below it. A new one's is as
 * high as can be (namespaces(7)), so that it is never the one that is reached. */
static const char *why_full(int proc, unsigned mask, int err, char text[HINT_TEXT])
{
	uint64_t limit[NS_N];
	int first = in_first_user(proc), depth = pid_depth(proc);
	enum ns_kind kind;
	char name[40];

	for (int i = 0; i < NS_N; i++) {
		str_format(name, sizeof name, "user/max_%s_namespaces", ns_kinds[i].name);
		if (!read_sysctl(proc, name, &limit[i]))
			limit[i] = INT32_MAX;
	}
	kind = find_kind(mask, err);
	if (kind == NS_N)
		return NULL;
	if (kind == NS_PID && depth == PROC_LEVELS - 1)
		return "PID namespaces nest no deeper than 32";
	str_format(name, sizeof name, "user.max_%s_namespaces", ns_kinds[kind].name);
	if (first || limit[kind] < INT32_MAX)
		str_format(text, HINT_TEXT, "sysctl %s is %llu%s: raise it by sysctl -w", name,
		           (unsigned long long)limit[kind],
		           !limit[kind] ? ""
		           : first      ? ", and there are as many"
		                        : ", and there are as many, or too many for one around");
	else
		str_format(text, HINT_TEXT, "%sa user namespace around has reached its sysctl %s",
		           kind == NS_USER || kind == NS_PID ? "they nest no deeper than 32, or "
		                                             : "",
		           name);
	return text;
}

static const char *why_invalid(int proc, unsigned mask, int err, char text[HINT_TEXT])
{
	enum ns_kind kind = find_kind(mask, err);
	uint64_t own, next;

	if (kind == NS_N)
		return NULL;
	if (kind != NS_PID)
		return proc < 0 || ns_id(proc, 0, kind, &own) == -ENOENT ? no_kind(kind, text)
		                                                         : NULL;
	if (proc < 0 || ns_id(proc, 0, NS_PID, &own))
		return NULL;
	if (ns_id_children(proc, 0, NS_PID, &next) || next != own)
		return "there is a new PID namespace for the children already: the unshare around "
		       "lacks -f, or the nsenter has -F";
	return "the PID namespace here is not of this user namespace, nor of one around it";
}

const char *hint_unshare(int proc, unsigned mask, int err, char text[HINT_TEXT])
{
	switch (CFG_HINTS ? err : 0) {
	case -EPERM:
	case -EACCES:
		return why_refused(proc, mask, err, text);
	case -ENOSPC:
	case -EUSERS: /* before Linux 4.9 */
		return why_full(proc, mask, err, text);
	case -EINVAL:
		return why_invalid(proc, mask, err, text);
	case -ENOSYS:
		return filters_unshare(mask) ? filtered : NULL;
	default:
		return NULL;
	}
}

const char *hint_map(int proc, int err)
{
	return CFG_HINTS && (err == -EPERM || err == -EACCES) ? apparmor(proc) : NULL;
}

/* In a PID namespace of one's own, the end of whose init would have been ours too, memory has run
 * out indeed. */
const char *hint_fork(int proc, int err)
{
	uint64_t own, next;

	if (!CFG_HINTS || err != -ENOMEM ||
	    (!ns_id(proc, 0, NS_PID, &own) && !ns_id_children(proc, 0, NS_PID, &next) &&
	     own == next))
		return NULL;
	return "the init of the PID namespace for the children has ended: unshare -p needs -f, "
	       "nsenter -p a target that lives";
}

/* ---- a proc */

/* In a user namespace the kernel gives a proc only to who sees a whole one already: somewhere in
 * the mount namespace, which shows in our parent when we are in a new root. */
static const char *why_no_proc(int proc, char text[HINT_TEXT])
{
	char point[MOUNT_POINT];
	enum mount_proc seen = mount_proc(proc, 0, point);
	struct proc own;

	if (seen == MOUNT_NO_PROC && !proc_get_stat(proc, 0, &own))
		seen = mount_proc(proc, own.ppid, point);
	switch (seen) {
	case MOUNT_NO_PROC:
		return "no proc can be seen here, and a user namespace gets one only where there "
		       "is one";
	case MOUNT_PROC_MASKED:
		str_format(text, HINT_TEXT,
		           "%s is masked by a mount, as container runtimes do: --security-opt "
		           "unmask=ALL, docker's is systempaths=unconfined",
		           point);
		return text;
	case MOUNT_PROC_READ_ONLY:
		str_format(text, HINT_TEXT,
		           "%s is masked: it is read-only, and a new one would not be", point);
		return text;
	default:
		return NULL;
	}
}

/* Whether our PID namespace belongs to our user namespace or to one below. */
static int is_pid_ours(int proc)
{
	int fd = ns_open(proc, 0, NS_PID), owner;

	if (fd < 0)
		return 1;
	owner = ns_owner(fd);
	close(fd);
	if (owner >= 0)
		close(owner);
	return owner != -EPERM;
}

static const char *why_proc_refused(int proc, char text[HINT_TEXT])
{
	uint64_t own, next;
	const char *why;

	if (!is_pid_ours(proc)) {
		if (!ns_id(proc, 0, NS_PID, &own) &&
		    (ns_id_children(proc, 0, NS_PID, &next) || next != own))
			return "only the children are in the new PID namespace: unshare -fp, "
			       "nsenter without -F";
		return "the PID namespace is not of this user namespace: unshare -fp, nsenter -p";
	}
	why = in_first_user(proc) ? NULL : why_no_proc(proc, text);
	return why ? why : filters_mount() ? filtered : module(proc, "", text);
}

const char *hint_proc(int proc, int err, char text[HINT_TEXT])
{
	uint64_t limit;

	switch (CFG_HINTS ? err : 0) {
	case -EPERM:
		return why_proc_refused(proc, text);
	case -EACCES:
		return filters_mount() ? filtered : module(proc, "", text);
	case -ENOENT:
		return "make that directory first";
	case -ENOSPC:
		if (!read_sysctl(proc, "fs/mount-max", &limit))
			return NULL;
		str_format(text, HINT_TEXT, "there are more mounts than sysctl fs.mount-max, %llu",
		           (unsigned long long)limit);
		return text;
	default:
		return NULL;
	}
}

/* ---- another process */

/* The capabilities that a process has and we lack. */
static uint64_t more_caps(int proc, pid_t pid)
{
	const char *line = NULL;
	char path[PROC_PATH];
	struct str text = { 0 };
	struct sys_caps own;
	uint64_t its = 0;

	proc_path(path, pid, "status");
	if (io_append_at(proc, path, &text, 2 << 20) >= 0 && !str_add(&text, "", 1))
		line = strstr(text.p, "\nCapPrm:\t");
	for (line = line ? line + 9 : ""; *line > ' '; line++)
		its = its << 4 | (unsigned)(*line <= '9' ? *line - '0' : (*line & 7) + 9);
	str_free(&text);
	return sys_capget(&own) ? 0 : its & ~own.permitted;
}

/* Who owns its files in /proc is somebody else than its user (proc_pid(5)). */
static int is_dumpable(int proc, pid_t pid, uid_t user)
{
	char path[PROC_PATH];
	struct stat st;

	proc_path(path, pid, "status");
	return fstatat(proc, path, &st, 0) || st.st_uid == user;
}

/* What ptrace(2) asks for under "Ptrace access mode checking", in its order. */
static const char *why_untouchable(int proc, pid_t pid, int attach, char text[HINT_TEXT])
{
	int able = has(CAP_SYS_PTRACE), cap = 0;
	char name[CRED_CAP_NAME];
	uid_t uid = geteuid();
	uint64_t scope, caps;
	struct proc p;

	if (proc_get(proc, pid, PROC_STATUS, NULL, &p))
		return NULL;
	if (!able && (p.ruid != uid || p.status_euid != uid)) {
		uid = p.status_euid != uid ? p.status_euid : p.ruid;
		str_format(text, HINT_TEXT, "the process runs as user %u: be %s", uid,
		           uid ? "that user, or root" : "root");
		return text;
	}
	if (!is_dumpable(proc, pid, p.status_euid))
		return "the process is not dumpable, as one that has changed its user: needs "
		       "CAP_SYS_PTRACE";
	caps = able ? 0 : more_caps(proc, pid);
	while (caps && !(caps >> cap & 1))
		cap++;
	if (caps) {
		str_format(text, HINT_TEXT,
		           "the process has more capabilities, cap_%s: needs CAP_SYS_PTRACE",
		           cred_cap_name(cap, name));
		return text;
	}
	if (attach && read_sysctl(proc, "kernel/yama/ptrace_scope", &scope) && scope) {
		str_format(text, HINT_TEXT, "sysctl kernel.yama.ptrace_scope is %llu",
		           (unsigned long long)scope);
		return text;
	}
	return able && in_first_user(proc)
	               ? module(proc, "", text)
	               : "the process is in a user namespace that is not below ours: "
	                 "needs CAP_SYS_PTRACE there";
}

const char *hint_access(int proc, pid_t pid, int attach, int err, char text[HINT_TEXT])
{
	return CFG_HINTS && (err == -EPERM || err == -EACCES)
	               ? why_untouchable(proc, pid, attach, text)
	               : NULL;
}

/* ---- entering */

/* One of those to be entered: the one that failed, if it is known, else any but the user namespace.
 * A descriptor of our own to close, or -errno. */
static int one_of(int proc, pid_t pid, const int fd[NS_N], unsigned mask, enum ns_kind failed)
{
	for (int i = NS_N; i-- > 0;) {
		if (failed != NS_N ? i != (int)failed : i == NS_USER)
			continue;
		if (fd[i] >= 0)
			return fcntl(fd[i], F_DUPFD_CLOEXEC, 3);
		if (mask >> i & 1)
			return ns_open(proc, pid, (enum ns_kind)i);
	}
	return -ENOENT;
}

/* Enters a user namespace by its descriptor, alone. */
static int enter_user(int user)
{
	int fd[NS_N] = { -1, -1, -1, -1, -1, -1, -1, -1 };
	enum ns_kind failed;

	fd[NS_USER] = user;
	return ns_enter(fd, -1, 0, &failed);
}

static int is_same(int fd, int other)
{
	uint64_t a = 0, b = 1;

	return !ns_inode(fd, &a) && !ns_inode(other, &b) && a == b;
}

/* Which rights over a namespace are missing, and who would have them. */
static const char *why_no_rights(int proc, pid_t pid, int fd, char text[HINT_TEXT])
{
	int owner = ns_owner(fd), user, same;

	if (owner == -EPERM && has(CAP_SYS_ADMIN))
		return "the namespace belongs to a user namespace that is not below ours";
	if (owner < 0 || has(CAP_SYS_ADMIN) || enter_user(owner)) {
		close(owner);
		return has(CAP_SYS_ADMIN) ? module(proc, "", text)
		                          : "needs CAP_SYS_ADMIN over it: be root";
	}
	user = pid ? ns_open(proc, pid, NS_USER) : -1;
	same = is_same(user, owner);
	close(user);
	close(owner);
	return same ? "needs CAP_SYS_ADMIN over it: add -U"
	            : "needs CAP_SYS_ADMIN over it: add --user-parent";
}

static const char *why_kept_out(int proc, pid_t pid, const int fd[NS_N], unsigned mask,
                                enum ns_kind failed, char text[HINT_TEXT])
{
	uint64_t inode;
	const char *why;
	int one, user = -1;

	if (filters_setns())
		return filtered;
	if (mask && ns_id(proc, pid, NS_MNT, &inode) == -EACCES)
		return why_untouchable(proc, pid, 0, text);
	if (failed == NS_N && mask & 1u << NS_USER)
		user = ns_open(proc, pid, NS_USER);
	if (failed == NS_USER || (user >= 0 && enter_user(user) == -EPERM))
		why = "only who has made that user namespace, or is root around it, may enter it";
	else if (failed == NS_MNT && has(CAP_SYS_ADMIN) && !has(CAP_SYS_CHROOT))
		why = "needs CAP_SYS_CHROOT";
	else {
		one = one_of(proc, pid, fd, mask, failed);
		why = why_no_rights(proc, pid, one, text);
		close(one);
	}
	close(user);
	return why;
}

static const char *why_not_possible(int proc, int fd, enum ns_kind kind, char text[HINT_TEXT])
{
	uint64_t own = 0, its = 0, inode;
	char path[32], link[40];
	enum ns_kind is;

	str_format(path, sizeof path, "self/fd/%d", fd);
	if (io_link_at(proc, path, link, sizeof link) > 0 &&
	    (ns_parse(link, &is, &inode) || is != kind)) {
		str_format(text, HINT_TEXT, "the file is no %s namespace", ns_kinds[kind].name);
		return text;
	}
	if (ns_id(proc, 0, kind, &own) == -ENOENT)
		return no_kind(kind, text);
	ns_inode(fd, &its);
	if (kind == NS_USER && own == its)
		return "one's own user namespace cannot be entered";
	if (kind == NS_PID && own != its && ns_parent(fd) == -EPERM)
		return "only a PID namespace below one's own can be entered";
	return NULL;
}

const char *hint_enter(int proc, pid_t pid, const int fd[NS_N], unsigned mask, enum ns_kind failed,
                       int err, char text[HINT_TEXT])
{
	uint64_t inode;

	switch (CFG_HINTS ? err : 0) {
	case -EACCES:
		return why_untouchable(proc, pid, 0, text);
	case -EPERM:
		return why_kept_out(proc, pid, fd, mask, failed, text);
	case -EINVAL:
		return failed < NS_N && fd[failed] >= 0
		               ? why_not_possible(proc, fd[failed], failed, text)
		               : NULL;
	case -ENOENT:
		return failed < NS_N && ns_id(proc, 0, failed, &inode) == -ENOENT
		               ? no_kind(failed, text)
		               : NULL;
	default:
		return NULL;
	}
}
