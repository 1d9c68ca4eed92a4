#!/bin/sh
# SPDX-License-Identifier: 0BSD
# unshare: new namespaces, and what becomes of the program that gets them. Where util-linux fails
# (--kill-child with -S, -w with -R, death by signal as PID 1, stops) the better answer is expected.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
need busybox busybox-static
need strace strace
# shellcheck disable=SC3045 # dash and busybox have it
ulimit -c 0

UNSHARE=$BIN/unshare
KINDS='mnt uts ipc net pid user cgroup time'

# The options for an init of ours, where it was built in.
WITH_INIT=-f
if enabled UNSHARE_INIT; then WITH_INIT='-r --init'; fi

RANGES='-f -f'
if enabled UNSHARE_IDMAP; then RANGES='--map-users=0:0:1 --map-groups=0:0:1'; fi

# A root without anything but one static program.
ROOT=$T/root
mkdir -p "$ROOT/sub" "$ROOT/proc" "$T/outside"
cp "$(command -v busybox)" "$ROOT/busybox"

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

# user_namespaces(7): the group map of an ordinary user is refused before setgroups is given up.
testMapOrder() {
	strace -f -o "$T/trace" -e trace=open,openat,openat2 "$UNSHARE" -r true
	assertEquals 'uid_map setgroups gid_map' "$(sed -n \
		's,.*/\(uid_map\|gid_map\|setgroups\)".*,\1,p' "$T/trace" | tr '\n' ' ' | sed 's/ $//')"
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

# map FILE ARGUMENT...: its lines, with a '/' between them.
map() {
	map_file=$1
	shift
	"$UNSHARE" "$@" cat "/proc/self/$map_file" | awk '{ $1 = $1; printf "%s%s", sep, $0; sep = "/" }'
}

testMapRanges() {
	need_root || return 0
	enabled UNSHARE_IDMAP || return 0
	while read -r want options; do
		want=$(echo "$want" | tr _ ' ')
		# shellcheck disable=SC2086 # words
		assertEquals "$options" "$want" "$(map uid_map $options)"
		options=$(echo "$options" | sed 's/map-user/map-group/g')
		# shellcheck disable=SC2086
		assertEquals "$options" "$want" "$(map gid_map $options)"
	done <<-END
		0_100000_65536 --map-users 0:100000:65536
		0_100000_65536 --map-users=100000,0,65536
		0_100_10 --map-users 100,0,10
		0_0_1/1_100000_65535 --map-users 0:100000:65536 -r
		0_0_1/1_100000_65535 -r --map-users 0:100000:65536
		0_0_1/1_100000_65535 --map-users 0:100000:65536 -c
		500_0_1/0_100000_500/501_100500_65035 --map-users 0:100000:65536 --map-user 500
		0_0_1/1_1_9 --map-users 0:0:10 -r
		0_1000_10/10_5000_20 --map-users 0:1000:10 --map-users 10:5000:20
	END
}

# Ranges are written from outside, so that setgroups(2) stays allowed; one id of a group costs it.
testMapRangesAndSetgroups() {
	need_root || return 0
	enabled UNSHARE_IDMAP || return 0
	assert_run 0 allow '' "$UNSHARE" --map-users 0:0:10 --map-groups 0:0:10 cat /proc/self/setgroups
	assert_run 0 deny '' "$UNSHARE" --map-users 0:0:10 --map-group 0 cat /proc/self/setgroups
}

testInvalidRanges() {
	enabled UNSHARE_IDMAP || return 0
	for range in 1:2 0,0,x 0:0 '' : 0:0:0 0:0:-1 1:2:3:4 0:1,2 4294967296:0:1 0:4294967295:1; do
		assert_run 1 '' "unshare: invalid mapping '$range'" "$UNSHARE" --map-users "$range" true
		assert_run 1 '' "unshare: invalid mapping '$range'" "$UNSHARE" --map-groups="$range" true
	done
	# Two that overlap, inside or outside.
	assert_run 1 '' 'unshare: *' "$UNSHARE" --map-users 0:0:10 --map-users 5:100:10 true
	assert_run 1 '' 'unshare: *' "$UNSHARE" --map-users 0:0:10 --map-users 50:9:10 true
}

testSetgroups() {
	assert_run 0 deny '' as_user "$UNSHARE" -U --setgroups=deny cat /proc/self/setgroups
	assert_run 0 allow '' as_user "$UNSHARE" -U --setgroups allow cat /proc/self/setgroups
	assert_run 1 '' 'unshare: options --setgroups=allow and --map-group are mutually exclusive' \
		as_user "$UNSHARE" -r --setgroups=allow true
	assert_run 1 '' "unshare: unsupported --setgroups argument 'maybe'" \
		"$UNSHARE" -U --setgroups maybe true
}

testIds() {
	need_root || return 0
	assert_run 0 '123 456 456' '' "$UNSHARE" -S 123 -G 456 sh -c 'echo $(id -u) $(id -g) $(id -G)'
	assert_run 0 '123 456 456' '' "$UNSHARE" -f --setuid=123 --setgid 456 \
		sh -c 'echo $(id -u) $(id -g) $(id -G)'
	assert_run 1 '' "unshare: failed to parse uid: 'x'" "$UNSHARE" -S x true
	assert_run 1 '' "unshare: failed to parse gid: '-1'" "$UNSHARE" -G -1 true
	assert_run 1 '' "unshare: setuid() failed: $EINVAL" "$UNSHARE" -r -S 1000 true
	assert_run 1 '' "unshare: setuid() failed: $EPERM" as_user "$UNSHARE" -S 0 true
}

# A mapped group forbids setgroups(2), and the group can be set all the same.
testSetgidInUserNamespace() {
	assert_run 0 '0 0' '' "$UNSHARE" -r -S 0 -G 0 sh -c 'echo $(id -u) $(id -g)'
	assert_run 0 '0 0' '' as_user "$UNSHARE" -r -G 0 sh -c 'echo $(id -u) $(id -g)'
}

# ---- root, directory, proc

testRoot() {
	need_root || return 0
	assert_run 0 'busybox
proc
sub' '' "$UNSHARE" -R "$ROOT" /busybox ls /
	assert_run 0 / '' "$UNSHARE" --root="$ROOT" /busybox pwd
	assert_run 0 /sub '' "$UNSHARE" -R "$ROOT" -w /sub /busybox pwd
	assert_run 1 '' "unshare: cannot change root directory to '$T/none': $ENOENT" \
		"$UNSHARE" -R "$T/none" true
	assert_run 127 '' "unshare: failed to execute nothing: $ENOENT" \
		"$UNSHARE" -R "$ROOT" nothing
}

# A relative -w means the new root, whatever the directory was before.
testRelativeDirectoryStaysInTheRoot() {
	need_root || return 0
	for fork in '' -f; do
		# shellcheck disable=SC2086 # nothing or a word
		assert_run 0 /sub '' "$UNSHARE" $fork -R "$ROOT" -w sub /busybox pwd
		for dir in .. . ../..; do
			# shellcheck disable=SC2086
			assert_run 0 busybox '' sh -c 'cd "$1" && shift && exec "$@"' sh "$T/outside" \
				"$UNSHARE" $fork -R "$ROOT" -w "$dir" /busybox ls -d busybox
		done
	done
}

testDirectory() {
	assert_run 0 "$ROOT/sub" '' "$UNSHARE" -w "$ROOT/sub" pwd
	assert_run 0 "$ROOT/sub" '' sh -c 'cd "$1" && exec "$2" --wd sub pwd' sh "$ROOT" "$UNSHARE"
	assert_run 1 '' "unshare: cannot change directory to $T/none: $ENOENT" \
		"$UNSHARE" -w "$T/none" true
}

testMountProc() {
	assert_run 0 1 '' as_user "$UNSHARE" -rfp --mount-proc readlink /proc/self
	assert_run 0 '*' '' as_user "$UNSHARE" -rfp --mount-proc \
		sh -c 'grep " /proc " /proc/self/mountinfo | tail -n 1'
	for flag in nosuid nodev noexec; do
		like "$out" "*/proc *$flag* - proc *" || fail "no $flag: $out"
	done
	mkdir -p "$T/dir"
	assert_run 0 1 '' as_user "$UNSHARE" -rfp --mount-proc="$T/dir" readlink "$T/dir/self"
	assert_run 1 '' "unshare: mount $T/none failed: $ENOENT" \
		as_user "$UNSHARE" -rfp --mount-proc="$T/none" true
}

testMountProcInARoot() {
	need_root || return 0
	assert_run 0 1 '' "$UNSHARE" -fp -R "$ROOT" --mount-proc /busybox readlink /proc/self
	assertEquals 'not mounted outside' '' "$(ls "$ROOT/proc")"
	# Where the mounts of the new namespace are shared with the old one, proc is not.
	assert_run 0 same '' unshare -m --propagation shared sh -c '
		mount -n -t tmpfs none "$1/dir" && before=$(wc -l </proc/self/mountinfo)
		"$0" -fp --propagation unchanged --mount-proc true || exit
		"$0" -fp --propagation shared --mount-proc="$1/dir" true || exit
		[ "$(wc -l </proc/self/mountinfo)" = "$before" ] && echo same' "$UNSHARE" "$T"
}

# A command: what mountinfo says of the propagation of $1/m, "" for private.
PROPAGATION='sed -n "s,^[^ ]* [^ ]* [^ ]* [^ ]* $1/m [^ ]* \(.*\)- .*,\1,p" /proc/self/mountinfo'

testPropagation() {
	need_root || return 0
	mkdir -p "$T/m"
	while read -r word shared private; do
		for type in shared private; do
			eval "want=\$$type"
			# What is mounted below it inside is seen outside where they are peers.
			case $word-$type in
			shared-shared | unchanged-shared) seen=yes ;;
			*) seen=no ;;
			esac
			[ "$word" = default ] && option='' || option=--propagation=$word
			run unshare -m sh -c '
				mount -n -t tmpfs none "$1/m" && mount -n --make-'"$type"' "$1/m" &&
					mkdir "$1/m/x" && [ -n "'"$option"'" ] || set -- "$1" ""
				"$0" -m '"$option"' sh -c '"'$PROPAGATION; "'mount -n -t tmpfs none "$1/m/x"'"'"' \
					sh "$1" || exit
				grep -q "$1/m/x " /proc/self/mountinfo && echo seen=yes || echo seen=no' \
				"$UNSHARE" "$T"
			got=$(echo "$out" | sed 's/:[0-9]*//g; s/^ *$/none/; s/ $//' | tr '\n' ' ')
			assertEquals "$word of $type: $err" "$want seen=$seen " "$got"
		done
	done <<-END
		private none none
		default none none
		slave master none
		shared shared shared
		unchanged shared none
	END
	assert_run 1 '' 'unshare: unsupported propagation mode: odd' "$UNSHARE" -m --propagation odd true
}

# ---- how it ends

testExitCodes() {
	for options in -U '-U -f' "$WITH_INIT"; do
		for code in 0 1 42 126 127 255; do
			# shellcheck disable=SC2086 # words
			assert_run "$code" '' '' "$UNSHARE" $options sh -c "exit $code"
		done
	done
}

testProgramCannotBeExecuted() {
	echo : >"$T/plain"
	for options in -U '-U -f' "$WITH_INIT"; do
		# shellcheck disable=SC2086 # words
		assert_run 127 '' "unshare: failed to execute $T/nothing: $ENOENT" \
			"$UNSHARE" $options "$T/nothing"
		assert_one_line
		# shellcheck disable=SC2086
		assert_run 126 '' "unshare: failed to execute $T/plain: $EACCES" \
			"$UNSHARE" $options "$T/plain"
		# shellcheck disable=SC2086
		assert_run 126 '' "unshare: failed to execute $T: $EACCES" \
			"$UNSHARE" $options "$T"
		assert_one_line
	done
}

testDeathBySignalIsRelayed() {
	for sig in 15 9 11 2 1 3 13 34; do
		assert_run 0 "signal $sig" '' "$PROBE" status "$UNSHARE" -f "$PROBE" die "$sig"
		# Also where it was ignored, or blocked.
		assert_run 0 "signal $sig" '' "$PROBE" with ignore=15,2,1,3,13 "$PROBE" status \
			"$UNSHARE" -f "$PROBE" die "$sig"
		assert_run 0 "signal $sig" '' "$PROBE" with block=15,2,1,3,13,34 "$PROBE" status \
			"$UNSHARE" -f "$PROBE" die "$sig"
	done
}

# PID 1 cannot kill itself: util-linux says "child exit failed" then, and 1.
testDeathBySignalAsPid1() {
	for sig in 15 9 11 1; do
		assert_run $((128 + sig)) '' '' in_ns "$UNSHARE" -f "$PROBE" die "$sig"
	done
}

# INT and TERM are for the program; unshare stays to tell how that ends.
testSurvivesIntAndTerm() {
	background "$UNSHARE" -f "$PROBE" catch 1
	next_line || return
	"$PROBE" send "$bg" 15
	"$PROBE" send "$bg" 2
	"$PROBE" send "$(children "$bg" | tr -d ' ')" 12
	next_line
	assertEquals '12 0 0' "$line"
	ended 0
}

testStopIsRelayed() {
	background "$UNSHARE" -f "$PROBE" catch 2
	next_line || return
	child=$(children "$bg" | tr -d ' ')
	kill -STOP "$child"
	wait_state "$child" T
	wait_state "$bg" T
	kill -CONT "$bg"
	next_line
	assertEquals '18' "${line%% *}"
	wait_for "[ \$(state $bg) = S ]"
	"$PROBE" send "$child" 12
	ended 0
}

# ---- what the program inherits

# PID 1 cannot stop with its program: to continue it at once would make a stop impossible.
testStopUnderPid1IsNotUndone() {
	in_ns "$UNSHARE" -f sh -c 'kill -STOP $$; exit 7' stop-test &
	waiter=$!
	# shellcheck disable=SC2016 # that is its command line
	wait_for 'stopped=$(pgrep -fx "sh -c kill -STOP ..; exit 7 stop-test")' || return
	wait_state "$stopped" T
	kill -CONT "$stopped"
	wait "$waiter"
	assertEquals 'its own status' 7 $?
}

testSignalSetsAreTheCallers() {
	for sets in '' 'block=10,64' 'ignore=1,13,17,20,21,22' 'block=2,15,17,34 ignore=2,15'; do
		# shellcheck disable=SC2086 # words
		want=$("$PROBE" with $sets $SIGNALS)
		for options in -U '-U -f' '-U --kill-child' "$WITH_INIT"; do
			# shellcheck disable=SC2086
			assert_run 0 "$want" '' "$PROBE" with $sets "$UNSHARE" $options $SIGNALS
		done
	done
}

testDescriptorsAreTheCallers() {
	"$PROBE" fds "$T/want" 5</dev/null 7>/dev/null
	for options in -U -r -c '-r -f' '-r -f --kill-child' '-r -f -p --mount-proc' "$WITH_INIT" \
		"-r -m --propagation slave -w $T" '--map-users 0:0:1 --map-groups 0:0:1' \
		"$WITH_INIT --kill-child"; do
		case $options in
		*map-users*) if [ "$(id -u)" != 0 ] || ! enabled UNSHARE_IDMAP; then continue; fi ;;
		esac
		: >"$T/got"
		# shellcheck disable=SC2086 # words
		"$UNSHARE" $options "$PROBE" fds "$T/got" 5</dev/null 7>/dev/null
		assertEquals "$options" "$(cat "$T/want")" "$(cat "$T/got")"
	done
}

testClosedStandardDescriptors() {
	for closed in '0<&-' '0<&- 1>&-' '0<&- 1>&- 2>&-'; do
		for options in '-r -f --kill-child' "$WITH_INIT"; do
			eval "\"\$PROBE\" fds \"\$T/want\" $closed"
			eval "\"\$UNSHARE\" $options \"\$PROBE\" fds \"\$T/got\" $closed"
			assertEquals "$options $closed: status" 0 $?
			assertEquals "$options $closed" "$(cat "$T/want")" "$(cat "$T/got")"
		done
	done
}

testDefaultIsALoginShell() {
	assertEquals -sh "$(echo 'echo $0' | env -i SHELL=/bin/sh "$UNSHARE" -U)"
	assertEquals -sh "$(echo 'echo $0' | env -i "$UNSHARE" -U)"
	assertEquals 127 "$(env -i SHELL=/no/shell "$UNSHARE" -U 2>"$T/err"; echo $?)"
	assertEquals "unshare: failed to execute /no/shell: $ENOENT" "$(cat "$T/err")"
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

# A change of ids takes the setting away, so it must come last; util-linux has it first.
testKillChildAfterIds() {
	need_root || return 0
	killed -f --kill-child -S 65534
	killed -f --kill-child -G 65534 -S 65534
}

testKillChildBySignal() {
	for signal in TERM SIGTERM 15; do
		background "$UNSHARE" --kill-child="$signal" "$PROBE" catch 1
		next_line || return
		kill -KILL "$bg"
		next_line
		assertEquals 15 "${line%% *}"
		ended 137
	done
	assert_run 1 '' 'unshare: unknown signal: NOPE' "$UNSHARE" --kill-child=NOPE true
}

# Whenever unshare is killed: also between its fork and what the child asks for then.
testKillChildAtAnyMoment() {
	assert_run 0 'nobody left' '' timeout 30 unshare -rfp --mount-proc --kill-child sh -c '
		i=0
		while [ $i -lt 60 ]; do
			"$0" -f --kill-child sleep 1000 &
			[ $((i % 3)) = 0 ] || sleep "0.00$((i % 10))"
			kill -KILL $!
			wait $!
			i=$((i + 1))
		done 2>/dev/null
		until set -- /proc/[0-9]*; [ $# = 1 ]; do sleep 0.01; done
		echo nobody left' "$UNSHARE"
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

# ---- --init

testInitIsPid1AndReaps() {
	enabled UNSHARE_INIT || return 0
	assert_run 6 '1
none left' '' "$UNSHARE" -r --init --mount-proc sh -c '
		echo $PPID
		"$PROBE" orphans 1000 || exit 99
		until [ "$(cat /proc/1/task/1/children)" = "$$ " ]; do sleep 0.01; done
		grep -l "^State:.Z" /proc/[0-9]*/status 2>/dev/null
		echo none left; exit 6'
}

testInitTellsDeathBySignal() {
	enabled UNSHARE_INIT || return 0
	for sig in 1 2 3 9 11 13 15 34 64; do
		assert_run 0 "exit $((128 + sig))" '' "$PROBE" status "$UNSHARE" -r --init "$PROBE" die "$sig"
	done
	assert_run 143 '' '' in_ns "$UNSHARE" --init "$PROBE" die 15
}

testInitHandsSignalsOn() {
	enabled UNSHARE_INIT || return 0
	signals='1 2 3 10 12 13 14 15 16 18 20 23 24 25 26 27 28 29 30 34 35 50 63 64'
	# shellcheck disable=SC2086 # words
	background "$UNSHARE" -r --init "$PROBE" catch "$(($(printf '%s\n' $signals | wc -l) + 1))"
	next_line || return
	for sig in $signals; do
		"$PROBE" send "$bg" "$sig"
		next_line || return
		assertEquals "signal $sig" "$sig 0 0" "$line"
	done
	"$PROBE" send "$bg" 34 4711
	next_line
	assertEquals 'with its value' '34 -1 4711' "$line"
	ended 0
}

testInitLosesNoSignalAtTheStart() {
	enabled UNSHARE_INIT || return 0
	assert_run 0 '100 of 100' '' "$PROBE" race 100 "$UNSHARE" -r --init "$PROBE" await 15
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

testInitAndKillChild() {
	enabled UNSHARE_INIT || return 0
	background "$UNSHARE" -r --init --kill-child sh -c 'echo; sleep 1000; :'
	next_line || return
	init=$(children "$bg" | tr -d ' ')
	program=$(children "$init" | tr -d ' ')
	kill -KILL "$bg"
	ended 137
	wait_state "$program" dead
	wait_state "$init" dead
}

# The namespace ends with the program, whoever is still in it.
testInitEndsTheNamespace() {
	enabled UNSHARE_INIT || return 0
	background "$UNSHARE" -r --init sh -c 'setsid sleep 1000 & echo; read -r _; exit 3'
	next_line || return
	ended 3
	# The runner looks for what is left.
}

# ---- failures

# Somebody without rights is told what to do.
testHintForEperm() {
	for kind in -m -u -i -n -p -C -T; do
		assert_run 1 '' "unshare: unshare failed: $EPERM (*-r*)" \
			as_user "$UNSHARE" $kind true
		assert_one_line
	done
}

testHintForLimits() {
	run unshare -r sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$0" -U true' "$UNSHARE"
	assertEquals 1 "$rc"
	assertEquals "unshare: unshare failed: $ENOSPC (sysctl user.max_user_namespaces is 0)" \
		"$err"
	assert_run 1 '' "unshare: unshare failed: $ENOSPC (*max_*_namespaces*)" \
		unshare -r sh -c 'echo 0 >/proc/sys/user/max_uts_namespaces && exec "$0" -u true' "$UNSHARE"
	assert_one_line
}

testHintForADeadInit() {
	assert_run 1 '' "unshare: fork failed: $ENOMEM (*init*)" \
		unshare -rp sh -c 'true & wait; exec "$0" -f true' "$UNSHARE"
	assert_one_line
}

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
