/* SPDX-License-Identifier: 0BSD */
/* kill: what follows when a process that has got its signal is still there. */
#include "die.h"
#include "kill.h"
#include "pid.h"

#include <poll.h>
#include <time.h>

static struct kill_target *targets(const struct kill *k, size_t *n)
{
	*n = k->targets.len / sizeof(struct kill_target);
	return (struct kill_target *)(void *)k->targets.p;
}

static void ended(struct kill *k, struct kill_target *t)
{
	char line[64];

	close(t->fd);
	t->fd = -1;
	if (k->verbose && k->wait) {
		str_format(line, sizeof line, "pid %d has ended\n", t->pid);
		out_text(&k->out, line);
		out_flush(&k->out);
	}
}

/* Waits until all have ended, at most so long. 0 when they have, 1 when not, -errno. */
static int wait_all(struct kill *k, uint64_t ns)
{
	uint64_t now = sys_clock(CLOCK_MONOTONIC);
	uint64_t until = ns < STR_FOREVER - now ? now + ns : STR_FOREVER;
	size_t n, left = 0;
	struct kill_target *t = targets(k, &n);
	struct str room = { 0 };
	struct pollfd *fds;
	int r = str_room(&room, n * sizeof *fds);

	fds = (struct pollfd *)(void *)room.p;
	for (size_t i = 0; !r && i < n; i++) {
		fds[i] = (struct pollfd){ .fd = t[i].fd, .events = POLLIN };
		left += t[i].fd >= 0;
	}
	while (!r && left) {
		r = pid_wait(fds, n, until);
		if (r <= 0) {
			r = r ? r : 1;
			break;
		}
		r = 0;
		for (size_t i = 0; i < n; i++)
			if (fds[i].fd >= 0 && fds[i].revents) {
				ended(k, t + i);
				fds[i].fd = -1;
				left--;
			}
	}
	str_free(&room);
	return r;
}

static void next_step(struct kill *k, int sig)
{
	size_t n;
	struct kill_target *t = targets(k, &n);

	for (; n--; t++) {
		int r;

		if (t->fd < 0)
			continue;
		if (k->verbose)
			kill_say(k, "timeout, sending", sig, t->pid);
		r = kill_send(k, t->pid, t->fd, sig);
		if (r && r != -ESRCH) {
			k->failed++;
			warn(r, "(%d)", t->pid);
		}
	}
}

/* Says who is still there. */
static void give_up(struct kill *k)
{
	size_t n;
	struct kill_target *t = targets(k, &n);

	for (; n--; t++)
		if (t->fd >= 0) {
			warn(0, "(%d): still there after %s", t->pid, k->wait);
			k->failed++;
			k->sent--;
		}
}

void kill_wait(struct kill *k)
{
	const struct kill_step *s = (const struct kill_step *)(void *)k->steps.p;
	int r = 0;

	for (size_t i = k->steps.len / sizeof *s; i--; s++) {
		r = wait_all(k, s->ms * 1000000);
		if (r != 1)
			break;
		next_step(k, s->sig);
	}
	if (k->wait && r >= 0)
		r = wait_all(k, k->wait_ns);
	if (r < 0)
		kill_failed(k, r, "--wait");
	else if (r && k->wait)
		give_up(k);
}
