#!/bin/sh
# SPDX-License-Identifier: 0BSD
# kill: signals that the kernel drops, since they are for the init of a PID namespace (section U of the
# reference): said on stderr, with what would work; the exit status is kill(2)'s.
# shellcheck disable=SC2016,SC2154 # expanded over there; of lib.sh
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/kill.sh"
kill=$BIN/kill
handler='which has no handler for it'

suite() { tests_of KILL_INIT; }

# box CMD...: as PID 1 of a PID namespace; $init is its number here. CMD prints a line when it is ready.
box() {
	mkfifo "$T/fifo"
	if [ "$(id -u)" = 0 ]; then
		unshare --fork --pid --kill-child "$@" </dev/null >"$T/fifo" 2>&1 &
	else
		unshare --user --map-root-user --fork --pid --kill-child "$@" </dev/null >"$T/fifo" 2>&1 &
	fi
	pid=$!
	victims="${victims:-} $pid"
	read -r _ <"$T/fifo"
	rm "$T/fifo"
	init=$(cat "/proc/$pid/task/$pid/children")
	init=${init% }
	wait_state "$init" S
}

# of SIGNAL TEXT [WORD]: what is said; '' is nothing.
of() { assert_run 0 '' "${2:+kill: (${3:-$init}): $2}" "$kill" -s "$1" "${3:-$init}"; }

# sh with the trap of a file: bash takes some signals for itself.
plain='echo ready; exec sleep 1000'

testFromAboveWithoutHandlers() {
	box sh -c "$plain"
	for sig in TERM INT HUP QUIT USR1 TSTP ABRT RTMIN; do
		of "$sig" "$sig is lost on the init of a PID namespace, $handler (KILL works)"
	done
	assertEquals 'it lives' S "$(state "$init")"
	# Nobody does anything about these by default; 0 is none.
	for sig in CHLD CONT URG WINCH 0; do of "$sig" ''; done
	of STOP ''
	wait_state "$init" T
	of CONT ''
	wait_state "$init" S
	of KILL ''
	wait_state "$init" dead
}

testWithHandlers() {
	box env --default-signal sh -c 'trap "exit 7" INT; echo ready; while :; do sleep 1000 & wait; done'
	of TERM "TERM is lost on the init of a PID namespace, $handler (INT has one; KILL works)"
	of INT ''
	wait_state "$init" dead
	box env --default-signal sh -c 'trap : TERM; trap : HUP; echo ready; while :; do sleep 1000 & wait; done'
	of TERM ''
	of HUP ''
	wait_state "$init" S # on its way back to its wait it blocks all for a moment
	of USR2 "USR2 is lost on the init of a PID namespace, $handler (TERM has one; KILL works)"
}

# What it blocks is kept; who ignores it has no handler.
testBlockedAndIgnored() {
	box env --block-signal=TERM --ignore-signal=HUP sh -c "$plain"
	of TERM ''
	of HUP "HUP is lost on the init of a PID namespace, $handler (KILL works)"
}

testThoseThatWait() {
	if ! enabled INIT || [ ! -e "$BIN/init" ]; then
		skip_because 'there is no init'
		return
	fi
	box "$BIN/init" -- sh -c "$plain"
	of TERM ''
	wait_state "$init" dead
}

testFromInside() {
	assert_run 0 '' '' in_ns env --default-signal sh -c "$kill_guard"'
		# is PATTERN ARG...: what is said with these. Some shells have a handler for INT.
		is() {
			want=$1
			shift
			got=$("$kill" "$@" 2>&1) || echo "$*: status $?"
			case $got in
			$want) ;;
			*) echo "$*: $got" ;;
			esac
		}
		kill=$1
		lost="is lost on the init of a PID namespace"
		is "kill: (1): TERM $lost, which has no handler for it (*KILL works from outside)" 1
		is "kill: (1): KILL from inside $lost (*KILL works from outside)" -KILL 1
		is "kill: (1): STOP from inside $lost (*KILL works from outside)" -STOP 1
		is "" -CONT 1
		is "" -0 1
		trap : HUP
		is "" -HUP 1
		is "kill: (1): KILL from inside $lost (*[TP] has one; KILL works from outside)" -KILL 1
		sleep 1000 &
		is "" $!
	' sh "$kill"
}

# A namespace below another one: from inside the upper it is above.
testNested() {
	assert_run 0 '' '' in_ns sh -c "$kill_guard"'
		mkfifo "$2/nested"
		unshare --pid --fork --kill-child sh -c "echo ready; exec sleep 1000" >"$2/nested" 2>/dev/null &
		box=$!
		read -r _ <"$2/nested"
		init=$(cat "/proc/$box/task/$box/children"); init=${init% }
		until grep -q "^State:.S" "/proc/$init/status"; do :; done
		said=$("$1" "$init" 2>&1)
		case $said in
		"kill: ($init): TERM is lost on the init of a PID namespace, "*" (KILL works)") ;;
		*) echo "$said" ;;
		esac
		"$1" -KILL "$init"
		wait "$box" 2>/dev/null
		[ ! -e "/proc/$init" ] || echo "it lives"
	' sh "$kill" "$T"
}

testOthersAreNotLookedAt() {
	sleep 1000 &
	pid=$!
	victims=$pid
	for sig in WINCH CONT; do assert_run 0 '' '' "$kill" "-$sig" "$pid"; done
	assert_run 1 '' 'kill: (4194304): *' "$kill" 4194304
}

testNotBuiltIn() {
	box sh -c "$plain"
	of TERM ''
}

. "${SHUNIT2:-shunit2}"
