#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps against procps 4.0.2: formats, locales, widths, headers, and the harness itself. The rest is in the
# other files of this name: -columns, -select, -tree, -misuse. helper/frozen.c says who lives there,
# helper/agree.c what a case is.
#
# Where 4.0.2 has a fault, or an older habit than the git of 2026, or where it would write to a terminal
# what must not come there, the case says what is right instead, below a comment: @by changes what the
# peer wrote, @old gives it other words, @rc, @err and @out write the expectation out. These are all:
#
#   a zombie has " <defunct>" behind its name also without a command line     habit of 4.0.5: agree -d
#   forest: the children of PID 1 stand below it                              habit of 4.0.6: redraw
#   forest: PID 1 is the first root, not the last                             the issue: redraw
#   forest with --sort: two thirds of the rows are lost                       fault: redraw ... flat
#   -L, -T with --sort: all threads but the leaders are lost                  fault: testSorting
#   m, -m: in the line of the first thread is what lies in memory, or a crash fault: draw_m
#   -L, m: the leader has the faults and the input of the whole program       fault: LEADER_NAMES
#   --sort by fgid, vsize, tty4, context, label, zone does nothing            fault: UNSORTED
#   --sort of numbers takes the difference, which overflows                   fault: frozen-forged.c
#   -C: of a long name of a kernel thread 15 characters count, too            habit of 4.0.6: testSelections
#   -ad is -d, --ppid 0 is allowed                                            habits of 4.0.6: testSelections
#   CPU of the personalities bsd and aix is not empty                         habit of 4.0.5: testPersonalities
#   LIBPROC_HIDE_KERNEL: PID 2 of a container is not the kernel's             fault: testPersonalities
#   a width too large for a number is an error                                fault: testMisuse
#   fname is 8 wide whatever is asked for                                     fault: testEveryColumnWithWidths
#   a name that is cut behind a wide character is padded to its bytes         fault: CELLS
#   columns that 4.0.2 does not have                                          habits of 4.0.5: testNewColumns
#   a locale that glibc does not have installed is believed to be what it says: testLocales
#   bidirectional, zero-width and private characters are one ? a byte         the issue: testStrangers
#   C1 controls and invalid characters are one ? a byte                       the issue: testStrangers
#   a raw escape sequence in WCHAN                                            the issue: testStrangers
#   a program whose words are empty or zeroed is [comm], not ?                fault: testStrangers
#   numbers of users above 2^31 are not negative                              fault: testStrangers
#   who starts in the future is 0 seconds old, not millions of days           fault: testStrangers
set -u
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/frozen.sh"

OURS=$BIN/ps

# ---- the harness itself

testTheHarnessAgreesWithItself() {
	can_compare && [ -z "$SOME" ] || return 0
	compare "$PEER" <<-'END'
		-ef
		@last 1 -eo args
		@tty 80x24 aux
		-p
		-C nobody-of-that-name
	END
	assertEquals 'the peer and itself' 0 $?
	assertEquals '5 cases, 0 differ' "$(cat "$T/differs")"
}

# A row more or less, a blank, an order, a status, a message.
testTheHarnessSeesADifference() {
	can_compare || return 0
	while read -r name words; do
		printf '#!/bin/sh\n%s\n' "$words" >"$T/altered"
		chmod +x "$T/altered"
		compare "$T/altered" <<-'END'
			-eo pid,ppid,comm
		END
		assertEquals "status: $name" 1 $?
		assertEquals "$name" '1 cases, 1 differ' "$(tail -n 1 "$T/differs")"
	done <<-END
		header exec $PEER --no-headers "\$@"
		order exec $PEER "\$@" --sort -pid
		blank exec $PEER "\$@":25 -o pid:8
		row exec $PEER -o pid,ppid,comm -N -p 100
		another-row exec $PEER -o pid,ppid,comm -N -p 100
		nothing exit 0
		status exit 7
		message echo 'a word' >&2; exec $PEER "\$@"
	END
	rm "$T/altered"
}

# Who lives there is as odd as it was meant to be.
testThePlaceIsOdd() {
	can_compare || return 0
	# shellcheck disable=SC2016 # expanded by that shell
	run "$T/frozen" "$PLACE" sh -c '"$0" -eLo stat=,cls=,tname=,nlwp= >"$1"; "$0" -e --no-headers | wc -l' \
		"$PEER" "$T/rows"
	assertEquals "$err" 0 "$rc"
	[ "$out" -ge 200 ] || fail "only $out processes"
	# An exited leader is Zl: its program runs on.
	for word in stat:S 'stat:S<' stat:SN stat:SNLs stat:Ss stat:Sl stat:Ssl stat:Ss+ stat:S+ stat:Z \
		stat:Zs stat:Zl stat:T stat:t stat:D class:TS class:FF class:RR class:B class:IDL \
		tty:pts/0 tty:pts/1 tty:pts/2 'tty:?'
	do
		awk -v "word=$word" '
			"stat:" $1 == word || "class:" $2 == word || "tty:" $3 == word { found = 1 }
			END { exit !found }' "$T/rows" || fail "nobody is $word"
	done
}

# ---- formats

# 4.0.2 counts the bytes, not the cells, of a name that is cut behind a character of several bytes.
CELLS="@by 'sed -E \"s/(^| )(bü[rge]*|grü[pe]*)\+/& /g\"'"

testFormats() {
	can_compare || return 0
	{
		each '' <<-'END'
			-e
			-ef
			-eF
			-el
			-ely
			-elf
			-elfy
			-elF
			-ej
			-ejf
			-ejl
			-ec
			-ecl
			-ecf
			-eP
			-ePf
			-eM
			-eZ
			ax
			aux
			axl
			axs
			axv
			axj
			axX
			axZ
			axu --no-headers
			axc
			auxc
			axe
			auxe
			axn
			auxn
			axun
			axh
			axw
			auxww
			-e --context
			-eO pid
			-eO ppid,stat
			axO stat
			axO ppid,nice
			axOr
			axS
			auxS
			-eo DFMT
			-eo DefSysV
			-eo DefBSD
			-eo Std_f
			-eo Std_fl
			-eo Std_l
			-eo F5FMT
			-eo JFMT,LFMT
			@last 1 -eo RUSAGE
			@last 1 -eo SCHED
			@last 1 -eo SFMT
			@last 1 -eo THREAD
			@last 1 -eo UFMT
			@last 1 -eo VFMT
			-eo L5FMT
			-eo FL5FMT
			-eo pid -o comm
			-eo pid=,comm=
			-eo pid=X,comm=COMM
			-eo pid=A-long-header,comm=
			-eo pid:3,comm:4
			-eo comm:3,pid
			-eo comm:40,pid
			-eo user:3,pid
			-eo args:10,pid
			-eo args,pid
			-eo '%p %P %r'
			-eo %p,%c
			-eo '%U %u %G %g %a'
			-eo '%c|%C|%n|%t'
			-eo '%x-%y-%z'
			-eo 'pid ppid'
			-eo 'pid	ppid'
			-o pid,comm -e --headers
			-f -e --no-heading
			-ewwo pid,args
			p 1
			p 1 u
			-fp 1
			-f -p 1,2,3
			1
			1 2 3
			u 1
			f 1
			-F 1
			-lp 110
			lp 110
		END
		# What changes the columns that are there.
		each '' <<-'END'
			c -eo pid,args
			c -N -C ended -o pid,comm,args,fname
			e -eo pid,args
			e -eo args,pid
			n -eo user,group,ruser,pid
			n -eo user:3,egroup:20,wchan,tty,pid
			S -eo pid,time,bsdtime,pcpu,cuc,cuu,c,cp,minflt,maj_flt,etime
			axlS
			axvS
			auxSc
			-f -e c
			-ely c
			-ecPj
			-efPjL
			-eFcj
			-elMP
			-elPcj
			-efZj
			-fT -p 104
			-flLcP -p 104
			ax -j
			-l p 1
			-ejl
			-ejyl
			-ejfl
			-ePl
			-eFl
			-eFy
			-eFj
			-ejM
			jZ ax
			lZ ax
			uZ ax
			vZ ax
			sZ ax
			XZ ax
			-O user,tty -e
			-O %p -e
			-O pid= -e
			O user,tty ax
			-eo pid -O comm
			-eo pid O comm
		END
		each "$CELLS" <<-'END'
			-eo user:20,ruser:4,pid
			-eo ruser:4,pid
			-eo group:4,pid
		END
	} | assert_agree 135
}

testFormatsEverywhere() {
	can_compare || return 0
	{
		everywhere <<-'END'
			-ef
			-eF
			-N -C ended -l
			-N -C ended -ly
			-elf
			-ej
			aux
			axl
			axs
			axv
			axj
			-eLf
			@last 2 axms
			-eo pid,args,comm
			-eo args,pid
			-eo pid,user:20,args
			-N -p 1 --forest -f
			-N -p 1 -fH
			f -N -p 1
		END
		# Cut at the edge of the screen, too.
		for cut in 80:-l:def 80:-ly:d 132:-l:defunct\> 77:-l:; do
			screen=${cut%%:*}
			end=${cut##*:}
			option=${cut#*:}
			echo "@by 'sed \"s/ended <defunct>$/ended <$end/\"' COLUMNS=$screen ${option%:*} -C ended"
		done
	} | assert_agree 479
}

# Names and words cut at every cell, in each kind of locale.
testLocales() {
	can_compare || return 0
	for locale in $LOCALES; do
		for width in 1 2 3 4 5 6 7 8 9 10 11 12 13 16 24; do
			each "$CELLS $locale" <<-END
				-o comm:$width,pid,user:$width,ucmd -N -C ended
				-o args:$width,pid,group:$width=,args -N -C ended
			END
		done
	done | assert_agree 150
	for locale in LC_ALL=POSIX LC_ALL=C.utf8 LC_ALL=C.utf-8 LC_ALL=C.UTF8 LC_ALL=C.UTF-8@x LC_ALL=UTF-8 LC_ALL=utf8 \
		'LC_ALL= LC_CTYPE=C.UTF-8' 'LC_ALL= LC_CTYPE= LANG=C.UTF-8' 'LC_CTYPE= LANG=C.UTF-8' \
		'LC_ALL=C.UTF-8 LC_CTYPE=C LANG=C' 'LC_ALL=C LC_CTYPE=C.UTF-8 LANG=C.UTF-8' 'LC_ALL=C.' \
		'LC_TIME=C.UTF-8 LANG=C' 'LC_CTYPE=C LANG=C.UTF-8' 'LC_TIME=C LANG=C.UTF-8' LC_ALL=.UTF-8 \
		LANG=xx_YY.ISO-8859-1 LC_ALL=C.ISO-8859-1 LC_ALL=C.UTF-16 'LANGUAGE=de LANG=C.UTF-8'
	do
		each "$locale" <<-'END'
			-eo pid,comm
			aux
		END
	done | assert_agree 42
	# Which locales there are is known to glibc alone: here the name is believed.
	for locale in LANG=xx_YY.UTF-8 LC_ALL=en_US.utf8; do
		echo "@old LC_ALL=C.UTF-8 aux @ $locale aux"
	done | assert_agree 2
}

# Those whom 4.0.2 does not show as it should. It lets bidirectional controls, characters without width
# and private ones through to the terminal, and has one '?' for a character of several bytes; a program
# without words is '?'; numbers above 2^31 are negative; who
# starts in the future has been there for millions of years; a zombie without words is that only in args.
testStrangers() {
	can_compare || return 0
	names='c1 ?? ?31m\nlong???????\nbidi???drow\nzero???width\nprivate???\n\n'
	zombies='zo) Z (mbie <defunct>\nz?[31m <defunct>\n <defunct>\nfifteen-letters <defunct>\n'
	in_c='zo) Z (mbie <defunct>\nz.[31m <defunct>\n <defunct>\nfifteen-letters <defunct>\n'
	words='[exe]\n[exe]\n[exe]\nc1 ??x ?x ??\nbidi ???gnp ???x??? ??\nzero???width ??? ???\nprivate ??? ????\n'
	each '' <<-END | assert_agree -s 14
		@out '$names' -o comm= -p 2,3,4,5,6,7
		@out '$names' -o ucmd= -p 2,3,4,5,6,7
		@out '$names' LC_ALL=C -o comm= -p 2,3,4,5,6,7
		@out '$zombies' -o comm= -p 8,9,10,11
		@out '$in_c' LC_ALL=C -o comm= -p 8,9,10,11
		-o args= -p 8,9,10,11
		@out '$words' -o args= -p 12,13,14,15,16,17,18
		@out '$words' -o command= -p 12,13,14,15,16,17,18
		@out '$words' LC_ALL=C -o args= -p 12,13,14,15,16,17,18
		@out '4294967294\n2147483648\n' -o uid= -p 19,20
		@out '4294967294\n2147483648\n' -o ruid= -p 19,20
		@out '4294967294\n2147483648\n' -o sgid= -p 19,20
		-o user,ruser,group,pid -p 19,20
		@out '      00:00       0\n' -o etime=,etimes= -p 21
		@out 'esc?[31m\n' -o wchan= -p 22
		-u 4294967294 -o pid
		-G 2147483648 -o pid
		-eo pid,stat,tty,ppid
	END
}

testWidths() {
	can_compare || return 0
	for format in -ef aux '-N -C ended -l' axj '-eo pid,args,comm' '-eo args,pid' '-eo pid,user:20,args' axs; do
		each '' <<-END
			COLUMNS=80 $format
			COLUMNS=132 $format
			COLUMNS=1 $format
			@tty 80x24 $format
			@tty 132x24 $format
		END
	done | assert_agree 40
	each '' <<-'END' | assert_agree 40
		@tty 20x24 -ef
		@tty 0x0 -ef
		@tty 200x10 -ef
		@tty 80x24 -ef -w
		@tty 80x24 -ef -ww
		@tty 80x24 auxw
		@tty 80x24 auxww
		@tty 80x24 COLUMNS=100 -ef
		@tty 80x24 COLUMNS=x -ef
		COLUMNS=50 -ef
		COLUMNS=0 -ef
		COLUMNS=-5 -ef
		COLUMNS=131072 -ef
		COLUMNS=131071 -ef
		COLUMNS=0x50 -ef
		COLUMNS=0120 -ef
		COLUMNS=08 -ef
		COLUMNS=-0x50 -ef
		COLUMNS=+50 -ef
		COLUMNS=' 50' -ef
		COLUMNS='50 ' -ef
		COLUMNS=0x -ef
		COLUMNS=0x1ffff -ef
		COLUMNS=0400000 -ef
		--cols 0x3c -ef
		--cols=074 -ef
		--width ' +60' -ef
		--cols 60 -ef
		--columns=60 -ef
		--width 60 -ef
		COLUMNS=50 --cols 70 -ef
		COLUMNS=50 -ef -w
		COLUMNS=50 -efw
		COLUMNS=150 -efw
		COLUMNS=50 -efww
		@tty 21x24 e -N -C ended -o pid,comm
		@tty 36x24 e -N -C ended -o pid,comm
		@tty 37x24 e -N -C ended
		--cols 20 -o pid,args:68,user -p 1,2,64
		--cols 20 -o pid,args:68,group:30 -p 1,2,64
		--cols 20 -o pid,args:68,fname -p 1,2,64
		--cols 20 -o pid,args:68,wchan:15 -p 1,2,64
		--cols 20 -o pid,args:68,comm -p 1,2,64
		--cols 20 -o pid,sig_pend,args:50,user -p 1,2,64
		--cols 20 -o pid,sig_pend,args:34,user -p 1,2,64
		--cols 10 -eo pid
		--cols 4 -eo pid,comm
		LC_ALL=C.UTF-8 --cols 70 -ef
		LC_ALL=C.UTF-8 --cols 75 aux
		LC_ALL=C.UTF-8 @tty 90x24 aux
	END
}

testHeaders() {
	can_compare || return 0
	each '' <<-'END' | assert_agree 20
		LINES=10 --headers -e
		LINES=0xa --headers -e
		LINES=012 --headers -e
		LINES=08 --headers -e
		LINES=-7 --headers -e
		LINES=' +7' --headers -e
		--lines 0xa --headers -e
		--rows=012 --headers -e
		--lines 7 --headers -e
		--rows=5 --headers -ef
		@tty 80x24 --headers -ef
		@tty 80x10 --headers aux
		@tty 80x24 -ef
		PS_PERSONALITY=bsd LINES=20 axh
		h -e
		axh
		--no-headers -e
		--no-headings -e
		--headers --no-headers -e
		-C nobody --no-headers
		-eo pid= -o comm=
		-eo pid= -o comm=X
	END
}

. "${SHUNIT2:-shunit2}"
