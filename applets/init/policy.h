/* SPDX-License-Identifier: 0BSD */
/* How the end of a service is taken: whether it is started again, and whether it is the end of all.
 * Pure. */
#ifndef POLICY_H
#define POLICY_H

#include "inittab.h"

/* What is a service. */
#define POLICY_SERVICES (INITTAB_ONCE | INITTAB_RESPAWN | INITTAB_ASKFIRST)

/* With the end of which service all ends, besides critical ones. */
enum policy_exit { POLICY_EXIT_USUAL, POLICY_EXIT_FIRST, POLICY_EXIT_MAIN, POLICY_EXIT_ALL };

/* Whether what has ended that way (wait(2)) is started again; `row` ends in a row came soon. */
int policy_again(const struct inittab_line *line, unsigned row, int status);

/* Whether all ends with one that is not; `main`: it is the command. */
int policy_decides(enum policy_exit on, const struct inittab_line *line, int main, int status);

#endif
