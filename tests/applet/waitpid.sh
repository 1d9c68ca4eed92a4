#!/bin/sh
# SPDX-License-Identifier: 0BSD
# waitpid: util-linux's of 2.39 and later, which is not installed here: what it does is written out.
# Signals go to single processes that the test has made.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"
need strace strace
waitpid=$BIN/waitpid
PS=$BIN/ps
none=4194304 # PID_MAX_LIMIT: the first number that no process can have

if ! "${HOSTCC:-cc}" -O1 -D_GNU_SOURCE -o "$T/check-scene" "$TOP/tests/applet/helper/check-scene.c"; then
	echo "$0: cannot compile check-scene.c: run scripts/setup test" >&2
	exit 1
fi

tearDown() { stop_all; }

# zombies: two that their parent does not wait for, $one and $two; a shell would.
zombies() {
	until=ready start "$T/check-scene" zombies 2 ended || return
	# shellcheck disable=SC2046 # they are words
	set -- $(cat "/proc/$pid/task/$pid/children")
	one=$1 two=$2
}

# sleeper: $pid sleeps.
sleeper() {
	sleep 1000 &
	pid=$!
	running="$pid $running"
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	wait_state "$pid" S
}

# in_wait PID: until it waits.
in_wait() { wait_for "grep -q poll /proc/$1/wchan 2>/dev/null || [ \"\$(state $1)\" = S ]"; }

# waiter ARG...: in the background, when it waits; $waiter.
waiter() {
	"$waitpid" "$@" </dev/null >"$T/waited" 2>"$T/waited.err" &
	waiter=$!
	wait_for "[ \"\$(cat /proc/$waiter/comm)\" = waitpid ]"
	in_wait "$waiter"
}

# assert_waited RC OUT ERR: how that ended.
assert_waited() {
	wait "$waiter"
	assertEquals "$1 $2 $3" "$? $(cat "$T/waited") $(cat "$T/waited.err")"
}

inode_of() { "$SCENE" pidino "$1"; }
has_inodes() {
	[ "$(inode_of $$)" != - ] && return
	skip_because 'this kernel has no inodes of pidfds'
	return 1
}

# ---- one, many

testOne() {
	sleeper
	waiter "$pid"
	kill -KILL "$pid"
	assert_waited 0 '' ''
}

# Not its child, not even a relative.
testVerbose() {
	sleeper
	waiter -v "$pid"
	kill -KILL "$pid"
	assert_waited 0 "PID $pid finished" ''
	sleeper
	waiter --verbose "$pid"
	kill -KILL "$pid"
	assert_waited 0 "PID $pid finished" ''
}

testAll() {
	sleeper
	one=$pid
	sleeper
	waiter --verbose "$one" "$pid"
	kill -KILL "$one"
	wait_for "[ -s '$T/waited' ]"
	assertEquals "PID $one finished" "$(cat "$T/waited")"
	[ "$(state "$waiter")" != gone ] || fail 'it has not waited for the other'
	kill -KILL "$pid"
	assert_waited 0 "PID $one finished
PID $pid finished" ''
}

testCount() {
	sleeper
	one=$pid
	sleeper
	waiter --count 1 -v "$one" "$pid"
	kill -KILL "$pid"
	assert_waited 0 "PID $pid finished" ''
	assertEquals S "$(state "$one")"
	sleeper
	waiter -c2 -v "$one" "$pid"
	kill -KILL "$pid"
	wait_for "[ -s '$T/waited' ]"
	kill -KILL "$one"
	assert_waited 0 "PID $pid finished
PID $one finished" ''
	sleeper
	assert_run 1 '' "waitpid: can't wait for 2 of 1 PIDs" "$waitpid" -c 2 "$pid"
}

# More have ended than it was to wait for: it says no more than that.
testCountIsExact() {
	zombies
	assert_run 0 "PID $one finished" '' "$waitpid" -vc 1 "$one" "$two"
	assert_run 0 "PID $one finished
PID $two finished
PID $two finished" '' "$waitpid" -v "$one" "$two" "$two"
}

# All its threads must have.
testThreads() {
	"${HOSTCC:-cc}" -O1 -D_GNU_SOURCE -pthread -o "$T/odd" "$TOP/tests/applet/helper/odd.c"
	"$T/odd" leader leader >/dev/null 2>&1 &
	pid=$!
	running="$pid $running"
	wait_state "$pid" Z
	assert_run 3 '' '' "$waitpid" -t 0 "$pid"
	waiter -v "$pid"
	kill -KILL "$pid"
	assert_waited 0 "PID $pid finished" ''
}

# ---- time

testTimeout() {
	sleeper
	before=$(uptime_cs)
	assert_run 3 '' '' "$waitpid" --timeout 0.3 "$pid"
	[ $(($(uptime_cs) - before)) -ge 30 ] || fail 'too early'
	assert_run 3 'Timeout expired' '' "$waitpid" -vt 0.01 "$pid"
	assert_run 3 'Timeout expired' '' "$waitpid" -v -t0.01s "$pid"
	assert_run 3 '' '' "$waitpid" -t 0 "$pid"
	waiter -t 1h "$pid"
	kill -KILL "$pid"
	assert_waited 0 '' ''
	# It has ended already: as long as nobody has waited for it, that may be known.
	zombies
	assert_run 0 '' '' "$waitpid" -t 0 "$one"
}

testNotBusy() {
	sleeper
	strace -o "$T/trace" "$waitpid" -t 0.5 "$pid"
	[ "$(grep -c 'poll(' "$T/trace")" -le 4 ] || fail "$(cat "$T/trace")"
	assertEquals '' "$(grep -E 'nanosleep|kill' "$T/trace")"
}

# ---- who has ended before

testExited() {
	assert_run 1 '' "waitpid: could not open pid $none: $(reason 'No such process' 3)" "$waitpid" "$none"
	assert_run 1 '' "waitpid: could not open pid $none: $(reason 'No such process' 3)" "$waitpid" -v $$ "$none"
	assert_run 0 '' "waitpid: PID $none has exited, skipping" "$waitpid" -e "$none"
	sleeper
	waiter --exited -v "$none" "$pid"
	kill -KILL "$pid"
	assert_waited 0 "PID $pid finished" "waitpid: PID $none has exited, skipping"
}

# ---- PID:INODE, PID@REF

testInode() {
	has_inodes || return 0
	sleeper
	name=$pid:$(inode_of "$pid")
	waiter -v "$name"
	kill -KILL "$pid"
	assert_waited 0 "PID $name finished" ''
	sleeper
	assert_run 1 '' "waitpid: could not open pid $pid:1: $(reason 'No such process' 3)" "$waitpid" "$pid:1"
	assert_run 0 '' "waitpid: PID $pid:1 has exited, skipping" "$waitpid" -e "$pid:1"
	assert_run 1 '' "waitpid: could not open pid $none:1: $(reason 'No such process' 3)" "$waitpid" "$none:1"
}

testRef() {
	enabled PID_REF || return 0
	new='unshare --pid --fork --kill-child'
	[ "$(id -u)" = 0 ] || new='unshare --user --map-root-user --pid --fork --kill-child'
	# shellcheck disable=SC2086 # they are words
	until=ready start $new sh -c 'sleep 1000 & echo ready; wait; sleep 1000; :' || return
	first=$(first_child "$pid")
	inside=$(first_child "$first")
	waiter -v "2@$first"
	kill -KILL "$inside"
	assert_waited 0 "PID 2@$first finished" ''
	assert_run 1 '' 'waitpid: *99@*' "$waitpid" "99@$first"
	assert_run 0 '' "waitpid: PID 99@$first has exited, skipping" "$waitpid" -e "99@$first"
	[ "$(id -u)" != 0 ] || assert_run 1 '' "waitpid: '1@$first': its PID namespace may not be read (try as root)" \
		as_user "$waitpid" "1@$first"
}

testNoProc() {
	[ -z "${ASAN_OPTIONS:-}" ] || return 0 # its runtime wants a /proc, and says so
	need_root || return 0
	sleeper
	# shellcheck disable=SC2016 # expanded by that shell
	assert_run 3 '' '' unshare --mount sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$waitpid" -t 0 "$pid"
	! enabled PID_REF ||
		assert_run 1 '' "waitpid: '1@1': no /proc here to look that up; the cure is: mount -t proc proc /proc" \
			unshare --mount sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$waitpid" 1@1
}

testNoPidfds() {
	sleeper
	assert_run 2 '' "waitpid: could not open pid $pid: $(reason 'Function not implemented' 38)" \
		strace -o /dev/null -e trace=pidfd_open -e inject=pidfd_open:error=ENOSYS "$waitpid" "$pid"
}

# ---- misuse

testMisuse() {
	for words in '' '-t x 1' '-t -1 1' '-c 0 1' '-c x 1' '-c -1 1' '-e -c 1 1' '--count 1 --exited 1' '-Y' '-t'; do
		# shellcheck disable=SC2086 # they are words
		assert_run 1 '' "waitpid: *
Try 'waitpid --help' for more information." "$waitpid" $words
	done
	for word in x 0 1x 1:x : :1 1: 99999999999 @1 1@; do
		assert_run 1 '' "waitpid: *" "$waitpid" "$word"
	done
	assert_run 1 '' "waitpid: '-1': *" "$waitpid" -- -1
}

testLostOutput() {
	zombies
	"$waitpid" -v "$one" >/dev/full 2>"$T/err"
	rc=$?
	assertEquals "1 waitpid: write error: $(reason 'No space left on device' 28)" "$rc $(cat "$T/err")"
}

# So many that there are no more descriptors.
testTooMany() {
	sleeper
	# shellcheck disable=SC2016 # expanded by that shell
	run sh -c 'ulimit -n 20; pid=$1; shift; i=0; while [ $((i += 1)) -lt 30 ]; do set -- "$@" "$pid"; done
		exec "$@"' sh "$pid" "$waitpid" -t 0
	like "$rc $err" "1 waitpid: could not open pid $pid: *" || fail "$rc $err"
}

testMany() {
	sleeper
	# shellcheck disable=SC2046 # they are words
	assert_run 3 '' '' "$waitpid" -t 0 $(for i in 1 2 3 4 5 6 7 8 9 10; do
		for j in 1 2 3 4 5 6 7 8 9 10; do echo "$pid"; done
	done)
}

. "${SHUNIT2:-shunit2}"
