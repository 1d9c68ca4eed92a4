#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter: what it says when something fails, and what it adds to that when the cause can be found (B14):
# each time one line.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"

NSENTER=$BIN/nsenter

# says PATTERN CMD...: that it ends with 1 and says one line, which fits. Of hints only what they name is
# compared: their words are for tests of their own.
says() {
	pattern=$1
	shift
	assert_run 1 '' "$pattern" "$@"
	assert_one_line
}

testB14WithoutRights() {
	need_root || return 0
	target unshare -muinCTpf --mount-proc --kill-child sh -c "$SLEEP" || return
	# Whose it is, not which right is missing: root inside would not do.
	hint='(*user 0*)'
	for option in m:mnt u:uts i:ipc n:net C:cgroup T:time p:pid; do
		says "nsenter: reassociate to namespace 'ns/${option#*:}' failed: $EPERM $hint" \
			as_user "$NSENTER" -t "$target" "-${option%:*}" true
	done
	for option in -r:root -w:cwd; do
		says "nsenter: cannot open /proc/$target/${option#*:}: $EACCES $hint" \
			as_user "$NSENTER" -t "$target" -u "${option%:*}" true
	done
	says "nsenter: cannot read /proc/$target/environ: $EACCES $hint" \
		as_user "$NSENTER" -t "$target" -u -e true
	says "nsenter: pidfd_getfd(*, 0): $EPERM $hint" as_user "$NSENTER" -t "$target" -N 0 true
	for options in -a -U '-u -i'; do
		# shellcheck disable=SC2086 # words
		says "nsenter: reassociate to namespace* failed: $EPERM $hint" \
			as_user "$NSENTER" -t "$target" $options true
	done
	says "nsenter: reassociate to namespace 'ns/uts' failed: $EPERM (*CAP_SYS_ADMIN*)" \
		as_user "$NSENTER" -u/proc/self/ns/uts true
	says "nsenter: cannot change the root directory: $EPERM*" as_user "$NSENTER" -r/ true
}

# One's own process in a user namespace of one's own.
testB14WithoutTheUserNamespace() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -ru sh -c "$SLEEP" || return
	says "nsenter: reassociate to namespace 'ns/uts' failed: $EPERM (*-U*)" \
		as_user "$NSENTER" -t "$target" -u true
}

# S40, S3.
testB14NamespacesThatCannotBeEntered() {
	need_root || return 0
	target sh -c "$SLEEP" || return
	says "nsenter: reassociate to namespace 'ns/user' failed: $EINVAL (*user namespace*)" \
		"$NSENTER" -t "$target" -U true
	# A PID namespace above.
	exec 7</proc/self/ns/pid
	says "nsenter: reassociate to namespace 'ns/pid' failed: $EINVAL (*PID namespace*)" \
		in_ns "$NSENTER" -p/proc/self/fd/7 true
	exec 7<&-
}

# S2. The namespace's init has ended, and nobody can be started there any more.
testB14DeadInit() {
	need_root || return 0
	target unshare -pf --kill-child sh -c "$SLEEP" || return
	exec 7<"/proc/$target/ns/pid"
	kill -KILL "$target"
	wait "$bg"
	for options in '' -u/proc/self/ns/uts '--kill-child'; do
		# shellcheck disable=SC2086 # words
		says "nsenter: fork failed: $ENOMEM (*init*)" "$NSENTER" -p/proc/self/fd/7 $options true
	done
	# Without a fork nothing is needed of it.
	assert_run 0 '' '' "$NSENTER" -p/proc/self/fd/7 -F true
	exec 7<&-
}

# S32. Parts of /proc are hidden, as container engines do: the kernel gives no other then.
testB14MaskedProc() {
	need_root || return 0
	assert_run 0 '' '' unshare -m sh -c '
		mount -t tmpfs none /proc/sys/kernel && cd /
		setpriv --reuid 65534 --regid 65534 --clear-groups unshare -rpmf --kill-child sh -c "
			echo >\"\$0\"; exec sleep 1000" "$1/anyone/ready" 2>"$1/anyone/ended" &
		parent=$!
		read -r _ <"$1/anyone/ready"
		target=$(tr -d " " <"/proc/$parent/task/$parent/children")
		setpriv --reuid 65534 --regid 65534 --clear-groups "$0" -t "$target" -a --mount-proc true \
			2>"$1/anyone/err"
		echo $? >"$1/anyone/rc"
		kill -KILL "$target"
		wait "$parent" 2>/dev/null
		true' "$NSENTER" "$T"
	assertEquals 1 "$(cat "$T/anyone/rc")"
	assertEquals 1 "$(wc -l <"$T/anyone/err")"
	case $(cat "$T/anyone/err") in
	"nsenter: mount /proc failed: $EPERM ("*mask*")") ;;
	*) fail "$(cat "$T/anyone/err")" ;;
	esac
}

oneTimeSetUp() { mkfifo "$T/anyone/ready" && chmod 666 "$T/anyone/ready"; }

testNotBuiltIn() {
	enabled HINTS && return
	assert_run 1 '' "nsenter: reassociate to namespace* failed: $EINVAL" "$NSENTER" -t $$ -U true
}

suite() { tests_of HINTS; }

. "${SHUNIT2:-shunit2}"
