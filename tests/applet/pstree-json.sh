#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pstree --json: valid for any bytes, and what /proc says.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"
PS=$BIN/ps PSTREE=$BIN/pstree RECORDED=$TOP/tests/proc
unset LANG LC_CTYPE
export LC_ALL=C
need jq jq
need iconv libc-bin

suite() { tests_of PSTREE_JSON; }

testNotBuiltIn() {
	enabled PSTREE_JSON && return
	assert_run 1 '' "pstree: *'*J*'*" "$PSTREE" -J
}

oneTimeSetUp() {
	scene scene || exit
	# shellcheck disable=SC2086 # they are words
	until='entered' start nsenter --target "$init" $users --pid "$SCENE" idle entered || exit
	door=$pid
	entered=$(first_child "$door")
}

oneTimeTearDown() { stop_all; }

# ask FILTER ARG...: what jq finds in the JSON.
ask() {
	filter=$1
	shift
	"$PSTREE" --json "$@" >"$T/json" || fail "pstree --json $*: $?"
	jq -r "$filter" "$T/json" || fail "jq: $?"
}

# shellcheck disable=SC2016 # they are variables of jq
# All processes, each with the inode and the level of its namespace.
all='def all: (.namespaces[] | (.inode as $i | .level as $l | .processes[] | . + {inode: $i, level: $l}), all); all'

below() {
	echo "$1"
	# shellcheck disable=SC2013 # they are words
	for one in $(cat "/proc/$1/task/$1/children"); do below "$one"; done
}

testIsWhatProcSays() {
	for one in $(below "$scene") $(below "$door"); do
		printf '%s\t' "$one" "$(chain "$one")" "$(field PPid "$one")" "$(state "$one")" \
			"$(field Threads "$one")" "$(inode "$one")"
		echo $(($(chain "$one" | tr ',' '\n' | wc -l) - 1))
	done | sort -n >"$T/want"
	ask "$all"' | [.pid, (.chain | map(tostring) | join(",")), .ppid, .state, .threads, .inode, .level] | @tsv' \
		"$scene" "$door" | sort -n >"$T/got"
	assertEquals "$(cat "$T/want")" "$(cat "$T/got")"
}

testNames() {
	hostile=$(awk '/^a\)_R/ { print $2 }' "$T/members")
	ask "$all | select(.pid == $hostile) | .comm" "$scene" >"$T/got"
	assertEquals "$(printf 'a) R 1\n(b\033[1m')" "$(cat "$T/got")"
	assertEquals "$init" "$(ask "$all"' | select(.comm == "init") | .pid' "$scene")"
}

testNesting() {
	assertEquals "pid $(inode "$scene") 0
pid $(inode "$init") 1
pid $(inode "$(member inner-init)") 2" "$(ask 'def all: .namespaces[] | ., all;
		[all] | .[] | "\(.type) \(.inode) \(.level)"' "$scene")"
	assertEquals "$(inode "$scene") $(inode "$init") $(inode "$(member inner-init)")" \
		"$(ask '.namespaces[0] | "\(.inode) \(.namespaces[0].inode) \(.namespaces[0].namespaces[0].inode)"' "$scene")"
	assertEquals "$init $(member inner-init)" \
		"$(ask '.namespaces[0].namespaces[0] | "\(.init) \(.namespaces[0].init)"' "$scene")"
	# The init need not be in the picture.
	assertEquals "$init 1" "$(ask '.namespaces[0].namespaces[0] | "\(.init) \(.processes | length)"' "$entered")"
}

testFlags() {
	flagged() { ask "$all | select(.$1) | .comm" "$scene" "$door" | sort | xargs; }
	assertEquals 'init inner-init' "$(flagged init)"
	assertEquals 'leaf-zombie zombie-1 zombie-2 zombie-lead' "$(flagged zombie)"
	assertEquals 'in-dead-sess' "$(flagged orphan)"
	assertEquals 'entered' "$(flagged entered)"
	assertEquals 'true false' "$(ask "$all"' | select(.pid == '"$init"') | "\(.init) \(.zombie)"' "$init" | xargs)"
}

testIn() {
	assertEquals "$(everybody_in | sort -n)" "$(ask "$all"' | .pid' --in "$init" | sort -n)"
	assertEquals '0 1' "$(ask '.namespaces[0] | "\(.level) \(.namespaces[0].level)"' --in "$init")"
	nested=$(member inner-init)
	assertEquals "$(chain "$nested" | cut -d, -f2)" \
		"$(ask '.namespaces[0].namespaces[0].init' --in "$init")"
	assertEquals "$(chain "$nested" | cut -d, -f2-)" \
		"$(ask "$all"' | select(.comm == "inner-init") | .chain | map(tostring) | join(",")' --in "$init")"
	assertEquals '0 0' "$(ask "$all"' | select(.comm == "init" or .comm == "entered") | .ppid' --in "$init" | xargs)"
	assertEquals "$(inner "$(field PPid "$(member leaf)")")" 1
	assertEquals "$(chain "$nested" | cut -d, -f2)" "$(ask "$all"' | select(.comm == "leaf") | .ppid' --in "$init")"
}
everybody_in() {
	for one in $(below "$init") "$entered"; do chain "$one" | cut -d, -f2; done
}

testPidns() {
	assertEquals "$(for one in $(below "$init") "$entered"; do
		[ "$(inode "$one")" = "$(inode "$init")" ] && echo "$one"
	done | sort -n)" "$(ask "$all"' | .pid' --pidns "$init" | sort -n)"
}

testArguments() {
	until=idle start "$SCENE" idle idle 'a b' '' "$(printf 'c\n\377"\134')"
	assertEquals "[\"$SCENE\",\"idle\",\"idle\",\"a b\",\"\",\"c\\n\\ufffd\\\"\\\\\"]" \
		"$("$PSTREE" -aJ "$pid" | jq -ac '.namespaces[0].processes[0].args')"
	assertEquals null "$("$PSTREE" -J "$pid" | jq -c '.namespaces[0].processes[0].args')"
	stop "$pid"
	assertEquals '[]' "$("$PSTREE" -aJ "$(member zombie-1)" | jq -c '.namespaces[0].namespaces[0].processes[0].args')"
}

testOnceEach() {
	nested=$(member inner-init)
	assertEquals "$(below "$scene" | sort -n)" "$(ask "$all"' | .pid' "$nested" "$scene" "$nested" | sort -n)"
	assert_run 0 '{
   "namespaces": \[\]
}' '' "$PSTREE" -J --pidns "$nested" "$door"
}

testAsUser() {
	need_root || return 0
	as_user "$PSTREE" -J "$scene" >"$T/json"
	assertEquals "$(below "$scene" | sort -n)" "$(jq "$all | .pid" "$T/json" | sort -n)"
	assertEquals 'null 1 null 2' "$(jq -r '[.. | .namespaces? // empty | .[] | select(.level > 0) |
		.inode, .level] | map(tostring) | join(" ")' "$T/json" | awk '{ print $1, $2, $3, $4 }')"
}

testRecorded() {
	for name in host-with-containers container-view old-kernel old-links gvisor-like hidepid hostile; do
		run "$PSTREE" -J --proc "$RECORDED/$name"
		assertEquals "$name: $err" 0 "$rc"
		jq -e "[$all | .pid] | length > 0 and length == (unique | length)" "$T/out" >"$T/said" || fail "$name"
		iconv -f utf-8 -t utf-8 "$T/out" >"$T/said" || fail "$name: no UTF-8"
		LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$T/out" && fail "$name: control bytes"
		# Whatever the tree may be, it has everybody whom the drawing has.
		"$PSTREE" -lpT --borders --proc "$RECORDED/$name" | grep -o '([0-9][0-9]*' | tr -d '(' | sort -n >"$T/want"
		assertEquals "$name" "$(cat "$T/want")" "$(jq "$all | .pid" "$T/out" | sort -n)"
	done
	assertEquals '{"chain":[21061,31,7,2],"level":3,"inode":4026532600}' "$("$PSTREE" -J --proc \
		"$RECORDED/host-with-containers" | jq -c "$all"' | select(.pid == 21061) | {chain, level, inode}')"
	assertEquals '40' "$("$PSTREE" -J --proc "$RECORDED/host-with-containers" |
		jq "$all"' | select(.entered) | .chain[1]')"
}

testFullDisk() {
	"$PSTREE" -J >/dev/full 2>"$T/err"
	assertEquals 1 $?
	assertEquals 'pstree: write error: No space left on device' "$(cat "$T/err")"
}

. "${SHUNIT2:-shunit2}"
