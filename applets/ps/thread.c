/* SPDX-License-Identifier: 0BSD */
/* The threads of a process: -L -T -m m H. */
#include "ps.h"
#include "sys.h"

#include "die.h"

void ps_threads(struct ps *ps, pid_t outer, enum ps_line line)
{
	char path[PROC_PATH];
	struct proc_walk w;
	struct proc p;
	int dir;

	proc_path(path, outer, "task");
	dir = openat(ps->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return; /* it has gone */
	if (proc_open(&w, dir, ps->need)) {
		close(dir);
		return;
	}
	while (proc_next(&w, &p) == 1) {
		struct ps_row row = {
			.ps = ps, .p = &p, .dir = dir, .node = TREE_NONE, .line = line
		};

		row.id = row.tid = p.pid;
		p.pid = outer;
		if (ps_is_in(ps)) {
			pidns_translate(&ps->ns, &p);
			row.tid = p.nspid[0];
		}
		if (line == PS_LINE && !ps_means(ps, &p, outer))
			continue;
		if (!ps_passes(&row))
			continue;
		if ((ps->opt.threads & PS_THREAD_H) && ps_keeps(ps))
			ps_new_record(ps, &row);
		ps_one_row(ps, &row);
	}
	proc_close(&w);
	close(dir);
}
