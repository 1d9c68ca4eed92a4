/* SPDX-License-Identifier: 0BSD */
/*
 * sleep: GNU's, with fractions, units and "infinity". As PID 1 it is the program that does not
 * reap and handles no signal: the workload of every example about PID namespaces.
 */
//config:config SLEEP
//config:	bool "sleep"
//config:	default y
//config:	help
//config:	  Waits for a time: fractions, the units s m h d, "infinity".
//install:/bin

#include "applet.h"
#include "str.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#define ROWS(OPT, OPT_) \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

/* Waits until a moment of the clock that does not jump; a stop and a continue change nothing. */
static void sleep_until(struct timespec *end)
{
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, end, NULL) == EINTR)
		;
}

APPLET(sleep, "wait for a time: the sum of the arguments", "NUMBER[smhd]...|infinity", rows, 0, 1,
       NULL)
{
	char **words = opt_parse(&applet_sleep, run->argv, NULL);
	uint64_t total = 0, ns = 0;
	int wrong = 0;
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!*words)
		opt_misuse(&applet_sleep, "missing operand");
	for (; *words; words++) {
		if (str_duration(*words, &ns)) {
			warn(0, "invalid time interval '%s'", *words);
			wrong = 1;
		}
		total = total > STR_FOREVER - ns ? STR_FOREVER : total + ns;
	}
	if (wrong)
		opt_hint(&applet_sleep);
	while (total == STR_FOREVER)
		pause();
	total += (uint64_t)end.tv_nsec;
	end.tv_sec += (time_t)(total / 1000000000u);
	end.tv_nsec = (long)(total % 1000000000u);
	sleep_until(&end);
	return 0;
}

//man:NUMBER may have a fraction. The units are seconds (the default), minutes, hours and days.
//man:
//man:$ sleep 0.01s
