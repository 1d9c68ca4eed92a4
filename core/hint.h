/* SPDX-License-Identifier: 0BSD */
/*
 * Why the kernel refuses something about namespaces: an error number of it stands for many causes.
 * Each function looks for the one behind an -errno and returns a line with it and the cure, which
 * may stand in `text`, or NULL when there is nothing to add. They try things, so that the caller
 * may be in other namespaces afterwards: it is about to end.
 *
 * `proc` is a mount of procfs that was opened before, or negative: then less can be found.
 */
#ifndef HINT_H
#define HINT_H

#include <sys/types.h>

#include "ns.h"

#define HINT_TEXT 256

/* Of ns_new with this mask. */
const char *hint_unshare(int proc, unsigned mask, int err, char text[HINT_TEXT]);

/* Of writing an id map or setgroups of the caller's own new user namespace. */
const char *hint_map(int proc, int err);

/* Of fork(2). */
const char *hint_fork(int proc, int err);

/* Of mounting a proc in the namespaces that the caller is in; `proc` is one of outside. */
const char *hint_proc(int proc, int err, char text[HINT_TEXT]);

/* Of what takes the right of ptrace(2) over process `pid`: its files in /proc, and, with `attach`,
 * pidfd_getfd(2). */
const char *hint_access(int proc, pid_t pid, int attach, int err, char text[HINT_TEXT]);

/* Of ns_enter with these arguments, where `pid` is the process behind the pidfd, or of opening the
 * namespace `failed` of that process. */
const char *hint_enter(int proc, pid_t pid, const int fd[NS_N], unsigned mask, enum ns_kind failed,
                       int err, char text[HINT_TEXT]);

#endif
