/* SPDX-License-Identifier: 0BSD */
/*
 * pidcheck: is something wrong with the processes here? No other tool has it. It says who has not
 * waited for his dead children and what would help, and what a TERM meets in each PID 1, with the
 * exit statuses of the Monitoring Plugins, so that it serves as a health check.
 */
//config:config PIDCHECK
//config:	bool "pidcheck"
//config:	default y
//config:	help
//config:	  Finds zombies and who has not waited for them; a health check.
//config:config PIDCHECK_JSON
//config:	bool "pidcheck: JSON (--json)"
//config:	depends on PIDCHECK && JSON
//config:	default y
//install:/usr/bin

#include "applet.h"
#include "pid.h"
#include "pidcheck.h"
#include "sig.h"

#include <string.h>

/* ---- options */

enum { O_PIDNS, O_BELOW };
#define OPTS struct pidcheck

#define ROWS(OPT, OPT_) \
	OPT('w', "warning", "N", OPT_TEXT | OPT_OWN, warning_text, 0, \
	    "WARNING from so many zombies on (1)") \
	OPT('c', "critical", "N", OPT_TEXT | OPT_OWN, critical_text, 0, \
	    "CRITICAL from so many zombies on (never)") \
	OPT('a', "min-age", "DURATION", OPT_TEXT | OPT_OWN, age_text, 0, \
	    "only those that have been zombies for so long (1s); 0 to look only once") \
	IF_PIDCHECK_JSON(OPT('J', "json", "", OPT_SET | OPT_OWN, json, 1, "print JSON")) \
	OPT_(0, "pidns", "REF", OPT_CALL | OPT_OWN, O_PIDNS, "only those in this PID namespace") \
	OPT_(0, "pidns-tree", "REF", OPT_CALL | OPT_OWN, O_BELOW, \
	     "only those in this PID namespace or below it") \
	OPT(0, "proc", "DIR", OPT_TEXT | OPT_OWN, proc_path, 0, \
	    "read another mount of proc, or a recorded one") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

static void on_option(void *to, int value, const char *arg)
{
	struct pidcheck *c = to;

	c->pidns = arg;
	c->below = value == O_BELOW;
}

extern const struct applet applet_pidcheck;

static uint64_t threshold(const char *text, const char *what, uint64_t usual)
{
	uint64_t n = usual;

	if (text && str_number(text, INT32_MAX, &n))
		opt_misuse(&applet_pidcheck, "invalid number of zombies for --%s: '%s'", what,
		           text);
	return n;
}

/* ---- the report */

static int report(struct pidcheck *c, const char *reason)
{
	struct out o = { .fd = 1 };
	int r;

	if (CFG_PIDCHECK_JSON && c->json)
		pidcheck_json(c, &o, reason);
	else
		pidcheck_text(c, &o, reason);
	r = out_flush(&o);
	if (r && r != -EPIPE)
		die(STATUS_UNKNOWN, r, "write error");
	return c->status;
}

/* Nothing can be told: as a result, since whoever runs health checks reads stdout. */
static int unknown(struct pidcheck *c, const char *about, const char *reason)
{
	char text[512];

	c->status = STATUS_UNKNOWN;
	str_format(text, sizeof text, "%s: %s", about, reason);
	out_clean(text, strlen(text), out_utf8());
	return report(c, text);
}

/* The REF names none, or several. */
static int unknown_ref(struct pidcheck *c, int err, const struct str *why)
{
	const char *reason = pid_reason(err);

	if (why->len)
		warn_pid(err, c->pidns, why);
	return unknown(c, c->pidns, reason ? reason : strerror(-err));
}

static void judge(struct pidcheck *c)
{
	size_t n = pidcheck_zombies(c);

	c->status = n >= c->critical  ? STATUS_CRITICAL
	            : n >= c->warning ? STATUS_WARNING
	                              : STATUS_OK;
}

/* What is printed is a result; what is wrong about the call goes to stderr. */
APPLET(pidcheck, "tell whether zombies are left, whose fault it is and what helps",
       "[-w N] [-c N] [-a DURATION] [--pidns REF]", rows, 0, STATUS_UNKNOWN, on_option)
{
	struct pidcheck c = { .age_text = "1" };
	struct sys_sigset pipe = { { 0 } };
	struct str why = { 0 };
	char **words = opt_parse(&applet_pidcheck, run->argv, &c);
	int r;

	sig_add(&pipe, SIGPIPE);
	sig_block(&pipe, NULL); /* who reads no more has had enough */
	if (*words)
		opt_misuse(&applet_pidcheck, "unexpected argument: '%s'", *words);
	c.warning = threshold(c.warning_text, "warning", 1);
	c.critical = threshold(c.critical_text, "critical", UINT64_MAX);
	if (str_duration(c.age_text, &c.age_ns) || c.age_ns == STR_FOREVER)
		opt_misuse(&applet_pidcheck, "invalid duration: '%s'", c.age_text);
	c.proc = proc_mount(c.proc_path);
	if (c.proc < 0 && c.proc_path)
		return unknown(&c, c.proc_path, strerror(-c.proc));
	if (c.proc < 0)
		return unknown(&c, "no /proc here", "the cure is: mount -t proc proc /proc");
	if (!c.proc_path && !proc_is_ours(c.proc))
		warn(0, "/proc is that of another PID namespace: these are not our numbers "
		        "(mount -t proc proc /proc)");
	r = c.pidns ? pidns_find(&c.ns, c.proc, c.pidns, &why) : 0;
	if (r)
		return unknown_ref(&c, r, &why);
	r = pidcheck_look(&c);
	if (r)
		return unknown(&c, "cannot read processes", strerror(-r));
	judge(&c);
	return report(&c, NULL);
}

//man:A process that has ended stays as a zombie until its parent has waited for it, wait(2). A few
//man:do no harm; who never waits collects them until no process can be started any more.
//man:
//man:The first line says OK, WARNING, CRITICAL or UNKNOWN and, behind a bar, the figures, as the
//man:plugins of Nagios and its successors do. Then come those who have not waited, with what helps
//man:and the zombies, and the init of each PID namespace: what a TERM meets there (see the column
//man:sigterm in ps(1)), how many zombies are its own children, and whether it has ever waited.
//man:Numbers are those here and, behind an arrow, those in the process's own PID namespace.
//man:
//man:When a process has died is not to be seen. Hence two looks, --min-age apart: only who was a
//man:zombie of the same parent both times counts. Without zombies one look is enough, and there is
//man:no waiting. When the first thread of a program has ended, while others run, it is no zombie.
//man:
//man:That an init has waited is known from the times and page faults of its children that it has
//man:waited for; without any nobody knows. What may not be read is counted and said; as an ordinary
//man:user mostly what a TERM meets.
//man:# WHAT HELPS
//man:The parent of a zombie is the init of a PID namespace when its own parent has ended; orphans
//man:go there. An init that waits, such as pidbox init, then helps. Any other parent must wait
//man:itself, and no init can do it instead while that parent lives. Signals do nothing to a
//man:zombie.
//man:
//man:Whom a debugger traces, it must wait for, too, before the parent can. A parent that is stopped
//man:must be continued. A parent outside is that of who has been put into the PID namespace by
//man:nsenter(1) or the exec of a container engine.
//man:# JSON
//man:With --json there is one object. status and exit are the result; reason is null unless it is
//man:UNKNOWN; zombies counts them; culprits has those who have not waited: pid, inner (its number
//man:in its own PID namespace), name, pidns (inode), kind (ordinary, init, outside, tracer,
//man:hidden), stopped, help, zombies; inits has pid, inner, name, pidns, sigterm, zombies and
//man:has_waited, true or null. What is unknown is null.
//man:# EXIT STATUS
//man:0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN: without /proc, a wrong REF or option, output that is
//man:lost.
//man:# EXAMPLES
//man:Whether somebody forgets his children, in a script:
//man:
//man:$ pidcheck --min-age 0 --warning 1000
//man:
//man:As the health check of a container, in its Dockerfile (which wants 1 for unhealthy):
//man:
//man:HEALTHCHECK CMD pidcheck --warning 10 || exit 1
//man:
//man:From the host, one container, for Nagios:
//man:
//man:pidcheck --pidns 4f1c2d9a8b3e -w 1 -c 100
