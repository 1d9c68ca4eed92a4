#!/bin/sh
# SPDX-License-Identifier: 0BSD
# kill. Whatever could hit more than a process that the test has just made runs in a PID namespace
# of its own, behind kill_guard.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/kill.sh"

need strace strace
need setpriv util-linux
kill=$BIN/kill
none=4194304 # PID_MAX_LIMIT: the first number that no process can have
if [ "$(id -u)" = 0 ]; then
	new=/usr/bin/unshare enter=/usr/bin/nsenter
else
	new='/usr/bin/unshare --user --map-root-user'
	enter='/usr/bin/nsenter --user --preserve-credentials'
fi
# shellcheck disable=SC3045 # where it is missing, a core file may stay in $T
ulimit -c 0 2>/dev/null || :

# assert_kills NUMBER ARG...: with these arguments our kill ends a process by that signal.
assert_kills() {
	number=$1
	shift
	victim
	assert_run 0 '' '' "$kill" "$@" "$pid"
	if [ "$rc" = 0 ]; then assert_death "$number"; fi
}

# ---- which signal

testSpellings() {
	assert_kills 15
	assert_kills 15 -15
	assert_kills 15 -TERM
	assert_kills 15 -SIGTERM
	assert_kills 15 -term
	assert_kills 15 -sigTerm
	assert_kills 15 -s TERM
	assert_kills 15 -s SIGTERM
	assert_kills 15 -s 15
	assert_kills 15 -sTERM
	assert_kills 15 --signal TERM
	assert_kills 15 --signal=term
	assert_kills 9 -9 --
	assert_kills 9 -KILL --
	assert_kills 9 -s KILL --
	assert_kills 1 -1
	assert_kills 1 -HUP
	assert_kills 6 -IOT
	assert_kills 29 -IO
	assert_kills 29 -POLL
}

testRealTimeSignals() {
	assert_kills 34 -RTMIN
	assert_kills 34 -SIGRTMIN
	assert_kills 37 -RTMIN+3
	assert_kills 37 -s rtmin+3
	assert_kills 64 -RTMAX
	assert_kills 61 -SIGRTMAX-3
	assert_kills 40 -40
	assert_kills 64 -64
}

testEveryNameThatEnds() {
	n=0
	for name in $("$kill" -l | grep -v '^RT'); do
		n=$((n + 1))
		case $name in
		INT | QUIT) ;; # ignored by the background processes of a shell
		CHLD | CONT | STOP | TSTP | TTIN | TTOU | URG | WINCH) ;;
		*) assert_kills "$n" "-$name" ;;
		esac
	done
	assertEquals 31 "$n"
}

testStopAndContinue() {
	victim
	assert_run 0 '' '' "$kill" -STOP "$pid"
	wait_state "$pid" T
	assert_run 0 '' '' "$kill" -CONT "$pid"
	wait_state "$pid" S
}

testAHandlerGetsIt() {
	mkfifo "$T/told" "$T/never"
	for word in INT QUIT USR1 WINCH; do
		# shellcheck disable=SC2016 # expanded by that shell
		env --default-signal sh -c 'trap "echo $1; exit 0" "$1"; exec 3<>"$2"; echo ready
			while :; do read -r _ <&3; done' sh "$word" "$T/never" >"$T/told" 2>&1 &
		pid=$!
		victims="$pid"
		exec 3<"$T/told"
		read -r line <&3
		assertEquals ready "$line"
		wait_state "$pid" S # a trap is not asked for between its last look and the call that sleeps
		assert_run 0 '' '' "$kill" "-$word" "$pid"
		read -r line <&3
		assertEquals "$word" "$line"
		exec 3<&-
		wait "$pid"
	done
	rm "$T/told" "$T/never"
}

testSignalZero() {
	victim
	assert_run 0 '' '' "$kill" -0 "$pid"
	assert_run 0 '' '' "$kill" -s 0 "$pid"
	assertEquals S "$(state "$pid")"
	assert_run 1 '' "kill: ($none): *" "$kill" -0 "$none"
}

testSignalsThatAreNone() {
	victim
	for word in NOPE SIG SIGSIG TERMX RTMIN-1 RTMIN+ RTMIN+31 RTMAX+1 RTMAX-31 65 128 -1 1x ''; do
		assert_run 1 '' 'kill: unknown signal: *' "$kill" -s "$word" "$pid"
		assertEquals 'one line' 1 "$(wc -l <"$T/err")"
	done
	for word in -NOPE -65 -999999999999 -RTMIN+31 -1x -SIG; do
		assert_run 1 '' 'kill: *' "$kill" "$word" "$pid"
	done
	assertEquals 'it lives' S "$(state "$pid")"
}

# ---- the list

testList() {
	if /bin/kill --version 2>/dev/null | grep -q procps; then
		/bin/kill -l | tr ' ' '\n' >"$T/theirs"
		"$kill" -l | grep -v '^RT' | cmp "$T/theirs" - || fail 'not the list of procps'
		# They have a blank at the end.
		/bin/kill -L | sed 's/ *$//' >"$T/theirs"
		"$kill" -L | sed 's/ *34 RTMIN *64 RTMAX$//' | cmp "$T/theirs" - || fail 'not the table of procps'
	fi
	assertEquals 33 "$("$kill" -l | wc -l)"
	assertEquals '29 POLL    30 PWR     31 SYS     34 RTMIN   64 RTMAX' "$("$kill" --table | tail -n 1)"
	n=0
	for name in $("$kill" --list | grep -v '^RT'); do
		n=$((n + 1))
		assert_run 0 "$name" '' "$kill" -l "$n"
		assert_run 0 "$n" '' "$kill" -l "$name"
		assert_run 0 "$n" '' "$kill" -l "SIG$name"
		assert_run 0 "$name" '' "$kill" -l $((128 + n))
	done
}

testListOfSome() {
	assert_run 0 'KILL
TERM
1
15' '' "$kill" -l 9 143 hup sigterm
	assert_run 0 'RTMIN
RTMIN+1
RTMAX-1
RTMAX' '' "$kill" -l 34 35 63 64
	assert_run 0 '34
49
64
34
37
64' '' "$kill" -l RTMIN RTMAX-15 rtmax RT0 SIGRT3 rt30
	for n in 34 40 49 50 57 64; do # a name that is printed is understood
		assertEquals "$n" "$("$kill" -l "$("$kill" -l "$n")")"
	done
}

testListOfNone() {
	for word in NOPE 65 0 256 193 -9x RT RT31 0x 0xg 0x00000000000000001; do
		assert_run 1 '' 'kill: *' "$kill" -l "$word"
	done
	assert_run 1 '1
15' 'kill: unknown signal: NOPE' "$kill" -l HUP NOPE TERM # the others are listed all the same
}

# procps, util-linux: the value may be glued or behind a '='. A mask is that of /proc/PID/status.
testListGlued() {
	assert_run 0 KILL '' "$kill" -l9
	assert_run 0 15 '' "$kill" -lTERM
	assert_run 0 KILL '' "$kill" -l=9
	assert_run 0 KILL '' "$kill" --list=137
	assert_run 0 'KILL
TERM' '' "$kill" -l9 15
	assert_run 0 'HUP
TERM' '' "$kill" --list=0x4001
	assert_run 0 'HUP
TERM
RTMAX' '' "$kill" -l 0x8000000000004001
	assert_run 0 '' '' "$kill" -l 0x0
	assert_run 0 KILL '' "$kill" -l 0xF00 0x100 | head -n 1 >/dev/null
}

# A terminal has as many on a line as there is room for.
testListOnATerminal() {
	need script bsdutils
	script -qec "stty rows 24 cols 40; '$kill' -l" /dev/null </dev/null | tr -d '\r' >"$T/got"
	assertEquals 'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL' "$(head -n 1 "$T/got")"
	assertEquals 'all' "$("$kill" -l | xargs)" "$(xargs <"$T/got")"
	[ "$(wc -L <"$T/got")" -le 40 ] || fail "$(cat "$T/got")"
}

testListToAFullDisk() {
	"$kill" -l >/dev/full 2>"$T/err"
	assertEquals 1 $?
	like "$(cat "$T/err")" 'kill: write error: *' || fail "$(cat "$T/err")"
}

# ---- whom

testMany() {
	victim
	first=$pid
	victim
	second=$pid
	assert_run 0 '' '' "$kill" "$first" "$second"
	for pid in $first $second; do assert_death 15 "$pid"; done
}

testManyOfWhichSomeFail() {
	victim
	first=$pid
	victim
	second=$pid
	assert_run 64 '' "kill: ($none): *
kill: '1@0': *
kill: '99999999999': *" "$kill" -KILL "$none" "$first" 1@0 99999999999 "$second"
	assertEquals 'a line for each failure' 3 "$(wc -l <"$T/err")"
	for pid in $first $second; do assert_death 9 "$pid"; done
}

testNobody() {
	assert_run 1 '' "kill: *
Try 'kill --help' for more information." "$kill"
	for words in -TERM '-s TERM' -- '-9 --' -1; do
		# shellcheck disable=SC2086 # they are words
		assert_run 1 '' "kill: *" "$kill" $words
	done
	enabled STRERROR && assert_run 1 '' "kill: ($none): No such process" "$kill" "$none"
	for word in '' 99999999999 2147483648 1:x 1@x; do
		assert_run 1 '' "kill: '*': *" "$kill" -0 "$word"
		assertEquals 'one line' 1 "$(wc -l <"$T/err")"
	done
	# Names that nobody has.
	for word in nobodyis ' nobody is' 0x1 +1 1.5 %1; do
		enabled KILL_NAMES || break
		assert_run 1 '' "kill: cannot find process '*'" "$kill" -0 "$word"
		assertEquals 'one line' 1 "$(wc -l <"$T/err")"
	done
	assert_run 1 '' "kill: *" "$kill" -0 -- -x
}

testWithoutTheRight() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can give up its rights'
		return
	fi
	victim
	assert_run 1 '' "kill: ($pid): *" as_user "$kill" -TERM "$pid"
	if enabled STRERROR; then
		assert_run 1 '' "kill: ($pid): Operation not permitted" as_user "$kill" -0 "$pid"
	fi
	assertEquals 'it lives' S "$(state "$pid")"
	setpriv --reuid 65534 --regid 65534 --clear-groups sleep 1000 </dev/null &
	pid=$!
	victims="$victims $pid"
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	assert_run 0 '' '' as_user "$kill" -TERM "$pid"
	assert_death 15
}

testZombies() {
	# shellcheck disable=SC2016 # its shell becomes a program that does not wait
	sh -c 'sleep 0 & exec sleep 1000' </dev/null &
	pid=$!
	victims=$pid
	wait_for "[ -n \"\$(cat /proc/$pid/task/$pid/children)\" ]"
	zombie=$(cat "/proc/$pid/task/$pid/children")
	zombie=${zombie% }
	wait_state "$zombie" Z
	assert_run 0 '' '' "$kill" -0 "$zombie"
	assert_run 0 '' '' "$kill" -KILL "$zombie"
	assertEquals 'nothing changes' Z "$(state "$zombie")"
}

# One process is signalled by a descriptor, so that a number which is used again is never hit.
testByPidfd() {
	victim
	strace -o "$T/trace" -e trace=kill,tkill,tgkill,pidfd_send_signal \
		"$kill" -TERM "$pid" 2>/dev/null
	grep -q '^pidfd_send_signal([0-9]*, SIGTERM.*= 0' "$T/trace" || fail "$(cat "$T/trace")"
	grep -q '^kill' "$T/trace" && fail "$(cat "$T/trace")"
	assert_death 15
	# A seccomp profile may refuse either call, an old kernel not know it.
	for call in pidfd_open pidfd_send_signal; do
		for error in ENOSYS EPERM; do
			victim
			strace -o "$T/trace" -e trace=$call \
				-e inject=$call:error=$error "$kill" -TERM "$pid" 2>"$T/err"
			assertEquals "$call with $error" 0 $?
			assertEquals '' "$(cat "$T/err")"
			assert_death 15
		done
	done
}

# ---- groups: in a PID namespace where there is nobody else

# group_test TEXT: runs it as PID 1 there, with $group, the number of a group of three processes that
# has two digits, and $other, a process that is not in it. The text shall print nothing.
group_test() {
	cat >"$T/group.sh" <<'END'
# state PID
state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null; }
# gone PID...: waits until they are.
gone() {
	for pid; do
		tries=0
		until case $(state "$pid") in Z | '') ;; *) false ;; esac; do
			if [ "$((tries += 1))" = 500 ]; then
				echo "$pid lives"
				return
			fi
			sleep 0.01
		done
	done
}
lives() { case $(state "$1") in Z | '') echo "$1 is dead" ;; esac; }
while [ "$(sh -c 'echo $$')" -lt 20 ]; do :; done
sleep 1000 &
other=$!
mkfifo "$tmp/group"
setsid sh -c 'sleep 1000 & a=$!; sleep 1000 & echo $$ $a $!; wait' >"$tmp/group" &
read -r group first second <"$tmp/group"
rm "$tmp/group"
END
	# shellcheck disable=SC2016,SC2154 # expanded over there; of lib.sh
	assert_run 0 '' '' in_ns sh -c "$kill_guard"'
		kill=$1 tmp=$2
		. "$2/group.sh"
		'"$1" sh "$kill" "$T"
}

testGroups() {
	# shellcheck disable=SC2016 # expanded over there
	for words in '-TERM -$group' '-TERM -- -$group' '-s TERM -- -$group' '-- -$group' '-15 -$group' \
		'-KILL -$group' '--signal=KILL -- -$group'
	do
		# shellcheck disable=SC2016 # expanded over there
		group_test '"$kill" '"$words"' || echo "status $?"
			gone "$group" "$first" "$second"
			lives "$other"'
	done
}

testGroupAndProcess() {
	# shellcheck disable=SC2016 # expanded over there
	group_test '"$kill" -KILL "$other" "-$group" || echo "status $?"; gone "$other" "$group"'
	# shellcheck disable=SC2016
	group_test '"$kill" -0 -- "-$group" || echo "status $?"; lives "$group"; lives "$other"'
}

testGroupThatIsNone() {
	# shellcheck disable=SC2016 # expanded over there
	group_test '"$kill" -TERM -30000 2>&1 | grep -v "^kill: (-30000): "
		"$kill" -TERM -30000 2>/dev/null && echo "status 0"
		"$kill" -TERM "-$other" 2>/dev/null && echo "not a group"
		lives "$group"; lives "$other"'
}

testEverybody() {
	# All but PID 1, which is this shell, and the kill itself.
	# shellcheck disable=SC2016 # expanded over there
	group_test '"$kill" -KILL -1 || echo "status $?"; gone "$group" "$other"'
	# shellcheck disable=SC2016
	group_test '"$kill" -s KILL -- -1 || echo "status $?"; gone "$group" "$other"'
	# -1 alone is a signal, and then there is nobody to send it to.
	# shellcheck disable=SC2016
	group_test '"$kill" -1 2>/dev/null && echo "status 0"; lives "$group"; lives "$other"'
}

testOwnGroup() {
	# shellcheck disable=SC2016 # expanded over there
	group_test '{ # the shell says "Terminated"
			setsid --wait sh -c "sleep 1000 & echo \$! >$tmp/mine; \"$kill\" -TERM 0; exit 0"
		} 2>/dev/null
		[ $? = 143 ] || echo "status $?, not killed"
		read -r mine <"$tmp/mine"
		rm "$tmp/mine"
		gone "$mine"
		lives "$group"; lives "$other"'
}

# Where our own group has the number 1, as below an init that leads a session, -1 would be everybody.
testOwnGroupOfNumberOne() {
	below=setsid
	# shellcheck disable=SC2016 # expanded over there
	inside '[ "$(sed "s/.*) . [0-9]* \([0-9]*\) .*/\1/" /proc/1/stat)" = 1 ] || echo "no group 1"
		called mine
		mine=$!
		setsid sleep 1000 &
		until_true "[ \"\$(cat /proc/$!/comm)\" = sleep ]"
		is 0 env --ignore-signal=USR1 "$kill" -USR1 0
		gone "$mine"
		lives "$!"'
	below=
}

# ---- PID namespaces

# box CMD...: as PID 1 of a PID namespace; $init is its number here, $pid that of the unshare.
box() {
	# shellcheck disable=SC2086 # words
	$new --fork --pid --kill-child "$@" </dev/null >/dev/null 2>&1 &
	pid=$!
	victims="${victims:-} $pid"
	wait_for "[ -n \"\$(cat /proc/$pid/task/$pid/children)\" ]"
	init=$(cat "/proc/$pid/task/$pid/children")
	init=${init% }
	wait_for "[ \"\$(cat /proc/$init/comm)\" = '${1##*/}' ]"
	wait_state "$init" S
}

testRefs() {
	enabled PID_REF || return 0
	lost=
	enabled KILL_INIT &&
		lost='kill: (1@*): TERM is lost on the init of a PID namespace, which has no handler for it (KILL works)'
	for spell in pid inode link; do
		box sleep 1000
		case $spell in
		pid) ref=$init ;;
		inode) ref=$(stat -L -c %i "/proc/$init/ns/pid") ;;
		link) ref=$(readlink "/proc/$init/ns/pid") ;;
		esac
		# Its PID 1 handles no signal: from where ever, TERM is not even kept for it.
		assert_run 0 '' "$lost" "$kill" -TERM "1@$ref"
		assertEquals 0000000000000000 "$(sed -n 's/^ShdPnd:[[:space:]]*//p' "/proc/$init/status")"
		assertEquals S "$(state "$init")"
		# KILL from outside ends it.
		assert_run 0 '' '' "$kill" -KILL "1@$ref"
		wait_state "$init" gone
	done
}

testRefOfAnotherProcess() {
	enabled PID_REF || return 0
	# shellcheck disable=SC2016 # expanded by that shell
	box sh -c 'sleep 1000 & wait; wait'
	wait_for "[ -n \"\$(cat /proc/$init/task/$init/children)\" ]"
	child=$(cat "/proc/$init/task/$init/children")
	child=${child% }
	inner=$(sed -n 's/^NSpid:.*[[:space:]]//p' "/proc/$child/status")
	assert_run 0 '' '' "$kill" -0 "$inner@$init"
	assert_run 0 '' '' "$kill" -0 "$inner@$child" "1@$child"
	assert_run 0 '' '' "$kill" -STOP "$inner@$init"
	wait_state "$child" T
	wait_state "$init" S # only that one; it hears of its child's stop
	assert_run 64 '' "kill: *
kill: *" "$kill" -CONT "3999@$init" "$inner@$init" "1@$none"
	wait_state "$child" S
	assert_run 1 '' "kill: '1@$none': no such PID namespace or container" "$kill" -0 "1@$none"
	assert_run 1 '' "kill: *3999@$init*" "$kill" -0 "3999@$init"
	for junk in 1@ 1@x 1@@1 0@1 1@0; do
		assert_run 1 '' "kill: '$junk': not a process: expected PID, PID@REF or a container's ID" "$kill" -0 "$junk"
	done
	assert_run 0 '' '' "$kill" -KILL "1@$init"
	wait_state "$init" gone
	wait_state "$child" gone
}

# A /proc of another PID namespace has other numbers: what it says must not be signalled.
testProcOfAnotherNamespace() {
	enabled PID_REF || return 0
	box sleep 1000
	# shellcheck disable=SC2086 # words
	assert_run 1 '' "kill: '1@$init': *not ours" \
		$enter --target "$init" --pid "$kill" -KILL "1@$init"
	assertEquals 'it lives' S "$(state "$init")"
	"$kill" -KILL "$init"
	wait_state "$init" gone
}

testWithoutProc() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can chroot'
		return
	fi
	mkdir "$T/root"
	cp "$BIN/pidbox" "$T/root/kill"
	# A program that needs no library is at home in a directory that holds nothing else.
	if chroot "$T/root" /kill -l >/dev/null 2>&1; then
		victim
		assert_run 0 '' '' chroot "$T/root" /kill -TERM "$pid"
		assert_death 15
		if enabled PID_REF; then
			assert_run 1 '' "kill: '1@1': no /proc here*mount -t proc proc /proc" \
				chroot "$T/root" /kill -0 1@1
		fi
	fi
	rm -r "$T/root"
}

testOptions() {
	assert_run 0 'Usage: kill *' '' "$kill" --help
	assert_run 0 'pidbox *' '' "$kill" --version
	for word in --bogus -s --signal; do
		assert_run 1 '' "kill: *
Try 'kill --help' for more information." "$kill" "$word"
	done
}

. "${SHUNIT2:-shunit2}"
