/* SPDX-License-Identifier: 0BSD */
/*
 * The report that a signal asks for (SIGINFO is what BSD calls that). It answers what people ask
 * most about an init: whose zombies are these? A zombie waits for its own parent; an init can do
 * nothing about that unless the parent ends.
 */
#include "init.h"
#include "proc.h"
#include "service.h"
#include "str.h"

#include <string.h>
#include <time.h>

#define SHOWN 40 /* of the children, and of the zombies */

struct census {
	struct init *in;
	int proc;
	unsigned children, zombies;
	struct {
		pid_t pid, parent;
		long threads;
	} zombie[SHOWN];
};

/* "PID (NAME)". What has ended meanwhile has no name. */
#define WHO 40
static const char *who(int proc, pid_t pid, char text[WHO])
{
	struct proc p;

	if (proc < 0 || proc_get_stat(proc, pid, &p))
		*p.comm = 0;
	str_format(text, WHO, *p.comm ? "%d (%s)" : "%d", pid, p.comm);
	return text;
}

static void say_child(struct census *c, const struct proc *p)
{
	char age[LOG_SECONDS];

	if (c->children++ < SHOWN)
		log_say(c->in, "child %d (%s), age %s s%s", p->pid, p->comm,
		        log_seconds(log_age_ns(p->start_ticks), 3, age),
		        p->pid == c->in->child ? ", the command" : "");
}

/* Whether a process is below us in the tree; as PID 1 all are, or have been brought in. */
static int is_ours(const struct census *c, pid_t pid)
{
	pid_t self = c->in->self;
	struct proc p;

	for (int depth = 0; self != 1 && pid > 1 && pid != self && depth < 4096; depth++)
		pid = proc_get_stat(c->proc, pid, &p) ? 0 : p.ppid;
	return self == 1 || pid == self;
}

static void count(struct census *c)
{
	struct proc_walk w;
	struct proc p;
	pid_t pid;

	if (proc_open(&w, c->proc, 0))
		return;
	while ((pid = proc_next_pid(&w)) > 0) {
		if (proc_get_stat(c->proc, pid, &p))
			continue;
		if (p.state != 'Z') {
			if (p.ppid == c->in->self)
				say_child(c, &p);
		} else if (is_ours(c, p.ppid) && c->zombies++ < SHOWN) {
			c->zombie[c->zombies - 1].pid = p.pid;
			c->zombie[c->zombies - 1].parent = p.ppid;
			c->zombie[c->zombies - 1].threads = p.threads;
		}
	}
	proc_close(&w);
}

/* That its first thread has ended makes a process look like a zombie. */
static void say_zombie(struct census *c, unsigned i)
{
	pid_t parent = c->zombie[i].parent;
	char name[WHO], of[WHO];

	who(c->proc, c->zombie[i].pid, name);
	if (c->zombie[i].threads > 1)
		log_say(c->in, "process %s has lost its first thread, but %ld run", name,
		        c->zombie[i].threads - 1);
	else if (parent == c->in->self)
		log_say(c->in, "zombie %s: init is about to reap it", name);
	else
		log_say(c->in, "zombie %s of %s: its parent must wait for it, not init", name,
		        parent ? who(c->proc, parent, of) : "a process outside of the namespace");
}

__attribute__((noinline)) static void make(struct init *in)
{
	struct census c = { .in = in, .proc = proc_mount_own() };
	char name[WHO], up[LOG_SECONDS];

	log_say(in, "up %s s, command %s",
	        log_seconds(sys_clock(CLOCK_MONOTONIC) - in->started_ns, 3, up),
	        in->child      ? who(c.proc, in->child, name)
	        : in->services ? "not running"
	                       : "ended");
	if (CFG_INIT_SERVICE && in->services)
		service_report(in->services);
	if (c.proc < 0) {
		log_say(in, "no /proc of this PID namespace: children and zombies are unknown");
	} else {
		count(&c);
		if (c.children > SHOWN)
			log_say(in, "and %u more children", c.children - SHOWN);
		for (unsigned i = 0; i < c.zombies && i < SHOWN; i++)
			say_zombie(&c, i);
		if (c.zombies > SHOWN)
			log_say(in, "and %u more zombies", c.zombies - SHOWN);
		close(c.proc);
	}
	log_say(in,
	        "reaped %u (%u by signal, %u with a code other than 0), forwarded %u, lines lost "
	        "%u",
	        in->reaped, in->by_signal, in->by_code, in->forwarded, in->log.all_lost);
}

void report(struct init *in)
{
	make(in);
	sys_forget_stack(); /* an idle init is as small as before */
}
