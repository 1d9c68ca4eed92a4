/* SPDX-License-Identifier: 0BSD */
/* parsers: ps_parse ps_list ps_sort_list ps_sort_letters pick_item */
#include "fuzz.h"

#include "../../applets/ps/ps.h"

#include "../../applets/ps/columns.h"
#include "../../applets/ps/format.c"
#include "../../applets/ps/parse.c"
#include "../../applets/ps/person.c"
#include "../../applets/ps/select.c"
#include "../../applets/ps/sort.c"

OUT_COLUMNS(columns, COLUMNS);
OPT_TABLE(rows, ROWS);

#define WORDS 64

/* Names with an 'n' are known. */
static int look_up(void *context, enum ps_name what, const char *name, uint32_t *number)
{
	(void)context;
	(void)what;
	*number = (uint32_t)strlen(name);
	return strchr(name, 'n') ? 0 : strchr(name, 't') ? -ENOTTY : -ENOENT;
}

/* Words are lines. */
static void split(char *text, char *words[WORDS + 2])
{
	int n = 0;
	char *end;

	words[n++] = (char *)(size_t) "ps";
	for (; *text && n <= WORDS; text = end) {
		words[n++] = text;
		end = text + strcspn(text, "\n");
		if (*end)
			*end++ = 0;
	}
	words[n] = NULL;
}

static void check(const struct ps_args *a, const struct out_table *t, const struct ps_error *e,
                  int r)
{
	size_t count;

	if (r) {
		MUST(r == -EINVAL);
		MUST(e->code > PS_WRONG_NONE && e->code <= PS_WRONG_MEMORY);
		MUST(memchr(e->about, 0, PS_WORD));
		MUST(*ps_wrong_text(e->code) || e->code == PS_WRONG_REF);
		MUST(e->code != PS_WRONG_MISSING || *e->noun);
		return;
	}
	if (a->print != PS_PRINT_LIST)
		return;
	MUST(t->count && t->count <= OUT_COLS && a->key_count <= PS_KEYS);
	for (unsigned i = 0; i < t->count; i++) {
		if (!t->picks[i].col) { /* a gap */
			MUST(t->picks[i].width < 65536);
			continue;
		}
		MUST(t->picks[i].col >= t->cols && t->picks[i].col < t->cols + t->col_count);
		MUST(strlen(t->picks[i].header) < 65536 && *t->picks[i].name);
		MUST(t->picks[i].width <= 131071 || !t->picks[i].fixed);
	}
	for (unsigned i = 0; i < a->key_count; i++)
		MUST(a->keys[i].col >= t->cols && a->keys[i].col < t->cols + t->col_count);
	MUST(!(a->header && a->no_header));
	MUST(!(a->forest && a->threads));
	if (ps_named(a, &count))
		MUST(count && (a->quick || !a->simple) && !a->negate && !a->forest);
	MUST((ps_select_needs(a) & ~(unsigned)(PROC_STAT | PROC_STATUS | PROC_OWNER)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct opt_table options = { rows, rows_text, sizeof rows / sizeof *rows,
		                                  0,    1,         NULL };
	struct ps_world w = { .opts = &options, .look_up = look_up };
	char *text, *words[WORDS + 2];
	struct out o = { .fd = -1 };
	struct out_table t = { .o = &o, OUT_USE(columns) };
	struct proc self = { .pid = 1 };
	struct ps_args a;
	struct ps_error e;

	if (!size)
		return 0;
	w.person = data[0];
	text = fuzz_text(data + 1, size - 1);
	split(text, words);
	check(&a, &t, &e, ps_parse(&w, words, &t, &a, &e));
	ps_selects(&a, &self, &self, 1);
	ps_args_free(&a);
	free(text);
	return 0;
}
