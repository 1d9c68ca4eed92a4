#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init as PID 1 of a machine, as far as a PID namespace can be one: actions, signals, back-off, the
# kernel's words, the way out when nothing can be run.
# shellcheck disable=SC2016 # expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/boot.sh"

suite() { tests_of INIT_SYSTEM; }

need unshare util-linux

setUp() {
	: >"$T/log"
	rm -f "$T/go" "$T/ready"
	mkfifo "$T/go" "$T/ready"
}

# lines: the log in one line.
lines() { tr '\n' ' ' <"$T/log" | sed 's/ $//'; }

# logged TEXT [N]: waits until so many lines of the log, or one, are that.
logged() { wait_for "[ \"\$(grep -cxF -- '$1' '$T/log')\" -ge ${2:-1} ]"; }

# ready: waits for a line that a process in there writes to $T/ready.
ready() { read -r _ <"$T/ready"; }

# shell_is TEXT: from then on /bin/sh, in the machines, is a script of busybox's shell with that text.
shell_is() {
	printf '#!%s sh\n%s\n' "$(command -v busybox)" "$1" >"$T/sh"
	chmod 755 "$T/sh"
	boot_first='mount --bind "$PWD/sh" "$(readlink -f /bin/sh)"'
}

# ---- B2: actions

testB2Order() {
	inittab "::once:echo once >>$T/log" "::wait:echo wait >>$T/log" \
		"::sysinit:sh -c 'echo begin; echo end' >>$T/log" "::respawn:sh -c 'echo respawn >>$T/log; exec sleep 1000'" \
		"::shutdown:echo shutdown >>$T/log" "::sysinit:echo second >>$T/log"
	boot || return
	logged respawn && logged once
	kill -USR2 "$init"
	ended 130
	assertEquals 'begin end second wait' "$(sed 4q "$T/log" | tr '\n' ' ' | sed 's/ $//')"
	assertEquals shutdown "$(sed -n '$p' "$T/log")"
	assertEquals 7 "$(grep -c . "$T/log")"
}

# Nothing of the next group begins before; `once` is not waited for.
testB2Waiting() {
	inittab "::sysinit:sh -c 'echo sysinit; echo >$T/ready; read x <$T/go' >>$T/log" \
		"::wait:sh -c 'echo wait; echo >$T/ready; read x <$T/go' >>$T/log" \
		"::once:sh -c 'echo once; echo >$T/ready; read x <$T/go; echo over' >>$T/log" \
		"::respawn:sh -c 'echo respawn >>$T/log; exec sleep 1000'"
	boot || return
	ready && assertEquals sysinit "$(lines)"
	echo >"$T/go"
	ready && assertEquals 'sysinit wait' "$(lines)"
	echo >"$T/go"
	ready && logged respawn
	echo >"$T/go"
	logged over
	assertEquals 1 "$(grep -c once "$T/log")"
	kill -TERM "$init"
	ended 129
}

testB2Respawn() {
	inittab '::respawn:sleep 1000' '::askfirst:sleep 2000'
	boot || return
	wait_for "[ \"\$(children)\" = 'sleep sleep ' ]" || return
	for one in 1 2; do
		one=$(first_child "$init")
		kill -KILL "$one"
		wait_for "[ \"\$(children)\" = 'sleep sleep ' ] && [ ! -e /proc/$one ]"
	done
	grep -q 'Please press Enter to activate this console' "$T/console" || fail "$(cat "$T/console")"
	kill -TERM "$init"
	ended 129
}

# ---- B5: signals

testB5TheEnds() {
	for pair in USR1:halt:130 PWR:halt:130 37:halt:130 USR2:poweroff:130 38:poweroff:130 \
		TERM:reboot:129 39:reboot:129; do
		sig=${pair%%:*} rest=${pair#*:}
		: >"$T/log"
		inittab "::shutdown:echo shutdown >>$T/log" '::respawn:sleep 1000'
		boot || return
		kill -"$sig" "$init"
		ended "${rest#*:}"
		grep -q ": the system is going down: ${rest%:*}" "$T/console" ||
			fail "$sig: $(cat "$T/console")"
		assertEquals "$sig" shutdown "$(lines)"
	done
}

# The action is waited for, nothing is started meanwhile, and then all goes on.
testB5IntCtrlaltdel() {
	inittab "::ctrlaltdel:sh -c 'echo one >>$T/log; echo >$T/ready; read x <$T/go'" \
		"::ctrlaltdel:echo two >>$T/log" "::respawn:sh -c 'echo run >>$T/log; exec sleep 1000'"
	boot || return
	logged run || return
	kill -INT "$init"
	ready || return
	sleeper=$(first_child "$init")
	kill -KILL "$sleeper"
	wait_state "$sleeper" gone
	assertEquals 'run one' "$(lines)"
	echo >"$T/go"
	logged run 2
	assertEquals 'run one two run' "$(lines)"
	kill -INT "$init"
	ready && echo >"$T/go"
	logged two 2
	kill -TERM "$init"
	ended 129
}

# Without a ctrlaltdel action INT means nothing, and without a restart action QUIT neither.
testB5NoAction() {
	inittab "::respawn:sh -c 'echo run >>$T/log; exec sleep 1000'" "::shutdown:echo shutdown >>$T/log"
	boot || return
	logged run || return
	kill -INT "$init"
	kill -QUIT "$init"
	kill -KILL "$(first_child "$init")"
	logged run 2
	kill -TERM "$init"
	ended 129
	assertEquals 'run run shutdown' "$(lines)"
}

# The shutdown sequence, then another program in the same process; the first entry counts.
testB5QuitRestart() {
	printf '%s\n' '#!/bin/sh' "echo \"\$\$ \$*\" /proc/[0-9]* >>$T/log" 'exit 7' >"$T/next"
	chmod 755 "$T/next"
	inittab "::restart:$T/next a b" '::restart:/bin/false' "::shutdown:echo shutdown >>$T/log" \
		"::respawn:sh -c 'echo run >>$T/log; exec sleep 1000'"
	boot || return
	logged run || return
	kill -QUIT "$init"
	ended 7
	assertEquals 'run shutdown 1 a b /proc/1' "$(lines)"
	grep -q 'the system is going down: restart' "$T/console" || fail "$(cat "$T/console")"
}

# Only after the whole group, and then in the order of their numbers.
testB5AfterTheGroup() {
	inittab "::sysinit:sh -c 'echo >$T/ready; read x <$T/go; echo one >>$T/log'" \
		"::sysinit:echo two >>$T/log" "::wait:echo wait >>$T/log" \
		"::ctrlaltdel:echo ctrlaltdel >>$T/log" "::shutdown:echo shutdown >>$T/log"
	boot || return
	ready
	kill -TERM "$init"
	kill -INT "$init"
	kill -HUP "$init"
	echo >"$T/go"
	ended 129
	assertEquals 'one two ctrlaltdel shutdown' "$(lines)"
	grep -q 'inittab: reloaded' "$T/console" || fail 'no reload'
}

# Whoever asks for something else during the end does not change it.
testB5DuringTheEnd() {
	inittab "::shutdown:sh -c 'echo one >>$T/log; echo >$T/ready; read x <$T/go'" \
		"::shutdown:echo two >>$T/log" "::ctrlaltdel:echo ctrlaltdel >>$T/log" \
		"::restart:/bin/false" '::respawn:sleep 1000'
	boot || return
	kill -USR2 "$init"
	ready
	for sig in HUP INT QUIT USR1 TERM TSTP 39; do kill -"$sig" "$init"; done
	echo >"$T/go"
	ended 130
	assertEquals 'one two' "$(lines)"
	assertEquals 1 "$(grep -c 'going down' "$T/console")"
	if grep -q loaded "$T/console"; then fail 'reloaded'; fi
}

# TSTP: nothing is started again, but what ends is still collected; CONT ends that.
testB5TstpCont() {
	inittab "::respawn:sh -c 'echo run >>$T/log; exec sleep 1000'" '::ctrlaltdel:true'
	boot || return
	logged run || return
	kill -TSTP "$init"
	wait_state "$init" S
	wait_for "grep -q '^ShdPnd:[[:space:]]*0*\$' /proc/$init/status"
	sleeper=$(first_child "$init")
	kill -KILL "$sleeper"
	wait_state "$sleeper" gone
	assertEquals '' "$(children)"
	kill -INT "$init" # another request is done, and does not end it
	kill -HUP "$init"
	said 'inittab: reloaded'
	wait_for '[ -z "$(children)" ]'
	wait_state "$init" S
	assertEquals 1 "$(grep -c run "$T/log")"
	kill -CONT "$init"
	logged run 2
	kill -TSTP "$init"
	kill -USR1 "$init"
	ended 130
}

# ---- X12: back-off

# A line when it begins to wait and one when it runs again, however often it is tried.
testX12OneLineForEachChange() {
	enabled INIT_TUNE || return 0
	boot_as=linuxrc
	inittab "::respawn:sh -c 'echo run >>$T/log; [ ! -e $T/well ] || exec sleep 1000'" '::respawn:sleep 2000'
	boot --backoff=0.2 --backoff-limit=0.02 || return
	logged run 12
	assertEquals 1 "$(grep -c 'ends again and again' "$T/console")"
	grep -q "linuxrc: 'sh -c .* ends again and again: it has to wait" "$T/console" || fail "$(cat "$T/console")"
	: >"$T/well"
	said 'runs steadily again'
	assertEquals 1 "$(grep -c 'runs steadily again' "$T/console")"
	kill -TERM "$init"
	ended 129
	rm "$T/well"
}

testX12MissingProgram() {
	enabled INIT_TUNE || return 0
	boot_as=linuxrc
	inittab '::respawn:/no/such/program' "::respawn:sh -c 'echo run >>$T/log'"
	boot --backoff=0.2 --backoff-limit=0.02 || return
	logged run 15
	assertEquals "$(cat "$T/console")" 1 "$(grep -c 'such/program.*has to wait' "$T/console")"
	[ "$(grep -c 'execute /no/such/program' "$T/console")" -lt 7 ] || fail "$(cat "$T/console")"
	kill -TERM "$init"
	ended 129
}

# The first five at once; then it waits so long that nobody sees the end of it, unless HUP forgives all.
testX12HupResets() {
	enabled INIT_TUNE || return 0
	boot_as=linuxrc
	inittab "::respawn:sh -c 'echo run >>$T/log'"
	boot --backoff=1000 --backoff-limit=1000 || return
	said 'it has to wait'
	assertEquals 5 "$(grep -c run "$T/log")"
	kill -HUP "$init"
	wait_for "[ \"\$(grep -c 'it has to wait' '$T/console')\" = 2 ]"
	assertEquals 10 "$(grep -c run "$T/log")"
	kill -TERM "$init"
	ended 129
}

# ---- X13: at once

# A zombie is gone while an action runs, and the action is not disturbed.
testX13ZombiesDuringAnAction() {
	for action in sysinit wait; do
		: >"$T/log"
		inittab "::once:echo done >>$T/log" \
			"::$action:sh -c 'sleep 1000 & sh -c \"sleep 2000 & echo >$T/log\"; echo >$T/ready; read x <$T/go'"
		boot || return
		ready
		wait_for '[ "$(children)" = "sh sleep " ]'
		# shellcheck disable=SC2013 # words
		for orphan in $(cat "/proc/$init/task/$init/children"); do
			[ "$(cat "/proc/$orphan/comm")" != sleep ] || kill -KILL "$orphan"
		done
		wait_for '[ "$(children)" = "sh " ]'
		assertEquals 1 "$(wc -l <"$T/log")"
		echo >"$T/go"
		logged 'done'
		kill -TERM "$init"
		ended 129
	done
}

switches() { sed -n 's/^[a-z]*voluntary_ctxt_switches:[[:space:]]*//p' "/proc/$init/status" | tr '\n' ' '; }

# It is not woken, be it alone, with what runs, or after what has had to wait runs steadily again.
testX13IdleSleeps() {
	enabled INIT_TUNE || return 0
	boot_as=linuxrc
	inittab '::respawn:sleep 1000' "::respawn:sh -c '[ -e $T/well ] || exit; exec sleep 2000'"
	boot --backoff=0.1 --backoff-limit=0.05 || return
	said 'it has to wait'
	: >"$T/well"
	said 'runs steadily again'
	wait_state "$init" S
	before=$(switches)
	end=$(($(uptime_cs) + 100))
	wait_for "[ \"\$(uptime_cs)\" -ge $end ]"
	assertEquals "$before" "$(switches)"
	kill -TERM "$init"
	ended 129
	rm "$T/well"
}

# ---- B7: the kernel's words

testB7Runlevel() {
	boot_as=linuxrc
	inittab "::sysinit:sh -c 'echo \$RUNLEVEL; tr \"\\\\0\" \" \" </proc/1/cmdline; echo' >>$T/log"
	boot fast and slow || return
	logged fast
	wait_for "[ \"\$(grep -c . '$T/log')\" = 2 ]"
	like "$(sed -n 2p "$T/log" | sed 's/ *$//')" "$BIN/linuxrc" || fail "$(cat "$T/log")"
	kill -TERM "$init"
	ended 129
}

# One shell, on the console, without the table; and the table when HUP asks for it.
testB7Single() {
	shell_is "echo \"shell \$(readlink /proc/self/fd/0) \$RUNLEVEL\" >>$T/log; exec sleep 1000"
	boot_as=linuxrc
	for word in single -s 1 'auto single'; do
		: >"$T/log"
		inittab "::sysinit:$(command -v busybox) touch $T/sysinit" '::respawn:sleep 2000'
		# shellcheck disable=SC2086 # words
		boot $word || return
		logged "shell /dev/null ${word% *}"
		wait_for '[ "$(children)" = "sleep " ]'
		[ ! -e "$T/sysinit" ] || fail "$word: sysinit"
		kill -HUP "$init"
		wait_for '[ "$(children)" = "sleep sleep " ]'
		[ ! -e "$T/sysinit" ] || fail "$word: sysinit after HUP"
		kill -TERM "$init"
		ended 129
	done
}

# What is wrong is said and passed over, and the rest counts.
testB7WrongWords() {
	enabled INIT_TUNE || return 0
	boot_as=linuxrc
	inittab "::sysinit:sh -c 'echo =\$RUNLEVEL= >>$T/log'"
	boot --backoff=soon --backoff=0 --backoff-limit= --grace=-1 --bogus --watchdog= --grace=inf last || return
	logged '=last='
	for word in --backoff=soon --backoff=0 --backoff-limit= --grace=-1 --bogus --watchdog=; do
		grep -q -- "linuxrc: '$word': passed over" "$T/console" || fail "$word: $(cat "$T/console")"
	done
	assertEquals 6 "$(grep -c 'passed over' "$T/console")"
	kill -TERM "$init"
	ended 129
}

# Whoever does not end by TERM has that long, and then is killed; 0 is no time, and not no end.
testB7Grace() {
	enabled INIT_TUNE || return 0
	boot_as=linuxrc
	printf '%s\n' '#!/bin/sh' "echo /proc/[0-9]* >>$T/log" >"$T/next"
	chmod 755 "$T/next"
	inittab "::restart:$T/next" \
		"::respawn:sh -c 'trap : TERM; echo up >>$T/log; while :; do read x <$T/go; done'"
	for grace in 0 0.3; do
		: >"$T/log"
		boot --grace=$grace || return
		logged up || return
		begin=$(uptime_cs)
		kill -QUIT "$init"
		ended 0
		took=$(($(uptime_cs) - begin))
		[ "$took" -lt 400 ] || fail "--grace=$grace took $took/100 s"
		[ $grace = 0 ] || [ "$took" -ge 30 ] || fail "--grace=$grace took only $took/100 s"
		assertEquals "--grace=$grace" 'up /proc/1' "$(lines)"
	done
}

# ---- X14: in a namespace nothing is mounted

testX14NothingMounted() {
	boot_first='cat /proc/self/mountinfo >"$PWD/before"; hostname >"$PWD/name"'
	printf 'other\n' >"$T/hostname"
	inittab "::sysinit:cat /proc/self/mountinfo >$T/after" "::sysinit:hostname >>$T/log"
	mkdir -p "$T/etc"
	mv "$T/hostname" "$T/etc"
	boot || return
	wait_for "[ -s '$T/log' ]"
	kill -TERM "$init"
	ended 129
	assertEquals "$(cat "$T/before")" "$(cat "$T/after")"
	assertEquals "$(cat "$T/name")" "$(cat "$T/log")"
}

# ---- X15: the way out

# A sysinit that cannot be run: a shell in place of what would be started. The end is as in the table.
testX15SysinitCannotRun() {
	shell_is "[ \$# = 0 ] || exec $(command -v busybox) sh \"\$@\"
		echo \"shell \$(readlink /proc/self/fd/0)\" >>$T/log; exec sleep 1000"
	: >"$T/no-program"
	for command in /no/such/rcS "$T/no-program" "sh -c 'exit 127'" "sh -c 'exit 126'"; do
		: >"$T/log"
		inittab "::sysinit:$command" "::wait:touch $T/wrong" "::respawn:sleep 3000" \
			"::ctrlaltdel:echo ctrlaltdel >>$T/log" "::shutdown:echo shutdown >>$T/log"
		boot || return
		logged 'shell /dev/null' || return
		said 'a sysinit entry cannot be run: a shell on the console'
		wait_for '[ "$(children)" = "sleep " ]'
		[ ! -e "$T/wrong" ] || fail "$command: the next group was run"
		kill -INT "$init"
		logged ctrlaltdel
		kill -HUP "$init"
		wait_for '[ "$(children)" = "sleep sleep " ]'
		kill -TERM "$init"
		ended 129
		assertEquals "$command" shutdown "$(sed -n '$p' "$T/log")"
	done
}

# Any other status is the script's own affair.
testX15SysinitFails() {
	inittab "::sysinit:sh -c 'exit 1'" "::sysinit:sh -c 'kill -KILL \$\$'" "::sysinit:sh -c 'exit 125'" \
		"::sysinit:sh -c 'exit 128'" '::respawn:sleep 1000'
	boot || return
	wait_for '[ "$(children)" = "sleep " ]'
	if grep -q 'a shell' "$T/console"; then fail "$(cat "$T/console")"; fi
	kill -TERM "$init"
	ended 129
}

testX15NoUsableEntry() {
	shell_is "echo \"shell \$(readlink /proc/self/fd/0)\" >>$T/log; exec sleep 1000"
	for text in '' '# nothing' 'nonsense' '::on:x'; do
		: >"$T/log"
		inittab "$text"
		boot || return
		logged 'shell /dev/null'
		said 'no usable entry: a shell on the console'
		wait_for '[ "$(children)" = "sleep " ]'
		kill -TERM "$init"
		ended 129
	done
}

# Without a shell it reaps, obeys, and says so.
testX15NoShell() {
	boot_first='mount --bind /dev/null "$(readlink -f /bin/sh)"'
	inittab nonsense
	boot || return
	said 'no usable entry, and there is no /bin/sh: nothing is started'
	nsenter --target "$init" --pid --mount "$(command -v busybox)" setsid "$(command -v busybox)" true
	wait_for '[ -z "$(children)" ]'
	inittab '::respawn:sleep 1000'
	kill -HUP "$init"
	wait_for '[ "$(children)" = "sleep " ]'
	kill -USR2 "$init"
	ended 130
}

testNotBuiltIn() { assert_run 1 '' '*not built in*' in_ns "$BIN/linuxrc"; }

. "${SHUNIT2:-shunit2}"
