# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests of who hands signals on to a child; to be read after probe.sh. Makes $RELAY (relay.c).

RELAY=$T/relay
if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -o "$RELAY" "$HELPER/relay.c"; then
	echo "$0: cannot compile relay.c: run scripts/setup test" >&2
	exit 1
fi
export RELAY

# All but KILL, STOP and CHLD. CONT takes those back that stop a job, if it finds them: it comes last.
FORWARDED='1 2 3 4 5 6 7 8 10 11 12 13 14 15 16 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37
	38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 18'

# How many tries show that nothing is lost.
COUNT=1000
if sanitized; then COUNT=20; fi

CTRL_C=$(printf '\003') CTRL_Z=$(printf '\032') CTRL_BACKSLASH=$(printf '\034')

# expect_line TEXT: that the process in the background says it next.
expect_line() {
	next_line || return
	assertEquals "line" "$1" "$line"
}

# hands_on CMD...: everything that kill(2) sends to CMD reaches the program, which is added to it, once
# and as it was; a value that was queued as well.
hands_on() {
	background "$@" "$RELAY" until 64
	expect_line ready || return
	for sig in ${FORWARDED% 64*} ${FORWARDED#* 64}; do
		"$PROBE" send "$bg" "$sig"
		expect_line "$sig 0 0" || return
	done
	for sig in 34 63 32 10 15 6 11 28; do
		"$PROBE" send "$bg" "$sig" 4711
		expect_line "$sig -1 4711" || return
	done
	# CHLD is looked at, and no more.
	"$PROBE" send "$bg" 17
	"$PROBE" send "$bg" 12,64
	expect_line '12 0 0'
	expect_line '64 0 0'
	ended 0
}

# hands_on_what_waits CMD...: a queue of signals that was there before CMD comes, in order and with its
# values; none is taken in the child before its exec.
hands_on_what_waits() {
	assert_run 0 'ready
1 0 0
10 -1 7
12 0 0
34 -1 1
34 -1 2
34 -1 3
64 -1 9' '' "$PROBE" pending 12,34:1,34:2,64:9,34:3,1,10:7 "$@" "$RELAY" until 64
}

# loses_none child|pid1 free|held CMD...: TERM reaches the program, whenever it comes from when CMD is
# seen to block it until after the exec, or (held) from when CMD is executed.
loses_none() {
	where=$1 when=$2
	shift 2
	program=live
	[ "$when" != held ] || program='await 15'
	# shellcheck disable=SC2086 # words
	assert_run 0 "$COUNT of $COUNT" '' "$RELAY" tries "$COUNT" "$where" "$when" "$@" "$PROBE" $program
}

# terminal_tells_once itself|not CMD...: what the terminal sends to the whole foreground group the
# program gets from there (SI_KERNEL, 128), and not from CMD again. A second one would not show if it
# came before the first was taken: hence many. "itself": CMD stops by ^Z, for a program that cannot.
terminal_tells_once() {
	stops=$1
	shift
	terminal_command=$*
	set -- ready "$CTRL_C"
	while [ $# -lt 120 ]; do
		set -- "$@" '2 128 0' "$CTRL_BACKSLASH" '3 128 0' "$CTRL_C"
	done
	on_terminal 28 "$@" '2 128 0' @resize
	for _ in 1 2 3 4 5; do
		on_terminal 3 ready @resize '28 128 0' "$CTRL_C" '2 128 0' "$CTRL_BACKSLASH"
		set -- ready "$CTRL_Z" '20 128 0' "$CTRL_C"
		# The CONT that follows takes the TSTP back, if it is still there.
		if [ "$stops" = itself ]; then
			set -- ready "$CTRL_Z" '[stopped]' '' '18 0 0' "$CTRL_C"
		fi
		on_terminal 28 "$@" '2 128 0' @resize
	done
}

# on_terminal LAST [EXPECT TYPE]...
on_terminal() {
	last=$1
	shift
	# shellcheck disable=SC2086 # words
	run "$PROBE" pty "$@" -- $terminal_command "$RELAY" until "$last"
	assertEquals "$terminal_command: $out $err" 0 "$rc"
	like "$out" '*\[exit 0\]*' || fail "$terminal_command: $out"
	twice=$(printf '%s\n' "$out" | grep -E '(^|[^0-9])(2|3|20|28) 0 0')
	assertEquals "$terminal_command: twice" '' "$twice"
}

# Death by a signal is told by death by the same one, as PID 1 by its number.
#
# tells_death CMD...
tells_death() {
	for sig in 15 9 11 2 1 3 13 34 64; do
		assert_run 0 "signal $sig" '' "$PROBE" status "$@" "$PROBE" die "$sig"
		# Also where it was ignored, or blocked.
		for sets in ignore=15,2,1,3,13 block=15,2,1,3,13,17,34,64; do
			assert_run 0 "signal $sig" '' "$PROBE" with $sets "$PROBE" status \
				"$@" "$PROBE" die "$sig"
		done
	done
	for code in 0 1 143 255; do
		assert_run "$code" '' '' "$@" sh -c "exit $code"
	done
}

# stops_and_goes_on CMD...: when the program stops, so does CMD; CONT to CMD continues both, and that
# more than once. A program that ends while both are stopped is not waited for in vain.
stops_and_goes_on() {
	background "$@" "$RELAY" until 64
	expect_line ready && find_program || return
	for _ in 1 2 3; do
		kill -STOP "$program"
		wait_state "$program" T && wait_state "$bg" T || return
		kill -CONT "$bg"
		wait_state "$program" S && wait_state "$bg" S || return
		expect_line '18 0 0' || return
	done
	# STOP to CMD itself is nobody's business; what it had been sent meanwhile is not lost.
	kill -STOP "$bg"
	wait_state "$bg" T
	"$PROBE" send "$program" 12
	wait_state "$program" S
	kill -CONT "$bg"
	wait_state "$bg" S
	kill -STOP "$program"
	wait_state "$bg" T
	kill -KILL "$program"
	wait_state "$program" Z
	kill -CONT "$bg"
	ended 137 2>/dev/null
}

# find_program: the $program of what runs in the background, by its PID here: the last of the chain.
find_program() {
	program=$(children "$bg" | tr -d ' ')
	while next=$(children "$program" | tr -d ' ') && [ -n "$next" ]; do program=$next; done
}

# A stop from the terminal, which CMD gets as well, is no second one after it is over.
#
# stops_once CMD...; QUIT, at last, ends CMD too.
stops_once() {
	terminal_command=$*
	set -- awake "$CTRL_Z"
	while [ $# -lt 200 ]; do
		set -- "$@" '[stopped]' '' awake "$CTRL_Z"
	done
	# shellcheck disable=SC2086 # words
	run "$PROBE" pty "$@" '[stopped]' '' awake "$CTRL_BACKSLASH" -- $terminal_command "$RELAY" awake
	assertEquals "$terminal_command: $err" 0 "$rc"
	assertEquals "$terminal_command" 51 "$(printf '%s\n' "$out" | grep -cF '[stopped]')"
	like "$out" '*\[signal 3\]*' || fail "$terminal_command: $out"
}
