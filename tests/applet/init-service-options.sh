#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init: what its other options mean when there are services: each does something, or is refused.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by the shells that are started; words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
. "$TOP/tests/applet/helper/service.sh"
INIT=$BIN/init
need jq jq

suite() { tests_of INIT_SERVICE; }

testNotBuiltIn() {
	assert_run 1 '' "*unrecognized option '--inittab*" "$INIT" --inittab="$TAB" -- true
}

# refused TEXT ARGUMENT...
refused() {
	refused_text=$1
	shift
	assert_run 1 '' "init: *$refused_text*
Try 'init --help' for more information." "$INIT" "$@"
}

testX11RefusedOnes() {
	inittab '::once:true'
	for option in '--exit-on=first' '--max=3' '--backoff=1' '--backoff-limit=1'; do
		refused 'need --inittab or --restart' $option -- true
	done
	refused '--max needs --restart' --inittab "$TAB" --max=3 -- true
	refused 'need a COMMAND' --inittab "$TAB" --restart=always
	refused 'need a COMMAND' --inittab "$TAB" --exit-on=main
	refused 'need a COMMAND' --restart=always
	refused '-P has no services' --inittab "$TAB" -P
	refused '-P has no services' -P --restart=no
	for wrong in --exit-on=last --restart=sometimes --max=-1 --max=x --backoff=x --backoff=0 --backoff-limit=-1; do
		refused '' --restart=always $wrong -- true
	done
	enabled INIT_USER || return 0
	for option in '--user 1' '--groups 1' '--cap-add all' '--cap-drop all' --no-new-privs '--chdir /' '--umask 022' \
		'--env-file /dev/null' --clear-env; do
		refused 'for a COMMAND; there is none' --inittab "$TAB" $option
	done
}

# ---- who they are

# The command alone; services keep init's user, environment and directory.
testX11UserIsTheCommands() {
	need_root && enabled INIT_USER || return 0
	inittab '::once:sh -c "echo service $(id -u) $HOME ${SECRET-none} $(pwd)"'
	printf 'SECRET=x\n' >"$T/env"
	for ns in '' in_ns; do
		run $ns sh -c 'cd "$T" && HOME=/h && export HOME && exec "$@"' sh "$INIT" --inittab "$TAB" --exit-on=all \
			--user 65532:65533 --chdir / --env-file "$T/env" -- \
			sh -c 'echo command $(id -u) $HOME ${SECRET-none} $(pwd)'
		assertEquals "command 65532 / x /
service 0 /h none $T" "$(printf '%s\n' "$out" | sort)"
		assertEquals 0 "$rc"
	done
}

# What it is signalled by: a user's processes, too.
testX11StopsAnotherUsersCommand() {
	need_root && enabled INIT_USER || return 0
	inittab '::once:sleep 1000'
	serve 1 --inittab "$TAB" --user 65532 --restart=always -- "$PROBE" catch 1
	expect_line ready || return
	kill -TERM "$up"
	expect_line '15 0 0'
	ended 0
}

# ---- signals

# They go to the command alone where there is one, with their values, whether it runs or not.
testX6SignalsToTheCommand() {
	inittab "::once:$T/svc one USR1 9"
	for ns in '' 1; do
		serve "$ns" --inittab "$TAB" -r USR2:RTMIN+1 --ignore WINCH -- "$PROBE" catch 3
		expect ready 'one up' || return
		"$PROBE" send "$up" 12
		expect_line '35 0 0' && "$PROBE" send "$up" 40 4711 && expect_line '40 -1 4711' || return
		"$PROBE" send "$up" 28
		"$PROBE" send "$up" 10
		expect_line '10 0 0' && expect_line 'one by TERM' || return
		ended 0
	done
}

# The stop signal, too: its group is its own affair.
testX6StopSignalToTheCommand() {
	serve '' --restart=always -- sh -c '"$T/svc" child & exec "$T/svc" main TERM 5'
	expect 'child up' 'main up' || return
	child=$(child_of "$(child_of "$up")")
	kill -TERM "$up"
	expect_line 'main TERM'
	ended 5
	wait_state "$child" S
	kill -KILL "$child"
}

# Else to all services, and to their groups.
testX6SignalsToServices() {
	enabled INIT_STOP || return 0
	inittab "::once:$PROBE catch 3" '::once:true' \
		"::once:sh -c 'trap : USR1; trap \"\" TSTP; $PROBE catch 3 & wait; exec sleep 1000'"
	for ns in '' 1; do
		serve "$ns" --grace=60 --inittab "$TAB" --exit-on=all
		expect ready ready || return
		wait_for '[ "$(children "$up" | wc -w)" = 2 ]' # who has ended gets none
		"$PROBE" send "$up" 20
		expect '20 0 0' '20 0 0' || return
		"$PROBE" send "$up" 10 4711
		expect '10 -1 4711' '10 -1 4711' || return
		kill -TERM "$up"
		expect '15 0 0' '15 0 0'
		ended 0
	done
}

# What is waited for is no service.
testX6SignalsDuringSysinit() {
	inittab "::sysinit:$T/svc sysinit USR1" "::once:$T/svc one"
	for ns in '' 1; do
		serve "$ns" --inittab "$TAB"
		expect_line 'sysinit up' || return
		kill -USR1 "$up"
		taken "$up" && kill -TERM "$(child_of "$up")"
		expect_line 'sysinit by TERM' && expect_line 'one up' || return
		kill -TERM "$up"
		expect_line 'one TERM'
		ended 0
	done
}

# TERM as another signal is another for services, too; without it INT is what is left.
testX6StopSignal() {
	inittab "::once:$T/svc one QUIT" ":stop=USR1:once:$T/svc two USR1"
	for ns in '' 1; do
		serve "$ns" --inittab "$TAB" --stop-signal=QUIT -- "$T/svc" main QUIT 4
		expect 'one up' 'two up' 'main up' || return
		kill -QUIT "$up"
		expect_line 'main QUIT' && expect_line 'two USR1' && expect_line 'one QUIT' || return
		ended 4
		serve "$ns" --inittab "$TAB" --ignore TERM -- "$PROBE" catch 1
		expect 'one up' 'two up' ready || return
		kill -TERM "$up"
		taken "$up"
		kill -INT "$up"
		expect_line '15 0 0' && expect_line 'two USR1' && expect_line 'one by TERM' || return
		ended 0
	done
}

# ^Z at a shell stops init and not the services; ^C ends them all; ^\ is for them.
testX5WithoutACommand() {
	inittab "::once:$PROBE catch 1"
	run "$PROBE" pty ready "$(printf '\034')" -- "$INIT" --inittab "$TAB"
	assertEquals "$out $err" 0 "$rc"
	like "$out" '*3 0 0*' || fail "$out"
	inittab "::once:$PROBE awake"
	run "$PROBE" pty awake "$(printf '\032')" '[stopped]' '' '' "$(printf '\003')" -- "$INIT" --inittab "$TAB"
	assertEquals "$out $err" 0 "$rc"
	like "$out" '*\[exit 0\]*' || fail "$out"
}

# ---- time limits, the end

testX3KillAfter() {
	enabled INIT_STOP || return 0
	inittab "::once:$T/deaf one" ":timeout=0.05:once:$T/deaf two"
	for ns in '' 1; do
		serve "$ns" --kill-after 0.1 --inittab "$TAB" -- "$T/deaf" main
		expect 'one up' 'two up' 'main up' || return
		begun=$(uptime_cs)
		kill -TERM "$up"
		ended 137
		took=$(($(uptime_cs) - begun))
		[ $took -ge 24 ] || fail "$took hundredths: each has its own time"
		[ $took -lt 1000 ] || fail "$took hundredths: that is what they have if nothing is said"
		assertEquals 3 "$(grep -c 'does not end: KILL' "$T/bg.err")"
	done
	# It is about an end: what is waited for may take its time.
	inittab '::sysinit:sleep 0.3'
	both 4 '' '' --kill-after 0.05 --inittab "$TAB" -- "$T/end" 4
	# The whole group gets it, the command's and a service's.
	cat >"$T/group" <<-'END_OF_GROUP'
		#!/bin/sh
		trap '' TERM
		sleep 1000 &
		echo $!
		while :; do wait; done
	END_OF_GROUP
	chmod +x "$T/group"
	inittab "::once:$T/group"
	for group in "--restart=always -- $T/group" "--inittab $TAB"; do
		serve '' --kill-after 0.05 $group
		next_line || return
		kill -TERM "$up"
		case $group in *inittab*) ended 0 ;; *) ended 137 ;; esac
		wait_state "$line" dead
	done
}

# One that we may not even kill has ended for us a second later.
testX3KillThatIsForbidden() {
	need_root && enabled INIT_STOP || return 0
	background setpriv --bounding-set -kill "$INIT" --kill-after 0.05 --restart=always -- \
		setpriv --reuid 65532 "$T/says" sleep 1000
	up=$bg
	expect_line up && find_service 'sleep 1000' || return
	kill -TERM "$up"
	ended 137
	assertEquals "init: 'setpriv' does not end: KILL
init: 'setpriv' does not end by KILL" "$(cat "$T/bg.err")"
	assertEquals 'it lives' S "$(state "$pid")"
	kill -KILL "$pid"
	wait_state "$pid" dead
}

testX10PreStop() {
	enabled INIT_STOP || return 0
	inittab "::once:$T/svc one"
	for ns in '' 1; do
		serve "$ns" --pre-stop='echo pre-stop' --inittab "$TAB"
		expect_line 'one up' && kill -TERM "$up" && expect_line pre-stop && expect_line 'one TERM'
		ended 0
		serve "$ns" --pre-stop='sleep 1000' --pre-stop-timeout=600 --inittab "$TAB"
		expect_line 'one up' && kill -TERM "$up" && taken "$up" && kill -TERM "$up" && expect_line 'one TERM'
		ended 0
	done
}

# The last process of all, with its status.
testX7WaitAll() {
	enabled INIT_STOP || return 0
	inittab '::once:sh -c "(sleep 0.1; echo last; exit 9) & exit 3"'
	both 3 last '' --wait-all --inittab "$TAB"
	both 9 last '' --wait-all=last --inittab "$TAB"
}

testX2Grace() {
	enabled INIT_STOP || return 0
	inittab ":critical:once:sh -c 'setsid -f $T/deaf daemon; until [ -e $T/up-daemon ]; do :; done; exit 3'"
	assert_run 3 'daemon up' '' "$INIT" --grace 0.3 --inittab "$TAB"
	rm "$T/up-daemon"
	assert_run 3 'daemon up' '' $PID1 "$INIT" --grace 0.3 --inittab "$TAB"
}

testX18PropagateSignal() {
	inittab ":critical:once:$PROBE die 15" '::once:sleep 1000'
	assert_run 0 'signal 15' '' "$PROBE" status "$INIT" --propagate-signal --inittab "$TAB"
	assert_run 0 'exit 143' '' "$PROBE" status "$INIT" --inittab "$TAB"
}

# Services are no orphans.
testWarnReap() {
	inittab '::once:true' '::wait:true'
	both 0 '' '' -w --inittab "$TAB" --exit-on=all -- true
}

# It gets the signal when the parent ends.
testA13ParentDeathSignal() {
	inittab "::once:$T/svc one"
	mkfifo "$T/go"
	background sh -c '"$INIT" -p TERM --inittab "$TAB" & read -r x <"$T/go"'
	expect_line 'one up' || return
	kill -KILL "$bg"
	expect_line 'one TERM'
	wait "$bg" 2>/dev/null
	exec 8<&-
}

# By any of its names.
testNames() {
	inittab "::once:$T/end 3"
	for name in $NAMES; do
		assert_run 3 '' '' "$N/$name" --inittab "$TAB"
		assert_run 5 '' '' "$N/$name" --inittab "$TAB" -- "$T/end" 5
	done
}

# ---- what is told

testX8LogText() {
	enabled INIT_LOG || return 0
	inittab "::respawn:$T/count $T/n 4" "::sysinit:true" "::wait:$T/end 5"
	run $PID1 "$INIT" --log 2 --inittab "$TAB" --max=1 --restart=always -- sh -c '
		until [ "$(cat "$T/n" 2>/dev/null | wc -l)" -gt 1 ]; do :; done; exit 3'
	assertEquals 3 "$rc"
	for want in "start pid=2 command=true" "start pid=4 command=\"$T/count $T/n 4\"" \
		"restart command=\"$T/count $T/n 4\" code=4" "start pid=[0-9]* command=sh" "restart command=sh code=3" \
		"over command=\"$T/end 5\" code=5" "over command=sh code=3" "exit code=3"; do
		grep -qE "^init\[1\] \+[0-9.]+ $want\$" "$T/err" || fail "no '$want' in $err"
	done
	inittab "::once:$T/end 0"
	assert_run 0 '' "*over command=\"$T/end 0\" code=0*" "$INIT" --log 2 --inittab "$TAB"
	run "$INIT" --log 2 --restart=always -- /no/such
	like "$err" '* start *' && fail "$err"
	return 0
}

testX8LogJson() {
	enabled INIT_LOG || return 0
	inittab ":stop=INT:once:$T/svc one INT" ":timeout=0.05:once:$T/deaf deaf"
	serve 1 --log "$T/log" --log-format json --inittab "$TAB"
	expect 'one up' 'deaf up' || return
	kill -HUP "$up"
	wait_for 'grep -q reload "$T/log"'
	kill -TERM "$up"
	expect_line 'one INT'
	ended 0
	jq -r 'select(.event | test("^(start|end|kill|reload|exit)$")) |
		"\(.event) \(.pid) \(.command) \(.signal // .code)"' "$T/log" >"$T/events"
	assertEquals "start 2 $T/svc one INT null
start 3 $T/deaf deaf null
reload null null null
end 3 $T/deaf deaf TERM
kill 3 $T/deaf deaf null
end 2 $T/svc one INT INT
exit null null 0" "$(cat "$T/events")"
}

testX9Report() {
	enabled INIT_INFO || return 0
	inittab '::sysinit:sh -c :' "::respawn:$T/svc one" "::respawn:$T/end 4" "::once:$T/end 5" '::shutdown:true'
	serve 1 --info-signal USR1 --backoff 600 --backoff-limit 600 --inittab "$TAB" -- "$T/svc" main
	expect 'one up' 'main up' || return
	# The one that ends once may do so after all ends of the other.
	wait_for 'grep -q "has to wait" "$T/bg.err" && [ "$(children "$up" | wc -w)" = 2 ]'
	kill -USR1 "$up"
	wait_for 'grep -q "^init\[1\]: reaped" "$T/bg.err"'
	S='[0-9]*[.][0-9][0-9][0-9] s'
	for want in "service '$T/svc one': [0-9]*, for $S" "service '$T/end 4': again in $S" \
		"service '$T/end 5': over, with 5" "service '$T/svc': [0-9]*, for $S"; do
		grep -q "^init\[1\]: $want\$" "$T/bg.err" || fail "no '$want' in $(cat "$T/bg.err")"
	done
	assertEquals 'lines of services' 4 "$(grep -c ': service ' "$T/bg.err")"
	kill -TERM "$up"
	expect_line 'main TERM' && expect_line 'one TERM'
	ended 0
}

# death RC PATTERN OPTIONS COMMAND: what the termination log says.
death() {
	death_rc=$1 death_text=$2
	shift 2
	rm -f "$T/death"
	run $PID1 "$INIT" --termination-log="$T/death" --inittab "$TAB" "$@"
	assertEquals "$err" "$death_rc" "$rc"
	like "$(cat "$T/death")" "$death_text" || fail "$(cat "$T/death")"
}

testTerminationLog() {
	enabled INIT_TERMINATION_LOG || return 0
	S='[0-9]*.[0-9][0-9][0-9] s'
	inittab "::respawn:sleep 1000" ":critical,max=2:respawn:$T/end 4"
	death 4 "The service '$T/end 4' ended with exit status 4 after $S.
No stop signal came.*"
	death 4 "The service '$T/end 4' ended with exit status 4 after $S.*" -- sleep 1000
	inittab ':critical:once:"$PROBE" die 9'
	death 137 "Signal 9 (KILL) ended the service '\"\$PROBE\" die 9' after $S.*"
	inittab "::respawn:sleep 1000"
	death 6 "The command ended with exit status 6 after $S.*" -- "$T/end" 6
	death 127 'The command was not started: failed to execute /no/such: *' -- /no/such
	inittab '::once:kill -TERM $PPID' '::once:sleep 1000'
	death 0 "The services ended with exit status 0 after $S.
Stop signal TERM came after $S from process [0-9]*; the services ended $S later.*"
	# Whom KILL has ended is told of the command alone.
	enabled INIT_STOP || return 0
	asks="sh -c 'until [ -e $T/up-deaf ]; do :; done; kill -TERM \$PPID'"
	inittab "::once:$asks"
	rm -f "$T/up-deaf"
	death 137 '*Init killed it*' --kill-after 0.05 -- "$T/deaf" deaf
	rm "$T/up-deaf"
	inittab ":timeout=0.05:once:$T/deaf deaf" "::once:$asks"
	death 143 '*' -- sleep 1000
	like "$(cat "$T/death")" '*Init killed it*' && fail "$(cat "$T/death")"
	return 0
}

# It ended when it did, and not when the others had.
testTerminationLogOfASlowEnd() {
	enabled INIT_TERMINATION_LOG || return 0
	rm -f "$T/up-deaf"
	inittab ":critical:once:sh -c 'until [ -e $T/up-deaf ]; do :; done; exit 3'" ":timeout=600:once:$T/deaf deaf"
	serve 1 --termination-log="$T/death" --inittab "$TAB"
	expect_line 'deaf up' && find_service 'sleep 1000' || return
	wait_for '[ "$(children "$up" | wc -w)" = 1 ]' && taken "$up" || return
	kill -TERM "$up"
	taken "$up" && kill -KILL "$pid"
	ended 3
	like "$(cat "$T/death")" '*; the service * had ended already.*' || fail "$(cat "$T/death")"
}

# ---- how small it stays: in a loop of restarts no descriptor and no memory is left behind

testNothingPilesUp() {
	rm -f "$T/n"
	serve '' --backoff 0.000001 --backoff-limit 0.000001 --restart=always -- "$T/count" "$T/n" 4
	wait_for '[ "$(wc -l <"$T/n")" -gt 20 ]'
	before="$(find "/proc/$up/fd" | wc -l) $(field VmSize "$up")"
	wait_for '[ "$(wc -l <"$T/n")" -gt 220 ]'
	kill -STOP "$up"
	wait_state "$up" T
	after="$(find "/proc/$up/fd" | wc -l) $(field VmSize "$up")"
	kill -CONT "$up"
	sanitized || assertEquals "$before" "$after"
	kill -TERM "$up"
	wait "$bg"
	exec 8<&-
}

tearDown() { rm -f "$TAB" "$T/go" "$T/n" "$T/log" "$T/death" "$T/env"; }

. "${SHUNIT2:-shunit2}"
