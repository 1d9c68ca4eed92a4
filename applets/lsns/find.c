/* SPDX-License-Identifier: 0BSD */
/* Which namespaces there are, and how they belong together. */
#include "applet.h"
#include "lsns.h"
#include "pid.h"
#include "proc.h"

#include "die.h"

#include <string.h>

/* ---- the spaces, and their index by number */

size_t find_count(const struct find *f)
{
	return f->spaces.len / sizeof(struct space);
}

struct space *find_at(const struct find *f, size_t i)
{
	return (struct space *)(void *)f->spaces.p + i;
}

static uint32_t *slots(const struct find *f)
{
	return (uint32_t *)(void *)f->slots.p;
}

/* Where a number stands, or the free place where it should. The kernel gives each number once, to
 * whatever kind; a recorded tree may say otherwise. */
static uint32_t *slot_of(const struct find *f, enum ns_kind kind, uint64_t inode)
{
	uint32_t *slot = slots(f);
	size_t at = (size_t)(inode * 0x9e3779b97f4a7c15ull >> 32);

	for (;; at++) {
		const struct space *s;

		at &= f->slot_mask;
		if (!slot[at])
			return slot + at;
		s = find_at(f, slot[at] - 1);
		if (s->inode == inode && (s->kind == kind || kind == NS_N))
			return slot + at;
	}
}

struct space *find_space(const struct find *f, enum ns_kind kind, uint64_t inode)
{
	uint32_t *slot = f->slot_mask ? slot_of(f, kind, inode) : NULL;

	return slot && *slot ? find_at(f, *slot - 1) : NULL;
}

static void no_memory(void)
{
	die(1, -ENOMEM, "cannot hold the namespaces");
}

/* Makes the index anew, with that many slots, a power of two. */
static void make_index(struct find *f, size_t size)
{
	f->slots.len = 0;
	if (str_room(&f->slots, size * sizeof(uint32_t)))
		no_memory();
	memset(f->slots.p, 0, size * sizeof(uint32_t));
	f->slot_mask = size - 1;
	for (size_t i = 0; i < find_count(f); i++)
		*slot_of(f, find_at(f, i)->kind, find_at(f, i)->inode) = (uint32_t)i + 1;
}

static struct space *find_or_add(struct find *f, enum ns_kind kind, uint64_t inode)
{
	struct space new = { .inode = inode, .kind = kind, .net_id = NET_ID_UNKNOWN };
	uint32_t *slot;

	if (find_count(f) * 2 >= f->slot_mask)
		make_index(f, f->slot_mask ? 2 * (f->slot_mask + 1) : 256);
	slot = slot_of(f, kind, inode);
	if (!*slot) {
		if (str_add(&f->spaces, (const char *)&new, sizeof new))
			no_memory();
		*slot = (uint32_t)find_count(f);
	}
	return find_at(f, *slot - 1);
}

struct space *find_note(struct find *f, enum ns_kind kind, uint64_t inode, enum lsns_hold how,
                        pid_t pid, int number)
{
	struct space *s = find_or_add(f, kind, inode);
	struct lsns_holder *by = &s->by[how];

	s->held |= 1u << how;
	if (!by->pid || pid < by->pid)
		*by = (struct lsns_holder){ pid, number };
	return s;
}

/* ---- processes */

static int wants_holders(const struct find *f)
{
	return CFG_LSNS_HOLDERS && f->want & FIND_HOLDERS;
}

int find_lacks(int r)
{
	return r == -EMFILE || r == -ENFILE || r == -ENOMEM;
}

/* Of one that goes at that moment the kernel says EACCES, too. */
static int is_there(const struct find *f, pid_t pid)
{
	char path[PROC_PATH];

	proc_path(path, pid, "");
	return !faccessat(f->proc, path, F_OK, 0);
}

static int look_at(struct find *f, pid_t pid)
{
	uint64_t id[2 * NS_N];
	int r = ns_ids(f->proc, pid, f->look_for, id), member = 0;

	if (find_lacks(r))
		return r;
	if (r == -EACCES || r == -EPERM) {
		f->unreadable += (unsigned long)is_there(f, pid);
		return 0;
	}
	for (int kind = 0; kind < NS_N; kind++)
		if (id[kind]) {
			find_note(f, (enum ns_kind)kind, id[kind], HOLD_PROCESS, pid, 0)
				->processes++;
			member |= id[kind] == f->inode;
		}
	if (member && f->want & FIND_MEMBERS &&
	    str_add(&f->members, (const char *)&pid, sizeof pid))
		return -ENOMEM;
	return wants_holders(f) ? hold_process(f, pid, id) : 0;
}

static int look_at_all(struct find *f)
{
	struct proc_walk w;
	pid_t pid;
	int r = proc_open(&w, f->proc, 0);

	if (r)
		return r;
	while (!r && (pid = proc_next_pid(&w)) != 0)
		r = pid < 0 ? pid : look_at(f, pid);
	proc_close(&w);
	return r;
}

static void pick(struct find *f)
{
	uint64_t id[2 * NS_N];

	if (!f->task)
		return;
	ns_ids(f->proc, f->task, f->kinds, id);
	for (int kind = 0; kind < NS_N; kind++) {
		struct space *s = id[kind] ? find_space(f, (enum ns_kind)kind, id[kind]) : NULL;

		if (s)
			s->picked = 1;
	}
}

/* ---- what the kernel says of each */

static void learn(struct find *f, size_t i, int fd, int net);

/* Takes the descriptor of a namespace above the one that was asked. Its number; 0 when there is
 * none, or it is above our own (EPERM). */
static uint64_t relate(struct find *f, enum ns_kind kind, int up, int net)
{
	uint64_t inode = 0;

	if (up < 0)
		return 0;
	if (!ns_inode(up, &inode) && f->want & FIND_ADD && !find_space(f, kind, inode)) {
		size_t i = find_count(f);

		find_or_add(f, kind, inode)->held = 1u << HOLD_SPACE;
		learn(f, i, up, net);
	}
	close(up);
	return inode;
}

/* It calls itself for those above, which are at most 32 deep (user_namespaces(7)). */
static void learn(struct find *f, size_t i, int fd, int net)
{
	struct space s = *find_at(f, i); /* they move when one is added */

	if (f->want & FIND_UID && !s.processes)
		s.has_uid = !ns_owner_uid(fd, &s.uid);
	if (f->want & FIND_ID)
		ns_unique(fd, &s.id);
	if (net >= 0 && s.kind == NS_NET)
		ns_net_id(net, fd, &s.net_id);
	if (f->want & FIND_UP) {
		if (s.kind == NS_USER || s.kind == NS_PID)
			s.parent = relate(f, s.kind, ns_parent(fd), net);
		s.owner = relate(f, NS_USER, ns_owner(fd), net);
	}
	*find_at(f, i) = s;
}

/* Those of kinds that are only found besides would bring in owners of what is not listed. */
static int is_to_learn(const struct find *f, const struct space *s)
{
	if (!(f->kinds >> s->kind & 1))
		return 0;
	return f->want & (FIND_UP | FIND_ID) || (f->want & FIND_UID && !s->processes) ||
	       (f->want & FIND_NETNSID && s->kind == NS_NET);
}

static void learn_all(struct find *f)
{
	size_t count = find_count(f); /* what is added has been learned about */
	int net = f->real && f->want & FIND_NETNSID ? ns_net_socket() : -1;

	for (size_t i = 0; f->real && i < count; i++) {
		const struct space *s = find_at(f, i);
		int fd = is_to_learn(f, s) ? hold_open(f, s) : -1;

		if (fd < 0)
			continue;
		learn(f, i, fd, net);
		close(fd);
	}
	if (net >= 0)
		close(net);
}

/* The lowest process in it is number 1 there unless the numbers have come round. */
static void find_init(struct find *f, struct space *s)
{
	struct proc p;

	if (s->kind != NS_PID || !s->pid)
		return;
	if (!proc_get(f->proc, s->pid, PROC_STATUS, NULL, &p) && p.levels &&
	    p.nspid[p.levels - 1] == 1)
		s->init = s->pid;
	else if (pid_outer(f->proc, 1, s->pid, s->inode, PID_ANY, &s->init))
		s->init = 0;
}

/* ---- all of it */

static int by_inode(const void *a, const void *b, const void *unused)
{
	const struct space *x = a, *y = b;

	(void)unused;
	return (x->inode > y->inode) - (x->inode < y->inode);
}

static void sort(struct find *f)
{
	struct str spare = { 0 };

	if (!f->slot_mask)
		return;
	if (str_room(&spare, f->spaces.len))
		no_memory();
	str_sort(f->spaces.p, find_count(f), sizeof(struct space), spare.p, by_inode, NULL);
	str_free(&spare);
	make_index(f, f->slot_mask + 1);
}

/* Whether there is room for all that is open at a time. Where it ended in the middle, what is held
 * in some way would be missing without a word. */
static int has_descriptors(const struct find *f)
{
	int last = fcntl(f->proc, F_DUPFD_CLOEXEC, f->proc + 8);

	if (last >= 0)
		close(last);
	return last >= 0;
}

int find_all(struct find *f)
{
	const unsigned all = (1u << NS_N) - 1;
	int r;

	if (!has_descriptors(f))
		return -EMFILE;
	f->real = !proc_is_recorded(f->proc);
	f->ours = f->real && proc_is_ours(f->proc) == 1;
	f->links = !f->real;
	f->look_for = f->want & FIND_MEMBERS ? all : f->kinds;
	if (wants_holders(f)) {
		/* A process of each mount namespace tells what is mounted there. */
		f->look_for |= (f->kinds & (1u << NS_PID | 1u << NS_TIME)) << NS_N | 1u << NS_MNT;
		hold_own_mounts(f);
		hold_list(f);
	}
	r = look_at_all(f);
	if (r)
		return r;
	if (wants_holders(f))
		hold_listed(f);
	pick(f);
	for (size_t i = 0; i < find_count(f); i++) {
		struct space *s = find_at(f, i);

		s->pid = s->by[HOLD_PROCESS].pid;
		if (f->want & FIND_INIT)
			find_init(f, s);
	}
	learn_all(f);
	sort(f);
	return 0;
}

void find_free(struct find *f)
{
	str_free(&f->spaces);
	str_free(&f->mounts);
	str_free(&f->members);
	str_free(&f->text);
	str_free(&f->slots);
	str_free(&f->ids);
}
