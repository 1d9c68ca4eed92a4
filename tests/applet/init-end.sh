#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The end that init for machines puts in order: actions, TERM, KILL, reboot(2), and that nobody else's
# mounts are touched. What only a machine has, swap and file systems, is in tests/system.
# shellcheck source=helper/boot.sh disable=SC2016,SC2154 # scripts are expanded elsewhere; of lib.sh
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/boot.sh"

suite() { tests_of INIT_SYSTEM; }

need unshare util-linux
need busybox busybox-static

if [ "$(id -u)" != 0 ]; then
	skip_because 'needs root'
	exit
fi

# Where init runs here: a root of its own, in which nothing of the machine is mounted. What goes wrong in
# down.c would make the machine's file systems read-only otherwise (trap 33). What is in $T/add comes into
# its /bin; the arguments become init.
pen_begin='
	set -e
	eval "$pen_mount"
	cd "$T/pen"
	mkdir bin dev etc proc tmp mnt machine
	cp "$BIN/pidbox" bin/init
	cp "$BUSYBOX" bin/busybox
	for name in sh cat echo env grep mount sed sleep true umount; do ln -s busybox "bin/$name"; done
	for lib in $(ldd bin/init 2>/dev/null | grep -o "/[^ ]*"); do
		mkdir -p ".${lib%/*}"
		cp "$lib" ".$lib"
	done
	cp "$T/add/"* bin
	mv bin/inittab etc
	mknod -m 666 dev/null c 1 3
	mkfifo wait
	mount -t proc proc proc
	eval "$pen_before"
	PATH=$PATH:/sbin pivot_root . machine
	export PATH=/bin
	umount -l /machine
	eval "$pen_after"
	exec "$@"
'
export pen_mount pen_before pen_after
pen_mount='mount -t tmpfs -o mode=755 pen "$T/pen"' pen_before='' pen_after=''

BUSYBOX=$(command -v busybox)
export BUSYBOX
mkdir "$T/pen"

# What the entries run. Each says "up" when it is ready. They wait without a child, of whose end the shell
# would tell.
mkdir "$T/add"
# script NAME: from stdin.
script() {
	{
		echo '#!/bin/sh'
		cat
	} >"$T/add/$1"
	chmod +x "$T/add/$1"
}
script cleans <<'END'
trap 'echo cleaned; exit' TERM
exec 5<>/wait
echo up
while :; do read -r _ <&5; done
END
script deaf <<'END'
trap '' TERM
echo up
exec sleep 1000
END
script stopped <<'END'
trap 'echo cleaned; exit' TERM
exec 5<>/wait
echo up
kill -STOP $$
while :; do read -r _ <&5; done
END
# Ends when /tmp/go is there.
script slow <<'END'
trap 'echo asked; until [ -e /tmp/go ]; do sleep 0.01; done; echo cleaned; exit' TERM
exec 5<>/wait
echo up
while :; do read -r _ <&5; done
END

# pen [WORD...]: init in there, as boot does it, in $init; until it waits for signals. $pen_with comes
# before all, $pen_as before init.
pen() {
	: >"$T/console"
	cp "$T/etc/inittab" "$T/add/inittab"
	# shellcheck disable=SC2086 # words
	${pen_with:-} unshare --pid --fork --mount --propagation private --kill-child sh -c "$pen_begin" - \
		env -i HOME=/ ${ASAN_OPTIONS:+"ASAN_OPTIONS=$ASAN_OPTIONS"} \
		${UBSAN_OPTIONS:+"UBSAN_OPTIONS=$UBSAN_OPTIONS"} ${pen_as:-} /bin/init "$@" \
		</dev/null >>"$T/console" 2>&1 &
	up=$!
	wait_for "[ -n \"\$(first_child $up)\" ]" || return
	init=$(first_child "$up")
	wait_for "[ \"\$(cat /proc/$init/comm)\" = init ] && ! grep -q '^SigBlk:[[:space:]]*0*\$' /proc/$init/status"
}

# lines: what it has said, without "up" and in one line.
lines() { grep -vx up "$T/console" | tr '\n' ';'; }

down='init: the system is going down'

# ---- B8

testB8ActionsThenTerm() {
	inittab '::respawn:cleans' '::shutdown:sh -c "echo one; sleep 0.1; echo two"' '::shutdown:echo three'
	pen --grace=600 || return
	said up || return
	kill -USR2 "$init"
	ended 130
	assertEquals "one;two;three;$down: poweroff;cleaned;" "$(lines)"
}

testB8StoppedOnesAreContinued() {
	inittab '::respawn:stopped'
	pen --grace=600 || return
	said up || return
	wait_state "$(first_child "$init")" T
	kill -TERM "$init"
	ended 129
	assertEquals "$down: reboot;cleaned;" "$(lines)"
}

# The grace is a maximum, also with others that do as they are told.
testB8DeafOnesAreKilled() {
	inittab '::respawn:deaf' '::respawn:cleans'
	pen --grace=1 || return
	wait_for '[ "$(grep -cx up "$T/console")" = 2 ]' || return
	begin=$(uptime_cs)
	kill -USR1 "$init"
	ended 130
	[ $(($(uptime_cs) - begin)) -ge 100 ] || fail 'no grace'
	assertEquals "$down: halt;cleaned;" "$(lines)"
}

# What --grace=0 means: asked, but not waited for.
testB8WithoutGrace() {
	inittab '::respawn:deaf'
	pen --grace=0 || return
	said up || return
	kill -USR1 "$init"
	ended 130
	assertEquals "$down: halt;" "$(lines)"
}

# Nobody is started again, and who loses his parent meanwhile is collected (trap 18).
testB8ReapsMeanwhile() {
	script parent <<-'END'
		trap 'for i in 1 2 3 4 5 6 7 8 9; do (true &); done
			while grep -l "^State:.Z" /proc/[0-9]*/status; do sleep 0.01; done 2>/dev/null >/dev/null
			echo cleaned; exit' TERM
		exec 5<>/wait
		echo up
		while :; do read -r _ <&5; done
	END
	inittab '::respawn:parent' '::respawn:sleep 1000'
	pen --grace=600 || return
	said up || return
	kill -TERM "$init"
	ended 129
	assertEquals "$down: reboot;cleaned;" "$(lines)"
}

# A second request, whatever it is, at whatever moment, changes nothing.
testB8RequestsMeanwhileDoNoHarm() {
	inittab '::respawn:slow' '::ctrlaltdel:echo ctrlaltdel' '::restart:sh -c "echo restart"' \
		'::shutdown:sh -c "echo begin; until [ -e /tmp/act ]; do sleep 0.01; done"'
	pen --grace=600 || return
	said up || return
	kill -USR2 "$init"
	said begin || return
	for sig in TERM INT QUIT HUP USR1 TSTP CONT; do kill -"$sig" "$init"; done
	: >"/proc/$init/root/tmp/act"
	said asked || return
	for sig in TERM INT QUIT HUP USR1 TSTP CONT; do kill -"$sig" "$init"; done
	: >"/proc/$init/root/tmp/go"
	ended 130
	assertEquals "begin;$down: poweroff;asked;cleaned;" "$(lines)"
}

# ---- traps 38, 39

# Who has come by setns(2) has no parent here: ECHILD comes before he is gone.
testTrap38InjectedOnesAreAsked() {
	inittab '::once:echo up'
	pen --grace=600 || return
	said up || return
	nsenter -t "$init" -p -m sh /bin/slow >"$T/entered" 2>&1 &
	entered=$!
	wait_for 'grep -q up "$T/entered"' || return
	kill -USR2 "$init"
	wait_for 'grep -q asked "$T/entered"'
	: >"/proc/$init/root/tmp/go"
	wait "$entered"
	assertEquals 'up asked cleaned' "$(tr '\n' ' ' <"$T/entered" | sed 's/ $//')"
	ended 130
}

testTrap38InjectedOnesAreKilled() {
	inittab '::once:echo up'
	pen --grace=0.1 || return
	said up || return
	nsenter -t "$init" -p -m sh /bin/deaf >"$T/entered" 2>&1 &
	entered=$!
	wait_for 'grep -q up "$T/entered"' || return
	kill -TERM "$init"
	wait "$entered"
	assertEquals 'killed' 137 "$?"
	ended 129
}

# A zombie that its parent out here does not collect cannot be waited for for ever, nor without sleep.
testTrap38ZombiesOfOthersEndByTheDeadline() {
	inittab '::once:echo up'
	pen --grace=1 || return
	said up || return
	nsenter -t "$init" -p -m sh /bin/deaf >"$T/entered" 2>&1 &
	entered=$!
	wait_for 'grep -q up "$T/entered"' || return
	kill -STOP "$entered"
	wait_state "$entered" T
	kill -TERM "$init"
	# It has no memory any more when it ends. The kernel waits for the zombie then.
	wait_for '! grep -q ^VmSize: "/proc/$init/status"'
	ticks=$(sed 's/.*) //' "/proc/$init/stat" | cut -d ' ' -f 12,13)
	kill -CONT "$entered"
	wait "$entered"
	ended 129
	[ $((${ticks% *} + ${ticks#* })) -lt 10 ] || fail "user and system, in ticks, for 2 seconds: $ticks"
}

# Who is another one each time anybody looks.
testTrap39HoppersAreKilled() {
	script hops <<-'END'
		trap '' TERM
		[ "${1:-0}" != 0 ] || echo up
		hops $((${1:-0} + 1)) &
	END
	inittab '::once:hops'
	pen --grace=0.2 || return
	said up || return
	kill -TERM "$init"
	ended 129
}

# ---- X13

# No fixed sleep is in there: busybox's takes 2.3 seconds. The best of three, since others run here.
testX13Prompt() {
	inittab '::respawn:cleans' '::shutdown:true'
	best=999999
	for _ in 1 2 3; do
		pen --grace=600 || return
		said up || return
		begin=$(uptime_cs)
		kill -USR2 "$init"
		ended 130
		took=$(($(uptime_cs) - begin))
		[ "$took" -ge "$best" ] || best=$took
	done
	[ "$best" -lt 60 ] || fail "$best hundredths of a second"
}

# Interactive shells ignore TERM. Whoever has a terminal from init is told that it goes, nobody else.
testX13ShellsDoNotWaitForTheGrace() {
	script shell <<-'END'
		trap '' TERM
		trap 'echo "hung up"; exit' HUP
		exec 5<>/wait
		echo up
		while :; do read -r _ <&5; done
	END
	script daemon <<-'END'
		trap 'echo reloaded' HUP
		trap 'echo cleaned; exit' TERM
		exec 5<>/wait
		echo up
		while :; do read -r _ <&5; done
	END
	for row in '::respawn:-shell' 'null::respawn:shell >>/proc/1/fd/1' '::askfirst:shell'; do
		inittab "$row" '::respawn:daemon'
		pen --grace=600 || return
		wait_for '[ "$(grep -c "up$" "$T/console")" = 2 ]' || return
		kill -USR2 "$init"
		ended 130
		assertEquals "$row" 'cleaned;hung up;' \
			"$(grep -x 'cleaned\|hung up\|reloaded' "$T/console" | sort | tr '\n' ';')"
	done
}

# ---- B9, trap 34

# RTMIN is 34: systemd's, podman's, nspawn's numbers.
testTrap34StatusForTheParent() {
	inittab '::once:echo up'
	for row in TERM:129:reboot 39:129:reboot USR1:130:halt PWR:130:halt 37:130:halt USR2:130:poweroff \
		38:130:poweroff; do
		pen || return
		said up || return
		kill -"${row%%:*}" "$init"
		row=${row#*:}
		ended "${row%:*}"
		assertEquals "$down: ${row#*:};" "$(lines)"
	done
}

# docker's containers lack it.
testB9WithoutCapSysBoot() {
	inittab '::respawn:cleans'
	pen_with='setpriv --bounding-set -sys_boot'
	for sig in TERM USR1 USR2; do
		pen || return
		said up || return
		kill -"$sig" "$init"
		ended 0
		assertEquals 'it has said one line, and the other has cleaned up' 2 "$(grep -cvx up "$T/console")"
	done
	pen_with=
}

# A user namespace that does not own the PID namespace.
testB9InAnotherUserNamespace() {
	inittab '::respawn:cleans'
	pen_as='/bin/busybox unshare -U -r'
	pen
	pen_as=
	said up || return
	kill -TERM "$init"
	ended 0
	assertEquals "$down: reboot;cleaned;" "$(lines)"
}

# ---- restart

testB5RestartBecomesTheEntry() {
	script new <<-'END'
		echo "new $$ $# $(cat /proc/1/comm)"
		echo /proc/[0-9]*
		grep '^SigBlk' /proc/self/status
		exit 7
	END
	inittab '::respawn:cleans' '::shutdown:echo shutdown' '::restart:new' '::restart:echo another'
	pen --grace=600 || return
	said up || return
	kill -QUIT "$init"
	ended 7
	assertEquals "shutdown;$down: restart;cleaned;new 1 0 new;/proc/1;SigBlk:	0000000000000000;" "$(lines)"
}

# Who is deaf has no place in the new one's machine either.
testB5RestartAlone() {
	script new <<-'END'
		echo /proc/[0-9]*
	END
	inittab '::respawn:deaf' '::restart:new'
	pen --grace=0.1 || return
	said up || return
	kill -QUIT "$init"
	ended 0
	assertEquals "$down: restart;/proc/1;" "$(lines)"
}

# PID 1 does not end; what is to run runs again, and the next request is obeyed.
testB5RestartThatFails() {
	inittab '::respawn:cleans' '::restart:/bin/none'
	pen --grace=600 || return
	said up || return
	kill -QUIT "$init"
	said 'this init goes on' || return
	said 'failed to execute /bin/none' || return
	wait_for '[ "$(grep -cx up "$T/console")" = 2 ]' || return
	# Signals are blocked as before.
	grep -q '^SigBlk:[[:space:]]*0*$' "/proc/$init/status" && fail 'nothing is blocked'
	: >"$T/console"
	kill -USR2 "$init"
	ended 130
	assertEquals "$down: poweroff;cleaned;" "$(lines)"
}

# An end that is asked for before the other init is there comes, be it before or during the actions. Then it
# waits, too, where the signal comes after that of the action's end.
testB5EndDuringRestart() {
	script acts <<-'END'
		exec 5<>/wait
		echo acts
		read -r _ <&5
	END
	inittab '::sysinit:acts 1' '::wait:echo up' '::once:sleep 1000' '::shutdown:acts 2' '::restart:echo restarted'
	for pair in 12:poweroff:130 38:poweroff:130 39:reboot:129; do
		sig=${pair%%:*} rest=${pair#*:}
		for times in 1 2; do
			pen --grace=600 || return
			said acts || return
			[ $times = 2 ] || kill -"$sig" "$init"
			[ $times = 2 ] || kill -QUIT "$init"
			echo >"/proc/$init/root/wait"
			if [ $times = 2 ]; then
				said up || return
				kill -QUIT "$init"
			fi
			wait_for '[ "$(grep -cx acts "$T/console")" = 2 ]' || return
			[ $times = 1 ] || kill -"$sig" "$init"
			echo >"/proc/$init/root/wait"
			ended "${rest#*:}"
			if grep -q restarted "$T/console"; then fail "$sig, $times: $(lines)"; fi
		done
	done
}

testB5QuitWithoutRestartMeansNothing() {
	inittab '::respawn:cleans' '::ctrlaltdel:echo ctrlaltdel'
	pen --grace=600 || return
	said up || return
	kill -QUIT "$init"
	kill -INT "$init"
	said ctrlaltdel || return
	kill -TERM "$init"
	ended 129
	assertEquals "ctrlaltdel;$down: reboot;cleaned;" "$(lines)"
}

# ---- X16, trap 33

# outside [COMMANDS]: a mount namespace with two file systems, in which init runs: the one is its root, the
# other mounted on its /mnt, and its standard input is there. What is mounted before and after is in
# $T/before and $T/after, with the options of mounts and superblocks, and who cannot be written to any more.
outside() {
	inittab '::respawn:cleans'
	cp "$T/etc/inittab" "$T/add/inittab"
	: >"$T/console"
	mkdir -p "$T/shared"
	pen_mount='' pen_before='mount --bind "$T/shared" mnt' pen_after=": >/mnt/held; exec </mnt/held; ${1:-}" \
		unshare --mount --propagation private sh -c '
		set -e
		mount -t tmpfs -o nosuid,nodev shared "$T/shared"
		mount -t tmpfs -o mode=755 pen "$T/pen"
		cat /proc/self/mountinfo >"$T/before"
		unshare --pid --fork --mount --propagation private --kill-child sh -c "$1" - \
			env -i /bin/init >>"$T/console" 2>&1 || echo $? >"$T/status"
		cat /proc/self/mountinfo >"$T/after"
		touch "$T/shared/file" || echo read-only >>"$T/after"
		touch "$T/pen/file" || echo read-only >>"$T/after"
	' - "$pen_begin" 2>"$T/err" &
	up=$!
	said up || return
	init=$(first_child "$(first_child "$up")")
	kill -TERM "$init"
	wait "$up"
	up=
	assertEquals "$(cat "$T/console")" 129 "$(cat "$T/status")"
}

testX16NoMountOfOthersIsTouched() {
	outside || return
	assertEquals "$(cat "$T/err")" "$(cat "$T/before")" "$(cat "$T/after")"
	assertEquals 'there are both' 2 "$(grep -c " $T/\(pen\|shared\) " "$T/after")"
}

# It would be noticed, of either: what busybox's "umount -a -r" does in such a place.
testX16ThatWouldBeNoticed() {
	for point in / /mnt; do
		outside "mount -o remount,ro $point" || return
		assertNotEquals "$point" "$(cat "$T/before")" "$(cat "$T/after")"
		assertEquals "$point" read-only "$(sed -n '$p' "$T/after")"
	done
}

. "${SHUNIT2:-shunit2}"
