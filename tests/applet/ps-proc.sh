#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps: a /proc that is another's, that hides something, or that is not there.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"
PS=$BIN/ps
need jq jq

warning='ps: /proc is that of another PID namespace: these are not our numbers (mount -t proc proc /proc)'
# Where /proc is not its own, the sanitizers' library complains, too.
if grep -q __asan_init "$PIDBOX"; then
	warning="*$warning"
	sanitized() { true; }
else
	sanitized() { false; }
fi

# $first is PID 1 of a container with mounts and a /proc of its own, in which there are two more;
# $door has sent one ($entered) into it, which has no parent there.
oneTimeSetUp() {
	# shellcheck disable=SC2016 # expanded by that shell
	until=ready start in_container sh -c '"$0" idle one >/dev/null & "$0" idle two >/dev/null &
		until [ "$(cat /proc/[0-9]*/comm | grep -cx -e one -e two)" = 2 ]; do :; done; echo ready; wait' \
		"$SCENE" || exit
	first=$(first_child "$pid")
	users=
	[ "$(id -u)" = 0 ] || users='--user --preserve-credentials'
	# shellcheck disable=SC2086 # they are words
	until=entered start nsenter --target "$first" $users --pid "$SCENE" idle entered || exit
	door=$pid
	entered=$(first_child "$door")
	until=plain start "$SCENE" idle plain || exit
	plain=$pid
	recorded=$TOP/tests/proc/host-with-containers
}

oneTimeTearDown() { stop_all; }

in_container() {
	if [ "$(id -u)" = 0 ]; then
		exec unshare --fork --pid --mount-proc --kill-child "$@"
	else
		exec unshare --user --map-root-user --fork --pid --mount-proc --kill-child "$@"
	fi
}

# mounted OPTIONS CMD...: in a PID namespace of its own, whose PID 1 is a shell that has mounted proc
# with these options, as root and then nobody: "$as CMD". $1 there is the program.
mounted() {
	options=$1
	shift
	# shellcheck disable=SC2016 # expanded by that shell
	unshare --fork --pid --mount --kill-child sh -c '
		mount -n -t proc ${1:+-o "$1"} proc /proc || exit
		shift
		eval "$1"' sh "$options" "$@"
}

# ---- another's

testOnlyThePidNamespaceEntered() {
	# shellcheck disable=SC2086 # they are words
	assert_run 0 "*$plain plain*" "$warning" nsenter --target "$first" $users --pid "$PS" -eo pid,comm
	sanitized || assertEquals 'one line' 1 "$(wc -l <"$T/err")"
	# shellcheck disable=SC2086 # they are words
	assert_run 0 "*$plain*" "$warning" nsenter --target "$first" $users --pid "$PS" -f -p "$plain"
	# Nothing of it is in what programs read.
	if enabled JSON; then
		# shellcheck disable=SC2086 # they are words
		run nsenter --target "$first" $users --pid "$PS" --json -o pid -p "$plain"
		assertEquals "$plain" "$(jq '.[0].pid' "$T/out")"
	fi
}

testOnlyTheMountsEntered() {
	for words in -e -ef aux '-eo pid,comm'; do
		# shellcheck disable=SC2086 # they are words
		run nsenter --target "$first" $users --mount "$PS" $words
		assertEquals "status of $words" 0 "$rc"
		like "$err" "$warning" || fail "stderr of $words: $err"
	done
	# Its numbers: PID 1 is the shell in there.
	assertEquals '1 sh' "$(squeeze <"$T/out" | sed -n 2p)"
	assertEquals 'each of them' '1 2 3' "$(squeeze <"$T/out" | awk 'NR > 1 && NR < 5 { print $1 }' | xargs)"
	like "$out" "*one*two*entered*" || fail "$out"
	like "$out" "*plain*" && fail 'somebody who is not in there'
	# Without a word, and nobody is ourselves there.
	# shellcheck disable=SC2086 # they are words
	run nsenter --target "$first" $users --mount "$PS" -o pid,ppid,comm --no-headers
	like "$err" "$warning" || fail "stderr: $err"
	assertEquals "status without a choice, and lines: $out" "$([ -n "$out" ]; echo $?)" "$rc"
}

testABindMountOfAnother() {
	need_root || return 0
	# shellcheck disable=SC2016 # expanded by that shell
	assert_run 0 '*1 sh
*' "$warning" unshare --mount sh -c 'nsenter --target "$1" --pid mount -n -t proc proc /mnt &&
		mount -n --bind /mnt /proc && exec "$2" -eo pid,comm' sh "$first" "$PS"
	# The same by a name of its own is what was asked for.
	# shellcheck disable=SC2016 # expanded by that shell
	assert_run 0 '*1 sh
*' '' unshare --mount sh -c 'nsenter --target "$1" --pid mount -n -t proc proc /mnt &&
		exec "$2" --proc /mnt -eo pid,comm' sh "$first" "$PS"
}

testOursIsNoOther() {
	need_root || return 0
	for words in -e -ef aux -p1; do
		assert_run 0 '*' '' "$PS" $words
		assert_run 0 '*' '' nsenter --target "$first" --pid --mount "$PS" $words
		assert_run 0 '*' '' in_ns "$PS" $words
	done
	# Bound elsewhere and back, or mounted once more: it is ours still.
	# shellcheck disable=SC2016 # expanded by that shell
	assert_run 0 "*$plain plain*" '' unshare --mount sh -c \
		'mount -n --bind /proc /mnt && mount -n --bind /mnt /proc && exec "$1" -eo pid,comm' sh "$PS"
	# shellcheck disable=SC2016 # expanded by that shell
	assert_run 0 "*$plain plain*" '' unshare --mount sh -c \
		'mount -n -t proc proc /proc && exec "$1" -eo pid,comm' sh "$PS"
}

# From a namespace in the middle, and from one below it.
testInTheMiddle() {
	need_root || return 0
	assert_run 0 '*1 sh
*' "$warning" nsenter --target "$first" --mount --pid unshare --fork --pid --kill-child "$PS" -eo pid,comm
	assert_run 0 '*1 ps' '' nsenter --target "$first" --mount --pid unshare --fork --pid --kill-child \
		--mount-proc "$PS" -eo pid,comm
}

# What a script might do with the numbers: it is told.
testPidsOfAnother() {
	# shellcheck disable=SC2086 # they are words
	run nsenter --target "$first" $users --pid "$PS" --no-headers -o pid,comm -p "$plain"
	like "$err" "$warning" || fail "stderr: $err"
	assertEquals "$plain plain" "$(echo "$out" | squeeze)"
}

# ---- --proc

testProcOfAnother() {
	proc=/proc/$first/root/proc
	run "$PS" --proc "$proc" --no-headers -eo pid,ppid,nspid,nslevel,nsinit,comm
	assertEquals '' "$err"
	assertEquals 0 "$rc"
	assertEquals '1 0 1 0 1 sh' "$(squeeze <"$T/out" | sed -n 1p)"
	assertEquals "$(inner "$entered") 0 $(inner "$entered") 0 1 entered" \
		"$(squeeze <"$T/out" | grep entered)"
	# Numbers in lists are its own.
	assert_tells '1 sh' --proc "$proc" -o pid,comm -p 1
	assert_tells '2 one' --proc "$proc" -o pid,comm 2
	assert_tells '' --proc "$proc" -o pid,comm -p "$first"
	assert_tells '1 sh
2 \_ one
3 \_ two' --proc "$proc" --forest -o pid,comm -p 1,2,3
}

testRecorded() {
	assert_tells '20997 800 20997,1 1 20997 sh
21020 20997 21020,12 1 20997 gone <defunct>
21061 21060 21061,31,7,2 3 21060 sleep' --proc "$recorded" -o pid,ppid,nspid,nslevel,nsinit,comm \
		-p 20997,21020,21061
	for tree in "$TOP/tests/proc"/*/; do
		for words in -e -ef -eF -el -ely aux axl axj axs axv axX '-e --forest' \
			'-eo nspid,nsinit,reaper,nschild,sigterm,pidino,pidns,wchan,exe,cgroup'
		do
			# shellcheck disable=SC2086 # they are words
			run "$PS" --proc "$tree" $words
			if [ "$rc" != 0 ] || [ -n "$err" ] || [ "$(wc -l <"$T/out")" -lt 4 ]; then
				fail "$tree, $words: status $rc, $(wc -l <"$T/out") lines, $err"
			fi
		done
	done
}

# recorded ARG...: the numbers of whom we choose in the recorded tree.
recorded() { "$PS" --proc "$recorded" --no-headers -o pid "$@" | sort -n | xargs; }

# Its links lead nowhere, so that nobody can be asked for the namespace above his own.
testSelectionInARecordedTree() {
	container='20997 21010 21011 21012 21020 22001'
	assertEquals "$container" "$(recorded --pidns 20997)"
	assertEquals "$container" "$(recorded --pidns 22001)"
	assertEquals "$container" "$(recorded --pidns 4026532398)"
	assertEquals "$container" "$(recorded --pidns 'pid:[4026532398]')"
	assertEquals '21010 21011 21012' "$(recorded --pidns 20997 -C nginx)"
	assertEquals '21050 21051' "$(recorded --pidns 21051)"
	assertEquals '21060' "$(recorded -p 1@21061)"
	assertEquals '21020' "$(recorded --zombies)"
	assertEquals '21020' "$(recorded --zombies --pidns 20997)"
	assertEquals '' "$(recorded --zombies --pidns 21060)"
	id=$(grep -o '[0-9a-f]\{64\}' "$recorded/20997/cgroup" | head -n 1)
	assertEquals "$container" "$(recorded --pidns "$(echo "$id" | cut -c 1-12)")"
}

testInOfARecordedTree() {
	run "$PS" --proc "$recorded" --in 20997 --no-headers -o pid,ppid,nspid,nsinit,comm
	assertEquals '' "$err"
	assertEquals '1 0 1 1 sh
7 1 7 1 nginx
8 7 8 1 nginx
9 7 9 1 nginx
12 1 12 1 gone <defunct>
40 0 40 1 sh' "$(squeeze <"$T/out")"
	assertEquals '1 sh
7 \_ nginx
8 | \_ nginx
9 | \_ nginx
12 \_ gone <defunct>
40 sh' "$("$PS" --proc "$recorded" --in 20997 --no-headers --forest -o pid,comm | squeeze)"
	assertEquals '1 0 init
5 1 sh' "$("$PS" --proc "$recorded" --in 21050 --no-headers -o pid,ppid,comm | squeeze)"
}

# Whoever is named in whatever tree: a list, or one line that says why not.
testEverybodyAsARef() {
	for dir in "$TOP/tests/proc"/*/[0-9]*; do
		for option in --in --pidns --pidns-tree; do
			run "$PS" --proc "${dir%/*}" $option "${dir##*/}" -eo pid,ppid,pgid,sid,nspid,nsinit,reaper,args
			case $rc:$(wc -l <"$T/err") in
			0:0 | 1:1) ;;
			1:0) assertEquals "$dir, $option: lines" 1 "$(wc -l <"$T/out")" ;;
			*) fail "$dir, $option: status $rc, $err" ;;
			esac
		done
	done
}

# What is no /proc is none: never a header and success.
testProcThatIsNone() {
	mkdir -p "$T/empty" "$T/strange/x"
	echo >"$T/file"
	echo junk >"$T/strange/stat"
	for dir in "$T/empty" "$T/strange"; do
		for words in -e aux '-eo pid' '-e --forest' '-e --sort pid' '-e --json' '-p 1' ''; do
			# shellcheck disable=SC2086 # they are words
			run "$PS" --proc "$dir" $words
			[ "$rc" != 0 ] || fail "$dir, $words: status 0"
		done
	done
	for dir in "$T/file" "$T/nowhere" '' /dev/null; do
		for words in -e aux '-p 1' '--pidns 1 -e' '--in 1'; do
			# shellcheck disable=SC2086 # they are words
			run "$PS" --proc "$dir" $words
			case $rc:$dir in
			47:* | 1:) ;;
			*) fail "$dir, $words: status $rc" ;;
			esac
			assertEquals "stdout for '$dir'" '' "$out"
			assertEquals "lines for '$dir': $err" 1 "$(sed '/^Try /d' "$T/err" | wc -l)"
		done
	done
}

# ---- hidepid

# shellcheck disable=SC2016 # expanded by other shells
hiding='
	as_user="setpriv --reuid 65534 --regid 65534 --clear-groups"
	as_group="setpriv --reuid 65534 --regid 65534 --groups 4242"
	# Another user, to hide from each other; all are there when they sleep. Their numbers are none that
	# could be a share of the time or a size.
	echo 5000 >/proc/sys/kernel/ns_last_pid || exit
	setpriv --reuid 1 --regid 1 --clear-groups sleep 1000 &
	other=$!
	$as_user sleep 1001 &
	own=$!
	until [ "$(cat /proc/$own/comm /proc/$other/comm | xargs)" = "sleep sleep" ]; do :; done
	'

# A user sees himself; root and the group see all.
testHidepid() {
	need_root || return 0
	for hidepid in 1 2 4 noaccess invisible ptraceable; do
		# shellcheck disable=SC2016 # expanded by that shell
		mounted "hidepid=$hidepid" "$hiding"'
			for words in "-eo pid,comm" "-ef" aux "-eo pid,nspid" "-eo pid,ruser" "-eLo pid,lwp" \
				"-e --forest -o pid,args" "-e --sort pid -o pid,comm" "-eo pid,nsinit"
			do
				$as_user "$2" --no-headers $words >"$3/user" 2>"$3/user.err"
				echo "user $? $(grep -cE "(^| )$own( |\$)" "$3/user")" \
					"$(grep -cE "(^| )$other( |\$)" "$3/user") $(cat "$3/user.err")"
				"$2" --no-headers $words >"$3/root" 2>"$3/root.err"
				echo "root $? $(grep -cE "(^| )$own( |\$)" "$3/root")" \
					"$(grep -cE "(^| )$other( |\$)" "$3/root") $(cat "$3/root.err")"
			done' "$PS" "$T" >"$T/out" 2>"$T/err"
		assertEquals "hidepid=$hidepid" '9 root 0 1 1 9 user 0 1 0' "$(sort "$T/out" | uniq -c | xargs)"
		assertEquals '' "$(cat "$T/err")"
	done
}

testHidepidWithAGroup() {
	need_root || return 0
	for hidepid in 1 2; do
		# shellcheck disable=SC2016 # expanded by that shell
		mounted "hidepid=$hidepid,gid=4242" "$hiding"'
			for words in "-eo pid,comm" -ef aux "-eo pid,nspid,nslevel,nsinit"; do
				$as_group "$2" --no-headers $words >"$3/group" 2>"$3/group.err"
				echo "group $? $(grep -cE "(^| )$own( |\$)" "$3/group")" \
					"$(grep -cE "(^| )$other( |\$)" "$3/group") $(cat "$3/group.err")"
				$as_user "$2" --no-headers $words >"$3/user" 2>"$3/user.err"
				echo "user $? $(grep -cE "(^| )$own( |\$)" "$3/user")" \
					"$(grep -cE "(^| )$other( |\$)" "$3/user") $(cat "$3/user.err")"
			done' "$PS" "$T" >"$T/out" 2>"$T/err"
		assertEquals "hidepid=$hidepid" '4 group 0 1 1 4 user 0 1 0' "$(sort "$T/out" | uniq -c | xargs)"
		assertEquals '' "$(cat "$T/err")"
	done
	# Whoever may not trace is not helped by a group.
	# shellcheck disable=SC2016 # expanded by that shell
	mounted hidepid=4,gid=4242 "$hiding"'
		$as_group "$2" --no-headers -eo pid,comm | grep -cE " ($own|$other|1) "' "$PS" "$T" >"$T/out" 2>&1
	assertEquals 'hidepid=4' 1 "$(cat "$T/out")"
}

# Who is hidden and asked for by number is not there: status 1, never an empty list and 0.
testHiddenByNumber() {
	need_root || return 0
	for hidepid in 1 2 4; do
		# shellcheck disable=SC2016 # expanded by that shell
		mounted "hidepid=$hidepid" "$hiding"'
			for words in "-p 1" "-fp $other" "-o pid -p $other" "u $other" "-q 1" "--ppid 0" "-p 1 --json"; do
				$as_user "$2" --no-headers $words
				echo "$?"
			done
			$as_user "$2" --no-headers -eo pid --pidns 1
			echo "pidns $?"
			$as_user "$2" --no-headers -eo pid --in 1
			echo "in $?"' "$PS" "$T" >"$T/out" 2>"$T/err"
		assertEquals "hidepid=$hidepid" '1 1 1 1 1 1 []1 pidns 1 in 1' \
			"$(tr -d '\n' <"$T/out" | sed 's/\([0-9]\)/\1 /g; s/pidns/ pidns /; s/in 1/ in 1/' | xargs)"
		assertEquals 'each says why' 2 "$(wc -l <"$T/err")"
	done
}

# ---- subset=pid: no uptime, stat, meminfo, sys

testSubsetPid() {
	need_root || return 0
	before=$(date +%s)
	# shellcheck disable=SC2016 # expanded by that shell
	mounted subset=pid '
		[ ! -e /proc/uptime ] || echo "not a subset"
		sleep 1000 &
		until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done
		date +%s >"$3/slept"
		for words in -e -ef -eF -el -ely -ej aux axl axj axu axv axs axX -eLf -e\ --forest \
			"-eo pid,pcpu,pmem,vsz,rss,stime,start,lstart,etime,etimes,time,c,cp" \
			"-eo pid,nspid,nsinit,pidns,sigterm,reaper,wchan,cgroup" "-eo pid,psr,tty,numa" \
			"-eo pid,pmem,etime --sort -start_time"
		do
			"$2" $words >"$3/subset" 2>"$3/subset.err"
			echo "$? $(awk "NR == 1 || /sleep( 1000)?\$|^ *$! / { n++ } END { print n }" "$3/subset")" \
				"$(cat "$3/subset.err")"
		done
		"$2" --no-headers -o pid,stime,etimes,lstart -p $! >"$3/subset"
		' "$PS" "$T" >"$T/out" 2>"$T/err"
	assertEquals '' "$(cat "$T/err")"
	assertEquals '19 0 2' "$(sort "$T/out" | uniq -c | xargs)"
	# It is right, too, by the clock: begun behind the first look at it, and before the program was there.
	read -r _ hour etimes _ month day time year <"$T/subset"
	started=$(LC_ALL=C date -d "$month $day $time $year" +%s)
	read -r slept <"$T/slept"
	now=$(date +%s)
	if [ "$started" -lt "$((before - 1))" ] || [ "$started" -gt "$slept" ]; then
		fail "$(cat "$T/subset")"
	fi
	if [ "$etimes" -gt "$((now - before + 1))" ] || [ "$etimes" -lt 0 ]; then fail "elapsed: $etimes"; fi
	assertEquals 'STIME' "$(date -d "@$started" +%H:%M)" "$hour"
}

# ---- none

# shellcheck disable=SC2016 # expanded by other shells
without='
	for words in "" -e -ef aux -p1 "-p 1@1" "-eo pid,args" "-e --forest" "-e --sort pid" "--pidns 1" \
		"--in 1" "--json -e"
	do
		${as:-} "$2" $words >"$3/none" 2>"$3/none.err" </dev/null
		echo "$? $(wc -l <"$3/none") $(grep -c ^ps: "$3/none.err") $(grep -o "^ps: Error, do.*" "$3/none.err")"
	done'

# an empty place, another file system, a file, a directory that is not there
testWithoutProc() {
	need_root || return 0
	hint='ps: Error, do this: mount -t proc proc /proc (nothing is mounted on /proc)'
	for as in '' "$AS_USER"; do
		for none in 'mount -n -t tmpfs none /proc' 'mount -n --bind /mnt /proc'; do
			# shellcheck disable=SC2016 # expanded by that shell
			as=$as unshare --fork --pid --mount --kill-child sh -c "$none || exit;$without" sh '' "$PS" "$T" \
				>"$T/out" 2>"$T/err"
			assertEquals '' "$(cat "$T/err")"
			assertEquals "as '$as', $none" "12 47 0 1 $hint" "$(sort "$T/out" | uniq -c | xargs)"
			sanitized || assertEquals 'one line' 1 "$(wc -l <"$T/none.err")"
		done
	done
}

testHelpWithoutProc() {
	need_root || return 0
	# shellcheck disable=SC2016 # expanded by that shell
	run unshare --mount sh -c 'mount -n -t tmpfs none /proc && "$1" --help >/dev/null && "$1" -V && "$1" L |
		grep -c .' sh "$PS"
	assertEquals 0 "$rc"
	sanitized || assertEquals '' "$err"
}

# What engines do to hide files: they are covered by others.
testMaskedFiles() {
	need_root || return 0
	# shellcheck disable=SC2016 # expanded by that shell
	mounted '' '
		for file in stat uptime meminfo; do mount -n --bind /dev/null /proc/$file || exit; done
		mount -n -t tmpfs none /proc/sys
		mount -n -t tmpfs none /proc/tty
		sleep 1000 &
		until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done
		for words in -e -ef aux axl "-eo pid,pmem,stime,lstart,etime"; do
			"$2" $words >"$3/masked" 2>"$3/masked.err"
			echo "$? $(awk "NR == 1 || /sleep( 1000)?\$|^ *$! / { n++ } END { print n }" "$3/masked")" \
				"$(cat "$3/masked.err")"
		done' "$PS" "$T" >"$T/out" 2>"$T/err"
	assertEquals '' "$(cat "$T/err")"
	assertEquals '5 0 2' "$(sort "$T/out" | uniq -c | xargs)"
}

# ---- several roots

testForestOfAContainer() {
	# shellcheck disable=SC2086 # they are words
	until=later start nsenter --target "$first" $users --pid "$SCENE" idle later
	later=$(first_child "$pid")
	for words in --forest f; do
		# Its own row is a root, too.
		# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
		run nsenter --target "$first" $users --pid --mount sh -c \
			'exec "$0" "$@" -N -p $$' "$PS" --no-headers $words -o pid,ppid,comm
		assertEquals "$words" "1 0 sh
2 1 \\_ one
3 1 \\_ two
$(inner "$later") 0 later
$(inner "$entered") 0 entered" "$(squeeze <"$T/out")"
	done
	# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
	run nsenter --target "$first" $users --pid --mount sh -c \
		'exec "$0" "$@" -N -p $$' "$PS" --no-headers -H -o pid,comm
	assertEquals '-H' "1 sh
2 one
3 two
$(inner "$later") later
$(inner "$entered") entered" "$(squeeze <"$T/out")"
	stop "$later" "$pid"
}

. "${SHUNIT2:-shunit2}"
