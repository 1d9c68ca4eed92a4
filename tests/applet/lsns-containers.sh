#!/bin/sh
# SPDX-License-Identifier: 0BSD
# lsns --containers: a line for each set of processes with a PID namespace of its own.
# The file itself runs in one, so that nobody else's are to be seen.
if [ -z "${OWN_PIDS:-}" ] && [ "$(id -u)" = 0 ]; then
	# shellcheck disable=SC2086 # "busybox sh" is two words
	OWN_PIDS=1 exec /usr/bin/unshare -p -f --mount-proc --kill-child ${TEST_SHELL:-sh} "$0"
fi
. "$(dirname "$0")/../lib.sh"

need jq jq
need pgrep procps
unset COLUMNS
lsns=$BIN/lsns
new=/usr/bin/unshare

# Without root there is nothing to be made here.
suite() {
	if [ "$(id -u)" = 0 ]; then
		tests_of LSNS_CONTAINERS
	else
		skip_because 'only root can make PID namespaces'
	fi
}

testNotBuiltIn() {
	enabled LSNS_CONTAINERS || assert_run 1 '' "lsns: unrecognized option '--containers'*" "$lsns" --containers
}

# ours ARG...: $rc and $out. Nothing on stderr.
ours() {
	run "$lsns" --containers "$@"
	assertEquals "stderr of lsns --containers $*" '' "$err"
	assertEquals "status of lsns --containers $*" 0 "$rc"
}

# start NAME CMD...: in the background; $started, and $child, its first one, which is "sleep" by then.
start() {
	"$@" </dev/null >/dev/null 2>&1 &
	started=$!
	all="${all-} $started"
	wait_for "[ -n \"\$(cat /proc/$started/task/$started/children)\" ]"
	child=$(cat "/proc/$started/task/$started/children")
	child=${child% }
}

# sleepers N: until so many live.
sleepers() { wait_for "[ \$(pgrep -c -r S -x sleep) = $1 ]"; }

# sleeps PID: until it has become a "sleep", whose words come behind its name.
sleeps() { wait_for "grep -q '^sleep' /proc/$1/cmdline"; }

# others: that somebody lives in another PID namespace than we do; one that has ended shows none.
others() {
	for who in /proc/[0-9]*; do
		space=$(readlink "$who/ns/pid") && [ "$space" != "$(readlink /proc/self/ns/pid)" ] && return
	done 2>/dev/null
	return 1
}

# Ends whoever was started, and waits for all of it.
tearDown() {
	for who in ${all-}; do
		kill -KILL "$who" 2>/dev/null
		kill -CONT "$who" 2>/dev/null
		wait "$who" 2>/dev/null
	done
	all=
	sleepers 0
	wait_for '! others'
	rm -f "$T/fifo"
	return 0
}

inode() { stat -L -c %i "/proc/$2/ns/$1"; }

# ---- B27

testB27OneLineEach() {
	start $new --pid --fork --kill-child sleep 1000
	sleeps "$child"
	ours -n -r -o NS,INIT,NSPID,USER,NPROCS,ZOMBIES,SIGTERM,CONTAINER,COMMAND
	# A TERM is lost: it is the init of a PID namespace without a handler.
	assertEquals "$(inode pid "$child") $child $child,1 root 1 0 default  sleep\\x201000" "$out"
	ours
	assertEquals 'NS INIT NSPID USER NPROCS ZOMBIES SHARED OWN SIGTERM CONTAINER COMMAND' \
		"$(head -n 1 "$T/out" | xargs)"
	assertEquals 2 "$(wc -l <"$T/out")"
	ours -n
	assertEquals 1 "$(wc -l <"$T/out")"
	ours -n -r --output-all
	assertEquals "$(inode pid "$child") $(inode pid self) $child $child,1 $child $started 0 root 1 0" \
		"$(echo "$out" | cut -d ' ' -f 1-10)"
}

# A service with a private /tmp, a network or a user namespace is none.
testB27NoContainer() {
	ours
	assertEquals '' "$out"
	for kind in mount net user ipc uts cgroup time; do
		start $new --$kind --fork --kill-child sleep 1000
		sleeps "$child"
	done
	ours
	assertEquals '' "$out"
	enabled JSON || return 0
	ours -J
	assertEquals '{"namespaces":[]}' "$(jq -c . "$T/out")"
}

testB27Kinds() {
	start $new --pid --fork --kill-child sleep 1000
	sleeps "$child"
	ours -n -r -o SHARED,OWN -p "$child"
	assertEquals 'user,cgroup,ipc,uts,net,mnt,time pid' "$out"
	tearDown
	start $new --pid --fork --kill-child --mount --net --uts sleep 1000
	sleeps "$child"
	ours -n -r -o SHARED,OWN
	assertEquals 'user,cgroup,ipc,time uts,net,pid,mnt' "$out"
	tearDown
	start $new --user --map-root-user --pid --fork --kill-child --mount --net --uts --ipc --cgroup --time sleep 1000
	sleeps "$child"
	ours -n -r -o SHARED,OWN
	assertEquals ' user,cgroup,ipc,uts,net,pid,mnt,time' "$out"
	if enabled LSNS_FILTER; then
		ours -n -r -o INIT -Q 'not shared =~ "net"'
		assertEquals "$child" "$out"
	fi
	# Who has other namespaces than his init counts with his init.
	ours -n -r -o NPROCS
	assertEquals 1 "$out"
}

# Us is lsns: from inside, what it sees through another mount of proc is its own.
testB27UsIsLsns() {
	mkdir "$T/other"
	# shellcheck disable=SC2016 # expanded by that shell
	run $new --mount sh -c 'mount --bind /proc "$1" && unshare --uts --pid --fork --kill-child --mount-proc \
		"$2" --containers --proc "$1" -n -r -o SHARED,OWN,NSPID' sh "$T/other" "$lsns"
	like "$out $err" 'user,cgroup,ipc,uts,net,pid,mnt,time  [0-9]*,1 ' || fail "$out $err"
	rmdir "$T/other"
}

testB27Nested() {
	start $new --pid --fork --kill-child $new --pid --fork --kill-child sh -c 'sleep 1000 & sleep 1001; :'
	sleepers 2
	outer=$child
	inner=$(cat "/proc/$outer/task/$outer/children")
	inner=${inner% }
	LC_ALL=C.UTF-8 ours -n -o INIT,NSPID,NPROCS,COMMAND
	assertEquals "$outer $outer,1 1 unshare --pid --fork --kill-child sh -c sleep 1000 & sleep 1001; :
$inner $inner,2,1 3 └─sh -c sleep 1000 & sleep 1001; :" "$(sed 's/^ *//; s/  */ /g; s/\/usr\/bin\///' "$T/out")"
	ours -l -n -o COMMAND -p "$inner"
	assertEquals 'sh -c sleep 1000 & sleep 1001; :' "$out"
	# By number, and the kernel gives numbers again that have become free.
	ours -n -r -o NS,PNS
	assertEquals "$(printf '%s\n' "$(inode pid "$outer") $(inode pid self)" \
		"$(inode pid "$inner") $(inode pid "$outer")" | sort -n)" "$out"
	enabled LSNS_FILTER || return 0
	# The one around is left out, and what is in it stands alone.
	ours -n -o COMMAND -Q "init == $inner"
	assertEquals 'sh -c sleep 1000 & sleep 1001; :' "$out"
}

# An init that has ended, and for which nobody waits.
testB27InitIsAZombie() {
	start $new --pid --fork sh -c 'sleep 1000 & sleep 1001; :'
	sleepers 2
	set=$(inode pid "$child")
	kill -STOP "$started"
	wait_state "$started" T
	kill -KILL "$child"
	wait_state "$child" Z
	ours -n -r -o NS,INIT,NPROCS,ZOMBIES,SIGTERM,COMMAND
	assertEquals "$set $child 1 1 zombie sh" "$out"
}

testB27Zombies() {
	mkfifo "$T/fifo"
	# shellcheck disable=SC2016 # expanded by that shell
	start $new --pid --fork --kill-child sh -c '(:) & (:) & sh -c "exit 3" & exec sleep 1000'
	sleeps "$child"
	wait_for "[ \"\$(grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null | wc -l)\" = 3 ]"
	ours -n -r -o NPROCS,ZOMBIES
	assertEquals '4 3' "$out"
}

# What a TERM meets: each word.
testB27Sigterm() {
	mkfifo "$T/fifo"
	# shellcheck disable=SC2016 # expanded by that shell
	start $new --pid --fork --kill-child sh -c 'trap : TERM; echo >"$1"; sleep 1000; :' sh "$T/fifo"
	read -r _ <"$T/fifo"
	# Around its fork a shell has all blocked.
	sleepers 1
	wait_state "$child" S
	ours -n -r -o SIGTERM
	assertEquals handler "$out"
	tearDown
	start $new --pid --fork --kill-child sh -c 'trap "" TERM; exec sleep 1000'
	sleeps "$child"
	ours -n -r -o SIGTERM
	assertEquals ignored "$out"
	tearDown
	enabled INIT || return 0
	start $new --pid --fork --kill-child "$BIN/pidbox" init sleep 1000
	sleepers 1
	ours -n -r -o SIGTERM
	assertEquals waits "$out"
}

# Whose namespaces may not be read: what everybody may know is told.
testB28Unreadable() {
	start $new --pid --fork --kill-child sleep 1000
	sleeps "$child"
	run as_user "$lsns" --containers -n -r -o NS,INIT,NSPID,NPROCS,USER,SHARED,OWN,COMMAND
	assertEquals " $child $child,1 1 root   sleep\\x201000" "$out"
	assertEquals '0 lsns: 1 processes unreadable (no permission): their namespaces are unknown' "$rc $err"
	enabled JSON || return 0
	run as_user "$lsns" --containers -J -o ns,init,shared,own
	assertEquals "{\"namespaces\":[{\"ns\":null,\"init\":$child,\"shared\":null,\"own\":null}]}" "$(jq -c . "$T/out")"
}

# Those that may not be looked at stand behind those that may.
testB28UnreadableAreLast() {
	start $new --pid --fork --kill-child sleep 1000
	hidden=$child
	start setpriv --reuid 65534 --regid 65534 --clear-groups $new --user --map-root-user --pid --fork \
		--kill-child sleep 1001
	sleepers 2
	run as_user "$lsns" --containers -n -r -o NS,INIT
	assertEquals "$(inode pid "$child") $child
 $hidden" "$out"
}

testB27ContainerId() {
	id=4f1c2d9a8b3e4f1c2d9a8b3e4f1c2d9a8b3e4f1c2d9a8b3e4f1c2d9a8b3e4f1c
	dir=$(cgroup_dir "docker-$id.scope") || {
		skip_because 'no cgroup can be made here'
		return
	}
	dir=$dir/docker-$id.scope
	# shellcheck disable=SC2016 # expanded by that shell
	start $new --pid --fork --kill-child sh -c 'exec sleep 1000'
	sleeps "$child"
	echo "$child" >"$dir/cgroup.procs"
	ours -n -o CONTAINER
	assertEquals 4f1c2d9a8b3e "$out"
	ours -n -u -o CONTAINER
	assertEquals "$id" "$out"
	ours -n -r -o CONTAINER
	assertEquals "$id" "$out"
	if enabled JSON; then
		ours -J -o container
		assertEquals "{\"namespaces\":[{\"container\":\"$id\"}]}" "$(jq -c . "$T/out")"
	fi
	if enabled LSNS_FILTER; then
		ours -n -r -o INIT -Q 'container =~ "^4f1c2d9a8b3e"'
		assertEquals "$child" "$out"
	fi
	tearDown
	wait_for "rmdir '$dir' 2>/dev/null" # who ends leaves its namespaces before its cgroup
}

testB27Json() {
	enabled JSON || return 0
	start $new --pid --fork --kill-child --uts sleep 1000
	sleeps "$child"
	ours -J
	assertEquals "[$(inode pid "$child"),$child,\"$child,1\",\"root\",1,0]" \
		"$(jq -c '.namespaces[0] | [.ns, .init, .nspid, .user, .nprocs, .zombies]' "$T/out")"
	assertEquals '["user,cgroup,ipc,net,mnt,time","uts,pid","default","","sleep 1000"]' \
		"$(jq -c '.namespaces[0] | [.shared, .own, .sigterm, .container, .command]' "$T/out")"
	assertEquals 1 "$(jq '.namespaces | length' "$T/out")"
}

testB27FilterAndTask() {
	enabled LSNS_FILTER || return 0
	start $new --pid --fork --kill-child sleep 1000
	first=$child
	sleeps "$first"
	start $new --pid --fork --kill-child --net sh -c 'sleep 1001 & sleep 1002; :'
	sleepers 3
	ours -n -r -o INIT -Q 'own =~ "net"'
	assertEquals "$child" "$out"
	ours -n -r -o INIT -Q 'shared =~ "net" and sigterm == "default" and zombies == 0'
	assertEquals "$first" "$out"
	ours -n -r -o INIT -Q 'nprocs > 2'
	assertEquals "$child" "$out"
	member=$(pgrep -x -f 'sleep 1001')
	ours -n -r -o INIT -p "$member"
	assertEquals "$child" "$out"
	ours -n -r -o INIT -p $$
	assertEquals '' "$out"
	assert_run 1 '' "lsns: --filter: column 1: 'path': *" "$lsns" --containers -Q 'path == "x"'
}

# A recorded host with containers of several engines.
testB27RecordedHost() {
	ours --proc "$TOP/tests/proc/host-with-containers" -l -n -r -o INIT,NSPID,NPROCS,ZOMBIES,CONTAINER,COMMAND
	assertEquals '20997 20997,1 6 1 4f1c2d9a8b3e /bin/sh\x20/entry
21050 21050,20,1 2 0 c0ffee000001 /sbin/docker-init\x20--\x20sh
21060 21060,30,6,1 2 0 c0ffee000001 sleep\x20infinity
23002 23002,1 2 0 9a7e00c4d512 /catatonit\x20-P
24010 24010,1 1 0 77aa00bb11cc /pause
24020 24020,1 1 0 123456789012 python3\x20-m\x20http.server
24030 24030,1 1 0 123456789012 redis-server\x20*:6379
25001 25001,1 1 0 0badcafe0002 tail\x20-f\x20/dev/null' \
		"$(sed 's/ \([0-9a-f]\{12\}\)[0-9a-f]\{52\} / \1 /' "$T/out")"
	LC_ALL=C ours --proc "$TOP/tests/proc/host-with-containers" -n -o COMMAND
	like "$out" '*
`-/sbin/docker-init -- sh
  `-sleep infinity
*' || fail "$out"
}

testMisuse() {
	while read -r words; do
		# shellcheck disable=SC2086 # they are words
		assert_run 1 '' 'lsns: options --containers and --* cannot be combined' "$lsns" --containers $words
	done <<-'END'
		-P
		-T
		-t pid
	END
	assert_run 1 '' 'lsns: --containers is mutually exclusive with <namespace>' "$lsns" --containers 1
	assert_run 1 '' 'lsns: unknown column: path' "$lsns" --containers -o path
	ours -H -r -n
	assertEquals 'NS PNS INIT NSPID PID PPID UID USER NPROCS ZOMBIES SHARED OWN SIGTERM CONTAINER COMMAND' \
		"$(cut -d ' ' -f 1 "$T/out" | xargs)"
}

. "${SHUNIT2:-shunit2}"
