/* SPDX-License-Identifier: 0BSD */
#include "init.h"

#include <string.h>
#include <sys/reboot.h>

/*
 * The kernel starts /sbin/init (or /init, or what init= says) as PID 1 of the initial namespace,
 * with words of its command line, and never passes "--" on (kernel-parameters): so "--" is a
 * person's choice, and without it the words there say nothing.
 */
enum role role_of(const struct role_facts *facts)
{
	if (!strcmp(facts->name, "linuxrc"))
		return ROLE_SYSTEM;
	if (strcmp(facts->name, "init") || !facts->pid1)
		return ROLE_CONTAINER;
	return (facts->initial && !facts->dashes) || !facts->command ? ROLE_SYSTEM : ROLE_CONTAINER;
}

/* In any other PID namespace this command of reboot(2) is EINVAL, without CAP_SYS_BOOT EPERM. */
int role_initial(void)
{
	return !reboot(RB_DISABLE_CAD);
}
