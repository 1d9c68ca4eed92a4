#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The story of PID namespaces, told with real processes: make demo, or scripts/demo.sh PIDBOX.
#
# Works as root and as an ordinary user (then in a user namespace). Every claim is checked while it
# is made: the script ends with 1 when the kernel does not do what is said here. PAUSE=1 waits after
# each step and prints the PIDs to poke at from another terminal.
set -u

pidbox=${1:-build/pidbox}
case $pidbox in /*) ;; *) pidbox=$PWD/$pidbox ;; esac
failed=0
running= # the unshare processes to end
user=    # -r for an ordinary user
dir=$(mktemp -d "${TMPDIR:-/tmp}/pidbox-demo.XXXXXX") || exit 1

# Our own applets, whatever the machine has.
bin=$dir/bin
for applet in ps pstree lsns kill sleep nsenter; do
	eval "pb_$applet() { \"\$bin/$applet\" \"\$@\"; }"
done

# --kill-child ends the child with its unshare, and with a PID 1 its whole namespace.
cleanup() {
	trap '' INT TERM HUP
	for p in $running; do
		pb_kill -KILL "$p" 2>/dev/null
	done
	wait 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 141' PIPE # make demo | head
trap 'exit 143' TERM HUP

title() { printf '\n\033[1m== %s\033[0m\n' "$*" | plain; }
say() { printf '%s\n' "$*"; }
show() { printf '   $ %s\n' "$1"; sed 's/^/   | /' "$2"; }
plain() { if [ -t 1 ]; then cat; else sed 's/.\[[01]m//g'; fi; }

# claim TEXT COMMAND...: the command must succeed.
claim() {
	text=$1
	shift
	if "$@"; then
		printf '   \033[1m[seen]\033[0m %s\n' "$text" | plain
	else
		printf '   [NOT SEEN] %s\n' "$text"
		failed=1
	fi
}

give_up() {
	printf '\ndemo: %s\n' "$*" >&2
	exit 1
}

# until CONDITION...: waits for a state of a process; five seconds at most.
until_true() {
	tries=0
	while ! "$@"; do
		tries=$((tries + 1))
		[ $tries -gt 250 ] && return 1
		pb_sleep 0.02
	done
}

pause() {
	if [ -n "${PAUSE:-}" ] && [ "$PAUSE" != 0 ]; then
		printf '\n   PIDs: %s   (Enter goes on) ' "$*"
		read -r _ </dev/tty || exit 1
	fi
}

exists() { pb_ps -p "$1" >/dev/null 2>&1; }
gone() { ! exists "$1"; }
state_of() { pb_ps -o s= -p "$1" 2>/dev/null; }
comm_is() { [ "$(pb_ps -o comm= -p "$1" 2>/dev/null)" = "$2" ]; }
is_zombie() { [ "$(state_of "$1")" = Z ]; }
not_zombie() { ! is_zombie "$1"; }
child_of() {
	pb_ps -eo ppid=,pid= | while read -r parent child; do
		[ "$parent" = "$1" ] && echo "$child"
	done
}
has_child() { [ -n "$(child_of "$1")" ]; }
is_child_of() { [ "$(pb_ps -o ppid= -p "$2" | tr -d ' ')" = "$1" ]; }
same() { [ -n "$1" ] && [ "$1" = "$2" ]; }
contains() { grep -q -- "$2" "$1"; }
lacks() { ! grep -q -- "$2" "$1"; }

# by_args PATTERN: the PIDs of processes whose command line is this.
by_args() {
	pb_ps -eo pid=,args= | while read -r number line; do
		[ "$line" = "$1" ] && echo "$number"
	done
}
by_args_is_there() { [ -n "$(by_args "$1")" ]; }

# start NAME ARGUMENT...: unshare in the background; $pid is its child, once that runs its program.
start() {
	name=$1
	shift
	"$bin/unshare" $user "$@" &
	outer=$!
	running="$running $outer"
	until_true has_child $outer || give_up "unshare did not start $name"
	pid=$(child_of $outer)
	until_true comm_is "$pid" "$name" || give_up "$name did not start"
}

end() {
	pb_kill -KILL "$1"
	wait "$2" 2>/dev/null
	ended=$?
}

# ---- what is allowed here

preflight() {
	"$pidbox" --install -s "$bin" || give_up "cannot make links in $dir"
	if ! "$bin/unshare" -f -p -m true 2>"$dir/why"; then
		user=-r
		"$bin/unshare" -r -f -p -m true 2>>"$dir/why" || forbidden
	fi
	"$bin/unshare" $user -f -p --mount-proc true 2>"$dir/why" || forbidden
}

# Names what forbids it.
forbidden() {
	say "$(cat "$dir/why")" >&2
	seccomp=$(sed -n 's/^Seccomp:[^0-9]*//p' /proc/self/status 2>/dev/null)
	if [ "${seccomp:-0}" != 0 ]; then
		say "demo: a seccomp profile is active here (Seccomp: $seccomp), as in Docker, Docker Desktop or a" \
		    "hosted editor: run it with --privileged, or --security-opt seccomp=unconfined" \
		    "--security-opt systempaths=unconfined, or on the machine itself." >&2
	fi
	give_up "this place does not allow what the demo is about"
}

# ---- the steps

make_root() {
	mkdir -p "$dir/$1/proc"
	cp "$pidbox" "$dir/$1/pidbox"
	"$dir/$1/pidbox" --install -s "$dir/$1/bin"
}

# in_root PID COMMAND...: as "docker exec" does.
in_root() {
	target=$1
	shift
	pb_nsenter -t "$target" -a -r "$@"
}

step1() {
	title "1. Two containers that hold nothing but pidbox"
	make_root a
	make_root b
	find "$dir/a" | sed "s,$dir/,," | sort | tr '\n' ' ' | sed 's/^/   /; s/ $/\n/'
	start sleep -f -p -m -R "$dir/a" --mount-proc --kill-child sleep 1000001
	a=$pid a_outer=$outer
	start sleep -f -p -m -R "$dir/b" --mount-proc --kill-child sleep 1000002
	b=$pid b_outer=$outer
	for c in a b; do
		eval "p=\$$c"
		in_root "$p" ps -ef >"$dir/in.$c"
		show "nsenter -t $p -a -r ps -ef        # inside $c" "$dir/in.$c"
	done
	claim "inside a, number 1 is a's own program" contains "$dir/in.a" ' 1 .*sleep 1000001'
	claim "inside b, number 1 is b's own program" contains "$dir/in.b" ' 1 .*sleep 1000002'
	claim "a does not see b, b does not see a" \
		eval 'lacks "$dir/in.a" 1000002 && lacks "$dir/in.b" 1000001'
	pb_ps -o pid,nspid,pidns,args -p "$a,$b" >"$dir/out"
	show "ps -o pid,nspid,pidns,args -p $a,$b       # outside: both numbers" "$dir/out"
	claim "outside, a's process is $a here and 1 there" contains "$dir/out" "$a,1 "
	in_root "$a" lsns -t pid -p 1 -n -o ns >"$dir/ns.in" 2>/dev/null
	pb_lsns -t pid -p "$a" -n -o ns >"$dir/ns.out" 2>/dev/null
	say "   the inode of a's PID namespace: inside $(cat "$dir/ns.in"), outside $(cat "$dir/ns.out")"
	claim "it is the same seen from inside and from outside" \
		same "$(cat "$dir/ns.in")" "$(cat "$dir/ns.out")"
	pause "a=$a b=$b"
}

step2() {
	title "2. A namespace in a namespace: three numbers for one process"
	# The root of a is no mount point, so its propagation cannot be changed; it is private anyway.
	"$bin/nsenter" -t "$a" -a -r unshare -f -p -m --propagation unchanged --mount-proc --kill-child \
		sleep 1000003 &
	running="$running $!"
	until_true by_args_is_there "sleep 1000003" || give_up "the nested program did not start"
	nested=$(by_args "sleep 1000003")
	pb_ps -o pid,nspid,nslevel,nsinit,args -p "$nested" >"$dir/out"
	show "ps -o pid,nspid,nslevel,nsinit,args -p $nested" "$dir/out"
	claim "the chain has three numbers and ends with 1" contains "$dir/out" "$nested,[0-9]*,1 "
	claim "1@$nested is that process: PID@REF" \
		same "$(pb_ps -o pid= -p "1@$nested" | tr -d ' ')" "$nested"
	pb_pstree -p --borders $$ >"$dir/out"
	show "pstree -p --borders $$" "$dir/out"
	claim "the way to it crosses two borders" contains "$dir/out" '\[pid:.*\[pid:.*>1)'
	pause "nested=$nested"
}

step3() {
	title "3. An orphan, under a PID 1 that does not reap"
	say "   A shell enters a's PID namespace, leaves a process behind and ends. The orphan's new"
	say "   parent is number 1 there, and sleep never waits for anybody."
	pb_nsenter -t "$a" ${user:+-U} -p sh -c "'$bin/sleep' 1000007 & :"
	until_true by_args_is_there "$bin/sleep 1000007" || give_up "the orphan did not start"
	orphan=$(by_args "$bin/sleep 1000007")
	claim "its parent is the PID 1 of its namespace" until_true is_child_of "$a" "$orphan"
	pb_kill -TERM "$orphan"
	until_true is_zombie "$orphan"
	pb_ps -o pid,ppid,nspid,s,args -p "$a,$orphan" >"$dir/out"
	show "ps -o pid,ppid,nspid,s,args -p $a,$orphan       # outside" "$dir/out"
	in_root "$a" ps -eo pid,ppid,s,args >"$dir/in"
	show "ps -eo pid,ppid,s,args                  # inside" "$dir/in"
	claim "it is a zombie, outside" is_zombie "$orphan"
	claim "and inside" contains "$dir/in" ' Z .*<defunct>'
	say "   The death of that PID 1 ends every process of the namespace, the nested one too. They are"
	say "   killed, not adopted by an init outside; the zombie goes with them."
	end "$a" "$a_outer"
	claim "a's PID 1 was killed: unshare reports 137" same "$ended" 137
	claim "the nested namespace's process is gone" until_true gone "$nested"
	claim "the zombie is gone" until_true gone "$orphan"

	say "   The same under our init:"
	start init -f -p -m -R "$dir/a" --mount-proc --kill-child init -- sleep 1000004
	a=$pid a_outer=$outer
	pb_nsenter -t "$a" ${user:+-U} -p sh -c "'$bin/sleep' 1000008 & :"
	until_true by_args_is_there "$bin/sleep 1000008" || give_up "the orphan did not start"
	orphan=$(by_args "$bin/sleep 1000008")
	claim "the orphan's parent is init" until_true is_child_of "$a" "$orphan"
	pb_kill -TERM "$orphan"
	claim "when it ends it is reaped" until_true gone "$orphan"
	in_root "$a" ps -eo pid,ppid,s,args >"$dir/in"
	show "ps -eo pid,ppid,s,args                  # inside" "$dir/in"
	claim "no zombie is left" lacks "$dir/in" defunct
	end "$a" "$a_outer"
	pause "b=$b"
}

step4() {
	title "4. Signals to a PID 1"
	say "   b's sleep has no handlers. The kernel drops what would end a PID 1 by default: it is"
	say "   neither ignored by the program nor fatal to it, it never arrives."
	for sig in HUP INT TERM; do
		pb_kill "-$sig" "$b" 2>"$dir/said"
		claim "$sig from outside does nothing" eval 'exists "$b" && not_zombie "$b"'
		claim "and kill says so" grep -q "$sig is lost" "$dir/said"
	done
	in_root "$b" kill -KILL 1 2>"$dir/said"
	claim "KILL from inside returns $? and does nothing" eval 'exists "$b" && not_zombie "$b"'
	end "$b" "$b_outer"
	claim "KILL from outside ends it (137)" same "$ended" 137
	say "   Under our init the program gets them:"
	: >"$dir/got" # it may be looked into before whoever is in the background opens it
	"$bin/unshare" $user --init --kill-child sh -c '
		trap "echo HUP" HUP
		trap "echo TERM; kill \$child; exit 0" TERM
		"$0" 1000005 & child=$!
		echo ready
		while :; do wait $child; done' "$bin/sleep" >"$dir/got" &
	outer=$!
	running="$running $outer"
	until_true contains "$dir/got" ready || give_up "the program did not start"
	pid=$(child_of $outer)
	for sig in HUP TERM; do
		pb_kill "-$sig" "$pid"
		claim "$sig to init ($pid, number 1 there) reaches the program" \
			until_true contains "$dir/got" $sig
	done
	wait $outer
	claim "init ends with the program's status, 0" same $? 0
	pause "none"
}

step5() {
	title "5. What ps shows is what /proc is"
	"$bin/unshare" $user -f -p "$bin/ps" -eo pid,nspid,args >"$dir/out" 2>"$dir/err"
	{
		cat "$dir/err"
		head -n 3 "$dir/out"
		say "   ..."
	} >"$dir/head"
	show "unshare -f -p ps -eo pid,nspid,args            # the old /proc" "$dir/head"
	claim "without --mount-proc everybody outside is shown" contains "$dir/out" "demo.sh"
	claim "and ps says so" contains "$dir/err" "/proc is that of another PID namespace"
	"$bin/unshare" $user -f -p --mount-proc "$bin/ps" -eo pid,nspid,args >"$dir/out"
	show "unshare -f -p --mount-proc ps -eo pid,nspid,args" "$dir/out"
	claim "with it only the namespace: ps itself, number 1" \
		same "$(sed 1d "$dir/out" | wc -l | tr -d ' ')" 1
	start sleep -f -p -m -R "$dir/a" --mount-proc --kill-child sleep 1000006
	pb_lsns -t pid >"$dir/out" 2>/dev/null
	show "lsns -t pid" "$dir/out"
	claim "lsns knows the new namespace and its PID 1" contains "$dir/out" " $pid .*sleep 1000006"
	in_root "$pid" sh -c true 2>"$dir/err"
	claim "there is no shell inside (127): $(cat "$dir/err")" same $? 127
	in_root "$pid" pstree -p >"$dir/out"
	show "nsenter -t $pid -a -r pstree -p          # all the same" "$dir/out"
	claim "but our applets are there" contains "$dir/out" '^sleep(1)'
	pause "a=$pid"
	end "$pid" "$outer"
}

say "pidbox: $("$pidbox" --version | head -n 1), $(uname -sr), as $(id -un 2>/dev/null || id -u)"
preflight
[ -n "$user" ] && say "as an ordinary user: each namespace below is made in a user namespace (-r)"
step1
step2
step3
step4
step5
if [ $failed != 0 ]; then
	give_up "not every claim was observed"
fi
printf '\nEvery claim was observed.\n'
