#!/bin/sh
# SPDX-License-Identifier: 0BSD
# kill: what util-linux and procps have besides signals and numbers. What goes by name, or could hit
# more than a process just made, runs in a PID namespace of its own, behind kill_guard.
# shellcheck disable=SC2016,SC2154 # expanded over there; of lib.sh
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/kill.sh"

need setpriv util-linux
kill=$BIN/kill

# ---- --queue

# A program that tells the value that comes with a signal.
testQueue() {
	cat >"$T/told.c" <<'END'
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
	sigset_t set;
	siginfo_t i;

	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (puts("ready"); fflush(stdout), sigwaitinfo(&set, &i) > 0;) {
		printf("%d %d %d\n", i.si_signo, i.si_code == SI_QUEUE, i.si_value.sival_int);
		if (i.si_signo == SIGPWR)
			return 0;
	}
}
END
	"${HOSTCC:-cc}" -D_GNU_SOURCE -o "$T/told" "$T/told.c" || fail 'cannot compile'
	mkfifo "$T/fifo"
	"$T/told" >"$T/fifo" &
	pid=$!
	victims=$pid
	exec 3<"$T/fifo"
	for words in '-TERM -q 0:15 1 0' '-s TERM --queue 2147483647:15 1 2147483647' \
		'-q -2147483648:15 1 -2147483648' '-USR1 --queue=-5:10 1 -5' '-q7 -15:15 1 7' '-TERM:15 0 0'
	do
		read -r _ <&3
		# shellcheck disable=SC2086 # they are words
		assert_run 0 '' '' "$kill" ${words%%:*} "$pid"
		read -r line <&3
		assertEquals "$words" "${words#*:}" "$line"
		assert_run 0 '' '' "$kill" -q 1 -s WINCH "$pid"
	done
	enabled KILL_WAIT && {
		# (c) of the reference: util-linux passes 1 with --timeout. Of several that wait the lowest is told
		# first: the numbers rise.
		read -r _ <&3
		assert_run 0 '' '' "$kill" -q 44 --timeout 1 USR2 --timeout 1 PWR --wait -HUP "$pid"
		for want in '1 1 44' '12 1 44' '30 1 44'; do
			read -r line <&3
			assertEquals 'with --timeout' "$want" "$line"
		done
	}
	exec 3<&-
	rm "$T/fifo"
}

testQueueMisused() {
	for value in '' x 1x 2147483648 -2147483649 0x1 --; do
		assert_run 1 '' "kill: not an integer: '$value'" "$kill" -q "$value" 1
	done
	assert_run 1 '' 'kill: *' "$kill" -q
}

# ---- --pid, --verbose, --require-handler, --show-process-state

testPid() {
	assert_run 0 12345 '' "$kill" -p 12345
	assert_run 0 '1
2' '' "$kill" --pid 1 2
	for option in -TERM '-s TERM'; do
		# shellcheck disable=SC2086 # they are words
		assert_run 1 '' 'kill: --pid and --signal are mutually exclusive' "$kill" -p $option 1
		# shellcheck disable=SC2086
		assert_run 1 '' 'kill: --pid and --signal are mutually exclusive' "$kill" $option -p 1
	done
	assert_run 1 '' 'kill: --pid and --queue are mutually exclusive' "$kill" -p -q 1 1
	"$kill" -p 1 >/dev/full 2>"$T/err"
	assertEquals 1 $?
}

testVerbose() {
	victim
	assert_run 0 "sending signal 0 to pid $pid" '' "$kill" --verbose -0 "$pid"
	assert_run 0 "sending signal 15 to pid $pid" '' "$kill" --verb "$pid"
}

testRequireHandler() {
	enabled KILL_STATE || return 0
	mkfifo "$T/fifo"
	env --default-signal sh -c 'trap "exit 3" USR1; echo ready; while :; do sleep 0.01; done' >"$T/fifo" &
	pid=$!
	victims=$pid
	read -r _ <"$T/fifo"
	rm "$T/fifo"
	assert_run 1 '' '' "$kill" -r -USR2 "$pid"
	assert_run 1 "no handler, not sending signal 12 to pid $pid" '' "$kill" -r --verbose -USR2 "$pid"
	assert_run 1 '' '' "$kill" --require-handler -KILL "$pid"
	assert_run 1 '' '' "$kill" -r -0 "$pid"
	handled=$pid
	victim
	assert_run 0 "no handler, not sending signal 10 to pid $pid
sending signal 10 to pid $handled" '' "$kill" --verbose -r -USR1 "$pid" "$handled"
	wait "$handled" 2>/dev/null
	assertEquals 3 $?
	assertEquals 'it lives' S "$(state "$pid")"
	assert_run 1 '' 'kill: (-30000): --require-handler is not for groups' "$kill" -r -USR1 -30000
}

# Signals 32 and 33 are libc's own, and env(1) leaves them as the caller has them.
testShowProcessState() {
	enabled KILL_STATE || return 0
	env --default-signal --ignore-signal=USR2 --block-signal=HUP sleep 1000 &
	pid=$!
	victims=$pid
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	kill -HUP "$pid"
	libc=$(awk '/^SigIgn:/ { n = length($2); print (substr($2, n - 7, 1) ~ /[89a-f]/ ? " 32" : "") \
		(substr($2, n - 8, 1) ~ /[13579bdf]/ ? " 33" : "") }' "/proc/$pid/status")
	assert_run 0 'Pending (thread):
Pending (process): HUP
Blocked: HUP
Ignored: USR2'"$libc"'
Caught:' '' "$kill" -d "$pid"
	assert_run 1 '' 'kill: (4194304): *' "$kill" --show-process-state 4194304
	assert_run 1 '' "kill: 'x': not a process*" "$kill" -d x
	assert_run 1 '' 'kill: *' "$kill" -d
}

# ---- PID:INODE

testInode() {
	victim
	cat >"$T/inode.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	int fd = (int)syscall(434, argc ? atoi(argv[1]) : 0, 0);
	struct stat st;
	struct statfs fs;

	if (fd < 0 || fstat(fd, &st) || fstatfs(fd, &fs) || fs.f_type != 0x50494446)
		return 1;
	printf("%llu\n", (unsigned long long)st.st_ino);
	return 0;
}
END
	"${HOSTCC:-cc}" -D_GNU_SOURCE -o "$T/inode" "$T/inode.c" || fail 'cannot compile'
	if ! inode=$("$T/inode" "$pid"); then
		skip_because 'this kernel has no pidfs'
		return
	fi
	assert_run 1 '' "kill: ($pid:$((inode + 1))): *" "$kill" "$pid:$((inode + 1))"
	assert_run 1 '' "kill: ($pid:0): *" "$kill" "$pid:0"
	assert_run 1 '' 'kill: (4194304:5): *' "$kill" 4194304:5
	for word in "$pid:" "$pid:x" "$pid:-1" "$pid:$inode:1" "$pid:18446744073709551616" "0:$inode"; do
		assert_run 1 '' "kill: '$word': not a process*" "$kill" "$word"
	done
	assertEquals 'it lives' S "$(state "$pid")"
	assert_run 0 "$pid" '' "$kill" -p "$pid:$inode"
	assert_run 0 '' '' "$kill" "$pid:$inode"
	wait "$pid" 2>/dev/null
	assertEquals 143 $?
}

# Where a pidfd is no file of pidfs, every one has the same inode.
testInodeWithoutPidfs() {
	need strace strace
	victim
	# f_type, at the front, is the first that the injection writes.
	strace -o "$T/trace" -e trace=fstatfs -e inject=fstatfs:poke_exit=@arg2=0000:when=2+ \
		"$kill" "$pid:5" 2>"$T/err"
	if [ $? = 1 ] && grep -q poke "$T/err"; then
		skip_because 'this strace does not know poke_exit'
		return
	fi
	like "$(cat "$T/err")" "kill: '$pid:5': its pidfd has no inode of its own (Linux 6.9)" ||
		fail "$(cat "$T/err")"
	assertEquals 'it lives' S "$(state "$pid")"
}

# ---- names

testNames() {
	enabled KILL_NAMES || return 0
	inside 'called alpha; a=$!; called beta; b=$!; called alpha; c=$!
		is 0 "$kill" -p alpha; says out "$a
$c"
		is 1 "$kill" alph; says err "kill: cannot find process '\''alph'\''"
		is 1 "$kill" alphabet
		is 1 "$kill" "al*"
		is 0 "$kill" alpha
		gone "$a" "$c"; lives "$b"
		is 64 "$kill" nobodyis beta
		gone "$b"'
}

# A name has 15 characters. Blanks and the like are as good as others; dashes need "--".
testOddNames() {
	enabled KILL_NAMES || return 0
	inside 'called "a b)  R (c"; a=$!
		is 0 "$kill" "a b)  R (c"; gone "$a"
		called 123456789012345; a=$!
		is 1 "$kill" 123456789012345; lives "$a"
		called abcdefghijklmno; b=$!
		is 1 "$kill" abcdefghijklmnop
		says err "kill: cannot find process '\''abcdefghijklmnop'\'' (names have 15 characters)"
		is 0 "$kill" abcdefghijklmno; gone "$b"
		called 7up; a=$!
		is 0 "$kill" 7up; gone "$a"'
}

# Its own name means the others.
testNotItself() {
	enabled KILL_NAMES || return 0
	inside 'is 1 "$kill" -KILL kill
		is 1 "$kill" -KILL pidbox
		called kill; a=$!
		is 0 "$kill" -KILL kill
		gone "$a"'
}

testAll() {
	need_root || return 0
	enabled KILL_NAMES || return 0
	inside 'called alpha; a=$!
		setpriv --reuid 61235 --regid 61235 --clear-groups "$tmp/alpha" 1000 &
		b=$!
		until_true "[ \"\$(cat /proc/$b/comm)\" = alpha ]"
		is 0 "$kill" -p alpha; says out "$a"
		is 0 "$kill" -p --all alpha; says out "$a
$b"
		is 0 setpriv --reuid 61235 --regid 61235 --clear-groups "$kill" -p alpha; says out "$b"
		is 64 setpriv --reuid 61235 --regid 61235 --clear-groups "$kill" -KILL -a alpha
		gone "$b"; lives "$a"
		is 0 "$kill" alpha; gone "$a"'
}

need_root() {
	[ "$(id -u)" = 0 ] || { skip_because 'only root can be others' && return 1; }
}

# Only one PID namespace of several, and never the others, by name and by number.
testPidns() {
	enabled KILL_NAMES || return 0
	inside 'called alpha; mine=$!
		for box in 1 2; do
			unshare --pid --fork --kill-child sh -c "\"$tmp/alpha\" 1000 & wait; :" &
			eval "box$box=$!"
		done
		until_true "[ \"\$(cat /proc/*/comm | grep -c alpha)\" = 3 ]"
		first=$(cat "/proc/$box1/task/$box1/children"); first=${first% }
		second=$(cat "/proc/$box2/task/$box2/children"); second=${second% }
		a=$(cat "/proc/$first/task/$first/children"); a=${a% }
		b=$(cat "/proc/$second/task/$second/children"); b=${b% }
		is 0 "$kill" -p --pidns "$first" alpha; says out "$a"
		is 0 "$kill" -p --pidns "$a" alpha; says out "$a"
		is 0 "$kill" -p --pidns="$(readlink "/proc/$second/ns/pid")" alpha; says out "$b"
		is 0 "$kill" -p --pidns 1 alpha; says out "$mine"
		is 1 "$kill" --pidns "$first" "$b" "$mine" 1
		is 1 "$kill" --pidns "$first" -- -1
		says err "kill: (-1): --pidns is not for groups"
		is 1 "$kill" --pidns 4000 alpha
		says err "kill: '\''4000'\'': no such PID namespace or container"
		is 1 "$kill" --pidns x alpha
		lives "$a" "$b" "$mine"
		is 0 "$kill" --pidns "$first" alpha
		gone "$a"; lives "$b" "$mine"
		is 0 "$kill" -KILL --pidns "$second" "$b"
		gone "$b"; lives "$mine"'
}

# A name must not be looked up where the numbers are others.
testNamesInAnothersProc() {
	enabled KILL_NAMES || return 0
	need_root || return 0
	victim unshare --pid --fork --kill-child sleep 1000
	wait_for "[ -n \"\$(cat /proc/$pid/task/$pid/children)\" ]"
	first=$(cat "/proc/$pid/task/$pid/children")
	wait_for "[ \"\$(cat /proc/${first% }/comm)\" = sleep ]" # before, it does not die with its parent
	assert_run 1 '' "kill: 'sleep': no /proc of this PID namespace*" \
		/usr/bin/nsenter --target "${first% }" --pid "$kill" -0 sleep
}

# Neither must handlers and namespaces, where nothing or another's is on /proc.
testWithoutOurProc() {
	enabled KILL_STATE && enabled KILL_NAMES && enabled KILL_TREE || return 0
	for words in '-d 1' '-r -0 1' '--pidns 1 -0 1' '--tree -0 1'; do
		case $words in
		-d*) option=show-process-state ;;
		-r*) option=require-handler ;;
		*) option=${words#--} option=${option%% *} ;;
		esac
		# shellcheck disable=SC2086 # words
		assert_run 1 '' "kill: --$option: /proc is that of another PID namespace (mount -t proc proc /proc)" \
			unshare --user --map-root-user --pid --fork --kill-child "$kill" $words
		# Sanitizers say something there, too.
		# shellcheck disable=SC2086,SC2016 # words; expanded by that shell
		assert_run 1 '' "*kill: --$option: nothing is mounted on /proc (mount -t proc proc /proc)" \
			in_ns sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$kill" $words
	done
}

# ---- groups: the defects of others

# (a) procps 4.0.2 takes the first digit of -24 alone; (b) later ones fail with a group of one digit, and
# say 1 where it went well.
testGroupsOfAnyNumber() {
	inside 'groups=
		for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
			mkfifo "$tmp/f"
			setsid sh -c "echo \$\$; exec sleep 1000" >"$tmp/f" &
			read -r g <"$tmp/f"
			rm "$tmp/f"
			groups="$groups $g"
		done
		set -- $groups
		[ "$1" -lt 10 ] || echo "the first group is $1"
		last=$1
		while [ $# -gt 1 ]; do
			shift
			is 0 "$kill" -0 "-$1"; says err ""
			is 0 "$kill" -TERM "-$1"; says err ""; gone "$1"
			if [ $# -gt 1 ]; then lives "$2" "$last"; fi
		done
		is 0 "$kill" -s TERM "-$last"
		gone "$last"'
}

# With a signal given, and only then, what begins with a dash and digits is a group.
testSignalOrGroup() {
	inside 'setsid sleep 1000 &
		until_true "[ \"\$(cat /proc/$!/comm)\" = sleep ]"
		g=$!
		is 1 "$kill" "-$g"; says err "kill: no process given
Try '\''kill --help'\'' for more information."
		lives "$g"
		is 0 "$kill" -s 0 "-$g"
		is 0 "$kill" -0 -- "-$g"
		is 0 "$kill" --signal=0 "-$g"
		is 0 "$kill" --sig 0 "-$g"
		is 0 "$kill" --verbose -0 "-$g"; says out "sending signal 0 to pid -$g"
		is 0 "$kill" -0 --verbose "-$g"
		is 0 "$kill" -- "-$g"
		gone "$g"'
}

testQueueToAGroup() {
	inside 'setsid sleep 1000 &
		until_true "[ \"\$(cat /proc/$!/comm)\" = sleep ]"
		is 0 "$kill" -TERM -q 5 "-$!"
		gone "$!"'
}

. "${SHUNIT2:-shunit2}"
