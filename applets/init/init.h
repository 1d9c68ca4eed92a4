/* SPDX-License-Identifier: 0BSD */
/* init: one struct on main's stack, and the rooms that work on it. */
#ifndef INIT_H
#define INIT_H

#include <stdint.h>
#include <sys/types.h>

#include "config.h"
#include "cred.h"
#include "reap.h"
#include "sig.h"
#include "sys.h"

/* ---- person.c: what the peers do differently from each other, as facts */

enum person_flags {
	PERSON_ERR = 1,         /* help goes to stderr */
	PERSON_VERSION_ERR = 2, /* so does the version */
	PERSON_SESSION = 4,     /* a session of its own, signals to the group, unless -c */
	PERSON_MUTE = 8,        /* TTIN and TTOU are not handed on */
	PERSON_TINI_ENV = 16,
	PERSON_DUMB_ENV = 32,
	PERSON_CATATONIT_ENV = 64,
	PERSON_PAUSE = 128, /* no command; -v is the version */
};

struct person {
	char name[12];
	char version[14]; /* in front of the number, where programs read it; "": pidbox's own */
	unsigned char exec_failure; /* exit status; 0: the shell's 127 and 126 */
	unsigned char flags;
};

/* The row of a name; that of "init" for any other. */
const struct person *person_find(const char *name);

/* ---- role.c */

enum role { ROLE_CONTAINER, ROLE_SYSTEM };

struct role_facts {
	const char *name;
	int pid1;
	int initial; /* the PID namespace is the machine's first one */
	int dashes;  /* "--" is among the words */
	int command; /* there is one, or -P, which needs none */
};

/* Pure: what the program is to be. */
enum role role_of(const struct role_facts *facts);

/* Whether the caller's PID namespace is the machine's, without /proc: for PID 1 only, since
 * Ctrl-Alt-Del no longer reboots at once afterwards (reboot(2)), which init wants anyway. */
int role_initial(void);

/* ---- the applet's options and state */

enum log_style { LOG_NONE, LOG_TEXT, LOG_JSON, LOG_DUMB };

#define LOG_LINE 512 /* bytes of a line at most: a pipe takes that as a whole or not at all */

struct log {
	int fd; /* -1: none */
	enum log_style style;
	/* Lines since the last one that was written, which says it: of the log, of stderr. */
	unsigned lost, err_lost, all_lost;
	/* What a terminal or a full disk did not take of a line. */
	int rest_fd;
	unsigned rest_len;
	char rest[LOG_LINE];
	/* who is about to be collected */
	pid_t pid;
	char comm[16];
	unsigned comm_len;
	uint64_t start_ticks;
};

/* What the termination log tells and nobody else needs. */
struct death {
	int64_t oom_kills; /* those that the cgroup had counted at the start, or -errno */
	uint64_t ended_ns; /* the command's end, and how */
	int status;
	int killed;          /* --kill-after was what ended it */
	const char *service; /* what has ended all, when it was not the command */
	int services;        /* there was no command */
	int code;            /* si_code of the first stop signal */
	char comm[16];       /* the name of its sender, "" when unknown */
	/* Why the command was never started: the file to execute or the call that failed. */
	const char *file, *call;
	char cause[160];
	int err;
};

/* Who the command is to run as, and where. */
struct user_options {
	const char *user, *groups, *cap_add, *cap_drop, *dir, *umask, *env_file;
	int no_new_privs, clear_env;
	struct cred cred;
	unsigned mask;
	int any;              /* at least one of these */
	const char *dir_call; /* what fails when `dir` is wrong */
};

struct init {
	const struct person *person; /* NULL: it is PID 1 of a machine */
	pid_t self;

	/* What was asked for. */
	unsigned char map[SYS_SIGNALS + 1]; /* what each signal is handed on as; 0: not at all */
	unsigned char success[32];          /* a bit for each exit code that becomes 0 */
	int group, single, subreaper, pause, verbose, warn_reap, propagate, reload;
	int parent_signal, stop_signal, info_signal;
	uint64_t grace_ns, kill_after_ns, pre_stop_ns;
	const char *pre_stop, *wait_all;
	const char *inittab, *watchdog;
	int exit_on, restart;
	unsigned restart_max;
	uint64_t backoff_ns, backoff_limit_ns;
	const char *log_to, *log_format, *termination_log;

	/* The command. */
	pid_t child;               /* 0 once it is collected */
	pid_t group_id;            /* its number, also afterwards */
	struct services *services; /* NULL: the command is all */
	int own_group, session;
	int status, last_status; /* the command's, that of whoever was collected last */
	int stopped, told_to_stop, end_sent;
	int tty, tty_given; /* a descriptor of the terminal, or -1; the command's group has it */
	int farewell;       /* 1: its HUP is still to come, 2: its CONT */
	char listen_pid[24], watchdog_pid[24];

	struct user_options user;

	/* What happened. */
	struct log log;
	struct reap reap;
	uint64_t started_ns;
	unsigned forwarded, reaped, by_signal, by_code, killed;
	struct {
		int sig; /* the first signal that asked for an end, or 0 */
		pid_t from;
		uint64_t at_ns;
	} stop;
	struct death death;

	/* stop.c: moments of CLOCK_MONOTONIC, 0 for none. */
	uint64_t kill_at, pre_stop_until, grace_until;
	pid_t pre_stop_child;
	int pre_stop_done, killing;
	int machine;    /* kernel threads are among the processes */
	siginfo_t held; /* the stop signal that waits for the pre-stop command */
};

/* ---- engine.c: the loop */

/* Notes from here on what ends; engine_start does so otherwise. */
void engine_open(struct init *in);
/* Starts the command; an exit status when that failed, with a line on stderr, else -1. */
int engine_start(struct init *in, char **argv, const struct sys_sigset *mask,
                 const struct sys_sigaction *chld);
/* Hands signals on and reaps until the command has ended, and what --wait-all and --grace add. */
void engine_run(struct init *in);
/* Hands a signal on as `sig`, to the command, to services, or, when all that has ended, to what
 * remains. */
void engine_forward(struct init *in, int sig, siginfo_t *info);
/* The same, but never to services. */
void engine_tell(struct init *in, int sig, siginfo_t *info);
/* Waits for one thing and deals with it. */
void engine_step(struct init *in);
/* Pause mode: reaps until TERM or INT comes. */
void engine_pause(struct init *in);

/* ---- term.c: the controlling terminal */

/* Whether the command's group is to be given the foreground when it starts: then in->tty is the
 * terminal, and the child calls term_enter. */
int term_prepare(struct init *in);
/* In the child: makes its group the foreground one. */
void term_enter(const struct init *in);
/* The same from outside, when our group has it: 1 if it was given. */
int term_give(struct init *in);
/* Gives the foreground back to our own group. */
void term_take_back(struct init *in);
/* Whether a signal is only the terminal's farewell to a session leader that gave it up. */
int term_has_said(struct init *in, const siginfo_t *info);
/* Stops as by a signal of the terminal: with the whole group, which may be a script's that waits
 * for us, and not at all in an orphaned group, where nobody would continue it. */
void term_stop_by(int sig, int group);
/* The command was stopped: stop as it did, so that who waits for us notices, and go on with it. */
void term_stopped(struct init *in, int sig);

/* ---- stop.c: the end, with its time limits */

/* A signal that asks for an end: 1 when it was dealt with, handed on or held until the pre-stop
 * command is over. */
int stop_asked(struct init *in, siginfo_t *info);
/* The next moment at which stop_tick has something to do, or 0. */
uint64_t stop_deadline(const struct init *in);
void stop_tick(struct init *in);
/* A child has ended. */
void stop_ended(struct init *in, const struct reap_end *end);
/* After the command's end: --wait-all and --grace. */
void stop_rest(struct init *in);
/* Sends a signal to all that remains. */
void stop_signal_rest(struct init *in, int sig);

/* ---- log.c: one line an event, never waiting for a reader */

/* Opens what --log and -v ask for; before the start. */
void log_open(struct init *in);
void log_started(struct init *in, const char *command);
/* An event of a service; `key` as for log_event. */
void log_service(struct init *in, const char *event, pid_t pid, const char *command,
                 const char *key, long value);
void log_signal(struct init *in, const siginfo_t *info);
void log_forward(struct init *in, int from, int sig, int err);
void log_found(struct init *in, pid_t pid);
void log_reaped(struct init *in, const struct reap_end *end);
/* Any other event: its name, and one number with its key, or NULL; with the key "signal" it is
 * shown by name. */
void log_event(struct init *in, const char *event, const char *key, long value);
void log_exit(struct init *in, int code);
/* One of dumb-init's own lines, when those are asked for; err is an errno value or 0. */
void log_dumb(struct init *in, const char *text, int err);
/* tini's line about an orphan, to stderr. */
void log_warn_reaped(struct init *in, pid_t pid);
/* A line to stderr: "NAME[PID]: TEXT", or the text alone when it begins with '['. */
__attribute__((format(printf, 2, 3))) void log_say(struct init *in, const char *format, ...);

/* The parts of a line: what does not fit is cut; the end makes it fit for a terminal. */
struct line {
	int json;
	size_t len;
	char text[LOG_LINE];
};
__attribute__((format(printf, 2, 3))) void log_add(struct line *l, const char *format, ...);
void log_end(struct line *l);
/* "S.ffffff" with so many digits of the fraction, 6 at most. */
#define LOG_SECONDS 32
char *log_seconds(uint64_t ns, unsigned digits, char text[LOG_SECONDS]);

/* What it says about a process. 0 or -errno. */
struct proc;
int log_look(pid_t pid, struct proc *p);
/* How long ago a process started. */
uint64_t log_age_ns(uint64_t start_ticks);

/* ---- report.c: what --info-signal asks for, to stderr */
void report(struct init *in);

/* ---- death.c: the termination log */

/* Before the start. */
void death_prepare(struct init *in);
/* The first signal that asks for an end has come: its sender may not live much longer. */
void death_asked(struct init *in, const siginfo_t *info);
/* The command has ended. */
void death_ended(struct init *in, int status);
void death_write(struct init *in, int code);

/* ---- user.c: the command's user, rights, directory, environment */

/* Looks up and reads what the options name; dies on what is wrong. */
void user_prepare(struct init *in);
/* In the child. -errno with the name of what failed in *call. */
int user_apply(const struct init *in, const char **call);

#endif
