# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# pstree beside that of psmisc, and beside the loop that reads the same files. See scripts/bench.sh.
#
# The processes that are drawn only sleep, in a PID namespace of the benchmark's own. CPU is user and
# system time, which other load on the machine disturbs least; output goes to /dev/null. busybox's
# pstree is not in Debian's busybox.

pstree=$(applet pstree)
"$(path_of pstree)" --version 2>&1 | grep -q PSmisc || trouble "pstree is not that of psmisc"

# How many processes there are besides pstree: those that sleep, PID 1 and what measures.
many=$(some 20000)
sleeping() { echo $(($1 - 2)); }

# use WORDS FILE...: ours with the words, the floor of the files.
use() {
	fresh
	other ours "$pstree" "$1"
	shift
	other floor "$programs/floor-ps" "$@"
	other empty "$programs/true"
}

# ---- 20,000 processes: CPU, in microseconds for each. What all show is stat. psmisc's takes many seconds
# for so many, most of the time of all this: it has one round.
while read -r id words files; do
	# shellcheck disable=SC2086 # words
	use "-$words" $files
	measure "$id" -n "$(rounds 5)" -P "$(sleeping "$many")" run
	fresh
	peer psmisc pstree "-$words"
	measure "$id" -n 1 -P "$(sleeping "$many")" run
	row "$id" "-$words, 20,000 processes: CPU for each" us "$id.cpu_us" per="$many" \
		goal='<= 1.3 floor and <= 0.2 psmisc'
done <<END
folded A stat
long l stat
numbers pn stat
users pu owner stat
arguments a stat cmdline
END

# ---- 10 processes, as in a container: the whole of the command, beside one that does nothing
use -A stat
peer psmisc pstree -A
measure few -n "$(rounds 15)" -k "$(some 25)" -P "$(sleeping 9)" run
row few '-A, 10 processes: CPU' us few.cpu_us floor=empty goal='<= 0.5 psmisc'

# ---- Cost grows with the number of processes, and no faster: CPU for each.
most=$(cat /proc/sys/kernel/pid_max)
for n in 1000 5000 20000 100000; do
	if [ $((n + 1000)) -gt "$most" ]; then
		say "pstree: no row for $n processes: pid_max is $most"
		continue
	fi
	n=$(some $n)
	use -p owner stat
	measure "p-$n" -n "$(rounds 5)" -k $((20000 / n + 1)) -P "$(sleeping "$n")" run
	row "p-$n" "-p, $n processes: CPU for each" us "p-$n.cpu_us" per="$n" goal='<= 1.3 floor'
	sed -n "s/^p-$n\\.cpu_us ours //p" "$W/data" | while read -r round us; do
		echo "growth $n $round $(echo "$us $n" | awk '{ print $1 / $2 }')"
	done >"$W/growth"
	cat "$W/growth" >>"$W/data"
	largest=$n
done
row growth "-p: for each of $largest, beside each of 1,000" us growth ours="$largest" floor="$(some 1000)" \
	goal="<= 1.10 $(some 1000)"

# ---- Memory: a process is what the tree keeps of it, an item of the picture, its name and number.
use -p stat
peer psmisc pstree -p
measure peak -n 1 -o -P "$(sleeping "$many")" calls
row peak '-p, 20,000 processes: most memory' kB peak.peak_kb goal='< 1 psmisc'
row calls '-p, 20,000 processes: for each' calls peak.calls per="$many" goal='< 1 psmisc'

# ---- Bytes
bytes() { if [ -s "$2" ]; then datum bytes "$1" "$(wc -c <"$2")"; fi; }
bytes ours "$(build pstree-only PSTREE=y allnoconfig)"
bytes shipped "$(build pstree-alone "$(without pstree)")"
row bytes 'pstree alone, allnoconfig' bytes bytes
row bytes-shipped 'pstree alone, as shipped' bytes bytes ours=shipped
