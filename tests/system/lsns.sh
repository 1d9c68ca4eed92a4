#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# lsns --containers beside real containers: podman with crun.
# shellcheck disable=SC1090,SC1091,SC2016,SC2154 # lib.sh and its variables; text for eval
. "$(dirname "$0")/helper/engine.sh"

lsns=$BIN/lsns

# boxed NAME ARG...: a container in the background, ready; $id and $init.
boxed() {
	name=$1
	shift
	assert_run 0 '*' '*' podman run --detach --name "$name" --cgroups=enabled \
		--cgroup-parent="/$CGROUP_PARENT" --privileged --pids-limit=0 "$@" pidbox-none /inside idle
	id=$(podman inspect --format '{{.Id}}' "$name")
	init=$(podman inspect --format '{{.State.Pid}}' "$name")
	wait_for "podman logs $name 2>&1 | grep -q ready"
}

testContainersOfPodman() {
	if [ -n "$NO_ENGINE" ]; then
		skip_because "$NO_ENGINE"
		return
	fi
	boxed first
	first=$init first_id=$id
	boxed second --uts=host --ipc=host
	run "$lsns" --containers -r -n -o INIT,NSPID,NPROCS,ZOMBIES,SIGTERM,CONTAINER,COMMAND
	assertEquals "$first $first,1 1 0 default $first_id /inside\\x20idle
$init $init,1 1 0 default $id /inside\\x20idle" "$(sort -n "$T/out")"
	run "$lsns" --containers -r -n -o SHARED,OWN -p "$first"
	assertEquals 'user,time cgroup,ipc,uts,net,pid,mnt' "$out"
	run "$lsns" --containers -r -n -o SHARED,OWN -p "$init"
	assertEquals 'user,ipc,uts,time cgroup,net,pid,mnt' "$out"
	run "$lsns" --containers -n -o CONTAINER -p "$init"
	assertEquals "$(echo "$id" | cut -c 1-12)" "$out"
	run podman kill --signal KILL first second
	wait_for '[ -z "$("$lsns" --containers)" ]'
	run podman rm first second
}

. "${SHUNIT2:-shunit2}"
