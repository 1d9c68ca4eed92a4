/* SPDX-License-Identifier: 0BSD */
/*
 * What nobody can avoid who lists all processes: for each number in /proc it opens, reads and
 * closes the files that are named, in that order, and does nothing with what they say. "owner" is
 * no file but whose the directory is.
 *
 *	floor-ps owner|stat|status|cmdline...
 */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A record of getdents64(2). */
struct entry {
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

static void take_file(int proc, const char *path)
{
	char text[4096];
	int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (read(fd, text, sizeof(text)) < 0)
		_exit(1);
	close(fd);
}

static void take_process(int proc, const char *number, char *const *files)
{
	char path[300], *end = stpcpy(path, number);
	struct stat st;

	for (; *files; files++) {
		if (**files == 'o') {
			*end = '\0';
			fstatat(proc, path, &st, 0);
		} else {
			*end = '/';
			strcpy(end + 1, *files);
			take_file(proc, path);
		}
	}
}

int main(int argc, char **argv)
{
	/* What getdents has looked up is still in the cache when it is opened: with 32 KiB the
	 * whole takes 8 % more. */
	char entries[2048] __attribute__((aligned(8)));
	int proc = openat(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long have;

	if (proc < 0 || argc < 2)
		return 1;
	while ((have = syscall(SYS_getdents64, proc, entries, sizeof(entries))) > 0)
		for (long at = 0; at < have;) {
			const struct entry *e = (const void *)(entries + at);

			at += e->reclen;
			if (*e->name >= '1' && *e->name <= '9')
				take_process(proc, e->name, argv + 1);
		}
	return have != 0;
}
