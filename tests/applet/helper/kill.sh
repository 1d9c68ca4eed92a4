# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh disable=SC2016,SC2154 # expanded over there; of lib.sh
# What the tests of kill share: processes to signal, and a PID namespace to signal in. The test sets $kill.

# victim [CMD...]: a process that sleeps, with no signal ignored but by CMD; $pid. It is there when it is
# called $comm, or as the command, and asleep: it has the name before it has begun.
victim() {
	[ $# -gt 0 ] || set -- sleep 1000
	env --default-signal "$@" </dev/null >/dev/null 2>&1 &
	pid=$!
	victims="${victims:-} $pid"
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = '$(printf %.15s "${comm:-${1##*/}}")' ]"
	wait_state "$pid" S
}

tearDown() {
	# shellcheck disable=SC2086 # they are words
	end_children ${victims:-}
	victims=
}

# assert_death SIGNAL-NUMBER [PID]: the victim dies of it.
assert_death() {
	wait "${2:-$pid}" 2>/dev/null
	assertEquals "of ${2:-$pid}" $((128 + $1)) $?
}

# inside TEXT: runs it in a PID namespace where there is nobody else: as PID 1, or with $below, such as
# tini --, as the child of that. It shall print nothing. It begins with these functions:
# state PID; until_true TEXT; gone PID...: waits until they are; lives PID...; in_state LETTER PID;
# is WANT CMD...: its status, $tmp/out and $tmp/err; says FILE TEXT: what that has written;
# called NAME: a process of that name, $!.
inside() {
	cat >"$T/inside.sh" <<'END'
state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null; }
until_true() {
	tries=0
	until eval "$1"; do
		if [ "$((tries += 1))" = 500 ]; then
			echo "in vain: $1"
			return
		fi
		sleep 0.01
	done
}
gone() { for pid; do until_true "case \$(state $pid) in Z | '') ;; *) false ;; esac"; done; }
lives() { for pid; do case $(state "$pid") in Z | '') echo "$pid is dead" ;; esac; done; }
in_state() { until_true "[ \"\$(state $2)\" = $1 ]"; }
is() {
	want=$1
	shift
	"$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ "$got" = "$want" ] || { echo "$*: status $got, not $want"; cat "$tmp/out" "$tmp/err"; }
}
says() { [ "$(cat "$tmp/$1")" = "$2" ] || { echo "$1 is:"; cat "$tmp/$1"; }; }
called() {
	[ -e "$tmp/$1" ] || cp /bin/sleep "$tmp/$1"
	"$tmp/$1" 1000 &
	until_true "[ \"\$(cat /proc/$!/comm)\" = '$1' ]"
}
END
	mkdir -p "$T/in"
	chmod 1777 "$T/in"
	# shellcheck disable=SC2086 # words
	assert_run 0 '' '' in_ns ${below:-} env --default-signal sh -c "$kill_guard"'
		kill=$1 tmp=$2/in
		. "$2/inside.sh"
		'"$1" sh "$kill" "$T"
}
