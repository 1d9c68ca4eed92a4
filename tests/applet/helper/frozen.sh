# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests that compare ps with procps; to be read after lib.sh. Makes the place (frozen.c), the
# one who compares (agree.c), and assert_agree.
#
# The peer is procps 4.0.2, whose output is known to the last byte; where a later one is installed the
# table of its faults would be wrong.

. "$TOP/tests/applet/helper/frozen-columns.sh"

PEER=$(command -v ps)
PLACE=$T/place
mkdir "$PLACE"

HELPER=$TOP/tests/applet/helper
compile() {
	"${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -pthread "$@"
}
# Static where there is such a libc: such a process has fewer pages, and is made sooner.
for libc in -static ''; do
	# shellcheck disable=SC2086 # it may be nothing
	compile $libc -o "$T/frozen" "$HELPER"/frozen*.c 2>"$T/err" &&
		compile $libc -o "$T/agree" "$HELPER/agree.c" 2>"$T/err" && break
	[ -n "$libc" ] || {
		echo "$0: cannot compile frozen.c or agree.c: run scripts/setup test" >&2
		cat "$T/err" >&2
		exit 1
	}
done

# Whether a comparison is possible here; in a test, before `|| return 0`.
can_compare() {
	if [ "$(id -u)" != 0 ]; then
		skip_because "needs root"
		return 1
	fi
	case $("$PEER" --version 2>&1) in
	*' 4.0.2') return 0 ;;
	esac
	skip_because "the installed ps is not that of procps 4.0.2"
	return 1
}

# Since 4.0.5 a zombie has " <defunct>" behind its name also where no command line is shown. All of
# them bear the same name, so that this can be put right in what the peer writes, see agree.c.
ZOMBIE=ended

# A program with sanitizers takes its time, and is none of musl: its libc does not know the width of a
# character without more ado. So it gets every fourth of the cases, and none with UTF-8.
SOME=${ASAN_OPTIONS:+4}
some() {
	sed '/@out/d; s/C\.UTF-8\( \|$\)/C\1/g; /[uU][tT][fF]/d' | awk -v "n=$SOME" 'NR == 1 || NR % n == 0'
}

# compare [-s] OURS: the cases on stdin, see agree.c; what differs is in $T/differs. -s: among those
# whom the peer does not show as it should. One half of the cases each in two such places at once.
compare() {
	strange=
	if [ "$1" = -s ]; then
		strange=-s
		shift
	fi
	rm -f "$T"/cases.*
	grep -v '^[[:space:]]*\(#.*\)\{0,1\}$' | if [ -n "$SOME" ]; then some; else cat; fi |
		awk -v out="$T/cases." '{ print >(out NR % 2) }'
	for half in "$T"/cases.?; do
		if [ -e "$half" ]; then
			"$T/frozen" $strange "$PLACE" "$T/agree" "-d$ZOMBIE" -l "${SOME:+LC_ALL=C}" "$PEER" "$1" \
				<"$half" >"$half.out" 2>&1 &
		elif [ -n "$SOME" ]; then # None without UTF-8.
			return
		fi
	done
	wait
	# The sum of both last lines.
	awk '/^[0-9]+ cases, [0-9]+ differ$/ { cases += $1; differ += $3; ended++; next }
		{ print }
		END {
			print cases + 0 " cases, " differ + 0 " differ"
			exit !(cases && !differ && ended == ARGC - 1)
		}' "$T"/cases.?.out >"$T/differs"
}

# assert_agree [-s] [COUNT]: the cases on stdin, for the program $OURS; at least so many must there be.
assert_agree() {
	strangers=
	if [ "${1:-}" = -s ]; then
		strangers=-s
		shift
	fi
	compare $strangers "$OURS" || {
		show "$(cat "$T/differs")"
		fail "see above"
	}
	cases=$(sed -n '$s/ cases, [0-9]* differ$//p' "$T/differs")
	[ -n "$SOME" ] || [ "${cases:-0}" -ge "${1:-1}" ] || fail "only ${cases:-no} cases"
}

# With and without UTF-8, as each of the variables says it; and what is the case without any.
LOCALES='LC_ALL=C.UTF-8 LC_CTYPE=C.UTF-8 LANG=C.UTF-8 LC_ALL=C LANG='

# everywhere: every line of stdin in each of the locales and on each screen: a pipe, lines of 80 and
# 132 columns there, and two terminals.
everywhere() {
	cat >"$T/lines"
	for locale in $LOCALES; do
		for screen in '' COLUMNS=80 COLUMNS=132 '@tty 80x24' '@tty 132x50'; do
			each "$locale $screen" <"$T/lines"
		done
	done
}

# each WORDS: a case for each line of stdin, which comes behind these words.
each() { sed "s%^%$(printf '%s' "$1 " | sed 's/[\\&%]/\\&/g')%"; }

# every WORDS: a case for every word of stdin, which ends in it.
every() { tr -s ' \t\n' '\n' | grep . | each "$1" | sed 's/ \([^ ]*\)$/\1/'; }
