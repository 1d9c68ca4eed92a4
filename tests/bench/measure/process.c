/* SPDX-License-Identifier: 0BSD */
/* Starting what is measured, and looking at it from outside. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

char *const environment[] = { "PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", NULL };

/* ---- starting and ending */

struct start {
	char *const *argv;
	int in, out;
	volatile int error;
};

/* Runs on the parent's memory until the program is executed. */
static int start(void *data)
{
	struct start *s = data;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (s->in >= 0)
		dup2(s->in, STDIN_FILENO);
	if (s->out >= 0)
		dup2(s->out, STDOUT_FILENO);
	execve(s->argv[0], s->argv, environment);
	s->error = errno;
	_exit(127);
}

int spawn(struct contender *c, int flags, int in, int out)
{
	static char stack[16384] __attribute__((aligned(16)));
	struct start s = { c->argv, in, out, 0 };

	c->pid = clone(start, stack + sizeof(stack), flags | CLONE_VM | CLONE_VFORK | SIGCHLD, &s);
	if (c->pid < 0)
		return fail(c, "clone: %s", strerror(errno));
	if (!s.error)
		return 1;
	waitpid(c->pid, NULL, 0);
	return fail(c, "%s: %s", c->argv[0], strerror(s.error));
}

/* The same with pipes to and from it. */
int spawn_piped(struct contender *c)
{
	int in[2], out[2], ok;

	need(!pipe2(in, O_CLOEXEC) && !pipe2(out, O_CLOEXEC), "pipe");
	ok = spawn(c, CLONE_NEWPID, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	c->in = in[1];
	c->out = out[0];
	if (!ok)
		c->pid = 0;
	return ok;
}

void end_piped(struct contender *c)
{
	if (c->pid > 0) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
	}
	close(c->in);
	close(c->out);
}

char hear(struct contender *c, const char *expected)
{
	struct pollfd p = { .fd = c->out, .events = POLLIN };
	char got = 0;

	if (poll(&p, 1, LIMIT_MS) != 1)
		return fail(c, "its command did not write \"%s\"", expected);
	if (read(c->out, &got, 1) != 1)
		return fail(c, "it ended before its command wrote \"%s\"", expected);
	if (!got || !strchr(expected, got))
		return fail(c, "its command wrote '%c', not \"%s\"", got, expected);
	return got;
}

/* ---- what /proc says of a process */

int slurp(pid_t pid, const char *file, char *buf, size_t size)
{
	char path[64];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, buf, size - 1);
	close(fd);
	buf[len > 0 ? len : 0] = '\0';
	return len >= 0;
}

double field(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? strtod(at + strlen(key), NULL) : -1;
}

double cpu_us(pid_t pid)
{
	char buf[128];

	return slurp(pid, "schedstat", buf, sizeof(buf)) ? strtod(buf, NULL) / 1e3 : -1;
}

double switches(pid_t pid)
{
	char buf[8192];

	if (!slurp(pid, "status", buf, sizeof(buf)))
		return -1;
	return field(buf, "\nvoluntary_ctxt_switches:") +
	       field(buf, "\nnonvoluntary_ctxt_switches:");
}

/* Each child stands there with a blank behind it. */
int has_children(struct contender *c)
{
	char file[64], buf[64], *blank;

	snprintf(file, sizeof(file), "task/%d/children", (int)c->pid);
	if (!slurp(c->pid, file, buf, sizeof(buf)))
		return fail(c, "no list of its children");
	blank = strchr(buf, ' ');
	return blank && blank[1];
}

int settle(struct contender *c, long step_us)
{
	double end = now_us() + LIMIT_MS * 1e3, before = -1, cpu;
	char buf[512], *state;

	while (now_us() < end) {
		cpu = cpu_us(c->pid);
		if (!slurp(c->pid, "stat", buf, sizeof(buf)) || !(state = strrchr(buf, ')')) ||
		    state[2] == 'Z')
			return fail(c, "it has ended");
		if (cpu < 0)
			return fail(c, "no schedstat");
		if (state[2] == 'S' && cpu == before)
			return 1;
		before = cpu;
		sleep_us(step_us);
	}
	return fail(c, "it does not come to rest");
}
