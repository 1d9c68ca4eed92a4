#!/bin/sh
# SPDX-License-Identifier: 0BSD
# `pidbox --install`, which has to work where there is nothing else, and never costs anybody a file.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"

APPLETS=$(grep -h '^APPLET(' "$TOP"/applets/*.c "$TOP"/applets/*/*.c | sed 's/APPLET(\([a-z0-9_]*\).*/\1/' |
	sort | while read -r name; do
		if enabled "$(echo "$name" | tr a-z A-Z)"; then echo "$name"; fi
	done)
ONE=$(echo "$APPLETS" | sed -n 1p)
TWO=$(echo "$APPLETS" | sed -n 2p)

# Each test has its own root $R, which holds the program where it pleases.
setUp() {
	R=$T/root
	mkdir "$R"
}
tearDown() {
	[ ! -e "$R" ] || chmod -R u+w "$R"
	rm -rf "$R"
}

# place PATH: puts the program there, below $R; $P is its full path.
place() {
	P=$R/$1
	mkdir -p "$(dirname "$P")"
	cp "$BIN/pidbox" "$P"
}

# assert_installed DIR [TARGET]: all applets and nothing else are there: symbolic links that hold
# TARGET, or hard links.
assert_installed() {
	for applet in $APPLETS; do
		if [ $# = 2 ]; then
			assertEquals "$applet" "$2" "$(readlink "$1/$applet")"
		else
			assertFalse "$applet is a symbolic link" "[ -L '$1/$applet' ]"
		fi
		assertTrue "$applet is us" "[ '$1/$applet' -ef '$P' ]"
		like "$("$1/$applet" --help)" "Usage: $applet *" || fail "$1/$applet does not run"
	done
	assertEquals 'and nothing else' "$APPLETS" "$(find "$1" -mindepth 1 -maxdepth 1 ! -type d \
		! -name "${P##*/}" | sed 's,.*/,,' | LC_ALL=C sort)"
}

# ---- what it makes

testHardLinks() {
	place pidbox
	mkdir "$R/bin"
	assert_run 0 '' '' "$P" --install "$R/bin"
	assert_installed "$R/bin"
}

testSymbolicLinks() {
	place pidbox
	mkdir "$R/bin"
	assert_run 0 '' '' "$P" --install -s "$R/bin"
	assert_installed "$R/bin" ../pidbox
}

testDirectoryIsMade() {
	place pidbox
	assert_run 0 '' '' "$P" --install -s "$R/usr/local/bin/"
	assert_installed "$R/usr/local/bin" ../../../pidbox
}

# While -s and -f are given in any way.
testOptions() {
	for options in '-s -f' '-sf' '-f -s' '-fs'; do
		place pidbox
		# shellcheck disable=SC2086 # words
		assert_run 0 '' '' "$P" --install $options "$R/bin"
		assert_installed "$R/bin" ../pidbox
		rm -r "${R:?}/bin"
	done
}

testRelativeTargets() {
	while read -r program dir target; do
		place "$program"
		assert_run 0 '' '' "$P" --install -s "$R/$dir"
		assert_installed "$R/$dir" "$target"
		rm -rf "${R:?}"/*
	done <<-END
		pidbox bin ../pidbox
		bin/pidbox bin pidbox
		bin/pidbox sbin ../bin/pidbox
		usr/lib/pidbox bin ../usr/lib/pidbox
		lib/a/pidbox usr/bin ../../lib/a/pidbox
		lib/a/pidbox lib/b ../a/pidbox
		lib/a/pidbox lib/ab ../a/pidbox
		lib/ab/pidbox lib/a ../ab/pidbox
		opt/x/y/pidbox opt x/y/pidbox
		pidbox a/b/c/d ../../../../pidbox
		bin/foo sbin ../bin/foo
	END
}

# So the tree can be mounted, copied or renamed as a whole.
testLinksHoldWhereverTheTreeIs() {
	place lib/pidbox
	assert_run 0 '' '' "$P" --install -s "$R/usr/bin"
	mv "$R" "$T/moved"
	assertTrue "'$T/moved/usr/bin/$ONE' --help >/dev/null"
	mv "$T/moved" "$R"
	need_root || return 0
	sanitized && return 0
	assert_run 0 "Usage: $ONE *" '' chroot "$R" "/usr/bin/$ONE" --help
}

# The names in the path may be links themselves: what counts is where they lead.
testPathsWithSymbolicLinks() {
	place usr/lib/pidbox
	mkdir "$R/usr/bin"
	ln -s usr/bin "$R/bin"
	ln -s usr/lib/pidbox "$R/start"
	assert_run 0 '' '' "$R/start" --install -s "$R/bin"
	assert_installed "$R/usr/bin" ../lib/pidbox
}

testRelativePaths() {
	place here/pidbox
	# shellcheck disable=SC2016 # expanded there
	assert_run 0 '' '' sh -c 'cd "$0/here" && ./pidbox --install -s ../bin' "$R"
	assert_installed "$R/bin" ../here/pidbox
	rm -r "${R:?}/bin"
	# shellcheck disable=SC2016
	assert_run 0 '' '' sh -c 'cd "$0" && PATH=here:$PATH && pidbox --install bin' "$R"
	assert_installed "$R/bin"
	rm -r "${R:?}/bin"
	# shellcheck disable=SC2016
	assert_run 0 '' '' sh -c 'cd "$0/here" && ./pidbox --install -s .' "$R"
	assert_installed "$R/here" pidbox
}

testProgramInTheDirectory() {
	place bin/pidbox
	before=$(ls -i "$P")
	assert_run 0 '' '' "$P" --install "$R/bin"
	assert_installed "$R/bin"
	assert_run 0 '' '' "$P" --install -s -f "$R/bin"
	assertEquals "$before" "$(ls -i "$P")"
}

# It has an applet's name: that must not become a link to itself.
testProgramNamedLikeAnApplet() {
	mkdir "$R/bin"
	cp "$BIN/pidbox" "$R/bin/$ONE"
	ln -s "bin/$ONE" "$R/pidbox"
	for options in -s '-s -f' -f; do
		# shellcheck disable=SC2086 # words
		assert_run 0 '' '' "$R/pidbox" --install $options "$R/bin"
		assertFalse 'is a link now' "[ -L '$R/bin/$ONE' ]"
		assert_run 0 "Usage: $TWO *" '' "$R/bin/$TWO" --help
	done
}

# An image that holds nothing: RUN ["/pidbox", "--install", "-s", "/bin"].
testScratchImage() {
	need_root || return 0
	sanitized && return 0
	place pidbox
	assert_run 0 '' '' chroot "$R" /pidbox --install -s /bin
	assert_installed "$R/bin" ../pidbox
	assertEquals 'nothing else' 'bin
pidbox' "$(ls "$R")"
	assert_run 0 "Usage: $ONE *" '' chroot "$R" "/bin/$ONE" --help
	assert_run 0 '' '' chroot "$R" /pidbox --install -s /
	assertEquals pidbox "$(readlink "$R/$ONE")"
	rm -r "${R:?}/bin"
	assert_run 0 '' '' chroot "$R" /pidbox --install /usr/bin
	assert_installed "$R/usr/bin"
}

# ---- what it leaves alone

testRefusesForeignFiles() {
	place pidbox
	mkdir "$R/bin"
	echo precious >"$R/bin/$ONE"
	run "$P" --install -s "$R/bin"
	assertEquals 1 "$rc"
	like "$err" "pidbox: $R/bin/$ONE: *-f*" || fail "$err"
	assert_one_line
	assertEquals precious "$(cat "$R/bin/$ONE")"
	assertEquals 'the others are there' ../pidbox "$(readlink "$R/bin/$TWO")"
	# Each of them is named.
	rm "$R/bin/$TWO"
	ln -s /nowhere "$R/bin/$TWO"
	run "$P" --install "$R/bin"
	assertEquals 1 "$rc"
	assertEquals 2 "$(grep -c "^pidbox: $R/bin/" "$T/err")"
	assertEquals /nowhere "$(readlink "$R/bin/$TWO")"
}

testForce() {
	place pidbox
	mkdir "$R/bin"
	echo precious >"$R/other"
	echo foreign >"$R/bin/$ONE"
	ln -s ../other "$R/bin/$TWO"
	assert_run 0 '' '' "$P" --install -s -f "$R/bin"
	assert_installed "$R/bin" ../pidbox
	assertEquals 'the target of the replaced link' precious "$(cat "$R/other")"
}

# A directory is nothing that a link could replace.
testForceAndDirectory() {
	place pidbox
	mkdir -p "$R/bin/$ONE/full" "$R/bin/$TWO"
	run "$P" --install -s -f "$R/bin"
	assertEquals 1 "$rc"
	assertEquals 2 "$(grep -c "^pidbox: $R/bin/.*: $EISDIR$" "$T/err")"
	assertTrue 'it is still there' "[ -d '$R/bin/$ONE/full' ] && [ -d '$R/bin/$TWO' ]"
	assertEquals 'no rest of the attempt' '' "$(find "$R/bin" -name '.*' -mindepth 1)"
}

testIdempotent() {
	for option in -s ''; do
		place pidbox
		# shellcheck disable=SC2086 # nothing or a word
		assert_run 0 '' '' "$P" --install $option "$R/bin"
		before=$(ls -lic --full-time "$R/bin" 2>/dev/null || ls -lic "$R/bin")
		# shellcheck disable=SC2086
		assert_run 0 '' '' "$P" --install $option "$R/bin"
		assertEquals "$before" "$(ls -lic --full-time "$R/bin" 2>/dev/null || ls -lic "$R/bin")"
		rm -r "${R:?}/bin"
	done
}

# Ours is what leads to us, however it was written, and what a former program of this place left.
testOursIsRecognised() {
	place pidbox
	mkdir "$R/bin"
	ln "$P" "$R/bin/$ONE"
	ln -s "$P" "$R/bin/$TWO"
	assert_run 0 '' '' "$P" --install -s "$R/bin"
	assertTrue "[ '$R/bin/$ONE' -ef '$P' ] && [ '$R/bin/$TWO' -ef '$P' ]"
}

# A new version in the old one's place: the links are right already.
testUpgradeOfSymbolicLinks() {
	place pidbox
	assert_run 0 '' '' "$P" --install -s "$R/bin"
	cp "$P" "$R/new" && mv "$R/new" "$P"
	assert_run 0 '' '' "$P" --install -s "$R/bin"
	assert_installed "$R/bin" ../pidbox
}

# ---- errors

testWrongUse() {
	for arguments in '' -s '-f -s'; do
		# shellcheck disable=SC2086 # words
		assert_run 1 '' 'pidbox: --install: no directory*' "$BIN/pidbox" --install $arguments
		assert_one_line
	done
	assert_run 1 '' "pidbox: --install: unknown option '-x'" "$BIN/pidbox" --install -x "$R"
	assert_run 1 '' "pidbox: --install: one directory only: '*'" "$BIN/pidbox" --install "$R" "$R/b"
	assert_run 1 '' 'pidbox: --install: *' "$BIN/pidbox" --install ''
	assertEquals '' "$(ls "$R")"
}

testCannotInstall() {
	place pidbox
	echo >"$R/file"
	assert_run 1 '' "pidbox: --install: $R/file: $ENOTDIR" "$P" --install -s "$R/file"
	assert_run 1 '' "pidbox: --install: $R/file/bin: $ENOTDIR" "$P" --install -s "$R/file/bin"
	mkdir "$R/closed"
	chmod 555 "$R/closed"
	assert_run 1 '' "pidbox: --install: $R/closed/bin: $EACCES" \
		as_user "$P" --install -s "$R/closed/bin"
	run as_user "$P" --install -s "$R/closed"
	assertEquals 1 "$rc"
	assertEquals "$(echo "$APPLETS" | sed "s,.*,pidbox: $R/closed/&: $EACCES,")" "$err"
}

testHardLinkToAnotherFileSystem() {
	need_root || return 0
	place pidbox
	mkdir "$R/bin"
	# shellcheck disable=SC2016 # expanded there
	assert_run 1 '' "*$R/bin/$ONE: *-s*" unshare -m sh -c \
		'mount -n -t tmpfs none "$1" && exec "$0" --install "$1"' "$P" "$R/bin"
	# shellcheck disable=SC2016
	assert_run 0 "$APPLETS" '' unshare -m sh -c \
		'mount -n -t tmpfs none "$1" && "$0" --install -s "$1" && ls "$1"' "$P" "$R/bin"
}

# ---- make install

testMakeInstall() {
	mkdir "$R/tree" "$R/dest"
	(cd "$TOP" && tar -c -f - --exclude=./.git --exclude=./build --exclude=./.config .) |
		tar -x -f - -C "$R/tree"
	cp "$BUILD/config.mk" "$R/tree/.config"
	run make -s -j2 -C "$R/tree" install O="$R/o" DESTDIR="$R/dest" PREFIX=/usr
	assertEquals "$err" 0 "$rc"
	P=$R/dest/usr/bin/pidbox
	assertTrue 'executable' "[ -x '$P' ]"
	for applet in $APPLETS; do
		assertEquals pidbox "$(readlink "$R/dest/usr/bin/$applet")"
		assertTrue "no man page of $applet" "[ -s '$R/dest/usr/share/man/man1/$applet.1' ]"
		assertTrue "'$R/dest/usr/bin/$applet' --help >/dev/null"
	done
	# Somebody else's program is left alone unless told.
	rm "$R/dest/usr/bin/ps"
	echo foreign >"$R/dest/usr/bin/ps"
	run make -s -C "$R/tree" install O="$R/o" DESTDIR="$R/dest" PREFIX=/usr
	assertEquals 2 "$rc"
	assertTrue "$err" "like '$err' '*/dest/usr/bin/ps exists and is no link of ours*'"
	assertEquals foreign "$(cat "$R/dest/usr/bin/ps")"
	run make -s -C "$R/tree" install O="$R/o" DESTDIR="$R/dest" PREFIX=/usr OVERWRITE=1
	assertEquals "$err" 0 "$rc"
	assertEquals pidbox "$(readlink "$R/dest/usr/bin/ps")"
	# Again, with what is there; and elsewhere.
	run make -s -C "$R/tree" install O="$R/o" DESTDIR="$R/dest" PREFIX=/usr
	assertEquals "$err" 0 "$rc"
	run make -s -C "$R/tree" install O="$R/o" DESTDIR="$R/dest"
	assertTrue "$err" "[ -x '$R/dest/usr/local/bin/pidbox' ]"
	assertEquals 'nothing outside of it' usr "$(ls "$R/dest")"
}

if ! enabled INSTALL; then
	suite() { suite_addTest testMakeInstall; }
fi

. "${SHUNIT2:-shunit2}"
