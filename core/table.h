/* SPDX-License-Identifier: 0BSD */
/* The list of applets that build/table.c makes from the sources (scripts/applets.sh). */
#ifndef TABLE_H
#define TABLE_H

#include "applet.h"
#include "count.h" /* TABLE_COUNT and, when it is 1, TABLE_SINGLE: generated */

struct table_row {
	char name[12], dir[12]; /* arrays: a pointer costs 24 bytes more in a static PIE */
	const struct applet *applet;
};

/* Sorted by name, aliases among them; ended by a row without an applet. */
extern const struct table_row table_rows[];

#endif
