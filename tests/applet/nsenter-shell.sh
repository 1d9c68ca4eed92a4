#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter without a program: the shell that is run, and what it says when there is none (B2).
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"

NSENTER=$BIN/nsenter

# shells FILE...: a container whose only programs are these; each of them prints what it was called.
shells() {
	container || return
	for file; do
		mkdir -p "/proc/$target/root$(dirname "$file")"
		cp "$ENTER" "/proc/$target/root$file"
	done
}

NO_SHELL="nsenter: failed to execute /bin/sh: $ENOENT"
if enabled NSENTER_BRING; then
	NO_SHELL="$NO_SHELL (no shell there: --bring FILE runs a static program of here, --self an applet of ours)"
fi

testB2NoShell() {
	need_root || return 0
	shells || return
	for shell in '' SHELL=/bin/zsh SHELL= SHELL=zsh "SHELL=$BUSYBOX"; do
		for options in -a '-a -F'; do
			# shellcheck disable=SC2086 # words
			assert_run 127 '' "$NO_SHELL" \
				env -u SHELL ${shell:+"$shell"} "$NSENTER" -t "$target" $options
			assert_one_line
		done
	done
	# A program that was named is another matter.
	assert_run 127 '' "nsenter: failed to execute sh: $ENOENT" "$NSENTER" -t "$target" -a sh
	# Or one that is there, but cannot be executed.
	mkdir "/proc/$target/root/bin"
	: >"/proc/$target/root/bin/sh"
	assert_run 126 '' "nsenter: failed to execute /bin/sh: $EACCES*" env -u SHELL "$NSENTER" -t "$target" -a
}

# $SHELL of the caller, the one of the user there, /bin/sh: the first that exists.
testB2TheFirstShellThatThereIs() {
	need_root || return 0
	shells /opt/one /opt/two /bin/sh || return
	mkdir "/proc/$target/root/etc"
	echo 'root:x:0:0:root:/:/opt/two' >"/proc/$target/root/etc/passwd"
	for file in /opt/one /opt/two /bin/sh; do
		for options in -a '-a -F' '-a --kill-child'; do
			# shellcheck disable=SC2086 # words
			assert_run 0 "-${file##*/}" '' env SHELL=/opt/one "$NSENTER" -t "$target" $options
		done
		rm "/proc/$target/root$file"
	done
	assert_run 127 '' "$NO_SHELL" env SHELL=/opt/one "$NSENTER" -t "$target" -a
	# The user that it becomes.
	shells /opt/two /opt/three || return
	mkdir "/proc/$target/root/etc"
	printf 'root:x:0:0:root:/:/opt/two\nother:x:7:8::/:/opt/three\n' >"/proc/$target/root/etc/passwd"
	assert_run 0 -three '' env -u SHELL "$NSENTER" -t "$target" -a -S 7
}

# S49: SHELL and PATH of the caller, not of the target.
testS49ShellAndPathOfTheCaller() {
	need_root || return 0
	shells /opt/one /opt/two || return
	assert_run 0 -one '' env SHELL=/opt/one "$NSENTER" -t "$target" -a
	assert_run 0 'two
args' '' env PATH=/opt "$NSENTER" -t "$target" -a two args
	assert_run 127 '' "nsenter: failed to execute two: $ENOENT" env PATH=/bin "$NSENTER" -t "$target" -a two args
}

testB2PasswdThatHelpsNobody() {
	need_root || return 0
	shells /bin/sh || return
	mkdir "/proc/$target/root/etc"
	for line in '' root root: 'root:x:0:0:root:/:' 'root:x:0:0:root:/:/none' 'other:x:1:1::/:/enter' '::::::'; do
		printf '%s\n' "$line" >"/proc/$target/root/etc/passwd"
		assert_run 0 -sh '' env -u SHELL "$NSENTER" -t "$target" -a
	done
}

testDefaultIsALoginShell() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -r sh -c "$SLEEP" || return
	assertEquals -sh "$(echo 'echo $0' | as_user env -i SHELL=/bin/sh "$NSENTER" -t "$target" -U)"
}

. "${SHUNIT2:-shunit2}"
