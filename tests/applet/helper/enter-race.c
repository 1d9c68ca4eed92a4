/* SPDX-License-Identifier: 0BSD */
/*
 * enter-race: what happens to the target of nsenter while it is entered, and what runs then. It
 * ends with 99 when it fails itself.
 *
 *   enter-race random COUNT [OPTION...] DIR NSENTER WORD...
 *   enter-race step [OPTION...] DIR NSENTER WORD...
 *   enter-race swap NAME FILE...        NAME is each of the FILEs in turn, all the time
 *
 * Each try makes a target in namespaces of its own and enters it: `NSENTER -t PID WORD...
 * PROGRAM`. The program, which is enter-race too, tells in which namespaces it is, its root,
 * working directory and environment. "random": COUNT tries, and the thing happens at a random
 * moment; "step": as many tries as nsenter makes system calls until the program is there, and it
 * happens before each of them, which is held meanwhile (ptrace(2)), or with "sparse" before some.
 * The thing is, by OPTION:
 *
 *   die      the target is killed
 *   reuse    it is killed, and its number given to another process in other namespaces
 *   change   it moves to other namespaces; "user": to another user namespace as well
 *   exec     it executes a program, with another environment
 *   loop     it does all this all the time, until nsenter has ended (random only)
 *
 * The target is the init of its PID namespace, or with "member" a child of that, which lives on.
 * With "rootless" it has a user namespace, too. With "pinned" it is named as PID:INODE. With "old"
 * nsenter sees a kernel without pidfds. DIR is an empty directory, on which it mounts its root.
 *
 * What is right: the program runs in those namespaces that the WORDs name of one moment of the
 * target, with its root, directory and environment of then, and else in ours; or it does not run,
 * nsenter says one line and ends with 1, or by KILL where the PID namespace has ended. Within 10
 * seconds. Who has the number now is as good a target, but only as a whole, and not where it is
 * pinned. Prints how the tries ended, and "all right" or what was not; with -v also what nsenter
 * said.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

#define LIMIT_US 10e6
#define KINDS 8
#define ALL_KINDS \
	(CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS)

/* The descriptors that the target, nsenter and the program inherit, beside the standard ones. */
enum { PROC = 20, COMMANDS, REPORT };

/* Where a process is. */
struct place {
	uint64_t ns[KINDS];
	uint64_t root[2], cwd[2]; /* mount, inode */
	uint64_t env;
};

static const char *const kinds[KINDS] = { "cgroup", "ipc",  "mnt",  "net",
	                                  "pid",    "time", "user", "uts" };

static void check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	_exit(99);
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static uint64_t number_in(const char *text)
{
	const char *digits = strchr(text, '[');

	return digits ? strtoull(digits + 1, NULL, 10) : 0;
}

/* ---- where */

/* The mount, by the number that is never used again where the kernel has it (Linux 6.8), and the
 * inode. */
static void find(const char *path, uint64_t to[2])
{
	const unsigned inode = 0x100, mount = 0x1000, unique_mount = 0x4000;
	uint64_t answer[32] = { 0 };

	if (syscall(SYS_statx, AT_FDCWD, path, 0, inode | unique_mount, answer) ||
	    !((uint32_t)answer[0] & unique_mount))
		syscall(SYS_statx, AT_FDCWD, path, 0, inode | mount, answer);
	to[0] = answer[18];
	to[1] = answer[4];
}

static struct place here(void)
{
	struct place p = { .env = 0 };
	const char *env = getenv("RACE");

	for (int i = 0; i < KINDS; i++) {
		char path[32], text[64] = "";

		snprintf(path, sizeof path, "self/ns/%s", kinds[i]);
		if (readlinkat(PROC, path, text, sizeof text - 1) > 0)
			p.ns[i] = number_in(text);
	}
	find("/", p.root);
	find(".", p.cwd);
	p.env = env ? strtoull(env, NULL, 10) : 0;
	return p;
}

static void tell_place(int fd)
{
	struct place p = here();

	check(write(fd, &p, sizeof p) == sizeof p, "place");
}

/* ---- the target: /race target, in its own root */

static void write_at(int dir, const char *path, const char *text)
{
	int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);

	check(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), path);
	close(fd);
}

/* Root in the new user namespace is who we are. */
static void map(uid_t uid, gid_t gid)
{
	char line[32];

	write_at(PROC, "self/setgroups", "deny");
	snprintf(line, sizeof line, "0 %u 1", uid);
	write_at(PROC, "self/uid_map", line);
	snprintf(line, sizeof line, "0 %u 1", gid);
	write_at(PROC, "self/gid_map", line);
}

static void move(int with_user)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	check(!unshare(CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWUTS |
	               (with_user ? CLONE_NEWUSER : CLONE_NEWNET)),
	      "unshare");
	if (with_user)
		map(uid, gid);
}

static void become(uint64_t env)
{
	char text[32];
	char *words[] = { "/race", "target", NULL }, *vars[] = { text, NULL };

	snprintf(text, sizeof text, "RACE=%llu", (unsigned long long)env);
	execve(words[0], words, vars);
	check(0, words[0]);
}

static int is_asked(void)
{
	struct pollfd p = { .fd = COMMANDS, .events = POLLIN };

	return poll(&p, 1, 0) != 0;
}

/* What it is told by a byte, after which it tells where it is. Without one it ends. */
static int target(void)
{
	uint64_t env = strtoull(getenv("RACE"), NULL, 10);
	char byte;

	for (;;) {
		tell_place(REPORT);
		if (env >= 1000000 && !is_asked()) { /* "loop" */
			check(!unshare(CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWUTS),
			      "unshare");
			if (++env % 4 == 0)
				become(env);
			continue;
		}
		if (read(COMMANDS, &byte, 1) != 1)
			return 0;
		switch (byte) {
		case 'c':
		case 'u':
			move(byte == 'u');
			break;
		case 'x':
			become(env + 1);
			break;
		case 'l':
			become(1000000);
			break;
		}
	}
}

/* ---- how it is made */

struct race {
	const char *thing;
	int member, rootless, pinned, old, stepping, stride, verbose;
	const char *dir, *self;
	char **words; /* of nsenter */
	int with_root, with_dir, with_env;
	unsigned kinds; /* of namespaces, 1 << index: by the words */
	struct place ours;
	uid_t uid;
	gid_t gid;

	pid_t init, target;    /* the same without "member" */
	int commands, reports; /* to it, from it */
	struct place *seen;    /* all the places it was in */
	size_t n_seen;
	int dead;            /* it was killed */
	pid_t impostor;      /* who has its number now, or 0 */
	struct place others; /* where that is */
	int impostors_commands;

	int entered, refused, killed, wrong;
};

#define MANY 100000

/* A place for the program, and one to be in. */
static void furnish(const struct race *r, const char *root)
{
	char path[256];
	int fd;

	snprintf(path, sizeof path, "%s/dir", root);
	check((!mkdir(root, 0755) || errno == EEXIST) && !mkdir(path, 0755), path);
	snprintf(path, sizeof path, "%s/race", root);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0755);
	check(fd >= 0 && !mount(r->self, path, NULL, MS_BIND, NULL), path);
	close(fd);
}

/* Its root is not that of its mount namespace; but who makes user namespaces must not be in a
 * chroot. */
static void make_root(const struct race *r)
{
	check(!mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	check(!mount("root", r->dir, "tmpfs", 0, NULL) && !chdir(r->dir), r->dir);
	furnish(r, ".");
	furnish(r, "./inner");
	check(!syscall(SYS_pivot_root, ".", ".") && !umount2(".", MNT_DETACH), "pivot_root");
	if (strcmp(r->thing, "user"))
		check(!chroot("/inner"), "chroot");
	check(!chdir("/dir"), "/dir");
}

/* `number`: of its environment. */
static void be_target(const struct race *r, uint64_t number)
{
	if (r->rootless)
		map(r->uid, r->gid);
	make_root(r);
	if (r->member) {
		pid_t pid = fork();

		check(pid >= 0, "fork");
		if (pid) {
			signal(SIGCHLD, SIG_IGN); /* who has ended is gone at once */
			close(COMMANDS);
			close(REPORT);
			for (;;)
				pause();
		}
	}
	unshare(CLONE_NEWTIME); /* by its exec it is there; older kernels have none */
	become(number);
}

static pid_t copy(unsigned long flags)
{
	pid_t pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

	check(pid >= 0, "clone");
	return pid;
}

static void put(int from, int to)
{
	check(dup2(from, to) == to, "dup2");
	if (from != to)
		close(from);
}

static pid_t only_child(pid_t pid)
{
	char path[64], text[32];
	ssize_t len;
	int fd;

	snprintf(path, sizeof path, "%d/task/%d/children", pid, pid);
	fd = openat(PROC, path, O_RDONLY | O_CLOEXEC);
	len = read(fd, text, sizeof text - 1);
	check(len > 0, "children");
	close(fd);
	text[len] = 0;
	return (pid_t)atoi(text);
}

/* Takes down where it has been; with `wait` it has to tell once. 0 when it does not. */
static int listen_to(struct race *r, int wait)
{
	struct pollfd p = { .fd = r->reports, .events = POLLIN };
	size_t before = r->n_seen;

	while (poll(&p, 1, wait && r->n_seen == before ? (int)(LIMIT_US / 1e3) : 0) == 1 &&
	       r->n_seen < MANY &&
	       read(r->reports, r->seen + r->n_seen, sizeof *r->seen) == sizeof *r->seen)
		r->n_seen++;
	return r->n_seen > before;
}

/* In new namespaces; `number` is that of its environment. */
static pid_t spawn_target(struct race *r, uint64_t number, int *commands, int *reports)
{
	int to[2], from[2];
	pid_t pid;

	check(!pipe2(to, O_CLOEXEC) && !pipe2(from, O_CLOEXEC), "pipe");
	pid = copy(ALL_KINDS | (r->rootless ? CLONE_NEWUSER : 0));
	if (!pid) {
		check(!prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
		put(to[0], COMMANDS);
		put(from[1], REPORT);
		be_target(r, number);
	}
	close(to[0]);
	close(from[1]);
	*commands = to[1];
	*reports = from[0];
	return pid;
}

static void make_target(struct race *r)
{
	r->init = spawn_target(r, 1, &r->commands, &r->reports);
	fcntl(r->reports, F_SETPIPE_SZ, 1 << 20);
	r->n_seen = 0;
	r->dead = 0;
	r->impostor = 0;
	check(listen_to(r, 1), "the target");
	r->target = r->member ? only_child(r->init) : r->init;
}

static void tell(struct race *r, char byte)
{
	check(write(r->commands, &byte, 1) == 1 && listen_to(r, 1), "the target, told");
}

/* ---- what happens to it */

static void end_process(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* The next process that is made gets this number. */
static void next_number(pid_t pid)
{
	char text[16];

	snprintf(text, sizeof text, "%d", pid - 1);
	write_at(PROC, "sys/kernel/ns_last_pid", text);
}

/* Somebody of nsenter's may have it first, for a moment. */
static void make_impostor(struct race *r)
{
	int member = r->member, reports;
	double end = now_us() + LIMIT_US;

	r->member = 0;
	while (now_us() < end) {
		next_number(r->target);
		r->impostor = spawn_target(r, 666, &r->impostors_commands, &reports);
		if (r->impostor == r->target)
			break;
		end_process(r->impostor);
		close(r->impostors_commands);
		close(reports);
	}
	check(r->impostor == r->target, "the number is not given again");
	check(read(reports, &r->others, sizeof r->others) == sizeof r->others, "the other one");
	close(reports);
	r->member = member;
}

static int is_gone(pid_t pid)
{
	return waitpid(pid, NULL, WNOHANG | __WALL) == pid;
}

/* Who is the init of a PID namespace only ends after all in there, which nsenter may have to wait
 * for:
 * then it goes on with one that is ending. */
static void let_die(struct race *r)
{
	double end = now_us() + 20e3;

	kill(r->target, SIGKILL);
	r->dead = 1;
	while (r->member ? !kill(r->target, 0) : !is_gone(r->init)) {
		if (now_us() > end)
			return;
		usleep(50);
	}
	if (!r->member)
		r->init = 0;
}

static void let_happen(struct race *r)
{
	if (!strcmp(r->thing, "die")) {
		let_die(r);
	} else if (!strcmp(r->thing, "reuse")) {
		let_die(r);
		if (r->member ? kill(r->target, 0) : !r->init)
			make_impostor(r);
	} else if (strcmp(r->thing, "loop")) {
		tell(r, strcmp(r->thing, "exec") ? *r->thing : 'x');
	}
}

static void end_target(struct race *r)
{
	close(r->commands);
	close(r->reports);
	if (r->init)
		end_process(r->init);
	if (r->impostor) {
		close(r->impostors_commands);
		end_process(r->impostor);
	}
}

/* ---- nsenter */

struct entry {
	pid_t pid;
	int says, program; /* its stderr; what the program reports */
	int status, hung;
};

/* Of its pidfd. */
static unsigned long long inode_of(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct stat st;

	check(fd >= 0 && !fstat(fd, &st), "pidfd");
	close(fd);
	return st.st_ino;
}

/* Linux before 5.3, for what is executed from here on. */
static void be_old(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof code / sizeof *code, code };

	check(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	check(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
}

static void start(const struct race *r, struct entry *e)
{
	int says[2], program[2], n = 0;
	char number[48], *words[64];

	if (r->pinned)
		snprintf(number, sizeof number, "%d:%llu", r->target, inode_of(r->target));
	else
		snprintf(number, sizeof number, "%d", r->target);
	words[n++] = r->words[0];
	words[n++] = "-t";
	words[n++] = number;
	for (char **w = r->words + 1; *w && n < 60; w++)
		words[n++] = *w;
	words[n++] = "/race";
	words[n++] = "program";
	words[n] = NULL;
	check(!pipe2(says, O_CLOEXEC) && !pipe2(program, O_CLOEXEC), "pipe");
	e->pid = fork();
	check(e->pid >= 0, "fork");
	if (!e->pid) {
		if (r->stepping) {
			check(!ptrace(PTRACE_TRACEME, 0, NULL, NULL), "ptrace");
			raise(SIGSTOP);
		}
		put(says[1], 2);
		put(program[1], REPORT);
		if (r->old)
			be_old();
		execv(words[0], words);
		check(0, words[0]);
	}
	close(says[1]);
	close(program[1]);
	e->says = says[0];
	e->program = program[0];
	e->status = e->hung = 0;
}

/* Waits for its end. */
static void finish(struct entry *e, int until_gone)
{
	double end = now_us() + LIMIT_US;

	while (until_gone && waitpid(e->pid, &e->status, WNOHANG) != e->pid) {
		if (now_us() > end) {
			e->hung = 1;
			kill(e->pid, SIGKILL);
			waitpid(e->pid, &e->status, 0);
			break;
		}
		usleep(100);
	}
}

static int same(const struct race *r, const struct place *a, const struct place *b)
{
	for (int i = 0; i < KINDS; i++)
		if (a->ns[i] != (r->kinds >> i & 1 ? b : &r->ours)->ns[i])
			return 0;
	return (!r->with_root || !memcmp(a->root, b->root, sizeof a->root)) &&
	       (!r->with_dir || !memcmp(a->cwd, b->cwd, sizeof a->cwd));
}

static void show(const char *what, const struct place *p)
{
	printf("  %s:", what);
	for (int i = 0; i < KINDS; i++)
		printf(" %s %llu", kinds[i], (unsigned long long)p->ns[i]);
	printf(" root %llu/%llu cwd %llu/%llu env %llu\n", (unsigned long long)p->root[0],
	       (unsigned long long)p->root[1], (unsigned long long)p->cwd[0],
	       (unsigned long long)p->cwd[1], (unsigned long long)p->env);
}

static int was_seen(const struct race *r, const struct place *p)
{
	int there = 0, env = !r->with_env;

	for (size_t i = 0; i < r->n_seen; i++) {
		there |= same(r, p, r->seen + i);
		env |= p->env == r->seen[i].env;
	}
	return there && env;
}

/* Whether it is a place where the target was, who may have still to tell; or who has its number. */
static int was_there(struct race *r, const struct place *p)
{
	double end = now_us() + 1e6;

	if (r->impostor && !r->pinned && same(r, p, &r->others) &&
	    (!r->with_env || p->env == r->others.env))
		return 1;
	for (;;) {
		if (was_seen(r, p))
			return 1;
		if (strcmp(r->thing, "loop") || now_us() > end)
			return 0;
		listen_to(r, 1);
	}
}

static size_t read_all(int fd, char *to, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	ssize_t n;

	/* Its end comes when nobody has it open any more: the program has ended, too. */
	while (len < size && poll(&p, 1, (int)(LIMIT_US / 1e3)) == 1 &&
	       (n = read(fd, to + len, size - len)) > 0)
		len += (size_t)n;
	close(fd);
	return len;
}

static void judge(struct race *r, struct entry *e, int number)
{
	struct place p[2];
	char text[4096];
	size_t ran = read_all(e->program, (char *)p, sizeof p), len;
	int init_ended = r->dead && !r->member, one_line;
	int code = WIFEXITED(e->status) ? WEXITSTATUS(e->status) : -1;
	const char *wrong = NULL;

	len = read_all(e->says, text, sizeof text - 1);
	text[len] = 0;
	one_line = !strncmp(text, "nsenter: ", 9) && strchr(text, '\n') == text + len - 1;
	listen_to(r, 0);
	if (e->hung)
		wrong = "it hangs";
	else if (ran && (ran != sizeof *p || !was_there(r, p)))
		wrong = "the program is where the target never was";
	else if (code == 0 && !ran)
		wrong = "no program";
	else if (code == 0 && len)
		wrong = "it says something";
	else if (code == 1 && ran)
		wrong = "the program ran in spite of the error";
	else if (code == 1 && !one_line)
		wrong = "not one line";
	else if (code > 1 || (code < 0 && (WTERMSIG(e->status) != SIGKILL || !init_ended)))
		wrong = "it ends in another way";
	else if (code < 0 && len)
		wrong = "it says something, and is killed";
	if (code == 0)
		r->entered++;
	else if (code == 1)
		r->refused++;
	else
		r->killed++;
	if (r->verbose && len)
		printf("%d: %s", number, text);
	if (!wrong)
		return;
	printf("%s%s at %d (status %#x): %s\n", r->thing, r->member ? " member" : "", number,
	       (unsigned)e->status, wrong);
	printf("  stderr: %s%s", text, len ? "" : "\n");
	if (ran)
		show("program", p);
	for (size_t i = 0; ran && i < r->n_seen && i < 3; i++)
		show("target", r->seen + i);
	if (ran && r->impostor)
		show("other", &r->others);
	r->wrong++;
}

/* ---- random */

static uint64_t seed;

static double any(double below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed % 1000003) / 1000003 * below;
}

/* How long it takes to enter a target that lives. */
static double usual_us(struct race *r)
{
	double longest = 0;

	for (int i = 0; i < 10; i++) {
		struct entry e;
		double begin;

		make_target(r);
		begin = now_us();
		start(r, &e);
		finish(&e, 1);
		begin = now_us() - begin;
		judge(r, &e, -1 - i);
		end_target(r);
		if (i > 4 && begin > longest) /* the first ones are slow */
			longest = begin;
	}
	check(r->entered == 10, "nobody can enter it");
	r->entered = 0;
	return longest;
}

/* The window follows what it is to meet, the time that an entry takes, however busy the machine is
 * now, or was when that was measured: about half of the entries are to be ahead. */
static void random_tries(struct race *r, int count)
{
	int loop = !strcmp(r->thing, "loop"), entered;
	double window = usual_us(r) * 1.5;

	seed = (uint64_t)now_us() | 1;
	for (int i = 0; i < count && r->wrong < 3; i++) {
		struct entry e;
		double at;

		if (!loop || !i) {
			make_target(r);
			if (loop)
				tell(r, 'l');
		}
		if (loop)
			usleep((useconds_t)any(2000));
		at = now_us() + any(window);
		start(r, &e);
		while (now_us() < at)
			;
		if (!loop)
			let_happen(r);
		finish(&e, 1);
		entered = r->entered;
		judge(r, &e, i);
		if (!loop) {
			end_target(r);
			window *= r->entered > entered ? 0.8 : 1.25;
		} else if (r->n_seen > MANY / 2) {
			memmove(r->seen, r->seen + r->n_seen - 1000, 1000 * sizeof *r->seen);
			r->n_seen = 1000;
		}
	}
	if (loop)
		end_target(r);
}

/* ---- step */

#define TRACE \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | \
	 PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)

struct steps {
	int made, wanted;
	int execs;        /* of nsenter, before that of the program */
	int inside;       /* a child exists */
	pid_t in_call[8]; /* who is between entry and exit */
};

/* Whether this stop of a system call is its entry. */
static int enters(struct steps *s, pid_t pid)
{
	int free = -1;

	for (int i = 0; i < 8; i++) {
		if (s->in_call[i] == pid) {
			s->in_call[i] = 0;
			return 0;
		}
		if (!s->in_call[i])
			free = i;
	}
	check(free >= 0, "too many processes");
	s->in_call[free] = pid;
	return 1;
}

/* Goes on with a process that has stopped. With the program's exec there is nothing more to hold.
 * */
static void go_on(struct race *r, struct steps *s, const struct entry *e, pid_t pid, int status)
{
	int sig = WSTOPSIG(status), event = status >> 16, request = PTRACE_SYSCALL;

	if (event == PTRACE_EVENT_EXEC && (pid != e->pid || s->execs-- == 0)) {
		s->wanted = -1;
		request = PTRACE_DETACH;
		sig = 0;
	} else if (sig == (SIGTRAP | 0x80)) {
		sig = 0;
		if (s->wanted > 0 && enters(s, pid) && ++s->made == s->wanted) {
			let_happen(r);
			s->wanted = 0;
		}
	} else if (event || sig == SIGSTOP || sig == SIGTRAP) {
		sig = 0; /* ptrace's own */
	}
	if (s->wanted == 0 && request == PTRACE_SYSCALL)
		request = PTRACE_CONT;
	ptrace(request, pid, NULL, (void *)(uintptr_t)sig);
}

/* One try, where it happens before system call number `wanted`; 0 when there are not that many. */
static int step(struct race *r, int wanted, int execs)
{
	struct steps s = { .wanted = wanted, .execs = execs };
	double end = now_us() + LIMIT_US;
	struct entry e;
	int status, ended = 0, done;

	make_target(r);
	start(r, &e);
	check(waitpid(e.pid, &status, WUNTRACED) == e.pid && WIFSTOPPED(status), "nsenter");
	check(!ptrace(PTRACE_SETOPTIONS, e.pid, NULL, (void *)TRACE), "ptrace");
	ptrace(PTRACE_SYSCALL, e.pid, NULL, NULL);
	while (!ended) {
		pid_t pid = waitpid(-1, &status, WNOHANG | __WALL);

		if (pid <= 0) {
			if (now_us() > end) {
				e.hung = 1;
				kill(e.pid, SIGKILL);
			}
			usleep(20);
			continue;
		}
		if (WIFSTOPPED(status))
			go_on(r, &s, &e, pid, status);
		else if (pid == r->init)
			r->init = 0;
		else if (pid == r->impostor)
			r->impostor = 0;
		else if (pid == e.pid)
			ended = 1;
	}
	e.status = status;
	done = s.made == wanted;
	judge(r, &e, wanted);
	end_target(r);
	return done;
}

/* ---- */

static void parse(struct race *r, char **argv)
{
	char path[256];
	ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);

	check(len > 0, "/proc/self/exe");
	path[len] = 0;
	r->self = strdup(path);
	r->thing = "die";
	for (; *argv && **argv != '/'; argv++) {
		if (!strcmp(*argv, "member"))
			r->member = 1;
		else if (!strcmp(*argv, "rootless"))
			r->rootless = 1;
		else if (!strcmp(*argv, "pinned"))
			r->pinned = 1;
		else if (!strcmp(*argv, "old"))
			r->old = 1;
		else if (!strcmp(*argv, "sparse"))
			r->stride = 41;
		else if (!strcmp(*argv, "-v"))
			r->verbose = 1;
		else
			r->thing = *argv;
	}
	check(argv[0] && argv[1], "wrong use");
	r->dir = argv[0];
	r->words = argv + 1;
	for (char **w = r->words; *w; w++) {
		const char *letters = "CimnpTUu", *at = strchr(letters, (*w)[1]);

		r->with_root |= !strcmp(*w, "-r");
		r->with_dir |= !strcmp(*w, "-w");
		r->with_env |= !strcmp(*w, "-e");
		if (!strcmp(*w, "-a"))
			r->kinds = ~0u;
		else if (**w == '-' && at && (*w)[1] && !(*w)[2])
			r->kinds |= 1u << (at - letters);
	}
	r->uid = geteuid();
	r->gid = getegid();
	r->seen = mmap(NULL, MANY * sizeof *r->seen, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	check(r->seen != MAP_FAILED, "mmap");
	put(open("/proc", O_PATH | O_DIRECTORY), PROC);
	unsetenv("RACE");
	r->ours = here();
}

static void swap(char **argv)
{
	char spare[512];

	snprintf(spare, sizeof spare, "%s.new", argv[0]);
	check(!prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
	alarm(100);
	for (;;)
		for (char **file = argv + 1; *file; file++)
			check(!link(*file, spare) && !rename(spare, argv[0]), *file);
}

int main(int argc, char **argv)
{
	struct race r = { .stride = 1 };
	int count = 0;

	if (argc == 2 && !strcmp(argv[1], "target"))
		return target();
	if (argc == 2 && !strcmp(argv[1], "program")) {
		tell_place(REPORT);
		return 0;
	}
	if (argc > 3 && !strcmp(argv[1], "swap"))
		swap(argv + 2);
	if (argc > 4 && !strcmp(argv[1], "random")) {
		parse(&r, argv + 3);
		count = atoi(argv[2]);
		random_tries(&r, count);
	} else if (argc > 3 && !strcmp(argv[1], "step")) {
		parse(&r, argv + 2);
		r.stepping = 1;
		while (r.wrong < 3 && step(&r, count + 1, 1))
			count += r.stride;
	} else {
		fprintf(stderr, "enter-race: wrong use\n");
		return 99;
	}
	printf("%d tries: %d entered, %d refused, %d killed\n", r.entered + r.refused + r.killed,
	       r.entered, r.refused, r.killed);
	if (!r.wrong)
		printf("all right\n");
	return 0;
}
