/* SPDX-License-Identifier: 0BSD */
/* The maps of user_namespaces(7): ranges, holes, writing. */
#ifndef IDMAP_H
#define IDMAP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define IDMAP_LINES 340 /* the kernel's limit since 4.15 */
#define IDMAP_TEXT 4096 /* what one write(2) may bring: a map takes no second one */

struct idmap_range {
	uint32_t inner, outer, count;
};

struct idmap {
	struct idmap_range range[IDMAP_LINES];
	size_t n;
};

/* Adds "INNER:OUTER:COUNT" or, in the older notation of unshare(1), "OUTER,INNER,COUNT". Pure.
 * -EINVAL when it is neither, empty, past the last id, or overlaps a range, inside or outside;
 * -E2BIG; in each case nothing has changed. */
int idmap_add(struct idmap *map, const char *text);
int idmap_add_range(struct idmap *map, uint32_t inner, uint32_t outer, uint32_t count);

/* Maps one id, in front, and takes both its numbers out of the ranges: the others move up in order,
 * and what no longer fits into a range's inner ids is lost. -EINVAL for 4294967295, which is no id;
 * -E2BIG; in both cases nothing has changed. */
int idmap_single(struct idmap *map, uint32_t inner, uint32_t outer);

/* The text for uid_map. Returns its length, -E2BIG when it exceeds one write. */
int idmap_format(const struct idmap *map, char text[IDMAP_TEXT]);

/* Writes the file uid_map or gid_map of a process (`gid` says which; 0 is the caller) by one
 * write(2). -errno. */
int idmap_write(int proc, pid_t pid, int gid, const struct idmap *map);

/* Writes "allow" or "deny" to a process's setgroups; a kernel without the file (before 3.19) is no
 * error. -errno. */
int idmap_setgroups(int proc, pid_t pid, int allow);

#endif
