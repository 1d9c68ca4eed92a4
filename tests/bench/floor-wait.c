/* SPDX-License-Identifier: 0BSD */
/*
 * The least that a container's init can be: it starts the command, waits for whatever ends, and
 * ends as the command did. No signal is handed on. A floor for memory and system calls.
 */
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int status;
	pid_t pid, command;

	if (argc < 2)
		return 127;
	command = vfork();
	if (!command) {
		execve(argv[1], argv + 1, environ);
		_exit(127);
	}
	do
		pid = wait4(-1, &status, 0, NULL);
	while (pid != command && pid > 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
