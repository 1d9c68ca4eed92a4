#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter: how it ends, and with what the program begins: signals, descriptors. Where util-linux fails
# (an inherited ignored TERM, death by signal as PID 1) the better answer is expected.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"

NSENTER=$BIN/nsenter

# ---- how it ends

testExitCodes() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rpmf --mount-proc --kill-child sh -c "$SLEEP" || return
	for options in '-U' '-U -p'; do
		for code in 0 1 42 126 127 255; do
			# shellcheck disable=SC2086 # words
			assert_run "$code" '' '' as_user "$NSENTER" -t "$target" $options sh -c "exit $code"
		done
		# shellcheck disable=SC2086
		assert_run 127 '' "nsenter: failed to execute $T/nothing: $ENOENT" \
			as_user "$NSENTER" -t "$target" $options "$T/nothing"
		assert_one_line
		# shellcheck disable=SC2086
		assert_run 126 '' "nsenter: failed to execute /dev/null: $EACCES$(hinted "*")" \
			as_user "$NSENTER" -t "$target" $options /dev/null
		assert_one_line
	done
}

testS12DeathBySignalIsRelayed() {
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	for sig in 15 9 11 2 1 3 13 34; do
		assert_run 0 "signal $sig" '' "$PROBE" status "$NSENTER" -t "$target" -p "$PROBE" die "$sig"
		# Where it was ignored util-linux returns 1.
		assert_run 0 "signal $sig" '' "$PROBE" with ignore=15,2,1,3,13 "$PROBE" status \
			"$NSENTER" -t "$target" -p "$PROBE" die "$sig"
		assert_run 0 "signal $sig" '' "$PROBE" with block=15,2,1,3,13,34 "$PROBE" status \
			"$NSENTER" -t "$target" -p "$PROBE" die "$sig"
	done
}

testS11DeathBySignalAsPid1() {
	need_root || return 0
	assert_run 143 '' '' in_ns sh -c 'mkfifo "$2/inner"
		unshare -pf --kill-child sh -c "echo >\$0; exec sleep 1000" "$2/inner" &
		read -r _ <"$2/inner"
		exec "$0" -t "$(tr -d " " </proc/$!/task/$!/children)" -p "$1" die 15' \
		"$NSENTER" "$PROBE" "$T"
	rm -f "$T/inner"
}

# The program goes on existing when its target's init has ended: no, the kernel ends it with all.
testS50EndOfTheNamespace() {
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	mkfifo "$T/ready"
	"$NSENTER" -t "$target" -p sh -c 'echo >"$0"; exec sleep 1000' "$T/ready" &
	entered=$!
	read -r _ <"$T/ready"
	kill -KILL "$target"
	wait "$entered" 2>/dev/null
	assertEquals 137 $?
	rm "$T/ready"
}

testP16StopIsRelayed() {
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	mkfifo "$T/inner"
	"$NSENTER" -t "$target" -p "$PROBE" catch 2 >"$T/inner" &
	entered=$!
	exec 7<"$T/inner"
	read -r _ <&7
	program=$(children "$entered" | tr -d ' ')
	kill -STOP "$program"
	wait_state "$program" T
	wait_state "$entered" T
	kill -CONT "$entered"
	read -r line <&7
	assertEquals '18' "${line%% *}"
	wait_for "[ \$(state $entered) = S ]"
	"$PROBE" send "$program" 12
	wait "$entered"
	assertEquals 0 $?
	exec 7<&-
	rm "$T/inner"
}

# ---- B8: it ends with us

# inside: how many processes are in the target's PID namespace.
inside() {
	n=0
	for link in /proc/[0-9]*/ns/pid; do
		[ "$(readlink "$link" 2>/dev/null)" != "$pidns" ] || n=$((n + 1))
	done
	echo "$n"
}

testB8KillChild() {
	need_root || return 0
	target unshare -pmuf --mount-proc --kill-child sh -c "$SLEEP" || return
	for options in '-p --kill-child' '-a --kill-child' '-u --kill-child' '-p --kill-child=KILL' \
		'-p --kill-child=9' '-p --kill-child=SIGKILL' '-p -S 65534 -G 65534 --kill-child' \
		'-p -F --kill-child'; do
		mkfifo "$T/inner"
		# shellcheck disable=SC2086 # words
		"$NSENTER" -t "$target" $options "$ENTER" stay >"$T/inner" &
		entered=$!
		read -r _ <"$T/inner"
		program=$(children "$entered" | tr -d ' ')
		assertNotNull "$options" "$program"
		kill -KILL "$entered"
		wait "$entered" 2>/dev/null
		wait_state "$program" dead
		rm "$T/inner"
	done
	# As long as we live it does nothing.
	for code in 0 42; do
		assert_run "$code" '' '' "$NSENTER" -t "$target" -p --kill-child sh -c "exit $code"
	done
	assert_run 0 'signal 15' '' "$PROBE" status "$NSENTER" -t "$target" -p --kill-child "$PROBE" die 15
}

testB8KillChildByAnotherSignal() {
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	for signal in TERM:15 SIGUSR1:10 2:2 RTMIN+1:35; do
		mkfifo "$T/inner"
		"$NSENTER" -t "$target" -p "--kill-child=${signal%:*}" "$PROBE" catch 1 >"$T/inner" &
		entered=$!
		exec 7<"$T/inner"
		read -r _ <&7
		kill -KILL "$entered"
		wait "$entered" 2>/dev/null
		read -r line <&7
		assertEquals "${signal#*:}" "${line%% *}"
		exec 7<&-
		rm "$T/inner"
	done
	for signal in NOPE '' 0 65; do
		assert_run 1 '' "nsenter: unknown signal: $signal" \
			"$NSENTER" -t "$target" -p "--kill-child=$signal" true
	done
}

# Whenever nsenter dies: nobody stays.
testB8KillChildAtAnyTime() {
	need_root || return 0
	target unshare -pmf --mount-proc --kill-child sh -c "$SLEEP" || return
	pidns=$(ns pid "$target")
	for options in -p '-p -S 65534'; do
		# shellcheck disable=SC2086 # words
		run "$ENTER" cut 150 "$NSENTER" -t "$target" $options --kill-child "$PROBE" live
		assertEquals "$err" 0 "$rc"
		assertEquals '' "$(grep -v '^nsenter: the parent has ended$' "$T/err")"
		wait_for '[ "$(inside)" = 1 ]'
	done
}

# ---- what the program inherits

testSignalSetsAreTheCallers() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	for sets in '' 'block=10,64' 'ignore=1,13,17,20,21,22' 'block=2,15,17,34 ignore=2,15'; do
		# shellcheck disable=SC2086 # words
		want=$("$PROBE" with $sets $SIGNALS)
		for options in -U '-U -p' '-a'; do
			# shellcheck disable=SC2086
			assert_prints "$want" as_user "$PROBE" with $sets \
				"$NSENTER" -t "$target" $options $SIGNALS
		done
	done
}

# same_fds CMD...: that "$PROBE" fds, added to it, finds just those that it was started with.
same_fds() {
	"$PROBE" fds "$T/want" 5</dev/null 7>/dev/null
	: >"$T/anyone/got"
	chmod 666 "$T/anyone/got"
	"$@" "$PROBE" fds "$T/anyone/got" 5</dev/null 7>/dev/null 2>"$T/err"
	assertEquals "$* $(cat "$T/err")" "$(cat "$T/want")" "$(cat "$T/anyone/got")"
}

# B33: neither ours nor one less.
testB33DescriptorsAreTheCallers() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	for options in -U '-U -p' -a '-a -r -w' "-a -r/ -w$T" '-a -W/' '-U -p -F' '-a -e' '-a --keep-caps' \
		'-U -S 0 -G 0' '-U -S follow -G follow' '-a --preserve-credentials' '-a --children' \
		'-a --mount-proc' '-a --kill-child' '-U --kill-child' \
		"-U/proc/$target/ns/user -p/proc/$target/ns/pid" '-a -e -r -w -S follow --kill-child'; do
		# shellcheck disable=SC2086 # words
		same_fds as_user "$NSENTER" -t "$target" $options
	done
}

testB33DescriptorsOfOtherNamespaces() {
	need_root || return 0
	target "$ENTER" socket 9 unshare -r unshare -rupf --kill-child "$ENTER" stay || return
	next_line # the first one has come too early
	target=$(children "$bg" | tr -d ' ')
	for options in '-N 9' '-U -N 9 --user-parent' '-u --user-parent' '-N 9 -e -w -S follow'; do
		# shellcheck disable=SC2086 # words
		same_fds "$NSENTER" -t "$target" $options
	done
}

# S46. With 0 free the kernel would give it to the first file that is opened.
testS46Stdin() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	assertEquals text "$(echo text | as_user "$NSENTER" -t "$target" -a cat)"
	for closed in '0<&-' '1>&-' '0<&- 2>&-' '0<&- 1>&- 2>&-'; do
		: >"$T/anyone/got"
		chmod 666 "$T/anyone/got"
		eval "\"\$PROBE\" fds \"\$T/want\" $closed"
		eval "as_user \"\$NSENTER\" -t \"\$target\" -a -r -w -e --kill-child \
			\"\$PROBE\" fds \"\$T/anyone/got\" $closed"
		assertEquals "$closed: status" 0 $?
		assertEquals "$closed" "$(cat "$T/want")" "$(cat "$T/anyone/got")"
		rm "$T/anyone/got"
	done
}

. "${SHUNIT2:-shunit2}"
