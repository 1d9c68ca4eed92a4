/* SPDX-License-Identifier: 0BSD */
#include "exec.h"
#include "config.h"
#include "io.h"
#include "str.h"
#include "sys.h"

#include <elf.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

extern char **environ;

#define SHELL "/bin/sh"

/* ---- execute */

/* Whether the first line holds a NUL, as in a program for another machine: no text for a shell. */
static int is_binary(const char *path)
{
	char head[80];
	ssize_t len = io_read_at(AT_FDCWD, path, head, sizeof head);

	for (ssize_t i = 0; i < len && head[i] != '\n'; i++)
		if (!head[i])
			return 1;
	return 0;
}

static int run_path(const char *path, char **argv)
{
	char *name = argv[0];
	int err;

	execve(path, argv, environ);
	err = -errno;
	if (err != -ENOEXEC || !name || is_binary(path))
		return err;
	/* A script without a #! line: POSIX has the shell run it. */
	argv[-1] = (char *)(uintptr_t)SHELL;
	argv[0] = (char *)(uintptr_t)path;
	execve(SHELL, argv - 1, environ);
	argv[0] = name;
	return err;
}

const char *exec_variable(const char *name)
{
	const char *value = NULL;

	for (char **e = environ; e && !value && *e; e++)
		value = str_begins(*e, name);
	return value;
}

/* Calls `try` for each place where the file may be, until it says that it is no use to go on, by
 * something else than the errors of a file that is not there. Returns its last word; a file that
 * may not be executed outweighs one that is not there. */
static int search(const char *file, int (*try)(const char *path, char **argv), char **argv)
{
	const char *path = exec_variable("PATH=");
	char full[PATH_MAX];
	int denied = 0;

	if (strrchr(file, '/') || !*file)
		return *file ? try(file, argv) : -ENOENT;
	if (!path)
		path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	for (;; path++) {
		size_t len = 0;
		int r = -ENAMETOOLONG;

		while (path[len] && path[len] != ':')
			len++;
		if (str_format(full, sizeof full, "%.*s%s%s", (int)len, path, len ? "/" : "",
		               file) < sizeof full)
			r = try(full, argv);
		if (r == -EACCES)
			denied = 1;
		else if (r != -ENOENT && r != -ENOTDIR && r != -ENAMETOOLONG && r != -ESTALE &&
		         r != -ENODEV && r != -ETIMEDOUT)
			return r;
		path += len;
		if (!*path)
			return denied ? -EACCES : -ENOENT;
	}
}

int exec_run(const char *file, char **argv)
{
	return search(file, run_path, argv);
}

int exec_status(int err)
{
	return err == -ENOENT ? 127 : 126;
}

/* ---- why not */

struct cause {
	char *text;
	size_t size;
	int err;
};

/* The head of a file: enough for a #! line, and most often for what else is looked for. */
struct head {
	int fd;
	unsigned char bytes[1024];
	size_t len;
};

static int read_head(struct head *h, int fd)
{
	ssize_t len = sys_result(pread(fd, h->bytes, sizeof h->bytes - 1, 0));

	h->fd = fd;
	h->len = len > 0 ? (size_t)len : 0;
	h->bytes[h->len] = 0;
	return len < 0 ? (int)len : 0;
}

/* A number of an ELF file (elf(5)) in the file's own byte order; 0 beyond its end. */
static size_t number(const struct head *h, size_t at, size_t size)
{
	unsigned char field[8] = { 0 };
	size_t v = 0;

	if (at < h->len && size <= h->len - at)
		memcpy(field, h->bytes + at, size);
	else if (pread(h->fd, field, size, (off_t)at) < (ssize_t)size)
		return 0;
	for (size_t i = 0; i < size; i++)
		v = v << 8 | field[h->bytes[EI_DATA] == ELFDATA2LSB ? size - 1 - i : i];
	return v;
}

static const char *machine(size_t id)
{
	static const struct {
		unsigned short id;
		char name[10];
	} names[] = {
		{ EM_386, "x86" },         { EM_MIPS, "MIPS" },    { EM_PPC64, "PowerPC64" },
		{ EM_S390, "s390" },       { EM_ARM, "ARM" },      { EM_X86_64, "x86-64" },
		{ EM_AARCH64, "AArch64" }, { EM_RISCV, "RISC-V" }, { 258, "LoongArch" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].id == id)
			return names[i].name;
	return "another machine";
}

/* The loader that the program headers name, which takes the place of the head. Both may stand
 * anywhere: patchelf(1) puts a longer name at the end. */
static const char *loader(struct head *h)
{
	int wide = h->bytes[EI_CLASS] == ELFCLASS64;
	size_t word = wide ? 8 : 4, size = wide ? 56 : 32;
	size_t at = number(h, 24 + word, word), count = number(h, wide ? 56 : 44, 2);
	ssize_t len;

	for (; count-- && count < 65536 / size; at += size) /* more the kernel does not take */
		if (number(h, at, 4) == PT_INTERP) {
			at = number(h, at + word, word);
			len = pread(h->fd, h->bytes, sizeof h->bytes - 1, (off_t)at);
			h->bytes[len > 0 ? len : 0] = 0;
			return len > 0 ? (const char *)h->bytes : NULL;
		}
	return NULL;
}

/* The interpreter of a #! line, cut off in place. */
static const char *interpreter(struct head *h)
{
	char *p = (char *)h->bytes + 2, *end;

	while (*p == ' ' || *p == '\t')
		p++;
	for (end = p; *end && *end != ' ' && *end != '\t' && *end != '\n';)
		end++;
	*end = 0;
	return p;
}

/* The kernel takes it for no program of its own. */
static void say_kind(const struct cause *c, const struct head *h, int elf)
{
	const unsigned char *own = sys_own_header();

	if (!elf) {
		if (h->len && !memchr(h->bytes, 0, h->len) && access(SHELL, X_OK))
			str_format(c->text, c->size, "no #! line, and there is no " SHELL);
	} else if (h->len < 20 ||
	           (!memcmp(h->bytes, own, EI_VERSION) && !memcmp(h->bytes + 18, own + 18, 2))) {
		str_format(c->text, c->size, "a damaged program");
	} else {
		str_format(c->text, c->size, "a program for %s", machine(number(h, 18, 2)));
	}
}

static void say_head(const struct cause *c, struct head *h)
{
	int elf = h->len > EI_NIDENT && !memcmp(h->bytes, ELFMAG, SELFMAG);
	const char *name = NULL;

	if (c->err == -ENOEXEC) {
		say_kind(c, h, elf);
		return;
	}
	if (elf)
		name = loader(h);
	else if (h->bytes[0] == '#' && h->bytes[1] == '!')
		name = interpreter(h);
	/* One that is there lacks its own interpreter or loader, or the right to be executed. */
	if (name && (c->err == -ENOENT || access(name, X_OK)))
		str_format(c->text, c->size, "its %s '%s' %s", elf ? "loader" : "interpreter", name,
		           access(name, F_OK) ? "does not exist" : "cannot be executed");
}

/* Looks at the first file of that name, as the search for it did. */
static int look(const char *path, char **argv)
{
	struct cause *c = (struct cause *)(void *)argv;
	int mode = sys_file_mode(path), denied = c->err == -EACCES;
	struct head h;
	struct statfs fs;
	int fd;

	if (mode < 0)
		return mode;
	if (!denied && (!S_ISREG(mode) || access(path, X_OK)))
		return -EACCES; /* this one was passed over */
	if (S_ISDIR(mode)) {
		str_format(c->text, c->size, "a directory");
	} else if (denied && !statfs(path, &fs) && fs.f_flags & SYS_ST_NOEXEC) {
		str_format(c->text, c->size, "its file system is mounted noexec");
	} else if (denied && access(path, X_OK)) {
		str_format(c->text, c->size, "no permission to execute it");
	} else if (!S_ISREG(mode)) {
		str_format(c->text, c->size, "not a regular file");
	} else if (denied || c->err == -ENOENT || c->err == -ENOEXEC) {
		fd = sys_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		read_head(&h, fd);
		say_head(c, &h);
		close(fd);
	}
	return 0;
}

const char *exec_cause(const char *file, int err, char *text, size_t size)
{
	struct cause c = { text, size, err };

	*text = 0;
	if (CFG_HINTS)
		search(file, look, (char **)(void *)&c);
	return *text ? text : NULL;
}

int exec_alone(int fd, char *text, size_t size)
{
	struct head h;
	const char *need = NULL;
	int elf, r = read_head(&h, fd);

	*text = 0;
	if (r)
		return r;
	elf = h.len > EI_NIDENT && !memcmp(h.bytes, ELFMAG, SELFMAG);
	if (elf)
		need = loader(&h);
	else if (h.bytes[0] == '#' && h.bytes[1] == '!')
		need = interpreter(&h);
	if (need)
		str_format(text, size, "it needs its %s '%s': only a static program runs by itself",
		           elf ? "loader" : "interpreter", need);
	else if (!elf)
		str_format(text, size, "not an ELF program");
	return need || !elf ? -ENOEXEC : 0;
}
