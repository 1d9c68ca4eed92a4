#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter -c: into the cgroups of the target, of both versions. util-linux knows version 2 alone, takes
# the first line for it, and closes the program's stdin.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by the shells that are started; words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"
need strace strace

suite() { tests_of NSENTER_CGROUP; }

testNotBuiltIn() {
	assert_run 1 '' "*unrecognized option '--join-cgroup'*" "$BIN/nsenter" -t $$ -u --join-cgroup true
}

# mounted TYPE: where file systems of it are.
mounted() {
	awk -v type="$1" '{ for (i = 7; $i != "-"; i++); if ($(i + 1) == type) print $5 }' \
		/proc/self/mountinfo
}
V1=$(mounted cgroup)
V2=$(mounted cgroup2 | head -n 1)
NAME=pidbox-test-$$
export V2 NAME

# Libraries differ in it.
if enabled STRERROR; then EBUSY='* busy'; else EBUSY='error 16'; fi

# group NAME DIR...: makes a cgroup in each of these hierarchies; $group is the last.
group() {
	need_root || return
	name=$1
	shift
	for dir; do
		group=$dir/$name
		if ! mkdir "$group"; then
			skip_because "no cgroup can be made in $dir"
			return 1
		fi
		groups="$group $groups" # for tearDown: the inner first
		for file in cpuset.cpus cpuset.mems; do # version 1 takes nobody in without
			[ ! -e "$dir/$file" ] || cat "$dir/$file" >"$group/$file"
		done
	done
}

# group_of_v2 [SUFFIX]
group_of_v2() {
	if [ -z "$V2" ]; then
		skip_because 'no cgroup2 is mounted'
		return 1
	fi
	group "$NAME${1-}" "$V2"
}

# target_in GROUP...: a target that is there, in the namespaces of the tests.
target_in() {
	target sh -c "$SLEEP" || return
	for dir; do echo "$target" >"$dir/cgroup.procs" || return; done
}

# A program that shows where it is.
SHOW='cat /proc/self/cgroup'

# with_v2 PID: all that the tests themselves are in, but its group of version 2, which is the last line.
with_v2() {
	grep -v '^0::' /proc/self/cgroup
	grep '^0::' "/proc/$1/cgroup"
}

# ---- which cgroups

testP18VersionTwo() {
	group_of_v2 && group "$NAME/in:ner\\040" "$V2" || return 0
	target_in "$group" || return
	assertNotEquals "$(cat /proc/self/cgroup)" "$(cat "/proc/$target/cgroup")"
	for option in -c --join-cgroup '-F -c'; do
			assert_prints "$(cat "/proc/$target/cgroup")" "$NSENTER" -t "$target" -u $option $SHOW
	done
	assert_prints "$(cat /proc/self/cgroup)" "$NSENTER" -t "$target" -u $SHOW
	# Whoever has been there is gone.
	assertEquals "$target" "$(cat "$group/cgroup.procs")"
}

testP18WithAFork() {
	group_of_v2 || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	echo "$target" >"$group/cgroup.procs"
	assert_prints "$(cat "/proc/$target/cgroup")" "$NSENTER" -t "$target" -p -c $SHOW
	assert_prints "$(cat "/proc/$target/cgroup")" "$NSENTER" -t "$target" -a -c $SHOW
}

# Into a container, where nothing of this is mounted.
testP18IntoAContainer() {
	group_of_v2 || return 0
	container +proc +"$BUSYBOX" -- /busybox sh -c 'echo; exec /busybox sleep 1000' || return
	echo "$target" >"$group/cgroup.procs"
	assert_run 0 "*0::*/$NAME" '' "$NSENTER" -t "$target" -a -c /busybox cat /proc/self/cgroup
	# Its namespace began where the tests are.
	assert_run 0 '*0::/' '' "$NSENTER" -t "$target" -a /busybox cat /proc/self/cgroup
}

# Where it is the root of the target's cgroup namespace.
testP18WithItsNamespace() {
	group_of_v2 || return 0
	target sh -c 'echo $$ >"$0/cgroup.procs" && exec unshare -C sh -c "$1"' "$group" "$SLEEP" || return
	for options in '-C -c' '-c -a'; do
			assert_run 0 '*0::/' '' "$NSENTER" -t "$target" $options $SHOW
	done
	assert_run 0 '*0::/..*' '' "$NSENTER" -t "$target" -C $SHOW
}

# Another group in each hierarchy: version 1 by its own paths, not by the first line.
testB22EveryHierarchy() {
	if [ -z "$V1" ]; then
		skip_because 'no hierarchy of version 1'
		return 0
	fi
	group "$NAME-1" $V1 || return 0
	! [ "$V2" ] || group_of_v2 || return 0
	target_in $groups || return
	want=$(cat "/proc/$target/cgroup")
	n=$(echo "$groups" | wc -w)
	assertEquals "$want" "$n" "$(echo "$want" | grep -c "/$NAME")"
	assert_prints "$want" "$NSENTER" -t "$target" -u -c $SHOW
	# A descriptor each is open until then, and none of them for writing twice.
	strace -o "$T/trace" -e trace=openat,write "$NSENTER" -t "$target" -u -c true
	assertEquals "$(cat "$T/trace")" "$n" "$(grep -c '"cgroup.procs", O_WRONLY.*O_CLOEXEC) = ' "$T/trace")"
	assertEquals "$(cat "$T/trace")" "$n" "$(grep -c 'write([0-9]*, "0", 1)' "$T/trace")"
}

# Only the hierarchies where it is elsewhere: our own place takes no right.
testB22WhereWeAreIsLeftAlone() {
	target $AS_USER unshare -ru sh -c "$SLEEP" || return
	assert_prints "$(cat /proc/self/cgroup)" as_user "$NSENTER" -t "$target" -U -u -c $SHOW
	strace -f -o "$T/trace" -e trace=openat "$NSENTER" -t $$ -r -c true
	assertFalse "$(cat "$T/trace")" "grep -q cgroup.procs '$T/trace'"
}

# ---- what is mounted

# A host of version 2, by another mount over all that is there: the hierarchies of version 1 that it
# hides are still in mountinfo.
testB22HostOfVersionTwo() {
	group_of_v2 || return 0
	[ -z "$V1" ] || group "$NAME-1" $V1 || return 0
	target_in $groups || return
	assert_prints "$(with_v2 "$target")" unshare -m sh -c \
		'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' sh "$NSENTER" -t "$target" -u -c $SHOW
}

# What lies over a hierarchy has a group of the same name: it is not the target's.
testB22HiddenByAnotherMount() {
	[ -n "$V1" ] && group_of_v2 || return 0
	for hierarchy in $V1; do break; done
	group "$NAME" "$hierarchy" || return 0
	target_in "$group" || return
	# One more that we can get to, or it would be an error that there is none.
	assert_prints "$(cat /proc/self/cgroup)" unshare -m sh -c \
		'mount -t cgroup2 none "$0" && test -e "$0/$NAME/cgroup.procs" && exec "$@"' \
		"$hierarchy" "$NSENTER" -t "$target" -u -c $SHOW
}

testB22VersionOneNotMounted() {
	if [ -z "$V1" ]; then
		skip_because 'no hierarchy of version 1'
		return 0
	fi
	group_of_v2 && group "$NAME-1" $V1 || return 0
	target_in $groups || return
	assert_prints "$(with_v2 "$target")" unshare -m sh -c \
		'v1=$0; umount -n $v1 && exec "$@"' "$V1" "$NSENTER" -t "$target" -u -c $SHOW
}

# without_v2 CMD...: in a mount namespace where it is not mounted.
without_v2() {
	unshare -m sh -c 'v2=$0; umount -n -l $v2 && exec "$@"' "$(mounted cgroup2)" "$@"
}

# That of version 2 must be joined: there limits are.
testB22VersionTwoNotMounted() {
	group_of_v2 || return 0
	target_in "$group" || return
	assert_run 1 '' "nsenter: cannot join cgroup /$NAME: $ENOENT" \
		without_v2 "$NSENTER" -t "$target" -u -c echo not run
	assert_one_line
}

# Mounted is a part of it: the names in mountinfo are escaped.
testB22MountOfAPart() {
	group_of_v2 '\x' && group "$NAME\\x/inner" "$V2" || return 0
	target_in "$group" || return
	mkdir "$T/a b" "$T/c"
	assert_prints "$(with_v2 "$target")" unshare -m sh -c \
		'mount -n --bind "$V2/$NAME\\x" "$0/a b" && mount -n --bind "$V2/$NAME\\x" "$0/c" &&
			umount -n "$0/c" && umount -n -l "$V2" && exec "$@"' \
		"$T" "$NSENTER" -t "$target" -u -c $SHOW
	# Another part is not enough.
	group_of_v2 -other || return 0
	assert_run 1 '' "nsenter: cannot join cgroup /$NAME\\\\x/inner: $ENOENT" unshare -m sh -c \
		'mount -n --bind "$V2/$NAME-other" "$0/a b" && umount -n -l "$V2" && exec "$@"' \
		"$T" "$NSENTER" -t "$target" -u -c echo not run
	rmdir "$T/a b" "$T/c"
}

# in_namespace CMD...: in a cgroup namespace whose root is $group.
in_namespace() {
	sh -c 'echo $$ >"$0/cgroup.procs" && exec unshare -C -m "$@"' "$group" "$@"
}

# We are in a cgroup namespace and the target is beside: "/../NAME", which the mount made outside
# has below its "/..", and one that is made here has not.
testB22OutsideOfOurNamespace() {
	group_of_v2 -beside || return 0
	target_in "$group" || return
	group_of_v2 || return 0
	assert_run 0 "*0::/../$NAME-beside" '' in_namespace "$NSENTER" -t "$target" -u -c $SHOW
	assert_run 1 '' "nsenter: cannot join cgroup /../$NAME-beside: $ENOENT" in_namespace sh -c \
		'v2=$0; umount -n -l $v2 && mount -n -t cgroup2 none "$V2" && exec "$@"' \
		"$(mounted cgroup2)" "$NSENTER" -t "$target" -u -c echo not run
	# From below its own mount it is reached as before.
	echo "$target" >"$group/cgroup.procs"
	group "$NAME/inner" "$V2"
	echo "$target" >"$group/cgroup.procs"
	group=$V2/$NAME
	assert_run 0 '*0::/inner' '' in_namespace sh -c \
		'v2=$0; umount -n -l $v2 && mount -n -t cgroup2 none "$V2" && exec "$@"' \
		"$(mounted cgroup2)" "$NSENTER" -t "$target" -u -c $SHOW
}

# ---- what the program inherits

testS44StdinIsTheCallers() {
	group_of_v2 || return 0
	target_in "$group" || return
	assertEquals text "$(echo text | "$NSENTER" -t "$target" -u -c cat)"
}

# Each of 0, 1 and 2 open or closed.
testB33DescriptorsAreTheCallers() {
	group_of_v2 || return 0
	[ -z "$V1" ] || group "$NAME-1" $V1 || return 0
	target_in $groups || return
	for closed in '' '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
		eval "\"\$PROBE\" fds \"\$T/want\" 5</dev/null 7>/dev/null $closed"
		for options in '-u -c' '-a -c' '-a -c -r -w'; do
			eval "\"\$NSENTER\" -t \"\$target\" $options \"\$PROBE\" fds \"\$T/got\" \
				5</dev/null 7>/dev/null $closed"
			assertEquals "$closed $options" 0 $?
			assertEquals "$closed $options" "$(cat "$T/want")" "$(cat "$T/got")"
			rm -f "$T/got"
		done
	done
}

# ---- what goes wrong

# No right: nothing is run, and who is there is not asked.
testNoRight() {
	group_of_v2 || return 0
	target $AS_USER unshare -ru sh -c "$SLEEP" || return
	echo "$target" >"$group/cgroup.procs"
	assert_run 1 '' "nsenter: cannot join cgroup $V2/$NAME: $EACCES" \
		as_user "$NSENTER" -t "$target" -U -u -c echo not run
	assert_one_line
	# Of the group, but none over what it shares with ours: that comes when it is joined.
	chown 65534 "$group/cgroup.procs"
	assert_run 1 '' "nsenter: cannot join cgroup $V2/$NAME: $EACCES" \
		as_user "$NSENTER" -t "$target" -U -u -c echo not run
	assert_one_line
}

# The whole process joins it, as the rules of version 2 want.
testThreadedGroup() {
	group_of_v2 && group "$NAME/threads" "$V2" || return 0
	echo threaded >"$group/cgroup.type"
	target_in "$group" || return
	assert_prints "$(cat "/proc/$target/cgroup")" "$NSENTER" -t "$target" -u -c $SHOW
}

# What the kernel answers is said, and nothing is run.
testNotTakenIn() {
	sanitized && return 0 # which does not work under strace
	group_of_v2 || return 0
	target_in "$group" || return
	assert_run 1 '' "nsenter: cannot join cgroup $V2/$NAME: $EBUSY" strace -o "$T/trace" \
		-e trace=write -e inject=write:error=EBUSY:when=1 "$NSENTER" -t "$target" -u -c echo not run
	assert_one_line
}

testGoneTarget() {
	"$PROBE" await 15 &
	gone=$!
	kill -KILL "$gone"
	wait "$gone" 2>/dev/null
	assert_run 1 '' "nsenter: *$gone*" "$NSENTER" -t "$gone" -u -c true
	assert_one_line
}

testNothingToEnter() {
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -c true
	assert_run 1 '' 'nsenter: no namespace specified' "$NSENTER" -t $$ -c true
}

. "${SHUNIT2:-shunit2}"
