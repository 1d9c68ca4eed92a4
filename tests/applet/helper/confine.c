/* SPDX-License-Identifier: 0BSD */
/*
 * confine: what the tests of nsenter --like-target enter, and look through from inside. It ends
 * with 99 when it fails itself. Those that stay say a line when they are ready.
 *
 *   confine filter ERRNO[,ERRNO]... CMD...
 *                              executes CMD under a seccomp filter for each ERRNO, by which
 *                              getpriority(2) fails with it (0: does not)
 *   confine ask                prints the errno of getpriority(2), 0 when it works
 *   confine many               takes filters as long as the kernel lets it, says how many; stays
 *   confine noexec             cannot execute anything; stays
 *   confine strict             is in the strict mode of seccomp; stays
 *   confine vfork              under a filter; says a line and waits for a child in vfork(2)
 *   confine caps UID INH PRM BND AMB
 *                              has these sets (hexadecimal), which no exec gives; stays
 *   confine parent run|stop CMD...
 *                              runs CMD, in which "{}" is the PID of a child under a filter, that
 *                              runs or is stopped; then says what has been reported of the child
 *                              to its parent, "quiet" for nothing, and its state
 *   confine flood CMD...       the same, while the child gets as many real-time signals as it can
 *                              take; prints how many it has not got, "0 lost"
 *   confine dying COUNT CMD... the same COUNT times, and kills the child meanwhile, after a delay
 *                              that grows from 0 to twice the time that the first CMD has taken
 *                              undisturbed. CMD must end with 0 or 1; prints how often with 0
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_S 100

static void check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	_exit(99);
}

__attribute__((noreturn)) static void stay(const char *line)
{
	alarm(LIMIT_S);
	check(write(1, line, strlen(line)) > 0, "stdout");
	for (;;)
		pause();
}

/* ---- filters */

static int take(struct sock_filter *code, size_t len)
{
	struct sock_fprog program = { (unsigned short)len, code };

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static void refuse(int nr, int err)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K,
		         err ? SECCOMP_RET_ERRNO | (unsigned)err : SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	check(!take(code, sizeof code / sizeof *code), "seccomp");
}

static int do_filter(char **argv)
{
	for (char *s = argv[0]; s; s = strchr(s, ',')) {
		s += *s == ',';
		refuse(SYS_getpriority, atoi(s));
	}
	execvp(argv[1], argv + 1);
	check(0, argv[1]);
	return 0;
}

static int do_ask(char **argv)
{
	(void)argv;
	errno = 0;
	printf("%d\n", syscall(SYS_getpriority, PRIO_PROCESS, 0) < 0 ? errno : 0);
	return 0;
}

static int do_many(char **argv)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	char line[32];
	int n = 0;

	(void)argv;
	while (!take(&allow, 1))
		n++;
	check(errno == ENOMEM, "seccomp");
	snprintf(line, sizeof line, "%d\n", n);
	stay(line);
}

static int do_noexec(char **argv)
{
	(void)argv;
	refuse(SYS_execve, EACCES);
	refuse(SYS_execveat, EACCES);
	stay("\n");
}

static int do_strict(char **argv)
{
	int end[2];
	char c;

	(void)argv;
	alarm(LIMIT_S);
	check(!pipe(end), "pipe");
	check(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT), "seccomp");
	write(1, "\n", 1);
	read(end[0], &c, 1);
	return 0;
}

static int do_vfork(char **argv)
{
	(void)argv;
	alarm(LIMIT_S);
	refuse(SYS_getpriority, 1);
	if (!vfork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(LIMIT_S);
		write(1, "\n", 1);
		for (;;)
			pause();
	}
	return 0;
}

/* ---- capabilities */

static void set_caps(unsigned long long inh, unsigned long long prm)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = {
		{ (unsigned)prm, (unsigned)prm, (unsigned)inh },
		{ (unsigned)(prm >> 32), (unsigned)(prm >> 32), (unsigned)(inh >> 32) },
	};

	check(!syscall(SYS_capset, &head, data), "capset");
}

static int do_caps(char **argv)
{
	unsigned long long inh = strtoull(argv[1], NULL, 16), prm = strtoull(argv[2], NULL, 16);
	unsigned long long bnd = strtoull(argv[3], NULL, 16), amb = strtoull(argv[4], NULL, 16);
	unsigned long long all = 0;
	int uid = atoi(argv[0]);

	for (int cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_READ, cap) == 1)
			all |= 1ull << cap;
	set_caps(inh, all);
	for (int cap = 0; cap < 64; cap++)
		if ((all & ~bnd) >> cap & 1)
			check(!prctl(PR_CAPBSET_DROP, cap), "bounding");
	check(!prctl(PR_SET_KEEPCAPS, 1), "keepcaps");
	check(!setresuid((uid_t)uid, (uid_t)uid, (uid_t)uid), "setresuid");
	set_caps(inh, prm);
	for (int cap = 0; cap < 64; cap++)
		if (amb >> cap & 1)
			check(!prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0), "ambient");
	stay("\n");
}

/* ---- a target that is looked after */

static pid_t start_child(void)
{
	int end[2];
	char c;
	pid_t pid;

	check(!pipe(end), "pipe");
	pid = fork();
	check(pid >= 0, "fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		refuse(SYS_getpriority, 7);
		dup2(end[1], 1);
		stay("\n");
	}
	check(read(end[0], &c, 1) == 1, "child");
	close(end[0]);
	close(end[1]);
	return pid;
}

static pid_t start_command(char **argv, pid_t target)
{
	char number[16];
	pid_t pid;

	snprintf(number, sizeof number, "%d", target);
	pid = fork();
	check(pid >= 0, "fork");
	if (pid)
		return pid;
	for (char **p = argv; *p; p++)
		if (!strcmp(*p, "{}"))
			*p = number;
	execvp(*argv, argv);
	check(0, *argv);
	return 0;
}

static char state_of(pid_t pid)
{
	char path[32], text[512] = "", *end;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	check(fd >= 0 && read(fd, text, sizeof text - 1) > 0, path);
	close(fd);
	end = strrchr(text, ')');
	check(end != NULL, path);
	return end[2];
}

/* Once it does not run, if it has just been let go. */
static char rests_in(pid_t pid)
{
	char state;
	time_t end = time(NULL) + 10;

	while ((state = state_of(pid)) == 'R' && time(NULL) < end)
		sched_yield();
	return state;
}

static int do_parent(char **argv)
{
	pid_t child = start_child(), command;
	int status, r, stopped = !strcmp(argv[0], "stop"), quiet = 1;

	if (stopped) {
		kill(child, SIGSTOP);
		check(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status), "stop");
	}
	command = start_command(argv + 1, child);
	while ((r = waitpid(-1, &status, WUNTRACED | WCONTINUED)) != command) {
		check(r == child, "waitpid");
		printf("status %x\n", (unsigned)status);
		quiet = 0;
	}
	check(WIFEXITED(status) && !WEXITSTATUS(status), "command");
	while (waitpid(child, &status, WUNTRACED | WCONTINUED | WNOHANG) > 0) {
		printf("status %x\n", (unsigned)status);
		quiet = 0;
	}
	printf("%s %c\n", quiet ? "quiet" : "loud", rests_in(child));
	kill(child, SIGKILL);
	check(waitpid(child, &status, 0) == child, "waitpid");
	return 0;
}

static volatile unsigned *got;

static void on_signal(int sig)
{
	(void)sig;
	++*got;
}

static int do_flood(char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	unsigned sent = 0;
	pid_t child, command;
	int status;

	got = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(got != MAP_FAILED, "mmap");
	check(!sigaction(SIGRTMIN + 3, &action, NULL), "sigaction");
	child = start_child();
	command = start_command(argv, child);
	while (!waitpid(command, &status, WNOHANG))
		if (sent - *got < 100 && !kill(child, SIGRTMIN + 3))
			sent++;
		else
			sched_yield();
	check(WIFEXITED(status) && !WEXITSTATUS(status), "command");
	check(sent > 10, "signals");
	for (time_t end = time(NULL) + 10; *got < sent && time(NULL) < end;)
		sched_yield();
	printf("%u lost\n", sent - *got);
	kill(child, SIGKILL);
	check(waitpid(child, &status, 0) == child, "waitpid");
	return 0;
}

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static int do_dying(char **argv)
{
	int count = atoi(argv[0]), good = 0;
	long long whole = 0;

	for (int i = 0; i < count; i++) {
		pid_t child = start_child(), command;
		long long begin = now_ns(), ns = 2 * whole * i / count;
		struct timespec delay = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
		int status;

		command = start_command(argv + 1, child);
		if (i) {
			nanosleep(&delay, NULL);
			kill(child, SIGKILL);
		}
		check(waitpid(command, &status, 0) == command, "waitpid");
		check(WIFEXITED(status) && WEXITSTATUS(status) <= 1, "status");
		good += !WEXITSTATUS(status);
		whole = i ? whole : now_ns() - begin;
		kill(child, SIGKILL);
		check(waitpid(child, &status, 0) == child, "waitpid");
	}
	printf("%d\n", good);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int operands;
		int (*run)(char **);
	} commands[] = {
		{ "filter", 2, do_filter }, { "ask", 0, do_ask },       { "many", 0, do_many },
		{ "noexec", 0, do_noexec }, { "strict", 0, do_strict }, { "vfork", 0, do_vfork },
		{ "caps", 5, do_caps },     { "flood", 1, do_flood },   { "parent", 2, do_parent },
		{ "dying", 2, do_dying },
	};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (argc > 1 && !strcmp(argv[1], commands[i].name) &&
		    argc - 2 >= commands[i].operands)
			return commands[i].run(argv + 2);
	fprintf(stderr, "confine: wrong use\n");
	return 99;
}
