/* SPDX-License-Identifier: 0BSD */
/* What the fuzz entries share. An entry is NAME.c: a comment line "parsers: FUNCTION...",
 * of which tests/core/fuzz.sh wants 90 % of the lines covered, and LLVMFuzzerTestOneInput, which
 * aborts when the answer breaks a promise of the header. It runs under libFuzzer (scripts/fuzz.sh)
 * or driver.c. Seeds are in seeds/NAME; corpus.sh adds what the recorded trees have. */
#ifndef FUZZ_H
#define FUZZ_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

/* A copy with a NUL behind it and nothing more, so that a sanitizer sees who reads on. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = 0;
	return text;
}

#endif
