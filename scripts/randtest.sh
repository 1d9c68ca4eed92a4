#!/bin/sh
# SPDX-License-Identifier: 0BSD
# scripts/randtest.sh N SEED: builds N random configurations, those of SEED, SEED + 1, ..., without
# a warning, and tries each program. What a failure leaves (its .config, a log) stays in
# $BUILD/rand/SEED. Environment: BUILD or O, the build directory (build); whatever make takes.
set -u
cd "$(dirname "$0")/.." || exit
build=${BUILD:-${O:-build}}
# Called by make: our own calls have a build directory and jobs of their own.
unset MAKEFLAGS MFLAGS MAKELEVEL O BUILD

fail() {
	echo "seed $seed: $*"
	return 1
}

# Whether the command exits with that status: status 127 COMMAND...
status() {
	want=$1
	shift
	"$@" </dev/null >"$dir/out" 2>&1
	is=$?
	[ "$is" = "$want" ] || fail "status $is, not $want: $*"
}

# The applets that are in this configuration.
enabled() {
	find applets -name '*.c' -exec sh scripts/applets.sh names {} + | while read -r name _; do
		symbol=$(echo "$name" | tr '[:lower:]' '[:upper:]')
		if grep -q "^CONFIG_$symbol=y\$" "$dir/config.mk"; then echo "$name"; fi
	done
}

make_it() {
	make O="$dir" SEED="$seed" randconfig && make O="$dir" CFLAGS=-Werror -j2
}

try() {
	program=$dir/pidbox
	case $(file -b "$program") in
	*'statically linked'* | *static-pie*) ;;
	*) fail "not static: $(file -b "$program")" || return ;;
	esac
	for name in $applets; do
		status 0 "$program" "$name" --help || return
	done
	# With one applet the program is that applet, under any name and with any argument.
	if [ "$(echo "$applets" | wc -w)" = 1 ]; then
		ln -sf pidbox "$dir/other-name"
		status 0 "$dir/other-name" --help
		return
	fi
	status 0 "$program" --list || return
	for name in $applets; do
		grep -qx "$name" "$dir/out" || fail "not in --list: $name" || return
	done
	status 127 "$program" no-such-applet
}

one() {
	if ! make_it >"$dir/log" 2>&1; then
		cat "$dir/log"
		fail "does not build: $dir/.config"
		return
	fi
	applets=$(enabled)
	try || fail "does not run: $dir/.config" || return
	# shellcheck disable=SC2086 # to one line
	echo "seed $seed: $(wc -c <"$dir/pidbox") bytes," ${applets:-no applet}
}

if [ $# != 2 ]; then
	echo "usage: scripts/randtest.sh N SEED" >&2
	exit 2
fi
failed=0
started=$(date +%s)
for seed in $(seq "$2" $(($2 + $1 - 1))); do
	dir=$build/rand/$seed
	rm -rf "$dir"
	mkdir -p "$dir" || exit
	if one; then
		rm -r "$dir"
	else
		failed=$((failed + 1))
	fi
done
echo "$(($1 - failed)) configurations passed, $failed failed in $(($(date +%s) - started)) s"
[ "$failed" = 0 ]
