/* SPDX-License-Identifier: 0BSD */
/* Starting, relaying, reaping and ending. What the code under test does to itself (it stops or ends
 * by a signal) it does in a child of ours, and every wait is for an event. */
#include "test.h"
#include "help.h"
#include "spawn.h"
#include "child.h"
#include "sig.h"
#include "sys.h"

#include <pty.h>
#include <utmp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* ---- spawn */

TEST(spawn)
{
	int status, fds = count_fds();

	check_printed((struct child){ .argv = ARGV("echo", "a b", "", "c") }, "a b  c\n");
	check_printed((struct child){ .argv = ARGV("/bin/sh", "-c", "echo $0", "zero") }, "zero\n");
	/* Another name than that of the file. */
	check_printed((struct child){ .argv = ARGV("-login", "-c", "echo $0"), .file = "sh" },
	              "-login\n");
	printed((struct child){ .argv = ARGV("sh", "-c", "exit 7") }, &status);
	CHECK_INT(status, 7 << 8);
	no_children();
	CHECK_INT(count_fds(), fds);
}

static int refuse(void *unused)
{
	(void)unused;
	return -EXDEV;
}

static int agree(void *unused)
{
	(void)unused;
	return 1; /* only what is negative is an error */
}

TEST(errors_come_back)
{
	static const struct {
		const char *file;
		int (*setup)(void *);
		int result;
		enum child_step step;
	} cases[] = {
		{ "/nonexistent", NULL, -ENOENT, CHILD_EXEC },
		{ "no-such-program", NULL, -ENOENT, CHILD_EXEC },
		{ "", NULL, -ENOENT, CHILD_EXEC },
		{ "/etc/passwd", NULL, -EACCES, CHILD_EXEC },
		{ "/tmp", NULL, -EACCES, CHILD_EXEC },
		{ "/etc/passwd/x", NULL, -ENOTDIR, CHILD_EXEC },
		{ "true", refuse, -EXDEV, CHILD_SETUP },
		{ "/nonexistent", agree, -ENOENT, CHILD_EXEC },
	};
	int fds = count_fds();

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct child c = { .argv = ARGV((char *)cases[i].file), .setup = cases[i].setup };
		pid_t r = spawn(&c);

		if (r != cases[i].result || c.step != cases[i].step)
			CHECK_FAIL("%s is %d in step %d", cases[i].file, r, c.step);
		no_children(); /* who failed is buried */
	}
	CHECK_INT(count_fds(), fds);
}

/* In a PID namespace whose init has ended nobody can be born any more. */
static int spawn_in_the_dead(void *unused)
{
	struct child c = { .argv = ARGV("true") };
	pid_t pid;

	(void)unused;
	if (unshare(CLONE_NEWPID))
		return 1;
	pid = fork();
	if (pid == 0)
		_exit(0);
	wait_status(pid);
	c.step = CHILD_EXEC;
	return spawn(&c) == -ENOMEM && c.step == CHILD_FORK ? 0 : 2;
}

TEST(fork_error)
{
	CHECK_INT(in_child(spawn_in_the_dead, NULL), 0);
}

/* SIGCHLD ignored: the kernel buries the child itself, and the error comes back all the same. */
static int spawn_ignoring(void *unused)
{
	struct child c = { .argv = ARGV("/nonexistent") };

	(void)unused;
	signal(SIGCHLD, SIG_IGN);
	return spawn(&c) == -ENOENT ? 0 : 1;
}

TEST(sigchld_ignored)
{
	CHECK_INT(in_child(spawn_ignoring, NULL), 0);
}

/* ---- what the program inherits */

static unsigned long long mask_in(const char *status_text, const char *key)
{
	const char *line = strstr(status_text, key);

	return line ? strtoull(line + strlen(key), NULL, 16) : ~0ull;
}

TEST(mask_and_disposition)
{
	struct child c = { .argv = ARGV("cat", "/proc/self/status") };
	struct sys_sigset mask = { { 0 } }, before, after;
	struct sys_sigaction ignore = { { 0 } }, old;
	const char *text;
	int status;

	sys_sigprocmask(SIG_SETMASK, NULL, &before);
	text = printed(c, &status);
	CHECK_INT(mask_in(text, "SigBlk:"), 0);
	sig_add(&mask, SIGUSR1);
	sig_add(&mask, 33); /* libc would not let us */
	sig_add(&mask, 64);
	c.mask = &mask;
	text = printed(c, &status);
	CHECK_INT(mask_in(text, "SigBlk:"), 1ull << (SIGUSR1 - 1) | 1ull << 32 | 1ull << 63);

	/* SIGCHLD: as the caller had it before we changed it for ourselves. */
	signal(SIGCHLD, SIG_IGN);
	sys_sigaction(SIGCHLD, NULL, &ignore);
	signal(SIGCHLD, SIG_DFL);
	text = printed(c, &status);
	CHECK(!(mask_in(text, "SigIgn:") & 1ull << (SIGCHLD - 1)));
	c.chld = &ignore;
	text = printed(c, &status);
	CHECK(mask_in(text, "SigIgn:") & 1ull << (SIGCHLD - 1));
	sys_sigaction(SIGCHLD, NULL, &old);
	CHECK(!memcmp(&old, &(struct sys_sigaction){ { 0 } }, sizeof(long))); /* not in us */
	sys_sigprocmask(SIG_SETMASK, NULL, &after);
	CHECK(!memcmp(&before, &after, sizeof before));
}

/* The program has our descriptors and none besides. */
TEST(descriptors)
{
	int status, extra = open("/dev/null", O_RDONLY);
	char should[256] = "";

	for (int fd = 0; fd < 20; fd++)
		if (fcntl(fd, F_GETFD) >= 0 && !(fcntl(fd, F_GETFD) & FD_CLOEXEC))
			snprintf(should + strlen(should), 8, "%d\n", fd);
	CHECK_TEXT(
		printed(
			(struct child){
				.argv = ARGV(
					"sh", "-c",
					"for fd in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 "
					"19; do [ ! -e /proc/$$/fd/$fd ] || "
					"echo $fd; done") },
			&status),
		should);
	CHECK_INT(status, 0);
	close(extra);
}

/* What a shell that is started without words says about itself. */
static const char *shell_says(int *status)
{
	struct child c = { .argv = ARGV("x") + 1, .shell = child_shell };
	int script = open(tmp("script"), O_RDONLY), old = dup(0);
	const char *text;

	dup2(script, 0);
	text = printed(c, status);
	dup2(old, 0);
	close(old);
	close(script);
	return text;
}

TEST(default_shell)
{
	char long_shell[200];
	int status;

	put("script", "echo $0 $#\n");
	put_link("mysh", "/bin/sh");
	setenv("SHELL", tmp("mysh"), 1);
	CHECK_TEXT(shell_says(&status), "-mysh 0\n");
	/* One that does not exist here is no reason to have none: the user's, else /bin/sh. */
	setenv("SHELL", "/nonexistent/zsh", 1);
	CHECK(strstr(shell_says(&status), "sh 0\n"));
	CHECK_INT(status, 0);
	setenv("SHELL", "", 1);
	CHECK(strstr(shell_says(&status), "sh 0\n"));
	unsetenv("SHELL");
	CHECK(strstr(shell_says(&status), "sh 0\n"));
	/* One that may not be executed is. */
	setenv("SHELL", "/etc/passwd", 1);
	shell_says(&status);
	CHECK_INT(status, -EACCES);
	/* A name too long for its place is cut. */
	memset(long_shell, 'a', 100);
	long_shell[100] = 0;
	put_link(long_shell, "/bin/sh");
	setenv("SHELL", tmp(long_shell), 1);
	CHECK_INT(strlen(shell_says(&status)), 63 + strlen(" 0\n"));
	unsetenv("SHELL");
}

/* ---- wait */

TEST(code)
{
	CHECK_INT(child_code(0), 0);
	CHECK_INT(child_code(7 << 8), 7);
	CHECK_INT(child_code(255 << 8), 255);
	CHECK_INT(child_code(SIGTERM), 143);
	CHECK_INT(child_code(SIGSEGV | 0x80), 139); /* with a core */
	CHECK_INT(child_code(64), 192);
}

/* Ends as its argument says. */
static int end_by(void *status)
{
	int s = *(int *)status;

	if (WIFSIGNALED(
		    s)) { /* a core dump would be possible, and the signal is ignored and blocked */
		setrlimit(RLIMIT_CORE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
		signal(WTERMSIG(s), SIG_IGN);
		sig_block_all(NULL);
	}
	if (chdir(tmp("")))
		return 99;
	child_exit_as(s);
}

TEST(exit_as)
{
	static const int signals[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGABRT, SIGKILL, SIGSEGV,
		                       SIGTERM, SIGPIPE, SIGUSR1, SIGSYS,  34,      64 };

	for (int code = 0; code < 256; code += 51) {
		int status = code << 8;

		CHECK_INT(in_child(end_by, &status), code);
	}
	for (size_t i = 0; i < COUNT(signals); i++) {
		int wanted = signals[i] | (signals[i] == SIGSEGV ? 0x80 : 0), status;
		pid_t pid;

		fflush(stdout);
		pid = fork();
		if (pid == 0)
			_exit(end_by(&wanted));
		status = wait_status(pid);
		if (!WIFSIGNALED(status) || WTERMSIG(status) != signals[i] || WCOREDUMP(status))
			CHECK_FAIL("signal %d: status %x", signals[i], status);
	}
}

/* A PID 1 cannot die by its own signal. */
TEST(exit_as_pid_1)
{
	static const int signals[] = { SIGTERM, SIGKILL, SIGSEGV, 64 };

	for (size_t i = 0; i < COUNT(signals); i++) {
		pid_t pid;

		fflush(stdout);
		pid = fork_into(CLONE_NEWPID);
		if (pid == 0)
			_exit(end_by((void *)&signals[i]));
		CHECK_INT(wait_status(pid), (128 + signals[i]) << 8);
	}
}

/* ---- relay */

/* Relays a child that stops itself and then ends by `argument`. */
static int relay(void *argument)
{
	pid_t pid = fork();

	if (pid == 0) {
		raise(SIGSTOP);
		if (*(int *)argument >= 0)
			_exit(*(int *)argument);
		raise(-*(int *)argument);
	}
	return child_code(child_relay(pid));
}

TEST(relay)
{
	static int ends[] = { 0, 7, -SIGTERM, -SIGKILL };

	for (size_t i = 0; i < COUNT(ends); i++) {
		int status;
		pid_t pid;

		fflush(stdout);
		pid = fork();
		if (pid == 0)
			_exit(relay(&ends[i]));
		/* It stops as its child has; continued, it continues that. */
		CHECK_INT(waitpid(pid, &status, WUNTRACED), pid);
		CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
		CHECK_INT(kill(pid, SIGCONT), 0);
		CHECK_INT(waitpid(pid, &status, WUNTRACED), pid);
		CHECK(WIFEXITED(status));
		CHECK_INT(WEXITSTATUS(status), ends[i] >= 0 ? ends[i] : 128 - ends[i]);
	}
	CHECK_INT(child_relay(getpid()), -ECHILD);
}

/* ---- supervise */

/* An init: everything blocked, `main_program` as its child. Returns as that ends. */
struct init {
	void (*main_program)(int report);
	int report;
};

static int supervise(void *arg)
{
	struct init *init = arg;
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sig_block_all(NULL);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		init->main_program(init->report);
		_exit(99);
	}
	return child_code(child_supervise(pid, 0));
}

static void say(int fd, int value)
{
	if (write(fd, &value, sizeof value) != sizeof value)
		_exit(98);
}

static int hear(int fd)
{
	int value = -1;

	return read(fd, &value, sizeof value) == sizeof value ? value : -1;
}

static pid_t start_init(void (*program)(int), int flags, int *from)
{
	struct init init = { .main_program = program };
	int ends[2];
	pid_t pid;

	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC))
		give_up("pipe");
	init.report = ends[1];
	pid = fork_into(flags);
	if (pid == 0) {
		close(ends[0]);
		_exit(supervise(&init));
	}
	close(ends[1]);
	*from = ends[0];
	return pid;
}

/* Orphans that are dead or die later; it ends once none of them is left, not even as a zombie. */
static void make_orphans(int report)
{
	(void)report;
	for (int i = 0; i < 20; i++) {
		int number[2], life[2];
		pid_t middle, orphan = 0;

		if (pipe(number) || pipe(life))
			_exit(1);
		middle = fork();
		if (middle == 0) {
			pid_t pid = fork();

			if (pid == 0) {
				char c;

				/* Some outlive their parent: until nobody else holds the pipe. */
				close(life[1]);
				if (i % 2 && read(life[0], &c, 1) != 0)
					_exit(1);
				_exit(i);
			}
			if (write(number[1], &pid, sizeof pid) != sizeof pid)
				_exit(1);
			_exit(0);
		}
		if (read(number[0], &orphan, sizeof orphan) != sizeof orphan ||
		    waitpid(middle, NULL, 0) != middle)
			_exit(2);
		for (int end = 0; end < 2; end++) {
			close(number[end]);
			close(life[end]);
		}
		/* A zombie can be asked; if nobody buries it, the tests' time limit ends this. */
		while (!kill(orphan, 0))
			sched_yield();
	}
	_exit(42);
}

TEST(supervise_reaps)
{
	static const int flags[] = { 0, CLONE_NEWPID };

	for (size_t i = 0; i < COUNT(flags); i++) {
		int from, status;
		pid_t pid = start_init(make_orphans, flags[i], &from);

		status = wait_status(pid);
		CHECK(WIFEXITED(status));
		CHECK_INT(WEXITSTATUS(status), 42);
		close(from);
	}
}

/* Reports each signal that comes, with the value it carries. */
static void report_signals(int report)
{
	struct sys_sigset all;
	siginfo_t info;

	memset(&all, 0xff, sizeof all);
	say(report, 0);
	for (;;)
		if (sys_sigwait(&all, &info, SYS_NO_LIMIT) > 0) {
			say(report, info.si_signo);
			say(report, info.si_code == SI_QUEUE ? info.si_value.sival_int : -1);
		}
}

/* All that can be forwarded is. Nothing is lost when they come at once. */
TEST(supervise_forwards)
{
	int from, status, many = 0;
	pid_t pid = start_init(report_signals, 0, &from);

	CHECK_INT(hear(from), 0);
	for (int sig = 1; sig <= 64; sig++) {
		if (sig == SIGKILL || sig == SIGSTOP || sig == SIGCHLD)
			continue;
		CHECK_INT(syscall(SYS_kill, pid, sig), 0);
		CHECK_INT(hear(from), sig);
		CHECK_INT(hear(from), -1);
	}
	for (int i = 0; i < 100; i++) /* queued signals keep their values and their order */
		CHECK_INT(sigqueue(pid, 40, (union sigval){ .sival_int = 1000 + i }), 0);
	for (int i = 0; i < 100; i++)
		many += hear(from) == 40 && hear(from) == 1000 + i;
	CHECK_INT(many, 100);
	kill(pid, SIGKILL);
	status = wait_status(pid);
	CHECK_INT(WTERMSIG(status), SIGKILL);
	while (hear(from) >= 0)
		; /* until main has followed */
	close(from);
}

/* Signals from before the main program was there are kept for it. */
static void end_by_first(int report)
{
	struct sys_sigset none = { { 0 } };

	(void)report;
	sig_restore(&none);
	for (;;)
		pause();
}

TEST(supervise_passes_death_on)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGUSR2, 50 };

	for (size_t i = 0; i < COUNT(signals); i++) {
		int from, status;
		struct sys_sigset old;
		pid_t pid;

		sig_block_all(&old); /* inherited: the signal waits until everything is set up */
		pid = start_init(end_by_first, 0, &from);
		kill(pid, signals[i]);
		status = wait_status(pid);
		sig_restore(&old);
		CHECK(WIFEXITED(status));
		CHECK_INT(WEXITSTATUS(status), 128 + signals[i]);
		close(from);
	}
}

/* The main program has ended: others that live on are none of its business. */
static void leave_somebody(int report)
{
	pid_t pid = fork();

	if (pid == 0) {
		say(report, getpid());
		for (;;)
			pause();
	}
	_exit(5);
}

TEST(supervise_ends_with_main)
{
	int from, status, left;
	pid_t pid = start_init(leave_somebody, 0, &from);

	left = hear(from);
	CHECK(left > 1);
	status = wait_status(pid);
	CHECK_INT(status, 5 << 8);
	if (left > 1)
		CHECK_INT(kill(left, SIGKILL), 0);
	CHECK_INT(hear(from), -1);
	close(from);
}

/* Not PID 1: it stops with its program, so that a shell's job control works, and continues it. */
static void stop_once(int report)
{
	(void)report;
	raise(SIGSTOP);
	_exit(6);
}

TEST(supervise_stops_along)
{
	int from, status;
	pid_t pid = start_init(stop_once, 0, &from);

	CHECK_INT(waitpid(pid, &status, WUNTRACED), pid);
	CHECK(WIFSTOPPED(status));
	kill(pid, SIGCONT);
	CHECK_INT(wait_status(pid), 6 << 8);
	close(from);
}

/* ^C comes to the whole foreground group: from an init it must not come a second time. The order of
 * events: ^C, its report by the program, then a USR1 by way of the init, which has had its own INT
 * before that. */
static int terminal_init(void *arg)
{
	struct init init = { .main_program = report_signals, .report = ((int *)arg)[1] };

	if (login_tty(((int *)arg)[0]))
		return 97;
	return supervise(&init);
}

TEST(supervise_terminal)
{
	int master, arg[2], ends[2], status;
	pid_t pid;

	fflush(stdout);
	if (openpty(&master, &arg[0], NULL, NULL, NULL) || pipe2(ends, O_CLOEXEC))
		give_up("openpty");
	arg[1] = ends[1];
	pid = fork();
	if (pid == 0) {
		close(master);
		_exit(terminal_init(arg));
	}
	close(arg[0]);
	close(ends[1]);
	CHECK_INT(hear(ends[0]), 0);
	CHECK_INT(write(master, "\003", 1), 1);
	CHECK_INT(hear(ends[0]), SIGINT);
	CHECK_INT(hear(ends[0]), -1);
	kill(pid, SIGUSR1);
	CHECK_INT(hear(ends[0]), SIGUSR1);
	CHECK_INT(hear(ends[0]), -1);
	kill(pid, SIGINT); /* from a person, not from the terminal: it is passed on */
	CHECK_INT(hear(ends[0]), SIGINT);
	kill(pid, SIGKILL);
	status = wait_status(pid);
	CHECK_INT(WTERMSIG(status), SIGKILL);
	while (hear(ends[0]) >= 0)
		;
	close(ends[0]);
	close(master);
}

/* ---- the parent's end */

/* Between us and a process that is to die with its parent, which is this one. */
static int parent_of_one(void *arg)
{
	int *ends = arg, self = sys_pidfd_open(getpid()), early = ends[2];
	pid_t pid = fork();

	if (pid == 0) {
		close(ends[0]);
		while (early && !child_has_ended(self))
			usleep(1000);
		if (!early)
			close(ends[3]);
		if (child_die_with(self, SIGTERM) || write(ends[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	return early || read(ends[0], ends, 1) == 1 ? 0 : 1;
}

/* Before and after it has said so. Its end of the pipe tells that it has ended. */
TEST(die_with)
{
	for (int early = 0; early < 2; early++) {
		int ends[4] = { 0, 0, early, -1 };
		char byte;

		if (pipe2(ends, O_CLOEXEC))
			give_up("pipe");
		CHECK_INT(in_child(parent_of_one, ends), 0);
		close(ends[1]);
		CHECK_INT(read(ends[0], &byte, 1), 0);
		close(ends[0]);
	}
	CHECK_INT(child_has_ended(-1), 0);
	CHECK_INT(child_die_with(-1, 1000), -EINVAL);
}
