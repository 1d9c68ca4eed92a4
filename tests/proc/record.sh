#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Records a /proc into a directory that `ps --proc DIR` and the tests can read instead of it.
#
#   tests/proc/record.sh [-p PROC] DIR [PID...]
#
# Without a PID all processes are recorded. Text only: stat, status, comm, cmdline and cgroup, the
# links in ns (whose targets lead nowhere), the numbers and names of the threads, /proc/self (this
# shell's number) and pid_max. environ, which may hold passwords, is not recorded; look through the
# cmdline and cgroup files before you publish them. A process that may not be read, or ends
# meanwhile, is recorded as far as it goes.
set -u

proc=/proc
if [ "${1:-}" = -p ]; then
	proc=$2
	shift 2
fi
if [ $# -lt 1 ]; then
	echo 'usage: record.sh [-p PROC] DIR [PID...]' >&2
	exit 2
fi
dir=$1
shift
if [ -e "$dir" ]; then
	echo "record.sh: $dir exists" >&2
	exit 1
fi

# copy FILE: by cat, since the size that a file of /proc tells is 0. What cannot be read is left
# out; what is empty is recorded as empty.
copy() {
	{ cat <"$proc/$1" >"$dir/$1"; } 2>/dev/null || rm -f "$dir/$1"
}

# link NAME: a symbolic link as it is.
link() {
	target=$(readlink "$proc/$1") && ln -s "$target" "$dir/$1"
}

record() {
	mkdir -p "$dir/$1/ns" "$dir/$1/task"
	for file in stat status comm cmdline cgroup; do
		copy "$1/$file"
	done
	for path in "$proc/$1"/ns/*; do
		link "$1/ns/${path##*/}"
	done
	# A file in each: git does not keep empty directories.
	for path in "$proc/$1"/task/[0-9]*; do
		[ -d "$path" ] || continue
		mkdir "$dir/$1/task/${path##*/}"
		copy "$1/task/${path##*/}/comm"
	done
	rmdir "$dir/$1/ns" "$dir/$1/task" 2>/dev/null
}

mkdir -p "$dir/sys/kernel" || exit
copy sys/kernel/pid_max
# This shell's number as that mount has it; readlink's would be that of readlink.
if read -r self _ 2>/dev/null <"$proc/self/stat"; then ln -s "$self" "$dir/self"; fi
if [ $# = 0 ]; then
	for path in "$proc"/[0-9]*; do
		record "${path##*/}"
	done
else
	for pid; do
		record "$pid"
	done
fi
exit 0
