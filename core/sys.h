/* SPDX-License-Identifier: 0BSD */
/* lint: size: many calls that have nothing to do with each other */
/*
 * What the libc headers lack: constants of the kernel's headers and raw system calls (section 2 of
 * man7.org). The only file with #if. Every sys_ function returns a value >= 0 or -errno.
 */
#ifndef SYS_H
#define SYS_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

/* System calls since 5.1 have one number on every architecture (except Alpha, not supported). */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* The mount API by descriptors (Linux 5.2), and what else has come with one number for all. */
#define SYS_NR_open_tree 428
#define SYS_NR_move_mount 429
#define SYS_NR_fsopen 430
#define SYS_NR_fsconfig 431
#define SYS_NR_fsmount 432
#define SYS_NR_pidfd_getfd 438
#define SYS_NR_mount_setattr 442
#define SYS_NR_process_mrelease 448
#define SYS_NR_listns 470

#define SYS_ST_NOEXEC 8             /* linux/statfs.h */
#define SYS_PROC_SUPER_MAGIC 0x9fa0 /* linux/magic.h */
#define SYS_PID_FS_MAGIC 0x50494446 /* of pidfds since Linux 6.9 */

/* linux/nsfs.h, ioctl_nsfs(2); the four translations since Linux 6.11 */
#define SYS_NS_GET_USERNS _IO(0xb7, 1)
#define SYS_NS_GET_PARENT _IO(0xb7, 2)
#define SYS_NS_GET_NSTYPE _IO(0xb7, 3)
#define SYS_NS_GET_OWNER_UID _IO(0xb7, 4)
#define SYS_NS_GET_PID_FROM_PIDNS _IOR(0xb7, 6, int)
#define SYS_NS_GET_TGID_FROM_PIDNS _IOR(0xb7, 7, int)
#define SYS_NS_GET_PID_IN_PIDNS _IOR(0xb7, 8, int)
#define SYS_NS_GET_TGID_IN_PIDNS _IOR(0xb7, 9, int)
#define SYS_NS_GET_ID _IOR(0xb7, 13, uint64_t) /* Linux 6.18 */
/* name_to_handle_at(2): the file system of namespaces, and handles there (linux/exportfs.h) */
#define SYS_FD_NSFS_ROOT (-10003)
#define SYS_FILEID_NSFS 0xf1
#define SYS_NSFS_MAGIC 0x6e736673 /* linux/magic.h */
#define SYS_SIOCGSKNS 0x894c      /* linux/sockios.h: the network namespace of a socket */

/* linux/watchdog.h: seconds, an int; bits of WDIOS_* */
#define SYS_WDIOC_SETOPTIONS _IOR('W', 4, int)
#define SYS_WDIOC_SETTIMEOUT _IOWR('W', 6, int)
#define SYS_WDIOC_GETTIMEOUT _IOR('W', 7, int)
#define SYS_WDIOS_DISABLECARD 1

/* linux/pidfd.h, Linux 6.11: a namespace of the process, by ns_kinds' row; with the second number
 * that of its children-to-be */
#define SYS_PIDFD_GET(nr) _IO(0xff, nr)

/*
 * The kernel's signal set, all of it: libc's sigset_t functions refuse the numbers that libc
 * keeps for itself (musl: 32, 33 and 34, and 34 is what everybody else calls RTMIN).
 */
#define SYS_SIGNALS (_NSIG > 65 ? 128 : 64)
#define SYS_SIGSET_BYTES (SYS_SIGNALS / 8)
struct sys_sigset {
	unsigned long bits[SYS_SIGSET_BYTES / sizeof(long)];
};

#ifdef SIGSTKFLT
#define SYS_SIGSTKFLT SIGSTKFLT
#else
#define SYS_SIGSTKFLT 255 /* MIPS and others have none: a number that no signal has */
#endif

/* A record of getdents64(2). */
struct sys_dirent {
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

/*
 * Makes the pointer tables of a static PIE read-only (ld's -z relro): musl's loader does that for
 * dynamic programs, its start-up code of static ones does not.
 */
#ifdef __PIE__
#include <elf.h>
#include <link.h>
#include <sys/auxv.h>
static inline void sys_protect_tables(void)
{
	extern const char __ehdr_start[] __attribute__((visibility("hidden")));
	const char *base = __ehdr_start;
	const ElfW(Ehdr) *head = (const ElfW(Ehdr) *)(const void *)base;
	const ElfW(Phdr) *p = (const ElfW(Phdr) *)(const void *)(base + head->e_phoff);
	uintptr_t page = getauxval(AT_PAGESZ);

	for (int i = 0; i < head->e_phnum; i++, p++)
		if (p->p_type == PT_GNU_RELRO) {
			uintptr_t start = ((uintptr_t)base + p->p_vaddr) & -page;
			uintptr_t end = ((uintptr_t)base + p->p_vaddr + p->p_memsz) & -page;

			if (end > start)
				mprotect((void *)start, end - start, PROT_READ);
		}
}
#else
static inline void sys_protect_tables(void)
{
}
#endif

static inline long sys_result(long r)
{
	return r < 0 ? -errno : r;
}

/* open(2) and fcntl(2) without what libc adds for threads and old kernels. */
static inline int sys_open_at(int dir, const char *path, int flags)
{
	return (int)sys_result(syscall(SYS_openat, dir, path, flags | O_LARGEFILE, 0));
}
static inline int sys_open(const char *path, int flags)
{
	return sys_open_at(AT_FDCWD, path, flags);
}
static inline int sys_fcntl(int fd, int command, long arg)
{
#ifdef SYS_fcntl64
	return (int)sys_result(syscall(SYS_fcntl64, fd, command, arg));
#else
	return (int)sys_result(syscall(SYS_fcntl, fd, command, arg));
#endif
}

/* What prctl(2) sets by one number. */
static inline int sys_control(int option, unsigned long value)
{
	return (int)sys_result(syscall(SYS_prctl, option, value, 0, 0, 0));
}

#define SYS_UNLIMITED UINT64_MAX

/* The limit that a process cannot raise by itself (prlimit(2)). */
static inline uint64_t sys_hard_limit(int resource)
{
	uint64_t limit[2] = { 0, SYS_UNLIMITED };

	syscall(SYS_prlimit64, 0, resource, NULL, limit);
	return limit[1];
}

/* A limit of this process; libc's setrlimit(3) sets it for all threads. */
static inline int sys_set_limit(int resource, uint64_t soft, uint64_t hard)
{
	const uint64_t limit[2] = { soft, hard };

	return (int)sys_result(syscall(SYS_prlimit64, 0, resource, limit, NULL));
}

static inline int sys_sigprocmask(int how, const struct sys_sigset *set, struct sys_sigset *old)
{
	return (int)sys_result(syscall(SYS_rt_sigprocmask, how, set, old, SYS_SIGSET_BYTES));
}

/* Waits for a signal of `set`, at most `ns` nanoseconds (SYS_NO_LIMIT: as long as it takes);
 * returns its number, or -EAGAIN. */
#define SYS_NO_LIMIT UINT64_MAX
static inline int sys_sigwait(const struct sys_sigset *set, siginfo_t *info, uint64_t ns)
{
	/* The kernel's struct timespec, which libc's need not be on 32-bit machines. */
#ifdef SYS_rt_sigtimedwait_time64
	const long nr = SYS_rt_sigtimedwait_time64;
	const int64_t limit[2] = { (int64_t)(ns / 1000000000u), (int64_t)(ns % 1000000000u) };
#else
	const long nr = SYS_rt_sigtimedwait;
	const long limit[2] = { (long)(ns / 1000000000u), (long)(ns % 1000000000u) };
#endif
	return (int)sys_result(
		syscall(nr, set, info, ns == SYS_NO_LIMIT ? NULL : limit, SYS_SIGSET_BYTES));
}

/* A descriptor to read these signals from, while they stay blocked (signalfd(2)): close-on-exec. */
static inline int sys_signalfd(const struct sys_sigset *set)
{
	return (int)sys_result(syscall(SYS_signalfd4, -1, set, SYS_SIGSET_BYTES, O_CLOEXEC));
}

/* The kernel's own struct sigaction, opaque: 64 bytes hold it and the largest mask everywhere. All
 * zeros is SIG_DFL without flags. musl's sigaction(3) refuses 32 to 34. */
struct sys_sigaction {
	unsigned long words[64 / sizeof(long)];
};

static inline int sys_sigaction(int sig, const struct sys_sigaction *set, struct sys_sigaction *old)
{
	return (int)sys_result(syscall(SYS_rt_sigaction, sig, set, old, SYS_SIGSET_BYTES));
}

static inline int sys_rt_sigqueueinfo(pid_t pid, int sig, siginfo_t *info)
{
	return (int)sys_result(syscall(SYS_rt_sigqueueinfo, pid, sig, info));
}

/* Credentials of this thread, the only one: libc's functions carry a machinery to change those of
 * all threads. The calls with 16-bit ids came first on 32-bit machines. */
#ifdef SYS_setuid32
#define SYS_CRED(call) SYS_##call##32
#else
#define SYS_CRED(call) SYS_##call
#endif

static inline int sys_setuid(uid_t uid)
{
	return (int)sys_result(syscall(SYS_CRED(setuid), uid));
}

static inline int sys_setgid(gid_t gid)
{
	return (int)sys_result(syscall(SYS_CRED(setgid), gid));
}

static inline int sys_setgroups(size_t n, const gid_t *groups)
{
	return (int)sys_result(syscall(SYS_CRED(setgroups), n, groups));
}

/* (uid_t)-1 leaves that id as it is. */
static inline int sys_setresuid(uid_t real, uid_t effective, uid_t saved)
{
	return (int)sys_result(syscall(SYS_CRED(setresuid), real, effective, saved));
}

static inline int sys_setresgid(gid_t real, gid_t effective, gid_t saved)
{
	return (int)sys_result(syscall(SYS_CRED(setresgid), real, effective, saved));
}

/* The capabilities of this thread, a bit each. The kernel takes them as two halves
 * (linux/capability.h, version 3, Linux 2.6.26). */
#define SYS_CAPABILITY_VERSION 0x20080522
struct sys_caps {
	uint64_t effective, permitted, inheritable;
};

static inline int sys_capget(struct sys_caps *caps)
{
	uint32_t head[2] = { SYS_CAPABILITY_VERSION, 0 }, half[6] = { 0 };
	int r = (int)sys_result(syscall(SYS_capget, head, half));

	caps->effective = half[0] | (uint64_t)half[3] << 32;
	caps->permitted = half[1] | (uint64_t)half[4] << 32;
	caps->inheritable = half[2] | (uint64_t)half[5] << 32;
	return r;
}

static inline int sys_capset(const struct sys_caps *caps)
{
	const uint32_t head[2] = { SYS_CAPABILITY_VERSION, 0 };
	const uint32_t half[6] = {
		(uint32_t)caps->effective,         (uint32_t)caps->permitted,
		(uint32_t)caps->inheritable,       (uint32_t)(caps->effective >> 32),
		(uint32_t)(caps->permitted >> 32), (uint32_t)(caps->inheritable >> 32)
	};

	return (int)sys_result(syscall(SYS_capset, head, half));
}

static inline int sys_getdents(int fd, void *buf, size_t size)
{
	return (int)sys_result(syscall(SYS_getdents64, fd, buf, size));
}

/* The descriptor is close-on-exec, as every pidfd is (pidfd_open(2), Linux 5.3). */
static inline int sys_pidfd_open(pid_t pid)
{
	return (int)sys_result(syscall(SYS_pidfd_open, pid, 0));
}

static inline int sys_pidfd_send_signal(int pidfd, int sig)
{
	return (int)sys_result(syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0));
}

/* The same with what the receiver is told, as by sigqueue(3). */
static inline int sys_pidfd_send_info(int pidfd, int sig, siginfo_t *info)
{
	return (int)sys_result(syscall(SYS_pidfd_send_signal, pidfd, sig, info, 0));
}

/* The same to the process group that its process leads, with a value (Linux 6.9). */
#define SYS_PIDFD_SIGNAL_PROCESS_GROUP 4
static inline int sys_pidfd_send_group(int pidfd, int sig, siginfo_t *info)
{
	return (int)sys_result(
		syscall(SYS_pidfd_send_signal, pidfd, sig, info, SYS_PIDFD_SIGNAL_PROCESS_GROUP));
}

/* Gives back the memory of a process that has been killed (process_mrelease(2), Linux 5.15). */
static inline int sys_process_mrelease(int pidfd)
{
	return (int)sys_result(syscall(SYS_NR_process_mrelease, pidfd, 0));
}

/* The descriptor `fd` of another process, as our own (Linux 5.6). */
static inline int sys_pidfd_getfd(int pidfd, int fd)
{
	return (int)sys_result(syscall(SYS_NR_pidfd_getfd, pidfd, fd, 0));
}

/*
 * A file system that is mounted nowhere yet, as a descriptor of its root: fsopen(2), fsconfig(2),
 * fsmount(2). `attributes` are MOUNT_ATTR_*, which have the values of MS_* up to MS_NOEXEC.
 */
static inline int sys_fsmount(const char *type, unsigned attributes)
{
	const unsigned cloexec = 1, set_string = 1, create = 6;
	int fs = (int)sys_result(syscall(SYS_NR_fsopen, type, cloexec)), r;

	if (fs < 0)
		return fs;
	/* The name of the source is what mountinfo shows. */
	syscall(SYS_NR_fsconfig, fs, set_string, "source", type, 0);
	r = (int)sys_result(syscall(SYS_NR_fsconfig, fs, create, NULL, NULL, 0));
	if (!r)
		r = (int)sys_result(syscall(SYS_NR_fsmount, fs, cloexec, attributes));
	close(fs);
	return r;
}

/* A copy of one mount at a file or, with path "", of what a descriptor stands for, mounted nowhere
 * (open_tree(2)). */
#define SYS_TREE_CLONE 1
static inline int sys_open_tree(int dir, const char *path, unsigned flags)
{
	const unsigned empty_path = 0x1000;

	return (int)sys_result(
		syscall(SYS_NR_open_tree, dir, path, flags | O_CLOEXEC | empty_path));
}

/* Mounts what sys_fsmount and sys_open_tree have given (move_mount(2)). */
static inline int sys_move_mount(int mount, int dir, const char *path)
{
	const unsigned from_empty_path = 4, to_follow_links = 0x10;

	return (int)sys_result(syscall(SYS_NR_move_mount, mount, "", dir, path,
	                               from_empty_path | to_follow_links));
}

/* Sets MOUNT_ATTR_* on such a mount (mount_setattr(2), Linux 5.12). */
static inline int sys_mount_setattr(int mount, unsigned set)
{
	const uint64_t attr[4] = { set, 0, 0, 0 };
	const unsigned empty_path = 0x1000;

	return (int)sys_result(
		syscall(SYS_NR_mount_setattr, mount, "", empty_path, attr, sizeof attr));
}

/*
 * The ids (NS_GET_ID) of the namespaces that the caller may know of, upwards from the one after
 * `after`: listns(2), Linux 6.19, struct ns_id_req of linux/nsfs.h. Their number, 0 at the end.
 */
static inline int sys_listns(uint64_t after, uint64_t *ids, size_t count)
{
	const struct {
		uint32_t size, spare;
		uint64_t id;
		uint32_t kinds, spare2; /* CLONE_NEW*; 0: all */
		uint64_t owner;         /* the id of a user namespace; 0: any */
	} request = { sizeof request, 0, after, 0, 0, 0 };

	return (int)sys_result(syscall(SYS_NR_listns, &request, ids, count, 0));
}

static inline int sys_pivot_root(const char *root, const char *old)
{
	return (int)sys_result(syscall(SYS_pivot_root, root, old));
}

/* Lets go of a child that has had itself traced by us (PTRACE_TRACEME), and is stopped; it gets the
 * signal. -ESRCH when it has not. */
static inline int sys_untrace(pid_t pid, int sig)
{
	const long detach = 17;

	return (int)sys_result(syscall(SYS_ptrace, detach, (long)pid, 0L, (long)sig));
}

/* A file in memory (memfd_create(2)): close-on-exec, sealable, and `exec` where the kernel makes a
 * difference (Linux 6.3). */
static inline int sys_memfd(const char *name)
{
	const unsigned cloexec = 1, sealing = 2, exec = 16;
	int fd = (int)sys_result(syscall(SYS_memfd_create, name, cloexec | sealing | exec));

	return fd == -EINVAL ? (int)sys_result(syscall(SYS_memfd_create, name, cloexec | sealing))
	                     : fd;
}

/* Executes the file behind a descriptor (execveat(2)). Only returns with -errno. */
static inline int sys_fexec(int fd, char *const argv[], char *const env[])
{
	const int empty_path = 0x1000;

	return (int)sys_result(syscall(SYS_execveat, fd, "", argv, env, empty_path));
}

/* Adds a filter of so many struct sock_filter, 8 bytes each, to the caller's (seccomp(2)). */
static inline int sys_seccomp_filter(const void *code, unsigned short len)
{
	const int mode_filter = 1;
	const struct {
		unsigned short len;
		const void *code;
	} program = { len, code };

	return (int)sys_result(syscall(SYS_seccomp, mode_filter, 0, &program));
}

/* The type and permissions of a file, as st_mode of stat(2) but by statx(2) (Linux 4.11), whose
 * answer has one form on all architectures. */
static inline int sys_file_mode(const char *path)
{
	const long type_and_mode = 3;
	uint16_t answer[128];
	int r = (int)sys_result(syscall(SYS_statx, AT_FDCWD, path, 0, type_and_mode, answer));

	return r ? r : answer[14];
}

/* Which file that is, whatever it is: by statx(2), and without asking a server, who may not
 * answer. -ENOSYS before Linux 4.11. */
struct sys_file {
	uint64_t inode;
	uint32_t device[2]; /* major and minor */
	uint64_t mount;     /* the number of its mount; 0: not known (before Linux 5.8) */
	uint16_t mode;
	signed char mounted; /* it is the root of a mount; -1: not known (before Linux 5.8) */
};
static inline int sys_file_at(int dir, const char *path, struct sys_file *f)
{
	const long type_and_inode = 0x101;
	const int no_automount = 0x800, empty_path = 0x1000, dont_sync = 0x4000;
	const uint64_t mount_root = 0x2000; /* among the attributes, and the known ones */
	const uint32_t mount_id = 0x1000;   /* in the mask of what there is, without being asked */
	union {
		uint64_t room[32];
		struct {
			uint32_t head[7];
			uint16_t mode, spare;
			uint64_t inode, rest[12];
			uint32_t device[2];
			uint64_t mount;
		} is;
	} answer;
	int r = (int)sys_result(syscall(SYS_statx, dir, path, no_automount | empty_path | dont_sync,
	                                type_and_inode, &answer));

	if (r)
		return r;
	f->inode = answer.is.inode;
	f->device[0] = answer.is.device[0];
	f->device[1] = answer.is.device[1];
	f->mount = answer.is.head[0] & mount_id ? answer.is.mount : 0;
	f->mode = answer.is.mode;
	f->mounted = answer.is.rest[2] & mount_root ? (answer.room[1] & mount_root) != 0 : -1;
	return 0;
}

/* The ELF header of the running program. */
static inline const unsigned char *sys_own_header(void)
{
	extern const char __ehdr_start[] __attribute__((visibility("hidden")));

	return (const unsigned char *)__ehdr_start;
}

/* Closes the descriptors first..last (close_range(2), Linux 5.9). */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
static inline int sys_close_range(unsigned first, unsigned last)
{
	return (int)sys_result(syscall(SYS_close_range, first, last, 0));
}

/* Writes at once or not at all: pwritev2(2) with RWF_NOWAIT, at the file's own position. */
#ifndef SYS_pwritev2
#define SYS_pwritev2 (-1)
#endif
static inline ssize_t sys_write_nowait(int fd, const struct iovec *part)
{
	const int rwf_nowait = 8;

	return sys_result(syscall(SYS_pwritev2, fd, part, 1, -1l, -1l, rwf_nowait));
}

/* A clock of clock_gettime(2) in nanoseconds, without the vDSO, whose lookup is bigger than what
 * it saves. */
static inline uint64_t sys_clock(int clock)
{
#ifdef SYS_clock_gettime64
	int64_t t[2] = { 0, 0 };

	syscall(SYS_clock_gettime64, clock, t);
#else
	long t[2] = { 0, 0 };

	syscall(SYS_clock_gettime, clock, t);
#endif
	return (uint64_t)t[0] * 1000000000u + (uint64_t)t[1];
}

/*
 * fork(2) without libc's handlers and locks: for a program of one thread that does not allocate.
 * All arguments but the first are 0, so that their order, which differs by architecture,
 * does not matter.
 */
static inline pid_t sys_fork(void)
{
#if defined __s390__ || defined __s390x__ /* the stack comes first there */
	return (pid_t)sys_result(syscall(SYS_clone, 0, SIGCHLD, 0, 0, 0));
#else
	return (pid_t)sys_result(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
#endif
}

/*
 * Ends the process like _exit(2), but is not declared noreturn: a child that shares the parent's
 * memory uses it, and sanitizers would take a noreturn call for a reason to clean its stack.
 */
static inline void sys_exit(int code)
{
	syscall(SYS_exit_group, code);
}

/*
 * Grows a private block of memory to `size` bytes; NULL when there is no more. The sanitizer build
 * takes the heap instead, so that AddressSanitizer sees the borders of each block.
 */
#ifdef __SANITIZE_ADDRESS__
#define SYS_SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define SYS_SANITIZED 1
#endif
#endif

#ifdef SYS_SANITIZED
#include <stdlib.h>
/* AddressSanitizer knows one stack and one owner of the memory: here the child is a copy, and has
 * only a block in common with us to tell us by. */
static inline void *sys_child_memory(void *own, size_t size)
{
	static void *shared;

	(void)own;
	if (!shared)
		shared =
			mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return shared;
}
static inline pid_t sys_spawn(int (*run)(void *), void *arg)
{
	pid_t pid = (pid_t)sys_result(syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0));

	if (!pid)
		sys_exit(run(arg));
	return pid;
}
static inline void sys_forget_stack(void)
{
}
static inline void *sys_regrow(void *old, size_t old_size, size_t size)
{
	(void)old_size;
	return realloc(old, size);
}
static inline void sys_free(void *block, size_t size)
{
	(void)size;
	free(block);
}
#else
/* Memory that the child of sys_spawn shares with us: `own`. */
static inline void *sys_child_memory(void *own, size_t size)
{
	(void)size;
	return own;
}

/*
 * Runs a function in a child and waits until it executes a program or ends: vfork(2), which is
 * faster than fork(2) and lets the child tell us what failed. It has a stack of its own, since it
 * returns from functions that we are still in.
 */
static inline pid_t sys_spawn(int (*run)(void *), void *arg)
{
	char stack[32768] __attribute__((aligned(16))); /* on ours, of which the rest stays free */

	return (pid_t)sys_result(
		clone(run, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, arg));
}

/* Gives back the memory of the stack that earlier, deeper calls have touched. */
static inline void sys_forget_stack(void)
{
	uintptr_t end = ((uintptr_t)__builtin_frame_address(0) - 512) & ~(uintptr_t)4095;

	madvise((void *)(end - 65536), 65536, MADV_DONTNEED);
}

static inline void *sys_regrow(void *old, size_t old_size, size_t size)
{
#ifdef SYS_mmap2 /* on most machines of 32 bits */
	const long map = SYS_mmap2;
#else
	const long map = SYS_mmap;
#endif
	/* libc's functions are for what is never asked for here. */
	long p = old ? syscall(SYS_mremap, old, old_size, size, MREMAP_MAYMOVE)
	             : syscall(map, NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	                       -1, 0L);

	return p == -1 ? NULL : (void *)p;
}
static inline void sys_free(void *block, size_t size)
{
	if (block)
		munmap(block, size);
}
#endif

#endif
