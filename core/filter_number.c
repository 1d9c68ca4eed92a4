/* SPDX-License-Identifier: 0BSD */
/* Numbers as people and tables write them: times, decimals, sizes with a unit. */
#include "filter.h"

#include <errno.h>
#include <string.h>

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Adds decimal digits to *n, at least one; returns what follows, or NULL. */
static const char *read_digits(const char *s, const char *end, uint64_t *n)
{
	const char *begin = s;

	for (; s < end && is_digit(*s); s++) {
		unsigned digit = (unsigned)(*s - '0');

		if (*n > ((uint64_t)INT64_MAX - digit) / 10)
			return NULL;
		*n = *n * 10 + digit;
	}
	return s == begin ? NULL : s;
}

/* [DAYS-]HOURS:MINUTES[:SECONDS], or MINUTES:SECONDS as ps prints them, of which the first digits
 * are read. */
static int read_time(const char *s, const char *end, uint64_t *seconds)
{
	uint64_t sum = 0;
	int days = 0, parts = 0;

	for (;; s++) {
		uint64_t part = 0;

		s = read_digits(s, end, &part);
		if (!s || part > UINT32_MAX)
			return -EINVAL;
		if (s < end && *s == '-' && !parts && !days) {
			days = 1;
			sum = part * 24;
			continue;
		}
		sum = days && !parts ? sum + part : sum * 60 + part;
		if (++parts > 3 || s == end || *s != ':')
			break;
	}
	if (s != end || parts > 3 || (days && parts == 1))
		return -EINVAL;
	*seconds = days && parts == 2 ? sum * 60 : sum;
	return 0;
}

/* Times the unit that is the text s..end: K, KiB, KB and so on. */
static int read_unit(const char *s, const char *end, uint64_t *n)
{
	static const char units[] = "kmgtpe";
	const char *unit = memchr(units, *s | 0x20, sizeof units - 1);
	size_t len = (size_t)(end - s);
	uint64_t factor = len == 2 ? 1000 : 1024;

	if (!unit || len > 3 || (len > 1 && (end[-1] | 0x20) != 'b') ||
	    (len == 3 && (s[1] | 0x20) != 'i'))
		return -EINVAL;
	for (; unit >= units; unit--) {
		if (*n > (uint64_t)INT64_MAX / factor)
			return -EINVAL;
		*n *= factor;
	}
	return 0;
}

#define SCALE 1000000 /* of the decimals that count */

static const char *read_decimals(const char *s, const char *end, uint64_t *n, uint64_t *scale)
{
	while (s && s < end && is_digit(*s))
		if (*scale < SCALE) {
			s = read_digits(s, s + 1, n);
			*scale *= 10;
		} else {
			s++;
		}
	return s;
}

int filter_number(const char *text, size_t len, struct filter_value *v)
{
	const char *end = text + len, *s = text + (len && *text == '-');
	uint64_t n = 0, scale = 1;

	*v = (struct filter_value){ .kind = FILTER_TEXT, .text = text, .len = len };
	if (memchr(s, ':', (size_t)(end - s))) {
		if (s > text || read_time(s, end, &n))
			return -EINVAL;
		s = end;
	} else {
		s = read_digits(s, end, &n);
		if (s && s < end && *s == '.')
			s = read_decimals(s + 1, end, &n, &scale);
		if (!s || (s < end && read_unit(s, end, &n)))
			return -EINVAL;
	}
	v->kind = FILTER_NUMBER;
	v->number = *text == '-' ? -(int64_t)n : (int64_t)n;
	v->scale = scale;
	v->unit = s < end;
	return 0;
}
