/* SPDX-License-Identifier: 0BSD */
/* A child for what must never block, or blocks all signals: when it hangs it is killed, and that is
 * a failure. What it finds wrong it says itself, by MUST. */
#ifndef GUARD_H
#define GUARD_H

#include "help.h"
#include "sys.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/prctl.h>

#define GUARD_MS 20000
#define GUARD_HANGS -2

/* In the child: the first thing that is wrong ends it. */
#define MUST(condition) \
	do { \
		if (!(condition)) { \
			printf("# %s:%d: %s (errno %d)\n", __FILE__, __LINE__, #condition, errno); \
			_exit(1); \
		} \
	} while (0)

#define MUST_INT(is, should) \
	do { \
		long long must_is = (is), must_should = (should); \
\
		if (must_is != must_should) { \
			printf("# %s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #is, \
			       must_is, must_should); \
			_exit(1); \
		} \
	} while (0)

/* Runs f(arg) there. Its exit code, GUARD_HANGS, or -1 when a signal has ended it. */
HELP int guarded(int (*f)(void *), void *arg)
{
	struct pollfd end = { .events = POLLIN };
	int status, hangs;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		give_up("fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(f(arg));
	}
	end.fd = sys_pidfd_open(pid);
	if (end.fd < 0)
		give_up("pidfd_open");
	hangs = poll(&end, 1, GUARD_MS) == 0;
	if (hangs)
		kill(pid, SIGKILL);
	close(end.fd);
	status = wait_status(pid);
	return hangs ? GUARD_HANGS : WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* From now on that system call does nothing but fail. */
HELP void forbid(int number, int err)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { COUNT(code), code };

	MUST(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	MUST(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

/* Memory that children share with us. */
HELP void *shared_memory(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		give_up("mmap");
	return p;
}

#endif
