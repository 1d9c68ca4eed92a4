# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests that start processes; to be read after lib.sh. Makes $PROBE (probe.c, start.c,
# terminal.c).

PROBE=$T/probe
HELPER=$TOP/tests/applet/helper

# compile FLAG...
compile() {
	"${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -pthread "$@" -o "$PROBE" \
		"$HELPER/probe.c" "$HELPER/start.c" "$HELPER/terminal.c"
}
# Static where there is such a libc: it starts in a third of the time, and in any root.
if ! compile -static 2>/dev/null && ! compile; then
	echo "$0: cannot compile probe.c: run scripts/setup test" >&2
	exit 1
fi
export PROBE

# sanitized: whether the program under test is the build with sanitizers, which needs its libraries,
# /proc, and descriptors and address space of its own.
if grep -q __asan_init "$PIDBOX"; then
	sanitized() { true; }
else
	sanitized() { false; }
fi

# The texts of errors: libraries differ in that of ENOMEM, and a program may be built without them.
# shellcheck disable=SC2034 # used by the tests
if enabled STRERROR; then
	EPERM='Operation not permitted'
	ENOENT='No such file or directory'
	EAGAIN='Resource temporarily unavailable'
	EBADF='Bad file descriptor'
	ENOMEM='*emory'
	EACCES='Permission denied'
	ENOTDIR='Not a directory'
	EISDIR='Is a directory'
	EINVAL='Invalid argument'
	ENOSPC='No space left on device'
else
	EPERM='error 1'
	ENOENT='error 2'
	EAGAIN='error 11'
	EBADF='error 9'
	ENOMEM='error 12'
	EACCES='error 13'
	ENOTDIR='error 20'
	EISDIR='error 21'
	EINVAL='error 22'
	ENOSPC='error 28'
fi

# need_root: in a test, before `|| return 0`.
need_root() {
	[ "$(id -u)" = 0 ] && return
	skip_because "needs root"
	return 1
}

# The same as as_user of lib.sh, as words for `background`.
AS_USER=
if [ "$(id -u)" = 0 ]; then AS_USER='setpriv --reuid 65534 --regid 65534 --clear-groups'; fi
export AS_USER

# assert_prints TEXT CMD...: that it prints just this and nothing on stderr, and ends with 0. Unlike
# for assert_run, the text is no pattern.
assert_prints() {
	want=$1
	shift
	run "$@"
	[ "$rc" = 0 ] && [ "$out" = "$want" ] && [ -z "$err" ] && return
	printf 'command: %s\n' "$*"
	show "status: $rc"
	show "stdout: $out"
	show "   not: $want"
	show "stderr: $err"
	fail "see above"
}

# children PID: its children, in one line.
children() { cat "/proc/$1/task/$1/children"; }

# zombies PID: how many of its children are zombies.
zombies() {
	n=0
	for child in $(children "$1"); do
		[ "$(state "$child")" != Z ] || n=$((n + 1))
	done
	echo "$n"
}

# field NAME [PID]: of /proc/PID/status.
field() { sed -n "s/^$1:[[:space:]]*//p" "/proc/${2:-self}/status"; }

# What tells of the signals of the process that runs it: as a command for the program under test.
SIGNALS='grep -E ^Sig(Blk|Ign|Cgt): /proc/self/status'

# background [block=N,...] [ignore=N,...] CMD...: starts it; $bg is its PID. Its stdout is lines for
# next_line, its stderr goes to $T/bg.err, its stdin is empty. Unlike with a plain &, INT and QUIT are
# not ignored.
background() {
	rm -f "$T/lines" # somebody who is just ending may have it open still
	mkfifo "$T/lines"
	"$PROBE" with "$@" >"$T/lines" 2>"$T/bg.err" &
	bg=$!
	exec 8<"$T/lines"
}

# next_line: reads one into $line; a process that has ended instead is a failure.
next_line() {
	read -r line <&8 && return
	fail "no line; stderr: $(cat "$T/bg.err")"
	return 1
}

# ended RC: waits for the process in the background, which must end so.
ended() {
	wait "$bg"
	assertEquals "exit status" "$1" $?
	exec 8<&-
}

# assert_one_line: what was last `run` has said one line, no less and no more.
assert_one_line() {
	[ "$(wc -l <"$T/err")" = 1 ] || fail "not one line: $err"
}
