/* SPDX-License-Identifier: 0BSD */
#include "str.h"
#include "sys.h"

#include <string.h>

int str_digits(const char *s, const char **end, uint64_t max, uint64_t *value)
{
	uint64_t v = 0;
	int over = 0;
	const char *p = s;

	for (; *p >= '0' && *p <= '9'; p++) {
		unsigned digit = (unsigned)(*p - '0');

		/* With max here it would be a division each time. */
		if (v >= UINT64_MAX / 10 && (v > UINT64_MAX / 10 || digit > UINT64_MAX % 10))
			over = 1;
		else
			v = v * 10 + digit;
	}
	*end = p;
	if (p == s)
		return -EINVAL;
	if (over || v > max)
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

char *str_decimal(char *end, uint64_t v, unsigned least)
{
	char *p = end;

	for (; v > UINT32_MAX; v /= 10)
		*--p = (char)('0' + v % 10);
	for (uint32_t low = (uint32_t)v; low || p > end - least;) {
		uint32_t tenth = (uint32_t)((uint64_t)low * 0xcccccccdu >> 35);

		*--p = (char)('0' + (low - tenth * 10));
		low = tenth;
	}
	return p;
}

int str_octal(const char *text, unsigned max, unsigned *value)
{
	unsigned v = 0;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '7')
			return -EINVAL;
		if (v > max / 8)
			return -ERANGE;
		v = v * 8 + (unsigned)(*text - '0');
	}
	*value = v;
	return v > max ? -ERANGE : 0;
}

int str_c_number(const char *s, uint64_t max, uint64_t *value)
{
	int below = 0, large = 0;
	unsigned base;
	uint64_t n = 0;

	s += strspn(s, " \t\n\v\f\r");
	if (*s == '+' || *s == '-')
		below = *s++ == '-';
	base = *s != '0' ? 10 : (s[1] | 32) == 'x' ? 16 : 8;
	s += base == 16 ? 2 : 0;
	if (!*s)
		return -EINVAL;
	for (; *s; s++) {
		unsigned digit =
			(unsigned)(*s >= '0' && *s <= '9' ? *s - '0' : (*s | 32) - 'a' + 10);

		if (digit >= base || (*s > '9' && (*s | 32) < 'a'))
			return -EINVAL;
		n = n * base + digit;
		large |= n > max;
		n = large ? 0 : n;
	}
	*value = n;
	return large || (below && n) ? -ERANGE : 0;
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

const char *str_begins(const char *text, const char *word)
{
	while (*word)
		if (*text++ != *word++)
			return NULL;
	return text;
}

const char *str_prefix(const char *text, const char *word)
{
	for (; *word; word++, text++)
		if ((*text | 0x20) != *word)
			return NULL;
	return text;
}

int str_duration(const char *text, uint64_t *ns)
{
	uint64_t whole = 0, fraction = 0, scale = STR_SECOND, unit;
	const char *p = text, *rest = str_prefix(text, "inf");
	int r;

	if (rest && *rest)
		rest = str_prefix(rest, "inity");
	if (rest && !*rest) {
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

/* What str_vformat writes to, which counts on past the end; and the field that comes next. */
struct sink {
	char *dst;
	size_t size, len;
	int width, left, zero;
};

static void sink_char(struct sink *s, char c)
{
	if (s->len + 1 < s->size)
		s->dst[s->len] = c;
	s->len++;
}

static void sink_field(struct sink *s, const char *text, size_t len)
{
	int pad = s->width - (int)len, zero = s->zero && !s->left;

	if (zero && *text == '-') { /* it stands before the zeros */
		sink_char(s, *text++);
		len--;
	}
	while (!s->left && pad-- > 0)
		sink_char(s, zero ? '0' : ' ');
	while (len--)
		sink_char(s, *text++);
	while (pad-- > 0)
		sink_char(s, ' ');
}

static uint64_t next_integer(va_list *args, int size, int is_signed)
{
	if (size == 0)
		return is_signed ? (uint64_t)va_arg(*args, int) : va_arg(*args, unsigned);
	if (size == 1)
		return is_signed ? (uint64_t)va_arg(*args, long) : va_arg(*args, unsigned long);
	return va_arg(*args, uint64_t);
}

static void sink_number(struct sink *s, char kind, va_list *args, int size)
{
	unsigned base = kind == 'x' ? 16 : kind == 'o' ? 8 : 10;
	uint64_t v = next_integer(args, size, kind == 'd');
	int negative = kind == 'd' && (int64_t)v < 0;
	char text[24], *p = text + sizeof text;

	if (negative)
		v = -v;
	do
		*--p = "0123456789abcdef"[v % base];
	while (v /= base);
	if (negative)
		*--p = '-';
	sink_field(s, p, (size_t)(text + sizeof text - p));
}

static void sink_text(struct sink *s, const char *text, int precision)
{
	size_t len = 0;

	while ((precision < 0 || len < (size_t)precision) && text[len])
		len++;
	s->zero = 0;
	sink_field(s, text, len);
}

size_t str_vformat(char *dst, size_t size, const char *f, va_list list)
{
	struct sink s = { .dst = dst, .size = size };
	va_list args;

	va_copy(args, list);
	for (; *f; f++) {
		int size_of = 0, precision = -1;
		char c[2] = { 0 };

		if (*f != '%') {
			sink_char(&s, *f);
			continue;
		}
		s.left = s.zero = s.width = 0;
		for (f++; *f == '-' || *f == '0'; f++)
			*(*f == '-' ? &s.left : &s.zero) = 1;
		for (; *f >= '0' && *f <= '9'; f++)
			s.width = s.width * 10 + (*f - '0');
		if (f[0] == '.' && f[1] == '*') {
			precision = va_arg(args, int);
			f += 2;
		}
		for (; *f == 'l' || *f == 'z'; f++)
			size_of++;
		switch (*f) {
		case 's':
			sink_text(&s, va_arg(args, const char *), precision);
			break;
		case 'c':
			*c = (char)va_arg(args, int);
			s.zero = 0;
			sink_field(&s, c, 1);
			break;
		case 'd':
		case 'u':
		case 'x':
		case 'o':
			sink_number(&s, *f, &args, size_of);
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
