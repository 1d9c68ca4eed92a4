/* SPDX-License-Identifier: 0BSD */
/* ps: what the words of its command line say, without a process being looked at. */
#include "test.h"
#include "help.h"

#include "../../applets/ps/ps.h"

#include "../../applets/ps/columns.h"
#include "../../applets/ps/format.c"
#include "../../applets/ps/parse.c"
#include "../../applets/ps/person.c"
#include "../../applets/ps/select.c"
#include "../../applets/ps/sort.c"

OUT_COLUMNS(columns, COLUMNS);
OPT_TABLE(rows, ROWS);
static const struct opt_table options = { rows, rows_text, COUNT(rows), 0, 1, NULL };

/* The world of these tests: user alice 1000, group staff 50, terminal pts/7 of number 34823,
 * process 7@9 is 700; own terminal 5. */
static int look_up(void *context, enum ps_name what, const char *name, uint32_t *number)
{
	static const struct {
		enum ps_name what;
		char name[16];
		int r;
		uint32_t number;
	} known[] = {
		{ PS_NAME_USER, "alice", 0, 1000 },
		{ PS_NAME_GROUP, "staff", 0, 50 },
		{ PS_NAME_TTY, "pts/7", 0, 34823 },
		{ PS_NAME_TTY, "", 0, 5 },
		{ PS_NAME_TTY, "?", 0, 0 },
		{ PS_NAME_TTY, "file", -ENOTTY, 0 },
		{ PS_NAME_PROCESS, "7@9", 0, 700 },
		{ PS_NAME_PROCESS, "8@9", -ESRCH, 0 },
		{ PS_NAME_PROCESS, "9@9", -EINVAL, 0 },
		{ PS_NAME_PROCESS, "notacontainer", -EINVAL, 0 },
	};

	(void)context;
	for (size_t i = 0; i < COUNT(known); i++)
		if (known[i].what == what && !strcmp(known[i].name, name)) {
			*number = known[i].number;
			return known[i].r;
		}
	return -ENOENT;
}

struct result {
	int r;
	struct ps_args a;
	struct ps_error e;
	struct out_table table;
	char line[256], columns[1024], items[512];
	char *words[32];
};

static struct ps_world world = { .opts = &options, .look_up = look_up };

/* A line of words with one blank between them; _ is an empty word, and ~ a blank in one. */
static void split(struct result *p, const char *line)
{
	int n = 1;
	char *s = p->line;

	snprintf(p->line, sizeof p->line, "%s", line);
	p->words[0] = (char *)(size_t) "ps";
	while (*s) {
		size_t len = strcspn(s, " ");
		char *end = s + len;
		int more = *end != 0;

		*end = 0;
		p->words[n++] = strcmp(s, "_") ? s : s + 1;
		for (; s < end; s++)
			if (*s == '~')
				*s = ' ';
		s = end + more;
	}
	p->words[n] = NULL;
}

/* "NAME:WIDTH=HEADER" of each column, the width when it was chosen, the header when it is not its
 * own. */
static void tell_columns(struct result *p)
{
	size_t len = 0;

	p->columns[0] = 0;
	for (unsigned i = 0; i < p->table.count; i++) {
		const struct out_pick *c = &p->table.picks[i];
		const char *own;

		if (!c->col) { /* a gap */
			len += (size_t)snprintf(p->columns + len, sizeof p->columns - len, "%s+%zu",
			                        i ? "," : "", c->width);
			continue;
		}
		own = c->name + strlen(c->name) + 1;
		len += (size_t)snprintf(p->columns + len, sizeof p->columns - len, "%s%s",
		                        i ? "," : "", c->name);
		if (c->fixed)
			len += (size_t)snprintf(p->columns + len, sizeof p->columns - len, ":%zu",
			                        c->width);
		if (strcmp(c->header, own))
			len += (size_t)snprintf(p->columns + len, sizeof p->columns - len, "=%s",
			                        c->header);
	}
}

static void tell_items(struct result *p)
{
	static const char letters[] = "CgGuUpqPsrt"; /* in the order of enum ps_kind */
	size_t count, len = 0;
	const struct ps_item *items = items_of(&p->a, &count);

	p->items[0] = 0;
	for (size_t i = 0; i < count; i++) {
		const struct ps_item *item = &items[i];
		char text[64];

		snprintf(text, sizeof text, "%u", item->number);
		if (item->kind == PS_KIND_COMMAND)
			snprintf(text, sizeof text, "%.*s", (int)item->len, item->text);
		len += (size_t)snprintf(p->items + len, sizeof p->items - len, "%s%c%s",
		                        i ? " " : "", letters[item->kind], text);
	}
}

static struct result *parse(const char *line)
{
	static struct result result;
	static struct out o = { .fd = -1 };
	struct result *p = &result;

	ps_args_free(&p->a);
	memset(p, 0, sizeof *p);
	p->table = (struct out_table){ .o = &o, OUT_USE(columns) };
	split(p, line);
	p->r = ps_parse(&world, p->words, &p->table, &p->a, &p->e);
	tell_columns(p);
	tell_items(p);
	return p;
}

/* ---- errors */

static void check_wrong(const char *line, enum ps_wrong code, const char *about)
{
	const struct result *p = parse(line);

	if (p->r != -EINVAL || p->e.code != code || strcmp(p->e.about, about))
		CHECK_FAIL("ps %s: %d, \"%s\" '%s'; not \"%s\" '%s'", line, p->r,
		           ps_wrong_text(p->e.code), p->e.about, ps_wrong_text(code), about);
}

TEST(words)
{
	check_wrong("--", PS_WRONG_GARBAGE, "--");
	check_wrong("-", PS_WRONG_GARBAGE, "-");
	check_wrong("+x", PS_WRONG_GARBAGE, "+x");
	check_wrong("_", PS_WRONG_GARBAGE, "");
	check_wrong("%", PS_WRONG_GARBAGE, "%");
	check_wrong("-R", PS_WRONG_SYSV, "R");
	check_wrong("-eR", PS_WRONG_SYSV, "R");
	check_wrong("aA", PS_WRONG_BSD, "A");
	check_wrong("-a-", PS_WRONG_SYSV_DASH, "-");
	check_wrong("a-", PS_WRONG_BSD_DASH, "-");
	check_wrong("--no-such", PS_WRONG_GNU, "--no-such");
	check_wrong("--fores", PS_WRONG_GNU, "--fores"); /* nothing is abbreviated */
	check_wrong("--forest=1", PS_WRONG_NO_ARGUMENT, "forest");
	check_wrong("-V -e", PS_WRONG_EXCLUSIVE, "-V");
	check_wrong("aL", PS_WRONG_EXCLUSIVE, "aL");
	check_wrong("La", PS_WRONG_EXCLUSIVE, "La");
	check_wrong("W x", PS_WRONG_DRUM, "W");
	check_wrong("W", PS_WRONG_DRUM, "W");
	check_wrong("--headers h", PS_WRONG_HEADINGS, "h");
	check_wrong("--cols 0", PS_WRONG_COLUMNS, "0");
	check_wrong("--rows x", PS_WRONG_LINES, "x");
	check_wrong("--delimiter ab", PS_WRONG_DELIMITER, "ab");
}

TEST(arguments)
{
	check_wrong("-p", PS_WRONG_MISSING, "-p");
	CHECK_TEXT(parse("-p")->e.noun, "list of process IDs");
	check_wrong("-p _", PS_WRONG_MISSING, "-p");
	check_wrong("p", PS_WRONG_MISSING, "p");
	check_wrong("--pid", PS_WRONG_MISSING, "--pid");
	check_wrong("--pid=", PS_WRONG_MISSING, "--pid");
	check_wrong("--pid= 1", PS_WRONG_MISSING, "--pid");
	check_wrong("-o", PS_WRONG_MISSING, "-o");
	CHECK_TEXT(parse("-o")->e.noun, "format specification");
	CHECK_TEXT(parse("--sort")->e.noun, "long sort specification");
	CHECK_TEXT(parse("-C")->e.noun, "list of command names");
	CHECK_TEXT(parse("-t")->e.noun, "list of terminals (pty, tty...)");
	CHECK_TEXT(parse("--proc")->e.noun, "directory");
	CHECK_TEXT(parse("--in")->e.noun, "PID namespace");
	CHECK_TEXT(parse("-D")->e.noun, "date format");
}

static void check_items(const char *line, const char *items)
{
	const struct result *p = parse(line);

	if (p->r || strcmp(p->items, items))
		CHECK_FAIL("ps %s: %d, items '%s', not '%s'", line, p->r, p->items, items);
}

TEST(lists)
{
	check_items("-p1", "p1");
	check_items("-p 1,2~3", "p1 p2 p3");
	check_items("-p 1 -p 2 p 3 --pid=4 --pid:5 --pid 6", "p1 p2 p3 p4 p5 p6");
	check_items("ax7", "p7"); /* digits end a cluster */
	check_items("-p 0x10,010,+9", "p16 p8 p9");
	check_items("-p 2147483647", "p2147483647");
	check_items("1 2 -4 +5", "p1 p2 r4 s5");
	check_items("-q 2,1", "q2 q1");
	check_items("--ppid 0,1", "P0 P1");
	check_items("-s 5 --session 6 --sid 7", "s5 s6 s7");
	check_items("-g 5,6", "s5 s6");
	check_items("-g staff", "g50");
	check_items("-g 5,staff", "g5 g50");
	check_items("-u alice,0 U 1 --user 2", "u1000 u0 u1 u2");
	check_items("-U 1 --User alice", "U1 U1000");
	check_items("-G staff --Group 1 --group 2", "G50 G1 g2");
	check_items("-u 4294967294", "u4294967294");
	check_items("-t pts/7,? T", "t34823 t0 t5");
	check_items("t", "t5");
	check_items("-C a,b", "Ca Cb");
	check_items("-p 7@9,1", "p700 p1");
	check_items("--ppid 7@9 -s 7@9", "P700 s700");
	check_items("-q 7@9", "q700");
}

TEST(wrong_lists)
{
	check_wrong("-p 1,", PS_WRONG_LIST, "1,");
	check_wrong("-p ,1", PS_WRONG_LIST, ",1");
	check_wrong("-p 1,,2", PS_WRONG_LIST, "1,,2");
	check_wrong("-p x", PS_WRONG_PID_SYNTAX, "x");
	check_wrong("-p 08", PS_WRONG_PID_SYNTAX, "08");
	check_wrong("-p 0x", PS_WRONG_PID_SYNTAX, "0x");
	check_wrong("-p 1x", PS_WRONG_PID_SYNTAX, "1x");
	check_wrong("1 x", PS_WRONG_PID_SYNTAX, "x");
	check_wrong("1 -f", PS_WRONG_PID_SYNTAX, "f");
	check_wrong("1 2,3", PS_WRONG_PID_SYNTAX, "2,3"); /* each word is one number */
	check_wrong("1~2", PS_WRONG_PID_SYNTAX, "1 2");
	check_wrong("-4,5", PS_WRONG_PID_SYNTAX, "-4,5");
	check_wrong("-p 0", PS_WRONG_PID_RANGE, "0");
	check_wrong("-p -1", PS_WRONG_PID_RANGE, "-1");
	check_wrong("-p 2147483648", PS_WRONG_PID_RANGE, "2147483648");
	check_wrong("-p 99999999999999999999999", PS_WRONG_PID_RANGE, "99999999999999999999999");
	check_wrong("-p 8@9", PS_WRONG_REF, "8@9");
	CHECK_INT(parse("-p 8@9")->e.err, -ESRCH);
	check_wrong("-p 9@9", PS_WRONG_REF, "9@9");
	CHECK_INT(parse("-p 9@9")->e.err, -EINVAL);
	check_wrong("-p abcdefabcdef", PS_WRONG_REF, "abcdefabcdef");
	check_wrong("-p notacontainer", PS_WRONG_PID_SYNTAX, "notacontainer");
	check_wrong("-u nosuch", PS_WRONG_USER, "nosuch");
	check_wrong("-u 4294967295", PS_WRONG_USER_RANGE, "4294967295");
	check_wrong("-G nosuch", PS_WRONG_GROUP, "nosuch");
	check_wrong("-G 4294967295", PS_WRONG_GROUP_RANGE, "4294967295");
	check_wrong("-g nosuch", PS_WRONG_SESSIONS, "nosuch");
	check_wrong("-t nosuch", PS_WRONG_TTY, "nosuch");
	check_wrong("-t file", PS_WRONG_NO_TTY, "file");
	check_items("-N -u nosuch", ""); /* all but nobody */
	CHECK_INT(parse("-N -u nosuch")->a.listed, 1);
	check_wrong("1,", PS_WRONG_PID_SYNTAX, "1,");
	check_wrong("-u nosuch -N", PS_WRONG_USER, "nosuch");
}

/* ---- the second pass */

static void check_bsd(const char *line, unsigned simple)
{
	const struct result *p = parse(line);

	if (p->r || !p->a.bsd || p->a.simple != simple)
		CHECK_FAIL("ps %s: %d, bsd %d, simple %u, not %u", line, p->r, p->a.bsd,
		           p->a.simple, simple);
}

TEST(second_pass)
{
	const struct result *p;

	check_bsd("-ax", PS_BSD_A | PS_BSD_X | PS_ALL);
	check_bsd("-aux", PS_BSD_A | PS_BSD_X | PS_ALL); /* there is no user x */
	CHECK_TEXT(parse("-aux")->items, "");
	CHECK_INT(parse("-aux")->a.format, PS_FMT_U);
	check_bsd("-ax 1", PS_BSD_A | PS_BSD_X | PS_ALL);
	p = parse("-ef -o pid"); /* formats conflict; BSD's -e and -f do not */
	CHECK_INT(p->r, 0);
	CHECK_INT(p->a.simple, 0);
	CHECK_INT(p->a.env && p->a.forest, 1);
	CHECK_TEXT(p->columns, "pid");
	CHECK_INT(parse("-axm")->a.format, PS_FMT_M);
	/* not with a bare word, and then the first error shows */
	check_wrong("-ax u", PS_WRONG_PERSON_X, "-ax");
	check_wrong("-aux f", PS_WRONG_USER, "x");
	check_wrong("-m H", PS_WRONG_THREAD_H, "");
	/* what the first pass has seen is forgotten */
	p = parse("-N -p 1 -o pid -R");
	CHECK_INT(p->r, -EINVAL);
	CHECK_INT(p->e.code, PS_WRONG_SYSV);
}

TEST(conflicts)
{
	check_wrong("a -a", PS_WRONG_SELECTION, "");
	check_wrong("-a x", PS_WRONG_SELECTION, "");
	check_wrong("-a g", PS_WRONG_SELECTION, "");
	check_wrong("-a x -e", PS_WRONG_SELECTION, "");
	check_wrong("-a ax", PS_WRONG_SELECTION, "");
	CHECK_INT(parse("-e ax")->r, 0);
	CHECK_INT(parse("-ad")->r, 0);
	check_wrong("f -L", PS_WRONG_THREAD_FOREST, "");
	check_wrong("-H m", PS_WRONG_THREAD_FOREST, "");
	check_wrong("m -m", PS_WRONG_THREAD_M, "");
	check_wrong("-LT", PS_WRONG_THREAD_LT, "");
	check_wrong("-q 1 -q 2", PS_WRONG_QUICK_ONCE, "");
	check_wrong("-q 1 -p 2", PS_WRONG_QUICK_OTHER, "");
	CHECK_INT(parse("-q 1 r")->r, 0);
	CHECK_INT(parse("-q 1 -e")->a.bsd, 0);
	check_wrong("-q 1 f", PS_WRONG_QUICK_FOREST, "");
	check_wrong("-q 1 --sort pid", PS_WRONG_QUICK_SORT, "");
	check_wrong("-q 1 -N", PS_WRONG_QUICK_NEGATE, "");
}

/* ---- columns */

static void check_columns(const char *line, const char *want)
{
	const struct result *p = parse(line);

	if (p->r || strcmp(p->columns, want))
		CHECK_FAIL("ps %s: %d %s, columns\n'%s', not\n'%s'", line, p->r,
		           ps_wrong_text(p->e.code), p->columns, want);
}

TEST(formats)
{
	check_columns("", "pid,tname,time,ucmd");
	check_columns("x", "pid,tname,stat,bsdtime,args");
	check_columns("1", "pid,tname,stat,bsdtime,args");
	check_columns("-f", "uid_hack,pid,ppid,c,stime,tname,time,cmd");
	check_columns("-f x", "uid_hack,pid,ppid,c,stime,tname,stat,bsdtime,cmd");
	check_columns("-F", "uid_hack,pid,ppid,c,sz,rss,psr,stime,tname,time,cmd");
	check_columns("-FP", "uid_hack,pid,ppid,psr,c,sz,rss,stime,tname,time,cmd");
	check_columns("-l", "f,s,uid,pid,ppid,c,opri,ni,addr_1,sz,wchan,tname,time,ucmd");
	check_columns("-ly", "s,uid,pid,ppid,c,opri,ni,rss,sz,wchan,tname,time,ucmd");
	check_columns("-l x", "f,s,uid,pid,ppid,c,opri,ni,addr_1,sz,wchan,tname,bsdtime,cmd");
	check_columns("-fl",
	              "f,s,uid_hack,pid,ppid,c,opri,ni,addr_1,sz,wchan,stime,tname,time,cmd");
	check_columns("-lyF",
	              "s,uid_hack,pid,ppid,c,opri,ni,rss,sz,wchan,psr,stime,tname,time,cmd");
	check_columns("-flLjPc", "f,s,uid_hack,pid,ppid,pgid,sid,lwp,psr,nlwp,class,pri,addr_1,sz,"
	                         "wchan,stime,tname,time,cmd");
	check_columns("-Tfj", "uid_hack,pid,spid,ppid,pgid,sid,c,stime,tname,time,cmd");
	check_columns("-jc", "pid,pgid,sid,class,pri,tname,time,ucmd");
	check_columns("-M", "label,pid,tname,time,ucmd");
	check_columns("Z", "label,pid,tname,stat,bsdtime,args");
	check_columns("j", "ppid,pid,pgid,sid,tname,tpgid,stat,uid,bsdtime,args");
	check_columns("u", "user,pid,pcpu,pmem,vsz,rss,tname,stat,start_time,bsdtime,args");
	check_columns("v", "pid,tname,stat,bsdtime,maj_flt,m_trs,m_drs,rss,pmem,args");
	check_columns("s", "uid,pid,pending,sig_block,sig_ignore,caught,stat,tname,bsdtime,args");
	check_columns("X", "pid,start_stack,esp,eip,timeout,alarm,stat,tname,bsdtime,args");
	check_columns("l",
	              "flags,uid,pid,ppid,priority,nice,vsz,rss,wchan,stat,tname,bsdtime,args");
	check_columns("l -j", "flags,uid,pid,ppid,pgid,sid,priority,nice,vsz,rss,wchan,stat,tname,"
	                      "bsdtime,args");
	check_columns("l -cLj Z", "label,flags,uid,pid,ppid,pgid,sid,lwp,class,pri,vsz,rss,wchan,"
	                          "stat,tname,bsdtime,args");
	check_columns("u -L",
	              "user,pid,lwp,pcpu,nlwp,pmem,vsz,rss,tname,stat,start_time,bsdtime,args");
	check_columns("j -T", "ppid,pid,spid,pgid,sid,tname,tpgid,stat,uid,bsdtime,args");
	check_columns("X -j", "pid,pgid,sid,start_stack,esp,eip,timeout,alarm,stat,tname,bsdtime,"
	                      "args");
	check_columns("--context", "pid,context,command");
	check_wrong("-y", PS_WRONG_FORMAT_Y, "");
	check_wrong("-fy", PS_WRONG_FORMAT_Y, "");
	check_wrong("j -l", PS_WRONG_FORMATS, "");
	check_wrong("ju", PS_WRONG_FORMATS, "");
	check_wrong("u -c", PS_WRONG_FORMATS, "-c");
}

TEST(chosen_columns)
{
	check_columns("-o pid,comm", "pid,comm");
	check_columns("-opid -o comm", "pid,comm");
	check_columns("o pid --format comm --format=tty", "pid,comm,tty");
	check_columns("-o pid~comm,", "pid,comm");
	check_columns("-o pid:3", "pid:3");
	check_columns("-o pid=P,comm=", "pid=P,comm=");
	check_columns("-o pid:7=A:B=C", "pid:7=A:B=C");
	check_columns("-o %cpu,%mem", "%cpu,%mem");
	check_columns("-o %p~%a%z", "pid,+1,args,vsz,+0");
	check_columns("-o ~%p~~ -o pid", "+1,pid,+2,pid");
	check_columns("-o %c", "comm,+0");
	check_columns("-O %p", "pid,pid,+0,state,tname,time,command");
	check_wrong("-o x%p", PS_WRONG_AIX_TEXT, "x");
	check_wrong("-o pid,%p", PS_WRONG_AIX_TEXT, "p");
	check_wrong("-o %~p", PS_WRONG_AIX_END, "% p");
	check_wrong("-o %%", PS_WRONG_AIX_END, "%%");
	check_columns("-o DefSysV", "pid,tname,time,cmd");
	check_columns("-o DefSysV=X,pid", "pid=X,tname=X,time=X,cmd=X,pid");
	check_columns("-O ni", "pid,ni,state,tname,time,command");
	check_columns("-O ni -o pid", "pid,ni,state,tname,time,command,pid");
	check_columns("O ni", "pid,ni,state,tname,cputime,comm");
	check_wrong("-o ,", PS_WRONG_FORMAT_LIST, ",");
	check_wrong("-o pid,,", PS_WRONG_FORMAT_LIST, "pid,,");
	check_wrong("-o PID", PS_WRONG_FORMAT_NAME, "PID"); /* exactly that name */
	check_wrong("-o nosuch", PS_WRONG_FORMAT_NAME, "nosuch");
	check_wrong("-o pid,B\"", PS_WRONG_FORMAT_NAME, "B\"");
	check_wrong("-o pid:0", PS_WRONG_FORMAT_WIDTH, "pid:0");
	check_wrong("-o pid:", PS_WRONG_FORMAT_WIDTH, "pid:");
	check_wrong("-o pid:-1", PS_WRONG_FORMAT_WIDTH, "pid:-1");
	check_wrong("-o pid:1x=h", PS_WRONG_FORMAT_WIDTH, "pid:1x=h");
	check_wrong("-o DFMT:3", PS_WRONG_FORMAT_MACRO, "DFMT:3");
	check_wrong("-o %p%q", PS_WRONG_FORMAT_AIX, "q");
	check_wrong("-o %p,%a", PS_WRONG_AIX_TEXT, ",");
	check_wrong("-o %p%", PS_WRONG_AIX_END, "%p%");
	check_wrong("-o pid -O ni", PS_WRONG_FORMAT_O, "ni");
	check_wrong("-o pid O ni", PS_WRONG_FORMAT_BSD_O, "ni");
	check_wrong("-f -o pid u", PS_WRONG_FORMATS, "");
	check_wrong("-Z -o pid", PS_WRONG_MODIFIERS, "");
}

TEST(keys)
{
	const struct result *p = parse("--sort -ppid,+pid~comm,");

	CHECK_INT(p->r, 0);
	CHECK_INT(p->a.key_count, 3);
	CHECK(p->a.keys[0].col == out_find(&p->table, "ppid", 4) && p->a.keys[0].down);
	CHECK(p->a.keys[1].col == out_find(&p->table, "pid", 3) && !p->a.keys[1].down);
	CHECK(p->a.keys[2].col == out_find(&p->table, "comm", 4) && !p->a.keys[2].down);
	p = parse("k -pid");
	CHECK_INT(p->a.key_count == 1 && p->a.keys[0].down, 1);
	p = parse("O-rp");
	CHECK_INT(p->r, 0);
	CHECK_INT(p->a.key_count, 2);
	CHECK(p->a.keys[0].col == out_find(&p->table, "rss", 3) && p->a.keys[0].down);
	CHECK(p->a.keys[1].col == out_find(&p->table, "pid", 3) && !p->a.keys[1].down);
	CHECK_TEXT(p->columns, "pid,tname,stat,bsdtime,args");
	check_wrong("--sort ,", PS_WRONG_SORT_LIST, ",");
	check_wrong("--sort pid,,", PS_WRONG_SORT_LIST, "pid,,");
	check_wrong("--sort nosuch", PS_WRONG_SORT_KEY, "nosuch");
	check_wrong("--sort pid,-", PS_WRONG_SORT_KEY, "");
	check_wrong("--sort pid k pid", PS_WRONG_SORTS, "");
	check_wrong("Op --sort pid", PS_WRONG_SORTS, "");
	check_wrong("--sort pid Op", PS_WRONG_SORTS, "");
	check_wrong("Opp", PS_WRONG_SORT_CODE, "pp");
	check_wrong("O+", PS_WRONG_SORT_CODE, "+");
}

TEST(environment)
{
	struct ps_world usual = world;

	world.default_format = "comm,pid=X";
	check_columns("", "comm,pid=X");
	check_columns("x", "comm,pid=X");
	check_columns("-f", "uid_hack,pid,ppid,c,stime,tname,time,cmd");
	check_columns("-o pid", "pid");
	world.default_format = "nosuch";
	check_columns("", "pid,tname,time,ucmd");
	world = usual;
	CHECK_INT(ps_person("linux", &world.person), 0);
	check_columns("-f", "user,pid,ppid,c,stime,tname,time,cmd");
	check_columns("-l", "f,s,uid,pid,ppid,c,opri,ni,sgi_p,sz,wchan,tname,time,ucmd");
	CHECK_INT(ps_person("bsd", &world.person), 0);
	check_bsd("-aux", PS_BSD_A | PS_BSD_X | PS_ALL);
	check_bsd("aux", PS_BSD_A | PS_BSD_X | PS_ALL);
	CHECK_INT(parse("h")->a.header, 1);
	CHECK_INT(ps_person("hp", &world.person), 0);
	CHECK_INT(parse("-x")->a.wide, 2);
	CHECK_INT(ps_person("SVR4", &world.person), 0);
	CHECK_INT(parse("-lx")->a.modifiers, PS_MOD_Y);
	CHECK_INT(ps_person("busybox", &world.person), 0);
	check_columns("", "pid:5,user,bsdtime:5,args");
	CHECK_INT(parse("")->a.simple, PS_ALL);
	CHECK_INT(ps_person("nosuch", &world.person), -EINVAL);
	world = usual;
	CHECK_INT(parse("h")->a.no_header, 1);
}

/* ---- who is meant */

TEST(selection)
{
	struct proc self = { .pid = 10, .sid = 9, .euid = 1, .tty = 5, .state = 'R' };
	/* own on this terminal, own leader there, own elsewhere, own on none, another's on one */
	static const struct proc procs[] = {
		{ .pid = 11,
		  .ppid = 1,
		  .sid = 9,
		  .euid = 1,
		  .tty = 5,
		  .state = 'S',
		  .comm = "sh",
		  .comm_len = 2 },
		{ .pid = 9,
		  .ppid = 0,
		  .sid = 9,
		  .euid = 1,
		  .tty = 5,
		  .state = 'R',
		  .comm = "a",
		  .comm_len = 1 },
		{ .pid = 12,
		  .sid = 8,
		  .euid = 1,
		  .tty = 6,
		  .state = 'D',
		  .comm = "123456789012345",
		  .comm_len = 15 },
		{ .pid = 13,
		  .sid = 8,
		  .euid = 1,
		  .tty = 0,
		  .state = 'Z',
		  .comm = "12345678901234567",
		  .comm_len = 17 },
		{ .pid = 14,
		  .sid = 8,
		  .euid = 2,
		  .tty = 6,
		  .state = 'S',
		  .ruid = 1000,
		  .rgid = 50,
		  .egid = 51,
		  .pgid = 77 },
	};
	static const struct {
		char line[24];
		char who[6]; /* of the five */
	} cases[] = {
		{ "", "xx..." },
		{ "-e", "xxxxx" },
		{ "-A", "xxxxx" },
		{ "-a", "x.x.x" },
		{ "-d", "x.xxx" },
		{ "-ad", "x.xxx" },
		{ "f", "xxx.." },
		{ "a", "xxx.x" },
		{ "x", "xxxx." },
		{ "ax", "xxxxx" },
		{ "g", "xxx.." },
		{ "T", "xx..." },
		{ "r", ".xx.." },
		{ "axr", ".xx.." },
		{ "-N", "..xxx" },
		{ "-N -e", "....." },
		{ "-p 14", "....x" },
		{ "-p 14 -N", "xxxx." },
		{ "-p 14 x", "xxxxx" },
		{ "14", "....x" },
		{ "--ppid 0", ".xxxx" },
		{ "-s 9", "xx..." },
		{ "-77", "....x" },
		{ "-C sh,a", "xx..." },
		{ "-C 123456789012345", "..xx." },
		{ "-C s", "....." },
		{ "-u 2", "....x" },
		{ "-U alice", "....x" },
		{ "-G staff", "....x" },
		{ "--group 51", "....x" },
		{ "-t ?", "...x." },
		{ "--zombies", "...x." },
		{ "-p 13,14 --zombies", "...x." },
		{ "-N -u nosuch", "xxxxx" },
		{ "-q 14 -e", "....x" },
		{ "-q 14 r", "....." },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct result *p;
		char who[6] = ".....";

		p = parse(cases[i].line);
		for (size_t k = 0; k < COUNT(procs); k++)
			if (ps_selects(&p->a, &self, &procs[k], 1))
				who[k] = 'x';
		if (p->r || strcmp(who, cases[i].who))
			CHECK_FAIL("ps %s: %d %s, not %s", cases[i].line, p->r, who, cases[i].who);
	}
	CHECK_INT(ps_selects(&parse("-e")->a, &self, &procs[0], 0), 0);
	CHECK_INT(ps_selects(&parse("-N -e")->a, &self, &procs[0], 0), 1);
}

TEST(only_what_is_named_is_read)
{
	size_t count;

	CHECK(ps_named(&parse("-p 3,1")->a, &count) && count == 2);
	CHECK(ps_named(&parse("-q 3,1")->a, &count) && count == 2);
	CHECK(!ps_named(&parse("-p 3 x")->a, &count));
	CHECK(!ps_named(&parse("-p 3 -N")->a, &count));
	CHECK(!ps_named(&parse("-p 3 f")->a, &count));
	CHECK(!ps_named(&parse("-p 3 --sort pid")->a, &count));
	CHECK(!ps_named(&parse("-p 3 -s 1")->a, &count));
	CHECK(!ps_named(&parse("")->a, &count));
	CHECK_INT(ps_select_needs(&parse("-e")->a), 0);
	CHECK_INT(ps_select_needs(&parse("-p 1")->a), 0);
	CHECK_INT(ps_select_needs(&parse("-u 1")->a), PROC_OWNER);
	CHECK_INT(ps_select_needs(&parse("-U 1")->a), PROC_STATUS);
	CHECK_INT(ps_select_needs(&parse("r -e")->a), PROC_STAT);
}

/* ---- the rest */

TEST(looks)
{
	const struct result *p =
		parse("-wwH --cols 70 --rows=9 --delimiter ; -D %Y --signames S n c e");

	CHECK_INT(p->r, 0);
	CHECK_INT(p->a.wide, 2);
	CHECK_INT(p->a.forest, PS_FOREST_INDENT);
	CHECK_INT(p->a.columns, 70);
	CHECK_INT(p->a.lines, 9);
	CHECK_TEXT(p->a.delimiter, ";");
	CHECK_TEXT(p->a.date_format, "%Y");
	CHECK_INT(p->a.signames && p->a.cumulative && p->a.numeric && p->a.bare && p->a.env, 1);
	CHECK_INT(parse("--width 7")->a.columns, 7);
	CHECK_INT(parse("--columns:7")->a.columns, 7);
	CHECK_INT(parse("--heading")->a.header, 1);
	CHECK_INT(parse("--no-heading")->a.no_header, 1);
	CHECK_INT(parse("--noheaders")->a.no_header, 1);
	CHECK_INT(parse("-V")->a.print, PS_PRINT_VERSION);
	CHECK_INT(parse("V")->a.print, PS_PRINT_VERSION);
	CHECK_INT(parse("L")->a.print, PS_PRINT_COLUMNS);
	CHECK_INT(parse("--help all")->a.print, PS_PRINT_HELP);
	CHECK_INT(parse("f")->a.forest, PS_FOREST_LINES);
	CHECK_INT(parse("--json")->a.json, 1);
	CHECK_TEXT(parse("--pidns-tree 7")->a.pidns, "7");
	CHECK_INT(parse("--pidns-tree 7")->a.below, 1);
	CHECK_TEXT(parse("--in 7 -e")->a.in, "7");
	CHECK_INT(parse("--pidns 7")->a.simple, PS_ALL);
	CHECK_INT(parse("--pidns 7 -p 1")->a.simple, 0);
}
