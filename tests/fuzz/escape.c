/* SPDX-License-Identifier: 0BSD */
/* parsers: out_safe out_json_string utf8_decode is_unsafe cells_of */
#include "fuzz.h"
#include "out.h"

#include <locale.h>

/* The next character of well-formed UTF-8 (RFC 3629, by its table); its length, 0 for none. */
static size_t character(const unsigned char *s, const unsigned char *end, unsigned *c)
{
	size_t n = *s < 0x80                 ? 1
	           : *s >= 0xc2 && *s < 0xe0 ? 2
	           : (*s & 0xf0) == 0xe0     ? 3
	           : *s >= 0xf0 && *s < 0xf5 ? 4
	                                     : 0;

	if (!n || n > (size_t)(end - s))
		return 0;
	*c = n == 1 ? *s : *s & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	if ((n == 3 && (*c < 0x800 || (*c >= 0xd800 && *c < 0xe000))) ||
	    (n == 4 && (*c < 0x10000 || *c > 0x10ffff)))
		return 0;
	return n;
}

/* Every character may be shown to a terminal. */
static void is_safe(const char *text, size_t len, int utf8)
{
	const unsigned char *s = (const unsigned char *)text, *end = s + len;
	unsigned c = 0;

	for (size_t n; s < end; s += n) {
		n = character(s, end, &c);
		MUST(n && c >= ' ' && (c < 0x7f || (utf8 && c > 0x9f)));
		MUST(c != 0x61c && !(c >= 0x200b && c <= 0x200f) && !(c >= 0x2028 && c <= 0x202e) &&
		     !(c >= 0x2060 && c <= 0x206f) && !(c >= 0xe000 && c <= 0xf8ff) &&
		     c != 0xfeff && c < 0xe0000);
	}
}

static void safe(const char *text, size_t len, int utf8, size_t max)
{
	struct str once = { 0 }, twice = { 0 };
	long cells = out_safe(&once, text, len, utf8, max), again;

	MUST(cells >= 0 && (size_t)cells <= max && once.len <= len);
	is_safe(once.p, once.len, utf8);
	/* What is safe stays as it is. */
	again = out_safe(&twice, once.p, once.len, utf8, SIZE_MAX);
	MUST(again == cells && twice.len == once.len && !memcmp(once.p, twice.p, once.len));
	MUST(utf8 || (size_t)cells == (len < max ? len : max));
	str_free(&once);
	str_free(&twice);
}

/* A string of RFC 8259 that says what the text says, U+FFFD for each byte that says nothing. */
static void json(const char *text, size_t len)
{
	/* At most 12 bytes for one, so that nothing is written before out_flush. */
	static struct out o;
	const unsigned char *s = (const unsigned char *)text, *end;
	const char *p;
	unsigned c, is, low;
	size_t n;

	len = len < 300 ? len : 300;
	end = s + len;
	o = (struct out){ .fd = -1 };
	out_json_string(&o, text, len);
	MUST(o.len >= 2 && o.len < sizeof o.buf && !o.err);
	is_safe(o.buf, o.len, 1);
	o.buf[o.len] = 0;
	p = o.buf;
	MUST(*p++ == '"');
	for (; s < end; s += n) {
		n = character(s, end, &c);
		if (!n) {
			n = 1;
			c = 0xfffd;
		}
		if (*p != '\\') {
			size_t m = character((const unsigned char *)p,
			                     (const unsigned char *)o.buf + o.len, &is);

			MUST(m && is != '"');
			p += m;
		} else if (p[1] == 'u') {
			MUST(strspn(p + 2, "0123456789abcdef") >= 4 &&
			     sscanf(p, "\\u%4x", &is) == 1);
			p += 6;
			if (is >= 0xd800 && is < 0xdc00) {
				MUST(strspn(p + 2, "0123456789abcdef") >= 4 &&
				     sscanf(p, "\\u%4x", &low) == 1 && low >= 0xdc00 &&
				     low < 0xe000);
				is = 0x10000 + ((is & 0x3ff) << 10 | (low & 0x3ff));
				p += 6;
			}
		} else {
			MUST(p[1] == '"' || p[1] == '\\');
			is = (unsigned char)p[1];
			p += 2;
		}
		MUST(is == c);
	}
	MUST(p[0] == '"' && !p[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t maxima[] = { 0, 1, 2, 7, SIZE_MAX };
	static int ready;

	if (!ready) /* glibc's wcwidth(3) asks for it */
		ready = setlocale(LC_CTYPE, "C.UTF-8") != NULL;
	for (size_t i = 0; i < sizeof maxima / sizeof *maxima; i++)
		for (int utf8 = 0; utf8 < 2; utf8++)
			safe((const char *)data, size, utf8, maxima[i]);
	json((const char *)data, size);
	return 0;
}
