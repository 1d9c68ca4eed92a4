#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps against procps 4.0.2: every column, alone and in company. See ps-diff.sh.
set -u
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/frozen.sh"

OURS=$BIN/ps

testNoneIsForgotten() {
	can_compare || return 0
	all=$(printf ' %s ' "$COLUMN_NAMES" "$EMPTY_NAMES" "$NEW_NAMES" | tr '\t\n' '  ')
	for name in $("$PEER" L | sed 's/ .*//; /^_/d'); do
		case $all in
		*" $name "*) ;;
		*) fail "no case for the column $name" ;;
		esac
	done
}

testEveryColumnAlone() {
	can_compare || return 0
	for where in '' 'LC_ALL=C COLUMNS=80' 'LANG= @tty 132x24'; do
		echo "$COLUMN_NAMES" | every "$where @last 1 -eo " | sed 's/.* -eo fname$/@exact &/'
	done | assert_agree 540
}

# With less room than it wants, and more; what follows says where it ends.
testEveryColumnWithWidths() {
	can_compare || return 0
	echo "$COLUMN_NAMES" | tr -s ' \t\n' '\n' | grep . | grep -vx fname |
		sed 's/.*/-N -C ended -o &:2,pid,&=x,tgid,&:40=,tid/' | assert_agree 180
	# 4.0.2 makes this one 8 wide whatever is asked for, though not its header.
	each '-N -C ended' <<-'END' | assert_agree 2
		-o fname:2,pid,fname=x,tgid,fname:7=,tid
		@old -o fname=,pid @ @by 'sed "s/^.\{8\}/&    /"' -o fname:12=,pid
	END
}

testEmptyColumns() {
	can_compare || return 0
	echo "$EMPTY_NAMES" | every '@last 1 -C plain,ended,team -o pid:20,' | assert_agree 80
	all=$(echo "$EMPTY_NAMES" | tr -s '\t\n' ',,')
	each '' <<-END | assert_agree 2
		-p 1 -o ${all#,}
		-p 1 -o $(echo "${all#,}" | sed 's/,/:3,/g')
	END
}

testNewColumns() {
	can_compare || return 0
	# shellcheck disable=SC2016 # expanded by another shell
	descriptors='while read -r p; do printf "%3d\n" $(ls /proc/$p/fd | wc -l); done'
	# shellcheck disable=SC2016
	rights='while read -r p; do sed -n "s/^CapPrm:.//p" /proc/$p/status; done'
	docker='-\n-\n-\n-\n-\n-\n-\n-\n-\n0123456789ab\n0123456789ab\n-\n-\n-\n-\n'
	each '' <<-END | assert_agree 20
		@old -eo psr:3=CPU @ @last 1 -eo cpu
		@old -eLo psr:3=CPU @ @last 1 -eLo cpu
		@old -N -C ended,ps -o pid= @ @by '$descriptors' -N -C ended,ps -o fds=
		@old -N -C ended,ps -o pid= @ @by '$rights' -N -C ended,ps -o pcap=
		@out '            PCAP\n' @rc 1 -o pcap -C nobody
		@out '0000000000000400\n' -o pcap= -C rightless
		@out 'net_bind_service\n' -o pcaps= -C rightless
		@out '           PCAPS\n' @rc 1 -o pcaps -C nobody
		@out '    0     0\n' -o htprv=,htshr= -p 1
		@out 'HTPRV HTSHR\n    0     0\n' -o htprv,htshr -p 2
		@out '4194304 2048 12345  120\n' -C smaps_rollup -o htprv=,htshr=,pss=,uss=
		@out 'DOCKER       FDS\n' @rc 1 -o docker,fds -C nobody
		@out '$docker' -o docker= -C cgroup
		@out '-\n' -o docker= -p 1
		@out '-\n' @as 1 -o environ= -p 51
		@out '  4\n' @as 1 -o fds= -p 51
		@out 'A=1 B=two words C=?[31m \n' -o environ= -p 51
		@out 'A=1 B=two words C=.[31m \n' LC_ALL=C -o environ= -p 51
		@out ' = no equals sign\n' -o environ= -p 52
		@out 'ENVIRONMENT                         PID\nA=1 B=two words C=?[31m              51\n' -o environ,pid -p 51
	END
}

testEveryColumnOfThreads() {
	can_compare || return 0
	# Seven at a time: only what a thread has of its own is new here.
	for name in $COLUMN_NAMES; do
		case $LEADER_NAMES in
		*" $name "*) ;;
		*) echo "$name" ;;
		esac
	done | xargs -n 7 | tr ' ' , | each '-e -L -o lwp,pid' | sed 's/pid /pid,/' | assert_agree 20
	# What 4.0.2 says of the leader is his whole program's; here it is his own, as that of the others.
	cat >"$T/leaders.sh" <<-'SH'
		while read -r p t; do
			read -r stat </proc/$p/task/$t/stat
			set -- $p $t ${stat##*) }
			printf '%7d %7d %6d %6d' $p $t ${10} ${12}
			for key in rchar wchar syscr syscw read_bytes write_bytes; do
				printf ' %5d' $(sed -n "s/^$key: //p" /proc/$p/task/$t/io)
			done
			echo
		done
	SH
	of='-C frozen,plain,team,crowd,ended,class'
	words='-o pid=,lwp=,minflt=,majflt=,rchars:5=,wchars:5=,rops:5=,wops:5=,rbytes:5=,wbytes:5='
	echo "@old -L $of -o pid=,lwp= @ @by 'sh $T/leaders.sh' -L $of $words" | assert_agree 1
}

# combinations SEED COUNT: so many cases of columns, widths, headers, screens and locales, always the
# same. Zombies, whose name 4.0.2 shows otherwise, stand aside, who has a name of wide characters,
# and the widths of fname.
combinations() {
	echo "$COLUMN_NAMES" | awk -v "seed=$1" -v "count=$2" -v "locales=$LOCALES" "$RANDOM_AWK"'
		{ for (i = 1; i <= NF; i++) name[n++] = $i }
		END {
			split("X A-HEADER COMMAND lower-case-and-long 1 % a:b", header, " ")
			split(locales, locale, " ")
			for (; count; count--) {
				format = ""
				for (columns = 1 + random(9); columns; columns--) {
					format = format "," name[i = random(n)]
					if (random(4) == 0 && name[i] != "fname") format = format ":" 1 + random(random(3) ? 12 : 40)
					if (random(6) == 0) format = format "=" header[1 + random(7)]
					else if (random(12) == 0) format = format "="
				}
				width = random(2) ? random(2) ? 80 : 132 : 20 + random(180)
				at = random(6)
				where = at == 0 ? "COLUMNS=" width : at == 1 ? "@tty " width "x24" : ""
				print locale[1 + random(5)], where, "@last 1", at == 2 ? "--cols " width : "",
					"-N -C ended -U 70005 -o", substr(format, 2)
			}
		}'
}

testCombinations() {
	can_compare || return 0
	combinations 20260730 300 | assert_agree 300
}

. "${SHUNIT2:-shunit2}"
