/* SPDX-License-Identifier: 0BSD */
#include "setpriv.h"

#include "child.h"
#include "exec.h"
#include "out.h"

#include <string.h>
#include <sys/auxv.h>

static int say_usage(struct run *run, int su_exec)
{
	struct out o = { .fd = su_exec ? 1 : 2 };

	out_text(&o, "Usage: ");
	out_text(&o, run->name);
	out_text(&o, " USER-SPEC COMMAND [ARGUMENT]...\n");
	if (su_exec)
		opt_printed(out_flush(&o));
	out_flush(&o);
	return 1;
}

static int is_word(const char *word, const char *a, const char *b)
{
	return !strcmp(word, a) || !strcmp(word, b);
}

/* Their only options are a first word. */
int gosu(struct run *run, struct setpriv *s, int su_exec)
{
	char **argv = run->argv;
	struct child c = { .argv = argv };
	const char *call, *word = argv[0] ? argv[1] : NULL;
	int r;

	if (word && (is_word(word, "--help", "-h") || is_word(word, "-?", "-?")))
		opt_printed(opt_help(&applet_setpriv, 1));
	if (word && (is_word(word, "--version", "-v") || is_word(word, "-V", "-V")))
		opt_printed(applet_version());
	if (!word || !argv[2])
		return say_usage(run, su_exec);
	if (getauxval(AT_SECURE))
		die(1, 0,
		    "it must not be set-user-ID or have capabilities: it lets anybody become "
		    "root");
	r = cred_user(&s->cred, word);
	if (!r && su_exec)
		r = cred_add_group(&s->cred, s->cred.egid);
	if (r == -ENOENT || r == -ERANGE || r == -EINVAL)
		die(1, 0, "failed switching to '%s': %s %s '%.*s'", word,
		    r == -ENOENT ? "no such" : "invalid", s->cred.bad.what, s->cred.bad.len,
		    s->cred.bad.text);
	if (r)
		die(1, r, "failed switching to '%s'", word);
	env_home(s);
	r = cred_apply(&s->cred, &call);
	if (r)
		die_hint(1, r, cred_hint(call, r), "failed switching to '%s': %s", word, call);
	c.argv = argv + 2;
	warn_start(&c, child_exec(&c));
	return 1; /* as the real ones, whatever the error */
}
