/* SPDX-License-Identifier: 0BSD */
/* What an applet says of itself: its one text holds three. */
#include "test.h"
#include "applet.h"

static const struct applet sample = { .text = "name\0what it does\0[OPTION]... FILE" };

TEST(parts)
{
	CHECK_TEXT(applet_summary(&sample), "what it does");
	CHECK_TEXT(applet_synopsis(&sample), "[OPTION]... FILE");
}
