/* SPDX-License-Identifier: 0BSD */
#include "applet.h"
#include "out.h"
#include "version.h"

#include <string.h>

const char *applet_summary(const struct applet *a)
{
	return a->text + strlen(a->text) + 1;
}

const char *applet_synopsis(const struct applet *a)
{
	const char *summary = applet_summary(a);

	return summary + strlen(summary) + 1;
}

int applet_version(void)
{
	struct out o = { .fd = 1 };

	out_text(&o, "pidbox " VERSION "\n");
	out_text(&o, "features:" VERSION_FEATURES "\n");
	return out_flush(&o);
}

int applet_version_as(const char *prefix, int fd)
{
	struct out o = { .fd = fd };

	out_text(&o, prefix);
	out_text(&o, VERSION_NUMBER "_pidbox");
	out_text(&o, *VERSION_GIT ? " - git." VERSION_GIT : "");
	out_text(&o, "\n");
	return out_flush(&o);
}
