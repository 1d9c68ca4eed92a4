/* SPDX-License-Identifier: 0BSD */
/* Which processes are meant: the lists of the options, and what they say of one process. */
#include "ps.h"
#include "sys.h"

#include <string.h>

/* ---- lists */

/* Whether a word is one of pid.h rather than a mistyped number: it has an '@', or is long. */
static int is_ref(const char *word)
{
	return strchr(word, '@') || strlen(word) >= 12;
}

static int pid_item(struct ps_parser *p, const char *word, struct ps_item *item)
{
	uint64_t n;
	int r = str_c_number(word, INT32_MAX, &n);

	if (r == -EINVAL && is_ref(word)) {
		r = p->w->look_up(p->w->context, PS_NAME_PROCESS, word, &item->number);
		p->e->err = r;
		if (r != -EINVAL || strchr(word, '@'))
			return r ? PS_WRONG_REF : 0;
	}
	if (r == -EINVAL)
		return PS_WRONG_PID_SYNTAX;
	if (r || (!n && item->kind != PS_KIND_PPID))
		return PS_WRONG_PID_RANGE;
	item->number = (uint32_t)n;
	return 0;
}

/* A user or a group. An unknown one matches nobody, which is well when all others are meant. */
static int id_item(struct ps_parser *p, const char *word, struct ps_item *item, int *skip)
{
	int group = item->kind == PS_KIND_EGROUP || item->kind == PS_KIND_RGROUP;
	uint64_t n;
	int r = str_c_number(word, UINT32_MAX - 1, &n);

	if (r == -ERANGE)
		return group ? PS_WRONG_GROUP_RANGE : PS_WRONG_USER_RANGE;
	item->number = (uint32_t)n;
	if (!r || !p->w->look_up(p->w->context, group ? PS_NAME_GROUP : PS_NAME_USER, word,
	                         &item->number))
		return 0;
	*skip = p->a->negate;
	return *skip ? 0 : group ? PS_WRONG_GROUP : PS_WRONG_USER;
}

static int tty_item(struct ps_parser *p, const char *word, struct ps_item *item)
{
	int r = p->w->look_up(p->w->context, PS_NAME_TTY, word, &item->number);

	return !r ? 0 : r == -ENOTTY ? PS_WRONG_NO_TTY : PS_WRONG_TTY;
}

/* One member; `word` is a copy of text[len]. */
static int add_item(struct ps_parser *p, enum ps_kind kind, const char *text, size_t len,
                    const char *word)
{
	struct ps_item item = { .kind = kind, .text = text, .len = len };
	int skip = 0, r = 0;

	switch (kind) {
	case PS_KIND_COMMAND:
		break;
	case PS_KIND_EGROUP:
	case PS_KIND_RGROUP:
	case PS_KIND_EUSER:
	case PS_KIND_RUSER:
		r = id_item(p, word, &item, &skip);
		break;
	case PS_KIND_TTY:
		r = tty_item(p, word, &item);
		break;
	default:
		r = pid_item(p, word, &item);
	}
	if (r)
		return ps_fail(p, (enum ps_wrong)r, text, len);
	if (!skip && str_add(&p->a->items, (const char *)&item, sizeof item))
		return ps_fail(p, PS_WRONG_MEMORY, "", 0);
	return 0;
}

static const struct ps_item *items_of(const struct ps_args *a, size_t *count)
{
	*count = a->items.len / sizeof(struct ps_item);
	return (const struct ps_item *)(const void *)a->items.p;
}

int ps_list(struct ps_parser *p, enum ps_kind kind, const char *list)
{
	char word[256];

	if (kind == PS_KIND_QUICK && p->a->quick)
		return ps_fail(p, PS_WRONG_QUICK_ONCE, "", 0);
	p->a->quick |= kind == PS_KIND_QUICK;
	p->a->listed = 1;
	for (const char *s = list;;) {
		size_t len = strcspn(s, ", \t");
		int r;

		if (!len)
			return ps_fail(p, PS_WRONG_LIST, list, strlen(list));
		str_format(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : 0), s);
		r = add_item(p, kind, s, len, word);
		if (r || !s[len])
			return r;
		s += len + 1;
	}
}

int ps_list_g(struct ps_parser *p, const char *list)
{
	size_t before = p->a->items.len;

	if (!ps_list(p, PS_KIND_SID, list))
		return 0;
	p->a->items.len = before;
	if (!ps_list(p, PS_KIND_EGROUP, list))
		return 0;
	return ps_fail(p, PS_WRONG_SESSIONS, list, strlen(list));
}

/* ---- what goes together */

#define SYSV_SIMPLE (PS_SYSV_A | PS_SYSV_D)
#define BSD_SIMPLE (PS_BSD_A | PS_BSD_X | PS_BSD_G)

static int check_quick(struct ps_parser *p)
{
	const struct ps_args *a = p->a;
	size_t count;
	const struct ps_item *items = items_of(a, &count);

	for (size_t i = 0; i < count; i++)
		if (items[i].kind != PS_KIND_QUICK)
			return ps_fail(p, PS_WRONG_QUICK_OTHER, "", 0);
	if (a->forest)
		return ps_fail(p, PS_WRONG_QUICK_FOREST, "", 0);
	if (a->key_count)
		return ps_fail(p, PS_WRONG_QUICK_SORT, "", 0);
	return a->negate ? ps_fail(p, PS_WRONG_QUICK_NEGATE, "", 0) : 0;
}

int ps_check_selection(struct ps_parser *p)
{
	struct ps_args *a = p->a;
	int all_by_default = (p->w->person & PS_PERSON_BUSYBOX) != 0;

	if (!a->simple && !a->listed &&
	    (a->zombies || a->pidns || a->in || a->filter || all_by_default))
		a->simple = PS_ALL;
	if ((a->simple & SYSV_SIMPLE) && (a->simple & BSD_SIMPLE))
		return ps_fail(p, PS_WRONG_SELECTION, "", 0);
	if (a->quick)
		return check_quick(p);
	/* BSD's ps without an option shows those on a terminal, with x all. */
	if ((a->simple & PS_BSD_A) && (a->simple & PS_BSD_X))
		a->simple |= PS_ALL;
	return 0;
}

/* ---- one process */

int ps_asks_self(const struct ps_args *a)
{
	return !(a->simple & PS_ALL) && (a->simple || !a->listed);
}

static int simply_selected(const struct ps_args *a, const struct proc *self, const struct proc *p)
{
	int own = p->euid == self->euid, leads = p->sid == p->pid;
	unsigned s = a->simple;

	if (s & PS_SYSV_D)
		return !leads;
	if (s & PS_SYSV_A)
		return !leads && p->tty;
	if ((s & BSD_SIMPLE) || (a->bsd && !a->listed))
		return (own || (s & PS_BSD_A)) && (p->tty || (s & PS_BSD_X));
	return !a->listed && own && p->tty == self->tty;
}

static int is_named(const struct ps_item *i, const struct proc *p)
{
	size_t len = p->comm_len < 15 || i->len < 15 ? p->comm_len : 15;

	return (i->len < 15 || p->comm_len < 15 ? i->len == len : 1) &&
	       !memcmp(i->text, p->comm, len);
}

static int is_item(const struct ps_item *i, const struct proc *p)
{
	switch (i->kind) {
	case PS_KIND_COMMAND:
		return is_named(i, p);
	case PS_KIND_EGROUP:
		return p->egid == i->number;
	case PS_KIND_RGROUP:
		return p->rgid == i->number;
	case PS_KIND_EUSER:
		return p->euid == i->number;
	case PS_KIND_RUSER:
		return p->ruid == i->number;
	case PS_KIND_PID:
	case PS_KIND_QUICK:
		return (uint32_t)p->pid == i->number;
	case PS_KIND_PPID:
		return (uint32_t)p->ppid == i->number;
	case PS_KIND_PGID:
		return (uint32_t)p->pgid == i->number;
	case PS_KIND_SID:
		return (uint32_t)p->sid == i->number;
	case PS_KIND_TTY:
		return (uint32_t)p->tty == i->number;
	}
	return 0;
}

static int is_listed(const struct ps_args *a, const struct proc *p)
{
	size_t count;
	const struct ps_item *items = items_of(a, &count);

	for (size_t i = 0; i < count; i++)
		if (is_item(&items[i], p))
			return 1;
	return 0;
}

int ps_selects(const struct ps_args *a, const struct proc *self, const struct proc *p, int in_ns)
{
	int yes = is_listed(a, p);

	if (!a->quick)
		yes |= (a->simple & PS_ALL) || (self && simply_selected(a, self, p));

	if (a->running && p->state != 'R' && p->state != 'D')
		yes = 0;
	/* A leader that has ended waits for its threads, and nobody can wait for it. */
	if ((a->zombies && (p->state != 'Z' || p->threads > 1)) || !in_ns)
		yes = 0;
	return a->negate ? !yes : yes;
}

unsigned ps_select_needs(const struct ps_args *a)
{
	static const unsigned char of_kind[] = {
		[PS_KIND_COMMAND] = PROC_STAT,  [PS_KIND_EGROUP] = PROC_OWNER,
		[PS_KIND_RGROUP] = PROC_STATUS, [PS_KIND_EUSER] = PROC_OWNER,
		[PS_KIND_RUSER] = PROC_STATUS,  [PS_KIND_PPID] = PROC_STAT,
		[PS_KIND_PGID] = PROC_STAT,     [PS_KIND_SID] = PROC_STAT,
		[PS_KIND_TTY] = PROC_STAT,
	};
	size_t count;
	const struct ps_item *items = items_of(a, &count);
	unsigned need = a->running || a->zombies ? PROC_STAT : 0;

	if (a->simple & PS_ALL)
		return need;
	for (size_t i = 0; i < count; i++)
		need |= of_kind[items[i].kind];
	if (ps_asks_self(a))
		need |= PROC_STAT | PROC_OWNER;
	return need;
}

const struct ps_item *ps_named(const struct ps_args *a, size_t *count)
{
	const struct ps_item *items = items_of(a, count);

	if (a->quick)
		return items;
	for (size_t i = 0; i < *count; i++)
		if (items[i].kind != PS_KIND_PID)
			return NULL;
	if (!*count || a->simple || a->negate || a->forest || a->key_count)
		return NULL;
	return items;
}
