/* SPDX-License-Identifier: 0BSD */
/* The cgroups of a process (cgroups(7)): what ours has suffered, and joining those of another. */
#ifndef CGROUP_H
#define CGROUP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "mount.h"
#include "str.h"

/* How many processes of the caller's memory cgroup the kernel has killed because its limit was
 * reached: oom_kill of memory.events, in version 1 of memory.oom_control. `proc` is a mount of
 * procfs, or negative; `root` is where cgroups are mounted, "/sys/fs/cgroup" for NULL. With neither
 * the caller's own path nor a procfs it is the root's number: a container often sees its own cgroup
 * there. The count or -errno. */
int64_t cgroup_oom_kills(int proc, const char *root);

/* A piece of a text, not terminated. */
struct cgroup_part {
	const char *p;
	size_t len;
};

/* A line of /proc/PID/cgroup: "HIERARCHY:CONTROLLERS:PATH". Version 2 has no controllers there. */
struct cgroup_line {
	struct cgroup_part controllers, path;
};

/* Pure: the next line from *at on; what is none is passed over. 0 at the end. */
int cgroup_next(const char **at, const char *end, struct cgroup_line *line);

/* Pure: whether a mount shows the cgroup of `line`: 1, then its directory and a NUL are appended to
 * `dir`. 0 when it is of another hierarchy or another part of it: both paths begin at the root
 * of our cgroup namespace, and may begin with "/.."s. -ENOMEM. */
int cgroup_seen(const struct cgroup_line *line, const struct mount_line *mount, struct str *dir);

/* The cgroups of another process as files to join them by. {0} is none. */
#define CGROUP_HIERARCHIES 32
struct cgroup_join {
	struct {
		int fd;
		size_t path; /* in `text`: its directory */
	} file[CGROUP_HIERARCHIES];
	unsigned n;
	struct str text;
	const char *failed; /* after an error: the cgroup that it is about */
};

/*
 * Opens those cgroups of a process, whose directory in /proc `target` is, that the caller is not in
 * already, close-on-exec, so that they can be joined when namespaces have taken the paths away. A
 * hierarchy of version 1 that is not to be seen here is left out; that of version 2 must be, and
 * one of all must: -ENOENT. -errno of what could not be opened; with `failed` NULL of reading
 * /proc. cgroup_close() ends it in any case.
 */
int cgroup_open(int proc, int target, struct cgroup_join *join);

/* The caller joins them in their order, and closes them. At the first that fails it stops with that
 * -errno: EBUSY and EOPNOTSUPP are the rules of version 2 about groups with controllers and with
 * threads. */
int cgroup_join(struct cgroup_join *join);

/* Joins none of those that are left, and is {0} again. */
void cgroup_close(struct cgroup_join *join);

#endif
