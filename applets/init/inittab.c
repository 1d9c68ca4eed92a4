/* SPDX-License-Identifier: 0BSD */
#include "inittab.h"
#include "sig.h"
#include "str.h"

#include <errno.h>
#include <string.h>

#define TTY_MAX 31 /* as long as busybox's may be */

/* In the order of the bits. */
static const char actions[][11] = { "sysinit",  "wait",       "once",     "respawn",
	                            "askfirst", "ctrlaltdel", "shutdown", "restart" };
static const char restarts[][11] = { "", "no", "on-failure", "always" };

/* Joins lines that end in a backslash. */
static char *take_line(char **at, unsigned *number)
{
	char *line = *at, *to = line, *from = line;

	while (*from) {
		if (*from == '\\' && from[1] == '\n') {
			from += 2;
			++*number;
			continue;
		}
		if (*from == '\n')
			break;
		*to++ = *from++;
	}
	++*number;
	*at = from + (*from == '\n');
	if (to > line && to[-1] == '\r') /* some editors' */
		to--;
	*to = 0;
	return line;
}

/* A file of text has none; one that was not written to its end may. */
static int has_control(const char *line)
{
	while (*line && ((unsigned char)*line >= ' ' || (*line >= '\t' && *line <= '\r')))
		line++;
	return *line != 0;
}

/* Ends a text at the first such character; what follows, or NULL when there is none. */
static char *cut(char *text, char end)
{
	while (*text && *text != end)
		text++;
	if (!*text)
		return NULL;
	*text = 0;
	return text + 1;
}

static int is_word(const char *text, const char *word, size_t len)
{
	return strlen(word) == len && !memcmp(text, word, len);
}

static int restart_of(const char *value)
{
	for (int i = 1; i < (int)(sizeof restarts / sizeof *restarts); i++)
		if (!strcmp(value, restarts[i]))
			return i;
	return -EINVAL;
}

/* A word "KEY=VALUE" that ends in a NUL. */
static int read_setting(const char *key, size_t len, const char *value, struct inittab_line *line)
{
	uint64_t n;
	int r;

	if (is_word(key, "restart", len)) {
		r = restart_of(value);
		line->restart = (unsigned char)r;
	} else if (is_word(key, "max", len)) {
		r = str_number(value, UINT32_MAX, &n);
		line->max = r ? 0 : (unsigned)n;
	} else if (is_word(key, "stop", len)) {
		r = sig_parse(value);
		line->stop_signal = (unsigned char)r;
		r = r == 0 ? -EINVAL : r;
	} else if (is_word(key, "timeout", len)) {
		r = str_duration(value, &line->timeout_ns);
		if (!r && !line->timeout_ns) { /* KILL at once, or never? */
			line->wrong = "a timeout of no time at all";
			r = -EINVAL;
		}
	} else {
		r = -EINVAL;
	}
	return r < 0 ? r : 0;
}

/* What is no word of ours, and cannot be meant as one, is runlevels. */
int inittab_words(struct inittab_line *line)
{
	char *words = line->words;

	while (*words) {
		size_t len = strcspn(words, ", \t"), key = strcspn(words, "=, \t");
		char *end = words + len;
		int more = *end != 0;

		*end = 0;
		if (key < len) {
			if (read_setting(words, key, words + key + 1, line)) {
				if (!line->wrong)
					line->wrong = "unknown word or value";
				return -EINVAL;
			}
		} else if (is_word(words, "critical", len)) {
			line->critical = 1;
		}
		words = end + more;
	}
	return 1;
}

static int action_of(const char *name)
{
	for (int i = 0; i < (int)(sizeof actions / sizeof *actions); i++)
		if (!strcmp(name, actions[i]))
			return 1 << i;
	return -EINVAL;
}

/* What is wrong with the line, or NULL. */
static const char *read_line(char *tty, struct inittab_line *line)
{
	char *words = cut(tty, ':'), *name = words ? cut(words, ':') : NULL;
	char *command = name ? cut(name, ':') : NULL;
	int action = command ? action_of(name) : 0;

	if (!command)
		return "it has not four fields";
	if (action < 0)
		return "unknown action";
	if (!*command)
		return "no command";
	if (str_begins(tty, "/dev/"))
		tty += 5;
	if (strlen(tty) > TTY_MAX)
		return "terminal's name too long";
	line->tty = tty;
	line->command = command;
	line->words = words;
	line->action = (unsigned char)action;
	return NULL;
}

static int is_empty(const char *line)
{
	while (*line == ' ' || *line == '\t' || *line == '\r')
		line++;
	return !*line;
}

int inittab_next(char **at, unsigned *number, struct inittab_line *line)
{
	while (**at) {
		char *text = take_line(at, number);

		*line = (struct inittab_line){ 0 };
		if (has_control(text)) {
			line->wrong = "control character";
			return -EINVAL;
		}
		cut(text, '#'); /* wherever it begins */
		if (is_empty(text))
			continue;
		line->wrong = read_line(text, line);
		return line->wrong ? -EINVAL : 1;
	}
	return 0;
}
