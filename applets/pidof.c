/* SPDX-License-Identifier: 0BSD */
/*
 * pidof: the processes of a program, by procps's rules and sysvinit's on what a name means. It
 * differs in that it can keep to one PID namespace, that it leaves itself out (by /proc/self, as a
 * number alone may be somebody else's), that a script is found whose first line has an option, and
 * that it does not hand out the numbers of another PID namespace unasked.
 */
//config:config PIDOF
//config:	bool "pidof"
//config:	default y
//config:	help
//config:	  Finds the processes of a program, also in one PID namespace only.
//install:/bin

#include "applet.h"
#include "io.h"
#include "out.h"
#include "pidns.h"
#include "pid.h"
#include "proc.h"

#include <string.h>
#include <sys/stat.h>

struct pidof {
	int single, quiet, same_root, workers, scripts, threads, zombies, below, ignored;
	const char *separator, *pidns, *proc_path;
	int proc;
	struct pidns ns;
	struct stat root;
	pid_t self, parent; /* in that mount; 0: we are not there */
	struct str omitted; /* pid_t */
	struct str words;   /* const char *: the arguments of -o */
	struct str names;   /* struct name */
	struct str found;   /* struct found */
	int by_file;        /* some name is a path */
};

/* What is looked for. */
struct name {
	const char *text, *base;
	struct stat file; /* the program there; st_nlink 0: none */
};

struct found {
	size_t name;
	pid_t pid;
};

/* ---- options */

enum { O_OMIT, O_PIDNS, O_BELOW };
#define OPTS struct pidof

#define ROWS(OPT, OPT_) \
	OPT('s', "single-shot", "", OPT_SET, single, 1, "only one of each program, the newest") \
	OPT('c', "check-root", "", OPT_SET, same_root, 1, \
	    "only those with our root directory (only as root)") \
	OPT('q', "quiet", "", OPT_SET, quiet, 1, "print nothing, only tell by the status") \
	OPT('w', "with-workers", "", OPT_SET, workers, 1, \
	    "those without a command line too, as kernel threads, by their names") \
	OPT('x', "", "", OPT_SET, scripts, 1, "shells that run a script of that name, too") \
	OPT('z', "", "", OPT_SET, zombies, 1, "zombies too, by their names") \
	OPT_('o', "omit-pid", "PID,...", OPT_CALL, O_OMIT, \
	     "leave these out; %PPID is the parent of pidof") \
	OPT('t', "lightweight", "", OPT_SET, threads, 1, "the numbers of all their threads") \
	OPT('S', "separator", "TEXT", OPT_TEXT, separator, 0, "stands between the numbers") \
	OPT('d', "", "TEXT", OPT_TEXT, separator, 0, "the same") \
	OPT('n', "", "", OPT_SET, ignored, 1, "does nothing") \
	OPT_(0, "pidns", "REF", OPT_CALL | OPT_OWN, O_PIDNS, "only those in this PID namespace") \
	OPT_(0, "pidns-tree", "REF", OPT_CALL | OPT_OWN, O_BELOW, \
	     "only those in this PID namespace or below it") \
	OPT(0, "proc", "DIR", OPT_TEXT | OPT_OWN, proc_path, 0, \
	    "read another mount of proc, or a recorded one") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

static void add(struct str *list, const void *record, size_t size)
{
	if (str_add(list, record, size))
		die(1, -ENOMEM, "cannot hold the processes");
}

static void on_option(void *to, int value, const char *arg)
{
	struct pidof *f = to;

	if (value == O_OMIT) {
		add(&f->words, &arg, sizeof arg);
	} else {
		f->pidns = arg;
		f->below = value == O_BELOW;
	}
}

static void omit(struct pidof *f, const char *item, size_t len)
{
	char text[PID_TEXT];
	struct str why = { 0 };
	pid_t pid = f->parent;
	int r = 0;

	if (str_format(text, sizeof text, "%.*s", (int)len, item) >= sizeof text)
		r = -EINVAL;
	else if (strcmp(text, "%PPID"))
		r = pid_resolve(f->proc, text, &pid, &why);
	if (r == -ESRCH)
		return; /* nobody to leave out */
	if (r)
		die_pid(1, r, text, &why);
	add(&f->omitted, &pid, sizeof pid);
}

static void read_omitted(struct pidof *f)
{
	const char *const *word = (const char *const *)(void *)f->words.p;

	for (size_t n = f->words.len / sizeof *word; n--; word++)
		for (const char *at = *word; *at; at += *at != 0) {
			size_t len = strcspn(at, ",;");

			if (len)
				omit(f, at, len);
			at += len;
		}
}

static int is_omitted(const struct pidof *f, pid_t pid)
{
	const pid_t *omitted = (const pid_t *)(void *)f->omitted.p;
	size_t n = f->omitted.len / sizeof *omitted;

	while (n--)
		if (omitted[n] == pid)
			return 1;
	return pid == f->self;
}

/* ---- what a name means */

struct part {
	const char *p;
	size_t len;
};

static struct part base_of(struct part path)
{
	size_t at = path.len;

	while (at && path.p[at - 1] != '/')
		at--;
	return (struct part){ path.p + at, path.len - at };
}

static int is(struct part part, const char *text)
{
	return part.len && !strncmp(text, part.p, part.len) && !text[part.len];
}

/* Whether a path, from wherever, is that of the program. */
static int is_path(struct part path, const struct name *n)
{
	return is(path, n->text) || is(path, n->base) || is(base_of(path), n->text);
}

/* Cuts the next word off a command line. */
static struct part next_word(struct part *words)
{
	size_t len = strnlen(words->p, words->len);
	struct part word = { words->p, len };

	len += len < words->len;
	words->p += len;
	words->len -= len;
	return word;
}

/* What is known of a process. */
struct candidate {
	const struct proc *p;
	struct part comm, exe, first, more; /* the first word, and those behind it */
	struct stat file;                   /* its program; st_nlink 0: unknown */
};

/* The kernel names a script's shell after the script. In front of the script's path there may be
 * one word, the option of the script's first line (execve(2)). */
static int is_script(const struct candidate *c, const struct name *n)
{
	struct part more = c->more;

	for (int i = 0; i < 2; i++) {
		struct part word = next_word(&more), base = base_of(word);

		if (c->comm.len && base.len >= c->comm.len &&
		    !memcmp(base.p, c->comm.p, c->comm.len) && is_path(word, n))
			return 1;
	}
	return 0;
}

/* Whether the kernel's name for it counts: where its words say nothing, or its state, which some
 * put there with blanks; but not of a kernel thread, and of a zombie only when the program runs
 * on. */
static int goes_by_comm(const struct pidof *f, const struct candidate *c)
{
	if (f->workers || memchr(c->first.p, ' ', c->first.len))
		return 1;
	if (c->p->state == 'Z' || c->p->state == 'X')
		return f->zombies || c->p->threads > 1;
	return !c->first.len && !c->p->kernel_thread;
}

static int matches(const struct pidof *f, const struct candidate *c, const struct name *n)
{
	const size_t dash = c->first.len && *c->first.p == '-'; /* a login shell */
	const struct part first = { c->first.p + dash, c->first.len - dash };

	if (is_path(c->first, n) || is_path(first, n) || is(c->exe, n->text) ||
	    is(base_of(c->exe), n->text))
		return 1;
	if (n->file.st_nlink && c->file.st_nlink && n->file.st_dev == c->file.st_dev &&
	    n->file.st_ino == c->file.st_ino)
		return 1;
	return (f->scripts && is_script(c, n)) || (goes_by_comm(f, c) && is(c->comm, n->text));
}

static void find_names(struct pidof *f, char **words)
{
	for (; *words; words++) {
		struct part base = base_of((struct part){ *words, strlen(*words) });
		struct name n = { .text = *words, .base = base.p };

		if (base.p != *words && !stat(*words, &n.file))
			f->by_file = 1;
		add(&f->names, &n, sizeof n);
	}
}

/* ---- the processes */

static int has_our_root(const struct pidof *f, pid_t pid)
{
	char path[PROC_PATH];
	struct stat root;

	proc_path(path, pid, "root");
	return !fstatat(f->proc, path, &root, 0) && root.st_dev == f->root.st_dev &&
	       root.st_ino == f->root.st_ino;
}

/* Its threads, or itself. */
static void add_found(struct pidof *f, size_t name, pid_t pid)
{
	struct found found = { name, pid };
	char path[PROC_PATH];
	struct proc_walk w;
	int dir;

	if (!f->threads) {
		add(&f->found, &found, sizeof found);
		return;
	}
	proc_path(path, pid, "task");
	dir = openat(f->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return;
	if (!proc_open(&w, dir, 0)) {
		while ((found.pid = proc_next_pid(&w)) > 0)
			add(&f->found, &found, sizeof found);
		proc_close(&w);
	}
	close(dir);
}

static void look_at(struct pidof *f, const struct proc *p)
{
	static const char deleted[] = " (deleted)";
	const size_t tail = sizeof deleted - 1;
	const struct name *names = (const struct name *)(void *)f->names.p;
	struct candidate c = { .p = p,
		               .comm = { p->comm, p->comm_len },
		               .more = { p->cmdline, p->cmdline_len } };
	char path[PROC_PATH], exe[4096];
	ssize_t len;

	c.first = next_word(&c.more);
	proc_path(path, p->pid, "exe");
	len = io_link_at(f->proc, path, exe, sizeof exe);
	if (len > (ssize_t)tail && !strcmp(exe + len - tail, deleted))
		len -= (ssize_t)tail;
	c.exe = (struct part){ exe, len > 0 ? (size_t)len : 0 };
	if (f->by_file && fstatat(f->proc, path, &c.file, 0))
		c.file.st_nlink = 0;
	for (size_t i = 0; i < f->names.len / sizeof *names; i++)
		if (matches(f, &c, &names[i]) &&
		    (!f->pidns || pidns_has(&f->ns, p->pid, f->below)) &&
		    (!f->same_root || has_our_root(f, p->pid)))
			add_found(f, i, p->pid);
}

static void walk(struct pidof *f)
{
	struct proc_walk w;
	struct proc p;
	int r = proc_open(&w, f->proc, PROC_STAT | PROC_CMDLINE);

	if (!r) {
		while ((r = proc_next(&w, &p)) == 1)
			if (!is_omitted(f, p.pid))
				look_at(f, &p);
		proc_close(&w);
	}
	if (r)
		die(1, r, "cannot read processes");
}

/* By the names as they were given, and of each the newest first, by the number. */
static int by_name(const void *a, const void *b, const void *unused)
{
	const struct found *x = a, *y = b;

	(void)unused;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return (x->pid < y->pid) - (x->pid > y->pid);
}

static int print(struct pidof *f)
{
	struct out o = { .fd = 1 };
	size_t n = f->found.len / sizeof(struct found);
	struct found *found;

	if (!n || f->quiet)
		return 0;
	if (str_room(&f->found, f->found.len))
		die(1, -ENOMEM, "cannot sort");
	found = (struct found *)(void *)f->found.p;
	str_sort(found, n, sizeof *found, found + n, by_name, NULL);
	for (size_t i = 0; i < n; i++) {
		if (i && f->single && found[i].name == found[i - 1].name)
			continue;
		if (i)
			out_text(&o, f->separator);
		out_number(&o, (uint64_t)found[i].pid);
	}
	out_text(&o, "\n");
	return out_flush(&o);
}

/* ---- where it looks */

static void open_proc(struct pidof *f)
{
	struct proc self;

	f->proc = proc_mount(f->proc_path);
	if (f->proc < 0 && f->proc_path)
		die(1, f->proc, "%s", f->proc_path);
	if (f->proc < 0)
		die(1, 0, "no /proc here; the cure is: mount -t proc proc /proc");
	/* Mostly somebody is about to signal these numbers. */
	if (!f->proc_path && !proc_is_ours(f->proc))
		die_hint(1, 0, "mount -t proc proc /proc, or --proc /proc if they are meant",
		         "/proc is that of another PID namespace: these are not our numbers");
	if (!proc_is_recorded(f->proc) && !proc_get(f->proc, 0, PROC_STAT, NULL, &self)) {
		f->self = self.pid;
		f->parent = self.ppid;
	}
}

APPLET(pidof, "find the processes of a program", "[-scqwxzt] [-o PID,...] [-S TEXT] NAME...", rows,
       0, 1, on_option)
{
	struct pidof f = { .separator = " " };
	struct str why = { 0 };
	char **words = opt_parse(&applet_pidof, run->argv, &f);
	int r;

	open_proc(&f);
	read_omitted(&f);
	r = f.pidns ? pidns_find(&f.ns, f.proc, f.pidns, &why) : 0;
	if (r)
		die_pid(1, r, f.pidns, &why);
	f.same_root = f.same_root && !geteuid();
	if (f.same_root && stat("/", &f.root))
		die(1, -errno, "/");
	find_names(&f, words);
	if (*words)
		walk(&f);
	r = print(&f);
	if (r && r != -EPIPE)
		die(1, r, "write error");
	return f.found.len == 0;
}

//man:Prints the numbers of the processes that run a program, the newest, which is the greatest
//man:number, first; with several names those of the first one first. A NAME is the path or the
//man:last part of the path of the program that runs, or of the first word of its command line. A
//man:NAME that is the path of a file also means all who run that file, whatever they call it. With
//man:-x a script is meant, too, when the kernel knows the process by the script's name.
//man:
//man:Zombies, and those that have no command line, as the kernel's threads, are only found with -z
//man:and -w, by the name that the kernel has for them. Who has put blanks into the first word of
//man:his command line is found by that name always. pidof never finds itself.
//man:
//man:The numbers are those of the PID namespace of /proc. When that is not ours nothing is printed,
//man:as whoever signals the numbers would hit others; --proc /proc prints them anyway.
//man:# NAMESPACES
//man:On a host all containers have their nginx. With --pidns only those are found who are in that
//man:PID namespace, with --pidns-tree also those below it. REF is a process in it, its inode, a
//man:container's ID, or PID@REF: see pidbox(1). In a shell --pidns $$ leaves out what
//man:runs in containers. A process whose namespace may not be read is in none.
//man:
//man:Others help themselves by -c, which compares root directories: containers may have one in
//man:common, and who is in a chroot(2) has another one without being in a container.
//man:# EXIT STATUS
//man:0 when somebody was found, else 1.
//man:# EXAMPLES
//man:Those here, and those in the containers:
//man:
//man:$ pidof pidbox sleep || echo none
//man:$ pidof --pidns $$ sleep || echo none of ours
