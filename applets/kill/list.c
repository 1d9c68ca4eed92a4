/* SPDX-License-Identifier: 0BSD */
/* kill: names and numbers of signals, and what a process does with which. */
#include "die.h"
#include "disposition.h"
#include "kill.h"
#include "pid.h"
#include "sig.h"

#include <string.h>

#define PLAIN 31 /* signals that are not real-time ones, of which the first and the last follow */
#define NAMES (PLAIN + 2)
#define RTMIN 34

static int nth(int n)
{
	return n <= PLAIN ? n : n == NAMES ? SYS_SIGNALS : RTMIN;
}

/* As many on a line as the terminal has room for; for others, one. */
static void list_all(struct out *o)
{
	size_t screen = isatty(1) ? out_screen() : 0, used = 0;
	char name[SIG_NAME];

	for (int n = 1; n <= NAMES; n++) {
		size_t len = strlen(sig_name(nth(n), name)) + 1;

		if (used)
			out_text(o, used + len > screen ? "\n" : " ");
		used = used + len > screen ? len : used + len;
		out_text(o, name);
	}
	out_text(o, "\n");
}

int kill_table(struct out *o)
{
	char name[SIG_NAME], cell[32];

	for (int n = 1; n <= NAMES; n++) {
		int last = n % 7 == 0 || n == NAMES;

		str_format(cell, sizeof cell, last ? "%2d %s\n" : "%2d %-8s", nth(n),
		           sig_name(nth(n), name));
		out_text(o, cell);
	}
	return 0;
}

/* The names of the signals in a mask of a process, with these around each. */
static void list_mask(struct out *o, const struct proc *p, const char *key, const char *front,
                      const char *behind)
{
	char name[SIG_NAME];

	for (int sig = 1; sig <= SYS_SIGNALS; sig++)
		if (disposition_mask(p, key, sig) > 0) {
			out_text(o, front);
			out_text(o, sig_name(sig, name));
			out_text(o, behind);
		}
}

/* "0x4001", a mask as /proc/PID/status has them. */
static int list_hex(struct out *o, const char *digits)
{
	char line[64];
	size_t len = strspn(digits, "0123456789abcdefABCDEF");
	struct proc p = { .lines = line };

	if (!len || digits[len] || len > SYS_SIGNALS / 4)
		return -EINVAL;
	p.lines_len = str_format(line, sizeof line, "mask:%s\n", digits) + 1;
	list_mask(o, &p, "mask", "", "\n");
	return 0;
}

/* A number gives the name, 128 + N too, as the shell reports a death; a name gives the number. */
static int list_one(struct out *o, const char *word)
{
	char name[SIG_NAME];
	uint64_t n;
	int sig;

	if (!strncmp(word, "0x", 2))
		return list_hex(o, word + 2);
	if (!str_number(word, 255, &n)) {
		sig = (int)(n > 128 ? n - 128 : n);
		if (sig > SYS_SIGNALS || sig < 1)
			return -EINVAL;
		out_text(o, sig_name(sig, name));
	} else {
		sig = sig_parse(word);
		if (sig < 0)
			return sig;
		out_number(o, (uint64_t)sig);
	}
	out_text(o, "\n");
	return 0;
}

int kill_list(struct out *o, const char *first, char **words)
{
	int failed = 0;

	if (!first && !*words)
		list_all(o);
	for (const char *word = first ? first : *words++; word; word = *words++)
		if (list_one(o, word)) {
			warn(0, "unknown signal: %s", word);
			failed = 1;
		}
	return failed;
}

/* ---- a process */

int kill_state(struct kill *k)
{
	static const char rows[] = "SigPnd\0Pending (thread)\0ShdPnd\0Pending (process)\0"
				   "SigBlk\0Blocked\0SigIgn\0Ignored\0SigCgt\0Caught\0";
	struct str text = { 0 };
	struct proc p;
	pid_t pid;
	int r = pid_resolve(k->proc, k->state, &pid, &text);

	if (r && pid_reason(r))
		warn_pid(r, k->state, &text);
	if (!r)
		r = proc_get(k->proc, pid, PROC_STATUS | PROC_LINES, &text, &p);
	if (r && !pid_reason(r))
		warn(r, "(%s)", k->state);
	for (const char *key = rows; !r && *key; key += strlen(key) + 1) {
		const char *title = key + strlen(key) + 1;

		out_text(&k->out, title);
		out_text(&k->out, ":");
		list_mask(&k->out, &p, key, " ", "");
		out_text(&k->out, "\n");
		key = title;
	}
	str_free(&text);
	return r != 0;
}
