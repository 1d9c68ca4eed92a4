/* SPDX-License-Identifier: 0BSD */
/* parsers: cred_cap cred_cap_name cred_caps cred_limit parse_cap parse_list same_word */
#include "fuzz.h"
#include "cred.h"

/* What is refused is a part of the text. */
static void check_bad(const struct cred *c, const char *text)
{
	MUST(c->bad.text >= text && c->bad.len >= 0 &&
	     c->bad.text + c->bad.len <= text + strlen(text));
	MUST(!strcmp(c->bad.what, "capability"));
}

static void signed_list(const char *text)
{
	struct cred c = { 0 };
	struct cred_caps caps = { 0, 0, 0 };
	int r = cred_caps(&c, &caps, text);

	MUST(r == 0 || r == -EINVAL || r == -ENOENT);
	MUST(!(caps.add & caps.drop) && !(caps.able & ~caps.add));
	if (r)
		check_bad(&c, text);
	else
		MUST(caps.add | caps.drop);
}

static void lists(const char *add, const char *drop)
{
	struct cred c = { 0 };
	int r = cred_limit(&c, add, drop);

	MUST(r == 0 || r == -ENOENT);
	MUST(!(c.inheritable.add & c.inheritable.drop) && c.bounding.drop == c.inheritable.drop &&
	     !c.bounding.add && c.ambient.add == c.inheritable.add);
	MUST(r || c.inheritable.add || !add);
}

static void one_name(const char *text, size_t len)
{
	char name[CRED_CAP_NAME];
	int cap = cred_cap(text, len);

	MUST(cap == -ENOENT || (cap >= 0 && cap < 64));
	if (cap < 0)
		return;
	cred_cap_name(cap, name);
	MUST(cred_cap(name, strlen(name)) == cap);
}

/* The input is a list with signs; or two lists, of which a newline ends the first; or a name. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *drop = strchr(text, '\n');

	one_name(text, size);
	signed_list(text);
	if (drop)
		*drop++ = 0;
	lists(text, drop);
	lists(NULL, text);
	free(text);
	return 0;
}
