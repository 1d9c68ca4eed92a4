#!/bin/sh
# SPDX-License-Identifier: 0BSD
# unshare: new namespaces, and what becomes of the program that gets them. Each subject has a file of its
# own, unshare-SUBJECT.sh; here is what everything rests on, and what has no other place.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/unshare.sh"
UNSHARE=$BIN/unshare

# The options for an init of ours, where it was built in.
WITH_INIT=-f
if enabled UNSHARE_INIT; then WITH_INIT='-r --init'; fi

RANGES='-f -f'
if enabled UNSHARE_IDMAP; then RANGES='--map-users=0:0:1 --map-groups=0:0:1'; fi

# fresh ARGUMENT...: the kinds of which a program that is started so has another namespace than we.
fresh() {
	fresh=
	for kind in $KINDS; do
		ours=$(readlink "/proc/self/ns/$kind")
		its=$("$UNSHARE" "$@" readlink "/proc/self/ns/$kind") || its=failed
		[ "$ours" = "$its" ] || fresh="$fresh $kind"
	done
	echo "${fresh# }"
}

# ---- namespaces

testEachKindByItself() {
	need_root || return 0
	while read -r letter long kind; do
		assertEquals "-$letter" "$kind" "$(fresh "-$letter" -f)"
		assertEquals "--$long" "$kind" "$(fresh "--$long" -f)"
	done <<-END
		m mount mnt
		u uts uts
		i ipc ipc
		n net net
		p pid pid
		U user user
		C cgroup cgroup
		T time time
	END
}

testAllKinds() {
	assertEquals "$KINDS" "$(fresh -mUuCinTpf)"
	assertEquals '' "$(fresh)"
	assertEquals '' "$(fresh -f)"
}

testAllKindsAsUser() {
	assertEquals user "$(as_user "$UNSHARE" -U readlink /proc/self/ns/user |
		grep -vxF "$(readlink /proc/self/ns/user)" | sed 's/:.*//')"
	assert_run 0 '0' '' as_user "$UNSHARE" -r -muinpCTf id -u
}

# Without -f the program itself stays, its children will be there.
testPidNamespaceWithoutFork() {
	need_root || return 0
	own=$(readlink /proc/self/ns/pid)
	assert_prints "$own" "$UNSHARE" -p readlink /proc/self/ns/pid
	assert_run 0 1 '' "$UNSHARE" -p sh -c 'sh -c "echo \$\$"; exit'
}

testForkGivesPid1() {
	need_root || return 0
	assert_run 0 1 '' "$UNSHARE" -fp sh -c 'echo $$'
	assert_run 0 1 '' "$UNSHARE" --fork --pid sh -c 'echo $$'
}

testWithoutForkItIsTheSameProcess() {
	assert_run 0 same '' sh -c 'exec "$0" -U sh -c "[ \$\$ = $$ ] && echo same"' "$UNSHARE"
	assert_run 0 other '' sh -c 'exec "$0" -U -f sh -c "[ \$\$ != $$ ] && echo other"' "$UNSHARE"
}

# ---- mapped users

testMapRoot() {
	for option in -r --map-root-user; do
		assert_run 0 '0 0 deny' '' as_user "$UNSHARE" $option \
			sh -c 'echo $(id -u) $(id -g) $(cat /proc/self/setgroups)'
	done
}

testMapCurrent() {
	for option in -c --map-current-user; do
		assert_run 0 "$(as_user id -u) $(as_user id -g)" '' as_user "$UNSHARE" $option \
			sh -c 'echo $(id -u) $(id -g)'
	done
}

testMapUserAndGroup() {
	assert_run 0 500 '' as_user "$UNSHARE" --map-user=500 id -u
	assert_run 0 600 '' as_user "$UNSHARE" --map-group 600 id -g
	assert_run 0 '500 600' '' as_user "$UNSHARE" --map-user 500 --map-group=600 \
		sh -c 'echo $(id -u) $(id -g)'
	# The last one counts.
	assert_run 0 7 '' as_user "$UNSHARE" -r --map-user 7 id -u
	assert_run 0 0 '' as_user "$UNSHARE" --map-user 7 -r id -u
}

testMapNames() {
	assert_run 0 "$(id -u daemon)" '' as_user "$UNSHARE" --map-user=daemon id -u
	assert_run 0 "$(id -g daemon)" '' as_user "$UNSHARE" --map-group=daemon id -g
	# A group need not be a user.
	assert_run 0 "$(getent group tty | cut -d: -f3)" '' as_user "$UNSHARE" --map-group=tty id -g
	assert_run 1 '' "unshare: failed to parse uid*nosuch*" as_user "$UNSHARE" --map-user=nosuch true
	assert_run 1 '' "unshare: failed to parse gid*nosuch*" as_user "$UNSHARE" --map-group=nosuch true
}

# ---- how it ends

testProgramCannotBeExecuted() {
	echo : >"$T/plain"
	for options in -U '-U -f' "$WITH_INIT"; do
		# shellcheck disable=SC2086 # words
		assert_run 127 '' "unshare: failed to execute $T/nothing: $ENOENT" \
			"$UNSHARE" $options "$T/nothing"
		assert_one_line
		# shellcheck disable=SC2086
		assert_run 126 '' "unshare: failed to execute $T/plain: $EACCES$(hinted '*')" \
			"$UNSHARE" $options "$T/plain"
		# shellcheck disable=SC2086
		assert_run 126 '' "unshare: failed to execute $T: $EACCES$(hinted 'a directory')" \
			"$UNSHARE" $options "$T"
		assert_one_line
	done
}

# PID 1 cannot stop with its program: to continue it at once would make a stop impossible.
testStopUnderPid1IsNotUndone() {
	# Other runs of this test may be on the machine.
	in_ns "$UNSHARE" -f sh -c 'kill -STOP $$; exit 7' "stop-$$" &
	waiter=$!
	wait_for "stopped=\$(pgrep -fx 'sh -c kill -STOP ..; exit 7 stop-$$')" || return
	wait_state "$stopped" T || return
	kill -CONT "$stopped"
	wait "$waiter"
	assertEquals 'its own status' 7 $?
}

# ^Z stops what it can, the shell notices, and all go on. The init inside cannot be stopped from there.
testStopOnATerminal() {
	for options in '-r -f' '-r -f -p' "$WITH_INIT"; do
		# shellcheck disable=SC2086 # words
		run "$PROBE" pty ready "$(printf '\032')" '[stopped]' 'go
' -- "$UNSHARE" $options sh -c 'echo ready; read -r line; test "$line" = go && exit 5'
		assertEquals "$options" 0 "$rc"
		like "$out" '*ready*\[stopped\]*\[exit 5\]*' || fail "$options: $out"
	done
}

# ---- --kill-child

# killed ARGUMENT...: the program is gone when unshare is killed. It is given by its PID outside.
killed() {
	background "$UNSHARE" "$@" sh -c 'echo; exec sleep 1000'
	next_line || return
	child=$(children "$bg" | tr -d ' ')
	kill -KILL "$bg"
	ended 137
	wait_state "$child" dead || kill -KILL "$child"
}

testKillChild() {
	killed --kill-child
	killed -r -f --kill-child
	killed -r -f -p --kill-child --mount-proc
}

# It was killed before the child could ask for anything: the child has to notice by itself.
testKillChildBeforeItIsAskedFor() {
	for fork in '--kill-child' '-p --kill-child'; do
		# shellcheck disable=SC2086 # words
		strace -f -o "$T/trace" -e trace=prctl -e inject=prctl:delay_enter=300000 \
			"$UNSHARE" -r $fork sleep 1000 &
		tracer=$!
		wait_for "unshare=\$(children $tracer | tr -d ' ') && [ -n \"\$unshare\" ] &&
			child=\$(children \"\$unshare\" | tr -d ' ') && [ -n \"\$child\" ]" || return
		kill -KILL "$unshare"
		wait_state "$child" dead || kill -KILL "$child"
		wait "$tracer"
		assertTrue "$fork: not injected" "grep -q DELAYED '$T/trace'"
	done 2>/dev/null
}

# ---- failures

# A helper waits outside while the namespace is made: not for ever when there is none, and without
# another word.
testFailureLeavesNoProcess() {
	run timeout 30 unshare -rfp --mount-proc --kill-child sh -c '
		echo 0 >/proc/sys/user/max_user_namespaces
		"$0" -U $2 true
		"$0" -U $2 $3 --fork --kill-child true
		"$0" -U -f true
		"$0" -f /no/such/program
		"$0" $1 /no/such/program
		"$0" -f -R /no/such/root true
		until set -- /proc/[0-9]*; [ $# = 1 ]; do sleep 0.01; done
		echo nobody left' "$UNSHARE" "$WITH_INIT" \
		"${RANGES% *}" "${RANGES#* }"
	assertEquals 'nobody left' "$out"
	assertEquals "$err" 6 "$(grep -c '^unshare: ' "$T/err")"
	assertEquals "$err" 6 "$(wc -l <"$T/err")"
}

# ---- options

try_line="
Try 'unshare --help' for more information."

testWrongOptions() {
	assert_run 1 '' "*unshare: unrecognized option '--nope'$try_line" "$UNSHARE" --nope
	assert_run 1 '' "*unshare: invalid option -- 'Z'$try_line" "$UNSHARE" -Z
	assert_run 1 '' "*unshare: invalid option -- 'Z'$try_line" "$UNSHARE" -UZ true
	assert_run 1 '' "*unshare: option requires an argument -- 'R'$try_line" "$UNSHARE" -R
	assert_run 1 '' "*unshare: option '--root' requires an argument$try_line" "$UNSHARE" --root
	assert_run 1 '' "*unshare: option '--fork' doesn't allow an argument$try_line" \
		"$UNSHARE" --fork=1 true
	assert_run 1 '' "*unshare: option '--map' is ambiguous; possibilities: '--map-*$try_line" \
		"$UNSHARE" --map true
}

testAbbreviations() {
	assert_run 0 0 '' as_user "$UNSHARE" --map-r id -u
	assert_run 0 '' '' as_user "$UNSHARE" --use --kill true
	assert_run 0 1 '' as_user "$UNSHARE" --map-roo --fo --pi --mount-p readlink /proc/self
	# --mount itself is meant although another begins so.
	assert_run 0 '' '' as_user "$UNSHARE" --map-root --mount true
}

testOptionsEndAtTheProgram() {
	assert_run 0 '-f --pid' '' "$UNSHARE" -U echo -f --pid
	assert_run 0 '-f' '' "$UNSHARE" -U -- echo -f
}

. "${SHUNIT2:-shunit2}"
