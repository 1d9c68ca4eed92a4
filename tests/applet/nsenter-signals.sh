#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# nsenter: which signals reach the program, how its end and its stops are told, and that it ends with
# nsenter where that is asked for.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"
. "$TOP/tests/applet/helper/signals.sh"
need bash bash
need strace strace
NSENTER=$BIN/nsenter

# Who makes a target and enters it: with rights of its own in a user namespace, where we are nobody.
if [ "$(id -u)" = 0 ]; then
	make='unshare -muinpCTf --kill-child'
	ways='-u|-p|-a|-a -r -w -e'
else
	make='unshare -rmuinpCTf --kill-child'
	ways='-U -u|-U -p|-a|-a -r -w -e'
fi

NL='
'

# each OPTIONS FUNCTION [ARGUMENT...]: for nsenter into a target in each of the ways, with these options
# besides.
each() {
	options=$1
	shift
	# shellcheck disable=SC2086 # words
	target $make sh -c "$SLEEP" || return
	rest=$ways
	while [ -n "$rest" ]; do
		way=${rest%%"|"*}
		rest=${rest#"$way"}
		rest=${rest#"|"}
		# shellcheck disable=SC2086
		"$@" "$NSENTER" -t "$target" $way $options || return
	done
}

# into OPTION...: a target, and in $enter the words to run a program there.
into() {
	# shellcheck disable=SC2086 # words
	target $make sh -c "$SLEEP" || return
	enter="$NSENTER -t $target $*"
}
U=
if [ "$(id -u)" != 0 ]; then U=-U; fi

suite() { tests_of NSENTER_FORWARD testDefault testP testB34 testB8 testS; }

testNotBuiltIn() {
	enabled NSENTER_FORWARD && return 0
	assert_run 1 '' 'nsenter: *' "$NSENTER" --forward-signals -t 1 -u true
}

# ---- B7: every signal, once, with its value

testB7HandsOn() { each --forward-signals hands_on; }
testB7HandsOnAndKillsChild() { each '--forward-signals --kill-child' hands_on; }
testB7HandsOnWhatWaits() { each --forward-signals hands_on_what_waits; }

testB7Traps() {
	into $U -p --forward-signals || return
	for sig in TERM INT; do
		# shellcheck disable=SC2086 # words
		background $enter sh -c "trap 'echo trapped; exit 5' $sig; echo ready
			while :; do \"\$PROBE\" nop; done"
		expect_line ready || return
		kill -$sig "$bg"
		expect_line trapped
		ended 5
	done
}

testB7TerminalTellsOnce() { each --forward-signals terminal_tells_once not; }

# See unshare-signals.
testB7OwnFaults() {
	sanitized && return 0
	into $U -u --forward-signals || return
	# shellcheck disable=SC2086 # words
	background "$PROBE" status "$PROBE" seccomp trap=signalfd $enter \
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

# shellcheck disable=SC2086 # words
testB7LosesNone() { into $U -u --forward-signals && loses_none child free $enter; }
# shellcheck disable=SC2086
testB7LosesNoneInAPidNamespace() { into $U -p --forward-signals && loses_none child free $enter; }
testB7LosesNoneFromTheStart() {
	into -a -r -w --forward-signals --kill-child || return
	# shellcheck disable=SC2086
	loses_none child held $enter
}

# As PID 1 it sees no process but itself: a namespace that a file stands for.
testB7LosesNoneAsPid1() {
	need_root || return 0
	into -u --forward-signals || return
	loses_none pid1 free "$NSENTER" "--uts=/proc/$target/ns/uts" --forward-signals
}
testB7LosesNoneFromTheStartAsPid1() {
	need_root || return 0
	into -u --forward-signals || return
	loses_none pid1 held "$NSENTER" "--uts=/proc/$target/ns/uts" "--net=/proc/$target/ns/net" \
		--forward-signals
}

# ---- without it it is util-linux's way

# Nothing is blocked and nothing ignored, and what nobody blocks ends nsenter and leaves the program
# alone.
testDefaultSignals() {
	into $U -p || return
	for sets in '' block=10,64 ignore=1,2,13,15 'block=2 ignore=3,15'; do
		# shellcheck disable=SC2086 # words
		want=$("$PROBE" with $sets $SIGNALS | grep -v ^SigCgt)
		# shellcheck disable=SC2086
		background $sets $enter "$RELAY" until 64
		expect_line ready && find_program || return
		assertEquals "$sets" "$want" "$(grep -E "^Sig(Blk|Ign)" "/proc/$bg/status")"
		"$PROBE" send "$program" 64
		expect_line '64 0 0'
		ended 0
	done
	for sig in 1 2 3 10 14 15 34; do
		# shellcheck disable=SC2086
		background $enter "$RELAY" until 64
		expect_line ready && find_program || return
		"$PROBE" send "$bg" 28,17,"$sig"
		wait "$bg" 2>/dev/null
		assertEquals $((128 + sig)) $?
		wait_state "$program" S
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
		each '' has_sets || return
		each --kill-child has_sets || return
		if enabled NSENTER_FORWARD; then each --forward-signals has_sets || return; fi
	done
}
has_sets() {
	# shellcheck disable=SC2086 # words
	assert_prints "$want" "$PROBE" with $sets "$@" $SIGNALS
}

# ---- how it ends

testP9DeathIsTold() {
	into $U -p || return
	# shellcheck disable=SC2086 # words
	tells_death $enter
	if enabled NSENTER_FORWARD; then
		# shellcheck disable=SC2086
		tells_death $enter --forward-signals
		into $U -u --forward-signals || return
		# shellcheck disable=SC2086
		tells_death $enter
	fi
}

# Who is itself PID 1 cannot kill itself, and says 128 + signal.
testB10DeathIsToldAsPid1() {
	need_root || return 0
	mkfifo "$T/fifo"
	for mode in --kill-child --forward-signals; do
		[ $mode = --kill-child ] || enabled NSENTER_FORWARD || continue
		for sig in 15 9 11 1 64; do
			assert_run $((128 + sig)) '' '' in_ns sh -c '
				unshare -u sh -c "echo; exec sleep 1000" >"$0/fifo" & read -r _ <"$0/fifo"
				exec "$@"' "$T" "$NSENTER" -t 2 -u $mode "$PROBE" die "$sig"
		done
	done
	rm "$T/fifo"
}

# The end of the whole PID namespace ends the program, and nsenter tells it.
testS50EndOfTheNamespace() {
	for mode in '' --kill-child --forward-signals; do
		[ "$mode" != --forward-signals ] || enabled NSENTER_FORWARD || continue
		into $U -p $mode || return
		inits=$target
		# shellcheck disable=SC2086 # words
		background "$PROBE" status $enter "$RELAY" until 64
		expect_line ready || return
		kill -KILL "$inits"
		expect_line 'signal 9'
		ended 0
	done
}

# ---- B34, P16: a stop is told

testB34StopsAndGoesOn() {
	each --kill-child stops_and_goes_on || return
	if enabled NSENTER_FORWARD; then each --forward-signals stops_and_goes_on || return; fi
	ways=${ways#*|} # those with -p, which start a child in any case
	each '' stops_and_goes_on
}

testB34StopIsToldOnce() {
	for mode in -p '-u --kill-child'; do
		# shellcheck disable=SC2086 # words
		into $U $mode && stops_once $enter || return
	done
}

# A stop that is over when it is looked at, and one that comes just then: that is the one which is told.
# The call that looks is held by its tracer until that is done, and then the tracer is gone.
testB34StopThatIsOver() {
	into $U -u --kill-child || return
	cat >"$T/over" <<-'EOF'
		state() { sed 's/.*) //; s/ .*//' "/proc/$1/stat"; }
		case $1 in
		program)
			sh "$0" other $$ "$PPID" &
			kill -TSTP $$
			until [ -e "$0.told" ]; do :; done
			echo over
			;;
		other)
			trap '' TSTP
			until [ "$(grep -c "^$CALL" "$0.trace")" = "$NTH" ] && [ "$(state "$2")$(state "$3")" = Tt ]; do
				kill -0 "$2" || exit
			done
			kill -CONT "$2"
			kill -TSTP 0
			: >"$0.told"
			until [ "$(state "$2")" = T ]; do kill -0 "$2" || exit; done
			tracer=$(sed -n 's/^TracerPid:[[:space:]]*//p' "/proc/$3/status")
			[ "$tracer" -gt 1 ] && kill -KILL "$tracer"
			;;
		esac
	EOF
	for call in waitid rt_sigprocmask wait4; do
		rm -f "$T/over.told" "$T/over.trace"
		# Which one of them it is: behind the first stop there is no other before it.
		# shellcheck disable=SC2086 # words
		strace -o "$T/trace" -e signal=none -e trace=$call $enter true
		nth=$(grep -nE '^(wait|rt_sigprocmask\(SIG_BLOCK, \[TSTP )' "$T/trace" | sed 's/:.*//; q')
		# shellcheck disable=SC2086 # words
		run env CALL=$call NTH="$nth" "$PROBE" pty over '' -- strace -DDD -qq -o "$T/over.trace" \
			-e signal=none -e trace=$call -e "inject=$call:delay_enter=100000000:when=$nth" \
			$enter sh "$T/over" program
		assertEquals "$call: $out $err" 0 "$rc"
		assertEquals "$call: $out" 1 "$(printf '%s\n' "$out" | grep -cF '[stopped]')"
	done
}

# ^Z, fg, ^\ of a real shell.
testB34JobControl() {
	for mode in -u -p '-u --kill-child' '-u --forward-signals' '-p --forward-signals'; do
		case $mode in *-signals) enabled NSENTER_FORWARD || continue ;; esac
		# shellcheck disable=SC2086 # words
		into $U $mode || return
		run env TERM=dumb "PS1=\$ " "$PROBE" pty \
			'$ ' "$enter $RELAY awa''ke$NL" awake "$CTRL_Z" Stopped '' '$ ' "fg$NL" awake \
			"$CTRL_BACKSLASH" '$ ' "echo st''=\$?; exit$NL" -- bash --noprofile --norc -i
		assertEquals "$mode: $out $err" 0 "$rc"
		like "$out" '*awake*Stopped*awake*st=131*' || fail "$mode: $out"
	done
}

# ---- B8: --kill-child

# Whenever nsenter is killed, nobody whom it has started is there a second later.
testB8KillChildAtAnyMoment() {
	# shellcheck disable=SC2153 # of signals.sh
	count=$((COUNT * 3 / 10))
	each --kill-child leaves_nobody
	count=$((COUNT / 10))
	each --kill-child=TERM leaves_nobody
	if enabled NSENTER_FORWARD; then each '--forward-signals --kill-child' leaves_nobody; fi
}
leaves_nobody() {
	assert_run 0 "$count of $count" '*' "$RELAY" cut "$count" 4 "$@" "$PROBE" live
	assertEquals "$*" '' "$(grep -vx 'nsenter: the parent has ended' "$T/err")"
}

testB9KillChildSurvivesNewIds() {
	need_root || return 0
	count=$((COUNT / 10))
	each '--kill-child -S 65534 -G 65534' leaves_nobody
	into -p --kill-child=TERM -S 65534 || return
	# shellcheck disable=SC2086 # words
	leaves_nobody $enter
}

. "${SHUNIT2:-shunit2}"
