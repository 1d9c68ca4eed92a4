/* SPDX-License-Identifier: 0BSD */
/* What the parts of frozen share: frozen.c makes the place, the others who lives there. */
#ifndef FROZEN_H
#define FROZEN_H

#include <stddef.h>
#include <sys/types.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

void check(int ok, const char *what);

/* A whole file, ended by a NUL; and one written anew. */
size_t slurp(const char *path, char *text, size_t size);
void save(const char *path, const char *text);

/* Forks; the child becomes what `be` makes of it, says so, and sleeps for ever. Returns its PID
 * when it has said so: all are made one after the other, so the numbers are always the same. */
pid_t spawn(void (*be)(const void *), const void *arg);

/* The same without waiting, for who shall end or stop. */
pid_t spawn_only(void (*be)(const void *), const void *arg);

/* Before each process and thread: nobody begins in the second half of a second, and so nobody's
 * age goes on in there. There agree.c compares, however long it took to make everybody. */
void begin_in_time(void);

void ready(void);
void be_named(const void *comm); /* no more than that */
void be_ended(const void *comm); /* nor is this one for long */
_Noreturn void sleep_for_ever(void);

/* Waits for somebody's end, and leaves the zombie. */
void leave_zombie(pid_t pid);

/* The same, and buries him. */
void bury(pid_t pid);

/* Becomes another program: this one again or a copy of it, asleep, with these words. */
_Noreturn void become(const char *file, char *const argv[], char *const envp[], int deed);

/* What become() lets the new program do before it sleeps. */
enum { DEED_NONE, DEED_ZERO_ARGV, DEED_NO_END };

/* Puts a text over the file /proc/PID/NAME, and over that of its first thread if there is one. */
void forge(pid_t pid, const char *name, const char *text);

/* Puts other figures over those of /proc/PID/stat, by "FIELD=VALUE ..." (proc_pid_stat(5)), "age=S"
 * for the field that says when it started; a comm goes on its own since it may hold anything. */
void forge_stat(pid_t pid, const char *comm, const char *fields);

/* The same for /proc/PID/status, by "KEY:VALUE|KEY:VALUE". */
void forge_status(pid_t pid, const char *lines);

void make_states(void);
void make_forged(void);

/* Everybody who lives there, as children of the caller, which is PID 1 of the namespace. */
void make_everybody(void);

/* Only those who are shown otherwise by procps 4.0.2 than they should be. */
void make_strangers(void);

#endif
