#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init as PID 1 of a machine: the hardware watchdog, what it costs to have none, and init -q. In place of
# the device there is a FIFO, which shows every byte; what it is asked for besides is seen by strace.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
# shellcheck source=helper/boot.sh
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/boot.sh"
INIT=$BIN/init

suite() {
	if enabled INIT_SYSTEM; then
		tests_of INIT_WATCHDOG testB9 testReload testOnly
	else
		suite_addTest testNotBuiltIn
	fi
}

need unshare util-linux
need strace strace

DOG=$T/dog
FED=$T/fed

# dog: a FIFO, and a reader that notes what comes. /dev/watchdog is in init's own /dev.
dog() {
	mkfifo "$DOG" || return
	listen || return
	boot_first='ln -s "$PWD/dog" /dev/watchdog'
}

# listen: returns when the FIFO has its reader, which sleeps in open(2) until somebody writes.
listen() {
	rm -f "$FED"
	cat "$DOG" >"$FED" &
	reader=$!
	wait_for "[ \"\$(cat /proc/$reader/comm)\" = cat ]" && wait_state "$reader" S
}

# fed N: until N more bytes have come.
fed() { wait_for "[ \$(wc -c <'$FED') -ge $(($(wc -c <"$FED") + $1)) ]"; }

# What the device got, each NUL as a dot.
bytes() { tr '\0' . <"$FED"; }

tearDown() {
	# shellcheck disable=SC2086 # they are words
	end_children ${up:-} ${reader:-}
	up='' reader=''
	unset boot_first boot_as
	rm -rf "${T:?}/etc" "$DOG" "$FED" "$T/gate" "$T/gate2" "$T/trace"* "$T/told" "$T/calls"
}

# ---- fed in time, and stopped at the end

testFedAndStopped() {
	inittab '::respawn:sleep 1000'
	dog || return
	boot --watchdog=/dev/watchdog:1 || return
	fed 2 || return
	# Nobody else holds it open.
	wait_for "[ \"\$(children)\" = 'sleep ' ]"
	assertEquals '' "$(readlink "/proc/$(first_child "$init")/fd"/* | grep -F "$DOG")"
	kill -USR2 "$init"
	ended 130
	wait "$reader"
	like "$(bytes)" '..*V' || fail "it got: $(bytes)"
	assertEquals "only NULs before the end" '' "$(bytes | sed 's/V$//' | tr -d .)"
	assertEquals 'nothing to say but the end' 1 "$(grep -c . "$T/console")"
}

# Whatever it waits for: an action, one of the end, a process that ignores TERM.
testFedMeanwhile() {
	inittab "::sysinit:sh -c 'read line <$T/gate'" \
		"::once:sh -c 'trap \"\" TERM; echo ready >$T/told; exec sleep 1000'" \
		"::shutdown:sh -c 'read line <$T/gate2'"
	mkfifo "$T/gate" "$T/gate2" || return
	dog || return
	boot --watchdog=/dev/watchdog:1 --grace=1.7 || return
	fed 2 || return
	echo go >"$T/gate"
	wait_for "[ -s '$T/told' ]" || return
	kill -USR2 "$init"
	fed 2 || return
	assertEquals '' "$(bytes | tr -d .)"
	before=$(wc -c <"$FED")
	echo go >"$T/gate2"
	ended 130
	wait "$reader"
	like "$(bytes)" '*..V' || fail "it got: $(bytes)"
	[ "$(wc -c <"$FED")" -ge $((before + 3)) ] || fail "not fed in the grace: $before bytes before, now $(bytes)"
}

# Another init finds the device as it was at the start.
testStoppedForRestart() {
	inittab '::respawn:sleep 1000' "::restart:sh -c 'echo here >$T/told; exec sleep 1000'"
	dog || return
	boot --watchdog=/dev/watchdog:1 || return
	fed 1 || return
	kill -QUIT "$init"
	wait_for "[ -s '$T/told' ]" || return
	wait "$reader"
	like "$(bytes)" '.*V' || fail "it got: $(bytes)"
}

# ---- the calls

# started_under_strace WORD...: the calls of each process are in $T/trace.PID.
started_under_strace() {
	strace -qq -ff -ttt -y -e trace=openat,open,ioctl,write,close,poll,reboot -o "$T/trace" \
		sh -c '. "$TOP/tests/applet/helper/boot.sh"
			export boot_first="ln -s $T/dog /dev/watchdog"
			exec unshare --pid --fork --mount --propagation private --kill-child \
				sh -c "$boot_begin" - "$T" env -i HOME=/ "$BIN/init" "$@"' - "$@" \
		</dev/null >"$T/console" 2>&1 &
	up=$!
}

# moment FILE TEXT: when the last call was made whose line has it.
moment() { grep -F "$2" "$1" | tail -n 1 | cut -d' ' -f1; }

testCalls() {
	[ -z "${ASAN_OPTIONS:-}" ] || return 0 # LeakSanitizer and ptrace
	inittab '::wait:true'
	dog || return
	started_under_strace --watchdog=/dev/watchdog:1
	fed 3 || return
	trace=$(grep -lF 'dog>, WDIOC_SETTIMEOUT' "$T/trace".*)
	kill -USR2 "${trace##*.}"
	ended 130
	# It must not wait, for a carrier or a reader, and nobody else gets it.
	grep -F '"/dev/watchdog"' "$trace" | grep O_WRONLY | grep O_NONBLOCK | grep O_NOCTTY | grep -q O_CLOEXEC ||
		fail "$(cat "$trace")"
	sed -n 's/^[0-9.]* \([a-z]*\)([0-9]*<[^>]*\/dog>,* */\1 /p' "$trace" |
		sed 's/) *=.*//; s/, 0x[0-9a-f]*$//; s/\\0/NUL/' | uniq >"$T/calls"
	set -- 'ioctl WDIOC_SETTIMEOUT, [1]' 'ioctl WDIOC_GETTIMEOUT' 'write "NUL", 1' 'ioctl WDIOC_SETOPTIONS' \
		'write "V", 1' 'close '
	assertEquals "$(printf '%s|' "$@")" "$(tr '\n' '|' <"$T/calls")"
	# It sleeps for half of the timeout, and not longer.
	longest=$(sed -n 's/.* poll(.*signalfd.*POLLIN.*, \([0-9]*\)) *= 0.*/\1/p' "$trace" | sort -n | tail -n 1)
	if [ "$longest" -le 400 ] || [ "$longest" -gt 500 ]; then fail "it has slept for $longest ms"; fi
	# The end comes after that, by another process.
	off=$(grep -lE 'reboot\(.*POWER_OFF' "$T/trace".*)
	assertNotEquals "$trace" "$off"
	echo "$(moment "$trace" '"V"') $(moment "$off" POWER_OFF)" | awk 'NF == 2 && $1 < $2 { ok = 1 } END { exit !ok }' ||
		fail "$(cat "$trace" "$off")"
}

# ---- devices that are not as they should be

# Missing, then there: said once each; it is looked for whenever something happens.
testDeviceComesLater() {
	inittab '::respawn:sleep 1000'
	boot_first='ln -s "$PWD/dog" /dev/watchdog'
	boot --watchdog=/dev/watchdog:1 || return
	said "watchdog /dev/watchdog: cannot be opened now: $(reason 'No such file or directory' 2)"
	kill -CONT "$init"
	kill -WINCH "$init"
	dog || return
	wait_for 'kill -WINCH "$init"; [ -s "$FED" ]' 5 || return
	said 'watchdog /dev/watchdog: fed from now on'
	kill -USR2 "$init"
	ended 130
	assertEquals 1 "$(grep -c 'cannot be opened' "$T/console")"
	assertEquals 1 "$(grep -c 'from now on' "$T/console")"
}

# One that nobody listens to, like one that another has (EBUSY), is no reason to wait.
testNobodyThere() {
	inittab '::respawn:sleep 1000'
	mkfifo "$DOG"
	boot --watchdog="$DOG" || return
	said "cannot be opened now: $(reason 'No such device or address' 6)"
	wait_for "[ \"\$(children)\" = 'sleep ' ]"
	kill -USR2 "$init"
	ended 130
}

# It goes away: that is said once, and its return.
testDeviceGoesAway() {
	inittab '::respawn:sleep 1000'
	dog || return
	boot --watchdog=/dev/watchdog:1 || return
	fed 1 || return
	kill "$reader"
	wait "$reader"
	said "cannot be fed now: $(reason 'Broken pipe' 32)"
	listen || return
	wait_for 'kill -WINCH "$init"; [ -s "$FED" ]' 5 || return
	said 'fed from now on'
	kill -USR2 "$init"
	ended 130
	assertEquals 1 "$(grep -c 'cannot be' "$T/console")"
}

# Full: neither feeding nor stopping waits.
testNeverBlocks() {
	inittab '::respawn:sleep 1000'
	mkfifo "$DOG"
	exec 9<>"$DOG"
	dd if=/dev/zero of="$DOG" bs=4096 count=64 oflag=nonblock 2>/dev/null
	boot --watchdog="$DOG:1" 9<&- || return
	wait_for "[ \"\$(children)\" = 'sleep ' ]"
	kill -USR2 "$init"
	ended 130
	exec 9<&-
	assertEquals '' "$(grep watchdog "$T/console")"
}

# ---- words that make no sense are passed over

testWrongWords() {
	inittab '::respawn:sleep 1000'
	for word in '' : :5 x: x:0 x:-1 x:1s x:99999999999 "$(printf '%070d' 0)"; do
		boot "--watchdog=$word" || return
		said "--watchdog=$word" && said 'passed over'
		wait_for "[ \"\$(children)\" = 'sleep ' ]"
		kill -USR2 "$init"
		ended 130
	done
}

# ---- without one: no timer at all

# In one call that knows no time limit; nothing wakes it.
testB9NoWakeUps() {
	[ -z "${ASAN_OPTIONS:-}" ] || return 0
	inittab '::respawn:sleep 1000' '::once:true'
	boot || return
	# For 10 ms after an end it waits in another way.
	wait_for "[ \"\$(children)\" = 'sleep ' ] && grep -q signalfd /proc/$init/wchan" || return
	strace -qq -o "$T/trace" -p "$init" 2>"$T/told" &
	tracer=$!
	wait_for "[ -s '$T/trace' ]"
	kill "$tracer"
	wait "$tracer" 2>/dev/null
	case $(cat "$T/trace") in
	'read('* | 'rt_sigtimedwait('*', NULL, '*) ;;
	*) fail "$(cat "$T/trace")" ;;
	esac
	assertEquals 1 "$(grep -c . "$T/trace")"
	kill -USR2 "$init"
	ended 130
}

# ---- init -q

testReload() {
	inittab "::once:sh -c 'echo ::once:touch $T/told >$T/etc/inittab; exec $BIN/init -q'" '::respawn:sleep 1000'
	boot || return
	wait_for "! grep -q sleep '$T/etc/inittab'"
	wait_for "grep -q . '$T/etc/inittab' && [ \"\$(children)\" = 'sleep ' ]"
	# What has vanished is not started again.
	kill -KILL "$(first_child "$init")"
	wait_for '[ -z "$(children)" ]'
	kill -USR2 "$init"
	ended 130
}

testReloadForbidden() {
	[ "$(id -u)" = 0 ] || { skip_because 'only root can be another user' && return; }
	assert_run 1 '' "init: cannot signal PID 1: $(reason 'Operation not permitted' 1)" \
		in_ns sh -c "$kill_guard"'
			setpriv --reuid 65534 --regid 65534 --clear-groups "$BIN/init" -q
			exit $?'
}

# ---- what is not built in, and what this role refuses

testNotBuiltIn() {
	if ! enabled INIT_SYSTEM; then
		assert_run 1 '' "init: the role of a machine's init, with an inittab, is not built in" in_ns "$INIT"
		assert_run 1 '' "init: unrecognized option '--watchdog'*" "$INIT" --watchdog=x true
		return
	fi
	inittab '::respawn:sleep 1000'
	boot_as=linuxrc
	boot --watchdog=/dev/null || return
	kill -USR2 "$init"
	ended 130
	assertEquals 1 "$(grep -c "'--watchdog=/dev/null': passed over" "$T/console")"
}

# It signals everybody at the end: never but as PID 1.
testOnlyAsPid1() {
	ln -sf "$BIN/pidbox" "$T/linuxrc"
	assert_run 1 '' 'linuxrc: the init of a machine, with an inittab, is PID 1' in_ns sh -c '"$T/linuxrc"; exit $?'
}

. "${SHUNIT2:-shunit2}"
