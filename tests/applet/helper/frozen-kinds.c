/* SPDX-License-Identifier: 0BSD */
/* Who lives in the place that frozen.c makes: odd names, command lines, users. */
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "frozen.h"

/* ---- names */

static void make_names(void)
{
	static const char names[][24] = {
		"plain",
		"a) R (b\n1 2 3",
		")",
		"((",
		") (",
		" ",
		"   ",
		" leading",
		"trailing ",
		"two  blanks",
		"tab\tnewline\n",
		"\033[31mred\033[0m",
		"\033]0;title\007",
		"del\177",
		"bad \377\300\200",
		"cut \346\227",
		"\346\227\245\346\234\254\350\252\236",
		"e\314\201 combining",
		"\360\237\230\200 emoji",
		"exactly15chars.",
		"sixteen-chars-xx",
		"fourteen chars\303\274",
		"%s%n%p",
		"back\\slash\\n",
		"'quote\"d'",
		"-dash",
		"sixteen",
		"a,b",
		"[kthreadd]",
		"<defunct>",
		"c1 \23331m",
		"ps",
		"\303\274ml\303\244ut",
		"1234",
	};

	for (size_t i = 0; i < LENGTH(names); i++)
		spawn(be_named, names[i]);
}

/* ---- command lines */

struct words {
	const char *words[8];
	const char *env[4];
	int deed, long_word;
};

static void be_words(const void *arg)
{
	const struct words *w = arg;
	static char many[130000];
	char *argv[LENGTH(w->words) + 1] = { 0 }, *envp[LENGTH(w->env) + 1] = { 0 };

	for (size_t i = 0; i < LENGTH(w->words); i++)
		argv[i] = (char *)w->words[i];
	for (size_t i = 0; i < LENGTH(w->env); i++)
		envp[i] = (char *)w->env[i];
	if (w->long_word) {
		memset(many, 'x', (size_t)w->long_word);
		argv[1] = argv[2] = many;
	}
	become("/proc/self/exe", argv, envp, w->deed);
}

static void make_words(void)
{
	static const struct words all[] = {
		{ .words = { "/bin/plain", "-a", "word" } },
		{ .words = { "words", "two words", "", "after empty", "" } },
		{ .words = { "", "second" } },
		{ .words = { " " } },
		{ .words = { "   ", " " } },
		{ .words = { "new\nline", "a\n\nb\n", "\n" } },
		{ .words = { "tab\t", "\t", "cr\r" } },
		{ .words = { "\033[2J\033[H", "bell\007", "del\177", "\001\002\037" } },
		{ .words = { "bad", "\377\376", "\300\200", "\355\240\200", "\364\220\200\200",
		             "\346" } },
		{ .words = { "wide "
		             "\346\227\245\346\234\254\350\252\236\343\201\256\346\226\207\345\255"
		             "\227",
		             "\360\237\230\200\360\237\221\215" } },
		{ .words = { "combining e\314\201o\314\210", "\314\201" } },
		{ .words = { "long" }, .long_word = 300 },
		{ .words = { "verylong" }, .long_word = 3000 },
		{ .words = { "huge" }, .long_word = 129999 },
		{ .words = { "setproctitle: no end" },
		  .env = { "SECRET=in the environment" },
		  .deed = DEED_NO_END },
		{ .words = { "environ" }, .env = { "A=1", "B=two words", "C=\033[31m\n" } },
		{ .words = { "environ" }, .env = { "", "=", "no equals sign" } },
		{ .words = { "environ" }, .env = { "\346\227\245=\346\234\254", "E=" } },
		{ .words = { "%s%n", "%d", "\\n", "$HOME", "`id`" } },
		{ .words = { "-sh" } },
		{ .words = { "(paren) S 1 1", "[x]", "<defunct>" } },
		{ .words = { "postgres: writer   " } },
		{ .words = { "sshd: root@pts/0", "", "", "" } },
	};

	for (size_t i = 0; i < LENGTH(all); i++)
		spawn(be_words, &all[i]);
}

/* ---- users and groups */

struct ids {
	uid_t ruid, euid, suid, fsuid;
	gid_t rgid, egid, sgid, fsgid;
	int groups;
};

static void be_ids(const void *arg)
{
	const struct ids *id = arg;
	gid_t groups[32];

	be_named("ids");
	for (int i = 0; i < id->groups; i++)
		groups[i] = (gid_t)(i % 3 ? i : 70000 + i);
	check(!setgroups((size_t)id->groups, groups), "setgroups");
	check(!setresgid(id->rgid, id->egid, id->sgid), "setresgid");
	setfsgid(id->fsgid);
	/* In this order: it takes a right that the other call takes away. */
	prctl(PR_SET_KEEPCAPS, 1);
	check(!setresuid(id->ruid, id->euid, id->suid), "setresuid");
	if (id->fsuid != id->euid)
		setfsuid(id->fsuid);
	/* Whose files in /proc are his own again. */
	prctl(PR_SET_DUMPABLE, 1);
}

static void make_ids(void)
{
	static const struct ids all[] = {
		{ 65534, 65534, 65534, 65534, 65534, 65534, 65534, 65534, 0 },
		{ 1, 1, 1, 1, 1, 1, 1, 1, 1 },
		{ 1, 2, 3, 2, 4, 5, 6, 5, 2 },
		{ 3, 1, 0, 1, 0, 7, 8, 7, 3 },
		{ 70001, 70001, 70001, 70001, 70001, 70001, 70001, 70001, 4 },
		{ 70002, 70002, 70002, 70002, 70002, 70002, 70002, 70002, 5 },
		{ 70003, 70003, 70003, 70003, 70003, 70003, 70003, 70003, 6 },
		{ 70004, 70004, 70004, 70004, 70004, 70004, 70004, 70004, 8 },
		{ 70005, 70005, 70005, 70005, 70005, 70005, 70005, 70005, 16 },
		{ 70006, 70006, 70006, 70006, 70006, 70006, 70006, 70006, 32 },
		{ 70008, 70008, 70008, 70008, 70008, 70008, 70008, 70008, 0 },
		{ 70009, 70009, 70009, 70009, 70009, 70009, 70009, 70009, 0 },
		{ 12345, 12345, 12345, 12345, 54321, 54321, 54321, 54321, 1 },
		{ 123456789, 123456789, 123456789, 123456789, 123456789, 123456789, 123456789,
		  123456789, 0 },
		{ 0, 0, 0, 70003, 0, 0, 0, 70003, 0 },
	};

	for (size_t i = 0; i < LENGTH(all); i++)
		spawn(be_ids, &all[i]);
}

/* ---- those whom the peer does not show as they should be shown */

static void make_strange_names(void)
{
	static const char names[][24] = {
		"c1 \302\233 \23331m",  "long\355\240\200\364\220\200\200",
		"bidi\342\200\256drow", "zero\342\200\213width",
		"private\356\200\200",  "",
	};
	static const char zombies[][16] = { "zo) Z (mbie", "z\033[31m", "", "fifteen-letters" };

	for (size_t i = 0; i < LENGTH(names); i++)
		spawn(be_named, names[i]);
	for (size_t i = 0; i < LENGTH(zombies); i++)
		leave_zombie(spawn_only(be_ended, zombies[i]));
}

static void make_strange_words(void)
{
	static const struct words all[] = {
		{ .words = { "" } },
		{ .words = { "", "", "" } },
		{ .words = { "zeroed", "argument" }, .deed = DEED_ZERO_ARGV },
		{ .words = { "c1", "\302\233x", "\233x", "\302\205" } },
		{ .words = { "bidi", "\342\200\256gnp", "\342\201\246x\342\201\251", "\330\234" } },
		{ .words = { "zero\342\200\213width", "\342\200\215", "\357\273\277" } },
		{ .words = { "private", "\356\200\200", "\363\260\200\200" } },
	};

	for (size_t i = 0; i < LENGTH(all); i++)
		spawn(be_words, &all[i]);
}

static void make_strange_ids(void)
{
	static const struct ids all[] = {
		{ 4294967294, 4294967294, 4294967294, 4294967294, 4294967294, 4294967294,
		  4294967294, 4294967294, 0 },
		{ 2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648,
		  2147483648, 2147483648, 0 },
	};

	for (size_t i = 0; i < LENGTH(all); i++)
		spawn(be_ids, &all[i]);
}

void make_strangers(void)
{
	be_named("init");
	make_strange_names();
	make_strange_words();
	make_strange_ids();
	forge_stat(spawn(be_named, "from the future"), NULL, "age=-5000");
	forge(spawn(be_named, "in the kernel"), "wchan", "esc\033[31m");
}

void make_everybody(void)
{
	make_names();
	make_words();
	make_ids();
	make_states();
	make_forged();
	/* Who has worked: the share of the time would go on changing, and it is not asleep yet. */
	forge_stat(getpid(), NULL, "14=0 15=0 16=0 17=0 39=0");
	forge_status(getpid(), "");
}
