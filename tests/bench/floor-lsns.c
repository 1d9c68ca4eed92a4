/* SPDX-License-Identifier: 0BSD */
/*
 * What nobody can avoid who lists the namespaces of all processes and what their descriptors hold:
 * for each number in /proc it reads the ten links of ns and those of fd, and does nothing with what
 * they say. Or, with the name of one link, that alone.
 *
 *	floor-lsns [LINK]
 */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
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

/* What getdents has looked up is still in the cache when it is read: few at a time. */
struct walk {
	int fd;
	char entries[2048] __attribute__((aligned(8)));
	long have, at;
};

static const struct entry *next(struct walk *w)
{
	const struct entry *e;

	if (w->at == w->have) {
		w->have = syscall(SYS_getdents64, w->fd, w->entries, sizeof(w->entries));
		w->at = 0;
		if (w->have <= 0)
			return NULL;
	}
	e = (const void *)(w->entries + w->at);
	w->at += e->reclen;
	return e;
}

static void read_link(int dir, const char *path)
{
	char text[64];

	if (readlinkat(dir, path, text, sizeof(text)) < 0)
		return;
}

/* By a directory each costs half of what it costs by its whole path. */
static void take_namespaces(int proc, const char *path)
{
	static const char kinds[][18] = { "user",
		                          "cgroup",
		                          "ipc",
		                          "uts",
		                          "net",
		                          "pid",
		                          "mnt",
		                          "time",
		                          "pid_for_children",
		                          "time_for_children" };
	int dir = openat(proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (unsigned i = 0; dir >= 0 && i < sizeof(kinds) / sizeof(*kinds); i++)
		read_link(dir, kinds[i]);
	close(dir);
}

static void take_descriptors(int proc, const char *path)
{
	struct walk w = { .fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	const struct entry *e;

	if (w.fd < 0)
		return;
	while ((e = next(&w)))
		if (*e->name != '.')
			read_link(w.fd, e->name);
	close(w.fd);
}

int main(int argc, char **argv)
{
	struct walk w = { .fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	char path[300], *end;
	const struct entry *e;

	if (w.fd < 0)
		return 1;
	while ((e = next(&w))) {
		if (*e->name < '1' || *e->name > '9')
			continue;
		end = stpcpy(path, e->name);
		strcpy(end, "/ns");
		if (argc > 1) {
			end[3] = '/';
			strcpy(end + 4, argv[1]);
			read_link(w.fd, path);
			continue;
		}
		take_namespaces(w.fd, path);
		strcpy(end, "/fd");
		take_descriptors(w.fd, path);
	}
	return w.have != 0;
}
