# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests of unshare; to be read after lib.sh and probe.sh. That of util-linux, which makes
# what the tests need, is `unshare`; ours is "$UNSHARE".
# shellcheck disable=SC2034 # used by the tests

need busybox busybox-static
need strace strace
# shellcheck disable=SC3045 # dash and busybox have it
ulimit -c 0

UNSHARE=$BIN/unshare
KINDS='mnt uts ipc net pid user cgroup time'

# long_of KIND: the name of its option.
long_of() {
	case $1 in
	mnt) echo mount ;;
	*) echo "$1" ;;
	esac
}

# same ARGUMENT...: ours and util-linux's do the same thing: status, stdout and the message, but for
# the number of a process and our hint at the end.
same() {
	unshare "$@" </dev/null >"$T/theirs" 2>"$T/theirs.err"
	theirs=$?
	run "$UNSHARE" "$@"
	assertEquals "status of: $*" "$theirs" "$rc"
	assertEquals "stdout of: $*" "$(cat "$T/theirs")" "$out"
	if enabled STRERROR; then
		assertEquals "stderr of: $*" "$(plain "$T/theirs.err")" "$(plain "$T/err")"
	else
		assertEquals "stderr of: $*" "$(wc -l <"$T/theirs.err")" "$(wc -l <"$T/err")"
	fi
}

plain() { sed "s,^$UNSHARE: ,unshare: ,; s,/proc/[0-9]*/,/proc/N/,; s/ ([^()]*)\$//" "$1"; }

# The words of a line are as the shell reads them.
same_lines() {
	while read -r line; do
		eval "same $line"
	done
}

# assert_between LEAST NUMBER MOST [WHAT]
assert_between() {
	if [ "$2" -lt "$1" ] || [ "$2" -gt "$3" ]; then fail "${4-}: $2, not from $1 to $3"; fi
}

# private CMD...: in a mount namespace where nothing of ours gets out, and whose / one can make shared.
private() {
	if [ "$(id -u)" = 0 ]; then
		unshare -m --propagation private "$@"
	else
		unshare -r -m --propagation private "$@"
	fi
}

# To begin a script with: mounted DIR, what mountinfo says of what was mounted last on DIR, "TYPE OPTIONS
# PROPAGATION".
MOUNTED='mounted() {
	awk -v dir="$1" "\$5 == dir {
		tag = \"\"
		for (i = 7; \$i != \"-\"; i++) { sub(/:.*/, \"\", \$i); tag = tag \" \" \$i }
		line = \$(i + 1) \" \" \$6 tag
	} END { print line }" /proc/self/mountinfo
}
'
