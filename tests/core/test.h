/* SPDX-License-Identifier: 0BSD */
/*
 * A C test is one file tests/core/NAME.c that includes this header, which holds the main function:
 *
 *     TEST(number)
 *     {
 *             CHECK_INT(str_number("7", 9, &n), 0);
 *     }
 *
 * tests/run links it with those files of core that it uses (not main.c and install.c), with the
 * host's compiler, ASAN and UBSAN, and runs it with the same environment as a shell test (TOP,
 * BUILD, T, PIDBOX). Each TEST prints "ok NAME" or "not ok NAME: WHY"; WHY is its first failure, a
 * line that begins with "#" is one of the others. A failed check does not end its TEST.
 */
#ifndef TEST_H
#define TEST_H

#include <stdio.h>
#include <string.h>

struct test {
	const char *name;
	void (*run)(void);
	struct test *next;
	int failures;
	char why[1024];
};

static struct test *check_list, *check_now;

/* Constructors run in the order of the file. */
#define TEST(id) \
	static void test_##id(void); \
	static struct test row_##id = { .name = #id, .run = test_##id }; \
	__attribute__((constructor)) static void add_##id(void) \
	{ \
		struct test **p = &check_list; \
\
		while (*p) \
			p = &(*p)->next; \
		*p = &row_##id; \
	} \
	static void test_##id(void)

#define CHECK_FAIL(...) \
	do { \
		char check_why[512]; \
\
		snprintf(check_why, sizeof check_why, __VA_ARGS__); \
		check_fail(__FILE__, __LINE__, check_why); \
	} while (0)

#define CHECK(condition) \
	do { \
		if (!(condition)) \
			CHECK_FAIL("%s", #condition); \
	} while (0)

#define CHECK_INT(is, should) \
	do { \
		long long check_is = (is), check_should = (should); \
\
		if (check_is != check_should) \
			CHECK_FAIL("%s is %lld, not %lld", #is, check_is, check_should); \
	} while (0)

#define CHECK_TEXT(is, should) \
	do { \
		const char *check_is = (is), *check_should = (should); \
\
		if (!check_is || !check_should ? check_is != check_should \
		                               : strcmp(check_is, check_should)) \
			CHECK_FAIL("%s is \"%s\", not \"%s\"", #is, \
			           check_is ? check_is : "(null)", \
			           check_should ? check_should : "(null)"); \
	} while (0)

__attribute__((unused)) static void check_fail(const char *file, int line, const char *why)
{
	if (check_now->failures++)
		printf("# %s:%d: %s\n", file, line, why);
	else
		snprintf(check_now->why, sizeof check_now->why, "%s:%d: %s", file, line, why);
}

int main(void)
{
	int failed = 0;

	/* Line by line, so that nothing is said twice after a fork or lost in an abort. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (check_now = check_list; check_now; check_now = check_now->next) {
		check_now->run();
		if (check_now->failures) {
			/* A text under test may hold a newline; the runner wants one line. */
			for (char *p = check_now->why; *p; p++)
				if (*p == '\n')
					*p = ' ';
			printf("not ok %s: %s\n", check_now->name, check_now->why);
			failed = 1;
		} else {
			printf("ok %s\n", check_now->name);
		}
	}
	return failed;
}

#endif
