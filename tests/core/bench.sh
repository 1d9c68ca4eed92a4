#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The harness of the benchmark, on rows of its own: what it measures, how it judges, what it says of
# what cannot be measured. No figure that depends on the machine is asserted.
. "$(dirname "$0")/../lib.sh"
need jq jq

ROWS=$T/rows
O=$T/o

oneTimeSetUp() {
	mkdir "$ROWS"
	for program in measure true stamp orphans sleeper empty floor-wait floor-fork floor-loop floor-enter; do
		echo "$O/bench/$program"
	done | xargs make -s -j2 O="$O" >"$T/make" 2>&1 || {
		cat "$T/make"
		return 1
	}
}

# bench NAME...: $rc, $out, $err; the rows of the NAMEs are in $ROWS.
bench() { run env BUILD="$O" PIDBOX="$PIDBOX" sh scripts/bench.sh -d "$ROWS" "$@"; }

# result BENCH ROW FILTER: what the JSON holds of a row.
result() { jq -r --arg b "$1" --arg r "$2" ".rows[] | select(.bench == \$b and .row == \$r) | $3" "$O/bench.json"; }

# said TEXT: a line of the table, its blanks squeezed.
said() { printf '%s\n' "$out" | sed 's/  */ /g' | grep -qxF -e "$1" || fail "no line '$1' in: $out"; }

testJudgesByTheGoal() {
	cat >"$ROWS/judge.sh" <<-'END'
		for round in 0 1 2; do
			echo "t ours $round 1${round}0"
			echo "t floor $round 1${round}0"
			echo "t half $round 50"
			echo "t peer-a $round 220"
			echo "t peer-b $round 55"
			echo "t nothing $round 0"
		done >>"$W/data"
		peer peer-a true
		peer peer-b true
		row even 'As "good" \ as' us t goal='<= 1 floor'
		row under 'less' us t goal='< 1 floor'
		row twice 'beside the best peer' us t goal='<= 2 peer'
		row less 'half less' us t minus=half per=10 goal='<= 6'
		row zero 'nothing' us t ours=nothing goal='= 0'
		row relative 'nothing of nothing' us t ours=nothing floor=nothing goal='<= 2 nothing'
		row plain 'no goal' us t
		datum size ours 10
		row size 'without a floor' bytes size
		row both 'two goals' us t goal='<= 2 peer-b and <= 0.5 peer-a'
		row one 'one of two' us t goal='<= 2 peer-b and <= 0.4 peer-a'
		row other 'the other of two' us t goal='<= 1 peer-b and <= 0.5 peer-a'
		datum v ours 10
		datum v ours.start 4
		datum v peer-a 20
		datum v peer-a.start 5
		datum v peer-b 30
		row each 'each less its own' us v minus='*.start'
	END
	bench judge
	assertEquals "$out $err" '0:' "$rc:$err"
	said 'figure unit ours peer-a peer-b /peer floor /floor spread goal result'
	said 'As "good" \ as us 110 220 55 2.00 110 1.000 - <= 1 floor met'
	said 'less us 110 220 55 2.00 110 1.000 - < 1 floor missed'
	said 'beside the best peer us 110 220 55 2.00 110 1.000 - <= 2 peer met'
	said 'half less us 6 17 0.50 12.00 6 1.000 - <= 6 met'
	said 'nothing us 0 220 55 0.00 110 0.000 - = 0 met'
	said 'nothing of nothing us 0 220 55 0.00 0 - - <= 2 nothing met'
	said 'no goal us 110 220 55 2.00 110 1.000 - - -'
	said 'without a floor bytes 10 - - - - - - - -'
	said 'two goals us 110 220 55 2.00 110 1.000 - <= 2 peer-b and <= 0.5 peer-a met'
	said 'one of two us 110 220 55 2.00 110 1.000 - <= 2 peer-b and <= 0.4 peer-a missed'
	said 'the other of two us 110 220 55 2.00 110 1.000 - <= 1 peer-b and <= 0.5 peer-a missed'
	said 'each less its own us 6 15 - 0.40 - - - - -'
	assertEquals '6 goals met, 3 missed' "$(echo "$out" | tail -n 1)"
	assertEquals 12 "$(jq '.rows | length' "$O/bench.json")"
	assertEquals 'As "good" \ as' "$(result judge even .figure)"
	assertEquals '110 100 120 3' "$(result judge even '.ours | "\(.median) \(.min) \(.max) \(.rounds)"')"
	assertEquals '220 55 110 1 <= 1 floor met' \
		"$(result judge even '"\(.peers["peer-a"].median) \(.peers["peer-b"].median) \(.floor.median) \(
			.floor_ratio) \(.goal) \(.result)"')"
	assertEquals 'null null null' "$(result judge size '"\(.floor) \(.goal) \(.result)"')"
}

# One run of each kind of measurement.
testMeasures() {
	cat >"$ROWS/kinds.sh" <<-'END'
		fresh
		other ours "$programs/true"
		peer again "$programs/true"
		measure command -n 3 -k 2 -P 5 run
		measure calls -n 1 calls
		fresh
		other ours "$programs/floor-loop"
		other floor "$programs/floor-wait"
		measure start -n 1 -k 2 -1 life "$programs/true"
		measure inside -n 1 calls "$programs/true"
		measure outside -n 1 -o calls "$programs/true"
		measure stream -n 1 storm "$programs/orphans" stream 20
		measure burst -n 1 -1 storm "$programs/orphans" burst 20
		measure single -n 1 storm "$programs/orphans" single 5 4
		measure idle -n 1 -t 1 idle "$programs/sleeper"
		fresh
		other ours "$programs/empty"
		measure empty -n 1 -t 0 idle
		for q in command.wall_us command.cpu_us calls.calls calls.peak_kb start.wall_us inside.calls_exec \
			outside.calls_exec inside.calls inside.calls_all stream.cpu_us burst.cpu_us burst.wall_us \
			single.cpu_us single.switches idle.rss_kb idle.pss_kb idle.anon_kb idle.switches empty.anon_pages
		do
			row "$q" "$q" x "$q"
		done
	END
	bench kinds
	assertEquals "$out $err" 0 "$rc"
	assertEquals 19 "$(jq '.rows | length - (map(select(.bench != "kinds")) | length)' "$O/bench.json")"
	assertEquals 'all are measured' '' \
		"$(jq -r '.rows[] | select(.bench == "kinds" and .ours == null).row' "$O/bench.json")"
	# What does not depend on the machine: execve, two of the libc's start, exit_group.
	assertEquals 4 "$(result kinds calls.calls .ours.median)"
	assertEquals 4 "$(result kinds calls.calls .peers.again.median)"
	# After its execve: two of the start, the mask, vfork, the mask again, execve.
	assertEquals 6 "$(result kinds inside.calls_exec .ours.median)"
	assertEquals 6 "$(result kinds outside.calls_exec .ours.median)"
	assertEquals 4 "$(result kinds inside.calls_exec .floor.median)"
	assertEquals 'it sleeps' 0 "$(result kinds idle.switches .ours.median)"
	assertEquals 'true' "$(result kinds single.cpu_us '.ours.median > 0')"
}

# Commands that enter the namespaces of a process, or make their own: when their program begins, and
# the calls until then.
testMeasuresHowProgramsAreStarted() {
	cat >"$ROWS/enter.sh" <<-'END'
		fresh
		other ours "$programs/floor-enter" -t 2 -muinpCTf
		peer proc "$programs/floor-enter" -pf --mount-proc
		other floor "$programs/floor-enter"
		other none
		measure t -n 2 -k 3 -T exec "$programs/stamp"
		measure c -n 1 -T -o calls "$programs/true"
		fresh
		other ours "$programs/floor-enter" -t 2 -UmuinpCf
		peer root "$programs/floor-enter" -r
		other none
		measure u -n 2 -k 3 -U exec "$programs/stamp"
		measure d -n 1 -U -o calls "$programs/true"
		row exec 'exec' us t.exec_us minus=none goal='<= 1 ours'
		row end 'end' us t.wall_us
		row calls 'calls' calls c.calls_exec
		row user 'user' us u.exec_us minus=none
		row user-calls 'user' calls d.calls_exec
	END
	bench enter
	assertEquals "$out $err" 0 "$rc"
	# Less a bare exec a figure may be below 0 where others use the processor.
	assertEquals 'number number number' "$(result enter exec \
		'"\(.ours.median | type) \(.peers.proc.median | type) \(.floor.median | type)"')"
	assertEquals 'the end is later' true \
		"$(jq '[.rows[] | select(.bench == "enter")] | map({(.row): .ours.median}) | add |
			.end > .exec' "$O/bench.json")"
	assertEquals number "$(result enter user '.ours.median | type')"
	# After its execve two of the start. Then, to enter: pidfd_open, setns, close, vfork, execve; to
	# make: unshare, vfork, two mounts, execve; without either only execve. With ids three calls more;
	# their maps: unshare, three files opened, written and closed, execve.
	assertEquals '7 7 3' "$(result enter calls '"\(.ours.median) \(.peers.proc.median) \(.floor.median)"')"
	assertEquals '10 13' "$(result enter user-calls '"\(.ours.median) \(.peers.root.median)"')"
}

# A tool that ends without having executed its program has no figure.
testAProgramThatDoesNotBegin() {
	cat >"$ROWS/never.sh" <<-'END'
		fresh
		other ours "$programs/floor-enter"
		peer idle "$programs/true"
		measure t -n 1 exec "$programs/stamp"
		row exec 'exec' us t.exec_us
	END
	bench never
	assertEquals 1 "$rc"
	like "$err" '*idle: the program that it executes did not say when it began*' || fail "not named: $err"
	assertEquals 'true null' "$(result never exec '"\(.ours.median > 0) \(.peers.idle)"')"
}

# What fails is named and left out; the rest is measured all the same.
testWhatCannotBeMeasured() {
	cat >"$ROWS/bad.sh" <<-'END'
		fresh
		other ours "$programs/true"
		peer broken false
		peer absent /nonexistent/program
		measure t -n 1 run
		row good 'measured' us t.wall_us
		row none 'not measured' us t.no_such_quantity goal='<= 1'
		row peer 'beside nobody' us t.wall_us goal='<= 1 absent'
	END
	bench bad
	assertEquals "$out" 1 "$rc"
	like "$err" '*absent: there is no /nonexistent/program*' || fail "not named: $err"
	like "$err" '*broken: it ended with status 0x*bad: none: not measured*bad: peer: not measured*' ||
		fail "not named: $err"
	assertEquals '0 goals met, 0 missed, 2 rows not measured' "$(echo "$out" | tail -n 1)"
	assertEquals true "$(result bad good '.ours.median > 0')"
	assertEquals 'null null unmeasured' "$(result bad none '"\(.ours) \(.peers.broken) \(.result)"')"
	assertEquals unmeasured "$(result bad peer .result)"
}

# The rows of one file replace its own and no others.
testOneOfSeveral() {
	echo "datum q ours 1; row r 'first' x q" >"$ROWS/one.sh"
	echo "datum q ours 2; row r 'second' x q" >"$ROWS/two.sh"
	bench one two
	assertEquals "$err" 0 "$rc"
	echo "datum q ours 3; row r 'first' x q; row s 'another' x q" >"$ROWS/one.sh"
	bench one
	assertEquals '3 3 2' "$(result one r .ours.median) $(result one s .ours.median) $(result two r .ours.median)"
	assertEquals '["one","two"]' "$(jq -c '[.runs[].bench | select(. == "one" or . == "two")]' "$O/bench.json")"
}

testWrongUse() {
	bench nosuch
	assertEquals "2:bench: there is no $ROWS/nosuch.sh" "$rc:$err"
	assert_run 2 '' '*usage: measure *' "$O/bench/measure" -x
	assert_run 2 '' 'usage: measure *' "$O/bench/measure" nosuch
	assert_run 2 '' 'measure: /dev/null: nothing to measure' "$O/bench/measure" -c /dev/null run
}

# Ended in the middle, it leaves nothing behind: the runner looks for processes.
testEndedInTheMiddle() {
	mkfifo "$T/begun"
	printf 'fresh\nother ours %s\necho begun >%s\nmeasure t -n 1 -t 600000 idle %s\n' "$O/bench/floor-wait" \
		"$T/begun" "$O/bench/sleeper" >"$ROWS/long.sh"
	BUILD=$O setsid sh scripts/bench.sh -d "$ROWS" long >/dev/null 2>&1 </dev/null &
	bench=$!
	read -r _ <"$T/begun"
	# Before its exec a child of measure may not have asked yet to end with it (prctl(2)).
	wait_for 'measure=$(pgrep -P "$bench" -x measure) && pgrep -P "$measure" -x floor-wait >/dev/null' || return
	kill -TERM "$measure"
	wait "$bench"
	assertEquals 1 $?
	rm "$T/begun"
}

. "${SHUNIT2:-shunit2}"
