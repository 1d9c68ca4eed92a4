/* SPDX-License-Identifier: 0BSD */
#include "sig.h"
#include "str.h"

#include <string.h>
#include <strings.h>

#define SIG_RTMIN \
	34 /* glibc's, systemd's and everybody's: 32 and 33 belong to thread libraries \
	              */
#define SIG_RTMAX SYS_SIGNALS
#define WORD_BITS (8 * sizeof(long))

/* The numbers differ by architecture (signal(7)). The first name of a number is the one printed. */
static const struct {
	char name[7];
	unsigned char number;
} names[] = {
	{ "HUP", SIGHUP },       { "INT", SIGINT },           { "QUIT", SIGQUIT },
	{ "ILL", SIGILL },       { "TRAP", SIGTRAP },         { "ABRT", SIGABRT },
	{ "IOT", SIGABRT },      { "BUS", SIGBUS },           { "FPE", SIGFPE },
	{ "KILL", SIGKILL },     { "USR1", SIGUSR1 },         { "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 },     { "PIPE", SIGPIPE },         { "ALRM", SIGALRM },
	{ "TERM", SIGTERM },     { "STKFLT", SYS_SIGSTKFLT }, { "CHLD", SIGCHLD },
	{ "CLD", SIGCHLD },      { "CONT", SIGCONT },         { "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP },     { "TTIN", SIGTTIN },         { "TTOU", SIGTTOU },
	{ "URG", SIGURG },       { "XCPU", SIGXCPU },         { "XFSZ", SIGXFSZ },
	{ "VTALRM", SIGVTALRM }, { "PROF", SIGPROF },         { "WINCH", SIGWINCH },
	{ "POLL", SIGPOLL },     { "IO", SIGPOLL },           { "PWR", SIGPWR },
	{ "SYS", SIGSYS },
};

void sig_block_all(struct sys_sigset *old)
{
	struct sys_sigset all;

	memset(&all, 0xff, sizeof all);
	sys_sigprocmask(SIG_SETMASK, &all, old);
}

void sig_block(const struct sys_sigset *set, struct sys_sigset *old)
{
	sys_sigprocmask(SIG_BLOCK, set, old);
}

void sig_restore(const struct sys_sigset *mask)
{
	sys_sigprocmask(SIG_SETMASK, mask, NULL);
}

void sig_add(struct sys_sigset *set, int sig)
{
	set->bits[(size_t)(sig - 1) / WORD_BITS] |= 1ul << ((size_t)(sig - 1) % WORD_BITS);
}

int sig_has(const struct sys_sigset *set, int sig)
{
	return set->bits[(size_t)(sig - 1) / WORD_BITS] >> ((size_t)(sig - 1) % WORD_BITS) & 1;
}

/* "RTMIN+3" and the like, `name` without SIG. 0: not of this kind. */
static int parse_realtime(const char *name)
{
	int from_max = !strncasecmp(name, "RTMAX", 5);
	const char *p = name + 5;
	uint64_t offset = 0;

	if (!from_max && strncasecmp(name, "RTMIN", 5))
		return 0;
	if (*p) {
		if (*p != (from_max ? '-' : '+'))
			return 0;
		if (str_number(p + 1, SIG_RTMAX - SIG_RTMIN, &offset))
			return 0;
	}
	return from_max ? SIG_RTMAX - (int)offset : SIG_RTMIN + (int)offset;
}

int sig_parse(const char *text)
{
	uint64_t number;
	int sig;

	if (!str_number(text, SIG_RTMAX, &number))
		return (int)number;
	if (!strncasecmp(text, "SIG", 3))
		text += 3;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcasecmp(text, names[i].name))
			return names[i].number;
	sig = parse_realtime(text);
	return sig ? sig : -EINVAL;
}

char *sig_name(int sig, char buf[SIG_NAME])
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].number == sig) {
			strcpy(buf, names[i].name);
			return buf;
		}
	if (sig == SIG_RTMIN || sig == SIG_RTMAX)
		strcpy(buf, sig == SIG_RTMIN ? "RTMIN" : "RTMAX");
	else if (sig > SIG_RTMIN && sig <= (SIG_RTMIN + SIG_RTMAX) / 2)
		str_format(buf, SIG_NAME, "RTMIN+%d", sig - SIG_RTMIN);
	else if (sig > SIG_RTMIN && sig < SIG_RTMAX)
		str_format(buf, SIG_NAME, "RTMAX-%d", SIG_RTMAX - sig);
	else
		str_format(buf, SIG_NAME, "%d", sig);
	return buf;
}
