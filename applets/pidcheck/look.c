/* SPDX-License-Identifier: 0BSD */
/*
 * pidcheck: zombies, and who has not waited for them. The date of a death is not in /proc: a zombie
 * is as old as the time between two looks at it. It counts only when it has had the same parent
 * both times: a new one, init, may just be about to wait.
 */
#include "pidcheck.h"
#include "ns.h"
#include "sys.h"

#include <string.h>
#include <time.h>

static struct zombie *zombies_of(const struct pidcheck *c)
{
	return (struct zombie *)(void *)c->zombies.p;
}

size_t pidcheck_zombies(const struct pidcheck *c)
{
	return c->zombies.len / sizeof(struct zombie);
}

const struct culprit *pidcheck_culprits(const struct pidcheck *c, size_t *count)
{
	*count = c->culprits.len / sizeof(struct culprit);
	return (const struct culprit *)(void *)c->culprits.p;
}

const struct init *pidcheck_inits(const struct pidcheck *c, size_t *count)
{
	*count = c->inits.len / sizeof(struct init);
	return (const struct init *)(void *)c->inits.p;
}

static void who_is(struct who *who, const struct proc *p)
{
	*who = (struct who){
		p->pid, p->levels ? p->nspid[p->levels - 1] : p->pid, p->comm_len, { 0 }
	};
	memcpy(who->name, p->comm, p->comm_len);
}

static int is_init(const struct proc *p)
{
	return p->levels && p->nspid[p->levels - 1] == 1;
}

static int is_hidden(int err)
{
	return err == -EACCES || err == -EPERM;
}

/* ---- zombies */

/* A first thread that has ended is no zombie: the program runs on in the others. */
static int is_zombie(const struct proc *p)
{
	return p->state == 'Z' && p->threads < 2;
}

/* 1 with what it is, 0 when it is no zombie any more, -errno. */
static int read_zombie(struct pidcheck *c, pid_t pid, struct zombie *z)
{
	struct proc p;
	uint64_t tracer;
	int r;

	c->text.len = 0;
	r = proc_get(c->proc, pid, PROC_STAT | PROC_STATUS | PROC_LINES, &c->text, &p);
	if (r == -ESRCH || (!r && !is_zombie(&p)))
		return 0;
	if (r)
		return r;
	who_is(&z->who, &p);
	z->parent = p.ppid;
	z->start_ticks = p.start_ticks;
	z->tracer = 0;
	if (proc_line_numbers(&p, "TracerPid", &tracer, 1) == 1 && (pid_t)tracer != p.ppid)
		z->tracer = (pid_t)tracer;
	return 1;
}

static void wait_for(uint64_t ns)
{
	uint64_t now = sys_clock(CLOCK_MONOTONIC);
	uint64_t until = ns < STR_FOREVER - now ? now + ns : STR_FOREVER;
	struct timespec end = { (time_t)(until / 1000000000u), (long)(until % 1000000000u) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR)
		;
}

/* The second look: keeps those that are still there. */
static int look_again(struct pidcheck *c)
{
	struct zombie *z = zombies_of(c), now;
	size_t kept = 0;

	for (size_t i = 0; i < pidcheck_zombies(c); i++) {
		int r = read_zombie(c, z[i].who.pid, &now);

		if (r < 0 && !is_hidden(r))
			return r;
		if (r == 1 && now.start_ticks == z[i].start_ticks && now.parent == z[i].parent &&
		    now.tracer == z[i].tracer)
			z[kept++] = now;
	}
	c->zombies.len = kept * sizeof *z;
	return 0;
}

/* ---- who has not waited */

static pid_t culprit_of(const struct zombie *z)
{
	return z->tracer ? z->tracer : z->parent;
}

static int by_culprit(const void *a, const void *b, const void *unused)
{
	const struct zombie *x = a, *y = b;
	pid_t of_x = culprit_of(x), of_y = culprit_of(y);

	(void)unused;
	if (of_x != of_y)
		return of_x < of_y ? -1 : 1;
	if (!x->tracer != !y->tracer)
		return x->tracer ? 1 : -1;
	return (x->who.pid > y->who.pid) - (x->who.pid < y->who.pid);
}

/* -ESRCH when he has ended: the zombies have another parent by now. */
static int describe(const struct pidcheck *c, const struct zombie *z, struct culprit *of)
{
	struct proc p;
	int r;

	*of = (struct culprit){ .zombies = z, .kind = CULPRIT_OUTSIDE };
	if (!culprit_of(z))
		return 0;
	r = proc_get(c->proc, culprit_of(z), PROC_STAT | PROC_STATUS, NULL, &p);
	if (is_hidden(r)) {
		of->who.pid = culprit_of(z);
		of->kind = CULPRIT_HIDDEN;
		return 0;
	}
	if (r || p.state == 'Z' || p.state == 'X')
		return r ? r : -ESRCH;
	who_is(&of->who, &p);
	of->kind = z->tracer ? CULPRIT_TRACER : is_init(&p) ? CULPRIT_INIT : CULPRIT_ORDINARY;
	of->stopped = p.state == 'T' || p.state == 't';
	ns_id(c->proc, p.pid, NS_PID, &of->pidns);
	return 0;
}

/* Sorts the zombies by who has not waited, and finds out who that is. */
static int find_culprits(struct pidcheck *c)
{
	size_t n = pidcheck_zombies(c), kept = 0;
	struct zombie *z;

	if (!n)
		return 0;
	if (str_room(&c->zombies, c->zombies.len))
		return -ENOMEM;
	z = zombies_of(c);
	str_sort(z, n, sizeof *z, z + n, by_culprit, NULL);
	for (size_t i = 0, next; i < n; i = next) {
		struct culprit of;
		int r = describe(c, z + i, &of);

		for (next = i + 1; next < n && culprit_of(z + next) == culprit_of(z + i) &&
		                   !z[next].tracer == !z[i].tracer;)
			next++;
		if (r && r != -ESRCH)
			return r;
		if (r)
			continue;
		memmove(z + kept, z + i, (next - i) * sizeof *z);
		of.zombies = z + kept;
		of.count = next - i;
		kept += next - i;
		if (str_add(&c->culprits, (const char *)&of, sizeof of))
			return -ENOMEM;
	}
	c->zombies.len = kept * sizeof *z;
	return 0;
}

/* ---- inits */

static int read_init(struct pidcheck *c, struct init *i)
{
	struct proc p;
	int r;

	c->text.len = 0;
	r = proc_get(c->proc, i->who.pid, PROC_STAT | PROC_STATUS | PROC_LINES | PROC_MEMORY,
	             &c->text, &p);
	if (r)
		return r;
	if (!is_init(&p) || is_zombie(&p))
		return -ESRCH;
	who_is(&i->who, &p);
	i->has_waited = (p.child_utime_ticks | p.child_stime_ticks | p.child_minor_faults |
	                 p.child_major_faults) != 0;
	i->term = disposition(c->proc, &p, SIGTERM);
	return 0;
}

static int by_pid(const void *a, const void *b, const void *unused)
{
	const struct init *x = a, *y = b;

	(void)unused;
	return (x->who.pid > y->who.pid) - (x->who.pid < y->who.pid);
}

/* What is to be said of the inits, as it is now. */
static int describe_inits(struct pidcheck *c)
{
	size_t n, culprits, kept = 0;
	const struct culprit *of = pidcheck_culprits(c, &culprits);
	struct init *i;

	pidcheck_inits(c, &n);
	if (!n)
		return 0;
	if (str_room(&c->inits, c->inits.len))
		return -ENOMEM;
	i = (struct init *)(void *)c->inits.p;
	str_sort(i, n, sizeof *i, i + n, by_pid, NULL);
	for (size_t at = 0; at < n; at++) {
		int r = read_init(c, &i[at]);

		if (r && r != -ESRCH && !is_hidden(r))
			return r;
		if (r)
			continue;
		for (size_t k = 0; k < culprits; k++)
			if (of[k].kind == CULPRIT_INIT && of[k].who.pid == i[at].who.pid)
				i[at].zombies = of[k].count;
		i[kept++] = i[at];
	}
	c->inits.len = kept * sizeof *i;
	return 0;
}

/* ---- everybody */

/* Whether it is one of those that were asked for. How deep it is everybody may read. */
static int is_meant(struct pidcheck *c, const struct proc *p, uint64_t *pidns)
{
	int r = ns_id(c->proc, p->pid, NS_PID, pidns);

	if (r)
		*pidns = 0;
	if (!c->pidns)
		return 1;
	if (p->levels < c->ns.depth || (!c->below && p->levels > c->ns.depth))
		return 0;
	c->unreadable += is_hidden(r);
	return pidns_has(&c->ns, p->pid, c->below);
}

static int look_at(struct pidcheck *c, pid_t pid)
{
	struct zombie z = { .parent = 0 };
	struct init i = { .term = DISPOSITION_UNKNOWN };
	struct proc p;
	int r = proc_get(c->proc, pid, PROC_STATUS | PROC_MEMORY, NULL, &p);

	c->unreadable += is_hidden(r);
	if (r)
		return r == -ENOMEM || r == -EMFILE || r == -ENFILE ? r : 0;
	if ((!is_zombie(&p) && !is_init(&p)) || !is_meant(c, &p, &i.pidns))
		return 0;
	if (!is_zombie(&p)) {
		i.who.pid = pid;
		return str_add(&c->inits, (const char *)&i, sizeof i);
	}
	r = read_zombie(c, pid, &z);
	return r == 1 ? str_add(&c->zombies, (const char *)&z, sizeof z) : 0;
}

int pidcheck_look(struct pidcheck *c)
{
	struct proc_walk w;
	pid_t pid = 0;
	int r = proc_open(&w, c->proc, 0);

	if (r)
		return r;
	while (!r && (pid = proc_next_pid(&w)) > 0)
		r = look_at(c, pid);
	proc_close(&w);
	if (!r)
		r = pid;
	if (!r && c->zombies.len && c->age_ns) {
		wait_for(c->age_ns);
		r = look_again(c);
	}
	if (!r)
		r = find_culprits(c);
	return r ? r : describe_inits(c);
}
