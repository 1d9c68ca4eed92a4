/* SPDX-License-Identifier: 0BSD */
/* Small whole-file reads and writes relative to a directory descriptor. */
#ifndef IO_H
#define IO_H

#include <stddef.h>
#include <sys/types.h>

#include "str.h"

/* Puts a descriptor that neither reads nor writes (open(2), O_PATH) on each of 0, 1 and 2 that is
 * closed, so that nothing opened later lands there. It is close-on-exec: what we start finds them
 * closed again, as our caller left them. */
void io_hold_std(void);

/* Closes all descriptors from `first` on but `keep` (-1: none), where close_range(2) is missing or
 * forbidden those in /proc/self/fd, and without that up to the hard limit, 65,536 at most. */
void io_close_from(int first, int keep);

/* Writes what can be written at once: -EAGAIN when the reader of a pipe, socket or terminal does
 * not keep up. Returns the bytes written or -errno. SIGPIPE must be blocked. */
ssize_t io_write_now(int fd, const char *bytes, size_t len);

/* Opens a directory (open(2), O_PATH) that the _at functions below take. -errno. */
int io_open_dir(const char *path);

/* Reads a file of /proc by one read(2), which is how procfs hands out a consistent whole, at most
 * size - 1 bytes, and adds a NUL. Returns the length or -errno; a longer file is cut. */
ssize_t io_read_at(int dir, const char *path, char *buf, size_t size);

/* Appends a file to `b`, at most `max` bytes of it. Returns the bytes added or -errno,
 * then nothing was. */
ssize_t io_append_at(int dir, const char *path, struct str *b, size_t max);

/* readlink(2) with a NUL added. Returns the length, -errno; -ENAMETOOLONG when it did not fit. */
ssize_t io_link_at(int dir, const char *path, char *buf, size_t size);

/* Writes all bytes, whatever write(2) takes at a time. 0 or -errno. */
ssize_t io_write_all(int fd, const char *bytes, size_t len);

/* Writes a file of /proc by one write(2): the maps of user_namespaces(7) take no second one. */
int io_write_at(int dir, const char *path, const char *bytes, size_t len);

#endif
