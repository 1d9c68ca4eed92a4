/* SPDX-License-Identifier: 0BSD */
/* What an applet says of itself: its one text holds three; and the versions, its own and in the
 * form that programs read which know another's. */
#include "test.h"
#include "help.h"
#include "applet.h"
#include "version.h"

#include <ctype.h>

static const struct applet sample = { .text = "name\0what it does\0[OPTION]... FILE" };

TEST(parts)
{
	CHECK_TEXT(applet_summary(&sample), "what it does");
	CHECK_TEXT(applet_synopsis(&sample), "[OPTION]... FILE");
}

static int version(void *unused)
{
	(void)unused;
	return applet_version() ? 9 : 0;
}

TEST(version)
{
	char text[2048];

	CHECK_INT(capture(1, version, NULL, text, sizeof text), 0);
	CHECK_TEXT(text, "pidbox " VERSION "\nfeatures:" VERSION_FEATURES "\n");
	CHECK_INT(capture(2, version, NULL, text, sizeof text), 0);
	CHECK_TEXT(text, "");
}

struct say {
	const char *prefix;
	int fd;
};

static int version_as(void *arg)
{
	struct say *s = arg;

	return applet_version_as(s->prefix, s->fd) ? 9 : 0;
}

/* Docker splits what tini says at " - " (parseInitVersion): in front of it stands the version,
 * behind it "git." and a commit. Neither may hold a blank. */
TEST(version_as)
{
	static const char *const prefixes[] = { "tini version ", "dumb-init v", "pause ", "" };
	char text[512], should[512];

	CHECK(isdigit((unsigned char)*VERSION_NUMBER));
	CHECK(!strpbrk(VERSION_NUMBER VERSION_GIT, " \n"));
	CHECK(!*VERSION_GIT || isxdigit((unsigned char)*VERSION_GIT));

	for (size_t i = 0; i < COUNT(prefixes); i++)
		for (int fd = 1; fd < 4; fd++) {
			struct say s = { prefixes[i], fd }, other = { prefixes[i], fd % 2 + 1 };

			CHECK_INT(capture(fd, version_as, &s, text, sizeof text), 0);
			snprintf(should, sizeof should, "%s%s_pidbox%s%s\n", prefixes[i],
			         VERSION_NUMBER, *VERSION_GIT ? " - git." : "", VERSION_GIT);
			CHECK_TEXT(text, should);

			/* Nothing to the other stream. */
			if (fd < 3) {
				CHECK_INT(capture(fd, version_as, &other, text, sizeof text), 0);
				CHECK_TEXT(text, "");
			}
		}
}

static int version_lost(void *unused)
{
	int full = open("/dev/full", O_WRONLY);

	(void)unused;
	if (applet_version_as("tini version ", full) != -ENOSPC)
		return 1;
	close(full);
	return applet_version_as("tini version ", full) == -EBADF ? 0 : 2;
}

TEST(version_lost)
{
	CHECK_INT(in_child(version_lost, NULL), 0);
}
