# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests that compare lsns with util-linux's; to be read instead of lib.sh, first of all. The file
# runs as PID 1 of a PID namespace and in a mount namespace of its own, where nobody comes or goes while
# somebody looks: the peer gives up, with status 1 and no word, when a process ends just then.
#
# Its namespaces: $net is bound to five files, its process $first has children in other ones; $deep has a
# user namespace below one that nobody is in; $other belongs to a user without a name.
if [ -z "${OWN_PIDS:-}" ]; then
	user=
	[ "$(id -u)" = 0 ] || user='--user --map-root-user'
	# shellcheck disable=SC2086 # "busybox sh" is two words
	OWN_PIDS=1 exec /usr/bin/unshare $user --mount -p -f --mount-proc --kill-child ${TEST_SHELL:-sh} "$0"
fi
. "$(dirname "$0")/../lib.sh"

need lsns util-linux
need jq jq
need pgrep procps
unset COLUMNS
peer=$(command -v lsns)
new=/usr/bin/unshare
places=$T/p

# Whether the peer is the one whose bytes these are; in a test, before `|| return 0`.
can_compare() {
	case $("$peer" --version 2>&1) in
	*' 2.38.1') return 0 ;;
	esac
	skip_because "the installed lsns is not that of util-linux 2.38.1"
	return 1
}

# sleepers N: until so many processes have become what they are to be. By their words: an exec sets the
# name before these.
sleepers() { wait_for "[ \$(pgrep -c -r S -x -f 'sleep [0-9]*') = $1 ]"; }

# set_scene: all of it.
set_scene() {
	mkdir "$places" && mount -t tmpfs none "$places" && mount --make-private "$places" || return
	for name in a b 'c d' e f; do
		: >"$places/$name"
	done
	set -- 'unshare --uts sleep 1000 & unshare --ipc sleep 1001 & wait'
	$new --net="$places/a" sh -c "unshare --net sh -c '$1' & unshare --mount sleep 1002 & wait" \
		</dev/null >/dev/null 2>&1 &
	first=$!
	$new --user --map-root-user unshare --user --map-root-user unshare --net --pid --fork \
		sh -c 'sleep 1003 & unshare --pid --fork sleep 1004 & sleep 1005; :' </dev/null >/dev/null 2>&1 &
	deep=$!
	$new --time --boottime 100 --fork sleep 1006 </dev/null >/dev/null 2>&1 &
	set -- sh -c 'sleep "1007"; echo "x\\y"'
	if setpriv --reuid 12345 --regid 65534 --clear-groups true 2>/dev/null; then
		set -- setpriv --reuid 12345 --regid 65534 --clear-groups "$@"
	fi
	$new --cgroup "$@" </dev/null >/dev/null 2>&1 &
	other=$!
	sleepers 8
	net=$(stat -L -c %i "/proc/$first/ns/net")
	if enabled LSNS_HOLDERS; then
		for name in b "c d" e f; do
			mount --bind "$places/a" "$places/$name" || return
		done
	else
		umount "$places/a"
	fi
	pid=$(stat -L -c %i "/proc/$(pgrep -x -f 'sleep 1003')/ns/pid")
	uts=$(stat -L -c %i /proc/self/ns/uts)
	export first deep other net pid uts
}

compile_agree() {
	"${HOSTCC:-cc}" -std=gnu11 -O1 -D_GNU_SOURCE -o "$T/agree" "$TOP/tests/applet/helper/agree.c" || return
	# agree calls both "ps".
	printf '#!/bin/sh\nexec %s "$@"\n' "$peer" >"$T/peer.sh"
	printf '#!/bin/sh\nexec %s "$@"\n' "$BIN/lsns" >"$T/lsns.sh"
	chmod +x "$T/peer.sh" "$T/lsns.sh"
}

# agrees COUNT: the cases on stdin, see agree.c, with and without UTF-8; at least so many. A program
# with sanitizers gets every fourth.
agrees() {
	can_compare || return 0
	[ -x "$T/agree" ] || compile_agree || return
	awk -v "some=${ASAN_OPTIONS:+4}" '!some || NR % some == 0 {
		print "LC_ALL=C.UTF-8", $0
		print "LC_ALL=C", $0
	}' >"$T/cases"
	"$T/agree" "$T/peer.sh" "$T/lsns.sh" <"$T/cases" >"$T/differs" 2>&1 || {
		show "$(cat "$T/differs")"
		fail 'see above'
	}
	[ -n "${ASAN_OPTIONS:-}" ] || [ "$(wc -l <"$T/cases")" -ge $(($1 * 2)) ] || fail 'too few cases'
}
