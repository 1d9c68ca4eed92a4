#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The checks of the sources: who may do what in which file, and how a file looks.
#
#   lint.sh [-C DIR] [CHECK...]    runs the checks, or all, on the tree in DIR (the one this is in)
#   lint.sh -l                     lists them
#
# A finding is "FILE:LINE: CHECK: what, and why", and exit status 1. Where a rule is wrong for once,
# a comment argues it, on the same line or the one before (for a finding at line 1, which is about
# the whole file, in the first three lines):
#
#	/* lint: CHECK: reason */
#
# An exception that argues nothing is a finding. A tool that is missing is an error.
set -u
export LC_ALL=C

scripts=$(cd "$(dirname "$0")" && pwd)

# ---- files

# Every source of ours: not what the build makes, and no data of tests.
sources() {
	find applets core scripts tests .ci Makefile Config.in \
		\( -path 'tests/proc/*/*' -o -path 'tests/fuzz/*/*' \) -prune -o -type f -print \
		2>/dev/null |
	while read -r file; do
		case ${file##*/} in
		*.c | *.h | *.sh | *.awk | *.py | Makefile | Config.in) echo "$file" ;;
		*.*) ;;
		*) if is_script "$file"; then echo "$file"; fi ;;
		esac
	done | sort
}

# is_script FILE [END]: whether its first line names an interpreter, which ends so.
is_script() {
	read -r line <"$1"
	case ${line-} in
	'#!'*"${2-}") true ;;
	*) false ;;
	esac
}

# shell_sources PATTERN: the shell scripts among them whose name matches.
shell_sources() {
	sources | grep -E "$1" | while read -r file; do
		case ${file##*/} in
		*.sh) echo "$file" ;;
		*.*) ;;
		*) if is_script "$file" sh; then echo "$file"; fi ;;
		esac
	done
}

# text_check CHECK PATTERN: a check of lint.awk over the sources whose name matches.
# shellcheck disable=SC2086 # AWK may be two words
text_check() {
	sources | grep -E "$2" | xargs ${AWK:-awk} -v check="$1" \
		-f "$scripts/c.awk" -f "$scripts/lint.awk" || cannot "$1: ${AWK:-awk} failed"
}

need() {
	command -v "$1" >/dev/null ||
		cannot "$check: no $1: run scripts/setup test, or install the package $2"
}

# Says why a check could not run, which is as bad as a finding. It may be called in a subshell.
cannot() {
	echo "lint.sh: $1" >&2
	: >"$tmp/cannot"
	return 1
}

# ---- checks

# What applies to everything we write.
check_spdx() { text_check spdx .; }
check_format() { text_check format . && final_newline; }
check_todo() { text_check todo .; }
check_size() { text_check size '^(core|applets|scripts)/'; }

final_newline() {
	sources | while read -r file; do
		[ -z "$(tail -c 1 "$file")" ] ||
			echo "$file:$(($(wc -l <"$file") + 1)): format: no newline at the end"
	done
}

c_check() { text_check "$1" '^(core|applets)/.*[.][ch]$'; }

# The rooms: which name, which file, which #include belongs where.
check_layers() { c_check layers; }
check_preprocessor() { c_check preprocessor; }
check_syscalls() { c_check syscalls; }
check_procfs() { c_check procfs; }
check_namespaces() { c_check namespaces; }
check_processes() { c_check processes; }
check_exits() { c_check exits; }
check_output() { c_check output; }
check_numbers() { c_check numbers; }
check_stdio() { c_check stdio; }
check_memory() { c_check memory; }
check_state() { text_check state '^applets/.*[.][ch]$'; }
check_functions() { c_check functions; }
check_comments() { text_check comments '^core/.*[.]h$'; }

# Every applet and every part of core has a test file of its name.
check_tests() {
	text_check applets '^applets/.*[.]c$' | while IFS=: read -r file line name; do
		[ -e "tests/applet/$name.sh" ] ||
			echo "$file:$line: tests: there is no tests/applet/$name.sh"
	done
	for file in core/*.c; do
		name=${file#core/}
		name=${name%.c}
		[ -e "tests/core/$name.c" ] || [ -e "tests/core/$name.sh" ] ||
			echo "$file:1: tests: there is no tests/core/$name.c or tests/core/$name.sh"
	done
}

# Shell as POSIX has it. Without SC1090 and SC1091: what is sourced is found when it runs; SC2016:
# 'single quotes' hold programs of awk and of other shells; SC2018 and SC2019: a-z is what it says
# in LC_ALL=C. A test shares variables with lib.sh, which shellcheck does not see: SC2034, SC2154.
check_shell() {
	need shellcheck shellcheck && need dash dash || return
	not=SC1090,SC1091,SC2016,SC2018,SC2019
	{
		shell_sources '^tests/.*[.]sh$' |
			xargs shellcheck -s sh -f gcc -e "$not,SC2034,SC2154"
		shell_sources '^(scripts|.ci|tests/run)' | xargs shellcheck -s sh -f gcc -e "$not"
	} | sed 's/^\([^:]*:[0-9]*\):[0-9]*: [a-z]*: /\1: shell: /'
	shell_sources . | while read -r file; do
		dash -n "$file" 2>&1 | sed "s,^.*: \([0-9]*\): ,$file:\1: shell: dash: ,"
	done
}

# The manual pages that scripts/docs.awk makes. What mandoc finds in one is the applet's.
check_man() {
	need mandoc mandoc || return
	mkdir "$tmp/man"
	man_pages -v mode=man -v dir="$tmp/man" 2>"$tmp/errors"
	if [ -s "$tmp/errors" ]; then
		sed 's/^[^:]*:[0-9]*:/& man:/' "$tmp/errors"
		return
	fi
	man_pages -v mode=main >"$tmp/man/pidbox.1"
	text_check applets '^applets/.*[.]c$' >"$tmp/places"
	for page in "$tmp"/man/*.1; do
		name=${page##*/}
		place=$(sed -n "s/:${name%.1}\$//p" "$tmp/places")
		mandoc -T lint -W warning "$page" |
			sed "s,^mandoc: [^:]*,${place:-scripts/docs.awk:1}: man: $name,"
	done
}

# shellcheck disable=SC2086 # AWK may be two words
man_pages() {
	sources | grep '^applets/.*[.]c$' | xargs ${AWK:-awk} -v date='January 1, 2026' "$@" \
		-f "$scripts/c.awk" -f "$scripts/docs.awk" -f "$scripts/mdoc.awk"
}

# Both compilers have nothing to say. O: our own, so that nobody's build is touched.
check_warnings() {
	need clang clang || return
	unset MAKEFLAGS MFLAGS MAKELEVEL
	jobs=$(getconf _NPROCESSORS_ONLN)
	for cc in '' clang; do
		make -s -k -j "$jobs" O="$tmp/build$cc" ${cc:+CC=$cc} CFLAGS=-Werror \
			>"$tmp/log" 2>&1 && continue
		sed -n "s,^$tmp/,,; s/^\([^: ]*:[0-9]*\):[0-9]*: [a-z ]*error: /\1: warnings: /p" \
			"$tmp/log" >"$tmp/errors"
		[ -s "$tmp/errors" ] || echo "Makefile:1: warnings: make ${cc:+CC=$cc }fails:" \
			"$(grep -v '^ ' "$tmp/log" | head -n 1)" >"$tmp/errors"
		cat "$tmp/errors"
	done
}

# ---- exceptions

# except FINDINGS RAN: prints those findings that no exception argues, and the exceptions that argue
# none, of the checks that ran.
# shellcheck disable=SC2086 # AWK may be two words
except() {
	text_check exceptions . >"$tmp/exceptions"
	${AWK:-awk} -F: -v ran=" $2 " -v all=" $all " '
		FILENAME == ARGV[1] {
			n++
			file[n] = $1
			line[n] = $2
			check[n] = $3
			next
		}
		{
			argued = 0
			for (i = 1; i <= n; i++)
				if (file[i] == $1 && " " check[i] == $3 && ($2 == line[i] ||
				    $2 == line[i] + 1 || ($2 == 1 && line[i] <= 3)))
					argued = used[i] = 1
			if (!argued)
				print
		}
		END {
			for (i = 1; i <= n; i++) {
				where = file[i] ":" line[i] ": exceptions: "
				if (!index(all, " " check[i] " "))
					print where "there is no check " check[i]
				else if (!used[i] && index(ran, " " check[i] " "))
					print where "there is no finding of " check[i] " here"
			}
		}
	' "$tmp/exceptions" "$1" | sort -u | sort -s -t: -k1,1 -k2,2n
}

# ---- main

# Every function check_NAME, in their order.
all=$(sed -n 's/^check_\([a-z]*\)() {.*/\1/p' "$scripts/lint.sh" | tr '\n' ' ')
dir=$scripts/..
while getopts C:l option; do
	case $option in
	C) dir=$OPTARG ;;
	l)
		echo "$all" | tr ' ' '\n' | sed '/^$/d'
		exit 0
		;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
for check; do
	case " $all" in
	*" $check "*) ;;
	*)
		echo "lint.sh: there is no check '$check'; there are: $all" >&2
		exit 2
		;;
	esac
done
cd "$dir" || exit 2
tmp=$(mktemp -d "${TMPDIR:-/tmp}/lint.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# shellcheck disable=SC2086 # words
[ $# -gt 0 ] || set -- $all
for check; do
	"check_$check"
done >"$tmp/found"
except "$tmp/found" "$*" >"$tmp/findings"
cat "$tmp/findings"
[ ! -s "$tmp/findings" ] && [ ! -e "$tmp/cannot" ]
