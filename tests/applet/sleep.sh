#!/bin/sh
# SPDX-License-Identifier: 0BSD
# sleep. How long is mostly read from what it asks of the kernel, so that nothing here takes time.
. "$(dirname "$0")/../lib.sh"

need strace strace
sleep=$BIN/sleep
if [ "$(id -u)" = 0 ]; then
	new=/usr/bin/unshare
else
	new='/usr/bin/unshare --user --map-root-user'
fi

# The clock that does not jump stands still while the machine is suspended, /proc/uptime does not.
oneTimeSetUp() { suspended=$(($(deadline 0) - $(uptime_cs) / 100 - 1)); }

tearDown() {
	# shellcheck disable=SC2086 # they are words
	end_children ${sleepers:-}
	sleepers=
}

# start ARG...: our sleep in the background, $pid, which sleeps when this returns.
start() {
	"$sleep" "$@" </dev/null &
	pid=$!
	sleepers="${sleepers:-} $pid"
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	wait_state "$pid" S
}

# deadline ARG...: the second until which it would sleep by the clock that does not jump, "never", or
# "at once". The call is not made: whoever would wait for ever is ended, the others are told that the
# time is over.
deadline() {
	timeout 10 strace -o "$T/trace" \
		-e 'trace=/^clock_nanosleep|^pause$|^ppoll|^rt_sigsuspend' \
		-e 'inject=/^clock_nanosleep:retval=0' \
		-e 'inject=/^pause$|^ppoll|^rt_sigsuspend:signal=TERM' \
		"$sleep" "$@" >/dev/null 2>&1
	awk '
		/^clock_nanosleep.*CLOCK_MONOTONIC, TIMER_ABSTIME/ {
			sub(/.*tv_sec=/, "")
			print $0 + 0
			exit
		}
		/^(pause|ppoll|rt_sigsuspend)/ { print "never"; exit }' "$T/trace" | grep . || echo "at once"
}

# assert_seconds SECONDS ARG...: as many lie between now and the deadline, and not half a minute more.
assert_seconds() {
	seconds=$1
	shift
	begin=$(uptime_cs)
	end=$(deadline "$@")
	case $end in
	*[!0-9]*) fail "sleep $*: $end" ;;
	*)
		end=$((end - suspended - begin / 100))
		if [ "$end" -lt "$seconds" ] || [ "$end" -gt $((seconds + 30)) ]; then
			fail "sleep $*: $end seconds, not $seconds"
		fi
		;;
	esac
}

testUnits() {
	assert_seconds 1000 1000
	assert_seconds 1000 1000s
	assert_seconds 6000 100m
	assert_seconds 36000 10h
	assert_seconds 864000 10d
	assert_seconds 90090 1.5m 1d 1h -- 0
	assert_seconds 5400 1.5h
	assert_seconds 129600 1.5d
	assert_seconds 1000 01000
	assert_seconds 1000 1000.
	assert_seconds 43200 .5d
	assert_seconds 8640 0.1d
	assert_seconds 600 0.1666666666666666666666666666666667h
}

testSums() {
	assert_seconds 93784 1d 2h 3m 4s
	assert_seconds 100 10 10 10 10 10 10 10 10 10 10
	assert_seconds 3000 999.5 .5 1999 1
}

testForever() {
	for word in infinity INFINITY Infinity inf Inf; do
		assertEquals "$word" never "$(deadline "$word")"
	done
	assertEquals never "$(deadline 1 infinity 2)"
	assertEquals never "$(deadline infinity infinity)"
}

# More than a clock can hold is not little.
testHuge() {
	for word in 18446744073709551615 18446744073709551616 99999999999999999999999999d \
		9223372036854775808s 18446744073 18446744073h 307445734561825861m 1000000000000d
	do
		end=$(deadline "$word")
		if [ "$end" != never ]; then
			case $end in
			*[!0-9]*) fail "sleep $word: $end" ;;
			*) [ "$end" -ge 18446744073 ] || fail "sleep $word: until $end" ;;
			esac
		fi
	done
	assertEquals 'a sum' never "$(deadline 18446744073 18446744073)"
	start 99999999999999999999d
	assertEquals 'it sleeps' S "$(state "$pid")"
}

testItTakesItsTime() {
	start=$(uptime_cs)
	assert_run 0 '' '' "$sleep" 0.25
	took=$(($(uptime_cs) - start))
	[ "$took" -ge 24 ] || fail "0.25 s took $took hundredths"
	start=$(uptime_cs)
	assert_run 0 '' '' "$sleep" 0.1 .05s 0.001m 0.00001h
	took=$(($(uptime_cs) - start))
	[ "$took" -ge 24 ] || fail "0.246 s took $took hundredths"
}

testNoTime() {
	for word in 0 0.0 .0 0s 0d 0.0000000001 00000000000000000000000; do
		assert_run 0 '' '' "$sleep" "$word"
	done
	assert_run 0 '' '' "$sleep" 0 0 0
	assert_run 0 '' '' "$sleep" -- 0
}

# What it says about nonsense is what GNU says, with all the operands that are.
testErrorsOfGnu() {
	gnu=$(command -v sleep)
	if ! "$gnu" --version 2>/dev/null | grep -q GNU; then
		gnu=
	fi
	for words in x 1x '-- -1' '1 2x' 1..2 . .s s 1ss 1sm 1e 0x '1 s' 1,5 +x inf1 infinit '1x 2y'; do
		# shellcheck disable=SC2086 # they are words
		assert_run 1 '' "sleep: *
Try 'sleep --help' for more information." "$sleep" $words
		if [ -n "$gnu" ]; then
			# shellcheck disable=SC2086 # they are words
			sleep $words 2>"$T/theirs"
			assertEquals "sleep $words" "$(cat "$T/theirs")" "$err"
		fi
	done
	assert_run 1 '' "sleep: invalid time interval ''
Try 'sleep --help' for more information." "$sleep" ''
	assert_run 1 '' "sleep: invalid time interval ' 1'
Try 'sleep --help' for more information." "$sleep" ' 1'
	assert_run 1 '' "sleep: missing operand
Try 'sleep --help' for more information." "$sleep"
	assert_run 1 '' "sleep: invalid option -- '1'
Try 'sleep --help' for more information." "$sleep" -1
}

# An error in the last operand is found before any sleep.
testErrorsComeFirst() {
	assertEquals 'at once' "$(deadline 1000 x)"
	assertEquals 'at once' "$(deadline infinity x)"
}

testOptions() {
	assert_run 0 'Usage: sleep *' '' "$sleep" --help
	assert_run 0 'pidbox *' '' "$sleep" --version
}

# Whoever was stopped past the end of the time is done as soon as he may go on.
testStopsDoNotLengthen() {
	begin=$(uptime_cs)
	start 3
	kill -STOP "$pid"
	wait_state "$pid" T
	wait_for "[ \"\$(uptime_cs)\" -gt $((begin + 315)) ]"
	assertEquals 'stopped, it does not end' T "$(state "$pid")"
	begin=$(uptime_cs)
	kill -CONT "$pid"
	wait "$pid"
	assertEquals 0 $?
	took=$(($(uptime_cs) - begin))
	[ "$took" -lt 150 ] || fail "it slept another $took hundredths"
}

# Nor do they shorten it.
testStopsDoNotShorten() {
	for word in 1000 infinity; do
		start "$word"
		for _ in 1 2 3; do
			kill -STOP "$pid"
			wait_state "$pid" T
			kill -CONT "$pid"
			wait_state "$pid" S
		done
	done
}

testASignalEndsIt() {
	for word in 1000 infinity; do
		start "$word"
		kill -TERM "$pid"
		wait "$pid" 2>/dev/null
		assertEquals 143 $?
	done
}

# As PID 1 it ignores all that comes from inside and does not reap; KILL from outside ends it.
testAsPid1() {
	mkfifo "$T/inside"
	# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
	$new --fork --pid --kill-child sh -c '
		(exec sh -c "for s in TERM INT HUP KILL; do kill -\$s 1; done; echo sent" >"$2") &
		exec "$1" infinity' sh "$sleep" "$T/inside" </dev/null >/dev/null 2>&1 &
	outer=$!
	sleepers=$outer
	read -r line <"$T/inside"
	assertEquals sent "$line"
	wait_for "[ -n \"\$(cat /proc/$outer/task/$outer/children)\" ]"
	init=$(cat "/proc/$outer/task/$outer/children")
	init=${init% }
	wait_for "[ \"\$(cat /proc/$init/comm)\" = sleep ]"
	wait_state "$init" S
	assertEquals 'it is PID 1' 1 "$(sed -n 's/^NSpid:.*[[:space:]]//p' "/proc/$init/status")"
	# TERM from outside is not even kept for later.
	kill -TERM "$init"
	assertEquals 0000000000000000 "$(sed -n 's/^ShdPnd:[[:space:]]*//p' "/proc/$init/status")"
	assertEquals S "$(state "$init")"
	# The child is dead, and nobody buries it.
	zombie=$(cat "/proc/$init/task/$init/children")
	zombie=${zombie% }
	wait_state "$zombie" Z
	kill -KILL "$init"
	wait_state "$init" gone
	wait_state "$zombie" gone
	rm "$T/inside"
}

. "${SHUNIT2:-shunit2}"
