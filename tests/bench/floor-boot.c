/* SPDX-License-Identifier: 0BSD */
/*
 * The least that a machine's init can be: it starts the program, waits for it, and turns the
 * machine off. As /init of a kernel, where its words are the kernel's, it makes the mounts that
 * ours makes first, and the program is /first.
 */
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void mounts(void)
{
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, "");
	mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NOEXEC | MS_NODEV, "");
	mount("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "mode=755");
	mkdir("/dev/pts", 0755); /* a fresh one has none */
	mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=620,ptmxmode=666");
	mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755");
}

int main(int argc, char **argv)
{
	static char *first[] = { "/first", NULL };
	char **command = argc > 1 && *argv[1] == '/' ? argv + 1 : first;
	pid_t pid;

	if (command == first)
		mounts();
	pid = fork();
	if (!pid) {
		execve(*command, command, environ);
		_exit(127);
	}
	while (wait(NULL) != pid)
		;
	pid = fork();
	if (!pid)
		_exit(reboot(RB_POWER_OFF) != 0);
	for (;;)
		pause();
}
