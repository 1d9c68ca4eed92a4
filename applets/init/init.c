/* SPDX-License-Identifier: 0BSD */
/*
 * init: the first process of a container, as tini, dumb-init and catatonit are. It differs from
 * them in that a signal which comes at any moment after its first instructions reaches the command:
 * all of them are blocked before the options are looked at, and the command already runs when the
 * first one is handed on.
 */
//config:config INIT
//config:	bool "init"
//config:	default y
//config:	help
//config:	  PID 1 of a container: starts one command, hands signals on, reaps what the command
//config:	  leaves behind, ends with the command's status.
//alias:catatonit
//alias:docker-init
//alias:dumb-init
//alias:linuxrc
//alias:pause
//alias:podman-init
//alias:tini
//install:/sbin

#include "applet.h"
#include "child.h"
#include "sys.h"

#include <string.h>

#define ROWS(OPT, OPT_) \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

/* The inherited disposition of SIGCHLD may be "ignored": then nothing could be waited for. */
static void default_chld(struct sys_sigaction *old)
{
	static const struct sys_sigaction dfl;

	sys_sigaction(SIGCHLD, &dfl, old);
}

APPLET(init, "a container's first process: runs a command, forwards, reaps",
       "[--] COMMAND [ARGUMENT]...", rows, OPT_STOP, 1, NULL)
{
	struct sys_sigset mask;
	struct sys_sigaction chld;
	struct child c = { .mask = &mask, .chld = &chld };
	pid_t pid;
	int status;

	sig_block_all(&mask);
	default_chld(&chld);
	c.argv = opt_parse(&applet_init, run->argv, NULL);
	if (!strcmp(run->name, "linuxrc") || !strcmp(run->name, "pause"))
		die(1, 0, "the role of '%s' is not part of this version", run->name);
	if (!*c.argv)
		opt_misuse(&applet_init,
		           "no command (the role of a system's init, with an inittab, is "
		           "not part of this version)");
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* as PID 1 we are that anyway */
	pid = child_spawn(&c);
	if (pid < 0)
		die_start(&c, pid);
	status = child_supervise(pid, 0);
	return child_code(status);
}

//man:It starts COMMAND and waits for it. Signals that others send to init are handed on to the
//man:command; those of the terminal reach it anyway. Every process that becomes a child of init
//man:is reaped, as PID 1 by the kernel's rule and otherwise as a subreaper
//man:(PR_SET_CHILD_SUBREAPER(2const)).
//man:# EXIT STATUS
//man:The command's own; 128 plus the signal that ended it; 127 when there is no such command, 126
//man:when it cannot be executed, 1 for wrong use.
//man:# EXAMPLES
//man:$ init -- sleep 0.01
