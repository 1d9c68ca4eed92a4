#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter: without pidfds, without /proc, without some kinds of namespaces; and with a fresh /proc of the
# target's PID namespace (--mount-proc).
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started

# Mounts in a mount namespace of our own: whatever goes wrong, the machine's /proc stays what it is.
if [ -n "${TEST_FILE:-}" ] && [ "$(id -u)" = 0 ] && [ -z "${OWN_MOUNTS:-}" ]; then
	# shellcheck disable=SC2086 # "busybox sh" is two words
	OWN_MOUNTS=1 exec unshare -m ${TEST_SHELL:-sh} "$0"
fi
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"
need strace strace

NSENTER=$BIN/nsenter

# ---- older kernels

# Entering by the files of /proc, when the kernel has no pidfd (before 5.3), or none that setns(2)
# takes (before 5.8), which is tried twice: in both orders of the user namespace.
testS42WithoutPidfd() {
	need_root || return 0
	target unshare -muinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	for fault in pidfd_open:error=ENOSYS pidfd_open:error=EPERM \
		setns:error=EINVAL:when=1..2 setns:error=EBADF:when=1..2; do
		run strace -o "$T/trace" -e trace=pidfd_open,setns -e inject="$fault" \
			"$NSENTER" -t "$target" -a sh -c "$LINKS"
		assertEquals "$fault: $err" 0 "$rc"
		assertEquals "$fault" "$(links "$target")" "$out"
		assertTrue "$fault: not injected" "grep -q INJECTED '$T/trace'"
	done
	# Where it can, it enters by one call, all or nothing.
	strace -o "$T/trace" -e trace=setns "$NSENTER" -t "$target" -a true
	assertEquals "$(cat "$T/trace")" 1 "$(grep -c setns "$T/trace")"
}

# Any other error is one, and no reason to try it in another way.
testS42ErrorsThatAreErrors() {
	need_root || return 0
	target unshare -ui sh -c "$SLEEP" || return
	for fault in setns:error=EPERM setns:error=ENOMEM setns:error=EACCES; do
		run strace -o "$T/trace" -e trace=setns -e inject="$fault" "$NSENTER" -t "$target" -u -i true
		assertEquals "$fault" 1 "$rc"
		assertEquals "$fault: $(cat "$T/trace")" 2 "$(grep -c CLONE_NEWUTS "$T/trace")"
		assert_one_line
	done
}

# lacking KINDS CMD...: runs it where /proc/self/ns and setns(2) are those of a kernel without these.
lacking() {
	unshare -m sh -c '
		links=$(cd "/proc/$$/ns" && ls)
		mount -t tmpfs none "/proc/$$/ns" || exit
		for kind in $links; do
			case " $1 " in
			*" ${kind%_for_children} "*) ;;
			*) ln -s "$(readlink "/proc/$PPID/ns/$kind")" "/proc/$$/ns/$kind" ;;
			esac
		done
		kinds=$1
		shift
		exec "$ENTER" lack $kinds -- "$@"' sh "$@"
}

# S41, P13: a kind that is missing is none of all.
testS41KindsThatAreMissing() {
	need_root || return 0
	target unshare -muinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	for missing in time 'time cgroup' 'cgroup net' 'time cgroup user' uts; do
		assert_prints "$(for kind in $KINDS; do
			case " $missing " in
			*" $kind "*) ns "$kind" ;;
			*) ns "$kind" "$target" ;;
			esac
		done)" lacking "$missing" "$NSENTER" -t "$target" -a sh -c "$LINKS"
	done
}

# ---- B20, B21: no /proc

# without_proc CMD...: not for the build with sanitizers, whose libraries look into /proc.
without_proc() {
	unshare -m sh -c 'umount -l /proc && exec "$@"' sh "$@"
}

testB21WithoutProc() {
	need_root && ! sanitized || return 0
	target unshare -muinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	assert_prints "$(links "$target")" without_proc "$NSENTER" -t "$target" -a sh -c "$LINKS"
	target unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	assert_prints "$(links "$target")" without_proc "$NSENTER" -t "$target" -a sh -c "$LINKS"
	assert_prints "$(links "$target")" without_proc "$NSENTER" -t "$target" -U -m -p -u -i -n -C -T sh -c "$LINKS"
	# What is opened before, by a number; and what is asked of a namespace.
	target unshare -muinpCTf --mount-proc --kill-child setpriv --reuid 5 --regid 6 --clear-groups \
		env -i HELLO=there PATH="$PATH" sh -c 'cd /tmp && echo && exec sleep 1000' || return
	asleep || return
	assert_run 0 '5 6 /tmp there' '' without_proc "$NSENTER" -t "$target" -a -r -w -e -S follow -G follow \
		/bin/sh -c 'echo $(id -u) $(id -g) $(pwd) $HELLO'
	assert_run 0 sleep '' without_proc "$NSENTER" -t "$target" -p --mount-proc cat /proc/1/comm
	if enabled PID_REF; then
		assert_run 0 '' '' without_proc "$NSENTER" -t "1@$target" -a true
	fi
}

# Without any right to mount one the pidfd tells.
testB21WithoutProcAsUser() {
	need_root && ! sanitized || return 0
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	assert_prints "$(links "$target")" without_proc setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$NSENTER" -t "$target" -a sh -c "$LINKS"
	for option in -r -w -e '-S follow'; do
		# shellcheck disable=SC2086 # words
		run without_proc setpriv --reuid 65534 --regid 65534 --clear-groups \
			"$NSENTER" -t "$target" -U $option true
		assertEquals "$option" 1 "$rc"
		assert_one_line
	done
}

# In a /proc where we are not to be seen, that of a container whose mount namespace alone was entered, a
# process that it shows is meant, and all of it is entered: also the user namespace.
testB21ProcOfTheContainer() {
	need_root && ! sanitized || return 0
	target unshare -rmuinpf --mount-proc --kill-child sh -c "$SLEEP" || return
	for option in 1 "$target"; do
		assert_prints "$(ns user "$target")
$(ns uts "$target")" nsenter -t "$target" -m "$NSENTER" -t "$option" -a \
			sh -c 'for kind in user uts; do readlink /proc/self/ns/$kind; done'
	done
}

# Each of the two ways does it alone; without both it is said.
testB20EitherWay() {
	need_root && ! sanitized || return 0
	target unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	for fault in ioctl:error=ENOTTY fsopen:error=ENOSYS fsmount:error=EPERM; do
		run without_proc strace -o "$T/trace" -e trace="${fault%%:*}" -e inject="$fault" \
			"$NSENTER" -t "$target" -a sh -c "$LINKS"
		assertEquals "$fault: $err" 0 "$rc"
		assertEquals "$fault" "$(links "$target")" "$out"
	done
	run without_proc strace -o "$T/trace" -e trace=ioctl,fsopen -e inject=ioctl:error=ENOTTY \
		-e inject=fsopen:error=ENOSYS "$NSENTER" -t "$target" -a true
	assertEquals 1 "$rc"
	assert_one_line
	assertTrue "$err" 'grep -q "/proc" "$T/err"'
	assertTrue "$err" 'grep -q "mount -t proc proc /proc" "$T/err"'
}

# ---- B3: a /proc of the target's PID namespace

testB3MountProc() {
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	asleep || return
	cp /proc/self/mountinfo "$T/mounts"
	mkdir -p "$T/proc"
	# Of the target alone, and with its own numbers.
	assert_run 0 '*1 sleep
*ps' '' "$NSENTER" -t "$target" -p --mount-proc ps -e -o pid=,comm=
	assertEquals 2 "$(wc -l <"$T/out")"
	run "$NSENTER" -t "$target" -p --mount-proc sh -c 'echo $$; exec readlink /proc/self'
	assertEquals "$out" 1 "$(sort -u "$T/out" | wc -l)"
	run "$NSENTER" -t "$target" -p --mount-proc sh -c 'grep " /proc proc " /proc/self/mounts'
	assertEquals 'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0' "$(tail -n 1 "$T/out")"
	assert_prints "$(ns pid "$target")" "$NSENTER" -t "$target" -p --mount-proc readlink /proc/self/ns/pid
	# Elsewhere.
	assert_run 0 sleep '' "$NSENTER" -t "$target" -p "--mount-proc=$T/proc" cat "$T/proc/1/comm"
	# It is seen by the program alone.
	assertEquals '' "$(ls "$T/proc")"
	cmp /proc/self/mountinfo "$T/mounts" || fail "the mounts have changed"
	assert_run 1 '' "nsenter: mount $T/none failed: $ENOENT*" \
		"$NSENTER" -t "$target" -p "--mount-proc=$T/none" true
	assert_one_line
}

# With no capability left the mount is there all the same.
testB3MountProcThenDropCaps() {
	need_root && enabled NSENTER_LIKE || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	asleep || return
	assert_run 0 '5 6 sleep' '' "$NSENTER" -t "$target" -p -S 5 -G 6 --mount-proc --cap-drop all \
		sh -c 'echo $(id -u) $(id -g) $(cat /proc/1/comm)'
}

# Not where mounts go on to others either.
testB3MountProcWhereMountsAreShared() {
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	asleep || return
	assert_run 0 same '' unshare -m --propagation shared sh -c '
		cat /proc/self/mountinfo >"$2/before"
		"$0" -t "$1" -p --mount-proc cat /proc/1/comm >"$2/comm"
		cat /proc/self/mountinfo >"$2/after"
		cmp "$2/before" "$2/after" && [ "$(cat "$2/comm")" = sleep ] && echo same' \
		"$NSENTER" "$target" "$T"
}

# In the target's mount namespace there may be none, and it gets none.
testB3MountProcInAContainer() {
	need_root || return 0
	container +"$BUSYBOX" || return
	mkdir "/proc/$target/root/proc"
	cp "/proc/$target/mountinfo" "$T/mounts"
	assert_run 0 '1 enter
*' '' "$NSENTER" -t "$target" -a --mount-proc /busybox sh -c 'echo 1 $(/busybox cat /proc/1/comm); echo $$'
	assert_run 0 '' '' "$NSENTER" -t "$target" -a /busybox ls /proc
	cmp "/proc/$target/mountinfo" "$T/mounts" || fail "its mounts have changed"
	# A new mount namespace, which is a copy.
	run "$NSENTER" -t "$target" -a --mount-proc /busybox readlink /proc/self/ns/mnt
	assertNotEquals "$(ns mnt "$target")" "$out"
	# With another root it is the /proc of that.
	assert_run 0 enter '' "$NSENTER" -t "$target" -p "-r$ROOT" --mount-proc /busybox cat /proc/1/comm
	assertEquals '' "$(ls "$ROOT/proc")"
}

testB3MountProcAsUser() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rpmf --mount-proc --kill-child sh -c "$SLEEP" || return
	asleep || return
	assert_run 0 sleep '' as_user "$NSENTER" -t "$target" -a --mount-proc cat /proc/1/comm
	assert_run 0 sleep '' as_user "$NSENTER" -t "$target" -U -p --mount-proc cat /proc/1/comm
	# Before the program becomes somebody who may not.
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	asleep || return
	assert_run 0 '65534 sleep' '' "$NSENTER" -t "$target" -p --mount-proc -S 65534 \
		sh -c 'echo $(id -u) $(cat /proc/1/comm)'
}

. "${SHUNIT2:-shunit2}"
