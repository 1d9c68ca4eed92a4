#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The inittab: busybox's init beside ours with the same files, what is there without one, and files that
# are none.
# shellcheck disable=SC2016,SC2119 # expanded by the shells that are started; no words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/boot.sh"

suite() { tests_of INIT_SYSTEM; }

need unshare util-linux
need busybox busybox-static

BUSYBOX=$(command -v busybox)

setUp() {
	rm -rf "$T/ours" "$T/theirs" "$T/log"
	for room in "$T/ours" "$T/theirs"; do
		mkdir "$room"
		mkfifo "$room/go" "$room/ready"
		# What a program finds that is started without a shell, and one that is started again.
		cat >"$room/show" <<-END
			#!/bin/sh
			echo "\$#: \$* \$(pwd) \$PPID \$(cut -d' ' -f4,6,7 /proc/\$\$/stat | grep -c "^1 \$\$ 0")" >>$room/log
		END
		cat >"$room/run" <<-END
			#!/bin/sh
			until grep -q once $room/log; do sleep 0.01; done
			echo "run \$1" >>$room/log
			exec sleep "\$1"
		END
		chmod 755 "$room/show" "$room/run"
		: >"$room/log"
	done
	unset room
}

# each CMD...: with $room, $up and $init of ours and of busybox's, in turn.
each() {
	room=$T/ours up=$up_ours init=$init_ours
	"$@"
	room=$T/theirs up=$up_theirs init=$init_theirs
	"$@"
	unset room up
}

# boot_both: with the inittab on stdin, in which @ is the room.
boot_both() {
	both_inittab
	room=$T/ours
	boot || return
	up_ours=$up init_ours=$init
	room=$T/theirs boot_with=$BUSYBOX
	boot || return
	up_theirs=$up init_theirs=$init
	unset room boot_with
}

both_inittab() {
	cat >"$T/text"
	for room in "$T/ours" "$T/theirs"; do
		mkdir -p "$room/etc"
		sed "s|@|$room|g" "$T/text" >"$room/etc/inittab"
	done
	unset room
}

# logged TEXT [N]: waits until so many lines of $room's log, or one, are that.
logged() { wait_for "[ \"\$(grep -cxF -- '$1' '$room/log')\" -ge ${2:-1} ]"; }
signal() { kill -"$1" "$init"; }
taken() { wait_for "grep -q '^ShdPnd:[[:space:]]*0*\$' /proc/$init/status"; }
ready() { read -r _ <"$room/ready"; }
go() { echo >"$room/go"; }
end_of() {
	kill -KILL "$up"
	wait "$up"
} 2>/dev/null

# same: what both have logged is the same, in this order.
same() {
	sed "s|$T/ours|@|g" "$T/ours/log" >"$T/a"
	sed "s|$T/theirs|@|g" "$T/theirs/log" >"$T/b"
	diff "$T/a" "$T/b" >"$T/diff" || fail "ours <, busybox's >: $(cat "$T/diff")"
	[ "$(wc -l <"$T/a")" -ge "$1" ] || fail "only $(wc -l <"$T/a") lines"
}

# ---- B2: as busybox

testB2SameAsBusybox() {
	boot_both <<-'END' || return
		# a comment

		::once:echo once >>@/log
		::wait:@/show a  b	c
		::sysinit:echo sysinit1 >>@/log
		::shutdown:echo shutdown1 >>@/log
		null::wait:echo tty $(readlink /proc/self/fd/0) >>@/log
		/dev/zero::wait:echo tty $(readlink /proc/self/fd/0) >>@/log
		::wait:echo a # b >>@/log
		::wait:echo shell a#b ; echo no >>@/log
		::wait:echo cut >>@/log # and not more
		id:2345:sysinit:echo sysinit2 >>@/log
		:max=x,stop=:wait:echo words >>@/log
		::wait:echo a:b:c >>@/log
		::wait:echo dup >>@/log
		::wait:echo changed >>@/log
		::wait:echo conti\
		nued >>@/log
		bad
		::wait
		::Wait:echo bad >>@/log
		::wait :echo bad >>@/log
		:::echo bad >>@/log
		::off:echo bad >>@/log
		::wait:
		a:b:c:d:e
		::sysinit:echo changed >>@/log
		::wait:echo dup >>@/log
		::wait:echo "quoted  text" '$HOME' $HOME $USER $SHELL $PATH >>@/log
		::wait:@/show "quoted text" $((1 + 1))
		::wait:@/show 100% a=b a,b +@/x /-_.
		::wait: echo 'blank in front' >>@/log
		no/such/tty::wait:echo no terminal >>@/log
		::wait:/no/such/program
		::wait:sh -c 'kill -KILL $$'
		::wait:-echo dash >>@/log
		::respawn:@/run 1000
		::ctrlaltdel:echo cad1 >>@/log
		::ctrlaltdel:echo cad2 >>@/log
		::shutdown:echo shutdown2 >>@/log
		::restart:/bin/false \
	END
	each logged 'run 1000'
	each signal INT
	each logged cad2
	each signal INT
	each logged cad2 2
	each signal USR2
	each ended 130
	same 23
	sed -n 's/.*line \([0-9]*\) is no entry.*/\1/p' "$T/ours/console" >"$T/a"
	sed -n 's/.*Bad inittab entry at line \([0-9]*\).*/\1/p' "$T/theirs/console" >"$T/b"
	assertEquals "$(cat "$T/b")" "$(cat "$T/a")"
	[ "$(wc -l <"$T/a")" -ge 8 ] || fail "bad lines: $(cat "$T/a")"
}

# Who is reloaded: the running ones, the new ones, those that are there no more.
testB2ReloadSameAsBusybox() {
	boot_both <<-'END' || return
		::sysinit:echo sysinit >>@/log
		::once:echo once >>@/log
		::respawn:@/run 1000
		::shutdown:echo old >>@/log
	END
	each logged 'run 1000'
	both_inittab <<-'END'
		::sysinit:echo another sysinit >>@/log
		::once:echo another once >>@/log
		::wait:echo another wait >>@/log
		::respawn:@/run 2000
		::shutdown:echo new >>@/log
	END
	each signal HUP
	each logged 'run 2000'
	# Debian's busybox ends those that are gone; in its own default they go on.
	room=$T/ours init=$init_ours
	sleeps 1000
	unset room
	each signal TERM
	each ended 129
	same 5
}

# sleeps N: that child goes on, until we end it, and is not started again. What has logged "run N" may be
# just about to become it.
sleeps() {
	wait_for "sleeping=\$(sleeper $1) && [ -n \"\$sleeping\" ]" || return
	kill -KILL "$sleeping"
	wait_state "$sleeping" gone
	assertEquals 1 "$(grep -cxF "run $1" "$room/log")"
}

# sleeper N: the child that is.
sleeper() {
	# shellcheck disable=SC2013 # words
	for c in $(cat "/proc/$init/task/$init/children"); do
		[ "$(tr '\0' ' ' <"/proc/$c/cmdline")" != "sleep $1 " ] || echo "$c"
	done
}

# Signals are acted on after a group, the lower number first. (After one of them busybox goes on to the
# next group, even if another asks for the end.)
testB5PendingSameAsBusybox() {
	boot_both <<-'END' || return
		::sysinit:sh -c 'echo >@/ready; read x <@/go; echo one >>@/log'
		::sysinit:echo two >>@/log
		::wait:echo wait >>@/log
		::ctrlaltdel:echo ctrlaltdel >>@/log
		::shutdown:echo shutdown >>@/log
	END
	each ready
	each signal TERM
	each signal USR2
	each go
	each ended 130
	same 3
}

testB5IntSameAsBusybox() {
	boot_both <<-'END' || return
		::sysinit:sh -c 'echo >@/ready; read x <@/go; echo one >>@/log'
		::sysinit:echo two >>@/log
		::wait:echo wait >>@/log
		::ctrlaltdel:echo ctrlaltdel >>@/log
		::once:sh -c 'echo once >>@/log; echo >@/ready'
	END
	each ready
	each signal INT
	each go
	each ready
	each end_of
	same 5
}

testB5RestartSameAsBusybox() {
	boot_both <<-'END' || return
		::once:echo once >>@/log
		::respawn:@/run 1000
		::shutdown:echo shutdown >>@/log
		::restart:@/show restarted
		::restart:@/show not this
	END
	each logged 'run 1000'
	each signal QUIT
	each ended 0
	same 4
}

# Nothing is started between TSTP and CONT.
testB5StopSameAsBusybox() {
	boot_both <<-'END' || return
		::once:echo once >>@/log
		::respawn:@/run 1000
	END
	each logged 'run 1000'
	each signal TSTP
	each taken
	each sleeps 1000
	each signal CONT
	each logged 'run 1000' 2
	each signal USR1
	each ended 130
	same 3
}

# ---- B3: without a file

# A shell on the console and on the terminals that are there; the script of the start if it is there.
testB3BuiltIn() {
	: >"$T/log"
	printf '#!%s sh\necho "shell $(readlink /proc/self/fd/0)" >>%s\nexec sleep 1000\n' "$BUSYBOX" "$T/log" >"$T/sh"
	mkdir -p "$T/etc/init.d"
	printf '#!%s sh\necho rcS >>%s\n' "$BUSYBOX" "$T/log" >"$T/etc/init.d/rcS"
	chmod 755 "$T/sh" "$T/etc/init.d/rcS"
	# A terminal, a node of one that the kernel has not, and none at all.
	boot_first=': >/dev/tty2; mknod /dev/tty3 c 511 99; mount --bind "$PWD/sh" "$(readlink -f /bin/sh)"'
	boot || return
	wait_for "[ \"\$(grep -c . '$T/log')\" = 3 ]"
	assertEquals rcS "$(sed 1q "$T/log")"
	assertEquals 'shell /dev/null shell /dev/tty2 ' "$(sed 1d "$T/log" | sort | tr '\n' ' ')"
	wait_for '[ "$(children)" = "sleep sleep " ]'
	assertEquals '' "$(grep -v 'press Enter' "$T/console" | tr -d '\n')"
	kill -TERM "$init"
	ended 129
	assertEquals 3 "$(grep -c . "$T/log")"
}

# ---- files that are none

# hostile: boots with what is there. It lives and obeys, and HUP takes a better one.
hostile() {
	boot || return
	wait_state "$init" S
	inittab '::respawn:sleep 1000'
	kill -HUP "$init"
	wait_for '[ "$(children)" = "sleep " ]' 20
	kill -USR2 "$init"
	ended 130
	if grep -q 'fault' "$T/console"; then fail "$(cat "$T/console")"; fi
}

testB2Hostile() {
	printf '#!%s sh\nexit 1\n' "$BUSYBOX" >"$T/sh"
	chmod 755 "$T/sh"
	mkdir -p "$T/etc"
	for what in 'head -c 60000 /dev/urandom' 'head -c 65536 /dev/zero' 'head -c 65537 /dev/zero' \
		'yes : | head -c 65536' 'yes ::ctrlaltdel:x | head -c 65536' \
		'yes "\\" | head -c 65536' 'yes "#" | head -c 65536' \
		'printf ::ctrlaltdel: && yes | head -c 60000 | tr "\n" ";"' \
		'seq 6000 | sed "s/.*/&::ctrlaltdel:/" | head -c 65536'; do
		unset room
		rm -rf "${T:?}/etc/inittab"
		eval "$what" >"$T/etc/inittab"
		boot_first='mount --bind "$PWD/sh" "$(readlink -f /bin/sh)"'
		hostile || fail "$what"
	done
	for what in 'mkdir' 'mkfifo' 'ln -s inittab' "ln -s /dev/zero" "ln -s /proc/self/mem" "ln -s $T/none"; do
		rm -rf "${T:?}/etc/inittab"
		$what "$T/etc/inittab"
		boot || return
		wait_for "grep -qE 'press Enter|a shell on the console' '$T/console'"
		rm -rf "${T:?}/etc/inittab"
		inittab '::respawn:sleep 1000'
		kill -HUP "$init"
		wait_for 'case $(children) in *"sleep "*) ;; *) false ;; esac'
		kill -USR2 "$init"
		ended 130
	done
}

# Blanks where busybox does not expect them.
testB2Blanks() {
	room=$T
	inittab ' # a comment' '	' "::sysinit:	$T/ours/show  a	b  "
	boot || return
	wait_for "grep -q '2: a b' '$T/ours/log'"
	kill -USR2 "$init"
	ended 130
	if grep -q 'no entry' "$T/console"; then fail "$(cat "$T/console")"; fi
}

# One bad byte is one bad line: the others are run.
testB2BadLinesArePassedOver() {
	: >"$T/log"
	printf '::sysinit:echo one >>%s\n::sysinit:echo \0bad >>%s\nbad\n::sysinit:echo two >>%s' \
		"$T/log" "$T/log" "$T/log" >"$T/text"
	mkdir -p "$T/etc"
	mv "$T/text" "$T/etc/inittab"
	boot || return
	wait_for "grep -q two '$T/log'"
	kill -USR2 "$init"
	ended 130
	assertEquals 'one two ' "$(tr '\n' ' ' <"$T/log")"
	assertEquals 'init: /etc/inittab: line 2 is no entry: control character
init: /etc/inittab: line 3 is no entry: it has not four fields' "$(grep 'no entry' "$T/console")"
}

testNotBuiltIn() { assert_run 1 '' '*not built in*' in_ns "$BIN/linuxrc"; }

. "${SHUNIT2:-shunit2}"
