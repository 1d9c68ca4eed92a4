#!/bin/sh
# SPDX-License-Identifier: 0BSD
# unshare --init[=SECONDS]: an init of ours is PID 1: it hands on, reaps, returns the status of the main
# child, and ends the rest after it: by TERM, and by KILL when they take longer than the seconds.
# Signals are in unshare-signals.sh.
# shellcheck disable=SC2016,SC2086,SC2089,SC2090 # scripts are expanded by other shells; options are words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/unshare.sh"
UNSHARE=$BIN/unshare
export UNSHARE

# Built without it there is no such option.
not_there() { assert_run 1 '' "*unshare: unrecognized option '--init'*" "$UNSHARE" --init true; }
enabled UNSHARE_INIT || suite() { suite_addTest not_there; }

mkdir "$T/anyone/said"
chmod 777 "$T/anyone/said"
export SAID="$T/anyone/said"
setUp() { rm -f "$SAID"/*; }

# Somebody who stays when the main child has ended, in a session of his own. He tells the main child
# by a FIFO that he is ready: `stay SCRIPT`.
STAY='stay() {
	mkfifo "$SAID/ready" || exit 99
	setsid sh -c "$1" &
	read -r _ <"$SAID/ready"
	rm "$SAID/ready"
}
'
export STAY

# took CMD...: runs it; $cs are the hundredths of a second.
took() {
	began=$(uptime_cs)
	run "$@"
	cs=$(($(uptime_cs) - began))
}

testB6IsPid1() {
	for option in --init --init=1; do
		assert_run 0 '1 2
pidbox' '' as_user "$UNSHARE" -r $option --mount-proc sh -c 'echo $PPID $$; readlink /proc/1/exe | sed s,.*/,,'
	done
	assertNotEquals "$(readlink /proc/self/ns/pid)" "$(as_user "$UNSHARE" -r --init readlink /proc/self/ns/pid)"
}

testB6StatusOfTheMainChild() {
	for code in 0 1 42 126 127 255; do
		# Whatever the others, who are reaped before and after it, end with.
		assert_run "$code" '' '' as_user "$UNSHARE" -r --init sh -c '
			(exit 9) & (sh -c "exit 8" &) ; wait; (sleep 0.01; exit 7) & exit '"$code"
	done
	for sig in 1 2 6 9 11 15 34; do
		assert_run $((128 + sig)) '' '' as_user "$UNSHARE" -r --init "$PROBE" die "$sig"
	done
}

testB6ReapsOrphans() {
	assert_run 6 'none' '' as_user "$UNSHARE" -r --init --mount-proc sh -c '
		"$PROBE" orphans 500 || exit 99
		until [ "$(cat /proc/1/task/1/children)" = "$$ " ]; do sleep 0.01; done
		grep -l "^State:.Z" /proc/[0-9]*/status 2>/dev/null || echo none
		exit 6'
}

# With nobody left it does not wait.
testEndsAtOnceWhenNobodyIsLeft() {
	took as_user "$UNSHARE" -r --init=1000 sh -c '(sleep 0.01 &) ; sleep 0.2; exit 4'
	assertEquals 4 "$rc"
	assert_between 0 "$cs" 500
}

# They get a TERM and the time to act on it, and only then unshare ends.
testTheRestIsAskedToEnd() {
	for option in --init --init=30 --init=30.5; do
		took as_user "$UNSHARE" -r $option sh -c "$STAY"'
			stay "trap \"sleep 0.3; echo cleaned >\$SAID/one; exit 9\" TERM
				echo >\$SAID/ready; while :; do sleep 0.01; done"
			stay "trap \"echo too >\$SAID/two; exit\" TERM
				echo >\$SAID/ready; while :; do sleep 0.01; done"
			exit 5'
		assertEquals "$option $err" 5 "$rc"
		assertEquals "$option" 'cleaned too' "$(cat "$SAID/one" "$SAID/two" | tr '\n' ' ' | sed 's/ $//')"
		assert_between 30 "$cs" 2000 "$option: not ended when they were gone"
		rm -f "$SAID"/*
	done
}

# Not before the main child has ended.
testNobodyIsAskedBefore() {
	run as_user "$UNSHARE" -r --init=30 sh -c "$STAY"'
		stay "trap \"echo asked >\$SAID/one; exit\" TERM
			echo >\$SAID/ready; while :; do sleep 0.01; done"
		(exit 3) & wait $!
		sleep 0.2
		[ ! -e "$SAID/one" ] && echo not yet >"$SAID/main"'
	assertEquals "$err" 0 "$rc"
	assertEquals 'not yet' "$(cat "$SAID/main")"
	assertEquals asked "$(cat "$SAID/one")"
}

IGNORES='stay "trap : TERM; trap \"\" TERM; echo >\$SAID/ready; while :; do sleep 0.05; done"'

testTheRestIsKilledAfterTheSeconds() {
	while read -r option least most; do
		took as_user "$UNSHARE" -r "$option" sh -c "$STAY $IGNORES; exit 5"
		assertEquals "$option $err" 5 "$rc"
		assertEquals "$option" '' "$err"
		assert_between "$least" "$cs" "$most" "$option"
	done <<-END
		--init=1 100 350
		--init=0.3 30 250
		--init=0 0 200
		--init 500 800
	END
	# The runner looks for who is left.
}

# Who is stopped is continued, so that he can act on it.
testTheRestMayBeStopped() {
	took as_user "$UNSHARE" -r --init=30 --mount-proc sh -c "$STAY"'
		stay "trap \"echo cleaned >\$SAID/one; exit\" TERM
			echo >\$SAID/ready; kill -STOP \$\$; while :; do sleep 0.01; done"
		until grep -q "^State:.T" "/proc/$!/status"; do sleep 0.01; done
		exit 5'
	assertEquals "$err" 5 "$rc"
	assertEquals cleaned "$(cat "$SAID/one")"
	assert_between 0 "$cs" 2000
}

# Who is started meanwhile: the last end with the namespace.
testTheRestStartsOthers() {
	took as_user "$UNSHARE" -r --init=0.5 sh -c "$STAY"'
		stay "trap \"setsid sh -c \\\"trap \\\\\\\"\\\\\\\" TERM; sleep 1000\\\" & exit\" TERM
			echo >\$SAID/ready; while :; do sleep 0.01; done"
		exit 5'
	assertEquals "$err" 5 "$rc"
	assert_between 0 "$cs" 300
}

testDeathBySignalAndTheRest() {
	took as_user "$UNSHARE" -r --init=10 sh -c "$STAY"'
		stay "trap \"echo asked >\$SAID/one; exit\" TERM
			echo >\$SAID/ready; while :; do sleep 0.01; done"
		exec "$PROBE" die 9'
	assertEquals "$err" 137 "$rc"
	assertEquals asked "$(cat "$SAID/one")"
}

testSecondsAreWrong() {
	for text in x '' -1 1x 1e9 ' 1' .; do
		assert_run 1 '' "unshare: *--init*'$text'*" as_user "$UNSHARE" -r --init="$text" true
		assert_one_line
	done
	assert_run 0 '' '' as_user "$UNSHARE" -r --init=100000000 true
	# The last one counts.
	took as_user "$UNSHARE" -r --init=100 --init=0 sh -c "$STAY $IGNORES; exit 5"
	assertEquals 5 "$rc"
	assert_between 0 "$cs" 300
}

testProgramCannotBeStarted() {
	for option in --init --init=100; do
		assert_run 127 '' "unshare: failed to execute /no/thing: $ENOENT*" as_user "$UNSHARE" -r $option /no/thing
		assert_one_line
		assert_run 126 '' "unshare: failed to execute $T: $EACCES*" as_user "$UNSHARE" -r $option "$T"
		assert_one_line
		assert_run 1 '' "unshare: cannot change directory to $T/none: $ENOENT*" \
			as_user "$UNSHARE" -r $option -w "$T/none" true
		assert_one_line
	done
}

testInitHandsSignalsOn() {
	signals='1 2 3 10 12 13 14 15 16 18 20 23 24 25 26 27 28 29 30 34 35 50 63 64'
	# shellcheck disable=SC2086 # words
	background "$UNSHARE" -r --init "$PROBE" catch "$(($(printf '%s\n' $signals | wc -l) + 1))"
	next_line || return
	for sig in $signals; do
		"$PROBE" send "$bg" "$sig"
		next_line || return
		assertEquals "signal $sig" "$sig 0 0" "$line"
	done
	"$PROBE" send "$bg" 34 4711
	next_line
	assertEquals 'with its value' '34 -1 4711' "$line"
	ended 0
}

testInitLosesNoSignalAtTheStart() {
	assert_run 0 '100 of 100' '' "$PROBE" race 100 "$UNSHARE" -r --init "$PROBE" await 15
}

testInitAndKillChild() {
	background "$UNSHARE" -r --init --kill-child sh -c 'echo; sleep 1000; :'
	next_line || return
	init=$(children "$bg" | tr -d ' ')
	program=$(children "$init" | tr -d ' ')
	kill -KILL "$bg"
	ended 137
	wait_state "$program" dead
	wait_state "$init" dead
}

# The namespace ends with the program, whoever is still in it.
testInitEndsTheNamespace() {
	background "$UNSHARE" -r --init sh -c 'setsid sleep 1000 & echo; read -r _; exit 3'
	next_line || return
	ended 3
	# The runner looks for what is left.
}

# What is done for other options is done before the program starts.
testWithOtherOptions() {
	assert_run 3 'box /tmp 1' '' as_user "$UNSHARE" -r --init --hostname box -w /tmp --mount-proc \
		sh -c 'echo $(hostname) $(pwd) $PPID; exit 3'
	assert_run 0 'A=1' '' env -i A=1 B=2 "$UNSHARE" -r --init --whitelist-env A "$(command -v busybox)" env
	need_root || return 0
	assert_run 4 '65534 65534' '' "$UNSHARE" --init -S 65534 -G 65534 sh -c 'echo $(id -u) $(id -g); exit 4'
	# An init without rights ends the rest all the same: that is the kernel's work in the end.
	took "$UNSHARE" --init=0.3 -S 65534 sh -c "$STAY $IGNORES; exit 5"
	assertEquals "$err" 5 "$rc"
}

# unshare as PID 1 above it, and one below another.
testNested() {
	assert_run 7 '' '' in_ns "$UNSHARE" --init sh -c 'exit 7'
	assert_run 137 '' '' in_ns "$UNSHARE" --init "$PROBE" die 9
	assert_run 8 '' '' as_user "$UNSHARE" -r --init "$UNSHARE" --init "$UNSHARE" --init=1 sh -c 'exit 8'
}

. "${SHUNIT2:-shunit2}"
