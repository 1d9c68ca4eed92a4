/* SPDX-License-Identifier: 0BSD */
/* Which texts are numbers, and which. In expressions: tests/core/filter.c. */
#include "test.h"
#include "filter.h"
#include "help.h"

/* What is printed as a number is one; there need not be a NUL behind it. */
TEST(numbers)
{
	static const struct {
		const char *text;
		size_t len;
		int64_t number;
		uint64_t scale;
		unsigned unit;
	} cases[] = {
		{ "12", 1, 1, 1, 0 },     { "12.5", 4, 125, 10, 0 }, { "-1", 2, -1, 1, 0 },
		{ "0:05", 4, 5, 1, 0 },   { "1.55", 3, 15, 10, 0 },  { "1K5", 2, 1024, 1, 1 },
		{ "7:00", 4, 420, 1, 0 },
	};
	static const char none[][6] = { "", "-", "?", "-:1", "x", "1x", " 1", "1 ", ".5", "--1" };
	struct filter_value v;

	for (size_t i = 0; i < COUNT(cases); i++) {
		CHECK_INT(filter_number(cases[i].text, cases[i].len, &v), 0);
		CHECK_INT(v.kind, FILTER_NUMBER);
		CHECK_INT(v.number, cases[i].number);
		CHECK_INT(v.scale, cases[i].scale);
		CHECK_INT(v.unit, cases[i].unit);
		CHECK(v.text == cases[i].text && v.len == cases[i].len);
	}
	for (size_t i = 0; i < COUNT(none); i++) {
		CHECK_INT(filter_number(none[i], strlen(none[i]), &v), -EINVAL);
		CHECK_INT(v.kind, FILTER_TEXT);
		CHECK(v.text == none[i] && v.len == strlen(none[i]));
	}
}
