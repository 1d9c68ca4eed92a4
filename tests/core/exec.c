/* SPDX-License-Identifier: 0BSD */
/* Executing by PATH, and why that failed: with scripts and with ELF files made byte by byte, whole
 * and hostile ones. Asking for the cause must neither block nor fall, whatever the file is. */
#include "test.h"
#include "help.h"
#include "guard.h"
#include "spawn.h"
#include "exec.h"

#include <elf.h>
#include <pty.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>

static void put_program(const char *name, const char *text, int mode)
{
	put(name, text);
	if (chmod(tmp(name), (mode_t)mode))
		give_up(name);
}

static void set_path(const char *a, const char *b)
{
	char path[1100];

	snprintf(path, sizeof path, "%s:%s", tmp(a), tmp(b));
	setenv("PATH", path, 1);
}

/* ---- exec by PATH */

TEST(path)
{
	char *old = strdup(getenv("PATH")), where[512];
	struct child c = { .argv = ARGV("tool") };

	put_program("p1/tool", "#!/bin/sh\necho one\n", 0644); /* not executable */
	put_program("p2/other", "#!/bin/sh\necho two\n", 0755);
	set_path("p1", "p2");
	CHECK_INT(spawn(&c), -EACCES); /* there is one, and it may not be run */
	set_path("p2", "none");
	CHECK_INT(spawn(&c), -ENOENT);
	put_program("p2/tool", "#!/bin/sh\necho two\n", 0755);
	set_path("p1", "p2");
	check_printed(c, "two\n"); /* the next is tried */
	set_path("p1/tool", "p2"); /* a file in PATH is no directory */
	check_printed(c, "two\n");
	put_program("p1/tool", "#!/nonexistent\n", 0755);
	set_path("p1", "p2");
	check_printed(c, "two\n"); /* as execvp(3): nor is its interpreter there */

	/* An empty word is the current directory. */
	if (!getcwd(where, sizeof where) || chdir(tmp("p2")))
		give_up("chdir");
	setenv("PATH", "", 1);
	check_printed(c, "two\n");
	setenv("PATH", "/none:", 1);
	check_printed(c, "two\n");
	setenv("PATH", ":/none", 1);
	check_printed(c, "two\n");
	setenv("PATH", "/none", 1);
	CHECK_INT(spawn(&c), -ENOENT);
	if (chdir(where))
		give_up("chdir");

	/* A word that is too long is passed over. */
	{
		static char path[5200];

		memset(path, 'a', 5000);
		path[0] = '/';
		snprintf(path + 5000, 200, ":%s", tmp("p2"));
		setenv("PATH", path, 1);
		check_printed(c, "two\n");
	}
	unsetenv("PATH"); /* a default, as execvp(3) has one */
	check_printed((struct child){ .argv = ARGV("echo", "x") }, "x\n");
	setenv("PATH", old, 1);
	free(old);
	no_children();
}

/* POSIX has the shell run a file that is no program: $0 is the file, the arguments are kept. */
TEST(variable)
{
	char *none[] = { NULL }, *some[] = { "AB=x", "A=1", "A=2", "EMPTY=", "ODD", NULL };
	char **own = environ;

	environ = some;
	CHECK_TEXT(exec_variable("A="), "1");
	CHECK_TEXT(exec_variable("EMPTY="), "");
	CHECK(!exec_variable("B=") && !exec_variable("ODD="));
	environ = none;
	CHECK(!exec_variable("A="));
	environ = NULL; /* clearenv(3) */
	CHECK(!exec_variable("A="));
	environ = own;
}

TEST(script_without_interpreter)
{
	char *old = strdup(getenv("PATH")), should[600];

	put_program("p3/script", "echo \"$0\" \"$#\" \"$@\"\n", 0755);
	set_path("p3", "p3");
	snprintf(should, sizeof should, "%s 2 a b c\n", tmp("p3/script"));
	check_printed((struct child){ .argv = ARGV("script", "a", "b c") }, should);
	snprintf(should, sizeof should, "%s 0\n", tmp("p3/script"));
	check_printed((struct child){ .argv = ARGV("script") }, should);
	/* argv[0] is not the file. */
	check_printed((struct child){ .argv = ARGV("other"), .file = "script" }, should);
	put_program("p3/empty", "", 0755);
	check_printed((struct child){ .argv = ARGV("empty") }, "");
	setenv("PATH", old, 1);
	free(old);
}

TEST(exec_status)
{
	CHECK_INT(exec_status(-ENOENT), 127);
	CHECK_INT(exec_status(-EACCES), 126);
	CHECK_INT(exec_status(-ENOEXEC), 126);
	CHECK_INT(exec_status(-ENOTDIR), 126);
}

/* A shell is for text: what is made for another machine is not to be read by one. */
static int without_shell(void *unused)
{
	char *argv[] = { "front", "name", "word", NULL };

	(void)unused;
	MUST(!chroot(tmp("root")) && !chdir("/"));
	MUST_INT(exec_run("/script", argv + 1), -ENOEXEC);
	MUST(!strcmp(argv[1], "name") && !strcmp(argv[2], "word") && !argv[3]);
	return 0;
}

TEST(argv_after_a_failure)
{
	put_program("root/script", "echo x\n", 0755);
	CHECK_INT(guarded(without_shell, NULL), 0);
}

/* ---- the cause */

static struct probe {
	const char *file;
	int err;
	uid_t uid;
	char text[512];
} * probe;

static int ask(void *unused)
{
	const char *text;

	(void)unused;
	if (probe->uid && (setgid(probe->uid) || setuid(probe->uid)))
		return 9;
	text = exec_cause(probe->file, probe->err, probe->text, sizeof probe->text);
	return text == probe->text ? 1 : text ? 9 : 0;
}

/* What exec_cause says to `uid`, in a child of its own. */
static const char *cause_as(uid_t uid, const char *file, int err)
{
	if (!probe)
		probe = shared_memory(sizeof *probe);
	*probe = (struct probe){ .file = file, .err = err, .uid = uid };
	memset(probe->text, 'x', sizeof probe->text - 1);
	switch (guarded(ask, NULL)) {
	case 0:
		return NULL;
	case 1:
		return probe->text;
	case GUARD_HANGS:
		return "(it hangs)";
	default:
		return "(it falls)";
	}
}

static const char *cause(const char *file, int err)
{
	return cause_as(0, file, err);
}

/* Executes the file: -errno, or 1 when it has run. */
static int start(const char *file, char *word)
{
	struct child c = { .argv = ARGV((char *)file, word) };
	int r = spawn(&c);

	if (r > 0)
		wait_status(r);
	return r > 0 ? 1 : r;
}

/* The file cannot be executed, and this is why. */
static void check_why(const char *file, int err, const char *why)
{
	int r = start(file, NULL);
	const char *text;

	if (r != err)
		CHECK_FAIL("%s: error %d, not %d", file, r, err);
	text = cause(file, err);
	if (!text != !why || (text && strcmp(text, why)))
		CHECK_FAIL("%s: \"%s\", not \"%s\"", file, text ? text : "(null)",
		           why ? why : "(null)");
}

TEST(missing_interpreter)
{
	static const char *const lines[] = {
		"#!/none/perl\necho\n",  "#! /none/perl\n",
		"#! \t  /none/perl\n",   "#!/none/perl -w\n",
		"#!/none/perl\t-w -T\n", "#!/none/perl -w", /* the file ends in the line */
		"#!/none/perl",          "#!/none/perl \t\n",
	};
	char text[300];

	for (size_t i = 0; i < COUNT(lines); i++) {
		put_program("script", lines[i], 0755);
		check_why(tmp("script"), -ENOENT, "its interpreter '/none/perl' does not exist");
	}
	put_program("script", "#!none\n", 0755); /* one with a relative name */
	check_why(tmp("script"), -ENOENT, "its interpreter 'none' does not exist");
	put_program("script", "#!/none/perl\r\n", 0755);
	check_why(tmp("script"), -ENOENT, "its interpreter '/none/perl\r' does not exist");

	/* There, but no program: each in its own way. */
	put_program("data", "", 0644);
	snprintf(text, sizeof text, "#!%s\n", tmp("data"));
	put_program("script", text, 0755);
	snprintf(text, sizeof text, "its interpreter '%s' cannot be executed", tmp("data"));
	check_why(tmp("script"), -EACCES, text);
}

TEST(overlong_interpreter)
{
	char line[3000] = "#!/";
	const char *text;

	memset(line + 3, 'a', sizeof line - 4);
	for (size_t len = 240; len < sizeof line; len += len < 260 || len > 1000 ? 1 : 40) {
		char short_line[sizeof line];

		snprintf(short_line, sizeof short_line, "%.*s", (int)len, line);
		if (len % 2)
			short_line[len - 1] = '\n';
		put_program("long", short_line, 0755);
		text = cause(tmp("long"), -ENOENT);
		if (!text || strncmp(text, "its interpreter '/aaa", 21))
			CHECK_FAIL("length %zu: \"%s\"", len, text ? text : "(null)");
		if (len > 1040)
			break;
	}
}

/* Room for the answer: what does not fit is cut. */
TEST(little_room)
{
	char text[512], name[512];

	put_program("script", "#!/none/perl\n", 0755);
	snprintf(name, sizeof name, "%s", tmp("script"));
	for (size_t size = 1; size < 60; size++) {
		char *room = malloc(size); /* so that AddressSanitizer sees its end */
		const char *said = exec_cause(name, -ENOENT, room, size);

		snprintf(text, size, "its interpreter '/none/perl' does not exist");
		CHECK_TEXT(said, size > 1 ? text : NULL);
		free(room);
	}
}

/* ---- ELF files */

struct elf_kind {
	int wide, big;
	unsigned machine;
};

static void number(unsigned char *to, size_t size, int big, uint64_t v)
{
	for (size_t i = 0; i < size; i++)
		to[big ? size - 1 - i : i] = (unsigned char)(v >> 8 * i);
}

#define ELF_MAX 4096

/* A header, a program header of another kind, one for the loader, the loader's name. */
static size_t make_elf(unsigned char *to, struct elf_kind k, const char *loader)
{
	size_t word = k.wide ? 8 : 4, head = k.wide ? 64 : 52, entry = k.wide ? 56 : 32;
	size_t name = head + 2 * entry;
	unsigned char *p = to + head + entry;

	memset(to, 0, ELF_MAX);
	memcpy(to, ELFMAG, SELFMAG);
	to[EI_CLASS] = k.wide ? ELFCLASS64 : ELFCLASS32;
	to[EI_DATA] = k.big ? ELFDATA2MSB : ELFDATA2LSB;
	to[EI_VERSION] = EV_CURRENT;
	number(to + 16, 2, k.big, ET_EXEC);
	number(to + 18, 2, k.big, k.machine);
	number(to + 20, 4, k.big, EV_CURRENT);
	number(to + 24 + word, word, k.big, head);        /* e_phoff */
	number(to + (k.wide ? 52 : 40), 2, k.big, head);  /* e_ehsize */
	number(to + (k.wide ? 54 : 42), 2, k.big, entry); /* e_phentsize */
	number(to + (k.wide ? 56 : 44), 2, k.big, 2);     /* e_phnum */
	number(to + head, 4, k.big, PT_NOTE);
	number(p, 4, k.big, PT_INTERP);
	number(p + word, word, k.big, name);                             /* p_offset */
	number(p + (k.wide ? 32 : 16), word, k.big, strlen(loader) + 1); /* p_filesz */
	memcpy(to + name, loader, strlen(loader) + 1);
	return name + strlen(loader) + 1;
}

/* What this machine's own programs are. */
static struct elf_kind own_kind(void)
{
	unsigned char head[20];
	int fd = open("/proc/self/exe", O_RDONLY);

	if (fd < 0 || read(fd, head, sizeof head) != sizeof head)
		give_up("/proc/self/exe");
	close(fd);
	return (struct elf_kind){
		.wide = head[EI_CLASS] == ELFCLASS64,
		.big = head[EI_DATA] == ELFDATA2MSB,
		.machine = head[EI_DATA] == ELFDATA2MSB ? head[18] << 8u | head[19]
		                                        : head[19] << 8u | head[18],
	};
}

static const char *put_elf(const char *name, const unsigned char *bytes, size_t len)
{
	put_bytes(name, bytes, len);
	if (chmod(tmp(name), 0755))
		give_up(name);
	return tmp(name);
}

TEST(missing_loader)
{
	unsigned char elf[ELF_MAX];
	char loader[300], text[400];
	size_t len = make_elf(elf, own_kind(), "/none/ld-musl.so.1");

	check_why(put_elf("program", elf, len), -ENOENT,
	          "its loader '/none/ld-musl.so.1' does not exist");
	put_program("data", "", 0644);
	snprintf(loader, sizeof loader, "%s", tmp("data"));
	len = make_elf(elf, own_kind(), loader);
	snprintf(text, sizeof text, "its loader '%s' cannot be executed", loader);
	check_why(put_elf("program", elf, len), -EACCES, text);
}

/* A script, and what fails is the program that is to read it. */
TEST(interpreter_without_loader)
{
	unsigned char elf[ELF_MAX];
	size_t len = make_elf(elf, own_kind(), "/none/ld-musl.so.1");
	char line[300], text[400];

	snprintf(line, sizeof line, "#!%s -x\n", put_elf("program", elf, len));
	snprintf(text, sizeof text, "its interpreter '%s' cannot be executed", tmp("program"));
	put_program("script", line, 0755);
	check_why(tmp("script"), -ENOENT, text);
}

TEST(loader_of_any_kind)
{
	unsigned char elf[ELF_MAX];

	for (int i = 0; i < 4; i++) {
		struct elf_kind k = { .wide = i & 1, .big = i >> 1, .machine = EM_SPARC };
		size_t len = make_elf(elf, k, "/none/ld.so");

		CHECK_TEXT(cause(put_elf("program", elf, len), -ENOENT),
		           "its loader '/none/ld.so' does not exist");
	}
}

TEST(other_machine)
{
	static const struct {
		struct elf_kind kind;
		const char *name;
	} cases[] = {
		{ { 0, 0, EM_386 }, "x86" },         { { 0, 1, EM_MIPS }, "MIPS" },
		{ { 0, 0, EM_MIPS }, "MIPS" },       { { 1, 1, EM_PPC64 }, "PowerPC64" },
		{ { 1, 0, EM_PPC64 }, "PowerPC64" }, { { 1, 1, EM_S390 }, "s390" },
		{ { 0, 0, EM_ARM }, "ARM" },         { { 1, 0, EM_X86_64 }, "x86-64" },
		{ { 1, 0, EM_AARCH64 }, "AArch64" }, { { 1, 0, 243 }, "RISC-V" },
		{ { 1, 0, 258 }, "LoongArch" },      { { 1, 0, 0x1234 }, "another machine" },
	};
	unsigned own = own_kind().machine;
	unsigned char elf[ELF_MAX];
	char text[64];

	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t len = make_elf(elf, cases[i].kind, "/none/ld.so");

		if (cases[i].kind.machine == own)
			continue;
		snprintf(text, sizeof text, "a program for %s", cases[i].name);
		CHECK_TEXT(cause(put_elf("program", elf, len), -ENOEXEC), text);
	}
	/* The kernel refuses it, and no shell is asked. */
	make_elf(elf, (struct elf_kind){ 1, 0, 0x1234 }, "/none/ld.so");
	check_why(put_elf("program", elf, 300), -ENOEXEC, "a program for another machine");
	check_why(put_elf("program", elf, 64), -ENOEXEC, "a program for another machine");
}

/* One for this machine, but damaged: nothing that is not true of it may be said. */
TEST(damaged)
{
	struct elf_kind own = own_kind();
	unsigned char elf[ELF_MAX];
	size_t len = make_elf(elf, own, "/none/ld.so");
	const struct {
		const char *name;
		size_t len;
		unsigned type;
	} cases[] = {
		{ "no type that is executed", len, ET_REL },
		{ "cut in the header", 40, ET_EXEC },
		{ "cut before the machine", 16, ET_EXEC },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *text;

		number(elf + 16, 2, own.big, cases[i].type);
		put_elf("program", elf, cases[i].len);
		CHECK_INT(start(tmp("program"), NULL), -ENOEXEC);
		text = cause(tmp("program"), -ENOEXEC);
		if (text && (strstr(text, "a program for") || strstr(text, "#!")))
			CHECK_FAIL("%s: \"%s\"", cases[i].name, text);
	}
}

static void no_fall(const char *what, const unsigned char *elf, size_t len)
{
	static const int errors[] = { -ENOENT, -ENOEXEC, -EACCES, -EINVAL };
	char room[128];

	put_elf("hostile", elf, len);
	for (size_t i = 0; i < COUNT(errors); i++) {
		const char *text = exec_cause(tmp("hostile"), errors[i], room, sizeof room);

		if (text && (text != room || strlen(text) >= sizeof room || !*text))
			CHECK_FAIL("%s: a wrong text", what);
	}
}

/* Numbers at their borders in every field, and files that end anywhere. */
TEST(hostile_headers)
{
	static const uint64_t values[] = {
		0,          1,     52,        64,     1022,  1023,  1024, 0x7fffffff, 0xffffffff,
		UINT64_MAX, 65535, INT64_MAX, -56ull, -8ull, -4ull, 967,  968,        991,
	};
	unsigned char elf[ELF_MAX], good[ELF_MAX];

	for (int i = 0; i < 4; i++) {
		struct elf_kind k = { .wide = i & 1, .big = i >> 1, .machine = 0x1234 };
		size_t word = k.wide ? 8 : 4, p = k.wide ? 64 + 56 : 52 + 32;
		const struct {
			const char *name;
			size_t at, size;
		} fields[] = {
			{ "e_phoff", 24 + word, word },
			{ "e_phnum", k.wide ? 56 : 44, 2 },
			{ "e_phentsize", k.wide ? 54 : 42, 2 },
			{ "p_offset", p + word, word },
			{ "p_filesz", p + (k.wide ? 32 : 16), word },
		};
		size_t len = make_elf(good, k, "/none/ld.so");

		for (size_t f = 0; f < COUNT(fields); f++)
			for (size_t v = 0; v < COUNT(values); v++)
				for (int padded = 0; padded < 2; padded++) {
					memcpy(elf, good, sizeof elf);
					number(elf + fields[f].at, fields[f].size, k.big,
					       values[v]);
					if (padded)
						memset(elf + len, 'A', sizeof elf - len);
					no_fall(fields[f].name, elf, padded ? 2000 : len);
				}
		for (size_t n = 0; n <= len; n++)
			no_fall("cut", good, n);
		/* 65,535 program headers, all for the loader or none. */
		number(good + (k.wide ? 56 : 44), 2, k.big, 65535);
		memset(good + p, 0, sizeof good - p);
		no_fall("all zero", good, sizeof good);
		memset(good + p, PT_INTERP, sizeof good - p);
		no_fall("all alike", good, sizeof good);
	}
}

/* The program headers and the name may stand anywhere, as patchelf(1) leaves them. */
TEST(loader_far_behind)
{
	static const char missing[] = "its loader '/none/far' does not exist";
	static const size_t places[] = { 800, 960, 1000, 1015, 1020, 1022, 1023, 1024, 2048, 9000 };
	static unsigned char elf[ELF_MAX + 9000];
	char text[200];
	size_t len;
	int fd;

	for (int i = 0; i < 4; i++)
		for (size_t at = 0; at < COUNT(places); at++) {
			struct elf_kind k = { .wide = i & 1, .big = i >> 1, .machine = 0x1234 };
			size_t word = k.wide ? 8 : 4, head = k.wide ? 64 : 52;
			size_t p = places[at], entry = k.wide ? 56 : 32;

			make_elf(elf, k, "/none/near");
			strcpy((char *)elf + p, "/none/far");
			number(elf + head + entry + word, word, k.big, p);
			CHECK_TEXT(cause(put_elf("program", elf, p + 10), -ENOENT), missing);
			/* The headers, too, behind the name. */
			memmove(elf + p + 10, elf + head, 2 * entry);
			memset(elf + head, 0, 2 * entry);
			number(elf + 24 + word, word, k.big, p + 10);
			len = p + 10 + 2 * entry;
			CHECK_TEXT(cause(put_elf("program", elf, len), -ENOENT), missing);
			fd = open(tmp("program"), O_RDONLY);
			CHECK_INT(exec_alone(fd, text, sizeof text), -ENOEXEC);
			CHECK(strstr(text, "its loader '/none/far'"));
			close(fd);
			memset(elf, 0, sizeof elf);
		}
}

/* The loader's name reaches over the end of what is read: it is cut, not read beyond. */
TEST(loader_name_without_end)
{
	unsigned char elf[ELF_MAX];
	struct elf_kind k = { .wide = 1, .machine = 0x1234 };
	const char *text;

	for (size_t at = 1000; at < 1030; at++) {
		make_elf(elf, k, "/none/ld.so");
		number(elf + 64 + 56 + 8, 8, 0, at);
		memset(elf + at, 'B', 200);
		text = cause(put_elf("program", elf, sizeof elf), -ENOENT);
		if (text && strncmp(text, "its loader 'B", 13))
			CHECK_FAIL("at %zu: \"%s\"", at, text);
	}
}

TEST(random_files)
{
	unsigned char elf[ELF_MAX];

	for (int i = 0; i < 1500; i++) {
		struct elf_kind k = { (int)rnd_below(2), (int)rnd_below(2), 0x1234 };
		size_t len = make_elf(elf, k, "/none/ld.so"), many = 1 + rnd_below(8);

		while (many--)
			elf[rnd_below(len)] = (unsigned char)rnd_edge();
		no_fall("random", elf, rnd_below(4) ? len : rnd_below(sizeof elf));
	}
	for (int i = 0; i < 300; i++) {
		size_t len = rnd_below(1200);

		for (size_t k = 0; k < len; k++)
			elf[k] = (unsigned char)rnd_edge();
		memcpy(elf, rnd_below(2) ? "#!" : ELFMAG, 2);
		no_fall("noise", elf, len);
	}
}

/* ---- whether it runs by itself */

static const char *alone(const char *name)
{
	static char text[200];
	int fd = open(name, O_RDONLY), r = exec_alone(fd, text, sizeof text);

	CHECK_INT(lseek(fd, 0, SEEK_CUR), 0);
	CHECK_INT(r, *text ? -ENOEXEC : 0);
	close(fd);
	return text;
}

TEST(alone)
{
	unsigned char elf[ELF_MAX];
	struct elf_kind own = { 1, 0, 62 };

	CHECK_TEXT(alone("/bin/busybox"), "");
	put_bytes("dynamic", elf, make_elf(elf, own, "/lib/ld.so"));
	CHECK_TEXT(alone(tmp("dynamic")), "it needs its loader '/lib/ld.so': only a static program "
	                                  "runs by itself");
	put("script", "#!  /bin/sh -e\n");
	CHECK_TEXT(alone(tmp("script")),
	           "it needs its interpreter '/bin/sh': only a static program "
	           "runs by itself");
	put("text", "hello\n");
	CHECK_TEXT(alone(tmp("text")), "not an ELF program");
	put("empty", "");
	CHECK_TEXT(alone(tmp("empty")), "not an ELF program");
}

/* ---- rights and places */

TEST(no_right)
{
	put_program("plain", "#!/bin/sh\n", 0644);
	check_why(tmp("plain"), -EACCES, "no permission to execute it");
	put_program("owners", "#!/bin/sh\n", 0700);
	CHECK_TEXT(cause_as(65534, tmp("owners"), -EACCES), "no permission to execute it");
	check_why(tmp(""), -EACCES, "a directory");
	check_why("/", -EACCES, "a directory");
}

/* What is not there says it by its number: there is nothing to add. */
TEST(nothing_to_add)
{
	check_why(tmp("none"), -ENOENT, NULL);
	check_why("", -ENOENT, NULL);
	check_why("no-such-program", -ENOENT, NULL);
	put_link("dangling", "/none");
	check_why(tmp("dangling"), -ENOENT, NULL);
	put_link("loop", "loop");
	check_why(tmp("loop"), -ELOOP, NULL);
	put("file", "");
	check_why(tmp("file/x"), -ENOTDIR, NULL);
}

/* Errors that are not about the file: neither its interpreter nor its loader is to blame. */
TEST(nobody_is_blamed)
{
	static const int errors[] = { -E2BIG, -ENOMEM, -ETXTBSY, -EAGAIN,
		                      -EPERM, -EIO,    -EMFILE,  -EACCES };
	static char big[200000];
	int fd;

	put_program("script", "#!/bin/sh\n", 0755);
	for (size_t i = 0; i < COUNT(errors); i++) {
		const char *text = cause(tmp("script"), errors[i]);

		if (text)
			CHECK_FAIL("a script, error %d: \"%s\"", errors[i], text);
		text = cause("/proc/self/exe", errors[i]);
		if (text)
			CHECK_FAIL("a program, error %d: \"%s\"", errors[i], text);
	}

	memset(big, 'a', sizeof big - 1);
	CHECK_INT(start("/bin/true", big), -E2BIG);
	CHECK_TEXT(cause("/bin/true", -E2BIG), NULL);

	put_program("busy", "#!/bin/sh\n", 0755);
	fd = open(tmp("busy"), O_WRONLY);
	if (start(tmp("busy"), NULL) != 1) /* a few kernels allow it */
		check_why(tmp("busy"), -ETXTBSY, NULL);
	close(fd);
}

/* Somebody may execute a file without reading it: then nothing is known of it. */
TEST(unreadable)
{
	unsigned char elf[ELF_MAX];

	make_elf(elf, (struct elf_kind){ 1, 0, 0x1234 }, "/none/ld.so");
	put_elf("secret", elf, 300);
	if (chmod(tmp("secret"), 0711))
		give_up("secret");
	CHECK_TEXT(cause(tmp("secret"), -ENOEXEC), "a program for another machine");
	CHECK_TEXT(cause_as(65534, tmp("secret"), -ENOEXEC), NULL);
	CHECK_TEXT(cause_as(65534, tmp("secret"), -ENOENT), NULL);
	put_program("locked/script", "#!/none/perl\n", 0755);
	if (chmod(tmp("locked"), 0700))
		give_up("locked");
	CHECK_TEXT(cause_as(65534, tmp("locked/script"), -EACCES), NULL);
	chmod(tmp("locked"), 0755);
}

/* No text and no ELF: the shell is not asked, so it is not to blame. */
TEST(no_text)
{
	const char *text;

	put_bytes("binary", "\1\0\2\n", 4);
	if (chmod(tmp("binary"), 0755))
		give_up("binary");
	CHECK_INT(start(tmp("binary"), NULL), -ENOEXEC);
	text = cause(tmp("binary"), -ENOEXEC);
	if (text && strstr(text, "/bin/sh"))
		CHECK_FAIL("\"%s\"", text);
}

static int on_noexec_mount(void *unused)
{
	char text[64];
	const char *file = tmp("mnt/script");

	(void)unused;
	MUST(!unshare(CLONE_NEWNS) && !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	MUST(!mount("tmpfs", tmp("mnt"), "tmpfs", MS_NOEXEC, NULL));
	put_program("mnt/script", "#!/bin/sh\n", 0755);
	MUST_INT(exec_run(file, ARGV("script")), -EACCES);
	MUST(exec_cause(file, -EACCES, text, sizeof text));
	MUST(!strcmp(text, "its file system is mounted noexec"));

	/* Its interpreter is on such a mount, it is not. */
	put_program("outside", "", 0755);
	snprintf(text, sizeof text, "#!/mnt/script\n");
	MUST(!chroot(tmp("")) && !chdir("/"));
	{
		int fd = open("/outside", O_WRONLY | O_TRUNC);

		MUST(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
		close(fd);
	}
	MUST_INT(exec_run("/outside", ARGV("outside")), -EACCES);
	MUST(exec_cause("/outside", -EACCES, text, sizeof text));
	MUST(!strcmp(text, "its interpreter '/mnt/script' cannot be executed"));
	return 0;
}

TEST(noexec_mount)
{
	put("mnt/x", "");
	CHECK_INT(guarded(on_noexec_mount, NULL), 0);
}

static int in_empty_root(void *unused)
{
	char text[64];

	(void)unused;
	MUST(!chroot(tmp("root")) && !chdir("/"));
	MUST_INT(exec_run("/script", ARGV("script")), -ENOEXEC);
	MUST(exec_cause("/script", -ENOEXEC, text, sizeof text));
	MUST(!strcmp(text, "no #! line, and there is no /bin/sh"));
	return 0;
}

TEST(no_shell)
{
	put_program("root/script", "echo x\n", 0755);
	CHECK_INT(guarded(in_empty_root, NULL), 0);
}

/* What is no regular file is never executed, and never read for the cause: that could block, or
 * change something. */
TEST(no_regular_file)
{
	static const int modes[] = { 0644, 0755 };
	int master, slave;
	char name[64];

	for (size_t i = 0; i < COUNT(modes); i++) {
		mode_t mode = (mode_t)modes[i];
		const char *why =
			mode == 0644 ? "no permission to execute it" : "not a regular file";

		if (mknod(tmp("fifo"), S_IFIFO | mode, 0) ||
		    mknod(tmp("zero"), S_IFCHR | mode, makedev(1, 5)) ||
		    mknod(tmp("socket"), S_IFSOCK | mode, 0) ||
		    openpty(&master, &slave, name, NULL, NULL) || chmod(name, mode))
			give_up("mknod");
		check_why(tmp("fifo"), -EACCES, why);
		check_why(tmp("zero"), -EACCES, why);
		check_why(tmp("socket"), -EACCES, why);
		check_why(name, -EACCES, why); /* a terminal where nobody types */
		close(master);
		close(slave);
		unlink(tmp("fifo"));
		unlink(tmp("zero"));
		unlink(tmp("socket"));
	}
}

/* By PATH it is the file that the search has found. */
TEST(cause_by_path)
{
	char *old = strdup(getenv("PATH"));
	unsigned char elf[ELF_MAX];

	put_program("a/other", "", 0755);
	put_program("b/script", "#!/none/perl\n", 0755);
	put_program("b/plain", "#!/bin/sh\n", 0644);
	set_path("a", "b");
	check_why("script", -ENOENT, "its interpreter '/none/perl' does not exist");
	check_why("plain", -EACCES, "no permission to execute it");
	put_program("a/sub/x", "", 0755);
	check_why("sub", -EACCES, "a directory");

	/* A directory of that name is passed over, as is what must not be executed. */
	put_program("b/sub", "#!/none/perl\n", 0755);
	check_why("sub", -EACCES, "a directory");
	make_elf(elf, (struct elf_kind){ 1, 0, 0x1234 }, "/none/ld.so");
	put_elf("b/foreign", elf, 300);
	check_why("foreign", -ENOEXEC, "a program for another machine");
	put_program("a/foreign", "", 0644);
	check_why("foreign", -ENOEXEC, "a program for another machine");
	if (unlink(tmp("a/foreign")) || mkdir(tmp("a/foreign"), 0755))
		give_up("foreign");
	check_why("foreign", -ENOEXEC, "a program for another machine");
	setenv("PATH", old, 1);
	free(old);
}

/* ---- from child_spawn: where the program was to be, and as whom */

static int go_elsewhere(void *dir)
{
	return chdir(dir) ? -errno : 0;
}

static int be_nobody(void *unused)
{
	(void)unused;
	return sys_setuid(65534);
}

TEST(cause_in_the_child)
{
	char dir[512];
	struct child there = { .argv = ARGV("./run"), .setup = go_elsewhere, .context = dir };
	struct child nobody = { .argv = ARGV((char *)tmp("private")), .setup = be_nobody };
	struct child fine = { .argv = ARGV("true") };
	int r;

	put_program("elsewhere/run", "#!/none/perl\n", 0755);
	snprintf(dir, sizeof dir, "%s", tmp("elsewhere"));
	CHECK_INT(spawn(&there), -ENOENT);
	CHECK_TEXT(there.cause, "its interpreter '/none/perl' does not exist");
	put_program("private", "#!/bin/sh\n", 0700);
	CHECK_INT(spawn(&nobody), -EACCES);
	CHECK_TEXT(nobody.cause, "no permission to execute it");
	nobody.argv = ARGV("/none");
	CHECK_INT(spawn(&nobody), -ENOENT); /* what was said before is forgotten */
	CHECK_TEXT(nobody.cause, "");
	r = spawn(&fine);
	CHECK(r > 0 && !wait_status(r));
	CHECK_TEXT(fine.cause, "");
	no_children();
}
