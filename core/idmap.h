/* SPDX-License-Identifier: 0BSD */
/* The maps of user_namespaces(7): ranges, holes, where they come from (subuid(5)), writing. */
#ifndef IDMAP_H
#define IDMAP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define IDMAP_LINES 340 /* the kernel's limit since 4.15 */
#define IDMAP_TEXT 4096 /* what one write(2) may bring: a map takes no second one */

struct idmap_range {
	uint32_t inner, outer, count;
	int moves; /* its inner ids may move up */
};

struct idmap {
	struct idmap_range range[IDMAP_LINES];
	size_t n;
};

/* Adds "INNER:OUTER:COUNT" or, in the older notation of unshare(1), "OUTER,INNER,COUNT". Pure.
 * -EINVAL when it is neither, empty or past the last id; -EEXIST when it overlaps a range, inside
 * or outside; -E2BIG; in each case nothing has changed. */
int idmap_add(struct idmap *map, const char *text);
int idmap_add_range(struct idmap *map, uint32_t inner, uint32_t outer, uint32_t count);
/* The same for ids whose inner numbers do not matter: they are counted from 0. */
int idmap_add_moving(struct idmap *map, uint32_t outer, uint32_t count);

/* Maps one id, in front, and takes both its numbers out of the ranges: the others move up in order,
 * and what no longer fits into a range's inner ids is lost, except where it moves. Once only.
 * -EINVAL for 4294967295, which is no id; -EEXIST when what has moved meets another range; -E2BIG;
 * in each case nothing has changed. */
int idmap_single(struct idmap *map, uint32_t inner, uint32_t outer);

/* A line "NAME:START:COUNT" of /etc/subuid or /etc/subgid (subuid(5)) in a text that ends in a
 * newline: the first whose NAME is the user's name (of `len` bytes, 0 when it has none) or the
 * user's id. Lines that make no sense are passed over. Pure. -ENOENT. */
int idmap_find_subid(const char *text, size_t size, const char *name, size_t len, uint32_t uid,
                     uint32_t *start, uint32_t *count);

/* Adds the inner ids of a uid_map's text, each mapped to itself. Pure. -EPROTO when it is none,
 * -EEXIST, -E2BIG; in each case nothing has changed. */
int idmap_add_inner(struct idmap *map, const char *text);
/* The same with the map of the caller's own user namespace. -errno. */
int idmap_add_own(struct idmap *map, int proc, int gid);

/* Whether the outer ids of each range lie in one line of the caller's own map: only these can
 * be written. 1, 0; -errno when nobody knows. */
int idmap_is_ours(const struct idmap *map, int proc, int gid);

/* Whether a user of ours is, or may come to be, somebody in the user namespace of a process: it may
 * have no map yet. 1 too when nobody knows. */
int idmap_may_hold(int proc, pid_t pid, uint32_t uid);

/* The text for uid_map. Returns its length, -E2BIG when it exceeds one write. */
int idmap_format(const struct idmap *map, char text[IDMAP_TEXT]);

/* Writes the file uid_map or gid_map of a process (`gid` says which; 0 is the caller) by one
 * write(2). -errno. */
int idmap_write(int proc, pid_t pid, int gid, const struct idmap *map);

/* Writes "allow" or "deny" to a process's setgroups; a kernel without the file (before 3.19) is no
 * error. -errno. */
int idmap_setgroups(int proc, pid_t pid, int allow);

#endif
