/* SPDX-License-Identifier: 0BSD */
/* What a person reads on stderr: one line "APPLET: TEXT: REASON". For applets, opt, main only. */
#ifndef DIE_H
#define DIE_H

/* The name in front of every message; set once by main. */
extern const char *die_name;

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

/* About a program that child_spawn or child_exec could not start: exits with 127 or 126 when it was
 * the program, as the shell does, else with 1. */
__attribute__((noreturn)) void die_start(const struct child *c, int err);

struct str;

/* About a PID or PID@REF that pid_resolve refused: the text, the reason, and the candidates that
 * are in *why, one a line. */
void warn_pid(int err, const char *text, const struct str *why);
__attribute__((noreturn)) void die_pid(int code, int err, const char *text, const struct str *why);

#endif
