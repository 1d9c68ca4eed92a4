#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pgrep against procps 4.0.2, in the place that helper/frozen.c makes. helper/agree.c says what a case is.
set -u
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/frozen.sh"

# agree gives both the name ps.
wrapped() {
	printf '#!/bin/sh\nPATH=%s exec %s "$@"\n' "${1%/*}" "${1##*/}" >"$T/$2"
	chmod 755 "$T/$2"
	echo "$T/$2"
}
OURS=$(wrapped "$BIN/pgrep" ours)
PEER=$(wrapped "$(command -v pgrep)" peer)

testPatterns() {
	can_compare || return 0
	each '@exact' <<-'END' | assert_agree 20
		.
		-l .
		-a .
		-c .
		-v .
		-vc plain
		plain
		-x plain
		-x 'pla|ain'
		'^pla'
		'n$'
		-i PLAIN
		-ix PLAIN
		PLAIN
		-l 'a) R'
		-l 'a\) R'
		-l '[0-9]'
		-l '^.$'
		-l '^..$'
		-f plain
		-fl plain
		-fa plain
		-fx '/bin/plain -a word'
		-fl '\['
		-fl '^\['
		-fx ''
		-x ''
		''
		-v ''
		-f ''
		-fc .
		-fl kthread
		-f '(x|word)$'
		-fl ended
		-fa 'ended'
		-fl 'defunct'
		-fx 'words two words  after empty '
		-fl '  '
		-fl '"'
		-fl %s
		-l %s
		LC_ALL=C -l .
		LC_ALL=C -a .
	END
}


testOptions() {
	can_compare || return 0
	echo ' 300' >"$T/pidfile"
	sed -n 's/^0:://p' /proc/self/cgroup >"$T/cgroup"
	{
		echo "-l --cgroup $(cat "$T/cgroup")"
		echo "-c --cgroup /nowhere,$(cat "$T/cgroup")"
		echo "-F $T/pidfile"
		echo "-lF $T/pidfile ."
		echo "-vF $T/pidfile -c"
		cat <<-'END'
			-n
			-o
			-ln .
			-lo .
			-n plain
			-o ids
			-n ids
			-ln -P 1
			-lo -P 1
			-c -n .
			-O 0
			-O 100
			-c -O 1000000
			-c -O 90000000
			-l -O 99999000 .
			-P 1
			-P 1,2
			-lP 109
			-P 0
			-l --parent 109,105
			-P 999999
			-g 1
			-g 371,1
			-lg 0
			-s 1
			-s 371,1
			-ls 0
			-t pts/0
			-t pts/0,pts/1
			-t nowhere
			-t nowhere,pts/1
			-t console
			-u root
			-u 0
			-lu daemon
			-u daemon,bin
			-u 70003
			-u averylongusername
			-u anamewithmuchmorethan32characters.really
			-u 4294967294
			-u 2147483648
			-U daemon
			-U 1,3
			-U exactly8
			-G 4
			-G 4,70001
			-G averylonggroupname
			-G root -U daemon
			-r Z
			-r S
			-r RD
			-r Z,T
			-r tT
			-lr X
			-r z
			-r ''
			-lr Z ended
			-i ENDED
			-A plain
			-w plain
			-lw worker
			-lw .
			-aw io
			-fw words
			-cw .
			-wn .
			-wo worker
			-w -P 1
			-vw .
			-d , plain
			-d ', ' -l '[ab]'
			-d '' ids
			-d '\n' ids
			-d
			-d , nobody
			-c nobody
			nobody
			-c
			-x
			-v
			-l
			-A
			-w
			-f
			a b
			--newest ids
			--old ids
			--ignore-case --exact PLAIN
			--list-name --full word
			--list-full plain
			--count --inverse plain
			--delimiter=: ids
			--session 1 --terminal pts/0
			--euid daemon --uid daemon
			--group root --pgroup 1 --count
			--runstates Z --list-name
			--ignore-ancestors -l plain
			--lightweight worker
			--signal 9 plain
			-- plain
			-- -dash
			-l -- -dash
			-u root plain
			-u daemon plain
			-v -u root
			-v -u root ids
			-vu root -c
			--nslist pid plain
			-V
		END
	} | each '@exact' | sed '/-V$/d' | assert_agree 90
}

# Each kind by itself, which is what the peer can do.
testNamespaces() {
	can_compare || return 0
	for pid in 1 2 109 226 333; do
		for kind in ipc mnt net pid user uts; do
			echo "--ns $pid --nslist $kind"
			echo "-l --ns $pid --nslist $kind plain"
		done
	done | each '@exact' | assert_agree 50
}

# Without the right to look into others. There the peer takes what neither may be read for the same.
testAsNobody() {
	can_compare || return 0
	each '@exact @as 65534' <<-'END' | assert_agree 12
		.
		-l .
		-a .
		-fl word
		-u root
		-U daemon
		-G 4
		-P 1
		-t pts/0
		-lr Z
		-n .
		-lw worker
		-s 0
		-g 0
		-c --cgroup /
	END
}

# combinations SEED COUNT: so many cases of up to four options and a pattern.
combinations() {
	awk -v "seed=$1" -v "count=$2" "$RANDOM_AWK"'
		BEGIN {
			n = split("-P 1|-P 1,109|-P 105|-g 1|-g 371,1|-s 1|-s 371,1|-t pts/0|-t pts/0,pts/1|-u daemon|" \
				"-u 70003,0|-u root|-U 1,3|-U exactly8|-U root|-G 4|-G 70001,0|-G root|-r S|-r Z,T|-r R|-O 100|" \
				"-O 90000000|-f|-f|-f|-x|-i|-i|-w|-l|-l|-a|-c|-n|-o|-v|-v|-d ,|-A|--nslist pid --ns 1|" \
				"--nslist user --ns 1", word, "|")
			m = split("plain|.|ids|[a-f]|PLAIN|^w|s$|worker|(x|a)|frozen|[[:digit:]]+|ended|zombie|name|e.e", \
				pattern, "|")
			pattern[9] = "(x|a)"
			pattern[10] = "io"
			while (count) {
				words = ""
				for (more = 1 + random(4); more; more--)
					words = words " " word[1 + random(n)]
				if (random(3))
					words = words " \"" pattern[1 + random(m)] "\""
				# Together these are an error, with two lines of other words.
				if ((words ~ / -n( |$)/) + (words ~ / -o( |$)/) + (words ~ / -v( |$)/) > 1)
					continue
				# A second -v is another, and 1 may not be looked into.
				as_user = !random(5)
				if (words ~ / -v.* -v/ || (as_user && words ~ / --ns /))
					continue
				# Beside -t the peer forgets -r.
				if (words ~ / -t / && words ~ / -r /)
					continue
				print as_user ? "@as 1" : "", words
				count--
			}
		}'
}

testCombinations() {
	can_compare || return 0
	combinations 20261124 160 | each '@exact' | assert_agree 160
}

# What is wrong is said, and nothing is done. Where 4.0.2 says so, too, it is the same line.
testMisuse() {
	can_compare || return 0
	{
		echo
		cat <<-'END'
			a b
			-L plain
			-u nobody-of-this-name
			-u 0x3
			-u 0,nobody-of-this-name
			-G nobody-of-this-name
			-P x
			-P 1x
			-P 0x1
			-P ' 1'
			-g x
			-s x
			-Z
			--no-such-option
			--n
			--count=1
			-d
			-e x
			-q 1 x
			-9 x
			@err 'regex error: ' 'a('
			@err 'regex error: ' '*'
			@err 'regex error: ' '['
			@err 'regex error: ' 'a{1'
			@err 'only one of' -n -o plain
			@err 'only one of' -nv plain
			@err 'only one of' -o --inverse plain
			@err 'zero matches (try -f)' sixteen-characters
			@err 'zero matches (try -f)' -x '^exactly15chars.*and-more$'
			@err 'zero matches (try -f)' -c sixteen-characters
			-f sixteen-characters
			@err 'empty word in a list' -u ''
			@err 'empty word in a list' -P ''
			@err 'empty word in a list' -t ''
			@err 'empty word in a list' --cgroup ''
			@err 'no process number' -F /dev/null
			@err 'no process number' -F /etc/passwd
			@err 'No such file' -F /no/such/file
			@err 'directory' -F /
			@err 'unknown kind of namespace: foo' --ns 1 --nslist foo
			@err 'unknown kind of namespace: foo' --ns 1 --nslist net,foo
			@err 'unknown kind of namespace: ' --ns 1 --nslist net,
			@rc 3 @err '999999' --ns 999999
		END
	} | each '@exact' | assert_agree 40
	# Where 4.0.2 takes nonsense for a number, mostly 0, which means root, or everybody, or ourselves.
	each "@exact @rc 2 @out ''" <<-'END' | assert_agree 20
		@err 'empty word in a list' -u ,
		@err 'empty word in a list' -u 1,,2
		@err 'empty word in a list' -P 1,
		@err 'empty word in a list' -P ,1
		@err 'empty word in a list' -t ,
		@err 'invalid user name: -1' -u -1
		@err 'invalid user name: 4294967296' -u 4294967296
		@err 'invalid user name: 99999999999' -u 99999999999
		@err 'not a number: +1' -P +1
		@err 'not a number: 99999999999' -P 99999999999
		@err 'invalid process group: -1' -g -1
		@err 'not a number of seconds: x' -O x
		@err 'not a number of seconds: -1' -O -1
		@err 'not a number of seconds: 1x' -O 1x
		@err 'not a process: x' --ns x
		@err 'not a process: 0' --ns 0
		@err 'not a process: -1' --ns -1
		@err 'unknown signal: FOO' --signal FOO plain
		@err 'not a number: 0' -p 0
		@err 'not a process: expected' -p 1@x
	END
}

. "${SHUNIT2:-shunit2}"
