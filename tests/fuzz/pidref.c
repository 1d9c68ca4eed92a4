/* SPDX-License-Identifier: 0BSD */
/* parsers: pid_parse pid_parse_ref pid_container is_hex */
#include "fuzz.h"
#include "pid.h"

static int is_id_char(char c)
{
	return c && strchr("0123456789abcdef", c);
}

static void containers(const char *text, size_t size)
{
	size_t at = 0, last = 0;
	const char *id;

	while ((id = pid_container(text, size, &at)) != NULL) {
		MUST(id >= text + last && id + PID_CONTAINER_DIGITS <= text + size);
		MUST(at > last && at <= size);
		for (int i = 0; i < PID_CONTAINER_DIGITS; i++)
			MUST(is_id_char(id[i]));
		/* exactly 64: not part of a longer run */
		MUST(id == text || !is_id_char(id[-1]));
		MUST(id + PID_CONTAINER_DIGITS == text + size ||
		     !is_id_char(id[PID_CONTAINER_DIGITS]));
		last = at;
	}
	MUST(at == size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	const char *at = strchr(text, '@');
	struct pid_ref ref = { 0 };
	int r = pid_parse(text, &ref);

	MUST(r == 0 || r == -EINVAL || r == -ERANGE);
	if (!r) {
		MUST(at || ref.kind == PID_REF_NONE || ref.kind == PID_REF_CONTAINER);
		MUST(!at || ref.kind != PID_REF_NONE);
		if (at || ref.kind == PID_REF_NONE)
			MUST(ref.pid > 0 && ref.pid == strtoll(text, NULL, 10));
		else
			MUST(ref.pid == 0 && ref.container == text);
	} else {
		MUST(ref.pid == 0);
	}
	memset(&ref, 0, sizeof ref);
	r = pid_parse_ref(text, &ref);
	MUST(r == 0 || r == -EINVAL);
	if (!r) {
		MUST(ref.kind != PID_REF_NONE);
		MUST(ref.kind != PID_REF_PID || (ref.number > 0 && ref.number <= PID_MAX));
		MUST(ref.kind != PID_REF_INODE || ref.number > PID_MAX || *text == 'p');
		MUST(ref.kind != PID_REF_CONTAINER ||
		     (ref.container == text && strlen(text) >= 12 &&
		      strlen(text) <= PID_CONTAINER_DIGITS));
	}
	containers((const char *)data, size); /* it needs no NUL */
	free(text);
	return 0;
}
