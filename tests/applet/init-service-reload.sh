#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init: HUP reads the inittab of services again, all of it or nothing.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by the shells that are started; words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
. "$TOP/tests/applet/helper/service.sh"
INIT=$BIN/init

suite() { tests_of INIT_SERVICE; }

testNotBuiltIn() {
	assert_run 1 '' "*unrecognized option '--inittab*" "$INIT" --inittab="$TAB" -- true
}

# What stays keeps its process; what is gone is stopped in its way; what is new is started.
testX11Reload() {
	for ns in '' 1; do
		inittab "::respawn:$T/svc stays" ":stop=USR1:once:$T/svc goes USR1" '::sysinit:echo sysinit'
		serve "$ns" --inittab "$TAB" -- "$T/svc" main
		expect_line sysinit && expect 'stays up' 'goes up' 'main up' || return
		before=$(runs | grep -v goes)
		inittab '::sysinit:echo again' "::once:$T/svc comes" ":timeout=5:respawn:$T/svc stays"
		kill -HUP "$up"
		expect_line 'goes USR1' && expect_line 'comes up' || return
		after=$(runs | grep -v comes)
		assertEquals "$before" "$after"
		# In the order of the new one.
		kill -TERM "$up"
		expect_line 'main TERM' && expect_line 'stays TERM' && expect_line 'comes TERM' || return
		ended 0
		assertEquals '' "$(cat "$T/bg.err")"
	done
}

# A bad file, or none, changes nothing; nor does one without a service where there is no command.
testX11AllOrNothing() {
	for ns in '' 1; do
		inittab "::respawn:$T/svc one"
		serve "$ns" --inittab "$TAB"
		expect_line 'one up' || return
		before=$(runs)
		inittab "::once:$T/svc two" '::nothing:x'
		kill -HUP "$up"
		wait_for 'grep -q "not reloaded" "$T/bg.err"' || return
		rm "$TAB"
		kill -HUP "$up"
		wait_for '[ "$(grep -c "not reloaded" "$T/bg.err")" = 2 ]' || return
		inittab '::sysinit:true'
		kill -HUP "$up"
		wait_for '[ "$(grep -c "not reloaded" "$T/bg.err")" = 3 ]' || return
		assertEquals "$before" "$(runs)"
		kill -TERM "$up"
		expect_line 'one TERM'
		ended 0
	done
}

# What has ended for good stays so; what was given up, or waits, has another chance.
testX11AnotherChance() {
	for ns in '' 1; do
		rm -f "$T/ok" "$T/n" "$T/once" "$T/waits"
		cat >"$T/tries" <<-'END_OF_TRIES'
			#!/bin/sh
			echo x >>"$1"
			[ -e "$T/ok" ] || exit 4
			exec "$T/svc" better
		END_OF_TRIES
		chmod +x "$T/tries"
		inittab ":max=2:respawn:$T/tries $T/n" "::once:$T/count $T/once 0" "::respawn:$T/tries $T/waits" \
			"::respawn:$T/svc one"
		serve "$ns" --backoff 600 --backoff-limit 600 --inittab "$TAB"
		expect_line 'one up' || return
		wait_for 'grep -q "given up" "$T/bg.err" && grep -q "has to wait" "$T/bg.err" && [ -s "$T/once" ]' || return
		touch "$T/ok"
		kill -HUP "$up"
		expect 'better up' 'better up' || return
		counted "$T/n" 4
		counted "$T/once" 1
		counted "$T/waits" 6
		kill -TERM "$up"
		expect 'one TERM' 'better TERM' 'better TERM'
		ended 0
	done
}

# Another chance is one to be told of, too: as at the start, each failure, and then that it has to wait.
testX11AnotherChanceIsTold() {
	for ns in '' 1; do
		inittab '::respawn:/no/such' "::respawn:$T/svc one"
		serve "$ns" --backoff 600 --backoff-limit 600 --inittab "$TAB"
		expect_line 'one up' || return
		for times in 1 2; do
			wait_for "[ \"\$(grep -c 'has to wait' '$T/bg.err')\" = $times ]" || return
			assertEquals $((times * 5)) "$(grep -c 'failed to execute /no/such' "$T/bg.err")"
			kill -HUP "$up"
		done
		kill -TERM "$up"
		expect_line 'one TERM'
		ended 0
	done
}

# And as long a one as the first: of ends in a row none counts that was before.
testX11AnotherChanceIsAsLong() {
	inittab ":max=2:respawn:$T/count $T/n 4" "::respawn:$T/svc one"
	for ns in '' 1; do
		rm -f "$T/n"
		serve "$ns" --backoff 600 --inittab "$TAB"
		expect_line 'one up' && wait_for 'grep -q "given up" "$T/bg.err"' || return
		kill -HUP "$up"
		wait_for '[ "$(grep -c "given up" "$T/bg.err")" = 2 ]'
		counted "$T/n" 6
		kill -TERM "$up"
		expect_line 'one TERM'
		ended 4
	done
}

# Where only what is over is left, all is.
testX11NoneIsLeft() {
	for ns in '' 1; do
		rm -f "$T/once"
		inittab "::once:$T/count $T/once 3" "::respawn:$T/svc one"
		serve "$ns" --inittab "$TAB"
		expect_line 'one up' && wait_for '[ "$(children "$up" | wc -w)" = 1 ]' || return
		inittab "::once:$T/count $T/once 3"
		kill -HUP "$up"
		expect_line 'one TERM' || return
		ended 3
		counted "$T/once" 1
	done
}

# What is gone and waits is not started again while another takes its time to go; the clock's waits are as long.
testX11OneThatWaitsGoes() {
	inittab ":timeout=600:once:$T/deaf deaf" "::respawn:$T/count $T/clock 4" "::respawn:$T/count $T/n 4"
	: >"$T/clock"
	serve '' --backoff 0.1 --backoff-limit 0.1 --inittab "$TAB"
	expect_line 'deaf up' && wait_for 'grep -q "count $T/n.*has to wait" "$T/bg.err"' || return
	inittab "::respawn:$T/count $T/clock 4"
	kill -HUP "$up"
	taken "$up" && wait_for '! runs | grep -q "count $T/n"' || return # it may just have been started
	before=$(wc -l <"$T/n") ticks=$(wc -l <"$T/clock")
	wait_for '[ "$(wc -l <"$T/clock")" -gt $((ticks + 2)) ]'
	assertEquals "$before" "$(wc -l <"$T/n")"
	find_service 'sleep 1000' && kill -KILL "$pid"
	kill -TERM "$up"
	ended 0
}

# While the first ones are at work, or those that are gone: it is not forgotten, and waits for nothing else.
testX11HupMeanwhile() {
	for ns in '' 1; do
		inittab "::sysinit:$T/svc sysinit" "::once:$T/svc never"
		serve "$ns" --inittab "$TAB"
		expect_line 'sysinit up' || return
		inittab ":timeout=600:once:$T/deaf deaf"
		kill -HUP "$up"
		taken "$up" && kill -TERM "$(child_of "$up")"
		expect_line 'sysinit TERM' && expect_line 'deaf up' || return
		inittab "::once:$T/svc one"
		kill -HUP "$up"
		taken "$up" || return
		inittab "::once:$T/svc one" "::once:$T/svc two"
		kill -HUP "$up"
		taken "$up" && kill -KILL "$(child_of "$up")"
		expect 'one up' 'two up' || return
		kill -TERM "$up"
		expect_line 'two TERM' && expect_line 'one TERM'
		ended 0
	done
}

# What goes away may take its time, and others are started again meanwhile; a stop signal ends that.
testX11OneThatIsSlowToGo() {
	for ns in '' 1; do
		inittab ":timeout=600:once:$T/deaf deaf" "::respawn:$T/svc one"
		serve "$ns" --inittab "$TAB"
		expect 'deaf up' 'one up' || return
		inittab "::respawn:$T/svc one"
		kill -HUP "$up"
		taken "$up" || return
		find_service "$T/svc one" && kill -KILL "$pid"
		expect_line 'one up' && find_service 'sleep 1000' || return
		kill -TERM "$up"
		expect_line 'one TERM' || return
		kill -KILL "$pid"
		ended 0
	done
}

# It is a signal like others where it means nothing else.
testX11HupOfTheCommand() {
	serve '' --restart=on-failure -- "$T/svc" main HUP 0
	expect_line 'main up' && kill -HUP "$up" && expect_line 'main HUP'
	ended 0
	inittab "::respawn:$T/svc one"
	for options in '--ignore HUP -r USR1:HUP' '-r USR1:HUP'; do
		serve '' --inittab "$TAB" $options -- "$T/svc" main HUP 0
		expect 'one up' 'main up' || return
		kill -HUP "$up"
		taken "$up" || return
		kill -USR1 "$up"
		expect_line 'main HUP' && expect_line 'one TERM'
		ended 0
	done
	serve '' --inittab "$TAB" -r HUP:USR2 -- "$T/svc" main USR2 5
	expect 'one up' 'main up' || return
	kill -HUP "$up"
	expect_line 'main USR2' && expect_line 'one TERM'
	ended 5
}

# The status is that of the first one in it that has failed for good: not of what is gone, nor what was waited for.
testX11StatusAfterAReload() {
	for ns in '' 1; do
		for want in 0 6; do
			inittab "::sysinit:$T/end 3" "::once:$T/end 5" "::once:$T/svc one" "::once:$T/end 6"
			serve "$ns" --inittab "$TAB"
			expect_line 'one up' && wait_for '[ "$(children "$up" | wc -w)" = 1 ]' || return
			inittab "::sysinit:$T/end 3" "::once:$T/svc one"
			[ $want = 0 ] || printf '%s\n' "::once:$T/end $want" "::once:$T/end 5" >>"$TAB"
			kill -HUP "$up"
			taken "$up" && wait_for '[ "$(children "$up" | wc -w)" = 1 ]' || return
			kill -TERM "$up" && expect_line 'one TERM'
			ended $want
		done
	done
}

# Many times, one after the other, while services end.
testX11ReloadStorm() {
	inittab "::respawn:$T/svc one"
	serve '' --backoff 0.001 --inittab "$TAB"
	expect_line 'one up' || return
	n=0
	while [ $n -lt 30 ]; do
		n=$((n + 1))
		inittab "::respawn:sleep $((1000 + n % 3))" '::respawn:true' "::respawn:$T/svc one"
		kill -HUP "$up"
		taken "$up" || return
	done
	wait_for "[ \"\$(runs | grep -c sleep)\" = 1 ] && runs | grep -q 'sleep 1000'"
	kill -TERM "$up"
	expect_line 'one TERM'
	ended 0
	assertEquals '' "$(grep -v 'ends again and again' "$T/bg.err")"
}

tearDown() { rm -f "$TAB" "$T/ok" "$T/n" "$T/once" "$T/waits" "$T/clock"; }

. "${SHUNIT2:-shunit2}"
