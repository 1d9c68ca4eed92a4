#!/bin/sh
# SPDX-License-Identifier: 0BSD
# getino: the inodes of processes and namespaces, and PID:INODE as a name of a process.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"
need strace strace
getino=$BIN/getino
PS=$BIN/ps
none=4194304

tearDown() { stop_all; }

# sleeper: $pid sleeps.
sleeper() {
	sleep 1000 &
	pid=$!
	running="$pid $running"
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	wait_state "$pid" S
}

inode_of() { "$SCENE" pidino "$1"; }
has_inodes() {
	[ "$(inode_of $$)" != - ] && return
	skip_because 'this kernel has no inodes of pidfds'
	return 1
}

testProcess() {
	has_inodes || return 0
	sleeper
	one=$pid
	sleeper
	assert_run 0 "$(inode_of $$)" '' "$getino" $$
	assert_run 0 "$(inode_of "$one")
$(inode_of "$pid")" '' "$getino" "$one" "$pid"
	assert_run 0 "$one:$(inode_of "$one")" '' "$getino" -p "$one"
	assert_run 0 "$one:$(inode_of "$one")" '' "$getino" --print-pid --pidfs "$one"
	# Another process has another.
	[ "$(inode_of "$one")" != "$(inode_of "$pid")" ] || fail 'two have the same'
	# What comes out goes in.
	name=$("$getino" -p "$pid")
	assert_run 0 "$name" '' "$getino" -p "$name"
	assert_run 1 '' "getino: *'$pid:1'*" "$getino" "$pid:1"
}

testNamespaces() {
	until=ready
	new='unshare --pid --fork --kill-child --net --uts --ipc --mount'
	[ "$(id -u)" = 0 ] || new="$new --user --map-root-user"
	# shellcheck disable=SC2086 # they are words
	start $new sh -c 'echo ready; sleep 1000; :' || return
	first=$(first_child "$pid")
	for kind in cgroup ipc mnt net pid time user uts; do
		[ -e "/proc/self/ns/$kind" ] || continue
		assert_run 0 "$(inode self $kind)" '' "$getino" --${kind}ns $$
		assert_run 0 "$(inode "$first" $kind)
$(inode self $kind)" '' "$getino" --${kind}ns "$first" $$
		assert_run 0 "$first:$(inode "$first" $kind)" '' "$getino" -p --${kind}ns "$first"
	done
	for kind in pid net uts; do
		[ "$("$getino" --${kind}ns "$first")" != "$("$getino" --${kind}ns $$)" ] || fail "$kind is the same"
	done
	# By /proc where the kernel has no such ioctl.
	assert_run 0 "$(inode "$first")" '' strace -o /dev/null -e trace=ioctl -e inject=ioctl:error=ENOTTY \
		"$getino" --pidns "$first"
	[ "$(id -u)" = 0 ] || return 0
	run as_user "$getino" --pidns "$first"
	assertEquals "1 getino: '$first': its PID namespace may not be read (try as root)" "$rc $out$err"
	# Without a /proc by the ioctl.
	if "$getino" --pidns $$ >/dev/null; then
		# shellcheck disable=SC2016 # expanded by that shell
		run unshare --mount sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$getino" --pidns "$first"
		like "$rc $out" "0 $(inode "$first")" || like "$err" '*ioctl*' || fail "$rc $out $err"
	fi
}

# A zombie still has its inode and its PID namespace.
testZombie() {
	has_inodes || return 0
	"${HOSTCC:-cc}" -O1 -D_GNU_SOURCE -o "$T/check-scene" "$TOP/tests/applet/helper/check-scene.c"
	until=ready start "$T/check-scene" zombies 1 ended || return
	zombie=$(first_child "$pid")
	assert_run 0 "$zombie:$(inode_of "$zombie")" '' "$getino" -p "$zombie"
	assert_run 0 "$(inode self)" '' "$getino" --pidns "$zombie"
}

testRef() {
	enabled PID_REF && has_inodes || return 0
	new='unshare --pid --fork --kill-child'
	[ "$(id -u)" = 0 ] || new='unshare --user --map-root-user --pid --fork --kill-child'
	# shellcheck disable=SC2086 # they are words
	until=ready start $new sh -c 'sleep 1000 & echo ready; wait' || return
	first=$(first_child "$pid")
	inside=$(first_child "$first")
	# The number in front of the colon is ours.
	assert_run 0 "$inside:$(inode_of "$inside")" '' "$getino" -p "2@$first"
	assert_run 0 "$first:$(inode_of "$first")" '' "$getino" -p "1@pid:[$(inode "$first")]"
	assert_run 1 '' "getino: *'99@$first'*" "$getino" "99@$first"
}

# The others go on.
testSome() {
	has_inodes || return 0
	assert_run 1 "$(inode_of $$)" "getino: '$none': $(reason 'No such process' 3)" "$getino" $$ "$none"
	assert_run 1 "$(inode_of $$)" "getino: 'x': not a process: *" "$getino" x $$
}

# ---- what takes such a name

testKill() {
	has_inodes || return 0
	enabled KILL || return 0
	sleeper
	id=$("$getino" -p "$pid")
	assert_run 1 '' '*' "$BIN/kill" -KILL "$pid:1"
	assertEquals S "$(state "$pid")"
	assert_run 0 '' '' "$BIN/kill" -KILL "$id"
	wait_state "$pid" dead
}

testWaitpid() {
	has_inodes || return 0
	enabled WAITPID || return 0
	sleeper
	id=$("$getino" -p "$pid")
	assert_run 3 '' '' "$BIN/waitpid" -t 0 "$id"
	assert_run 1 '' '*' "$BIN/waitpid" -t 0 "$pid:1"
	"$BIN/waitpid" -v "$id" >"$T/waited" &
	waiter=$!
	wait_for "grep -q pidfd /proc/$waiter/fdinfo/* 2>/dev/null || ls -l /proc/$waiter/fd | grep -q pidfd"
	kill -KILL "$pid"
	wait "$waiter"
	assertEquals "0 PID $id finished" "$? $(cat "$T/waited")"
}

testNsenter() {
	has_inodes || return 0
	need_root || return 0
	enabled NSENTER || return 0
	until=ready start unshare --pid --fork --kill-child sh -c 'echo ready; sleep 1000; :' || return
	id=$("$getino" -p "$(first_child "$pid")")
	assert_run 0 "pid:\[$(inode "${id%:*}")\]" '' "$BIN/nsenter" -t "$id" -p readlink /proc/self/ns/pid
	assert_run 1 '' '*' "$BIN/nsenter" -t "${id%:*}:1" -p true
}

# ---- what the kernel lacks, misuse

testOldKernel() {
	assert_run 2 '' "getino: '$$': $(reason 'Function not implemented' 38)" \
		strace -o /dev/null -e trace=pidfd_open -e inject=pidfd_open:error=ENOSYS "$getino" $$
	# All pidfds had the same inode once, of another file system: as that of a pipe is.
	assert_run 2 '' "getino: '$$': its pidfd has no inode of its own (Linux 6.9)" \
		strace -o /dev/null -e trace=pidfd_open -e inject=pidfd_open:retval=0 "$getino" $$
}

testMisuse() {
	assert_run 1 '' "getino: no PID specified
Try 'getino --help' for more information." "$getino"
	assert_run 1 '' "getino: unrecognized option '--nope'
Try *" "$getino" --nope $$
	for word in 0 -- x 1: 1:x 1@ 99999999999; do
		assert_run 1 '' 'getino: *' "$getino" "$word"
	done
}

testLostOutput() {
	has_inodes || return 0
	"$getino" $$ >/dev/full 2>"$T/err"
	rc=$?
	assertEquals "1 getino: write error: $(reason 'No space left on device' 28)" "$rc $(cat "$T/err")"
}

. "${SHUNIT2:-shunit2}"
