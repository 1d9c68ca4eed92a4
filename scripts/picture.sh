#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The picture of PID namespaces in README: picture.sh PIDBOX >pidns.svg (as root; needs graphviz).
#
# It starts a small machine of its own, so that nothing is left of it: an init, and in it two nested PID
# namespaces with all that a person should have seen: a daemon that lost its parent, a process that
# nsenter has brought in, and a program that is PID 1 and never waits, and so keeps a zombie.
set -eu
pidbox=$(realpath "$1")

if [ $# = 1 ]; then
	dir=$(mktemp -d)
	for name in init kill nsenter pstree unshare; do ln -s "$pidbox" "$dir/$name"; done
	for name in db debug job logd query sleep worker; do ln -s "$(command -v sleep)" "$dir/$name"; done
	PATH=$dir:$PATH unshare --fork --pid --mount-proc --kill-child init sh "$0" "$pidbox" host >"$dir/dot"
	dot -Tsvg "$dir/dot"
	rm -r "$dir"
	exit
fi

# Each level of it is this script again.
printf '%s' "$2" >/proc/self/comm
case $2 in
host)
	sh "$0" "$1" shell >&2 &
	until pstree --borders | grep -q 'job<zombie>' && pstree | grep -q debug; do sleep 0.01; done
	pstree --dot $!
	;;
shell)
	unshare --fork --pid --mount-proc --kill-child sh "$0" "$1" init &
	init=
	until [ "$init" ]; do read -r init _ </proc/$!/task/$!/children || sleep 0.01; done
	nsenter --target "$init" --pid debug 1000
	;;
init)
	sh "$0" "$1" web &
	setsid sh -c 'logd 1000 &'
	unshare --fork --pid --mount-proc --kill-child sh "$0" "$1" db &
	wait
	;;
web)
	worker 1000 &
	worker 1000 &
	wait
	;;
db)
	query 1000 &
	job 0.01 &
	exec db 1000
	;;
esac
