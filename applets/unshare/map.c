/* SPDX-License-Identifier: 0BSD */
/*
 * unshare: the id maps of a new user namespace (user_namespaces(7)). One id may be mapped by the
 * process itself. Ranges, and any id when the namespace shall be somebody else's, take rights in
 * the namespace above: a copy of ourselves, made before, stays there and writes them as root, or
 * has newuidmap(1) and newgidmap(1) do it.
 *
 * It differs from util-linux in that a line of /etc/subuid for another user is never root's, that
 * --setgroups=deny works together with groups that are mapped, and that a /proc of an outer PID
 * namespace will do.
 */
#include "unshare.h"
#include "hint.h"
#include "io.h"
#include "proc.h"
#include "str.h"
#include "user.h"

#include <string.h>
#include <unistd.h>

/* ---- options */

static void map_user(struct unshare *u, uint32_t uid)
{
	u->mask |= 1u << NS_USER;
	u->map.have_uid = 1;
	u->map.uid = uid;
}

static void map_group(struct unshare *u, uint32_t gid)
{
	u->mask |= 1u << NS_USER;
	u->map.have_gid = 1;
	u->map.gid = gid;
}

/* A number or a name. */
static uint32_t parse_name(const char *text, int group)
{
	struct user_db db = { .groups = group };
	uint64_t number;
	uid_t id;
	int r = user_id(&db, text, &id);

	user_free(&db);
	if (!r)
		return id;
	r = str_number(text, UINT32_MAX - 1, &number);
	if (r)
		die(1, r, "failed to parse %s '%s'", group ? "gid" : "uid", text);
	return (uint32_t)number;
}

/* The range that /etc/subuid or /etc/subgid gives to the user: both name users. */
static int add_subids(struct idmap *map, int gid, int moving)
{
	const char *path = gid ? "/etc/subgid" : "/etc/subuid", *name;
	struct user_db db = { 0 };
	struct str text = { 0 };
	uint32_t start, count;
	uid_t uid = geteuid();
	char number[16];
	size_t len;
	ssize_t r = io_append_at(AT_FDCWD, path, &text, 16 << 20);

	if (r >= 0)
		r = str_add(&text, "\n", 1);
	if (r < 0)
		die(1, (int)r, "cannot open %s", path);
	name = user_name(&db, uid, &len);
	r = idmap_find_subid(text.p, text.len, name, len, uid, &start, &count);
	if (r) {
		if (!len) {
			len = str_format(number, sizeof number, "%u", uid);
			name = number;
		}
		die_hint(1, 0, "see subuid(5); -r and -c need none",
		         "no line matching user \"%.*s\" in %s", (int)len, name, path);
	}
	user_free(&db);
	str_free(&text);
	return moving ? idmap_add_moving(map, start, count)
	              : idmap_add_range(map, start, start, count);
}

static int add_own(struct idmap *map, int gid)
{
	int proc = proc_mount_any();
	int r = proc < 0 ? proc : idmap_add_own(map, proc, gid);

	if (proc >= 0)
		close(proc);
	if (r && r != -EEXIST && r != -E2BIG)
		die(1, r, "cannot read /proc/self/%cid_map", gid ? 'g' : 'u');
	return r;
}

static void add_ranges(struct unshare *u, int gid, const char *text)
{
	struct idmap *map = gid ? &u->map.gids : &u->map.uids;
	int r;

	u->mask |= 1u << NS_USER;
	if (!strcmp(text, "auto") || !strcmp(text, "subids"))
		r = add_subids(map, gid, *text == 'a');
	else if (!strcmp(text, "all"))
		r = add_own(map, gid);
	else
		r = idmap_add(map, text);
	if (r)
		die_hint(1, 0,
		         r == -EEXIST  ? "its ids are mapped already"
		         : r == -E2BIG ? "too many ranges"
		                       : NULL,
		         "invalid mapping '%s'", text);
}

static void parse_owner(struct unshare *u, const char *text)
{
	uint64_t uid, gid;

	if (str_digits(text, &text, UINT32_MAX - 1, &uid) || *text != ':' ||
	    str_number(text + 1, UINT32_MAX - 1, &gid))
		die(1, 0, "failed to parse owner");
	u->mask |= 1u << NS_USER;
	u->map.owner = (struct child_ids){
		.have_uid = 1, .have_gid = 1, .uid = (uint32_t)uid, .gid = (uint32_t)gid
	};
}

static void on_ranges(struct unshare *u, int value, const char *arg)
{
	const char *kind = value == MAP_AUTO ? "auto" : value == MAP_SUBIDS ? "subids" : arg;

	if (value == MAP_OWNER) {
		parse_owner(u, arg);
		return;
	}
	if (value != MAP_GROUPS)
		add_ranges(u, 0, kind);
	if (value != MAP_USERS)
		add_ranges(u, 1, kind);
}

void map_option(struct unshare *u, int value, const char *arg)
{
	struct unshare_map *m = &u->map;

	switch (value) {
	case MAP_ROOT:
	case MAP_CURRENT:
		map_user(u, value == MAP_ROOT ? 0 : m->euid);
		map_group(u, value == MAP_ROOT ? 0 : m->egid);
		break;
	case MAP_USER:
		map_user(u, parse_name(arg, 0));
		break;
	case MAP_GROUP:
		map_group(u, parse_name(arg, 1));
		break;
	case MAP_SETGROUPS:
		if (strcmp(arg, "allow") && strcmp(arg, "deny"))
			die(1, 0, "unsupported --setgroups argument '%s'", arg);
		m->setgroups = arg;
		break;
	default:
		if (CFG_UNSHARE_IDMAP)
			on_ranges(u, value, arg);
	}
}

/* One write(2) gives EPERM or EINVAL, these two are open(2)'s. */
static const char *failed(int err)
{
	return err == -EACCES || err == -ENOENT ? "cannot open" : "write failed";
}

/* ---- from outside */

enum { CAP_SETGID = 6, CAP_SETUID = 7, CAP_SETFCAP = 31 }; /* capabilities(7) */

/* A file with capabilities would be root's, too (Linux 5.12). */
#define NO_SETFCAP "to map user 0 takes CAP_SETFCAP"

/* Why a map is refused to us, where that can be found out. */
static const char *why_not(const struct unshare *u, int gid, const struct idmap *map)
{
	struct sys_caps caps;

	if (!idmap_is_ours(map, u->proc, gid))
		return "each range must lie in one line of our own map";
	if (sys_capget(&caps))
		return NULL;
	if (!(caps.effective >> (gid ? CAP_SETGID : CAP_SETUID) & 1))
		return gid ? "CAP_SETGID is missing" : "CAP_SETUID is missing";
	for (size_t i = 0; i < map->n && !gid; i++)
		if (!map->range[i].outer && !(caps.effective >> CAP_SETFCAP & 1))
			return NO_SETFCAP;
	return NULL;
}

static void write_ranges(const struct unshare *u, pid_t target, int gid, const struct idmap *map)
{
	int r = idmap_write(u->proc, target, gid, map);

	if (r)
		die_hint(1, r,
		         r == -EPERM   ? why_not(u, gid, map)
		         : r == -E2BIG ? "too many ranges for one write"
		                       : NULL,
		         "%s /proc/%d/%cid_map", failed(r), target, gid ? 'g' : 'u');
}

/* newuidmap(1) has the rights that an ordinary user lacks. */
static void run_newidmap(pid_t target, int gid, const struct idmap *map)
{
	char name[] = "newuidmap", text[16 + IDMAP_TEXT];
	char *words[3 + 3 * IDMAP_LINES + 1] = { NULL, name };
	struct sys_sigset mask;
	struct child c = { .argv = words + 1, .mask = &mask };
	int n = 2, status;
	pid_t pid;

	name[3] = gid ? 'g' : 'u';
	status = idmap_format(map, text + str_format(text, 16, "%d ", target));
	if (status < 0)
		die_hint(1, status, "too many ranges", "%s", name);
	for (char *p = text; *p; *p++ = 0) {
		words[n++] = p;
		p += strcspn(p, " \n");
	}
	sig_block_all(&mask);
	pid = child_spawn(&c);
	if (pid == -ENOENT && c.step == CHILD_EXEC && !*c.cause)
		die_hint(127, pid,
		         "the package is uidmap or shadow; only -r and -c work without it",
		         "failed to execute %s", name);
	if (pid < 0)
		die_start(&c, pid);
	status = child_relay(pid);
	if (status < 0)
		die(1, status, "waitpid failed");
	if (status)
		child_exit_as(status);
}

struct mapper {
	const struct unshare *u;
	pid_t target;
};

/* The pipe's end without a byte means that unshare(2) failed. */
static int map_from_outside(void *context)
{
	const struct mapper *m = context;
	const struct unshare_map *map = &m->u->map;
	char byte;

	close(map->pipe[1]);
	if (read(map->pipe[0], &byte, 1) != 1)
		return 0;
	for (int gid = 0; gid < 2; gid++) {
		const struct idmap *ranges = gid ? &map->gids : &map->uids;

		if (ranges->n && map->euid)
			run_newidmap(m->target, gid, ranges);
		else if (ranges->n)
			write_ranges(m->u, m->target, gid, ranges);
	}
	return 0;
}

/* Our number in the /proc that there is, which may be that of an outer PID namespace. */
static pid_t own_number(int proc)
{
	uint64_t pid = 0;
	char text[16];
	ssize_t r = io_link_at(proc, "self", text, sizeof text);

	if (r >= 0)
		r = str_number(text, INT32_MAX, &pid);
	if (r < 0)
		die(1, (int)r, "cannot find ourselves in /proc");
	return (pid_t)pid;
}

static void start_helper(struct unshare *u)
{
	struct mapper m = { .u = u, .target = own_number(u->proc) };

	if (pipe2(u->map.pipe, O_CLOEXEC))
		die(1, errno, "cannot make a pipe");
	u->map.helper = child_copy(map_from_outside, &m);
	if (u->map.helper < 0)
		die(1, u->map.helper, "fork failed");
}

/* We read from the pipe as well, so that a helper that was killed does not make this a SIGPIPE: its
 * status tells. */
static void finish_helper(const struct unshare_map *m)
{
	int status;

	if (write(m->pipe[1], "", 1) != 1)
		die(1, errno, "cannot start the id mapping");
	close(m->pipe[0]);
	close(m->pipe[1]);
	status = child_relay(m->helper);
	if (status < 0)
		die(1, status, "waitpid failed");
	if (status)
		child_exit_as(status);
}

/* ---- from inside */

static void set_setgroups(const struct unshare *u, int allow)
{
	int r = idmap_setgroups(u->proc, 0, allow);

	if (r)
		die_hint(1, r,
		         u->mask & 1u << NS_USER
		                 ? NULL
		                 : "without -U it is that of the namespace we are in",
		         "%s /proc/self/setgroups", failed(r));
}

static void write_single(const struct unshare *u, int gid, uint32_t inner, uint32_t outer)
{
	struct idmap map = { .n = 0 };
	int r;

	idmap_add_range(&map, inner, outer, 1);
	r = idmap_write(u->proc, 0, gid, &map);
	if (r)
		die_hint(1, r, r == -EPERM && !gid && !outer ? NO_SETFCAP : hint_map(u->proc, r),
		         "%s /proc/self/%cid_map", failed(r), gid ? 'g' : 'u');
}

/* ---- both */

/* The single id takes its place in the ranges. */
static void punch(struct idmap *map, uint32_t inner, uint32_t outer)
{
	int r = idmap_single(map, inner, outer);

	if (r)
		die(1, r, "cannot map %u to %u besides the ranges", outer, inner);
}

/* The change of ids has taken the files in /proc/self away from us (PR_SET_DUMPABLE(2const)). */
static void become_owner(const struct child_ids *owner)
{
	const char *call;
	int r = child_set_ids(owner, &call);

	if (r)
		die(1, r, "%s failed", call);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

void map_prepare(struct unshare *u)
{
	struct unshare_map *m = &u->map;
	int owned = CFG_UNSHARE_IDMAP && m->owner.have_uid;

	if ((m->have_uid || m->have_gid || m->uids.n || m->gids.n || m->setgroups) && u->proc < 0)
		die_hint(1, u->proc, "mount -t proc proc /proc",
		         "no /proc here to write the id maps");
	if (CFG_UNSHARE_IDMAP && m->have_uid && (m->uids.n || owned))
		punch(&m->uids, m->uid, m->euid);
	if (CFG_UNSHARE_IDMAP && m->have_gid && (m->gids.n || owned))
		punch(&m->gids, m->gid, m->egid);
	if (m->have_gid && !m->gids.n && m->setgroups && *m->setgroups == 'a')
		die(1, 0, "options --setgroups=allow and --map-group are mutually exclusive");
	if (CFG_UNSHARE_IDMAP && (m->uids.n || m->gids.n))
		start_helper(u);
	if (owned)
		become_owner(&m->owner);
}

void map_write(struct unshare *u)
{
	const struct unshare_map *m = &u->map;
	int deny = m->setgroups && *m->setgroups == 'd';

	/* Too late once there are groups; and one's own group can be mapped only then. */
	if (deny && m->gids.n)
		set_setgroups(u, 0);
	if (CFG_UNSHARE_IDMAP && m->helper)
		finish_helper(m);
	if (m->have_uid && !m->uids.n)
		write_single(u, 0, m->uid, m->euid);
	if (m->have_gid && !m->gids.n) {
		set_setgroups(u, 0);
		write_single(u, 1, m->gid, m->egid);
	} else if (m->setgroups && !(deny && m->gids.n)) {
		set_setgroups(u, !deny);
	}
}
