#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The build: what comes out is the same from everywhere, static, without warnings, and what was asked
# for; what cannot be built says why. All on copies of the tree.
# limit: 300
. "$(dirname "$0")/../lib.sh"
need readelf binutils
need file file
need clang clang
need git git

# Nothing of the make that may have started us.
unset CC CFLAGS LDFLAGS CROSS_COMPILE MUSL O V SET DESTDIR PREFIX MAKEFLAGS MFLAGS MAKELEVEL

# tree NAME: a copy of the sources, as an archive of them would be: no git, nothing built.
tree() {
	mkdir -p "$T/$1"
	(cd "$TOP" && tar -c -f - --exclude=./.git --exclude=./build --exclude=./.config .) |
		tar -x -f - -C "$T/$1"
}

# build NAME ARGUMENT...: make there; $rc, $out and $err as by run.
build() {
	built=$T/$1
	shift
	run make -C "$built" --no-print-directory -j4 "$@"
}

assert_built() {
	assertEquals "status of $*: $err" 0 "$rc"
	assertEquals "warnings of $*" '' "$err"
}

# sums DIR: all files and directories of a tree with their content.
sums() { (cd "$1" && find . -type d | sort && find . -type f -exec cksum {} + | sort -k 3); }

# Several tests build on in the first, and each leaves it as it was: with the defaults.
oneTimeSetUp() {
	tree a
	tree some/where/else/b
	sums "$T/some/where/else/b" >"$T/before"
	build a CFLAGS=-Werror
	first_rc=$rc first_err=$err first_out=$out
	build some/where/else/b O="$T/objects" CFLAGS=-Werror
	second_rc=$rc second_err=$err
	A=$T/a/build/pidbox
	B=$T/objects/pidbox
}

testBuildsWithoutAWarning() {
	assertEquals "$first_err" '0:' "$first_rc:$first_err"
	assertEquals "$second_err" '0:' "$second_rc:$second_err"
}

testSameBytesFromEveryDirectory() {
	assertTrue 'they differ' "cmp '$A' '$B'"
	# No path of the builder's is in there.
	assertFalse 'a path' "grep -aqF '$T' '$A' '$B'"
}

testClang() {
	build a CC=clang CFLAGS=-Werror O="$T/clang"
	assert_built clang
	assert_static "$T/clang/pidbox"
	assertEquals "$("$A" --list)" "$("$T/clang/pidbox" --list)"
	# And back: another compiler is noticed, the objects of the former one are not kept.
	build a CC=musl-gcc CFLAGS=-Werror O="$T/clang"
	if [ "$(readlink -f "$(command -v cc)")" != "$(readlink -f "$(command -v clang)")" ] &&
		command -v musl-gcc >/dev/null; then
		assert_built 'gcc again'
		assertTrue "cmp '$A' '$T/clang/pidbox'"
	fi
}

assert_static() {
	like "$(file -b "$1")" '*static*linked*' || like "$(file -b "$1")" '*static-pie linked*' ||
		fail "$(file "$1")"
	assertEquals 'no loader' '' "$(readelf -lW "$1" | grep -E 'INTERP|interpreter')"
	assertEquals 'no libraries' '' "$(readelf -dW "$1" | grep NEEDED)"
	assertEquals 'no stack that can be executed' '' "$(readelf -lW "$1" | grep 'GNU_STACK.*E')"
	assertEquals 'no symbols' '' "$(readelf -SW "$1" | grep -F .symtab)"
	assertEquals 'a static program relocates nothing by name' '' "$(readelf -rW "$1" | grep R_ | grep -v RELATIVE)"
	assertTrue 'it runs' "'$1' --version >/dev/null"
}

testIsStatic() { assert_static "$A"; }

# assert_hardened DIR CONFIG: that the program built in DIR is as hard as CONFIG says.
assert_hardened() {
	assert_as "$2" STATIC_PIE "readelf -hW '$1/pidbox' | grep -q 'Type: *DYN'"
	assert_as "$2" STACK_PROTECTOR "nm '$1'/obj/core/*.o | grep -q __stack_chk_fail"
	# At a fixed address there is nothing to relocate, so nothing to protect afterwards.
	if grep -q '^CONFIG_STATIC_PIE=y' "$2"; then
		assert_as "$2" RELRO "readelf -lW '$1/pidbox' | grep -q GNU_RELRO"
	fi
}

# assert_as CONFIG SYMBOL COMMAND: that the command is true where the symbol is on, and only there.
assert_as() {
	if grep -q "^CONFIG_$2=y" "$1"; then assertTrue "$2" "$3"; else assertFalse "$2" "$3"; fi
}

# By default what defconfig says, else what SET= asks for.
testHardening() {
	assert_hardened "$T/a/build" "$T/a/.config"
	for set in 'STATIC_PIE=y STACK_PROTECTOR=n RELRO=y' 'STATIC_PIE=n STACK_PROTECTOR=y RELRO=n'; do
		build a defconfig O="$T/hard" SET="$set"
		assert_built defconfig
		for setting in $set; do
			symbol=${setting%=*}
			assert_as "$T/hard/.config" "$symbol" "[ '${setting#*=}' = y ]"
		done
		build a O="$T/hard" CFLAGS=-Werror
		assert_built "$set"
		assert_static "$T/hard/pidbox"
		assert_hardened "$T/hard" "$T/hard/.config"
	done
}

# ---- what it says

testOutput() {
	like "$first_out" '*  CC      core/main.c*  LINK    build/pidbox' || fail "$first_out"
	touch "$T/a/core/main.c"
	build a CFLAGS=-Werror V=1
	assert_built V=1
	like "$out" '*-o build/obj/core/main.o core/main.c*-o build/pidbox *' || fail "$out"
	touch "$T/a/core/main.c"
	build a CFLAGS=-Werror -s
	assert_built -s
}

testHelp() {
	run make -C "$T/a" --no-print-directory help
	assertEquals 0 "$rc"
	sed -n 's/^\([a-z][a-z%-]*\):.*##.*/\1/p' "$T/a/Makefile" >"$T/targets"
	while read -r target; do
		assertEquals "$target" 1 "$(grep -c "^ *$target  *[^ ]" "$T/out")"
	done <"$T/targets"
	for target in all install clean defconfig menuconfig test lint demo help; do
		assertTrue "no $target" "grep -q '^ *$target ' '$T/out'"
	done
}

# ---- what cannot be built

# assert_reason PATTERN: one line, apart from make's own that it has stopped.
assert_reason() {
	assertNotEquals 0 "$rc"
	reason=$(grep -v '^make: \*\*\*\|^make\[[0-9]\]: ' "$T/err")
	like "$reason" "$1" || fail "$reason"
	assertEquals "lines: $err" 1 "$(echo "$reason" | wc -l)"
}

testNoMusl() {
	mkdir -p "$T/fake" "$T/empty"
	printf '#!/bin/sh\n[ "$1" = -dumpmachine ] && echo riscv64-linux-gnu\n' >"$T/fake/cc-riscv"
	chmod +x "$T/fake/cc-riscv"
	build a O="$T/none" CC="$T/fake/cc-riscv"
	assert_reason '*musl*riscv64-linux-gnu*musl-tools*musl-dev*'
	build a O="$T/none" CC=gcc MUSL="$T/empty"
	assert_reason '*musl*musl-tools*musl-dev*'
	assertFalse 'nothing is compiled' "[ -e '$T/none/obj' ]"
}

testNoCompiler() {
	build a O="$T/none" CC=no-such-compiler
	assert_reason "*no-such-compiler*musl-tools*"
	build a O="$T/none" CROSS_COMPILE=no-such-target-
	assert_reason "*no-such-target-gcc*"
}

# CC= wins over CROSS_COMPILE=.
testChoiceOfCompiler() {
	run make -C "$T/a" -n V=1 O="$T/choice" CC=clang CROSS_COMPILE=no-such-target- compiler
	assertEquals "$err" 0 "$rc"
}

testErrorStopsTheBuild() {
	echo '#error on purpose' >>"$T/a/core/str.c"
	build a CFLAGS=-Werror
	assertNotEquals 0 "$rc"
	like "$err" '*core/str.c*on purpose*' || fail "$err"
	sed -i '$d' "$T/a/core/str.c"
	build a CFLAGS=-Werror
	assert_built 'repaired'
	assertTrue "cmp '$A' '$B'"
}

# ---- building again

testTreeIsLeftAlone() {
	sums "$T/some/where/else/b" | diff "$T/before" - >"$T/changes"
	assertEquals 'by make O=DIR' '' "$(cat "$T/changes")"
}

testNothingToDo() {
	build a CFLAGS=-Werror
	assert_built again
	assertEquals '' "$(echo "$out" | grep -E 'CC|LINK')"
}

testHeadersAreFollowed() {
	touch "$T/a/core/idmap.h"
	build a CFLAGS=-Werror
	assert_built header
	like "$out" '*core/idmap.c*LINK*' || fail "$out"
	like "$out" '*core/sig.c*' && fail "$out"
	assertTrue "cmp '$A' '$B'"
}

# What was switched off stays off, in the file and in the program. And an applet is a file: one that
# is gone is gone, a new one is there, nothing else is edited.
testOffStaysOffAndAppletsAreFiles() {
	sed -i 's/^CONFIG_SLEEP=y$/# CONFIG_SLEEP is not set/' "$T/a/.config"
	for time in first second; do
		build a CFLAGS=-Werror
		assert_built "$time"
		assertEquals "$time" '' "$("$A" --list | grep -x sleep)"
		assertEquals "$time" '# CONFIG_SLEEP is not set' "$(grep SLEEP "$T/a/.config")"
		touch "$T/a/Config.in" "$T/a/applets/sleep.c"
	done
	assert_run 127 '' '*sleep*' "$A" sleep 0

	mv "$T/a/applets/sleep.c" "$T/sleep.c"
	sed 's/APPLET(sleep,/APPLET(doze,/; s/applet_sleep/applet_doze/g; s/config SLEEP/config DOZE/;
		s/bool "sleep"/bool "doze"/' "$T/sleep.c" >"$T/a/applets/doze.c"
	rm "$T/a/.config"
	build a CFLAGS=-Werror
	assert_built doze
	assertEquals doze "$("$A" --list | grep -x 'doze\|sleep')"
	assertTrue "'$A' doze 0"

	rm "$T/a/applets/doze.c" "$T/a/.config"
	mv "$T/sleep.c" "$T/a/applets/sleep.c"
	build a CFLAGS=-Werror
	assert_built 'as before'
	assertTrue "cmp '$A' '$B'"
}

# The version tells the commit, and whether something was changed since. Where there is no git it
# tells neither, and the build works.
testVersionNamesTheCommit() {
	like "$("$A" --version)" '*(*' && fail "$("$A" --version)"
	like "$("$A" --version)" 'pidbox [0-9]*.[0-9]*' || fail "$("$A" --version)"
	(
		cd "$T/a" && git init -q && git add . &&
			git -c user.name=test -c user.email=test@invalid commit -q -m test
	)
	id=$(git -C "$T/a" rev-parse HEAD)
	build a CFLAGS=-Werror
	assert_built commit
	told=$("$A" --version | sed -n 's/^pidbox [0-9.]* (\([0-9a-f]\{7,40\}\))$/\1/p')
	like "$id" "${told:-none}*" || fail "$id: $("$A" --version)"
	echo >>"$T/a/LICENSE"
	build a CFLAGS=-Werror
	like "$("$A" --version)" "pidbox [0-9]* ($told-dirty)*" || fail "$id: $("$A" --version)"
	sed -i '$d' "$T/a/LICENSE"
	rm -rf "$T/a/.git"
	build a CFLAGS=-Werror
	assertTrue "cmp '$A' '$B'"
}

# One applet alone is that applet, whatever it is called.
testSingleApplet() {
	build a allnoconfig O="$T/one" SET=SLEEP=y
	assert_built allnoconfig
	build a O="$T/one" CFLAGS=-Werror
	assert_built one
	cp "$T/one/pidbox" "$T/anything"
	assert_run 0 'Usage: sleep *' '' "$T/anything" --help
	assert_run 0 '' '' "$T/anything" 0
	assert_run 0 '' '' "$T/one/pidbox" sleep 0
	assert_run 0 '' '' "$T/one/pidbox" 0
	[ "$(wc -c <"$T/one/pidbox")" -lt "$(wc -c <"$A")" ] || fail 'it is no smaller'
}

# What a switch leaves out is not what another one lives by: back-off has its times without INIT_STOP.
testServicesAlone() {
	build a allnoconfig O="$T/services" SET='INIT=y INIT_CONTAINER=y INIT_SERVICE=y'
	assert_built allnoconfig
	build a O="$T/services" CFLAGS=-Werror
	assert_built services
	assert_run 0 '' '*it is given up' timeout 60 "$T/services/pidbox" --restart=always --max=6 --backoff=0.001 -- true
}

# An interrupted build leaves nothing that the next one takes for whole.
testNoHalfFiles() {
	rm "$T/a/build/obj/core/sig.o" "$A"
	: >"$T/a/build/obj/core/sig.d"
	build a CFLAGS=-Werror
	assert_built
	assertTrue "cmp '$A' '$B'"
}

testClean() {
	build a clean
	assert_built clean
	assertFalse "[ -e '$T/a/build' ]"
	assertTrue 'the configuration stays' "[ -e '$T/a/.config' ]"
	build a distclean
	assertFalse "[ -e '$T/a/.config' ]"
	sums "$T/a" | diff "$T/before" - >"$T/changes"
	assertEquals 'as unpacked' '' "$(cat "$T/changes")"
}

. "${SHUNIT2:-shunit2}"
