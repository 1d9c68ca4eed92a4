/* SPDX-License-Identifier: 0BSD */
/* What pstree shows of namespaces: -N, --borders, --pidns, --in; and --depth. */
#include "pstree.h"
#include "sys.h"

#include <string.h>

/* One of our options is given: then more is shown than psmisc does. */
static int is_ours(const struct pstree *t)
{
	return CFG_PSTREE_NS && (t->borders || t->pidns_ref || t->pidns_tree_ref || t->in_ref);
}

static int needs_pidns(const struct pstree *t)
{
	return is_ours(t) || (CFG_PSTREE_DOT && t->dot) || (CFG_PSTREE_JSON && t->json) ||
	       t->space == NS_PID;
}

static void parse_borders(struct pstree *t)
{
	const char *word = t->borders;

	t->view.borders = word && !*word ? 1u << NS_PID : 0;
	while (word && *word) {
		size_t len = strcspn(word, ",");
		char name[8] = "";
		int kind;

		memcpy(name, word, len < sizeof name ? len : 0);
		kind = ns_by_name(name);
		if (kind < 0)
			opt_misuse(&applet_pstree, "'%.*s': no type of namespace", (int)len, word);
		t->view.borders |= 1u << kind;
		word += len + (word[len] == ',');
	}
}

unsigned space_want(struct pstree *t)
{
	if (CFG_PSTREE_NS)
		parse_borders(t);
	return CFG_PSTREE_NS && needs_pidns(t) ? PROC_STATUS | TREE_PIDNS : 0;
}

/* ---- which namespace */

static uint64_t pid_inode(const void *pstree, uint32_t process)
{
	const struct pstree *t = pstree;

	return t->tree.node[process].pidns;
}

static uint64_t inode_of(const struct pstree *t, uint32_t process, enum ns_kind kind)
{
	uint64_t inode;

	return ns_id(t->proc, t->tree.node[process].p.pid, kind, &inode) ? 0 : inode;
}

static uint64_t kind_inode(const void *pstree, uint32_t process)
{
	const struct pstree *t = pstree;

	return inode_of(t, process, (enum ns_kind)t->space);
}

static void find_spaces(struct pstree *t)
{
	struct space_view *v = &t->view;
	int r = 0;

	if (needs_pidns(t))
		r = spaces_find(&v->pid, &t->tree, t->proc, NS_PID, pid_inode, t);
	if (!r && t->space >= 0 && t->space != NS_PID)
		r = spaces_find(&v->kind, &t->tree, t->proc, (enum ns_kind)t->space, kind_inode, t);
	if (r)
		die(1, r, "cannot hold the namespaces");
}

/* The one that a REF names; *ns has what is known of it. */
static uint32_t find_ref(struct pstree *t, const char *ref, struct pidns *ns)
{
	struct str why = { 0 };
	int r = pidns_find(ns, t->proc, ref, &why);
	size_t member = r ? TREE_NONE : tree_find(&t->tree, ns->member);

	if (member == TREE_NONE)
		die_pid(1, r ? r : -ESRCH, ref, &why);
	return space_index(&t->view.pid, (uint32_t)member);
}

static void find_refs(struct pstree *t)
{
	const char *only = t->pidns_ref ? t->pidns_ref : t->pidns_tree_ref;
	int r;

	if (only)
		t->view.only_at = find_ref(t, only, &t->view.only);
	if (!t->in_ref)
		return;
	t->view.in_at = find_ref(t, t->in_ref, &t->view.in);
	/* Groups, whose leaders may be gone, and users are not in the chains. */
	r = t->show_groups || t->show_users ? pidns_see(&t->view.in) : 0;
	if (r)
		die(1, r, "--in %s", t->in_ref);
}

/* ---- who is shown */

static int is_hidden(const struct pstree *t, const struct item *i)
{
	const struct space_view *v = &t->view;
	uint32_t at = space_index(&v->pid, i->process);

	return (t->pidns_ref && at != v->only_at) ||
	       (t->pidns_tree_ref && !space_is_below(&v->pid, at, v->only_at)) ||
	       (t->in_ref && !space_is_below(&v->pid, at, v->in_at));
}

static int hides(const struct pstree *t, const struct item *parent, const struct item *child)
{
	return is_hidden(t, parent) || is_hidden(t, child);
}

static int is_too_deep(const struct pstree *t, const struct item *parent, const struct item *child)
{
	(void)t;
	(void)parent;
	return !child->is_kept;
}

static uint32_t block_of(const struct pstree *t, const struct item *i)
{
	return space_index(t->space == NS_PID ? &t->view.pid : &t->view.kind, i->process);
}

static int is_border(const struct pstree *t, const struct item *parent, const struct item *child)
{
	return block_of(t, parent) != block_of(t, child);
}

/* Takes children from their parents. */
static void cut(struct pstree *t, int (*is_cut)(const struct pstree *t, const struct item *parent,
                                                const struct item *child))
{
	for (uint32_t i = 0; i < item_count(t); i++) {
		uint32_t *link = &item(t, i)->first_child;

		while (*link != NONE) {
			struct item *child = item(t, *link);

			if (is_cut(t, item(t, i), child)) {
				*link = child->next;
				child->parent = child->next = NONE;
			} else {
				link = &child->next;
			}
		}
	}
}

/* In the place of a root that is not shown stand those below it that are. */
static void hide(struct pstree *t)
{
	struct str roots = t->roots;

	t->roots = (struct str){ 0 };
	for (size_t n = 0; n < roots.len / sizeof(uint32_t); n++) {
		uint32_t root = ((const uint32_t *)(const void *)roots.p)[n], depth = 0;

		for (uint32_t i = root; i != NONE; i = items_next(t, root, i, &depth))
			if (!is_hidden(t, item(t, i)) &&
			    (i == root || is_hidden(t, item(t, item(t, i)->parent))))
				root_add(t, i);
	}
	str_free(&roots);
	cut(t, hides);
}

static void cut_depth(struct pstree *t)
{
	for (uint32_t i = 0; i < item_count(t); i++)
		item(t, i)->is_kept = 0;
	for (size_t n = 0; n < root_count(t); n++) {
		uint32_t root = root_at(t, n), depth = 0;

		for (uint32_t i = root; i != NONE; i = items_next(t, root, i, &depth))
			item(t, i)->is_kept |= depth < t->depth;
	}
	cut(t, is_too_deep);
}

/* ---- the numbers of --in */

static pid_t number_in(const struct pidns *ns, const pid_t *nspid, int levels)
{
	return nspid && levels >= ns->depth ? nspid[ns->depth - 1] : 0;
}

static pid_t process_in(const struct pstree *t, const struct tree_process *p)
{
	return number_in(&t->view.in, p->nspid, p->levels);
}

/* A thread's, which only its own file has; 0 when it has ended meanwhile. */
static pid_t thread_in(const struct pstree *t, const struct item *i)
{
	struct proc thread = { 0 };
	char path[PROC_PATH];
	int dir;

	proc_path(path, process(t, i)->pid, "task");
	dir = openat(t->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0) {
		proc_get(dir, i->id, PROC_STATUS, NULL, &thread);
		close(dir);
	}
	return number_in(&t->view.in, thread.nspid, thread.levels);
}

/* All numbers become those that the namespace has; only tree_process.pid, for /proc, stays. */
static void renumber(struct pstree *t)
{
	const struct pidns *ns = &t->view.in;

	for (uint32_t n = 0; n < item_count(t); n++) {
		struct item *i = item(t, n);
		struct tree_process *p = &t->tree.node[i->process].p;

		if (i->is_thread) {
			i->id = t->show_pids ? thread_in(t, i) : i->id;
			continue;
		}
		i->id = process_in(t, p);
		p->ppid = i->parent == NONE ? 0 : process_in(t, process(t, item(t, i->parent)));
		p->pgid = pidns_pid(ns, p->pgid);
		p->euid = pidns_id(ns, p->euid, 0);
	}
}

/* ---- -N */

struct place {
	uint32_t block, item;
};

/* The ranks of a namespace and those above it that are shown, itself first. */
static int path_of(const struct spaces *s, uint32_t at, uint32_t path[PROC_LEVELS])
{
	int n = 0;

	for (; at != TREE_NONE && n < PROC_LEVELS; at = space_at(s, at)->parent)
		if (space_at(s, at)->rank)
			path[n++] = space_at(s, at)->rank;
	return n;
}

/* Whoever is below comes right behind who is above. */
static int by_path(const void *a, const void *b, const void *spaces)
{
	uint32_t x[PROC_LEVELS], y[PROC_LEVELS];
	int m = path_of(spaces, ((const struct place *)a)->block, x);
	int n = path_of(spaces, ((const struct place *)b)->block, y);

	while (m && n)
		if (x[--m] != y[--n])
			return x[m] < y[n] ? -1 : 1;
	return m - n;
}

static const struct spaces *sorted_by(const struct pstree *t)
{
	return t->space == NS_PID ? &t->view.pid : &t->view.kind;
}

/* Adds the roots of the blocks, and gives the namespaces their ranks, as they are met on the way
 * through the tree: that is psmisc's order. */
static void find_places(struct pstree *t, struct str *places)
{
	uint32_t rank = 0;

	for (size_t n = 0; n < root_count(t); n++) {
		uint32_t root = root_at(t, n), depth = 0;

		for (uint32_t i = root; i != NONE; i = items_next(t, root, i, &depth)) {
			struct place place = { block_of(t, item(t, i)), i };
			struct space *space = space_at(sorted_by(t), place.block);

			if (!space->rank)
				space->rank = ++rank;
			if ((i == root || is_border(t, item(t, item(t, i)->parent), item(t, i))) &&
			    str_add(places, (const char *)&place, sizeof place))
				die(1, -ENOMEM, "cannot hold the processes");
		}
	}
}

static void make_blocks(struct pstree *t)
{
	struct str places = { 0 };
	struct place *place;
	size_t n;

	items_sort(t);
	find_places(t, &places);
	n = places.len / sizeof *place;
	if (str_room(&places, places.len))
		die(1, -ENOMEM, "cannot hold the processes");
	place = (struct place *)(void *)places.p;
	str_sort(place, n, sizeof *place, place + n, by_path, sorted_by(t));
	t->roots.len = 0;
	for (size_t i = 0; i < n; i++)
		root_add(t, place[i].item);
	str_free(&places);
	cut(t, is_border);
}

void space_heading(struct pstree *t, uint32_t root)
{
	uint32_t at, path[PROC_LEVELS];
	uint64_t inode;

	if (!CFG_PSTREE_NS || t->space < 0)
		return;
	at = block_of(t, item(t, root));
	if (t->view.block == at + 1)
		return;
	t->view.block = at + 1;
	t->view.margin = 2 * (size_t)(path_of(sorted_by(t), at, path) - 1);
	inode = space_at(sorted_by(t), at)->inode;
	out_fill(t->o, ' ', t->view.margin);
	out_text(t->o, "[");
	if (inode)
		out_number(t->o, inode);
	out_text(t->o, inode ? "]\n" : "?]\n");
}

void space_shape(struct pstree *t)
{
	if (!CFG_PSTREE_NS || (!needs_pidns(t) && t->space < 0 && t->depth == UINT64_MAX))
		return;
	find_spaces(t);
	find_refs(t);
	if (t->pidns_ref || t->pidns_tree_ref || t->in_ref)
		hide(t);
	if (t->in_ref)
		renumber(t);
	if (t->depth != UINT64_MAX)
		cut_depth(t);
	if (t->space >= 0 && !t->dot && !t->json)
		make_blocks(t);
}

/* ---- the text of an item */

/* Whether a namespace of that kind begins with an item. What cannot be read begins nothing. */
static int begins(const struct pstree *t, const struct item *i, enum ns_kind kind, uint64_t *inode)
{
	uint32_t above = t->tree.node[i->process].parent, at;

	if (kind == NS_PID) {
		at = space_index(&t->view.pid, i->process);
		*inode = space_at(&t->view.pid, at)->inode;
		return above == TREE_NONE ? process(t, i)->levels > 1
		                          : space_index(&t->view.pid, above) != at;
	}
	*inode = inode_of(t, i->process, kind);
	return *inode && above != TREE_NONE && inode_of(t, above, kind) != *inode;
}

size_t space_border(struct pstree *t, const struct item *i)
{
	unsigned borders = i->is_thread || !is_ours(t) ? 0 : t->view.borders;
	size_t cells = 0;

	for (unsigned kind = 0; kind < NS_N; kind++) {
		char text[40] = "[pid:?]";
		uint64_t inode;

		if (!(borders & 1u << kind) || !begins(t, i, (enum ns_kind)kind, &inode))
			continue;
		if (inode)
			str_format(text, sizeof text, "[%s:%llu]", ns_kinds[kind].name,
			           (unsigned long long)inode);
		cells += draw_plain(t, text);
	}
	if (!cells)
		return 0;
	if (t->lines != LINES_UTF8)
		return cells + draw_plain(t, "---");
	return cells + draw_plain(t, t->strokes->only) / t->strokes->bytes;
}

/* The number in its own namespace, where that is another one than that of the numbers shown. */
static pid_t inner_number(const struct pstree *t, const struct item *i)
{
	const struct tree_process *p = process(t, i);

	return p->nspid && p->levels > (t->in_ref ? t->view.in.depth : 1) ? p->nspid[p->levels - 1]
	                                                                  : 0;
}

size_t space_number(struct pstree *t, const struct item *i)
{
	pid_t inner = is_ours(t) && !i->is_thread ? inner_number(t, i) : 0;
	char text[16];
	size_t cells;

	if (!inner)
		return 0;
	cells = draw_plain(t, t->strokes->arrow);
	if (t->lines == LINES_UTF8)
		cells = 1;
	str_format(text, sizeof text, "%d", inner);
	return cells + draw_plain(t, text);
}

int space_is_init(const struct tree_process *p)
{
	return p->nspid && p->nspid[p->levels - 1] == 1;
}

int space_is_zombie(const struct tree_process *p)
{
	return p->state == 'Z' && p->threads <= 1;
}

enum mark { MARK_NONE, MARK_ZOMBIE, MARK_INIT };

static enum mark mark_of(const struct pstree *t, const struct item *i)
{
	const struct tree_process *p = process(t, i);

	if (!is_ours(t) || i->is_thread)
		return MARK_NONE;
	return space_is_zombie(p) ? MARK_ZOMBIE : space_is_init(p) ? MARK_INIT : MARK_NONE;
}

size_t space_mark(struct pstree *t, const struct item *i)
{
	static const char marks[][9] = { "", "<zombie>", "<init>" };

	return draw_plain(t, marks[mark_of(t, i)]);
}

static int has_border(const struct pstree *t, const struct item *i)
{
	uint64_t inode;

	for (unsigned kind = 0; kind < NS_N && !i->is_thread; kind++)
		if (t->view.borders & 1u << kind && begins(t, i, (enum ns_kind)kind, &inode))
			return 1;
	return 0;
}

int space_differs(const struct pstree *t, const struct item *a, const struct item *b)
{
	return is_ours(t) &&
	       (mark_of(t, a) != mark_of(t, b) || has_border(t, a) || has_border(t, b));
}
