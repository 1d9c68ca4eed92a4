/* SPDX-License-Identifier: 0BSD */
/* parsers: proc_parse_status status_line status_name status_chain status_ids line_numbers */
/* parsers: behind_key line_key known_lines proc_line proc_line_numbers */
#include "fuzz.h"
#include "proc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *again;
	struct proc p, q;
	int r;

	memset(&p, 0, sizeof p);
	r = proc_parse_status(text, size, PROC_MEMORY, &p);
	MUST(r == 0 || r == -EPROTO || r == -ESRCH);
	MUST(p.comm_len < PROC_COMM && !p.comm[p.comm_len]);
	MUST(p.levels >= 0 && p.levels <= PROC_LEVELS);
	for (int i = 0; i < p.levels; i++)
		MUST(p.nspid[i] >= 0);
	if (!r) {
		MUST(p.ppid >= 0);
		/* A line that nobody looks at changes nothing. */
		again = malloc(size + 16);
		memcpy(again, "Umask:\t0022\n", 12);
		memcpy(again + 12, text, size + 1);
		memset(&q, 0, sizeof q);
		MUST(proc_parse_status(again, size + 12, PROC_MEMORY, &q) == 0);
		MUST(!memcmp(&p, &q, sizeof p));
		free(again);
		/* What stat has is not looked for. */
		memset(&q, 0, sizeof q);
		MUST(proc_parse_status(text, size, PROC_STAT, &q) == 0);
		MUST(!q.comm_len && !q.ppid && !q.vm_rss_kb && q.levels == p.levels);
	}
	/* A line that stands alone is found, whatever is around it. */
	p.lines = text;
	p.lines_len = size + 1;
	for (const char *key = "VmRSS\0Groups\0SigCgt\0"; *key; key += strlen(key) + 1) {
		size_t len;
		const char *line = proc_line(&p, key, &len);
		uint64_t v[4];
		int n = proc_line_numbers(&p, key, v, 4);

		MUST(n >= 0 && n <= 4 && (line || !n));
		MUST(!line ||
		     (line > text && line + len <= text + size && !memchr(line, '\n', len)));
		MUST(!line || strstr(text, key) || strlen(text) < size);
	}
	free(text);
	return 0;
}
