/* SPDX-License-Identifier: 0BSD */
/* A command that says on stdout when it has begun. */
#include <time.h>
#include <unistd.h>

int main(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return write(STDOUT_FILENO, &t, sizeof(t)) != sizeof(t);
}
