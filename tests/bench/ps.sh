# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# ps beside that of procps, of busybox and of toybox, and beside the loop that reads the same files.
# See scripts/bench.sh.
#
# The processes that are listed only sleep, in a PID namespace of the benchmark's own. CPU is user
# and system time, which other load on the machine disturbs least; output goes to /dev/null.

ps=$(applet ps)
busybox=$(path_of busybox.static || path_of busybox)
"$(path_of ps)" --version 2>/dev/null | grep -q procps || trouble "ps is not that of procps"

# How many processes there are besides ps: those that sleep, PID 1 and what measures.
many=$(some 20000)
sleeping() { echo $(($1 - 2)); }

# The formats. A peer has what comes nearest to it; the files are those that nobody can do without.
# use ID: ours, its peers, the floor.
use() {
	fresh
	case $1 in
	comm)
		other ours "$ps" -eo pid,ppid,comm
		peer procps ps -eo pid,ppid,comm
		peer busybox "$busybox" ps -o pid,ppid,comm
		peer toybox toybox ps -eo PID,PPID,COMM
		other floor "$programs/floor-ps" stat
		other again "$programs/floor-ps" stat
		;;
	ef)
		other ours "$ps" -ef
		peer procps ps -ef
		peer busybox "$busybox" ps
		peer toybox toybox ps -ef
		other floor "$programs/floor-ps" owner stat cmdline
		;;
	aux)
		other ours "$ps" aux
		peer procps ps aux
		peer busybox "$busybox" ps
		other floor "$programs/floor-ps" owner stat status cmdline
		;;
	nspid)
		other ours "$ps" -eo pid,nspid
		peer procps ps -eo pid,ppid
		peer busybox "$busybox" ps -o pid,ppid
		other floor "$programs/floor-ps" status
		;;
	esac
	other empty "$programs/true"
}
name_of() {
	case $1 in
	comm) echo '-eo pid,ppid,comm' ;;
	ef) echo '-ef' ;;
	aux) echo 'aux' ;;
	nspid) echo '-eo pid,nspid' ;;
	esac
}
goal_of() {
	case $1 in
	comm) echo '<= 1.10 floor and <= 0.22 procps' ;;
	ef) echo '<= 1.10 floor and <= 0.32 procps and < 1 busybox' ;;
	aux) echo '<= 1.10 floor and <= 0.55 procps' ;;
	nspid) echo '<= 1.10 floor' ;;
	esac
}

# ---- 20,000 processes: CPU, in microseconds for each
for format in comm ef aux nspid; do
	use $format
	measure $format -n "$(rounds 9)" -P "$(sleeping "$many")" run
	row $format "$(name_of $format), 20,000 processes: CPU for each" us $format.cpu_us per="$many" \
		goal="$(goal_of $format)"
done
row noise 'noise of the first: its floor beside itself' us comm.cpu_us ours=again per="$many"

# ---- 10 processes, as in a container: the whole of the command, beside one that does nothing
for format in comm ef aux nspid; do
	use $format
	measure $format-10 -n "$(rounds 15)" -k "$(some 25)" -P "$(sleeping 9)" run
	row $format-10 "$(name_of $format), 10 processes: CPU" us $format-10.cpu_us floor=empty \
		goal='<= 1.5 busybox and <= 0.3 procps'
	row $format-10-wall "$(name_of $format), 10 processes: time" us $format-10.wall_us floor=empty \
		goal='<= 1.5 busybox and <= 0.3 procps'
done

# ---- Some of 100 processes, as on an idle machine. Those that sleep are called measure.

# choose ID TEXT WORDS
choose() {
	fresh
	# shellcheck disable=SC2086 # words
	{
		other ours "$ps" $3
		peer procps ps $3
	}
	other empty "$programs/true"
	measure "$1" -n "$(rounds 15)" -k "$(some 25)" -P "$(sleeping 99)" run
	row "$1" "$2, 100 processes: CPU" us "$1.cpu_us" floor=empty goal='<= 0.5 procps'
	row "$1-wall" "$2, 100 processes: time" us "$1.wall_us" floor=empty goal='<= 0.5 procps'
}
choose pid '-p PID' '-p 2'
choose name '-C NAME' '-C measure'

# ---- Cost grows with the number of processes, and no faster: CPU for each. A namespace cannot have
# more processes than pid_max of the machine says, of which others need some.
most=$(cat /proc/sys/kernel/pid_max)
for n in 1000 5000 20000 100000; do
	if [ $((n + 1000)) -gt "$most" ]; then
		say "ps: no row for $n processes: pid_max is $most"
		continue
	fi
	n=$(some $n)
	use ef
	grep -e '^ours ' -e '^floor ' "$W/contenders" >"$W/two"
	mv "$W/two" "$W/contenders"
	measure "ef-$n" -n "$(rounds 9)" -k $((20000 / n + 1)) -P "$(sleeping "$n")" run
	row "ef-$n" "-ef, $n processes: CPU for each" us "ef-$n.cpu_us" per="$n"
	sed -n "s/^ef-$n\\.cpu_us ours //p" "$W/data" | while read -r round us; do
		echo "growth $n $round $(echo "$us $n" | awk '{ print $1 / $2 }')"
	done >"$W/growth"
	cat "$W/growth" >>"$W/data"
	largest=$n
done
row growth "-ef: for each of $largest, beside each of 1,000" us growth ours="$largest" floor="$(some 1000)" \
	goal="<= 1.10 $(some 1000)"

# ---- Memory and system calls. Where the order of all must be known a process may take 250 bytes.

# memory ID WORDS
memory() {
	fresh
	# shellcheck disable=SC2086 # words
	{
		other ours "$ps" $2
		peer procps ps $2
	}
	measure "$1-few" -n 1 -o -P "$(sleeping "$(some 1000)")" calls
	measure "$1" -n 1 -o -P "$(sleeping "$many")" calls
}
for format in comm ef aux; do
	memory "$format-calls" "$(name_of $format)"
	row "$format-peak" "$(name_of $format), 20,000 processes: most memory" kB "$format-calls.peak_kb" goal='< 1024'
	row "$format-calls" "$(name_of $format), 20,000 processes: for each" calls "$format-calls.calls" per="$many"
done
# ordered ID WORDS
ordered() {
	memory "$1" "$2"
	measure "$1" -n "$(rounds 3)" -P "$(sleeping "$many")" run
	row "$1-cpu" "$2, 20,000 processes: CPU for each" us "$1.cpu_us" per="$many"
	for label in ours procps; do
		few=$(sed -n "s/^$1-few\\.peak_kb $label 0 //p" "$W/data")
		all=$(sed -n "s/^$1\\.peak_kb $label 0 //p" "$W/data")
		[ -z "$few" ] || [ -z "$all" ] || datum "$1" $label $(((all - few) * 1024 / (many - $(some 1000))))
	done
	row "$1-peak" "$2, 20,000 processes: most memory" kB "$1.peak_kb"
	row "$1" "$2: memory for each process" bytes "$1" goal='<= 250'
}
ordered sort '-eo pid,ppid,comm --sort=-pid'
ordered sort-ef '-ef --sort=-ppid'
ordered forest '-ef --forest'
ordered sort-aux 'aux --sort=-rss'

# ---- Bytes. Those of busybox (HEAD, 2026) and of procps are such programs made with musl.
bytes() { if [ -s "$2" ]; then datum bytes "$1" "$(wc -c <"$2")"; fi; }
datum bytes busybox 79368
datum bytes procps 269176
bytes ours "$(build ps-only PS=y allnoconfig)"
bytes shipped "$(build ps-alone "$(without ps)")"
bytes all "$ps"
row bytes 'ps alone, allnoconfig' bytes bytes goal='< 1 busybox'
row bytes-shipped 'ps alone, as shipped' bytes bytes ours=shipped
row bytes-all 'the whole of pidbox' bytes bytes ours=all
