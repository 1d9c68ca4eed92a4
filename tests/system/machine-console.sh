#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 200
# init as PID 1 of a real kernel: its console and other terminals, which there are two kinds of.
# shellcheck disable=SC1090,SC1091,SC2016,SC2046,SC2154 # lib.sh and its variables; words of helpers
. "$(dirname "$0")/helper/machine.sh"

find_kernel || exit

# B4, B7, trap 42: whose terminal it is, by each of its names, and of what kind.
testB4ControllingTerminal() {
	script "$T/look" <<-'END'
		read -r _ _ _ _ _ _ terminal _ <"/proc/$$/stat"
		echo "entry $1: terminal=$terminal $TERM $0" >/dev/ttyS0
	END
	printf '%s\n' '::wait:-/etc/look 1' 'console::wait:-/etc/look 2' '/dev/ttyS0::wait:-/etc/look 3' \
		'ttyS0::wait:/etc/look 4' '::wait:/etc/look 5' 'console::wait:/etc/look 6' 'tty1::wait:-/etc/look 7' \
		'::once:/sbin/poweroff' >"$T/table"
	initramfs -i "$T/table" -a "$T/look:etc/look"
	power_on
	is_off
	for line in '1: terminal=1088 vt102' '2: terminal=1088 vt102' '3: terminal=1088 vt102' \
		'4: terminal=1088 vt102' '5: terminal=0 vt102' '6: terminal=0 vt102' '7: terminal=1025 linux'; do
		said | grep -q "^entry $line " || fail "not there: $line"
	done
}

# The end of the leader of a session hangs its terminal up, for init as well when that has it under another
# name than /dev/console. It opens it again: there is a shell after each shell.
testB10ConsoleIsHungUp() {
	printf '%s\n' '::respawn:-/bin/sh' >"$T/table"
	initramfs -i "$T/table"
	power_on CONSOLE=/dev/ttyS0
	for n in 1 2 3; do
		says '# ' $n || return
		enter "echo shell''=$n; exit"
		says "shell=$n" || return
	done
	says '# ' 4 || return
	enter poweroff
	is_off
	said | grep -q 'init: the system is going down: poweroff' || fail 'no word of the end'
}

. "${SHUNIT2:-shunit2}"
