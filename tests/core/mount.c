/* SPDX-License-Identifier: 0BSD */
/* Lines of mountinfo, as hosts and containers have them and as nobody has; which proc can be seen;
 * real chroots. */
#include "test.h"
#include "guard.h"
#include "io.h"
#include "mount.h"
#include "ns.h"
#include "proc.h"

#include <sys/mount.h>
#include <sys/statvfs.h>

/* ---- lines */

#define HOST \
	"22 27 0:21 / /proc rw,nosuid shared:12 - proc proc rw\n" \
	"27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard\n" \
	"28 27 0:25 /a\\040b /mnt/x\\040y ro - tmpfs - - ro,size=4k\n"

static size_t word_len(const char *word)
{
	return strcspn(word, " \n");
}

#define CHECK_WORD(is, should) \
	do { \
		char check_word[256]; \
\
		snprintf(check_word, sizeof check_word, "%.*s", (int)word_len(is), is); \
		CHECK_TEXT(check_word, should); \
	} while (0)

TEST(lines)
{
	const char *at = HOST;
	struct mount_line m;

	CHECK_INT(mount_next(&at, &m), 1);
	CHECK_INT(m.id, 22);
	CHECK_INT(m.parent, 27);
	CHECK_WORD(m.root, "/");
	CHECK_WORD(m.point, "/proc");
	CHECK_WORD(m.options, "rw,nosuid");
	CHECK_WORD(m.type, "proc");
	CHECK_WORD(m.super, "rw");
	CHECK_INT(mount_next(&at, &m), 1);
	CHECK_INT(m.id, 27);
	CHECK_INT(m.parent, 1);
	CHECK_WORD(m.type, "ext4");
	CHECK_WORD(m.super, "rw,discard");
	CHECK_INT(mount_next(&at, &m), 1);
	CHECK_WORD(m.root, "/a\\040b");
	CHECK_WORD(m.point, "/mnt/x\\040y");
	CHECK_WORD(m.options, "ro");
	CHECK_WORD(m.type, "tmpfs");
	CHECK_WORD(m.super, "-");
	CHECK_INT(mount_next(&at, &m), 0);
	CHECK_TEXT(at, "");
}

/* What is none is passed over, and the good line behind it is found. */
TEST(nonsense)
{
	static const char *const lines[] = {
		"",
		" ",
		"22",
		"22 27",
		"22 27 ",
		"22 27 0:21 / /proc rw",
		"22 27 0:21 / /proc rw - ",
		"22 27 0:21 / /proc rw -",
		"x 27 0:21 / /proc rw - proc proc rw",
		"22 y 0:21 / /proc rw - proc proc rw",
		"22x27 0:21 / /proc rw - proc proc rw",
		"22 27x 0:21 / /proc rw - proc proc rw",
		"99999999999999999999999 27 0:21 / /proc rw - proc proc rw",
		" 22 27 0:21 / /proc rw - proc proc rw",
		"-1 27 0:21 / /proc rw - proc proc rw",
	};
	struct mount_line m;
	char text[256];

	for (size_t i = 0; i < COUNT(lines); i++) {
		const char *at = text;

		snprintf(text, sizeof text, "%s\n5 6 0:1 / /here rw - tmpfs x rw\n", lines[i]);
		if (!mount_next(&at, &m) || m.id != 5 || mount_next(&at, &m))
			CHECK_FAIL("line %zu: \"%s\"", i, lines[i]);
		/* Without a newline it is no line either. */
		snprintf(text, sizeof text, "%s", lines[i]);
		at = text;
		if (mount_next(&at, &m))
			CHECK_FAIL("line %zu alone", i);
	}
	for (const char *cut = HOST; *cut; cut++) {
		const char *at = cut;

		while (mount_next(&at, &m))
			;
	}
}

/* Random texts of what lines are made of: words lie within the text, and it ends. */
TEST(any_text)
{
	static const char bytes[] = "0123456789  \n\n//-:,aprocw\\\t\377";
	struct mount_line m;

	for (int round = 0; round < 20000; round++) {
		size_t len = rnd_below(80);
		char *text = malloc(len + 1);
		const char *at = text;

		for (size_t i = 0; i < len; i++)
			text[i] = bytes[rnd_below(sizeof bytes - 1)];
		text[len] = 0;
		while (mount_next(&at, &m))
			if (m.root < text || m.root > at || m.type < m.options || m.type >= at ||
			    m.point < m.root || m.options < m.point)
				CHECK_FAIL("\"%s\"", text);
		free(text);
	}
}

TEST(words)
{
	CHECK(mount_is("proc proc rw\n", "proc"));
	CHECK(mount_is("proc\n", "proc"));
	CHECK(!mount_is("proc2 x\n", "proc"));
	CHECK(!mount_is("pro x\n", "proc"));
	CHECK(!mount_is("\n", "proc"));
	CHECK(mount_is("- proc", "-"));
}

/* ---- paths */

TEST(paths)
{
	static const struct {
		const char *word, *path;
	} rows[] = {
		{ "/mnt rw", "/mnt" },
		{ "/a\\040b\\011c\\012d\\134e\\043 rw", "/a b\tc\nd\\e#" },
		{ "/\\377\\001 ", "/\377\001" },
		{ "/end\n/other", "/end" },
		{ "/end", "/end" },
		{ "", "" },
		{ " x", "" },
		/* None that the kernel writes: they stay as they are. */
		{ "/a\\ x", "/a\\" },
		{ "/a\\0 x", "/a\\0" },
		{ "/a\\04 x", "/a\\04" },
		{ "/a\\04", "/a\\04" },
		{ "/a\\", "/a\\" },
		{ "/a\\400\\080\\x41 ", "/a\\400\\080\\x41" },
		{ "/a\\\\040 ", "/a\\ " },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char *word = strdup(rows[i].word);

		mount_path(word);
		if (strcmp(word, rows[i].path))
			CHECK_FAIL("row %zu: \"%s\"", i, word);
		free(word);
	}
}

/* ---- the end of a machine: in a mount namespace of its own, and only of what is in a directory of
 * the test's. Whoever changes mount_off so that it goes beyond that text ends this machine. */

static char stayed[256];

static void stays(const char *point, int err)
{
	size_t len = strlen(stayed);

	snprintf(stayed + len, sizeof stayed - len, "%s:%d ", strrchr(point, '/') + 1, err);
}

/* What is mounted below the directory, as its lines. */
static void below(const char *dir, struct str *text)
{
	struct str all = { 0 };
	int proc = proc_mount(NULL);
	char *line, *next;

	MUST(!mount_read(proc, 0, &all));
	close(proc);
	text->len = 0;
	for (line = all.p; *line; line = next) {
		struct mount_line m;
		const char *at = line;

		next = strchr(line, '\n') + 1;
		MUST(mount_next(&at, &m) && at == next);
		if (!strncmp(m.point, dir, strlen(dir)))
			MUST(!str_add(text, line, (size_t)(next - line)));
	}
	MUST(!str_add(text, "", 1));
	str_free(&all);
}

static const char *flags_of(const char *point)
{
	static char text[64];
	struct statvfs fs;

	MUST(!statvfs(point, &fs));
	snprintf(text, sizeof text, "%s%s%s%s%s%s", fs.f_flag & ST_RDONLY ? "ro" : "rw",
	         fs.f_flag & ST_NOSUID ? ",nosuid" : "", fs.f_flag & ST_NODEV ? ",nodev" : "",
	         fs.f_flag & ST_NOEXEC ? ",noexec" : "",
	         fs.f_flag & ST_NOATIME    ? ",noatime"
	         : fs.f_flag & ST_RELATIME ? ",relatime"
	                                   : "",
	         fs.f_flag & 0x2000 ? ",nosymfollow" : "");
	return text;
}

#define MUST_TEXT(is, should) \
	do { \
		const char *must_is = is; \
\
		if (strcmp(must_is, should)) { \
			printf("# %s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, #is, \
			       must_is, should); \
			_exit(1); \
		} \
	} while (0)

/* A tmpfs at $T/off/NAME, or at a path. */
static void tmpfs(const char *name, unsigned long flags)
{
	char path[512];

	snprintf(path, sizeof path, "%s/%s", tmp("off"), name);
	MUST(!mkdir(path, 0755) || errno == EEXIST);
	MUST(!mount("x", path, "tmpfs", flags, "size=4k"));
}

static void private_mounts(void)
{
	MUST(!ns_new(1u << NS_MNT) && !ns_propagation(MS_PRIVATE));
	MUST(!mkdir(tmp("off"), 0755) || errno == EEXIST);
	MUST(!mount("off", tmp("off"), "tmpfs", 0, NULL));
	*stayed = 0;
}

/* All of it, and whoever looks afterwards finds nothing. */
static void must_all_go(void)
{
	struct str text = { 0 };

	below(tmp("off"), &text);
	MUST_INT(mount_off(&text, stays), 0);
	MUST_TEXT(stayed, "");
	below(tmp("off"), &text);
	MUST_TEXT(text.p, "");
	str_free(&text);
}

static int all_go(void *unused)
{
	(void)unused;
	private_mounts();
	tmpfs("a", 0);
	tmpfs("a/b", 0);
	tmpfs("a", 0); /* hides the one below */
	tmpfs("a", 0);
	tmpfs("a/c", 0);
	tmpfs("with blank", 0);
	tmpfs("with\nnewline\tand\\040#", 0);
	tmpfs("with\nnewline\tand\\040#/d", 0);
	must_all_go();
	return 0;
}

/* In the list it may stand in front of what it is on: or behind, as of Linux 6.8. */
static int moved_ones_go(void *unused)
{
	(void)unused;
	private_mounts();
	tmpfs("early", 0);
	tmpfs("late", 0);
	MUST(!mkdir(tmp("off/late/early"), 0755));
	MUST(!mount(tmp("off/early"), tmp("off/late/early"), NULL, MS_MOVE, NULL));
	tmpfs("later", 0);
	MUST(!mkdir(tmp("off/later/late"), 0755));
	MUST(!mount(tmp("off/late"), tmp("off/later/late"), NULL, MS_MOVE, NULL));
	must_all_go();
	return 0;
}

/* What went between the reading and now is nothing to speak of; nor is a text of nothing. */
static int gone_ones_go(void *unused)
{
	struct str text = { 0 }, empty = { 0 };

	(void)unused;
	private_mounts();
	tmpfs("a", 0);
	tmpfs("a/b", 0);
	tmpfs("c", 0);
	below(tmp("off"), &text);
	MUST(!umount2(tmp("off/a/b"), 0) && !umount2(tmp("off/c"), 0));
	MUST_INT(mount_off(&text, stays), 0);
	MUST_TEXT(stayed, "");
	below(tmp("off"), &text);
	MUST_TEXT(text.p, "");
	MUST(!str_add(&empty, "", 1));
	MUST_INT(mount_off(&empty, stays), 0);
	str_free(&empty);
	str_free(&text);
	return 0;
}

/* Who is only in use becomes read-only, and what its mount forbids it goes on forbidding; who is
 * written to is neither. */
static int used_ones_stay(void *unused)
{
	struct str text = { 0 };
	int inside, writer;

	(void)unused;
	private_mounts();
	tmpfs("used", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME);
	tmpfs("between", 0);
	tmpfs("used/on", 0);
	tmpfs("written", MS_NOSUID);
	inside = open(tmp("off/used"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	writer = open(tmp("off/written/file"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	MUST(inside >= 0 && writer >= 0);
	MUST(!mkdir(tmp("off/used/dir"), 0755));
	below(tmp("off"), &text);
	MUST_INT(mount_off(&text, stays), 0);
	MUST_TEXT(stayed, "written:-16 ");
	MUST_TEXT(flags_of(tmp("off")), "ro,relatime");
	MUST_TEXT(flags_of(tmp("off/used")), "ro,nosuid,nodev,noexec,noatime");
	MUST_TEXT(flags_of(tmp("off/written")), "rw,nosuid,relatime");
	MUST(mkdir(tmp("off/used/other"), 0755) && errno == EROFS);
	MUST_TEXT(flags_of(tmp("off/between")), "ro,relatime"); /* off's own now */
	/* Who comes too late finds it so. */
	below(tmp("off"), &text);
	MUST_INT(mount_off(&text, stays), 0);
	MUST_TEXT(stayed, "written:-16 written:-16 ");
	MUST(!close(inside) && !close(writer));
	*stayed = 0;
	must_all_go();
	return 0;
}

static int flags_stay(void *unused)
{
	static const struct {
		unsigned long flags;
		const char *text;
	} rows[] = {
		{ 0, "ro,relatime" },
		{ MS_NOSUID, "ro,nosuid,relatime" },
		{ MS_NODEV, "ro,nodev,relatime" },
		{ MS_NOEXEC, "ro,noexec,relatime" },
		{ MS_STRICTATIME, "ro" },
		{ MS_NOATIME | MS_NODEV, "ro,nodev,noatime" },
		{ 256 /* MS_NOSYMFOLLOW */, "ro,relatime,nosymfollow" },
		{ MS_RDONLY, "ro,relatime" },
	};

	(void)unused;
	private_mounts();
	for (size_t i = 0; i < COUNT(rows); i++) {
		tmpfs("flags", rows[i].flags);
		MUST_INT(mount_read_only(tmp("off/flags")), 0);
		MUST_TEXT(flags_of(tmp("off/flags")), rows[i].text);
		MUST(!umount2(tmp("off/flags"), 0));
	}
	MUST_INT(mount_read_only(tmp("off/flags")), -EINVAL); /* no mount point */
	MUST_INT(mount_read_only(tmp("off/nothing")), -ENOENT);
	return 0;
}

TEST(off)
{
	int (*const ways[])(void *) = { all_go, moved_ones_go, gone_ones_go, used_ones_stay,
		                        flags_stay };

	for (size_t i = 0; !geteuid() && i < COUNT(ways); i++)
		if (in_child(ways[i], NULL))
			CHECK_FAIL("way %zu", i);
}

/* ---- proc, in recorded trees */

static int tree_of(const char *self)
{
	static int number;
	char name[64];

	snprintf(name, sizeof name, "proc%d/self/mountinfo", ++number);
	put(name, self);
	snprintf(name, sizeof name, "/proc%d", number);
	return tree_fd(name);
}

static void check_proc(const char *list, int should, const char *where)
{
	char point[MOUNT_POINT] = "";
	int dir = tree_of(list), is = mount_proc(dir, 0, point);

	if (is != should || (where && strcmp(point, where)))
		CHECK_FAIL("%d at %s, not %d at %s, of:\n%s", is, point, should, where, list);
	close(dir);
}

#define ROOT "600 500 0:50 / / rw - overlay overlay rw\n"
#define BINFMT "60 22 0:30 / /proc/sys/fs/binfmt_misc rw - "

TEST(proc)
{
	check_proc("", MOUNT_NO_PROC, NULL);
	check_proc(ROOT, MOUNT_NO_PROC, NULL);
	check_proc(HOST, MOUNT_PROC, NULL);
	/* Only a part of one, mounted alone: it is none. */
	check_proc(ROOT "601 600 0:21 /sys /proc/sys rw - proc proc rw\n", MOUNT_NO_PROC, NULL);
	/* What systemd has there, and the NFS server. */
	check_proc(HOST BINFMT "autofs systemd-1 rw\n"
	                       "61 60 0:31 / /proc/sys/fs/binfmt_misc rw - binfmt_misc b rw\n"
	                       "62 22 0:32 / /proc/fs/nfsd rw - nfsd nfsd rw\n",
	           MOUNT_PROC, NULL);
	check_proc(HOST BINFMT "binfmt_misc b rw\n", MOUNT_PROC, NULL);
	check_proc(HOST BINFMT "tmpfs t rw\n", MOUNT_PROC_MASKED, "/proc/sys/fs/binfmt_misc");
	/* docker's, podman's. */
	check_proc(ROOT "601 600 0:53 / /proc rw,nosuid - proc proc rw\n"
	                "602 601 0:53 /bus /proc/bus ro,nosuid - proc proc rw\n"
	                "603 601 0:53 /sys /proc/sys ro,nosuid - proc proc rw\n"
	                "604 601 0:54 / /proc/acpi ro - tmpfs tmpfs ro\n"
	                "605 601 0:55 /null /proc/kcore rw - tmpfs tmpfs rw\n",
	           MOUNT_PROC_MASKED, "/proc/bus");
	/* All of it is covered. */
	check_proc(HOST "90 22 0:90 / /proc rw - tmpfs t rw\n", MOUNT_PROC_MASKED, "/proc");
	check_proc(ROOT "601 600 0:53 / /proc ro,nosuid - proc proc rw\n", MOUNT_PROC_READ_ONLY,
	           "/proc");
	check_proc(ROOT "601 600 0:53 / /proc ro - proc proc rw\n", MOUNT_PROC_READ_ONLY, "/proc");
	/* A word that only begins so; an option of the file system and not of the mount. */
	check_proc(ROOT "601 600 0:53 / /proc rootcontext=x - proc proc rw\n", MOUNT_PROC, NULL);
	check_proc(ROOT "601 600 0:53 / /proc rw - proc proc ro,hidepid=2\n", MOUNT_PROC, NULL);
	/* One whole is enough, wherever, before or behind. */
	check_proc(ROOT "601 600 0:53 / /proc ro - proc proc rw\n"
	                "602 600 0:54 / /run/p rw - proc proc rw\n",
	           MOUNT_PROC, NULL);
	check_proc(ROOT "602 600 0:54 / /run/p rw - proc proc rw\n"
	                "601 600 0:53 / /proc ro - proc proc rw\n",
	           MOUNT_PROC, NULL);
	/* What is mounted beside, or is its own parent, masks nothing. */
	check_proc(ROOT "601 601 0:53 / /proc rw - proc proc rw\n"
	                "602 600 0:54 / /process rw - tmpfs proc rw\n",
	           MOUNT_PROC, NULL);
}

/* A path of any length is cut. */
TEST(a_long_path)
{
	char list[4096], name[3000], point[MOUNT_POINT];
	int dir;

	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = 0;
	snprintf(list, sizeof list, ROOT "601 600 0:5 / /%s ro - proc proc rw\n", name);
	dir = tree_of(list);
	CHECK_INT(mount_proc(dir, 0, point), MOUNT_PROC_READ_ONLY);
	CHECK_INT(strlen(point), MOUNT_POINT - 1);
	close(dir);
}

TEST(unreadable)
{
	struct str text = { 0 };
	char point[MOUNT_POINT];

	CHECK_INT(mount_proc(-1, 0, point), MOUNT_NO_PROC);
	CHECK_INT(mount_proc(-1, 1, point), MOUNT_NO_PROC);
	CHECK_INT(mount_read(-1, 0, &text), -EBADF);
	CHECK(!text.p);
}

TEST(read)
{
	int dir = proc_mount(NULL);
	struct str text = { 0 };

	CHECK_INT(mount_read(dir, 0, &text), 0);
	CHECK(text.len && !text.p[text.len - 1] && strstr(text.p, " - proc "));
	str_free(&text);
	CHECK_INT(mount_read(dir, 4194304, &text), -ENOENT);
	close(dir);
}

/* A mount is seen until it is taken off, and the old ones not in the namespace of a new root. */
static int mounts_come_and_go(void *arg)
{
	int dir = *(int *)arg, other, outside = io_open_dir("/");
	uint64_t id, of_root, of_old_root;

	MUST(!mount_id(dir, outside, &of_old_root) && mount_is_seen(dir, outside));
	MUST(!ns_new(1u << NS_MNT) && !ns_propagation(MS_PRIVATE));
	other = io_open_dir("/");
	MUST(!mount_id(dir, other, &of_root) && of_root != of_old_root);
	MUST(mount_is_seen(dir, other) && !mount_is_seen(dir, outside));
	MUST(!mount("x", tmp("seen"), "tmpfs", 0, NULL));
	other = io_open_dir(tmp("seen"));
	MUST(!mount_id(dir, other, &id) && id != of_root && mount_is_seen(dir, other));
	MUST(!umount2(tmp("seen"), MNT_DETACH) && !mount_is_seen(dir, other));
	return 0;
}

TEST(of_a_descriptor)
{
	int dir = proc_mount(NULL);
	uint64_t id;

	CHECK_INT(mount_id(dir, -1, &id), -ENOENT);
	CHECK_INT(mount_id(-1, dir, &id), -EBADF);
	CHECK_INT(mount_is_seen(-1, dir), 1);
	put("seen/file", "");
	if (!geteuid())
		CHECK_INT(in_child(mounts_come_and_go, &dir), 0);
	close(dir);
}

/* ---- chroot */

static int proc;

/* Here nobody is in one, unless the tests are. */
static int not_in_a_chroot(void *unused)
{
	int fds = count_fds();

	(void)unused;
	MUST_INT(mount_in_chroot(proc), 0);
	MUST_INT(mount_in_chroot(-1), 0);
	MUST_INT(count_fds(), fds);
	return 0;
}

struct jail {
	int with_proc, by_nobody;
};

static int in_the_jail(void *arg)
{
	const struct jail *j = arg;

	MUST(!chroot(tmp("jail")) && !chdir("/"));
	MUST(!j->by_nobody || (!setgid(65534) && !setuid(65534)));
	MUST_INT(mount_in_chroot(j->with_proc ? proc : -1), 1);
	return 0;
}

/* Our own child, so that the parent is outside and sees it. */
static int on_a_mount(void *arg)
{
	MUST(!ns_new(1u << NS_MNT) && !ns_propagation(MS_PRIVATE));
	MUST(!mount("jail", tmp("jail"), "tmpfs", 0, NULL));
	return in_child(in_the_jail, arg);
}

/* The root of the mount namespace is another mount on the same place. */
static int pivoted(void *unused)
{
	(void)unused;
	MUST(!ns_new(1u << NS_MNT) && !ns_propagation(MS_PRIVATE));
	MUST(!mount("/", tmp("jail"), NULL, MS_BIND | MS_REC, NULL) && !chdir(tmp("jail")));
	MUST(!sys_pivot_root(".", ".") && !umount2(".", MNT_DETACH) && !chdir("/"));
	MUST_INT(mount_in_chroot(proc), 0);
	return 0;
}

TEST(chroots)
{
	struct jail ways[] = { { 1, 0 }, { 1, 1 }, { 0, 0 } };

	proc = proc_mount(NULL);
	put("jail/file", "");
	CHECK_INT(in_child(not_in_a_chroot, NULL), 0);
	for (size_t i = 0; !geteuid() && i < COUNT(ways); i++) {
		CHECK_INT(in_child(in_the_jail, &ways[i]), 0);
		CHECK_INT(in_child(on_a_mount, &ways[i]), 0);
	}
	if (!geteuid())
		CHECK_INT(in_child(pivoted, NULL), 0);
	close(proc);
}
