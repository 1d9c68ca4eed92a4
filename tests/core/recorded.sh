#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps, pstree and lsns on the recorded trees of tests/proc, against tests/proc/NAME.expect:
#
#	host-with-containers  docker, docker in docker, podman, containerd and cri-o, three deep;
#	                      the container IDs are made up
#	container-view        from inside: others came by nsenter, so there are several roots
#	hidepid               the directories of other users are there and closed
#	old-kernel            Linux 3.10: neither NSpid nor links nor cgroups
#	old-links             Linux 3.8 to 4.0: the links are there, NSpid is not
#	gvisor-like           a foreign kernel: no NSpid, a short stat, inodes that begin at 1
#	hostile               names with ')', ESC, newlines and broken UTF-8, circles, parents that
#	                      are missing, numbers out of range, texts that end too early
#
# A .expect is what this file's `transcript` prints. After a change that is meant, run it as
#	RECORDED_UPDATE=1 tests/run recorded
# and read the diff.
# shellcheck disable=SC2154 # rc, out and err come from run
. "$(dirname "$0")/../lib.sh"
need jq jq
need iconv libc-bin

# It has no business with the width of somebody's terminal or his language.
unset COLUMNS LANG LC_CTYPE
export LC_ALL=C

PS='pid,ppid,nspid,nslevel,nsinit,comm'
# Without USER: a recording belongs to who has checked it out.
LSNS='ns,type,nprocs,pid,ppid,init,command'

# shown CMD...: the command, its output, what it wrote to stderr behind "! ", its status.
shown() {
	printf '$ %s\n' "$*"
	applet=$1
	shift
	run "$BIN/$applet" "$@"
	cat "$T/out"
	sed 's/^/! /' "$T/err"
	printf '= %s\n' "$rc"
}

transcript() {
	shown ps --proc . -eo "$PS"
	shown pstree --proc . -p --borders
	shown lsns --proc . -o "$LSNS"
}

# The applets run in the tree, so that its name is not in what they say.
compare() {
	(cd "$TOP/tests/proc/$1" && transcript) >"$T/transcript"
	if [ -n "${RECORDED_UPDATE:-}" ]; then cp "$T/transcript" "$TOP/tests/proc/$1.expect"; fi
	diff -u "$TOP/tests/proc/$1.expect" "$T/transcript" >"$T/diff" && return
	sed 's/^/    | /' "$T/diff"
	fail "not as in tests/proc/$1.expect"
}

testHostWithContainers() { compare host-with-containers; }
testContainerView() { compare container-view; }
testHidepid() { compare hidepid; }
testOldKernel() { compare old-kernel; }
testOldLinks() { compare old-links; }
testGvisorLike() { compare gvisor-like; }
testHostile() { compare hostile; }

# No tree without a test.
testEveryTreeIsCompared() {
	for tree in "$TOP"/tests/proc/*/; do
		tree=$(basename "$tree")
		assertTrue "$tree" "grep -q ' compare $tree; ' '$TOP/tests/core/recorded.sh'"
	done
}

# Every applet that reads a tree, in every form. Each line is "APPLET ARG...".
every_form() {
	cat <<-'END'
		ps -e
		ps -ef
		ps aux
		ps axww
		ps -eo pid,args
		ps -eo nspid,user,comm,args,tty,stat
		ps -w -eo comm,args
		ps -p 2,3,4,5
		pstree
		pstree -p
		pstree -a
		pstree -apl --borders
		pstree -U
		pstree -n 1
		lsns
		lsns -u
		lsns -J
		lsns -o +path,init
		lsns -t pid -p 3
	END
}

# Whatever stands in a tree, a terminal gets nothing to obey: no C0 but the newline, no DEL, no C1
# in either encoding, and as ASCII nothing above 126. It ends by itself and not by a signal.
testNoControlBytes() {
	for tree in "$TOP"/tests/proc/*/; do
		for lc in C C.UTF-8; do
			every_form | while read -r applet args; do
				case $lc$args in
				C-U) continue ;; # it has asked for strokes that are no ASCII
				esac
				# shellcheck disable=SC2086 # words
				LC_ALL=$lc run "$BIN/$applet" --proc "$tree" $args
				case $lc in
				C) left=$(LC_ALL=C tr -d '\n\040-\176' <"$T/out" | wc -c) ;;
				*) left=$(iconv -f UTF-8 -t UTF-8 "$T/out" 2>&1 >/dev/null |
					wc -c)$(LC_ALL=C tr -d '\n\040-\176\240-\377\200-\237' \
						<"$T/out" | wc -c)$(LC_ALL=C grep -c \
						"$(printf '\302[\200-\237]')" "$T/out") ;;
				esac
				errors=$(LC_ALL=C tr -d '\n\040-\176\240-\377' <"$T/err" | wc -c)
				case $left$errors in
				*[!0]*) fail "$lc: $applet --proc $tree $args: a control byte" ;;
				esac
				[ "$rc" -le 1 ] || fail "$lc: $applet --proc $tree $args: $rc"
			done
		done
	done
}

testJsonIsValid() {
	for tree in "$TOP"/tests/proc/*/; do
		run "$BIN/lsns" --proc "$tree" -J -o ns,type,nprocs,pid,ppid,command,init,path
		jq -e '.namespaces | type == "array"' <"$T/out" >"$T/jq" 2>&1 ||
			fail "$tree: $(cat "$T/jq")"
	done
	assertEquals 4026532398 "$("$BIN/lsns" --proc "$TOP/tests/proc/host-with-containers" -J |
		jq '.namespaces[] | select(.type == "pid" and .pid == 20997) | .ns')"
}

# PID@REF on a recording: one process by all its names.
testReferences() {
	cd "$TOP/tests/proc/host-with-containers" || return
	for ref in 7@20997 7@21012 7@22001 7@4026532398 'pid:[4026532398]' 7@4f1c2d9a8b3e 21010; do
		case $ref in pid*) ref="7@$ref" ;; esac
		assert_run 0 "*21010,7 *nginx*" '' "$BIN/ps" --proc . -o nspid,comm -p "$ref"
	done
	assert_run 1 '' "*ambiguous*1234*
1234*" "$BIN/ps" --proc . -p 1@123456789012
	assert_run 0 '*23002,1 *catatonit*' '' "$BIN/ps" --proc . -o nspid,comm -p 1@9a7e00c4d512
	assert_run 1 '' "*no such PID namespace*" "$BIN/ps" --proc . -p 1@aaaaaaaaaaaa
	cd "$TOP" || return
}

# ---- record.sh

RECORD=$TOP/tests/proc/record.sh

# What was recorded looks as it did when it ran.
testRecord() {
	# shellcheck disable=SC2016 # expanded in there
	in_ns sh -c '
		sleep 1000 &
		sleep 1001 &
		until [ "$(cat /proc/2/comm /proc/3/comm | tr -d "\n")" = sleepsleep ]; do :; done
		"$2" "$1/tree" && "$3/ps" -o "$4,args" -p 1,2,3 >"$1/live"
		"$2" "$1/one" 2
	' sh "$T" "$RECORD" "$BIN" "$PS"
	assert_run 0 '*' '' "$BIN/ps" --proc "$T/tree" -o "$PS,args" -p 1,2,3
	assertEquals "$(cat "$T/live")" "$out"
	assertEquals 'it has recorded itself' record.sh "$(cat "$T/tree/self/comm")"
	assertEquals 'only what was asked for' 2 "$(cd "$T/one" && echo [0-9]*)"
	# shellcheck disable=SC2012 # names without surprises
	assertEquals 'cgroup cmdline comm ns stat status task' "$(ls "$T/one/2" | tr '\n' ' ' |
		sed 's/ $//')"
	assertTrue 'links' "[ -L '$T/one/2/ns/pid' ]"
	assertEquals 'environ' '' "$(find "$T/tree" -name environ)"
}

testRecordRefuses() {
	mkdir "$T/there"
	assert_run 1 '' '*exists' "$RECORD" "$T/there"
	assert_run 2 '' '*usage*' "$RECORD"
}

# From another recording: the same again.
testRecordOfARecord() {
	assert_run 0 '' '' "$RECORD" -p "$TOP/tests/proc/container-view" "$T/again"
	assert_run 0 '' '' diff -r --no-dereference "$TOP/tests/proc/container-view" "$T/again"
}

. "${SHUNIT2:-shunit2}"
