/* SPDX-License-Identifier: 0BSD */
/*
 * kill: a process and its descendants, none of which escapes by forking meanwhile: all are stopped,
 * until nothing new appears, before the first one gets the signal. One whose parent has ended
 * belongs to it by its session or process group, where that had nobody else in it. Left out are
 * this kill and its ancestors, though not their other descendants.
 */
#include "config.h"
#include "die.h"
#include "kill.h"
#include "pid.h"
#include "sig.h"
#include "tree.h"

#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* How long to wait for who sleeps in the kernel; what grows for longer does so below an ancestor of
 * ours. */
#define STOP_NS 1000000000u
#define GROW_NS 20000000000u
#define SPARE_FDS 8
/* On a busy machine something always ends while it is looked at. */
#define TRIES 100

struct member {
	pid_t pid;
	int fd, is_still, is_sent;
	uint64_t start_ticks;
};

/* The mark of a node. */
enum { IN_TREE = 1, OURSELVES = 2 };

struct hunt {
	struct kill *k;
	pid_t root;
	uint64_t root_start_ticks;
	int most_fds; /* descriptors for members: a few are left for what has to be read */
	int stops;    /* whether the signal is one that all must be stopped for */
	struct tree t;
	struct str members; /* struct member, as they were found */
	struct str claimed; /* pid_t: sessions, and negative groups, of nobody else */
};

static struct member *members(const struct hunt *h, size_t *n)
{
	*n = h->members.len / sizeof(struct member);
	return (struct member *)(void *)h->members.p;
}

/* ---- who belongs to it */

/* Marks those that are known already, and us. */
static void mark_known(struct hunt *h)
{
	size_t n, i = tree_find(&h->t, getpid());
	struct member *m = members(h, &n);

	for (; i != TREE_NONE; i = h->t.node[i].parent)
		h->t.node[i].mark |= OURSELVES;
	for (; n--; m++) {
		i = tree_find(&h->t, m->pid);
		if (i != TREE_NONE && h->t.node[i].p.start_ticks == m->start_ticks)
			h->t.node[i].mark |= IN_TREE;
	}
}

static int is_claimed(const struct hunt *h, pid_t id)
{
	const pid_t *claimed = (const pid_t *)(void *)h->claimed.p;

	for (size_t n = h->claimed.len / sizeof *claimed; n--;)
		if (claimed[n] == id)
			return 1;
	return 0;
}

static int claim(struct hunt *h, pid_t id)
{
	return !id || is_claimed(h, id) ? 0 : str_add(&h->claimed, (const char *)&id, sizeof id);
}

/* A session, or with -ID a group, of which all that there are belong to it. */
static int is_sole(const struct hunt *h, pid_t id)
{
	for (size_t i = 0; i < h->t.count; i++) {
		const struct tree_node *n = &h->t.node[i];

		if ((id < 0 ? -n->p.pgid : n->p.sid) == id && n->mark != IN_TREE)
			return 0;
	}
	return id != 0;
}

/* Whoever is in them later has been forked by one of these. A group that is stopped as a whole
 * leaves no child out that is in the making; but by the number -1 everybody would be stopped. */
static int claim_all(struct hunt *h)
{
	size_t n;
	const struct member *m = members(h, &n);
	pid_t sid = 0, pgid = 0;
	int r = 0;

	for (; n-- && !r; m++) {
		size_t i = tree_find(&h->t, m->pid);
		const struct tree_process *p = &h->t.node[i == TREE_NONE ? 0 : i].p;

		if (i == TREE_NONE)
			continue;
		if (p->sid != sid && !is_claimed(h, p->sid) && is_sole(h, p->sid))
			r = claim(h, p->sid);
		if (!r && p->pgid != pgid && !is_claimed(h, -p->pgid) && is_sole(h, -p->pgid)) {
			r = claim(h, -p->pgid);
			if (p->pgid > 1)
				kill(-p->pgid, SIGSTOP);
		}
		sid = p->sid;
		pgid = p->pgid;
	}
	return r;
}

/* One that is not known yet, if it still has the number once its pidfd is held. -ENOMEM. */
static int add(struct hunt *h, const struct tree_process *p)
{
	struct member m = { p->pid, pid_open(p->pid), 0, 0, p->start_ticks };
	struct proc now;
	int r = m.fd == -ESRCH ? m.fd : proc_get_stat(h->k->proc, p->pid, &now);

	if (m.fd >= h->most_fds) {
		close(m.fd);
		m.fd = -EMFILE; /* whoever stands still keeps its number */
	}
	if (!r && now.start_ticks == p->start_ticks) {
		r = kill_send(h->k, m.pid, m.fd, h->stops ? SIGSTOP : 0);
		/* No more can be done about it. The init of our own PID namespace stops for nobody
		 * in there. */
		m.is_still = r == -EPERM || p->pid == 1;
		if (r != -ESRCH)
			r = str_add(&h->members, (const char *)&m, sizeof m);
		if (!r)
			return p->sid == p->pid ? claim(h, p->sid) : 0;
		kill_send(h->k, m.pid, m.fd, SIGCONT);
	}
	if (m.fd >= 0)
		close(m.fd);
	return r == -ENOMEM ? r : 0;
}

static int belongs(const struct hunt *h, const struct tree_node *n)
{
	if (n->p.pid == h->root && n->p.start_ticks == h->root_start_ticks)
		return 1;
	if (n->parent != TREE_NONE && h->t.node[n->parent].mark & IN_TREE)
		return 1;
	return is_claimed(h, n->p.sid) || is_claimed(h, -n->p.pgid);
}

/* Adds and stops those that it does not know yet. How many, with those that are gone again, whose
 * children it may not have seen; -errno. */
static int find_new(struct hunt *h)
{
	int found = 0, again, r;

	do {
		again = 0;
		for (size_t i = 0; i < h->t.count; i++) {
			struct tree_node *n = &h->t.node[i];

			if (n->mark & IN_TREE || !belongs(h, n))
				continue;
			again = 1;
			n->mark |= IN_TREE;
			if (n->mark & OURSELVES)
				continue;
			r = add(h, &n->p);
			if (r)
				return r;
			found++;
		}
	} while (again);
	return found;
}

/* ---- until they stand still */

static int stands_still(char state)
{
	return state && strchr("TtZX", state) != NULL;
}

/* With several threads each stops for itself. */
static int threads_are_still(int proc, pid_t pid)
{
	struct proc_walk w;
	struct proc p;
	char path[PROC_PATH];
	int dir, still = 1;

	proc_path(path, pid, "task");
	dir = openat(proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return 1;
	if (!proc_open(&w, dir, PROC_STAT)) {
		while (still && proc_next(&w, &p) == 1)
			still = stands_still(p.state);
		proc_close(&w);
	}
	close(dir);
	return still;
}

/* Whether all have been seen to stand still, or to be gone: STILL, or that all others sleep where
 * no signal wakes them. */
enum still { MOVING, ASLEEP, STILL };
static enum still all_are_still(struct hunt *h)
{
	size_t n;
	struct member *m = members(h, &n);
	enum still still = STILL;

	for (; n--; m++) {
		size_t i = tree_find(&h->t, m->pid);
		const struct tree_process *p = i == TREE_NONE ? NULL : &h->t.node[i].p;

		if (!p || p->start_ticks != m->start_ticks)
			m->is_still = 1;
		else if (stands_still(p->state))
			m->is_still |= p->threads < 2 || threads_are_still(h->k->proc, m->pid);
		if (!m->is_still && still != MOVING)
			still = p->state == 'D' ? ASLEEP : MOVING;
	}
	return still;
}

/* Whether there is nobody whom tree_read has missed: it reads a directory before what is listed
 * there, and who ended in between may have left a child that came too late for the list. */
static int has_all(const struct hunt *h)
{
	struct proc_walk w;
	struct tree_node n = { .parent = TREE_NONE };
	struct proc p;
	pid_t pid;
	int all = 1;

	if (proc_open(&w, h->k->proc, 0))
		return 0;
	while (all && (pid = proc_next_pid(&w)) > 0) {
		if (tree_find(&h->t, pid) != TREE_NONE)
			continue;
		all = !proc_get_stat(h->k->proc, pid, &p);
		n.parent = (uint32_t)tree_find(&h->t, p.ppid);
		n.p.sid = p.sid;
		n.p.pgid = p.pgid;
		all = all && !belongs(h, &n);
	}
	proc_close(&w);
	return all;
}

/* Looks at all processes until, after all it knows stood still, there is none that it does not
 * know. -errno; -EAGAIN when that takes too long. */
static int hunt(struct hunt *h)
{
	uint64_t began = sys_clock(CLOCK_MONOTONIC), now, changed = began;
	enum still still = MOVING, was;
	int found, r, tries = TRIES;

	do {
		tree_free(&h->t);
		r = tree_read(&h->t, h->k->proc, PROC_STAT);
		if (r)
			return r;
		mark_known(h);
		found = find_new(h);
		if (found < 0 || !h->stops)
			return found < 0 ? found : 0;
		r = found ? claim_all(h) : 0;
		if (r)
			return r;
		was = still;
		still = all_are_still(h);
		now = sys_clock(CLOCK_MONOTONIC);
		if (found)
			changed = now;
		else if (still != STILL)
			poll(NULL, 0, 1);
		if (now - began > GROW_NS)
			return -EAGAIN;
	} while (found || was == MOVING || (was == ASLEEP && now - changed < STOP_NS) ||
	         (!has_all(h) && tries--));
	return 0;
}

/* ---- the signal */

static void print_all(struct hunt *h)
{
	size_t n;
	const struct member *m = members(h, &n);

	for (; n--; m++) {
		kill_print(h->k, m->pid);
		kill_done(h->k, m->pid, m->fd, 0);
	}
}

/* First to all, then all go on. Those that are gone by now need none. */
static void send_all(struct hunt *h)
{
	struct kill *k = h->k;
	size_t n;
	struct member *m = members(h, &n);
	char word[16];

	for (size_t i = 0; i < n; i++) {
		str_format(word, sizeof word, "%d", m[i].pid);
		m[i].is_sent = kill_one(k, word, m[i].pid, m[i].fd);
		if (m[i].is_sent < 0 && m[i].is_sent != -ESRCH)
			kill_failed(k, m[i].is_sent, word);
	}
	for (size_t i = 0; i < n; i++) {
		if (h->stops && k->sig != SIGSTOP)
			kill_send(k, m[i].pid, m[i].fd, SIGCONT);
		kill_done(k, m[i].pid, m[i].fd, m[i].is_sent);
	}
}

/* As many descriptors as we may have, and before others: they may fork as fast as they can. */
static void prepare(struct hunt *h)
{
	struct rlimit files = { 0, 0 };

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	h->most_fds = files.rlim_max > INT32_MAX ? INT32_MAX : (int)files.rlim_max - SPARE_FDS;
	setpriority(PRIO_PROCESS, 0, -20);
}

/* Whether the number is still that of the process whose pidfd is held. */
static int find_root(struct hunt *h, int fd)
{
	struct proc p;
	int r = proc_get_stat(h->k->proc, h->root, &p);

	if (r)
		return r;
	h->root_start_ticks = p.start_ticks;
	return kill_send(h->k, h->root, fd, 0) == -ESRCH ? -ESRCH : 0;
}

void kill_tree(struct kill *k, const char *word, pid_t pid, int fd)
{
	struct hunt h = { .k = k, .root = pid };
	struct sys_sigset mask;
	size_t i = TREE_NONE;
	int r = find_root(&h, fd);

	if (!r) {
		h.stops = !k->print && k->sig && k->sig != SIGCONT;
		prepare(&h);
		sig_block_all(&mask); /* nobody shall be left standing */
		r = hunt(&h);
		i = tree_find(&h.t, pid);
		if (k->print)
			print_all(&h);
		else
			send_all(&h);
		sig_restore(&mask);
	}
	if (r || i == TREE_NONE) {
		kill_failed(k, r ? r : -ESRCH, word);
	} else if (h.t.node[i].mark & OURSELVES) {
		k->failed++;
		warn(0, "(%s): left out, since this kill is below it", word);
	}
	tree_free(&h.t);
	str_free(&h.members);
	str_free(&h.claimed);
	if (fd >= 0)
		close(fd);
}
