#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Measures our applets beside other programs and beside floors; nothing is asserted.
#
#   bench.sh [-d DIR] [NAME...]    the rows of DIR/NAME.sh, or of all there (tests/bench)
#
# Prints a table for each, last "N goals met, N missed", and writes $BUILD/bench.json: the rows of
# the NAMEs are replaced, others stay. Status 0: everything was measured, whatever came out; 1:
# something could not be measured, and was named on stderr.
#
# Environment: BUILD or O, the build directory (build), where `make bench` has made bench/measure and
# the other programs of tests/bench; PIDBOX, what is measured ($BUILD/pidbox); QUICK=1: one round of
# everything, and small numbers, to see that it works; AWK.
#
# A file of rows is shell, and says what is compared, measured and shown with these functions:
#
#   fresh                         forget the programs that were compared so far
#   peer LABEL WORD...            a program to compare with; it has a column of its own
#   other LABEL WORD...           one without: `ours`, `floor`, and what a row names
#   measure TAG [OPTION]... MODE [WORD]...
#                                 run them side by side; see tests/bench/measure.c. Its quantities
#                                 are then TAG.wall_us and so on
#   datum QUANTITY LABEL VALUE [ROUND]
#                                 a figure that came otherwise, in one round (0) or several
#   row ID FIGURE UNIT QUANTITY [KEY=VALUE]...
#                                 a line of the table, of the medians of the rounds. The keys:
#       ours=LABEL floor=LABEL    whose figures stand there, if not those of `ours` and `floor`
#       minus=LABEL               less those of LABEL, round by round; "*.x" is ours.x for ours, ...
#       per=N                     divided by N
#       goal='OP N [LABEL|peer]'  OP is <=, < or =; N times the figure of LABEL or of the best peer;
#                                 several, with "and" between them, must all be met
#   rounds N, some N              N, or with QUICK=1 a smaller number
#   applet NAME                   the path of our applet
#   build DIR [SET [CONFIG]]      the path of a program built with defconfig or CONFIG, and SET on top
#   without NAME...               a SET: all applets but these are off
#   needs SYMBOL...               those of the symbols of the configuration that exist
#
# A ratio is the median of the ratios of the rounds: in a round all had the same machine.
set -u
export LC_ALL=C

top=$(cd "$(dirname "$0")/.." && pwd)
rows=$top/tests/bench
while getopts d: option; do
	case $option in
	d) rows=$(cd "$OPTARG" && pwd) || exit 2 ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))

# A PID namespace takes a user namespace where we are not root.
[ "$(id -u)" = 0 ] || exec unshare --map-root-user sh "$top/scripts/bench.sh" -d "$rows" "$@"

BUILD=${BUILD:-${O:-build}}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
PIDBOX=${PIDBOX:-$BUILD/pidbox}
programs=$BUILD/bench
# Called by make: our own calls of it have a build directory and jobs of their own.
unset MAKEFLAGS MFLAGS MAKELEVEL O
QUICK=${QUICK:-}
cd "$top" || exit

W=$(mktemp -d "${TMPDIR:-/tmp}/pidbox-bench.XXXXXX") || exit
trap 'rm -rf "$W"' EXIT
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' HUP TERM

say() { printf 'bench: %s\n' "$*" >&2; }

# Something could not be measured.
trouble() {
	say "$*"
	: >"$W/trouble"
}

# ---- what a file of rows uses

rounds() { if [ -n "$QUICK" ]; then echo 1; else echo "$1"; fi; }
some() { if [ -n "$QUICK" ]; then echo $(($1 / 100 + 1)); else echo "$1"; fi; }

# Where a program is, also one that the shell has of its own.
path_of() {
	path=$PATH:
	case $1 in */*) path=: ;; esac
	while [ -n "$path" ]; do
		file=${path%%:*}
		file=${file:+$file/}$1
		path=${path#*:}
		if [ -f "$file" ] && [ -x "$file" ]; then
			echo "$file"
			return
		fi
	done
	return 1
}

fresh() { : >"$W/contenders"; }

other() {
	label=$1
	shift
	if [ $# -gt 0 ]; then
		program=$(path_of "$1") || {
			trouble "$label: there is no $1"
			return
		}
		shift
		set -- "$program" "$@"
	fi
	echo "$label $*" >>"$W/contenders"
}

peer() {
	grep -qx "$1" "$W/peers" || echo "$1" >>"$W/peers"
	other "$@"
}

measure() {
	tag=$1
	shift
	say "$name: $tag"
	"$programs/measure" -c "$W/contenders" "$@" >"$W/values" </dev/null || trouble "$name: $tag: see above"
	sed "s/^/$tag./" "$W/values" >>"$W/data"
}

datum() { echo "$1 $2 ${4:-0} $3" >>"$W/data"; }

row() {
	id=$1 figure=$2 unit=$3 quantity=$4
	shift 4
	ours=ours floor=floor minus='' per=1 goal=''
	for key; do
		case $key in
		ours=*) ours=${key#*=} ;;
		floor=*) floor=${key#*=} ;;
		minus=*) minus=${key#*=} ;;
		per=*) per=${key#*=} ;;
		goal=*) goal=${key#*=} ;;
		*) trouble "$name: $id: row knows no $key" ;;
		esac
	done
	FIGURE=$figure ${AWK:-awk} -v mode=row -v bench="$name" -v id="$id" -v unit="$unit" \
		-v quantity="$quantity" -v ours="$ours" -v floor="$floor" -v minus="$minus" -v per="$per" \
		-v goal="$goal" -v json="$W/json" -v cells="$W/cells" \
		-f scripts/bench.awk "$W/peers" "$W/data" || trouble "$name: $id: not measured"
}

applet() {
	mkdir -p "$programs/applet" && ln -sf "$PIDBOX" "$programs/applet/$1" && echo "$programs/applet/$1"
}

build() {
	say "$name: building $1"
	{
		make -s O="$programs/build/$1" "${3:-defconfig}" SET="${2:-}" &&
			make -s -j "$(getconf _NPROCESSORS_ONLN)" O="$programs/build/$1" CFLAGS="${4:-}"
	} >&2 || {
		trouble "$name: $1 does not build"
		rm -f "$programs/build/$1/pidbox"
	}
	echo "$programs/build/$1/pidbox"
}

without() {
	find applets -name '*.c' -exec sh scripts/applets.sh names {} + | while read -r one _; do
		case " $* " in
		*" $one "*) ;;
		*) echo "$one=n" | tr '[:lower:]' '[:upper:]' | sed 's/=N$/=n/' ;;
		esac
	done | tr '\n' ' '
}

needs() {
	for symbol; do
		if grep -qrE "^(//config:)?config $symbol\$" applets Config.in; then echo "$symbol"; fi
	done
}

# ---- one file, and all

json_string() { printf '%s' "$1" | sed 's/[\\"]/\\&/g; s/^/"/; s/$/"/'; }

one() {
	name=$1
	: >"$W/data"
	: >"$W/peers"
	: >"$W/cells"
	: >"$W/json"
	fresh
	read -r load _ </proc/loadavg
	. "$rows/$name.sh"
	cpus=$(getconf _NPROCESSORS_ONLN)
	version=$("$PIDBOX" --version | head -n 1)
	printf '%s: %s, Linux %s, %s CPUs, load %s before\n' "$name" "$version" "$(uname -r)" "$cpus" "$load"
	${AWK:-awk} -v mode=table -f scripts/bench.awk "$W/peers" "$W/cells"
	cat "$W/cells" >>"$W/all"
	mv "$W/json" "$programs/$name.rows"
	printf '{"bench":%s,"program":%s,"kernel":%s,"cpus":%s,"load":%s,"quick":%s}\n' "$(json_string "$name")" \
		"$(json_string "$version")" "$(json_string "$(uname -r)")" "$cpus" "$load" \
		"$(if [ -n "$QUICK" ]; then echo true; else echo false; fi)" >"$programs/$name.run"
}

# A comma behind every line but the last.
list() { cat "$@" | sed '$!s/$/,/'; }

[ $# -gt 0 ] || {
	for file in "$rows"/*.sh; do
		file=${file##*/}
		set -- "$@" "${file%.sh}"
	done
}
for name; do
	if [ ! -e "$rows/$name.sh" ]; then
		say "there is no $rows/$name.sh"
		exit 2
	fi
done
for program in "$programs/measure" "$PIDBOX"; do
	if [ ! -x "$program" ]; then
		say "there is no $program: run make bench"
		exit 2
	fi
done
: >"$W/all"
for name; do
	one "$name"
	echo
done
{
	printf '{"runs":[\n'
	list "$programs"/*.run
	printf '],"rows":[\n'
	list "$programs"/*.rows
	printf ']}\n'
} >"$BUILD/bench.json"
${AWK:-awk} -v mode=summary -f scripts/bench.awk /dev/null "$W/all"
[ ! -e "$W/trouble" ]
