/* SPDX-License-Identifier: 0BSD */
/* What a machine needs before the first action, where nobody has seen to it yet: a console, the
 * kernel's own file systems on directories that are there, a name. */
#include "system.h"
#include "die.h"
#include "io.h"
#include "str.h"

#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

struct boot_mount {
	char type[9], point[9], options[28];
	unsigned char flags;
};

#define NOTHING (MS_NOSUID | MS_NOEXEC | MS_NODEV)

/* clang-format off */
static const struct boot_mount boot_mounts[] = {
	/* lint: procfs: it is mounted here, not read */
	IF_INIT_PROC({ "proc", "/proc", "", NOTHING },)
	IF_INIT_SYS({ "sysfs", "/sys", "", NOTHING },)
	IF_INIT_DEV({ "devtmpfs", "/dev", "mode=755", MS_NOSUID },)
	IF_INIT_PTS({ "devpts", "/dev/pts", "gid=5,mode=620,ptmxmode=666", MS_NOSUID | MS_NOEXEC },)
	IF_INIT_RUN({ "tmpfs", "/run", "mode=755", MS_NOSUID | MS_NODEV },)
	{ "", "", "", 0 },
};
/* clang-format on */

enum place { NO_DIRECTORY, FREE, MOUNTED };

static enum place look(const char *point)
{
	char above[16];
	struct sys_file here, there;
	int r = sys_file_at(AT_FDCWD, point, &here);

	if (r == -ENOSYS) /* before Linux 4.11: mount(2) knows it of all but /run */
		return FREE;
	if (r || !S_ISDIR(here.mode))
		return NO_DIRECTORY;
	if (here.mounted >= 0)
		return here.mounted ? MOUNTED : FREE;
	str_format(above, sizeof above, "%s/..", point);
	r = sys_file_at(AT_FDCWD, above, &there);
	if (r || here.device[0] != there.device[0] || here.device[1] != there.device[1])
		return MOUNTED;
	return FREE;
}

static void mount_all(void)
{
	for (const struct boot_mount *m = boot_mounts; *m->type; m++) {
		enum place place = look(m->point);

		/* A fresh devtmpfs has none; a directory of the root file system stays as it is. */
		if (place == NO_DIRECTORY && !strcmp(m->type, "devpts") &&
		    look("/dev") == MOUNTED && !mkdir(m->point, 0755))
			place = FREE;
		if (place == FREE && mount(m->type, m->point, m->type, m->flags, m->options) &&
		    errno != EBUSY)
			warn(errno, "cannot mount %s on %s", m->type, m->point);
	}
}

/* The first word of the file that is in no comment, as in hostname(5). */
static void set_hostname(void)
{
	char text[512], *name = text;

	if (io_read_at(AT_FDCWD, "/etc/hostname", text, sizeof text) <= 0)
		return;
	while (name += strspn(name, " \t\r\n"), *name == '#')
		name += strcspn(name, "\n");
	name[strcspn(name, " \t\r\n")] = 0;
	if (*name && sethostname(name, strlen(name)))
		warn(errno, "cannot set the host name to '%s'", name);
}

void boot(int initial)
{
	sys_close_range(3, ~0u); /* what is not ours to hand on; a kernel gives us none */
	if (chdir("/"))
		warn(errno, "/");
	console_open(); /* it may have something to say about the mounts, */
	if (initial)
		mount_all();
	console_keep(); /* or they are what makes one appear */
	if (initial && CFG_INIT_HOSTNAME)
		set_hostname();
	console_leave();
	console_reset();
}
