#!/bin/sh
# SPDX-License-Identifier: 0BSD
# halt, poweroff, reboot: whom they ask for what, and what they say when nobody would do it. All of it in
# PID namespaces, which are what ends: the machine must not.
# shellcheck disable=SC2016,SC2154 # expanded by other shells; of lib.sh
. "$(dirname "$0")/../lib.sh"

HALT=$BIN/halt
export HALT
for name in poweroff reboot; do
	[ -e "$BIN/$name" ] || ln -s pidbox "$BIN/$name" # a program of one applet has one link
done

need unshare util-linux
need strace strace

if [ "$(id -u)" != 0 ]; then
	skip_because 'needs root'
	exit
fi

# in_box SCRIPT: a shell that is PID 1 of a PID namespace of its own, where the programs are in $BIN.
in_box() { assert_run "$1" "$2" "$3" in_ns sh -c "$kill_guard$4"; }

EPERM=$(reason 'Operation not permitted' 1)

# ---- whom, and what

testAsksPid1() {
	in_box 0 'USR1
USR2
TERM' '' 'for sig in USR1 USR2 TERM; do trap "echo $sig" $sig; done
		"$BIN/halt"; "$BIN/poweroff"; "$BIN/reboot"'
}

# Our own init, which waits for signals by a descriptor; the namespace ends as it says.
testOurInit() {
	if enabled INIT_SYSTEM; then
		mkdir "$T/etc"
		for row in halt:130 poweroff:130 reboot:129; do
			echo "::once:$BIN/${row%:*}" >"$T/etc/inittab"
			assert_run "${row#*:}" '' "*going down: ${row%:*}*" in_ns sh -c 'mount --bind "$T/etc" /etc
				exec env -i "$BIN/init"'
		done
	fi
}

# From further below.
testNotOnlyFromChildren() {
	in_box 0 USR2 '' 'trap "echo USR2; exit" USR2; (exec 3>&1; ("$BIN/poweroff" -n &)); while :; do sleep 0.01; done'
}

testOptionsOfOthers() {
	for words in -n '-n -i' -in '-d 0 -n' -d0 '--delay=0.01 --no-sync'; do
		in_box 0 TERM '' 'trap "echo TERM" TERM; "$BIN/reboot" '"$words"
	done
	in_box 1 '' "*unexpected operand 'now'*" 'trap "echo USR1" USR1; "$BIN/halt" now'
	in_box 1 '' "*invalid time interval 'x'*" 'trap "echo USR1" USR1; "$BIN/halt" -d x'
	in_box 1 '' "*invalid option -- 'p'*" 'trap "echo USR1" USR1; "$BIN/halt" -p'
}

# Before it asks anybody, and not with -n.
testSync() {
	for row in ':sync kill' -n:kill '-f:sync reboot' -nf:reboot; do
		run in_ns sh -c "$kill_guard"'trap : USR1
			strace -o "$T/trace" -e trace=sync,kill,reboot -e signal=none "$BIN/halt" $1' - "${row%%:*}"
		assertEquals "$row; $err" "${row#*:}" "$(sed -n 's/^\([a-z]*\)(.*/\1/p' "$T/trace" | xargs)"
	done
}

testDelay() {
	begin=$(uptime_cs)
	in_box 0 TERM '' 'trap "echo TERM" TERM; "$BIN/reboot" -n -d 0.3'
	[ $(($(uptime_cs) - begin)) -ge 30 ] || fail 'too early'
	begin=$(uptime_cs)
	in_box 0 TERM '' 'trap "echo TERM" TERM; "$BIN/reboot" -n -d 0.005m'
	[ $(($(uptime_cs) - begin)) -ge 30 ] || fail 'too early'
}

# ---- linuxrc

# asked USER: a process of that name waits, and says what it gets.
asked() {
	printf '%s\n' '#!/bin/sh' 'trap "echo linuxrc: USR1; exit" USR1; echo up >&3
		while :; do sleep 0.01; done' >"$T/linuxrc"
	chmod 755 "$T/linuxrc"
	mkfifo "$T/up"
	run in_ns sh -c "$kill_guard"'trap "echo PID 1: USR1" USR1
		exec 3<>"$T/up"
		setpriv --reuid "$1" --clear-groups "$T/linuxrc" &
		read -r _ <&3
		"$BIN/halt" -n
		kill -USR1 $!
		wait' - "$1"
	rm "$T/up"
}

testLinuxrcIsAsked() {
	enabled HALT_CHECK || return 0
	asked 0
	assertEquals "$err" 'linuxrc: USR1' "$out"
}

# Anybody may give that name to a process.
testLinuxrcOfOthersIsNot() {
	asked 65534
	assertEquals "$err" 'PID 1: USR1
linuxrc: USR1' "$out"
}

# ---- errors

# Until PID 1, a shell that has just started one, waits for it and blocks nothing.
settled='until grep -q "^State:.S" /proc/1/status && grep -q "^SigBlk:.0*\$" /proc/1/status; do :; done; exec'

testPid1DoesNotTakeIt() {
	enabled HALT_CHECK || return 0
	for row in halt:USR1 poweroff:USR2 reboot:TERM; do
		in_box 1 '' "${row%:*}: PID 1, 'sh', does not take ${row#*:} (-f tells the kernel)" \
			"($settled \"\$BIN/${row%:*}\"); "'rc=$?; exit $rc'
	done
	in_box 1 '' "reboot: PID 1, 'sh', does not take TERM (-f tells the kernel)" \
		"trap '' TERM; ($settled \"\$BIN/reboot\" -n); "'rc=$?; exit $rc'
	# A name that is to break the line.
	cp "$(command -v sh)" "$T/a
b"
	run in_ns sh -c "$kill_guard"'exec "$T/a
b" -c "$1"' - "($settled \"\$BIN/halt\"); exit \$?"
	assertEquals "halt: PID 1, 'a?b', does not take USR1 (-f tells the kernel)" "$err"
	rm "$T/a
b"
}

# Blocked is not lost: it is taken later.
testPid1IsBusy() {
	mkfifo "$T/busy"
	in_box 0 'status 0' '' '{
			until [ "$(cat /proc/1/comm)" = cat ]; do :; done
			"$BIN/poweroff" -n
			echo "status $?" >"$T/busy"
		} &
		exec env --block-signal=USR2 cat "$T/busy"'
	rm "$T/busy"
}

testWithoutPermission() {
	in_box 1 '' "halt: cannot signal PID 1: $EPERM" \
		'trap : USR1; setpriv --reuid 65534 --clear-groups "$BIN/halt" -n; rc=$?; exit $rc'
}

# Without any /proc, and with one of another PID namespace, whose PID 1 is not ours.
testWithoutProc() {
	for proc in 'mount -t tmpfs tmpfs /proc' 'umount /proc'; do
		in_box 0 USR1 "${ASAN_OPTIONS:+*}" "trap 'echo USR1' USR1; $proc"'; "$BIN/halt" -n'
	done
}

testClosedDescriptors() {
	in_box 0 '' '' 'trap : USR1; "$BIN/halt" -n <&- >&- 2>&-'
}

# ---- -f

testForceEndsTheNamespace() {
	for row in halt:130 poweroff:130 reboot:129; do
		assert_run "${row#*:}" '' '*' in_ns sh -c "$kill_guard"'"$BIN/$1" -n -f; echo it goes on' - "${row%:*}"
		# By PID 1 itself.
		assert_run "${row#*:}" '' '*' in_ns sh -c "$kill_guard"'exec "$BIN/$1" -f' - "${row%:*}"
	done
}

testForceWithoutTheRight() {
	for name in halt poweroff reboot; do
		assert_run 1 '' "$name: cannot $name: $EPERM$(hinted 'it takes CAP_SYS_BOOT')" \
			in_ns sh -c "$kill_guard"'setpriv --bounding-set -sys_boot "$BIN/$1" -f; rc=$?; exit $rc' - "$name"
	done
	# A user namespace that does not own the PID namespace.
	assert_run 1 '' "halt: cannot halt: $EPERM*" \
		in_ns sh -c "$kill_guard"'unshare --user --map-root-user "$BIN/halt" -f; rc=$?; exit $rc'
}

# ---- wtmp

# with_log SCRIPT: with an empty /var/log of its own, in $T/log out here afterwards, and no init to end.
with_log() {
	rm -rf "$T/log"
	mkdir "$T/log"
	run in_ns sh -c "$kill_guard"'mount -t tmpfs -o size=16k log /var/log
		eval "$1"
		rc=$?
		for file in /var/log/*; do [ ! -f "$file" ] || cp "$file" "$T/log"; done
		exit "$rc"' - "$1"
}

# recent SECONDS
recent() {
	if [ "$1" -lt 0 ] || [ "$1" -ge 20 ]; then fail "$1 seconds ago"; fi
}

# Not made where it is not.
testWtmpIsNotMade() {
	with_log '"$BIN/halt" -w'
	assertEquals "0 $err" '0 ' "$rc $err"
	assertEquals '' "$(ls "$T/log")"
}

# As util-linux reads it.
testWtmpRecord() {
	need utmpdump util-linux
	for name in halt poweroff reboot; do
		with_log ': >/var/log/wtmp; "$BIN/'$name'" -w'
		assertEquals "$err" 0 "$rc"
		assertEquals 384 $(($(wc -c <"$T/log/wtmp")))
		utmpdump "$T/log/wtmp" >"$T/dump" 2>/dev/null
		like "$(cat "$T/dump")" \
			"\[1\] \[00000\] \[~~  \] \[shutdown\] \[~~ *\] \[$(uname -r) *\] \[0.0.0.0 *\] \[20*\]" ||
			fail "$(cat "$T/dump")"
		age=$(($(date +%s) - $(date +%s -d "$(sed 's/.*\[\(.*\)\].*/\1/; s/,/./' "$T/dump")")))
		recent "$age"
	done
}

# last(1) takes it for the end of the machine, from which on nobody is logged in.
testWtmpForLast() {
	if ! command -v last >/dev/null; then
		fail 'no last(1): install util-linux-extra'
		return
	fi
	with_log ': >/var/log/wtmp; "$BIN/poweroff" -w'
	like "$(last -x -f "$T/log/wtmp" | sed 1q)" 'shutdown *system*' || fail "$(last -x -f "$T/log/wtmp")"
}

# The same bytes as busybox, but for the time.
testWtmpIsBusybox() {
	need busybox busybox-static
	with_log ': >/var/log/wtmp; "$BIN/halt" -w; busybox halt -w'
	[ "$(wc -c <"$T/log/wtmp")" = 768 ] || return 0 # its libc or its build has it otherwise
	for part in 0:340 348:36; do
		assertEquals "$part" "$(tail -c 384 "$T/log/wtmp" | part "$part")" "$(head -c 384 "$T/log/wtmp" | part "$part")"
	done
}
part() { od -An -v -tx1 -j "${1%:*}" -N "${1#*:}"; }

# Where the records have 400 bytes, as with glibc on ARM: a time of 64 bits at 344.
testWtmpOfOtherLibcs() {
	with_log 'head -c 400 /dev/zero >/var/log/wtmp; "$BIN/halt" -w'
	assertEquals "$err" 800 $(($(wc -c <"$T/log/wtmp")))
	tail -c 400 "$T/log/wtmp" >"$T/record"
	assertEquals shutdown "$(tail -c +45 "$T/record" | head -c 8)"
	age=$(($(date +%s) - $(od -An -td8 -j 344 -N 8 "$T/record")))
	recent "$age"
	assertEquals 'the rest' 0 "$(tail -c +353 "$T/record" | tr -d '\000' | wc -c)"
	# Any number of short ones, and what is neither.
	for size in 1152 100; do
		with_log "head -c $size"' /dev/zero >/var/log/wtmp; "$BIN/halt" -w'
		assertEquals "$err" $((size + 384)) $(($(wc -c <"$T/log/wtmp")))
	done
}

# With -w it is all that was asked for; otherwise the end is more important.
testWtmpThatCannotBeWritten() {
	full='head -c 20000 /dev/zero >/var/log/full 2>/dev/null; : >/var/log/wtmp'
	with_log "$full"'; "$BIN/halt" -w'
	assertEquals "1 halt: /var/log/wtmp: $(reason 'No space left on device' 28)" "$rc $err"
	with_log "$full"'; trap "echo USR1" USR1; "$BIN/halt" -n'
	assertEquals "0 USR1 " "$rc $out $err"
	with_log ': >/var/log/wtmp; setpriv --reuid 65534 --clear-groups "$BIN/halt" -w'
	assertEquals "1 halt: /var/log/wtmp: $(reason 'Permission denied' 13)" "$rc $err"
	# Nobody waits for who reads a FIFO.
	with_log 'mkfifo /var/log/wtmp; "$BIN/halt" -w; rc=$?; rm /var/log/wtmp; (exit $rc)'
	assertEquals "1 halt: /var/log/wtmp: $(reason 'No such device or address' 6)" "$rc $err"
}

# -w tells nobody.
testWtmpOnly() {
	in_box 0 '' '' 'trap "echo USR1" USR1; "$BIN/halt" -w -n; "$BIN/halt" -wf'
}

. "${SHUNIT2:-shunit2}"
