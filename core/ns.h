/* SPDX-License-Identifier: 0BSD */
/* Namespaces (namespaces(7)): the one table of kinds; identify, open, enter, create. */
#ifndef NS_H
#define NS_H

#include <stdint.h>
#include <sys/types.h>

/* In entering order: a user namespace first gives the rights for the others; the mount namespace
 * late, since it takes /proc and the callers' paths away. */
enum ns_kind { NS_USER, NS_CGROUP, NS_IPC, NS_UTS, NS_NET, NS_PID, NS_MNT, NS_TIME, NS_N };

struct ns_row {
	char name[7];      /* as in /proc/PID/ns */
	char letter;       /* of unshare(1) and nsenter(1) */
	unsigned char get; /* its ioctl on a pidfd; the next number is that of the children's */
	unsigned clone;
};
extern const struct ns_row ns_kinds[NS_N];

/* The kind of that name; -EINVAL. */
int ns_by_name(const char *name);

/* "pid:[4026531836]", as readlink(1) of /proc/PID/ns/pid prints it: kind and inode number. Pure.
 * -EINVAL. */
int ns_parse(const char *text, enum ns_kind *kind, uint64_t *inode);

/* In all of these PID 0 is the caller. The inode number of a process's namespace, or of the one its
 * children will be in (pid and time). -EACCES without the right of ptrace(2), -ENOENT when gone or
 * unknown to this kernel. */
int ns_id(int proc, pid_t pid, enum ns_kind kind, uint64_t *inode);
int ns_id_children(int proc, pid_t pid, enum ns_kind kind, uint64_t *inode);

/* Several at once, which costs half as much for each: of every kind whose bit (1 << kind) is in
 * `mask` the inode number, and with its bit NS_CHILDREN(kind) that of the children-to-be, in
 * id[NS_N + kind]. What cannot be read is 0; with -EACCES or -EPERM, nothing more was tried.
 * -ENOENT and -ESRCH when gone, -errno when we lack something. */
#define NS_CHILDREN(kind) (1u << (NS_N + (kind)))
int ns_ids(int proc, pid_t pid, unsigned mask, uint64_t id[2 * NS_N]);

/* "/proc/PID/ns/KIND", for people. */
#define NS_PATH 56
void ns_path(char path[NS_PATH], pid_t pid, enum ns_kind kind);

/* Where below a /proc the namespace of a process, or of its thread `tid` if that is not 0, can be
 * opened: "PID/ns/KIND"; with `children` that of its children-to-be. */
void ns_file(char path[NS_PATH], pid_t pid, pid_t tid, enum ns_kind kind, int children);
/* "/proc/FILE", for people. */
void ns_shown(char path[NS_PATH], const char *file);

/* A descriptor of the same. -errno. */
int ns_open(int proc, pid_t pid, enum ns_kind kind);
int ns_open_children(int proc, pid_t pid, enum ns_kind kind);
/* The one with that id (NS_GET_ID), which unlike an inode number is never used again: by its file
 * handle (open_by_handle_at(2), Linux 6.19), else from a process that is in it. -ENOENT. */
int ns_open_id(enum ns_kind kind, uint64_t id);
/* Without /proc, by a pidfd, or that of the children-to-be (pid and time; PIDFD_GET_* of
 * ioctl_pidfd(2), Linux 6.11). -errno: -ENOTTY on older kernels. */
int ns_of_pidfd(int pidfd, enum ns_kind kind, int children);
/* Binds a namespace to a file, so that it outlives its processes (namespaces(7)). -errno: -EINVAL
 * for a mount namespace on a file whose mount is shared. */
int ns_keep(int fd, const char *path);
/* A descriptor of the namespace of that number that stands at a path, whatever else has come there
 * meanwhile: nothing but a namespace is opened. -ENOENT when it is another, -errno. */
int ns_open_path(int dir, const char *path, uint64_t inode);
/* The network namespace of a socket (Linux 4.9): -EPERM without CAP_NET_ADMIN in it. */
int ns_of_socket(int sock);

/* About a descriptor of a namespace; -errno. Its inode number; its kind; its id, which is never
 * used again (NS_GET_ID, Linux 6.18; -ENOTTY); who made the user namespace that it is or belongs to
 * (-EPERM when that is above the caller's). */
int ns_inode(int fd, uint64_t *inode);
int ns_kind_of(int fd, enum ns_kind *kind);
int ns_unique(int fd, uint64_t *id);
int ns_owner_uid(int fd, uid_t *uid);
/* The parent of a pid or user namespace (ioctl_nsfs(2)); -EPERM above the caller's own. */
int ns_parent(int fd);
/* The user namespace that it belongs to, of a user namespace its parent; -EPERM as there. */
int ns_owner(int fd);

/* A socket to ask for the numbers that the caller's network namespace has given to others
 * (ip-netns(8), rtnetlink(7)); -errno. ns_net_id: that of the one behind `fd`, -1: it has none. */
int ns_net_socket(void);
int ns_net_id(int sock, int fd, int32_t *id);

/* The ids of the namespaces that the kernel knows (listns(2), Linux 6.19): at most `count` of those
 * behind the id `after`, 0 at first. How many; -ENOSYS, -errno. */
int ns_list(uint64_t after, uint64_t *ids, size_t count);
/* One of them, by its file handle. -errno; -ENOENT: it has gone meanwhile. */
int ns_open_listed(uint64_t id);

/* Moves the caller into new namespaces: unshare(2) with the CLONE_NEW* of `mask`, which has bit
 * 1 << kind for each. -errno. */
int ns_new(unsigned mask);

/* Changes the propagation of all mounts (mount_namespaces(7)) to MS_PRIVATE, MS_SLAVE or MS_SHARED,
 * also inside a chroot whose root is no mount point. -errno. */
int ns_propagation(unsigned long flag);

/* Enters the namespaces of `fd` (-1: leave that kind), then those of the process behind `pidfd`
 * that `mask` names. Without the user namespace first, then with it: one order suits a privileged
 * caller, the other an unprivileged one. *failed is the kind that could not be entered, NS_N
 * when the kernel does not tell. -errno. */
int ns_enter(const int fd[NS_N], int pidfd, unsigned mask, enum ns_kind *failed);

#endif
