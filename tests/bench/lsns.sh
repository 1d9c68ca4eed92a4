# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# lsns beside that of util-linux, and beside the loop that only reads the same links. See
# scripts/bench.sh.
#
# The processes that are listed only sleep, in a PID namespace of the benchmark's own. CPU is user
# and system time, which other load on the machine disturbs least; output goes to /dev/null. What
# util-linux 2.38 does for each process grows with their number.

lsns=$(applet lsns)
"$(path_of lsns)" --version 2>/dev/null | grep -q util-linux || trouble "lsns is not that of util-linux"

# How many processes there are besides lsns: those that sleep, PID 1 and what measures.
sleeping() { echo $(($1 - 2)); }

# use ID: ours, its peer, the floor.
use() {
	fresh
	case $1 in
	all)
		other ours "$lsns"
		peer util-linux lsns
		other floor "$programs/floor-lsns"
		other again "$programs/floor-lsns"
		;;
	pid)
		other ours "$lsns" -t pid
		peer util-linux lsns -t pid
		other floor "$programs/floor-lsns" pid
		;;
	esac
	other empty "$programs/true"
}
name_of() {
	case $1 in
	all) echo 'default columns' ;;
	pid) echo '-t pid' ;;
	esac
}

# Those that are compared but the peer.
without_peer() {
	grep -v '^util-linux ' "$W/contenders" >"$W/two"
	mv "$W/two" "$W/contenders"
}

# ---- 8,000 and 20,000 processes: CPU, in microseconds for each. The peer takes half a minute for
# 20,000: it has one round, and with QUICK none.
for which in all pid; do
	n=$(some 8000)
	use $which
	measure $which -n "$(rounds 9)" -P "$(sleeping "$n")" run
	row $which "$(name_of $which), 8,000 processes: CPU for each" us $which.cpu_us per="$n" \
		goal='<= 1.15 floor and <= 0.2 util-linux'
	n=$(some 20000)
	use $which
	if [ -z "$QUICK" ]; then
		grep '^util-linux ' "$W/contenders" >"$W/three"
		without_peer
		mv "$W/contenders" "$W/kept"
		mv "$W/three" "$W/contenders"
		measure $which-20000 -n 1 -P "$(sleeping "$n")" run
		mv "$W/kept" "$W/contenders"
	else
		without_peer
	fi
	measure $which-20000 -n "$(rounds 9)" -P "$(sleeping "$n")" run
	row $which-20000 "$(name_of $which), 20,000 processes: CPU for each" us $which-20000.cpu_us per="$n" \
		goal='<= 1.15 floor'
done
row noise 'noise of the first: its floor beside itself' us all.cpu_us ours=again per="$(some 8000)"

# ---- Cost grows with the number of processes, and no faster: CPU for each.
for n in 1000 20000; do
	n=$(some $n)
	use all
	without_peer
	measure "all-$n" -n "$(rounds 9)" -k $((20000 / n + 1)) -P "$(sleeping "$n")" run
	sed -n "s/^all-$n\\.cpu_us ours //p" "$W/data" | while read -r round us; do
		echo "growth $n $round $(echo "$us $n" | awk '{ print $1 / $2 }')"
	done >"$W/growth"
	cat "$W/growth" >>"$W/data"
	largest=$n
done
row growth "default columns: for each of $largest, beside each of 1,000" us growth ours="$largest" \
	floor="$(some 1000)" goal="<= 1.10 $(some 1000)"

# ---- 100 processes, as on an idle machine: the whole of the command. The loop alone takes half of the
# time of util-linux there, whose cost has not grown yet.
for which in all pid; do
	use $which
	measure $which-100 -n "$(rounds 15)" -k "$(some 25)" -P "$(sleeping 99)" run
	row $which-100 "$(name_of $which), 100 processes: CPU" us $which-100.cpu_us goal='<= 0.3 util-linux'
	row $which-100-wall "$(name_of $which), 100 processes: time" us $which-100.wall_us goal='<= 0.3 util-linux'
done

# ---- Memory and system calls
n=$(some 8000)
for which in all pid; do
	use $which
	measure $which-calls -n 1 -o -P "$(sleeping "$n")" calls
	row $which-peak "$(name_of $which), 8,000 processes: most memory" kB $which-calls.peak_kb goal='< 1024'
	row $which-calls "$(name_of $which), 8,000 processes: for each" calls $which-calls.calls per="$n"
done

# ---- Bytes
bytes() { if [ -s "$2" ]; then datum bytes "$1" "$(wc -c <"$2")"; fi; }
bytes ours "$(build lsns-only LSNS=y allnoconfig)"
bytes shipped "$(build lsns-alone "$(without lsns)")"
row bytes 'lsns alone, allnoconfig' bytes bytes
row bytes-shipped 'lsns alone, as shipped' bytes bytes ours=shipped
