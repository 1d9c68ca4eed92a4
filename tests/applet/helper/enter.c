/* SPDX-License-Identifier: 0BSD */
/*
 * enter: what the tests of nsenter need in a root that has no other program. It ends with 99 when
 * it fails itself.
 *
 * Without a word, and called as a login shell is ("-sh"), it prints that name.
 *
 *   enter stay [gone]          says a line and stays; "gone": removes /enter first
 *   enter pivot DIR CMD...     executes CMD with DIR, a mount, as the root of its mount namespace
 *   enter args ARGUMENT...     prints its argument vector, one a line
 *   enter inode PID            the inode of a pidfd
 *   enter env N ENTRY... CMD   executes CMD with an environment of just these N entries, which need
 *                              not have a "="
 *   enter scribble BYTE        fills its environment in memory with that byte; stays
 *   enter cut COUNT CMD...     starts CMD COUNT times and kills it after a delay that grows from 0
 *                              to 3 ms
 *   enter lack KIND... -- CMD...   executes CMD where setns(2) does not know these kinds
 *   enter socket FD CMD...     executes CMD with FD a socket of a network namespace that nobody
 *                              else is in; prints that namespace
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

static int do_stay(char **argv)
{
	if (*argv)
		check(!unlink("/enter"), "/enter");
	alarm(LIMIT_S);
	check(write(1, "\n", 1) == 1, "stdout");
	for (;;)
		pause();
	return 0;
}

static int do_pivot(char **argv)
{
	check(!chdir(argv[0]) && !syscall(SYS_pivot_root, ".", "."), "pivot_root");
	check(!umount2(".", MNT_DETACH) && !chdir("/"), "old root");
	execv(argv[1], argv + 1);
	check(0, argv[1]);
	return 0;
}

static int do_args(char **argv)
{
	for (argv -= 2; *argv; argv++)
		puts(*argv);
	return 0;
}

static int do_inode(char **argv)
{
	struct stat st;
	int fd = (int)syscall(SYS_pidfd_open, atoi(argv[0]), 0);

	check(fd >= 0 && !fstat(fd, &st), "pidfd");
	printf("%llu\n", (unsigned long long)st.st_ino);
	return 0;
}

static int do_env(char **argv)
{
	int n = atoi(argv[0]);
	char **env = calloc((size_t)n + 1, sizeof *env);

	check(env != NULL, "calloc");
	memcpy(env, argv + 1, (size_t)n * sizeof *env);
	execve(argv[1 + n], argv + 1 + n, env);
	check(0, argv[1 + n]);
	return 0;
}

static int do_scribble(char **argv)
{
	char **last = environ, *end;

	while (last[1])
		last++;
	end = *last + strlen(*last) + 1;
	memset(*environ, atoi(argv[0]), (size_t)(end - *environ));
	return do_stay(argv + 1);
}

static int flag_of(const char *kind)
{
	static const struct {
		const char *kind;
		int flag;
	} kinds[] = {
		{ "cgroup", CLONE_NEWCGROUP }, { "ipc", CLONE_NEWIPC }, { "mnt", CLONE_NEWNS },
		{ "net", CLONE_NEWNET },       { "pid", CLONE_NEWPID }, { "time", 0x80 },
		{ "user", CLONE_NEWUSER },     { "uts", CLONE_NEWUTS },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].kind, kind))
			return kinds[i].flag;
	check(0, kind);
	return 0;
}

static int do_lack(char **argv)
{
	unsigned flags = 0;
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setns, 0, 3),
		/* the lower half of the second argument */
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		         offsetof(struct seccomp_data, args[1]) +
		                 4 * (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof code / sizeof *code, code };

	for (; *argv && strcmp(*argv, "--"); argv++)
		flags |= (unsigned)flag_of(*argv);
	code[3].k = flags;
	check(*argv && argv[1], "no command");
	check(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	check(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
	execvp(argv[1], argv + 1);
	check(0, argv[1]);
	return 0;
}

static int do_cut(char **argv)
{
	int count = atoi(argv[0]);

	for (int i = 0; i < count; i++) {
		struct timespec delay = { 0, i * (3000000 / count) };
		pid_t pid = fork();

		check(pid >= 0, "fork");
		if (!pid) {
			execv(argv[1], argv + 1);
			check(0, argv[1]);
		}
		nanosleep(&delay, NULL);
		kill(pid, SIGKILL);
		check(waitpid(pid, NULL, 0) == pid, "waitpid");
	}
	return 0;
}

static int do_socket(char **argv)
{
	int fd = atoi(argv[0]), old = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), s;
	char name[64] = "";

	check(old >= 0 && !unshare(CLONE_NEWNET), "unshare");
	check(readlink("/proc/self/ns/net", name, sizeof name - 1) > 0, "readlink");
	s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	check(s >= 0 && dup2(s, fd) == fd, "socket");
	check(!setns(old, CLONE_NEWNET), "setns");
	puts(name);
	fflush(stdout);
	execvp(argv[1], argv + 1);
	check(0, argv[1]);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int operands;
		int (*run)(char **);
	} commands[] = {
		{ "stay", 0, do_stay },   { "pivot", 2, do_pivot }, { "args", 0, do_args },
		{ "inode", 1, do_inode }, { "env", 2, do_env },     { "scribble", 1, do_scribble },
		{ "cut", 2, do_cut },     { "lack", 2, do_lack },   { "socket", 2, do_socket },
	};

	if (argc == 1 && argv[0][0] == '-') {
		puts(argv[0]);
		return 0;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (argc > 1 && !strcmp(argv[1], commands[i].name) &&
		    argc - 2 >= commands[i].operands)
			return commands[i].run(argv + 2);
	fprintf(stderr, "enter: wrong use\n");
	return 99;
}
