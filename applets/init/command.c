/* SPDX-License-Identifier: 0BSD */
#include "command.h"
#include "str.h"

static char *constant(const char *text)
{
	return (char *)(uintptr_t)text;
}

static int is_special(char c)
{
	const char *p = "~`!$^&*()=|\\{}[];\"'<>?\n";

	while (*p && *p != c)
		p++;
	return *p != 0;
}

static int needs_shell(const char *line)
{
	while (*line && !is_special(*line))
		line++;
	return *line != 0;
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

char **command_words(struct command *c, const char *line, const char *before)
{
	char **words = c->all + 1, *p = c->text;
	int dash = *line == '-', n = 0;

	if (needs_shell(line)) {
		if (str_format(p, sizeof c->text, "%s%s", before, line + dash) >= sizeof c->text)
			return NULL;
		words[0] = constant("-/bin/sh") + !dash;
		words[1] = constant("-c");
		words[2] = p;
		words[3] = NULL;
		return words;
	}
	if (str_format(p, sizeof c->text, "%s", line) >= sizeof c->text)
		return NULL;
	for (;;) {
		while (is_blank(*p))
			*p++ = 0;
		if (!*p)
			break;
		if (n == COMMAND_WORDS)
			return NULL;
		words[n++] = p;
		while (*p && !is_blank(*p))
			p++;
	}
	words[n] = NULL;
	return n ? words : NULL;
}
