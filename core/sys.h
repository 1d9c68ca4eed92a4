/* SPDX-License-Identifier: 0BSD */
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

#define SYS_PROC_SUPER_MAGIC 0x9fa0 /* linux/magic.h */

/* linux/nsfs.h, ioctl_nsfs(2); the four translations since Linux 6.11 */
#define SYS_NS_GET_USERNS _IO(0xb7, 1)
#define SYS_NS_GET_PARENT _IO(0xb7, 2)
#define SYS_NS_GET_PID_FROM_PIDNS _IOR(0xb7, 6, int)
#define SYS_NS_GET_TGID_FROM_PIDNS _IOR(0xb7, 7, int)
#define SYS_NS_GET_PID_IN_PIDNS _IOR(0xb7, 8, int)
#define SYS_NS_GET_TGID_IN_PIDNS _IOR(0xb7, 9, int)

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
	extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));
	const char *base = (const char *)&__ehdr_start;
	const ElfW(Phdr) *p = (const ElfW(Phdr) *)(const void *)(base + __ehdr_start.e_phoff);
	uintptr_t page = getauxval(AT_PAGESZ);

	for (int i = 0; i < __ehdr_start.e_phnum; i++, p++)
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

static inline int sys_sigprocmask(int how, const struct sys_sigset *set, struct sys_sigset *old)
{
	return (int)sys_result(syscall(SYS_rt_sigprocmask, how, set, old, SYS_SIGSET_BYTES));
}

/* Waits for a signal of `set` without a time limit; returns its number. */
static inline int sys_sigwaitinfo(const struct sys_sigset *set, siginfo_t *info)
{
#ifdef SYS_rt_sigtimedwait
	return (int)sys_result(syscall(SYS_rt_sigtimedwait, set, info, NULL, SYS_SIGSET_BYTES));
#else /* 32-bit architectures that came after 2038 was fixed */
	return (int)sys_result(
		syscall(SYS_rt_sigtimedwait_time64, set, info, NULL, SYS_SIGSET_BYTES));
#endif
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
	static char stack[32768] __attribute__((aligned(16)));

	return (pid_t)sys_result(
		clone(run, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, arg));
}

static inline void *sys_regrow(void *old, size_t old_size, size_t size)
{
	void *p =
		old ? mremap(old, old_size, size, MREMAP_MAYMOVE)
		    : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}
static inline void sys_free(void *block, size_t size)
{
	if (block)
		munmap(block, size);
}
#endif

#endif
