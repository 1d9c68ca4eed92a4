#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps --in: a PID namespace as it sees itself, without entering it. What that is, ps tells that runs
# inside: ours, and procps's where that is no other.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/procps.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"
PS=$BIN/ps
need jq jq

# A scene, in a user namespace when we are not root, and two that came into it from outside, of whom
# one is no user of it.
oneTimeSetUp() {
	prepare users || exit
	remember plain
	[ "$(id -u)" = 0 ] || return 0
	prepare map users || exit
	remember mapped
	recall plain
}

oneTimeTearDown() { stop_all; }

# prepare [map] [users]
prepare() {
	scene "$@" || return
	# How wide a number may be is the namespace's own affair since Linux 6.14.
	# shellcheck disable=SC2016 # expanded by that shell
	inside "$init" sh -c '[ "$(cat /proc/sys/kernel/pid_max)" = "$1" ] ||
		echo "$1" >/proc/sys/kernel/pid_max' sh "$(cat /proc/sys/kernel/pid_max)" || return
	# The later one has the lower number in there.
	last_is 1000
	# shellcheck disable=SC2086 # they are words
	until=entered start ${as:-} nsenter --target "$init" ${users:-} --pid "$SCENE" idle entered || return
	echo "entered $(first_child "$pid")" >>"$T/members"
	last_is 500
	# shellcheck disable=SC2086 # they are words
	until=on-tty start ${as:-} "$SCENE" tty nsenter --target "$init" ${users:-} --pid "$SCENE" idle \
		on-tty || return
	echo "on-tty $(first_child "$pid")" >>"$T/members"
	[ "$(id -u)" = 0 ] && [ -z "${as:-}" ] || return 0
	# The ids behind the last that the map knows.
	until=stranger start nsenter --target "$init" --pid setpriv --reuid 101000 --regid 201000 \
		--clear-groups "$SCENE" idle stranger || return
	echo "stranger $(first_child "$pid")" >>"$T/members"
}

# last_is NUMBER: the next one in there gets the number behind it.
last_is() {
	# shellcheck disable=SC2016 # expanded by that shell
	inside "$init" sh -c 'echo "$1" >/proc/sys/kernel/ns_last_pid' sh "$1"
}

# remember NAME, recall NAME: which scene is meant.
remember() {
	cp "$T/members" "$T/members.$1"
	eval "init_$1=\$init users_$1=\$users"
}
recall() {
	cp "$T/members.$1" "$T/members"
	eval "init=\$init_$1 users=\$users_$1"
}

# Asks inside: without its own row, by being all others.
# shellcheck disable=SC2016 # expanded by that shell
asks='ps=$1; shift; exec "$ps" "$@" -N -p $$'

# as_inside ARG...: from outside the same bytes and status as inside. ARG are formats and orders; who
# is meant is everybody. What happens meanwhile (a second goes by) is no difference.
as_inside() {
	tries=0
	while
		inside "$init" sh -c "$asks" sh "$PS" "$@" >"$T/want" 2>"$T/want.err"
		want_rc=$?
		# shellcheck disable=SC2086 # they are words
		${as:-} "$PS" --in "$init" "$@" -N -p 4194304 >"$T/got" 2>"$T/got.err"
		rc=$?
		[ $rc != $want_rc ] || ! cmp -s "$T/want" "$T/got" || ! cmp -s "$T/want.err" "$T/got.err"
	do
		[ "$((tries += 1))" -gt 2 ] || continue
		printf 'command: ps --in %s %s\n' "$init" "$*"
		show "status $rc, not $want_rc"
		show "$(diff "$T/want" "$T/got")"
		show "$(cat "$T/got.err")"
		fail "not as inside: $*"
		return
	done
	# A comparison with nothing proves nothing.
	if [ "$want_rc" != 0 ] || [ "$(wc -l <"$T/want")" -le 20 ]; then
		fail "nobody is inside: $*"
	fi
}

# in_both TEST: in a scene without and in one with a user namespace of its own.
in_both() {
	"$@"
	[ "$(id -u)" = 0 ] || return 0
	recall mapped
	"$@"
	recall plain
}

# in_mapped TEST: in the one with a user namespace of its own, if there is one.
in_mapped() {
	[ "$(id -u)" != 0 ] || recall mapped
	"$@"
	recall plain
}

# ---- the same bytes

numbers() {
	as_inside -o pid
	as_inside -o pid,ppid,pgid,sid,tpgid,comm
	as_inside -o tgid,pgrp,sess,session,lwp,tid,spid,args
}
testNumbers() { in_both numbers; }

ids() {
	as_inside -o pid,user,uid,ruser,ruid,suser,suid,fuser,fuid,euid,euser
	as_inside -o pid,group,gid,rgroup,rgid,sgroup,sgid,fgroup,fgid,egid,egroup
	as_inside -o pid,supgid,supgrp
	as_inside -o pid,uid_hack,uname,comm
	as_inside n -o pid,user,group
}
testIds() { in_mapped ids; }

# others_inside FILE ARG...: what is shown inside of formats that begin with a PID in the first or second
# column, but for its own row.
others_inside() {
	others=$1
	shift
	# shellcheck disable=SC2016 # expanded by that shell
	inside "$init" sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$T/anyone/own" "$PS" "$@" >"$T/all"
	read -r own <"$T/anyone/own"
	rm "$T/anyone/own"
	awk -v own="$own" '$1 != own && $2 != own' "$T/all" >"$others"
}

# as_all_inside ARG...: the same of such formats, which say themselves that everybody is meant. When the
# share of the time of one who has worked goes down meanwhile, it does so inside, too: then once more.
as_all_inside() {
	tries=0
	while
		others_inside "$T/want" "$@"
		"$PS" --in "$init" "$@" >"$T/got"
		rc=$?
		[ $rc != 0 ] || ! cmp -s "$T/want" "$T/got"
	do
		others_inside "$T/again" "$@"
		cmp -s "$T/want" "$T/again" || [ "$((tries += 1))" = 50 ] || continue
		break
	done
	[ $rc = 0 ] && cmp -s "$T/want" "$T/got" && return
	show "$(diff "$T/want" "$T/got")"
	fail "not as inside: $*, status $rc"
}

everybody() {
	for words in -ef -eF -ej aux ax axj -eLf -e\ --forest; do
		# shellcheck disable=SC2086 # they are words
		as_all_inside $words
	done
}
testEverybody() { in_mapped everybody; }

formats() {
	for format in -f -j u j -F '-j -f'; do
		# shellcheck disable=SC2086 # they are words
		as_inside $format
	done
}
testFormats() {
	in_mapped formats
	# What more they have may be told to others only.
	for format in -l -ly l s v '-o pid,wchan:20,sigterm'; do
		# shellcheck disable=SC2086 # they are words
		as_inside $format
	done
}

namespaces() {
	as_inside -o pid,nspid,nslevel
	as_inside -o pid,nstgid,nspgid,nssid
	as_inside -o pid,nsinit
	as_inside -o pid,reaper
}
testNamespaceColumns() { namespaces; }

testOfNamespaces() {
	as_inside -o pid,pidns,userns,mntns,nschild
	as_inside -o pid,pidino
}

testForest() {
	in_mapped as_inside --forest -o pid,ppid,args
	as_inside f -o pid,comm
	as_inside -H -o pid,comm
	as_inside --forest -f
	# PID 1 is first, and those that came in are roots beside it.
	run "$PS" --no-headers --in "$init" --forest -o pid,ppid,comm
	assertEquals '1 0 init' "$(sed -n '1p' "$T/out" | squeeze)"
	squeeze <"$T/out" | grep -qx "[0-9]* 0 entered" || fail "who came in is no root: $out"
}

testThreads() {
	in_mapped as_inside -L -o pid,lwp,nlwp,comm
	as_inside -L -f
	as_inside -T -o pid,spid,comm
	as_inside H -o pid,tid,comm
	as_inside m -o pid,tid,comm
	as_inside -m -o pid,tid,comm
	like "$("$PS" --in "$init" --no-headers -Lo lwp,comm | squeeze)" '*20 thread-1*' ||
		fail 'a thread has not its number of inside'
}

testSorted() {
	for key in pid -pid ppid,-pid pgid,pid sid,pid -uid,pid user,pid comm -comm nspid,pid nslevel,pid \
		-ppid,comm tpgid,pid nsinit,pid
	do
		as_inside --sort "$key" -o pid,ppid,pgid,sid,uid,comm
	done
	for key in -uid,pid user,pid ppid,-pid; do
		in_mapped as_inside --sort "$key" -o pid,ppid,uid,user,comm
	done
}

testJson() {
	enabled JSON || return 0
	in_mapped as_inside --json -o pid,ppid,pgid,sid,tpgid,user,uid,gid,nspid,nslevel,comm
	jq -e 'length > 20' "$T/got" >/dev/null || fail 'not JSON'
}

testWidths() {
	as_inside -o pid:3,ppid:9,user:3,args:5
	as_inside -o pid=Number,nspid=Chain,comm=
	as_inside --no-headers -o pid,args
	as_inside --delimiter=: -o pid,ppid,comm
	COLUMNS=40 in_mapped as_inside -f
}

# ---- procps inside

# as_procps COLUMNS [ARG...]: what it shows of the same. PID must be the first column.
as_procps() {
	columns=$1
	shift
	# shellcheck disable=SC2016 # expanded by that shell
	inside "$init" sh -c 'echo $$; exec "$@"' sh "$procps" --no-headers -e "$@" -o "$columns" |
		awk 'NR == 1 { own = $1; next } $1 != own' | squeeze >"$T/want"
	"$PS" --in "$init" --no-headers -e "$@" -o "$columns" 2>&1 | squeeze >"$T/got"
	cmp -s "$T/want" "$T/got" && [ "$(wc -l <"$T/want")" -gt 20 ] && return
	show "$(diff "$T/want" "$T/got")"
	fail "not as procps has it inside: $*"
}

procps_too() {
	as_procps pid,ppid,pgid,sid,tpgid,tty,stat,nlwp
	as_procps pid,user,uid,ruser,ruid,suid,fuid
	as_procps pid,gid,rgid,egid,sgid
	as_procps pid,lwp,nlwp -L
	as_procps pid,supgid
	as_procps pid,ppid --sort -ppid,pid
	as_procps pid,time,ni,cls
}
testProcps() { in_both procps_too; }

# ---- who

testOnlyThoseInside() {
	for which in plain mapped; do
		[ $which = plain ] || [ "$(id -u)" = 0 ] || continue
		recall $which
		awk '{ print $2 }' "$T/members" | while read -r one; do
			chain "$one" | cut -d , -f 2
		done | sort -n >"$T/want"
		"$PS" --in "$init" --no-headers -o pid | squeeze >"$T/got"
		cmp "$T/want" "$T/got" || fail "$(diff "$T/want" "$T/got")"
		# So it is for whatever the words mean by all.
		for all in -e -A ax; do
			"$PS" --in "$init" --no-headers $all -o pid | squeeze >"$T/got"
			cmp "$T/want" "$T/got" || fail "$all: $(diff "$T/want" "$T/got")"
		done
	done
	recall plain
}

# PID and other selections are of inside: number 1 is init, not the machine's.
testSelectionByInnerNumbers() {
	inner_of() { chain "$(member "$1")" | cut -d , -f 2; }
	leader=$(inner_of leader) member=$(inner_of member)
	in=--in=$init
	assert_tells '1 init' "$in" -o pid,comm -p 1
	assert_tells '1 init' "$in" -o pid,comm 1
	assert_tells '1 init' "$in" -o pid,comm -q 1
	assert_tells "$leader leader
1 init" "$in" -o pid,comm -q "$leader,1"
	assert_tells "$leader $(inner_of branch) leader" "$in" -o pid,ppid,comm -p "$leader"
	# What is a number outside is none inside, though the process is there: that of somebody whose number
	# nobody has inside by chance.
	"$PS" "$in" --no-headers -o pid | squeeze >"$T/inner"
	outer=$(awk '{ print $2 }' "$T/members" | grep -vxFf "$T/inner" | head -n 1)
	assert_tells '' "$in" -o pid -p "$outer"
	assert_tells '' "$in" -o pid -p 4194303
	assert_tells "$(lines "$leader" "$member" "$(inner_of twig)")" "$in" -o pid --ppid "$(inner_of branch)"
	assert_tells "$(lines "$leader" "$member")" "$in" -o pid "-$leader"
	session=$(inner_of session)
	assert_tells "$(lines "$session" "$(inner_of back)" "$(inner_of front)")" "$in" -o pid -s "$session"
	assert_tells "$(lines "$session" "$(inner_of back)" "$(inner_of front)")" "$in" -o pid -g "$session"
	assert_tells "$(lines "$session" "$(inner_of back)" "$(inner_of front)")" "$in" -o pid "+$session"
	# The leaders of these two are gone.
	assert_tells "$(inner_of in-dead-group)" "$in" -o pid "-$(($(inner_of in-dead-group) - 1))"
	assert_tells "$(inner_of in-dead-sess)" "$in" -o pid -s "$(($(inner_of in-dead-sess) - 1))"
	assert_tells "$(inner_of sleeper)" "$in" -o pid -C sleeper
	assert_tells "$(lines "$session" "$(inner_of back)" "$(inner_of front)")" "$in" -o pid \
		-t "$("$PS" --no-headers -o tty -p "$(member session)")"
	tell "$in" --ppid 0 -o comm >"$T/got"
	assertEquals 'whose parent is outside' "$(awk '$1 == "entered" || $1 == "stranger" || $1 == "on-tty" ||
		$1 == "init" { print $1 }' "$T/members" | sort | xargs)" "$(sort "$T/got" | xargs)"
}

testNegated() {
	leader=$(chain "$(member leader)" | cut -d , -f 2)
	tell --in "$init" -N -p "1,$leader" -o pid >"$T/got"
	"$PS" --in "$init" --no-headers -o pid | squeeze | grep -vxe 1 -e "$leader" >"$T/want"
	cmp "$T/want" "$T/got" || fail "$(diff "$T/want" "$T/got")"
	assert_tells '' --in "$init" -N -e -o pid
}

testZombies() {
	for which in plain mapped; do
		[ $which = plain ] || [ "$(id -u)" = 0 ] || continue
		recall $which
		want=$(for name in zombie-lead zombie-1 zombie-2 leaf-zombie; do
			echo "$(chain "$(member $name)" | cut -d , -f 2) Z $name <defunct>"
		done)
		assert_tells "$want" --in "$init" --zombies -o pid,s,comm
	done
	recall plain
}

testUsersAreThoseOfInside() {
	need_root || return 0
	recall mapped
	in=--in=$init
	tell "$in" -u root -o comm >"$T/got"
	grep -qx init "$T/got" || fail 'root of inside is not root'
	tell "$in" -u 0 -o comm | cmp - "$T/got" || fail '0 is not root'
	grep -qx stranger "$T/got" && fail 'nobody of inside is root'
	assert_tells 'daemon' "$in" -u daemon -o comm
	assert_tells 'daemon' "$in" -U 1 -o comm
	assert_tells '1005 1004 1006 1002 1001 1003 mixed' "$in" -o euid,ruid,suid,egid,rgid,sgid,comm -C mixed
	assert_tells 'mixed' "$in" -u 1005 -o comm
	assert_tells 'mixed' "$in" -U 1004 -o comm
	assert_tells 'mixed' "$in" -G 1001 -o comm
	assert_tells 'mixed' "$in" --group 1002 -o comm
	assert_tells '' "$in" -u 100000 -o comm
	assert_tells '' "$in" -u 300005 -o comm
	# Whom its map does not know.
	assert_tells '65534 nobody 65534 stranger' "$in" -o uid,user,gid,comm -C stranger
	assert_tells 'stranger' "$in" -u nobody -o comm
	# From outside they are others.
	assert_tells '300005 300004' -o uid,ruid -p "$(member mixed)"
	recall plain
}

# ---- REF

testRefs() {
	# shellcheck disable=SC2046 # they are words
	"$PS" --in "$init" -o pid,ppid,user,comm >"$T/want"
	for ref in "$(member leader)" "$(member zombie-1)" "$(inode "$init")" \
		"$(readlink "/proc/$init/ns/pid")" $(enabled PID_REF && echo "1@$init 4@$(inode "$init")")
	do
		run "$PS" --in "$ref" -o pid,ppid,user,comm
		assertEquals "status of $ref, $err" 0 "$rc"
		cmp "$T/want" "$T/out" || fail "$ref: $(diff "$T/want" "$T/out")"
	done
	# The one below it.
	assert_tells '1 0 inner-init
2 1 leaf
3 1 leaf-zombie <defunct>' --in "$(member leaf)" -o pid,ppid,comm
}

# A process that came in from outside is in the namespace, but of another user namespace. Here it has
# the lowest number, and may be named, and yet the ids are those of the namespace.
testAMemberFromOutside() {
	need_root || return 0
	mkfifo "$T/map.fifo" "$T/low.fifo"
	cat >"$T/low.sh" <<'END'
scene=$1 ps=$2 tmp=$3
echo 100 >/proc/sys/kernel/ns_last_pid || exit
"$scene" scene map >"$tmp/map.fifo" &
while read -r line; do [ "$line" != end ] || break; done <"$tmp/map.fifo"
read -r init _ <"/proc/$!/task/$!/children"
echo 50 >/proc/sys/kernel/ns_last_pid || exit
nsenter --target "$init" --pid "$scene" idle low >"$tmp/low.fifo" &
door=$!
read -r _ inner <"$tmp/low.fifo"
read -r low _ <"/proc/$door/task/$door/children"
[ "$low" -lt "$init" ] || echo "$low is above $init"
for ref in "$(stat -L -c %i "/proc/$init/ns/pid")" "$low" "$init"; do
	"$ps" --in "$ref" --no-headers -o uid,comm -C init,low
done
exec 2>/dev/null
kill -KILL "$low"
wait "$door" || :
END
	assert_run 0 '    0 init
65534 low
    0 init
65534 low
    0 init
65534 low' '' in_ns sh "$T/low.sh" "$SCENE" "$PS" "$T"
}

# An ordinary user, and what he has made.
testRootless() {
	need_root || return 0
	as=$AS_USER
	prepare || return
	as_inside -f
	as_inside -o pid,ppid,pgid,sid,tpgid,user,uid,ruser,gid,comm
	as_inside --forest -o pid,args
	as_inside -L -o pid,lwp
	as_inside -o pid,nspid,nslevel,nsinit,reaper
	stop_one=$scene
	as=
	recall plain
	# Others than root and he may not see them so.
	stop "$stop_one"
}

# From a namespace in the middle.
testFromInside() {
	nested=$(chain "$(member inner-init)" | cut -d , -f 2)
	assertEquals "1 0 inner-init
2 1 leaf
3 1 leaf-zombie" "$(inside "$init" "$PS" --no-headers --in "$nested" -o pid,ppid,comm | squeeze |
		sed 's/ <defunct>//')"
	inside "$init" sh -c "$asks" sh "$PS" -o pid,ppid,comm >"$T/want"
	# shellcheck disable=SC2016 # expanded by that shell
	inside "$init" sh -c '"$@" -N -p $$ --ppid $$' sh "$PS" --in 1 -o pid,ppid,comm >"$T/got"
	cmp "$T/want" "$T/got" || fail "its own: $(diff "$T/want" "$T/got")"
}

# In a user namespace: the map of our own says what its ids are one above, which nobody asked.
testFromInsideAUserNamespace() {
	need_root || return 0
	recall mapped
	for columns in pid,uid,user,ruid,gid,group pid,suid,fuid,sgid,supgid; do
		inside "$init" sh -c "$asks" sh "$PS" -o "$columns" >"$T/want"
		# shellcheck disable=SC2016 # expanded by that shell
		inside "$init" sh -c '"$@" -N -p $$ --ppid $$' sh "$PS" --in 1 -o "$columns" >"$T/got"
		cmp "$T/want" "$T/got" || fail "$columns: $(diff "$T/want" "$T/got")"
	done
	grep -q 65534 "$T/want" || fail 'nobody is a stranger'
	recall plain
}

# In our own nothing is another.
testOurOwn() {
	for columns in pid,ppid,pgid,sid,user,comm pid,nspid,nslevel,nsinit; do
		"$PS" -o $columns -p "1,$init,$(member leaf),$scene" >"$T/want"
		run "$PS" --in "$(inode self)" -o $columns -p "1,$init,$(member leaf),$scene"
		assertEquals '' "$err"
		cmp "$T/want" "$T/out" || fail "$(diff "$T/want" "$T/out")"
	done
}

# Of those whom one namespace sees, only those in another one; neither is taken for the other.
testInAndPidns() {
	nested=$(member inner-init)
	for way in --pidns --pidns-tree; do
		run "$PS" --in "$init" $way "$nested" --no-headers -o pid,nspid,comm
		assertEquals "$way" "$(for name in inner-init leaf leaf-zombie; do
			numbers=$(chain "$(member "$name")" | cut -d , -f 2-)
			echo "${numbers%%,*} $numbers $name"
		done)" "$(squeeze <"$T/out" | sed 's/ <defunct>//')"
		"$PS" --in "$init" $way "$init" -o pid >"$T/got"
		if [ $way = --pidns ]; then "$PS" --in "$init" -N $way "$nested" -o pid; else
			"$PS" --in "$init" -o pid
		fi | cmp - "$T/got" || fail "$way of the same"
	done
	assert_tells '' --in "$nested" --pidns "$init" -o pid
	assert_tells '1 inner-init' --in "$nested" --pidns-tree "$init" -o pid,comm -p 1
}

testWithoutRights() {
	need_root || return 0
	assert_run 1 '' "ps: '$init': its PID namespace may not be read (try as root)" \
		as_user "$PS" --in "$init" -e
}

# ---- it does not enter, nor write

testOnlyReads() {
	need strace strace
	strace -f -o "$T/trace" "$PS" --in "$init" -ef >/dev/null 2>&1
	assertEquals '' "$(grep -E '^[0-9]* (setns|unshare|clone|fork|kill|ptrace|mount)\(' "$T/trace")"
	grep -q '"[0-9]*/status"' "$T/trace" || fail 'this is no trace'
}

# ---- those that come and go meanwhile

testUnderChange() {
	# shellcheck disable=SC2016 # expanded by that shell
	until=ready start unshare --user --map-root-user --pid --fork --kill-child sh -c \
		'echo ready; while :; do (:) & (:) & wait; done'
	busy=$(first_child "$pid")
	n=0
	while [ "$((n += 1))" -le 40 ]; do
		run "$PS" --in "$busy" --no-headers -ef
		assertEquals "status, $err" '0 ' "$rc $err"
		# Each number is of inside; those above its parent are unseen.
		awk -v bad=0 '$2 !~ /^[0-9]+$/ || ($2 == 1) != ($3 == 0) { print; bad = 1 } END { exit bad }' \
			"$T/out" || fail "$out"
	done
	stop "$pid"
}

. "${SHUNIT2:-shunit2}"
