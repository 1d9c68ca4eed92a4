#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter: which process is meant by -t, and which of its namespaces.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"

NSENTER=$BIN/nsenter

# ---- PID and PID:INODE

testTargetIsGivenOnce() {
	for words in "-t $$ -t $$" "-t $$ --target=1" "--target $$ --target $$" "-t $$ -t x"; do
		# shellcheck disable=SC2086 # words
		assert_run 1 '' 'nsenter: option --target may be given only once' "$NSENTER" $words -u true
	done
}

testWrongTarget() {
	for text in x x1 1x '' ' 1' '1 ' 1.5 0x1 +1 0 @ @1 1@ '1
' : 1: 1:x 1:-1 1: 1 ':1' 1:2:3 99999999999999999999 1:99999999999999999999; do
		assert_run 1 '' "nsenter: *" "$NSENTER" -t "$text" -u true
		assert_one_line
		assert_run 1 '' "nsenter: *" "$NSENTER" "--target=$text" -a true
	done
	assert_both 1 '' 'nsenter: *' -t -1 -u true
	assert_both 1 '' "nsenter: failed to parse PID argument 'x': $EINVAL*" -t x -u true
	assert_both 1 '' "nsenter: failed to parse PID argument '': $EINVAL*" -t '' -u true
	assert_run 1 '' "nsenter: failed to parse PID argument '1:x': $EINVAL*" "$NSENTER" -t 1:x -u true
	assert_run 1 '' "nsenter: failed to parse PID argument '*9': $ERANGE*" \
		"$NSENTER" -t 99999999999999999999 -u true
	# What comes from outside is escaped.
	run "$NSENTER" -t "$(printf '1\033[31m')" -u true
	assertFalse "$err" "grep -q '$(printf '\033')' '$T/err'"
}

testDeadTarget() {
	"$PROBE" await 15 &
	gone=$!
	kill -KILL "$gone"
	wait "$gone" 2>/dev/null
	for option in -u -a -r -w -e '-S follow' --children '-N 0' --user-parent; do
		# shellcheck disable=SC2086 # words
		assert_run 1 '' "nsenter: failed to obtain a valid file descriptor for PID $gone: $ESRCH" \
			"$NSENTER" -t "$gone" -u $option true
		assert_one_line
	done
	run "$NSENTER" -t "$gone:1" -u true
	assertEquals 1 "$rc"
	assert_one_line
}

# A zombie has no namespaces any more.
testZombie() {
	mkfifo "$T/end"
	target sh -c '(echo; read -r _ <"$0") & exec "$1" stay' "$T/end" "$ENTER"
	zombie=$target
	next_line
	echo >"$T/end"
	wait_state "$zombie" Z
	for option in -u -a; do
		run "$NSENTER" -t "$zombie" "$option" true
		assertEquals "$option" 1 "$rc"
		assert_one_line
	done
	rm "$T/end"
}

testP12PidInode() {
	need_root || return 0
	target unshare -uf --kill-child sh -c "$SLEEP" || return
	inode=$("$ENTER" inode "$target")
	want=$(ns uts "$target")
	assert_prints "$want" "$NSENTER" -t "$target:$inode" -u readlink /proc/self/ns/uts
	assert_prints "$want" "$NSENTER" "--target=$target:$inode" --uts readlink /proc/self/ns/uts
	assert_prints "$(links "$target")" "$NSENTER" -t "$target:$inode" -a sh -c "$LINKS"
	for other in 1 $((inode + 1)) $((inode - 1)) 18446744073709551615; do
		assert_run 1 '' \
			"nsenter: failed to obtain a valid file descriptor for PID $target*: $ESRCH*" \
			"$NSENTER" -t "$target:$other" -u true
		assert_one_line
	done
	assert_run 1 '' 'nsenter: *' "$NSENTER" -t "$target:0" -u true
}

# ---- PID@REF and containers

# two_inside: a PID namespace with $init and $inner in it, which has $number there and a UTS namespace
# of its own.
two_inside() {
	target unshare -pmuf --mount-proc --kill-child sh -c '
		unshare -u sh -c "echo; exec sleep 1000" & exec sleep 1000' || return
	inner=$target
	init=$(children "$bg" | tr -d ' ')
	number=$(sed -n 's/^NSpid:.*	//p' "/proc/$inner/status")
	assertNotEquals "$inner" "$init"
	assertNotEquals 1 "$number"
}

testB4PidAtRef() {
	need_root || return 0
	enabled PID_REF || return 0
	two_inside || return
	pidns=$(ns pid "$inner")
	for ref in "$init" "$inner" "$pidns" "$(echo "$pidns" | tr -dc 0-9)"; do
		assert_prints "$(ns uts "$init")" "$NSENTER" -t "1@$ref" -u readlink /proc/self/ns/uts
		assert_prints "$(ns uts "$inner")" "$NSENTER" -t "$number@$ref" -u readlink /proc/self/ns/uts
		assert_prints "$(links "$inner")" "$NSENTER" -t "$number@$ref" -a sh -c "$LINKS"
		assert_run 1 '' "nsenter: *4711@$(echo "$ref" | sed 's/[[]/\\&/')*" \
			"$NSENTER" -t "4711@$ref" -u true
		assert_one_line
	done
	for ref in 1@4000000000 '1@pid:[4000000000]' "1@$T" 1@@1 1@1@1 1@x; do
		run "$NSENTER" -t "$ref" -u true
		assertEquals "$ref" 1 "$rc"
		assert_one_line
	done
}

# A bare ID is the container's init; a monitor outside has the ID in its cgroup too.
testContainerId() {
	need_root || return 0
	enabled PID_REF || return 0
	two_inside || return
	id=$(container_id 1)
	sleep 1000 &
	monitor=$!
	started="$monitor $started"
	cgroup_of "$id" "$monitor" "$init" "$inner" || return 0
	for text in "$id" "$(echo "$id" | cut -c 1-12)" "$(echo "$id" | cut -c 1-63)"; do
		assert_prints "$(links "$init")" "$NSENTER" -t "$text" -a sh -c "$LINKS"
		assert_prints "$(ns uts "$init")" "$NSENTER" -t "1@$text" -u readlink /proc/self/ns/uts
		assert_prints "$(ns uts "$inner")" "$NSENTER" -t "$number@$text" -u readlink /proc/self/ns/uts
		assert_run 1 '' "nsenter: *4711@$text*" "$NSENTER" -t "4711@$text" -u true
	done
	# Too short, too long, no digits.
	for text in "$(echo "$id" | cut -c 1-11)" "${id}0" "$(echo "$id" | cut -c 1-12)g" \
		"$(echo "$id" | tr a-f A-F)A" "$id@1" "$id:1"; do
		assert_run 1 '' 'nsenter: *' "$NSENTER" -t "$text" -u true
		assert_one_line
	done
}

testContainerIdOfNone() {
	need_root || return 0
	enabled PID_REF || return 0
	id=$(container_id 2)
	assert_run 1 '' "nsenter: *$id*: no such PID namespace or container" "$NSENTER" -t "$id" -u true
	two_inside || return
	cgroup_of "$id" "$init" || return 0
	# Two that begin so.
	other=$(echo "$id" | cut -c 1-20)$(echo "$id" | cut -c 21- | tr 0-9a-f 1-9a-f0)
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	cgroup_of "$other" "$target"
	run "$NSENTER" -t "$(echo "$id" | cut -c 1-20)" -u true
	assertEquals 1 "$rc"
	case $err in
	"nsenter: "*"ambiguous"*"$id"*"$other"* | "nsenter: "*"ambiguous"*"$other"*"$id"*) ;;
	*) fail "$err" ;;
	esac
	assert_prints "$(ns pid "$target")" "$NSENTER" -t "$(echo "$other" | cut -c 1-21)" -p \
		readlink /proc/self/ns/pid
}

# ---- B5: the namespaces of its children

testB5Children() {
	need_root || return 0
	target unshare -pmf --mount-proc --kill-child sh -c "$SLEEP" || return
	assert_run 0 "$(ns pid | sed 's/[[]/\\&/')" "nsenter: *$bg*--children*" \
		"$NSENTER" -t "$bg" -p readlink /proc/self/ns/pid
	assert_one_line
	for options in '-p --children' '--children --pid' '-p --children -F'; do
		# shellcheck disable=SC2086 # words
		assert_run 0 '*' '' "$NSENTER" -t "$bg" $options readlink /proc/self/ns/pid_for_children
		assertEquals "$(ns pid "$target")" "$out"
	done
	assert_prints "$(ns pid "$target")" "$NSENTER" -t "$bg" -p --children readlink /proc/self/ns/pid
	# Where they do not differ it is the same, and nothing is said.
	assert_run 0 '' '' "$NSENTER" -t "$target" -p true
	assert_prints "$(ns pid "$target")" "$NSENTER" -t "$target" -p --children readlink /proc/self/ns/pid
	# It concerns those alone who want to enter it.
	assert_run 0 '' '' "$NSENTER" -t "$bg" -m true
}

testB5ChildrenOfAll() {
	need_root || return 0
	target unshare -pmTf --mount-proc --kill-child sh -c "$SLEEP" || return
	run "$NSENTER" -t "$bg" -a true
	assertEquals 0 "$rc"
	assert_one_line
	assert_prints "$(links "$target")" "$NSENTER" -t "$bg" -a --children sh -c "$LINKS"
	assert_prints "$(ns time "$target")" "$NSENTER" -t "$bg" --children -T readlink /proc/self/ns/time
	assert_prints "$(ns uts)" "$NSENTER" -t "$bg" -u --children readlink /proc/self/ns/uts
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -u/proc/self/ns/uts --children true
}

# A namespace that nobody is in yet, or no more, cannot be entered.
testB5ChildrenThatAreNone() {
	need_root || return 0
	target unshare -p "$ENTER" stay || return
	assert_run 0 '*' '' "$NSENTER" -t "$target" -p true
	run "$NSENTER" -t "$target" -p --children true
	assertEquals 1 "$rc"
	assert_one_line
}

# ---- other namespaces than those of its own links

testP12NetSocket() {
	need_root || return 0
	target "$ENTER" socket 9 "$ENTER" stay || return
	want=$line
	next_line || return
	assertNotEquals "$(ns net)" "$want"
	for option in -N9 '-N 9' --net-socket=9; do
		# shellcheck disable=SC2086 # words
		assert_prints "$want" "$NSENTER" -t "$target" $option readlink /proc/self/ns/net
		# shellcheck disable=SC2086 # words
		assert_prints "$want" "$NSENTER" -t "$target" -u $option readlink /proc/self/ns/net
	done
	assert_prints "$want" "$NSENTER" -t "$target" -a -N 9 readlink /proc/self/ns/net
	assert_run 1 '' "nsenter: pidfd_getfd(*, 99): $EBADF" "$NSENTER" -t "$target" -N 99 true
	run "$NSENTER" -t "$target" -N 0 true # no socket
	assertEquals 1 "$rc"
	assert_one_line
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -N 9 true
	for fd in x -1 '' 4294967295 99999999999; do
		assert_run 1 '' "nsenter: *'$fd'*" "$NSENTER" -t "$target" -N "$fd" true
	done
}

testP12UserParent() {
	need_root || return 0
	target unshare -r sh -c 'echo "$(readlink /proc/self/ns/user)"; exec unshare -rn "$0" stay' "$ENTER" || return
	outer=$line
	next_line || return
	assertNotEquals "$(ns user "$target")" "$outer"
	# The one that its namespaces belong to; with -U the parent of that.
	assert_prints "$(ns user "$target")
$(ns net "$target")" "$NSENTER" -t "$target" -n --user-parent readlink /proc/self/ns/user /proc/self/ns/net
	for options in '-U --user-parent' '--user-parent -n -U' '-U -n -u --user-parent'; do
		# shellcheck disable=SC2086 # words
		assert_prints "$outer" "$NSENTER" -t "$target" $options readlink /proc/self/ns/user
	done
	assert_run 0 '0 0' '' "$NSENTER" -t "$target" -U --user-parent sh -c 'echo $(id -u) $(id -g)'
	assert_prints "$(ns user "$target")" "$NSENTER" "-n/proc/$target/ns/net" --user-parent \
		readlink /proc/self/ns/user
	assert_prints "$outer" "$NSENTER" "-U/proc/$target/ns/user" --user-parent readlink /proc/self/ns/user
	# Its UTS namespace is ours, and so is the user namespace that this belongs to.
	run "$NSENTER" -t "$target" -u --user-parent true
	assertEquals 1 "$rc"
	assert_one_line
	assert_run 1 '' 'nsenter: *' "$NSENTER" -t "$target" --user-parent true
	# Above our own one we see nothing.
	assert_run 1 '' "nsenter: *$EPERM*" "$NSENTER" -t $$ -U --user-parent true
	assert_one_line
}

testP12UserParentAsUser() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -r sh -c 'echo "$(readlink /proc/self/ns/user)"; exec unshare -rn "$0" stay' "$ENTER" ||
		return
	outer=$line
	next_line || return
	assert_prints "$outer" as_user "$NSENTER" -t "$target" -U --user-parent readlink /proc/self/ns/user
	assert_run 0 '*' '' as_user "$NSENTER" -t "$target" -n --user-parent readlink /proc/self/ns/net
	assertNotEquals "$(ns net)" "$out"
}

. "${SHUNIT2:-shunit2}"
