/* SPDX-License-Identifier: 0BSD */
#include "pidns.h"
#include "io.h"
#include "ns.h"
#include "pid.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* What number `outer` has there; -ESRCH where none can be told. */
static int number_in(const struct pidns *ns, pid_t outer, pid_t *inner)
{
	return ns->depth ? pid_inner(ns->proc, outer, ns->fd, ns->depth, ns->inode, inner) : -ESRCH;
}

static int add_number(struct str *list, pid_t inner, pid_t outer)
{
	struct pidns_number i = { inner, outer };

	return str_add(list, (const char *)&i, sizeof i);
}

/* A process, and the numbers of its group and session, whose leaders may be gone. */
static int add_member(struct pidns *ns, const struct proc *p)
{
	static const char keys[][7] = { "NSpgid", "NSsid" };
	int depth = ns->depth;
	int r = add_number(&ns->inner, p->nspid[depth - 1], p->pid);

	if (!r)
		r = add_number(&ns->outer, p->nspid[depth - 1], p->pid);
	for (int i = 0; i < 2 && !r; i++) {
		uint64_t v[PROC_LEVELS];

		if (proc_line_numbers(p, keys[i], v, depth) == depth && v[0])
			r = add_number(&ns->outer, (pid_t)v[depth - 1], (pid_t)v[0]);
	}
	return r;
}

static int by_inner(const void *a, const void *b, const void *unused)
{
	const struct pidns_number *x = a, *y = b;

	(void)unused;
	return (x->inner > y->inner) - (x->inner < y->inner);
}

static int by_outer(const void *a, const void *b, const void *unused)
{
	const struct pidns_number *x = a, *y = b;

	(void)unused;
	return (x->outer > y->outer) - (x->outer < y->outer);
}

static int sort_numbers(struct str *list, int (*compare)(const void *, const void *, const void *))
{
	const size_t size = sizeof(struct pidns_number);

	if (str_room(list, list->len))
		return -ENOMEM;
	str_sort(list->p, list->len / size, size, list->p + list->len, compare, NULL);
	return 0;
}

static int find_members(struct pidns *ns)
{
	struct proc_walk w;
	struct proc p;
	int r = proc_open(&w, ns->proc, PROC_STATUS | PROC_LINES);

	if (r)
		return r;
	while ((r = proc_next(&w, &p)) == 1) {
		pid_t inner;

		if (p.levels >= ns->depth && !number_in(ns, p.pid, &inner))
			r = add_member(ns, &p);
		if (r < 0)
			break;
	}
	proc_close(&w);
	if (!r)
		r = sort_numbers(&ns->inner, by_inner);
	return r ? r : sort_numbers(&ns->outer, by_outer);
}

/* What its user namespace makes of the ids (user_namespaces(7)): each line is the first id inside,
 * the first one here, and how many there are. A map that cannot be read changes nothing. */
static int read_map(struct pidns *ns, pid_t of, int group)
{
	char path[PROC_PATH];
	struct str text = { 0 };
	const char *s;
	int r;

	proc_path(path, of, group ? "gid_map" : "uid_map");
	r = io_append_at(ns->proc, path, &text, 65536) > 0 ? str_add(&text, "", 1) : -EPROTO;
	for (s = text.p; !r && *s; s += *s == '\n') {
		struct pidns_range range;
		uint64_t n[3];

		for (int i = 0; i < 3 && !r; i++) {
			while (*s == ' ')
				s++;
			r = str_digits(s, &s, UINT32_MAX, &n[i]);
		}
		if (r)
			break;
		range = (struct pidns_range){ (uint32_t)n[0], (uint32_t)n[1], (uint32_t)n[2] };
		r = str_add(&ns->ids[group], (const char *)&range, sizeof range);
	}
	str_free(&text);
	return r;
}

/* Those of the namespace's PID 1: others may have come in with another user namespace. Where it is
 * ours the ids are already as it has them, and the map would say what its parent has. */
static void read_maps(struct pidns *ns)
{
	const struct pidns_number *first = (const struct pidns_number *)(const void *)ns->inner.p;
	pid_t of = ns->inner.len && first->inner == 1 ? first->outer : ns->member;
	uint64_t ours, theirs;

	if (!ns_id(ns->proc, 0, NS_USER, &ours) && !ns_id(ns->proc, of, NS_USER, &theirs) &&
	    ours == theirs)
		return;
	for (int group = 0; group < 2; group++)
		if (read_map(ns, of, group))
			str_free(&ns->ids[group]);
}

/* Opens it, if that is of use and as long as its member is still the one that was found. */
static int hold(struct pidns *ns)
{
	uint64_t inode;
	int r;

	if (proc_is_ours(ns->proc) != 1)
		return 0;
	ns->fd = ns_open(ns->proc, ns->member, NS_PID);
	r = ns->fd < 0 ? ns->fd : ns_inode(ns->fd, &inode);
	return r ? r : inode == ns->inode ? 0 : -ENOENT;
}

int pidns_find(struct pidns *ns, int proc, const char *text, struct str *why)
{
	struct pid_ref ref;
	int r = pid_parse_ref(text, &ref);

	ns->proc = proc;
	ns->fd = -1;
	if (r && strchr(text, '@')) {
		pid_t pid;

		r = pid_resolve(proc, text, &pid, why);
		ref = (struct pid_ref){ .kind = PID_REF_PID, .number = (uint64_t)pid };
	}
	if (!r)
		r = pid_ref_find(proc, &ref, &ns->member, &ns->inode, why);
	if (!r)
		r = hold(ns);
	if (!r)
		r = pid_depth(proc, ns->member, ns->inode);
	if (r < 0)
		return r;
	ns->depth = r;
	return 0;
}

void pidns_free(struct pidns *ns)
{
	if (ns->inode && ns->fd >= 0)
		close(ns->fd);
	ns->inode = 0;
	str_free(&ns->inner);
	str_free(&ns->outer);
	for (int group = 0; group < 2; group++)
		str_free(&ns->ids[group]);
}

int pidns_see(struct pidns *ns)
{
	int r = find_members(ns);

	if (!r)
		read_maps(ns);
	return r;
}

int pidns_has(const struct pidns *ns, pid_t pid, int below)
{
	uint64_t inode;
	pid_t inner;

	if (below)
		return !number_in(ns, pid, &inner);
	return !ns_id(ns->proc, pid, NS_PID, &inode) && inode == ns->inode;
}

const struct pidns_number *pidns_members(const struct pidns *ns, size_t *count)
{
	*count = ns->inner.len / sizeof(struct pidns_number);
	return (const struct pidns_number *)(const void *)ns->inner.p;
}

/* ---- translation */

pid_t pidns_pid(const struct pidns *ns, pid_t outer)
{
	const struct pidns_number *list = (const struct pidns_number *)(const void *)ns->outer.p;
	size_t low = 0, high = ns->outer.len / sizeof *list;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list[middle].outer == outer)
			return list[middle].inner;
		if (list[middle].outer < outer)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

#define OVERFLOW_ID 65534 /* /proc/sys/fs/overflowuid, of ids without a name there */

uint32_t pidns_id(const struct pidns *ns, uint32_t id, int group)
{
	const struct pidns_range *r = (const struct pidns_range *)(const void *)ns->ids[group].p;
	size_t n = ns->ids[group].len / sizeof *r;

	for (size_t i = 0; i < n; i++)
		if (id >= r[i].outer && id - r[i].outer < r[i].count)
			return r[i].inner + (id - r[i].outer);
	return n ? OVERFLOW_ID : id;
}

/* Its numbers from there inwards. */
static void cut_chain(const struct pidns *ns, struct proc *p)
{
	int above = ns->depth - 1;

	if (p->levels <= above)
		return;
	p->levels -= above;
	memmove(p->nspid, p->nspid + above, (size_t)p->levels * sizeof *p->nspid);
}

void pidns_translate(const struct pidns *ns, struct proc *p)
{
	cut_chain(ns, p);
	p->pid = pidns_pid(ns, p->pid);
	p->ppid = pidns_pid(ns, p->ppid);
	p->pgid = pidns_pid(ns, p->pgid);
	p->sid = pidns_pid(ns, p->sid);
	if (p->tpgid > 0)
		p->tpgid = pidns_pid(ns, p->tpgid);
	p->euid = pidns_id(ns, p->euid, 0);
	p->ruid = pidns_id(ns, p->ruid, 0);
	p->status_euid = pidns_id(ns, p->status_euid, 0);
	p->egid = pidns_id(ns, p->egid, 1);
	p->rgid = pidns_id(ns, p->rgid, 1);
	p->status_egid = pidns_id(ns, p->status_egid, 1);
	p->suid = pidns_id(ns, p->suid, 0);
	p->fsuid = pidns_id(ns, p->fsuid, 0);
	p->sgid = pidns_id(ns, p->sgid, 1);
	p->fsgid = pidns_id(ns, p->fsgid, 1);
}
