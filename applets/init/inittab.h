/* SPDX-License-Identifier: 0BSD */
/*
 * The lines of an inittab as busybox has them: TTY:WORDS:ACTION:COMMAND. Where sysvinit has
 * runlevels, which nobody reads, stand words about services:
 *
 *     restart=no|on-failure|always   whether it is started again
 *     max=N                          but not more often than so many times in a row
 *     critical                       when it gives up, so does the container, with its status
 *     stop=SIGNAL  timeout=TIME      how it is told to end, and how long that may take
 */
#ifndef INITTAB_H
#define INITTAB_H

#include <stdint.h>

enum inittab_action {
	INITTAB_SYSINIT = 1,
	INITTAB_WAIT = 2,
	INITTAB_ONCE = 4,
	INITTAB_RESPAWN = 8,
	INITTAB_ASKFIRST = 16,
	INITTAB_CTRLALTDEL = 32,
	INITTAB_SHUTDOWN = 64,
	INITTAB_RESTART = 128,
};

enum inittab_restart { INITTAB_USUAL, INITTAB_NO, INITTAB_ON_FAILURE, INITTAB_ALWAYS };

struct inittab_line {
	const char *tty; /* without "/dev/"; "": init's own */
	const char *command;
	char *words; /* about services, to be read by inittab_words */
	unsigned char action, restart, critical;
	unsigned char stop_signal; /* 0: not said */
	unsigned max;              /* 0: no limit */
	uint64_t timeout_ns;       /* 0: not said */
	const char *wrong;         /* why it is no entry, or NULL */
};

/* Pure: takes the next line out of a text that ends in a NUL, in which it writes: the fields point
 * into it. *number counts the lines. 1, 0 at the end, -EINVAL for a line that is none, with
 * line->wrong, after which it goes on. */
int inittab_next(char **at, unsigned *number, struct inittab_line *line);

/* Reads the words of a line, in which it writes. 1, or -EINVAL with line->wrong. To an init of a
 * machine they are whatever anybody has put there. */
int inittab_words(struct inittab_line *line);

#endif
