#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init on a terminal: whose foreground it is, and who stops. Shells with job control are real ones here.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
INIT=$BIN/init
need bash bash
need dash dash
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

C=$(printf '\003') # ^C, and so on
Z=$(printf '\032')
S=$(printf '\023')
Q=$(printf '\021')
BACKSLASH=$(printf '\034')

# An interactive shell that says "$ " and nothing of its own. What is typed shows as well, hence the
# quotes in what it says: a text is never what was typed.
cat >"$T/rc" <<'END'
PS1='$ ' PS2='' HISTFILE=
set -m
END
BASH_I="bash --noprofile --rcfile $T/rc -i"
DASH_I="env ENV=$T/rc dash -i"

# in_shell SHELL PATTERN [EXPECT TYPE]...: a session of that shell; what the terminal shows must fit.
in_shell() {
	interactive=$1 pattern=$2
	shift 2
	# shellcheck disable=SC2086 # words
	run env TERM=dumb "$PROBE" pty "$@" -- $interactive
	if [ "$rc" != 0 ] || ! like "$out" "$pattern"; then
		fail "$interactive: status $rc, stderr '$err': $(printf '%s\n' "$out" | tr -d '\r')"
	fi
}

# each_shell PATTERN [EXPECT TYPE]...
each_shell() {
	in_shell "$BASH_I" "$@"
	in_shell "$DASH_I" "$@"
}

NL='
'

# ---- X5: job control outside of a container; tini and catatonit break all of these

# ^Z gives the prompt back, fg goes on, ^C ends it; the terminal is the command's, then the shell's.
testX5StopAndForeground() {
	for name in init tini docker-init dumb-init catatonit podman-init 'init -c' 'dumb-init -c'; do
		each_shell '*awake*Stopped*again*awake*st=130*' \
			'$ ' "$N/$name -- $PROBE awa''ke$NL" awake "$Z" '$ ' "jobs; echo aga''in$NL" \
			again '' '$ ' "fg$NL" awake "$C" '$ ' "echo st''=\$?; exit$NL"
	done
}

# A command that reads: stopped, and in the foreground again. Not dumb-init's, which stops itself at
# once: its command may still take what is typed next.
testX5StoppedReader() {
	each_shell '*got=hello*st=5*' \
		'$ ' "$INIT -- sh -c 'echo rea\"\"dy; read -r x; echo got''=\$x; exit 5'$NL" \
		ready "$Z" '$ ' "fg$NL" 'read -r' "hello$NL" 'got=hello' '' '$ ' "echo st''=\$?; exit$NL"
}

# `&` does not steal the terminal: the shell reads on, and the job is stopped only when it reads.
testX5Background() {
	for name in init tini dumb-init catatonit; do
		each_shell '*still=here*' \
			'$ ' "$N/$name -- $PROBE awa''ke &$NL" awake "$NL" '$ ' \
			"echo still''=here; kill %1; wait %1; exit$NL"
	done
	each_shell '*Stopped*got=hello*' \
		'$ ' "$INIT -- sh -c 'echo rea\"\"dy; read -r x; echo got''=\$x' &$NL" \
		ready "until jobs >$T/jobs; grep Stop''ped $T/jobs; do :; done$NL" Stopped '' '$ ' "fg$NL" \
		'read -r' "hello$NL" got=hello '' '$ ' "exit$NL"
}

# bg goes on with what ^Z has stopped, and the terminal stays the shell's.
testX5BackgroundAfterStop() {
	for name in init tini dumb-init; do
		each_shell '*awake*Stopped*awake*still=here*' \
			'$ ' "$N/$name -- $PROBE awa''ke$NL" awake "$Z" Stopped '' '$ ' "bg$NL" awake "$NL" \
			'$ ' "echo still''=here; kill %1; wait %1; exit$NL"
	done
}

# The same from within a script, all of which stops, and goes on behind it when the command has ended.
testX5StopOfAScript() {
	printf '%s\n' '"$@"' 'echo "code=$?"' 'read -r x' 'echo "read=$x"' >"$T/script"
	for shell in bash dash; do
		for name in init tini; do
			each_shell '*awake*Stopped*again*awake*code=131*read=word*st=0*' \
				'$ ' "$shell $T/script $N/$name -- $PROBE awa''ke$NL" awake "$Z" '$ ' "echo aga''in$NL" \
				again '' '$ ' "fg$NL" awake "$BACKSLASH" code=131 "word$NL" read=word '' \
				'$ ' "echo st''=\$?; exit$NL"
		done
		# In one group ^C is for all of them; bash ends if the command ended by it.
		each_shell '*awake*Stopped*again*awake*st=130*' \
			'$ ' "$shell $T/script $INIT -c --propagate-signal -- $PROBE awa''ke$NL" awake "$Z" \
			'$ ' "echo aga''in$NL" again '' '$ ' "fg$NL" awake "$C" '$ ' "echo st''=\$?; exit$NL"
	done
}

# The next `read` of a script, and what the user has typed meanwhile.
testX5NextReadOfAScript() {
	cat >"$T/script" <<'END'
"$@" || exit
read -r x
echo "read=$x:$?"
"$@"
echo out of the background
stty -a >/dev/null && echo "stty:$?"
END
	for name in init tini dumb-init catatonit podman-init; do
		for shell in bash dash; do
			each_shell '*read=word:0*out of the background*stty:0*st=0*' \
				'$ ' "$shell $T/script $N/$name -- sh -c 'echo rea\"\"dy'$NL" \
				ready "word$NL" 'stty:0' '' '$ ' "echo st''=\$?; exit$NL"
		done
	done
}

# ---- pipelines: the foreground is the job's, which others are in

testX5Pipeline() {
	# Who reads the terminal may be the command ...
	each_shell '*got=hello*st=0*' \
		'$ ' "$INIT -- sh -c 'echo rea\"\"dy >&2; read -r x </dev/tty; echo got''=\$x' | cat$NL" \
		ready "hello$NL" got=hello '' '$ ' "echo st''=\$?; exit$NL"
	# ... or the one behind it, as a pager does, while the command writes ...
	each_shell '*got=hello:text*st=0*' \
		'$ ' "$INIT -- echo text | sh -c 'echo rea\"\"dy; read -r x </dev/tty; read -r y; echo got''=\$x:\$y'$NL" \
		ready "hello$NL" got=hello '' '$ ' "echo st''=\$?; exit$NL"
	# ... or the one before it.
	each_shell '*got=hello*st=0*' \
		'$ ' "sh -c 'echo rea\"\"dy >&2; read -r x; echo got''=\$x' | $INIT -- cat$NL" \
		ready "hello$NL" got=hello '' '$ ' "echo st''=\$?; exit$NL"
}

# ^C and ^Z reach the whole of it, by whichever group it came.
testX5PipelineStopAndEnd() {
	each_shell '*awake*Stopped*awake*st=130*' \
		'$ ' "$INIT -- sh -c 'exec $PROBE awa''ke >&2' | $PROBE awa''ke$NL" \
		awake '' awake "$Z" Stopped '' '$ ' "fg$NL" awake '' awake "$C" '$ ' "echo st''=\$?; exit$NL"
}

# Two of them in one line, in turn and at once.
testX5TwoInOneJob() {
	each_shell '*one=a*two=b*st=0*' \
		'$ ' "$INIT -- sh -c 'read -r x; echo one''=\$x'; $INIT -- sh -c 'read -r x; echo two''=\$x'$NL" \
		'two' "a$NL" one=a "b$NL" two=b '' '$ ' "echo st''=\$?; exit$NL"
	each_shell '*got=a*st=0*' \
		'$ ' "$INIT -- sh -c 'read -r x </dev/tty; echo \$x' | $INIT -- sh -c 'read -r y; echo got''=\$y'$NL" \
		'got' "a$NL" got=a '' '$ ' "echo st''=\$?; exit$NL"
}

# ---- traps 29, 30

# Only who has the foreground gives it away: from a background group nothing is taken, and nobody is
# stopped for it; not even where the terminal stops those who write (TOSTOP), which init does here.
testTrap29NotOursToGive() {
	each_shell '*still=here*' \
		'$ ' "$INIT -- $INIT -- $PROBE awa''ke & $N/tini -- $PROBE awa''ke &$NL" \
		awake '' awake "echo still''=here$NL" still=here "kill %1 %2; wait; exit$NL"
}

testTrap30BackgroundUnderTostop() {
	each_shell '*still=here*st=4*' \
		'$ ' "stty tostop; $INIT -w -v -- sh -c '$PROBE orphans 9 2>/dev/null; exit 4' &$NL" \
		'$ ' "echo still''=here; wait \$!; echo st''=\$?; exit$NL"
}

# Nested: the inner one's foreground is given back to the outer one's command.
testTrap29Nested() {
	each_shell '*one=a*two=b*st=0*' \
		'$ ' "$INIT -- sh -c '$N/tini -- sh -c \"read -r x; echo one''=\\\$x\"; read -r y; echo two''=\$y'$NL" \
		'two' "a$NL" one=a "b$NL" two=b '' '$ ' "echo st''=\$?; exit$NL"
}

# Somebody else whom the command has put into the foreground is not pushed out of it at the end.
testTrap29CommandMovedTheForeground() {
	each_shell '*st=0*alive*' \
		'$ ' "$INIT -- bash -i -c 'set -m; read -t 0; true'$NL" \
		'$ ' "echo st''=\$?; echo ali''ve; exit$NL"
}

# ---- trap 31: what stdin can be

testTrap31StdinIsNoTerminalOfOurs() {
	for kind in closed hung foreign; do
		for name in $NAMES; do
			assert_run 3 '' '' timeout -k 1 10 "$PROBE" stdin $kind "$N/$name" -- sh -c 'exit 3'
			# shellcheck disable=SC2086 # words
			assert_run 3 '' '' timeout -k 1 10 $PID1 "$PROBE" stdin $kind "$N/$name" -- sh -c 'exit 3'
		done
	done
}

# /dev/null, a pipe, a file, a directory; and stdout is the terminal where stdin is not.
testTrap31StdinIsSomethingElse() {
	for name in init tini dumb-init catatonit; do
		for stdin in /dev/null "$T/rc" "$T" /dev/zero; do
			"$N/$name" -- sh -c 'exit 3' <"$stdin"
			assertEquals "$name $stdin" 3 $?
		done
		echo | "$N/$name" -- sh -c 'exit 3'
		assertEquals "$name pipe" 3 $?
		in_shell "$BASH_I" '*ready*st=3*' '$ ' "$N/$name -- sh -c 'echo rea\"\"dy; exit 3' </dev/null$NL" \
			ready '' '$ ' "echo st''=\$?; exit$NL"
	done
}

# The terminal goes away: HUP reaches the command, and init ends with it; nobody hangs.
testTrap31Hangup() {
	for name in init tini dumb-init catatonit; do
		rm -f "$T/got"
		# shellcheck disable=SC2086 # words
		run "$PROBE" term '$ ' "$N/$name -- sh -c 'trap \"echo hup >$T/got; exit 9\" HUP; echo rea\"\"dy; while :; do
			$PROBE nop; done'$NL" ready @hangup -- $BASH_I
		wait_for '[ -e "$T/got" ]' || fail "$name: $out"
	done
	# The leader of the session is init itself: only init is told.
	run "$PROBE" term up @hangup -- "$INIT" -- sh -c '
		( (until grep -q ready "$T/got"; do "$PROBE" nop; done; echo up) 2>/dev/null &)
		exec "$PROBE" catch 1 >"$T/got"'
	wait_for 'grep -q "^1 " "$T/got"'
}

# ---- trap 32: an orphaned process group

# Nobody could continue it: ^Z must not stop it, or it hangs for ever.
testTrap32OrphanedGroup() {
	for name in init tini dumb-init catatonit; do
		run "$PROBE" term ready "${Z}word$NL" got=word "$NL" -- "$PROBE" lonely "$N/$name" -- sh -c '
			echo ready; read -r x; echo "got=$x"; read -r _'
		assertEquals "$name: $out" 0 "$rc"
		like "$out" '*got=word*' || fail "$name: $out"
	done
}

# ---- traps 26, 28

# The terminal tells the whole foreground group. In init's own group (-c) the command gets a ^C once,
# not from init again. A second one shows unless it comes before the first was taken: hence many.
testTrap26SharedGroupOnATerminal() {
	for mode in "$INIT -c" "$N/dumb-init -c" "$INIT --"; do
		set -- ready "$C"
		while [ $# -lt 120 ]; do
			set -- "$@" '2 128 0' "$C"
		done
		# shellcheck disable=SC2086 # words
		run "$PROBE" pty "$@" '2 128 0' "$BACKSLASH" -- $mode "$PROBE" catch $(($# / 2 + 1))
		assertEquals "$err" 0 "$rc"
		like "$out" '*3 128 0*\[exit 0\]*' || fail "$mode: $out"
		like "$out" '*2 0 0*' && fail "$mode, twice: $out"
	done
	true
}

testTrap28Resize() {
	for mode in "$INIT --" "$INIT -c" "$N/dumb-init" "$N/dumb-init -c" "$N/tini --" "$N/catatonit -g"; do
		# shellcheck disable=SC2086 # words
		run "$PROBE" pty ready @resize '28 ' "$BACKSLASH" -- $mode "$PROBE" catch 2
		assertEquals "$mode: $out $err" 0 "$rc"
		# By init where the command is in a session of its own, else by the terminal.
		like "$out" '*ready*28 [01]*3 [01]*\[exit 0\]*' || fail "$mode: $out"
	done
}

# Somebody else's WINCH is for the command too.
testTrap28ResizeBySomebodyElse() {
	background "$INIT" -- "$PROBE" catch 1
	expect_line ready || return
	"$PROBE" send "$bg" 28
	expect_line '28 0 0'
	ended 0
}

# ---- A8: in a container

# Session, own group and foreground group of the command, as numbers of the namespace.
SEEN='read -r _ _ _ _ group sid _ front _ </proc/self/stat
	echo "sid=$sid group=$group front=$front pid=$$"; read -r _'

testA8ForegroundInAContainer() {
	for name in init tini podman-init catatonit; do
		# shellcheck disable=SC2086 # words
		run "$PROBE" term -n pid= "$NL" -- $PID1 setsid -c "$N/$name" -- sh -c "$SEEN"
		like "$out" '*sid=1 group=2 front=2 pid=2*\[exit 0\]*' || fail "$name: $out"
	done
	# shellcheck disable=SC2086
	run "$PROBE" term -n pid= "$NL" -- $PID1 setsid -c "$N/dumb-init" sh -c "$SEEN"
	like "$out" '*sid=2 group=2 front=2 pid=2*\[exit 0\]*' || fail "dumb-init: $out"
	# shellcheck disable=SC2086
	run "$PROBE" term -n pid= "$NL" -- $PID1 setsid -c "$N/dumb-init" -c sh -c "$SEEN"
	like "$out" '*sid=1 group=1 front=1 pid=2*\[exit 0\]*' || fail "dumb-init -c: $out"
}

# A shell in it has job control.
testA8ShellInAContainer() {
	for name in init tini dumb-init catatonit; do
		# shellcheck disable=SC2086 # words
		run env TERM=dumb "$PROBE" term -n '$ ' "$PROBE awa''ke$NL" awake "$Z" Stopped '' \
			'$ ' "fg$NL" awake "$C" '$ ' "echo st''=\$?$NL" st=130 "exit 7$NL" \
			-- $PID1 setsid -c "$N/$name" -- $BASH_I
		like "$out" '*Stopped*awake*st=130*\[exit 7\]*' || fail "$name: $out"
	done
}

# ^Z to a plain command in a container: nobody is there to continue it, so it does not stay stopped.
testA8StopInAContainer() {
	for name in init tini; do
		# shellcheck disable=SC2086 # words
		run "$PROBE" term -n ready "${Z}word$NL" got=word "$NL" -- $PID1 setsid -c "$N/$name" -- \
			sh -c 'echo ready; read -r x; echo "got=$x"; read -r _'
		like "$out" '*got=word*\[exit 0\]*' || fail "$name: $out"
	done
}

# As PID 1 of a namespace inside of a shell's session, which is what unshare(1) makes: the numbers of
# outer groups are all 0 there.
testA8NamespaceInsideASession() {
	each_shell '*got=hello*read=word*' \
		'$ ' "$PID1 $INIT -- sh -c 'echo rea\"\"dy; read -r x; echo got''=\$x'$NL" \
		ready "hello$NL" got=hello '' '$ ' "read -r y; echo read''=\$y; exit$NL" 'read' "word$NL"
}

# ---- trap 54: a stopped terminal

# ^S: init has something to say and cannot; the command ends, and so does init.
testTrap54StoppedTerminal() {
	for words in -w '-v -v -v' "$LOG"; do
		# shellcheck disable=SC2086 # words
		run "$PROBE" term ready "${S}go$NL" -- "$INIT" $words -- sh -c '
			stty -echo; echo ready; read -r _; "$PROBE" orphans 200; (exit 2); exit 5'
		assertEquals "$words: $err" 0 "$rc"
		like "$out" '*\[exit 5\]*' || fail "$words: $out"
	done
	# Stopped and resumed: nothing is wrong with it.
	run "$PROBE" term ready "$S${Q}go$NL" -- "$INIT" -w -- sh -c '
		stty -echo; echo ready; read -r _; exit 5'
	like "$out" '*ready*\[exit 5\]*' || fail "$out"
}

. "${SHUNIT2:-shunit2}"
