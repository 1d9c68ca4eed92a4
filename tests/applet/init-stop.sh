#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The end as init orders it: --grace, --kill-after, --wait-all, --pre-stop, and what becomes of
# signals on the way: --rewrite, --ignore, --stop-signal.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"

INIT=$BIN/init
export INIT

suite() { tests_of INIT_STOP testX6; }
not_container() { assert_run 1 '' "init: the role of a container's init is not built in" "$INIT" -- true; }
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

testNotBuiltIn() {
	assert_run 1 '' "*unrecognized option '--grace'*" "$INIT" --grace=1 -- true
}

# both RC OUT ERR ARGUMENT...: as PID 1 and not.
both() {
	both_rc=$1 both_out=$2 both_err=$3
	shift 3
	assert_run "$both_rc" "$both_out" "$both_err" "$INIT" "$@"
	assert_run "$both_rc" "$both_out" "$both_err" in_ns "$INIT" "$@"
}

# Programs that take TERM in different ways; each says "up" on fd 3 when it is ready for it.
cat >"$T/cleans" <<'END'
#!/bin/sh
mkfifo "$T/wait-$$"
exec 5<>"$T/wait-$$"
rm "$T/wait-$$"
trap 'echo cleaned; exit' TERM
echo up >&3
exec 3>&-
while :; do read -r _ <&5; done # no child: dash loses signals that come while it starts one
END
cat >"$T/deaf" <<'END'
#!/bin/sh
trap '' TERM
echo up >&3
exec sleep 1000 3>&-
END
chmod +x "$T/cleans" "$T/deaf"

# leave RC PROGRAM...: as the command: starts each program, waits until it is up, ends with RC.
cat >"$T/leave" <<'END'
#!/bin/sh
rc=$1
shift
rm -f "$T/up"
mkfifo "$T/up"
exec 5<>"$T/up" # it is never without a reader, which would end who writes
for program; do
	$program 3>"$T/up" >&4 5<&- &
	read -r _ <&5
done
exit "$rc"
END
chmod +x "$T/leave"

# graceful RC OUT INIT-OPTION... -- COMMAND...
graceful() {
	graceful_rc=$1 graceful_out=$2
	shift 2
	for ns in '' in_ns; do
		# shellcheck disable=SC2086 # nothing or a word
		assert_run "$graceful_rc" "$graceful_out" '' sh -c 'exec 4>&1; exec "$@"' sh \
			${ns:+unshare --fork --pid --mount-proc --kill-child} "$INIT" "$@"
	done
}

# ---- X2

# Without it the rest is killed as under every other init (here: by the kernel, with PID 1).
testX2WithoutGraceTheRestIsNotAsked() {
	need_root || return 0
	assert_run 3 '' '' in_ns sh -c 'exec 4>&1; exec "$INIT" -- "$T/leave" 3 "$T/cleans"'
}

testX2GraceLetsTheRestClean() {
	need_root || return 0
	graceful 3 cleaned --grace=60 -- "$T/leave" 3 "$T/cleans"
	graceful 3 'cleaned
cleaned' --grace=1m -- "$T/leave" 3 "$T/cleans" "setsid $T/cleans"
}

testX2NothingIsLeft() {
	both 5 '' '' --grace=600 -- sh -c 'exit 5'
	both 137 '' '' --grace=600 -- "$PROBE" die 9
}

# The status stays the command's, whoever has to be killed.
testX2DeafOnesAreKilled() {
	need_root || return 0
	graceful 4 '' --grace=0.1 -- "$T/leave" 4 "$T/deaf"
	graceful 4 cleaned --grace=2 -- "$T/leave" 4 "setsid $T/deaf" "$T/cleans"
}

# A stopped one is continued, or it could not end.
testX2StoppedOnesAreContinued() {
	both 6 '' '' --grace=60 -- sh -c 'sleep 1000 & kill -STOP $!
		until grep -q "^State:.T" /proc/$!/status; do sleep 0.01; done; exit 6'
}

# Who came by setns(2) is nobody's child here, and counts (trap 38).
testTrap38ProcessesFromOutsideCount() {
	need_root || return 0
	mkfifo "$T/go"
	background unshare -fp --mount-proc --kill-child "$INIT" --grace=60 -- \
		sh -c 'echo; read -r _ <"$T/go"; exit 7'
	next_line || return
	inside=$(children "$bg" | tr -d ' ')
	nsenter -t "$inside" -p -m sh -c 'exec 3>&1 4>&1; exec "$T/cleans"' >"$T/entered-out" &
	entered=$!
	wait_for '[ "$(cat "$T/entered-out")" = up ]'
	echo >"$T/go"
	wait "$entered"
	assertEquals 'the entered one has cleaned up' 'up
cleaned' "$(cat "$T/entered-out")"
	ended 7
}

# The time is a maximum: while one is left it goes on reaping.
testX2ReapsMeanwhile() {
	need_root || return 0
	graceful 3 cleaned --grace=60 -- sh -c '"$PROBE" orphans 200; exec "$T/leave" 3 "$T/cleans"'
}

# ---- X3

testX3KillAfter() {
	both 137 up '' --kill-after=0.1 -- sh -c 'trap "" TERM; echo up; kill -TERM $PPID
		while :; do sleep 0.01; done'
	# The group of the command goes with it.
	both 137 '' '' --kill-after=0.1 -- sh -c 'trap "" TERM INT; sh -c "while :; do sleep 0.01; done" &
		kill -INT $PPID; wait; while :; do sleep 0.01; done'
}

testX3NotNeeded() {
	both 8 '' '' --kill-after=600 -- sh -c 'trap "exit 8" TERM; kill -TERM $PPID
		while :; do sleep 0.01; done'
	both 0 '' '' --kill-after=0.001 -- sh -c 'sleep 0.02'
}

# It may have left the group that was made for it.
testX3KillAfterInAnotherGroup() {
	for ns in '' 'in_ns setsid'; do
		# shellcheck disable=SC2086 # words
		assert_run 137 '' '' $ns "$INIT" --kill-after=0.1 -- "$PROBE" regroup \
			sh -c 'trap "" TERM; kill -TERM $PPID; exec "$PROBE" live'
	done
}

# Only a signal that asks for an end starts it.
testX3OtherSignalsDoNotStartIt() {
	both 9 '' '' --kill-after=0.05 -- sh -c 'trap : USR1 HUP; kill -USR1 $PPID; kill -HUP $PPID
		sleep 0.2; exit 9'
	both 137 '' '' --kill-after=0.05 --stop-signal=QUIT -- sh -c 'trap "" QUIT; kill -QUIT $PPID
		while :; do sleep 0.01; done'
}

# ---- X7

testX7WaitAll() {
	for ns in '' in_ns; do
		for how in --wait-all --wait-all=last; do
			rm -f "$T/order"
			# shellcheck disable=SC2086
			run $ns "$INIT" $how -- sh -c '
				(while [ -e "/proc/$$" ]; do sleep 0.01; done; echo first >>"$T/order") &
				(until [ ! -e "/proc/$$" ] && [ "$(wc -w <"/proc/$PPID/task/$PPID/children")" = 1 ]
				do sleep 0.01; done; echo last >>"$T/order"; exit 9) &
				exit 6'
			assertEquals 'first
last' "$(cat "$T/order")"
			case $how in
			*last) assertEquals 9 "$rc" ;;
			*) assertEquals 6 "$rc" ;;
			esac
		done
	done
	assert_run 1 '' "init: --wait-all=none: *" "$INIT" --wait-all=none -- true
}

# A stop signal that comes when only others are left goes to them.
testX7SignalsReachTheRest() {
	need_root || return 0
	for ns in '' 'unshare -fp --mount-proc --kill-child'; do
		rm -f "$T/out4"
		# shellcheck disable=SC2086
		background sh -c 'exec 4>"$T/out4"; exec "$@"' sh $ns "$INIT" --wait-all -- \
			sh -c '"$T/leave" 0 "$T/cleans"; echo; exit 6'
		next_line || return
		target=$bg
		[ -z "$ns" ] || target=$(children "$bg" | tr -d ' ')
		# until the command itself is gone, of which it would be the end
		wait_for '[ "$(children "$target" | wc -w)" = 1 ]' || return
		kill -TERM "$target"
		wait_for '[ "$(cat "$T/out4")" = cleaned ]'
		ended 6
	done
}

# Without that the rest is not asked, also when the command has ended just before the signal came.
testX7NobodyElseIsAsked() {
	background "$INIT" -- sh -c '"$PROBE" with block=15 sleep 1000 >&2 & echo $!; exec sleep 1000 >&2'
	next_line || return
	other=$line
	command=$(children "$bg" | tr -d ' ')
	wait_for "[ \"\$(field SigBlk $other)\" = 0000000000004000 ]"
	kill -STOP "$bg"
	wait_state "$bg" T
	kill -KILL "$command"
	wait_state "$command" Z
	kill -TERM "$bg"
	kill -CONT "$bg"
	ended 137
	assertEquals 'no TERM is pending there' 0000000000000000 "$(field ShdPnd "$other")"
	kill -KILL "$other"
	wait_state "$other" dead
}

# ---- X10

testX10PreStop() {
	both 8 'pre
term' '' --pre-stop='echo pre' -- sh -c 'trap "echo term; exit 8" TERM; kill -TERM $PPID
		while :; do sleep 0.01; done'
	# with characters of the shell
	both 8 'pre  2
term' '' --pre-stop='echo "pre  $((1+1))"' -- sh -c 'trap "echo term; exit 8" TERM
		kill -TERM $PPID; while :; do sleep 0.01; done'
	# one that does not exist holds nothing up
	both 8 term "init: cannot run /no/such: $ENOENT" --pre-stop=/no/such -- sh -c '
		trap "echo term; exit 8" TERM; kill -TERM $PPID
		while :; do sleep 0.01; done'
}

testX10TimeLimit() {
	both 8 term '' --pre-stop='sleep 1000' --pre-stop-timeout=0.1 -- sh -c '
		trap "echo term; exit 8" TERM; kill -TERM $PPID; while :; do sleep 0.01; done'
}

# As for timeout(1), 0 is no limit. Of what waits for init the lower number comes first: with 34 here
# it is through with TERM.
testX10NoTimeLimit() {
	mkfifo "$T/go"
	both 8 'pre
term' '' --pre-stop='read -r _ <"$T/go" && echo pre' --pre-stop-timeout=0 -- sh -c '
		exec 5<>"$T/go"; trap "echo >&5" 34; trap "echo term; exit 8" TERM
		kill -TERM $PPID; kill -34 $PPID; while :; do sleep 0.01; done'
	rm "$T/go"
}

# Other signals do not wait for it; a second stop signal neither.
testX10OthersGoOn() {
	both 8 'usr1' '' --pre-stop='sleep 1000' --pre-stop-timeout=600 -- sh -c '
		trap "echo usr1; kill -TERM \$PPID" USR1; trap "exit 8" TERM
		kill -TERM $PPID; kill -USR1 $PPID; while :; do sleep 0.01; done'
}

# It is not run for a command that ends by itself.
testX10OnlyOnAStopSignal() {
	both 3 '' '' --pre-stop='echo pre' -- sh -c 'exit 3'
}

# ---- X6

# sent SIG WANT OPTION...: what `probe catch` gets when init gets SIG.
sent() {
	sent_sig=$1 sent_want=$2
	shift 2
	background "$INIT" "$@" -- "$PROBE" catch 2
	next_line || return
	"$PROBE" send "$bg" "$sent_sig"
	[ -z "$sent_want" ] || { next_line && assertEquals "$sent_sig with $*" "$sent_want" "${line%% *}"; }
	"$PROBE" send "$bg" 12
	next_line && assertEquals 12 "${line%% *}"
	[ -n "$sent_want" ] || "$PROBE" send "$bg" 12
	ended 0
}

testX6Rewrite() {
	sent 15 3 -r TERM:QUIT
	sent 15 3 -r 15:3
	sent 1 35 --rewrite HUP:RTMIN+1
	sent 37 10 -r SIGRTMIN+3:USR1
	sent 10 '' -r USR1:0
	sent 10 '' --ignore USR1
	sent 1 '' --ignore USR1,HUP
	sent 15 37 --stop-signal=RTMIN+3
	sent 15 15 -r TERM:QUIT -r TERM:TERM
}

testX6WrongOnes() {
	for wrong in '-r TERM' '-r TERM:' '-r :TERM' '-r NONE:TERM' '-r TERM:NONE' '-r 65:1' '-r 0:1' \
		'--ignore NONE' '--ignore USR1,' '--stop-signal XX' '--grace x' '--kill-after -1' \
		'-e 256' '-e x' '-e -1' '-p NONE' '--info-signal XX'; do
		# shellcheck disable=SC2086
		assert_run 1 '' "init: *
Try 'init --help' for more information." "$INIT" $wrong -- true
	done
}

tearDown() {
	rm -f "$T/up" "$T/go" "$T/entered-out" "$T/out4" "$T/order"
}

. "${SHUNIT2:-shunit2}"
