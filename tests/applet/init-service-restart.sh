#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init: what is started again, when, how often, and that another start is like the first.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by the shells that are started; words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
. "$TOP/tests/applet/helper/service.sh"
INIT=$BIN/init

suite() { tests_of INIT_SERVICE; }

testNotBuiltIn() {
	assert_run 1 '' "*unrecognized option '--restart*" "$INIT" --restart=always -- true
}

# ---- X11: a single command

# starts N RC ERR OPTIONS COMMAND...: so many times, as PID 1 and not.
starts() {
	starts_n=$1 starts_rc=$2 starts_err=$3 starts_options=$4
	shift 4
	for ns in '' "$PID1"; do
		rm -f "$T/n"
		assert_run "$starts_rc" '' "$starts_err" $ns "$INIT" $starts_options -- "$@"
		counted "$T/n" "$starts_n"
	done
}

testX11RestartOfACommand() {
	starts 1 4 '' --restart=no "$T/count" "$T/n" 4
	starts 1 0 '' --restart=on-failure "$T/count" "$T/n" 0
	starts 4 4 "*'$T/count' ends again and again: it is given up" '--restart=on-failure --max=3' "$T/count" "$T/n" 4
	starts 3 0 '*given up' '--restart=always --max=2' "$T/count" "$T/n" 0
	starts 0 0 '*given up' '--restart=always --max=1 -e 3' sh -c 'touch "$T/n"; exit 3'
	starts 2 137 '*given up' '--restart=on-failure --max=1' sh -c 'echo x >>"$T/n"; kill -KILL $$'
	# Nobody has pressed ^C where no terminal was given.
	starts 2 130 '*given up' '--restart=always --max=1' sh -c 'echo x >>"$T/n"; kill -INT $$'
	# until it succeeds
	starts 3 0 '' '--restart=on-failure --max=9' sh -c '
		echo x >>"$T/n"; [ "$(wc -l <"$T/n")" = 3 ]'
}

# Five times at once, then later and later, and not later than that: 0.3 0.6 0.7 0.7.
testX12BackOff() {
	enabled INIT_LOG || return 0
	inittab ":critical,max=8:respawn:$PROBE nop"
	for options in '--restart=always --max=8' "--inittab=$TAB"; do
		command="$PROBE nop" name=$PROBE
		[ "$options" = "--inittab=$TAB" ] && command='' name="$PROBE nop"
		assert_run 0 '' "init: '$name' ends again and again: it has to wait
init: '$name' ends again and again: it is given up" "$INIT" \
			--log "$T/log" --log-format json --backoff 0.3 --backoff-limit 0.7 $options -- $command
		sed -n 's/.*"uptime":\([0-9]*\)\.\([0-9]*\),"event":"start".*/\1\2/p' "$T/log" | sed 's/^0*\(.\)/\1/' >"$T/at"
		assertEquals "starts: $(cat "$T/log")" 9 "$(wc -l <"$T/at" | tr -d ' ')"
		awk 'NR > 1 { gap = $1 - last; least = NR < 6 ? 0 : NR == 6 ? 300 : NR == 7 ? 600 : 700
			if (gap < least) { print "start " NR " after " gap " ms"; bad = 1 } } { last = $1 }
			END { exit bad }' "$T/at" || fail "$(cat "$T/at")"
		rm "$T/log"
	done
}

# Of several that wait each has its own time: the second waits for 3.2 seconds when the first begins to.
testX12EachWaitsForItself() {
	inittab "::respawn:sh -c 'until [ \$(wc -l <$T/n) -ge 10 ]; do sleep 0.01; done; echo >>$T/log'" \
		"::respawn:$T/count $T/n 4"
	: >"$T/n"
	: >"$T/log"
	serve '' --backoff 0.1 --inittab "$TAB"
	wait_for '[ "$(wc -l <"$T/log")" -ge 8 ]'
	counted "$T/n" 10
	kill -TERM "$up"
	ended 0
}

# Who has lived for ten times the base is forgiven: here never more than two short lives in a row.
testX11LongLife() {
	cat >"$T/lives" <<-'END_OF_LIVES'
		#!/bin/sh
		echo x >>"$1"
		case $(wc -l <"$1" | tr -d ' ') in
		3 | 6) sleep 1.1 ;;
		esac
		exit 4
	END_OF_LIVES
	chmod +x "$T/lives"
	# short short LONG short short LONG short short short: given up after the third in a row
	starts 9 4 '*given up' '--backoff 0.1 --restart=always --max=2' "$T/lives" "$T/n"
}

# A stop signal does not wait for the next start.
testX11StopWhileItWaits() {
	inittab "::respawn:$T/count $T/n 4"
	for ns in '' 1; do
		rm -f "$T/n"
		serve "$ns" --backoff infinity --backoff-limit infinity --inittab "$TAB"
		wait_for 'grep -q "has to wait" "$T/bg.err"'
		counted "$T/n" 5
		kill -TERM "$up"
		ended 0
		rm -f "$T/n"
		serve "$ns" --backoff 600 --backoff-limit 600 --restart=always -- "$T/count" "$T/n" 4
		wait_for 'grep -q "has to wait" "$T/bg.err"'
		kill -TERM "$up"
		ended 4
	done
}

# The file of the command may come and go later; not at first.
testX11CommandThatVanishes() {
	cp "$T/count" "$T/gone"
	for ns in '' "$PID1"; do
		cp "$T/count" "$T/gone"
		# shellcheck disable=SC2094 # it is meant to
		cat >"$T/gone" <<-'END_OF_GONE'
			#!/bin/sh
			echo x >>"$1"
			rm "$0"
			exit 4
		END_OF_GONE
		chmod +x "$T/gone"
		rm -f "$T/n"
		assert_run 127 '' "init: failed to execute $T/gone: $ENOENT*
init: failed to execute $T/gone: $ENOENT*
init: '$T/gone' ends again and again: it is given up" $ns "$INIT" --restart=on-failure --max=2 -- "$T/gone" "$T/n"
		counted "$T/n" 1
	done
}

# No process can be had for a while: one line, and another try.
testX11NoProcessForARestart() {
	need_root || return 0
	inittab "::respawn:$T/svc one"
	as='setpriv --reuid 54322 --regid 54322 --clear-groups'
	for backoff in 0.01 infinity; do
		background $as "$INIT" --backoff $backoff --inittab "$TAB"
		up=$bg
		expect_line 'one up' || return
		$as prlimit --pid "$up" --nproc=1:
		kill -KILL "$(child_of "$up")"
		wait_for 'grep -q "cannot start" "$T/bg.err"' && wait_state "$up" S || return
		before=$(switches "$up" | sed q) more=2
		# After each back-off, but once a second at least.
		[ $backoff = infinity ] || more=100
		wait_for '[ "$(switches "$up" | sed q)" -gt $((before + more)) ]'
		$as prlimit --pid "$up" --nproc=100:
		expect_line 'one up'
		kill -TERM "$up"
		expect_line 'one TERM'
		ended 0
		assertEquals "init: cannot start '$T/svc one' now: $EAGAIN" "$(cat "$T/bg.err")"
	done
}

# ---- every start is alike

testX11EachStartIsAlike() {
	mkdir -p "$T/work"
	cat >"$T/alike" <<-'END_OF_ALIKE'
		#!/bin/sh
		mine=no
		[ "$LISTEN_PID" != $$ ] || mine=yes
		echo "$(pwd) $mine $(cat <&5) $* $(ps -o pgid= -p $$ | tr -d ' ' | sed "s/^$$\$/own/")"
		exec 5<&- 5<"$T/work/data"
		exit 1
	END_OF_ALIKE
	chmod +x "$T/alike"
	echo data >"$T/work/data"
	run sh -c 'cd "$T/work" && LISTEN_PID=$$ && export LISTEN_PID && exec "$@" 5<data' sh \
		"$INIT" --restart=on-failure --max=1 -- "$T/alike" a b
	# The position in the file is shared, so that only the first reads something.
	assertEquals "$T/work yes data a b own
$T/work yes  a b own" "$out"
	assertEquals 1 "$rc"
}

# Its signals, too: those that were ignored or blocked for init.
testX11SignalsOfEachStart() {
	run "$PROBE" with ignore=1,17 block=10 "$INIT" --restart=always --max=1 -- $SIGNALS
	assertEquals 2 "$(printf '%s\n' "$out" | grep -c 'SigBlk:.*0000000000000200')"
	assertEquals 2 "$(printf '%s\n' "$out" | grep -c 'SigIgn:.*0000000000010001')"
}

# Services have none of these.
testX11SignalsOfServices() {
	inittab '::once:cat /proc/self/status'
	run "$PROBE" with ignore=1 block=10 "$INIT" --inittab "$TAB"
	assertEquals 1 "$(printf '%s\n' "$out" | grep -c 'SigBlk:.*0000000000000000')"
	assertEquals 1 "$(printf '%s\n' "$out" | grep -c 'SigIgn:.*0000000000000000')"
}

# ---- X1: nothing is lost

COUNT=300
if sanitized; then COUNT=20; fi

lossless() {
	where=$1
	shift
	assert_run 0 "$COUNT of $COUNT" '' in_ns "$PROBE" starts "$COUNT" "$where" later "$@"
}

testX1RestartedCommand() {
	lossless child "$INIT" --restart=always -- "$PROBE" live
	lossless pid1 "$INIT" --restart=always -- "$PROBE" live
}

testX1CommandBesideServices() {
	inittab '::respawn:sleep 1000'
	lossless child "$INIT" --inittab "$TAB" -- "$PROBE" live
	lossless pid1 "$INIT" --inittab "$TAB" -- "$PROBE" live
}

# Between fork and exec of a service as well, whose end is not 143 but init's 0: hence -e.
testX1Services() {
	inittab "::once:$PROBE live" "::once:$PROBE live x"
	n=0
	while [ $n -lt 30 ]; do
		# As soon as there is a process, or a moment later.
		serve "$((n % 2))" --inittab "$TAB"
		wait_for "[ -n \"\$(children $up)\" ]"
		kill -TERM "$up"
		ended 0
		n=$((n + 1))
	done
}

# ---- a terminal

# The foreground is the command's each time, and then the shell's again; ^C is for good.
testX5EachStartInTheForeground() {
	for pair in 03:130 34:131; do
		rm -f "$T/twice"
		run "$PROBE" pty again '' again "$(printf %b "\\0${pair%:*}")" -- "$INIT" --restart=always -- sh -c '
			trap "" TTOU; stat=$(cat /proc/self/stat); set -- ${stat##*) }
			[ "$3" = "$6" ] && echo again
			[ -e "$T/twice" ] && exec "$PROBE" live
			touch "$T/twice"; exit 3'
		assertEquals "$err" 0 "$rc"
		like "$out" "*again*again*\\[exit ${pair#*:}\\]*" || fail "$out"
		like "$out" '*given up*' && fail "$out"
	done
	return 0
}

# It is the command's: a service that ends as by ^C is one like others.
testX5ServiceAsByTheTerminal() {
	inittab ":max=2:respawn:sh -c 'echo x >>$T/n; kill -INT \$\$'"
	run "$PROBE" pty -- "$INIT" -e 130 --exit-on=first --inittab "$TAB" -- sleep 1000
	assertEquals "$out" 0 "$rc"
	counted "$T/n" 3
}

testX5EachStartInTheForegroundAsPid1() {
	need_root || return 0
	run "$PROBE" term -n again '' again "$(printf '\003')" -- $PID1 setsid -c "$INIT" --restart=always -- sh -c '
		trap "" TTOU; stat=$(cat /proc/self/stat); set -- ${stat##*) }
		[ "$3" = "$6" ] && echo again
		[ -e "$T/twice" ] && exec "$PROBE" live
		touch "$T/twice"; exit 3'
	like "$out" '*again*again*\[exit 130\]*' || fail "$rc $out $err"
}

tearDown() { rm -rf "$T/n" "$T/log" "$T/at" "$T/work" "$T/twice" "$TAB"; }

. "${SHUNIT2:-shunit2}"
