/* SPDX-License-Identifier: 0BSD */
/* What a signal meets: what is made of masks and of where threads sleep, of recorded processes, and
 * of living ones. tests/applet/ps-sigterm.sh has the many kinds of them. */
#include "../../core/disposition.c"

#include "test.h"
#include "help.h"

#include <sys/signalfd.h>
#include <time.h>

/* ---- pure: TERM is 15 */

TEST(signals_in_a_mask)
{
	CHECK_INT(has("0000000000004000", 16, 15), 1);
	CHECK_INT(has("ffffffffffffbfff", 16, 15), 0);
	CHECK_INT(has("FFFFFFFFFFFFBFFF", 16, 16), 1);
	CHECK_INT(has("00000000000000000000000000004000", 32, 15), 1); /* of MIPS */
	CHECK_INT(has("8000000000000000", 16, 64), 1);
	CHECK_INT(has("1", 1, 1), 1);
	CHECK_INT(has("4000", 3, 15), -1);
	CHECK_INT(has("", 0, 15), -1);
	CHECK_INT(has("00000000000x4000", 16, 15), 1);
	CHECK_INT(has("000000000000g000", 16, 15), -1);
}

TEST(first_argument_of_a_system_call)
{
	uint64_t v;

	CHECK_INT(first_argument("128 0x7ffc5c7a1c40 0x0 0x0 0x8 0x0 0x0 0x7f 0x7f\n", &v), 0);
	CHECK_INT(v, 0x7ffc5c7a1c40);
	CHECK(first_argument("running\n", &v));
	CHECK(first_argument("", &v));
	CHECK(first_argument("128 0", &v));
}

TEST(names_of_the_call)
{
	CHECK_INT(is_sigtimedwait("do_sigtimedwait"), 1);
	CHECK_INT(is_sigtimedwait("sigtimedwait"), 1);
	CHECK_INT(is_sigtimedwait("do_sigtimedwait.isra.0"), 1);
	CHECK_INT(is_sigtimedwait("__x64_sys_rt_sigtimedwait_time32"), 1);
	CHECK_INT(is_sigtimedwait("sssigsigtimedwait"), 1);
	CHECK_INT(is_sigtimedwait("do_sigtimedwai"), 0);
	CHECK_INT(is_sigtimedwait("sigsuspend"), 0);
	CHECK_INT(is_sigtimedwait(""), 0);
}

TEST(what_a_thread_does)
{
	static const struct {
		struct thread t;
		enum taker taker;
	} all[] = {
		{ { 1, SLEEP_ELSEWHERE, 0, 0 }, TAKER_BLOCKS },
		{ { 1, SLEEP_SIGWAIT, 1, 0 }, TAKER_BLOCKS }, /* it waits for others */
		{ { 1, SLEEP_UNKNOWN, 0, 1 }, TAKER_BLOCKS },
		{ { 0, SLEEP_SIGWAIT, 1, 0 }, TAKER_WAITS },
		{ { 0, SLEEP_SIGWAIT, 1, 1 }, TAKER_WAITS },
		{ { 0, SLEEP_SIGWAIT, 0, 0 }, TAKER_OPEN },
		{ { 0, SLEEP_SIGWAIT, -1, 0 }, TAKER_WAITS },
		{ { 0, SLEEP_SIGWAIT, -1, 1 }, TAKER_OPEN },
		{ { 0, SLEEP_ELSEWHERE, 0, 0 }, TAKER_OPEN },
		{ { 0, SLEEP_NOT, 0, 0 }, TAKER_OPEN },
		{ { 0, SLEEP_UNKNOWN, 0, 0 }, TAKER_MAY_WAIT },
	};

	for (size_t i = 0; i < COUNT(all); i++)
		CHECK_INT(taker(&all[i].t), all[i].taker);
}

TEST(what_it_meets)
{
	/* signalfd, ignored, caught */
	CHECK_INT(judge(TAKER_OPEN, 0, 0, 0), DISPOSITION_DEFAULT);
	CHECK_INT(judge(TAKER_OPEN, 0, 0, 1), DISPOSITION_HANDLER);
	CHECK_INT(judge(TAKER_OPEN, 0, 1, 0), DISPOSITION_IGNORED);
	CHECK_INT(judge(TAKER_OPEN, 1, 0, 0), DISPOSITION_DEFAULT);
	CHECK_INT(judge(TAKER_BLOCKS, 0, 0, 1), DISPOSITION_BLOCKED);
	CHECK_INT(judge(TAKER_BLOCKS, 0, 1, 0), DISPOSITION_BLOCKED);
	CHECK_INT(judge(TAKER_BLOCKS, 1, 1, 0), DISPOSITION_WAITS);
	CHECK_INT(judge(TAKER_BLOCKS, -1, 0, 0), DISPOSITION_UNKNOWN);
	CHECK_INT(judge(TAKER_WAITS, 0, 0, 0), DISPOSITION_WAITS);
	CHECK_INT(judge(TAKER_MAY_WAIT, 0, 0, 0), DISPOSITION_UNKNOWN);
	CHECK_INT(judge(TAKER_MAY_WAIT, 0, 0, 1), DISPOSITION_HANDLER);
	CHECK_INT(judge(TAKER_MAY_WAIT, 0, 1, 0), DISPOSITION_IGNORED);
	CHECK_INT(judge(TAKER_OPEN, 0, -1, 0), DISPOSITION_UNKNOWN);
	CHECK_INT(judge(TAKER_OPEN, 0, 0, -1), DISPOSITION_UNKNOWN);
}

TEST(words)
{
	CHECK_TEXT(disposition_word(DISPOSITION_UNKNOWN), "unknown");
	CHECK_TEXT(disposition_word(DISPOSITION_DEFAULT), "default");
	CHECK_TEXT(disposition_word(DISPOSITION_IGNORED), "ignored");
	CHECK_TEXT(disposition_word(DISPOSITION_HANDLER), "handler");
	CHECK_TEXT(disposition_word(DISPOSITION_BLOCKED), "blocked");
	CHECK_TEXT(disposition_word(DISPOSITION_WAITS), "waits");
	CHECK(!disposition_word(DISPOSITION_ENDED));
}

/* ---- living ones */

/* What `sig` meets in a process of the real /proc. */
static int meets(pid_t pid, int sig)
{
	struct str text = { 0 };
	struct proc p;
	int proc = proc_mount(NULL);
	int r = proc_get(proc, pid, PROC_STATUS | PROC_LINES | PROC_MEMORY, &text, &p);

	if (!r)
		r = (int)disposition(proc, &p, sig);
	str_free(&text);
	close(proc);
	return r;
}

static void nothing(int sig)
{
	(void)sig;
}

enum how {
	HOW_DEFAULT,
	HOW_IGNORE,
	HOW_HANDLE,
	HOW_BLOCK,
	HOW_WAIT,
	HOW_FD,
	HOW_FD_0,
	HOW_OTHER,
	HOW_IN_TURN, /* now in sigtimedwait(2), now elsewhere */
};

/* A child that treats `sig` so and sleeps; NULL-terminated by its end of the pipe. */
static pid_t child_that(enum how how, int sig)
{
	const struct timespec short_time = { 0, 50000 };
	int ready[2];
	sigset_t set;
	char c;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC))
		give_up("pipe");
	pid = fork_into(0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sigemptyset(&set);
		sigaddset(&set, how == HOW_OTHER ? SIGALRM : sig);
		signal(sig, how == HOW_IGNORE ? SIG_IGN : how == HOW_HANDLE ? nothing : SIG_DFL);
		if (how >= HOW_BLOCK)
			sigprocmask(SIG_BLOCK, &set, NULL);
		if (how == HOW_FD_0)
			close(0);
		if (how >= HOW_FD)
			signalfd(-1, &set, 0);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			if (how == HOW_WAIT)
				sigwaitinfo(&set, NULL);
			else if (how != HOW_IN_TURN)
				pause();
			else if (sigtimedwait(&set, NULL, &short_time) < 0)
				nanosleep(&short_time, NULL);
	}
	if (pid < 0 || read(ready[0], &c, 1) != 1)
		give_up("child");
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static int meets_in_child(enum how how, int sig)
{
	char path[64], first;
	pid_t pid = child_that(how, sig);
	int d, fd;

	/* Until it has gone to sleep: before, its system call is "running". */
	snprintf(path, sizeof path, "/proc/%d/syscall", pid);
	do {
		sched_yield();
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || read(fd, &first, 1) != 1)
			give_up(path);
		close(fd);
	} while (first == 'r');
	d = meets(pid, sig);
	kill(pid, SIGKILL);
	CHECK_INT(waitid(P_PID, (id_t)pid, &(siginfo_t){ 0 }, WEXITED | WNOWAIT), 0);
	CHECK_INT(meets(pid, sig), DISPOSITION_ENDED);
	wait_status(pid);
	return d;
}

TEST(any_signal)
{
	static const int signals[] = { SIGHUP, SIGTERM, SIGUSR2, 34, 64 };

	for (size_t i = 0; i < COUNT(signals); i++) {
		CHECK_INT(meets_in_child(HOW_DEFAULT, signals[i]), DISPOSITION_DEFAULT);
		CHECK_INT(meets_in_child(HOW_IGNORE, signals[i]), DISPOSITION_IGNORED);
		CHECK_INT(meets_in_child(HOW_HANDLE, signals[i]), DISPOSITION_HANDLER);
		CHECK_INT(meets_in_child(HOW_BLOCK, signals[i]), DISPOSITION_BLOCKED);
		CHECK_INT(meets_in_child(HOW_WAIT, signals[i]), DISPOSITION_WAITS);
		CHECK_INT(meets_in_child(HOW_FD, signals[i]), DISPOSITION_WAITS);
		CHECK_INT(meets_in_child(HOW_FD_0, signals[i]), DISPOSITION_WAITS);
		CHECK_INT(meets_in_child(HOW_OTHER, signals[i]), DISPOSITION_DEFAULT);
	}
}

/* Its mask is of one moment, where it sleeps of another: init waits now so, now so, and would not
 * be asked to end if it seemed not to wait. */
TEST(in_turn)
{
	pid_t pid = child_that(HOW_IN_TURN, SIGTERM);
	int count[DISPOSITION_ENDED + 1] = { 0 };

	for (int i = 0; i < 3000; i++)
		count[meets(pid, SIGTERM)]++;
	CHECK_INT(count[DISPOSITION_DEFAULT], 0);
	CHECK_INT(count[DISPOSITION_WAITS] + count[DISPOSITION_UNKNOWN], 3000);
	CHECK(count[DISPOSITION_WAITS] > 1500);
	kill(pid, SIGKILL);
	wait_status(pid);
}

/* Whoever it is, these come through. */
TEST(kill_and_stop)
{
	CHECK_INT(meets_in_child(HOW_BLOCK, SIGKILL), DISPOSITION_DEFAULT);
	CHECK_INT(meets_in_child(HOW_WAIT, SIGKILL), DISPOSITION_DEFAULT);
	CHECK_INT(meets_in_child(HOW_BLOCK, SIGSTOP), DISPOSITION_DEFAULT);
}

TEST(nothing_is_left_open)
{
	int fds = count_fds();

	meets_in_child(HOW_FD, SIGTERM);
	meets_in_child(HOW_WAIT, SIGTERM);
	meets(getpid(), SIGTERM);
	CHECK_INT(count_fds(), fds);
}

/* ---- recorded: no calls, no descriptors */

TEST(recorded)
{
	static const char lines[] = "SigBlk:\t0000000000000001\nSigIgn:\t0000000000000002\n"
				    "SigCgt:\t0000000000000004\n";
	struct proc p = { .pid = 20997, .lines = lines, .lines_len = sizeof lines };
	int proc = tree_fd("host-with-containers"), fds = count_fds();

	p.state = 'S';
	p.threads = 1;
	CHECK_INT(disposition(proc, &p, 1), DISPOSITION_UNKNOWN); /* a signalfd, perhaps */
	CHECK_INT(disposition(proc, &p, 2), DISPOSITION_IGNORED);
	CHECK_INT(disposition(proc, &p, 3), DISPOSITION_HANDLER);
	CHECK_INT(disposition(proc, &p, 4), DISPOSITION_UNKNOWN); /* sigwait, perhaps */
	CHECK_INT(disposition(proc, &p, 9), DISPOSITION_DEFAULT);
	p.threads = 2; /* which are nowhere */
	CHECK_INT(disposition(proc, &p, 2), DISPOSITION_UNKNOWN);
	CHECK_INT(disposition_of(proc, p.pid, &p, 2, 1), DISPOSITION_IGNORED);
	p.lines_len = 0;
	p.threads = 1;
	CHECK_INT(disposition(proc, &p, 2), DISPOSITION_UNKNOWN);
	p.state = 'Z';
	CHECK_INT(disposition(proc, &p, 2), DISPOSITION_ENDED);
	CHECK_INT(disposition_mask(&p, "SigCgt", 3), -1);
	CHECK_INT(count_fds(), fds);
	close(proc);
}
