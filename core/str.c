/* SPDX-License-Identifier: 0BSD */
#include "str.h"
#include "sys.h"

#include <string.h>
#include <strings.h>

int str_digits(const char *s, const char **end, uint64_t max, uint64_t *value)
{
	uint64_t v = 0;
	int over = 0;
	const char *p = s;

	for (; *p >= '0' && *p <= '9'; p++) {
		unsigned digit = (unsigned)(*p - '0');

		if (digit > max || v > (max - digit) / 10)
			over = 1;
		else
			v = v * 10 + digit;
	}
	*end = p;
	if (p == s)
		return -EINVAL;
	if (over)
		return -ERANGE;
	*value = v;
	return 0;
}

int str_number(const char *text, uint64_t max, uint64_t *value)
{
	const char *end;
	int r = str_digits(text, &end, max, value);

	return end == text || *end ? -EINVAL : r;
}

#define STR_SECOND 1000000000ull

/* The seconds in a unit of sleep(1); 0 for none. */
static unsigned unit_seconds(const char *unit)
{
	if (!*unit || !strcmp(unit, "s"))
		return 1;
	if (!strcmp(unit, "m"))
		return 60;
	if (!strcmp(unit, "h"))
		return 3600;
	return strcmp(unit, "d") ? 0 : 86400;
}

int str_duration(const char *text, uint64_t *ns)
{
	uint64_t whole = 0, fraction = 0, scale = STR_SECOND, unit;
	const char *p = text;
	int r;

	if (!strcasecmp(text, "infinity") || !strcasecmp(text, "inf")) {
		*ns = STR_FOREVER;
		return 0;
	}
	r = str_digits(p, &p, UINT64_MAX / STR_SECOND, &whole);
	if (r == -EINVAL && *p != '.')
		return r;
	if (*p == '.') {
		const char *dot = p++;

		for (; *p >= '0' && *p <= '9'; p++)
			if (scale > 1) {
				scale /= 10;
				fraction += (uint64_t)(*p - '0') * scale;
			}
		if (dot == text && p == dot + 1)
			return -EINVAL;
	}
	unit = unit_seconds(p);
	if (!unit)
		return -EINVAL;
	if (r == -ERANGE || whole > UINT64_MAX / STR_SECOND / unit - 1)
		*ns = STR_FOREVER;
	else
		*ns = (whole * STR_SECOND + fraction) * unit;
	return 0;
}

int str_room(struct str *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 4096;
	char *p;

	if (more > SIZE_MAX / 4 - b->len)
		return -ENOMEM;
	if (b->len + more <= b->cap)
		return 0;
	while (cap < b->len + more)
		cap *= 2;
	p = sys_regrow(b->p, b->cap, cap);
	if (!p)
		return -ENOMEM;
	b->p = p;
	b->cap = cap;
	return 0;
}

int str_add(struct str *b, const char *bytes, size_t len)
{
	int r = str_room(b, len);

	if (r)
		return r;
	if (len)
		memcpy(b->p + b->len, bytes, len);
	b->len += len;
	return 0;
}

int str_puts(struct str *b, const char *text)
{
	return str_add(b, text, strlen(text));
}

void str_free(struct str *b)
{
	sys_free(b->p, b->cap);
	*b = (struct str){ 0 };
}

/* What str_vformat writes to: counts on past the end. */
struct sink {
	char *dst;
	size_t size, len;
};

static void sink_char(struct sink *s, char c)
{
	if (s->len + 1 < s->size)
		s->dst[s->len] = c;
	s->len++;
}

static void sink_field(struct sink *s, const char *text, size_t len, int width, int left, char fill)
{
	int pad = width > (int)len ? width - (int)len : 0;
	size_t sign = fill == '0' && len && *text == '-' && !left; /* stands before the zeros */

	if (sign)
		sink_char(s, '-');
	for (int i = 0; i < pad && !left; i++)
		sink_char(s, fill);
	for (size_t i = sign; i < len; i++)
		sink_char(s, text[i]);
	for (int i = 0; i < pad && left; i++)
		sink_char(s, ' ');
}

static size_t digits_of(uint64_t v, unsigned base, int negative, char out[24])
{
	char tmp[24];
	size_t n = 0, len = 0;

	do
		tmp[n++] = "0123456789abcdef"[v % base];
	while (v /= base);
	if (negative)
		out[len++] = '-';
	while (n)
		out[len++] = tmp[--n];
	return len;
}

static uint64_t next_integer(va_list *args, int size, int is_signed)
{
	if (size == 0)
		return is_signed ? (uint64_t)va_arg(*args, int) : va_arg(*args, unsigned);
	if (size == 1)
		return is_signed ? (uint64_t)va_arg(*args, long) : va_arg(*args, unsigned long);
	return va_arg(*args, uint64_t);
}

static void sink_number(struct sink *s, char kind, va_list *args, int size, int width, int left,
                        char fill)
{
	uint64_t v = next_integer(args, size, kind == 'd');
	int negative = kind == 'd' && (int64_t)v < 0;
	char text[24];
	size_t len = digits_of(negative ? -v : v,
	                       kind == 'x'   ? 16
	                       : kind == 'o' ? 8
	                                     : 10,
	                       negative, text);

	sink_field(s, text, len, width, left, fill);
}

size_t str_vformat(char *dst, size_t size, const char *f, va_list list)
{
	struct sink s = { dst, size, 0 };
	va_list args;

	va_copy(args, list);
	for (; *f; f++) {
		int left = 0, width = 0, size_of = 0, precision = -1;
		char fill = ' ', c;
		const char *text;

		if (*f != '%') {
			sink_char(&s, *f);
			continue;
		}
		for (f++; *f == '-' || *f == '0'; f++)
			*f == '-' ? (left = 1) : (fill = '0');
		for (; *f >= '0' && *f <= '9'; f++)
			width = width * 10 + (*f - '0');
		if (f[0] == '.' && f[1] == '*') {
			precision = va_arg(args, int);
			f += 2;
		}
		for (; *f == 'l' || *f == 'z'; f++)
			size_of++;
		switch (*f) {
		case 's':
			text = va_arg(args, const char *);
			sink_field(&s, text,
			           precision < 0 ? strlen(text) : strnlen(text, (size_t)precision),
			           width, left, ' ');
			break;
		case 'c':
			c = (char)va_arg(args, int);
			sink_field(&s, &c, 1, width, left, ' ');
			break;
		case 'd':
		case 'u':
		case 'x':
		case 'o':
			sink_number(&s, *f, &args, size_of, width, left, fill);
			break;
		default:
			sink_char(&s, *f);
		}
	}
	va_end(args);
	if (size)
		dst[s.len < size ? s.len : size - 1] = 0;
	return s.len;
}

size_t str_format(char *dst, size_t size, const char *format, ...)
{
	va_list args;
	size_t len;

	va_start(args, format);
	len = str_vformat(dst, size, format, args);
	va_end(args);
	return len;
}

void str_sort(void *base, size_t n, size_t size, void *spare,
              int (*compare)(const void *, const void *, const void *), const void *context)
{
	char *from = base, *to = spare;

	for (size_t run = 1; run < n; run *= 2) {
		for (size_t start = 0; start < n; start += 2 * run) {
			size_t middle = start + run < n ? start + run : n;
			size_t end = start + 2 * run < n ? start + 2 * run : n;
			size_t a = start, b = middle;

			for (size_t k = start; k < end; k++) {
				int take_b = a == middle ||
				             (b < end && compare(from + a * size, from + b * size,
				                                 context) > 0);
				size_t i = take_b ? b++ : a++;

				memcpy(to + k * size, from + i * size, size);
			}
		}
		char *swap = from;
		from = to;
		to = swap;
	}
	if (from != base)
		memcpy(base, from, n * size);
}
