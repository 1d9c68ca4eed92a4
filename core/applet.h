/* SPDX-License-Identifier: 0BSD */
/*
 * The only core header that every applet includes. An applet file is:
 *
 *     //config:config SLEEP ...      its entry in the configuration
 *     //alias:NAME ...               other names it runs under (optional)
 *     //install:/bin                 where its link belongs
 *     #define OPTS struct sleep
 *     #define ROWS(OPT, OPT_) OPT_('h', "help", ...) ...
 *     OPT_TABLE(rows, ROWS);
 *     APPLET(sleep, "summary", "SYNOPSIS", rows, flags, 1, NULL)
 *     {
 *             ... the main function: `run` is its struct run
 *     }
 *     //man:prose for the man page
 */
#ifndef APPLET_H
#define APPLET_H

#include "config.h"
#include "die.h"
#include "opt.h"
#include "sys.h"

/* How the applet was started. */
struct run {
	char **argv;            /* argv[0] is the name it was called by */
	const char *name;       /* the same without its path and a leading '-' */
	struct sys_sigset mask; /* with OPT_BLOCK: the signal mask it was started with */
};

struct applet {
	const char *text; /* "name\0summary\0synopsis" */
	struct opt_table opts;
	int (*main)(struct run *run);
};

/* clang-format off */
#define APPLET(id, summary, synopsis, rows, flags, usage_exit, call) \
	static int id##_main(struct run *run); \
	const struct applet applet_##id = { \
		#id "\0" summary "\0" synopsis, \
		{ rows, rows##_text, sizeof rows / sizeof *rows, flags, usage_exit, call }, \
		id##_main, \
	}; \
	static int id##_main(struct run *run)
/* clang-format on */

/* The parts of an applet's text. */
const char *applet_summary(const struct applet *a);
const char *applet_synopsis(const struct applet *a);

/* "pidbox 0.1 (git id)" and the features built in, to stdout. 0 or -errno. */
int applet_version(void);
/* "PREFIX0.1_pidbox - git.ID" to a descriptor: for programs that read the version of a peer. 0 or
 * -errno. */
int applet_version_as(const char *prefix, int fd);

#endif
