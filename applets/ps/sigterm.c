/* SPDX-License-Identifier: 0BSD */
/* What a TERM meets in a process: core/disposition.h. */
#include "disposition.h"
#include "ps.h"

#include <signal.h>

const char *ps_sigterm(const struct ps_row *r)
{
	return disposition_word(
		disposition_of(r->dir, r->id, r->p, SIGTERM, r->dir != r->ps->proc));
}
