# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# What it costs to keep three programs running in one container: init beside supervisord and runit. All
# processes count that do so, runit's runsv too, and none of the three programs. See scripts/bench.sh.

init=$(applet init)
alone=$(build service-alone "$(without init)")
scene=$W/service
mkdir "$scene" "$scene/runit"
{
	printf '[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\n'
	printf 'pidfile=%s/pid\nchildlogdir=%s\n' "$scene" "$scene"
	for n in 1 2 3; do printf '[program:p%s]\ncommand=%s\n' "$n" "$programs/sleeper $n"; done
} >"$scene/supervisord.conf"
for n in 1 2 3; do
	echo "::respawn:$programs/sleeper $n" >>"$scene/inittab"
	mkdir "$scene/runit/$n"
	printf '#!/bin/sh\nexec %s %s\n' "$programs/sleeper" "$n" >"$scene/runit/$n/run"
	chmod +x "$scene/runit/$n/run"
done

# below PID: its descendants.
below() {
	tr ' ' '\n' 2>/dev/null <"/proc/$1/task/$1/children" | while read -r child; do
		echo "$child"
		below "$child"
	done
}

# those sleeper|keeper: of the descendants of what runs in the background.
those() {
	for process in $(below "$up"); do
		case $1-$(readlink "/proc/$process/exe") in
		sleeper-"$programs/sleeper") echo "$process" ;;
		sleeper-* | keeper-"$programs/sleeper") ;;
		*) echo "$process" ;;
		esac
	done
}

# total FILE KEY: what the keepers' files say, summed up.
total() {
	for process in $(those keeper); do
		sed -n "s/^$2:[[:space:]]*//p" "/proc/$process/$1"
	done | awk '{ n += $1 } END { print n + 0 }'
}
switches() { echo $(($(total status voluntary_ctxt_switches) + $(total status nonvoluntary_ctxt_switches))); }

# keep LABEL CMD...: as PID 1 of a namespace; what it takes once the three run and all is quiet.
keep() {
	label=$1
	shift
	path_of "$1" >/dev/null || return
	say "$name: $label"
	unshare --fork --pid --mount-proc --kill-child "$@" </dev/null >/dev/null 2>&1 &
	up=$!
	tries=100
	while [ "$(those sleeper | wc -l)" != 3 ] && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done
	sleep 2
	[ "$(those sleeper | wc -l)" = 3 ] || trouble "$label: the programs do not run"
	for key in Rss Pss Anonymous; do datum "$key" "$label" "$(total smaps_rollup "$key")"; done
	datum processes "$label" "$(those keeper | wc -l)"
	before=$(switches)
	sleep "$(some 5)"
	datum switches "$label" "$(($(switches) - before))"
	kill -KILL "$up"
	wait "$up" 2>/dev/null
}

peer supervisord supervisord
peer runit runsvdir
keep ours "$init" --inittab "$scene/inittab"
keep alone "$alone" --inittab "$scene/inittab"
keep supervisord supervisord -c "$scene/supervisord.conf"
keep runit runsvdir "$scene/runit"

row rss 'three programs: RSS' kB Rss goal='<= 0.02 supervisord and <= 0.1 runit'
row pss 'three programs: PSS' kB Pss goal='<= 0.02 supervisord and <= 1 runit'
row anon 'three programs: anonymous' kB Anonymous
row processes 'processes for that' '' processes
row wakeups 'wake-ups in five idle seconds' '' switches goal='= 0'
row rss-alone 'built alone: RSS' kB Rss ours=alone
row pss-alone 'built alone: PSS' kB Pss ours=alone
