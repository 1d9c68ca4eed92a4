#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# Every check of scripts/lint.sh catches what it is there for: a violation is put into a copy of
# the tree, and the check must name its file and line. In the tree as it is nothing may be found;
# but while something is, the other tests here see only what their violation adds.
. "$(dirname "$0")/../lib.sh"

# The tree is copied once more to restore from: people may edit $TOP while this runs.
clean=$T/clean tree=$T/tree
mkdir "$clean"
for part in applets core scripts tests .ci Makefile Config.in README.md; do
	if [ -e "$part" ]; then cp -r "$part" "$clean"; fi
done
cp -r "$clean" "$tree"

lint() { run sh "$TOP/scripts/lint.sh" -C "$tree" "$@"; }

# seed FILE TEXT...: makes a violation out of lines at the end of a file, which may be new. $at is
# where the first of them stands. A seed is gone after its test.
seed() {
	file=$1
	shift
	[ -e "$tree/$file" ] || : >"$tree/$file"
	at=$file:$(($(wc -l <"$tree/$file") + 1))
	printf '%s\n' "$@" >>"$tree/$file"
	changed="$changed $file"
}

# change FILE SED-SCRIPT: a violation by sed.
change() {
	sed "$2" "$tree/$1" >"$T/changed"
	cat "$T/changed" >"$tree/$1"
	changed="$changed $1"
}

restore() {
	for file in $changed; do
		rm -rf "${tree:?}/$file"
		if [ -e "$clean/$file" ]; then cp "$clean/$file" "$tree/$file"; fi
	done
	changed=
}

setUp() { changed=; }
tearDown() { restore; }

# new_findings CHECK: what the check, run alone, finds in $tree but not in $clean, sorted.
new_findings() {
	[ -e "$T/found.$1" ] || sh "$TOP/scripts/lint.sh" -C "$clean" "$1" | sort >"$T/found.$1"
	lint "$1"
	assertEquals "$1: errors" '' "$err"
	sort "$T/out" | comm -13 "$T/found.$1" -
}

# assert_found CHECK PLACE...: the check has a new finding at each FILE:LINE and nowhere else.
assert_found() {
	check=$1
	shift
	new_findings "$check" >"$T/new"
	assertEquals "$check: status" 1 "$rc"
	printf '%s\n' "$@" | sort >"$T/want"
	sed "s/: $check: .*//" "$T/new" | sort -u | cmp -s - "$T/want" ||
		fail "$check: wanted $*; found $(cat "$T/new")"
}

line_of_applet() { grep -n '^APPLET(' "$clean/applets/sleep.c" | cut -d: -f1; }

assert_nothing_new() {
	new_findings "$1" >"$T/new"
	assertEquals "$1" '' "$(cat "$T/new")"
}

# caught CHECK FILE LINE...: each of the lines is a finding there.
caught() {
	check=$1 file=$2
	shift 2
	seed "$file" "$@"
	line=${at#*:}
	places=
	for _; do
		places="$places $file:$line"
		line=$((line + 1))
	done
	# shellcheck disable=SC2086 # words
	assert_found "$check" $places
	restore
}

# passed CHECK FILE LINE...: none of the lines is one.
passed() {
	check=$1 file=$2
	shift 2
	seed "$file" "$@"
	assert_nothing_new "$check"
	restore
}

testNothingIsFound() {
	assert_run 0 '' '' sh "$TOP/scripts/lint.sh" -C "$clean"
}

testEveryCheckIsTested() {
	for check in $(sh "$TOP/scripts/lint.sh" -l); do
		grep -qE "(assert_found|caught|lint|small\") $check( |\$)" "$0" ||
			fail "no seed for $check"
	done
}

testSpdx() {
	files='core/str.c core/str.h applets/sleep.c scripts/applets.sh scripts/c.awk tests/lib.sh
		tests/run Makefile Config.in'
	for file in $files; do
		change "$file" /SPDX-License-Identifier/d
	done
	# shellcheck disable=SC2046,SC2086 # words
	assert_found spdx $(printf '%s:1\n' $files)
}

testFormat() {
	long=$(printf '%0100d' 0)
	caught format applets/sleep.c "// $long" '	return;	' 'x ' "$(printf 'x\r')"
	caught format Makefile "# $(printf '%0120d' 0)"
	passed format Makefile "# $long"
	# A tab goes on to the next multiple of 8; a character of UTF-8 is one column.
	caught format core/str.c "	/* $(printf '%087d' 0) */"
	passed format core/str.c "	/* $(printf '%086d' 0) */" "/* é$(printf '%093d' 0) */"
	printf '/* no newline */' >>"$tree/core/str.c"
	changed=core/str.c
	assert_found format "core/str.c:$(($(wc -l <"$clean/core/str.c") + 1))"
}

testTodo() {
	caught todo core/str.c '/* TO''DO: later */' '/* X''XX */'
	caught todo scripts/applets.sh '# FIX''ME'
	passed todo scripts/applets.sh '# mktemp x.XXXXXX'
}

testSize() {
	awk 'BEGIN { for (i = 0; i < 601; i++) print "/* SPDX-License-Identifier: 0BSD */" }' \
		>"$tree/core/seed.c"
	changed=core/seed.c
	assert_found size core/seed.c:1
	change core/seed.c 1d
	assert_nothing_new size
}

testLayers() {
	caught layers core/str.c '#include "proc.h"' '#include "die.h"' '#include "proc.c"'
	caught layers core/proc.c '#include "child.h"'
	caught layers core/out.c '#include "opt.h"'
	caught layers core/newroom.c '#include "str.h"'
	caught layers applets/sleep.c '#include "ps.c"' '#include "../core/str.h"' \
		'#include "reaper.h"'
	caught layers applets/init/init.c '#include "unshare.h"'
	passed layers core/opt.c '#include "out.h"' '#include "config.h"' '#include <string.h>'
	passed layers core/proc.c '#include "ns.h"' '#include "sys.h"'
	seed applets/init/seed.h '/* SPDX-License-Identifier: 0BSD */'
	seed applets/init/init.c '#include "seed.h"' '#include "child.h"'
	assert_nothing_new layers
}

testPreprocessor() {
	caught preprocessor core/str.c '#ifdef X' '# if 0' '#elif Y' '#ifndef STR_H'
	caught preprocessor applets/sleep.c '#ifndef X_H' '#ifndef Y' '#if CFG_SLEEP'
	seed core/seed.h '#ifndef SEED_H' '#define SAD_H' '#endif'
	assert_found preprocessor "$at"
	restore
	passed preprocessor core/str.c '/* #if 0 */' '#define IF 1' '#endif'
	passed preprocessor core/seed.h '/* guarded */' '#ifndef SEED_H' '#define SEED_H' '#endif'
	passed preprocessor core/sys.h '#ifdef X'
}

testSyscalls() {
	caught syscalls core/pid.c 'int x = SYS_pidfd_open;' 'syscall(__NR_getpid);'
	passed syscalls core/pid.c 'int x = SYS_NS_GET_USERNS;'
}

testProcfs() {
	caught procfs applets/sleep.c 'open("/proc/self/status", O_RDONLY);' 'char *f = "ns/pid";'
	caught procfs core/out.c 'f("%d/uid_map", pid);'
	passed procfs core/pid.c 'char *f = "ns/pid";'
	passed procfs applets/sleep.c '/* "/proc/1" */ char *f = "mounts a new /proc"; // "ns/pid"'
}

testNamespaces() {
	caught namespaces applets/sleep.c 'int x = CLONE_NEWPID;' '	if (setns(fd, 0))' \
		'	x = unshare (0);' 'x = sys_unshare(0);'
	passed namespaces applets/sleep.c 'int x = CLONE_VM; struct unshare u; unshare_main(0);' \
		'f("setns(2)"); /* unshare(2) */'
	passed namespaces core/ns.c 'int x = CLONE_NEWPID; setns(1, 2);'
}

testProcesses() {
	caught processes applets/sleep.c '	pid = fork();' 'waitpid(pid, NULL, 0);' 'wait(0);' \
		'sigprocmask(0, 0, 0);' 'if (sys_fork())' 'x = signalfd(1, 2, 3);' 'system("x");'
	caught processes core/pid.c '	clone(f, 0, 0, 0);' 'waitid(P_PID, 1, 0, 0);'
	passed processes applets/sleep.c 'o.fork(); o->wait(); int fork; f("fork()"); my_fork();'
	passed processes core/child.c 'sys_fork(); waitpid(1, 0, 0);'
	passed processes applets/init/init.c 'sigprocmask(0, 0, 0); waitid(P_PID, 1, 0, 0);'
}

testExits() {
	caught exits applets/sleep.c '	exit(1);' '	_exit(0);' 'abort();'
	caught exits core/str.c '	sys_exit(1);'
	passed exits applets/sleep.c 'child_exit_as(1); /* exit(1) */'
	passed exits core/die.c '_exit(1);'
}

testOutput() {
	caught output applets/sleep.c '	write(1, "x", 1);' 'io_write_all(STDERR_FILENO, x, 1);'
	caught output core/pid.c '	r = write( 2, "x", 1);'
	passed output applets/sleep.c 'write(fd, "x", 1); io_write_all(10, x, 1);'
	passed output core/out.c 'write(1, "x", 1);'
}

testNumbers() {
	caught numbers core/proc.c 'n = atoi(x);' 'n = strtoul(x, &e, 10);' 'sscanf(x, "%d", &n);'
	passed numbers core/proc.c 'str_number(x, 1, &n);'
}

testStdio() {
	caught stdio core/proc.c 'printf("x");' 'snprintf(b, 1, "x");' 'f = fopen("x", "r");' \
		'puts("x");' 'perror("x");'
	passed stdio core/proc.c 'str_format(b, 1, "printf(x)");' \
		'__attribute__((format(printf, 1, 2))) static void f(const char *, ...);'
}

testMemory() {
	caught memory applets/sleep.c 'p = malloc(1);' 'free(p);' 'p = strdup("x");'
	passed memory applets/sleep.c 'str_free(&s); sys_free(p, 1); int free;'
}

testState() {
	caught state applets/sleep.c 'static int count;' 'int count = 1;' 'static const char *p;' \
		'static struct x { int a; } s = { 0 };' 'static void (*call)(int);' 'char b[2][3];'
	seed applets/sleep.c '/* a local one lives as long */' 'static void f(void)' '{' \
		'	static int calls;' '}'
	assert_found state "applets/sleep.c:$((${at#*:} + 3))"
	restore
	passed state applets/sleep.c 'static const int x = 1;' 'static const char *const p = "a";' \
		'static const struct { int a; } s[] = { { 1 }, { 2 } };' \
		'void g(int (*cb)(void));' 'struct x { int a; };' 'struct y;' 'enum { A, B };' \
		'typedef int t;' \
		'static void (*const call)(int) = f;' 'extern char **environ;' 'int f(int *a);' \
		'static int h(void)' '{' '	int n = 1;' '	static const int k = 1;' '}'
}

testFunctions() {
	body=$(awk 'BEGIN { for (i = 0; i < 73; i++) print "\tf();" }')
	seed core/str.c 'static int seed(int a,' '                int b)' '{' "$body" '}'
	assert_found functions "$at"
	restore
	passed functions core/str.c 'static void seed(void)' '{' "${body%??????}" '}' \
		'const int x[] = {' "$body" '};'
}

testComments() {
	caught comments core/str.h 'int str_seed(void);' \
		'__attribute__((format(printf, 1, 2))) int str_seed(const char *, ...);'
	seed core/str.h '' '/* The first two are said to do something. */' 'int str_a(int x,' \
		'          int y);' 'int str_b(void);' '' 'int str_c(void); /* so is this */' \
		'int str_d(void);'
	assert_found comments "core/str.h:$((${at#*:} + 7))"
	restore
	passed comments core/str.h '#define STR_SEED(x) f(x)' 'typedef int (*t)(void);' \
		'struct y {' '	int (*f)(void);' '};'
}

testTests() {
	line=$(line_of_applet)
	rm -f "$tree/tests/applet/sleep.sh" "$tree/tests/core/str.c" "$tree/tests/core/str.sh"
	changed='tests/applet/sleep.sh tests/core/str.c tests/core/str.sh'
	assert_found tests "applets/sleep.c:$line" core/str.c:1
}

# In a tree of its own, since shellcheck takes its time.
testShell() {
	mkdir -p "$T/small/scripts" "$T/small/tests/applet"
	for file in scripts/a.sh scripts/b tests/run tests/applet/c.sh; do
		printf '%s\n' '#!/bin/sh' '[ $# == 1 ]' >"$T/small/$file"
	done
	printf '%s\n' '#!/usr/bin/python3' '[ $# == 1 ]' >"$T/small/scripts/other"
	assert_run 1 '*' '' sh "$TOP/scripts/lint.sh" -C "$T/small" shell
	assertEquals 'scripts/a.sh:2 scripts/b:2 tests/applet/c.sh:2 tests/run:2 ' \
		"$(sed 's/: shell: .*SC3014.*//' "$T/out" | tr '\n' ' ')"
	printf '%s\n' '#!/bin/sh' 'fi' >"$T/small/scripts/b"
	assert_run 1 '*scripts/b:2: shell: dash: *' '' sh "$TOP/scripts/lint.sh" -C "$T/small" shell
}

testMan() {
	caught man applets/sleep.c '#define MORE(OPT, OPT_) OPT_(0, NAME, "", OPT_HELP, 0, "help")'
	# What mandoc says of a page is said of the applet.
	seed applets/sleep.c "$(printf '//man:a control \001 character')"
	assert_found man "applets/sleep.c:$(line_of_applet)"
}

testWarnings() {
	for applet in "$tree"/applets/*; do
		[ "${applet##*/}" = sleep.c ] || rm -r "$applet"
	done
	seed applets/sleep.c 'int seed(unsigned a)' '{' '	return 0;' '}'
	lint warnings
	assertEquals 1 "$rc"
	for compiler in '-Werror=' '-Werror,-W'; do
		like "$out" "*$at: warnings: *${compiler}unused-parameter*" ||
			fail "not found with $compiler: $out"
	done
	cp -r "$clean/applets" "$tree"
}

# An exception has a reason, and counts for its check on its line and the next.
testExceptions() {
	passed exits applets/sleep.c '	exit(1); /* lint: exits: to see whether it works */' \
		'/* lint: exits: and above */' '	exit(1);'
	passed todo scripts/applets.sh '# TO''DO #'' lint: todo: the word itself'
	seed applets/sleep.c '/* lint: exits: too far above */' '' '	exit(1);'
	lint exits
	like "$out" "*$at: exceptions: there is no finding of exits here*" || fail "unused: $out"
	like "$out" "*sleep.c:$((${at#*:} + 2)): exits: *" || fail "argued from too far: $out"
	assertEquals 1 "$rc"
	restore
	for text in '/* lint: exits: */ exit(1);' '/* lint: todo: another */ exit(1);' \
		'f("lint: exits: no comment"); exit(1);'; do
		seed applets/sleep.c "$text"
		lint exits
		like "$out" "*$at: exits: *" || fail "argued by '$text': $out"
		restore
	done
	seed applets/sleep.c '// lint: nonsense: there is no such check'
	assert_run 1 "*$at: exceptions: there is no check nonsense*" '' \
		sh "$TOP/scripts/lint.sh" -C "$tree" exits
}

# A whole file is argued in its first three lines.
testExceptionOfAFile() {
	{
		echo '/* SPDX-License-Identifier: 0BSD */'
		echo '/* lint: size: to see whether it works */'
		awk 'BEGIN { for (i = 0; i < 601; i++) print "/**/" }'
	} >"$tree/core/seed.c"
	changed=core/seed.c
	assert_nothing_new size
}

testMissingToolIsAnError() {
	mkdir "$T/path"
	for tool in sh awk cat dirname find grep head mkdir mktemp rm sed sort tail tr wc xargs; do
		ln -s "$(command -v "$tool")" "$T/path/$tool"
	done
	for pair in shell:shellcheck man:mandoc warnings:clang; do
		run env PATH="$T/path" sh "$TOP/scripts/lint.sh" -C "$tree" "${pair%:*}"
		assertEquals "$pair" 1 "$rc"
		like "$err" "lint.sh: ${pair%:*}: no ${pair#*:}: *the package ${pair#*:}" ||
			fail "$pair: $err"
	done
}

testWrongUse() {
	assert_run 2 '' "lint.sh: there is no check 'nonsense'; there are: spdx *" \
		sh "$TOP/scripts/lint.sh" nonsense
	assert_run 2 '' '*' sh "$TOP/scripts/lint.sh" -C "$T/none"
	assert_run 2 '' '*' sh "$TOP/scripts/lint.sh" -x
}

. "${SHUNIT2:-shunit2}"
