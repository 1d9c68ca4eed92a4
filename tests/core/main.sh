#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The program itself: which applet it is by which name, what `pidbox` answers, how options are read,
# and that nothing a caller leaves out (a name, a descriptor, /proc) makes it fall.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"

need strace strace

P=$BIN/pidbox
NAMES=$("$P" --list)
APPLETS=$(grep -h '^APPLET(' "$TOP"/applets/*.c "$TOP"/applets/*/*.c | sed 's/APPLET(\([a-z0-9_]*\).*/\1/' |
	sort | while read -r name; do
		if enabled "$(echo "$name" | tr a-z A-Z)"; then echo "$name"; fi
	done)

# ---- dispatch

# is_applet NAME CMD...: that the command, with --help, is this applet.
is_applet() {
	is=$1
	shift
	run "$@" --help
	assertEquals "$*: status" 0 "$rc"
	# Some names have their help on stderr, as those that they stand for.
	like "$out$err" "Usage: $is *" || fail "$*: $out$err"
	[ -z "$out" ] || [ -z "$err" ] || fail "$*: $err"
}

# Which applet a name stands for: itself, or the one whose alias it is.
applet_of() {
	echo "$APPLETS" | grep -x "$1" || grep -lx "//alias:$1" "$TOP"/applets/*.c "$TOP"/applets/*/*.c |
		sed 's,.*/,,; s,[.]c$,,'
}

testEveryName() {
	for name in $NAMES; do
		case $name in
		linuxrc) continue ;; # the system role, which has no help
		esac
		applet=$(applet_of "$name")
		is_applet "$applet" "$BIN/$name"
		is_applet "$applet" "$P" "$name"
		is_applet "$applet" "$P" "/some/where/$name"
		is_applet "$applet" "$PROBE" argv0 "$P" "$name"
		is_applet "$applet" "$PROBE" argv0 "$P" "-$name" # a login shell's dash
		is_applet "$applet" "$PROBE" argv0 "$P" "/path/-$name"
		is_applet "$applet" "$PROBE" argv0 "$P" foo "$name"
		is_applet "$applet" "$PROBE" argv0 "$P" '' "$name"
	done
}

testRenamedBinary() {
	mkdir -p "$T/renamed"
	ln -f "$P" "$T/renamed/foo"
	for applet in $APPLETS; do
		is_applet "$applet" "$T/renamed/foo" "$applet"
	done
	assert_run 0 "$NAMES" '' "$T/renamed/foo" --list
	assert_run 0 'pidbox *' '' "$T/renamed/foo" --version
	assert_run 127 '' "*foo*bar*
*sleep*" "$T/renamed/foo" bar
}

# Only a whole name is one.
testUnknownName() {
	for word in nothing slee sleepy SLEEP '' /bin/ -; do
		run "$P" "$word"
		assertEquals "'$word'" 127 "$rc"
		assertEquals "'$word' on stdout" '' "$out"
		# One line, then the names, each of them.
		assertEquals "'$word': the list" "$NAMES" "$(sed 1d "$T/err" | tr ' ' '\n')"
		like "$err" "pidbox: *$word*" || fail "does not name '$word': $err"
		assertEquals 'narrow' '' "$(grep -E '.{80}' "$T/err")"
	done
	assert_run 127 '' '*nothing*' "$P" --help nothing
	run "$PROBE" argv0 "$P" nothing
	assertEquals 0 "$rc" # like `pidbox` alone
}

testUnknownOption() {
	assert_run 127 '' 'pidbox: *--nothing*' "$P" --nothing
}

testEmptyArgumentVector() {
	run "$P"
	usage=$out
	assertEquals 0 "$rc"
	like "$usage" 'Usage: pidbox APPLET *' || fail "$usage"
	# argc 0; Linux 5.18 and newer make it one empty string.
	assert_prints "$usage" "$PROBE" argv0 "$P"
	assert_prints "$usage" "$PROBE" argv0 "$P" ''
	assert_prints "$usage" "$PROBE" argv0 "$P" /
	assert_prints "$usage" "$PROBE" argv0 "$P" -
	assert_run 0 "$NAMES" '' "$PROBE" argv0 "$P" '' --list
}

# ---- what pidbox answers

testList() {
	assertEquals 'sorted' "$(echo "$NAMES" | sort)" "$NAMES"
	for applet in $APPLETS; do
		assertTrue "$applet" "echo '$NAMES' | grep -qx '$applet'"
	done
	assert_run 0 "$NAMES" '' "$P" --list
	assertEquals "$NAMES" "$("$P" --list-full | sed 's,.*/,,')"
	assertEquals 'a directory in front of each' '' "$("$P" --list-full | grep -vE '^(/[a-z]+)+/[a-z_-]+$')"
	for applet in $APPLETS; do
		file=$(grep -l "^APPLET($applet," "$TOP"/applets/*.c "$TOP"/applets/*/*.c)
		dir=$(sed -n 's,^//install:,,p' "$file")
		assertTrue "$dir/$applet" "'$P' --list-full | grep -qx '$dir/$applet'"
	done
}

testVersion() {
	for option in --version -V; do
		assert_run 0 'pidbox [0-9]*
features:*' '' "$P" $option
	done
	# The features are what was asked for.
	while IFS='=' read -r symbol value; do
		feature=$(echo "${symbol#CONFIG_}" | tr A-Z_ a-z-)
		if [ "$value" = y ] && ! echo "$APPLETS" | tr _ - | grep -qx "$feature"; then
			like "$out " "*features:* $feature *" || fail "no $feature in: $out"
		elif [ "$value" != y ]; then
			like "$out " "*features:* $feature *" && fail "$feature in: $out"
		fi
	done <<-END
		$(sed -n 's/^# \(CONFIG_[A-Z_]*\) is not set/\1=n/p; /^CONFIG_[A-Z_]*=y/p' "$BUILD/config.mk")
	END
	for applet in $APPLETS; do
		assertEquals "$out" "$("$BIN/$applet" --version)"
	done
}

# assert_help: of what was last run; each line fits a terminal.
assert_help() {
	assertEquals "$1: status" 0 "$rc"
	assertEquals "$1: stderr" '' "$err"
	assertEquals "$1: 80 columns" '' "$(grep -E '.{81}' "$T/out")"
	assertEquals "$1: blank at the end of a line" '' "$(grep '[[:blank:]]$' "$T/out")"
}

testHelp() {
	for option in --help -h; do
		run "$P" $option
		assert_help "$option"
		for applet in $APPLETS; do
			assertEquals "$applet" 1 "$(grep -c "^  $applet  *[^ ]" "$T/out")"
		done
	done
	for name in $NAMES; do
		run "$P" --help "$name"
		assert_help "$name"
		with=$out
		case $name in linuxrc) continue ;; esac
		run "$P" "$name" --help
		case $name in
		catatonit | dumb-init | podman-init) assertEquals "$with" "$err" ;;
		*) assertEquals "$with" "$out" ;;
		esac
	done
}

# Each row of the table of options is in its help, and the other way round.
testHelpHasEveryOption() {
	enabled HELP || return 0
	for applet in $APPLETS; do
		run "$P" --help "$applet"
		like "$out" "Usage: $applet *" || fail "$out"
		like "$out" '*--help*' || fail "no --help: $out"
		assertEquals "$applet: option without a text" '' "$(awk '
			/^ +-/ { if (waits) print waits; waits = /  +[^ ].*  +[^ ]/ ? "" : $0; next }
			/^ {26}[^ ]/ { waits = "" }
			END { if (waits) print waits }' "$T/out")"
	done
}

# ---- descriptors

# A full disk, or nobody there, is an error and told so.
testWriteErrors() {
	for arguments in --help --list --list-full --version '' '--help sleep' 'sleep --help' \
		'unshare --version'; do
		case $arguments in
		*sleep*) enabled SLEEP || continue ;;
		*unshare*) enabled UNSHARE || continue ;;
		esac
		# shellcheck disable=SC2086 # words
		"$P" $arguments >/dev/full 2>"$T/err"
		assertEquals "'$arguments' >/dev/full" 1 $?
		assertEquals "'$arguments' says so" 1 "$(grep -c ": .*$ENOSPC$" "$T/err")"
		# shellcheck disable=SC2086
		"$P" $arguments >&- 2>"$T/err"
		assertEquals "'$arguments' >&-" 1 $?
		assertEquals "'$arguments' says so" 1 "$(grep -c ": .*$EBADF$" "$T/err")"
	done
}

# Whichever of 0, 1, 2 are closed: no file that is opened gets a number where somebody writes to.
testClosedDescriptors() {
	enabled UNSHARE || return 0
	mkdir -p "$T/dir"
	echo precious >"$T/dir/file"
	for closed in '' '0<&-' '1>&-' '2>&-' '0<&- 1>&-' '0<&- 2>&-' '1>&- 2>&-' '0<&- 1>&- 2>&-'; do
		case $closed in
		*1*) want=1 ;;
		*) want=0 ;;
		esac
		eval "(cd '$T/dir' && exec \"\$P\" --list $closed)" >"$T/out" 2>"$T/err"
		assertEquals "--list $closed" "$want" $?
		[ "$want" = 1 ] || assertEquals "--list $closed" "$NAMES" "$(cat "$T/out")"
		eval "(cd '$T/dir' && exec \"\$P\" nothing $closed)" >"$T/out" 2>"$T/err"
		assertEquals "nothing $closed" 127 $?
		eval "(exec \"\$P\" unshare -w '$T/dir' sh -c 'exit 5' $closed)" >"$T/out" 2>"$T/err"
		assertEquals "unshare $closed" 5 $?
		eval "(exec \"\$P\" unshare -w '$T/none' true $closed)" >"$T/out" 2>"$T/err"
		assertEquals "failing unshare $closed" 1 $?
		assertEquals precious "$(cat "$T/dir/file")"
		assertEquals file "$(ls "$T/dir")"
	done
}

# Nor does any file but the place holders ever get one of these numbers.
testClosedDescriptorsStayEmpty() {
	sanitized && return 0 # the loader of shared libraries is first
	for arguments in 'ps -e' pstree lsns 'unshare -r true' 'nsenter -t 1 -u true' 'init true'; do
		enabled "$(echo "${arguments%% *}" | tr a-z A-Z)" || continue
		# shellcheck disable=SC2086 # words
		strace -o "$T/trace" -e trace=execve,open,openat,openat2,pipe2,pidfd_open \
			sh -c 'exec "$@" 0<&- 1>&- 2>&-' sh "$PROBE" argv0 "$P" $arguments
		assertEquals "$arguments" "$(printf '%s\n' 0 1 2)" "$(awk -v us="execve(\"$P\"" '
			/^execve.* = 0$/ { ours = index($0, us) == 1; next }
			ours && / = [012]$/ && /^open[a-z]*\([A-Z_, ]*"\/", O_.*O_PATH/ { print $NF; next }
			ours && / = [012]( |$)/' "$T/trace")"
	done
}

# Its stderr is gone: the status has to tell.
testFullStderr() {
	"$P" nothing 2>/dev/full
	assertEquals 127 $?
}

# ---- without /proc

testWithoutProc() {
	need_root || return 0
	sanitized && return 0
	mkdir -p "$T/bare"
	cp "$P" "$T/bare/pidbox"
	assert_run 0 "$NAMES" '' chroot "$T/bare" /pidbox --list
	assert_run 0 'pidbox *' '' chroot "$T/bare" /pidbox --version
	for applet in $APPLETS; do
		assert_run 0 "Usage: $applet *" '' chroot "$T/bare" /pidbox "$applet" --help
	done
	enabled SLEEP && assert_run 0 '' '' chroot "$T/bare" /pidbox sleep 0
	enabled KILL && assert_run 0 '' '' chroot "$T/bare" /pidbox kill -0 $$
	enabled UNSHARE && enabled SLEEP &&
		assert_run 0 '' '' chroot "$T/bare" /pidbox unshare -u -f /pidbox sleep 0
	enabled INIT && enabled SLEEP &&
		assert_run 0 '' '' chroot "$T/bare" /pidbox init /pidbox sleep 0
	# What needs it says so, in one line.
	for applet in ps pstree lsns; do
		enabled "$(echo $applet | tr a-z A-Z)" || continue
		run chroot "$T/bare" /pidbox "$applet"
		assertNotEquals "$applet" 0 "$rc"
		like "$out$err" "$applet: */proc*" || fail "$applet: $out$err"
		assert_one_line
	done
	assertEquals 'nothing was made' pidbox "$(ls "$T/bare")"
}

# ---- options, through the applets that have such

testClusters() {
	enabled UNSHARE || return 0
	assert_run 0 1 '' as_user "$P" unshare -rfp --mount-proc readlink /proc/self
	assert_run 0 "$T" '' as_user "$P" unshare -rw "$T" pwd
	assert_run 0 "$T" '' as_user "$P" unshare -rw"$T" pwd
	assert_run 0 "$T" '' as_user "$P" unshare -r -w "$T" pwd
	assert_run 1 '' '*/=*' "$P" unshare -w="$T/=" pwd # a '=' belongs to a letter's argument
}

testLongOptions() {
	enabled UNSHARE || return 0
	assert_run 0 "$T" '' "$P" unshare --wd "$T" pwd
	assert_run 0 "$T" '' "$P" unshare --wd="$T" pwd
	assert_run 0 / '' "$P" unshare --wd "$T" --wd=/ pwd # the last one counts
	assert_run 1 '' '*unshare: cannot change directory to : *' "$P" unshare --wd= pwd
	assert_run 1 '' "*unshare: option '--wd' requires an argument
*" "$P" unshare --wd
	assert_run 1 '' "*unshare: option '--fork' doesn't allow an argument
*" "$P" unshare --fork= true
}

# A value that may be left out is given by '=' or not at all.
testOptionalValues() {
	enabled UNSHARE || return 0
	mkdir -p "$T/proc"
	assert_run 0 1 '' as_user "$P" unshare -rfp --mount-proc readlink /proc/self
	assert_run 0 1 '' as_user "$P" unshare -rfp --mount-proc="$T/proc" readlink "$T/proc/self"
	assert_run 126 '' "*failed to execute $T/proc: *" as_user "$P" unshare -rfp --mount-proc "$T/proc"
}

testAbbreviations() {
	enabled UNSHARE || return 0
	assert_run 0 '0' '' as_user "$P" unshare --map-roo id -u
	assert_run 0 "$T" '' "$P" unshare --w="$T" pwd
	assert_run 0 "$T" '' "$P" unshare --w "$T" pwd
	assert_run 1 '' "*unshare: option '--se' is ambiguous; possibilities: '--set*' '--set*' '--set*'
Try 'unshare --help' for more information." "$P" unshare --se=1 true
	assert_run 1 '' "*unshare: unrecognized option '--forks'
*" "$P" unshare --forks true
	assert_run 1 '' "*unshare: unrecognized option '--Fork'
*" "$P" unshare --Fork true
}

testEndOfOptions() {
	enabled UNSHARE || return 0
	assert_run 0 '-f' '' "$P" unshare echo -f # the first operand ends them
	assert_run 0 '-f' '' "$P" unshare -- echo -f
	assert_run 0 '--' '' "$P" unshare -- echo --
	assert_run 127 '' '*failed to execute -: *' "$P" unshare - # is an operand
}

# Where operands and options may be mixed, "--" ends the options all the same.
testOperandsAnywhere() {
	enabled PSTREE || return 0
	sleep 1000 &
	pid=$!
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	assert_run 0 "sleep($pid)" '' "$P" pstree -p "$pid"
	assert_run 0 "sleep($pid)" '' "$P" pstree "$pid" -p
	assert_run 0 "sleep($pid)" '' "$P" pstree -p -- "$pid"
	assert_run 1 '' 'pstree: *' "$P" pstree "$pid" -- -p
	kill "$pid"
	wait "$pid" 2>/dev/null
	true # the status of who was killed
}

testWrongLetters() {
	for applet in $APPLETS; do
		said='unrecognized option'
		[ "$applet" != ps ] || said='unknown gnu long option:' # procps's words
		run "$P" "$applet" --no-such-option
		assertNotEquals "$applet" 0 "$rc"
		assertEquals "$applet" '' "$out"
		assertEquals "$applet: $err" "Try '$applet --help' for more information." "$(sed 1d "$T/err")"
		like "$err" "*$applet: $said '--no-such-option'
*" || fail "$err"
	done
}

# Nothing of what came from the command line does anything to the terminal.
testMessagesAreEscaped() {
	bad=$(printf 'a\033[31m\nb')
	run "$P" "$bad"
	assertFalse 'escape' 'grep -q "$(printf "\033")" "$T/err"'
	assertEquals "$NAMES" "$(sed 1d "$T/err" | tr ' ' '\n')"
	enabled UNSHARE || return 0
	assert_run 127 '' '*failed to execute *' "$P" unshare "$T/$bad"
	assert_one_line
	# But what is text stays text.
	assert_run 127 '' "unshare: failed to execute $T/Straße–€: $ENOENT" \
		env LC_ALL=C.UTF-8 "$P" unshare "$T/Straße–€"
	assert_run 127 '' "unshare: failed to execute $T/Stra??e??????: $ENOENT" \
		env LC_ALL=C "$P" unshare "$T/Straße–€"
}

. "${SHUNIT2:-shunit2}"
