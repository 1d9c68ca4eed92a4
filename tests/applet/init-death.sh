#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init --termination-log: why it ended, for a person who was not there.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by the shells that are started; words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
. "$TOP/tests/applet/helper/clog.sh"

# Built without it there is no such option.
not_there() { assert_run 1 '' "init: unrecognized option '--termination-log'*" "$INIT" --termination-log true; }
enabled INIT_TERMINATION_LOG || suite() { suite_addTest not_there; }
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

D=$T/death
DIES="$INIT --termination-log=$D" # words: there is no blank in $T
S='[0-9]*.[0-9][0-9][0-9] s'
QUIET="No stop signal came."

# assert_death LINE...: patterns of just these lines; what is known of the cgroup is left out.
assert_death() {
	grep -v 'of the cgroup' "$D" >"$T/death.lines"
	for want; do
		read -r is || is='(nothing)'
		like "$is" "$want" || fail "'$is', not '$want'"
	done <"$T/death.lines"
	assertEquals "lines in: $(cat "$D")" $# "$(wc -l <"$T/death.lines")"
	[ "$(wc -c <"$D")" -le 4096 ] || fail "too long: $(wc -c <"$D")"
	rm -f "$D"
}

# ---- how it ended

testExitCode() {
	assert_run 3 '' '' $DIES sh -c 'exit 3'
	assert_death "The command ended with exit status 3 after $S." "$QUIET"
	assert_run 0 '' '' in_ns $DIES true
	assert_death "The command ended with exit status 0 after $S." "$QUIET"
}

testSignal() {
	assert_run 137 '' '' $DIES "$PROBE" die 9
	assert_death "Signal 9 (KILL) ended the command after $S." "$QUIET"
	assert_run 163 '' '' $DIES "$PROBE" die 35
	assert_death "Signal 35 (RTMIN+1) ended the command after $S." "$QUIET"
}

# init's status where it is another one.
testExpectedStatus() {
	assert_run 0 '' '' $DIES -e 143 "$PROBE" die 15
	assert_death "Signal 15 (TERM) ended the command after $S." "$QUIET" 'Exit status: 0.'
}

# ---- who asked for it

testFromOutside() {
	as_pid1 $DIES sh -c 'echo; exec "$PROBE" live'
	next_line && find_inside || return
	"$PROBE" send "$inside" 15
	ended 143
	assert_death "Signal 15 (TERM) ended the command after $S." \
		"Stop signal TERM came after $S from outside of the PID namespace: the container runtime; *ended $S later."
}

# The name, though the sender is gone long before the end.
testFromInside() {
	cp "$PROBE" "$T/assassin"
	assert_run 7 '' '' $DIES sh -c '
		trap "exit 7" TERM
		"$0" send $PPID 15 &
		while :; do sleep 0.01; done' "$T/assassin"
	like "$(cat "$D")" "The command ended with exit status 7 after $S.
Stop signal TERM came after $S from process [1-9]*; the command ended $S later.*" || fail "$(cat "$D")"
	rm -f "$D"
	# It is read when the signal is.
	assert_run 7 '' '' $DIES sh -c '
		trap "exit 7" TERM; kill -TERM $PPID; while :; do sleep 0.01; done'
	assert_death "*" "Stop signal TERM came after $S from process [1-9]* (sh); the command ended $S later."
}

testFromTheTerminal() {
	enabled INIT_LOG || return 0
	# Who gets it first is chance: the command waits for init.
	run "$PROBE" pty ready "$(printf '\003')" -- $DIES -c --log "$T/log" sh -c '
		trap "until grep -q \"signal=INT\" \"\$0\"; do sleep 0.01; done; exit 3" INT
		echo ready; while :; do sleep 0.01; done' "$T/log"
	assert_death "The command ended with exit status 3 after $S." \
		"Stop signal INT came after $S from the terminal; the command ended $S later."
}

# The first counts, and INT and the one of --stop-signal are such, HUP is none.
testStopSignals() {
	assert_run 0 '' '' $DIES sh -c 'trap : HUP TERM; trap got=INT INT; got=
		kill -HUP $PPID; kill -INT $PPID
		until [ "$got" ]; do sleep 0.01; done
		kill -TERM $PPID; exit 0'
	like "$(cat "$D")" "*Stop signal INT came*" || fail "$(cat "$D")"
	assert_run 0 '' '' $DIES --stop-signal QUIT sh -c 'trap "exit 0" QUIT
		kill -QUIT $PPID; while :; do sleep 0.01; done'
	like "$(cat "$D")" "*Stop signal QUIT came*" || fail "$(cat "$D")"
	assert_run 0 '' '' $DIES sh -c 'trap : HUP; kill -HUP $PPID; exit 0'
	assert_death '*' "$QUIET"
}

# ---- what init had to do

testKillAfter() {
	enabled INIT_STOP || return 0
	assert_run 137 '' '' $DIES --kill-after 0.05 sh -c 'trap "" TERM; kill -TERM $PPID; exec "$PROBE" live'
	assert_death "Signal 9 (KILL) ended the command after $S." \
		"Init killed it, 0.050 s after the stop signal." "Stop signal TERM came after $S from process [1-9]* (*); *"
}

# The time is that of the command's end, not of what came after.
testGrace() {
	enabled INIT_STOP || return 0
	assert_run 4 '' '' in_ns $DIES --grace 0.7 sh -c '
		for n in 1 2 3; do
			"$CLOG" orphan sh -c "trap \"\" TERM; echo >\"\$0\"; while :; do sleep 1; done" "$T/stubborn$n"
		done
		until [ -e "$T/stubborn1" ] && [ -e "$T/stubborn2" ] && [ -e "$T/stubborn3" ]; do sleep 0.01; done
		exit 4'
	like "$(cat "$D")" "*
[3-6] processes had to be killed after the grace of 0.700 s." || fail "$(cat "$D")"
	begun=$(uptime_cs)
	assert_run 4 '' '' in_ns $DIES --grace 1.5 sh -c '
		"$CLOG" orphan sh -c "trap \"\" TERM; echo >\"\$0\"; while :; do sleep 1; done" "$T/stubborn4"
		until [ -e "$T/stubborn4" ]; do sleep 0.01; done; exit 4'
	took=$(($(uptime_cs) - begun))
	lived=$(sed -n '1s/.* after \([0-9]*\)\.\([0-9][0-9]\)[0-9] s\./\1\2/p' "$D" | sed 's/^0*//')
	[ "${lived:-0}" -le $((took - 140)) ] || fail "$took hundredths, and it lived for $lived"
	rm -f "$D"
}

# ---- it was never started

testNotStarted() {
	assert_run 127 '' "*failed to execute $T/nothing: $ENOENT" $DIES -- "$T/nothing"
	assert_death "The command was not started: failed to execute $T/nothing: $ENOENT*"
	printf '#!/no/such/shell\n' >"$T/lost"
	chmod +x "$T/lost"
	assert_run 127 '' '*' $DIES "$T/lost"
	assert_death "The command was not started: failed to execute $T/lost: $ENOENT$(hinted "*/no/such/shell*")"
	assert_run 126 '' '*' $DIES "$T"
	assert_death "The command was not started: failed to execute $T: $EACCES*"
	assert_run 1 '' '*' "$N/catatonit" --termination-log="$D" "$T/nothing"
	assert_death "The command was not started: failed to execute $T/nothing: $ENOENT*"
}

testSetupFailed() {
	enabled INIT_USER || return 0
	assert_run 1 '' '*' $DIES --chdir "$T/nothing" -- true
	assert_death "The command was not started: * failed: $ENOENT*"
}

# A long name: the file stays short.
testLongName() {
	long=$(printf '%0250d' 0)
	long=$T/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long
	assert_run 127 '' '*' $DIES "$long"
	assert_death "The command was not started: failed to execute $T/00000*: $ENOENT*"
}

# A name that a terminal would obey.
testUnsafeName() {
	assert_run 127 '' '*' $DIES "$T/$(printf 'a\033[1m\nb')"
	assert_death "The command was not started: failed to execute $T/a?\[1m?b: $ENOENT*"
}

# ---- memory

# Over the mounted cgroups stands a tree in which the number rises while the command runs.
COUNTED='mount --bind "$T/cgroup" /sys/fs/cgroup && exec "$INIT" --termination-log="$T/death" sh -c "
	echo \"oom_kill \$1\" >/sys/fs/cgroup/$0; exit 9" "$@"'

testOomKills() {
	for file in memory.events memory/memory.oom_control; do
		for number in 5 8; do
			mkdir -p "$T/cgroup/memory"
			printf 'oom 2\noom_kill 5\n' >"$T/cgroup/$file"
					run $USERNS unshare --mount sh -c "$COUNTED" "$file" sh "$number"
			assertEquals "$err" 9 "$rc"
			case $number in
			5) want='The kernel killed no process of the cgroup for lack of memory.' ;;
			8) want='Out of memory: the kernel killed 3 processes of the cgroup.' ;;
			esac
			assertEquals "$file: $(cat "$D")" "$want" "$(grep 'of the cgroup' "$D")"
			rm -rf "$D" "$T/cgroup"
		done
	done
	# Where it cannot be known nothing is said.
	mkdir -p "$T/cgroup"
	run $USERNS unshare --mount sh -c "$COUNTED" nothing sh 3
	assertEquals "$err" 9 "$rc"
	assert_death "The command ended with exit status 9 after $S." "$QUIET"
	rm -rf "$T/cgroup"
}

# limited: a cgroup of 16 MiB in $box and what to write there, in either version; else 1.
limited() {
	if [ -e /sys/fs/cgroup/memory/memory.limit_in_bytes ]; then
		box=/sys/fs/cgroup/memory/pidbox-test-$$
		mkdir "$box" && echo 16777216 >"$box/memory.limit_in_bytes" || return
		echo 16777216 >"$box/memory.memsw.limit_in_bytes" || :
	elif grep -qsw memory /sys/fs/cgroup/cgroup.controllers; then
		echo +memory >/sys/fs/cgroup/cgroup.subtree_control &&
			box=/sys/fs/cgroup/pidbox-test-$$ && mkdir "$box" &&
			echo 16777216 >"$box/memory.max" && echo 0 >"$box/memory.swap.max"
	else
		return 1
	fi 2>/dev/null
}

# The kernel does it. Where no cgroup can be made the trees above have to do.
testRealOomKill() {
	[ "$(id -u)" = 0 ] && ! sanitized || return 0
	if limited; then
		run sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$box" $DIES "$CLOG" eat
		assertEquals "$err" 137 "$rc"
		assert_death_of_memory
	fi
	[ -z "${box-}" ] || wait_for 'rmdir "$box" 2>/dev/null || [ ! -e "$box" ]'
}

assert_death_of_memory() {
	like "$(cat "$D")" "Signal 9 (KILL) ended the command after $S.
$QUIET
Out of memory: the kernel killed [1-9]* processes of the cgroup." || fail "$(cat "$D")"
	rm -f "$D"
}

# ---- where to

testDefaultFile() {
	need_root && ! sanitized || return 0
	mkdir -p "$T/root/dev"
	cp "$BIN/pidbox" "$T/root/init"
	run chroot "$T/root" /init --termination-log -- /init -- /nothing
	assertEquals "$err" 127 "$rc"
	like "$(cat "$T/root/dev/termination-log")" "The command ended with exit status 127 after $S.
$QUIET" || fail "$(cat "$T/root/dev/termination-log")"
	rm -r "$T/root"
}

testFileIsReplaced() {
	printf '%04000d\n' 0 >"$D"
	chmod 600 "$D"
	assert_run 0 '' '' $DIES true
	assertEquals 600 "$(stat -c %a "$D")"
	assert_death "The command ended with exit status 0 after $S." "$QUIET"
}

# It cannot be written: one line, and the command's status.
testCannotBeWritten() {
	mkfifo "$T/fifo"
	for file in "$T/no/such" "$T" "$T/fifo" /dev/full; do
		assert_run 5 '' "init\[[0-9]*\]: cannot write $file: *" "$INIT" --termination-log="$file" sh -c 'exit 5'
		assert_one_line
	done
	assert_run 127 '' "*failed to execute*
init\[[0-9]*\]: cannot write $T: $EISDIR" "$INIT" --termination-log="$T" -- "$T/nothing"
}

# Nobody reads the FIFO, nor stderr: init ends all the same.
testX4NobodyReads() {
	mkfifo "$T/nobody"
	exec 7<>"$T/nobody"
	dd if=/dev/zero of="$T/nobody" bs=4096 count=64 oflag=nonblock 2>/dev/null
	for kind in pipe socket tty stopped; do
		clogged "$kind" 2 "$INIT" -w --termination-log="$T/nobody" sh -c '
			"$PROBE" orphans 2000
			until [ "$(cat "/proc/$PPID/task/$PPID/children")" = "$$ " ]; do sleep 0.01; done
			echo $PPID; exit 6'
		next_line || return
		wait_state "$line" dead
		echo >"$T/go"
		ended 6
	done
	exec 7>&-
}

# Without the option nothing is written, read or opened for it.
testOnlyWhenAsked() {
	assert_run 0 '' '' "$INIT" true
	[ ! -e /dev/termination-log ] || fail "there is one"
}

. "${SHUNIT2:-shunit2}"
