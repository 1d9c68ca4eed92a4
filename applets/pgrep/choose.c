/* SPDX-License-Identifier: 0BSD */
/* What the options of pgrep, pkill and pidwait say. */
#include "match.h"

#include "io.h"
#include "pid.h"
#include "sig.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

/* ---- processes */

/* A number, PID@REF or a container's ID; 0 stands for our own where that makes sense. `what` is
 * what procps calls it. */
static uint32_t process(struct match *m, enum match_list list, const char *word, const char *what)
{
	int own = list == MATCH_PGID || list == MATCH_SID;
	struct str why = { 0 };
	struct proc self;
	uint64_t n;
	pid_t pid = 0;
	int r = str_number(word, INT32_MAX, &n), wrong;

	if (!r && (n || list == MATCH_PPID))
		return (uint32_t)n;
	if (!r && own) {
		r = proc_get_stat(m->proc, 0, &self);
		return r ? UINT32_MAX : (uint32_t)(list == MATCH_SID ? self.sid : self.pgid);
	}
	r = pid_resolve(m->proc, word, &pid, &why);
	wrong = r == -EINVAL || r == -ERANGE;
	if (wrong && !strchr(word, '@'))
		opt_misuse(m->applet, "%s: %s", what, word);
	if (r)
		die_pid(wrong ? 2 : 3, r, word, &why);
	str_free(&why);
	return (uint32_t)pid;
}

/* ---- members of lists */

static uint32_t person(struct match *m, int group, const char *word)
{
	uint64_t n;
	uint32_t id;

	if (!str_number(word, UINT32_MAX, &n))
		return (uint32_t)n;
	if (user_id(group ? &m->groups : &m->users, word, &id))
		opt_misuse(m->applet, "invalid %s name: %s", group ? "group" : "user", word);
	return id;
}

/* As tty_nr of proc_pid_stat(5); for a name that is nowhere here, a number that nobody has. */
static uint32_t terminal(const char *name)
{
	char path[300];
	struct stat st;
	unsigned large, small;
	uint64_t n;

	if (!strcmp(name, "?") || !strcmp(name, "-"))
		return 0;
	str_format(path, sizeof path, "%s%s", *name == '/' ? "" : "/dev/", name);
	if (!stat(path, &st) && S_ISCHR(st.st_mode)) {
		large = major(st.st_rdev);
		small = minor(st.st_rdev);
	} else if (!strncmp(name, "pts/", 4) && !str_number(name + 4, 0xfffff, &n)) {
		large = 136; /* there need be no /dev */
		small = (unsigned)n;
	} else {
		return UINT32_MAX;
	}
	return (small & 0xff) | large << 8 | (small & ~0xffu) << 12;
}

static void add_item(struct match *m, enum match_list list, const char *word, const char *text,
                     size_t len)
{
	struct match_item item = { .list = list, .text = text, .len = len };

	switch (list) {
	case MATCH_PGID:
		item.number = process(m, list, word, "invalid process group");
		break;
	case MATCH_SID:
		item.number = process(m, list, word, "invalid session id");
		break;
	case MATCH_EUID:
	case MATCH_RUID:
	case MATCH_RGID:
		item.number = person(m, list == MATCH_RGID, word);
		break;
	case MATCH_TTY:
		item.number = terminal(word);
		break;
	case MATCH_CGROUP:
	case MATCH_ENV:
		break;
	default:
		item.number = process(m, list, word, "not a number");
	}
	if (str_add(&m->items, (const char *)&item, sizeof item))
		die(3, -ENOMEM, "cannot read a list");
	m->listed |= 1u << list;
}

/* What a list needs to be compared. */
static unsigned wants(enum match_list list)
{
	static const unsigned char want[MATCH_LISTS] = {
		[MATCH_PPID] = PROC_STAT,   [MATCH_PGID] = PROC_STAT,
		[MATCH_SID] = PROC_STAT,    [MATCH_TTY] = PROC_STAT,
		[MATCH_EUID] = PROC_OWNER,  [MATCH_RUID] = PROC_STATUS,
		[MATCH_RGID] = PROC_STATUS, [MATCH_CGROUP] = PROC_CGROUP,
	};

	return want[list];
}

static void read_list(struct match *m, enum match_list list, const char *text)
{
	char word[256];

	m->want |= wants(list);
	for (;;) {
		size_t len = strcspn(text, ",");

		/* An empty one is refused: taken for a 0, as by others, it would mean root. */
		str_format(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : 0), text);
		if (!len)
			opt_misuse(m->applet, "empty word in a list");
		add_item(m, list, word, text, len);
		if (!text[len])
			return;
		text += len + 1;
	}
}

/* ---- the file with a number */

/* By whichever of both kinds of locks. */
static int is_locked(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK)
		return 1;
	return !fcntl(fd, F_GETLK, &lock) && lock.l_type != F_UNLCK;
}

static void read_pidfile(struct match *m, const char *path)
{
	char text[256];
	const char *s = text;
	struct match_item item = { .list = MATCH_PIDFILE };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	uint64_t n;

	if (len < 0)
		die(1, errno, "%s", path);
	text[len] = 0;
	while (*s && strchr(" \t\n", *s))
		s++;
	if (str_digits(s, &s, INT32_MAX, &n) || !n || (*s && !strchr(" \t\r\n", *s)))
		die(1, 0, "%s: there is no process number in it", path);
	if (m->locked && !is_locked(fd))
		die(1, 0, "%s: nobody has locked it", path);
	close(fd);
	item.number = (uint32_t)n;
	if (str_add(&m->items, (const char *)&item, sizeof item))
		die(3, -ENOMEM, "%s", path);
	m->listed |= 1u << MATCH_PIDFILE;
}

/* ---- namespaces */

static unsigned read_kinds(struct match *m, const char *text)
{
	unsigned kinds = 0;
	char word[8];

	for (;;) {
		size_t len = strcspn(text, ",");
		int kind;

		str_format(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : 0), text);
		kind = ns_by_name(word);
		if (kind < 0)
			opt_misuse(m->applet, "unknown kind of namespace: %.*s", (int)len, text);
		kinds |= 1u << kind;
		if (!text[len])
			return kinds;
		text += len + 1;
	}
}

static void read_namespaces(struct match *m)
{
	unsigned kinds = m->nslist ? read_kinds(m, m->nslist) : (1u << NS_N) - 1;
	pid_t pid;

	if (!m->ns)
		return;
	pid = (pid_t)process(m, MATCH_PID, m->ns, "not a process");
	for (int kind = 0; kind < NS_N; kind++) {
		uint64_t own;
		int r;

		if (!(kinds & 1u << kind))
			continue;
		r = ns_id(m->proc, pid, (enum ns_kind)kind, &m->ns_ids[kind]);
		/* A kind that this kernel does not have is left out when nobody asked for it. */
		if (r == -ENOENT && !m->nslist && ns_id(m->proc, 0, (enum ns_kind)kind, &own) == r)
			continue;
		if (r)
			die(3, r, "cannot read the %s namespace of %s", ns_kinds[kind].name, m->ns);
		m->ns_kinds |= 1u << kind;
	}
}

static void read_space(struct match *m)
{
	const char *text = m->pidns ? m->pidns : m->pidns_tree;
	struct str why = { 0 };
	int r;

	if (!text)
		return;
	if (m->pidns && m->pidns_tree)
		opt_misuse(m->applet, "either --pidns or --pidns-tree");
	r = pidns_find(&m->space, m->proc, text, &why);
	if (r)
		die_pid(r == -EINVAL ? 2 : 3, r, text, &why);
}

static void read_filter(struct match *m)
{
	struct filter_error e;
	int r;

	if (!CFG_PGREP_FILTER || !m->filter)
		return;
	r = filter_parse(&m->filter_code, m->filter, field_find, &m->fields, &e);
	if (r)
		die_filter(r == -EINVAL ? 2 : 3, r, m->filter, &e);
	m->want |= m->fields.want;
}

/* ---- the rest */

static void open_proc(struct match *m)
{
	m->proc = proc_mount(NULL);
	if (m->proc < 0)
		die_hint(3, m->proc == -ENOENT ? 0 : m->proc, "mount -t proc proc /proc",
		         "nothing is mounted on /proc");
	m->ours = proc_is_ours(m->proc) == 1;
}

static void skip(struct match *m, pid_t pid)
{
	if (str_add(&m->skip, (const char *)&pid, sizeof pid))
		die(3, -ENOMEM, "cannot read processes");
}

/* Ourselves: in a foreign /proc that is not getpid(), which is somebody else's number there. */
static void skip_own(struct match *m)
{
	struct proc p;

	p.ppid = 0;
	if (proc_get(m->proc, 0, PROC_STAT, NULL, &p))
		return; /* we have no number there */
	for (skip(m, p.pid); m->ancestors && p.ppid && p.ppid != p.pid; skip(m, p.pid))
		if (proc_get(m->proc, p.ppid, PROC_STAT, NULL, &p))
			break;
}

static void read_older(struct match *m)
{
	uint64_t ns, tick, now;

	m->before_ticks = INT64_MAX;
	if (!m->older)
		return;
	if (str_duration(m->older, &ns))
		opt_misuse(m->applet, "not a number of seconds: %s", m->older);
	m->want |= PROC_STAT;
	tick = 1000000000u / getauxval(AT_CLKTCK);
	now = sys_clock(CLOCK_BOOTTIME);
	/* Who is asked to be 0 seconds old may be started after this. */
	if (ns)
		m->before_ticks = now >= ns ? (int64_t)((now - ns) / tick) : -1;
}

static void read_pattern(struct match *m)
{
	struct str whole = { 0 };
	int r;

	if (!m->pattern)
		return;
	m->want |= m->full ? PROC_CMDLINE : PROC_STAT;
	m->literal = !m->ignore_case && !m->pattern[strcspn(m->pattern, ".[]()*+?{}|^$\\")];
	if (m->literal)
		return;
	if (str_puts(&whole, m->exact ? "^(" : "") || str_puts(&whole, m->pattern) ||
	    str_add(&whole, m->exact ? ")$" : "", m->exact ? 3 : 1))
		die(3, -ENOMEM, "cannot read the pattern");
	r = regcomp(&m->regex, whole.p,
	            REG_EXTENDED | REG_NOSUB | (m->ignore_case ? REG_ICASE : 0));
	str_free(&whole);
	/* regerror(3) would bring all of printf(3) along. */
	if (r)
		opt_misuse(m->applet, "regex error: '%s' is none", m->pattern);
}

static void check(struct match *m, char **operands)
{
	m->pattern = operands[0];
	if (m->newest + m->oldest + m->negate > 1)
		opt_misuse(m->applet, "only one of -n, -o and --inverse");
	if (m->locked && !m->list[MATCH_PIDFILE])
		opt_misuse(m->applet, "-L without -F makes no sense");
	if (m->pattern && operands[1])
		opt_misuse(m->applet, "only one pattern can be provided");
	m->sig = m->signal ? sig_parse(m->signal) : SIGTERM;
	if (m->sig < 0)
		opt_misuse(m->applet, "unknown signal: %s", m->signal);
	for (int list = 0; list < MATCH_LISTS; list++)
		if (m->list[list])
			return;
	if (!m->pattern && !m->newest && !m->oldest && !m->older && !m->states && !m->ns &&
	    !m->handler && !m->pidns && !m->pidns_tree && !m->filter)
		opt_misuse(m->applet, "no matching criteria specified");
}

void match_begin(struct match *m, const struct applet *a, char **operands)
{
	m->applet = a;
	m->utf8 = out_utf8() ? 1 : OUT_DOTS;
	m->groups.groups = 1;
	check(m, operands);
	open_proc(m);
	for (int list = 0; list < MATCH_LISTS; list++)
		if (m->list[list] && list != MATCH_PIDFILE)
			read_list(m, (enum match_list)list, m->list[list]);
	if (m->list[MATCH_PIDFILE])
		read_pidfile(m, m->list[MATCH_PIDFILE]);
	if (m->newest || m->oldest || m->states)
		m->want |= PROC_STAT;
	if (m->handler)
		m->want |= PROC_STATUS | PROC_LINES;
	read_older(m);
	read_namespaces(m);
	read_space(m);
	read_filter(m);
	read_pattern(m);
	skip_own(m);
}
