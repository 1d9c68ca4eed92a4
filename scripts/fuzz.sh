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
	echo 'fuzz.sh: no clang: install it and its libFuzzer (Debian: clang libclang-rt-dev)' >&2
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

cc_fuzz() {
	clang -std=gnu11 -O1 -g -fno-sanitize-recover=all -D_GNU_SOURCE \
		-I"${BUILD:-$top/build}" -I"$top/core" "$@"
}

# As an archive: an entry gets what it uses, and nothing of what the applets bring.
mkdir -p "$build/core"
rm -f "$build/core"/*
for source in "$top"/core/*.c; do
	object=${source##*/}
	cc_fuzz -fsanitize=fuzzer-no-link,address,undefined -c \
		-o "$build/core/${object%.c}.o" "$source"
done
ar rcs "$build/core/core.a" "$build/core"/*.o

failed=0
for name in $names; do
	cc_fuzz -fsanitize=fuzzer,address,undefined -o "$build/$name.fuzzer" \
		"$top/tests/fuzz/$name.c" "$build/core/core.a"
	echo "== $name: $seconds s"
	if ! "$build/$name.fuzzer" -max_total_time="$seconds" -max_len=4096 -print_final_stats=1 \
		-artifact_prefix="$build/$name." "$build/$name" 2>"$build/$name.log"; then
		failed=1
		tail -n 60 "$build/$name.log"
	fi
	sed -n 's/^stat:://p' "$build/$name.log" | grep -E 'executed|new_units' || :
done
exit "$failed"
