#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter: root and working directory. util-linux leaves the working directory outside of a new root;
# here that never happens (B13).
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"

NSENTER=$BIN/nsenter

# rooted: a target in $ROOT/sub.
rooted() {
	target unshare -mu -R "$ROOT" -w /sub /busybox sh -c 'echo; exec /busybox sleep 1000'
}

testRoot() {
	need_root || return 0
	rooted || return
	for option in -r --root "-r$ROOT" "--root=$ROOT"; do
		assert_both 0 'busybox
proc
sub' '' -t "$target" -u "$option" /busybox ls /
	done
	assert_run 0 'busybox
proc
sub' '' "$NSENTER" -t "$target" -u "-r=$ROOT" /busybox ls /
	assert_both 1 '' "nsenter: cannot open $T/none: $ENOENT" "-r$T/none" true
	assert_both 1 '' "nsenter: cannot open $T/none: $ENOENT" -t "$target" -u "--root=$T/none" true
	assert_run 1 '' "nsenter: *$BUSYBOX*: $ENOTDIR*" "$NSENTER" -t "$target" -u "-r$BUSYBOX" true
}

# No namespace is needed for it, and of no process.
testRootAlone() {
	need_root || return 0
	rooted || return
	assert_both 0 'busybox
proc
sub' '' "-r$ROOT" /busybox ls /
	assert_both 0 /sub '' "-r$ROOT" "-w$ROOT/sub" /busybox pwd
	assert_both 0 /sub '' -t "$target" -r -w /busybox pwd
	assert_both 0 "$ROOT/sub" '' "-w$ROOT/sub" pwd
}

# B13, S36: without -w it is the new root, never the old directory.
testB13RootTakesTheDirectoryAlong() {
	need_root || return 0
	rooted || return
	for option in -r --root "-r$ROOT" "-r=$ROOT" "--root=$ROOT"; do
		assert_run 0 / '' "$NSENTER" -t "$target" -u "$option" /busybox pwd
		assert_run 0 busybox '' "$NSENTER" -t "$target" -u "$option" /busybox ls -d busybox
		assert_run 0 '*' '' "$NSENTER" -t "$target" -u "$option" /busybox ls ../../../..
		assertEquals 'busybox
proc
sub' "$out"
	done
	for options in '-m -r' '-a -r'; do
		# shellcheck disable=SC2086 # words
		assert_run 0 / '' "$NSENTER" -t "$target" $options /busybox pwd
	done
	assert_run 0 / '' "$NSENTER" "-r$ROOT" /busybox pwd
}

testRootAndDirectory() {
	need_root || return 0
	rooted || return
	for options in '-r -w' '-w -r' '--root --wd' "-r -w$ROOT/sub" "-r$ROOT -w" '-a -r -w'; do
		# shellcheck disable=SC2086 # words
		assert_both 0 /sub '' -t "$target" -u $options /busybox pwd
	done
}

# A directory that was asked for by its name may well be outside of the root: so it was said.
testB13ADirectoryOutsideOnlyByItsName() {
	need_root || return 0
	rooted || return
	assert_both 0 secret '' -t "$target" -r "-w$T/outside" /busybox ls
	assert_both 0 secret '' "-r$ROOT" "--wd=$T/outside" /busybox ls
}

testDirectory() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -r sh -c 'cd "$0" && echo && exec sleep 1000' "$ROOT/sub" || return
	for option in -w --wd "-w$ROOT/sub" "-w=$ROOT/sub" "--wd=$ROOT/sub"; do
		assert_run 0 "$ROOT/sub" '' as_user "$NSENTER" -t "$target" -U "$option" pwd
	done
	# By the name that it has for the caller, who may be anywhere.
	assert_run 0 "$ROOT/sub" '' as_user sh -c 'cd "$2" && exec "$0" -t "$1" -U -wsub pwd' \
		"$NSENTER" "$target" "$ROOT"
	assert_run 1 '' "nsenter: cannot open $T/none: $ENOENT" \
		as_user "$NSENTER" -t "$target" -U "-w$T/none" true
}

# Without -m, -r and -w the working directory stays what it was.
testDirectoryIsTheCallers() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -rui sh -c 'cd "$0" && echo && exec sleep 1000' "$ROOT/sub" || return
	assert_run 0 "$ROOT" '' as_user sh -c 'cd "$2" && exec "$0" -t "$1" -U -u -i pwd' \
		"$NSENTER" "$target" "$ROOT"
}

# S37: in a mount namespace it is the root of that.
testS37DirectoryInAMountNamespace() {
	need_root || return 0
	rooted || return
	assert_both 0 / '' -t "$target" -m pwd
	assert_both 0 "$(ls /)" '' -t "$target" -m ls
	container +"$BUSYBOX" || return
	assert_both 0 / '' -t "$target" -m /busybox pwd
	assert_both 0 busybox '' -t "$target" -m /busybox ls
}

# S38: both are opened before anything is entered, and are what they were then.
testS38DirectoryIsOpenedFirst() {
	need_root || return 0
	target unshare -m sh -c 'mount -n -t tmpfs none "$0" && echo && exec sleep 1000' "$ROOT" || return
	assert_both 0 busybox '' -t "$target" -m "-w$ROOT" ls -d busybox
	assert_both 0 '' '' -t "$target" -m sh -c 'ls "$0"' "$ROOT"
	assert_both 0 '*' '' -t "$target" -m "-r$ROOT" /busybox ls /
	# The target's own ones come from /proc, which that mount namespace has no more.
	target unshare -mp -f -R "$ROOT" -w /sub /busybox sh -c 'echo; exec /busybox sleep 1000' || return
	assert_both 0 /sub '' -t "$target" -a -r -w /busybox pwd
}

# A root without a shell: all that we do there is to execute one program.
testRootWithoutShell() {
	need_root || return 0
	target unshare -muinpf --kill-child -R "$ROOT" --mount-proc \
		/busybox sh -c 'echo; exec /busybox sleep 1000' || return
	both_print "$(ns pid "$target")" -t "$target" -a -r /busybox readlink /proc/self/ns/pid
	run "$NSENTER" -t "$target" -a -r -w /busybox ps -o pid,comm
	assertTrue "$out" 'echo "$out" | grep -q "^ *1 busybox"'
	assert_both 127 '' "nsenter: failed to execute sh: $ENOENT" -t "$target" -a -r sh
}

# ---- -W, --wdns

# It means what the new root has under that name.
testWdns() {
	need_root || return 0
	rooted || return
	for option in -W/sub --wdns=/sub -Wsub --wdns=sub; do
		assert_both 0 /sub '' -t "$target" -u -r "$option" /busybox pwd
		assert_both 0 /sub '' -t "$target" "-r$ROOT" "$option" /busybox pwd
	done
	assert_run 0 /sub '' "$NSENTER" -t "$target" -u -r -W=/sub /busybox pwd
	container +proc +"$BUSYBOX" || return
	assert_both 0 /proc/1 '' -t "$target" -a -W/proc/1 /busybox pwd
	assert_both 0 /proc/1 '' -t "$target" -a --wdns=proc/1 /busybox pwd
	run "$NSENTER" -t "$target" -a -W/sub /busybox pwd
	assertEquals 1 "$rc"
	assertEquals "nsenter: cannot open /sub: $ENOENT" "$err"
	assert_run 1 '' "nsenter: *$ENOTDIR*" "$NSENTER" -t "$target" -a -W/busybox /busybox pwd
}

# A link of the container's leads nowhere but into the container.
testWdnsOfAHostileRoot() {
	need_root || return 0
	container +proc +"$BUSYBOX" || return
	ln -s "$T/outside" "/proc/$target/root/link"
	mkdir -p "/proc/$target/root$T/outside/inside"
	ln -s ../../../.. "/proc/$target/root/up"
	assert_both 0 inside '' -t "$target" -a -W/link /busybox ls
	assert_both 0 / '' -t "$target" -a -W/up /busybox pwd
	assert_both 0 / '' -t "$target" -a -W/proc/1/root /busybox pwd
	rooted || return
	ln -s "$T/outside" "$ROOT/link"
	assert_run 1 '' "nsenter: cannot open /link: $ENOENT" \
		"$NSENTER" -t "$target" -r -W/link /busybox ls
	rm "$ROOT/link"
}

# Alone it is no more than cd.
testWdnsAlone() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -r sh -c "$SLEEP" || return
	assert_run 0 "$ROOT/sub" '' as_user "$NSENTER" -t "$target" -U "-W$ROOT/sub" pwd
	assert_run 0 "$ROOT/sub" '' as_user sh -c 'cd "$2" && exec "$0" -t "$1" -U -Wsub pwd' \
		"$NSENTER" "$target" "$ROOT"
	assert_run 0 "$ROOT" '' as_user sh -c 'cd "$2" && exec "$0" -t "$1" -U -W pwd' \
		"$NSENTER" "$target" "$ROOT"
	assert_run 0 "$ROOT" '' as_user sh -c 'cd "$2" && exec "$0" -t "$1" -U --wdns pwd' \
		"$NSENTER" "$target" "$ROOT"
}

testWdnsExcludesWd() {
	for options in '-w/ -W/' '-W/ -w/' '--wd --wdns=/' '--wdns=/ --wd=/' '-w --wdns' '--wdns -w/'; do
		# shellcheck disable=SC2086 # words
		assert_both 1 '' 'nsenter: *--wd*--wd*' -t $$ $options true
	done
}

oneTimeSetUp() {
	mkdir "$T/outside"
	: >"$T/outside/secret"
}

. "${SHUNIT2:-shunit2}"
