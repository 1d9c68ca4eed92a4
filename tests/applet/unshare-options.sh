#!/bin/sh
# SPDX-License-Identifier: 0BSD
# unshare: the options of util-linux and their abbreviations, which ours must not touch; wrong use.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by other shells; options are words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/unshare.sh"
UNSHARE=$BIN/unshare
export UNSHARE

mkdir "$T/dir" "$T/root"

# The long options of util-linux 2.43: what they take, and how to tell that it was this one. Those with
# a + are younger than 2.38.
THEIRS='
mount           ns mnt
uts             ns uts
ipc             ns ipc
net             ns net
pid             ns pid_for_children
user            ns user
cgroup          ns cgroup
time            ns time_for_children
fork            nothing
kill-child      text unknown_signal:_@
+forward-signals nothing UNSHARE_INIT
mount-proc      mounted proc
+mount-binfmt    mounted binfmt_misc UNSHARE_BINFMT
+load-interp     something UNSHARE_BINFMT
propagation     something
root            something
wd              something
setuid          something
setgid          something
map-user        something
map-group       something
map-root-user   nothing
map-current-user nothing
map-users       something UNSHARE_IDMAP
map-groups      something UNSHARE_IDMAP
map-auto        nothing UNSHARE_IDMAP
+map-subids      nothing UNSHARE_IDMAP
+owner           something UNSHARE_IDMAP
setgroups       something
keep-caps       nothing
monotonic       something
boottime        something
+clear-env       nothing
+whitelist-env   something
help            nothing
version         nothing
'

# Every abbreviation, as "ABBREVIATION NAME HOW [WHAT [SYMBOL]]", with - for an ambiguous one. What a
# script for an older one means stays so, although the younger has made it ambiguous.
echo "$THEIRS" | awk 'NF { young[n] = sub(/^[+]/, ""); name[n++] = $1; row[$1] = $0 } END {
	for (i = 0; i < n; i++)
		for (len = 1; len <= length(name[i]); len++) {
			short = substr(name[i], 1, len)
			if (short in seen) continue
			seen[short]
			all = old = 0
			for (j = 0; j < n; j++)
				if (index(name[j], short) == 1) {
					all++
					if (all == 1 || !young[j] && !old) which = name[j]
					if (!young[j]) old++
				}
			if (short in row) { all = 1; which = short }
			print short, (all == 1 || old == 1 ? row[which] : "-")
		}
}' >"$T/short"
THEIRS=$(echo "$THEIRS" | tr -d +)

not_built() {
	case $1 in
	UNSHARE_*) ! enabled "$1" ;;
	*) false ;;
	esac
}

# They do what they stand for, although we have options that begin so.
testEveryAbbreviationMeansTheirOption() {
	count=0
	while read -r short name how what symbol; do
		[ "$name" != - ] || continue
		! not_built "${symbol:-$what}" || continue
		count=$((count + 1))
		case $how in
		nothing)
			run "$UNSHARE" "--$short=x" true
			like "$err" "*unshare: option '--$name' doesn't allow an argument
*" || fail "--$short: $err"
			;;
		something)
			run "$UNSHARE" "--$short"
			like "$err" "*unshare: option '--$name' requires an argument
*" || fail "--$short: $err"
			;;
		text)
			assert_run 1 '' "unshare: $(echo "$what" | tr _@ ' x')" "$UNSHARE" "--$short=x" true
			;;
		ns)
			run unshare -r "$UNSHARE" -f "--$short" readlink "/proc/self/ns/$what"
			like "$out" "${what%%_*}:*" || fail "--$short: $out $err"
			assertNotEquals "--$short" "$(readlink "/proc/self/ns/$what")" "$out"
			;;
		mounted)
			case $what in
			binfmt_misc) has_binfmt || continue ;;
			esac
			assert_run 0 "$what*" '' unshare -rpf "$UNSHARE" "--$short=$T/dir" sh -c "$MOUNTED"'mounted "$0"' "$T/dir"
			;;
		esac
	done <"$T/short"
	[ "$count" -gt 100 ] || fail "only $count"
}

has_binfmt() {
	unshare -rpfm --mount-proc mount -n -t binfmt_misc none /proc/sys/fs/binfmt_misc 2>/dev/null
}

# What all of them call ambiguous stays it.
testAmbiguousOnesStayAmbiguous() {
	# One that is not built in leaves others alone.
	for symbol in UNSHARE_INIT UNSHARE_BINFMT UNSHARE_IDMAP; do enabled $symbol || return 0; done
	count=0
	while read -r short name _; do
		[ "$name" = - ] || continue
		count=$((count + 1))
		assert_run 1 '' "*unshare: option '--$short' is ambiguous; possibilities: '--$short*
Try 'unshare --help' for more information." "$UNSHARE" "--$short" true
	done <"$T/short"
	[ "$count" -gt 20 ] || fail "only $count"
}

# Ours are found by what is no beginning of theirs.
testAbbreviationsOfOurs() {
	for short in hostname hostnam host ho; do
		assert_run 0 box '' as_user "$UNSHARE" -r "--$short" box hostname
	done
	for short in loopback loopb loo; do
		assert_run 0 '*[<,]UP[,>]*' '' as_user "$UNSHARE" -rn "--$short" busybox ip link show lo
	done
	for short in pivot-root pivot piv; do
		assert_run 1 '' 'unshare: *-R*' as_user "$UNSHARE" -r "--$short" true
	done
	if enabled UNSHARE_DEV; then
		for short in dev de d; do
			assert_run 0 '*ptmx*' '' as_user "$UNSHARE" -r "--$short" ls /dev
		done
	fi
	enabled UNSHARE_INIT || return 0
	for short in init ini in; do
		assert_run 3 '' '' as_user "$UNSHARE" -r "--$short" sh -c 'exit 3'
	done
}

# The letters, alone and in clusters, with their values glued and apart.
testLetters() {
	need_root || return 0
	same -R/ -w/tmp pwd
	same -R / -w /tmp pwd
	same -fw/tmp pwd
	same -UcC id -u
	same -S1 -G2 id
	same -fS1 id -u
	same -rmuinpCTf --mount-proc sh -c 'echo $$; id -u; hostname | wc -l'
	same -U -- echo -f
	same -U -c -- -x
	same -U echo -- -f
	same - x
	same -U --
	same -f -w /
	same -w
	same -UR
	same -x
	same -Ux true
	same -U- true
	same --
	same --fork=
	same --root
	same -S '' true
	same --map-user
}

# Values are looked at as they come: one that is wrong before --help is told, behind it is not.
testOrderOfMistakes() {
	for value in '-S x' '--setgroups odd' '--kill-child=NOPE' '--nope' '-Z'; do
		assert_run 1 '' '*unshare: *' "$UNSHARE" $value --help
		assert_run 0 'Usage: unshare *' '' "$UNSHARE" --help $value
		assert_run 0 'pidbox *' '' "$UNSHARE" -V $value
	done
}

testHelpAndVersion() {
	for option in -h --help --h -Uh; do
		assert_run 0 'Usage: unshare *' '' "$UNSHARE" $option
	done
	for option in -V --version --v -UV; do
		assert_run 0 'pidbox *' '' "$UNSHARE" $option
	done
	for option in -h -V; do
		"$UNSHARE" $option >/dev/full 2>"$T/err"
		assertEquals "$option" 1 $?
	done
	enabled HELP || return 0
	run "$UNSHARE" --help
	# shellcheck disable=SC2013 # names are words
	for name in $(echo "$THEIRS" | awk 'NF { print $1 }'); do
		! not_built "$(echo "$THEIRS" | sed -n "s/^$name .* \(UNSHARE_\)/\1/p")" || continue
		like "$out" "*--$name*" || fail "--help is silent about --$name"
	done
}

# 1.6, those that no other test has.
testMessages() {
	# Without a new user namespace it would be the caller's.
	if [ "$(id -u)" = 0 ]; then same --setgroups=deny true; fi
	assert_run 1 '' 'unshare: write failed /proc/self/setgroups: *' unshare -r \
		"$UNSHARE" --setgroups=allow true
	assert_one_line
	same --setgroups=odd true
	same -U --setgroups= true
	same --propagation= true
	same -r --setgroups=allow true
	assert_run 1 '' "unshare: failed to parse uid 'x y': $EINVAL*" "$UNSHARE" --map-user 'x y' true
	assert_run 1 '' "unshare: failed to parse gid 'x y': $EINVAL*" "$UNSHARE" --map-group 'x y' true
	assert_one_line
	# No propagation can be set: whatever the reason is.
	strace -f -o "$T/trace" -e trace=mount,mount_setattr -e inject=mount,mount_setattr:error=EPERM \
		"$UNSHARE" -rm true 2>"$T/err"
	assertEquals 1 $?
	like "$(cat "$T/err")" "unshare: cannot change root filesystem propagation: $EPERM*" ||
		fail "$(cat "$T/err")"
}

# A name that is hostile to a terminal is shown, not obeyed.
testMessagesAreClean() {
	evil=$(printf 'a\033[2Jb\nc')
	for words in -R -w --propagation --setgroups; do
		run as_user "$UNSHARE" -r $words "$evil" true
		assertEquals "$words" 1 "$rc"
		assert_one_line
		[ "$(tr -d '\033' <"$T/err")" = "$err" ] || fail "$words: an escape"
	done
	run "$UNSHARE" -U "$T/$evil"
	assertEquals 127 "$rc"
	assert_one_line
	[ "$(tr -d '\033' <"$T/err")" = "$err" ] || fail "an escape"
}

. "${SHUNIT2:-shunit2}"
