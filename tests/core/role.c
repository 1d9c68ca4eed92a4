/* SPDX-License-Identifier: 0BSD */
/*
 * init's role: every combination of what it depends on. What is expected stands here in the words
 * of the rule, and not in those of the code:
 *
 *     Called by the name of one of the others (tini, dumb-init, ...): the container role.
 *     Called linuxrc: the system role.
 *     Called init: the system role is for PID 1 of the machine's initial PID namespace without
 *     "--", whatever the words, and for PID 1 of any namespace without a command. All else is the
 *     container role.
 */
#include "test.h"
#include "help.h"

#include "../../applets/init/person.c"
#include "../../applets/init/role.c"

enum kind { OTHERS, LINUXRC, INIT };

static const struct {
	const char *name;
	enum kind kind;
} names[] = {
	{ "init", INIT },          { "catatonit", OTHERS }, { "docker-init", OTHERS },
	{ "dumb-init", OTHERS },   { "linuxrc", LINUXRC },  { "pause", OTHERS },
	{ "podman-init", OTHERS }, { "tini", OTHERS },      { "tini-static", OTHERS },
};

/* The cases of init, one line each, in the order of the bits of `i` below. Impossible ones among
 * them (no PID 1, but what is said of its namespace) are no PID 1 all the same. */
static const struct {
	int pid1, initial, dashes, command;
	enum role role;
} of_init[] = {
	/* an ordinary process: never the machine's first */
	{ 0, 0, 0, 0, ROLE_CONTAINER },
	{ 0, 0, 0, 1, ROLE_CONTAINER },
	{ 0, 0, 1, 0, ROLE_CONTAINER },
	{ 0, 0, 1, 1, ROLE_CONTAINER },
	{ 0, 1, 0, 0, ROLE_CONTAINER },
	{ 0, 1, 0, 1, ROLE_CONTAINER },
	{ 0, 1, 1, 0, ROLE_CONTAINER },
	{ 0, 1, 1, 1, ROLE_CONTAINER },
	/* PID 1 of a container */
	{ 1, 0, 0, 0, ROLE_SYSTEM },    /* init */
	{ 1, 0, 0, 1, ROLE_CONTAINER }, /* init CMD */
	{ 1, 0, 1, 0, ROLE_SYSTEM },    /* init -- */
	{ 1, 0, 1, 1, ROLE_CONTAINER }, /* init -- CMD */
	/* PID 1 of the machine */
	{ 1, 1, 0, 0, ROLE_SYSTEM },    /* init */
	{ 1, 1, 0, 1, ROLE_SYSTEM },    /* init single: the kernel's command line had a word */
	{ 1, 1, 1, 0, ROLE_SYSTEM },    /* init -- */
	{ 1, 1, 1, 1, ROLE_CONTAINER }, /* init -- CMD: which no kernel says */
};

TEST(every_combination)
{
	for (size_t n = 0; n < COUNT(names); n++)
		for (size_t i = 0; i < COUNT(of_init); i++) {
			struct role_facts facts = {
				.name = names[n].name,
				.pid1 = of_init[i].pid1,
				.initial = of_init[i].initial,
				.dashes = of_init[i].dashes,
				.command = of_init[i].command,
			};
			enum role should = names[n].kind == INIT      ? of_init[i].role
			                   : names[n].kind == LINUXRC ? ROLE_SYSTEM
			                                              : ROLE_CONTAINER;

			if (role_of(&facts) != should)
				CHECK_FAIL("%s pid1 %d initial %d dashes %d command %d: role %d",
				           facts.name, facts.pid1, facts.initial, facts.dashes,
				           facts.command, role_of(&facts));
		}
}

/* The table above is all 16. */
TEST(table_is_whole)
{
	CHECK_INT(COUNT(of_init), 16);
	for (size_t i = 0; i < COUNT(of_init); i++)
		CHECK_INT(of_init[i].pid1 << 3 | of_init[i].initial << 2 | of_init[i].dashes << 1 |
		                  of_init[i].command,
		          i);
}

/* And it has the names that the program is installed under. */
TEST(names_are_all)
{
	char path[512], line[512], name[64];
	FILE *f;
	size_t found = 1; /* init itself */

	snprintf(path, sizeof path, "%s/applets/init/init.c", getenv("TOP"));
	f = fopen(path, "r");
	if (!f)
		give_up(path);
	while (fgets(line, sizeof line, f)) {
		size_t i = 0;

		if (sscanf(line, "//alias:%63s", name) != 1)
			continue;
		while (i < COUNT(names) && strcmp(names[i].name, name))
			i++;
		if (i == COUNT(names))
			CHECK_FAIL("%s has no row", name);
		found++;
	}
	fclose(f);
	CHECK_INT(found, COUNT(names));
}

/* Each name that stands in for another program is a person of its own; init and linuxrc are one. */
TEST(persons)
{
	for (size_t i = 0; i < COUNT(names); i++)
		CHECK_TEXT(person_find(names[i].name)->name,
		           names[i].kind == OTHERS ? names[i].name : "init");
}

/* A container's PID 1 is not the machine's. (It is asked only there: the answer yes would change
 * what Ctrl-Alt-Del does.) */
TEST(initial_in_a_namespace)
{
	pid_t pid;

	fflush(stdout);
	pid = fork_into(CLONE_NEWPID);
	if (pid == 0)
		_exit(role_initial());
	CHECK_INT(wait_status(pid), 0);
}
