#!/bin/sh
# SPDX-License-Identifier: 0BSD
# scripts/setup on machines made of a directory: PATH holds nothing but what a test puts there, and
# the package managers are scripts that note how they were called.
# shellcheck disable=SC1090,SC1091,SC2016,SC2154 # lib.sh and its variables; text for eval
. "$(dirname "$0")/../lib.sh"

setUp() {
	rm -rf "$T/machine"
	mkdir -p "$T/machine/bin" "$T/machine/musl/lib"
	: >"$T/machine/calls"
	for tool in cat chmod env grep mktemp rm sh tail tr true; do
		for dir in /usr/bin /bin; do
			if [ -x "$dir/$tool" ]; then ln -sf "$dir/$tool" "$T/machine/bin"; fi
		done
	done
	has id 'echo 0'
}

# has COMMAND [TEXT]: the machine has it, and it does that.
has() {
	rm -f "$T/machine/bin/$1"
	printf '#!/bin/sh\n%s\n' "${2:-}" >"$T/machine/bin/$1"
	chmod +x "$T/machine/bin/$1"
}

# manager NAME [TEXT]: it has this package manager, which notes the call and then does that.
manager() { has "$1" "echo '$1' \"\$*\" >>'$T/machine/calls'; ${2:-true}"; }

has_musl() { : >"$T/machine/musl/lib/libc.a"; }

has_all_for_build() {
	for tool in make awk gcc; do has "$tool"; done
	has_musl
}

# What installing does to the machine; its arguments are those of the package manager.
INSTALL='
	for word; do
		case $word in
		make | gcc) : >"$MACHINE/bin/$word"; chmod +x "$MACHINE/bin/$word" ;;
		mawk | gawk) : >"$MACHINE/bin/awk"; chmod +x "$MACHINE/bin/awk" ;;
		musl-tools | musl-dev) : >"$MACHINE/musl/lib/libc.a" ;;
		esac
	done'

setup() {
	/usr/bin/env -u PIDBOX_NO_INSTALL PATH="$T/machine/bin" MACHINE="$T/machine" \
		MUSL="$T/machine/musl" "$(command -v sh)" "$TOP/scripts/setup" "$@"
}

assert_calls() { assertEquals "$1" "$(cat "$T/machine/calls")"; }

testNothingIsMissing() {
	has_all_for_build
	manager apt-get
	assert_run 0 'setup: build: nothing is missing' '' setup build
	assert_calls ''
}

testEitherCompilerWillDo() {
	has_all_for_build
	manager apt-get
	rm "$T/machine/bin/gcc"
	has clang
	assert_run 0 'setup: build: nothing is missing' '' setup build
}

APT='apt-get install -y --no-install-recommends'

testInstallsWhatIsMissing() {
	manager apt-get "$INSTALL"
	has gcc
	assert_run 0 "setup: build: missing: make awk musl
setup: $APT make mawk musl-tools" '' setup build
	assert_calls "$APT make mawk musl-tools -o DPkg::Lock::Timeout=120"
	assert_run 0 'setup: build: nothing is missing' '' setup build
}

testApk() {
	manager apk "$INSTALL"
	assert_run 0 '*' '' setup build
	assert_calls 'apk add make gawk gcc musl-dev'
}

# A fresh container has no package lists, an old machine has stale ones.
testUpdatesOnlyWhenThatIsNeeded() {
	manager apk 'case $1 in update) : >"$MACHINE/lists" ;; add) [ -e "$MACHINE/lists" ] || exit 1 ;; esac'"
	$INSTALL"
	has_musl
	assert_run 0 '*
setup: apk update' '' setup build
	assert_calls 'apk add make gawk gcc
apk update
apk add make gawk gcc'
}

testInstallFails() {
	manager apt-get 'echo E: no network; exit 100'
	assert_run 1 '*' "*E: no network*that failed; run as root:
    $APT make mawk gcc musl-tools" setup build
	assertEquals 3 "$(wc -l <"$T/machine/calls")"
}

# The package is there, but not what it was to bring.
testInstallBringsNothing() {
	manager apt-get
	has_all_for_build
	rm "$T/machine/bin/make"
	assert_run 1 '*' 'setup: still missing, though apt-get installed what it has: make' setup build
}

# kconfig-frontends is in no Alpine: the rest is installed all the same.
testNoPackageForIt() {
	manager apk "$INSTALL"
	assert_run 1 '*' 'setup: still missing, *kconfig-conf*' setup test
	assertTrue 'like "$(cat "$T/machine/calls")" "apk add make *mandoc*"'
	assertFalse 'like "$(cat "$T/machine/calls")" "* -*"'
}

testNamesThePackagesOfOthers() {
	manager dnf
	assert_run 1 '*' '*run as root:
    dnf install -y make gawk gcc musl-gcc musl-libc-static' setup build
	assert_calls ''
	rm "$T/machine/bin/dnf"
	manager pacman
	assert_run 1 '*' '*run as root:
    pacman -S --needed --noconfirm make gawk gcc musl' setup build
	assert_calls ''
	rm "$T/machine/bin/pacman"
	assert_run 1 '*missing: make awk gcc|clang musl' '*install these by hand' setup build
}

testMayNotInstall() {
	manager apt-get "$INSTALL"
	assert_run 1 '*' "setup: PIDBOX_NO_INSTALL is set; run as root:
    $APT make mawk gcc musl-tools" \
		setup_with PIDBOX_NO_INSTALL=1 build
	has id 'echo 1000'
	assert_run 1 '*' "setup: not root, *; run as root:
    $APT make mawk gcc musl-tools" setup build
	assert_calls ''
}

setup_with() {
	/usr/bin/env PATH="$T/machine/bin" MACHINE="$T/machine" MUSL="$T/machine/musl" "$1" \
		"$(command -v sh)" "$TOP/scripts/setup" "$2"
}

testBecomesRoot() {
	for by in sudo doas; do
		setUp
		manager apk "$INSTALL"
		has id 'echo 1000'
		# Without a password, or not at all.
		has "$by" '[ "$1" = -n ] || exit 1
shift
echo "'"$by"'" >>"$MACHINE/calls"
exec "$@"'
		assert_run 0 '*' '' setup build
		assert_calls "$by
$by
apk add make gawk gcc musl-dev"
	done
}

testPurposes() {
	manager dnf
	assert_run 1 '*' '*make*mandoc*' setup test
	assertFalse 'test needs no hyperfine' 'like "$err" "*hyperfine*"'
	assert_run 1 '*' '*make*hyperfine*' setup bench
	assertFalse 'bench needs no mandoc' 'like "$err" "*mandoc*"'
	assert_run 1 '*' '*make*mandoc*hyperfine*' setup bench test
	assertEquals 'each package once' 1 "$(echo "$err" | tr ' ' '\n' | grep -cx util-linux)"
}

# Those of busybox are something else.
testForeignImplementations() {
	manager dnf
	has ps 'echo BusyBox'
	has pstree 'echo BusyBox >&2'
	has ldd 'echo libc.so.6'
	has busybox
	assert_run 1 '*procps psmisc*busybox-static*' '*' setup bench
	has ps 'echo ps from procps-ng 4'
	has pstree 'echo pstree \(PSmisc\) 23 >&2'
	has ldd 'echo not a dynamic executable; exit 1'
	run setup bench
	assertFalse 'like "$out" "*procps*"'
	assertFalse 'like "$out" "*psmisc*"'
	assertFalse 'like "$out" "*busybox-static*"'
}

testWrongUse() {
	assert_run 2 '' '*usage:*' setup
	assert_run 2 '' '*usage:*' setup build tset
}

# Here, where the tests run, their own list is complete: whatever they need was found.
testThisMachine() {
	assert_run 0 'setup: build test: nothing is missing' '' \
		env PIDBOX_NO_INSTALL=1 "$TOP/scripts/setup" build test
}

testTable() {
	assertEquals 'rows that are not of six columns' '' \
		"$(sed -n "/^facts='/,/^'/p" "$TOP/scripts/setup" | sed '1d;$d' | awk 'NF != 6 && !/^#/')"
}

# What a test says it needs has a row, with the package that the test names.
testEveryNeedHasARow() {
	rows=$(sed -n "/^facts='/,/^'/p" "$TOP/scripts/setup" | awk '$1 ~ /build|test/ { print " " $3 "+" }')
	needs=$(sed -n 's/^[[:blank:]]*need \([a-z0-9_-]* [a-z0-9.+-]*\)$/\1/p' "$TOP"/tests/*/*.sh \
		"$TOP"/tests/*/helper/*.sh | sort -u)
	assertTrue "found: $needs" "[ $(echo "$needs" | wc -l) -gt 30 ]"
	echo "$needs" | while read -r thing package; do
		case $rows in
		*" $package+"* | *"+$package+"*) ;;
		*) echo "$thing of $package" ;;
		esac
	done >"$T/lacking"
	assertEquals 'needed by a test, installed by nobody' '' "$(cat "$T/lacking")"
}

. "${SHUNIT2:-shunit2}"
