#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps against procps 4.0.2: threads and forests. See ps-diff.sh.
set -u
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/frozen.sh"

OURS=$BIN/ps

# ---- threads

testThreads() {
	can_compare || return 0
	each '' <<-'END' | assert_agree 28
		-eL
		-eLf
		-eLF
		-eLl
		-eLj
		-eLo pid,lwp,nlwp,stat,comm
		-eT
		-eTf
		-eTl
		-eTj
		-eTF
		axH
		auxH
		axHl
		axHj
		axHs
		axHv
		-eH -L
		-Lp 119
		-Tp 120,121
		-Lf -C 'team'
		H -C crowd
		-T -C crowd
		-L -q 120
		-Lo lwp,s,stat,ni,pri,cls,rtprio,comm,args -C 'leader ended'
		-Lo lwp,pid,ppid,pgid,sid,tty,sgi_p,psr -C crowd
		-Lo lwp,time,etime,start,c -C crowd
		LC_ALL=C.UTF-8 -eLo lwp,comm
	END
}

# draw_m COLUMNS [HEADER]: what m writes, drawn from what -L writes, since 4.0.2 writes for the first thread
# of all what happens to lie in memory, or crashes. COLUMNS are words of three parts: P for what is of
# a process, T of a thread, B of both; the width; L or R for the side where it stands. The first P is
# the PID.
draw_m() {
	cat >"$T/draw-m.awk" <<-'AWK'
		BEGIN { n = split(columns, column, " ") }
		NR == 1 { print head == "" ? $0 : head; next }
		{
			process = thread = pid = ""
			for (i = at = 1; i <= n; i++) {
				kind = substr(column[i], 1, 1)
				width = substr(column[i], 2, length(column[i]) - 2)
				left = column[i] ~ /L$/ ? "-" : ""
				cell = i == n ? substr($0, at) : substr($0, at, width)
				dash = i == n && left ? "-" : sprintf("%" left width "s", "-")
				at += width + 1
				if (kind == "P" && pid == "") pid = cell
				blank = i == 1 ? "" : " "
				process = process blank (kind == "T" ? dash : cell)
				thread = thread blank (kind == "P" ? dash : cell)
			}
			if (pid != last) print process
			last = pid
			print thread
		}
	AWK
	printf 'awk -v "columns=%s" -v "head=%s" -f %s' "$1" "${2:-}" "$T/draw-m.awk"
}

# Of one thread, and nobody's parent: whose figures are those of the whole program.
SINGLE='-C plain,class,signals,forged,same'

testThreadsBelowTheirProcess() {
	can_compare || return 0
	{
		for name in $LEFT_THREAD_NAMES $THREAD_NAMES; do
			case " $LEFT_THREAD_NAMES " in
			*" $name "*) side=L ;;
			*) side=R ;;
			esac
			width=20
			words=pid,lwp,$name:20,nlwp
			case $name in
			# These are 16 wide, or more than asked for.
			blocked | ignored | caught | sig*[a-z][a-z] | sig_*)
				width=16
				words=pid,lwp,$name,nlwp
				;;
			esac
			of='-N -p 31337'
			case $LEADER_NAMES in
			*" $name "*) of=$SINGLE ;;
			esac
			echo "@old -L $of -o $words @ @by '$(draw_m "P7R T7R T$width$side P4R")' -m $of -o $words"
		done
		for name in $PROCESS_NAMES; do
			case $LEADER_NAMES in
			*" $name "*) echo "$SINGLE -m -o pid,lwp,$name" >&3 ;;
			*) echo "$name" ;;
			esac
		done 3>"$T/leader" | xargs -n 7 | tr ' ' , | each '-m -N -p 31337 -o pid,lwp' | sed 's/lwp /lwp,/'
		cat "$T/leader"
		filter=$(draw_m 'B1R T1L B5R P7R P7R B2R T3R T3R P1L P5R T6L P8L B8R P9L' \
			'F S   UID     PID    PPID  C PRI  NI ADDR SZ WCHAN  TTY          TIME CMD')
		all='-p 2,94,104,112,148'
		echo "@old -L $all -o f,s,uid,pid,ppid,c,opri,ni,addr_1:1,sz,wchan,tname,time,ucmd @
			@by '$filter' -lm $all" | tr -d '\n'
		echo
		filter=$(draw_m 'B1R B5R P7R P7R T3R T3R P6R P5R T6L T4L P8L B6R P9L')
		echo "@old -L $all -o flags,uid,pid,ppid,priority,nice,vsz,rss,wchan,stat,tname,bsdtime,args @
			@by '$filter' lm $all" | tr -d '\n'
		echo
		filter=$(draw_m 'B8L P7R P7R B2R P5R P5R T3R B5R P8L B8R P9L')
		echo "@old -L $all -o uid_hack,pid,ppid,c,sz,rss,psr,stime,tname,time,cmd @ @by '$filter' -mF $all"
		filter=$(draw_m 'P7R P16R T16R T16R P5R P5R T4L P8L B6R P9L')
		echo "@old -L $all,287 -o pid,start_stack,esp,eip,timeout,alarm,stat,tname,bsdtime,args @" \
			"@by '$filter' Xm $all,287"
		each '@last 2' <<-'END'
			-em
			-emf
			-emj
			-emZ
			axm
			auxm
			axmj
			axms
			axmv
			axms --no-headers
		END
		each '' <<-'END'
			m -C crowd
			M -C crowd
			CMD_ENV=old M -C crowd
			-m -C crowd
			-mf -C 'two threads,team,ended'
		END
	} | assert_agree 80
}

# ---- forest

# redraw lines|blanks [flat]: a filter for a forest that 4.0.2 draws. With lines it takes the children of
# PID 1 for roots; since 4.0.6 they stand below it. And here PID 1 is the first root. The listing begins
# with PID and PPID, ends in the command, and has no value wider than its column.
# With --sort 4.0.2 loses two thirds of the processes: then it draws what is sorted and no forest (flat);
# the roots are in the opposite order.
redraw() {
	cat >"$T/redraw.awk" <<-'AWK'
		function show(i, before, mark, k, last) {
			print substr(head[i] before mark name[i], 1, 131072)
			if (style == "blanks") before = before "  "
			else if (mark != "") before = before (mark_ends[i] ? "    " : " |  ")
			for (k = first[i]; k; k = next_of[k])
				show(k, before, style == "blanks" ? "" : " \\_ ")
		}
		NR == 1 { at = match($0, /[^ ]+$/); print; next }
		{
			row[++n] = $0
			pid[n] = $1
			of[$1] = n
			parent[n] = $2
		}
		END {
			for (i = 1; i <= n; i++) {
				old = at
				for (k = i; !flat && parent[k] in of; k = m) {
					m = of[parent[k]]
					if (style == "blanks") old += 2
					else if (pid[m] != 1) old += 4
				}
				head[i] = substr(row[i], 1, at - 1)
				name[i] = substr(row[i], old)
				mark_ends[i] = 1
				if (!(parent[i] in of)) continue
				m = of[parent[i]]
				if (first[m]) { next_of[last_of[m]] = i; mark_ends[last_of[m]] = 0 }
				else first[m] = i
				last_of[m] = i
			}
			if (1 in of) show(of[1], "", "")
			for (j = 1; j <= n; j++) {
				i = flat ? n + 1 - j : j
				if (pid[i] != 1 && !(parent[i] in of)) show(i, "", "")
			}
		}
	AWK
	printf 'awk -v style=%s -v flat=%d -f %s' "$1" $(($# - 1)) "$T/redraw.awk"
}

# sorted lines|blanks: cases of sorted forests, for the words on stdin.
sorted() {
	option=--forest
	[ "$1" = lines ] || option=-H
	filter=$(redraw "$1" flat)
	while read -r words; do
		printf '%s\n' "@old $words @ @by '$filter' $option $words"
	done
}

testForest() {
	can_compare || return 0
	{
		each "@by '$(redraw lines)'" <<-'END'
			--forest -eo pid,ppid,comm
			--forest -eo pid,ppid,args
			--forest -eo pid,ppid,stat,tty,cmd
			-e --forest -o pid,ppid,comm
			fax -o pid,ppid,args
			axf -o pid,ppid,comm
			--forest -N -C branch-3 -o pid,ppid,args
			--forest -N -C branch-2 -o pid,ppid,args
		END
		each "@by '$(redraw blanks)'" <<-'END'
			-eHo pid,ppid,comm
			-eHo pid,ppid,args
			-eHo pid,ppid,stat,tty,comm
			@as 65534 -eHo pid,ppid,comm
		END
		sorted lines <<-'END'
			-e --sort pid -o pid,ppid,ucmd
			-e --sort -pid -o pid,ppid,comm
			-e --sort comm,pid -o pid,ppid,comm
			-e --sort -comm,-pid -o pid,ppid,args
			-e --sort uid,-pid -o pid,ppid,args
			-e --sort start_time,-pid -o pid,ppid,args
		END
		sorted blanks <<-'END'
			-e --sort -pid -o pid,ppid,comm
			-e --sort comm,-pid -o pid,ppid,comm
		END
		# Without PID 1 it is right.
		each '-N -p 1' <<-'END'
			-f
			--forest
			-f --forest
			-H
			-fH
			-jH
			-lH
			f
			fu
			fj
			fl
			--forest -o args,pid
			-C ended --forest -o comm,pid
			-C ended --forest -o comm:30,pid,args
			--forest -o args:7,pid
			--forest --cols 80 -f
			--forest --cols 90 -o pid,args
			@tty 80x24 f
			@tty 80x24 -fH
		END
		each '' <<-'END'
			--forest -C branch-3
			--forest -C branch-3,branch-1
			-H -C branch-0,branch-2
			--forest -p 1
			--forest -p 2,3
			f 1
			f 5,4,3
			--forest -C container,init-1,inner
			--forest -C nobody
		END
	} | assert_agree 45
}

. "${SHUNIT2:-shunit2}"
