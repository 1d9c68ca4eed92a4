#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter --bring and --self: what a container can get at through them, whose root looks at all that
# enters it: nothing (CVE-2019-5736).
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"
. "$TOP/tests/applet/helper/seize.sh"

# Those who attack, beginning with the mightiest: all of root's capabilities, those that engines leave
# to it, and both in a user namespace.
attackers() { printf '%s\n' ':' 'caps:' ':-r' 'caps:-r'; }

# The attack works, as util-linux shows: whose program is then no longer what it was.
testCve20195736OnThePeer() {
	need_root || return 0
	attacked '' "+$BUSYBOX" || return
	cp "$(command -v nsenter)" "$T/peer"
	n=0
	while cmp -s "$(command -v nsenter)" "$T/peer" && [ $((n += 1)) -le 1000 ]; do
		"$T/peer" -t "$target" -a /busybox true </dev/null 2>"$T/err"
	done
	attack_ends
	assertTrue "$(cat "$T/seen")" "grep -qxF 'exe $T/peer' '$T/seen'"
	assertTrue "$(cat "$T/seen")" "grep -qxF 'wrote $T/peer' '$T/seen'"
	assertFalse "the attack does nothing" 'cmp -s "$(command -v nsenter)" "$T/peer"'
}

# tools: the programs that might be changed.
tools() {
	mkdir -p "$T/tools"
	cp "$BUSYBOX" "$T/tools/busybox"
	cp "$PIDBOX" "$BIN/pidbox"
}

# harmless WHO: that the attack has brought nothing. The programs are still what they were.
harmless() {
	attack_ends
	assertEquals "$*" '' "$(grep -aF "$T" "$T/seen")"
	assertEquals "$*" '' "$(grep -a '^wrote ' "$T/seen")"
	# Before it becomes the program nsenter has files of outside open: those who may not trace all
	# processes of the machine see nothing of it.
	[ "$1" = : ] || assertEquals "$*" '' "$(grep -a 'memfd:pidbox' "$T/seen")"
	cmp "$BUSYBOX" "$T/tools/busybox" || fail "$*: the program was changed"
	cmp "$PIDBOX" "$BIN/pidbox" || fail "$*: we were changed"
	assertEquals 'the modes have changed' '755 755' "$(stat -c %a "$T/tools/busybox" "$BIN/pidbox" |
		tr '\n' ' ' | sed 's/ $//')"
}

testCve20195736Bring() {
	need_root || return 0
	tools
	for who in $(attackers); do
		attacked "${who%:*}" "${who#*:}" || return
		n=0
		while [ $((n += 1)) -le 40 ]; do
			"$NSENTER" -t "$target" -a --bring "$T/tools/busybox" sh -c 'exit 7' </dev/null 8<&- 2>&1 |
				cat >"$T/said"
		done
		assertEquals '' "$(cat "$T/said")"
		harmless "$who"
	done
}

testCve20195736Self() {
	need_root && ! sanitized || return 0
	tools
	for who in $(attackers); do
		attacked "${who%:*}" "${who#*:}" || return
		n=0
		while [ $((n += 1)) -le 40 ]; do
			"$NSENTER" -t "$target" -a --self nsenter --version </dev/null 8<&- 2>&1 | cat >"$T/said"
		done
		harmless : # which it cannot tell from the program
	done
}

# The one of the issue: the program runs, and stays until it was attacked; then it ends, and its file is
# still held.
testCve20195736HoldPastTheEnd() {
	need_root || return 0
	tools
	mkfifo "$T/in"
	for who in : :-r; do
		attacked "${who%:*}" "${who#*:}" || return
		"$NSENTER" -t "$target" -a --bring "$T/tools/busybox" sh -c 'read -r line' <"$T/in" 8<&- |
			cat >"$T/said" &
		exec 7>"$T/in"
		until next_line && case $line in 'exe /memfd:busybox'*) ;; *) false ;; esac; do
			[ -n "$line" ] || return
		done
		exec 7>&-
		wait $!
		until next_line && case $line in 'gone /memfd:busybox'*) ;; *) false ;; esac; do
			[ -n "$line" ] || return
		done
		harmless "$who"
	done
}

# The program there is a link to who executes it, and has no right that would keep it from the others.
testCve20195736ByALink() {
	need_root && enabled NSENTER_LIKE && ! sanitized || return 0
	tools
	for who in caps: caps:-r; do
		attacked "${who%:*}" "${who#*:}" || return
		ln -s /proc/self/exe "/proc/$target/root/link"
		printf '#!/proc/self/exe\n' >"/proc/$target/root/script"
		chmod 755 "/proc/$target/root/script"
		for program in /link /script; do
			n=0
			while [ $((n += 1)) -le 40 ]; do
				"$NSENTER" -t "$target" -a --like-target "$program" </dev/null 8<&-
				"$NSENTER" -t "$target" -a --cap-drop all "$program" </dev/null 8<&-
			done 2>&1 | cat >"$T/said"
			assertTrue "$(cat "$T/said")" '[ -s "$T/said" ]'
		done
		harmless : # what it sees is the copy
	done
}

testCve20195736WithMemfdNoexec() {
	need_root || return 0
	forbidding 2 || return 0
	tools
	for who in $(attackers); do
		attacked "${who%:*}" "${who#*:}" || return
		inner=$(inner "$target")
		n=0
		while [ $((n += 1)) -le 25 ]; do
			# shellcheck disable=SC2086 # words
			$within "$NSENTER" -t "$inner" -a --bring "$T/tools/busybox" true </dev/null 8<&- 2>&1 |
				cat >"$T/said"
		done
		assertEquals '' "$(cat "$T/said")"
		harmless "$who"
	done
}

# Without them nobody enters by a program of ours.
testNotBuiltIn() { assert_run 1 '' 'nsenter: *' "$NSENTER" --bring "$BUSYBOX"; }

suite() { tests_of NSENTER_BRING; }

. "${SHUNIT2:-shunit2}"
