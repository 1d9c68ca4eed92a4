/* SPDX-License-Identifier: 0BSD */
/* Text: checked numbers, durations, a small formatter, a growable buffer. Pure but for memory. */
#ifndef STR_H
#define STR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define STR_FOREVER UINT64_MAX

/* Reads decimal digits at `s` into *value and sets *end behind them. -EINVAL: no digit there;
 * -ERANGE: greater than max (and *end still stands behind the digits). */
int str_digits(const char *s, const char **end, uint64_t max, uint64_t *value);

/* The whole text as a decimal number of 0..max. -EINVAL, -ERANGE. */
int str_number(const char *text, uint64_t max, uint64_t *value);

/* The whole text as an octal number of 0..max. -EINVAL, -ERANGE. */
int str_octal(const char *text, unsigned max, unsigned *value);

/* The whole text as strtol(3) takes it with the base 0: decimal, 0x or octal behind a 0, blanks and
 * a sign in front. -EINVAL, -ERANGE. */
int str_c_number(const char *text, uint64_t max, uint64_t *value);

/* Writes v in decimal digits, `least` of them or more, so that they end at `end`; returns where
 * they begin. There are at most 20. */
char *str_decimal(char *end, uint64_t v, unsigned least);

/* What stands behind the word that the text begins with, or NULL where it does not. */
const char *str_begins(const char *text, const char *word);
/* The same of a word in lower case letters of ASCII, which the text may have in any case. */
const char *str_prefix(const char *text, const char *word);

/* A duration as timeout(1) and sleep(1) take it: NUMBER[.FRACTION][smhd], or "infinity" (any
 * case, "inf" too): *ns in nanoseconds, STR_FOREVER for infinity and whatever exceeds 584 years.
 * -EINVAL. */
int str_duration(const char *text, uint64_t *ns);

/* A growable buffer. {0} is an empty one; str_free gives the memory back. It is not terminated by
 * a NUL unless str_end was called. */
struct str {
	char *p;
	size_t len, cap;
};

/* Makes room for `more` bytes behind len. -ENOMEM, and the buffer is as it was. */
int str_room(struct str *b, size_t more);
int str_add(struct str *b, const char *bytes, size_t len);
int str_puts(struct str *b, const char *text);
void str_free(struct str *b);

/* Formats into dst[size], always with a NUL. Knows %s %.*s %c %d %u %x %o, with l, ll and z, a
 * width, and the flags - and 0. Returns the length it would have needed, as snprintf(3) does. */
__attribute__((format(printf, 3, 4))) size_t str_format(char *dst, size_t size, const char *format,
                                                        ...);
__attribute__((format(printf, 3, 0))) size_t str_vformat(char *dst, size_t size, const char *format,
                                                         va_list args);

/* Sorts n records of `size` bytes with a stable merge sort (libc's qsort(3) need not be stable).
 * `spare` has room for n records. compare returns < 0, 0, > 0. */
void str_sort(void *base, size_t n, size_t size, void *spare,
              int (*compare)(const void *, const void *, const void *), const void *context);

#endif
