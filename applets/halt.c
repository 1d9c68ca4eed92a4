/* SPDX-License-Identifier: 0BSD */
/*
 * halt, poweroff, reboot: ask PID 1 for it as busybox's and toybox's do, or with -f the kernel. In
 * a PID namespace that is the end of the container, by the same ways (reboot(2)). They differ in
 * that they say when PID 1 is none that would do it. They do not try again as busybox's may
 * (WAIT_FOR_INIT): our init takes signals from its first instructions on, and of another one this
 * says that it does not.
 */
//config:config HALT
//config:	bool "halt, poweroff, reboot"
//config:	default y
//config:	help
//config:	  End the machine, or the container.
//config:
//config:config HALT_CHECK
//config:	bool "halt: look whom to ask"
//config:	depends on HALT
//config:	default y
//config:	help
//config:	  Finds the linuxrc of an old initrd, and says when PID 1 does not take the signal,
//config:	  instead of sending it in vain.
//alias:poweroff
//alias:reboot
//install:/sbin

#include "applet.h"
#include "disposition.h"
#include "io.h"
#include "proc.h"
#include "sig.h"
#include "str.h"

#include <string.h>
#include <sys/reboot.h>
#include <sys/utsname.h>
#include <time.h>

struct halt {
	const char *delay;
	int no_sync, force, only_wtmp, ignored;
};

#define OPTS struct halt

#define ROWS(OPT, OPT_) \
	OPT('d', "delay", "TIME", OPT_TEXT, delay, 0, "wait so long first") \
	OPT('n', "no-sync", "", OPT_SET, no_sync, 1, \
	    "do not write buffered data to the disks first") \
	OPT('f', "force", "", OPT_SET, force, 1, "tell the kernel and not init") \
	OPT('w', "wtmp-only", "", OPT_SET, only_wtmp, 1, "only add a record to /var/log/wtmp") \
	OPT('i', "", "", OPT_SET, ignored, 1, "for others' sake") \
	OPT_('h', "help", "", OPT_HELP, 0, "show this help and exit") \
	OPT_('V', "version", "", OPT_VERSION, 0, "show the version and exit")
OPT_TABLE(rows, ROWS);

static const struct way {
	char name[9];
	unsigned char signal;
	int command;
} ways[] = {
	{ "halt", SIGUSR1, RB_HALT_SYSTEM },
	{ "poweroff", SIGUSR2, RB_POWER_OFF },
	{ "reboot", SIGTERM, RB_AUTOBOOT },
};

extern const struct applet applet_halt;

static const struct way *way_of(const char *name)
{
	const struct way *w = ways + sizeof ways / sizeof *ways - 1;

	while (w > ways && strcmp(w->name, name))
		w--;
	return w;
}

static void wait_first(const char *text)
{
	uint64_t ns;
	struct timespec t;

	if (str_duration(text, &ns))
		opt_misuse(&applet_halt, "invalid time interval '%s'", text);
	t.tv_sec = (time_t)(ns / 1000000000);
	t.tv_nsec = (long)(ns % 1000000000);
	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

/* ---- wtmp */

/* A record of utmp(5). Most libcs keep its times in 32 bits, in 384 bytes all in all; those that
 * do not (musl's, glibc's on ARM) make 400 of it. */
struct record {
	int16_t type, unused;
	int32_t pid;
	char line[32], id[4], user[32], host[256];
	int32_t exit;
	union {
		struct {
			int32_t session, seconds, microseconds;
		} in32;
		struct {
			int64_t session, seconds, microseconds;
		} in64;
	} u;
	char rest[40]; /* the address behind them, too */
};
_Static_assert(sizeof(struct record) == 400, "no holes");
#define SHORT_RECORD 384

/* Which of the two, the file that is there tells. */
static size_t record_size(int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);

	return len % SHORT_RECORD && !(len % (off_t)sizeof(struct record)) ? sizeof(struct record)
	                                                                   : SHORT_RECORD;
}

/* -errno. */
static int note_wtmp(void)
{
	struct record r = { .type = 1, .line = "~~", .id = "~~", .user = "shutdown" };
	int64_t now = (int64_t)(sys_clock(CLOCK_REALTIME) / 1000000000);
	int fd = sys_open("/var/log/wtmp", O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct utsname u;
	size_t size;
	ssize_t n;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd; /* who wants it makes the file */
	size = record_size(fd);
	if (!uname(&u))
		str_format(r.host, sizeof r.host, "%s", u.release);
	if (size == sizeof r)
		r.u.in64.seconds = now;
	else
		r.u.in32.seconds = (int32_t)now;
	n = io_write_all(fd, (const char *)&r, size);
	close(fd);
	return (int)n;
}

/* ---- init */

/* Who is to be asked: with an initrd of old that is a process named linuxrc, which is not PID 1.
 * Not everybody's, since anyone may have that name. */
static pid_t init_of(int proc)
{
	struct proc_walk w;
	struct proc p;
	pid_t pid = 1;

	if (proc_open(&w, proc, PROC_STAT | PROC_OWNER))
		return pid;
	while (proc_next(&w, &p) == 1)
		if (!strcmp(p.comm, "linuxrc") && !p.euid)
			pid = p.pid;
	proc_close(&w);
	return pid;
}

/* Dies when it is a PID 1 that would never know of the signal. */
static void check_init(int proc, int sig)
{
	struct str text = { 0 };
	struct proc p;
	enum disposition d = DISPOSITION_UNKNOWN;

	if (!proc_get(proc, 1, PROC_STATUS | PROC_LINES | PROC_MEMORY, &text, &p))
		d = disposition(proc, &p, sig);
	str_free(&text);
	if (d == DISPOSITION_DEFAULT || d == DISPOSITION_IGNORED) {
		char name[SIG_NAME];

		die_hint(1, 0, "-f tells the kernel", "PID 1, '%s', does not take %s", p.comm,
		         sig_name(sig, name));
	}
}

static int ask(const struct way *way)
{
	int proc = CFG_HALT_CHECK ? proc_mount_own() : -1;
	pid_t init = proc < 0 ? 1 : init_of(proc);

	if (proc >= 0 && init == 1)
		check_init(proc, way->signal);
	if (kill(init, way->signal))
		die(1, errno, "cannot signal PID %d", (int)init);
	return 0;
}

APPLET(halt, "halt, power off or reboot the machine, or the container", "[OPTION]...", rows, 0, 1,
       NULL)
{
	struct halt h = { 0 };
	char **words = opt_parse(&applet_halt, run->argv, &h);
	const struct way *way = way_of(run->name);
	int failed;

	if (*words)
		opt_misuse(&applet_halt, "unexpected operand '%s'", *words);
	if (h.delay)
		wait_first(h.delay);
	failed = note_wtmp();
	if (h.only_wtmp && failed)
		die(1, failed, "/var/log/wtmp");
	if (h.only_wtmp)
		return 0;
	if (!h.no_sync)
		sync();
	if (!h.force)
		return ask(way);
	if (reboot(way->command))
		die_hint(1, errno, CFG_HINTS && errno == EPERM ? "it takes CAP_SYS_BOOT" : NULL,
		         "cannot %s", way->name);
	return 0;
}

//man:They ask PID 1: halt by USR1, poweroff by USR2, reboot by TERM, which is what the init of
//man:busybox, of toybox and of pidbox understand. When PID 1 is a program that does not take the
//man:signal they say so, and nothing happens. The option -f goes to the kernel at once: nothing is
//man:stopped, and nothing is unmounted.
//man:
//man:In a container, where PID 1 may be any program, the signal means what that program makes of
//man:it; with -f the container ends, if CAP_SYS_BOOT is there: its parent sees that init was ended
//man:by HUP after reboot, by INT after the others (pid_namespaces(7)).
//man:
//man:Where a process of root's is named linuxrc, as with an initrd of old, that is asked and not
//man:PID 1. TIME is as for sleep(1), in seconds unless s, m, h or d follows.
//man:# FILES
//man:A record of the end goes to /var/log/wtmp if that exists, in the form that the records there
//man:have.
//man:# EXIT STATUS
//man:0 when init or the kernel was told, else 1.
