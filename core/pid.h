/* SPDX-License-Identifier: 0BSD */
/*
 * Processes by number across PID namespaces (pid_namespaces(7)): PID@REF, translation, pidfds.
 *
 *   7            process 7 as we see it
 *   7@20997      the process whose number is 7 in the PID namespace of process 20997
 *   7@4026532398 ... in the PID namespace with that inode, also written pid:[4026532398]
 *   7@4f1c2d9a8b3e ... of the container whose ID begins so (12 or more hexadecimal digits)
 */
#ifndef PID_H
#define PID_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "str.h"

#define PID_MAX 4194304 /* PID_MAX_LIMIT: no process has a greater number, every inode has */
#define PID_CONTAINER_DIGITS 64
#define PID_TEXT 96 /* room for any PID@REF */

enum pid_ref_kind { PID_REF_NONE, PID_REF_PID, PID_REF_INODE, PID_REF_CONTAINER };

struct pid_ref {
	pid_t pid; /* the number in front of '@'; 0 when the whole text is a REF */
	enum pid_ref_kind kind;
	uint64_t number;       /* PID_REF_PID, PID_REF_INODE */
	const char *container; /* PID_REF_CONTAINER: the prefix, in the text that was parsed */
};

/* Pure: "PID" or "PID@REF". -EINVAL, -ERANGE. */
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
/* The other way round: what number `outer` has there; -ESRCH when it is not visible there. */
int pid_inner(int proc, pid_t outer, pid_t member, uint64_t inode, enum pid_way way, pid_t *inner);

/* PID or PID@REF to the number here. -errno as above; *why as in pid_ref_find. */
int pid_resolve(int proc, const char *text, pid_t *pid, struct str *why);

/* What a person should read about an -errno of pid_parse and pid_resolve. */
const char *pid_reason(int err);

/* A pidfd, or -errno; -ENOSYS before Linux 5.3. */
int pid_open(pid_t pid);
/* Sends a signal to one process, by a pidfd where the kernel has them. With a REF text the number
 * is looked up again once the pidfd is held, so that a reused number is never hit. -errno. */
int pid_signal(int proc, const char *text, int sig, struct str *why);

#endif
