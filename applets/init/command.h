/* SPDX-License-Identifier: 0BSD */
/* A command as a line of text, the way busybox's init reads it: words between blanks and no
 * quoting; what has characters of the shell in it goes to /bin/sh. */
#ifndef COMMAND_H
#define COMMAND_H

#define COMMAND_TEXT 2048
#define COMMAND_WORDS 64

struct command {
	char *all[COMMAND_WORDS + 2]; /* the first is spare (exec_run) */
	char text[COMMAND_TEXT];
};

/* Takes a line apart: its words, for exec, or NULL when there is none or it is too long. What the
 * shell gets has `before` in front. */
char **command_words(struct command *c, const char *line, const char *before);

#endif
