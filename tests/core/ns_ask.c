/* SPDX-License-Identifier: 0BSD */
/* What is asked about namespaces: several of a process at once, by a path, by a descriptor. */
#include "test.h"
#include "help.h"
#include "ns.h"
#include "proc.h"
#include "sys.h"

static int proc;

static uint64_t id(enum ns_kind kind)
{
	uint64_t inode = 0;

	return ns_id(proc, 0, kind, &inode) ? 0 : inode;
}

TEST(several_at_once)
{
	uint64_t id_of[2 * NS_N], one;
	const unsigned all = (1u << NS_N) - 1,
		       children = NS_CHILDREN(NS_PID) | NS_CHILDREN(NS_TIME);
	int dir = tree_fd("hostile");

	proc = proc_mount(NULL);
	CHECK_INT(ns_ids(proc, getpid(), all | children, id_of), 0);
	for (int i = 0; i < NS_N; i++) {
		CHECK_INT(ns_id(proc, 0, (enum ns_kind)i, &one), 0);
		CHECK_INT(id_of[i], one);
		CHECK_INT(id_of[NS_N + i], i == NS_PID || i == NS_TIME ? one : 0);
	}
	for (int i = 0; i < NS_N; i++) {
		CHECK_INT(ns_ids(proc, 0, 1u << i, id_of), 0);
		for (int k = 0; k < 2 * NS_N; k++)
			CHECK_INT(id_of[k] != 0, k == i);
	}
	CHECK_INT(ns_ids(proc, 0, NS_CHILDREN(NS_TIME), id_of), 0);
	CHECK(id_of[NS_N + NS_TIME] && !id_of[NS_TIME]);
	CHECK_INT(ns_ids(proc, 0, 0, id_of), 0);
	CHECK_INT(id_of[NS_PID], 0);
	CHECK_INT(ns_ids(proc, 4194304, all, id_of), -ENOENT);
	CHECK_INT(ns_ids(proc, 4194304, 1u << NS_UTS, id_of), -ENOENT);
	/* A link that makes no sense is none. */
	CHECK_INT(ns_ids(dir, 26, all, id_of), 0);
	CHECK_INT(id_of[NS_NET], 0);
	close(dir);
	close(proc);
}

static int ids_as_nobody(void *unused)
{
	uint64_t id_of[2 * NS_N];

	(void)unused;
	if (setgid(65534) || setuid(65534))
		return 1;
	return ns_ids(proc, getppid(), (1u << NS_N) - 1, id_of) == -EACCES && !id_of[NS_USER] ? 0
	                                                                                      : 2;
}

TEST(several_of_a_stranger)
{
	proc = proc_mount(NULL);
	CHECK_INT(in_child(ids_as_nobody, NULL), 0);
	close(proc);
}

static void check_file(const char *want, pid_t pid, pid_t tid, enum ns_kind kind, int children)
{
	char path[NS_PATH], shown[NS_PATH];

	ns_file(path, pid, tid, kind, children);
	CHECK_TEXT(path, want);
	ns_shown(shown, path);
	CHECK(!strncmp(shown, "/proc/", 6) && !strcmp(shown + 6, want));
}

TEST(paths)
{
	check_file("1/ns/user", 1, 0, NS_USER, 0);
	check_file("4194304/ns/pid_for_children", 4194304, 0, NS_PID, 1);
	check_file("7/task/8/ns/net", 7, 8, NS_NET, 0);
	check_file("4194304/task/4194304/ns/time_for_children", 4194304, 4194304, NS_TIME, 1);
}

/* What is there and what should be there are compared before anything is opened for real. */
TEST(open_path)
{
	char path[NS_PATH];
	uint64_t inode;
	int fd;

	proc = proc_mount(NULL);
	ns_file(path, getpid(), 0, NS_UTS, 0);
	fd = ns_open_path(proc, path, id(NS_UTS));
	CHECK(fd >= 0 && fcntl(fd, F_GETFD) & FD_CLOEXEC);
	CHECK_INT(ns_inode(fd, &inode), 0);
	CHECK_INT(inode, id(NS_UTS));
	close(fd);
	CHECK_INT(ns_open_path(proc, path, id(NS_UTS) + 1), -ENOENT);
	CHECK_INT(ns_open_path(proc, "self/status", 1), -ENOENT);
	CHECK_INT(ns_open_path(proc, "nothing", 1), -ENOENT);
	close(proc);
}

/* A FIFO is not opened: its other end would wait no longer. */
TEST(open_path_leaves_others_alone)
{
	char path[] = "fifo";
	struct stat st;
	int dir = open(getenv("T"), O_PATH | O_DIRECTORY | O_CLOEXEC), end;

	CHECK_INT(mkfifoat(dir, path, 0600), 0);
	CHECK_INT(fstatat(dir, path, &st, 0), 0);
	CHECK_INT(ns_open_path(dir, path, st.st_ino), -ENOENT);
	end = openat(dir, path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	CHECK_INT(end < 0 ? errno : 0, ENXIO); /* nobody reads it */
	unlinkat(dir, path, 0);
	close(dir);
}

static int ask_inside(void *unused)
{
	int fd[2], user, sock = ns_net_socket();
	uint64_t inode, other;
	enum ns_kind kind;
	int32_t number = 7;
	uid_t uid = 7;

	(void)unused;
	if (ns_new(1u << NS_USER | 1u << NS_NET | 1u << NS_UTS))
		return 1;
	fd[0] = ns_open(proc, 0, NS_NET);
	fd[1] = ns_open(proc, 0, NS_USER);
	if (ns_kind_of(fd[0], &kind) || kind != NS_NET || ns_kind_of(fd[1], &kind) ||
	    kind != NS_USER || ns_kind_of(sock, &kind) != -ENOTTY)
		return 2;
	user = ns_owner(fd[0]);
	if (ns_inode(user, &inode) || inode != id(NS_USER))
		return 3;
	if (ns_owner(fd[1]) != -EPERM) /* it is above us now */
		return 4;
	if (ns_owner_uid(fd[0], &uid) || uid != getuid() || ns_owner_uid(fd[1], &uid))
		return 5;
	/* The socket is in the network that we came from, which has no number for this one. */
	if (ns_net_id(sock, fd[0], &number) || number != -1)
		return 6;
	if (ns_net_id(sock, fd[1], &number) >= 0 || ns_net_id(sock, -1, &number) >= 0)
		return 7;
	if (ns_of_socket(sock) != -EPERM)
		return 8;
	close(sock);
	sock = ns_net_socket();
	user = ns_of_socket(sock);
	if (ns_inode(user, &inode) || ns_inode(fd[0], &other) || inode != other)
		return 9;
	return ns_of_socket(fd[0]) == -ENOTTY ? 0 : 10;
}

TEST(questions)
{
	proc = proc_mount(NULL);
	CHECK_INT(in_child(ask_inside, NULL), 0);
	close(proc);
}

TEST(unique)
{
	uint64_t a = 0, b = 0;
	int fd;

	proc = proc_mount(NULL);
	fd = ns_open(proc, 0, NS_UTS);
	if (ns_unique(fd, &a) != -ENOTTY) {
		CHECK_INT(ns_unique(fd, &b), 0);
		CHECK(a && a == b);
		close(fd);
		fd = ns_open(proc, 0, NS_IPC);
		CHECK_INT(ns_unique(fd, &b), 0);
		CHECK(a != b);
	}
	close(fd);
	CHECK_INT(ns_unique(proc, &a) < 0, 1);
	CHECK(ns_open_listed(UINT64_MAX) < 0);
	close(proc);
}

/* As root on a kernel that has it, our own are among them, upwards. */
TEST(list)
{
	uint64_t ids[4], last = 0, own = 0;
	int n, found = 0, fd;

	n = ns_list(0, ids, COUNT(ids));
	if (n < 0) {
		CHECK_INT(n, -ENOSYS);
		return;
	}
	proc = proc_mount(NULL);
	fd = ns_open(proc, 0, NS_UTS);
	CHECK_INT(ns_unique(fd, &own), 0);
	for (; n > 0; n = ns_list(last, ids, COUNT(ids)))
		for (int i = 0; i < n; i++) {
			CHECK(ids[i] > last);
			found |= ids[i] == own;
			last = ids[i];
		}
	CHECK_INT(n, 0);
	CHECK(found);
	close(fd);
	close(proc);
}
