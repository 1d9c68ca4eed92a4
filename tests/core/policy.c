/* SPDX-License-Identifier: 0BSD */
/*
 * How the end of a service is taken. What is expected stands here as the manual says it:
 *
 *     once is not started again, respawn and askfirst always are, restart= says otherwise;
 *     on-failure: unless it ended with 0. max=N: not after more than N ends in a row.
 *     All ends with a critical entry that is not started again, unless it has done its work: ended
 *     with 0 where that is no reason to start it again; and with the first service, or the command,
 *     where --exit-on says so.
 */
#include "test.h"
#include "help.h"

#include "../../applets/init/policy.c"

#define CODE(n) ((n) << 8)
#define KILLED 9

static const struct {
	unsigned char action, restart;
	int ok, failed, killed; /* started again after that */
} again[] = {
	{ INITTAB_ONCE, INITTAB_USUAL, 0, 0, 0 },
	{ INITTAB_ONCE, INITTAB_NO, 0, 0, 0 },
	{ INITTAB_ONCE, INITTAB_ON_FAILURE, 0, 1, 1 },
	{ INITTAB_ONCE, INITTAB_ALWAYS, 1, 1, 1 },
	{ INITTAB_RESPAWN, INITTAB_USUAL, 1, 1, 1 },
	{ INITTAB_RESPAWN, INITTAB_NO, 0, 0, 0 },
	{ INITTAB_RESPAWN, INITTAB_ON_FAILURE, 0, 1, 1 },
	{ INITTAB_RESPAWN, INITTAB_ALWAYS, 1, 1, 1 },
	{ INITTAB_ASKFIRST, INITTAB_USUAL, 1, 1, 1 },
	{ INITTAB_ASKFIRST, INITTAB_NO, 0, 0, 0 },
	{ INITTAB_SYSINIT, INITTAB_USUAL, 0, 0, 0 },
	{ INITTAB_WAIT, INITTAB_USUAL, 0, 0, 0 },
	{ INITTAB_WAIT, INITTAB_ON_FAILURE, 0, 1, 1 },
	{ INITTAB_SHUTDOWN, INITTAB_USUAL, 0, 0, 0 },
};

TEST(again)
{
	for (size_t i = 0; i < COUNT(again); i++) {
		struct inittab_line l = { .action = again[i].action, .restart = again[i].restart };
		int ok = policy_again(&l, 1, 0), failed = policy_again(&l, 1, CODE(1));
		int killed = policy_again(&l, 1000000, KILLED);

		if (ok != again[i].ok || failed != again[i].failed || killed != again[i].killed)
			CHECK_FAIL("row %zu: %d %d %d", i, ok, failed, killed);
	}
}

TEST(max)
{
	struct inittab_line l = { .action = INITTAB_RESPAWN, .max = 2 };

	CHECK_INT(policy_again(&l, 0, CODE(1)), 1);
	CHECK_INT(policy_again(&l, 2, CODE(1)), 1);
	CHECK_INT(policy_again(&l, 3, CODE(1)), 0);
	CHECK_INT(policy_again(&l, 3, 0), 0);
	l.restart = INITTAB_NO;
	CHECK_INT(policy_again(&l, 1, CODE(1)), 0);
	l.restart = INITTAB_ALWAYS;
	l.max = UINT32_MAX;
	CHECK_INT(policy_again(&l, UINT32_MAX, CODE(1)), 1);
}

/* For an end that is not followed by another start: whether it is the end of all. */
static const struct {
	unsigned char action, restart, critical;
	int main, status;
	int first, command, all; /* with --exit-on so */
} decides[] = {
	{ INITTAB_ONCE, 0, 0, 0, 0, 1, 0, 0 },
	{ INITTAB_ONCE, 0, 0, 0, CODE(3), 1, 0, 0 },
	{ INITTAB_ONCE, 0, 0, 1, 0, 1, 1, 0 },
	{ INITTAB_ONCE, 0, 0, 1, CODE(3), 1, 1, 0 },
	{ INITTAB_ONCE, 0, 1, 0, 0, 1, 0, 0 },
	{ INITTAB_ONCE, 0, 1, 0, CODE(3), 1, 1, 1 },
	{ INITTAB_ONCE, 0, 1, 0, KILLED, 1, 1, 1 },
	{ INITTAB_ONCE, INITTAB_ON_FAILURE, 1, 0, 0, 1, 0, 0 },
	{ INITTAB_ONCE, INITTAB_ON_FAILURE, 1, 0, CODE(3), 1, 1, 1 },
	{ INITTAB_RESPAWN, 0, 0, 0, CODE(3), 1, 0, 0 },
	{ INITTAB_RESPAWN, 0, 1, 0, 0, 1, 1, 1 },
	{ INITTAB_RESPAWN, 0, 1, 0, KILLED, 1, 1, 1 },
	{ INITTAB_RESPAWN, INITTAB_NO, 1, 0, 0, 1, 0, 0 },
	{ INITTAB_ASKFIRST, 0, 1, 0, 0, 1, 1, 1 },
	{ INITTAB_SYSINIT, 0, 0, 0, CODE(3), 0, 0, 0 },
	{ INITTAB_SYSINIT, 0, 1, 0, CODE(3), 1, 1, 1 },
	{ INITTAB_SYSINIT, 0, 1, 0, 0, 0, 0, 0 },
	{ INITTAB_WAIT, 0, 0, 0, KILLED, 0, 0, 0 },
	{ INITTAB_WAIT, 0, 1, 0, KILLED, 1, 1, 1 },
	{ INITTAB_WAIT, INITTAB_ON_FAILURE, 1, 0, 0, 0, 0, 0 },
};

TEST(decides)
{
	for (size_t i = 0; i < COUNT(decides); i++) {
		struct inittab_line l = { .action = decides[i].action,
			                  .restart = decides[i].restart,
			                  .critical = decides[i].critical };
		int main = decides[i].main, status = decides[i].status;
		int first = policy_decides(POLICY_EXIT_FIRST, &l, main, status);
		int command = policy_decides(POLICY_EXIT_MAIN, &l, main, status);
		int all = policy_decides(POLICY_EXIT_ALL, &l, main, status);

		if (first != decides[i].first || command != decides[i].command ||
		    all != decides[i].all)
			CHECK_FAIL("row %zu: %d %d %d", i, first, command, all);
	}
}
