/* SPDX-License-Identifier: 0BSD */
/*
 * service NAME [SIGNAL [CODE]]: says "NAME up", waits for the signal (TERM), says "NAME SIGNAL",
 * and ends with CODE (0). When TERM comes instead it says "NAME by TERM" and ends with 99. A shell
 * would lose a signal that comes just before it waits.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	char name[5];
	int number;
} signals[] = {
	{ "TERM", SIGTERM }, { "INT", SIGINT },   { "QUIT", SIGQUIT },
	{ "HUP", SIGHUP },   { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 },
};

int main(int argc, char **argv)
{
	const char *word = argc > 2 ? argv[2] : "TERM";
	size_t i = 0;
	sigset_t set;
	int got;

	while (i < sizeof signals / sizeof *signals && strcmp(signals[i].name, word))
		i++;
	if (argc < 2 || i == sizeof signals / sizeof *signals)
		return 98;
	sigemptyset(&set);
	sigaddset(&set, signals[i].number);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	printf("%s up\n", argv[1]);
	fflush(stdout);
	if (sigwait(&set, &got))
		return 97;
	printf(got == signals[i].number ? "%s %s\n" : "%s by TERM\n", argv[1], word);
	fflush(stdout);
	if (got != signals[i].number)
		return 99;
	return argc > 3 ? atoi(argv[3]) : 0;
}
