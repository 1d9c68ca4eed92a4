/* SPDX-License-Identifier: 0BSD */
/* The tree of processes, on recorded trees and on made up ones. */
#include "test.h"
#include "help.h"
#include "tree.h"
#include "sys.h"

static struct tree read_tree(const char *name, unsigned want)
{
	struct tree t;
	int dir = tree_fd(name), fds = count_fds();

	if (tree_read(&t, dir, want))
		give_up(name);
	CHECK_INT(count_fds(), fds);
	close(dir);
	return t;
}

/* Every node is below exactly one root, once. */
static void check_tree(struct tree *t, const char *name)
{
	size_t reached = 0;

	for (size_t i = 0; i < t->count; i++) {
		size_t at = i, steps = 0, last = 0;

		while (t->node[at].parent != TREE_NONE && steps++ <= t->count)
			at = t->node[at].parent;
		if (steps > t->count) {
			CHECK_FAIL("%s: a circle above %d", name, t->node[i].p.pid);
			return;
		}
		CHECK_INT(t->node[i].mark, 0);
		CHECK_INT(tree_find(t, t->node[i].p.pid), i);
		reached += t->node[i].parent == TREE_NONE;
		for (size_t c = t->node[i].first_child; c != TREE_NONE; c = t->node[c].next) {
			if (t->node[c].parent != i || (last && c <= last - 1))
				CHECK_FAIL("%s: the children of %d", name, t->node[i].p.pid);
			last = c + 1;
			reached++;
		}
	}
	CHECK_INT(reached, t->count);
	CHECK_INT(tree_find(t, 4711471), TREE_NONE);
	CHECK_INT(tree_find(t, 0), TREE_NONE);
	CHECK_INT(tree_find(t, -1), TREE_NONE);
}

TEST(trees)
{
	static const char *const names[] = { "host-with-containers", "hostile",   "gvisor-like",
		                             "old-kernel",           "old-links", "hidepid",
		                             "container-view" };

	for (size_t i = 0; i < COUNT(names); i++) {
		struct tree t = read_tree(names[i], PROC_STAT);

		CHECK(t.count);
		check_tree(&t, names[i]);
		tree_free(&t);
		CHECK(!t.count && !t.nodes.p);
	}
}

static pid_t parent_of(const struct tree *t, pid_t pid)
{
	size_t i = tree_find(t, pid);

	if (i == TREE_NONE)
		return -1;
	return t->node[i].parent == TREE_NONE ? 0 : t->node[t->node[i].parent].p.pid;
}

TEST(tree_parents)
{
	struct tree t = read_tree("hostile", PROC_STAT);
	int roots = 0;

	CHECK_INT(parent_of(&t, 1), 0);
	CHECK_INT(parent_of(&t, 2), 1);
	CHECK_INT(parent_of(&t, 13), 0);       /* its own parent */
	CHECK_INT(parent_of(&t, 14), 0);       /* not there */
	for (pid_t pid = 10; pid <= 12; pid++) /* a circle of three is cut once */
		roots += parent_of(&t, pid) == 0;
	CHECK_INT(roots, 1);
	tree_free(&t);
	t = read_tree("container-view", PROC_STAT);
	CHECK_INT(parent_of(&t, 1), 0);
	CHECK_INT(parent_of(&t, 7), 0); /* from outside: several roots */
	CHECK_INT(parent_of(&t, 8), 0);
	CHECK_INT(parent_of(&t, 4), 3);
	tree_free(&t);
}

/* All kinds of circles: any parent for any of a few processes. */
TEST(tree_random)
{
	enum { N = 12 };

	for (int round = 0; round < 60 && !check_now->failures; round++) {
		char name[64], text[256];
		struct tree t;

		for (int pid = 1; pid <= N; pid++) {
			snprintf(name, sizeof name, "random/%d/stat", pid);
			snprintf(text, sizeof text,
			         "%d (x) S %d 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0\n", pid,
			         (int)rnd_below(N + 3));
			put(name, text);
		}
		t = read_tree("/random", PROC_STAT);
		CHECK_INT(t.count, N);
		check_tree(&t, "random");
		/* Only who is in a circle, or has nobody there, loses its parent. */
		for (size_t i = 0; i < t.count; i++) {
			size_t at = i;

			if (t.node[i].parent != TREE_NONE) {
				CHECK_INT(t.node[t.node[i].parent].p.pid, t.node[i].p.ppid);
				continue;
			}
			for (int step = 0; step < N && at != TREE_NONE; step++) {
				at = tree_find(&t, t.node[at].p.ppid);
				if (at == i)
					break;
			}
			if (at != i && tree_find(&t, t.node[i].p.ppid) != TREE_NONE)
				CHECK_FAIL("%d has lost its parent", t.node[i].p.pid);
		}
		tree_free(&t);
	}
}

TEST(tree_text)
{
	struct tree t = read_tree("host-with-containers", PROC_STAT | PROC_CMDLINE | PROC_CGROUP);
	const struct tree_process *p = &t.node[tree_find(&t, 21060)].p;

	CHECK_INT(p->cmdline_len, 15);
	CHECK(!memcmp(p->cmdline, "sleep\0infinity", 15));
	CHECK(!memcmp(p->cgroup, "0::/system.slice/docker-", 24));
	p = &t.node[tree_find(&t, 2)].p; /* a kernel thread has none */
	CHECK_INT(p->cmdline_len, 0);
	tree_free(&t);
}

/* What is kept is what was read. */
TEST(tree_keeps)
{
	struct tree t = read_tree("host-with-containers", PROC_STAT | PROC_STATUS);
	int dir = tree_fd("host-with-containers");
	struct str text = { 0 };

	for (size_t i = 0; i < t.count; i++) {
		const struct tree_process *k = &t.node[i].p;
		struct proc p;

		CHECK_INT(proc_get(dir, k->pid, PROC_STAT | PROC_STATUS, &text, &p), 0);
		CHECK_INT(k->ppid, p.ppid);
		CHECK_INT(k->pgid, p.pgid);
		CHECK_INT(k->sid, p.sid);
		CHECK_INT(k->state, p.state);
		CHECK_INT(k->threads, p.threads);
		CHECK_INT(k->start_ticks, p.start_ticks);
		CHECK_INT(k->kernel_thread, p.kernel_thread);
		CHECK_INT(k->comm_len, p.comm_len);
		CHECK(!memcmp(k->comm, p.comm, p.comm_len + 1));
		CHECK_INT(k->levels, p.levels);
		for (int level = 0; level < p.levels; level++)
			CHECK_INT(k->nspid[level], p.nspid[level]);
	}
	str_free(&text);
	close(dir);
	tree_free(&t);
	/* Without status nobody knows the chains. */
	t = read_tree("host-with-containers", PROC_STAT);
	CHECK(t.count && !t.node[0].p.levels && !t.node[0].p.nspid);
	tree_free(&t);
}

static void mark_even(void *count, const struct proc *p, struct tree_node *n)
{
	++*(size_t *)count;
	n->mark = !(p->pid % 2);
}

TEST(tree_each)
{
	int dir = tree_fd("host-with-containers");
	size_t count = 0;
	struct tree t;

	CHECK_INT(tree_read_each(&t, dir, PROC_STAT, mark_even, &count), 0);
	CHECK_INT(count, t.count);
	for (size_t i = 0; i < t.count; i++)
		CHECK_INT(t.node[i].mark, !(t.node[i].p.pid % 2));
	tree_free(&t);
	close(dir);
}

/* ---- whose init */

static pid_t nsinit(const struct tree *t, pid_t pid)
{
	size_t i = tree_find(t, pid), init;

	if (i == TREE_NONE)
		return -1;
	init = tree_nsinit(t, i);
	return init == TREE_NONE ? 0 : t->node[init].p.pid;
}

static void check_inits(const char *name, unsigned want, const pid_t pairs[][2], size_t n)
{
	struct tree t = read_tree(name, want);

	for (size_t i = 0; i < n; i++)
		if (nsinit(&t, pairs[i][0]) != pairs[i][1])
			CHECK_FAIL("%s: %d has %d, not %d", name, pairs[i][0],
			           nsinit(&t, pairs[i][0]), pairs[i][1]);
	tree_free(&t);
}

#define INITS(name, want, pairs) check_inits(name, want, pairs, COUNT(pairs))

TEST(inits)
{
	static const pid_t host[][2] = {
		{ 1, 1 },         { 800, 1 },       { 20997, 20997 }, { 21010, 20997 },
		{ 21020, 20997 }, { 21050, 21050 }, { 21051, 21050 }, { 21060, 21060 },
		{ 21061, 21060 }, { 22000, 1 },     { 22001, 20997 }, { 23000, 1 },
		{ 23005, 23002 }, { 24020, 24020 },
	};
	/* Without readable links nobody knows where who came from outside has come to. */
	static const pid_t no_links[][2] = {
		{ 20997, 20997 }, { 21012, 20997 }, { 21061, 21060 }, { 22001, 0 }, { 22000, 1 },
	};
	static const pid_t hidden[][2] = { { 3000, 0 }, { 3001, 0 } };
	static const pid_t container[][2] = { { 1, 1 }, { 4, 1 }, { 7, 1 }, { 8, 1 } };
	static const pid_t hostile[][2] = { { 23, 23 }, { 10, 1 }, { 14, 1 } };

	INITS("host-with-containers", PROC_STATUS | TREE_PIDNS, host);
	INITS("host-with-containers", PROC_STATUS, no_links);
	INITS("hidepid", PROC_STATUS | TREE_PIDNS, hidden);
	INITS("container-view", PROC_STATUS | TREE_PIDNS, container);
	INITS("hostile", PROC_STATUS | TREE_PIDNS, hostile);
}

/* Linux 3.8 to 4.0 has the links but no NSpid: the init of another PID namespace cannot be known,
 * and the host's is certainly not it. */
TEST(inits_without_nspid)
{
	static const pid_t pairs[][2] = { { 1200, 1 }, { 4242, 1 }, { 1210, 0 }, { 1222, 0 } };

	INITS("old-links", PROC_STATUS | TREE_PIDNS, pairs);
}
