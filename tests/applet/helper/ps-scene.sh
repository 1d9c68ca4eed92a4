# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests of ps about PID namespaces; to be read after lib.sh. Makes $SCENE (ps-scene.c). The test
# sets PS.
# Namespaces are made and entered by util-linux, never by what is under test.

need nsenter util-linux
need setpriv util-linux
unset COLUMNS LINES PS_FORMAT PS_PERSONALITY CMD_ENV LIBPROC_HIDE_KERNEL
SCENE=$T/ps-scene
if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -pthread -o "$SCENE" \
	"$TOP/tests/applet/helper/ps-scene.c"
then
	echo "$0: cannot compile ps-scene.c: run scripts/setup test" >&2
	exit 1
fi
export SCENE

# need_root: in a test, before `|| return 0`.
need_root() {
	[ "$(id -u)" = 0 ] && return
	skip_because 'needs root'
	return 1
}

# The same as as_user of lib.sh, as words for `start`.
AS_USER=
if [ "$(id -u)" = 0 ]; then AS_USER='setpriv --reuid 65534 --regid 65534 --clear-groups'; fi

running=

# start CMD...: runs it in the background; returns when it has written a line that is "end" or, with
# $until, begins with that. $pid; $T/said has what it wrote.
start() {
	rm -f "$T/said.fifo"
	mkfifo "$T/said.fifo"
	"$@" </dev/null >"$T/said.fifo" 2>"$T/start.err" &
	pid=$!
	running="$pid $running"
	: >"$T/said"
	while read -r line; do
		echo "$line" >>"$T/said"
		case $line in
		"${until:-end}"*) return ;;
		esac
	done <"$T/said.fifo"
	fail "has not started: $*: $(cat "$T/said" "$T/start.err")"
	return 1
}

# stop PID...: those of `start`; returns when they are gone. Their children first: whose parent ends
# before him waits for the machine's init, and his PID namespace for him.
stop() {
	for pid; do
		comm=$(cat "/proc/$pid/comm")
		# shellcheck disable=SC2046 # they are words
		kill -KILL $(cat "/proc/$pid/task/$pid/children")
		case $comm in
		nsenter | unshare) ;; # ends with it
		*) kill -KILL "$pid" ;;
		esac
		wait "$pid"
		running=$(for other in $running; do [ "$other" = "$pid" ] || echo "$other"; done)
	done
} 2>/dev/null

stop_all() {
	for one in $running; do
		# Else it has ended before, and another may have its number.
		if is_child "$one"; then stop "$one"; fi
	done
	running=
}

# scene [map] [users]: starts one, by the words of $as. $scene is its parent, $init its PID 1, $users the words by which
# nsenter enters its user namespace, $T/members who is there: "NAME PID".
scene() {
	users=
	case " $* " in *' map '*) users=--user ;; esac
	if [ "$(id -u)" = 0 ] && [ -z "${as:-}" ]; then
		start "$SCENE" scene "$@" || return
	else
		users='--user --preserve-credentials'
		# shellcheck disable=SC2086 # they are words
		start ${as:-} unshare --user --map-root-user "$SCENE" scene || return
	fi
	scene=$pid
	init=$(first_child "$scene")
	find_members "$init"
	wait_state "$(member headless)" Z
	wait_state "$(member stopped)" T
}

# scene_with_namespaces [map] [users]: the same, and three namespaces, each in the one before: $deep0 to
# $deep2 are the unshare that made the next, $deep3 does nothing; who came into the scene from outside
# ($entered, from $door); and one with eight namespaces of its own ($alone, of $own).
scene_with_namespaces() {
	scene "$@" || return
	user=
	[ "$(id -u)" = 0 ] || user='--user --map-root-user'
	# shellcheck disable=SC2086 # they are words
	until='bottom' start unshare $user --pid --fork --kill-child unshare --pid --fork --kill-child \
		unshare --pid --fork --kill-child "$SCENE" idle bottom || return
	deep0=$pid
	deep1=$(first_child "$deep0")
	deep2=$(first_child "$deep1")
	deep3=$(first_child "$deep2")
	# shellcheck disable=SC2086 # they are words
	until='entered' start nsenter --target "$init" $users --pid "$SCENE" idle entered || return
	door=$pid
	entered=$(first_child "$door")
	until='alone' start unshare --user --map-root-user --mount --uts --ipc --net --cgroup --time \
		--pid --fork --kill-child "$SCENE" idle alone || return
	own=$pid
	alone=$(first_child "$own")
}

# find_members PID: it and those below it in the tree, by /proc alone.
find_members() {
	: >"$T/members"
	add_members "$1"
}

add_members() {
	echo "$(tr ' \n\033' '___' <"/proc/$1/comm" | sed 's/_$//') $1" >>"$T/members"
	# shellcheck disable=SC2013 # they are words
	for below in $(cat "/proc/$1/task/$1/children"); do add_members "$below"; done
}

# member NAME: its number as we see it.
member() { awk -v name="$1" '$1 == name { print $2; exit }' "$T/members"; }

# first_child PID
first_child() {
	read -r first _ <"/proc/$1/task/$1/children"
	echo "$first"
}

# field NAME PID: of /proc/PID/status.
field() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$2/status"; }

# chain PID: its numbers from here inwards; inner PID: the last of them.
chain() { field NSpid "$1" | tr '\t' ,; }
inner() { chain "$1" | sed 's/.*,//'; }

# inode PID [KIND]: of its namespace.
inode() { stat -L -c %i "/proc/$1/ns/${2:-pid}"; }

# enter PID [CMD...]: in its PID namespace, without being a child of anybody in there.
enter() {
	enter=$1
	shift
	# shellcheck disable=SC2086 # they are words
	${as:-} nsenter --target "$enter" ${users:-} --pid "$@"
}

# inside PID CMD...: the same with a /proc of that namespace.
inside() {
	inside=$1
	shift
	enter "$inside" unshare --mount-proc "$@"
}

# tell ARG...: our rows, single blanks between their cells.
tell() { "$PS" --no-headers "$@" | squeeze; }
squeeze() { sed 's/  */ /g; s/^ //; s/ $//'; }

# assert_tells TEXT ARG...: that these are our rows, with nothing on stderr, and status 0 (1 when there
# are none).
assert_tells() {
	want=$1
	shift
	run "$PS" --no-headers "$@"
	out=$(printf '%s\n' "$out" | squeeze)
	want_rc=$([ -n "$want" ]; echo $?)
	[ "$out" = "$want" ] && [ -z "$err" ] && [ "$rc" = "$want_rc" ] && return
	printf 'command: ps --no-headers %s\n' "$*"
	show "status: $rc, not $want_rc"
	show "stdout: $out"
	show "   not: $want"
	show "stderr: $err"
	fail 'see above'
}

# lines PID...: them as a column.
lines() { printf '%s\n' "$@" | sort -n; }
