/* SPDX-License-Identifier: 0BSD */
/* The least that a process can be which does not end: the floor of a pause container. */
#include <unistd.h>

int main(void)
{
	for (;;)
		pause();
}
