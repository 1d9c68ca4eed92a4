/* SPDX-License-Identifier: 0BSD */
/* Counting oom_kills and joining, in made-up trees: both versions, paths that a namespace hides,
 * nonsense. Where a cgroup is seen: texts as hosts and containers have them. */
#include "test.h"
#include "help.h"
#include "cgroup.h"
#include "io.h"

/* ---- counting */

static int tree; /* how many there were */

/* A file of the tree. */
static void add(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof path, "tree%d/%s", tree, name);
	put(path, text);
}

/* A new tree, in which the caller's cgroups are these. */
static void begin(const char *cgroups)
{
	tree++;
	add("sys/nothing", "");
	add("proc/nothing", "");
	if (cgroups)
		add("proc/self/cgroup", cgroups);
}

static long long kills(void)
{
	char name[256];
	int proc;
	long long n;

	snprintf(name, sizeof name, "/tree%d/proc", tree);
	proc = tree_fd(name);
	snprintf(name, sizeof name, "tree%d/sys", tree);
	n = cgroup_oom_kills(proc, tmp(name));
	close(proc);
	return n;
}

#define EVENTS "low 0\nhigh 0\nmax 17\noom 5\noom_kill 3\noom_group_kill 9\n"

TEST(version_2)
{
	begin("0::/pod/box\n");
	add("sys/pod/box/memory.events", EVENTS);
	add("sys/memory.events", "oom_kill 77\n");
	CHECK_INT(kills(), 3);
	begin("0::/\n"); /* in a cgroup namespace */
	add("sys/memory.events", EVENTS);
	CHECK_INT(kills(), 3);
}

/* The namespace of the mount is another one than that of the path. */
TEST(a_path_that_is_not_there)
{
	begin("0::/system.slice/docker-12.scope\n");
	add("sys/memory.events", EVENTS);
	CHECK_INT(kills(), 3);
	begin(NULL);
	add("sys/memory.events", EVENTS);
	CHECK_INT(kills(), 3);
	begin("");
	add("sys/memory.events", EVENTS);
	CHECK_INT(kills(), 3);
}

#define V1 "9:name=systemd:/sys\n4:memory:/box/a:b c\n3:cpu,cpuacct:/no\n0::/\n"
#define CONTROL "oom_kill_disable 0\nunder_oom 0\noom_kill 12\n"

TEST(version_1)
{
	begin(V1);
	add("sys/memory/box/a:b c/memory.oom_control", CONTROL);
	add("sys/memory/memory.oom_control", "oom_kill 1\n");
	CHECK_INT(kills(), 12);
	begin(V1);
	add("sys/memory/memory.oom_control", CONTROL);
	CHECK_INT(kills(), 12);
	begin("4:memory:/box"); /* cut off */
	add("sys/memory/box/memory.oom_control", CONTROL);
	CHECK_INT(kills(), 12);
	begin("4:xmemory:/box\n5:memoryx:/box\n6:name=memory:/box\n");
	add("sys/memory/box/memory.oom_control", CONTROL);
	CHECK_INT(kills(), -ENOENT);
}

/* Both are mounted: the memory controller belongs to one of them. */
TEST(hybrid)
{
	begin(V1);
	add("sys/memory/box/a:b c/memory.oom_control", CONTROL);
	add("sys/unified/memory.events", "oom_kill 1\n");
	CHECK_INT(kills(), 12);
}

TEST(nothing_known)
{
	char longest[4096];

	begin("0::/box\n");
	CHECK_INT(kills(), -ENOENT);
	CHECK_INT(cgroup_oom_kills(-1, tmp("no such directory")), -ENOENT);
	begin(NULL);
	CHECK_INT(kills(), -ENOENT);
	begin("0::/box\n"); /* Linux 4.10 has no such line */
	add("sys/box/memory.events", "low 0\nhigh 0\nmax 0\noom 0\n");
	add("sys/memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\n");
	CHECK_INT(kills(), -ENODATA);
	begin("\n\n:\n::\n::x\nx\n0:\n");
	CHECK_INT(kills(), -ENOENT);
	snprintf(longest, sizeof longest, "0::/%03900d\n", 0);
	begin(longest);
	add("sys/memory.events", EVENTS);
	CHECK_INT(kills(), 3);
}

TEST(what_is_no_count)
{
	static const char *const texts[] = { "",
		                             "oom_kill",
		                             "oom_kill ",
		                             "oom_kill\n",
		                             "oom_kill x\n",
		                             "oom_kill -1\n",
		                             " oom_kill 3",
		                             "xoom_kill 3",
		                             "oom_kills 3" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		begin("0::/box\n");
		add("sys/box/memory.events", texts[i]);
		CHECK_INT(kills() < 0, 1);
	}
	begin("0::/box\n");
	add("sys/box/memory.events", "oom_kill 9223372036854775807");
	CHECK_INT(kills(), 9223372036854775807ll);
	begin("0::/box\n");
	add("sys/box/memory.events", "oom_kill 9223372036854775808\noom_kill 4\n");
	CHECK_INT(kills(), 4);
}

/* On this machine: whatever it is, nothing is opened that stays open, and it is the same twice. */
TEST(the_real_one)
{
	int proc = io_open_dir("/proc"), lowest = dup(0);
	int64_t n;

	close(lowest);
	n = cgroup_oom_kills(proc, NULL);
	CHECK(n >= 0 || n == -ENOENT || n == -ENODATA);
	CHECK_INT(cgroup_oom_kills(proc, NULL), n);
	CHECK_INT(dup(0), lowest);
	close(lowest);
	close(proc);
}

/* ---- where a cgroup is seen */

/* Of each line in each mount: "NUMBER DIRECTORY". In a copy, the first without a NUL behind it. */
static const char *all_seen(const char *cgroup, const char *mounts)
{
	static char answer[8192];
	size_t lens[2] = { strlen(cgroup), strlen(mounts) + 2 };
	char *copy[2] = { malloc(lens[0] + 1), malloc(lens[1] + 1) };
	const char *at, *end, *m;
	struct mount_line mount;
	struct cgroup_line line;
	size_t len = 0;

	/* At the upper end of the block, so that it is seen who reads on. */
	at = memcpy(copy[0] + 1, cgroup, lens[0]);
	end = at + lens[0];
	snprintf(copy[1] + 1, lens[1], "%s\n", mounts);
	*answer = 0;
	while (cgroup_next(&at, end, &line))
		for (m = copy[1] + 1; mount_next(&m, &mount);) {
			struct str dir = { 0 };
			int r = cgroup_seen(&line, &mount, &dir);

			if (r == 1 && strlen(dir.p) + 1 == dir.len)
				len += (size_t)snprintf(answer + len, sizeof answer - len,
				                        "%llu %s\n", (unsigned long long)mount.id,
				                        dir.p);
			else if (r)
				CHECK_FAIL("cgroup_seen is %d, %zu bytes", r, dir.len);
			str_free(&dir);
		}
	free(copy[0]);
	free(copy[1]);
	return answer;
}

#define OTHER_MOUNTS \
	"22 28 0:20 / /proc rw,relatime shared:12 - proc proc rw\n" \
	"28 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro\n"

TEST(seen_on_a_host_of_version_2)
{
	static const char mounts[] =
		OTHER_MOUNTS "30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime "
			     "shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n"
			     "31 23 0:27 / /sys/fs/bpf rw shared:10 - bpf bpf rw,mode=700\n";

	CHECK_TEXT(all_seen("0::/user.slice/user-0.slice/session-3.scope\n", mounts),
	           "30 /sys/fs/cgroup/user.slice/user-0.slice/session-3.scope\n");
	CHECK_TEXT(all_seen("0::/\n", mounts), "30 /sys/fs/cgroup\n");
	CHECK_TEXT(all_seen("0::/init.scope", mounts), "30 /sys/fs/cgroup/init.scope\n");
	/* Named ones of a container's systemd may exist and be mounted elsewhere. */
	CHECK_TEXT(all_seen("1:name=systemd:/x\n0::/x\n", mounts), "30 /sys/fs/cgroup/x\n");
	CHECK_TEXT(all_seen("0::/x\n", OTHER_MOUNTS), "");
	CHECK_TEXT(all_seen("0::/x\n", ""), "");
	CHECK_TEXT(all_seen("", mounts), "");
}

#define HYBRID_MOUNTS \
	OTHER_MOUNTS "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n" \
		     "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:5 - cgroup " \
		     "cgroup rw,cpu,cpuacct\n" \
		     "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n" \
		     "40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup " \
		     "rw,xattr,release_agent=/lib/cpu\\054memory,name=systemd\n" \
		     "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"

TEST(seen_on_a_hybrid_host)
{
	CHECK_TEXT(all_seen("9:name=systemd:/a\n8:pids:/a\n4:memory:/a/b\n3:cpu,cpuacct:/\n"
	                    "0::/c\n",
	                    HYBRID_MOUNTS),
	           "40 /sys/fs/cgroup/systemd/a\n35 /sys/fs/cgroup/memory/a/b\n"
	           "32 /sys/fs/cgroup/cpu,cpuacct\n41 /sys/fs/cgroup/unified/c\n");
	/* Words are whole. */
	CHECK_TEXT(all_seen("1:cp:/\n2:cpuacc:/\n3:pu:/\n4:mem:/\n5:systemd:/\n6:name:/\n"
	                    "7:name=system:/\n8:memoryx:/\n9:cpuaccts:/\n",
	                    HYBRID_MOUNTS),
	           "");
	/* The order of controllers is that of the kernel in both, but nothing depends on it. */
	CHECK_TEXT(all_seen("3:cpuacct,cpu:/x", HYBRID_MOUNTS),
	           "32 /sys/fs/cgroup/cpu,cpuacct/x\n");
}

TEST(seen_on_a_host_of_version_1)
{
	static const char mounts[] = "26 25 0:22 / /cgroup/cpuset rw - cgroup none rw,cpuset\n"
				     "27 25 0:23 / /cgroup/x rw - cgroup cgroup rw,cpu,name=x\n"
				     "28 25 0:24 / /cgroup/all ro - cgroup cgroup ro,blkio\n"
				     "29 25 0:24 / /again rw shared:1 master:2 propagate_from:3 "
				     "unbindable - cgroup cgroup ro,blkio\n";

	/* In a group of this name, a colon and blanks stand for themselves. */
	CHECK_TEXT(all_seen("4:cpuset:/a:b c\n3:cpu,name=x:/\n2:blkio:/y\n1:freezer:/\n", mounts),
	           "26 /cgroup/cpuset/a:b c\n27 /cgroup/x\n28 /cgroup/all/y\n29 /again/y\n");
	CHECK_TEXT(all_seen("0::/\n", mounts), "");
}

#define DOCKER "/docker/0d5e4b7fa9c1"

/* Docker without a cgroup namespace: of each hierarchy only its own group is mounted. */
TEST(seen_where_the_mount_has_a_root)
{
	static const char mounts[] =
		"703 702 0:31 " DOCKER " /sys/fs/cgroup/memory ro,nosuid master:17 - cgroup "
		"cgroup rw,memory\n"
		"704 702 0:27 " DOCKER " /sys/fs/cgroup/unified ro,nosuid master:9 - cgroup2 "
		"cgroup2 rw\n";

	CHECK_TEXT(all_seen("4:memory:" DOCKER "\n0::" DOCKER "/in\n", mounts),
	           "703 /sys/fs/cgroup/memory\n704 /sys/fs/cgroup/unified/in\n");
	/* Outside, and a name that only begins so. */
	CHECK_TEXT(all_seen("4:memory:/docker\n0::/\n", mounts), "");
	CHECK_TEXT(all_seen("4:memory:" DOCKER "2\n0::" DOCKER "\\134\n", mounts), "");
	CHECK_TEXT(all_seen("4:memory:/docker/0d5e4b7fa9c\n0::/docker/other\n", mounts), "");
	CHECK_TEXT(all_seen("0::" DOCKER "/..\n0::" DOCKER "/../x\n", mounts), "");
}

/* With a cgroup namespace everything begins at its root: the container's own mount is "/", and what
 * was mounted outside shows how far up it is. */
TEST(seen_in_a_cgroup_namespace)
{
	static const char mounts[] =
		"802 801 0:27 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw,nsdelegate\n"
		"803 801 0:27 /.. /parent rw - cgroup2 cgroup2 rw\n"
		"804 801 0:27 /../.. /host rw - cgroup2 cgroup2 rw\n"
		"805 801 0:27 /../../system.slice /host/services rw - cgroup2 cgroup2 rw\n"
		"806 801 0:27 /sub /sub rw - cgroup2 cgroup2 rw\n";

	CHECK_TEXT(all_seen("0::/\n", mounts), "802 /sys/fs/cgroup\n");
	CHECK_TEXT(all_seen("0::/sub/a\n", mounts), "802 /sys/fs/cgroup/sub/a\n806 /sub/a\n");
	CHECK_TEXT(all_seen("0::/..\n", mounts), "803 /parent\n");
	CHECK_TEXT(all_seen("0::/../x\n", mounts), "803 /parent/x\n");
	CHECK_TEXT(all_seen("0::/../..\n", mounts), "804 /host\n");
	CHECK_TEXT(all_seen("0::/../../system.slice/a.service\n", mounts),
	           "804 /host/system.slice/a.service\n805 /host/services/a.service\n");
	CHECK_TEXT(all_seen("0::/../../..\n0::/../../../x\n", mounts), "");
	/* Names may begin with dots. */
	CHECK_TEXT(all_seen("0::/..x\n0::/.\n0::/...\n", mounts),
	           "802 /sys/fs/cgroup/..x\n802 /sys/fs/cgroup/.\n802 /sys/fs/cgroup/...\n");
}

TEST(seen_through_escapes)
{
	static const char mounts[] = "1 2 0:3 / /a\\040b\\011\\012\\134040\\043 rw - cgroup2 c rw\n"
				     "2 2 0:3 /x\\040y\\134z /m rw - cgroup2 \\040 rw\n"
				     "3 2 0:3 / /\xff\\303\\244\\\x1b rw - cgroup2  rw\n";

	CHECK_TEXT(all_seen("0::/x y\\z\n", mounts),
	           "1 /a b\t\n\\040#/x y\\z\n2 /m\n3 /\xff\xc3\xa4\\\x1b/x y\\z\n");
	/* What is no escape stands for itself, and the end is the end. */
	CHECK_TEXT(all_seen("0::/\\040", "1 2 0:3 / /\\400\\777\\000\\08\\4 rw - cgroup2 c rw"),
	           "1 /\\400\\777\\000\\08\\4/\\040\n");
	CHECK_TEXT(all_seen("0::/\\04", "1 2 0:3 /\\04 /m rw - cgroup2 c rw"), "1 /m\n");
}

TEST(seen_in_hostile_lines)
{
	static const char *const lines[] = {
		"",
		" ",
		"1",
		"1 2 0:3",
		"1 2 0:3 /",
		"1 2 0:3 / /m",
		"1 2 0:3 / /m rw",
		"1 2 0:3 / /m rw -",
		"1 2 0:3 / /m rw - ",
		"1 2 0:3 / /m rw cgroup2 c rw",
		"1 2 0:3 / /m rw --- cgroup2 c rw",
		"1 2 0:3 / /m rw - cgroup c rw",
		"1 2 0:3 / /m rw - cgroup3 c rw",
		"1 2 0:3 / /m rw - fuse.cgroup2 c rw",
		"1 2 0:3 / /m rw - xcgroup2 cgroup2 rw",
		"1 2 0:3 / m rw - cgroup2 c rw",
		"1 2 0:3 /  rw - cgroup2 c rw",
		"1 2 0:3 x /m rw - cgroup2 c rw",
		"1 2 0:3  /m rw - cgroup2 c rw",
		"x 2 0:3 / /m rw - cgroup2 c rw",
		" 2 0:3 / /m rw - cgroup2 c rw",
		"-1 2 0:3 / /m rw - cgroup2 c rw",
		"18446744073709551616 2 0:3 / /m rw - cgroup2 c rw",
		"1 2 0:3 /x/ /m rw - cgroup2 c rw",
		"1 2 0:3 /\\170\\057 /m rw - cgroup2 c rw",
	};

	const char *none = "\n:\n::\n0::\n0:/x\n0::x\n/x\n1:cpu\n1:cpu:\n1:cpu:x/\n1:: /";
	struct cgroup_line line;

	for (size_t i = 0; i < COUNT(lines); i++)
		if (*all_seen("0::/x\n", lines[i]))
			CHECK_FAIL("seen by \"%s\"", lines[i]);
	/* The separator is the first, whatever comes behind or is called so. */
	CHECK_TEXT(all_seen("0::/x\n", "1 2 0:3 / /- rw - cgroup2 - rw - tmpfs x rw"), "1 /-/x\n");
	CHECK_TEXT(all_seen("0::/x\n", "1 2 0:3 / /m rw - tmpfs - - cgroup2 c rw"), "");
	CHECK_TEXT(all_seen("0::/x\n", "1 2 0:3 / /m\\040-\\040cgroup2 rw - tmpfs t rw"), "");
	CHECK_TEXT(all_seen("1:a,b:/x\n", "1 2 0:3 / /m rw - cgroup a,a b"), "");
	CHECK_TEXT(all_seen("1:cpu:/x\n", "1 2 0:3 / /m rw - tmpfs c rw,cpu\n"
	                                  "1 2 0:3 / /m rw - cgroup2 c rw,cpu"),
	           "");
	/* Such lines of /proc/PID/cgroup are none. */
	CHECK(!cgroup_next(&none, none + strlen(none), &line));
	CHECK_TEXT(all_seen("\n:\n::\n0::\n0:/x\n0::x\n/x\n0: :/x\n1:,:/x\n0::/y",
	                    "1 2 0:3 / /m rw - cgroup2 c rw"),
	           "1 /m/y\n");
}

/* ---- joining */

/* A hierarchy mounted at $T/treeN/NAME, as a line of mountinfo. */
static char mountinfo[1 << 17];

static void mount_of(int id, const char *root, const char *name, const char *type,
                     const char *options)
{
	char path[256];
	size_t len = strlen(mountinfo);

	snprintf(path, sizeof path, "tree%d/%s", tree, name);
	snprintf(mountinfo + len, sizeof mountinfo - len, "%d 1 0:3 %s %s rw - %s none %s\n", id,
	         root, tmp(path), type, options);
	add("proc/self/mountinfo", mountinfo);
}

/* A new tree, in which these are the cgroups of process 12 and the caller. */
static void meet(const char *its, const char *own)
{
	begin(own);
	add("proc/12/cgroup", its);
	*mountinfo = 0;
	add("proc/self/mountinfo", "");
}

static struct cgroup_join join;

static int join_open(void)
{
	char name[256];
	int proc, target, r;

	snprintf(name, sizeof name, "/tree%d/proc", tree);
	proc = tree_fd(name);
	target = openat(proc, "12", O_PATH | O_DIRECTORY);
	join = (struct cgroup_join){ 0 };
	r = cgroup_open(proc, target, &join);
	close(target);
	close(proc);
	return r;
}

/* What an error is about, without what comes before the tree's own. */
static const char *failed(void)
{
	const char *t = tmp("");

	return join.failed && !strncmp(join.failed, t, strlen(t))
	               ? strchr(join.failed + strlen(t), '/')
	               : join.failed;
}

/* What a file of the tree has now; "-" for none. */
static const char *got(const char *name)
{
	static char text[64];
	char path[256];

	snprintf(path, sizeof path, "tree%d/%s/cgroup.procs", tree, name);
	return io_read_at(AT_FDCWD, tmp(path), text, sizeof text) < 0 ? "-" : text;
}

/* Opens and joins, and leaves nothing open. */
static int join_now(void)
{
	int before = count_fds(), r = join_open();

	for (unsigned i = 0; i < join.n; i++) {
		int fd = join.file[i].fd;

		CHECK_INT(fcntl(fd, F_GETFD), FD_CLOEXEC);
		CHECK_INT(fcntl(fd, F_GETFL) & O_ACCMODE, O_WRONLY);
	}
	if (!r)
		r = cgroup_join(&join);
	CHECK_INT(!r, !join.failed);
	cgroup_close(&join);
	CHECK_INT(count_fds(), before);
	CHECK_INT(join.n + join.text.cap, 0);
	return r;
}

#define OWN "9:name=systemd:/\n4:memory:/our\n3:cpu:/\n0::/\n"

TEST(join_on_a_hybrid_host)
{
	meet("9:name=systemd:/s\n4:memory:/our\n3:cpu:/c\n2:pids:/p\n0::/v2/in\n", OWN);
	mount_of(1, "/", "cpu", "cgroup", "rw,cpu");
	mount_of(2, "/", "memory", "cgroup", "rw,memory");
	mount_of(3, "/", "systemd", "cgroup", "rw,xattr,name=systemd");
	mount_of(4, "/", "unified", "cgroup2", "rw");
	add("cpu/c/cgroup.procs", "");
	add("memory/our/cgroup.procs", "");
	add("systemd/s/cgroup.procs", "");
	add("unified/v2/in/cgroup.procs", "");
	CHECK_INT(join_now(), 0);
	CHECK_TEXT(got("cpu/c"), "0");
	CHECK_TEXT(got("systemd/s"), "0");
	CHECK_TEXT(got("unified/v2/in"), "0");
	CHECK_TEXT(got("memory/our"), ""); /* we are there */
}

/* In the order of the lines, and as long as they can be: the files stay what they were. */
TEST(join_in_order)
{
	meet("2:a:/x\n1:b:/x\n0::/x\n", OWN);
	mount_of(1, "/", "v2", "cgroup2", "rw");
	mount_of(2, "/", "b", "cgroup", "rw,b");
	mount_of(3, "/", "a", "cgroup", "rw,a");
	add("v2/x/cgroup.procs", "");
	add("a/x/cgroup.procs", "");
	add("b/x/nothing", "");
	char name[256], link[256];
	snprintf(name, sizeof name, "tree%d/b/x/cgroup.procs", tree);
	snprintf(link, sizeof link, "/dev/full");
	put_link(name, link);
	CHECK_INT(join_open(), 0);
	CHECK_INT(join.n, 3);
	CHECK_INT(cgroup_join(&join), -ENOSPC);
	CHECK_TEXT(failed(), "/b/x");
	cgroup_close(&join);
	CHECK_TEXT(got("a/x"), "0");
	CHECK_TEXT(got("v2/x"), "");
}

TEST(join_where_we_are)
{
	meet(OWN, OWN);
	CHECK_INT(join_now(), 0); /* although nothing is mounted */
	meet("0::/x\n", "0::/x\n1:cpu:/y\n");
	CHECK_INT(join_now(), 0);
	/* The same path in another hierarchy is not the same. */
	meet("4:cpu:/our\n", OWN);
	CHECK_INT(join_now(), -ENOENT);
	meet("0::/our\n", OWN);
	CHECK_INT(join_now(), -ENOENT);
}

TEST(join_what_is_not_mounted)
{
	/* Of version 1 that is passed over. */
	meet("4:memory:/m\n3:cpu:/c\n0::/x\n", OWN);
	mount_of(1, "/", "cpu", "cgroup", "rw,cpu");
	mount_of(2, "/", "v2", "cgroup2", "rw");
	add("cpu/c/cgroup.procs", "");
	add("v2/x/cgroup.procs", "");
	CHECK_INT(join_now(), 0);
	CHECK_TEXT(got("cpu/c"), "0");
	CHECK_TEXT(got("v2/x"), "0");
	/* Of version 2 it is not. */
	meet("3:cpu:/c\n0::/../x\n", OWN);
	mount_of(1, "/", "cpu", "cgroup", "rw,cpu");
	mount_of(2, "/", "v2", "cgroup2", "rw");
	add("cpu/c/cgroup.procs", "");
	add("x/cgroup.procs", "");
	CHECK_INT(join_open(), -ENOENT);
	CHECK_TEXT(failed(), "/../x");
	cgroup_close(&join);
	CHECK_TEXT(got("cpu/c"), "");
	/* All of version 1, but one that we are in. */
	meet("4:memory:/our\n3:cpu:/c\n", OWN);
	CHECK_INT(join_now(), 0);
	meet("4:memory:/m\n3:cpu:/c\n", OWN);
	CHECK_INT(join_open(), -ENOENT);
	CHECK_TEXT(failed(), "/m");
	cgroup_close(&join);
	/* It has just ended, and its group with it. */
	meet("0::/x (deleted)\n", OWN);
	mount_of(2, "/", "v2", "cgroup2", "rw");
	add("v2/x/cgroup.procs", "");
	CHECK_INT(join_open(), -ENOENT);
	CHECK_TEXT(failed(), "/x (deleted)");
	cgroup_close(&join);
}

/* A hierarchy is often mounted more than once. */
TEST(join_by_the_mount_that_lets_us)
{
	meet("0::/pod/x\n", OWN);
	mount_of(1, "/pod/y", "other", "cgroup2", "rw");
	mount_of(2, "/", "empty", "cgroup2", "rw");
	mount_of(3, "/pod", "dir", "cgroup2", "rw");
	mount_of(4, "/pod/x", "good", "cgroup2", "rw");
	mount_of(5, "/", "late", "cgroup2", "rw");
	add("other/cgroup.procs", "");
	add("dir/x/cgroup.procs/is a directory", "");
	add("good/cgroup.procs", "");
	add("late/pod/x/cgroup.procs", "");
	CHECK_INT(join_now(), 0);
	CHECK_TEXT(got("good"), "0");
	CHECK_TEXT(got("late/pod/x"), "");
	CHECK_TEXT(got("other"), "");
	/* The error is that of a mount that has it, the first. */
	meet("1:cpu:/c\n0::/pod/x\n", OWN);
	mount_of(2, "/", "empty", "cgroup2", "rw");
	mount_of(3, "/pod", "dir", "cgroup2", "rw");
	mount_of(4, "/", "second", "cgroup2", "rw");
	mount_of(5, "/", "empty", "cgroup2", "rw");
	mount_of(6, "/", "cpu", "cgroup", "rw,cpu");
	add("dir/x/cgroup.procs/is a directory", "");
	add("second/pod", "is no directory");
	add("cpu/c/cgroup.procs", "");
	CHECK_INT(join_open(), -EISDIR);
	CHECK_TEXT(failed(), "/dir/x");
	cgroup_close(&join);
	/* In version 1 as well. */
	meet("1:cpu:/c\n0::/\n", OWN);
	mount_of(6, "/", "cpu", "cgroup", "rw,cpu");
	add("cpu/c/cgroup.procs/is a directory", "");
	CHECK_INT(join_now(), -EISDIR);
}

/* Where another mount lies over it, /proc/self/fdinfo shows another number. */
TEST(join_not_what_hides_it)
{
	meet("1:cpu:/c\n0::/x\n", OWN);
	mount_of(6, "/", "hidden", "cgroup", "rw,cpu");
	mount_of(7, "/", "v2", "cgroup2", "rw");
	mount_of(8, "/", "again", "cgroup2", "rw");
	add("hidden/c/cgroup.procs", "");
	add("v2/x/cgroup.procs", "");
	add("again/x/cgroup.procs", "");
	for (int fd = 3; fd < 16; fd++) {
		char name[64];

		snprintf(name, sizeof name, "proc/self/fdinfo/%d", fd);
		add(name, "pos:\t0\nflags:\t012100000\nmnt_id:\t8\nino:\t7\n");
	}
	CHECK_INT(join_now(), 0);
	CHECK_TEXT(got("hidden/c"), "");
	CHECK_TEXT(got("v2/x"), "");
	CHECK_TEXT(got("again/x"), "0");
}

TEST(join_without_proc)
{
	int before = count_fds();

	meet("0::/x\n", OWN);
	join = (struct cgroup_join){ 0 };
	CHECK_INT(cgroup_open(-1, -1, &join), -EBADF);
	CHECK(!join.failed);
	begin(OWN); /* nobody is 12 */
	CHECK_INT(join_open(), -EBADF);
	CHECK(!join.failed);
	begin(NULL);
	add("proc/12/cgroup", OWN);
	CHECK_INT(join_open(), -ENOENT);
	CHECK(!join.failed);
	begin("0::/y\n");
	add("proc/12/cgroup", OWN); /* and no mountinfo */
	CHECK_INT(join_open(), -ENOENT);
	CHECK(!join.failed);
	meet("", OWN);
	CHECK_INT(join_open(), -ENOENT);
	CHECK(!join.failed);
	meet("nonsense\n0:\n\n", OWN);
	CHECK_INT(join_open(), -ENOENT);
	CHECK(!join.failed);
	cgroup_close(&join);
	cgroup_close(&join); /* of nothing */
	CHECK_INT(cgroup_join(&join), 0);
	CHECK_INT(count_fds(), before);
}

/* More than can be, and paths longer than any. */
TEST(join_many)
{
	static char its[1 << 16], name[64], option[64];
	int before = count_fds();

	for (int more = 0; more < 2; more++) {
		its[0] = 0;
		for (int i = 0; i < CGROUP_HIERARCHIES + more; i++)
			snprintf(its + strlen(its), 64, "%d:name=n%d:/x\n", i + 1, i);
		meet(its, OWN);
		for (int i = 0; i < CGROUP_HIERARCHIES + more; i++) {
			snprintf(name, sizeof name, "n%d", i);
			snprintf(option, sizeof option, "rw,name=n%d", i);
			mount_of(i, "/", name, "cgroup", option);
			snprintf(name, sizeof name, "n%d/x/cgroup.procs", i);
			add(name, "");
		}
		CHECK_INT(join_open(), more ? -E2BIG : 0);
		CHECK_INT(join.n, CGROUP_HIERARCHIES);
		cgroup_close(&join);
		CHECK_INT(count_fds(), before);
	}
	memset(its, 'y', 5000);
	memcpy(its, "0::/", 4);
	its[5000] = 0;
	meet(its, OWN);
	mount_of(1, "/", "v2", "cgroup2", "rw");
	CHECK_INT(join_open(), -ENAMETOOLONG);
	CHECK_INT(strlen(failed()), 5000 - 3 + strlen("/v2"));
	cgroup_close(&join);
	/* Thousands of mounts, some kilobytes each. */
	meet("0::/x\n", OWN);
	for (int i = 0; i < 30; i++) {
		size_t len = strlen(mountinfo);

		memset(mountinfo + len, 'z', 3500);
		memcpy(mountinfo + len, "1 2 0:3 / /", 11);
		strcpy(mountinfo + len + 3500, " rw - cgroup2 c rw\n");
	}
	mount_of(1, "/", "v2", "cgroup2", "rw");
	add("v2/x/cgroup.procs", "");
	CHECK_INT(join_now(), 0);
	CHECK_TEXT(got("v2/x"), "0");
}

/* On this machine: a process that has just been made is where we are. */
TEST(join_the_real_one)
{
	int proc = io_open_dir("/proc"), self = io_open_dir("/proc/self"), before = count_fds();

	join = (struct cgroup_join){ 0 };
	CHECK_INT(cgroup_open(proc, self, &join), 0);
	CHECK_INT(join.n, 0);
	CHECK_INT(cgroup_join(&join), 0);
	CHECK_INT(count_fds(), before);
	close(self);
	close(proc);
}
