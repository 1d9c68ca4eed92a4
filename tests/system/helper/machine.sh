# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh disable=SC1091,SC2046,SC2154 # lib.sh and its variables; names are words
# A machine to boot: Debian's kernel in qemu, without KVM, so that it is everywhere the same. Its
# initramfs is what scripts/mkinitramfs makes. What the tests machine*.sh begin with, instead of lib.sh:
#
#	. "$(dirname "$0")/helper/machine.sh"
#	testIt() { initramfs -i "$T/table"; power_on; says hello; enter poweroff; is_off; }
#	. "${SHUNIT2:-shunit2}"
#
# The program under test must be static, so none of these files mentions the directory of it: they
# are not run a second time with sanitizers.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/system/helper/kernel.sh"

# Where those of an ordinary user are not looked for.
PATH=$PATH:/usr/sbin:/sbin
need qemu-system-x86_64 qemu-system-x86
need mkfs.ext4 e2fsprogs
need flock util-linux

BUSYBOX=$(command -v busybox.static || command -v busybox)
need "${BUSYBOX:-busybox}" busybox-static

# ---- The kernel

# modules NAME...: the files of kernel modules, each behind those it depends on.
modules() (
	for name; do
		file=$(find "$KERNEL/" -name "$name.ko*")
		case $file in
		*.xz)
			xz -dc "$file" >"$T/$name.ko"
			file=$T/$name.ko
			;;
		esac
		modules $(tr '\0' '\n' <"$file" | sed -n 's/^depends=//p' | tr ',' ' ')
		echo "$file"
	done | awk '!seen[$0]++'
)

# ---- The machine

# initramfs [ARGUMENT]...: makes it; the arguments are mkinitramfs's. In it are busybox and its shell,
# which finds the rest of busybox by itself.
initramfs() {
	sh "$TOP/scripts/mkinitramfs" -b "$BIN/pidbox" -a "$BUSYBOX:bin/busybox" -l busybox:bin/sh "$@" \
		-o "$T/initrd.gz" || fail mkinitramfs
}

# Such arguments: busybox_as NAME...: those links of busybox; with_modules NAME...: kernel modules, which
# the machine's script loads in the order of their names: for m in /modules/*; do insmod $m; done
busybox_as() { printf -- '-l /bin/busybox:%s\n' "$@"; }
with_modules() { modules "$@" | awk '{ printf "-a %s:modules/%d.ko\n", $0, NR + 10 }'; }

# script FILE: a shell script for the machine, from stdin.
script() {
	{
		echo '#!/bin/sh'
		cat
	} >"$1"
	chmod +x "$1"
}

# power_on [WORD...]: boots it; the words are the kernel's. $machine is qemu, $T/line.out what the machine
# says on its serial line. More of qemu's options are in $machine_options.
power_on() {
	for name in line monitor; do
		[ -e "$T/$name.in" ] || mkfifo "$T/$name.in"
		: >"$T/$name.out"
	done
	# shellcheck disable=SC2086 # options are words
	timeout -k 5 "${machine_limit:-100}" qemu-system-x86_64 -accel tcg -m 256 -nodefaults \
		-display none -no-reboot -chardev "pipe,id=line,path=$T/line" -serial chardev:line \
		-chardev "pipe,id=monitor,path=$T/monitor" -mon monitor \
		-kernel "$KERNEL/vmlinuz" -initrd "$T/initrd.gz" $machine_options \
		-append "console=ttyS0 panic=-1 quiet $*" </dev/null >"$T/qemu.log" 2>&1 &
	machine=$!
}
machine_options=

# says TEXT [TIMES [FILE]]: waits until the machine has said that in so many lines, on its serial line or
# into another file.
says() {
	says_end=$(($(uptime_cs) + 6000))
	until [ "$(grep -caF -- "$1" "${3:-$T/line.out}")" -ge "${2:-1}" ]; do
		if [ "$(uptime_cs)" -gt "$says_end" ] || [ ! -e "/proc/$machine" ]; then
			fail "it has not said: $1${2:+ ($2 times)}"
			return 1
		fi
		sleep 0.05 # and not less, for what we wait for has to share the processors
	done
}

# said: all that it has said, in lines.
said() { tr -d '\r' <"$T/line.out"; }

# types FORMAT: the keys of a terminal on the serial line; enter TEXT: a line. Neither waits for a reader.
types() {
	# shellcheck disable=SC2059 # it is one
	printf "$1" 1<>"$T/line.in"
}
enter() { printf '%s\r' "$1" 1<>"$T/line.in"; }

# monitor COMMAND: tells qemu something.
monitor() { printf '%s\n' "$1" 1<>"$T/monitor.in"; }

# is_off: waits until the machine is, as after an orderly end.
is_off() {
	wait "$machine"
	rc=$?
	machine=
	assertEquals "qemu: $(cat "$T/qemu.log")" 0 "$rc"
	assertEquals 'what a kernel says at its worst' '' \
		"$(said | grep -E 'Attempted to kill init|panic|BUG:|Oops|self-detected stall')"
}

# What it has said is in the log of the test, which tests/run shows when something has failed, and in
# $BUILD/machine-logs.
tearDown() {
	if [ -n "${machine:-}" ]; then
		kill "$machine" 2>/dev/null
		wait "$machine" 2>/dev/null
	fi
	machine=
	if [ -s "$T/line.out" ]; then
		mkdir -p "$BUILD/machine-logs"
		said >"$BUILD/machine-logs/${_shunit_test_:-boot}"
		said | sed 's/^/    | /'
		echo
	fi
	rm -f "$T/line.out"
}

# ---- Disks

# root_tree DIR [NAME...]: a root file system for a disk: the program, its links, busybox under its own
# name, as sh and as the others.
root_tree() {
	tree=$1
	shift
	rm -rf "$tree"
	for name in bin dev etc mnt proc root run sbin sys tmp usr/bin usr/sbin; do
		mkdir -p "$tree/$name"
	done
	cp "$BIN/pidbox" "$tree/bin/pidbox"
	cp "$BUSYBOX" "$tree/bin/busybox"
	"$BIN/pidbox" --list-full | while read -r name; do ln -s /bin/pidbox "$tree$name"; done
	for name in bin/sh "$@"; do ln -sf /bin/busybox "$tree/$name"; done
}

# disk FILE DIR: an ext4 file system with the content of the directory.
disk() {
	rm -f "$1"
	mkfs.ext4 -q -d "$2" "$1" 24M >"$T/mkfs.log" 2>&1 || fail "mkfs.ext4: $(cat "$T/mkfs.log")"
}

# drive FILE: what qemu is to be told of it.
drive() { echo "-drive file=$1,format=raw,if=virtio"; }

# from_disk MODULES [ARGUMENT]...: an initramfs that goes on with the first disk; the word root_is=ro of
# the kernel's has it mounted like that.
from_disk() {
	needs=$1
	shift
	script "$T/begin" <<-'END'
		/bin/busybox mount -t proc proc /proc # by which the shell finds the rest of busybox
		mount -t devtmpfs dev /dev
		for module in /modules/*; do insmod "$module"; done
		until [ -b /dev/vda ]; do :; done
		echo "before: $(grep ^Shmem: /proc/meminfo)"
		mkdir /new
		mount -t ext4 -o "${root_is:-rw}" /dev/vda /new
		exec /sbin/switch_root /new /sbin/init "$@"
	END
	# shellcheck disable=SC2086 # names are words
	initramfs -a "$T/begin:init" $(with_modules $needs) "$@"
}

# clean FILE: fails unless the file system is as a machine leaves it that has unmounted it.
clean() {
	e2fsck -fn "$1" >"$T/fsck.log" 2>&1 || fail "e2fsck: $(cat "$T/fsck.log")"
	case $(dumpe2fs -h "$1" 2>/dev/null) in
	*needs_recovery*) fail "$1: it was in use when the machine went off" ;;
	esac
}
