/* SPDX-License-Identifier: 0BSD */
/* kill: one process. */
#include "config.h"
#include "die.h"
#include "disposition.h"
#include "kill.h"
#include "pid.h"
#include "sig.h"

#include <string.h>

void kill_say(struct kill *k, const char *text, int sig, pid_t pid)
{
	char line[128];

	str_format(line, sizeof line, "%s signal %d to pid %d\n", text, sig, pid);
	out_text(&k->out, line);
	out_flush(&k->out); /* the next may take its time */
}

void kill_failed(struct kill *k, int err, const char *word)
{
	k->failed++;
	warn(err, "(%s)", word);
}

int kill_send(struct kill *k, pid_t pid, int fd, int sig)
{
	siginfo_t value, *info = NULL;

	if (k->value) {
		sig_value(&value, sig, k->queued);
		info = &value;
	}
	return pid_signal(pid, fd, sig, info);
}

void kill_print(struct kill *k, pid_t pid)
{
	out_number(&k->out, (uint64_t)pid);
	out_text(&k->out, "\n");
	k->sent++;
}

static int keeps(const struct kill *k)
{
	return CFG_KILL_WAIT && !k->print && (k->wait || k->steps.len);
}

void kill_done(struct kill *k, pid_t pid, int fd, int sent)
{
	const struct kill_target t = { pid, fd };

	if (fd < 0 || (sent > 0 && keeps(k) && !str_add(&k->targets, (const char *)&t, sizeof t)))
		return;
	close(fd);
}

/* The signals of sigwait(3) and signalfd(2) count as handled. */
static int has_handler(const struct kill *k, const struct proc *p)
{
	return disposition_mask(p, "SigCgt", k->sig) > 0 ||
	       disposition(k->proc, p, k->sig) == DISPOSITION_WAITS;
}

/* A process that is not ours to look at has p->pid 0. */
static void look_at(const struct kill *k, pid_t pid, struct str *text, struct proc *p)
{
	const int looks = CFG_KILL_INIT || (CFG_KILL_STATE && k->need_handler);

	if (!looks || !k->is_ours || !k->sig ||
	    proc_get(k->proc, pid, PROC_STATUS | PROC_LINES | PROC_MEMORY, text, p))
		p->pid = 0;
}

int kill_one(struct kill *k, const char *word, pid_t pid, int fd)
{
	struct str text = { 0 };
	struct proc p;
	int r = 0;

	look_at(k, pid, &text, &p);
	if (!CFG_KILL_STATE || !k->need_handler || (p.pid && has_handler(k, &p))) {
		if (k->verbose)
			kill_say(k, "sending", k->sig, pid);
		r = kill_send(k, pid, fd, k->sig);
		if (CFG_KILL_INIT && !r && p.pid)
			kill_check_init(k, word, &p);
		k->sent += !r;
		r = r ? r : 1;
	} else if (k->verbose) {
		kill_say(k, "no handler, not sending", k->sig, pid);
	}
	str_free(&text);
	return r;
}

void kill_process(struct kill *k, const char *word, pid_t pid, int fd)
{
	int r = 0;

	if (CFG_KILL_TREE && k->tree) {
		kill_tree(k, word, pid, fd);
		return;
	}
	if (k->print)
		kill_print(k, pid);
	else if (fd < 0 && keeps(k))
		r = fd; /* there is nothing to wait by */
	else
		r = kill_one(k, word, pid, fd);
	if (r < 0)
		kill_failed(k, r, word);
	kill_done(k, pid, fd, r);
}
