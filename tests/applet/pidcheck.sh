#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pidcheck: zombies and who has not waited, in real PID namespaces. Signals go to single processes that
# the test has made.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"
need jq jq
need strace strace
check=$BIN/pidcheck
PS=$BIN/ps
CHECK_SCENE=$T/check-scene
for program in check-scene odd; do
	if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -pthread -o "$T/$program" \
		"$TOP/tests/applet/helper/$program.c"
	then
		echo "$0: cannot compile $program.c: run scripts/setup test" >&2
		exit 1
	fi
done
until=ready
if [ "$(id -u)" = 0 ]; then
	new='unshare --pid --fork --kill-child'
else
	new='unshare --user --map-root-user --pid --fork --kill-child'
	users='--user --preserve-credentials'
fi

tearDown() { stop_all; }

# ns CMD...: the command as PID 1 of a PID namespace; $pid is its parent, $first itself, which sleeps: on its
# way there what a TERM meets is not known for sure.
ns() {
	# shellcheck disable=SC2086 # they are words
	start $new "$@" || return
	first=$(first_child "$pid")
	wait_state "$first" S
}

# children PID: as a list.
children() { tr ' ' '\n' <"/proc/$1/task/$1/children" | grep .; }

# zombies WORDS...: a row of each, which begins with its number here: the one that is made later may have the
# lower one.
zombies() { printf '  zombie %s\n' "$@" | sort -k 2n; }

# json FILTER ARG...: what jq makes of our JSON.
json() {
	filter=$1
	shift
	"$check" --json "$@" >"$T/json"
	jq -c "$filter" "$T/json"
}

not_init='run what it is below an init that waits: pidbox init -- CMD'
ordinary="it must wait, not to do so is a bug of its own: while it lives no init can help, when it has ended \
init reaps them"

deaf='TERM meets: default, which does nothing to an init'
never='not known to have ever waited'

# ---- nothing is wrong

testOk() {
	assert_run 0 'PIDCHECK OK: 0 zombies | zombies=0;1;;0 inits=1 unreadable=0
init 1 pidcheck: TERM meets: default, which does nothing to an init; 0 zombies; not known to have ever waited' \
		'' in_ns "$check"
}

# Then one look does.
testOkIsAtOnce() {
	assert_run 0 'PIDCHECK OK: *' '' in_ns strace -o "$T/anyone/trace" "$check" --min-age 1h
	assertEquals 0 "$(grep -c nanosleep "$T/anyone/trace")"
	grep -q '"[0-9]*/status"' "$T/anyone/trace" || fail 'this is no trace'
}

# ---- an init that never waits

testInitThatNeverWaits() {
	ns "$CHECK_SCENE" zombies 3 worker || return
	# shellcheck disable=SC2046 # they are words
	set -- $(children "$first")
	run "$check" --min-age 0.1 --pidns "$first"
	assertEquals 1 "$rc"
	assertEquals '' "$err"
	assertEquals "PIDCHECK WARNING: 3 zombies that 1 process has not waited for | zombies=3;1;;0 inits=1 unreadable=0
$first->1 check-scene, the init of a PID namespace, has not waited for 3 zombies: $not_init
$(zombies "$1->2 worker" "$2->3 worker" "$3->4 worker")
init $first->1 check-scene: $deaf; 3 zombies; $never" "$out"
	# The same is seen inside, where it has but one number.
	run inside "$first" "$check" --min-age 0
	assertEquals 1 "$rc"
	assertEquals "PIDCHECK WARNING: 3 zombies that 1 process has not waited for | zombies=3;1;;0 inits=1 unreadable=0
1 check-scene, the init of a PID namespace, has not waited for 3 zombies: $not_init
  zombie 2 worker
  zombie 3 worker
  zombie 4 worker
init 1 check-scene: $deaf; 3 zombies; $never" \
		"$out"
	# Without a REF it is one of all.
	assertEquals "[$first,3]" "$(json ".culprits[] | select(.pid == $first) | [.pid, (.zombies | length)]" -a 0)"
	# It has waited by now: no zombie is left, and its figures tell it.
	kill -USR1 "$first"
	wait_for "[ -z \"\$(children $first)\" ]"
	assert_run 0 "PIDCHECK OK: 0 zombies | *
init $first->1 check-scene: TERM meets: default, *; 0 zombies; has waited before" '' \
		"$check" --pidns "$first"
}

# ---- an ordinary program that never waits: the best init cannot help

testOrdinaryParentBelowAnInit() {
	ns "$BIN/init" -- "$CHECK_SCENE" zombies 2 kid || return
	parent=$(first_child "$first")
	# shellcheck disable=SC2046 # they are words
	set -- $(children "$parent")
	run "$check" --min-age 0.1 --pidns "$first"
	assertEquals 1 "$rc"
	assertEquals "PIDCHECK WARNING: 2 zombies that 1 process has not waited for | zombies=2;1;;0 inits=1 unreadable=0
$parent->2 check-scene has not waited for 2 zombies: $ordinary
$(zombies "$1->3 kid" "$2->4 kid")
init $first->1 init: TERM meets: waits; 0 zombies; not known to have ever waited" "$out"
	assertEquals '["ordinary",false]' "$(json '.culprits[] | [.kind, .stopped]' -a 0 --pidns "$first")"
}

# When it has ended init reaps them.
testOrdinaryParentThatEnds() {
	# shellcheck disable=SC2016 # that shell's
	ns "$BIN/init" -- sh -c '"$1" zombies 2 kid & echo $!; wait; sleep 1000; :' sh "$CHECK_SCENE" || return
	assertEquals 2 "$(json .zombies -a 0 --pidns "$first")"
	shell=$(first_child "$first")
	kill -KILL "$(first_child "$shell")"
	wait_for "[ \"\$(json .zombies -a 0 --pidns $first)\" = 0 ]"
	assertEquals '[true]' "$(json '[.inits[].has_waited]' -a 0 --pidns "$first")"
}

# Two of them, and the init as well: each once, with those of its own.
testSeveralCulprits() {
	ns "$CHECK_SCENE" below 2 deep || return
	middle=$(first_child "$first")
	# shellcheck disable=SC2086 # they are words
	start nsenter --target "$first" ${users:-} --pid "$CHECK_SCENE" zombies 1 other || return
	other=$(first_child "$pid")
	assertEquals "[[$middle,2,\"ordinary\",[\"deep\",\"deep\"]],[$other,$(inner "$other"),\"ordinary\",[\"other\"]]]" \
		"$(json '[.culprits[] | [.pid, .inner, .kind, [.zombies[].name]]] | sort_by(.[1])' -a 0 --pidns "$first")"
	kill -KILL "$middle"
	wait_for "[ \"\$(state $middle)\" = Z ]"
	assertEquals '[["init",3]]' "$(json '[.culprits[] | select(.kind == "init") | [.kind, (.zombies | length)]]' \
		-a 0 --pidns "$first")"
	assertEquals '[3]' "$(json '[.inits[].zombies]' -a 0 --pidns "$first")"
}

# ---- two looks

# asleep PID: until it waits between its two looks.
asleep() {
	wait_for "grep -q nanosleep /proc/$1/wchan 2>/dev/null || grep -q '^\(230\|115\|407\) ' /proc/$1/syscall"
}

# between_looks FILE ARG...: begins, and returns between the two looks. $looker, who is stopped, so that
# there is time; looked: its status when it has gone on to its end.
between_looks() {
	file=$1
	shift
	"$check" "$@" </dev/null >"$file" 2>&1 &
	looker=$!
	asleep "$looker"
	kill -STOP "$looker"
	wait_state "$looker" T
}

looked() {
	kill -CONT "$looker"
	wait "$looker"
	echo $?
}

testReapedBetweenTheLooks() {
	ns "$CHECK_SCENE" zombies 2 brief || return
	between_looks "$T/looked" --min-age 1.5 --pidns "$first"
	kill -USR1 "$first"
	wait_for "[ -z \"\$(children $first)\" ]"
	looked >"$T/status"
	assertEquals 0 "$(cat "$T/status")"
	assertEquals 'PIDCHECK OK: 0 zombies | zombies=0;1;;0 inits=1 unreadable=0' "$(sed -n 1p "$T/looked")"
}

# Init may just be about to wait for those it has got.
testOrphanedBetweenTheLooks() {
	ns "$CHECK_SCENE" below 2 orphan || return
	middle=$(first_child "$first")
	between_looks "$T/looked" --json --min-age 1.5 --pidns "$first"
	kill -KILL "$middle"
	wait_state "$middle" Z
	looked >"$T/status"
	assertEquals 0 "$(cat "$T/status")"
	assertEquals '[0,0]' "$(jq -c '[.zombies, (.culprits | length)]' "$T/looked")"
	assertEquals 3 "$(json .zombies -a 0 --pidns "$first")"
}

# Who becomes one between them is too young; who was one before stays.
testYoung() {
	ns "$CHECK_SCENE" below 1 old || return
	middle=$(first_child "$first")
	# shellcheck disable=SC2086 # they are words
	start nsenter --target "$first" ${users:-} --pid "$CHECK_SCENE" holds young || return
	young=$(first_child "$(first_child "$pid")")
	between_looks "$T/looked" --json --min-age 1.5 --pidns "$first"
	kill -KILL "$young"
	wait_state "$young" Z
	looked >"$T/status"
	assertEquals '[["old"]]' "$(jq -c '[.culprits[] | [.zombies[].name]]' "$T/looked")"
	assertEquals '[["old"],["young"]]' "$(json '[.culprits[] | [.zombies[].name]] | sort' -a 0 --pidns "$first")"
}

# It sleeps once, for as long as it was told, and is not busy.
testWaitsForTheTime() {
	ns "$CHECK_SCENE" zombies 1 one || return
	before=$(uptime_cs)
	strace -o "$T/trace" -e trace=/nanosleep "$check" --min-age 0.6 --pidns "$first" >/dev/null
	after=$(uptime_cs)
	[ $((after - before)) -ge 60 ] || fail "after $((after - before)) hundredths"
	assertEquals 1 "$(grep -c nanosleep "$T/trace")"
	strace -o "$T/trace" -e trace=/nanosleep "$check" --min-age 0 --pidns "$first" >/dev/null
	assertEquals 0 "$(grep -c nanosleep "$T/trace")"
	# As long as can be is not before now.
	strace -o "$T/trace" -e trace=/nanosleep -e inject=/nanosleep:retval=0 "$check" --min-age 18446744072 \
		--pidns "$first" >/dev/null
	assertEquals 1 "$(grep -c '{tv_sec=1844674407[0-9],' "$T/trace")"
	for age in 0.2:200 0.0015s:1 0:0; do
		assertEquals "$age" "${age#*:}" "$(json .min_age_ms --min-age "${age%:*}" --pidns "$first")"
	done
	assertEquals 1000 "$(in_ns "$check" -J | jq .min_age_ms)"
}

# ---- those that are none

# The first thread has ended, the program has not.
testExitedLeader() {
	rm -f "$T/odd.fifo"
	mkfifo "$T/odd.fifo"
	"$T/odd" leader leader >"$T/odd.fifo" 2>/dev/null &
	leader=$!
	running="$leader $running"
	read -r _ <"$T/odd.fifo"
	wait_state "$leader" Z
	assertEquals '[]' "$(json "[.culprits[].zombies[] | select(.pid == $leader)]" -a 0)"
}

# ---- other culprits

testTracer() {
	ns "$CHECK_SCENE" traced prey || {
		skip_because 'nobody may trace here'
		return
	}
	assertEquals '[["tracer","tracer",["prey"]]]' \
		"$(json '[.culprits[] | [.name, .kind, [.zombies[].name]]]' -a 0 --pidns "$first")"
	assert_run 1 "*
*->* tracer has not waited for 1 zombie: it traces them and must wait or let go of them *" '' \
		"$check" -a 0 --pidns "$first"
}

testStopped() {
	ns "$CHECK_SCENE" below 1 kid || return
	middle=$(first_child "$first")
	kill -STOP "$middle"
	wait_state "$middle" T
	assert_run 1 "*
$middle->2 middle has not waited for 1 zombie: it is stopped and must be continued: kill -CONT $middle
*" '' "$check" -a 0 --pidns "$first"
	assertEquals '[[true,"ordinary"]]' "$(json '[.culprits[] | [.stopped, .kind]]' -a 0 --pidns "$first")"
}

# Put in from outside, by somebody who does not wait: inside nobody is to be seen who could.
testParentOutside() {
	ns "$CHECK_SCENE" zombies 0 none || return
	init=$first
	# shellcheck disable=SC2086 # they are words
	start nsenter --target "$init" ${users:-} --pid "$CHECK_SCENE" zombies 0 none || return
	entered=$(first_child "$pid")
	kill -STOP "$pid"
	wait_state "$pid" T
	kill -KILL "$entered"
	wait_state "$entered" Z
	# shellcheck disable=SC2016 # jq's
	assertEquals '[["outside",null,null,["check-scene"]]]' \
		"$(inside "$init" "$check" -J -a 0 | jq -c '[.culprits[] | [.kind, .pid, .name, [.zombies[].name]]]')"
	assertEquals "[[\"ordinary\",$pid,\"nsenter\",true]]" \
		"$(json '[.culprits[] | [.kind, .pid, .name, .stopped]]' -a 0 --pidns "$init")"
	run inside "$init" "$check" -a 0
	like "$out" "*
somebody outside has not waited for 1 zombie: whoever has put them *" || fail "$out"
	kill -CONT "$pid"
}

# ---- inits

# term_of CMD...: what a TERM meets at that PID 1, which has started what it starts.
term_of() {
	unshare --pid --fork --kill-child "$@" </dev/null >/dev/null 2>&1 &
	pid=$!
	running="$pid $running"
	wait_for "[ -n \"\$(first_child $pid)\" ]" || return
	first=$(first_child "$pid")
	wait_for "[ -n \"\$(first_child $first)\" ] && [ \"\$(state $first)\" = S ]" || return
	# What it is said to meet must stay so: it may still be about to begin its wait.
	wait_for "[ \"\$(\"$PS\" --no-headers -o sigterm -p $first | squeeze)\" = $term_is ]"
	json '[.inits[] | [.sigterm, .inner]]' -a 0 --pidns "$first"
	stop "$pid"
}

testInits() {
	need_root || return 0
	for init in 'tini --' dumb-init "$BIN/init --" 'catatonit --'; do
		term_is=waits
		# shellcheck disable=SC2086 # they are words
		assertEquals "$init" "[[\"$term_is\",1]]" "$(term_of $init sleep 1000)"
	done
	term_is=default
	assertEquals sh '[["default",1]]' "$(term_of sh -c 'sleep 1000; :')"
}

# Without entries it only waits.
testBusyboxInit() {
	need_root || return 0
	mkdir "$T/etc"
	: >"$T/etc/inittab"
	# shellcheck disable=SC2016 # that shell's
	start unshare --mount --pid --fork --kill-child sh -c \
		'mount --bind "$1" /etc && echo ready && exec busybox init 2>/dev/null' - "$T/etc" || return
	first=$(first_child "$pid")
	wait_for "[ \"\$(cat /proc/$first/comm)\" = busybox ] && grep -q sigtimedwait /proc/$first/wchan"
	assertEquals '[["waits","busybox"]]' "$(json '[.inits[] | [.sigterm, .name]]' -a 0 --pidns "$first")"
}

# What it drops, and says so; a handler, and what is ignored.
testShells() {
	# shellcheck disable=SC2016,SC2089 # that shell's
	for words in 'handler::trap : TERM' "ignored::trap '' TERM" \
		'default, which does nothing to an init::trap : HUP'
	do
		ns sh -c "${words#*::}; echo ready; sleep 1000 & wait" || return
		assert_run 0 "*
init $first->1 sh: TERM meets: ${words%%::*}; 0 zombies; *" '' "$check" --pidns "$first"
		stop "$pid"
	done
}

testHasWaited() {
	# shellcheck disable=SC2016 # that shell's
	ns sh -c '(exit 3); (exit 4); echo ready; sleep 1000; :' || return
	assertEquals '[true]' "$(json '[.inits[].has_waited]' --pidns "$first")"
	stop "$pid"
	ns sh -c 'echo ready; sleep 1000; :' || return
	assertEquals '[null]' "$(json '[.inits[].has_waited]' --pidns "$first")"
}

# The init itself has ended, and its parent does not wait.
testZombieInit() {
	need_root || return 0
	ns "$CHECK_SCENE" zombies 1 kid || return
	kill -STOP "$pid"
	wait_state "$pid" T
	kill -KILL "$first"
	wait_state "$first" Z
	assertEquals "[$pid,true,[1]]" \
		"$(json ".culprits[] | select(.pid == $pid) | [.pid, .stopped, [.zombies[].inner]]" -a 0)"
	assertEquals '[]' "$(json "[.inits[] | select(.pid == $first)]" -a 0)"
	kill -CONT "$pid"
}

# ---- nested

# A namespace in a namespace, each with an init that never waits, and ordinary ones.
nested() {
	# shellcheck disable=SC2016 # that shell's
	ns sh -c '"$1" zombies 2 upper >"$2/upper" & while ! grep -q ready "$2/upper"; do :; done
		unshare --pid --fork --kill-child "$1" below 2 lower' sh "$CHECK_SCENE" "$T/anyone"
}

# Numbers are those of there, but for `inner`: so nothing else may differ, nor the order that goes by them.
# shellcheck disable=SC2016 # jq's
only_inner='[.culprits[] | {inner, name, kind, stopped,
	zombies: [.zombies[] | {inner, name}] | sort_by(.inner)}] as $c |
	{status, zombies, culprits: $c | sort_by(.name),
	inits: [.inits[] | {inner, name, sigterm, zombies, has_waited}] | sort_by(.name)}'

testNestedFromOutsideIsAsInside() {
	need_root || return 0
	nested || return
	lower=$(json '.inits[] | select(.name == "check-scene") | .pid' -a 0 --pidns-tree "$first")
	wait_state "$lower" S
	inside "$first" "$check" -J -a 0 | jq "$only_inner" >"$T/inside"
	"$check" -J -a 0 --pidns-tree "$first" | jq "$only_inner" >"$T/outside"
	diff "$T/inside" "$T/outside" >"$T/diff" || fail "$(cat "$T/diff")"
	assertEquals '[4,["check-scene","middle"],2]' \
		"$(jq -c '[.zombies, ([.culprits[].name] | sort), (.inits | length)]' "$T/outside")"
	# Alone it is without the one below, which is the same from anywhere.
	assertEquals '[2,1]' "$(json '[.zombies, (.inits | length)]' -a 0 --pidns "$first")"
	inside "$lower" "$check" -J -a 0 | jq "$only_inner" >"$T/inside"
	"$check" -J -a 0 --pidns "$lower" | jq "$only_inner" >"$T/outside"
	diff "$T/inside" "$T/outside" >"$T/diff" || fail "$(cat "$T/diff")"
	assertEquals '[2,1]' "$(jq -c '[.zombies, (.inits | length)]' "$T/outside")"
	# By other names of it.
	for ref in "$(inode "$lower")" "pid:[$(inode "$lower")]" $(enabled PID_REF && echo "1@$lower"); do
		assertEquals "$ref" "[$lower]" "$(json '[.inits[].pid]' -a 0 --pidns "$ref")"
	done
}

# ---- thresholds

testThresholds() {
	ns "$CHECK_SCENE" zombies 3 worker || return
	while read -r want status words; do
		# shellcheck disable=SC2086,SC2090 # they are words
		run "$check" -a 0 --pidns "$first" $words
		assertEquals "status of $words" "$want" "$rc"
		like "$out" "PIDCHECK $status: 3 zombies *" || fail "$words: $out"
	done <<-'END'
		1 WARNING -w 1
		1 WARNING -w 3
		0 OK -w 4
		1 WARNING -w3
		0 OK --warning=4
		1 WARNING --warning 3 --critical 4
		2 CRITICAL --warning 1 --critical 3
		2 CRITICAL -w 9 -c 3
		2 CRITICAL -c 1
		1 WARNING -c 4
		0 OK -w 4 -c 4
		0 OK -w 4 -c 2147483647
	END
	run "$check" -a 0 --pidns "$first" -w 2 -c 7
	like "$out" 'PIDCHECK WARNING: * | zombies=3;2;7;0 inits=1 unreadable=0
*' || fail "$out"
	enabled PIDCHECK_JSON || return 0
	assertEquals '[2,7,"WARNING",1]' "$(json '[.warning, .critical, .status, .exit]' -a 0 --pidns "$first" -w 2 -c 7)"
}

# ---- JSON

testJson() {
	ns "$CHECK_SCENE" zombies 1 worker || return
	zombie=$(first_child "$first")
	inode=$(inode "$first")
	help=$not_init
	assertEquals "{\"status\":\"WARNING\",\"reason\":null,\"exit\":1,\"zombies\":1,\"unreadable\":0,\"warning\":1,\
\"critical\":null,\"min_age_ms\":0,\"culprits\":[{\"pid\":$first,\"inner\":1,\"name\":\"check-scene\",\"pidns\":$inode,\
\"kind\":\"init\",\"stopped\":false,\"help\":\"$help\",\"zombies\":[{\"pid\":$zombie,\"inner\":2,\"name\":\"worker\",\
\"parent\":$first}]}],\"inits\":[{\"pid\":$first,\"inner\":1,\"name\":\"check-scene\",\"pidns\":$inode,\
\"sigterm\":\"default\",\"zombies\":1,\"has_waited\":null}]}" "$("$check" --json -a 0 --pidns "$first")"
}

testJsonOfNothing() {
	assertEquals '["OK",null,0,0,0,[],1]' "$(in_ns "$check" -J | jq -c \
		'[.status, .reason, .exit, .zombies, .unreadable, .culprits, (.inits | length)]')"
}

# Somebody else's text: no line, no figures, no JSON of its own.
testHostileNames() {
	name=$(printf 'a|b\nc\033"\\\377')
	ns "$CHECK_SCENE" zombies 2 "$name" || return
	run "$check" -a 0 --pidns "$first"
	assertEquals 1 "$rc"
	assertEquals 5 "$(printf '%s\n' "$out" | wc -l)"
	assertEquals 1 "$(printf '%s\n' "$out" | grep -c '|')"
	assertEquals 2 "$(printf '%s\n' "$out" | grep -c '^  zombie [0-9]*->[23] a?b?c?"\\?$')"
	assertEquals '["a|b\nc\u001b\"\\�","a|b\nc\u001b\"\\�"]' \
		"$(json '[.culprits[].zombies[].name]' -a 0 --pidns "$first")"
}

# ---- who asks

testOrdinaryUser() {
	need_root || return 0
	ns "$CHECK_SCENE" zombies 2 worker || return
	run as_user "$check" --json -a 0
	printf '%s\n' "$out" >"$T/json"
	assertEquals "[[1,\"check-scene\",\"init\",null,2]]" \
		"$(jq -c "[.culprits[] | select(.pid == $first) |
			[.inner, .name, .kind, .pidns, (.zombies | length)]]" "$T/json")"
	assertEquals '[["unknown",2]]' "$(jq -c "[.inits[] | select(.pid == $first) | [.sigterm, .zombies]]" "$T/json")"
	assert_run 3 "PIDCHECK UNKNOWN: $first: its PID namespace may not be read (try as root)" '' \
		as_user "$check" --pidns "$first"
	# His own he may.
	stop "$pid"
	# shellcheck disable=SC2086 # they are words
	start $AS_USER unshare --user --map-root-user --pid --fork --kill-child "$CHECK_SCENE" zombies 2 worker || return
	first=$(first_child "$pid")
	wait_state "$first" S
	assert_run 1 "PIDCHECK WARNING: 2 zombies *
init $first->1 check-scene: TERM meets: default, *" '' as_user "$check" -a 0 --pidns "$first"
}

# Processes that are listed but may not be read.
testHidden() {
	need_root || return 0
	# shellcheck disable=SC2016 # that shell's
	run in_ns sh -c 'mount -t proc -o hidepid=1 proc /proc && sleep 1000 & wait_for() { :; }
		until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done 2>/dev/null
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; rc=$?; kill $!; exit $rc' sh "$check"
	assertEquals "0 $err" '0 ' "$rc $err"
	assertEquals 'PIDCHECK OK: 0 zombies, 2 processes unreadable | zombies=0;1;;0 inits=0 unreadable=2' "$out"
}

# ---- where it looks

testNoProc() {
	[ -z "${ASAN_OPTIONS:-}" ] || return 0 # its runtime wants a /proc, and says so
	need_root || return 0
	# shellcheck disable=SC2016 # that shell's
	for json in '' --json; do
		run unshare --mount sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$check" $json
		assertEquals "3 $err" '3 ' "$rc $err"
		if [ -z "$json" ]; then
			assertEquals 'PIDCHECK UNKNOWN: no /proc here: the cure is: mount -t proc proc /proc' "$out"
		else
			assertEquals '["UNKNOWN","no /proc here: the cure is: mount -t proc proc /proc",3]' \
				"$(jq -c '[.status, .reason, .exit]' "$T/out")"
		fi
	done
}

testWrongRefs() {
	assert_run 3 'PIDCHECK UNKNOWN: 4194303: *' '' "$check" --pidns 4194303
	assert_run 3 'PIDCHECK UNKNOWN: 000000000000: no such PID namespace or container' '' "$check" --pidns 000000000000
	assert_run 3 'PIDCHECK UNKNOWN: a?b|c: not a process: *' '' "$check" --pidns "$(printf 'a\033b|c')"
	assert_run 3 "PIDCHECK UNKNOWN: $T/none: $(reason 'No such file or directory' 2)" '' "$check" --proc "$T/none"
	assertEquals '["UNKNOWN",3,[]]' "$(json '[.status, .exit, .inits]' --pidns 4194303)"
}

testForeignProc() {
	need_root || return 0
	ns "$CHECK_SCENE" zombies 0 none || return
	run nsenter --target "$first" --pid "$check" -a 0 -w 1000000
	assertEquals 0 "$rc"
	assertEquals "pidcheck: /proc is that of another PID namespace: these are not our numbers \
(mount -t proc proc /proc)" "$err"
}

testRecorded() {
	assert_run 1 'PIDCHECK WARNING: 1 zombie that 1 process has not waited for | zombies=1;1;;0 inits=9 unreadable=0
20997->1 sh, the init of a PID namespace, has not waited for 1 zombie: *
  zombie 21020->12 gone
init 1 systemd: TERM meets: unknown; 0 zombies; not known to have ever waited
init 20997->1 sh: TERM meets: unknown; 1 zombie; *' '' \
		"$check" -a 0 --proc "$TOP/tests/proc/host-with-containers"
	enabled PIDCHECK_JSON || return 0
	for tree in "$TOP"/tests/proc/*/; do
		run "$check" --json -a 0 --proc "$tree"
		jq -e .status "$T/out" >/dev/null || fail "$tree: $out $err"
	done
}

# ---- misuse, lost output

testMisuse() {
	for words in '-w' '-w x' '-w -1' '-w 1.5' '-c 99999999999' '--min-age x' '--min-age infinity' \
		'--min-age -1' '--nope' 'word' '-a' '--critical='
	do
		# shellcheck disable=SC2086 # they are words
		assert_run 3 '' "pidcheck: *
Try 'pidcheck --help' for more information." "$check" $words
	done
}

testLostOutput() {
	"$check" -a 0 -w 1000000 >/dev/full 2>"$T/err"
	rc=$?
	assertEquals "3 pidcheck: write error: $(reason 'No space left on device' 28)" "$rc $(cat "$T/err")"
	{
		"$check" -a 0 -w 1000000
		echo $? >"$T/status"
	} 2>"$T/err" | :
	assertEquals '' "$(cat "$T/err")"
	assertEquals 0 "$(cat "$T/status")"
}

# It only looks.
testOnlyLooks() {
	strace -f -o "$T/trace" "$check" -a 0 >/dev/null 2>&1
	assertEquals '' "$(grep -E '(kill|ptrace|setns|unshare|pidfd_send_signal)\(|O_RDWR|O_WRONLY' "$T/trace")"
}

testNotBuiltIn() {
	enabled PIDCHECK_JSON || assert_run 3 '' "pidcheck: unrecognized option '--json'
*" "$check" --json
}

suite() { tests_of PIDCHECK_JSON testOk testThresholds testMisuse testLost testOnly testForeign testHidden; }

. "${SHUNIT2:-shunit2}"
