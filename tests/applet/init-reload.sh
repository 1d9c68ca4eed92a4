#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init as PID 1 of a machine reads its table again: all of it or nothing, and who runs goes on.
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

# start: boots it with what is in inittab; who is killed time and again does not wait for it.
start() {
	boot_as=linuxrc
	# shellcheck disable=SC2046 # a word or none
	boot $(enabled INIT_TUNE && echo --backoff-limit=0.01)
}

# hup [TEXT]: sends HUP, and waits until init says that (": reloaded").
hup() {
	: >"$T/console"
	kill -HUP "$init"
	said "${1:-inittab: reloaded}"
}

# sleeper N: the child of init that is `sleep N`.
sleeper() {
	# shellcheck disable=SC2013 # words
	for child in $(cat "/proc/$init/task/$init/children"); do
		if [ "$(tr '\0' ' ' <"/proc/$child/cmdline")" = "sleep $1 " ]; then echo "$child"; fi
	done 2>/dev/null
}

# runs N [PID]: waits until there is just one `sleep N`, with that number.
runs() { wait_for "like \"\$(sleeper $1)\" '${2:-[0-9]*[0-9]}'"; }

# die N: ends it, and waits until it is gone.
die() {
	dead=$(sleeper "$1")
	kill -KILL "$dead"
	wait_state "$dead" gone
}

down() {
	kill -TERM "$init"
	ended 129
}

# ---- T55: what a new table changes

# Who stands in both keeps its process and is started again, who is gone goes on and is not, who is new
# starts.
testT55KeepsVanishesStarts() {
	inittab '::respawn:sleep 1001' 'tty9::respawn:sleep 1' '::respawn:sleep 1002'
	start || return
	runs 1001 && runs 1002 || return
	one=$(sleeper 1001) two=$(sleeper 1002)
	inittab '::respawn:sleep 1003' ':5:respawn:sleep 1001'
	hup && runs 1003 || return
	assertEquals "$one $two" "$(sleeper 1001) $(sleeper 1002)"
	die 1002
	die 1001
	runs 1001 && die 1003 && runs 1003
	assertEquals '' "$(sleeper 1002)"
	down
}

# Commented out and in again: it is still there, and only once. Then it is another's again.
testT55VanishesAndComesBack() {
	inittab '::respawn:sleep 1001' '::respawn:sleep 1002'
	start || return
	runs 1001 && runs 1002 || return
	two=$(sleeper 1002)
	for times in 1 2 3; do
		inittab '::respawn:sleep 1001' '# ::respawn:sleep 1002'
		hup && hup || return
		inittab '::respawn:sleep 1002' '::respawn:sleep 1001' "::respawn:sleep 110$times"
		hup && runs 110$times || return
		assertEquals "$two" "$(sleeper 1002)"
	done
	die 1002
	runs 1002
	down
}

# The same command with another action is the same process, and the new action's rules hold.
testT55AnotherAction() {
	inittab '::respawn:sleep 1001' '::once:sleep 1002' '::respawn:sleep 1009'
	start || return
	runs 1001 && runs 1002 || return
	one=$(sleeper 1001) two=$(sleeper 1002)
	inittab '::once:sleep 1001' '::respawn:sleep 1002' '::respawn:sleep 1009'
	hup && assertEquals "$one $two" "$(sleeper 1001) $(sleeper 1002)"
	die 1001
	die 1002
	runs 1002
	assertEquals '' "$(sleeper 1001)"
	down
}

# Another terminal is another entry.
testT55AnotherTerminal() {
	boot_first=': >/dev/t'
	inittab '::respawn:sleep 1001'
	start || return
	runs 1001 || return
	one=$(sleeper 1001)
	inittab 't::respawn:sleep 1001'
	hup
	wait_for '[ "$(sleeper 1001 | grep -c .)" = 2 ]'
	kill -KILL "$one"
	wait_state "$one" gone
	runs 1001
	down
}

# What has run for ever is now for Ctrl-Alt-Del or for the end: it is run for that, and the old process, which
# need never end, is not waited for.
testT55RunsAndBecomesAnAction() {
	works() { echo "sh -c '[ ! -e $T/new ] || { echo $1 >>$T/log; exit; }; exec sleep $1'"; }
	inittab "::respawn:$(works 1001)" "::respawn:$(works 1002)"
	start || return
	runs 1001 && runs 1002 || return
	: >"$T/new"
	inittab "::ctrlaltdel:$(works 1001)" "::ctrlaltdel:echo after >>$T/log" "::shutdown:$(works 1002)"
	hup || return
	kill -INT "$init"
	wait_for "grep -q after '$T/log'" && down
	assertEquals '1001 after 1002 ' "$(tr '\n' ' ' <"$T/log")"
	rm "$T/new"
}

# What is done only at the start is not done again, be it old or new.
testT55NothingOfTheStart() {
	inittab "::sysinit:echo sysinit >>$T/log" "::wait:echo wait >>$T/log" "::once:echo once >>$T/log" \
		"::shutdown:echo old >>$T/log"
	start || return
	wait_for "[ \"\$(grep -c . '$T/log')\" = 3 ]"
	inittab "::sysinit:echo sysinit >>$T/log" "::sysinit:echo sysinit2 >>$T/log" "::wait:echo wait2 >>$T/log" \
		"::wait:echo wait >>$T/log" "::once:echo once >>$T/log" "::once:echo once2 >>$T/log" \
		"::shutdown:echo new >>$T/log" '::respawn:sleep 1001'
	hup && runs 1001 && hup
	down
	assertEquals 'new once sysinit wait ' "$(sort "$T/log" | tr '\n' ' ')"
}

# ---- T55: all or nothing

# refused REASON [TEXT]: the table that is there now changes nothing, and init says why, after that TEXT.
refused() {
	hup 'inittab: not reloaded' || return
	[ -z "${2:-}" ] || grep -qF -- "$2" "$T/console" || fail "$1: $(cat "$T/console")"
	assertEquals "$1" "$one" "$(sleeper 1001)"
	assertEquals "$1" '' "$(sleeper 1002)"
	die 1001
	runs 1001
	one=$(sleeper 1001)
}

good='::respawn:sleep 1002'

testT55AllOrNothing() {
	enabled INIT_TUNE || return 0 # it would have to wait
	inittab '::respawn:sleep 1001'
	start || return
	runs 1001 || return
	one=$(sleeper 1001)

	rm "$T/etc/inittab"
	refused missing "/etc/inittab: not reloaded: $(reason 'No such file or directory' 2)"
	mkdir "$T/etc/inittab"
	refused 'a directory' "not reloaded: $(reason 'Is a directory' 21)"
	rmdir "$T/etc/inittab"
	mkfifo "$T/etc/inittab"
	refused 'a FIFO'
	rm "$T/etc/inittab"
	ln -s inittab "$T/etc/inittab"
	refused 'a loop' 'not reloaded: '
	rm "$T/etc/inittab"

	: >"$T/etc/inittab"
	refused empty 'line 1 has no end'
	printf '%s\n%s' "$good" '::respawn:sleep 10' >"$T/etc/inittab"
	refused 'half written' 'line 2 has no end'
	inittab "$good" '' '::respwan:sleep 1003'
	refused 'a bad line' 'line 3 is no entry: unknown action'
	inittab "$good" 'id:3:initdefault:'
	refused 'a bad line' 'line 2 is no entry: unknown action'
	printf '%s\n::respawn:sleep\0 1003\n' "$good" >"$T/etc/inittab"
	refused 'a NUL' 'line 2 is no entry: control character'
	printf '%s\n# \0\n' "$good" >"$T/etc/inittab"
	refused 'a NUL in a comment' 'line 2 is no entry: control character'
	{ echo "$good" && head -c 65536 /dev/zero | tr '\0' '\n'; } >"$T/etc/inittab"
	refused 'too large' "not reloaded: $(reason 'File too large' 27)"
	head -c 60000 /dev/urandom >"$T/etc/inittab"
	refused 'no text'

	# And nothing of all that is left.
	inittab '::respawn:sleep 1001' "$good"
	hup && runs 1002
	assertEquals "$one" "$(sleeper 1001)"
	down
}

# ---- when it comes

# During an action it waits; what the new table says of the running one does not disturb that.
testT55DuringAnAction() {
	inittab "::ctrlaltdel:sh -c 'echo one >>$T/log; echo >$T/ready; read x <$T/go'" \
		"::ctrlaltdel:echo two >>$T/log" '::respawn:sleep 1001'
	start || return
	runs 1001 || return
	kill -INT "$init"
	read -r _ <"$T/ready"
	inittab '::respawn:sleep 1002' "::ctrlaltdel:echo new >>$T/log"
	kill -HUP "$init"
	wait_for "grep -q '^ShdPnd:[[:space:]]*0*\$' /proc/$init/status"
	wait_state "$init" S
	assertEquals '' "$(sleeper 1002)"
	echo >"$T/go"
	runs 1002 || return
	assertEquals 'one two' "$(tr '\n' ' ' <"$T/log" | sed 's/ $//')"
	kill -INT "$init"
	wait_for "grep -q new '$T/log'"
	down
}

# While the first ones are still at work: their group is not changed, the rest is of the new table.
testT55DuringSysinit() {
	inittab "::sysinit:sh -c 'echo >$T/ready; read x <$T/go; echo one >>$T/log'" \
		"::sysinit:echo two >>$T/log" '::respawn:sleep 1001'
	start || return
	read -r _ <"$T/ready"
	inittab "::wait:echo wait >>$T/log" '::respawn:sleep 1002'
	kill -HUP "$init"
	echo >"$T/go"
	runs 1002 || return
	assertEquals '' "$(sleeper 1001)"
	down
	assertEquals 'one two wait' "$(tr '\n' ' ' <"$T/log" | sed 's/ $//')"
}

# Hundreds of them, with entries that come and go: nothing is started twice or lost.
testT55Often() {
	inittab '::respawn:sleep 1001' '::respawn:sleep 1002'
	start || return
	runs 1001 && runs 1002 || return
	one=$(sleeper 1001) two=$(sleeper 1002)
	for times in $(seq 100); do
		inittab "::respawn:sleep 100$((times % 2 + 1))" # while it may be read
		kill -HUP "$init"
	done
	inittab '::respawn:sleep 1001' '::respawn:sleep 1002' '::respawn:sleep 1003'
	kill -HUP "$init"
	runs 1003
	assertEquals "$one $two" "$(sleeper 1001) $(sleeper 1002)"
	down
}

testNotBuiltIn() { assert_run 1 '' '*not built in*' in_ns "$BIN/linuxrc"; }

. "${SHUNIT2:-shunit2}"
