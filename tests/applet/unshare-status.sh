#!/bin/sh
# SPDX-License-Identifier: 0BSD
# unshare: how it ends, what the program gets of the caller (signals, descriptors, input), the shell
# that is the default, stops.
# shellcheck disable=SC2016,SC2086,SC2089,SC2090 # scripts are expanded by other shells; options are words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/unshare.sh"
UNSHARE=$BIN/unshare
export UNSHARE

mkdir -p "$T/root/dev" "$T/root/proc" "$T/root/sub" "$T/cores" "$T/keep"
cp "$(command -v busybox)" "$PROBE" "$T/root"
for kind in $KINDS; do : >"$T/keep/$kind"; done

# ---- the status

testStatusLikeTheirs() {
	: >"$T/plain"
	printf '#!/no/such/interpreter\n' >"$T/script"
	printf 'echo without a first line\n' >"$T/text"
	chmod 755 "$T/script" "$T/text"
	for options in -U '-U -f' '-rpf' '-U --kill-child'; do
		for code in 0 1 2 125 126 127 128 129 143 255; do same $options sh -c "exit $code"; done
		same $options "$T/nothing"
		same $options nothing
		same $options ''
		same $options "$T"
		same $options "$T/plain"
		same $options "$T/plain/below"
		same $options /proc/self/mem
		same $options "$T/script"
		for sig in 1 2 3 6 13 14 15; do same $options sh -c "kill -$sig \$\$; sleep 0.1; echo alive"; done
	done
}

# Some of these let PID 1 alone.
testP9DeathByEverySignal() {
	for sig in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 24 25 26 27 29 30 31 34 50 64; do
		assert_run 0 "signal $sig" '' "$PROBE" status "$UNSHARE" -U -f "$PROBE" die "$sig"
		assert_run 0 "signal $sig" '' "$PROBE" status "$UNSHARE" --kill-child -U "$PROBE" die "$sig"
		assert_run 0 "signal $sig" '' "$PROBE" with ignore="$sig" block="$sig" "$PROBE" status \
			"$UNSHARE" -U -f "$PROBE" die "$sig"
	done
}

# The program's core file is enough.
testS12NoSecondCore() {
	cd "$T/cores" || return
	# shellcheck disable=SC3045 # dash and busybox have it
	ulimit -S -c unlimited 2>/dev/null || ulimit -S -c "$(ulimit -H -c)"
	run "$PROBE" status "$PROBE" die 11
	alone=$out
	assert_run 0 'signal 11' '' "$PROBE" status "$UNSHARE" -U -f "$PROBE" die 11
	# shellcheck disable=SC3045
	ulimit -S -c 0
	cd "$TOP" || return
	like "$alone" 'signal 11*' || fail "no core to be seen here: $alone"
	rm -f "$T"/cores/*
}

testS13IgnoredChld() {
	for options in -f --kill-child -pf; do
		assert_run 7 '' '' "$PROBE" with ignore=17 "$UNSHARE" -r $options sh -c 'exit 7'
		assert_run 0 'signal 15' '' "$PROBE" status "$PROBE" with ignore=17 block=17 \
			"$UNSHARE" -U -f "$PROBE" die 15
	done
}

# It waits for its own child, although as PID 1 it becomes the parent of others.
testS14OnlyItsOwnChild() {
	assert_run 9 '' '' in_ns "$UNSHARE" -f sh -c '"$PROBE" orphans 20; exit 9'
	assert_run 143 '' '' in_ns "$UNSHARE" -f sh -c '"$PROBE" orphans 20; exec "$PROBE" die 15'
}

testB10DeathAsPid1() {
	for sig in 1 2 3 6 9 11 13 15 34; do
		assert_run $((128 + sig)) '' '' in_ns "$UNSHARE" -f "$PROBE" die "$sig"
		assert_run $((128 + sig)) '' '' in_ns "$UNSHARE" -u --kill-child "$PROBE" die "$sig"
		assert_run $((128 + sig)) '' '' in_ns "$PROBE" with block=$sig ignore=$sig "$UNSHARE" -f \
			"$PROBE" die "$sig"
	done
	assert_run 5 '' '' in_ns "$UNSHARE" -f sh -c 'exit 5'
}

# ---- what the program gets

# Everything that is done for an option, in lines of options; the words of DIR are at hand.
all_options() {
	cat <<-END
		-U
		-r -f
		-c --kill-child
		-r -m -u -i -n -p -C -T -f
		-r -p -f --mount-proc
		-r -T --monotonic 5 --boottime 6
		-r --hostname box -n --loopback
		-r --keep-caps
		--map-user 5 --map-group 6 --setgroups deny
		-r -w $T/root/sub
		-r -R $T/root
		-r -R $T/root --pivot-root -w sub
		-r --clear-env --whitelist-env PATH,PROBE,T
		-r -m --propagation slave -S 0 -G 0
	END
	if enabled UNSHARE_DEV; then
		echo "-r --dev"
		echo "-r -R $T/root --pivot-root --dev"
	fi
	if enabled UNSHARE_INIT; then
		echo "-r --init"
		echo "-r --init=1 --mount-proc --kill-child"
		echo "-r --forward-signals"
	fi
	if enabled UNSHARE_BINFMT; then echo "-r --mount-binfmt=$T/root/proc"; fi
	[ "$(id -u)" = 0 ] || return 0
	if enabled UNSHARE_IDMAP; then
		echo "--map-users 0:0:10 --map-groups 0:0:10"
		echo "--map-users 0:0:10 -r -f"
		echo "--owner 65534:65534"
	fi
	if enabled UNSHARE_KEEP; then
		echo "--uts=$T/keep/uts --net=$T/keep/net"
		echo "-r -f --user=$T/keep/user --uts=$T/keep/uts"
		if enabled UNSHARE_INIT; then echo "--init --pid=$T/keep/pid"; fi
	fi
	echo "-S 65534 -G 65534"
}

# probe_for OPTIONS: the name of the probe where they lead.
probe_for() {
	case $1 in
	*"-R "*) echo /probe ;;
	*) echo "$PROBE" ;;
	esac
}

# No descriptor but the caller's, whatever was open or closed; and for good: none is passed on.
testB33DescriptorsForEveryOption() {
	chmod 755 "$T/root"
	all_options >"$T/options"
	for open in '' '5</dev/null 77>/dev/null' '0<&-' '1>&-' '2>&-' '0<&- 1>&-' '0<&- 1>&- 2>&- 9</dev/null'; do
		eval "\"\$PROBE\" fds \"\$T/want\" $open"
		while read -r options; do
			case $options in
			*-R*) continue ;;
			esac
			: >"$T/got"
			chmod 666 "$T/got"
			eval "private \"\$UNSHARE\" $options \"\$PROBE\" fds \"\$T/got\" $open"
			assertEquals "$options $open: status" 0 $?
			assertEquals "$options $open" "$(cat "$T/want")" "$(cat "$T/got")"
		done <"$T/options"
	done
}

testB33DescriptorsInAnotherRoot() {
	all_options >"$T/options"
	: >"$T/root/got"
	chmod 666 "$T/root/got"
	for open in '' '0<&-' '0<&- 1>&- 2>&- 9</dev/null'; do
		eval "\"\$PROBE\" fds \"\$T/want\" $open"
		while read -r options; do
			case $options in
			*-R*) ;;
			*) continue ;;
			esac
			: >"$T/root/got"
			eval "private \"\$UNSHARE\" $options /probe fds /got $open"
			assertEquals "$options $open: status" 0 $?
			assertEquals "$options $open" "$(cat "$T/want")" "$(cat "$T/root/got")"
		done <"$T/options"
	done
}

testB33InputIsTheCallers() {
	all_options >"$T/options"
	while read -r options <&3; do
		case $options in
		*-R*) cat=/busybox ;;
		*) cat=busybox ;;
		esac
		assertEquals "$options" 'line 1
line 2' "$(printf 'line 1\nline 2\n' | private "$UNSHARE" $options $cat cat 2>&1)"
	done 3<"$T/options"
}

testP8SignalSetsForEveryOption() {
	all_options >"$T/options"
	for sets in '' 'block=1,2,3,10,15,17,20,34,64' 'ignore=1,2,3,12,13,15,17,20,21,22,33,64' \
		'block=2,15,32,33 ignore=2,15,18'; do
		want=$("$PROBE" with $sets $SIGNALS)
		while read -r options; do
			case $options in
			*-R*) continue ;;
			esac
			assert_run 0 "$want" '' private "$PROBE" with $sets "$UNSHARE" $options $SIGNALS
		done <"$T/options"
	done
}

# ---- the default program

# In a private mount namespace: the lines of $PASSWD in place of /etc/passwd.
PASSWD_CMD='printf "%s\n" "$PASSWD" >"$T/passwd" && mount -n --bind "$T/passwd" /etc/passwd'

testDefaultShell() {
	cp "$(command -v busybox)" "$T/anyone/ash"
	# An argument of its own would be a script.
	for options in '' '-U' '-U -f'; do
		assert_login "-ash" "$options" SHELL="$T/anyone/ash"
		assert_login "-sh" "$options" SHELL=/bin/sh
	done
	need_root || return 0
	# Without SHELL it is that of the account, by the real user id.
	PASSWD="root:x:0:0::/root:$T/anyone/ash" assert_login -ash ''
	PASSWD="root:x:0:0::/root:$T/anyone/ash" assert_login -ash '-f'
	PASSWD="root:x:0:0::/root:$T/anyone/ash" assert_login -ash '' SHELL=
	# Or one that is not there.
	PASSWD="root:x:0:0::/root:$T/anyone/ash" assert_login -ash '' SHELL=/no/shell
	PASSWD="root:x:0:0::/root:$T/anyone/ash" assert_login -ash -f SHELL=/no/shell
	# The last is /bin/sh.
	PASSWD='root:x:0:0::/root:/no/shell' assert_login -sh '' SHELL=/no/shell
	PASSWD='root:x:0:0::/root:' assert_login -sh ''
	PASSWD='nobody:x:65534:0::/:/bin/false' assert_login -sh ''
	PASSWD='' assert_login -sh ''
}

testNoShellAtAll() {
	for options in '' -f --kill-child; do
		assert_run 127 '' "unshare: failed to execute /bin/sh: $ENOENT*" \
			env -u SHELL unshare -r "$UNSHARE" $options -R "$T/root"
		assert_one_line
		assert_run 127 '' "unshare: failed to execute /bin/sh: $ENOENT*" \
			env SHELL=/no/shell unshare -r "$UNSHARE" $options -R "$T/root"
		assert_one_line
	done
	# One that is there and no program is used all the same.
	assert_run 126 '' "unshare: failed to execute $T: $EACCES*" env SHELL="$T" "$UNSHARE" -U
	assert_one_line
}

# assert_login NAME OPTIONS [NAME=VALUE]: what the shell is called.
assert_login() {
	want=$1 options=$2
	shift 2
	# shellcheck disable=SC2086 # words
	got=$(echo 'echo $0' | private sh -c '
		if [ "${PASSWD+set}" ]; then '"$PASSWD_CMD"' || exit; fi
		exec env -u SHELL -u PASSWD "$@"' sh "$@" "$UNSHARE" $options 2>&1)
	assertEquals "$options $* ${PASSWD-}" "$want" "$got"
}
# ---- --kill-child

# killed ARGUMENT...: the program is gone when unshare is killed.
killed() {
	background "$UNSHARE" "$@" sh -c 'echo; exec sleep 1000'
	next_line || return
	child=$(children "$bg" | tr -d ' ')
	kill -KILL "$bg"
	ended 137
	wait_state "$child" dead || kill -KILL "$child"
}

# A change of credentials takes it away (util-linux sets it before).
testB9KillChildSurvivesTheIds() {
	need_root || return 0
	killed --kill-child -S 65534
	killed --kill-child -G 65534
	killed --kill-child=KILL -S 65534 -G 65534 -m
	killed --kill-child -p --mount-proc -S 65534 -G 65534
	killed --kill-child -r -S 0 -G 0 --keep-caps
	enabled UNSHARE_IDMAP || return 0
	killed --kill-child --map-users 0:0:10 --map-groups 0:0:10 -S 5 -G 5
}

testKillChildSignals() {
	for signal in TERM SIGTERM term 15 HUP RTMIN+2; do
		case $signal in
		HUP) want=1 ;;
		RTMIN+2) want=36 ;;
		*) want=15 ;;
		esac
		background "$UNSHARE" -U --kill-child="$signal" "$PROBE" catch 1
		next_line || return
		kill -KILL "$bg"
		next_line
		assertEquals "$signal" "$want" "${line%% *}"
		ended 137
	done
	for signal in NOPE 0 99 -1 '' 9x; do
		assert_run 1 '' "unshare: unknown signal: $signal" "$UNSHARE" --kill-child="$signal" true
		same --kill-child="$signal" true
	done
	# By default the program outlives it.
	background "$UNSHARE" -U -f "$PROBE" catch 1
	next_line || return
	child=$(children "$bg" | tr -d ' ')
	kill -KILL "$bg"
	wait "$bg"
	"$PROBE" send "$child" 10
	next_line
	assertEquals '10 0 0' "$line"
	exec 8<&-
	wait_state "$child" dead
}

# ---- stops

testB34StopsAreRelayed() {
	for options in '-U -f' '-r -pf' '-U --kill-child' '-r -mpf --mount-proc'; do
		background "$UNSHARE" $options "$PROBE" awake
		next_line || return
		child=$(children "$bg" | tr -d ' ')
		kill -STOP "$child"
		wait_state "$child" T
		wait_state "$bg" T || return
		kill -CONT "$bg"
		next_line
		assertEquals "$options" awake "$line"
		wait_state "$bg" S
		kill -KILL "$child"
		ended 137
	done
}

testB34TwiceAndWhileStopped() {
	background "$UNSHARE" -U -f "$PROBE" awake
	next_line || return
	child=$(children "$bg" | tr -d ' ')
	for _ in 1 2; do
		kill -STOP "$child"
		wait_state "$bg" T
		kill -CONT "$bg"
		next_line || return
		wait_state "$bg" S
	done
	# It dies while both are stopped.
	kill -STOP "$child"
	wait_state "$bg" T
	kill -KILL "$child"
	kill -CONT "$bg"
	ended 137
}

. "${SHUNIT2:-shunit2}"
