# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests of ps about odd processes and hostile text; to be read after lib.sh. $T/odd,
# $T/stuck and $T/judge are the programs of these names here.

unset COLUMNS LINES PS_FORMAT PS_PERSONALITY CMD_ENV LIBPROC_HIDE_KERNEL LC_CTYPE LANG
export LC_ALL=C.UTF-8
started=
for program in odd stuck judge; do
	"${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -pthread -o "$T/$program" \
		"$TOP/tests/applet/helper/$program.c" || exit
done

# odd DEED ARG...: starts it; returns when it is so. $pid.
odd() {
	rm -f "$T/ready"
	mkfifo "$T/ready"
	"$T/odd" "$@" </dev/null >"$T/ready" 2>"$T/odd.err" &
	pid=$!
	started="$started $pid"
	read -r _ <"$T/ready" || fail "odd $1: $(cat "$T/odd.err")"
}

# sleeper [CMD...]: the same for `sleep 1000`, which the command may run.
sleeper() {
	"$@" sleep 1000 </dev/null >/dev/null 2>&1 &
	pid=$!
	started="$started $pid"
	wait_for "[ \"\$(cat /proc/$pid/comm)\" = sleep ]"
	wait_state "$pid" S # it does, and no longer begins
}

# stop PID...: the processes are gone when this returns.
stop() {
	kill -KILL "$@" 2>/dev/null
	wait "$@" 2>/dev/null || :
}

# In oneTimeTearDown: all of them.
stop_all() {
	# shellcheck disable=SC2086 # they are words
	end_children $started
	started=
}

# child_of PID: $child, its first one, as soon as there is one.
child_of() {
	wait_for "[ -n \"\$(cat /proc/$1/task/$1/children)\" ]"
	child=$(cat "/proc/$1/task/$1/children")
	child=${child%% *}
}

# field KEY PID: what stands behind it in /proc/PID/status.
field() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$2/status"; }

# cells TEXT...: single blanks between the cells of our rows.
cells() { "$BIN/ps" --no-headers "$@" | sed 's/  */ /g; s/^ //; s/ $//'; }

# in_mounts SCRIPT [ARG...]: a shell in a mount namespace of its own.
in_mounts() { unshare --mount sh -c "$@"; }

# as_nobody CMD...: without any right.
as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }

# sanitized: whether what runs is no small program of musl's: it needs what getauxval(3) says, memory, and a
# locale to know the width of a character.
sanitized() { [ -n "${ASAN_OPTIONS:-}" ]; }

# root_only: in a test, before `|| return 0`.
root_only() {
	[ "$(id -u)" = 0 ] && return
	skip_because 'needs root'
	return 1
}

# forge DIR PID COMM [NAME=VALUE...]: a process in a recorded /proc, of the values below.
forge() {
	f_dir=$1/$2 f_pid=$2 f_comm=$3
	shift 3
	f_state=S f_ppid=1 f_pgrp=$f_pid f_session=$f_pid f_tty=0 f_tpgid=-1 f_flags=4194304 f_utime=0
	f_stime=0 f_prio=20 f_nice=0 f_threads=1 f_start=100 f_vsize=4096000 f_rss=250 f_policy=0
	f_size=4000 f_resident=1000 f_uid=0 f_gid=0 f_cmdline=$f_comm f_cgroup='0::/' f_nspid=$f_pid
	for f_word; do eval "f_${f_word%%=*}=\${f_word#*=}"; done
	mkdir -p "$f_dir/ns" "$f_dir/task/$f_pid"
	printf '%s (%s) %s %s %s %s %s %s %s 1 0 2 0 %s %s 0 0 %s %s %s 0 %s %s %s %s 0 %s 0 0 0\n' \
		"$f_pid" "$f_comm" "$f_state" "$f_ppid" "$f_pgrp" "$f_session" "$f_tty" "$f_tpgid" "$f_flags" \
		"$f_utime" "$f_stime" "$f_prio" "$f_nice" "$f_threads" "$f_start" "$f_vsize" "$f_rss" \
		'18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0' "$f_policy" >"$f_dir/stat"
	f_name=$(printf '%s|' "$f_comm" | sed -e ':a' -e '$!{N;ba' -e '}' -e 's/\\/\\\\/g' -e 's/\n/\\n/g')
	printf '%s\t%s\n' Name: "${f_name%|}" State: "$f_state (odd)" Tgid: "$f_pid" Pid: "$f_pid" \
		PPid: "$f_ppid" Uid: "$f_uid	$f_uid	$f_uid	$f_uid" Gid: "$f_gid	$f_gid	$f_gid	$f_gid" Groups: ' ' \
		NStgid: "$f_nspid" NSpid: "$f_nspid" VmSize: "$f_size kB" VmRSS: "$f_resident kB" \
		Threads: "$f_threads" >"$f_dir/status"
	printf '%s\0' "$f_cmdline" >"$f_dir/cmdline"
	printf '%s\n' "$f_cgroup" >"$f_dir/cgroup"
	printf '%s\n' "$f_comm" >"$f_dir/comm"
	cp "$f_dir/stat" "$f_dir/status" "$f_dir/comm" "$f_dir/cmdline" "$f_dir/task/$f_pid"
}
