/* SPDX-License-Identifier: 0BSD */
/*
 * The first program on a kernel that was booted to be measured: says how many microseconds after
 * the kernel had begun to execute /init it began itself, and turns the machine off. Both moments
 * are of the kernel's log (syslog(2), kmsg of Documentation/ABI), whose one clock stamps what the
 * kernel says and what is written to /dev/kmsg.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/reboot.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define READ_ALL 3 /* syslog(2) */

static long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* When the log got the line of that text, or -1. */
static long stamp_us(const char *log, const char *text)
{
	const char *line = strstr(log, text);
	long seconds, us;

	while (line && line > log && line[-1] != '\n')
		line--;
	return line && sscanf(line, "<%*d>[%ld.%ld]", &seconds, &us) == 2 ? seconds * 1000000 + us
	                                                                  : -1;
}

int main(void)
{
	static const char word[] =
		"<6>the first program\n"; /* a line that has an end can be read */
	static char log[1 << 18];
	long began = now_us(), init, here;
	int fd = open("/dev/kmsg", O_WRONLY);

	began -= now_us();
	if (write(fd, word, sizeof word - 1) > 0 && klogctl(READ_ALL, log, sizeof log - 1) > 0) {
		init = stamp_us(log, "Run /init as init process");
		here = stamp_us(log, word + 3) + began;
		if (init > 0)
			printf("the first program: %ld\n", here - init);
	}
	fflush(stdout);
	tcdrain(STDOUT_FILENO); /* which the end of the machine does not wait for */
	return reboot(RB_POWER_OFF);
}
