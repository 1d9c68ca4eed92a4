#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter: user and group ids, capabilities and environment of the program.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"

NSENTER=$BIN/nsenter

IDS='echo $(id -u) $(id -g) $(id -G)'

testIds() {
	need_root || return 0
	target sh -c "$SLEEP" || return
	for options in '-S 123 -G 456' '-S123 -G456' '--setuid=123 --setgid=456' '--setuid 123 --setgid 456'; do
		# shellcheck disable=SC2086 # words
		assert_both 0 '123 456 456' '' -t "$target" -u $options sh -c "$IDS"
	done
	assert_both 0 '123 0 0' '' -t "$target" -u -S 123 sh -c "$IDS"
	assert_both 0 '0 456 456' '' -t "$target" -u -G 456 sh -c "$IDS"
	# The last one counts.
	assert_both 0 '5 6 6' '' -t "$target" -u -S 1 -G 2 -S 5 -G 6 sh -c "$IDS"
}

# The supplementary groups go with -G, and only with it.
testGroups() {
	need_root || return 0
	target sh -c "$SLEEP" || return
	for words in '7 8:0 7 8' '7 8 -S 3:0 7 8' '7 8 -G 9:9'; do
		# shellcheck disable=SC2086 # words
		set -- ${words%:*}
		first=$1 second=$2
		shift 2
		for nsenter in "$NSENTER" nsenter; do
			assert_run 0 "${words#*:}" '' setpriv --groups "$first,$second" \
				"$nsenter" -t "$target" -u "$@" id -G
		done
	done
}

testWrongIds() {
	for letter in S:uid G:gid; do
		option=-${letter%:*} what=${letter#*:}
		for id in x '' 1x 0x10; do
			assert_both 1 '' "nsenter: failed to parse $what: '$id'" -t $$ -u "$option" "$id" true
		done
		# Neither an id nor one that fits: util-linux takes some of these for others.
		for id in -1 4294967295 99999999999 ' 1' Follow follows; do
			assert_run 1 '' "nsenter: failed to parse $what: '$id'" \
				"$NSENTER" -t $$ -u "$option" "$id" true
		done
	done
}

testIdsInAUserNamespace() {
	need_root || return 0
	target unshare -U sh -c "$SLEEP" || return
	echo '0 100000 1000' >"/proc/$target/uid_map"
	echo '0 100000 1000' >"/proc/$target/gid_map"
	assert_both 0 '0 0 0' '' -t "$target" -U sh -c "$IDS"
	assert_both 0 '5 6 6' '' -t "$target" -U -S 5 -G 6 sh -c "$IDS"
	assert_both 0 '5 0 0' '' -t "$target" -U -S 5 sh -c "$IDS"
	# Outside we are somebody who has no number inside.
	assert_both 0 '65534 65534 65534' '' -t "$target" -U --preserve-credentials sh -c "$IDS"
	assert_run 1 '' "nsenter: setuid() failed: $EINVAL*" "$NSENTER" -t "$target" -U -S 1000 true
	assert_run 1 '' "nsenter: setgid() failed: $EINVAL*" "$NSENTER" -t "$target" -U -G 1000 true
	assert_one_line
}

testPreserveCredentials() {
	need_root || return 0
	target unshare -U sh -c "$SLEEP" || return
	echo '0 0 1000' >"/proc/$target/uid_map"
	echo '0 0 1000' >"/proc/$target/gid_map"
	for nsenter in "$NSENTER" nsenter; do
		assert_run 0 '0 0 0 7 8' '' setpriv --groups 7,8 \
			"$nsenter" -t "$target" -U --preserve-credentials sh -c "$IDS"
		assert_run 0 '0 0 0' '' setpriv --groups 7,8 "$nsenter" -t "$target" -U sh -c "$IDS"
	done
	# An id that is asked for is set, nevertheless.
	assert_both 0 '5 0 0' '' -t "$target" -U --preserve-credentials -S 5 sh -c "$IDS"
	assert_both 0 '5 6 6' '' -t "$target" -U --preserve-credentials -S 5 -G 6 sh -c "$IDS"
}

# S25. Without a map there is no 0 inside: it is said, and --preserve-credentials gets in.
testS25UserNamespaceWithoutMap() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -U sh -c "$SLEEP" || return
	assert_run 1 '' "nsenter: setgid() failed: $EINVAL*" as_user "$NSENTER" -t "$target" -U true
	assert_one_line
	assert_run 0 '' '' as_user "$NSENTER" -t "$target" -U --preserve-credentials true
}

# S24. With one id mapped setgroups(2) is forbidden, which -U overlooks.
testS24SingleMap() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -r sh -c "$SLEEP" || return
	assert_run 0 '0 0' '' as_user "$NSENTER" -t "$target" -U sh -c 'echo $(id -u) $(id -g)'
	assert_run 1 '' "nsenter: set?id() failed: $EINVAL*" as_user "$NSENTER" -t "$target" -U -S 1 true
}

# ---- follow

testS48Follow() {
	need_root || return 0
	target setpriv --reuid 123 --regid 456 --clear-groups sh -c "$SLEEP" || return
	assert_run 0 '123 456 456' '' "$NSENTER" -t "$target" -u -S follow -G follow sh -c "$IDS"
	assert_run 0 '123 0 0' '' "$NSENTER" -t "$target" -u --setuid=follow sh -c "$IDS"
	assert_run 0 '0 456 456' '' "$NSENTER" -t "$target" -u --setgid follow sh -c "$IDS"
	assert_run 0 '123 9 9' '' "$NSENTER" -t "$target" -u -S follow -G 9 sh -c "$IDS"
	# The last one counts.
	assert_run 0 '123 456 456' '' "$NSENTER" -t "$target" -u -S 1 -G 2 -S follow -G follow sh -c "$IDS"
	assert_run 0 '1 2 2' '' "$NSENTER" -t "$target" -u -S follow -G follow -S 1 -G 2 sh -c "$IDS"
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -u/proc/self/ns/uts -S follow true
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -u/proc/self/ns/uts -G follow true
}

# It is the number that the target's user has inside.
testS48FollowIntoAUserNamespace() {
	need_root || return 0
	target unshare -Um sh -c "$SLEEP" || return
	first=$target
	echo '0 100000 1000' >"/proc/$first/uid_map"
	echo '0 100000 1000' >"/proc/$first/gid_map"
	target nsenter -t "$first" -U -m -S 5 -G 6 sh -c "$SLEEP" || return
	assertEquals '100005 100006' "$(stat -c '%u %g' "/proc/$target")"
	assert_run 0 '5 6 6' '' "$NSENTER" -t "$target" -U -S follow -G follow sh -c "$IDS"
	assert_run 0 '5 6 6' '' "$NSENTER" -t "$target" -a -S follow -G follow sh -c "$IDS"
	assert_run 0 '5 0 0' '' "$NSENTER" -t "$target" -a -S follow sh -c "$IDS"
	assert_run 0 '5 6 6' '' "$NSENTER" -t "$target" -U --preserve-credentials -S follow -G follow \
		sh -c "$IDS"
	assert_run 0 '100005 100006 100006' '' "$NSENTER" -t "$target" -m -S follow -G follow sh -c "$IDS"
	# The first one has no number there.
	run "$NSENTER" -t "$first" -U -S follow true
	assertEquals 1 "$rc"
	assert_one_line
}

# ---- capabilities

CAPS='grep -E ^Cap(Inh|Prm|Eff|Amb) /proc/self/status'

# Of somebody who is not 0 inside exec(2) takes them away.
testKeepCaps() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -U --map-current-user sh -c "$SLEEP" || return
	# shellcheck disable=SC2086 # words
	run as_user "$NSENTER" -t "$target" -U --preserve-credentials $CAPS
	assertEquals 'CapEff:	0000000000000000' "$(grep CapEff "$T/out")"
	# shellcheck disable=SC2086 # words
	run as_user "$NSENTER" -t "$target" -U --preserve-credentials --keep-caps $CAPS
	assertEquals '' "$err"
	assertEquals "$out" 1 "$(cut -f 2 "$T/out" | sort -u | wc -l)"
	assertNotEquals "$out" 0000000000000000 "$(cut -f 2 "$T/out" | sort -u)"
	# Where there is a fork too.
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -Upf --map-current-user --kill-child sh -c "$SLEEP" || return
	# shellcheck disable=SC2086 # words
	run as_user "$NSENTER" -t "$target" -U -p --preserve-credentials --keep-caps $CAPS
	assertEquals "$out" 1 "$(cut -f 2 "$T/out" | sort -u | wc -l)"
	assertNotEquals "$out" 0000000000000000 "$(cut -f 2 "$T/out" | sort -u)"
}

# Without a user namespace there is nothing to keep.
testKeepCapsWithoutUserNamespace() {
	need_root || return 0
	target sh -c "$SLEEP" || return
	# shellcheck disable=SC2086 # words
	run "$NSENTER" -t "$target" -u --keep-caps -S 123 $CAPS
	assertEquals 0 "$rc"
	assertEquals "$out" 0000000000000000 "$(cut -f 2 "$T/out" | sort -u)"
	assert_prints 'CapAmb:	0000000000000000' "$NSENTER" -t "$target" -u --keep-caps \
		grep CapAmb /proc/self/status
}

# ---- B18: --cap-drop

# caps NAME OPTION...: the set of that name that the program gets.
caps() {
	name=$1
	shift
	"$NSENTER" -t "$target" "$@" grep "^Cap$name:" /proc/self/status | cut -f 2
}

# lacks NUMBER,... OPTION...: that it has not these capabilities in any set, cannot get them, and has
# all of the others.
lacks() {
	less=0
	for n in $(echo "$1" | tr , ' '); do less=$((less | 1 << n)); done
	shift
	for name in Prm Eff Bnd; do
		all=$(grep "^Cap$name:" /proc/self/status | cut -f 2)
		assertEquals "$* $name" "$(printf %016x $((0x$all & ~less)))" "$(caps "$name" "$@")"
	done
	assertEquals "$*" 0000000000000000 "$(caps Inh "$@")"
	assertEquals "$*" 0000000000000000 "$(caps Amb "$@")"
}

testB18CapDrop() {
	need_root && enabled NSENTER_LIKE || return 0
	target unshare -mupf --mount-proc --kill-child sh -c "$SLEEP" || return
	for list in net_raw cap_net_raw NET_RAW CAP_NET_RAW; do
		lacks 13 -u --cap-drop "$list"
	done
	lacks 13 -a --cap-drop=net_raw
	lacks 0,13,21 -a --cap-drop chown,net_raw,sys_admin
	lacks 0,13 -a --cap-drop chown --cap-drop net_raw
	for name in Prm Eff Bnd Inh Amb; do
		assertEquals 0000000000000000 "$(caps "$name" -a --cap-drop all)"
	done
	# It comes last: what needs them has been done.
	assert_run 0 '5 6' '' "$NSENTER" -t "$target" -u -p -S 5 -G 6 "-r$ROOT" --cap-drop all \
		/busybox sh -c '/busybox echo $(/busybox id -u) $(/busybox id -g)'
	assert_run 0 '' '' "$NSENTER" -t "$target" -u --cap-drop all --kill-child true
	assert_run 1 '' '*' "$NSENTER" -t "$target" -u --cap-drop chown chown 1 "$T/anyone"
	# shellcheck disable=SC2258 # an empty name at the end
	for list in x net_raw,x '' , cap_ 99 'net_raw,'; do
		run "$NSENTER" -t "$target" -u --cap-drop "$list" true
		assertEquals "$list" 1 "$rc"
		assert_one_line
	done
}

# Where nothing is installed that could do it.
testB18CapDropInAnEmptyContainer() {
	need_root && enabled NSENTER_LIKE && enabled NSENTER_BRING || return 0
	container +proc || return
	assert_run 0 '*CapEff:	0000000000000000*' '' "$NSENTER" -t "$target" -a --cap-drop all \
		--bring "$BUSYBOX" cat /proc/self/status
	container -r +proc || return
	assert_run 0 '*CapBnd:	0000000000000000*' '' "$NSENTER" -t "$target" -a --cap-drop all \
		--bring "$BUSYBOX" cat /proc/self/status
}

testB18CapDropWithKeepCaps() {
	enabled NSENTER_LIKE || return 0
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -U --map-current-user sh -c "$SLEEP" || return
	# shellcheck disable=SC2086 # words
	run as_user "$NSENTER" -t "$target" -U --preserve-credentials --keep-caps --cap-drop net_raw $CAPS
	assertEquals "$err" 0 "$rc"
	assertEquals "$out" 1 "$(cut -f 2 "$T/out" | sort -u | wc -l)"
	set=$(cut -f 2 "$T/out" | sort -u)
	assertNotEquals 0 $((0x$set))
	assertEquals 0 $((0x$set & 1 << 13))
}

# ---- the target's environment

# environ ENTRY...: that with -e the program has just these entries, in this order.
environ() {
	target "$ENTER" env $# "$@" "$ENTER" stay || return
	assertEquals $# "$(tr -dc '\0' <"/proc/$target/environ" | wc -c)"
	for option in -e --env; do
		"$NSENTER" -t "$target" -u "$option" /bin/cat /proc/self/environ >"$T/environ" 2>"$T/err"
		assertEquals "$(cat "$T/err")" 0 $?
		cmp "/proc/$target/environ" "$T/environ" || fail "not the same"
	done
}

testP19Environment() {
	need_root || return 0
	environ A=1 B='2
=3' 'C= ' PATH=/nowhere "D=$(printf '\377\033')" || return
	environ Z=1 A=1 Z=2 A= || return # as they were
	environ || return
}

# S47: not every entry has a "=", and the first one may be long.
testS47Environment() {
	need_root || return 0
	environ A=1 no-variable '' =B '==' C=2 '' || return
	environ '' || return
	environ '=' || return
	long=$(head -c 100000 /dev/zero | tr '\0' x)
	environ "LONG=$long" A=1 || return
	environ "$long" A=1 || return
	environ "A=$long" "B=$long" "C=$long" "D=$long" "E=$long" "F=$long" || return
}

# What the process has written over it is no environment any more, but nothing worse either.
testP19EnvironmentWithoutAnEnd() {
	need_root || return 0
	target env -i A=12345 BC=1 "$ENTER" scribble 65 || return
	"$NSENTER" -t "$target" -u -e /bin/cat /proc/self/environ >"$T/environ"
	assertEquals 0 $?
	assertEquals AAAAAAAAAAAAAx "$(tr '\0' x <"$T/environ")"
	target env -i A=12345 BC=1 "$ENTER" scribble 0 || return
	"$NSENTER" -t "$target" -u -e /bin/cat /proc/self/environ >"$T/environ"
	assertEquals 0 $?
	assertEquals 13 "$(wc -c <"$T/environ")"
}

# The target's PATH finds the program, the target's SHELL is the one that is run.
testEnvironmentComesBeforeTheProgram() {
	need_root || return 0
	printf '#!/bin/sh\necho "its shell"\n' >"$T/shell"
	chmod 755 "$T/shell"
	target env -i "PATH=$ROOT" "SHELL=$T/shell" "$ENTER" stay || return
	assert_run 0 found '' "$NSENTER" -t "$target" -u -e busybox echo found
	assert_run 127 '' "nsenter: failed to execute sh: $ENOENT*" "$NSENTER" -t "$target" -u -e sh
	assert_run 0 'its shell' '' "$NSENTER" -t "$target" -u -e
}

# It is opened first: where the program runs there need not be a /proc.
testEnvironmentWithoutProcInside() {
	need_root || return 0
	container +"$BUSYBOX" -- /enter env 1 HELLO=there /enter stay || return
	assert_run 0 there '' "$NSENTER" -t "$target" -a -e /busybox sh -c 'echo $HELLO'
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -u/proc/self/ns/uts -e true
}

. "${SHUNIT2:-shunit2}"
