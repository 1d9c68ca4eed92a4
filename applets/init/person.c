/* SPDX-License-Identifier: 0BSD */
#include "init.h"

#include <string.h>

#define CATATONIT (PERSON_ERR | PERSON_MUTE | PERSON_CATATONIT_ENV)
#define TINI (PERSON_MUTE | PERSON_TINI_ENV)
#define DUMB (PERSON_ERR | PERSON_VERSION_ERR | PERSON_SESSION | PERSON_DUMB_ENV)

/* The first one is that of every other name. */
static const struct person persons[] = {
	{ "init", "", 0, 0 },
	{ "catatonit", "tini version ", 1, CATATONIT },
	{ "docker-init", "tini version ", 0, TINI },
	{ "dumb-init", "dumb-init v", 2, DUMB },
	{ "pause", "pause ", 0, PERSON_PAUSE },
	{ "podman-init", "tini version ", 0, CATATONIT },
	{ "tini", "tini version ", 0, TINI },
	{ "tini-static", "tini version ", 0, TINI },
};

const struct person *person_find(const char *name)
{
	for (size_t i = 0; i < sizeof persons / sizeof *persons; i++)
		if (!strcmp(persons[i].name, name))
			return persons + i;
	return persons;
}
