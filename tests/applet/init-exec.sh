#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init: what becomes of a command that cannot be executed, and of how one ends.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/init.sh"
INIT=$BIN/init
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

# ---- A5: ends

# Those that end a process by default; 32 and 33 too.
DEADLY='1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 24 25 26 27 29 30 31 32 33 34 35 36 37 38 39 40 41 42
	43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64'

testA5EverySignalIs128Plus() {
	for sig in $DEADLY; do
		assert_run $((128 + sig)) '' '' "$INIT" -- "$PROBE" die "$sig"
	done
}

testA5EverySignalIs128PlusAsPid1() {
	for sig in $DEADLY; do
		echo "$((128 + sig)) $sig"
	done >"$T/want"
	# shellcheck disable=SC2086 # words
	$USERNS sh -c '
		for sig; do
			unshare --fork --pid "$INIT" -- "$PROBE" die $sig
			echo "$? $sig"
		done' sh $DEADLY >"$T/got" 2>&1
	assertEquals "$(cat "$T/want")" "$(cat "$T/got")"
}

# -e looks at the number that it would have been: 143 is TERM's too. Each may be named once more.
testA5ExpectedCodeBecomesZero() {
	assert_run 0 '' '' "$INIT" -e 3 -- sh -c 'exit 3'
	assert_run 0 '' '' "$INIT" -e143 -- "$PROBE" die 15
	assert_run 0 '' '' "$INIT" --expect-exit=143 -- "$PROBE" die 15
	assert_run 0 '' '' "$INIT" -e 0 -e 255 -e 3 -- sh -c 'exit 255'
	assert_run 4 '' '' "$INIT" -e 3 -e 5 -- sh -c 'exit 4'
	assert_run 0 '' '' "$N/tini" -e 143 -- "$PROBE" die 15
	assert_run 0 '' '' in_ns "$INIT" -e 143 -- "$PROBE" die 15
	# The failure to execute it is none of the command's codes.
	assert_run 127 '' '*' "$INIT" -e 126 -- "$T/nothing"
}

testA5WrongExpectedCode() {
	for code in 256 -1 x '' 1x 999999999999; do
		assert_run 1 '' "init: *
Try 'init --help' for more information." "$INIT" -e "$code" -- true
	done
}

# ---- X18: the exact death

testX18DiesAsTheCommandDid() {
	for sig in 1 2 6 9 11 13 15 24 34 64; do
		assert_run 0 "signal $sig" '' "$PROBE" status "$INIT" --propagate-signal -- \
			"$PROBE" die "$sig"
	done
}

# Not what merely looks like it; and PID 1 cannot.
testX18OnlyByASignal() {
	assert_run 0 'exit 143' '' "$PROBE" status "$INIT" --propagate-signal -- sh -c 'exit 143'
	assert_run 0 'exit 5' '' "$PROBE" status "$INIT" --propagate-signal -- sh -c 'exit 5'
	assert_run 127 '' '*' "$INIT" --propagate-signal -- "$T/nothing"
	assert_run 0 'exit 143' '' in_ns "$INIT" -- "$PROBE" status "$INIT" -- "$PROBE" die 15
	assert_run 139 '' '' in_ns "$INIT" --propagate-signal -- "$PROBE" die 11
}

# Whatever the signal's inherited disposition and mask.
testTrap51ExactDeathWithOddSets() {
	assert_run 0 'signal 15' '' "$PROBE" status "$PROBE" with ignore=15 block=15 "$INIT" \
		--propagate-signal -- "$PROBE" die 15
	assert_run 0 'signal 2' '' "$PROBE" status "$PROBE" with ignore=2,3 "$INIT" \
		--propagate-signal -- "$PROBE" die 2
}

# Without a second core file: that of the command is there.
testTrap51NoCoreOfItsOwn() {
	sanitized && return 0
	# Elsewhere core files do not come into the working directory.
	like "$(cat /proc/sys/kernel/core_pattern)" '[!|/]*' || return 0
	mkdir -p "$T/core"
	got=$(
		cd "$T/core" || exit
		# shellcheck disable=SC3045
		ulimit -c unlimited 2>/dev/null || exit
		"$PROBE" status "$INIT" --propagate-signal -- "$PROBE" die 6
		find . -type f | wc -l
	)
	rm -rf "$T/core"
	assertEquals "signal 6
1" "$got"
}

# ---- A2, trap 8: a failed exec, by personality

# fails NAME ENOENT-STATUS EACCES-STATUS
fails() {
	assert_run "$2" '' "$1: failed to execute no-such-command: $ENOENT" \
		env PATH=/usr/bin:/bin "$N/$1" -- no-such-command
	assert_one_line
	assert_run "$3" '' "$1: failed to execute $T/plain: $EACCES$(hinted "*")" "$N/$1" -- "$T/plain"
	assert_one_line
	assert_run "$2" '' "$1: failed to execute $T/lost: $ENOENT$(hinted "*'/no/such/shell'*")" \
		in_ns "$N/$1" -- "$T/lost"
	assert_one_line
	assert_run "$3" '' "$1: failed to execute $T: $EACCES$(hinted "*directory*")" in_ns "$N/$1" -- "$T"
}

testA2ExecFailureByPersonality() {
	printf '#!/no/such/shell\n' >"$T/lost"
	echo : >"$T/plain"
	chmod +x "$T/lost"
	for name in init tini tini-static docker-init podman-init; do
		fails "$name" 127 126
	done
	fails dumb-init 2 2
	fails catatonit 1 1
}

# A program that says the same by itself is one that ran: no word of ours.
testTrap08ProgramThatSays127() {
	for name in $NAMES; do
		for code in 127 126 1 2; do
			assert_run "$code" '' '' "$N/$name" -- sh -c "exit $code"
		done
	done
}

# ---- causes

testCauseMissingLoader() {
	echo 'int main(void) { return 0; }' >"$T/none.c"
	"${HOSTCC:-cc}" -o "$T/none" "$T/none.c" -Wl,--dynamic-linker=/no/such/loader.so || return
	assert_run 127 '' "init: failed to execute $T/none: $ENOENT$(hinted "*'/no/such/loader.so'*")" \
		"$INIT" -- "$T/none"
	assert_one_line
}

# ELF for another machine: byte 18 says which. No shell is asked to read it.
testCauseOtherMachine() {
	for machine in '\267 AArch64' '\363 RISC-V' '\050 ARM'; do
		case $machine$(uname -m) in
		*AArch64aarch64 | *RISC-Vriscv* | *ARMarm*) continue ;;
		esac
		{
			head -c 18 "$PROBE"
			# shellcheck disable=SC2059 # an escape
			printf "${machine% *}\\0"
			tail -c +21 "$PROBE"
		} >"$T/foreign"
		chmod +x "$T/foreign"
		assert_run 126 '' "init: failed to execute $T/foreign: *$(hinted "*${machine#* }*")" \
			"$INIT" -- "$T/foreign"
		assert_one_line
	done
}

testCauseNoExecMount() {
	mkdir -p "$T/mount"
	# shellcheck disable=SC2086 # words
	assert_run 126 '' "init: failed to execute $T/mount/it: $EACCES$(hinted "*noexec*")" \
		$USERNS unshare --mount sh -c '
			mount -t tmpfs -o noexec,size=64k pidbox "$T/mount" &&
				printf "#!/bin/sh\n" >"$T/mount/it" && chmod +x "$T/mount/it" &&
				exec "$INIT" -- "$T/mount/it"'
}

testCauseNoPermission() {
	printf '#!/bin/sh\n' >"$T/plain"
	chmod 644 "$T/plain"
	assert_run 126 '' "init: failed to execute $T/plain: $EACCES$(hinted "*permission*")" "$INIT" "$T/plain"
	assert_run 126 '' "init: failed to execute $T: $EACCES$(hinted "*directory*")" "$INIT" "$T"
	# A directory on the way that may not be searched: there is nothing to say about the file.
	mkdir -p "$T/closed"
	chmod 700 "$T/closed"
	need_root || return 0
	assert_run 126 '' "init: failed to execute $T/closed/it: $EACCES*" \
		as_user "$INIT" -- "$T/closed/it"
}

# The interpreter of a script may be what cannot be executed.
testCauseInterpreterNotExecutable() {
	echo : >"$T/plain"
	chmod 644 "$T/plain"
	printf '#! %s -x\n' "$T/plain" >"$T/script"
	chmod +x "$T/script"
	assert_run 126 '' "init: failed to execute $T/script: $EACCES$(hinted "*'$T/plain'*")" \
		"$INIT" -- "$T/script"
	# With the line end of another system, the usual reason for "no such file".
	printf '#!/bin/sh\r\necho hi\r\n' >"$T/script"
	assert_run 127 '' "init: failed to execute $T/script: $ENOENT$(hinted "*'/bin/sh*'*")" \
		"$INIT" -- "$T/script"
	assert_one_line
}

# ---- trap 9: what execvp(3) and getopt(3) differ in

testTrap09ScriptWithoutInterpreterLine() {
	printf 'echo "$0:$#:$1:$2"\nexit 6\n' >"$T/bare"
	chmod +x "$T/bare"
	for name in $NAMES; do
		assert_run 6 "$T/bare:2:a b:" '' "$N/$name" "$T/bare" 'a b' ''
	done
	assert_run 6 "$T/bare:0::" '' in_ns "$INIT" -- "$T/bare"
	assert_run 6 "$T/bare:1:x:" '' env PATH="$T:/usr/bin:/bin" "$INIT" -- bare x
}

# No shell to run it: 126. In a root of its own that has nothing else.
testTrap09NoShell() {
	sanitized && return 0
	root=$T/root
	mkdir -p "$root"
	cp "$PIDBOX" "$root/init"
	printf 'exit 6\n' >"$root/bare"
	chmod +x "$root/bare"
	# shellcheck disable=SC2086 # words
	assert_run 126 '' "init: failed to execute /bare: *$(hinted '*/bin/sh*')" \
		$USERNS unshare --fork --pid chroot "$root" /init -- /bare
	# shellcheck disable=SC2086
	assert_run 127 '' "init: failed to execute /nothing: $ENOENT" \
		$USERNS chroot "$root" /init -- /nothing
}

# tini of glibc and catatonit look for their options behind the command as well.
testTrap09OperandsEndTheOptions() {
	for name in $NAMES; do
		assert_run 0 '-l -V --help -- -g' '' "$N/$name" echo -l -V --help -- -g
		assert_run 0 '-s -h' '' "$N/$name" -- echo -s -h
		assert_run 0 '-- x' '' "$N/$name" -- echo -- x
	done
}

# ---- trap 19: no room for one more process

# The number of one's processes is full before the command is there: that is the end, with the reason.
testTrap19NoProcessForTheCommand() {
	need_root || return 0
	for name in $NAMES; do
		assert_run 1 '' "$name: fork failed: *" \
			setpriv --reuid 54321 --regid 54321 --clear-groups prlimit --nproc=1 \
			"$N/$name" -- "$PROBE" nop
		assert_one_line
		like "$err" "*: fork failed: $EAGAIN*" || fail "$err"
	done
}

. "${SHUNIT2:-shunit2}"
