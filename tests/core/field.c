/* SPDX-License-Identifier: 0BSD */
/* The fields of a process: of one made up for it, of recorded ones, of ourselves. */
#include "test.h"
#include "help.h"
#include "field.h"
#include "ns.h"

#include <grp.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static const char cgroup[] = "1:name=systemd:/\n"
			     "0::/a.slice/x-0123456789abcdef0123456789abcdef0123456789abcdef"
			     "0123456789abcdef/y/fedcba9876543210fedcba9876543210fedcba9876543210"
			     "fedcba9876543210/z\n";
static const char lines[] = "Name:\tx\nNSpgid:\t7\t1\nNSsid:\t7\t0\nNStgid:\t8\t2\n"
			    "SigBlk:\t0000000000000000\nSigIgn:\t0000000000004000\n"
			    "SigCgt:\t0000000000000000\n";

static struct proc made_up(void)
{
	struct proc p = {
		.pid = 8,
		.ppid = 3,
		.pgid = 7,
		.sid = 7,
		.tpgid = -1,
		.state = 'S',
		.comm = "a\n)b",
		.comm_len = 4,
		.nice = -5,
		.priority = 15,
		.threads = 4,
		.utime_ticks = 6000,
		.stime_ticks = 90,
		.start_ticks = 0,
		.nspid = { 8, 2 },
		.levels = 2,
		.has_chain = 1,
		.tgid = 8,
		.ruid = 4000001,
		.rgid = 4000002,
		.euid = 0,
		.egid = 4000003,
		.vm_size_kb = 5000,
		.vm_rss_kb = 300,
		.lines = lines,
		.lines_len = sizeof lines - 1,
		.cmdline = "/bin/a\0b\nc\0\0",
		.cmdline_len = 12,
		.cgroup = cgroup,
		.cgroup_len = sizeof cgroup - 1,
	};

	return p;
}

/* What a field has, as text: "N12/10" with its unit, "T..." or "U". */
static const char *shown(struct fields *f, const char *name)
{
	static char text[600];
	struct filter_value v;
	int field = field_find(f, name, strlen(name));
	int len = 0;

	if (field < 0)
		return "there is none";
	memset(&v, 0xee, sizeof v);
	field_value(f, field, &v);
	if (v.kind == FILTER_UNKNOWN)
		return "U";
	if (v.kind != FILTER_TEXT)
		len = snprintf(text, sizeof text, "N%lld", (long long)v.number);
	if (v.kind == FILTER_NUMBER && v.scale)
		len += snprintf(text + len, sizeof text - (size_t)len, "/%u", (unsigned)v.scale);
	if (v.kind == FILTER_NUMBER && v.unit)
		len += snprintf(text + len, sizeof text - (size_t)len, " of %u", v.unit);
	if (v.kind != FILTER_NUMBER)
		snprintf(text + len, sizeof text - (size_t)len, "T%.*s", (int)v.len, v.text);
	return text;
}

TEST(values)
{
	static const char *const cases[][2] = {
		{ "pid", "N8" },
		{ "PID", "N8" },
		{ "tgid", "N8" },
		{ "ppid", "N3" },
		{ "pgid", "N7" },
		{ "pgrp", "N7" },
		{ "sid", "N7" },
		{ "sess", "N7" },
		{ "tpgid", "N-1" },
		{ "state", "TS" },
		{ "s", "TS" },
		{ "comm", "Ta\n)b" },
		{ "ucmd", "Ta\n)b" },
		{ "ucomm", "Ta\n)b" },
		{ "args", "T/bin/a b c" },
		{ "cmd", "T/bin/a b c" },
		{ "command", "T/bin/a b c" },
		{ "nice", "N-5" },
		{ "ni", "N-5" },
		{ "pri", "N24" },
		{ "nlwp", "N4" },
		{ "thcount", "N4" },
		{ "threads", "N4" },
		{ "rss", "N300 of 1024" },
		{ "rsz", "N300 of 1024" },
		{ "vsz", "N5000 of 1024" },
		{ "vsize", "N5000 of 1024" },
		{ "ruid", "N4000001" },
		{ "ruser", "N4000001" },
		{ "rgid", "N4000002" },
		{ "rgroup", "N4000002" },
		{ "uid", "N0" },
		{ "euid", "N0" },
		{ "user", "N0Troot" },
		{ "euser", "N0Troot" },
		{ "uname", "N0Troot" },
		{ "gid", "N4000003" },
		{ "egid", "N4000003" },
		{ "group", "N4000003" },
		{ "egroup", "N4000003" },
		{ "nspid", "T8,2" },
		{ "nspgid", "T7,1" },
		{ "nssid", "T7,0" },
		{ "nstgid", "T8,2" },
		{ "nslevel", "N1" },
		{ "cgroup", "T0::/a.slice/x-0123456789abcdef0123456789abcdef0123456789abcdef"
		            "0123456789abcdef/y/fedcba9876543210fedcba9876543210fedcba9876543210"
		            "fedcba9876543210/z" },
		{ "container", "Tfedcba987654" },
		{ "pidns", "U" }, /* it is not in this mount */
		{ "nsinit", "U" },
		{ "pidnsx", "there is none" },
		{ "", "there is none" },
		{ "containers", "there is none" },
	};
	struct proc p = made_up();
	struct fields f = { .proc = tree_fd("hidepid"), .p = &p };

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK_TEXT(shown(&f, cases[i][0]), cases[i][1]);
	CHECK_INT(field_find(&f, "pidfoo", 3), field_find(&f, "pid", 3));
	CHECK_INT(field_find(NULL, "pid", 2), -1);
	close(f.proc);
	field_free(&f);
}

static void check(struct fields *f, const char *name, const char *should)
{
	CHECK_TEXT(shown(f, name), should);
}

/* What is not there: the rules of ps. */
TEST(without)
{
	struct proc p = made_up();
	struct fields f = { .p = &p };

	p.cmdline_len = 0;
	check(&f, "args", "T[a\n)b]");
	p.cmdline_len = 12;
	p.state = 'Z';
	check(&f, "args", "T[a\n)b] <defunct>");
	p.cmdline = "\0\0";
	p.cmdline_len = 2;
	p.state = 'R';
	check(&f, "args", "T[a\n)b]");
	p.comm_len = 0;
	check(&f, "comm", "T");
	p.policy = 1;
	check(&f, "nice", "U");
	p.policy = 3;
	check(&f, "nice", "N-5");
	p.cgroup = "0::/\n";
	p.cgroup_len = 5;
	check(&f, "cgroup", "T"); /* it is known to be in none */
	check(&f, "container", "T");
	p.cgroup_len = 0;
	check(&f, "cgroup", "U");
	check(&f, "container", "U");
	p.lines = NULL;
	p.lines_len = 0;
	p.levels = 0;
	check(&f, "nspgid", "T7");
	check(&f, "nssid", "T7");
	check(&f, "nspid", "T8");
	field_free(&f);
}

/* The number 5 is usually that of a group and of a user of other names. */
TEST(groups_are_no_users)
{
	const struct group *group = getgrgid(5);
	struct proc p = { .rgid = 5 };
	struct fields f = { .p = &p };
	char want[80] = "N5";

	if (group)
		snprintf(want, sizeof want, "N5T%s", group->gr_name);
	check(&f, "rgroup", want);
	field_free(&f);
}

/* Only what is asked for is to be read. */
TEST(want)
{
	static const struct {
		const char *name;
		unsigned want;
	} cases[] = {
		{ "pid", 0 },
		{ "pidns", 0 },
		{ "user", PROC_OWNER },
		{ "comm", PROC_STAT },
		{ "args", PROC_STAT | PROC_CMDLINE },
		{ "ruid", PROC_STATUS },
		{ "rss", PROC_STATUS | PROC_MEMORY },
		{ "container", PROC_CGROUP },
		{ "nspgid", PROC_STAT | PROC_STATUS | PROC_LINES },
	};
	struct fields all = { 0 };
	unsigned want = 0;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fields f = { 0 };

		field_find(&f, cases[i].name, strlen(cases[i].name));
		CHECK_INT(f.want, cases[i].want);
		field_find(&all, cases[i].name, strlen(cases[i].name));
		want |= cases[i].want;
	}
	CHECK_INT(all.want, want);
}

static const char *recorded(struct fields *f, pid_t pid, const char *name)
{
	static struct proc p;
	static struct str text;
	const char *value;

	f->want = 0;
	field_find(f, name, strlen(name));
	text.len = 0;
	if (proc_get(f->proc, pid, f->want, &text, &p))
		return "not there";
	f->p = &p;
	value = shown(f, name);
	str_free(&text);
	return value;
}

TEST(recorded)
{
	struct fields f = { .proc = tree_fd("host-with-containers") };
	int fds = count_fds();

	CHECK_TEXT(recorded(&f, 23005, "nsinit"), "N23002");
	CHECK_TEXT(recorded(&f, 23005, "nspid"), "T23005,2");
	CHECK_TEXT(recorded(&f, 23005, "nslevel"), "N1");
	CHECK_TEXT(recorded(&f, 23005, "container"), "T9a7e00c4d512");
	CHECK_TEXT(recorded(&f, 310, "container"), "T");
	CHECK_TEXT(recorded(&f, 310, "nsinit"), "N1");
	CHECK_INT(count_fds(), fds);
	/* with other numbers, as in another namespace, the files are those of `pid` */
	f.p = &(struct proc){ .pid = 2 };
	f.pid = 23005;
	CHECK_TEXT(shown(&f, "nsinit"), "N23002");
	CHECK_TEXT(shown(&f, "pid"), "N2");
	close(f.proc);
	field_free(&f);
}

static const char *number(unsigned long long n)
{
	static char text[32];

	snprintf(text, sizeof text, "N%llu", n);
	return text;
}

static int sleeper(void *unused)
{
	(void)unused;
	signal(SIGTERM, SIG_IGN);
	return raise(SIGSTOP);
}

/* Ourselves, and a child that ignores TERM. */
TEST(live)
{
	struct fields f = { .proc = proc_mount(NULL) };
	uint64_t inode;
	pid_t pid = fork_into(0);
	char text[64];
	int status;

	if (!pid)
		_exit(sleeper(NULL));
	waitpid(pid, &status, WUNTRACED);
	for (int kind = 0; kind < NS_N; kind++) {
		if (ns_id(f.proc, 0, (enum ns_kind)kind, &inode))
			continue;
		snprintf(text, sizeof text, "%sns", ns_kinds[kind].name);
		CHECK_TEXT(recorded(&f, pid, text), number(inode));
	}
	CHECK_TEXT(recorded(&f, pid, "sigterm"), "Tignored");
	CHECK_TEXT(recorded(&f, pid, "ppid"), number((unsigned long long)getpid()));
	CHECK_TEXT(recorded(&f, pid, "state"), "TT");
	CHECK_TEXT(recorded(&f, pid, "time"), "N0");
	CHECK_TEXT(recorded(&f, pid, "uid"), number(geteuid()));
	kill(pid, SIGKILL);
	waitid(P_PID, (id_t)pid, NULL, WEXITED | WNOWAIT);
	CHECK_TEXT(recorded(&f, pid, "sigterm"), "U");
	CHECK_TEXT(recorded(&f, pid, "state"), "TZ");
	waitpid(pid, &status, 0);
	close(f.proc);
	field_free(&f);
}

/* The clock: a process as old as the machine that has worked half of the time. */
TEST(times)
{
	struct proc p = made_up();
	struct fields f = { .p = &p };
	struct timespec boot;
	uint64_t ticks = (uint64_t)sysconf(_SC_CLK_TCK);
	struct filter_value v;

	p.utime_ticks = 61 * ticks;
	p.stime_ticks = 90 * ticks - 1;
	check(&f, "time", "N150");
	check(&f, "cputime", "N150");
	check(&f, "times", "N150");
	check(&f, "cputimes", "N150");
	clock_gettime(CLOCK_BOOTTIME, &boot);
	field_value(&f, field_find(&f, "etimes", 6), &v);
	CHECK(v.number <= boot.tv_sec && v.number >= boot.tv_sec - 5);
	field_value(&f, field_find(&f, "etime", 5), &v);
	CHECK(v.number <= boot.tv_sec && v.number >= boot.tv_sec - 5);
	p.stime_ticks = 0;
	p.utime_ticks = f.boot_ticks / 2 + 1;
	check(&f, "pcpu", "N500/10");
	check(&f, "%cpu", "N500/10");
	p.start_ticks = f.boot_ticks + 1; /* it has started since */
	check(&f, "%cpu", "N0/10");
	check(&f, "etime", "N0");
	field_free(&f);
}

static int matches(struct fields *f, const char *text)
{
	struct filter filter;
	struct filter_error e;
	int r = filter_parse(&filter, text, field_find, f, &e);

	if (!r)
		r = filter_match(&filter, field_value, f);
	filter_free(&filter);
	return r;
}

/* The two rooms together. */
TEST(filters)
{
	struct proc p = made_up();
	struct fields f = { .p = &p };

	CHECK_INT(matches(&f, "user == 'root' and user == 0 and group == 4000003"), 1);
	CHECK_INT(matches(&f, "rss > 200K and rss < 1M and rss == 300 and vsz > rss"), 1);
	CHECK_INT(matches(&f, "args =~ 'b c$' and comm =~ '^a.\\)b$' and state != 'Z'"), 1);
	CHECK_INT(matches(&f, "nspid =~ ',2$' and nslevel and container =~ '^fedc'"), 1);
	CHECK_INT(matches(&f, "time > 0:01 and not etime > 100000-00:00"), 1);
	CHECK_INT(matches(&f, "pid != 8 or tpgid >= 0"), 0);
	CHECK_INT(matches(&f, "nobody == 8"), -EINVAL);
	field_free(&f);
}
