/* SPDX-License-Identifier: 0BSD */
/*
 * hard: what is hard on a PID 1. It ends with 99 when it fails itself, with 98 where that deed is
 * not written for this architecture.
 *
 *   hard fault PID KIND     makes a process have a true fault: segv, bus, ill, fpe, trap, or
 *                           stack, which comes to its end; from then on it runs what stands there
 *   hard stopped FIFO CMD...
 *                           runs CMD on a terminal whose output is stopped, as by ^S; once FIFO is
 *                           written to it goes on, and comes to our stdout. CMD's status
 *   hard storm COUNT FIFO   COUNT children that all end when FIFO is closed by its writer: it says
 *                           a line when they are there, and ends, so that they are orphans
 *   hard raise SIGNAL...    sends these to PID 1, whose child it is, each in every way there is
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "hard: ");
	perror(what);
	_exit(99);
}

/* ---- fault */

struct bad {
	const char *kind, *code;
	size_t len;
};
#define BAD(kind, code) \
	{ \
		kind, code, sizeof(code) - 1 \
	}

/* Machine code, which is laid over the program's first instructions: it never runs them again. */
static const struct bad bads[] = {
#if defined __x86_64__
	BAD("segv", "\x31\xc0\xc6\x00\x01"),          /* xor %eax,%eax; movb $1,(%rax) */
	BAD("bus", "\x48\xbc\0\0\0\0\0\0\0\x80\x50"), /* movabs $1<<63,%rsp; push %rax */
	BAD("ill", "\x0f\x0b"),                       /* ud2 */
	BAD("fpe", "\x31\xc9\xf7\xf1"),               /* xor %ecx,%ecx; div %ecx */
	BAD("trap", "\xcc\xf4"),                      /* int3; hlt */
	BAD("stack", "\xe8\xfb\xff\xff\xff"),         /* here: call here */
#elif defined __aarch64__
	BAD("segv", "\x1f\0\0\xf9\xff\xff\xff\x17"),      /* str xzr,[x0], which is 0 */
	BAD("ill", "\0\0\0\0"),                           /* udf 0 */
	BAD("trap", "\0\0\x20\xd4\0\0\x20\xd4"),          /* brk 0 */
	BAD("stack", "\xff\x83\x1f\xf8\xff\xff\xff\x17"), /* str xzr,[sp,-8]!; b . - 4 */
#endif
	{ NULL, NULL, 0 }
};

/* Where the program begins: AT_ENTRY of getauxval(3). */
static unsigned long entry_of(pid_t pid)
{
	char path[32];
	unsigned long pair[2];
	int fd;

	snprintf(path, sizeof path, "/proc/%d/auxv", pid);
	fd = open(path, O_RDONLY);
	check(fd >= 0, path);
	while (read(fd, pair, sizeof pair) == sizeof pair)
		if (pair[0] == AT_ENTRY)
			return pair[1];
	check(0, "no AT_ENTRY");
	return 0;
}

static void go_to(pid_t pid, unsigned long place)
{
	struct user_regs_struct regs;
	struct iovec all = { &regs, sizeof regs };

	check(!ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &all), "registers");
#if defined __x86_64__
	regs.rip = place;
	regs.orig_rax = -1ul; /* no system call is to be begun again */
#elif defined __aarch64__
	regs.pc = place;
	regs.regs[0] = 0;
#endif
	check(!ptrace(PTRACE_SETREGSET, pid, (void *)NT_PRSTATUS, &all), "registers");
}

static int do_fault(char **argv)
{
	pid_t pid = atoi(argv[0]);
	const struct bad *bad = bads;
	unsigned long place;
	char path[32];
	int fd, status;

	while (bad->kind && strcmp(bad->kind, argv[1]))
		bad++;
	if (!bad->kind)
		return 98;
	check(!ptrace(PTRACE_SEIZE, pid, NULL, NULL), "seize");
	check(!ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), "interrupt");
	check(waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status), "stop");
	place = entry_of(pid);
	snprintf(path, sizeof path, "/proc/%d/mem", pid);
	fd = open(path, O_RDWR);
	check(fd >= 0, path);
	check(pwrite(fd, bad->code, bad->len, (off_t)place) == (ssize_t)bad->len, "write");
	close(fd);
	go_to(pid, place);
	check(!ptrace(PTRACE_DETACH, pid, NULL, NULL), "detach");
	return 0;
}

/* ---- stopped */

static void copy_out(int master)
{
	char text[4096];
	ssize_t len = read(master, text, sizeof text);

	if (len > 0)
		check(write(1, text, (size_t)len) == len, "write");
}

static int do_stopped(char **argv)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave, goes_on = 0, status;
	struct pollfd fds[3] = { { .events = POLLIN }, { .events = POLLIN }, { .events = POLLIN } };
	pid_t pid;

	check(master >= 0 && !grantpt(master) && !unlockpt(master), "pty");
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	check(slave >= 0 && !tcflow(slave, TCOOFF), "slave");
	pid = fork();
	check(pid >= 0, "fork");
	if (!pid) {
		for (int i = 0; i < 3; i++)
			dup2(slave, i);
		execvp(argv[1], argv + 1);
		check(0, argv[1]);
	}
	fds[0].fd = (int)syscall(SYS_pidfd_open, pid, 0);
	fds[1].fd = open(argv[0], O_RDWR);
	fds[2].fd = -1;
	check(fds[0].fd >= 0 && fds[1].fd >= 0, argv[0]);
	/* What was written to FIFO before it ended counts, also where both are seen at once. */
	for (int over = 0; !over && poll(fds, 3, -1) > 0; over = fds[0].revents != 0) {
		if (fds[1].revents && !goes_on) {
			goes_on = 1;
			fds[1].fd = -1;
			fds[2].fd = master;
			check(!tcflow(slave, TCOON), "go on");
		}
		if (fds[2].revents)
			copy_out(master);
	}
	fds[0].fd = -1;
	while (goes_on && poll(fds, 3, 0) > 0)
		copy_out(master);
	check(waitpid(pid, &status, 0) == pid, "wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- storm */

static int do_storm(char **argv)
{
	int count = atoi(argv[0]), fd = open(argv[1], O_RDONLY);
	char byte;

	check(fd >= 0, argv[1]);
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		check(pid >= 0, "fork");
		if (!pid)
			_exit(read(fd, &byte, 1) != 0);
	}
	check(write(1, "ready\n", 6) == 6, "ready");
	return 0;
}

/* ---- raise */

/* As many ways as there are to send one. */
static void raise_one(int sig)
{
	siginfo_t info = { .si_signo = sig, .si_code = SI_QUEUE };

	info.si_value.sival_int = 42;
	check(!syscall(SYS_kill, 1, sig), "kill");
	check(!syscall(SYS_tgkill, 1, 1, sig), "tgkill");
	/* EAGAIN: the limit of those that wait is reached (setrlimit(2)) */
	check(!syscall(SYS_rt_sigqueueinfo, 1, sig, &info) || errno == EAGAIN, "queue");
}

static int do_raise(char **argv)
{
	check(getppid() == 1, "not a child of PID 1");
	for (; *argv; argv++)
		raise_one(atoi(*argv));
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int operands;
		int (*run)(char **);
	} deeds[] = {
		{ "fault", 2, do_fault },
		{ "stopped", 2, do_stopped },
		{ "storm", 2, do_storm },
		{ "raise", 1, do_raise },
	};

	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
		if (argc > 1 && !strcmp(argv[1], deeds[i].name) && argc - 2 >= deeds[i].operands)
			return deeds[i].run(argv + 2);
	fprintf(stderr, "hard: wrong use\n");
	return 99;
}
