/* SPDX-License-Identifier: 0BSD */
/* What the parts of measure share. */
#ifndef MEASURE_H
#define MEASURE_H

#include <sys/types.h>

#define LIMIT_MS 120000 /* nothing that is measured here takes so long */
#define WORDS 64

struct contender {
	const char *label;
	char *argv[WORDS];
	int failed;
	pid_t pid;
	int in, out; /* pipes to and from the command of a storm or of an idle init, -1: none */
	double switches;
	double *wall, *cpu, *exec; /* of the times of a round */
};

struct setting {
	struct contender *c;
	int n;
	int rounds, times, idle_ms, population, ordinary, one_cpu;
	int target, target_user;
	int words; /* on the command line, behind the mode */
};
extern struct setting all;

/* measure.c: what stops everything; what takes one out, which returns 0; results */
void need(int ok, const char *what);
int fail(struct contender *c, const char *format, ...);
void note(struct contender *c, int round, const char *quantity, double value);

/* The numbers of all in another order every time, the same orders in every run. */
const int *shuffled(void);

double now_us(void);
void sleep_us(long us);

/* process.c: starting and ending; both of the first return 0 when the contender has failed */
extern char *const environment[];
int spawn(struct contender *c, int flags, int in, int out);
int spawn_piped(struct contender *c);
void end_piped(struct contender *c);
/* The byte that the command writes, one of those expected; or 0. */
char hear(struct contender *c, const char *expected);

/* What /proc says of a process: a file as text, the number behind "\nKEY:", ... */
int slurp(pid_t pid, const char *file, char *buf, size_t size);
double field(const char *text, const char *key);
double cpu_us(pid_t pid);
double switches(pid_t pid);
/* Whether it has more than one child. */
int has_children(struct contender *c);
/* Waits until it sleeps: it does so, and has used no CPU since we looked before, step_us ago. */
int settle(struct contender *c, long step_us);

/* world.c: from here on we are in a PID namespace of our own, whose other processes sleep; when we
 * end, so do they. */
void enter_world(void);

/* modes.c, calls.c */
void mode_life(void);
void mode_run(void);
void mode_exec(void);
void mode_storm(void);
void mode_idle(void);
void mode_calls(void);

#endif
