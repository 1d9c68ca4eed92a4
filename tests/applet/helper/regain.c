/* SPDX-License-Identifier: 0BSD */
/*
 * Tries to get back what has been given up, in every way that a program has:
 *
 *     regain FILE PID PROGRAM    FILE is readable for root alone, PID is root's, PROGRAM is a
 *                                set-user-ID root copy of this
 *     regain id                  "EUID EGID", for PROGRAM
 *
 * Prints the name of each way that has worked, and "done" at the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static char **words;

/* All capabilities that there are, into the sets of the mask 1 effective, 2 permitted,
 * 4 inheritable. */
static int set_caps(int sets, int cap)
{
	uint32_t head[2] = { 0x20080522, 0 }, half[6];

	if (syscall(SYS_capget, head, half))
		return -1;
	for (int set = 0; set < 3; set++)
		if (sets >> set & 1)
			half[set + 3 * (cap / 32)] |= 1u << cap % 32;
	return (int)syscall(SYS_capset, head, half);
}

static int any_cap(int sets)
{
	for (int cap = 0; cap <= 40; cap++)
		if (!set_caps(sets, cap))
			return 0;
	return -1;
}

static int is_root(int result)
{
	return result || (getuid() && geteuid());
}

static int do_setuid(void)
{
	return is_root(setuid(0));
}

static int do_seteuid(void)
{
	return is_root(seteuid(0));
}

static int do_setreuid(void)
{
	return is_root(setreuid(0, -1));
}

static int do_setresuid(void)
{
	return is_root(setresuid(-1, 0, -1));
}

static int do_setfsuid(void)
{
	setfsuid(0);
	return setfsuid(-1) != 0;
}

static int do_setgid(void)
{
	return setgid(0);
}

static int do_setresgid(void)
{
	return setresgid(-1, 0, -1);
}

static int do_setfsgid(void)
{
	setfsgid(0);
	return setfsgid(-1) != 0;
}

static int do_setgroups(void)
{
	gid_t gid = 0;

	return setgroups(1, &gid) && setgroups(0, NULL);
}

static int do_effective(void)
{
	return any_cap(1);
}

static int do_permitted(void)
{
	return any_cap(2);
}

static int do_inheritable(void)
{
	return any_cap(4);
}

static int do_ambient(void)
{
	for (int cap = 0; cap <= 40; cap++)
		if (!prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0))
			return 0;
	return -1;
}

static int do_keepcaps(void)
{
	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || any_cap(3);
}

static int do_securebits(void)
{
	return prctl(PR_SET_SECUREBITS, 1, 0, 0, 0);
}

static int do_read(void)
{
	return open(words[0], O_RDONLY) < 0;
}

static int do_write(void)
{
	return open(words[0], O_WRONLY) < 0;
}

static int do_chmod(void)
{
	return chmod(words[0], 0600) && chown(words[0], getuid(), getgid());
}

static int do_kill(void)
{
	return kill(atoi(words[1]), 0);
}

static int do_chroot(void)
{
	return chroot("/");
}

static int do_mount(void)
{
	return mount("none", "/", NULL, MS_REMOUNT | MS_BIND, NULL);
}

static int do_hostname(void)
{
	char name[256];

	return gethostname(name, sizeof name) || sethostname(name, strlen(name));
}

static int do_no_new_privs(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0);
}

/* A program whose file belongs to root and says so. */
static int do_setuid_program(void)
{
	int ends[2], status, uid = -1, gid = -1;
	char text[64] = "";

	if (pipe(ends))
		exit(99);
	if (!fork()) {
		dup2(ends[1], 1);
		execl(words[2], "regain", "id", NULL);
		_exit(98);
	}
	close(ends[1]);
	while (read(ends[0], text, sizeof text - 1) < 0 && errno == EINTR)
		;
	wait(&status);
	if (status || sscanf(text, "%d %d", &uid, &gid) != 2)
		exit(97);
	return uid && gid;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} ways[] = {
		{ "setuid", do_setuid },
		{ "seteuid", do_seteuid },
		{ "setreuid", do_setreuid },
		{ "setresuid", do_setresuid },
		{ "setfsuid", do_setfsuid },
		{ "setgid", do_setgid },
		{ "setresgid", do_setresgid },
		{ "setfsgid", do_setfsgid },
		{ "setgroups", do_setgroups },
		{ "effective", do_effective },
		{ "permitted", do_permitted },
		{ "inheritable", do_inheritable },
		{ "ambient", do_ambient },
		{ "keepcaps", do_keepcaps },
		{ "securebits", do_securebits },
		{ "read", do_read },
		{ "write", do_write },
		{ "chmod", do_chmod },
		{ "kill", do_kill },
		{ "chroot", do_chroot },
		{ "mount", do_mount },
		{ "hostname", do_hostname },
		{ "no-new-privs", do_no_new_privs },
		{ "setuid-program", do_setuid_program },
	};

	if (argc == 2 && !strcmp(argv[1], "id"))
		return printf("%d %d\n", (int)geteuid(), (int)getegid()) < 0;
	if (argc != 4)
		return 99;
	words = argv + 1;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		int status;

		fflush(stdout);
		if (!fork())
			_exit(ways[i].run() != 0);
		if (wait(&status) < 0 || (status && WEXITSTATUS(status) != 1))
			printf("%s failed\n", ways[i].name);
		else if (!status)
			printf("%s\n", ways[i].name);
	}
	puts("done");
	return 0;
}
