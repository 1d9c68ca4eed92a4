#!/bin/sh
# SPDX-License-Identifier: 0BSD
# kill --tree against processes that fork as fast as they can: in 100 tries none survives. They run in PID
# namespaces of their own, behind kill_guard, and may be 60.
# shellcheck disable=SC2016,SC2034,SC2154 # expanded over there; used there; of lib.sh
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/kill-tree.sh"
kill=$BIN/kill

suite() { tests_of KILL_TREE; }

# bomb MODE TIMES: as often none of the processes survives that fork as fast as they can.
bomb() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'only root can limit the processes of a user of their own'
		return
	fi
	[ -e "$T/kill-bomb" ] || "${HOSTCC:-cc}" -O1 -Wall -Wextra -D_GNU_SOURCE -pthread -o "$T/kill-bomb" \
		"$TOP/tests/applet/helper/kill-bomb.c" || fail 'cannot compile'
	tree 'bomb='"$T/kill-bomb"'
		mkfifo "$tmp/first"
		i=0
		while [ $((i += 1)) -le '"$2"' ]; do
			"$bomb" '"$1"' >"$tmp/first" &
			read -r root <"$tmp/first"
			is 0 "$kill" --tree --wait=60 -KILL "$root"
			wait "$!" 2>/dev/null
			left=$(cat /proc/[0-9]*/stat 2>/dev/null | grep "(kill-bomb)" | grep -v "(kill-bomb) [ZX]")
			[ -z "$left" ] || { echo "try $i:"; echo "$left"; break; }
		done
		rm "$tmp/first"'
}

testBombThatForks() { bomb fork 10; }
testBombThatFlees() { bomb flee 60; }
testBombThatEnds() { bomb both 10; }
testBombOfThreads() { bomb threads 10; }
testBombOfGroups() { bomb groups 10; }

testNotBuiltIn() { assert_run 1 '' "kill: unrecognized option '--tree'*" "$kill" --tree $$; }

. "${SHUNIT2:-shunit2}"
