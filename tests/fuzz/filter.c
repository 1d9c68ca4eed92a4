/* SPDX-License-Identifier: 0BSD */
/* parsers: filter_parse next filter_number read_time read_unit comparison test join */
#include "fuzz.h"

#include "filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Columns are single letters: numbers, sizes, texts, names, unknown ones. */
static int column(void *context, const char *name, size_t len)
{
	(void)context;
	return len == 1 && *name >= 'p' && *name <= 'w' ? *name - 'p' : -1;
}

static void value(void *context, int which, struct filter_value *v)
{
	static const int64_t numbers[] = { 0, 42, -7, INT64_MAX, INT64_MIN, 1 };

	MUST(which >= 0 && which < 8);
	*v = (struct filter_value){ .kind = (enum filter_kind)(which % 4),
		                    .number = numbers[which % 6],
		                    .scale = which > 5 ? 1000 : 0,
		                    .unit = which % 2 ? 1024 : 0 };
	if (v->kind > FILTER_NUMBER || which > 4) {
		v->text = context;
		v->len = strlen(context);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *cell = malloc(size);
	struct filter_value v;
	struct filter f;
	struct filter_error e;
	int r, is;

	memcpy(text, data, size);
	text[size] = 0;
	r = filter_parse(&f, text, column, NULL, &e);
	MUST(!r || r == -EINVAL);
	if (r)
		MUST(e.at <= strlen(text) && e.len <= strlen(text) - e.at && *e.what);
	else {
		is = filter_match(&f, value, text);
		MUST(is == 0 || is == 1);
		MUST(filter_match(&f, value, text) == is);
	}
	filter_free(&f);
	free(text);
	/* the same as what is printed, without a NUL behind it */
	memcpy(cell, data, size);
	r = filter_number(cell, size, &v);
	MUST(v.text == cell && v.len == size);
	MUST(r ? v.kind == FILTER_TEXT : v.kind == FILTER_NUMBER && v.scale);
	free(cell);
	return 0;
}
