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
	char name[7]; /* as in /proc/PID/ns */
	char letter;  /* of unshare(1) and nsenter(1) */
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

/* "/proc/PID/ns/KIND", for people. */
#define NS_PATH 56
void ns_path(char path[NS_PATH], pid_t pid, enum ns_kind kind);

/* A descriptor of the same. -errno. */
int ns_open(int proc, pid_t pid, enum ns_kind kind);
/* The inode behind a descriptor of a namespace; -errno. */
int ns_inode(int fd, uint64_t *inode);
/* The parent of a pid or user namespace (ioctl_nsfs(2)); -EPERM above the caller's own. */
int ns_parent(int fd);

/* Moves the caller into new namespaces: unshare(2) with the CLONE_NEW* of `mask`, which has bit
 * 1 << kind for each. -errno. */
int ns_new(unsigned mask);

/* What a person should know about ns_new's -errno: the cause found and the cure. NULL. */
const char *ns_new_hint(int proc, unsigned mask, int err);

/* Enters the namespaces of `fd` (-1: leave that kind), then those of the process behind `pidfd`
 * that `mask` names. Without the user namespace first, then with it: one order suits a privileged
 * caller, the other an unprivileged one. *failed is the kind that could not be entered, NS_N
 * when the kernel does not tell. -errno. */
int ns_enter(const int fd[NS_N], int pidfd, unsigned mask, enum ns_kind *failed);

#endif
