#!/bin/sh
# SPDX-License-Identifier: 0BSD
# scripts/each-applet.sh [--test] [NAME...]: builds programs of one applet each, without a warning,
# and prints "NAME BYTES"; all applets without a NAME. With --test it runs the applet's tests on it,
# and the last line is "N passed, N failed". The programs stay in $BUILD/alone/NAME.
# Environment: BUILD or O, the build directory (build); whatever make takes.
set -u
cd "$(dirname "$0")/.." || exit
build=${BUILD:-${O:-build}}
# Called by make: our own calls have a build directory and jobs of their own.
unset MAKEFLAGS MFLAGS MAKELEVEL O BUILD

test=
if [ "${1:-}" = --test ]; then
	test=1
	shift
fi
# shellcheck disable=SC2046 # names are words
[ $# -gt 0 ] ||
	set -- $(find applets -name '*.c' -exec sh scripts/applets.sh names {} + | cut -d' ' -f1)

failed=0
total='0 passed, 0 failed'
mkdir -p "$build/alone" || exit
count=$build/alone/count
rm -f "$count"
for name; do
	dir=$build/alone/$name
	mkdir -p "$dir"
	symbol=$(echo "$name" | tr '[:lower:]' '[:upper:]')
	if ! { make O="$dir" allnoconfig SET="$symbol=y" && make O="$dir" CFLAGS=-Werror -j2; } \
		>"$dir/log" 2>&1; then
		cat "$dir/log"
		echo "$name does not build alone: $dir"
		failed=$((failed + 1))
		continue
	fi
	echo "$name $(wc -c <"$dir/pidbox")"
	if [ -n "$test" ]; then
		BUILD=$dir APPLET=$name tests/run -c "$count" "tests/applet/$name.sh" >"$dir/log" 2>&1 ||
			failed=$((failed + 1))
		sed '$d' "$dir/log"
		total=$(tail -n 1 "$dir/log")
	fi
done
[ -z "$test" ] || echo "$total"
[ "$failed" = 0 ]
