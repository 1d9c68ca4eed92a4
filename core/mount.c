/* SPDX-License-Identifier: 0BSD */
#include "mount.h"
#include "io.h"
#include "ns.h"
#include "proc.h"
#include "sys.h"

#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>

/* ---- lines */

static const char *skip_word(const char *s)
{
	s += strcspn(s, " \n");
	return s + (*s == ' ');
}

int mount_is(const char *word, const char *text)
{
	size_t len = strlen(text);

	return !strncmp(word, text, len) && (word[len] == ' ' || word[len] == '\n');
}

int mount_next(const char **at, struct mount_line *m)
{
	for (const char *s = *at, *end; (end = strchr(s, '\n')) != NULL; s = *at) {
		*at = end + 1;
		if (str_digits(s, &s, UINT64_MAX, &m->id) || *s != ' ' ||
		    str_digits(s + 1, &s, UINT64_MAX, &m->parent) || *s != ' ')
			continue;
		m->root = skip_word(s + 1);
		m->point = skip_word(m->root);
		m->options = skip_word(m->point);
		for (s = m->options; *s != '\n' && !mount_is(s, "-");)
			s = skip_word(s);
		m->type = skip_word(s);
		m->super = skip_word(skip_word(m->type));
		if (*m->type != '\n')
			return 1;
	}
	return 0;
}

static int is_octal(const char *s)
{
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' &&
	       s[2] <= '7';
}

void mount_path(char *word)
{
	char *to = word;

	for (; !strchr(" \n", *word); word++) {
		int c = *word;

		if (c == '\\' && is_octal(word + 1)) {
			c = (word[1] - '0') << 6 | (word[2] - '0') << 3 | (word[3] - '0');
			word += 3;
		}
		*to++ = (char)c;
	}
	*to = 0;
}

int mount_read(int proc, pid_t pid, struct str *text)
{
	char path[PROC_PATH];
	int r;

	proc_path(path, pid, "mountinfo");
	r = (int)io_append_at(proc, path, text, 64 << 20); /* sysctl fs.mount-max */
	if (r >= 0)
		r = str_add(text, "", 1);
	if (r)
		str_free(text);
	return r;
}

int mount_id(int proc, int fd, uint64_t *id)
{
	char file[24], path[PROC_PATH], text[512];
	const char *line;
	int r;

	str_format(file, sizeof file, "fdinfo/%d", fd);
	proc_path(path, 0, file);
	r = (int)io_read_at(proc, path, text, sizeof text);
	line = r < 0 ? NULL : strstr(text, "mnt_id:\t");
	return r < 0 ? r : line ? str_digits(line + 8, &line, UINT64_MAX, id) : -ENODATA;
}

int mount_is_seen(int proc, int fd)
{
	struct str list = { 0 };
	struct mount_line m;
	uint64_t id;
	int found = 0;

	if (mount_id(proc, fd, &id) || mount_read(proc, 0, &list))
		return 1;
	for (const char *at = list.p; !found && mount_next(&at, &m);)
		found = m.id == id;
	str_free(&list);
	return found;
}

/* ---- the end of a machine */

int mount_read_only(const char *point)
{
	/* The numbers of statfs(2) and mount(2) are the same for the first four. When none is given
	 * about the times of access the kernel leaves them as they are. */
	const unsigned long keep = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_SYNCHRONOUS;
	const unsigned long st_nosymfollow = 0x2000, ms_nosymfollow = 0x100; /* Linux 5.10 */
	struct statfs fs = { 0 };
	unsigned long flags;

	statfs(point, &fs);
	flags = (unsigned long)fs.f_flags & keep;
	if ((unsigned long)fs.f_flags & st_nosymfollow)
		flags |= ms_nosymfollow;
	return (int)sys_result(mount(NULL, point, NULL, MS_REMOUNT | MS_RDONLY | flags, NULL));
}

/* It was on one that is gone, or something hides it. */
static int is_not_there(int err)
{
	return err == EINVAL || err == ENOENT;
}

static int off(const char *point)
{
	return umount2(point, UMOUNT_NOFOLLOW) ? errno : 0;
}

static int add_points(const struct str *text, struct str *points)
{
	const char *at = text->p;
	struct mount_line m;
	int r = 0;

	while (!r && mount_next(&at, &m)) {
		char *point = text->p + (m.point - text->p);

		r = str_add(points, (const char *)&point, sizeof point);
	}
	return r;
}

int mount_off(struct str *text, void (*stays)(const char *point, int err))
{
	struct str points = { 0 };
	int r = add_points(text, &points), gone;
	char **list = (char **)(void *)points.p;
	size_t n = r ? 0 : points.len / sizeof *list;

	for (size_t i = 0; i < n; i++)
		mount_path(list[i]);
	do {
		gone = 0;
		for (size_t i = n; i--;)
			if (list[i] && !off(list[i])) {
				list[i] = NULL;
				gone = 1;
			}
	} while (gone);
	for (size_t i = n; i--;) {
		int err = list[i] ? off(list[i]) : 0;

		if (err && !is_not_there(err) && (err = mount_read_only(list[i])))
			stays(list[i], err);
	}
	str_free(&points);
	return r;
}

/* ---- the root */

/* Whether a process sees the mount at another place than "/". */
static int sees_elsewhere(int proc, pid_t pid, uint64_t mount)
{
	struct str list = { 0 };
	struct mount_line m;
	int found = 0;

	if (mount_read(proc, pid, &list))
		return 0;
	for (const char *at = list.p; mount_next(&at, &m);)
		found |= m.id == mount && !mount_is(m.point, "/");
	str_free(&list);
	return found;
}

/* In a chroot the root is no mount, or one that our parent or the first process sees elsewhere. */
static int is_elsewhere(int proc)
{
	struct str list = { 0 };
	uint64_t root = 0;
	struct mount_line m;
	struct proc own;

	if (mount_read(proc, 0, &list))
		return 0;
	for (const char *at = list.p; mount_next(&at, &m);)
		if (mount_is(m.point, "/"))
			root = m.id;
	str_free(&list);
	return !root || sees_elsewhere(proc, 1, root) ||
	       (!proc_get_stat(proc, 0, &own) && sees_elsewhere(proc, own.ppid, root));
}

/* Who enters the mount namespace that he is in already comes to its root (setns(2)), if he has the
 * right: whether that is another one than his. */
static int leads_elsewhere(void)
{
	const int none[NS_N] = { -1, -1, -1, -1, -1, -1, -1, -1 };
	int self = sys_pidfd_open(getpid()), r = self;
	struct stat before, after;
	enum ns_kind failed;

	if (self >= 0) {
		r = stat("/", &before);
		if (!r)
			r = ns_enter(none, self, 1u << NS_MNT, &failed);
		close(self);
	}
	return !r && !stat("/", &after) &&
	       (before.st_dev != after.st_dev || before.st_ino != after.st_ino);
}

int mount_in_chroot(int proc)
{
	return is_elsewhere(proc) || leads_elsewhere();
}

/* ---- proc */

/* What the kernel keeps an empty directory for hides nothing. */
static int is_meant(const char *type)
{
	return mount_is(type, "binfmt_misc") || mount_is(type, "autofs") || mount_is(type, "nfsd");
}

static enum mount_proc look(const char *list, const struct mount_line *proc, const char **where)
{
	struct mount_line on;

	*where = proc->point;
	while (mount_next(&list, &on))
		if (on.parent == proc->id && on.id != proc->id && !is_meant(on.type)) {
			*where = on.point;
			return MOUNT_PROC_MASKED;
		}
	return mount_is(proc->options, "ro") || !strncmp(proc->options, "ro,", 3)
	               ? MOUNT_PROC_READ_ONLY
	               : MOUNT_PROC;
}

enum mount_proc mount_proc(int proc, pid_t pid, char point[MOUNT_POINT])
{
	enum mount_proc seen = MOUNT_NO_PROC;
	struct str list = { 0 };
	struct mount_line m;
	const char *where;

	if (mount_read(proc, pid, &list))
		return seen;
	for (const char *at = list.p; seen != MOUNT_PROC && mount_next(&at, &m);)
		if (mount_is(m.type, "proc") && mount_is(m.root, "/")) {
			seen = look(list.p, &m, &where);
			str_format(point, MOUNT_POINT, "%.*s", (int)strcspn(where, " "), where);
		}
	str_free(&list);
	return seen;
}
