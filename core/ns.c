/* SPDX-License-Identifier: 0BSD */
#include "ns.h"
#include "io.h"
#include "proc.h"
#include "str.h"
#include "sys.h"

#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>

const struct ns_row ns_kinds[NS_N] = {
	[NS_USER] = { "user", 'U', 9, CLONE_NEWUSER },
	[NS_CGROUP] = { "cgroup", 'C', 1, CLONE_NEWCGROUP },
	[NS_IPC] = { "ipc", 'i', 2, CLONE_NEWIPC },
	[NS_UTS] = { "uts", 'u', 10, CLONE_NEWUTS },
	[NS_NET] = { "net", 'n', 4, CLONE_NEWNET },
	[NS_PID] = { "pid", 'p', 5, CLONE_NEWPID },
	[NS_MNT] = { "mnt", 'm', 3, CLONE_NEWNS },
	[NS_TIME] = { "time", 'T', 7, CLONE_NEWTIME },
};

#define CHILDREN "_for_children"

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

void ns_file(char path[NS_PATH], pid_t pid, pid_t tid, enum ns_kind kind, int children)
{
	char task[32] = "";

	if (tid)
		str_format(task, sizeof task, "task/%d/", tid);
	str_format(path, NS_PATH, "%d/%sns/%s%s", pid, task, ns_kinds[kind].name,
	           children ? CHILDREN : "");
}

void ns_shown(char path[NS_PATH], const char *file)
{
	str_format(path, NS_PATH, "/proc/%s", file);
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

	file_path(path, pid, kind, CHILDREN);
	return read_id(proc, path, kind, inode);
}

/* The first of a set of bits. */
static unsigned first_bit(unsigned set)
{
	unsigned i = 0;

	while (!(set & 1u << i))
		i++;
	return i;
}

int ns_ids(int proc, pid_t pid, unsigned mask, uint64_t id[2 * NS_N])
{
	char path[PROC_PATH];
	int dir, r = 0;

	memset(id, 0, 2 * NS_N * sizeof *id);
	if (!(mask & (mask - 1)) && mask >> NS_N == 0)
		return mask ? ns_id(proc, pid, (enum ns_kind)first_bit(mask), &id[first_bit(mask)])
		            : 0;
	proc_path(path, pid, "ns");
	dir = (int)sys_result(openat(proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (dir < 0)
		return dir;
	for (; mask && r != -EACCES && r != -EPERM; mask &= mask - 1) {
		unsigned i = first_bit(mask);
		const char *name = ns_kinds[i % NS_N].name;
		int r1;

		if (i >= NS_N) {
			str_format(path, sizeof path, "%s" CHILDREN, name);
			name = path;
		}
		r1 = read_id(dir, name, (enum ns_kind)(i % NS_N), &id[i]);
		r = r1 == -EACCES || r1 == -EPERM ? r1 : r;
	}
	close(dir);
	return r;
}

int ns_open(int proc, pid_t pid, enum ns_kind kind)
{
	char path[PROC_PATH];

	file_path(path, pid, kind, "");
	return (int)sys_result(openat(proc, path, O_RDONLY | O_CLOEXEC));
}

int ns_open_children(int proc, pid_t pid, enum ns_kind kind)
{
	char path[PROC_PATH];

	file_path(path, pid, kind, CHILDREN);
	return (int)sys_result(openat(proc, path, O_RDONLY | O_CLOEXEC));
}

/* Before Linux 6.19 a handle needs the inode number, too. */
int ns_open_listed(uint64_t id)
{
	union {
		struct file_handle head;
		char space[sizeof(struct file_handle) + 16];
	} h = { .head = { .handle_bytes = 16, .handle_type = SYS_FILEID_NSFS } };
	int fd;

	memcpy(h.head.f_handle, &id, sizeof id);
	fd = (int)sys_result(open_by_handle_at(SYS_FD_NSFS_ROOT, &h.head, O_RDONLY | O_CLOEXEC));
	return fd == -ESTALE ? -ENOENT : fd;
}

static int open_handle(enum ns_kind kind, uint64_t id)
{
	enum ns_kind found;
	int fd = ns_open_listed(id);

	if (fd < 0 || (!ns_kind_of(fd, &found) && found == kind))
		return fd;
	close(fd);
	return -ENOENT;
}

int ns_open_id(enum ns_kind kind, uint64_t id)
{
	struct proc_walk w;
	uint64_t found;
	int fd = open_handle(kind, id), r;

	if (fd >= 0)
		return fd;
	r = proc_mount_any();
	if (r < 0 || (r = proc_open(&w, r, 0)) < 0)
		return r;
	fd = -ENOENT;
	while (fd < 0 && (r = proc_next_pid(&w)) > 0) {
		fd = ns_open(w.proc, r, kind);
		if (fd >= 0 && (ioctl(fd, SYS_NS_GET_ID, &found) || found != id)) {
			close(fd);
			fd = -ENOENT;
		}
	}
	close(w.proc);
	proc_close(&w);
	return fd < 0 && r < 0 ? r : fd < 0 ? -ENOENT : fd;
}

int ns_of_pidfd(int pidfd, enum ns_kind kind, int children)
{
	return (int)sys_result(ioctl(pidfd, SYS_PIDFD_GET(ns_kinds[kind].get + children), 0));
}

int ns_of_socket(int sock)
{
	return (int)sys_result(ioctl(sock, SYS_SIOCGSKNS));
}

#define FD_PATH 32
static void fd_path(char path[FD_PATH], int fd)
{
	str_format(path, FD_PATH, "/proc/self/fd/%d", fd);
}

/* What is there is looked at before it is opened for real, which may rewind a tape. */
int ns_open_path(int dir, const char *path, uint64_t inode)
{
	int look = (int)sys_result(openat(dir, path, O_PATH | O_CLOEXEC)), fd;
	char own[FD_PATH];
	struct statfs fs;
	uint64_t found;

	if (look < 0)
		return look;
	fd = fstatfs(look, &fs) || fs.f_type != SYS_NSFS_MAGIC || ns_inode(look, &found) ||
	                     found != inode
	             ? -ENOENT
	             : 0;
	fd_path(own, look);
	if (!fd)
		fd = (int)sys_result(open(own, O_RDONLY | O_CLOEXEC));
	close(look);
	return fd;
}

int ns_keep(int fd, const char *path)
{
	char source[FD_PATH]; /* mount(2) takes paths */
	int r, tree;

	fd_path(source, fd);
	r = (int)sys_result(mount(source, path, NULL, MS_BIND, NULL));
	if (r != -ENOENT || !access(source, F_OK) || access(path, F_OK))
		return r;
	tree = sys_open_tree(fd, "", SYS_TREE_CLONE);
	if (tree < 0)
		return r;
	r = sys_move_mount(tree, AT_FDCWD, path);
	close(tree);
	return r;
}

int ns_inode(int fd, uint64_t *inode)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	*inode = st.st_ino;
	return 0;
}

int ns_kind_of(int fd, enum ns_kind *kind)
{
	int type = (int)sys_result(ioctl(fd, SYS_NS_GET_NSTYPE));

	if (type < 0)
		return type;
	for (int i = 0; i < NS_N; i++)
		if ((unsigned)type == ns_kinds[i].clone) {
			*kind = (enum ns_kind)i;
			return 0;
		}
	return -EINVAL; /* a kind that came later */
}

int ns_unique(int fd, uint64_t *id)
{
	return (int)sys_result(ioctl(fd, SYS_NS_GET_ID, id));
}

int ns_parent(int fd)
{
	return (int)sys_result(ioctl(fd, SYS_NS_GET_PARENT));
}

int ns_owner(int fd)
{
	return (int)sys_result(ioctl(fd, SYS_NS_GET_USERNS));
}

int ns_owner_uid(int fd, uid_t *uid)
{
	int r = (int)sys_result(ioctl(fd, SYS_NS_GET_OWNER_UID, uid)), user;

	if (r != -EINVAL) /* it is no user namespace */
		return r;
	user = ns_owner(fd);
	if (user < 0)
		return user;
	r = (int)sys_result(ioctl(user, SYS_NS_GET_OWNER_UID, uid));
	close(user);
	return r;
}

/* ---- the network's numbers */

int ns_net_socket(void)
{
	const int route = 0;

	return (int)sys_result(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, route));
}

/* linux/rtnetlink.h: struct nlmsghdr, struct rtgenmsg, and one attribute, four bytes each. */
int ns_net_id(int sock, int fd, int32_t *id)
{
	enum { ERROR = 2, NEW = 88, GET = 90, REQUEST = 1, ATTR_ID = 1, ATTR_FD = 3 };
	const struct {
		uint32_t len;
		uint16_t type, flags;
		uint32_t seq, port, family;
		uint16_t attr_len, attr;
		int32_t value;
	} ask = { sizeof ask, GET, REQUEST, 0, 0, 0, 8, ATTR_FD, fd };
	union {
		struct {
			uint32_t len;
			uint16_t type, flags;
			uint32_t seq, port;
			int32_t error;
			uint16_t attr_len, attr;
			int32_t value;
		} is;
		uint32_t room[64];
	} answer;
	ssize_t r = sys_result(send(sock, &ask, sizeof ask, 0));

	if (r >= 0)
		r = sys_result(recv(sock, &answer, sizeof answer, 0));
	if (r < 0)
		return (int)r;
	if ((size_t)r >= 20 && answer.is.type == ERROR)
		return answer.is.error < 0 ? answer.is.error : -EPROTO;
	if ((size_t)r < sizeof answer.is || answer.is.type != NEW || answer.is.attr != ATTR_ID)
		return -EPROTO;
	*id = answer.is.value;
	return 0;
}

/* ---- the kernel's list */

int ns_list(uint64_t after, uint64_t *ids, size_t count)
{
	return sys_listns(after, ids, count);
}

/* ---- making and entering */

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

/* Moves root and working directory to the root of the mount namespace, out of a chroot. */
static int to_mount_root(void)
{
	int fd = sys_pidfd_open(getpid()), r = fd;

	if (fd >= 0) {
		r = (int)sys_result(setns(fd, CLONE_NEWNS));
		close(fd);
	}
	return r;
}

/* Nothing can be said about a "/" that is no mount point: it is said about the root of the mount
 * namespace, from where we come back. Left as it is, a mount would reach the namespace that this
 * one is a copy of. */
static int propagation_from_above(unsigned long flag)
{
	int root = io_open_dir("/"), dir = io_open_dir(".");
	int r = root < 0 ? root : dir < 0 ? dir : to_mount_root();

	if (!r && (mount("none", "/", NULL, MS_REC | flag, NULL) || fchdir(root) || chroot(".") ||
	           fchdir(dir)))
		r = -errno;
	close(root);
	close(dir);
	return r;
}

int ns_propagation(unsigned long flag)
{
	int r = (int)sys_result(mount("none", "/", NULL, MS_REC | flag, NULL));

	return r == -EINVAL ? propagation_from_above(flag) : r;
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
		unsigned user = pass ? files & 1u << NS_USER : 0;

		/* The rights for the rest. */
		files &= ~user;
		err = enter_files(fd, &user);
		if (user) {
			files |= user;
			break;
		}
		/* All of a process's namespaces by one call, which pins it: all of them or none. */
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
		                                    : (enum ns_kind)first_bit(left ? left : files);
	return files || left ? err : 0;
}
