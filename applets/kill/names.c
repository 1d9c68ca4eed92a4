/* SPDX-License-Identifier: 0BSD */
/* kill: processes by name, which is the one that the kernel has (comm), and all of it. */
#include "die.h"
#include "kill.h"
#include "pid.h"

#include <string.h>

struct name {
	const char *text;
	size_t len;
	pid_t self;
	uid_t uid;
};

static int is_meant(const struct kill *k, const struct name *n, const struct proc *p)
{
	return p->comm_len == n->len && !memcmp(p->comm, n->text, n->len) && p->pid != n->self &&
	       (k->all || p->euid == n->uid);
}

/* Its pidfd, if it is meant; it is looked at again once that is held. */
static int open_meant(struct kill *k, const struct name *n, pid_t pid)
{
	struct proc p;
	int fd = pid_open(pid), r;

	if (fd == -ESRCH)
		return fd;
	r = proc_get(k->proc, pid, PROC_STATUS | PROC_OWNER, NULL, &p);
	if (!r && is_meant(k, n, &p) && (!k->pidns || pidns_has(&k->ns, pid, 0)))
		return fd;
	if (fd >= 0)
		close(fd);
	return -ESRCH;
}

void kill_by_name(struct kill *k, const char *name)
{
	struct name n = { name, strlen(name), 0, getuid() };
	struct proc_walk w;
	struct proc p;
	int found = 0, r;

	if (!k->is_ours) {
		k->failed++;
		warn(0, "'%s': no /proc of this PID namespace to look for that name in", name);
		return;
	}
	/* By number it might be another one's: this one is that of the mount. */
	r = proc_get(k->proc, 0, PROC_STAT, NULL, &p);
	n.self = r ? getpid() : p.pid;
	r = proc_open(&w, k->proc, PROC_STATUS | PROC_OWNER);
	if (r) {
		kill_failed(k, r, name);
		return;
	}
	while ((r = proc_next(&w, &p)) == 1) {
		int fd = is_meant(k, &n, &p) ? open_meant(k, &n, p.pid) : -ESRCH;

		if (fd == -ESRCH)
			continue;
		found = 1;
		kill_process(k, name, p.pid, fd);
	}
	proc_close(&w);
	if (r)
		kill_failed(k, r, name);
	else if (!found) {
		k->failed++;
		warn(0, "cannot find process '%s'%s", name,
		     n.len > 15 ? " (names have 15 characters)" : "");
	}
}
