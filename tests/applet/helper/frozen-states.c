/* SPDX-License-Identifier: 0BSD */
/* Who lives in the place that frozen.c makes: odd states, threads, terminals, trees, namespaces. */
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frozen.h"

/* ---- classes and priorities */

struct class
{
	int policy, priority, nice;
};

/* The kernel's, since the headers of the C library have it or not. */
struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

static void be_class(const void *arg)
{
	const struct class *c = arg;
	struct attr attr = { .size = sizeof attr,
		             .policy = (uint32_t)c->policy,
		             .nice = c->nice,
		             .priority = (uint32_t)c->priority };

	be_named("class");
	if (c->policy == SCHED_DEADLINE) {
		attr.runtime = 1000000;
		attr.deadline = 500000000;
		attr.period = 1000000000;
	}
	/* Where that is not allowed, it is one more plain process. */
	syscall(SYS_sched_setattr, 0, &attr, 0);
}

static void make_classes(void)
{
	static const struct class all[] = {
		{ SCHED_OTHER, 0, -20 }, { SCHED_OTHER, 0, -5 }, { SCHED_OTHER, 0, 0 },
		{ SCHED_OTHER, 0, 1 },   { SCHED_OTHER, 0, 19 }, { SCHED_FIFO, 1, 0 },
		{ SCHED_FIFO, 50, 0 },   { SCHED_FIFO, 99, 0 },  { SCHED_RR, 1, 0 },
		{ SCHED_RR, 99, 0 },     { SCHED_BATCH, 0, 0 },  { SCHED_BATCH, 0, 7 },
		{ SCHED_IDLE, 0, 0 },    { SCHED_IDLE, 0, 5 },   { SCHED_DEADLINE, 0, 0 },
	};

	for (size_t i = 0; i < LENGTH(all); i++)
		spawn(be_class, &all[i]);
}

/* ---- states */

static void be_stopped(const void *comm)
{
	be_named(comm);
	raise(SIGSTOP);
}

/* Waits until somebody has stopped, but leaves it to be waited for. */
static void wait_stopped(pid_t pid)
{
	siginfo_t info;

	check(!waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT), "waitid");
}

static void be_traced(const void *comm)
{
	be_named(comm);
	check(!ptrace(PTRACE_TRACEME, 0, NULL, NULL), "ptrace");
	raise(SIGUSR1);
}

static void be_tracer(const void *comm)
{
	be_named(comm);
	wait_stopped(spawn_only(be_traced, "traced"));
}

/* Asleep without being woken by a signal until its child is another program. */
static void be_vforker(const void *comm)
{
	be_named(comm);
	begin_in_time();
	if (!vfork()) {
		be_named("vforked");
		ready();
		sleep_for_ever();
	}
}

void be_ended(const void *comm)
{
	be_named(comm);
	_exit(3);
}

static void be_killed(const void *comm)
{
	be_named(comm);
	raise(SIGKILL);
}

static void be_ended_leader(const void *comm)
{
	setsid();
	be_ended(comm);
}

/* A parent that does not wait. All who have ended bear the same name, see frozen.sh. */
static void be_careless(const void *comm)
{
	be_named(comm);
	for (int i = 0; i < 4; i++)
		leave_zombie(spawn_only(be_ended, "ended"));
	leave_zombie(spawn_only(be_killed, "ended"));
	leave_zombie(spawn_only(be_ended_leader, "ended"));
}

static void make_asleep_and_dead(void)
{
	wait_stopped(spawn_only(be_stopped, "stopped"));
	spawn(be_tracer, "tracer");
	spawn(be_vforker, "vforker");
	spawn(be_careless, "careless");
	leave_zombie(spawn_only(be_ended, "ended"));
}

/* ---- threads */

struct team {
	const char *comm;
	int count, leader_ends;
};

static sem_t joined;

static void *be_thread(void *arg)
{
	static const char names[][16] = { "worker", "wor) (ker", "io\033[31m", "w\346\227\245",
		                          "",       "nice",      "fifo" };
	const size_t i = (size_t)(uintptr_t)arg % LENGTH(names);

	be_named(names[i]);
	if (i == 5)
		setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 11);
	if (i == 6)
		sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 3 });
	sem_post(&joined);
	sleep_for_ever();
}

/* Says it for the leader, who cannot, once he has ended. No event tells that. */
static void *be_witness(void *arg)
{
	char text[512] = "";
	FILE *f;

	(void)arg;
	be_named("witness");
	while (!strstr(text, ") Z ")) {
		f = fopen("/proc/thread-self/../../stat", "r");
		check(f && fgets(text, sizeof text, f), "stat of the leader");
		fclose(f);
	}
	ready();
	sleep_for_ever();
}

static void be_team(const void *arg)
{
	const struct team *team = arg;
	pthread_attr_t small;
	pthread_t thread;

	be_named(team->comm);
	if (team->count > 20)
		setsid();
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 1 << 16);
	for (int i = 0; i < team->count; i++) {
		begin_in_time();
		check(!pthread_create(&thread, &small, be_thread, (void *)(uintptr_t)i), "thread");
		sem_wait(&joined);
	}
	if (!team->leader_ends)
		return;
	begin_in_time();
	check(!pthread_create(&thread, &small, be_witness, NULL), "thread");
	syscall(SYS_exit, 0);
}

static void make_threads(void)
{
	static const struct team all[] = {
		{ "two threads", 1, 0 }, { "team", 7, 0 },  { "crowd", 21, 0 },
		{ "ended", 1, 1 },       { "ended", 5, 1 }, { "t\033[31m", 3, 0 },
	};

	for (size_t i = 0; i < LENGTH(all); i++)
		spawn(be_team, &all[i]);
}

/* ---- terminals */

static int open_terminal(const char *devpts, int *number)
{
	char path[64];
	int master, slave, zero = 0;

	snprintf(path, sizeof path, "%s/ptmx", devpts);
	master = open(path, O_RDWR | O_NOCTTY);
	check(master >= 0 && !ioctl(master, TIOCSPTLCK, &zero) && !ioctl(master, TIOCGPTN, number),
	      path);
	snprintf(path, sizeof path, "%s/%d", devpts, *number);
	slave = open(path, O_RDWR | O_NOCTTY);
	check(slave >= 0, path);
	return slave;
}

static void be_group(const void *comm)
{
	be_named(comm);
	setpgid(0, 0);
}

/* A group of two whose leader is no more. */
static void be_leaderless(const void *comm)
{
	be_named(comm);
	check(!setpgid(0, 0), "setpgid");
	spawn(be_named, comm);
	_exit(0);
}

static void be_other_session(const void *comm)
{
	be_named(comm);
	setsid();
}

static void be_stopped_group(const void *comm)
{
	setpgid(0, 0);
	be_stopped(comm);
}

/* A shell with jobs: the last is in the foreground. */
static void be_shell(const void *comm)
{
	int number, slave;
	pid_t pid;

	setsid();
	be_named(comm);
	slave = open_terminal("/dev/pts", &number);
	check(!ioctl(slave, TIOCSCTTY, 0), "TIOCSCTTY");
	for (int fd = 0; fd < 3; fd++)
		dup2(slave, fd);
	spawn(be_named, "same group");
	spawn(be_group, "background");
	wait_stopped(spawn_only(be_stopped_group, "stopped job"));
	leave_zombie(spawn_only(be_ended, "ended"));
	spawn(be_other_session, "daemon");
	pid = spawn(be_group, "foreground");
	signal(SIGTTOU, SIG_IGN);
	check(!tcsetpgrp(slave, pid), "tcsetpgrp");
}

static void be_lonely_shell(const void *comm)
{
	int number, slave;

	setsid();
	be_named(comm);
	slave = open_terminal("/dev/pts", &number);
	check(!ioctl(slave, TIOCSCTTY, 0), "TIOCSCTTY");
}

/* On a terminal of another instance, whose number nobody has here. */
static void be_elsewhere(const void *comm)
{
	int number = 0, slave = -1;

	setsid();
	be_named(comm);
	check(!mkdir("pts", 0755) &&
	              !mount("devpts", "pts", "devpts", 0, "newinstance,ptmxmode=0666"),
	      "devpts");
	while (number < 40)
		slave = open_terminal("pts", &number);
	check(!ioctl(slave, TIOCSCTTY, 0), "TIOCSCTTY");
}

static void make_terminals(void)
{
	spawn(be_shell, "shell");
	spawn(be_shell, "-bash");
	spawn(be_lonely_shell, "lonely");
	spawn(be_elsewhere, "elsewhere");
	bury(spawn_only(be_leaderless, "leaderless"));
	spawn(be_other_session, "session");
}

/* ---- trees */

struct branch {
	int depth, width;
};

static void be_branch(const void *arg)
{
	const struct branch *b = arg;
	const struct branch next = { b->depth - 1, b->width };
	char comm[16];

	snprintf(comm, sizeof comm, "branch-%d", b->depth);
	be_named(comm);
	for (int i = 0; b->depth && i < b->width; i++)
		spawn(be_branch, &next);
}

static void be_orphaning(const void *arg)
{
	spawn(be_named, arg);
	_exit(0);
}

static void be_subreaper(const void *comm)
{
	be_named(comm);
	check(!prctl(PR_SET_CHILD_SUBREAPER, 1), "prctl");
	bury(spawn_only(be_orphaning, "adopted"));
}

static void make_trees(void)
{
	static const struct branch bush = { 3, 2 }, stem = { 14, 1 };

	spawn(be_branch, &bush);
	spawn(be_branch, &stem);
	bury(spawn_only(be_orphaning, "orphan"));
	spawn(be_subreaper, "subreaper");
}

/* ---- namespaces */

static void be_inner_init(const void *arg)
{
	const int depth = *(const int *)arg, next = depth + 1;
	char comm[16];

	snprintf(comm, sizeof comm, "init-%d", depth);
	be_named(comm);
	setsid();
	spawn(be_named, "inner");
	bury(spawn_only(be_orphaning, "inner orphan"));
	leave_zombie(spawn_only(be_ended, "ended"));
	if (depth == 3)
		return;
	check(!unshare(CLONE_NEWPID), "unshare");
	spawn(be_inner_init, &next);
	spawn(be_named, "came in");
}

static void be_container(const void *depth)
{
	be_named("container");
	check(!unshare(CLONE_NEWPID), "unshare");
	spawn(be_inner_init, depth);
	spawn(be_other_session, "came in");
}

static void be_apart(const void *flags)
{
	be_named("apart");
	check(!unshare(*(const int *)flags), "unshare");
}

static void make_namespaces(void)
{
	static const int one = 1,
			 kinds[] = { CLONE_NEWUTS,  CLONE_NEWIPC,    CLONE_NEWNET,
		                     CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWPID,
		                     CLONE_NEWTIME, CLONE_NEWUSER,   CLONE_NEWUSER | CLONE_NEWNS };

	spawn(be_container, &one);
	for (size_t i = 0; i < LENGTH(kinds); i++)
		spawn(be_apart, &kinds[i]);
}

/* ---- signals */

static void catch (int sig)
{
	(void)sig;
}

struct signals {
	uint64_t blocked, ignored, caught, pending, thread_pending;
};

static void be_signals(const void *arg)
{
	const struct signals *s = arg;

	be_named("signals");
	for (int sig = 1; sig <= 64; sig++) {
		/* The kernel's own form: libc refuses to touch 32 and 33. */
		unsigned long action[4] = { 0 };

		if (s->ignored >> (sig - 1) & 1)
			action[0] = (unsigned long)SIG_IGN;
		else if (s->caught >> (sig - 1) & 1)
			action[0] = (unsigned long)catch;
		if (action[0])
			syscall(SYS_rt_sigaction, sig, action, NULL, 8);
	}
	check(!syscall(SYS_rt_sigprocmask, SIG_SETMASK, &s->blocked, NULL, 8), "rt_sigprocmask");
	for (int sig = 1; sig <= 64; sig++) {
		if (s->pending >> (sig - 1) & 1)
			syscall(SYS_kill, getpid(), sig);
		if (s->thread_pending >> (sig - 1) & 1)
			syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), sig);
	}
}

static void make_signals(void)
{
	static const struct signals all[] = {
		{ .blocked = ~0ull },
		{ .ignored = ~0ull },
		{ .caught = ~0ull },
		{ .blocked = 1ull << 14 | 1ull << 63, .caught = 2, .ignored = 1 },
		{ .blocked = ~0ull, .pending = 1ull << 14 | 1ull << 9 },
		{ .blocked = ~0ull, .pending = 1ull << 33, .thread_pending = 1ull << 40 },
		{ .blocked = ~0ull, .thread_pending = 1 << 2 },
		{ .blocked = 0xffffffff },
		{ .blocked = 0x100000000 },
	};

	for (size_t i = 0; i < LENGTH(all); i++)
		spawn(be_signals, &all[i]);
}

/* ---- this and that */

static void be_locked(const void *arg)
{
	be_named("locked");
	(void)arg;
	check(!mlock(mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
	                  0),
	             1 << 16),
	      "mlock");
	setsid();
	setpriority(PRIO_PROCESS, 0, 3);
}

static void be_large(const void *arg)
{
	const size_t size = (size_t)3 << 30, touched = 20 << 20;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	be_named("large");
	(void)arg;
	check(p != MAP_FAILED, "mmap");
	memset(p, 1, touched);
}

/* A hidden one: its files in /proc belong to root, and nobody else may look into it. */
static void be_not_dumpable(const void *arg)
{
	(void)arg;
	be_named("not dumpable");
	check(!setresgid(70001, 70001, 70001) && !setresuid(70001, 70001, 70001), "setresuid");
	prctl(PR_SET_DUMPABLE, 0);
}

static void be_limited(const void *arg)
{
	be_named("limited");
	(void)arg;
	setrlimit(RLIMIT_RSS, &(struct rlimit){ 1 << 30, 1 << 30 });
}

static void write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	check(fd >= 0 && write(fd, text, strlen(text)) > 0 && !close(fd), path);
}

static void be_likely_victim(const void *score)
{
	be_named("victim");
	write_to("/proc/self/oom_score_adj", score);
}

/* The last right gone, so that nothing is left of what root may. */
static void be_without_rights(const void *arg)
{
	uint32_t head[2] = { 0x20080522, 0 }, sets[6] = { 0 };

	(void)arg;
	be_named("rightless");
	sets[1] = 1 << 10;
	check(!syscall(SYS_capset, head, sets), "capset");
}

/* A program of its own file. */
static void be_copy(const void *file)
{
	static char buf[1 << 16], *const argv[] = { "copy", NULL };
	int in = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int out = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	ssize_t n;

	while ((n = read(in, buf, sizeof buf)) > 0)
		check(write(out, buf, (size_t)n) == n, file);
	check(!n && !close(out), file);
	become(file, argv, argv + 1, DEED_NONE);
}

static void make_rest(void)
{
	spawn(be_locked, NULL);
	/* Who has worked: the share of the time would go on changing. */
	forge_stat(spawn(be_large, NULL), NULL, "14=0 15=0");
	spawn(be_not_dumpable, NULL);
	spawn(be_limited, NULL);
	spawn(be_likely_victim, "1000");
	spawn(be_likely_victim, "17");
	spawn(be_without_rights, NULL);
	spawn(be_copy, "odd \033[31m\n\346\227\245");
	spawn(be_copy, "gone");
	check(!unlink("gone"), "unlink");
}

void make_states(void)
{
	make_classes();
	make_asleep_and_dead();
	make_threads();
	make_terminals();
	make_trees();
	make_namespaces();
	make_signals();
	make_rest();
}
