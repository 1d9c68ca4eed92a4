/* SPDX-License-Identifier: 0BSD */
/* PID@REF, container IDs, and translation between PID namespaces: both ways on a real nest. */
#include "test.h"
#include "help.h"
#include "pid.h"
#include "ns.h"
#include "proc.h"
#include "sys.h"

#include <poll.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#define HEX60 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"
#define HEX64 HEX60 "cdef"
#define DIGITS64 "1234567890123456789012345678901234567890123456789012345678901234"

/* ---- texts */

TEST(parse_ref)
{
	static const struct {
		const char *text;
		int kind; /* PID_REF_NONE: refused */
		uint64_t number;
	} cases[] = {
		{ "1", PID_REF_PID, 1 },
		{ "007", PID_REF_PID, 7 },
		{ "4194303", PID_REF_PID, 4194303 },
		{ "4194304", PID_REF_PID, 4194304 },
		{ "4194305", PID_REF_INODE, 4194305 },
		{ "4026531836", PID_REF_INODE, 4026531836 },
		{ "99999999999", PID_REF_INODE, 99999999999 }, /* 11 digits are no container yet */
		{ "pid:[4026531836]", PID_REF_INODE, 4026531836 },
		{ "pid:[1]", PID_REF_INODE, 1 },
		{ "123456789012", PID_REF_CONTAINER, 0 }, /* 12 digits */
		{ "4f1c2d9a8b3e", PID_REF_CONTAINER, 0 },
		{ "abcdefabcdef", PID_REF_CONTAINER, 0 },
		{ "000000000000", PID_REF_CONTAINER, 0 },
		{ HEX64, PID_REF_CONTAINER, 0 },
		{ DIGITS64, PID_REF_CONTAINER, 0 },
		{ "", PID_REF_NONE, 0 },
		{ "0", PID_REF_NONE, 0 },
		{ "-1", PID_REF_NONE, 0 },
		{ "+1", PID_REF_NONE, 0 },
		{ " 1", PID_REF_NONE, 0 },
		{ "1 ", PID_REF_NONE, 0 },
		{ "0x10", PID_REF_NONE, 0 },
		{ "4f1c2d9a8b3", PID_REF_NONE, 0 },  /* 11 of hexadecimal */
		{ "4F1C2D9A8B3E", PID_REF_NONE, 0 }, /* IDs are in small letters */
		{ "4f1c2d9a8b3g", PID_REF_NONE, 0 },
		{ HEX64 "0", PID_REF_NONE, 0 },
		{ DIGITS64 "5", PID_REF_NONE, 0 },
		{ "18446744073709551616", PID_REF_CONTAINER, 0 }, /* 20 digits: by their number */
		{ "net:[4026531840]", PID_REF_NONE, 0 },
		{ "mnt:[4026531840]", PID_REF_NONE, 0 },
		{ "pid:[]", PID_REF_NONE, 0 },
		{ "pid:[x]", PID_REF_NONE, 0 },
		{ "pid:4026531836", PID_REF_NONE, 0 },
		{ "[4026531836]", PID_REF_NONE, 0 },
		{ "7@1", PID_REF_NONE, 0 },
		{ "self", PID_REF_NONE, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pid_ref ref = { 0 };
		int r = pid_parse_ref(cases[i].text, &ref);

		if (r != (cases[i].kind ? 0 : -EINVAL) || (int)ref.kind != cases[i].kind ||
		    (cases[i].number && ref.number != cases[i].number) ||
		    (ref.kind == PID_REF_CONTAINER && ref.container != cases[i].text))
			CHECK_FAIL("\"%s\" is %d, kind %d, %llu", cases[i].text, r, ref.kind,
			           (unsigned long long)ref.number);
	}
}

TEST(parse)
{
	static const struct {
		const char *text;
		int result;
		pid_t pid;
		int kind;
	} cases[] = {
		{ "1", 0, 1, PID_REF_NONE },
		{ "0001", 0, 1, PID_REF_NONE },
		{ "2147483647", 0, 2147483647, PID_REF_NONE },
		{ "2147483648", -ERANGE, 0, 0 },
		{ "99999999999999999999", -ERANGE, 0, 0 },
		{ "7@20997", 0, 7, PID_REF_PID },
		{ "7@4026532398", 0, 7, PID_REF_INODE },
		{ "7@pid:[4026532398]", 0, 7, PID_REF_INODE },
		{ "7@4f1c2d9a8b3e", 0, 7, PID_REF_CONTAINER },
		{ "7@123456789012", 0, 7, PID_REF_CONTAINER },
		{ "2147483648@1", -ERANGE, 0, 0 },
		{ "7@net:[4026531840]", -EINVAL, 0, 0 },
		{ "", -EINVAL, 0, 0 },
		{ "0", -EINVAL, 0, 0 },
		{ "0@1", -EINVAL, 0, 0 },
		{ "@", -EINVAL, 0, 0 },
		{ "@1", -EINVAL, 0, 0 },
		{ "7@", -EINVAL, 0, 0 },
		{ "7@0", -EINVAL, 0, 0 },
		{ "7@1@1", -EINVAL, 0, 0 },
		{ "7@@1", -EINVAL, 0, 0 },
		{ "7 @1", -EINVAL, 0, 0 },
		{ "7@ 1", -EINVAL, 0, 0 },
		{ "7x", -EINVAL, 0, 0 },
		{ "-7", -EINVAL, 0, 0 },
		{ "+7", -EINVAL, 0, 0 },
		{ " 7", -EINVAL, 0, 0 },
		{ "7 ", -EINVAL, 0, 0 },
		{ "pid:[1]", -EINVAL, 0, 0 },
		{ "4f1c2d9a8b3e", 0, 0, PID_REF_CONTAINER },
		{ HEX64, 0, 0, PID_REF_CONTAINER },
		{ DIGITS64, 0, 0, PID_REF_CONTAINER },
		{ "123456789012", 0, 0, PID_REF_CONTAINER },
		{ "000000000007", 0, 0, PID_REF_CONTAINER },
		{ "12345678901", -ERANGE, 0, 0 },
		{ "1234567890123", -ERANGE, 0, 0 }, /* too large a number before a short ID */
		{ "4f1c2d9a8b3", -EINVAL, 0, 0 },
		{ "4f1c2d9a8b3g", -EINVAL, 0, 0 },
		{ "0@4f1c2d9a8b3e", -EINVAL, 0, 0 },
		{ "99999999999999999999x", -EINVAL, 0, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pid_ref ref;
		int r = pid_parse(cases[i].text, &ref);

		if (r != cases[i].result || ref.pid != cases[i].pid ||
		    (!r && (int)ref.kind != cases[i].kind))
			CHECK_FAIL("\"%s\" is %d, %d, kind %d", cases[i].text, r, ref.pid,
			           ref.kind);
	}
}

/* All IDs of a text, "FIRST4 " each. */
static const char *ids_of(const char *text)
{
	static char ids[256];
	size_t at = 0, len = strlen(text);
	const char *id;
	char *copy = malloc(len); /* no NUL: nothing behind may be read */

	memcpy(copy, text, len);
	*ids = 0;
	while ((id = pid_container(copy, len, &at)) != NULL)
		snprintf(ids + strlen(ids), 8, "%.4s ", id);
	CHECK_INT(at, len);
	CHECK(!pid_container(copy, len, &at)); /* the end stays the end */
	free(copy);
	return ids;
}

TEST(containers_in_cgroup_paths)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "0::/\n", "" },
		{ "0::/init.scope\n", "" },
		{ "12:pids:/docker/" HEX64 "\n", "0123 " },
		{ "0::/system.slice/docker-" HEX64 ".scope\n", "0123 " },
		{ "0::/machine.slice/libpod-" HEX64 ".scope/container\n", "0123 " },
		{ "0::/libpod_parent/libpod-" HEX64 "\n", "0123 " },
		{ "0::/kubepods.slice/kubepods-pod0b7b9d64_2c6e.slice/cri-containerd-" HEX64
		  ".scope\n",
		  "0123 " },
		{ "0::/kubepods/burstable/pod0b7b9d64-2c6e-4d1f-9f7d-5d2a54b0a001/" HEX64 "\n",
		  "0123 " },
		{ "0::/kubepods.slice/crio-" HEX64 ".scope\n", "0123 " },
		{ "0::/../" HEX64 "\n", "0123 " }, /* from inside a cgroup namespace */
		{ "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" HEX64
		  ".scope",
		  "0123 " },
		{ "0::/system.slice:docker:" HEX64, "0123 " }, /* runc's own notation */
		{ "1:a:/docker/" HEX64 "\n2:b:/docker/" DIGITS64 "\n", "0123 1234 " },
		{ "0::/docker/" HEX64 "/docker/" DIGITS64 "\n", "0123 1234 " },
		{ HEX64, "0123 " },
		/* 63, 65, 128 digits are no IDs, nor are capitals and a shorter one */
		{ "0::/docker/" HEX60 "cde\n", "" },
		{ "0::/docker/" HEX64 "0\n", "" },
		{ "0::/docker/" HEX64 HEX64 "\n", "" },
		{ "0::/docker/" HEX60 "CDEF\n", "" },
		{ "0::/docker/" HEX60 "-" HEX64 "\n", "0123 " },
		{ "0::/lxc/web\n", "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		if (strcmp(ids_of(cases[i][0]), cases[i][1]))
			CHECK_FAIL("\"%s\" has %s", cases[i][0], ids_of(cases[i][0]));
}

TEST(reasons)
{
	static const int known[] = { -EINVAL, -ERANGE, -ENOENT, -ENOTUNIQ, -EACCES };

	for (size_t i = 0; i < COUNT(known); i++)
		CHECK(pid_reason(known[i]) && !strchr(pid_reason(known[i]), '\n'));
	CHECK(!pid_reason(-ESRCH));
	CHECK(!pid_reason(0));
}

/* ---- recorded trees */

struct ref_case {
	const char *ref;
	int result;
	pid_t member;
	uint64_t inode;
	const char *why;
};

static void check_refs(const char *tree, const struct ref_case *c, size_t n)
{
	int dir = tree_fd(tree), fds = count_fds();

	for (; n--; c++) {
		struct pid_ref ref;
		struct str why = { 0 };
		pid_t member = 0;
		uint64_t inode = 0;
		int r;

		CHECK_INT(pid_parse_ref(c->ref, &ref), 0);
		r = pid_ref_find(dir, &ref, &member, &inode, &why);
		if (r != c->result || (!r && (member != c->member || inode != c->inode)))
			CHECK_FAIL("%s is %d: %d in %llu", c->ref, r, member,
			           (unsigned long long)inode);
		if (c->why &&
		    (why.len != strlen(c->why) || (why.len && memcmp(why.p, c->why, why.len))))
			CHECK_FAIL("%s: the candidates are %.*s", c->ref, (int)why.len, why.p);
		str_free(&why);
	}
	CHECK_INT(count_fds(), fds);
	close(dir);
}

#define REFS(tree, cases) check_refs(tree, cases, COUNT(cases))
#define K8S_1 "1234567890123456789034567890345678903456789034567890345678901234"
#define K8S_2 "1234567890120000000000000000000000000000000000000000000000005678"

TEST(refs_of_a_host)
{
	static const struct ref_case cases[] = {
		{ "20997", 0, 20997, 4026532398, "" },
		{ "21012", 0, 21012, 4026532398, NULL }, /* any process in it */
		{ "1", 0, 1, 4026531836, NULL },
		{ "22001", 0, 22001, 4026532398, NULL },
		{ "4026532398", 0, 20997, 4026532398, NULL },
		{ "pid:[4026532600]", 0, 21060, 4026532600, NULL },
		{ "4f1c2d9a8b3e", 0, 20997, 4026532398, NULL },  /* docker */
		{ "c0ffee000001", 0, 21050, 4026532510, NULL },  /* docker in docker */
		{ "77aa00bb11cc", 0, 24010, 4026532800, NULL },  /* containerd */
		{ K8S_1, 0, 24020, 4026532801, NULL },           /* cgroup v2, digits only */
		{ K8S_2, 0, 24030, 4026532802, NULL },           /* cgroup v1 */
		{ "1234567890123", 0, 24020, 4026532801, NULL }, /* 13 digits tell them apart */
		{ "1234567890120", 0, 24030, 4026532802, NULL },
		{ "000000000000", -ENOENT, 0, 0, "" },
		{ "4026539999", -ENOENT, 0, 0, "" },
		{ "99999", -ENOENT, 0, 0, "" },
	};

	REFS("host-with-containers", cases);
}

TEST(refs_ambiguous)
{
	int dir = tree_fd("host-with-containers");
	struct pid_ref ref;
	struct str why = { 0 };
	pid_t member;
	uint64_t inode;

	CHECK_INT(pid_parse_ref("123456789012", &ref), 0);
	CHECK_INT(pid_ref_find(dir, &ref, &member, &inode, &why), -ENOTUNIQ);
	CHECK_INT(why.len, 2 * 65);
	CHECK_INT(str_add(&why, "", 1), 0);
	/* in whatever order */
	CHECK(strstr(why.p, K8S_1 "\n") && strstr(why.p, K8S_2 "\n"));
	str_free(&why);
	close(dir);
}

/* podman's and cri-o's conmon is in a scope that bears the ID, but not in the container. */
TEST(refs_with_conmon)
{
	static const struct ref_case cases[] = {
		{ "9a7e00c4d512", 0, 23002, 4026532701, NULL },
		{ "0badcafe0002", 0, 25001, 4026532900, NULL },
	};

	REFS("host-with-containers", cases);
}

TEST(refs_of_others)
{
	static const struct ref_case hidden[] = {
		{ "3000", 0, 3000, 4026531836, NULL },
		{ "1", -ENOENT, 0, 0, NULL },
		{ "4026531836", 0, 3000, 4026531836, NULL },
	};
	static const struct ref_case old[] = {
		{ "1210", -ENOENT, 0, 0, NULL }, /* no links */
	};
	static const struct ref_case links[] = {
		{ "1222", 0, 1222, 4026532177, NULL },
		{ "4026532177", 0, 1210, 4026532177, NULL },
	};

	REFS("hidepid", hidden);
	REFS("old-kernel", old);
	REFS("old-links", links);
}

struct resolve_case {
	const char *text;
	int result;
	pid_t pid;
};

static void check_resolve(const char *tree, const struct resolve_case *c, size_t n)
{
	int dir = tree_fd(tree);

	for (; n--; c++) {
		struct str why = { 0 };
		pid_t pid = 0;
		int r = pid_resolve(dir, c->text, &pid, &why);

		if (r != c->result || (!r && pid != c->pid))
			CHECK_FAIL("%s: %s is %d, %d", tree, c->text, r, pid);
		str_free(&why);
	}
	close(dir);
}

#define RESOLVE(tree, cases) check_resolve(tree, cases, COUNT(cases))

TEST(resolve_recorded)
{
	static const struct resolve_case cases[] = {
		{ "7", 0, 7 }, /* without a REF nothing is looked up */
		{ "1@20997", 0, 20997 },
		{ "7@20997", 0, 21010 },
		{ "7@22001", 0, 21010 },  /* by one who came from outside */
		{ "40@20997", 0, 22001 }, /* and that one */
		{ "12@20997", 0, 21020 }, /* a zombie */
		{ "1@4026532398", 0, 20997 },
		{ "5@c0ffee000001", 0, 21051 },
		{ "1@24020", 0, 24020 }, /* siblings of equal depth: number 1 is in each */
		{ "1@24030", 0, 24030 },
		{ "2@23002", 0, 23005 },
		{ "1@1", 0, 1 },
		{ "800@1", 0, 800 },
		{ "20997@1", 0, 20997 }, /* who is deeper is visible here as well */
		{ "2@24020", -ESRCH, 0 },
		{ "99@20997", -ESRCH, 0 },
		{ "801@1", -ESRCH, 0 }, /* a thread */
		{ "1@99999", -ENOENT, 0 },
		{ "x", -EINVAL, 0 },
	};

	RESOLVE("host-with-containers", cases);
}

/* The numbers in a container of Linux before 4.1 are not known: none, rather than those of here. */
TEST(resolve_without_nspid)
{
	static const struct resolve_case cases[] = {
		{ "1200@1", 0, 1200 },
		{ "1210@1222", -ESRCH, 0 },
		{ "1222@4026532177", -ESRCH, 0 },
	};

	RESOLVE("old-links", cases);
}

/* ---- a real nest */

/* What a process of the nest tells us: who it is and its number in its own namespace. Its number
 * here comes with the message, from the kernel. */
struct role {
	char name;
	pid_t inner, outer, tid;
};

static struct role roles[16];
static int role_count, talk[2], life[2];

static struct role *role(char name)
{
	for (int i = 0; i < role_count; i++)
		if (roles[i].name == name)
			return &roles[i];
	give_up("role");
}

static void tell(char name, pid_t tid)
{
	struct role r = { .name = name, .inner = getpid(), .tid = tid };

	if (send(talk[1], &r, sizeof r, 0) != sizeof r)
		_exit(1);
}

/* Waits for the next one to tell; its PID here is in the credentials. */
static void listen_once(void)
{
	struct role *r = &roles[role_count++];
	char control[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec part = { r, sizeof *r };
	struct msghdr m = { .msg_iov = &part,
		            .msg_iovlen = 1,
		            .msg_control = control,
		            .msg_controllen = sizeof control };
	struct ucred cred;

	if (recvmsg(talk[0], &m, 0) != sizeof *r || !CMSG_FIRSTHDR(&m))
		give_up("recvmsg");
	memcpy(&cred, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof cred);
	r->outer = cred.pid;
}

/* Until the test closes its end, by design or by dying. */
__attribute__((noreturn)) static void linger(void)
{
	char c;

	close(life[1]);
	while (read(life[0], &c, 1) < 0 && errno == EINTR)
		;
	_exit(0);
}

static void *thread(void *tid)
{
	*(pid_t *)tid = (pid_t)syscall(SYS_gettid);
	tell('T', *(pid_t *)tid);
	linger();
}

/*
 *	A           in the first namespace below ours
 *	|- P        there
 *	|- T        there, with a second thread
 *	|- B        in the one below that
 *	|  |- Q     there
 *	|  `- C     in the third
 *	|     |- R  there
 *	|     `- Z  there, a zombie
 *	`- E        a sibling of B's, with the same numbers as B
 *	D           a sibling of A's
 *	S           in C's by setns(2): its parent is out here
 */
static void in_c(void)
{
	pid_t pid;

	tell('C', 0);
	if (fork() == 0) {
		tell('R', 0);
		linger();
	}
	pid = fork();
	if (pid == 0) {
		tell('Z', 0);
		_exit(0);
	}
	waitid(P_PID, (id_t)pid, NULL, WEXITED | WNOWAIT); /* dead, not buried */
	tell('c', 0);
	linger();
}

static void in_b(void)
{
	tell('B', 0);
	if (fork() == 0) {
		tell('Q', 0);
		linger();
	}
	if (fork_into(CLONE_NEWPID) == 0)
		in_c();
	linger();
}

static void in_a(void)
{
	tell('A', 0);
	if (fork() == 0) {
		tell('P', 0);
		linger();
	}
	if (fork() == 0) {
		static pid_t tid;
		pthread_t t;

		if (pthread_create(&t, NULL, thread, &tid))
			_exit(1);
		linger();
	}
	if (fork_into(CLONE_NEWPID) == 0)
		in_b();
	if (fork_into(CLONE_NEWPID) == 0) {
		tell('E', 0);
		linger();
	}
	linger();
}

static void enter(pid_t target)
{
	int fd = sys_pidfd_open(target);

	if (setns(fd, CLONE_NEWPID))
		_exit(1);
	close(fd);
	if (fork() == 0) {
		tell('S', 0);
		linger();
	}
	linger();
}

static pid_t nest_a, nest_d, nest_s;

static void build_nest(void)
{
	int on = 1;

	role_count = 0;
	fflush(stdout);
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, talk) || pipe(life) ||
	    setsockopt(talk[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on))
		give_up("socketpair");
	nest_a = fork_into(CLONE_NEWPID);
	if (nest_a == 0)
		in_a();
	while (role_count < 10) /* A P T B E Q C R Z, and C that Z is dead */
		listen_once();
	nest_d = fork_into(CLONE_NEWPID);
	if (nest_d == 0) {
		tell('D', 0);
		linger();
	}
	listen_once();
	nest_s = fork();
	if (nest_s == 0)
		enter(role('C')->outer);
	listen_once();
}

static void leave_nest(void)
{
	close(life[0]);
	close(life[1]);
	wait_status(nest_s); /* before A, whose death would take S with it */
	wait_status(nest_a);
	wait_status(nest_d);
	close(talk[0]);
	close(talk[1]);
}

/* One question both ways. Returns the answer: a number or -errno. */
static int ask_outer(int proc, pid_t inner, pid_t member, uint64_t inode)
{
	pid_t a = 0, b = 0, c = 0;
	int ra = pid_outer(proc, inner, member, inode, PID_BY_IOCTL, &a);
	int rb = pid_outer(proc, inner, member, inode, PID_BY_NSPID, &b);
	int rc = pid_outer(proc, inner, member, inode, PID_ANY, &c);

	if (ra != rb || ra != rc || (!ra && (a != b || a != c)))
		CHECK_FAIL("%d@%d: by ioctl %d (%d), by NSpid %d (%d), by any %d (%d)", inner,
		           member, ra, a, rb, b, rc, c);
	return ra ? ra : a;
}

/* The other way round. */
static int ask_inner(int proc, pid_t outer, pid_t member, uint64_t inode)
{
	int fd = ns_open(proc, member, NS_PID), depth = pid_depth(proc, member, inode);
	pid_t a = 0, b = 0;
	int ra = pid_inner(proc, outer, fd, depth, inode, &a);
	int rb = pid_inner(proc, outer, -1, depth, inode, &b);

	if (ra != rb || (!ra && a != b))
		CHECK_FAIL("%d in that of %d: by ioctl %d (%d), by NSpid %d (%d)", outer, member,
		           ra, a, rb, b);
	close(fd);
	return ra ? ra : a;
}

static uint64_t inode_of(int proc, char name)
{
	uint64_t inode = 0;

	CHECK_INT(ns_id(proc, role(name)->outer, NS_PID, &inode), 0);
	return inode;
}

static uint64_t own_inode(int proc)
{
	uint64_t inode = 0;

	CHECK_INT(ns_id(proc, 0, NS_PID, &inode), 0);
	return inode;
}

/* What everybody knows of itself is what both ways say. */
TEST(nest_truth)
{
	int proc = proc_mount(NULL);

	build_nest();
	for (int i = 0; i < role_count; i++) {
		struct role *r = &roles[i];
		uint64_t inode;

		if (r->name == 'T' || r->name == 'c')
			continue;
		CHECK_INT(ns_id(proc, r->outer, NS_PID, &inode), 0);
		if (ask_outer(proc, r->inner, r->outer, inode) != r->outer ||
		    ask_inner(proc, r->outer, r->outer, inode) != r->inner)
			CHECK_FAIL("%c: %d here, %d there, both ways say otherwise", r->name,
			           r->outer, r->inner);
	}
	/* A is 1 and P 2 in A; D is as deep, and has a 1 of its own. */
	CHECK_INT(role('A')->inner, 1);
	CHECK_INT(ask_outer(proc, 1, role('D')->outer, inode_of(proc, 'D')), role('D')->outer);
	CHECK_INT(ask_outer(proc, role('P')->inner, role('D')->outer, inode_of(proc, 'D')), -ESRCH);
	CHECK_INT(ask_inner(proc, role('A')->outer, role('D')->outer, inode_of(proc, 'D')), -ESRCH);
	/* B and E are siblings two deep. */
	CHECK_INT(ask_outer(proc, 1, role('B')->outer, inode_of(proc, 'B')), role('B')->outer);
	CHECK_INT(ask_outer(proc, 1, role('E')->outer, inode_of(proc, 'E')), role('E')->outer);
	CHECK_INT(ask_inner(proc, role('E')->outer, role('B')->outer, inode_of(proc, 'B')), -ESRCH);
	/* Inwards only: A is not visible in B. */
	CHECK_INT(ask_inner(proc, role('A')->outer, role('B')->outer, inode_of(proc, 'B')), -ESRCH);
	CHECK_INT(ask_inner(proc, getpid(), role('A')->outer, inode_of(proc, 'A')), -ESRCH);
	/* C, and S that came there by setns(2), are visible in all above. */
	CHECK(ask_inner(proc, role('C')->outer, role('A')->outer, inode_of(proc, 'A')) > 1);
	CHECK(ask_inner(proc, role('S')->outer, role('B')->outer, inode_of(proc, 'B')) > 1);
	CHECK_INT(ask_inner(proc, role('S')->outer, role('C')->outer, inode_of(proc, 'C')),
	          role('S')->inner);
	/* Here every number is itself. */
	CHECK_INT(ask_outer(proc, role('C')->outer, getpid(), own_inode(proc)), role('C')->outer);
	CHECK_INT(ask_inner(proc, role('C')->outer, getpid(), own_inode(proc)), role('C')->outer);
	leave_nest();
	close(proc);
}

/* Every number of a range in every namespace, every process in every namespace. */
TEST(nest_both_ways)
{
	int proc = proc_mount(NULL), found = 0;

	build_nest();
	for (const char *m = "ABCDES"; *m; m++) {
		pid_t member = role(*m)->outer;
		uint64_t inode = inode_of(proc, *m);

		for (pid_t n = 1; n <= 12; n++) {
			int outer = ask_outer(proc, n, member, inode);

			if (outer > 0) {
				found++;
				CHECK_INT(ask_inner(proc, outer, member, inode), n);
			}
		}
		CHECK_INT(ask_outer(proc, PID_MAX - 1, member, inode), -ESRCH);
		CHECK_INT(ask_outer(proc, INT32_MAX, member, inode), -ESRCH);
		CHECK_INT(ask_inner(proc, PID_MAX - 1, member, inode), -ESRCH);
		for (int i = 0; i < role_count; i++)
			if (roles[i].name != 'T')
				ask_inner(proc, roles[i].outer, member, inode);
	}
	/* All but D are in A, B Q C R Z S in B, the last four in C, which is S's as well. */
	CHECK_INT(found, 10 + 6 + 4 + 1 + 1 + 4);
	leave_nest();
	close(proc);
}

/* A thread is not a process, though /proc and the kernel would find it. */
TEST(nest_threads)
{
	int proc = proc_mount(NULL);
	struct role *t;
	pid_t tid_here = 0;
	uint64_t inode, own;
	char path[64], text[4096], *p;
	ssize_t len;
	int fd;

	build_nest();
	t = role('T');
	inode = inode_of(proc, 'A');
	own = own_inode(proc);
	CHECK(t->tid != t->inner);
	CHECK_INT(ask_outer(proc, t->inner, role('A')->outer, inode), t->outer);
	CHECK_INT(ask_outer(proc, t->tid, role('A')->outer, inode), -ESRCH);
	/* Its number here: the entry of task/ that is not the process. */
	snprintf(path, sizeof path, "/proc/%d/task", t->outer);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	len = syscall(SYS_getdents64, fd, text, sizeof text);
	for (p = text; p < text + len; p += ((struct sys_dirent *)(void *)p)->reclen) {
		pid_t n = atoi(((struct sys_dirent *)(void *)p)->name);

		if (n && n != t->outer)
			tid_here = n;
	}
	close(fd);
	CHECK(tid_here > 0);
	CHECK_INT(ask_inner(proc, tid_here, role('A')->outer, inode), -ESRCH);
	CHECK_INT(ask_inner(proc, tid_here, getpid(), own), -ESRCH);
	CHECK_INT(ask_outer(proc, tid_here, getpid(), own), -ESRCH);
	leave_nest();
	close(proc);
}

/* By text, with all kinds of REF. */
TEST(nest_resolve)
{
	int proc = proc_mount(NULL);
	struct str why = { 0 };
	char text[64];
	pid_t pid = 0, inner;
	uint64_t inode;

	build_nest();
	inner = role('P')->inner;
	inode = inode_of(proc, 'A');
	snprintf(text, sizeof text, "%d@%d", inner, role('A')->outer);
	CHECK_INT(pid_resolve(proc, text, &pid, &why), 0);
	CHECK_INT(pid, role('P')->outer);
	snprintf(text, sizeof text, "%d@%llu", inner, (unsigned long long)inode);
	CHECK_INT(pid_resolve(proc, text, &pid, &why), 0);
	CHECK_INT(pid, role('P')->outer);
	snprintf(text, sizeof text, "%d@pid:[%llu]", inner, (unsigned long long)inode);
	CHECK_INT(pid_resolve(proc, text, &pid, &why), 0);
	CHECK_INT(pid, role('P')->outer);
	snprintf(text, sizeof text, "%d@%d", inner, role('Z')->outer);
	CHECK_INT(pid_resolve(proc, text, &pid, &why), 0); /* a zombie is still a member of C */
	snprintf(text, sizeof text, "999@%d", role('A')->outer);
	CHECK_INT(pid_resolve(proc, text, &pid, &why), -ESRCH);
	str_free(&why);
	leave_nest();
	close(proc);
}

/* ---- signals */

/* A child that lives until a signal; ready when this returns. */
static pid_t victim(int flags)
{
	int ready[2];
	char c;
	pid_t pid;

	fflush(stdout);
	if (pipe2(ready, O_CLOEXEC))
		give_up("pipe");
	pid = fork_into(flags);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		give_up("victim");
	close(ready[0]);
	return pid;
}

/* Opens whom the text names and sends a signal. */
static int send_to(int proc, const char *text, int sig)
{
	struct str why = { 0 };
	pid_t pid = -1;
	int fd = pid_open_text(proc, text, &pid, &why), r = fd;

	CHECK((fd >= 0) == (pid > 0));
	if (fd >= 0) {
		r = sys_pidfd_send_signal(fd, sig);
		close(fd);
	}
	str_free(&why);
	return r;
}

TEST(open_text)
{
	int proc = proc_mount(NULL), status, fds;
	pid_t one = victim(0), boxed = victim(CLONE_NEWPID);
	char text[64];

	fds = count_fds();
	snprintf(text, sizeof text, "%d", one);
	CHECK_INT(send_to(proc, text, 0), 0);
	CHECK_INT(send_to(-1, text, 0), 0); /* needs no /proc */
	CHECK_INT(send_to(proc, text, 65), -EINVAL);
	CHECK_INT(send_to(proc, text, SIGUSR1), 0);
	status = wait_status(one);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGUSR1);
	CHECK_INT(send_to(proc, text, SIGUSR1), -ESRCH);
	snprintf(text, sizeof text, "2@%d", boxed);
	CHECK_INT(send_to(proc, text, SIGKILL), -ESRCH);
	snprintf(text, sizeof text, "1@%d", boxed);
	CHECK_INT(send_to(proc, text, SIGKILL), 0);
	status = wait_status(boxed);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	CHECK_INT(send_to(proc, text, SIGKILL), -ENOENT);
	CHECK_INT(send_to(proc, "0", SIGKILL), -EINVAL);
	CHECK_INT(send_to(proc, "-1", SIGKILL), -EINVAL);
	CHECK_INT(send_to(proc, "1x", SIGKILL), -EINVAL);
	CHECK_INT(count_fds(), fds);
	close(proc);
}

/* By the inode of its pidfd; before Linux 6.9 there is none. */
TEST(open_with_inode)
{
	static const char *const junk[] = { "1:",  "1:x",  "1:-1", ":1",
		                            "0:1", "1:1:", "1 :1", "1:18446744073709551616" };
	pid_t one = victim(0);
	int fds = count_fds(), fd = pid_open(one), r;
	uint64_t inode = 0;
	char text[64];

	r = pid_inode(fd, &inode);
	close(fd);
	snprintf(text, sizeof text, "%d:%llu", one, (unsigned long long)inode + 1);
	CHECK_INT(send_to(-1, text, SIGKILL), r ? r : -ESRCH);
	snprintf(text, sizeof text, "%d:%llu", getpid(), (unsigned long long)inode);
	CHECK_INT(send_to(-1, text, 0), r ? r : -ESRCH);
	snprintf(text, sizeof text, "%d:%llu", one, (unsigned long long)inode);
	CHECK_INT(send_to(-1, text, SIGKILL), r);
	if (r)
		kill(one, SIGKILL);
	wait_status(one);
	CHECK_INT(send_to(-1, text, 0), -ESRCH);
	for (size_t i = 0; i < COUNT(junk); i++)
		CHECK_INT(send_to(-1, junk[i], 0), -EINVAL);
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	CHECK_INT(pid_inode(fd, &inode), -EOPNOTSUPP);
	close(fd);
	CHECK_INT(pid_inode(-1, &inode), -EBADF);
	CHECK_INT(count_fds(), fds);
}

/* A recording tells no numbers to kill by. */
TEST(open_by_a_recording)
{
	int dir = tree_fd("host-with-containers");

	CHECK_INT(send_to(dir, "1@20997", 0), -EXDEV);
	CHECK_INT(send_to(dir, "7@4f1c2d9a8b3e", 0), -EXDEV);
	CHECK_INT(send_to(dir, "4f1c2d9a8b3e", 0), -EXDEV);
	close(dir);
}

TEST(wait_for_the_end)
{
	pid_t one = victim(0), two = victim(0);
	struct pollfd fds[2] = { { .fd = pid_open(one), .events = POLLIN },
		                 { .fd = pid_open(two), .events = POLLIN } };
	uint64_t now = sys_clock(CLOCK_MONOTONIC);

	CHECK_INT(pid_wait(fds, 2, 0), 0);
	CHECK_INT(pid_wait(fds, 2, now + 20000000), 0);
	CHECK(sys_clock(CLOCK_MONOTONIC) - now >= 20000000);
	kill(two, SIGKILL);
	CHECK_INT(pid_wait(fds, 2, STR_FOREVER), 1);
	CHECK(!fds[0].revents && fds[1].revents);
	kill(one, SIGKILL);
	fds[1].fd = -1;
	CHECK_INT(pid_wait(fds, 2, STR_FOREVER - 1), 1);
	CHECK(fds[0].revents && !fds[1].revents);
	wait_status(one);
	wait_status(two);
	CHECK_INT(pid_wait(fds, 2, 0), 1); /* buried, too */
	close(fds[0].fd);
	CHECK_INT(pid_wait(NULL, 0, 0), 0);
}

TEST(signal_by_either)
{
	pid_t pid = victim(0), other = victim(0);
	int fd = pid_open(pid);
	siginfo_t info = { .si_code = SI_QUEUE };

	CHECK_INT(pid_signal(other, fd, 0, NULL), 0);
	CHECK_INT(pid_signal(other, fd, SIGKILL, NULL), 0); /* the pidfd's and not the number's */
	CHECK_INT(WTERMSIG(wait_status(pid)), SIGKILL);
	CHECK_INT(pid_signal(other, fd, 0, NULL), -ESRCH);
	close(fd);
	info.si_signo = SIGTERM;
	CHECK_INT(pid_signal(other, -1, SIGTERM, &info), 0);
	CHECK_INT(WTERMSIG(wait_status(other)), SIGTERM);
	CHECK_INT(pid_signal(other, -1, 0, NULL), -ESRCH);
}

TEST(open)
{
	int fd = pid_open(getpid());

	CHECK(fd >= 0 && fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	CHECK_INT(pid_open(PID_MAX - 1), -ESRCH);
	CHECK_INT(pid_open(0), -EINVAL);
}
