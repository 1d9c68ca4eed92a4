#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pstree --dot: graphviz draws it, and what it draws is measured: every process once and in the box of its
# PID namespace, every box inside its parent's, nothing on top of anything else.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"
PSTREE=$BIN/pstree RECORDED=$TOP/tests/proc
need jq jq
need dot graphviz
unset LANG LC_CTYPE
export LC_ALL=C

suite() { tests_of PSTREE_DOT; }

testNotBuiltIn() {
	enabled PSTREE_DOT && return
	assert_run 1 '' "pstree: *--dot*" "$PSTREE" --dot
}

# Who made the namespaces of the scene ($scene), and who came in from outside ($door, $entered).
oneTimeSetUp() {
	scene scene || exit
	# shellcheck disable=SC2086 # they are words
	until='entered' start nsenter --target "$init" $users --pid "$SCENE" idle entered || exit
	door=$pid
	entered=$(first_child "$door")
}

oneTimeTearDown() { stop_all; }

# paint ARG...: $T/dot; what graphviz makes of it in $T/json, $T/plain, $T/png; and by that in $T/parts
#	box NAME PARENT LEFT BOTTOM RIGHT TOP INODE
#	node NAME BOX LEFT BOTTOM RIGHT TOP
#	edge FROM TO STYLE
paint() {
	assert_run 0 '*' '' "$PSTREE" --dot "$@" || return
	cp "$T/out" "$T/dot"
	for form in json plain png; do
		assert_run 0 '*' '' dot "-T$form" -o "$T/$form" "$T/dot" || return
	done
	assertEquals 'a PNG' 89504e470d0a1a0a "$(od -An -N8 -tx1 "$T/png" | tr -d ' \n')"
	jq -r '.objects as $all
		| ($all | map(select(.bb))) as $boxes
		| def under($id): [$boxes[] | select((.subgraphs // []) | index($id)) | .name] + ["-"] | .[0];
		def inmost($id): [$boxes[] | select((.nodes // []) | index($id))] as $with
			| $with | map(select((.subgraphs // []) - ($with | map(._gvid)) == (.subgraphs // [])) | .name) + ["-"]
			| .[0];
		($boxes[] | ["box", .name, under(._gvid)] + (.bb | split(","))
			+ [."label" | capture("pid:(?<i>[0-9?]+)").i]),
		($all[] | select(.pos) | (.pos | split(",") | map(tonumber)) as $at
			| (.width | tonumber * 36) as $w | (.height | tonumber * 36) as $h
			| ["node", .name, inmost(._gvid), $at[0] - $w, $at[1] - $h, $at[0] + $w, $at[1] + $h]),
		((.edges // [])[] | ["edge", $all[.tail].name, $all[.head].name, .style // "solid"])
		| map(tostring) | join(" ")' "$T/json" >"$T/parts" || fail "jq: $?"
}

# measured: what of $T/parts is not as it should be. Lengths are in points.
measured() {
	awk '
	function overlap(a, b) {
		return x1[a] < x2[b] - 0.5 && x1[b] < x2[a] - 0.5 && y1[a] < y2[b] - 0.5 && y1[b] < y2[a] - 0.5
	}
	function is_in(a, b) {
		return x1[a] >= x1[b] - 0.5 && x2[a] <= x2[b] + 0.5 && y1[a] >= y1[b] - 0.5 && y2[a] <= y2[b] + 0.5
	}
	# Whether box b is a, or one around it.
	function around(b, a) {
		while (a != "-" && a != b) a = parent[a]
		return a == b
	}
	$1 == "box" || $1 == "node" {
		if ($2 in parent) print $2 " is there twice"
		if ($1 == "node") drawn++; else box[$2]
		parent[$2] = $3; x1[$2] = $4; y1[$2] = $5; x2[$2] = $6; y2[$2] = $7
	}
	$1 == "node" && $3 == "-" { print $2 " is in no box" }
	END {
		for (a in parent) if (parent[a] != "-" && !is_in(a, parent[a])) print a " is not inside " parent[a]
		for (a in parent) for (b in parent) {
			if (a >= b || !overlap(a, b)) continue
			if ((a in box) && (around(a, parent[b]) || ((b in box) && around(b, parent[a])))) continue
			if ((b in box) && around(b, parent[a])) continue
			print a " and " b " overlap"
		}
		if (!drawn) print "nothing is drawn"
	}' "$T/parts"
}

# numbers_of: the processes drawn, sorted.
numbers_of() { awk '$1 == "node" { print substr($2, 2) }' "$T/parts" | sort -n; }

# everybody: who is to be drawn of the scene, with those of whom $1 and $2 say.
below() {
	echo "$1"
	# shellcheck disable=SC2013 # they are words
	for one in $(cat "/proc/$1/task/$1/children"); do below "$one"; done
}

# ---- real namespaces

testEveryProcessOnce() {
	paint "$scene" "$door" || return
	assertEquals "$( (below "$scene"; below "$door") | sort -n)" "$(numbers_of)"
	assertEquals '' "$(measured)"
	assertEquals 'boxes' 3 "$(grep -c '^box' "$T/parts")"
	assertEquals 'in the plain form' "$(numbers_of)" \
		"$(sed -n 's/^node p\([0-9]*\) .*/\1/p' "$T/plain" | sort -n)"
}

testInTheBoxOfItsNamespace() {
	paint "$scene" "$door" || return
	for pid in $(numbers_of); do
		box=$(awk -v name="p$pid" '$1 == "node" && $2 == name { print $3 }' "$T/parts")
		assertEquals "of $pid" "$(inode "$pid")" \
			"$(awk -v name="$box" '$1 == "box" && $2 == name { print $8 }' "$T/parts")"
	done
	# The boxes are inside each other as the namespaces are.
	assertEquals "$(inode "$scene") $(inode "$init") $(inode "$(member inner-init)")" "$(awk '
		$1 == "box" { inode[$2] = $8; parent[$2] = $3 }
		END {
			for (a in parent) if (parent[a] != "-" && parent[parent[a]] != "-")
				print inode[parent[parent[a]]], inode[parent[a]], inode[a]
		}' "$T/parts")"
}

# label PID: what is written there, from what graphviz has understood.
label() { jq -r --arg name "p$1" '.objects[] | select(.name == $name) | ."label"' "$T/json"; }

testLabels() {
	paint "$scene" "$door" || return
	arrows() { chain "$1" | sed 's/,/ → /g'; }
	assertEquals "sleeper\\n$(arrows "$(member sleeper)")" "$(label "$(member sleeper)")"
	assertEquals "leaf\\n$(arrows "$(member leaf)")" "$(label "$(member leaf)")"
	assertEquals "init\\n$(arrows "$init")\\ninit" "$(label "$init")"
	assertEquals "inner-init\\n$(arrows "$(member inner-init)")\\ninit" "$(label "$(member inner-init)")"
	for name in zombie-1 zombie-2 leaf-zombie; do
		assertEquals "$name\\n$(arrows "$(member $name)")\\nzombie" "$(label "$(member $name)")"
	done
	assertEquals "in-dead-sess\\n$(arrows "$(member in-dead-sess)")\\norphan" "$(label "$(member in-dead-sess)")"
	assertEquals "entered\\n$(arrows "$entered")\\nentered" "$(label "$entered")"
	# Whose threads go on is no zombie.
	assertEquals "headless\\n$(arrows "$(member headless)")" "$(label "$(member headless)")"
	like "$(cat "$T/dot")" "*label=\"PID namespace pid:$(inode "$init")\\\\llevel 1, init: init $init → 1\\\\l\"*" ||
		fail 'title'
	"$PSTREE" --dot -A "$init" | grep -q "$init -> 1\\\\ninit" || fail 'no ASCII'
}

testEdges() {
	paint "$scene" "$door" || return
	for pid in $(numbers_of); do
		[ "$pid" = "$scene" ] || [ "$pid" = "$door" ] || echo "p$(field PPid "$pid") p$pid"
	done | sort >"$T/want"
	assertEquals "$(cat "$T/want")" "$(sed -n 's/^edge \(p[0-9]* p[0-9]*\) .*/\1/p' "$T/parts" | sort)"
	# Those that are no ordinary children are drawn otherwise.
	assertEquals "p$door p$entered dashed
p$init p$(member in-dead-sess) dashed" "$(sed -n 's/^edge \(.* dashed\)/\1/p' "$T/parts" |
		awk -v first="p$entered" '{ print ($2 == first ? 0 : 1), $0 }' | sort | cut -d' ' -f2-)"
}

testSideways() {
	"$PSTREE" --dot "$scene" | dot -Grankdir=LR -Tplain >"$T/plain" || fail 'from left to right'
	# Then a child is right of its parent, not below it.
	awk -v child="p$init" -v parent="p$scene" '$2 == child { x = $3 } $2 == parent { from = $3 }
		END { exit !(x > from) }' "$T/plain" || fail 'not sideways'
}

testOptions() {
	nested=$(member inner-init)
	paint --pidns "$init" || return
	assertEquals '' "$(measured)"
	assertEquals "$(stat -L -c '%i %n' /proc/[0-9]*/ns/pid 2>/dev/null |
		awk -F '[ /]' -v i="$(inode "$init")" '$1 == i { print $4 }' | sort -n)" "$(numbers_of)"
	paint --in "$init" || return
	assertEquals '' "$(measured)"
	assertEquals 'boxes' 2 "$(grep -c '^box' "$T/parts")"
	assertEquals "inner-init\\n$(chain "$nested" | cut -d, -f2) → 1\\ninit" "$(label "$nested")"
	paint --depth 2 "$init" || return
	assertEquals "$(echo "$init $(cat "/proc/$init/task/$init/children")" | tr -s ' ' '\n' | grep . | sort -n)" \
		"$(numbers_of)"
	# One that is named twice, and once more by its parent, is drawn once.
	paint "$nested" "$nested" "$scene" || return
	assertEquals "$(below "$scene" | sort -n)" "$(numbers_of)"
}

testAsUser() {
	need_root || return 0
	as_user "$PSTREE" --dot "$scene" >"$T/out" || fail "status $?"
	dot -Tplain "$T/out" >"$T/plain" || fail "graphviz: $?"
	assertEquals "$(below "$scene" | sort -n)" "$(sed -n 's/^node p\([0-9]*\) .*/\1/p' "$T/plain" | sort -n)"
	assertEquals 'boxes of whom nobody knows the inode' 2 "$(grep -c 'pid:?' "$T/out")"
}

testFullDisk() {
	"$PSTREE" --dot >/dev/full 2>"$T/err"
	assertEquals 1 $?
	assertEquals 'pstree: write error: No space left on device' "$(cat "$T/err")"
}

# ---- recorded trees

testRecorded() {
	for name in host-with-containers container-view old-kernel old-links gvisor-like hidepid hostile; do
		paint --proc "$RECORDED/$name" || continue
		assertEquals "$name" '' "$(measured)"
		# As the tree has them.
		assertEquals "$name" "$("$PSTREE" -lpTN pid --proc "$RECORDED/$name" "$(numbers_of | head -n 1)" |
			grep -o '([0-9][0-9]*)' | tr -d '()' | sort -n | head -n 1)" "$(numbers_of | head -n 1)"
	done
	paint --proc "$RECORDED/host-with-containers"
	assertEquals 'boxes' 9 "$(grep -c '^box' "$T/parts")"
	assertEquals 'processes' 23 "$(numbers_of | wc -l)"
}

# Names that would be something else to graphviz, or to a terminal.
testHostileNames() {
	mkdir "$T/names"
	n=1
	while IFS= read -r name; do
		mkdir "$T/names/$n"
		# shellcheck disable=SC2059 # the names have escapes
		comm=$(printf "$name.")
		printf '%s (%s) S %s %s 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0\n' "$n" "${comm%.}" "$((n > 1))" "$n" \
			>"$T/names/$n/stat"
		printf 'Name:\tx\nState:\tS\nTgid:\t%s\nPid:\t%s\nPPid:\t%s\nNSpid:\t%s\nThreads:\t1\n' "$n" "$n" \
			"$((n > 1))" "$n" >"$T/names/$n/status"
		n=$((n + 1))
	done <<'END'
init
q"uo"te
back\\slash\\n
\\N\\G\\L\\
a&lt;b&amp;c
<b>bold</b>
{a|b}
new\nline
\033]0;x\007
\377\376bad
caf\303\251
p1 -> p2
"] x [label="
END
	paint --proc "$T/names" || return
	assertEquals 'processes' $((n - 1)) "$(numbers_of | wc -l)"
	assertEquals '' "$(measured)"
	# What graphviz writes into a picture is what a person would see.
	dot -Tsvg "$T/dot" >"$T/svg" || fail 'no SVG'
	for text in 'q&quot;uo&quot;te' 'back\slash\n' '\N\G\L' 'a&amp;lt;b&amp;amp;c' '&lt;b&gt;bold&lt;/b&gt;' \
		'{a|b}' 'new?line' '?]0;x?' '??bad' 'café' 'p1 ' '&quot;] x [label=&quot;'
	do
		sed 's/&#45;/-/g; s/&#34;/\&quot;/g' "$T/svg" | grep -qF ">$text" || fail "no $text: $(grep '<text' "$T/svg")"
	done
	LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$T/dot" && fail 'control bytes'
	iconv -f utf-8 -t utf-8 "$T/dot" >/dev/null || fail 'no UTF-8'
}

. "${SHUNIT2:-shunit2}"
