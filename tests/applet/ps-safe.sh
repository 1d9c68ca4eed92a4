#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps: no byte that somebody else has chosen reaches a terminal as he wrote it, in whatever column and
# form; what it may be instead says helper/judge.c. And it ends as it should when its output is lost.
# limit: 240
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/odd.sh"

ps=$BIN/ps

# All classes of harm, in names of at most 15 bytes each.
c0=$(printf '\001\002\003\004\005\006\007\010\011\013\014\015\016\017\020')
c0_more=$(printf '\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037')
c1=$(printf '\177\200\201\204\205\215\220\233\234\235\236\237')
c1_utf8=$(printf '\302\200\302\205\302\215\302\220\302\233\302\235\302\237')
overlong=$(printf '\300\233\340\202\233\360\200\202\233\301\277')
surrogate=$(printf '\355\240\200\355\277\277\364\220\200\200\377\376')
cut_off=$(printf 'a\342\200\nb\360\237\230 \346\227')
bidi=$(printf '\342\200\256\342\200\252\342\201\246\342\200\216\330\234')
zero=$(printf '\342\200\213\342\200\215\342\201\240\357\273\277\342\200\214')
private=$(printf '\356\200\200\357\243\277\363\260\200\200\364\217\277\277')
lines=$(printf '\342\200\250\342\200\251\302\205\n\r\013x')
attack=$(printf '\033]0;x\007\033[2J')
classes='c0 c0_more c1 c1_utf8 overlong surrogate cut_off bidi zero private lines attack'
everything=$c0$c0_more$c1$c1_utf8$overlong$surrogate$cut_off$bidi$zero$private$lines$attack

# For env: the environments to look at it in; none at all is -i.
locales='LC_ALL=C.UTF-8 LC_ALL=C LC_ALL=en_US.ISO-8859-1 -i'

oneTimeTearDown() { stop_all; }

# judged ROWS WORDS...: ps shows so many lines, in each of the locales; kept for the verdict.
judged() {
	judged_rows=$1
	shift
	for locale in $locales; do
		case $locale in
		*UTF-8) file=$T/utf8 ;;
		*) file=$T/ascii ;;
		esac
		env "$locale" "$ps" "$@" >>"$file" 2>>"$T/complaints" || fail "ps $*, $locale: status $?"
		rows=$((${rows:-0} + judged_rows))
	done
}

# verdict ABOUT: a terminal obeys none of these lines, there are as many as there should be, and nobody
# has complained.
verdict() {
	touch "$T/utf8" "$T/ascii"
	for charset in utf8 ascii; do
		[ ! -s "$T/$charset" ] || "$T/judge" $charset <"$T/$charset" >"$T/verdict" || {
			fail "$1, $charset: $(cat "$T/verdict")"
			sed -n "$(sed 's/line \([0-9]*\),.*/\1/' "$T/verdict")p" "$T/$charset" | od -An -c | head -12
		}
	done
	assertEquals "$1: lines" "${rows:-0}" "$(cat "$T/utf8" "$T/ascii" | wc -l)"
	assertEquals "$1: stderr" '' "$(cat "$T/complaints")"
	rm "$T/utf8" "$T/ascii" "$T/complaints"
	rows=0
}

# ---- from the kernel

testNames() {
	for class in $classes; do
		eval "text=\$$class"
		# shellcheck disable=SC2154 # it is one of them
		odd named "$text"
		assertEquals "$class is the name" "$text" "$(cat "/proc/$pid/comm")"
		for words in '-o comm' '-o pid,ucmd,pid' '-o fname,ucomm:20,comm:3,pid' '' '-l' '-c'; do
			# shellcheck disable=SC2086 # words
			judged 2 $words -p "$pid"
		done
		judged 2 c "$pid"
		judged 2 uc "$pid"
		judged 2 -o comm,pid --forest -p "$pid"
		judged 2 -Ho comm,pid -p "$pid"
		judged 3 m -o comm,pid "$pid"
		judged 2 -Lo comm,lwp -p "$pid"
		judged 2 -To ucmd,spid -p "$pid"
		judged 2 H -o comm,pid "$pid"
		judged 2 -o comm,pid,args --sort comm,-args -p "$pid"
		judged 2 --delimiter : -o comm,pid,comm -p "$pid"
		judged 1 -o comm= -o pid= -p "$pid"
		verdict "$class"
		stop "$pid"
	done
	odd threads 3 "$attack$bidi"
	judged 5 -Lf -p "$pid"
	judged 5 -Lo comm,pid -p "$pid"
	judged 6 m -o comm,lwp "$pid"
	verdict threads
	stop "$pid"
}

# One mark for each byte, also where too long a form or a surrogate would give a harmless character.
testWhatIsNoUtf8() {
	for bytes in '\377' '\301\201' '\355\240\201' '\346\227' '\340\201\201' \
		'\360\200\201\201' '\364\220\200\200'; do
		# shellcheck disable=SC2059 # they are to be read
		odd named "$(printf "a${bytes}b")"
		assertEquals 'one for each' "a$(printf %s "$bytes" | sed 's/.[0-9][0-9][0-9]/?/g')b" \
			"$("$ps" -o comm= -p "$pid")"
		stop "$pid"
	done
}

# Each class at another place: first, in the middle, last, and all of them in one word.
testCommandLines() {
	odd named args "$c0" "$c0_more" "$c1" "x$c1_utf8" "x${overlong}x" "$surrogate" '' "$cut_off" \
		"$bidi" "$zero" "$private" "$lines" "$attack" "$everything" "$cut_off"
	for words in '-o args' '-o cmd,pid' '-o pid,command:9,args' -f -F -lf u l s v j X -ly '-o %p%a' \
		'-fo pid,comm' '-fj' 'f -o args,pid' '-O args' 'O args'; do
		# shellcheck disable=SC2086 # words
		judged 2 $words -p "$pid" 2>&1
	done
	judged 2 -Lf -p "$pid"
	judged 3 m -o args,lwp "$pid"
	judged 2 --forest -fp "$pid"
	judged 2 -Hfp "$pid"
	judged 2 -f --sort args -p "$pid"
	judged 2 --delimiter , -o pid,args,user -p "$pid"
	verdict 'command lines'
	# Cut at every place.
	n=0
	while [ "$((n += 1))" -le 60 ]; do
		"$ps" -o "args:$((n * 2)),pid" -p "$pid"
		COLUMNS=$((40 + n)) "$ps" -o pid,args -p "$pid"
		"$ps" --cols "$((80 + n))" -fp "$pid"
	done >"$T/utf8" 2>"$T/complaints"
	rows=360
	verdict 'cut'
	stop "$pid"
}

testEnvironments() {
	cmd=$(command -v env)
	"$cmd" -i PATH="$PATH" "A=$everything" "$(printf 'B\033[31m')=$attack" C="$cut_off" \
		"$T/odd" named environ </dev/null >/dev/null &
	pid=$!
	started="$started $pid"
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = environ ]"
	judged 2 -o environ,pid -p "$pid"
	judged 2 -o pid,environ -p "$pid"
	judged 2 e "$pid"
	judged 2 ue "$pid"
	judged 2 efww "$pid"
	verdict environments
	stop "$pid"
}

testFilesAndCgroups() {
	root_only || return 0
	mkdir -p "$T/$attack$bidi"
	cp "$T/odd" "$T/$attack$bidi/$c1$surrogate$zero"
	"$T/$attack$bidi/$c1$surrogate$zero" named exe </dev/null >/dev/null &
	pid=$!
	started="$started $pid"
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = exe ]"
	judged 2 -o exe,pid -p "$pid"
	judged 2 -o pid,exe,args -p "$pid"
	verdict files
	for dir in /sys/fs/cgroup/unified /sys/fs/cgroup; do
		[ ! -e "$dir/cgroup.procs" ] || break
	done
	group=$dir/pidbox-safe-$$$(printf '\033[31m\302\233m\342\200\256.slice')
	if mkdir "$group" 2>/dev/null; then
		echo "$pid" >"$group/cgroup.procs"
		for column in cgroup cgname slice unit uunit machine docker lxc ouid lsession; do
			judged 2 -o "$column,pid" -p "$pid"
			judged 2 -o "pid,$column" -p "$pid"
		done
		verdict cgroups
		like "$("$ps" -o cgroup= -p "$pid")" '*pidbox-safe-*slice*' || fail 'the cgroup is not shown'
		echo "$pid" >"$dir/cgroup.procs"
		rmdir "$group"
	else
		skip_because 'no cgroup can be made here'
	fi
	stop "$pid"
}

testUsersAndGroups() {
	root_only || return 0
	printf '%s:x:%s:%s::/:/bin/sh\n' "$attack" 70001 70001 "$bidi$zero" 70002 70002 \
		"$c1$surrogate" 70003 70003 >"$T/passwd"
	sed 's/::.*/:/' "$T/passwd" >"$T/group"
	for uid in 70001 70002 70003; do
		sleeper setpriv --reuid $uid --regid $uid --groups $uid,70001
		pids=${pids:-}${pids:+,}$pid
	done
	for words in '-o user,group,pid' '-o pid,user:3,ruser:20,suser,fuser' '-o pid,group,egroup:2,rgroup' -f u \
		-l '-o supgrp,pid' '-o pid,supgrp' '-o user=' '-o euser --sort user' '-fj --forest' '-fL'; do
		for locale in LC_ALL=C.UTF-8 LC_ALL=C; do
			[ $locale = LC_ALL=C ] && file=$T/ascii || file=$T/utf8
			# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
			in_mounts 'mount -n --bind "$1/passwd" /etc/passwd && mount -n --bind "$1/group" /etc/group || exit
				shift
				exec env "$@"' sh "$T" $locale "$ps" $words -p "$pids" >>"$file" 2>>"$T/complaints" ||
				fail "$words, $locale: status $?"
		done
	done
	rows=94
	verdict users
	# shellcheck disable=SC2016 # expanded by that shell
	run in_mounts 'mount -n --bind "$1/passwd" /etc/passwd && exec "$2" -o user:20=,pid= -p "$3"' \
		sh "$T" "$ps" "${pids%%,*}"
	assertEquals 'it was looked up' "?]0;x??[2J ${pids%%,*}" "$(echo "$out" | xargs)"
	pids=$(echo "$pids" | tr ',' ' ')
	# shellcheck disable=SC2086 # words
	stop $pids
}

# ---- from a /proc that holds what no kernel writes

# Everything that is text in there, in every file.
make_hostile() {
	hostile=$T/hostile
	for number in 1 20 21; do
		forge "$hostile" $number "$everything" ppid=$((number / 20)) cmdline="$everything$number" \
			cgroup="0::/$everything"
		for file in wchan environ attr/current loginuid sessionid oom_score oom_score_adj io autogroup \
			smaps_rollup syscall; do
			mkdir -p "$hostile/$number/attr" "$hostile/$number/fd"
			printf '%s' "$everything" | tr -d '\n' >"$hostile/$number/$file"
		done
		printf '0::/machine.slice/machine-%s.scope\n1:name=systemd:/docker/%s\n2:cpu:/lxc/%s/x\n' \
			"$attack" "$attack" "$attack" >"$hostile/$number/cgroup"
		printf '3:pids:/user.slice/user-%s.slice/session-%s.scope\n4:x:/%s\n' \
			"$attack" "$attack" "$(echo "$everything" | tr -d '\n')" >>"$hostile/$number/cgroup"
		ln -s "/$everything" "$hostile/$number/exe"
		ln -s "/dev/$attack" "$hostile/$number/fd/2"
		for kind in cgroup ipc mnt net pid time user uts pid_for_children; do
			ln -s "$kind:[$attack]" "$hostile/$number/ns/$kind"
		done
		sed "s/^Groups:.*/Groups:	$(printf '\033[31m')/; s/^State:.*/State:	$(printf '\233')/" \
			"$hostile/$number/status" >"$T/status"
		cp "$T/status" "$hostile/$number/status"
	done
	# A state, and a terminal, that are none.
	sed "s/) S /) $(printf '\233') /" "$hostile/21/stat" >"$T/stat"
	cp "$T/stat" "$hostile/21/stat"
	mkdir "$hostile/tty"
	printf '%s /dev/%s 136 0-1048575 pty:slave\n' "$attack" "$attack" >"$hostile/tty/drivers"
	sed 's/) S \([^ ]* [^ ]* [^ ]*\) 0 /) S \1 34816 /' "$hostile/20/stat" >"$T/stat"
	cp "$T/stat" "$hostile/20/stat"
}

testEveryColumnOfAHostileProc() {
	make_hostile
	columns=$("$ps" L | awk '{ print $1 }')
	[ "$(echo "$columns" | grep -c .)" -ge 280 ] || fail 'too few columns'
	for column in $columns; do
		"$ps" --proc "$hostile" -eo "$column"
		"$ps" --proc "$hostile" -eo "$column:3,pid"
	done >"$T/utf8" 2>"$T/complaints"
	rows=$(echo "$columns" | awk 'END { print NR * 8 }')
	judged 4 --proc "$hostile" -eo "$(echo "$columns" | awk 'NR <= 120' | paste -sd ,)"
	judged 4 --proc "$hostile" -eo "$(echo "$columns" | awk 'NR > 120 && NR <= 240' | paste -sd ,)"
	judged 4 --proc "$hostile" -eo "$(echo "$columns" | awk 'NR > 240' | paste -sd ,)"
	verdict 'all columns'
}

testEveryFormatOfAHostileProc() {
	for words in -e -ef -eF -el -ely -elf -ej -ec -efc -eM -eP aux axl axs axv axj axX axf axef axc -eH \
		'-e --forest' '-ef --forest --sort -pid' '-e --context' '-eo %p%c%a%U' '-e --delimiter :'; do
		# shellcheck disable=SC2086 # words
		judged 4 --proc "$hostile" $words
	done
	judged 4 --proc "$hostile" -eL
	judged 4 --proc "$hostile" -eT
	judged 7 --proc "$hostile" axm
	judged 7 --proc "$hostile" -em
	judged 5 --proc "$hostile" --headers --lines 3 -e
	verdict 'all formats'
}

# Each of Unicode's numbers, as one command line after the other.
testEveryCharacter() {
	for range in 0x20-0x3fff 0x4000-0x7fff 0x8000-0xbfff 0xc000-0xffff 0x10000-0x16fff 0x17000-0x1dfff \
		0x1e000-0x24fff 0xdf000-0xe4fff 0xf0000-0xf3fff 0x10c000-0x10ffff; do
		forge "$T/every" 5 every
		"$T/judge" points "${range%-*}" "${range#*-}" >"$T/every/5/cmdline"
		"$T/judge" safe "${range%-*}" "${range#*-}" >"$T/want"
		echo >>"$T/want"
		"$ps" --proc "$T/every" -eo args= >"$T/got"
		cmp -s "$T/want" "$T/got" || fail "$range: $(cmp -l "$T/want" "$T/got" | head -3)"
		LC_ALL=C "$ps" --proc "$T/every" -eo args= >"$T/got"
		"$T/judge" ascii <"$T/got" >"$T/verdict" || fail "$range: $(cat "$T/verdict")"
	done
}

# ---- cells

testCells() {
	if sanitized; then return 0; fi
	# Wide, combined, ambiguous, an emoji, a sequence that is cut off by the name's end.
	odd named "$(printf '\346\227\245e\314\201x\360\237\230\200\303\274\343\201')"
	whole=$("$ps" -o comm= -p "$pid")
	n=0
	while [ "$((n += 1))" -le 14 ]; do
		run "$ps" -o "comm:$n=,pid=" -p "$pid"
		# The number begins in the same cell, whatever stands before it.
		assertEquals "comm:$n" "$((n + 1 + $(printf '%5d' "$pid" | wc -c)))" "$("$T/judge" cells <"$T/out")"
		text=${out%"$(printf '%5d' "$pid")"}
		text=$(printf '%s|' "$text" | sed 's/ *|$//')
		like "$whole" "$text*" || fail "comm:$n: '$text' is no beginning of '$whole'"
		cells=$(printf '%s\n' "$text" | "$T/judge" cells)
		[ "$cells" -ge "$((n - 1))" ] || [ "$text" = "$whole" ] || fail "comm:$n: only $cells cells: $text"
	done
	stop "$pid"
}

testCellsOfLines() {
	if sanitized; then return 0; fi
	odd named wide "$(printf '\346\227\245\346\234\254\350\252\236 e\314\201e\314\201')" \
		"$(printf '\360\237\230\200\360\237\230\200 abc')"
	# How many cells the columns take, when 3 are left for the last one.
	for case in '9 -o pid,args' '51 -f' '68 u' '3 -o args' '9 --forest -o pid,args' '62 -fL' \
		'9 -o pid,args --sort args'; do
		for columns in 20 41 60 61 62 63 64 65 66 67 68 90; do
			# shellcheck disable=SC2086 # words
			run "$ps" --no-headers --cols "$columns" ${case#* } -p "$pid"
			cells=$("$T/judge" cells <"$T/out")
			# As many screens as that needs, and no more; full but for half a wide character.
			limit=$(((${case%% *} + columns - 1) / columns * columns))
			[ "$cells" -le "$limit" ] || fail "$case: $cells cells in $limit: $out"
			[ "$cells" -ge "$((limit - 1))" ] || like "$out" '* abc' || fail "$case: $cells cells of $limit: $out"
			"$T/judge" utf8 <"$T/out" >"$T/verdict" || fail "$case, $columns: $(cat "$T/verdict")"
		done
	done
	# On a real terminal no line is broken.
	for columns in 79 80 81 82 83 84 85; do
		"$T/odd" pty "$columns" "$ps" -fp "$pid" >"$T/out"
		"$T/judge" cells <"$T/out" >"$T/cells"
		awk -v columns="$columns" '$1 > columns { exit 1 }' "$T/cells" || fail "pty of $columns: $(cat "$T/out")"
		"$T/judge" utf8 <"$T/out" >"$T/verdict" || fail "pty of $columns: $(cat "$T/verdict")"
	done
	stop "$pid"
}

# Every line of a forest, of m and of threads has its cells where the header has them.
testCellsOfTrees() {
	if sanitized; then return 0; fi
	make_hostile_names
	for words in '--forest -o comm,pid' '-Ho comm,pid' 'm -o comm:20,pid' '-Lo comm:9,pid' '-o comm,pid' \
		'--forest -o args:12,pid'; do
		# shellcheck disable=SC2086 # words
		run "$ps" --proc "$T/names" -A $words
		assertEquals "$words" '0 ' "$rc $err"
		"$T/judge" cells <"$T/out" | sort -u >"$T/cells"
		assertEquals "$words: $out" 1 "$(grep -c . "$T/cells")"
	done
}

make_hostile_names() {
	forge "$T/names" 1 "$(printf '\346\227\245\346\234\254')" ppid=0
	forge "$T/names" 2 "$(printf 'e\314\201e\314\201')" ppid=1
	forge "$T/names" 3 "$(printf '\033[31m\342\200\256')" ppid=2
	forge "$T/names" 4 "$(printf '\360\237\230\200\377')" ppid=3
	forge "$T/names" 5 plain ppid=1
}

# ---- what the caller says himself

testHeadersAndDelimiters() {
	sleeper
	for class in $classes; do
		eval "text=\$$class"
		text=$(printf %s "$text" | tr -d ' ,\t\n') # these end a header
		judged 2 -o "pid=$text" -o comm -p "$pid"
		judged 2 -o comm -o "pid=$text" -p "$pid"
		judged 2 --sort pid -o "args=$text" -p "$pid"
	done
	verdict headers
	run "$ps" --delimiter "$(printf '\033')" -o pid,comm -p "$pid"
	if [ "$rc" = 0 ]; then
		"$T/judge" utf8 <"$T/out" >"$T/verdict" || fail "a delimiter: $(cat "$T/verdict")"
	fi
	if sanitized; then
		stop "$pid"
		return
	fi
	# A header that is wide takes as many cells as it has.
	run "$ps" -o "comm=$(printf '\346\227\245\346\234\254\350\252\236')" -o pid -p "$pid"
	assertEquals "$out" 1 "$("$T/judge" cells <"$T/out" | sort -u | grep -c .)"
	stop "$pid"
}

testMessages() {
	for words in "-o $attack" "--sort $attack" "-C $attack" "-u $attack" "-t $attack" "-G $attack" "-p $attack" \
		"-s $attack" "--$attack" "-$attack" "$attack" "--pidns $attack" "--in $attack" "--proc $attack" \
		"--delimiter $attack" "--cols $attack" "-o pid:$attack" "-O $attack" "k$attack" "-q $attack" \
		"-o $bidi" "--sort $c1" "-u $c1_utf8" "-D $attack" "-o %$attack" "--ppid $zero" "-g $private"; do
		for locale in LC_ALL=C.UTF-8 -i; do
			# shellcheck disable=SC2086 # words
			run env "$locale" "$ps" $words
			"$T/judge" ascii <"$T/err" >"$T/verdict" || [ ! -s "$T/err" ] ||
				fail "$locale, $words: $(cat "$T/verdict"): $(od -An -c "$T/err" | head -4)"
			[ "$rc" = 0 ] || like "$out" '' || like "$out" '*PID*' || fail "$words: $out"
		done
	done
	PS_PERSONALITY=$attack run "$ps"
	"$T/judge" ascii <"$T/err" >"$T/verdict" || fail "PS_PERSONALITY: $(od -An -c "$T/err" | head -4)"
	PS_FORMAT=$attack run "$ps"
	"$T/judge" ascii <"$T/err" >"$T/verdict" || fail "PS_FORMAT: $(od -An -c "$T/err" | head -4)"
}

testDates() {
	sleeper
	judged 2 -o lstart,pid -D "$(printf '%%Y\033[31m\302\233')" -p "$pid"
	judged 2 -o pid,lstart -D "$bidi%%$zero" -p "$pid"
	verdict dates
	stop "$pid"
}

# ---- output that is lost

full='ps: write error: No space left on device'

testAFullDisk() {
	for words in -e -ef aux '-e --forest' '-e --sort -pid' '-e --json' '-eLf' axm '-p 1' '-p 2147483647' L --help \
		--version; do
		# shellcheck disable=SC2016,SC2086 # expanded by that shell; words
		run sh -c 'exec "$@" >/dev/full' sh "$ps" $words
		assertEquals "ps $words" 1 "$rc"
		assertEquals "ps $words" "$full" "$err"
	done
}

testADiskThatFillsUp() {
	root_only || return 0
	mkdir "$T/small"
	# shellcheck disable=SC2016 # expanded by that shell
	run in_mounts 'mount -n -t tmpfs -o size=8k small "$1" || exit 99
		LC_ALL=C
		n=0
		while [ "$((n += 1))" -le 400 ]; do echo pid=AHeaderThatIsLongEnoughToFillADisk$n; done |
			sed "s/^/-o /" >"$1.words"
		exec "$2" $(sed 100q "$1.words") $(cat "$1.words" | sed -n 1,20p) -p 1,$$ >"$1/file"' sh "$T/small" "$ps"
	assertEquals "1 $full" "$rc $err"
}

# early WORDS...: the status of ps whose reader has gone.
early() {
	# shellcheck disable=SC2016 # expanded by that shell
	run sh -c '{ "$@" 2>"$0.err"; echo $? >"$0"; } | :' "$T/status" "$ps" "$@"
	assertEquals "ps $*" '0 ' "$(cat "$T/status") $(cat "$T/status.err")"
}

testAReaderThatHasGone() {
	early -e
	early -ef
	early aux
	early -e --forest
	early -e --sort -pid
	early -e --json
	early -eLf
	early L
	# In the midst of it.
	# shellcheck disable=SC2016 # expanded by that shell
	run sh -c '{ "$1" -eo args,environ,cgroup,args,environ,comm 2>"$2.err"; echo $? >"$2"; } | head -n 1' sh \
		"$ps" "$T/status"
	assertEquals '0 1 ' "$(cat "$T/status") $(grep -c . "$T/out") $(cat "$T/status.err")"
}

testClosedDescriptors() {
	sleeper
	"$ps" -o pid,comm,tty,args -p "$pid" >"$T/want"
	# shellcheck disable=SC2016 # expanded by that shell
	for closed in '<&-' '2>&-' '<&- 2>&-'; do
		run sh -c "exec \"\$@\" $closed" sh "$ps" -o pid,comm,tty,args -p "$pid"
		assertEquals "$closed" '0 ' "$rc $err"
		cmp "$T/want" "$T/out" || fail "$closed: $out"
		run sh -c "exec \"\$@\" $closed" sh "$ps" --sort pid -eo pid,user,args
		assertEquals "$closed" '0 ' "$rc $err"
		run sh -c "exec \"\$@\" $closed" sh "$ps" -o nonsense
		assertEquals "$closed" '1 ' "$rc $out"
	done
	# shellcheck disable=SC2016 # expanded by that shell
	for closed in '>&-' '<&- >&-'; do
		for words in -e '-ef --forest' '-e --json' L; do
			# shellcheck disable=SC2086 # words
			run sh -c "exec \"\$@\" $closed" sh "$ps" $words
			assertEquals "$closed, ps $words" '1 ps: write error: Bad file descriptor' "$rc $err"
		done
	done
	# shellcheck disable=SC2016 # expanded by that shell
	run sh -c 'exec "$@" <&- >&- 2>&-' sh "$ps" -ef
	assertEquals 'all of them' '1 ' "$rc $err"
	stop "$pid"
}

. "${SHUNIT2:-shunit2}"
