#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps --json: one array of objects, valid whatever the processes are called, whose values are what the
# kernel says: numbers in bytes, seconds and per cent, null for what cannot be known.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/odd.sh"

need jq jq
ps=$BIN/ps
hz=$(getconf CLK_TCK)

oneTimeSetUp() {
	enabled JSON || return 0
	sleeper nice -n 5
	plain=$pid
	odd threads 2 worker
	team=$pid
}

oneTimeTearDown() { stop_all; }

suite() { tests_of JSON; }

testNotBuiltIn() {
	enabled JSON && return
	assert_run 1 '' 'ps: *' "$ps" -e --json
}

# json RC WORDS...: its output in $T/out is one array, in UTF-8 that a terminal may see.
json() {
	json_rc=$1
	shift
	run "$ps" --json "$@"
	assertEquals "ps --json $*" "$json_rc " "$rc $err"
	"$T/judge" utf8 <"$T/out" >"$T/verdict" || fail "ps --json $*: $(cat "$T/verdict")"
	jq -es 'length == 1 and (.[0] | type == "array" and all(type == "object"))' "$T/out" \
		>/dev/null 2>"$T/jq.err" || fail "ps --json $*: no array of objects: $(cat "$T/jq.err")"
}

# ask FILTER: of it, in one line.
ask() { jq -cr "$1" "$T/out" | paste -sd ' '; }

# ---- types

numbers='%cpu %mem pcpu pmem c cp cuc cuu util ag_id ag_nice atime time times cputime cputimes bsdtime
	etime etimes bsdstart lstart start start_time stime cpu cpuid lastcpu psr drs dsiz m_drs m_size
	m_trs trs trss tsiz vsz vsize rss rssize rsz sgi_rss size sz pss uss htprv htshr
	egid euid fgid fsgid fsuid fuid gid rgid ruid sgid suid svgid svuid uid
	f flag flags fds intpri opri pri pri_api pri_bar pri_baz pri_foo priority ni nice sched
	lwp spid tid pid tgid ppid pgid pgrp sess session sid tpgid nlwp thcount nslevel nsinit
	maj_flt majflt min_flt minflt pagein oom oomadj rbytes rchars rops wbytes wcbytes wchars wops
	cgroupns ipcns mntns netns pidns timens userns utsns pidino'

texts='args cmd command comm ucmd ucomm fname exe environ cgroup class cls policy
	egroup euser fgroup fsgroup fsuser fuser group rgroup ruser sgroup suser svgroup svuser uid_hack uname user
	s state stat eip esp stackp start_stack wchan wname nspid nstgid nspgid nssid sigterm reaper
	blocked caught ignored pending sig sig_block sig_catch sig_ignore sig_pend sigcatch sigignore sigmask tsig
	pcap pcaps'

# What a process need not have, and of what type it is then.
perhaps_numbers='sgi_p lim luid numa rtprio ouid nschild'
perhaps_texts='cgname context label zone docker lxc lsession machine seat slice unit uunit supgid supgrp
	longtname tname tt tty tty4 tty8'

# typed TYPE NAME...: the values of these columns are.
typed() {
	type=$1
	shift
	list=$(echo "$*" | xargs | tr ' ' ,)
	json 0 -o "$list" -p "$plain"
	assertEquals "not $type" '' "$(ask ".[0] | to_entries[] | select(.value | type | test(\"$type\") | not) |
		\"\\(.key): \\(.value)\"")"
	assertEquals 'the names of -o, in that order' "$(echo "$list" | tr ',' ' ')" "$(ask '.[0] | keys_unsorted[]')"
}

# shellcheck disable=SC2086 # they are words
testTypes() {
	typed '^number$' $numbers
	typed '^string$' $texts
	typed '^(number|null)$' $perhaps_numbers
	typed '^(string|null)$' $perhaps_texts
	# Whatever else has a name: nobody knows it.
	known=" $(echo $numbers $texts $perhaps_numbers $perhaps_texts | xargs) "
	others=
	for column in $("$ps" L | awk '{ print $1 }'); do
		case $known in
		*" $column "*) ;;
		*) others="$others $column" ;;
		esac
	done
	[ "$(echo $others | wc -w)" -ge 80 ] || fail "only $others"
	typed '^null$' $others
	"$ps" L | awk '{ print $1 }' >"$T/names"
	assertEquals 'those that are no columns' '' "$(echo $known | tr ' ' '\n' | grep -vxFf "$T/names")"
}

# proc PID FIELD: of /proc/PID/stat, by its number in proc_pid_stat(5).
stat_field() { sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f $(($2 - 2)); }

testNumbersAreTheKernels() {
	json 0 -o pid,ppid,pgid,sid,tpgid,ni,priority,nlwp,flags,vsz,rss,sz,m_size,size,min_flt,stackp -p "$plain"
	kb=$(field VmSize "$plain")
	resident=$(field VmRSS "$plain")
	assertEquals "$plain $$ $(stat_field "$plain" 5) $(stat_field "$plain" 6) $(stat_field "$plain" 8)" \
		"$(ask '.[0] | .pid, .ppid, .pgid, .sid, .tpgid')"
	assertEquals '5 25 1' "$(ask '.[0] | .ni, .priority, .nlwp')"
	assertEquals "$(stat_field "$plain" 9)" "$(ask '.[0].flags')"
	assertEquals "$(stat_field "$plain" 10)" "$(ask '.[0].min_flt')"
	assertEquals 'bytes' "$((${kb% kB} * 1024)) $((${resident% kB} * 1024)) $(stat_field "$plain" 23)" \
		"$(ask '.[0] | .vsz, .rss, .m_size')"
	assertEquals 'bytes of pages' "$((${kb% kB} * 1024))" "$(ask '.[0].sz')"
	data=$(field VmData "$plain")
	stack=$(field VmStk "$plain")
	assertEquals 'data and stack' "$(((${data% kB} + ${stack% kB}) * 1024))" "$(ask '.[0].size')"
	assertEquals "$(printf '%016x' "$(stat_field "$plain" 28)")" "$(ask '.[0].stackp')"
}

testSizesAreBytesWhereverTheyAreRead() {
	enabled PS_FILES || return 0
	forge "$T/sizes" 5 sizes
	printf '%s: %d kB\n' Pss 12345 Private_Clean 100 Private_Dirty 20 Shared_Hugetlb 2048 \
		Private_Hugetlb 4194304 >"$T/sizes/5/smaps_rollup"
	printf '%s: %d\n' rchar 11 read_bytes 4096 >"$T/sizes/5/io"
	json 0 --proc "$T/sizes" -eo pss,uss,htshr,htprv,rchars,rbytes,wbytes,oom
	assertEquals "$((12345 * 1024)) $((120 * 1024)) $((2048 * 1024)) 4294967296 11 4096 null null" \
		"$(ask '.[0] | .[]')"
}

testTimesAreSeconds() {
	forge "$T/times" 5 times utime=1234 stime=66 start=4250
	json 0 --proc "$T/times" -eo time,bsdtime,cputimes,atime
	assertEquals 'used' "$(awk -v hz="$hz" 'BEGIN { t = 1300 / hz; print t, t, t, t }')" \
		"$(ask '.[0] | .time, .bsdtime, .cputimes, .atime')"
	before=$(date +%s)
	json 0 -o lstart,start,stime,start_time,bsdstart,etime,etimes -p "$plain"
	after=$(date +%s)
	boot=$(sed -n 's/^btime //p' /proc/stat)
	begun=$(stat_field "$plain" 22 | awk -v boot="$boot" -v hz="$hz" '{ printf "%.2f", boot + $1 / hz }')
	assertEquals 'since 1970' true "$(ask "[.[0] | .lstart, .start, .stime, .start_time, .bsdstart] |
		all(. >= $begun - 1.1 and . <= $begun + 1.1)")"
	assertEquals 'and since then' true "$(ask "[.[0] | .etime, .etimes] |
		all(. >= $before - $begun - 2.1 and . <= $after - $begun + 2.1)")"
	json 0 -o lstart -D '%Y' -p "$plain"
	assertEquals 'however dates are shown' number "$(ask '.[0].lstart | type')"
}

testNegativeAndLargeNumbers() {
	forge "$T/large" 5 large nice=-20 prio=-2 uid=4294967294 gid=4294967295 policy=1 size=18014398509481983
	rm "$T/large/5/ns" -r
	mkdir "$T/large/5/ns"
	ln -s 'mnt:[18446744073709551615]' "$T/large/5/ns/mnt"
	ln -s 'pid:[4294967296123]' "$T/large/5/ns/pid"
	json 0 --proc "$T/large" -eo priority,ni,ruid,rgid,mntns,pidns,tpgid
	# As text, since jq's numbers are no integers.
	list='priority:-2,ni:null,ruid:4294967294,rgid:4294967295,mntns:18446744073709551615,pidns:4294967296123'
	assertEquals "$list,tpgid:-1" \
		"$(grep : "$T/out" | tr -d ' "\n')"
}

testUnreadableIsNull() {
	root_only || return 0
	list=pid,pidns,userns,mntns,netns,ipcns,utsns,cgroupns,timens,exe,environ,pss,uss,rbytes,pidino
	run as_nobody "$ps" --json -o $list -p "$plain"
	assertEquals '0 ' "$rc $err"
	assertEquals "$plain" "$(ask '.[0].pid')"
	assertEquals '' "$(ask '.[0] | to_entries[] |
		select(.key != "pid" and .key != "pidino" and .value != null) | .key')"
	# What is not there is no text of one dash.
	json 0 -o tty,tname,rtprio,acflag,cwd -p "$plain"
	assertEquals '' "$(ask '.[0] | to_entries[] | select(.value != null) | .key')"
}

# ---- text

testAnyBytesAsName() {
	for text in "$(printf 'quote" back\\ x')" "$(printf '\001\002\033[31m\177')" "$(printf 'l\n\r\t2')" \
		"$(printf '\303\274\346\227\245\360\237\230\200')" "$(printf '\342\200\256\342\200\213\357\273\277')" \
		"$(printf '\356\200\200\364\217\277\277')" '</script>' "$(printf '\302\233\302\205')" 'null' '1' '' '}],{['; do
		odd named "$text" "$text" "a $text b"
		json 0 -o comm,args,ucmd,fname,pid -p "$pid"
		# jq's own encoding of the same bytes.
		want=$(printf '%s' "$text" | jq -Rs .)
		assertEquals "$want" "$(jq -c '.[0].comm' "$T/out")"
		assertEquals "$want" "$(jq -c '.[0].ucmd' "$T/out")"
		want=$(printf '%s' "$T/odd named $text $text a $text b" | tr '\n' ' ' | jq -Rs .)
		assertEquals "$want" "$(jq -c '.[0].args' "$T/out" | sed 's/\\n/ /g')"
		for locale in C POSIX; do
			LC_ALL=$locale "$ps" --json -o comm,args,ucmd,fname,pid -p "$pid" >"$T/ascii"
			cmp "$T/out" "$T/ascii" || fail "$locale: another text"
		done
		stop "$pid"
	done
	# What is no UTF-8: a replacement for each byte, and nothing else is lost. Too long forms of "A",
	# surrogates, more than there is, and what is cut off.
	r=$(printf '\357\277\275')
	for bytes in '\377' '\300\200' '\355\240\200' '\346\227' '\340\201\201' \
		'\360\200\201\201' '\364\220\200\200'; do
		# shellcheck disable=SC2059 # they are to be read
		odd named "$(printf "a${bytes}b")"
		json 0 -o comm -p "$pid"
		want=$(printf %s "$bytes" | sed "s/.[0-9][0-9][0-9]/$r/g")
		assertEquals "$bytes" "a${want}b" "$(ask '.[0].comm')"
		stop "$pid"
	done
}

testEveryCharacter() {
	for range in 0x20-0x3fff 0x4000-0x7fff 0x8000-0xd7ff 0xe000-0xffff 0x10000-0x16fff 0x1f000-0x1ffff \
		0xdf000-0xe4fff 0x10c000-0x10ffff; do
		forge "$T/every" 5 every
		"$T/judge" points "${range%-*}" "${range#*-}" >"$T/every/5/cmdline"
		json 0 --proc "$T/every" -eo args
		jq -j '.[0].args' "$T/out" >"$T/got"
		cmp -s "$T/every/5/cmdline" "$T/got" || fail "$range: $(cmp -l "$T/every/5/cmdline" "$T/got" | head -3)"
	done
}

# All columns of a /proc full of hostile text.
testHostileFiles() {
	text=$(printf '"\\\033[31m\377\302\233\342\200\256\n\001,}]')
	for number in 1 20; do
		forge "$T/hostile" $number "$text" ppid=$((number / 20)) cmdline="$text" cgroup="0::/$text"
		for file in wchan environ attr/current loginuid sessionid oom_score oom_score_adj io autogroup smaps_rollup; do
			mkdir -p "$T/hostile/$number/attr"
			printf '%s' "$text" >"$T/hostile/$number/$file"
		done
		ln -s "/$text" "$T/hostile/$number/exe"
		for kind in cgroup ipc mnt net pid time user uts pid_for_children; do
			ln -s "$kind:[$text]" "$T/hostile/$number/ns/$kind"
		done
	done
	columns=$("$ps" L | awk '{ print $1 }')
	for part in 'NR <= 120' 'NR > 120 && NR <= 240' 'NR > 240'; do
		list=$(echo "$columns" | awk "$part" | paste -sd ,)
		json 0 --proc "$T/hostile" -eo "$list"
		assertEquals "$part" "2 $(echo "$list" | tr ',' '\n' | wc -l)" "$(ask 'length, (.[0] | length)')"
	done
	for words in -ef -eF -ely aux axl axs axj axv axX -eM; do
		json 0 --proc "$T/hostile" $words
	done
}

# ---- rows

testNothingSelected() {
	for words in '-p 2147483647' '-p 2147483647 --forest' '-p 2147483647 --sort pid' '-q 2147483647' \
		'-C nobody-is-called-so' '-Lp 2147483647'; do
		# shellcheck disable=SC2086 # words
		json 1 $words
		assertEquals "$words" '[]' "$(ask .)"
		assertEquals "$words" 1 "$(wc -l <"$T/out")"
	done
}

testFormatsHaveTheNamesOfTheirColumns() {
	json 0 -fp "$plain"
	assertEquals 'user pid ppid c stime tty time cmd' "$(ask '.[0] | keys_unsorted[]')"
	json 0 u "$plain"
	assertEquals 'user pid pcpu pmem vsz rss tty stat start_time time args' "$(ask '.[0] | keys_unsorted[]')"
	json 0 -lp "$plain"
	assertEquals 'flags state uid pid ppid c opri ni addr sz wchan tty time comm' "$(ask '.[0] | keys_unsorted[]')"
	json 0 -p "$plain"
	assertEquals 'pid tty time comm' "$(ask '.[0] | keys_unsorted[]')"
	# but who asks for one by its name gets it
	json 0 -o DFMT -p "$plain"
	assertEquals 'pid tname state cputime cmd' "$(ask '.[0] | keys_unsorted[]')"
	json 0 -O uid_hack -p "$plain"
	assertEquals 'pid uid_hack state tname time command' "$(ask '.[0] | keys_unsorted[]')"
	PS_FORMAT=user,uid_hack,ucmd json 0 -p "$plain"
	assertEquals 'user uid_hack ucmd' "$(ask '.[0] | keys_unsorted[]')"
	# no key twice, whatever the letters
	for words in -f -l -F -lf '-ly' -j -fL -lT j l s u v X '-c l' '-j u'; do
		# shellcheck disable=SC2086 # words
		json 0 $words -p "$plain"
		assertEquals "$words" '' "$(sed -n 's/^ *\("[^"]*"\):.*/\1/p' "$T/out" | sort | uniq -d)"
	done
	json 0 -o %p%a -p "$plain"
	assertEquals 'pid args' "$(ask '.[0] | keys_unsorted[]')"
}

# Headers, widths and screens are for those who look.
testNothingIsCut() {
	odd named 'sixteen letters' "$(awk 'BEGIN { while (n++ < 600) printf "0123456789" }')"
	COLUMNS=20 json 0 --cols 20 --no-headers -o pid=Number -o comm:3=Name -o args:5,user:2 -p "$pid"
	assertEquals 'pid comm args user' "$(ask '.[0] | keys_unsorted[]')"
	assertEquals 'sixteen letters' "$(ask '.[0].comm')"
	assertEquals "$((6000 + $(printf %s "$T/odd named sixteen letters " | wc -c)))" "$(ask '.[0].args | length')"
	json 0 --headers --lines 2 -eo pid
	json 0 -o pid= -o comm= -p "$pid"
	assertEquals 'pid comm' "$(ask '.[0] | keys_unsorted[]')"
	json 0 --delimiter : -o pid,comm -p "$pid"
	stop "$pid"
}

# A column twice would be a key twice, of which readers keep one.
testEachNameOnce() {
	json 0 -o pid,comm,pid,comm:3,pid=x -p "$plain"
	assertEquals 1 "$(grep -c '"pid":' "$T/out")"
	assertEquals 1 "$(grep -c '"comm":' "$T/out")"
}

testOrders() {
	n=100
	while [ "$((n += 1))" -le 110 ]; do
		forge "$T/order" "$n" "n$((n % 3))" ppid=$((n > 105 ? 103 : 1)) nice=$((n % 4))
	done
	json 0 --proc "$T/order" -eo pid,ni,comm --sort ni,-comm,-pid
	assertEquals "$(ask 'sort_by(.ni, (.comm | explode | map(-.)), -.pid) | .[].pid')" "$(ask '.[].pid')"
	json 0 --proc "$T/order" -q 109,101,105 -o pid
	assertEquals '109 101 105' "$(ask '.[].pid')"
	json 0 --proc "$T/order" --forest -eo pid,comm,args
	assertEquals 'children behind their parent' '103 106 107 108 109 110' \
		"$(ask '[.[].pid] | .[index(103):] | .[:6][]')"
	assertEquals 'no lines of the tree in the text' '' \
		"$(ask '.[] | select(.comm != "n\(.pid % 3)" or .args != .comm) | .pid')"
	json 0 --proc "$T/order" -eHo pid,comm
	assertEquals 'nor blanks' '' "$(ask '.[] | select(.comm != "n\(.pid % 3)") | .pid')"
	assertEquals 10 "$(ask length)"
}

testThreads() {
	json 0 -Lo pid,lwp,nlwp,comm,stat -p "$team"
	assertEquals "$team 3 odd $team 3 worker $team 3 worker" "$(ask '.[] | .pid, .nlwp, .comm')"
	tids=$(cd "/proc/$team/task" && echo *)
	assertEquals "$(echo "$tids" | tr ' ' '\n' | sort -n | paste -sd ' ')" "$(ask '.[].lwp')"
	json 0 H -o tid,comm "$team"
	assertEquals 'odd worker worker' "$(ask '.[].comm')"
	# In the lines of m what belongs to the other kind is null.
	json 0 m -o pid,lwp,comm,s,user "$team"
	assertEquals "$team null odd null" "$(ask '.[0] | .pid, .lwp, .comm, .s')"
	assertEquals 'null null null' "$(ask '.[1:][].pid')"
	assertEquals 'S S S' "$(ask '.[1:][].s')"
	json 0 H -o pid,lwp --sort -lwp "$team"
	assertEquals "$(echo "$tids" | tr ' ' '\n' | sort -nr | paste -sd ' ')" "$(ask '.[].lwp')"
}

testInANamespace() {
	root_only || return 0
	unshare --fork --pid --mount-proc --kill-child sh -c 'sleep 1001 & wait' 2>/dev/null &
	container=$!
	started="$started $container"
	child_of "$container"
	inside=$child
	child_of "$inside"
	json 0 --in "$inside" -eo pid,ppid,nspid,pidns,comm
	assertEquals '1 0 2 1' "$(ask '.[] | .pid, .ppid')"
	assertEquals "$(stat -L -c %i "/proc/$inside/ns/pid")" "$(ask '.[0].pidns')"
	json 0 --pidns "$inside" -eo pid,nspid
	assertEquals "$inside $child" "$(ask '.[].pid')"
	assertEquals "$(field NSpid "$child" | tr '\t' ,)" "$(ask '.[1].nspid')"
	json 0 --in "$inside" --forest -eo pid
	assertEquals '1 2' "$(ask '.[].pid')"
	json 1 --in "$inside" -p 99
	assertEquals '[]' "$(ask .)"
	stop "$inside"
	wait "$container" 2>/dev/null || :
}

testEverybody() {
	for words in -e -ef aux '-eLf' '-e --forest' 'axm' '-e --sort -rss,pid'; do
		# shellcheck disable=SC2086 # words
		json 0 $words
	done
}

. "${SHUNIT2:-shunit2}"
