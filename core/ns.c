/* SPDX-License-Identifier: 0BSD */
#include "ns.h"
#include "io.h"
#include "proc.h"
#include "str.h"
#include "sys.h"

#include <string.h>
#include <sys/stat.h>

const struct ns_row ns_kinds[NS_N] = {
	[NS_USER] = { "user", 'U', CLONE_NEWUSER },
	[NS_CGROUP] = { "cgroup", 'C', CLONE_NEWCGROUP },
	[NS_IPC] = { "ipc", 'i', CLONE_NEWIPC },
	[NS_UTS] = { "uts", 'u', CLONE_NEWUTS },
	[NS_NET] = { "net", 'n', CLONE_NEWNET },
	[NS_PID] = { "pid", 'p', CLONE_NEWPID },
	[NS_MNT] = { "mnt", 'm', CLONE_NEWNS },
	[NS_TIME] = { "time", 'T', CLONE_NEWTIME },
};

int ns_by_name(const char *name)
{
	for (int i = 0; i < NS_N; i++)
		if (!strcmp(name, ns_kinds[i].name))
			return i;
	return -EINVAL;
}

int ns_parse(const char *text, enum ns_kind *kind, uint64_t *inode)
{
	const char *colon = strchr(text, ':'), *end;
	char name[8] = "";
	uint64_t n;
	int k;

	if (!colon || colon[1] != '[' || (size_t)(colon - text) >= sizeof name)
		return -EINVAL;
	memcpy(name, text, (size_t)(colon - text));
	k = ns_by_name(name);
	if (k < 0 || str_digits(colon + 2, &end, UINT64_MAX, &n) || strcmp(end, "]"))
		return -EINVAL;
	*kind = (enum ns_kind)k;
	*inode = n;
	return 0;
}

static void file_path(char path[PROC_PATH], pid_t pid, enum ns_kind kind, const char *suffix)
{
	char file[32];

	str_format(file, sizeof file, "ns/%s%s", ns_kinds[kind].name, suffix);
	proc_path(path, pid, file);
}

void ns_path(char path[NS_PATH], pid_t pid, enum ns_kind kind)
{
	str_format(path, NS_PATH, "/proc/%d/ns/%s", pid, ns_kinds[kind].name);
}

static int read_id(int proc, const char *path, enum ns_kind kind, uint64_t *inode)
{
	char text[40];
	enum ns_kind found;
	uint64_t n;
	ssize_t r = io_link_at(proc, path, text, sizeof text);

	if (r < 0)
		return (int)r;
	if (ns_parse(text, &found, &n) || found != kind)
		return -EPROTO;
	*inode = n;
	return 0;
}

int ns_id(int proc, pid_t pid, enum ns_kind kind, uint64_t *inode)
{
	char path[PROC_PATH];

	file_path(path, pid, kind, "");
	return read_id(proc, path, kind, inode);
}

int ns_id_children(int proc, pid_t pid, enum ns_kind kind, uint64_t *inode)
{
	char path[PROC_PATH];

	file_path(path, pid, kind, "_for_children");
	return read_id(proc, path, kind, inode);
}

int ns_open(int proc, pid_t pid, enum ns_kind kind)
{
	char path[PROC_PATH];

	file_path(path, pid, kind, "");
	return (int)sys_result(openat(proc, path, O_RDONLY | O_CLOEXEC));
}

int ns_inode(int fd, uint64_t *inode)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	*inode = st.st_ino;
	return 0;
}

int ns_parent(int fd)
{
	return (int)sys_result(ioctl(fd, SYS_NS_GET_PARENT));
}

static unsigned clone_flags(unsigned mask)
{
	unsigned flags = 0;

	for (int i = 0; i < NS_N; i++)
		if (mask & 1u << i)
			flags |= ns_kinds[i].clone;
	return flags;
}

int ns_new(unsigned mask)
{
	return (int)sys_result(unshare((int)clone_flags(mask)));
}

/* Whether a sysctl, if it exists, has the value. */
static int sysctl_is(int proc, const char *name, const char *value)
{
	char text[24];

	return io_read_at(proc, name, text, sizeof text) > 0 &&
	       text[strspn(text, "0123456789")] == '\n' && !strncmp(text, value, strlen(value)) &&
	       text[strlen(value)] == '\n';
}

const char *ns_new_hint(int proc, unsigned mask, int err)
{
	switch (err) {
	case -EPERM:
		if (!(mask & 1u << NS_USER))
			return "needs CAP_SYS_ADMIN; as an ordinary user add -r, a user namespace";
		if (sysctl_is(proc, "sys/kernel/unprivileged_userns_clone", "0"))
			return "sysctl kernel.unprivileged_userns_clone is 0";
		if (sysctl_is(proc, "sys/kernel/apparmor_restrict_unprivileged_userns", "1"))
			return "sysctl kernel.apparmor_restrict_unprivileged_userns is 1";
		return "inside a chroot, or a seccomp or LSM profile forbids user namespaces, as "
		       "that "
		       "of a container runtime may";
	case -ENOSPC:
		if ((mask & 1u << NS_USER) && sysctl_is(proc, "sys/user/max_user_namespaces", "0"))
			return "sysctl user.max_user_namespaces is 0";
		return "a limit of sysctl user.max_*_namespaces is reached, or they nest 32 deep";
	case -EINVAL:
		return "this kernel lacks a kind of namespace that was asked for";
	default:
		return NULL;
	}
}

static int first_kind(unsigned set)
{
	int i = 0;

	while (i < NS_N - 1 && !(set & 1u << i))
		i++;
	return i;
}

/* Enters by descriptor what `set` names; takes it out of the set. -errno of the first failure. */
static int enter_files(const int fd[NS_N], unsigned *set)
{
	int err = 0;

	for (int i = 0; i < NS_N; i++) {
		if (!(*set & 1u << i))
			continue;
		if (!setns(fd[i], (int)ns_kinds[i].clone))
			*set &= ~(1u << i);
		else if (!err)
			err = -errno;
	}
	return err;
}

int ns_enter(const int fd[NS_N], int pidfd, unsigned mask, enum ns_kind *failed)
{
	unsigned files = 0, left = mask;
	int err = 0;

	for (int i = 0; i < NS_N; i++)
		if (fd[i] >= 0) {
			files |= 1u << i;
			left &= ~(1u << i);
		}
	for (int pass = 0; pass < 2 && (files || left); pass++) {
		unsigned hold = pass ? 0 : 1u << NS_USER, held = files & hold;

		/* All of a process's namespaces by one call, which pins it: all of them or none. */
		err = 0;
		if (left & ~hold) {
			if (!setns(pidfd, (int)clone_flags(left & ~hold)))
				left &= hold;
			else
				err = -errno;
		}
		files &= ~hold;
		if (files) {
			int r = enter_files(fd, &files);

			err = err ? err : r;
		}
		files |= held;
	}
	/* Of several by one call the kernel does not say which. */
	if (files || left)
		*failed = left && left & (left - 1) ? NS_N
		                                    : (enum ns_kind)first_kind(left ? left : files);
	return files || left ? err : 0;
}
