#!/bin/sh
# SPDX-License-Identifier: 0BSD
# scripts/mkinitramfs: what busybox's cpio unpacks is what was to be in it. That a kernel boots it is
# shown in tests/system.
. "$(dirname "$0")/../lib.sh"

need busybox busybox-static

# An ordinary user may not read where the sources are, as below /root.
SCRIPT=$T/mkinitramfs
cp "$TOP/scripts/mkinitramfs" "$SCRIPT"

make_it() { sh "$SCRIPT" -b "$BIN/pidbox" "$@"; }

# listed ARCHIVE: "MODE USER SIZE NAME" of each entry, for links with "-> TARGET".
listed() {
	busybox cpio -tv <"$1" 2>"$T/blocks" |
		awk '{ print $1, $2, $3, $6 ($7 == "->" ? " -> " $8 : "") }'
}

testContent() {
	echo '::sysinit:/bin/ps' >"$T/table"
	printf 'abc' >"$T/three"
	printf '#!/bin/sh\n' >"$T/script"
	chmod 700 "$T/script"
	assert_run 0 '' '' make_it -i "$T/table" -a "$T/three:/usr/share/x/three" -a "$T/script:script" \
		-o "$T/a.cpio"
	listed "$T/a.cpio" >"$T/list"
	{
		for name in bin dev etc proc root run sbin sys; do
			echo "drwxr-xr-x 0/0 0 $name"
		done
		echo 'drwxrwxrwt 0/0 0 tmp'
		echo 'crw------- 0/0 0 dev/console'
		echo "-rwxr-xr-x 0/0 $(wc -c <"$BIN/pidbox") bin/pidbox"
		echo 'lrwxrwxrwx 0/0 0 init -> sbin/init'
		"$BIN/pidbox" --list-full | sed 's,^/usr/,/,; s,^/,,' | sort | while read -r name; do
			case $name in
			bin/*) echo "lrwxrwxrwx 0/0 0 $name -> pidbox" ;;
			*) echo "lrwxrwxrwx 0/0 0 $name -> ../bin/pidbox" ;;
			esac
		done
		echo '-rw-r--r-- 0/0 18 etc/inittab'
		echo 'drwxr-xr-x 0/0 0 usr'
		echo 'drwxr-xr-x 0/0 0 usr/share'
		echo 'drwxr-xr-x 0/0 0 usr/share/x'
		echo '-rw-r--r-- 0/0 3 usr/share/x/three'
		echo '-rwxr-xr-x 0/0 10 script'
	} >"$T/should"
	assertEquals "$(cat "$T/should")" "$(cat "$T/list")"
	mkdir "$T/root"
	(cd "$T/root" && busybox cpio -id bin/pidbox etc/inittab usr/share/x/three script) \
		<"$T/a.cpio" 2>"$T/blocks"
	for pair in "$BIN/pidbox bin/pidbox" "$T/table etc/inittab" "$T/three usr/share/x/three" \
		"$T/script script"
	do
		cmp "${pair% *}" "$T/root/${pair#* }" || fail "$pair"
	done
}

# Bytes 16 and more of each header of newc are what they are on every machine: no date, no owner.
testReproducible() {
	echo x >"$T/file"
	make_it -a "$T/file:a/b" -o "$T/1.cpio.gz" || fail first
	touch -d '2001-02-03' "$T/file"
	cp "$T/file" "$T/anyone/copy"
	(umask 077 && make_it -a "$T/anyone/copy:a/b" -o "$T/2.cpio.gz") || fail second
	cmp "$T/1.cpio.gz" "$T/2.cpio.gz" || fail 'not the same bytes'
	TMPDIR=$T/anyone as_user sh "$SCRIPT" -b "$BIN/pidbox" -a "$T/anyone/copy:a/b" \
		-o "$T/anyone/3.cpio" || fail 'as an ordinary user'
	gunzip <"$T/1.cpio.gz" | cmp - "$T/anyone/3.cpio" || fail 'not the same bytes as an ordinary user'
	busybox sh "$SCRIPT" -b "$BIN/pidbox" -a "$T/file:a/b" -o "$T/4.cpio" || fail busybox
	cmp "$T/4.cpio" "$T/anyone/3.cpio" || fail 'not the same bytes by another shell'
}

# names ARCHIVE: what is in it, one a line.
names() { busybox cpio -tv <"$1" 2>"$T/blocks" | sed 's/^.* 1970-01-01 00:00:00 //'; }

testOddNames() {
	odd="a b\\c*'\"\$x;é:d"
	mkdir -p "$T/odd"
	echo odd >"$T/odd/$odd"
	echo dash >"$T/odd/-n"
	ln -s ./-n "$T/odd/-"
	(
		cd "$T/odd" && make_it -a "$odd:dir/to e\\f*" -a "-:dash" -a -n:-n -l "$odd:link" -o - -o -o.cpio
	) || fail 'not made'
	names "$T/odd/-o.cpio" >"$T/list"
	mkdir "$T/unpacked"
	(cd "$T/unpacked" && busybox cpio -id 'dir/to e\\f[*]' dash -- -n) <"$T/odd/-o.cpio" 2>"$T/blocks"
	assertEquals odd "$(cat "$T/unpacked/dir/to e\\f*")"
	assertEquals dash "$(cat "$T/unpacked/dash")"
	assertEquals dash "$(cat "$T/unpacked/-n")"
	grep -qxF "link -> $odd" "$T/list" || fail "no link: $(cat "$T/list")"
}

# A name is in it once: what is added takes the place of an applet's link, and of nothing else.
testReplaces() {
	echo x >"$T/file"
	assert_run 0 '' '' make_it -a "$T/file:init" -l busybox:bin/ps -a "$T/file:/sbin/init" -o "$T/r.cpio"
	assertEquals '' "$(names "$T/r.cpio" | sed 's/ -> .*//' | sort | uniq -d)"
	assertEquals 'bin/ps -> busybox
init
sbin/init' "$(names "$T/r.cpio" | grep -E '^(init|sbin/init|bin/ps)( |$)' | sort)"
	for dest in bin/pidbox dev/console bin dev etc/inittab; do
		assert_run 1 '' "mkinitramfs: -a $T/file:$dest: that name is taken" \
			make_it -i "$T/file" -a "$T/file:$dest" -o "$T/x.cpio"
	done
	assert_run 1 '' 'mkinitramfs: -l y:a: that name is taken' make_it -l x:a -l y:a -o "$T/x.cpio"
	assert_run 1 '' 'mkinitramfs: -l y:bin/ps/y: bin/ps is no directory' make_it -l y:bin/ps/y -o "$T/x.cpio"
	for words in "-l x:a -l y:a/b" "-l y:a/b -l x:a"; do
		# shellcheck disable=SC2086 # they are words
		assert_run 1 '' 'mkinitramfs: -l y:a/b: a is no directory' make_it $words -o "$T/x.cpio"
	done
	assertFalse 'nothing was made' "[ -e '$T/x.cpio' ]"
}

# For another machine: the one of -n says which applets there are.
testNames() {
	echo 'for another machine' >"$T/anyone/foreign"
	assert_run 0 '' '' make_it -b "$T/anyone/foreign" -n "$BIN/pidbox" -o "$T/n.cpio"
	make_it -o "$T/own.cpio"
	assertEquals "$(names "$T/own.cpio")" "$(names "$T/n.cpio")"
	# A program in the current directory is not looked for in PATH.
	(cd "$BIN" && sh "$SCRIPT" -b pidbox -o "$T/n.cpio") || fail 'in the current directory'
	cmp "$T/own.cpio" "$T/n.cpio"
}

testHelp() {
	run make_it -h
	assertEquals 0 "$rc"
	assertEquals '' "$err"
	for option in i a l b n o h; do
		like "$out" "*
  -$option *" || fail "-$option"
	done
	first=$out
	run sh "$TOP/scripts/mkinitramfs" --help
	assertEquals "$first" "$out"
}

testErrors() {
	set -- -o "$T/x.cpio"
	assert_run 1 '' 'mkinitramfs: /nowhere/f: no such file, or no regular one' make_it -a /nowhere/f:f "$@"
	assert_run 1 '' "mkinitramfs: $T: is a directory: add its files" make_it -a "$T:dir" "$@"
	assert_run 1 '' 'mkinitramfs: /dev/null: no such file, or no regular one' make_it -a /dev/null:f "$@"
	assert_run 1 '' 'mkinitramfs: /nowhere/t: no such file, or no regular one' make_it -i /nowhere/t "$@"
	for dest in ../x a/../../x ./x a//b a/. a/; do
		assert_run 1 '' "mkinitramfs: $TOP/LICENSE:$dest: not a name in the archive" \
			make_it -a "$TOP/LICENSE:$dest" "$@"
	done
	assert_run 1 '' '*: a name with a tab or newline' make_it -a "$TOP/LICENSE:a	b" "$@"
	assert_run 1 '' '*: too long a name for the kernel' make_it -l "x:$(printf %04096d 0)" "$@"
	assert_run 1 '' 'mkinitramfs: /nowhere/pidbox: no such file*' make_it -b /nowhere/pidbox "$@"
	assert_run 1 '' '*mkinitramfs: '"$TOP"'/LICENSE: does not run here*' make_it -b "$TOP/LICENSE" "$@"
	printf '#!/bin/sh\necho /bin/ps\n' >"$T/no-init"
	chmod +x "$T/no-init"
	assert_run 1 '' "mkinitramfs: $T/no-init: has no init" make_it -n "$T/no-init" "$@"
	for words in '' '-o' "-a $TOP/LICENSE -o x" '-a :x -o x' '-a x: -o x' '-l x -o x' '-z' "-o $T/x more"; do
		# shellcheck disable=SC2086 # they are words
		assert_run 2 '' '*usage: mkinitramfs *' make_it $words
	done
	assertFalse 'nothing was made' "[ -e '$T/x.cpio' ]"
}

# Root may read everything.
testUnreadable() {
	echo x >"$T/anyone/secret"
	chmod 000 "$T/anyone/secret"
	assert_run 1 '' "mkinitramfs: $T/anyone/secret: cannot be read" \
		as_user env TMPDIR="$T/anyone" sh "$SCRIPT" -b "$BIN/pidbox" \
		-a "$T/anyone/secret:f" -o "$T/anyone/x.cpio"
	rm -f "$T/anyone/secret"
}

testNoRoomAtTheEnd() {
	assert_run 1 '' "mkinitramfs: /dev/full: cannot be written (No space left on device)" make_it -o /dev/full
	assert_run 1 '' "mkinitramfs: /nowhere/x: cannot be written (*)" make_it -o /nowhere/x
	assert_run 1 '' "mkinitramfs: $T: cannot be written (*)" make_it -o "$T"
}

# full SIZE DIR...: in a mount namespace, with a tmpfs of that many kB on the directories.
full() {
	# shellcheck disable=SC2016 # expanded by that shell
	FULL_SIZE=$1 unshare --mount sh -c '
		mount -t tmpfs -o "size=${FULL_SIZE}k" none "$1" && shift && exec "$@"' - "$2" env TMPDIR="$3" \
		sh "$SCRIPT" -b "$BIN/pidbox" -o "$4"
}

testNoRoom() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'needs root'
		return
	fi
	mkdir "$T/small"
	# Where the archive goes: half of one does not stay.
	assert_run 1 '' "mkinitramfs: $T/small/x.cpio: cannot be written (No space left on device)" \
		full 64 "$T/small" "$T" "$T/small/x.cpio"
	# Where it is made.
	for size in 8 64 $(($(wc -c <"$BIN/pidbox") / 1024 + 24)); do
		run full "$size" "$T/small" "$T/small" "$T/x.cpio"
		assertEquals 1 "$rc"
		like "$err" '*mkinitramfs: *: cannot be *' || fail "with $size kB: $err"
		assertFalse 'nothing was made' "[ -e '$T/x.cpio' ]"
	done
}

. "${SHUNIT2:-shunit2}"
