/* SPDX-License-Identifier: 0BSD */
/*
 * Starts an init for machines in a PID namespace.
 *
 *	boot DIR INIT [WORD]...   as PID 1 of one, with DIR in place of /etc. Where this program
 *	                          is not PID 1 itself it makes the namespace, and its status is 0
 *	                          if that was ended by reboot(2), as for a poweroff.
 *	boot off                  in there: asks PID 1 for a poweroff
 *
 * A DIR holds a file "of-boot", without which nobody is asked for anything: PID 1 of the machine
 * would power that off.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int inside(char **argv)
{
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(argv[1], "/etc", NULL, MS_BIND, NULL) || access("/etc/of-boot", F_OK))
		return 126;
	/* What they say of it is nobody's concern here. */
	dup2(open("/dev/null", O_RDWR | O_CLOEXEC), STDERR_FILENO);
	execve(argv[2], argv + 2, environ);
	return 127;
}

int main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc == 2 && !strcmp(argv[1], "off"))
		return access("/etc/of-boot", F_OK) || kill(1, SIGUSR2);
	if (argc < 3)
		return 125;
	if (getpid() == 1)
		return inside(argv);
	pid = (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(inside(argv));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 124;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT)
		return 0;
	return WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : 123;
}
