/* SPDX-License-Identifier: 0BSD */
#include "policy.h"

/* As its action says where it does not say otherwise. */
static unsigned restart(const struct inittab_line *line)
{
	if (line->restart != INITTAB_USUAL)
		return line->restart;
	return line->action & (INITTAB_RESPAWN | INITTAB_ASKFIRST) ? INITTAB_ALWAYS : INITTAB_NO;
}

int policy_again(const struct inittab_line *line, unsigned row, int status)
{
	unsigned when = restart(line);

	if (when == INITTAB_NO || (when == INITTAB_ON_FAILURE && !status))
		return 0;
	return !line->max || row <= line->max;
}

int policy_decides(enum policy_exit on, const struct inittab_line *line, int main, int status)
{
	/* What has done its work has not given up. */
	if (line->critical && (status || restart(line) == INITTAB_ALWAYS))
		return 1;
	if (!(line->action & POLICY_SERVICES))
		return 0;
	return on == POLICY_EXIT_FIRST || (on == POLICY_EXIT_MAIN && main);
}
