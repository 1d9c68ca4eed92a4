#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init: --log in both formats, what -v says as dumb-init, -w; and that no output can hold it up.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
. "$TOP/tests/applet/helper/clog.sh"
need jq jq

# Built without it there is no such option, but -w there is.
not_there() { assert_run 1 '' "init: unrecognized option '--log'*" "$INIT" --log=2 true; }
enabled INIT_LOG || suite() { suite_addTest not_there && suite_addTest testWarnReap; }
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

L=$T/log

# logged RC ARGUMENT...: runs init with the log in $L, and nothing on stdout and stderr.
logged() {
	logged_rc=$1
	shift
	rm -f "$L"
	assert_run "$logged_rc" '' '' "$INIT" --log "$L" "$@"
}

# assert_events PATTERN...: that the log has just these lines, behind their heads.
assert_events() {
	whole "$L" || fail "not a log: $(cat "$L")"
	events "$L" >"$T/events"
	for want; do
		read -r is || is='(nothing)'
		like "$is" "$want" || fail "event '$is', not '$want'"
	done <"$T/events"
	assertEquals "events in $(cat "$L")" $# "$(wc -l <"$T/events")"
}

# What stands behind the code or signal of a process that has been reaped.
MICRO='[0-9]*.[0-9][0-9][0-9][0-9][0-9][0-9]'
USED="utime=$MICRO stime=$MICRO maxrss_kb=[1-9]* age=[0-9]*.[0-9][0-9][0-9]"

# ---- the events

testStartReapExit() {
	logged 7 -- sh -c 'exit 7'
	assert_events 'start pid=[1-9]* command=sh' "reap pid=[1-9]* comm=sh code=7 core=false $USED" \
		'exit code=7'
	pid=$(sed -n 's/.* start pid=\([0-9]*\) .*/\1/p' "$L")
	like "$(cat "$L")" "* reap pid=$pid *" || fail "another pid: $(cat "$L")"
	logged 0 -e 7 sh -c 'exit 7'
	assert_events 'start *' '* code=7 *' 'exit code=0'
}

testSignalInAndOut() {
	logged 138 -r USR2:USR1 sh -c 'kill -USR2 $PPID; exec "$PROBE" live'
	assert_events 'start *' 'signal signal=USR2 from=[1-9]* comm=* code=0' \
		'forward signal=USR2 as=USR1' \
		"reap pid=[1-9]* comm=* signal=USR1 core=false $USED" 'exit code=138'
	# By its number; what is dropped goes nowhere; one that is queued.
	logged 162 --ignore WINCH sh -c 'kill -WINCH $PPID; "$PROBE" send $PPID 34 5; exec "$PROBE" live'
	like "$(events "$L")" 'start *
signal signal=WINCH from=*
signal signal=RTMIN from=[1-9]* code=-1
forward signal=RTMIN as=RTMIN
*reap * signal=RTMIN core=false *
exit code=162' || fail "$(cat "$L")"
}

# The number of who sends from outside of the namespace is 0.
testSignalFromOutside() {
	rm -f "$L"
	as_pid1 "$INIT" --log "$L" "$PROBE" catch 1
	next_line && find_inside || return
	"$PROBE" send "$inside" 15
	next_line
	ended 0
	like "$(events "$L")" '*
signal signal=TERM from=0 code=0
forward signal=TERM as=TERM
*' || fail "$(cat "$L")"
	like "$(cat "$L")" 'init\[1\] +0.[0-9][0-9][0-9] start *' || fail "$(cat "$L")"
	rm "$L"
}

# Of the terminal there is no sender. In init's own group the command has got it too; who is first is
# chance, so it waits for init.
testSignalOfTheTerminal() {
	rm -f "$L"
	run "$PROBE" pty ready "$(printf '\003')" -- "$INIT" -c --log "$L" sh -c '
		trap "until grep -q \"signal=INT\" \"\$0\"; do sleep 0.01; done; exit 3" INT
		echo ready; while :; do sleep 0.01; done' "$L"
	assert_events 'start *' 'signal signal=INT code=128' 'reap *' 'exit code=3'
}

testStopOfTheCommand() {
	rm -f "$L"
	background block=15 "$INIT" --log "$L" sh -c 'echo $$; exec "$PROBE" await 15'
	next_line || return
	kill -STOP "$line"
	wait_state "$bg" T
	kill -CONT "$bg"
	wait_for "[ \$(state $line) != T ] && [ \$(state $bg) != T ]"
	kill -TERM "$bg"
	ended 0
	like "$(events "$L")" '*
stop signal=STOP
signal signal=CONT *
forward signal=CONT as=CONT
signal signal=TERM *' || fail "$(cat "$L")"
}

testOrphansByTheirNames() {
	cp "$PROBE" "$T/worker"
	logged 4 sh -c '"$1" orphans 1
		until grep -q "comm=worker" "$0"; do sleep 0.01; done; exit 4' "$L" "$T/worker"
	like "$(cat "$L")" "*reap pid=[1-9]* comm=worker code=0 core=false $USED*" || fail "$(cat "$L")"
}

testCoreIsSaid() {
	mkdir -p "$T/anyone/core"
	run sh -c 'cd "$1" && ulimit -c unlimited && exec "$2" --log "$3" "$PROBE" die 6' \
		sh "$T/anyone/core" "$INIT" "$L.core"
	# shellcheck disable=SC3045 # dash and busybox have it
	want=$(cd "$T/anyone/core" && ulimit -c unlimited && "$PROBE" status "$PROBE" die 6)
	case $want in
	*core) want=true ;;
	*) want=false ;;
	esac
	# The sanitizer of init itself sees to it that there is none.
	if sanitized; then want=false; fi
	like "$(cat "$L.core")" "* signal=ABRT core=$want *" || fail "not $want: $(cat "$L.core")"
	rm -rf "$L.core" "$T/anyone/core"
}

testEndWithTimeLimits() {
	enabled INIT_STOP || return 0
	logged 137 --kill-after 0.05 sh -c 'trap "" TERM; kill -TERM $PPID; exec "$PROBE" live'
	assert_events 'start *' 'signal *' 'forward *' 'kill pid=[1-9]*' '* signal=KILL *' 'exit code=137'
	logged 143 --pre-stop 'true' sh -c 'kill -TERM $PPID; exec "$PROBE" live'
	assert_events 'start *' 'signal *' 'pre-stop pid=[1-9]*' 'reap pid=* comm=true code=0 *' \
		'forward signal=TERM as=TERM' 'reap *' 'exit code=143'
	rm -f "$L"
	assert_run 143 '' "init: cannot run /no/such/program: $ENOENT" \
		"$INIT" --log "$L" --pre-stop '/no/such/program' sh -c 'kill -TERM $PPID; exec "$PROBE" live'
	assert_events 'start *' 'signal *' 'pre-stop errno=2' 'forward signal=TERM as=TERM' 'reap *' \
		'exit code=143'
	logged 3 --grace 10 sh -c '"$PROBE" live & exit 3'
	assert_events 'start *' 'reap * code=3 *' 'shutdown' 'reap * comm=* signal=TERM *' 'exit code=3'
	# Nobody is left: there is nothing to do.
	logged 5 --grace 10 sh -c "$SETTLED; exit 5"
	assert_events 'start *' 'reap * code=5 *' 'exit code=5'
}

# A command that cannot be started has an exit all the same.
testExecFailure() {
	assert_run 127 '' '*failed to execute*' "$INIT" --log "$L.exec" -- "$T/nothing"
	assertEquals 'exit code=127' "$(events "$L.exec")"
}

# ---- names that nobody should have

ODD='sp ace|eq=ual|quo"te|back\slash|tab	|new
line|é|bell|last'

testOddNamesInBothFormats() {
	IFS='|'
	for name in $ODD; do
		cp "$PROBE" "$T/$name"
		unset IFS
		rm -f "$L"
		assert_run 0 '' '' "$INIT" --log "$L" --log-format json -- "$T/$name" nop
		assertEquals "JSON: $(cat "$L")" 'start reap exit' \
			"$(jq -r .event "$L" | tr '\n' ' ' | sed 's/ $//')"
		assertEquals "$name" "$(jq -r 'select(.event == "reap").comm' "$L")"
		assertEquals "$T/$name" "$(jq -r 'select(.event == "start").command' "$L")"
		logged 0 "$T/$name" nop
		# A value in quotes is a JSON string too.
		assertEquals "$name: $(cat "$L")" "$name" \
			"$(sed -n 's/.* comm="\(.*\)" code=.*/"\1"/p; s/.* comm=\([^" ]*\) code=.*/"\1"/p' "$L" |
				jq -r .)"
		assertEquals 3 "$(wc -l <"$L")"
	done
	unset IFS
}

testEmptyName() {
	logged 0 "$CLOG" name ''
	like "$(cat "$L")" '* comm="" code=0 *' || fail "$(cat "$L")"
	rm -f "$L"
	assert_run 0 '' '' "$INIT" --log "$L" --log-format json "$CLOG" name ''
	assertEquals '""' "$(jq 'select(.event == "reap").comm' "$L")"
}

# Bytes that are no UTF-8, and characters that a terminal would obey.
testUnprintableNames() {
	for name in "$(printf '\377\376x')" "$(printf 'a\033[31m')" "$(printf '\302\233x')" "$(printf '\342\200\256x')" \
		"$(printf 'cut\303')" "$(printf '\001\177')"; do
		cp "$PROBE" "$T/$name"
		rm -f "$L"
		assert_run 0 '' '' "$INIT" --log "$L" --log-format json -- "$T/$name" nop
		assertEquals "$(cat "$L")" 3 "$(jq -s length "$L")"
		assertEquals "nothing that is no plain text: $(cat "$L")" 0 \
			"$(tr -d '\n -~' <"$L" | wc -c)"
		logged 0 "$T/$name" nop
		assertEquals "in text: $(cat "$L")" 0 "$(tr -d '\n -~' <"$L" | wc -c)"
	done
}

# A line has its limits; a name is cut between characters.
testLongCommand() {
	for char in a é '"' "$(printf '\001')"; do
		long=$T/$(printf "%0120d" 0 | sed "s/0/$char/g")
		case $char in
		é) long=$T/$(printf "%0100d" 0 | sed "s/0/$char/g") ;;
		esac
		mkdir -p "$long"
		cp "$PROBE" "$long/x"
		cp "$PROBE" "$long/$char$char$char$char$char$char$char"
		for command in "$long/x" "$long/$char$char$char$char$char$char$char" "$long/$(basename "$long")"; do
			[ -e "$command" ] || cp "$PROBE" "$command"
			rm -f "$L"
			assert_run 0 '' '' "$INIT" --log "$L" --log-format json -- "$command" nop
			assertEquals "$(cat "$L")" 3 "$(jq -s length "$L")"
			while read -r line; do
				[ "$(printf '%s\n' "$line" | wc -c)" -le 512 ] || fail "too long: $line"
			done <"$L"
			shown=$(jq -r 'select(.event == "start").command' "$L")
			like "$command" "${shown%\?}*" || [ "$char" != a ] || fail "not its beginning: $shown"
		done
		rm -rf "$long"
	done
}

# ---- JSON

testJsonMembers() {
	rm -f "$L"
	before=$(date +%s)
	# CHLD has the lower number: it would be looked at before a WINCH that still waits.
	assert_run 137 '' '' "$INIT" --log "$L" --log-format json sh -c 'kill -WINCH $PPID
		until grep -q "\"as\"" "$0"; do sleep 0.01; done
		"$PROBE" orphans 1
		until grep -q "\"code\":0,\"core\"" "$0"; do sleep 0.01; done; kill -KILL $$' "$L"
	assertEquals "$(cat "$L")" '["time","uptime","event","pid","command"]
["time","uptime","event","signal","from","comm","code"]
["time","uptime","event","signal","as"]
["time","uptime","event","pid","comm","code","core","utime","stime","maxrss_kb","age"]
["time","uptime","event","pid","comm","signal","core","utime","stime","maxrss_kb","age"]
["time","uptime","event","code"]' "$(jq -c keys_unsorted "$L")"
	assertEquals 'types' 'true' "$(jq -s --argjson before "$before" 'all(
		(.time | . >= $before and . < $before + 100) and .uptime >= 0 and .uptime < 100 and
		([.pid, .code, .utime, .stime, .maxrss_kb, .age, .from] | map(select(. != null)) | all(type == "number")) and
		([.comm, .signal, .event, .command] | map(select(. != null)) | all(type == "string")) and
		(.core | type | . == "boolean" or . == "null"))' "$L")"
	# Its age is init's own time since it has said "start", or more: that was after the fork.
	assertEquals 'age' 'true' "$(jq -s '.[0].uptime as $start | .[] | select(.signal == "KILL") |
		.age >= .uptime - $start - 0.01 and .age < .uptime + 1 and .maxrss_kb > 100' "$L")"
}

# The numbers are rusage's.
testJsonUsage() {
	rm -f "$L"
	assert_run 0 '' '' "$INIT" --log "$L" --log-format json sh -c '
		n=0; until [ $n = 20000 ]; do n=$((n + 1)); done; times >"$0"' "$T/times"
	want=$(head -n 1 "$T/times" | tr 'm' ' ' | awk '{ print $2 + 0 }')
	assertEquals "user time beside $want: $(cat "$L")" true \
		"$(jq "select(.event == \"reap\") | .utime >= $want - 0.02 and .utime < $want + 1" "$L")"
}

# ---- what --log takes

testFileIsAppendedTo() {
	echo before >"$L"
	"$INIT" --log "$L" true
	assertEquals 'before' "$(head -n 1 "$L")"
	assertEquals 4 "$(wc -l <"$L")"
	rm "$L"
	(umask 027 && "$INIT" --log "$L" true)
	assertEquals 640 "$(stat -c %a "$L")"
}

# Of the command's descriptors none is ours, and one that was given is there.
testDescriptorsOfTheCommand() {
	"$PROBE" fds "$T/want" 5</dev/null
	"$INIT" --log "$L" "$PROBE" fds "$T/got" 5</dev/null
	assertEquals "$(cat "$T/want")" "$(cat "$T/got")"
	"$PROBE" fds "$T/want" 5>"$L"
	"$INIT" --log 5 "$PROBE" fds "$T/got" 5>"$L"
	assertEquals "$(cat "$T/want")" "$(cat "$T/got")"
	assertEquals 3 "$(wc -l <"$L")"
	# It is not made another one behind the command's back.
	assertEquals block "$("$INIT" --log 5 "$CLOG" flags 5 5>"$L")"
	assertEquals block "$("$INIT" --log 1 sh -c 'exec "$CLOG" flags 5 5>&1' | sed -n '/^[bn]/p')"
}

# init lets go of what is not its log.
testOnlyTheLogStaysOpen() {
	sanitized && return 0
	background "$INIT" --log 6 "$PROBE" catch 1 5</dev/null 6>"$L" 7</dev/null
	next_line || return
	wait_for "[ ! -e /proc/$bg/fd/5 ] && [ ! -e /proc/$bg/fd/7 ]"
	assertEquals "$L" "$(readlink "/proc/$bg/fd/6")"
	"$PROBE" send "$bg" 15
	next_line
	ended 0
}

testWhatCannotBeLoggedTo() {
	for to in "$T/no/such/directory" "$T"; do
		assert_run 1 '' "init: cannot open $to: *" "$INIT" --log "$to" echo started
		assert_one_line
	done
	mkfifo "$T/unread"
	assert_run 1 '' "init: cannot open $T/unread: * (nobody reads there)" \
		"$INIT" --log "$T/unread" echo started
	assert_one_line
	for fd in 77 2147483647 4294967298 99999999999999999999999; do
		assert_run 1 '' "init: cannot write to descriptor $fd: $EBADF" "$INIT" --log "$fd" echo started
		assert_one_line
	done
	assert_run 1 '' "init: cannot write to descriptor 5: $EBADF" sh -c '"$INIT" --log 5 echo started 5</dev/null'
	assert_run 1 '' "init: cannot write to descriptor 0: $EBADF" sh -c '"$INIT" --log 0 echo started <&-'
}

testFifoWithReader() {
	mkfifo "$T/read-fifo"
	cat "$T/read-fifo" >"$L" &
	reader=$!
	# Not before somebody reads: its end would be one without a reader.
	exec 7>"$T/read-fifo"
	assert_run 0 '' '' "$INIT" --log "$T/read-fifo" true
	exec 7>&-
	wait "$reader"
	assert_events 'start *' 'reap *' 'exit *'
}

testFormats() {
	assert_run 1 '' "init: unknown log format 'xml'
Try 'init --help' for more information." "$INIT" --log "$L" --log-format xml echo started
	assert_run 1 '' "*unknown log format ''*" "$INIT" --log "$L" --log-format '' echo started
	assert_run 0 '' '{"time":*"event":"exit","code":0}' "$INIT" --log-format json true
	assert_run 0 '' 'init\[[0-9]*\] +*exit code=0' "$INIT" --log-format text true
}

# ---- -v

testVerboseIsTextOnStderr() {
	for name in init catatonit podman-init; do
		assert_run 0 '' "$name\[[0-9]*\] +0.[0-9]* start pid=[0-9]* command=true*exit code=0" \
			"$N/$name" -v true
	done
	assert_run 0 '' "tini\[[0-9]*\] +0.[0-9]* start *" "$N/tini" -v true
	assert_run 0 '' '' "$N/tini" true
	rm -f "$L"
	assert_run 0 '' '' "$INIT" -v --log "$L" true
	assert_events 'start *' 'reap *' 'exit *'
}

# dumb RC LINES ARGUMENT...: that dumb-init's lines are these, where PID is the command's.
dumb() {
	dumb_rc=$1 dumb_want=$2
	shift 2
	assert_run "$dumb_rc" '' '*' "$@"
	sed 's/PID [0-9]*/PID N/; s/errno=[0-9]* [^)]*/ERRNO/' "$T/err" >"$T/dumb"
	assertEquals "$dumb_want" "$(cat "$T/dumb")"
}

# In a command: until init waits, and no signal waits for it.
TAKEN='until grep -q "^ShdPnd:.0*$" "/proc/$PPID/status" && grep -q "^State:.S" "/proc/$PPID/status"; do
	sleep 0.01
done'

START='[dumb-init] Unable to detach from controlling tty (ERRNO).
[dumb-init] Unable to attach to controlling tty (ERRNO).
[dumb-init] setsid complete.
[dumb-init] Child spawned with PID N.'

# Programs read these: they are as Debian's 1.2.5 prints them, in one of the orders in which it does.
testDumbInitLines() {
	dumb 3 "$START
[dumb-init] Received signal 17.
[dumb-init] A child with PID N exited with exit status 3.
[dumb-init] Forwarded signal 15 to children.
[dumb-init] Child exited with status 3. Goodbye." "$N/dumb-init" -v sh -c 'exit 3'
	dumb 137 "$START
[dumb-init] Received signal 17.
[dumb-init] A child with PID N was terminated by signal 9.
[dumb-init] Forwarded signal 15 to children.
[dumb-init] Child exited with status 137. Goodbye." "$N/dumb-init" -v "$PROBE" die 9
	dumb 138 "$START
[dumb-init] Received signal 12.
[dumb-init] Translating signal 12 to 10.
[dumb-init] Forwarded signal 10 to children.
[dumb-init] Received signal 17.
[dumb-init] A child with PID N was terminated by signal 10.
[dumb-init] Translating signal 15 to 2.
[dumb-init] Forwarded signal 2 to children.
[dumb-init] Child exited with status 138. Goodbye." \
		"$N/dumb-init" -v -r 12:10 -r 15:2 sh -c 'kill -USR2 $PPID; exec "$PROBE" live'
	dumb 9 "$START
[dumb-init] Received signal 12.
[dumb-init] Translating signal 12 to 0.
[dumb-init] Not forwarding signal 0 to children (ignored).
[dumb-init] Received signal 17.
[dumb-init] A child with PID N exited with exit status 9.
[dumb-init] Forwarded signal 15 to children.
[dumb-init] Child exited with status 9. Goodbye." \
		"$N/dumb-init" --verbose --rewrite 12:0 sh -c "kill -USR2 \$PPID; $TAKEN; exit 9"
}

testDumbInitSingle() {
	end='[dumb-init] Received signal 17.
[dumb-init] A child with PID N exited with exit status 0.
[dumb-init] Forwarded signal 15 to children.
[dumb-init] Child exited with status 0. Goodbye.'
	dumb 0 "[dumb-init] Child spawned with PID N.
$end" "$N/dumb-init" -v -c true
	dumb 0 "[dumb-init] Running in debug mode.
[dumb-init] Not running in setsid mode.
[dumb-init] Child spawned with PID N.
$end" env DUMB_INIT_DEBUG=1 DUMB_INIT_SETSID=0 "$N/dumb-init" true
	dumb 0 "[dumb-init] Running in debug mode.
$START
$end" env DUMB_INIT_DEBUG=1 "$N/dumb-init" true
	assert_run 0 '' '' env DUMB_INIT_DEBUG=yes "$N/dumb-init" true
	# Who asks for another format gets that.
	assert_run 0 '' 'dumb-init\[[0-9]*\] +* start *exit code=0' "$N/dumb-init" -v --log-format text true
	rm -f "$L"
	assert_run 0 '' '' "$N/dumb-init" -v --log "$L" true
	assert_events 'start *' 'reap *' 'exit code=0'
}

# dumb_at TERM-OPTIONS LINES: on a terminal; where its parent's lines and the child's mix is chance.
dumb_at() {
	# shellcheck disable=SC2086 # words
	run "$PROBE" $1 -- "$N/dumb-init" -v sh -c "$TAKEN; kill -9 \$\$"
	tr -d '\r' <"$T/out" | sed 's/PID [0-9]*/PID N/; s/errno=[0-9]* [^)]*/ERRNO/' | sort >"$T/dumb"
	printf '%s\n' "$2" '[dumb-init] setsid complete.' '[dumb-init] Child spawned with PID N.' \
		'[dumb-init] Received signal 17.' '[dumb-init] A child with PID N was terminated by signal 9.' \
		'[dumb-init] Forwarded signal 15 to children.' \
		'[dumb-init] Child exited with status 137. Goodbye.' '[exit 137]' | sort >"$T/want"
	assertEquals "$1" "$(cat "$T/want")" "$(cat "$T/dumb")"
}

testDumbInitTerminal() {
	dumb_at term '[dumb-init] Detached from controlling tty, ignoring the first SIGHUP and SIGCONT we receive.
[dumb-init] Received signal 1.
[dumb-init] Ignoring tty hand-off signal 1.
[dumb-init] Received signal 18.
[dumb-init] Ignoring tty hand-off signal 18.'
	dumb_at pty '[dumb-init] Detached from controlling tty, but was not session leader.
[dumb-init] Unable to attach to controlling tty (ERRNO).'
	dumb_at 'term -n' '[dumb-init] Unable to detach from controlling tty (ERRNO).'
}

# As PID 1 it does not stop itself, though it says so.
testDumbInitSuspends() {
	as_pid1 "$PROBE" with block=18 "$N/dumb-init" -v sh -c 'echo; kill -TSTP 1; exec "$PROBE" await 18'
	next_line && find_inside || return
	wait_state "$(child_of "$inside")" T
	taken "$inside"
	"$PROBE" send "$inside" 18
	ended 0
	sed 's/PID [0-9]*/PID N/; s/errno=[0-9]* [^)]*/ERRNO/' "$T/bg.err" >"$T/dumb"
	assertEquals "$START
[dumb-init] Received signal 20.
[dumb-init] Translating signal 20 to 19.
[dumb-init] Forwarded signal 19 to children.
[dumb-init] Suspending self due to TTY signal.
[dumb-init] Received signal 17.
[dumb-init] Received signal 18.
[dumb-init] Forwarded signal 18 to children.
[dumb-init] Received signal 17.
[dumb-init] A child with PID N exited with exit status 0.
[dumb-init] Forwarded signal 15 to children.
[dumb-init] Child exited with status 0. Goodbye." "$(cat "$T/dumb")"
}

# ---- -w

testWarnReap() {
	for name in $NAMES; do
		assert_run 4 '' "\[WARN  $name (1)\] Reaped zombie process with pid=[0-9]*" \
			in_ns "$N/$name" -w sh -c '"$PROBE" orphans 1
				until [ "$(cat /proc/1/task/1/children)" = "$$ " ]; do sleep 0.01; done; exit 4'
		assert_one_line
	done
	assert_run 4 '' "\[WARN  tini ([0-9]*)\] Reaped zombie process with pid=[0-9]*" "$N/tini" -w sh -c '
		"$PROBE" orphans 1
		until [ "$(cat "/proc/$PPID/task/$PPID/children")" = "$$ " ]; do sleep 0.01; done; exit 4'
	assert_run 0 '' '' env TINI_VERBOSITY=0 "$N/tini" -w sh -c '
		"$PROBE" orphans 1
		until [ "$(cat "/proc/$PPID/task/$PPID/children")" = "$$ " ]; do sleep 0.01; done'
}

# ---- nobody reads

ORPHANS=3000

# While its output is clogged init reaps all of them, and then hands a signal on.
STORM='reaped() { until [ "$(cat "/proc/$PPID/task/$PPID/children")" = "$$ " ]; do sleep 0.01; done; }
	"$PROBE" orphans "$0" || exit 99
	reaped
	echo reaped
	"$PROBE" catch 1
	"$PROBE" orphans 1
	reaped'

# storm KIND FD INIT... -g: the command has waited until all were reaped, with nobody reading, before it
# is read what was written and what is said then.
storm() {
	storm_kind=$1 storm_fd=$2
	shift 2
	clogged "$storm_kind" "$storm_fd" "$@" sh -c "trap : USR1; $STORM" "$ORPHANS"
	next_line && assertEquals reaped "$line" && next_line && assertEquals ready "$line" || return
	unclog || return
	"$PROBE" send "$(child_of "$bg")" 10
	next_line
	assertEquals 'handed on' '10 0 0' "$line"
	ended 0
}

# Each line is there, or counted among the lost. None is torn.
full() {
	storm "$1" 9 "$INIT" --log 9 -g || return
	whole "$T/read" || fail "$1: torn lines"
	written=$(events "$T/read" | grep -vc '^lost')
	gone=$(lost "$T/read")
	assertEquals "$1: written $written, lost $gone" $((ORPHANS + 6)) $((written + gone))
	[ "$gone" -gt 0 ] || fail "$1: nothing was lost, so it was not full"
	events "$T/read" | tail -n 5 >"$T/tail"
	like "$(cat "$T/tail")" 'signal signal=USR1 *
forward signal=USR1 as=USR1
reap * comm=probe code=0 *
reap * comm=sh code=0 *
exit code=0' || fail "the end: $(cat "$T/tail")"
}

testX4FullPipe() { full pipe; }
testX4FullSocket() { full socket; }
testX4FullTerminal() { full tty; }
testX4StoppedTerminal() { full stopped; }

testX4FullTerminalJson() {
	storm tty 9 "$INIT" --log 9 --log-format json -g || return
	assertEquals "$((ORPHANS + 6))" \
		"$(jq -s 'map(if .event == "lost" then .lines else 1 end) | add' "$T/read")"
	assertEquals true "$(jq -s 'any(.event == "lost")' "$T/read")"
}

# On stderr besides: what -v and -w say, together and each by itself.
testX4FullStderr() {
	storm pipe 2 "$INIT" -v -w -g || return
	gone=$(lost "$T/read")
	[ "$gone" -gt 0 ] || fail "$(cat "$T/read")"
	assertEquals "lost $gone" $((2 * ORPHANS + 7)) $(($(grep -vc 'lost lines' "$T/read") + gone))
	for kind in pipe stopped; do
		storm "$kind" 2 "$N/tini" -w -g || return
		gone=$(sed -n 's/^tini\[[0-9]*\]: \([0-9]*\) lines were lost here.*/\1/p' "$T/read")
		assertEquals "$kind: $(tail "$T/read")" $((ORPHANS + 1)) \
			"$((gone + $(grep -c '^\[WARN  tini ([0-9]*)\] Reaped' "$T/read")))"
	done
}

# The command writes there too, and waits: not so init. Each line in one write(2), as echo does it: head
# writes blocks, and a line of the log may come between two, in the middle of what is counted.
testX4CommandIsBlockedThere() {
	for kind in pipe socket tty stopped; do
		clogged "$kind" 9 "$INIT" --log 9 sh -c '
			(n=0; until [ $n = 9000 ]; do n=$((n + 1)); echo "it has much to say"; done >&9) &
			until "$PROBE" orphans 100 && [ "$(cat "/proc/$PPID/task/$PPID/children")" = "$$ " ]; do
				sleep 0.01
			done
			echo reaped; wait; exit 6'
		next_line && assertEquals "$kind" reaped "$line" || return
		unclog
		ended 6
		assertEquals "$kind: all that it said" 9000 "$(tr -d '\r' <"$T/read" | grep -o 'it has much to say' | wc -l)"
	done
}

# A reader that has gone away: init does not end by SIGPIPE, nor hands it on.
testReaderIsGone() {
	mkfifo "$T/gone"
	background sh -c 'exec 9<>"$1"; exec 8>"$1" 9<&-; exec "$2" --log 8 "$PROBE" catch 1' sh "$T/gone" "$INIT"
	next_line || return
	"$PROBE" send "$bg" 12
	next_line
	assertEquals '12 0 0' "$line"
	ended 0
}

# A full disk, and a limit for the size of files, about which the command is told nothing.
testFullDisk() {
	assert_run 5 '' '' "$INIT" --log /dev/full sh -c 'exit 5'
	rm -f "$L"
	background sh -c 'ulimit -f 0; exec "$0" --log "$1" "$PROBE" catch 1' "$INIT" "$L"
	next_line || return
	"$PROBE" send "$bg" 12
	next_line
	assertEquals '12 0 0' "$line"
	ended 0
	assertEquals 0 "$(wc -c <"$L")"
	rm "$L"
}

# ---- without /proc

testWithoutProc() {
	need_root && ! sanitized || return 0
	mkdir "$T/root"
	cp "$BIN/pidbox" "$T/root/init"
	enabled SLEEP || return 0
	run chroot "$T/root" /init --log 2 -- /init --log /log -- /nothing
	assertEquals 127 "$rc"
	events "$T/err" >"$T/events"
	like "$(cat "$T/events")" 'start pid=[0-9]* command=/init
reap pid=[0-9]* code=127 core=false utime=* stime=* maxrss_kb=*[0-9]
exit code=127' || fail "$(cat "$T/err")"
}

# /proc is another namespace's: who has our child's number there is somebody else.
testForeignProc() {
	rm -f "$L"
	# shellcheck disable=SC2086 # words
	run $USERNS unshare --fork --pid --kill-child "$INIT" --log "$L" sh -c 'exit 3'
	assertEquals 3 "$rc"
	assert_events 'start *' 'reap pid=2 code=3 *' 'exit *'
	like "$(cat "$L")" '*age*' && fail "it has the age of somebody else: $(cat "$L")"
	true
}

. "${SHUNIT2:-shunit2}"
