#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pstree: nobody is lost, whatever the parents are; any depth and number of processes; --filter.
set -u
. "$(dirname "$0")/../lib.sh"

pstree=$BIN/pstree
unset COLUMNS LC_ALL LC_CTYPE LANG
recorded=$TOP/tests/proc/host-with-containers

# record DIR: a recorded tree of the lines "PID PPID NAME" of stdin. A program of its own, for `roomy`.
oneTimeSetUp() {
	cat >"$BIN/record" <<-'END'
		#!/bin/sh
		mkdir "$1" && cd "$1" && cat >lines && cut -d ' ' -f 1 lines | xargs mkdir && awk '{
			file = $1 "/stat"
			print $1, "(" $3 ") S", $2, "1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0" >file
			close(file)
		}' lines
	END
	chmod +x "$BIN/record"
	mkdir "$T/mem"
}

record() { "$BIN/record" "$T/$1"; }

# roomy SCRIPT: in a directory that holds many files and is gone at once. $1 is pstree, $2 its limits: few
# seconds and little stack, which no tree may need more of; not with sanitizers.
roomy() {
	limit='ulimit -s 128 && ulimit -t 8'
	[ -z "${ASAN_OPTIONS:-}" ] || limit=:
	user=
	[ "$(id -u)" = 0 ] || user='--user --map-root-user'
	# shellcheck disable=SC2086,SC2016 # words; expanded by that shell
	run unshare $user --mount sh -c 'mount -t tmpfs mem "$1" && cd "$1" && PATH=$2:$PATH && '"$limit"' && '"$1" \
		sh "$T/mem" "$BIN"
	assertEquals "$err" 0 "$rc"
}

# numbers WORDS...: those in the picture, in order.
numbers() { "$pstree" -pl "$@" | grep -o '([0-9]*)' | tr -d '()' | sort -n; }

# ---- parents

testAnyParents() {
	seed=1
	while [ "$seed" -le 12 ]; do
		awk -v seed=$seed 'BEGIN {
			srand(seed)
			for (i = 1; i <= 60; i++)
				print i, int(rand() * 66), "n" int(rand() * 3)
		}' | record random$seed
		seq 60 >"$T/all"
		for words in '' -n -a -c; do
			# shellcheck disable=SC2086 # words
			numbers $words --proc "$T/random$seed" 0 | tr -d , >"$T/drawn"
			[ "$words" = -a ] && "$pstree" -apl --proc "$T/random$seed" 0 | grep -o ',[0-9]*' |
				tr -d , | sort -n >"$T/drawn"
			cmp "$T/all" "$T/drawn" || fail "tree $seed $words: $(diff "$T/all" "$T/drawn")"
		done
		seed=$((seed + 1))
	done
}

testCircles() {
	record circles <<-'END'
		1 0 init
		5 5 itself
		6 7 a
		7 6 b
		8 7 below
		9 77 orphan
		10 9 child
	END
	assert_run 0 'init
itself
b-+-a
  `-below' '' "$pstree" -l --proc "$T/circles" 1 5 7
	assertEquals '1 5 6 7 8 9 10' "$(numbers --proc "$T/circles" | tr '\n' ' ' | sed 's/ $//')"
	assertEquals 'orphan(9)---child(10)' "$("$pstree" -ps --proc "$T/circles" 10)"
}

# ---- operands

testParents() {
	assert_run 0 'systemd---containerd-shim---sh---nginx---init---sh---sleep---sleep' '' \
		"$pstree" -s --proc "$recorded" 21060
	# Several: one tree, in which who stands above both is once.
	assert_run 0 'systemd(1)-+-conmon(25000)---tail(25001)
           `-containerd-shim(800)---sh(20997)---nginx(21010)-+-nginx(21011)
                                                             `-nginx(21012)' '' \
		"$pstree" -psA --proc "$recorded" 21011 25001 21012
	assert_run 0 'containerd-shim(800)---{containerd-shim}(802)' '' sh -c \
		'"$0" -psl --proc "$1" 802 | sed "s/^systemd(1)---//"' "$pstree" "$recorded"
}

testZeroIsAll() {
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c '"$0" -p 0; "$0" -p' "$pstree"
	assertEquals "sh(1)---pstree(2)
sh(1)---pstree(3)" "$out"
	if [ "$(id -u)" = 0 ] && grep -q kthreadd /proc/2/comm; then
		"$pstree" 0 | grep -q '^kthreadd' || fail 'pstree 0: without kthreadd'
		"$pstree" | grep -q '^kthreadd' && fail 'pstree: with kthreadd'
	fi
	return 0
}

testUser() {
	if [ "$(id -u)" != 0 ]; then
		skip_because 'needs two users'
		return
	fi
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c 'as() { setpriv --reuid 65534 --clear-groups "$@"; }
		as sh -c "sleep 100 & sleep 101 & wait; :" & as sleep 102 &
		until [ "$(cat /proc/[0-9]*/comm | grep -c sleep)" = 3 ]; do :; done
		"$0" -c nobody; echo; "$0" -pu nobody | tr -d 0-9; echo; "$0" -u 1' "$pstree"
	assertEquals 'sh-+-sleep
   `-sleep

sleep

sh()-+-sleep()
      `-sleep()

sleep()

sh-+-pstree
   |-sh---sh(nobody)---2*[sleep]
   `-sh---sleep(nobody)' "$out"
}

# ---- size

# shellcheck disable=SC2016 # expanded by that shell
testDeep() {
	roomy '
		seq 20000 | awk "{ print \$1, \$1 - 1, \"p\" }" | record deep && cd deep
		for words in -l "-cl -n" -Ul -A "-l -s" "-l -T -u" -lZ; do
			pstree $words --proc . 20000 >/dev/null || echo "failed: $words"
			pstree $words --proc . >/dev/null || echo "failed: $words"
		done
		pstree -l --proc . | grep -o p | wc -l
		pstree -a --proc . | wc -l
		pstree -pl --proc . | grep -o "([0-9]*)" | sort -u | wc -l'
	assertEquals "20000
20000
20000" "$out"
	# Two chains that are the same but for their ends.
	roomy '{
			echo 1 0 init
			seq 2 9000 | awk "{ print \$1, \$1 == 2 ? 1 : \$1 - 1, \"p\" }"
			seq 10002 19000 |
				awk "{ print \$1, \$1 == 10002 ? 1 : \$1 - 1, \$1 == 19000 ? \"q\" : \"p\" }"
		} | record twins
		pstree -l --proc twins | wc -l
		sed -i "s/(q)/(p)/" twins/19000/stat
		pstree -l --proc twins | cut -c 1-26'
	assertEquals '2
init---2*[p---p---p---p---' "$out"
}

# shellcheck disable=SC2016 # expanded by that shell
testWide() {
	roomy '{
			echo 1 0 init
			seq 2 20000 | awk "{ print \$1, 1, \"same\" }"
		} | record wide
		pstree --proc wide
		pstree -p --proc wide | wc -l'
	assertEquals 'init---19999*[same]
19999' "$out"
	# All of the same name, each with another below it; and such as are the same again, far apart.
	roomy '{
			echo 1 0 init
			seq 2 10000 | awk "{ print \$1, 1, \"same\" }"
			seq 10002 20000 | awk "{ print \$1, \$1 - 10000, \"c\" \$1 }"
		} | record different
		pstree --proc different | wc -l
		seq 10002 20000 | awk "{ print \$1, \$1 - 10000, \"c\" \$1 % 1000 }" >lines
		while read -r pid ppid name; do
			echo "$pid ($name) S $ppid 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0" >different/$pid/stat
		done <lines
		pstree --proc different | wc -l
		pstree --proc different | grep -c "10\*\[same---c"'
	assertEquals '9999
1000
999' "$out"
}

# ---- --filter

testFilter() {
	enabled PSTREE_FILTER || return 0
	assert_run 0 'systemd---containerd-shim---sh---nginx---init---sh---sleep---sleep' '' \
		"$pstree" --proc "$recorded" --filter 'comm == "sleep"'
	assert_run 0 'systemd(1)-+-conmon(23000)
           `-conmon(25000)' '' "$pstree" -p --proc "$recorded" --filter 'comm =~ "^conm"'
	# Threads only of who fits.
	assert_run 0 'systemd-+-containerd-shim---3\*\[{containerd-shim}]
        `-containerd-shim---python3---{python3}' '' "$pstree" --proc "$recorded" --filter 'threads > 1'
	# Below an operand, and with who stands above it.
	assert_run 0 'nginx(21010)-+-nginx(21011)
             `-nginx(21012)' '' "$pstree" -p --proc "$recorded" --filter 'comm == "nginx"' 21010
	assert_run 0 'systemd---containerd-shim---sh---nginx---2\*\[nginx]' '' \
		"$pstree" -s --proc "$recorded" --filter 'comm == "nginx"' 21010
	assert_run 0 '' '' "$pstree" --proc "$recorded" --filter 'pid == 4711'
	assert_run 1 '' "pstree: --filter: column 1: 'nonsense': *" "$pstree" --filter 'nonsense == 1'
	assert_run 1 '' "pstree: --filter: column 8: *" "$pstree" --filter 'pid == '
}

testFilterOfTheLiving() {
	enabled PSTREE_FILTER || return 0
	# shellcheck disable=SC2016 # expanded by that shell
	run in_ns sh -c 'sleep 100 & sleep 101 & sh -c "sleep 102; :" &
		until [ "$(cat /proc/[0-9]*/comm | grep -c sleep)" = 3 ]; do :; done
		"$0" --filter "args =~ \"10[12]\" and comm != \"sh\""
		"$0" -a --filter "ppid != 1 and pid != 1"; "$0" --filter "nslevel == 0"' "$pstree"
	assertEquals 'sh-+-sh---sleep
   `-sleep' "$(sed -n 1,2p "$T/out")"
	like "$(sed -n '$p' "$T/out")" '*`-2\*\[sleep]*' || fail "$out"
}

testNoFilter() {
	enabled PSTREE_FILTER && return 0
	assert_run 1 '' "pstree: unrecognized option '--filter*" "$pstree" --filter 'pid == 1'
}

. "${SHUNIT2:-shunit2}"
