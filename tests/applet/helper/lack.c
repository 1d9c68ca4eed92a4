/* SPDX-License-Identifier: 0BSD */
/*
 * lack: a command on a kernel that lacks something, or under a profile that forbids it.
 *
 *   lack ENOSYS|EPERM|EINVAL|TRAP CALL[,CALL]... CMD...
 *
 * executes CMD with a filter (seccomp(2)) by which these system calls fail so; with TRAP they are a
 * fault (SIGSYS). CALL is a name of the table below, or
 *
 *   since=NUMBER   all calls from that number on; since Linux 5.1 they have the same everywhere
 *   realtime       the time of day (clock_gettime(2) of CLOCK_REALTIME and its elders)
 *   restart        reboot(2) with RB_AUTOBOOT, and no other
 *   new=FLAGS      unshare(2), clone(2) and setns(2) with one of these CLONE_NEW* flags
 *
 *   lack list      prints the names of the table
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALL(name) \
	{ \
#name, SYS_##name \
	}

static const struct {
	const char *name;
	unsigned number;
} calls[] = {
	CALL(signalfd4),
	{ "pidfd_send_signal", 424 },
	{ "pidfd_open", 434 },
	{ "clone3", 435 },
	{ "close_range", 436 },
	{ "pidfd_getfd", 438 },
	CALL(waitid),
	CALL(statx),
	CALL(prctl),
	CALL(timerfd_create),
	CALL(epoll_create1),
	CALL(memfd_create),
	CALL(name_to_handle_at),
	CALL(seccomp),
	CALL(getrandom),
	CALL(prlimit64),
	CALL(pwritev2),
	CALL(execveat),
	CALL(reboot),
	CALL(kill),
	CALL(mount),
	CALL(setsid),
	CALL(chdir),
	CALL(sethostname),
	CALL(ioctl),
	CALL(sigaltstack),
	CALL(wait4),
	CALL(rt_sigtimedwait),
	CALL(unshare),
	CALL(setns),
	CALL(sync),
	CALL(lseek),
	CALL(swapoff),
	CALL(umount2),
	CALL(madvise),
	CALL(rt_sigqueueinfo),
	CALL(process_vm_readv),
	CALL(ptrace),
};

enum { COUNT = sizeof calls / sizeof *calls, ROOM = 256 };

static struct sock_filter code[ROOM];
static unsigned short len;

static void check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "lack: ");
	perror(what);
	_exit(99);
}

static void add(unsigned short op, unsigned k, unsigned char yes, unsigned char no)
{
	check(len < ROOM, "too many");
	code[len++] = (struct sock_filter)BPF_JUMP(op, k, yes, no);
}

static void load(size_t offset)
{
	add(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

/* Where the number, which is loaded, is that one. */
static void refuse(unsigned number, unsigned answer)
{
	add(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
	add(BPF_RET | BPF_K, answer, 0, 0);
}

/* The lower half of an argument. */
static size_t argument(int n)
{
	const union {
		unsigned word;
		unsigned char byte;
	} first = { 1 };

	return offsetof(struct seccomp_data, args) + 8 * (size_t)n + (first.byte ? 0 : 4);
}

static void refuse_flags(unsigned number, int arg, unsigned flags, unsigned answer)
{
	add(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4);
	load(argument(arg));
	add(BPF_JMP | BPF_JSET | BPF_K, flags, 0, 1);
	add(BPF_RET | BPF_K, answer, 0, 0);
	load(offsetof(struct seccomp_data, nr));
}

static void refuse_time(unsigned answer)
{
#ifdef SYS_time
	refuse(SYS_time, answer);
#endif
#ifdef SYS_gettimeofday
	refuse(SYS_gettimeofday, answer);
#endif
	add(BPF_JMP | BPF_JEQ | BPF_K, SYS_clock_gettime, 0, 4);
	load(argument(0));
	add(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1); /* CLOCK_REALTIME */
	add(BPF_RET | BPF_K, answer, 0, 0);
	load(offsetof(struct seccomp_data, nr));
}

static void refuse_restart(unsigned answer)
{
	add(BPF_JMP | BPF_JEQ | BPF_K, SYS_reboot, 0, 4);
	load(argument(2));
	add(BPF_JMP | BPF_JEQ | BPF_K, RB_AUTOBOOT, 0, 1);
	add(BPF_RET | BPF_K, answer, 0, 0);
	load(offsetof(struct seccomp_data, nr));
}

static void add_call(const char *name, unsigned answer)
{
	size_t i = 0;
	unsigned n;

	if (!strncmp(name, "since=", 6)) {
		add(BPF_JMP | BPF_JGE | BPF_K, (unsigned)atoi(name + 6), 0, 1);
		add(BPF_RET | BPF_K, answer, 0, 0);
		return;
	}
	if (!strncmp(name, "new=", 4)) {
		n = (unsigned)strtoul(name + 4, NULL, 0);
		refuse_flags(SYS_unshare, 0, n, answer);
		refuse_flags(SYS_clone, 0, n, answer);
		refuse_flags(SYS_setns, 1, n, answer);
		return;
	}
	if (!strcmp(name, "realtime")) {
		refuse_time(answer);
		return;
	}
	if (!strcmp(name, "restart")) {
		refuse_restart(answer);
		return;
	}
	while (i < COUNT && strcmp(calls[i].name, name))
		i++;
	errno = EINVAL;
	check(i < COUNT, name);
	refuse(calls[i].number, answer);
}

static unsigned answer_of(const char *name)
{
	if (!strcmp(name, "TRAP"))
		return SECCOMP_RET_TRAP;
	if (!strcmp(name, "ENOSYS"))
		return SECCOMP_RET_ERRNO | ENOSYS;
	if (!strcmp(name, "EINVAL"))
		return SECCOMP_RET_ERRNO | EINVAL;
	errno = EINVAL;
	check(!strcmp(name, "EPERM"), name);
	return SECCOMP_RET_ERRNO | EPERM;
}

int main(int argc, char **argv)
{
	struct sock_fprog program = { 0, code };

	if (argc == 2 && !strcmp(argv[1], "list")) {
		for (size_t i = 0; i < COUNT; i++)
			puts(calls[i].name);
		return 0;
	}
	check(argc > 3, "usage: lack ERRNO CALL[,CALL]... CMD...");
	load(offsetof(struct seccomp_data, nr));
	for (char *name = strtok(argv[2], ","); name; name = strtok(NULL, ","))
		add_call(name, answer_of(argv[1]));
	add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	program.len = len;
	/* Without no_new_privs where we may: it would be one more thing that is different. */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		check(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
		check(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
	}
	execvp(argv[3], argv + 3);
	check(0, argv[3]);
}
