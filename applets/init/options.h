/* SPDX-License-Identifier: 0BSD */
/* The option rows of init, and what they and the names it is called by mean for struct init. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "init.h"

enum options_call {
	CALL_HELP,
	CALL_VERSION,
	CALL_LICENSE,
	CALL_VERBOSE,
	CALL_PARENT,
	CALL_SUCCESS,
	CALL_REWRITE,
	CALL_IGNORE,
	CALL_STOP_SIGNAL,
	CALL_INFO,
	CALL_GRACE,
	CALL_KILL_AFTER,
	CALL_PRE_STOP,
	CALL_EXIT_ON,
	CALL_RESTART,
	CALL_MAX,
	CALL_BACKOFF,
	CALL_BACKOFF_LIMIT,
};

/* clang-format off */
#define OPTS struct init
#define ROWS(OPT, OPT_) \
	IF_INIT_CONTAINER( \
	OPT('g', "group", "", OPT_SET, group, 1, "signal the whole process group of the command") \
	OPT('c', "single-child", "", OPT_SET, single, 1, \
	    "no process group or session for the command; signal it alone") \
	OPT_('r', "rewrite", "FROM:TO", OPT_CALL, CALL_REWRITE, \
	     "hand signal FROM on as TO; 0 drops it; names or numbers") \
	OPT_(0, "ignore", "SIG[,SIG]...", OPT_CALL, CALL_IGNORE, "do not hand these on") \
	OPT_(0, "stop-signal", "SIG", OPT_CALL | OPT_OWN, CALL_STOP_SIGNAL, \
	     "hand TERM on as SIG") \
	OPT_('e', "expect-exit", "CODE", OPT_CALL, CALL_SUCCESS, "take this exit status for 0") \
	OPT('w', "warn-reap", "", OPT_SET, warn_reap, 1, "a line for each orphan that was reaped") \
	OPT_('p', "parent-death-signal", "SIG", OPT_CALL, CALL_PARENT, \
	     "get SIG when the parent of init ends") \
	OPT(0, "propagate-signal", "", OPT_SET, propagate, 1, \
	    "end by the signal that ended the command (not as PID 1)") \
	OPT('s', "subreaper", "", OPT_SET | OPT_OWN, subreaper, 1, \
	    "for tini's sake: it always is one") \
	OPT('P', "pause", "", OPT_SET, pause, 1, "no command: reap until TERM or INT comes")) \
	IF_INIT_STOP( \
	OPT_(0, "grace", "TIME", OPT_CALL, CALL_GRACE, \
	     "when the command has ended, TERM for the rest, then KILL") \
	OPT_(0, "kill-after", "TIME", OPT_CALL, CALL_KILL_AFTER, \
	     "KILL the command that long after the stop signal") \
	OPT(0, "wait-all", "[=last]", OPT_TEXT, wait_all, 0, \
	    "end with the last process; with its status") \
	OPT(0, "pre-stop", "CMD", OPT_TEXT, pre_stop, 0, \
	    "run CMD before a stop signal is handed on") \
	OPT_(0, "pre-stop-timeout", "TIME", OPT_CALL, CALL_PRE_STOP, \
	     "but no longer than that (10s)")) \
	IF_INIT_SERVICE( \
	OPT(0, "inittab", "FILE", OPT_TEXT, inittab, 0, "run the entries of FILE as services") \
	OPT_(0, "exit-on", "WHICH", OPT_CALL, CALL_EXIT_ON, \
	     "end with the first service, the main one (COMMAND) or all") \
	OPT_(0, "restart", "WHEN", OPT_CALL | OPT_OWN, CALL_RESTART, \
	     "start COMMAND again: no, on-failure, always") \
	OPT_(0, "max", "N", OPT_CALL, CALL_MAX, "but not more than N times in a row") \
	OPT_(0, "backoff", "TIME", OPT_CALL, CALL_BACKOFF, \
	     "the first wait of a service that ends again and again (1s)") \
	OPT_(0, "backoff-limit", "TIME", OPT_CALL, CALL_BACKOFF_LIMIT, "and the longest (60s)")) \
	IF_INIT_LOG( \
	OPT(0, "log", "FILE|FD", OPT_TEXT, log_to, 0, "a line for each event, to this file") \
	OPT(0, "log-format", "FORMAT", OPT_TEXT, log_format, 0, "text or json")) \
	IF_INIT_INFO( \
	OPT_(0, "info-signal", "SIG", OPT_CALL, CALL_INFO, \
	     "on SIG a report on stderr, about zombies too")) \
	IF_INIT_TERMINATION_LOG( \
	OPT(0, "termination-log", "[=FILE]", OPT_TEXT, termination_log, 0, \
	    "say there why it ended (/dev/termination-log)")) \
	IF_INIT_USER( \
	OPT(0, "user", "USER[:GROUP]", OPT_TEXT, user.user, 0, "run the command as this user") \
	OPT(0, "groups", "G[,G]...", OPT_TEXT, user.groups, 0, "its supplementary groups") \
	OPT(0, "cap-add", "CAP[,CAP]...", OPT_TEXT, user.cap_add, 0, "capabilities that it keeps") \
	OPT(0, "cap-drop", "CAP[,CAP]...", OPT_TEXT, user.cap_drop, 0, "and those it loses; all") \
	OPT(0, "no-new-privs", "", OPT_SET, user.no_new_privs, 1, "set-user-ID gives it nothing") \
	OPT(0, "chdir", "DIR", OPT_TEXT, user.dir, 0, "its working directory") \
	OPT(0, "umask", "MODE", OPT_TEXT, user.umask, 0, "its umask, octal") \
	OPT(0, "env-file", "FILE", OPT_TEXT, user.env_file, 0, "add the NAME=VALUE lines of FILE") \
	OPT(0, "clear-env", "", OPT_SET, user.clear_env, 1, "and nothing else")) \
	IF_INIT_CONTAINER( \
	OPT_('v', "verbose", "", OPT_CALL, CALL_VERBOSE, "say on stderr what happens") \
	OPT_('L', "license", "", OPT_CALL, CALL_LICENSE, "show the licence and exit") \
	OPT_('l', "", "", OPT_CALL, CALL_LICENSE, "the same")) \
	IF_INIT_WATCHDOG( \
	OPT(0, "watchdog", "DEVICE[:SECONDS]", OPT_TEXT, watchdog, 0, \
	    "as PID 1 of a machine: keep it from resetting that")) \
	IF_INIT_SYSTEM( \
	OPT('q', "", "", OPT_SET, reload, 1, "have PID 1 read its inittab again")) \
	OPT_('h', "help", "", OPT_CALL, CALL_HELP, "show this help and exit") \
	OPT_('V', "version", "", OPT_CALL, CALL_VERSION, "show the version and exit")
/* clang-format on */

/* What the name says, before the options, which come on top. */
void options_begin(struct init *in);
/* For OPT_CALL: `to` is the struct init. */
void options_take(void *to, int value, const char *arg);
/* Whether the environment has the variable, "NAME=", with this value; NULL: with any. */
int options_env(const char *name, const char *value);
/* After the options. */
void options_settle(struct init *in);

#endif
