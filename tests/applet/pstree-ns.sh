#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pstree and namespaces: -N, --borders, --pidns, --in, --depth, beside /proc, what is seen inside, and
# psmisc's -N. (The borders of PID namespaces are in pstree.sh.)
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"
PS=$BIN/ps PSTREE=$BIN/pstree RECORDED=$TOP/tests/proc
unset LANG LC_CTYPE
export LC_ALL=C
need jq jq
theirs=$(command -v pstree)
if ! "$theirs" --version 2>&1 | grep -q PSmisc; then
	echo "$0: pstree is not psmisc's: run scripts/setup test, or install psmisc" >&2
	exit 1
fi

suite() { tests_of PSTREE_NS; }

testNotBuiltIn() {
	enabled PSTREE_NS && return
	assert_run 1 '' "pstree: *--borders*" "$PSTREE" --borders
}

# shellcheck disable=SC2119 # there are no words here
oneTimeSetUp() { scene_with_namespaces || exit; }

oneTimeTearDown() { stop_all; }

# numbers: those in parentheses of the tree on stdin, the outer ones, sorted.
numbers() { grep -o '([0-9][0-9]*' | tr -d '(' | sort -n; }

# of_inode INODE: all who are in it and whom we may ask, by /proc alone.
of_inode() {
	stat -L -c '%i %n' /proc/[0-9]*/ns/pid 2>/dev/null |
		awk -F '[ /]' -v inode="$1" '$1 == inode { print $4 }' | sort -n
}

# ---- --borders

testBorders() {
	assert_run 0 "unshare($deep0)---\[pid:$(inode "$deep1")\]---unshare($deep1->1)<init>---\[pid:$(
		inode "$deep2")\]---unshare($deep2->1)<init>---\[pid:$(inode "$deep3")\]---bottom($deep3->1)<init>" \
		'' "$PSTREE" -lp --borders "$deep0"
	assert_run 0 "\[pid:$(inode "$deep2")\]---unshare<init>---\[pid:$(inode "$deep3")\]---bottom<init>" '' \
		"$PSTREE" -l --borders=pid "$deep2"
	LC_ALL=C.UTF-8 assert_run 0 "nsenter($door)───\[pid:$(inode "$init")\]───entered($entered→$(
		inner "$entered"))" '' "$PSTREE" -lpU --borders "$door"
}

testBordersOfOtherKinds() {
	kinds='user cgroup ipc uts net pid mnt time'
	# The one who unshared is in all of the new ones but pid and time, which are its children's.
	mine=$(for kind in user cgroup ipc uts net mnt; do printf '[%s:%s]' "$kind" "$(inode "$own" "$kind")"; done)
	assertEquals "$mine---unshare---[pid:$(inode "$alone")][time:$(inode "$alone" time)]---alone<init>" \
		"$("$PSTREE" -l --borders="$(echo "$kinds" | tr ' ' ,)" "$own")"
	assertEquals "[net:$(inode "$own" net)]---unshare---alone<init>" "$("$PSTREE" -l --borders=net "$own")"
	assertEquals "unshare---[time:$(inode "$alone" time)]---alone<init>" "$("$PSTREE" -l --borders=time "$own")"
}

# Whoever has unshared its children's PID namespace is still in its own one, with or without children.
testUnshareWithoutFork() {
	need_root || return 0
	until=unborn start "$SCENE" unborn
	assert_run 0 "unborn($pid)" '' "$PSTREE" -p --borders "$pid"
	assertEquals "[$(inode self)] unborn($pid)" "$("$PSTREE" -pN pid "$pid" | xargs)"
	stop "$pid"
	outer=$(member outer)
	assertEquals "outer($outer->$(inner "$outer"))---[pid:$(inode "$(member inner-init)")]---inner-init(*" \
		"$("$PSTREE" -lp --borders "$outer" | sed -n '1s/inner-init(.*/inner-init(*/p')"
}

testNoSuchKind() {
	assert_run 1 '' "pstree: *'nothing'*" "$PSTREE" --borders=pid,nothing
	assert_run 1 '' "pstree: *'p'*" "$PSTREE" --borders=p
	assert_run 1 '' "pstree: *'networks'*" "$PSTREE" --borders=networks
}

# Plain options are psmisc's (pstree-diff.sh): no second number, no marks.
testNothingOfOursUnasked() {
	for words in -p -cT -a -lp '-N mnt' -S; do
		# shellcheck disable=SC2086 # they are words
		run "$PSTREE" $words "$init"
		like "$out" '*init*' || fail "$words: $out"
		if like "$out" '*->*' || like "$out" '*<*'; then fail "$words: $out"; fi
	done
}

testZombiesAndInitsAreMarked() {
	run "$PSTREE" -lpT --borders "$scene"
	for name in zombie-1 zombie-2 leaf-zombie zombie-lead; do
		like "$out" "*---$name($(member "$name")->$(inner "$(member "$name")"))<zombie>*" ||
			like "$out" "*-$name($(member "$name")->$(inner "$(member "$name")"))<zombie>*" ||
			fail "$name: $out"
	done
	assertEquals 'zombies' 4 "$(echo "$out" | grep -o '<zombie>' | wc -l)"
	assertEquals 'inits' 2 "$(echo "$out" | grep -o '<init>' | wc -l)"
	like "$out" "*)---init*($init->1)<init>*" || like "$out" "*]---*($init->1)<init>*" || fail "init: $out"
	like "$out" "*inner-init($(member inner-init)->$(inner "$(member inner-init)"))<init>*" || fail "inner: $out"
	# Its leader is dead, but nobody can bury it: a thread goes on.
	headless="headless($(member headless)->$(inner "$(member headless)"))"
	like "$out" "*$headless*" || fail 'headless'
	if like "$out" "*$headless<zombie>*"; then fail 'headless is marked'; fi
	# Who is marked is not made one with who is not.
	assertEquals "$("$PSTREE" -lT --pidns "$init" "$(member negligent)")" 'negligent---zombie-2<zombie>'
}

# ---- --pidns, --pidns-tree

testPidns() {
	for ref in "$init" "$(inode "$init")" "pid:[$(inode "$init")]" "1@$init"; do
		assertEquals "of $ref" "$(of_inode "$(inode "$init")")" "$("$PSTREE" -lpT --pidns "$ref" | numbers)"
	done
	# They are there in one piece, and who came from outside beside it.
	assertEquals 2 "$("$PSTREE" -lpT --pidns "$init" | grep -c '^[a-z]')"
	assertEquals "entered($entered->$(inner "$entered"))" \
		"$("$PSTREE" -lpT --pidns "$init" | grep '^entered')"
}

testPidnsTree() {
	{
		of_inode "$(inode "$init")"
		of_inode "$(inode "$(member inner-init)")"
	} | sort -n >"$T/want"
	assertEquals "$(cat "$T/want")" "$("$PSTREE" -lpT --pidns-tree "$init" | numbers)"
	assertEquals "$deep1 $deep2 $deep3" "$("$PSTREE" -lpT --pidns-tree "$deep1" | numbers | xargs)"
	assertEquals "unshare($deep1->1)<init>" "$("$PSTREE" -lpT --pidns "$deep1")"
}

testPidnsBelowAnOperand() {
	assert_run 0 "unshare($deep2->1)<init>" '' "$PSTREE" -p --pidns "$deep2" "$deep0"
	assert_run 0 '' '' "$PSTREE" -p --pidns "$deep2" "$deep3"
}

testPidnsUnknown() {
	assert_run 1 '' "pstree: '4026000000': *" "$PSTREE" --pidns 4026000000
	assert_run 1 '' "pstree: 'x y': *" "$PSTREE" --pidns 'x y'
	assert_run 1 '' "pstree: 'x y': *" "$PSTREE" --in 'x y'
}

# ---- --in

# seen_inside ARG...: what a pstree draws in there, from PID 1 on.
seen_inside() { inside "$init" "$PSTREE" "$@" 1 | sed 's/  */ /g'; }
# seen_from_outside ARG...: what we draw, but for what is only shown with --in, and for its room.
seen_from_outside() {
	"$PSTREE" --in "$init" "$@" "$init" | sed 's/<[a-z]*>//g; s/->[0-9]*//g; s/  */ /g'
}

testInIsWhatIsSeenInside() {
	for words in -lp -l -lpn -lg -lpg -lcT -lT -la -lapT -lpt -lu -lpuT; do
		# shellcheck disable=SC2086 # they are words
		assertEquals "pstree $words" "$(seen_inside $words)" "$(seen_from_outside $words)"
	done
}

testInHasTwoNumbersOnlyBelow() {
	run "$PSTREE" -lpT --in "$init"
	nested=$(member inner-init)
	middle=$(chain "$nested" | cut -d, -f2)
	like "$out" "*inner-init($middle->1)<init>*" || fail "two numbers: $out"
	like "$out" "*sleeper($(inner "$(member sleeper)"))*" || fail "one number: $out"
	like "$out" "*($(inner "$entered"))*" || fail "who came in is a root: $out"
	assertEquals 'two roots' 2 "$(echo "$out" | grep -c '^[a-z]')"
}

testInOfNestedNamespaces() {
	two=$(chain "$deep2" | cut -d, -f2)
	three=$(chain "$deep3" | cut -d, -f2)
	assert_run 0 "unshare(1)<init>---unshare($two->1)<init>---bottom($three->1)<init>" '' \
		"$PSTREE" -lp --in "$deep1"
	third=$(chain "$deep3" | cut -d, -f3)
	assert_run 0 "\[pid:$(inode "$deep2")\]---unshare(1)<init>---\[pid:$(
		inode "$deep3")\]---bottom($third->1)<init>" '' "$PSTREE" -lp --borders --in "$deep2"
	assert_run 0 'bottom(1)<init>' '' "$PSTREE" -lp --in "$deep3"
}

# ---- --depth, operands

testDepth() {
	assert_run 0 unshare '' "$PSTREE" --depth 1 "$deep0"
	assert_run 0 'unshare---unshare' '' "$PSTREE" --depth 2 "$deep0"
	assert_run 0 'unshare---unshare---unshare---bottom' '' "$PSTREE" --depth 4 "$deep0"
	assert_run 0 'unshare---unshare---unshare---bottom' '' "$PSTREE" --depth 99 "$deep0"
	for wrong in 0 -1 x ''; do
		assert_run 1 '' 'pstree: *' "$PSTREE" --depth="$wrong"
	done
}

testOperands() {
	assert_run 0 "unshare($deep2)---bottom($deep3)" '' "$PSTREE" -p "1@$deep2"
	assert_run 0 "bottom($deep3)" '' "$PSTREE" -p "1@$(inode "$deep3")"
	run "$PSTREE" -p "1@$deep3" "$deep2" "$entered"
	assertEquals "$(printf '%s\n' "bottom($deep3)" "unshare($deep2)---bottom($deep3)" "entered($entered)")" "$out"
}

# ---- -N

testNPidKeepsThePlace() {
	assertEquals "[$(inode "$deep0")]
unshare
  [$(inode "$deep1")]
  unshare
    [$(inode "$deep2")]
    unshare
      [$(inode "$deep3")]
      bottom" "$("$PSTREE" -N pid "$deep0")"
	assertEquals "[$(inode "$door")]
nsenter($door)
  [$(inode "$entered")]
  entered($entered)" "$("$PSTREE" -pN pid "$door")"
}

testNUserKeepsThePlace() {
	run "$PSTREE" -lN user "$$"
	like "$out" "\[$(inode self user)\]
*
  \[$(inode "$own" user)\]
  unshare---alone*" || fail "$out"
	assert_run 0 "\[$(inode "$own" user)\]
unshare---alone" '' "$PSTREE" -lN user "$own"
}

# In a small machine of its own, psmisc's blocks; of the kinds whose namespaces have no parents.
testNIsAsPsmiscHasIt() {
	need_root || return 0
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c '
		unshare --net --uts --ipc --fork sh -c \
			"sleep 100 & sleep 100 & unshare --net --mount sleep 101 & exec sleep 102" &
		unshare --ipc --cgroup --time --fork sleep 103 &
		sleep 104 & sleep 105 &
		unshare --user --map-root-user --uts --time sleep 106 &
		until [ "$(ps -eo comm= | grep -c "^sleep")" = 8 ]; do "$0/sleep" 0.01; done
		for kind in cgroup ipc mnt net time uts; do
			for words in "" -p -n -c -al -pn -S -U; do
				"$1" -A $words -N $kind >"$T/theirs" 2>/dev/null
				"$0/pstree" -A $words -N $kind >"$T/ours"
				sed -i "s/^\[0]/[?]/; s/pstree([0-9]*)/pstree()/" "$T/theirs" "$T/ours"
				cmp -s "$T/theirs" "$T/ours" && echo same && continue
				echo "-N $kind $words"
				diff "$T/theirs" "$T/ours"
			done
		done' "$BIN" "$theirs"
	assertEquals '' "$err"
	assertEquals "$(yes same | head -n 48)" "$out"
}

# Whose namespace cannot be read: nobody is lost.
testNWithoutTheRight() {
	need_root || return 0
	for kind in pid net user; do
		as_user "$PSTREE" -lpTN "$kind" | numbers >"$T/all"
		for pid in $(everybody); do
			grep -qx "$pid" "$T/all" || fail "-N $kind without $pid"
		done
	done
	# Where they begin is known all the same, and what is inside what.
	assertEquals "[$(inode self)]
unshare
  [?]
  unshare
    [?]
    unshare
      [?]
      bottom" "$(as_user "$PSTREE" -N pid "$deep0")"
	assertEquals "[?]
unshare---unshare---unshare---bottom" "$(as_user "$PSTREE" -N net "$deep0")"
}
everybody() {
	awk '{ print $2 }' "$T/members"
	echo "$entered $deep0 $deep1 $deep2 $deep3 $alone"
}

# Those who came in from outside have no parent in there, and are no child of PID 1.
testNInsideLosesNobody() {
	run inside "$init" "$PSTREE" -lpTN pid
	like "$out" "*
entered($(inner "$entered"))*" || fail "$out"
	like "$out" "*
  \[$(inode "$(member inner-init)")\]
  inner-init(*)-+-leaf(*" || fail "the nested one: $out"
}

# ---- recorded trees

testRecorded() {
	assertEquals "$(cat <<'END'
[4026531836]
systemd(1)-+-conmon(23000)
           |-conmon(25000)
           |-containerd-shim(800)
           |-containerd-shim(24000)
           |-dbus-daemon(310)
           `-nsenter(22000)
END
)" "$("$PSTREE" -lpTN pid --proc "$RECORDED/host-with-containers" 1 | head -n 7)"
	assertEquals "$(cat <<'END'
  [4026532398]
  sh(20997)-+-gone(21020)
            `-nginx(21010)-+-nginx(21011)
                           `-nginx(21012)
  sh(22001)
    [4026532510]
    init(21050)---sh(21051)
      [4026532600]
      sleep(21060)---sleep(21061)
END
)" "$("$PSTREE" -lpTN pid --proc "$RECORDED/host-with-containers" 1 | sed -n '/4026532398/,/21061/p')"
}

# Without the chain of numbers (Linux before 4.1) the inodes tell, where there are links.
testOldKernels() {
	for name in old-kernel old-links gvisor-like hidepid hostile container-view; do
		# All but those about whom there is no status.
		"$PS" -e --no-headers -o pid,nspid --proc "$RECORDED/$name" | awk '{ print $1 }' >"$T/want"
		[ -s "$T/want" ] || fail "$name is empty"
		for words in '-N pid' '-N net' '-N user' --borders --borders=net,user,mnt; do
			# shellcheck disable=SC2086 # they are words
			"$PSTREE" -lpT $words --proc "$RECORDED/$name" >"$T/tree" || fail "$name: $words: $?"
			for pid in $(numbers <"$T/tree" | uniq -d); do fail "$name: $words: $pid is there twice"; done
			# What is broken, ps shows otherwise.
			case $name$words in
			hostile*) ;;
			*-N*) assertEquals "$name: $words" "$(sort -n "$T/want")" "$(numbers <"$T/tree")" ;;
			esac
		done
	done
	assertEquals '[?]' "$("$PSTREE" -lpTN pid --proc "$RECORDED/old-kernel" | head -n 1)"
}

. "${SHUNIT2:-shunit2}"
