#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter --pty (B19, U24): the program has a terminal of the target's, and we are between it and ours.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by the shells that are started; $PTY is words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"
NSENTER=$BIN/nsenter
need strace strace
need bash bash
need dash dash

C=$(printf '\003') # ^C, and so on
D=$(printf '\004')
Z=$(printf '\032')
BACKSLASH=$(printf '\034')
CR=$(printf '\r')
NL='
'

# A shell with job control that says "$ " and nothing of its own. What is typed shows as well, hence
# the quotes in what it says: a text is never what was typed.
cat >"$T/rc" <<'END'
PS1='$ ' PS2='' HISTFILE=
set -m
END
DASH_I="env ENV=$T/rc dash -i"
BASH_I="bash --noprofile --rcfile $T/rc -i"

# The program's words begin with options of its own.
PTY="env -u SHELL PATH=/bin:/usr/bin TERM=dumb $NSENTER --pty"

# A devpts as container engines mount it, in a root of its own.
DEVPTS='mkdir -p /dev/pts && mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts /dev/pts &&
	ln -s pts/ptmx /dev/ptmx'

# boxed SCRIPT: a container (see there) whose /dev SCRIPT has made, of busybox's shell in it. It says the
# target's line, and may end with an exec.
boxed() {
	container +proc "+$BUSYBOX" "+$PROBE" -- /busybox sh -c '
		PATH=/bin; /busybox mkdir /bin /tmp && /busybox --install -s /bin && cp /probe /bin && eval "$1" &&
		exec sleep 1000' sh "$1"
}

# The usual one.
with_terminals() { boxed "$DEVPTS && echo"; }

# with_null: /dev/null in it, which a shell opens for what it starts in the background.
with_null() { mknod -m 666 "/proc/$target/root/dev/null" c 1 3; }

# userns [WORD...]: one in a user namespace, which has the programs of here; made by WORDs.
userns() {
	target "$@" unshare -rmuipf --kill-child --mount-proc sh -c '
		mount -t devpts -o newinstance,ptmxmode=666,gid=0 devpts /dev/pts && echo && exec sleep 1000'
}

# on_terminal PATTERN [EXPECT TYPE]... -- CMD...: CMD as a job on a terminal; what shows must fit the
# pattern, without the carriage returns.
on_terminal() {
	pattern=$1
	shift
	run "$PROBE" pty "$@"
	out=$(printf %s "$out" | tr -d '\r')
	if [ "$rc" != 0 ] || ! like "$out" "$pattern"; then
		fail "not $pattern: status $rc, stderr '$err': $out"
	fi
}

# in_shell SHELL PATTERN [EXPECT TYPE]...: the same for a shell on it, whose first job it is.
in_shell() {
	interactive=$1 pattern=$2
	shift 2
	on_terminal "$pattern" "$@" -- $interactive
}

# ---- which terminal it is

# `tty` says what exists inside, and it is the container's, not the caller's.
testB19TtyIsInside() {
	need_root || return 0
	with_terminals || return
	assert_run 0 "/dev/pts/0$CR" '' $PTY -t "$target" -a tty
	assert_run 0 "yes$CR" '' $PTY -t "$target" -a sh -c '[ -c "$(tty)" ] && [ "$(ls /dev/pts)" = "0
ptmx" ] && for fd in 0 1 2; do [ -t $fd ] || exit; done && echo yes'
	# It was given back, and nothing else of it is open in the program.
	assert_run 0 "/dev/pts/0$CR" '' $PTY -t "$target" -a tty
	fds='for fd in 0 1 2 3 4 5 6 7 8 9; do [ ! -e "/proc/self/fd/$fd" ] || echo $fd; done'
	run sh -c "$fds"
	assert_run 0 "$(printf '%s\n' "$out" | sed "s/\$/$CR/")" '' $PTY -t "$target" -a sh -c "$fds"
	on_terminal "*/dev/pts/0$NL*\[exit 0\]*" -- $PTY -t "$target" -a tty
}

# It is the session's own, which is what job control and /dev/tty need.
testB19SessionAndGroup() {
	need_root || return 0
	with_terminals || return
	assert_run 0 "all the same$CR" '' $PTY -t "$target" -a sh -c '
		read -r pid _ _ _ group sid _ front _ </proc/self/stat
		[ $pid = $group ] && [ $pid = $sid ] && [ $pid = $front ] && echo all the same'
}

# In a user namespace whose root nobody of outside is: the terminal belongs to the program's user.
testB19OwnerInAUserNamespace() {
	need_root || return 0
	for words in env "$AS_USER"; do
		userns $words || return
		assert_run 0 "0:0 600 /dev/pts/0$CR
and open$CR" '' $PTY -t "$target" -a sh -c 'stat -c "%u:%g %a %n" "$(tty)"
			: <>"$(tty)" && echo and open'
		assert_run 0 "/dev/pts/0$CR" '' $PTY -t "$target" -a --preserve-credentials tty
	done
}

# An ordinary user in his own container.
testB19AsUser() {
	userns $AS_USER || return
	assert_run 0 "/dev/pts/0 0$CR" '' as_user $PTY -t "$target" -a sh -c \
		'echo "$(tty) $(stat -c %u "$(tty)")"'
}

# Another user than root in the container can open it by its name, also where only root can make one.
testB19OwnerIsTheProgramsUser() {
	need_root || return 0
	for mode in 666 000; do
		boxed "mkdir -p /dev/pts && mount -t devpts -o newinstance,ptmxmode=$mode devpts /dev/pts &&
			ln -s pts/ptmx /dev/ptmx && echo" || return
		assert_run 0 "1000:1001 600$CR
1000$CR" '' $PTY -t "$target" -a -S 1000 -G 1001 sh -c ': <>"$(tty)" && stat -c "%u:%g %a" "$(tty)"; id -u'
		assert_run 0 "0:0 600$CR" '' $PTY -t "$target" -a -S follow -G follow sh -c '
			: <>"$(tty)" && stat -c "%u:%g %a" "$(tty)"'
	done
}

# Without a mount namespace it is one of here; and by /dev/pts/ptmx where there is no other.
testB19OtherPlaces() {
	assert_run 0 "/dev/pts/*$CR" '' $PTY -w/ tty
	need_root || return 0
	boxed 'mkdir -p /dev/pts && mount -t devpts -o newinstance,ptmxmode=000 devpts /dev/pts && echo' ||
		return
	assert_run 0 "/dev/pts/0$CR" '' $PTY -t "$target" -a tty
	assert_run 0 "/dev/pts/0$CR" '' $PTY -t "$target" -m -r tty
}

# Together with what else there is.
testB19Together() {
	need_root || return 0
	with_terminals || return
	if enabled NSENTER_BRING; then
		assert_run 0 "/dev/pts/0$CR" '' $PTY -t "$target" -a --bring "$BUSYBOX" tty
		assert_run 3 "/dev/pts/0$CR" '' $PTY -t "$target" -a --bring "$BUSYBOX" sh -c 'tty; exit 3'
	fi
	assert_run 0 "/dev/pts/0$CR" '' $PTY -t "$target" -a --kill-child tty
	assert_run 0 "/dev/pts/0$CR" '' $PTY -t "$target" -p -m --mount-proc tty
	assert_run 0 "/dev/pts/0$CR" '' $PTY -t "$target" -a -e /bin/tty
	! enabled NSENTER_FORWARD ||
		assert_run 0 "/dev/pts/0$CR" '' $PTY -t "$target" -a --forward-signals tty
	! enabled NSENTER_PLAN || assert_run 0 '*fork *yes*' '' $PTY -t "$target" -a --dry-run tty
	# No program: a shell.
	run sh -c 'printf "tty; exit 4\n" | PS1= SHELL=/bin/sh PATH=/bin "$0" --pty -t "$1" -a' \
		"$NSENTER" "$target"
	assertEquals "$out $err" 4 "$rc"
	like "$out" "*/dev/pts/0*" || fail "$out"
}

# Without /proc, for who can make one that is mounted nowhere, and for who cannot.
testB19WithoutProc() {
	need_root || return 0
	if sanitized; then return 0; fi
	for words in env "$AS_USER"; do
		assert_run 3 "text$CR" '' unshare -m sh -c 'mount -t tmpfs none /proc && exec "$@"' sh \
			$words $PTY -w/ sh -c '[ -t 0 ] && [ -t 1 ] && : </dev/tty && echo text; exit 3'
	done
}

# Before Linux 4.13 there was only the path. Nothing else has to be different: the call is denied.
testB19WithoutPeer() {
	need_root || return 0
	if sanitized; then return 0; fi
	with_terminals || return
	run strace -o "$T/trace" -e trace=ioctl $PTY -t "$target" -a true
	nth=$(grep ioctl "$T/trace" | grep -n TIOCGPTPEER | cut -d : -f 1)
	assertNotNull "$nth"
	for error in ENOTTY EINVAL; do
		assert_run 0 "/dev/pts/0$CR" '' strace -o "$T/trace" -e trace=ioctl -e "inject=ioctl:error=$error:when=$nth" \
			$PTY -t "$target" -a tty
		grep -q 'TIOCGPTPEER.*INJECTED' "$T/trace" || fail "not denied"
	done
	# It waits for what it reads, as a terminal should.
	assert_run 0 "hello$CR" '' sh -c 'printf hello | "$@"' sh strace -o "$T/trace" -e trace=ioctl \
		-e "inject=ioctl:error=ENOTTY:when=$nth" $PTY -t "$target" -a sh -c 'sleep 0; cat; echo'
}

# ---- on our own terminal

# Job control inside, which is that of the shell there: ^Z, fg, ^C, ^\.
testB19JobControl() {
	need_root || return 0
	with_terminals || return
	on_terminal '*awake*Stopped*awake*st=130*again*awake*st=131*\[exit 7\]*' \
		'# ' "probe awa''ke$NL" awake "$Z" Stopped '' '# ' "fg$NL" awake "$C" '# ' "echo st''=\$?$NL" \
		st=130 "echo aga''in; probe awa''ke$NL" awake "$BACKSLASH" '# ' "echo st''=\$?; exit 7$NL" -- \
		env PS1='# ' $PTY -t "$target" -a sh -i
	like "$out" '*\[stopped\]*' && fail "we were stopped: $out"
	true
}

# A reader in the background there is stopped by that terminal; ^D is the end of its input.
testB19BackgroundInside() {
	need_root || return 0
	with_terminals || return
	on_terminal '*tty input*hello*hello*end=0*\[exit 0\]*' \
		'# ' "head -n 1 &$NL" '# ' "until jobs >/tmp/j; grep 'tty inp''ut' /tmp/j; do :; done$NL" \
		'tty input' '' '# ' "fg; echo st''=\$?$NL" 'head' "hello$NL" hello '' hello '' st=0 '' '# ' \
		"echo rea''dy; cat; echo end''=\$?$NL" ready "$D" end=0 "exit$NL" -- \
		env PS1='# ' $PTY -t "$target" -a sh -i
}

# The keys are the program's, not ours: nsenter is not even told.
testB19KeysAreBytes() {
	need_root || return 0
	with_terminals || return
	on_terminal '*ready*2 128 0*20 128 0*3 128 0*\[exit 0\]*' \
		ready "$C" '2 128 0' "$Z" '20 128 0' "$BACKSLASH" -- $PTY -t "$target" -a probe catch 3
	on_terminal '*ready*003 032 034 021 023 012 015*\[exit 0\]*' \
		ready "$C$Z$BACKSLASH$(printf '\021\023\n\r')" -- $PTY -t "$target" -a sh -c '
		stty raw -echo; echo ready; dd bs=1 count=7 2>/dev/null | od -A n -t o1; stty sane'
}

# The size at the start, and when it changes: whatever of ours is the terminal.
testB19Size() {
	need_root || return 0
	with_terminals || return
	for redirect in '' '</dev/null' '</dev/null 2>/dev/null' '2>/dev/null'; do
		on_terminal '*11 44*28 128 0*33 99*\[exit 0\]*' ready @resize -- sh -c '
			stty rows 11 cols 44; exec "$@" '"$redirect" sh $PTY -t "$target" -a sh -c '
			stty size; probe catch 1; stty size'
	done
	# Nobody knows: none of ours is one.
	assert_run 0 "0 0$CR" '' $PTY -w/ stty size
}

# What ours is set to it is set to as well; nothing of it shows twice.
testB19Modes() {
	need_root || return 0
	with_terminals || return
	on_terminal '*intr = ^G;*-ixon *\[exit 0\]*' -- sh -c 'stty intr ^G -ixon; exec "$@"' sh \
		$PTY -t "$target" -a stty -a
	assert_run 0 '* -echo *' '' $PTY -t "$target" -a stty -a
	on_terminal "ready${NL}hello${NL}got=hello$NL*" ready "hello$NL" -- $PTY -t "$target" -a sh -c '
		echo ready; read -r x; echo "got=$x"'
}

# ---- our terminal afterwards

# kept PATTERN SCRIPT [EXPECT TYPE]...: a shell's script on a terminal, whose modes are the same
# before and after; with words $PTY and $target for it.
kept() {
	pattern=$1 script=$2
	shift 2
	on_terminal "*$pattern*same*\[exit 0\]*" "$@" -- env PTY="$PTY -t $target -a" sh -c '
		before=$(stty -g); sh -c "$1"; echo "status=$?"; [ "$(stty -g)" = "$before" ] && echo same' \
		sh "$script"
}

testB19ModesAreRestored() {
	need_root || return 0
	with_terminals || return
	kept status=0 '$PTY true'
	kept status=0 '$PTY stty raw -echo'
	kept status=127 '$PTY none'
	kept status=1 '$PTY -S 77 sh -c "echo text" >/dev/full'
	kept status=137 '$PTY sh -c "kill -KILL \$\$"'
	kept status=139 'ulimit -c 0; $PTY sh -c "kill -SEGV \$\$"'
	kept status=130 '$PTY sh -c "echo rea\"\"dy; exec sleep 100"' ready "$C"
}

# on_signal SIGNAL STATUS: we are sent it while the program runs on our terminal, which is raw then.
on_signal() {
	on_terminal "*-isig -icanon *status=$2 same*" -- sh -c '
		pid=$1 signal=$2 before=$(stty -g) tty=$(tty)
		shift 2
		{ sh -c "echo \$\$ >\$0; exec \"\$@\"" "$pid" "$@"; echo "status=$?" >"$pid.status"; } |
			{ read -r _; stty -a <"$tty"; kill "-$signal" "$(cat "$pid")"; cat; }
		[ "$(stty -g)" != "$before" ] || echo "$(cat "$pid.status") same"' \
		sh "$T/pid" "$1" $PTY -t "$target" -a probe awake
}

# By a signal to us, which is for the program, and then ends us as it.
testB19ModesAfterASignal() {
	need_root || return 0
	with_terminals || return
	on_signal TERM 143
	on_signal HUP 129
	on_signal INT 130
	on_signal QUIT 131
	on_signal USR1 138
	on_signal 40 168
}

# ---- stops

# P16: who stops the program stops us, and with us it goes on.
testB19ProgramIsStopped() {
	need_root || return 0
	with_terminals || return
	on_terminal '*\[stopped\]*go on*\[exit 5\]*' -- $PTY -t "$target" -a sh -c \
		'kill -STOP $$; echo go on; exit 5'
	# Our terminal is then what it was: dash leaves that to us.
	in_shell "$DASH_I" '*Stopped*-> isig*go on*got=hello*st=6*' \
		'$ ' "$PTY -t $target -a sh -c 'kill -STOP \$\$; echo go o\"\"n; read -r x; echo got''=\$x; exit 6'$NL" \
		Stopped '' '$ ' "stty -a | sed -n 's/^\(isig\)/-> \1/p'$NL" '-> isig' '' '$ ' "fg$NL" \
		'go on' "hello$NL" got=hello '' '$ ' "echo st''=\$?; exit$NL"
}

# So it is when we are asked to stop ourselves, which leaves the program alone.
testB19WeAreStopped() {
	need_root || return 0
	with_terminals || return
	for sig in TSTP TTOU; do
		rm -f "/proc/$target/root/tmp/go"
		mkfifo "/proc/$target/root/tmp/go"
		in_shell "$DASH_I" '*Stopped*-> isig*got=hello*st=6*' \
			'$ ' "{ read -r x </proc/$target/root/tmp/go; kill -$sig \$(cat $T/pid); } &$NL" '$ ' \
			"P='$PTY -t $target -a' X='echo >/tmp/go; read -r x; echo got''=\$x; exit 6'$NL" '$ ' \
			"sh -c 'echo \$\$ >$T/pid; exec \$0 sh -c \"\$1\"' \"\$P\" \"\$X\"$NL" \
			Stopped '' '$ ' "stty -a | sed -n 's/^\(isig\)/-> \1/p'$NL" '-> isig' '' '$ ' "fg$NL" \
			'sh -c' "hello$NL" got=hello '' '$ ' "echo st''=\$?; exit$NL"
	done
}

# In the background we wait, as everybody who wants the terminal, and leave it alone; fg is enough.
testB19InTheBackground() {
	need_root || return 0
	with_terminals || return
	for shell in "$DASH_I" "$BASH_I"; do
		in_shell "$shell" '*Stopped*still=here*got=hello*st=6*' \
			'$ ' "$PTY -t $target -a sh -c 'read -r x; echo got''=\$x; exit 6' &$NL" \
			'$ ' "until jobs >$T/jobs; grep Stop''ped $T/jobs; do :; done$NL" Stopped '' \
			'$ ' "echo still''=here$NL" still=here '' '$ ' "fg$NL" 'exit 6' "hello$NL" got=hello '' \
			'$ ' "echo st''=\$?; exit$NL"
	done
}

# bg does not help who has been stopped: it is stopped again, and the shell's terminal is left alone.
testB19ContinuedInTheBackground() {
	need_root || return 0
	with_terminals || return
	for shell in "$DASH_I" "$BASH_I"; do
		in_shell "$shell" '*Stopped*Stopped*-> isig*go on*got=hello*st=6*' \
			'$ ' "$PTY -t $target -a sh -c 'kill -STOP \$\$; echo go o\"\"n; read -r x; echo got''=\$x; exit 6'$NL" \
			Stopped '' '$ ' "bg$NL" '$ ' "until jobs >$T/jobs; grep Stop''ped $T/jobs; do :; done$NL" \
			Stopped '' '$ ' "stty -a | sed -n 's/^\(isig\)/-> \1/p'$NL" '-> isig' '' '$ ' "fg$NL" \
			'go on' "hello$NL" got=hello '' '$ ' "echo st''=\$?; exit$NL"
	done
}

# Stopped by force we cannot give the terminal back; what its shell has made of it since is then not ours
# to change, when the program has ended and we go on behind its back.
testB19StoppedByForce() {
	need_root || return 0
	with_terminals || return
	rm -f "/proc/$target/root/tmp/go"
	mkfifo "/proc/$target/root/tmp/go"
	in_shell "$BASH_I" '*Stopped*-> intr = ^G*' \
		'$ ' "{ read -r x </proc/$target/root/tmp/go; kill -STOP \$(cat $T/pid); } &$NL" '$ ' \
		"P='$PTY -t $target -a' X='echo >/tmp/go; read -r x'$NL" '$ ' \
		"sh -c 'echo \$\$ >$T/pid; exec \$0 sh -c \"\$1\"' \"\$P\" \"\$X\"$NL" \
		Stopped '' '$ ' "stty intr ^G; p=\$(cat $T/pid) c=\$(cat /proc/\$p/task/\$p/children); kill -KILL \$c$NL" \
		'$ ' "until grep -q '^State:.Z' /proc/\${c% }/status; do :; done$NL" \
		'$ ' "kill -CONT \$p; until jobs >$T/jobs; ! grep Stop''ped $T/jobs; do :; done; wait$NL" \
		'$ ' "stty -a | sed -n 's/.*\(intr = [^;]*\).*/-> \1/p'$NL" '-> intr' '' '$ ' "exit$NL"
}

# Where nobody could continue us, in an orphaned group, nobody stops us either.
testB19OrphanedGroup() {
	need_root || return 0
	with_terminals || return
	run "$PROBE" term ready "hello$NL" got=hello "$NL" -- "$PROBE" lonely $PTY -t "$target" -a sh -c '
		echo ready; read -r x; echo "got=$x"; read -r _'
	assertEquals "$out $err" 0 "$rc"
	like "$out" '*got=hello*\[exit 0\]*' || fail "$out"
}

# ---- signals

# What is sent to us is the program's, once, with its value.
testB19SignalsAreHandedOn() {
	need_root || return 0
	with_terminals || return
	background $PTY -t "$target" -a probe catch 7
	expect ready || return
	for sig in 15 1 2 3 10 18; do
		"$PROBE" send "$bg" $sig
		expect "$sig 0 0" || return
	done
	"$PROBE" send "$bg" 40 4711
	expect '40 -1 4711'
	ended 0
}

# expect TEXT: that the process in the background says it next, on its terminal.
expect() {
	next_line || return
	assertEquals "line" "$1$CR" "$line"
}

# A ^C at our terminal, when it is not what the program reads, is one at the program's.
testB19KeysWhereStdinIsNoTerminal() {
	need_root || return 0
	with_terminals || return
	on_terminal '*ready*2 128 0*3 128 0*\[exit 0\]*' ready "$C" '2 128 0' "$BACKSLASH" -- sh -c '
		exec "$@" </dev/null' sh $PTY -t "$target" -a probe catch 2
	# ^Z stops us, and not the program, which has nobody to continue it.
	on_terminal '*ready*\[stopped\]*18 0 0*2 128 0*\[exit 0\]*' ready "$Z" '18 0 0' "$C" -- sh -c '
		exec "$@" </dev/null' sh $PTY -t "$target" -a probe catch 2
}

# Our terminal is gone: the program is told, and nobody stays; as the job of a shell and as the leader of
# the session.
testB19OurTerminalHangsUp() {
	need_root || return 0
	with_terminals || return
	run "$PROBE" term '$ ' "$PTY -t $target -a sh -c 'trap \"echo hup >/tmp/hup; exit 3\" HUP; echo rea\"\"dy
		while :; do sleep 0.1; done'$NL" ready @hangup -- $BASH_I
	wait_for '[ -s "/proc/$target/root/tmp/hup" ]'
	wait_for '[ "$(ls "/proc/$target/root/dev/pts")" = ptmx ]'
	rm "/proc/$target/root/tmp/hup"
	run "$PROBE" term ready @hangup -- $PTY -t "$target" -a sh -c '
		trap "echo hup >/tmp/hup; exit 3" HUP; echo ready; while :; do sleep 0.1; done'
	wait_for '[ -s "/proc/$target/root/tmp/hup" ]'
	wait_for '[ "$(ls "/proc/$target/root/dev/pts")" = ptmx ]'
}

# And when we are killed.
testB19WeAreKilled() {
	need_root || return 0
	with_terminals || return
	background $PTY -t "$target" -a sh -c 'trap "echo hup >/tmp/hup; exit 3" HUP; echo ready
		while :; do sleep 0.1; done'
	expect ready || return
	kill -KILL "$bg"
	wait "$bg" 2>/dev/null
	wait_for '[ -s "/proc/$target/root/tmp/hup" ]'
}

# ---- how it ends

testB19Status() {
	need_root || return 0
	with_terminals || return
	for code in 0 1 7 126 127 255; do
		assert_run $code '' '' $PTY -t "$target" -a sh -c "exit $code"
	done
	for sig in 1 2 9 11 13 15 40; do
		assert_run 0 "signal $sig" '' "$PROBE" status $PTY -t "$target" -a probe die $sig
	done
	# What we have to say is not for the program's terminal.
	assert_run 127 '' "nsenter: failed to execute none: $ENOENT" $PTY -t "$target" -a none
	assert_run 126 '' "nsenter: failed to execute /tmp: $EACCES*" $PTY -t "$target" -a /tmp
	assert_run 1 '' "nsenter: cannot open /none: $ENOENT" $PTY -t "$target" -a -W/none true
}

# ---- bytes

# The end of a stdin that is no terminal is typed: behind half a line too.
testB19PipedStdin() {
	need_root || return 0
	with_terminals || return
	for text in '' 'a' 'one\n' 'one\ntwo' 'one\n\n'; do
		# shellcheck disable=SC2059 # it is a format
		want=$(printf "$text" | sed "s/\$/$CR/")
		case $text in *n | '') ;; *) want=${want%"$CR"} ;; esac
		run sh -c 'printf "$0" | "$@"' "$text" $PTY -t "$target" -a cat
		assertEquals "status of '$text'" 0 "$rc"
		assertEquals "'$text'" "$want" "$out"
	done
	assert_run 3 "got=a b$CR" '' sh -c 'echo a b | "$@"' sh $PTY -t "$target" -a sh -c \
		'read -r x; echo "got=$x"; read -r x || exit 3'
	# It is typed once: the second `cat` gets its own end by nobody, but the first one's.
	assert_run 0 "first$CR
second$CR" '' timeout 10 $PTY -t "$target" -a sh -c 'cat; echo first; stty min 0 time 1 -icanon; cat; echo second'
	# Whoever does not read it has no need of it.
	assert_run 5 "text$CR" '' $PTY -t "$target" -a sh -c 'echo text; exit 5'
}

# More than any buffer holds, to a reader that is slow to begin.
testB19LargeInput() {
	need_root || return 0
	with_terminals || return
	seq 1 60000 >"$T/large"
	run sh -c '"$@" <"$0"' "$T/large" $PTY -t "$target" -a sh -c 'sleep 0.2; exec md5sum'
	assertEquals "$(md5sum <"$T/large")$CR" "$out"
	run sh -c 'cat "$0" | "$@"' "$T/large" $PTY -t "$target" -a sh -c 'exec md5sum'
	assertEquals "$(md5sum <"$T/large")$CR" "$out"
}

# 1 MB, all of it, though the program ends at once behind it; and a reader that begins late.
testB19LargeOutput() {
	need_root || return 0
	with_terminals || return
	seq 1 150000 | sed "s/\$/$CR/" >"$T/large"
	for reader in cat 'sleep 0.2; cat'; do
		run sh -c 'reader=$0; "$@" | eval "$reader"' "$reader" $PTY -t "$target" -a seq 1 150000
		cmp "$T/large" "$T/out" || fail "$reader"
	done
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		run $PTY -t "$target" -a sh -c 'seq 1 3000; exit 4'
		assertEquals 4 "$rc"
		head -n 3000 "$T/large" | cmp - "$T/out" || fail "a file"
	done
	# To a terminal as well, by the shell there.
	on_terminal "*19999${NL}20000${NL}*\[exit 0\]*" -- $PTY -t "$target" -a seq 1 20000
	assertEquals 20001 "$(printf '%s\n' "$out" | wc -l)"
}

# The program has ended and our reader does not read, of a pipe that is full: then a signal is for us.
testB19ReaderDoesNotRead() {
	need_root || return 0
	with_terminals || return
	mkfifo "$T/reader"
	exec 7<>"$T/reader"
	dd if=/dev/zero bs=4096 count=16 2>/dev/null >&7
	"$PROBE" with $PTY -t "$target" -a sh -c 'echo text; echo >/tmp/done; exit 4' </dev/null >&7 7<&- &
	bg=$!
	wait_for '[ -e "/proc/$target/root/tmp/done" ] && [ -z "$(children $bg)" ]'
	kill -TERM "$bg"
	ended 4
	exec 7<&-
}

# Signals that come together with the end, for the program or to go on, take nothing away.
testB19SignalsAtTheEnd() {
	need_root || return 0
	with_terminals || return
	mkfifo "/proc/$target/root/tmp/go"
	"$PROBE" with $PTY -t "$target" -a sh -c 'read -r _ </tmp/go; seq 1 1000; exit 4' </dev/null >"$T/hurried" &
	bg=$!
	wait_for '[ -n "$(children $bg)" ]' || return
	program=$(children "$bg" | tr -d ' ')
	kill -STOP "$bg" && wait_state "$bg" T
	echo >"/proc/$target/root/tmp/go"
	wait_state "$program" Z
	"$PROBE" send "$bg" 10,40,18
	ended 4
	assertEquals "1000$CR" "$(tail -n 1 "$T/hurried")"
	assertEquals 1000 "$(wc -l <"$T/hurried")"
}

# Somebody who stays behind and writes on does not keep us.
testB19WriterStaysBehind() {
	need_root || return 0
	with_terminals || return
	with_null
	run sh -c 'timeout 10 "$@"; echo "status=$?" >&2' sh $PTY -t "$target" -a sh -c 'trap "" HUP; yes & exit 3'
	assertEquals status=3 "$err"
	assert_run 4 '*' '' timeout 10 $PTY -t "$target" -a sh -c 'trap "" HUP; sleep 100 & exit 4'
}

# Our reader is gone: a hangup of the terminal, as on a real one.
testB19ReaderIsGone() {
	need_root || return 0
	with_terminals || return
	run sh -c '{ "$@"; echo "status=$?" >&2; } | head -n 1' sh $PTY -t "$target" -a yes
	assertEquals "y$CR" "$out"
	like "$err" '*status=129' || fail "$err"
	run sh -c '{ "$@"; echo "status=$?" >&2; } | true' sh $PTY -t "$target" -a sh -c \
		'trap "exit 3" HUP; while :; do echo text; done'
	assertEquals status=3 "$err"
}

# What is lost otherwise is said.
testB19OutputIsLost() {
	need_root || return 0
	with_terminals || return
	run sh -c '"$@" >/dev/full' sh $PTY -t "$target" -a sh -c 'echo text; read -r x'
	assertEquals "nsenter: write error: $ENOSPC" "$err"
	assertEquals 1 "$rc"
	run sh -c '"$@" >&-' sh $PTY -t "$target" -a sh -c 'echo text; read -r x'
	assertEquals "nsenter: write error: $EBADF" "$err"
	assertEquals 1 "$rc"
	assert_run 3 '' '' sh -c '"$@" >&-' sh $PTY -t "$target" -a sh -c 'exit 3'
}

# stdin is closed, or nothing that one can read.
testB19OddStdin() {
	need_root || return 0
	with_terminals || return
	for stdin in '<&-' '</dev/null' '</' '<&- 2>&-'; do
		assert_run 3 "text$CR" '' sh -c '"$@"'" $stdin" sh $PTY -t "$target" -a sh -c 'cat; echo text; exit 3'
	done
	for kind in closed hung foreign; do
		assert_run 3 "text$CR" '' "$PROBE" stdin $kind $PTY -t "$target" -a sh -c 'echo text; exit 3'
	done
}

# A program that has given its terminal up, an end of stdin, a reader that does not read: no reason
# to wake up again and again.
testB19NoBusyLoop() {
	need_root || return 0
	if sanitized; then return 0; fi
	with_terminals || return
	with_null
	for program in 'exec </dev/null >/dev/null 2>&1; sleep 0.3' 'sleep 0.3' 'cat; sleep 0.3'; do
		run sh -c '"$@" | { sleep 0.4; cat >/dev/null; }' sh strace -o "$T/trace" -e trace=poll,ppoll \
			$PTY -t "$target" -a sh -c "$program"
		calls=$(grep -c poll "$T/trace")
		[ "$calls" -lt 100 ] || fail "$program: $calls calls"
	done
	mkfifo "$T/full"
	exec 7<>"$T/full"
	dd if=/dev/zero bs=4096 count=16 2>/dev/null >&7
	"$PROBE" with strace -o "$T/trace" -e trace=poll,ppoll $PTY -t "$target" -a sh -c \
		'yes & sleep 0.3; kill $! && echo >/tmp/done' </dev/null >&7 7<&- &
	bg=$!
	wait_for '[ -e "/proc/$target/root/tmp/done" ]' || return
	pid=$(children "$bg" | tr -d ' ')
	wait_for '[ -z "$(children $pid)" ]'
	kill -TERM "$pid"
	ended 0
	exec 7<&-
	rm "$T/full"
	calls=$(grep -c poll "$T/trace")
	[ "$calls" -lt 100 ] || fail "a full pipe: $calls calls"
}

# ---- what is not a terminal there

REFUSAL='nsenter: cannot open a terminal in the target: '
HINT=' (no devpts mounted there?)'

testB19NoDevpts() {
	need_root || return 0
	boxed echo || return
	assert_run 1 '' "$REFUSAL$ENOENT$HINT" $PTY -t "$target" -a true
	# An old way to make a /dev.
	boxed 'mkdir /dev && mknod -m 666 /dev/ptmx c 5 2 && echo' || return
	assert_run 1 '' "$REFUSAL*$HINT" $PTY -t "$target" -a true
	assert_one_line
}

testB19AllTerminalsInUse() {
	need_root || return 0
	boxed 'mkdir -p /dev/pts && mount -t devpts -o newinstance,ptmxmode=666,max=1 devpts /dev/pts &&
		exec 5<>/dev/pts/ptmx && echo' || return
	assert_run 1 '' "$REFUSAL$ENOSPC (all are in use: *)" $PTY -t "$target" -a true
}

# As who is not root there, where only root may.
testB19NotAllowed() {
	need_root || return 0
	boxed 'mkdir -p /dev/pts && mount -t devpts devpts /dev/pts && echo' || return
	assert_run 1 '' "$REFUSAL$EACCES (devpts is mounted there without ptmxmode=666?)" \
		setpriv --inh-caps -all --bounding-set -dac_override,-dac_read_search --reuid 0 $PTY -t "$target" -a \
		-S 1000 true
}

# hostile SCRIPT: a container whose /dev that script makes, is refused, and nothing is opened of it: who
# opens the FIFO wakes the target, which waits there for a writer.
hostile() {
	boxed "mkdir -p /dev/pts && mkfifo /dev/fifo && $1 && echo && exec cat /dev/fifo" || return
	wait_for '[ "$(cat "/proc/$target/comm")" = cat ]' && wait_state "$target" S || return
	assert_run 1 '' "$REFUSAL*$HINT" timeout 10 $PTY -t "$target" -a true
	assert_one_line
	assertEquals "$1: the target" S "$(state "$target")"
}

testB19HostilePtmx() {
	need_root || return 0
	hostile 'ln -s fifo /dev/ptmx && ln -s ../fifo /dev/pts/ptmx'
	hostile 'ln /dev/fifo /dev/ptmx'
	hostile 'echo text >/dev/ptmx'
	hostile 'ln -s pts/ptmx /dev/ptmx && echo text >/dev/pts/ptmx'
	hostile 'mkdir /dev/ptmx'
	hostile 'ln -s ptmx /dev/ptmx'
	hostile 'ln -s /proc/1/mem /dev/ptmx'
	for node in 1:3 1:5 5:0 5:1 10:130; do
		hostile "mknod -m 666 /dev/device c ${node%:*} ${node#*:} && ln -s device /dev/ptmx"
	done
	hostile 'mknod -m 666 /dev/device b 5 2 && ln -s device /dev/ptmx'
	# A mount in front of the real one; a terminal's other end.
	hostile 'mount -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts && mount --bind /dev/fifo /dev/pts/ptmx'
}

# One that is not usable is no reason not to take the other.
testB19OtherPtmxIsReal() {
	need_root || return 0
	for fake in 'mkfifo /dev/ptmx' 'echo >/dev/ptmx' 'ln -s /dev/null /dev/ptmx' 'ln -s none /dev/ptmx'; do
		boxed "mkdir -p /dev/pts && mount -t devpts -o newinstance,ptmxmode=600 devpts /dev/pts && $fake && echo" ||
			return
		assert_run 0 "/dev/pts/0$CR" '' timeout 10 $PTY -t "$target" -a tty
	done
}

# ---- not in this build

testNotBuiltIn() {
	enabled NSENTER_PTY && return
	assert_run 1 '' "nsenter: unrecognized option '--pty'$try_line" "$NSENTER" --pty -w/ true
}

suite() { tests_of NSENTER_PTY; }

. "${SHUNIT2:-shunit2}"
