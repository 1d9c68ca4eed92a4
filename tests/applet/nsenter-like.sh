#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter --like-target and --cap-drop: what the program may do, compared with /proc/PID of the target.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by the shells that are started; words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"
need strace strace
need setpriv util-linux
need prlimit util-linux

suite() { tests_of NSENTER_LIKE; }

NSENTER=$BIN/nsenter
CONFINE=$T/confine
if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -static -o "$CONFINE" \
	"$HELPER/confine.c"; then
	echo "$0: cannot compile confine.c: run scripts/setup test" >&2
	exit 1
fi
export CONFINE

if enabled STRERROR; then ETIMEDOUT='*timed out'; else ETIMEDOUT='error 110'; fi

testNotBuiltIn() {
	for option in --like-target --cap-drop; do
		assert_run 1 '' "nsenter: unrecognized option '$option'$try_line" "$NSENTER" -t $$ -u "$option"
	done
}

if enabled NSENTER_FORWARD; then FORWARD=--forward-signals; else FORWARD=; fi

ALL='^(Cap...|NoNewPrivs|Seccomp|Seccomp_filters):'
USED='^(CapPrm|CapEff|CapBnd|NoNewPrivs):'

# like_target OPTION...: that these lines of the program's status are the target's; also a program
# further on, which that one executes.
like_target() { like_in "$ALL" "$@"; }
like_in() {
	lines=$1
	shift
	its=$(grep -E "$lines" "/proc/$target/status")
	assert_prints "$its" "$NSENTER" -t "$target" --like-target "$@" grep -E "$lines" /proc/self/status
	assert_prints "$its" "$NSENTER" -t "$target" --like-target "$@" sh -c '
		cat /dev/null
		grep -E "$0" /proc/self/status' "$lines"
}

# sets INH PRM EFF BND AMB [NNP]: how /proc/PID/status shows them.
sets() {
	for name in CapInh CapPrm CapEff CapBnd CapAmb; do
		printf '%s:\t%16s\n' "$name" "$1" | tr ' ' 0
		shift
	done
}
SETS='^Cap'

# Which bits there are.
BND=$(field CapBnd)
KILL=20 NET_RAW=2000

# without BITS [SET]: the set, BND, without them.
without() { printf '%016x\n' "$((0x${2:-$BND} & ~0x$1))"; }

# has_cap BIT: whether we have it.
has_cap() { [ $((0x$(field CapEff) >> $1 & 1)) = 1 ]; }
SYS_RESOURCE=24

# ---- capabilities

testB17Capabilities() {
	need_root || return 0
	for words in '--bounding-set -net_raw,-sys_admin' '--inh-caps +net_raw,+kill' \
		'--bounding-set -setpcap' '--bounding-set -setuid,-setgid' \
		'--inh-caps +net_raw --ambient-caps +net_raw' '--no-new-privs' \
		'--no-new-privs --bounding-set -all --inh-caps -all' '--bounding-set -all --inh-caps -all' \
		'--securebits +noroot' '--reuid 123 --clear-groups' \
		'--reuid 123 --clear-groups --no-new-privs --bounding-set -net_raw' \
		'--reuid 123 --clear-groups --inh-caps +net_raw --ambient-caps +net_raw'; do
		target setpriv $words sh -c "$SLEEP" || return
		for options in '' -u '-u -F' "-u $FORWARD" '-u --kill-child'; do
			like_target $options
		done
		# Another user's program may do the same as root's.
		for options in '-u -S 123 -G 123' '-u -F -S 123' '-u -S follow -G follow'; do
			like_in "$USED" $options
		done
	done
}

# The user of the target, and all that it has.
testB17CapabilitiesWithTheUser() {
	need_root || return 0
	for words in '' '--no-new-privs' '--inh-caps +net_raw,+kill --ambient-caps +net_raw'; do
		target setpriv --reuid 123 --regid 456 --clear-groups $words sh -c "$SLEEP" || return
		like_target -u -S follow -G follow
		assert_run 0 '123 456 456' '' "$NSENTER" -t "$target" -u --like-target -S follow -G follow \
			sh -c 'echo $(id -u) $(id -g) $(id -G)'
	done
}

# What no exec gives: a permitted set of its own. It is the program's, by the ambient set.
testB17CapabilitiesThatAnExecLoses() {
	need_root || return 0
	for uid in 0 123; do
		for prm in $KILL $((KILL + NET_RAW)) 0; do
			target "$CONFINE" caps $uid 0 $prm "$BND" 0 || return
			assert_prints "$(sets $prm $prm $prm "$BND" $prm)" "$NSENTER" -t "$target" \
				--like-target -u -S follow grep -E "$SETS" /proc/self/status
			assert_prints "$(sets $prm $prm $prm "$BND" $prm)" "$NSENTER" -t "$target" \
				--like-target -u -F -S 5 grep -E "$SETS" /proc/self/status
		done
	done
	# Inheritable and not bounding.
	target "$CONFINE" caps 0 $NET_RAW $((KILL + NET_RAW)) $KILL 0 || return
	like_target -u
	target "$CONFINE" caps 123 $NET_RAW 0 $KILL 0 || return
	like_target -u -S follow
}

# Root without capabilities is nobody special: what it executes gets none, either.
testB17RootHasNoMore() {
	need_root || return 0
	target setpriv --reuid 123 --clear-groups sh -c "$SLEEP" || return
	assert_run 1 '' '*' "$NSENTER" -t "$target" -u --like-target sh -c 'hostname x'
	assert_run 1 '' '*' "$NSENTER" -t "$target" -u --like-target unshare -m sh -c 'true'
	assert_prints "0000000000000000" "$NSENTER" -t "$target" --like-target sh -c '
		sed -n "s/^CapPrm:.//p" /proc/self/status'
}

testB17CapabilitiesThatWeLack() {
	need_root || return 0
	target sh -c "$SLEEP" || return
	few=$(without $NET_RAW)
	assert_run 0 "$(sets 0 "$few" "$few" "$few" 0)" \
		"nsenter: capabilities of process $target that nsenter has not: net_raw" \
		setpriv --bounding-set -net_raw "$NSENTER" -t "$target" -u --like-target \
		grep -E "$SETS" /proc/self/status
	assert_one_line
	# What cannot be taken away does end it.
	target setpriv --bounding-set -net_raw sh -c "$SLEEP" || return
	assert_run 1 '' "nsenter: cannot limit the capabilities: prctl(PR_CAPBSET_DROP) failed: $EPERM" \
		setpriv --bounding-set -setpcap "$NSENTER" -t "$target" -u --like-target true
	assert_one_line
}

# They are rights over another user namespace.
testB17UserNamespace() {
	target $AS_USER unshare -r sh -c "$SLEEP" || return
	assert_run 1 '' "nsenter: option --like-target is about the user namespace of process $target (-U enters it)" \
		as_user "$NSENTER" -t "$target" --like-target true
	assert_one_line
	assert_run 0 '' '' as_user "$NSENTER" -t "$target" -U --like-target true
	assert_run 0 '' '' as_user "$NSENTER" -t "$target" "-U/proc/$target/ns/user" --like-target true
	assert_run 1 '' "nsenter: option --like-target is about *" \
		"$NSENTER" -t "$target" -U/proc/self/ns/user --like-target true
}

testB17AsUser() {
	for words in '--bounding-set -net_raw' '--no-new-privs' '--bounding-set -all' \
		'--inh-caps +kill --ambient-caps +kill'; do
		target $AS_USER unshare -rmuinpCf --mount-proc --kill-child setpriv $words \
			prlimit --nofile=100:200 sh -c "$SLEEP" || return
		its=$(grep -E "$ALL" "/proc/$target/status")
		for options in -U '-U -p -m' -a '-a --mount-proc' '-a --preserve-credentials' '-a -S 0 -G 0'; do
			assert_prints "$its" as_user "$NSENTER" -t "$target" --like-target $options \
				grep -E "$ALL" /proc/self/status
		done
		assert_prints '100 200' as_user "$NSENTER" -t "$target" -U --like-target \
			sh -c 'echo $(ulimit -Sn) $(ulimit -Hn)'
	done
}

# An ordinary user in no other namespace has nothing to lose.
testB17AsUserAtHome() {
	target $AS_USER setpriv --no-new-privs sh -c "$SLEEP" || return
	want=$(grep -E "$ALL" "/proc/$target/status")
	assert_prints "$want" as_user "$NSENTER" -t "$target" --like-target grep -E "$ALL" /proc/self/status
}

testB17IntoAUserNamespace() {
	need_root || return 0
	target unshare -Umuinp --fork --kill-child "$ENTER" stay || return
	echo '0 100000 1000' >"/proc/$target/uid_map"
	echo '0 100000 1000' >"/proc/$target/gid_map"
	for options in '' '-S 0 -G 0' '--preserve-credentials'; do
		assert_prints "$(grep -E "$USED" "/proc/$target/status")" "$NSENTER" -t "$target" -U -u --like-target $options \
			grep -E "$USED" /proc/self/status
	done
	like_in "$USED" -U -S 5 -G 6
}

# ---- B18

testB18CapDrop() {
	need_root || return 0
	target sh -c "$SLEEP" || return
	for list in net_raw,kill cap_net_raw,CAP_KILL 'kill --cap-drop NET_RAW' cap_13,cap_5; do
		few=$(without $((NET_RAW + KILL)))
		for options in -u '-u -F' '-u -S 0 -G 0'; do
			assert_prints "$(sets 0 "$few" "$few" "$few" 0)" \
				"$NSENTER" -t "$target" $options --cap-drop $list grep -E "$SETS" /proc/self/status
		done
		assert_prints "$(sets 0 0 0 "$few" 0)" \
			"$NSENTER" -t "$target" -u -S 123 --cap-drop $list grep -E "$SETS" /proc/self/status
	done
	for options in '' '-S 123 -G 123' '-S 0' -F; do
		assert_prints "$(sets 0 0 0 0 0)" \
			"$NSENTER" -t "$target" -u $options --cap-drop all grep -E "$SETS" /proc/self/status
		assert_prints "$(sets 0 0 0 0 0)" \
			"$NSENTER" -t "$target" -u $options --cap-drop ALL --like-target grep -E "$SETS" /proc/self/status
	done
}

# Of what the caller has handed on, too.
testB18CapDropOfAmbient() {
	need_root || return 0
	target sh -c "$SLEEP" || return
	few=$(without $KILL)
	assert_prints "$(sets $NET_RAW "$few" "$few" "$few" $NET_RAW)" \
		setpriv --inh-caps +net_raw,+kill --ambient-caps +net_raw,+kill \
		"$NSENTER" -t "$target" -u --cap-drop kill grep -E "$SETS" /proc/self/status
	three=+net_raw,+kill,+setpcap
	assert_prints "$(sets $NET_RAW $NET_RAW $NET_RAW "$(without 120)" $NET_RAW)" \
		setpriv --reuid 123 --clear-groups --inh-caps $three --ambient-caps $three \
		"$NSENTER" -w/ --cap-drop kill,setpcap grep -E "$SETS" /proc/self/status
}

testB18CapDropOfTheTargets() {
	need_root || return 0
	target setpriv --bounding-set -net_raw --inh-caps +kill sh -c "$SLEEP" || return
	few=$(without $((NET_RAW + KILL)))
	assert_prints "$(sets 0 "$few" "$few" "$few" 0)" \
		"$NSENTER" -t "$target" -u --like-target --cap-drop kill grep -E "$SETS" /proc/self/status
	two='--inh-caps +net_raw,+kill --ambient-caps +net_raw,+kill'
	target setpriv $two sh -c "$SLEEP" || return
	few=$(without $KILL)
	assert_prints "$(sets $NET_RAW "$few" "$few" "$few" $NET_RAW)" \
		"$NSENTER" -t "$target" -u --like-target --cap-drop kill grep -E "$SETS" /proc/self/status
	target setpriv --reuid 123 --clear-groups $two sh -c "$SLEEP" || return
	assert_prints "$(sets $NET_RAW $NET_RAW $NET_RAW "$(without $KILL)" $NET_RAW)" \
		"$NSENTER" -t "$target" -u --like-target --cap-drop kill grep -E "$SETS" /proc/self/status
}

# To enter a user namespace gives all of them.
testB18CapDropInAUserNamespace() {
	target $AS_USER unshare -rmuinpCf --mount-proc --kill-child sh -c "$SLEEP" || return
	full=$(field CapBnd "$target")
	few=$(without $NET_RAW "$full")
	for options in -U -a '-a -S 0 -G 0' '-U -p -F'; do
		assert_prints "$(sets 0 "$few" "$few" "$few" 0)" \
			as_user "$NSENTER" -t "$target" $options --cap-drop net_raw sh -c '
				grep -E "$0" /proc/self/status' "$SETS"
		assert_prints "$(sets 0 0 0 0 0)" \
			as_user "$NSENTER" -t "$target" $options --cap-drop all sh -c '
				grep -E "$0" /proc/self/status' "$SETS"
	done
	assert_prints "$(sets "$few" "$few" "$few" "$few" "$few")" \
		as_user "$NSENTER" -t "$target" -U --keep-caps --cap-drop net_raw grep -E "$SETS" /proc/self/status
	assert_prints "$(sets 0 0 0 0 0)" \
		as_user "$NSENTER" -t "$target" -U --keep-caps --cap-drop all grep -E "$SETS" /proc/self/status
}

# It adds nothing to what --keep-caps keeps.
testB18KeepCapsOfAnotherUser() {
	need_root || return 0
	target unshare -U sh -c "$SLEEP" || return
	echo '0 0 1000' >"/proc/$target/uid_map"
	echo '0 0 1000' >"/proc/$target/gid_map"
	full=$(field CapBnd "$target")
	assert_prints "$(sets 0 0 0 "$full" 0)" \
		"$NSENTER" -t "$target" -U -S 5 --keep-caps grep -E "$SETS" /proc/self/status
	assert_prints "$(sets 0 0 0 "$(without $KILL "$full")" 0)" \
		"$NSENTER" -t "$target" -U -S 5 --keep-caps --cap-drop kill grep -E "$SETS" /proc/self/status
}

testB18WrongList() {
	for list in foo '' 'kill,' ,kill kill,foo cap_64 cap_999999999999 all,foo -kill +kill '*'; do
		case $list in
		*foo*) word=foo ;;
		kill,* | ,*) word= ;;
		*) word=$list ;;
		esac
		assert_run 1 '' "nsenter: unknown capability '$word'" "$NSENTER" -t $$ -u --cap-drop "$list" echo in
		assert_one_line
	done
	# Nothing has been entered by then, not even looked for.
	assert_run 1 '' "nsenter: unknown capability 'x'" "$NSENTER" -t 999999999 --cap-drop x echo in
	# Nobody runs who could have it after all.
	assert_run 1 '' "nsenter: cannot limit the capabilities: prctl(PR_CAPBSET_DROP) failed: $EPERM" \
		as_user "$NSENTER" -w/ --cap-drop kill true
}

# ---- limits

# limits PID COMMAND...: what stands in both.
same_limits() {
	want=$(cat "/proc/$target/limits")
	assert_prints "$want" "$@" --like-target cat /proc/self/limits
}

LIMITS='--nofile=100:200 --core=0:0 --cpu=100:200 --fsize=1000000:2000000 --memlock=65536:65536
	--stack=4194304:16777216 --nproc=1000:2000 --as=4000000000:5000000000 --data=1000000000:1000000000
	--sigpending=10:20 --msgqueue=1000:2000 --locks=5:6 --rss=7:8 --rttime=9:10 --nice=0:0 --rtprio=0:0'

testB17Limits() {
	need_root || return 0
	target prlimit $LIMITS sh -c "$SLEEP" || return
	for options in '' -u '-u -F' '-u -S 123 -G 123' "-u $FORWARD"; do
		same_limits "$NSENTER" -t "$target" $options
	done
	# The soft one goes up too, as far as the hard one allows.
	same_limits prlimit --nofile=50: "$NSENTER" -t "$target" -u
	# A process of another user, for which prlimit(2) wants CAP_SYS_RESOURCE.
	target setpriv --reuid 123 --clear-groups prlimit --nofile=100:200 --core=0:0 sh -c "$SLEEP" || return
	same_limits "$NSENTER" -t "$target" -u
}

testB17LimitsAsUser() {
	target $AS_USER unshare -rpmf --mount-proc --kill-child prlimit --nofile=100:200 --core=0:0 \
		sh -c "$SLEEP" || return
	want=$(cat "/proc/$target/limits")
	assert_prints "$want" as_user "$NSENTER" -t "$target" -a --like-target cat /proc/self/limits
}

# nsenter itself has its own.
testB17LimitsAreTheProgramsAlone() {
	need_root || return 0
	target unshare -pf --kill-child prlimit --nofile=100:200 sh -c "$SLEEP" || return
	mkfifo "$T/ready"
	"$NSENTER" -t "$target" -p --like-target sh -c 'echo >"$0"; exec sleep 1000' "$T/ready" &
	entered=$!
	read -r _ <"$T/ready"
	program=$(children "$entered" | tr -d ' ')
	assertEquals "$(grep 'open files' "/proc/$target/limits")" "$(grep 'open files' "/proc/$program/limits")"
	assertEquals "$(grep 'open files' /proc/$$/limits)" "$(grep 'open files' "/proc/$entered/limits")"
	kill -KILL "$program"
	wait "$entered" 2>/dev/null
	rm "$T/ready"
}

testB17HigherLimits() {
	need_root || return 0
	target prlimit --nofile=300:400 --nproc=300:400 sh -c "$SLEEP" || return
	if has_cap $SYS_RESOURCE; then
		same_limits prlimit --nofile=64:128 "$NSENTER" -t "$target" -u
		return
	fi
	low="nsenter: limits stay below those of process $target, which takes CAP_SYS_RESOURCE"
	assert_run 0 '128 128 200 200' "$low: processes, open files" \
		prlimit --nofile=64:128 --nproc=100:200 "$NSENTER" -t "$target" -u --like-target bash -c '
			echo $(ulimit -Sn) $(ulimit -Hn) $(ulimit -Su) $(ulimit -Hu)'
	assert_one_line
	# In another user namespace it would be too late.
	target unshare -r sh -c "$SLEEP" || return
	run prlimit --nofile=64:128 strace -o "$T/trace" -e trace=prlimit64,setns \
		"$NSENTER" -t "$target" -U --like-target true
	assertEquals "$err" 0 "$rc"
	assertEquals 1 "$(sed '/^setns/,$d' "$T/trace" | grep -c 'RLIMIT_NOFILE.*EPERM')"
}

# ---- oom_score_adj

testB17OomScore() {
	target $AS_USER sh -c "$SLEEP" || return
	for score in 0 300 1000; do
		echo "$score" >"/proc/$target/oom_score_adj" || return
		assert_prints "$score" as_user "$NSENTER" -t "$target" --like-target cat /proc/self/oom_score_adj
	done
	target $AS_USER unshare -rpmf --mount-proc --kill-child sh -c "
		echo 77 >/proc/self/oom_score_adj; $SLEEP" || return
	assert_prints 77 as_user "$NSENTER" -t "$target" -a --like-target cat /proc/self/oom_score_adj
}

# It stays where it is.
testB17OomScoreThatIsLower() {
	target sh -c "$SLEEP" || return
	assert_run 0 '' "nsenter: the oom_score_adj of process $target is left out, since lowering it takes\
 CAP_SYS_RESOURCE: $EACCES" \
		strace -o "$T/trace" -e trace=write -e inject=write:error=EACCES:when=1 \
		"$NSENTER" -t "$target" --like-target true
	assertEquals 1 "$(grep -c '^write.*INJECTED' "$T/trace")"
}

# ---- cgroups

testB17Cgroup() {
	need_root || return 0
	target sh -c "$SLEEP" || return
	cgroup_of pidbox-like-$$ "$target" || return 0
	own=$(cat /proc/self/cgroup)
	if ! enabled NSENTER_CGROUP; then
		assert_prints "$own" "$NSENTER" -t "$target" --like-target cat /proc/self/cgroup
		return
	fi
	want=$(cat "/proc/$target/cgroup")
	for options in '' -u -F '-c -u'; do
		assert_prints "$want" "$NSENTER" -t "$target" --like-target $options cat /proc/self/cgroup
	done
	# Who may not join it stays outside.
	target $AS_USER sh -c "$SLEEP" || return
	cgroup_of pidbox-like-$$ "$target" || return 0
	assert_run 0 "$own" "nsenter: cannot join cgroup $group: $EACCES" \
		as_user "$NSENTER" -t "$target" --like-target cat /proc/self/cgroup
	assert_one_line
	assert_run 1 '' "nsenter: cannot join cgroup $group: $EACCES" \
		as_user "$NSENTER" -t "$target" --like-target -c cat /proc/self/cgroup
}

# ---- seccomp

testB17Filters() {
	need_root || return 0
	for filters in 7 5,6,7 7,6,5 0 9,0; do
		target "$CONFINE" filter $filters sh -c "$SLEEP" || return
		# Of those that refuse the youngest has the say.
		refusal=${filters%,0}
		for options in '' -u '-u -F' '-u --kill-child'; do
			assert_prints "${refusal##*,}" "$NSENTER" -t "$target" --like-target $options "$CONFINE" ask
			like_target $options
		done
		assert_prints "${refusal##*,}" "$NSENTER" -t "$target" --like-target -u -S 123 "$CONFINE" ask
		assert_prints 0 "$NSENTER" -t "$target" -u "$CONFINE" ask
	done
}

# As container engines have it: without no_new_privs, and without CAP_SYS_ADMIN, which alone lets
# filters be installed then.
testB17FiltersWithoutRights() {
	need_root || return 0
	for words in '--bounding-set -sys_admin' '--no-new-privs' '--bounding-set -all' \
		'--reuid 123 --clear-groups' '--reuid 123 --clear-groups --no-new-privs'; do
		target unshare -muinpf --mount-proc --kill-child "$CONFINE" filter 5,6 setpriv $words \
			sh -c "$SLEEP" || return
		for options in -u '-p -m' -a '-a -F'; do
			assert_prints 6 "$NSENTER" -t "$target" --like-target $options "$CONFINE" ask
			assert_prints "$(grep -E "$ALL" "/proc/$target/status")" \
				"$NSENTER" -t "$target" --like-target $options sh -c '
				grep -E "$0" /proc/self/status' "$ALL"
		done
		for options in '-u -S 123' '-u -S follow -G follow'; do
			assert_prints 6 "$NSENTER" -t "$target" --like-target $options "$CONFINE" ask
		done
	done
}

testB17FiltersInAUserNamespace() {
	need_root || return 0
	target setpriv --no-new-privs unshare -U "$CONFINE" filter 5,6 "$ENTER" stay || return
	echo '0 100000 1000' >"/proc/$target/uid_map"
	echo '0 100000 1000' >"/proc/$target/gid_map"
	assert_prints 6 "$NSENTER" -t "$target" -U --like-target "$CONFINE" ask
	assert_prints 6 "$NSENTER" -t "$target" -U --like-target -S 5 -G 6 "$CONFINE" ask
}

testB17FiltersThatCannotBeRead() {
	target $AS_USER unshare -r "$CONFINE" filter 7 sh -c "$SLEEP" || return
	left="nsenter: the seccomp filters of process $target"
	takes='are left out, which takes CAP_SYS_ADMIN and no filter of our own'
	assert_run 0 0 "$left $takes: $EACCES" \
		as_user "$NSENTER" -t "$target" -U --like-target "$CONFINE" ask
	assert_one_line
	need_root || return 0
	target "$CONFINE" filter 7 sh -c "$SLEEP" || return
	left="nsenter: the seccomp filters of process $target"
	assert_run 0 0 "$left $takes: $EACCES" \
		"$CONFINE" filter 0 "$NSENTER" -t "$target" -u --like-target "$CONFINE" ask
	assert_one_line
	# Who has that right over the target alone finds out when it has already stopped.
	assert_run 0 '0
quiet S' "nsenter: the seccomp filters of process [0-9]* $takes: $EACCES" \
		unshare -r "$CONFINE" parent run "$NSENTER" -t '{}' --like-target "$CONFINE" ask
	assert_one_line
}

testB17FiltersOfATracedTarget() {
	need_root || return 0
	target strace -qq -o /dev/null "$CONFINE" filter 7 sh -c "$SLEEP" || return
	assert_run 0 0 "nsenter: the seccomp filters of process $target, which another traces, are left out: $EPERM" \
		"$NSENTER" -t "$target" -u --like-target "$CONFINE" ask
	assert_one_line
	wait_state "$target" S
}

testB17NothingCanBeExecuted() {
	need_root || return 0
	target "$CONFINE" noexec || return
	for options in -u '-u -F'; do
		assert_run 126 '' "nsenter: failed to execute $ENTER: $EACCES*" \
			"$NSENTER" -t "$target" --like-target $options "$ENTER" args
		assert_one_line
	done
}

testB17StrictMode() {
	target $AS_USER "$CONFINE" strict || return
	assert_run 0 0 "nsenter: the strict seccomp mode of process $target is left out: it allows no program" \
		as_user "$NSENTER" -t "$target" --like-target "$CONFINE" ask
	assert_one_line
}

# As many as there can be.
testB17ManyFilters() {
	need_root || return 0
	target "$CONFINE" many || return
	assertTrue "$line filters" "[ $line -gt 3000 ]"
	like_target -u
	assert_prints 0 "$NSENTER" -t "$target" -u --like-target "$CONFINE" ask
	assertEquals 0 "$(field TracerPid "$target")"
	wait_state "$target" S
}

# ---- the target is none the worse for it

testTheTargetGoesOn() {
	need_root || return 0
	for _ in 1 2 3 4 5; do
		assert_prints 'quiet S' "$CONFINE" parent run "$NSENTER" -t '{}' -u --like-target true
		assert_prints 'quiet T' "$CONFINE" parent stop "$NSENTER" -t '{}' -u --like-target true
	done
	target "$CONFINE" filter 7 sh -c "$SLEEP" || return
	kill -STOP "$target"
	wait_state "$target" T
	assert_prints 7 "$NSENTER" -t "$target" -u --like-target "$CONFINE" ask
	assertEquals T "$(state "$target")"
	kill -CONT "$target"
	wait_state "$target" S
}

testNoSignalIsLost() {
	need_root || return 0
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		assert_prints '0 lost' "$CONFINE" flood "$NSENTER" -t '{}' -u --like-target true
	done
}

# Wherever nsenter is killed.
testTheTargetGoesOnWithoutUs() {
	need_root || return 0
	target "$CONFINE" filter 7 sh -c "$SLEEP" || return
	run "$ENTER" cut 300 "$NSENTER" -t "$target" -u --like-target true
	assertEquals "$err" 0 "$rc"
	wait_for '[ "$(field TracerPid "$target")" = 0 ]'
	wait_state "$target" S
	assert_prints 7 "$NSENTER" -t "$target" -u --like-target "$CONFINE" ask
}

# One that does not stop, since it waits in the kernel: it is not waited for, nor traced any longer.
testATargetThatDoesNotStop() {
	need_root || return 0
	background "$CONFINE" vfork
	started="$started $bg"
	next_line || return
	assert_run 0 0 "nsenter: the seccomp filters of process $bg are left out: $ETIMEDOUT" \
		"$NSENTER" -t "$bg" -u --like-target "$CONFINE" ask
	assert_one_line
	assertEquals 0 "$(field TracerPid "$bg")"
	assertEquals D "$(state "$bg")"
	# When nsenter ends meanwhile.
	"$NSENTER" -t "$bg" -u --like-target true &
	entered=$!
	wait_for '[ "$(field TracerPid "$bg")" != 0 ]'
	kill -KILL "$entered"
	wait "$entered" 2>/dev/null
	wait_for '[ "$(field TracerPid "$bg")" = 0 ]' 1
}

# Wherever the target is killed: the program starts with all of it, or one line says that it does not.
testTheTargetDies() {
	need_root || return 0
	run "$CONFINE" dying 300 "$NSENTER" -t '{}' -u --like-target "$CONFINE" ask
	assertEquals "$err" 0 "$rc"
	good=$(tail -n 1 "$T/out")
	assertEquals "programs without a filter" 0 "$(sed '$d' "$T/out" | grep -vc '^7$')"
	assertEquals "programs" "$good" "$(sed '$d' "$T/out" | wc -l)"
	assertEquals "lines" $((300 - good)) "$(wc -l <"$T/err")"
	assertEquals '' "$(grep -v '^nsenter: [^ ].*: .*' "$T/err")"
	assertTrue "$good of 300" "[ $good -gt 0 ] && [ $good -lt 300 ]"
}

# ---- together

# A container as engines make it, and all of it.
testB17Container() {
	need_root || return 0
	container +proc "+$CONFINE" "+$BUSYBOX" -- /confine filter 5,6 /enter stay || return
	cgroup_of pidbox-like-$$ "$target" || return 0
	echo 200 >"/proc/$target/oom_score_adj"
	prlimit --pid "$target" --nofile=100:200
	for options in -a '-a --mount-proc' '-a --kill-child' '-a -e -r -w' "-a $FORWARD"; do
		assert_prints "6
200
$(grep 'open files' "/proc/$target/limits")
$(grep -E "$ALL" "/proc/$target/status")" "$NSENTER" -t "$target" $options --like-target /busybox sh -c '
			/confine ask
			/busybox cat /proc/self/oom_score_adj
			/busybox grep "open files" /proc/self/limits
			/busybox grep -E "$0" /proc/self/status' "$ALL"
	done
	if enabled NSENTER_BRING; then
		assert_prints 6 "$NSENTER" -t "$target" -a --like-target --bring "$CONFINE" ask
	fi
}

# B33: neither ours nor one less.
testB33Descriptors() {
	need_root || return 0
	target "$CONFINE" filter 5,6 sh -c "$SLEEP" || return
	cgroup_of pidbox-like-$$ "$target" || return 0
	"$PROBE" fds "$T/want" 5</dev/null 7>/dev/null
	for options in '--like-target' '--cap-drop kill' '--like-target -F'; do
		"$NSENTER" -t "$target" -u $options "$PROBE" fds "$T/got" 5</dev/null 7>/dev/null
		assertEquals "$options" "$(cat "$T/want")" "$(cat "$T/got")"
	done
}

testWrongUse() {
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -u/proc/self/ns/uts --like-target true
	assert_run 1 '' 'nsenter: mutually exclusive arguments: --like-target --keep-caps' \
		"$NSENTER" -t $$ -u --like-target --keep-caps true
}

. "${SHUNIT2:-shunit2}"
