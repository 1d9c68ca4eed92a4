/* SPDX-License-Identifier: 0BSD */
/*
 * Runs a fuzz entry without libFuzzer: on every file of the corpus, then on mutations of them that
 * are the same in every run.
 *
 *     driver [-n MUTATIONS] [-c FILE] FILE-OR-DIRECTORY...
 *
 * -c names the file that the input goes to when the entry aborts.
 */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 65536 /* bytes of an input */

struct input {
	uint8_t *bytes;
	size_t size;
};

static struct input *corpus;
static size_t count;
static struct input now;
static const char *crash = "crash";

/* A sanitizer's report is to end by a signal as well, so that on_abort sees it. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
	return "abort_on_error=1:handle_abort=0";
}

const char *__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}

static void on_abort(int sig)
{
	static const char line[] = "driver: the input is kept\n";
	int fd = open(crash, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, now.bytes, now.size) < 0 || write(2, line, sizeof line - 1) < 0) {
		/* the abort itself says enough */
	}
	signal(sig, SIG_DFL);
	raise(sig);
}

static void run(const uint8_t *bytes, size_t size)
{
	/* Exactly as large: a sanitizer sees who reads on. */
	now.bytes = malloc(size ? size : 1);
	now.size = size;
	if (size)
		memcpy(now.bytes, bytes, size);
	LLVMFuzzerTestOneInput(now.bytes, size);
	free(now.bytes);
}

static int by_content(const void *a, const void *b)
{
	const struct input *x = a, *y = b;
	int order = memcmp(x->bytes, y->bytes, x->size < y->size ? x->size : y->size);

	return order ? order : (x->size > y->size) - (x->size < y->size);
}

static void add(const char *path)
{
	struct stat st;
	struct dirent *entry;
	DIR *dir;
	FILE *f;

	if (stat(path, &st)) {
		perror(path);
		exit(2);
	}
	if (S_ISDIR(st.st_mode)) {
		dir = opendir(path);
		while (dir && (entry = readdir(dir)) != NULL) {
			char name[4096];

			snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
			if (entry->d_name[0] != '.')
				add(name);
		}
		if (dir)
			closedir(dir);
		return;
	}
	corpus = realloc(corpus, (count + 1) * sizeof *corpus);
	corpus[count].bytes = malloc(MOST);
	f = fopen(path, "rb");
	corpus[count].size = f ? fread(corpus[count].bytes, 1, MOST, f) : 0;
	if (f)
		fclose(f);
	count++;
}

static uint64_t rnd(uint64_t n)
{
	static uint64_t x = 0x2545f4914f6cdd1d;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return n ? x % n : 0;
}

static const char *const words[] = {
	"0",
	"1",
	"-1",
	"4194304",
	"4194305",
	"2147483647",
	"2147483648",
	"4294967295",
	"4294967296",
	"18446744073709551615",
	"18446744073709551616",
	"(",
	")",
	") S 1 ",
	"\n",
	"\\n",
	"\\",
	":",
	",",
	"@",
	"[",
	"]",
	"\t",
	" ",
	"pid:[",
	"NSpid:\t",
	"Name:\t",
	"SIG",
	"RTMIN+",
	"RTMAX-",
	"inf",
	".",
	"\"",
	"\x1b[",
	"\xc2\x9b",
	"\xe2\x80\xae",
	"\xed\xa0\x80",
	"\xf0\x9f\x98\x80",
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
};

/* One change of bytes[*size], which has room for MOST. */
static void mutate(uint8_t *bytes, size_t *size)
{
	size_t at = rnd(*size + 1), n = rnd(16) + 1, left = *size - at;
	const struct input *other = &corpus[rnd(count)];
	const char *word = words[rnd(sizeof words / sizeof *words)];

	switch (rnd(7)) {
	case 0: /* a bit */
		if (left)
			bytes[at] ^= (uint8_t)(1u << rnd(8));
		break;
	case 1: /* a byte */
		if (left)
			bytes[at] = (uint8_t)rnd(256);
		break;
	case 2: /* take bytes out */
		n = n < left ? n : left;
		memmove(bytes + at, bytes + at + n, left - n);
		*size -= n;
		break;
	case 3: /* twice the same */
		n = n < left ? n : left;
		if (*size + n <= MOST) {
			memmove(bytes + at + n, bytes + at, left);
			*size += n;
		}
		break;
	case 4: /* cut off */
		*size = at;
		break;
	case 5: /* the end of another */
		n = rnd(other->size + 1);
		if (at + other->size - n <= MOST) {
			memcpy(bytes + at, other->bytes + n, other->size - n);
			*size = at + other->size - n;
		}
		break;
	default: /* a word that means something */
		n = strlen(word);
		if (*size + n <= MOST) {
			memmove(bytes + at + n, bytes + at, left);
			memcpy(bytes + at, word, n);
			*size += n;
		}
	}
}

int main(int argc, char **argv)
{
	static uint8_t bytes[MOST];
	long mutations = 0;
	int option;

	while ((option = getopt(argc, argv, "n:c:")) != -1) {
		if (option == '?')
			return 2;
		if (option == 'n')
			mutations = atol(optarg);
		else
			crash = optarg;
	}
	for (; optind < argc; optind++)
		add(argv[optind]);
	if (!count) {
		fprintf(stderr, "driver: no corpus\n");
		return 2;
	}
	/* The order of a directory is the file system's: the mutations are not to depend on it. */
	qsort(corpus, count, sizeof *corpus, by_content);
	signal(SIGABRT, on_abort);
	run(bytes, 0);
	for (size_t i = 0; i < count; i++)
		run(corpus[i].bytes, corpus[i].size);
	for (long i = 0; i < mutations; i++) {
		const struct input *base = &corpus[rnd(count)];
		size_t size = base->size;

		memcpy(bytes, base->bytes, size);
		for (uint64_t n = rnd(5) + 1; n--;)
			mutate(bytes, &size);
		run(bytes, size);
	}
	printf("%zu inputs, %ld mutations\n", count, mutations);
	for (size_t i = 0; i < count; i++)
		free(corpus[i].bytes);
	free(corpus);
	return 0;
}
