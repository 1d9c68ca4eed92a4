/* SPDX-License-Identifier: 0BSD */
/*
 * Who holds namespaces besides the processes that are in them: threads, children-to-be,
 * descriptors, sockets, mounts; and what only the kernel knows of.
 */
#include "io.h"
#include "lsns.h"
#include "mount.h"
#include "pid.h"
#include "proc.h"

#include "die.h"

#include <string.h>
#include <sys/stat.h>

static int is_listed(const struct find *f, enum ns_kind kind)
{
	return (int)(f->kinds >> kind & 1);
}

/* ---- mounts */

/* Appends a word of mountinfo, in which \ooo stands for a byte, and a NUL. */
static int add_word(struct str *to, const char *word)
{
	size_t len = strcspn(word, " \n");

	if (str_room(to, len + 1))
		return -ENOMEM;
	for (const char *end = word + len; word < end; to->len++) {
		int escaped = *word == '\\' && strspn(word + 1, "01234567") >= 3;

		to->p[to->len] = *word;
		if (escaped)
			to->p[to->len] =
				(char)((word[1] & 3) << 6 | (word[2] & 7) << 3 | (word[3] & 7));
		word += escaped ? 4 : 1;
	}
	to->p[to->len] = '\0';
	return 0;
}

static struct lsns_mount *mounts(const struct find *f)
{
	return (struct lsns_mount *)(void *)f->mounts.p;
}

const struct lsns_mount *find_mount(const struct find *f, size_t index_and_1)
{
	return mounts(f) + index_and_1 - 1;
}

/* Adds a place to those of a namespace, unless one of that name is there: the mounts of a mount
 * namespace are mostly copies of another's. */
static int add_place(struct find *f, struct space *s, const char *root, const char *point)
{
	struct lsns_mount new = { .path = f->text.len, .root = strlen(root) };
	size_t *link = &s->mount;

	if (str_puts(&f->text, root) || add_word(&f->text, point))
		return -ENOMEM;
	new.len = f->text.len - new.path;
	f->text.len++; /* the NUL */
	for (; *link; link = &mounts(f)[*link - 1].next) {
		const struct lsns_mount *m = find_mount(f, *link);

		if (!strcmp(f->text.p + m->path + m->root, f->text.p + new.path + new.root)) {
			f->text.len = new.path;
			return 0;
		}
	}
	*link = f->mounts.len / sizeof new + 1; /* before it may move */
	return str_add(&f->mounts, (const char *)&new, sizeof new);
}

/* The root of a mount, which is "net:[4026532000]" of a namespace and else begins with a slash. */
static int parse_root(const char *root, enum ns_kind *kind, uint64_t *inode)
{
	char text[40];
	size_t len = strcspn(root, " ");

	if (len >= sizeof text)
		return -EINVAL;
	memcpy(text, root, len);
	text[len] = '\0';
	return ns_parse(text, kind, inode);
}

/* What is mounted where `pid` is, a number in the directory: its paths are below `root`. */
static int take_mounts(struct find *f, int dir, pid_t pid, pid_t viewer, const char *root)
{
	struct str list = { 0 };
	struct mount_line m;
	int r = mount_read(dir, pid, &list);

	for (const char *at = list.p; !r && mount_next(&at, &m);) {
		enum ns_kind kind;
		uint64_t inode;

		if (!parse_root(m.root, &kind, &inode) && is_listed(f, kind))
			r = add_place(f, find_note(f, kind, inode, HOLD_MOUNT, viewer, 0), root,
			              m.point);
	}
	str_free(&list);
	return r;
}

void hold_own_mounts(struct find *f)
{
	if (f->real && !take_mounts(f, f->proc, 0, 0, "") &&
	    !sys_file_at(f->proc, "self/root", &f->own_root))
		ns_id(f->proc, 0, NS_MNT, &f->own_mnt);
}

/* Whether that root is ours, since mountinfo has what is below it: of the same directory it may be
 * another mount. */
static int is_own_root(const struct find *f, const char *file)
{
	struct sys_file root;

	return f->own_root.mount && !sys_file_at(f->proc, file, &root) &&
	       root.mount == f->own_root.mount && root.inode == f->own_root.inode;
}

/* Those of a mount namespace, seen by the first in it who lives long enough; `tid` in the directory
 * of a process's threads, or 0. */
static int mounts_of(struct find *f, int dir, pid_t pid, pid_t tid, uint64_t mnt)
{
	struct space *s = find_space(f, NS_MNT, mnt);
	char file[PROC_PATH], root[NS_PATH];
	int r;

	if (!s || s->mounts_known)
		return 0;
	if (tid)
		str_format(file, sizeof file, "%d/task/%d/root", pid, tid);
	else
		proc_path(file, pid, "root");
	ns_shown(root, file);
	r = mnt == f->own_mnt && is_own_root(f, file)
	            ? 0
	            : take_mounts(f, dir, tid ? tid : pid, pid, root);
	if (!r)
		find_space(f, NS_MNT, mnt)->mounts_known = 1; /* it may have moved */
	return find_lacks(r) ? r : 0;
}

/* ---- descriptors */

/* The descriptors of a process while they are looked at. */
struct table {
	struct find *f;
	pid_t pid;
	int dir;      /* that of their links */
	int pidfd;    /* -1: not opened yet */
	uint64_t net; /* the process's own */
};

/* A socket's network namespace is that of the process who made it, wherever that is now. */
static int net_of(int pidfd, int fd)
{
	int sock = sys_pidfd_getfd(pidfd, fd), net;

	if (sock < 0)
		return sock;
	net = ns_of_socket(sock);
	close(sock);
	return net;
}

static void take_socket(struct table *t, int fd)
{
	uint64_t inode;
	int net;

	if (!t->f->ours || !is_listed(t->f, NS_NET))
		return;
	if (t->pidfd == -1)
		t->pidfd = pid_open(t->pid);
	net = net_of(t->pidfd, fd);
	if (net < 0)
		return;
	if (!ns_inode(net, &inode) && inode != t->net)
		find_note(t->f, NS_NET, inode, HOLD_SOCKET, t->pid, fd);
	close(net);
}

/* By its text: one that was opened at a bind mount reads like any file there. */
static void take_link(struct table *t, const char *name, int fd)
{
	char text[40];
	enum ns_kind kind;
	uint64_t inode;

	if (io_link_at(t->dir, name, text, sizeof text) < 0)
		return;
	if (!ns_parse(text, &kind, &inode) && is_listed(t->f, kind))
		find_note(t->f, kind, inode, HOLD_FD, t->pid, fd);
	else if (!strncmp(text, "socket:", 7))
		take_socket(t, fd);
}

/* Of which kind it is says a namespace that is known, else it does itself. */
static void take_file(struct table *t, const char *name, int fd, uint64_t inode)
{
	const struct space *s = find_space(t->f, NS_N, inode);
	enum ns_kind kind;
	int own;

	if (s) {
		kind = s->kind;
	} else {
		own = ns_open_path(t->dir, name, inode);
		if (own < 0)
			return;
		if (ns_kind_of(own, &kind))
			kind = NS_N;
		close(own);
	}
	if (kind != NS_N && is_listed(t->f, kind))
		find_note(t->f, kind, inode, HOLD_FD, t->pid, fd);
}

static void take_descriptor(struct table *t, const char *name, int fd)
{
	const struct sys_file *nsfs = &t->f->nsfs;
	struct sys_file file;
	int r = t->f->links ? 0 : sys_file_at(t->dir, name, &file);

	if (r == -ENOSYS || r == -EPERM)
		t->f->links = 1;
	if (t->f->links)
		take_link(t, name, fd);
	else if (!r && S_ISSOCK(file.mode))
		take_socket(t, fd);
	else if (!r && file.device[0] == nsfs->device[0] && file.device[1] == nsfs->device[1])
		take_file(t, name, fd, file.inode);
}

/* Namespaces are files of a file system of their own, which has no other. */
static void know_nsfs(struct find *f, pid_t pid)
{
	int fd;

	if (f->links || f->nsfs.inode)
		return;
	fd = ns_open(f->proc, pid, NS_MNT);
	if (fd >= 0 && sys_file_at(fd, "", &f->nsfs))
		f->links = 1;
	if (fd >= 0)
		close(fd);
}

static int descriptors(struct find *f, pid_t pid, uint64_t net)
{
	char path[PROC_PATH], entries[1024] __attribute__((aligned(8)));
	struct table t = { f, pid, -1, -1, net };
	int have;

	proc_path(path, pid, "fd");
	t.dir = (int)sys_result(openat(f->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (t.dir < 0)
		return find_lacks(t.dir) ? t.dir : 0;
	know_nsfs(f, pid);
	while ((have = sys_getdents(t.dir, entries, sizeof entries)) > 0)
		for (int at = 0; at < have;) {
			const struct sys_dirent *d = (const void *)(entries + at);
			uint64_t fd;

			at += d->reclen;
			if (!str_number(d->name, INT32_MAX, &fd))
				take_descriptor(&t, d->name, (int)fd);
		}
	if (t.pidfd >= 0)
		close(t.pidfd);
	close(t.dir);
	return 0;
}

/* ---- threads */

/* The kinds that a thread may leave alone; the others take a process of one (setns(2), unshare(2)),
 * but for what its children will be in. */
#define OF_THREADS \
	(1u << NS_CGROUP | 1u << NS_IPC | 1u << NS_UTS | 1u << NS_NET | 1u << NS_MNT | \
	 NS_CHILDREN(NS_PID) | NS_CHILDREN(NS_TIME))

/* A thread where its process is not, and what its children will be in where it is not itself; tid 0
 * is the process. */
static void take_ids(struct find *f, pid_t pid, pid_t tid, const uint64_t id[2 * NS_N],
                     const uint64_t process[2 * NS_N])
{
	for (int i = 0; i < NS_N; i++) {
		enum ns_kind kind = (enum ns_kind)i;
		uint64_t child = id[NS_N + i], own = id[i] ? id[i] : process[i];

		if (tid && id[i] && id[i] != process[i])
			find_note(f, kind, id[i], HOLD_THREAD, pid, tid);
		if (child && child != own && (!tid || child != process[NS_N + i]))
			find_note(f, kind, child, HOLD_CHILD, pid, tid);
	}
}

/* Of a process whose first thread has ended, which leaves nothing to be seen there, the others are
 * in all of its namespaces, and one has the descriptors. */
static int thread(struct find *f, int dir, pid_t pid, pid_t tid, const uint64_t process[2 * NS_N],
                  int *headless)
{
	uint64_t id[2 * NS_N];
	int r = ns_ids(dir, tid, *headless ? f->look_for : f->look_for & OF_THREADS, id);

	if (find_lacks(r))
		return r;
	take_ids(f, pid, tid, id, process);
	r = !id[NS_MNT] || id[NS_MNT] == process[NS_MNT] ? 0
	                                                 : mounts_of(f, dir, pid, tid, id[NS_MNT]);
	if (r || *headless < 2)
		return r;
	*headless = 1;
	return descriptors(f, tid, id[NS_NET]);
}

/* Nearly all processes have one thread, which the number of links of a directory tells cheaply: two
 * and one for each thread. Some file systems of recorded trees have always one. */
static int threads(struct find *f, pid_t pid, const uint64_t process[2 * NS_N])
{
	char path[PROC_PATH];
	int dir, r, headless = process[NS_MNT] ? 0 : 2;
	struct proc_walk w;
	struct stat st;
	pid_t tid;

	proc_path(path, pid, "task");
	if (fstatat(f->proc, path, &st, 0) || st.st_nlink == 3)
		return 0;
	dir = (int)sys_result(openat(f->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	r = dir < 0 ? dir : proc_open(&w, dir, 0);
	if (!r) {
		while (!r && (tid = proc_next_pid(&w)) > 0)
			if (tid != pid)
				r = thread(f, dir, pid, tid, process, &headless);
		proc_close(&w);
	}
	if (dir >= 0)
		close(dir);
	return find_lacks(r) ? r : 0;
}

int hold_process(struct find *f, pid_t pid, const uint64_t id[2 * NS_N])
{
	int r = id[NS_MNT] ? mounts_of(f, f->proc, pid, 0, id[NS_MNT]) : 0;

	take_ids(f, pid, 0, id, id);
	if (!r)
		r = threads(f, pid, id);
	return r ? r : descriptors(f, pid, id[NS_NET]);
}

/* ---- the kernel's list */

/* What comes into being while processes are looked at is no namespace without a holder. */
void hold_list(struct find *f)
{
	uint64_t ids[64], last = 0;
	int n;

	if (!f->ours)
		return;
	while ((n = ns_list(last, ids, sizeof ids / sizeof *ids)) > 0 && ids[n - 1] > last) {
		last = ids[n - 1];
		if (str_add(&f->ids, (const char *)ids, (size_t)n * sizeof *ids))
			return;
	}
}

static void take_listed(struct find *f, uint64_t id)
{
	int fd = ns_open_listed(id);
	enum ns_kind kind;
	uint64_t inode;

	if (fd < 0)
		return;
	if (!ns_kind_of(fd, &kind) && is_listed(f, kind) && !ns_inode(fd, &inode) &&
	    !find_space(f, kind, inode))
		find_note(f, kind, inode, HOLD_UNKNOWN, 0, 0)->id = id;
	close(fd);
}

void hold_listed(struct find *f)
{
	for (size_t at = 0; at < f->ids.len; at += sizeof(uint64_t)) {
		uint64_t id;

		memcpy(&id, f->ids.p + at, sizeof id);
		take_listed(f, id);
	}
}

/* ---- the way to a namespace */

int hold_path(const struct space *s, enum lsns_hold how, char path[NS_PATH])
{
	const struct lsns_holder *by = &s->by[how];
	char file[PROC_PATH];

	if (!by->pid || how > HOLD_FD)
		return -ENOENT;
	if (how == HOLD_FD) {
		str_format(file, sizeof file, "fd/%d", by->number);
		proc_path(path, by->pid, file);
	} else {
		ns_file(path, by->pid, by->number, s->kind, how == HOLD_CHILD);
	}
	return 0;
}

int hold_open(const struct find *f, const struct space *s)
{
	const struct lsns_holder *by = &s->by[HOLD_SOCKET];
	char path[NS_PATH];
	int fd = -ENOENT, pidfd;

	for (int how = 0; how <= HOLD_FD && fd < 0; how++)
		if (!hold_path(s, (enum lsns_hold)how, path))
			fd = ns_open_path(f->proc, path, s->inode);
	for (size_t i = s->mount; i && fd < 0; i = find_mount(f, i)->next)
		if (f->ours || !find_mount(f, i)->root)
			fd = ns_open_path(AT_FDCWD, f->text.p + find_mount(f, i)->path, s->inode);
	if (fd < 0 && by->pid) {
		pidfd = pid_open(by->pid);
		fd = net_of(pidfd, by->number);
		if (pidfd >= 0)
			close(pidfd);
	}
	if (fd < 0 && s->id)
		fd = ns_open_listed(s->id);
	return fd;
}

int find_path(const struct find *f, const struct space *s, struct str *text)
{
	char path[NS_PATH], shown[NS_PATH];

	for (int how = 0; how <= HOLD_FD; how++)
		if (!hold_path(s, (enum lsns_hold)how, path)) {
			ns_shown(shown, path);
			return str_puts(text, shown);
		}
	return s->mount ? str_puts(text, f->text.p + find_mount(f, s->mount)->path) : -ENOENT;
}
