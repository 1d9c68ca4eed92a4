/* SPDX-License-Identifier: 0BSD */
/*
 * ps: processes as procps shows them, and what no ps shows: the numbers of a process in all its PID
 * namespaces, and who would reap its orphans. Only the files that the columns need are read.
 */
//config:config PS
//config:	bool "ps"
//config:	default y
//config:	help
//config:	  Lists processes, with their numbers in every PID namespace.
//install:/bin

#include "applet.h"
#include "pid.h"
#include "ps.h"
#include "sys.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/sysinfo.h>

/* ---- columns */
enum { R = OUT_RIGHT, RN = OUT_RIGHT | OUT_NUM };

#define OF(member) offsetof(struct proc, member)
#define PID_STAT (PROC_STAT | NEED_PID_WIDTH)
#define ARGS (PROC_STAT | PROC_CMDLINE)

#define COLUMNS(COL) \
	COL("pid", "PID", 5, RN, NEED_PID_WIDTH, SHOW_INT, OF(pid), "process number") \
	COL("tgid", "TGID", 5, RN, NEED_PID_WIDTH, SHOW_INT, OF(pid), "the same") \
	COL("ppid", "PPID", 5, RN, PID_STAT, SHOW_INT, OF(ppid), \
	    "parent; 0: outside the PID namespace") \
	COL("pgid", "PGID", 5, RN, PID_STAT, SHOW_INT, OF(pgid), \
	    "process group; 0: of another PID namespace") \
	COL("pgrp", "PGRP", 5, RN, PID_STAT, SHOW_INT, OF(pgid), "the same") \
	COL("sid", "SID", 5, RN, PID_STAT, SHOW_INT, OF(sid), \
	    "session; 0: of another PID namespace") \
	COL("sess", "SESS", 5, RN, PID_STAT, SHOW_INT, OF(sid), "the same") \
	COL("tpgid", "TPGID", 5, RN, PID_STAT, SHOW_INT, OF(tpgid), \
	    "foreground process group of the terminal") \
	COL("nspid", "NSPID", 11, 0, PROC_STATUS, SHOW_NSPID, 0, \
	    "its numbers from here to its own PID namespace") \
	COL("nslevel", "NSLVL", 5, RN, PROC_STATUS, SHOW_NSLEVEL, 0, \
	    "how many PID namespaces below this one it is") \
	COL("nsinit", "NSINIT", 6, RN, PROC_STATUS | NEED_TREE | NEED_PID_WIDTH, SHOW_NSINIT, 0, \
	    "the init of its PID namespace, which would reap its orphans") \
	COL("pidns", "PIDNS", 10, RN, 0, SHOW_NS, NS_PID, "PID namespace (inode)") \
	COL("userns", "USERNS", 10, RN, 0, SHOW_NS, NS_USER, "user namespace") \
	COL("mntns", "MNTNS", 10, RN, 0, SHOW_NS, NS_MNT, "mount namespace") \
	COL("netns", "NETNS", 10, RN, 0, SHOW_NS, NS_NET, "network namespace") \
	COL("ipcns", "IPCNS", 10, RN, 0, SHOW_NS, NS_IPC, "IPC namespace") \
	COL("utsns", "UTSNS", 10, RN, 0, SHOW_NS, NS_UTS, "UTS namespace") \
	COL("cgroupns", "CGROUPNS", 10, RN, 0, SHOW_NS, NS_CGROUP, "cgroup namespace") \
	COL("timens", "TIMENS", 10, RN, 0, SHOW_NS, NS_TIME, "time namespace") \
	COL("user", "USER", 8, OUT_WIDE, PROC_OWNER, SHOW_USER, OF(euid), "effective user") \
	COL("euser", "EUSER", 8, OUT_WIDE, PROC_OWNER, SHOW_USER, OF(euid), "the same") \
	COL("uid_hack", "UID", 8, OUT_WIDE, PROC_OWNER, SHOW_USER, OF(euid), "the same") \
	COL("ruser", "RUSER", 8, OUT_WIDE, PROC_STATUS, SHOW_USER, OF(ruid), "real user") \
	COL("uid", "UID", 5, RN, PROC_OWNER, SHOW_ID, OF(euid), "effective user id") \
	COL("euid", "EUID", 5, RN, PROC_OWNER, SHOW_ID, OF(euid), "the same") \
	COL("ruid", "RUID", 5, RN, PROC_STATUS, SHOW_ID, OF(ruid), "real user id") \
	COL("gid", "GID", 5, RN, PROC_OWNER, SHOW_ID, OF(egid), "effective group id") \
	COL("egid", "EGID", 5, RN, PROC_OWNER, SHOW_ID, OF(egid), "the same") \
	COL("rgid", "RGID", 5, RN, PROC_STATUS, SHOW_ID, OF(rgid), "real group id") \
	COL("tty", "TT", 8, 0, PROC_STAT, SHOW_TTY, 0, "terminal") \
	COL("tt", "TT", 8, 0, PROC_STAT, SHOW_TTY, 0, "the same") \
	COL("tname", "TTY", 8, 0, PROC_STAT, SHOW_TTY, 0, "the same") \
	COL("s", "S", 1, 0, PROC_STAT, SHOW_STATE, 0, "state") \
	COL("state", "S", 1, 0, PROC_STAT, SHOW_STATE, 0, "the same") \
	COL("stat", "STAT", 4, 0, PROC_STAT | PROC_STATUS, SHOW_STAT, 0, \
	    "state; < N nice, L locked, s session leader, l threads, + foreground") \
	COL("time", "TIME", 8, R, PROC_STAT, SHOW_TIME, 0, "CPU time") \
	COL("cputime", "TIME", 8, R, PROC_STAT, SHOW_TIME, 0, "the same") \
	COL("bsdtime", "TIME", 6, R, PROC_STAT, SHOW_BSDTIME, 0, "CPU time, minutes and seconds") \
	COL("etime", "ELAPSED", 11, R, PROC_STAT, SHOW_ETIME, 0, "time since the start") \
	COL("etimes", "ELAPSED", 7, RN, PROC_STAT, SHOW_ETIMES, 0, "the same in seconds") \
	COL("stime", "STIME", 5, R, PROC_STAT, SHOW_START, 0, "time or date of the start") \
	COL("start_time", "START", 5, R, PROC_STAT, SHOW_START, 0, "the same") \
	COL("c", "C", 2, RN, PROC_STAT, SHOW_C, 0, "CPU use in percent of the life time") \
	COL("pcpu", "%CPU", 4, R, PROC_STAT, SHOW_CPU, 0, "the same with a decimal") \
	COL("%cpu", "%CPU", 4, R, PROC_STAT, SHOW_CPU, 0, "the same") \
	COL("pmem", "%MEM", 4, R, PROC_STATUS, SHOW_MEM, 0, "resident memory in percent") \
	COL("%mem", "%MEM", 4, R, PROC_STATUS, SHOW_MEM, 0, "the same") \
	COL("vsz", "VSZ", 6, RN, PROC_STATUS, SHOW_U64, OF(vm_size_kb), "virtual memory in KiB") \
	COL("rss", "RSS", 5, RN, PROC_STATUS, SHOW_U64, OF(vm_rss_kb), "resident memory in KiB") \
	COL("ni", "NI", 3, R, PROC_STAT, SHOW_NICE, 0, "nice value") \
	COL("pri", "PRI", 3, R, PROC_STAT, SHOW_PRI, 0, "priority, higher is more urgent") \
	COL("nlwp", "NLWP", 4, RN, PROC_STAT, SHOW_LONG, OF(threads), "threads") \
	COL("psr", "PSR", 3, RN, PROC_STAT, SHOW_INT, OF(cpu), "processor it last ran on") \
	COL("comm", "COMMAND", 15, OUT_WIDE, PROC_STAT, SHOW_COMM, 0, "name") \
	COL("ucmd", "CMD", 15, OUT_WIDE, PROC_STAT, SHOW_COMM, 0, "the same") \
	COL("args", "COMMAND", 27, OUT_WIDE, ARGS, SHOW_ARGS, 0, "command line") \
	COL("command", "COMMAND", 27, OUT_WIDE, ARGS, SHOW_ARGS, 0, "the same") \
	COL("cmd", "CMD", 27, OUT_WIDE, ARGS, SHOW_ARGS, 0, "the same")
OUT_COLUMNS(columns, COLUMNS);

/* Adds one item of a -o list: NAME[:WIDTH][=HEADER]. The item is ours: argv is left as it is, since
 * other processes look at it. */
static void pick(struct ps *ps, char *item)
{
	char *header = strchr(item, '='), *width_text;
	uint64_t width = 0;
	int r;

	if (header)
		*header++ = 0;
	width_text = strchr(item, ':');
	if (width_text) {
		*width_text++ = 0;
		if (str_number(width_text, 4096, &width) || !width)
			die(1, 0, "column widths must be unsigned decimal numbers");
	}
	r = out_pick(&ps->table, item, strlen(item), header);
	if (r == -ENOENT)
		die(1, 0, "unknown user-defined format specifier \"%s\"", item);
	if (r)
		die(1, 0, "more than %d columns", OUT_COLS);
	if (width) {
		ps->table.picks[ps->table.count - 1].width = (size_t)width;
		ps->table.picks[ps->table.count - 1].fixed = 1;
	}
}

/* Splits a list at commas and blanks. The copy stays: headers are in it. */
static void pick_list(struct ps *ps, const char *list)
{
	struct str copy = { 0 };

	if (!*list)
		die(1, 0, "empty format list");
	if (str_add(&copy, list, strlen(list) + 1))
		die(1, -ENOMEM, "cannot read the format");
	for (char *item = copy.p; *item;) {
		char *end = item + strcspn(item, ", \t"), last = *end;

		*end = 0;
		pick(ps, item);
		item = end + (last != 0);
	}
}

static void pick_format(struct ps *ps)
{
	static const char formats[][64] = {
		[FORMAT_SYSV] = "pid,tname,time,ucmd",
		[FORMAT_BSD] = "pid,tname,stat,bsdtime,args",
		[FORMAT_FULL] = "uid_hack,pid,ppid,c,stime,tname,time,cmd",
		[FORMAT_USER] = "user,pid,pcpu,pmem,vsz,rss,tname,stat,start_time,bsdtime,args",
	};

	pick_list(ps, formats[ps->format]);
}

/* ---- options */

extern const struct applet applet_ps;

enum { P_PID, P_FORMAT };
#define OPTS struct ps

#define ROWS(OPT, OPT_) \
	OPT('e', "", "", OPT_SET, select, SELECT_ALL, "all processes") \
	OPT('A', "", "", OPT_SET, select, SELECT_ALL, "all processes") \
	OPT('f', "", "", OPT_SET, format, FORMAT_FULL, "full format") \
	OPT_('p', "pid", "PID", OPT_CALL, P_PID, "these processes: a list of PID or PID@REF") \
	OPT_('o', "format", "COLUMN", OPT_CALL, P_FORMAT, \
	     "these columns: a list of NAME[:WIDTH][=HEADER]; repeatable") \
	OPT('w', "", "", OPT_SET, wide, 1, "do not cut lines") \
	OPT(0, "no-headers", "", OPT_SET, no_header, 1, "no header line") \
	OPT(0, "proc", "DIR", OPT_TEXT, proc_path, 0, \
	    "read another mount of proc, or a recorded one") \
	OPT_(0, "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

/* Resolves one word; the mount is known by now. */
static void add_pid(struct ps *ps, const char *text)
{
	struct str why = { 0 };
	pid_t pid;
	int r = pid_resolve(ps->proc, text, &pid, &why);

	if (r)
		die_pid(1, r, text, &why);
	if (str_add(&ps->pids, (const char *)&pid, sizeof pid))
		die(1, -ENOMEM, "cannot select");
}

static void add_pids(struct ps *ps)
{
	const char *list = ps->pid_words.p, *end = list + ps->pid_words.len;
	char word[PID_TEXT];

	for (size_t len; list < end; list += len + 1) {
		len = strcspn(list, ", \t");
		if (!len || len >= sizeof word)
			die(1, 0, "process ID list syntax error");
		memcpy(word, list, len);
		word[len] = 0;
		add_pid(ps, word);
	}
}

/* Keeps a list until all options are known; each word ends in a comma. */
static void keep_pids(struct ps *ps, const char *list)
{
	ps->select = SELECT_LIST;
	if (str_puts(&ps->pid_words, list) || str_puts(&ps->pid_words, ","))
		die(1, -ENOMEM, "cannot select");
}

static void on_option(void *to, int value, const char *arg)
{
	if (value == P_PID)
		keep_pids(to, arg);
	else
		pick_list(to, arg);
}

/* A word without a dash: letters as in BSD, or a process. */
static void bsd_word(struct ps *ps, const char *word)
{
	if (ps->format == FORMAT_SYSV)
		ps->format = FORMAT_BSD;
	if (*word >= '0' && *word <= '9') {
		keep_pids(ps, word);
		return;
	}
	for (; *word; word++) {
		switch (*word) {
		case 'a':
			ps->bsd_a = 1;
			break;
		case 'x':
			ps->bsd_x = 1;
			break;
		case 'u':
			ps->format = FORMAT_USER;
			break;
		case 'w':
			ps->wide = 1;
			break;
		default:
			opt_misuse(&applet_ps, "unsupported option (BSD syntax): '%c'", *word);
		}
	}
}

/* ---- which processes */

static int is_listed(const struct ps *ps, pid_t pid)
{
	const pid_t *list = (const pid_t *)(const void *)ps->pids.p;

	for (size_t i = 0; i < ps->pids.len / sizeof *list; i++)
		if (list[i] == pid)
			return 1;
	return 0;
}

static int is_selected(const struct ps *ps, const struct proc *p)
{
	if (ps->select == SELECT_ALL || (ps->bsd_a && ps->bsd_x))
		return 1;
	if (ps->select == SELECT_LIST)
		return is_listed(ps, p->pid);
	if (ps->bsd_a)
		return p->tty != 0;
	if (p->euid != ps->self.euid)
		return 0;
	if (ps->format == FORMAT_BSD || ps->format == FORMAT_USER || ps->bsd_x)
		return ps->bsd_x || p->tty != 0;
	return p->tty == ps->self.tty;
}

static unsigned needs_of(const struct ps *ps)
{
	unsigned need = 0;

	for (unsigned i = 0; i < ps->table.count; i++)
		need |= ps->table.picks[i].col->need;
	if (ps->select == SELECT_TTY && !(ps->bsd_a && ps->bsd_x))
		need |= PROC_STAT | PROC_OWNER;
	return need;
}

/* ---- printing */

static void offer(struct ps *ps, const struct proc *p, size_t node)
{
	struct ps_row row = { ps, p, node };

	if (!is_selected(ps, p))
		return;
	out_row(&ps->table, &row);
	ps->printed++;
}

static int show_tree(struct ps *ps, unsigned need)
{
	int r = tree_read(&ps->tree, ps->proc, (need & 0xff) | PROC_STAT | TREE_PIDNS);

	for (size_t i = 0; !r && i < ps->tree.count; i++)
		offer(ps, &ps->tree.node[i].p, i);
	tree_free(&ps->tree);
	return r;
}

static int show_walk(struct ps *ps, unsigned need)
{
	struct proc_walk w;
	struct proc p;
	int r = proc_open(&w, ps->proc, need & 0xff);

	if (r)
		return r;
	while ((r = proc_next(&w, &p)) == 1)
		offer(ps, &p, TREE_NONE);
	proc_close(&w);
	return r;
}

/* Numbers are as wide as the greatest there can be. */
static void widen_pids(struct ps *ps)
{
	size_t digits = proc_pid_digits(ps->proc);

	for (unsigned i = 0; i < ps->table.count; i++) {
		struct out_pick *p = &ps->table.picks[i];

		if ((p->col->need & NEED_PID_WIDTH) && !p->fixed && p->width < digits)
			p->width = digits;
	}
}

static void read_clocks(struct ps *ps)
{
	struct timespec boot, now;
	struct sysinfo info;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	ps->boot_ns = (uint64_t)boot.tv_sec * 1000000000u + (uint64_t)boot.tv_nsec;
	clock_gettime(CLOCK_REALTIME, &now);
	ps->now = now.tv_sec;
	/* The kernel's btime (proc_stat(5)): a whole second, so that a start does not flicker. */
	ps->boot_time = now.tv_sec - boot.tv_sec - (now.tv_nsec < boot.tv_nsec);
	ps->ticks_per_second = getauxval(AT_CLKTCK);
	if (!sysinfo(&info))
		ps->memory_kb = (uint64_t)info.totalram * info.mem_unit / 1024;
}

APPLET(ps, "list processes, with their numbers in every PID namespace",
       "[-eAf] [-p PID,...] [-o COLUMN,...] [aux]", rows, 0, 1, on_option)
{
	struct out o = { .fd = 1 };
	struct ps ps = { .table = {
				 .o = &o, .form = OUT_FIXED, OUT_USE(columns), .show = ps_show } };
	char **words = opt_parse(&applet_ps, run->argv, &ps);
	unsigned need;
	int r;

	for (; *words; words++)
		bsd_word(&ps, *words);
	if (!ps.table.count)
		pick_format(&ps);
	ps.proc = proc_mount(ps.proc_path);
	if (ps.proc < 0)
		die(47, ps.proc, "no /proc here; the cure is: mount -t proc proc /proc");
	add_pids(&ps);
	read_clocks(&ps);
	ps.table.utf8 = out_utf8();
	ps.table.screen = ps.wide ? 0 : out_screen();
	ps.table.no_header = ps.no_header;
	need = needs_of(&ps);
	if (need & NEED_PID_WIDTH)
		widen_pids(&ps);
	if (ps.select == SELECT_TTY)
		proc_get(ps.proc, 0, PROC_STAT | PROC_OWNER, NULL, &ps.self);
	out_begin(&ps.table);
	r = need & NEED_TREE ? show_tree(&ps, need) : show_walk(&ps, need);
	if (r)
		die(1, r, "cannot read processes");
	r = out_end(&ps.table);
	if (r == -EPIPE)
		return 0;
	if (r)
		die(1, r, "write error");
	return ps.printed ? 0 : 1;
}
