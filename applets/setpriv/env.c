/* SPDX-License-Identifier: 0BSD */
#include "setpriv.h"

#include <string.h>

static void add_variable(struct setpriv *s, const char *variable)
{
	if (str_add(&s->env, (const char *)&variable, sizeof variable))
		die(1, ENOMEM, "cannot make the environment");
}

/* "NAME=VALUE"; there must be room for the text, which then stays where it is. */
static void set_variable(struct setpriv *s, const char *name, const char *value)
{
	const char *variable = s->texts.p + s->texts.len;

	if (!value)
		return;
	str_puts(&s->texts, name);
	str_add(&s->texts, value, strlen(value) + 1);
	add_variable(s, variable);
}

static void use_environment(struct setpriv *s)
{
	add_variable(s, NULL);
	environ = (char **)(void *)s->env.p;
}

void env_reset(struct setpriv *s)
{
	uid_t uid = s->cred.set & CRED_RUID ? s->cred.ruid : getuid();
	const char *term = NULL;
	const struct cred *c = &s->cred;

	cred_account(&s->cred, uid);
	if (str_room(&s->texts, 2 * c->account.len + 1024))
		die(1, ENOMEM, "cannot make the environment");
	for (char **p = environ; *p; p++)
		if (!strncmp(*p, "TERM=", 5))
			term = *p;
	if (term)
		add_variable(s, term);
	set_variable(s, "SHELL=", cred_shell(c));
	set_variable(s, "HOME=", cred_home(c));
	set_variable(s, "USER=", cred_name(c));
	set_variable(s, "LOGNAME=", cred_name(c));
	set_variable(s, "PATH=",
	             uid ? "/usr/local/bin:/bin:/usr/bin"
	                 : "/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin");
	use_environment(s);
}

void env_home(struct setpriv *s)
{
	if (str_room(&s->texts, s->cred.account.len + 16))
		die(1, ENOMEM, "cannot make the environment");
	for (char **p = environ; *p; p++)
		if (strncmp(*p, "HOME=", 5))
			add_variable(s, *p);
	set_variable(s, "HOME=", cred_home(&s->cred));
	use_environment(s);
}
