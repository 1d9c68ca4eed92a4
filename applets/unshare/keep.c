/* SPDX-License-Identifier: 0BSD */
/*
 * unshare --net=FILE: a namespace bound to a file outlives its processes. Binding takes the mounts
 * and the rights of outside, so that a copy of ourselves, made before, does it. It waits for a
 * byte; the end without one means that it is not needed any more, and it goes without a word. It
 * answers by a byte: that all are bound, or that it says itself what has failed.
 */
#include "unshare.h"
#include "proc.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

struct keeper {
	struct unshare *u;
	pid_t target;
	int pidfd;     /* of it: its number may be another's by the time it is asked for */
	int ours, its; /* the two ends of a socket */
};

/* Both kinds that a process does not enter itself begin with its first child, or the exec. */
static int for_children(int kind)
{
	return kind == NS_PID || kind == NS_TIME;
}

enum { BOUND = 'b', FAILED = 'f' };

static int answer(int socket, char byte)
{
	return send(socket, &byte, 1, MSG_NOSIGNAL) != 1;
}

static void bind_one(const struct keeper *k, enum ns_kind kind)
{
	const struct unshare *u = k->u;
	pid_t target = k->target;
	int children = for_children((int)kind), r;
	struct pollfd alive = { .fd = k->pidfd, .events = POLLIN };
	int fd = u->proc < 0 ? ns_of_pidfd(k->pidfd, kind, children)
	                     : (children ? ns_open_children : ns_open)(u->proc, target, kind);

	if (k->pidfd >= 0 && poll(&alive, 1, 0))
		child_exit_as(1 << 8); /* it was killed: there is nobody to tell */
	r = fd < 0 ? fd : ns_keep(fd, u->keep[kind]);
	if (r) {
		answer(k->its, FAILED);
		die_hint(1, r,
		         fd == -ENOENT && kind == NS_PID
		                 ? "there is none before its first process: "
		                   "add -f"
		         : r == -EINVAL && kind == NS_MNT
		                 ? "the file's mount must be private: mount --make-private"
		                 : NULL,
		         "mount /proc/%d/ns/%s%s on %s failed", target, ns_kinds[kind].name,
		         children ? "_for_children" : "", u->keep[kind]);
	}
	close(fd);
}

static int bind_all(void *context)
{
	struct keeper *k = context;
	char byte;

	close(k->ours);
	if (read(k->its, &byte, 1) != 1)
		return 0;
	for (int i = 0; i < NS_N; i++)
		if (k->u->keep[i])
			bind_one(k, (enum ns_kind)i);
	return answer(k->its, BOUND);
}

void keep_prepare(struct unshare *u)
{
	struct keeper k = { .u = u, .target = getpid(), .pidfd = sys_pidfd_open(getpid()) };
	int ends[2];

	if (!u->keeps)
		return;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		die(1, errno, "cannot make a socket");
	k.ours = u->keeper = ends[0];
	k.its = ends[1];
	u->keeper_pid = child_copy(bind_all, &k);
	if (u->keeper_pid < 0)
		die(1, u->keeper_pid, "fork failed");
	close(k.its);
	close(k.pidfd);
}

void keep_bind(struct unshare *u)
{
	char byte = 0;

	if (!u->keeper_pid)
		return;
	/* It is in the first child of the new PID namespace that this namespace exists. */
	if ((answer(u->keeper, BOUND) || read(u->keeper, &byte, 1) != 1) && !unshare_has_ended(u))
		die(1, 0, "the process that binds the namespaces to files has ended");
	if (byte == BOUND)
		return;
	keep_end(u);
	child_exit_as(1 << 8);
}

void keep_end(const struct unshare *u)
{
	if (!u->keeper_pid)
		return;
	close(u->keeper);
	child_relay(u->keeper_pid);
}
