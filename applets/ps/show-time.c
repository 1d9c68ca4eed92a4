/* SPDX-License-Identifier: 0BSD */
/* The cells of ps that are about time: durations, dates, shares of the processor. */
#include "ps.h"

#include <string.h>

/* Of the whole: fits 58 years of ticks. */
#define SHARE 100000000u

static uint64_t cpu_ticks(const struct proc *p, int cumulative)
{
	uint64_t own = p->utime_ticks + p->stime_ticks;

	return own + (cumulative ? p->child_utime_ticks + p->child_stime_ticks : 0);
}

static uint64_t elapsed_ticks(const struct ps_facts *f, const struct proc *p)
{
	return f->boot_ticks > p->start_ticks ? f->boot_ticks - p->start_ticks : 0;
}

/* CPU time by life time. */
static uint64_t cpu_share(const struct ps_facts *f, const struct proc *p, int cumulative)
{
	uint64_t elapsed = elapsed_ticks(f, p), ticks = cpu_ticks(p, cumulative);

	if (!elapsed)
		return 0;
	return ticks / elapsed * SHARE + ticks % elapsed * SHARE / elapsed;
}

/* The quotient itself, as procps compares it: of a number that is not negative the bits are in the
 * order of the numbers (IEEE 754). */
int64_t ps_share_key(const struct out_col *col, const struct ps_row *r)
{
	uint64_t elapsed = elapsed_ticks(&r->ps->facts, r->p);
	uint64_t ticks = cpu_ticks(r->p, col->show == SHOW_CUC);
	double share = elapsed ? (double)ticks / (double)elapsed : 0;
	int64_t bits;

	memcpy(&bits, &share, sizeof bits);
	return bits;
}

void ps_value_time(const struct out_col *col, const struct ps_row *r, struct filter_value *v)
{
	const struct ps_facts *f = &r->ps->facts;
	const struct proc *p = r->p;
	int cumulative = r->ps->opt.cumulative;
	uint64_t u;

	v->scale = f->ticks_per_second;
	switch (col->show) {
	case SHOW_TIME:
	case SHOW_TIMES:
		u = cpu_ticks(p, 0);
		break;
	case SHOW_BSDTIME:
		u = cpu_ticks(p, cumulative);
		break;
	case SHOW_ETIME:
	case SHOW_ETIMES:
		u = elapsed_ticks(f, p);
		break;
	case SHOW_START:
	case SHOW_STARTED:
	case SHOW_BSDSTART:
	case SHOW_LSTART:
		u = (uint64_t)f->boot_time * f->ticks_per_second + p->start_ticks;
		break;
	default:
		u = cpu_share(f, p, col->show == SHOW_CUC || (cumulative && col->show != SHOW_CUU));
		v->scale = SHARE / 100;
	}
	v->number = (int64_t)u;
}

/* ---- cells */

char *ps_pad(char *p, const char *end, int width)
{
	while (end - p < width)
		*--p = ' ';
	return p;
}

/* [D-]HH:MM:SS, written before `end`; with `brief` the hours only when there are any. */
static char *duration(char *end, uint64_t s, int brief)
{
	uint64_t days = s / 86400;
	unsigned rest = (unsigned)(s % 86400);
	char *p = ps_digits(end, rest % 60, 2);

	*--p = ':';
	p = ps_digits(p, rest / 60 % 60, 2);
	if (brief && !days && rest < 3600)
		return p;
	*--p = ':';
	p = ps_digits(p, rest / 3600, 2);
	if (days) {
		*--p = '-';
		p = ps_digits(p, days, 1);
	}
	return p;
}

/* MMM:SS, at least so wide. */
static char *bsd_duration(char *end, uint64_t s, int width)
{
	char *p = ps_digits(end, s % 60, 2);

	*--p = ':';
	return ps_pad(ps_digits(p, s / 60, 1), end, width);
}

static char *decimal(char *end, uint64_t v, uint64_t unit, unsigned decimals)
{
	char *p = ps_digits(end, v % unit, decimals);

	*--p = '.';
	return ps_digits(p, v / unit, 1);
}

/* Rounded to three decimals; what is above 99 is as good as all. */
static char *utilization(char *end, uint64_t share)
{
	const uint64_t unit = SHARE / 100000;

	return decimal(end, share > 99 * 1000 * unit ? 99999 : (share + unit / 2) / unit, 1000, 3);
}

char *ps_percent(char *end, uint64_t permille)
{
	return permille > 999 ? ps_digits(end, permille / 10, 1) : decimal(end, permille, 10, 1);
}

/* Whether that is not today: 1, and 2 in another year. */
static int other_day(struct ps_facts *f, const struct tm *then)
{
	struct tm now;

	if (!f->today) {
		localtime_r(&f->now, &now);
		f->year = now.tm_year;
		f->day = now.tm_yday;
		f->today = 1;
	}
	return then->tm_year != f->year ? 2 : then->tm_yday != f->day;
}

/* The format of a date: the time for who started today, or within a day, else the day. */
static const char *date_format(struct ps *ps, unsigned show, time_t start, const struct tm *then)
{
	static const char days[][6] = { "%H:%M", "%b%d", "%Y" };
	int64_t age = ps->facts.now - start;

	switch (show) {
	case SHOW_START:
		return days[other_day(&ps->facts, then)];
	case SHOW_STARTED:
		return age >= 86400 ? "  %b %d" : "%H:%M:%S";
	case SHOW_BSDSTART:
		return age > 86400 ? "%b %e" : " %H:%M";
	default:
		return ps->opt.date_format ? ps->opt.date_format : "%a %b %e %H:%M:%S %Y";
	}
}

const char *ps_date_text(const struct out_col *col, const struct ps_row *r, size_t *len)
{
	const unsigned show = col->show;
	struct ps_facts *f = &r->ps->facts;
	struct ps_date *d = &f->date;
	time_t start = f->boot_time + (time_t)(r->p->start_ticks / f->ticks_per_second);
	struct tm then;

	/* Many have started in the same second. */
	if (d->show != show || d->start != start) {
		ps_local_time(start, &then);
		d->len = ps_date(d->text, sizeof d->text, date_format(r->ps, show, start, &then),
		                 start);
		d->show = show;
		d->start = start;
	}
	*len = d->len;
	return d->text;
}

static uint64_t at_most(uint64_t v, uint64_t most)
{
	return v < most ? v : most;
}

char *ps_time_text(char *end, const struct out_col *col, const struct ps_row *r,
                   const struct filter_value *v)
{
	uint64_t u = (uint64_t)v->number, whole = u / v->scale;

	switch (col->show) {
	case SHOW_TIME:
	case SHOW_ETIME:
		return duration(end, whole, col->show == SHOW_ETIME);
	case SHOW_BSDTIME:
		return bsd_duration(end, whole, r->ps->opt.busybox ? 0 : 6);
	case SHOW_TIMES:
	case SHOW_ETIMES:
		return ps_digits(end, whole, 1);
	case SHOW_C:
		return ps_pad(ps_digits(end, at_most(whole, 99), 1), end, 2);
	case SHOW_CPU:
		return ps_percent(end, u / (SHARE / 1000));
	case SHOW_CP:
		return ps_pad(ps_digits(end, at_most(u / (SHARE / 1000), 999), 1), end, 3);
	default: /* SHOW_CUU, SHOW_CUC */
		return utilization(end, u);
	}
}
