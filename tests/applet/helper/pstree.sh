# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests that compare pstree with psmisc 23.6; to be read after lib.sh. The place and the one who
# compares are those of ps: helper/frozen.sh.

. "$TOP/tests/applet/helper/frozen.sh"

PEER=$(command -v pstree)
ZOMBIE=nobody-is-called-so

can_compare() {
	if [ "$(id -u)" != 0 ]; then
		skip_because "needs root"
		return 1
	fi
	case $("$PEER" --version 2>&1) in
	*'(PSmisc) 23.6'*) return 0 ;;
	esac
	skip_because "the installed pstree is not that of psmisc 23.6"
	return 1
}

# The names are short: everybody there has the words of ./f, and of those psmisc reads only as many as
# the line is wide. For the same reason the long ones of others are replaced; so are labels and users that
# it does not show as it should. They have tests of their own, with `strange`.
make_place() {
	mv "$T/frozen" "$T/f"
	mkdir "$T/p"
	grep -v '^[^:]*\([^a-zA-Z0-9:._-]\|^seven\)[^:]*:' /etc/passwd >"$T/passwd"
	printf 'exactly8:x:70001:70001::/:/bin/sh\nninechars:x:70002:70002::/:/bin/sh\n' >>"$T/passwd"
	printf 'averylongusername:x:70003:70003::/:/bin/sh\nabsent:x:79999:79999::/:/bin/sh\n' >>"$T/passwd"
	printf 'words\0so many\0' >"$T/words"
	echo 'a:label (enforce)' >"$T/label"
	cat >"$T/tame" <<-'END'
		mount --bind passwd /etc/passwd || exit 99
		for process in /proc/[1-9]*; do
			case $(tr '\0' '|' <$process/cmdline) in
			?????????????????????????????????????* | *[!\|]'||'*)
				mount --bind words $process/cmdline || exit 99
			esac
			if [ -n "$(cat $process/attr/current 2>/dev/null)" ]; then
				mount --bind label $process/attr/current || exit 99
			fi
		done
	END
	cat >"$T/a" <<-'END'
		#!/bin/sh
		[ -e strange ] || . ./tame
		exec ./agree -l LC_ALL=C ./peer ./ours
	END
	cat >"$T/ours" <<-END
		#!/bin/sh
		exec "$BIN/pstree" "\$@"
	END
	# The place has a tmpfs of its own on p, so two of them do not meet there.
	cat >"$T/peer" <<-END
		#!/bin/sh
		# A line is cut once.
		once() { sed 's/+++\(\(\x1b\[[0-9]*m\)*\)\$/+\1/'; }
		# What -G should have written is what -U has, drawn with other strokes.
		vt100() {
			once | LC_ALL=C.UTF-8 sed -E 's/[─┬├└│]+/\x1b(0\x0f&\x1b(B/g; y/─┬├└│/qwtmx/'
		}
		change=
		case \$* in cut-vt100*) change=vt100 && shift ;; *U*) change=once ;; esac
		if [ -t 1 ] || [ -z "\$change" ]; then
			exec "$PEER" "\$@"
		fi
		"$PEER" -U "\$@" >p/out
		status=\$?
		\$change <p/out
		exit \$status
	END
	chmod +x "$T/a" "$T/ours" "$T/peer"
}

# compare: the cases on stdin. A case with -G and COLUMNS is what the peer makes of -U.
compare() {
	grep -v '^[[:space:]]*\(#.*\)\{0,1\}$' | if [ -n "$SOME" ]; then some; else cat; fi |
		sed 's/^\(\(.* \)*\)\(COLUMNS=[0-9]*\) -G \(.*\)$/@old \3 cut-vt100 \4 @ &/' >"$T/cases"
	(cd "$T" && ./f p ./a <cases >differs 2>&1)
}

assert_agree() {
	compare || {
		show "$(head -n 60 "$T/differs")"
		fail "see above"
	}
	cases=$(sed -n '$s/ cases, [0-9]* differ$//p' "$T/differs")
	[ -n "$SOME" ] || [ "${cases:-0}" -ge "${1:-1}" ] || fail "only ${cases:-no} cases"
}

# strange CMD...: in a place where those who are shown otherwise are as they are.
strange() { (cd "$T" && ./f p "$@"); }

# everywhere: every line of stdin on each width, drawn in each way.
everywhere() {
	cat >"$T/lines"
	for width in -l COLUMNS=40 COLUMNS=80 COLUMNS=132 LANG=; do
		for lines in -A -U -G; do
			case $lines$width in
			-GLANG=) continue ;; # That is 132, and said so above.
			esac
			sed "s/^/$width $lines /" "$T/lines"
		done
	done
}
