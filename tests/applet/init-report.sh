#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init --info-signal: the report, above all about zombies whose parent is not init.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
. "$TOP/tests/applet/helper/clog.sh"

# Built without it there is no such option.
not_there() { assert_run 1 '' "init: unrecognized option '--info-signal'*" "$INIT" --info-signal=USR1 true; }
enabled INIT_INFO || suite() { suite_addTest not_there; }
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

# asked PID: sends USR1 and waits until the report, whose last line tells of the totals, is in
# $T/bg.err for the time it now is.
reports=0
asked() {
	reports=$((reports + 1))
	"$PROBE" send "$1" 10
	wait_for "[ \"\$(grep -c 'lines lost' '$T/bg.err')\" = $reports ]"
	# The last one, without heads.
	awk '/\]: up / { text = "" } { text = text $0 "\n" } END { printf "%s", text }' "$T/bg.err" \
		>"$T/last"
	report=$(sed 's/^[a-z-]*\[[0-9]*\]: //' "$T/last")
}

# has PATTERN: whether a line of the report fits the pattern of the shell's case.
has() {
	printf '%s\n' "$report" >"$T/report"
	while read -r has_line; do
		like "$has_line" "$1" && return
	done <"$T/report"
	return 1
}
report_has() { has "$1" || fail "no '$1' in: $report"; }
report_lacks() { ! has "$1" || fail "'$1' in: $report"; }

# started INIT...: in the background, with the command's first line read; started_inside: as PID 1, to
# be ended by killed_inside, since with it all others end.
started() {
	reports=0
	background "$@"
	next_line
}
started_inside() {
	reports=0
	as_pid1 "$@"
	next_line && find_inside
}

killed_inside() {
	"$PROBE" send "$inside" 9
	wait "$bg"
	exec 8<&-
}

AGE='[0-9]*.[0-9][0-9][0-9] s'

testReport() {
	started "$INIT" --info-signal USR1 "$PROBE" catch 1 || return
	asked "$bg"
	assertEquals "$report" 3 "$(wc -l <"$T/last")"
	command=$(child_of "$bg")
	report_has "up $AGE, command $command (probe)"
	report_has "child $command (probe), age $AGE, the command"
	report_has 'reaped 0 (0 by signal, 0 with a code other than 0), forwarded 0, lines lost 0'
	assertEquals "each line has its head: $(cat "$T/last")" 3 "$(grep -c "^init\[$bg\]: " "$T/last")"
	# The command has not got it.
	"$PROBE" send "$bg" 12
	next_line
	assertEquals '12 0 0' "$line"
	ended 0
}

testTotals() {
	started "$INIT" --info-signal USR1 sh -c '
		reaped() { until [ "$(cat "/proc/$PPID/task/$PPID/children")" = "$$ " ]; do sleep 0.01; done; }
		"$PROBE" orphans 5; reaped
		# Their parent has ended when they do.
		for end in "die 9" "die 15" "wrong use"; do "$CLOG" orphan "$PROBE" $end; reaped; done
		exec "$PROBE" catch 3' || return
	for sig in 1 12; do
		"$PROBE" send "$bg" "$sig"
		next_line
	done
	asked "$bg"
	report_has 'reaped 8 (2 by signal, 1 with a code other than 0), forwarded 2, lines lost 0'
	"$PROBE" send "$bg" 1
	next_line
	ended 0
}

# As PID 1: tini's users ask why these are not reaped.
testZombiesOfOthers() {
	cp "$CLOG" "$T/owner"
	started_inside "$INIT" --info-signal USR1 sh -c '"$0" brood 2 & wait' "$T/owner" || return
	owner=$line
	asked "$inside"
	assertEquals "$report" 2 "$(printf '%s\n' "$report" | grep -c \
		"^zombie [1-9][0-9]* (worker) of $owner (owner): its parent must wait for it, not init\$")"
	assertEquals "$report" 5 "$(wc -l <"$T/last")"
	killed_inside
	rm "$T/owner"
}

# Their parent ends, and init, which is the new one, reaps them.
testZombieGoesWithItsParent() {
	started_inside "$INIT" --info-signal USR1 sh -c '"$CLOG" brood 3 & "$PROBE" live' || return
	asked "$inside"
	assertEquals "$report" 3 "$(printf '%s\n' "$report" | grep -c '^zombie ')"
	inside_ns "kill -KILL $line"
	until
		asked "$inside"
		like "$report" '*reaped 3 (*'
	do
		[ "$reports" -lt 1000 ] || break
	done
	report_has 'reaped 3 (*'
	report_lacks '* (worker) *'
	killed_inside
}

# Somebody who has entered the namespace has his parent outside.
testZombieOfSomebodyOutside() {
	started_inside "$INIT" --info-signal USR1 "$PROBE" catch 1 || return
	mkfifo "$T/entered"
	enter=
	[ "$(id -u)" = 0 ] || enter='-U --preserve-credentials'
	# shellcheck disable=SC2086 # words
	nsenter -t "$inside" -p $enter sh -c 'echo; exec "$PROBE" live' >"$T/entered" &
	outside=$!
	read -r _ <"$T/entered"
	visitor=$(child_of "$outside")
	wait_for '[ "$(cat "/proc/$visitor/comm")" = probe ]' || return # no shell any more
	kill -STOP "$outside"
	wait_state "$outside" T
	kill -KILL "$visitor"
	wait_state "$visitor" Z
	asked "$inside"
	report_has 'zombie [1-9]* (probe) of a process outside of the namespace: its parent must wait for it, not init'
	kill -CONT "$outside"
	wait "$outside"
	asked "$inside"
	report_lacks 'zombie *'
	"$PROBE" send "$inside" 1
	ended 0
}

# A process shows as a zombie when its first thread has ended, and is none.
testFirstThreadHasEnded() {
	started_inside "$INIT" --info-signal USR1 sh -c '"$CLOG" headless & wait' || return
	asked "$inside"
	report_has "process $line (clog) has lost its first thread, but 1 run"
	report_lacks 'zombie *'
	assertEquals "$report" 4 "$(wc -l <"$T/last")"
	killed_inside
	# As the command too.
	started_inside "$INIT" --info-signal USR1 "$CLOG" headless || return
	asked "$inside"
	report_has "process $line (clog) has lost its first thread, but 1 run"
	killed_inside
}

testChildren() {
	started "$INIT" --info-signal USR1 sh -c '
		("$PROBE" live &)
		until [ "$(wc -w <"/proc/$PPID/task/$PPID/children")" = 2 ]; do sleep 0.01; done
		exec "$PROBE" catch 1' || return
	for child in $(children "$bg"); do
		wait_for "[ \"\$(cat /proc/$child/comm)\" = probe ]" || return
	done
	asked "$bg"
	command=$(printf '%s\n' "$report" | sed -n 's/^up .* command \([0-9]*\) .*/\1/p')
	orphan=$(children "$bg" | tr ' ' '\n' | grep -vx "$command" | tr -d '\n')
	report_has "child $orphan (probe), age $AGE"
	report_has "child $command (probe), age $AGE, the command"
	assertEquals "$report" 4 "$(wc -l <"$T/last")"
	kill -KILL "$orphan"
	wait_state "$orphan" gone
	asked "$bg"
	report_has 'reaped 1 (1 by signal, 0 with*'
	assertEquals "$report" 3 "$(wc -l <"$T/last")"
	"$PROBE" send "$bg" 1
	next_line
	ended 0
}

# within WHAT MS FIRST LAST: that these milliseconds are FIRST to LAST hundredths of a second, which are both cut.
within() {
	if [ "$2" -le $((($3 - 1) * 10)) ] || [ "$2" -ge $((($4 + 1) * 10)) ]; then
		fail "$1: $2 ms, not $3 to $4: $report"
	fi
}

# A process with an age that one can know: /proc counts in units of 10 ms.
testAge() {
	before=$(uptime_cs)
	started "$INIT" --info-signal USR1 "$PROBE" catch 1 || return
	born=$(uptime_cs)
	start=$(sed 's/.*) //' "/proc/$(child_of "$bg")/stat" | cut -d' ' -f20)
	wait_for "[ \$(uptime_cs) -gt $((born + 50)) ]"
	first=$(uptime_cs)
	asked "$bg"
	last=$(uptime_cs)
	age=$(printf '%s\n' "$report" | sed -n 's/^child .* age \([0-9]*\)\.\([0-9]*\) s, .*/\1\2/p' | sed 's/^0*//')
	up=$(printf '%s\n' "$report" | sed -n 's/^up \([0-9]*\)\.\([0-9]*\) s, .*/\1\2/p' | sed 's/^0*//')
	within age "$age" $((first - start)) $((last - start))
	within up "$up" $((first - born)) $((last - before))
	"$PROBE" send "$bg" 1
	next_line
	ended 0
}

# There are more than anybody wants to read.
testMany() {
	started_inside "$INIT" --info-signal USR1 sh -c '
		(n=0; while [ $n -lt 50 ]; do "$PROBE" live & n=$((n + 1)); done)
		until [ "$(wc -w </proc/1/task/1/children)" = 51 ]; do sleep 0.01; done
		"$CLOG" brood 60' || return
	asked "$inside"
	report_has 'and 11 more children'
	report_has 'and 20 more zombies'
	assertEquals 40 "$(printf '%s\n' "$report" | grep -c '^child ')"
	assertEquals 40 "$(printf '%s\n' "$report" | grep -c "^zombie .* (worker) of $line (clog): ")"
	killed_inside
}

# Not as PID 1: others' zombies are none of its business, but those of its grandchildren are.
testOnlyOurOwn() {
	"$CLOG" brood 1 >"$T/foreign" &
	foreign=$!
	wait_for "[ -s '$T/foreign' ]"
	started "$INIT" --info-signal USR1 sh -c '(sh -c "\"\$CLOG\" brood 2 & wait" & wait) & wait' || return
	asked "$bg"
	assertEquals "$report" 2 "$(printf '%s\n' "$report" | grep -c '^zombie')"
	assertEquals "$report" 2 "$(printf '%s\n' "$report" | grep -c \
		"^zombie [1-9][0-9]* (worker) of $line (clog): its parent must wait for it, not init\$")"
	kill -KILL "$line" "$foreign"
	wait "$foreign" 2>/dev/null
	ended 0
}

# Names that would be orders to the terminal.
testUnsafeNames() {
	odd=$T/$(printf 'a\033[1mb\nc')
	cp "$PROBE" "$odd"
	started "$INIT" --info-signal USR1 "$odd" catch 1 || return
	asked "$bg"
	report_has 'child * (a?\[1mb?c), *'
	assertEquals "$(cat "$T/last")" 3 "$(wc -l <"$T/last")"
	"$PROBE" send "$bg" 1
	ended 0
	rm "$odd"
}

testOtherSignals() {
	for sig in QUIT RTMIN+5; do
		started "$INIT" --info-signal "$sig" "$PROBE" catch 1 || return
		kill -s "$sig" "$bg" 2>/dev/null || "$PROBE" send "$bg" 39
		wait_for "grep -q 'lines lost' '$T/bg.err'"
		"$PROBE" send "$bg" 10
		next_line
		assertEquals '10 0 0' "$line"
		ended 0
	done
}

# ---- nobody reads, nothing to read

# However often it is asked; a real-time signal is so often as it was sent. In a namespace: outside a report
# looks at each process of the machine, of which there may be thousands.
testX4FullStderr() {
	for kind in pipe socket tty stopped; do
		# shellcheck disable=SC2086 # words
		clogged "$kind" 2 $PID1 "$INIT" --info-signal RTMIN "$PROBE" catch 2
		next_line || return
		to=$(child_of "$(child_of "$bg")")
		n=0
		while [ $n -lt 400 ]; do
			kill -34 "$to"
			n=$((n + 1))
		done
		taken "$to" && "$PROBE" send "$to" 12
		next_line
		assertEquals "$kind: still there" '12 0 0' "$line"
		unclog || return
		kill -34 "$to"
		taken "$to" && "$PROBE" send "$to" 12
		next_line
		ended 0
		tr -d '\r' <"$T/read" >"$T/lines.read"
		gone=$(sed -n 's/^init\[[0-9]*\]: \([0-9]*\) lines were lost here$/\1/p' "$T/lines.read" |
			awk '{ n += $0 } END { print n + 0 }')
		[ "$gone" -gt 0 ] || fail "$kind: nothing was lost"
		assertEquals "$kind: lost $gone" 1203 $((gone + $(grep -vc 'lines were lost here' "$T/lines.read")))
		like "$(tail -n 1 "$T/lines.read")" "*, lines lost $gone" || fail "$kind: $(tail -n 2 "$T/lines.read")"
	done
}

# An idle init is afterwards as small as before.
testMemoryIsGivenBack() {
	sanitized && return 0
	started_inside "$INIT" --info-signal USR1 "$PROBE" catch 1 || return
	taken "$inside"
	before=$(field RssAnon "$inside")
	asked "$inside"
	asked "$inside"
	taken "$inside"
	after=$(field RssAnon "$inside")
	assertTrue "$before, then $after" "[ ${after% kB} -le ${before% kB} ]"
	"$PROBE" send "$inside" 1
	ended 0
}

testWithoutProc() {
	# /proc is the outer namespace's: no number in it is ours.
	reports=0
	# shellcheck disable=SC2086 # words
	background $USERNS unshare --fork --pid --kill-child "$INIT" --info-signal USR1 "$PROBE" catch 1
	next_line && find_inside || return
	asked "$inside"
	report_has "up $AGE, command 2"
	report_has 'no /proc of this PID namespace: children and zombies are unknown'
	report_has 'reaped 0 *'
	assertEquals "$report" 3 "$(wc -l <"$T/last")"
	"$PROBE" send "$inside" 1
	ended 0
}

testWithoutAnyProc() {
	need_root && ! sanitized || return 0
	mkdir "$T/root"
	cp "$BIN/pidbox" "$T/root/init"
	reports=0
	# shellcheck disable=SC2086 # words
	background unshare --fork --pid --kill-child chroot "$T/root" /init --info-signal USR1 -- \
		/init --info-signal HUP -- /init -P
	wait_for '[ -n "$(children "$bg")" ]'
	find_inside
	wait_for '[ -n "$(children "$inside")" ] && [ -n "$(children "$(child_of "$inside")")" ]' || return
	# The last one is handed TERM: not before it takes it.
	pause=$(child_of "$(child_of "$inside")")
	wait_for "[ \"\$(state $pause) \$(field SigBlk $pause)\" = 'S fffffffffffbfeff' ]" || return
	asked "$inside"
	report_has 'no /proc of this PID namespace: children and zombies are unknown'
	"$PROBE" send "$inside" 15
	ended 0
}

. "${SHUNIT2:-shunit2}"
