# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh disable=SC1091,SC2016,SC2034 # expanded over there; of lib.sh; of kill.sh
# What the tests of kill --tree share. Below an init that buries orphans.
. "$TOP/tests/applet/helper/kill.sh"
need tini tini
below='tini --'

# tree TEXT: as inside, with a process besides, $other, that shall be alive at the end, and
# family [CMD...]: a process, started by CMD, with three descendants: $root $child $grandchild $last. They
# sleep.
tree() {
	inside '
		family() {
			mkfifo "$tmp/fifo"
			"$@" sh -c "sleep 1000 & echo \$\$ \$!
				sh -c \"sleep 1000 & echo \\\$\\\$ \\\$!; wait; :\"; :" >"$tmp/fifo" 2>/dev/null &
			{ read -r root child; read -r grandchild last; } <"$tmp/fifo"
			rm "$tmp/fifo"
			for pid in $root $child $grandchild $last; do in_state S "$pid"; done
		}
		sleep 1000 &
		other=$!
		'"$1"'
		lives "$other"'
}
