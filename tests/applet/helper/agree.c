/* SPDX-License-Identifier: 0BSD */
/*
 * agree [-v] [-d NAME] [-l NAME=VALUE] PEER OURS <CASES: runs two programs with the same words and
 * says where they differ: in what they write, byte for byte, in the exit status, in the first line
 * on stderr.
 *
 * Peer, ours, and when they are not the same, peer again: only when both runs of the peer agree it
 * is a difference, else all is repeated, in that part of a second in which no age of a process goes
 * on. Each gets the same PID, so that the row of the listing itself can be told from the others:
 * the rows that hold that number as a word are left out.
 *
 * A case is a line of words, as the shell would take them with '' and "" and no other character
 * that means something. Before the words for the programs stand
 *	NAME=VALUE    in the environment, where else is only what sanitizers want, and when nothing
 *	              is said of a locale that of -l, or LC_ALL=C.UTF-8
 *	@last N       the listing itself is the last N rows: where the PID is no column
 *	@tty CxR      on a terminal of that size: stdin, stdout, stderr, and the controlling one
 *	@as UID       without the rights of root
 *	@old WORDS @  the peer gets these words instead; the first may be NAME=VALUE, then these are
 *	              its environment
 *	@by SHELL     what the peer writes is changed by this filter before it is compared
 *	@exact        -d does not count here
 *	@rc N         the status is this one, and not the peer's
 *	@err TEXT     the first line of our stderr has this text, and the peer's is not looked at
 *	@out TEXT     our stdout is this text with its \n and \OCTAL; the peer is not asked
 * -d: the peer has " <defunct>" only behind the names in brackets; what it writes is changed so
 * that it stands behind this name too, at the end of a line and in a column of 15 cells. A line of
 * # is no case. The last line of the output is "N cases, M differ"; the status 0 when all agree.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define OWN_PID "31337"
enum { OWN = 31337, WORDS = 64, TRIES = 20, LIMIT_S = 20, SHOWN = 3, HZ = 100 };

struct text {
	char *p;
	size_t len;
};

struct result {
	struct text out, err;
	int status;
};

/* Of every case that says nothing else. */
struct defaults {
	const char *defunct, *locale;
};

struct test {
	const char *env[WORDS], *argv[WORDS], *old[WORDS], *old_env[WORDS];
	const char *defunct, *by, *err, *out;
	int last, cols, rows, uid, rc;
};

static void check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "agree: ");
	perror(what);
	exit(99);
}

/* ---- running */

static void read_all(int fd, struct text *t)
{
	static const size_t STEP = 1 << 16;
	ssize_t n;

	t->p = NULL;
	t->len = 0;
	do {
		t->p = realloc(t->p, t->len + STEP + 1);
		check(t->p != NULL, "realloc");
		n = read(fd, t->p + t->len, STEP);
		/* Where the other side of a terminal is closed. */
		check(n >= 0 || errno == EIO, "read");
		t->len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	t->p[t->len] = 0;
	close(fd);
}

static int open_terminal(const struct test *test, char *slave, size_t size)
{
	const struct winsize win = { .ws_col = (unsigned short)test->cols,
		                     .ws_row = (unsigned short)test->rows };
	int number, zero = 0, master = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);

	check(master >= 0 && !ioctl(master, TIOCSPTLCK, &zero) &&
	              !ioctl(master, TIOCGPTN, &number) && !ioctl(master, TIOCSWINSZ, &win),
	      "/dev/pts/ptmx");
	snprintf(slave, size, "/dev/pts/%d", number);
	return master;
}

static void set_up_terminal(const char *path)
{
	struct termios t;
	int fd = open(path, O_RDWR);

	check(fd >= 0 && !tcgetattr(fd, &t), path);
	t.c_oflag = 0;
	check(!tcsetattr(fd, TCSANOW, &t), "tcsetattr");
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	close(fd);
}

static _Noreturn void run_child(const struct test *test, const char *program,
                                const char *const *argv, const char *const *env, const int *fds,
                                const char *terminal)
{
	setsid();
	if (terminal) {
		set_up_terminal(terminal);
	} else {
		dup2(open("/dev/null", O_RDONLY), 0);
		dup2(fds[0], 1);
		dup2(fds[1], 2);
	}
	if (test->uid)
		check(!setgid((gid_t)test->uid) && !setuid((uid_t)test->uid), "setuid");
	alarm(LIMIT_S);
	signal(SIGPIPE, SIG_DFL);
	execve(program, (char *const *)argv, (char *const *)env);
	check(0, program);
	exit(99);
}

static pid_t fork_as(pid_t pid)
{
	struct clone_args args = { .exit_signal = SIGCHLD,
		                   .set_tid = (uintptr_t)&pid,
		                   .set_tid_size = 1 };
	pid_t child = (pid_t)syscall(SYS_clone3, &args, sizeof args);

	check(child >= 0, "clone3");
	return child;
}

static int memory(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	check(fd >= 0, "memfd_create");
	return fd;
}

static void run(const struct test *test, const char *program, const char *const *argv,
                const char *const *env, struct result *result)
{
	int fds[2] = { memory("out"), memory("err") }, master = -1;
	char slave[32];
	pid_t pid;

	if (test->cols)
		master = open_terminal(test, slave, sizeof slave);
	/* Kept open until all is read, or it would be lost. */
	pid = fork_as(OWN);
	if (!pid)
		run_child(test, program, argv, env, fds, test->cols ? slave : NULL);
	if (master >= 0) {
		read_all(master, &result->out);
		close(fds[0]);
	}
	check(waitpid(pid, &result->status, 0) == pid, "waitpid");
	result->status = WIFEXITED(result->status) ? WEXITSTATUS(result->status)
	                                           : 128 + WTERMSIG(result->status);
	for (int i = 0; i < 2; i++)
		lseek(fds[i], 0, SEEK_SET);
	if (master < 0)
		read_all(fds[0], &result->out);
	read_all(fds[1], &result->err);
}

static void free_result(struct result *r)
{
	free(r->out.p);
	free(r->err.p);
}

/* ---- what is compared */

static int is_own(const char *line, size_t len)
{
	const size_t size = sizeof OWN_PID - 1;
	const char *const end = line + len, *p = line;

	for (; (p = memmem(p, (size_t)(end - p), OWN_PID, size)); p += size)
		if ((p == line || p[-1] == ' ') && (p + size == end || p[size] == ' '))
			return 1;
	return 0;
}

static void drop_own(const struct test *test, struct text *t)
{
	size_t kept = 0;

	for (int i = 0; i < test->last && t->len; i++)
		do
			t->len--;
		while (t->len && t->p[t->len - 1] != '\n');
	for (size_t at = 0, len; at < t->len; at += len) {
		const char *end = memchr(t->p + at, '\n', t->len - at);

		len = end ? (size_t)(end - (t->p + at)) + 1 : t->len - at;
		if (!test->last && is_own(t->p + at, len - (end != NULL)))
			continue;
		memmove(t->p + kept, t->p + at, len);
		kept += len;
	}
	t->len = kept;
	t->p[kept] = 0;
}

static void change(const char *script, struct text *t)
{
	int in = memory("in"), out = memory("out"), status;
	pid_t pid;

	check(write(in, t->p, t->len) == (ssize_t)t->len && !lseek(in, 0, SEEK_SET), "write");
	free(t->p);
	pid = fork();
	if (!pid) {
		dup2(in, 0);
		dup2(out, 1);
		execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		check(0, "sh");
	}
	check(waitpid(pid, &status, 0) == pid && !status, script);
	close(in);
	lseek(out, 0, SEEK_SET);
	read_all(out, t);
}

/* " <defunct>" behind every cell that is this name alone. */
static void add_defunct(const char *name, struct text *t)
{
	static const char mark[] = " <defunct>";
	const size_t size = strlen(name), more = sizeof mark - 1;
	const char *from = t->p, *const end = t->p + t->len, *p;
	char *out = malloc(t->len * (1 + more) + 1), *to = out;

	check(out != NULL, "malloc");
	for (; (p = memmem(from, (size_t)(end - from), name, size)); from = p) {
		const int begins = p == t->p || strchr(" \n", p[-1]);

		p += size;
		to = mempcpy(to, from, (size_t)(p - from));
		if (!begins || (*p && *p != '\n' && strspn(p, " ") < more))
			continue;
		to = mempcpy(to, mark, more);
		if (*p == ' ')
			p += more;
	}
	to = mempcpy(to, from, (size_t)(end - from));
	*to = 0;
	free(t->p);
	*t = (struct text){ out, (size_t)(to - out) };
}

static size_t first_line(const char *text)
{
	return strcspn(text, "\n");
}

/* The peer's "error: TEXT" is our "ps: TEXT", which may go on. */
static int same_error(const struct test *test, const struct text *peer, const struct text *ours)
{
	static const char prefix[] = "error: ";
	const char *want = peer->p, *line;
	size_t len;
	int same;

	if (test->err)
		want = test->err;
	else if (!strncmp(want, prefix, sizeof prefix - 1))
		want += sizeof prefix - 1;
	len = first_line(want);
	if (!len)
		return !ours->len;
	line = strndup(ours->p, first_line(ours->p));
	same = memmem(line, strlen(line), want, len) != NULL;
	free((char *)line);
	return same;
}

static int same_text(const struct text *a, const struct text *b)
{
	return a->len == b->len && !memcmp(a->p, b->p, a->len);
}

/* Two that crash do not agree. */
static int same(const struct test *test, const struct result *peer, const struct result *ours)
{
	return ours->status < 128 && peer->status == ours->status &&
	       same_text(&peer->out, &ours->out) && same_error(test, &peer->err, &ours->err);
}

static void unescape(const char *from, struct text *t)
{
	t->p = malloc(strlen(from) + 1);
	t->len = 0;
	while (*from) {
		int c = *from++;

		if (c == '\\' && *from == 'n') {
			c = '\n';
			from++;
		} else if (c == '\\' && isdigit((unsigned char)*from)) {
			c = 0;
			for (int i = 0; i < 3 && isdigit((unsigned char)*from); i++)
				c = c * 8 + *from++ - '0';
		}
		t->p[t->len++] = (char)c;
	}
	t->p[t->len] = 0;
}

static void run_peer(const struct test *test, const char *peer, struct result *result)
{
	if (test->out) {
		unescape(test->out, &result->out);
		result->err = (struct text){ strdup(""), 0 };
		result->status = 0;
	} else {
		run(test, peer, test->old[0] ? test->old : test->argv,
		    test->old_env[0] ? test->old_env : test->env, result);
		drop_own(test, &result->out);
		if (test->defunct)
			add_defunct(test->defunct, &result->out);
		if (test->by)
			change(test->by, &result->out);
	}
	if (test->rc >= 0)
		result->status = test->rc;
}

/* ---- telling */

enum { BEFORE = 60, AFTER = 120 };

/* A line, what is long only around the byte at which the two are different. */
static void show_line(const char *mark, const char *text, size_t len, size_t at)
{
	const size_t from = len > BEFORE + AFTER && at > BEFORE ? at - BEFORE : 0;
	const size_t to = len - from > BEFORE + AFTER ? from + BEFORE + AFTER : len;

	printf("    %s", mark);
	if (from)
		printf("(%zu)...", from);
	for (size_t i = from; i < to; i++)
		if (isprint((unsigned char)text[i]))
			putchar(text[i]);
		else
			printf("\\%03o", (unsigned char)text[i]);
	puts(to < len ? "..." : "$");
}

/* The first lines that differ, and how many there are. */
static void show_lines(const struct text *peer, const struct text *ours)
{
	const char *a = peer->p, *b = ours->p;
	int count = 0;

	while (*a || *b) {
		size_t len_a = first_line(a), len_b = first_line(b);

		if ((len_a != len_b || memcmp(a, b, len_a) != 0 || !*a != !*b) &&
		    ++count <= SHOWN) {
			size_t at = 0;

			while (at < len_a && at < len_b && a[at] == b[at])
				at++;
			if (*a)
				show_line("- ", a, len_a, at);
			if (*b)
				show_line("+ ", b, len_b, at);
		}
		a += len_a + (a[len_a] == '\n');
		b += len_b + (b[len_b] == '\n');
	}
	if (count > SHOWN)
		printf("    (%d lines)\n", count);
}

static void tell(const struct test *test, const char *line, const struct result *peer,
                 const struct result *ours)
{
	printf("differs: %s\n", line);
	if (peer->status != ours->status)
		printf("    status: %d, not %d\n", ours->status, peer->status);
	show_lines(&peer->out, &ours->out);
	if (!same_error(test, &peer->err, &ours->err)) {
		show_line("err- ", test->err ? test->err : peer->err.p,
		          first_line(test->err ? test->err : peer->err.p), 0);
		show_line("err+ ", ours->err.p, first_line(ours->err.p), 0);
	}
}

/* ---- when nobody grows older */

/* The hundredth of a second in which a process was started; -1 when it is gone. */
static int start_of(const char *pid)
{
	char path[64], text[4096];
	const char *p;
	ssize_t len;
	int fd;

	snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	close(fd);
	if (len <= 0)
		return -1;
	text[len] = 0;
	p = strrchr(text, ')');
	for (int field = 2; p && field < 22; field++)
		p = strchr(p + 1, ' ');
	return p ? (int)(strtoull(p, NULL, 10) % HZ) : -1;
}

/* An age in seconds is one more when the hundredth comes in which it began. Waits for the longest
 * time without such a one. */
static void wait_for_quiet(void)
{
	int busy[2 * HZ] = { 0 }, best = 0, length = 0, now;
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	struct timespec t;

	check(dir != NULL, "/proc");
	while ((entry = readdir(dir))) {
		const int at =
			isdigit((unsigned char)entry->d_name[0]) ? start_of(entry->d_name) : -1;

		if (at >= 0)
			busy[at] = busy[at + HZ] = 1;
	}
	closedir(dir);
	for (int i = 0, since = 0; i < 2 * HZ; i++) {
		if (busy[i])
			since = i + 1;
		else if (i + 1 - since > length) {
			length = i + 1 - since;
			best = since % HZ;
		}
	}
	clock_gettime(CLOCK_BOOTTIME, &t);
	now = (int)(t.tv_nsec / (1000000000 / HZ));
	usleep((useconds_t)((best - now + HZ) % HZ * (1000000 / HZ)));
}

/* ---- cases */

/* The next word of the line, in its place, or NULL. */
static char *next_word(char **line)
{
	char *from = *line + strspn(*line, " \t"), *to = from, *word = from;
	char quote = 0;

	if (!*from)
		return NULL;
	for (; *from && (quote || !strchr(" \t", *from)); from++)
		if (quote ? *from == quote : *from == '\'' || *from == '"')
			quote = quote ? 0 : *from;
		else
			*to++ = *from;
	check(!quote, "a quote without end");
	*line = from + (*from != 0);
	*to = 0;
	return word;
}

static char *need_word(char **line)
{
	char *word = next_word(line);

	check(word != NULL, "a word is missing");
	return word;
}

static int is_variable(const char *word)
{
	return isupper((unsigned char)*word) && strchr(word, '=');
}

static void parse_mark(const char *mark, char **line, struct test *test)
{
	int n = 1, envc = 0;

	if (!strcmp(mark, "@exact")) {
		test->defunct = NULL;
	} else if (!strcmp(mark, "@last")) {
		test->last = atoi(need_word(line));
	} else if (!strcmp(mark, "@tty")) {
		check(sscanf(need_word(line), "%dx%d", &test->cols, &test->rows) == 2, mark);
	} else if (!strcmp(mark, "@as")) {
		test->uid = atoi(need_word(line));
	} else if (!strcmp(mark, "@by")) {
		test->by = need_word(line);
	} else if (!strcmp(mark, "@rc")) {
		test->rc = atoi(need_word(line));
	} else if (!strcmp(mark, "@err")) {
		test->err = need_word(line);
	} else if (!strcmp(mark, "@out")) {
		test->out = need_word(line);
	} else if (!strcmp(mark, "@old")) {
		test->old[0] = "ps";
		for (char *word; strcmp(word = need_word(line), "@") != 0;)
			if (n == 1 && is_variable(word))
				test->old_env[envc++] = word;
			else
				test->old[n++] = word;
	} else {
		errno = 0;
		check(0, mark);
	}
}

static void parse(char *line, const struct defaults *defaults, struct test *test)
{
	int argc = 0, envc = 0, locale = 0;
	char *word;

	*test = (struct test){ .rc = -1, .defunct = defaults->defunct };
	test->argv[argc++] = "ps";
	while ((word = next_word(&line)) && argc < WORDS - 1) {
		if (argc == 1 && *word == '@')
			parse_mark(word, &line, test);
		else if (argc == 1 && is_variable(word)) {
			locale |= !strncmp(word, "LC_", 3) || !strncmp(word, "LANG", 4);
			test->env[envc++] = word;
		} else {
			test->argv[argc++] = word;
		}
	}
	if (!locale)
		test->env[envc++] = defaults->locale;
	for (char **e = environ; *e && envc < WORDS - 1; e++)
		if (strstr(*e, "SAN_OPTIONS="))
			test->env[envc++] = *e;
}

/* Whether they agree. */
static int try(const char *line, const struct defaults *defaults, const char *peer,
               const char *ours)
{
	char *copy = strdup(line);
	struct test test;
	int agree = 0, differ = 0;

	parse(copy, defaults, &test);
	for (int i = 0; i < TRIES && !agree && !differ; i++) {
		struct result p, o, again;

		if (i)
			wait_for_quiet();
		run_peer(&test, peer, &p);
		run(&test, ours, test.argv, test.env, &o);
		drop_own(&test, &o.out);
		agree = same(&test, &p, &o);
		if (!agree) {
			run_peer(&test, peer, &again);
			differ = p.status == again.status && same_text(&p.out, &again.out);
			if (differ)
				tell(&test, line, &p, &o);
			free_result(&again);
		}
		free_result(&p);
		free_result(&o);
	}
	if (!agree && !differ)
		printf("differs: %s\n    in no two runs of the peer it was the same\n", line);
	free(copy);
	return agree;
}

int main(int argc, char **argv)
{
	int cases = 0, differ = 0, verbose = 0, option;
	struct defaults defaults = { .locale = "LC_ALL=C.UTF-8" };
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while ((option = getopt(argc, argv, "vd:l:")) > 0)
		if (option == 'v')
			verbose = 1;
		else if (option == 'd')
			defaults.defunct = optarg;
		else if (*optarg)
			defaults.locale = optarg;
	argv += optind;
	check(argc - optind == 2, "usage: agree [-v] [-d NAME] [-l NAME=VALUE] PEER OURS");
	while ((len = getline(&line, &size, stdin)) > 0) {
		char *start = line + strspn(line, " \t\n");

		line[strcspn(line, "\n")] = 0;
		if (!*start || *start == '#')
			continue;
		if (verbose)
			printf("%s\n", start);
		cases++;
		differ += !try(start, &defaults, argv[0], argv[1]);
		fflush(stdout);
	}
	printf("%d cases, %d differ\n", cases, differ);
	return differ != 0;
}
