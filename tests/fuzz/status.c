/* SPDX-License-Identifier: 0BSD */
/* parsers: proc_parse_status status_line status_name status_chain line_numbers */
#include "fuzz.h"
#include "proc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *again;
	struct proc p, q;
	int r;

	memset(&p, 0, sizeof p);
	r = proc_parse_status(text, size, &p);
	MUST(r == 0 || r == -EPROTO);
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
		MUST(proc_parse_status(again, size + 12, &q) == 0);
		MUST(!memcmp(&p, &q, sizeof p));
		free(again);
	}
	free(text);
	return 0;
}
