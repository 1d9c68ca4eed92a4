/* SPDX-License-Identifier: 0BSD */
/*
 * getino: the inode numbers that tell processes and namespaces from all others, as util-linux's
 * does. It differs in PID@REF, and in that it takes several processes.
 */
//config:config GETINO
//config:	bool "getino"
//config:	default y
//config:	help
//config:	  Prints the inode number of a process's pidfd, or of a namespace of it.
//install:/usr/bin

#include "applet.h"
#include "ns.h"
#include "out.h"
#include "pid.h"
#include "proc.h"
#include "sys.h"

#include <string.h>

enum { EXIT_FAILED = 1, EXIT_LACKING = 2 };

struct getino {
	int print_pid, kind; /* kind: enum ns_kind + 1; 0: the process itself */
	int proc;
	struct out o;
};

#define OPTS struct getino

#define ROWS(OPT, OPT_) \
	OPT('p', "print-pid", "", OPT_SET, print_pid, 1, "print PID:INODE") \
	OPT(0, "pidfs", "", OPT_SET, kind, 0, \
	    "of the process itself: that of its pidfd (default)") \
	OPT(0, "cgroupns", "", OPT_SET, kind, NS_CGROUP + 1, "of its cgroup namespace") \
	OPT(0, "ipcns", "", OPT_SET, kind, NS_IPC + 1, "of its IPC namespace") \
	OPT(0, "mntns", "", OPT_SET, kind, NS_MNT + 1, "of its mount namespace") \
	OPT(0, "netns", "", OPT_SET, kind, NS_NET + 1, "of its network namespace") \
	OPT(0, "pidns", "", OPT_SET, kind, NS_PID + 1, "of its PID namespace") \
	OPT(0, "timens", "", OPT_SET, kind, NS_TIME + 1, "of its time namespace") \
	OPT(0, "userns", "", OPT_SET, kind, NS_USER + 1, "of its user namespace") \
	OPT(0, "utsns", "", OPT_SET, kind, NS_UTS + 1, "of its UTS namespace") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

extern const struct applet applet_getino;

/* By the pidfd, so that it is of that process and no other; where the kernel has no such way, by
 * /proc, and the process must still be there afterwards. */
static int namespace(const struct getino *g, int pidfd, pid_t pid, enum ns_kind kind,
                     uint64_t *inode)
{
	int fd = ns_of_pidfd(pidfd, kind, 0), r;

	if (fd >= 0) {
		r = ns_inode(fd, inode);
		close(fd);
		return r;
	}
	/* Namespaces of who has ended are still to be had there. */
	if (g->proc < 0 || proc_is_ours(g->proc) != 1)
		return fd;
	r = ns_id(g->proc, pid, kind, inode);
	return r == -ENOENT ? fd : r ? r : sys_pidfd_send_signal(pidfd, 0) == -ESRCH ? -ESRCH : 0;
}

/* The status about one operand. */
static int complain(int err, const char *word, const struct str *why)
{
	if (err == -EBADF)
		warn(0,
		     "'%s': no /proc here to look that up; the cure is: mount -t proc proc /proc",
		     word);
	else
		warn_pid(err, word, why);
	return err == -ENOSYS || err == -EOPNOTSUPP ? EXIT_LACKING : EXIT_FAILED;
}

static int one(struct getino *g, const char *word)
{
	struct str why = { 0 };
	uint64_t inode = 0;
	pid_t pid = 0;
	int fd = pid_open_text(g->proc, word, &pid, &why), r = fd, status = 0;

	if (fd >= 0) {
		r = g->kind ? namespace(g, fd, pid, (enum ns_kind)(g->kind - 1), &inode)
		            : pid_inode(fd, &inode);
		close(fd);
	}
	if (r < 0) {
		status = complain(r, word, &why);
	} else {
		if (g->print_pid) {
			out_number(&g->o, (uint64_t)pid);
			out_text(&g->o, ":");
		}
		out_number(&g->o, inode);
		out_text(&g->o, "\n");
	}
	str_free(&why);
	return status;
}

APPLET(getino, "print the inode number of a process or of its namespace",
       "[-p] [--pidfs|--pidns|--KINDns] PID[:INODE]|PID@REF...", rows, 0, EXIT_FAILED, NULL)
{
	struct getino g = { .o = { .fd = 1 } };
	char **words = opt_parse(&applet_getino, run->argv, &g);
	int status = 0, r;

	if (!*words)
		opt_misuse(&applet_getino, "no PID specified");
	g.proc = proc_mount(NULL);
	for (; *words; words++) {
		r = one(&g, *words);
		status = status ? status : r;
	}
	r = out_flush(&g.o);
	if (r)
		die(EXIT_FAILED, r, "write error");
	return status;
}

//man:A process's number is another's when it has ended, the inode of its pidfd, pidfd_open(2), is
//man:nobody else's until the machine starts again. Hence PID:INODE is a name that kill(1),
//man:waitpid(1) and nsenter(1) take, who then do nothing when the process has ended. The number of
//man:a namespace's inode is what lsns(1) and /proc/PID/ns show.
//man:
//man:PID@REF is a process by its number in another PID namespace: see pidbox(1). What is printed in
//man:front of the colon is its number here.
//man:# EXIT STATUS
//man:0 when all were printed, 1 when one could not be found or read, 2 when the kernel does not
//man:have such inodes: those of pidfds take Linux 6.9.
//man:# EXAMPLES
//man:$ sleep 1 & waitpid $(getino --print-pid $!)
//man:$ getino --pidns $$
