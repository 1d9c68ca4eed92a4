# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# Our init as PID 1 of a PID namespace, in the role of a machine's, with an /etc and a /dev of its own:
# what the tests init-*.sh share. Never the machine's own /dev: whatever happens in there to that
# file system happens to everybody.

# boot [-e NAME=VALUE]... [WORD...]: starts it with $T/etc/inittab, if that exists, and waits until it is
# init that runs. Its console is $T/console, $up the process outside, $init its PID 1 as seen here.
# These change it when they are set:
#	room       the directory of etc and console, instead of $T
#	boot_as    the name by which it is called: the words are the kernel's as linuxrc
#	boot_with  another program to be called so, a copy of busybox
#	boot_first shell commands for the new namespaces, before init, in $room
boot() {
	set_vars=
	while [ "${1:-}" = -e ]; do
		set_vars="$set_vars $2"
		shift 2
	done
	room=${room:-$T}
	boot_program=$BIN/${boot_as:-init}
	mkdir -p "$room/etc"
	: >"$room/console"
	[ -e "$boot_program" ] || ln -s pidbox "$boot_program" # a program of one applet has one link
	if [ -n "${boot_with:-}" ]; then
		boot_program=$room/${boot_as:-init}
		ln -sf "$boot_with" "$boot_program"
	fi
	# shellcheck disable=SC2086 # words
	boot_first=${boot_first:-} unshare --pid --fork --mount --propagation private --kill-child \
		sh -c "$boot_begin" - "$room" env -i HOME=/ \
		${ASAN_OPTIONS:+"ASAN_OPTIONS=$ASAN_OPTIONS"} \
		${UBSAN_OPTIONS:+"UBSAN_OPTIONS=$UBSAN_OPTIONS"} $set_vars "$boot_program" "$@" \
		</dev/null >>"$room/console" 2>&1 &
	up=$!
	wait_for "[ -n \"\$(first_child $up)\" ]" || return
	init=$(first_child "$up")
	wait_for "[ \"\$(cat /proc/$init/comm)\" = ${boot_program##*/} ]" || return
	# Signals get lost before ours has blocked them. Others' sigtimedwait(2) hides that.
	[ -n "${boot_with:-}" ] || wait_for "! grep -q '^SigBlk:[[:space:]]*0*\$' /proc/$init/status"
}

# shellcheck disable=SC2016 # expanded by that shell
boot_begin='
	set -e
	cd "$1"
	mount --bind "$1/etc" /etc
	mount -t tmpfs -o mode=755 tmpfs /dev
	mount -t tmpfs -o mode=755 tmpfs /run # the other init makes its utmp there
	mkdir /dev/pts /dev/shm
	mount -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts
	ln -s pts/ptmx /dev/ptmx
	ln -s /proc/self/fd /dev/fd
	for node in null:3 zero:5 full:7 random:8 urandom:9; do
		mknod -m 666 "/dev/${node%:*}" c 1 "${node#*:}"
	done
	mknod -m 666 /dev/tty c 5 0
	mount -t proc proc /proc
	shift
	eval "$boot_first"
	exec "$@"
'

first_child() { tr ' ' '\n' 2>/dev/null <"/proc/$1/task/$1/children" | sed -n 1p; }

# inittab LINE...: the file that boot uses.
inittab() {
	mkdir -p "${room:-$T}/etc"
	printf '%s\n' "$@" >"${room:-$T}/etc/inittab"
}

# said TEXT: waits for a line of the console that has it.
said() { wait_for "grep -qF -- '$1' '${room:-$T}/console'"; }

# ended RC: the namespace ends, with that status: 129 after a reboot, 130 after a halt or poweroff
# (pid_namespaces(7), reboot(2)).
ended() {
	wait "$up" 2>/dev/null # the shell would say "Hangup"
	assertEquals "status; $(cat "${room:-$T}/console")" "$1" "$?"
	up=
}

# children: the names of the children of init, sorted, in one line.
children() {
	# shellcheck disable=SC2013 # words
	for child in $(cat "/proc/$init/task/$init/children" 2>/dev/null); do
		cat "/proc/$child/comm" 2>/dev/null
	done | sort | tr '\n' ' '
}

tearDown() {
	if [ -n "${up:-}" ]; then
		kill -KILL "$up" 2>/dev/null
		wait "$up" 2>/dev/null
	fi
	up=
	unset room boot_as boot_with boot_first
	rm -rf "${T:?}/etc"
}
