/* SPDX-License-Identifier: 0BSD */
/*
 * The loop of an init that loses no signal, and nothing else: every signal is blocked, there is one
 * point where it waits (sigtimedwait), and after each signal it collects whatever has ended. A
 * floor for the reaping of orphans.
 */
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	uint64_t all = ~0ULL, inherited;
	int status;
	pid_t pid, command;

	/* By number: the libc's own functions leave signals out. */
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &inherited, sizeof(all));
	if (argc < 2)
		return 127;
	command = vfork();
	if (!command) {
		syscall(SYS_rt_sigprocmask, SIG_SETMASK, &inherited, NULL, sizeof(all));
		execve(argv[1], argv + 1, environ);
		_exit(127);
	}
	for (;;) {
		while ((pid = wait4(-1, &status, WNOHANG, NULL)) > 0)
			if (pid == command)
				return WIFEXITED(status) ? WEXITSTATUS(status)
				                         : 128 + WTERMSIG(status);
		syscall(SYS_rt_sigtimedwait, &all, NULL, NULL, sizeof(all));
	}
}
