/* SPDX-License-Identifier: 0BSD */
/* Dates as strftime(3) writes them in the C locale. libc's one would bring all of printf(3). */
#include "ps.h"

#include <stddef.h>
#include <string.h>

struct date {
	char *to;
	size_t size, len;
	time_t when;
	struct tm tm;
};

static void put_char(struct date *d, char c)
{
	if (d->len + 1 < d->size)
		d->to[d->len++] = c;
}

static void put_text(struct date *d, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put_char(d, text[i]);
}

/* At least so wide. */
static void put_number(struct date *d, int64_t n, int width, char fill)
{
	char digits[24];
	size_t len = 0;

	if (n < 0)
		put_char(d, '-');
	for (uint64_t u = n < 0 ? -(uint64_t)n : (uint64_t)n; u || !len; u /= 10)
		digits[len++] = (char)('0' + u % 10);
	for (int i = (int)len; i < width; i++)
		put_char(d, fill);
	while (len)
		put_char(d, digits[--len]);
}

/* The nth of names that end in a blank; three letters of it, or all. */
static void put_name(struct date *d, const char *names, int n, int whole)
{
	size_t len;

	for (; n > 0 && *names; n--)
		names += strcspn(names, " ") + 1;
	len = strcspn(names, " ");
	put_text(d, names, whole || len < 3 ? len : 3);
}

/* The week of the year that its first such day begins (Sunday 0, Monday 1). */
static int week(const struct tm *tm, int first)
{
	return (tm->tm_yday + 7 - (tm->tm_wday + 7 - first) % 7) / 7;
}

/* The week of ISO 8601, which belongs to the year of its Thursday. */
static int iso_week(const struct tm *tm, int *year)
{
	int thursday = tm->tm_yday + 3 - (tm->tm_wday + 6) % 7, days;

	*year = tm->tm_year + 1900;
	if (thursday < 0) {
		--*year;
		thursday += 365 + (*year % 4 == 0 && (*year % 100 != 0 || *year % 400 == 0));
	}
	days = 365 + (*year % 4 == 0 && (*year % 100 != 0 || *year % 400 == 0));
	if (thursday >= days) {
		++*year;
		thursday -= days;
	}
	return thursday / 7 + 1;
}

static const char days[] = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday ";
static const char months[] = "January February March April May June July August September October "
			     "November December ";

static void expand(struct date *d, const char *format);

/* Those that are written with others. */
static const char *composed(char c)
{
	/* a letter, and what it is short for */
	static const char all[] = "c%a %b %e %H:%M:%S %Y\0D%m/%d/%y\0F%Y-%m-%d\0R%H:%M\0T%H:%M:%S\0"
				  "r%I:%M:%S %p\0x%m/%d/%y\0X%H:%M:%S\0h%b\0n\n\0t\t\0";
	const char *s = all;

	while (*s && *s != c)
		s += strlen(s) + 1;
	return *s ? s + 1 : NULL;
}

static void put_zone(struct date *d)
{
	long minutes = d->tm.tm_gmtoff / 60;

	put_char(d, minutes < 0 ? '-' : '+');
	if (minutes < 0)
		minutes = -minutes;
	put_number(d, minutes / 60 * 100 + minutes % 60, 4, '0');
}

static int put_field(struct date *d, char c)
{
	/* a letter, a member of struct tm, what is added, the width, how it is filled up */
	static const struct {
		char letter;
		unsigned char member, width;
		char fill;
		short add;
	} fields[] = {
#define FIELD(letter, member, add, width, fill) \
	{ letter, offsetof(struct tm, member), width, fill, add }
		FIELD('d', tm_mday, 0, 2, '0'), FIELD('e', tm_mday, 0, 2, ' '),
		FIELD('H', tm_hour, 0, 2, '0'), FIELD('k', tm_hour, 0, 2, ' '),
		FIELD('j', tm_yday, 1, 3, '0'), FIELD('m', tm_mon, 1, 2, '0'),
		FIELD('M', tm_min, 0, 2, '0'),  FIELD('S', tm_sec, 0, 2, '0'),
		FIELD('w', tm_wday, 0, 1, '0'), FIELD('Y', tm_year, 1900, 1, '0'),
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (fields[i].letter == c) {
			const void *member = (const char *)&d->tm + fields[i].member;

			put_number(d, *(const int *)member + fields[i].add, fields[i].width,
			           fields[i].fill);
			return 1;
		}
	return 0;
}

static void conversion(struct date *d, char c)
{
	const struct tm *tm = &d->tm;
	const char *others = composed(c);
	int year, n;

	if (others) {
		expand(d, others);
		return;
	}
	if (put_field(d, c))
		return;
	switch (c) {
	case 'a':
	case 'A':
		put_name(d, days, tm->tm_wday, c == 'A');
		break;
	case 'b':
	case 'B':
		put_name(d, months, tm->tm_mon, c == 'B');
		break;
	case 'C':
		put_number(d, (tm->tm_year + 1900) / 100, 2, '0');
		break;
	case 'g':
	case 'G':
	case 'V':
		n = iso_week(tm, &year);
		put_number(d, c == 'V' ? n : c == 'g' ? year % 100 : year, 2, '0');
		break;
	case 'I':
	case 'l':
		put_number(d, (tm->tm_hour + 11) % 12 + 1, 2, c == 'I' ? '0' : ' ');
		break;
	case 'p':
	case 'P':
		put_text(d,
		         c == 'P' ? (tm->tm_hour < 12 ? "am" : "pm")
		                  : (tm->tm_hour < 12 ? "AM" : "PM"),
		         2);
		break;
	case 's':
		put_number(d, d->when, 1, '0');
		break;
	case 'u':
		put_number(d, (tm->tm_wday + 6) % 7 + 1, 1, '0');
		break;
	case 'U':
	case 'W':
		put_number(d, week(tm, c == 'W'), 2, '0');
		break;
	case 'y':
		put_number(d, (tm->tm_year + 1900) % 100, 2, '0');
		break;
	case 'z':
		put_zone(d);
		break;
	case 'Z':
		put_text(d, tm->tm_zone, strlen(tm->tm_zone));
		break;
	case '%':
		put_char(d, '%');
		break;
	default: /* as glibc: what is none stays as it is */
		put_char(d, '%');
		put_char(d, c);
	}
}

static void expand(struct date *d, const char *format)
{
	for (; *format; format++) {
		if (*format != '%' || !format[1]) {
			put_char(d, *format);
			continue;
		}
		format++;
		/* E and O ask for another calendar or other digits, which C does not have. */
		if ((*format == 'E' || *format == 'O') && format[1])
			format++;
		conversion(d, *format);
	}
}

void ps_local_time(time_t when, struct tm *tm)
{
	const time_t first = 0;

	if (!localtime_r(&when, tm))
		localtime_r(&first, tm);
}

size_t ps_date(char *to, size_t size, const char *format, time_t when)
{
	struct date d = { .to = to, .size = size, .when = when };

	ps_local_time(when, &d.tm);
	expand(&d, format);
	to[d.len] = 0;
	return d.len;
}
