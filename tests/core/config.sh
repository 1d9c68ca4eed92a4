# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# shellcheck disable=SC1090,SC1091 # lib.sh and shunit2 are checked by themselves, or not ours
# scripts/config.awk: against kconfig-conf, under every awk, and by its messages.
# Fixtures are in config/: rich.in, which uses the whole language; errors.txt; messy.config.

. "$(dirname "$0")/../lib.sh"

need kconfig-conf kconfig-frontends
need mawk mawk
need gawk gawk
need busybox busybox-static

FIXTURES=$TOP/tests/core/config
AWKS='mawk gawk busybox'
SEEDS=200

# Two configurations. Each is read in a directory that holds what its root file sources, or not:
# the root file itself, and rich-more.in, are found below srcdir.
oneTimeSetUp() {
	[ -d "$T/rich" ] && return # it is called a second time, at the end
	mkdir "$T/rich" "$T/own" "$T/work"
	cp "$BUILD/applets.in" "$T/own/" # from the same moment as what awk and kconfig-conf read
}

root_of() {
	case $1 in
	rich) echo rich.in ;;
	own) echo Config.in ;;
	esac
}

srcdir_of() {
	case $1 in
	rich) echo "$FIXTURES" ;;
	own) echo "$TOP" ;;
	esac
}

# config AWK NAME=VALUE...: runs config.awk under that awk.
config() {
	awk=$1
	shift
	for word; do
		set -- "$@" -v "$word"
		shift
	done
	case $awk in
	mawk) mawk "$@" -f "$TOP/scripts/config.awk" ;;
	gawk) gawk --posix "$@" -f "$TOP/scripts/config.awk" ;;
	busybox) busybox awk "$@" -f "$TOP/scripts/config.awk" ;;
	esac
}

# on PROJECT AWK NAME=VALUE...: the same for one of the two configurations.
on() {
	project=$1 awk=$2
	shift 2
	(cd "$T/$project" &&
		config "$awk" kconfig="$(root_of "$project")" srcdir="$(srcdir_of "$project")" "$@")
}

# reference PROJECT FILE OPTION: kconfig-conf on it.
reference() {
	(cd "$T/$1" && srctree=$(srcdir_of "$1") KCONFIG_CONFIG=$2 \
		kconfig-conf "$3" "$(root_of "$1")" >/dev/null 2>&1)
}

# The awk whose turn it is with the Nth run.
nth_awk() {
	case $(($1 % 3)) in
	0) echo mawk ;;
	1) echo gawk ;;
	2) echo busybox ;;
	esac
}

# same WHAT WANT GOT: whether the two files, or trees, are.
same() {
	diff -r "$2" "$3" >"$T/diff" && return
	echo "$1:"
	sed 's/^/    | /' "$T/diff" | head -n 40
	fail "$1 differs"
}

# Under every awk: status, stdout, stderr and out file of config.awk PROJECT NAME=VALUE...
agree() {
	agree_project=$1
	shift
	for awk in $AWKS; do
		rm -rf "$T/work/$awk"
		mkdir "$T/work/$awk"
		on "$agree_project" "$awk" out="$T/work/out" "$@" </dev/null \
			>"$T/work/$awk/stdout" 2>"$T/work/$awk/stderr"
		echo $? >"$T/work/$awk/status"
		if [ -e "$T/work/out" ]; then mv "$T/work/out" "$T/work/$awk/out"; fi
	done
	same "gawk's $agree_project $*" "$T/work/mawk" "$T/work/gawk"
	same "busybox's $agree_project $*" "$T/work/mawk" "$T/work/busybox"
}

test_awks_agree() {
	for project in rich own; do
		agree "$project" mode=list
		for mode in defconfig allyesconfig allnoconfig randconfig; do
			for seed in 0 1 2 999999999; do
				agree "$project" mode="$mode" seed="$seed"
				assertEquals "status of $mode" 0 "$(cat "$T/work/mawk/status")"
			done
		done
		cp "$T/work/mawk/out" "$T/work/config"
		for mode in oldconfig check header; do
			agree "$project" mode="$mode" config="$T/work/config"
			assertEquals "status of $mode" 0 "$(cat "$T/work/mawk/status")"
			agree "$project" mode="$mode" config="$FIXTURES/messy.config"
		done
	done
	agree rich mode=allnoconfig set='BASE=y DEPTH=7 NAME=x LIBB=y'
	agree rich mode=randconfig seed=4 set='BASE=y DEPTH=7 NAME=x\\y'
}

test_defaults_all_yes_and_all_no_are_those_of_kconfig() {
	for project in rich own; do
		for mode in defconfig allyesconfig allnoconfig; do
			rm -f "$T/work/theirs"
			case $mode in
			defconfig) reference "$project" "$T/work/theirs" --alldefconfig ;;
			*) reference "$project" "$T/work/theirs" "--$mode" ;;
			esac
			on "$project" mawk mode="$mode" out="$T/work/ours" 2>/dev/null
			same "$project $mode" "$T/work/theirs" "$T/work/ours"
		done
	done
}

# What config.awk makes up by chance must be right in the eyes of kconfig-conf: nothing changes.
test_random_configs_hold_before_kconfig() {
	for project in rich own; do
		rm -rf "$T/work/ours" "$T/work/theirs"
		mkdir "$T/work/ours"
		n=0
		while [ "$n" -lt "$SEEDS" ]; do
			on "$project" "$(nth_awk "$n")" mode=randconfig seed="$n" out="$T/work/ours/$n" 2>/dev/null
			n=$((n + 1))
		done
		cp -r "$T/work/ours" "$T/work/theirs"
		while [ "$n" -gt 0 ]; do
			n=$((n - 1))
			reference "$project" "$T/work/theirs/$n" --olddefconfig
		done
		rm -f "$T/work/theirs"/*.old
		assertEquals "files" "$SEEDS" "$(find "$T/work/ours" -type f | wc -l)"
		same "$project randconfig" "$T/work/theirs" "$T/work/ours"
	done
	kinds=$(cksum "$T/work/ours"/* | cut -d' ' -f1 | sort -u | wc -l)
	assertTrue "$kinds different configs" "[ $kinds -gt $((SEEDS / 2)) ]"
}

# Answer files with gaps, made up from the list of symbols: $1 of them, into the directory $2. A
# string may hold quotes and backslashes, a number may be out of range, a line may come twice.
make_answers() {
	awk -F '\t' -v files="$1" -v dir="$2" '
		function pick(n) { seed = seed * 16807 % 2147483647; return int(seed / 8) % n }
		function answer(s, t) {
			if (t == "int")
				return "CONFIG_" s "=" ints[1 + pick(nints)]
			if (t == "string")
				return "CONFIG_" s "=" texts[1 + pick(ntexts)]
			return pick(2) ? "CONFIG_" s "=y" : pick(4) ? "# CONFIG_" s " is not set" : "CONFIG_" s "=n"
		}
		BEGIN {
			seed = 4711
			nints = split("-30 -15 -12 -5 0 1 3 3 5 7 8 9 10 1000000", ints, " ")
			ntexts = split("\"pidbox\" \"none\" \"\" \"\\\\\" \"a\\\"b\" \"y\" \"\\q\" \"#\" \"a=b\"", texts, " ")
		}
		{ name[NR] = $1; type[NR] = $2 }
		END {
			for (n = 0; n < files; n++) {
				gaps = 2 + pick(8)
				for (i = 1; i <= NR; i++)
					for (twice = 0; twice < 1 + (pick(20) == 0); twice++)
						if (pick(gaps))
							print answer(name[i], type[i]) > (dir "/" n)
				print "# the end" > (dir "/" n)
				close(dir "/" n)
			}
		}'
}

test_partial_answers_become_what_kconfig_makes_of_them() {
	for project in rich own; do
		rm -rf "$T/work/given" "$T/work/ours" "$T/work/theirs"
		mkdir "$T/work/given" "$T/work/ours"
		on "$project" mawk mode=list | make_answers "$SEEDS" "$T/work/given"
		cp -r "$T/work/given" "$T/work/theirs"
		n=0
		while [ "$n" -lt "$SEEDS" ]; do
			on "$project" "$(nth_awk "$n")" mode=oldconfig \
				config="$T/work/given/$n" out="$T/work/ours/$n" 2>/dev/null
			reference "$project" "$T/work/theirs/$n" --olddefconfig
			n=$((n + 1))
		done
		rm -f "$T/work/theirs"/*.old
		assertEquals "files" "$SEEDS" "$(find "$T/work/ours" -type f | wc -l)"
		same "$project oldconfig" "$T/work/theirs" "$T/work/ours"
	done
}

# Every bool that has a prompt, switched off alone in an otherwise full configuration.
test_off_stays_off() {
	tried=0
	for project in rich own; do
		on "$project" mawk mode=allyesconfig out="$T/work/full" 2>/dev/null
		on "$project" mawk mode=list >"$T/work/list"
		sed -n 's/	bool	..*//p' "$T/work/list" >"$T/work/bools"
		while read -r symbol; do
			grep -q "^CONFIG_$symbol=y" "$T/work/full" || continue
			off="# CONFIG_$symbol is not set"
			sed "s/^CONFIG_$symbol=y\$/$off/" "$T/work/full" >"$T/work/off"
			on "$project" "$(nth_awk "$tried")" mode=oldconfig config="$T/work/off" \
				out="$T/work/once" 2>"$T/work/err"
			grep -q "CONFIG_$symbol must be y: .* selects it" "$T/work/err" && continue
			grep -qx "$off" "$T/work/once" || fail "$project: $symbol is on again"
			on "$project" mawk mode=oldconfig config="$T/work/once" out="$T/work/twice" \
				2>"$T/work/err"
			same "$project without $symbol, twice" "$T/work/once" "$T/work/twice"
			grep -v 'selects .*, whose dependencies' "$T/work/err" && fail 'the second time warns'
			tried=$((tried + 1))
		done <"$T/work/bools"
	done
	assertTrue "$tried symbols tried" "[ $tried -ge 25 ]"
}

test_a_file_of_dos_and_the_name_of_a_menu() {
	printf '%s\r\n' 'mainmenu "dos"' 'config A' '	bool "a"' '	help' '	  text' '' >"$T/work/K"
	printf 'CONFIG_A=y\r\n' >"$T/work/config"
	printf '%s\n' '#' '# Automatically generated file; DO NOT EDIT.' '# dos' '#' 'CONFIG_A=y' \
		>"$T/work/want"
	for awk in $AWKS; do
		config "$awk" mode=check kconfig="$T/work/K" config="$T/work/config" >"$T/work/got"
		same "$awk" "$T/work/want" "$T/work/got"
	done
}

# Each mistake of errors.txt: its exact message, exit 1, silence on stdout, no file.
test_mistakes_in_kconfig() {
	mkdir "$T/errors"
	cp "$FIXTURES"/*.in "$T/errors"
	cases=$(awk -v dir="$T/errors" '
		/^===/ { close(f); f = dir "/K" ++n; next }
		/^---$/ { close(f); f = dir "/want" n; next }
		n { print > f }
		END { print n }' "$FIXTURES/errors.txt")
	assertTrue "$cases cases" "[ $cases -ge 30 ]"
	n=0
	while [ "$n" -lt "$cases" ]; do
		n=$((n + 1))
		cp "$T/errors/K$n" "$T/errors/K"
		for awk in $AWKS; do
			rm -f "$T/errors/out"
			(cd "$T/errors" && config "$awk" mode=defconfig kconfig=K out=out) \
				>"$T/errors/stdout" 2>"$T/errors/stderr"
			assertEquals "status of case $n under $awk" 1 $?
			same "case $n under $awk" "$T/errors/want$n" "$T/errors/stderr"
			assertFalse "case $n under $awk: stdout or a file" \
				"[ -s '$T/errors/stdout' ] || [ -e '$T/errors/out' ]"
		done
	done
}

# messages MODE AWK: what it says of messy.config, without the directories.
messages() {
	on rich "$2" mode="$1" config="$FIXTURES/messy.config" out="$T/work/messy.out" \
		2>"$T/work/messy.err"
	echo "exit $?" >"$T/work/messy.rc"
	sed "s|$FIXTURES/||g" "$T/work/messy.err" "$T/work/messy.rc"
}

# A line that is not understood is a warning to oldconfig and an error to check and header.
test_mistakes_in_config() {
	cat >"$T/work/bad" <<-'END'
		messy.config:6: unknown symbol CONFIG_PLAN, did you mean PLAIN?
		messy.config:7: CONFIG_COUNT is int, not 'abc'
		messy.config:8: CONFIG_COUNT was set before at messy.config:7
		messy.config:8: CONFIG_COUNT is int, not '03'
		messy.config:10: CONFIG_NAME is string, not 'pidbox'
		messy.config:11: CONFIG_NAME was set before at messy.config:10
		messy.config:11: CONFIG_NAME is string, not '"a"b"'
		messy.config:13: CONFIG_LIB is bool, not 'maybe'
		messy.config:14: CONFIG_OFF was set before at messy.config:5
		messy.config:15: neither CONFIG_NAME=value nor "# CONFIG_NAME is not set": FIRST=n
		messy.config:16: neither CONFIG_NAME=value nor "# CONFIG_NAME is not set": CONFIG_EMPTY
		messy.config:17: neither CONFIG_NAME=value nor "# CONFIG_NAME is not set": CONFIG_EMPTY =""
		messy.config:18: neither CONFIG_NAME=value nor "# CONFIG_NAME is not set": #CONFIG_SECOND is not set
		messy.config:19: neither CONFIG_NAME=value nor "# CONFIG_NAME is not set": # CONFIG_SECOND is on
		messy.config:21: CONFIG_SINGLE is string, not 'is not set'
		messy.config:22: unknown symbol CONFIG_NOTHING_LIKE_IT
		messy.config:33: unknown symbol CONFIG_LOWER_CASE, did you mean lower_case?
		messy.config:9: CONFIG_DEPTH is out of range 1 to 9
		messy.config:23: CONFIG_BELOW is out of range -5 to 3
	END
	{
		sed 's/^[^ ]*:/& warning:/' "$T/work/bad"
		cat <<-'END'
			rich.in:178: warning: FORCING selects FORCED, whose dependencies are not met
			messy.config:27: warning: CONFIG_DEEPEST cannot be kept: it needs DEEPER
			messy.config:26: warning: CONFIG_FORCED must be y: FORCING selects it
			messy.config:32: warning: CONFIG_TWICE cannot be kept: it needs PLAIN
			exit 0
		END
	} >"$T/work/want"
	echo 'exit 1' >>"$T/work/bad"
	for awk in $AWKS; do
		for mode in check header; do
			messages "$mode" "$awk" >"$T/work/got"
			same "$mode under $awk" "$T/work/bad" "$T/work/got"
			assertFalse "$mode under $awk wrote" "[ -e '$T/work/messy.out' ]"
		done
		messages oldconfig "$awk" >"$T/work/got"
		same "oldconfig under $awk" "$T/work/want" "$T/work/got"
		rm "$T/work/messy.out"
	done
}

# check writes what oldconfig does; a symbol that is new gets its default without a word.
test_check_of_a_good_config() {
	echo 'CONFIG_COUNT=9' >"$T/work/config"
	for awk in $AWKS; do
		on rich "$awk" mode=check config="$T/work/config" out="$T/work/checked" 2>"$T/work/err"
		assertEquals "$awk" "0 " "$? $(cat "$T/work/err")"
		on rich "$awk" mode=oldconfig config="$T/work/config" out="$T/work/old"
		same "$awk" "$T/work/old" "$T/work/checked"
		assertTrue "$awk: the answer" "grep -qx CONFIG_COUNT=9 '$T/work/checked'"
		# In place, and once more.
		on rich "$awk" mode=check config="$T/work/checked" out="$T/work/checked"
		same "$awk, in place" "$T/work/old" "$T/work/checked"
	done
}

test_header() {
	cat >"$T/work/K" <<-'END'
		config ON
			bool "on"
			default y
		config OFF
			bool "off"
		config ABOVE
			int "above"
			default 12
		config BELOW
			int "below"
			default -3
		config TEXT
			string "text"
			default "a\\b \"c\" ??/"
		if OFF
		config HIDDEN
			def_bool y
		config HIDDEN_NUMBER
			int "hidden"
			default 5
			range 3 9
		config HIDDEN_TEXT
			string "hidden"
			default "hidden"
		endif
		config BLANK
			int "blank"
	END
	cat >"$T/work/want" <<-'END'
		/* Generated by scripts/config.awk from .config: do not edit. */
		#ifndef PIDBOX_CONFIG_H
		#define PIDBOX_CONFIG_H

		#define CFG_ON 1
		#define IF_ON(...) __VA_ARGS__
		#define CFG_OFF 0
		#define IF_OFF(...)
		#define CFG_ABOVE 12
		#define CFG_BELOW (-3)
		#define CFG_TEXT "a\\b \"c\" \?\?/"
		#define CFG_HIDDEN 0
		#define IF_HIDDEN(...)
		#define CFG_HIDDEN_NUMBER 0
		#define CFG_HIDDEN_TEXT ""
		#define CFG_BLANK 0

		#endif
	END
	# Answers that do not count, since OFF is off.
	printf '%s\n' '# CONFIG_OFF is not set' CONFIG_HIDDEN=y CONFIG_HIDDEN_NUMBER=4 >"$T/work/config"
	for awk in $AWKS; do
		config "$awk" mode=header kconfig="$T/work/K" config="$T/work/config" \
			out="$T/work/header" >"$T/work/said" 2>&1
		assertEquals "$awk" "0 " "$? $(cat "$T/work/said")"
		same "$awk" "$T/work/want" "$T/work/header"
	done
}

test_list() {
	printf '%s\t%s\t%s\n' COUNT int count HIDDEN_NUMBER int '' \
		QUOTED string "a text with \\ and \" and 'single quotes'" HAVE_A bool '' \
		INDIRECT bool 'prompt on its own' ODD bool 'neither a text nor a number is a condition' \
		lower_case bool 'lower case' >"$T/work/want"
	for awk in $AWKS; do
		on rich "$awk" mode=list out="$T/work/all"
		grep -E '^(COUNT|HIDDEN_NUMBER|QUOTED|HAVE_A|INDIRECT|ODD|lower_case)	' "$T/work/all" \
			>"$T/work/got"
		same "$awk" "$T/work/want" "$T/work/got"
		assertEquals "$awk: as many as there are" \
			"$(cat "$FIXTURES"/rich*.in | grep -E '^(menu)?config ' | sort -u | wc -l)" \
			"$(wc -l <"$T/work/all")"
	done
}

# set_says SET: how config.awk ends and what it says when everything but SET is off.
set_says() {
	rm -f "$T/work/set"
	for awk in $AWKS; do
		on rich "$awk" mode=allnoconfig set="$1" out="$T/work/set" >"$T/work/said.$awk" 2>&1
		echo "exit $?" >>"$T/work/said.$awk"
		same "$awk and set=$1" "$T/work/said.mawk" "$T/work/said.$awk"
	done
	cat "$T/work/said.mawk"
}

test_set() {
	assertEquals 'exit 0' "$(set_says ' PLAIN=y	DEPTH=2  LIB=y BASE=y NAME=a"b COPY="c\\"d" COUNT=-7 ')"
	for line in CONFIG_PLAIN=y CONFIG_DEPTH=2 CONFIG_LIB=y CONFIG_HAVE_B=y CONFIG_BASE=y \
		'CONFIG_NAME="a\"b"' 'CONFIG_COPY="c\"d"' CONFIG_COUNT=-7 '# CONFIG_FIRST is not set'
	do
		grep -qxF "$line" "$T/work/set" || fail "no line: $line"
	done
	# It wins over an answer, whatever the mode.
	printf '%s\n' CONFIG_PLAIN=y CONFIG_COUNT=4 >"$T/work/config"
	for awk in $AWKS; do
		for mode in oldconfig check; do
			on rich "$awk" mode="$mode" config="$T/work/config" set='PLAIN=n' out="$T/work/set"
			assertEquals "$awk $mode" 0 $?
			grep -qx '# CONFIG_PLAIN is not set' "$T/work/set" || fail "$awk $mode: not set"
			grep -qx 'CONFIG_COUNT=4' "$T/work/set" || fail "$awk $mode: an answer lost"
		done
	done
}

test_mistakes_in_set() {
	assertEquals "set: unknown symbol CONFIG_PLAN, did you mean PLAIN?
set: CONFIG_COUNT is int, not 'many'
set: CONFIG_LIB is bool, not 'yes'
set: CONFIG_BELOW is int, not ''
set: CONFIG_NAME is string, not '\"x'
set: 'LIB' is not NAME=VALUE
set: CONFIG_DEPTH was set before at set
exit 1" "$(set_says 'PLAN=y COUNT=many LIB=yes BELOW= NAME="x LIB DEPTH=2 DEPTH=3')"
	assertFalse 'it wrote' "[ -e '$T/work/set' ]"
}

# Who asks for something on the command line and cannot have it is told so.
test_set_of_what_cannot_be() {
	assertEquals 'set: CONFIG_DEPTH is out of range 1 to 9
exit 1' "$(set_says 'DEPTH=10')"
	assertEquals 'set: CONFIG_OUTER cannot be kept: it needs BASE
exit 1' "$(set_says 'OUTER=y')"
	assertFalse 'it wrote' "[ -e '$T/work/set' ]"
	assertEquals 'set: CONFIG_THIRD must be y: SECOND selects it
exit 1' "$(set_says 'BASE=y FIRST=y THIRD=n')"
	assertEquals 'exit 0' "$(set_says 'OUTER=n')"
}

test_usage() {
	cd "$T/work" || return
	for awk in $AWKS; do
		assert_run 1 '' "config.awk: unknown mode ''
config.awk: -v kconfig=FILE is missing" config "$awk"
		assert_run 1 '' "config.awk: unknown mode 'newconfig'" config "$awk" mode=newconfig kconfig=x
		assert_run 1 '' "config.awk: check needs -v config=FILE" config "$awk" mode=check kconfig=x
		assert_run 1 '' "config.awk: randconfig needs -v seed=NUMBER" \
			config "$awk" mode=randconfig kconfig=x seed=-1
		assert_run 1 '' "config.awk: cannot read 'no/x'" config "$awk" mode=list kconfig=no/x srcdir=/
		assert_run 1 '' 'none: cannot read' on rich "$awk" mode=oldconfig config=none out="$T/work/o"
		on rich "$awk" mode=defconfig out=/no/dir/out 2>err && fail "$awk wrote to nowhere"
		[ -s err ] || fail "$awk says nothing of where it cannot write"
	done
	cd "$TOP" || return
}

# The file beside us comes first, the one below srcdir next.
test_where_sourced_files_are() {
	mkdir -p "$T/work/src/sub" "$T/work/here"
	cd "$T/work/here" || return
	printf '%s\n' 'source "sub/one.in"' 'source two.in' >"$T/work/src/K"
	printf 'config %s\n\tbool "x"\n' FAR >"$T/work/src/sub/one.in"
	printf 'config %s\n\tbool "x"\n' FAR_TWO >"$T/work/src/two.in"
	printf 'config %s\n\tbool "x"\n' NEAR_TWO >two.in
	for awk in $AWKS; do
		assertEquals "$awk" 'FAR	bool	x
NEAR_TWO	bool	x' "$(config "$awk" mode=list kconfig=K srcdir="$T/work/src")"
	done
	# The same file a second time is no loop.
	echo 'source "sub/one.in"' >two.in
	for awk in $AWKS; do
		assertEquals "$awk" 'FAR	bool	x' "$(config "$awk" mode=list kconfig=K srcdir="$T/work/src")"
	done
	echo frob >>"$T/work/src/two.in"
	rm two.in
	for awk in $AWKS; do
		assert_run 1 '' "$T/work/src/two.in:3: unknown statement 'frob'" \
			config "$awk" mode=list kconfig=K srcdir="$T/work/src"
	done
	cd "$TOP" || return
}

. "${SHUNIT2:-shunit2}"
