#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps: the column sigterm, what a TERM meets in a process.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"
PS=$BIN/ps
need jq jq
need tini tini
need dumb-init dumb-init
need catatonit catatonit
need busybox busybox-static

TERM_IS=$T/ps-term
if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -pthread -o "$TERM_IS" \
	"$TOP/tests/applet/helper/ps-term.c"
then
	echo "$0: cannot compile ps-term.c: run scripts/setup test" >&2
	exit 1
fi
until=ready

tearDown() { stop_all; }

# settled PID: until all its threads sleep, or have ended.
settled() {
	wait_for "! grep -h ^State: /proc/$1/task/*/status 2>/dev/null | grep -qv '[SZT] ('"
}

# is WANT WORD...: what is said of a process that treats TERM so. It must be true in the end.
is() {
	want=$1
	shift
	# shellcheck disable=SC2086 # they are words
	start ${as:-} "$TERM_IS" "$@" || return
	settled "$pid"
	assertEquals "of $*" "$want" "$(tell -o sigterm -p "$pid")"
	stop "$pid"
}

# ---- one thread

testHandler() { is handler handler pause; }
testIgnored() { is ignored ignore pause; }
testBlocked() { is blocked block pause; }
testDefault() { is default pause; }

# Blocked comes first: it is kept for later, even when it is ignored.
testBlockedAndMore() {
	is blocked block handler pause
	is blocked block ignore pause
	# But not while the call lasts that lets it through.
	is handler block handler suspend
	is default block suspend
}

testSigtimedwait() {
	is waits block sigwaitinfo
	is waits block sigtimedwait
	is waits sigwaitinfo
	is waits handler block sigwaitinfo
	is waits ignore block sigtimedwait
}

# It waits, but for another signal.
testWaitsForAnother() {
	is default wait-other
	is blocked block wait-other
	is handler handler wait-other
	is ignored ignore wait-other
}

testSignalfd() {
	for how in read poll epoll select; do
		is waits block signalfd $how
	done
	is waits block ignore signalfd poll
	is waits block handler signalfd poll
	is waits block files 300 signalfd epoll
}

# A signalfd gets only what is blocked, and only what it is for.
testSignalfdInVain() {
	is default signalfd poll
	is handler handler signalfd read
	is ignored ignore signalfd poll
	is blocked block signalfd-other read
	is default signalfd-other poll
}

# Of one that gets no processor in the meantime nothing is known.
testRunning() {
	until=ready start "$TERM_IS" run
	wait_state "$pid" R
	met=
	wait_for 'met=$(tell -o sigterm -p "$pid") && [ "$met" != unknown ]'
	assertEquals default "$met"
	stop "$pid"
	until=ready start "$TERM_IS" handler run
	assertEquals handler "$(tell -o sigterm -p "$pid")"
	stop "$pid"
}

testStopped() {
	for words in handler:handler ignore:ignored block:blocked; do
		start "$TERM_IS" "${words%:*}" pause
		settled "$pid"
		kill -STOP "$pid"
		wait_state "$pid" T
		assertEquals "$words" "${words#*:}" "$(tell -o sigterm -p "$pid")"
		stop "$pid"
	done
}

# ---- several threads: whoever does not block it gets it

testThreads() {
	is default thread-open block pause
	is handler handler thread-open block pause
	is ignored ignore thread-open block pause
	is default thread-block pause
	is handler handler thread-block pause
	is blocked thread-block block pause
	is blocked thread-block thread-block thread-block block pause
	is waits thread-block thread-wait thread-block block pause
	is waits thread-block block signalfd poll
	is default thread-open block signalfd poll
}

# The leader has ended: what it had does not matter.
testExitedLeader() {
	is default thread-open block leave
	is blocked thread-block leave
	is waits thread-wait leave
	is handler handler thread-open block leave
	is waits thread-block signalfd leave
}

# ---- those that are PID 1

# init_is WANT CMD...: of PID 1 of a namespace.
init_is() {
	want=$1
	shift
	unshare --pid --fork --kill-child "$@" </dev/null >/dev/null 2>"$T/init.err" &
	pid=$!
	running="$running $pid"
	wait_for "[ -n \"\$(first_child $pid)\" ]" || return
	first=$(first_child "$pid")
	# It has started what it starts, and waits.
	wait_for "[ -n \"\$(first_child $first)\" ] && [ \"\$(state $first)\" = S ]" || return
	settled "$first"
	assertEquals "of $*" "$want" "$(tell -o sigterm -p "$first")"
	[ -z "${as_others:-}" ] || assertEquals "of $*, for others" "$as_others" \
		"$(as_user "$PS" --no-headers -o sigterm -p "$first" | squeeze)"
	stop "$pid"
}

testInits() {
	need_root || return 0
	as_others=unknown
	init_is waits tini -- sleep 1000
	init_is waits catatonit -- sleep 1000
	init_is waits "$BIN/init" -- sleep 1000
	as_others=handler # which it has, too
	init_is waits dumb-init sleep 1000
	as_others=
}

# Without entries it only waits. The built-in ones, on a machine without terminals, die at once, and it
# blocks the signal while it sleeps for a second: hence an inittab of its own.
testBusyboxInit() {
	need_root || return 0
	mkdir "$T/etc"
	: >"$T/etc/inittab"
	# shellcheck disable=SC2016 # that shell's
	unshare --mount --pid --fork --kill-child sh -c 'mount --bind "$1" /etc && exec busybox init' - "$T/etc" \
		</dev/null >/dev/null 2>&1 &
	pid=$!
	running=$pid
	wait_for "[ -n \"\$(first_child $pid)\" ]" || return
	first=$(first_child "$pid")
	wait_for "[ \"\$(cat /proc/$first/comm)\" = busybox ] && grep -q sigtimedwait /proc/$first/wchan"
	assertEquals waits "$(tell -o sigterm -p "$first")"
	stop "$pid"
}

# What it drops: a shell as PID 1 that waits for its child.
testInitByDefault() {
	need_root || return 0
	init_is default sh -c 'sleep 1000; :'
	until=ready start unshare --pid --fork --kill-child "$TERM_IS" pause
	first=$(first_child "$pid")
	settled "$first"
	assertEquals 'default' "$(tell -o sigterm -p "$first")"
	"$BIN/ps" --no-headers -o sigterm --in "$first" | squeeze >"$T/got"
	assertEquals 'from its own view' 'default' "$(cat "$T/got")"
	stop "$pid"
}

testInitsThatAreNoPid1() {
	need_root || return 0
	for words in 'tini -s --' dumb-init; do
		# shellcheck disable=SC2086 # they are words
		start $words "$TERM_IS" pause
		settled "$pid"
		assertEquals "$words" waits "$(tell -o sigterm -p "$pid")"
		stop "$(first_child "$pid")" "$pid"
	done
}

# ---- those that have none

testZombie() {
	start "$TERM_IS" zombie
	assertEquals '-' "$(tell -o sigterm -p "$(first_child "$pid")")"
	stop "$pid"
}

testKernelThread() {
	if [ "$(cat /proc/2/comm 2>/dev/null)" != kthreadd ]; then
		skip_because 'no kernel thread is to be seen here'
		return
	fi
	assertEquals ignored "$(tell -o sigterm -p 2)"
	assertEquals ignored "$(as_user "$PS" --no-headers -o sigterm -p 2 | squeeze)"
}

# ---- without rights

# others_see WANT WORD...
others_see() {
	want=$1
	shift
	start "$TERM_IS" "$@"
	settled "$pid"
	assertEquals "of $*" "$want" "$(as_user "$PS" --no-headers -o sigterm -p "$pid" | squeeze)"
	stop "$pid"
}

# Everybody may read the masks, but neither what it waits in nor its descriptors.
testOthersProcesses() {
	need_root || return 0
	others_see handler handler pause
	others_see ignored ignore pause
	others_see unknown pause
	others_see unknown block sigwaitinfo
	others_see unknown block signalfd poll
	others_see unknown block pause
	others_see handler handler thread-block pause
}

testOnesOwn() {
	need_root || return 0
	as=$AS_USER
	for words in 'handler handler pause' 'ignored ignore pause' 'blocked block pause' 'default pause' \
		'waits block sigwaitinfo' 'waits block signalfd epoll' 'default wait-other'
	do
		# shellcheck disable=SC2086 # they are words
		set -- $words
		want=$1
		shift
		# shellcheck disable=SC2086 # they are words
		start $as "$TERM_IS" "$@"
		settled "$pid"
		assertEquals "$words" "$want" "$(as_user "$PS" --no-headers -o sigterm -p "$pid" | squeeze)"
		stop "$pid"
	done
	# One's own, but hidden from oneself.
	# shellcheck disable=SC2086 # they are words
	start $as "$TERM_IS" hidden pause
	settled "$pid"
	assertEquals 'hidden' 'unknown' "$(as_user "$PS" --no-headers -o sigterm -p "$pid" | squeeze)"
	stop "$pid"
	as=
}

# ---- other ways

# A program of 32 bits has other numbers for the same calls.
testOther32() {
	[ "$(uname -m)" = x86_64 ] || return 0
	cat >"$T/small.c" <<'END'
static long call(long number, long a, long b, long c, long d)
{
	long r;

	__asm__ volatile("int $0x80" : "=a"(r) : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d) : "memory");
	return r;
}

void _start(void)
{
	unsigned set[2] = { 1u << SIG, 0 };

	call(4, 1, (long)"ready\n", 6, 0);
	for (;;)
		call(NUMBER, (long)set, 0, 0, 8);
}
END
	for words in '177 14 waits' '421 14 waits' '177 9 default'; do
		# shellcheck disable=SC2086 # they are words
		set -- $words
		if ! "${HOSTCC:-cc}" -m32 -DNUMBER="$1" -DSIG="$2" -nostdlib -static -fno-stack-protector \
			-fno-pie -no-pie -o "$T/small" "$T/small.c" 2>/dev/null
		then
			skip_because 'no compiler for 32 bits'
			return
		fi
		start "$T/small" || return
		settled "$pid"
		assertEquals "$words" "$3" "$(tell -o sigterm -p "$pid")"
		stop "$pid"
	done
}

# A recorded tree holds no calls. Where it has masks, they tell what they tell.
testRecorded() {
	cp -r "$TOP/tests/proc/container-view" "$T/recorded"
	masks='SigPnd:	0000000000000000
ShdPnd:	0000000000000000
SigBlk:	%016x
SigIgn:	%016x
SigCgt:	%016x
'
	for words in '0 0 0 unknown' '0 0 0x4000 handler' '0 0x4000 0 ignored' '0x4000 0 0 unknown' \
		'0 0x2000 0xffffffffffffbfff unknown'
	do
		# shellcheck disable=SC2086 # they are words
		set -- $words
		sed -i '/^Sig\|^ShdPnd/d' "$T/recorded/2/status"
		# shellcheck disable=SC2059 # it is a format
		printf "$masks" "$1" "$2" "$3" >>"$T/recorded/2/status"
		assertEquals "$words" "$4" "$(tell --proc "$T/recorded" -o sigterm -p 2)"
	done
	sed -i '/^Sig\|^ShdPnd/d' "$T/recorded/2/status"
	assertEquals 'without masks' unknown "$(tell --proc "$T/recorded" -o sigterm -p 2)"
	rm -r "$T/recorded"
}

testFromOutside() {
	need_root || return 0
	until=ready start unshare --pid --fork --kill-child "$TERM_IS" block signalfd poll
	first=$(first_child "$pid")
	settled "$first"
	assertEquals '1 waits' "$(tell --in "$first" -o pid,sigterm)"
	assertEquals '1 waits' "$(inside "$first" "$PS" --no-headers -o pid,sigterm -p 1 | squeeze)"
	stop "$pid"
}

testJsonAndSort() {
	start "$TERM_IS" handler pause
	one=$pid
	start "$TERM_IS" ignore pause
	two=$pid
	start "$TERM_IS" zombie
	zombie=$(first_child "$pid")
	assertEquals "ignored handler" "$(tell -o sigterm --sort -sigterm -p "$one,$two" | xargs)"
	assertEquals "handler ignored" "$(tell -o sigterm --sort sigterm -p "$two,$one" | xargs)"
	if enabled JSON; then
		assertEquals '["handler","ignored",null]' "$("$PS" --json -o sigterm -q "$one,$two,$zombie" |
			jq -c 'map(.sigterm)')"
	fi
	stop_all
}

# It only looks: nobody is stopped or traced for it.
testOnlyLooks() {
	need strace strace
	start "$TERM_IS" block sigwaitinfo
	settled "$pid"
	strace -f -o "$T/trace" "$PS" -o sigterm -p "$pid" >/dev/null 2>&1
	assertEquals '' "$(grep -E 'ptrace\(|kill|pidfd_send|process_vm_write|O_RDWR|O_WRONLY' "$T/trace")"
	assertEquals S "$(state "$pid")"
	stop "$pid"
}

. "${SHUNIT2:-shunit2}"
