/* SPDX-License-Identifier: 0BSD */
/* What the tests of starting programs share (child.c, exec.c): a program and what it prints. */
#ifndef SPAWN_H
#define SPAWN_H

#include "help.h"
#include "child.h"
#include "sig.h"

/* With the word in front that exec_run may need. */
#define ARGV(...) ((char *[]){ "", __VA_ARGS__, NULL } + 1)

/* Spawns with everything blocked, as the contract asks. */
HELP pid_t spawn(struct child *c)
{
	static const struct sys_sigset empty;
	struct sys_sigset old;
	pid_t pid;

	fflush(stdout);
	sig_block_all(&old);
	if (!c->mask)
		c->mask = &empty;
	pid = child_spawn(c);
	sig_restore(&old);
	return pid;
}

/* What a program prints; its status in *status. */
HELP int to_fd(void *fd)
{
	return dup2(*(int *)fd, 1) < 0 ? -errno : 0;
}

HELP const char *printed(struct child c, int *status)
{
	static char text[8192];
	int ends[2];
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		give_up("pipe");
	c.setup = to_fd;
	c.context = &ends[1];
	pid = spawn(&c);
	close(ends[1]);
	while (len < sizeof text - 1 && (n = read(ends[0], text + len, sizeof text - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = 0;
	close(ends[0]);
	*status = pid < 0 ? pid : wait_status(pid);
	return text;
}

HELP void check_printed(struct child c, const char *should)
{
	int status;

	CHECK_TEXT(printed(c, &status), should);
	CHECK_INT(status, 0);
}

HELP void no_children(void)
{
	CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
	CHECK_INT(errno, ECHILD);
}

#endif
