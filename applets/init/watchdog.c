/* SPDX-License-Identifier: 0BSD */
/*
 * A hardware watchdog, which resets the machine unless it is fed in time
 * (docs.kernel.org/watchdog/watchdog-api.html). PID 1 feeds it from the one place where it waits:
 * so the machine is reset when PID 1 hangs, and not while an action takes long.
 */
#include "system.h"
#include "die.h"
#include "str.h"

#include <string.h>
#include <time.h>

#define SECOND 1000000000ull
#define USUAL 10 /* for a device that tells none, and until the next attempt */
#define LATER 60 /* when the machine should long be gone */

/* The device may belong to a module that is still to be loaded, or to somebody who gives it up: so
 * it is tried again, and what is wrong is said once. */
static int failed(struct watchdog *w, const char *what)
{
	if (!w->failed)
		warn(errno, "watchdog %s: cannot be %s now", w->device, what);
	w->failed = 1;
	return 0;
}

/* Nothing here may wait: the device may be anything. */
static int start(struct watchdog *w)
{
	int seconds = w->timeout;

	w->half_ns = USUAL * SECOND;
	w->fd = sys_open(w->device, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (w->fd < 0) {
		w->fd = 0;
		return failed(w, "opened");
	}
	if (seconds && ioctl(w->fd, SYS_WDIOC_SETTIMEOUT, &seconds))
		seconds = 0; /* but there may be one */
	if (!seconds && (ioctl(w->fd, SYS_WDIOC_GETTIMEOUT, &seconds) || seconds < 1))
		seconds = w->timeout ? w->timeout : USUAL;
	if (w->timeout && seconds != w->timeout)
		warn(0, "watchdog %s: it has chosen %d s", w->device, seconds);
	w->half_ns = (uint64_t)seconds * SECOND / 2;
	return 1;
}

static void feed(struct watchdog *w)
{
	if (write(w->fd, "", 1) == 1 || errno == EAGAIN) {
		if (w->failed)
			warn(0, "watchdog %s: fed from now on", w->device);
		w->failed = 0;
		return;
	}
	failed(w, "fed");
	close(w->fd);
	w->fd = 0;
}

static uint64_t tick(void *context)
{
	struct system *s = context;
	struct watchdog *w = &s->watchdog;
	uint64_t now = sys_clock(CLOCK_MONOTONIC);

	if (now < w->next_ns && !w->failed)
		return w->next_ns;
	if (w->fd || start(w))
		feed(w);
	w->next_ns = now + w->half_ns;
	return w->next_ns;
}

int watchdog_set(struct system *s, const char *text)
{
	struct watchdog *w = &s->watchdog;
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	uint64_t seconds = 0;

	if (colon && (str_number(colon + 1, INT32_MAX, &seconds) || !seconds))
		return -EINVAL;
	if (!len || len >= sizeof w->device)
		return -EINVAL;
	memcpy(w->device, text, len);
	w->timeout = (int)seconds;
	s->in->reap.tick = tick;
	return 0;
}

/* Either of the two stops most drivers; none stops one that was built not to be stopped. */
void watchdog_stop(struct system *s)
{
	struct watchdog *w = &s->watchdog;
	int off = SYS_WDIOS_DISABLECARD;

	if (!w->fd)
		return;
	ioctl(w->fd, SYS_WDIOC_SETOPTIONS, &off);
	while (write(w->fd, "V", 1) < 0 && errno == EINTR)
		;
	close(w->fd);
	w->fd = 0;
	w->next_ns = sys_clock(CLOCK_MONOTONIC) + LATER * SECOND;
}
