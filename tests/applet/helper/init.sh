# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests of init; to be read after probe.sh.

need setpriv util-linux
# shellcheck disable=SC3045 # dash and busybox have it
ulimit -S -c 0

INIT=$BIN/init

# The personalities: $N/NAME for each of the names.
N=$T/names
NAMES='init tini tini-static docker-init podman-init dumb-init catatonit'
mkdir "$N"
for name in $NAMES pause linuxrc; do
	ln -s "$BIN/pidbox" "$N/$name"
done
export INIT N

# All that is to be tested of the role of a container's init where that is left out.
not_container() {
	assert_run 1 '' "init: the role of a container's init is not built in" "$INIT" -- true
	assert_run 0 'Usage: init *' '' "$INIT" --help
}

# Options that may be left out of a build, or nothing.
GRACE='' GRACE_AND_KILL='' WAIT_ALL='' LOG='' JSON='' TERMINATION_LOG=''
if enabled INIT_STOP; then GRACE='--grace 1' GRACE_AND_KILL='--grace 1 --kill-after 5' WAIT_ALL=--wait-all; fi
if enabled INIT_LOG; then LOG='--log 2' JSON='--log 2 --log-format json'; fi
if enabled INIT_TERMINATION_LOG; then TERMINATION_LOG=--termination-log; fi

# Words before a command that make an ordinary user root of a namespace of its own.
USERNS=
[ "$(id -u)" = 0 ] || USERNS='unshare --user --map-root-user'

# Words before a command that make it PID 1 of a new PID namespace, as in_ns does.
PID1="$USERNS unshare --fork --pid --mount-proc --kill-child"
export USERNS PID1

# as_pid1 CMD...: in the background as PID 1 of a new PID namespace; $inside is its PID out here.
as_pid1() {
	# shellcheck disable=SC2086 # words
	background $PID1 "$@"
}

# find_inside: once the command has said its first line. util-linux's unshare forks.
find_inside() { inside=$(children "$bg" | tr -d ' '); }

# inside_ns SCRIPT: runs it in that namespace.
inside_ns() {
	if [ "$(id -u)" = 0 ]; then
		nsenter -t "$inside" -p -m sh -c "$1"
	else
		nsenter -t "$inside" -U -p -m --preserve-credentials sh -c "$1"
	fi
}

# child_of PID: its only child.
child_of() { children "$1" | tr -d ' '; }

# taken PID: until no signal waits for that process, and it waits for the next.
taken() {
	wait_for "case \$(state $1) in
		S) [ \"\$(field ShdPnd $1)\" = 0000000000000000 ] ;;
		Z | X | gone) ;;
		*) false ;;
		esac" || return
	case $(state "$1") in
	Z | X | gone)
		fail "$1 has ended"
		return 1
		;;
	esac
}

# For a command: until init, its parent, has done all it does after the exec, and waits.
SETTLED='until grep -q "^State:.S" "/proc/$PPID/status"; do :; done'

# switches PID: how often it gave up a processor, or was made to.
switches() { sed -n 's/.*ctxt_switches:[[:space:]]*//p' "/proc/$1/status"; }

# expect_line TEXT: that the process in the background says it next.
expect_line() {
	next_line || return
	assertEquals "line" "$1" "$line"
}
