/* SPDX-License-Identifier: 0BSD */
/* The cells of ps: numbers, and who writes the others. */
#include "ps.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/sysinfo.h>

char *ps_digits(char *end, uint64_t v, unsigned least)
{
	char *p = out_digits(end, v);

	while (end - p < (int)least)
		*--p = '0';
	return p;
}

/* ---- numbers */

static const void *member(const struct out_col *col, const struct proc *p)
{
	return (const char *)p + col->of;
}

static uint64_t line_number(const struct proc *p, const char *key)
{
	uint64_t v = 0;

	proc_line_numbers(p, key, &v, 1);
	return v;
}

static uint64_t memory_kb(struct ps_facts *f)
{
	struct sysinfo info;

	if (!f->memory_kb)
		f->memory_kb = sysinfo(&info) ? 1 : (uint64_t)info.totalram * info.mem_unit / 1024;
	return f->memory_kb;
}

static uint64_t code_bytes(const struct proc *p)
{
	return p->end_code - p->start_code;
}

/* The children's stand two members behind one's own. */
static uint64_t faults(const uint64_t *own, int cumulative)
{
	return own[0] + (cumulative ? own[2] : 0);
}

static void value_number(const struct out_col *col, const struct ps_row *r, struct filter_value *v)
{
	const struct proc *p = r->p;
	const void *of = member(col, p);
	uint64_t u = 0;

	switch (col->show) {
	case SHOW_INT:
		v->number = *(const int *)of;
		return;
	case SHOW_LONG:
		v->number = *(const long *)of;
		return;
	case SHOW_NSLEVEL:
		v->number = p->levels - 1;
		return;
	case SHOW_PRI:
		v->number = (int64_t)p->priority + col->of - 100;
		return;
	case SHOW_PRI_DOWN:
		v->number = (int64_t)col->of - 100 - p->priority;
		return;
	case SHOW_NICE:
		v->number = p->nice;
		return;
	case SHOW_CLASS:
		v->number = p->policy;
		return;
	case SHOW_RUNS_ON:
		v->number = p->cpu;
		return;
	case SHOW_ID:
		u = *(const uint32_t *)of;
		break;
	case SHOW_U64:
	case SHOW_KB:
	case SHOW_HEX:
		u = *(const uint64_t *)of;
		break;
	case SHOW_FAULTS:
		u = faults(of, r->ps->opt.cumulative);
		break;
	case SHOW_TID:
		u = (uint64_t)r->tid;
		break;
	case SHOW_RTPRIO:
		u = p->rt_priority;
		break;
	case SHOW_FLAGS:
		u = p->flags;
		break;
	case SHOW_PAGES:
		u = p->vm_size_kb / (getauxval(AT_PAGESZ) / 1024);
		break;
	case SHOW_SIZE:
		u = line_number(p, "VmData") + line_number(p, "VmStk");
		break;
	case SHOW_CODE:
		u = code_bytes(p);
		break;
	case SHOW_DATA:
		u = p->vsize_bytes - code_bytes(p);
		break;
	case SHOW_LIMIT:
		u = p->rss_limit_bytes;
		break;
	case SHOW_MEM:
		u = p->vm_rss_kb * 100;
		v->scale = memory_kb(&r->ps->facts);
		break;
	}
	v->number = (int64_t)u;
	if (col->show >= SHOW_CODE && col->show <= SHOW_LIMIT)
		v->scale = 1024; /* of bytes */
}

/* What stands there instead of the number. The scheduling policies are those of sched(7). */
static const char *word_for(const struct out_col *col, const struct proc *p)
{
	static const char classes[][4] = { "TS",  "FF",  "RR", "B",  "ISO",
		                           "IDL", "DLN", "#7", "#8", "#9" };

	switch (col->show) {
	case SHOW_NICE: /* only SCHED_OTHER and SCHED_BATCH have one */
		return p->policy == 0 || p->policy == 3 ? NULL : "-";
	case SHOW_RTPRIO:
		return p->policy == 0 ? "-" : NULL;
	case SHOW_RUNS_ON:
		return p->state == 'R' ? NULL : "*";
	case SHOW_LIMIT:
		return p->rss_limit_bytes == UINT64_MAX ? "xx" : NULL;
	case SHOW_CLASS:
		return p->policy >= 0 && p->policy < 10 ? classes[p->policy] : "?";
	}
	return NULL;
}

static char *hex(char *end, uint64_t v)
{
	for (int i = 0; i < 16; i++, v >>= 4)
		*--end = "0123456789abcdef"[v & 15];
	return end;
}

static int is_negative(const struct out_col *col, const struct filter_value *v)
{
	return v->number < 0 && col->show < SHOW_ID;
}

static char *number_text(char *end, const struct out_col *col, const struct ps_row *r,
                         const struct filter_value *v)
{
	const char *word = word_for(col, r->p);
	uint64_t u = (uint64_t)v->number;
	char *p;

	if (word)
		return memcpy(end - strlen(word), word, strlen(word));
	if (col->show == SHOW_HEX)
		return hex(end, u);
	if (col->show == SHOW_FLAGS) /* forked but not executed, used root's rights */
		return ps_digits(end, u >> 6 & 7, 1);
	if (col->show == SHOW_MEM) {
		u = u * 10 / v->scale;
		return ps_pad(ps_percent(end, u > 999 ? 999 : u), end, 4);
	}
	if (!is_negative(col, v)) {
		p = ps_digits(end, v->scale ? u / v->scale : u, 1);
		return col->show == SHOW_LIMIT ? ps_pad(p, end, 5) : p;
	}
	p = ps_digits(end, 0 - u, 1);
	*--p = '-';
	return p;
}

/* ---- any column */

void ps_value(const struct out_col *col, const struct ps_row *r, struct filter_value *v)
{
	*v = (struct filter_value){ .kind = FILTER_NUMBER };
	if (col->show >= SHOW_FILES)
		ps_value_file(col, r, v);
	else if (col->show >= SHOW_TEXTS)
		ps_value_text(col, r, v);
	else if (col->show >= SHOW_TIME)
		ps_value_time(col, r, v);
	else
		value_number(col, r, v);
}

const char *ps_number(const struct out_col *col, const struct ps_row *r, char *text, size_t *len)
{
	char *end = text + PS_NUMBER, *p;
	struct filter_value v;

	ps_value(col, r, &v);
	p = col->show < SHOW_TIME ? number_text(end, col, r, &v) : ps_time_text(end, col, r, &v);
	*len = (size_t)(end - p);
	return p;
}

int ps_is_date(const struct out_col *col)
{
	return col->show >= SHOW_START && col->show <= SHOW_LSTART;
}

void ps_show(struct out_table *t, const struct out_col *col, const void *row)
{
	const struct ps_row *r = row;
	char number[PS_NUMBER];
	const char *text;
	size_t len;

	if (col->show >= SHOW_FILES) {
		ps_show_file(t, col, r);
	} else if (col->show >= SHOW_TEXTS) {
		ps_show_text(t, col, r);
	} else if (ps_is_date(col)) {
		text = ps_date_text(col, r, &len);
		out_cell(t, text, len);
	} else {
		text = ps_number(col, r, number, &len);
		out_cell_plain(t, text, len);
	}
}

unsigned ps_unit(const struct out_col *col)
{
	switch (col->show) {
	case SHOW_U64:
		return 1;
	case SHOW_KB:
	case SHOW_SIZE:
	case SHOW_CODE:
	case SHOW_DATA:
	case SHOW_LIMIT:
		return 1024;
	case SHOW_PAGES:
		return (unsigned)getauxval(AT_PAGESZ);
	case SHOW_FILE:
		return col->of >= NUMBER_PSS ? 1024 : 0;
	}
	return 0;
}

/* What the rows are sorted by, which is not always what is shown: as procps has it. */
static int64_t sort_key(const struct out_col *col, const struct ps_row *r, int64_t shown)
{
	const struct proc *p = r->p;

	switch (col->show) {
	case SHOW_SIZE:
	case SHOW_CODE:
	case SHOW_DATA:
		return (int64_t)p->vsize_bytes;
	case SHOW_PRI_DOWN:
		return p->priority;
	case SHOW_RUNS_ON:
		return p->state;
	case SHOW_FAULTS:
		return (int64_t) * (const uint64_t *)member(col, p);
	case SHOW_C:
	case SHOW_CPU:
	case SHOW_CP:
	case SHOW_CUU:
	case SHOW_CUC:
		return ps_share_key(col, r);
	}
	return shown < 0 && col->show >= SHOW_ID ? INT64_MAX : shown;
}

void ps_key(const struct out_col *col, const struct ps_row *r, struct filter_value *v)
{
	ps_value(col, r, v);
	if (col->show < SHOW_TEXTS) {
		v->number = sort_key(col, r, v->number);
	} else if (col->show == SHOW_STAT) {
		v->kind = FILTER_NUMBER;
		v->number = r->p->state;
	} else if (col->show == SHOW_NONE && col->of) { /* by what it does not show */
		v->kind = FILTER_NUMBER;
		v->number = (int64_t)r->p->vm_lock_kb;
	}
}

/* ---- JSON */

/* How a number looks there: parts of a unit as three decimals, sizes in bytes, what is no number
 * for people as a string, none as null. */
static void json_number(struct out_table *t, const struct out_col *col, const struct ps_row *r,
                        const struct filter_value *v)
{
	const char *word = word_for(col, r->p);
	char text[40], *end = text + sizeof text, *p = end;
	uint64_t u = (uint64_t)v->number, scale = v->scale ? v->scale : 1;
	unsigned unit = ps_unit(col);

	if (word && col->show != SHOW_CLASS) {
		p = memcpy(p - 4, "null", 4);
	} else if (word || col->show == SHOW_HEX) {
		*--p = '"';
		p = number_text(p, col, r, v);
		*--p = '"';
	} else if (unit) {
		p = ps_digits(p, unit == scale ? u : u * unit, 1);
	} else if (scale > 1) {
		p = ps_digits(p, u % scale * 1000 / scale, 3);
		*--p = '.';
		p = ps_digits(p, u / scale, 1);
	} else if (is_negative(col, v)) {
		p = ps_digits(p, 0 - u, 1);
		*--p = '-';
	} else {
		p = ps_digits(p, u, 1);
	}
	out_cell_plain(t, p, (size_t)(end - p));
}

void ps_show_json(struct out_table *t, const struct out_col *col, const struct ps_row *row)
{
	struct filter_value v;
	unsigned unit;

	ps_value(col, row, &v);
	unit = ps_unit(col);
	if (col->show < SHOW_TEXTS)
		json_number(t, col, row, &v);
	else if (v.kind == FILTER_UNKNOWN)
		out_cell_none(t);
	else if (v.kind != FILTER_NUMBER)
		out_cell(t, v.text, v.len);
	else if (v.text)
		out_cell_plain(t, v.text, v.len);
	else
		out_cell_signed(t, unit ? v.number * unit : v.number);
}

/* ---- the machine */

void ps_facts(struct ps *ps, unsigned need)
{
	const uint64_t second = 1000000000u;
	struct ps_facts *f = &ps->facts;
	struct timespec boot, now;

	(void)need;
	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_REALTIME, &now);
	f->ticks_per_second = getauxval(AT_CLKTCK);
	f->boot_ticks = (uint64_t)boot.tv_sec * f->ticks_per_second +
	                (uint64_t)boot.tv_nsec * f->ticks_per_second / second;
	f->now = now.tv_sec;
	/* The kernel's btime (proc_stat(5)): a whole second, so that a start does not flicker. */
	f->boot_time = now.tv_sec - boot.tv_sec - (now.tv_nsec < boot.tv_nsec);
}
