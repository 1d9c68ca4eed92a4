/* SPDX-License-Identifier: 0BSD */
/* A command that does nothing for ever, and says by a byte on stdout when it has begun. */
#include <unistd.h>

int main(void)
{
	if (write(STDOUT_FILENO, "r", 1) != 1)
		return 1;
	for (;;)
		pause();
}
