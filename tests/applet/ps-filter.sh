#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps --filter: every column can be asked, by what it shows; what nobody can know is never true; mistakes are
# told by their column. The language itself is tests/core/filter.c's.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/odd.sh"

need strace strace
ps=$BIN/ps

# Processes of files: a family, one of large figures, one of hostile text.
oneTimeSetUp() {
	all=$T/all
	hz=$(getconf CLK_TCK)
	forge "$all" 1 init ppid=0 start=10 cgroup='0::/init.scope'
	forge "$all" 20 parent uid=1000 gid=50 size=200000 resident=102400 vsize=204800000 utime=$((hz * 93784)) \
		cmdline='/bin/parent --all' nice=5 prio=25
	forge "$all" 21 child ppid=20 uid=1000 resident=1023 state=Z tty=34816 utime=$((hz * 59))
	forge "$all" 22 child ppid=20 nspid='22	1' cgroup="0::/docker/$(printf '%064d' 7)/x" policy=1
	forge "$all" 30 "$(printf 'a) S\n1 b')" cmdline="$(printf 'x\033[31m \377 y')"
	enabled PS_FILTER || return 0
	odd threads 2 worker
	team=$pid
}

oneTimeTearDown() { stop_all; }

suite() { tests_of PS_FILTER; }

testNotBuiltIn() {
	enabled PS_FILTER && return
	assert_run 1 '' "ps: unknown gnu long option: '--filter'*" "$ps" --filter pid
}

# whom EXPR: the numbers of those of the files of whom it is true; "none" and status 1 are one.
whom() {
	run "$ps" --proc "$all" -o pid= --filter "$1"
	echo "$rc$err$out" | xargs
}

# yes EXPR WHOM
yes() { assertEquals "$1" "0$2" "$(whom "$1" | sed 's/^0 /0/')"; }
no() { assertEquals "$1" 1 "$(whom "$1")"; }

testOperators() {
	yes 'pid == 20' 20
	yes 'pid != 20' '1 21 22 30'
	yes 'pid < 21 and pid >= 1' '1 20'
	yes 'pid <= 20' '1 20'
	yes 'pid > 22 or pid eq 1' '1 30'
	yes 'PID ge 22 && Pid le 22' 22
	yes 'comm =~ "^(init|parent)$"' '1 20'
	yes 'comm !~ "i"' '20 30'
	yes 'not comm == "child"' '1 20 30'
	yes '! (pid == 1 || ppid == 20)' '20 30'
	yes 'ppid' '20 21 22 30'
	yes "comm == 'init'" 1
	yes 'pid == tgid and ppid != pid' '1 20 21 22 30'
	no 'pid == 0'
	no '0'
}

testUnits() {
	yes 'rss == 102400' 20
	yes 'rss == 100M' 20
	yes 'rss >= 100MiB and rss < 105MB' 20
	yes 'rss > 1000K and rss < 1M' 21 # 1023 KiB
	yes 'rss < 1M' '1 21 22 30'
	yes 'vsz > 100M and sz > 100M and m_size > 100M and vsz < 1G' 20
	yes 'm_size == 204800000' 20
	yes 'time == 1-02:03:04' 20
	yes 'time > 26:00:00 and time < 1-03:00:00 and time == 93784 and cputimes == 93784' 20
	yes 'bsdtime == 0:59' 21
	yes 'time =~ "^00:00:5"' 21
	yes 'time == "1-02:03:04"' 20
	yes 'nice == 5 and pri == 14 and opri > 84' 20
	yes 'etimes > 1 and etime > 0:01' '1 20 21 22 30'
	yes 'nslevel == 1 and nspid == "22,1"' 22
}

# Numbers that are not for counting: digits of addresses, and an inode that no signed number can be.
testNumbersThatAreTexts() {
	no 'eip == 0'
	yes 'eip == "0000000000000000" and start_stack =~ "^0{16}$"' '1 20 21 22 30'
	forge "$T/large" 5 large
	rm -r "$T/large/5/ns"
	mkdir "$T/large/5/ns"
	ln -s 'mnt:[18446744073709551615]' "$T/large/5/ns/mnt"
	ln -s 'pid:[4294967296123]' "$T/large/5/ns/pid"
	for expr in 'mntns == "18446744073709551615"' 'mntns =~ "^18446744073709551615$"' 'pidns == 4294967296123'; do
		assert_run 0 '*5' '' "$ps" --proc "$T/large" -o pid= --filter "$expr"
	done
	assert_run 1 '' '' "$ps" --proc "$T/large" -o pid= --filter 'mntns < 0 or pidns < 4294967296123'
}

# A share of the processor is compared as it is printed, in one decimal. Where the machine is up for three
# years the half of that is the same share for days.
testShares() {
	user=
	[ "$(id -u)" = 0 ] || user='--user --map-root-user'
	# shellcheck disable=SC2086 # words
	up_for_long() { unshare $user --time --boottime 100000000 --fork "$@"; }
	cp -r "$all" "$T/shares"
	up=$(up_for_long awk '{ print int($1) }' /proc/uptime)
	forge "$T/shares" 40 half start=0 utime=$((up * hz * 4975 / 10000))
	shown=$(up_for_long "$ps" --proc "$T/shares" -p 40 -o %cpu= | xargs)
	assertEquals 'half' 49.7 "$shown"
	assert_run 0 "*$shown" '' up_for_long "$ps" --proc "$T/shares" -o %cpu= --filter "pid == 40 and
		time > 0:01 and time < 9999-00:00:00 and
		%cpu >= 49.5 and %cpu <= 50.1 and pcpu > 49 and c >= 49 and cp > 490 and cuu > 49.4 and
		%cpu =~ '^[45]'"
}

testText() {
	yes 'ruser == 1000 or ruser == "root" and pid == 1' '1 20 21'
	yes 'ruser == 0 and ruser == "root" and ruid == 0 and ruser == "0"' '1 22 30'
	yes 'rgroup == 50 and ruser > 999 and rgid == 50' 20
	yes 'args == "/bin/parent --all"' 20
	yes 'args =~ "--all$" and comm == "parent"' 20
	yes 'state == "Z"' 21
	yes 'stat == "Zs" or stat =~ "^SN"' '20 21'
	yes 'stat == "SNs"' 20
	yes 'args =~ "defunct"' 21
	yes 'class == "FF" and ni != 0 or class == "TS" and nice == 5' 20
	yes 'class == "FF"' 22
	if enabled PS_CGROUP; then
		yes 'docker == "000000000000"' 22
		yes 'docker == ""' '1 20 21 30'
		yes 'cgroup =~ "^0::/docker/"' 22
		yes 'not cgroup' '20 21 30'
	fi
	# What the options make of comm and args is for who reads them.
	assert_run 0 '*child <defunct>' '' "$ps" --proc "$all" c -o cmd= --filter 'args =~ "^.child. <defunct>$"'
	assert_run 0 '*/bin/parent --all' '' "$ps" --proc "$all" -f --no-headers --filter 'ucmd == "parent"'
}

testHostileText() {
	newline='
'
	yes 'comm =~ "^a\) S"' 30
	yes "comm == 'a) S${newline}1 b'" 30
	yes "args =~ '$(printf '\033')'" 30
	no 'comm =~ "S.x"'
	bytes=$(printf 'x\033[31m \377 y')
	yes "args == '$bytes'" 30
	# no control byte of the expression gets out
	run "$ps" --filter "pid == $(printf '\033\302\233')[31m"
	assertEquals '1 ps: --filter: column 8: '"'?'"': unknown operator' "$rc $err"
}

# A text that is longer than any buffer: the end of it is seen.
testLongText() {
	long=$(printf '%0100000d' 7 | tr 0 x)
	cp -r "$all" "$T/long"
	forge "$T/long" 50 long cmdline="$long end"
	assert_run 0 '*50' '' "$ps" --proc "$T/long" -o pid= --filter 'args =~ "^x+7 end$"'
	assert_run 0 '*50' '' "$ps" --proc "$T/long" -o pid= --filter "args == '$long end'"
	assert_run 1 '' '' "$ps" --proc "$T/long" -o pid= --filter "args == '$long'"
}

# What is not shown, or not to be read, is unknown, and so is its contrary.
testUnknown() {
	for column in rtprio addr nschild; do
		no "pid == 20 and $column == 1"
		no "pid == 20 and $column != 1"
		no "pid == 20 and not $column == 1"
		no "pid == 20 and (not ($column =~ 'x') or $column)"
	done
	no 'ni != 0 and pid == 22' # of the class FF
	yes 'pid == 22 and (ni == 0 or pri)' 22
	yes "tty == '?' and pid < 20" 1
	[ "$(whom 'tty != "?"')" = 021 ] || [ "$(whom 'tty != "?"')" = '0 21' ] || # pts/0 may not be there
		no 'tty != "?"'
	root_only || return 0
	odd threads 1 other
	for column in pidns userns exe environ; do
		assert_run 1 '' '' as_nobody "$ps" -o pid= --filter "pid == $pid and $column != 0"
		assert_run 1 '' '' as_nobody "$ps" -o pid= --filter "pid == $pid and not $column == 'x'"
		assert_run 0 "*$pid" '' as_nobody "$ps" -o pid= --filter "pid == $pid and (ppid or $column == 0)"
	done
}

# Every column: what is true of it and of its contrary is true of all rows but those that do not know; and
# the row that is found by what it shows is the row that shows it.
testEveryColumn() {
	columns=$("$ps" L | awk '{ print $1 }')
	[ "$(echo "$columns" | wc -l)" -ge 150 ] || fail 'too few columns'
	# shellcheck disable=SC2086 # words
	set -- $columns
	for column; do
		run "$ps" -o pid= -p "$team" --filter "$column == $column and $column =~ '' and not $column != $column"
		if [ "$rc" = 0 ]; then
			assertEquals "$column" "$team" "$(echo "$out" | xargs)"
			known="${known-} $column"
		else
			assertEquals "$column: unknown" '1 ' "$rc $err"
			case $("$ps" -o "$column=" -p "$team" | xargs) in
			- | '*' | '' | -1 | '?' | 0) ;;
			*) fail "$column is unknown, but shown" ;;
			esac
		fi
	done
	# shellcheck disable=SC2086 # words
	[ "$(echo ${known-} | wc -w)" -ge 110 ] || fail "known are only: $known"
}

# A number is the one that is printed.
testNumbersAsPrinted() {
	for column in %cpu %mem pid ppid pgid sid tpgid nlwp rss vsz sz size drs trs lim m_size pri opri ni psr min_flt \
		maj_flt c cp cuu cuc time cputimes bsdtime uid gid ruid fgid nslevel pidns mntns fds f; do
		shown=$("$ps" --proc /proc -o "$column=" -p "$team" | xargs)
		case $shown in
		- | '*') continue ;;
		xx) shown='"xx"' ;;
		esac
		run "$ps" -o pid= -p "$team" --filter "$column == $shown and $column == '$(echo "$shown" | tr -d '"')'"
		assertEquals "$column is $shown" "0 $team" "$rc $(echo "$out" | xargs)$err"
	done
	for column in rss vsz size uss; do # in KiB
		enabled PS_FILES || [ $column != uss ] || continue
		shown=$("$ps" -o $column= -p "$team" | xargs)
		assert_run 0 "*$team" '' "$ps" -o pid= -p "$team" --filter "$column == ${shown}K and $column == $shown"
	done
	for column in lstart start stime bsdstart eip esp args comm s user pending caught nspid wchan sigterm; do
		enabled PS_SIGTERM || [ $column != sigterm ] || continue
		shown=$("$ps" --proc /proc -o "$column=" -p "$team" | sed 's/^ *//; s/ *$//')
		[ "$shown" != - ] || continue
		run "$ps" -o pid= -p "$team" --filter "$column =~ '$shown *\$'"
		assertEquals "$column is $shown" "0 $team" "$rc $(echo "$out" | xargs)$err"
	done
}

# ---- beside other options

testSelection() {
	p() { run "$ps" --proc "$all" -o pid= "$@"; }
	p -p 20,21 --filter 'comm == "child"'
	assertEquals '0 21' "$rc $(echo "$out" | xargs)"
	p --ppid 20 --filter 'pid != 21'
	assertEquals 22 "$(echo "$out" | xargs)"
	p -N -p 20 --filter 'pid != 21'
	assertEquals '1 22 30' "$(echo "$out" | xargs)"
	p -e --filter 'pid > 20' --sort=-pid
	assertEquals '30 22 21' "$(echo "$out" | xargs)"
	p -q 22,20,21 --filter 'pid != 21'
	assertEquals '22 20' "$(echo "$out" | xargs)"
	p --filter=ppid==20
	assertEquals '21 22' "$(echo "$out" | xargs)"
	p ax --filter ppid==20
	assertEquals '21 22' "$(echo "$out" | xargs)"
	p --zombies --filter 'pid > 1'
	assertEquals 21 "$(echo "$out" | xargs)"
	# who is left out has no line, and children of his are roots
	run "$ps" --proc "$all" -e --forest -o args= --filter 'pid != 20'
	assertEquals 'init child [child] <defunct>' "$(echo "$out" | sed '/\\_/d' | head -n 3 | xargs)"
	assert_run 1 '  PID COMMAND' '' "$ps" --proc "$all" -o pid,comm --filter 'pid == 5'
	if enabled JSON; then
		assert_run 1 '\[\]' '' "$ps" --proc "$all" --json -o pid --filter 'pid == 5'
		assert_run 0 '*"pid": 20*' '' "$ps" --proc "$all" --json -o pid,stat --filter 'stat == "SNs" and rss == 100M'
	fi
}

testThreads() {
	tids=$(ls "/proc/$team/task")
	# shellcheck disable=SC2086 # words
	set -- $tids
	assertEquals 'the threads' 3 $#
	names=$("$ps" -L -p "$team" -o comm= | sort -u | xargs)
	for way in -L -T H; do
		run "$ps" $way -p "$team" -o lwp= --filter "lwp == $2"
		assertEquals "$way" "0 $2" "$rc $(echo "$out" | xargs)"
		run "$ps" $way -p "$team" -o lwp= --filter "lwp != pid" --sort=-lwp
		sorted="$2 $3" # threads as processes are sorted, not those below one
		[ $way != H ] || sorted="$3 $2"
		assertEquals "$way sorted" "$sorted" "$(echo "$out" | xargs)"
		run "$ps" $way --filter "comm == 'worker' and pid == $team" -o lwp=
		assertEquals "$way by name ($names)" "$2 $3" "$(echo "$out" | xargs)"
	done
	# In the lines of m only what they show is known: a process's has no thread's number.
	assert_run 0 "*$team*-" '' "$ps" -m --no-headers -p "$team" -o pid,lwp --filter "pid == $team"
	assertEquals 1 "$(echo "$out" | wc -l)"
	assert_run 0 "*-*$2" '' "$ps" m --no-headers -p "$team" -o pid,lwp --filter "lwp == $2"
	assertEquals 1 "$(echo "$out" | wc -l)"
	assert_run 1 '' '' "$ps" m --no-headers -p "$team" -o pid --filter "lwp == $2 and pid == $team"
}

testInNamespace() {
	enabled PS_IN || return 0
	run in_ns sh -c 'exec "$1" -o pid= --in $$ --filter "pid == 1 and comm == \"ps\""' sh "$ps"
	assertEquals '0 1' "$rc $(echo "$out" | xargs)$err"
}

# ---- mistakes

wrong() { assert_run 1 '' "ps: --filter: column $2: $3" "$ps" --filter "$1"; }

testMistakes() {
	wrong 'foo == 1' 1 "'foo': unknown column (texts need quotes)"
	wrong 'pid == 1 and Foo' 14 "'Foo': unknown column (texts need quotes)"
	wrong 'pid = 1' 5 "'=': unknown operator"
	wrong 'pid == 1x' 8 "'1x': not a number"
	wrong 'pid ==' 7 'a column or a value is expected'
	wrong 'pid == )' 8 "')': a column or a value is expected"
	wrong '(pid == 1' 1 "'(pid == 1': the bracket is not closed"
	wrong 'pid == 1)' 9 "')': an operator or the end is expected"
	wrong "comm == 'x" 9 "''x': the text does not end"
	wrong "comm =~ '('" 9 "''('': not a regular expression"
	wrong 'comm =~ comm' 9 "'comm': a regular expression in quotes is expected"
	wrong ' ' 2 'a column or a value is expected'
	LC_ALL=C.UTF-8 wrong 'comm == "öö" and x' 18 "'x': unknown column (texts need quotes)"
	LC_ALL=C wrong 'comm == "öö" and x' 20 "'x': unknown column (texts need quotes)"
	assert_run 1 '' "ps: expression must follow --filter*" "$ps" --filter
	assert_run 1 '' "ps: expression must follow --filter*" "$ps" --filter=
	# a mistake is told before anything is listed or read
	assert_run 1 '' 'ps: --filter: *' "$ps" -e -o pid --filter 'pid == 1 or'
}

# ---- cost

# Only those files are read that the columns need, shown or asked.
testReadsOnlyWhatIsAsked() {
	opened() {
		strace -f -e trace=openat,open,newfstatat,readlinkat -o "$T/calls" "$@" >"$T/out" 2>&1
		sed -n "s|.*\"$team/\([a-z_/]*\)\".*|\1|p" "$T/calls" | sort -u | xargs
	}
	sanitized && return
	assertEquals '' "$(opened "$ps" -o pid -p "$team" --filter "pid == $team" | sed 's/status//; s/^ *//')"
	assertEquals 'stat status' "$(opened "$ps" -o pid -p "$team" --filter 'comm =~ "x" and ppid == 1')"
	assertEquals 'cmdline stat status' "$(opened "$ps" -o pid -p "$team" --filter 'args =~ "x"')"
	assertEquals 'ns/net status' "$(opened "$ps" -o pid -p "$team" --filter 'netns == 1')"
	if enabled PS_FILES; then
		assertEquals smaps_rollup "$(opened "$ps" -e -o pid --filter "pid == $team and pss >= 0")"
		assertEquals '' "$(opened "$ps" -e -o pid --filter 'pid == 1 and pss >= 0')"
	fi
	# and without --filter not one more than ever
	strace -o "$T/calls" -e trace=openat,read,newfstatat,fstat "$ps" -o pid,comm -p "$team" >/dev/null
	sed -n "s|^\([a-z]*\)(.*\"$team/\([a-z]*\)\".*|\1 \2|p" "$T/calls" | grep -v status >"$T/files"
	assertEquals 'openat stat' "$(cat "$T/files")"
}

. "${SHUNIT2:-shunit2}"
