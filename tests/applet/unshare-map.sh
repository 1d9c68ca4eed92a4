#!/bin/sh
# SPDX-License-Identifier: 0BSD
# unshare: the id maps of a new user namespace: one id, ranges, subordinate ids, who writes them. As
# root, and as nobody with subordinate ids and the real newuidmap and newgidmap.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/unshare.sh"
need newuidmap uidmap
suite() { tests_of UNSHARE_IDMAP testSingle testSetgroups testP3; }

# ---- helpers

SUBIDS='nobody:100000:65536'

# with_subids SUBUID SUBGID CMD...: where these are /etc/subuid and /etc/subgid.
with_subids() {
	printf '%s\n' "$1" >"$T/subuid"
	printf '%s\n' "$2" >"$T/subgid"
	shift 2
	private sh -c 'mount -n --bind "$0/subuid" /etc/subuid &&
		mount -n --bind "$0/subgid" /etc/subgid && exec "$@"' "$T" "$@"
}

# nobody_with SUBUID SUBGID CMD...: the same as nobody; rootless CMD...: who has subordinate ids.
nobody_with() {
	subuid=$1 subgid=$2
	shift 2
	with_subids "$subuid" "$subgid" setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}
rootless() { nobody_with "$SUBIDS" "$SUBIDS" "$@"; }

# What prints the maps and, joined, "UID_MAP|GID_MAP|SETGROUPS" with a '/' between lines.
SHOW='cat /proc/self/uid_map; echo "|"; cat /proc/self/gid_map; echo "|"; cat /proc/self/setgroups'
joined() {
	awk '{ $1 = $1; s = s (NR > 1 ? "/" : "") $0 }
		END { gsub("/?[|]/?", "|", s); print s }'
}

# assert_maps WANT CMD...: that these are what a program sees which CMD starts.
assert_maps() {
	want_maps=$1
	shift
	run "$@" sh -c "$SHOW"
	got=$(joined <"$T/out")
	[ "$rc" = 0 ] && [ -z "$err" ] && [ "$got" = "$want_maps" ] && return
	show "command: $*"
	show "status: $rc"
	show "maps: $got"
	show " not: $want_maps"
	show "stderr: $err"
	fail "see above"
}

# map_rows CMD...: each line of stdin is "WANT OPTION...", WANT a uid_map with _ for blanks. The
# options for groups give the same gid_map.
map_rows() {
	while read -r map_want map_options; do
		map_want=$(echo "$map_want" | tr _ ' ')
		for map_file in uid_map gid_map; do
			# shellcheck disable=SC2086 # words
			run "$@" $map_options cat /proc/self/$map_file
			assertEquals "$map_options: $err" "0 $map_want" "$rc $(joined <"$T/out")"
			map_options=$(echo "$map_options" | sed 's/--map-user/--map-group/g')
		done
	done
}

# Wrappers that note how newuidmap and newgidmap are called, then become them. $WRAPPED is a PATH.
WRAPPED=$T/wrap:$PATH
NEWUIDMAP=$(command -v newuidmap)
mkdir "$T/wrap"
for tool in newuidmap newgidmap; do
	cat >"$T/wrap/$tool" <<-END
		#!/bin/sh
		echo "\${0##*/} \$*" >>"$T/anyone/calls"
		exec "${NEWUIDMAP%/*}/$tool" "\$@"
	END
	chmod 755 "$T/wrap/$tool"
done

# assert_calls TEXT: how they were called since it was asked last, with PID for the first number and a
# ';' between calls.
assert_calls() {
	calls=$(sed 's/^\([a-z]*\) [0-9]*/\1 PID/' "$T/anyone/calls" 2>/dev/null | tr '\n' ';')
	rm -f "$T/anyone/calls"
	assertEquals "$2" "$1" "${calls%;}"
}

# ---- one id

testSingleMaps() {
	uid=$(as_user id -u) gid=$(as_user id -g)
	assert_maps "0 $uid 1|0 $gid 1|deny" as_user "$UNSHARE" -r
	assert_maps "0 $uid 1|0 $gid 1|deny" as_user "$UNSHARE" --map-root-user
	assert_maps "$uid $uid 1|$gid $gid 1|deny" as_user "$UNSHARE" -c
	assert_maps "$uid $uid 1|$gid $gid 1|deny" as_user "$UNSHARE" --map-current-user
	assert_maps "500 $uid 1||allow" as_user "$UNSHARE" --map-user=500
	assert_maps "|600 $gid 1|deny" as_user "$UNSHARE" --map-group 600
	assert_maps "500 $uid 1|600 $gid 1|deny" as_user "$UNSHARE" --map-group 600 --map-user 500
	assert_maps "4294967294 $uid 1||allow" as_user "$UNSHARE" --map-user=4294967294
	# The last one wins.
	assert_maps "7 $uid 1|0 $gid 1|deny" as_user "$UNSHARE" -c -r --map-user 7
	assert_maps "0 $uid 1|0 $gid 1|deny" as_user "$UNSHARE" --map-user 7 -c -r
	# By the name of a user, or of a group.
	assert_maps "$(id -u daemon) $uid 1|$(getent group tty | cut -d: -f3) $gid 1|deny" \
		as_user "$UNSHARE" --map-user=daemon --map-group=tty
}

testSingleIdIsNone() {
	for id in nosuch '' -1 +1 ' 1' 1x 0x1 nobody:; do
		assert_run 1 '' "unshare: failed to parse uid '$id': $EINVAL" \
			"$UNSHARE" --map-user="$id" true
		assert_run 1 '' "unshare: failed to parse gid '$id': $EINVAL" \
			"$UNSHARE" --map-group="$id" true
	done
	for id in 4294967295 4294967296 99999999999999999999; do
		assert_run 1 '' "unshare: failed to parse uid '$id': *" "$UNSHARE" --map-user="$id" true
		assert_one_line
	done
}

testSingleLikeUtilLinux() {
	same_lines <<-'END'
		-r sh -c "$SHOW; id -u; id -g"
		-c sh -c "$SHOW; id -u; id -g"
		--map-user 500 sh -c "$SHOW; id -u; id -g"
		--map-group daemon sh -c "$SHOW"
		-U sh -c "$SHOW"
		-U --setgroups deny sh -c "$SHOW"
		--map-user 5 --setgroups=allow sh -c "$SHOW"
		-r --setgroups=allow true
		-U --setgroups=Deny true
		--setgroups= true
		--setgroups=deny true
		--setgroups=allow true
	END
}

# user_namespaces(7): a group may be mapped once setgroups(2) is given up, and not before.
testP3OrderOfWrites() {
	strace -y -o "$T/trace" -e trace=write "$UNSHARE" -r true
	assertEquals "uid_map 0 $(id -u) 1 setgroups deny gid_map 0 $(id -g) 1 " "$(sed -n \
		's,^write([0-9]*</proc/[0-9]*/\([a-z_]*\)>\, "\([^\"]*\).*,\1 \2,p' "$T/trace" | tr '\n' ' ')"
}

# Before Linux 3.19 there is no such file, and it is not needed.
testP3NoSetgroupsFile() {
	strace -o "$T/trace" -e trace=openat -P self/setgroups -P self/gid_map \
		-e inject=openat:error=ENOENT:when=1 "$UNSHARE" -r true 2>"$T/err"
	assertEquals 'setgroups ENOENT gid_map' "$(sed -n \
		's,.*"self/\([a-z_]*\)".* = [0-9]*$,\1,p; s,.*"self/\([a-z_]*\)".* = -1 \([A-Z]*\) .*,\1 \2,p' \
		"$T/trace" | tr '\n' ' ' | sed 's/ $//')"
	# This kernel wants it.
	like "$(cat "$T/err")" "unshare: write failed /proc/self/gid_map: $EPERM" || fail "$(cat "$T/err")"
}

# U18: setgroups(2) is forbidden where one group is mapped; -G has called it before.
testSingleGroupAndSetgid() {
	assert_run 0 '0 0 0' '' as_user "$UNSHARE" -r -G 0 -S 0 \
		sh -c 'echo $(id -u) $(id -g) $(sed -n "s/^Groups:[[:space:]]*$/0/p" /proc/self/status)'
	assert_run 1 '' "unshare: setuid() failed: $EINVAL*" "$UNSHARE" -r -S 1000 true
}

testSingleRootTakesSetfcap() {
	need_root || return 0
	assert_run 1 '' "unshare: write failed /proc/self/uid_map: $EPERM (*CAP_SETFCAP*)" \
		setpriv --bounding-set -setfcap "$UNSHARE" -r true
	assert_maps '0 65534 1|0 65534 1|deny' setpriv --bounding-set -setfcap \
		setpriv --reuid 65534 --regid 65534 --clear-groups "$UNSHARE" -r
}

testSetgroupsWord() {
	for word in maybe '' Allow 'deny '; do
		assert_run 1 '' "unshare: unsupported --setgroups argument '$word'" \
			"$UNSHARE" -U --setgroups="$word" true
	done
	assert_maps '||deny' as_user "$UNSHARE" -U --setgroups=deny
	assert_maps '||allow' as_user "$UNSHARE" -U --setgroups allow
	# util-linux writes it a second time, when it is too late.
	assert_maps "0 $(as_user id -u) 1|0 $(as_user id -g) 1|deny" as_user "$UNSHARE" -r --setgroups=deny
	assert_run 1 '' 'unshare: options --setgroups=allow and --map-group are mutually exclusive' \
		as_user "$UNSHARE" --map-group 0 --setgroups=allow true
}

testS26SetgroupsOfOnesOwnNamespace() {
	need_root || return 0
	for word in deny allow; do
		case $word in
		deny) want_rc=1 want_err="unshare: write failed /proc/self/setgroups: $EPERM (*-U*)" ;;
		allow) want_rc=0 want_err='' ;;
		esac
		# shellcheck disable=SC2154 # used at once
		assert_run "$want_rc" '' "$want_err" "$UNSHARE" --setgroups=$word true
	done
	assert_maps '0 0 1||deny' unshare --map-user 0 "$UNSHARE" --setgroups=deny
	# It implies no namespace.
	assert_prints "$(readlink /proc/self/ns/user)" "$UNSHARE" --setgroups=allow \
		readlink /proc/self/ns/user
}

# ---- ranges

# Section 1.7 of the reference; no newuidmap, which would know of no ids for root.
testP2VectorsOfRoot() {
	need_root || return 0
	map_rows env PATH="$WRAPPED" "$UNSHARE" <<-END
		0_100000_65536 --map-users 0:100000:65536
		0_100000_65536 --map-users=100000,0,65536
		0_100_10 --map-users 100,0,10
		0_0_1/1_100000_65535 --map-users 0:100000:65536 -r
		0_0_1/1_100000_65535 -r --map-users 0:100000:65536
		0_0_1/1_100000_65535 --map-users 0:100000:65536 -c
		500_0_1/0_100000_500/501_100500_65035 --map-users 0:100000:65536 --map-user 500
		0_0_1/1_1_9 --map-users 0:0:10 -r
		0_0_4294967295 --map-users all
		0_0_1/1_1_4294967294 --map-users all -r
		0_0_1/1_1_4294967294 -r --map-users=all
		0_1000_10/10_5000_20 --map-users 0:1000:10 --map-users 10:5000:20
		0_1000_10/10_5000_20 --map-users 1000,0,10 --map-users 10:5000:20
	END
	assert_calls '' 'root writes maps itself'
}

# The block of the subordinate ids moves up around one's own id, others lose their last.
testP2VectorsOfAUser() {
	need_root || return 0
	for SUBIDS in nobody:100000:65536 65534:100000:65536; do
		while read -r uids gids setgroups options; do
			# shellcheck disable=SC2086 # words
			assert_maps "$(echo "$uids|$gids|$setgroups" | tr _ ' ')" rootless "$UNSHARE" $options
		done <<-END
			0_100000_65536 0_100000_65536 allow --map-auto
			0_100000_65536 0_100000_65536 allow --map-users=auto --map-groups auto
			0_65534_1/1_100000_65536 0_65534_1/1_100000_65536 allow -r --map-auto
			0_65534_1/1_100000_65536 0_65534_1/1_100000_65536 allow --map-auto -r
			65534_65534_1/0_100000_65534/65535_165534_2 65534_65534_1/0_100000_65534/65535_165534_2 allow -c --map-auto
			100000_100000_65536 100000_100000_65536 allow --map-subids
			65534_65534_1/100000_100000_65536 65534_65534_1/100000_100000_65536 allow -c --map-subids
			0_65534_1/1_100000_65536 0_65534_1 deny -r --map-users auto --map-group 0
			0_65534_1/1_100000_9 0_65534_1 deny -r --map-users=0:100000:10
			0_65534_1 0_65534_1/1_100000_9 allow -r --map-groups=100000,0,10
		END
	done
	SUBIDS=nobody:100000:65536
}

# Which a table of words cannot say: one of the maps is empty.
testRangesOfUsersOnly() {
	need_root || return 0
	assert_maps '0 100000 10/50 100020 10||allow' \
		rootless "$UNSHARE" --map-users=0:100000:10 --map-users=50:100020:10
	assert_maps '|0 100000 65536|allow' rootless "$UNSHARE" --map-groups=auto
}

testP2ArgumentsOfNewuidmap() {
	need_root || return 0
	while IFS='|' read -r want options; do
		# shellcheck disable=SC2086 # words
		run rootless env PATH="$WRAPPED" "$UNSHARE" $options true
		assertEquals "$options: $err" 0 "$rc"
		assert_calls "$want" "$options"
	done <<-END
		newuidmap PID 0 65534 1 1 100000 65536;newgidmap PID 0 65534 1 1 100000 65536|-r --map-auto
		newuidmap PID 65534 65534 1 0 100000 65534 65535 165534 2|-c --map-users auto
		newgidmap PID 0 100000 65536|--map-groups=auto
		newgidmap PID 0 65534 1 1 100000 10|-r --map-groups=1:100000:10
		newuidmap PID 100000 100000 65536;newgidmap PID 100000 100000 65536|--map-subids
		newuidmap PID 0 100000 1 5 100005 1|--map-users 0:100000:1 --map-users 5:100005:1
		|-r
		|-c -f
		|--map-user=5 --map-group=6
	END
	# The number is that of the process itself.
	run rootless env PATH="$WRAPPED" "$UNSHARE" --map-users auto sh -c 'echo $$'
	assertEquals "newuidmap $out 0 100000 65536" "$(cat "$T/anyone/calls")"
	rm "$T/anyone/calls"
}

# One write for each map, uid_map first, and setgroups is left alone.
testS23RootWritesFromOutside() {
	need_root || return 0
	strace -f -y -o "$T/trace" -e trace=write,unshare "$UNSHARE" -r --map-users 0:100:10 \
		--map-groups 0:200:10 true
	assertEquals 'unshare uid_map "0 0 1\n1 100 9\n" gid_map "0 0 1\n1 200 9\n" ' "$(sed -n \
		's,^[0-9]* *\(unshare\)(.*,\1,p; s,^[0-9]* *write([0-9]*</proc/[0-9]*/\([a-z_]*\)>\, \(".*"\)\, .*,\1 \2,p' \
		"$T/trace" | tr '\n' ' ')"
}

testRangesAndSetgroups() {
	need_root || return 0
	assert_maps '0 0 10|0 0 10|allow' "$UNSHARE" --map-users 0:0:10 --map-groups 0:0:10
	assert_maps '0 0 10|0 0 10|allow' \
		"$UNSHARE" --map-users 0:0:10 --map-groups 0:0:10 --setgroups=allow
	# util-linux writes it when it is too late.
	assert_maps '0 0 10|0 0 10|deny' \
		"$UNSHARE" --map-users 0:0:10 --map-groups 0:0:10 --setgroups=deny
	assert_maps '0 0 10|7 0 1|deny' "$UNSHARE" --map-users 0:0:10 --map-group 7
	assert_maps '0 0 10||deny' "$UNSHARE" --map-users 0:0:10 --setgroups deny
	assert_maps '0 65534 1/1 100000 65536|0 65534 1/1 100000 65536|deny' \
		rootless "$UNSHARE" -r --map-auto --setgroups deny
	# Ids that are mapped can be taken, and groups dropped.
	assert_run 0 '7 8 8' '' rootless "$UNSHARE" -r --map-auto -S 7 -G 8 \
		sh -c 'echo $(id -u) $(id -g) $(id -G)'
}

testInvalidMappings() {
	while read -r map; do
		map=$(echo "$map" | tr _ ' ')
		assert_run 1 '' "unshare: invalid mapping '$map'" "$UNSHARE" --map-users "$map" true
		assert_run 1 '' "unshare: invalid mapping '$map'" "$UNSHARE" --map-groups="$map" true
	done <<-END

		1:2
		0,0,x
		:
		0:0
		0:0:0
		0:0:-1
		1:2:3:4
		0:1,2
		4294967296:0:1
		0:4294967295:1
		0:1:4294967295
		Auto
		auto:0:1
		allow
		0:0:1_
		_0:0:1
	END
	assert_run 1 '' "unshare: invalid mapping '5:100:10' (*mapped already)" \
		"$UNSHARE" --map-users 0:0:10 --map-users 5:100:10 true
	assert_run 1 '' "unshare: invalid mapping 'all' (*mapped already)" \
		"$UNSHARE" --map-groups 50:9:10 --map-groups all true
}

# The limits of one write: 340 lines, and less than a page.
testTooManyRanges() {
	need_root || return 0
	ranges() { seq "$1" 2 "$2" | sed 's/.*/--map-users=&:&:1/' | tr '\n' ' '; }
	# shellcheck disable=SC2046 # words
	assert_run 0 340 '' "$UNSHARE" $(ranges 0 678) sh -c 'grep -c . /proc/self/uid_map'
	# shellcheck disable=SC2046
	assert_run 1 '' "unshare: invalid mapping '680:680:1' (too many ranges)" \
		"$UNSHARE" $(ranges 0 680) true
	# shellcheck disable=SC2046
	assert_run 1 '' 'unshare: cannot map 0 to 701 besides the ranges: *' \
		"$UNSHARE" $(ranges 2 680) --map-user 701 true
	# shellcheck disable=SC2046
	assert_run 1 '' 'unshare: write failed /proc/*/uid_map: *(too many ranges*)' \
		"$UNSHARE" $(ranges 1000000000 1000000600) true
	assert_one_line
	# "all" reads a map that is longer than a page.
	# shellcheck disable=SC2046
	assert_run 0 340 '' "$UNSHARE" $(ranges 0 678) --map-groups all "$UNSHARE" --map-users all \
		sh -c 'grep -c . /proc/self/uid_map'
}

# Where the block that has moved up by one meets the next range.
testNoRoomToMove() {
	need_root || return 0
	assert_run 1 '' 'unshare: cannot map 65534 to 0 besides the ranges: *' \
		nobody_with nobody:100000:10 '' "$UNSHARE" -r --map-users auto --map-users 10:200000:1 true
	assert_one_line
}

# ---- subordinate ids

testNoSubordinateIds() {
	need_root || return 0
	hint='(*subuid(5)*-r and -c*)'
	while read -r who uid line; do
		assert_run 1 '' "unshare: no line matching user \"$who\" in /etc/subuid $hint" \
			with_subids "$line" "$SUBIDS" setpriv --reuid "$uid" --regid 65534 --clear-groups \
			"$UNSHARE" --map-auto true
		assert_one_line
	done <<-END
		nobody 65534
		nobody 65534 nobod:1:2
		nobody 65534 nobody1:1:2
		nobody 65534 #nobody:100000:65536
		nobody 65534 65534x:100000:65536
		nobody 65534 nobody:100000:0
		nobody 65534 nobody:x:65536
		nobody 65534 nobody:4294967295:1
		root 0 nobody:100000:65536
		root 0 :100000:65536
		123456 123456 nobody:100000:65536
	END
	assert_run 1 '' "unshare: no line matching user \"nobody\" in /etc/subgid $hint" \
		nobody_with "$SUBIDS" '' "$UNSHARE" -r --map-subids true
	# For groups, too, it is the user who counts.
	assert_run 1 '' "unshare: no line matching user \"nobody\" in /etc/subgid $hint" \
		nobody_with "$SUBIDS" 'nogroup:100000:65536' "$UNSHARE" --map-groups=auto true
	# What is not asked for is not looked for.
	assert_maps '0 100000 65536||allow' nobody_with "$SUBIDS" '' "$UNSHARE" --map-users=auto
}

testWhichLineCounts() {
	need_root || return 0
	# The first one, by name or number.
	for lines in 'root:5000:10
root:6000:10' 'roo:1:2
0:5000:10
root:6000:10' 'root:nonsense
root:5000:10:1
root:5000:10'; do
		assert_maps '0 5000 10|5000 5000 10|allow' with_subids "$lines" "$lines" \
			"$UNSHARE" --map-users=auto --map-groups subids
	done
	# A user whom /etc/passwd does not know; and newuidmap does not help one.
	assert_run 1 '' 'newuidmap: *' with_subids 123456:5000:10 '' \
		setpriv --reuid 123456 --regid 123456 --clear-groups \
		env PATH="$WRAPPED" "$UNSHARE" -c --map-users auto echo wrong
	assert_calls 'newuidmap PID 123456 123456 1 0 5000 10' 'a number'
}

testNoSuchFile() {
	need_root || return 0
	assert_run 1 '' "unshare: cannot open /etc/subuid: $ENOENT" \
		private sh -c 'mount -n -t tmpfs none /etc && exec "$@"' sh "$UNSHARE" --map-auto true
	assert_run 1 '' "unshare: cannot open /etc/subgid: $ENOENT" \
		private sh -c 'mount -n -t tmpfs none /etc && exec "$@"' sh "$UNSHARE" --map-groups=subids true
}

testHostileFile() {
	need_root || return 0
	seq 200000 | sed 's/.*/u&:&:1/' >"$T/many"
	{
		head -c 300000 /dev/zero | tr '\0' a
		printf '\n\000root:1:1\n\033[31mroot:1:1\n\377root:1:1\n'
		cat "$T/many"
		printf 'root:100000:65536' # and no newline
	} >"$T/hostile"
	# As root, who need not ask newuidmap as well.
	assert_run 0 '         0     100000      65536' '' private sh -c '
		mount -n --bind "$1/hostile" /etc/subuid && shift && exec "$@"' sh "$T" \
		"$UNSHARE" --map-users auto cat /proc/self/uid_map
}

testAllOfANamespace() {
	need_root || return 0
	assert_maps '0 0 1/1 1 65536|0 0 1/1 1 65536|allow' rootless "$UNSHARE" -r --map-auto \
		"$UNSHARE" --map-users all --map-groups all
}

# ---- who writes

testB31NoNewuidmap() {
	need_root || return 0
	mkdir -p "$T/none"
	for name in newuidmap newgidmap; do
		case $name in
		newuidmap) options=--map-auto ;;
		newgidmap) options='-r --map-groups=auto' ;;
		esac
		# shellcheck disable=SC2086 # words
		assert_run 127 '' "unshare: failed to execute $name: $ENOENT (*only -r and -c work*)" \
			rootless env PATH="$T/none" "$UNSHARE" $options /bin/true
		assert_one_line
	done
	for option in -r -c; do
		assert_run 0 '' '' rootless env PATH="$T/none" "$UNSHARE" $option /bin/true
	done
	assert_run 0 '' '' env PATH="$T/none" "$UNSHARE" --map-users 0:0:10 /bin/true
}

# Its status is ours, and the program does not run.
testNewuidmapFails() {
	need_root || return 0
	mkdir -p "$T/bad"
	while read -r want name script; do
		rm -f "$T/bad"/*
		printf '#!/bin/sh\n%s\n' "$script" >"$T/bad/$name"
		chmod 755 "$T/bad/$name"
		for fork in '' -f; do
			# shellcheck disable=SC2086 # nothing or a word
			run rootless env PATH="$T/bad:$PATH" "$PROBE" status "$UNSHARE" $fork --map-auto echo wrong
			assertEquals "$script: $err" "$(echo "$want" | tr _ ' ')" "$out"
		done
	done <<-END
		exit_42 newuidmap exit 42
		exit_42 newgidmap exit 42
		signal_15 newuidmap kill -TERM \$\$
		signal_9 newgidmap kill -KILL \$\$
		signal_9 newuidmap kill -KILL \$PPID
	END
	# The real one refuses what is not granted, in its own words.
	assert_run 1 '' 'newuidmap: *' rootless "$UNSHARE" --map-users 0:5:1 echo wrong
	# One that may not be executed.
	rm -f "$T/bad"/*
	mkdir "$T/bad/newuidmap"
	assert_run 126 '' "unshare: failed to execute newuidmap: $EACCES*" \
		rootless env PATH="$T/bad" "$UNSHARE" --map-auto /bin/echo wrong
}

testRootIsRefused() {
	need_root || return 0
	while read -r file hint options; do
		# shellcheck disable=SC2086 # words
		assert_run 1 '' "unshare: write failed /proc/*/$file: $EPERM (*$hint*)" $options true
		assert_one_line
	done <<-END
		uid_map our?own?map unshare -r $UNSHARE --map-users 0:100000:10
		gid_map our?own?map unshare -r $UNSHARE --map-groups 0:0:2
		uid_map CAP_SETUID setpriv --bounding-set -setuid $UNSHARE --map-users 0:0:10
		gid_map CAP_SETGID setpriv --bounding-set -setgid $UNSHARE --map-groups 0:0:10
		uid_map CAP_SETFCAP setpriv --bounding-set -setfcap $UNSHARE --map-users 1:1:1 --map-users 0:0:1
	END
	assert_maps '0 1 10||allow' setpriv --bounding-set -setfcap "$UNSHARE" --map-users 0:1:10
	assert_maps '|0 0 10|allow' setpriv --bounding-set -setfcap "$UNSHARE" --map-groups 0:0:10
}

# A /proc of an outer PID namespace knows us by another number.
testProcOfAnOuterNamespace() {
	need_root || return 0
	assert_maps '0 0 10|0 0 10|allow' unshare -fp "$UNSHARE" --map-users 0:0:10 --map-groups 0:0:10
	assert_maps '0 100000 65536|0 100000 65536|allow' with_subids "$SUBIDS" "$SUBIDS" \
		unshare -fp setpriv --reuid 65534 --regid 65534 --clear-groups "$UNSHARE" --map-auto
}

# Root can make a /proc of its own, in no place; others are told to.
testB20MapsWithoutProc() {
	need_root || return 0
	! sanitized || return 0
	no_proc='mount -n -t tmpfs none /proc && exec "$@"'
	for options in -r --map-users=all '--map-users=0:0:10 --map-groups=all' \
		'--owner=1:1 -r -S 0' '--map-user 0 --setgroups deny'; do
		# shellcheck disable=SC2086 # words
		assert_run 0 0 '' private sh -c "$no_proc" sh "$UNSHARE" $options id -u
	done
	for options in -r -c --map-users=0:0:1 '-U --setgroups=deny'; do
		# shellcheck disable=SC2086
		assert_run 1 '' "unshare: no /proc here to write the id maps: $ENOENT (mount *)" \
			as_user unshare -rm sh -c "$no_proc" sh "$UNSHARE" $options true
		assert_one_line
	done
	assert_run 1 '' "unshare: cannot read /proc/self/uid_map: $ENOENT" \
		as_user unshare -rm sh -c "$no_proc" sh "$UNSHARE" --map-users=all true
}

# When there is no namespace the helper goes, without a word.
testNobodyIsLeft() {
	run timeout 30 unshare -rfp --mount-proc --kill-child sh -c '
		echo 0 >/proc/sys/user/max_user_namespaces
		for options in "--map-users=0:0:1" "--map-users=all --map-groups=all -r" \
			"--owner=0:0 -r" "-f --map-users=all --kill-child"; do
			"$0" $options echo wrong
		done
		until set -- /proc/[0-9]*; [ $# = 1 ]; do sleep 0.01; done
		echo nobody left' "$UNSHARE"
	assertEquals "$err" 'nobody left' "$out"
	assertEquals "$err" 4 "$(grep -c "^unshare: .*" "$T/err")"
	assertEquals "$err" 4 "$(wc -l <"$T/err")"
}

# ---- the owner

testOwner() {
	need_root || return 0
	# The ids are given up before the namespace is made.
	strace -o "$T/trace" -e trace=setgroups,setgid,setuid,unshare "$UNSHARE" --owner 1234:5678 true
	assertEquals 'setgroups(0, NULL) = 0;setgid(5678) = 0;setuid(1234) = 0;unshare(CLONE_NEWUSER) = 0;' \
		"$(sed -n '/^[a-z]*(/{ s/  *= / = /; p; }' "$T/trace" | tr '\n' ';')"
	assert_maps '||allow' "$UNSHARE" --owner 1234:5678
	assert_maps '||deny' "$UNSHARE" --owner 1234:5678 --setgroups=deny
	# Who asked is mapped, by the helper, which needs no "deny".
	assert_maps '0 0 1|0 0 1|allow' "$UNSHARE" --owner 1234:5678 -r
	assert_maps '0 0 1|0 0 1|deny' "$UNSHARE" --owner 1234:5678 -r --setgroups deny
	assert_maps '7 0 1||allow' "$UNSHARE" --map-user 7 --owner=1234:5678
	assert_maps '0 1234 1|0 5678 1|allow' \
		"$UNSHARE" --owner 1234:5678 --map-users 0:1234:1 --map-groups 0:5678:1
	# The process is one of the owner's, and may become who is mapped.
	assert_run 0 '0 0' '' "$UNSHARE" --owner 1234:5678 --map-users 0:1234:1 --map-groups 0:5678:1 \
		sh -c 'echo $(id -u) $(id -g)'
	assert_run 0 '0 0' '' "$UNSHARE" --owner 1234:5678 -r -S 0 -G 0 sh -c 'echo $(id -u) $(id -g)'
	# Files in /proc/self remain its own.
	assert_run 0 '' '' "$UNSHARE" --owner 1234:5678 -T --boottime 1000 true
}

# The owner has all rights in the namespace, without being mapped; others have none.
testOwnerMayEnter() {
	need_root || return 0
	mkfifo "$T/end"
	background "$UNSHARE" --owner 1234:5678 sh -c 'echo; read -r _ <"$0"' "$T/end"
	next_line || return
	assert_prints "$(readlink "/proc/$bg/ns/user")" setpriv --reuid 1234 --regid 1 --clear-groups \
		nsenter -t "$bg" -U --preserve-credentials readlink /proc/self/ns/user
	assert_run 1 '' 'nsenter: *' setpriv --reuid 1235 --regid 5678 --clear-groups \
		nsenter -t "$bg" -U --preserve-credentials true
	echo >"$T/end"
	ended 0
}

# Nor does a program that becomes somebody else keep its user from the process that waits for it.
testWhoWaitsMayBeEntered() {
	need_root || return 0
	mkfifo "$T/last"
	for ids in '-S 1' '-G 1' '-S 1 -G 1'; do
		# shellcheck disable=SC2086 # words
		background "$UNSHARE" --owner 1234:5678 --map-users 0:1234:2 --map-groups 0:5678:2 -f $ids \
			sh -c 'echo; read -r _ <"$0"' "$T/last"
		next_line || return
		# It gets its files in /proc back once it knows that the program has begun.
		wait_for "[ \$(stat -c %u /proc/$bg/status) = 1234 ]"
		assert_prints "$(readlink "/proc/$bg/ns/user")" setpriv --reuid 1234 --regid 5678 \
			--clear-groups nsenter -t "$bg" -U --preserve-credentials readlink /proc/self/ns/user
		echo >"$T/last"
		ended 0
	done
}

testOwnerIsWrong() {
	need_root || return 0
	for owner in '' : 1 1: :1 1:2: 1:2:3 root:root 1:x x:1 -1:0 1,2 ' 1:2' '1:2 ' 4294967295:0 \
		0:4294967295 1:4294967296; do
		assert_run 1 '' 'unshare: failed to parse owner' "$UNSHARE" --owner "$owner" true
	done
	assert_run 1 '' "unshare: setgroups failed: $EPERM" as_user "$UNSHARE" --owner 1:1 echo wrong
	assert_run 1 '' "unshare: setuid() failed: $EPERM" \
		setpriv --bounding-set -setuid "$UNSHARE" --owner 1:1 echo wrong
}

# ---- the peer

# Version 2.38 asks newuidmap as root, too, and knows only OUTER,INNER,COUNT and auto.
testLikeUtilLinux() {
	need_root || return 0
	while read -r user options; do
		case $user in
		root) as='' ;;
		nobody) as=$AS_USER ;;
		esac
		lines="$SUBIDS
root:0:4294967295"
		# shellcheck disable=SC2086 # words
		run with_subids "$lines" "$lines" $as unshare $options sh -c "$SHOW; id -u; id -g"
		cp "$T/out" "$T/theirs"
		assertEquals "$options: $err" 0 "$rc"
		# shellcheck disable=SC2086 # words
		assert_run 0 '*' '' with_subids "$lines" "$lines" $as "$UNSHARE" $options \
			sh -c "$SHOW; id -u; id -g"
		assertEquals "$options" "$(cat "$T/theirs")" "$(cat "$T/out")"
	done <<-END
		root --map-users 100000,0,65536
		root --map-users 100000,0,65536 -r
		root --map-users 100000,0,65536 --map-groups 200000,0,10
		root --map-users 100000,0,65536 --map-user 500
		root -c --map-groups 1,0,10
		root -r --map-users 100,0,10 --map-groups 5,5,5
		nobody --map-auto
		nobody --map-users auto
		nobody --map-groups auto --map-user 0
		nobody -r --map-users 100000,0,10
		nobody -r --map-groups 100000,0,10
		nobody --map-users 100000,5,10 --map-user 7
		nobody --map-users 100000,5,10 --map-user 70
		nobody -c
	END
}

testNotBuiltIn() {
	for option in --map-users=0:0:1 --map-groups=all --map-auto --map-subids --owner=1:1; do
		assert_run 1 '' "*unshare: unrecognized option '${option%=*}'*" "$UNSHARE" "$option" true
	done
}

. "${SHUNIT2:-shunit2}"
