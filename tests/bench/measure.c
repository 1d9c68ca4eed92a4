/* SPDX-License-Identifier: 0BSD */
/*
 * Measures programs side by side: in every round each has its turn, A B C B C A, so that what the
 * machine does meanwhile hits all of them. The order changes, because who ends leaves work behind
 * to who comes next.
 *
 *	measure [-c FILE] [-n ROUNDS] [-k TIMES] [-t MS] [-P N] [-1oTU] MODE [WORD]...
 *
 * FILE has a line "LABEL [WORD]..." for each; the words of the command line follow its own, and
 * the first of all is a path. With -1 everything happens on one CPU: what times then lack is how
 * fast the machine wakes another one, which is the same for all and varies most. The modes, and
 * the quantities that each gives:
 *
 *	life    as PID 1 of a new PID namespace, from clone to its end; in a round TIMES times, of
 *	        which the median counts: wall_us, cpu_us (with what it has waited for)
 *	run     the same for a command that is not PID 1; all share a PID namespace with its own
 *	        /proc, in which besides it, its parent and PID 1 N processes sleep
 *	exec    as run, with a program at its end that says when it began (stamp.c): besides
 *	        exec_us, from clone to there
 *	storm   as PID 1, with a command that prepares, writes "r", reads a byte, works, writes "d"
 *	        and stays: from the byte read until the "d" ("o": until the command is the only
 *	        child of PID 1): wall_us, and of PID 1 alone cpu_us, switches
 *	idle    as PID 1, all at a time, when it sleeps (with words of the command line: after the
 *	        command has written "r"): rss_kb, pss_kb, anon_kb, anon_pages; within MS: switches
 *	calls   system calls, by ptrace, as PID 1 (-o: as an ordinary process): calls_exec (of all
 *	        processes, after its own execve up to and with the execve of the first child), calls
 *	        (its own, with its execve), calls_all; and its peak_kb
 *
 * With -T there is a process to enter: in the namespace that the commands of run, exec and (with -P
 * or -T) calls share it has number 2 and sleeps in namespaces of its own of all other kinds, with
 * -U of that of the users too.
 *
 * On stdout come lines "QUANTITY LABEL ROUND VALUE". One that fails is named on stderr, has no
 * lines, and makes the exit status 1; 2 is for wrong use and for what stops everything.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "measure/measure.h"

struct setting all = { .rounds = 7, .times = 1, .idle_ms = 3000 };

static struct value {
	const char *quantity;
	const struct contender *c;
	int round;
	double value;
} * values;
static int n_values;
static FILE *result;

/* What stops everything. */
void need(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	exit(2);
}

int fail(struct contender *c, const char *format, ...)
{
	va_list list;

	fprintf(stderr, "measure: %s: ", c->label);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	c->failed = 1;
	return 0;
}

void note(struct contender *c, int round, const char *quantity, double value)
{
	/* What /proc did not tell is -1. */
	if (value < 0)
		fail(c, "%s cannot be measured here", quantity);
	values = realloc(values, (n_values + 1) * sizeof(*values));
	need(!!values, "memory");
	values[n_values++] = (struct value){ quantity, c, round, value };
}

double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

void sleep_us(long us)
{
	struct timespec t = { us / 1000000, us % 1000000 * 1000 };

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

const int *shuffled(void)
{
	static unsigned seed = 1;
	static int *order;
	int other, swap;

	if (!order) {
		order = calloc(all.n, sizeof(*order));
		need(!!order, "memory");
		for (int i = 0; i < all.n; i++)
			order[i] = i;
	}
	for (int i = all.n - 1; i > 0; i--) {
		other = rand_r(&seed) % (i + 1);
		swap = order[i];
		order[i] = order[other];
		order[other] = swap;
	}
	return order;
}

static void print_values(void)
{
	for (int i = 0; i < n_values; i++) {
		const struct value *v = values + i;

		if (!v->c->failed)
			fprintf(result, "%s %s %d %.10g\n", v->quantity, v->c->label, v->round,
			        v->value);
	}
	need(!fflush(result), "stdout");
	for (int i = 0; i < all.n; i++)
		if (all.c[i].failed)
			exit(1);
	exit(0);
}

/* ---- the command line */

static const struct {
	const char *name;
	void (*measure)(void);
} modes[] = {
	{ "life", mode_life },   { "run", mode_run },   { "exec", mode_exec },
	{ "storm", mode_storm }, { "idle", mode_idle }, { "calls", mode_calls },
};
#define MODES (int)(sizeof(modes) / sizeof(*modes))

static int usage(void)
{
	fputs("usage: measure [-c FILE] [-n ROUNDS] [-k TIMES] [-t MS] [-P N] [-1oTU]"
	      " life|run|exec|storm|idle|calls [WORD]...\n",
	      stderr);
	return 2;
}

static void read_contenders(const char *path, char **tail)
{
	FILE *file = fopen(path, "re");
	char line[4096], *word;

	need(!!file, path);
	while (fgets(line, sizeof(line), file)) {
		struct contender *c;
		int n = 0;

		all.c = realloc(all.c, (all.n + 1) * sizeof(*all.c));
		need(!!all.c, "memory");
		c = &all.c[all.n];
		*c = (struct contender){ .in = -1, .out = -1 };
		word = strtok(line, " \n");
		if (!word)
			continue;
		c->label = strdup(word);
		while ((word = strtok(NULL, " \n")) && n < WORDS - 1)
			c->argv[n++] = strdup(word);
		for (char **t = tail; *t && n < WORDS - 1; t++)
			c->argv[n++] = *t;
		if (n)
			all.n++;
		else
			fprintf(stderr, "measure: %s: no program\n", c->label);
	}
	fclose(file);
}

/* The last of the CPUs that we may use, for us and what we start. */
static void stay_on_one_cpu(void)
{
	cpu_set_t may, one;
	int last = -1;

	need(!sched_getaffinity(0, sizeof(may), &may), "affinity");
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &may))
			last = i;
	CPU_ZERO(&one);
	CPU_SET(last, &one);
	need(!sched_setaffinity(0, sizeof(one), &one), "affinity");
}

/* What is measured has neither input nor output of ours. */
static void redirect(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	result = fdopen(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3), "w");
	need(result && dup2(fd, STDIN_FILENO) == 0 && dup2(fd, STDOUT_FILENO) == 1, "/dev/null");
}

/* Numbers and flags; the file of the contenders, or NULL for wrong use. */
static const char *options(int argc, char **argv)
{
	const char *file = "/dev/stdin";
	int option;

	while ((option = getopt(argc, argv, "+c:n:k:t:P:1oTU")) != -1)
		switch (option) {
		case 'c':
			file = optarg;
			break;
		case 'n':
			all.rounds = atoi(optarg);
			break;
		case 'k':
			all.times = atoi(optarg);
			break;
		case 't':
			all.idle_ms = atoi(optarg);
			break;
		case 'P':
			all.population = atoi(optarg);
			break;
		case '1':
			all.one_cpu = 1;
			break;
		case 'o':
			all.ordinary = 1;
			break;
		case 'U':
			all.target_user = 1;
			/* fall through */
		case 'T':
			all.target = 1;
			break;
		default:
			return NULL;
		}
	return optind < argc && all.rounds > 0 && all.times > 0 ? file : NULL;
}

int main(int argc, char **argv)
{
	const char *file = options(argc, argv);
	int mode;

	for (mode = 0; file && mode < MODES && strcmp(argv[optind], modes[mode].name);)
		mode++;
	if (!file || mode == MODES)
		return usage();
	all.words = argc - optind - 1;
	read_contenders(file, argv + optind + 1);
	if (!all.n) {
		fprintf(stderr, "measure: %s: nothing to measure\n", file);
		return 2;
	}
	redirect();
	if (all.one_cpu)
		stay_on_one_cpu();
	modes[mode].measure();
	print_values();
}
