/* SPDX-License-Identifier: 0BSD */
/*
 * What the command is to be that init is not: another user, with fewer rights, elsewhere, in
 * another environment. All is looked up before the start; the child only makes system calls.
 */
#include "init.h"
#include "die.h"
#include "io.h"
#include "str.h"

#include <string.h>
#include <sys/stat.h>

extern char **environ;

/* ---- environment */

/* The new one: pointers, NULL at the end once it is finished. */
struct env {
	struct str list;
};

static size_t name_length(const char *entry)
{
	size_t len = 0;

	while (entry[len] && entry[len] != '=')
		len++;
	return len;
}

/* The entry of that name in an environment, or NULL. */
static char **find(char **list, size_t n, const char *entry, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (!strncmp(list[i], entry, len) && list[i][len] == '=')
			return list + i;
	return NULL;
}

static void add(struct env *e, const char *entry)
{
	if (str_add(&e->list, (const char *)&entry, sizeof entry))
		die(1, ENOMEM, "the environment");
}

/* Adds "NAME=VALUE", in place of an older one: of several the first, which counts (getenv(3)). */
static void put(struct env *e, const char *entry)
{
	char **old = find((char **)(void *)e->list.p, e->list.len / sizeof entry, entry,
	                  name_length(entry));

	if (old)
		*old = (char *)(uintptr_t)entry;
	else
		add(e, entry);
}

/* Both texts in a row, in memory that stays. */
static const char *join(const char *a, const char *b)
{
	struct str s = { 0 };

	if (str_puts(&s, a) || str_puts(&s, b) || str_add(&s, "", 1))
		die(1, ENOMEM, "the environment");
	return s.p;
}

/* A line of the file: NAME=VALUE as it stands, or NAME for the value that init has of it. */
static void put_line(struct env *e, char *line, const char *file)
{
	size_t len, all = 0;
	char **own;

	line += strspn(line, " \t");
	len = strlen(line);
	if (len && line[len - 1] == '\r')
		line[len - 1] = 0;
	if (!*line || *line == '#')
		return;
	len = name_length(line);
	if (!len || strcspn(line, " \t") < len)
		die(1, 0, "%s: '%s' is not of the form NAME=VALUE", file, line);
	if (line[len] == '=') {
		put(e, line);
		return;
	}
	while (environ[all])
		all++;
	own = find(environ, all, line, len);
	if (own)
		put(e, *own);
}

static void put_file(struct env *e, const char *file)
{
	struct str text = { 0 };
	ssize_t r = io_append_at(AT_FDCWD, file, &text, 1 << 20);
	char *next;

	if (r >= 0)
		r = str_add(&text, "", 1);
	if (r < 0)
		die(1, (int)r, "--env-file %s", file);
	for (char *line = text.p; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		put_line(e, line, file);
	}
}

static void make_environment(struct user_options *u)
{
	struct env e = { 0 };

	for (char **p = environ; !u->clear_env && *p; p++)
		add(&e, *p);
	if (u->user) {
		put(&e, join("HOME=", cred_home(&u->cred)));
		if (cred_name(&u->cred))
			put(&e, join("USER=", cred_name(&u->cred)));
	}
	if (u->env_file)
		put_file(&e, u->env_file);
	add(&e, NULL);
	environ = (char **)(void *)e.list.p;
}

/* ---- user */

/* Ends the program when a parsing function has refused something. */
static void expect(const struct cred *c, int r, const char *text)
{
	if (!r)
		return;
	if (!c->bad.text)
		die(1, r, "'%s'", text);
	die(1, r == -ENOENT ? 0 : r, "%s %s '%.*s'", r == -ENOENT ? "unknown" : "invalid",
	    c->bad.what, c->bad.len, c->bad.text);
}

void user_prepare(struct init *in)
{
	struct user_options *u = &in->user;
	struct cred *c = &u->cred;

	if (u->user && !*u->user)
		die(1, 0, "--user: nobody is named");
	if (u->user)
		expect(c, cred_user(c, u->user), u->user);
	/* As docker does: a file that is forbidden to its group is, then, to the command. */
	if (u->user && cred_add_group(c, c->egid))
		die(1, ENOMEM, "groups");
	if (u->groups)
		expect(c, cred_groups(c, u->groups), u->groups);
	if (u->cap_add || u->cap_drop)
		expect(c, cred_limit(c, u->cap_add, u->cap_drop),
		       u->cap_add ? u->cap_add : u->cap_drop);
	if (u->no_new_privs)
		c->set |= CRED_NO_NEW_PRIVS;
	if (u->umask && str_octal(u->umask, 0777, &u->mask))
		die(1, 0, "--umask %s: not an octal number up to 0777", u->umask);
	if (u->dir)
		u->dir_call = join("chdir to ", u->dir);
	u->any = c->set || c->groups.len || u->cap_add || u->cap_drop || u->umask || u->dir;
	if (u->user || u->clear_env || u->env_file)
		make_environment(u);
}

int user_apply(const struct init *in, const char **call)
{
	const struct user_options *u = &in->user;
	int r, inside = u->dir ? chdir(u->dir) : 0;

	if (u->umask)
		umask(u->mask);
	r = cred_apply(&u->cred, call);
	if (r || !inside)
		return r;
	/* What root may not enter, on a network's file system, its owner may. */
	*call = u->dir_call;
	return chdir(u->dir) ? -errno : 0;
}
