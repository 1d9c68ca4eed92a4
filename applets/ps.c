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
#include "ns.h"
#include "out.h"
#include "pid.h"
#include "proc.h"
#include "sys.h"
#include "user.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/sysinfo.h>
#include <time.h>

enum { NEED_TREE = 1 << 8, NEED_PID_WIDTH = 1 << 9, NEED_UNAMBIGUOUS = 1 << 10 };

enum ps_select { SELECT_TTY, SELECT_ALL, SELECT_LIST };
enum ps_format { FORMAT_SYSV, FORMAT_BSD, FORMAT_FULL, FORMAT_USER };

struct ps {
	int select, format, no_header, bsd_a, bsd_x, wide;
	const char *proc_path;
	struct str pids; /* the pid_t of -p */
	struct str line; /* a command line being written */
	struct out_table table;
	struct user_db users;
	int proc;
	struct proc_tree tree;
	uint64_t boot_ns, ticks_per_second, memory_kb;
	time_t now;
	struct proc self;
	unsigned long printed;
};

/* What a getter gets. */
struct ps_row {
	struct ps *ps;
	const struct proc *p;
	size_t node; /* in the tree, when a column needs it */
};

#define ROW(row) const struct ps_row *r = row; const struct proc *p = r->p; (void)p

/* ---- getters */

static void get_number(struct out_table *t, int64_t v)
{
	char text[24];

	if (v >= 0)
		out_cell_number(t, (uint64_t)v);
	else
		out_cell(t, text, str_format(text, sizeof text, "%lld", (long long)v));
}

#define NUMBER_COLUMN(name, value)                                   \
	static void get_##name(struct out_table *t, const void *row) \
	{                                                            \
		ROW(row);                                            \
		get_number(t, (int64_t)(value));                     \
	}

NUMBER_COLUMN(pid, p->pid)
NUMBER_COLUMN(ppid, p->ppid)
NUMBER_COLUMN(pgid, p->pgid)
NUMBER_COLUMN(sid, p->sid)
NUMBER_COLUMN(tpgid, p->tpgid)
NUMBER_COLUMN(euid, p->euid)
NUMBER_COLUMN(egid, p->egid)
NUMBER_COLUMN(ruid, p->ruid)
NUMBER_COLUMN(rgid, p->rgid)
NUMBER_COLUMN(vsz, p->vm_size_kb)
NUMBER_COLUMN(rss, p->vm_rss_kb)
NUMBER_COLUMN(nlwp, p->threads)
NUMBER_COLUMN(psr, p->cpu)
NUMBER_COLUMN(pri, 39 - p->priority)

/* A name if it fits, else cut with '+'; so is the number of a user without a name. */
static void user_cell(const struct ps_row *r, struct out_table *t, uid_t uid)
{
	size_t width = t->picks[t->cell].width, len;
	const char *name = user_name(&r->ps->users, uid, &len);
	char text[40];

	if (!name || len >= sizeof text - 1)
		len = str_format(text, sizeof text, "%u", uid);
	else
		memcpy(text, name, len);
	if (len > width) {
		len = width;
		text[len - 1] = '+';
	}
	out_cell(t, text, len);
}

static void get_user(struct out_table *t, const void *row)
{
	ROW(row);
	user_cell(r, t, p->euid);
}

static void get_ruser(struct out_table *t, const void *row)
{
	ROW(row);
	user_cell(r, t, p->ruid);
}

static void get_comm(struct out_table *t, const void *row)
{
	ROW(row);
	char text[PROC_COMM + 16];

	out_cell(t, text, str_format(text, sizeof text, "%.*s%s", (int)p->comm_len, p->comm,
	                             p->state == 'Z' ? " <defunct>" : ""));
}

/* The command line with blanks between its words; without one the name in brackets. */
static void get_args(struct out_table *t, const void *row)
{
	ROW(row);
	size_t len = p->cmdline_len;
	char text[PROC_COMM + 16];
	struct str *line = &r->ps->line;

	while (len && !p->cmdline[len - 1])
		len--;
	if (!len || p->state == 'Z') {
		out_cell(t, text, str_format(text, sizeof text, "[%.*s]%s", (int)p->comm_len, p->comm,
		                             p->state == 'Z' ? " <defunct>" : ""));
		return;
	}
	line->len = 0;
	if (str_add(line, p->cmdline, len)) {
		t->err = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < len; i++)
		if (!line->p[i] || line->p[i] == '\n')
			line->p[i] = ' ';
	out_cell(t, line->p, len);
}

/* From the number of the device (devices.txt of the kernel): there may be no /dev to look into. */
static void get_tty(struct out_table *t, const void *row)
{
	ROW(row);
	unsigned tty = (unsigned)p->tty, major = tty >> 8 & 0xfff;
	unsigned minor = (tty & 0xff) | (tty >> 12 & 0xfff00);
	char text[24] = "?";

	if (major >= 136 && major <= 143)
		str_format(text, sizeof text, "pts/%u", (major - 136) * 256 + minor);
	else if (major == 4 && minor < 64)
		str_format(text, sizeof text, "tty%u", minor);
	else if (major == 4)
		str_format(text, sizeof text, "ttyS%u", minor - 64);
	else if (major == 5 && minor == 1)
		strcpy(text, "console");
	else if (tty)
		str_format(text, sizeof text, "%u:%u", major, minor);
	out_cell_text(t, text);
}

static void get_state(struct out_table *t, const void *row)
{
	ROW(row);
	out_cell(t, &p->state, 1);
}

static void get_stat(struct out_table *t, const void *row)
{
	ROW(row);
	char text[8];
	size_t len = 0;

	text[len++] = p->state;
	if (p->nice)
		text[len++] = p->nice < 0 ? '<' : 'N';
	if (p->vm_lock_kb)
		text[len++] = 'L';
	if (p->sid == p->pid)
		text[len++] = 's';
	if (p->threads > 1)
		text[len++] = 'l';
	if (p->tpgid == p->pgid)
		text[len++] = '+';
	out_cell(t, text, len);
}

static void get_nice(struct out_table *t, const void *row)
{
	ROW(row);
	if (p->policy == 0 || p->policy == 3) /* SCHED_OTHER and SCHED_BATCH: the others have none */
		get_number(t, p->nice);
	else
		out_cell(t, "-", 1);
}

/* ---- time */

static uint64_t cpu_ticks(const struct proc *p)
{
	return p->utime_ticks + p->stime_ticks;
}

static uint64_t elapsed_ticks(const struct ps_row *r)
{
	uint64_t hz = r->ps->ticks_per_second;
	uint64_t now = r->ps->boot_ns / 1000000000u * hz + r->ps->boot_ns % 1000000000u * hz / 1000000000u;

	return now > r->p->start_ticks ? now - r->p->start_ticks : 0;
}

/* [DD-]HH:MM:SS; with `short_form` the hours only when there are any. */
static void duration_cell(struct out_table *t, uint64_t s, int short_form)
{
	unsigned long long days = s / 86400;
	unsigned h = (unsigned)(s / 3600 % 24), m = (unsigned)(s / 60 % 60);
	char text[40];
	size_t len = days ? str_format(text, sizeof text, "%llu-", days) : 0;

	if (days || h || !short_form)
		len += str_format(text + len, sizeof text - len, "%02u:", h);
	len += str_format(text + len, sizeof text - len, "%02u:%02u", m, (unsigned)(s % 60));
	out_cell(t, text, len);
}

static void get_time(struct out_table *t, const void *row)
{
	ROW(row);
	duration_cell(t, cpu_ticks(p) / r->ps->ticks_per_second, 0);
}

static void get_bsdtime(struct out_table *t, const void *row)
{
	ROW(row);
	unsigned long long s = cpu_ticks(p) / r->ps->ticks_per_second;
	char text[32];

	out_cell(t, text, str_format(text, sizeof text, "%3llu:%02llu", s / 60, s % 60));
}

static void get_etime(struct out_table *t, const void *row)
{
	ROW(row);
	duration_cell(t, elapsed_ticks(r) / r->ps->ticks_per_second, 1);
}

NUMBER_COLUMN(etimes, elapsed_ticks(r) / r->ps->ticks_per_second)

/* HH:MM today, MonDD this year, else the year. */
static void get_start(struct out_table *t, const void *row)
{
	ROW(row);
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t start = r->ps->now - (time_t)(elapsed_ticks(r) / r->ps->ticks_per_second);
	struct tm then, now;
	char text[16];

	localtime_r(&start, &then);
	localtime_r(&r->ps->now, &now);
	if (then.tm_year != now.tm_year)
		str_format(text, sizeof text, "%04d", then.tm_year + 1900);
	else if (then.tm_yday != now.tm_yday)
		str_format(text, sizeof text, "%.*s%02d", 3, months + 3 * then.tm_mon, then.tm_mday);
	else
		str_format(text, sizeof text, "%02d:%02d", then.tm_hour, then.tm_min);
	out_cell_text(t, text);
}

/* CPU time by life time, in thousandths. */
static uint64_t cpu_permille(const struct ps_row *r)
{
	uint64_t elapsed = elapsed_ticks(r);

	return elapsed ? cpu_ticks(r->p) * 1000 / elapsed : 0;
}

/* Thousandths as a percentage with one decimal, from 100 on without. */
static void percent_cell(struct out_table *t, uint64_t permille)
{
	char text[24];
	unsigned long long v = permille;

	out_cell(t, text, v < 1000 ? str_format(text, sizeof text, "%llu.%llu", v / 10, v % 10)
	                           : str_format(text, sizeof text, "%llu", v / 10));
}

static void get_pcpu(struct out_table *t, const void *row)
{
	ROW(row);
	percent_cell(t, cpu_permille(r));
}

static void get_pmem(struct out_table *t, const void *row)
{
	ROW(row);
	uint64_t permille = r->ps->memory_kb ? p->vm_rss_kb * 1000 / r->ps->memory_kb : 0;

	percent_cell(t, permille > 999 ? 999 : permille);
}

static void get_c(struct out_table *t, const void *row)
{
	ROW(row);
	uint64_t percent = cpu_permille(r) / 10;

	out_cell_number(t, percent > 99 ? 99 : percent);
}

/* ---- namespaces */

static void get_nspid(struct out_table *t, const void *row)
{
	ROW(row);
	char text[PROC_LEVELS * 12];
	size_t len = 0;

	for (int i = 0; i < p->levels; i++)
		len += str_format(text + len, sizeof text - len, "%s%d", i ? "," : "", p->nspid[i]);
	out_cell(t, text, len);
}

NUMBER_COLUMN(nslevel, p->levels - 1)

static void ns_cell(struct out_table *t, const struct ps_row *r, enum ns_kind kind)
{
	uint64_t inode;

	if (ns_id(r->ps->proc, r->p->pid, kind, &inode))
		out_cell_none(t);
	else
		out_cell_number(t, inode);
}

#define NS_COLUMN(kind, name)                                          \
	static void get_##name##ns(struct out_table *t, const void *row) \
	{                                                              \
		ROW(row);                                              \
		ns_cell(t, r, kind);                                   \
	}

NS_COLUMN(NS_PID, pid)
NS_COLUMN(NS_USER, user)
NS_COLUMN(NS_MNT, mnt)
NS_COLUMN(NS_NET, net)
NS_COLUMN(NS_IPC, ipc)
NS_COLUMN(NS_UTS, uts)
NS_COLUMN(NS_CGROUP, cgroup)
NS_COLUMN(NS_TIME, time)

static void get_nsinit(struct out_table *t, const void *row)
{
	ROW(row);
	const struct proc_tree *tree = &r->ps->tree;
	size_t init = proc_tree_nsinit(tree, r->node);

	if (init == PROC_NONE)
		out_cell_none(t);
	else
		out_cell_number(t, (uint64_t)tree->node[init].p.pid);
}

/* ---- columns */

enum { R = OUT_RIGHT, RN = OUT_RIGHT | OUT_NUM };
#define COL(name, header, width, flags, need, get, help) \
	{ name "\0" header "\0" IF_HELP(help), need, width, flags, get }
#define PIDS (PROC_STAT | NEED_PID_WIDTH)

static const struct out_col columns[] = {
	COL("pid", "PID", 5, RN, NEED_PID_WIDTH, get_pid, "process number"),
	COL("tgid", "TGID", 5, RN, NEED_PID_WIDTH, get_pid, "the same"),
	COL("ppid", "PPID", 5, RN, PIDS, get_ppid, "parent; 0: outside the PID namespace"),
	COL("pgid", "PGID", 5, RN, PIDS, get_pgid, "process group; 0: of another PID namespace"),
	COL("pgrp", "PGRP", 5, RN, PIDS, get_pgid, "the same"),
	COL("sid", "SID", 5, RN, PIDS, get_sid, "session; 0: of another PID namespace"),
	COL("sess", "SESS", 5, RN, PIDS, get_sid, "the same"),
	COL("tpgid", "TPGID", 5, RN, PIDS, get_tpgid, "foreground process group of the terminal"),
	COL("nspid", "NSPID", 11, 0, PROC_STATUS, get_nspid,
	    "its numbers from here to its own PID namespace"),
	COL("nslevel", "NSLVL", 5, RN, PROC_STATUS, get_nslevel, "PID namespaces below this one"),
	COL("nsinit", "NSINIT", 6, RN, PROC_STATUS | NEED_TREE | NEED_PID_WIDTH, get_nsinit,
	    "the init of its PID namespace, which reaps its orphans"),
	COL("pidns", "PIDNS", 10, RN, 0, get_pidns, "PID namespace (inode)"),
	COL("userns", "USERNS", 10, RN, 0, get_userns, "user namespace"),
	COL("mntns", "MNTNS", 10, RN, 0, get_mntns, "mount namespace"),
	COL("netns", "NETNS", 10, RN, 0, get_netns, "network namespace"),
	COL("ipcns", "IPCNS", 10, RN, 0, get_ipcns, "IPC namespace"),
	COL("utsns", "UTSNS", 10, RN, 0, get_utsns, "UTS namespace"),
	COL("cgroupns", "CGROUPNS", 10, RN, 0, get_cgroupns, "cgroup namespace"),
	COL("timens", "TIMENS", 10, RN, 0, get_timens, "time namespace"),
	COL("user", "USER", 8, 0, PROC_OWNER, get_user, "effective user"),
	COL("euser", "EUSER", 8, 0, PROC_OWNER, get_user, "the same"),
	COL("uid_hack", "UID", 8, 0, PROC_OWNER, get_user, "the same"),
	COL("ruser", "RUSER", 8, 0, PROC_STATUS, get_ruser, "real user"),
	COL("uid", "UID", 5, RN, PROC_OWNER, get_euid, "effective user id"),
	COL("euid", "EUID", 5, RN, PROC_OWNER, get_euid, "the same"),
	COL("ruid", "RUID", 5, RN, PROC_STATUS, get_ruid, "real user id"),
	COL("gid", "GID", 5, RN, PROC_OWNER, get_egid, "effective group id"),
	COL("egid", "EGID", 5, RN, PROC_OWNER, get_egid, "the same"),
	COL("rgid", "RGID", 5, RN, PROC_STATUS, get_rgid, "real group id"),
	COL("tty", "TT", 8, 0, PROC_STAT, get_tty, "terminal"),
	COL("tt", "TT", 8, 0, PROC_STAT, get_tty, "the same"),
	COL("tname", "TTY", 8, 0, PROC_STAT, get_tty, "the same"),
	COL("s", "S", 1, 0, PROC_STAT, get_state, "state"),
	COL("state", "S", 1, 0, PROC_STAT, get_state, "the same"),
	COL("stat", "STAT", 4, 0, PROC_STAT | PROC_STATUS, get_stat,
	    "state; < N nice, L locked, s session leader, l threads, + foreground"),
	COL("time", "TIME", 8, R, PROC_STAT, get_time, "CPU time"),
	COL("cputime", "TIME", 8, R, PROC_STAT, get_time, "the same"),
	COL("bsdtime", "TIME", 6, R, PROC_STAT, get_bsdtime, "CPU time, minutes and seconds"),
	COL("etime", "ELAPSED", 11, R, PROC_STAT, get_etime, "time since the start"),
	COL("etimes", "ELAPSED", 7, RN, PROC_STAT, get_etimes, "the same in seconds"),
	COL("stime", "STIME", 5, R, PROC_STAT, get_start, "time or date of the start"),
	COL("start_time", "START", 5, R, PROC_STAT, get_start, "the same"),
	COL("c", "C", 2, RN, PROC_STAT, get_c, "CPU use in percent of the life time"),
	COL("pcpu", "%CPU", 4, R, PROC_STAT, get_pcpu, "the same with a decimal"),
	COL("%cpu", "%CPU", 4, R, PROC_STAT, get_pcpu, "the same"),
	COL("pmem", "%MEM", 4, R, PROC_STATUS, get_pmem, "resident memory in percent"),
	COL("%mem", "%MEM", 4, R, PROC_STATUS, get_pmem, "the same"),
	COL("vsz", "VSZ", 6, RN, PROC_STATUS, get_vsz, "virtual memory in KiB"),
	COL("rss", "RSS", 5, RN, PROC_STATUS, get_rss, "resident memory in KiB"),
	COL("ni", "NI", 3, R, PROC_STAT, get_nice, "nice value"),
	COL("pri", "PRI", 3, R, PROC_STAT, get_pri, "priority, higher is more urgent"),
	COL("nlwp", "NLWP", 4, RN, PROC_STAT, get_nlwp, "threads"),
	COL("psr", "PSR", 3, RN, PROC_STAT, get_psr, "processor it last ran on"),
	COL("comm", "COMMAND", 15, OUT_WIDE, PROC_STAT, get_comm, "name"),
	COL("ucmd", "CMD", 15, OUT_WIDE, PROC_STAT, get_comm, "the same"),
	COL("args", "COMMAND", 27, OUT_WIDE, PROC_STAT | PROC_CMDLINE, get_args, "command line"),
	COL("command", "COMMAND", 27, OUT_WIDE, PROC_STAT | PROC_CMDLINE, get_args, "the same"),
	COL("cmd", "CMD", 27, OUT_WIDE, PROC_STAT | PROC_CMDLINE, get_args, "the same"),
};

/* Adds one item of a -o list: NAME[:WIDTH][=HEADER]. */
static void pick(struct ps *ps, char *item)
{
	char *header = strchr(item, '='), *width_text;
	const struct out_col *col;
	uint64_t width = 0;

	if (header)
		*header++ = 0;
	width_text = strchr(item, ':');
	if (width_text) {
		*width_text++ = 0;
		if (str_number(width_text, 4096, &width) || !width)
			die(1, 0, "column widths must be unsigned decimal numbers");
	}
	col = out_find(columns, sizeof columns / sizeof *columns, item, strlen(item));
	if (!col)
		die(1, 0, "unknown user-defined format specifier \"%s\"", item);
	if (out_pick(&ps->table, col, header))
		die(1, 0, "more than %d columns", OUT_COLS);
	if (width)
		ps->table.picks[ps->table.count - 1].width = (size_t)width;
}

/* A list is split at commas and blanks; a header reaches to the end of its item. */
static void pick_list(struct ps *ps, char *list)
{
	if (!*list)
		die(1, 0, "empty format list");
	while (*list) {
		char *end = list + strcspn(list, ", \t"), last = *end;

		*end = 0;
		pick(ps, list);
		list = end + (last != 0);
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
	char list[64];

	strcpy(list, formats[ps->format]);
	pick_list(ps, list);
}

/* ---- options */

extern const struct applet applet_ps;

enum { P_PID, P_FORMAT };
#define OPTS struct ps

static const struct opt rows[] = {
	OPT('e', "", "", OPT_SET, select, SELECT_ALL, "all processes"),
	OPT('A', "", "", OPT_SET, select, SELECT_ALL, "all processes"),
	OPT('f', "", "", OPT_SET, format, FORMAT_FULL, "full format"),
	OPT_('p', "pid", "PID", OPT_CALL, P_PID, "these processes: a list of PID or PID@REF"),
	OPT_('o', "format", "COLUMN", OPT_CALL, P_FORMAT,
	    "these columns: a list of NAME[:WIDTH][=HEADER]; repeatable"),
	OPT('w', "", "", OPT_SET, wide, 1, "do not cut lines"),
	OPT(0, "no-headers", "", OPT_SET, no_header, 1, "no header line"),
	OPT(0, "proc", "DIR", OPT_TEXT, proc_path, 0, "read another mount of proc, or a recorded one"),
	OPT_(0, "help", "", OPT_HELP, 0, "show this help and exit"),
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit"),
};

static void add_pid(struct ps *ps, const char *text)
{
	struct str why = { 0 };
	pid_t pid;
	int proc = proc_mount(ps->proc_path), r;

	r = proc < 0 ? proc : pid_resolve(proc, text, &pid, &why);
	if (r)
		die_pid(1, r, text, &why);
	close(proc);
	if (str_add(&ps->pids, (const char *)&pid, sizeof pid))
		die(1, -ENOMEM, "cannot select");
	ps->select = SELECT_LIST;
}

static void add_pids(struct ps *ps, char *list)
{
	while (*list) {
		char *end = list + strcspn(list, ", \t"), last = *end;

		*end = 0;
		add_pid(ps, list);
		list = end + (last != 0);
	}
}

static void on_option(void *to, const struct opt *o, const char *arg)
{
	if (o->value == P_PID)
		add_pids(to, (char *)arg);
	else
		pick_list(to, (char *)arg);
}

/* A word without a dash: letters as in BSD, or a process. */
static void bsd_word(struct ps *ps, const char *word)
{
	if (*word >= '0' && *word <= '9') {
		add_pid(ps, word);
		return;
	}
	if (ps->format == FORMAT_SYSV)
		ps->format = FORMAT_BSD;
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

static void show(struct ps *ps, const struct proc *p, size_t node)
{
	struct ps_row row = { ps, p, node };

	if (!is_selected(ps, p))
		return;
	out_row(&ps->table, &row);
	ps->printed++;
}

static int show_tree(struct ps *ps, unsigned need)
{
	int r = proc_tree_read(&ps->tree, ps->proc, (need & 0xff) | PROC_STAT | PROC_PIDNS);

	for (size_t i = 0; !r && i < ps->tree.count; i++)
		show(ps, &ps->tree.node[i].p, i);
	proc_tree_free(&ps->tree);
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
		show(ps, &p, PROC_NONE);
	proc_close(&w);
	return r;
}

/* Numbers are as wide as the greatest there can be. */
static void widen_pids(struct ps *ps)
{
	size_t digits = proc_pid_digits(ps->proc);

	for (unsigned i = 0; i < ps->table.count; i++) {
		struct out_pick *p = &ps->table.picks[i];

		if ((p->col->need & NEED_PID_WIDTH) && p->width < digits)
			p->width = digits;
	}
}

static void read_clocks(struct ps *ps)
{
	struct timespec boot;
	struct sysinfo info;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	ps->boot_ns = (uint64_t)boot.tv_sec * 1000000000u + (uint64_t)boot.tv_nsec;
	ps->now = time(NULL);
	ps->ticks_per_second = getauxval(AT_CLKTCK);
	if (!sysinfo(&info))
		ps->memory_kb = (uint64_t)info.totalram * info.mem_unit / 1024;
}

APPLET(ps, "list processes, with their numbers in every PID namespace",
       "[-eAf] [-p PID,...] [-o COLUMN,...] [aux]", rows, 0, 1, on_option)
{
	struct out o = { .fd = 1 };
	struct ps ps = { .table = { .o = &o, .form = OUT_FIXED } };
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
