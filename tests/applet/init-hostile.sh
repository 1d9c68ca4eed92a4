#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init where something is missing, forbidden, full or closed: it starts the command, hands on, collects
# and ends as always. SIGCHLD ignored: init-start.sh; a full number of processes: init-reap.sh; EPERM
# while handing on: init-signals.sh.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
INIT=$BIN/init
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

# works WORD... -- INIT...: with these words before it, not as PID 1 and as it, init does all it is for.
works() {
	before='' noise=''
	while [ "$1" != -- ]; do
		before="$before $1"
		shift
	done
	shift
	failure=127
	case $1 in
	*/dumb-init) failure=2 ;;
	*/catatonit) failure=1 ;;
	esac
	for pid1 in '' "$PID1"; do
		# Without prctl(2) it is no subreaper, and says so.
		case ${pid1:+1}$before in
		' '*=prctl) noise='*subreaper*' ;;
		*) noise='' ;;
		esac
		# shellcheck disable=SC2086 # words
		assert_run 7 out "$noise" $pid1 $before "$@" sh -c '
			"$PROBE" orphans 30; (exit 3); (sh -c "exit 4" &); echo out; exit 7'
		# shellcheck disable=SC2086
		assert_run 137 '' "$noise" $pid1 $before "$@" "$PROBE" die 9
		# shellcheck disable=SC2086
		assert_run $failure '' '*: failed to execute /nothing: *' $pid1 $before "$@" /nothing
		# shellcheck disable=SC2086
		background $pid1 $before "$@" "$PROBE" catch 3
		expect_line ready || return
		target=$bg
		[ -z "$pid1" ] || { find_inside && target=$inside; }
		"$PROBE" send "$target" 12
		expect_line '12 0 0'
		"$PROBE" send "$target" 34 42
		next_line || return
		like "$line" '34 *' || fail "$line"
		"$PROBE" send "$target" 15
		expect_line '15 0 0'
		ended 0
	done
}

# each_mode WORD...: works, in all modes.
each_mode() {
	works "$@" -- "$INIT" --
	works "$@" -- "$INIT" -g --
	works "$@" -- "$N/dumb-init"
}

# ---- traps 45, 46: what may not be called

# The profiles of container runtimes answer EPERM to what they do not know: pidfd_*, close_range,
# clone3, and everything else that is newer than Linux 5.0.
testTrap45NewCallsAreForbidden() {
	each_mode "$PROBE" seccomp eperm=new
	works "$PROBE" seccomp eperm=new -- "$N/tini" --
	works "$PROBE" seccomp eperm=new -- "$N/catatonit"
}

# One of those that init would rather have, each: it goes on with less.
testTrap45OtherCallsAreForbidden() {
	for call in chdir prctl waitid signalfd queue prlimit; do
		if [ $call = prlimit ] && sanitized; then continue; fi
		works "$PROBE" seccomp eperm=$call -- "$INIT" --
	done
	# Grace time and log need more of them.
	for call in new waitid signalfd; do
		# shellcheck disable=SC2086 # words
		assert_run 3 '' '' in_ns "$PROBE" seccomp eperm=$call "$INIT" $GRACE -- \
			sh -c '("$PROBE" live &); exit 3'
		# shellcheck disable=SC2086
		assert_run 3 '' "${JSON:+*event*exit*}" in_ns "$PROBE" seccomp eperm=$call "$INIT" $JSON -- \
			sh -c '("$PROBE" nop &); exit 3'
	done
}

# Some profiles end who tries to end the machine: the question by reboot(2) is only asked by who may be a
# machine's init, called so.
testTrap34OnlyInitAsksByReboot() {
	sanitized && return 0
	for name in $NAMES; do
		# shellcheck disable=SC2086 # words
		assert_run 3 '' '' $PID1 "$PROBE" seccomp trap=reboot "$N/$name" -- sh -c 'exit 3'
		# shellcheck disable=SC2086
		[ "$name" = init ] ||
			assert_run 3 '' '' $PID1 "$PROBE" seccomp trap=reboot "$N/$name" sh -c 'exit 3'
	done
	# shellcheck disable=SC2086
	assert_run 159 '' '*' $PID1 "$PROBE" seccomp trap=reboot "$INIT" sh -c 'exit 3'
}

# no_new_privs comes with seccomp above; alone, and with no capability.
testTrap46NoNewPrivileges() {
	works setpriv --no-new-privs -- "$INIT" --
	need_root || return 0
	works setpriv --bounding-set=-all --inh-caps=-all -- "$INIT" -g --
}

# ---- trap 44: what is not there

# in_root DIR CMD...: as PID 1, in an own mount namespace, with DIR as root.
# shellcheck disable=SC2086 # words
in_root() {
	root=$1
	shift
	$USERNS unshare --fork --pid --mount --kill-child chroot "$root" "$@"
}

# An empty root: no /proc, no /dev, no /etc, no /bin.
testTrap44NothingThere() {
	sanitized && return 0
	root=$T/empty
	mkdir -p "$root"
	cp "$PIDBOX" "$root/init"
	cp "$PROBE" "$root/probe"
	in_root "$root" /probe nop 2>/dev/null || return 0 # there is no static libc for it
	for mode in '' -g "-w $GRACE_AND_KILL" "$LOG"; do
		# shellcheck disable=SC2086 # words
		assert_run 0 '' '*' in_root "$root" /init $mode -- /probe orphans 20
		# shellcheck disable=SC2086
		assert_run 143 '' '*' in_root "$root" /init $mode -- /probe die 15
	done
	assert_run 127 '' "init: failed to execute /nothing: $ENOENT" in_root "$root" /init -- /nothing
	# shellcheck disable=SC2086
	background $USERNS unshare --fork --pid --kill-child chroot "$root" /init -- /probe catch 1
	expect_line ready && find_inside || return
	"$PROBE" send "$inside" 15
	expect_line '15 0 0'
	ended 0
	# Nothing of it was made there either.
	assertEquals 'init
probe' "$(ls -A "$root")"
}

# A root that nobody can write to.
testTrap44ReadOnlyRoot() {
	sanitized && return 0
	root=$T/root
	mkdir -p "$root/empty"
	cp "$PIDBOX" "$root/init"
	cp "$PROBE" "$root/probe"
	"$root/probe" nop || return 0
	for words in '' "$GRACE" "$TERMINATION_LOG" '-w -v'; do
		# shellcheck disable=SC2086 # words
		assert_run 135 '' '*' $USERNS unshare --fork --pid --mount --kill-child sh -c '
			mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && ! touch "$1/x" 2>/dev/null &&
				shift && exec chroot "$T/root" "$@"' sh "$root" /init $words -- /probe die 7
		done
}

# ---- descriptors

testX4ClosedDescriptors() {
	for name in $NAMES; do
		for closed in '0<&-' '1>&-' '2>&-' '0<&- 1>&- 2>&-'; do
			eval '"$N/$name" -- sh -c "exit 3"' "$closed"
			assertEquals "$name $closed" 3 $?
			eval '$PID1 "$N/$name" -- sh -c "exit 3"' "$closed"
			assertEquals "$name $closed, as PID 1" 3 $?
		done
	done
}

# No descriptor is to be had: what init waits on may not need one.
testX4NoDescriptorsLeft() {
	sanitized && return 0
	for limit in 0 3; do
		for mode in "$INIT --" "$INIT -g $GRACE" "$N/dumb-init"; do
			# shellcheck disable=SC2086 # words
			assert_run 135 '' '' prlimit --nofile=$limit:$limit $mode "$PROBE" die 7
			# shellcheck disable=SC2086
			background prlimit --nofile=$limit:$limit $mode "$PROBE" catch 2
			expect_line ready || return
			"$PROBE" send "$bg" 12
			expect_line '12 0 0'
			"$PROBE" send "$bg" 15
			expect_line '15 0 0'
			ended 0
		done
	done
}

# Where stderr is full and nobody reads, what init has to say is lost, and nothing else.
testTrap54FullPipe() {
	mkfifo "$T/full"
	exec 7<>"$T/full"
	dd if=/dev/zero of="$T/full" bs=4096 count=4096 oflag=nonblock 2>/dev/null
	for words in '-w' '-w -v -v -v' "$LOG" "$JSON"; do
		# shellcheck disable=SC2086 # words
		background sh -c 'exec "$@" >&7 2>&7' sh "$INIT" $words -- sh -c '
			"$PROBE" orphans 300; (exit 3); until [ "$(cat /proc/$PPID/task/$PPID/children)" = "$$ " ]; do
			"$PROBE" nop; done; exec "$PROBE" live'
		wait_for '[ "$(cat "/proc/$(child_of "$bg")/comm" 2>/dev/null)" = probe ]' || return
		taken "$bg" || return
		"$PROBE" send "$bg" 15
		ended 143
	done
	# Its peers' words for that, and an exec that fails. A shell of its own: dash would write that
	# somebody was killed to the pipe.
	for name in tini dumb-init catatonit; do
		(DUMB_INIT_DEBUG=1 TINI_VERBOSITY=5 CATATONIT_DEBUG=1 exec timeout -k 1 10 "$N/$name" -- sh -c \
			'"$PROBE" orphans 30; exit 4' 2>&7)
		assertEquals "$name" 4 $?
	done
	(exec timeout -k 1 10 "$INIT" -- /nothing 2>&7)
	assertEquals 'exec' 127 $?
	exec 7>&-
	rm "$T/full"
}

# The reader has gone: no SIGPIPE for init, and the command is as it would be.
testTrap54ClosedPipe() {
	mkfifo "$T/gone"
	for words in -w "$LOG" '-v -v -v'; do
		exec 7<>"$T/gone"
		exec 6>"$T/gone" 7<&-
		# shellcheck disable=SC2086 # words
		(exec timeout -k 1 10 "$INIT" $words -- sh -c '"$PROBE" orphans 30; exit 4' 2>&6 6>&-)
		assertEquals "$words" 4 $?
		exec 6>&-
	done
	rm "$T/gone"
}

# ---- memory

# 16 MiB of address space, for init and all that it collects.
testX4LittleMemory() {
	sanitized && return 0
	assert_run 7 '' '' in_ns prlimit --as=16777216 "$INIT" -- sh -c '
		"$PROBE" orphans 1000; until [ "$(cat /proc/1/task/1/children)" = "$$ " ]; do "$PROBE" nop; done; exit 7'
	works prlimit --as=16777216 -- "$INIT" --
}

# A control group with 16 MiB for init, what it collects and the command; and when the command wants
# more, it is not init that goes.
testX4MemoryGroup() {
	sanitized && return 0
	group=
	for dir in /sys/fs/cgroup/memory /sys/fs/cgroup; do
		mkdir "$dir/pidbox-test.$$" 2>/dev/null || continue
		group=$dir/pidbox-test.$$
		for limit in memory.max memory.limit_in_bytes; do
			if [ -e "$group/$limit" ] && echo 16M >"$group/$limit"; then
				echo 16M >"$group/memory.memsw.limit_in_bytes" || echo 0 >"$group/memory.swap.max" || :
				break 2
			fi 2>/dev/null
		done
		rmdir "$group"
		group=
	done
	if [ -z "$group" ] || ! sh -c 'echo $$ >"$1/cgroup.procs"' sh "$group" 2>/dev/null; then
		# No memory controller to use: the limit of the address space above has to do.
		[ -z "$group" ] || rmdir "$group"
		return 0
	fi
	assert_run 7 'got 137' '*' sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' sh "$group" \
		unshare --fork --pid --mount-proc "$INIT" -- sh -c '
		for i in 1 2 3 4 5 6 7 8 9 10; do "$PROBE" orphans 10; done
		until [ "$(cat /proc/1/task/1/children)" = "$$ " ]; do "$PROBE" nop; done
		dd if=/dev/zero of=/dev/null bs=40000000 count=1; echo got $?; exit 7'
	wait_for 'rmdir "$group" 2>/dev/null'
}

. "${SHUNIT2:-shunit2}"
