#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pidof: what a name means, beside the pidof of sysvinit, busybox and toybox, in PID namespaces of its own.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"
need busybox busybox-static
need toybox toybox
pidof=$BIN/pidof
PS=$BIN/ps

tearDown() { stop_all; }

# A place with its programs in the current directory of who uses it. They are copies, so that no other
# process of the machine bears their names.
oneTimeSetUp() {
	[ ! -e "$T/place" ] || return 0
	mkdir "$T/place" "$T/place/sub"
	chmod 755 "$T/place" "$T/place/sub"
	cp "$(command -v sleep)" "$T/place/napper"
	cp "$T/place/napper" "$T/place/sub/napper"
	ln -s napper "$T/place/link"
	cp "$(readlink -f /bin/sh)" "$T/place/myshell"
	for script in script option a-script-with-a-long-name; do
		option=
		[ $script != option ] || option=' -e'
		printf '#!%s/place/myshell%s\necho ready\n%s/place/napper 1000\n:\n' "$T" "$option" "$T" \
			>"$T/place/$script"
		chmod 755 "$T/place/$script"
	done
}

# What is in the namespace of PLACE; each line is followed by what it is.
# shellcheck disable=SC2089 # a shell reads it
place='
	cd "$T/place"
	begin() { "$@" >/dev/null & started=$!; until [ "$(tr "\0" " " <"/proc/$!/cmdline")" = "$words" ]; do :; done; }
	words="./napper 1000 "; begin ./napper 1000
	words="./link 1000 "; begin ./link 1000
	words="./sub/napper 1000 "; begin ./sub/napper 1000
	words="other 1000 "; begin bash -c "exec -a other ./napper 1000"
	words="-login 1000 "; begin bash -c "exec -a -login ./napper 1000"
	words="/opt/napper 1000 "; begin bash -c "exec -a /opt/napper ./napper 1000"
	words="napper: state x 1000 "; begin bash -c "exec -a \"napper: state x\" ./napper 1000"
	words="$T/place/napper 1000 "; begin "$T/place/napper" 1000
'
# shellcheck disable=SC2090 # a shell reads it
export place

# asleep PID NAME, in such a shell: until it sleeps as that. It has the name before it has its words.
asleep='asleep() { until [ "$(cat /proc/$1/comm)" = "$2" ] && grep -q "^State:.S" /proc/$1/status; do :; done; }
'

# in_place SCRIPT: in a namespace with these, which stand as PIDs 2 to 9 unless numbers went elsewhere.
in_place() { in_ns bash -c "$place"'
	# Until the script has said so, and what it has forked then is no shell any more.
	wait_ready() {
		until grep -q ready "$1" && child=$(tr -d " " <"/proc/$!/task/$!/children") &&
			[ "$(tr "\0" " " <"/proc/$child/cmdline")" = "$T/place/napper 1000 " ]; do :; done 2>/dev/null
	}
	'"$1"; }

# ---- beside others

# The names, and what each of the peers is asked.
names='napper link other login opt state x nap nappe napper: bash none NAPPER myshell'

# busybox goes by the kernel's name, argv[0] and the program.
testAsBusybox() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_place 'for name in '"$names"'; do
		theirs=$(busybox pidof -- "$name") their_rc=$?
		ours=$("$BIN/pidof" -- "$name") our_rc=$?
		echo "$name: $ours"
		[ "$ours $our_rc" = "$theirs $their_rc" ] || echo "DIFFERENT: $name: $ours $our_rc, not $theirs $their_rc"
	done'
	assertEquals '' "$err"
	assertEquals 'rows' 14 "$(grep -vc DIFFERENT "$T/out")"
	# It does not take a login shell for what it is.
	assertEquals 'DIFFERENT: login: * 0, not  1' "$(sed -n 's/: [0-9]* 0, not  1$/: * 0, not  1/; /^DIFF/p' "$T/out")"
}

# sysvinit compares files where the name is an absolute path that exists. With a bare name it passes over
# the program's own, so what it finds is a part of ours.
testAsSysvinit() {
	case $(readlink -f "$(command -v pidof)") in
	*/killall5) ;;
	*)
		skip_because 'no pidof of sysvinit'
		return
		;;
	esac
	# shellcheck disable=SC2016 # expanded by that shell
	run in_place 'for name in "$T/place/napper" "$T/place/link" "$T/place/sub/napper" none /nowhere/none \
			"$T/place/myshell"; do
		for option in "" -s "-o 2" "-o 2,3" "-o 2 -o 4,5" -q "-d ," -c -n; do
			theirs=$(pidof $option "$name") their_rc=$?
			ours=$("$BIN/pidof" $option "$name") our_rc=$?
			echo "$option $name: $ours $our_rc"
			[ "$ours $our_rc" = "$theirs $their_rc" ] ||
				echo "DIFFERENT: $option $name: $ours $our_rc, not $theirs $their_rc"
		done
		for more in "$T/place/sub/napper" "none $T/place/napper" "$name"; do
			[ "$("$BIN/pidof" "$name" $more)" = "$(pidof "$name" $more)" ] || echo "DIFFERENT: $name $more"
		done
	done
	for name in '"$names"'; do
		ours=" $("$BIN/pidof" -- "$name") "
		for pid in $(pidof -- "$name"); do
			case $ours in *" $pid "*) ;; *) echo "DIFFERENT: $name: $pid is not in $ours" ;; esac
		done
	done'
	assertEquals '' "$err$(grep DIFFERENT "$T/out")"
	assertEquals 54 "$(wc -l <"$T/out")"
	[ "$(grep -c ' 0$' "$T/out")" -ge 27 ] || fail "$out"
}

# toybox prints the oldest first.
testAsToybox() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_place 'for name in ./napper ./link ./sub/napper "$T/place/napper" /nowhere/none; do
		theirs=$(echo $(toybox pidof "$name" | tr " " "\n" | sort -rn))
		ours=$("$BIN/pidof" "$name")
		echo "$name: $ours"
		[ "$ours" = "$theirs" ] || echo "DIFFERENT: $name: $ours, not $theirs"
	done'
	assertEquals '' "$err$(grep DIFFERENT "$T/out")"
	assertEquals 5 "$(wc -l <"$T/out")"
}

# All the names of a namespace full of odd processes. busybox always goes by the kernel's name, too, but
# not when it may have been cut, and knows no login shells; sysvinit's answers are in ours.
testOddNames() {
	need_root || return 0
	for libc in -static ''; do
		# shellcheck disable=SC2086 # it may be nothing
		"${HOSTCC:-cc}" -std=gnu11 -O1 -D_GNU_SOURCE -pthread $libc -o "$T/frozen" \
			"$TOP"/tests/applet/helper/frozen*.c 2>"$T/err" && break
		[ -n "$libc" ] || fail "cannot compile frozen.c: $(cat "$T/err")"
	done
	mkdir -p "$T/frozen-place"
	cat >"$T/ask" <<-'END'
		for dir in /proc/[0-9]*; do
			first=$(tr '\0' '\n' <"$dir/cmdline" | sed 1q)
			printf '%s\n' "$(cat "$dir/comm")" "$first" "${first##*/}"
		done 2>/dev/null | LC_ALL=C sort -u | grep -a . >"$T/anyone/names"
		while IFS= read -r name; do
			case $name in */*) continue ;; esac
			echo asked
			ours=$("$BIN/pidof" -wz -- "$name")
			theirs=$(busybox pidof -- "$name")
			[ "$ours" = "$theirs" ] || [ ${#name} = 15 ] || printf '%s\n' "DIFFERENT: $name"
			for pid in $(pidof -z -- "$name"); do
				case " $ours " in *" $pid "*) ;; *) printf '%s\n' "WITHOUT $pid: $name" ;; esac
			done
		done <"$T/anyone/names"
	END
	run "$T/frozen" "$T/frozen-place" sh "$T/ask"
	rm "$T/anyone/names"
	assertEquals '' "$err"
	[ "$(grep -cx asked "$T/out")" -gt 90 ] || fail "only $(grep -cx asked "$T/out") names"
	assertEquals 'DIFFERENT: sh' "$(grep -vx asked "$T/out")"
}

# ---- what it means, written out

# A table of inside: which processes, by what stands in their command line.
table='row() {
		for pid in $("$@"); do tr "\0" " " <"/proc/$pid/cmdline"; done |
			sed "s,$T,T,g; s/ 1000 /; /g; s/; $//"
		echo
	}
'

testNames() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_place "$table"'
		for name in napper ./napper sub/napper link other login -login /opt/napper "napper: state x" opt x; do
			printf "%s: " "$name"; row "$BIN/pidof" -- "$name"
		done'
	assertEquals '' "$err"
	# shellcheck disable=SC2016 # T stands there
	assertEquals 'napper: T/place/napper; napper: state x; /opt/napper; -login; other; ./sub/napper; ./link; ./napper
./napper: T/place/napper; napper: state x; /opt/napper; -login; other; ./link; ./napper
sub/napper: ./sub/napper
link: ./link
other: other
login: -login
-login: -login
/opt/napper: /opt/napper
napper: state x: napper: state x
opt:
x:' "$(sed 's/ *$//' "$T/out")"
}

# procps: also by the last part of a path, when that is all that stands in the first word.
testPathAndBareWord() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_place "$table"'words="napper 1000 "; begin bash -c "exec -a napper ./sub/napper 1000"
		row "$BIN/pidof" /nowhere/napper; row "$BIN/pidof" ./napper'
	assertEquals '' "$err"
	assertEquals 'napper
napper; T/place/napper; napper: state x; /opt/napper; -login; other; ./link; ./napper' "$out"
}

testScripts() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_place "$table"'
		for words in script option a-script-with-a-long-name "myshell script"; do
			./$words >"$T/anyone/said" & wait_ready "$T/anyone/said"; rm "$T/anyone/said"
		done
		for name in script option a-script-with-a-long-name a-script-with-a ./script ./option myshell \
			"$T/place/myshell"
		do
			printf "%s: " "$name" | sed "s,$T,T,"; row "$BIN/pidof" "$name"
			printf "%s -x: " "$name" | sed "s,$T,T,"; row "$BIN/pidof" -x "$name"
		done'
	assertEquals '' "$err"
	m=T/place/myshell
	all="./myshell script $m ./a-script-with-a-long-name $m -e ./option $m ./script"
	assertEquals "script:
script -x: $m ./script
option:
option -x: $m -e ./option
a-script-with-a-long-name:
a-script-with-a-long-name -x: $m ./a-script-with-a-long-name
a-script-with-a:
a-script-with-a -x:
./script:
./script -x: $m ./script
./option:
./option -x: $m -e ./option
myshell: $all
myshell -x: $all
$m: $all
$m -x: $all" "$(sed 's/ *$//' "$T/out")"
}

# The program is gone, or replaced by a new one.
testDeletedProgram() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c "$asleep"'cp "$T/place/napper" "$T/anyone/gone"; (exec "$T/anyone/gone" 1000) & one=$!
		asleep $one gone
		rm "$T/anyone/gone"; cp "$T/place/napper" "$T/anyone/gone"
		[ "$("$BIN/pidof" gone) $("$BIN/pidof" "$T/anyone/gone")" = "$one $one" ] && echo same
		rm "$T/anyone/gone"'
	assertEquals 'same ' "$out $err"
}

testOptions() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_place 'IFS=" "
		all=$("$BIN/pidof" ./link); set -- $all; echo $#
		newest=$1 oldest=$(echo "$all" | sed "s/.* //")
		[ "$(echo "$all" | tr " " "\n" | sort -rn | tr "\n" " ")" = "$all " ] && echo sorted
		[ "$("$BIN/pidof" -s ./link sub/napper)" = "$newest $("$BIN/pidof" sub/napper)" ] && echo single
		[ "$("$BIN/pidof" --single-shot ./link)" = "$newest" ] && echo single
		[ "$("$BIN/pidof" -S, ./link)" = "$(echo "$all" | tr " " ,)" ] && echo separator
		[ "$("$BIN/pidof" -d "; " ./link)" = "$(echo "$all" | sed "s/ /; /g")" ] && echo separator
		[ "$("$BIN/pidof" --separator= ./link)" = "$(echo "$all" | tr -d " ")" ] && echo separator
		[ -z "$("$BIN/pidof" -q ./link)" ] && "$BIN/pidof" -q ./link && echo quiet
		"$BIN/pidof" -q none || echo quiet $?
		[ "$("$BIN/pidof" -o $oldest ./link)" = "${all% *}" ] && echo omitted
		inner=${all% *} inner=${inner#* }
		[ "$("$BIN/pidof" -o "$newest,$oldest" ./link)" = "$inner" ] && echo omitted
		[ "$("$BIN/pidof" -o $newest -o ";$oldest;" ./link)" = "$inner" ] && echo omitted
		[ "$("$BIN/pidof" --omit-pid 4194303 ./link)" = "$all" ] && echo omitted
		"$BIN/pidof" -o "$(echo $all | tr " " ,)" ./link || echo none $?
		[ "$("$BIN/pidof" -t ./link)" = "$all" ] && echo threads'
	assertEquals '' "$err"
	assertEquals '7
sorted
single
single
separator
separator
separator
quiet
quiet 1
omitted
omitted
omitted
omitted
none 1
threads' "$out"
}

testOmitsItsParent() {
	# shellcheck disable=SC2016 # expanded by that shell
	cat >"$T/place/asker" <<-'END'
		"$BIN/pidof" myshell
		"$BIN/pidof" -o %PPID myshell; echo $?
		"$BIN/pidof" -o "1,%PPID,1" myshell; echo $?
		echo $$
	END
	run in_ns "$T/place/myshell" "$T/place/asker"
	assertEquals '1 1 1 1 ' "$(xargs <"$T/out") $err"
	# In there its parent, which has another number outside, is nobody else.
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns "$T/place/myshell" -c '"$T/place/myshell" "$T/place/asker"; :'
	assertEquals '2 1 1 0 1 2 ' "$(xargs <"$T/out") $err"
}

testThreads() {
	"${HOSTCC:-cc}" -pthread -o "$T/place/threads" -x c - <<-'END'
		#include <pthread.h>
		#include <unistd.h>
		static void *rest(void *x) { for (;;) pause(); return x; }
		int main(void)
		{
			pthread_t t;
			for (int i = 0; i < 3; i++)
				pthread_create(&t, 0, rest, 0);
			return write(1, "ready\n", 6) != 6 || rest(0);
		}
	END
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c '"$T/place/threads" >"$T/anyone/said" & until grep -q ready "$T/anyone/said"; do :; done 2>/dev/null
		[ "$("$BIN/pidof" threads)" = $! ] && echo one
		want=$(ls /proc/$!/task | sort -rn | tr "\n" " ")
		[ "$("$BIN/pidof" -t threads) " = "$want" ] && echo all
		[ "$("$BIN/pidof" -ts threads)" = "${want%% *}" ] && echo newest; rm "$T/anyone/said"'
	assertEquals 'one
all
newest ' "$out $err"
}

# Those that have no command line: by the name that the kernel has.
testWorkersAndZombies() {
	"${HOSTCC:-cc}" -O1 -D_GNU_SOURCE -o "$T/check-scene" "$TOP/tests/applet/helper/check-scene.c"
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c '"$T/check-scene" zombies 2 deadone >"$T/anyone/said" &
		until grep -q ready "$T/anyone/said"; do :; done 2>/dev/null
		"$BIN/pidof" deadone; echo $?
		"$BIN/pidof" -x deadone; echo $?
		zombies=$(tr " " "\n" <"/proc/$!/task/$!/children" | sort -rn | grep . | xargs)
		[ "$("$BIN/pidof" -z deadone)" = "$zombies" ] && echo zombies
		[ "$("$BIN/pidof" -w deadone)" = "$zombies" ] && echo zombies
		[ "$("$BIN/pidof" -z check-scene)" = $! ] && echo alive
		rm "$T/anyone/said"'
	assertEquals '1
1
zombies
zombies
alive ' "$out $err"
	if [ "$(cat /proc/2/comm 2>/dev/null)" = kthreadd ]; then
		assert_run 1 '' '' "$pidof" kthreadd
		assert_run 0 2 '' "$pidof" -w kthreadd
	fi
}

# The first thread has ended, the program has not: its words are gone, the name is not.
testExitedLeader() {
	"${HOSTCC:-cc}" -O1 -D_GNU_SOURCE -pthread -o "$T/odd" "$TOP/tests/applet/helper/odd.c"
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c '"$T/odd" leader goeson >"$T/anyone/said" & until [ -s "$T/anyone/said" ]; do :; done
		until grep -q "^State:.Z" /proc/$!/status; do :; done
		comm=$(cat /proc/$!/comm)
		[ "$("$BIN/pidof" "$comm")" = $! ] && echo found; rm "$T/anyone/said"'
	assertEquals 'found ' "$out $err"
}

# Whoever has wiped his words still runs a program, and has a name.
testWiped() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c '"$T/odd" wiped >"$T/anyone/said" & until [ -s "$T/anyone/said" ]; do :; done
		[ "$("$BIN/pidof" odd)" = $! ] && echo found; rm "$T/anyone/said"'
	assertEquals 'found ' "$out $err"
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns bash -c '(exec -a "" "$T/odd" named another) >"$T/anyone/said" & until [ -s "$T/anyone/said" ]; do :; done
		[ "$("$BIN/pidof" another)" = $! ] && echo found; rm "$T/anyone/said"'
	assertEquals 'found ' "$out $err"
}

testNeverItself() {
	cp "$BIN/pidbox" "$T/place/pidof"
	assert_run 1 '' '' "$T/place/pidof" "$T/place/pidof"
	# Only itself, not another of its name; and not who has its number elsewhere.
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c "$asleep"'cp "$T/place/napper" "$T/anyone/pidof"; "$T/anyone/pidof" 1000 & one=$!
		asleep $one pidof
		[ "$("$BIN/pidof" pidof)" = $one ] && echo other; rm "$T/anyone/pidof"'
	assertEquals 'other ' "$out $err"
}

# ---- our root directory

testRoot() {
	need_root || return 0
	mkdir -p "$T/place/root/bin"
	cp "$(command -v busybox)" "$T/place/root/bin/sleep"
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c "$asleep"'"$T/place/root/bin/sleep" 1000 & here=$!
		chroot "$T/place/root" /bin/sleep 1000 & there=$!
		asleep $here sleep; asleep $there sleep
		[ "$("$BIN/pidof" sleep)" = "$there $here" ] && echo both
		[ "$("$BIN/pidof" -c sleep)" = "$here" ] && echo one
		[ "$(setpriv --reuid 65534 --clear-groups "$BIN/pidof" -c sleep)" = "$there $here" ] && echo ignored'
	assertEquals 'both
one
ignored ' "$out $err"
	# Another directory of the same path: what compares the texts of the links takes it for ours.
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c 'unshare --mount sh -c "mount --bind \"\$T/place/root\" \"\$T/place/root\" &&
			cd \"\$T/place/root\" && mkdir -p old && pivot_root . old && exec /bin/sleep 1000" & one=$!
		until [ "$(readlink /proc/$one/exe)" = /bin/sleep ]; do :; done
		[ "$(readlink /proc/$one/root)" = / ] && [ "$("$BIN/pidof" sleep)" = $one ] && echo found
		"$BIN/pidof" -c sleep || echo none'
	assertEquals 'found
none ' "$out $err"
	rmdir "$T/place/root/old"
}

# ---- PID namespaces

# The same program here, in a namespace, and in one below it.
testNamespaces() {
	cp "$T/place/napper" "$T/place/nested"
	until=ready
	"$T/place/nested" 1000 &
	own=$!
	running="$own $running"
	new='unshare --pid --fork --kill-child'
	[ "$(id -u)" = 0 ] || new='unshare --user --map-root-user --pid --fork --kill-child'
	# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
	start $new sh -c '"$1" 1000 & "$1" 1000 & unshare --pid --fork --kill-child sh -c \
		"\"$1\" 1000 & echo ready; wait" "" "$1"' sh "$T/place/nested" || return
	first=$(first_child "$pid")
	# shellcheck disable=SC2046 # they are words
	set -- $(tr ' ' '\n' <"/proc/$first/task/$first/children" | grep .)
	inner=$(first_child "$(first_child "$3")")
	lower=$(first_child "$3")
	for one in "$own" "$1" "$2" "$inner"; do
		wait_for "[ \"\$(cat /proc/$one/comm)\" = nested ]"
		wait_state "$one" S
	done
	down() { printf '%s\n' "$@" | sort -rn | xargs; }
	assert_run 0 "$(down "$own" "$1" "$2" "$inner")" '' "$pidof" nested
	assert_run 0 "$own" '' "$pidof" --pidns $$ nested
	assert_run 0 "$(down "$own" "$1" "$2" "$inner")" '' "$pidof" --pidns-tree $$ nested
	assert_run 0 "$(down "$1" "$2")" '' "$pidof" --pidns "$first" nested
	assert_run 0 "$(down "$1" "$2" "$inner")" '' "$pidof" --pidns-tree "$first" nested
	assert_run 0 "$(down "$1" "$2")" '' "$pidof" --pidns-tree $$ --pidns "$first" nested # the last one
	assert_run 0 "$inner" '' "$pidof" --pidns "$lower" nested
	assert_run 0 "$inner" '' "$pidof" --pidns "pid:[$(inode "$lower")]" nested
	assert_run 0 "$inner" '' "$pidof" --pidns-tree "$(inode "$lower")" nested
	assert_run 0 "$(down "$1" "$2")" '' "$pidof" -o "$inner,$own" nested
	if enabled PID_REF; then
		assert_run 0 "$inner" '' "$pidof" --pidns "1@$lower" nested
		assert_run 0 "$(down "$own" "$2" "$inner")" '' "$pidof" -o "$(inner "$1")@$first" nested
	fi
	assert_run 1 '' '' "$pidof" --pidns "$lower" napper
	[ "$(id -u)" != 0 ] || assert_run 1 '' "pidof: '$first': its PID namespace may not be read (try as root)" \
		as_user "$pidof" --pidns "$first" nested
}

testWrongRefs() {
	assert_run 1 '' "pidof: '4194303': *" "$pidof" --pidns 4194303 x
	assert_run 1 '' "pidof: 'x': not a process: *" "$pidof" --pidns x x
	assert_run 1 '' "pidof: 'x': not a process: *" "$pidof" -o x x
	assert_run 1 '' "pidof: '-1': not a process: *" "$pidof" -o 1,-1 x
	assert_run 1 '' "pidof: *: not a process: *" "$pidof" -o "$(printf '%0200d' 1)" x
}

# Whoever signals these numbers would hit others.
testForeignProc() {
	need_root || return 0
	until=ready
	start unshare --pid --fork --kill-child sh -c 'echo ready; sleep 1000; :' || return
	first=$(first_child "$pid")
	wait_for "[ \"\$(cat /proc/\$(first_child $first)/comm)\" = sleep ]" # not in its exec
	wait_state "$(first_child "$first")" S
	assert_run 1 '' "pidof: /proc is that of another PID namespace: these are not our numbers \
(mount -t proc proc /proc, or --proc /proc if they are meant)" \
		nsenter --target "$first" --pid "$pidof" sleep
	run nsenter --target "$first" --pid "$pidof" --proc /proc sleep
	like " $out " "* $(first_child "$first") *" || fail "$out $err"
	assertEquals '' "$err"
}

testNoProc() {
	[ -z "${ASAN_OPTIONS:-}" ] || return 0 # its runtime wants a /proc, and says so
	need_root || return 0
	# shellcheck disable=SC2016 # expanded by that shell
	assert_run 1 '' 'pidof: no /proc here; the cure is: mount -t proc proc /proc' \
		unshare --mount sh -c 'mount -t tmpfs none /proc && exec "$1" sleep' sh "$pidof"
	assert_run 1 '' "pidof: $T/none: $(reason 'No such file or directory' 2)" "$pidof" --proc "$T/none" x
}

testRecorded() {
	host=$TOP/tests/proc/host-with-containers
	assert_run 0 '21061 21060' '' "$pidof" --proc "$host" sleep
	assert_run 0 '21060' '' "$pidof" --proc "$host" -o 21061 sleep
}

testNoOperand() {
	assert_run 1 '' '' "$pidof"
	assert_run 1 '' '*invalid option*' "$pidof" -Y x
}

# Hostile text, as a name and as a process.
testHostile() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns bash -c "$asleep"'cd "$T/place"; name=$(printf "a) R (b\n\033\377")
		(exec -a "$name" ./napper 1000) & one=$!
		asleep $one napper
		[ "$("$BIN/pidof" "$name")" = $one ] && echo found
		(exec -a "" ./napper 1000) & two=$!
		asleep $two napper
		[ "$("$BIN/pidof" napper)" = "$two $one" ] && echo both
		"$BIN/pidof" "" / "/./" || echo none'
	assertEquals 'found
both
none ' "$out $err"
}

testLostOutput() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_place '"$BIN/pidof" napper >/dev/full; echo $?'
	assertEquals "1 pidof: write error: $(reason 'No space left on device' 28)" "$out $err"
}

. "${SHUNIT2:-shunit2}"
