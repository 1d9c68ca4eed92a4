/* SPDX-License-Identifier: 0BSD */
/* unshare: what is mounted where in the new mount namespace, the root and the working directory. */
#include "unshare.h"
#include "hint.h"
#include "io.h"

#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define PROC_FLAGS (MS_NOSUID | MS_NOEXEC | MS_NODEV)
#define BINFMT "/proc/sys/fs/binfmt_misc" /* lint: procfs: a mount point */

/* ---- propagation */

static const struct {
	char name[10];
	unsigned flag;
} propagations[] = {
	{ "private", MS_PRIVATE },
	{ "slave", MS_SLAVE },
	{ "shared", MS_SHARED },
	{ "unchanged", 0 },
};

unsigned long root_propagation(const char *word)
{
	for (size_t i = 0; i < sizeof propagations / sizeof *propagations; i++)
		if (!strcmp(word, propagations[i].name))
			return propagations[i].flag;
	die(1, 0, "unsupported propagation mode: %s", word);
}

/* ---- the root */

/* The old root is put on top of the new one, and taken off: then nothing leads back, and user
 * namespaces may be made, which a chroot forbids (pivot_root(2)). */
static void pivot(const struct unshare *u)
{
	int r;

	if (mount(u->root, u->root, NULL, MS_BIND | MS_REC, NULL) || chdir(u->root))
		die(1, errno, "cannot change root directory to '%s'", u->root);
	r = sys_pivot_root(".", ".");
	if (!r)
		r = (int)sys_result(umount2(".", MNT_DETACH));
	else if (r == -EINVAL && !mount(".", "/", NULL, MS_MOVE, NULL))
		r = (int)sys_result(chroot(".")); /* an initramfs cannot be taken off */
	if (r)
		die_hint(1, r,
		         r == -EINVAL
		                 ? "not with shared mounts, nor inside a chroot: --propagation "
		                   "private or slave"
		                 : NULL,
		         "cannot pivot the root to '%s'", u->root);
}

static void change_root(const struct unshare *u)
{
	if (u->pivot)
		pivot(u);
	else if (chroot(u->root))
		die(1, errno, "cannot change root directory to '%s'", u->root);
	if (chdir("/"))
		die(1, errno, "cannot change directory to /");
}

/* ---- /dev */

static const struct {
	char name[8];
	unsigned char major, minor;
} nodes[] = {
	{ "null", 1, 3 },   { "zero", 1, 5 },    { "full", 1, 7 },
	{ "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 },
};

static const struct {
	char name[8], target[16];
} links[] = {
	{ "fd", "/proc/self/fd" }, /* lint: procfs: where a link points */
	{ "stdin", "fd/0" },       { "stdout", "fd/1" },
	{ "stderr", "fd/2" },      { "ptmx", "pts/ptmx" },
};

#define NODES (sizeof nodes / sizeof *nodes)

/* The device files of outside, while they can be reached: a user namespace lets nobody make any. */
static void take_nodes(struct unshare *u)
{
	char path[16];

	_Static_assert(NODES == sizeof u->node / sizeof *u->node, "one place each");
	for (size_t i = 0; i < NODES; i++) {
		str_format(path, sizeof path, "/dev/%s", nodes[i].name);
		u->node[i] = sys_open_tree(AT_FDCWD, path, SYS_TREE_CLONE);
	}
}

static int make_node(const struct unshare *u, size_t i, const char *path)
{
	int r = (int)sys_result(
		mknod(path, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)));
	int fd;

	if (r != -EPERM || u->node[i] < 0)
		return r ? r : (int)sys_result(chmod(path, 0666));
	fd = (int)sys_result(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
	if (fd < 0)
		return fd;
	close(fd);
	return sys_move_mount(u->node[i], AT_FDCWD, path);
}

static void mount_dev(const struct unshare *u)
{
	char path[16];
	int r = 0;

	mkdir("/dev", 0755);
	if (mount("tmpfs", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755") ||
	    mkdir("/dev/pts", 0755) || mkdir("/dev/shm", 0) || chmod("/dev/shm", 01777))
		die(1, errno, "mount /dev failed");
	for (size_t i = 0; i < NODES && !r; i++) {
		str_format(path, sizeof path, "/dev/%s", nodes[i].name);
		r = make_node(u, i, path);
		close(u->node[i]);
	}
	for (size_t i = 0; i < sizeof links / sizeof *links && !r; i++) {
		str_format(path, sizeof path, "/dev/%s", links[i].name);
		r = (int)sys_result(symlink(links[i].target, path));
	}
	if (r)
		die(1, r, "cannot make %s", path);
	if (mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
	          "newinstance,ptmxmode=0666,mode=620"))
		die(1, errno, "mount /dev/pts failed");
}

/* ---- /proc */

__attribute__((noreturn)) static void no_proc(const struct unshare *u, int err)
{
	char why[HINT_TEXT];

	die_hint(1, err, hint_proc(u->proc, err, why), "mount %s failed", u->mount_proc);
}

/* In a user namespace the kernel gives a proc only to who sees one, as long as he does. */
static void take_proc(struct unshare *u)
{
	u->new_proc = sys_fsmount("proc", PROC_FLAGS);
	if (u->new_proc == -EPERM && u->mask & 1u << NS_USER)
		no_proc(u, u->new_proc);
}

static void mount_proc(const struct unshare *u)
{
	int r;

	if (u->new_proc >= 0) {
		r = sys_move_mount(u->new_proc, AT_FDCWD, u->mount_proc);
		if (r)
			die(1, r, "mount %s failed", u->mount_proc);
		return;
	}
	/* With propagation the new mount would reach the namespace we came from. */
	if (!u->root && strcmp(u->propagation, "private") &&
	    mount("none", u->mount_proc, NULL, MS_PRIVATE | MS_REC, NULL) && errno != EINVAL)
		die(1, errno, "cannot change %s's propagation", u->mount_proc);
	if (mount("proc", u->mount_proc, "proc", PROC_FLAGS, NULL))
		no_proc(u, -errno);
}

/* The file that the interpreter is opened from at once (flag F, the last field) is outside. */
static int is_fixed(const char *interpreter)
{
	const char *flags = strrchr(interpreter, *interpreter);

	return flags && flags != interpreter && strchr(flags, 'F');
}

static void mount_binfmt(const struct unshare *u, const char *dir, int load)
{
	int fd, r;

	if (mount("binfmt_misc", dir, "binfmt_misc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL))
		die_hint(
			1, errno,
			errno == EPERM || errno == ENODEV || errno == ENOENT
				? "needs binfmt_misc in the kernel, per user namespace since Linux "
				  "6.7"
				: NULL,
			"mount %s failed", dir);
	if (!load || !u->interp)
		return;
	fd = io_open_dir(dir);
	r = fd < 0 ? fd : io_write_at(fd, "register", u->interp, strlen(u->interp));
	if (r)
		die(1, r, "write failed %s/register", dir);
	close(fd);
}

void root_set_up(struct unshare *u)
{
	unsigned long flag = root_propagation(u->propagation);
	int early = CFG_UNSHARE_BINFMT && u->interp && u->root && is_fixed(u->interp);
	int r = u->mask & 1u << NS_MNT && flag ? ns_propagation(flag) : 0;

	if (r)
		die(1, r, "cannot change root filesystem propagation");
	if (early)
		mount_binfmt(u, BINFMT, 1);
	if (CFG_UNSHARE_DEV && u->dev)
		take_nodes(u);
	u->new_proc = -1;
	if (u->pivot && u->mount_proc)
		take_proc(u);
	if (u->root)
		change_root(u);
	if (u->dir && chdir(u->dir))
		die(1, errno, "cannot change directory to %s", u->dir);
	if (CFG_UNSHARE_DEV && u->dev)
		mount_dev(u);
	if (u->mount_proc)
		mount_proc(u);
	if (CFG_UNSHARE_BINFMT && u->binfmt)
		mount_binfmt(u, *u->binfmt ? u->binfmt : BINFMT, !early);
}
