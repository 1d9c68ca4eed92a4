#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps: who is listed: PID namespaces, REFs, terminals, and that no more is read than that takes. The
# selections of procps are compared with it in ps.sh and ps-diff.sh.
. "$(dirname "$0")/../lib.sh"

need strace strace
unset COLUMNS LINES PS_FORMAT PS_PERSONALITY CMD_ENV
ps=$BIN/ps
if [ "$(id -u)" = 0 ]; then
	new=unshare as_root=''
else
	new='unshare --user --map-root-user' as_root='--user --preserve-credentials'
fi

# A namespace A with one below it, B; $a and $b are their first processes here, $entered one that came
# into B from outside. They live until the end of the file.
oneTimeSetUp() {
	mkfifo "$T/ready" "$T/hold"
	# shellcheck disable=SC2086,SC2016 # words; expanded by that shell
	$new --fork --pid --mount-proc --kill-child sh -c '
		unshare --fork --pid --mount-proc --kill-child sh -c "
			sleep 7001 & cat \"$2\" &
			setsid sleep 7002 & echo ready >\"$1\"; exec sleep 7003" sh "$1" "$2" &
		exec sleep 7004' sh "$T/ready" "$T/hold" &
	top=$!
	read -r _ <"$T/ready"
	wait_for "pgrep -f '^sleep 7003$' >'$T/b' && pgrep -f '^sleep 7004$' >'$T/a' && [ -s '$T/b' ]"
	a=$(cat "$T/a")
	b=$(cat "$T/b")
	# shellcheck disable=SC2086 # words
	nsenter --target "$b" $as_root --pid --mount sleep 7005 &
	enterer=$!
	wait_for "pgrep -f '^sleep 7005$' | grep -vx $enterer >'$T/entered'"
	entered=$(cat "$T/entered")
	# The others may still be on their way to what they are.
	for number in 7001 7002 7003 7004 7005; do
		wait_for "pgrep -f '^sleep $number$' >'$T/one'"
		wait_state "$(cat "$T/one")" S
	done
	# its reader ends now that nobody waits for it
	: >"$T/hold"
	wait_for "pgrep -P $b -r Z >/dev/null"
}

oneTimeTearDown() {
	[ -n "${top-}" ] || return 0
	kill -KILL "$a" "$enterer" 2>/dev/null # all in there end with their init
	wait "$top" "$enterer" 2>/dev/null
	top=
	return 0
}

names() { "$ps" -o args= "$@" | sort | xargs; }
numbers() { "$ps" -o pid= "$@" | xargs; }

testPidns() {
	assertEquals '[cat] <defunct> sleep 7001 sleep 7002 sleep 7003 sleep 7005' "$(names --pidns "$b")"
	assertEquals "$a" "$("$ps" --pidns "$a" -C sleep -o pid= | xargs)"
	inode=$(stat -L -c %i "/proc/$b/ns/pid")
	assertEquals "$(names --pidns "$b")" "$(names --pidns "$inode")"
	assertEquals "$(names --pidns "$b")" "$(names --pidns "pid:[$inode]")"
	assertEquals "$entered" "$("$ps" --pidns "$b" -C sleep -o pid= | grep -wo "$entered")"
}

# It narrows what is selected, and so does -N afterwards.
testPidnsNarrows() {
	assertEquals 'sleep 7003' "$(names --pidns "$b" -p "$b,$a,1")"
	assertEquals '' "$(names --pidns "$b" -p "$a")"
	run "$ps" -e -N --pidns "$b" -o pid=
	assertEquals 0 "$rc"
	assertFalse 'deselected' "echo '$out' | grep -qw $b"
	assertTrue 'the others' "echo '$out' | grep -qw $a"
}

testPidnsTree() {
	run names --pidns-tree "$a"
	assertTrue "$out" "like '$out' '*7001*7002*7003*7004*7005*'"
	assertEquals "$(names --pidns "$b")" "$(names --pidns-tree "$b")"
}

testZombies() {
	assertEquals "$("$ps" --pidns "$b" -o pid=,stat= | awk '$2 ~ /^Z/ { print $1 }')" \
		"$("$ps" --pidns "$b" --zombies -o pid= | xargs)"
	assert_run 1 '' '' "$ps" --zombies -p "$b" -o pid=
}

testUnknownRefs() {
	assert_run 1 '' "ps: '4194304': *" "$ps" --pidns 4194304
	assert_run 1 '' "ps: 'pid:\\[1\\]': *" "$ps" --in 'pid:[1]'
	assert_run 1 '' "ps: 'x': *" "$ps" --pidns-tree x
	assert_run 1 '' 'ps: PID namespace must follow --in*' "$ps" --in
}

# Each list of processes takes them.
testRefsInLists() {
	assertEquals 'sleep 7003' "$(names -p "1@$b")"
	assertEquals 'sleep 7003' "$(names -q "1@$b")"
	assertEquals 'sleep 7003' "$(names "1@$b")"
	assertEquals "$(numbers --ppid "$b")" "$(numbers --ppid "1@$b")"
	leader=$(numbers --pidns "$b" -s "4@$b")
	assertNotNull "$leader"
	assertEquals 'sleep 7002' "$(names -p "$leader")"
	assert_run 1 '' "ps: '4000000@$b': *" "$ps" -p "4000000@$b"
}

# --in says what a ps inside says, without going there.
testIn() {
	# shellcheck disable=SC2086 # words
	inside() { nsenter --target "$b" $as_root --pid --mount "$@"; }
	for format in pid,ppid,pgid,sid,tpgid,stat,comm uid,user,gid,pid,args nspid,nslevel,pid,args; do
		# Without the one that asks, and its width: pid_max is the namespace's own.
		inside "$ps" --no-headers -eo "$format" | grep -v '[ /]ps' | tr -s ' ' >"$T/inside"
		"$ps" --in "$b" --no-headers -o "$format" | tr -s ' ' >"$T/outside"
		assertEquals "$format" "$(cat "$T/inside")" "$(cat "$T/outside")"
		assertEquals "$format" 5 "$(wc -l <"$T/outside")"
	done
	assertEquals 'sleep 7003' "$(names --in "$b" -p 1)"
	assertEquals 1 "$("$ps" --in "$b" -p 1 -o pid= | xargs)"
	assertEquals 0 "$("$ps" --in "$b" -o ppid=,args= | awk '/7005/ { print $1 }')"
}

# Numbers of users through the user namespace of those inside.
testInUserNamespace() {
	mkfifo "$T/up"
	unshare --user --map-user=1000 --map-group=100 --fork --pid --kill-child \
		sh -c 'echo up >"$1"; exec sleep 7010' sh "$T/up" &
	outer=$!
	read -r _ <"$T/up"
	wait_for "pgrep -f '^sleep 7010$' >'$T/it'"
	it=$(cat "$T/it")
	assertEquals '1000 100 1' "$("$ps" --in "$it" -o uid=,gid=,pid= | xargs)"
	assertEquals "$(id -u) $it" "$("$ps" -p "$it" -o uid=,pid= | xargs)"
	kill -KILL "$it"
	wait "$outer" 2>/dev/null
	return 0
}

# Only those that are named are opened, and only what is shown of them is read.
testReadsOnlyTheNamed() {
	for words in "-p $$" "-q $$" "$$" "-p $$,$a"; do
		# shellcheck disable=SC2086 # words
		strace -o "$T/trace" -e trace=openat,open,getdents64 "$ps" -o pid=,comm= $words >/dev/null
		assertEquals "$words" '' "$(grep -v 'ENOENT\|"self/\|"/proc/self/' "$T/trace" | grep 'getdents64\|cmdline')"
	done
	assertEquals "$(printf '%5d\n%5d' "$a" $$ | sort -n)" "$("$ps" -p "$$,$a,$$" -o pid=)"
	assertEquals "$(printf '%5d\n%5d\n%5d' "$b" "$a" "$b")" "$("$ps" -q "$b,$a,$b" -o pid=)"
}

testTerminals() {
	if [ -e /dev/null ]; then
		assert_run 1 '' "ps: TTY could not be found: 'no-such'" "$ps" -t no-such
		assert_run 1 '' "ps: list member was not a TTY: '/etc'" "$ps" -t /etc
		assert_run 0 "*$a*" '' "$ps" -t '?' -o pid=
		assert_run 0 "*$a*" '' "$ps" -t - -o pid=
	fi
}

# A directory that is no proc is an error, and not an empty table.
testNoProcThere() {
	mkdir "$T/empty"
	for words in -e aux '-e --json' '-e --forest'; do
		# shellcheck disable=SC2086 # words
		assert_run 1 '' "ps: $T/empty: there is no process: *" "$ps" --proc "$T/empty" $words
	done
	assert_run 47 '' "ps: $T/none: *" "$ps" --proc "$T/none" -e
	rmdir "$T/empty"
}

# LIBPROC_HIDE_KERNEL hides the kernel's threads, and not who has their numbers in a container.
testHiddenKernel() {
	[ "$(cat /proc/2/comm 2>/dev/null)" != kthreadd ] ||
		assertEquals '' "$(LIBPROC_HIDE_KERNEL=1 "$ps" -eo pid=,ppid= | awk '$1 == 2 || $2 == 2')"
	# shellcheck disable=SC2016 # expanded by that shell
	assertEquals '1 2' "$(in_ns sh -c 'sleep 1000 & LIBPROC_HIDE_KERNEL=1 "$1" -o pid= -p 1,2; kill $!' sh "$ps" |
		xargs)"
}

# Who only listens to a part gets it, and no failure.
testAPipeThatIsClosed() {
	assertEquals 0 "$(sh -c '{ "$1" -eo args,args,args; echo $? >&3; } | :' sh "$ps" 3>&1)"
}

testJson() {
	enabled JSON || return 0
	# a name is there once; a gap of AIX's is nothing
	assert_run 0 '\[
      {
         "pid": *,
         "ppid": *
      }
   \]' '' "$ps" --json -q "$b" -o pid,ppid,pid=X -o '%p %P'
	run "$ps" --json -q "$b" -o pid,ppid,pid=X -o '%p %P'
	assertEquals 2 "$(grep -c pid "$T/out")"
	assert_run 0 '\[
      {
         "pid": *,
         "comm": "sleep"
      },{
         "pid": *
      }
   \]' '' "$ps" --json -q "$a,$b" -o pid,comm
	assert_run 1 '\[\]' '' "$ps" --json -p "$$" --pidns "$b" -o pid
	assert_run 0 '\[
      {*
   \]' '' "$ps" --json --sort -pid -p "$a,$b" -o pid,comm
}

. "${SHUNIT2:-shunit2}"
