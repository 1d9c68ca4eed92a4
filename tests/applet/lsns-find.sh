#!/bin/sh
# SPDX-License-Identifier: 0BSD
# lsns: who holds a namespace, of every kind of holder one that was really made.
# The numbers of processes are short and nobody else's namespaces are there.
if [ -z "${OWN_PIDS:-}" ]; then
	map=
	# What belongs to the first user namespace an ordinary user could not come back to.
	[ "$(id -u)" = 0 ] || map='--user --map-root-user --cgroup --ipc --net --uts'
	# shellcheck disable=SC2086 # words
	OWN_PIDS=1 exec /usr/bin/unshare $map -p -f -m --mount-proc --kill-child ${TEST_SHELL:-sh} "$0"
fi
. "$(dirname "$0")/../lib.sh"

need strace strace
need jq jq
need lsns util-linux
unset COLUMNS
theirs=$(command -v lsns)
lsns=$BIN/lsns
helper=$TOP/tests/applet/helper
"${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -pthread -o "$T/hold" "$helper/hold.c" || exit
chmod 755 "$T/hold"

suite() { tests_of LSNS_HOLDERS testP22 testS60 testB26 testNetnsid testB28; }

# Nothing is said of what holds a namespace, and those without a process are not found.
testNotBuiltIn() {
	enabled LSNS_HOLDERS && return
	hold thread uts
	row "$ns" ns
	assertEquals '' "$row"
	row "$(inode uts)" nprocs,holder
	like "$row" '* process' || fail "$row"
	assert_run 1 '' "lsns: *" "$lsns" -P
}

started=
tearDown() {
	# shellcheck disable=SC2086 # words
	end_children $started
	started=
	for file in "$T"/mount.*; do
		[ ! -e "$file" ] || umount -l "$file" 2>/dev/null
		rm -f "$file"
	done
}

# hold [-t] DEED [ARG...]: starts tests/applet/helper/hold.c; $pid, $ns and $number, what it says. With -t it
# is in a time namespace of its own, and $pid is its parent.
hold() {
	rm -f "$T/ready"
	mkfifo "$T/ready"
	if [ "$1" = -t ]; then
		shift
		set -- /usr/bin/unshare --time --fork --kill-child "$T/hold" "$@"
	else
		set -- "$T/hold" "$@"
	fi
	"$@" </dev/null >"$T/ready" 2>"$T/hold.err" &
	pid=$!
	started="$started $pid"
	read -r ns number <"$T/ready" || fail "hold $*: $(cat "$T/hold.err")"
}

# keep CMD...: starts it; $pid. It must exec into a sleep, which $pid then is.
keep() {
	"$@" </dev/null >/dev/null 2>&1 &
	pid=$!
	started="$started $pid"
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
}

# inode KIND [PID]
inode() { stat -L -c %i "/proc/${2:-self}/ns/$1"; }

# row NS COLUMNS [ARG...]: $row, the cells of that namespace's row with single blanks.
row() {
	r_ns=$1 r_columns=$2
	shift 2
	run "$lsns" -l -n -o "ns,$r_columns" "$@"
	assertEquals "status of lsns $*: $err" 0 "$rc"
	row=$(sed -n "s/^ *$r_ns  *//p" "$T/out" | sed 's/  */ /g; s/ $//')
}

# held KIND HOLDER: the namespace $ns, which no process is in, is listed as held so, and where its path
# leads is it.
held() {
	row "$ns" type,nprocs,holder
	assertEquals "of $ns" "$1 0 $2" "$row"
	row "$ns" path
	[ -z "$row" ] || assertEquals "at $row" "$ns" "$(stat -L -c %i "$row")"
}

# bound KIND FILE [PID]: mounts a namespace there.
bound() {
	: >"$2"
	mount --bind "/proc/${3:-self}/ns/$1" "$2"
}

# ---- processes

# The lowest is named, and of descriptors that of the lowest process, in whatever order they come.
testLowestNumber() {
	row "$(inode ipc)" pid
	assertEquals 1 "$row"
	# Where a process's children will be is no news where it is itself.
	row "$(inode time)" holder
	assertEquals process "$row"
	keep /usr/bin/unshare --uts sleep 1000
	there=$pid ns=$(inode uts "$pid")
	hold bound "/proc/$there/ns/uts"
	lowest=$pid
	hold bound "/proc/$there/ns/uts"
	[ "$pid" -gt "$lowest" ] || lowest=$pid
	kill -KILL "$there"
	wait "$there" 2>/dev/null
	held uts "fd $lowest/$number"
}

testMembers() {
	keep /usr/bin/unshare --uts sleep 1000
	run "$lsns" -n -o pid "$(inode uts "$pid")"
	assertEquals "0 $pid" "$rc $(echo "$out" | xargs)"
	for kind in cgroup ipc mnt net pid time user uts; do
		run "$lsns" -n -o pid "$(inode $kind)"
		assertEquals "$kind: $err" "0 1" "$rc $(echo "$out" | head -n 1 | xargs)"
	done
}

# ---- threads

testB24Threads() {
	for kind in net uts ipc cgroup mnt; do
		hold thread $kind
		held $kind "thread $pid/$number"
		row "$ns" path
		assertEquals "/proc/$pid/task/$number/ns/$kind" "$row"
		assertEquals 'by its kind alone' "$ns" "$("$lsns" -l -n -t $kind -o ns | grep -o "$ns")"
	done
	"$theirs" -l -n -o ns 2>/dev/null | grep -q "$ns" && fail 'util-linux finds it meanwhile'
	return 0
}

# The first thread has ended: its process seems to be in no namespace.
testB24ThreadsWithoutTheFirst() {
	for kind in net mnt; do
		hold spare $kind
		assertEquals Z "$(state "$pid")"
		held $kind "thread $pid/$number"
	done
	# What else it holds: descriptors.
	: >"$T/mount.spare"
	bound uts "$T/mount.spare"
	exec 7<"$T/mount.spare"
	hold spare ipc
	exec 7<&-
	umount -l "$T/mount.spare"
	row "$(inode uts)" holder
	like "$row" "*fd $number/7*" || fail "no fd $number/7: $row"
	# Those that its threads could not have left, too.
	hold -t spare uts
	row "$(inode time "$number")" holder
	pid=$(sed -n 's/^Tgid:[[:space:]]*//p' "/proc/$number/status")
	like "$row" "thread $pid/$number*" || fail "time namespace: $row"
}

# A thread that is where its process is holds nothing, whatever its kind.
testThreadsThatStay() {
	hold threads 3
	run "$lsns" -l -n -o holder
	like "$out" '*thread*' && fail "$out"
	return 0
}

# Whoever has one thread costs one look at how many there are.
testThreadsAreLookedForWhereTheyAre() {
	hold threads 2
	strace -qq -o "$T/trace" "$lsns" >/dev/null
	looked=$(sed -n 's/^openat(.*\("[0-9]*\/task"\).*/\1/p' "$T/trace")
	assertEquals 'directories of threads' "\"$pid/task\"" "$looked"
}

# ---- children

testChildren() {
	hold children
	held time "child $pid"
	row "$ns" path
	assertEquals "/proc/$pid/ns/time_for_children" "$row"
}

# Whose children are in a PID namespace keeps it, too.
testChildrenOfPidNamespace() {
	/usr/bin/unshare --pid --fork --kill-child sleep 1000 </dev/null >/dev/null 2>&1 &
	pid=$!
	started="$started $pid"
	wait_for "[ -n \"\$(cat /proc/$pid/task/$pid/children)\" ]"
	child=$(cat "/proc/$pid/task/$pid/children")
	child=${child% }
	wait_for "[ \"\$(cat /proc/$child/comm)\" = sleep ]"
	row "$(inode pid "$child")" type,nprocs,pid,init,holder
	assertEquals "pid 1 $child $child process,child $pid" "$row"
}

# ---- descriptors

testDescriptor() {
	for kind in cgroup ipc mnt net user uts; do
		case $kind in
		mnt) option=--mount ;;
		user) option=--map-root-user ;;
		*) option=--$kind ;;
		esac
		keep /usr/bin/unshare $option sleep 1000
		there=$pid
		# The namespace of a process that ends while another one has it open, as its input.
		# shellcheck disable=SC2016 # expanded by that shell
		keep sh -c 'exec sleep 1000 <"$1" 5<"$1"' sh "/proc/$there/ns/$kind"
		# shellcheck disable=SC2031 # no subshell changes it
		ns=$(inode $kind "$there")
		kill -KILL "$there"
		wait "$there" 2>/dev/null
		held $kind "fd $pid/0"
	done
}

# Where descriptor 0 is the only one.
testDescriptor0() {
	keep /usr/bin/unshare --uts sleep 1000
	there=$pid
	"$T/hold" threads 0 <"/proc/$there/ns/uts" >/dev/null &
	pid=$!
	started="$started $pid"
	ns=$(inode uts "$there")
	wait_for "[ \"\$(readlink /proc/$pid/fd/0)\" = 'uts:[$ns]' ]"
	kill -KILL "$there"
	wait "$there" 2>/dev/null
	held uts "fd $pid/0"
}

# What was opened at a bind mount reads like a file: /run/netns/x; without its mount like the root.
testDescriptorOfMount() {
	keep /usr/bin/unshare --uts sleep 1000
	there=$pid
	bound uts "$T/mount.uts" "$there"
	hold bound "$T/mount.uts"
	assertEquals "$T/mount.uts" "$(readlink "/proc/$pid/fd/$number")"
	kill -KILL "$there"
	wait "$there" 2>/dev/null
	held uts "fd $pid/$number,mount"
	umount -l "$T/mount.uts"
	assertEquals / "$(readlink "/proc/$pid/fd/$number")"
	held uts "fd $pid/$number"
}

# A descriptor that is no namespace is not opened: that rewinds tapes, and waits for writers.
testOtherDescriptorsAreLeftAlone() {
	mkfifo "$T/fifo"
	keep sh -c 'exec sleep 1000 3<>"$1"' sh "$T/fifo"
	strace -qq -o "$T/trace" "$lsns" >/dev/null
	assertEquals '' "$(grep '^open' "$T/trace" | grep '"[^"]*fd/[0-9]*"\|"[0-9]*"')"
	rm "$T/fifo"
}

testB22Sockets() {
	hold socket
	held net "socket $pid/$number"
	# Who knows it can ask it: its numbers come by the socket.
	row "$ns" ons
	assertEquals "$(inode user)" "$row"
	# Those of a process's own network are no news.
	row "$(inode net)" holder
	like "$row" '*socket*' && fail "$row"
	return 0
}

# ---- mounts

testMount() {
	keep /usr/bin/unshare --net sleep 1000
	there=$pid ns=$(inode net "$pid")
	bound net "$T/mount.a" "$there"
	bound net "$T/mount.b" "$there"
	row "$ns" nprocs,holder,nsfs -W
	assertEquals "1 process,mount $T/mount.a,$T/mount.b" "$row"
	# What util-linux says of it.
	peer "$ns" netnsid,nsfs
	row "$ns" netnsid,nsfs -W -t net
	assertEquals "$theirs_row" "$row"
	kill -KILL "$there"
	wait "$there" 2>/dev/null
	held net mount
	row "$ns" path
	assertEquals "$T/mount.a" "$row"
	umount -l "$T/mount.a"
	held net mount
	umount -l "$T/mount.b"
	row "$ns" path
	assertEquals 'gone' '' "$row"
}

# peer NS COLUMNS: $theirs_row, as util-linux has it. It gives up when a process ends while it looks.
peer() {
	tries=0
	until "$theirs" -l -n -W -o "ns,$2" >"$T/theirs" 2>/dev/null; do
		if [ "$((tries += 1))" = 50 ]; then
			fail 'util-linux gives no answer'
			return
		fi
	done
	theirs_row=$(sed -n "s/^ *$1  *//p" "$T/theirs" | sed 's/  */ /g; s/ $//')
}

testMountAtOddPlace() {
	enabled JSON || return 0
	keep /usr/bin/unshare --ipc sleep 1000
	ns=$(inode ipc "$pid")
	odd=$(printf 'mount.a b\\c\011d\033e')
	bound ipc "$T/$odd" "$pid"
	"$lsns" -J -t ipc -o ns,nsfs >"$T/out" 2>"$T/err"
	assertEquals "$T/$odd" "$(jq -r ".namespaces[] | select(.ns == $ns) | .nsfs" "$T/out")"
}

# In a mount namespace that is not ours, which has a mount of its own.
testB24MountElsewhere() {
	keep /usr/bin/unshare --uts sleep 1000
	there=$pid ns=$(inode uts "$pid")
	: >"$T/mount.elsewhere"
	# shellcheck disable=SC2016 # expanded by that shell
	keep /usr/bin/unshare --mount sh -c 'mount --bind "$1" "$2" && exec sleep 1000' sh \
		"/proc/$there/ns/uts" "$T/mount.elsewhere"
	assertEquals 'not to be seen from here' 0 "$(grep -c "$T/mount.elsewhere" /proc/self/mountinfo)"
	kill -KILL "$there"
	wait "$there" 2>/dev/null
	held uts mount
	row "$ns" path,nsfs
	assertEquals "/proc/$pid/root$T/mount.elsewhere /proc/$pid/root$T/mount.elsewhere" "$row"
	run "$lsns" -l -n -t uts -o ns,holder
	like "$out" "*$ns mount*" || fail "not without the mount namespaces: $out"
	"$theirs" -l -n -o ns 2>/dev/null | grep -q "$ns" && fail 'util-linux finds it meanwhile'
	return 0
}

# What a mount namespace has inherited is there once: where we see it.
testMountIsInheritedByOthers() {
	keep /usr/bin/unshare --uts sleep 1000
	there=$pid ns=$(inode uts "$pid")
	bound uts "$T/mount.many" "$there"
	for _ in 1 2 3; do
		keep /usr/bin/unshare --mount sleep 1000
	done
	row "$ns" nsfs -W
	assertEquals "$T/mount.many" "$row"
	# It stays there when we no longer have it, and once: two are left.
	umount "$T/mount.many"
	kill -KILL "$there"
	wait "$there" 2>/dev/null
	held uts mount
	row "$ns" nsfs -W
	like "$row" "/proc/*/root$T/mount.many" || fail "$row"
	like "$row" '*,*' && fail "$row"
	# One process of each mount namespace is asked; of ours we are that one.
	strace -qq -o "$T/trace" "$lsns" -l -n -t mnt >"$T/out"
	assertEquals "$(wc -l <"$T/out")" "$(grep -c '^openat.*mountinfo"' "$T/trace")"
}

# What is mounted outside our root others of our mount namespace see.
testMountOutsideOurRoot() {
	mkdir -p "$T/root/proc"
	cp "$BIN/pidbox" "$T/root/lsns"
	# A program that needs no library is at home in a directory that holds nothing else.
	if chroot "$T/root" /lsns --version >/dev/null 2>&1; then
		keep /usr/bin/unshare --uts sleep 1000
		ns=$(inode uts "$pid")
		bound uts "$T/mount.outside" "$pid"
		mount -t proc proc "$T/root/proc"
		assert_run 0 "*/proc/1/root$T/mount.outside*" '*' chroot "$T/root" /lsns -l -t uts -o ns,nsfs
		umount "$T/root/proc"
	fi
	rm -r "$T/root"
}

# By a thread that has a mount namespace of its own.
testMountOfThread() {
	hold thread mnt
	: >"$T/mount.thread"
	keep /usr/bin/unshare --uts sleep 1000
	there=$pid ns=$(inode uts "$pid")
	nsenter --mount="/proc/$number/ns/mnt" mount --bind "/proc/$there/ns/uts" "$T/mount.thread"
	kill -KILL "$there"
	wait "$there" 2>/dev/null
	held uts mount
	row "$ns" nsfs
	like "$row" "/proc/*/task/$number/root$T/mount.thread" || fail "$row"
}

# ---- parents and owners

# A chain of two user namespaces, of which nobody is in the first.
testP22ParentsAndOwners() {
	keep /usr/bin/unshare --user --map-root-user /usr/bin/unshare --user --map-root-user --uts sleep 1000
	ns=$(inode user "$pid")
	uts=$(inode uts "$pid")
	row "$ns" pns
	between=$row
	like "$between" "0" && fail "no parent of $ns is seen"
	row "$uts" pns,ons
	assertEquals "0 $ns" "$row"
	row "$between" type,holder,pns
	assertEquals 'a plain list has what is held otherwise' '' "$row"
	for tree in owner parent; do
		run "$lsns" -n -r -T$tree -t user -o ns,type,nprocs,pid,pns,ons,uid
		assertEquals 0 "$rc"
		line=$(grep "$between user" "$T/out")
		like "$line" "*$between user 0  $(inode user) $(inode user) 0" || fail "-T$tree: $line: $out"
	done
	peer "$ns" pns,ons
	row "$ns" pns,ons
	assertEquals 'as util-linux' "$theirs_row" "$row"
	peer "$uts" pns,ons
	row "$uts" pns,ons
	assertEquals 'as util-linux' "$theirs_row" "$row"
}

testS60NothingAboveTheTop() {
	row "$(inode user)" pns,ons
	assertEquals '0 0' "$row"
	row "$(inode pid)" pns
	assertEquals 0 "$row"
	assertEquals '' "$err"
}

# ---- numbers

testB26Id() {
	row "$(inode net)" nsid
	case $row in
	'') skip_because 'Linux before 6.18' ;;
	*[!0-9]* | 0) fail "$row" ;;
	esac
	assertEquals 'each once' '' "$("$lsns" -l -n -o nsid | grep . | sort | uniq -d)"
}

testNetnsid() {
	keep /usr/bin/unshare --net sleep 1000
	ns=$(inode net "$pid")
	row "$ns" netnsid
	assertEquals unassigned "$row"
	if ! ip netns list-id >/dev/null 2>&1; then
		skip_because 'no ip(8)'
		return
	fi
	bound net "$T/mount.id" "$pid"
	ip link add name veth7 type veth peer name veth8 netns "$pid" 2>/dev/null || return 0
	row "$ns" netnsid
	assertEquals "$(ip -o link show veth7 | sed -n 's/.*link-netnsid \([0-9]*\).*/\1/p')" "$row"
	ip link delete veth7
}

# ---- the kernel's list

# Without it, as here: nothing is missed and nothing said.
testB24ListnsIsMissing() {
	strace -qq -o "$T/trace" "$lsns" >"$T/out" 2>"$T/err"
	assertEquals 0 $?
	assertEquals '' "$(cat "$T/err")"
	if grep -q '^syscall_0x1d6.*ENOSYS' "$T/trace"; then
		assertEquals 'asked once' 1 "$(grep -c '^syscall_0x1d6' "$T/trace")"
	else
		grep -q '^syscall_0x1d6(\|^listns(' "$T/trace" || fail 'it does not ask the kernel'
	fi
}

# With one that has it (tests/applet/helper/listns.c): what nobody holds who can be seen.
testB24Listns() {
	"${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -o "$T/listns" "$helper/listns.c" || return
	run "$T/listns" "$T/truth" "$lsns" -l -n -o ns,type,nprocs,pid,holder,nsid,ons,netnsid
	assertEquals "$err" 0 "$rc"
	known=$(grep "^ *$(inode uts) " "$T/out")
	like "$known" '*unknown*' && fail "who is known is held as before: $known"
	read -r ns id <"$T/truth"
	[ "$id" != 1000000 ] || id=$(sed -n "s/.*unknown \([0-9]*\).*/\1/p" "$T/out")
	assertEquals "$ns net 0 unknown $id $(inode user) unassigned" \
		"$(grep "^ *$ns " "$T/out" | sed 's/  */ /g; s/^ //; s/ $//')"
	run "$T/listns" "$T/truth" "$lsns" -l -n -P -t net -o ns
	read -r ns _ <"$T/truth"
	assertEquals "$ns" "$(echo "$out" | xargs)"
	run "$T/listns" "$T/truth" "$lsns" -l -n -P -t uts -o ns
	assertEquals 'of no other kind' '' "$out"
	rm "$T/listns" "$T/truth"
}

# ---- who may see it

# another_user: in a test, before `|| return 0`.
another_user() {
	as_user true 2>/dev/null && return
	skip_because 'needs root: there is one user here'
	return 1
}

testAsOrdinaryUser() {
	another_user || return 0
	for kind in net uts; do
		rm -f "$T/anyone/ready"
		as_user mkfifo "$T/anyone/ready"
		as_user unshare --user --map-root-user "$T/hold" thread $kind </dev/null >"$T/anyone/ready" &
		pid=$!
		started="$started $pid"
		read -r ns number <"$T/anyone/ready"
		run as_user "$lsns" -l -n -o ns,type,nprocs,holder
		assertEquals 0 "$rc"
		pid=$(sed -n 's/^Tgid:[[:space:]]*//p' "/proc/$number/status")
		assertEquals "$ns $kind 0 thread $pid/$number" "$(grep "$ns" "$T/out" | xargs)"
		rm "$T/anyone/ready"
	done
}

# S56: how many it cannot see it says, in one line, and that is no failure.
testB28Unreadable() {
	another_user || return 0
	keep sleep 1000
	keep sleep 1000
	run as_user "$lsns"
	assertEquals 0 "$rc"
	hidden=0
	for dir in /proc/[0-9]*; do
		[ "$dir" = "/proc/$$" ] || as_user readlink "$dir/ns/user" >/dev/null 2>&1 || hidden=$((hidden + 1))
	done
	assertEquals 'one line' 1 "$(wc -l <"$T/err")"
	like "$err" "lsns: $((hidden + 1)) processes unreadable*" || like "$err" "lsns: $hidden processes unreadable*" ||
		fail "$hidden: $err"
}

# ---- how much it looks at

testOneLinkForOneKind() {
	strace -qq -o "$T/trace" "$lsns" -t pid >/dev/null
	set -- /proc/[0-9]*
	links=$(grep -c '^readlinkat' "$T/trace")
	[ "$links" -le $(($# + 4)) ] || fail "$links for $# processes"
	assertEquals 'no descriptors' 0 "$(grep -c '/fd"' "$T/trace")"
	# But those of a namespace that has none in it.
	strace -qq -o "$T/trace" "$lsns" -t pid -P >/dev/null
	grep -q '/fd"' "$T/trace" || fail '-P looks at no descriptor'
}

# Of the namespaces that one process is the lowest in it is asked for its name once.
testOneLookForAllItIsIn() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c 'strace -qq -o "$1" "$2"; :' sh "$T/trace" "$lsns"
	assertEquals 'all are those of its PID 1' 8 "$(echo "$out" | grep -c '^ *[0-9]* [a-z]* *[0-9]* *1 .*sh -c strace')"
	assertEquals 'PID 1' 1 "$(grep -c '^openat.*"1/cmdline"' "$T/trace")"
}

# With all, or none: what it has no descriptor for is not left out.
testFewDescriptors() {
	keep /usr/bin/unshare --net sleep 1000
	bound net "$T/mount.few" "$pid"
	hold socket
	hold bound "$T/mount.few"
	set -- "$lsns" -l -n -o type,nprocs,holder,nsfs,pns,ons,netnsid
	run "$@"
	all=$out some=0
	for limit in 4 5 6 7 8 9 10 11 12 13 14 16 20; do
		# shellcheck disable=SC2016 # expanded by that shell
		run sh -c 'ulimit -n "$1"; shift; exec "$@"' sh $limit "$@"
		if [ "$rc" = 0 ]; then
			assertEquals "with $limit descriptors" "$all" "$out"
			some=1
		else
			assertEquals "status with $limit descriptors" 1 "$rc"
			like "$err" 'lsns: *' || fail "$err"
			assertEquals 'one line' 1 "$(wc -l <"$T/err")"
		fi
	done
	assertEquals 'it needs no more' 1 $some
}

# ---- other mounts of proc, and copies

# A copy of a /proc as a person might have made it on another machine.
recorded() {
	rm -rf "$T/copy"
	for n in 1 7 30; do
		mkdir -p "$T/copy/$n/ns" "$T/copy/$n/fd" "$T/copy/$n/task/$n/ns"
		for kind in cgroup ipc mnt net pid time user uts; do
			ln -s "$kind:[10$n]" "$T/copy/$n/ns/$kind"
		done
		printf '%s (a) S 0 0%s\n' $n "$(printf ' %s' 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 100 0 0 0 0 0 0 0 0 0 0 \
			0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0)" >"$T/copy/$n/stat"
		printf '%s\t%s\n' Name: a State: S Tgid: $n Pid: $n PPid: 0 Uid: '0	0	0	0' Gid: '0	0	0	0' \
			NSpid: "$n	1" >"$T/copy/$n/status"
		: >"$T/copy/$n/mountinfo"
	done
	ln -s 'time:[500]' "$T/copy/7/ns/time_for_children"
	ln -s 'net:[600]' "$T/copy/7/fd/9"
	ln -s 'socket:[77]' "$T/copy/7/fd/10"
	ln -s '/dev/null' "$T/copy/7/fd/0"
	mkdir -p "$T/copy/30/task/31/ns"
	ln -s 'uts:[700]' "$T/copy/30/task/31/ns/uts"
	printf '%s\n' '5 4 0:4 ipc:[800] /run/a\040b\134x rw shared:2 - nsfs nsfs rw' >"$T/copy/30/mountinfo"
}

testB30Recorded() {
	recorded
	strace -qq -f -o "$T/trace" "$lsns" --proc "$T/copy" -l -n \
		-o ns,type,nprocs,pid,holder,nsfs,pns,ons,nsid,netnsid,uid >"$T/out" 2>"$T/err"
	assertEquals "$(cat "$T/err")" 0 $?
	# What these say would be of this machine.
	for call in 'ioctl(.*NS_' 'ioctl(.*0xb7' 'ioctl(.*0xff' pidfd_ open_by_handle socket syscall_0x1d6 listns; do
		assertEquals "$call" '' "$(grep "^[0-9]* *$call" "$T/trace")"
	done
	for want in '500 time 0 child 7 0 0' '600 net 0 fd 7/9 0 0' '700 uts 0 thread 30/31 0 0' \
		"800 ipc 0 mount /proc/30/root/run/a b?x 0 0"; do
		like "$(sed 's/  */ /g; s/^ //; s/ $//' "$T/out")" "*$want*" || fail "no $want: $(cat "$T/out")"
	done
	run "$lsns" --proc "$T/copy" -l -n -t pid -o ns,nprocs,pid,init,pns
	assertEquals '101 1 1 1 0 107 1 7 7 0 1030 1 30 30 0' "$(echo "$out" | xargs)"
	rm -r "$T/copy"
}

# The /proc of another PID namespace: its numbers, and no use of pidfds, which take ours.
testB30ProcOfAnother() {
	mkdir "$T/other"
	rm -f "$T/ready"
	mkfifo "$T/ready"
	# shellcheck disable=SC2016 # expanded by that shell
	/usr/bin/unshare --pid --mount --fork --kill-child sh -c 'mount -t proc proc "$1" && exec "$2" socket' \
		sh "$T/other" "$T/hold" </dev/null >"$T/ready" 2>/dev/null &
	pid=$!
	started="$started $pid"
	read -r ns _ <"$T/ready"
	child=$(cat "/proc/$pid/task/$pid/children")
	child=${child% }
	strace -qq -o "$T/trace" "$lsns" --proc "/proc/$child/root$T/other" -l -n -o ns >"$T/out"
	assertEquals 0 "$(grep -c pidfd "$T/trace")"
	assertEquals 'a socket of a number that is not ours' 0 "$(grep -c "$ns" "$T/out")"
	run "$lsns" --proc "/proc/$child/root$T/other" -l -n -t pid -P -o ns
	assertEquals 'nothing that is held by who is not seen' '' "$out"
	run "$lsns" --proc "/proc/$child/root$T/other" -l -n -t pid -o ns,nprocs,pid,init,pns
	assertEquals "$(inode pid "$child") 1 1 1 $(inode pid)" "$(echo "$out" | xargs)"
	kill -KILL "$child"
	wait "$pid" 2>/dev/null
	rmdir "$T/other"
}

. "${SHUNIT2:-shunit2}"
