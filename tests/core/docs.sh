#!/bin/sh
# SPDX-License-Identifier: 0BSD
# What scripts/docs.sh makes of the sources says what the program does, and README.md has it.
. "$(dirname "$0")/../lib.sh"

need mandoc mandoc
need gawk gawk
need mawk mawk
need busybox busybox-static

# A copy to run docs.sh in, with pages made in $T/man and a README of its own.
oneTimeSetUp() {
	[ ! -e "$T/man" ] || return 0 # shunit2 calls it twice
	mkdir "$T/tree"
	cp -r applets scripts "$T/tree"
	new_readme
	(cd "$T" && sh tree/scripts/docs.sh "$T/man") || fail 'docs.sh failed'
}

new_readme() {
	printf '%s\n' before '<!-- applets:begin -->' old '<!-- applets:end -->' after \
		>"$T/tree/README.md"
}

# docs MODE FILE...: docs.awk by $awk. all MODE: the same of all applets.
docs() {
	mode=$1
	shift
	${awk:-awk} -v mode="$mode" -v date='January 1, 2026' -f scripts/c.awk -f scripts/docs.awk \
		-f scripts/mdoc.awk "$@"
}

# shellcheck disable=SC2046 # words
all() { docs "$1" $(sources); }

sources() { find applets -name '*.c' | sort; }

# The applets that this program has, without their aliases.
names() {
	sources | xargs sh scripts/applets.sh names | while read -r name _; do
		if [ -e "$BIN/$name" ]; then echo "$name"; fi
	done
}

# page NAME: as plain text in long lines.
page() {
	mandoc -T ascii -O width=300 "$T/man/$1.1" | sed "s/.$(printf '\b')//g"
}

testPagesAreClean() {
	assert_run 0 '' '' mandoc -T lint -W warning "$T"/man/*.1
	for name in $(names) pidbox; do
		like "$(page "$name")" "* $name *" || fail "no page of $name"
	done
}

testReadmeIsUpToDate() {
	assert_run 0 '' '' sh scripts/docs.sh --check
}

testReadmeIsMadeBetweenItsMarks() {
	{
		printf '%s\n' before '<!-- applets:begin -->' ''
		all table
		printf '%s\n' '' '<!-- applets:end -->' after
	} >"$T/want"
	assert_run 0 '' '' cmp "$T/want" "$T/tree/README.md"
	grep -q '^| `sleep` | ' "$T/want" || fail "no row of sleep"
}

testCheckFindsWhatIsOutOfDate() {
	assert_run 0 '' '' sh "$T/tree/scripts/docs.sh" --check "$T/man"
	sed 's/^| `sleep` .*/&x/' "$T/tree/README.md" >"$T/stale"
	cp "$T/stale" "$T/tree/README.md"
	echo x >>"$T/man/kill.1"
	rm "$T/man/sleep.1"
	assert_run 1 '' '*README.md: *out of date*kill.1: out of date*sleep.1: out of date*' \
		sh "$T/tree/scripts/docs.sh" --check "$T/man"
	assert_run 0 '' '' cmp "$T/stale" "$T/tree/README.md"
	assert_run 0 '' '' sh "$T/tree/scripts/docs.sh" "$T/man"
	assert_run 0 '' '' sh "$T/tree/scripts/docs.sh" --check "$T/man"
}

# An edited applet alone makes it stale.
testCheckFindsANewSummary() {
	cp "$T/tree/applets/sleep.c" "$T/sleep.c"
	sed 's/^APPLET(sleep, "/&really /' "$T/sleep.c" >"$T/tree/applets/sleep.c"
	assert_run 1 '' 'README.md: *out of date*' sh "$T/tree/scripts/docs.sh" --check
	cp "$T/sleep.c" "$T/tree/applets/sleep.c"
}

testReadmeWithoutMarks() {
	echo no marks >"$T/tree/README.md"
	assert_run 1 '' '*README.md: *applets:begin*' sh "$T/tree/scripts/docs.sh" --check
	printf '%s\n' '<!-- applets:end -->' '<!-- applets:begin -->' >"$T/tree/README.md"
	assert_run 1 '' '*README.md: *applets:begin*' sh "$T/tree/scripts/docs.sh" "$T/man"
	assertEquals 2 "$(wc -l <"$T/tree/README.md")"
	new_readme
	sh "$T/tree/scripts/docs.sh" "$T/man"
}

# What is not different is not written.
testSecondRunWritesNothing() {
	find "$T/man" "$T/tree/README.md" -exec touch -d '2001-01-01' {} +
	assert_run 0 '' '' sh "$T/tree/scripts/docs.sh" "$T/man"
	assertEquals '' "$(find "$T/man" "$T/tree/README.md" -type f -newermt 2001-01-02)"
}

testWrongUse() {
	assert_run 1 '' 'usage: *' sh scripts/docs.sh
	assert_run 1 '' 'usage: *' sh scripts/docs.sh --nonsense
}

# The rows of an applet, in their order, are the lines of its --help, and the entries of its page.
# A row that the configuration leaves out is in the page only.
testEveryRowIsInHelpAndPage() {
	all rows >"$T/rows"
	for name in $(names); do
		awk -F '\t' -v name="$name" '$1 == name {
			letter = $2 == "" ? "" : "-" $2
			long = $3 == "" ? "" : "--" $3
			comma = letter == "" || long == "" ? "" : ", "
			gap = $4 == "" || $4 ~ /^\[/ ? "" : " "
			print ($5 == "" ? "-" : $5) "\t" letter comma long gap $4
		}' "$T/rows" >"$T/rows.$name"
		[ -s "$T/rows.$name" ] || fail "$name has no rows"
		cut -f 2 "$T/rows.$name" >"$T/want"
		# A short one shares its line with the text.
		page "$name" | sed -n 's/^     \(-[^ ].*\)/\1/p' | sed 's/   *.*//' >"$T/got"
		assert_same "the page of $name"

		enabled HELP || continue
		while IFS='	' read -r symbol row; do
			if [ "$symbol" = - ] || enabled "$symbol"; then printf '%s\n' "$row"; fi
		done <"$T/rows.$name" >"$T/want"
		"$BIN/$name" --help | sed -n 's/^   *\(-[^ ].*\)/\1/p' >"$T/got"
		assert_same "$name --help"
	done
}

# assert_same WHAT: the lines of $T/got are those of $T/want, or begin with them and two blanks.
assert_same() {
	sed 's/  .*//' "$T/got" | cmp -s "$T/want" - || fail "$1: $(diff "$T/want" "$T/got")"
}

testHelp() {
	for program in "$BIN"/*; do
		name=${program##*/}
		case $name in
		linuxrc) continue ;; # the system role, which has no help
		catatonit | dumb-init | podman-init) # as those that they stand for
			assert_run 0 '' 'Usage: init *' "$program" --help
			mv "$T/err" "$T/out"
			;;
		*)
			run "$program" --help
			assertEquals "$name --help" '0 ' "$rc $err"
			;;
		esac
		awk -v name="$name" 'length($0) > 80 { print name ": " $0 }' "$T/out" >"$T/long"
		assertEquals '' "$(cat "$T/long")"
	done
}

testMainPage() {
	page pidbox >"$T/page"
	for option in $("$PIDBOX" --help | grep -o -e '--[a-z-]*' | sort -u); do
		grep -q "^     .*$option\([^a-z-]\|\$\)" "$T/page" ||
			fail "$option is not in pidbox.1"
	done
	for name in $(names); do
		grep -q "^     $name(1)" "$T/page" || fail "$name is not in pidbox.1"
	done
}

testAwksAgree() {
	sample >"$T/sample.c"
	for mode in man main table rows examples; do
		for awk in gawk 'gawk --posix' mawk 'busybox awk'; do
			docs "$mode" "$T/sample.c" >"$T/out" || fail "$awk: $mode: status $?"
			all "$mode" >>"$T/out" || fail "$awk: $mode: status $?"
			[ "$awk" != gawk ] || cp "$T/out" "$T/want"
			cmp "$T/want" "$T/out" || fail "$awk: $mode differs"
		done
	done
	awk=
}

# Everything that is awkward to read or to write.
sample() {
	cat <<'END'
/* OPT('x', "comment", "", OPT_SET, x, 1, "no") */
//alias:other another
//alias:third
#define ROW(letter) OPT(letter, "macro", "", OPT_SET, x, 1, "no")
#define ROWS(OPT, OPT_) \
	OPT('m', "mount", "[=FILE]", OPT_CALL, m, 0, "enter, or \"keep\" (really), " \
	    "the mount's \\ namespace") /* a comment, with ( */ \
	IF_JSON(OPT_('J', "json", "", OPT_SET, f(1, 2), "as JSON")) \
	OPT_(0, "no-letter", "N,...", OPT_CALL, 0, ".a dot") OPT_('\'', "", "X|Y", OPT_CALL, 0, \
	    "") \
	OPT_('?', "", "", OPT_HELP, 0, "see proc(5). Another sentence")
#define COLUMNS(COL) \
	COL("pid", "PID", F(1, 2), "the process, its number") \
	IF_X(COL("ns", "NS", 0, "name" \
	    "space"))
APPLET(sample, "do a | thing",
       "[OPTION]... PID\n   or: sample --list-all -x FILE", rows, 0, 1, NULL)
{
}
//man:It isn't what clone(2) does, `e.g.` ~^. A sentence.
//man:.dot
//man:
//man:
//man:$ echo 'a \ b'
//man:  a \ b
//man:Then.
//man:# SEE ALSO
//man:unshare(1), clone(2)
//man:# EXAMPLES
//man:$ sample -x
//man:# SIGNALS
//man:- TERM
//man:ends it
//man:
//man:The end.
END
}

testSample() {
	sample >"$T/sample.c"
	docs man "$T/sample.c" >"$T/man/sample.1"
	assert_run 0 '' '' mandoc -T lint -W warning "$T/man/sample.1"
	page sample | sed 's/  *$//' >"$T/got"
	cat >"$T/want" <<'END'
SAMPLE(1)
NAME
     sample - do a | thing
SYNOPSIS
     sample [OPTION]... PID
     sample --list-all -x FILE
DESCRIPTION
     Do a | thing.
     It isn't what clone(2) does, `e.g.` ~^.  A sentence.  .dot
           $ echo 'a \ b'
           a \ b
     Then.
OPTIONS
     -m, --mount[=FILE]
             enter, or "keep" (really), the mount's \ namespace
     -J, --json
             as JSON
     --no-letter N,...
             .a dot
     -' X|Y
     -?      see proc(5).  Another sentence
COLUMNS
     The names that choose a column, and the header it prints:
     pid (PID)  the process, its number
     ns (NS)    namespace
ALIASES
     It also runs under the names other, another and third.
SIGNALS
     TERM    ends it
     The end.
EXAMPLES
           $ sample -x
SEE ALSO
     pidbox(1), unshare(1), clone(2)
END
	sed '/^$/d; s/^\(SAMPLE(1)\).*/\1/; /^pidbox  /d' "$T/got" | diff "$T/want" - >"$T/diff" ||
		fail "the page is not as wanted: $(cat "$T/diff")"
	rm "$T/man/sample.1"
	assert_run 0 '*| `sample` | `other`, `another`, `third` | do a \\| thing |' '' \
		docs table "$T/sample.c"
}

# fails_at LINE TEXT...: a file of these lines is refused, and the line is named.
fails_at() {
	line=$1
	shift
	printf '%s\n' "$@" >"$T/bad.c"
	assert_run 1 '*' "$T/bad.c:$line: *" docs man "$T/bad.c"
}

# A header beside the file may hold the rows; one that is elsewhere is none of its own.
testRowsOfAHeader() {
	mkdir "$T/split"
	cat >"$T/split/rows.h" <<-'END'
		/* A comment over
		 * two lines, "with a quote. */
		enum { NONE };
		#define ROWS(OPT, OPT_) \
			OPT_('x', "xx", "FILE", OPT_CALL, NONE, "of the header")
	END
	printf '%s\n' '#include "rows.h"' '#include "elsewhere.h"' '#include <rows.h>' \
		'#define ROWS(OPT, OPT_) OPT_(0, "own", "", OPT_HELP, 0, "its own")' \
		'APPLET(split, "a", "", rows, 0, 1, NULL)' >"$T/split/split.c"
	tab=$(printf '\t')
	assert_run 0 "split${tab}x${tab}xx${tab}FILE$tab
split$tab${tab}own$tab$tab" '' docs rows "$T/split/split.c"
}

testErrorsNameTheLine() {
	applet='APPLET(bad, "a", "", rows, 0, 1, NULL)'
	# shellcheck disable=SC1003 # the line goes on
	options='#define ROWS(OPT, OPT_) \' columns='#define COLUMNS(COL) \'
	fails_at 1 'APPLET(bad, NAME, "", rows, 0, 1, NULL)'
	fails_at 2 "$applet" "$applet"
	fails_at 2 "$options" 'OPT_(0, NAME, "", OPT_HELP, 0, "help")' "$applet"
	fails_at 3 "$applet" "$columns" 'COL("a", B, "c")'
	fails_at 2 "$options" 'OPT_(0, "a", "", OPT_HELP, 0, "help")'
	fails_at 1 '//man:text'
	fails_at 3 "$applet" '//man:# SEE ALSO' '//man:init(8) and more'
	fails_at 3 "$applet" '//man:# X' '//man:# X'
	assert_run 1 '' "docs.awk: unknown mode 'x'" docs x /dev/null
}

# The examples of the manual, with our applets first in PATH, as a reader would run them.
testExamples() {
	all examples >"$T/examples"
	while IFS='	' read -r name command; do
		[ -e "$BIN/$name" ] || continue
		case $command in
		"$name" | "$name "*) command="env $command" ;; # or sh would take its own kill
		esac
		run env PATH="$BIN:$PATH" timeout 20 sh -c "$command"
		[ "$rc" = 0 ] || fail "$name: $command: status $rc: $out$err"
	done <"$T/examples"
}

. "${SHUNIT2:-shunit2}"
