/* SPDX-License-Identifier: 0BSD */
/* What a person reads on stderr: one line "APPLET: TEXT: REASON". For applets, opt, main only. */
#ifndef DIE_H
#define DIE_H

#include <sys/types.h>

/* The name in front of every message; set once by main. */
extern const char *die_name;
/* How they are written: io_write_all, or for an init, which must not wait for a reader,
 * io_write_now; set once by the applet. */
extern ssize_t (*die_write)(int fd, const char *bytes, size_t len);

/* Writes the line; `err` is an errno value, negative or positive, whose text follows, or 0 for
 * none. Control bytes in it come out as '?': names are somebody else's text. */
__attribute__((format(printf, 2, 3))) void warn(int err, const char *format, ...);

/* The same, then exits with `code`. */
__attribute__((noreturn, format(printf, 3, 4))) void die(int code, int err, const char *format,
                                                         ...);
/* The same with the cause or the cure behind the reason, in parentheses; NULL when unknown. */
__attribute__((noreturn, format(printf, 4, 5))) void die_hint(int code, int err, const char *hint,
                                                              const char *format, ...);

struct child;

/* About a program that child_spawn or child_exec could not start, with the cause if it was found.
 * Returns 127 or 126 when it was the program, as the shell does, else 1. */
int warn_start(struct child *c, int err);
/* The same, then exits with it. */
__attribute__((noreturn)) void die_start(struct child *c, int err);

struct str;

/* About a PID or PID@REF that pid_resolve refused: the text, the reason, and the candidates that
 * are in *why, one a line. */
void warn_pid(int err, const char *text, const struct str *why);
__attribute__((noreturn)) void die_pid(int code, int err, const char *text, const struct str *why);

struct filter_error;

/* About the expression of --filter that filter_parse refused with `err`. */
__attribute__((noreturn)) void die_filter(int code, int err, const char *text,
                                          const struct filter_error *e);

#endif
