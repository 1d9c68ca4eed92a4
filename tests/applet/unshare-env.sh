#!/bin/sh
# SPDX-License-Identifier: 0BSD
# unshare: the environment, the credentials and the clocks of the program.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by other shells; options are words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/unshare.sh"
UNSHARE=$BIN/unshare
export UNSHARE

# clean NAME=VALUE... [OPTION...]: the environment that is left of exactly these. A program without
# one would get what its linker needs from us, so that the static one of busybox tells.
BUSYBOX=$(command -v busybox)
clean() { env -i "$@" "$BUSYBOX" env; }

# ---- the environment

testEnvironmentIsTheCallers() {
	for options in -U '-U -f' '-r -mpf --mount-proc'; do
		assert_run 0 'A=1
B=two words
EMPTY=' '' clean A=1 'B=two words' EMPTY= "$UNSHARE" $options
	done
}

testClearEnv() {
	for options in -U '-U -f' '-U --kill-child' '-r -mpf --mount-proc'; do
		assert_run 0 '' '' clean A=1 B=2 PATH=/bin "$UNSHARE" $options --clear-env
		assert_run 0 '' '' clean "$UNSHARE" --clear-env $options
	done
	enabled UNSHARE_INIT || return 0
	assert_run 0 '' '' clean A=1 "$UNSHARE" -r --init --clear-env
}

testWhitelistEnv() {
	for fork in -U '-U -f'; do
		assert_run 0 'A=1
C=3' '' clean A=1 B=2 C=3 "$UNSHARE" $fork --whitelist-env A,C
		assert_run 0 'A=1
C=3' '' clean A=1 B=2 C=3 "$UNSHARE" $fork --whitelist-env=A --whitelist-env=C,D
		assert_run 0 'B=2' '' clean A=1 B=2 C=3 "$UNSHARE" $fork --clear-env --whitelist-env=B
		assert_run 0 'B=2' '' clean A=1 B=2 C=3 "$UNSHARE" $fork --whitelist-env=B --clear-env
	done
}

testWhitelistEnvNamesAreWhole() {
	assert_run 0 'A=1
AB=2' '' clean A=1 AB=2 ABC=3 a=4 "$UNSHARE" --whitelist-env A,AB
	assert_run 0 'ABC=3' '' clean A=1 AB=2 ABC=3 "$UNSHARE" --whitelist-env ABC
	# Neither a name that is not set, nor an empty one, nor one with its value, is anything.
	for list in NO '' ',' ',,' 'A=1' 'A=' '*' ' A' 'A '; do
		assert_run 0 '' '' clean A=1 AB=2 "$UNSHARE" --whitelist-env "$list"
	done
	assert_run 0 'A=1' '' clean A=1 B=2 "$UNSHARE" --whitelist-env ',,A,,NO,'
	assert_run 0 'A=1' '' clean A=1 B=2 "$UNSHARE" --whitelist-env A,A --whitelist-env A
}

testWhitelistEnvKeepsAnyValue() {
	value=$(printf 'line 1\nline=2 \\ \033[1m \377\n')
	assert_prints "A=$value" clean "A=$value" B=2 "$UNSHARE" -U --whitelist-env A
	assert_run 0 'A=' '' clean A= B=2 "$UNSHARE" -U --whitelist-env A
	assert_run 0 'A=x=y=z' '' clean A=x=y=z "$UNSHARE" -U --whitelist-env A
}

# P19. 128 KiB is the most that the kernel takes for one string.
testP19HugeEnvironment() {
	huge=$(head -c 131000 /dev/zero | tr '\0' x)
	for options in -U '-U -f'; do
		assert_run 0 "A=$huge
B=2" '' clean A="$huge" B=2 C=3 "$UNSHARE" $options --whitelist-env A,B
		assert_run 0 "B=2" '' clean A="$huge" B=2 "$UNSHARE" $options --whitelist-env B
	done
	# Many, of which two lists name every second.
	awk 'BEGIN { for (i = 0; i < 8000; i++) print "V" i "=" i * i }' >"$T/all"
	awk 'BEGIN { for (i = 1; i < 8000; i += 2) print "V" i }' >"$T/odd"
	first=$(head -n 2000 "$T/odd" | tr '\n' ,)
	second=$(tail -n 2000 "$T/odd" | tr '\n' ,)
	tr '\n' '\0' <"$T/all" | xargs -0 -n 9000 -s 300000 sh -c '
		first=$1 second=$2 program=$3 busybox=$4
		shift 4
		exec env -i "$@" "$program" -U --whitelist-env "$first" --whitelist-env="$second" \
			"$busybox" env' sh "$first" "$second" "$UNSHARE" "$BUSYBOX" >"$T/got"
	assertEquals 'its status' 0 $?
	assertEquals 'as many as were named' 4000 "$(wc -l <"$T/got")"
	awk -F= '{ n = $1; sub(/V/, "", n) } n % 2 && $2 == n * n { good++ } END { print good }' "$T/got" |
		{ read -r good && assertEquals 'all the right ones' 4000 "$good"; }
}

# The program is looked for where the one that is left says, else in the usual places.
testProgramWithoutPath() {
	mkdir -p "$T/only"
	printf '#!%s sh\necho found\n' "$BUSYBOX" >"$T/only/mine"
	chmod 755 "$T/only/mine"
	for options in -U '-U -f'; do
		assert_run 0 found '' env -i PATH="$T/only" "$UNSHARE" $options --whitelist-env PATH mine
		assert_run 127 '' "unshare: failed to execute mine: $ENOENT" \
			env -i PATH="$T/only" "$UNSHARE" $options --clear-env mine
		assert_run 0 usual '' env -i PATH="$T/only" "$UNSHARE" $options --clear-env echo usual
		assert_run 0 usual '' env -i PATH="$T/only" "$UNSHARE" $options --whitelist-env A echo usual
	done
}

# ---- ids, capabilities

testIdsLikeTheirs() {
	need_root || return 0
	for options in '-S 123' '-G 456' '-S 123 -G 456' '-f -S 65534 -G 65534' '-m -S 1' \
		'-S 0' '-S 4294967294' '-S 00012'; do
		same $options sh -c 'echo $(id -u) $(id -g) $(id -G); grep -E "^(Uid|Gid|Groups|Cap)" /proc/self/status'
	done
	for text in x '' -5 1.5 0x10 '1 ' root 4294967296x; do
		# util-linux lets some numbers below 0 pass.
		[ "$text" = -5 ] || same -S "$text" true
		assert_run 1 '' "unshare: failed to parse uid: '$text'" "$UNSHARE" -S "$text" true
		assert_run 1 '' "unshare: failed to parse gid: '$text'" "$UNSHARE" --setgid="$text" true
		assert_one_line
	done
	# It is not id 0 that 2^32 means, nor is -1 one: util-linux lets the former pass.
	for text in 4294967296 18446744073709551616 4294967295 -1; do
		assert_run 1 '' 'unshare: *uid*' "$UNSHARE" -S "$text" true
		assert_run 1 '' 'unshare: *gid*' "$UNSHARE" -G "$text" true
	done
}

testIdsThatMayNotBe() {
	assert_run 1 '' "unshare: setuid() failed: $EINVAL*" as_user "$UNSHARE" -r -S 1000 true
	assert_run 1 '' "unshare: setgid() failed: $EINVAL*" as_user "$UNSHARE" -r -G 1000 true
	assert_run 1 '' "unshare: setuid() failed: $EPERM*" as_user "$UNSHARE" -S 0 true
	assert_run 1 '' "unshare: set*failed: $EPERM*" as_user "$UNSHARE" -G 0 true
	assert_one_line
	# S24: after the map of a group has cost setgroups(2), it is done before.
	assert_run 0 '0 0' '' as_user "$UNSHARE" -r -S 0 -G 0 sh -c 'echo $(id -u) $(id -g)'
}

CAPS='grep -E ^Cap /proc/self/status'

testKeepCaps() {
	for options in -U '-U -f' -c '-c -f' -r '--map-user 5' '-r -m'; do
		for who in '' as_user; do
			want=$($who unshare $options --keep-caps $CAPS)
			assert_run 0 "$want" '' $who "$UNSHARE" $options --keep-caps $CAPS
			want=$($who unshare $options $CAPS)
			assert_run 0 "$want" '' $who "$UNSHARE" $options $CAPS
		done
	done
	# They are kept over an exec, and are all that the kernel knows, or the caller has.
	assert_run 0 "$(as_user unshare -r sh -c 'sed -n "s/^CapEff:.//p" /proc/self/status')" '' \
		as_user "$UNSHARE" -U --keep-caps sh -c 'sed -n "s/^CapAmb:.//p" /proc/self/status'
	# Without a new user namespace it is nothing.
	need_root || return 0
	same --keep-caps $CAPS
	same -m --keep-caps $CAPS
	same -S 65534 --keep-caps $CAPS
	same -f -S 65534 -G 65534 --keep-caps $CAPS
}

testKeepCapsAfterIds() {
	need_root || return 0
	enabled UNSHARE_IDMAP || return 0
	# A user that is not root has none of them (capabilities(7)), so that none is kept.
	assert_run 0 '5
0000000000000000' '' "$UNSHARE" --map-users 0:0:10 --map-groups 0:0:10 -S 5 -G 5 --keep-caps \
		sh -c 'id -u; sed -n "s/^CapAmb:.//p" /proc/self/status'
	assert_run 0 "0
$(unshare -r sed -n 's/^CapEff:.//p' /proc/self/status)" '' "$UNSHARE" --map-users 0:0:10 \
		--map-groups 0:0:10 -S 0 -G 0 --keep-caps \
		sh -c 'id -u; sed -n "s/^CapAmb:.//p" /proc/self/status'
}

# ---- clocks

OFFSETS='cat /proc/self/timens_offsets'

testP11OffsetsLikeTheirs() {
	for options in '' '--boottime 5' '--monotonic 7' '--boottime 5 --monotonic 7' \
		'--boottime=1000000000 --monotonic=-1' '--boottime 0' '--boottime -1' \
		'--monotonic -5 --boottime -6' '-f --boottime 8' '-f --monotonic 9 --boottime=-2' \
		'--boottime 1 --boottime 2' '--monotonic +3'; do
		same -r -T $options $OFFSETS
	done
	need_root || return 0
	same -T --boottime 12 $OFFSETS
	same -T -f --monotonic -12 $OFFSETS
}

# uptime_in OPTION...: in seconds.
uptime_in() { as_user "$UNSHARE" -r -T "$@" sh -c 'read -r now _ </proc/uptime; echo "${now%.*}"'; }

testP11TheClocksShowIt() {
	for fork in '' -f; do
		now=$(($(uptime_cs) / 100))
		then=$(uptime_in $fork --boottime 100000)
		assert_between 100000 $((then - now)) 100060 "$fork"
		now=$(($(uptime_cs) / 100))
		then=$(uptime_in $fork --boottime=-3)
		assert_between -4 $((then - now)) 56 "$fork"
		# Not the other clock's.
		now=$(($(uptime_cs) / 100))
		then=$(uptime_in $fork --monotonic 100000)
		assert_between 0 $((then - now)) 60 "$fork"
	done
}

testP11WithoutATimeNamespace() {
	for option in '--monotonic 5' --boottime=5 '--boottime 0' '--monotonic=-1 --boottime 3'; do
		assert_run 1 '' "unshare: options --monotonic and --boottime require unsharing of a time namespace (-T)" \
			as_user "$UNSHARE" -r $option true
		assert_one_line
	done
	# The order does not matter.
	assert_run 0 '' '' as_user "$UNSHARE" -r --boottime 5 -T true
}

testP11Wrong() {
	for text in x '' 1.5 1x -x - 0x10 99999999999999999999 -99999999999999999999; do
		# For what is too long util-linux adds the error.
		[ ${#text} -gt 9 ] || same -T --boottime "$text" true
		assert_run 1 '' "unshare: failed to parse boottime offset: '$text'" \
			as_user "$UNSHARE" -r -T --boottime "$text" true
		assert_run 1 '' "unshare: failed to parse monotonic offset: '$text'" \
			as_user "$UNSHARE" -r --monotonic="$text" true
		assert_one_line
	done
	# A clock cannot become negative, nor overflow.
	for text in -99999999999 99999999999999 -9223372036854775807 9223372036854775807; do
		for option in --boottime --monotonic; do
			assert_run 1 '' 'unshare: failed to write to /proc/self/timens_offsets: *' \
				as_user "$UNSHARE" -r -T $option="$text" true
			assert_one_line
		done
	done
}

. "${SHUNIT2:-shunit2}"
