#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Services in a container: how they start and end, and with which status init does.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by the shells that are started; words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
. "$TOP/tests/applet/helper/service.sh"
INIT=$BIN/init

suite() { tests_of INIT_SERVICE; }

testNotBuiltIn() {
	assert_run 1 '' "*unrecognized option '--inittab*" "$INIT" --inittab="$TAB" -- true
}

# ---- X11: from the beginning to the end

testX11Order() {
	inittab '::shutdown:echo shutdown' "::once:$T/svc b" '::wait:echo wait' '::sysinit:echo sysinit' \
		"::respawn:$T/svc c" '::sysinit:sh -c "echo 1; echo 2"' '::ctrlaltdel:echo never' '::restart:echo never'
	for ns in '' 1; do
		serve "$ns" --inittab "$TAB" -- "$T/svc" a TERM 7
		for want in sysinit 1 2 wait; do expect_line $want || return; done
		expect 'a up' 'b up' 'c up' || return
		kill -TERM "$up"
		for want in 'a TERM' 'c TERM' 'b TERM' shutdown; do expect_line "$want" || return; done
		ended 7
	done
}

# Without a command; INT is as good.
testX11WithoutACommand() {
	inittab "::respawn:$T/svc one" "::askfirst:$T/svc two"
	for ns in '' 1; do
		for sig in TERM INT; do
			serve "$ns" --inittab "$TAB" --
			# It reads the end of its input for Enter. Who says what first is chance.
			next_line && next_line && next_line || return
			kill -$sig "$up"
			expect_line 'two TERM' && expect_line 'one TERM'
			ended 0
		done
	done
}

# The words of the table: which signal, how long.
testX11StopSignalAndTimeout() {
	inittab ":stop=USR1:respawn:$T/svc usr1 USR1" ":stop=RTMIN+3:once:$PROBE catch 2" \
		":timeout=0.1:respawn:$T/deaf deaf" ":timeout=infinity:once:$T/svc patient"
	for ns in '' 1; do
		serve "$ns" --inittab "$TAB"
		expect ready 'usr1 up' 'deaf up' 'patient up' || return
		kill -TERM "$up"
		expect_line 'patient TERM' && expect '37 0 0' '18 0 0' && expect_line 'usr1 USR1' || return
		ended 0
		assertEquals "init: '$T/deaf deaf' does not end: KILL" "$(cat "$T/bg.err")"
	done
}

# Stopped ones are continued.
testX11StoppedOnes() {
	inittab "::respawn:$T/svc one"
	serve '' --inittab "$TAB" -- "$T/svc" main
	expect 'one up' 'main up'
	for pid in $(children "$up"); do
		kill -STOP "$pid"
		wait_state "$pid" T
	done
	# A command that stops stops us, too, for the shell's sake.
	wait_state "$up" T
	kill -TERM "$up"
	kill -CONT "$up"
	expect_line 'main TERM' && expect_line 'one TERM'
	ended 0
}

# A second signal does not wait for the order: all that are left are told.
testX11SecondSignal() {
	inittab "::once:$T/svc one" ":timeout=100:once:$T/deaf deaf"
	for ns in '' 1; do
		serve "$ns" --inittab "$TAB"
		expect 'one up' 'deaf up' || return
		kill -TERM "$up"
		wait_for '[ "$(state "$up")" = S ] && [ "$(field ShdPnd "$up")" = 0000000000000000 ]'
		kill -TERM "$up"
		expect_line 'one TERM' || return
		# The last one is killed by the kernel with PID 1, or by us.
		for pid in $(children "$up"); do [ "$(state $pid)" = Z ] || kill -KILL $pid; done
		ended 0
	done
}

# Who ends meanwhile, before it is told to, decides nothing and is not started again.
testX11WhoEndsMeanwhile() {
	inittab ":critical:once:$PROBE live" "::respawn:$T/svc one" ":timeout=600:once:$T/deaf deaf"
	for ns in '' 1; do
		serve "$ns" --inittab "$TAB" $LOG
		expect 'one up' 'deaf up' || return
		find_service 'sleep 1000' && deaf=$pid || return
		find_service "$PROBE live" && critical=$pid || return
		find_service "$T/svc one" && one=$pid || return
		kill -TERM "$up"
		taken "$up" || return
		kill -KILL "$critical" "$one"
		wait_state "$critical" gone && wait_state "$one" gone
		kill -KILL "$deaf"
		ended 0
		if grep ' restart ' "$T/bg.err"; then fail 'that is no restart'; fi
	done
}

# Nor is one started whose wait is over meanwhile.
testX11NothingStartsAtTheEnd() {
	enabled INIT_LOG || return 0
	inittab "::respawn:$T/count $T/tries 4" ":timeout=0.5:once:$T/deaf deaf"
	for ns in '' 1; do
		serve "$ns" --log 2 --backoff 0.1 --backoff-limit 0.1 --inittab "$TAB"
		expect_line 'deaf up' && wait_for 'grep -q "has to wait" "$T/bg.err"' || return
		kill -TERM "$up"
		ended 0
		grep -q ' kill ' "$T/bg.err" || fail 'it had no time to'
		if sed '1,/ end /d' "$T/bg.err" | grep ' start '; then fail 'that is no end'; fi
	done
}

# ---- X11: the status

# status RC ERR OPTIONS COMMAND LINE...
status() {
	status_rc=$1 status_err=$2 status_options=$3 status_command=$4
	shift 4
	inittab "$@"
	both "$status_rc" '' "$status_err" --inittab "$TAB" $status_options -- $status_command
}

testX11StatusOfServices() {
	status 0 '' '' '' "::once:$T/end 0"
	status 3 '' '' '' "::once:$T/end 3"
	status 137 '' '' '' "::once:$PROBE die 9"
	status 163 '' '' '' "::once:$PROBE die 35"
	status 3 '' '' '' "::once:$T/end 0" "::once:$T/end 3" "::once:true"
	status 0 '' '-e 3' '' "::once:$T/end 3"
	status 0 '' '-e 137' '' "::once:$PROBE die 9"
	status 3 '' --exit-on=all '' ":restart=no:respawn:$T/end 3" "::once:$T/end 0"
	status 0 '' --exit-on=first '' '::respawn:sleep 1000' "::once:true"
	status 3 '' --exit-on=first '' '::respawn:sleep 1000' "::once:$T/end 3"
	status 127 "*failed to execute /no/such*" '' '' '::once:/no/such'
	# Of services, not of what was waited for.
	status 0 '' '' '' "::sysinit:$T/end 3" "::once:$T/end 0"
}

# The number one complaint about supervisord.
testX11Critical() {
	status 3 '' '' '' '::respawn:sleep 1000' ":critical:once:$T/end 3"
	status 137 '' '' '' '::respawn:sleep 1000' ":critical:once:$PROBE die 9"
	status 4 "*'$T/end 4' ends again and again: it is given up" '' '' '::respawn:sleep 1000' \
		":critical,max=2:respawn:$T/end 4"
	status 0 "*given up" '' '' '::respawn:sleep 1000' ":critical,max=2:respawn:$T/end 0"
	# What has done its work has not given up.
	status 5 '' '' '' ":critical:once:$T/end 0" ":critical,restart=on-failure:once:$T/end 0" \
		":critical:once:sh -c 'sleep 0.05; exit 5'"
	# It counts, whatever the command does then.
	status 3 '' '' 'sleep 1000' ":critical:once:$T/end 3"
	status 3 '' --exit-on=all 'sleep 1000' ":critical:once:$T/end 3"
}

testX11StatusOfTheCommand() {
	status 6 '' '' "$T/end 6" '::respawn:sleep 1000'
	status 137 '' '' "$PROBE die 9" '::respawn:sleep 1000'
	status 0 '' '-e 137' "$PROBE die 9" '::respawn:sleep 1000'
	status 6 '' --exit-on=main "$T/end 6" '::respawn:sleep 1000' "::once:$T/end 3"
	status 6 '' --exit-on=all "$T/end 6" "::once:$T/end 0"
	status 0 '' --exit-on=all "$T/end 0" "::once:$T/end 0"
	status 3 '' --exit-on=first 'sleep 1000' "::once:$T/end 3"
	# It cannot be executed: nothing goes on as if it could.
	status 127 'init: *failed to execute /no/such*' --exit-on=all /no/such '::respawn:sleep 1000'
	status 126 "init: *failed to execute $T*" '--exit-on=all --restart=always' "$T" '::respawn:sleep 1000'
}

testX11Sysinit() {
	status 6 '' '' "$T/end 6" "::sysinit:$T/end 3" "::wait:$T/end 4" '::once:sleep 1000'
	status 3 '' '' "touch $T/never" ":critical:sysinit:$T/end 3" "::wait:touch $T/never"
	status 3 '' --exit-on=first "touch $T/never" "::sysinit:$T/end 2" ":critical:wait:$T/end 3"
	status 137 "init: 'sleep 1000' does not end: KILL" '' "touch $T/never" ':critical,timeout=0.05:sysinit:sleep 1000'
	# It may be tried again, each time with its time.
	status 137 "init: 'sleep 1000' does not end: KILL
init: 'sleep 1000' does not end: KILL
init: 'sleep 1000' ends again and again: it is given up" '' "touch $T/never" \
		':critical,timeout=0.05,restart=always,max=1:wait:sleep 1000'
	status 4 "*given up" '' "touch $T/never" ":critical,restart=on-failure,max=3:wait:$T/count $T/tries 4"
	counted "$T/tries" 8 # twice, as PID 1 and not
	assertFalse 'it was not started' "[ -e '$T/never' ]"
}

# told RC OPTIONS COMMAND LINE...: after TERM, once COMMAND or the service has said "up".
told() {
	told_rc=$1 told_options=$2 told_command=$3
	shift 3
	inittab "$@"
	for ns in '' 1; do
		serve "$ns" --inittab "$TAB" $told_options -- $told_command
		next_line || return
		kill -TERM "$up"
		ended "$told_rc"
	done
}

testX11StatusAfterAStopSignal() {
	told 0 '' '' "::respawn:$T/svc one TERM 5"
	told 0 --exit-on=first '' "::respawn:$T/svc one TERM 5"
	told 5 '' "$T/svc main TERM 5" '::respawn:sleep 1000'
	told 143 '' "$T/says sleep 1000" '::respawn:sleep 1000'
	told 0 '-e 143' "$PROBE live" "::respawn:$T/says sleep 1000"
	told 0 --exit-on=all "$T/svc main TERM 5" '::respawn:sleep 1000'
	told 143 --restart=always "$T/says sleep 1000" '::respawn:sleep 1000'
	# One that had failed before.
	printf '%s\n' '#!/bin/sh' 'until [ "$(cat "/proc/$PPID/task/$PPID/children")" = "$$ " ]; do :; done' \
		'echo up' 'exec sleep 1000' >"$T/last"
	chmod +x "$T/last"
	told 3 '' '' "::once:$T/end 3" "::once:$T/last"
}

# Before anything else runs.
testX11StopSignalDuringSysinit() {
	inittab "::sysinit:$T/svc sysinit" "::wait:touch $T/never" "::respawn:touch $T/never" '::shutdown:echo shutdown'
	for ns in '' 1; do
		serve "$ns" --inittab "$TAB" -- touch "$T/never"
		expect_line 'sysinit up' && kill -TERM "$up" && expect_line 'sysinit TERM' &&
			expect_line shutdown || return
		ended 143
		serve "$ns" --inittab "$TAB"
		expect_line 'sysinit up' && kill -INT "$up" && expect_line 'sysinit TERM' &&
			expect_line shutdown || return
		ended 0
	done
	assertFalse 'nothing was started' "[ -e '$T/never' ]"
}

# It may be tried again, too.
testX11ShutdownThatFails() {
	inittab '::once:true' ":restart=on-failure,max=2:shutdown:$T/count $T/tries 4"
	both 0 '' "init: '$T/count $T/tries 4' ends again and again: it is given up" --inittab "$TAB"
	counted "$T/tries" 6 # twice, as PID 1 and not
}

# A shutdown action has its time limit; another signal ends it, and those behind it.
testX11ShutdownThatHangs() {
	inittab '::once:true' ':timeout=0.05:shutdown:sleep 1000' '::shutdown:echo last'
	both 0 last "init: 'sleep 1000' does not end: KILL" --inittab "$TAB"
	inittab '::once:true' "::shutdown:$T/svc shutdown" '::shutdown:echo never'
	for ns in '' 1; do
		serve "$ns" --inittab "$TAB"
		expect_line 'shutdown up' && kill -TERM "$up" && expect_line 'shutdown TERM'
		read -r line <&8 && fail "'$line' after the end"
		ended 0
	done
}

# ---- what they leave behind

testX11OrphansAreReaped() {
	inittab "::once:$T/svc one"
	for ns in '' 1; do
		serve "$ns" --inittab "$TAB" -- sh -c '"$PROBE" orphans 50; echo; exec "$T/svc" main'
		expect '' 'one up' 'main up' || return
		wait_for '[ "$(children "$up" | wc -w)" = 2 ]'
		kill -TERM "$up"
		expect_line 'main TERM' && expect_line 'one TERM'
		ended 0
	done
}

# With a grace those in other sessions are asked, too.
testX2GraceForDaemons() {
	enabled INIT_STOP || return 0
	inittab "::once:setsid -f $T/svc daemon"
	for ns in '' 1; do
		serve "$ns" --grace=60 --inittab "$TAB" -- "$T/svc" main
		expect 'daemon up' 'main up' || return
		kill -TERM "$up"
		expect_line 'main TERM' && expect_line 'daemon TERM'
		ended 0
	done
}

# ---- a file that cannot be used: one line, before anything starts

testX11HostileFile() {
	inittab "::sysinit:touch $T/never" '::nothing:x'
	both 1 '' "init: $TAB: line 2 is no entry*" --inittab "$TAB" -- touch "$T/never"
	assert_one_line
	inittab "::sysinit:touch $T/never" ':restart=maybe:once:x'
	both 1 '' "init: $TAB: line 2 is no entry*" --inittab "$TAB" -- touch "$T/never"
	inittab "::sysinit:touch $T/never" ':timeout=0:once:x'
	both 1 '' "init: $TAB: line 2 is no entry: a timeout of no time at all" --inittab "$TAB" -- touch "$T/never"
	both 1 '' "init: $T/none: $ENOENT" --inittab "$T/none" -- touch "$T/never"
	both 1 '' "init: $T: $EISDIR" --inittab "$T" -- touch "$T/never"
	inittab "::sysinit:touch $T/never" '::shutdown:true'
	both 1 '' "init: $TAB: there is no service in it, and no COMMAND" --inittab "$TAB" --
	: >"$TAB"
	both 1 '' "init: $TAB: there is no service in it, and no COMMAND" --inittab "$TAB"
	{ yes '::once:true' | head -c 70000; } >"$TAB"
	both 1 '' "init: $TAB: *" --inittab "$TAB" -- touch "$T/never"
	assertFalse 'nothing was started' "[ -e '$T/never' ]"
	# With a command a file without services will do.
	: >"$TAB"
	both 4 '' '' --inittab "$TAB" -- "$T/end" 4
}

tearDown() { rm -f "$T/never" "$T/tries" "$TAB"; }

. "${SHUNIT2:-shunit2}"
