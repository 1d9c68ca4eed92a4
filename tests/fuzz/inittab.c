/* SPDX-License-Identifier: 0BSD */
/* parsers: inittab_next take_line has_control is_empty cut read_line action_of */
/* parsers: inittab_words read_setting restart_of command_words needs_shell is_special */
/* The input is an inittab; the commands in it are taken apart, too. */
#include "fuzz.h"

#include "../../applets/init/command.c"
#include "../../applets/init/inittab.c"

static int holds(const char *text, size_t size, const char *p)
{
	return p >= text && p + strlen(p) <= text + size;
}

/* Every word has something in it, and stands in the copy. */
static void take_apart(const char *line)
{
	struct command c;
	char **words = command_words(&c, line, "exec ");
	int n = 0;

	if (!words)
		return;
	MUST(words == c.all + 1);
	for (; words[n]; n++)
		MUST(n < COMMAND_WORDS && *words[n] && strlen(words[n]) < COMMAND_TEXT);
	MUST(n > 0);
	if (words[0] >= c.text && words[0] < c.text + sizeof c.text)
		MUST(!strpbrk(line, "`$&|;<>"));
	else
		MUST(n == 3 && !strncmp(words[2], "exec ", 5));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *at = text;
	unsigned number = 0, last = 0;
	struct inittab_line l;
	int r;

	while ((r = inittab_next(&at, &number, &l))) {
		MUST(r == 1 || r == -EINVAL);
		MUST(number > last && at > text && at <= text + size);
		last = number;
		MUST((r < 0) == (l.wrong != NULL));
		if (r < 0)
			continue;
		MUST(holds(text, size, l.tty) && holds(text, size, l.command));
		MUST(strlen(l.tty) <= TTY_MAX && *l.command && !strpbrk(l.command, "#\n"));
		MUST(!has_control(l.tty) && !has_control(l.command));
		take_apart(l.command);
		MUST(holds(text, size, l.words) && l.action && !(l.action & (l.action - 1)));
		r = inittab_words(&l);
		MUST(r == (l.wrong ? -EINVAL : 1) && (r < 0 || l.stop_signal <= SYS_SIGNALS));
	}
	free(text);
	return 0;
}
