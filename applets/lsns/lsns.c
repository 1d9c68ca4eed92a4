/* SPDX-License-Identifier: 0BSD */
/*
 * lsns: the namespaces that there are, as util-linux lists them, and who keeps them. It differs in
 * that each process costs one readlink a kind and the rest is hashing, that processes which vanish
 * meanwhile are no error, that it finds what is held by threads, descriptors and mounts elsewhere,
 * that JSON is always flat and raw lines hold no drawing, and in the view of containers.
 */
//config:config LSNS
//config:	bool "lsns"
//config:	default y
//config:	help
//config:	  Lists namespaces.
//config:config LSNS_HOLDERS
//config:	bool "lsns: namespaces that are held without a process in them"
//config:	depends on LSNS
//config:	default y
//config:	help
//config:	  By threads, descriptors, sockets, bind mounts and children-to-be.
//config:config LSNS_FILTER
//config:	bool "lsns: expressions that choose lines (-Q)"
//config:	depends on LSNS
//config:	default y
//config:config LSNS_CONTAINERS
//config:	bool "lsns: a line for each container (--containers)"
//config:	depends on LSNS
//config:	default y
//install:/usr/bin

#include "applet.h"
#include "columns.h"
#include "io.h"
#include "pid.h"
#include "view.h"

#include <string.h>

extern const struct applet applet_lsns;

/* ---- options */

enum { L_TYPE };
#define OPTS struct lsns

#define ROWS(OPT, OPT_) \
	IF_JSON(OPT('J', "json", "", OPT_SET, json, 1, "print JSON, always without a tree")) \
	OPT('l', "list", "", OPT_SET, list, 1, "a list without a tree") \
	OPT('n', "noheadings", "", OPT_SET, no_header, 1, "no header line") \
	OPT('o', "output", "COLUMN,...", OPT_TEXT, columns, 0, \
	    "these columns; with a + in front, besides the usual ones") \
	OPT(0, "output-all", "", OPT_SET, all_columns, 1, "all columns that util-linux has") \
	IF_LSNS_HOLDERS(OPT('P', "persistent", "", OPT_SET, persistent, 1, \
	                    "only namespaces without a process")) \
	OPT('p', "task", "PID", OPT_TEXT, task_text, 0, "only namespaces that PID is in") \
	IF_LSNS_FILTER(OPT('Q', "filter", "EXPR", OPT_TEXT, filter_text, 0, \
	                   "only lines of which EXPR is true")) \
	OPT('r', "raw", "", OPT_SET, raw, 1, \
	    "columns with one blank between, blanks in them as \\x20") \
	OPT('u', "notruncate", "", OPT_SET, not_cut, 1, "do not cut lines") \
	OPT('W', "nowrap", "", OPT_SET, no_wrap, 1, "all of NSFS in one line, with commas") \
	OPT_('t', "type", "KIND", OPT_CALL, L_TYPE, \
	     "only this kind: mnt net ipc user pid uts cgroup time; repeatable") \
	OPT('T', "tree", "[=RELATION]", OPT_TEXT, tree_text, 0, \
	    "a tree of owner, parent or process; without a word of owners") \
	OPT('H', "list-columns", "", OPT_SET, list_columns, 1, "list the columns that there are") \
	IF_LSNS_CONTAINERS( \
		OPT(0, "containers", "", OPT_SET | OPT_OWN, containers, 1, \
	            "a line for each set of processes with a PID namespace of its own")) \
	OPT(0, "proc", "DIR", OPT_TEXT | OPT_OWN, proc_path, 0, \
	    "read another mount of proc, or a recorded one") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

static void on_option(void *to, int value, const char *arg)
{
	struct lsns *l = to;
	int kind = ns_by_name(arg);

	(void)value;
	if (kind < 0)
		die(1, 0, "unknown namespace type: %s", arg);
	l->find.kinds |= 1u << kind;
}

static enum lsns_tree tree_named(const char *name)
{
	static const char names[][8] = { "process", "owner", "parent" };

	if (!*name)
		return LSNS_BY_OWNER;
	for (unsigned i = 0; i < 3; i++)
		if (!strcmp(name, names[i]))
			return LSNS_BY_PROCESS + i;
	die(1, 0, "unknown tree type: %s", name);
}

/* What makes no sense together. */
static void check(const struct lsns *l, const char *operand)
{
	const struct {
		int a, b;
		char text[44];
	} pairs[] = {
		{ l->json, l->raw, "--json and --raw" },
		{ l->list, l->tree_text != NULL, "--list and --tree" },
		{ l->persistent, l->task_text != NULL, "--persistent and --task" },
		{ l->containers, l->persistent, "--containers and --persistent" },
		{ l->containers, l->tree_text != NULL, "--containers and --tree" },
		{ l->containers, l->find.kinds != 0, "--containers and --type" },
	};

	if (operand && l->task_text)
		die(1, 0, "--task is mutually exclusive with <namespace>");
	if (operand && (l->containers || l->persistent))
		die(1, 0, "--%s is mutually exclusive with <namespace>",
		    l->containers ? "containers" : "persistent");
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (pairs[i].a && pairs[i].b)
			die(1, 0, "options %s cannot be combined", pairs[i].text);
}

/* ---- columns */

static const char *usual_columns(const struct lsns *l)
{
	if (l->containers)
		return "ns,init,nspid,user,nprocs,zombies,shared,own,sigterm,container,command";
	if (l->find.want & FIND_MEMBERS)
		return "pid,ppid,user,command";
	if (l->find.kinds & 1u << NS_NET)
		return "ns,type,nprocs,pid,user,netnsid,nsfs,command";
	return "ns,type,nprocs,pid,user,command";
}

static void pick_columns(struct lsns *l, const char *list)
{
	do {
		size_t len = strcspn(list, ",");
		int r = out_pick(&l->table, list, len, NULL);

		if (r == -ENOENT)
			die(1, 0, "unknown column: %.*s", (int)len, list);
		if (r)
			die(1, 0, "more than %d columns", OUT_COLS);
		list += len;
	} while (*list++);
}

static void pick_all(struct lsns *l)
{
	const char *name = l->table.texts;
	size_t n = l->containers ? l->table.col_count : COLUMNS_OF_UTIL_LINUX;

	for (; n; n--) {
		out_pick(&l->table, name, strlen(name), NULL);
		for (int skip = 0; skip < 3; skip++)
			name += strlen(name) + 1;
	}
}

/* Also tells what they need. */
static void choose_columns(struct lsns *l)
{
	const char *list = l->columns;

	int adds = !list || *list == '+'; /* else the list is all there is, as util-linux has it */

	if (adds && l->all_columns)
		pick_all(l);
	else if (adds)
		pick_columns(l, usual_columns(l));
	if (list)
		pick_columns(l, list + (*list == '+'));
	for (unsigned i = 0; i < l->table.count; i++)
		l->need |= l->table.picks[i].col->need;
}

/* ---- the filter */

/* For filter_parse: a column's number. What it needs is needed. */
static int column_named(void *context, const char *name, size_t len)
{
	struct lsns *l = context;
	const struct out_col *col = out_find(&l->table, name, len);

	if (!col)
		return -1;
	l->need |= col->need;
	return (int)(col - l->table.cols);
}

static void read_filter(struct lsns *l)
{
	struct filter_error e;
	int r = filter_parse(&l->filter, l->filter_text, column_named, l, &e);

	if (r)
		die_filter(1, r, l->filter_text, &e);
}

/* ---- what is to be found */

static int is_shown(const struct lsns *l, enum lsns_show show)
{
	for (unsigned i = 0; i < l->table.count; i++)
		if (l->table.picks[i].col->show == show)
			return 1;
	return 0;
}

/* Without a word about it there is a tree of processes, unless all columns are asked for. */
static void choose_tree(struct lsns *l)
{
	int is_flat = l->list || l->json || l->raw;

	if (l->tree_text)
		l->tree = tree_named(l->tree_text);
	else if (!l->all_columns || l->find.want & FIND_MEMBERS)
		l->tree = LSNS_BY_PROCESS;
	l->tree_show = l->tree == LSNS_BY_PROCESS ? SHOW_COMMAND : SHOW_NS;
	l->flat = is_flat || !is_shown(l, l->tree_show);
	if (l->tree == LSNS_BY_PROCESS && l->flat)
		l->tree = LSNS_FLAT;
	if (l->tree == LSNS_BY_PROCESS)
		l->need |= NEED(PROC_STAT);
}

/* A namespace without a process is looked for unless it could not be shown, or in it nobody could
 * ever be again. */
static int wants_holders(const struct lsns *l)
{
	return !l->task_text && !(l->find.want & FIND_MEMBERS) &&
	       (l->persistent || l->find.kinds != 1u << NS_PID);
}

/* What the kernel has to be able to, with util-linux's statuses. */
static void check_kernel(const struct lsns *l)
{
	int fd = -1, up = 0;
	char text[2];
	ssize_t r = 0;

	if (l->find.want & FIND_UP)
		fd = ns_open(l->find.proc, 0, NS_USER);
	if (fd >= 0) {
		up = ns_parent(fd);
		close(fd);
	}
	if (up > 0)
		close(up);
	if (up == -ENOTTY)
		die(2, up, "parents and owners of namespaces");
	if (is_shown(l, SHOW_NSFS) && proc_is_ours(l->find.proc) == 1)
		r = io_read_at(l->find.proc, "self/mountinfo", text, sizeof text);
	if (r < 0)
		die(32, (int)r, "failed to parse /proc/self/mountinfo");
}

static void find(struct lsns *l)
{
	int r;

	l->find.want |= NEED_OF_FIND(l->need);
	if (l->tree >= LSNS_BY_OWNER)
		l->find.want |= FIND_UP | FIND_ADD | FIND_UID;
	if (wants_holders(l))
		l->find.want |= FIND_HOLDERS;
	if (!l->find.kinds)
		l->find.kinds = (1u << NS_N) - 1;
	check_kernel(l);
	r = find_all(&l->find);
	if (r)
		die(1, r, "cannot read processes");
}

static void read_operand(struct lsns *l, const char *text)
{
	if (str_number(text, INT64_MAX, &l->find.inode))
		die(1, 0, "invalid namespace argument: '%s'", text);
	l->find.want |= FIND_MEMBERS;
}

static void find_operand(struct lsns *l)
{
	for (int kind = 0; kind < NS_N && !l->named; kind++)
		if (l->find.kinds & 1u << kind)
			l->named = find_space(&l->find, (enum ns_kind)kind, l->find.inode);
	if (!l->named)
		die(1, 0, "not found namespace: %llu", (unsigned long long)l->find.inode);
}

static void read_task(struct lsns *l)
{
	struct str why = { 0 };
	int r = pid_resolve(l->find.proc, l->task_text, &l->find.task, &why);

	if (r == -EINVAL || r == -ERANGE)
		die(1, 0, "invalid PID argument: '%s'", l->task_text);
	if (r && r != -ESRCH)
		die_pid(1, r, l->task_text, &why);
	str_free(&why);
}

/* ---- all */

static void prepare(struct lsns *l, char **words)
{
	if (*words && words[1])
		opt_misuse(&applet_lsns, "extra operand '%s'", words[1]);
	check(l, *words);
	if (*words)
		read_operand(l, *words);
	l->no_wrap |= l->raw;
	l->table.utf8 = out_utf8();
	l->table.screen = l->not_cut || l->raw || !isatty(1) ? 0 : out_screen();
	if (CFG_LSNS_CONTAINERS && l->containers)
		lsns_container_columns(l);
	else
		lsns_space_columns(l);
}

static void list(struct lsns *l)
{
	l->find.proc = proc_mount(l->proc_path);
	if (l->find.proc < 0 && l->proc_path)
		die(1, l->find.proc, "%s", l->proc_path);
	if (l->find.proc < 0)
		die(1, l->find.proc, "no /proc here; the cure is: mount -t proc proc /proc");
	if (l->task_text)
		read_task(l);
	choose_columns(l);
	if (CFG_LSNS_FILTER && l->filter_text)
		read_filter(l);
	choose_tree(l);
	if (CFG_LSNS_CONTAINERS && l->containers) {
		lsns_container_lines(l);
		return;
	}
	find(l);
	if (l->find.want & FIND_MEMBERS)
		find_operand(l);
	lsns_space_lines(l);
}

APPLET(lsns, "list namespaces", "[OPTION]... [NSINODE]", rows, OPT_GLUED, 1, on_option)
{
	struct out o = { .fd = 1 };
	struct lsns l = { .table = { .o = &o, .key = "namespaces" } };
	int r;

	prepare(&l, opt_parse(&applet_lsns, run->argv, &l));
	if (l.list_columns) {
		r = lsns_print_columns(&l);
	} else {
		list(&l);
		r = lsns_print(&l);
	}
	if (r && r != -EPIPE)
		die(1, r, "write error");
	if (l.find.unreadable)
		warn(0, "%lu processes unreadable (no permission): %s", l.find.unreadable,
		     l.containers ? "their namespaces are unknown"
		                  : "what only they are in is missing");
	return 0;
}
//man:A line stands for a namespace, sorted by inode numbers. Its process is the lowest
//man:one in it; of a PID namespace that is mostly its init, which the column INIT names
//man:for sure. What a process in it has started stands below it in a tree, unless -l, -J,
//man:-r or other columns say otherwise. With the inode number of a namespace as operand
//man:the lines are the processes in it.
//man:
//man:Namespaces are found that a process is in, or a thread that has left those of its
//man:process; those that children-to-be will be in; those behind descriptors, also of
//man:sockets whose process has gone to another one; those that are mounted, in every mount
//man:namespace that a visible process is in; and those that only the kernel still knows
//man:(Linux 6.19). The column HOLDER has all of these reasons, with the process and its
//man:thread or descriptor. -P leaves those that no process is in; then user and UID are
//man:of who made the namespace. Where a mount is seen by others only, PATH and NSFS begin
//man:with /proc/PID/root, by which it can be used.
//man:
//man:With -p, and with -t pid alone, only processes are looked at: a PID namespace without
//man:any is dead.
//man:
//man:Processes that end meanwhile are no error. Those that may not be looked at are
//man:counted on stderr, and the status is still 0. With --proc DIR all is asked of DIR;
//man:of a recorded one nobody knows PNS, ONS, NSID and NETNSID.
//man:# TREES
//man:With -T it shows who owns whom: below a user namespace all that belongs to it, and
//man:the user namespaces made in it. -T=parent has PID and user namespaces below those they
//man:were made in. Both add owners that nobody is in any more. -T=process is the tree that
//man:there is without it. JSON and raw lines are never trees: all lines stand beside each
//man:other, and none is missing.
//man:# FILTER
//man:EXPR compares columns, in any case, also such that are not shown: == != < <= > >=
//man:and their names eq ne lt le gt ge, =~ and !~ with a regular expression of regex(7),
//man:in quotes; and or not (&& || !) and parentheses. A user is a name and a number. What
//man:a line does not show makes whatever is said of it neither true nor false. Who stood
//man:below a line that is left out stands below the next above it.
//man:# CONTAINERS
//man:All containers have a PID namespace of their own; a service that only has a private
//man:/tmp has none, and is not listed. NSPID has all numbers of its init, from here
//man:inwards; NPROCS counts those in it, not those in containers inside, which stand
//man:below it. SHARED are the kinds of namespaces in which its init is where lsns is,
//man:OWN the others. SIGTERM says what a TERM meets at its init, as the column sigterm
//man:of ps: at "default" it is lost, since an init gets only signals it has a handler
//man:for (pid_namespaces(7)); "zombie" is one that has ended, and for which nobody
//man:waits. CONTAINER is the id that engines put into the path of the cgroup.
//man:
//man:Whose namespaces may not be looked at is told by his numbers: NS and the kinds are
//man:empty then.
//man:# EXIT STATUS
//man:0, also when nothing is listed; 1 for an error, 2 when the kernel tells no parents and
//man:owners, 32 when our mounts cannot be read, which NSFS needs.
//man:# EXAMPLES
//man:$ lsns -t pid
//man:$ lsns -t user -o ns,nprocs
//man:$ lsns -Q 'nprocs == 0 or type == "net"' -o +holder
//man:$ lsns --containers
