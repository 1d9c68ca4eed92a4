#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pkill. Everything that signals runs as PID 1 of a PID namespace of its own; a pattern matches nobody else.
# shellcheck disable=SC2016 # the texts are for that shell
set -u
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"

PKILL=$BIN/pkill
need strace strace
need pgrep procps
PEER=$(command -v pkill)
export PKILL PEER

# inside_ns TEXT: runs it there, behind the guard. $T/out has what it writes to both.
# In it: idle NAME starts one that sleeps and sets $pid; died PID waits for its end and prints by which
# signal it has ended, or that it has not been signalled.
inside_ns() {
	in_ns sh -c "$kill_guard$later"'
		exec 2>&1
		idle() {
			rm -f "$T/fifo"
			mkfifo "$T/fifo"
			"$SCENE" idle "$1" >"$T/fifo" &
			pid=$!
			read -r _ <"$T/fifo"
		}
		died() {
			wait "$1"
			echo "died of $(($? - 128))"
		}
		lives() { kill -0 "$1" && echo lives; }
		said() {
			"$@"
			echo "rc=$?"
		}
		'"$1" </dev/null | sed '/^[A-Z][a-z\/O -]* *[0-9 ]*$/d' >"$T/out"
}

# assert_inside TEXT OUT: what it writes is exactly that, or fits that pattern.
assert_inside() {
	inside_ns "$1"
	like "$(cat "$T/out")" "$2" && return
	show "$(cat "$T/out")"
	fail "not: $2"
}

testTheGuardWorks() {
	run sh -c "$kill_guard"'echo not stopped'
	assertEquals 99 "$rc"
	assertEquals '' "$out"
}

# ---- which signal

testSignals() {
	assert_inside '
		for words in "" -9 -KILL -SIGKILL -kill -s:KILL "--signal KILL" --signal=SIGKILL -HUP -1 -RTMIN+3 \
			-37 "--signal 15" -io; do
			case $words in -s:*) continue ;; esac
			idle target
			said "$PKILL" $words target
			died $pid
			idle target
			said "$PKILL" target $words
			died $pid
		done' "$(for n in 15 9 9 9 9 9 9 1 1 37 37 15 29; do
		printf 'rc=0\ndied of %s\nrc=0\ndied of %s\n' $n $n
	done)"
}

# Behind -- nothing is a signal.
testSignalBehindDashes() {
	assert_inside 'idle -9; said "$PKILL" -KILL -- -9; died $pid' 'rc=0
died of 9'
}

# -0 only asks.
testSignalZero() {
	assert_inside 'idle target; said "$PKILL" -0 -e target; lives $pid; said "$PKILL" -0 nobody' 'target killed (pid *)
rc=0
lives
rc=1'
}

testUnknownSignals() {
	assert_inside '
		idle target
		said "$PKILL" --signal FOO target
		said "$PKILL" -SIGFOO target
		said "$PKILL" -99 target
		lives $pid' "pkill: unknown signal: FOO
*
rc=2
pkill: invalid option -- 'S'
*
rc=2
pkill: invalid option -- '9'
*
rc=2
lives"
}

testQueue() {
	need_root || return 0
	assert_inside '
		mkfifo "$T/traced"
		for value in 42 -7 2147483647 -2147483648; do
			strace -qq -e trace=none -o "$T/trace" "$SCENE" idle target >"$T/traced" &
			read -r _ <"$T/traced"
			said "$PKILL" -USR1 --queue=$value target
			wait $!
			grep -o "si_code=SI_QUEUE, si_pid=[0-9]*, si_uid=0, si_int=[-0-9]*" "$T/trace" | sed "s/pid=[0-9]*/pid/"
		done
		said "$PKILL" -q x target
		said "$PKILL" -q 2147483648 target' "rc=0
si_code=SI_QUEUE, si_pid, si_uid=0, si_int=42
rc=0
si_code=SI_QUEUE, si_pid, si_uid=0, si_int=-7
rc=0
si_code=SI_QUEUE, si_pid, si_uid=0, si_int=2147483647
rc=0
si_code=SI_QUEUE, si_pid, si_uid=0, si_int=-2147483648
pkill: not a number: x
*
rc=2
pkill: not a number: 2147483648
*
rc=2"
}

# ---- who

# What the peer says of those who match, and of wrong words; nobody dies of signal 0.
testSameAsPeer() {
	case $("$PEER" --version 2>&1) in
	*'procps-ng 4.'*) ;;
	*)
		skip_because 'the installed pkill is not that of procps'
		return 0
		;;
	esac
	assert_inside '
		for name in one two "a) R (b" three; do idle "$name"; done
		while read -r words; do
			eval "pkill -0 $words" >"$T/peer" 2>"$T/peer.err"
			echo "rc=$?" >>"$T/peer"
			eval "\"$PKILL\" -0 $words" >"$T/ours" 2>"$T/ours.err"
			echo "rc=$?" >>"$T/ours"
			head -n 1 "$T/peer.err" >>"$T/peer"
			head -n 1 "$T/ours.err" >>"$T/ours"
			cmp -s "$T/peer" "$T/ours" || {
				echo "pkill $words"
				diff "$T/peer" "$T/ours"
			}
		done <<-"END"
			one
			-e one
			-c .
			-ce e
			-f idle
			-fe idle.one
			-x on
			-n -e idle
			-oe e
			-u 0 -e two
			-P 1 -c
			--inverse -c one
			--inverse -e t
			-e -g 0 o
			-e "R \\("
			nobody
			-c nobody
			-ie ONE
			-r Z -c one
			-u no-such-user one
			-P x one
			one two

			-e
			-v one
			-w one
			-a one
			-d , one
		END
	' ''
}

testWhoMayNot() {
	need_root || return 0
	assert_inside '
		idle target
		setpriv --reuid 65534 --regid 65534 --clear-groups "$PKILL" -e target
		echo "rc=$?"
		lives $pid
		setpriv --reuid 65534 --regid 65534 --clear-groups "$SCENE" idle theirs >"$T/fifo" &
		read -r _ <"$T/fifo"
		setpriv --reuid 65534 --regid 65534 --clear-groups "$PKILL" -e "^(theirs|target)$"
		echo "rc=$?"
	' 'pkill: killing pid * failed: '"$(reason 'Operation not permitted' 1)"'
rc=1
lives
pkill: killing pid * failed: '"$(reason 'Operation not permitted' 1)"'
theirs killed (pid *)
rc=0'
}

# Itself, its parents with -A, and zombies.
testNotItself() {
	assert_inside '
		idle target
		said "$PKILL" -KILL -e -x "pkill|target"
		died $pid
		idle target
		sh -c "\"\$PKILL\" -KILL -A -e \"^(sh|target)\$\"; echo rc=\$?; :"
		died $pid
		sh -c "sh -c : & exec \"\$SCENE\" idle keeper" >"$T/fifo" &
		read -r _ <"$T/fifo"
		until pgrep -r Z >/dev/null; do :; done
		said "$PKILL" -r Z -ce
	' 'target killed (pid *)
rc=0
died of 9
target killed (pid *)
rc=0
died of 9
sh killed (pid *)
1
rc=0'
}

testInverse() {
	assert_inside '
		idle target
		said "$PKILL" -v target
		lives $pid
		said "$PKILL" -KILL --inverse -P 77 -x target
		died $pid
	' "pkill: invalid option -- 'v'
*
rc=2
lives
rc=0
died of 9"
}

testPidfile() {
	assert_inside '
		idle target
		one=$pid
		idle target
		echo $one >"$T/pid"
		said "$PKILL" -KILL -F "$T/pid" other
		said "$PKILL" -KILL -F "$T/pid" target
		died $one
		lives $pid
		said "$PKILL" -KILL -F "$T/pid"
		said "$PKILL" -KILL -F "$T/none"
	' "rc=1
rc=0
died of 9
lives
rc=1
pkill: $T/none: $(reason 'No such file or directory' 2)
rc=1"
}

testHandler() {
	assert_inside '
		mkfifo "$T/handler"
		sh -c "trap \"exit 3\" USR1; echo; while :; do :; done" >"$T/handler" &
		one=$!
		read -r _ <"$T/handler"
		idle target
		said "$PKILL" -USR1 -H -P 1
		lives $pid
		wait $one
		echo $?
	' 'rc=0
lives
3'
}

# Only those of one namespace.
testPidns() {
	need_root || return 0
	assert_inside '
		idle target
		outer=$pid
		mkfifo "$T/inner"
		unshare --pid --fork "$SCENE" idle target >"$T/inner" 2>"$T/inner.err" &
		read -r _ <"$T/inner"
		inner=$(pgrep -n target)
		said "$PKILL" -KILL --pidns "$inner" target
		wait_for_end() { until [ ! -e "/proc/$inner" ]; do :; done; }
		wait_for_end
		lives $outer
		said "$PKILL" -KILL --pidns 1 -e target
	' 'rc=0
lives
target killed (pid *)
rc=0'
}

# ---- whom the number stands for

# The pidfd is held before the process is looked at for the last time; then nothing is opened any more.
testPidfdComesFirst() {
	assert_inside '
		idle target
		strace -e trace=pidfd_open,openat,pidfd_send_signal,kill,tgkill,rt_sigqueueinfo -o "$T/trace" \
			"$PKILL" -KILL target
		sed -n "/pidfd_open/,\$p" "$T/trace" | grep -v exited |
			sed "s/($pid/(PID/; s/\"$pid/\"PID/; s/[(,].*PID/ PID/; s/[,\"(].*//"
	' 'pidfd_open PID
openat PID/stat
pidfd_send_signal'
}

# delayed ARG...: pkill waits between the walk and the pidfd, for a second and then for its tracer, which is
# stopped; go_on: until it has ended.
delayed='
	delayed() {
		: >"$T/trace"
		strace -qq -e trace=pidfd_open -e inject=pidfd_open:delay_enter=1000000 -o "$T/trace" "$PKILL" -KILL -e "$@" &
		slow=$!
		until [ -s "$T/trace" ] || ! grep -qs "^State:.[^Z]" /proc/$slow/status; do :; done
		kill -STOP $slow
	}
	go_on() {
		kill -CONT $slow
		wait $slow
	}
'

# Who has another name by then is not meant any more.
testNoLongerMeant() {
	assert_inside "$delayed"'
		mkfifo "$T/go" "$T/gone"
		sh -c "printf target >/proc/self/comm; echo; read -r _ <\"\$T/go\"; exec \"\$SCENE\" idle other" >"$T/gone" &
		one=$!
		exec 5<"$T/gone"
		read -r _ <&5
		delayed target
		echo >"$T/go"
		read -r _ <&5
		go_on
		echo "rc=$?"
		lives $one
	' 'rc=1
lives'
}

# Nor is who has got the number of one who has ended, though the name is the same.
testNumberUsedAgain() {
	need_root || return 0
	assert_inside "$delayed"'
		idle target
		echo $pid >"$T/pid"
		for words in target "-fx $SCENE.idle.target" "-F $T/pid" "-P 1 -n target"; do
			delayed $words
			kill -KILL $pid
			wait $pid
			later
			echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
			"$SCENE" idle target >"$T/fifo" &
			read -r _ <"$T/fifo"
			[ $! = $pid ] || echo "not the same number"
			go_on
			echo "rc=$?"
			lives $!
		done
	' "$(for _ in 1 2 3 4; do printf 'rc=1\nlives\n'; done)"
}

# In a /proc that is not ours the numbers are strangers'.
testForeignProc() {
	assert_inside '
		idle target
		unshare --pid --fork sh -c "\"\$PKILL\" -KILL target; echo rc=\$?"
		lives $pid
	' 'pkill: /proc is that of another PID namespace: its numbers are not ours (mount -t proc proc /proc)
rc=3
lives'
}

# ---- the rest

testMrelease() {
	need_root || return 0
	assert_inside '
		idle target
		strace -e trace=process_mrelease -o "$T/trace" "$PKILL" -KILL -m target
		echo "rc=$?"
		grep -c "^process_mrelease([0-9]*, 0) *= \(0\|-1 ESRCH\)" "$T/trace"
		idle target
		said "$PKILL" -0 -m target
	' 'rc=0
1
pkill: the memory of * '"$(reason 'Invalid argument' 22)"'
rc=0'
}

testList() {
	assert_run 0 'HUP INT QUIT *TERM*
*SYS' '' "$PKILL" -l
	assert_run 2 '' 'pkill: -l takes nothing; to send a signal: --signal TERM
*' "$PKILL" -l TERM
	assert_run 0 'pidbox *' '' "$PKILL" -V
}

# Nobody hears of it: they are signalled all the same.
testLostOutput() {
	assert_inside '
		for to in /dev/full pipe; do
			idle target
			one=$pid
			idle target
			case $to in
			pipe) { "$PKILL" -KILL -e target; echo "rc=$?" >"$T/status"; } | : ;;
			*) "$PKILL" -KILL -e target >$to; echo "rc=$?" >"$T/status" ;;
			esac
			cat "$T/status"
			died $one
			died $pid
		done
	' 'pkill: write error: '"$(reason 'No space left on device' 28)"'
rc=1
died of 9
died of 9
rc=0
died of 9
died of 9'
}

testManyAtOnce() {
	assert_inside '
		i=0
		while [ $((i += 1)) -le 200 ]; do sleep 1000 & done
		until [ "$(pgrep -c -x sleep)" = 200 ]; do :; done
		"$PKILL" -KILL -c -x sleep
		wait
		pgrep -x sleep
		echo $?
	' '200
1'
}

. "${SHUNIT2:-shunit2}"
