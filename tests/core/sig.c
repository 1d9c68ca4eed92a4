/* SPDX-License-Identifier: 0BSD */
/* Names of signals both ways, the masks that libc would not let us have, and handing signals on. */
#include "test.h"
#include "help.h"
#include "guard.h"
#include "sig.h"

#include <sys/resource.h>

TEST(parse)
{
	static const struct {
		const char *text;
		int sig;
	} cases[] = {
		{ "TERM", SIGTERM },
		{ "SIGTERM", SIGTERM },
		{ "sigterm", SIGTERM },
		{ "sIgTeRm", SIGTERM },
		{ "term", SIGTERM },
		{ "15", 15 },
		{ "0", 0 },
		{ "1", 1 },
		{ "64", 64 },
		{ "007", 7 },
		{ "IOT", SIGABRT },
		{ "CLD", SIGCHLD },
		{ "IO", SIGIO },
		{ "POLL", SIGIO },
		{ "SYS", SIGSYS },
		{ "RTMIN", 34 },
		{ "SIGRTMIN", 34 },
		{ "rtmin+1", 35 },
		{ "RTMIN+0", 34 },
		{ "RTMIN+30", 64 },
		{ "RTMAX", 64 },
		{ "RTMAX-0", 64 },
		{ "RTMAX-30", 34 },
		{ "SIGRTMAX-14", 50 },
		{ "RT0", 34 },
		{ "sigrt3", 37 },
		{ "RT30", 64 },
		{ "RT31", -EINVAL },
		{ "RT", -EINVAL },
		{ "RT+1", -EINVAL },
		{ "RT-1", -EINVAL },
		{ "65", -EINVAL },
		{ "-1", -EINVAL },
		{ "+1", -EINVAL },
		{ "", -EINVAL },
		{ "SIG", -EINVAL },
		{ "SIGSIGTERM", -EINVAL },
		{ "TERMS", -EINVAL },
		{ "TER", -EINVAL },
		{ " TERM", -EINVAL },
		{ "TERM ", -EINVAL },
		{ "RTMIN+31", -EINVAL },
		{ "RTMAX-31", -EINVAL },
		{ "RTMIN-1", -EINVAL },
		{ "RTMAX+1", -EINVAL },
		{ "RTMIN+", -EINVAL },
		{ "RTMIN+-1", -EINVAL },
		{ "RTMIN1", -EINVAL },
		{ "RTMIN+1x", -EINVAL },
		{ "RTM", -EINVAL },
		{ "4294967311", -EINVAL }, /* 2^32 + 15 */
		{ "18446744073709551631", -EINVAL },
		{ "1.5", -EINVAL },
		{ "RTMIN+18446744073709551616", -EINVAL },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		if (sig_parse(cases[i].text) != cases[i].sig)
			CHECK_FAIL("\"%s\" is %d, not %d", cases[i].text, sig_parse(cases[i].text),
			           cases[i].sig);
}

/* The names that libc and bash's kill -l have, and that each leads back. */
TEST(every_number_both_ways)
{
	for (int sig = 1; sig <= 64; sig++) {
		char name[SIG_NAME], prefixed[SIG_NAME + 3], should[SIG_NAME];
		const char *abbrev = sigabbrev_np(sig);

		CHECK(sig_name(sig, name) == name);
		if (abbrev)
			snprintf(should, sizeof should, "%s", abbrev);
		else if (sig < 34)
			snprintf(should, sizeof should, "%d", sig);
		else if (sig == 34 || sig == 64)
			snprintf(should, sizeof should, "RTM%s", sig == 34 ? "IN" : "AX");
		else if (sig < 50)
			snprintf(should, sizeof should, "RTMIN+%d", sig - 34);
		else
			snprintf(should, sizeof should, "RTMAX-%d", 64 - sig);
		CHECK_TEXT(name, should);
		CHECK_INT(sig_parse(name), sig);
		snprintf(prefixed, sizeof prefixed, "sig%s", name);
		if (sig != 32 && sig != 33)
			CHECK_INT(sig_parse(prefixed), sig);
	}
}

TEST(name_of_nonsense)
{
	char name[SIG_NAME];

	CHECK_TEXT(sig_name(0, name), "0");
	CHECK_TEXT(sig_name(65, name), "65");
	CHECK_TEXT(sig_name(-1, name), "-1");
	CHECK_TEXT(sig_name(-2147483647 - 1, name), "-2147483648"); /* just fits */
}

TEST(sets)
{
	struct sys_sigset set = { { 0 } };

	for (int sig = 1; sig <= SYS_SIGNALS; sig++) {
		CHECK(!sig_has(&set, sig));
		sig_add(&set, sig);
		for (int other = 1; other <= SYS_SIGNALS; other++)
			if (!sig_has(&set, other) != (other > sig))
				CHECK_FAIL("%d after adding up to %d", other, sig);
	}
}

/* The mask of the kernel, as /proc tells it: 32 to 34, which libc keeps for itself, are in it. */
static unsigned long long blocked(void)
{
	char line[256];
	unsigned long long mask = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof line, f))
		sscanf(line, "SigBlk: %llx", &mask);
	if (f)
		fclose(f);
	return mask;
}

static int block(void *unused)
{
	unsigned long long all = ~(1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1));
	struct sys_sigset one = { { 0 } }, old;

	(void)unused;
	sig_add(&one, 33);
	sig_add(&one, SIGUSR1);
	sig_restore(&one);
	if (blocked() != (1ull << 32 | 1ull << (SIGUSR1 - 1)))
		return 1;
	sig_block_all(&old);
	if (blocked() != all || !sig_has(&old, 33) || sig_has(&old, SIGTERM))
		return 2;
	sig_block_all(NULL);
	sig_restore(&old);
	return blocked() == (1ull << 32 | 1ull << (SIGUSR1 - 1)) ? 0 : 3;
}

TEST(block_all)
{
	CHECK_INT(in_child(block, NULL), 0);
}

/* The handler is the first word, but on MIPS; 1 is SIG_IGN. */
static int defaults(void *unused)
{
	static const unsigned char sigs[] = { SIGHUP, SIGCHLD, 32, SIG_RTMIN, 64 };
	struct sys_sigaction ignore = { { 1 } }, is;

	(void)unused;
	for (size_t i = 0; i < sizeof sigs; i++)
		if (sys_sigaction(sigs[i], &ignore, NULL))
			return 99;
	sig_default_all();
	for (int sig = 1; sig <= SYS_SIGNALS; sig++)
		if (sys_sigaction(sig, NULL, &is) || is.words[0])
			return sig;
	return 0;
}

TEST(default_all)
{
	CHECK_INT(in_child(defaults, NULL), 0);
}

/* ---- where a signal comes from */

TEST(from_terminal)
{
	static const int keys[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH };
	static const int codes[] = { SI_USER, SI_QUEUE, SI_TKILL, SI_TIMER, 1, 2 };

	for (int sig = 1; sig <= 64; sig++) {
		siginfo_t info = { .si_signo = sig, .si_code = SI_KERNEL };
		int key = 0;

		for (size_t i = 0; i < COUNT(keys); i++)
			key |= sig == keys[i];
		CHECK_INT(!!sig_from_terminal(&info), key);
		for (size_t i = 0; i < COUNT(codes); i++) {
			info.si_code = codes[i];
			CHECK_INT(sig_from_terminal(&info), 0);
		}
	}
}

/* ---- handing on */

#define GROUP 3

/* What one that waits for every signal got: told by a byte stream to whoever started it. */
struct got {
	int sig, code, value, who;
	pid_t pid;
};

static void receive(int to, int who)
{
	struct sys_sigset all;
	siginfo_t info;

	memset(&all, 0xff, sizeof all);
	for (;;) {
		struct got g = { .who = who };

		if (sys_sigwait(&all, &info, SYS_NO_LIMIT) < 1)
			continue;
		g.sig = info.si_signo;
		g.code = info.si_code;
		g.value = info.si_value.sival_int;
		g.pid = info.si_pid;
		if (write(to, &g, sizeof g) != sizeof g)
			_exit(1);
	}
}

/* Starts so many in a group of their own, all signals blocked; the first leads it. */
static pid_t start_group(int count, int *from, pid_t pids[])
{
	int ends[2];

	MUST(!pipe(ends));
	for (int i = 0; i < count; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			receive(ends[1], i);
		}
		MUST(!setpgid(pids[i], pids[0]));
	}
	close(ends[1]);
	*from = ends[0];
	return pids[0];
}

/* The next that one of them got, which is the same for `count` of them, each once. */
static struct got hear(int from, int count)
{
	struct got g = { .sig = -1 }, first = { .sig = -1 };
	int seen = 0;

	for (int i = 0; i < count; i++) {
		MUST_INT(read(from, &g, sizeof g), sizeof g);
		if (i == 0)
			first = g;
		MUST(g.sig == first.sig && g.code == first.code);
		MUST(!(seen & 1 << g.who));
		seen |= 1 << g.who;
	}
	return g;
}

static void end_group(pid_t leader, int count, int from)
{
	struct got g;

	kill(-leader, SIGKILL);
	while (count--)
		wait(NULL);
	MUST_INT(read(from, &g, sizeof g), 0); /* and nothing that nobody has asked for */
	close(from);
}

/* Whether the kernel can send a value to a group (Linux 6.9). */
static int group_values(void)
{
	siginfo_t info = { .si_signo = 0, .si_code = SI_QUEUE };
	int fd = sys_pidfd_open(getpid()), r;

	r = sys_pidfd_send_group(fd, 0, &info);
	close(fd);
	return r != -EINVAL;
}

static int values_to_one(void *unused)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGUSR1, SIGWINCH, 32, 33, 34, 40, 64 };
	pid_t pids[1], pid;
	int from;

	(void)unused;
	sig_block_all(NULL);
	pid = start_group(1, &from, pids);
	for (size_t i = 0; i < COUNT(signals); i++) {
		siginfo_t info = { .si_signo = SIGHUP, .si_code = SI_QUEUE };
		struct got g;

		info.si_pid = 4711; /* who sent it to us */
		info.si_value.sival_int = 1000 + (int)i;
		MUST_INT(sig_pass_on(pid, signals[i], &info), 0);
		g = hear(from, 1);
		MUST_INT(g.sig, signals[i]);
		MUST_INT(g.code, SI_QUEUE);
		MUST_INT(g.value, 1000 + (int)i);
		MUST_INT(g.pid, 4711);
		/* One that was not queued has none. */
		info = (siginfo_t){ .si_signo = SIGHUP, .si_code = SI_USER };
		MUST_INT(sig_pass_on(pid, signals[i], &info), 0);
		g = hear(from, 1);
		MUST_INT(g.sig, signals[i]);
		MUST_INT(g.code, SI_USER);
		MUST_INT(g.pid, getpid());
	}
	end_group(pid, 1, from);
	return 0;
}

TEST(pass_on_values)
{
	CHECK_INT(guarded(values_to_one, NULL), 0);
}

/* tkill(2) and the kernel's own are not to be had again as they were: they arrive all the same. */
static int other_codes(void *unused)
{
	static const int codes[] = {
		SI_TKILL, SI_KERNEL, SI_TIMER, SI_ASYNCIO, SI_MESGQ, CLD_EXITED
	};
	pid_t pids[1], pid;
	int from;

	(void)unused;
	sig_block_all(NULL);
	pid = start_group(1, &from, pids);
	for (size_t i = 0; i < COUNT(codes); i++)
		for (int sig = SIGUSR1; sig < 60; sig += 31) {
			siginfo_t info = { .si_signo = sig, .si_code = codes[i] };

			MUST_INT(sig_pass_on(pid, sig, &info), 0);
			MUST_INT(hear(from, 1).sig, sig);
		}
	end_group(pid, 1, from);
	return 0;
}

TEST(pass_on_other_codes)
{
	CHECK_INT(guarded(other_codes, NULL), 0);
}

static int to_group(void *unused)
{
	int queued = group_values() ? SI_QUEUE : SI_USER, from, fds;
	pid_t pids[GROUP], leader;

	(void)unused;
	sig_block_all(NULL);
	leader = start_group(GROUP, &from, pids);
	fds = count_fds();
	for (int i = 0; i < 20; i++) {
		siginfo_t info = { .si_signo = 40, .si_code = SI_QUEUE };
		struct got g;

		info.si_value.sival_int = i;
		MUST_INT(sig_pass_on(-leader, i % 2 ? 40 : SIGUSR2, &info), 0);
		g = hear(from, GROUP);
		MUST_INT(g.sig, i % 2 ? 40 : SIGUSR2);
		MUST_INT(g.code, queued);
		if (queued == SI_QUEUE)
			MUST_INT(g.value, i);
		info = (siginfo_t){ .si_signo = SIGHUP, .si_code = SI_USER };
		MUST_INT(sig_pass_on(-leader, SIGHUP, &info), 0);
		g = hear(from, GROUP);
		MUST_INT(g.sig, SIGHUP);
		MUST_INT(g.code, SI_USER);
	}
	/* The leader ends, is collected: the others get it, if without the value. */
	kill(leader, SIGKILL);
	MUST_INT(waitpid(leader, NULL, 0), leader);
	{
		siginfo_t info = { .si_signo = 40, .si_code = SI_QUEUE };

		MUST_INT(sig_pass_on(-leader, 40, &info), 0);
		MUST_INT(hear(from, GROUP - 1).sig, 40);
	}
	MUST_INT(count_fds(), fds);
	end_group(leader, GROUP - 1, from);
	return 0;
}

TEST(pass_on_to_group)
{
	CHECK_INT(guarded(to_group, NULL), 0);
}

/* The queue of the receiver's user is full: the signal arrives, if without the value. */
static int full_queue(void *unused)
{
	struct rlimit none = { 0, 0 };
	siginfo_t info = { .si_signo = 40, .si_code = SI_QUEUE };
	pid_t pids[1], pid;
	int from;

	(void)unused;
	sig_block_all(NULL);
	pid = start_group(1, &from, pids);
	MUST(!prlimit(pid, RLIMIT_SIGPENDING, &none, NULL));
	MUST_INT(sig_pass_on(pid, 40, &info), 0);
	MUST_INT(hear(from, 1).sig, 40);
	end_group(pid, 1, from);
	return 0;
}

TEST(pass_on_full_queue)
{
	CHECK_INT(guarded(full_queue, NULL), 0);
}

static int errors_of_pass_on(void *unused)
{
	static const int codes[] = { SI_USER, SI_QUEUE };
	pid_t pids[1], pid, gone = fork();
	int from, fds = count_fds();

	(void)unused;
	if (gone == 0)
		_exit(0);
	wait_status(gone);
	sig_block_all(NULL);
	for (size_t i = 0; i < COUNT(codes); i++) {
		siginfo_t info = { .si_signo = SIGTERM, .si_code = codes[i] };

		MUST_INT(sig_pass_on(gone, SIGTERM, &info), -ESRCH);
		MUST_INT(sig_pass_on(-gone, SIGTERM, &info), -ESRCH);
	}
	MUST_INT(count_fds(), fds);
	pid = start_group(1, &from, pids);
	/* Somebody else's process. */
	if (fork() == 0) {
		for (size_t i = 0; i < COUNT(codes); i++) {
			siginfo_t info = { .si_signo = SIGTERM, .si_code = codes[i] };

			MUST(i || !setuid(65534));
			MUST_INT(sig_pass_on(pid, SIGTERM, &info), -EPERM);
			MUST_INT(sig_pass_on(-pid, SIGTERM, &info), -EPERM);
		}
		_exit(0);
	}
	{
		int status;

		MUST(wait(&status) > 0);
		MUST_INT(status, 0);
	}
	end_group(pid, 1, from);
	return 0;
}

TEST(pass_on_errors)
{
	CHECK_INT(guarded(errors_of_pass_on, NULL), 0);
}

TEST(value)
{
	siginfo_t info;

	memset(&info, 0xff, sizeof info);
	sig_value(&info, SIGUSR1, -5);
	CHECK_INT(info.si_signo, SIGUSR1);
	CHECK_INT(info.si_code, SI_QUEUE);
	CHECK_INT(info.si_pid, getpid());
	CHECK_INT(info.si_uid, getuid());
	CHECK_INT(info.si_value.sival_int, -5);
}
