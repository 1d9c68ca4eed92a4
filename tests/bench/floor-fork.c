/* SPDX-License-Identifier: 0BSD */
/*
 * The bare loop of wait4 with the libc's fork(), as one would write it without much thought:
 * what the start of a command is compared with.
 */
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int status;
	pid_t pid, command;

	if (argc < 2)
		return 127;
	command = fork();
	if (!command) {
		execve(argv[1], argv + 1, environ);
		_exit(127);
	}
	do
		pid = wait4(-1, &status, 0, NULL);
	while (pid != command && pid > 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
