#!/bin/sh
# SPDX-License-Identifier: 0BSD
# unshare --uts=FILE and the like: a namespace that is bound to a file outlives its processes.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by other shells; options are words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/unshare.sh"
UNSHARE=$BIN/unshare
export UNSHARE
need taskset util-linux

# Linux 6.18 numbers mount namespaces for each CPU apart and binds none in one of a higher number, which
# is the older one then only by chance.
taskset -cp "$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')" $$ >"$T/pinned"

mkdir "$T/anyone/keep" "$T/root"
for kind in $KINDS; do : >"$T/anyone/keep/$kind"; done
chmod -R a+rwX "$T/anyone/keep"
K=$T/anyone/keep
export K

# In a PID namespace: until we are alone, for which a process that is just ending has 10 seconds.
ALONE='alone() {
	n=0
	until set -- /proc/[0-9]*; [ $# = 1 ]; do
		[ $((n += 1)) -lt 1000 ] || { cat /proc/[0-9]*/comm; return 1; }
		sleep 0.01
	done
	echo nobody left
}
'
export ALONE

# Not for pid, which is dead when its first process has ended.
testP4EachKindOutlivesItsProcess() {
	need_root || return 0
	for kind in mnt uts ipc net user cgroup time; do
		long=$(long_of "$kind")
		nobody=''
		[ "$kind" != user ] || nobody=--preserve-credentials
		for fork in '' -f; do
			run private sh -c '
				"$UNSHARE" $3 --$1="$K/$2" readlink /proc/self/ns/$2 &&
				nsenter --$1="$K/$2" $4 readlink /proc/self/ns/$2' sh "$long" "$kind" "$fork" "$nobody"
			inside=$(head -n 1 "$T/out")
			assertEquals "$kind $fork: $err" "$inside
$inside" "$out"
			assertNotEquals "$kind" "$(readlink "/proc/self/ns/$kind")" "$inside"
			assertEquals "$kind" '' "$err"
		done
	done
}

# The first child makes it, so that it is the one of the children that is bound, not the host's. It is
# bound when the program starts, which may tell others.
testS20PidNamespaceIsThatOfTheChildren() {
	need_root || return 0
	mkfifo "$T/said"
	for options in '-f' '-f --mount-proc' '-U -f'; do
		run private sh -c '
			"$UNSHARE" $2 --kill-child --pid="$K/pid" sh -c "
				readlink /proc/self/ns/pid
				exec sleep 1000 >&-" >"$1" &
			read -r own <"$1"
			echo "$own"
			nsenter --pid="$K/pid" readlink /proc/self/ns/pid
			nsenter --pid="$K/pid" sh -c "echo parent \$PPID"
			kill -KILL $!' sh "$T/said" "$options"
		inside=$(head -n 1 "$T/out")
		assertEquals "$options: $err" "$inside
$inside
parent 0" "$out"
		like "$inside" 'pid:\[*\]' || fail "no namespace: $inside"
		assertNotEquals "$options" "$(readlink /proc/self/ns/pid)" "$inside"
	done
}

testS20NeedsTheFirstProcess() {
	need_root || return 0
	assert_run 1 '' "unshare: mount /proc/*/ns/pid_for_children on $K/pid failed: $ENOENT*" \
		private "$UNSHARE" --pid="$K/pid" echo wrong
	assert_one_line
}

# All at once, as root and as somebody whose rights are those of a user namespace.
testP4AllKindsAtOnce() {
	mkfifo "$T/fifo"
	chmod a+rw "$T/fifo"
	for who in private "as_user unshare -rm"; do
		[ "$who" != private ] || need_root || continue
		for user in "--user=$K/user --map-root-user" ''; do
			run $who sh -c '
				"$UNSHARE" -f --kill-child $2 --mount="$K/mnt" --uts="$K/uts" \
					--ipc="$K/ipc" --net="$K/net" --pid="$K/pid" --cgroup="$K/cgroup" \
					--time="$K/time" sh -c "
						readlink /proc/self/ns/mnt /proc/self/ns/uts /proc/self/ns/ipc \
							/proc/self/ns/net /proc/self/ns/pid /proc/self/ns/cgroup \
							/proc/self/ns/time
						exec sleep 1000 >&-" >"$1" &
				head -n 7 "$1" >"$K/want" || exit
				for kind in mnt uts ipc net pid cgroup time; do
					long=$kind
					[ $kind != mnt ] || long=mount
					nsenter ${2:+--user="$K/user" --preserve-credentials} \
						--$long="$K/$kind" readlink /proc/self/ns/$kind
				done >"$K/got"
				diff "$K/want" "$K/got"
				wc -l <"$K/got"
				kill -KILL $!
				wait $! || :' sh "$T/fifo" "$user"
			assertEquals "$who $user: $err" 7 "$out"
			rm -f "$K/want" "$K/got"
		done
	done
	assertEquals 'nothing seen outside' '' "$(grep -F "$K" /proc/self/mountinfo)"
}

# What was set up in it is still there.
testKeptNamespacesAreComplete() {
	need_root || return 0
	assert_run 0 '         0          0          1
deny 0' '' private sh -c '"$UNSHARE" -r --user="$K/user" true &&
		nsenter --user="$K/user" sh -c "
			cat /proc/self/uid_map; echo \$(cat /proc/self/setgroups) \$(id -u)"'
	assert_run 0 later '' private sh -c '"$UNSHARE" --time="$K/time" --boottime 1000000000 true &&
		read -r now rest </proc/uptime
		nsenter --time="$K/time" sh -c "
			read -r now rest </proc/uptime; [ \${now%.*} -ge 1000000000 ] && echo later"'
	assert_run 0 kept '' private sh -c '"$UNSHARE" --uts="$K/uts" hostname kept &&
		nsenter --uts="$K/uts" hostname'
	# A mount that was made inside is seen by who enters.
	assert_run 0 yes '' private sh -c '
		"$UNSHARE" --mount="$K/mnt" mount -n -t tmpfs none "$1" &&
		nsenter --mount="$K/mnt" grep -q " $1 " /proc/self/mountinfo && echo yes
		grep " $1 " /proc/self/mountinfo || :' sh "$T/root"
}

# The file is meant as the caller sees it: before -R and -w.
testFileIsTheCallers() {
	need_root || return 0
	cp "$(command -v busybox)" "$T/root/busybox"
	for fork in '' '-f'; do
		assert_run 0 nsfs '' private sh -c '
			cd "$K" && "$UNSHARE" $2 --uts=uts -R "$1" -w / /busybox true && stat -fc %T uts' \
			sh "$T/root" "$fork"
		assert_run 0 nsfs '' private sh -c 'cd "$K" && "$UNSHARE" $1 --ipc=ipc -m -w / true &&
			stat -fc %T ipc' sh "$fork"
	done
	ln -s uts "$K/link"
	assert_run 0 nsfs '' private sh -c '"$UNSHARE" --uts="$K/link" true && stat -fc %T "$K/uts"'
	rm "$K/link"
}

# As an ordinary option: the last one counts, and without a file it leaves it.
testTheLastFileCounts() {
	need_root || return 0
	assert_run 0 'nsfs
other' '' private sh -c '
		"$UNSHARE" --uts="$K/net" --uts="$K/uts" -u true && stat -fc %T "$K/uts"
		grep -q "$K/net" /proc/self/mountinfo && echo both || echo other'
}

# With ids that may nothing any more, with an init of ours.
testKeptWithOtherOptions() {
	need_root || return 0
	for options in '-S 65534 -G 65534' '-f -S 65534' '-r' '-c -f' '--kill-child' '-p -f --mount-proc'; do
		assert_run 0 nsfs '' private sh -c '"$UNSHARE" $1 --uts="$K/uts" true && stat -fc %T "$K/uts"' \
			sh "$options"
	done
	enabled UNSHARE_INIT || return 0
	assert_run 7 'uts same
pid same' '' private sh -c '
		"$UNSHARE" --init --uts="$K/uts" --pid="$K/pid" sh -c "
			[ \$(nsenter --uts=$K/uts readlink /proc/self/ns/uts) = \
				\$(readlink /proc/self/ns/uts) ] && echo uts same
			[ \$(nsenter --pid=$K/pid readlink /proc/self/ns/pid) = \
				\$(readlink /proc/self/ns/pid) ] && echo pid same
			exit 7"'
}

# On a mount that others get copies of, the kernel refuses one of a mount namespace.
testS22MountNamespaceOnASharedMount() {
	need_root || return 0
	mkdir -p "$T/shared"
	assert_run 1 '' "unshare: mount /proc/*/ns/mnt on $T/shared/f failed: $EINVAL*" private sh -c '
		mount -n -t tmpfs none "$1" && mount -n --make-shared "$1" && : >"$1/f" || exit
		"$UNSHARE" --mount="$1/f" echo wrong' sh "$T/shared"
	assert_one_line
	assert_run 0 'right
nsfs' '' private sh -c '
		mount -n -t tmpfs none "$1" && mount -n --make-private "$1" && : >"$1/f" || exit
		"$UNSHARE" --mount="$1/f" echo right; stat -fc %T "$1/f"' sh "$T/shared"
	# Any other kind may be there.
	assert_run 0 nsfs '' private sh -c '
		mount -n -t tmpfs none "$1" && mount -n --make-shared "$1" && : >"$1/f" || exit
		"$UNSHARE" --uts="$1/f" true; stat -fc %T "$1/f"' sh "$T/shared"
}

# One line, 1, and the program does not run.
testTheFileCannotBeBound() {
	need_root || return 0
	for fork in '' -f; do
		for file in "$T/none" "$T/none/there" "$T/root" ''; do
			case $file in
			*/root) why=$ENOTDIR ;;
			*) why=$ENOENT ;;
			esac
			assert_run 1 '' "unshare: mount /proc/*/ns/uts on $file failed: $why*" \
				private "$UNSHARE" $fork --uts="$file" echo wrong
			assert_one_line
			assert_run 1 '' "unshare: mount /proc/*/ns/user on $file failed: $why*" \
				private "$UNSHARE" $fork -r --user="$file" echo wrong
			assert_one_line
		done
	done
	# The first that fails ends it; nothing is left behind of a process that was forked.
	assert_run 1 '' "unshare: mount /proc/*/ns/* on $T/none failed: $ENOENT*" private "$UNSHARE" \
		-f --kill-child --net="$T/none" --ipc="$T/none" --pid="$T/none" echo wrong
	assert_one_line
	enabled UNSHARE_INIT || return 0
	assert_run 1 '' "unshare: mount /proc/*/ns/uts on $T/none failed: $ENOENT*" \
		private "$UNSHARE" --init --uts="$T/none" echo wrong
	assert_one_line
}

# The one that waits outside to bind them notices that there is nothing to bind.
testP5NoHelperIsLeft() {
	for kind in $KINDS; do
		run timeout 60 unshare -rfp --mount-proc --kill-child sh -c "$ALONE"'
			echo 0 >/proc/sys/user/max_$2_namespaces || exit
			"$UNSHARE" --$1="$K/$2" true
			"$UNSHARE" -f --kill-child --$1="$K/$2" true
			alone' sh "$(long_of "$kind")" "$kind"
		assertEquals "$kind: $err" 'nobody left' "$out"
		assertEquals "$err" 2 "$(grep -c "^unshare: unshare failed: $ENOSPC" "$T/err")"
		assertEquals "$err" 2 "$(wc -l <"$T/err")"
	done
}

testS19NoHelperIsLeftOfSomebodyWithoutRights() {
	need_root || return 0
	run timeout 60 unshare -fp --mount-proc --kill-child sh -c "$ALONE"'
		for kind in mount uts ipc net pid cgroup time; do
			setpriv --reuid 65534 --regid 65534 --clear-groups "$UNSHARE" --$kind="$K/uts" true
			echo $?
		done >"$1"
		uniq "$1"
		alone' sh "$T/statuses"
	assertEquals "$err" '1
nobody left' "$out"
	assertEquals "$err" 7 "$(grep -c "^unshare: unshare failed: $EPERM" "$T/err")"
	assertEquals "$err" 7 "$(wc -l <"$T/err")"
}

# Nor when it is killed at the worst moment.
testNoHelperIsLeftWhenKilled() {
	need_root || return 0
	for call in unshare:delay_enter unshare:delay_exit; do
		run timeout 60 unshare -fpm --mount-proc --kill-child sh -c "$ALONE"'
			strace -f -o "$1" -e trace=unshare -e inject=$2=1000000 \
				"$UNSHARE" --mount="$K/mnt" --kill-child sleep 1000 &
			until grep -q "unshare(" "$1"; do sleep 0.01; done
			for stat in /proc/[0-9]*/comm; do
				pid=${stat%/comm} pid=${pid#/proc/}
				read -r comm <"$stat" && [ "$comm" = unshare ] &&
					[ "$(sed -n "s/^PPid:.//p" /proc/$pid/status)" = $! ] && kill -KILL $pid
			done
			wait
			alone' sh "$T/trace" "$call"
		assertEquals "$call: $err" 'nobody left' "$out"
		rm -f "$T/trace"
	done
}

# Somebody else ends it: that is told, and the program does not run.
testTheHelperIsKilled() {
	need_root || return 0
	for fork in '' -f; do
		assert_run 1 '' 'unshare: *' private strace -f -qq -o "$T/trace" \
			-e trace=mount,move_mount -e inject=mount,move_mount:signal=KILL \
			"$UNSHARE" $fork --uts="$K/uts" echo wrong
		assert_one_line
	done
}

testLettersTakeNoFile() {
	for letter in m u i n p U C T; do
		assert_run 1 '' "*unshare: invalid option -- '='
Try 'unshare --help' for more information." "$UNSHARE" "-$letter=$K/uts" true
	done
	# The word that follows is the program.
	assert_run 127 '' "unshare: failed to execute /nosuch: $ENOENT" "$UNSHARE" -U /nosuch
	assert_run 127 '' "unshare: failed to execute /nosuch: $ENOENT" "$UNSHARE" --user /nosuch
}

testNotBuiltIn() {
	for kind in $KINDS; do
		assert_run 1 '' "unshare: FILEs that keep namespaces are not built in: $K/$kind" \
			"$UNSHARE" --"$(long_of "$kind")=$K/$kind" true
	done
}

suite() { tests_of UNSHARE_KEEP testLetters; }

. "${SHUNIT2:-shunit2}"
