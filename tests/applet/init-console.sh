#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init as PID 1 of a machine: its console, and what an action finds there: descriptors, terminal,
# environment, signals. busybox's own init is asked the same where it has an answer.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/boot.sh"

suite() {
	tests_of INIT_SYSTEM
	if enabled INIT_SYSTEM && ! sanitized; then suite_addTest inARootOfItsOwn; fi # which has no libraries
}

need unshare util-linux
need setsid util-linux
need busybox busybox-static

CONSOLE=$T/console-helper
if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -static \
	"$TOP/tests/applet/helper/console.c" -o "$CONSOLE"
then
	echo "$0: cannot compile console.c: run scripts/setup test" >&2
	exit 1
fi
INIT=$BIN/init
export CONSOLE INIT

# A terminal /dev/pts/0 for the namespace; what it shows is in $T/screen, what comes through $T/keys is
# typed. To begin boot_first with.
terminal='"$CONSOLE" "$T/screen" "$T/keys" >/dev/null;'
setUp() {
	rm -rf "$T/screen" "$T/keys" "$T"/got* "$T"/out.*
	: >"$T/screen"
	mkfifo "$T/keys"
	boot_first=$terminal vars=CONSOLE=/dev/pts/0 words='' boot_as=''
}

# tell SCRIPT: what `dash $T/tell NAME` does in an action, which has no shell around it then: what it
# prints becomes $T/got.NAME at once, and as a whole.
tell() { printf '%s\n' "{ $1; } >$T/got 2>&1; mv $T/got $T/got.\$1" >"$T/tell"; }

# told NAME: that.
told() { wait_for "[ -e '$T/got.$1' ]" && cat "$T/got.$1"; }

# typed TEXT: with backslashes, as of printf's %b.
typed() { printf %b "$1" >"$T/keys"; }

# shown TEXT [TIMES]: waits until the terminal has shown that, in so many lines.
shown() { wait_for "[ \$(tr -d '\r' <'$T/screen' | grep -cF -- '$1') -ge ${2:-1} ]"; }

# boot_now LINE...: with $vars and $words.
boot_now() {
	inittab "$@"
	# shellcheck disable=SC2046,SC2086 # words
	boot $(printf -- '-e %s ' $vars) $words
}

# told_by_both LINE [COMMAND]: what an action of that table tells as x, by busybox's init and by ours, must
# be the same; COMMAND is done here after the start. Leaves it in $T/out.ours, and what the terminals have
# shown in $T/screen.busybox and $T/screen.
told_by_both() {
	keep="$boot_first" as=$boot_as
	for who in busybox ours; do
		if [ $who = busybox ]; then boot_with=$(command -v busybox); fi
		boot_now "$1" || return
		if [ -n "${2:-}" ]; then "$2"; fi
		told x >"$T/out.$who" || return
		tearDown
		if [ $who = ours ]; then break; fi
		mv "$T/screen" "$T/out.screen"
		setUp_again
	done
	mv "$T/out.screen" "$T/screen.busybox"
	assertEquals "$(cat "$T/out.busybox")" "$(cat "$T/out.ours")"
}

setUp_again() {
	rm -f "$T/keys" "$T/got.x"
	: >"$T/screen"
	mkfifo "$T/keys"
	boot_first=$keep boot_as=$as
}

# one_line: of its input, where lines are as good as blanks.
one_line() { tr -d '\r' | tr -s '\t\n' '  ' | sed 's/ $//'; }

# assert_told TEXT: that it was this.
assert_told() { assertEquals "$1" "$(one_line <"$T/out.ours")"; }

# Whether a shell leads its session, and has its terminal; how it was called.
MINE='read -r _ _ _ _ _ sid nr _ <"/proc/$$/stat"
	echo "leader=$((sid == $$)) owned=$((nr != 0)) $(tty)"; tr "\0" " " <"/proc/$$/cmdline"'

# ---- B4: the first word, and whose the terminal is

testB4OnTheConsole() {
	tell "$MINE"
	told_by_both "::once:dash $T/tell x" || return
	assert_told "leader=1 owned=0 /dev/pts/0 dash $T/tell x"
}

testB4LoginShellOnTheConsole() {
	tell "$MINE"
	told_by_both "::once:-dash $T/tell x" || return
	assert_told "leader=1 owned=1 /dev/pts/0 -dash $T/tell x"
}

testB4LoginShellByTheShell() {
	tell "$MINE"
	told_by_both "::once:-dash $T/tell x && true" || return
	assert_told "leader=1 owned=1 /dev/pts/0 dash $T/tell x"
}

# A terminal that it has opened itself becomes its own without a dash as well.
testB4OnATerminal() {
	tell "$MINE"
	vars=A=B
	told_by_both "pts/0::once:dash $T/tell x" || return
	assert_told "leader=1 owned=1 /dev/pts/0 dash $T/tell x"
}

# With and without /dev/, in a subdirectory, and by the name of the console.
testB4NamesOfTerminals() {
	tell "$MINE"
	vars=A=B boot_first="$terminal : >/dev/console; mount --bind /dev/pts/0 /dev/console"
	boot_now "pts/0::wait:-dash $T/tell 1" "/dev/pts/0::wait:-dash $T/tell 2" \
		"console::wait:-dash $T/tell 3" "/dev/console::wait:-dash $T/tell 4" "::once:dash $T/tell 5" || return
	for n in 1 2; do
		assertEquals "leader=1 owned=1 /dev/pts/0 -dash $T/tell $n" "$(told $n | one_line)"
	done
	for n in 3 4; do
		like "$(told $n | one_line)" "leader=1 owned=1 /dev/* -dash $T/tell $n" || fail "$(cat "$T/got.$n")"
	done
	like "$(told 5 | one_line)" 'leader=1 owned=0 not a tty *' || fail "$(cat "$T/got.5")"
}

# It is another session's, and stays that.
testB4NotStolen() {
	tell "$MINE"
	boot_first='"$CONSOLE" "$T/screen" "$T/keys" own >/dev/null;'
	told_by_both "::once:-dash $T/tell x" || return
	assert_told "leader=1 owned=0 /dev/pts/0 -dash $T/tell x"
}

# A container's runtime gives its terminal to init itself, which passes it on.
testB4TerminalOfInit() {
	tell "$MINE"
	vars=A=B boot_first="$terminal"'exec setsid -c "$@" </dev/pts/0 >/dev/pts/0 2>&1'
	boot_now "::wait:dash $T/tell 1" "::once:-dash $T/tell 2" || return
	assertEquals "leader=1 owned=0 /dev/pts/0 dash $T/tell 1" "$(told 1 | one_line)"
	assertEquals "leader=1 owned=1 /dev/pts/0 -dash $T/tell 2" "$(told 2 | one_line)"
	assertEquals 0 "$(field_of "$init" 7)"
	grep -q reload "$T/screen" && fail "taken for a request: $(cat "$T/screen")"
	return 0
}

# field_of PID N: of its stat.
field_of() { sed 's/^.*) //' "/proc/$1/stat" | cut -d' ' -f $(($2 - 2)); }

# ---- terminals that are none

# Said until it is said that it has to wait, and tried again nevertheless.
testB4NoSuchTerminal() {
	boot_as=linuxrc words='--backoff=1s --backoff-limit=0.02s' vars=A=B
	boot_now 'later::respawn:sleep 2000' '::respawn:/none' '::respawn:sleep 1000' || return
	said "linuxrc: cannot open /dev/later: $ENOENT" && said "linuxrc: failed to execute /none: $ENOENT" || return
	wait_for "[ \$(grep -c 'ends again and again' '$T/console') = 2 ]" || return
	nsenter -t "$init" -m ln -s pts/0 /dev/later
	wait_for "[ \"\$(children)\" = 'console-helper sleep sleep ' ]"
	assertEquals 5 "$(grep -c 'cannot open' "$T/console")"
	assertEquals 5 "$(grep -c 'failed to execute' "$T/console")"
}

# Whoever reads from there waits for what is typed.
testB4Blocking() {
	tell 'grep flags "/proc/$$/fdinfo/0"'
	for tty in '' pts/0; do
		boot_now "$tty::once:dash $T/tell x" || return
		assertEquals "flags: 0100002" "$(told x | tr '\t' ' ' | tr -s ' ')"
		again
	done
}

# What is above /dev is no terminal; 31 characters are the longest name.
testB4HostileNames() {
	tell "$MINE"
	name=123456789-123456789-123456789-1
	boot_first="$terminal ln -s pts/0 /dev/$name; ln -s pts/0 /dev/${name}2; ln -s pts /dev/up"
	boot_now "../etc/inittab::wait:cp /dev/null $T/got.1" "up/../null::wait:cp /dev/null $T/got.2" \
		"up::wait:cp /dev/null $T/got.3" "$name::wait:-dash $T/tell 4" "${name}2::once:dash $T/tell 5" \
		"..::wait:cp /dev/null $T/got.6" "::once:dash $T/tell 7" || return
	told 7 >"$T/out"
	like "$(told 4 | one_line)" 'leader=1 owned=1 *' || fail "$(cat "$T/got.4")"
	for n in 1 2 3 5 6; do
		[ ! -e "$T/got.$n" ] || fail "$n was started"
	done
	shown "init: cannot open /dev/../etc/inittab: $EINVAL"
	shown "init: cannot open /dev/up/../null: $EINVAL"
	shown "init: cannot open /dev/up: $EISDIR"
	grep -q :: "$T/etc/inittab" || fail "the table was changed"
}

# ---- the terminal's state

# modes WORD...: what an action finds on a terminal in that state.
modes() {
	tell '/bin/stty -a'
	boot_first="$terminal /bin/stty -F /dev/pts/0 $*;"
	told_by_both "::once:dash $T/tell x" || return
	assertNotEquals '' "$(cat "$T/out.ours")"
}

testB6Reset() {
	modes raw -echo 9600 -hupcl
	like "$(cat "$T/out.ours")" '*speed 9600 *hupcl*cread*clocal*' || fail "$(cat "$T/out.ours")"
}

testB6ResetOfKeys() {
	modes intr ^A quit ^B erase ^C kill ^D eof ^E start ^F stop ^G susp ^H eol ^K lnext ^L min 5 time 7
}

testB6ResetOfLine() {
	modes 115200 parodd cstopb -clocal crtscts ixany iutf8 inlcr -icrnl olcuc tab3 tostop noflsh
	like "$(cat "$T/out.ours")" '*speed 115200 * cstopb * crtscts*' || fail "$(cat "$T/out.ours")"
}

# Before each action, and not only once.
testB6ResetBeforeEachAction() {
	tell '/bin/stty -a'
	boot_now "::sysinit:stty raw -echo" "::wait:dash $T/tell 1" '::wait:stty intr ^A crtscts' \
		"pts/0::wait:dash $T/tell 2" || return
	like "$(told 1)" '* icrnl *isig icanon *echo *' || fail "$(cat "$T/got.1")"
	like "$(told 2)" '*intr = ^C;* crtscts*' || fail "$(cat "$T/got.2")"
}

# What is to be init's own is no terminal: nothing goes wrong.
testB6NoTerminal() {
	vars=A=B boot_first='exec </etc/inittab;'
	tell 'readlink /proc/$$/fd/0'
	boot_now "::once:dash $T/tell x" || return
	like "$(told x)" '*inittab' || fail "$(cat "$T/got.x")"
}

# ---- askfirst

# Until it is on the screen: who reads it is not slower than the echo.
press() { shown 'Please press Enter' && typed 'abc\rnext\r' && wait_for 'echoed'; }
echoed() { tr '\r\n' '<>' <"$T/screen" | grep -qF 'abc<>next<>'; }
close_input() { shown 'Please press Enter' && typed '\0004'; }

PROMPT='Please press Enter to activate this console. '

# What was typed before Enter is nobody's; what comes behind it is the program's.
testB2Askfirst() {
	tell "read -r line; echo line=\$line; $MINE"
	told_by_both "pts/0::askfirst:-dash $T/tell x" press || return
	assert_told "line=next leader=1 owned=1 /dev/pts/0 -dash $T/tell x"
	# Busybox's begins with a line about itself.
	printf '\r\n%sabc\r\nnext\r\n' "$PROMPT" >"$T/out.screen"
	cut_screen "$T/screen.busybox" >"$T/out.busybox"
	cut_screen "$T/screen" >"$T/out.ours"
	cmp "$T/out.screen" "$T/out.busybox" || fail "busybox: $(cat "$T/out.busybox")"
	cmp "$T/out.screen" "$T/out.ours" || fail "ours: $(cat "$T/out.ours")"
}

# cut_screen FILE: as many bytes from its first prompt on, and the line end before it.
cut_screen() {
	offset=$(grep -abo 'Please press' "$1" | head -n 1 | cut -d: -f1)
	tail -c +$((offset - 1)) "$1" | head -c "$(wc -c <"$T/out.screen")"
}

testB2AskfirstEndOfFile() {
	tell "$MINE"
	told_by_both "::askfirst:dash $T/tell x" close_input || return
	assert_told "leader=1 owned=0 /dev/pts/0 dash $T/tell x"
}

# Nobody is there to press it: it starts at once, and its end is none that is tried for ever.
testB2AskfirstWithoutInput() {
	boot_as=linuxrc words=--backoff=30s vars=A=B
	boot_now "::askfirst:echo started" || return
	said 'ends again and again' || return
	assertEquals 5 "$(grep -c "^${PROMPT}started\$" "$T/console")"
}

# Who asks can be told to end: the shutdown does not wait for its grace.
testB2AskfirstAtTheEnd() {
	boot_as=linuxrc words=--grace=60s
	boot_now '::askfirst:dash' || return
	shown 'Please press' || return
	begin=$(uptime_cs)
	kill -USR2 "$init"
	ended 130
	[ $(($(uptime_cs) - begin)) -lt 3000 ] || fail "it waited for the grace"
}

# ---- trap 41: no descriptors

# fds PID: what its 0, 1 and 2 are.
fds() {
	for fd in 0 1 2; do
		readlink "/proc/$1/fd/$fd"
	done | tr '\n' ' '
}

# without DESCRIPTORS [COMMAND]: boots with these closed, and with the variables $console; $here are those
# of init then, and must be its action's.
without() {
	vars=${console:-A=B}
	printf '%s\n' 'for fd in 0 1 2; do list="$list$(readlink "/proc/$$/fd/$fd") "; done' \
		"echo \"\$list\" >$T/got; mv $T/got $T/got.x" >"$T/tell"
	closed=
	for fd in $1; do closed="$closed $fd<&-"; done
	boot_first="$terminal ${2:-:}; exec$closed"
	boot_now "::once:dash $T/tell" || return
	told x >"$T/fds" || return
	here=$(fds "$init")
	assertEquals "of the action" "$here" "$(cat "$T/fds")"
}

# again: after a boot, before the next one of a test.
again() {
	tearDown
	setUp
}

testTrap41AllClosed() {
	without '0 1 2' || return
	assertEquals '/dev/null /dev/null /dev/null ' "$here"
}

testTrap41Console() {
	without '0 1 2' ': >/dev/console; mount --bind /dev/pts/0 /dev/console' || return
	assertEquals '/dev/console /dev/console /dev/console ' "$here"
}

# Nothing else may land there.
testTrap41NoDevice() {
	without '0 1 2' 'rm /dev/null' || return
	assertEquals '/ / / ' "$here"
}

testTrap41SomeClosed() {
	for some in 0 1 2 '0 1' '0 2' '1 2'; do
		without "$some" 'exec </etc/inittab; : >/dev/console' || return
		want=
		for fd in 0 1 2; do
			case " $some " in
			*" $fd "*) want="$want/dev/null " ;;
			*) want="$want$(if [ $fd = 0 ]; then echo /etc/inittab; else echo "$T/console"; fi) " ;;
			esac
		done
		assertEquals "without $some" "$want" "$here"
		again
	done
}

# ---- B10: which console

testB10Environment() {
	for console in CONSOLE=/dev/pts/0 console=/dev/pts/0 'CONSOLE=/dev/pts/0 console=/dev/full'; do
		for fds in '' '0 1 2' 1; do
			without "$fds" ': >/dev/console' || return
			assertEquals "$console" '/dev/pts/0 /dev/pts/0 /dev/pts/0 ' "$here"
			again
		done
	done
	console=
}

# One that cannot be opened, is empty, or is a directory: as if there was none.
testB10UselessName() {
	for console in CONSOLE= CONSOLE=/dev/none CONSOLE=/dev CONSOLE=pts; do
		without '' ': >/dev/console' || return
		assertEquals "$console" "/dev/null $T/console $T/console " "$here"
		again
	done
	console=CONSOLE=/dev/none
	without '0 1 2' ': >/dev/console; mount --bind /dev/pts/0 /dev/console' || return
	assertEquals '/dev/console /dev/console /dev/console ' "$here"
	console=
}

# Trap 42: the last of the kernel's list, where there is no /dev/console.
testTrap42Active() {
	active='mount -t tmpfs tmpfs /sys; mkdir -p /sys/class/tty/console'
	without '0 1 2' "$active; echo tty0 none pts/0 >/sys/class/tty/console/active" || return
	assertEquals '/dev/pts/0 /dev/pts/0 /dev/pts/0 ' "$here"
	again
	without '0 1 2' "$active; echo pts/0 >/sys/class/tty/console/active" || return
	assertEquals '/dev/pts/0 /dev/pts/0 /dev/pts/0 ' "$here"
	again
	for text in '' none 'pts/0 none'; do
		without '0 1 2' "$active; echo $text >/sys/class/tty/console/active" || return
		assertEquals "$text" '/dev/null /dev/null /dev/null ' "$here"
		again
	done
}

# A console that was hung up, as that of a login shell is at its end, is opened again.
testB10HungUp() {
	printf '%s\n' 'echo "up=$1"' "$MINE" 'read -r _' 'echo "read=$?"' 'read -r _' >"$T/shell"
	boot_now "::respawn:-dash $T/shell 1" || return
	shown up=1 || return
	typed '\n'
	shown read=0 || return
	# shellcheck disable=SC2013 # words
	for child in $(cat "/proc/$init/task/$init/children"); do
		case $(cat "/proc/$child/comm") in console-helper) kill -HUP "$child" ;; esac
	done
	shown up=1 2 || return
	typed '\n'
	shown read=0 2
	shown 'leader=1 owned=1' 2
	assertEquals 0 "$(field_of "$init" 7)"
	assertEquals '/dev/pts/0 /dev/pts/0 /dev/pts/0 ' "$(fds "$init")"
}

# ---- what an action is given

testB7Environment() {
	tell 'env | grep -vE "^(PWD|_)=" | sort'
	for some in A=1 'A=1 TERM=linux' TERM=xterm 'PATH=/x TERM= USER=me SHELL=/bin/false LOGNAME=me'; do
		boot_as=linuxrc words=fast vars="$some CONSOLE=/dev/pts/0"
		told_by_both "::once:/bin/dash $T/tell x" || return
		like "$(cat "$T/out.ours")" '*PATH=/sbin:/usr/sbin:/bin:/usr/bin*RUNLEVEL=fast*SHELL=/bin/sh*USER=root' ||
			fail "$(cat "$T/out.ours")"
		setUp
	done
}

# HOME is what it was.
testB7TermOfASerialLine() {
	tell 'echo "$TERM:$HOME"'
	for pair in A=1:vt102:/ TERM=linux:vt102:/ TERM=xterm:xterm:/ HOME=/root:vt102:/root; do
		vars="${pair%%:*} CONSOLE=/dev/pts/0"
		boot_now "::once:dash $T/tell x" || return
		assertEquals "${pair#*:}" "$(told x)"
		again
	done
}

# A container has more of them than the kernel gives.
testB7ManyVariables() {
	tell 'env | grep -c ^V'
	vars=$(awk 'BEGIN { for (i = 1; i <= 300; i++) printf "V%d=%d ", i, i }')
	boot_now "::once:dash $T/tell x" || return
	assertEquals 300 "$(told x)"
}

# Nothing is blocked or ignored, whatever init was started with; what it inherited besides 0, 1 and 2 is
# closed.
testB5SignalsAndDescriptors() {
	boot_first="$terminal trap '' HUP INT QUIT PIPE USR1 CHLD TERM; exec 3</dev/null 5</dev/null 9<&5"
	boot_now '::wait:busybox grep ^Sig...:.*0 /proc/self/status' '::wait:/bin/ls /proc/self/fd' \
		'pts/0::wait:-busybox grep ^Sig...:.*0 /proc/self/status' 'pts/0::wait:-/bin/ls /proc/self/fd' \
		'::wait:echo end' || return
	shown end
	none='SigPnd:0000000000000000 SigBlk:0000000000000000 SigIgn:0000000000000000 SigCgt:0000000000000000 0 1 2 3'
	assertEquals "$none $none end" "$(tr -d '\t' <"$T/screen" | one_line)"
	for fd in "/proc/$init/fd"/*; do
		case ${fd##*/}:$(readlink "$fd") in
		[012]:/dev/pts/0 | *:anon_inode:*) ;;
		*) fail "$fd: $(readlink "$fd")" ;;
		esac
	done
}

# The file allows core dumps, as large as they may be.
inARootOfItsOwn() {
	root=$T/root
	mkdir -p "$root/etc" "$root/bin" "$root/proc"
	cp "$(command -v busybox)" "$root/bin/busybox"
	ln -s busybox "$root/bin/sh"
	echo 'ulimit -c >/new; /bin/busybox mv /new /limit' >"$root/tell"
	cp "$BIN/pidbox" "$root/init"
	for file in .init_enable_core other; do
		rm -f "$root/.init_enable_core" "$root/limit"
		: >"$root/$file"
		echo '::once:sh /tell' >"$root/etc/inittab"
		boot_first="ulimit -S -c 0; exec /usr/sbin/chroot $root /init"
		boot_now '::once:true' || return
		wait_for "[ -e '$root/limit' ]" || return
		case $file in
		other) assertEquals 0 "$(cat "$root/limit")" ;;
		*) assertEquals unlimited "$(cat "$root/limit")" ;;
		esac
		tearDown
	done
	rm -rf "$root"
}

# ---- X14, B7: not in a container

testX14NothingIsMountedInANamespace() {
	tell 'cat /proc/self/mountinfo'
	boot_first="$terminal cat /proc/self/mountinfo >$T/out.before"
	vars=A=B
	boot_now "::once:dash $T/tell x" || return
	told x >"$T/out.ours"
	cmp "$T/out.before" "$T/out.ours"
}

testB7HostnameOfANamespace() {
	tell 'uname -n'
	vars=A=B boot_first='echo changed >/etc/hostname; exec unshare --uts "$@"'
	boot_now "::once:dash $T/tell x" || return
	assertEquals "$(uname -n)" "$(told x)"
}

# ---- trap 54: a console that was stopped

# Requests are taken all the same.
testTrap54StoppedConsole() {
	for hide in : 'mount -t tmpfs tmpfs /proc'; do
		boot_first="$terminal $hide"
		boot_now '::wait:echo ready' '::askfirst:dash' || return
		shown 'Please press' || return
		typed '\0023'
		shown '[stopped]' || return
		for n in 1 2 3; do
			kill -HUP "$init"
			wait_for "! grep -qE '^S(ig|hd)Pnd:.*[1-9a-f]' /proc/$init/status && [ \$(state $init) = S ]" ||
				return
		done
		kill -USR2 "$init"
		ended 130
		setUp
	done
}

. "${SHUNIT2:-shunit2}"
