#!/bin/sh
# SPDX-License-Identifier: 0BSD
# kill --tree. All of it runs in PID namespaces of its own, behind kill_guard.
# shellcheck disable=SC2016,SC2154 # expanded over there; of lib.sh
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/kill-tree.sh"
kill=$BIN/kill

suite() { tests_of KILL_TREE; }

testTree() {
	for words in '' -KILL '-s TERM' -HUP --wait '--wait=100 -HUP'; do
		tree 'family env; is 0 "$kill" --tree '"$words"' "$root"; says out ""; says err ""
			gone "$root" "$child" "$grandchild" "$last"'
	done
}

# Only what is below.
testBranch() {
	tree 'family env; is 0 "$kill" --tree "$grandchild"
		gone "$grandchild" "$last"; lives "$child"
		is 0 "$kill" --tree "$child"; gone "$child"'
}

testPrint() {
	tree 'family env; is 0 "$kill" -p --tree "$root"
		says out "$root
$child
$grandchild
$last"
		for pid in $root $child $grandchild $last; do in_state S "$pid"; done
		is 0 "$kill" --verbose --tree -0 "$root"
		says out "sending signal 0 to pid $root
sending signal 0 to pid $child
sending signal 0 to pid $grandchild
sending signal 0 to pid $last"'
}

testSeveralRoots() {
	tree 'family env; a="$root $child $grandchild $last"; family env
		is 64 "$kill" --wait --tree ${a%% *} 30000 "$root"; says err "kill: (30000): No such process"
		gone $a "$root" "$child" "$grandchild" "$last"'
}

testByName() {
	enabled KILL_NAMES || return 0
	tree 'cp /bin/sh "$tmp/dynasty"; family "$tmp/dynasty" -c '\''"$@"; :'\'' -
		is 0 "$kill" --tree dynasty; gone "$root" "$child" "$grandchild" "$last"'
}

# They go on when it is not their end, and those that were stopped before, too.
testTheyGoOn() {
	tree 'family env --ignore-signal=USR1
		is 0 "$kill" --tree -USR1 "$root"
		for pid in $root $child $grandchild $last; do in_state S "$pid"; done
		kill -STOP "$child"; in_state T "$child"
		is 0 "$kill" --tree "$root"
		gone "$root" "$child" "$grandchild" "$last"'
}

testStopAndContinue() {
	tree 'family env; is 0 "$kill" --tree -STOP "$root"
		for pid in $root $child $grandchild $last; do in_state T "$pid"; done
		is 0 "$kill" --tree -CONT "$root"
		for pid in $root $child $grandchild $last; do in_state S "$pid"; done'
}

# A handler runs as if it had not been stopped.
testHandler() {
	tree 'mkfifo "$tmp/told"
		sh -c "trap \"echo caught; exit 5\" TERM; echo ready; sleep 1000 & wait; wait" >"$tmp/told" &
		p=$!
		exec 3<"$tmp/told"
		read -r line <&3
		is 0 "$kill" --tree "$p"
		read -r line <&3
		[ "$line" = caught ] || echo "line: $line"
		exec 3<&-
		wait "$p"; [ $? = 5 ] || echo "status"
		rm "$tmp/told"'
}

# An orphan whose session has nobody else in it belongs to it; one that shares it with others does not.
testOrphans() {
	tree 'family setsid sh -c "(sleep 1001 &); \"\$@\"; :" -
		until_true "pgrep -f \"^sleep 1001\" >\"\$tmp/orphan\""
		leader=$(sed "s/.*) . \([0-9]*\) .*/\1/" "/proc/$root/stat")
		is 0 "$kill" --wait --tree -KILL "$leader"
		gone "$root" "$child" "$grandchild" "$last"
		pgrep -f "^sleep 1001" && echo "it lives"'
	tree 'family sh -c "(sleep 1001 &); \"\$@\"; :" -
		until_true "pgrep -f \"^sleep 1001\" >\"\$tmp/orphan\""
		is 0 "$kill" --wait --tree -KILL "$(sed "s/.*) . \([0-9]*\) .*/\1/" "/proc/$root/stat")"
		gone "$root" "$child" "$grandchild" "$last"
		pgrep -f "^sleep 1001" >"$tmp/orphan" || echo "it is gone"'
}

# Not itself, nor what it descends from, but what else is below that.
testNotItself() {
	tree 'mkfifo "$tmp/told"
		sh -c "sleep 1000 & echo \$!; \"$kill\" --tree \$\$ 2>\"$tmp/err\"; echo \$? \$\$" >"$tmp/told" &
		p=$!
		{ read -r child; read -r status itself; } <"$tmp/told"
		[ "$status $itself" = "64 $p" ] || echo "status $status of $itself"
		says err "kill: ($p): left out, since this kill is below it"
		gone "$child"
		rm "$tmp/told"'
	# All but PID 1, the shell of the test and kill.
	tree 'is 64 "$kill" --tree 1; says err "kill: (1): left out, since this kill is below it"
		gone "$other"
		sleep 1000 &
		other=$!'
}

testZombies() {
	tree 'sh -c "sleep 0 & exec sleep 1000" & p=$!
		until_true "[ -n \"\$(cat /proc/$p/task/$p/children)\" ]"
		zombie=$(cat "/proc/$p/task/$p/children"); zombie=${zombie% }
		in_state Z "$zombie"
		is 0 "$kill" --tree -0 "$zombie"
		is 0 "$kill" --tree "$p"; gone "$p"'
}

testNobody() {
	tree 'is 1 "$kill" --tree 30000; says err "kill: (30000): No such process"
		is 1 "$kill" --tree -TERM -- -30000; says err "kill: (-30000): --tree is not for groups"
		is 1 "$kill" --tree'
}

testOthersProcesses() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can be others'
		return
	fi
	tree 'family env; is 1 setpriv --reuid 61234 --regid 61234 --clear-groups "$kill" --tree "$root"
		lives "$root" "$child" "$grandchild" "$last"'
}

# From above, with those that live in a namespace below; its init gets only KILL.
testNamespaceBelow() {
	tree 'below() { cat /proc/[0-9]*/status 2>/dev/null | grep -c "^NSpid:[[:space:]]*[0-9][0-9]*[[:space:]][0-9]"; }
		unshare --pid --fork sh -c "sleep 1000 & sleep 1000; :" 2>/dev/null &
		p=$!
		until_true "[ \"\$(below)\" = 3 ]"
		is 0 "$kill" --wait --tree -KILL "$p"
		gone "$p"
		until_true "[ \"\$(below)\" = 0 ]"'
}

# An init that leads group 1, from inside: it cannot be stopped, and -1 would stop everybody, for good.
testGroupOne() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can enter it like that'
		return
	fi
	tree 'unshare --pid --fork --mount-proc setsid sh -c "trap : USR1; env --ignore-signal=USR1 sleep 1001 &
			wait; wait; wait" &
		p=$!
		until_true "pgrep -f \"^sleep 1001\" >\"$tmp/child\""
		read -r child <"$tmp/child"
		init=$(cat "/proc/$p/task/$p/children")
		/usr/bin/nsenter --target "${init% }" --pid --mount sleep 1002 &
		until_true "pgrep -f \"^sleep 1002\" >\"$tmp/child\""
		read -r stranger <"$tmp/child"
		is 0 timeout 15 /usr/bin/nsenter --target "${init% }" --pid --mount "$kill" --tree -USR1 1
		says err ""
		in_state S "$child"; in_state S "$stranger"; in_state S "${init% }"'
}

# Without descriptors for all of them.
testFewDescriptors() {
	tree 'mkfifo "$tmp/fifo"
		sh -c "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 1000 & done; echo \$\$
			wait" >"$tmp/fifo" &
		read -r root <"$tmp/fifo"
		rm "$tmp/fifo"
		(ulimit -n 16; exec "$kill" --tree "$root") || echo "status $?"
		gone "$root"
		until_true "[ \"\$(cat /proc/[0-9]*/comm 2>/dev/null | grep -c sleep)\" = 1 ]"'
}

testFollowUps() {
	enabled KILL_WAIT || return 0
	tree 'family env --ignore-signal=TERM
		is 1 "$kill" --tree --wait=0.05 "$root"
		is 0 "$kill" --tree --timeout 50 KILL --wait "$root"
		gone "$root" "$child" "$grandchild" "$last"'
}

# /proc of other numbers is of no use.
testAnothersProc() {
	assert_run 1 '' 'kill: --tree: /proc is that of another PID namespace *' \
		unshare --user --map-root-user --pid --fork --kill-child "$kill" --tree 1
}

testNotBuiltIn() { assert_run 1 '' "kill: unrecognized option '--tree'*" "$kill" --tree $$; }

. "${SHUNIT2:-shunit2}"
