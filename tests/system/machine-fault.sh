#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# init as PID 1 of a real kernel: a fault of its own, and the watchdog of the machine.
# shellcheck disable=SC1090,SC1091,SC2016,SC2034,SC2046,SC2154 # lib.sh and its variables; words of helpers
. "$(dirname "$0")/helper/machine.sh"

find_kernel || exit

# Root overwrites what PID 1 is to go back to.
harm='
	stack=$(awk "{ print \$(NF - 1) }" /proc/1/syscall)
	dd if=/dev/zero of=/proc/1/mem bs=1 count=256 seek=$((stack)) conv=notrunc 2>/dev/null
	kill -CONT 1
'

testFault() {
	script "$T/harm" <<-END
		$harm
		read -r line
		i=0
		while [ \$i -lt 50 ]; do
			(: &)
			i=\$((i + 1))
		done
		i=0
		while /bin/ps -eo stat | grep -q '^Z' && [ \$i -lt 20 ]; do i=\$((i + 1)); done
		echo "zombies: \$(/bin/ps -eo stat | grep -c '^Z')"
		exec /sbin/poweroff
	END
	printf '%s\n' '::once:/etc/harm' '::respawn:/bin/sleep 1000' >"$T/table"
	initramfs -i "$T/table" -a "$T/harm:etc/harm"
	power_on
	says 'init: a fault' || return
	enter go
	is_off
	assertEquals 'zombies: 0' "$(said | grep '^zombies')"
	said | grep -q 'reboot: Power down' || fail 'not off'
}

# softdog reboots a machine whose watchdog nobody feeds for so long. Its module comes late.
testWatchdog() {
	script "$T/looks" <<-'END'
		for module in /modules/*; do insmod "$module"; done
		kill -CONT 1 # whatever wakes it has it try again
		until [ "$(cat /sys/class/watchdog/watchdog0/state)" = active ]; do sleep 0.1; done
		sleep 5
		echo "timeout: $(cat /sys/class/watchdog/watchdog0/timeout)"
		exec /sbin/poweroff
	END
	echo '::once:/etc/looks' >"$T/table"
	initramfs -i "$T/table" $(with_modules softdog) -a "$T/looks:etc/looks"
	power_on -- --watchdog=/dev/watchdog:4
	is_off
	said | grep -qx 'timeout: 4' || fail 'no watchdog'
	said | grep -q 'reboot: Power down' || fail 'not off'
	assertEquals 'what its driver says' '' "$(said | grep -E 'did not stop|softdog: ')"
	assertEquals 'not there, then there' 2 "$(said | grep -c '^init: watchdog')"
}

# Another init finds the watchdog stopped: it need not know that there is one.
testWatchdogStoppedForRestart() {
	script "$T/begin" <<-'END'
		/bin/busybox mount -t proc proc /proc
		for module in /modules/*; do insmod "$module"; done
		exec /sbin/init "$@"
	END
	script "$T/asks" <<-'END'
		until [ "$(cat /sys/class/watchdog/watchdog0/state)" = active ]; do sleep 0.1; done
		kill -QUIT 1
	END
	script "$T/next" <<-'END'
		echo "then: $$ $(cat /sys/class/watchdog/watchdog0/state)"
		sleep 3
		echo 'still here'
		/sbin/poweroff -f
	END
	printf '%s\n' '::once:/etc/asks' '::restart:/etc/next' >"$T/table"
	initramfs -i "$T/table" $(with_modules softdog) -a "$T/begin:init" -a "$T/asks:etc/asks" -a "$T/next:etc/next"
	power_on -- --watchdog=/dev/watchdog:1
	is_off
	assertEquals 'then: 1 inactive
still here' "$(said | grep -E '^(then|still)')"
	assertEquals 'what its driver says' '' "$(said | grep -E 'did not stop|softdog: ')"
}

# A PID 1 that only reaps feeds nobody: that is what a watchdog is for.
testWatchdogBites() {
	script "$T/begin" <<-'END'
		/bin/busybox mount -t proc proc /proc
		for module in /modules/*; do insmod "$module"; done
		exec /sbin/init "$@"
	END
	echo "$harm" | script "$T/harm"
	echo '::once:/etc/harm' >"$T/table"
	initramfs -i "$T/table" $(with_modules softdog) -a "$T/begin:init" -a "$T/harm:etc/harm"
	power_on -- --watchdog=/dev/watchdog:1
	is_off
	said | grep -q 'init: a fault' || fail 'no fault'
	said | grep -q 'softdog: Initiating system reboot' || fail 'it has not bitten'
}

. "${SHUNIT2:-shunit2}"
