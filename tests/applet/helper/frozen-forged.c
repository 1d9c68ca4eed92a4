/* SPDX-License-Identifier: 0BSD */
/* Figures that no process of a test can have: files are mounted over those of /proc. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#include "frozen.h"

void forge(pid_t pid, const char *name, const char *text)
{
	static int count;
	char path[64], over[64];

	snprintf(path, sizeof path, "forged.%d", count++);
	save(path, text);
	snprintf(over, sizeof over, "/proc/%d/%s", (int)pid, name);
	check(!mount(path, over, NULL, MS_BIND, NULL), over);
	snprintf(over, sizeof over, "/proc/%d/task/%d/%s", (int)pid, (int)pid, name);
	if (!access(over, F_OK))
		check(!mount(path, over, NULL, MS_BIND, NULL), over);
}

static long long ticks_at_age(long long age_s)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return ((long long)now.tv_sec - age_s) * sysconf(_SC_CLK_TCK);
}

enum { FIELDS = 64, STATE_FIELD = 3, START_FIELD = 22 };

void forge_stat(pid_t pid, const char *comm, const char *fields)
{
	char path[64], text[4096], out[8192], changes[1024], age[32];
	const char *field[FIELDS] = { 0 };
	char *open_paren, *close_paren, *save_word;
	int count = 2, len;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	slurp(path, text, sizeof text);
	open_paren = strchr(text, '(');
	close_paren = strrchr(text, ')');
	*close_paren = 0;
	for (char *word = strtok_r(close_paren + 1, " \n", &save_word); word && count < FIELDS - 1;
	     word = strtok_r(NULL, " \n", &save_word))
		field[++count] = word;
	/* It may not be asleep yet. */
	field[STATE_FIELD] = "S";
	snprintf(changes, sizeof changes, "%s", fields);
	for (char *word = strtok_r(changes, " ", &save_word); word;
	     word = strtok_r(NULL, " ", &save_word)) {
		char *value = strchr(word, '=') + 1;

		if (!strncmp(word, "age=", 4)) {
			snprintf(age, sizeof age, "%lld", ticks_at_age(atoll(value)));
			field[START_FIELD] = age;
		} else {
			field[atoi(word)] = value;
		}
	}
	len = snprintf(out, sizeof out, "%d (%s)", (int)pid, comm ? comm : open_paren + 1);
	for (int i = 3; i <= count; i++)
		len += snprintf(out + len, sizeof out - (size_t)len, " %s", field[i]);
	snprintf(out + len, sizeof out - (size_t)len, "\n");
	forge(pid, "stat", out);
}

void forge_status(pid_t pid, const char *lines)
{
	char path[64], text[4096], out[8192], all[512];
	char *save_line;
	int len = 0;

	/* It may not be asleep yet. The first of two counts. */
	snprintf(all, sizeof all, "%s|State:\tS (sleeping)", lines);
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	slurp(path, text, sizeof text);
	for (char *line = strtok_r(text, "\n", &save_line); line;
	     line = strtok_r(NULL, "\n", &save_line)) {
		size_t key = strcspn(line, ":") + 1;
		const char *change = all;

		while (change && strncmp(change, line, key) != 0) {
			change = strchr(change, '|');
			change += change != NULL;
		}
		if (change)
			len += snprintf(out + len, sizeof out - (size_t)len, "%.*s%.*s\n", (int)key,
			                line, (int)strcspn(change + key, "|"), change + key);
		else
			len += snprintf(out + len, sizeof out - (size_t)len, "%s\n", line);
	}
	forge(pid, "status", out);
}

struct forged {
	const char *comm, *stat, *status;
};

/* Other files of /proc that hold one value or few. */
static void make_forged_files(void)
{
	static const char *const all[][2] = {
		{ "cgroup", "0::/\n" },
		{ "cgroup", "0::/system.slice/ssh.service\n" },
		{ "cgroup",
		  "1:name=systemd:/system.slice/cron.service\n0::/system.slice/cron.service\n" },
		{ "cgroup", "1:name=systemd:/user.slice/user-1000.slice/session-3.scope\n"
		            "0::/user.slice/user-1000.slice/session-3.scope\n" },
		{ "cgroup",
		  "0::/user.slice/user-1000.slice/user@1000.service/app.slice/a.service\n" },
		{ "cgroup", "1:name=systemd:/machine.slice/machine-box.scope\n0::/machine.slice/"
		            "machine-box.scope\n" },
		{ "cgroup", "12:pids:/lxc/web\n1:name=systemd:/lxc/web\n" },
		{ "cgroup", "0::/lxc.payload.web1/init.scope\n" },
		{ "cgroup", "0::/lxc.payload/web2\n" },
		{ "cgroup", "4:memory:/docker/"
		            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n" },
		{ "cgroup",
		  "0::/system.slice/docker-0123456789abcdef0123456789abcdef0123456789abcdef"
		  "0123456789abcdef.scope\n" },
		{ "cgroup", "3:cpu,cpuacct:/a b\n2:memory:/\n0::/c\\040d\n" },
		{ "cgroup", "0::/\033[31m\346\227\245\n" },
		{ "cgroup", "" },
		{ "cgroup", "no colon\n" },
		{ "wchan", "0" },
		{ "wchan", "" },
		{ "wchan", "_underscore" },
		{ "wchan", ".dot" },
		{ "wchan", "a_function_with_a_very_long_name_indeed" },
		{ "oom_score", "1999\n" },
		{ "oom_score", "99999\n" },
		{ "oom_score_adj", "-1000\n" },
		{ "loginuid", "1000" },
		{ "loginuid", "0" },
		{ "loginuid", "70003" },
		{ "autogroup", "/autogroup-123 nice 5\n" },
		{ "autogroup", "/autogroup-1234567 nice -20\n" },
		{ "io", "rchar: 1\nwchar: 22\nsyscr: 333\nsyscw: 4444\nread_bytes: 55555\n"
		        "write_bytes: 666666\ncancelled_write_bytes: 7777777\n" },
		{ "io",
		  "rchar: 123456789012\nwchar: 123456789013\nsyscr: 4294967296\nsyscw: 4294967297\n"
		  "read_bytes: 99999999999\nwrite_bytes: 99999999998\ncancelled_write_bytes: 1\n" },
		{ "attr/current", "docker-default (enforce)\n" },
		{ "attr/current", "system_u:system_r:a_very_long_type_name_t:s0-s0:c0.c1023" },
		{ "attr/current", "esc\033[31m\n" },
		{ "attr/current", "" },
		{ "smaps_rollup", "00400000-7fff00000000 ---p 00000000 00:00 0 [rollup]\n"
		                  "Rss: 99999 kB\nPss: 12345 kB\nPss_Dirty: 9 kB\n"
		                  "Shared_Clean: 7 kB\nPrivate_Clean: 100 kB\n"
		                  "Private_Dirty: 20 kB\nShared_Hugetlb: 2048 kB\n"
		                  "Private_Hugetlb: 4194304 kB\n" },
	};

	for (size_t i = 0; i < LENGTH(all); i++)
		forge(spawn(be_named, all[i][0]), all[i][0], all[i][1]);
}

void make_forged(void)
{
	static const struct forged all[] = {
		/* age, CPU time; no two of another age with shares so near to each other that a
		 * second changes their order */
		{ NULL, "age=3000", NULL },
		{ NULL, "age=5400 14=100 15=50", NULL },
		{ NULL, "age=86000 14=360000", NULL },
		{ NULL, "age=86399 14=8639900", NULL },
		{ NULL, "age=90000 14=9000000 15=9000000", NULL },
		{ NULL, "age=172801 14=86400 15=99", NULL },
		{ NULL, "age=864000 14=8640000", NULL },
		{ NULL, "age=3000000 14=298500000", NULL },
		{ NULL, "age=8640000 14=862000000 16=1000000 17=2000000", NULL },
		{ NULL, "age=34560000 14=1 15=1", NULL },
		{ NULL, "age=63072000 14=6288000000", NULL },
		{ NULL, "22=0 14=86400000000", NULL },
		{ NULL, "22=1 14=4999999999 15=4999999999", NULL },
		{ NULL, "22=100 14=99 15=0", NULL },
		{ NULL, "age=100000 14=5000", NULL },
		{ NULL, "age=100000 14=9994999", NULL },
		{ NULL, "age=100000 14=9995000", NULL },
		{ NULL, "age=100000 14=9999000", NULL },
		{ NULL, "age=100000 14=10000000", NULL },
		{ NULL, "age=100000 14=99990000 16=5000000", NULL },
		{ NULL, "age=100000 14=100000000 17=99999999", NULL },
		{ NULL, "age=100000 14=999999999", NULL },
		/* states and flags */
		{ NULL, "3=R 39=1", "State:\tR (running)" },
		{ NULL, "3=R 19=-5 39=127", "State:\tR (running)" },
		{ NULL, "3=D 39=1234", "State:\tD (disk sleep)" },
		{ NULL, "3=I", "State:\tI (idle)" },
		{ NULL, "3=X", "State:\tX (dead)" },
		{ NULL, "3=P", "State:\tP (parked)" },
		{ NULL, "9=64", NULL },
		{ NULL, "9=256 20=3 19=5", "Threads:\t3" },
		{ NULL, "9=4294967295", NULL },
		/* classes */
		{ NULL, "40=0 41=4", NULL },
		{ NULL, "40=0 41=7", NULL },
		{ NULL, "40=99 41=1 18=-100", NULL },
		{ NULL, "40=0 41=6 18=-101", NULL },
		{ NULL, "18=39 19=19 41=9", NULL },
		/* sizes and faults */
		{ NULL, "10=1 11=2 12=3 13=4 25=6144", NULL },
		{ NULL, "10=4294967295 11=4294967295 12=1234567890 13=99999", NULL },
		{ NULL, "23=1099511627776 24=268435456 25=1073741824", NULL },
		{ NULL,
		  "26=4096 27=104857600 28=140737488355327 29=140737488355328 "
		  "30=18446744073709551615",
		  NULL },
		{ NULL, "20=1000", "Threads:\t1000" },
		{ NULL, "20=1234567", "Threads:\t1234567" },
		/* memory */
		{ NULL, "20=1",
		  "VmSize:\t1073741824 kB|VmRSS:\t268435456 kB|VmData:\t99999999 kB|VmStk:\t999 "
		  "kB|VmLck:\t8 kB" },
		{ NULL, "20=1", "VmSize:\t99999 kB|VmRSS:\t99999 kB" },
		{ NULL, "20=1", "VmSize:\t999999 kB|VmRSS:\t123456 kB|VmExe:\t12345 kB" },
		{ NULL, "20=1", "Uid:\t1\t0\t3\t4|Gid:\t5\t0\t7\t8" },
		/* terminals that are not there, or are no pty */
		{ NULL, "7=1025", NULL },
		{ NULL, "7=1088", NULL },
		{ NULL, "7=1281", NULL },
		{ NULL, "7=34816", NULL },
		{ NULL, "7=34817 8=1 5=1", NULL },
		{ NULL, "7=52288", NULL },
		{ NULL, "7=48128", NULL },
		{ NULL, "7=1048832", NULL },
		/* 4.0.2 sorts numbers by their difference, which must fit. */
		{ NULL, "7=2147483647 8=1073741823", NULL },
		/* names as kernel threads have them */
		{ "rcu_exp_par_gp_kthread_worker/0", "9=2129984", NULL },
		{ "kworker/u8:1+events_unbound", "9=2129984 3=I", "State:\tI (idle)" },
		{ "a name) S 1 1 1 (of more than sixteen bytes\n", "9=2129984", NULL },
	};

	for (size_t i = 0; i < LENGTH(all); i++) {
		pid_t pid = spawn(be_named, "forged");

		if (all[i].stat)
			forge_stat(pid, all[i].comm, all[i].stat);
		if (all[i].status)
			forge_status(pid, all[i].status);
		if (all[i].comm)
			forge(pid, "cmdline", "");
	}
	make_forged_files();
}
