/* SPDX-License-Identifier: 0BSD */
/* What a person reads on stderr, byte by byte. */
#include "test.h"
#include "help.h"
#include "die.h"
#include "filter.h"
#include "str.h"

static const char *hostile;

static int warnings(void *unused)
{
	(void)unused;
	warn(0, "plain");
	warn(ENOENT, "file '%s'", "x");
	warn(-ENOENT, "number %d", 7);
	die_name = "other";
	warn(0, "%s", "");
	return 3;
}

TEST(warn)
{
	char text[512];

	CHECK_INT(capture(2, warnings, NULL, text, sizeof text), 3 << 8);
	CHECK_TEXT(text, "pidbox: plain\n"
	                 "pidbox: file 'x': No such file or directory\n"
	                 "pidbox: number 7: No such file or directory\n"
	                 "other: \n");
}

static int death(void *unused)
{
	(void)unused;
	die(42, EACCES, "%s", "no");
}

TEST(die)
{
	char text[512];

	CHECK_INT(capture(2, death, NULL, text, sizeof text), 42 << 8);
	CHECK_TEXT(text, "pidbox: no: Permission denied\n");
}

static int hinted(void *unused)
{
	(void)unused;
	die_hint(7, EPERM, hostile, "%s", "unshare");
}

TEST(hint)
{
	char text[512];

	hostile = "do\nthis";
	CHECK_INT(capture(2, hinted, NULL, text, sizeof text), 7 << 8);
	CHECK_TEXT(text, "pidbox: unshare: Operation not permitted (do?this)\n");
	hostile = NULL;
	CHECK_INT(capture(2, hinted, NULL, text, sizeof text), 7 << 8);
	CHECK_TEXT(text, "pidbox: unshare: Operation not permitted\n");
}

static int warn_hostile(void *unused)
{
	(void)unused;
	warn(0, "%s", hostile);
	return 0;
}

/* Every byte but NUL: no control byte in it, neither C0, DEL nor C1, and one line. */
TEST(control_bytes)
{
	char bytes[256], text[512];

	for (int i = 0; i < 255; i++)
		bytes[i] = (char)(i + 1);
	bytes[255] = 0;
	hostile = bytes;
	CHECK_INT(capture(2, warn_hostile, NULL, text, sizeof text), 0);
	CHECK_INT(strlen(text), strlen("pidbox: ") + 255 + 1);
	for (const char *p = text; p[1]; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f || (*p & 0xe0) == 0x80)
			CHECK_FAIL("byte %02x gets out", (unsigned char)*p);
	CHECK_TEXT(strchr(text, '\n'), "\n");
}

/* The same in UTF-8: U+0080 to U+009F are two bytes each. */
TEST(c1_of_utf8)
{
	char text[512];

	hostile = "\xc2\x9b"
		  "31m";
	CHECK_INT(capture(2, warn_hostile, NULL, text, sizeof text), 0);
	CHECK(!strstr(text, "\x9b"));
}

/* Longer than the line: cut, but the newline is there. */
TEST(long_line)
{
	static char bytes[5000], text[6000];

	for (size_t len = 1000; len < 1040; len++) {
		memset(bytes, 'a', len);
		bytes[len] = 0;
		hostile = bytes;
		CHECK_INT(capture(2, warn_hostile, NULL, text, sizeof text), 0);
		CHECK(strchr(text, '\n') && !strchr(text, '\n')[1]);
		CHECK(strlen(text) <= 1024 && strlen(text) >= 1000);
	}
	memset(bytes, 'a', sizeof bytes - 1);
	CHECK_INT(capture(2, warn_hostile, NULL, text, sizeof text), 0);
	CHECK(strlen(text) <= 1024 && text[strlen(text) - 1] == '\n');
}

/* stderr is closed: nobody to tell, and no crash. */
static int warn_nobody(void *unused)
{
	(void)unused;
	close(2);
	warn(0, "lost");
	die(9, 0, "lost");
}

TEST(nobody_to_tell)
{
	char text[512];

	CHECK_INT(capture(2, warn_nobody, NULL, text, sizeof text), 9 << 8);
	CHECK_TEXT(text, "");
}

static int ambiguous(void *unused)
{
	struct str why = { 0 };

	(void)unused;
	str_puts(&why, "first\nsecond\n");
	die_pid(5, -ENOTUNIQ, "1@123", &why);
}

static int unknown(void *unused)
{
	struct str why = { 0 };

	(void)unused;
	warn_pid(-EINVAL, "x\ny", &why);
	warn_pid(-ESRCH, "7", &why);
	return 0;
}

TEST(about_pids)
{
	char text[512];

	CHECK_INT(capture(2, ambiguous, NULL, text, sizeof text), 5 << 8);
	CHECK_TEXT(text,
	           "pidbox: '1@123': the container ID is ambiguous; it may be:\nfirst\nsecond\n");
	CHECK_INT(capture(2, unknown, NULL, text, sizeof text), 0);
	CHECK_TEXT(text, "pidbox: 'x?y': not a process: expected PID, PID@REF or a container's ID\n"
	                 "pidbox: '7': No such process\n");
}

static struct filter_error mistake;

static int filter(void *text)
{
	die_filter(2, mistake.what ? -EINVAL : -ENOMEM, text, &mistake);
}

/* The column is that of the screen. */
TEST(filter)
{
	char text[512], expression[200] = "pid == foo and", want[200];

	mistake = (struct filter_error){ 7, 3, "unknown column" };
	CHECK_INT(capture(2, filter, expression, text, sizeof text), 2 << 8);
	CHECK_TEXT(text, "pidbox: --filter: column 8: 'foo': unknown column\n");
	mistake = (struct filter_error){ 14, 0, "more is expected" };
	CHECK_INT(capture(2, filter, expression, text, sizeof text), 2 << 8);
	CHECK_TEXT(text, "pidbox: --filter: column 15: more is expected\n");
	mistake.what = NULL;
	CHECK_INT(capture(2, filter, expression, text, sizeof text), 2 << 8);
	snprintf(want, sizeof want, "pidbox: --filter: %s\n", strerror(ENOMEM));
	CHECK_TEXT(text, want);
	setenv("LC_ALL", "C.UTF-8", 1);
	mistake = (struct filter_error){ 8, 1, "no" };
	strcpy(expression, "\xc3\xa4\xc3\xb6 == #");
	CHECK_INT(capture(2, filter, expression, text, sizeof text), 2 << 8);
	CHECK_TEXT(text, "pidbox: --filter: column 7: '#': no\n");
	unsetenv("LC_ALL");
	/* a long word does not hide what is wrong with it */
	memset(expression, 'x', sizeof expression - 1);
	mistake = (struct filter_error){ 0, sizeof expression - 1, "no" };
	snprintf(want, sizeof want, "pidbox: --filter: column 1: '%.64s': no\n", expression);
	CHECK_INT(capture(2, filter, expression, text, sizeof text), 2 << 8);
	CHECK_TEXT(text, want);
}
