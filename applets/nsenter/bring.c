/* SPDX-License-Identifier: 0BSD */
/*
 * nsenter --bring, --self: runs a program of ours where there is nothing, not even a path to it.
 * What runs in a container can be reached there as /proc/PID/exe: so it is never a file of the
 * host's (CVE-2019-5736), neither the program nor, before its exec, ourselves. Both are copies in
 * memory, which are sealed against writing: memfd_create(2).
 */
#include "nsenter.h"
#include "exec.h"
#include "idmap.h"
#include "io.h"
#include "proc.h"

#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>

extern char **environ;

#define TMPFS_MAGIC 0x01021994 /* linux/magic.h */
#define MOUNT_ATTR_RDONLY 1    /* linux/mount.h; as ST_RDONLY */
#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static int copy(int to, int from)
{
	ssize_t r;

	do
		r = sys_result(sendfile(to, from, NULL, 1 << 30));
	while (r > 0 || r == -EINTR);
	return (int)r;
}

/* Where vm.memfd_noexec forbids the other way: a file system that is mounted nowhere, and is
 * read-only once the copy is there. */
static int copy_mounted(int from, const char *name)
{
	int dir = sys_fsmount("tmpfs", 0), fd, r;

	if (dir < 0)
		return dir;
	fd = (int)sys_result(openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0500));
	r = fd < 0 ? fd : copy(fd, from);
	close(fd);
	if (!r)
		r = sys_mount_setattr(dir, MOUNT_ATTR_RDONLY);
	if (!r)
		r = (int)sys_result(openat(dir, name, O_RDONLY | O_CLOEXEC));
	close(dir);
	return r;
}

static int sealed_copy(int from, const char *name)
{
	int fd = sys_memfd(name), r;

	if (fd == -EACCES || fd == -ENOSYS)
		return copy_mounted(from, name);
	if (fd < 0)
		return fd;
	r = copy(fd, from);
	if (!r)
		r = (int)sys_result(fcntl(fd, F_ADD_SEALS, SEALS));
	if (!r)
		return fd;
	close(fd);
	return r;
}

static int is_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);
	struct statfs fs;

	return (seals >= 0 && seals & F_SEAL_WRITE) ||
	       (!fstatfs(fd, &fs) && fs.f_type == TMPFS_MAGIC && fs.f_flags & MOUNT_ATTR_RDONLY);
}

static int open_self(void)
{
	int proc = proc_mount_any(), fd;

	fd = proc < 0 ? proc : (int)sys_result(openat(proc, "self/exe", O_RDONLY | O_CLOEXEC));
	if (fd < 0)
		die(126, fd, "cannot open our own program to bring it along");
	close(proc);
	return fd;
}

static const char *const memory_hint =
	"sysctl vm.memfd_noexec forbids programs in memory, and only root has another way";

void bring_seal_self(char **words)
{
	int self = open_self(), fd = self, r;

	if (!is_sealed(self)) {
		fd = sealed_copy(self, "pidbox");
		r = fd < 0 ? fd : sys_fexec(fd, words, environ);
		die_hint(126, r, r == -EACCES || r == -EPERM ? memory_hint : NULL,
		         "cannot run from a copy of our own");
	}
	close(self);
}

/* Whether who is there could get a hold of our program, as he could of any that is executed there,
 * and then change it. Not when it runs as root of our own user namespace, with all capabilities:
 * that takes CAP_SYS_PTRACE there. */
static int is_open(const struct nsenter *n)
{
	uid_t uid = n->ids.have_uid ? n->ids.uid : geteuid();
	struct stat st;

	if (!is_entered(n, NS_MNT) && n->root < 0)
		return 0;
	if (!is_entered(n, NS_USER))
		return uid || n->follow_uid;
	/* Over the files of users whom they do not know they have no rights. */
	return n->fd[NS_USER] >= 0 || fstatat(n->proc, "self/exe", &st, 0) || st.st_mode & 022 ||
	       idmap_may_hold(n->directory, PROC_HERE, st.st_uid);
}

/* Without a /proc that shows us there is no way to our own file. */
void bring_seal_open(const struct nsenter *n, char **words)
{
	if (is_open(n) && !faccessat(n->proc, "self/exe", F_OK, 0))
		bring_seal_self(words);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int open_program(const char *file)
{
	int fd = (int)sys_result(open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)), r = fd;
	char why[160] = "";
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode) || access(file, X_OK)))
		r = -EACCES;
	if (r >= 0)
		r = exec_alone(fd, why, sizeof why);
	if (r < 0)
		die_hint(exec_status(r), r, *why ? why : NULL, "cannot bring %s", file);
	r = sealed_copy(fd, base_name(file));
	if (r < 0)
		die_hint(126, r, r == -EACCES || r == -EPERM ? memory_hint : NULL,
		         "cannot bring %s", file);
	close(fd);
	return r;
}

char **bring_open(struct nsenter *n, char **operands)
{
	if (n->self) {
		if (!*operands)
			die(1, 0, "option --self requires an applet");
		n->child.fd = open_self();
		*--operands = (char *)(uintptr_t) "pidbox"; /* which refuses what it has not */
		return operands;
	}
	n->child.fd = open_program(n->bring);
	*--operands = n->bring;
	return operands;
}

static void cut_path(char *path)
{
	size_t len = strlen(path), base = strlen(base_name(path));

	memmove(path, path + len - base, base);
	memset(path + base, 0, len - base);
}

void bring_hide_paths(struct nsenter *n, char **words)
{
	cut_path(words[0]);
	if (n->bring)
		cut_path(n->bring);
}
