#!/bin/sh
# SPDX-License-Identifier: 0BSD
# kill: --wait and --timeout.
# shellcheck disable=SC2016,SC2154 # expanded over there; of lib.sh
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/kill.sh"
need strace strace
kill=$BIN/kill

suite() { tests_of KILL_WAIT; }

# stubborn SIGNAL...: a victim that ignores these.
stubborn() {
	ignored=
	for sig; do ignored="$ignored --ignore-signal=$sig"; done
	# shellcheck disable=SC2086 # they are words
	comm='sleep' victim env $ignored sleep 1000
}

testWait() {
	victim
	assert_run 0 '' '' "$kill" --wait "$pid"
	# It has ended when kill does, so that nobody needs to wait any more.
	case $(state "$pid") in Z | gone) ;; *) fail "it is $(state "$pid")" ;; esac
	assert_death 15
	victim
	assert_run 0 "sending signal 9 to pid $pid
pid $pid has ended" '' "$kill" --verbose --wait=10m -KILL "$pid"
	assert_death 9
}

testWaitInVain() {
	stubborn TERM
	assert_run 1 '' "kill: ($pid): still there after 0.02" "$kill" --wait=0.02 "$pid"
	assert_run 1 '' "kill: ($pid): still there after 0" "$kill" --wait=0 -0 "$pid"
	first=$pid
	victim
	assert_run 64 '' "kill: ($first): still there after 0.5s" "$kill" --wait=0.5s "$pid" "$first"
	assert_death 15
}

# It lasts as long as it says, and no longer than the process.
testWaitTakesItsTime() {
	stubborn TERM
	began=$(uptime_cs)
	run "$kill" --wait=0.3 "$pid"
	took=$(($(uptime_cs) - began))
	assertTrue "it took $took hundredths of a second" '[ "$took" -ge 29 ] && [ "$took" -lt 1000 ]'
	victim
	began=$(uptime_cs)
	assert_run 0 '' '' "$kill" --wait=100000d "$pid"
	[ "$(($(uptime_cs) - began))" -lt 2000 ] || fail 'it waits on'
	victim
	assert_run 0 '' '' "$kill" --wait=infinity "$pid"
}

testWaitMisused() {
	for word in x 1x -1 1,5; do
		assert_run 1 '' "kill: not a duration: '$word'" "$kill" "--wait=$word" -0 $$
	done
	assert_run 1 '' 'kill: (4194304): *' "$kill" --wait 4194304
	assert_run 1 '' 'kill: (-1): --wait is not for groups' "$kill" --wait -0 -1
}

# Who is a zombie has ended.
testZombie() {
	sh -c 'sleep 0 & exec sleep 1000' &
	parent=$!
	victims=$parent
	wait_for "[ -n \"\$(cat /proc/$parent/task/$parent/children)\" ]"
	zombie=$(cat "/proc/$parent/task/$parent/children")
	wait_state "${zombie% }" Z
	assert_run 0 '' '' "$kill" --wait -0 "${zombie% }"
}

# It sleeps until the end comes, and needs no /proc for it.
testWaitsByPidfd() {
	stubborn TERM
	strace -o "$T/trace" -e trace=poll,ppoll,pidfd_open,pidfd_send_signal \
		"$kill" --wait=0.2 "$pid" 2>/dev/null
	assertEquals 1 $?
	assertEquals 'polls' 2 "$(grep -c 'poll(\[{fd=[0-9]*, events=POLLIN}\], 1' "$T/trace")"
	strace -o "$T/trace" -e trace=pidfd_open -e inject=pidfd_open:error=ENOSYS \
		"$kill" --wait -KILL "$pid" 2>"$T/err"
	assertEquals 'nothing to wait by' 1 $?
	like "$(grep -v '^strace' "$T/err")" "kill: ($pid): *" || fail "$(cat "$T/err")"
	assertEquals 'nothing was sent' S "$(state "$pid")"
}

testTimeout() {
	stubborn TERM
	assert_run 0 '' '' "$kill" --timeout 20 KILL "$pid"
	assert_death 9
	stubborn TERM INT
	assert_run 0 "sending signal 15 to pid $pid
timeout, sending signal 2 to pid $pid
timeout, sending signal 1 to pid $pid" '' "$kill" --verbose --timeout 20 INT --timeout=20 SIGHUP "$pid"
	assert_death 1
	stubborn TERM HUP USR1
	assert_run 0 "*
timeout, sending signal 9 to pid $pid
pid $pid has ended" '' "$kill" --verbose --timeout 1 USR1 --timeout 1 9 --wait -s HUP "$pid"
	assert_death 9
}

# No one gets the next signal who has ended, as fast as that was.
testTimeoutIsNotReached() {
	victim
	began=$(uptime_cs)
	assert_run 0 "sending signal 15 to pid $pid" '' "$kill" --verbose --timeout 600000 KILL "$pid"
	[ "$(($(uptime_cs) - began))" -lt 3000 ] || fail 'it waits on'
	assert_death 15
}

# All wait at the same time: only those that are still there get the next one.
testTimeoutOfMany() {
	stubborn TERM
	a=$pid
	victim
	b=$pid
	stubborn TERM
	c=$pid
	assert_run 0 '' '' strace -o "$T/trace" -e trace=poll,ppoll "$kill" --timeout 500 KILL "$a" "$b" "$c"
	# For all the time is over once; then it is asked what has ended by now, without any.
	grep -q 'POLLIN}, .*POLLIN}, .*POLLIN}\], 3' "$T/trace" || fail "not for all: $(cat "$T/trace")"
	[ "$(grep -c 'POLLIN.*Timeout' "$T/trace")" -le 2 ] || fail "one after the other: $(cat "$T/trace")"
	assert_death 9 "$a"
	assert_death 15 "$b"
	assert_death 9 "$c"
}

testTimeoutMisused() {
	for words in --timeout '--timeout 5' --timeout=5; do
		# shellcheck disable=SC2086 # they are words
		assert_run 1 '' "kill: option '--timeout' requires two arguments, MS and SIGNAL" "$kill" $words
	done
	for ms in x -1 1.5 2147483648 ''; do
		assert_run 1 '' "kill: not a number of milliseconds: '$ms'" "$kill" --timeout "$ms" KILL 1
	done
	assert_run 1 '' 'kill: unknown signal: NOPE' "$kill" --timeout 5 NOPE 1
}

testGroup() {
	assert_run 0 '' '' in_ns sh -c "$kill_guard"'
		mkfifo "$2/fifo"
		setsid sh -c "trap \"\" TERM; sleep 1000 & sleep 1000 & echo \$\$; exec sleep 1000" >"$2/fifo" &
		read -r g <"$2/fifo"
		sleep 1000 &
		other=$!
		"$1" --timeout 50 KILL --wait -TERM "-$g" || echo "status $?"
		alive=$(grep -l "^NSpgid:.*[[:space:]]$g\$" /proc/[0-9]*/status | xargs -r grep -h ^State | grep -v Z)
		[ -z "$alive" ] || echo "alive: $alive"
		"$1" -0 "$other" || echo "the other one is gone"
	' sh "$kill" "$T"
	rm "$T/fifo"
}

# ^C ends it.
testInterrupted() {
	stubborn TERM
	mkfifo "$T/fifo"
	env --default-signal "$kill" --verbose --wait "$pid" >"$T/fifo" &
	waiter=$!
	read -r _ <"$T/fifo"
	kill -INT "$waiter"
	wait "$waiter"
	assertEquals 130 $?
	rm "$T/fifo"
}

testNotBuiltIn() {
	for word in --wait --timeout; do
		assert_run 1 '' "kill: unrecognized option '$word'*" "$kill" "$word" -0 $$
	done
}

. "${SHUNIT2:-shunit2}"
