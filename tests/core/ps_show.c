/* SPDX-License-Identifier: 0BSD */
/* ps: what its columns make of texts of /proc: names of terminals, units and containers in paths
 * of cgroups, numbers in files of many. No process is looked at. */
#include "test.h"
#include "help.h"

#include "../../applets/ps/ps.h"

#include "../../applets/ps/show-cgroup.c"
#include "../../applets/ps/show-file.c"
#include "../../applets/ps/show-ns.c"
#include "../../applets/ps/show-tty.c"

/* --in is not looked at here, nor signals and inodes. */
const char *ps_sigterm(const struct ps_row *r)
{
	(void)r;
	return NULL;
}

char *ps_digits(char *end, uint64_t v, unsigned least)
{
	(void)v;
	(void)least;
	return end;
}

pid_t pidns_pid(const struct pidns *ps, pid_t outer)
{
	(void)ps;
	return outer;
}

uint32_t pidns_id(const struct pidns *ps, uint32_t id, int group)
{
	(void)ps;
	(void)group;
	return id;
}

/* ---- terminals */

#define DRIVERS \
	"/dev/tty             /dev/tty        5       0 system:/dev/tty\n" \
	"nonsense\n" \
	"no_number            /dev/x          a       0 x\n" \
	"elsewhere            /tmp/x          4       0 x\n" \
	"serial               /dev/ttyS       4 64-67 serial\n" \
	"pty_slave            /dev/pts      136 0-1048575 pty:slave\n" \
	"no_end               /dev/y        7 1-x y\n" \
	"last                 /dev/ttyUSB   188 0-511"

TEST(lines_of_drivers)
{
	static const struct ps_driver all[] = { { "tty", 3, 5, 0, 0 },
		                                { "ttyS", 4, 4, 64, 67 },
		                                { "pts", 3, 136, 0, 1048575 },
		                                { "ttyUSB", 6, 188, 0, 511 } };
	const char *at = DRIVERS;
	struct ps_driver d;

	for (size_t i = 0; i < COUNT(all); i++) {
		CHECK_INT(ps_tty_driver(&at, &d), 1);
		CHECK(d.len == all[i].len && !memcmp(d.name, all[i].name, d.len));
		CHECK_INT(d.major, all[i].major);
		CHECK_INT(d.first, all[i].first);
		CHECK_INT(d.last, all[i].last);
	}
	CHECK_INT(ps_tty_driver(&at, &d), 0);
	CHECK_INT(*at, 0);
}

TEST(names_that_a_driver_gives)
{
	static const char names[][12] = { "ttyS66", "ttyS/66", "ttyS", "ttyS2" };
	static const struct ps_driver serial = { "ttyS ", 4, 4, 64, 67 };
	static const struct ps_driver endless = { "a-name-that-has-no-room-for-a-number", 36, 1, 0,
		                                  9 };
	char name[PS_TTY];

	for (int i = 0; i < (int)COUNT(names); i++) {
		CHECK_INT(ps_tty_name(&serial, 66, i, name), 1);
		CHECK_TEXT(name, names[i]);
	}
	CHECK_INT(ps_tty_name(&serial, 66, COUNT(names), name), 0);
	CHECK_INT(ps_tty_name(&endless, 1, 0, name), 0);
}

TEST(usual_names)
{
	static const struct {
		unsigned tty;
		char name[16];
		int known;
	} all[] = {
		{ 34816, "pts/0", 1 },
		{ 34817, "pts/1", 1 },
		{ 35071, "pts/255", 1 },
		{ 1083400, "pts/264", 1 }, /* minor 264 */
		{ 35072, "pts/256", 1 },   /* major 137 */
		{ 1025, "tty1", 1 },
		{ 1087, "tty63", 1 },
		{ 1088, "ttyS0", 1 },
		{ 1280, "tty", 1 },
		{ 1281, "console", 1 },
		{ 1283, "5:3", 0 },
		{ 48129, "ttyUSB1", 1 },
		{ 52288, "ttyAMA0", 1 },
		{ 52287, "204:63", 0 },
		{ 58624, "hvc0", 1 },
		{ 0x7fffffff, "4095:524287", 0 },
	};
	char name[PS_TTY];

	for (size_t i = 0; i < COUNT(all); i++) {
		CHECK_INT(ps_tty_usual(all[i].tty, name), all[i].known);
		CHECK_TEXT(name, all[i].name);
	}
}

/* ---- cgroups */

static const char *text_of(struct cgroup_part part)
{
	static char text[8][300];
	static int next;

	next = (next + 1) % 8;
	snprintf(text[next], sizeof *text, "%.*s", (int)part.len, part.p);
	return text[next];
}

/* "SLICE UNIT USER-UNIT SESSION OWNER" */
static const char *units(const char *path, const char *root)
{
	static char line[2000];
	struct ps_unit u;

	ps_unit_parse(whole(path), root, &u);
	snprintf(line, sizeof line, "%s|%s|%s|%s|%s", text_of(u.slice), text_of(u.unit),
	         text_of(u.user_unit), text_of(u.session), text_of(u.owner));
	return line;
}

TEST(units_of_systemd)
{
	CHECK_TEXT(units("/", ""), "-.slice||||");
	CHECK_TEXT(units("/init.scope", ""), "-.slice|init.scope|||");
	CHECK_TEXT(units("/system.slice/ssh.service", ""), "system.slice|ssh.service|||");
	CHECK_TEXT(units("//system.slice//ssh.service//", ""), "system.slice|ssh.service|||");
	CHECK_TEXT(units("/system.slice", ""), "system.slice||||");
	CHECK_TEXT(units("/system.slice/system-getty.slice/getty@tty1.service/x.service", ""),
	           "system-getty.slice|getty@tty1.service|||");
	CHECK_TEXT(units("/user.slice/user-1000.slice/session-c3.scope", ""),
	           "user-1000.slice|session-c3.scope||c3|1000");
	CHECK_TEXT(units("/user.slice/user-1000.slice/session-c3.scope/app.slice/a.service", ""),
	           "user-1000.slice|session-c3.scope|a.service|c3|1000");
	CHECK_TEXT(units("/user.slice/user-1000.slice/user@1000.service/app.slice/a-b.service", ""),
	           "user-1000.slice|user@1000.service|a-b.service||1000");
	CHECK_TEXT(units("/user.slice/user-0.slice/user@0.service/init.scope", ""),
	           "user-0.slice|user@0.service|init.scope||0");
	/* a '_' in front is not of the name */
	CHECK_TEXT(units("/_a.slice/_b.service", ""), "a.slice|b.service|||");
	CHECK_TEXT(units("/x\\x2dy.slice/machine-a\\x2db.scope", ""),
	           "x\\x2dy.slice|machine-a\\x2db.scope|||");
}

TEST(what_is_no_unit)
{
	CHECK_TEXT(units("/lxc/web", ""), "-.slice||||");
	CHECK_TEXT(units("/.slice/.service", ""), "-.slice||||");
	CHECK_TEXT(units("/a.slice/@b.service", ""), "a.slice||||");
	CHECK_TEXT(units("/a.slice/b c.service", ""), "a.slice||||");
	CHECK_TEXT(units("/a.slice/b\033.service", ""), "a.slice||||");
	CHECK_TEXT(units("/a.slice/b.services", ""), "a.slice||||");
	CHECK_TEXT(units("/user-x.slice/session-a-b.scope", ""),
	           "user-x.slice|session-a-b.scope|||");
	CHECK_TEXT(units("/user-1.slice/user@x.service/a.service", ""),
	           "user-1.slice|user@x.service|||1");
	CHECK_TEXT(units("/user-.slice/session-.scope/a.service", ""),
	           "user-.slice|session-.scope|||");
}

TEST(units_below_the_root_of_a_container)
{
	CHECK_TEXT(units("/docker/12/system.slice/a.service", "/docker/12"),
	           "system.slice|a.service|||");
	CHECK_TEXT(units("/docker/12", "/docker/12"), "-.slice||||");
	CHECK_TEXT(units("/docker/12a.slice/b.service", "/docker/12"), "-.slice||||");
	CHECK_TEXT(units("/a.slice/b.service", "/docker/12"), "a.slice|b.service|||");
}

TEST(names_of_any_length)
{
	char path[600] = "/";

	memset(path + 1, 'a', 600 - 2);
	memcpy(path + 1 + 247, ".service", 9);
	CHECK_INT(strlen(strchr(units(path, ""), '|')), 1 + 255 + 3); /* of 255 is one */
	memset(path + 1, 'a', 600 - 2);
	memcpy(path + 1 + 248, ".service", 9);
	CHECK_TEXT(units(path, ""), "-.slice||||");
}

TEST(paths_by_hierarchy)
{
	struct cgroup_part text = whole("no colon\n4:memory:/m\n1:name=systemd:/a\n0::/b\n"), path;

	CHECK_INT(path_in(text, 0, &path), 1);
	CHECK_TEXT(text_of(path), "/b");
	CHECK_INT(path_in(text, 1, &path), 1);
	CHECK_TEXT(text_of(path), "/a");
	CHECK_INT(path_in(whole("1:name=systemd2:/a\n"), 1, &path), 0);
	CHECK_INT(path_in(whole(""), 0, &path), 0);
}

TEST(containers_of_lxc)
{
	CHECK_TEXT(text_of(ps_cgroup_lxc(whole("12:pids:/lxc/web\n1:name=systemd:/\n"))), "web");
	CHECK_TEXT(text_of(ps_cgroup_lxc(whole("0::/lxc.payload.web1/init.scope\n"))), "web1");
	CHECK_TEXT(text_of(ps_cgroup_lxc(whole("0::/lxc.payload/web2"))), "web2");
	CHECK_TEXT(text_of(ps_cgroup_lxc(whole("3:x:/lxc/P/lxc/inner/more\n2:y:/lxc/no\n"))),
	           "inner");
	CHECK_TEXT(text_of(ps_cgroup_lxc(whole("0::/lxc/\n"))), "");
	CHECK_TEXT(text_of(ps_cgroup_lxc(whole("0::/lxcfs/x\n"))), "");
	CHECK_TEXT(text_of(ps_cgroup_lxc(whole(""))), "");
}

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

TEST(containers_of_docker)
{
	CHECK_TEXT(text_of(ps_cgroup_docker(whole("0::/system.slice/docker-" ID ".scope\n"))),
	           "0123456789ab");
	CHECK_TEXT(text_of(ps_cgroup_docker(whole("4:memory:/docker/" ID "\n"))), "0123456789ab");
	CHECK_TEXT(text_of(ps_cgroup_docker(whole("0::/docker/buildkit/docker/" ID))),
	           "0123456789ab");
	CHECK_TEXT(text_of(ps_cgroup_docker(whole("0::/docker/0123456789a\n"))), "");
	CHECK_TEXT(text_of(ps_cgroup_docker(whole("0::/system.slice/docker-.service\n"))), "");
	CHECK_TEXT(text_of(ps_cgroup_docker(whole("0::/docker/buildkit1234\n"))), "");
	CHECK_TEXT(text_of(ps_cgroup_docker(whole("0::/system.slice/docker.service\n"))), "");
	CHECK_TEXT(text_of(ps_cgroup_docker(whole(""))), "");
}

/* ---- numbers */

TEST(numbers_in_files)
{
	static const char io[] = "rchar: 1\nwrite_bytes: 22\ncancelled_write_bytes: 333\n";
	static const char memory[] =
		"00400000-7ff [rollup]\nSwapPss: 9 kB\nPss_Dirty: 8 kB\nPss:   779 kB\n";
	int64_t v = 7;

	CHECK_INT(find_number(io, "write_bytes: ", &v), 0);
	CHECK_INT(v, 22);
	CHECK_INT(find_number(io, "cancelled_write_bytes: ", &v), 0);
	CHECK_INT(v, 333);
	CHECK_INT(find_number(io, "syscr: ", &v), -ENOENT);
	CHECK_INT(find_number(memory, "Pss:", &v), 0);
	CHECK_INT(v, 779);
	CHECK_INT(find_number("-1000\n", "", &v), 0);
	CHECK_INT(v, -1000);
	CHECK_INT(find_number("/autogroup-12 nice -20\n", "/autogroup-", &v), 0);
	CHECK_INT(v, 12);
	CHECK_INT(find_number("/autogroup-12 nice -20\n", "nice ", &v), 0);
	CHECK_INT(v, -20);
	CHECK_INT(find_number("", "", &v), -EPROTO);
	CHECK_INT(find_number("99999999999999999999", "", &v), -EPROTO);
}
