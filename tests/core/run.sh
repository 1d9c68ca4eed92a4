#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The runner, on small test files of which each has one thing wrong with it. What they leave behind
# on purpose is made in namespaces of their own where it could hurt.
# shellcheck disable=SC1090,SC1091,SC2016,SC2154 # lib.sh and its variables; text for eval
. "$(dirname "$0")/../lib.sh"

# fixture NAME: makes a test file of standard input and prints its path; `. shunit2` is added. The
# lines have a '|' in front, or shunit2 would take their tests for those of this file.
fixture() {
	mkdir -p "$T/fixture"
	{
		sed 's/^|//'
		# shellcheck disable=SC2016 # expanded in there
		echo '. "$SHUNIT2"'
	} >"$T/fixture/$1"
	echo "$T/fixture/$1"
}

# runner ARG...: as `run` does, runs the runner with a build directory of its own, outside CI, and
# impatient for what is left behind (see once_settled there).
runner() {
	shown=
	run env -u CI BUILD="${build:-$T/build}" TEST_SETTLE="${settle:-30}" "$TOP/tests/run" "$@"
	last=$(tail -n 1 "$T/out")
}

# assert_counted LINE RC: what the runner has said last and exited with.
assert_counted() {
	if [ "$last" != "$1" ] || [ "$rc" != "$2" ]; then
		show_once
	fi
	assertEquals "last line" "$1" "$last"
	assertEquals "exit status" "$2" "$rc"
}

show_once() {
	[ -n "$shown" ] || show "$out$err"
	shown=1
}

assert_said() {
	like "$out" "*$1*" && return
	show_once
	fail "not said: $1"
}

testPassingFileIsCounted() {
	runner "$(fixture pass.sh <<-'END'
		|testOne() { assertTrue true; }
		|testTwo() { assertEquals 1 1; }
	END
	)"
	assert_counted '2 passed, 0 failed' 0
	assertEquals 'lines' 2 "$(echo "$out" | wc -l)"
}

# Two asserts in one test are one failed test, and the others still run.
testFailedAssert() {
	runner "$(fixture assert.sh <<-'END'
		|testBad() { assertEquals 1 2; assertEquals 3 4; }
		|testGood() { assertTrue true; }
	END
	)"
	assert_counted '1 passed, 1 failed' 1
	assert_said 'expected:<3> but was:<4>'
}

testFailedAssertInSubshell() {
	runner "$(fixture subshell.sh <<-'END'
		|testBad() { (assertEquals 1 2); true; }
	END
	)"
	assert_counted '0 passed, 1 failed' 1
}

testNonZeroReturn() {
	runner "$(fixture return.sh <<-'END'
		|testBad() { return 3; }
		|testGood() { assertTrue true; }
	END
	)"
	assert_counted '1 passed, 1 failed' 1
}

testFileThatDies() {
	runner "$(fixture dies.sh <<-'END'
		|testFirst() { assertTrue true; }
		|testKilled() { kill -KILL $$; }
		|testNever() { assertTrue true; }
	END
	)"
	assert_counted '1 passed, 1 failed' 1
	assert_said 'it died in testKilled (exit status 137)'
}

testFileThatExits() {
	runner "$(fixture exits.sh <<-'END'
		|testFirst() { assertTrue true; }
		|testExit() { exit 0; }
		|testNever() { assertTrue true; }
	END
	)"
	assert_counted '1 passed, 1 failed' 1
	assert_said 'it ran only 2 of 3 tests'
}

# One that gets as far as its report, but not to status 0.
testFileThatFailsAtTheEnd() {
	runner "$(fixture end.sh <<-'END'
		|testGood() { assertTrue true; }
		|(. "$SHUNIT2")
		|exit 5
	END
	)"
	assert_counted '1 passed, 1 failed' 1
	assert_said 'no test failed, but it (exit status 5)'
}

testSyntaxError() {
	runner "$(fixture syntax.sh <<-'END'
		|testBad() { if; }
	END
	)"
	assert_counted '0 passed, 1 failed' 1
	assert_said 'it ran no test (exit status 2)'
}

testNoTests() {
	runner "$(fixture none.sh <<-'END'
		|helper() { true; }
	END
	)"
	assert_counted '0 passed, 1 failed' 1
	assert_said 'it ran no test'
}

# The command the test waits for is ended as well: no leak is reported.
testTimeLimit() {
	TEST_LIMIT=1 runner "$(fixture slow.sh <<-'END'
		|testSlow() { sleep 1000; }
	END
	)"
	assert_counted '0 passed, 1 failed' 1
	assert_said 'the limit is 1 s'
}

testTimeLimitOfTheFile() {
	runner "$(fixture limit.sh <<-'END'
		|# limit: 1
		|testSlow() { sleep 1000; }
	END
	)"
	assert_counted '0 passed, 1 failed' 1
	assert_said 'the limit is 1 s'
}

testSkip() {
	skipping=$(fixture skip.sh <<-'END'
		|. "$TOP/tests/lib.sh"
		|testSkipped() { skip_because "there is no moon"; return; }
		|testGood() { assertTrue true; }
		|testBadAfterAll() { skip_because "no reason"; fail "bad"; }
	END
	)
	runner "$skipping"
	assert_counted '1 passed, 1 failed, 1 skipped' 1
	sed -i '/BadAfterAll/d' "$skipping"
	runner "$skipping"
	assert_counted '1 passed, 0 failed, 1 skipped' 0
	assert_said 'skipped: there is no moon'
	run env CI=true BUILD="$T/build" "$TOP/tests/run" "$skipping"
	last=$(tail -n 1 "$T/out")
	assert_counted '1 passed, 0 failed, 1 skipped' 1
}

testNeedFailsTheFile() {
	runner "$(fixture need.sh <<-'END'
		|. "$TOP/tests/lib.sh"
		|need no-such-tool some-package
		|testGood() { assertTrue true; }
	END
	)"
	assert_counted '0 passed, 1 failed' 1
	assert_said 'no no-such-tool: run scripts/setup test, or install some-package'
}

testFilesAreRunInTheirOwnDirectory() {
	runner "$(fixture private.sh <<-'END'
		|testIt() {
		|	assertEquals "$T/tmp" "$TMPDIR"
		|	echo "$T" >"$T/where" && cp "$T/where" "$BUILD/where"
		|	mkdir -m 0 "$T/locked"
		|	assertEquals "$TOP" "$PWD"
		|}
	END
	)"
	assert_counted '1 passed, 0 failed' 0
	assertFalse 'removed' '[ -e "$(cat "$T/build/where")" ]'
}

# Signals: those our caller ignores are not ignored in a test, which could not take that back. Not
# counting 32 and 33, which a make that has glibc's posix_spawn leaves ignored, and nobody can reset.
testSignalsAreNotIgnored() {
	ignoring=$(fixture signals.sh <<-'END'
		|testIt() {
		|	ignored=$(sed -n 's/^SigIgn:.//p' /proc/self/status)
		|	assertEquals "$ignored" 0 "$((0x$ignored & 0x7fffffff))"
		|}
	END
	)
	runner "$ignoring"
	assert_counted '1 passed, 0 failed' 0
	(
		trap '' INT QUIT PIPE
		env -u CI BUILD="$T/build" "$TOP/tests/run" "$ignoring" >"$T/ignored"
	)
	assertEquals '1 passed, 0 failed' "$(tail -n 1 "$T/ignored")"
}

# ---- Leaks

testLeftProcess() {
	runner "$(fixture process.sh <<-'END'
		|testIt() { sleep 1000 & assertTrue true; }
	END
	)"
	assert_counted '1 passed, 1 failed' 1
	assert_said 'leak: process * S sleep 1000'
	left=$(echo "$out" | sed -n 's/.*leak: process \([0-9]*\) .*/\1/p')
	wait_state "$left" gone
}

# It has left the session, its parent and the terminal; only the environment tells whose it is.
testLeftDaemon() {
	runner "$(fixture daemon.sh <<-'END'
		|testIt() { (setsid sleep 1001 &) & wait; assertTrue true; }
	END
	)"
	assert_counted '1 passed, 1 failed' 1
	assert_said 'leak: process * S sleep 1001'
}

# It has left the session and the environment, but not its parent.
testLeftChild() {
	runner "$(fixture child.sh <<-'END'
		|testIt() {
		|	mkfifo "$T/ready"
		|	sh -c '(exec env -i setsid sh -c "echo >\$0; exec sleep 1006" "$1") &
		|		exec setsid sleep 1007' sh "$T/ready" &
		|	read -r _ <"$T/ready"
		|}
	END
	)"
	assert_counted '1 passed, 1 failed' 1
	assert_said 'leak: process * sleep 1006'
	assert_said 'leak: process * S sleep 1007'
}

# A process without the environment has the session; a zombie has neither command nor environment.
testLeftZombie() {
	runner "$(fixture zombie.sh <<-'END'
		|testIt() {
		|	mkfifo "$T/ready" "$T/end"
		|	env -i "$(command -v sh)" -c '(read -r _ <"$2") & echo "$!" >"$1"; exec sleep 1002' \
		|		sh "$T/ready" "$T/end" &
		|	read -r child <"$T/ready"
		|	# Not before its parent is a program that does not know that it has a child.
		|	until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.01; done
		|	echo >"$T/end"
		|	until grep -q "^State:.Z" "/proc/$child/status"; do sleep 0.01; done
		|}
	END
	)"
	assert_counted '1 passed, 1 failed' 1
	assert_said 'leak: process * S sleep 1002'
	assert_said 'leak: process * Z '
}

# A process that is still ending is not left.
testProcessThatEndsSoon() {
	settle=1000 runner "$(fixture soon.sh <<-'END'
		|testIt() { sleep 0.2 & assertTrue true; }
	END
	)"
	assert_counted '1 passed, 0 failed' 0
}

# Somebody else's process that starts meanwhile is none of the test's.
testForeignProcess() {
	mkfifo "$T/go"
	env -u TEST_MARK setsid sh -c 'read -r _ <"$1"; sleep 1003 & echo $! >"$1.pid"; wait' \
		sh "$T/go" &
	foreign=$(fixture foreign.sh <<-'END'
		|testIt() {
		|	echo >"$GO"
		|	until [ -s "$GO.pid" ]; do sleep 0.01; done
		|	read -r pid <"$GO.pid"
		|	assertTrue "it runs" "kill -0 $pid"
		|}
	END
	)
	GO=$T/go runner "$foreign"
	assert_counted '1 passed, 0 failed' 0
	kill "$(cat "$T/go.pid")"
	wait
}

testLeftFile() {
	leaving=$(fixture file.sh <<-'END'
		|testIt() { echo >"$LEFT"; }
	END
	)
	for dir in /tmp /var/tmp /dev/shm; do
		LEFT=$dir/pidbox-left.$$ runner "$leaving"
		rm -f "$dir/pidbox-left.$$"
		assert_counted '1 passed, 1 failed' 1
		assert_said "leak: file $dir/pidbox-left.$$"
	done
}

testLeftInTmpdir() {
	runner "$(fixture tmpdir.sh <<-'END'
		|testIt() { mktemp; }
	END
	)"
	assert_counted '1 passed, 1 failed' 1
	assert_said 'leak: file */tmp/tmp.'
}

# Of a kind that other programs left there before the test.
testForeignFile() {
	for i in 1 2; do
		[ "$i" = 1 ] && echo >"/tmp/pidbox-kind-4711.$$"
		LEFT=/tmp/pidbox-kind-4712.$$ runner "$(fixture kind.sh <<-'END'
			|testIt() { echo >"$LEFT"; }
		END
		)"
		rm -f "/tmp/pidbox-kind-4711.$$" "/tmp/pidbox-kind-4712.$$"
		assert_counted "1 passed, $((i - 1)) failed" $((i - 1))
	done
}

# In CI any new file counts, elsewhere those that bear our name. To watch is a copy of the source
# tree that has what the runner needs.
testLeftInTheSourceTree() {
	mkdir -p "$T/tree/tests"
	cp "$TOP/tests/run" "$T/tree/tests"
	leaving=$(fixture tree.sh <<-'END'
		|testIt() { echo >"$TOP/left"; echo >"$BUILD/made"; }
	END
	)
	run env CI=true BUILD=out TEST_SETTLE=30 "$T/tree/tests/run" "$leaving"
	last=$(tail -n 1 "$T/out")
	assert_counted '1 passed, 1 failed' 1
	assert_said "leak: file $T/tree/left"
	assertFalse 'not what is in the build directory' 'like "$out" "*made*"'
	rm "$T/tree/left"
	run env -u CI BUILD=out TEST_SETTLE=30 "$T/tree/tests/run" "$leaving"
	last=$(tail -n 1 "$T/out")
	assert_counted '1 passed, 0 failed' 0
}

# What a compiler of somebody else's does in /tmp all day.
testFileThatIsSoonGone() {
	settle=1000 LEFT=/tmp/pidbox-soon.$$ runner "$(fixture brief.sh <<-'END'
		|testIt() { echo >"$LEFT"; (sleep 0.2; rm "$LEFT") & }
	END
	)"
	rm -f "/tmp/pidbox-soon.$$"
	assert_counted '1 passed, 0 failed' 0
}

# private CMD...: with mounts that the machine does not see.
private() {
	if [ "$(id -u)" = 0 ]; then
		unshare --mount "$@"
	else
		unshare --user --map-root-user --mount "$@"
	fi
}

# Bind mounts are the dangerous ones: removing the test's directory must not remove what is in them.
testLeftMount() {
	mkdir "$T/precious"
	touch "$T/precious/file"
	PRECIOUS=$T/precious run private env -u CI BUILD="$T/build" TEST_SETTLE=30 \
		"$TOP/tests/run" \
		"$(fixture mount.sh <<-'END'
			|testIt() {
			|	mkdir "$T/bind"
			|	assertTrue "mount -n --bind '$PRECIOUS' '$T/bind'"
			|}
		END
		)"
	last=$(tail -n 1 "$T/out")
	assert_counted '1 passed, 1 failed' 1
	assert_said 'leak: mount * /*/bind'
	assertTrue 'not deleted through the mount' '[ -e "$T/precious/file" ]'

	# Not either when it cannot be unmounted.
	mkdir "$T/fake" "$T/remains"
	printf '#!/bin/sh\nexit 1\n' >"$T/fake/umount"
	chmod +x "$T/fake/umount"
	PATH=$T/fake:$PATH PRECIOUS=$T/precious run private env -u CI BUILD="$T/build" TEST_SETTLE=30 \
		TMPDIR="$T/remains" "$TOP/tests/run" "$T/fixture/mount.sh"
	assertTrue "$err" 'like "$err" "*something is mounted there, so not removed*"'
	assertTrue 'not deleted although mounted' '[ -e "$T/precious/file" ]'
}

testLeftCgroup() {
	run private sh -c 'mount -n -t tmpfs none /sys/fs/cgroup && exec "$@"' sh \
		env -u CI BUILD="$T/build" TEST_SETTLE=30 "$TOP/tests/run" "$(fixture cgroup.sh <<-'END'
			|testIt() { mkdir -p /sys/fs/cgroup/unified/pidbox; }
		END
		)"
	last=$(tail -n 1 "$T/out")
	assert_counted '1 passed, 1 failed' 1
	assert_said 'leak: cgroup /sys/fs/cgroup/unified/pidbox'
}

# ---- C tests

# They use nothing of core, so it need not be compiled: there is an archive newer than its sources.
c_fixture() {
	mkdir -p "$T/fixture" "$T/build/test/core"
	: >"$T/build/config.h"
	rm -f "$T/build/test/core/core.a"
	ar rc "$T/build/test/core/core.a"
	cat >"$T/fixture/$1"
	echo "$T/fixture/$1"
}

testC() {
	runner "$(c_fixture good.c <<-END
		#include "$TOP/tests/core/test.h"
		TEST(first) { CHECK(1); CHECK_INT(2, 1 + 1); CHECK_TEXT("a", "a"); CHECK_TEXT(NULL, NULL); }
		TEST(second) { }
	END
	)"
	assert_counted '2 passed, 0 failed' 0
	assertEquals 'in the order of the file' 'ok first ok second ' \
		"$(cat "$T"/build/test/*good.c.log | tr '\n' ' ')"
}

testCFailures() {
	runner "$(c_fixture bad.c <<-END
		#include "$TOP/tests/core/test.h"
		TEST(good) { }
		TEST(check) { int three = 3; CHECK(three == 4); CHECK(three == 5); }
		TEST(number) { CHECK_INT(3, 4); }
		TEST(text) { CHECK_TEXT("a\nb", "c"); }
		TEST(null) { CHECK_TEXT(NULL, "c"); }
	END
	)"
	assert_counted '1 passed, 4 failed' 1
	assert_said 'not ok check: *bad.c:3: three == 4'
	assert_said '# *bad.c:3: three == 5'
	assert_said 'not ok number: *bad.c:4: 3 is 3, not 4'
	assert_said 'is "a b", not "c"'
	assert_said 'is "(null)", not "c"'
}

# What only a sanitizer sees.
testCSanitizers() {
	runner "$(c_fixture overflow.c <<-END
		#include "$TOP/tests/core/test.h"
		#include <limits.h>
		TEST(good) { }
		TEST(bad) { volatile int n = INT_MAX; n++; }
	END
	)"
	assert_counted '1 passed, 1 failed' 1
	assert_said 'signed integer overflow'
	runner "$(c_fixture outside.c <<-END
		#include "$TOP/tests/core/test.h"
		#include <stdlib.h>
		static char *volatile p;
		TEST(bad) { p = malloc(1); free(p); CHECK(*p); }
	END
	)"
	assert_counted '0 passed, 1 failed' 1
	assert_said 'heap-use-after-free'
	runner "$(c_fixture lost.c <<-END
		#include "$TOP/tests/core/test.h"
		#include <stdlib.h>
		static void *volatile p;
		TEST(good) { p = malloc(77); p = NULL; }
	END
	)"
	assert_counted '1 passed, 1 failed' 1
	assert_said 'no test failed, but it'
	assert_said '77 byte'
}

testCDoesNotCompile() {
	runner "$(c_fixture broken.c <<-END
		int main(void) { return not_declared; }
	END
	)"
	assert_counted '0 passed, 1 failed' 1
	assert_said 'not_declared'
}

testCNoTests() {
	runner "$(c_fixture empty.c <<-END
		#include "$TOP/tests/core/test.h"
	END
	)"
	assert_counted '0 passed, 1 failed' 1
	assert_said 'it ran no test'
}

# ---- The whole run

testSeveralFiles() {
	one=$(fixture one.sh <<-'END'
		|testA() { assertTrue true; }
	END
	)
	two=$(fixture two.sh <<-'END'
		|testB() { assertTrue false; }
		|testC() { assertTrue true; }
	END
	)
	for jobs in 1 2; do
		runner -j "$jobs" "$one" "$two"
		assert_counted '2 passed, 1 failed' 1
		assertEquals 'the log of the good one is not shown' 0 "$(echo "$out" | grep -c testA)"
	done
	runner -v "$one"
	assert_said testA
}

# The part of the runner that looks after one file is killed, and with it what it knew.
testRunnerDies() {
	runner "$(fixture killer.sh <<-'END'
		|testIt() { kill -KILL "$(sed -n 's/^PPid:.//p' "/proc/$PPID/status")"; }
	END
	)"
	assert_counted '0 passed, 1 failed' 1
	like "$err" '*1 of the files did not run' || fail "$err"
}

# Whoever reads what it says goes away, as `head` does.
testReaderGoesAway() {
	mkdir "$T/remains-not"
	TMPDIR=$T/remains-not runner_to_nobody "$(fixture one.sh <<-'END'
		|testA() { assertTrue true; }
	END
	)"
	assertEquals 'left' '' "$(ls "$T/remains-not")"
}

runner_to_nobody() {
	env -u CI BUILD="$T/build" "$TOP/tests/run" "$1" 2>/dev/null | exec <&-
}

# Side by side, a new file of the machine has no known owner, but it is found.
testLeaksSideBySide() {
	LEFT=/tmp/pidbox-left.$$ runner -j 2 "$(fixture file.sh <<-'END'
		|testIt() { echo >"$LEFT"; sleep 1004 & }
	END
	)"
	rm -f "/tmp/pidbox-left.$$"
	assert_counted '1 passed, 2 failed' 1
	assert_said "leak: file /tmp/pidbox-left.$$"
	assert_said 'leak: process * sleep 1004'
}

# A second time, on a program that a sanitizer watches.
testSanitized() {
	mkdir -p "$T/asan"
	cc -fsanitize=address -x c -o "$T/asan/pidbox" - <<-'END'
		#include <string.h>
		#include <stdlib.h>
		int main(int argc, char **argv)
		{
			char *volatile p = strdup("freed");

			if (argc > 1 && !strcmp(argv[1], "--list"))
				return 0;
			free(p);
			return *p;
		}
	END
	with=$(fixture with.sh <<-'END'
		|. "$TOP/tests/lib.sh"
		|testIt() { "@BIN/pidbox"; assertEquals "$SHOULD" "$BUILD"; }
	END
	)
	# If it stood in this file, this file would be run a second time.
	sed -i 's/@/$/' "$with"
	without=$(fixture without.sh <<-'END'
		|testIt() { assertTrue true; }
	END
	)
	SHOULD=$T/asan runner --sanitized "$T/asan/pidbox" "$with" "$without"
	last=$(tail -n 1 "$T/out")
	assert_counted '2 passed, 2 failed' 1
	assertEquals 'the program itself, and the one that was watched' 1 \
		"$(echo "$out" | grep -c '^    =.*ERROR: AddressSanitizer: heap-use-after-free')"
	assert_said 'again: sanitized-*-with.sh *failed: ==*ERROR: AddressSanitizer: heap-use-after-free*'
}

testCarriedCount() {
	one=$(fixture one.sh <<-'END'
		|testA() { assertTrue true; }
	END
	)
	runner -c "$T/count" "$one"
	assert_counted '1 passed, 0 failed' 0
	runner -c "$T/count" "$one"
	assert_counted '2 passed, 0 failed' 0
}

# What failed is said once more behind all that passed, also of a run before this one.
testFailuresAgain() {
	bad=$(fixture bad.sh <<-'END'
		|testA() { echo of A; }
		|testB() { echo of B; assertTrue 'not true' false; false; }
	END
	)
	good=$(fixture good.sh <<-'END'
		|testA() { assertTrue true; }
	END
	)
	runner -c "$T/again" "$bad"
	assert_counted '1 passed, 1 failed' 1
	runner -c "$T/again" "$good"
	assert_counted '2 passed, 1 failed' 1
	assertEquals "$(printf '%s\n' 'again: bad.sh testB' '    of B' '    ASSERT:not true' \
		'    shunit2:ERROR testB() returned non-zero return code.' '2 passed, 1 failed')" \
		"$(echo "$out" | tail -n +2 | sed 's/^again: .*bad.sh/again: bad.sh/')"
	# By a program that is built elsewhere.
	said=$(echo "$out" | tail -n +2 | sed "s/^2 passed/3 passed/")
	build=$T/elsewhere runner -c "$T/again" "$good"
	assertEquals "$said" "$(echo "$out" | tail -n +2)"
}

testWrongUse() {
	assert_run 2 '' '*usage:*' "$TOP/tests/run" -x
	assert_run 2 '' '*usage:*' "$TOP/tests/run" -j 0
	assert_run 2 '' "*no test file for 'no-such-test'" env BUILD="$T/build" "$TOP/tests/run" \
		no-such-test
}

# ---- lib.sh

testAssertRun() {
	assert_run 3 'a' 'b*' sh -c 'echo a; echo bc >&2; exit 3'
	assert_run 0 '\[x]' '' echo '[x]'
	echo 'input' | assert_run 0 '' '' cat
	for wrong in "1 a b*" "3 A b*" "3 a c"; do
		# The subshell is to keep the failure from us.
		# shellcheck disable=SC2086 # three words each
		(set -f; assert_run $wrong sh -c 'echo a; echo bc >&2; exit 3') >"$T/failure"
		assertTrue "$wrong" 'grep -q "^ASSERT:" "$T/failure"'
	done
}

testWaitFor() {
	mkfifo "$T/ready" "$T/end"
	sh -c '(read -r _ <"$2") & echo "$!" >"$1"; exec sleep 1005' sh "$T/ready" "$T/end" &
	parent=$!
	read -r child <"$T/ready"
	wait_for '[ "$(cat "/proc/$parent/comm")" = sleep ]'
	wait_state "$child" S
	assertEquals S "$(state "$child")"
	echo >"$T/end"
	wait_state "$child" Z
	assertEquals Z "$(state "$child")"
	wait_state "$child" dead
	wait_state "$parent" S
	assertEquals S "$(state "$parent")"
	kill "$parent"
	wait_state "$child" dead
	wait "$parent"
	assertEquals gone "$(state "$parent")"
	wait_state "$parent" gone
	wait_state "$parent" dead
	assertTrue 'says what it has waited for' \
		'like "$(wait_for "[ 1 = 2 ]" 0)" "*ASSERT:waited in vain for: \[ 1 = 2 ]*"'
}

testInNs() {
	assert_run 0 '1' '' in_ns sh -c 'echo $$'
	assert_run 0 'self 1' '' in_ns sh -c 'echo self $(ls /proc | grep -cx 1)'
}

testAsUser() {
	[ "$(id -u)" = 0 ] || want=$(id -u)
	assert_run 0 "${want:-65534}" '' as_user id -u
	assert_run 0 '' '' as_user sh -c 'echo >"$1/anyone/file"' sh "$T"
	cp "$PIDBOX" "$T/pidbox"
	assert_run 0 '' '' as_user cmp "$T/pidbox" "$T/bin/pidbox"
}

testKillGuard() {
	assert_run 99 '' 'kill_guard: *' sh -c "$kill_guard"'echo alive'
	assert_run 0 'alive' '' in_ns sh -c "$kill_guard"'echo alive'
	assert_run 99 '' 'kill_guard: *' \
		in_ns sh -c 'TEST_PIDNS=$(readlink /proc/self/ns/pid);'"$kill_guard"'echo alive'
	assert_run 0 'alive' '' in_ns sh -c 'sh -c "$1"; true' sh "$kill_guard"'echo alive'
	assert_run 0 '' 'kill_guard: *' in_ns sh -c 'sh -c "sh -c \"\$1\"; true" sh "$1"; true' sh \
		"$kill_guard"'echo alive'
}

. "${SHUNIT2:-shunit2}"
