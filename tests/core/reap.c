/* SPDX-License-Identifier: 0BSD */
/* The wait point: which child is collected when, which signals come out with what they carry, and
 * when it returns. Everything is tried twice: with a descriptor and, where none is to be had, with
 * sigtimedwait(2). Each test blocks all signals, so it runs in a child of its own. */
#include "test.h"
#include "help.h"
#include "guard.h"
#include "reap.h"
#include "sig.h"
#include "sys.h"

#include <time.h>

#define MANY 200

static const siginfo_t no_info;

/* ---- a fresh one, and what it has told */

struct told {
	struct reap_end ends[2 * MANY];
	int count, found; /* how many calls of ended and found there were */
	pid_t found_pid;
};

static void on_ended(void *context, const struct reap_end *end)
{
	struct told *t = context;

	MUST(t->count < 2 * MANY);
	t->ends[t->count++] = *end;
}

/* The child is still there for everybody who looks. */
static void on_found(void *context, pid_t pid)
{
	struct told *t = context;
	siginfo_t info = { 0 };

	MUST_INT(kill(pid, 0), 0);
	MUST_INT(getpgid(pid), getpgrp());
	MUST_INT(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL), 0);
	MUST_INT(info.si_pid, pid);
	t->found++;
	t->found_pid = pid;
}

static struct reap fresh(struct told *t, int fallback)
{
	struct reap r = { .ended = on_ended, .context = t };
	struct rlimit old, none = { 0, 0 };

	*t = (struct told){ .count = 0 };
	sig_block_all(NULL);
	if (getrlimit(RLIMIT_NOFILE, &old))
		give_up("getrlimit");
	none.rlim_max = old.rlim_max;
	if (fallback && setrlimit(RLIMIT_NOFILE, &none))
		give_up("setrlimit");
	reap_open(&r);
	setrlimit(RLIMIT_NOFILE, &old);
	MUST(fallback ? r.fd == -EMFILE : r.fd > 2);
	return r;
}

/* ---- children */

/* A child that ends with `code` once the gate is closed, and with us. */
static pid_t wait_at(const int gate[2], int flags, int code)
{
	pid_t pid = (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
	char c;

	if (pid < 0)
		give_up("clone");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(gate[1]);
	_exit(read(gate[0], &c, 1) == 0 ? code : 99);
}

static void open_gate(int gate[2])
{
	if (pipe2(gate, O_CLOEXEC))
		give_up("pipe");
}

/* Until it is a zombie, which it stays. */
static void until_dead(pid_t pid)
{
	siginfo_t info;

	MUST_INT(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | __WALL), 0);
}

static void until_stopped(pid_t pid)
{
	siginfo_t info;

	MUST_INT(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT), 0);
}

/* Who stops is seen to before the signal that tells of it is sent. */
static void until_pending(int sig)
{
	sigset_t set;

	do
		MUST(!sigpending(&set));
	while (!sigismember(&set, sig));
}

/* A dead child, one more. */
static pid_t dead_child(int code)
{
	int gate[2];
	pid_t pid;

	open_gate(gate);
	pid = wait_at(gate, SIGCHLD, code);
	close(gate[0]);
	close(gate[1]);
	until_dead(pid);
	return pid;
}

/* A child that does nothing but live, and ends with us. */
static pid_t living_child(void)
{
	int ready[2];
	char c = 0;
	pid_t pid;

	open_gate(ready);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		MUST_INT(write(ready[1], &c, 1), 1);
		for (;;)
			pause();
	}
	MUST_INT(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	wait_status(pid);
}

/* Calls reap_wait, which must say 0, until so many were told of. */
static void until_told(struct reap *r, const struct told *t, int count)
{
	while (t->count < count) {
		siginfo_t info = no_info;

		MUST_INT(reap_wait(r, 0, &info), 0);
	}
	MUST_INT(t->count, count);
}

static void until_signal(struct reap *r, int sig, siginfo_t *info)
{
	int have;

	do
		have = reap_wait(r, 0, info);
	while (!have);
	MUST_INT(have, sig);
}

/* Runs a test in both modes. */
static void in_both(int (*f)(void *))
{
	for (int fallback = 0; fallback < 2; fallback++)
		if (guarded(f, &fallback))
			CHECK_FAIL("wrong with%s a descriptor", fallback ? "out" : "");
}

#define MODE(arg) (*(int *)(arg))

/* ---- collecting */

/* All end before anybody looks: one SIGCHLD for all. */
static int many_at_once(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	static pid_t pids[MANY];
	int gate[2];

	open_gate(gate);
	for (int i = 0; i < MANY; i++)
		pids[i] = wait_at(gate, SIGCHLD, i);
	close(gate[1]);
	for (int i = 0; i < MANY; i++)
		until_dead(pids[i]);
	until_told(&r, &t, MANY);
	for (int i = 0; i < MANY; i++) {
		int seen = 0;

		for (int k = 0; k < MANY; k++)
			if (t.ends[k].pid == pids[i]) {
				seen++;
				MUST_INT(t.ends[k].status, i << 8);
			}
		MUST_INT(seen, 1);
	}
	MUST_INT(r.none, 1);
	MUST_INT(r.due, 0);
	return 0;
}

TEST(many_at_once)
{
	in_both(many_at_once);
}

/* They end while it waits, beside others that live on. */
static int stream(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	pid_t living[20];
	int gate[2];

	r.found = on_found;
	for (size_t i = 0; i < COUNT(living); i++)
		living[i] = living_child();
	for (int i = 0; i < MANY; i += 10) {
		open_gate(gate);
		for (int k = 0; k < 10; k++)
			wait_at(gate, SIGCHLD, k);
		close(gate[0]);
		close(gate[1]);
		until_told(&r, &t, i + 10);
	}
	MUST_INT(t.found, MANY);
	for (int i = 0; i < MANY; i++) /* nobody twice */
		for (int k = 0; k < i; k++)
			MUST(t.ends[i].pid != t.ends[k].pid);
	reap_sweep(&r);
	MUST_INT(t.count, MANY);
	MUST_INT(r.none, 0);
	for (size_t i = 0; i < COUNT(living); i++)
		end_child(living[i]);
	return 0;
}

TEST(stream)
{
	in_both(stream);
}

/* SIGCHLD names the child that ended first: that one comes first, though wait4(2) would find the
 * oldest. */
static int named_first(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	int old_gate[2], gate[2];
	siginfo_t info;
	pid_t oldest, youngest;

	open_gate(old_gate);
	oldest = wait_at(old_gate, SIGCHLD, 1);
	open_gate(gate);
	youngest = wait_at(gate, SIGCHLD, 2); /* keeps the old gate open, which does not matter */
	close(gate[1]);
	until_dead(youngest);
	close(old_gate[1]);
	until_dead(oldest);
	MUST_INT(reap_wait(&r, 0, &info), 0);
	MUST_INT(t.count, 1); /* and not yet the others, which a sweep finds */
	MUST_INT(t.ends[0].pid, youngest);
	MUST_INT(r.due, 1);
	until_told(&r, &t, 2);
	MUST_INT(t.ends[1].pid, oldest);
	return 0;
}

TEST(named_first)
{
	in_both(named_first);
}

/* The main child's end is noticed with the first signal, whoever that is about. */
static int main_at_once(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	int gate[2];
	siginfo_t info;
	pid_t first, others[5];

	open_gate(gate);
	for (int i = 0; i < 5; i++)
		others[i] = wait_at(gate, SIGCHLD, 1);
	first = dead_child(2);
	close(gate[1]);
	for (int i = 0; i < 5; i++)
		until_dead(others[i]);
	r.main_pid = dead_child(3); /* the youngest, and the last to end */
	MUST_INT(reap_wait(&r, 0, &info), 0);
	MUST_INT(t.count, 2);
	MUST_INT(t.ends[0].pid, first);
	MUST_INT(t.ends[1].pid, r.main_pid);
	MUST_INT(t.ends[1].status, 3 << 8);
	r.main_pid = 0;
	until_told(&r, &t, 7);
	return 0;
}

TEST(main_at_once)
{
	in_both(main_at_once);
}

/* The same when the signal names nobody. */
static int main_after_forged(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	siginfo_t info;

	kill(getpid(), SIGCHLD);
	r.main_pid = dead_child(4); /* its own signal is lost */
	MUST_INT(reap_wait(&r, 0, &info), 0);
	MUST_INT(t.count, 1);
	MUST_INT(t.ends[0].pid, r.main_pid);
	return 0;
}

TEST(main_after_forged)
{
	in_both(main_after_forged);
}

static int forged(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	pid_t child = living_child(), dead;
	siginfo_t info;

	for (int main_too = 0; main_too < 2; main_too++) {
		r.main_pid = main_too ? child : 0;
		for (int i = 0; i < 300; i++) {
			union sigval value = { .sival_int = child };

			if (i % 2)
				kill(getpid(), SIGCHLD);
			else
				sigqueue(getpid(), SIGCHLD, value);
			MUST_INT(reap_wait(&r, 0, &info), 0);
		}
		MUST_INT(t.count, 0);
	}
	MUST_INT(kill(child, 0), 0);
	r.main_pid = 0;
	dead = dead_child(5);
	until_told(&r, &t, 1);
	MUST_INT(t.ends[0].pid, dead);
	end_child(child);
	return 0;
}

TEST(forged)
{
	in_both(forged);
}

/* Ends that come so fast that it is never quiet: those that no signal names have their turn. */
static int bounded(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	siginfo_t info;
	int born = 4;

	for (int i = 0; i < born; i++)
		dead_child(i);
	MUST_INT(reap_wait(&r, 0, &info), 0);
	MUST_INT(t.count, 1);
	while (t.count < born) {
		dead_child(1);
		MUST(++born < 100);
		MUST_INT(reap_wait(&r, 0, &info), 0);
	}
	return 0;
}

TEST(bounded)
{
	in_both(bounded);
}

/* ---- stopped */

static int stopped(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	pid_t child = living_child(), other, dead;
	siginfo_t info;

	r.found = on_found;
	kill(child, SIGSTOP);
	until_told(&r, &t, 1);
	MUST_INT(t.ends[0].pid, child);
	MUST(WIFSTOPPED(t.ends[0].status));
	MUST_INT(WSTOPSIG(t.ends[0].status), SIGSTOP);
	MUST_INT(t.found, 0);
	reap_sweep(&r);
	reap_one(&r, child);
	MUST_INT(t.count, 1); /* once is enough */

	/* Its going on is nobody's end. The signal that tells of it comes alone. */
	kill(child, SIGCONT);
	MUST_INT(reap_wait(&r, 0, &info), 0);
	MUST_INT(t.count, 1);

	/* Behind another's end, coalesced. */
	other = living_child();
	dead = dead_child(6);
	kill(child, SIGSTOP);
	kill(other, SIGSTOP);
	until_stopped(child);
	until_stopped(other);
	until_told(&r, &t, 4);
	MUST_INT(t.ends[1].pid, dead);
	MUST_INT(t.ends[2].pid + t.ends[3].pid, child + other);
	MUST_INT(t.found, 1);

	kill(child, SIGKILL); /* a stopped one ends */
	until_told(&r, &t, 5);
	MUST_INT(t.ends[4].pid, child);
	MUST_INT(t.ends[4].status, SIGKILL);
	MUST_INT(t.found, 2);
	MUST_INT(t.found_pid, child);
	end_child(other);
	return 0;
}

TEST(stopped)
{
	in_both(stopped);
}

/* Between the look at a child and its collection, which are two system calls, others may act. */
static void (*before_collecting)(pid_t pid);

static void act_before(pid_t pid)
{
	void (*act)(pid_t) = before_collecting;

	before_collecting = NULL;
	if (act)
		act(pid);
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	act_before(pid);
	return (pid_t)syscall(SYS_wait4, pid, status, options, usage);
}

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	if (!(options & WNOWAIT))
		act_before((pid_t)id);
	return (int)syscall(SYS_waitid, type, id, info, options, NULL);
}

static void kill_it(pid_t pid)
{
	kill(pid, SIGKILL);
	until_dead(pid);
}

static void continue_it(pid_t pid)
{
	siginfo_t info;

	kill(pid, SIGCONT);
	MUST_INT(waitid(P_PID, (id_t)pid, &info, WCONTINUED | WNOWAIT), 0);
}

/* Nobody ends without having been found before. */
static int killed_in_between(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	pid_t child = living_child();

	r.found = on_found;
	kill(child, SIGSTOP);
	until_stopped(child);
	before_collecting = kill_it;
	until_told(&r, &t, 1);
	MUST(!before_collecting);
	if (WIFSTOPPED(t.ends[0].status))
		until_told(&r, &t, 2);
	MUST_INT(t.ends[t.count - 1].status, SIGKILL);
	MUST_INT(t.found, 1);
	return 0;
}

TEST(killed_in_between)
{
	in_both(killed_in_between);
}

/* Then there is nothing to collect: the others must not be forgotten. */
static int continued_in_between(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	pid_t child = living_child();

	r.found = on_found;
	kill(child, SIGSTOP);
	until_stopped(child);
	until_pending(SIGCHLD); /* it is the one that is named */
	for (int i = 0; i < 3; i++)
		dead_child(i);
	before_collecting = continue_it;
	until_told(&r, &t, 3);
	MUST(!before_collecting);
	MUST_INT(t.found, 3);
	end_child(child);
	return 0;
}

TEST(continued_in_between)
{
	in_both(continued_in_between);
}

/* reap_one looks without a signal having been taken. */
static int one(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	pid_t child = living_child(), other = dead_child(7);

	reap_one(&r, child);
	MUST_INT(t.count, 0);
	kill(child, SIGSTOP);
	until_stopped(child);
	reap_one(&r, child);
	MUST_INT(t.count, 1);
	MUST(WIFSTOPPED(t.ends[0].status));
	kill(child, SIGKILL);
	until_dead(child);
	reap_one(&r, child);
	MUST_INT(t.count, 2);
	MUST_INT(t.ends[1].status, SIGKILL);
	reap_one(&r, child); /* gone */
	MUST_INT(t.count, 2);
	reap_one(&r, other);
	MUST_INT(t.count, 3);
	MUST_INT(t.ends[2].pid, other);
	return 0;
}

TEST(one)
{
	in_both(one);
}

/* ---- found, and other kinds of children */

static int found(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	pid_t pids[3];

	r.found = on_found;
	for (size_t i = 0; i < COUNT(pids); i++)
		pids[i] = dead_child(8);
	until_told(&r, &t, 1);
	MUST_INT(t.found, 1);
	MUST_INT(t.found_pid, pids[0]);
	MUST(t.ends[0].usage.ru_maxrss > 0);
	reap_sweep(&r);
	MUST_INT(t.count, 3);
	MUST_INT(t.found, 3);
	MUST_INT(t.found_pid, pids[2]);
	MUST_INT(kill(pids[2], 0), -1); /* collected */
	return 0;
}

TEST(found)
{
	in_both(found);
}

/* What clone(2) makes with another signal than SIGCHLD, or none: wait4(2) shows it to nobody who
 * does not ask. */
static int other_signals(void *arg)
{
	static const int flags[] = { SIGUSR1, 0, SIGCHLD };

	for (int with_found = 0; with_found < 2; with_found++) {
		struct told t;
		struct reap r = fresh(&t, MODE(arg));
		siginfo_t info = no_info;
		pid_t pids[COUNT(flags)];
		int gate[2];

		r.found = with_found ? on_found : NULL;
		open_gate(gate);
		for (size_t i = 0; i < COUNT(flags); i++)
			pids[i] = wait_at(gate, flags[i], 9);
		reap_sweep(&r);
		MUST_INT(t.count, 0);
		MUST_INT(r.none, 0);
		close(gate[0]);
		close(gate[1]);
		for (size_t i = 0; i < COUNT(flags); i++)
			until_dead(pids[i]);
		until_signal(&r, SIGUSR1, &info);
		MUST_INT(info.si_code, CLD_EXITED);
		reap_sweep(&r);
		MUST_INT(t.count, 3);
		for (int i = 0; i < 3; i++) {
			MUST_INT(t.ends[i].status, 9 << 8);
			MUST(t.ends[i].pid == pids[0] || t.ends[i].pid == pids[1] ||
			     t.ends[i].pid == pids[2]);
		}
		MUST_INT(t.found, with_found ? 3 : 0);
		MUST_INT(r.none, 1);
		while (reap_wait(&r, 1, &info))
			; /* what is left */
	}
	return 0;
}

TEST(other_signals)
{
	in_both(other_signals);
}

static int none(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	pid_t child;

	MUST_INT(r.none, 0);
	reap_sweep(&r);
	MUST_INT(r.none, 1);
	child = living_child();
	reap_sweep(&r);
	MUST_INT(r.none, 0);
	kill(child, SIGSTOP);
	until_stopped(child);
	reap_sweep(&r);
	MUST_INT(r.none, 0); /* stopped is not gone */
	kill(child, SIGKILL);
	until_dead(child);
	reap_sweep(&r);
	MUST_INT(r.none, 1);
	return 0;
}

TEST(none)
{
	in_both(none);
}

/* ---- the moment */

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int until(void *arg)
{
	static const uint64_t later_ns[] = { 0, 1, 999, 1000000, 1500000, 25000001 };
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	siginfo_t info;

	MUST_INT(reap_wait(&r, 1, &info), 0); /* long ago */
	for (size_t i = 0; i < COUNT(later_ns); i++) {
		uint64_t moment = now_ns() + later_ns[i];

		MUST_INT(reap_wait(&r, moment, &info), 0);
		MUST(now_ns() >= moment);
	}
	/* A moment far away does not keep a signal, or a child, from being noticed. */
	kill(getpid(), SIGHUP);
	MUST_INT(reap_wait(&r, UINT64_MAX - 2, &info), SIGHUP);
	MUST_INT(reap_wait(&r, now_ns() + 1000000, &info), 0);
	dead_child(1);
	dead_child(2);
	dead_child(3);
	MUST_INT(reap_wait(&r, UINT64_MAX - 2, &info), 0);
	MUST_INT(t.count, 1);
	MUST_INT(reap_wait(&r, UINT64_MAX - 2, &info), 0); /* the sweep */
	MUST_INT(t.count, 3);
	/* Nor does a sweep that is due keep it past its moment. */
	dead_child(4);
	dead_child(5);
	MUST_INT(reap_wait(&r, 0, &info), 0);
	MUST_INT(reap_wait(&r, 1, &info), 0);
	until_told(&r, &t, 5);
	/* What is there is taken even when the moment is over. */
	kill(getpid(), SIGUSR2);
	MUST_INT(reap_wait(&r, 1, &info), SIGUSR2);
	return 0;
}

TEST(until)
{
	in_both(until);
}

/* The callback that is due again and again: how often it was called, and when it is due. */
struct due {
	struct told told; /* first: the context is that of on_ended, too */
	int calls;
	uint64_t next;
};

static uint64_t on_tick(void *context)
{
	struct due *d = context;

	d->calls++;
	return d->next;
}

static int tick(void *arg)
{
	struct due d = { .next = 1 };
	struct reap r = fresh(&d.told, MODE(arg));
	siginfo_t info;
	uint64_t soon;

	r.tick = on_tick;
	/* It is over already: the wait ends although nothing limits it. */
	MUST_INT(reap_wait(&r, 0, &info), 0);
	MUST_INT(d.calls, 1);
	/* Whichever comes first counts; the other one is far away. */
	MUST_INT(reap_wait(&r, UINT64_MAX - 2, &info), 0);
	d.next = UINT64_MAX - 2;
	MUST_INT(reap_wait(&r, 1, &info), 0);
	MUST_INT(d.calls, 3);
	soon = now_ns() + 20000000;
	d.next = soon;
	MUST_INT(reap_wait(&r, 0, &info), 0);
	MUST(now_ns() >= soon);
	/* 0 is no moment: only what is there, or comes, ends the wait. */
	d.next = 0;
	MUST_INT(reap_wait(&r, 1, &info), 0);
	kill(getpid(), SIGUSR2);
	MUST_INT(reap_wait(&r, 0, &info), SIGUSR2);
	MUST_INT(d.calls, 6);
	return 0;
}

TEST(tick)
{
	in_both(tick);
}

/* ---- signals */

static int every_signal(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));

	for (int sig = 1; sig <= 64; sig++) {
		siginfo_t info;

		if (sig == SIGKILL || sig == SIGSTOP || sig == SIGCHLD)
			continue;
		memset(&info, 0xff, sizeof info);
		MUST_INT(syscall(SYS_kill, getpid(), sig), 0);
		MUST_INT(reap_wait(&r, 0, &info), sig);
		MUST_INT(info.si_signo, sig);
		MUST_INT(info.si_code, SI_USER);
		MUST_INT(info.si_pid, getpid());
		MUST_INT(info.si_uid, getuid());
	}
	MUST_INT(t.count, 0);
	return 0;
}

TEST(every_signal)
{
	in_both(every_signal);
}

static int values(void *arg)
{
	static const uintptr_t pointers[] = { 0, 1, (uintptr_t)0x123456789abcdef0, UINTPTR_MAX };
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	siginfo_t info;

	for (int i = 0; i < 100; i++) /* queued ones come in their order */
		sigqueue(getpid(), 40, (union sigval){ .sival_int = i - 50 });
	for (int i = 0; i < 100; i++) {
		memset(&info, 0xff, sizeof info);
		MUST_INT(reap_wait(&r, 0, &info), 40);
		MUST_INT(info.si_code, SI_QUEUE);
		MUST_INT(info.si_value.sival_int, i - 50);
		MUST_INT(info.si_pid, getpid());
		MUST_INT(info.si_uid, getuid());
	}
	for (size_t i = 0; i < COUNT(pointers); i++) {
		sigqueue(getpid(), i % 2 ? SIGTERM : 64,
		         (union sigval){ .sival_ptr = (void *)pointers[i] });
		MUST_INT(reap_wait(&r, 0, &info), i % 2 ? SIGTERM : 64);
		MUST((uintptr_t)info.si_value.sival_ptr == pointers[i]);
	}
	/* tkill(2), as raise(3) uses it, is no queueing. */
	syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1);
	MUST_INT(reap_wait(&r, 0, &info), SIGUSR1);
	MUST_INT(info.si_code, SI_TKILL);
	MUST_INT(info.si_pid, getpid());
	return 0;
}

TEST(values)
{
	in_both(values);
}

/* A child in between is collected before the signal is handed out: who gets it acts on what is. */
static int before_a_signal(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	siginfo_t info;

	dead_child(1);
	dead_child(2);
	dead_child(3);
	MUST_INT(reap_wait(&r, 0, &info), 0);
	MUST_INT(t.count, 1);
	kill(getpid(), SIGWINCH);
	MUST_INT(reap_wait(&r, 0, &info), SIGWINCH);
	MUST_INT(t.count, 3);
	return 0;
}

TEST(before_a_signal)
{
	in_both(before_a_signal);
}

/* One signal is always there when it waits, another again and again: children are collected. */
static int ticker(void *arg)
{
	static const int signals[] = { SIGHUP, SIGUSR1, SIGALRM, SIGCHLD, SIGCONT, SIGWINCH, 64 };

	for (size_t i = 0; i < COUNT(signals); i++) {
		struct told t;
		struct reap r = fresh(&t, MODE(arg));
		siginfo_t info;
		int turns = 0;

		for (int k = 0; k < 5; k++)
			dead_child(k);
		while (t.count < 5) {
			kill(getpid(), signals[i]);
			reap_wait(&r, 0, &info);
			if (++turns == 1000) {
				printf("# a flood of signal %d: %d of 5\n", signals[i], t.count);
				return 1;
			}
		}
		while (reap_wait(&r, 1, &info))
			;
		if (r.fd > 0)
			close(r.fd);
	}
	return 0;
}

TEST(ticker)
{
	in_both(ticker);
}

/* ---- how it waits */

static unsigned long long blocked_in(pid_t pid, char *state)
{
	char path[64], line[256];
	unsigned long long mask = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f)) {
		sscanf(line, "State: %c", state);
		sscanf(line, "SigBlk: %llx", &mask);
	}
	if (f)
		fclose(f);
	return mask;
}

/* Waits for ever, or again and again. */
static int just_wait(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, 0);
	uint64_t step = *(uint64_t *)arg;
	siginfo_t info;

	while (reap_wait(&r, step ? now_ns() + step : 0, &info) != SIGTERM)
		;
	return 0;
}

/* Who asks /proc sees that it would take a TERM. */
TEST(mask_while_waiting)
{
	static uint64_t steps[] = { 0, 1000000 };
	unsigned long long all = ~(1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1));

	for (size_t i = 0; i < COUNT(steps); i++) {
		int asleep = 0, wrong = 0;
		struct sys_sigset old;
		pid_t pid;

		fflush(stdout);
		sig_block_all(&old); /* inherited */
		pid = fork();
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			_exit(just_wait(&steps[i]));
		}
		sig_restore(&old);
		while (asleep < 200) {
			char state = 0;

			wrong += blocked_in(pid, &state) != all;
			asleep += state == 'S';
			if (state == 'Z' || !state)
				break;
		}
		CHECK_INT(asleep, 200);
		CHECK_INT(wrong, 0);
		kill(pid, SIGTERM);
		CHECK_INT(wait_status(pid), 0);
	}
}

static int descriptor(void *unused)
{
	struct told t;
	struct reap r = fresh(&t, 0);

	(void)unused;
	MUST(fcntl(r.fd, F_GETFD) & FD_CLOEXEC);
	return 0;
}

TEST(descriptor)
{
	CHECK_INT(guarded(descriptor, NULL), 0);
}

/* Being stopped and continued in between is no event. */
static int interrupted(void *arg)
{
	struct told t;
	struct reap r = fresh(&t, MODE(arg));
	siginfo_t info;
	int sig;

	do
		sig = reap_wait(&r, 0, &info);
	while (!sig || sig == SIGCONT);
	MUST_INT(t.count, 0);
	return sig;
}

TEST(interrupted)
{
	for (int fallback = 0; fallback < 2; fallback++) {
		struct sys_sigset old;
		pid_t pid;
		int status;

		fflush(stdout);
		sig_block_all(&old);
		pid = fork();
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			_exit(interrupted(&fallback));
		}
		sig_restore(&old);
		for (int i = 0; i < 20; i++) {
			kill(pid, SIGSTOP);
			CHECK_INT(waitpid(pid, &status, WUNTRACED), pid);
			CHECK(WIFSTOPPED(status));
			kill(pid, SIGCONT);
		}
		kill(pid, SIGTERM);
		CHECK_INT(wait_status(pid), SIGTERM << 8);
	}
}
