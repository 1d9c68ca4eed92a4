#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init: what the command finds, and what init itself lets go of.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
INIT=$BIN/init
need strace strace
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

# ---- A7: signals

# The mask and the ignored signals are those that init was started with, under every name and in every
# mode; real-time ones and SIGCHLD, SIGPIPE included; nothing is caught.
testA7SignalSetsByPersonality() {
	for sets in '' 'block=10,32,33,34,64 ignore=1,13,17,32,33,34,63' \
		'block=1,2,3,15,17,18,20,21,22 ignore=2,15,20,21,22,28' 'ignore=6,11,31'; do
		# shellcheck disable=SC2086 # words
		want=$("$PROBE" with $sets $SIGNALS)
		for name in $NAMES; do
			for mode in '' -g -c; do
				case $name$mode in
				init-g) mode='-g -p TERM -s -v -w' ;;
				dumb-init-g | tini?*-c | docker-init-c | podman-init-c | catatonit-c) continue ;;
				esac
				# shellcheck disable=SC2086
				assert_run 0 "$want" '*' timeout -k 1 10 "$PROBE" with $sets "$N/$name" $mode -- $SIGNALS
			done
			# shellcheck disable=SC2086
			assert_run 0 "$want" '' timeout -k 1 10 $PID1 "$PROBE" with $sets "$N/$name" -- $SIGNALS
		done
	done
}

testTrap07AllBlockedAllIgnored() {
	sanitized && return 0 # AddressSanitizer wants to see BUS and FPE itself
	most=$(echo 1 2 3 4 5 6 7 8 10 11 12 13 14 15 16 17 18 20 21 22 23 24 25 26 27 28 29 30 31 32 33 \
		34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 |
		tr ' ' ,)
	for ns in '' in_ns; do
		# shellcheck disable=SC2086 # words
		want=$("$PROBE" with block="$most" ignore="$most" $SIGNALS)
		like "$want" '*SigBlk:	fffffffffffbfeff*' || fail "$want"
		# shellcheck disable=SC2086
		assert_run 0 "$want" '' $ns "$PROBE" with block="$most" ignore="$most" "$INIT" -- $SIGNALS
	done
}

# A signal that was ignored when init came is handed on all the same.
testTrap04IgnoredSignalsAreForwarded() {
	for mode in "$INIT --" "$INIT -g" "$N/dumb-init" "$N/tini --"; do
		# shellcheck disable=SC2086 # words
		background ignore=1,2,3,13,15,28,34 $mode "$PROBE" catch 7
		next_line || return
		for sig in 1 2 3 13 15 28 34; do
			"$PROBE" send "$bg" $sig
			expect_line "$sig 0 0" || return
		done
		ended 0
	done
	as_pid1 "$PROBE" with ignore=1,15 "$INIT" -- "$PROBE" catch 2
	next_line && find_inside || return
	"$PROBE" send "$inside" 1
	expect_line '1 0 0'
	"$PROBE" send "$inside" 15
	expect_line '15 0 0'
	ended 0
}

# With SIGCHLD ignored the kernel reaps children itself and tells nobody: tini and catatonit wait for
# ever. The command still has it as its caller did.
testTrap06ChldIgnored() {
	for name in $NAMES; do
		for ns in '' "$PID1"; do
			# timeout(1) must come first, it resets SIGCHLD; and a shell catches it.
			# shellcheck disable=SC2086 # words
			assert_run 0 '*SigIgn:	0000000000010000*' '' timeout -k 1 10 $ns \
				"$PROBE" with ignore=17 "$N/$name" -- $SIGNALS
		done
	done
	# Blocked as well, and with orphans to reap meanwhile.
	# shellcheck disable=SC2086
	assert_run 9 '' '' timeout -k 1 10 $ns "$PROBE" with ignore=17 block=17 "$INIT" -- \
		"$PROBE" with sh -c '"$PROBE" orphans 50; exit 9'
}

# ---- trap 46: rights and limits

# What a process has besides. Only the numbers of processes differ.
FACTS='grep -E "^(Uid|Gid|Groups|NoNewPrivs|Seccomp|Cap...|Cpus_allowed|Umask|THP.*|CoreDumping):" \
	/proc/self/status; cat /proc/self/oom_score_adj /proc/self/cgroup /proc/self/limits \
	/proc/self/timerslack_ns; nice; umask'

testTrap46RightsAndLimitsAreKept() {
	# Beyond those of the tests.
	set -- nice -n 3 prlimit --nofile=77:99 --core=0 setpriv --no-new-privs
	before=$(cat /proc/self/oom_score_adj)
	echo 77 >/proc/self/oom_score_adj
	want=$(umask 027 && "$@" sh -c "$FACTS")
	like "$want" '*NoNewPrivs:	1*77*' || fail "$want"
	for name in $NAMES; do
		assert_run 0 "$want" '' sh -c 'umask 027 && exec "$@"' sh "$@" "$N/$name" -- sh -c "$FACTS"
	done
	echo "$before" >/proc/self/oom_score_adj 2>/dev/null || : # only root may lower it
}

# Without any capability, and without the right to a new one.
testTrap46NoCapabilities() {
	need_root || return 0
	set -- setpriv --bounding-set=-all --inh-caps=-all --no-new-privs sh -c
	want=$("$@" "$FACTS")
	assert_run 0 "$want" '' "$@" 'exec "$INIT" -- sh -c "$0"' "$FACTS"
	assert_run 143 '' '' "$@" 'exec "$INIT" -- "$PROBE" die 15'
}

# ---- A11, traps 47 to 49

# In one: the descriptors and the directory are the command's alone, and so is what names its PID.
testA11LetsGoOfWhatIsTheCommands() {
	mkdir -p "$T/work"
	for name in $NAMES; do
		assert_run 0 "1 / $T/work 5 mine" '' sh -c 'cd "$T/work" && LISTEN_PID=$$ exec "$@" 5</dev/null' sh \
			"$N/$name" -- sh -c "$SETTLED"'
			[ -e /proc/$PPID/fd/5 ]
			echo $? "$(readlink "/proc/$PPID/cwd")" "$PWD" \
				"$(readlink "/proc/$$/fd/5" >/dev/null && echo 5)" \
				"$([ "$LISTEN_PID" = $$ ] && echo mine)"'
	done
}

# Nothing of what the command got stays open in init: who waits for the end of such a pipe gets it as
# soon as the command has closed it.
testTrap47DescriptorsAreClosed() {
	mkfifo "$T/pipe" "$T/go"
	# 5 is the pipe; the command closes it, and stays.
	background sh -c 'exec "$INIT" -- sh -c "echo; exec 5>&-; read -r _ <\"$T/go\"" 5>"$T/pipe" 9</dev/null'
	# The shell above opens the pipe when somebody reads it.
	assertEquals '' "$(timeout 10 cat "$T/pipe")"
	next_line && taken "$bg" || return
	assertEquals '0 1 2 ' "$(for fd in "/proc/$bg/fd"/*; do echo "${fd##*/}"; done |
		grep -vxF "$(signal_fd "$bg")" | tr '\n' ' ')"
	echo >"$T/go"
	ended 0
	rm "$T/pipe" "$T/go"
}

# signal_fd PID: the descriptor through which it waits for signals, if it has one.
signal_fd() {
	for fd in "/proc/$1/fd"/*; do
		if [ "$(readlink "$fd")" = 'anon_inode:[signalfd]' ]; then
			echo "${fd##*/}"
			return
		fi
	done
	echo none
}

# Also those above the limit, and where close_range(2) may not be called.
testTrap47DescriptorsAboveTheLimit() {
	need bash bash
	sanitized && return 0
	for how in '' "$PROBE seccomp eperm=new"; do
		# shellcheck disable=SC2086 # words
		run bash -c 'exec 200</dev/null 999</dev/null; ulimit -S -n 50; "$PROBE" fds "$T/want"; exec "$@"' \
			bash $how "$INIT" -- sh -c "$SETTLED"'; "$PROBE" fds "$T/got"; ls -l "/proc/$PPID/fd"'
		assertEquals "$err" 0 "$rc"
		assertEquals "$(cat "$T/want")" "$(cat "$T/got")"
		like "$(cat "$T/want")" '* 200 *999 *' || fail "$(cat "$T/want")"
		assertEquals "$out" '' "$(echo "$out" | sed 1d | grep -v ' [012] -> ' | grep -v signalfd)"
	done
}

# The directory's mount is not held; the command is searched for, and starts, in the old one.
testTrap48WorkingDirectory() {
	mkdir -p "$T/work/sub"
	printf '#!/bin/sh\npwd; pwd -P\necho; read -r _\n' >"$T/work/sub/here"
	chmod +x "$T/work/sub/here"
	for mode in "$INIT --" "$INIT -g" "$N/dumb-init" "$N/catatonit"; do
		mkfifo "$T/go"
		# shellcheck disable=SC2086 # words
		background sh -c 'cd "$T/work" && exec "$@" sub/here <"$T/go"' sh $mode
		exec 7>"$T/go"
		expect_line "$T/work" && expect_line "$T/work" && next_line && taken "$bg" || return
		assertEquals "$mode" / "$(readlink "/proc/$bg/cwd")"
		exec 7>&-
		wait "$bg"
		exec 8<&-
		rm "$T/go"
	done
}

# A mount can be undone while init lives: here the command has left it too.
testTrap48MountIsNotBusy() {
	mkdir -p "$T/mount"
	# shellcheck disable=SC2086 # words
	assert_run 0 'undone' '' $USERNS unshare --mount sh -c '
		mount -t tmpfs pidbox "$T/mount" && cd "$T/mount" && exec "$INIT" -- sh -c "$1"' sh \
		"$SETTLED"'; cd /; umount "$T/mount" && echo undone'
}

# "These descriptors are for this PID": when init was meant, the command is.
testTrap49ListenPid() {
	for name in $NAMES; do
		assert_run 0 'same same' '' sh -c 'LISTEN_PID=$$ WATCHDOG_PID=$$ LISTEN_FDS=1 exec "$1" -- sh -c "
			[ \$LISTEN_PID = \$\$ ] && printf \"same \"; [ \$WATCHDOG_PID = \$\$ ] && echo same"' \
			sh "$N/$name"
	done
	assert_run 0 '2 2 3 x' '' env LISTEN_PID=1 WATCHDOG_PID=1 LISTEN_FDS=3 OTHER_LISTEN_PID=x \
		unshare ${USERNS:+--map-root-user} --fork --pid "$INIT" -- \
		sh -c 'echo $LISTEN_PID $WATCHDOG_PID $LISTEN_FDS $OTHER_LISTEN_PID'
	# Somebody else is meant: left as it is, and so is what is no number.
	assert_run 0 '4711 ' '' env LISTEN_PID=4711 WATCHDOG_PID= "$INIT" -- \
		sh -c 'echo "$LISTEN_PID $WATCHDOG_PID"'
	assert_run 0 '1x unset' '' env -u WATCHDOG_PID LISTEN_PID=1x \
		unshare ${USERNS:+--map-root-user} --fork --pid "$INIT" -- \
		sh -c 'echo $LISTEN_PID ${WATCHDOG_PID-unset}'
}

# The variable is handed down as it was, in its place among the others.
testTrap49EnvironmentIsKept() {
	want='A=1
LISTEN_PID=77
B=
TINI_SUBREAPER=
DUMB_INIT_DEBUG=0'
	for name in init tini dumb-init catatonit; do
		assert_run 0 "$want" '' env -i A=1 LISTEN_PID=77 B= TINI_SUBREAPER= DUMB_INIT_DEBUG=0 \
			"$N/$name" -- /usr/bin/env
	done
}

# ---- A13, trap 50: the parent's death

# pdeath NAME: a parent that is killed, and what the command gets then.
pdeath() {
	rm -f "$T/pid"
	background sh -c '"$INIT" -p "$0" -- "$PROBE" catch 1 & echo $! >"$T/pid"; wait' "$1"
	expect_line ready && wait_for '[ -s "$T/pid" ]' || return
	init=$(cat "$T/pid")
	wait_state "$init" S
	kill -KILL "$bg"
	expect_line "$2 0 0"
	wait_state "$init" dead
	wait "$bg" 2>/dev/null
	exec 8<&-
}

testA13ParentDeathSignal() {
	pdeath TERM 15
	pdeath SIGHUP 1
	pdeath 12 12
	pdeath RTMIN+1 35
	pdeath sigusr1 10
}

# KILL is for init itself; then its command is not told. As PID 1 it takes all with it.
testA13ParentDeathKill() {
	rm -f "$T/pid"
	background sh -c 'unshare ${USERNS:+--map-root-user} --fork --pid --mount-proc "$INIT" -p KILL -- \
		sh -c "echo; exec \"\$PROBE\" live" & echo $! >"$T/pid"; wait'
	next_line && wait_for '[ -s "$T/pid" ]' || return
	unshare=$(cat "$T/pid")
	inside=$(child_of "$unshare")
	wait_state "$inside" S
	kill -KILL "$unshare"
	wait_state "$inside" dead
	ended 0
}

testA13WrongParentDeathSignal() {
	for sig in NOSUCH 65 -1 '' TERMX; do
		assert_run 1 '' "init: *
Try 'init --help' for more information." "$INIT" -p "$sig" -- true
	done
}

# A parent that has died before init asked for the signal: it comes nonetheless. Here that prctl(2) takes
# a second, and the parent ends when init is in it, which /proc tells by its arguments: 1 and TERM.
# As for strace, -D leaves init the child of who started strace.
testTrap50ParentAlreadyDead() {
	sanitized && return 0
	background sh -c '
		strace -D -o "$T/trace" -e trace=prctl -e inject=prctl:delay_enter=1000000:when=1 \
			"$INIT" -p TERM -- "$PROBE" live &
		echo $!
		until [ "$(cat "/proc/$!/comm")" = init ] && grep -q "^[0-9]* 0x1 0xf " "/proc/$!/syscall"
		do "$PROBE" nop; done'
	next_line && init=$line || return
	ended 0
	wait_state "$init" dead
	wait_for 'grep -q exited "$T/trace"'
	like "$(cat "$T/trace")" '*DELAYED*+++ exited with 143 +++' || fail "$(cat "$T/trace")"
}

. "${SHUNIT2:-shunit2}"
