#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps: what its words do to what is printed: widths, headers, formats, personalities, errors. What each word
# means is tests/core/ps_parse.c's.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/procps.sh"

ps=$BIN/ps

# A process with a long command line, in a session of its own.
oneTimeSetUp() {
	long=$(printf '%0200d' 7 | tr 0 x)
	# shellcheck disable=SC2016 # expanded by that shell
	setsid sh -c 'kill -STOP $$; : "$@"' sh "$long" &
	long_pid=$!
	wait_state "$long_pid" T
}

oneTimeTearDown() {
	[ -n "${long_pid-}" ] || return 0
	kill -KILL "$long_pid"
	wait "$long_pid" 2>/dev/null
	long_pid=
	return 0
}

# as_procps WORD...: the same output and status for a process that stands still.
as_procps() {
	run "$procps" "$@"
	theirs=$out their_rc=$rc
	run "$ps" "$@"
	assertEquals "status of: $*" "$their_rc" "$rc"
	assertEquals "ps $*" "$theirs" "$out"
}

testWidths() {
	for words in '' -w -ww w ww '--cols 60' '--cols=20' '--width 100 -w' '--columns 200 w' '--cols 20 -f' \
		'--cols 33 u' '--cols 10' '--cols 1'; do
		# shellcheck disable=SC2086 # words
		as_procps -p "$long_pid" $words
		for columns in 50 20 132 131071 131072 0 x; do
			# shellcheck disable=SC2086 # words
			COLUMNS=$columns as_procps -p "$long_pid" $words
		done
	done
}

# Where the next screen's width begins to count.
testEveryWidth() {
	for columns in $(seq 1 70) 131 132 133; do
		as_procps -p "$long_pid" -f --cols "$columns"
		as_procps -p "$long_pid" -w --cols "$columns"
		as_procps -p "$long_pid" -o args --cols "$columns"
		as_procps -p "$long_pid" -o pid,args --cols "$columns"
	done
}

testHeaders() {
	as_procps -p "$long_pid" --no-headers
	as_procps -p "$long_pid" h
	as_procps -p "$long_pid" -o pid=,comm=
	as_procps -p "$long_pid" -o pid=Number,comm=
	as_procps -p "$long_pid" -o pid:12=Number,comm:3
	as_procps -p "$long_pid" -o pid:2
	as_procps -p "$long_pid" -o comm:4,pid,args:10,ppid
	as_procps -p 4194304
	as_procps -p 4194304 --no-headers
	# Twenty of our own, who do not go away meanwhile.
	sleepers=
	while [ "$(echo "$sleepers" | wc -w)" -lt 20 ]; do
		sleep 1000 &
		sleepers="$sleepers $!"
	done
	list=$(echo "$sleepers" | xargs | tr ' ' ,)
	for words in --headers --heading '--headers --lines 5' '--rows 2 --headers' '--rows 1 --headers'; do
		# shellcheck disable=SC2086 # words
		as_procps -o pid,ppid -p "$list" $words
		# shellcheck disable=SC2086 # words
		LINES=7 as_procps -o pid,ppid -p "$list" $words
	done
	# shellcheck disable=SC2086 # they are words
	kill -KILL $sleepers
	# shellcheck disable=SC2086
	wait $sleepers 2>/dev/null || :
}

testDelimiter() {
	assert_run 0 "PID;COMMAND
$long_pid;sh" '' "$ps" --delimiter ';' -o pid,comm -p "$long_pid"
	assert_run 1 '' "ps: delimiter must be a single character: 'ab'" "$ps" --delimiter ab
}

testEnvironment() {
	PS_FORMAT=pid,comm as_procps -p "$long_pid"
	PS_FORMAT=pid,comm as_procps -f -p "$long_pid"
	PS_FORMAT=pid,comm as_procps -o ppid -p "$long_pid"
	PS_FORMAT='' as_procps -p "$long_pid"
	for person in bsd linux old hp svr4 BSD unix98; do
		PS_PERSONALITY=$person as_procps -p "$long_pid"
		PS_PERSONALITY=$person as_procps p "$long_pid" u
		CMD_ENV=$person as_procps p "$long_pid" h
	done
	PS_PERSONALITY=hp as_procps -x -p "$long_pid" --cols 60
	PS_PERSONALITY=svr4 CMD_ENV=hp as_procps -lx -p "$long_pid"
	I_WANT_A_BROKEN_PS=1 as_procps -h p "$long_pid"
	PS_PERSONALITY=nosuch as_procps -p "$long_pid"
	PS_PERSONALITY=busybox assert_run 0 'PID   USER     TIME  COMMAND
*' '' "$ps"
}

# busybox's table: headers to the left, TIME without hours in 5 cells, and everybody in it.
testBusybox() {
	export PS_PERSONALITY=busybox
	assert_run 0 "PID   USER     TIME  COMMAND
$(printf '%5d' "$long_pid") root      0:00 sh -c *" '' "$ps" -p "$long_pid"
	cp -r "$TOP/tests/proc/host-with-containers" "$T/recorded"
	assertEquals everybody "$("$ps" --proc "$T/recorded" -e | wc -l)" "$(as_user "$ps" --proc "$T/recorded" | wc -l)"
	# what is asked for is procps's
	as_procps -o pid,bsdtime,user -p "$long_pid"
	as_procps -f -p "$long_pid"
	unset PS_PERSONALITY
}

# A PS_FORMAT that makes no sense is said and passed over.
testWrongFormatOfTheEnvironment() {
	PS_FORMAT=nosuch assert_run 0 '  PID TTY          TIME CMD
*' "ps: warning: \$PS_FORMAT ignored. (unknown user-defined format specifier \"nosuch\")" "$ps" -p "$long_pid"
	PS_FORMAT=pid,, assert_run 0 '  PID TTY          TIME CMD
*' "ps: warning: \$PS_FORMAT ignored. (improper format list)" "$ps" -p "$long_pid"
	PS_FORMAT=nosuch assert_run 0 '*' '' "$ps" -f -p "$long_pid"
}

# AIX's descriptors: the blanks between them are what stands there, and the last is not the last.
testAix() {
	for format in %C %G %P %U %a %c %g %n %p %r %u %x %y %z '%p %a' '%p   %U' '%p%c%a' ' %c' '%p ' '%a %p' \
		'%y %x %z'; do
		as_procps -p "$long_pid" -o "$format"
		as_procps -p "$long_pid" -o "$format" -o pid
	done
}

# A header is somebody's text, too; its width counts in cells.
testHeadersAreSafe() {
	# glibc, which the sanitizers need, knows no widths without a locale.
	if grep -q __asan_init "$PIDBOX"; then return 0; fi
	LC_ALL=C.UTF-8 assert_run 0 "$(printf '?[31m \346\227\245\346\234\254 PID\n%5d %4d %3d' \
		"$long_pid" "$long_pid" "$long_pid" | sed 's/\[/\\[/')" '' "$ps" -p "$long_pid" \
		-o "pid:5=$(printf '\033')[31m" -o "pid:4=$(printf '\346\227\245\346\234\254')" -o pid:3
}

# A screen without room is said, as procps does.
testBogusScreen() {
	for columns in 1 8; do
		COLUMNS=$columns assert_run 0 '*' "ps: your ${columns}x24 screen size is bogus. expect trouble" \
			"$ps" -p "$long_pid"
	done
	COLUMNS=9 assert_run 0 '*' '' "$ps" -p "$long_pid"
}

# Words that procps reads in its second attempt.
testSecondAttempt() {
	as_procps -o pid,tty p "$long_pid" -x
	as_procps -u -p "$long_pid"
	as_procps -f -o pid -p "$long_pid"
	run "$ps" -aux
	assertEquals 0 "$rc"
	assertTrue "$(head -n 1 "$T/out")" 'like "$(head -n 1 "$T/out")" "USER *%CPU*COMMAND"'
}

# An error is one line that says what is wrong with which word; for a wrong option a hint follows.
testErrors() {
	hint="
Try 'ps --help' for more information."
	assert_run 1 '' "ps: unsupported SysV option: 'B'$hint" "$ps" -B
	assert_run 1 '' "ps: unsupported option (BSD syntax): 'A'$hint" "$ps" A
	assert_run 1 '' "ps: unknown gnu long option: '--no-such'$hint" "$ps" --no-such
	assert_run 1 '' "ps: garbage option: '--'$hint" "$ps" -- 1
	assert_run 1 '' "ps: list of process IDs must follow -p$hint" "$ps" -p
	assert_run 1 '' "ps: list of users must follow --user$hint" "$ps" --user=
	assert_run 1 '' "ps: List of process IDs must follow -q.$hint" "$ps" -q
	assert_run 1 '' "ps: long sort specification must follow 'k'$hint" "$ps" k
	assert_run 1 '' "ps: option --forest does not take an argument$hint" "$ps" --forest=1
	assert_run 1 '' "ps: option --no-heading does not take an argument$hint" "$ps" --no-headers=x
	for width in --cols --cols= --width=x --columns=-1; do
		assert_run 1 '' "ps: number of columns must follow --cols, --width, or --columns*" "$ps" "$width"
	done
	assert_run 1 '' "ps: number of rows must follow --rows or --lines*" "$ps" --lines
	assert_run 1 '' "ps: process ID list syntax error: '1,2'" "$ps" 1,2
	assert_run 1 '' "ps: process ID list syntax error: 'x'" "$ps" -p x
	assert_run 1 '' "ps: process ID out of range: '0'" "$ps" -p 0
	assert_run 1 '' "ps: improper list: '1,,2'" "$ps" -p 1,,2
	assert_run 1 '' "ps: user name does not exist: 'nosuch'" "$ps" -u nosuch
	assert_run 1 '' "ps: group name does not exist: 'nosuch'" "$ps" -G nosuch
	assert_run 1 '' 'ps: unknown user-defined format specifier "x"' "$ps" -o x
	assert_run 1 '' "ps: unknown sort specifier: 'x'" "$ps" --sort x
	assert_run 1 '' 'ps: thread display conflicts with forest display' "$ps" f -L
	assert_run 1 '' 'ps: process selection options conflict' "$ps" -a g
	assert_run 1 '' "ps: only one heading option may be specified: '--no-headers'" \
		"$ps" --headers --no-headers
	# a foreign byte reaches no terminal
	assert_run 1 '' "ps: unknown user-defined format specifier \"?\[2J\"" "$ps" -o "$(printf '\033')[2J"
}

testPrints() {
	assert_run 0 'Usage: ps *' '' "$ps" --help
	assert_run 0 'Usage: ps *' '' "$ps" --help all
	assert_run 0 'pidbox *' '' "$ps" --version
	assert_run 0 'pidbox *' '' "$ps" V
	assert_run 1 '' "ps: the option is exclusive: 'aL'*" "$ps" aL
	run "$ps" L
	assertEquals 0 "$rc"
	assertTrue 'pid among them' 'grep -q "^pid  *PID  *$" "$T/out"'
	# each name can be asked for
	awk '{ print $1 }' "$T/out" >"$T/names"
	xargs -n 40 <"$T/names" | tr ' ' , >"$T/lists"
	while read -r list; do
		assert_run 0 '*' '*' "$ps" -o "$list" -p "$long_pid"
	done <"$T/lists"
	run "$ps" L >/dev/full
	run sh -c '"$1" L >/dev/full' sh "$ps"
	assertEquals 1 "$rc"
}

. "${SHUNIT2:-shunit2}"
