#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# init as PID 1 of a real kernel: the table that it follows, and the one it has when there is none.
# shellcheck disable=SC1090,SC1091,SC2016,SC2046,SC2154 # lib.sh and its variables; words of helpers
. "$(dirname "$0")/helper/machine.sh"

find_kernel || exit

# X12: an entry that fails at once waits longer and longer, and makes few lines.
testBackoff() {
	script "$T/fails" <<-'END'
		read -r begin _ </proc/uptime
		: >>/run/runs
		if [ "$(grep -c . /run/runs)" = 7 ]; then
			echo "runs: $(tr '\n' ' ' </run/runs)$begin"
			exec /sbin/poweroff
		fi
		read -r end _ </proc/uptime
		echo "$begin $end" >>/run/runs
		exit 1
	END
	echo '::respawn:/etc/fails' >"$T/table"
	initramfs -i "$T/table" -a "$T/fails:etc/fails"
	power_on -- --backoff=0.5 --backoff-limit=1.2
	is_off
	# The first ones are for nothing; then half a second at least, twice that, the limit, and not much more.
	said | sed -n 's/^runs: //p' | awk '
		{
			split("0.5 1 1.2", want, " ")
			for (i = 1; i <= 3; i++) {
				wait = $(7 + 2 * i + 2) - $(7 + 2 * i + 1)
				if (wait < want[i] || wait > want[i] + 2)
					print "it has waited for " wait ", not " want[i]
			}
		}
		END { if (NR != 1 || NF != 15) print "no runs" }' >"$T/waits"
	assertEquals '' "$(cat "$T/waits")"
	lines=$(said | grep -c "^init: .*/etc/fails")
	if [ "$lines" -lt 1 ] || [ "$lines" -gt 2 ]; then fail "$lines lines about it"; fi
}

# B5, trap 55: HUP reads the table again; a bad one changes nothing.
testReload() {
	script "$T/change" <<-'END'
		has() { /bin/ps -eo args | grep -qx "$1"; }
		until has 'sleep 1001'; do :; done
		first=$(/bin/ps -eo pid,args | awk '/sleep 1001$/ { print $1 }')
		printf '%s\n' '::respawn:sleep 1001' '::respawn:sleep 1002' >/etc/inittab
		kill -HUP 1
		until has 'sleep 1002'; do :; done
		printf '%s\n' '::respawn:sleep 1003' 'no entry' >/etc/inittab
		kill -HUP 1
		read -r line
		printf '%s\n' '::respawn:sleep 1001' '::respawn:sleep 1004' '::shutdown:/bin/echo as said' >/etc/inittab
		kill -HUP 1
		until has 'sleep 1004'; do :; done
		echo "first: $(/bin/ps -o args= "$first") $line"
		# What is no longer in it runs on.
		echo "running: $(/bin/ps -eo args= | grep '^sleep' | sort | tr '\n' ' ')"
		exec /sbin/poweroff
	END
	printf '%s\n' '::respawn:sleep 1001' '::once:/etc/change' >"$T/table"
	initramfs -i "$T/table" -a "$T/change:etc/change" $(busybox_as bin/echo)
	power_on
	says 'not reloaded' || return
	enter Return
	is_off
	assertEquals 'first: sleep 1001 Return
running: sleep 1001 sleep 1002 sleep 1004 ' "$(said | grep -E '^(first|running): ')"
	said | grep -q 'init: /etc/inittab: line 2 ' || fail 'the bad line is not named'
	said | grep -q '^as said' || fail 'no new shutdown entry'
}

# B3, B5, trap 24: a shell on the console for who presses Enter. No signal from inside that means nothing
# does anything.
testNoInittab() {
	initramfs
	power_on
	says 'Please press Enter' || return
	said | grep -q 'answer' && fail 'not asked'
	enter ''
	enter 'echo answer $((6 * 7)) $(/bin/ps -o tty= $$)'
	says 'answer 42 ttyS0' || return
	# TSTP and CONT: a pause. HUP, INT and QUIT are requests as well.
	enter 's=4; while [ $s -le 64 ]; do case $s in 10 | 12 | 15 | 30 | 37 | 38 | 39) ;; *) kill -$s 1 ||
echo "not $s" ;; esac; s=$((s + 1)); done; kill -18 1; echo all $((s - 1)) sent'
	says 'all 64 sent' || return
	enter 'trap "" TERM; (exit 7); echo still $? with $(/bin/ps -o comm= 1); exit'
	says 'still 7 with init' || return
	says 'Please press Enter' 2 || return
	enter ''
	enter 'echo second $((1 + 1)); /sbin/poweroff'
	says 'second 2' || return
	is_off
	assertEquals '' "$(said | grep '^not ')"
}

# B7: a word of the kernel's. A machine that halts stays on.
testSingle() {
	echo '::sysinit:echo the table' >"$T/table"
	initramfs -i "$T/table"
	power_on single
	says '/ #' || return
	enter 'echo level $RUNLEVEL $((6 * 7)); /sbin/halt'
	says 'level single 42' || return
	says 'reboot: System halted' || return
	monitor quit
	is_off
	assertFalse 'it has read the table' 'said | grep -q "^the table"'
}

. "${SHUNIT2:-shunit2}"
