#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps: what a toy misses. Each test bears the number of its row in the list of subtleties that ps was
# written after. Three rows are not about ps: 14's `pgrep -s 0`, 39's exclusion of oneself, which ps
# does not do, and 40, signals.
# limit: 240
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/odd.sh"

need strace strace
ps=$BIN/ps

oneTimeSetUp() {
	sleeper
	plain=$pid
	if [ "$(id -u)" = 0 ]; then
		sleeper setpriv --reuid 65534 --regid 65534 --clear-groups
		nobody=$pid
	fi
}

oneTimeTearDown() { stop_all; }

# ---- /proc/PID/stat

testRow01ParenthesesAndNewlinesInNames() {
	for name in 'a) R (b
1 2 3' ')' '(' '))) Z 1 2 3 (((' ' ) T' '
)' 'x) S 4 5 6 7'; do
		odd named "$name"
		shown=$(printf %s "$name" | tr '\n' '?')
		wait_state "$pid" S
		assertEquals "$shown" "$("$ps" -o comm= -p "$pid")"
		assertEquals "$pid $$ S" "$(cells -o pid,ppid,stat -p "$pid")"
		assertEquals 'one row' 1 "$("$ps" --no-headers -eo pid,comm | grep -c "^ *$pid ")"
		stop "$pid"
	done
	odd named 'a)(b'
	assertEquals 'by name' "$pid" "$(cells -o pid -C 'a)(b')"
	stop "$pid"
	odd named ''
	wait_state "$pid" S
	assertEquals 'no name' "$pid $$ S" "$(cells -o pid,ppid,stat,comm -p "$pid")"
	stop "$pid"
}

testRow02LongNamesOfKernelThreads() {
	name=123456789_123456789_123456789_123456789_123456789_123456789_123
	forge "$T/long" 7 "$name" flags=2129984 cmdline=''
	assertEquals "$name" "$("$ps" --proc "$T/long" -eo comm=)"
	assertEquals "$name $name" "$("$ps" --proc "$T/long" -eo comm:63=,ucmd=)"
	assertEquals 7 "$("$ps" --proc "$T/long" -o pid= -C "$name" | xargs)"
	# Those of this machine, if we see the kernel's.
	grep -l '^Kthread:.*1' /proc/[0-9]*/status 2>/dev/null | cut -d / -f 3 >"$T/threads"
	while read -r pid; do
		comm=$(sed 's/^[0-9]* (\(.*\)).*/\1/' "/proc/$pid/stat" 2>/dev/null)
		[ "${#comm}" -gt 15 ] || continue
		case $comm in
		kworker/*) continue ;; # what it works on comes and goes
		esac
		assertEquals "$comm" "$("$ps" -o comm= -p "$pid")"
	done <"$T/threads"
}

# reads PATH: the calls that read the file, of the trace; others may be open at the same time.
reads() {
	awk -v path="\"$1\"" '
		/^openat\(/ && index($0, path) { fd = $NF }
		index($0, "read(" fd ",") == 1
		index($0, "close(" fd ")") == 1 { fd = "none" }' "$T/trace"
}

testRow03StatIsReadAtOnce() {
	strace -o "$T/trace" -e trace=openat,read,pread64,close "$ps" -o pid,comm -p "$plain" >"$T/out"
	assertEquals "one read: $(reads "$plain/stat")" 1 "$(reads "$plain/stat" | grep -c .)"
	size=$(reads "$plain/stat" | sed -n 's/.*, \([0-9]*\)) .*/\1/p')
	[ "${size:-0}" -ge 1024 ] || fail "only $size bytes at once"
	# It has gone since it was opened: left out, and no word about it.
	for fault in error=ESRCH retval=0; do
		for format in pid,comm pid,nspid pid,user,comm; do
			run strace -o "$T/trace" -P "/proc/$plain/stat" -P "/proc/$plain/status" \
				-e trace=read -e inject=read:$fault "$ps" -o $format -p "$plain"
			grep -q INJECTED "$T/trace" || fail "nothing was injected: $(cat "$T/trace")"
			assertEquals "$fault, $format" "1 1 " "$rc $(grep -c . "$T/out") $err"
			run strace -o "$T/trace" -P "/proc/$plain/stat" -P "/proc/$plain/status" \
				-e trace=read -e inject=read:$fault "$ps" -eo $format
			assertEquals "$fault, -eo $format" "0 " "$rc $err"
			assertEquals "$fault, all others" "0" "$(grep -c "^ *$plain " "$T/out")"
		done
	done
}

testRow04ProcessesThatVanish() {
	# Between the names and the first file, between the files, between opening and reading.
	mkdir "$T/vanish" "$T/vanish/8"
	forge "$T/vanish" 7 stays
	forge "$T/vanish" 9 'no status'
	rm "$T/vanish/9/status"
	assertEquals '7 7 stays' "$(cells --proc "$T/vanish" -eo pid,nspid,comm)"
	assertEquals '7 stays
9 no status' "$(cells --proc "$T/vanish" -eo pid,comm --sort pid)"
	for file in stat status cmdline; do
		run strace -o "$T/trace" -P "$plain/$file" -P "/proc/$plain/$file" \
			-e trace=openat -e inject=openat:error=ENOENT "$ps" -eo pid,nspid,stat,args
		grep -q INJECTED "$T/trace" || fail "$file: nothing was injected"
		assertEquals "$file" '0 ' "$rc $err"
	done
	# The real thing: some hundred processes a second.
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c 'for i in 1 2 3; do
			while :; do /bin/true; (exit); done &
		done
		while [ "$((n += 1))" -le 60 ]; do
			"$1" -eo pid,ppid,nspid,stat,args,user | awk "NR > 1 && NF < 6 { print; exit 1 }" || exit
			"$1" --forest -eo pid,ppid,stat,args | awk "NR > 1 && NF < 4 { print; exit 1 }" || exit
			"$1" -eLo pid,lwp,stat,comm | awk "NR > 1 && NF < 4 { print; exit 1 }" || exit
		done' sh "$ps"
	assertEquals "$out" '0 ' "$rc $err"
}

# Between two files of one row the process dies and another one gets its number: no row may be of both.
testRow04ANumberThatIsUsedAgain() {
	root_only || return 0
	cat >"$T/again.sh" <<'SCRIPT'
sleep 1000 &
old=$!
until grep -qx sleep /proc/$old/comm; do sleep 0.01; done
strace -o "$2" -P "/proc/$old/$3" -e trace=read -e inject=read:signal=STOP:when=1 \
	"$1" -eo pid=,comm=,args= &
tracer=$!
until grep -q 'stopped by SIGSTOP' "$2"; do sleep 0.01; done 2>/dev/null
kill -KILL $old
wait $old 2>/dev/null
echo $((old - 1)) >/proc/sys/kernel/ns_last_pid
tail -f /dev/null &
[ $! = $old ] || exit 99
until grep -qx tail /proc/$old/comm; do sleep 0.01; done
kill -CONT $(cat /proc/$tracer/task/$tracer/children)
wait $tracer
SCRIPT
	# It stops when that file of it has been read.
	for file in stat cmdline; do
		rm -f "$T/trace"
		run timeout -s KILL 20 unshare --fork --pid --mount-proc --kill-child sh "$T/again.sh" \
			"$ps" "$T/trace" $file
		assertEquals "$file: $err" 0 "$rc"
		grep -q 'again.sh' "$T/out" || fail "$file: PID 1 is not listed: $out"
		case $(grep '^ *2 ' "$T/out") in
		*sleep*tail* | *tail*sleep*) fail "$file: $out" ;;
		esac
	done
}

# ---- users

testRow05TheOwnerOfTheDirectory() {
	root_only || return 0
	odd secret 65534
	assertEquals 'its files are of root' 0 "$(stat -c %u "/proc/$pid/stat")"
	assertEquals 'its directory is not' 65534 "$(stat -c %u "/proc/$pid")"
	assertEquals 'nobody 65534 nobody 65534' "$(cells -o user,uid,ruser,ruid -p "$pid")"
	assertEquals "$pid" "$(cells -o pid -u nobody | grep -x "$pid")"
	assertEquals 'nobody' "$(cells -fp "$pid" | cut -d ' ' -f 1)"
	stop "$pid"
}

testRow06UsersAreLookedUpOnceAndByNoSocket() {
	root_only || return 0
	mkdir "$T/etc"
	echo root:x:0:0::/:/bin/sh >"$T/passwd"
	# shellcheck disable=SC2016 # expanded by that shell
	run in_mounts '
		for uid in 61001 61002 61003; do
			for n in 1 2 3 4 5; do
				setpriv --reuid $uid --regid $uid --clear-groups sleep 1000 &
				pids="$pids $!"
			done
		done
		trap "kill \$pids" EXIT
		for pid in $pids; do
			until grep -qx sleep /proc/$pid/comm; do sleep 0.01; done
		done
		mount -n --bind "$2/passwd" /etc/passwd || exit
		strace -o "$2/trace" "$1" -eo user,group,pid >"$2/listing" || exit
		! grep -q "^socket" "$2/trace" || { echo "a socket"; exit 1; }
		[ "$(grep -c "passwd\"" "$2/trace")" -le 1 ] || { echo "passwd more than once"; exit 1; }
		[ "$(grep -c "^61002 *61002 " "$2/listing")" = 5 ] || { grep 6100 "$2/listing"; exit 1; }
		mount -n --bind "$2/etc" /etc || exit
		strace -o "$2/trace" "$1" -eo user,pid >"$2/listing" || exit
		! grep -q "^socket" "$2/trace" || { echo "a socket"; exit 1; }
		grep -q "^0  *1$" "$2/listing" || { sed 5q "$2/listing"; exit 1; }' sh "$ps" "$T"
	assertEquals "$err" 0 "$rc"
	assertEquals '' "$out"
}

testRow07NamesThatDoNotFit() {
	root_only || return 0
	{
		echo averylongusername:x:7654321:7654321::/:/bin/sh
		echo eightlet:x:70008:70008::/:/bin/sh
	} >"$T/passwd"
	sleeper setpriv --reuid 7654321 --regid 7654321 --clear-groups
	long=$pid
	sleeper setpriv --reuid 123456789 --regid 123456789 --clear-groups
	number=$pid
	sleeper setpriv --reuid 70008 --regid 70008 --clear-groups
	fits=$pid
	# shellcheck disable=SC2016 # expanded by that shell
	run in_mounts 'mount -n --bind "$1" /etc/passwd || exit
		shift
		"$1" -o user=,pid= -q "$2,$3,$4" # in this order
		"$1" -o user=AVeryLongHeader -o pid -q "$2,$3"
		"$1" -o user:10,pid -p "$2"
		"$1" -o pid=,user= -q "$2,$3"
		"$1" -o uid=,ruid=,ruser:5=,pid= -p "$3"' sh "$T/passwd" "$ps" "$long" "$number" "$fits"
	stop "$long" "$number" "$fits"
	assertEquals "averylo+ $long
1234567+ $number
eightlet $fits
AVeryLongHeader PID
averylongusern+ $long
123456789 $number
USER PID
averylong+ $long
$long averylongusername
$number 123456789
123456789 123456789 1234+ $number" "$(sed 's/  */ /g; s/^ //' "$T/out")"
	# The greatest there is is no negative number.
	forge "$T/great" 5 great uid=4294967294
	assertEquals '4294967294 4294967+ 5' "$(cells --proc "$T/great" -eo ruid,ruser,pid)"
}

# make_container SCRIPT: a PID namespace with its own /proc; its PID 1 is the script, $inside as seen
# here. Ready when it has said so by its sleeps.
make_container() {
	unshare --fork --pid --mount-proc --kill-child sh -c "$1" 2>/dev/null &
	container=$!
	started="$started $container"
	child_of "$container"
	inside=$child
	wait_for "pgrep --ns $inside --nslist pid -c sleep | grep -qx $(echo "$1" | grep -o sleep | grep -c .)"
}

# enter CMD...: in there, without waiting for it; $entered is what waits, $child the process.
enter() {
	nsenter --target "$inside" --pid --mount "$@" &
	entered=$!
	started="$started $entered"
	child_of "$entered"
	wait_for "[ \"\$(cat /proc/$child/comm)\" = $1 ]"
	wait_state "$child" S # it does, and no longer begins
}

end_container() {
	stop "$inside"
	wait "$container" 2>/dev/null || :
}

# ---- /proc as it is mounted

# in_proc OPTIONS CMD...: with a /proc mounted so.
in_proc() {
	# shellcheck disable=SC2016 # expanded by that shell
	in_mounts 'mount -n -t proc -o "$1" proc /proc || exit 99
		shift
		exec "$@"' sh "$@"
}

testRow08Hidepid() {
	root_only || return 0
	for hidepid in 1 2 4; do
		# Nobody sees his own, and is told nothing of others.
		run in_proc hidepid=$hidepid setpriv --reuid 65534 --regid 65534 --clear-groups \
			"$ps" -eo pid,ppid,user,comm
		assertEquals "hidepid=$hidepid" '0 ' "$rc $err"
		assertEquals "hidepid=$hidepid: himself" "$nobody $$ nobody sleep" \
			"$(sed -n "s/  */ /g; s/^ //; s/ $//; /^$nobody /p" "$T/out")"
		assertEquals "hidepid=$hidepid: others" '' "$(awk 'NR > 1 && $3 != "nobody"' "$T/out")"
		run in_proc hidepid=$hidepid setpriv --reuid 65534 --regid 65534 --clear-groups \
			"$ps" -o pid,comm -p "1,$plain"
		assertEquals "hidepid=$hidepid: by number" '1 1 ' "$rc $(grep -c . "$T/out") $err"
		# In a forest he is a root, his parent being hidden; and who reaps is not known.
		run in_proc hidepid=$hidepid setpriv --reuid 65534 --regid 65534 --clear-groups \
			"$ps" --forest -eo pid,nsinit,pidns,args
		assertEquals "hidepid=$hidepid: --forest" '0 ' "$rc $err"
		assertEquals "hidepid=$hidepid: --forest" "$nobody - $(stat -L -c %i /proc/self/ns/pid) sleep 1000" \
			"$(sed -n "s/  */ /g; s/^ //; /^$nobody /p" "$T/out")"
		# Root sees everybody.
		run in_proc hidepid=$hidepid "$ps" -o pid=,comm= -p "$plain,$nobody"
		assertEquals "hidepid=$hidepid: root" '0 2 ' "$rc $(grep -c . "$T/out") $err"
	done
}

testRow09OnlyThePids() {
	root_only || return 0
	times=pid,lstart,start,stime,bsdstart,etimes,cputimes,time,pcpu,c,cp
	memory=vsz,rss,pmem,sz,size,drs,trs
	for format in "$times" "$memory" user,group,stat,tty,nspid,pidns,wchan,args; do
		# Once more when a second has passed meanwhile.
		tries=0
		while
			whole=$(cells -o "$format" -p "$plain,$nobody")
			run in_proc subset=pid "$ps" --no-headers -o "$format" -p "$plain,$nobody"
			[ "$whole" != "$(cells -o "$format" -p "$plain,$nobody")" ] && [ "$((tries += 1))" -lt 50 ]
		do :; done
		assertEquals "$format, $tries tries" "$whole" "$(sed 's/  */ /g; s/^ //; s/ $//' "$T/out")"
		assertEquals "$format" '0 ' "$rc $err"
	done
	for words in -ef -eF -ely aux axl axj axv axs axX -eLf axm --forest; do
		run in_proc subset=pid "$ps" $words
		assertEquals "$words" '0 ' "$rc $err"
		# No line is broken off: the last cell of each is that of the command.
		assertEquals "$words" "$(wc -l <"$T/out")" "$(grep -c . "$T/out")"
	done
	run in_proc subset=pid "$ps" aux
	grep -q "^root .* $ps aux\$" "$T/out" || fail 'it does not show itself'
}

testRow10NoProc() {
	root_only || return 0
	mkdir "$T/empty"
	for words in '' -ef aux '-p 1' '-q 1' --forest '-eo pid,comm' '-e --json' '-e --sort pid' '--in 1' \
		'--pidns 1'; do
		# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
		run in_mounts 'mount -n --bind "$1" /proc || exit 99
			shift
			exec "$@"' sh "$T/empty" "$ps" $words
		assertEquals "ps $words" '47 ' "$rc $out"
		like "$err" '*ps: Error, do this: mount -t proc proc /proc*' || fail "ps $words: $err"
	done
	assert_run 47 '' 'ps: *' "$ps" --proc "$T/there-is-none" -e
	assert_run 1 '' 'ps: *empty: there is no process*' "$ps" --proc "$T/empty" -e
}

foreign='ps: /proc is that of another PID namespace: these are not our numbers (mount -t proc proc /proc)'

testRow11TheProcOfOthers() {
	root_only || return 0
	# In a PID namespace of our own, with the /proc of the outer one.
	run unshare --fork --pid "$ps" -o pid,comm -p "1,$plain"
	assertEquals '0' "$rc"
	assertEquals 'it says so' "$foreign" "$err"
	assertEquals 'and whom it shows' "$plain sleep" "$(sed -n 's/  */ /g; s/^ //; $p' "$T/out")"
	run unshare --fork --pid "$ps" -e --json
	assertEquals 'also of JSON' "0 $foreign" "$rc $err"
	# The other way round: /proc is that of an inner one, where we have no number.
	make_container 'exec sleep 1001'
	run nsenter --target "$inside" --mount "$ps" -eo pid,args
	assertEquals 'a number that we do not have' 0 "$rc"
	like "$err" "*$foreign" || fail "a number that we do not have: $err"
	assertEquals 'whom it shows' '1 sleep 1001' "$(sed -n '2s/  */ /g; 2s/^ //; 2p' "$T/out")"
	assertEquals 'nobody else' 2 "$(grep -c . "$T/out")"
	# Not when it is asked for, nor when all is well.
	assert_run 0 '*' '' "$ps" --proc /proc -p "$plain"
	run in_ns "$ps" -e
	assertEquals '0 ' "$rc $err"
	end_container
}

# ---- namespaces

testRow12LinksThatMayNotBeRead() {
	root_only || return 0
	unshare --fork --pid --kill-child sleep 1001 &
	outer=$!
	started="$started $outer"
	child_of "$outer"
	wait_for "[ \"\$(cat /proc/$child/comm)\" = sleep ]"
	run as_nobody "$ps" -o pidns=,userns=,mntns=,netns=,ipcns=,utsns=,cgroupns=,timens= -p "$child,$plain"
	assertEquals '- - - - - - - -
- - - - - - - -' "$(sed 's/  */ /g; s/^ //; s/ $//' "$T/out")"
	# To be unknown is not to be the same: neither those of that namespace, nor of PID 1's.
	for ref in "$child" "$plain" 1; do
		run as_nobody "$ps" -eo pid= --pidns "$ref"
		if [ "$rc" = 0 ]; then
			for pid in $out; do
				[ ! -e "/proc/$pid" ] || [ "$(readlink "/proc/$pid/ns/pid")" = "$(readlink "/proc/$ref/ns/pid")" ] ||
					fail "--pidns $ref shows $pid"
			done
		else
			assertEquals "--pidns $ref" '' "$out"
			like "$err" 'ps: *' || fail "--pidns $ref: $err"
		fi
	done
	run as_nobody "$ps" -eo pid=,pidns= --sort pidns,-pid
	assertEquals '0 ' "$rc $err"
	assertEquals 'the unknown ones stand together' 1 \
		"$(awk '{ print $2 }' "$T/out" | uniq | grep -cx -- -)"
	stop "$child"
	wait "$outer" 2>/dev/null || :
}

testRow13AllRootsOfAContainer() {
	root_only || return 0
	make_container 'sleep 1001 & sleep 1002 & wait'
	enter sleep 1003
	for words in '--forest -eo ppid,args' '-eHo ppid,args'; do
		# shellcheck disable=SC2086 # words
		run nsenter --target "$inside" --pid --mount "$ps" --no-headers $words
		assertEquals "$words" '0 ' "$rc $err"
		assertEquals "$words: PID 1, its tree, those from outside" '0 sh -c sleep 1001 & sleep 1002 & wait
1 sleep 1001
1 sleep 1002' "$(sed 's/\\_//; s/  */ /g; s/^ //; 3q' "$T/out")"
		assertEquals "$words: who came in" 1 "$(grep -c '^ *0 sleep 1003' "$T/out")"
		assertEquals "$words: ps itself" 1 "$(grep -c "^ *0 $ps " "$T/out")"
		assertEquals "$words: nobody else" 5 "$(grep -c . "$T/out")"
	done
	stop "$child"
	wait "$entered" 2>/dev/null || :
	end_container
}

testRow14LeadersThatAreOutside() {
	root_only || return 0
	make_container 'sleep 1001 & sleep 1002 & wait'
	enter sleep 1003
	number=$(field NSpid "$child" | sed 's/.*\t//')
	run nsenter --target "$inside" --pid --mount "$ps" -o pid=,ppid=,pgid=,sid=,tpgid=,stat= -p "$number"
	assertEquals 'zero, and no leader of a session' "$number 0 0 0 -1 S" "$(echo "$out" | xargs)"
	# 0 is no number of a session that could be asked for, and never "mine".
	run nsenter --target "$inside" --pid --mount "$ps" -s 0
	assertEquals '1 ' "$rc $out"
	stop "$child"
	wait "$entered" 2>/dev/null || :
	end_container
}

# ---- the dead and the nameless

testRow15ZombiesAndLeadersThatHaveEnded() {
	odd zombie 'late) Z (one'
	child_of "$pid"
	assertEquals "$child $pid Z 0 0 1" "$(cells -o pid,ppid,s,rss,vsz,nlwp -p "$child")"
	assertEquals '[late) Z (one] <defunct>' "$("$ps" -o args= -p "$child")"
	assertEquals 'late) Z (one <defunct>' "$("$ps" -o comm= -p "$child")"
	assertEquals 'its namespace' "$(stat -L -c %i "/proc/$child/ns/pid")" "$(cells -o pidns -p "$child")"
	assertEquals 'its numbers' "$(field NSpid "$child" | tr '\t' ,)" "$(cells -o nspid -p "$child")"
	assertEquals 'by state' "$child" "$(cells --zombies -o pid -p "$child,$pid")"
	stop "$pid"

	# The program goes on without its first thread.
	odd leader lives "an argument"
	wait_state "$pid" Z
	assertEquals 'Z and l' "$pid Zl 2" "$(cells -o pid,stat,nlwp -p "$pid")"
	for tid in "/proc/$pid/task"/*; do :; done
	tid=${tid##*/}
	wait_for "grep -q '^State:.S' /proc/$pid/task/$tid/status"
	assertEquals "$pid $pid Zl odd <defunct>
$pid $tid Sl lives" "$(cells -Lo pid,lwp,stat,comm -p "$pid")"
	assertEquals 'what it was called with' "$T/odd leader lives an argument" \
		"$("$ps" -Lo lwp=,args= -p "$pid" | sed -n "s/^ *$tid //p")"
	stop "$pid"
}

testRow16KernelThreads() {
	forge "$T/kernel" 1 init ppid=0
	# PID 2 of a container and its child: no kernel threads, whatever they lack.
	forge "$T/kernel" 2 second cmdline=''
	forge "$T/kernel" 3 third ppid=2
	: >"$T/kernel/2/cmdline"
	# And a kernel thread that has another number and parent.
	forge "$T/kernel" 40 kworker ppid=1 flags=2129984
	: >"$T/kernel/40/cmdline"
	assertEquals '1 init
2 [second]
3 third
40 [kworker]' "$(cells --proc "$T/kernel" -eo pid,args --sort pid)"
	assertEquals '1 2 3' "$(LIBPROC_HIDE_KERNEL=1 "$ps" --proc "$T/kernel" -eo pid= --sort pid | xargs)"
	if [ "$(sed -n 's/^Kthread:[[:space:]]*//p' /proc/2/status 2>/dev/null)" = 1 ]; then
		assertEquals '[kthreadd]' "$("$ps" -o args= -p 2)"
		assertEquals 'hidden' '' "$(LIBPROC_HIDE_KERNEL=1 "$ps" -o pid= -p 2)"
	fi
	# In a container there are none to hide.
	root_only || return 0
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c 'sleep 1000 & LIBPROC_HIDE_KERNEL=1 exec "$1" -eo pid=' sh "$ps"
	assertEquals '1 2' "$(echo "$out" | xargs)"
}

testRow17NoCommandLine() {
	odd wiped
	assertEquals '' "$(tr -d '\0' <"/proc/$pid/cmdline")"
	assertEquals '[odd]' "$("$ps" -o args= -p "$pid")"
	assertEquals 'odd' "$("$ps" -o comm= -p "$pid")"
	like "$("$ps" --no-headers -fp "$pid")" '* \[odd\]' || fail "-f: $("$ps" -fp "$pid")"
	stop "$pid"
}

# The kernel shows what it takes for the title, which may be the first word of the environment, and
# everybody can read it there. We show no more than that.
testRow18TitlesThatRunIntoTheEnvironment() {
	for words in 'title' 'longer title: with words'; do
		odd titled "$words" place for it
		kernel=$(tr '\0' ' ' <"/proc/$pid/cmdline" | sed 's/ *$//')
		assertEquals "$kernel" "$("$ps" -o args= -p "$pid")"
		like "$kernel" "$words$words*" || fail "no title: $kernel"
		stop "$pid"
	done
}

testRow19HugeCommandLines() {
	word=$(awk 'BEGIN { while (n++ < 12000) printf "0123456789" }')
	# shellcheck disable=SC2086 # ten words
	odd named huge $word $word $word $word $word $word $word $word $word $word
	[ "$(wc -c <"/proc/$pid/cmdline")" -gt 1200000 ] || fail 'it is not huge'
	run "$ps" -o args= -p "$pid"
	assertEquals 'the longest line' 131072 "$(wc -c <"$T/out")"
	like "$out" "$T/odd named huge 0123456789*" || fail 'another beginning'
	for words in -f -F u l; do
		run "$ps" $words --no-headers -p "$pid"
		assertEquals "a line of $words" '0 1' "$rc $(grep -c . "$T/out")"
		[ "$(wc -c <"$T/out")" -le 131073 ] || fail "$words: $(wc -c <"$T/out") bytes"
	done
	if ! sanitized; then
		# One MiB of memory, whatever others put into their command lines.
		# shellcheck disable=SC2016 # expanded by that shell
		run sh -c 'ulimit -v 1024; exec "$@"' sh "$ps" -ef
		assertEquals 'in 1 MiB' '0 ' "$rc $err"
		grep -q "^root .* $T/odd named huge 0123" "$T/out" || fail 'it is not listed'
	fi
	stop "$pid"
}

# Whoever reads its command line hangs; others do not, and need not know.
testRow20AProcessThatIsStuck() {
	root_only || return 0
	if [ ! -e /dev/fuse ]; then
		skip_because 'no /dev/fuse here'
		return
	fi
	mkfifo "$T/hold" "$T/number"
	: >"$T/file"
	"$T/stuck" "$T/file" <"$T/hold" >"$T/number" 2>"$T/stuck.err" &
	server=$!
	exec 9>"$T/hold"
	read -r stuck <"$T/number" || {
		fail "no stuck process: $(cat "$T/stuck.err")"
		exec 9>&-
		return
	}
	wait_state "$stuck" D
	assertEquals 'it holds the lock' 124 "$(timeout -s KILL 0.3 cat "/proc/$stuck/cmdline" >/dev/null 2>&1
		[ $? = 137 ] && echo 124)"
	# KILL, since what hangs need not heed TERM.
	unread() {
		run timeout -s KILL 5 "$ps" "$@"
		assertEquals "ps $*" '0 ' "$rc $err"
		grep -Eq "(^| )$stuck(,| |\$)" "$T/out" || fail "ps $*: it is not listed"
	}
	unread -o pid,comm -p "$stuck"
	unread -o pid,comm -C stuck
	unread -eo pid,comm
	unread -eo pid,nspid,stat
	unread -e
	unread -el
	unread -ej
	unread -eLo pid,lwp,s,comm
	unread axc
	unread aucx
	unread -e --forest
	unread -eo pid,comm --sort -rss,user,start_time
	unread -e --json -o pid,comm,vsz,rss,stat,nspid,user
	# Every other column too, but for those in whose file the lock is taken.
	locked=' args cmd command environ pss uss htprv htshr '
	columns=$("$ps" L | awk '{ printf "%s%s", n++ ? "," : "", $1 }' | tr ',' '\n' |
		grep -vxE "$(echo "$locked" | xargs | tr ' ' '|')" | paste -sd ,)
	half=$(echo "$columns" | tr ',' '\n' | awk 'NR <= 120' | paste -sd ,)
	rest=$(echo "$columns" | tr ',' '\n' | awk 'NR > 120 && NR <= 240' | paste -sd ,)
	last=$(echo "$columns" | tr ',' '\n' | awk 'NR > 240' | paste -sd ,)
	for list in "$half" "$rest" "$last"; do
		run timeout -s KILL 5 "$ps" -o "$list" -p "$stuck"
		assertEquals "-o $list" '0 ' "$rc $err"
	done
	# Only who asks for its words waits, and can be ended.
	for format in pid,args pid,cmd; do
		run timeout -s KILL 0.3 "$ps" -o "$format" -p "$stuck"
		assertEquals "-o $format waits" 137 "$rc"
	done
	run timeout -s TERM 0.3 "$ps" -fp "$stuck"
	assertEquals 'and can be ended' 124 "$rc"
	assert_run 0 '*sleep 1000' '' timeout -s KILL 5 "$ps" -fp "$plain"
	exec 9>&-
	wait "$server"
	assertEquals 'all is released' '0 gone' "$? $(state "$stuck")"
}

# ---- text

testRow21EscapesInNames() {
	odd named "$(printf 'a\033[31m\007\rb')" "$(printf '\033]0;x\007')" "$(printf 'l\n2')" "$(printf 'u\342\200\256r')"
	for words in '-o comm,pid' '-o pid,args' -f u l -l '--forest -o pid,args' '-mo pid,comm,lwp' '-Lf'; do
		# shellcheck disable=SC2086 # words
		run "$ps" --no-headers $words -p "$pid"
		assertEquals "$words" '0 ' "$rc $(tr -d '\n -\176' <"$T/out")"
	done
	assertEquals 'a?[31m??b' "$("$ps" -o comm= -p "$pid")"
	assertEquals "$T/odd named a?[31m??b ?]0;x? l 2 u???r" "$("$ps" -o args= -p "$pid")"
	stop "$pid"
}

testRow22C1InBothEncodings() {
	odd named "$(printf 'c\2331m\302\2331mX')"
	assertEquals 'c?1m??1mX' "$("$ps" -o comm= -p "$pid")"
	assertEquals 'c?1m??1mX' "$(LC_ALL=C "$ps" -o comm= -p "$pid")"
	stop "$pid"
}

testRow23CellsAndNotBytes() {
	if sanitized; then return 0; fi
	# 3 wide characters, one with a combining accent, an emoji.
	odd named "$(printf '\346\227\245\346\234\254e\314\201\360\237\230\200x')"
	assertEquals "$(printf '\346\227\245\346\234\254e\314\201\360\237\230\200x      |')" \
		"$("$ps" -o comm:14=,user= -p "$pid" | sed 's/ [a-z]*$/|/')"
	assertEquals "$(printf '\346\227\245\346\234\254e\314\201 |')" \
		"$("$ps" -o comm:6=,user= -p "$pid" | sed 's/ [a-z]*$/|/')"
	assertEquals "$(printf '\346\227\245 |')" "$("$ps" -o comm:3=,user= -p "$pid" | sed 's/ [a-z]*$/|/')"
	stop "$pid"
}

testRow24TheLocaleOfAnEmptyEnvironment() {
	odd named "$(printf 'b\303\274cher')"
	assertEquals 'none is ASCII' 'b??cher' "$(env -i "$ps" -o comm= -p "$pid")"
	assertEquals 'C is ASCII' 'b??cher' "$(env -i LC_ALL=C LANG=C.UTF-8 "$ps" -o comm= -p "$pid")"
	assertEquals 'empty is unset' "$(printf 'b\303\274cher')" \
		"$(env -i LC_ALL='' LC_CTYPE='' LANG=C.UTF-8 "$ps" -o comm= -p "$pid")"
	assertEquals 'LC_CTYPE before LANG' 'b??cher' "$(env -i LC_CTYPE=POSIX LANG=C.UTF-8 "$ps" -o comm= -p "$pid")"
	for name in C.UTF-8 C.utf8; do
		assertEquals "$name" "$(printf 'b\303\274cher')" "$(env -i LC_ALL=$name "$ps" -o comm= -p "$pid")"
	done
	stop "$pid"
}

# ---- clocks

# What getauxval(3) says of ticks and pages cannot be had from a kernel other than it is.
testRow25TicksPerSecond() {
	if sanitized; then return 0; fi # it needs those numbers itself
	forge "$T/ticks" 5 ticks utime=10240 stime=1024 start=2048
	assertEquals '00:01:52 112' "$(cells --proc "$T/ticks" -eo time,cputimes)"
	assertEquals '00:00:11 11' \
		"$("$T/odd" auxv 17=1024 "$ps" --proc "$T/ticks" -eo time=,cputimes= | xargs)"
	export TZ=UTC0
	boot=$(sed -n 's/^btime //p' /proc/stat)
	assertEquals "$(date -d "@$((boot + 2))" '+%H:%M:%S')" \
		"$("$T/odd" auxv 17=1024 "$ps" --proc "$T/ticks" -eo lstart= | awk '{ print $4 }')"
	assertEquals "$(date -d "@$((boot + 20))" '+%H:%M:%S')" \
		"$("$ps" --proc "$T/ticks" -eo lstart= | awk '{ print $4 }')"
	unset TZ
}

testRow26EqualKeysKeepTheirOrder() {
	n=100
	while [ "$((n += 1))" -le 400 ]; do
		forge "$T/equal" "$n" "n$((n % 3))" ppid=$((n % 7 + 1)) nice=$((n % 2))
	done
	"$ps" --proc "$T/equal" -eo pid=,ppid=,ni=,comm= | sort -n >"$T/unsorted"
	assertEquals 300 "$(grep -c . "$T/unsorted")"
	for keys in ppid:2n ni:3n comm:4 'ppid,ni:2n 3n' 'ni,comm,ppid:3n 4 2n' 'comm,-ppid:4 2nr' '-ni:3nr'; do
		set --
		for key in ${keys#*:}; do
			number=${key%%[nr]*}
			set -- "$@" -k "$number,${number}${key#"$number"}"
		done
		sort -b -s "$@" "$T/unsorted" >"$T/want"
		"$ps" --proc "$T/equal" -eo pid=,ppid=,ni=,comm= --sort "${keys%%:*}" >"$T/got"
		cmp -s "$T/want" "$T/got" || fail "--sort ${keys%%:*}: $(diff "$T/want" "$T/got" | head -5)"
	done
}

testRow27StartTimesBeyond32Bits() {
	# 2^32 ticks and more: 497 days of uptime, and 2^40 ticks, which is no time at all.
	forge "$T/old" 5 old start=4294967396 utime=8589934592
	assertEquals '85899345 994-04:55:45' "$(cells --proc "$T/old" -eo cputimes,time)"
	export TZ=UTC0
	boot=$(sed -n 's/^btime //p' /proc/stat)
	assertEquals "$(date -d "@$((boot + 42949673))" '+%a %b %e %H:%M:%S %Y')" \
		"$("$ps" --proc "$T/old" -eo lstart=)"
	assertEquals 'not yet begun' 0 "$(cells --proc "$T/old" -eo etimes)"
	# In a year that is no int.
	forge "$T/far" 5 far start=18446744073709551615
	assertEquals '5 0 1970 UTC 1970' "$(cells --proc "$T/far" -eo pid,etimes,lstart,stime -D '%Y %Z')"
	unset TZ
	root_only || return 0
	# As if the machine were up for three years; a process of ours begins there.
	# shellcheck disable=SC2016 # expanded by that shell
	run unshare --time --boottime 100000000 --fork sh -c 'date +%s
		sleep 1000 & pid=$!
		trap "kill $pid" EXIT
		date +%s
		sed "s/.*) //" /proc/$pid/stat | cut -d " " -f 20
		"$1" -o etimes=,lstart= -p $pid
		date +%s' sh "$ps"
	assertEquals "$err" 0 "$rc"
	# shellcheck disable=SC2086 # words
	set -- $out
	[ "$3" -gt 4294967296 ] || fail "it started at $3 ticks"
	# Seconds, of which each may have been cut off: between the first two looks at the clock, and until the last.
	[ "$4" -le "$((${10} - $1 + 1))" ] || fail "it has run for $4 seconds: $out"
	begun=$(LC_ALL=C date -d "$5 $6 $7 $8 $9" +%s)
	if [ "$begun" -lt "$(($1 - 1))" ] || [ "$begun" -gt "$2" ]; then fail "it began at $5 $6 $7 $8 $9: $out"; fi
}

# started_as: the start of a process, as date and as its seconds since then.
testRow28StartsDoNotMove() {
	first=$("$ps" -o lstart= -p "$plain")
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		assertEquals "$first" "$("$ps" -o lstart= -p "$plain")"
		sleep 0.03
	done
	root_only || return 0
	# A /proc/stat that somebody has put there does not count: the clocks do.
	sed 's/^btime.*/btime 1000000000/' /proc/stat >"$T/stat"
	# shellcheck disable=SC2016 # expanded by that shell
	run in_mounts 'mount -n --bind "$1" /proc/stat && exec "$2" -o lstart= -p "$3"' sh "$T/stat" "$ps" "$plain"
	assertEquals "0 $first" "$rc $out"
}

testRow29TimeNamespaces() {
	root_only || return 0
	tries=0
	while # once more when a second has passed meanwhile
		here=$("$ps" -o lstart=,etimes= -p "$plain")
		there=$(unshare --time --boottime 1000000 --fork "$ps" -o lstart=,etimes= -p "$plain")
		[ "$here" != "$("$ps" -o lstart=,etimes= -p "$plain")" ] && [ "$((tries += 1))" -lt 50 ]
	do :; done
	assertEquals "$here" "$there"
}

testRow30SevenDigits() {
	root_only || return 0
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c 'echo 4194304 >/proc/sys/kernel/pid_max
		echo 3999999 >/proc/sys/kernel/ns_last_pid
		"$1" -eo pid,ppid,comm
		echo 32768 >/proc/sys/kernel/pid_max
		"$1" -o pid,comm -p 1
		echo 100000 >/proc/sys/kernel/pid_max
		"$1" -o pid,comm -p 1
		echo 1000 >/proc/sys/kernel/pid_max
		"$1" -o pid,comm -p 1' sh "$ps"
	assertEquals "$err" 0 "$rc"
	assertEquals '    PID    PPID COMMAND
      1       0 sh
4000000       1 ps
  PID COMMAND
    1 sh
  PID COMMAND
    1 sh
  PID COMMAND
    1 sh' "$out"
}

# ---- memory

testRow31TheResidentSetOfStatus() {
	# The others differ while a processor keeps its own count.
	forge "$T/rss" 5 rss rss=362 resident=1468 size=6400 vsize=1
	assertEquals '1468 1468 6400 1600' "$(cells --proc "$T/rss" -eo rss,rsz,vsz,sz)"
	assertEquals "$(field VmRSS "$plain" | sed 's/ kB//') $(field VmSize "$plain" | sed 's/ kB//')" \
		"$(cells -o rss,vsz -p "$plain")"
}

testRow32ThePageSize() {
	if sanitized; then return 0; fi # it needs that number itself
	forge "$T/pages" 5 pages size=6400 resident=3200
	assertEquals '1600 6400 3200' "$(cells --proc "$T/pages" -eo sz,vsz,rss)"
	assertEquals '400 6400 3200' \
		"$("$T/odd" auxv 6=16384 "$ps" --proc "$T/pages" -eo sz=,vsz=,rss= | xargs)"
	assertEquals '100 6400 3200' \
		"$("$T/odd" auxv 6=65536 "$ps" --proc "$T/pages" -eo sz=,vsz=,rss= | xargs)"
}

# ---- what not everybody may read

testRow33NumbersThatAreNotForUs() {
	root_only || return 0
	run as_nobody "$ps" -o pid=,stackp=,esp=,eip=,wchan=,s=,rss= -p "$plain"
	assertEquals '0 ' "$rc $err"
	zero=0000000000000000
	assertEquals "$plain $zero $zero $zero - S $(field VmRSS "$plain" | sed 's/ kB//')" \
		"$(echo "$out" | xargs)"
	run as_nobody "$ps" -o pid=,exe=,environ= -p "$plain"
	assertEquals '0 ' "$rc $err"
	assertEquals "$plain - -" "$(echo "$out" | xargs)"
}

testRow34ThreadsThatComeAndGo() {
	odd threads 3 'th) S (read'
	assertEquals "odd
th) S (read
th) S (read
th) S (read" "$(cells -Lo comm -p "$pid")"
	assertEquals 4 "$(cells -Lo lwp -p "$pid" | sort -u | grep -c .)"
	stop "$pid"
	odd churn 8
	n=0
	while [ "$((n += 1))" -le 40 ]; do
		run "$ps" --no-headers -Lo pid,lwp,stat,nlwp,comm -p "$pid"
		assertEquals "$err" '0 ' "$rc $err"
		# One that is just ending is a zombie for a moment.
		awk -v pid="$pid" '$3 ~ /^Z/ { sub(/ <defunct>$/, "") }
			$1 != pid || NF != 5 || seen[$2]++ { print; exit 1 }' "$T/out" || fail 'see above'
		run "$ps" m -o pid,lwp,stat,args "$pid"
		assertEquals "$err" '0 ' "$rc $err"
	done
	stop "$pid"
}

testRow35NoDev() {
	root_only || return 0
	mkdir "$T/dev"
	mkfifo "$T/release" "$T/tell"
	# shellcheck disable=SC2016 # expanded by that shell
	"$T/odd" pty 80 sh -c 'readlink "/proc/$$/fd/0" >"$1"; read -r _ <"$2"' sh "$T/tell" "$T/release" \
		>/dev/null &
	terminal=$!
	started="$started $terminal"
	read -r name <"$T/tell"
	exec 8>"$T/release" # it has come so far, and reads
	child_of "$terminal"
	wait_state "$child" S
	assertEquals "${name#/dev/}" "$(cells -o tty -p "$child")"
	# Others may have one of that number in another devpts.
	assertEquals 'by its name' "$child" "$(cells -o pid -t "${name#/dev/}" | grep -x "$child")"
	# shellcheck disable=SC2016 # expanded by that shell
	run in_mounts 'mount -n --bind "$1" /dev && exec "$2" -o tty=,tname=,s= -p "$3"' sh "$T/dev" "$ps" "$child"
	assertEquals 'by its number' "0 ${name#/dev/} ${name#/dev/} S" "$rc $(echo "$out" | xargs)"
	# shellcheck disable=SC2016 # expanded by that shell
	run in_mounts 'mount -n --bind "$1" /dev && exec "$2" -t "${3#/dev/}"' sh "$T/dev" "$ps" "$name"
	assertEquals 'nor one to ask for' '1 ' "$rc $out"
	echo >&8
	exec 8>&-
	wait "$terminal"
}

# ---- output

testRow36WhoReads() {
	# shellcheck disable=SC2016 # expanded by that shell
	run sh -c '{ "$1" -e; echo $? >"$2"; } | :' sh "$ps" "$T/status"
	assertEquals 'nobody reads' '0 ' "$(cat "$T/status") $err"
	# shellcheck disable=SC2016 # expanded by that shell
	run sh -c '"$1" -e >/dev/full' sh "$ps"
	assertEquals 'the disk is full' '1 ps: write error: No space left on device' "$rc $err"
}

testRow37RowsThatWait() {
	if sanitized; then return 0; fi
	forge "$T/many" 1000 sleeper
	"$T/odd" links "$T/many" 1000 4000
	# 250 bytes for each of 3,001 besides what a listing takes that keeps none, and the program itself.
	room=$(($(wc -c <"$PIDBOX") / 1024 + 275))
	# shellcheck disable=SC2016 # expanded by that shell
	run sh -c 'ulimit -v "$0"; exec "$@"' "$room" "$ps" --proc "$T/many" -eo pid,ppid,user,args
	assertEquals 'kept by nobody' '0 3002 ' "$rc $(grep -c . "$T/out") $err"
	for words in '--sort -pid' --forest '--sort user,-rss,args'; do
		# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
		run sh -c 'ulimit -v "$0"; exec "$@"' $((room + 3001 * 250 / 1024)) "$ps" --proc "$T/many" \
			-eo pid,ppid,user,args $words
		assertEquals "$words" '0 3002 ' "$rc $(grep -c . "$T/out") $err"
	done
}

testRow38Circles() {
	forge "$T/circle" 10 a ppid=12
	forge "$T/circle" 11 b ppid=10
	forge "$T/circle" 12 c ppid=11
	forge "$T/circle" 13 own ppid=13
	forge "$T/circle" 14 orphan ppid=4000000
	forge "$T/circle" 15 pair ppid=16
	forge "$T/circle" 16 pair ppid=15
	forge "$T/circle" 17 below ppid=16
	for words in --forest -eH f -e '-e --sort -ppid' '--forest --sort -pid' '--forest --json'; do
		# shellcheck disable=SC2086 # words
		run timeout -s KILL 5 "$ps" --proc "$T/circle" -A $words -o pid,ppid,nsinit,comm
		assertEquals "$words" '0 ' "$rc $err"
		for pid in 10 11 12 13 14 15 16 17; do
			assertEquals "$words: $pid once" 1 "$(grep -Ec "^ *$pid |\"pid\": $pid,?\$" "$T/out")"
		done
	done
}

# Who asks is /proc/self, not the number that getpid gives: that may be somebody else in there.
testRow39OneSelf() {
	root_only || return 0
	run "$ps" -eo args=
	assertEquals 'itself, once' 1 "$(grep -Fxc "$ps -eo args=" "$T/out")"
	run "$T/odd" pty 80 unshare --fork --pid "$ps" -o pid,tty,args
	assertEquals 0 "$rc"
	# Others may have a terminal of that number in another devpts.
	assertEquals 'those of its terminal' "unshare $ps" \
		"$(awk -v ps="$ps" '$3 == "unshare" || $3 == ps { print $3 }' "$T/out" | sort -r | xargs)"
	assertEquals 'and nobody who has none' '' "$(awk '$1 != "ps:" && $2 !~ /^(pts|TT)/' "$T/out")"
}

# ---- foreign kernels

testRow41HalfAProc() {
	# gVisor: no NSpid, 24 fields in stat, no pid_max.
	tree=$TOP/tests/proc/gvisor-like
	for words in -e -ef -eF -el aux axl axj axv axs --forest '-eo pid,nspid,nslevel,args,class,psr,rtprio'; do
		# shellcheck disable=SC2086 # words
		run "$ps" --proc "$tree" -A $words
		assertEquals "$words" '0 ' "$rc $err"
		[ "$(grep -c . "$T/out")" -ge 5 ] || fail "$words: $out"
	done
	assertEquals '1 0 1 0 sh
5 1 5 0 app
6 5 6 0 worker
9 1 9 0 ps' "$(cells --proc "$tree" -eo pid,ppid,nspid,nslevel,comm --sort pid)"
	# FreeBSD's linprocfs has a status that tells less.
	forge "$T/half" 5 half
	printf 'Name:\thalf\nState:\tS (sleeping)\nPid:\t5\nPPid:\t1\nUid:\t0\t0\t0\t0\n' >"$T/half/5/status"
	rm "$T/half/5/cgroup" "$T/half/5/cmdline"
	rmdir "$T/half/5/ns"
	assertEquals '5 1 5 0 - - [half] 0 0' \
		"$(cells --proc "$T/half" -eo pid,ppid,nspid,nslevel,pidns,cgroup,args,rss,vsz)"
	# What makes no sense is left out, and what is too long as well.
	forge "$T/half" 6 broken
	echo '6 (broken' >"$T/half/6/stat"
	forge "$T/half" 7 short
	echo '7 (short) S 1' >"$T/half/7/stat"
	assert_run 0 '*5 half' '' "$ps" --proc "$T/half" -eo pid,comm
}

testRow42NamespacesOf64BitsAndOfCgroups() {
	forge "$T/wide" 5 wide
	rm -rf "$T/wide/5/ns"
	mkdir "$T/wide/5/ns"
	ln -s 'pid:[4294967296123]' "$T/wide/5/ns/pid"
	ln -s 'mnt:[18446744073709551615]' "$T/wide/5/ns/mnt"
	ln -s 'net:[1]' "$T/wide/5/ns/net"
	assertEquals '4294967296123 18446744073709551615 1 -' \
		"$(cells --proc "$T/wide" -eo pidns,mntns,netns,userns)"
	root_only || return 0
	for dir in /sys/fs/cgroup/unified /sys/fs/cgroup; do
		[ ! -e "$dir/cgroup.procs" ] || break
	done
	group=pidbox-rows-$$
	if ! mkdir "$dir/$group" "$dir/$group/below" 2>/dev/null; then
		skip_because 'no cgroup can be made here'
		return
	fi
	echo "$nobody" >"$dir/$group/below/cgroup.procs"
	like "$("$ps" -o cgroup= -p "$nobody")" "*:/$group/below*" || fail "$("$ps" -o cgroup= -p "$nobody")"
	# Who reads from within the cgroup sees the path from there.
	# shellcheck disable=SC2016 # expanded by that shell
	run sh -c 'echo $$ >"$1/cgroup.procs" && exec unshare --cgroup "$2" -o cgroup= -p "$3"' sh \
		"$dir/$group" "$ps" "$nobody"
	assertEquals '0 ' "$rc $err"
	like "$out" '*:/below*' || fail "from within: $out"
	like "$out" "*$group*" && fail "from within: $out"
	echo "$nobody" >"$dir/cgroup.procs"
	rmdir "$dir/$group/below" "$dir/$group" || fail 'the cgroups are still there'
}

. "${SHUNIT2:-shunit2}"
