/* SPDX-License-Identifier: 0BSD */
/* Dates of ps beside strftime(3). */
#include "test.h"
#include "../../applets/ps/date.c"
#include "help.h"

#include <stdlib.h>
#include <time.h>

static void compare(const char *format, time_t when)
{
	char ours[200], theirs[200];
	struct tm tm;
	size_t len;

	localtime_r(&when, &tm);
	len = ps_date(ours, sizeof ours, format, when);
	CHECK_INT(len, strftime(theirs, sizeof theirs, format, &tm));
	CHECK_TEXT(ours, theirs);
}

/* Every conversion, at the ends of years, in zones on both sides. */
TEST(as_strftime)
{
	static const char formats[][24] = {
		"%a %A|%b %B %h", "%c",       "%C %y %Y",
		"%d %e %D %F",    "%g %G %V", "%H %I %k %l %M %S",
		"%j %m %u %w",    "%n%t%%",   "%p %P %r",
		"%R %T %x %X",    "%s %z %Z", "%U %W",
		"%Ey %Od %EY",    "",         "no, none",
	};
	static const char zones[][8] = { "UTC0", "XYZ-5:45", "ABC9:30" };
	static const int days[] = { 0,  1,   2,   3,   4,   5,   6,   27,  58,  59,
		                    60, 181, 358, 359, 360, 361, 362, 363, 364, 365 };

	for (size_t z = 0; z < COUNT(zones); z++) {
		setenv("TZ", zones[z], 1);
		tzset();
		for (int year = 0; year < 60; year++)
			for (size_t d = 0; d < COUNT(days); d++)
				for (size_t f = 0; f < COUNT(formats); f++)
					compare(formats[f], (time_t)year * 31556952 +
					                            days[d] * 86400 + year * 1234 +
					                            days[d] * 97);
	}
}

TEST(unusual)
{
	char text[12];

	setenv("TZ", "UTC0", 1);
	tzset();
	CHECK_INT(ps_date(text, sizeof text, "%", 0), 1);
	CHECK_TEXT(text, "%");
	ps_date(text, sizeof text, "%Q%E", 0);
	CHECK_TEXT(text, "%Q%E");
	ps_date(text, sizeof text, "%Y", -62167219201); /* the year -1 */
	CHECK_TEXT(text, "-1");
	/* Cut. */
	CHECK_INT(ps_date(text, sizeof text, "%A %A %A", 0), 11);
	CHECK_TEXT(text, "Thursday Th");
	CHECK_INT(ps_date(text, 1, "%A", 0), 0);
	CHECK_TEXT(text, "");
}

/* Years that are no int: libc has no date for them. */
TEST(beyond)
{
	static const time_t far[] = { (time_t)1 << 60, -((time_t)1 << 60) };
	char text[64];

	setenv("TZ", "UTC0", 1);
	tzset();
	for (size_t i = 0; i < COUNT(far); i++) {
		ps_date(text, sizeof text, "%F %T %Z %z", far[i]);
		CHECK_TEXT(text, "1970-01-01 00:00:00 UTC +0000");
	}
}
