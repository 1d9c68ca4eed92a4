#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init as the first process of a container: that it is there for the command and for nobody else.
# "As PID 1" is in a PID namespace that util-linux makes.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

# both RC OUT ERR ARGUMENT...: as PID 1 and not.
both() {
	both_rc=$1 both_out=$2 both_err=$3
	shift 3
	assert_run "$both_rc" "$both_out" "$both_err" "$INIT" "$@"
	assert_run "$both_rc" "$both_out" "$both_err" in_ns "$INIT" "$@"
}

# ---- exit codes

testExitCodeIsTheCommands() {
	for code in 0 1 2 42 126 127 143 255; do
		both "$code" '' '' sh -c "exit $code"
	done
}

testDeathBySignalIs128Plus() {
	for sig in 1 2 3 6 9 11 13 15 34 64; do
		both $((128 + sig)) '' '' "$PROBE" die "$sig"
	done
}

testNoSuchCommand() {
	assert_run 127 '' "init: failed to execute no-such-command: $ENOENT" \
		env PATH=/usr/bin:/bin "$INIT" no-such-command
	both 127 '' "init: failed to execute $T/nothing: $ENOENT" -- "$T/nothing"
	both 127 '' "*failed to execute : $ENOENT" ''
	assert_one_line
}

testNoSuchInterpreter() {
	printf '#!/no/such/shell\n' >"$T/lost"
	chmod +x "$T/lost"
	both 127 '' "init: failed to execute $T/lost: *" "$T/lost"
}

testNotExecutable() {
	echo : >"$T/plain"
	both 126 '' "init: failed to execute $T/plain: $EACCES$(hinted "*")" "$T/plain"
	both 126 '' "init: failed to execute $T: $EACCES$(hinted "*")" "$T"
	both 126 '' "init: failed to execute /dev/null: $EACCES$(hinted "*")" /dev/null
}

testWrongUse() {
	assert_run 1 '' "init: no command
Try 'init --help' for more information." "$INIT"
	assert_run 1 '' "init: no command*" "$INIT" --
	both 1 '' "init: invalid option -- 'Z'
Try 'init --help' for more information." -Z true
	both 1 '' "init: unrecognized option '--nothing'
Try 'init --help' for more information." --nothing
}

# What follows the command is the command's, "--" as well.
testOptionsEndAtTheCommand() {
	both 0 '-V --help --' '' echo -V --help --
	both 0 '-V' '' -- echo -V
	both 0 '--' '' -- echo --
}

testCommandIsFoundInPath() {
	mkdir -p "$T/path" "$T/denied"
	printf '#!/bin/sh\necho found\n' >"$T/path/it"
	chmod +x "$T/path/it"
	echo >"$T/denied/it"
	assert_run 0 found '' env PATH="$T/denied:$PATH:$T/path" "$INIT" it
	# Only where nobody has an executable one is the refusal the reason.
	assert_run 126 '' "*it: $EACCES$(hinted '*')" env PATH="$T/denied:$PATH" "$INIT" it
	assert_run 127 '' "*it: $ENOENT" env PATH=/nowhere "$INIT" it
}

testScriptWithoutInterpreterLine() {
	# shellcheck disable=SC2016 # the script's
	printf 'echo "$0:$#:$1:$2"\nexit 6\n' >"$T/script"
	chmod +x "$T/script"
	both 6 "$T/script:2:a b:" '' "$T/script" 'a b' ''
}

# ---- what the command inherits

# The mask and the ignored signals are those of init's caller, not init's own; nothing is caught.
testSignalSetsAreTheCallers() {
	for sets in '' 'block=10,64' 'ignore=1,13,17,20,21,22' 'block=15,17,34 ignore=2,15'; do
		# shellcheck disable=SC2086 # words
		want=$("$PROBE" with $sets $SIGNALS)
		# shellcheck disable=SC2086
		assert_run 0 "$want" '' "$PROBE" with $sets "$INIT" $SIGNALS
		# shellcheck disable=SC2086
		assert_run 0 "$want" '' in_ns "$PROBE" with $sets "$INIT" $SIGNALS
	done
}

testDescriptorsAreTheCallers() {
	"$PROBE" fds "$T/want" 5</dev/null 7>/dev/null
	"$INIT" "$PROBE" fds "$T/got" 5</dev/null 7>/dev/null
	assertEquals "$(cat "$T/want")" "$(cat "$T/got")"
	in_ns "$INIT" "$PROBE" fds "$T/got" 5</dev/null 7>/dev/null
	assertEquals "$(cat "$T/want")" "$(cat "$T/got")"
}

# Each of the eight ways in which 0 to 2 can be closed: init goes on, and the command sees the same.
testClosedStandardDescriptors() {
	for closed in '' '0<&-' '1>&-' '2>&-' '0<&- 1>&-' '0<&- 2>&-' '1>&- 2>&-' '0<&- 1>&- 2>&-'; do
		eval "\"\$PROBE\" fds \"\$T/want\" $closed"
		eval "\"\$INIT\" sh -c '\"\$PROBE\" fds \"\$0\"; exit 3' \"\$T/got\" $closed"
		assertEquals "status with $closed" 3 $?
		assertEquals "with $closed" "$(cat "$T/want")" "$(cat "$T/got")"
	done
}

testStdinAndDirectoryAndEnvironment() {
	assertEquals text "$(echo text | "$INIT" cat)"
	assertEquals "$T" "$(cd "$T" && "$INIT" pwd)"
	assertEquals "$(env -i A=1 B='' env)" "$(env -i A=1 B='' "$INIT" env)"
}

# ---- reaping

# Many end at the same moment. Whoever is not reaped is a zombie child of PID 1.
testReapsAsPid1() {
	# shellcheck disable=SC2016 # expanded there
	assert_run 4 'none left' '' in_ns "$INIT" sh -c '
		"$PROBE" orphans 3000 || exit 99
		until [ "$(cat /proc/1/task/1/children)" = "$$ " ]; do sleep 0.01; done
		grep -l "^State:.Z" /proc/[0-9]*/status 2>/dev/null
		echo none left; exit 4'
}

testReapsAsSubreaper() {
	# shellcheck disable=SC2016
	assert_run 4 'none left' '' "$INIT" sh -c '
		"$PROBE" orphans 1000 || exit 99
		until [ "$(cat "/proc/$PPID/task/$PPID/children")" = "$$ " ]; do sleep 0.01; done
		echo none left; exit 4'
}

# An orphan's new parent is init, not the caller's reaper.
testOrphanBecomesOurs() {
	mkfifo "$T/orphan" "$T/end"
	# shellcheck disable=SC2016
	background "$INIT" sh -c '
		(sh -c "echo \$\$; exec sleep 1000" &)
		read -r _ <"$0"' "$T/end"
	next_line || return
	orphan=$line
	wait_for "[ \"\$(field PPid $orphan)\" = $bg ]"
	kill -KILL "$orphan"
	wait_state "$orphan" gone
	assertEquals 'only the command is left' 1 "$(children "$bg" | wc -w)"
	echo >"$T/end"
	ended 0
}

# Children that init has not started itself: those of the program that became init.
testReapsOlderChildren() {
	mkfifo "$T/older"
	background sh -c '(exec "$PROBE" await 15) & echo $!; exec "$0" -- sh -c "echo; read -r _ <\"\$0\"" "$1"' \
		"$INIT" "$T/older"
	next_line && child=$line && next_line || return
	assertEquals "$bg" "$(field PPid "$child")"
	kill -KILL "$child"
	wait_state "$child" gone
	echo >"$T/older"
	ended 0
}

# The end of others is not the command's.
testOnlyTheCommandCounts() {
	both 5 '' '' sh -c '(exit 3) & (sleep 0; exit 2) & wait; "$PROBE" orphans 20; exit 5'
}

# ---- signals

# forwarded TARGET: each signal that it is sent reaches `probe catch`, which runs under it.
forwarded() {
	for sig in $FORWARDED; do
		"$PROBE" send "$1" "$sig"
		next_line || return
		assertEquals "signal $sig" "$sig 0 0" "$line"
	done
}

FORWARDED='1 2 3 10 12 13 14 15 16 18 20 23 24 25 26 27 28 29 30
	34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64'
# shellcheck disable=SC2086 # words
FORWARDED_COUNT=$(printf '%s\n' $FORWARDED | wc -l)

testForwards() {
	background "$INIT" "$PROBE" catch "$FORWARDED_COUNT"
	next_line && forwarded "$bg"
	ended 0
}

testForwardsAsPid1() {
	as_pid1 "$INIT" "$PROBE" catch "$FORWARDED_COUNT"
	next_line && find_inside && forwarded "$inside"
	ended 0
}

# From inside its own namespace too, where the kernel drops what PID 1 has no handler for.
testForwardsAsPid1FromInside() {
	as_pid1 "$INIT" "$PROBE" catch 2
	next_line && find_inside || return
	for sig in HUP TERM; do
		inside_ns '[ "$(readlink /proc/self/ns/pid)" != "$TEST_PIDNS" ] && '"kill -$sig 1"
		next_line
		like "$line" '[0-9]* 0 0' || fail "got $line"
	done
	ended 0
}

# A value that comes with a signal stays with it, and so does the order of what is queued.
testForwardsQueuedValues() {
	background "$INIT" "$PROBE" catch 5
	next_line || return
	kill -STOP "$bg"
	wait_state "$bg" T
	for value in 1 2 3; do
		"$PROBE" send "$bg" 34 "$value"
	done
	"$PROBE" send "$bg" 64 4711
	"$PROBE" send "$bg" 10 99
	kill -CONT "$bg"
	# CONT itself comes to the command too, and the lower number first.
	got=$(timeout 10 cat <&8)
	for want in '10 -1 99' '34 -1 1' '34 -1 2' '34 -1 3'; do
		like "$got" "*$want*" || fail "no '$want' in: $got"
	done
	ended 0
}

# What was blocked and pending before init's first instruction.
testPendingSignalReachesTheCommand() {
	both 0 '' '' true
	assert_run 0 '' '' "$PROBE" pending 15 "$INIT" "$PROBE" await 15
	assert_run 0 '' '' "$PROBE" pending 2 "$INIT" "$PROBE" await 2
	assert_run 0 '' '' in_ns "$PROBE" pending 15 "$INIT" "$PROBE" await 15
}

# At whatever moment of its start: TERM is never lost, nor eaten by a half-made child.
testNoSignalIsLostAtTheStart() {
	assert_run 0 '200 of 200' '' "$PROBE" race 200 "$INIT" "$PROBE" await 15
	assert_run 0 '200 of 200' '' in_ns "$PROBE" race 200 "$INIT" "$PROBE" await 15
}

# The command has another user and may not be signalled: that is no reason to end, as it is for tini.
testForeignCommandIsNoReasonToEnd() {
	need_root || return 0
	cp "$(command -v setpriv)" "$T/become"
	chmod u+s "$T/become"
	background setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$INIT" "$T/become" --reuid 0 --regid 0 --clear-groups "$PROBE" catch 1
	next_line || return
	command=$(children "$bg" | tr -d ' ')
	assertEquals 'it is root' '0 0 0 0' "$(field Uid "$command" | tr '\t' ' ')"
	"$PROBE" send "$bg" 15
	wait_for "[ \"\$(field ShdPnd $bg)\" = 0000000000000000 ]"
	wait_state "$bg" S
	"$PROBE" send "$command" 12
	next_line
	assertEquals '12 0 0' "$line"
	ended 0
}

# ---- job control

# A terminal sends ^C to the whole group: init must not send it once more. A second one is seen unless
# it comes before the command has taken the first: hence many.
testTerminalSignalComesOnce() {
	set -- ready "$(printf '\003')"
	while [ $# -lt 160 ]; do
		set -- "$@" '2 128 0' "$(printf '\003')"
	done
	run "$PROBE" pty "$@" '2 128 0' "$(printf '\034')" -- "$INIT" "$PROBE" catch $(($# / 2 + 1))
	assertEquals "$err" 0 "$rc"
	like "$out" '*3 128 0*\[exit 0\]*' || fail "$out"
	like "$out" '*2 0 0*' && fail "twice: $out"
	true
}

# ^Z stops init with its command, the shell notices, and both go on.
testStopOnATerminal() {
	assert_run 0 '*ready*\[stopped\]*\[exit 5\]*' '' "$PROBE" pty ready "$(printf '\032')" \
		'[stopped]' 'go
' -- "$INIT" sh -c 'echo ready; read -r line; test "$line" = go && exit 5'
}

testStopAndContinue() {
	background block=15 "$INIT" sh -c 'echo $$; exec "$PROBE" await 15'
	next_line || return
	command=$line
	kill -STOP "$command"
	wait_state "$command" T
	wait_state "$bg" T
	kill -CONT "$bg"
	wait_for "[ \$(state $command) != T ] && [ \$(state $bg) != T ]"
	kill -TERM "$bg"
	ended 0
}

# PID 1 cannot stop; it has still to reap and to hand on.
testStoppedCommandOfPid1() {
	as_pid1 "$PROBE" with block=15 "$INIT" sh -c 'echo; exec "$PROBE" await 15'
	next_line && find_inside || return
	command=$(children "$inside" | tr -d ' ')
	kill -STOP "$command"
	wait_state "$command" T
	assertNotEquals T "$(state "$inside")"
	kill -TERM "$inside" # is followed by CONT
	ended 0
}

# ---- names

testAliasesRunACommand() {
	for name in tini tini-static docker-init dumb-init catatonit podman-init; do
		ln -sf "$BIN/pidbox" "$T/$name"
		assert_run 3 hello '' "$T/$name" -- sh -c 'echo hello; exit 3'
	done
}

testSystemRole() {
	ln -sf "$BIN/pidbox" "$T/linuxrc"
	assert_run 1 '' "linuxrc: *inittab*" "$T/linuxrc"
	assert_one_line
	enabled INIT_SYSTEM && return # it would boot
	assert_run 1 '' "init: *inittab*" in_ns "$INIT"
	assert_one_line
}

tearDown() {
	rm -f "$T/orphan" "$T/end" "$T/older"
}

. "${SHUNIT2:-shunit2}"
