#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Kernels that lack something, and profiles that forbid it (trap 45): with one message or none everything
# works without it, or says in one line what is missing. init in both roles, and the applets of a machine
# that is looked after by it. By filters (seccomp(2)); the recorded /proc of an old kernel.
# shellcheck disable=SC2016 # expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/boot.sh"
. "$TOP/tests/applet/helper/hard.sh"
INIT=$BIN/init

suite() {
	all=1 # not a program of some applets alone
	for name in ps pstree lsns pgrep kill unshare nsenter; do [ -e "$BIN/$name" ] || all=; done
	# shellcheck disable=SC2013 # names are words
	for t in $(grep -o '^test[A-Za-z0-9]*' "$TEST_FILE"); do
		case $t in
		testMachine*) enabled INIT_SYSTEM || continue ;;
		testContainer) enabled INIT_CONTAINER || continue ;;
		*) [ -n "$all" ] || continue ;;
		esac
		suite_addTest "$t"
	done
}

need unshare util-linux
order='cat'

# What a kernel of ten years ago does not have, or one that is configured to be small; not one of these may
# be needed. `since=424` is all that is newer than Linux 5.0: pidfd_*, clone3, close_range, openat2, fsopen ...
if sanitized; then
	MISSING='signalfd4 since=424 pidfd_open waitid statx' # its library needs some itself
else
	MISSING='signalfd4 since=424 pidfd_open pidfd_send_signal pidfd_getfd close_range clone3 waitid statx timerfd_create
		epoll_create1 memfd_create name_to_handle_at getrandom prlimit64 pwritev2 execveat rt_sigqueueinfo madvise
		process_vm_readv seccomp'
fi

# $first is PID 1 of a PID namespace, which sleeps by now, $outer its parent.
oneTimeSetUp() {
	unshare --fork --pid --mount-proc --kill-child "$SLEEP" 1000 &
	outer=$!
	wait_for '[ -n "$(first_child $outer)" ] && first=$(first_child $outer) &&
		[ "$(cat /proc/$first/comm)" = sleep ] && [ "$(state $first)" = S ]'
}

oneTimeTearDown() {
	[ -z "${outer:-}" ] || kill -KILL "$outer"
	outer=
}

# same CMD...: without any of them it does and says what it does and says with all; $order is a filter for
# lines whose order is chance.
same() {
	run timeout -k 1 20 "$@"
	$order <"$T/out" >"$T/out.all"
	cp "$T/err" "$T/err.all"
	was=$rc
	for call in $MISSING; do
		for answer in ENOSYS EPERM; do
			run timeout -k 1 20 "$LACK" $answer "$call" "$@"
			$order <"$T/out" >"$T/out.now"
			if [ "$rc" != "$was" ] || ! cmp -s "$T/out.now" "$T/out.all" || ! cmp -s "$T/err" "$T/err.all"; then
				show "$answer $call: $*: $rc, not $was"
				diff "$T/out.all" "$T/out.now"
				diff "$T/err.all" "$T/err"
				fail 'see above'
			fi
		done
	done
}

# says RC LINE CMD...: one line on stderr, nothing else.
says() {
	want_rc=$1 line=$2
	shift 2
	assert_run "$want_rc" '' "$line" timeout -k 1 20 "$@"
	assert_one_line
}

# ---- those who look

testPs() {
	same "$BIN/ps" -o pid,ppid,nspid,state,comm -p "$first"
	same "$BIN/ps" --json -o pid,comm -p "$first"
}

testPstree() { same "$BIN/pstree" -pN pid "$outer"; }

testLsns() {
	# Where nobody else comes and goes. Of the two that are new either may have the lower number, by which
	# they are sorted: one that another has given back.
	order='sort'
	same unshare --fork --pid --mount-proc "$BIN/lsns" -o type,nprocs,pid
	order='cat'
	for call in $MISSING; do
		run timeout -k 1 20 "$LACK" EPERM "$call" "$BIN/lsns" --tree
		assertEquals "$call: $err" 0 "$rc"
	done
}

testPgrep() { same "$BIN/pgrep" -l --parent "$outer"; }

# ---- those who act

testKill() {
	same "$BIN/kill" -0 "$first"
	for call in pidfd_open pidfd_send_signal since=424; do
		for answer in ENOSYS EPERM; do
			"$SLEEP" 1000 &
			# A copy of a shell with a trap for TERM (shunit2) takes one for the shell's, and loses it.
			wait_for "[ \"\$(cat /proc/$!/comm)\" = sleep ]" || return
			assert_run 0 '' '' "$LACK" $answer $call "$BIN/kill" -TERM $!
			wait $!
			assertEquals 143 $?
		done
	done
	# What it cannot do without, it says.
	for answer in ENOSYS EPERM; do
		says 1 "kill: ($first): *" "$LACK" $answer pidfd_open "$BIN/kill" --wait=1 -CONT "$first"
	done
}

testUnshare() {
	same "$BIN/unshare" --pid --fork --mount-proc sh -c 'echo $$; exit 3'
	same "$BIN/unshare" --user --mount --map-root-user true
}

# A kernel without the namespace (EINVAL), without the call, and where it is forbidden.
testUnshareWithoutNamespaces() {
	for answer in EINVAL ENOSYS EPERM; do
		says 1 'unshare: unshare failed: *' "$LACK" $answer new=0x20000000 "$BIN/unshare" --pid --fork true
		says 1 'unshare: unshare failed: *' "$LACK" $answer unshare "$BIN/unshare" --mount true
	done
}

testNsenter() {
	same "$BIN/nsenter" -t "$first" -a sh -c 'echo $$ >/dev/null; cat /proc/1/comm; exit 3'
	for answer in EINVAL ENOSYS EPERM; do
		says 1 'nsenter: reassociate to namespace*' "$LACK" $answer setns "$BIN/nsenter" -t "$first" -p true
	done
}

# A /proc without the directory ns, as that of a kernel without NAMESPACES.
testNoNamespaceFiles() {
	mkdir -p "$T/none"
	# no_ns CMD...: with an empty one for the process and for whoever asks.
	no_ns='no_ns() {
		mount --bind "$none" "/proc/$first/ns" && "$@"
	}'
	export none="$T/none" first
	if ! unshare --mount --propagation private sh -c "$no_ns; no_ns true" 2>/dev/null; then
		return 0 # nothing can be mounted there any more (Linux 6.12 says so of some files)
	fi
	# Since Linux 5.8 it can be entered without them.
	assert_run 1 '' 'nsenter: *: *' unshare --mount --propagation private sh -c "$no_ns"'
		no_ns "$LACK" ENOSYS since=424 "$BIN/nsenter" -t "$first" -p true'
	assert_one_line
	assert_run 0 "*$first*sleep*" '*' unshare --mount --propagation private sh -c "$no_ns"'
		no_ns "$BIN/ps" -o pid,nspid,pidns,comm -p "$first"'
	assert_run 0 '*sleep*' '*' unshare --mount --propagation private sh -c "$no_ns"'
		no_ns "$BIN/pstree" -p "$first"'
}

# Neither NSpid lines nor links nor cgroups: Linux 3.10.
testOldKernel() {
	old=$TOP/tests/proc/old-kernel
	run "$BIN/ps" --proc "$old" -e -o pid,nspid,pidns,cgroup,comm
	assertEquals "$err" 0 "$rc"
	assertEquals "$(find "$old" -maxdepth 1 -name '[0-9]*' | grep -c .)" "$(sed 1d "$T/out" | grep -c .)"
	# The number it has here is that of the only level there is.
	assertEquals "$out" 0 "$(sed 1d "$T/out" | awk '$2 != $1 && $2 != "-"' | grep -c .)"
	assert_run 0 '*init*' '' "$BIN/pstree" --proc "$old"
	run timeout -k 1 20 "$BIN/lsns" --proc "$old"
	case $rc in
	0) ;;
	*) assert_one_line ;;
	esac
}

# ---- init, the role of a container's

testContainer() {
	same "$INIT" -- sh -c '(exit 4); exit 3'
	same unshare --pid --fork "$INIT" -- sh -c '(sh -c "exit 4" &); exit 3'
	for answer in ENOSYS EPERM; do
		says 3 'init: cannot become a subreaper: *' "$LACK" $answer prctl "$INIT" -- sh -c 'exit 3'
	done
}

# ---- init, the role of a machine's

# runs CALLS: a machine boots without them, starts, buries, and ends, and has said one thing at most.
# shellcheck disable=SC2119 # machine takes no words
runs() {
	for answer in ENOSYS EPERM; do
		before="$LACK $answer $1"
		inittab "::sysinit:/bin/touch $T/began" "::respawn:$SLEEP 1000" "::once:sh -c '(exit 3 &)'"
		machine || return
		wait_for '[ "$(children)" = "sleep " ]' || return
		respawned sleep
		assertTrue "$1: sysinit" "[ -e $T/began ]"
		rm -f "$T/began"
		still_up
		kill -USR2 "$init"
		ended "${2:-130}"
		assertTrue "$1: $(cat "$T/console")" "[ $(grep -v 'going down' "$T/console" | grep -c .) -le ${3:-1} ]"
	done
}

testMachine() {
	for call in signalfd4 since=424 waitid statx; do runs $call; done
	sanitized || runs prlimit64,madvise
}

# All that has come in ten years at once.
testMachineOfLongAgo() { runs "$(echo "$MISSING" | tr -s ' \n\t' ,)"; }

# What is older, and can be forbidden all the same.
testMachineOfFewRights() {
	sanitized && return 0
	for call in prctl sethostname mount umount2 sync chdir setsid sigaltstack ioctl; do runs $call; done
	runs reboot 0 2
}

. "${SHUNIT2:-shunit2}"
