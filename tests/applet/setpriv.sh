#!/bin/sh
# SPDX-License-Identifier: 0BSD
# setpriv against the one of util-linux; gosu and su-exec by what they are known for; what a process
# has afterwards, and that it gets nothing of it back.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
need setpriv util-linux
need busybox busybox-static
need strace strace

SETPRIV=$BIN/setpriv
# In a program that holds setpriv alone they are the same file under another name.
for name in gosu su-exec; do
	[ -e "$BIN/$name" ] || ln -s pidbox "$BIN/$name"
done

REGAIN=$T/regain
if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -o "$REGAIN" \
	"$TOP/tests/applet/helper/regain.c"; then
	echo "$0: cannot compile regain.c: run scripts/setup test" >&2
	exit 1
fi
echo secret >"$T/secret"
chmod 600 "$T/secret"
cp "$REGAIN" "$T/setuid"
chmod 4755 "$T/setuid"

# A root with one static program and nothing else; users FILE and groups FILE fill its /etc.
ROOT=$T/root
mkdir -p "$ROOT/proc"
cp "$(command -v busybox)" "$ROOT/busybox"
cp "$PIDBOX" "$ROOT/setpriv"
ln "$ROOT/setpriv" "$ROOT/gosu"
ln "$ROOT/setpriv" "$ROOT/su-exec"

setUp() { rm -rf "${ROOT:?}/etc"; }

users() {
	mkdir -p "$ROOT/etc"
	cat >"$ROOT/etc/passwd"
}

groups() {
	mkdir -p "$ROOT/etc"
	cat >"$ROOT/etc/group"
}

# The account of a user and its groups, as the machine has them.
ids() { sed -n "s/^$1:[^:]*:\([0-9]*\):\([0-9]*\):.*/\1 \2/p" /etc/passwd; }

# How the program that is started tells who it is: "Uid Gid [Groups] Inh Prm Eff Bnd Amb Nnp", where
# the ids are one number if all four are the same.
# Not by a shell: some change ids that differ from each other.
cat >"$T/who" <<END
#!$(command -v awk) -f
function ids() { return \$2 == \$3 && \$3 == \$4 && \$4 == \$5 ? \$2 : \$2 "," \$3 "," \$4 "," \$5 }
BEGIN {
	while ((getline <"/proc/self/status") > 0) {
		if (/^[UG]id:/)
			printf "%s ", ids()
		if (/^Groups:/) {
			\$1 = ""
			gsub(/^ *| *\$/, "")
			gsub(/ /, ",")
			printf "[%s]", \$0
		}
		if (/^Cap/) {
			sub(/^0*/, "", \$2)
			printf " %s", \$2 == "" ? 0 : \$2
		}
		if (/^NoNewPrivs:/)
			print " " \$2
	}
}
END
chmod 755 "$T/who"
WHO=$T/who
BOUNDING=$("$WHO" | cut -d' ' -f7)

# without CAP...: the bounding set in hexadecimal without the capabilities of these numbers.
without() {
	set_=0x$BOUNDING
	for cap; do set_=$((set_ & ~(1 << cap))); done
	printf '%x\n' "$set_"
}

# ---- options and messages, as util-linux has them

# same WORD...: that ours and theirs do the same thing: status, stdout and the message.
same() {
	setpriv "$@" </dev/null >"$T/theirs" 2>"$T/theirs.err"
	theirs=$?
	run "$SETPRIV" "$@"
	assertEquals "status of: $*" "$theirs" "$rc"
	assertEquals "stdout of: $*" "$(cat "$T/theirs")" "$out"
	if enabled STRERROR; then
		assertEquals "stderr of: $*" "$(cat "$T/theirs.err")" "$err"
	else
		assertEquals "stderr of: $*" "$(wc -l <"$T/theirs.err")" "$(wc -l <"$T/err")"
	fi
}

# The words of a line are as the shell reads them.
same_lines() {
	while read -r line; do
		eval "same $line"
	done
}

testWrongUse() {
	same
	same_lines <<-'END'
		--foo
		-x
		--reuid
		--dump=x
		--reuid=xyz true
		--reuid= true
		--reuid=0x0 true
		--euid '' true
		--regid nosuchgroup --clear-groups true
		--regid 5 true
		--rgid 5 true
		--egid 5 true
		--init-groups true
		--rgid 5 --init-groups true
		--euid 5 --init-groups true
		--init-groups --reuid 12345 true
		--reuid 5 --ruid 6 true
		--ruid 6 --reuid 5 true
		--ruid 6 --ruid 5 true
		--euid 6 --euid 5 true
		--rgid 1 --regid 2 --clear-groups true
		--egid 1 --egid 2 --clear-groups true
		--groups 5 --clear-groups true
		--keep-groups --groups 5 true
		--init-groups --clear-groups --reuid root true
		--clear-groups --clear-groups true
		--groups 1 --groups 2 true
		--groups 5,x true
		--groups 5,,6 true
		--groups ,5 true
		--groups 5, true
		--groups= true
		--nnp --no-new-privs true
		--inh-caps=kill true
		--inh-caps= true
		--inh-caps=+ true
		--inh-caps=+foo true
		--inh-caps=+kill,chown true
		--inh-caps=+cap_99 true
		--ambient-caps=-cap_99 true
		--bounding-set=+cap_63 true
		--inh-caps=+kill --inh-caps=+chown true
		--ambient-caps=-kill --ambient-caps=-chown true
		--bounding-set=-kill --bounding-set=-chown true
		--securebits=foo true
		--securebits=+all true
		--securebits=+keep_caps true
		--securebits=+noroot --securebits=-noroot true
		--pdeathsig foo true
		--pdeathsig 0 true
		--pdeathsig 99 true
		--dump true
		-d --nnp
		-d -d --reuid 5
		--list-caps true
		--list-caps --nnp
		--list-caps -d
		--selinux-label x --selinux-label y true
	END
}

testProgramThatCannotRun() {
	same /nonexistent
	same nonexistent
	same /etc/passwd/x
	assert_run 126 '' "setpriv: failed to execute /etc: $EACCES*" "$SETPRIV" /etc
	assert_run 126 '' "setpriv: failed to execute /etc/passwd: $EACCES*" "$SETPRIV" /etc/passwd
	assert_run 7 '' '' "$SETPRIV" sh -c 'exit 7'
	assert_run 0 '-d --nnp' '' "$SETPRIV" echo -d --nnp
	assert_run 0 '--nnp' '' "$SETPRIV" -- echo --nnp
}

# The security modules are not there, or are: then the kernel decides. What is not built in says so.
testLabels() {
	if [ ! -e /sys/fs/selinux ]; then same --selinux-label x true; fi
	if [ ! -e /sys/kernel/security/apparmor ]; then same --apparmor-profile x true; fi
	for option in --seccomp-filter --landlock-access --landlock-rule; do
		assert_run 1 '' "setpriv: $option is not built in" "$SETPRIV" $option x true
	done
}

testDump() {
	same -d
	same --dump
	same -dd
	same -ddd
	same -d -d --dump -d
	same --list-caps
	as_user setpriv -ddd >"$T/theirs"
	assert_prints "$(cat "$T/theirs")" as_user "$SETPRIV" -ddd
	setpriv -d >"$T/theirs" # without /proc
	need_root || return 0
	sanitized || assert_prints "$(cat "$T/theirs")" chroot "$ROOT" /setpriv -d
	for option in -d --list-caps --help; do
		"$SETPRIV" $option >/dev/full 2>"$T/err"
		assertEquals "$option >/dev/full" 1 $?
		assertEquals 1 "$(grep -c "$ENOSPC" "$T/err")"
	done
}

# Every state that there is to show.
testDumpOfEveryState() {
	need_root || return 0
	while read -r options; do
		# shellcheck disable=SC2086 # words
		setpriv $options setpriv -ddd >"$T/theirs" 2>&1
		# shellcheck disable=SC2086 # words
		assert_prints "$(cat "$T/theirs")" setpriv $options "$SETPRIV" -ddd
	done <<-END
		--groups 5
		--groups 7,5,6,4294967294
		--nnp
		--ruid 5
		--euid 5
		--rgid 5 --keep-groups
		--regid 5 --clear-groups --reuid 6
		--inh-caps=+kill,+cap_40
		--inh-caps=+kill --ambient-caps=+kill --reuid 5
		--bounding-set=-all
		--bounding-set=-all,+chown,+checkpoint_restore
		--securebits=+noroot
		--securebits=+noroot,+noroot_locked,+no_setuid_fixup,+no_setuid_fixup_locked,+keep_caps_locked
	END
	for sig in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 \
		RTMIN RTMIN+1 RTMAX-1 RTMAX; do
		want=$("$SETPRIV" --pdeathsig $sig setpriv -d)
		assertEquals "$sig" "$want" "$("$SETPRIV" --pdeathsig $sig "$SETPRIV" -d)"
	done
}

# ---- what the program has

testIds() {
	need_root || return 0
	same_lines <<-'END'
		--reuid 5 setpriv -ddd
		--ruid 5 setpriv -ddd
		--euid 5 setpriv -ddd
		--euid 6 --ruid 5 setpriv -ddd
		--reuid 4294967294 setpriv -ddd
		--regid 5 --clear-groups setpriv -ddd
		--rgid 5 --keep-groups setpriv -ddd
		--egid 5 --keep-groups setpriv -ddd
		--rgid 6 --egid 5 --groups 7 setpriv -ddd
		--regid 4294967294 --groups 4294967294 setpriv -ddd
		--reuid games --regid games --init-groups setpriv -ddd
		--reuid games --regid 3 --init-groups setpriv -ddd
		--reuid daemon --init-groups setpriv -ddd
		--ruid nobody --init-groups setpriv -ddd
		--groups tty,0,games setpriv -ddd
		--groups 7,5,6 setpriv -ddd
	END
	assert_prints "5 6 [] 0 0 0 $BOUNDING 0 0" \
		"$SETPRIV" --reuid 5 --regid 6 --clear-groups "$WHO"
	assert_prints "5 6 [7,4294967294] 0 0 0 $BOUNDING 0 1" \
		"$SETPRIV" --reuid 5 --regid 6 --groups 4294967294,7 --no-new-privs "$WHO"
	assert_prints "5,0,0,0 0 [8] 0 $BOUNDING $BOUNDING $BOUNDING 0 0" \
		setpriv --groups 8 "$SETPRIV" --ruid 5 --rgid 0 --keep-groups "$WHO"
	assert_prints "0,5,5,5 0 [] 0 $BOUNDING 0 $BOUNDING 0 0" \
		"$SETPRIV" --clear-groups --euid 5 "$WHO"
}

testCapabilities() {
	need_root || return 0
	same_lines <<-'END'
		--inh-caps=+kill setpriv -dd
		--inh-caps=+KILL,+cap_0 setpriv -dd
		--inh-caps=+kill,-kill setpriv -dd
		--inh-caps=-all,+kill setpriv -dd
		--inh-caps=+kill --reuid 5 setpriv -dd
		--ambient-caps=-all setpriv -dd
		--ambient-caps=+all setpriv -dd
		--ambient-caps=+kill,+chown --inh-caps=+kill,+chown setpriv -dd
		--ambient-caps=+kill,+chown --inh-caps=+kill,+chown --reuid 5 setpriv -dd
		--ambient-caps=+all --inh-caps=+kill,+chown --reuid 5 setpriv -dd
		--ambient-caps=+kill --inh-caps=+kill --reuid 5 setpriv --ambient-caps=-kill setpriv -dd
		--ambient-caps=+kill --inh-caps=+kill --euid 5 setpriv -dd
		--bounding-set=-kill setpriv -dd
		--bounding-set=-all setpriv -dd
		--bounding-set=-all,+kill setpriv -dd
		--bounding-set=+all setpriv -dd
		--bounding-set=-kill --reuid 5 --inh-caps=+chown setpriv -dd
	END
	assert_prints "5 6 [] 400 400 400 400 400 1" "$SETPRIV" --reuid 5 --regid 6 --clear-groups \
		--inh-caps +net_bind_service --ambient-caps +CAP_NET_BIND_SERVICE \
		--bounding-set -all,+cap_10 --nnp "$WHO"
	assert_prints "0 0 [] 0 $(without 5) $(without 5) $(without 5) 0 0" \
		"$SETPRIV" --clear-groups --bounding-set -kill "$WHO"
	# "all" is what can be: here, not what was dropped just now.
	assert_prints "5 0 [] $(without 5) $(without 5) $(without 5) $(without 5) $(without 5) 0" \
		"$SETPRIV" --clear-groups --reuid 5 --bounding-set -kill --inh-caps +all --ambient-caps +all \
		"$WHO"
}

testSecurebits() {
	need_root || return 0
	same_lines <<-'END'
		--securebits=-all setpriv -dd
		--securebits=+noroot setpriv -dd
		--securebits=+noroot,-noroot setpriv -dd
		--securebits=+noroot,+no_setuid_fixup,+keep_caps_locked setpriv -dd
		--securebits=+noroot,+noroot_locked,+no_setuid_fixup_locked setpriv -dd
		--securebits=+no_setuid_fixup --reuid 5 setpriv -dd
		--securebits=+noroot setpriv --securebits=-noroot setpriv -d
	END
	# What is locked stays; an option that cannot be carried out is no detail.
	for options in '--securebits=-noroot' '--securebits=-all'; do
		assert_run 127 '' "setpriv: prctl(PR_SET_SECUREBITS) failed: $EPERM" \
			setpriv --securebits=+noroot,+noroot_locked "$SETPRIV" $options echo no
	done
	assert_run 127 '' "setpriv: prctl(PR_SET_KEEPCAPS) failed: $EPERM" \
		setpriv --securebits=+keep_caps_locked "$SETPRIV" --reuid 5 echo no
}

# Where util-linux is silent, takes something else for it or dies.
testBetterThanUtilLinux() {
	need_root || return 0
	# -1 is "leave it as it is" to the kernel: the program would stay root.
	for id in -1 4294967295 4294967296 18446744073709551616 99999999999999999999 ' 5' +5 5x 0x0; do
		for option in reuid ruid euid; do
			assert_run 1 '' "setpriv: failed to parse $option: '$id'" \
				"$SETPRIV" "--$option=$id" echo no
		done
		for option in regid rgid egid; do
			assert_run 1 '' "setpriv: failed to parse $option: '$id'" \
				"$SETPRIV" "--$option=$id" --clear-groups echo no
		done
		assert_run 1 '' "setpriv: Invalid supplementary group id: '$id'" \
			"$SETPRIV" --groups "5,$id" echo no
	done
	# No right to drop, nothing to raise.
	assert_run 127 '' "setpriv: prctl(PR_CAPBSET_DROP) failed: $EPERM" \
		as_user "$SETPRIV" --bounding-set=-kill echo no
	assert_run 127 '' "setpriv: prctl(PR_CAP_AMBIENT_RAISE) failed: $EPERM" \
		"$SETPRIV" --ambient-caps=+kill echo no
	assert_run 127 '' "setpriv: adding to the bounding set failed: $EPERM" \
		setpriv --bounding-set=-kill "$SETPRIV" --bounding-set=+kill echo no
	assert_run 127 '' "setpriv: capset failed: $EPERM" \
		"$SETPRIV" --bounding-set=-kill --inh-caps=+kill echo no
	# Nothing to drop needs no right.
	assert_run 0 yes '' setpriv --bounding-set=-all \
		"$SETPRIV" --bounding-set=-all,-kill --ambient-caps=-all echo yes
	assert_run 0 yes '' as_user "$SETPRIV" --inh-caps=-all --ambient-caps=-all echo yes
}

testResetEnvironment() {
	need_root || return 0
	same --reset-env env
	same --reset-env --reset-env env
	same --reset-env --reuid nobody env
	same --reset-env --ruid nobody env
	same --reset-env --euid nobody env
	assert_prints 'SHELL=/bin/sh
HOME=/
PATH=/usr/local/bin:/bin:/usr/bin' env -u TERM "$SETPRIV" --reset-env --reuid 12345 env
	assert_prints 'TERM=a b
SHELL=/bin/sh
HOME=/
PATH=/usr/local/bin:/bin:/usr/bin' env TERM='a b' "$SETPRIV" --reset-env --reuid 12345 env
	# The program is looked for in the new PATH.
	mkdir -p "$T/path"
	cp "$WHO" "$T/path/who-am-i"
	assert_run 127 '' '*who-am-i*' env PATH="$T/path:$PATH" "$SETPRIV" --reset-env who-am-i
}

testParentDeathSignal() {
	need_root || return 0
	same_lines <<-'END'
		--pdeathsig TERM setpriv -d
		--pdeathsig SIGINT setpriv -d
		--pdeathsig rtmin+3 setpriv -d
		--pdeathsig keep setpriv -d
		--pdeathsig TERM setpriv --pdeathsig keep --reuid 5 setpriv -d
		--pdeathsig TERM setpriv --pdeathsig clear setpriv -d
		--pdeathsig TERM --reuid 5 setpriv -d
	END
	for user in 0 5; do
		mkfifo "$T/fifo"
		chmod 666 "$T/fifo"
		# Its parent ends once it has been told the number.
		pid=$(timeout -k 1 10 sh -c '"$@" >/dev/null & read -r pid <"$0"; echo "$pid"' "$T/fifo" \
			"$SETPRIV" --pdeathsig TERM --reuid $user sh -c 'echo $$ >"$0"; exec sleep 1000' "$T/fifo")
		rm "$T/fifo"
		assertTrue "'$pid' is a number" "[ '$pid' -gt 1 ]"
		wait_state "$pid" dead
	done
}

testPtracer() {
	for word in '' 0 -1 some 2147483648; do
		assert_run 1 '' "setpriv: failed to parse ptracer pid: '$word'" \
			"$SETPRIV" --ptracer "$word" true
	done
	if [ -e /proc/sys/kernel/yama/ptrace_scope ]; then
		want=0
	else
		want=127 # the kernel says that it has no Yama
	fi
	for word in any none $$; do
		assert_run $want '' '*' "$SETPRIV" --ptracer "$word" true
	done
}

# The process stays the same one.
testExecutedInPlace() {
	assert_run 0 '' '' sh -c 'pid=$$; exec "$0" sh -c "[ \$\$ = $pid ]"' "$SETPRIV"
	need_root || return 0
	for name in gosu su-exec; do
		assert_run 0 '' '' sh -c 'pid=$$; exec "$0" 5:6 sh -c "[ \$\$ = $pid ]"' "$BIN/$name"
	done
}

# ---- no way back

# In which ways the program gets something back, in one line.
regain() {
	run "$@" "$REGAIN" "$T/secret" $$ "$T/setuid"
	out=$(tr '\n' ' ' <"$T/out")
}

testNothingIsRegained() {
	need_root || return 0
	regain # that the attempts are good for something
	for way in setuid setresuid setgid setgroups effective permitted inheritable securebits read write \
		chmod kill chroot mount hostname setuid-program; do
		like " $out" "* $way *" || fail "root itself cannot: $way"
	done
	# What a set-user-ID program of root gives is no matter of ours, unless we are told so.
	for name in gosu su-exec; do
		regain "$BIN/$name" 5:6
		assertEquals "$name" 'setuid-program done ' "$out"
		regain "$SETPRIV" --nnp "$BIN/$name" 5:6
		assertEquals "$name" 'done ' "$out"
	done
	regain "$SETPRIV" --reuid 5 --regid 6 --clear-groups
	assertEquals 'setuid-program done ' "$out"
	for options in '' '--inh-caps -all' '--bounding-set -all' '--securebits +noroot,+noroot_locked'; do
		# shellcheck disable=SC2086 # words
		regain "$SETPRIV" --reuid 5 --regid 6 --clear-groups --nnp $options
		assertEquals "$options" 'done ' "$out"
	done
	# An empty bounding set leaves a set-user-ID root program its user and no capability.
	assert_run 0 '0 0' '' "$SETPRIV" --reuid 5 --regid 0 --clear-groups --bounding-set -all \
		"$T/setuid" id
	# What was kept is there, and only that.
	regain "$SETPRIV" --reuid 5 --regid 6 --clear-groups --nnp --inh-caps +kill \
		--ambient-caps +kill --bounding-set -all,+kill
	assertEquals 'effective permitted inheritable ambient keepcaps kill done ' "$out"
}

# trace CMD...: the calls that change credentials, and the program's start, of the command.
trace() {
	strace -f -o "$T/trace" \
		-e trace=setgroups,setresgid,setresuid,setuid,setgid,capset,prctl,execve "$@" \
		</dev/null >"$T/out" 2>"$T/err"
	rc=$?
}

# The order of these in the trace, by what stands behind the call's name.
calls() {
	sed -n '
		s/^[0-9]* *\(setgroups\|setresgid\|setresuid\|setuid\|setgid\|capset\)(.* = 0$/\1/p
		s/^[0-9]* *prctl(PR_\(CAPBSET_DROP\|SET_KEEPCAPS\|SET_SECUREBITS\|SET_NO_NEW_PRIVS\),.* = 0$/\1/p
		s/^[0-9]* *prctl(PR_CAP_AMBIENT, PR_CAP_\(AMBIENT_RAISE\),.* = 0$/\1/p
		s/^[0-9]* *execve("[^"]*\/true",.* = 0$/execve/p' "$T/trace" | tr '\n' ' '
}

testOrder() {
	need_root || return 0
	trace "$SETPRIV" --nnp --securebits +noroot --reuid 5 --regid 6 --groups 7 --inh-caps +kill \
		--ambient-caps +kill --bounding-set -chown true
	assertEquals 0 $rc
	# Of the two capset the first makes effective again what the change of user has taken.
	want='CAPBSET_DROP SET_KEEPCAPS setgroups setresgid setresuid capset capset SET_SECUREBITS'
	assertEquals "$want AMBIENT_RAISE SET_NO_NEW_PRIVS execve " "$(calls)"
	for name in gosu su-exec; do
		trace "$BIN/$name" 5:6 true
		assertEquals 0 $rc
		assertEquals "$name" 'setgroups setresgid setresuid capset execve ' "$(calls)"
		# All ids, at once and for good.
		grep -q 'setresgid(6, 6, 6)' "$T/trace" || fail "$name: $(cat "$T/trace")"
		grep -q 'setresuid(5, 5, 5)' "$T/trace" || fail "$name: $(cat "$T/trace")"
	done
}

# Whatever fails, the program is not run.
testFailureIsTheEnd() {
	need_root || return 0
	sanitized && return 0 # its own calls are among them
	# The name of the call, and when: other prctl calls come first.
	while read -r inject name; do
		trace -e "inject=$inject" "$SETPRIV" --nnp --securebits +noroot --reuid 5 --regid 6 --groups 7 \
			--inh-caps +kill --ambient-caps +kill --bounding-set -chown touch "$T/anyone/ran"
		assertEquals "$inject" 127 $rc
		assertEquals "$inject" "setpriv: $name failed: $EPERM" "$(cat "$T/err")"
		assertEquals "$inject" 1 "$(grep -c execve "$T/trace")"
		[ ! -e "$T/anyone/ran" ] || fail "$inject: it ran"
	done <<-END
		setgroups:error=EPERM setgroups
		setresgid:error=EPERM setresgid
		setresuid:error=EPERM setresuid
		capset:error=EPERM:when=1 capset
		capset:error=EPERM:when=2 capset
		prctl:error=EPERM:when=$(prctl_of CAPBSET_DROP) prctl(PR_CAPBSET_DROP)
		prctl:error=EPERM:when=$(prctl_of SET_KEEPCAPS) prctl(PR_SET_KEEPCAPS)
		prctl:error=EPERM:when=$(prctl_of SET_SECUREBITS) prctl(PR_SET_SECUREBITS)
		prctl:error=EPERM:when=$(prctl_of CAP_AMBIENT) prctl(PR_CAP_AMBIENT_RAISE)
		prctl:error=EPERM:when=$(prctl_of SET_NO_NEW_PRIVS) prctl(PR_SET_NO_NEW_PRIVS)
	END
	for name in gosu su-exec; do
		for call in setgroups setresgid setresuid capset; do
			trace -e "inject=$call:error=EPERM" "$BIN/$name" 5:6 touch "$T/anyone/ran"
			assertEquals "$call" 1 $rc
			assertEquals "$call" "$name: failed switching to '5:6': $call: $EPERM" \
				"$(cat "$T/err")"
			[ ! -e "$T/anyone/ran" ] || fail "$name, $call: it ran"
		done
	done
}

# Which of the prctl calls of the options above this one is.
prctl_of() {
	trace "$SETPRIV" --nnp --securebits +noroot --reuid 5 --regid 6 --groups 7 --inh-caps +kill \
		--ambient-caps +kill --bounding-set -chown true
	grep 'prctl(' "$T/trace" | grep -n "PR_$1," | sed 's/:.*//; q'
}

# Under a seccomp filter that answers with an error the same.
testForbiddenByAFilter() {
	need_root || return 0
	sanitized && return 0
	assert_run 127 '' "setpriv: prctl(PR_SET_NO_NEW_PRIVS) failed: $EPERM" \
		"$PROBE" seccomp eperm=prctl "$SETPRIV" --nnp echo no
	assert_run 0 yes '' "$PROBE" seccomp eperm=prctl "$BIN/gosu" 5:6 echo yes
}

# ---- ordinary users, user namespaces

testAsUser() {
	own=$(as_user id -u)
	assert_run 0 "$own" '' as_user "$SETPRIV" --reuid "$own" id -u
	while read -r message options; do
		# shellcheck disable=SC2086 # words
		assert_run 127 '' "setpriv: $message failed: $EPERM" as_user "$SETPRIV" $options echo no
	done <<-END
		setresuid --reuid 0
		setresuid --euid 5
		setresgid --regid 0 --keep-groups
		setgroups --clear-groups
		setgroups --groups 5
		setgroups --reuid root --init-groups
		capset --inh-caps=+kill
		prctl(PR_SET_SECUREBITS) --securebits=+noroot
	END
	assert_run 0 yes '' as_user "$SETPRIV" --reuid "$own" --keep-groups --nnp echo yes
	for name in gosu su-exec; do
		assert_run 1 '' "$name: failed switching to '$own': setgroups: $EPERM" \
			as_user "$BIN/$name" "$own" echo no
		assert_run 1 '' "$name: failed switching to '0': setgroups: $EPERM" \
			as_user "$BIN/$name" 0 echo no
	done
}

testInUserNamespace() {
	# One id, and setgroups(2) forbidden (user_namespaces(7)).
	while read -r options; do
		# shellcheck disable=SC2086 # words
		assert_run 127 '' "setpriv: * failed: $EINVAL (no such id in this user namespace: *)" \
			as_user unshare -r "$SETPRIV" $options echo no
	done <<-END
		--reuid 5
		--regid 5 --keep-groups
	END
	assert_run 127 '' "setpriv: setgroups failed: $EPERM" \
		as_user unshare -r "$SETPRIV" --clear-groups echo no
	assert_run 1 '' "gosu: failed switching to '0': setgroups: $EPERM" \
		as_user unshare -r "$BIN/gosu" 0 echo no
	assert_run 0 '0 1' '' as_user unshare -r "$SETPRIV" --reuid 0 --bounding-set -all --nnp \
		awk '/^CapPrm/ { p = $2 + 0 } /^NoNewPrivs/ { print p, $2 }' /proc/self/status
	need_root || return 0
	# A thousand ids.
	background unshare -U sh -c 'echo; exec sleep 1000'
	next_line || return
	echo 0 100000 1000 >"/proc/$bg/uid_map"
	echo 0 100000 1000 >"/proc/$bg/gid_map"
	inside="nsenter -t $bg -U -S 0 -G 0"
	# shellcheck disable=SC2086 # words
	{
		all=$($inside "$WHO" | cut -d' ' -f7)
		assert_prints "5 6 [7] 0 0 0 $all 0 1" \
			$inside "$SETPRIV" --reuid 5 --regid 6 --groups 7 --nnp "$WHO"
		assert_prints "5 6 [] 0 0 0 $all 0 0" $inside "$BIN/gosu" 5:6 "$WHO"
		assert_prints "5 6 [7] 20 20 20 20 20 0" $inside "$SETPRIV" --reuid 5 --regid 6 --groups 7 \
			--inh-caps +kill --ambient-caps +kill --bounding-set -all,+kill "$WHO"
		regain $inside "$SETPRIV" --nnp "$BIN/gosu" 5:6
		assertEquals 'done ' "$out"
		assert_run 1 '' "gosu: failed switching to '5:1000': setresgid: $EINVAL (*)" \
			$inside "$BIN/gosu" 5:1000 echo no
		assert_run 1 '' "su-exec: failed switching to '1000:5': setresuid: $EINVAL (*)" \
			$inside "$BIN/su-exec" 1000:5 echo no
	}
	kill "$bg"
	ended 143
}

# ---- gosu and su-exec

testUsage() {
	for words in '' root; do
		# shellcheck disable=SC2086 # words
		assert_run 1 '' 'Usage: gosu USER-SPEC COMMAND *' "$BIN/gosu" $words
		# shellcheck disable=SC2086 # words
		assert_run 0 'Usage: su-exec USER-SPEC COMMAND *' '' "$BIN/su-exec" $words
	done
	for name in gosu su-exec; do
		for option in --help -h '-?'; do
			assert_run 0 'Usage: setpriv *' '' "$BIN/$name" "$option"
		done
		for option in --version -v; do
			assert_run 0 'pidbox *' '' "$BIN/$name" $option
		done
		assert_run 1 '' "$name: failed switching to '--foo': no such user '--foo'" \
			"$BIN/$name" --foo id
		assert_run 1 '' "$name: failed switching to '--': no such user '--'" \
			"$BIN/$name" -- root id
	done
}

# as NAME SPEC: who the program is then.
as() { "$BIN/$1" "$2" "$WHO" 2>&1 | cut -d' ' -f1-3; }

testUserSpecifications() {
	need_root || return 0
	while read -r spec gosu su_exec; do
		[ "$spec" != "''" ] || spec=
		assertEquals "gosu '$spec'" "$(echo "$gosu" | tr / ' ')" "$(as gosu "$spec")"
		assertEquals "su-exec '$spec'" "$(echo "$su_exec" | tr / ' ')" "$(as su-exec "$spec")"
	done <<-END
		5:6 5/6/[] 5/6/[6]
		4294967294:4294967294 4294967294/4294967294/[] 4294967294/4294967294/[4294967294]
		54321 54321/0/[] 54321/0/[0]
		54321: 54321/0/[] 54321/0/[0]
		54321:7 54321/7/[] 54321/7/[7]
		:7 0/7/[] 0/7/[7]
		0:0 0/0/[] 0/0/[0]
		root:0 0/0/[] 0/0/[0]
		nobody:7 $(ids nobody | cut -d' ' -f1)/7/[] $(ids nobody | cut -d' ' -f1)/7/[7]
		nobody $(ids nobody | tr ' ' /)/[] $(ids nobody | tr ' ' /)/[$(ids nobody | cut -d' ' -f2)]
		$(ids games | cut -d' ' -f1) $(ids games | tr ' ' /)/[] $(ids games | tr ' ' /)/[$(ids games | cut -d' ' -f2)]
	END
	# No capability, in any set that counts.
	assert_prints "5 6 [] 0 0 0 $BOUNDING 0 0" "$BIN/gosu" 5:6 "$WHO"
	assert_prints "0 0 [] 0 $BOUNDING $BOUNDING $BOUNDING 0 0" "$BIN/gosu" 0:0 "$WHO"
	# A number without an account has the caller's group.
	assert_prints "54321 9 [] 0 0 0 $BOUNDING 0 0" setpriv --regid 9 --groups 1,2 \
		"$BIN/gosu" 54321 "$WHO"
	assert_prints "54321 9 [9] 0 0 0 $BOUNDING 0 0" setpriv --regid 9 --groups 1,2 \
		"$BIN/su-exec" 54321 "$WHO"
	# Whatever ours were.
	assert_prints "5 6 [] 0 0 0 $BOUNDING 0 0" setpriv --groups 1,2,3 --inh-caps +kill,+chown \
		--ambient-caps +kill "$BIN/gosu" 5:6 "$WHO"
	assert_prints "5 6 [] 0 0 0 $BOUNDING 0 0" setpriv --securebits +no_setuid_fixup \
		"$BIN/gosu" 5:6 "$WHO"
	# An ordinary user who was given CAP_SETUID and CAP_SETGID takes neither along.
	assert_prints "5 6 [] 0 0 0 $BOUNDING 0 0" setpriv --reuid 9 --inh-caps +setuid,+setgid \
		--ambient-caps +setuid,+setgid "$BIN/gosu" 5:6 "$WHO"
}

testBadSpecifications() {
	need_root || return 0
	for name in gosu su-exec; do
		while read -r spec what bad; do
			what=$(echo "$what" | tr - ' ')
			assert_run 1 '' "$name: failed switching to '$spec': $what '$bad'" \
				"$BIN/$name" "$spec" echo no
			assert_one_line
		done <<-END
			nosuchuser no-such-user nosuchuser
			nosuchuser:0 no-such-user nosuchuser
			root:nosuchgroup no-such-group nosuchgroup
			5:nosuchgroup no-such-group nosuchgroup
			-1 no-such-user -1
			5:-1 no-such-group -1
			0x0 no-such-user 0x0
			+0 no-such-user +0
			4294967295 invalid-user 4294967295
			4294967296 invalid-user 4294967296
			18446744073709551616 invalid-user 18446744073709551616
			0:4294967295 invalid-group 4294967295
			0:18446744073709551616 invalid-group 18446744073709551616
			root:root:root invalid-user root:root:root
			5:6:7 invalid-user 5:6:7
			0,0 no-such-user 0,0
		END
	done
}

testHome() {
	need_root || return 0
	home=$(sed -n 's/^nobody:.*:\([^:]*\):[^:]*$/\1/p' /etc/passwd)
	for name in gosu su-exec; do
		assert_prints "$home" env HOME=/mine "$BIN/$name" nobody printenv HOME
		assert_prints "$home" env -u HOME "$BIN/$name" nobody:0 printenv HOME
		assert_prints / env HOME=/mine "$BIN/$name" 54321:5 printenv HOME
		# Nothing else changes, and each is there once.
		env USER=me A=1 HOME=/mine "$BIN/$name" nobody env | sort >"$T/after"
		env USER=me A=1 HOME="$home" env | sort | sed "s,^_=.*,," >"$T/want"
		assertEquals "$name" '' "$(sed 's,^_=.*,,' "$T/after" | diff "$T/want" -)"
	done
}

testTheirProgramThatCannotRun() {
	need_root || return 0
	for name in gosu su-exec; do
		assert_run 1 '' "$name: failed to execute /nonexistent: $ENOENT" \
			"$BIN/$name" 5:6 /nonexistent
		assert_run 1 '' "$name: failed to execute nonexistent: $ENOENT" \
			env PATH=/usr/bin:/bin "$BIN/$name" 5:6 nonexistent
		assert_run 1 '' "$name: failed to execute /etc: $EACCES*" "$BIN/$name" 5:6 /etc
		# The new user's rights count, also for what is executed.
		cp "$WHO" "$T/private"
		chmod 700 "$T/private"
		assert_run 1 '' "$name: failed to execute $T/private: $EACCES*" \
			"$BIN/$name" 5:6 "$T/private"
		assert_run 0 '*' '' "$BIN/$name" 0:0 "$T/private"
		assert_run 7 '' '' "$BIN/$name" 5:6 sh -c 'exit 7'
		assert_run 0 '-- --help -d' '' "$BIN/$name" 5:6 echo -- --help -d
	done
}

# A set-user-ID copy would make everybody root.
testNotSetUserId() {
	need_root || return 0
	mkdir -p "$T/s"
	cp "$PIDBOX" "$T/s/gosu"
	cp "$PIDBOX" "$T/s/su-exec"
	chmod 4755 "$T/s/gosu" "$T/s/su-exec"
	if [ "$(as_user "$T/setuid" id)" = '65534 65534' ]; then
		skip_because 'set-user-ID programs have no effect here'
		return
	fi
	for name in gosu su-exec; do
		assert_run 1 '' "$name: it must not be set-user-ID *" as_user "$T/s/$name" 0 id
		assert_run 0 0 '' "$T/s/$name" 0 id -u
	done
}

# ---- images with nothing in them

in_root() { run chroot "$ROOT" "$@"; }

testScratchImage() {
	need_root || return 0
	sanitized && return 0
	while read -r want command; do
		# shellcheck disable=SC2086 # words
		in_root $command /busybox id
		assertEquals "$command: $err" "$want" "$(echo "$out" | sed 's/ groups=.*//; s/ /,/')"
	done <<-END
		uid=65532,gid=65532 /setpriv --reuid 65532 --regid 65532 --clear-groups
		uid=4294967294,gid=5 /setpriv --reuid 4294967294 --regid 5 --groups 6,7
		uid=65532,gid=65532 /gosu 65532:65532
		uid=65532,gid=0 /gosu 65532
		uid=65532,gid=65532 /su-exec 65532:65532
		uid=0,gid=5 /gosu :5
	END
	in_root /gosu 65532:65532 /busybox sh -c 'echo "$HOME"'
	assertEquals / "$out"
	in_root /gosu nobody /busybox id
	assertEquals "gosu: failed switching to 'nobody': no such user 'nobody'" "$err"
	in_root /setpriv --reuid nobody /busybox id
	assertEquals "setpriv: failed to parse reuid: 'nobody'" "$err"
	in_root /setpriv --reuid 0 --init-groups /busybox id
	assertEquals 1 "$rc"
	in_root /setpriv --selinux-label x /busybox true
	assertEquals 'setpriv: SELinux is not running' "$err"
}

testImageWithAccounts() {
	need_root || return 0
	sanitized && return 0
	users <<-'END'
		root:x:0:0:root:/root:/bin/sh
		app:x:1000:1001::/srv/app:
		1234:x:0:0::/evil:/bin/sh
		broken:x:1005:::/:/bin/sh
		:x:7:7::/:
	END
	groups <<-'END'
		root:x:0:
		app:x:1001:
		web:x:33:other,app
		log:x:4:app
		notmine:x:5:apple,xapp
		bad:x::app
		1234:x:0:
	END
	while read -r spec want; do
		for name in gosu su-exec; do
			in_root "/$name" "$spec" /busybox sh -c \
				'echo $(/busybox id -u) $(/busybox id -g) "$(/busybox id -G)" "$HOME"'
			assertEquals "$name $spec $err" "$want" "$out"
		done
	done <<-END
		app 1000 1001 1001 4 33 /srv/app
		1000 1000 1001 1001 4 33 /srv/app
		app:web 1000 33 33 /srv/app
		1000:1001 1000 1001 1001 /srv/app
		1234 1234 0 0 /
		1234:1234 1234 1234 1234 /
	END
	# A group that nobody can read: it could be taken for 0.
	for spec in broken broken:5 1005; do
		in_root /gosu $spec /busybox id
		assertEquals "gosu: failed switching to '$spec': invalid user '${spec%:5}'" "$err"
		in_root /setpriv --reuid $spec /busybox id
	done
	in_root /setpriv --reuid 1234 --regid 1234 --groups 1234 /busybox id -G
	assertEquals 1234 "$out" # a number is no name
	in_root /setpriv --reuid app --regid app --init-groups /busybox id -G
	assertEquals '1001 4 33' "$out"
	in_root /setpriv --reuid app --reset-env /busybox env
	assertEquals 'SHELL=/bin/sh
HOME=/srv/app
USER=app
LOGNAME=app
PATH=/usr/local/bin:/bin:/usr/bin' "$(echo "$out" | grep -v ^TERM=)"
}

# ---- a security module, played by files

# label OPTION DIRECTORY: what the option writes for the program to be.
label() {
	mkdir -p "$ROOT/$2"
	echo nothing >"$T/attr"
	unshare -m sh -c '
		mount -t proc proc "$0/proc" && mount --bind "$1" "$0/proc/$$/attr/exec" || exit 99
		shift
		exec chroot "$0" "$@"' "$ROOT" "$T/attr" /setpriv "$1" some_u:some_r /busybox true 2>"$T/err"
	echo "$? $(cat "$T/attr" "$T/err")"
	rm -r "$ROOT/sys"
}

testLabelsAreWritten() {
	need_root || return 0
	sanitized && return 0
	assertEquals '0 some_u:some_r' "$(label --selinux-label sys/fs/selinux | head -c 15)"
	assertEquals '0 exec some_u:some_r' \
		"$(label --apparmor-profile sys/kernel/security/apparmor | head -c 20)"
}

. "${SHUNIT2:-shunit2}"
