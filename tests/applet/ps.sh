#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps: procps's bytes for processes of our own, and what only ours shows.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/procps.sh"

need cc gcc
need strace strace
ps=$BIN/ps
self_ns=$(stat -L -c %i /proc/self/ns/pid)
if [ "$(id -u)" = 0 ]; then
	new=/usr/bin/unshare enter=/usr/bin/nsenter
else
	new='/usr/bin/unshare --user --map-root-user'
	enter='/usr/bin/nsenter --user --preserve-credentials'
fi

# What the shell cannot do: actor MODE...
#   threads N    a process with N more threads and a locked page
#   bare         one that has wiped its command line
#   pty N CMD... a command on a terminal of N columns; what it prints goes to stdout
make_actor() {
	cat >"$T/actor.c" <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void *wait_for_the_end(void *unused)
{
	for (;;)
		pause();
	return unused;
}

/* The session's leader stays until all is read: its end takes away what nobody has read yet. */
static void on_terminal(int master, int columns, char **command)
{
	struct winsize size = { .ws_row = 24, .ws_col = (unsigned short)columns };
	struct termios raw;
	int fd, status;

	setsid();
	fd = open(ptsname(master), O_RDWR);
	close(master);
	ioctl(fd, TIOCSCTTY, 0);
	ioctl(fd, TIOCSWINSZ, &size);
	tcgetattr(fd, &raw);
	raw.c_oflag &= ~(tcflag_t)OPOST;
	tcsetattr(fd, TCSANOW, &raw);
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	close(fd);
	if (!fork()) {
		execvp(*command, command);
		_exit(127);
	}
	wait(&status);
	if (write(1, WIFEXITED(status) && !WEXITSTATUS(status) ? "\1" : "\2", 1) == 1)
		pause();
	_exit(1);
}

int main(int argc, char **argv)
{
	if (!strcmp(argv[1], "threads")) {
		void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		pthread_t thread;

		if (mlock(page, 4096))
			return 1;
		for (int n = atoi(argv[2]); n--;)
			if (pthread_create(&thread, NULL, wait_for_the_end, NULL))
				return 1;
	} else if (!strcmp(argv[1], "pty")) {
		int master = posix_openpt(O_RDWR | O_NOCTTY);
		char c = 2;

		if (grantpt(master) || unlockpt(master))
			return 1;
		if (!fork())
			on_terminal(master, atoi(argv[2]), argv + 3);
		while (read(master, &c, 1) == 1 && (unsigned char)c > 2)
			if (write(1, &c, 1) != 1)
				return 1;
		close(master); /* which is the leader's end */
		wait(NULL);
		return c != 1;
	} else {
		for (int i = 0; i < argc; i++)
			memset(argv[i], 0, strlen(argv[i]));
	}
	if (write(1, "\n", 1) != 1)
		return 1;
	wait_for_the_end(NULL);
}
END
	"${HOSTCC:-cc}" -o "$T/actor" -pthread "$T/actor.c"
}

# start COMM CMD...: runs it in the background; returns when the process has that name. $pid.
start() {
	comm=$1
	shift
	rm -f "$T/started"
	"$@" </dev/null >"$T/started" 2>&1 &
	pid=$!
	started="$started $pid"
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = '$comm' ]"
}

# stop PID...: the processes are gone when this returns.
stop() {
	kill -KILL "$@" 2>/dev/null
	wait "$@" 2>/dev/null || :
}

# child_of PID: $child, its first one, as soon as there is one.
child_of() {
	wait_for "[ -n \"\$(cat /proc/$1/task/$1/children)\" ]"
	child=$(cat "/proc/$1/task/$1/children")
	child=${child%% *}
}

oneTimeSetUp() {
	started=
	make_actor || exit
	mkfifo "$T/never"

	start sleep sleep 1000
	plain=$pid
	start sleep setsid nice -n 5 sleep 1001 # a session of its own
	nice=$pid
	start sleep sleep 1002
	stopped=$pid
	kill -STOP "$stopped"
	wait_state "$stopped" T
	start actor "$T/actor" threads 3
	threads=$pid
	wait_for "[ -s '$T/started' ]"
	# shellcheck disable=SC2016 # expanded by that shell
	start sh sh -c 'read -r _ <"$1"; exit' "a name with blanks" "$T/never" \
		"$(awk 'BEGIN { while (n++ < 60) printf "%d ", n }')" the end
	long=$pid
	ours=$plain,$nice,$stopped,$threads,$long
	if [ "$(id -u)" = 0 ]; then
		start sleep setpriv --reuid 65534 --regid 65534 --clear-groups sleep 1003
		nobody=$pid
		ours=$ours,$nobody
	fi
	make_nest
}

oneTimeTearDown() {
	[ -n "${started:-}" ] || return 0
	# shellcheck disable=SC2086 # they are words
	end_children $started
	started=
}

# same_as_procps ARG...: whether our bytes and status are procps's, which is asked before and after.
same_as_procps() {
	"$procps" "$@" >"$T/before" 2>/dev/null
	before=$?
	"$ps" "$@" >"$T/ours" 2>"$T/err"
	rc=$?
	"$procps" "$@" >"$T/after" 2>/dev/null
	[ "$rc" = "$before" ] && [ ! -s "$T/err" ] &&
		{ cmp -s "$T/before" "$T/ours" || cmp -s "$T/after" "$T/ours"; }
}

# as_procps ARG...: the same. A second that passes meanwhile is no difference: one of them may be older
# before ours, and another one behind it. Then procps has changed, and all is done again. With $alive they
# may have been other than before and behind it only for a moment.
as_procps() {
	tries=0
	until same_as_procps "$@"; do
		[ -z "${alive:-}" ] && cmp -s "$T/before" "$T/after" || [ "$((tries += 1))" = 50 ] || continue
		show "ps $*: status $rc, procps's $before"
		show "$(diff "$T/after" "$T/ours")"
		show "$(cat "$T/err")"
		fail "not as procps has it: $*"
		return
	done
}

# ---- procps's bytes

testFormatsAreThoseOfProcps() {
	as_procps -p "$ours"
	as_procps -f -p "$ours"
	as_procps -fp "$plain"
	as_procps -fp"$plain"
	as_procps -f --pid="$ours"
	as_procps u -p "$ours"
	as_procps "$plain"
	as_procps u "$plain"
	as_procps -p "$plain,$nice" -p "$long"
	as_procps -p "$plain $nice"
	as_procps -p "$long,$plain,$long" # in the order of numbers, each once
}

testColumnsAreThoseOfProcps() {
	as_procps -o pid,ppid,pgid,sid,tty,stat,ni,nlwp,comm,args -p "$ours"
	as_procps -o tgid,pgrp,sess,tpgid,pri,psr,s,state -p "$ours"
	as_procps -o user,euser,ruser,uid,euid,ruid,gid,egid,rgid -p "$ours"
	as_procps -o uid_hack,tt,tname,time,cputime,bsdtime,etime,etimes -p "$ours"
	as_procps -o stime,start_time,c,pcpu,%cpu,pmem,%mem,vsz,rss -p "$ours"
	as_procps -o pidns,userns,mntns,netns,ipcns,utsns,cgroupns -p "$ours"
	as_procps -o ucmd,cmd,command,args,comm -p "$ours"
	as_procps -o args,pid -p "$ours"
	as_procps -o args,comm:30,ucmd,args -p "$ours"
}

testPid1AndKernelThreadsAreAsProcpsHasThem() {
	as_procps -f -p 1
	# They run now and then, and a kworker bears the name of what it does.
	alive=1
	as_procps -o pid,ppid,pgid,sid,stat,ni,comm,args -p 1,2,3,4,5,6,7,8,9,10
	alive=
}

testWidths() {
	as_procps -o pid:9,comm:3,args:12,user:3,s -p "$ours"
	as_procps -o comm:3,pid -p "$ours"
	as_procps -o pid:2 -p "$ours" # the width is what was asked for
	as_procps -o user:20,args:5,pid -p "$ours"
	for cells in 20 40 50 79 80 81 100 132 400; do
		export COLUMNS=$cells
		as_procps -f -p "$ours"
		as_procps u -p "$ours"
		as_procps -o pid,args,comm -p "$ours"
		as_procps -p "$ours"
	done
	unset COLUMNS
}

testWideIsNotCut() {
	COLUMNS=80 run "$ps" -ww -f -p "$long"
	like "$out" '*59 60  the end' || fail "cut: $out"
	COLUMNS=80 run "$ps" ww -p "$long"
	like "$out" '*59 60  the end' || fail "cut: $out"
}

testHeaders() {
	as_procps -o pid=Number,comm=Name -p "$ours"
	as_procps -o pid:9=Number -p "$ours"
	as_procps -o pid=X -o comm=AVeryLongHeaderOfOurs -p "$ours"
	as_procps -o pid= -o comm=Name -p "$ours"
	as_procps -o pid=,comm= -p "$ours" # all are empty: no line for them
	as_procps -o pid= -p "$plain"
	as_procps --no-headers -f -p "$ours"
	as_procps --no-headers -o pid -p "$plain"
}

testUsersThatDoNotFit() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root has several users'
		return
	fi
	echo 'averylongusername:x:7654321:7654321::/:/bin/sh' >"$T/passwd"
	start sleep setpriv --reuid 7654321 --regid 7654321 --clear-groups sleep 1004
	named=$pid
	start sleep setpriv --reuid 123456789 --regid 123456789 --clear-groups sleep 1005
	unnamed=$pid
	# shellcheck disable=SC2016 # expanded by that shell
	run "$new" --mount sh -c 'mount -n --bind "$1" /etc/passwd || exit
		shift
		for format in "-o user,ruser,uid,pid" "-o user:20,pid" "-o pid,user" -f u; do
			"$1" $format -p "$3"
			"$2" $format -p "$3"
		done' sh "$T/passwd" "$procps" "$ps" "$named,$unnamed"
	stop "$named" "$unnamed"
	assertEquals 0 "$rc"
	awk 'NR % 6 < 4 && NR % 6 { theirs[NR + 3] = $0; next } theirs[NR] != $0 { print; bad = 1 }
		END { exit bad || NR != 30 }' "$T/out" || fail "not as procps has it: $out"
	like "$out" '*averylo+ averylo+ 7654321 *' || fail "not cut by +: $out"
	like "$out" '*1234567+ 1234567+ *' || fail "not cut by +: $out"
	like "$out" '*averylongusername*' || fail "cut though it fits: $out"
}

# ---- which processes

# Asks both for each of the words until they agree but for their own row, and says where they never do.
# It shall be run where nobody else comes and goes.
make_asker() {
	cat >"$T/ask.sh" <<'END'
procps=$1 ps=$2 tmp=$3
shift 3
# rest FILE PROGRAM WORDS: what it shows in the file, its own row in FILE.own.
rest() {
	# shellcheck disable=SC2086 # they are words
	"$2" $3 >"$1.all" &
	wait $!
	awk -v pid=$! -v own="$1.own" '
		$1 == pid || $2 == pid { print >own; next }
		{ print }' "$1.all" >"$1"
}
for words; do
	tries=0
	until rest "$tmp/theirs" "$procps" "$words"; rest "$tmp/ours" "$ps" "$words"
		cmp -s "$tmp/theirs" "$tmp/ours"
	do
		if [ "$((tries += 1))" = 30 ]; then
			echo "ps $words:"
			diff "$tmp/theirs" "$tmp/ours"
			break
		fi
	done
	grep -q sleep "$tmp/ours" || echo "ps $words: does not show the sleep"
	[ "$(grep -c . "$tmp/ours.own")" = 1 ] || echo "ps $words: shows itself more than once"
	case $words in
	*args* | -ef | aux)
		grep -q "/ps $words\$" "$tmp/ours.own" || echo "ps $words: $(cat "$tmp/ours.own")" ;;
	esac
done
END
}

testSelectionIsThatOfProcps() {
	make_asker
	cat >"$T/everybody.sh" <<'END'
sleep 1000 &
setsid sleep 1001 &
[ -z "$AS_NOBODY" ] || $AS_NOBODY sleep 1002 &
tries=0
until [ "$(cat /proc/[0-9]*/comm | grep -c sleep)" = "$SLEEPS" ]; do
	[ "$((tries += 1))" != 500 ] || exit
	sleep 0.01
done
. "$0.ask"
END
	ln "$T/ask.sh" "$T/everybody.sh.ask"
	as_nobody='' sleeps=2
	if [ "$(id -u)" = 0 ]; then
		as_nobody='setpriv --reuid 65534 --regid 65534 --clear-groups' sleeps=3
	fi
	# Also the plain ps: without a terminal that is "those of mine that have none".
	assert_run 0 '' '' in_ns env AS_NOBODY="$as_nobody" SLEEPS="$sleeps" sh "$T/everybody.sh" \
		"$procps" "$ps" "$T" -e -A ax -f -ef aux ux x '' 'ax -o pid,user,args' \
		'-eo pid,ppid,pgid,sid,tty,stat,args'
}

testOnATerminal() {
	make_asker
	cat >"$T/terminal.sh" <<'END'
sleep 1000 &
sleep=$!
. "$0.ask"
grep -q 'pts/.* sleep' "$tmp/ours" || echo 'no sleep on a terminal'
kill $sleep
END
	ln "$T/ask.sh" "$T/terminal.sh.ask"
	assert_run 0 '' '' in_ns "$T/actor" pty 80 sh "$T/terminal.sh" "$procps" "$ps" "$T" '' -f u
}

testATerminalCutsLines() {
	for cells in 60 80; do
		"$T/actor" pty "$cells" "$procps" -f -p "$ours" >"$T/theirs"
		"$T/actor" pty "$cells" "$ps" -f -p "$ours" >"$T/ours"
		cmp "$T/theirs" "$T/ours" || fail "on a terminal of $cells columns"
	done
}

testNothingMatches() {
	assert_run 1 '  PID TTY          TIME CMD' '' "$ps" -p 2147483647
	assert_run 1 '' '' "$ps" --no-headers -p 2147483647
}

# ---- every column

# NAME HEADER of all there are.
columns='
	pid PID tgid TGID ppid PPID pgid PGID pgrp PGRP sid SID sess SESS tpgid TPGID nspid NSPID
	nslevel NSLVL nsinit NSINIT pidns PIDNS userns USERNS mntns MNTNS netns NETNS ipcns IPCNS
	utsns UTSNS cgroupns CGROUPNS timens TIMENS user USER euser EUSER uid_hack UID ruser RUSER
	uid UID euid EUID ruid RUID gid GID egid EGID rgid RGID tty TT tt TT tname TTY s S state S
	stat STAT time TIME cputime TIME bsdtime TIME etime ELAPSED etimes ELAPSED stime STIME
	start_time START c C pcpu %CPU %cpu %CPU pmem %MEM %mem %MEM vsz VSZ rss RSS ni NI pri PRI
	nlwp NLWP psr PSR comm COMMAND ucmd CMD args COMMAND command COMMAND cmd CMD'

testEveryColumn() {
	# shellcheck disable=SC2086 # they are words
	set -- $columns
	while [ $# -gt 0 ]; do
		run "$ps" -o "$1" -p "$plain"
		assertEquals "status of -o $1" 0 "$rc"
		assertEquals "header of -o $1" "$2" "$(sed -n '1s/^ *//p' "$T/out")"
		assertEquals "lines of -o $1" 2 "$(grep -c . "$T/out")"
		shift 2
	done
}

testEveryColumnAtOnce() {
	# shellcheck disable=SC2086 # they are words
	set -- $columns
	list=
	while [ $# -gt 0 ]; do
		list=$list,$1
		shift 2
	done
	run "$ps" -o "${list#,}" -p "$plain"
	assertEquals 0 "$rc"
	assertEquals 2 "$(grep -c . "$T/out")"
}

# ---- PID namespaces: three, each in the one before

# Every level tells its number as the test sees it: the /proc here is still the test's. Its last
# process is a child of PID 1; in the third PID 1 has a second child.
make_nest() {
	cat >"$T/nest.sh" <<'END'
read -r pid _ </proc/self/stat
echo "$pid" >"$2/level$1"
if [ "$1" = 3 ]; then
	sleep 3000 &
else
	$3 --fork --pid --kill-child sh "$0" "$(($1 + 1))" "$2" "$3" &
fi
wait
END
	# shellcheck disable=SC2086 # words
	start unshare $new --fork --pid --kill-child sh "$T/nest.sh" 1 "$T" "$new"
	wait_for "[ -s '$T/level3' ]"
	read -r level1 <"$T/level1"
	read -r level2 <"$T/level2"
	read -r level3 <"$T/level3"
	child_of "$level3"
	leaf=$child
	wait_for "[ \"\$(cat /proc/$leaf/comm)\" = sleep ]"
}

# inode PID: of its PID namespace.
inode() { stat -L -c %i "/proc/$1/ns/pid"; }

# chain PID: its numbers as the kernel has them.
chain() { sed -n 's/^NSpid:[[:space:]]*//p' "/proc/$1/status" | tr '\t' ,; }

# in_level PID CMD...: in the PID namespace of the process, with a /proc of that.
in_level() {
	in_level=$1
	shift
	$enter --target "$in_level" --pid /usr/bin/unshare --mount-proc "$@"
}

# tell ARG...: our rows, single blanks between their cells.
tell() {
	"$ps" --no-headers "$@" | sed 's/  */ /g; s/^ //; s/ $//'
}

testNamespacesFromOutside() {
	assertEquals "$plain $plain 0 $self_ns" "$(tell -o pid,nspid,nslevel,pidns -p "$plain")"
	for pid in $level1 $level2 $level3 $leaf; do
		assertEquals "$pid $(chain "$pid") $(inode "$pid")" "$(tell -o pid,nspid,pidns -p "$pid")"
	done
	assertEquals 'levels' '1 2 3 3' \
		"$(tell -o nslevel -q "$level1,$level2,$level3,$leaf" | tr '\n' ' ' | sed 's/ $//')" # in this order
	assertEquals 'four numbers' 4 "$(tell -o nspid -p "$leaf" | tr ',' '\n' | grep -c .)"
}

testWhoReaps() {
	assertEquals "$level1 $level1" "$(tell -o pid,nsinit -p "$level1")"
	assertEquals "$level2 $level2" "$(tell -o pid,nsinit -p "$level2")"
	assertEquals "$leaf $level3" "$(tell -o pid,nsinit -p "$leaf")"
	# The unshare between two levels is still of the outer one.
	child_of "$level1"
	assertEquals "$child $level1" "$(tell -o pid,nsinit -p "$child")"
	# Ours, wherever the tests run: PID 1 of this /proc.
	assertEquals "$plain 1" "$(tell -o pid,nsinit -p "$plain")"
}

testNamespacesFromInside() {
	assertEquals "1 1 0 $(inode "$level3") 1 0" \
		"$(in_level "$level3" "$ps" --no-headers -o pid,nspid,nslevel,pidns,nsinit,ppid -p 1 | xargs)"
	# From the second level the third is one deeper, and its PID 1 has a number here.
	inner=$(chain "$level3" | cut -d , -f 3)
	assertEquals "$inner $inner,1 1 $(inode "$level3") $inner" \
		"$(in_level "$level2" "$ps" --no-headers -o pid,nspid,nslevel,pidns,nsinit -p "$inner" | xargs)"
	# Nobody of the outer ones is there: sh, sleep, and ps with what entered.
	run in_level "$level3" "$ps" --no-headers -eo pid,args
	assertEquals 0 "$rc"
	assertEquals '1 sh' "$(awk '$1 == 1 { print $1, $2 }' "$T/out")"
	assertEquals 1 "$(grep -c 'sleep 3000' "$T/out")"
	assertEquals 3 "$(grep -c . "$T/out")"
}

testWhoCameInFromOutside() {
	# shellcheck disable=SC2086 # words
	start nsenter $enter --target "$level3" --pid sleep 3001
	child_of "$pid"
	entered=$child
	wait_for "[ \"\$(cat /proc/$entered/comm)\" = sleep ]"
	assertEquals "$entered $pid $level3" "$(tell -o pid,ppid,nsinit -p "$entered")"
	assertEquals 'no parent in there' '0 1' "$(in_level "$level3" "$ps" --no-headers \
		-o ppid,nsinit -p "$(chain "$entered" | sed 's/.*,//')" | xargs)"
	stop "$entered"
	wait "$pid" 2>/dev/null
	assertEquals 'nsenter says how it ended' 137 $?
}

testUnprivileged() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can give up its rights'
		return
	fi
	for pid in $level1 $level2 $level3 $leaf; do
		run as_user "$ps" --no-headers -o nspid,nslevel -p "$pid"
		assertEquals "chain of $pid" "$(chain "$pid") $(($(chain "$pid" | tr ',' '\n' | grep -c .) - 1))" \
			"$(echo "$out" | xargs)"
	done
	run as_user "$ps" --no-headers -o nsinit -p "$leaf"
	assertEquals 'it is known who reaps' "$level3" "$(echo "$out" | xargs)"
	run as_user "$ps" --no-headers -o pidns,userns,mntns -p "$leaf"
	assertEquals 'unknown is a dash' '- - -' "$(echo "$out" | xargs)"
	run as_user "$ps" --no-headers -o pid,user,args -p "$leaf"
	assertEquals "$leaf root sleep 3000" "$(echo "$out" | xargs)"
}

# ---- PID@REF

testRefs() {
	enabled PID_REF || return 0
	# REF: any process in the namespace, its inode, or as readlink prints it.
	for ref in "$level3" "$leaf" "$(inode "$level3")" "$(readlink "/proc/$level3/ns/pid")"; do
		assertEquals "1@$ref" "$level3" "$(tell -o pid -p "1@$ref")"
	done
	inner=$(chain "$leaf" | sed 's/.*,//')
	assertEquals "$leaf" "$(tell -o pid -p "$inner@$level3")"
	assertEquals "$leaf" "$(tell -o pid -p "$(chain "$leaf" | cut -d , -f 3)@$level2")"
	assertEquals "$leaf" "$(tell -o pid -p "$(chain "$leaf" | cut -d , -f 2)@$level1")"
	assertEquals 'ours' "$plain" "$(tell -o pid -p "$plain@$self_ns")"
	assertEquals 'a list' "$(printf '%s\n' "$plain" "$leaf" "$level1" | sort -n)" \
		"$(tell -o pid -p "$plain,1@$level1,$inner@$level3")"
	assertEquals 'without -p' "$level3" "$(tell -o pid "1@$level3")"
	# From the second level: a reference to the one below, in the numbers of that.
	inner=$(chain "$level3" | cut -d , -f 3)
	assertEquals "$inner" \
		"$(in_level "$level2" "$ps" --no-headers -o pid -p "1@$(inode "$level3")" | xargs)"
}

testRefsThatAreNone() {
	enabled PID_REF || return 0
	# Where not even root may read everybody's namespace, it cannot be known that there is none.
	for inode in 4294967295 4194305 'pid:[4294967295]'; do
		assert_run 1 '' "ps: '1@*': *" "$ps" -p "1@$inode"
		case $err in
		*': no such PID namespace or container' | *': its PID namespace may not be read '*) ;;
		*) fail "$err" ;;
		esac
	done
	assert_run 1 '' "ps: '1@4194304': no such PID namespace or container" "$ps" -p 1@4194304
	assert_run 1 '' "ps: '1@ffffffffffff': no such PID namespace or container" \
		"$ps" -p 1@ffffffffffff
	assert_run 1 '' "ps: '4000000@$level3'*" "$ps" -p "4000000@$level3"
	for junk in 1@ @1 1@x 1@1x 1@0 0@1 1@@1 1@1@1 -1@1 1@-1 "1@net:[$self_ns]" "1@pid:[" 1@fffff; do
		assert_run 1 '' "ps: '*': not a process: expected PID, PID@REF or a container's ID" "$ps" "--pid=$junk"
	done
}

# The number of a thread that is not the first one of its process.
testAThreadIsNoProcess() {
	enabled PID_REF || return 0
	for tid in "/proc/$threads/task"/*; do :; done
	tid=${tid##*/}
	assertNotEquals "$threads" "$tid"
	assert_run 1 '' "ps: '$tid@$self_ns'*" "$ps" -p "$tid@$self_ns"
}

testContainers() {
	enabled PID_REF || return 0
	id=$(od -An -N 16 -tx1 /dev/urandom | tr -d ' \n')
	first=${id}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa second=${id}bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
	if ! cgroups=$(cgroup_dir "$first"); then
		skip_because 'no cgroup can be made here'
		return
	fi
	mkdir "$cgroups/$second"
	# A container that has a namespace of its own inside (level 3), and another one.
	for pid in $level2 $level3 $leaf; do echo "$pid" >"$cgroups/$first/cgroup.procs"; done
	echo "$level1" >"$cgroups/$second/cgroup.procs"

	assertEquals 'the whole ID' "$level2" "$(tell -o pid -p "1@$first")"
	assertEquals 'the other' "$level1" "$(tell -o pid -p "1@$second")"
	assertEquals 'a prefix' "$level2" "$(tell -o pid -p "1@${id}aa")"
	assert_run 1 '' "ps: '1@$id': the container ID is ambiguous*" "$ps" -p "1@$id"
	assertEquals 'each once' "$first $second" "$(sed 1d "$T/err" | sort | xargs)"
	twelve=$(echo "$id" | cut -c 1-12)
	assert_run 1 '' "ps: '1@$twelve': the container ID is ambiguous*" "$ps" -p "1@$twelve"
	echo "$level1" >"$cgroups/cgroup.procs"
	assertEquals 'twelve digits' "$level2" "$(tell -o pid -p "1@$twelve")"
	if like "${twelve%?}" '*[a-f]*'; then
		assert_run 1 '' "ps: '1@${twelve%?}': not a process: *" "$ps" -p "1@${twelve%?}"
	fi

	for pid in $level2 $level3 $leaf; do echo "$pid" >"$cgroups/cgroup.procs"; done
	rmdir "$cgroups/$first" "$cgroups/$second" || fail 'the cgroups are still there'
}

# ---- text that is somebody else's

testHostileText() {
	# shellcheck disable=SC2016 # expanded by that shell
	sh -c 'printf "%b" "a) R 1\0033[31m\nb" >/proc/self/comm; read -r _ <"$1"; exit' \
		"$(printf 'arg\n0\033[2J')" "$T/never" "$(printf 'C1 \233 \302\233 DEL \177 BEL \007 TAB \t')" \
		"$(printf 'bad \377\300\200\355\240\200')" \
		"$(printf 'bidi \342\200\256 zero \342\200\213 private \356\200\200')" \
		"$(printf 'good \303\274 \346\227\245')" </dev/null >/dev/null 2>&1 &
	pid=$!
	started="$started $pid"
	wait_for "grep -q '^b' /proc/$pid/comm"

	# In a locale without UTF-8 procps has a dot for a control character.
	for locale in C C.UTF-8; do
		for format in '-o comm,pid' '-o pid,args' '-o args,comm,pid' -f u '-o ucmd,cmd'; do
			# shellcheck disable=SC2086 # they are words
			LC_ALL=$locale run "$ps" $format -p "$pid"
			assertEquals "status, $locale, $format" 0 "$rc"
			assertEquals "lines, $locale, $format" 2 "$(wc -l <"$T/out")"
			assertEquals "controls, $locale, $format" 0 "$(tr -d '\n -\176\200-\377' <"$T/out" | wc -c)"
		done
		LC_ALL=$locale run "$ps" --no-headers -o comm,pid:7 -p "$pid"
		[ "$locale" = C ] && control=. || control='?'
		assertEquals "a) R 1${control}[31m${control}b   $(printf %7d "$pid")" "$out"
	done

	LC_ALL=C run "$ps" -o args -p "$pid"
	assertEquals 'in C' 'C1 ? ?? DEL . BEL . TAB . bad ?????? bidi ??? zero ??? private ??? good ?? ???' \
		"${out##*never }"
	like "$out" '*exit arg 0.\[2J *' || fail "$out"
	safe='C1 ? ?? DEL ? BEL ? TAB ? bad ?????? bidi ??? zero ??? private ???'
	LC_ALL=C.UTF-8 run "$ps" -o args -p "$pid"
	assertEquals 'in UTF-8' "$safe good $(printf '\303\274 \346\227\245')" "${out##*never }"
	like "$out" '*exit arg 0[?]\[2J *' || fail "$out"
	stop "$pid"
}

# With the patterns of `case`, '?' matches anything: the bytes themselves.
testLocales() {
	utf8=$(printf '\303\274\346\227\245')
	# shellcheck disable=SC2016 # expanded by that shell
	start "$utf8" sh -c 'printf %s "$1" >/proc/self/comm; read -r _ <"$2"; exit' sh "$utf8" "$T/never"
	# LC_ALL, LC_CTYPE, LANG: the first that is not empty.
	while read -r all ctype lang want; do
		case $want in
		utf8) want=$utf8 ;;
		*) want='?????' ;;
		esac
		assertEquals "LC_ALL=$all LC_CTYPE=$ctype LANG=$lang" "$want" "$(env \
			LC_ALL="${all#-}" LC_CTYPE="${ctype#-}" LANG="${lang#-}" "$ps" --no-headers -o comm -p "$pid")"
	done <<-END
		- - - ascii
		C.UTF-8 - - utf8
		- C.UTF-8 - utf8
		- - C.UTF-8 utf8
		- - de_DE.utf8 utf8
		- - en_US.UTF-8@x utf8
		C C.UTF-8 C.UTF-8 ascii
		POSIX - C.UTF-8 ascii
		- C C.UTF-8 ascii
		C.UTF-8 C C utf8
		- C.UTF-8 C utf8
		- - de_DE.ISO-8859-1 ascii
	END
	assertEquals 'no environment' '?????' "$(env -i "$ps" --no-headers -o comm -p "$pid")"
	# With sanitizers another libc tells the widths, and not in every locale.
	if enabled UNICODE && [ -z "${ASAN_OPTIONS:-}" ]; then
		# The second character takes two cells, so that two cells have no room for it.
		assertEquals "$(printf '\303\274  %7d' "$pid")" \
			"$(LC_ALL=C.UTF-8 "$ps" --no-headers -o comm:2=C -o pid:7 -p "$pid")"
		assertEquals "$utf8$(printf '%12s %7d' '' "$pid")" \
			"$(LC_ALL=C.UTF-8 "$ps" --no-headers -o comm,pid:7 -p "$pid")"
	fi
	stop "$pid"
}

testWithoutACommandLine() {
	start actor "$T/actor" bare
	wait_for "[ -s '$T/started' ]"
	assertEquals '[actor]' "$(tell -o args -p "$pid")"
	assertEquals 'actor' "$(tell -o comm -p "$pid")"
	stop "$pid"
}

testZombies() {
	# shellcheck disable=SC2016 # its shell becomes a program that does not wait
	start sleep sh -c 'sleep 0 & exec sleep 1000'
	child_of "$pid"
	zombie=$child
	wait_state "$zombie" Z
	assertEquals "$zombie $pid Z 0 [sleep] <defunct>" "$(tell -o pid,ppid,stat,rss,args -p "$zombie")"
	assertEquals 'sleep <defunct>' "$(tell -o comm -p "$zombie")"
	as_procps u -p "$zombie"
	as_procps -f -p "$zombie"
	stop "$pid"
}

# A leader that has ended while its program runs on is shown as procps shows it.
testStates() {
	assertEquals 'S' "$(tell -o stat -p "$plain")"
	assertEquals 'SNs' "$(tell -o stat -p "$nice")"
	assertEquals 'T' "$(tell -o stat -p "$stopped")"
	assertEquals 'SLl 4' "$(tell -o stat,nlwp -p "$threads")"
}

# ---- what it reads and writes

# files_read ARG...: the names of the files of a process that are opened.
files_read() {
	strace -f -o "$T/trace" -e trace=%file "$ps" "$@" >/dev/null 2>&1
	sed -n 's,.*"[0-9][0-9]*/\([a-z/]*\)".*,\1,p' "$T/trace" | sort -u | xargs
}

testReadsOnlyWhatItShows() {
	assertEquals stat "$(files_read -e -o pid,ppid,comm,stat,tty --no-headers | sed 's/ status//')"
	assertEquals status "$(files_read -eo pid,nspid)"
	assertEquals '' "$(files_read -eo pid)"
	assertEquals 'cmdline stat' "$(files_read -eo pid,args)"
}

testAnotherProc() {
	mkdir -p "$T/tree/42"
	echo '42 (old (name)) S 0 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 8192 2' >"$T/tree/42/stat"
	assert_run 0 "   42     0 S old (name)" '' \
		"$ps" --proc="$T/tree" -e -o pid:5,ppid:5,s,comm --no-headers
	assert_run 47 '' 'ps: *' "$ps" --proc="$T/nowhere" -e
}

# The moment of a start is the kernel's time of boot and the ticks since, so that it is the same at
# whatever fraction of a second one asks. Here it is in the last second of a minute.
testStartsDoNotFlicker() {
	read -r _ btime <<-END
		$(grep '^btime ' /proc/stat)
	END
	hz=$(getconf CLK_TCK)
	now=$(date +%s)
	start=$((now / 60 * 60 - 60 - 1))
	if [ "$start" -le "$btime" ]; then
		start=$((btime / 60 * 60 + 59))
	fi
	want=$(date -d "@$start" +%H:%M)
	[ "$(date -d "@$start" +%F)" = "$(date +%F)" ] || want=$(LC_ALL=C date -d "@$start" +%b%d)
	mkdir -p "$T/clock/42"
	echo "42 (late) S 0 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 $(((start - btime) * hz + hz / 2)) 8192 2" \
		>"$T/clock/42/stat"
	n=0
	while [ "$((n += 1))" -le 40 ]; do
		"$ps" --proc="$T/clock" -e --no-headers -o stime
		sleep 0.03
	done | sort | uniq -c >"$T/out"
	assertEquals "40 $want" "$(xargs <"$T/out")"
}

testWithoutProc() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can chroot'
		return
	fi
	# A program that needs no library is at home in a directory that holds nothing else.
	mkdir -p "$T/root" "$T/root/proc"
	cp "$BIN/pidbox" "$T/root/ps"
	if chroot "$T/root" /ps --version >/dev/null 2>&1; then
		for words in -e '' aux '-p 1' '-p 1@1' '-o args -e'; do
			# shellcheck disable=SC2086 # they are words
			assert_run 47 '' 'ps: Error, do this: mount -t proc proc /proc*' \
				chroot "$T/root" /ps $words
			assertEquals "one line: $words" 1 "$(wc -l <"$T/err")"
		done
		rmdir "$T/root/proc"
		assert_run 47 '' 'ps: Error, do this: mount -t proc proc /proc*' chroot "$T/root" /ps -e
	fi
	rm -r "$T/root"
}

testFullDisk() {
	"$ps" -e >/dev/full 2>"$T/err"
	assertEquals 1 $?
	like "$(cat "$T/err")" 'ps: write error: *' || fail "$(cat "$T/err")"
	assertEquals 'one line' 1 "$(wc -l <"$T/err")"
}

testClosedStdout() {
	"$ps" -e >&- 2>"$T/err"
	assertEquals 1 $?
	like "$(cat "$T/err")" 'ps: write error: *' || fail "$(cat "$T/err")"
	"$ps" -e <&- >&- 2>&-
	assertEquals 'nothing is open' 1 $?
}

testBrokenPipe() {
	mkfifo "$T/broken"
	# shellcheck disable=SC2094 # a reader that is gone again before anything is written
	exec 3<>"$T/broken" 4>"$T/broken" 3>&-
	"$ps" -e >&4 2>"$T/err"
	rc=$?
	like "$rc" 141 || assertEquals 'killed by PIPE, or quiet' 0 "$rc"
	assertEquals '' "$(cat "$T/err")"
	(
		trap '' PIPE
		exec "$ps" -e >&4 2>"$T/err"
	)
	assertEquals 'PIPE is ignored' 0 $?
	assertEquals '' "$(cat "$T/err")"
	exec 4>&-
	rm "$T/broken"
}

testMisuse() {
	assert_run 1 '' 'ps: unknown user-defined format specifier "bogus"' "$ps" -o bogus
	assert_run 1 '' "ps: improper format list: 'pid,,comm'" "$ps" -o pid,,comm
	for width in 0 x 5x -5 ''; do
		assert_run 1 '' "ps: column widths must be unsigned decimal numbers: 'pid:$width'" \
			"$ps" -o "pid:$width"
	done
	for word in x 0 99999999999 -1 1x ' ' ',' '1,,2'; do
		assert_run 1 '' 'ps: *' "$ps" "--pid=$word"
		assertEquals "one line for --pid=$word" 1 "$(wc -l <"$T/err")"
	done
	for words in -p -o --pid --pid= -B --bogus q axq -- -e- e-; do
		assert_run 1 '' "ps: *
Try 'ps --help' for more information." "$ps" "$words"
	done
	assert_run 0 'Usage: ps *' '' "$ps" --help
	assert_run 0 'pidbox *' '' "$ps" -V
}

. "${SHUNIT2:-shunit2}"
