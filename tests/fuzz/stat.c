/* SPDX-License-Identifier: 0BSD */
/* parsers: proc_parse_stat line_numbers last_of */
#include "fuzz.h"
#include "proc.h"

/* The parent as another reads it; -1 when it is no number of a process. */
static long long parent_of(const char *tail)
{
	long long n;

	errno = 0;
	n = strtoll(tail, NULL, 10);
	return errno || n < 0 || n > INT32_MAX ? -1 : n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	const char *open, *close;
	struct proc p, few;
	size_t len;
	int r;

	memset(&p, 0x55, sizeof p);
	r = proc_parse_stat(text, size, PROC_REST, &p);
	MUST(r == 0 || r == -EPROTO || r == -ESRCH);
	/* Without the last fields the same. */
	MUST(proc_parse_stat(text, size, 0, &few) == r);
	if (!r) {
		MUST(few.pid == p.pid && few.start_ticks == p.start_ticks &&
		     few.rss_pages == p.rss_pages);
		open = memchr(text, '(', size);
		close = memrchr(text, ')', size);
		MUST(open && close && open < close);
		len = (size_t)(close - open) - 1;
		if (len >= PROC_COMM)
			len = PROC_COMM - 1;
		MUST(p.comm_len == len && !memcmp(p.comm, open + 1, len) && !p.comm[len]);
		MUST(p.pid > 0 && p.pid == strtoll(text, NULL, 10));
		MUST(p.state && p.state == close[2]);
		MUST(p.ppid == parent_of(close + 4));
	}
	free(text);
	return 0;
}
