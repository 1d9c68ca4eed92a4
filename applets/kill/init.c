/* SPDX-License-Identifier: 0BSD */
/*
 * kill: signals that the kernel drops without a word (pid_namespaces(7)): the init of a PID
 * namespace gets none that it has no handler for, but for KILL and STOP from a namespace above.
 */
#include "config.h"
#include "die.h"
#include "disposition.h"
#include "kill.h"
#include "sig.h"

#include <string.h>

static int takes(const struct kill *k, const struct proc *p, int sig)
{
	enum disposition d = disposition(k->proc, p, sig);

	return d != DISPOSITION_DEFAULT && d != DISPOSITION_IGNORED;
}

/* A signal that asks it to end, and that it does something about; 0. */
static int better(const struct kill *k, const struct proc *p)
{
	static const unsigned char asks[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP };

	for (size_t i = 0; i < sizeof asks; i++)
		if (disposition(k->proc, p, asks[i]) == DISPOSITION_HANDLER ||
		    disposition(k->proc, p, asks[i]) == DISPOSITION_WAITS)
			return asks[i];
	return 0;
}

void kill_check_init(struct kill *k, const char *word, const struct proc *p)
{
	int sig = k->sig, above = p->levels > 1, is_sure = sig == SIGKILL || sig == SIGSTOP, other;
	char name[SIG_NAME], instead[SIG_NAME];

	/* Nobody does anything about these by default. */
	if (sig == SIGCHLD || sig == SIGCONT || sig == SIGURG || sig == SIGWINCH)
		return;
	if (p->nspid[p->levels - 1] != 1 || (above && is_sure) || takes(k, p, sig))
		return;
	other = better(k, p);
	warn(0, "(%s): %s%s is lost on the init of a PID namespace%s (%s%sKILL works%s)", word,
	     sig_name(sig, name), is_sure ? " from inside" : "",
	     is_sure ? "" : ", which has no handler for it", other ? sig_name(other, instead) : "",
	     other ? " has one; " : "", above ? "" : " from outside");
}
