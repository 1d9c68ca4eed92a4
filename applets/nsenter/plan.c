/* SPDX-License-Identifier: 0BSD */
/* nsenter --dry-run: what would be entered, and what else would be done. */
#include "nsenter.h"
#include "out.h"

#include <string.h>

static void cell(struct out *o, const char *text, size_t width)
{
	size_t len = strlen(text);

	out_text(o, text);
	out_fill(o, ' ', len < width ? width - len : 1);
}

static void cell_inode(struct out *o, uint64_t inode)
{
	char text[24] = "-";

	if (inode)
		str_format(text, sizeof text, "%llu", (unsigned long long)inode);
	cell(o, text, 12);
}

static void kind(struct out *o, const struct nsenter *n, enum ns_kind kind)
{
	uint64_t own = target_inode(n, 0, kind), its = 0;
	int chosen = n->fd[kind] >= 0 || n->mask >> kind & 1;

	if (n->fd[kind] >= 0)
		ns_inode(n->fd[kind], &its);
	else if (n->target)
		its = target_inode(n, n->target, kind);
	cell(o, ns_kinds[kind].name, 8);
	cell_inode(o, own);
	cell_inode(o, its);
	out_text(o, chosen ? "enter" : "skip");
	out_text(o, its && its == own ? ", the same\n" : "\n");
}

static void line(struct out *o, const char *name, const char *text)
{
	cell(o, name, 8);
	out_text(o, text);
	out_text(o, "\n");
}

static void id(struct out *o, const char *name, int have, uint32_t number, int follow)
{
	char text[16];

	str_format(text, sizeof text, "%u", number);
	line(o, name, follow ? "the target's" : have ? text : "unchanged");
}

static const char *place_of_dir(const struct nsenter *n)
{
	if (n->dir >= 0)
		return n->want_dir ? "the target's" : "given";
	if (n->wdns)
		return "given";
	if (n->root >= 0)
		return "the new root";
	return n->mask >> NS_MNT & 1 || n->fd[NS_MNT] >= 0 ? "the namespace's root" : "unchanged";
}

void plan_show(const struct nsenter *n, int fork)
{
	static const char *const places[] = { "unchanged", "given", "the target's" };
	struct out o = { .fd = 1 };

	out_text(&o, "KIND    OURS        TARGET      DO\n");
	for (int i = 0; i < NS_N; i++)
		kind(&o, n, (enum ns_kind)i);
	line(&o, "fork", fork ? "yes" : "no");
	line(&o, "root", places[(n->root >= 0) + n->want_root]);
	line(&o, "cwd", place_of_dir(n));
	id(&o, "uid", n->ids.have_uid, n->ids.uid, n->follow_uid);
	id(&o, "gid", n->ids.have_gid, n->ids.gid, n->follow_gid);
	opt_printed(out_flush(&o));
	__builtin_unreachable();
}
