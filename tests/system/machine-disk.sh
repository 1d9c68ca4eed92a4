#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# init as PID 1 of a real kernel whose root is a disk: there by switch_root, and its end.
# shellcheck disable=SC1090,SC1091,SC2016,SC2034,SC2046,SC2154 # lib.sh and its variables; words of helpers
. "$(dirname "$0")/helper/machine.sh"

find_kernel || exit

memory='grep -o "^Shmem:.*" /proc/meminfo'

# Written to, with swap on a file of its own and in memory, with a second disk that is in use: both are
# clean afterwards.
testSwitchRoot() {
	head -c 8000000 /dev/zero >"$T/ballast"
	root_tree "$T/root"
	script "$T/root/etc/work" <<-END
		echo "after: \$($memory)"
		echo written >/file
		dd if=/dev/zero of=/swap bs=64k count=32 2>/dev/null
		echo 4M >/sys/block/zram0/disksize
		for swap in /swap /dev/zram0; do mkswap \$swap >/dev/null; swapon \$swap; done
		echo "swaps: \$(grep -c ^/ /proc/swaps)"
		mount -t ext4 /dev/vdb /mnt
		head -c 65536 /dev/zero >/mnt/used
		losetup -r /dev/loop0 /mnt/used
		mkdir /run/busy
		mount -t tmpfs none /run/busy
		head -c 65536 /dev/zero >/run/busy/used
		losetup /dev/loop1 /run/busy/used
		exec /sbin/poweroff
	END
	echo '::once:/etc/work' >"$T/root/etc/inittab"
	disk "$T/first" "$T/root"
	mkdir "$T/empty"
	disk "$T/second" "$T/empty"
	from_disk 'virtio_pci virtio_blk loop lzo-rle zram' -a "$T/ballast:ballast"
	machine_options="$(drive "$T/first") $(drive "$T/second")"
	power_on
	machine_options=
	is_off
	before=$(said | sed -n 's/^before: Shmem: *\([0-9]*\) kB/\1/p')
	after=$(said | sed -n 's/^after: Shmem: *\([0-9]*\) kB/\1/p')
	[ "${before:-0}" -gt 9000 ] || fail "the initramfs takes memory: $before kB"
	[ "${after:-9999}" -lt 1000 ] || fail "the initramfs is not deleted: $after kB"
	said | grep -qx 'swaps: 2' || fail 'no swap'
	said | grep -q '^init: .*/run/busy' || fail 'what cannot be unmounted is not named'
	clean "$T/first"
	clean "$T/second"
	assertEquals written "$(debugfs -R 'cat /file' "$T/first" 2>/dev/null)"
}

# Nothing is written to a root that is read-only, and nothing has to be. RTMIN+4 (X16) is poweroff.
testReadOnlyRoot() {
	root_tree "$T/root"
	script "$T/root/etc/work" <<-'END'
		touch /file 2>/dev/null || echo 'cannot be written to'
		/bin/ps -o pid,comm 1
		kill -38 1
	END
	echo '::once:/etc/work' >"$T/root/etc/inittab"
	disk "$T/first" "$T/root"
	cp "$T/first" "$T/copy"
	from_disk 'virtio_pci virtio_blk'
	machine_options=$(drive "$T/first")
	power_on ro root_is=ro
	machine_options=
	is_off
	said | grep -qx 'cannot be written to' || fail 'not read-only'
	said | grep -qx ' *1 init' || fail 'no init'
	assertEquals 'what init complains of' '' "$(said | grep '^init: ' | grep -v 'is going down')"
	cmp "$T/first" "$T/copy" || fail 'written to'
}

. "${SHUNIT2:-shunit2}"
