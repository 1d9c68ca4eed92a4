#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps against procps 4.0.2: misuse and personalities. See ps-diff.sh.
set -u
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/frozen.sh"

OURS=$BIN/ps

# ---- misuse

testMisuse() {
	can_compare || return 0
	each '' <<-'END' | assert_agree 80
		-Q
		-b
		-ez
		-X
		-e-
		-e-f
		--bogus
		--pid
		--sort
		--cols
		--cols 0
		--cols x
		--cols -1
		--cols 08
		--cols 0x
		--cols '60 '
		--cols 0x-3c
		--cols -0
		--lines x
		--lines 08
		--lines -0x7
		--ppid
		--pidx 1
		--forest=1
		--no-headers=x
		-p
		-p ''
		-p ,
		-p 1,
		-p ,1
		-p 1,,2
		-p x
		-p 1x
		-p 0
		-p -1
		-p -0
		-p +0
		-p 08
		-p 0x
		-p +-1
		-u -1
		-G -0x1
		-p 99999999999
		-p 2147483648
		-p 4294967297
		-p '1 x'
		p
		p x
		1 x
		1 -f
		1,
		1x
		-x1
		--pid=
		--pid=x
		-q
		-q x
		-q 1 -q 2
		-q 1 -p 2
		-q 1 -e
		-q 1 --forest
		-q 1 -H
		-H q 1
		-q 1 -H -e
		-q 1 -p 2 -H
		-q 1 -q 2 -H
		-q 1 -d a
		-q 1,2 -N -f
		--ppid x
		-s
		-s x
		-g
		-g ''
		-g nogroupofthatname
		-t
		-t nottythere
		-t /etc/passwd
		-t ''
		t nottythere
		-u
		-u nobodyofthatname
		-u ''
		-u root,
		-u root,,bin
		-u 4294967295
		-u 99999999999
		-U nobodyofthatname
		U nobodyofthatname
		-G nogroupofthatname
		-G ''
		--group
		-C
		-C ''
		-C ,
		-o
		-o ''
		-o ,
		-o pid,
		-o pid,,comm
		-o ,pid
		-o bogus
		-o pid,bogus
		-o 'pid,comm=A B'
		-o pid:
		-o pid:0
		-o pid:x
		-o pid:-5
		-o pid:5x
		-o JFMT:5
		-o %
		-o %Q
		-o '%p%'
		-e -o pid -f
		-ef -o pid
		-f -o pid
		-l -f -o pid
		-ey
		-y
		-efy
		-lLy
		--headers --no-headers
		-a g
		-eLT
		-eLm
		-eTm
		axMH
		Mf
		W
		axW foo
		-mL -o pid
		-T H -O nice
		-L m o pid
		@err "nonsense: '$PS_FORMAT'" PS_FORMAT=pid m -L
		axHm
		-em m
		--forest -L
		-H -L
		fm
		-m --forest
		axfH
		--sort pid --sort comm
		-O
		-O ''
		-O bogus
		O
		k
		kbogus
		axk
		axOq
		-c -o pid
		-j -o pid
		-F -o pid
		u -f
		l -l
		u -o pid
		j u
		s v
		aux l
		Z -Z
		-Z -f
		--context -f
		'' -e
		-- -e
		-
		a-x
		-aux
		-ax
		-axu
		-efww
		-xa
		-ewf
	END
	# 4.0.2 takes the first bits of a number that is too large.
	each '' <<-'END' | assert_agree 1
		@old -p @ @err 'column widths must be unsigned decimal numbers' -o pid:99999999999
	END
}

# Those that still matter: not digital, tru64, sunos4, sgi, gnu and debian, which choose formats of their own.
testPersonalities() {
	can_compare || return 0
	for who in linux old sysv svr4 hp unix95 posix s390 default; do
		each "PS_PERSONALITY=$who" <<-'END'
			-ef
			-el
			axl
		END
	done | assert_agree 27
	# Since 4.0.5 the column CPU of that format is not empty.
	l=uid,pid,ppid,psr:3=CPU,pri,nice,vsz,rss,wchan,stat,tty,time,command
	for who in bsd aix; do
		each '' <<-END
			PS_PERSONALITY=$who -ef
			@old ax -o $l @ PS_PERSONALITY=$who axl
			@old t pts/0,pts/1,pts/2 -o $l @ PS_PERSONALITY=$who l t pts/0,pts/1,pts/2
		END
	done | assert_agree 6
	echo "@old e -o $l @ PS_PERSONALITY=bsd -el" | assert_agree
	# 4.0.2 believes that PID 2 is the kernel's in a container, too. Those who are have the flag.
	each '' <<-'END' | assert_agree 2
		@old LC_ALL=C.UTF-8 -N -p 278,303,304,305 @ LIBPROC_HIDE_KERNEL=1 -e
		@old LC_ALL=C.UTF-8 -N -p 278,303,304,305 -f @ LIBPROC_HIDE_KERNEL=1 -ef
	END
	each '' <<-'END' | assert_agree 12
		PS_PERSONALITY=nonsense -e
		CMD_ENV=bsd -e
		CMD_ENV=linux -ef
		I_WANT_A_BROKEN_PS=1 -ef
		I_WANT_A_BROKEN_PS= PS_PERSONALITY=linux -l -p 1
		I_WANT_A_BROKEN_PS=1 PS_PERSONALITY=bsd axh
		I_WANT_A_BROKEN_PS=1 CMD_ENV=bsd axl
		PS_PERSONALITY=linux CMD_ENV=bsd -ef
		PS_FORMAT=pid,comm -e
		PS_FORMAT=pid,comm -ef
		PS_FORMAT=pid,comm ax
		PS_FORMAT=pid,comm -eL
		PS_FORMAT=pid,lwp,comm -eT
		PS_FORMAT=pid,comm -ej
		PS_FORMAT=bogus -eL
		PS_FORMAT=bogus -e
		PS_FORMAT= -e
		PS_PERSONALITY=bsd -ax
		PS_PERSONALITY=bsd -aux
		PS_PERSONALITY=svr4 -elx
		PS_PERSONALITY=hp -efx
		TZ=Asia/Tokyo aux
		TZ=UTC -eo pid,lstart,start,bsdstart
	END
}

. "${SHUNIT2:-shunit2}"
