#!/bin/sh
# SPDX-License-Identifier: 0BSD
# lsns -Q: which lines, by any column. The language itself is tested in tests/core/filter.c.
. "$(dirname "$0")/helper/lsns-scene.sh"
lsns=$BIN/lsns

suite() { tests_of LSNS_FILTER; }

oneTimeSetUp() { set_scene; }

testNotBuiltIn() {
	enabled LSNS_FILTER || assert_run 1 '' "lsns: invalid option -- 'Q'*" "$lsns" -Q 'ns == 1'
}

# finds EXPR INODE...: exactly these namespaces.
finds() {
	expr=$1
	shift
	run "$lsns" -r -n -o NS -Q "$expr"
	assertEquals "stderr of $expr" '' "$err"
	assertEquals "$expr" "$*" "$(echo "$out" | xargs)"
	assertEquals "status of $expr" 0 "$rc"
}

# all ARG...: the namespaces of other options.
all() { "$lsns" -r -n -o NS "$@" | xargs; }

testP21EveryColumn() {
	inode=$(stat -L -c %i "/proc/$first/ns/net")
	finds "ns == $inode" "$inode"
	finds "NS == $inode and Type == 'net'" "$inode"
	# shellcheck disable=SC2046 # words
	finds 'type == "uts"' $(all -t uts)
	finds "path == \"/proc/$first/ns/net\"" "$inode"
	finds "nprocs == 2 and pid == $first" "$inode"
	finds "pid == $first and ppid == 1 and ns == $inode" "$inode"
	finds "command =~ \"^sh -c unshare --net\" && type == \"net\"" "$inode"
	! enabled LSNS_HOLDERS || finds "nsfs =~ \"c d,\"" "$inode"
	finds "netnsid == \"unassigned\" and ns == $inode" "$inode"
	finds "pns == $(stat -L -c %i /proc/self/ns/pid)" "$pid"
	finds "ns == $inode and ons == $(stat -L -c %i /proc/self/ns/user)" "$inode"
	finds "holder =~ '^process' and ns == $inode" "$inode"
	finds "init == 1" "$(stat -L -c %i /proc/self/ns/pid)"
	finds "nspid =~ \",1\$\" and type == 'pid' and pns == $(stat -L -c %i /proc/self/ns/pid)" "$pid"
}

# A user is a name and a number.
testP21Users() {
	user=$(stat -L -c %i "/proc/$other/ns/cgroup")
	uid=$(stat -c %u "/proc/$other")
	[ "$uid" = 12345 ] || { skip_because 'there is one user only'; return; }
	finds "uid == 12345" "$user"
	finds "user == 12345" "$user"
	finds "user != \"root\"" "$user"
	finds "uid > 12344 && uid <= 12345" "$user"
	finds "uid == 0 and user == 'root' and ns == $user"
}

# What a line does not show is neither so nor otherwise.
testP21Unknown() {
	finds "netnsid == 1 or not netnsid == 1 and type != 'net'"
	# shellcheck disable=SC2046 # words
	finds 'init' $(all -t pid)
	finds 'type == "user" and init != 7'
}

testP21Operators() {
	inode=$(stat -L -c %i "/proc/$first/ns/net")
	for expr in "ns==$inode" "ns eq $inode" "!(ns != $inode)" "not (ns < $inode or ns > $inode)" \
		"ns >= $inode && ns <= $inode" "ns == $inode || ns == 1" "(ns == $inode)" \
		"type =~ '^n' and ns == $inode" "type !~ 'x' and ns == $inode" "$inode == ns"
	do
		finds "$expr" "$inode"
	done
}

# S58: of the processes in a namespace.
testS58FilterOfProcesses() {
	run "$lsns" "$net" -n -r -o PID -Q "command =~ \"sleep\""
	assertEquals "$first $(pgrep -x -f "sleep 1002")" "$(echo "$out" | xargs)"
	run "$lsns" "$net" -n -r -o PID -Q "pid == $first"
	assertEquals "0 $first " "$rc $out $err"
	run "$lsns" "$net" -Q 'pid == 1'
	assertEquals '0  ' "$rc $out $err"
	run "$lsns" "$net" -n -r -o PID -Q "ns == $net and nprocs == 2 and ppid == 1"
	assertEquals "$first" "$out"
}

testFilterWithOtherOptions() {
	run "$lsns" -n -r -o NS -t net -Q "pid == $first"
	assertEquals "$net" "$out"
	run "$lsns" -n -r -o NS -p "$first" -Q 'type == "net"'
	assertEquals "$net" "$out"
	run "$lsns" -Q 'ns == 1'
	assertEquals '0  ' "$rc $out $err"
	enabled JSON || return 0
	run "$lsns" -J -Q "ns == $net" -o type
	assertEquals '{"namespaces":[{"type":"net"}]}' "$(jq -c . "$T/out")"
	run "$lsns" -J -Q 'ns == 1'
	assertEquals '{"namespaces":[]}' "$(jq -c . "$T/out")"
}

# The place of the mistake, counted from 1.
testP21Mistakes() {
	while IFS='|' read -r column expr; do
		assert_run 1 '' "lsns: --filter: column $column: *" "$lsns" -Q "$expr"
		assertEquals "one line about $expr" 1 "$(wc -l <"$T/err")"
	done <<-'END'
		1|bogus == 1
		7|ns == bogus
		13|ns == 1 and bogus
		9|ns == 1 )
		1|(ns == 1
		1|
		7|ns =~ 1
		7|ns =~ "("
		4|ns = 1
	END
}

. "${SHUNIT2:-shunit2}"
