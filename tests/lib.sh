# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# What every shell test begins with:
#
#	. "$(dirname "$0")/../lib.sh"
#	testIt() { assert_run 0 'expected output' '' "$BIN/sleep" 0; }
#	. "${SHUNIT2:-shunit2}"
#
# It works under `set -u`. A test is a function whose name begins with "test"; it fails by a shunit2
# assert, by a helper from here, or by returning non-zero. Variables:
#
#	TOP     the source tree, which is also the current directory
#	BUILD   the build directory
#	PIDBOX  the program under test
#	BIN     a directory that holds a copy of it, and a link NAME -> pidbox for every applet (for
#	        the one in $APPLET when that is set: then PIDBOX holds this applet alone). It is not in
#	        PATH: `ps` is the system's, "$BIN/ps" is ours.
#	T       a temporary directory of this file alone; it and its content are removed by the runner.
#	        As root, other users may look into it, and write to $T/anyone.
#
# ASAN_OPTIONS is set when PIDBOX is the one built with sanitizers (tests/run --sanitized).
#
# Run by itself, a test file goes through the runner, so that there is one way in which tests run.

if [ -z "${TEST_FILE:-}" ]; then
	exec "$(dirname "$0")/../run" -v "$0"
fi

BIN=$T/bin
mkdir "$BIN"
# A copy: the build directory may be in a home that as_user and a chroot cannot reach.
if ! cp "$PIDBOX" "$BIN/pidbox"; then
	echo "$0: no $PIDBOX: run make first" >&2
	exit 1
fi
for applet in ${APPLET:-$("$BIN/pidbox" --list)}; do
	ln -s pidbox "$BIN/$applet"
done
mkdir "$T/anyone"
chmod 1777 "$T/anyone"

# run CMD...: runs it without input. $rc, $out and $err are its status and what it wrote (without
# the newlines at the end; $T/out and $T/err have them).
run() {
	"$@" </dev/null >"$T/out" 2>"$T/err"
	rc=$?
	out=$(cat "$T/out")
	err=$(cat "$T/err")
}

# like TEXT PATTERN: whether the whole text fits the pattern of the shell's `case`.
like() {
	# shellcheck disable=SC2254 # it is a pattern
	case $1 in
	$2) return 0 ;;
	*) return 1 ;;
	esac
}

# assert_run RC OUT ERR CMD...: runs the command; its status must be RC, and what it wrote to stdout
# and stderr must fit the patterns OUT and ERR: '' is nothing, '*' anything, '*word*' a word, and a
# plain text itself (write \[ \* \? for these characters).
assert_run() {
	want_rc=$1 want_out=$2 want_err=$3
	shift 3
	run "$@"
	if [ "$rc" = "$want_rc" ] && like "$out" "$want_out" && like "$err" "$want_err"; then
		return
	fi
	# By printf and not through shunit2, whose echo would take backslashes for escapes. The
	# margin keeps foreign text from being taken for a line of the test's own.
	printf 'command: %s\n' "$*"
	show "status: $rc, not $want_rc"
	show "stdout: $out"
	like "$out" "$want_out" || show "     not: $want_out"
	show "stderr: $err"
	like "$err" "$want_err" || show "     not: $want_err"
	fail "see above"
}

show() { printf '%s\n' "$1" | sed 's/^/    | /'; }

# wait_for CONDITION [SECONDS]: until the shell text is true, at most 10 seconds; then the test has
# failed. Only for a state of the kernel that no event announces; where a process can write a line
# when it is ready, read that from a FIFO instead.
wait_for() {
	wait_end=$(($(uptime_cs) + ${2:-10} * 100))
	# Looked at once more behind the end: the machine may have stood still meanwhile.
	while wait_now=$(uptime_cs) && ! eval "$1"; do
		if [ "$wait_now" -gt "$wait_end" ]; then
			fail "waited in vain for: $1"
			return 1
		fi
		sleep 0.01
	done
}

# Hundredths of a second since the machine started.
uptime_cs() {
	read -r now _ </proc/uptime
	echo "${now%.*}${now#*.}"
}

# state PID: its letter in /proc/PID/status (R, S, T, Z ...), "gone" when there is no such process.
state() {
	while read -r key value _; do
		if [ "$key" = State: ]; then
			echo "$value"
			return
		fi
	done 2>/dev/null <"/proc/$1/status"
	echo gone
}

# wait_state PID STATE: until its state is that letter, or "gone", or "dead": gone, or a zombie that
# the machine's init, which may take its time, has still to bury.
wait_state() {
	case $2 in
	dead) wait_for "case \$(state $1) in Z | X | gone) ;; *) false ;; esac" ;;
	*) wait_for "[ \$(state $1) = $2 ]" ;;
	esac
}

# is_child PID: whether it is a child of this shell, if only a zombie.
is_child() { grep -qsx "PPid:	$$" "/proc/$1/status"; }

# end_children PID...: kills and waits for them. One that has ended before is passed over: by now its number
# may be that of somebody else, in another test.
end_children() {
	for ending; do
		if is_child "$ending"; then kill -KILL "$ending"; fi
	done
	[ $# = 0 ] || wait "$@" 2>/dev/null || :
}

# in_ns CMD...: runs it as PID 1 of a new PID namespace that has its own /proc; whatever lives
# there dies with it. By util-linux, never by what is under test.
in_ns() {
	if [ "$(id -u)" = 0 ]; then
		unshare --fork --pid --mount-proc --kill-child "$@"
	else
		unshare --user --map-root-user --fork --pid --mount-proc --kill-child "$@"
	fi
}

# as_user CMD...: runs it without any right: as nobody when we are root, else as we are.
as_user() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	else
		"$@"
	fi
}

# A text to begin a shell command with that signals more than a single PID it has just made:
#	run in_ns sh -c "$kill_guard"'"$BIN/kill" -KILL -1; ...'
# Unless that shell is PID 1, or a child of PID 1, in another PID namespace than the tests, it exits
# with 99: a mistake in in_ns must not end the machine.
TEST_PIDNS=$(readlink /proc/self/ns/pid)
export TEST_PIDNS
# shellcheck disable=SC2016,SC2034 # expanded by that shell; used by the tests
kill_guard='
	ns=$(readlink /proc/self/ns/pid)
	parent=$(sed -n "s/^PPid:[[:space:]]*//p" "/proc/$$/status")
	if [ -z "$ns" ] || [ "$ns" = "${TEST_PIDNS:-$ns}" ] || { [ $$ != 1 ] && [ "$parent" != 1 ]; }
	then
		echo "kill_guard: not PID 1 of a namespace of its own" >&2
		exit 99
	fi
'

# later, in such a shell: returns in another tick of the clock. Who was started in the same tick and has
# the same number passes for the same process.
# shellcheck disable=SC2016,SC2034 # expanded by that shell; used by the tests
later='later() {
	read -r tick _ </proc/uptime
	while read -r now _ </proc/uptime && [ "$now" = "$tick" ]; do :; done
}
'

# enabled SYMBOL: whether the program under test was configured with it.
enabled() { grep -q "^CONFIG_$1=y\$" "$BUILD/config.mk"; }

# reason TEXT NUMBER: what the program says of that errno; it may have been built without the texts.
reason() { if enabled STRERROR; then echo "$1"; else echo "error $2"; fi; }

# hinted PATTERN: of the cause at the end of a message; a program may have been built without them.
hinted() { if enabled HINTS; then echo " ($1)"; else echo '*'; fi; }

# tests_of SYMBOL [NAME...]: for the suite() of a file about a feature that may be left out: without it
# only testNotBuiltIn and the tests whose names begin with a NAME run.
tests_of() {
	feature=$1
	shift
	# shellcheck disable=SC2013 # names are words
	for t in $(grep -o '^test[A-Za-z0-9]*' "$TEST_FILE"); do
		if enabled "$feature"; then
			[ "$t" = testNotBuiltIn ] || suite_addTest "$t"
		else
			for name in testNotBuiltIn "$@"; do
				case $t in "$name"*) suite_addTest "$t" ;; esac
			done
		fi
	done
}

# skip_because REASON: this test counts as skipped. `return` must follow. In CI a skip is a failure.
skip_because() { printf 'skipped: %s\n' "$1"; }

# need TOOL PACKAGE: the whole file fails where the tool is missing, and says what to install.
need() {
	command -v "$1" >/dev/null && return
	echo "$0: no $1: run scripts/setup test, or install $2" >&2
	exit 1
}

export TOP BUILD PIDBOX BIN T

# cgroup_dir NAME: makes a cgroup of that name somewhere below the hierarchies of this machine, and prints
# in which directory. Status 1: it cannot be made.
cgroup_dir() {
	for dir in /sys/fs/cgroup/unified /sys/fs/cgroup/pids /sys/fs/cgroup/systemd \
		/sys/fs/cgroup/freezer /sys/fs/cgroup; do
		if [ -e "$dir/cgroup.procs" ] && mkdir "$dir/$1" 2>/dev/null; then
			echo "$dir"
			return
		fi
	done
	return 1
}
