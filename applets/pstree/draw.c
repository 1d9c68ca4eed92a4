/* SPDX-License-Identifier: 0BSD */
/* Items as lines of text, drawn as psmisc draws them. A chain of any length is drawn: nothing here
 * calls itself. */
#include "pstree.h"

#include <string.h>

/* ---- the line */

/* Writes text of known cells, cut at the screen's edge, which then shows a '+'. */
static void put(struct pstree *t, const char *text, size_t len, size_t cells)
{
	struct str part = { 0 };

	if (!t->screen || t->at + cells < t->screen) {
		out_bytes(t->o, text, len);
		t->at += cells;
		return;
	}
	if (t->at >= t->screen)
		return;
	if (t->screen - t->at > 1 && out_safe(&part, text, len, t->utf8 || t->lines == LINES_UTF8,
	                                      t->screen - t->at - 1) >= 0)
		out_bytes(t->o, part.p, part.len);
	out_text(t->o, "+");
	t->at = t->screen;
	str_free(&part);
}

static void put_ascii(struct pstree *t, const char *text)
{
	put(t, text, strlen(text), strlen(text));
}

static void put_blanks(struct pstree *t, size_t n)
{
	size_t room = !t->screen || t->at + n < t->screen ? n
	              : t->at < t->screen                 ? t->screen - t->at - 1
	                                                  : 0;

	out_fill(t->o, ' ', room);
	t->at += room;
	if (room < n)
		put(t, " ", 1, 1);
}

/* Strokes have a cell each, of the same number of bytes. */
static void put_strokes(struct pstree *t, const char *strokes)
{
	size_t cells = strlen(strokes) / t->strokes->bytes, n = cells;

	if (t->screen && t->at + cells >= t->screen)
		n = t->at < t->screen ? t->screen - t->at - 1 : 0;
	if (n && *t->strokes->begin)
		out_text(t->o, t->strokes->begin);
	out_bytes(t->o, strokes, n * t->strokes->bytes);
	if (n && *t->strokes->begin)
		out_text(t->o, t->strokes->end);
	t->at += n;
	if (n < cells)
		put(t, " ", 1, 1);
}

static void new_line(struct pstree *t)
{
	out_text(t->o, "\n");
	t->at = 0;
}

/* ---- the text of an item */

static void add(struct pstree *t, const char *bytes, size_t len)
{
	if (str_add(&t->text, bytes, len))
		die(1, -ENOMEM, "cannot draw");
}

size_t draw_plain(struct pstree *t, const char *ascii)
{
	size_t len = strlen(ascii);

	add(t, ascii, len);
	return len;
}

/* The bytes of the character of UTF-8 that begins so, as far as there are any. */
static size_t char_bytes(unsigned char first, size_t len)
{
	size_t n = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	return n < len ? n : len;
}

/* Adds a character that is no plain ASCII: itself, or if that is not safe its first byte as \ooo.
 * Takes it from the text. */
static size_t add_odd(struct pstree *t, const char **text, size_t *len)
{
	size_t n = char_bytes((unsigned char)**text, *len), start = t->text.len;
	long cells = out_safe(&t->text, *text, n, t->utf8, SIZE_MAX);
	char octal[8];

	if (cells < 0)
		die(1, (int)cells, "cannot draw");
	if (memcmp(t->text.p + start, *text, n)) {
		n = 1;
		t->text.len = start;
		str_format(octal, sizeof octal, "\\%03o", (unsigned char)**text);
		cells = (long)draw_plain(t, octal);
	}
	*text += n;
	*len -= n;
	return (size_t)cells;
}

/* A backslash is doubled, so that nobody can write what stands for something else. */
size_t draw_add(struct pstree *t, const char *text, size_t len)
{
	size_t cells = 0;

	while (len) {
		size_t n = out_plain(text, len);
		const char *slash = memchr(text, '\\', n);

		if (slash)
			n = (size_t)(slash - text) + 1;
		add(t, text, n);
		cells += n;
		text += n;
		len -= n;
		if (slash)
			cells += draw_plain(t, "\\");
		else if (len)
			cells += add_odd(t, &text, &len);
	}
	return cells;
}

/* What stands in front of a fact in the parentheses: with arguments they are not written. */
static size_t add_comma(struct pstree *t, int *facts)
{
	return draw_plain(t, t->show_args || (*facts)++ ? "," : "(");
}

static size_t add_number(struct pstree *t, int *facts, pid_t number)
{
	size_t cells = add_comma(t, facts);
	char text[16];

	str_format(text, sizeof text, "%d", number);
	return cells + draw_plain(t, text);
}

static size_t add_user(struct pstree *t, int *facts, uid_t uid)
{
	size_t cells = add_comma(t, facts), len;
	const char *name = user_name(&t->users, uid, &len);
	char number[16];

	if (!name) {
		len = str_format(number, sizeof number, "%u", uid);
		name = number;
	}
	return cells + draw_add(t, name, len);
}

/* The kinds whose namespace is another than the parent's, in psmisc's order. */
static size_t add_spaces(struct pstree *t, int *facts, const struct item *i)
{
	static const unsigned char kinds[NS_N] = { NS_CGROUP, NS_IPC,  NS_MNT, NS_NET,
		                                   NS_PID,    NS_USER, NS_UTS, NS_TIME };
	size_t cells = 0;

	for (int k = 0; k < NS_N && i->parent != NONE && !i->is_thread; k++) {
		enum ns_kind kind = (enum ns_kind)kinds[k];
		uint64_t own = space_of(t, i->process, kind),
			 above = space_of(t, item(t, i->parent)->process, kind);

		if (own && above && own != above)
			cells += add_comma(t, facts) + draw_plain(t, ns_kinds[kind].name);
	}
	return cells;
}

static size_t add_label(struct pstree *t, int *facts, const struct item *i)
{
	size_t cells = add_comma(t, facts) + draw_plain(t, "`");
	const char *label = t->labels.p + ((uint32_t *)(void *)t->label_at.p)[i->process];

	return cells + draw_add(t, label, strlen(label)) + draw_plain(t, "'");
}

static int is_bare(const struct pstree *t, const struct item *i)
{
	return t->show_args && !i->is_thread && !process(t, i)->cmdline_len;
}

/* Makes the text of an item in t->text but for its arguments; returns its cells. */
static size_t make_text(struct pstree *t, const struct item *i, uid_t uid_above)
{
	const struct tree_process *p = process(t, i);
	size_t cells, len;
	const char *name = item_name(t, i, &len);
	int facts = 0;

	t->text.len = 0;
	cells = CFG_PSTREE_NS ? space_border(t, i) : 0;
	cells += draw_plain(t, i->is_thread ? "{" : is_bare(t, i) ? "(" : "");
	cells += draw_add(t, name, len);
	cells += draw_plain(t, i->is_thread ? "}" : "");
	if (t->show_pids)
		cells += add_number(t, &facts, i->id) + (CFG_PSTREE_NS ? space_number(t, i) : 0);
	if (t->show_groups)
		cells += add_number(t, &facts, p->pgid);
	if (t->show_users && p->euid != uid_above)
		cells += add_user(t, &facts, p->euid);
	if (t->show_spaces)
		cells += add_spaces(t, &facts, i);
	if (t->show_labels)
		cells += add_label(t, &facts, i);
	if (facts || is_bare(t, i))
		cells += draw_plain(t, ")");
	return cells + (CFG_PSTREE_NS ? space_mark(t, i) : 0);
}

/* The words but the first, and but empty ones at the end. One that would reach the edge is "..."
 * instead, and ends them. */
static void put_arguments(struct pstree *t, const struct tree_process *p)
{
	const char *word = p->cmdline, *end = word + p->cmdline_len;

	while (end > word && !end[-1])
		end--;
	while ((word += strnlen(word, (size_t)(end - word)) + 1) < end) {
		size_t cells;

		put_ascii(t, " ");
		t->text.len = 0;
		cells = draw_add(t, word, strnlen(word, (size_t)(end - word)));
		if (t->screen && t->at + cells + 4 >= t->screen) {
			put_ascii(t, "...");
			return;
		}
		put(t, t->text.p, t->text.len, cells);
	}
}

/* ---- the tree */

static struct level *level(const struct pstree *t, uint32_t depth)
{
	return (struct level *)(void *)t->levels.p + depth;
}

static void set_level(struct pstree *t, uint32_t depth, size_t cells)
{
	struct level l = { (uint32_t)cells, 0 };

	t->levels.len = depth * sizeof l;
	if (str_add(&t->levels, (const char *)&l, sizeof l))
		die(1, -ENOMEM, "cannot draw");
}

/* The left part of a line for a child at `depth`. */
static void indent(struct pstree *t, uint32_t depth)
{
	put_blanks(t, t->view.margin);
	for (uint32_t l = 0; l < depth && (!t->screen || t->at < t->screen); l++) {
		const struct level *at = level(t, l);

		put_blanks(t, at->cells);
		if (l + 1 == depth)
			put_strokes(t, at->more ? t->strokes->middle : t->strokes->last);
		else if (at->more)
			put_strokes(t, t->strokes->down);
		else
			put_blanks(t, 1);
		if (l + 1 < depth)
			put_blanks(t, 1);
	}
}

static void color(struct pstree *t, const struct item *i)
{
	enum { TICKS = 100, MINUTE = 60 * TICKS, HOUR = 60 * MINUTE };
	uint64_t start = process(t, i)->start_ticks;
	uint64_t age = t->now_ticks > start ? t->now_ticks - start : 0;

	out_text(t->o, age < MINUTE ? "\033[32m" : age < HOUR ? "\033[33m" : "\033[31m");
}

/* Whether children begin lines of their own. */
static int is_list(const struct pstree *t)
{
	return t->show_args || t->show_labels;
}

/* Draws an item without what is left of it; returns the blanks in front of its children. */
static size_t put_item(struct pstree *t, const struct item *i, uint32_t times, uid_t uid_above)
{
	char count[24] = "";
	size_t cells;

	if (times > 1)
		str_format(count, sizeof count, "%u*[", times);
	put_ascii(t, count);
	if (t->by_age)
		color(t, i);
	if (i->is_bright)
		out_text(t->o, "\033[1m");
	cells = make_text(t, i, uid_above);
	put(t, t->text.p, t->text.len, cells);
	if (i->is_bright)
		out_text(t->o, "\033[0m");
	if (t->show_args && !i->is_thread)
		put_arguments(t, process(t, i));
	if (t->by_age)
		out_text(t->o, "\033[0m");
	if (is_list(t))
		return (size_t)(t->show_args != 0) + (process(t, i)->comm_len > 1);
	return strlen(count) + cells + 1;
}

/* Goes to the next item that is drawn, below this one or not; NONE at the end. Of *closing, which
 * counts the brackets that are open, those of the ones that are left are taken off. */
static uint32_t step(struct pstree *t, uint32_t root, uint32_t i, int below, uint32_t *depth,
                     uint32_t *closing)
{
	if (below) {
		++*depth;
		return item(t, i)->first_child;
	}
	for (; i != root; i = item(t, i)->parent, --*depth) {
		*closing -= item(t, i)->times > 1;
		if (item(t, i)->next != NONE)
			return item(t, i)->next;
	}
	return NONE;
}

void draw_item(struct pstree *t, uint32_t root)
{
	uint32_t depth = 0, closing = 0, i = root, above = NONE;

	while (i != NONE) {
		const struct item *it = item(t, i);
		uint32_t times = i == root ? 1 : it->times, parent = it->parent;
		uid_t uid = i != root      ? process(t, item(t, parent))->euid
		            : it->is_users ? process(t, it)->euid
		                           : 0;
		int below = it->first_child != NONE;

		if (i != root)
			level(t, depth - 1)->more = it->next != NONE;
		if (i != root && above == parent && !is_list(t))
			put_strokes(t, it->next != NONE ? t->strokes->first : t->strokes->only);
		else
			indent(t, depth);
		closing += times > 1;
		set_level(t, depth, put_item(t, it, times, uid));
		if (!below || is_list(t)) {
			for (uint32_t n = 0; n < closing; n++)
				put_ascii(t, "]");
			new_line(t);
		} else if (t->screen && t->at + 1 >= t->screen) {
			/* Nothing of what is below would be seen: psmisc leaves it out. */
			put_strokes(t, t->strokes->first);
			new_line(t);
			below = 0;
		}
		above = below ? i : NONE;
		i = step(t, root, i, below, &depth, &closing);
	}
}
