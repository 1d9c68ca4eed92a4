#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps: what it tells of PID namespaces, and by what of them one may choose.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"
PS=$BIN/ps
need jq jq
self_ns=$(inode self)
kinds='cgroup ipc mnt net pid time user uts'

# The scene, a process with no namespace of its own ($plain), and one of another user ($theirs).
oneTimeSetUp() {
	scene_with_namespaces users || exit
	until='plain' start "$SCENE" idle plain || exit
	plain=$pid
	if [ "$(id -u)" = 0 ]; then
		# shellcheck disable=SC2086 # they are words
		until='theirs' start $AS_USER "$SCENE" idle theirs || exit
		theirs=$pid
	fi
}

oneTimeTearDown() { stop_all; }

# everybody: of the scene, with those who came in.
everybody() {
	awk '{ print $2 }' "$T/members"
	echo "$entered"
}

# of_inode INODE: all who are in it and whom we may ask, by /proc alone; but not who comes and goes.
of_inode() {
	stat -L -c '%i %n' /proc/[0-9]*/ns/pid 2>/dev/null |
		awk -F '[ /]' -v inode="$1" '$1 == inode { print $4 }' | sort -n
}

# ---- numbers

testNspid() {
	for pid in $(everybody) $deep0 $deep1 $deep2 $deep3 $plain 1; do
		assertEquals "nspid of $pid" "$pid $(chain "$pid")" "$(tell -o pid,nspid -p "$pid")"
	done
	assertEquals 'four numbers' 4 "$(tell -o nspid -p "$deep3" | tr ',' '\n' | wc -l)"
	like "$(tell -o nspid -p "$(member inner-init)")" '*,*,1' || fail "of $(member inner-init)"
}

testNslevel() {
	assertEquals '0 1 2 3' \
		"$(tell -o nslevel -q "$deep0,$deep1,$deep2,$deep3" | xargs)" # in this order
	assertEquals '0 1 1 2 2 2' "$(for name in sleeper zombie-1 inner-init leaf leaf-zombie; do
		tell -o nslevel -p "$(member "$name")"
	done | xargs echo "$(tell -o nslevel -p "$scene")")"
}

testNstgidNspgidNssid() {
	for pid in $(everybody) $deep0 $deep1 $deep2 $deep3 $plain; do
		want="$(field NStgid "$pid") / $(field NSpgid "$pid") / $(field NSsid "$pid")"
		assertEquals "of $pid" "$(echo "$want" | tr '\t' ,)" \
			"$(tell -o nstgid,nspgid,nssid -p "$pid" | sed 's, , / ,g')"
	done
	# The leaders of these are gone; nobody else has their numbers.
	like "$(tell -o nspgid -p "$(member in-dead-group)")" '*,[1-9]*' || fail 'a dead leader of a group'
	like "$(tell -o nssid -p "$(member in-dead-sess)")" '*,[1-9]*' || fail 'a dead leader of a session'
	# Its group is the test's, which is not to be seen in there.
	like "$(tell -o nspgid -p "$init")" '*,0' || fail 'a leader outside'
}

testThreads() {
	threads=$(member threads)
	set -- "/proc/$threads/task"/*
	assertEquals 'there are three' 3 $#
	for dir; do
		sed -n 's/^NStgid:[[:space:]]*//p' "$dir/status" | tr '\t' , | sed "s,^,${dir##*/} ,"
	done >"$T/want"
	assertEquals "$(sort -n "$T/want")" "$(tell -Lo lwp,nstgid -p "$threads" | sort -n)"
	assertEquals "1 1 1" "$(tell -Lo nslevel -p "$threads" | xargs)"
	assertEquals "$init $init $init" "$(tell -Lo nsinit -p "$threads" | xargs)"
	assertEquals "$(printf '%s\n' "$(inode "$threads")" "$(inode "$threads")" "$(inode "$threads")")" \
		"$(tell -Lo pidns -p "$threads")"
}

# ---- who is responsible

testNsinit() {
	nested=$(member inner-init)
	for pid in $(everybody); do
		case $(tell -o nslevel -p "$pid") in
		1) want=$init ;;
		*) want=$nested ;;
		esac
		assertEquals "of $pid" "$want" "$(tell -o nsinit -p "$pid")"
	done
	assertEquals "$deep1" "$(tell -o nsinit -p "$deep1")"
	assertEquals "$deep3" "$(tell -o nsinit -p "$deep3")"
	assertEquals 'of the test' 1 "$(tell -o nsinit -p "$plain")"
	assertEquals 'of PID 1' 1 "$(tell -o nsinit -p 1)"
}

testReaper() {
	for pid in $(everybody) $deep1 $deep3 $plain; do
		parent=$(field PPid "$pid")
		assertEquals "of $pid" "$parent $(cat "/proc/$parent/comm")" "$(tell -o reaper -p "$pid")"
	done
	assertEquals 'of a zombie' "$(member negligent) negligent" "$(tell -o reaper -p "$(member zombie-2)")"
	assertEquals 'of another' "$init init" "$(tell -o reaper -p "$(member zombie-1)")"
	case $self_ns in
	4026531836) assertEquals 'of the machine' '0 (kernel)' "$(tell -o reaper -p 1)" ;;
	*) assertEquals 'nobody here' '0 (outside)' "$(tell -o reaper -p 1)" ;;
	esac
}

# Where a tree was recorded does not matter; and without links nobody knows where PID 1 is from.
testReaperInARecordedTree() {
	assertEquals '1 0 (kernel)
2 0 (kernel)
17 2 kthreadd
20997 800 containerd-shim
22001 22000 nsenter' "$(tell --proc "$TOP/tests/proc/host-with-containers" -o pid,reaper -p 1,2,17,20997,22001)"
	assertEquals '1 0 (outside)
7 0 (outside)
9 1 sh' "$(tell --proc "$TOP/tests/proc/container-view" -o pid,reaper -p 1,7,9)"
	assertEquals '1 0 (outside)
2 0 (kernel)' "$(tell --proc "$TOP/tests/proc/old-kernel" -o pid,reaper -p 1,2)"
}

# A name that holds a newline, an escape sequence and what ends names in /proc/PID/stat.
testReaperWithAHostileName() {
	rm -f "$T/fifo"
	mkfifo "$T/fifo"
	# shellcheck disable=SC2016 # expanded by that shell
	until=ready start sh -c 'printf "a) R 1\n(b\033[1m" >/proc/self/comm; "$1" idle below >"$2" &
		read -r _ <"$2"; echo ready; wait' sh "$SCENE" "$T/fifo"
	assertEquals 'the reaper' "$pid a) R 1.(b.[1m" "$(tell -o reaper -p "$(first_child "$pid")")"
	assertEquals 'the process' 'a) R 1.(b.[1m' "$(tell -o comm -p "$pid")"
	stop "$(first_child "$pid")" "$pid"
}

testNschild() {
	assertEquals "$(inode "$(member inner-init)")" "$(tell -o nschild -p "$(member outer)")"
	assertEquals "$(inode "$init")" "$(tell -o nschild -p "$scene")"
	for pid in $init $entered $deep3 $plain $(member zombie-1) $(member inner-init); do
		assertEquals "of $pid" '-' "$(tell -o nschild -p "$pid")"
	done
	# The kernel gives it no name before its PID 1 is born.
	if [ "$(id -u)" = 0 ]; then
		until=unborn start "$SCENE" unborn
		assertEquals 'nobody born yet' '-' "$(tell -o nschild -p "$pid")"
		stop "$pid"
	fi
}

# ---- inodes

testInodes() {
	for pid in $alone $init $entered $deep3 $plain; do
		want=$(for kind in $kinds; do inode "$pid" "$kind"; done | xargs)
		assertEquals "of $pid" "$want" \
			"$(tell -o cgroupns,ipcns,mntns,netns,pidns,timens,userns,utsns -p "$pid")"
	done
	for kind in $kinds; do
		[ "$(inode "$alone" "$kind")" != "$(inode self "$kind")" ] || fail "$kind is not its own"
	done
}

# What a zombie still has is the kernel's to say.
testInodesOfZombies() {
	for pid in $(member zombie-1) $(member headless); do
		want=$(for kind in $kinds; do inode "$pid" "$kind" 2>/dev/null || echo -; done | xargs)
		like "$want" '*-*' || fail "$pid has everything: $want"
		assertEquals "of $pid" "$want" \
			"$(tell -o cgroupns,ipcns,mntns,netns,pidns,timens,userns,utsns -p "$pid")"
	done
}

testPidino() {
	for pid in $plain $init $entered $(member zombie-1) $(member headless) $deep3; do
		assertEquals "of $pid" "$("$SCENE" pidino "$pid")" "$(tell -o pidino -p "$pid")"
	done
	if [ "$("$SCENE" pidino "$plain")" != - ]; then
		assertNotEquals "$(tell -o pidino -p "$plain")" "$(tell -o pidino -p "$init")"
	fi
	# The number would be a stranger's.
	cp -r "$TOP/tests/proc/container-view" "$T/recorded"
	assertEquals 'recorded' '-' "$(tell --proc "$T/recorded" -o pidino -p 1)"
}

testSortingByThem() {
	list=$deep3,$deep1,$deep0,$deep2
	assert_tells "$(printf '%s\n' "$deep3" "$deep2" "$deep1" "$deep0")" -o pid -p "$list" --sort -nslevel
	assert_tells "$(printf '%s\n' "$deep0" "$deep1" "$deep2" "$deep3")" -o pid -p "$list" --sort nslevel
	want=$(for pid in $deep0 $deep1 $deep2 $deep3; do echo "$(inode "$pid") $pid"; done | sort -n |
		cut -d ' ' -f 2)
	assert_tells "$want" -o pid -p "$list" --sort pidns
	# By number, however many digits.
	assert_tells "$(echo "$deep0"; lines "$deep1" "$deep3")" -o pid -p "$deep0,$deep1,$deep3" --sort nsinit,pid
}

testJsonHasTypes() {
	enabled JSON || return 0
	run "$PS" --json -o pid,nspid,nslevel,pidns,nsinit,reaper,nschild,nstgid,mntns,pidino,sigterm -p \
		"$init"
	assertEquals "status: $err" 0 "$rc"
	assertEquals 'number string number number number string null string number' \
		"$(jq -r '.[0] | [.pid, .nspid, .nslevel, .pidns, .nsinit, .reaper, .nschild, .nstgid, .mntns]
			| map(type) | join(" ")' "$T/out")"
	assertEquals "$init $(chain "$init") 1 $(inode "$init") $init" \
		"$(jq -r '.[0] | "\(.pid) \(.nspid) \(.nslevel) \(.pidns) \(.nsinit)"' "$T/out")"
}

# ---- without rights

testReadableByAll() {
	need_root || return 0
	columns=pid,nspid,nslevel,nstgid,nspgid,nssid,reaper
	list=$(everybody | xargs | tr ' ' ,),$deep0,$deep1,$deep2,$deep3,$alone
	"$PS" -o $columns -p "$list" >"$T/root"
	run as_user "$PS" -o $columns -p "$list"
	assertEquals '' "$err"
	cmp "$T/root" "$T/out" || fail "$(diff "$T/root" "$T/out")"
	# The init is known as long as those above are in the same namespace.
	list=$(awk '{ print $2 }' "$T/members" | xargs | tr ' ' ,),$deep0,$deep1,$deep2,$deep3,$alone
	"$PS" -o pid,nsinit -p "$list" >"$T/root"
	run as_user "$PS" -o pid,nsinit -p "$list"
	cmp "$T/root" "$T/out" || fail "nsinit: $(diff "$T/root" "$T/out")"
	run as_user "$PS" --no-headers -o nsinit -p "$entered"
	assertEquals 'who came in may be anywhere' '-' "$(echo "$out" | squeeze)"
}

testUnreadableIsADash() {
	need_root || return 0
	run as_user "$PS" --no-headers -o pid,cgroupns,ipcns,mntns,netns,pidns,timens,userns,utsns,nschild \
		-p "$init,$(member outer)"
	assertEquals "$(for pid in $(lines "$init" "$(member outer)"); do
		echo "$pid - - - - - - - - -"
	done)" "$(squeeze <"$T/out")"
	assertEquals '' "$err"
	# Its own it may read.
	run as_user "$PS" --no-headers -o pidns,userns,mntns -p "$theirs"
	assertEquals "$self_ns $(inode "$theirs" user) $(inode "$theirs" mnt)" "$(echo "$out" | squeeze)"
	# The pidfd of a stranger, which is no secret.
	run as_user "$PS" --no-headers -o pidino -p "$init"
	assertEquals "$("$SCENE" pidino "$init")" "$(echo "$out" | squeeze)"
}

# Two that are unknown are not equal.
testUnreadableEqualsNothing() {
	need_root || return 0
	run as_user "$PS" --no-headers -eo pid --pidns "$theirs"
	assertEquals "status, $err" 0 "$rc"
	for pid in $init $deep3 $plain 1; do
		echo "$out" | grep -qx " *$pid" && fail "$pid is said to be in there"
	done
	echo "$out" | grep -qx " *$theirs" || fail 'it is not in its own'
	assert_run 1 '' "ps: '$init': its PID namespace may not be read (try as root)" \
		as_user "$PS" -e --pidns "$init"
	assert_run 1 '' "ps: '$init': its PID namespace may not be read (try as root)" \
		as_user "$PS" -e --pidns-tree "$init"
	assert_run 1 '' "ps: '$(inode "$init")': its PID namespace may not be read (try as root)" \
		as_user "$PS" -e --pidns "$(inode "$init")"
}

# An ordinary user who made a namespace.
testRootless() {
	need_root || return 0
	# shellcheck disable=SC2086 # they are words
	until=lonely start $AS_USER unshare --user --map-root-user --pid --fork --kill-child "$SCENE" \
		idle lonely
	lonely=$(first_child "$pid")
	run as_user "$PS" --no-headers -o pid,nspid,nslevel,pidns,nsinit,userns --pidns "$lonely"
	assertEquals "$lonely $(chain "$lonely") 1 $(inode "$lonely") $lonely $(inode "$lonely" user)" \
		"$(echo "$out" | squeeze)"
	run as_user "$PS" --no-headers -o pid,ppid --in "$lonely"
	assertEquals '1 0' "$(echo "$out" | squeeze)"
	stop "$pid"
}

# ---- from within

testInside() {
	# Their own status, as /proc there has it.
	cat >"$T/inside.sh" <<'END'
for dir in /proc/[0-9]*; do
	pid=${dir#/proc/}
	[ "$pid" != $$ ] && [ -n "$(cat "$dir/status" 2>/dev/null)" ] || continue
	chain=$(sed -n "s/^NSpid:[[:space:]]*//p" "$dir/status" | tr "\t" ,)
	ppid=$(sed -n "s/^PPid:[[:space:]]*//p" "$dir/status")
	[ "$ppid" != $$ ] || continue
	level=$(echo "$chain" | tr -cd , | wc -c)
	reaper="0 (outside)"
	[ "$ppid" = 0 ] || reaper="$ppid $(cat "/proc/$ppid/comm")"
	echo "$pid $chain $level $ppid $(sed -n "s/^NSpgid:[[:space:]]*//p" "$dir/status" | tr "\t" ,)" \
		"$(sed -n "s/^NSsid:[[:space:]]*//p" "$dir/status" | tr "\t" ,) $reaper"
done | sort -n >"$2/want"
"$1" --no-headers -N -p $$ --ppid $$ -o pid,nspid,nslevel,ppid,nspgid,nssid,reaper |
	sed 's/  */ /g; s/^ //; s/ $//' | sort -n >"$2/got"
diff "$2/want" "$2/got"
END
	for pid in $init $deep1 $deep2 $deep3; do
		assert_run 0 '' '' inside "$pid" sh "$T/inside.sh" "$PS" "$T"
		[ -s "$T/want" ] || fail "nobody is in there: $pid"
	done
	assertEquals 'PID 1' "1 1 0 $(inode "$init") 1 0 (outside)" \
		"$(inside "$init" "$PS" --no-headers -o pid,nspid,nslevel,pidns,nsinit,reaper -p 1 | squeeze)"
	# Of those who are one deeper, the init has a number here.
	nested=$(chain "$(member inner-init)" | cut -d , -f 2)
	leaf=$(chain "$(member leaf)" | cut -d , -f 2)
	assertEquals 'of the nested one' "$leaf $leaf,2 1 $(inode "$(member leaf)") $nested" \
		"$(inside "$init" "$PS" --no-headers -o pid,nspid,nslevel,pidns,nsinit -p "$leaf" | squeeze)"
}

# Its parent is not in there: that is what 0 means, and PID 1 alone has none for another reason.
testWhoCameInFromOutside() {
	assertEquals "$entered $door $init $door nsenter" "$(tell -o pid,ppid,nsinit,reaper -p "$entered")"
	assertEquals "0 0 (outside) 1 0" \
		"$(inside "$init" "$PS" --no-headers -o ppid,reaper,nsinit,nslevel -p "$(inner "$entered")" | squeeze)"
	inside "$init" "$PS" --no-headers --ppid 0 -o pid | squeeze >"$T/got"
	grep -qx "$(inner "$entered")" "$T/got" || fail 'not among those without a parent'
	grep -qx 1 "$T/got" || fail 'PID 1 is not among those without a parent'
}

# ---- --pidns, --pidns-tree

testPidns() {
	for pid in $init $(member inner-init) $deep1 $deep2 $deep3; do
		assert_tells "$(of_inode "$(inode "$pid")")" -o pid --pidns "$pid"
	done
	assertEquals 'only itself and zombies' "$(lines "$(member inner-init)" "$(member leaf)" \
		"$(member leaf-zombie)")" "$(tell -o pid --pidns "$(member inner-init)")"
	tell -o pid --pidns "$init" | grep -qx "$entered" || fail 'who came in is not in there'
}

testPidnsTree() {
	assert_tells "$(everybody | sort -n)" -o pid --pidns-tree "$init"
	assert_tells "$(lines "$deep1" "$deep2" "$deep3")" -o pid --pidns-tree "$deep1"
	assert_tells "$(lines "$deep2" "$deep3")" -o pid --pidns-tree "$deep2"
	assert_tells "$deep3" -o pid --pidns-tree "$deep3"
}

testOurOwn() {
	tell -eo pid --pidns "$self_ns" >"$T/got"
	grep -qx "$plain" "$T/got" || fail 'we are not in our own'
	grep -qx "$init" "$T/got" && fail 'who is not in our own'
	tell -eo pid --pidns-tree "$self_ns" >"$T/got"
	for pid in $plain $init $deep3 $entered $(member leaf-zombie); do
		grep -qx "$pid" "$T/got" || fail "$pid is not below our own"
	done
}

# REF: a process that is in it, its inode, as readlink(1) prints that, and PID@REF.
testRefs() {
	for ref in "$init" "$(member leader)" "$entered" "$(member zombie-1)" "$(inode "$init")" \
		"$(readlink "/proc/$init/ns/pid")"
	do
		assert_tells "$(of_inode "$(inode "$init")")" -o pid --pidns "$ref"
		assert_tells "$(everybody | sort -n)" -o pid --pidns-tree "$ref"
	done
	enabled PID_REF || return 0
	for ref in "1@$init" "$(inner "$(member leader)")@$(inode "$init")"; do
		assert_tells "$(of_inode "$(inode "$init")")" -o pid --pidns "$ref"
	done
	nested=$(chain "$(member inner-init)" | cut -d , -f 2)
	assert_tells "$(of_inode "$(inode "$(member leaf)")")" -o pid --pidns "$nested@$init"
	assert_tells "$deep3" -o pid --pidns "1@$deep3"
	# The same in lists of processes.
	assert_tells "$init" -o pid -p "1@$init"
	assert_tells "$(member leaf)" -o pid -p "2@$(member inner-init)"
	assert_tells "$(lines "$init" "$deep3" "$plain")" -o pid -p "1@$init,$plain,1@$deep3"
	assert_tells "$entered" -o pid -q "$(inner "$entered")@$init"
	assert_tells "$(member zombie-2)" -o pid --ppid "$(inner "$(member negligent)")@$init"
}

# The same in the numbers of a namespace in the middle.
testRefsInside() {
	nested=$(chain "$(member inner-init)" | cut -d , -f 2)
	leaf=$(chain "$(member leaf)" | cut -d , -f 2)
	for ref in "$nested" "$(inode "$(member leaf)")"; do
		assertEquals "$ref" "$nested $leaf $(chain "$(member leaf-zombie)" | cut -d , -f 2)" \
			"$(inside "$init" "$PS" --no-headers -o pid --pidns "$ref" | xargs)"
	done
}

testRefsThatAreNone() {
	for option in --pidns --pidns-tree --in; do
		assert_run 1 '' "ps: '4194304': no such *" "$PS" -e $option 4194304
		for junk in x 0 -1 1x '' @1 "net:[$(inode self net)]" 'pid:[' /no/such/file abc; do
			assert_run 1 '' 'ps: *' "$PS" -e $option "$junk"
			assertEquals "lines for $option '$junk'" 1 "$(sed '/^Try /d' "$T/err" | wc -l)"
		done
		assert_run 1 '' 'ps: *' "$PS" -e $option
		# Who is gone is nobody.
		until=gone start "$SCENE" idle gone
		stop "$pid"
		assert_run 1 '' "ps: '$pid': no such *" "$PS" -e $option "$pid"
		enabled PID_REF || continue
		assert_run 1 '' "ps: '*ffffffffffff': no such PID namespace or container" \
			"$PS" -e $option ffffffffffff
		assert_run 1 '' "ps: '4000000@$init'*" "$PS" -e $option "4000000@$init"
	done
}

# A container's ID, from the cgroup of its processes.
testContainers() {
	enabled PID_REF || return 0
	id=$(od -An -N 16 -tx1 /dev/urandom | tr -d ' \n')
	first=${id}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa second=${id}bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
	if ! cgroups=$(cgroup_dir "$first"); then
		skip_because 'no cgroup can be made here'
		return
	fi
	mkdir "$cgroups/$second"
	# Its monitor, which is outside, its init, and a namespace of its own in it.
	for pid in $scene $init $(member inner-init); do echo "$pid" >"$cgroups/$first/cgroup.procs"; done
	echo "$deep3" >"$cgroups/$second/cgroup.procs"
	for ref in "$first" "${id}aa"; do
		assert_tells "$(of_inode "$(inode "$init")")" -o pid --pidns "$ref"
		assert_tells "$(everybody | sort -n)" -o pid --pidns-tree "$ref"
	done
	assert_tells "$deep3" -o pid --pidns "$second"
	assert_run 1 '' "ps: '$id': the container ID is ambiguous*" "$PS" -e --pidns "$id"
	assertEquals 'each once' "$first $second" "$(sed 1d "$T/err" | sort | xargs)"
	for pid in $scene $init $(member inner-init) $deep3; do echo "$pid" >"$cgroups/cgroup.procs"; done
	rmdir "$cgroups/$first" "$cgroups/$second" || fail 'the cgroups are still there'
}

# ---- together with other choices

testPidnsLeavesOut() {
	leader=$(member leader)
	assert_tells "$leader" -o pid --pidns "$init" -p "$leader,$plain,$(member leaf)"
	assert_tells "$(lines "$leader" "$(member leaf)")" -o pid --pidns-tree "$init" \
		-p "$leader,$plain,$(member leaf)"
	assert_tells "$(member sleeper)" -o pid --pidns "$init" -C sleeper
	assert_tells '' -o pid --pidns "$deep3" -C sleeper
	assert_tells "$(lines "$(member leader)" "$(member member)")" -o pid --pidns "$init" "-$leader"
	assert_tells "$(member zombie-2)" -o pid --pidns "$init" --ppid "$(member negligent)"
	assert_tells "$(of_inode "$(inode "$init")")" -o pid --pidns "$init" -e
	assert_tells "$(of_inode "$(inode "$init")")" -o pid --pidns "$init" ax
	assert_tells "$leader" -o pid --pidns "$init" -q "$leader,$plain"
	[ "$(id -u)" = 0 ] || return 0
	assert_tells "$(member daemon)" -o pid --pidns "$init" -u daemon
	assert_tells "$(member mixed)" -o pid --pidns "$init" -U 1004
}

# -N: all others.
testNegated() {
	leader=$(member leader)
	tell -N -o pid --pidns "$init" >"$T/got"
	for pid in $plain $deep3 $(member leaf) 1; do
		grep -qx "$pid" "$T/got" || fail "not among the others: $pid"
	done
	for pid in $init $leader $entered $(member zombie-1); do
		grep -qx "$pid" "$T/got" && fail "among the others: $pid"
	done
	tell -N -o pid --pidns-tree "$init" >"$T/got"
	grep -qx "$(member leaf)" "$T/got" && fail 'who is below is among the others'
	grep -qx "$plain" "$T/got" || fail 'not among the others of the tree'
	tell -N -o pid --pidns "$init" -p "$leader,$plain" >"$T/got"
	grep -qx "$leader" "$T/got" && fail 'who is named and in it is among the others'
	grep -qx "$plain" "$T/got" || fail 'who is named and not in it is not among the others'
	grep -qx "$init" "$T/got" || fail 'who is in it and not named is not among the others'
}

testZombies() {
	zombies=$(lines "$(member zombie-lead)" "$(member zombie-1)" "$(member zombie-2)")
	assert_tells "$zombies" -o pid --zombies --pidns "$init"
	assert_tells "$(lines "$zombies" "$(member leaf-zombie)")" -o pid --zombies --pidns-tree "$init"
	tell -o pid --zombies >"$T/got"
	for pid in $zombies $(member leaf-zombie); do
		grep -qx "$pid" "$T/got" || fail "not among all: $pid"
	done
	grep -qx "$init" "$T/got" && fail 'PID 1 is no zombie'
	if [ "$(id -u)" = 0 ]; then # whosever they are
		as_user "$PS" --no-headers -o pid --zombies | squeeze | grep -qx "$(member zombie-1)" ||
			fail 'only its own zombies'
	fi
	assert_tells "$(member zombie-1)" -o pid --zombies -p "$(member zombie-1),$init"
	assert_tells '' -o pid --zombies -p "$init"
	assert_tells "$(member zombie-2)" -o pid --zombies -C zombie-2,sleeper --pidns "$init"
	tell -N -o pid --zombies >"$T/got"
	grep -qx "$(member zombie-1)" "$T/got" && fail 'a zombie is among the others'
	grep -qx "$init" "$T/got" || fail 'PID 1 is not among the others'
}

# A leader that has ended while its program runs on cannot be waited for: it is none.
testAnExitedLeaderIsNoZombie() {
	assertEquals 'Zl' "$(tell -o stat -p "$(member headless)")"
	assert_tells '' -o pid --zombies -p "$(member headless)"
}

testThreadsOfANamespace() {
	assertEquals "$(for dir in "/proc/$(member threads)/task"/*; do echo "${dir##*/}"; done | sort -n)" \
		"$(tell -Lo lwp --pidns "$init" -C threads,thread-1,thread-2 | sort -n)"
	assertEquals 'each process' "$(of_inode "$(inode "$init")")" "$(tell -Lo pid --pidns "$init" | uniq)"
}

testForestOfANamespace() {
	run "$PS" --no-headers --forest -o pid,comm --pidns-tree "$init"
	assertEquals 0 "$rc"
	squeezed=$(squeeze <"$T/out")
	like "$squeezed" "*$init init
$(member sleeper) \\\\_ sleeper
*$(member outer) \\\\_ outer
$(member inner-init) * inner-init
*" || fail "$squeezed"
	assertEquals 'each once' "$(everybody | sort -n)" "$(awk '{ print $1 }' "$T/out" | sort -n)"
}

. "${SHUNIT2:-shunit2}"
