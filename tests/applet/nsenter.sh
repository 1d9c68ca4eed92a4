#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter: into the namespaces of targets that util-linux has made. Where util-linux fails (-r without
# -w, an inherited ignored TERM, death by signal as PID 1) the better answer is expected.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
need busybox busybox-static
need strace strace
# shellcheck disable=SC3045 # dash and busybox have it
ulimit -c 0

NSENTER=$BIN/nsenter
KINDS='cgroup ipc mnt net pid time user uts'

# A root without anything but one static program, which is also the target's.
ROOT=$T/root
mkdir -p "$ROOT/sub" "$ROOT/proc"
cp "$(command -v busybox)" "$ROOT/busybox"

# target CMD...: starts in the background what is, or is the parent of, the process to enter, which
# must write a line; $target is that process.
target() {
	background "$@"
	started="$started $bg"
	next_line || return
	target=$bg
	while child=$(children "$target" | tr -d ' ') && [ -n "$child" ]; do target=$child; done
}

setUp() { started=''; }

# Those that a test has not ended itself.
tearDown() {
	for pid in $started; do
		for child in $(children "$pid") $pid; do kill -KILL "$child"; done
		wait "$pid"
	done 2>/dev/null
	exec 8<&-
}

SLEEP='echo; exec sleep 1000'

# links PID: its namespaces, one a line.
links() { for kind in $KINDS; do readlink "/proc/$1/ns/$kind"; done; }

# LINKS: the same as a command in the target, whose /proc may be of another PID namespace.
LINKS='for kind in '"$KINDS"'; do readlink "/proc/self/ns/$kind"; done'

# ---- which namespaces

testEachKind() {
	need_root || return 0
	target unshare -muinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	while read -r letter long kind; do
		want=$(readlink "/proc/$target/ns/$kind")
		assertNotEquals "$(readlink "/proc/self/ns/$kind")" "$want"
		for option in "-$letter" "--$long"; do
			# The others stay, but a mount namespace must come along with its /proc.
			assert_prints "$want" "$NSENTER" -t "$target" "$option" readlink "/proc/self/ns/$kind"
			run "$NSENTER" "--target=$target" "$option" sh -c "$LINKS"
			[ "$kind" = mnt ] || assertEquals "$option: others" 1 "$(links $$ |
				diff - "$T/out" | grep -c '^>')"
		done
	done <<-END
		u uts uts
		i ipc ipc
		n net net
		p pid pid
		C cgroup cgroup
		T time time
	END
	assert_prints "$(readlink "/proc/$target/ns/mnt")" \
		"$NSENTER" -t "$target" -m -p readlink /proc/self/ns/mnt
	assert_prints "$(readlink "/proc/$target/ns/mnt")" \
		"$NSENTER" -t "$target" --mount --pid readlink /proc/self/ns/mnt
}

testAll() {
	need_root || return 0
	target unshare -muinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	assert_prints "$(links "$target")" "$NSENTER" -t "$target" -a sh -c "$LINKS"
	assert_prints "$(links "$target")" "$NSENTER" --all --target "$target" sh -c "$LINKS"
	# Our own user namespace cannot be entered; asked for, that is an error.
	assert_run 1 '' "nsenter: reassociate to namespace* failed: $EINVAL" \
		"$NSENTER" -t "$target" -U true
}

testAllOfSelfAndOfWhatWeShare() {
	need_root || return 0
	target sh -c "$SLEEP" || return
	assert_prints "$(links "$target")" "$NSENTER" -t "$target" -a sh -c "$LINKS"
}

# A foreign user namespace, from above: the rights of the outer one are used up to the end.
testAllWithUserNamespace() {
	need_root || return 0
	target unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	assert_prints "$(links "$target")" "$NSENTER" -t "$target" -a sh -c "$LINKS"
	assert_run 0 '0 0' '' "$NSENTER" -t "$target" -a sh -c 'echo $(id -u) $(id -g)'
	assert_prints "$(readlink "/proc/$target/ns/user")" \
		"$NSENTER" -t "$target" -U readlink /proc/self/ns/user
}

# The other way: without rights outside, they come by entering the user namespace first.
testAllAsUser() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	assert_prints "$(as_user sh -c 'for kind in $2; do readlink "/proc/$1/ns/$kind"; done' sh \
		"$target" "$KINDS")" as_user "$NSENTER" -t "$target" -a sh -c "$LINKS"
	assert_run 0 '0 0' '' as_user "$NSENTER" -t "$target" -a sh -c 'echo $(id -u) $(id -g)'
	for option in -U '-U -p' '-U -m' '-U -u -i' '-U -n -C -T'; do
		# shellcheck disable=SC2086 # words
		assert_run 0 '' '' as_user "$NSENTER" -t "$target" $option true
	done
	assert_run 1 '' "nsenter: reassociate to namespace* failed: $EPERM" \
		as_user "$NSENTER" -t "$target" -u true
	assert_one_line
}

# Namespaces that are shared anyway need no right to enter.
testAllAsUserWhereSomeAreShared() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rpmf --mount-proc --kill-child sh -c "$SLEEP" || return
	assert_prints "$(as_user sh -c 'for kind in $2; do readlink "/proc/$1/ns/$kind"; done' sh \
		"$target" "$KINDS")" as_user "$NSENTER" -t "$target" -a sh -c "$LINKS"
}

# Of several the one that could not be entered is named, or none.
testFailureNamesTheNamespace() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rif sh -c "$SLEEP" || return
	for options in '-U -i -u' "-U -u/proc/$target/ns/uts" "-i -U --uts=/proc/$target/ns/uts"; do
		# shellcheck disable=SC2086 # words
		run as_user "$NSENTER" -t "$target" $options true
		assertEquals "$options" 1 "$rc"
		assert_one_line
		case $err in
		"nsenter: reassociate to namespace 'ns/uts' failed: $EPERM"*) ;;
		"nsenter: reassociate to namespaces failed: $EPERM"*) ;;
		*) fail "$options: $err" ;;
		esac
	done
}

# Groups that were asked to be dropped and cannot be are an error, unless a user namespace is entered
# that forbids it.
testGroupsAreNotSilentlyKept() {
	assert_run 1 '' "nsenter: setgroups failed: $EPERM" \
		unshare -ri sh -c 'exec "$0" -t $$ -i -G 0 true' "$NSENTER"
}

# Where those of the user namespace to be entered are not enough, it must come last.
testRightsOutsideAreUsedFirst() {
	need_root || return 0
	target unshare -ui unshare -rnf sh -c "$SLEEP" || return
	for options in -a '-U -u -i -n'; do
		# shellcheck disable=SC2086 # words
		assert_prints "$(links "$target")" "$NSENTER" -t "$target" $options sh -c "$LINKS"
	done
	assert_prints "$(links "$target")" "$NSENTER" "-U/proc/$target/ns/user" \
		"-u/proc/$target/ns/uts" "-i/proc/$target/ns/ipc" "-n/proc/$target/ns/net" sh -c "$LINKS"
}

# The target has less rights than its namespaces' owner: root must get in with its own.
testTargetWithoutRights() {
	need_root || return 0
	target unshare -umpf --mount-proc --kill-child \
		setpriv --reuid 65534 --clear-groups sh -c "$SLEEP" || return
	assert_prints "$(links "$target")" "$NSENTER" -t "$target" -a sh -c "$LINKS"
}

# ---- files

testFiles() {
	need_root || return 0
	target unshare -ui -f --kill-child sh -c "$SLEEP" || return
	want=$(readlink "/proc/$target/ns/uts")
	for option in "-u/proc/$target/ns/uts" "-u=/proc/$target/ns/uts" "--uts=/proc/$target/ns/uts"; do
		assert_prints "$want" "$NSENTER" "$option" readlink /proc/self/ns/uts
	done
	assert_prints "$want
$(readlink "/proc/$target/ns/ipc")" "$NSENTER" -t "$target" -u "--ipc=/proc/$target/ns/ipc" \
		readlink /proc/self/ns/uts /proc/self/ns/ipc
	# The value has to be glued: this is -u and a program.
	assert_run 126 '' "nsenter: failed to execute /proc/$target/ns/uts: $EACCES" \
		"$NSENTER" -t "$target" -u "/proc/$target/ns/uts"
	assert_run 1 '' "nsenter: cannot open $T/none: $ENOENT" \
		"$NSENTER" "-u$T/none" true
	assert_run 1 '' "nsenter: *$EINVAL" "$NSENTER" "--ipc=/proc/$target/ns/uts" true
	assert_one_line
}

# All are opened before one is entered: a mount namespace takes the paths of the others away.
testFilesAreOpenedFirst() {
	need_root || return 0
	target unshare -mu -R "$ROOT" /busybox sh -c 'echo; exec /busybox sleep 1000' || return
	assert_prints "$(readlink "/proc/$target/ns/uts")" "$NSENTER" "-m/proc/$target/ns/mnt" \
		"--uts=/proc/$target/ns/uts" readlink /proc/self/ns/uts
}

# ---- the PID namespace

testPidForks() {
	need_root || return 0
	target unshare -pmf --mount-proc --kill-child sh -c "$SLEEP" || return
	assert_run 0 'parent 0' '' "$NSENTER" -t "$target" -p -m sh -c 'echo parent $PPID'
	assert_prints "$(readlink "/proc/$target/ns/pid")" \
		"$NSENTER" -t "$target" -p readlink /proc/self/ns/pid
}

# With -F only the children of the program are there.
testNoFork() {
	need_root || return 0
	target unshare -pmf --mount-proc --kill-child sh -c "$SLEEP" || return
	for option in -F --no-fork; do
		assert_prints "$(readlink /proc/self/ns/pid)
$(readlink "/proc/$target/ns/pid")" "$NSENTER" -t "$target" -p "$option" \
			readlink /proc/self/ns/pid /proc/self/ns/pid_for_children
		assert_run 0 same '' sh -c 'exec "$0" -t "$1" -p -F sh -c "[ \$\$ = $$ ] && echo same"' \
			"$NSENTER" "$target"
	done
}

testPidOfANamespace() {
	need_root || return 0
	enabled PID_REF || return 0
	target unshare -pmuf --mount-proc --kill-child sh -c "$SLEEP" || return
	for ref in "1@$target" "1@$(readlink "/proc/$target/ns/pid")" \
		"1@$(readlink "/proc/$target/ns/pid" | tr -dc 0-9)"; do
		assert_prints "$(readlink "/proc/$target/ns/uts")" \
			"$NSENTER" -t "$ref" -u readlink /proc/self/ns/uts
	done
	assert_run 1 '' 'nsenter: *4711@*' "$NSENTER" -t "4711@$target" -u true
}

testDeadTarget() {
	"$PROBE" await 15 &
	gone=$!
	kill -KILL "$gone"
	wait "$gone" 2>/dev/null
	for option in -u -a -r -w; do
		assert_run 1 '' "nsenter: *$gone*" "$NSENTER" -t "$gone" "$option" true
		assert_one_line
	done
}

testDeadInit() {
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	exec 7<"/proc/$target/ns/pid"
	kill -KILL "$target"
	wait "$bg"
	assert_run 1 '' "nsenter: fork failed: $ENOMEM (*init*)" "$NSENTER" -p/proc/self/fd/7 true
	assert_one_line
	exec 7<&-
}

# Entering by the files of /proc, when the kernel has no pidfd (before 5.3), or none that setns(2)
# takes (before 5.8), which is tried twice: in both orders of the user namespace.
testWithoutPidfd() {
	need_root || return 0
	target unshare -muinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	for fault in pidfd_open:error=ENOSYS pidfd_open:error=EPERM \
		setns:error=EINVAL:when=1..2 setns:error=EBADF:when=1..2; do
		run strace -o "$T/trace" -e trace=pidfd_open,setns -e inject="$fault" \
			"$NSENTER" -t "$target" -a sh -c "$LINKS"
		assertEquals "$fault: $err" 0 "$rc"
		assertEquals "$fault" "$(links "$target")" "$out"
		assertTrue "$fault: not injected" "grep -q INJECTED '$T/trace'"
	done
	# Where it can, it enters by one call, all or nothing.
	strace -o "$T/trace" -e trace=setns "$NSENTER" -t "$target" -a true
	assertEquals "$(cat "$T/trace")" 1 "$(grep -c setns "$T/trace")"
}

# ---- root and directory

testRoot() {
	need_root || return 0
	target unshare -mu -R "$ROOT" -w /sub /busybox sh -c 'echo; exec /busybox sleep 1000' || return
	for option in -r --root "-r$ROOT" "-r=$ROOT" "--root=$ROOT"; do
		assert_run 0 'busybox
proc
sub' '' "$NSENTER" -t "$target" -u "$option" /busybox ls /
		# Without -w it is the new root, never the old directory.
		assert_run 0 / '' "$NSENTER" -t "$target" -u "$option" /busybox pwd
		assert_run 0 busybox '' "$NSENTER" -t "$target" -u "$option" /busybox ls -d busybox
	done
	for option in '-r -w' '-w -r' '--root --wd'; do
		# shellcheck disable=SC2086 # words
		assert_run 0 /sub '' "$NSENTER" -t "$target" -u $option /busybox pwd
	done
}

testDirectory() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -r sh -c 'cd "$0" && echo && exec sleep 1000' "$ROOT/sub" || return
	for option in -w --wd "-w$ROOT/sub" "-w=$ROOT/sub" "--wd=$ROOT/sub"; do
		assert_run 0 "$ROOT/sub" '' as_user "$NSENTER" -t "$target" -U "$option" pwd
	done
	assert_run 1 '' "nsenter: cannot open $T/none: $ENOENT" \
		as_user "$NSENTER" -t "$target" -U "-w$T/none" true
}

# Both are opened before anything is entered, and are what they were then.
testDirectoryIsOpenedFirst() {
	need_root || return 0
	target unshare -m sh -c 'mount -n -t tmpfs none "$0" && echo && exec sleep 1000' "$ROOT" || return
	assert_run 0 busybox '' "$NSENTER" -t "$target" -m "-w$ROOT" ls -d busybox
	assert_run 0 '' '' "$NSENTER" -t "$target" -m sh -c 'ls "$0"' "$ROOT"
}

# A root without a shell: all that we do there is to execute one program.
testRootWithoutShell() {
	need_root || return 0
	target unshare -muinpf --kill-child -R "$ROOT" --mount-proc \
		/busybox sh -c 'echo; exec /busybox sleep 1000' || return
	assert_prints "$(readlink "/proc/$target/ns/pid")" \
		"$NSENTER" -t "$target" -a -r /busybox readlink /proc/self/ns/pid
	run "$NSENTER" -t "$target" -a -r -w /busybox ps -o pid,comm
	assertTrue "$out" 'echo "$out" | grep -q "^ *1 busybox"'
	assert_run 127 '' "nsenter: failed to execute sh: $ENOENT" \
		"$NSENTER" -t "$target" -a -r sh
	assert_run 127 '' "nsenter: failed to execute /bin/sh: $ENOENT" \
		env -u SHELL "$NSENTER" -t "$target" -a -r
	assert_one_line
}

# ---- credentials

testIds() {
	need_root || return 0
	target sh -c "$SLEEP" || return
	assert_run 0 '123 456 456' '' "$NSENTER" -t "$target" -u -S 123 -G 456 \
		sh -c 'echo $(id -u) $(id -g) $(id -G)'
	assert_run 0 '123 456 456' '' "$NSENTER" -t "$target" -u --setuid=123 --setgid=456 \
		sh -c 'echo $(id -u) $(id -g) $(id -G)'
	assert_run 1 '' "nsenter: failed to parse uid: 'x'" "$NSENTER" -t "$target" -u -S x true
	assert_run 1 '' "nsenter: failed to parse gid: ''" "$NSENTER" -t "$target" -u -G '' true
}

testIdsInAUserNamespace() {
	need_root || return 0
	target unshare -U sh -c "$SLEEP" || return
	echo '0 100000 1000' >"/proc/$target/uid_map"
	echo '0 100000 1000' >"/proc/$target/gid_map"
	assert_run 0 '0 0 0' '' "$NSENTER" -t "$target" -U sh -c 'echo $(id -u) $(id -g) $(id -G)'
	assert_run 0 '5 6 6' '' "$NSENTER" -t "$target" -U -S 5 -G 6 sh -c 'echo $(id -u) $(id -g) $(id -G)'
	# Outside we are somebody who has no number inside.
	assert_run 0 '65534 65534' '' "$NSENTER" -t "$target" -U --preserve-credentials \
		sh -c 'echo $(id -u) $(id -g)'
}

# Without a map there is no 0 inside: it is said, and --preserve-credentials gets in.
testUserNamespaceWithoutMap() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -U sh -c "$SLEEP" || return
	assert_run 1 '' "nsenter: set?id() failed: $EINVAL" \
		as_user "$NSENTER" -t "$target" -U true
	assert_run 0 '' '' as_user "$NSENTER" -t "$target" -U --preserve-credentials true
}

# ---- how it ends

testExitCodes() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rpmf --mount-proc --kill-child sh -c "$SLEEP" || return
	for options in '-U' '-U -p'; do
		for code in 0 1 42 126 127 255; do
			# shellcheck disable=SC2086 # words
			assert_run "$code" '' '' as_user "$NSENTER" -t "$target" $options sh -c "exit $code"
		done
		# shellcheck disable=SC2086
		assert_run 127 '' "nsenter: failed to execute $T/nothing: $ENOENT" \
			as_user "$NSENTER" -t "$target" $options "$T/nothing"
		assert_one_line
		# shellcheck disable=SC2086
		assert_run 126 '' "nsenter: failed to execute /dev/null: $EACCES" \
			as_user "$NSENTER" -t "$target" $options /dev/null
		assert_one_line
	done
}

testDeathBySignalIsRelayed() {
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	for sig in 15 9 11 2 1 3 13 34; do
		assert_run 0 "signal $sig" '' "$PROBE" status "$NSENTER" -t "$target" -p "$PROBE" die "$sig"
		# Where it was ignored util-linux returns 1.
		assert_run 0 "signal $sig" '' "$PROBE" with ignore=15,2,1,3,13 "$PROBE" status \
			"$NSENTER" -t "$target" -p "$PROBE" die "$sig"
		assert_run 0 "signal $sig" '' "$PROBE" with block=15,2,1,3,13,34 "$PROBE" status \
			"$NSENTER" -t "$target" -p "$PROBE" die "$sig"
	done
}

testDeathBySignalAsPid1() {
	need_root || return 0
	assert_run 143 '' '' in_ns sh -c 'mkfifo "$2/inner"
		unshare -pf --kill-child sh -c "echo >\$0; exec sleep 1000" "$2/inner" &
		read -r _ <"$2/inner"
		exec "$0" -t "$(tr -d " " </proc/$!/task/$!/children)" -p "$1" die 15' \
		"$NSENTER" "$PROBE" "$T"
	rm -f "$T/inner"
}

# The program goes on existing when its target's init has ended: no, the kernel ends it with all.
testEndOfTheNamespace() {
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	mkfifo "$T/ready"
	"$NSENTER" -t "$target" -p sh -c 'echo >"$0"; exec sleep 1000' "$T/ready" &
	entered=$!
	read -r _ <"$T/ready"
	kill -KILL "$target"
	wait "$entered" 2>/dev/null
	assertEquals 137 $?
	rm "$T/ready"
}

testStopIsRelayed() {
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	mkfifo "$T/inner"
	"$NSENTER" -t "$target" -p "$PROBE" catch 2 >"$T/inner" &
	entered=$!
	exec 7<"$T/inner"
	read -r _ <&7
	program=$(children "$entered" | tr -d ' ')
	kill -STOP "$program"
	wait_state "$program" T
	wait_state "$entered" T
	kill -CONT "$entered"
	read -r line <&7
	assertEquals '18' "${line%% *}"
	wait_for "[ \$(state $entered) = S ]"
	"$PROBE" send "$program" 12
	wait "$entered"
	assertEquals 0 $?
	exec 7<&-
	rm "$T/inner"
}

# ---- what the program inherits

testSignalSetsAreTheCallers() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	for sets in '' 'block=10,64' 'ignore=1,13,17,20,21,22' 'block=2,15,17,34 ignore=2,15'; do
		# shellcheck disable=SC2086 # words
		want=$("$PROBE" with $sets $SIGNALS)
		for options in -U '-U -p' '-a'; do
			# shellcheck disable=SC2086
			assert_prints "$want" as_user "$PROBE" with $sets \
				"$NSENTER" -t "$target" $options $SIGNALS
		done
	done
}

testDescriptorsAreTheCallers() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	"$PROBE" fds "$T/want" 5</dev/null 7>/dev/null
	for options in -U '-U -p' '-a' '-a -r -w' "-a -r/ -w$T" "-U -p -F" \
		"-U/proc/$target/ns/user -p/proc/$target/ns/pid"; do
		: >"$T/anyone/got"
		chmod 666 "$T/anyone/got"
		# shellcheck disable=SC2086 # words
		as_user "$NSENTER" -t "$target" $options "$PROBE" fds "$T/anyone/got" 5</dev/null 7>/dev/null
		assertEquals "$options" "$(cat "$T/want")" "$(cat "$T/anyone/got")"
		rm "$T/anyone/got"
	done
}

# With 0 free the kernel would give it to the first file that is opened.
testStdin() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	assertEquals text "$(echo text | as_user "$NSENTER" -t "$target" -a cat)"
	for closed in '0<&-' '0<&- 2>&-' '0<&- 1>&- 2>&-'; do
		: >"$T/anyone/got"
		chmod 666 "$T/anyone/got"
		eval "\"\$PROBE\" fds \"\$T/want\" $closed"
		eval "as_user \"\$NSENTER\" -t \"\$target\" -a -r -w \
			\"\$PROBE\" fds \"\$T/anyone/got\" $closed"
		assertEquals "$closed: status" 0 $?
		assertEquals "$closed" "$(cat "$T/want")" "$(cat "$T/anyone/got")"
		rm "$T/anyone/got"
	done
}

testDefaultIsALoginShell() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -r sh -c "$SLEEP" || return
	assertEquals -sh "$(echo 'echo $0' | as_user env -i SHELL=/bin/sh "$NSENTER" -t "$target" -U)"
	assertEquals -sh "$(echo 'echo $0' | as_user env -i "$NSENTER" -t "$target" -U)"
}

# ---- options

try_line="
Try 'nsenter --help' for more information."

testWrongOptions() {
	assert_run 1 '' "*nsenter: unrecognized option '--nope'$try_line" "$NSENTER" --nope
	assert_run 1 '' "*nsenter: invalid option -- 'Y'$try_line" "$NSENTER" -Y
	assert_run 1 '' "*nsenter: option requires an argument -- 't'$try_line" "$NSENTER" -t
	assert_run 1 '' "*nsenter: option '--all' doesn't allow an argument$try_line" "$NSENTER" --all=1
	assert_run 1 '' "*nsenter: option '--u' is ambiguous; possibilities: *$try_line" "$NSENTER" --u
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -u true
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -a true
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -r true
	assert_run 1 '' 'nsenter: *x1*' "$NSENTER" -t x1 -u true
	assert_one_line
	assert_run 1 '' 'nsenter: *' "$NSENTER" -t '' -u true
	assert_run 1 '' 'nsenter: *' "$NSENTER" -t -1 -u true
}

testNothingToEnter() {
	assert_run 1 '' 'nsenter: no namespace specified' "$NSENTER" -t $$ true
	assert_run 1 '' 'nsenter: no namespace specified' "$NSENTER" true
}

testOptionsEndAtTheProgram() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -r sh -c "$SLEEP" || return
	assert_run 0 '-t --pid' '' as_user "$NSENTER" -t "$target" -U echo -t --pid
	assert_run 0 '-t' '' as_user "$NSENTER" --targ="$target" --use -- echo -t
}

. "${SHUNIT2:-shunit2}"
