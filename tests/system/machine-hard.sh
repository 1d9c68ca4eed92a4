#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# init as PID 1 of a real kernel that is in a bad way.
# shellcheck disable=SC1090,SC1091,SC2016,SC2034,SC2046,SC2154 # lib.sh and its variables; words of helpers
. "$(dirname "$0")/helper/machine.sh"

find_kernel || exit

# Nobody can make a process, and nobody ends: the machine can be switched off all the same.
testTableFull() {
	printf '%s\n' '::respawn:-/bin/sh' '::shutdown:/bin/echo last words' >"$T/table"
	initramfs -i "$T/table" $(busybox_as bin/echo)
	power_on -- --grace=1
	says '/ #' || return
	enter 'echo 350 >/proc/sys/kernel/pid_max; mkfifo /run/never; echo begin'
	enter 'while :; do read x </run/never & done'
	says "can't fork" || return
	enter ': & : &'
	says "can't fork" 2 || return
	enter 'echo full $((6 * 7)); kill -USR2 1'
	says 'full 42' || return
	is_off
	said | grep -q 'reboot: Power down' || fail 'not off'
}

# Trap 54: who writes to the console while it is stopped waits; PID 1 does not.
testFlowControl() {
	script "$T/counts" <<-'END'
		echo x >>/run/count
		echo "count $(wc -l </run/count)" >/dev/ttyS1
		exit 1
	END
	script "$T/floods" <<-'END'
		after() {
			n=$(wc -l </run/count)
			while [ "$(wc -l </run/count)" -lt $((n + $1)) ]; do :; done
		}
		until grep -q -i keyboard /proc/bus/input/devices; do :; done
		echo ready
		read -r line
		echo '?' >>/etc/inittab
		kill -HUP 1
		after 3
		yes flood | head -n 4000 &
		after 3
		kill -HUP 1 # for what it says now there is no room
		after 3
		echo "$line" >/dev/ttyS1
		wait
		read -r line
		echo "$line" >/dev/ttyS1
		yes flood | head -n 4000
	END
	printf '%s\n' '::respawn:/etc/counts' '::once:/etc/floods' '::ctrlaltdel:/sbin/poweroff' \
		'::shutdown:/bin/echo last words' >"$T/table"
	initramfs -i "$T/table" -a "$T/counts:etc/counts" -a "$T/floods:etc/floods" $(busybox_as bin/echo)
	: >"$T/second"
	machine_options="-serial file:$T/second"
	power_on -- --backoff=0.02 --backoff-limit=0.1 --grace=1
	machine_options=
	says ready || return

	types '\023'
	enter first
	says first 1 "$T/second" || return
	says count "$(($(grep -c count "$T/second") + 5))" "$T/second" || return
	assertFalse 'said while stopped' 'said | grep -q "not reloaded"'
	types '\021'
	says 'not reloaded' || return
	says flood 4000 || return

	types '\023'
	enter second
	says second 1 "$T/second" || return
	monitor 'sendkey ctrl-alt-delete'
	is_off
	said | grep -q 'reboot: Power down' || fail 'not off'
}

# Trap 53: the clock is set forward and back by a day while an entry has to wait, and in the grace. No wait is
# longer or shorter for it, and PID 1 rests in between.
testTrap53ClockSteps() {
	script "$T/fails" <<-'END'
		cut -d ' ' -f 1 /proc/uptime >>/run/runs
		exit 1
	END
	script "$T/steps" <<-'END'
		step() { date -s "@$(($(date +%s) + $1))" >/dev/null; }
		after() {
			n=$(wc -l </run/runs)
			until [ "$(wc -l </run/runs)" -ge $((n + $1)) ]; do sleep 0.1; done
		}
		ticks() { cut -d ' ' -f 14,15 /proc/1/stat | sed 's/ / + /'; }
		last() {
			step 86400
			echo "told: $(cat /proc/uptime)"
			step -172800
			trap '' TERM
			while :; do
				echo "there: $(cat /proc/uptime)"
				sleep 0.1
			done
		}
		trap last TERM
		trap '' HUP
		after 6
		before=$(($(ticks)))
		for seconds in 86400 -172800 86400; do
			step $seconds
			echo "year: $(date +%Y)"
			after 2
		done
		echo "ticks: $(($(ticks) - before))"
		echo "runs: $(tr '\n' ' ' </run/runs)"
		/sbin/poweroff
		while :; do sleep 0.1; done
	END
	printf '%s\n' '::respawn:/etc/fails' '::once:/etc/steps' >"$T/table"
	initramfs -i "$T/table" -a "$T/fails:etc/fails" -a "$T/steps:etc/steps"
	power_on -- --backoff=0.5 --backoff-limit=0.7 --grace=2
	is_off
	assertEquals 'the clock' 3 "$(said | grep -c '^year: 20')"
	said | sed -n 's/^runs: //p' | awk '
		{
			for (i = 7; i < NF; i++)
				if ($(i + 1) - $i < 0.7 || $(i + 1) - $i > 2.7)
					print "it has waited for " $(i + 1) - $i
		}
		END { if (NR != 1 || NF < 12) print "no runs" }' >"$T/waits"
	assertEquals '' "$(cat "$T/waits")"
	ticks=$(said | sed -n 's/^ticks: //p')
	[ "${ticks:-1000}" -lt 100 ] || fail "PID 1 was busy: $ticks"
	said | awk '
		$1 == "told:" { told = $2 }
		$1 == "there:" { there = $2 }
		END { if (there - told < 1 || there - told > 4) print told, there }' >"$T/waits"
	assertEquals 'the grace' '' "$(cat "$T/waits")"
}

# A memory cgroup around all, PID 1 too, in which somebody takes more than there is: the kernel ends him, alone.
# Then there is none left for anybody: it ends all but PID 1, which begins again when there is.
testMemoryCgroup() {
	script "$T/limits" <<-'END'
		mount -t cgroup2 none /sys/fs/cgroup
		echo +memory >/sys/fs/cgroup/cgroup.subtree_control
		mkdir /sys/fs/cgroup/all
		cd /sys/fs/cgroup/all
		echo 1 >cgroup.procs
		echo 16M >memory.max
		echo "group: $(cat memory.oom.group)"
	END
	script "$T/takes" <<-'END'
		echo x >>/run/takes
		exec dd if=/dev/zero of=/dev/null bs=64M count=1 2>/dev/null
	END
	script "$T/looks" <<-'END'
		cd /sys/fs/cgroup/all
		echo $$ >../cgroup.procs
		waiting() { echo "$(/bin/ps -eo pid,args | awk '/sleep 1001$/ { print $1 }')"; }
		killed() { awk '$1 == "oom_kill" { print $2 }' memory.events; }
		until [ -n "$(waiting)" ]; do sleep 0.1; done
		first=$(waiting)
		until [ "$(killed)" -ge 6 ]; do sleep 0.1; done
		echo "killed: $(killed) of $(wc -l </run/takes), still: $([ "$(waiting)" = "$first" ] && echo yes)"
		cp /etc/inittab.then /etc/inittab
		kill -HUP 1
		echo 0 >memory.max
		echo "left: $(cat cgroup.procs | tr '\n' ' ')"
		read -r _
		echo max >memory.max
		until [ -n "$(waiting)" ]; do sleep 0.1; done
		echo "again: $(tr '\n' ' ' <cgroup.procs)"
		exec /sbin/poweroff
	END
	printf '%s\n' '::sysinit:/etc/limits' '::respawn:/bin/sleep 1001' '::once:/etc/looks' >"$T/then"
	(cat "$T/then" && echo '::respawn:/etc/takes') >"$T/table"
	initramfs -i "$T/table" -a "$T/then:etc/inittab.then" -a "$T/limits:etc/limits" -a "$T/takes:etc/takes" \
		-a "$T/looks:etc/looks"
	power_on -- --backoff=0.1 --backoff-limit=0.2
	says "init: '/bin/sleep 1001' cannot be started" || return
	enter go
	is_off
	said | grep -qx 'group: 0' || fail 'all would end together'
	said | grep -qE '^killed: ([0-9]+) of .*, still: yes$' || fail 'somebody else was ended'
	said | grep -qx 'left: 1 ' || fail 'there is memory left'
	said | grep -qE '^again: 1 [0-9]+ $' || fail 'it has not begun again'
	assertEquals 'it was said once' 1 "$(said | grep -c "^init: '/bin/sleep 1001' cannot")"
}

. "${SHUNIT2:-shunit2}"
