/* SPDX-License-Identifier: 0BSD */
/* init for machines: what its rooms share. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include "init.h"
#include "inittab.h"

/* ---- table.c: what is to run */

struct entry {
	struct inittab_line line;
	pid_t pid;                     /* 0: it does not run */
	int status;                    /* how it ended last (wait(2)) */
	uint64_t started_ns, again_ns; /* CLOCK_MONOTONIC; not to be started before */
	unsigned quick;                /* so many times in a row it ended soon */
	unsigned row;                  /* so many ends in a row, none after a long time */
	char **argv;                   /* the command of the command line, or NULL */
	uint64_t kill_ns;              /* a service: its time to end is over then; 0: never */
	unsigned char over;            /* a service that is not started again */
	unsigned char killed;          /* and one that did not end in time */
	unsigned char waiting;         /* it has had to wait and does not run steadily yet */
};

/* {0} is an empty one. */
struct table {
	struct str text; /* what the lines point into, */
	struct str gone; /* and what those that are in no file any more do */
	struct str list; /* struct entry */
	unsigned cut;    /* the last line, when it has no end: the file may still be written */
	int services;    /* it is one of services, whose words count */
};

struct entry *table_entries(const struct table *t, size_t *count);
/* The entry with that terminal and command, or NULL. */
struct entry *table_find(const struct table *t, const struct inittab_line *line);
/* Reads an inittab. Lines that are none are said and passed over; *bad counts them. -errno, which
 * is not said. Is to be freed in any case. */
int table_read(struct table *t, const char *file, unsigned *bad);
/* The one for machines that have none; `single`: a shell on the console, no more. -ENOMEM. */
int table_built_in(struct table *t, int single);
/* Adds an entry, whose texts must stay. The last of several that are the same counts, where it
 * stands. -ENOMEM. */
int table_add(struct table *t, const struct inittab_line *line);
/* `new`, fresh from one of these, becomes the table. What stands in both stays what it is; what
 * runs and is in there no more has no action. On -ENOMEM all is as it was, and `new` is to be
 * freed. */
int table_replace(struct table *t, struct table *new);
void table_free(struct table *t);

/* When an entry that has ended may start again: at once, but from the fifth time on that it ended
 * soon after `base`, twice that, and so on up to `limit`. Pure. */
struct backoff {
	uint64_t base_ns, limit_ns;
};
uint64_t backoff_next(const struct backoff *b, struct entry *e, uint64_t now_ns);
/* From when on one that runs has lived so long that all is forgiven. Pure. */
uint64_t backoff_steady(const struct backoff *b, const struct entry *e);

/* ---- system.c */

/* What signals ask for. */
enum request {
	REQUEST_RELOAD = 1,
	REQUEST_CTRLALTDEL = 2,
	REQUEST_RESTART = 4,
	REQUEST_HALT = 8,
	REQUEST_POWEROFF = 16,
	REQUEST_REBOOT = 32,
};

/* A hardware watchdog; {0} is none. */
struct watchdog {
	char device[64];
	int timeout; /* seconds; 0: the device's own */
	int fd;      /* 0: not open */
	int failed;  /* and that was said */
	uint64_t half_ns, next_ns;
};

struct system {
	struct init *in;
	struct table table;
	struct backoff backoff;
	int initial; /* the PID namespace is the machine's */
	int paused;  /* by TSTP */
	unsigned requests;
	char runlevel[64];
	struct watchdog watchdog;
};

/* Never returns as PID 1 of a machine. `words` are those behind the name: of the kernel's command
 * line what stands behind its "--", and what it does not know itself. */
int system_run(struct init *in, char **words, int initial);
/* Waits for one thing, until that moment at most, and takes note of it. */
void system_step(struct system *s, uint64_t until_ns);
/* Runs all entries with one of these actions, in their order; those that are to be waited for one
 * after the other. */
void system_group(struct system *s, unsigned actions);

/* ---- watchdog.c */

/* Has PID 1 feed a watchdog from its next wait on: "DEVICE" or "DEVICE:SECONDS", of which it keeps
 * a copy. -EINVAL. */
int watchdog_set(struct system *s, const char *text);
/* Stops it, for reboot(2) or another init. When that has not come about after a minute it is fed
 * again. */
void watchdog_stop(struct system *s);

/* ---- action.c */

/* Starts an entry: its process or -errno. */
pid_t action_start(struct system *s, struct entry *e);
/* Becomes it. Only returns when that failed, with an exit status, and has said why. Without `s` it
 * is a service of a container, whose environment and terminal stay as they are. */
int action_exec(const struct system *s, const struct entry *e);

/* ---- console.c */

/* Finds a console for 0, 1 and 2: the one that the environment names, else, if none is open, the
 * kernel's. */
void console_open(void);
/* The same where one is not open, or was hung up; at last there is /dev/null. */
void console_keep(void);
/* Opens a terminal as 0, 1 and 2, without waiting for a carrier. -errno, then they are as before.
 */
int console_take(const char *path, int flags);
/* Begins a session that has no terminal: a login shell is to get it. */
void console_leave(void);
/* Makes a terminal on descriptor 0 behave. */
void console_reset(void);
/* What a command finds in its environment: PATH and the like, then what init has; TERM is that of
 * descriptor 0. The list has room for so many more than environ. */
#define CONSOLE_VARIABLES 5
void console_environment(const struct system *s, char **list);

/* ---- boot.c */

/* Descriptors, mounts, the host's name; `initial`: it is the machine's own PID namespace. */
void boot(int initial);

/* ---- fall.c */

/* From here on a fault of PID 1's own does not end it. */
void fall_prepare(void);

/* ---- down.c */

/* All that runs ends, and with it the machine or the PID namespace; with REQUEST_RESTART init
 * becomes another program. Returns only where that failed. */
void down(struct system *s, enum request what);

#endif
