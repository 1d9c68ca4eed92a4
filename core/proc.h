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
	/* 32 is TREE_PIDNS */
	PROC_LINES = 64,   /* with PROC_STATUS: its text for proc_line, too */
	PROC_REST = 128,   /* with PROC_STAT: its fields behind the resident set */
	PROC_MEMORY = 256, /* with PROC_STATUS: its lines about memory, and Threads */
};

#define PROC_COMM 64     /* workqueue threads have longer names than the 15 of others */
#define PROC_LEVELS 33   /* PID namespaces nest 32 deep below the first (pid_namespaces(7)) */
#define PROC_TEXT 131071 /* bytes of a command line that are read: procps shows no more */

struct proc {
	pid_t pid;
	/* PROC_STAT; numbers as the PID namespace of the /proc mount sees them, 0 for outside it.
	 * policy, cpu, rt_priority and what stands behind rss_pages only with PROC_REST */
	pid_t ppid, pgid, sid, tpgid;
	char state, comm[PROC_COMM];
	unsigned comm_len;
	int tty, nice, priority, policy, cpu;
	unsigned flags, rt_priority;
	long threads;
	uint64_t utime_ticks, stime_ticks, start_ticks, vsize_bytes;
	uint64_t child_utime_ticks, child_stime_ticks; /* of children waited for */
	uint64_t minor_faults, major_faults, child_minor_faults, child_major_faults;
	int64_t rss_pages;
	uint64_t rss_limit_bytes; /* UINT64_MAX: none */
	uint64_t start_code, end_code, start_stack, stack_pointer, instruction_pointer;
	/* PROC_STATUS; without PROC_STAT also comm, state, ppid and, with PROC_MEMORY, threads */
	pid_t nspid[PROC_LEVELS]; /* the numbers, from the mount's namespace inwards */
	int levels;               /* how many of them */
	int has_chain;            /* 0: no NSpid line (Linux before 4.1): the only one is its pid */
	pid_t tgid;               /* its thread group, which is itself unless it is a thread */
	uid_t ruid, status_euid, suid, fsuid;
	gid_t rgid, status_egid, sgid, fsgid;
	uint64_t vm_size_kb, vm_rss_kb, vm_lock_kb; /* PROC_MEMORY */
	int kernel_thread;                          /* Kthread: 1, or PF_KTHREAD of the flags */
	/* PROC_OWNER */
	uid_t euid;
	gid_t egid;
	/* PROC_LINES, PROC_CMDLINE and PROC_CGROUP: in the walk's buffer until the next step; not
	 * terminated */
	const char *lines, *cmdline, *cgroup;
	size_t lines_len, cmdline_len, cgroup_len;
};

/* A walk. */
struct proc_walk {
	int proc, fd; /* the mount; the same open for reading its entries */
	unsigned want;
	struct str text;
	size_t have, at;
	/* Few at a time: what getdents(2) has looked up is still in the cache when it is opened. */
	char entries[2048] __attribute__((aligned(8)));
};

/* Who a directory that was opened in a mount stands for, which then takes the place of the mount:
 * one process for ever. When it has ended, -ENOENT or -ESRCH, whoever has its number then. For
 * proc_path, proc_get_stat and what takes a PID in ns.h, not for proc_get. */
#define PROC_HERE (-1)

/* "PID/FILE", or "self/FILE" for PID 0: the caller, whatever its number in that mount is. */
#define PROC_PATH 48
void proc_path(char path[PROC_PATH], pid_t pid, const char *file);

/* Opens a mount of procfs, or a recorded tree; "/proc" for NULL, which is -ENOENT when nothing is
 * mounted there. A descriptor or -errno. */
int proc_mount(const char *path);

/* Whether it is no mount of procfs, but a copy of files, in whatever order. */
int proc_is_recorded(int proc);

/* "/proc" or, when nothing is mounted there, a mount of our own that has no place (fsmount(2),
 * Linux 5.2), which takes root's rights. -errno of the first way when the second fails too. */
int proc_mount_any(void);

/* The /proc of our own PID namespace: -ENOENT too when the one that is mounted is another's, where
 * the numbers are not ours. */
int proc_mount_own(void);

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

/* The small way, which allocates nothing: the next process's number alone (0 at the end, -errno),
 * and /proc/PID/stat of one process (-ESRCH when it is gone, -EPROTO, -errno). */
pid_t proc_next_pid(struct proc_walk *w);
int proc_get_stat(int proc, pid_t pid, struct proc *p);

/* Pure parsers of the files' contents, which end in a NUL at text[len]. stat is split at its LAST
 * ')': the name before it may hold any byte. Of status what stat says, too, is left out with
 * PROC_STAT. -EPROTO on nonsense, -ESRCH of who was no process any more when it was read. */
int proc_parse_stat(const char *text, size_t len, unsigned want, struct proc *p);
int proc_parse_status(const char *text, size_t len, unsigned want, struct proc *p);

/* What stands in the line "KEY:" of /proc/PID/status, without the blanks around it; NULL when there
 * is no such line, or PROC_LINES was not asked for. */
const char *proc_line(const struct proc *p, const char *key, size_t *len);

/* The numbers there, at most `max`; how many there are. */
int proc_line_numbers(const struct proc *p, const char *key, uint64_t *v, int max);

/* Whether the mount is procfs of the caller's own PID namespace: 1 yes, 0 no (then its numbers are
 * not ours), -errno without one. */
int proc_is_ours(int proc);

#endif
