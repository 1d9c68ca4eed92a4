/* SPDX-License-Identifier: 0BSD */
#include "out.h"
#include "exec.h"
#include "io.h"
#include "sys.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <wchar.h>

int out_flush(struct out *o)
{
	if (!o->err)
		o->err = o->add ? o->add(o->to, o->buf, o->len)
		                : (int)io_write_all(o->fd, o->buf, o->len);
	o->len = 0;
	return o->err;
}

/* Room for some of `want` bytes: where, and *n how many. */
static char *room_for(struct out *o, size_t want, size_t *n)
{
	if (o->len == sizeof o->buf)
		out_flush(o);
	*n = sizeof o->buf - o->len;
	if (*n > want)
		*n = want;
	o->len += *n;
	return o->buf + o->len - *n;
}

void out_bytes(struct out *o, const char *bytes, size_t len)
{
	for (size_t n; len; len -= n, bytes += n) {
		char *at = room_for(o, len, &n);

		memcpy(at, bytes, n);
	}
}

void out_text(struct out *o, const char *trusted)
{
	out_bytes(o, trusted, strlen(trusted));
}

void out_fill(struct out *o, char c, size_t len)
{
	for (size_t n; len; len -= n) {
		char *at = room_for(o, len, &n);

		memset(at, c, n);
	}
}

char *out_digits(char *end, uint64_t v)
{
	do
		*--end = (char)('0' + v % 10);
	while (v /= 10);
	return end;
}

void out_number(struct out *o, uint64_t v)
{
	char text[OUT_DIGITS], *end = text + sizeof text, *s = out_digits(end, v);

	out_bytes(o, s, (size_t)(end - s));
}

int out_utf8(void)
{
	static const char names[][10] = { "LC_ALL=", "LC_CTYPE=", "LANG=" };

	for (int i = 0; i < 3; i++) {
		const char *value = exec_variable(names[i]), *charset;

		if (!value || !*value)
			continue;
		charset = strrchr(value, '.');
		if (!charset || charset++ == value || !(charset = str_prefix(charset, "utf")))
			return 0;
		charset += *charset == '-';
		return *charset == '8' && (!charset[1] || charset[1] == '@');
	}
	return 0;
}

/* Decodes one character of UTF-8 (RFC 3629). Returns its length, 0 when it is invalid. */
static size_t utf8_decode(const unsigned char *s, size_t len, unsigned *c)
{
	size_t n = s[0] < 0x80   ? 1
	           : s[0] < 0xc2 ? 0
	           : s[0] < 0xe0 ? 2
	           : s[0] < 0xf0 ? 3
	           : s[0] < 0xf5 ? 4
	                         : 0;
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (!n || n > len)
		return 0;
	*c = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return n;
}

/* Characters that change how others are shown, or are shown as nothing and are no accent. */
static int is_unsafe(unsigned c)
{
	enum { ASTRAL = 14 }; /* from that row on without the 0x10000 */
	static const unsigned short ranges[][2] = {
		{ 0x00, 0x1f },     { 0x7f, 0x9f },     { 0x034f, 0x034f }, { 0x061c, 0x061c },
		{ 0x1160, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xe000, 0xf8ff }, { 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff }, { 0xfff0, 0xffff }, { 0x3430, 0x343f }, { 0xbca0, 0xbca3 },
		{ 0xd173, 0xd17a },
	};

	for (unsigned i = 0; i < sizeof ranges / sizeof *ranges; i++) {
		unsigned at = c - (i < ASTRAL ? 0 : 0x10000);

		if (at >= ranges[i][0] && at <= ranges[i][1])
			return 1;
	}
	return c >= 0xe0000;
}

/* The cells of a safe character. */
static size_t cells_of(unsigned c)
{
	int w = CFG_UNICODE && c >= 0x300 ? wcwidth((wchar_t)c) : 1;

	return w < 0 ? 1 : (size_t)w;
}

/* The length of the character at `s`, at least 1; *c is what it is, *safe whether to show it. */
static size_t next_char(const unsigned char *s, size_t len, int utf8, unsigned *c, int *safe)
{
	size_t n = utf8 > 0 ? utf8_decode(s, len, c) : *s < 0x80;

	if (utf8 <= 0)
		*c = *s;
	*safe = n && !is_unsafe(*c);
	return n ? n : 1;
}

size_t out_plain(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= ' ' && s[n] <= '~')
		n++;
	return n;
}

long out_safe(struct str *to, const char *text, size_t len, int utf8, size_t max_cells)
{
	size_t cells = out_plain(text, len < max_cells ? len : max_cells);
	const unsigned char *s = (const unsigned char *)text + cells;

	if (str_room(to, len + 1))
		return -ENOMEM;
	memcpy(to->p + to->len, text, cells);
	to->len += cells;
	len -= cells;
	while (len && cells < max_cells) {
		unsigned c;
		int safe;
		size_t n = next_char(s, len, utf8, &c, &safe), width = safe ? cells_of(c) : n;

		if (cells + width > max_cells)
			break;
		if (safe)
			memcpy(to->p + to->len, s, n);
		else
			memset(to->p + to->len, utf8 == OUT_DOTS && *s < 0x80 ? '.' : '?', n);
		to->len += n;
		cells += width;
		s += n;
		len -= n;
	}
	return (long)cells;
}

size_t out_cells(const char *text, size_t len, int utf8)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t cells = 0;

	while (len) {
		unsigned c;
		int safe;
		size_t n = next_char(s, len, utf8, &c, &safe);

		cells += safe ? cells_of(c) : n;
		s += n;
		len -= n;
	}
	return cells;
}

void out_clean(char *text, size_t len, int utf8)
{
	while (len) {
		unsigned c;
		int safe;
		size_t n = next_char((unsigned char *)text, len, utf8, &c, &safe);

		if (!safe)
			memset(text, '?', n);
		text += n;
		len -= n;
	}
}

static size_t from_environment(const char *name)
{
	const char *value = exec_variable(name);
	uint64_t n;

	return value && !str_c_number(value, 131071, &n) ? (size_t)n : 0;
}

/* The size of the first terminal among stdout, stderr and stdin that knows it. */
static int terminal(struct winsize *size)
{
	static const unsigned char fds[] = { 1, 2, 0 };

	for (int i = 0; i < 3; i++)
		if (!ioctl(fds[i], TIOCGWINSZ, size) && size->ws_col && size->ws_row)
			return 1;
	return 0;
}

size_t out_screen(void)
{
	struct winsize size;
	size_t n = from_environment("COLUMNS=");

	if (n || ioctl(1, TIOCGWINSZ, &size))
		return n;
	return terminal(&size) ? size.ws_col : 80;
}

size_t out_lines(void)
{
	struct winsize size;
	size_t n = from_environment("LINES=");

	return n ? n : terminal(&size) ? size.ws_row : 24;
}

/* \uXXXX, above the basic plane two of them (RFC 8259, section 7). */
static void json_escape(struct out *o, unsigned c)
{
	char text[16];

	if (c < 0x10000)
		str_format(text, sizeof text, "\\u%04x", c);
	else
		str_format(text, sizeof text, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10),
		           0xdc00 + (c & 0x3ff));
	out_text(o, text);
}

void out_json_string(struct out *o, const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;

	out_text(o, "\"");
	while (len) {
		unsigned c;
		size_t n = utf8_decode(s, len, &c);

		if (!n) {
			n = 1;
			out_text(o, "\\ufffd");
		} else if (c == '"' || c == '\\') {
			out_text(o, c == '"' ? "\\\"" : "\\\\");
		} else if (is_unsafe(c)) {
			json_escape(o, c);
		} else {
			out_bytes(o, (const char *)s, n);
		}
		s += n;
		len -= n;
	}
	out_text(o, "\"");
}
