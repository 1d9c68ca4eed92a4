/* SPDX-License-Identifier: 0BSD */
/*
 * Processes by number across PID namespaces (pid_namespaces(7)): PID@REF, translation, pidfds.
 *
 *   7            process 7 as we see it
 *   7@20997      the process whose number is 7 in the PID namespace of process 20997
 *   7@4026532398 ... in the PID namespace with that inode, also written pid:[4026532398]
 *   7@4f1c2d9a8b3e ... of the container whose ID begins so (12 or more hexadecimal digits)
 *   4f1c2d9a8b3e the first process of that container
 */
#ifndef PID_H
#define PID_H

#include <stddef.h>
#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

#include "str.h"

#define PID_MAX 4194304 /* PID_MAX_LIMIT: no process has a greater number, every inode has */
#define PID_CONTAINER_DIGITS 64
#define PID_TEXT 96 /* room for any PID@REF */

enum pid_ref_kind { PID_REF_NONE, PID_REF_PID, PID_REF_INODE, PID_REF_CONTAINER };

struct pid_ref {
	pid_t pid; /* the number in front of '@'; 0 when the whole text is a REF: a container */
	enum pid_ref_kind kind;
	uint64_t number;       /* PID_REF_PID, PID_REF_INODE */
	const char *container; /* PID_REF_CONTAINER: the prefix, in the text that was parsed */
};

/* Pure: "PID", "PID@REF" or a container's ID. -EINVAL, -ERANGE. */
int pid_parse(const char *text, struct pid_ref *ref);
/* Pure: a REF alone. -EINVAL. */
int pid_parse_ref(const char *text, struct pid_ref *ref);

/* Pure: the next container ID in the text of /proc/PID/cgroup from *at on: a run of exactly 64
 * hexadecimal digits, the form docker, podman, containerd and cri-o give their cgroups. NULL. */
const char *pid_container(const char *cgroup, size_t len, size_t *at);

/* The PID namespace that a REF names: *member is the lowest process in it, *inode its number.
 * -ENOENT: no such process, namespace or container; -ENOTUNIQ: several containers, one a line
 * in *why; -EACCES: it cannot be read who is in it. */
int pid_ref_find(int proc, const struct pid_ref *ref, pid_t *member, uint64_t *inode,
                 struct str *why);

enum pid_way { PID_ANY, PID_BY_IOCTL, PID_BY_NSPID };

/* The number here of the process that is `inner` in the PID namespace of `member`, whose inode is
 * `inode`: by ioctl_nsfs(2) (Linux 6.11), else by the NSpid lines. Both give the same answer.
 * -ESRCH, -ENOTTY when the kernel lacks the ioctl and it alone was asked for, -errno. */
int pid_outer(int proc, pid_t inner, pid_t member, uint64_t inode, enum pid_way way, pid_t *outer);
/* How many numbers deep from here the PID namespace of `member` is, whose inode is `inode`: 1 is
 * that of the mount; 0 for another one where there are no NSpid lines (before Linux 4.1). -errno of
 * a member that is gone. */
int pid_depth(int proc, pid_t member, uint64_t inode);
/* The other way round: what number `outer` has in a namespace, so deep and with that inode; -ESRCH
 * when it is not visible there. It is held open as `nsfd`, so that it is the same one whoever ends
 * meanwhile, if /proc is ours; with -1 the NSpid lines alone are asked. */
int pid_inner(int proc, pid_t outer, int nsfd, int depth, uint64_t inode, pid_t *inner);

/* PID or PID@REF to the number here. -errno as above; *why as in pid_ref_find. */
int pid_resolve(int proc, const char *text, pid_t *pid, struct str *why);

/* What a person should read about an -errno of pid_parse and pid_resolve. */
const char *pid_reason(int err);

/* A pidfd (pidfd_open(2)), or -errno; -ENOSYS before Linux 5.3. */
int pid_open(pid_t pid);
/* A pidfd of whom a text names: PID, PID:INODE with the inode of its pidfd, or PID@REF, which is
 * looked up again once the pidfd is held, so that a reused number is never hit. -errno as of
 * pid_resolve; -ESRCH when it has ended or is another; -EXDEV for a REF when `proc` is another PID
 * namespace's; -EOPNOTSUPP for an INODE where there are none. *pid: its number here; 0 after an
 * error, unless it may be there and only its pidfd is not to be had. */
int pid_open_text(int proc, const char *text, pid_t *pid, struct str *why);

/* The inode of a pidfd, which no other process gets before the next boot. -EOPNOTSUPP before Linux
 * 6.9, where all have the same. */
int pid_inode(int pidfd, uint64_t *inode);

struct pollfd;

/* Sends a signal by the pidfd; by the number where there is none (fd < 0) or where the system call
 * is missing or refused (before Linux 5.1; seccomp). `info` or NULL as in rt_sigqueueinfo(2). 0 or
 * -errno. pidfd_send_signal(2), kill(2) */
int pid_signal(pid_t pid, int fd, int sig, siginfo_t *info);
/* Waits until at least one process behind these pidfds has ended (then its revents are not 0), at
 * most until a time of CLOCK_MONOTONIC in nanoseconds, or STR_FOREVER. How many have, 0 when it is
 * too late, -errno. */
int pid_wait(struct pollfd *pidfds, size_t n, uint64_t until_ns);

#endif
