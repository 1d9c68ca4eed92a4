#!/bin/sh
# SPDX-License-Identifier: 0BSD
# libFuzzer on the parsers: `make fuzz [NAME=ENTRY] [SECONDS=N]`. Each entry of tests/fuzz, or the
# one named, runs for N seconds (60) on its corpus, which stays and grows in $BUILD/fuzz/NAME.
# An input that breaks one is $BUILD/fuzz/NAME.crash-*, and the exit status is 1.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
build=${BUILD:-$top/build}/fuzz
# shellcheck disable=SC3028 # a shell that counts in it begins at 0, or at what we are given
seconds=${SECONDS:-0}
[ "$seconds" -gt 0 ] || seconds=60
names=${NAME:-}

if ! command -v clang >/dev/null; then
	echo 'fuzz.sh: no clang: install clang and its libFuzzer (Debian: clang libclang-rt-dev)' >&2
	exit 1
fi
if [ -z "$names" ]; then
	for entry in "$top"/tests/fuzz/*.c; do
		names="$names $(basename "$entry" .c)"
	done
	names=$(echo " $names " | sed 's/ driver / /')
fi
mkdir -p "$build"
"$top/tests/fuzz/corpus.sh" "$build"

sources=
for source in "$top"/core/*.c; do
	case ${source##*/} in
	main.c | install.c) ;;
	*) sources="$sources $source" ;;
	esac
done

failed=0
for name in $names; do
	# Without main.c, opt.c and die.c lack nothing as long as nobody calls them.
	# shellcheck disable=SC2086 # words
	clang -std=gnu11 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-ffunction-sections -Wl,--gc-sections -D_GNU_SOURCE -I"${BUILD:-$top/build}" \
		-I"$top/core" -o "$build/$name.fuzzer" "$top/tests/fuzz/$name.c" $sources
	echo "== $name: $seconds s"
	"$build/$name.fuzzer" -max_total_time="$seconds" -max_len=4096 -verbosity=0 -print_final_stats=1 \
		-artifact_prefix="$build/$name." "$build/$name" 2>"$build/$name.log" || {
		failed=1
		cat "$build/$name.log"
	}
	grep -E 'number_of_executed_units|new_units_added' "$build/$name.log" || :
done
exit "$failed"
