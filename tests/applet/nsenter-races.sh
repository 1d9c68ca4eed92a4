#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# nsenter: targets that end, change or execute while they are entered, numbers that are used again,
# containers whose files are hostile, and all of it without any right.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"
need newuidmap uidmap
NSENTER=$BIN/nsenter
UNSHARE=$BIN/unshare

# Targets that things happen to, and the program that tells where it is: see enter-race.c.
RACE=$T/enter-race
if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -static -o "$RACE" \
	"$HELPER/enter-race.c"
then
	echo "$0: cannot compile enter-race.c: run scripts/setup test" >&2
	exit 1
fi
MNT=$T/anyone/mnt
mkdir "$MNT"

COUNT=500
if sanitized; then COUNT=40; fi

# race WORD... -- OPTION...: enter-race with these words, for nsenter with these options. In a PID
# namespace of its own: there it can choose the next number, and whatever it leaves ends with it.
race() {
	race_words "$@"
	# shellcheck disable=SC2086 # words
	assert_run 0 "$RIGHT" '' in_ns "$RACE" $words
}
RIGHT='* tries: * entered, * refused, * killed
all right'
race_words() {
	words=
	# The sanitizers' own calls are many, and every one is a try.
	if sanitized && [ "$1" = step ]; then
		shift
		set -- step sparse "$@"
	fi
	for word; do
		[ "$word" != -- ] || word="$MNT $NSENTER"
		words="$words $word"
	done
}

# ended_in LEAST: of the last race so many entries have succeeded, and as many have not.
ended_in() {
	# shellcheck disable=SC2086 # words
	set -- "$1" $out
	if [ "$4" -lt "$1" ] || [ $(($6 + $8)) -lt "$1" ]; then fail "no race: $out"; fi
}

# mostly_entered: in the last race. What happens once is only in the way of who would wait no longer.
mostly_entered() {
	# shellcheck disable=SC2086 # words
	set -- $out
	[ "$3" -gt $(($5 * 4)) ] || fail "refused too often: $out"
}

# ---- the target dies

# At any moment of 500 entries: the program runs in all of its namespaces, or it does not run.
testTargetDies() {
	race random $((COUNT / 2)) die -- -a
	ended_in $((COUNT / 100))
	race random $((COUNT / 2)) die -- -a -r -w -e
	ended_in $((COUNT / 100))
}

# One whose PID namespace lives on.
testTargetDiesAlone() {
	race random $((COUNT / 4)) die member -- -a -r -w -e
	ended_in $((COUNT / 250))
}

# At every moment there is: before each system call.
testTargetDiesBeforeAnyCall() {
	for options in -a '-a -r -w -e' '-a -r -S follow -G follow' '-m -p -r' '-u -n -m -F' \
		'-a -e --forward-signals --kill-child' '-a --like-target'; do
		case $options in
		*-signals*) enabled NSENTER_FORWARD || continue ;;
		*--like*) enabled NSENTER_LIKE || continue ;;
		esac
		# shellcheck disable=SC2086 # words
		race step die -- $options
		# shellcheck disable=SC2086
		race step die member -- $options
	done
	race step die old -- -a -r -w -e
	race step die member old -- -a -r -w -e
}

# R5: a warning is about what has been entered. Who fails says one line.
testR5NoWarningWithAnError() {
	need_root || return 0
	need strace strace
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	run strace -o "$T/trace" -e trace=setns -e inject=setns:error=ESRCH "$NSENTER" -t "$bg" -p true
	assertEquals 1 "$rc"
	assertEquals "nsenter: reassociate to namespace 'ns/pid' failed: $ESRCH" "$err"
	assert_run 0 '' "nsenter: *$bg*--children*" "$NSENTER" -t "$bg" -p true
	assert_one_line
}

# ---- its number is another's

# Whatever becomes of it, the program is where one process is, with what that has, never here and there.
testNumberIsUsedAgain() {
	for options in -a '-a -r -w -e' '-u -i -n -p -r -e' '-a -r -S follow -G follow'; do
		# shellcheck disable=SC2086 # words
		race step reuse member -- $options
		# shellcheck disable=SC2086
		race step reuse -- $options
	done
}

# R4: Linux before 5.3, and seccomp profiles of its time.
testR4NumberIsUsedAgainWithoutPidfds() {
	race step reuse member old -- -a
	race step reuse member old -- -a -r -w -e
}

# PID:INODE is never another process.
testNumberIsUsedAgainPinned() {
	race step reuse member pinned -- -a -r -w -e
	race step reuse pinned -- -a
	race random $((COUNT / 4)) reuse member pinned -- -a -r -w -e
	ended_in $((COUNT / 250))
	race random $((COUNT / 4)) reuse pinned -- -a -r -w -e
	ended_in $((COUNT / 250))
}

# What begins after that. By a small pid_max, which is the PID namespace's since Linux 6.14, and the
# machine's before; or by the choice of the next number. Numbers below 300 are given only once.
testNumberOfADeadTarget() {
	ways=ns_last_pid
	[ "$(printf '6.14\n%s\n' "$(uname -r)" | sort -V | head -n 1)" != 6.14 ] || ways="$ways pid_max"
	for way in $ways; do
		assert_run 0 'alive: 0
used again: 1
its own: 0' "nsenter: * PID *:*: $ESRCH" in_ns sh -c '
			way=$1 NSENTER=$2 ENTER=$3
			if [ $way = pid_max ]; then
				echo 400 >/proc/sys/kernel/pid_max
				number=0
				until [ $number -gt 300 ]; do (:) & number=$!; wait $number; done
			fi
			unshare -u sleep 1000 &
			target=$!
			until [ "$(cat /proc/$target/comm)" = sleep ]; do :; done
			inode=$("$ENTER" inode $target)
			"$NSENTER" -t "$target:$inode" -u true; echo "alive: $?"
			exec 3>&2 2>/dev/null
			kill -KILL $target
			wait $target
			until [ "${other=0}" = $target ]; do
				[ $other = 0 ] || { kill -KILL $other; wait $other; }
				[ $way = pid_max ] || echo $((target - 1)) >/proc/sys/kernel/ns_last_pid
				sleep 1000 &
				other=$!
			done
			"$NSENTER" -t "$target:$inode" -u true 2>&3; echo "used again: $?"
			"$NSENTER" -t "$target" -u true 2>&3; echo "its own: $?"' sh "$way" "$NSENTER" "$ENTER"
		assert_one_line
	done
}

# ---- it changes

# R1: the program is where it was at one moment.
testR1TargetChanges() {
	for options in -a '-a -r -w -e' '-m -r -w' '-m -w' '-m -u -i' '-a --children'; do
		# shellcheck disable=SC2086 # words
		race step change -- $options
		mostly_entered
	done
}

testR1TargetChangesWithoutPidfds() {
	race step change old -- -a -r -w
	mostly_entered
	race step change old -- -m -u -i
}

# What it does not stop doing is said, by one line.
testR1TargetNeverRests() {
	race random $((COUNT / 4)) loop -- -a
	race random $((COUNT / 4)) loop -- -a -r -w
}

# R3: also where it was not in a user namespace of its own, and then is.
testR3TargetMakesAUserNamespace() {
	race step user -- -a
	race step user -- -a -r -w
	race step user rootless -- -a -r -w
}

# R2: the environment is one that it has had, and whole.
testR2TargetExecutes() {
	race step exec -- -a -e
	race step exec -- -a -r -w -e -S follow
}

# ---- hostile containers

# in_time CMD...: as `run`; a test that hangs has failed, and does not hang.
in_time() { run timeout -s KILL 10 "$@"; }

# ends RC ERR CMD...: in time, with that status and at most one line on stderr, which fits the pattern.
ends() {
	want_rc=$1 want_err=$2
	shift 2
	in_time "$@"
	[ "$rc" = "$want_rc" ] && like "$err" "$want_err" && [ "$(wc -l <"$T/err")" -le 1 ] && return
	fail "$*: status $rc, not $want_rc; stdout '$out', stderr '$err', not '$want_err'"
}

# The name service of a container: without an end, or with too much of everything.
testHostilePasswd() {
	need_root || return 0
	container +"$BUSYBOX" || return
	root=/proc/$target/root
	mkdir "$root/etc" "$root/bin"
	mkfifo "$root/etc/passwd"
	ends 127 "nsenter: failed to execute /bin/sh: $ENOENT (no shell there*" \
		env -u SHELL "$NSENTER" -t "$target" -a
	cp "$BUSYBOX" "$root/bin/sh"
	in_time env -u SHELL "$NSENTER" -t "$target" -a
	assertEquals 'a FIFO' '0:' "$rc:$err"
	rm "$root/etc/passwd"
	for line in '' x 'root:x:0:0' 'root:x:0:0::/:' 'root:x:0:0::/:/nowhere' 'root:x:0:0::/:relative' \
		"root:x:0:0::/:$(head -c 5000 /dev/zero | tr '\0' a)"; do
		echo "$line" >"$root/etc/passwd"
		in_time env -u SHELL "$NSENTER" -t "$target" -a
		case $rc in
		0 | 126 | 127) ;;
		*) fail "$line: status $rc: $err" ;;
		esac
		[ "$(wc -l <"$T/err")" -le 1 ] || fail "$line: $err"
	done
	head -c 30000000 /dev/zero >"$root/etc/passwd"
	in_time env -u SHELL "$NSENTER" -t "$target" -a
	assertEquals 'zeros' '0:' "$rc:$err"
	rm "$root/etc/passwd"
	ln -s passwd "$root/etc/passwd"
	in_time env -u SHELL "$NSENTER" -t "$target" -a
	assertEquals 'a loop' '0:' "$rc:$err"
}

# What is executed may be anything, and something else a moment later.
testHostileProgram() {
	need_root || return 0
	container +"$BUSYBOX" || return
	root=/proc/$target/root
	mkfifo "$root/fifo"
	ln -s loop "$root/loop"
	ln -s fifo "$root/to-fifo"
	printf '#!/fifo\n' >"$root/by-fifo"
	printf '#!/by-itself\n' >"$root/by-itself"
	printf '\177ELF' >"$root/elf"
	: >"$root/empty"
	for file in fifo by-fifo by-itself elf empty; do chmod 755 "$root/$file"; done
	for program in fifo to-fifo loop by-fifo by-itself elf empty; do
		ends 126 "nsenter: failed to execute /$program: *" "$NSENTER" -t "$target" -a "/$program"
	done
}

testHostileProgramIsSwapped() {
	need_root || return 0
	container +"$BUSYBOX" || return
	root=/proc/$target/root
	cp "$ENTER" "$root/true"
	mkfifo "$root/fifo"
	ln -s loop "$root/loop"
	printf '#!/fifo\n' >"$root/by-fifo"
	printf 'text\n' >"$root/text"
	: >"$root/empty"
	for file in true fifo by-fifo text empty; do chmod 755 "$root/$file"; done
	"$RACE" swap "$root/p" "$root/true" "$root/fifo" "$root/loop" "$root/by-fifo" "$root/text" \
		"$root/empty" &
	swapper=$!
	wait_for '[ -e "$root/p" ]'
	i=0
	while [ $i -lt 125 ]; do
		in_time "$NSENTER" -t "$target" -a /p args
		case $rc in
		0) ;;
		126 | 127) like "$err" 'nsenter: failed to execute /p: *' || fail "$err" ;;
		*) fail "status $rc: $err" ;;
		esac
		i=$((i + 1))
		statuses="${statuses:-} $rc"
	done
	kill $swapper
	wait $swapper 2>/dev/null
	like "$statuses" '* 0*' || fail "never swapped: $statuses"
	like "$statuses" '* 126*' || fail "never swapped: $statuses"
}

# Nothing is asked of a /proc of the container's, whatever it holds.
testHostileProc() {
	need_root || return 0
	container +"$BUSYBOX" -- /enter env 1 HELLO=there /enter stay || return
	root=/proc/$target/root
	mkdir -p "$root/proc/self/ns" "$root/proc/1/ns" "$root/proc/sys/kernel"
	for file in stat uptime meminfo self/uid_map self/gid_map self/setgroups self/environ self/stat \
		self/status self/cgroup self/exe 1/stat 1/status 1/cmdline 1/environ 1/cgroup \
		sys/kernel/pid_max; do
		mkfifo "$root/proc/$file"
	done
	ln -s uts:[1] "$root/proc/self/ns/uts"
	ends 0 '' "$NSENTER" -t "$target" -a -e -r -w -S follow -G follow /busybox sh -c 'echo $HELLO'
	assertEquals there "$out"
	want=$(links "$target")
	ends 0 '' "$NSENTER" -t "$target" -a --mount-proc /busybox sh -c "$(echo "$LINKS" |
		sed 's/readlink/\/busybox readlink/')"
	assertEquals "$want" "$(printf '%s\n' "$out" | sed "3s/.*/$(ns mnt "$target")/")"
	# From inside: it is no proc, and is not taken for one.
	# The program with sanitizers needs libraries.
	if enabled NSENTER_BRING && ! sanitized; then
		ends 0 '' "$NSENTER" -t "$target" -a --self unshare -r /busybox id -u
		assertEquals 0 "$out"
		ends 0 '' "$NSENTER" -t "$target" -a --self nsenter -t 1 -u /busybox true
		for applet in ps pstree lsns; do
			in_time "$NSENTER" -t "$target" -a --self $applet
			case $rc in
			0 | 1 | 47) ;; # 47: it says that there is no /proc
			*) fail "$applet: status $rc: $err" ;;
			esac
		done
	fi
}

# The working directory that the target has is no path: it may be gone, or be outside of its root.
testHostileDirectory() {
	need_root || return 0
	container +"$BUSYBOX" -- /enter stay || return
	root=/proc/$target/root
	mkdir "$root/dir"
	target_of_ns=$target
	target "$NSENTER" -t "$target_of_ns" -a /busybox sh -c 'cd /dir && /busybox rmdir /dir &&
		/busybox ln -s / /dir && echo && exec /enter stay' || return
	target=$(children "$bg" | tr -d ' ')
	ends 0 '' "$NSENTER" -t "$target" -a -r -w /busybox true
	ends 0 '' "$NSENTER" -t "$target" -a -w /busybox ls
	assertEquals 'of the directory that is gone' '' "$out"
}

# P19: 2 MB, as much as usual limits allow.
testHugeEnvironment() {
	need_root || return 0
	# shellcheck disable=SC3045 # dash and busybox have it
	target sh -c 'ulimit -s unlimited; x=$(head -c 100000 /dev/zero | tr "\0" x)
		for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21; do export "X$i=$x"; done
		'"$SLEEP" || return
	wait_for '[ "$(wc -c <"/proc/$target/environ")" -gt 2000000 ]' || return # when it is sleep(1)
	(
		# shellcheck disable=SC3045
		ulimit -s unlimited
		exec timeout -s KILL 10 "$NSENTER" -t "$target" -u -e /bin/cat /proc/self/environ
	) >"$T/environ"
	assertEquals 0 $?
	cmp "/proc/$target/environ" "$T/environ" || fail 'not the same'
	ends 126 'nsenter: failed to execute /bin/true: *' sh -c 'ulimit -s 8192; exec "$@"' sh \
		"$NSENTER" -t "$target" -u -e /bin/true
}

# ---- without any right

# By uid 65534, in and out of what it has made; all kinds at once, one after the other, by files.
#
# rootless_target OPTION...: made by ours, by nobody.
rootless_target() {
	# shellcheck disable=SC2086 # words
	target $AS_USER "$UNSHARE" -r -f "$@" sh -c "$SLEEP"
}

testRootless() {
	rootless_target -muinpCT --mount-proc || return
	asleep || return
	for kind in $KINDS; do
		[ "$(ns "$kind")" != "$(ns "$kind" "$target")" ] || fail "not new: $kind"
	done
	want=$(links "$target")
	for options in -a '-a --preserve-credentials' '-U -m -u -i -n -p -C -T' \
		"-U/proc/$target/ns/user -m -u -i -n -p -C -T" '-a -r -w -e' '-a --kill-child'; do
		# shellcheck disable=SC2086 # words
		assert_prints "$want" as_user "$NSENTER" -t "$target" $options sh -c "$LINKS"
	done
	assert_prints '0 0' as_user "$NSENTER" -t "$target" -a sh -c 'echo $(id -u) $(id -g)'
	assert_prints sleep as_user "$NSENTER" -t "$target" -a cat /proc/1/comm
	# Further in.
	assert_run 7 '' '' as_user "$NSENTER" -t "$target" -a "$UNSHARE" -r -muinpCTf --mount-proc sh -c 'exit 7'
	# No right over anybody else's.
	need_root || return 0
	target unshare -u sh -c "$SLEEP" || return
	assert_run 1 '' 'nsenter: *' as_user "$NSENTER" -t "$target" -a true
	assert_one_line
}

# With ranges of /etc/subuid, which newuidmap(1) maps.
testRootlessRanges() {
	need_root || return 0
	enabled UNSHARE_IDMAP || return 0
	echo nobody:100000:65536 >"$T/subids"
	target unshare -m --propagation private sh -c '
		mount -n --bind "$1" /etc/subuid && mount -n --bind "$1" /etc/subgid && shift || exit
		exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"' sh "$T/subids" \
		"$UNSHARE" -r --map-auto -muinpCTf --mount-proc sh -c "$SLEEP" || return
	assertEquals '0 65534 1
1 100000 65536' "$(sed 's/^ *//; s/  */ /g' "/proc/$target/uid_map")"
	want=$(links "$target")
	assert_prints "$want" as_user "$NSENTER" -t "$target" -a sh -c "$LINKS"
	for id in 0 1 1000 65536; do
		assert_prints "$id $id $id" as_user "$NSENTER" -t "$target" -a -S $id -G $id \
			sh -c 'echo $(id -u) $(id -g) $(id -G)'
	done
	assert_run 1 '' "nsenter: setgid() failed: $EINVAL*" \
		as_user "$NSENTER" -t "$target" -a -S 65537 -G 65537 true
	# A user of the inside is another one outside: it has no right to be entered by.
	assert_run 1 '' 'nsenter: *' setpriv --reuid 100000 --regid 100000 --clear-groups \
		"$NSENTER" -t "$target" -a true
	assert_one_line
}

# rootless_race WORD...: the races again, by nobody in the PID namespace that we are in.
rootless_race() {
	race_words "$@"
	# shellcheck disable=SC2086 # words
	assert_run 0 "$RIGHT" '' as_user "$RACE" $words
}

testRootlessTargetDies() {
	for options in -a '-a -r -w -e' '-U -p -r'; do
		# shellcheck disable=SC2086 # words
		rootless_race step die rootless -- $options
		# shellcheck disable=SC2086
		rootless_race step die member rootless -- $options
	done
	rootless_race random $((COUNT / 4)) die rootless -- -a -r -w -e
	ended_in $((COUNT / 250))
	rootless_race random $((COUNT / 4)) die member rootless -- -a
	ended_in $((COUNT / 250))
}

# Root of a PID namespace of nobody's can choose numbers, too.
testRootlessNumberIsUsedAgain() {
	race_words step reuse member rootless -- -a -r -w -e
	# shellcheck disable=SC2086 # words
	assert_run 0 "$RIGHT" '' as_user unshare -Urpf --mount-proc --kill-child "$RACE" $words
}

testRootlessTargetChanges() {
	rootless_race step change rootless -- -a
	rootless_race step change rootless -- -a -r -w
	rootless_race step exec rootless -- -a -e
	rootless_race step user rootless -- -a -r
	rootless_race random $((COUNT / 5)) loop rootless -- -a -r -w
}

. "${SHUNIT2:-shunit2}"
