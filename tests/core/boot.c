/* SPDX-License-Identifier: 0BSD */
/*
 * What init does on a machine before the first action (X14): in a root of its own, and with
 * functions for mount(2) and sethostname(2) that only say what they are asked for. That a kernel
 * does it, too, is shown in tests/system.
 */
#include "test.h"
#include "help.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

struct scene {
	const char *directories, *mounted; /* words */
	const char *hostname;              /* text of the file, or NULL */
	int container;
	int err; /* what each call fails with */
};

static int fail_with;

static int answer(void)
{
	errno = fail_with;
	return fail_with ? -1 : 0;
}

static int say_mount(const char *source, const char *target, const char *type, unsigned long flags,
                     const void *options)
{
	dprintf(2, "mount %s%s on %s,%s%s%s %s\n", type, strcmp(source, type) ? " (source)" : "",
	        target, flags & MS_NOSUID ? "nosuid," : "", flags & MS_NODEV ? "nodev," : "",
	        flags & MS_NOEXEC ? "noexec," : "", (const char *)options);
	return answer();
}

static int say_hostname(const char *name, size_t len)
{
	dprintf(2, "host %.*s\n", (int)len, name);
	return len > 64 ? (errno = EINVAL, -1) : answer();
}

#define mount say_mount
#define sethostname say_hostname
#include "../../applets/init/boot.c"
#undef mount
#undef sethostname

void console_open(void)
{
	dprintf(2, "open\n");
}

void console_keep(void)
{
	dprintf(2, "keep\n");
}

void console_leave(void)
{
	dprintf(2, "leave\n");
}

void console_reset(void)
{
	dprintf(2, "reset\n");
}

static void each_word(const char *words, void (*f)(const char *))
{
	char word[64];
	int n;

	for (; words && sscanf(words, "%63s%n", word, &n) == 1; words += n)
		f(word);
}

static void make(const char *name)
{
	if (mkdir(name, 0755))
		give_up(name);
}

static void mount_there(const char *name)
{
	if (mount("tmpfs", name, "tmpfs", 0, NULL))
		give_up(name);
}

static int play(void *arg)
{
	const struct scene *s = arg;
	struct stat st;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		give_up("unshare");
	put("root/there", "");
	mount_there(tmp("root"));
	if (chroot(tmp("root")) || chdir("/"))
		give_up("chroot");
	make("etc");
	if (s->hostname) {
		int fd = open("etc/hostname", O_WRONLY | O_CREAT, 0644);

		if (write(fd, s->hostname, strlen(s->hostname)) < 0)
			give_up("hostname");
		close(fd);
	}
	each_word(s->directories, make);
	each_word(s->mounted, mount_there);
	fail_with = s->err;
	boot(!s->container);
	fail_with = 0;
	dprintf(2, "pts %d\n", !stat("/dev/pts", &st));
	return 0;
}

static const char *played(const struct scene *s)
{
	static char text[8192];

	if (capture(2, play, (void *)(uintptr_t)s, text, sizeof text))
		return "failed";
	return text;
}

#define PROC "mount proc on /proc,nosuid,nodev,noexec, \n"
#define SYS "mount sysfs on /sys,nosuid,nodev,noexec, \n"
#define DEV "mount devtmpfs on /dev,nosuid, mode=755\n"
#define PTS "mount devpts on /dev/pts,nosuid,noexec, gid=5,mode=620,ptmxmode=666\n"
#define RUN "mount tmpfs on /run,nosuid,nodev, mode=755\n"
#define BEGIN "open\n"
#define END "leave\nreset\n"

TEST(all)
{
	const struct scene s = { .directories = "proc sys dev dev/pts run" };

	CHECK_TEXT(played(&s), BEGIN PROC SYS DEV PTS RUN "keep\n" END "pts 1\n");
}

TEST(only_on_directories)
{
	const struct scene none = { 0 }, some = { .directories = "run sys other" };

	CHECK_TEXT(played(&none), BEGIN "keep\n" END "pts 0\n");
	CHECK_TEXT(played(&some), BEGIN SYS RUN "keep\n" END "pts 0\n");
}

/* Trap 43: what is mounted there already stays. */
TEST(nothing_twice)
{
	const struct scene s = { .directories = "proc sys dev run", .mounted = "proc sys run" };

	CHECK_TEXT(played(&s), BEGIN DEV "keep\n" END "pts 0\n");
}

/* A directory for devpts is made in a file system of devices, and never in the root's. */
TEST(pts_in_a_mounted_dev)
{
	const struct scene s = { .directories = "dev", .mounted = "dev" };

	CHECK_TEXT(played(&s), BEGIN PTS "keep\n" END "pts 1\n");
}

/* Traps 43 and 44: a line each, and it goes on. */
TEST(failures)
{
	const struct scene s = { .directories = "proc run", .hostname = "box\n", .err = EROFS };

	CHECK_TEXT(played(&s), BEGIN PROC
	           "pidbox: cannot mount proc on /proc: Read-only file system\n" RUN
	           "pidbox: cannot mount tmpfs on /run: Read-only file system\n"
	           "keep\nhost box\n"
	           "pidbox: cannot set the host name to 'box': Read-only file system\n" END
	           "pts 0\n");
}

TEST(container)
{
	const struct scene s = { .directories = "proc sys dev dev/pts run",
		                 .hostname = "box\n",
		                 .container = 1 };

	CHECK_TEXT(played(&s), BEGIN "keep\n" END "pts 1\n");
}

TEST(hostname)
{
	static const struct {
		const char *text, *name;
	} cases[] = {
		{ "box", "box" },
		{ "box\n", "box" },
		{ "box.example.org more\nother\n", "box.example.org" },
		{ "# a comment\n\n \t box \r\n", "box" },
		{ "#\n#x\nbox#1\n", "box#1" },
		{ "", NULL },
		{ "\n \n# only\n#", NULL },
	};
	struct scene s = { 0 };
	char want[256], longest[80];

	for (size_t i = 0; i < COUNT(cases); i++) {
		s.hostname = cases[i].text;
		snprintf(want, sizeof want, BEGIN "keep\n%s%s%s" END "pts 0\n",
		         cases[i].name ? "host " : "", cases[i].name ? cases[i].name : "",
		         cases[i].name ? "\n" : "");
		CHECK_TEXT(played(&s), want);
	}
	memset(longest, 'x', sizeof longest);
	longest[65] = 0;
	s.hostname = longest;
	snprintf(want, sizeof want,
	         BEGIN "keep\nhost %s\n"
	               "pidbox: cannot set the host name to '%s': Invalid argument\n" END "pts 0\n",
	         longest, longest);
	CHECK_TEXT(played(&s), want);
}
