#!/bin/sh
# SPDX-License-Identifier: 0BSD
# lsns while processes come and go (B23): util-linux's gives up in two runs of three.
# limit: 60
if [ -z "${OWN_PIDS:-}" ]; then
	map=
	# What belongs to the first user namespace an ordinary user could not come back to.
	[ "$(id -u)" = 0 ] || map='--user --map-root-user --cgroup --ipc --net --uts'
	# shellcheck disable=SC2086 # words
	OWN_PIDS=1 exec /usr/bin/unshare $map -p -f -m --mount-proc --kill-child ${TEST_SHELL:-sh} "$0"
fi
. "$(dirname "$0")/../lib.sh"

unset COLUMNS
lsns=$BIN/lsns
helper=$TOP/tests/applet/helper
for program in hold odd; do
	"${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -pthread -o "$T/$program" "$helper/$program.c" || exit
done

# Without LSNS_HOLDERS nobody is found but processes.
holders=
enabled LSNS_HOLDERS && holders=yes

loops=
# loop CMD...: runs it again and again in the background.
loop() {
	while :; do "$@"; done </dev/null >/dev/null 2>&1 &
	loops="$loops $!"
}

tearDown() {
	# shellcheck disable=SC2086 # words
	[ -z "$loops" ] || kill -KILL $loops 2>/dev/null
	for loop in $loops; do wait "$loop" 2>/dev/null; done
	loops=
}

# hold DEED [ARG...]: starts tests/applet/helper/hold.c; $pid, $ns and $number, what it says.
hold() {
	rm -f "$T/ready"
	mkfifo "$T/ready"
	"$T/hold" "$@" </dev/null >"$T/ready" &
	pid=$!
	loops="$loops $pid"
	read -r ns number <"$T/ready"
}

# often N COLUMNS: so often it lists, and has those that stay as they are each time.
often() {
	n=0 failed=0
	while [ "$((n += 1))" -le "$1" ]; do
		run "$lsns" -l -n -o "$2"
		if [ "$rc" != 0 ] || [ -n "$err" ]; then
			fail "run $n: status $rc: $err"
			return
		fi
		for want; do
			case $want in
			*:*) ;;
			*) continue ;;
			esac
			grep -q "^ *${want%%:*}  *${want#*:}" "$T/out" || {
				fail "run $n: no $want: $out"
				return
			}
		done
	done
}

fork() { (:); }

testB23TwoForkLoops() {
	loop fork
	loop fork
	own=$(stat -L -c %i /proc/self/ns/uts)
	hold thread uts
	often 200 ns,type,nprocs,holder "$own:uts  *[0-9]* process" ${holders:+"$ns:uts  *0 thread $pid/$number"}
}

# What is asked besides is as little of a failure: namespaces, threads and mounts that come and go.
testB23Everything() {
	loop /usr/bin/unshare --user --map-root-user --net --uts --fork --pid --mount true
	loop /usr/bin/unshare --mount --ipc --cgroup --time --fork true
	# Its threads begin and end.
	"$T/odd" churn 2 </dev/null >/dev/null &
	loops="$loops $!"
	hold socket
	often 100 ns,type,nprocs,pid,holder,nsfs,path,command,pns,ons,nsid,netnsid,init,user \
		${holders:+"$ns:net  *0 .*socket $pid/$number"}
	run "$lsns" -Towner
	assertEquals "$err" 0 "$rc"
}

. "${SHUNIT2:-shunit2}"
