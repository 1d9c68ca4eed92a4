/* SPDX-License-Identifier: 0BSD */
#include "sig.h"
#include "str.h"

#include <string.h>

/* glibc's, systemd's and everybody's: 32 and 33 belong to thread libraries. */
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

void sig_default(int sig, struct sys_sigaction *old)
{
	static const struct sys_sigaction dfl;

	sys_sigaction(sig, &dfl, old);
}

void sig_default_all(void)
{
	for (int sig = 1; sig <= SYS_SIGNALS; sig++)
		sig_default(sig, NULL);
}

void sig_add(struct sys_sigset *set, int sig)
{
	set->bits[(size_t)(sig - 1) / WORD_BITS] |= 1ul << ((size_t)(sig - 1) % WORD_BITS);
}

int sig_has(const struct sys_sigset *set, int sig)
{
	return set->bits[(size_t)(sig - 1) / WORD_BITS] >> ((size_t)(sig - 1) % WORD_BITS) & 1;
}

int sig_from_terminal(const siginfo_t *info)
{
	int sig = info->si_signo;

	return info->si_code == SI_KERNEL && (sig == SIGINT || sig == SIGQUIT || sig == SIGTSTP ||
	                                      sig == SIGTTIN || sig == SIGTTOU || sig == SIGWINCH);
}

/* To a group a value goes by pidfd only, since Linux 6.9. */
static int queue(pid_t to, int sig, siginfo_t *info)
{
	int fd, r;

	info->si_signo = sig;
	if (to > 0)
		return sys_rt_sigqueueinfo(to, sig, info);
	fd = sys_pidfd_open(-to);
	if (fd < 0)
		return fd;
	r = sys_pidfd_send_group(fd, sig, info);
	close(fd);
	return r;
}

void sig_value(siginfo_t *info, int sig, int value)
{
	memset(info, 0, sizeof *info);
	info->si_signo = sig;
	info->si_code = SI_QUEUE;
	info->si_pid = getpid();
	info->si_uid = getuid();
	info->si_value.sival_int = value;
}

int sig_pass_on(pid_t to, int sig, siginfo_t *info)
{
	if (info->si_code < 0 && !queue(to, sig, info))
		return 0;
	return kill(to, sig) ? -errno : 0;
}

/* What stands behind a word in capitals that the text begins with, in any case, or NULL. */
static const char *behind(const char *text, const char *word)
{
	for (; *word; word++, text++)
		if (*text != *word && (*text != (*word | 0x20) || *word < 'A'))
			return NULL;
	return text;
}

/* "RTMIN+3" and the like, `name` without SIG; util-linux has "RT3" as well. 0: not of this kind. */
static int parse_realtime(const char *name)
{
	const char *max = behind(name, "RTMAX"), *p = max ? max : behind(name, "RTMIN");
	int plain = p && !*p;
	uint64_t offset = 0;

	if (!p)
		p = behind(name, "RT");
	else if (!plain && *p++ != (max ? '-' : '+'))
		return 0;
	if (!p || (!plain && str_number(p, SIG_RTMAX - SIG_RTMIN, &offset)))
		return 0;
	return max ? SIG_RTMAX - (int)offset : SIG_RTMIN + (int)offset;
}

int sig_parse(const char *text)
{
	const char *p;
	uint64_t number;
	int sig;

	if (!str_number(text, SIG_RTMAX, &number))
		return (int)number;
	p = behind(text, "SIG");
	if (p)
		text = p;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		p = behind(text, names[i].name);
		if (p && !*p)
			return names[i].number;
	}
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
