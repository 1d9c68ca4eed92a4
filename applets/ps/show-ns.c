/* SPDX-License-Identifier: 0BSD */
/* What ps shows of namespaces besides their inodes: who is responsible for a process, and how it is
 * told from all others. */
#include "ps.h"
#include "ns.h"
#include "pid.h"
#include "sys.h"

#define INIT_PID_NS 0xeffffffc /* linux/nsfs.h: the PID namespace that the machine starts with */

int ps_ns_children(const struct ps_row *r, uint64_t *inode)
{
	uint64_t own;
	int err = ns_id(r->dir, r->id, NS_PID, &own);

	if (!err)
		err = ns_id_children(r->dir, r->id, NS_PID, inode);
	return err ? err : *inode == own ? -ENOENT : 0;
}

/* A number as it is to be shown; 0 when it is not visible there. */
static pid_t shown(const struct ps *ps, pid_t outer)
{
	return ps_is_in(ps) ? pidns_pid(&ps->ns, outer) : outer;
}

pid_t ps_ns_init(const struct ps_row *r)
{
	const struct tree *tree = &r->ps->tree;
	/* A thread is not in the tree, its process is. */
	size_t node = r->node == TREE_NONE ? tree_find(tree, r->p->tgid) : r->node;
	size_t init = node == TREE_NONE ? TREE_NONE : tree_nsinit(tree, node);

	return init == TREE_NONE ? 0 : shown(r->ps, tree->node[init].p.pid);
}

/* The process's number in the mount of proc, whatever --in makes of it, and its parent's.
 * -errno. */
static int outer_ids(const struct ps_row *r, pid_t *pid, pid_t *ppid)
{
	struct proc p;
	int err;

	*pid = r->p->pid;
	*ppid = r->p->ppid;
	if (!ps_is_in(r->ps))
		return 0;
	err = proc_get(r->dir, r->id, PROC_STATUS, NULL, &p);
	*pid = p.tgid ? p.tgid : r->id;
	*ppid = p.ppid;
	return err;
}

/* Numbers of another PID namespace than ours would name others to pidfd_open(2). */
static int own_pids(struct ps *ps)
{
	struct ps_files *f = &ps->facts.files;

	if (!f->own_pids)
		f->own_pids = proc_is_ours(ps->proc) == 1 ? 1 : -1;
	return f->own_pids > 0;
}

int ps_pid_inode(const struct ps_row *r, uint64_t *inode)
{
	struct proc now;
	pid_t pid, ppid;
	int fd, err = own_pids(r->ps) ? outer_ids(r, &pid, &ppid) : -ENOENT;

	if (err)
		return err;
	fd = sys_pidfd_open(pid);
	if (fd < 0)
		return fd;
	err = pid_inode(fd, inode);
	close(fd);
	/* The number may have gone to another process. */
	if (!err)
		err = proc_get_stat(r->dir, r->id, &now);
	return err ? err : now.start_ticks == r->p->start_ticks ? 0 : -ESRCH;
}

/* The machine's own init and the kernel's threads have no parent anywhere. */
static int of_kernel(const struct ps_row *r)
{
	uint64_t inode;

	if (r->p->kernel_thread)
		return 1;
	if (ns_id(r->dir, r->id, NS_PID, &inode) && ns_id(r->ps->proc, 0, NS_PID, &inode))
		return 0;
	return inode == INIT_PID_NS;
}

const char *ps_reaper(const struct ps_row *r)
{
	struct ps_files *f = &r->ps->facts.files;
	struct proc parent;
	pid_t pid, outer;

	if (outer_ids(r, &pid, &outer))
		return NULL;
	pid = shown(r->ps, outer);
	if (!pid)
		return !outer && of_kernel(r) ? "0 (kernel)" : "0 (outside)";
	if (proc_get_stat(r->ps->proc, outer, &parent))
		return NULL;
	str_format(f->text, sizeof f->text, "%d %.*s", pid, (int)parent.comm_len, parent.comm);
	return f->text;
}
