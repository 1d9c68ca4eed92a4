#!/bin/sh
# SPDX-License-Identifier: 0BSD
# ps against procps 4.0.2: selections and order. See ps-diff.sh.
set -u
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/frozen.sh"

OURS=$BIN/ps

# ---- selections

testSelections() {
	can_compare || return 0
	each '' <<-'END' | assert_agree 90
		-N
		a
		x
		ax
		-a
		-d
		r
		ar
		axr
		-er
		g
		-A
		T
		t
		@tty 80x24 T
		@tty 80x24 t
		@tty 80x24 -f
		@tty 80x24 x
		-Nf
		-N -e
		-N -C frozen
		-N -p 1
		--deselect -p 1,2
		-N -u root
		-N -u nobody-at-all
		-C frozen
		-C plain
		-C frozen,plain
		-C 'plain same'
		-C exactly15chars.
		-C exactly15chars.and-more
		-C sixteen-chars-x
		-C sixteen-chars-xx
		-C sixteen-chars-xy
		-C sixteen-chars-
		-C zombie
		-C worker
		-C rcu_exp_par_gp_kthread_worker/0
		-C nobody
		-p 1
		-p 1,2,300
		-p '1 2'
		-p 300,2,1,2
		-p 1 -p 2
		-p1
		-p0x1
		-p010
		-p +1
		-u +0
		-u -0
		-G 0x1
		-U +01
		-p 999999
		--pid 1
		--pid=1,5
		p 1,5
		1 5
		-q 5,1
		-q 5,1,5
		q 5 -f
		--quick-pid 7,3
		-q 999999
		-q 1 --sort -pid
		--ppid 1
		--ppid 109
		--ppid 109,105 -f
		--ppid 999999
		--ppid 1 --ppid 105
		-s 1
		-s 371
		--sid 1,371
		-s 999999
		-g 1
		-g 371,1
		-g daemon
		-g daemon,1
		-1
		-371
		+371
		+1 -f
		-t pts/0
		-t pts/0,pts/1
		-t /dev/pts/0
		-t 0
		-t -
		-t '?'
		t pts/0
		tpts/0
		--tty pts/1
		--tty=pts/1 -f
		-t pts/2 -o pid,tpgid,stat,comm
		-u root
		-u 0
		-u root,daemon
		-u daemon -u bin
		-u 70003
		-u averylongusername
		-u anamewithmuchmorethan32characters.really
		-u 12345
		-u 4294967294
		-u 2147483648
		U daemon
		Udaemon
		U root,1
		--user daemon
		--user=1
		-U daemon
		-U 1
		-U daemon,3
		--User bin
		-G 4
		-G 4,70001
		-G averylonggroupname
		--Group exactly8
		--group 5
		--group ninechars
		-u daemon -p 1 -C plain
		-u daemon -N
		-a -p 1
		-d -p 1
		-d -N
		-t pts/0 -r
		r -p 1,332,333
		-s 371 -N -p 1
		-e -p 1
		-A -p 1
		ax -p 1
		@as 65534 -e
		@as 65534 x
		@as 65534 -f
		@as 65534 -u nobody
		@as 70001 x
		@as 70001 -d
	END
	# Since 4.0.6 there is a PPID 0, -ad is -d; of the names of kernel threads, too, 15 characters are compared.
	each '' <<-'END' | assert_agree 3
		@old -d @ -ad
		@old -p 1,341,344 @ --ppid 0
		@old -C rcu_exp_par_gp_kthread_worker/0 @ -C rcu_exp_par_gp_
		@old -C rcu_exp_par_gp_kthread_worker/0 @ -C rcu_exp_par_gp_k
	END
}

# selections SEED COUNT: so many cases of up to four that are joined.
selections() {
	awk -v "seed=$1" -v "count=$2" "$RANDOM_AWK"'
		BEGIN {
			n = split("-p 1,5,104|-p 332|-C plain,ended|-C ids,class|-C worker|-u daemon|-u 70003,0|-u bin|" \
				"-U 1,3|-U exactly8|-U root|-G 4|-G 70001,0|-G averylonggroupname|--group 5|--group root|" \
				"-g 1|-g daemon|-s 371,1|-s 1|-t pts/0|-t pts/1|-t -|--ppid 1|--ppid 109|" \
				"-a|-d|-N|-N|-N|-N|r|a|x|T|g|ax|-A", word, "|")
			for (; count; count--) {
				words = ""
				for (more = 1 + random(4); more; more--)
					words = words " " word[1 + random(n)]
				# Together they are something else since 4.0.6.
				if (words !~ / -a/ || words !~ / -d/)
					print random(4) ? "" : "@tty 80x24", random(5) ? "" : "@as 1", words
			}
		}'
}

testJoinedSelections() {
	can_compare || return 0
	selections 20261122 150 | assert_agree 130
}

# Who may look into nobody else gets the same as from procps.
testAsNobody() {
	can_compare || return 0
	each '@as 65534' <<-'END' | assert_agree 10
		-ef
		-eF
		-elf
		aux
		axs
		axv
		axX
		-eLf
		@last 1 -eo wchan
		-eo pid,pidns,userns,mntns,netns,ipcns,utsns,cgroupns,timens
		-eo pid,oom,oomadj,ag_id,ag_nice,rbytes,rchars,wbytes,pss,uss
		-eo pid,exe
		-eo pid,label,cgroup,luid
	END
}

# ---- order

# By these 4.0.2 does not sort: in the order of others, of the same value, or by what is shown.
UNSORTED=' fgid vsize tty4 context label zone '

sorted_names() {
	for name in $COLUMN_NAMES; do
		case $UNSORTED in
		*" $name "*) ;;
		*) echo "$name" ;;
		esac
	done
}

# sortings SEED COUNT: so many cases of up to three keys.
sortings() {
	sorted_names | awk -v "seed=$1" -v "count=$2" "$RANDOM_AWK"'
		{ for (i = 1; i <= NF; i++) name[n++] = $i }
		END {
			split("- + ", sign, " ")
			for (; count; count--) {
				keys = ""
				for (more = 1 + random(3); more; more--)
					keys = keys "," sign[1 + random(3)] name[random(n)]
				print "-N -C ended -o pid,ppid,uid,comm --sort", substr(keys, 2)
			}
		}'
}

testSortingByEveryColumn() {
	can_compare || return 0
	{
		{ sorted_names; echo "$EMPTY_NAMES"; } | every '-N -C ended -o pid,ppid --sort -'
		sortings 20261123 60
		for sign in + -; do
			for pair in fgid:fsgid vsize:vsz tty4:tty; do
				words="-N -C ended -o pid,ppid --sort $sign"
				echo "@old $words${pair#*:} @ $words${pair%:*}"
			done
		done
		for name in context label zone; do
			words="-N -C ended -o pid,$name"
			echo "@old $words @ @by 'sed -u 1q; sort -s -k 2' $words --sort $name"
			echo "@old $words @ @by 'sed -u 1q; sort -s -r -k 2' $words --sort -$name"
		done
	} | assert_agree 320
}

testSorting() {
	can_compare || return 0
	each '' <<-'END' | assert_agree 50
		-ef --sort pid
		-ef --sort -pid
		-ef --sort +pid
		-ef --sort=ppid
		-ef --sort ppid,-pid
		-ef --sort -ppid,pid
		-ef --sort comm
		-ef --sort comm,-pid
		-ef --sort -comm,pid
		-ef --sort args,pid
		-ef --sort cmd
		-ef --sort user,-pid
		-ef --sort uid,comm,pid
		-ef --sort -uid,-comm,-pid
		-ef --sort euser,ruser
		-ef --sort gid
		-ef --sort group,-pid
		-ef --sort tty,pid
		-ef --sort tty,-pid
		-ef --sort sid,pgid,-pid
		-ef --sort state,-pid
		-eo pid,stat,comm --sort stat,-pid
		-el --sort ni,-pid
		-el --sort pri
		-el --sort -pri,comm
		-el --sort opri
		-el --sort priority
		-eo pid,cls,comm --sort cls
		-eo pid,rtprio,comm --sort rtprio
		aux --sort rss
		aux --sort -rss
		aux --sort vsz,-pid
		aux --sort -vsz
		aux --sort time
		aux --sort -time,-pid
		aux --sort pcpu
		aux --sort -%cpu
		aux --sort -%mem,pid
		aux --sort start_time
		aux --sort -start_time
		-eo pid,etime,comm --sort etime
		-eo pid,etimes,comm --sort -etimes
		-eo pid,lstart --sort lstart
		-eo pid,nlwp --sort -nlwp
		-eo pid,minflt --sort minflt
		-eo pid,maj_flt --sort -maj_flt
		-eo pid,sz,size --sort size
		-eo pid,blocked --sort blocked
		-eo pid,oom --sort -oom
		-eo pid,flags --sort flags
		-eo pid,tpgid --sort tpgid
		-eo pid,psr --sort psr
		-eo pid,wchan --sort wchan
		ax k pid
		ax k -pid
		axk-pid
		ax k user,-pid
		axu k -rss
		ax Opid
		axOr
		axO-r
		axOU
		axOp
		axOCp
		axO-p
		axOu-p
		axOt
		axH k -pid
		-e --sort pid --no-headers
		-e --sort pid,
		-e --sort pid,,comm
		-e --sort bogus
		-e --sort ''
		-e --sort pid:5
		-e --sort -
	END
	# Names of users are compared as they are, those of programs as they are shown.
	for name in user ruser suser fuser group rgroup comm args ucmd tty stat wchan exe; do
		echo "LC_ALL=C -N -C ended -o pid,ppid --sort -$name"
	done | assert_agree 13
	# With -L and -T 4.0.2 then shows nothing but the leaders. The threads stand below theirs.
	each '' <<-'END' | assert_agree 6
		@old -eL -o pid,lwp @ -eL -o pid,lwp --sort pid
		@old -eL -o pid,lwp @ @by 'sed -u 1q; sort -s -k 1,1nr' -eL -o pid,lwp --sort -pid
		@old -eT -o pid,spid @ @by 'sed -u 1q; sort -s -k 1,1nr' -eT -o pid,spid --sort -pid
		@old -eL -o pid,lwp,nlwp @ @by 'sed -u 1q; sort -s -k 3,3nr' -eL -o pid,lwp,nlwp --sort -nlwp
		@old -eL -o pid,lwp,nlwp @ @by 'sed -u 1q; sort -s -k 3,3n -k 1,1nr' -eL -o pid,lwp,nlwp --sort nlwp,-pid
		@old -eL -o pid,lwp,ppid @ @by 'sed -u 1q; sort -s -k 3,3n' -eL -o pid,lwp,ppid --sort ppid
	END
}

. "${SHUNIT2:-shunit2}"
