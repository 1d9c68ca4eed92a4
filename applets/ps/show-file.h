/* SPDX-License-Identifier: 0BSD */
/* The columns of ps that read files of their own: show-file.c, and what its parts share. */
#ifndef PS_SHOW_FILE_H
#define PS_SHOW_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cgroup.h"

struct proc;
struct ps;
struct ps_row;

/* SHOW_FILE: which number. */
enum ps_number {
	NUMBER_OOM,
	NUMBER_OOM_ADJUST,
	NUMBER_LOGIN_UID,
	NUMBER_GROUP,
	NUMBER_GROUP_NICE,
	NUMBER_READ_BYTES,
	NUMBER_READ_CHARS,
	NUMBER_READ_CALLS,
	NUMBER_WRITE_BYTES,
	NUMBER_WRITE_CHARS,
	NUMBER_WRITE_CALLS,
	NUMBER_CANCELLED_BYTES,
	NUMBER_PSS,
	NUMBER_HUGE_PRIVATE,
	NUMBER_HUGE_SHARED,
	NUMBER_USS, /* the sum of these two */
	NUMBER_PRIVATE_DIRTY,
};

/* SHOW_CGROUP: which part of the paths. */
enum ps_cgroup {
	CGROUP_ALL,
	CGROUP_NAMED,
	CGROUP_DOCKER,
	CGROUP_LXC,
	CGROUP_SLICE,
	CGROUP_UNIT,
	CGROUP_USER_UNIT,
	CGROUP_SESSION,
	CGROUP_OWNER,
	CGROUP_MACHINE,
	CGROUP_SEAT,
};

/* SHOW_TTY */
enum { TTY_LONG, TTY_SHORT };

#define PS_TTY 40

/* What is known from earlier rows, {0} at first. */
struct ps_files {
	/* Names that the drivers make, by number; "" when they make none. */
	struct ps_tty {
		unsigned tty;
		char name[PS_TTY];
	} tty[8];
	int dev; /* whether /dev is usable: 1, or -1 */
	/* The last file of numbers, of whom, and which: several columns are of one moment. */
	const char *number_file;
	pid_t number_id;
	int number_dir;
	char numbers[1536];
	/* The hierarchy of cgroups that systemd keeps, and where it begins there. */
	enum { UNITS_NOT_READ, UNITS_ANY, UNITS_V1, UNITS_V2 } units;
	char units_root[256];
	int cpu, node;   /* numa: the node of the processor that is one less; -1: none */
	int own_pids;    /* whether /proc has the numbers that pidfd_open(2) takes: 1, or -1 */
	char text[4096]; /* of the value being shown */
};

/* Pure: where the word is in the text; NULL. */
const char *ps_find(const char *text, size_t len, const char *word);

/* ---- terminals: show-tty.c */

/* The name below /dev of a process's terminal; NULL when it has none, or it is not to be found. */
const char *ps_tty(const struct ps_row *r);

/* A line of tty/drivers. */
struct ps_driver {
	const char *name;
	size_t len;
	unsigned major, first, last;
};
/* Pure: the next line from *at on, whose text ends in a NUL. 0 at the end. */
int ps_tty_driver(const char **at, struct ps_driver *d);
/* Pure: the name that a driver may give to a terminal of its own, for `way` from 0 on. 0: that were
 * all. */
int ps_tty_name(const struct ps_driver *d, unsigned minor, int way, char name[PS_TTY]);
/* Pure: the usual name of a terminal (devices.txt of the kernel); its number if it has none.
 * Whether it has one. */
int ps_tty_usual(unsigned tty, char name[PS_TTY]);

/* ---- cgroups: show-cgroup.c */

/* What systemd's names in the path of a cgroup say (sd_pid_get_unit(3)); len 0 for what is not
 * there. They are parts of the path. */
struct ps_unit {
	struct cgroup_part slice, unit, user_unit, session, owner;
};
/* Pure: takes a path below `root` apart. */
void ps_unit_parse(struct cgroup_part path, const char *root, struct ps_unit *u);
/* Pure: the name of the innermost container of lxc, or 12 digits of that of docker, in the text of
 * /proc/PID/cgroup. */
struct cgroup_part ps_cgroup_lxc(struct cgroup_part text);
struct cgroup_part ps_cgroup_docker(struct cgroup_part text);

/* The value of SHOW_CGROUP; len 0 for none. Valid until the next call. */
struct cgroup_part ps_cgroup_value(enum ps_cgroup which, const struct ps_row *r);

/* ---- namespaces: show-ns.c */

/* The inode of pid_for_children where it is another than that of pid; the init of its PID
 * namespace, 0 for unknown; the inode of its pidfd. -errno, -ENOENT: none. */
int ps_ns_children(const struct ps_row *r, uint64_t *inode);
pid_t ps_ns_init(const struct ps_row *r);
int ps_pid_inode(const struct ps_row *r, uint64_t *inode);
/* Who must wait for it, as "PID NAME", or what is known of him. NULL: he cannot be read. */
const char *ps_reaper(const struct ps_row *r);

/* ---- what a TERM meets: sigterm.c */

/* The word for it; NULL for who is dead. */
const char *ps_sigterm(const struct ps_row *r);

#endif
