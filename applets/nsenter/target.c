/* SPDX-License-Identifier: 0BSD */
/*
 * nsenter: the process that is entered, and all that is taken from it before the first setns(2),
 * which may take the paths away. Its number is looked up twice, for its directory in /proc and then
 * for its pidfd. Whatever is read through that directory later tells that the process still lives,
 * and so has had the number all the time: both are the same one.
 *
 * It may change its namespaces at any moment. One setns(2) by a pidfd takes those of one moment.
 * What is read and opened before (a root, what -a is to leave out) must be of the same: the
 * namespaces that would show the difference are watched until we are inside.
 */
#include "nsenter.h"
#include "hint.h"
#include "io.h"
#include "mount.h"
#include "pid.h"
#include "proc.h"

#include <poll.h>
#include <string.h>

#define TRIES 8

/* ---- who */

/* "PID:INODE": that of its pidfd (pidfd_open(2)), which no later process of the number has. Cuts
 * the text behind the number; 0 when there is none. */
static uint64_t cut_inode(char *text)
{
	const char *end;
	char *colon;
	uint64_t n;

	if (str_digits(text, &end, PID_MAX, &n) || *end != ':')
		return 0;
	colon = text + (end - text);
	if (str_number(colon + 1, UINT64_MAX, &n) || !n)
		return 0;
	*colon = 0;
	return n;
}

static int resolve(const struct nsenter *n, const char *text, pid_t *pid)
{
	struct str why = { 0 };
	int r = pid_resolve(n->proc, text, pid, &why);

	if (r == -EINVAL || r == -ERANGE)
		die_hint(1, r, pid_reason(r), "failed to parse PID argument '%s'", n->target_text);
	if (r && r != -ESRCH)
		die_pid(1, r, n->target_text, &why);
	return r;
}

__attribute__((noreturn)) static void gone(const struct nsenter *n, int err)
{
	die(1, err, "failed to obtain a valid file descriptor for PID %s", n->target_text);
}

/* Takes hold of the target: its directory, which hidepid (proc(5)) may keep from us, and a pidfd
 * unless the kernel has none, or the /proc that we know it from counts in the numbers of another
 * PID namespace, as its fdinfo tells (pidfd_open(2)). */
static int hold(struct nsenter *n)
{
	char path[PROC_PATH], file[24], text[256];
	const char *line;
	uint64_t there;
	ssize_t r;

	proc_path(path, n->target, "");
	if (n->proc >= 0)
		n->directory = openat(n->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	n->pidfd = sys_pidfd_open(n->target);
	if (n->pidfd < 0)
		return n->pidfd == -ESRCH || (n->proc >= 0 && n->directory < 0) ? -ESRCH : 0;
	if (n->proc < 0)
		return 0;
	str_format(file, sizeof file, "fdinfo/%d", n->pidfd);
	proc_path(path, 0, file);
	r = io_read_at(n->proc, path, text, sizeof text);
	/* -ENOENT: we are not to be seen there ourselves. */
	if (r < 0 && (r != -ENOENT || n->directory < 0))
		return 0;
	line = r < 0 ? NULL : strstr(text, "\nPid:\t");
	if (line && !str_digits(line + 6, &line, INT32_MAX, &there) && there == (uint64_t)n->target)
		return 0;
	close(n->pidfd);
	n->pidfd = -1;
	return n->directory < 0 ? -ESRCH : 0;
}

void target_find(struct nsenter *n)
{
	char text[PID_TEXT + 32];
	uint64_t want, inode = 0;
	pid_t again;
	int r;

	if (str_format(text, sizeof text, "%s", n->target_text) >= sizeof text)
		die(1, -EINVAL, "failed to parse PID argument '%s'", n->target_text);
	want = cut_inode(text);
	r = resolve(n, text, &n->target);
	if (!r)
		r = hold(n);
	/* By another namespace's number, or by a container: they may be another's by now. */
	if (!r && text[strspn(text, "0123456789")])
		r = resolve(n, text, &again) || again != n->target ? -ESRCH : 0;
	if (!r && want)
		r = n->pidfd < 0 ? n->pidfd : pid_inode(n->pidfd, &inode);
	if (r || inode != want)
		gone(n, r ? r : -ESRCH);
}

/* ---- its namespaces */

/* A descriptor of one of the target's namespaces, or of its children-to-be. */
static int open_its(const struct nsenter *n, enum ns_kind kind, int children)
{
	return n->directory < 0
	               ? ns_of_pidfd(n->pidfd, kind, children)
	               : (children ? ns_open_children : ns_open)(n->directory, PROC_HERE, kind);
}

static int read_inode(const struct nsenter *n, int own, enum ns_kind kind, uint64_t *inode)
{
	int proc = own ? n->proc : n->directory, self = -1, fd;
	int r = proc < 0 ? -ENOENT : ns_id(proc, own ? 0 : PROC_HERE, kind, inode);

	/* The /proc of a PID namespace that we are not in does not show us. */
	if (r != -ENOENT || (proc >= 0 && (!own || !faccessat(proc, "self", F_OK, 0))))
		return r;
	if (own)
		self = sys_pidfd_open(getpid());
	fd = own ? ns_of_pidfd(self, kind, 0) : open_its(n, kind, 0);
	r = fd < 0 ? fd : ns_inode(fd, inode);
	close(fd);
	close(self);
	return r;
}

uint64_t target_inode(const struct nsenter *n, pid_t pid, enum ns_kind kind)
{
	uint64_t inode;

	return read_inode(n, !pid, kind, &inode) ? 0 : inode;
}

/* Returns which one it was at first, 0 when nobody can tell. It stays open: as long as a namespace
 * lives, no other gets its inode number. */
static uint64_t watch(struct nsenter *n, enum ns_kind kind)
{
	int fd = n->inode[kind] ? -1 : open_its(n, kind, 0);

	if (fd >= 0)
		ns_inode(fd, &n->inode[kind]);
	return n->inode[kind];
}

static void watch_all(struct nsenter *n)
{
	for (int i = 0; i < NS_N; i++)
		if (n->mask & 1u << i)
			watch(n, (enum ns_kind)i);
}

/* Whether the target has stayed in those that are watched. `inside`: after the setns(2) of its
 * pidfd, where it shows in ours; what was not entered so may be hidden from us then. No process
 * ever leaves its PID namespace. */
static int has_stayed(const struct nsenter *n, int inside)
{
	for (int i = 0; i < NS_N; i++) {
		int own = inside && n->mask >> i & 1, r;
		uint64_t inode;

		if (!n->inode[i] || i == NS_PID || (inside && n->fd[i] >= 0))
			continue;
		r = read_inode(n, own, (enum ns_kind)i, &inode);
		if (inside && !own && r == -EACCES)
			continue;
		if (r || inode != n->inode[i])
			return 0;
	}
	return 1;
}

__attribute__((noreturn)) static void restless(const struct nsenter *n)
{
	if (n->directory >= 0 && faccessat(n->directory, "stat", F_OK, 0))
		gone(n, -ESRCH);
	die(1, 0, "process %s is changing its namespaces", n->target_text);
}

/* ---- what */

/* -a: all kinds, but not the user namespace that we are in already, since nobody may enter his own
 * (setns(2)). */
static void expand_all(struct nsenter *n)
{
	uint64_t own = target_inode(n, 0, NS_USER);

	for (int i = 0; i < NS_N; i++)
		if (n->fd[i] < 0 && (i != NS_USER || (own && own != watch(n, NS_USER))))
			n->mask |= 1u << i;
	if (!own && n->proc < 0)
		die_hint(1, -ENOENT, "mount -t proc proc /proc",
		         "no /proc here to see what -a means");
}

/* Asked only when it matters: for each kind it costs as much as entering does. */
void target_narrow(struct nsenter *n, int shared)
{
	for (int i = 0; i < NS_N; i++) {
		uint64_t own = n->mask >> i & 1 ? target_inode(n, 0, (enum ns_kind)i) : 1;

		if (!own || (shared && n->mask >> i & 1 && own == watch(n, (enum ns_kind)i)))
			n->mask &= ~(1u << i);
	}
}

__attribute__((noreturn)) static void closed(const struct nsenter *n, int err, const char *verb,
                                             const char *file)
{
	char why[HINT_TEXT];

	die_hint(1, err, hint_access(n->proc, n->target, 0, err, why), "cannot %s /proc/%d/%s",
	         verb, n->target, file);
}

static int open_directory(const struct nsenter *n, const char *link)
{
	int fd = n->directory < 0 ? -ENOENT
	                          : (int)sys_result(openat(n->directory, link,
	                                                   O_PATH | O_DIRECTORY | O_CLOEXEC));

	if (fd < 0)
		closed(n, fd, "open", link);
	return fd;
}

/* While it executes a program there may be nothing to read, or the one half of the old environment.
 * So it is read until it is twice the same; none at all is believed the last time. */
static void read_environment(struct nsenter *n)
{
	struct str before = { 0 };
	int r = -ENOENT, same = 0;

	for (int left = TRIES; n->directory >= 0 && !same && left; left--) {
		struct str spare = before;

		before = n->env;
		n->env = spare;
		n->env.len = 0;
		r = (int)io_append_at(n->directory, "environ", &n->env, SIZE_MAX / 4);
		if (r < 0)
			break;
		same = left < TRIES && n->env.len == before.len &&
		       (!before.len || !memcmp(n->env.p, before.p, before.len));
		if (same && !before.len && left > 1)
			same = poll(NULL, 0, 1);
	}
	str_free(&before);
	if (r < 0)
		closed(n, r, "read", "environ");
	if (!same)
		die(1, 0, "process %s executes one program after the other", n->target_text);
}

static int open_kind(const struct nsenter *n, enum ns_kind kind, int children)
{
	int fd = open_its(n, kind, children);
	char why[HINT_TEXT];

	if (fd < 0)
		die_hint(1, fd, hint_enter(n->proc, n->target, n->fd, n->mask, kind, fd, why),
		         "cannot open /proc/%d/ns/%s%s", n->target, ns_kinds[kind].name,
		         children ? "_for_children" : "");
	return fd;
}

static void take(struct nsenter *n, enum ns_kind kind, int fd)
{
	if (n->fd[kind] >= 0)
		close(n->fd[kind]);
	n->fd[kind] = fd;
	n->mask &= ~(1u << kind);
}

static void choose_children(struct nsenter *n)
{
	for (int i = 0; i < NS_N; i++)
		if ((i == NS_PID || i == NS_TIME) && n->mask & 1u << i)
			take(n, (enum ns_kind)i, open_kind(n, (enum ns_kind)i, 1));
}

/* Whoever has called unshare(2) with CLONE_NEWPID is not in the new namespace itself. */
static int is_beside_children(const struct nsenter *n)
{
	uint64_t own, next;

	return n->mask & 1u << NS_PID && n->directory >= 0 &&
	       !ns_id(n->directory, PROC_HERE, NS_PID, &own) &&
	       !ns_id_children(n->directory, PROC_HERE, NS_PID, &next) && own != next;
}

/* The user namespace that another one of those to be entered belongs to; for a user namespace its
 * parent. */
static void choose_parent(struct nsenter *n)
{
	int order[NS_N + 1] = { NS_USER }, fd = -1, parent;

	for (int i = 0; i < NS_N; i++)
		order[i + 1] = i;
	for (int i = 0; i <= NS_N && fd < 0; i++)
		if (n->fd[order[i]] >= 0)
			fd = fcntl(n->fd[order[i]], F_DUPFD_CLOEXEC, 3);
		else if (n->mask & 1u << order[i])
			fd = open_kind(n, (enum ns_kind)order[i], 0);
	if (fd < 0)
		die(1, 0, "no namespace specified");
	parent = ns_owner(fd);
	close(fd);
	if (parent < 0)
		die(1, parent, "cannot open the parent user namespace");
	take(n, NS_USER, parent);
}

static void choose_socket(struct nsenter *n)
{
	int fd = n->pidfd < 0 ? n->pidfd : sys_pidfd_getfd(n->pidfd, n->socket), net;
	char why[HINT_TEXT];

	if (fd < 0)
		die_hint(1, fd, hint_access(n->proc, n->target, 1, fd, why), "pidfd_getfd(%d, %d)",
		         n->pidfd, n->socket);
	net = ns_of_socket(fd);
	if (net < 0)
		die(1, net, "descriptor %d of process %s has no network namespace", n->socket,
		    n->target_text);
	close(fd);
	take(n, NS_NET, net);
}

/* Without pidfds, or where the kernel cannot enter by one (before 5.8): the files of /proc. */
static void open_namespaces(struct nsenter *n)
{
	for (int i = 0; i < NS_N; i++)
		if (n->mask & 1u << i)
			take(n, (enum ns_kind)i, open_kind(n, (enum ns_kind)i, 0));
}

/* What has to be of one moment of the target. 0 when it was not. */
static int open_all(struct nsenter *n)
{
	if (n->all)
		expand_all(n);
	if (n->like.want)
		watch(n, NS_USER);
	if (n->want_root || n->want_dir)
		watch(n, NS_MNT);
	if (n->children || n->user_parent || n->pidfd < 0)
		watch_all(n);
	if (n->want_root)
		n->root = open_directory(n, "root");
	if ((n->want_root || n->want_dir) && n->mask & 1u << NS_MNT)
		n->witness = n->want_root ? n->root : open_directory(n, "root");
	if (n->want_dir)
		n->dir = open_directory(n, "cwd");
	if (n->children)
		choose_children(n);
	if (n->user_parent)
		choose_parent(n);
	n->beside = is_beside_children(n);
	if (n->pidfd < 0) {
		if (n->all)
			target_narrow(n, 1);
		open_namespaces(n);
	}
	return has_stayed(n, 0);
}

void target_open(struct nsenter *n)
{
	struct nsenter begin;
	int tries = 0, r;

	if (n->want_env)
		read_environment(n);
	if ((n->follow_uid || n->follow_gid) && n->directory < 0)
		closed(n, -ENOENT, "open", "");
	if (CFG_NSENTER_CGROUP && n->want_cgroup) {
		r = n->directory < 0 ? -ENOENT : cgroup_open(n->proc, n->directory, &n->cgroup);
		if (r)
			die(1, r, "cannot join cgroup %s",
			    n->cgroup.failed ? n->cgroup.failed : "of the target");
	}
	if (n->socket >= 0)
		choose_socket(n);
	for (begin = *n; !open_all(n); *n = begin)
		if (++tries == TRIES)
			restless(n);
}

void target_warn(const struct nsenter *n)
{
	if (n->beside)
		warn(0,
		     "the children of process %s are in another PID namespace than itself "
		     "(--children enters theirs)",
		     n->target_text);
}

/* ---- enter */

void target_enter(struct nsenter *n)
{
	enum ns_kind failed = NS_USER;
	char why[HINT_TEXT];
	const char *hint;
	int r;

	r = ns_enter(n->fd, n->pidfd, n->mask, &failed);
	/* A kernel that lacks a kind; or entering one's own again, for which an ordinary user lacks
	 * the rights. */
	if (n->all && n->mask && (r == -EPERM || r == -EINVAL)) {
		target_narrow(n, r == -EPERM);
		r = ns_enter(n->fd, n->pidfd, n->mask, &failed);
	}
	if ((r == -EINVAL || r == -EBADF || r == -ENOSYS) && n->mask) {
		watch_all(n);
		open_namespaces(n);
		if (!has_stayed(n, 0))
			restless(n);
		r = ns_enter(n->fd, -1, 0, &failed);
	}
	if (!r) {
		/* In the middle of unshare(2) a process has the root of its next mount namespace
		 * already. */
		if (!has_stayed(n, 1) || (n->witness >= 0 && !mount_is_seen(n->proc, n->witness)))
			restless(n);
		target_warn(n);
		return;
	}
	hint = hint_enter(n->proc, n->target, n->fd, n->mask, failed, r, why);
	if (failed == NS_N)
		die_hint(1, r, hint, "reassociate to namespaces failed");
	die_hint(1, r, hint, "reassociate to namespace 'ns/%s' failed", ns_kinds[failed].name);
}
