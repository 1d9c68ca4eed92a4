#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# init: a signal that comes while it starts reaches the command, in whatever mode, as PID 1 and not.
# tini -g, dumb-init and catatonit -g lose nearly all of these.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
INIT=$BIN/init
need strace strace
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

COUNT=1000
if sanitized; then COUNT=20; fi

# lossless child|pid1 pending|later INIT...: all of them. In a namespace: what is lost dies with it.
lossless() {
	where=$1 when=$2
	shift 2
	command=live
	[ "$when" != pending ] || command='await 15'
	# shellcheck disable=SC2086 # words
	assert_run 0 "$COUNT of $COUNT" '' in_ns "$PROBE" starts "$COUNT" "$where" "$when" "$@" \
		"$PROBE" $command
}

# TERM at moments that lie 1.5 us apart, from when init is seen to block it until long after the exec.

testX1TermLaterChild() { lossless child later "$INIT" --; }
testX1TermLaterPid1() { lossless pid1 later "$INIT" --; }
testX1TermLaterGroupChild() { lossless child later "$INIT" -g; }
testX1TermLaterGroupPid1() { lossless pid1 later "$INIT" -g; }
testX1TermLaterSessionChild() { lossless child later "$N/dumb-init"; }
testX1TermLaterSessionPid1() { lossless pid1 later "$N/dumb-init"; }

# TERM that was there before init was executed.

testX1TermPendingChild() { lossless child pending "$INIT" --; }
testX1TermPendingPid1() { lossless pid1 pending "$INIT" --; }
testX1TermPendingGroupChild() { lossless child pending "$INIT" -g; }
testX1TermPendingGroupPid1() { lossless pid1 pending "$INIT" -g; }
testX1TermPendingSessionChild() { lossless child pending "$N/dumb-init"; }
testX1TermPendingSessionPid1() { lossless pid1 pending "$N/dumb-init"; }

# The other names and -c, in brief.
testTrap01EveryPersonality() {
	COUNT=$((COUNT / 25 + 2))
	for name in tini catatonit podman-init; do
		lossless pid1 pending "$N/$name" -g --
		lossless pid1 later "$N/$name" -g --
		lossless child later "$N/$name"
	done
	lossless pid1 later "$N/dumb-init" -c
	lossless child pending "$N/dumb-init" -c
}

# Nor does init eat a signal in the child before its exec, by handlers of its own that fork(2) copies:
# a whole queue of them comes, in order and with its values.
testTrap02NoHandlerInTheChild() {
	want='ready
1 0 0
10 -1 7
12 0 0
34 -1 1
34 -1 2
34 -1 3
64 -1 9'
	for mode in "$INIT --" "$INIT -g" "$N/dumb-init"; do
		for ns in '' in_ns; do
			# shellcheck disable=SC2086 # words
			assert_run 0 "$want" '' $ns "$PROBE" pending 12,34:1,34:2,64:9,34:3,1,10:7 $mode \
				"$PROBE" catch 7
		done
	done
}

# PID 1 loses what comes before it blocks signals: so that is what it does first, even before it looks
# at its arguments, and all 64 of them. The calls before are libc's, to start a static program.
testTrap03FirstCallBlocksAll() {
	sanitized && return 0
	for name in $NAMES; do
		run strace -o "$T/trace" "$N/$name" --help
		assertEquals "$name: $(cat "$T/trace")" rt_sigprocmask \
			"$(grep -Ev '^(execve|arch_prctl|set_tid_address|brk|mprotect|set_tls)\(' "$T/trace" |
				sed 's/(.*//; q')"
		like "$(grep '^rt_sigprocmask' "$T/trace" | head -n 1)" '*, ~\[\], *, 8)*' ||
			fail "not the whole set: $(grep '^rt_sigprocmask' "$T/trace")"
	done
}

# A command that ends at once, before init looks: its SIGCHLD is not missed.
testTrap05CommandEndsAtOnce() {
	for where in child pid1; do
		assert_run 0 "$COUNT of $COUNT" '' in_ns "$PROBE" starts "$COUNT" "$where" never \
			"$INIT" -- "$PROBE" nop
	done
}

. "${SHUNIT2:-shunit2}"
