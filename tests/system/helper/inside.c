/* SPDX-License-Identifier: 0BSD */
/*
 * inside: what the tests of tests/system do and see inside a container. Nothing else is in there,
 * so it is linked statically. `inside COMMAND ARGUMENT...`, see the table at the end. It ends with
 * 99 when it fails itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_S 20 /* nothing here takes longer, or it has failed */

static void check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	_exit(99);
}

static int number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	check(*text && !*end, "not a number");
	return (int)n;
}

/* say FORMAT...: a line that whoever waits for it sees at once. */
#define say(...) (printf(__VA_ARGS__), putchar('\n'), fflush(stdout))

/* exit CODE */
static int do_exit(char **argv)
{
	return number(argv[0]);
}

/* idle: says "ready" and waits, with nothing blocked, caught or ignored by itself. */
static int do_idle(char **argv)
{
	(void)argv;
	say("ready");
	while (pause())
		;
	return 99;
}

/* die SIGNAL: by that signal, without a core file. */
static int do_die(char **argv)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	kill(getpid(), number(argv[0]));
	return 99;
}

/* catch COUNT: says "ready", then the numbers of COUNT signals, which may be any. */
static int do_catch(char **argv)
{
	struct timespec limit = { LIMIT_S, 0 };
	unsigned long all = ~0ul; /* libc's functions refuse some real-time signals */

	check(!syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all), "sigprocmask");
	say("ready");
	for (int count = number(argv[0]); count; count--) {
		long sig = syscall(SYS_rt_sigtimedwait, &all, NULL, &limit, sizeof all);

		check(sig > 0, "no signal");
		say("%ld", sig);
	}
	return 0;
}

/* orphans COUNT CMD...: leaves COUNT processes to the reaper, says so when each of them has ended,
 * and becomes the command. */
static int do_orphans(char **argv)
{
	int count = number(argv[0]), hold[2], gone[2], status;
	pid_t middle;
	char byte;

	check(!pipe(hold) && !pipe(gone), "pipe");
	middle = fork();
	check(middle >= 0, "fork");
	if (!middle) {
		close(hold[1]);
		for (int i = 0; i < count; i++) {
			pid_t pid = fork();

			check(pid >= 0, "fork");
			if (!pid)
				_exit(read(hold[0], &byte, 1) != 0);
		}
		_exit(0);
	}
	close(gone[1]);
	check(waitpid(middle, &status, 0) == middle && !status, "middle");
	close(hold[0]);
	close(hold[1]); /* now they all end */
	check(!read(gone[0], &byte, 1), "gone");
	close(gone[0]);
	say("%d orphans", count);
	execv(argv[1], argv + 1);
	check(0, argv[1]);
	return 99;
}

/* status PID KEY...: these lines of /proc/PID/status, with single blanks; with PID 0 our own. */
static int do_status(char **argv)
{
	char path[64], line[1024];
	FILE *f;

	snprintf(path, sizeof path, "/proc/%s/status", number(argv[0]) ? argv[0] : "self");
	f = fopen(path, "r");
	check(f != NULL, path);
	while (fgets(line, sizeof line, f))
		for (char **key = argv + 1; *key; key++) {
			size_t len = strlen(*key);
			char *save, *word;

			if (strncmp(line, *key, len) || line[len] != ':')
				continue;
			printf("%s:", *key);
			for (word = strtok_r(line + len + 1, " \t\n", &save); word;
			     word = strtok_r(NULL, " \t\n", &save))
				printf(" %s", word);
			putchar('\n');
			break;
		}
	return fclose(f) ? 99 : 0;
}

/* kind FILE...: for each "link", or "file" and how many names it has. */
static int do_kind(char **argv)
{
	for (struct stat st; *argv; argv++) {
		check(!lstat(*argv, &st), *argv);
		if (S_ISLNK(st.st_mode))
			say("link");
		else
			say("file %d", (int)st.st_nlink);
	}
	return 0;
}

/* create FILE: makes it; or says why not, which is status 1. */
static int do_create(char **argv)
{
	int fd = open(argv[0], O_WRONLY | O_CREAT | O_EXCL, 0644);

	if (fd >= 0)
		return close(fd) ? 99 : 0;
	say("%s", strerror(errno));
	return 1;
}

static int has_size(int rows, int cols)
{
	struct winsize size;

	check(!ioctl(0, TIOCGWINSZ, &size), "TIOCGWINSZ");
	return size.ws_row == rows && size.ws_col == cols;
}

/* terminal ROWS COLS: whose the foreground is, then "resized" when WINCH has come and that is the
 * size, then the line that was typed. */
static int do_terminal(char **argv)
{
	struct timespec limit = { LIMIT_S, 0 };
	int rows = number(argv[0]), cols = number(argv[1]);
	char line[256];
	sigset_t set;

	check(isatty(0) && isatty(1) && isatty(2), "no terminal");
	check(close(open("/dev/tty", O_RDWR)) == 0, "/dev/tty");
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	say("foreground is %s", tcgetpgrp(0) == getpgrp() ? "ours" : "not ours");
	while (!has_size(rows, cols))
		check(sigtimedwait(&set, NULL, &limit) == SIGWINCH, "WINCH");
	say("resized");
	check(fgets(line, sizeof line, stdin) != NULL, "read");
	line[strcspn(line, "\n")] = 0;
	say("read %s", line);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int operands;
		int (*run)(char **);
	} commands[] = {
		{ "exit", 1, do_exit },         { "idle", 0, do_idle },
		{ "die", 1, do_die },           { "catch", 1, do_catch },
		{ "orphans", 2, do_orphans },   { "status", 2, do_status },
		{ "kind", 1, do_kind },         { "create", 1, do_create },
		{ "terminal", 2, do_terminal },
	};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (argc > 1 && !strcmp(argv[1], commands[i].name) &&
		    argc - 2 >= commands[i].operands)
			return commands[i].run(argv + 2);
	fprintf(stderr, "inside: wrong use\n");
	return 99;
}
