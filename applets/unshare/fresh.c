/* SPDX-License-Identifier: 0BSD */
/* unshare: what a new namespace begins with: the offsets of its clocks, its name, its loopback
 * device. */
#include "unshare.h"
#include "io.h"
#include "str.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

void fresh_offset(char line[32], const char *seconds, int clock)
{
	const char *digits = seconds + (*seconds == '-' || *seconds == '+');
	uint64_t n;

	if (str_number(digits, INT64_MAX, &n))
		die(1, 0, "failed to parse %s offset: '%s'",
		    clock == CLOCK_BOOTTIME ? "boottime" : "monotonic", seconds);
	str_format(line, 32, "%d %s%llu 0", clock, *seconds == '-' ? "-" : "",
	           (unsigned long long)n);
}

static void set_clock(const struct unshare *u, const char *line)
{
	int r = *line ? io_write_at(u->proc, "self/timens_offsets", line, strlen(line)) : 0;

	if (r)
		die_hint(1, r,
		         r == -ERANGE ? "a clock must not be negative, nor centuries ahead" : NULL,
		         "failed to write to /proc/self/timens_offsets");
}

void fresh_clocks(const struct unshare *u)
{
	set_clock(u, u->boottime);
	set_clock(u, u->monotonic);
}

/* Any socket knows the devices of its network namespace (netdevice(7)). */
static int bring_up(const char *device)
{
	struct ifreq ifr = { .ifr_flags = 0 };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), r;

	if (fd < 0)
		return -errno;
	strcpy(ifr.ifr_name, device);
	r = ioctl(fd, SIOCGIFFLAGS, &ifr);
	ifr.ifr_flags |= IFF_UP;
	if (!r)
		r = ioctl(fd, SIOCSIFFLAGS, &ifr);
	r = r ? -errno : 0;
	close(fd);
	return r;
}

void fresh_names(const struct unshare *u)
{
	int r;

	if (u->hostname && sethostname(u->hostname, strlen(u->hostname)))
		die(1, errno, "cannot set the host name '%s'", u->hostname);
	r = u->loopback ? bring_up("lo") : 0;
	if (r)
		die(1, r, "cannot bring up lo");
}
