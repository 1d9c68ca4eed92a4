#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pstree against psmisc 23.6: every option, on lines of 40, 80 and 132 cells and of any length, drawn with
# ASCII, UTF-8 and a VT100. The rest is in pstree-diff-mix.sh. helper/frozen.c says who is drawn,
# helper/agree.c what a case is.
#
# Where psmisc is at fault the expectation is written out. These are all:
#
#   -g does not imply -c, as its help says that it does                        testGroups
#   a command line as long as the line is wide is cut there, and its last word has lost the blank in
#     front of it; then there is no "..."                                      testLongWords
#   where there is an empty word the last ones have lost a blank, or are lost  testLongWords
#   the last character of a label without a newline is lost (SELinux has none) testLabels
#   users and labels go to the terminal as they are                            testUsers, testLabels
#   a line of UTF-8 that is cut in a stroke ends in more than one '+'          once
#   a line of VT100 is cut as if escape sequences took cells, also within one  vt100
#   a character of 2 to 4 bytes in a name is \ooo for each byte also where the terminal could show it:
#     ours shows it, and counts its cells (the issue)                          testUtf8
#   roots are PID 1 alone; ours are all processes without a visible parent (the issue), so that a user's
#     processes are found there, too                                           testRoots
#   pstree 0 puts a '?' above them, whose number is nothing                    testRoots
#   a process that is not there is an error only with -s                       testMisuse
#   -N: see pstree-ns.sh
#
# 23.7 draws the same; it begins at PID 0 where there is a /proc/0.
set -u
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/pstree.sh"

oneTimeSetUp() { make_place; }

# ---- the harness

testTheHarnessSeesADifference() {
	can_compare || return 0
	cp "$T/ours" "$T/kept"
	while read -r name words; do
		printf '#!/bin/sh\n%s\n' "$words" >"$T/ours"
		echo '-p 1' | compare
		assertEquals "status: $name" 1 $?
		assertEquals "$name" '1 cases, 1 differ' "$(tail -n 1 "$T/differs")"
	done <<-END
		order exec $PEER -n "\$@"
		blank $PEER "\$@" | sed '3s/|/ |/'
		row $PEER "\$@" | sed 3d
		nothing exit 0
		status $PEER "\$@"; exit 7
		message echo 'a word' >&2; exec $PEER "\$@"
	END
	cp "$T/kept" "$T/ours"
}

# ---- what is drawn

testOptions() {
	can_compare || return 0
	{
		everywhere <<-'END'
			1
			-p 1
			-a 1
			-c 1
			-n 1
			-t 1
			-T 1
			-u 1
			-S 1
			-Z 1
			-g -c 1
			-C age 1
			-C age -a 1
			-C age -c 202
			-ap 1
			-aT 1
			-at 1
			-apn 1
			-pu 1
			-puS 1
			-pugScZ 1
			-apugScZ 1
			-nu 1
			-tn 1
			-tp 1
			-aZ 1
			-s 220
			-sp 202
			-sa 110
			exactly8
			-pu nobody
		END
		# The names of options, and words in any order.
		sed 's/^/LANG= /' <<-'END'
			--arguments 1
			--ascii 1
			--compact-not 1
			--color age 1
			--color=AGE 1
			--show-pgids --compact-not 1
			--vt100 --long 1
			--highlight-all 1
			--highlight-pid 1 1
			--long 1
			--numeric-sort 1
			--show-pids 1
			--show-parents 220
			--ns-changes 1
			--thread-names 1
			--hide-threads 1
			--uid-changes 1
			--unicode 1
			--security-context 1
			--show-pid 1
			--uni 1
			1 -p
			-p -- 1
			-A -U 1
			-U -A 1
			-UGA -l 1
			-lAG 1
		END
	} | assert_agree 450
}

# ---- mistakes

testMisuse() {
	can_compare || return 0
	sed 's/^/@rc 1 @err /' <<-'END' | assert_agree 15
		"pstree: 'no-such-user': no such user" no-such-user
		"pstree: '1x': not a process" 1x
		"pstree: '': no such user" ''
		"pstree: only one can be highlighted" TERM=xterm -h -H 1 1
		"pstree: only one can be highlighted" TERM=xterm -H 1 -h 1
		"pstree: 'x': no PID" -H x 1
		"pstree: '0': no PID" -H 0 1
		"pstree: 'nothing': no type of namespace" -N nothing
		"pstree: 'nothing': nothing to color by" -C nothing
		"'x'" -x
		"pstree: no process of absent" absent
		"pstree: no process 4194304" -s 4194304
		"pstree: no process 145" -T -s 145
		"pstree: Can't get terminal capabilities" TERM= -H 1 1
		"pstree: TERM is not set" -H 1 1
	END
	# psmisc says nothing, and exits with 0.
	sed 's/^/@rc 1 @err "pstree: no process" /' <<-'END' | assert_agree 2
		4194304
		-T 145
	END
}

# ---- where psmisc is at fault

# rows PATTERN WORDS...: what ours draws in the place as it is, of the lines with the pattern.
rows() {
	pattern=$1
	shift
	strange "$BIN/pstree" "$@" | grep -e "$pattern" | sed 's/^[ |`]*-//'
}

testGroups() {
	can_compare || return 0
	assertEquals 'team(1)-+-{team}(1)
        |-{team}(1)
        |-{team}(1)
        |-{team}(1)
        |-{team}(1)
        |-{team}(1)
        `-{team}(1)' "$(strange "$BIN/pstree" -g 104)"
}

testLongWords() {
	can_compare || return 0
	for width in 40 80 132; do
		COLUMNS=$width rows '-exe \.\.\.$' -a 1 >"$T/rows"
		[ "$(wc -l <"$T/rows")" -ge 3 ] || fail "$width: $(cat "$T/rows")"
	done
	assertEquals 3 "$(rows '-exe x*' -al 1 | awk 'length($0) > 500 { n++ } END { print n }')"
	assertEquals 'exe two words  after empty' "$(rows '-exe two words' -a 1)"
	# A line of 20 cells does not end in the words that are no longer than it.
	# shellcheck disable=SC2016 # expanded by that shell
	run sh -c 'cd "$2" && COLUMNS=20 exec "$0" -a "$1"' "$BIN/pstree" $$ "$T"
	like "$out" '* ...' || fail "$out"
}

testLabels() {
	can_compare || return 0
	for words in -Zl '-Zl -U'; do
		# shellcheck disable=SC2086 # words
		assertEquals "attr/current(\`docker-default (enforce)')
attr/current(\`system_u:system_r:a_very_long_type_name_t:s0-s0:c0.c1023')
attr/current(\`esc\\033[31m')
attr/current(\`')" "$(rows 'attr/current' $words 1 | sed 's/^[^a]*//')"
	done
}

testUsers() {
	can_compare || return 0
	assertEquals 'ids(b\303\274rger)
ids(seven_\303\274_9)
ids(esc\033[31m)' "$(LC_ALL=C rows '-ids(\(b\\\|seven\|esc\)' -u 1)"
	assertEquals 'ids(bürger)
ids(seven_ü_9)
ids(esc\033[31m)' "$(LC_ALL=C.UTF-8 rows '-ids(\(bü\|seven\|esc\)' -u 1)"
	assertEquals 'ids' "$(LC_ALL=C.UTF-8 strange "$BIN/pstree" bürger)"
}

# Names and arguments in UTF-8: what psmisc draws, with the characters that a terminal can show.
testUtf8() {
	can_compare && [ -z "$SOME" ] || return 0
	cat >"$T/characters" <<-'END'
		s/\\303\\274/ü/g
		s/\\303\\244/ä/g
		s/\\346\\227\\245/日/g
		s/\\346\\234\\254/本/g
		s/\\350\\252\\236/語/g
		s/e\\314\\201/é/g
		s/\\360\\237\\230\\200/😀/g
	END
	for words in '-l 1' '-l -p 1' '-l -U 1' '-l -c -t 1' '-l -t 1' '-l -n 1' '-l -g -c -S 1'; do
		# shellcheck disable=SC2016 # expanded by that shell
		strange sh -c 'export LC_ALL=C.UTF-8; "$0" $3 >"$2/theirs"; "$1" $3 >"$2/drawn"' \
			"$PEER" "$BIN/pstree" "$T" "$words"
		sed -f "$T/characters" "$T/theirs" >"$T/meant"
		cmp -s "$T/meant" "$T/drawn" || fail "$words: $(diff "$T/meant" "$T/drawn" | cat -v)"
		cmp -s "$T/theirs" "$T/drawn" && fail "$words: nothing in UTF-8"
	done
	# Of a wide character no half is drawn.
	assertEquals '日本語
日本+
日本+
日+
日+
+
+' "$(for width in 9 6 5 4 3 2 1; do
		LC_ALL=C.UTF-8 COLUMNS=$width strange "$BIN/pstree" 18
	done)"
}

testRoots() {
	can_compare || return 0
	# shellcheck disable=SC2016 # expanded by that shell
	strange sh -c '"$0" -c >"$1/drawn"; "$0" -c 0 >"$1/zero"; "$0" -c 1 >"$1/first"; "$0" -pl root >"$1/root"
		"$2" -pl root >"$1/theirs"' "$BIN/pstree" "$T" "$PEER"
	cmp "$T/drawn" "$T/zero" || fail 'pstree and pstree 0'
	assertEquals "outsider-+-outsider's
         \`-outsider's
outsider-+-outsider's
         \`-outsider's
pstree" "$(sed "1,$(wc -l <"$T/first")d" "$T/drawn")"
	head -n "$(wc -l <"$T/theirs")" "$T/root" | cmp - "$T/theirs" || fail 'user root'
	assertEquals 2 "$(grep -c '^outsider' "$T/root")"
}

. "${SHUNIT2:-shunit2}"
