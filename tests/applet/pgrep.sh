#!/bin/sh
# SPDX-License-Identifier: 0BSD
# pgrep: what procps does otherwise, or not at all. What both do is in pgrep-diff.sh.
set -u
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/ps-scene.sh"

PGREP=$BIN/pgrep
need jq jq
need strace strace

# Three PID namespaces, each in the one before: $deep1, $deep2 and $deep3 are their PID 1, the last a
# process called bottom...; one with eight namespaces of its own ($alone), and one with none ($plain).
# The names end in our number: others may be running the same test.
oneTimeSetUp() {
	[ ! -e "$T/set-up" ] || return 0 # shunit2 calls it twice
	: >"$T/set-up"
	BOTTOM=bottom$$ ALONE=alone$$ PLAIN=plain$$
	user=
	[ "$(id -u)" = 0 ] || user='--user --map-root-user'
	# shellcheck disable=SC2086 # they are words
	until='bottom' start unshare $user --pid --fork --kill-child unshare --pid --fork --kill-child \
		unshare --pid --fork --kill-child "$SCENE" idle "$BOTTOM" || exit
	deep1=$(first_child "$pid")
	deep2=$(first_child "$deep1")
	deep3=$(first_child "$deep2")
	until='alone' start unshare --user --map-root-user --mount --uts --ipc --net --cgroup --time \
		--pid --fork --kill-child "$SCENE" idle "$ALONE" || exit
	alone=$(first_child "$pid")
	until='plain' start "$SCENE" idle "$PLAIN" || exit
	plain=$pid
}

oneTimeTearDown() { stop_all; }

# assert_finds PIDS ARG...: these and no others, with nothing on stderr.
assert_finds() {
	finds=$1
	shift
	assert_run "$([ -n "$finds" ]; echo $?)" "$finds" '' "$PGREP" "$@"
}

# numbers PID...: them as a column.
numbers() { printf '%s\n' "$@" | sort -n; }

# held: who was started last reads $T/hold, and is asleep in that when it has written to $T/ready; release: it
# ends. end PID...: so do these.
held() {
	holder=$!
	exec 5>"$T/hold"
	read -r _ <"$T/ready"
}
release() {
	exec 5>&-
	wait "$holder"
	return 0
}
end() {
	kill "$@"
	wait "$@"
	return 0
} 2>/dev/null

# ---- namespaces

# A list means all of its kinds; the peer takes the last of them.
testNslistMeansAllOfItsKinds() {
	in_ns sh -c '
		unshare --uts "$SCENE" idle one >"$T/ready" &
		read -r _ <"$T/ready"
		unshare --uts --ipc "$SCENE" idle both >"$T/ready" &
		read -r _ <"$T/ready"
		uts=$("$BIN/pgrep" one) both=$("$BIN/pgrep" both)
		check() {
			want=$1
			shift
			have=$("$BIN/pgrep" -d " " "$@" "^(sh|one|both)$")
			[ "$have" = "$want" ] || echo "$*: $have, not $want"
		}
		check "1 $uts" --ns 1 --nslist ipc
		check "1" --ns 1 --nslist uts
		check "1" --ns 1 --nslist ipc,uts
		check "1" --ns 1 --nslist uts,ipc
		check "1 $uts $both" --ns 1 --nslist mnt,pid,user,net,time,cgroup
		check "$uts" --ns "$uts" --nslist ipc,uts
		check "$both" --ns "$both" --nslist mnt,ipc
		check "$both" --ns "$both"
		check "1" --ns 1
		check "$uts $both" --ns 1 --nslist ipc,uts --inverse
		check "1 $both" --ns "$uts" --inverse
	' >"$T/said" 2>&1 || fail "status $?"
	assertEquals '' "$(cat "$T/said")"
}

# What cannot be read is no one's, and the contrary is not true of it either.
testNsUnreadableMatchesNothing() {
	[ "$(id -u)" = 0 ] || { skip_because 'needs root'; return 0; }
	assert_run 3 '' "pgrep: cannot read the * namespace of $plain: $(reason 'Permission denied' 13)" \
		as_user "$PGREP" --ns "$plain" .
	# shellcheck disable=SC2086 # they are words
	until='theirs' start $AS_USER "$SCENE" idle "theirs$$" || return
	theirs=$pid
	as_user sh -c '
		names="^($3)$"
		"$BIN/pgrep" --ns "$1" "$names"
		"$BIN/pgrep" --ns "$1" --nslist pid,net "$names"
		"$BIN/pgrep" --ns "$1" --inverse "$names|." | grep -cxE "$4"
		"$BIN/pgrep" --env PATH "$names"
		"$BIN/pgrep" --env NO_SUCH_VARIABLE -c "$names"
		"$BIN/pgrep" --env NO_SUCH_VARIABLE --inverse -P "$2"
	' sh "$theirs" $$ "$PLAIN|$ALONE|$BOTTOM|theirs$$" "$theirs|$plain|$alone|$deep3" >"$T/out"
	# The other condition is not true of any, so that its contrary is.
	assertEquals "$theirs $theirs 0 $theirs 0" "$(head -n 5 "$T/out" | tr '\n' ' ' | sed 's/ $//')"
	! sed 1,5d "$T/out" | grep -qx "$plain" || fail 'what is not known is not true'
	stop "$theirs"
}

# A zombie has but its PID and user namespace left.
testNsZombies() {
	in_ns sh -c '
		exec 2>&1
		sh -c "sh -c : & exec sleep 1000" &
		until "$BIN/pgrep" -r Z --quiet; do :; done
		zombie=$("$BIN/pgrep" -r Z)
		"$BIN/pgrep" -r Z --ns 1 --nslist pid -c
		"$BIN/pgrep" -r Z --ns 1 -c
		"$BIN/pgrep" -r Z --ns 1 --nslist net,pid -c
		"$BIN/pgrep" -r Z --ns 1 --nslist net,pid --inverse -c
		"$BIN/pgrep" --ns "$zombie" --nslist net
		echo $?
	' >"$T/out"
	like "$(cat "$T/out")" "1
0
0
*
pgrep: cannot read the net namespace of *: $(reason 'No such file or directory' 2)
3" || fail "$(cat "$T/out")"
}

testPidns() {
	assert_finds "$alone" --pidns "$alone"
	assert_finds "$deep1" --pidns "$deep1"
	assert_finds "$deep3" --pidns "$deep3"
	assert_finds "$deep3" --pidns "$(inode "$deep3")" "$BOTTOM"
	assert_finds "$deep3" --pidns "pid:[$(inode "$deep3")]"
	assert_finds "$(numbers "$deep1" "$deep2" "$deep3")" --pidns-tree "$deep1"
	assert_finds "$deep3" --pidns-tree "$deep1" "$BOTTOM"
	assert_finds "$(numbers "$deep1" "$deep2")" --pidns-tree "$deep1" --inverse "$BOTTOM"
	assert_finds '' --pidns "$deep1" "$BOTTOM"
	assert_run 2 '' "pgrep: 'x': not a process: *" "$PGREP" --pidns x .
	assert_run 3 '' "pgrep: '4026531000': *PID namespace *" "$PGREP" --pidns 4026531000 .
	assert_run 2 '' '*either --pidns or --pidns-tree*' "$PGREP" --pidns 1 --pidns-tree 1
}

testPidAtRef() {
	enabled PID_REF || return 0
	assert_finds "$deep3" -p "1@$deep3"
	assert_finds "$deep2" -p "2@$deep1"
	assert_finds "$deep3" -P "1@$deep2"
	assert_finds "$(numbers "$plain" "$alone")" -p "$plain,1@$alone"
	assert_finds "$alone" --ns "1@$alone" --nslist pid
	assert_run 3 '' "pgrep: '77@$deep3': $(reason 'No such process' 3)" "$PGREP" -p "77@$deep3"
}

# In a /proc that is not ours the numbers are not ours, nor is our own the one that getpid() gives.
testForeignProc() {
	in_ns unshare --pid --fork sh -c '
		exec 2>&1
		"$SCENE" idle asleep >"$T/ready" &
		read -r _ <"$T/ready"
		"$BIN/pgrep" -l "^sh$|^asleep$|^pgrep$"
		echo $?
		kill $!
	' >"$T/out"
	like "$(cat "$T/out")" 'pgrep: /proc is that of another PID namespace: these are not our numbers (*)
2 sh
* asleep
0' || fail "$(cat "$T/out")"
	# With our own number taken there by somebody else, that one is listed.
	in_ns sh -c '
		unshare --pid --fork sh -c "
			\"\$BIN/pgrep\" -x unshare 2>/dev/null; \"\$BIN/pgrep\" -c -x pgrep 2>/dev/null; :"
	' >"$T/out"
	assertEquals '2
0' "$(cat "$T/out")"
}

testWithoutProc() {
	[ -z "${ASAN_OPTIONS:-}" ] || return 0 # which needs one
	assert_run 3 '' 'pgrep: nothing is mounted on /proc (mount -t proc proc /proc)' \
		in_ns sh -c 'mount -t tmpfs none /proc && exec "$BIN/pgrep" .'
}

# ---- criteria of newer procps

testPid() {
	assert_finds "$plain" -p "$plain"
	assert_finds "$(numbers "$plain" "$alone")" --pid "$plain,$alone,999999"
	assert_finds '' -p "$plain" nothing-like-it
	assert_finds '' -p 999999
	"$PGREP" --quiet -v -p "$plain" || fail '-v'
}

testEnv() {
	# It tells when its exec is over: until then it has no environment for a moment.
	env -i PIDBOX_A=1 PIDBOX_AB=2 'PIDBOX_C=two words' "$SCENE" idle one >"$T/ready" &
	set -- $!
	read -r _ <"$T/ready"
	env -i PIDBOX_A=12 "$SCENE" idle two >"$T/ready" &
	set -- "$1" $!
	read -r _ <"$T/ready"
	assert_finds "$(numbers "$1" "$2")" --env PIDBOX_A
	assert_finds "$1" --env PIDBOX_A=1
	assert_finds "$2" --env PIDBOX_A=12
	assert_finds "$1" --env PIDBOX_AB
	assert_finds "$(numbers "$1" "$2")" --env PIDBOX_AB=2,PIDBOX_A=12
	assert_finds "$1" --env 'PIDBOX_C=two words'
	# Whatever its size, the rest of what was read stays as it is.
	env -i "PIDBOX_D=$(printf '%0100000d' 0)" "$SCENE" idle large >"$T/ready" &
	set -- "$1" "$2" $!
	read -r _ <"$T/ready"
	assert_run 0 "$3 $SCENE idle large" '' "$PGREP" -fa --env PIDBOX_D,PIDBOX_A "$SCENE idle large"
	assert_finds '' --env PIDBOX_
	assert_finds '' --env PIDBOX_A=
	assert_finds '' --env PIDBOX_A=1 nothing
	end "$1" "$2" "$3"
}

testRequireHandler() {
	sh -c 'trap : USR1; echo; while :; do sleep 1000; done' >"$T/ready" &
	handler=$!
	read -r _ <"$T/ready"
	wait_state "$handler" S # it has the child that has to end, too
	assert_finds "$handler" -H --signal USR1 -P $$ '^sh$'
	assert_finds "$handler" -H --signal SIGUSR1 -p "$handler"
	assert_finds '' -H --signal USR2 -p "$handler"
	assert_finds '' -H -p "$handler"
	# shellcheck disable=SC2046 # words
	kill -KILL "$handler" $(cat "/proc/$handler/task/$handler/children")
	end "$handler"
}

testFilter() {
	enabled PGREP_FILTER || return 0
	assert_finds "$plain" --filter "pid == $plain"
	assert_finds "$plain" --filter "comm == '$PLAIN'"
	assert_finds "$(numbers "$plain" "$alone")" -P "$$,$(field PPid "$alone")" \
		--filter "comm =~ '^($PLAIN|$ALONE)\$' and ppid > 0"
	assert_finds '' --filter "comm == '$PLAIN'" "$ALONE"
	assert_finds "$deep3" --filter 'nslevel == 3' "$BOTTOM"
	[ "$("$PGREP" -vc --filter "pid == $plain" nothing)" = 1 ] || fail '-v turned it round'
	assert_run 2 '' 'pgrep: --filter: *column 1*' "$PGREP" --filter 'nonsense == 1'
}

# No conditions but one of these are enough.
testOneCriterionIsEnough() {
	for words in '-p 1' '-r S' '--ns self' '-H' "--pidns $deep1" '-n' '-O 0' '-t -' '--cgroup /'; do
		# shellcheck disable=SC2086 # words
		run "$PGREP" -c $words
		[ "$rc" -lt 2 ] || [ "$words" = '--ns self' ] || fail "$words: $rc $err"
	done
}

# Neither whoever waits for us nor their parents.
testIgnoreAncestors() {
	in_ns sh -c '
		cat >"$T/inner" <<-"END"
			"$BIN/pgrep" -A "^sh$"
			echo
			"$BIN/pgrep" -vA nothing
			echo
			exec strace -o "$T/trace" "$BIN/pgrep" -A "^sh$"
		END
		sh -c "sleep 1000; :" & other=$!
		until grep -qsx sleep /proc/[0-9]*/comm; do :; done # its child is called sh, too, at first
		sh -c "sh -c \"sh \$T/inner; :\"; :"
		echo; echo $other
	' >"$T/out"
	other=$(tail -n 1 "$T/out")
	assertEquals "$other" "$(sed -n 1p "$T/out")"
	assertEquals "$other" "$(sed -n 3p "$T/out")"
	# In one pass: what is not in the chain is read once, what is in it once more.
	assertEquals 1 "$(grep -c "\"$other/stat\"" "$T/trace")"
	assertEquals 1 "$(grep -c '"1/stat"' "$T/trace")"
	assertEquals 1 "$(grep -c 'O_DIRECTORY' "$T/trace" | sed 's/^[12]$/1/')"
}

testLogpidfile() {
	echo "$plain" >"$T/pid"
	assert_run 1 '' "pgrep: $T/pid: nobody has locked it" "$PGREP" -LF "$T/pid"
	flock "$T/pid" sh -c 'echo; read -r _' <"$T/hold" >"$T/ready" &
	held
	assert_finds "$plain" -LF "$T/pid"
	assert_finds '' -LF "$T/pid" "$BOTTOM"
	release
	assert_run 1 '' '*nobody has locked it' "$PGREP" -LF "$T/pid"
}

testPidfile() {
	printf '\n\t %s\nmore words\n' "$plain" >"$T/pid"
	assert_finds "$plain" -F "$T/pid"
	assert_finds "$plain" -F "$T/pid" "$PLAIN"
	assert_finds '' -F "$T/pid" -p "$alone"
	for text in '' x 1x -1 0 99999999999 ' '; do
		printf %s "$text" >"$T/pid"
		assert_run 1 '' "pgrep: $T/pid: there is no process number in it" "$PGREP" -F "$T/pid"
	done
}

testTerminals() {
	# Nobody knows a terminal of this name; without one are many.
	assert_finds '' -t no-such-terminal
	assert_run 0 '*' '' "$PGREP" -t - -p "$("$PGREP" -r S -o -t '?')"
}

testOlder() {
	assert_finds '' -O 100d -p "$plain"
	assert_finds "$plain" -O 0 -p "$plain"
	wait_for '[ -n "$("$PGREP" -O 1 -p $plain)" ]'
	assert_finds '' -O 1h -p "$plain"
	assert_finds '' -O inf
	assert_finds '' -O 1000000000
}

# ---- output

# What a shell reads again as it was.
testShellQuote() {
	printf '#!/bin/sh\necho; read -r _\n' >"$T/words.sh"
	sh "$T/words.sh" plain 'two words' '' "it's" "$(printf 'new\nline')" "$(printf '\033[31m\377')" '$HOME' \
		"$(printf 'b\303\274')" 'end' <"$T/hold" >"$T/ready" &
	held
	run env LC_ALL=C.UTF-8 "$PGREP" -aQ -p $!
	assertEquals 0 "$rc"
	words="plain 'two words' '' \$'it\\047s' \$'new\\012line' \$'\\033[31m\\377' '\$HOME' 'b$(printf '\303\274')' end"
	assertEquals "$! sh $T/words.sh $words" "$out"
	bash -c "for word in ${out#* }; do printf '%s\\0' \"\$word\"; done" >"$T/again"
	tr '\0' '\n' <"/proc/$!/cmdline" >"$T/cmdline"
	tr '\0' '\n' <"$T/again" | cmp - "$T/cmdline" || fail 'not the same words'
	release
}

testJson() {
	enabled JSON || return 0
	assert_run 0 '*' '' "$PGREP" -J -p "$deep3,$plain"
	assertEquals "$(numbers "$plain" "$deep3")" "$(jq '.[].pid' <"$T/out")"
	assertEquals "$(chain "$deep3")" "$(jq -r '.[] | select(.comm == "'"$BOTTOM"'") | .nspid | join(",")' <"$T/out")"
	assertEquals "$SCENE idle $PLAIN" "$(jq -r '.[] | select(.comm == "'"$PLAIN"'") | .argv | join(" ")' <"$T/out")"
	assert_run 1 '\[
\]' '' "$PGREP" --json no-such-name
	"$PGREP" --json -v no-such-name | jq -e 'length > 3' >/dev/null || fail 'no JSON'
}

testQuiet() {
	assert_run 0 '' '' "$PGREP" --quiet "$PLAIN"
	assert_run 0 '' '' "$PGREP" --quiet -c "$PLAIN"
	assert_run 0 '' '' "$PGREP" --quiet -la "$PLAIN"
	assert_run 1 '' '' "$PGREP" --quiet nothing
}

# A name is one line, which no terminal obeys.
testHostileNames() {
	sh -c 'printf "a) R (\n1\033[31m" >/proc/self/comm; echo; read -r _' <"$T/hold" >"$T/ready" &
	held
	assert_run 0 "$! a) R (\?1\?\[31m" '' env LC_ALL=C.UTF-8 "$PGREP" -l -p $!
	assert_run 0 "$! a) R (.1.\[31m" '' env LC_ALL=C "$PGREP" -l -p $!
	assert_finds $! -P $$ 'a\) R \('
	assert_finds $! -P $$ "$(printf '\033')"
	enabled JSON && assertEquals "$(printf 'a) R (\n1\033[31m')" "$("$PGREP" -J -p $! | jq -r '.[].comm')"
	release
}

testLostOutput() {
	assert_run 1 '' "pgrep: write error: $(reason 'No space left on device' 28)" sh -c '"$BIN/pgrep" . >/dev/full'
	assert_run 0 '' '' sh -c '{ "$BIN/pgrep" .; echo $? >"$T/status"; } | :'
	assert_run 0 '*' '' sh -c 'exec "$BIN/pgrep" -c . <&- 2>&-'
	assert_run 1 '' "pgrep: write error: $(reason 'Bad file descriptor' 9)" sh -c '"$BIN/pgrep" . >&-'
}

# ---- which files are read

# Of one process: where nobody else is, since the tracer takes its time for each.
testFilesRead() {
	in_ns sh -c '
		"$SCENE" idle plain >"$T/ready" &
		plain=$!
		read -r _ <"$T/ready"
		opened() {
			strace -f -o "$T/trace" "$BIN/pgrep" "$@" >"$T/found" 2>&1
			grep -o "[a-z0-9]*(.*\"${plain}[/\"][^,]*" "$T/trace" |
				sed "s/(.*\"$plain/ /; s/\"\$//; s/ \// /" | tr -s " \n" " "
			echo
		}
		opened nothing
		opened -f nothing-at-all
		opened -P 1
		opened -U 77
		opened --cgroup /nowhere
		opened -p 1
		opened -p 1 plain
		opened --env A=B --ns $$ nothing
		# What is shown besides, of who is found alone.
		opened -a -x plain
		opened -f "idle plain"
		opened -u 77 | sed "s/openat //"
	' >"$T/said"
	assertEquals 'openat stat
openat cmdline
openat stat
openat status
openat cgroup


openat stat
openat stat openat stat openat cmdline
openat cmdline' "$(sed 's/ $//; $d' "$T/said")"
	like "$(tail -n 1 "$T/said")" '*stat*' || fail "-u: $(tail -n 1 "$T/said")"
}

# Processes that come and go are none of our business.
testChurn() {
	in_ns sh -c '
		"$SCENE" idle plain >"$T/ready" &
		plain=$!
		read -r _ <"$T/ready"
		sh -c "while :; do /bin/true; done" &
		i=0
		while [ $((i += 1)) -le 50 ]; do
			[ "$("$BIN/pgrep" -p $plain -f idle)" = $plain ] || echo lost
			"$BIN/pgrep" -fa . >"$T/found" || echo "status $?"
			"$BIN/pgrep" -wl . >"$T/found" || echo "status $?"
		done
	' >"$T/said" 2>&1
	assertEquals '' "$(cat "$T/said")"
}

# A command line longer than one read is read up to 128 KiB.
testLongCommandLine() {
	long=$(printf '%0100000d' 0)
	sh -c 'echo; read -r _' sh "$long" "end-of-it" <"$T/hold" >"$T/ready" &
	held
	assert_finds $! -P $$ -f 'end-of-it$'
	assert_finds $! -P $$ -f "0 end-of-it"
	release
}

setUp() {
	rm -f "$T/ready" "$T/hold"
	mkfifo "$T/ready" "$T/hold"
}

. "${SHUNIT2:-shunit2}"
