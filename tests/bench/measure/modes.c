/* SPDX-License-Identifier: 0BSD */
/* The modes that take times and memory. */
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, int n)
{
	qsort(v, n, sizeof(*v), compare);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* ---- life, run and exec: from the start to the end */

/* What the program of a mode_exec has written: when it began. */
static double stamped_us(struct contender *c, int stamp)
{
	struct timespec t;

	if (read(stamp, &t, sizeof(t)) != sizeof(t))
		return fail(c, "the program that it executes did not say when it began");
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void whole_life(struct contender *c, int time, int flags, const int *stamp)
{
	struct rusage ru;
	double began = now_us();
	int status;

	if (!spawn(c, flags, -1, stamp ? stamp[1] : -1))
		return;
	wait4(c->pid, &status, 0, &ru);
	c->wall[time] = now_us() - began;
	c->cpu[time] = (ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1e6 + ru.ru_utime.tv_usec +
	               ru.ru_stime.tv_usec;
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fail(c, "it ended with status 0x%x", status);
	else if (stamp)
		c->exec[time] = stamped_us(c, stamp[0]) - began;
}

static void lives(int flags, const int *stamp)
{
	struct contender *c, *end = all.c + all.n;
	const int *order;

	for (c = all.c; c < end; c++) {
		c->wall = calloc(all.times, sizeof(double));
		c->cpu = calloc(all.times, sizeof(double));
		c->exec = calloc(all.times, sizeof(double));
		need(c->wall && c->cpu && c->exec, "memory");
	}
	/* The first time, with files that are not in memory yet, does not count. */
	for (c = all.c; c < end; c++)
		whole_life(c, 0, flags, stamp);
	for (int round = 0; round < all.rounds; round++) {
		for (int time = 0; time < all.times; time++) {
			order = shuffled();
			for (int i = 0; i < all.n; i++)
				if (!all.c[order[i]].failed)
					whole_life(all.c + order[i], time, flags, stamp);
		}
		for (c = all.c; c < end; c++) {
			note(c, round, "wall_us", median(c->wall, all.times));
			note(c, round, "cpu_us", median(c->cpu, all.times));
			if (stamp)
				note(c, round, "exec_us", median(c->exec, all.times));
		}
	}
}

void mode_life(void)
{
	lives(CLONE_NEWPID, NULL);
}

void mode_run(void)
{
	enter_world();
	lives(0, NULL);
}

void mode_exec(void)
{
	int stamp[2];

	need(!pipe2(stamp, O_CLOEXEC | O_NONBLOCK), "pipe");
	enter_world();
	lives(0, stamp);
}

/* ---- storm: what reaping costs */

static void storm_once(struct contender *c, int round)
{
	double began, cpu, count, end;
	char said;

	if (!spawn_piped(c) || !hear(c, "r") || !settle(c, 2000))
		return;
	cpu = cpu_us(c->pid);
	count = switches(c->pid);
	began = now_us();
	end = began + LIMIT_MS * 1e3;
	if (write(c->in, "g", 1) != 1)
		fail(c, "its command does not listen");
	said = hear(c, "do");
	if (!said)
		return;
	while (said == 'o' && has_children(c) && now_us() < end)
		sleep_us(1000);
	if (now_us() >= end)
		fail(c, "it does not reap");
	note(c, round, "wall_us", now_us() - began);
	if (!settle(c, 2000))
		return;
	note(c, round, "cpu_us", cpu_us(c->pid) - cpu);
	note(c, round, "switches", switches(c->pid) - count);
}

void mode_storm(void)
{
	for (int round = 0; round < all.rounds; round++) {
		const int *order = shuffled();

		for (int i = 0; i < all.n; i++)
			if (!all.c[order[i]].failed) {
				storm_once(all.c + order[i], round);
				end_piped(all.c + order[i]);
			}
	}
}

/* ---- idle: what doing nothing costs */

static void look(struct contender *c, int round)
{
	char buf[4096];

	if (!slurp(c->pid, "smaps_rollup", buf, sizeof(buf))) {
		fail(c, "no smaps_rollup");
		return;
	}
	note(c, round, "rss_kb", field(buf, "\nRss:"));
	note(c, round, "pss_kb", field(buf, "\nPss:"));
	note(c, round, "anon_kb", field(buf, "\nAnonymous:"));
	note(c, round, "anon_pages", field(buf, "\nAnonymous:") * 1024 / sysconf(_SC_PAGESIZE));
}

void mode_idle(void)
{
	struct contender *c, *end = all.c + all.n;

	for (int round = 0; round < all.rounds; round++) {
		for (c = all.c; c < end; c++)
			if (!c->failed && spawn_piped(c) && (!all.words || hear(c, "r")))
				settle(c, 20000);
		for (c = all.c; c < end; c++)
			if (!c->failed)
				look(c, round);
		for (c = all.c; c < end; c++)
			c->switches = c->failed ? 0 : switches(c->pid);
		sleep_us(all.idle_ms * 1000L);
		for (c = all.c; c < end; c++) {
			if (!c->failed)
				note(c, round, "switches", switches(c->pid) - c->switches);
			if (c->in >= 0)
				end_piped(c);
			c->in = -1;
		}
	}
}
