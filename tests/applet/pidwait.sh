#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pidwait. In a PID namespace of its own, so that it waits for nobody else.
# shellcheck disable=SC2016 # the texts are for that shell
set -u
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"

PIDWAIT=$BIN/pidwait
export PIDWAIT
need strace strace
need pgrep procps

# assert_inside TEXT OUT: what that writes to both is exactly OUT, or fits that pattern.
# In it: idle NAME starts one that sleeps and sets $pid; waiting ARG... starts pidwait and returns when it waits
# for somebody; ended [PID] prints whether it has, or waits for that.
assert_inside() {
	in_ns sh -c "$kill_guard$later"'
		exec 2>&1
		idle() {
			rm -f "$T/fifo"
			mkfifo "$T/fifo"
			"$SCENE" idle "$1" >"$T/fifo" &
			pid=$!
			read -r _ <"$T/fifo"
		}
		waiting() {
			rm -f "$T/status" "$T/fifo"
			mkfifo "$T/fifo"
			{ "$PIDWAIT" "$@"; echo "rc=$?"; } >"$T/fifo" &
			waiter=$!
			exec 5<"$T/fifo"
			until grep -q "poll" /proc/[0-9]*/wchan && pgrep -x pidwait >/dev/null; do :; done
		}
		still() { pgrep -x pidwait >/dev/null && echo waits; }
		done_waiting() { cat <&5; }
		said() {
			"$@"
			echo "rc=$?"
		}
		'"$1" </dev/null | sed '/^Killed$/d; /^Terminated$/d' >"$T/out"
	like "$(cat "$T/out")" "$2" && return
	show "$(cat "$T/out")"
	fail "not: $2"
}

testWaitsForAll() {
	assert_inside '
		idle target; one=$pid
		idle target; two=$pid
		idle other
		waiting target
		kill -KILL $two
		wait $two
		still
		kill -KILL $one
		wait $one
		done_waiting
	' 'waits
rc=0'
}

testTheLastToEnd() {
	assert_inside '
		idle target; one=$pid
		idle target; two=$pid
		waiting target
		kill -KILL $one
		wait $one
		until ! waiter=$(pgrep -x pidwait) || grep -qs "^Pid:.$two\$" "/proc/$waiter/fdinfo/"*; do :; done
		still
		kill -KILL $two
		wait $two
		done_waiting
	' 'waits
rc=0'
}

testNobody() {
	assert_inside 'said "$PIDWAIT" nobody; said "$PIDWAIT" -c nobody; said "$PIDWAIT" -e nobody' 'rc=1
0
rc=1
rc=1'
}

testEchoAndCount() {
	assert_inside '
		idle target; one=$pid
		idle target; two=$pid
		waiting -c -e target
		still
		kill -KILL $one $two
		wait $one $two
		done_waiting
		echo $one $two
	' 'waits
2
waiting for target (pid *)
waiting for target (pid *)
rc=0
*'
}

# It does not wait for itself, nor with -A for who waits for it.
testNotItself() {
	assert_inside 'said "$PIDWAIT" -x pidwait; said "$PIDWAIT" -A "^(sh|pidwait)$"' 'rc=1
rc=1'
}

testInverse() {
	assert_inside '
		idle target; one=$pid
		idle other
		waiting -v -A "other|sed|sh"
		still
		kill -KILL $one
		done_waiting
	' 'waits
rc=0'
}

# A zombie has ended.
testZombie() {
	assert_inside '
		sh -c "sh -c : & exec \"\$SCENE\" idle keeper" >"$T/zombies" &
		until pgrep -r Z >/dev/null; do :; done
		said "$PIDWAIT" -r Z -e
	' 'waiting for sh (pid *)
rc=0'
}

# Who ends after the walk has ended, also when the number is taken by another of that name.
testEndsBeforeItWaits() {
	need_root || return 0
	assert_inside '
		for again in "" target; do
			idle target
			strace -qq -e trace=pidfd_open -e inject=pidfd_open:delay_enter=1000000 -o "$T/trace" \
				"$PIDWAIT" -e target >"$T/said" &
			slow=$!
			until [ -s "$T/trace" ] || ! grep -qs "^State:.[^Z]" /proc/$slow/status; do :; done
			kill -KILL $pid
			wait $pid
			if [ -n "$again" ]; then
				later
				echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
				"$SCENE" idle $again >"$T/fifo" &
				read -r _ <"$T/fifo"
				[ $! = $pid ] || echo "not the same number"
			fi
			wait $slow
			echo "rc=$?"
			cat "$T/said"
			: >"$T/trace"
		done
	' 'rc=0
waiting for target (pid *)
rc=0
waiting for target (pid *)'
}

# Any number of them, by a few descriptors.
testThousand() {
	printf '#!/bin/sh\nulimit -n 8\nexec "%s" "$@"\n' "$PIDWAIT" >"$T/few"
	chmod 755 "$T/few"
	assert_inside '
		i=0
		while [ $((i += 1)) -le 1000 ]; do sleep 1000 & done
		until [ "$(pgrep -c -x sleep)" = 1000 ]; do :; done
		PIDWAIT=$T/few
		waiting -c -x sleep
		still
		kill -KILL "$(pgrep -n -x sleep)"
		still
		kill -KILL $(pgrep -x sleep)
		done_waiting
	' 'waits
waits
1000
rc=0'
}

testForeignProc() {
	assert_inside '
		idle target
		unshare --pid --fork sh -c "\"\$PIDWAIT\" target; echo rc=\$?"
	' 'pidwait: /proc is that of another PID namespace: its numbers are not ours (mount -t proc proc /proc)
rc=3'
}

testLostOutput() {
	assert_inside '
		idle target; one=$pid
		mkfifo "$T/wait"
		sh -c "\"\$PIDWAIT\" -e target >/dev/full; echo rc=\$?; echo >\$T/wait" &
		until grep -q "poll" /proc/[0-9]*/wchan && pgrep -x pidwait >/dev/null; do :; done
		still
		kill -KILL $one
		read -r _ <"$T/wait"
	' 'waits
pidwait: write error: '"$(reason 'No space left on device' 28)"'
rc=1'
}

testMisuse() {
	assert_run 2 '' 'pidwait: no matching criteria specified
*' "$PIDWAIT"
	assert_run 2 '' "pidwait: invalid option -- '9'
*" "$PIDWAIT" -9 target
	assert_run 2 '' "pidwait: invalid option -- 'l'
*" "$PIDWAIT" -l target
	assert_run 0 'pidbox *' '' "$PIDWAIT" -V
}

. "${SHUNIT2:-shunit2}"
