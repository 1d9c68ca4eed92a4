#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init: which signals reach the command, under each name and in each mode.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
INIT=$BIN/init
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

# All but KILL, STOP and CHLD.
ALL='1 2 3 4 5 6 7 8 10 11 12 13 14 15 16 18 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38
	39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64'
# The same without what stops a job, TTIN and TTOU.
NO_TTY=$(echo "$ALL" | sed 's/ 21 22 / /')
NO_STOP=$(echo "$ALL" | sed 's/ 20 21 22 / /')

# words WORD...: how many.
words() { echo $#; }

# ---- A6: the matrix

# matrix TARGET FORWARDED DROPPED: each of FORWARDED comes, as it was; of DROPPED none does, which
# shows by the next that comes. The command takes one more than FORWARDED.
matrix() {
	# CONT takes those back that stop a job, if it finds them: it comes last.
	# shellcheck disable=SC2086 # words
	rest=$(echo $2 ' ' | sed 's/ 18 / /')
	# shellcheck disable=SC2086
	"$PROBE" send "$1" "$(echo $rest | tr ' ' ,)"
	for _ in $rest; do
		next_line || return
		echo "$line"
	done | sort -n >"$T/got"
	# shellcheck disable=SC2086
	assertEquals "$(printf '%s 0 0\n' $rest | tr '\n' ,)" "$(tr '\n' , <"$T/got")"
	"$PROBE" send "$1" 18
	expect_line '18 0 0'
	for sig in $3; do
		"$PROBE" send "$1" "$sig"
		taken "$1" || return
	done
	"$PROBE" send "$1" 64
	expect_line '64 0 0'
}

# both_ways FORWARDED DROPPED INIT...: not as PID 1, then as PID 1.
both_ways() {
	forwarded=$1 dropped=$2
	shift 2
	# shellcheck disable=SC2086 # words
	count=$(($(words $forwarded) + 1))
	background "$@" "$PROBE" catch $count
	expect_line ready && matrix "$bg" "$forwarded" "$dropped" || return
	ended 0
	as_pid1 "$@" "$PROBE" catch $count
	expect_line ready && find_inside && matrix "$inside" "$forwarded" "$dropped" || return
	ended 0
}

# 17 is looked at, and no more.
testA6MatrixOfInit() { both_ways "$ALL" 17 "$INIT" --; }
testA6MatrixOfInitGroup() { both_ways "$ALL" 17 "$INIT" -g; }
testA6MatrixOfTini() {
	both_ways "$NO_TTY" '17 21 22' "$N/tini" --
	both_ways "$NO_TTY" '17 21 22' "$N/docker-init" --
}
testA6MatrixOfTiniGroup() { both_ways "$NO_TTY" '17 21 22' "$N/tini-static" -g; }
testA6MatrixOfCatatonit() {
	both_ways "$NO_TTY" '17 21 22' "$N/catatonit"
	both_ways "$NO_TTY" '17 21 22' "$N/podman-init" -g --
}
testA6MatrixOfDumbInit() { both_ways "$NO_STOP" 17 "$N/dumb-init"; }

# In -c mode dumb-init stops itself after what stops a job: not here, where it is PID 1.
testA6MatrixOfDumbInitSingle() {
	# shellcheck disable=SC2086 # words
	as_pid1 "$N/dumb-init" -c "$PROBE" catch $(($(words $ALL) + 1))
	expect_line ready && find_inside && matrix "$inside" "$ALL" 17 || return
	ended 0
}

# KILL and STOP from an ancestor's namespace are the kernel's business. From its own they do nothing.
testTrap24KillAndStopFromInside() {
	as_pid1 "$INIT" -- "$PROBE" catch 1
	expect_line ready && find_inside || return
	for sig in KILL STOP; do
		inside_ns '[ "$(readlink /proc/self/ns/pid)" != "$TEST_PIDNS" ] && '"kill -$sig 1"
		assertEquals "$sig is no error" 0 $?
	done
	wait_state "$inside" S
	"$PROBE" send "$inside" 15
	expect_line '15 0 0'
	ended 0
}

# ---- traps 20 to 23

# On musl sigfillset(3) leaves out 32 to 34, and sigaction(3) refuses them.
testTrap20RealTimeNames() {
	background "$INIT" -r RTMIN:USR1 -r SIGRTMIN+3:RTMAX -r rtmax-1:33 -r 32:34 -- "$PROBE" catch 5
	expect_line ready || return
	for pair in 34:10 37:64 63:33 32:34 35:35; do
		"$PROBE" send "$bg" ${pair%:*}
		expect_line "${pair#*:} 0 0"
	done
	ended 0
}

# values TARGET: queued signals of every kind keep their value; those of kill(2) have none.
values() {
	for sig in 34 64 32 10 15 6 11; do
		"$PROBE" send "$1" $sig 42
		expect_line "$sig -1 42"
		"$PROBE" send "$1" $sig
		expect_line "$sig 0 0"
	done
}

testTrap21ValuesSingle() {
	for name in init tini dumb-init catatonit; do
		mode=
		[ $name != dumb-init ] || mode=-c
		background "$N/$name" $mode "$PROBE" catch 14
		expect_line ready && values "$bg" || return
		ended 0
	done
	as_pid1 "$INIT" -- "$PROBE" catch 14
	expect_line ready && find_inside && values "$inside" || return
	ended 0
}

# group INIT...: two in the command's group; both get it, with its value if the kernel can do that
# (PIDFD_SIGNAL_PROCESS_GROUP, Linux 6.9).
group() {
	rm -f "$T/member"
	"$@" sh -c '"$PROBE" catch 3 >"$T/member" 2>&1 & exec "$PROBE" catch 3'
	expect_line ready && wait_for 'grep -qsx ready "$T/member"' || return
	target=$bg
	[ "$1" != as_pid1 ] || { find_inside && target=$inside; }
	"$PROBE" send "$target" 12
	expect_line '12 0 0'
	wait_for '[ "$(sed -n 2p "$T/member")" = "12 0 0" ]'
	want='34 -1 42'
	[ "$(printf '6.9\n%s\n' "$(uname -r)" | sort -V | head -n 1)" = 6.9 ] || want='34 0 0'
	"$PROBE" send "$target" 34 42
	expect_line "$want"
	wait_for '[ "$(sed -n 3p "$T/member")" = "$want" ]'
	"$PROBE" send "$target" 15
	expect_line '15 0 0'
	# PID 1 takes it with it.
	[ "$1" = as_pid1 ] || wait_for '[ "$(sed -n 4p "$T/member")" = "15 0 0" ]'
	ended 0
}

testTrap21ValuesGroup() {
	group background "$INIT" -g -- || return
	group as_pid1 "$INIT" -g -- || return
	group background "$N/dumb-init" || return
	group as_pid1 "$N/dumb-init" || return
	group background "$N/tini" -g || return
	group background env TINI_KILL_PROCESS_GROUP= "$N/tini" || return
	group background "$N/catatonit" -g
}

# Without -g only the command is told.
testTrap21SingleIsSingle() {
	for mode in "$INIT --" "$N/dumb-init -c" "env DUMB_INIT_SETSID=0 $N/dumb-init"; do
		rm -f "$T/member" # the one before was ready, too
		# shellcheck disable=SC2086 # words
		background $mode sh -c '"$PROBE" catch 1 >"$T/member" 2>&1 & echo $!; exec "$PROBE" catch 1'
		next_line && member=$line && expect_line ready || return
		wait_for 'grep -qsx ready "$T/member"'
		"$PROBE" send "$bg" 12
		expect_line '12 0 0'
		ended 0
		"$PROBE" send "$member" 10
		wait_for '[ "$(cat "$T/member")" = "ready
10 0 0" ]'
	done
}

# ESRCH: with -g, a command that has left its group; then it is told alone. EPERM is in init.sh; here
# for a group, with a SIGCHLD that means nothing right after it. Neither is a reason to end.
testTrap22ErrorsWhileForwarding() {
	background "$INIT" -g -- "$PROBE" regroup "$PROBE" catch 3
	expect_line ready || return
	for sig in 10 15 34; do
		"$PROBE" send "$bg" 17
		"$PROBE" send "$bg" $sig
		expect_line "$sig 0 0" || return
	done
	ended 0
	need_root || return 0
	cp "$(command -v setpriv)" "$T/become"
	chmod u+s "$T/become"
	for mode in "$INIT -g --" "$N/dumb-init" "$N/tini --"; do
		# shellcheck disable=SC2086 # words
		background $AS_USER $mode "$T/become" --reuid 0 --regid 0 --clear-groups "$PROBE" catch 1
		expect_line ready || return
		command=$(child_of "$bg")
		for sig in 10 15 17 34 17; do
			"$PROBE" send "$bg" $sig
			taken "$bg" || return
		done
		"$PROBE" send "$command" 12
		expect_line '12 0 0'
		ended 0
	done
}

# What a person sends is for the command, even SEGV; a fault of init's own is not: here the kernel
# takes its chdir(2) for one (seccomp), and the command gets no SYS for it.
testTrap23OwnFaults() {
	for ns in background as_pid1; do
		$ns "$INIT" -- "$PROBE" catch 7
		expect_line ready && find_inside || return
		target=$bg
		[ $ns = background ] || target=$inside
		for sig in 4 5 6 7 8 11 31; do
			"$PROBE" send "$target" $sig
			expect_line "$sig 0 0" || return
		done
		ended 0
	done
	sanitized && return 0
	background "$PROBE" status "$PROBE" seccomp trap=chdir "$INIT" -- \
		sh -c 'echo $$ >"$T/orphan"; exec "$PROBE" live'
	expect_line 'signal 31'
	ended 0
	# The command has lost its parent, and nobody has told it.
	wait_for '[ -s "$T/orphan" ]' && orphan=$(cat "$T/orphan") || return
	wait_for '[ "$(cat "/proc/$orphan/comm")" = probe ]'
	wait_state "$orphan" S
	kill -KILL "$orphan"
}

# ---- trap 26: no signal twice, and no circle

# In a session of their own: kill(0) knows no namespace, the group counts.

# kill(0) of the command in a group of its own: it gets it once, init not at all.
testTrap26OwnGroup() {
	run in_ns setsid "$INIT" -- sh -c '[ "$(readlink /proc/self/ns/pid)" != "$TEST_PIDNS" ] || exit 9
		trap "echo got" USR1; kill -USR1 0; "$PROBE" nop; echo end'
	assertEquals 'got
end' "$out"
}

# In init's own group init gets it too and hands it on: twice at most, and that is the end of it.
testTrap26SharedGroup() {
	run in_ns setsid "$INIT" -c -- sh -c '[ "$(readlink /proc/self/ns/pid)" != "$TEST_PIDNS" ] || exit 9
		trap "echo got" USR1; kill -USR1 0; for i in 1 2 3 4 5 6 7 8 9; do "$PROBE" nop; done; echo end'
	case $out in
	'got
end' | 'got
got
end') ;;
	*) fail "$out" ;;
	esac
}

# ---- trap 27, X4: a stopped command

# stopped_ends SIGNAL STATUS INIT...: as PID 1, with a stopped command: it ends at once.
stopped_ends() {
	sig=$1 status=$2
	shift 2
	as_pid1 "$@" sh -c 'echo $$; exec "$PROBE" live'
	next_line && find_inside || return
	command=$(child_of "$inside")
	kill -STOP "$command"
	wait_state "$command" T && taken "$inside" || return
	# Other signals do not start it again.
	"$PROBE" send "$inside" 12
	taken "$inside"
	assertEquals 'still stopped' T "$(state "$command")"
	"$PROBE" send "$inside" "$sig"
	ended "$status"
}

testTrap27StopSignalToAStoppedCommand() {
	# 12 comes first when it is continued: it is ignored, to see which one ended it.
	for mode in "$INIT --" "$INIT -g" "$N/tini --" "$N/dumb-init" "$N/dumb-init -c" "$N/catatonit"; do
		# shellcheck disable=SC2086 # words
		stopped_ends 15 143 "$PROBE" with ignore=12 $mode
	done
	stopped_ends 2 130 "$PROBE" with ignore=12 "$INIT" --
	stopped_ends 15 131 "$PROBE" with ignore=12 "$INIT" --stop-signal QUIT --
	stopped_ends 3 131 "$PROBE" with ignore=12 "$INIT" --stop-signal QUIT -r TERM:0 -r 2:0 --
}

# Both at the same moment: whichever is first, it ends.
testTrap27StopAndTermAtOnce() {
	count=400
	if sanitized; then count=20; fi
	assert_run 0 "$count of $count" '' in_ns "$PROBE" stops $count "$INIT" -- "$PROBE" live
	assert_run 0 "$count of $count" '' in_ns "$PROBE" stops $count "$N/dumb-init" "$PROBE" live
}

# With -g the whole group goes on.
testTrap27StoppedGroup() {
	as_pid1 "$INIT" -g -- sh -c '"$PROBE" live & echo $!; wait; exit 3'
	next_line && find_inside || return
	command=$(child_of "$inside")
	member=$(child_of "$command")
	kill -STOP "$command" "$member"
	wait_state "$command" T && wait_state "$member" T && taken "$inside"
	"$PROBE" send "$inside" 15
	ended 143
}

# It has left the group that was made for it: it is continued nonetheless.
testTrap27StoppedInAnotherGroup() {
	as_pid1 setsid "$INIT" -g -- "$PROBE" regroup sh -c 'echo; exec "$PROBE" live'
	next_line && find_inside || return
	command=$(child_of "$inside")
	kill -STOP "$command"
	wait_state "$command" T && taken "$inside" || return
	"$PROBE" send "$inside" 15
	ended 143
}

# CONT is a signal like any other: it reaches a stopped command, and what was pending does then.
testTrap27ContinueByInit() {
	as_pid1 "$INIT" -- "$PROBE" catch 3
	expect_line ready && find_inside || return
	command=$(child_of "$inside")
	kill -STOP "$command"
	wait_state "$command" T && taken "$inside"
	"$PROBE" send "$inside" 10
	taken "$inside"
	"$PROBE" send "$inside" 18
	expect_line '10 0 0' && expect_line '18 0 0'
	wait_state "$command" S
	"$PROBE" send "$inside" 1
	expect_line '1 0 0'
	ended 0
}

# ---- A14: what stops a job, under dumb-init

testA14SuspendAsPid1() {
	as_pid1 "$N/dumb-init" sh -c 'echo $$; exec "$PROBE" catch 4'
	next_line && expect_line ready && find_inside || return
	command=$(child_of "$inside")
	for sig in 20 21 22; do
		"$PROBE" send "$inside" $sig
		wait_state "$command" T && taken "$inside" || return
		"$PROBE" send "$inside" 18
		expect_line '18 0 0'
	done
	"$PROBE" send "$inside" 15
	expect_line '15 0 0'
	ended 0
}

# Not PID 1: it stops itself too, and when it goes on, so does the command.
testA14SuspendItself() {
	background "$N/dumb-init" "$PROBE" live
	wait_for '[ -n "$(child_of "$bg")" ]'
	command=$(child_of "$bg")
	wait_state "$command" S
	for sig in 20 21 22; do
		"$PROBE" send "$bg" $sig
		wait_state "$bg" T && wait_state "$command" T || return
		"$PROBE" send "$bg" 18
		wait_state "$bg" S && wait_state "$command" S || return
	done
	"$PROBE" send "$bg" 15
	ended 143
}

# With -c the command gets the signal as it is. In the tests' group, which is an orphaned one, it would
# not stop a process: hence one that takes it.
testA14SuspendItselfSingle() {
	background "$N/dumb-init" -c "$PROBE" catch 7
	expect_line ready || return
	for sig in 20 21 22; do
		"$PROBE" send "$bg" $sig
		wait_state "$bg" T && expect_line "$sig 0 0" || return
		"$PROBE" send "$bg" 18
		expect_line '18 0 0' && wait_state "$bg" S || return
	done
	"$PROBE" send "$bg" 15
	expect_line '15 0 0'
	ended 0
}

# tini's kind hands TSTP on; what the command does with it is its own.
testA14TstpReachesTheCommand() {
	for name in tini catatonit podman-init; do
		as_pid1 "$N/$name" -- sh -c 'echo $$; exec "$PROBE" live'
		next_line && find_inside || return
		command=$(child_of "$inside")
		wait_state "$command" S
		"$PROBE" send "$inside" 20
		wait_state "$command" T || return
		"$PROBE" send "$inside" 18
		wait_state "$command" S
		"$PROBE" send "$inside" 15
		ended 143
	done
}

# ---- X6: names, numbers, and what becomes of a signal

testX6Rewrite() {
	background "$INIT" -r TERM:QUIT --rewrite=HUP:RTMIN+1 -r 12:0 -r sigusr1:SIGALRM -r 2:2 -- \
		"$PROBE" catch 5
	expect_line ready || return
	for pair in 15:3 1:35 10:14 2:2; do
		"$PROBE" send "$bg" ${pair%:*}
		expect_line "${pair#*:} 0 0"
	done
	"$PROBE" send "$bg" 12
	taken "$bg"
	"$PROBE" send "$bg" 30
	expect_line '30 0 0'
	ended 0
}

# Values go with what the signal has become; the last word counts; all names take -r.
testX6RewriteKeepsValues() {
	for name in init dumb-init tini; do
		background "$N/$name" -r 10:12 -r 10:40 -r 41:11 "$PROBE" catch 2
		expect_line ready || return
		"$PROBE" send "$bg" 10 7
		expect_line '40 -1 7'
		"$PROBE" send "$bg" 41 8
		expect_line '11 -1 8'
		ended 0
	done
}

testX6Ignore() {
	background "$INIT" --ignore=USR1,sigusr2 --ignore 1,RTMIN+2 -- "$PROBE" catch 1
	expect_line ready || return
	for sig in 10 12 1 36; do
		"$PROBE" send "$bg" $sig
		taken "$bg"
	done
	"$PROBE" send "$bg" 15
	expect_line '15 0 0'
	ended 0
}

testX6StopSignal() {
	background "$INIT" --stop-signal=RTMIN+3 -- "$PROBE" catch 3
	expect_line ready || return
	"$PROBE" send "$bg" 15
	expect_line '37 0 0'
	"$PROBE" send "$bg" 2
	expect_line '2 0 0'
	"$PROBE" send "$bg" 37
	expect_line '37 0 0'
	ended 0
}

# dumb-init: -r changes what TSTP becomes; the self-stop stays.
testX6RewriteOfStop() {
	as_pid1 "$N/dumb-init" -r 20:10 -r 21:0 "$PROBE" catch 2
	expect_line ready && find_inside || return
	"$PROBE" send "$inside" 20
	expect_line '10 0 0'
	"$PROBE" send "$inside" 21
	taken "$inside"
	"$PROBE" send "$inside" 15
	expect_line '15 0 0'
	ended 0
	# Also to itself; and without a session.
	as_pid1 "$N/dumb-init" -r 20:20 "$PROBE" catch 2
	expect_line ready && find_inside || return
	"$PROBE" send "$inside" 20
	expect_line '20 0 0'
	"$PROBE" send "$inside" 15
	expect_line '15 0 0'
	ended 0
	for mode in '-c -r 20:19' '-r 20:19 -c'; do
		# shellcheck disable=SC2086 # words
		as_pid1 "$N/dumb-init" $mode "$PROBE" catch 3
		expect_line ready && find_inside || return
		command=$(child_of "$inside")
		"$PROBE" send "$inside" 20
		wait_state "$command" T && taken "$inside" || return
		"$PROBE" send "$inside" 18
		expect_line '18 0 0'
		"$PROBE" send "$inside" 21
		expect_line '21 0 0'
		"$PROBE" send "$inside" 15
		expect_line '15 0 0'
		ended 0
	done
}

testX6WrongSignals() {
	for word in 15 : 15: :15 15:x x:15 65:1 1:65 -1:1 1:-1 15:1:1 ''; do
		assert_run 1 '' "init: *
Try 'init --help' for more information." "$INIT" -r "$word" -- true
	done
	for word in x 65 15,x ','; do
		assert_run 1 '' "init: *
Try 'init --help' for more information." "$INIT" --ignore "$word" -- true
		assert_run 1 '' "init: *
Try 'init --help' for more information." "$INIT" --stop-signal "$word" -- true
	done
}

. "${SHUNIT2:-shunit2}"
