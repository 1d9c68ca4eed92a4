/* SPDX-License-Identifier: 0BSD */
/*
 * /proc/PID -> struct proc (proc(5)). /proc is a parameter: a directory descriptor, so that a
 * recorded tree or another namespace's mount serves as well. Only the files asked for are opened.
 */
#ifndef PROC_H
#define PROC_H

#include <stdint.h>
#include <sys/types.h>

#include "str.h"

enum proc_want {
	PROC_STAT = 1,
	PROC_STATUS = 2,
	PROC_OWNER = 4, /* fstatat of the directory: the effective ids */
	PROC_CMDLINE = 8,
	PROC_CGROUP = 16,
};

#define PROC_COMM 64     /* workqueue threads have longer names than the 15 of others */
#define PROC_LEVELS 33   /* PID namespaces nest 32 deep below the first (pid_namespaces(7)) */
#define PROC_TEXT 131072 /* bytes of a command line that are read */

struct proc {
	pid_t pid;
	/* PROC_STAT; numbers as the PID namespace of the /proc mount sees them, 0 for outside it */
	pid_t ppid, pgid, sid, tpgid;
	char state, comm[PROC_COMM];
	unsigned comm_len;
	int tty, nice, priority, policy, cpu;
	unsigned flags, rt_priority;
	long threads;
	uint64_t utime_ticks, stime_ticks, start_ticks, vsize_bytes;
	uint64_t minor_faults, major_faults;
	int64_t rss_pages;
	/* PROC_STATUS; Name, State and PPid fill comm, state and ppid when PROC_STAT was not asked
	 */
	pid_t nspid[PROC_LEVELS]; /* the numbers, from the mount's namespace inwards */
	int levels;               /* how many of them */
	int has_chain;            /* 0: no NSpid line (Linux before 4.1): the only one is its pid */
	pid_t tgid;               /* its thread group, which is itself unless it is a thread */
	uid_t ruid, status_euid;
	gid_t rgid, status_egid;
	uint64_t vm_size_kb, vm_rss_kb, vm_lock_kb;
	int kernel_thread; /* Kthread: 1, or PF_KTHREAD of the flags */
	/* PROC_OWNER */
	uid_t euid;
	gid_t egid;
	/* PROC_CMDLINE and PROC_CGROUP: in the walk's buffer until the next step; not terminated */
	const char *cmdline, *cgroup;
	size_t cmdline_len, cgroup_len;
};

/* A walk. */
struct proc_walk {
	int proc, fd; /* the mount; the same open for reading its entries */
	unsigned want;
	struct str text;
	size_t have, at;
	char entries[8192] __attribute__((aligned(8)));
};

/* "PID/FILE", or "self/FILE" for PID 0: the caller, whatever its number in that mount is. */
#define PROC_PATH 48
void proc_path(char path[PROC_PATH], pid_t pid, const char *file);

/* Opens a mount of procfs, or a recorded tree; "/proc" for NULL, which is -ENOENT when nothing is
 * mounted there. A descriptor or -errno. */
int proc_mount(const char *path);

/* How many digits a process number may have in the mount's PID namespace: 5 or more. */
size_t proc_pid_digits(int proc);

/* Walks all processes in readdir(3)'s order, in procfs that of their numbers. next: 1 with the next
 * one in *p, 0 at the end, -errno. A process that vanishes while it is read is left out. */
int proc_open(struct proc_walk *w, int proc, unsigned want);
int proc_next(struct proc_walk *w, struct proc *p);
void proc_close(struct proc_walk *w);

/* Reads one process, 0 for the caller; `text` takes the command line and cgroup. -ESRCH when it is
 * gone, -EPROTO when a file makes no sense, -errno. */
int proc_get(int proc, pid_t pid, unsigned want, struct str *text, struct proc *p);

/* Pure parsers of the files' contents, which end in a NUL at text[len]. stat is split at its LAST
 * ')': the name before it may hold any byte. -EPROTO on nonsense. */
int proc_parse_stat(const char *text, size_t len, struct proc *p);
int proc_parse_status(const char *text, size_t len, struct proc *p);

/* Whether the mount is procfs of the caller's own PID namespace: 1 yes, 0 no (then its numbers are
 * not ours), -errno without one. */
int proc_is_ours(int proc);

#endif
