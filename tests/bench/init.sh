# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# init as the first process of a container, beside the other four. See scripts/bench.sh.

# ---- The programs: as shipped, alone, and with neither features nor hardening
features=$(needs INIT_STOP INIT_LOG INIT_INFO INIT_USER INIT_TERMINATION_LOG)
only=$(without init)

init=$(applet init)
alone=$(build init-alone "$only")
bare=$(build init-bare 'INIT=y INIT_CONTAINER=y' allnoconfig)
for feature in $features; do
	datum "$feature" without "$(wc -c <"$(build init-without "$only $feature=n")")"
	datum "$feature" ours "$(wc -c <"$alone")"
done

# inits FLOOR: those that are compared as PID 1, in front of a command.
inits() {
	fresh
	other ours "$init" --
	peer tini tini --
	peer tini-static tini-static --
	peer dumb-init dumb-init --
	peer catatonit catatonit --
	other floor "$programs/$1"
	other again "$programs/$1"
}

# ---- How much later a command has ended than without an init. The bare loop that the goal means makes
# the command by fork(); one that does so by vfork() is quicker.
inits floor-fork
other alone "$alone" --
other vfork "$programs/floor-wait"
other none
measure start -n "$(rounds 15)" -k "$(some 60)" life "$programs/true"
measure start1 -n "$(rounds 15)" -k "$(some 60)" -1 life "$programs/true"
row start 'start to end of a command' us start.wall_us
row start-added 'added to that by init' us start.wall_us minus=none goal='<= 1.1 floor'
row start-one 'added, on one CPU' us start1.wall_us minus=none goal='<= 1.1 floor'
row start-noise 'noise of that: its floor beside itself' us start1.wall_us ours=again minus=none
row start-one-alone 'added, on one CPU, built alone' us start1.wall_us ours=alone minus=none goal='<= 1.1 floor'
row start-one-vfork 'added, on one CPU, floor by vfork' us start1.wall_us floor=vfork minus=none
row start-cpu 'added, on one CPU: CPU' us start1.cpu_us minus=none

# ---- Reaping: what it costs init alone
inits floor-loop
measure stream -n "$(rounds 9)" -1 storm "$programs/orphans" stream "$(some 20000)"
row stream '20,000 orphans in a stream: CPU' ms stream.cpu_us per=1000 goal='<= 1.10 floor'
row stream-noise 'noise of that: its floor beside itself' ms stream.cpu_us ours=again per=1000
row stream-wall '20,000 orphans in a stream: time' ms stream.wall_us per=1000
measure burst -n "$(rounds 21)" -1 storm "$programs/orphans" burst "$(some 5000)"
row burst '5,000 orphans end at once: CPU' ms burst.cpu_us per=1000 goal='<= 1.10 floor'
row burst-noise 'noise of that: its floor beside itself' ms burst.cpu_us ours=again per=1000
row burst-wall '5,000 orphans end at once: time' ms burst.wall_us per=1000
measure single -n "$(rounds 7)" storm "$programs/orphans" single "$(some 4000)" "$(some 500)"
row single 'a zombie beside 4,000 living: CPU' us single.cpu_us per="$(some 500)" goal='<= 60'

# ---- Doing nothing
inits floor-wait
other alone "$alone" --
other bare "$bare" --
measure memory -n "$(rounds 15)" -t 0 idle "$programs/sleeper"
row rss-alone 'idle, built alone: RSS' kB memory.rss_kb ours=alone goal='<= 48'
row anon-alone 'idle, built alone: anonymous' kB memory.anon_kb ours=alone goal='<= 16'
row rss 'idle, as shipped: RSS' kB memory.rss_kb
row anon 'idle, as shipped: anonymous' kB memory.anon_kb goal='<= 16'
row pss 'idle, as shipped: PSS' kB memory.pss_kb
row rss-bare 'idle, alone, no features, not hardened: RSS' kB memory.rss_kb ours=bare
measure quiet -n "$(rounds 7)" -t "$(some 3000)" idle "$programs/sleeper"
row wakeups 'wake-ups in 3 idle seconds' '' quiet.switches goal='= 0'

# As a pause container: there is no command.
fresh
other ours "$init" -P
other alone "$alone" -P
peer catatonit catatonit -P
other floor "$programs/empty"
measure pause -n "$(rounds 15)" -t 0 idle
row pause 'pause mode: more private pages than the floor' pages pause.anon_pages minus=floor goal='<= 2'
row pause-alone 'pause mode, built alone: more private pages' pages pause.anon_pages \
	ours=alone minus=floor goal='<= 2'
row pause-rss 'pause mode: RSS' kB pause.rss_kb

# ---- System calls: as PID 1, and as an ordinary process, where tini needs -s to reap
inits floor-fork
measure calls -n "$(rounds 7)" calls "$programs/true"
row calls-exec 'until the command executes' calls calls.calls_exec goal='<= 18'
row calls 'in its whole life' calls calls.calls
row peak 'most memory' kB calls.peak_kb
fresh
other ours "$init" --
peer tini tini -s --
peer tini-static tini-static -s --
peer dumb-init dumb-init --
peer catatonit catatonit --
other floor "$programs/floor-fork"
measure outside -n "$(rounds 7)" -o calls "$programs/true"
row outside-exec 'not PID 1: until the command executes' calls outside.calls_exec goal='<= 18'
row outside 'not PID 1: in its whole life' calls outside.calls

# ---- Bytes
bytes() { datum bytes "$1" "$(wc -c <"$2")"; }
for peer in tini tini-static dumb-init catatonit; do
	bytes "$peer" "$(path_of "$peer")"
done
bytes ours "$alone"
bytes all "$init"
bytes bare "$bare"
bytes floor "$programs/floor-wait"
row bytes 'built alone, as shipped' bytes bytes goal='<= 16384'
row bytes-bare 'alone, engine and personalities, not hardened' bytes bytes ours=bare goal='<= 12288'
row bytes-all 'the whole of pidbox' bytes bytes ours=all
for feature in $features; do
	row "bytes-$feature" "what $feature adds" bytes "$feature" minus=without
done
