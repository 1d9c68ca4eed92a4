#!/bin/sh
# SPDX-License-Identifier: 0BSD
# switch_root, as PID 1 of a PID namespace in a tmpfs that is the root of its own mount namespace: an
# initramfs as far as one can be made here. That the kernel's own rootfs is left the same way is shown in
# tests/system.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"

SWITCH_ROOT=$BIN/switch_root
need busybox busybox-static
need unshare util-linux

suite() {
	if sanitized; then suite_addTest testMisuse; else tests_of SWITCH_ROOT; fi
}

# The new root's init: tells who it is and what it sees.
cat >"$T/init" <<'END'
#!/bin/busybox sh
busybox echo "pid=$$ args=$* cwd=$(busybox pwd)"
busybox cut -d' ' -f 5,9 /proc/self/mountinfo | busybox sort
END
chmod 755 "$T/init"
cp "$(command -v busybox)" "$T/busybox"
mkdir "$T/root"
export T PIDBOX

# initramfs SCRIPT: as PID 1 of an initramfs with another tmpfs on its /new, for busybox's shell; its last line
# is an exec of /bin/switch_root. $prepare, shell text, is done in $T/root before. What is left of the initramfs
# afterwards becomes $left, a path a line.
initramfs() {
	# shellcheck disable=SC2086 # words
	SCRIPT=$1 prepare=${prepare:-:} type=${type:-tmpfs} ${kernel:-} \
		unshare --mount --propagation private sh -c "$outside" \
		</dev/null >"$T/out" 2>"$T/err"
	rc=$?
	out=$(cat "$T/out")
	err=$(cat "$T/err")
	left=$(sort "$T/left")
}
# shellcheck disable=SC2089,SC2090 # it is for another shell
outside='
	set -e
	cd "$T/root"
	mount -t "$type" initramfs .
	cd .
	cd "$T/root"
	mkdir bin proc dev sys run new old
	cp "$T/busybox" bin/busybox
	cp "$PIDBOX" bin/switch_root
	: >init
	eval "$prepare"
	set +e
	unshare --pid --fork --mount --propagation private --kill-child sh -c "$inside"
	rc=$?
	find . -mindepth 1 >"$T/left"
	exit $rc
'
# shellcheck disable=SC2089
inside='
	set -e
	mount -t tmpfs -o mode=755 new new
	mkdir new/bin new/proc new/dev new/sys new/run new/sub
	cp "$T/busybox" new/bin/busybox
	cp "$T/init" new/init
	pivot_root . old
	exec bin/busybox chroot . /bin/busybox sh -c "
		set -e
		cd /
		export PATH=/bin
		busybox umount -l /old
		busybox mount -t proc proc /proc
		$SCRIPT"
'
# shellcheck disable=SC2090
export outside inside

# What is there when nothing was deleted.
ALL='./bin
./bin/busybox
./bin/switch_root
./dev
./init
./new
./old
./proc
./run
./sys'

testSwitch() {
	initramfs 'exec /bin/switch_root /new /init a "b  c"'
	assertEquals "$err" 0 "$rc"
	assertEquals "pid=1 args=a b  c cwd=/
/ new
/proc proc" "$out"
	assertEquals '' "$err"
	assertEquals '' "$left"
}

# As util-linux does: what is mounted goes along, unless there is no place for it, or it is taken.
testMountsGoAlong() {
	for point in dev sys run; do
		echo "busybox mount -t tmpfs -o mode=700 old-$point /$point; : >/$point/$point"
	done >"$T/mounts"
	initramfs "$(cat "$T/mounts")
		busybox rmdir /new/sys
		busybox mount -t tmpfs -o mode=700 new-run /new/run
		busybox mkdir /new/etc /new/devices
		busybox rmdir /new/dev
		busybox ln -s devices /new/dev
		exec /bin/switch_root /new /init"
	assertEquals "$err" 0 "$rc"
	assertEquals 'pid=1 args= cwd=/
/ new
/devices old-dev
/proc proc
/run new-run' "$out"
	assertEquals '' "$left"
}

testConsole() {
	prepare=: initramfs ': >/new/console; exec /bin/switch_root -c /console /new /bin/busybox sh -c "
		busybox echo out; busybox echo err >&2; busybox readlink /proc/self/fd/0 >/link
		busybox cat /console >&9; busybox cat /link >&9" 9>&1'
	assertEquals "$err" 0 "$rc"
	assertEquals 'out
err
/console' "$out"
	assertEquals '' "$err"
	initramfs 'exec /bin/switch_root -c /none /new /bin/busybox echo started'
	assertEquals 0 "$rc"
	assertEquals started "$out"
	assertEquals "switch_root: /none: $ENOENT" "$err"
	assertEquals '' "$left"
}

# ---- what is refused, and then nothing is deleted

# refused RC MESSAGE SCRIPT
refused() {
	initramfs "$3"
	assertEquals "$3: $err" "$1" "$rc"
	like "$err" "$2" || fail "$3: $err"
	assertEquals "$3" '' "$out"
	assertEquals "$3" "$ALL" "$(echo "$left" | grep -v '^./other')"
}

testRefusesAnotherProcess() {
	refused 1 'switch_root: must be PID 1*' '/bin/switch_root /new /init; exit $?'
	refused 1 'switch_root: must be PID 1*' '(exec /bin/switch_root /new /init); exit $?'
}

testRefusesNewRoots() {
	refused 1 "switch_root: /none: $ENOENT" 'exec /bin/switch_root /none /init'
	refused 1 'switch_root: /old: nothing is mounted there' 'exec /bin/switch_root /old /init'
	refused 1 'switch_root: /: nothing is mounted there' 'exec /bin/switch_root / /init'
	refused 1 'switch_root: init: nothing is mounted there' 'exec /bin/switch_root init /init'
	refused 1 "switch_root: cannot move /new/sub to /: it must be where a file system is mounted: $EINVAL" \
		'busybox mkdir /new/sub/bin; busybox cp /bin/busybox /new/sub/bin; exec /bin/switch_root /new/sub /bin/busybox'
}

testRefusesNoInitramfs() {
	for how in true 'busybox mkdir /init' 'busybox ln -s none /init'; do
		initramfs "busybox rm /init; $how; exec /bin/switch_root /new /init"
		assertEquals "$how" 1 "$rc"
		assertEquals "$how" 'switch_root: there is no /init: this is no initramfs' "$err"
		assertEquals "$how" "$(echo "$ALL" | grep -v init)" "$(echo "$left" | grep -v init)"
	done
}

# is_memory DIR: it is on a tmpfs or a ramfs.
is_memory() {
	case $(stat -f -c %T "$1") in
	tmpfs | ramfs) return 0 ;;
	esac
	return 1
}

# Neither tmpfs nor ramfs: here it is what /tmp is on, or the build directory.
testRefusesAnotherFileSystem() {
	plain=$T/plain
	! is_memory "$T" || plain=$BUILD/plain.$$
	if is_memory "${plain%/*}"; then
		skip_because 'all is on a tmpfs here'
		return
	fi
	export plain
	mkdir "$plain"
	prepare='cd /; umount "$T/root"; mount --bind "$plain" "$T/root"; cd "$T/root"
		mkdir bin proc dev sys run new old; cp "$T/busybox" bin/busybox; cp "$PIDBOX" bin/switch_root; : >init'
	refused 1 'switch_root: / is neither ramfs nor tmpfs: this is no initramfs' 'exec /bin/switch_root /new /init'
	prepare=
	rm -r "$plain"
}

# A ramfs will do.
testRamfs() {
	type=ramfs initramfs 'exec /bin/switch_root /new /init'
	assertEquals "$err" 0 "$rc"
	assertEquals '' "$left"
}

# The kernel says whether it would execute that.
testRefusesInits() {
	refused 127 "switch_root: failed to execute /none: $ENOENT*" 'exec /bin/switch_root /new /none'
	refused 126 "switch_root: failed to execute /sub: $EACCES*" 'exec /bin/switch_root /new /sub'
	refused 126 "switch_root: failed to execute /init: $EACCES*" \
		'busybox chmod 644 /new/init; exec /bin/switch_root /new /init'
	refused 127 "switch_root: failed to execute /x: $ENOENT$(hinted 'its interpreter */nope* does not exist')" \
		'busybox echo "#!/nope" >/new/x; busybox chmod 755 /new/x; exec /bin/switch_root /new /x'
	refused 126 "switch_root: failed to execute /x: *" \
		'busybox printf "%b" "\\177ELF\\02\\01\\01\\0\\0\\0\\0\\0\\0\\0\\0\\0\\02\\0\\0363\\0" >/new/x
		busybox chmod 755 /new/x; exec /bin/switch_root /new /x'
	refused 126 "switch_root: failed to execute /x: *" \
		'busybox echo text >/new/x; busybox chmod 755 /new/x; exec /bin/switch_root /new /x'
	refused 127 "switch_root: failed to execute sh: *" 'exec /bin/switch_root /new sh'
	# One that needs a loader, which is not there.
	cp "$(command -v sleep)" "$T/dynamic"
	prepare='cp "$T/dynamic" other'
	refused 127 "switch_root: failed to execute /x: $ENOENT$(hinted 'its loader *')" \
		'busybox mv /other /new/x; exec /bin/switch_root /new /x'
	prepare=
	refused 126 "switch_root: failed to execute /init: $EACCES*" \
		'busybox mount -o remount,noexec /new; exec /bin/switch_root /new /init'
}

# Where ptrace(2) is forbidden it at least must be executable.
testRefusesInitsWithoutPtrace() {
	if ! "${HOSTCC:-cc}" -std=gnu11 -D_GNU_SOURCE "$TOP/tests/applet/helper/lack.c" -o "$T/lack"; then
		fail "cannot compile lack.c"
		return
	fi
	kernel="$T/lack EPERM ptrace"
	refused 1 "switch_root: /none: $ENOENT" 'exec /bin/switch_root /new /none'
	refused 1 "switch_root: /init: $EACCES" 'busybox chmod 644 /new/init; exec /bin/switch_root /new /init'
	refused 1 "switch_root: /sub: $EACCES" 'exec /bin/switch_root /new /sub'
	initramfs 'exec /bin/switch_root /new /init'
	assertEquals "$err" 0 "$rc"
	like "$out" 'pid=1 *' || fail "$out"
	assertEquals '' "$left"
	kernel=
}

testMisuse() {
	for words in '' /new '-c' '-x' '-c /dev/null /new'; do
		# shellcheck disable=SC2086 # words
		assert_run 1 '' 'switch_root: *' "$SWITCH_ROOT" $words
	done
	assert_run 1 '' 'switch_root: must be PID 1*' "$SWITCH_ROOT" / /init
	assert_run 0 'Usage: switch_root *' '' "$SWITCH_ROOT" --help
}

# ---- what is deleted

testManyFiles() {
	prepare='mkdir many; cd many; seq 20000 | xargs touch; mkdir sub; cd sub; seq 1000 | xargs mkdir; cd ../..
		seq 3000 | xargs touch'
	initramfs 'exec /bin/switch_root /new /init'
	assertEquals "$err" 0 "$rc"
	assertEquals '' "$left"
	prepare=
}

# Deeper than a path can be long, with files and directories beside on each level; names are those that are
# used for moving, too.
testDeepTrees() {
	awk 'BEGIN {
		for (i = 0; i < 300; i++) {
			print path "0\n" path "1\n" path "side/" i
			path = path "d0123456789/"
		}
		print path
	}' >"$T/tree"
	prepare='path=$(tail -n 1 "$T/tree")
		for i in 1 2 3 4 5; do
			mkdir "deep$i"
			(cd "deep$i" && xargs mkdir -p <"$T/tree" && sed "s/\$/file/" "$T/tree" | xargs touch)
			[ $i = 1 ] || mv "deep$((i - 1))" "deep$i/$path"
		done
		cd "$T/root"; for i in $(seq 0 40); do mkdir -p "$i/$i/0/1/2"; : >"$i/x"; done; : >41; mkdir 42; ln -s / 43'
	initramfs 'exec /bin/switch_root /new /init'
	assertEquals "$err" 0 "$rc"
	assertEquals '' "$left"
	prepare=
}

# The names by which directories are brought up are those of mounts, so that they stay taken.
testTakenNames() {
	prepare='for i in 0 1 2 3; do mkdir $i; mount -t tmpfs taken $i; done; mkdir -p a/b/c d/e/f/g
		: >a/b/c/file; : >d/e/f/g/file'
	initramfs 'exec /bin/switch_root /new /init'
	assertEquals "$err" 0 "$rc"
	assertEquals './0
./1
./2
./3' "$left"
	prepare=
}

testHostileNames() {
	prepare='long=$(printf %0255d 0); mkdir -- "-rf" "$long" " " "a
b" "$(printf "\377\033")"; : >"-x"; : >"$long/$long"; mkdir -p "a
b/..."; mkfifo fifo; mknod zero c 1 5; chmod 0 "$long"'
	initramfs 'exec /bin/switch_root /new /init'
	assertEquals "$err" 0 "$rc"
	assertEquals '' "$left"
	prepare=
}

# Neither what symbolic links lead to, nor what is mounted, nor in another file system.
testStaysInItsFileSystem() {
	mkdir "$T/outside"
	prepare='mount -t tmpfs outside "$T/outside"; : >"$T/outside/file"; mkdir "$T/outside/dir"; : >"$T/outside/dir/file"
		mkdir -p a/b/c/mount d; : >a/b/file; mount --bind "$T/outside" a/b/c/mount; : >mounted
		mkdir top; mount --bind "$T/outside" top
		mount --bind "$T/outside/file" mounted'
	initramfs 'busybox ln -s /new/new-file link; busybox ln -s /new link2; busybox ln -s /a/b/c/mount link3
		: >/new/new-file; exec /bin/switch_root /new /bin/busybox ls /new-file /bin/busybox'
	assertEquals "$err" 0 "$rc"
	assertEquals '/bin/busybox
/new-file' "$(echo "$out" | sort)"
	# Where the mount is has been moved, and is there.
	assertEquals "dir
dir/file
file
mounted" "$(echo "$left" | sed -n 's,^.*/mount/,,p; s,^./mounted,mounted,p')"
	assertEquals "./top
./top/dir
./top/dir/file
./top/file" "$(echo "$left" | grep '^./top')"
	assertEquals 10 "$(echo "$left" | grep -c .)"
	prepare=
	rmdir "$T/outside"
}

# fixed: whether the kernel can forbid that a file of this initramfs is deleted (tmpfs since Linux 6.6).
fixed() {
	prepare=
	[ -e "$T/cannot" ] || return 0
	rm "$T/cannot"
	return 1
}

# What cannot be deleted stays, and does not keep the new init from starting.
testUndeletable() {
	prepare='mkdir -p a/b/c/d; : >a/b/c/fixed; chattr +i a/b/c/fixed 2>/dev/null || : >"$T/cannot"'
	initramfs 'exec /bin/switch_root /new /init'
	fixed || return 0
	assertEquals "$err" 0 "$rc"
	like "$left" '*/fixed' || fail "$left"
	assertEquals "$left" 2 "$(echo "$left" | grep -c .)"
}

# Nor is a link followed that cannot be deleted: here to what is hidden in the initramfs, and part of the
# new root.
testUndeletableLink() {
	prepare='mkdir hidden; : >hidden/file; ln -s /keep link; chattr +i . 2>/dev/null || : >"$T/cannot"'
	initramfs 'busybox mkdir /new/keep; busybox mount --bind /hidden /new/keep
		busybox mount -t tmpfs none /hidden; exec /bin/switch_root /new /bin/busybox ls /keep'
	fixed || return 0
	assertEquals "$err" 0 "$rc"
	assertEquals file "$out"
	like "$left" '*./link*' || fail "$left"
}

. "${SHUNIT2:-shunit2}"
