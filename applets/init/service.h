/* SPDX-License-Identifier: 0BSD */
/* Several programs in one container, or one that is started again. */
#ifndef SERVICE_H
#define SERVICE_H

#include "init.h"
#include "policy.h"
#include "system.h"

struct services {
	struct init *in;
	struct table table;
	struct backoff backoff;
	enum policy_exit exit_on;
	char **command;                /* what is a service, too: the last; NULL: none */
	const struct sys_sigset *mask; /* for the command */
	const struct sys_sigaction *chld;
	char **environment;  /* init's own: that of the entries */
	struct entry *group; /* the one that is waited for before the others */
	int up;              /* services are to run */
	int reload;          /* was asked for */
	unsigned ends;       /* so many times something asked for the end of all */
	int decided;         /* one did whose status is init's, at that moment */
	uint64_t ended_ns;
	int status;  /* that, or that of the first one that has failed */
	int refused; /* the command could not be executed: this exit status, or 0 */
};

/* Reads the inittab. Dies on wrong use; 1 when it cannot be used, which was said. Nothing runs
 * yet, and the environment is init's own. `command` may be empty. */
int service_open(struct services *v, struct init *in, char **command);

/* Runs them all to their end. -1 with in->status, or the exit status when the command could not be
 * executed. */
int service_run(struct services *v, const struct sys_sigset *mask,
                const struct sys_sigaction *chld);

/* ---- for the engine */

/* A child has ended: 1 if it was one of them. */
int service_reaped(struct services *v, const struct reap_end *end);
/* A signal that is to go on as `sig`; `end`: it asks for one. 0: to the command. */
int service_signal(struct services *v, int sig, siginfo_t *info, int end);
/* Their lines of the report. */
void service_report(struct services *v);

#endif
