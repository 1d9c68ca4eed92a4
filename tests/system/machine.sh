#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# init as PID 1 of a real kernel: how it comes up, and what it finds there.
# shellcheck disable=SC1090,SC1091,SC2016,SC2046,SC2154 # lib.sh and its variables; words of helpers
. "$(dirname "$0")/helper/machine.sh"

find_kernel || exit

# B7, B10, X14: what the first action finds.
testBootAndPoweroff() {
	script "$T/look" <<-'END'
		echo "as: $(tr '\0' ' ' </proc/$$/environ | tr ' ' '\n' | sort | tr '\n' ' ')"
		echo "words: $(tr '\0' ' ' </proc/1/cmdline)"
		echo "open: $(for fd in 0 1 2 3; do readlink /proc/1/fd/$fd; done | tr '\n' ' ')"
		echo "mounted: $(cut -d ' ' -f 2,3 /proc/mounts | tr '\n' ' ')"
		echo "named: $(hostname)"
		/bin/ps -eo pid,nspid,comm
		exec /sbin/poweroff
	END
	printf '%s\n' '::sysinit:/etc/look' >"$T/table"
	echo 'small.example # not this' >"$T/hostname"
	initramfs -i "$T/table" -a "$T/look:etc/look" -a "$T/hostname:etc/hostname"
	power_on some.thing=1 kind=soft fast -- --grace=1
	is_off
	said | grep -qE '^ *1 1 +init' || fail 'no PID 1'
	for line in 'words: /init *' 'open: /dev/console /dev/console /dev/console .*' 'named: small.example'; do
		said | grep -qx "$line" || fail "not there: $line"
	done
	for mount in '/proc proc' '/sys sysfs' '/dev devtmpfs' '/dev/pts devpts' '/run tmpfs'; do
		said | grep -q "^mounted: .*$mount " || fail "not mounted: $mount"
	done
	for variable in PATH=/sbin:/usr/sbin:/bin:/usr/bin SHELL=/bin/sh USER=root HOME=/ TERM=vt102 kind=soft \
		RUNLEVEL=fast; do
		said | grep -q "^as: .*$variable " || fail "not in the environment: $variable"
	done
	said | grep -q 'init: the system is going down: poweroff' || fail 'no word of the end'
	said | grep -q 'reboot: Power down' || fail 'not off'
}

# X14: where something is mounted already, if only another directory, it stays in sight.
testX14MountedBefore() {
	script "$T/begin" <<-'END'
		/bin/busybox mount -t proc proc /proc # by which the shell finds the rest of busybox
		mount -t tmpfs none /run
		mkdir /other
		: >/run/is-there
		: >/other/is-there
		mount --bind /other /sys
		exec /sbin/init "$@"
	END
	script "$T/look" <<-'END'
		echo "seen: $(ls /run /sys | tr '\n' ' ')"
		echo "mounted: $(cut -d ' ' -f 2 /proc/mounts | sort | tr '\n' ' ')"
		exec /sbin/poweroff
	END
	echo '::once:/etc/look' >"$T/table"
	initramfs -i "$T/table" -a "$T/begin:init" -a "$T/look:etc/look"
	power_on
	is_off
	said | grep -qx 'seen: /run: is-there  /sys: is-there ' || fail 'something is hidden'
	said | grep -qx 'mounted: / /dev /dev/pts /proc /run /sys ' || fail 'something is mounted twice, or not'
}

# Trap 41: then the kernel starts PID 1 with 0, 1 and 2 closed.
testNoConsoleNode() {
	printf '%s\n' '::sysinit:/bin/ls -l /proc/1/fd' '::once:/sbin/poweroff' >"$T/table"
	initramfs -i "$T/table" $(busybox_as bin/ls)
	mkdir -p "$T/more/dev/console"
	(cd "$T/more" && echo dev/console | "$BUSYBOX" cpio -o -H newc 2>/dev/null | gzip) >>"$T/initrd.gz"
	power_on
	is_off
	said | grep -q 'unable to open an initial console' || fail 'the kernel has found one'
	assertEquals '0 1 2' "$(said | sed -n 's,.* \([0-9]\) -> /dev/console$,\1,p' | tr '\n' ' ' | sed 's/ $//')"
}

# B6, and 2,000 orphans.
testOrphansAndCtrlAltDel() {
	script "$T/orphans" <<-'END'
		i=0
		while [ $i -lt 200 ]; do
			(: & : & : & : & : & : & : & : & : & : &)
			i=$((i + 1))
		done
		# Whoever was the last may still be on his way.
		i=0
		while /bin/ps -eo stat | grep -q '^Z' && [ $i -lt 20 ]; do i=$((i + 1)); done
		echo "zombies: $(/bin/ps -eo stat | grep -c '^Z') of $(cut -d ' ' -f 5 /proc/loadavg)"
		until grep -q -i keyboard /proc/bus/input/devices; do :; done
		echo 'now the keys'
	END
	printf '%s\n' '::once:/etc/orphans' '::ctrlaltdel:/bin/echo three keys' '::ctrlaltdel:/sbin/reboot' \
		'::shutdown:/bin/echo as said' >"$T/table"
	initramfs -i "$T/table" $(busybox_as bin/echo) -a "$T/orphans:etc/orphans"
	power_on
	says 'now the keys' || return
	assertEquals 0 "$(said | sed -n 's/^zombies: \([0-9]*\) of .*/\1/p')"
	[ "$(said | sed -n 's/^zombies: .* of //p')" -gt 2200 ] || fail 'there were not so many'
	monitor 'sendkey ctrl-alt-delete'
	is_off
	for line in 'three keys' 'as said' 'init: the system is going down: reboot' 'reboot: Restarting system'; do
		said | grep -q "$line" || fail "not said: $line"
	done
}

. "${SHUNIT2:-shunit2}"
