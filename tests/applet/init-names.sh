#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init in the place of tini, docker-init, podman-init, dumb-init, catatonit and pause: after replacing
# the file alone, whoever calls these finds what they parse.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
INIT=$BIN/init
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

TINI='tini tini-static docker-init'

# What -v says, as a pattern.
SAYS=
if enabled INIT_LOG; then SAYS='?*'; fi

# ---- A1: names and options

# However the file came there.
testA1CopyHardLinkSymlink() {
	mkdir -p "$T/places/a b"
	for name in $NAMES; do
		cp "$PIDBOX" "$T/places/$name"
		ln "$T/places/$name" "$T/places/a b/$name"
		assert_run 3 hello '' "$T/places/$name" -- sh -c 'echo hello; exit 3'
		assert_run 3 hello '' "$T/places/a b/$name" -- sh -c 'echo hello; exit 3'
		assert_run 3 hello '' in_ns "$T/places/$name" -- sh -c 'echo hello; exit 3'
		rm -f "$T/places/$name" "$T/places/a b/$name"
		ln -s "$BIN/pidbox" "$T/places/$name"
		assert_run 3 hello '' "$T/places/$name" -- sh -c 'echo hello; exit 3'
		rm "$T/places/$name"
		# By a word, and by argv[0] alone, as a runtime that says what it likes.
		assert_run 3 hello '' "$BIN/pidbox" "$name" -- sh -c 'echo hello; exit 3'
		assert_run 3 hello '' "$PROBE" argv0 "$BIN/pidbox" "/x/$name" -- sh -c 'echo hello; exit 3'
	done
	# The way that dockerd and podman call it.
	assert_run 3 '' '' in_ns "$PROBE" argv0 "$BIN/pidbox" docker-init -- sh -c 'exit 3'
	assert_run 3 '' '' in_ns "$PROBE" argv0 "$BIN/pidbox" /run/podman-init -- sh -c 'exit 3'
}

# The short options of all three, and their long ones, whoever is called.
testA1UnionOfOptions() {
	for name in $NAMES; do
		for options in -s '-p TERM' '-pSIGKILL' -w -g '-e 3' -e3 '-r 15:2' -r15:2 --rewrite=10:0 \
			'--rewrite 10:12' --single-child -c -sg -gs -sw --subreaper --group --warn-reap; do
			want=4
			# shellcheck disable=SC2086 # words
			assert_run $want '' '*' "$N/$name" $options -- sh -c 'exit 4'
		done
		assert_run 0 '' '*' "$N/$name" -swge 4 -p 15 -r 1:2 -- sh -c 'exit 4'
		assert_run 4 '' "$SAYS" "$N/$name" -v -- sh -c 'exit 4'
		assert_run 4 '' "$SAYS" "$N/$name" --verbose -- sh -c 'exit 4'
	done
}

# What an image has as one word of a list: the peers' functions of libc pass over the blank.
testA1BlankBeforeTheArgument() {
	assert_run 0 '' '' "$N/tini" '-e 143' -- "$PROBE" die 15
	assert_run 0 '' '' "$N/tini" -e ' 3' -- sh -c 'exit 3'
	assert_run 130 '' '' in_ns "$N/dumb-init" -c '-r 34:2' -- sh -c 'kill -34 $PPID; exec "$PROBE" live'
	assert_run 1 '' 'tini: *' "$N/tini" -e ' ' -- true
}

# No option of ours makes ambiguous what abbreviates one of theirs.
testA1Abbreviations() {
	for option in --s --single --re=1:2 --rewr=1:2 --he=; do
		want=4
		[ $option != --he= ] || want=1
		assert_run $want '' '*' "$N/dumb-init" $option -- sh -c 'exit 4'
	done
	group='read -r _ _ _ _ group _ </proc/self/stat; [ $group != $$ ]'
	assert_run 0 '' '' "$N/dumb-init" --s sh -c "$group"
}

testA1WrongUse() {
	for name in $NAMES; do
		assert_run 1 '' "$name: *
Try '$name --help' for more information." "$N/$name"
		assert_run 1 '' "$name: *
Try '$name --help' for more information." "$N/$name" --
		for options in -Z --nothing '-e x' -e '-r 1' '-p NOSUCH' -p; do
			# shellcheck disable=SC2086 # words
			assert_run 1 '' "$name: *
Try '$name --help' for more information." "$N/$name" $options
		done
	done
	# As PID 1 they are no system's init either.
	for name in tini dumb-init catatonit; do
		assert_run 1 '' "$name: *" in_ns "$N/$name"
	done
}

# ---- A2, A3: what is printed, and where

testA2HelpStreams() {
	for name in init $TINI; do
		for option in -h --help; do
			assert_run 0 'Usage: *--single-child*' '' "$N/$name" $option
		done
	done
	for name in podman-init dumb-init catatonit; do
		for option in -h --help; do
			assert_run 0 '' 'Usage: *--single-child*' "$N/$name" $option
		done
	done
}

testA2License() {
	for name in $NAMES; do
		for option in -l -L --license; do
			assert_run 0 '?*' '' "$N/$name" $option
		done
	done
}

# dockerd and podman read this: "tini version X", and the commit where it is known.
TINI_VERSION='^tini version [0-9]+\.[0-9]+(\.[0-9]+)?_pidbox( - git\.[^ .]+)?$'

testA3VersionOfTini() {
	for name in $TINI podman-init catatonit; do
		for option in -V --version; do
			run "$N/$name" $option
			assertEquals "$name $option: $err" '0 ' "$rc $err"
			echo "$out" | grep -Eq "$TINI_VERSION" || fail "$name $option: $out"
		done
	done
	for option in -V --version; do
		run "$N/dumb-init" $option
		assertEquals "0 " "$rc $out"
		echo "$err" | grep -Eq '^dumb-init v[0-9]+\.[0-9]+.*_pidbox' || fail "$err"
		assert_run 0 'pidbox *' '' "$N/init" $option
	done
}

# As dockerd's parseInitVersion reads it.
testA3DockerdUnderstands() {
	line=$("$N/docker-init" --version)
	version=${line%% - *}
	case $version in
	'tini version '?*) ;;
	*) fail "unknown output format: $line" ;;
	esac
	case $line in
	*' - '*)
		commit=${line#* - }
		assertEquals git "${commit%%.*}"
		like "${commit#*.}" '*.*' && fail "more than two parts: $commit"
		;;
	esac
	true
}

# The version is for whoever is reading: a full disk is an error.
testA3VersionThatCannotBeWritten() {
	"$N/tini" --version >/dev/full 2>/dev/null
	assertNotEquals 0 $?
}

testA2DefaultMode() {
	place='read -r _ _ _ _ group sid _ </proc/self/stat; [ $group = $$ ] && printf "group "
		[ $sid = $$ ] && printf "session "; echo'
	for name in init $TINI podman-init catatonit; do
		assert_run 0 'group ' '' "$N/$name" -- sh -c "$place"
		assert_run 0 'group ' '' "$N/$name" -g -- sh -c "$place"
		assert_run 0 '' '' "$N/$name" -c -- sh -c "$place"
	done
	assert_run 0 'group session ' '' "$N/dumb-init" sh -c "$place"
	for option in -c --single-child; do
		assert_run 0 '' '' "$N/dumb-init" $option sh -c "$place"
	done
}

# ---- A4: environment

testA4TiniEnvironment() {
	for name in $TINI; do
		assert_run 0 '' '' env TINI_SUBREAPER= "$N/$name" -- true
		# 0 keeps quiet about what -w would say; 3 and more say what happens, -v or not.
		assert_run 0 '' "$SAYS" env TINI_VERBOSITY=3 "$N/$name" -- true
		assert_run 0 '' '' env TINI_VERBOSITY=1 "$N/$name" -v -- true
		assert_run 0 '' '' env TINI_VERBOSITY=0 "$N/$name" -w -- sh -c '(exit 1 &); exec "$PROBE" nop'
		for level in x '' -1 99999999999999999999; do
			assert_run 0 '' '*' env TINI_VERBOSITY="$level" "$N/$name" -- true
		done
	done
	# Only tini's names listen to it.
	for name in init dumb-init catatonit; do
		assert_run 0 '' '' env TINI_VERBOSITY=5 "$N/$name" -- true
	done
}

testA4DumbInitEnvironment() {
	assert_run 0 '' "$SAYS" env DUMB_INIT_DEBUG=1 "$N/dumb-init" true
	for value in 0 '' yes 11; do
		assert_run 0 '' '' env DUMB_INIT_DEBUG="$value" "$N/dumb-init" true
	done
	session='read -r _ _ _ _ _ sid _ </proc/self/stat; [ $sid = $$ ] && echo session'
	assert_run 1 '' '' env DUMB_INIT_SETSID=0 "$N/dumb-init" sh -c "$session"
	for value in 1 '' no 00; do
		assert_run 0 session '' env DUMB_INIT_SETSID="$value" "$N/dumb-init" sh -c "$session"
	done
	assert_run 1 '' '' env DUMB_INIT_SETSID=1 "$N/tini" -- sh -c "$session"
}

testA4CatatonitEnvironment() {
	for name in catatonit podman-init; do
		assert_run 0 '' "$SAYS" env CATATONIT_DEBUG= "$N/$name" true
		assert_run 1 '' "$name: *CATATONIT_LOG*" env CATATONIT_LOG= "$N/$name" true
	done
	assert_run 0 '' '' env CATATONIT_LOG=1 CATATONIT_DEBUG=1 "$N/tini" -- true
}

# ---- what is said meanwhile

# A line for each orphan, none for the command.
testA1WarnReap() {
	for name in init tini dumb-init; do
		assert_run 0 '' "?WARN  $name ([0-9]*)\] Reaped zombie process with pid=[0-9]*" "$N/$name" -w -- \
			sh -c '("$PROBE" nop &); until [ "$(cat "/proc/$PPID/task/$PPID/children")" = "$$ " ]
				do "$PROBE" nop; done'
		assert_one_line
	done
	assert_run 0 '' '' "$N/tini" -w -- sh -c 'exit 0'
	assert_run 0 '' '?WARN  tini (1)\] Reaped zombie process with pid=*' in_ns "$N/tini" -w -- \
		sh -c '("$PROBE" nop &); until [ "$(cat /proc/1/task/1/children)" = "$$ " ]; do "$PROBE" nop; done'
}

# Programs and tests of people read these lines. Those about the terminal differ: there is none here.
testA2DumbInitDebugLines() {
	enabled INIT_LOG || return 0
	background "$N/dumb-init" -v "$PROBE" catch 1
	expect_line ready || return
	command=$(child_of "$bg")
	"$PROBE" send "$bg" 15
	expect_line '15 0 0'
	ended 0
	assertEquals "[dumb-init] Child spawned with PID $command.
[dumb-init] Received signal 15.
[dumb-init] Forwarded signal 15 to children.
[dumb-init] Received signal 17.
[dumb-init] A child with PID $command exited with exit status 0.
[dumb-init] Forwarded signal 15 to children.
[dumb-init] Child exited with status 0. Goodbye." "$(grep -v 'tty\|setsid' "$T/bg.err")"
	assertEquals '[dumb-init] setsid complete.' "$(grep setsid "$T/bg.err")"
	run "$N/dumb-init" -v -c -r 12:0 -r 10:2 "$PROBE" die 9
	like "$err" '*A child with PID [0-9]* was terminated by signal 9.
*Child exited with status 137. Goodbye.' || fail "$err"
}

# ---- A12: pause

testA12Pause() {
	for words in "$N/pause" "$INIT -P" "$N/catatonit -P" "$N/tini --pause"; do
		for sig in 15 2; do
			for ns in background as_pid1; do
				# shellcheck disable=SC2086 # words
				$ns "$PROBE" older 17 alive $words
				next_line && older=$line && find_inside || return
				target=$bg
				[ $ns = background ] || target=$inside
				wait_for '[ "$(cat /proc/$target/comm)" != probe ]' && taken "$target" || return
				# It collects, and no other signal ends it.
				for child in $(children "$target"); do kill -KILL "$child"; done
				wait_for '[ -z "$(children "$target")" ]'
				"$PROBE" send "$target" 1,3,10,12,13,14,18,28,34,64
				taken "$target" || return
				"$PROBE" send "$target" $sig
				ended 0
			done
		done
	done
}

# Its first namespace's processes are collected, thousands as well.
testA12PauseCollects() {
	as_pid1 "$PROBE" older 17 dead "$N/pause"
	next_line && find_inside || return
	wait_for '[ -z "$(children "$inside")" ]'
	inside_ns '"$PROBE" orphans 1000; exec "$PROBE" nop'
	wait_for '[ -z "$(children "$inside")" ]'
	"$PROBE" send "$inside" 15
	ended 0
}

testA12PauseVersionAndHelp() {
	for option in -v -V --version; do
		assert_run 0 'pause [0-9]*_pidbox*' '' "$N/pause" $option
	done
	assert_run 0 'Usage: *' '' "$N/pause" -h
	assert_run 1 '' 'pause: *' "$N/pause" -Z
}

# Not lost before it waits: TERM at any moment ends it, with 0.
testA12PauseStopsAtOnce() {
	for ns in '' in_ns; do
		# shellcheck disable=SC2086 # nothing or a word
		assert_run 0 '' '' $ns "$PROBE" pending 15 "$N/pause"
	done
}

# ---- roles: those of a machine's init

testRoleOfASystem() {
	assert_run 1 '' 'linuxrc: *' "$N/linuxrc"
	assert_one_line
	if ! enabled INIT_SYSTEM; then # else it would boot
		assert_run 1 '' 'linuxrc: *' in_ns "$N/linuxrc" -- true
		assert_one_line
		assert_run 1 '' 'init: *' in_ns "$INIT"
		assert_one_line
		assert_run 1 '' 'init: *' in_ns "$INIT" --
		assert_one_line
	fi
	# -q is of that role, and init's alone.
	for name in tini dumb-init catatonit; do
		run "$N/$name" -q
		assertEquals "$err" 1 "$rc"
		like "$err" "*invalid option -- 'q'*" || fail "$name: $err"
	done
	# Another namespace than the machine's: a command without -- is one.
	assert_run 3 '' '' in_ns "$INIT" sh -c 'exit 3'
}

# ---- traps 16 and 25: what the log can say

# The name of an orphan is there until it is collected, and no longer.
testTrap16NameBeforeCollecting() {
	enabled INIT_LOG || return 0
	cp "$PROBE" "$T/named-orphan"
	for format in text json; do
		run in_ns "$INIT" --log 2 --log-format $format -- sh -c '("$T/named-orphan" nop &)
			until [ "$(cat /proc/1/task/1/children)" = "$$ " ]; do "$PROBE" nop; done; exit 4'
		assertEquals "$err" 4 "$rc"
		case $format in
		text) like "$err" '* reap pid=* comm=named-orphan code=0 *' || fail "$err" ;;
		json) like "$err" '*"event":"reap","pid":*,"comm":"named-orphan","code":0,*' || fail "$err" ;;
		esac
	done
}

# From outside the namespace the sender has no number there: 0. From inside it has one.
testTrap25WhoSentIt() {
	enabled INIT_LOG || return 0
	as_pid1 "$INIT" --log 2 -- "$PROBE" catch 2
	expect_line ready && find_inside || return
	inside_ns '"$PROBE" send 1 10'
	expect_line '10 0 0'
	"$PROBE" send "$inside" 15
	expect_line '15 0 0'
	ended 0
	grep -q ' signal signal=USR1 from=[1-9]' "$T/bg.err" || fail "$(cat "$T/bg.err")"
	grep -q ' signal signal=TERM from=0 ' "$T/bg.err" || fail "$(cat "$T/bg.err")"
}

. "${SHUNIT2:-shunit2}"
