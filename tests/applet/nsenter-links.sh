#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter: what a container's files lead to that are links into /proc/self: the program that is run, or
# the directory to go to. Never to anything of outside, nor to a file of ours that could be changed.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"
. "$TOP/tests/applet/helper/seize.sh"

# ---- /proc/self/exe: ourselves, where all but --bring, --self, --like-target and --cap-drop would run
# from a file (CVE-2019-5736). For these see nsenter-escape.sh.

# ours: whether our program can run there under another name, and for long.
ours() { need_root && enabled SLEEP && ! sanitized; }

# line_of WORD: waits for such a line of the attack; $T/until is all lines up to it.
line_of() {
	while next_line; do
		printf '%s\n' "$line" >>"$T/until"
		case $line in "$1 "*) return ;; esac
	done
	return 1
}

# runs_itself CMD...: CMD enters and executes a link to who executes it, which is attacked while it runs
# and when it has ended. $saw is what was attacked.
runs_itself() {
	: >"$T/until"
	stopper=$within
	# shellcheck disable=SC2086 # words
	$within ln -s /proc/self/exe "/proc/$target/root/sleep"
	"$@" -t "$target" --kill-child /sleep 1000 </dev/null >"$T/said" 2>&1 8<&- &
	runner=$!
	line_of exe || return
	saw=${line#exe }
	end_children "$runner"
	line_of gone || return
	attack_ends
	assertEquals '' "$(cat "$T/said")"
}

# assert_ours FILE SAW: that this was attacked, and not changed.
assert_ours() {
	assertEquals "$2" "$saw"
	assertEquals '' "$(grep -ah '^wrote ' "$T/until" "$T/seen")"
	cmp "$PIDBOX" "$1" || fail "we were changed"
	cp "$PIDBOX" "$1"
}

COPY='/memfd:pidbox (deleted)'

# The attack works, as it does on a program of outside that somebody else runs there.
testTheAttack() {
	ours || return 0
	: >"$T/until"
	cp "$BUSYBOX" "$T/busybox"
	attacked 'caps as 1000' || return
	nsenter -t "$target" -n -p -S 1000 -G 1000 "$T/busybox" sleep 1000 </dev/null >"$T/said" 2>&1 8<&- &
	runner=$!
	line_of exe || return
	kill -KILL "$(children "$runner" | tr -d ' ')"
	wait "$runner" 2>/dev/null
	line_of gone || return
	attack_ends
	assertTrue "$(cat "$T/until" "$T/seen")" "grep -qxF 'wrote $T/busybox' '$T/until' '$T/seen'"
	assertFalse "the attack does nothing" 'cmp -s "$BUSYBOX" "$T/busybox"'
}

# Another user there than root has no capabilities: root there may become that user, and look at it.
testCve20195736AsAnotherUser() {
	ours || return 0
	attacked 'caps as 1000' || return
	runs_itself "$NSENTER" -a -S 1000 -G 1000 || return
	assert_ours "$BIN/pidbox" "$COPY"
}

# -r, without a mount namespace.
testCve20195736InARoot() {
	ours || return 0
	attacked 'caps as 1000' || return
	runs_itself "$NSENTER" -r -p -S 1000 -G 1000 || return
	assert_ours "$BIN/pidbox" "$COPY"
}

# Root of a user namespace in which the owner of our file is somebody: by the target's map, by a
# namespace whose map nobody knows.
testCve20195736InAUserNamespace() {
	ours || return 0
	attacked '' -r || return
	runs_itself "$NSENTER" -a || return
	assert_ours "$BIN/pidbox" "$COPY"
	attacked '' -r || return
	runs_itself "$NSENTER" -a -U"/proc/$target/ns/user" || return
	assert_ours "$BIN/pidbox" "$COPY"
}

testCve20195736Rootless() {
	ours || return 0
	# shellcheck disable=SC2086 # words
	$AS_USER cp "$PIDBOX" "$T/anyone/nsenter"
	within=$AS_USER
	attacked '' -r || return
	# shellcheck disable=SC2086 # words
	runs_itself $AS_USER "$T/anyone/nsenter" -a || return
	assert_ours "$T/anyone/nsenter" "$COPY"
}

# mapped: $within is a user namespace whose users are nobody of ours.
mapped() {
	target unshare -U sh -c "$SLEEP" || return
	echo '0 100000 1000' >"/proc/$target/uid_map"
	echo '0 100000 1000' >"/proc/$target/gid_map"
	within="nsenter -t $target -U"
}

# Where nobody could change it, a copy would be in vain, and an entry takes twice as long; but who lets
# everybody write to it has to have one.
testNoCopyInVain() {
	ours || return 0
	for mode in 755 777; do
		mapped || return
		attacked '' || return
		cp "$PIDBOX" "$T/nsenter"
		chmod $mode "$T/nsenter"
		runs_itself "$T/nsenter" -a || return
		[ $mode = 755 ] || assert_ours "$T/nsenter" "$COPY"
		[ $mode = 777 ] || assert_ours "$T/nsenter" "$T/nsenter"
	done
}

# ---- /proc/self/fd: a directory that we had open, and from there all of outside (CVE-2024-21626)

# links_out FILE: links in the target's root, out3 to out12, to a file of outside by each descriptor.
links_out() {
	fds='3 4 5 6 7 8 9 10 11 12'
	for fd in $fds; do
		ln -s "/proc/self/fd/$fd/..$1" "/proc/$target/root/out$fd"
		printf '#!/proc/self/fd/%s/..%s\n' "$fd" "$1" >"/proc/$target/root/script$fd"
		chmod 755 "/proc/$target/root/script$fd"
	done
}

# stays_inside OPTION...
stays_inside() {
	for program in out script; do
		for fd in $fds; do
			run "$NSENTER" -t "$target" "$@" "/$program$fd" args
			assertEquals "$* /$program$fd" '' "$out"
			like "$err" "nsenter: failed to execute /$program$fd: *" || fail "$* /$program$fd: $err"
		done
	done
}

testCve202421626Program() {
	need_root || return 0
	for options in '' -r; do
		# shellcheck disable=SC2086 # one word or none
		container $options +proc "+$ENTER" || return
		links_out "$ENTER"
		stays_inside -a
		stays_inside -a -w -e --mount-proc
		if enabled NSENTER_LIKE; then stays_inside -a --cap-drop all; fi
		[ -n "$options" ] || stays_inside -a -S 1000 -G 1000
	done
}

# With a /proc that shows whoever enters, too, as that of a container without a PID namespace.
testCve202421626SharedProc() {
	need_root || return 0
	target unshare -m sh -c 'mount -t tmpfs root "$T/container" && cd "$T/container" && cp "$ENTER" . &&
		mkdir proc && mount -t proc proc proc && exec "$ENTER" pivot . /enter stay' || return
	links_out "$ENTER"
	stays_inside -a
	stays_inside -a -F
	for fd in $fds; do
		rm "/proc/$target/root/out$fd"
		ln -s "/proc/self/fd/$fd/..$T" "/proc/$target/root/out$fd"
		assert_run 1 '' "nsenter: cannot open /out$fd: *" "$NSENTER" -t "$target" -a "-W/out$fd" /enter args
	done
}

. "${SHUNIT2:-shunit2}"
