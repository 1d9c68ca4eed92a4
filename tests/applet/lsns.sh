#!/bin/sh
# SPDX-License-Identifier: 0BSD
# lsns: the namespaces of a process of ours, hostile names, rights, and how it behaves. What it prints
# byte for byte: lsns-view.sh, lsns-tree.sh; what it finds: lsns-find.sh.
# util-linux's lsns gives up when any process ends while it looks: nobody else's is to be seen.
if [ -z "${OWN_PIDS:-}" ] && [ "$(id -u)" = 0 ]; then
	# shellcheck disable=SC2086 # "busybox sh" is two words
	OWN_PIDS=1 exec /usr/bin/unshare -p -f --mount-proc --kill-child ${TEST_SHELL:-sh} "$0"
fi
. "$(dirname "$0")/../lib.sh"

need strace strace
need jq jq
need lsns util-linux
need setpriv util-linux
unset COLUMNS
theirs=$(command -v lsns)
lsns=$BIN/lsns
kinds='cgroup ipc mnt net pid time user uts'
if [ "$(id -u)" = 0 ]; then
	new=/usr/bin/unshare enter=/usr/bin/nsenter
else
	new='/usr/bin/unshare --user --map-root-user'
	enter='/usr/bin/nsenter --user --preserve-credentials'
fi

# A process that is in eight namespaces of its own: $pid. Its parent, in seven of them, is $outer.
oneTimeSetUp() {
	/usr/bin/unshare --user --map-root-user --mount --uts --ipc --net --cgroup --time --pid \
		--fork --kill-child sleep 4000 </dev/null >/dev/null 2>&1 &
	outer=$!
	child_of "$outer"
	pid=$child
	wait_for "grep -q '^sleep' /proc/$pid/cmdline" # an exec sets the name before the words
}

# child_of PID: $child, its first one, as soon as there is one.
child_of() {
	wait_for "[ -n \"\$(cat /proc/$1/task/$1/children)\" ]"
	child=$(cat "/proc/$1/task/$1/children")
	child=${child%% *}
}

oneTimeTearDown() {
	[ -n "${outer:-}" ] || return 0
	kill -KILL "$pid" 2>/dev/null
	wait "$outer" 2>/dev/null
	outer=
}

# inode KIND [PID]
inode() { stat -L -c %i "/proc/${2:-$pid}/ns/$1"; }

# ours ARG...: $rc and $out. Nothing on stderr but how many it may not read, which is the machine's
# affair: on some not even root may look into PID 1.
ours() {
	run "$lsns" "$@"
	case $err in
	'' | 'lsns: '[0-9]*' processes unreadable (no permission)'*) ;;
	*) fail "lsns $*: $err" ;;
	esac
}

# peer ARG...: util-linux's list, in $T/theirs. It gives up, with status 1 and no word, when a process
# ends while it looks at it, so it is asked until it does not.
peer() {
	tries=0
	until "$theirs" "$@" >"$T/theirs" 2>/dev/null; do
		if [ "$((tries += 1))" = 200 ]; then
			fail "util-linux's lsns gives no answer to $*"
			return
		fi
	done
}

# as_theirs ARG...: our bytes are those of util-linux.
as_theirs() {
	ours "$@"
	peer "$@"
	assertEquals "status of lsns $*" 0 "$rc"
	if ! cmp -s "$T/theirs" "$T/out"; then
		show "$(diff "$T/theirs" "$T/out" | cut -c 1-70)"
		fail "not as util-linux has it: lsns $*"
	fi
}

# as_theirs_in_ns ARG...: the same in a PID namespace of its own, where the numbers are short: two
# have four digits, and one of those is the parent of the other.
as_theirs_in_ns() {
	cat >"$T/both.sh" <<'END2'
theirs=$1 lsns=$2 tmp=$3
shift 3
# The next number is 1200: at once where the kernel lets one say so.
echo 1199 2>/dev/null >/proc/sys/kernel/ns_last_pid
while [ "$(sh -c 'echo $$')" -lt 1199 ]; do :; done
mkfifo "$tmp/ready"
/usr/bin/unshare --uts sh -c '/usr/bin/unshare --uts sh -c "echo >\"$1\"; exec sleep 4001"; :' \
	sh "$tmp/ready" &
read -r _ <"$tmp/ready"
rm "$tmp/ready"
"$theirs" "$@" >"$tmp/theirs" 2>/dev/null
"$lsns" "$@" >"$tmp/ours" 2>/dev/null || echo "status $?"
diff "$tmp/theirs" "$tmp/ours"
END2
	assert_run 0 '' '' in_ns sh "$T/both.sh" "$theirs" "$lsns" "$T" "$@"
}

# ---- the bytes of util-linux, also for who is not root

testDefaultColumns() {
	as_theirs -p "$pid"
	as_theirs -p "$pid" -t pid -t time -t user
	as_theirs --task "$pid"
	as_theirs -l -p "$pid"
	as_theirs -n -p "$pid"
	as_theirs -p "$pid" -o +PPID,UID,PATH
	as_theirs -p "$pid" -T -o NS,TYPE,PNS,ONS
}

testShortNumbers() {
	as_theirs_in_ns -t uts -o NS,TYPE,NPROCS,PID,PPID,USER
	as_theirs_in_ns -t pid -o NS,TYPE,NPROCS,PID,USER,COMMAND
	as_theirs_in_ns -t time -t user -o NS,TYPE,NPROCS
	as_theirs_in_ns -t pid -o NS,TYPE,NPROCS,PID,PPID
	as_theirs_in_ns -n -t pid -o PID
	as_theirs_in_ns -t uts
}

testEachKind() {
	for kind in $kinds; do
		as_theirs -t "$kind" -p "$pid"
		ours -n -t "$kind" -p "$pid" -o ns,type
		assertEquals "only $kind" "$(inode "$kind") $kind" "$(echo "$out" | xargs)"
	done
}

# What goes into a pipe is not cut, whatever COLUMNS says.
testNotCut() {
	for cells in 20 40 80; do
		COLUMNS=$cells
		export COLUMNS
		as_theirs -p "$pid"
		as_theirs -u -p "$pid"
	done
	unset COLUMNS
}

testInit() {
	ours -n -t pid -p "$pid" -o ns,nprocs,pid,init
	assertEquals "$(inode pid) 1 $pid $pid" "$(echo "$out" | xargs)"
	# Of other kinds there is none.
	ours -n -t net -p "$pid" -o init
	assertEquals '' "$(echo "$out" | xargs)"
}

testSortedByInode() {
	ours -n -r -o ns
	sort -n "$T/out" | cmp -s - "$T/out" || fail 'not sorted'
	assertEquals 'each once' '' "$(uniq -d "$T/out")"
	for kind in $kinds; do
		grep -q "^$(inode "$kind")\$" "$T/out" || fail "$kind of $pid is missing"
		grep -q "^$(stat -L -c %i "/proc/self/ns/$kind")\$" "$T/out" || fail "our own $kind is missing"
	done
}

# ---- JSON

testJsonOfHostileText() {
	enabled JSON || return 0
	mkfifo "$T/never"
	text=$(printf 'a"b\\c\033[2J\nd\377\302\233\342\200\256')
	# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
	$new --fork --pid --kill-child sh -c 'read -r _ <"$1"; exit' sh "$T/never" "$text" </dev/null >/dev/null 2>&1 &
	hostile_outer=$!
	child_of "$hostile_outer"
	hostile=$child
	wait_for "grep -q '^sh' /proc/$hostile/cmdline"
	ours -J -t pid -p "$hostile" -o command
	jq -e '.namespaces[0].command | contains("a\"b\\c")' "$T/out" >/dev/null || fail "$out"
	assertEquals 'no control bytes' 0 "$(tr -d '\n -\377' <"$T/out" | wc -c)"
	for locale in C C.UTF-8; do
		LC_ALL=$locale ours -t pid -p "$hostile"
		assertEquals 'rows' 2 "$(wc -l <"$T/out")"
		assertEquals 'no control bytes' 0 "$(tr -d '\n -\176\200-\377' <"$T/out" | wc -c)"
		assertEquals 'a"b\c?[2J?d??????' "${out##*never }"
	done
	ours -r -n -t pid -p "$hostile" -o command
	assertEquals 'a"b\x5cc\x1b[2J\x0ad\xff\xc2\x9b\xe2\x80\xae' "${out##*never\\x20}"
	kill -KILL "$hostile"
	wait "$hostile_outer" 2>/dev/null
	rm "$T/never"
}

# ---- which processes

testUnknownProcess() {
	ours -p 4194304
	assertEquals '0 ' "$rc $out"
	ours -p 4194304 -n -t pid
	assertEquals '0 ' "$rc $out"
}

testRefs() {
	enabled PID_REF || return 0
	ours -p "$pid"
	want=$out
	for ref in "$pid" "$(inode pid)" "$(readlink "/proc/$pid/ns/pid")"; do
		ours -p "1@$ref"
		assertEquals "1@$ref" "$want" "$out"
	done
	assert_run 1 '' "lsns: *: no such PID namespace or container" "$lsns" -p 1@4194304
	for junk in 1@ @1 1@x 1@@1 0@1 x 0 -1 '' 99999999999; do
		assert_run 1 '' "lsns: invalid PID argument: '$junk'" "$lsns" --task="$junk"
	done
}

# The same inode from inside and from outside.
testFromInside() {
	# shellcheck disable=SC2086 # words
	run $enter --target "$pid" --user --preserve-credentials --mount --pid \
		/usr/bin/unshare --mount-proc "$lsns" -n -t pid -p 1 -o ns,pid,init,command
	assertEquals "$(inode pid) 1 1 sleep 4000" "$(echo "$out" | xargs)"
}

# B28: what may not be read is said, once, and is no failure.
testB28Unreadable() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can give up its rights'
		return
	fi
	run as_user "$lsns" -t pid
	assertEquals 0 "$rc"
	like "$err" 'lsns: [0-9]* processes unreadable (no permission): *' || fail "$err"
	assertEquals 'one line' 1 "$(wc -l <"$T/err")"
	set -- /proc/[0-9]*
	hidden=$(sed 's/^lsns: \([0-9]*\) .*/\1/' "$T/err")
	if [ "$hidden" -le 1 ] || [ "$hidden" -gt $(($# + 100)) ]; then
		fail "hidden: $hidden of $#"
	fi
	grep -q "$(inode pid)" "$T/out" && fail "it shows what it may not read: $out"
	# Whom it may read it shows: itself.
	grep -q "$(stat -L -c %i /proc/self/ns/pid)" "$T/out" || fail "$out"
}

# B30: another mount of proc, with its numbers; the warning and all else as of our own.
testB30AnotherProc() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can mount a bind of proc'
		return
	fi
	mkdir "$T/other"
	# shellcheck disable=SC2016 # expanded by that shell
	run /usr/bin/unshare --mount sh -c 'mount --bind /proc "$1" &&
		/usr/bin/unshare --pid --fork --mount-proc "$2" --proc "$1" -n -t pid -p "$3" -o ns,pid,init,command' \
		sh "$T/other" "$lsns" "$pid"
	assertEquals "$(inode pid) $pid $pid sleep 4000 " "$(echo "$out" | xargs) $err"
	# And not those of the /proc that is there.
	# shellcheck disable=SC2016 # expanded by that shell
	run /usr/bin/unshare --mount sh -c 'mount --bind /proc "$1" &&
		/usr/bin/unshare --pid --fork --mount-proc "$2" --proc "$1" -r -n -t pid -o ns' sh "$T/other" "$lsns"
	like " $(echo "$out" | xargs) " "* $(inode pid) *" || fail "$out"
	like " $(echo "$out" | xargs) " "* $(inode pid self) *" || fail "$out"
	rmdir "$T/other"
	assert_run 1 "" "lsns: $T/other: *" "$lsns" --proc "$T/other"
}

testB30RecordedProc() {
	for tree in "$TOP"/tests/proc/*/; do
		run "$lsns" --proc "$tree" -r -n
		assertEquals "status of $tree" 0 "$rc"
	done
}

# ---- how it behaves

# Processes that end while they are looked at are no failure.
testChurn() {
	# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
	$new --fork --pid --kill-child sh -c 'echo
		for _ in 1 2; do while :; do (:); done & done; wait' </dev/null >"$T/churn" 2>/dev/null &
	churn=$!
	child_of "$churn"
	wait_for "[ -s '$T/churn' ]"
	ours -p "$pid"
	want=$out
	n=0
	while [ "$((n += 1))" -le 50 ]; do
		ours -p "$pid"
		if [ "$rc" != 0 ] || [ "$out" != "$want" ]; then
			fail "run $n: status $rc: $out"
			break
		fi
		ours -t pid
		if [ "$rc" != 0 ] || ! like "$out" "*$(inode pid)*"; then
			fail "run $n: status $rc: $out"
			break
		fi
	done
	kill -KILL "$child"
	wait "$churn" 2>/dev/null || :
}

# calls PROCESSES ARG...: how many system calls it makes among as many, in a namespace of their own.
calls() {
	# shellcheck disable=SC2016 # expanded by that shell
	in_ns sh -c 'n=$1
		while [ "$((n -= 1))" -ge 0 ]; do (read -r _ <"$2"; :) & done
		never=$2 out=$3
		shift 3
		strace -qq -o "$out" "$@" >"$out.out" || echo "status $?"
		' sh "$1" "$T/never" "$T/calls" "$lsns" ${2:+-t} ${2:+"$2"}
	wc -l <"$T/calls"
}

# A process more costs the same however many there are.
testManyProcesses() {
	mkfifo "$T/never"
	few=$(calls 500)
	many=$(calls 2000)
	grep -q 'pid *200[0-9]' "$T/calls.out" || fail "$(cat "$T/calls.out")"
	[ "$((many * 10))" -le $((few * 41)) ] || fail "$few calls for 500 processes, $many for 2000"
	# Where only those who are in it can hold it: one look each.
	few=$(calls 500 pid)
	many=$(calls 2000 pid)
	rm "$T/never"
	each=$(((many - few) * 10 / 1500))
	if [ "$each" -lt 10 ] || [ "$each" -gt 12 ]; then
		fail "-t pid: $few calls for 500 processes, $many for 2000"
	fi
}

testWithoutProc() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can chroot'
		return
	fi
	mkdir "$T/root"
	cp "$BIN/pidbox" "$T/root/lsns"
	# A program that needs no library is at home in a directory that holds nothing else.
	if chroot "$T/root" /lsns --version >/dev/null 2>&1; then
		assert_run 1 '' 'lsns: no /proc here; the cure is: mount -t proc proc /proc*' \
			chroot "$T/root" /lsns
		assertEquals 'one line' 1 "$(wc -l <"$T/err")"
	fi
	rm -r "$T/root"
}

testFullDisk() {
	for words in '' -J -r -H "-n -p $pid" --containers; do
		[ "$words" != -J ] || enabled JSON || continue
		[ "$words" != --containers ] || enabled LSNS_CONTAINERS || continue
		# shellcheck disable=SC2086 # they are words
		"$lsns" $words >/dev/full 2>"$T/err"
		assertEquals "status of lsns $words" 1 $?
		assertEquals "lsns: write error: $(reason 'No space left on device' 28)" "$(grep -v unreadable "$T/err")"
	done
}

testClosedDescriptors() {
	"$lsns" -p "$pid" >&- 2>"$T/err"
	assertEquals 'stdout is closed' 1 $?
	like "$(cat "$T/err")" "*lsns: write error: $(reason 'Bad file descriptor' 9)" || fail "$(cat "$T/err")"
	ours -n -r -p "$pid"
	want=$out
	assertEquals "$want" "$("$lsns" -n -r -p "$pid" <&- 2>&-)"
}

# util-linux's statuses when the kernel does not tell what is asked for.
testP20Statuses() {
	if [ "$(id -u)" != 0 ]; then
		skip_because "strace cannot look at who has other rights"
		return
	fi
	assert_run 2 "" "lsns: parents and owners of namespaces: *" \
		strace -qq -o /dev/null -e trace=ioctl -e inject=ioctl:error=ENOTTY "$lsns" -T
	assert_run 2 "" "lsns: parents and owners of namespaces: *" \
		strace -qq -o /dev/null -e trace=ioctl -e inject=ioctl:error=ENOTTY "$lsns" -o pns
	assert_run 0 "*" "*" strace -qq -o /dev/null -e trace=ioctl -e inject=ioctl:error=ENOTTY "$lsns"
	assert_run 32 "" "lsns: failed to parse /proc/self/mountinfo: *" \
		strace -qq -o /dev/null -P self/mountinfo -e inject=openat:error=EACCES "$lsns" -t net
	assert_run 0 "*" "*" \
		strace -qq -o /dev/null -P self/mountinfo -e inject=openat:error=EACCES "$lsns" -t uts
}

testMisuse() {
	assert_run 1 '' 'lsns: unknown column: bogus' "$lsns" -o bogus
	assert_run 1 '' 'lsns: unknown column: bogus' "$lsns" -o ns,bogus,pid
	assert_run 1 '' 'lsns: unknown column: bogus' "$lsns" -o +bogus
	assert_run 1 '' 'lsns: unknown column: ' "$lsns" -o ''
	assert_run 1 '' 'lsns: unknown column: ' "$lsns" -o ns,,pid
	assert_run 1 '' 'lsns: unknown namespace type: bogus' "$lsns" -t bogus
	assert_run 1 '' 'lsns: unknown namespace type: ' "$lsns" -t ''
	for word in --bogus -p -t -o -Z; do
		assert_run 1 '' "lsns: *
Try 'lsns --help' for more information." "$lsns" "$word"
	done
	assert_run 0 'Usage: lsns *' '' "$lsns" --help
	assert_run 0 'pidbox *' '' "$lsns" -V
}

. "${SHUNIT2:-shunit2}"
