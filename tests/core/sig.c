/* SPDX-License-Identifier: 0BSD */
/* Names of signals both ways, and the masks that libc would not let us have. */
#include "test.h"
#include "help.h"
#include "sig.h"

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
