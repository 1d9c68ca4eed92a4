# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests of what a container can get at when somebody enters it; to be read after nsenter.sh.

SEIZE=$T/seize
if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -static -o "$SEIZE" "$HELPER/seize.c"; then
	echo "$0: cannot compile seize.c: run scripts/setup test" >&2
	exit 1
fi

# attacked WORDS OPTION...: starts a container whose root attacks (seize.c, with these words).
attacked() {
	caps=$1
	shift
	# shellcheck disable=SC2086 # words or none
	container "$@" +proc "+$SEIZE" -- /seize $caps
}

# attack_ends: lets it stop; $T/seen is what it has seen. $stopper may hold words of a command that makes
# a file there.
stopper=
attack_ends() {
	# shellcheck disable=SC2086 # words
	$stopper touch "/proc/$target/root/stop"
	: >"$T/seen"
	while next_line && [ "$line" != 'done' ]; do printf '%s\n' "$line" >>"$T/seen"; done
}
