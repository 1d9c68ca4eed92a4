/* SPDX-License-Identifier: 0BSD */
/* PS_PERSONALITY: whose ps to be. */
#include "ps.h"
#include "sys.h"

#include <string.h>
#include <strings.h>

int ps_person(const char *name, unsigned *person)
{
	static const struct {
		char name[9];
		unsigned char is;
	} persons[] = {
		{ "390", 0 },
		{ "aix", PS_PERSON_BSD_FORMATS },
		{ "bsd",
		  PS_PERSON_BSD | PS_PERSON_OLD_M | PS_PERSON_HEADERS | PS_PERSON_BSD_FORMATS },
		{ "busybox", PS_PERSON_BUSYBOX },
		{ "compaq", PS_PERSON_HEADERS },
		{ "debian", 0 },
		{ "default", 0 },
		{ "digital", PS_PERSON_HEADERS },
		{ "gnu", 0 },
		{ "hp", PS_PERSON_HP_X },
		{ "hpux", PS_PERSON_HP_X },
		{ "irix", 0 },
		{ "linux", PS_PERSON_LINUX },
		{ "old", PS_PERSON_BSD | PS_PERSON_OLD_M },
		{ "os390", 0 },
		{ "posix", 0 },
		{ "s390", 0 },
		{ "sco", PS_PERSON_SVR4_X },
		{ "sgi", 0 },
		{ "solaris2", 0 },
		{ "sunos4", PS_PERSON_BSD_FORMATS },
		{ "svr4", PS_PERSON_SVR4_X },
		{ "sysv", PS_PERSON_SVR4_X },
		{ "tru64", PS_PERSON_HEADERS },
		{ "unix", 0 },
		{ "unix95", 0 },
		{ "unix98", 0 },
		{ "unknown", 0 },
	};

	for (size_t i = 0; i < sizeof persons / sizeof *persons; i++)
		if (!strcasecmp(name, persons[i].name)) {
			*person = persons[i].is;
			return 0;
		}
	return -EINVAL;
}
