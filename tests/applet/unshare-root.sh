#!/bin/sh
# SPDX-License-Identifier: 0BSD
# unshare: another root, by chroot(2) and by --pivot-root; a /dev of one's own; the host name and the
# loopback device.
# shellcheck disable=SC2016,SC2086,SC2089,SC2090 # scripts are expanded by other shells; options are words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/unshare.sh"
UNSHARE=$BIN/unshare
export UNSHARE MOUNTED

# A root with static programs and nothing else, which any user may use.
ROOT=$T/root
mkdir -p "$ROOT/sub/deep" "$ROOT/proc" "$ROOT/dev" "$ROOT/mnt" "$ROOT/tmp" "$T/anyone/outside"
cp "$(command -v busybox)" "$ROOT/busybox"
cp "$BIN/pidbox" "$ROOT/unshare"
for name in sh mount grep ls cat id; do ln -s busybox "$ROOT/$name"; done
export PATH="$PATH:/" ROOT

# How the tests get there: real root, and somebody in a user namespace.
WAYS='-m -mpf -r -rpf'
as() {
	case $1 in
	-m*) shift && "$@" ;;
	*) shift && as_user "$@" ;;
	esac
}

# can WAY: whether it is open to us.
can() {
	case $1 in
	-m*) [ "$(id -u)" = 0 ] ;;
	esac
}

# ---- -R, -w

# S34: in a chroot the kernel makes no user namespace.
testS34NoUserNamespaceInAChroot() {
	need_root || return 0
	sanitized && return 0
	assert_run 1 '' "unshare: unshare failed: $EPERM$(hinted '*chroot*')" \
		"$UNSHARE" -R "$ROOT" /unshare -U /busybox true
	assert_one_line
}

testB13NeverADirectoryOutside() {
	need_root || return 0
	for fork in '' -f --kill-child; do
		for dir in .. . / ../../.. sub/.. sub/../..; do
			assert_run 0 '/
sub' '' sh -c 'cd "$1" && shift && exec "$@"' sh "$T/anyone/outside" \
				"$UNSHARE" $fork -R "$ROOT" -w "$dir" sh -c '/busybox pwd; ls -d sub'
		done
		assert_run 0 / '' sh -c 'cd "$1" && shift && exec "$@"' sh "$T/anyone/outside" \
			"$UNSHARE" $fork -R "$ROOT" /busybox pwd
		# What exists only outside is not found.
		assert_run 1 '' "unshare: cannot change directory to outside: $ENOENT" \
			sh -c 'cd "$1" && shift && exec "$@"' sh "$T/anyone" \
			"$UNSHARE" $fork -R "$ROOT" -w outside /busybox true
	done
}

testRootAndDirectoryLikeTheirs() {
	need_root || return 0
	ln -sfn root "$T/link"
	same -R "$ROOT" -w /sub /busybox pwd
	same -R "$T/link" /busybox ls
	same -R "$T/none" true
	same -R "$ROOT/busybox" true
	same -R '' true
	same -R "$ROOT" nosuch
	same -R "$ROOT" /sub
	same -R "$ROOT" -S 65534 -G 65534 /busybox id
	same -R "$ROOT" -rpf --mount-proc cat /proc/self/uid_map
	same -w "$ROOT/sub" pwd
	same -w "$T/link/sub" pwd -P
	# 1.6 has other words for it than 2.38.
	assert_run 1 '' "unshare: cannot change directory to $T/none: $ENOENT" "$UNSHARE" -w "$T/none" true
	assert_run 1 '' "unshare: cannot change directory to : $ENOENT" "$UNSHARE" -w '' true
	assert_run 1 '' "unshare: cannot change directory to none: $ENOENT" "$UNSHARE" -R "$ROOT" -w none true
	assert_one_line
	assert_run 1 '' "unshare: cannot change root directory to '$ROOT': $EPERM*" \
		as_user "$UNSHARE" -R "$ROOT" /busybox true
	assert_one_line
}

testDirectory() {
	assert_run 0 "$ROOT/sub" '' "$UNSHARE" -w "$ROOT/sub" pwd
	assert_run 0 "$ROOT/sub" '' sh -c 'cd "$1" && exec "$2" --wd sub pwd' sh "$ROOT" "$UNSHARE"
	assert_run 1 '' "unshare: cannot change directory to $T/none: $ENOENT" \
		"$UNSHARE" -w "$T/none" true
}

# ---- --pivot-root

testB11UserNamespacesWorkInside() {
	sanitized && return 0
	for way in $WAYS; do
		can "$way" || continue
		assert_run 0 '' '' as "$way" "$UNSHARE" $way -R "$ROOT" --pivot-root /unshare -U /busybox true
		assert_run 0 '' '' as "$way" "$UNSHARE" $way --pivot-root --root="$ROOT" \
			/unshare -Um /busybox true
	done
}

# Only what is below the new root is still mounted, and it is so with its own mounts.
testB11TheOldRootIsGone() {
	for way in -mpf -rpf; do
		can "$way" || continue
		assert_run 0 '/
/proc' '' as "$way" "$UNSHARE" $way -R "$ROOT" --pivot-root --mount-proc \
			sh -c '/busybox cut -d" " -f5 /proc/self/mountinfo | /busybox sort'
		assert_run 0 "$(ls "$ROOT")" '' as "$way" "$UNSHARE" $way -R "$ROOT" --pivot-root ls /
		assert_run 0 / '' as "$way" "$UNSHARE" $way -R "$ROOT" --pivot-root /busybox pwd
	done
	assert_run 0 '/
/mnt
/mnt/x' '' unshare -rm sh -c '
		mount -n -t tmpfs none "$ROOT/mnt" && mkdir "$ROOT/mnt/x" &&
			mount -n -t tmpfs none "$ROOT/mnt/x" || exit
		"$UNSHARE" -mpf -R "$ROOT" --pivot-root --mount-proc \
			/busybox awk "\$5 != \"/proc\" { print \$5 }" /proc/self/mountinfo'
	# A way back by directories there is not.
	assert_run 0 "$(ls "$ROOT")" '' as_user sh -c 'cd "$1" && exec "$UNSHARE" -r -R "$ROOT" \
		--pivot-root -w ../../../.. ls ../../..' sh "$T/anyone/outside"
}

testPivotRootWhereTheRootIsAMount() {
	for type in private shared slave; do
		assert_run 0 / '' unshare -rm sh -c '
			mount -n --bind "$ROOT" "$ROOT" && mount -n --make-'$type' "$ROOT" &&
			exec "$UNSHARE" -mpf -R "$ROOT" --pivot-root --mount-proc \
				/busybox awk "\$5 != \"/proc\" { print \$5 }" /proc/self/mountinfo'
	done
}

testPivotRootAndDirectories() {
	ln -sfn root "$T/link"
	assert_run 0 /sub '' as_user "$UNSHARE" -r -R "$ROOT" --pivot-root -w sub /busybox pwd
	assert_run 0 /sub/deep '' as_user "$UNSHARE" -r -R "$ROOT" --pivot-root -w /sub/deep /busybox pwd
	assert_run 0 / '' as_user "$UNSHARE" -r -R "$T/link" --pivot-root /busybox pwd
	assert_run 0 /sub '' as_user sh -c 'cd "$1" && exec "$UNSHARE" -r -f -R root --pivot-root \
		-w sub /busybox pwd' sh "$T"
	assert_run 1 '' "unshare: cannot change root directory to '$T/none': $ENOENT" \
		as_user "$UNSHARE" -r -R "$T/none" --pivot-root true
	assert_run 1 '' "unshare: cannot change root directory to '$ROOT/busybox': $ENOTDIR" \
		as_user "$UNSHARE" -r -R "$ROOT/busybox" --pivot-root true
	assert_run 1 '' "unshare: cannot change directory to none: $ENOENT" \
		as_user "$UNSHARE" -r -R "$ROOT" --pivot-root -w none true
	assert_one_line
	assert_run 1 '' 'unshare: *-R*' as_user "$UNSHARE" -r --pivot-root true
	assert_one_line
}

# What is mounted on / inside has the propagation that was asked for, and on a host of shared mounts
# nothing of the pivoting is seen.
testB11Propagation() {
	need_root || return 0
	while read -r word tag; do
		run private sh -c '
			mount -n --make-rshared / && before=$(wc -l </proc/self/mountinfo) || exit
			"$UNSHARE" -mpf --propagation=$1 -R "$ROOT" --pivot-root --mount-proc \
				/busybox awk "\$5 == \"/\" { sub(/:.*/, \"\", \$7); print \$7 }" /proc/self/mountinfo
			echo $(($(wc -l </proc/self/mountinfo) - before)) more outside' sh "$word"
		assertEquals "$word: $err" "$tag
0 more outside" "$out"
	done <<-END
		private -
		slave master
	END
	# These cannot be, since the host would see it.
	for word in shared unchanged; do
		run private sh -c '
			mount -n --make-rshared / && before=$(wc -l </proc/self/mountinfo) || exit
			"$UNSHARE" -mpf --propagation=$1 -R "$ROOT" --pivot-root /busybox true
			echo $?, $(($(wc -l </proc/self/mountinfo) - before)) more outside' sh "$word"
		assertEquals "$word: $err" '1, 0 more outside' "$out"
		assertEquals 'unshare: option --pivot-root requires --propagation private or slave' "$err"
	done
}

# ---- --dev

dev_list='fd full null ptmx pts random shm stderr stdin stdout tty urandom zero'

testDevInARoot() {
	enabled UNSHARE_DEV || return 0
	for way in -m -r '-mpf --mount-proc' '-rpf --mount-proc' '-r --pivot-root' '-m --pivot-root' \
		'-rpf --pivot-root --mount-proc'; do
		can "$way" || continue
		assert_run 0 "$dev_list" '' as "${way%% *}" "$UNSHARE" $way -R "$ROOT" --dev \
			sh -c 'echo $(ls /dev)'
		assert_run 0 '1 3 null
1 5 zero
1 7 full
1 8 random
1 9 urandom
5 0 tty' '' as "${way%% *}" "$UNSHARE" $way -R "$ROOT" --dev sh -c '
			for f in null zero full random urandom tty; do
				set -- $(ls -l /dev/$f) && [ -c /dev/$f ] && echo ${5%,} $6 $f
			done'
		assert_run 0 usable '' as "${way%% *}" "$UNSHARE" $way -R "$ROOT" --dev sh -c '
			echo gone >/dev/null && [ "$(cat /dev/null)" = "" ] &&
			[ "$(/busybox head -c 4 /dev/zero | /busybox od -An -tx1)" = " 00 00 00 00" ] &&
			[ "$(/busybox head -c 9 /dev/urandom | /busybox wc -c)" = 9 ] &&
			[ "$(/busybox head -c 9 /dev/random | /busybox wc -c)" = 9 ] &&
			: >/dev/shm/x && [ "$(ls /dev/shm)" = x ] && echo usable
			if echo too much >/dev/full 2>/dev/null; then echo endless; fi'
	done
	assertEquals 'nothing outside' '' "$(ls "$ROOT/dev")"
}

# What the machine has in its /dev. Times and sizes move with everybody who uses a terminal or /dev/shm;
# vcs* come and go with the kernel's own terminals.
devices() { (cd /dev && stat -c '%N %d %i %A %u %g %t %T' . ./* | grep -v vcs); }

# In place of what is there; the machine's is as it was.
testDevInPlace() {
	enabled UNSHARE_DEV || return 0
	before=$(devices)
	for way in -m -r; do
		can "$way" || continue
		assert_run 0 "$dev_list" '' as $way "$UNSHARE" $way --dev sh -c 'echo $(ls /dev)'
	done
	# It implies -m.
	assert_run 0 "$dev_list" '' as_user "$UNSHARE" -r --dev sh -c 'echo $(ls /dev)'
	assertEquals "$before" "$(devices)"
}

# The pseudoterminals are of this /dev alone: the first is number 0. Standard output by its name.
testDevTerminalsAndLinks() {
	enabled UNSHARE_DEV || return 0
	for way in -m -r; do
		can "$way" || continue
		assert_run 0 '0 ptmx
0
read
out:also
out:said
wrong' '' as $way "$UNSHARE" $way --dev sh -c '
			exec 3<>/dev/ptmx && echo $(ls /dev/pts) && (cd /dev/pts && ls [0-9]*)
			echo read | cat /dev/stdin
			{ { echo said >/dev/stdout; echo also >/dev/fd/1; echo wrong >/dev/stderr; } |
				sed s/^/out:/; } 2>&1 | LC_ALL=C sort'
		assert_run 0 'drwxrwxrwt
crw-rw-rw-' '' as $way "$UNSHARE" $way --dev sh -c '
			ls -ld /dev/shm | cut -c1-10; ls -lL /dev/ptmx | cut -c1-10'
	done
}

# For programs that have no rights any more, too.
testDevForAnybody() {
	enabled UNSHARE_DEV || return 0
	need_root || return 0
	assert_run 0 'written 0' '' "$UNSHARE" -R "$ROOT" -m --dev -S 65534 -G 65534 sh -c '
		echo x >/dev/null && : >/dev/shm/mine && exec 3<>/dev/ptmx && : </dev/zero &&
		echo written $(/busybox wc -c </dev/null)'
	for node in null zero full random urandom tty; do
		assert_run 0 'crw-rw-rw-' '' "$UNSHARE" -m -R "$ROOT" --dev sh -c 'ls -l /dev/$0 | /busybox cut -c1-10' $node
		assert_run 0 'crw-rw-rw-' '' sh -c 'umask 077; exec "$@"' sh "$UNSHARE" -m -R "$ROOT" --dev \
			sh -c 'ls -l /dev/$0 | /busybox cut -c1-10' $node
	done
	# Nothing of it gets out of a host of shared mounts.
	assert_run 0 '0 more outside' '' private sh -c '
		mount -n --make-rshared / && before=$(wc -l </proc/self/mountinfo) || exit
		"$UNSHARE" --dev true && "$UNSHARE" -R "$ROOT" --dev -m --propagation slave /busybox true
		echo $(($(wc -l </proc/self/mountinfo) - before)) more outside'
}

testDevCannotBeMade() {
	enabled UNSHARE_DEV || return 0
	mkdir -p "$T/anyone/bare"
	cp "$ROOT/busybox" "$T/anyone/bare/"
	: >"$T/anyone/bare/dev"
	assert_run 1 '' "unshare: mount /dev failed: $ENOTDIR*" \
		as_user "$UNSHARE" -r -R "$T/anyone/bare" --dev /busybox true
	assert_one_line
	assert_run 1 '' "unshare: unshare failed: $EPERM$(hinted '*')" as_user "$UNSHARE" --dev true
	assert_one_line
}

# ---- --hostname, --loopback

testB16HostName() {
	before=$(hostname)
	for options in '-r' '-rf' '-ru' '-rmpf --mount-proc'; do
		assert_run 0 box '' as_user "$UNSHARE" $options --hostname box hostname
		assert_run 0 box.example '' as_user "$UNSHARE" $options --hostname=box.example hostname
	done
	assertEquals "$before" "$(hostname)"
	long=$(printf '%064d' 7)
	assert_run 0 "$long" '' as_user "$UNSHARE" -r --hostname "$long" hostname
	assert_run 1 '' "unshare: cannot set the host name '${long}0': $EINVAL*" \
		as_user "$UNSHARE" -r --hostname "${long}0" hostname
	assert_one_line
	# The last one counts, as everywhere.
	assert_run 0 two '' as_user "$UNSHARE" -r --hostname one --hostname two hostname
	assert_run 1 '' "unshare: unshare failed: $EPERM$(hinted '*')" as_user "$UNSHARE" --hostname box true
	need_root || return 0
	assert_run 0 'box 65534' '' "$UNSHARE" --hostname box -S 65534 sh -c 'echo $(hostname) $(id -u)'
	assertEquals "$before" "$(hostname)"
}

testB15Loopback() {
	for options in -rn '-rn -f' '-rnmpf --mount-proc'; do
		assert_run 0 '*[<,]UP[,>]*' '' as_user "$UNSHARE" $options --loopback busybox ip link show lo
		assert_run 0 '*inet 127.0.0.1/8*' '' as_user "$UNSHARE" $options --loopback busybox ip addr show lo
		assert_run 0 '*<LOOPBACK>*' '' as_user "$UNSHARE" $options busybox ip link show lo
	done
	need_root || return 0
	assert_run 0 '*[<,]UP[,>]*' '' "$UNSHARE" -n --loopback -S 65534 busybox ip link show lo
	# It is for a new network namespace: without one it would be the caller's that is changed.
	assert_run 1 '' 'unshare: *-n*' unshare -n "$UNSHARE" --loopback true
	assert_one_line
	assert_run 0 '*<LOOPBACK>*' '' unshare -n sh -c '"$UNSHARE" --loopback true 2>/dev/null
		busybox ip link show lo'
}

# What a root's program is a link to lies inside, whatever is open before its exec (CVE-2024-21626).
testProgramIsALinkToADescriptor() {
	mkdir -p "$T/linked/proc"
	for fd in 3 4 5 6; do ln -s "/proc/self/fd/$fd/..$(command -v busybox)" "$T/linked/out$fd"; done
	for fd in 3 4 5 6; do
		run "$BIN/unshare" -r -R "$T/linked" -f -p --mount-proc "/out$fd" true
		like "$err" "unshare: failed to execute /out$fd: *" || fail "/out$fd: $rc $err"
	done
}

. "${SHUNIT2:-shunit2}"
