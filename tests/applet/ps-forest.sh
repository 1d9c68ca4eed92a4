#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps: the order of rows: forests, sorting, threads. Trees of our own; those that no kernel makes are files.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/procps.sh"

ps=$BIN/ps

# process DIR PID PPID NAME [START [FLAGS [CPU]]]: a process of a /proc made of files.
process() {
	mkdir -p "$1/$2"
	echo "$2 ($4) S $3 $2 $2 0 -1 ${6:-4194304} 0 0 0 0 ${7:-0} 0 0 0 20 0 1 0 ${5:-$2} 0 0 0 0 0 0 0 0 0" \
		"0 0 0 0 0 0 17 0 0 0 0 0 0" >"$1/$2/stat"
	printf '%s\0' "$4" >"$1/$2/cmdline"
}

# tree DIR: a process below PID 1, its children, one that came in from outside, the kernel's threads.
tree() {
	process "$1" 1 0 init 0
	process "$1" 10 1 first 50
	process "$1" 11 10 grandchild 90
	process "$1" 12 10 elder 40
	process "$1" 13 12 deep 91
	process "$1" 20 1 second 60
	process "$1" 30 0 entered 70
	process "$1" 31 30 its-child 71
	process "$1" 40 0 entered-later 80
}

testForest() {
	tree "$T/tree"
	assert_run 0 '    1 init
   10  \\_ first
   12  |   \\_ elder
   13  |   |   \\_ deep
   11  |   \\_ grandchild
   20  \\_ second
   40 entered-later
   30 entered
   31  \\_ its-child' '' "$ps" --proc "$T/tree" -eo pid=,comm= --forest
	forest=$out
	assert_run 0 "$(printf '%s\n' "$forest" | sed 's/\\/\\\\/g')" '' \
		"$ps" --proc "$T/tree" f -eo pid=,args=
	assert_run 0 '    1 init
   10   first
   12     elder
   13       deep
   11     grandchild
   20   second
   40 entered-later
   30 entered
   31   its-child' '' "$ps" --proc "$T/tree" -eHo pid=,comm=
}

# The greatest number that there can be, which only a recorded tree has.
testForestOfTheGreatestNumber() {
	process "$T/greatest" 1 0 init 0
	process "$T/greatest" 2147483647 1 last 1
	process "$T/greatest" 5 2147483647 its-child 2
	assert_run 0 '    1 init
2147483647  \\_ last
    5      \\_ its-child' '' "$ps" --proc "$T/greatest" -eo pid=,comm= --forest
}

# Not before the kernel's threads, which are the machine's first in procps too.
testForestOfAMachine() {
	process "$T/machine" 1 0 init 0
	process "$T/machine" 2 0 kthreadd 0 2129984
	process "$T/machine" 3 2 worker 1 2129984
	process "$T/machine" 4 1 daemon 2
	assert_run 0 '    2 kthreadd
    3  \\_ worker
    1 init
    4  \\_ daemon' '' "$ps" --proc "$T/machine" -eo pid=,comm= --forest
}

testForestSorted() {
	tree "$T/sorted"
	assert_run 0 '    1 init
   20  \\_ second
   10  \\_ first
   12      \\_ elder
   13      |   \\_ deep
   11      \\_ grandchild
   30 entered
   31  \\_ its-child
   40 entered-later' '' "$ps" --proc "$T/sorted" -eo pid=,comm= --forest --sort -pid
}

# A root is who has no parent among those selected.
testForestOfSome() {
	tree "$T/some"
	assert_run 0 '   13 deep
   11 grandchild' '' "$ps" --proc "$T/some" -o pid=,comm= --forest -p 11,13
	assert_run 0 '   12 elder
   13  \\_ deep' '' "$ps" --proc "$T/some" -o pid=,comm= --forest -p 12,13
}

# The lines stand in the column of the command, wherever it is, and count in its width; a step
# that does not fit is left out.
testForestInItsColumn() {
	tree "$T/column"
	assert_run 0 'COMMAND           PID COMMAND
init                1 init
 \\_ first          10  \\_ fi
     \\_ elder      12     el
         \\_ dee    13     de' '' "$ps" --proc "$T/column" --cols 28 --forest \
		-o comm:15,pid,args -p 1,10,12,13
}

# Numbers that were read at different moments: each process once, all the same.
testCircles() {
	process "$T/circle" 1 0 init
	process "$T/circle" 5 7 five
	process "$T/circle" 6 5 six
	process "$T/circle" 7 6 seven
	process "$T/circle" 8 8 own
	process "$T/circle" 9 7 below
	assert_run 0 '*' '' "$ps" --proc "$T/circle" -eo pid= --forest
	assertEquals '1 5 6 7 8 9' "$(echo "$out" | sort -n | xargs)"
}

# Depth costs no stack, and breadth no time: a chain of 3,000 and 3,000 children of one.
testDeepAndBroad() {
	mkdir "$T/deep"
	seq 6000 | (cd "$T/deep" && xargs mkdir)
	awk -v dir="$T/deep" 'BEGIN {
		for (i = 1; i <= 6000; i++) {
			file = dir "/" i "/stat"
			print i, "(p) S", (i > 3000 ? 1 : i - 1), "1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0", i,
				"0 0 0 0 0 0 0 0 0 0 0 0 0" >file
			close(file)
		}
	}'
	assert_run 0 '*' '' "$ps" --proc "$T/deep" -eo pid=,comm= --forest
	assertEquals 6000 "$(wc -l <"$T/out")"
	assertEquals "$((4 * 2999 + 7))" "$(awk 'length > most { most = length } END { print most }' "$T/out")"
	assert_run 0 '*' '' "$ps" --proc "$T/deep" -eo pid=,comm=
	assertEquals 6000 "$(wc -l <"$T/out")"
}

# The same bytes as procps for a tree of real processes. Not compared is what 4.0.2 has wrong: it does
# not indent the children of PID 1, and loses processes in a forest that is sorted.
testForestIsThatOfProcps() {
	# shellcheck disable=SC2016 # expanded by that shell
	assert_run 0 same '' in_ns sh -c '
		sh -c "sleep 1000 & sh -c \"sleep 1001 & sleep 1002 & wait\" & sleep 1003 & wait" &
		top=$!
		sh -c "sleep 1004 & wait" &
		other=$!
		until [ "$(pgrep -c sleep)" = 5 ]; do sleep 0.01; done
		list=$(pgrep -x "sleep|sh" | grep -vx 1 | paste -sd,)
		for options in "--forest -o pid,ppid,args" "-H -o pid,ppid,args" "f -o args,pid" "-f --forest" \
			"-f --forest --no-headers" "f --cols 40 -o pid,ppid,args" \
			"-fH --cols 70" "f -j" "u f --cols 90" "--sort -ppid,pid -o pid,ppid,comm" \
			"k -comm,+pid o pid,args" "Op" "O-p" "O-Pp" "f --headers --rows 4" "--headers --rows 4 -f"; do
			tries=0
			while # once more when they have come to rest, or grown older, meanwhile
				"$2" $options -p "$list" >"$3/theirs" 2>&1
				"$1" $options -p "$list" >"$3/ours" 2>&1
				"$2" $options -p "$list" >"$3/again" 2>&1
				! cmp -s "$3/theirs" "$3/again" && [ "$((tries += 1))" -lt 50 ]
			do :; done
			cmp -s "$3/theirs" "$3/ours" && continue
			echo "not as procps: $options"
			diff "$3/theirs" "$3/ours"
		done
		echo same
		kill $top $other; pkill sleep; wait' sh "$ps" "$procps" "$T"
}

testSort() {
	process "$T/keys" 5 1 b 9 0 7
	process "$T/keys" 6 2 a 9 0 7
	process "$T/keys" 7 1 c 9 0 8
	process "$T/keys" 8 2 b 9 0 7
	sorted() {
		want=$1
		shift
		assert_run 0 "$want" '' "$ps" --proc "$T/keys" -e "$@" -o pid=
	}
	sorted '    5
    6
    8
    7' --sort time,pid
	sorted '    8
    7
    6
    5' --sort -pid
	sorted '    6
    8
    5
    7' --sort -ppid,comm
	sorted '    6
    5
    8
    7' k comm,pid
	sorted '    6
    8
    5
    7' --sort comm,-pid
}

testThreads() {
	run "$ps" -p $$ -L -o pid=,lwp=
	assertEquals "$(printf '%5d %5d' $$ $$)" "$out"
	assert_run 0 "*PID*LWP*TTY*
*$$ *$$ *" '' "$ps" -L -p $$
	assert_run 0 "*PID*SPID*TTY*
*$$ *$$ *" '' "$ps" -T -p $$
	assert_run 0 "*$$     -
    - *$$" '' "$ps" m -p $$ -o pid=,lwp=
	assert_run 0 "*$$ *$$" '' "$ps" H -p $$ -o pid=,lwp=
}

. "${SHUNIT2:-shunit2}"
