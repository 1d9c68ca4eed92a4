/* SPDX-License-Identifier: 0BSD */
/* What is mounted, as the mountinfo of a process tells it (proc_pid_mountinfo(5)). */
#ifndef MOUNT_H
#define MOUNT_H

#include <stdint.h>
#include <sys/types.h>

#include "str.h"

/* A line "ID PARENT DEVICE ROOT POINT OPTIONS [TAG]... - TYPE SOURCE OPTIONS". The words point into
 * it, where a blank ends them; one in a path is \040. */
struct mount_line {
	uint64_t id, parent;
	const char *root, *point, *options, *type, *super; /* super: the options at the end */
};

/* Pure: the next line from *at on in a text that ends in a NUL; what is none is passed over. 0 at
 * the end. */
int mount_next(const char **at, struct mount_line *m);

/* Pure: whether a word of a line is this one. */
int mount_is(const char *word, const char *text);

/* Pure: makes a path out of a word in which a blank is \040, in its place. It may be one of
 * /proc/swaps, too. The character behind the word is lost. */
void mount_path(char *word);

/* Reads what process `pid` (0: the caller) sees, with a NUL behind it. -errno. */
int mount_read(int proc, pid_t pid, struct str *text);

/* ---- the end of a machine */

/* Makes the file system read-only that is mounted there, for all who see it. The flags of the mount
 * stay (mount(2)). -errno. */
int mount_read_only(const char *point);

/* Unmounts all that a text of mount_read shows, the last first, and again while that helps: a mount
 * that was moved may stand behind one that it is on. What stays is made read-only; `stays` is told
 * of each that is neither. Takes the text apart. -ENOMEM, and nothing was done. */
int mount_off(struct str *text, void (*stays)(const char *point, int err));

/* The number of the mount that an open file is on. -errno; -ENODATA before Linux 3.15. */
int mount_id(int proc, int fd, uint64_t *id);

/* Whether the caller sees that mount: 0 when it is of another mount namespace, or of none any more;
 * 1 also when that cannot be found out. */
int mount_is_seen(int proc, int fd);

/* Whether the caller's root is another than that of its mount namespace (chroot(2)), as far as
 * other processes and his rights show. He may be at that root afterwards. */
int mount_in_chroot(int proc);

enum mount_proc { MOUNT_NO_PROC, MOUNT_PROC, MOUNT_PROC_READ_ONLY, MOUNT_PROC_MASKED };

/* How much of a proc a process sees. When not all of it, `point` is where: the mount point of the
 * proc that is read-only, or of what is mounted on something in it. */
#define MOUNT_POINT 80
enum mount_proc mount_proc(int proc, pid_t pid, char point[MOUNT_POINT]);

#endif
