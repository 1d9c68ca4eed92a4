/* SPDX-License-Identifier: 0BSD */
#include "pid.h"
#include "config.h"
#include "ns.h"
#include "proc.h"
#include "sys.h"

#include <limits.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/statfs.h>
#include <time.h>

#define CONTAINER_PREFIX 12 /* docker's short form */

static int is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

int pid_parse_ref(const char *text, struct pid_ref *ref)
{
	enum ns_kind kind;
	size_t len = strlen(text), hex = 0;

	ref->kind = PID_REF_NONE;
	while (is_hex(text[hex]))
		hex++;
	if (hex == len && len >= CONTAINER_PREFIX && len <= PID_CONTAINER_DIGITS) {
		ref->kind = PID_REF_CONTAINER;
		ref->container = text;
	} else if (!ns_parse(text, &kind, &ref->number)) {
		if (kind != NS_PID)
			return -EINVAL;
		ref->kind = PID_REF_INODE;
	} else if (!str_number(text, UINT64_MAX, &ref->number) && ref->number) {
		ref->kind = ref->number > PID_MAX ? PID_REF_INODE : PID_REF_PID;
	}
	return ref->kind == PID_REF_NONE ? -EINVAL : 0;
}

/* Digits alone are taken for a container only in the two forms that engines print: elsewhere a
 * number that is too large is a mistake. */
static int is_container(const char *text, size_t digits)
{
	return text[digits] || digits == CONTAINER_PREFIX || digits == PID_CONTAINER_DIGITS;
}

int pid_parse(const char *text, struct pid_ref *ref)
{
	const char *end = text + strspn(text, "0123456789");
	uint64_t n = 0;
	int r;

	*ref = (struct pid_ref){ 0 };
	if (*end != '@' && is_container(text, (size_t)(end - text))) {
		r = CFG_PID_REF ? pid_parse_ref(text, ref) : -EINVAL;
		return r || ref->kind != PID_REF_CONTAINER ? -EINVAL : 0;
	}
	r = str_digits(text, &end, INT32_MAX, &n);
	if (!r && *end == '@')
		r = CFG_PID_REF ? pid_parse_ref(end + 1, ref) : -EINVAL;
	if (!r && !n)
		r = -EINVAL;
	if (!r)
		ref->pid = (pid_t)n;
	return r;
}

const char *pid_container(const char *cgroup, size_t len, size_t *at)
{
	size_t i = *at;

	while (i < len) {
		size_t run = 0;

		while (i + run < len && is_hex(cgroup[i + run]))
			run++;
		if (run == PID_CONTAINER_DIGITS) {
			*at = i + run;
			return cgroup + i;
		}
		i += run + 1;
	}
	*at = len;
	return NULL;
}

/* ---- which namespace */

/* The container IDs met so far, each PID_CONTAINER_DIGITS bytes and a newline. */
static int note_container(struct str *ids, const char *id)
{
	for (size_t i = 0; i < ids->len; i += PID_CONTAINER_DIGITS + 1)
		if (!memcmp(ids->p + i, id, PID_CONTAINER_DIGITS))
			return 0;
	if (str_add(ids, id, PID_CONTAINER_DIGITS))
		return -ENOMEM;
	return str_add(ids, "\n", 1);
}

/* Whether a process is in a container whose ID begins with the prefix; such IDs go to `ids`. */
static int in_container(const struct proc *p, const char *prefix, struct str *ids)
{
	size_t at = 0, len = strlen(prefix);
	const char *id;
	int found = 0;

	while ((id = pid_container(p->cgroup, p->cgroup_len, &at)) != NULL)
		if (!memcmp(id, prefix, len)) {
			if (note_container(ids, id))
				return -ENOMEM;
			found = 1;
		}
	return found;
}

/* A container may hold PID namespaces of its own: its own is that of its outermost process. Only a
 * process of the namespace we look from is no better than none: a container's monitor, which stays
 * outside, has the container's ID in its cgroup too. */
static int find_container(int proc, const char *prefix, pid_t *member, struct str *ids)
{
	struct proc_walk w;
	struct proc p;
	int r = proc_open(&w, proc, PROC_STATUS | PROC_CGROUP), best = PROC_LEVELS + 2;

	if (r)
		return r;
	*member = 0;
	while ((r = proc_next(&w, &p)) == 1) {
		int in = in_container(&p, prefix, ids);

		if (in < 0) {
			r = in;
			break;
		}
		p.levels = p.levels == 1 ? PROC_LEVELS + 1 : p.levels;
		if (in && (p.levels < best || (p.levels == best && p.pid < *member))) {
			best = p.levels;
			*member = p.pid;
		}
	}
	proc_close(&w);
	if (r)
		return r;
	if (ids->len > PID_CONTAINER_DIGITS + 1)
		return -ENOTUNIQ;
	return *member ? 0 : -ENOENT;
}

static int find_inode(int proc, uint64_t inode, pid_t *member)
{
	struct proc_walk w;
	struct proc p;
	int r = proc_open(&w, proc, 0), hidden = 0;

	if (r)
		return r;
	*member = 0;
	while ((r = proc_next(&w, &p)) == 1) {
		uint64_t id;

		r = ns_id(proc, p.pid, NS_PID, &id);
		hidden |= r == -EACCES;
		if (!r && id == inode && (!*member || p.pid < *member))
			*member = p.pid;
	}
	proc_close(&w);
	return r ? r : *member ? 0 : hidden ? -EACCES : -ENOENT;
}

int pid_ref_find(int proc, const struct pid_ref *ref, pid_t *member, uint64_t *inode,
                 struct str *why)
{
	int r = 0;

	if (ref->kind == PID_REF_PID)
		*member = (pid_t)ref->number;
	else if (ref->kind == PID_REF_INODE)
		r = find_inode(proc, ref->number, member);
	else
		r = find_container(proc, ref->container, member, why);
	return r ? r : ns_id(proc, *member, NS_PID, inode);
}

/* ---- translation */

/* One ioctl on a PID namespace. A number that is a thread's, not a process's, has another thread
 * group in the second answer. */
static int by_ioctl(int fd, unsigned long to_pid, unsigned long to_tgid, pid_t arg, pid_t *result)
{
	int pid = (int)sys_result(ioctl(fd, to_pid, arg));
	int tgid = pid > 0 ? (int)sys_result(ioctl(fd, to_tgid, arg)) : pid;

	if (pid < 0 || tgid < 0)
		return pid < 0 ? pid : tgid;
	if (pid != tgid)
		return -ESRCH;
	*result = pid;
	return 0;
}

/* Whether a failed ioctl means that this kernel does not have it. */
static int no_ioctl(int r)
{
	return r == -ENOTTY || r == -ENOSYS || r == -EINVAL;
}

/* Whether the namespace `up` levels above that of `pid` has this inode. */
static int ancestor_is(int proc, pid_t pid, int up, uint64_t inode)
{
	int fd = ns_open(proc, pid, NS_PID);
	uint64_t id = 0;

	while (fd >= 0 && up--) {
		int parent = ns_parent(fd);

		close(fd);
		fd = parent;
	}
	if (fd < 0)
		return fd;
	ns_inode(fd, &id);
	close(fd);
	return id == inode;
}

/* The number of `p` in the namespace `inode`, `depth` numbers deep from here, -ESRCH. */
static int number_there(int proc, const struct proc *p, int depth, uint64_t inode)
{
	uint64_t own;
	int r;

	if (depth == 1)
		return p->pid; /* here: everybody who is listed has a number */
	if (p->levels < depth)
		return -ESRCH;
	r = ns_id(proc, p->pid, NS_PID, &own);
	if (!r && own != inode) {
		r = p->levels > depth ? ancestor_is(proc, p->pid, p->levels - depth, inode) : 0;
		r = r == 1 ? 0 : r ? r : -ESRCH;
	}
	if (r)
		return r == -EACCES ? r : -ESRCH;
	return p->nspid[depth - 1] ? p->nspid[depth - 1] : -ESRCH;
}

int pid_depth(int proc, pid_t member, uint64_t inode)
{
	struct proc p;
	uint64_t own;
	int r = proc_get(proc, member, PROC_STATUS, NULL, &p);

	if (r || p.has_chain)
		return r ? r : p.levels;
	return !ns_id(proc, 1, NS_PID, &own) && own == inode;
}

static int outer_by_nspid(int proc, pid_t inner, pid_t member, uint64_t inode, pid_t *outer)
{
	struct proc_walk w;
	struct proc p;
	int depth = pid_depth(proc, member, inode), r, hidden = 0;

	if (depth <= 0)
		return depth ? depth : -ESRCH;
	r = proc_open(&w, proc, PROC_STATUS);
	if (r)
		return r;
	while ((r = proc_next(&w, &p)) == 1) {
		int number;

		if (p.levels < depth || p.nspid[depth - 1] != inner)
			continue;
		number = number_there(proc, &p, depth, inode);
		hidden |= number == -EACCES;
		if (number == inner)
			break;
	}
	if (r == 1)
		*outer = p.pid;
	proc_close(&w);
	return r == 1 ? 0 : r ? r : hidden ? -EACCES : -ESRCH;
}

int pid_outer(int proc, pid_t inner, pid_t member, uint64_t inode, enum pid_way way, pid_t *outer)
{
	int r = -ENOTTY, fd;

	/* The ioctl answers in our numbers: of no use with the /proc of another namespace. */
	if (way != PID_BY_NSPID && (way == PID_BY_IOCTL || proc_is_ours(proc) == 1)) {
		fd = r = ns_open(proc, member, NS_PID);
		if (fd >= 0) {
			r = by_ioctl(fd, SYS_NS_GET_PID_FROM_PIDNS, SYS_NS_GET_TGID_FROM_PIDNS,
			             inner, outer);
			close(fd);
		}
	}
	if (way == PID_BY_IOCTL || !no_ioctl(r))
		return r;
	return outer_by_nspid(proc, inner, member, inode, outer);
}

int pid_inner(int proc, pid_t outer, int nsfd, int depth, uint64_t inode, pid_t *inner)
{
	struct proc p;
	int r = -ENOTTY;

	if (nsfd >= 0)
		r = by_ioctl(nsfd, SYS_NS_GET_PID_IN_PIDNS, SYS_NS_GET_TGID_IN_PIDNS, outer, inner);
	if (!no_ioctl(r))
		return r;
	r = proc_get(proc, outer, PROC_STATUS, NULL, &p);
	if (!r && p.tgid && p.tgid != outer)
		r = -ESRCH; /* a thread: /proc has it, though it does not list it */
	if (!r)
		r = number_there(proc, &p, depth, inode);
	if (r <= 0)
		return r;
	*inner = r;
	return 0;
}

int pid_resolve(int proc, const char *text, pid_t *pid, struct str *why)
{
	struct pid_ref ref;
	uint64_t inode, own;
	pid_t member;
	int r = pid_parse(text, &ref);

	if (r || !CFG_PID_REF || ref.kind == PID_REF_NONE) {
		*pid = ref.pid;
		return r;
	}
	r = pid_ref_find(proc, &ref, &member, &inode, why);
	if (r || ref.pid)
		return r ? r : pid_outer(proc, ref.pid, member, inode, PID_ANY, pid);
	/* The container's first process: number 1 of its PID namespace, if that is its own. */
	*pid = member;
	if (!ns_id(proc, 0, NS_PID, &own) && own != inode)
		pid_outer(proc, 1, member, inode, PID_ANY, pid);
	return 0;
}

const char *pid_reason(int err)
{
	switch (err) {
	case -EINVAL:
		return "not a process: expected PID, PID@REF or a container's ID";
	case -ERANGE:
		return "number out of range";
	case -ENOENT:
		return "no such PID namespace or container";
	case -ENOTUNIQ:
		return "the container ID is ambiguous";
	case -EACCES:
		return "its PID namespace may not be read (try as root)";
	case -EXDEV:
		return "this /proc belongs to another PID namespace: its numbers are not ours";
	case -EOPNOTSUPP:
		return "its pidfd has no inode of its own (Linux 6.9)";
	default:
		return NULL;
	}
}

/* ---- pidfds */

int pid_open(pid_t pid)
{
	return sys_pidfd_open(pid);
}

int pid_inode(int pidfd, uint64_t *inode)
{
	struct statfs fs;

	if (fstatfs(pidfd, &fs))
		return -errno;
	return fs.f_type == SYS_PID_FS_MAGIC ? ns_inode(pidfd, inode) : -EOPNOTSUPP;
}

/* "PID:INODE" */
static int parse_inode(const char *text, pid_t *pid, uint64_t *inode)
{
	uint64_t n;

	if (str_digits(text, &text, INT32_MAX, &n) || *text != ':' || !n)
		return -EINVAL;
	*pid = (pid_t)n;
	return str_number(text + 1, UINT64_MAX, inode);
}

int pid_open_text(int proc, const char *text, pid_t *pid, struct str *why)
{
	struct pid_ref ref = { .kind = PID_REF_NONE };
	uint64_t inode = 0, is;
	int has_inode = !parse_inode(text, pid, &inode), fd, r;
	pid_t again;

	r = has_inode ? 0 : pid_parse(text, &ref);
	if (!r && !has_inode)
		r = pid_resolve(proc, text, pid, why);
	if (!r && ref.kind != PID_REF_NONE && proc_is_ours(proc) != 1)
		r = -EXDEV; /* the number is another namespace's: it would hit a stranger */
	fd = r ? r : sys_pidfd_open(*pid);
	if (fd < 0) {
		if (r || has_inode || fd == -ESRCH)
			*pid = 0;
		return fd;
	}
	again = *pid;
	is = inode;
	if (has_inode)
		r = pid_inode(fd, &is);
	else if (ref.kind != PID_REF_NONE)
		r = pid_resolve(proc, text, &again, why);
	if (!r && again == *pid && is == inode)
		return fd;
	close(fd);
	*pid = 0;
	return r ? r : -ESRCH;
}

int pid_signal(pid_t pid, int fd, int sig, siginfo_t *info)
{
	int r = fd < 0 ? -ENOSYS : sys_pidfd_send_info(fd, sig, info);

	if (r != -ENOSYS && r != -EPERM)
		return r;
	return info ? sys_rt_sigqueueinfo(pid, sig, info) : (int)sys_result(kill(pid, sig));
}

/* In poll(2)'s unit, not less than what is left. */
static int milliseconds_until(uint64_t until_ns)
{
	uint64_t now, ms;

	if (until_ns == STR_FOREVER)
		return -1;
	now = sys_clock(CLOCK_MONOTONIC);
	ms = until_ns > now ? (until_ns - now + 999999) / 1000000 : 0;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

int pid_wait(struct pollfd *pidfds, size_t n, uint64_t until_ns)
{
	for (;;) {
		int ms = milliseconds_until(until_ns);
		int r = (int)sys_result(poll(pidfds, n, ms));

		if (r > 0 || (!r && !ms) || (r < 0 && r != -EINTR))
			return r;
	}
}
