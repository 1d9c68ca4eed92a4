#!/bin/sh
# SPDX-License-Identifier: 0BSD
# lsns: trees, drawn byte for byte as util-linux 2.38.1 draws them; and what is ours.
. "$(dirname "$0")/helper/lsns-scene.sh"
lsns=$BIN/lsns

oneTimeSetUp() { set_scene; }

# ours ARG...: $rc and $out. Nothing on stderr.
ours() {
	run "$lsns" "$@"
	assertEquals "stderr of lsns $*" '' "$err"
}

# ---- P20, P22: as util-linux

# Also those who own them and above them, in whom nobody is.
testP22Trees() {
	for tree in -T -T=owner -Towner --tree --tree=owner -T=parent -Tparent --tree=parent -T=process \
		-Tprocess --tree=process
	do
		for words in '' -n -u '-W -t net' '-p 1' "-p $first" "-p $deep" '-o NS,PNS,ONS,COMMAND' \
			'-o COMMAND,NSFS,NS' '-o NSFS,NS,COMMAND,NSFS' '-o type,pid -t net' '-o uid,user,ppid' \
			'-t net -o +NS' '-p 999999'
		do
			echo "$tree $words"
		done
	done >"$T/words"
	agrees 150 <"$T/words"
}

testP22TreesOfAllColumns() {
	for tree in -T -T=parent -T=process; do
		for words in '' -W -n '-t net' '-t user' '-t pid' "-p $first"; do
			echo "$tree --output-all $words"
		done
	done >"$T/words"
	agrees 21 <"$T/words"
}

testP22TreesOfKinds() {
	for kind in mnt net ipc user pid uts cgroup time; do
		for tree in '' -T -T=parent -T=process; do
			for words in '' -W "-p $deep"; do
				echo "-t $kind $tree $words"
			done
		done
	done >"$T/words"
	agrees 96 <"$T/words"
}

testP22TreesOnScreens() {
	for screen in 80x24 50x24 30x24 12x5; do
		for words in -T -T=parent -T=process '-T=process -t net' '-T -t net' '-T -o NS,COMMAND,PID'; do
			echo "@tty $screen $words"
		done
	done >"$T/words"
	agrees 24 <"$T/words"
}

# ---- ours

# A process is below its parent, and the parent's parent is nobody's when it shows nothing.
testProcessesBelowTheirParents() {
	while
		sh -c '/usr/bin/unshare --uts sh -c "/usr/bin/unshare --ipc sleep 1200; :"; :' </dev/null >/dev/null 2>&1 &
		sleepers 9
		inner=$(pgrep -x -f 'sleep 1200')
		outer=$(pgrep -x -f 'sh -c /usr/bin/unshare --ipc sleep 1200; :')
		# The numbers have come round: the lowest is another, or a parent's line comes too late.
		[ "$inner" -lt "$outer" ] ||
			[ "$(stat -L -c %i "/proc/$inner/ns/ipc")" -lt "$(stat -L -c %i "/proc/$outer/ns/uts")" ]
	do
		kill -KILL "$inner"
		wait $! 2>/dev/null
	done
	LC_ALL=C.UTF-8 ours -n -t uts -t ipc -o PID,COMMAND
	assertEquals "$inner └─sleep 1200" "$(grep "^ *$inner " "$T/out" | sed "s/^ *//")"
	like "$(grep "^ *$outer " "$T/out")" "*$outer sh -c *" || fail "$out"
	# Without a line of its parent it is a root.
	ours -n -t ipc -o PID,COMMAND -Q 'command =~ "^sleep 1200"'
	assertEquals "$inner sleep 1200" "$(echo "$out" | xargs)"
	kill -KILL "$inner"
	wait $! 2>/dev/null
	return 0
}

# In the tree of parents who has a parent comes behind it, and not also behind its owner. It shows where
# numbers are given again: a PID namespace's is lower here than that of the user namespace that owns it.
testP22ParentOrOwner() {
	can_compare || return 0
	while
		$new --pid --fork sleep 1300 </dev/null >/dev/null 2>&1 &
		holder=$!
		sleepers 9
		$new --user --map-root-user sh -c 'sleep 1301; unshare --pid --fork sleep 1302' \
			</dev/null >/dev/null 2>&1 &
		owner=$!
		sleepers 10
		kill -KILL "$(pgrep -x -f 'sleep 1300')"
		wait "$holder"
		kill -KILL "$(pgrep -x -f 'sleep 1301')"
		wait_for 'pgrep -x -f "sleep 1302"' >/dev/null
		owned=$(pgrep -x -f 'sleep 1302')
		run "$peer" -n -T=parent -o TYPE,PID,PNS,ONS
		theirs=$out
		ours -n -T=parent -o TYPE,PID,PNS,ONS
		assertEquals "$theirs" "$out"
		[ "$(stat -L -c %i "/proc/$owned/ns/pid")" -gt "$(stat -L -c %i "/proc/$owner/ns/user")" ]
		again=$?
		kill -KILL "$owned"
		wait "$owner" 2>/dev/null
		[ $again = 0 ]
	do :; done
	return 0
}

# Whose owners are shown is listed: not mount namespaces, in which others are only looked for.
testP22OwnersOfWhatIsListed() {
	$new --user --map-root-user --mount sleep 1400 </dev/null >/dev/null 2>&1 &
	sleepers 9
	for kind in net ipc pid uts cgroup time 'uts -t ipc'; do
		printf '%s\n' "-T -t $kind" "-T=parent -t $kind"
	done >"$T/words"
	agrees 14 <"$T/words"
	kill -KILL $!
	wait $! 2>/dev/null
	return 0
}

# What the filter leaves out is skipped: who is below it hangs at the next above.
testFilterInATree() {
	enabled LSNS_FILTER || return 0
	child=$(pgrep -x -f 'unshare --net --pid --fork sh -c .*')
	user=$(stat -L -c %i "/proc/$child/ns/user")
	top=$(stat -L -c %i /proc/self/ns/user)
	LC_ALL=C ours -n -T -o NS,NPROCS -Q "type == \"net\" or ns == $top"
	assertEquals "$top $(stat -L -c %i "/proc/$child/ns/net")" "$(grep -e "^$top" -e "^.-$(stat -L -c %i \
		"/proc/$child/ns/net")" "$T/out" | sed 's/^[|`]-//; s/ .*//' | sort -n | xargs)"
	assertEquals 'no deeper than one below' '' "$(grep '^[ |] ' "$T/out")"
	ours -n -T -o NS -Q "ns == $user"
	assertEquals "$user" "$out"
	ours -T -Q 'ns == 1'
	assertEquals '' "$out"
}

# Many lines, and the last namespaces have the lowest numbers: nothing is lost, and nothing takes long.
testManyNamespaces() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c 'n=300
		while [ "$((n -= 1))" -ge 0 ]; do unshare --uts sleep 2000 & done
		until [ "$(pgrep -c -r S -x -f "sleep 2000")" = 300 ]; do :; done
		"$1" -n -t uts -o PID,COMMAND | grep -c "sleep 2000\$"
		"$1" -n -t uts -T | grep -c "sleep 2000\$"' sh "$lsns"
	assertEquals '300
300' "$out"
}

. "${SHUNIT2:-shunit2}"
