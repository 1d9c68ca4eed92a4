/* SPDX-License-Identifier: 0BSD */
/*
 * What a terminal must never be sent, written down a second time and in another way than core does.
 *   judge utf8 | judge ascii   whether stdin is lines of harmless characters; says what is not
 *   judge cells                for every line of stdin how many cells it takes
 *   judge points FROM TO       all characters between these numbers, harmless or not
 *   judge safe FROM TO         the same as a terminal may have them: '?' for each byte of a harmful
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Controls, those that reverse the order of others, those that show nothing, private ones, and what
 * is no character. What is no UTF-8 at all the decoder refuses. */
static const unsigned harmful[][2] = {
	{ 0x00, 0x1f },       { 0x7f, 0x9f },       { 0x34f, 0x34f },     { 0x61c, 0x61c },
	{ 0x1160, 0x1160 },   { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },   { 0x200b, 0x200f },
	{ 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0xd800, 0xf8ff },   { 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff },   { 0xfff0, 0xffff },   { 0x13430, 0x1343f }, { 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a }, { 0xe0000, 0x10ffff }
};

static int is_harmful(unsigned c)
{
	for (size_t i = 0; i < sizeof harmful / sizeof *harmful; i++)
		if (c >= harmful[i][0] && c <= harmful[i][1])
			return 1;
	return 0;
}

/* One character from stdin: -1 at the end, -2 for what is no UTF-8 (RFC 3629). */
static long next(void)
{
	static const unsigned least[] = { 0, 0x80, 0x800, 0x10000 };
	int c = getchar(), more = 0;
	unsigned v;

	if (c < 0x80)
		return c < 0 ? -1 : c;
	while (more < 4 && c & 0x40 >> more)
		more++;
	if (!(c & 0x40) || more > 3)
		return -2;
	v = (unsigned)c & (0x3fu >> more);
	for (int i = 0; i < more; i++) {
		c = getchar();
		if (c < 0 || (c & 0xc0) != 0x80)
			return -2;
		v = v << 6 | ((unsigned)c & 0x3f);
	}
	return v < least[more] || v > 0x10ffff || (v >> 11) == 0x1b ? -2 : (long)v;
}

static int judge(int ascii)
{
	unsigned line = 1, column = 1;
	long c, last = '\n';

	for (; (c = next()) != -1; last = c, column++) {
		if (c == '\n') {
			line++;
			column = 0;
		} else if (c < 0 || (ascii && c > 0x7e) || is_harmful((unsigned)c)) {
			printf(c < 0 ? "line %u, character %u: no UTF-8\n"
			             : "line %u, character %u: U+%04lX\n",
			       line, column, c);
			return 1;
		}
	}
	if (last != '\n')
		printf("the last line has no end\n");
	return last != '\n';
}

static int count_cells(void)
{
	int cells = 0;

	for (long c; (c = next()) != -1;) {
		if (c == '\n')
			printf("%d\n", cells);
		cells = c == '\n' ? 0 : cells + (c < 0 ? 1 : wcwidth((wchar_t)c));
	}
	return 0;
}

static void put(unsigned c)
{
	if (c < 0x80) {
		putchar((int)c);
		return;
	}
	if (c < 0x800) {
		putchar((int)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			putchar((int)(0xe0 | c >> 12));
		} else {
			putchar((int)(0xf0 | c >> 18));
			putchar((int)(0x80 | (c >> 12 & 0x3f)));
		}
		putchar((int)(0x80 | (c >> 6 & 0x3f)));
	}
	putchar((int)(0x80 | (c & 0x3f)));
}

static int write_points(const char *from, const char *to, int safe)
{
	unsigned end = (unsigned)strtoul(to, NULL, 0);

	for (unsigned c = (unsigned)strtoul(from, NULL, 0); c <= end; c++)
		if (!safe || !is_harmful(c))
			put(c);
		else
			fputs(c < 0x80      ? "?"
			      : c < 0x800   ? "??"
			      : c < 0x10000 ? "???"
			                    : "????",
			      stdout);
	return 0;
}

int main(int argc, char **argv)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 99;
	if (argc == 2 && !strcmp(argv[1], "cells"))
		return count_cells();
	if (argc == 2)
		return judge(!strcmp(argv[1], "ascii"));
	if (argc != 4)
		return 99;
	return write_points(argv[2], argv[3], !strcmp(argv[1], "safe"));
}
