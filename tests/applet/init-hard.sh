#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init as PID 1 of a machine never ends by itself: signals, faults, full tables, stopped consoles, nothing
# there, storms. In PID namespaces of their own; tests/system has some of it on a real kernel.
# shellcheck disable=SC2016 # expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/boot.sh"
. "$TOP/tests/applet/helper/hard.sh"
INIT=$BIN/init

suite() {
	# shellcheck disable=SC2013 # names are words
	for t in $(grep -o '^test[A-Za-z0-9]*' "$TEST_FILE"); do
		enabled INIT_SYSTEM || continue
		case $t in
		*X15* | *Fall*) enabled INIT_FALL || continue ;;
		testNotBuiltIn) continue ;;
		esac
		suite_addTest "$t"
	done
	enabled INIT_SYSTEM || suite_addTest testNotBuiltIn
}

need unshare util-linux

# ---- signals

# What the table says nothing about, for a machine without entries for INT and QUIT: with those, all that
# ask for no end.
HARMLESS="1 2 3 4 5 6 7 8 9 11 13 14 16 17 18 19 20 18 21 22 23 24 25 26 27 28 29 31 32 33 34 35 36 40 41 42 \
43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64"

testEverySignalFromInside() {
	inittab "::once:sh -c 'exec $HARD raise $HARMLESS'" "::respawn:$SLEEP 1000"
	machine || return
	wait_for '[ "$(children)" = "sleep " ]'
	wait_state "$init" S
	respawned sleep
	still_up
	kill -TERM "$init"
	ended 129
}

# All at once: none may come on top of the one before, or PID 1 has no room left on its stack.
testEverySignalWhileStopped() {
	mkfifo "$T/go"
	inittab "::once:sh -c 'read x <$T/go; exec $HARD raise 4 5 7 8 11 31'" "::respawn:$SLEEP 1000"
	machine || return
	wait_for '[ "$(children)" = "sh sleep " ]' || return
	raiser=$(child_named sh)
	kill -STOP "$init"
	wait_state "$init" T
	echo >"$T/go"
	wait_state "$raiser" Z
	kill -CONT "$init"
	wait_state "$raiser" gone
	respawned sleep
	still_up
	kill -TERM "$init"
	ended 129
	rm "$T/go"
}

# KILL and STOP are the right of the namespace above, and of nobody in it.
testEverySignalFromOutside() {
	inittab "::respawn:$SLEEP 1000"
	machine || return
	wait_for '[ "$(children)" = "sleep " ]'
	for sig in $HARMLESS; do
		case $sig in 9 | 19) continue ;; esac
		kill -"$sig" "$init" || fail "$sig"
	done
	wait_state "$init" S
	respawned sleep
	still_up
	kill -STOP "$init"
	wait_state "$init" T
	kill -CONT "$init"
	wait_state "$init" S
	kill -TERM "$init"
	ended 129
}

# Those that ask for an end: what each of them means, whoever sends it.
testEverySignalThatEnds() {
	for pair in 10:130 30:130 37:130 12:130 38:130 15:129 39:129; do
		mkfifo "$T/go"
		inittab "::once:sh -c 'read x <$T/go; exec $HARD raise ${pair%:*}'"
		machine || return
		echo >"$T/go"
		rm "$T/go"
		ended "${pair#*:}"
		inittab "::respawn:$SLEEP 1000"
		machine || return
		wait_for '[ "$(children)" = "sleep " ]' || return
		kill -"${pair%:*}" "$init"
		ended "${pair#*:}"
	done
}

# ---- X15: a fault

# fall KIND NAME: a machine that has fallen by a fault of that kind; all goes on but PID 1's own work.
fall() {
	inittab "::respawn:$SLEEP 1000" "::respawn:$SLEEP 2000" "::once:sh -c 'read x <$T/never'"
	machine || return
	wait_for '[ "$(children)" = "sh sleep sleep " ]' || return
	fault "$init" "$1"
	said "init: a fault of its own ($2 at 0x" || return
	assertEquals 'sh sleep sleep ' "$(children)"
	# It buries who was its child, and orphans.
	kill -KILL "$(child_named sleep)"
	wait_for '[ "$(children)" = "sh sleep " ]'
	inside sh -c '(sh -c "exit 3" &); (sh -c : &); :'
	wait_for '[ "$(children)" = "sh sleep " ]'
	assertEquals 1 "$(lines 'fault of its own')"
}

# ends_by SIGNAL STATUS: the fallen one obeys.
ends_by() {
	kill -"$1" "$init"
	ended "$2"
}

oneTimeSetUp() {
	mkfifo "$T/never"
	chmod 666 "$T/never"
}

testX15SegmentFault() { fall segv SEGV && rests && ends_by TERM 129; }
testX15StackAtItsEnd() { fall stack SEGV && ends_by USR2 130; }
testX15BusError() { fall bus BUS && ends_by USR1 130; }
testX15IllegalInstruction() { fall ill ILL && ends_by INT 129; }
testX15Division() { fall fpe FPE && ends_by 37 130; }
testX15Breakpoint() { fall trap TRAP && ends_by 39 129; }

# Who has ended before, and is not buried yet.
testX15Zombies() {
	inittab "::respawn:$SLEEP 1000"
	machine || return
	wait_for '[ "$(children)" = "sleep " ]' || return
	kill -STOP "$init"
	wait_state "$init" T
	kill -KILL "$(child_named sleep)"
	wait_for '[ "$(zombies)" = 1 ]'
	fault "$init" segv
	kill -CONT "$init"
	said 'fault of its own' || return
	wait_for '[ -z "$(children)" ]'
	ends_by TERM 129
}

# Signals after the fall that mean nothing, those of faults among them, from inside and outside.
testX15SignalsAfterTheFall() {
	fall segv SEGV || return
	for sig in 1 3 4 5 7 8 11 13 14 17 18 20 21 22 31 34 64; do
		kill -$sig "$init"
		inside sh -c "kill -$sig 1"
	done
	inside sh -c 'kill -9 1; kill -19 1'
	wait_state "$init" S
	assertEquals 1 "$(lines 'fault of its own')"
	assertEquals 'sh sleep ' "$(children)"
	ends_by PWR 130
}

# What makes it fall makes what is left of it fall, too: a filter (seccomp(2)) takes wait4(2) for a fault. It
# is there all the same, children are collected, by the kernel, and it obeys.
testX15FaultInTheFall() {
	before="$LACK TRAP wait4"
	inittab "::respawn:$SLEEP 1000"
	machine || return
	said 'init: a fault of its own (SYS at 0x' || return
	kill -HUP "$init"
	inside sh -c '(sh -c "exit 3" &); :'
	wait_for '[ -z "$(children)" ]'
	assertEquals 1 "$(lines 'fault of its own')"
	rests
	ends_by TERM 129
}

# What it has to say, and what it is told to do at the end, is a fault, too: then it just stays.
testX15NothingButFaults() {
	before="$LACK TRAP wait4,lseek,kill"
	inittab "::respawn:$SLEEP 1000"
	machine || return
	wait_state "$init" S || return
	inside sh -c '(sh -c "exit 3" &); :'
	wait_for '[ -z "$(children)" ]'
	# As often as a stack of signals has no room for.
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		kill -TERM "$init"
		inside true
		wait_state "$init" S || break
	done
	rests
	assertEquals '' "$(cat "$T/console")"
}

# Where it may not do what it has to, the container ends (reboot(2)), when the last in it is gone: who does
# not heed TERM gets KILL.
testX15FallWithoutTheRight() {
	before="$(command -v setpriv) --bounding-set=-sys_boot --inh-caps=-sys_boot"
	inittab "::once:sh -c 'trap \"\" TERM; read x <$T/never'"
	machine || return
	wait_for '[ "$(children)" = "sh " ] && grep -q "^SigIgn:.*4...$" "/proc/$(child_named sh)/status"' || return
	fault "$init" segv
	said 'fault of its own' || return
	ends_by TERM 0
}

# A copy of init that has not become another program yet, since it asks for Enter, ends by its fault, as
# it should.
testX15FaultOfACopy() {
	setup="exec <>$T/never"
	inittab '::askfirst:/nothing' "::respawn:$SLEEP 1000"
	machine || return
	wait_for '[ "$(children)" = "init sleep " ]' || return
	kill -STOP "$(child_named sleep)" # so that it is not that one's number which is new
	copy=$(child_named init)
	fault "$copy" segv
	wait_for "[ ! -e /proc/$copy ]"
	wait_for '[ "$(children)" = "init sleep " ]'
	still_up
	kill -TERM "$init"
	ended 129
}

# The copy that is to call reboot(2) has one there.
testX15FaultOfTheLastCopy() {
	before="$LACK TRAP restart"
	inittab "::respawn:$SLEEP 1000"
	machine || return
	wait_for '[ "$(children)" = "sleep " ]' || return
	kill -TERM "$init"
	ended 0
	assertEquals 0 "$(lines 'fault of its own')"
}

# ---- nothing left

# limited: the machine of a user of its own, root in there, whom limit can allow so many processes. That
# limit holds even for this root, and for PID 1 alone.
limited() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can be another user'
		return 1
	fi
	as='setpriv --reuid 54321 --regid 54321 --clear-groups'
	outside=$as flags='--user --map-root-user'
	machine
}
limit() { $as prlimit --pid "$init" --nproc="$1":; }

testFullOfProcesses() {
	inittab "::respawn:$SLEEP 1000" "::respawn:$SLEEP 2000" "::shutdown:/bin/touch $T/anyone/shut"
	limited || return 0
	wait_for '[ "$(children)" = "sleep sleep " ]' || return
	limit 1
	kill -KILL "$(child_named sleep)"
	said 'cannot be started'
	assertEquals 'sleep ' "$(children)"
	rests
	limit 1000
	wait_for '[ "$(children)" = "sleep sleep " ]' || return
	# Nothing that is to happen at the end can: it ends nevertheless.
	limit 1
	kill -TERM "$init"
	ended 129
	assertFalse 'a shutdown entry has run' "[ -e $T/anyone/shut ]"
}

# Before the first process.
testFullFromTheBeginning() {
	before="$(command -v prlimit) --nproc=1:"
	inittab "::sysinit:/bin/touch $T/anyone/init" "::respawn:$SLEEP 1000"
	limited || return 0
	said 'cannot be started' || return
	rests
	limit 1000
	wait_for '[ "$(children)" = "sleep " ]' || return
	assertTrue 'no sysinit' "[ -e $T/anyone/init ]"
	rm "$T/anyone/init"
	kill -USR2 "$init"
	ended 130
}

# And it is told to end there and then.
testFullForEver() {
	before="$(command -v prlimit) --nproc=1:"
	inittab "::sysinit:/bin/touch $T/anyone/init" "::respawn:$SLEEP 1000"
	limited || return 0
	said 'cannot be started' || return
	kill -TERM "$init"
	ended 129
}

# Nothing of the table can be used, and there is no room for the shell that is to help, at first.
testFullAndNothingToRun() {
	before="$(command -v prlimit) --nproc=1:"
	setup="exec <>$T/never"
	inittab '::shutdown:/bin/true' '::sysinit:/nothing'
	limited || return 0
	said 'cannot be started' || return
	limit 1000
	said 'a shell on the console' || return
	wait_for '[ "$(children)" = "sh " ]' || return
	limit 1
	kill -KILL "$(child_named sh)"
	wait_for '[ -z "$(children)" ]'
	rests
	limit 1000
	wait_for '[ "$(children)" = "sh " ]' || return
	kill -TERM "$init"
	ended 129
}

testX15FullAndFallen() {
	inittab "::respawn:$SLEEP 1000"
	limited || return 0
	wait_for '[ "$(children)" = "sleep " ]' || return
	limit 1
	fault "$init" segv
	said 'fault of its own' || return
	ends_by TERM 129
}

# Less address space than the table takes.
testNoMemory() {
	sanitized && return 0
	inittab "$(awk 'BEGIN { for (i = 0; i < 5000; i++) print "::once:x" i }')"
	before="$(command -v prlimit) --as=$(($(wc -c <"$PIDBOX") + 400000))"
	machine || return
	said 'init: /etc/inittab: ' || return
	rests
	kill -TERM "$init"
	ended 129
}

testNoDescriptors() {
	sanitized && return 0
	for limit in 0 3; do
		before="$(command -v prlimit) --nofile=$limit:$limit"
		inittab "::respawn:$SLEEP 1000"
		machine || return
		said 'Please press' # it cannot read its table
		still_up
		kill -TERM "$init"
		ended 129
	done
}

# ---- a console that nobody reads

# Stopped by ^S from the first moment on, and full: nothing waits for it.
testStoppedConsole() {
	mkfifo "$T/go"
	outside="$HARD stopped $T/go"
	inittab 'this is no entry' "::sysinit:/bin/touch $T/began" '::respawn:/nothing' "::respawn:$SLEEP 1000" \
		"::shutdown:/bin/touch $T/shut"
	machine || return
	wait_for '[ -n "$(child_named sleep)" ]' || return
	respawned sleep
	inside sh -c '(sh -c "exit 3" &); :'
	wait_for '[ "$(zombies)" = 0 ]'
	kill -HUP "$init"
	wait_state "$init" S
	assertEquals '' "$(cat "$T/console")"
	kill -USR2 "$init"
	ended 130
	assertTrue 'sysinit' "[ -e $T/began ]"
	assertTrue 'shutdown' "[ -e $T/shut ]"
	rm -f "$T/go" "$T/began" "$T/shut"
}

# Once it goes on, so do the lines.
testConsoleThatGoesOn() {
	mkfifo "$T/go"
	outside="$HARD stopped $T/go"
	inittab "::respawn:$SLEEP 1000"
	machine || return
	wait_for '[ "$(children)" = "sleep " ]' || return
	echo >"$T/go"
	kill -TERM "$init"
	ended 129
	assertEquals "$(cat "$T/console")" 1 "$(lines 'going down')"
	rm "$T/go"
}

# Stopped, and then a fault.
testX15StoppedConsoleAndAFault() {
	mkfifo "$T/go"
	outside="$HARD stopped $T/go"
	inittab "::respawn:$SLEEP 1000"
	machine || return
	wait_for '[ "$(children)" = "sleep " ]' || return
	fault "$init" segv
	kill -KILL "$(child_named sleep)"
	wait_for '[ -z "$(children)" ]'
	ends_by TERM 129
	rm "$T/go"
}

# A pipe that is full.
testFullPipe() {
	mkfifo "$T/full"
	exec 7<>"$T/full"
	dd if=/dev/zero of="$T/full" bs=4096 count=4096 oflag=nonblock 2>/dev/null
	inittab 'this is no entry' '::respawn:/nothing' "::respawn:$SLEEP 1000"
	setup='exec >&7 2>&7 7>&-'
	machine || return
	wait_for '[ -n "$(child_named sleep)" ]' || return
	respawned sleep
	kill -TERM "$init"
	ended 129
	exec 7>&-
	rm "$T/full"
}

# Its reader has gone: no line is worth a signal.
testX15ClosedPipe() {
	mkfifo "$T/gone"
	exec 7<>"$T/gone"
	exec 6>"$T/gone" 7<&-
	inittab 'this is no entry' '::respawn:/nothing' "::respawn:$SLEEP 1000"
	setup='exec >&6 2>&6 6>&-'
	machine || return
	exec 6>&-
	wait_for '[ -n "$(child_named sleep)" ]' || return
	respawned sleep
	fault "$init" segv
	kill -KILL "$(child_named sleep)"
	wait_for '[ -z "$(children)" ]'
	ends_by INT 129
	rm "$T/gone"
}

# ---- trap 41, 44: what is not there

testTrap41Closed() {
	for closed in '0<&-' '1>&-' '2>&-' '0<&- 1>&- 2>&-'; do
		setup="exec $closed"
		inittab "::sysinit:ls -l /proc/self/fd /proc/1/fd >$T/fds" "::respawn:$SLEEP 1000"
		machine || return
		wait_for '[ "$(children)" = "sleep " ]' || return
		respawned sleep
		for fd in 0 1 2; do
			assertTrue "$closed: $fd; $(cat "$T/fds")" "[ $(grep -c " $fd -> /" "$T/fds") -ge 2 ]"
			[ "$(readlink "/proc/$init/fd/$fd")" != / ] || fail "$closed: $fd is a placeholder"
		done
		kill -TERM "$init"
		ended 129
		rm "$T/fds"
	done
}

# empty_root: in $root, one with our program alone, in which it boots: no /proc, /dev, /etc.
empty_root() {
	root=$T/root
	rm -rf "$root"
	mkdir -p "$root/bin"
	cp "$PIDBOX" "$root/init"
	cp "$PROBE" "$root/bin/probe"
	: >"$T/console"
	# shellcheck disable=SC2086 # words
	unshare --pid --fork --mount --propagation private --kill-child sh -c '
		eval "$2" && exec chroot "$1" /init $3' - "$root" "$1" "$times" </dev/null >>"$T/console" 2>&1 &
	up=$!
	find_init
}

testNothingThere() {
	sanitized && return 0
	empty_root : || return
	wait_for '[ -s "$T/console" ]'
	wait_state "$init" S
	rests
	kill -TERM "$init"
	ended 129
	assertEquals 'bin
init' "$(ls -A "$root")"
}

# Only an inittab; a file system that nobody can write to (trap 44).
testTrap44ReadOnlyRoot() {
	sanitized && return 0
	empty_root 'mkdir "$1/etc" && echo "::respawn:/bin/probe live" >"$1/etc/inittab" &&
		mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && ! touch "$1/x" 2>/dev/null' || return
	chroot "$root" /bin/probe nop 2>/dev/null || return 0 # there is no static libc for it
	wait_for '[ "$(children)" = "probe " ]' || return
	respawned probe
	kill -HUP "$init"
	kill -USR2 "$init"
	ended 130
	assertEquals '' "$(grep -v -e 'going down' -e ' reloaded$' "$T/console")"
}

# ---- how it is started

# With SIGCHLD ignored, and everything else, and all of it blocked.
testChildrenIgnoredAndAllBlocked() {
	all=$(awk 'BEGIN { for (i = 1; i < 64; i++) printf "%d,", i; print 64 }')
	before="$PROBE with block=$all ignore=$all"
	inittab "::sysinit:grep -e SigBlk -e SigIgn /proc/self/status >$T/signals" "::respawn:$SLEEP 1000"
	machine || return
	wait_for '[ "$(children)" = "sleep " ]' || return
	respawned sleep
	assertEquals 'SigBlk:	0000000000000000' "$(sed -n 1p "$T/signals")"
	if enabled INIT_FALL; then
		fault "$init" segv
		said 'fault of its own'
	fi
	kill -TERM "$init"
	ended 129
	rm "$T/signals"
}

# Children that were there before it.
testOlderChildren() {
	for signal in 17 0; do
		for kind in dead alive; do
			before="$PROBE older $signal $kind"
			inittab "::respawn:$SLEEP 1000"
			machine || return
			case $kind in dead) will='sleep ' ;; *) will='probe sleep ' ;; esac
			wait_for "[ \"\$(children)\" = '$will' ]"
			kill -TERM "$init"
			ended 129
		done
	done
}

# ---- storms

# Two thousand orphans end at once, while entries end and start again.
testStorm() {
	mkfifo "$T/hold"
	inittab "::once:sh -c '$HARD storm 2000 $T/hold >$T/held'" '::respawn:true' '::respawn:false' \
		"::respawn:$SLEEP 1000"
	machine || return
	exec 7>"$T/hold"
	wait_for '[ -s "$T/held" ]' 30 || return
	wait_for '[ "$(children | tr " " "\n" | grep -c hard)" = 2000 ]' 30
	exec 7>&-
	wait_for 'case "$(children)" in *hard*) false ;; esac' 30
	respawned sleep
	wait_for '[ "$(zombies)" = 0 ]'
	still_up
	kill -TERM "$init"
	ended 129
	rm "$T/hold" "$T/held"
}

# Nobody is forgotten that ends while PID 1 is busy with signals.
testSignalsAndOrphans() {
	raise="::once:sh -c '(exit 3 & ); exec $HARD raise 1 1 1 28 28 34 34 11 #"
	inittab "$raise 1'" "$raise 2'" "$raise 3'" "$raise 4'" "$raise 5'" "::respawn:$SLEEP 1000"
	machine || return
	wait_for '[ "$(children)" = "sleep " ]'
	still_up
	kill -TERM "$init"
	ended 129
}

# ---- B9, trap 53

testB9RebootForbidden() {
	for answer in EPERM ENOSYS; do
		before="$LACK $answer reboot"
		inittab "::respawn:$SLEEP 1000"
		machine || return
		wait_for '[ "$(children)" = "sleep " ]'
		kill -TERM "$init"
		ended 0
	done
}

# What time of day it is, it does not ask: that is a fault here. So no step of that clock matters.
testTrap53ClockSteps() {
	before="$LACK TRAP realtime"
	inittab '::respawn:true' "::respawn:$SLEEP 1000" "::once:sh -c 'trap \"\" TERM; while :; do sleep 1000; done'"
	machine || return
	wait_for '[ -n "$(child_named sh)" ]'
	said 'ends again and again'
	respawned sleep
	still_up
	kill -TERM "$init"
	ended 129
	assertEquals 0 "$(lines 'fault of its own')"
}

testNotBuiltIn() {
	assert_run 1 '' '*not built in*' in_ns "$BIN/init"
}

. "${SHUNIT2:-shunit2}"
