# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# Our init as PID 1 of a PID namespace in the role of a machine's, in whatever surroundings: for
# init-hard.sh and init-degrade.sh, to be read after boot.sh. $HARD and $LACK are the programs of these
# names here.

for program in hard lack; do
	"${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -o "$T/$program" \
		"$TOP/tests/applet/helper/$program.c" || exit
done
HARD=$T/hard LACK=$T/lack
export HARD LACK

# Those who live in these machines: never found by looking for a name outside.
SLEEP=$(command -v sleep)

if grep -q __asan_init "$PIDBOX"; then
	sanitized() { true; }
else
	sanitized() { false; }
fi

setUp() {
	outside='' flags='' setup='' before='' times=''
	! enabled INIT_TUNE || times='--grace=0.2 --backoff=0.02 --backoff-limit=0.1'
}

# machine: boots, with $outside, words in front of unshare, $flags for it, $setup, a shell's text
# that runs before, in the namespaces, and $before, words in front of init; $times are its words that
# make it fast. It has an /etc of its own and a /dev that holds nothing but null. Its console is
# $T/console, $up the process outside, $init PID 1 as seen here.
machine() {
	mkdir -p "$T/etc"
	: >"$T/null"
	: >"$T/console"
	# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
	$outside unshare $flags --pid --fork --mount --propagation private --kill-child sh -c '
		mount --bind "$1/etc" /etc && mount -t proc proc /proc && mount --bind /dev/null "$1/null" &&
			mount -t tmpfs tmpfs /dev && : >/dev/null && mount --bind "$1/null" /dev/null &&
			eval "$2" && shift 2 && exec "$@"' - "$T" "${setup:-:}" \
		env -i HOME=/ ${ASAN_OPTIONS:+"ASAN_OPTIONS=$ASAN_OPTIONS"} \
		${UBSAN_OPTIONS:+"UBSAN_OPTIONS=$UBSAN_OPTIONS"} $before "$BIN/init" $times \
		</dev/null >>"$T/console" 2>&1 &
	up=$!
	find_init
}

# Below $up, whatever is in between. A copy that PID 1 has just made is called init, too.
find_init() {
	wait_for 'init=$up; while [ -n "$init" ] && ! is_init "$init"; do init=$(first_child $init); done
		[ -n "$init" ]'
}

is_init() {
	[ "$(cat "/proc/$1/comm" 2>/dev/null)" = init ] && grep -q '^NSpid:.*[[:space:]]1$' "/proc/$1/status"
}

# inside CMD...: in the namespaces of the machine, as a process that PID 1 does not know.
inside() { nsenter --target "$init" --pid --mount "$@"; }

# fault PID KIND: it has one.
fault() { "$HARD" fault "$1" "$2" || fail "hard fault: $?, $(state "$1"), $(cat "/proc/$1/wchan")"; }

# respawned NAME: PID 1 has such a child, other than before, once that has been killed.
respawned() {
	wait_for "old=\$(child_named $1) && [ -n \"\$old\" ]" || return
	kill -KILL "$old"
	wait_for "now=\$(child_named $1) && [ -n \"\$now\" ] && [ \"\$now\" != $old ]"
}

# child_named NAME: the first such child.
child_named() {
	# shellcheck disable=SC2013 # words
	for c in $(cat "/proc/$init/task/$init/children" 2>/dev/null); do
		if [ "$(cat "/proc/$c/comm" 2>/dev/null)" = "$1" ]; then
			echo "$c"
			return
		fi
	done
}

# zombies: how many children of PID 1 are.
zombies() {
	n=0
	# shellcheck disable=SC2013 # words
	for c in $(cat "/proc/$init/task/$init/children"); do
		[ "$(state "$c")" != Z ] || n=$((n + 1))
	done
	echo "$n"
}

# ticks: the hundredths of a second that PID 1 has been running.
ticks() { sed 's/^.*) //' "/proc/$init/stat" | awk '{ print $12 + $13 }'; }

# rests: PID 1 sleeps, all the time: it takes no time of a processor while a tenth of a second passes.
rests() {
	wait_state "$init" S || return
	was=$(ticks) from=$(uptime_cs)
	wait_for "[ \$((\$(uptime_cs) - $from)) -gt 30 ]"
	assertTrue "it is busy: $was, $(ticks)" "[ $(($(ticks) - was)) -le 3 ]"
}

# lines TEXT: how often the console has it.
lines() { grep -cF -- "$1" "$T/console"; }

# still_up: PID 1 is there, no fault of its own was told, and $HARD has done what it was told to.
still_up() {
	case $(state "$init") in
	S | R | D) ;;
	*) fail "PID 1 is $(state "$init"): $(cat "$T/console")" ;;
	esac
	assertEquals "$(cat "$T/console")" 0 "$(lines 'fault of its own')"
	assertEquals "$(cat "$T/console")" 0 "$(lines 'hard: ')"
}
