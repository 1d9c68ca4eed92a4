/* SPDX-License-Identifier: 0BSD */
/* What the parts of pidcheck share: look.c finds what is wrong, report.c and json.c say it. */
#ifndef PIDCHECK_H
#define PIDCHECK_H

#include "disposition.h"
#include "out.h"
#include "pidns.h"

/* A process by its numbers here and in its own PID namespace, and its name. pid 0: it is outside.
 * name_len 0: it may not be read. */
struct who {
	pid_t pid, inner;
	unsigned name_len;
	char name[PROC_COMM];
};

struct zombie {
	struct who who;
	pid_t parent, tracer; /* tracer: 0, or who must wait before the parent may */
	uint64_t start_ticks;
};

/* Who has not waited. */
enum culprit_kind {
	CULPRIT_ORDINARY,
	CULPRIT_INIT, /* of a PID namespace */
	CULPRIT_OUTSIDE,
	CULPRIT_TRACER,
	CULPRIT_HIDDEN, /* he may not be read */
};
struct culprit {
	struct who who;
	enum culprit_kind kind;
	int stopped;
	uint64_t pidns;               /* inode, 0: unknown */
	const struct zombie *zombies; /* those he has not waited for */
	size_t count;
};

/* The init of a PID namespace. */
struct init {
	struct who who;
	uint64_t pidns;
	enum disposition term;
	int has_waited; /* 0: not that anybody could tell */
	size_t zombies; /* those among its children */
};

/* The exit statuses of the Monitoring Plugins. */
enum { STATUS_OK, STATUS_WARNING, STATUS_CRITICAL, STATUS_UNKNOWN };

struct pidcheck {
	/* options */
	const char *warning_text, *critical_text, *age_text, *pidns, *proc_path;
	int json, below;
	uint64_t warning, critical, age_ns; /* UINT64_MAX: never */
	/* where */
	int proc;
	struct pidns ns;
	/* found: struct zombie, those of one culprit side by side; struct culprit; struct init */
	struct str zombies, culprits, inits, text;
	size_t unreadable;
	int status;
};

/* Looks, and again after the time. -errno. */
int pidcheck_look(struct pidcheck *c);

const struct culprit *pidcheck_culprits(const struct pidcheck *c, size_t *count);
const struct init *pidcheck_inits(const struct pidcheck *c, size_t *count);
size_t pidcheck_zombies(const struct pidcheck *c);

/* The word of c->status; what helps against a culprit, without a full stop. */
const char *pidcheck_status(const struct pidcheck *c);
const char *pidcheck_help(const struct culprit *culprit);

/* Print what was found, or why nothing could be: `reason`, else NULL. */
void pidcheck_text(const struct pidcheck *c, struct out *o, const char *reason);
void pidcheck_json(const struct pidcheck *c, struct out *o, const char *reason);

#endif
