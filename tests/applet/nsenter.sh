#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter: into the namespaces of targets that util-linux has made, beside its nsenter. More in
# nsenter-*.sh.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"
need strace strace

NSENTER=$BIN/nsenter

# ---- which namespaces

testEachKind() {
	need_root || return 0
	target unshare -muinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	while read -r letter long kind; do
		want=$(ns "$kind" "$target")
		assertNotEquals "$(ns "$kind")" "$want"
		for option in "-$letter" "--$long"; do
			# The others stay, but a mount namespace must come along with its /proc.
			both_print "$want" -t "$target" "$option" readlink "/proc/self/ns/$kind"
			run "$NSENTER" "--target=$target" "$option" sh -c "$LINKS"
			[ "$kind" = mnt ] || assertEquals "$option: others" 1 \
				"$(links $$ | diff - "$T/out" | grep -c '^>')"
		done
	done <<-END
		u uts uts
		i ipc ipc
		n net net
		p pid pid
		C cgroup cgroup
		T time time
	END
	both_print "$(ns mnt "$target")" -t "$target" -m -p readlink /proc/self/ns/mnt
	both_print "$(ns mnt "$target")" -t "$target" --mount --pid readlink /proc/self/ns/mnt
}

testAll() {
	need_root || return 0
	target unshare -muinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	both_print "$(links "$target")" -t "$target" -a sh -c "$LINKS"
	both_print "$(links "$target")" --all --target "$target" sh -c "$LINKS"
	# Our own user namespace cannot be entered; asked for, that is an error.
	assert_both 1 '' "nsenter: reassociate to namespace* failed: $EINVAL$(hinted '*')" -t "$target" -U true
}

testAllOfSelfAndOfWhatWeShare() {
	need_root || return 0
	target sh -c "$SLEEP" || return
	both_print "$(links "$target")" -t "$target" -a sh -c "$LINKS"
}

# A foreign user namespace, from above: the rights of the outer one are used up to the end.
testAllWithUserNamespace() {
	need_root || return 0
	target unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	both_print "$(links "$target")" -t "$target" -a sh -c "$LINKS"
	assert_both 0 '0 0' '' -t "$target" -a sh -c 'echo $(id -u) $(id -g)'
	both_print "$(ns user "$target")" -t "$target" -U readlink /proc/self/ns/user
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
	assert_run 1 '' "nsenter: reassociate to namespace* failed: $EPERM$(hinted '*')" \
		as_user "$NSENTER" -t "$target" -u true
	assert_one_line
}

# P14. The same when one of both comes from a file.
testFileOfTheUserNamespaceFirst() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -ruinf --kill-child sh -c "$SLEEP" || return
	n=/proc/$target/ns
	for options in "-U$n/user -u -i" "-u -i -U$n/user" "-U -u$n/uts -i" "-u$n/uts -i -U" \
		"-U$n/user -u$n/uts -i$n/ipc"; do
		# shellcheck disable=SC2086 # words
		assert_run 0 '' '' as_user nsenter -t "$target" --preserve-credentials $options true
		# shellcheck disable=SC2086 # words
		assert_run 0 '' '' as_user "$NSENTER" -t "$target" $options true
	done
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
		both_print "$(links "$target")" -t "$target" $options sh -c "$LINKS"
	done
	both_print "$(links "$target")" "-U/proc/$target/ns/user" \
		"-u/proc/$target/ns/uts" "-i/proc/$target/ns/ipc" "-n/proc/$target/ns/net" sh -c "$LINKS"
}

# The target has less rights than its namespaces' owner: root must get in with its own.
testTargetWithoutRights() {
	need_root || return 0
	target unshare -umpf --mount-proc --kill-child \
		setpriv --reuid 65534 --clear-groups sh -c "$SLEEP" || return
	both_print "$(links "$target")" -t "$target" -a sh -c "$LINKS"
}

# ---- files

testFiles() {
	need_root || return 0
	target unshare -ui -f --kill-child sh -c "$SLEEP" || return
	both_print "$(ns uts "$target")
$(ns ipc "$target")" -t "$target" -u "--ipc=/proc/$target/ns/ipc" \
		readlink /proc/self/ns/uts /proc/self/ns/ipc
	# That is no namespace, or one of another kind.
	for file in "/proc/$target/ns/uts" "$T" /dev/null; do
		assert_both 1 '' "nsenter: reassociate to namespace 'ns/ipc' failed: $EINVAL*" "--ipc=$file" true
		assert_one_line
	done
}

# ":ID": also where the kernel wants to know more of it than its id (before Linux 6.19), and no /proc
# is mounted.
testNamespaceIds() {
	need_root || return 0
	target unshare -ui -f --kill-child sh -c "$SLEEP" || return
	id=$("$PROBE" nsid "/proc/$target/ns/uts")
	if [ -z "$id" ]; then
		skip_because "this kernel gives namespaces no ids"
		return
	fi
	for option in "--uts=:$id" "-u:$id" "-u=:$id"; do
		assert_prints "$(ns uts "$target")" "$NSENTER" "$option" readlink /proc/self/ns/uts
	done
	# The sanitizers want /proc.
	sanitized || assert_prints "$(ns uts "$target")" unshare -m sh -c 'umount -l /proc
		exec "$0" --uts="$1" sh -c "mount -t proc proc /proc && readlink /proc/self/ns/uts"' \
		"$NSENTER" ":$id"
	assert_run 1 '' "nsenter: cannot open the ipc namespace with id $id: $ENOENT*" "$NSENTER" "--ipc=:$id" true
	assert_run 1 '' "nsenter: cannot open the uts namespace with id ${id}0: $ENOENT*" "$NSENTER" "-u:${id}0" true
	for name in : :x ":${id}x" :-1 :18446744073709551616; do
		assert_run 1 '' "nsenter: cannot open $name: $ENOENT" "$NSENTER" "--uts=$name" true
		assert_one_line
	done
}

# P12, S52: the value of a letter is glued, with or without a "="; the next word is a program.
testP12S52GluedFiles() {
	need_root || return 0
	target unshare -muinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	while read -r letter long kind; do
		file=/proc/$target/ns/$kind
		for option in "-$letter$file" "--$long=$file"; do
			both_print "$(ns "$kind" "$target")" "$option" readlink "/proc/self/ns/$kind"
		done
		# Not in util-linux 2.38.
		assert_prints "$(ns "$kind" "$target")" "$NSENTER" "-$letter=$file" \
			readlink "/proc/self/ns/$kind"
		assert_run 1 '' "nsenter: cannot open =$file: $ENOENT" "$NSENTER" "-$letter==$file" true
		assert_both 126 '' "nsenter: failed to execute $T: $EACCES*" -t "$target" "-$letter" "$T"
	done <<-END
		u uts uts
		i ipc ipc
		n net net
		p pid pid
		C cgroup cgroup
		T time time
	END
	assert_both 1 '' "nsenter: cannot open $T/none: $ENOENT" "--pid=$T/none" true
	assert_both 1 '' "nsenter: cannot open : $ENOENT" "--pid=" true
}

# A letter takes the rest of its word for the value, also where that looks like letters.
testP12Clusters() {
	need_root || return 0
	target unshare -ui sh -c "$SLEEP" || return
	both_print "$(ns ipc)
$(ns uts "$target")" "-Ft$target" -u readlink /proc/self/ns/ipc /proc/self/ns/uts
	assert_both 1 '' "nsenter: cannot open i: $ENOENT" -t "$target" -ui true
	assert_both 1 '' "nsenter: cannot open it$target: $ENOENT" "-uit$target" true
}

# All that is given by file needs no target, and its order does not matter.
testFilesOfEveryKind() {
	need_root || return 0
	target unshare -rmuinpCTf --mount-proc --kill-child sh -c "$SLEEP" || return
	n=/proc/$target/ns
	both_print "$(links "$target")" "-m$n/mnt" "-u$n/uts" "-i$n/ipc" "-n$n/net" "-p$n/pid" "-C$n/cgroup" \
		"-T$n/time" "-U$n/user" sh -c "$LINKS"
	both_print "$(links "$target")" -t "$target" -U -u "-m$n/mnt" "-p$n/pid" -i "-n$n/net" "-C$n/cgroup" \
		-T sh -c "$LINKS"
}

# All are opened before one is entered: a mount namespace takes the paths of the others away.
testFilesAreOpenedFirst() {
	need_root || return 0
	target unshare -mu -R "$ROOT" /busybox sh -c 'echo; exec /busybox sleep 1000' || return
	both_print "$(ns uts "$target")" "-m/proc/$target/ns/mnt" \
		"--uts=/proc/$target/ns/uts" readlink /proc/self/ns/uts
}

# ---- the PID namespace

testPidForks() {
	need_root || return 0
	target unshare -pmf --mount-proc --kill-child sh -c "$SLEEP" || return
	assert_both 0 'parent 0' '' -t "$target" -p -m sh -c 'echo parent $PPID'
	both_print "$(ns pid "$target")" -t "$target" -p readlink /proc/self/ns/pid
}

# With -F only the children of the program are there.
testNoFork() {
	need_root || return 0
	target unshare -pmf --mount-proc --kill-child sh -c "$SLEEP" || return
	for option in -F --no-fork; do
		both_print "$(ns pid)
$(ns pid "$target")" -t "$target" -p "$option" \
			readlink /proc/self/ns/pid /proc/self/ns/pid_for_children
		assert_run 0 same '' sh -c 'exec "$0" -t "$1" -p -F sh -c "[ \$\$ = $$ ] && echo same"' \
			"$NSENTER" "$target"
	done
}

# ---- the order of operations

# S38: all is opened before the first namespace is entered; then root, directory, fork, ids, program.
testOrder() {
	need_root || return 0
	target unshare -rmuinpf --kill-child -R "$ROOT" -w /sub /busybox sh -c 'echo; exec /busybox sleep 1000' ||
		return
	run strace -f -qq -o "$T/trace" -e signal=none \
		-e trace=openat,open,setns,fchdir,chroot,chdir,clone,clone3,fork,vfork,setgroups,setgid,setuid,execve \
		"$NSENTER" -t "$target" -a -r -w /busybox pwd
	assertEquals "$err" 0 "$rc"
	assertEquals /sub "$out"
	# What it reads about itself, by a descriptor of our /proc, is no path of there.
	calls=$(sed '/openat([0-9]*, "self\//d
		s/^[0-9]* *\([a-z0-9]*\)[( ].*/\1/; s/^clone3$\|^v*fork$/clone/; s/^open$/openat/' "$T/trace" |
		sed '1,/^openat/d' | uniq)
	# shellcheck disable=SC2086 # one line
	assertEquals 'setgroups setns fchdir chroot chdir fchdir clone setgroups setgid setuid execve' \
		"$(echo $calls | sed 's/^openat //; s/<... //g')"
}

. "${SHUNIT2:-shunit2}"
