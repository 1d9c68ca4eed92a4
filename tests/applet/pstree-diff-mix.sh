#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pstree against psmisc 23.6: two hundred combinations of options, all widths, terminals. What psmisc is
# at fault in is listed in pstree-diff.sh.
set -u
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/pstree.sh"

# $BIN/pstree is what is compared.
oneTimeSetUp() { make_place; }

# Of all that goes together; which those are is always the same.
testCombinations() {
	can_compare || return 0
	awk -v seed=20261123 '
		function random(n) { seed = (seed * 16807) % 2147483647; return int(seed / 65536) % n }
		function one(text, n, word) { n = split(text, word, "|"); return word[random(n) + 1] }
		BEGIN {
			for (i = 0; i < 220; i++) {
				words = ""
				for (n = 2 + random(5); n > 0; n--)
					words = words " " one("-a|-p|-n|-t|-T|-u|-S|-Z|-c|-g -c|-C age")
				if (random(3) == 0)
					words = words " " one("-s 220|-s 167|-s 1|104|112|148|202|203|exactly8|ninechars|nobody")
				else
					words = words " 1"
				print one("COLUMNS=40|COLUMNS=80|COLUMNS=132|LANG=|COLUMNS=60|-l"), one("-A|-U|-G"), words
			}
		}' | sed 's/^LANG= -G/COLUMNS=132 -G/' | assert_agree 220
}

testWidths() {
	can_compare || return 0
	for width in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 22 24 26 28 30; do
		for words in '-A 1' '-A -p 202' '-U 1' '-A -C age 202' '-A -Z 202' '-A -t 104' '-A -u 1'; do
			echo "COLUMNS=$width $words"
		done
	done | assert_agree 175
	for width in 0 -1 x 5x ''; do
		echo "COLUMNS=$width -p 1"
	done | assert_agree 5
}

# ---- terminals

testTerminals() {
	can_compare || return 0
	{
		for words in -p '' -n -c '-C age' -u -S; do
			echo "@tty 80x24 TERM=xterm $words 1"
			echo "@tty 132x50 TERM=xterm $words 1"
			# Without names in UTF-8 below it.
			echo "@tty 80x24 TERM=xterm LC_ALL=C.UTF-8 -l $words 202"
			echo "@tty 100x24 TERM=xterm LC_ALL=C.UTF-8 $words 104"
			echo "@tty 100x24 TERM=xterm LC_ALL=C.UTF-8 -A $words 202"
			echo "@tty 100x24 TERM=xterm LC_ALL=C -U -l $words 202"
		done
		cat <<-'END'
			@tty 80x24 COLUMNS=50 -p 1
			TERM=xterm -H 110 1
			TERM=xterm -H 110 -p -U 1
			TERM=xterm -H 216 -a 1
			TERM=xterm -H 216 -C age 1
			TERM=xterm -H 216 -C age -ap 1
			TERM=xterm -H 216 202
			TERM=xterm -H 170 -l 167
			TERM=xterm -H 5 1
			TERM=xterm -H 4194304 1
			TERM=dumb -H 216 1
			TERM=xterm -h 1
			TERM=dumb -h 1
			TERM= -h 1
			-h 1
			COLUMNS=20 TERM=xterm -H 216 1
		END
	} | assert_agree 58
}

# Who asks is not in the place: so here, with this shell above it.
testHighlightsItself() {
	esc=$(printf '\033')
	for program in "$PEER" "$BIN/pstree"; do
		# shellcheck disable=SC2016 # expanded by that shell
		run env TERM=xterm sh -c '"$0" -l -A -h $$; :' "$program"
		assertEquals "$program" "${esc}[1msh${esc}[0m---${esc}[1mpstree${esc}[0m" "$out"
	done
}

. "${SHUNIT2:-shunit2}"
