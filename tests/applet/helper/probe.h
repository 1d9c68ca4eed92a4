/* SPDX-License-Identifier: 0BSD */
/* What the files of the probe share. */
#ifndef PROBE_H
#define PROBE_H

#define SIGSET_BYTES 8 /* the kernel's; libc's functions refuse some real-time signals */
#define LIMIT_S 20     /* nothing here takes longer, or it has failed */

__attribute__((noreturn)) void fail(const char *what);
void check(int ok, const char *what);
int number(const char *text);
void run(char **argv);

/* rt_sigprocmask(2) with a set of 64 bits. */
void mask(int how, unsigned long set);
unsigned long bit(int sig);
/* The next signal of the set; 0 when none comes in time. */
struct timespec;
int wait_signal(unsigned long set, siginfo_t *info, const struct timespec *limit);

/* start.c */
int do_starts(char **argv);
int do_stops(char **argv);
int do_older(char **argv);
int do_leader(char **argv);
int do_fill(char **argv);
int do_seccomp(char **argv);
int do_bomb(char **argv);
int do_regroup(char **argv);

/* terminal.c */
int do_pty(char **argv);
int do_term(char **argv);
int do_stdin(char **argv);
int do_lonely(char **argv);

#endif
