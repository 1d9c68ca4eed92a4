#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# unshare: which signals reach the program, how its end and its stops are told, and that nobody is left
# when unshare is killed.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/unshare.sh"
. "$TOP/tests/applet/helper/signals.sh"
UNSHARE=$BIN/unshare

# The rights for a PID namespace.
R=
if [ "$(id -u)" != 0 ]; then R=-r; fi

# The ways to start a child: those that hand signals on, and the others.
FORWARDING='--forward-signals
--forward-signals -p --mount-proc
--init
--init=1 --mount-proc --kill-child
--forward-signals --init'
PLAIN='-f
-fp
--kill-child
-fp --mount-proc --kill-child=TERM -muinCT'
ALL=$PLAIN
if enabled UNSHARE_INIT; then
	ALL="$PLAIN
$FORWARDING"
fi

# each MODES FUNCTION [ARGUMENT...]: for unshare in each of the modes.
each() {
	modes=$1
	shift
	while [ -n "$modes" ]; do
		mode=${modes%%"$NL"*}
		modes=${modes#"$mode"}
		modes=${modes#"$NL"}
		# shellcheck disable=SC2086 # words
		"$@" "$UNSHARE" $R $mode || return
	done
}
NL='
'
need bash bash

suite() { tests_of UNSHARE_INIT testDefault testP testB34 testB9 testB10 testS; }

testNotBuiltIn() {
	enabled UNSHARE_INIT && return 0
	for option in --forward-signals --init; do
		assert_run 1 '' 'unshare: *' "$UNSHARE" $option true
	done
}

# ---- B7: every signal, once, with its value

testB7HandsOn() { each "$FORWARDING" hands_on; }
testB7HandsOnWhatWaits() { each "$FORWARDING" hands_on_what_waits; }

# The scripts of util-linux's own tests, in brief.
testP10Traps() {
	enabled UNSHARE_INIT || return 0
	for sig in TERM INT; do
		for mode in --forward-signals '--forward-signals -p' --init; do
			# shellcheck disable=SC2086 # words
			background "$UNSHARE" $R $mode sh -c "trap 'echo trapped; exit 5' $sig; echo ready
				while :; do \"\$PROBE\" nop; done"
			expect_line ready || return
			kill -$sig "$bg"
			expect_line trapped
			ended 5
		done
	done
}

testB7TerminalTellsOnce() {
	terminal_tells_once not "$UNSHARE" --forward-signals
	# shellcheck disable=SC2086 # words
	for mode in '--forward-signals -p' --init; do
		terminal_tells_once itself "$UNSHARE" $R $mode
	done
}

# A fault of our own is not handed on: here the kernel takes a call of ours for one (seccomp), and the
# program, whose parent ends by that, gets no SYS.
testB7OwnFaults() {
	sanitized && return 0
	background "$PROBE" status "$PROBE" seccomp trap=signalfd "$UNSHARE" --forward-signals \
		sh -c 'echo $$; exec "$RELAY" until 64'
	for _ in 1 2 3; do # in which order they say it nobody knows
		next_line || return
		echo "$line"
	done | sort >"$T/said"
	read -r program <"$T/said"
	assertEquals "$program
ready
signal 31" "$(cat "$T/said")"
	"$PROBE" send "$program" 64
	expect_line '64 0 0'
	ended 0
}

# ---- B7: none is lost

testB7LosesNone() { loses_none child free "$UNSHARE" --forward-signals; }
testB7LosesNoneAsPid1() { need_root && loses_none pid1 free "$UNSHARE" --forward-signals; }
# The program is PID 1: it gets what it blocks, or has a handler for.
testB7LosesNoneToPid1() {
	# shellcheck disable=SC2086 # words
	loses_none child held "$UNSHARE" $R -p --forward-signals
}
testB7LosesNoneInit() {
	# shellcheck disable=SC2086 # words
	loses_none child free "$UNSHARE" $R --init
}
testB7LosesNoneInitAsPid1() { need_root && loses_none pid1 free "$UNSHARE" --init; }
testB7LosesNoneInitFromTheStart() {
	# shellcheck disable=SC2086 # words
	loses_none child held "$UNSHARE" $R --init
}

# With all that takes time before the program is there.
testB7LosesNoneInBetween() {
	COUNT=$((COUNT / 10))
	for mode in '--forward-signals -p' --init; do
		# shellcheck disable=SC2086 # words
		loses_none child held "$UNSHARE" -r $mode -muinCT --mount-proc --kill-child -w "$T"
	done
}

# ---- without them it is util-linux's way

# INT and TERM are blocked in unshare, not ignored, and nothing else; the program has the caller's.
testDefaultBlocksIntAndTerm() {
	for sets in '' block=10,64 ignore=1,2,13,15 'block=2 ignore=3,15,17'; do
		for mode in -f --kill-child; do
			# shellcheck disable=SC2086 # words
			want=$("$PROBE" with $sets unshare $mode sh -c "$BOTH_SETS")
			# shellcheck disable=SC2086
			assert_prints "$want" "$PROBE" with $sets "$UNSHARE" $mode sh -c "$BOTH_SETS"
		done
	done
	assertEquals 'of unshare' 0000000000004002 \
		"$("$PROBE" with "$UNSHARE" -f sh -c 'sed -n "s/^SigBlk:.//p" "/proc/$PPID/status"')"
}
BOTH_SETS='grep -hE "^Sig(Blk|Ign):" /proc/$PPID/status /proc/self/status'

# They do nothing then, and what nobody blocks ends unshare and leaves the program alone.
testDefaultSignals() {
	for sig in 1 3 10 14 34; do
		background "$UNSHARE" -f sh -c 'echo $$; exec "$RELAY" until 64'
		next_line && program=$line && expect_line ready || return
		"$PROBE" send "$bg" 2,15,28,17
		assertEquals 'they wait' 0000000000004002 "$(field ShdPnd "$bg")"
		"$PROBE" send "$bg" "$sig"
		wait "$bg" 2>/dev/null
		assertEquals $((128 + sig)) $?
		wait_state "$program" S # it goes on
		"$PROBE" send "$program" 64
		expect_line '64 0 0'
		exec 8<&-
	done
}

# P8, S13
testP8SignalSetsAreTheCallers() {
	for sets in '' block=10,64 ignore=1,13,17,20,21,22 'block=2,15,17,34 ignore=2,15' \
		block=1,2,3,13,14,15,16,18,20,33,34,63; do
		# shellcheck disable=SC2086 # words
		want=$("$PROBE" with $sets $SIGNALS)
		each "$ALL" has_sets
	done
}
has_sets() {
	# shellcheck disable=SC2086 # words
	assert_prints "$want" "$PROBE" with $sets "$@" $SIGNALS
}

# ---- how it ends

testP9DeathIsTold() {
	tells_death "$UNSHARE" -f
	if enabled UNSHARE_INIT; then tells_death "$UNSHARE" --forward-signals; fi
}

# Who is itself PID 1 cannot kill itself, and says 128 + signal. The program of -p is a PID 1, too.
testB10DeathIsToldAsPid1() {
	for mode in -f --kill-child --forward-signals --init; do
		case $mode in --init | *-signals) enabled UNSHARE_INIT || continue ;; esac
		for sig in 15 9 11 1 64; do
			assert_run $((128 + sig)) '' '' in_ns "$UNSHARE" $mode "$PROBE" die "$sig"
		done
	done
	each "$ALL" killed_as_pid1
}
killed_as_pid1() {
	assert_run 7 '' '' in_ns "$@" sh -c 'exit 7'
	# shellcheck disable=SC2086 # words
	background unshare $R --fork --pid --mount-proc --kill-child "$@" "$RELAY" until 64
	expect_line ready && find_program || return
	kill -KILL "$program"
	ended 137 2>/dev/null
	assertEquals '' "$(cat "$T/bg.err")"
}

# Orphans that are ours as PID 1 are not taken for the program.
testS14OrphansAreNotTheProgram() {
	each "$ALL" has_orphans
}
has_orphans() {
	assert_run 3 '' '' in_ns "$@" sh -c '"$PROBE" orphans 20; exit 3'
}

# ---- B34: a stop is told

testB34StopsAndGoesOn() {
	each "$PLAIN" stops_and_goes_on || return
	if enabled UNSHARE_INIT; then
		stops_and_goes_on "$UNSHARE" --forward-signals || return
		# shellcheck disable=SC2086 # words
		stops_and_goes_on "$UNSHARE" $R -p --forward-signals
	fi
}

# An init does not stop with its program, which somebody else must continue.
testB34StopUnderInit() {
	enabled UNSHARE_INIT || return 0
	# shellcheck disable=SC2086 # words
	background "$UNSHARE" $R --init "$RELAY" until 64
	expect_line ready && find_program || return
	kill -STOP "$program"
	wait_state "$program" T
	"$PROBE" send "$bg" 12
	"$PROBE" send "$bg" 18
	expect_line '12 0 0'
	expect_line '18 0 0'
	wait_state "$bg" S
	"$PROBE" send "$bg" 64
	expect_line '64 0 0'
	ended 0
}

testB34StopIsToldOnce() {
	stops_once "$UNSHARE" -f
	stops_once "$UNSHARE" -f --kill-child
}

# ^Z, fg, ^\ of a real shell; the program as PID 1 does not stop, but unshare does.
testB34JobControl() {
	for mode in -f -fp --init --forward-signals '-p --forward-signals'; do
		case $mode in
		--init | *-signals) enabled UNSHARE_INIT || continue ;;
		esac
		run env TERM=dumb "PS1=\$ " "$PROBE" pty \
			'$ ' "$UNSHARE $R $mode $RELAY awa''ke$NL" awake "$CTRL_Z" Stopped '' '$ ' "fg$NL" \
			awake "$CTRL_BACKSLASH" '$ ' "echo st''=\$?; exit$NL" -- bash --noprofile --norc -i
		assertEquals "$mode: $out $err" 0 "$rc"
		like "$out" '*awake*Stopped*awake*st=131*' || fail "$mode: $out"
	done
}

# ---- --kill-child

# Whenever unshare is killed, nobody whom it has started is there a second later: helpers neither.
testP10KillChildAtAnyMoment() {
	count=$((COUNT * 3 / 10))
	each '-f --kill-child
-fp --kill-child
-f --kill-child=TERM
-fp --mount-proc -muinCT --kill-child=KILL' leaves_nobody
	if enabled UNSHARE_INIT; then
		each '--init --kill-child
--init --kill-child=TERM --mount-proc
--forward-signals --kill-child
-p --forward-signals --kill-child' leaves_nobody
	fi
}
leaves_nobody() {
	assert_run 0 "$count of $count" '*' "$RELAY" cut "$count" 4 "$@" "$PROBE" live
	# A helper may say that whom it works for is gone.
	assertEquals "$*" '' "$(grep -vx -e 'unshare: the parent has ended' -e "${helper:-}" "$T/err")"
}

# Also when it is killed before the child has asked for a signal, or there is no right to kill it.
testB9KillChildSurvivesNewIds() {
	need_root || return 0
	count=$((COUNT / 5))
	each '-f --kill-child -S 65534 -G 65534
-fp --kill-child -G 65534 -S 65534
-f --kill-child=TERM -S 65534' leaves_nobody
	if enabled UNSHARE_INIT; then
		each '--init --kill-child -S 65534 -G 65534
--forward-signals --kill-child -S 65534' leaves_nobody
	fi
}

# The helpers that map ids and bind namespaces to files end with it, too.
testP5NoHelperIsLeft() {
	count=$((COUNT / 5))
	helper="unshare: .*/proc/[0-9]*/.*: $ENOENT.*"
	: >"$T/uts"
	if [ "$(id -u)" = 0 ] && enabled UNSHARE_KEEP && enabled UNSHARE_IDMAP; then
		each "-U --map-users=0:0:9 --map-groups=0:0:9 -fp --kill-child
-u --uts=$T/uts --kill-child" leaves_nobody
		while umount "$T/uts" 2>/dev/null; do :; done
	fi
	helper=
}

. "${SHUNIT2:-shunit2}"
