/* SPDX-License-Identifier: 0BSD */
/*
 * nsenter --like-target, --cap-drop: a program that may do what the target may do, and no more. All
 * is read before the first setns(2), which may take /proc away. What the kernel gives to root of
 * the first user namespace alone (higher limits, a lower oom_score_adj) and the cgroups are taken
 * then too; what would hinder ourselves is taken in the child, and the seccomp filters as the last
 * thing before its exec.
 */
#include "nsenter.h"
#include "cred.h"
#include "io.h"
#include "proc.h"

#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#define SECBIT_NOROOT 1  /* linux/securebits.h */
#define CAP_SYS_ADMIN 21 /* linux/capability.h */
#define PF_EXITING 4     /* proc_pid_stat(5), "flags" */
#define TRACE_SECONDS 3
enum { STRICT = 1, FILTERS = 2 }; /* the modes of seccomp(2) */

/* The kernel's limits (kernel/seccomp.c): so many instructions at most in a filter and in all of
 * them, where each filter counts for four more. The filters stand in `code` one after another. */
#define FILTER_CODE 4096
#define ALL_CODE 32768
struct like_filters {
	int err;
	unsigned n;
	uint16_t len[ALL_CODE / 5];
	uint64_t code[ALL_CODE + FILTER_CODE]; /* struct sock_filter */
};

void like_drop(struct nsenter *n, const char *list)
{
	struct cred c = { 0 };

	if (cred_limit(&c, NULL, list))
		die(1, 0, "unknown capability '%.*s'", c.bad.len, c.bad.text);
	n->like.drop |= c.bounding.drop;
}

/* ---- what the target has */

/* The target's capabilities are rights over what belongs to its user namespace. In ours the same
 * ones may be all of root's. */
static void check_user_namespace(const struct nsenter *n)
{
	uint64_t its = n->inode[NS_USER], ours = its;

	if (n->fd[NS_USER] >= 0)
		ns_inode(n->fd[NS_USER], &ours);
	else if (!(n->mask & 1u << NS_USER))
		ours = target_inode(n, 0, NS_USER);
	if (!its || its != ours)
		die_hint(1, 0, its ? "-U enters it" : NULL,
		         "option --like-target is about the user namespace of process %s",
		         n->target_text);
}

static const char *read_file(const struct nsenter *n, const char *file, struct str *text)
{
	int r = -ENOENT;

	text->len = 0;
	if (n->directory >= 0)
		r = (int)io_append_at(n->directory, file, text, SIZE_MAX / 4);
	if (r >= 0)
		r = str_add(text, "", 1);
	if (r < 0)
		die(1, r, "cannot read /proc/%d/%s", n->target, file);
	return text->p;
}

/* A hexadecimal number; the small ones of proc_pid_status(5) are the same in any base. 0 when the
 * kernel has no such line. */
static uint64_t field(const char *text, const char *key)
{
	const char *s = strstr(text, key);
	uint64_t value = 0;

	for (s += s ? strlen(key) : 0; s; s++)
		if (*s >= '0' && *s <= '9')
			value = value * 16 + (unsigned)(*s - '0');
		else if (*s >= 'a' && *s <= 'f')
			value = value * 16 + (unsigned)(*s - 'a') + 10;
		else
			break;
	return value;
}

/* Not by prlimit(2), which asks for CAP_SYS_RESOURCE over a process of another user. The lines of
 * the file are in the order of the numbers, after a heading; its columns are fixed. */
#define NAME_AT 4 /* behind "Max " */
#define SOFT_AT 26
#define HARD_AT 47

static rlim_t limit(const char *column)
{
	uint64_t value;

	return str_digits(column, &column, UINT64_MAX, &value) ? RLIM_INFINITY : (rlim_t)value;
}

static void add_name(struct str *names, const char *line)
{
	size_t len = SOFT_AT - NAME_AT;

	while (len && line[NAME_AT + len - 1] == ' ')
		len--;
	if (names->len)
		str_puts(names, ", ");
	str_add(names, line + NAME_AT, len);
}

/* Raises the hard limit now: in another user namespace nobody has the right to. Returns whether
 * it is high enough; else the wish becomes what there is. */
static int raise_limit(int resource, struct rlimit *want)
{
	struct rlimit own, higher;

	if (prlimit(0, resource, NULL, &own) || want->rlim_max <= own.rlim_max)
		return 1;
	higher = (struct rlimit){ own.rlim_cur, want->rlim_max };
	if (!prlimit(0, resource, &higher, NULL))
		return 1;
	want->rlim_max = own.rlim_max;
	if (want->rlim_cur > own.rlim_max)
		want->rlim_cur = own.rlim_max;
	return 0;
}

static void take_limits(struct nsenter *n, const char *text)
{
	const char *line = text;
	struct str low = { 0 };

	while ((line = strchr(line, '\n')) && strlen(++line) > HARD_AT &&
	       n->like.limits < RLIM_NLIMITS) {
		struct rlimit *want = &n->like.limit[n->like.limits];

		*want = (struct rlimit){ limit(line + SOFT_AT), limit(line + HARD_AT) };
		if (!raise_limit(n->like.limits++, want))
			add_name(&low, line);
	}
	if (low.len)
		warn(0, "limits stay below those of process %s, which takes CAP_SYS_RESOURCE: %.*s",
		     n->target_text, (int)low.len, low.p);
	str_free(&low);
}

static void take_oom_score(const struct nsenter *n, const char *text)
{
	char path[PROC_PATH];
	int r;

	proc_path(path, 0, "oom_score_adj");
	r = io_write_at(n->proc, path, text, strlen(text));
	if (r)
		warn(r, "the oom_score_adj of process %s is left out%s", n->target_text,
		     r == -EACCES ? ", since lowering it takes CAP_SYS_RESOURCE" : "");
}

static int is_gone(const struct nsenter *n)
{
	return faccessat(n->directory, "stat", F_OK, 0) != 0;
}

__attribute__((noreturn)) static void gone(const struct nsenter *n)
{
	die(1, -ESRCH, "no process %s", n->target_text);
}

static void take_cgroups(struct nsenter *n)
{
	int r;

	if (!CFG_NSENTER_CGROUP || n->want_cgroup)
		return;
	r = cgroup_open(n->proc, n->directory, &n->cgroup);
	if (!r)
		r = cgroup_join(&n->cgroup);
	if (r && is_gone(n))
		gone(n);
	if (r)
		warn(r, "cannot join cgroup %s",
		     n->cgroup.failed ? n->cgroup.failed : "of the target");
	cgroup_close(&n->cgroup);
}

/* ---- its seccomp filters */

static int trace(const struct nsenter *n, int request, uintptr_t number, void *data)
{
	return (int)sys_result(ptrace(request, n->target, (void *)number, data));
}

/* The oldest is number 0. */
static int copy_filters(const struct nsenter *n, struct like_filters *f)
{
	size_t at = 0;
	int r;

	while ((r = trace(n, PTRACE_SECCOMP_GET_FILTER, f->n, f->code + at)) > 0) {
		f->len[f->n++] = (uint16_t)r;
		at += (size_t)r;
		if (f->n == sizeof f->len / sizeof *f->len || at > ALL_CODE)
			return -E2BIG;
	}
	return r == -ENOENT && f->n ? 0 : r;
}

/* ptrace(2): when the tracer ends, by whatever, its tracees go on. */
static int trace_filters(const struct nsenter *n, struct like_filters *f)
{
	int r = trace(n, PTRACE_SEIZE, 0, NULL), status = 0;

	/* Whom we hold cannot be another any more. */
	if (!r && is_gone(n))
		r = -ESRCH;
	if (!r)
		r = trace(n, PTRACE_INTERRUPT, 0, NULL);
	/* lint: processes: it is no child of ours, and stops for us */
	if (!r && (waitpid(n->target, &status, __WALL) < 0 || !WIFSTOPPED(status)))
		r = -ESRCH;
	if (r)
		return r;
	r = copy_filters(n, f);
	/* It may have stopped since it has just got a signal, which it is to have; otherwise for
	 * us, or with its group, which stays so. */
	trace(n, PTRACE_DETACH, 0, (void *)(uintptr_t)(status >> 16 ? 0 : WSTOPSIG(status)));
	return r;
}

/* In a process of its own, since one who runs, or is stuck in the kernel, cannot be let go: only
 * the end of the tracer does that. Nothing stops it halfway, and it does not wait for ever. */
static int tracer(void *context)
{
	const struct nsenter *n = context;
	struct sys_sigset mask = { { 0 } };

	for (int sig = 1; sig <= SYS_SIGNALS; sig++)
		if (sig != SIGALRM)
			sig_add(&mask, sig);
	sig_restore(&mask);
	sig_default(SIGALRM, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	alarm(TRACE_SECONDS);
	n->like.filters->err = trace_filters(n, n->like.filters);
	return 0;
}

/* Without these the kernel would refuse it when the target is already stopped. */
static int may_read_filters(const struct nsenter *n)
{
	struct sys_caps caps;

	if (n->pidfd < 0)
		return -ENOSYS; /* the number may be one of another PID namespace */
	if (sys_capget(&caps) || !(caps.effective >> CAP_SYS_ADMIN & 1) ||
	    prctl(PR_GET_SECCOMP, 0, 0, 0, 0))
		return -EACCES;
	return 0;
}

static int read_filters(struct nsenter *n)
{
	struct like_filters *f =
		mmap(NULL, sizeof *f, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (f == MAP_FAILED)
		return -ENOMEM;
	n->like.filters = f;
	f->err = -ETIMEDOUT;
	pid = child_copy(tracer, n);
	if (pid < 0)
		f->err = pid;
	else
		child_relay(pid);
	return f->err;
}

/* It is not to be traced any more a little earlier than it is dead. */
static int is_ending(const struct nsenter *n, int err)
{
	struct proc p;

	return err == -ESRCH || proc_get_stat(n->directory, PROC_HERE, &p) || p.flags & PF_EXITING;
}

static void take_filters(struct nsenter *n, const char *status)
{
	unsigned mode = (unsigned)field(status, "\nSeccomp:\t");
	int r = mode == FILTERS ? may_read_filters(n) : 0;

	if (mode == STRICT)
		warn(0, "the strict seccomp mode of process %s is left out: it allows no program",
		     n->target_text);
	if (mode != FILTERS)
		return;
	if (!r)
		r = read_filters(n);
	if (r && is_ending(n, r))
		gone(n);
	if (!r)
		return;
	n->like.filters = NULL;
	if (r == -EPERM && field(status, "\nTracerPid:\t"))
		warn(r, "the seccomp filters of process %s, which another traces, are left out",
		     n->target_text);
	else
		warn(r, "the seccomp filters of process %s are left out%s", n->target_text,
		     r == -EPERM || r == -EACCES
		             ? ", which takes CAP_SYS_ADMIN and no filter of our own"
		             : "");
}

/* ---- all of it */

void like_read(struct nsenter *n)
{
	struct nsenter_like *l = &n->like;
	struct str status = { 0 }, limits = { 0 }, score = { 0 };

	if (!l->want)
		return;
	check_user_namespace(n);
	read_file(n, "status", &status);
	l->bounding = field(status.p, "\nCapBnd:\t") & ~l->drop;
	l->permitted = field(status.p, "\nCapPrm:\t") & ~l->drop;
	l->inheritable = field(status.p, "\nCapInh:\t") & ~l->drop;
	l->ambient = field(status.p, "\nCapAmb:\t") & ~l->drop;
	l->no_new_privs = field(status.p, "\nNoNewPrivs:\t") == 1;
	read_file(n, "limits", &limits);
	read_file(n, "oom_score_adj", &score);
	take_filters(n, status.p);
	take_limits(n, limits.p);
	take_oom_score(n, score.p);
	take_cgroups(n);
	str_free(&status);
	str_free(&limits);
	str_free(&score);
}

/* ---- in the child */

/*
 * An exec gives root, unless SECBIT_NOROOT is set, what is inheritable or bounding, and everybody
 * else what is ambient (capabilities(7)). Where that is not what the target has, it is made
 * ambient, and root is made like everybody.
 */
static int is_root(const struct nsenter *n)
{
	return n->ids.have_uid ? !n->ids.uid : !geteuid() || !getuid();
}

static int gets_all(const struct nsenter *n)
{
	const struct nsenter_like *l = &n->like;

	return is_root(n) && l->permitted == (l->inheritable | l->bounding);
}

static uint64_t ambient(const struct nsenter *n)
{
	return gets_all(n) ? n->like.ambient : n->like.permitted;
}

/* As far as the kernel lets us. */
static struct cred_caps just(uint64_t set)
{
	return (struct cred_caps){ .add = set, .drop = ~set, .able = set };
}

static void apply(const struct cred *c)
{
	const char *call;
	int r = cred_apply(c, &call);

	if (r)
		die(1, r, "cannot limit the capabilities: %s failed", call);
}

/* Both need CAP_SETPCAP, which may leave with user 0. What is not bounding any more could not
 * become inheritable. */
void like_before_ids(const struct nsenter *n)
{
	const struct nsenter_like *l = &n->like;
	struct cred inherit = { .set = CRED_KEEP_CAPS }, bound = inherit;

	bound.bounding.drop = l->want ? ~l->bounding : l->drop;
	if (l->want) {
		inherit.inheritable = just(l->inheritable | ambient(n));
		apply(&inherit);
		/* Up to the exec we keep more than the program gets. */
		if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
			die(1, errno, "cannot keep the capabilities");
	}
	if (bound.bounding.drop)
		apply(&bound);
}

/* One that the program is to have and will not. */
static int is_lacking(const struct nsenter *n, int cap, uint64_t inheritable)
{
	if (!(n->like.permitted >> cap & 1))
		return 0;
	if (!gets_all(n))
		return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) != 1;
	return !(inheritable >> cap & 1) && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != 1;
}

static void tell_lacking(const struct nsenter *n, uint64_t inheritable)
{
	char text[512] = "", name[CRED_CAP_NAME];
	size_t len = 0;

	for (int cap = 0; cap < 64 && len < sizeof text; cap++)
		if (is_lacking(n, cap, inheritable))
			len += str_format(text + len, sizeof text - len, "%s%s", len ? "," : "",
			                  cred_cap_name(cap, name));
	if (len)
		warn(0, "capabilities of process %s that nsenter has not: %s", n->target_text,
		     text);
}

void like_after_ids(const struct nsenter *n)
{
	const struct nsenter_like *l = &n->like;
	struct cred c = { 0 };
	struct sys_caps caps;
	int r;

	if (!l->want) {
		c.inheritable.drop = c.ambient.drop = l->drop;
		if (l->drop)
			apply(&c);
		return;
	}
	/* The change from user 0 has left them permitted. */
	r = sys_capget(&caps);
	caps.effective = caps.permitted;
	if (!r)
		r = sys_capset(&caps);
	if (r)
		die(1, r, "cannot keep the capabilities");
	c.set = CRED_KEEP_CAPS | (l->no_new_privs ? CRED_NO_NEW_PRIVS : 0);
	c.ambient = just(ambient(n));
	if (is_root(n) && !gets_all(n)) {
		c.set |= CRED_SECUREBITS;
		c.securebits = (unsigned)prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) | SECBIT_NOROOT;
	}
	apply(&c);
	tell_lacking(n, caps.inheritable);
}

void like_apply(const struct nsenter *n)
{
	const struct like_filters *f = n->like.filters;
	const uint64_t *code = f ? f->code : NULL;

	for (int i = 0; i < n->like.limits; i++)
		if (prlimit(0, i, &n->like.limit[i], NULL))
			die(1, errno, "cannot set limit %d", i);
	for (unsigned i = 0; f && i < f->n; code += f->len[i++]) {
		int r = sys_seccomp_filter(code, f->len[i]);

		if (r)
			die(1, r, "cannot install seccomp filter %u of %u", i + 1, f->n);
	}
}
