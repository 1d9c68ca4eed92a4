#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# init as PID 1 of a real kernel with the tables that others are made for: the example of busybox, and
# what Buildroot puts on a machine. The sh, getty, login, mount and swapoff are busybox's.
# shellcheck disable=SC1090,SC1091,SC2016,SC2034,SC2046,SC2154 # lib.sh and its variables; words of helpers
. "$(dirname "$0")/helper/machine.sh"

find_kernel || exit

testExampleOfBusybox() {
	cat >"$T/table" <<-'END'
		# comment
		::sysinit:/etc/init.d/rcS
		::askfirst:-/bin/sh
		tty2::askfirst:-/bin/sh
		tty3::askfirst:-/bin/sh
		tty4::askfirst:-/bin/sh
		tty4::respawn:/sbin/getty 38400 tty5
		tty5::respawn:/sbin/getty 38400 tty6
		#::respawn:/sbin/getty -L ttyS0 9600 vt100
		::restart:/sbin/init
		::ctrlaltdel:/sbin/reboot
		::shutdown:/bin/umount -a -r
		::shutdown:/sbin/swapoff -a
	END
	echo 'echo this is rcS' | script "$T/rcS"
	initramfs -i "$T/table" -a "$T/rcS:etc/init.d/rcS" $(busybox_as sbin/getty bin/umount sbin/swapoff)
	power_on
	says 'Please press Enter' || return
	enter ''
	enter 'until [ "$(/bin/ps -eo args | grep -c "^/sbin/getty 38400 tty[56]")" = 2 ]; do :; done; echo $((6 * 7))'
	says 42 || return
	assertEquals 1 "$(said | grep -cx 'this is rcS')"
	enter 'kill -QUIT 1'
	says 'Please press Enter' 2 || return
	assertEquals 2 "$(said | grep -cx 'this is rcS')"
	enter ''
	enter 'echo up again as $(/bin/ps -o comm= 1); /sbin/poweroff'
	says 'up again as init' || return
	is_off
	said | grep -q 'reboot: Power down' || fail 'not off'
}

# Its root is mounted read-only by the kernel or an initramfs; the table sees to the rest.
testBuildroot() {
	root_tree "$T/root" bin/mount bin/mkdir bin/ln bin/hostname bin/umount bin/login sbin/swapon sbin/swapoff \
		sbin/getty
	cat >"$T/root/etc/inittab" <<-'END'
		::sysinit:/bin/mount -t proc proc /proc
		::sysinit:/bin/mount -o remount,rw /
		::sysinit:/bin/mkdir -p /dev/pts /dev/shm
		::sysinit:/bin/mount -a
		::sysinit:/bin/mkdir -p /run/lock/subsys
		::sysinit:/sbin/swapon -a
		null::sysinit:/bin/ln -sf /proc/self/fd /dev/fd
		null::sysinit:/bin/ln -sf /proc/self/fd/0 /dev/stdin
		null::sysinit:/bin/ln -sf /proc/self/fd/1 /dev/stdout
		null::sysinit:/bin/ln -sf /proc/self/fd/2 /dev/stderr
		::sysinit:/bin/hostname -F /etc/hostname
		# now run any rc scripts
		::sysinit:/etc/init.d/rcS
		# Put a getty on the serial port
		console::respawn:/sbin/getty -L  console 0 vt100 # GENERIC_SERIAL
		#::ctrlaltdel:/sbin/reboot
		::shutdown:/etc/init.d/rcK
		::shutdown:/sbin/swapoff -a
		::shutdown:/bin/umount -a -r
	END
	cat >"$T/root/etc/fstab" <<-'END'
		/dev/root / ext2 rw,noauto 0 1
		proc /proc proc defaults 0 0
		devpts /dev/pts devpts defaults,gid=5,mode=620,ptmxmode=0666 0 0
		tmpfs /dev/shm tmpfs mode=0777 0 0
		tmpfs /tmp tmpfs mode=1777 0 0
		tmpfs /run tmpfs mode=0755,nosuid,nodev 0 0
		sysfs /sys sysfs defaults 0 0
	END
	echo buildroot >"$T/root/etc/hostname"
	echo 'root::0:0:root:/root:/bin/sh' >"$T/root/etc/passwd"
	echo 'root:x:0:' >"$T/root/etc/group"
	mkdir "$T/root/etc/init.d"
	echo 'echo this is rcS' | script "$T/root/etc/init.d/rcS"
	echo 'echo this is rcK' | script "$T/root/etc/init.d/rcK"
	disk "$T/first" "$T/root"
	from_disk 'virtio_pci virtio_blk'
	machine_options=$(drive "$T/first")
	power_on ro root_is=ro
	machine_options=
	says 'buildroot login: ' || return
	enter root
	says '/root #' || return
	enter 'echo $USER $(tty) $((6 * 7)) >/root/seen; cat /root/seen; ls /dev/shm /run/lock'
	says 'root /dev/console 42' || return
	enter 'exit'
	says 'buildroot login: ' 2 || return
	enter root
	says '/root #' 3 || return
	enter '/sbin/poweroff'
	is_off
	for line in 'this is rcS' 'this is rcK'; do
		said | grep -q "$line" || fail "not said: $line"
	done
	said | grep -q 'reboot: Power down' || fail 'not off'
	clean "$T/first"
	assertEquals 'root /dev/console 42' "$(debugfs -R 'cat /root/seen' "$T/first" 2>/dev/null)"
}

. "${SHUNIT2:-shunit2}"
