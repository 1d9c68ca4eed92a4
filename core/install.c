/* SPDX-License-Identifier: 0BSD */
/*
 * pidbox --install: links for all applets. It needs no shell and no /proc, so that a Dockerfile's
 * RUN ["/pidbox", "--install", "-s", "/bin"] works in an image that holds nothing else.
 */
#include "install.h"
#include "applet.h"
#include "io.h"
#include "sys.h"
#include "table.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

struct install {
	int symbolic, force;
	const char *dir;
	char exe[PATH_MAX];    /* ourselves, without symbolic links */
	char target[PATH_MAX]; /* what a symbolic link in dir holds */
	struct stat self;
};

/* mkdir -p: in a scratch image there is no /bin yet. */
static int make_dirs(const char *path)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len >= sizeof part)
		return -ENAMETOOLONG;
	for (size_t i = 1; i <= len; i++)
		if (path[i] == '/' || !path[i]) {
			memcpy(part, path, i);
			part[i] = 0;
			if (mkdir(part, 0755) && errno != EEXIST && errno != EISDIR)
				return -errno;
		}
	return 0;
}

/* The path from directory `from` to file `to`, both absolute and without symbolic links: it holds
 * when the tree that has both is mounted elsewhere. */
static int relative(const char *from, const char *to, char path[PATH_MAX])
{
	size_t common = 0, len = 0, i = 0;

	for (; from[i] && from[i] == to[i]; i++)
		if (from[i] == '/')
			common = i + 1;
	if (!from[i] && to[i] == '/' && i > 1)
		from = "", common = i + 1; /* the file is below the directory */
	else
		from += common;
	while (*from && len < PATH_MAX) {
		len += str_format(path + len, PATH_MAX - len, "../");
		from += strcspn(from, "/");
		from += *from == '/';
	}
	if (len < PATH_MAX)
		len += str_format(path + len, PATH_MAX - len, "%s", to + common);
	return len < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* Whether what stands at `path` is a link of ours: 1, 0; -ENOENT when nothing is there. */
static int is_ours(const struct install *in, int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (S_ISLNK(st.st_mode)) {
		char target[PATH_MAX];

		if (io_link_at(dir, name, target, sizeof target) > 0 && !strcmp(target, in->target))
			return 1;
		if (fstatat(dir, name, &st, 0))
			return 0;
	}
	return st.st_dev == in->self.st_dev && st.st_ino == in->self.st_ino;
}

/* Makes the link under a name of its own and renames it: there is no moment without the file. */
static int link_over(const struct install *in, int dir, const char *name)
{
	char temporary[NAME_MAX];
	int r;

	str_format(temporary, sizeof temporary, ".%s.pidbox-install", name);
	unlinkat(dir, temporary, 0);
	r = in->symbolic ? symlinkat(in->target, dir, temporary)
	                 : linkat(AT_FDCWD, in->exe, dir, temporary, 0);
	if (!r)
		r = renameat(dir, temporary, dir, name);
	if (r) {
		r = -errno;
		unlinkat(dir, temporary, 0);
	}
	return r;
}

static int install_one(const struct install *in, int dir, const char *name)
{
	int ours = is_ours(in, dir, name), r;

	if (ours == 1)
		return 0;
	if (ours == 0 && !in->force) {
		warn(0, "%s/%s: exists and is no link of ours (-f replaces it)", in->dir, name);
		return 1;
	}
	r = link_over(in, dir, name);
	if (r)
		warn(r, "%s/%s%s", in->dir, name,
		     r == -EXDEV
		             ? ": a hard link cannot leave its file system (-s makes symbolic ones)"
		             : "");
	return r != 0;
}

/* Where we are: the path that was executed, which the kernel hands over (getauxval(3)). */
static int find_self(struct install *in)
{
	const char *name = (const char *)getauxval(AT_EXECFN);

	if (!name || !realpath(name, in->exe))
		return name ? -errno : -ENOENT;
	return stat(in->exe, &in->self) ? -errno : 0;
}

static int run_install(struct install *in)
{
	char real[PATH_MAX];
	int dir, failed = 0, r = find_self(in);

	if (r)
		die(1, r, "--install: cannot find this program's own file");
	r = make_dirs(in->dir);
	if (r)
		die(1, r, "--install: %s", in->dir);
	dir = io_open_dir(in->dir);
	if (dir < 0 || !realpath(in->dir, real))
		die(1, dir < 0 ? dir : errno, "--install: %s", in->dir);
	r = relative(real, in->exe, in->target);
	if (r)
		die(1, r, "--install: %s", in->dir);
	for (const struct table_row *row = table_rows; row->applet; row++)
		if (!strcmp(row->name, row->applet->text))
			failed |= install_one(in, dir, row->name);
	close(dir);
	return failed;
}

int install_main(char **argv)
{
	struct install in = { 0 };

	while (*++argv) {
		const char *word = *argv;

		if (word[0] == '-' && word[1] && !in.dir) {
			for (word++; *word; word++) {
				if (*word != 's' && *word != 'f')
					die(1, 0, "--install: unknown option '-%c'", *word);
				*(*word == 's' ? &in.symbolic : &in.force) = 1;
			}
		} else if (!in.dir) {
			in.dir = word;
		} else {
			die(1, 0, "--install: one directory only: '%s'", word);
		}
	}
	if (!in.dir)
		die(1, 0, "--install: no directory (usage: pidbox --install [-s] [-f] DIR)");
	return run_install(&in);
}
