/* SPDX-License-Identifier: 0BSD */
/* pidcheck: the same for programs. */
#include "pidcheck.h"

#include <string.h>

/* What stands in front of a value: the key, and a comma unless it is the first. */
static void key(struct out *o, int first, const char *name)
{
	if (!first)
		out_text(o, ",");
	out_text(o, "\"");
	out_text(o, name);
	out_text(o, "\":");
}

static void number(struct out *o, const char *name, uint64_t n)
{
	key(o, 0, name);
	out_number(o, n);
}

/* null for what is not there. */
static void number_or_null(struct out *o, const char *name, int there, uint64_t n)
{
	key(o, 0, name);
	if (there)
		out_number(o, n);
	else
		out_text(o, "null");
}

static void text(struct out *o, const char *name, const char *value)
{
	key(o, 0, name);
	if (value)
		out_json_string(o, value, strlen(value));
	else
		out_text(o, "null");
}

/* The first keys of an object: pid, inner, name. */
static void person(struct out *o, const struct who *who)
{
	out_text(o, "{\"pid\":");
	if (who->pid)
		out_number(o, (uint64_t)who->pid);
	else
		out_text(o, "null");
	number_or_null(o, "inner", who->name_len != 0, (uint64_t)who->inner);
	key(o, 0, "name");
	if (who->name_len)
		out_json_string(o, who->name, who->name_len);
	else
		out_text(o, "null");
}

static void culprit(struct out *o, const struct culprit *of)
{
	static const char kinds[][9] = { "ordinary", "init", "outside", "tracer", "hidden" };

	person(o, &of->who);
	number_or_null(o, "pidns", of->pidns != 0, of->pidns);
	text(o, "kind", kinds[of->kind]);
	key(o, 0, "stopped");
	out_text(o, of->stopped ? "true" : "false");
	text(o, "help", pidcheck_help(of));
	key(o, 0, "zombies");
	out_text(o, "[");
	for (size_t i = 0; i < of->count; i++) {
		out_text(o, i ? "," : "");
		person(o, &of->zombies[i].who);
		number(o, "parent", (uint64_t)of->zombies[i].parent);
		out_text(o, "}");
	}
	out_text(o, "]}");
}

static void init(struct out *o, const struct init *i)
{
	person(o, &i->who);
	number_or_null(o, "pidns", i->pidns != 0, i->pidns);
	text(o, "sigterm", disposition_word(i->term));
	number(o, "zombies", i->zombies);
	key(o, 0, "has_waited");
	out_text(o, i->has_waited ? "true}" : "null}");
}

void pidcheck_json(const struct pidcheck *c, struct out *o, const char *reason)
{
	size_t n;
	const struct culprit *of = pidcheck_culprits(c, &n);
	const struct init *inits;

	out_text(o, "{\"status\":\"");
	out_text(o, pidcheck_status(c));
	out_text(o, "\"");
	text(o, "reason", reason);
	number(o, "exit", (uint64_t)c->status);
	number(o, "zombies", pidcheck_zombies(c));
	number(o, "unreadable", c->unreadable);
	number_or_null(o, "warning", c->warning != UINT64_MAX, c->warning);
	number_or_null(o, "critical", c->critical != UINT64_MAX, c->critical);
	number(o, "min_age_ms", c->age_ns / 1000000);
	key(o, 0, "culprits");
	for (size_t i = 0; i < n; i++) {
		out_text(o, i ? "," : "[");
		culprit(o, &of[i]);
	}
	out_text(o, n ? "]" : "[]");
	key(o, 0, "inits");
	inits = pidcheck_inits(c, &n);
	for (size_t i = 0; i < n; i++) {
		out_text(o, i ? "," : "[");
		init(o, &inits[i]);
	}
	out_text(o, n ? "]}\n" : "[]}\n");
}
