#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init: whose end it sees, what it collects, and that it sleeps otherwise.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
INIT=$BIN/init
need strace strace
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

# only_child PID CHILD: until init has no other child.
only_child() { wait_for "[ \"\$(child_of $1)\" = $2 ]"; }

# ---- A9

# 20,000 orphans, 2,000 at a time; none is left, and the end is the command's.
testA9TwentyThousandOrphans() {
	rounds=10
	if sanitized; then rounds=1; fi
	assert_run 6 '' '' in_ns "$INIT" -- sh -c '
		for round in $(seq "$1"); do "$PROBE" orphans 2000 || exit 99; done
		until [ "$(cat /proc/1/task/1/children)" = "$$ " ]; do "$PROBE" nop; done
		exit 6' sh $rounds
}

# Nothing wakes it while nothing happens, also after there was something to do. tini wakes each second.
# Meanwhile everybody can see that it has all signals blocked.
testA9IdleSleeps() {
	pids=
	for mode in "$INIT --" "$INIT -g" "$N/dumb-init" "$N/tini --" "$INIT $GRACE_AND_KILL --" \
		"$INIT $WAIT_ALL --" "$INIT -P" "$INIT -w -p TERM --"; do
		# shellcheck disable=SC2086 # words
		$mode sh -c '"$PROBE" orphans 20; exec "$PROBE" live' >/dev/null 2>&1 &
		pids="$pids $!"
	done
	as_pid1 "$INIT" -- sh -c '"$PROBE" orphans 20; echo; exec "$PROBE" live'
	next_line && find_inside || return
	for pid in $pids; do
		wait_for "case \$(cat /proc/$pid/comm) in sh) false ;; esac" && taken "$pid" || return
		"$PROBE" send "$pid" 28
	done
	# The command is left, and the orphans, which end when they come to it, are gone; -P has none.
	for pid in $pids "$inside"; do
		case $(tr '\0' ' ' <"/proc/$pid/cmdline") in *' -P '*) continue ;; esac
		wait_for "[ \"\$(cat /proc/\$(child_of $pid)/comm 2>/dev/null)\" = probe ]" || return
	done
	# shellcheck disable=SC2086 # words
	quiet $pids "$inside"
	# shellcheck disable=SC2086
	kill $pids "$inside"
	ended 143
	codes=
	for pid in $pids; do
		wait "$pid"
		codes="$codes $?"
	done
	assertEquals ' 143 143 143 143 143 143 0 143' "$codes" # -P ends with 0
}

# settled PID: until it waits without a time limit. For 10 ms after the last end it does so in another way,
# which takes all signals out of its mask.
settled() {
	wait_for "[ \"\$(sed -nE 's/^State:.(S).*/\1/p; s/^(ShdPnd|SigBlk):.//p' /proc/$1/status | tr '\n' ' ')\" = \
		'S 0000000000000000 fffffffffffbfeff ' ]"
}

# quiet PID...: that they sleep for more than a second. Nothing tells when a process will not wake: here
# a test must look at the clock.
quiet() {
	for pid; do settled "$pid" || return; done
	before=$(for pid; do switches "$pid"; done)
	sleep 1.2
	assertEquals "woken" "$before" "$(for pid; do switches "$pid"; done)"
	for pid; do
		assertEquals fffffffffffbfeff "$(field SigBlk "$pid")"
		[ ! -r "/proc/$pid/timers" ] || assertEquals '' "$(cat "/proc/$pid/timers")"
	done
}

# ---- traps 10 to 14

# Many end while init is stopped: they raise one SIGCHLD in all, and the command is among them.
testTrap10CoalescedWithTheCommand() {
	for ns in background as_pid1; do
		mkfifo "$T/go"
		$ns "$INIT" -- sh -c '
			for i in 1 2 3 4 5; do (exec <"$T/go" "$PROBE" with cat >/dev/null) & done
			(exec <"$T/go" cat >/dev/null &) ; echo; read -r _ <"$T/go"; exit 7'
		exec 7<>"$T/go"
		next_line && find_inside || return
		target=$bg
		[ $ns = background ] || target=$inside
		command=$(children "$target")
		kill -STOP "$target"
		wait_state "$target" T
		# An orphan is there to end too, and ends first or last, as it comes.
		for child in $command; do
			# shellcheck disable=SC2046 # words
			kill -KILL $(children "$child") "$child"
		done
		for child in $command; do wait_state "$child" Z; done
		kill -CONT "$target"
		exec 7>&-
		ended 137
		rm "$T/go"
	done
}

# A burst is collected to the last one, although SIGCHLD came once for many of them, and although
# other signals keep init busy.
testTrap10BurstAmongSignals() {
	background "$PROBE" with ignore=28,34 "$INIT" -- sh -c '
		echo; read -r _; "$PROBE" orphans 300; echo; exec "$PROBE" live' </dev/null
	next_line || return
	command=$(child_of "$bg")
	(while kill -34 "$bg" && kill -28 "$bg"; do "$PROBE" nop; done 2>/dev/null) &
	noise=$!
	next_line
	only_child "$bg" "$command"
	kill -KILL "$command"
	ended 137
	wait $noise
}

# waitpid(2) that finds nothing leaves errno as it was: here EPERM, and SIGCHLD means nothing.
testTrap11SigchldWithoutAChild() {
	background "$INIT" -- sh -c 'echo; exec "$PROBE" live'
	next_line || return
	for _ in 1 2 3; do
		"$PROBE" send "$bg" 17
		"$PROBE" send "$bg" 17 5
		taken "$bg" || return
	done
	assertNotEquals '' "$(child_of "$bg")"
	"$PROBE" send "$bg" 15
	ended 143
}

# A zombie from before init's exec raises no SIGCHLD any more. dumb-init and catatonit leave it.
testTrap12OlderZombie() {
	for ns in background as_pid1; do
		for signal in 17 0; do
			$ns "$PROBE" older $signal dead "$INIT" -- sh -c 'echo; exec "$PROBE" live'
			next_line && next_line && find_inside || return
			target=$bg
			[ $ns = background ] || target=$inside
			wait_for '[ "$(children "$target" | wc -w)" = 1 ]'
			"$PROBE" send "$target" 15
			ended 143
		done
	done
}

# Children that were cloned with another signal, or none, for their end: __WALL.
testTrap13OtherExitSignal() {
	for signal in 0 10 34; do
		background "$PROBE" older $signal alive "$INIT" -- sh -c 'echo; exec "$PROBE" live'
		next_line && older=$line && next_line || return
		assertEquals "$bg" "$(field PPid "$older")"
		kill -KILL "$older"
		wait_state "$older" gone || return
		"$PROBE" send "$bg" 15
		ended 143
	done
}

# That a child stops or goes on raises SIGCHLD too.
testTrap14StopIsNoEnd() {
	mkfifo "$T/go"
	as_pid1 "$INIT" -- sh -c '(sh -c "echo \$\$; exec \"\$PROBE\" live" &); sleep 0; read -r _ <"$T/go"; exit 8'
	next_line && find_inside || return
	wait_for '[ "$(children "$inside" | wc -w)" = 2 ]'
	for child in $(children "$inside"); do
		for sig in STOP CONT STOP CONT; do
			kill -$sig "$child"
			case $sig in
			STOP) wait_state "$child" T ;;
			CONT) wait_state "$child" S ;;
			esac
			taken "$inside" || return
		done
	done
	echo >"$T/go"
	ended 8
	rm "$T/go"
}

# Some keep debuggers away by being traced already, by their parent: by init, which hands on the signal
# that they stop at and lets them go. A program so executed has a TRAP before it that is not its own.
testTracedChildren() {
	for log in '' "$LOG"; do
		for sig in 0 10 15; do
			want=$((sig ? 128 + sig : 7))
			# shellcheck disable=SC2086 # words
			assert_run $want '' '*' "$INIT" $log -- \
				"$PROBE" traced $sig sh -c 'exit 7'
			# shellcheck disable=SC2086 # words
			assert_run $want '' '*' in_ns "$INIT" $log -- \
				"$PROBE" traced $sig sh -c 'exit 7'
		done
	done
	# STOP stops it as any other one; an orphan may ask, too.
	as_pid1 "$INIT" -- "$PROBE" traced 19 sh -c 'echo awake; exit 7'
	wait_for '[ -n "$(children "$bg")" ]' && find_inside || return
	wait_for '[ -n "$(children "$inside")" ]' && command=$(child_of "$inside") || return
	wait_state "$command" T && taken "$inside" || return
	"$PROBE" send "$inside" 18
	expect_line awake
	ended 7
}

# ---- trap 15, X17

# wait4(-1) looks at every living child: with 400 of them, those that end one by one are collected by
# their number, and a look at all follows at most every 10 ms. Under strace all is slower, and by how
# much is not told: so it is only said that it does so at all.
testTrap15AndX17ReapsByNumber() {
	sanitized && return 0
	assert_run 0 '' '*' in_ns strace -o "$T/trace" -e trace=wait4,waitid -e signal=none "$INIT" -- sh -c '
		for i in $(seq 400); do (exec 3>&1; "$PROBE" live 3>&- &); done
		for i in $(seq 300); do ("$PROBE" nop &); done
		kill -KILL $(cat "/proc/$PPID/task/$PPID/children" | sed "s/\<$$\>//") 2>/dev/null
		exit 0'
	ends=$(grep -c 'WIF\|CLD_' "$T/trace")
	[ "$ends" -ge 200 ] || fail "$ends ends"
	by_number=$(grep -c '^wait4([1-9].*WIF\|^waitid(P_PID.*CLD_' "$T/trace")
	[ "$by_number" -ge 20 ] || fail "$by_number of $ends by their number"
}

# ---- traps 17 to 19

# A process whose first thread has ended looks like a zombie and is none: init leaves it and sleeps.
testTrap17LeaderThread() {
	mkfifo "$T/go"
	background "$INIT" -- "$PROBE" leader "$T/go" 9
	next_line || return
	command=$(child_of "$bg")
	wait_state "$command" Z && taken "$bg" || return
	"$PROBE" send "$bg" 17
	quiet "$bg"
	echo >"$T/go"
	ended 9
	# The same for an orphan.
	background "$INIT" -- sh -c '("$PROBE" leader "$T/go" 9 &); echo; exec "$PROBE" live'
	next_line && next_line || return
	wait_for '[ "$(zombies "$bg")" = 1 ]'
	"$PROBE" send "$bg" 17
	taken "$bg"
	assertEquals 1 "$(zombies "$bg")"
	echo >"$T/go"
	wait_for '[ "$(children "$bg" | wc -w)" = 1 ]'
	"$PROBE" send "$bg" 15
	ended 143
	rm "$T/go"
}

# During the grace time others end and are collected, while one is still there.
testTrap18ReapsDuringGrace() {
	enabled INIT_STOP || return 0
	mkfifo "$T/go"
	as_pid1 "$INIT" --grace 20 -- sh -c '
		("$PROBE" with ignore=15 sh -c "echo \$\$; : >\"\$T/one\"; read -r _ <\"\$T/go\"" &)
		(trap "" TERM; "$PROBE" with sh -c "echo \$\$; : >\"\$T/two\"; exec \"\$PROBE\" live" &)
		until [ -e "$T/one" ] && [ -e "$T/two" ] && [ "$(cat /proc/1/task/1/children | wc -w)" = 3 ]
		do "$PROBE" nop; done; echo; exit 3'
	next_line && next_line && next_line && find_inside || return
	# The one that does not ignore TERM goes, and so does the command; nobody stays a zombie.
	wait_for '[ "$(children "$inside" | wc -w)" = 1 ]'
	assertEquals 0 "$(zombies "$inside")"
	echo >"$T/go"
	ended 3
	rm "$T/go" "$T/one" "$T/two"
}

# full CMD...: in a namespace, as a user who may have 30 processes, and has. Nobody else must be that user:
# the kernel counts all of them.
full() {
	as_pid1 setpriv --reuid $((1000000 + $$)) --regid 54321 --clear-groups prlimit --nproc=30 "$INIT" "$@"
}

testTrap19FullOfProcesses() {
	need_root || return 0
	full -- "$PROBE" fill "$PROBE" catch 2
	next_line && expect_line ready && find_inside || return
	like "$line" ready && "$PROBE" send "$inside" 12
	expect_line '12 0 0'
	"$PROBE" send "$inside" 15
	expect_line '15 0 0'
	ended 0
}

# A bomb that forks as fast as it can, and leaves orphans: init collects, and hands on.
testTrap19ForkBomb() {
	need_root || return 0
	full -- sh -c '("$PROBE" bomb &); exec "$PROBE" catch 2'
	expect_line ready && find_inside || return
	wait_for '[ "$(children "$inside" | wc -w)" -gt 2 ]'
	for sig in 12 15; do
		"$PROBE" send "$inside" $sig
		expect_line "$sig 0 0"
	done
	ended 0
	wait_state "$inside" gone
}

# ---- traps 37 to 40

# With PID 1 all others end, those in other groups and sessions too.
testTrap37NamespaceEndsWithInit() {
	mkfifo "$T/go"
	as_pid1 "$INIT" -- sh -c 'setsid "$PROBE" live & "$PROBE" live & until
		[ "$(cat /proc/[0-9]*/comm | grep -c probe)" = 2 ]; do "$PROBE" nop; done; echo; read -r _ <"$T/go"; exit 3'
	next_line && find_inside || return
	rest=$(children "$(child_of "$inside")")
	assertEquals 2 "$(echo "$rest" | wc -w)"
	# And somebody who has come in from outside.
	inside_ns 'echo; exec "$PROBE" live' >"$T/came" &
	came=$!
	wait_for '[ -s "$T/came" ]'
	echo >"$T/go"
	ended 3
	for pid in $rest; do
		assertEquals gone "$(state "$pid")"
	done
	wait $came
	assertEquals 'who came in' 137 $?
	rm "$T/go"
}

# Who forks faster than one can look is still not left: KILL until nobody is there.
testTrap39KillUntilNobodyIsLeft() {
	enabled INIT_STOP || return 0
	assert_run 3 '' '' in_ns "$INIT" --grace 0.2 -- sh -c '
		hop() { trap "" TERM; while "$PROBE" nop; do (hop) & exit; done; }
		(hop &) ; (hop &); exit 3'
	# Below a subreaper there is no kill(-1): descendants of descendants are found one by one. The
	# FIFO has a writer as long as one of them lives.
	mkfifo "$T/alive"
	(exec "$INIT" --grace 0.2 -- sh -c '
		hop() { trap "" TERM; while "$PROBE" nop; do (hop) & exit; done; }
		(hop &) ; (setsid sh -c "trap \"\" TERM; (exec \"\$PROBE\" live) & wait" &); exit 3' >"$T/alive") &
	assertEquals '' "$(timeout 10 cat "$T/alive")"
	wait $!
	assertEquals 3 $?
	rm "$T/alive"
}

# An orphan goes to the nearest init above it, as long as that lives; then to the next one.
testTrap40NestedInits() {
	background "$INIT" -- "$INIT" -- sh -c '
		(sh -c "echo \$\$; exec \"\$PROBE\" live" &); exec "$PROBE" live'
	next_line && orphan=$line || return
	inner=$(child_of "$bg")
	wait_for "[ \"\$(field PPid $orphan)\" = $inner ]"
	# In turn: the inner one has two to hand over, and ends; it was the outer one's command.
	kill -STOP "$bg"
	wait_state "$bg" T
	kill -KILL "$inner"
	wait_for "[ \"\$(field PPid $orphan)\" = $bg ]"
	# shellcheck disable=SC2046 # words
	kill -KILL $(children "$bg" | sed "s/\<$inner\>//")
	kill -CONT "$bg"
	ended 137
}

# It is a subreaper whenever it is not PID 1, without a word, and -s changes nothing.
testA10AutomaticSubreaper() {
	for mode in "$INIT --" "$N/tini --" "$N/tini -s --" "env TINI_SUBREAPER= $N/docker-init --" \
		"$N/dumb-init" "$N/dumb-init -c" "$N/catatonit" "$INIT -s"; do
		# shellcheck disable=SC2086 # words
		background $mode sh -c '(sh -c "echo \$\$; exec \"\$PROBE\" live" &); exec "$PROBE" live'
		next_line && orphan=$line || return
		wait_for "[ \"\$(field PPid $orphan)\" = $bg ]"
		kill -KILL "$orphan"
		wait_state "$orphan" gone
		"$PROBE" send "$bg" 15
		ended 143
		assertEquals "$mode" '' "$(cat "$T/bg.err")"
	done
	as_pid1 "$INIT" -s -- sh -c '(sh -c "echo \$\$; exec \"\$PROBE\" live" &); exec "$PROBE" live'
	next_line && find_inside && wait_for '[ "$(children "$inside" | wc -w)" = 2 ]'
	"$PROBE" send "$inside" 15
	ended 143
}

# ---- traps 52, 53

# Once collected, the command's number may be somebody else's: nothing is sent to it or to its group.
# dumb-init tells the rest of the group before that; the real one, with -c, after.
testTrap52NoSignalToTheCollected() {
	sanitized && return 0
	for mode in "$INIT --" "$INIT -g" "$N/dumb-init" "$N/dumb-init -c" "$N/tini -g --" \
		"$INIT $GRACE --"; do
		# shellcheck disable=SC2086 # words
		assert_run 3 '' '' strace -o "$T/trace" -e signal=none \
			-e trace=wait4,waitid,kill,tkill,tgkill,rt_sigqueueinfo,pidfd_send_signal \
			$mode sh -c '("$PROBE" with ignore=1,15 "$PROBE" nop &); exit 3'
		pid=$(sed -n 's/.*WEXITSTATUS(s) == 3.* = \([0-9]*\)$/\1/p' "$T/trace")
		assertNotEquals "$mode: $(cat "$T/trace")" '' "$pid"
		assertEquals "$mode" '' "$(sed '1,/WEXITSTATUS(s) == 3/d' "$T/trace" |
			grep -E "^[a-z_]*\(-?${pid}[,)]")"
	done
	like "$(cat "$T/trace")" '*wait*' || fail 'no trace'
}

# The rest of dumb-init's group gets TERM when the command has ended.
testTrap52DumbInitTellsTheRest() {
	mkfifo "$T/go"
	background "$N/dumb-init" sh -c '"$PROBE" catch 1 >"$T/rest" & echo $!; read -r _ <"$T/go"; exit 4'
	next_line && rest=$line || return
	wait_for 'grep -qsx ready "$T/rest"'
	echo >"$T/go"
	ended 4
	wait_state "$rest" dead
	assertEquals 'ready
15 0 0' "$(cat "$T/rest")"
	# It is what -r makes of TERM; if that is nothing, it is left alone until somebody else comes.
	for rewrite in 15:12 15:0; do
		rm "$T/rest" # the one before was ready, too
		background "$N/dumb-init" -r $rewrite sh -c '
			"$PROBE" catch 1 >"$T/rest" & echo $!; read -r _ <"$T/go"; exit 4'
		next_line && rest=$line || return
		wait_for 'grep -qsx ready "$T/rest"'
		echo >"$T/go"
		ended 4
		if [ $rewrite = 15:0 ]; then "$PROBE" send "$rest" 12; fi
		wait_state "$rest" dead
		assertEquals "$rewrite" 'ready
12 0 0' "$(cat "$T/rest")"
	done
	# The others leave it alone.
	background "$N/tini" -g -- sh -c '"$PROBE" live & echo $!; read -r _ <"$T/go"; exit 4'
	next_line && rest=$line || return
	echo >"$T/go"
	ended 4
	wait_state "$rest" S
	kill -KILL "$rest"
	rm "$T/go" "$T/rest"
}

# Steps of the clock change no time limit. This machine's clock must not be set, so it is only looked
# at that no limit is bound to it: a relative one of sigtimedwait(2) or poll(2) is none.
testTrap53NoLimitByTheClock() {
	sanitized && return 0
	enabled INIT_STOP || return 0
	assert_run 3 '' '' strace -o "$T/trace" -e signal=none \
		-e trace=clock_gettime,gettimeofday,time,timer_create,timerfd_create,timerfd_settime,setitimer \
		"$INIT" --grace 0.1 --kill-after 5 -- sh -c '("$PROBE" with ignore=15 "$PROBE" live &); exit 3'
	assertEquals '' "$(grep -E 'REALTIME|gettimeofday|time\(|setitimer|alarm' "$T/trace" |
		grep -v 'clock_gettime(CLOCK_MONOTONIC')"
	like "$(cat "$T/trace")" '*clock_gettime(CLOCK_MONOTONIC*' || fail 'no clock at all'
}

. "${SHUNIT2:-shunit2}"
