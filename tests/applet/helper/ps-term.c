/* SPDX-License-Identifier: 0BSD */
/*
 * ps-term WORD...: a process that treats SIGTERM as the words say, one after the other, and stays:
 *
 *   handler ignore block       what they say; hidden: not dumpable
 *   thread-block thread-open   starts a thread that blocks it, or not, and does nothing
 *   thread-wait                one that waits for it by sigwaitinfo(2)
 *   files N                    opens so many files
 *   signalfd signalfd-other    a signalfd for it, or for USR1 alone
 *
 * and at last what it does then:
 *
 *   pause sigwaitinfo sigtimedwait wait-other (for USR1 alone) suspend (with nothing blocked)
 *   read poll epoll select (of the signalfd) run (without end) leave (the threads go on)
 *   zombie (has a child that is one)
 *
 * It writes "ready" before that.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(what) \
	do { \
		if (!(what)) { \
			perror(#what); \
			_exit(1); \
		} \
	} while (0)

static int fd = -1;

static void handler(int sig)
{
	(void)sig;
}

static sigset_t only(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return set;
}

static sigset_t term(void)
{
	return only(SIGTERM);
}

static void *thread(void *word)
{
	sigset_t set = term();

	if (strcmp(word, "thread-open"))
		pthread_sigmask(SIG_BLOCK, &set, NULL);
	else
		pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	while (!strcmp(word, "thread-wait"))
		sigwaitinfo(&set, NULL);
	for (;;)
		pause();
	return NULL;
}

static void open_files(int count)
{
	struct rlimit limit;

	CHECK(!getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	while (count--)
		CHECK(open("/dev/null", O_RDONLY) >= 0);
}

static void zombie(void)
{
	siginfo_t info;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	CHECK(!waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
}

/* What lasts only as long as the call. */
static void stay(const char *word)
{
	struct signalfd_siginfo info;
	struct epoll_event event = { .events = EPOLLIN };
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct timespec day = { .tv_sec = 86400 };
	sigset_t set = term(), usr1 = only(SIGUSR1), none;
	int epoll;
	fd_set fds;

	sigemptyset(&none);
	if (!strcmp(word, "sigwaitinfo")) {
		sigwaitinfo(&set, NULL);
	} else if (!strcmp(word, "sigtimedwait")) {
		sigtimedwait(&set, NULL, &day);
	} else if (!strcmp(word, "wait-other")) {
		sigwaitinfo(&usr1, NULL);
	} else if (!strcmp(word, "suspend")) {
		sigsuspend(&none);
	} else if (!strcmp(word, "read")) {
		CHECK(read(fd, &info, sizeof info) > 0);
	} else if (!strcmp(word, "poll")) {
		poll(&p, 1, -1);
	} else if (!strcmp(word, "epoll")) {
		epoll = epoll_create1(0);
		CHECK(!epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
		epoll_wait(epoll, &event, 1, -1);
	} else if (!strcmp(word, "select")) {
		FD_ZERO(&fds);
		FD_SET(fd, &fds);
		select(fd + 1, &fds, NULL, NULL, NULL);
	} else if (!strcmp(word, "leave")) {
		pthread_exit(NULL);
	} else {
		pause();
	}
}

int main(int argc, char **argv)
{
	sigset_t set = term(), usr1 = only(SIGUSR1);
	const char *last = argv[argc - 1];

	for (int i = 1; i < argc - 1; i++) {
		const char *word = argv[i];
		pthread_t t;

		if (!strcmp(word, "handler"))
			signal(SIGTERM, handler);
		else if (!strcmp(word, "ignore"))
			signal(SIGTERM, SIG_IGN);
		else if (!strcmp(word, "block"))
			sigprocmask(SIG_BLOCK, &set, NULL);
		else if (!strcmp(word, "hidden"))
			prctl(PR_SET_DUMPABLE, 0);
		else if (!strcmp(word, "files"))
			open_files(atoi(argv[++i]));
		else if (!strcmp(word, "signalfd"))
			CHECK((fd = signalfd(-1, &set, 0)) >= 0);
		else if (!strcmp(word, "signalfd-other"))
			CHECK((fd = signalfd(-1, &usr1, 0)) >= 0);
		else
			CHECK(!pthread_create(&t, NULL, thread, argv[i]));
	}
	if (!strcmp(last, "zombie"))
		zombie();
	CHECK(write(1, "ready\n", 6) == 6);
	while (!strcmp(last, "run"))
		;
	for (;;)
		stay(last);
}
