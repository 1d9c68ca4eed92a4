#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter --bring and --self: a program of ours in a container that has nothing. What the container can
# get at through it is for nsenter-escape.sh.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"

NSENTER=$BIN/nsenter

# ---- it runs

testB1BringAShell() {
	need_root || return 0
	container || return
	assertEquals "the root is not empty" '' "$(ls -A "/proc/$target/root/")"
	assert_run 0 hi '' "$NSENTER" -t "$target" -a --bring "$BUSYBOX" sh -c 'echo hi'
	for code in 0 1 42 126 127 255; do
		assert_run "$code" '' '' "$NSENTER" -t "$target" -a --bring "$BUSYBOX" sh -c "exit $code"
	done
	# What it starts itself it finds in /proc/self/exe, where there is one.
	container +proc || return
	assert_run 0 '*1 *enter stay gone
*' '' "$NSENTER" -t "$target" -a "--bring=$BUSYBOX" sh -c 'ps -o pid,args'
	assertEquals "$(readlink "/proc/$target/ns/uts")" \
		"$("$NSENTER" -t "$target" -a --bring "$BUSYBOX" sh -c 'readlink /proc/self/ns/uts')"
	# Its input and output are ours, though not a file there.
	assertEquals TEXT "$(echo text | "$NSENTER" -t "$target" -a --bring "$BUSYBOX" tr a-z A-Z)"
}

testB1BringItsWords() {
	need_root || return 0
	container || return
	assert_run 0 'enter
args
a
b c

--help' '' "$NSENTER" -t "$target" -a --bring "$ENTER" args a 'b c' '' --help
	assert_run 0 'enter
args
-x' '' "$NSENTER" -t "$target" --bring "$ENTER" -a args -x
	# A name without a directory is one in the current directory, as for open(2).
	assert_run 0 'enter
args' '' sh -c 'cd "$2" && exec "$0" -t "$1" -a --bring enter args' "$NSENTER" "$target" "$T"
	ln -sf enter "$T/link"
	assert_run 0 'link
args' '' "$NSENTER" -t "$target" -a --bring "$T/link" args
	# The last one counts, and no word at all is needed.
	run "$NSENTER" -t "$target" -a --bring "$BUSYBOX" --bring "$ENTER"
	assertEquals 'enter: wrong use' "$err"
	assertEquals 99 "$rc"
}

testB1BringIsTheWholeProgram() {
	need_root || return 0
	container +proc || return
	"$NSENTER" -t "$target" -a --bring "$BUSYBOX" cat /proc/self/exe >"$T/copy"
	assertEquals 0 $?
	cmp "$BUSYBOX" "$T/copy" || fail "not the same"
	# No path of ours.
	for file in exe maps cmdline comm environ stat status mountinfo auxv; do
		env -i "$NSENTER" -t "$target" -a --bring "$BUSYBOX" cat "/proc/self/$file" >"$T/text"
		assertFalse "$file" "grep -qaF '$T' '$T/text'"
		assertFalse "$file" "grep -qaF '$BUSYBOX' '$T/text'"
	done
}

# All that goes with another program goes with it.
testB1BringWithOptions() {
	need_root || return 0
	container +proc || return
	mkdir "/proc/$target/root/sub"
	assert_run 0 '5 6' '' "$NSENTER" -t "$target" -a -S 5 -G 6 --bring "$BUSYBOX" \
		sh -c 'echo $(id -u) $(id -g)'
	assert_run 0 /sub '' "$NSENTER" -t "$target" -a -W/sub --bring "$BUSYBOX" pwd
	assert_run 0 /sub '' "$NSENTER" -t "$target" -a -F -W/sub --bring "$BUSYBOX" pwd
	assert_prints "$(ns uts "$target")" "$NSENTER" -t "$target" -u --bring "$BUSYBOX" readlink \
		/proc/self/ns/uts
	assert_run 0 'signal 15' '' "$PROBE" status "$NSENTER" -t "$target" -a --bring "$PROBE" die 15
	"$PROBE" fds "$T/want" 5</dev/null 7>/dev/null
	for options in '' -F '-W/sub -e --kill-child'; do
		# shellcheck disable=SC2086 # words
		"$NSENTER" -t "$target" -a $options --bring "$PROBE" fds /got 5</dev/null 7>/dev/null
		assertEquals 0 $?
		assertEquals "$options" "$(cat "$T/want")" "$(cat "/proc/$target/root/got")"
	done
}

testB1BringAsUser() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rmuinpf --mount-proc --kill-child sh -c "$SLEEP" || return
	assert_run 0 '0 1' '' as_user "$NSENTER" -t "$target" -a --bring "$BUSYBOX" \
		sh -c 'echo $(id -u) $(ps -o pid= | head -n 1)'
	# It may be executed, but not be read.
	cp "$ENTER" "$T/secret"
	chmod 711 "$T/secret"
	[ "$(id -u)" != 0 ] || assert_run 126 '' "nsenter: cannot bring $T/secret: $EACCES*" \
		as_user "$NSENTER" -t "$target" -a --bring "$T/secret" args
	chmod 644 "$T/secret"
	assert_run 126 '' "nsenter: cannot bring $T/secret: $EACCES*" \
		as_user "$NSENTER" -t "$target" -a --bring "$T/secret" args
}

testB1Self() {
	need_root && ! sanitized || return 0
	container || return
	assert_run 0 '*' '' "$NSENTER" -t "$target" -a --self nsenter --version
	assert_run 1 '' 'nsenter: no namespace specified' "$NSENTER" -t "$target" -a --self nsenter true
	if [ -e "$BIN/sleep" ]; then
		assert_run 0 '' '' "$NSENTER" -t "$target" -a --self sleep 0
		assert_run 1 '' "sleep: *'x'*" "$NSENTER" -t "$target" -a --self sleep x
	fi
	container +proc || return
	if [ -e "$BIN/ps" ]; then
		run "$NSENTER" -t "$target" -a --self ps -e -o pid,args
		assertEquals "$err" 0 "$rc"
		assertTrue "$out" 'grep -qx " *1 /enter stay gone" "$T/out"'
		assertTrue "$out" 'grep -q " ps -e -o pid,args$" "$T/out"'
		assertEquals 3 "$(wc -l <"$T/out")"
	fi
}

testB1SelfOfNothing() {
	need_root && ! sanitized || return 0
	container || return
	assert_run 127 '' 'pidbox: no-such-applet: no such applet*' \
		"$NSENTER" -t "$target" -a --self no-such-applet
	assert_run 1 '' 'nsenter: option *--self* requires an *' "$NSENTER" -t "$target" -a --self
	assert_run 1 '' 'nsenter: *--bring --self' "$NSENTER" -t "$target" -a --self --bring "$BUSYBOX" sh
	assert_run 1 '' 'nsenter: *--bring --self' "$NSENTER" -t "$target" -a --bring "$BUSYBOX" --self sh
}

# ---- what it cannot be

testB1ProgramsThatNeedMore() {
	need_root || return 0
	container || return
	cat=$(command -v cat)
	loader=$(ldd "$cat" | sed -n 's/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p')
	assertNotNull "cat is static" "$loader"
	assert_run 126 '' "nsenter: cannot bring $cat: * (*'$loader'*)" \
		"$NSENTER" -t "$target" -a --bring "$cat" file
	assert_one_line
	for line in '#!/bin/sh' '#! /bin/sh -e' '#!/no/such/thing' "#!$BUSYBOX sh"; do
		printf '%s\necho hi\n' "$line" >"$T/script"
		chmod 755 "$T/script"
		interpreter=$(echo "$line" | sed 's/^#! *//; s/ .*//')
		assert_run 126 '' "nsenter: cannot bring $T/script: * (*'$interpreter'*)" \
			"$NSENTER" -t "$target" -a --bring "$T/script"
		assert_one_line
	done
	for text in '' 'echo hi' '#!' "$(printf '\177ELF')" "$(head -c 64 "$ENTER" | tr -d '\0')"; do
		printf %s "$text" >"$T/script"
		run "$NSENTER" -t "$target" -a --bring "$T/script"
		assertEquals "$text" 126 "$rc"
		assert_one_line
	done
}

testB1FilesThatAreNoPrograms() {
	need_root || return 0
	container || return
	mkfifo "$T/fifo"
	chmod 755 "$T/fifo"
	: >"$T/plain"
	for file in "$T" "$T/fifo" /dev/zero /dev/null "$T/plain" /proc/self/mem; do
		run "$NSENTER" -t "$target" -a --bring "$file" x
		assertEquals "$file" 126 "$rc"
		like "$err" "nsenter: cannot bring $file: *" || fail "$err"
		assert_one_line
	done
	for file in "$T/none" '' "$T/plain/x"; do
		run "$NSENTER" -t "$target" -a --bring "$file" x
		assertTrue "$file: $rc" '[ "$rc" = 127 ] || [ "$rc" = 126 ]'
		like "$err" "nsenter: cannot bring $file: *" || fail "$err"
		assert_one_line
	done
	assert_run 127 '' "nsenter: cannot bring $T/none: $ENOENT" "$NSENTER" -t "$target" -a --bring "$T/none" x
	assert_run 1 '' "nsenter: option '--bring' requires an argument$try_line" "$NSENTER" -t "$target" --bring
}

# ---- vm.memfd_noexec

testMemfdNoexec() {
	need_root || return 0
	for value in 1 2; do
		forbidding "$value" || return 0
		container +proc || return
		inner=$(inner "$target")
		# shellcheck disable=SC2086 # words
		assert_run 7 hi '' $within "$NSENTER" -t "$inner" -a --bring "$BUSYBOX" sh -c 'echo hi; exit 7'
		# shellcheck disable=SC2086 # words
		assert_run 0 'enter
args
x' '' $within "$NSENTER" -t "$inner" -a --bring "$ENTER" args x
		# shellcheck disable=SC2086 # words
		$within "$NSENTER" -t "$inner" -a --bring "$BUSYBOX" cat /proc/self/exe >"$T/copy"
		cmp "$BUSYBOX" "$T/copy" || fail "$value: not the same"
		# shellcheck disable=SC2086 # words
		sanitized || assert_run 0 '*' '' $within "$NSENTER" -t "$inner" -a --self nsenter --version
	done
}

# Who may not mount has no other way: it is said.
testMemfdNoexecAsUser() {
	need_root || return 0
	forbidding 2 || return 0
	# shellcheck disable=SC2086 # words
	target $within $AS_USER unshare -rmpf --mount-proc --kill-child sh -c "$SLEEP" || return
	inner=$(inner "$target")
	# shellcheck disable=SC2086 # words
	assert_run 126 '' 'nsenter: *memfd_noexec*' $within $AS_USER "$NSENTER" -t "$inner" -a \
		--bring "$BUSYBOX" true
	assert_one_line
	# shellcheck disable=SC2086 # words
	assert_run 0 '' '' $within $AS_USER "$NSENTER" -t "$inner" -a true
}

testNotBuiltIn() {
	for option in --bring --self; do
		assert_run 1 '' "nsenter: unrecognized option '$option'$try_line" "$NSENTER" "$option" "$BUSYBOX"
	done
}

suite() { tests_of NSENTER_BRING; }

. "${SHUNIT2:-shunit2}"
