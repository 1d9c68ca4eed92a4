#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Every fuzz entry of tests/fuzz on its corpus and on mutations that are the same each time, with
# ASAN and UBSAN; the corpus must reach 90 % of the lines of each parser that the entry is for.
# `make fuzz` does the same with libFuzzer and without end.
. "$(dirname "$0")/../lib.sh"

need gcc gcc
need gcov gcc

FUZZ=$TOP/tests/fuzz
MUTATIONS=${MUTATIONS:-10000}

# Coverage counts what is executed, so the core of this test is compiled anew and not optimized.
cc_fuzz() {
	gcc -std=gnu11 -O0 -g -Wall -Wextra -fsanitize=address,undefined \
		-fno-sanitize-recover=all -D_GNU_SOURCE -I"$BUILD" -I"$TOP/core" "$@"
}

oneTimeSetUp() {
	mkdir "$T/core" "$T/corpus"
	for source in "$TOP"/core/*.c; do
		case ${source##*/} in
		main.c | install.c) continue ;;
		esac
		echo "$source"
	done >"$T/sources"
	# shellcheck disable=SC2016 # expanded in there
	(
		cd "$T/core" &&
			xargs -n 1 -P "$(nproc)" gcc -std=gnu11 -O0 -g --coverage -D_GNU_SOURCE \
				-fsanitize=address,undefined -fno-sanitize-recover=all \
				-I"$BUILD" -I"$TOP/core" -c <"$T/sources" && ar rcs core.a ./*.o
	) || return
	cc_fuzz -c -o "$T/driver.o" "$FUZZ/driver.c" &&
		"$FUZZ/corpus.sh" "$T/corpus"
}

# What gcov says of functions: "NAME PERCENT" a line, of core and of what the entry includes.
coverage() {
	(cd "$T/core" && gcov -f -n ./*.gcda "$T"/*.gcda 2>/dev/null) | awk '
		/^Function / { name = substr($2, 2, length($2) - 2); next }
		/^Lines executed:/ && name != "" {
			split($2, w, /[:%]/)
			print name, w[2]
			name = ""
		}'
}

# fuzz NAME: builds and runs the entry, looks at its coverage.
fuzz() {
	rm -f "$T"/core/*.gcda "$T"/*.gcda
	if ! cc_fuzz --coverage -o "$T/$1" "$FUZZ/$1.c" "$T/driver.o" "$T/core/core.a"; then
		fail "$1 does not compile"
		return
	fi
	# The corpus alone has to reach the lines: chance is no coverage.
	for mutations in 0 "$MUTATIONS"; do
		if ! "$T/$1" -n "$mutations" -c "$T/crash" "$T/corpus/$1" >"$T/log" 2>&1; then
			sed 's/^/    | /' "$T/log"
			mkdir -p "$BUILD/fuzz"
			[ ! -e "$T/crash" ] || cp "$T/crash" "$BUILD/fuzz/$1.crash"
			fail "$1: see above; the input is $BUILD/fuzz/$1.crash"
			return
		fi
		[ "$mutations" != 0 ] || coverage >"$T/coverage"
	done
	parsers=$(sed -n 's|^/\* parsers: \(.*\) \*/$|\1|p' "$FUZZ/$1.c")
	assertNotNull "$1.c names its parsers" "$parsers"
	for parser in $parsers; do
		percent=$(sed -n "s/^$parser //p" "$T/coverage")
		assertTrue "$parser: ${percent:-unknown} % of its lines are covered" \
			"[ '${percent%%.*}' -ge 90 ]"
	done
}

testStat() { fuzz stat; }
testStatus() { fuzz status; }
testPidref() { fuzz pidref; }
testNs() { fuzz ns; }
testCgroup() { fuzz cgroup; }
testIdmap() { fuzz idmap; }
testStr() { fuzz str; }
testSig() { fuzz sig; }
testUser() { fuzz user; }
testCred() { fuzz cred; }
testEscape() { fuzz escape; }
testPs() { fuzz ps; }
testFilter() { fuzz filter; }
testInittab() { fuzz inittab; }

# No entry without a test.
testEveryEntryRuns() {
	for entry in "$FUZZ"/*.c; do
		name=$(basename "$entry" .c)
		[ "$name" = driver ] || assertTrue "$name" \
			"grep -q ' fuzz $name; ' '$TOP/tests/core/fuzz.sh'"
	done
}

# The driver notices: an entry that breaks on one input of its corpus, and where it is kept.
testDriverNoticesAnAbort() {
	cat >"$T/bad.c" <<-'END'
		#include "fuzz.h"
		int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
		{
			MUST(size != 3 || data[0] != 'b');
			return 0;
		}
	END
	mkdir "$T/bad.corpus"
	echo ba >"$T/bad.corpus/one"
	echo good >"$T/bad.corpus/two"
	cc_fuzz -I"$FUZZ" -o "$T/bad" "$T/bad.c" "$T/driver.o" || return
	assert_run 134 '' '*broken: size != 3*kept*' "$T/bad" -c "$T/kept" "$T/bad.corpus"
	assertEquals ba "$(cat "$T/kept")"
	rm "$T/bad.corpus/one"
	assert_run 0 '1 inputs, 0 mutations' '' "$T/bad" -c "$T/kept" "$T/bad.corpus"
	assert_run 2 '' '*no corpus*' "$T/bad"
}

. "${SHUNIT2:-shunit2}"
