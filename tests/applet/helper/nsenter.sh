# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests of nsenter; to be read after probe.sh. Targets are made by util-linux's unshare,
# never by what is under test.

need unshare util-linux
need busybox busybox-static
# shellcheck disable=SC3045 # dash and busybox have it
ulimit -c 0

NSENTER=$BIN/nsenter
KINDS='cgroup ipc mnt net pid time user uts'
BUSYBOX=$(command -v busybox)

# What no shell can do, as a static program (enter.c), which runs in any root.
ENTER=$T/enter
if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -static -o "$ENTER" "$HELPER/enter.c"; then
	echo "$0: cannot compile enter.c: run scripts/setup test" >&2
	exit 1
fi

# A root without anything but one static program, which is also the target's.
ROOT=$T/root
mkdir -p "$ROOT/sub" "$ROOT/proc"
cp "$BUSYBOX" "$ROOT/busybox"
# A place to mount the roots of containers on.
mkdir "$T/container"
export NSENTER KINDS BUSYBOX ENTER ROOT

# The texts of errors, as in probe.sh; libraries differ in that of ERANGE.
if enabled STRERROR; then
	ESRCH='No such process'
	ERANGE='*'
else
	ESRCH='error 3'
	ERANGE='error 34'
fi

try_line="
Try 'nsenter --help' for more information."

setUp() { started='' groups='' within=''; }

# Those that a test has not ended itself.
tearDown() {
	for pid in $started; do
		is_child "$pid" || continue # another may have its number
		for child in $(children "$pid") $pid; do kill -KILL "$child"; done
		wait "$pid"
	done 2>/dev/null
	exec 8<&-
	for group in $groups; do wait_for "rmdir '$group' 2>/dev/null"; done
	started='' groups='' # it is called once more at the end
}

# target CMD...: starts in the background what is, or is the parent of, the process to enter, which
# must write a line; $target is that process.
target() {
	background "$@"
	started="$started $bg"
	next_line || return
	target=$bg
	while child=$(children "$target" | tr -d ' ') && [ -n "$child" ]; do target=$child; done
}

# A target that says when it is ready.
SLEEP='echo; exec sleep 1000'

# asleep: until such a target is called sleep: it says its line as a shell.
asleep() { wait_for '[ "$(cat "/proc/$target/comm")" = sleep ]'; }

# container [OPTION...] [+proc] [+FILE...] [-- CMD...]: a target in all namespaces but the user's,
# and in those of more options of unshare, with a root of its own that holds the FILEs and, with
# +proc, a /proc. The target is CMD, or else a program that has removed itself: without a FILE and
# +proc that root is empty. $within may hold words of a command that starts it somewhere else.
container() {
	options='' files=$ENTER proc=
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		case $1 in
		+proc) proc=proc ;;
		+*) files="$files ${1#+}" ;;
		*) options="$options $1" ;;
		esac
		shift
	done
	if [ $# -gt 0 ]; then shift; else set -- /enter stay gone; fi
	# shellcheck disable=SC2086 # words
	target $within unshare -muinpCf --kill-child $options sh -c '
		mount -t tmpfs root "$T/container" && cd "$T/container" && cp $1 . || exit
		[ -z "$2" ] || { mkdir proc && mount -t proc proc proc; } || exit
		shift 2
		exec "$ENTER" pivot . "$@"' sh "$files" "$proc" "$@"
}

# cgroup_of ID PID...: puts them into a cgroup that is called so, as a container engine does.
cgroup_of() {
	cgroups=$(sed -n 's/^[^-]* \([^ ]*\) [^-]* - cgroup2 .*/\1/p' /proc/self/mountinfo | head -n 1)
	if [ -z "$cgroups" ]; then
		skip_because "no cgroup2 is mounted"
		return 1
	fi
	group=$cgroups/$1
	shift
	mkdir -p "$group" || return
	case "$groups " in
	*" $group "*) ;;
	*) groups="$groups $group" ;;
	esac
	for pid; do echo "$pid" >"$group/cgroup.procs" || return; done
}

# An ID as container engines have it, for the Nth container of this test file: 64 digits. The first is a
# letter: of some IDs 20 digits could be read as a number.
container_id() { printf '%s %s' "$T" "$1" | sha256sum | sed 's/^./c/; s/ .*//'; }

# forbidding VALUE: what "$within" starts is in a PID namespace whose sysctl vm.memfd_noexec is VALUE.
forbidding() {
	if [ ! -e /proc/sys/vm/memfd_noexec ]; then
		skip_because "this kernel has no vm.memfd_noexec"
		return 1
	fi
	target unshare --fork --pid --mount-proc --kill-child sh -c '
		echo "$0" >/proc/sys/vm/memfd_noexec && echo && exec sleep 1000' "$1" || return
	within="nsenter -t $target -p -m"
}

# inner PID: its number there.
inner() { sed -n 's/^NSpid:	[0-9]*	\([0-9]*\).*/\1/p' "/proc/$1/status"; }

# links PID: its namespaces, one a line.
links() { for kind in $KINDS; do readlink "/proc/$1/ns/$kind"; done; }

# LINKS: the same as a command in the target, whose /proc may be of another PID namespace.
LINKS='for kind in '"$KINDS"'; do readlink "/proc/self/ns/$kind"; done'

# ns KIND [PID]: its namespace.
ns() { readlink "/proc/${2:-self}/ns/$1"; }

# By ours and by util-linux's nsenter alike:
#
# assert_both RC OUT ERR OPTION... [PROGRAM...]: as assert_run. What goes wrong util-linux may say in
# other words, which change with its version.
assert_both() {
	both_rc=$1 both_out=$2 both_err=$3
	shift 3
	assert_run "$both_rc" "$both_out" "$both_err" "$NSENTER" "$@"
	[ -z "$both_err" ] || both_err='nsenter: *'
	assert_run "$both_rc" "$both_out" "$both_err" nsenter "$@"
}

# both_print TEXT OPTION... PROGRAM...: as assert_prints.
both_print() {
	both_out=$1
	shift
	assert_prints "$both_out" "$NSENTER" "$@"
	assert_prints "$both_out" nsenter "$@"
}
