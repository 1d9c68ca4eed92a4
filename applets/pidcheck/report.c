/* SPDX-License-Identifier: 0BSD */
/* pidcheck: what it says, as a plugin of Nagios does: first a line with the state and, behind a
 * bar, the figures; then as many as it takes. */
#include "pidcheck.h"

#include <string.h>

const char *pidcheck_status(const struct pidcheck *c)
{
	static const char words[][9] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

	return words[c->status];
}

const char *pidcheck_help(const struct culprit *of)
{
	if (of->stopped)
		return "it is stopped and must be continued: kill -CONT";
	switch (of->kind) {
	case CULPRIT_INIT:
		return "run what it is below an init that waits: pidbox init -- CMD";
	case CULPRIT_ORDINARY:
		return "it must wait, not to do so is a bug of its own: while it lives no init can "
		       "help, when it has ended init reaps them";
	case CULPRIT_TRACER:
		return "it traces them and must wait or let go of them before their parent can "
		       "wait";
	case CULPRIT_OUTSIDE:
		return "whoever has put them into this PID namespace (nsenter, docker exec) must "
		       "wait";
	default:
		return "it may not be read (try as root)";
	}
}

/* ---- pieces */

static void number(struct out *o, uint64_t n, const char *text)
{
	out_number(o, n);
	out_text(o, text);
}

/* "1 zombie", "2 zombies" */
static void count(struct out *o, uint64_t n, const char *of)
{
	number(o, n, of);
	if (n != 1)
		out_text(o, "s");
}

/* Somebody else's text. A bar would begin more figures. */
static void name(struct out *o, const struct who *who)
{
	struct str safe = { 0 };

	if (out_safe(&safe, who->name, who->name_len, out_utf8(), SIZE_MAX) > 0)
		for (size_t i = 0; i < safe.len; i++)
			if (safe.p[i] == '|')
				safe.p[i] = '?';
	out_bytes(o, safe.p, safe.len);
	str_free(&safe);
}

/* "20998->6 worker": its number here, and in its own PID namespace when that is another. */
static void person(struct out *o, const struct who *who)
{
	out_number(o, (uint64_t)who->pid);
	if (who->name_len && who->inner != who->pid) {
		out_text(o, "->");
		out_number(o, (uint64_t)who->inner);
	}
	if (who->name_len)
		out_text(o, " ");
	name(o, who);
}

/* ---- lines */

static void limit(struct out *o, uint64_t n)
{
	out_text(o, ";");
	if (n != UINT64_MAX)
		out_number(o, n);
}

static void first_line(const struct pidcheck *c, struct out *o)
{
	size_t culprits, inits, n = pidcheck_zombies(c);

	pidcheck_culprits(c, &culprits);
	pidcheck_inits(c, &inits);
	count(o, n, " zombie");
	if (n) {
		out_text(o, " that ");
		number(o, culprits, culprits == 1 ? " process has" : " processes have");
		out_text(o, " not waited for");
	}
	if (c->unreadable) {
		out_text(o, ", ");
		number(o, c->unreadable, c->unreadable == 1 ? " process" : " processes");
		out_text(o, " unreadable");
	}
	out_text(o, " | zombies=");
	out_number(o, n);
	limit(o, c->warning);
	limit(o, c->critical);
	out_text(o, ";0 inits=");
	out_number(o, inits);
	out_text(o, " unreadable=");
	number(o, c->unreadable, "\n");
}

static void culprit(struct out *o, const struct culprit *of)
{
	if (of->kind == CULPRIT_OUTSIDE)
		out_text(o, "somebody outside");
	else
		person(o, &of->who);
	if (of->kind == CULPRIT_INIT)
		out_text(o, ", the init of a PID namespace,");
	out_text(o, " has not waited for ");
	count(o, of->count, " zombie");
	out_text(o, ": ");
	out_text(o, pidcheck_help(of));
	if (of->stopped) {
		out_text(o, " ");
		out_number(o, (uint64_t)of->who.pid);
	}
	out_text(o, "\n");
	for (size_t i = 0; i < of->count; i++) {
		out_text(o, "  zombie ");
		person(o, &of->zombies[i].who);
		out_text(o, "\n");
	}
}

static void init(struct out *o, const struct init *i)
{
	const char *term = disposition_word(i->term);

	out_text(o, "init ");
	person(o, &i->who);
	out_text(o, ": TERM meets: ");
	out_text(o, term ? term : "nothing");
	if (i->term == DISPOSITION_DEFAULT)
		out_text(o, ", which does nothing to an init");
	out_text(o, "; ");
	count(o, i->zombies, " zombie");
	out_text(o, i->has_waited ? "; has waited before\n" : "; not known to have ever waited\n");
}

void pidcheck_text(const struct pidcheck *c, struct out *o, const char *reason)
{
	size_t n;
	const struct culprit *of = pidcheck_culprits(c, &n);
	const struct init *i;

	out_text(o, "PIDCHECK ");
	out_text(o, pidcheck_status(c));
	out_text(o, ": ");
	if (reason) {
		out_text(o, reason);
		out_text(o, "\n");
		return;
	}
	first_line(c, o);
	for (; n--; of++)
		culprit(o, of);
	for (i = pidcheck_inits(c, &n); n--; i++)
		init(o, i);
}
