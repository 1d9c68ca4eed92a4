# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# pgrep beside that of procps and of toybox, and beside the loop that reads the same files. See
# scripts/bench.sh, and ps.sh beside this file for how it is measured.

pgrep=$(applet pgrep)
"$(path_of pgrep)" --version 2>/dev/null | grep -q procps || trouble "pgrep is not that of procps"

many=$(some 5000)
sleeping() { echo $(($1 - 2)); }

# search ID TEXT FILES GOAL WORDS: counts those that sleep, which are called measure.
search() {
	fresh
	# shellcheck disable=SC2086 # words
	{
		other ours "$pgrep" -c $5
		peer procps pgrep -c $5
		peer toybox toybox pgrep -c $5
		other floor "$programs/floor-ps" $3
	}
	measure "pgrep-$1" -n "$(rounds 15)" -P "$(sleeping "$many")" run
	row "$1" "$2, $many processes: CPU for each" us "pgrep-$1.cpu_us" per="$many" goal="$4"
	measure "pgrep-$1-calls" -n 1 -o -P "$(sleeping "$many")" calls
	row "$1-calls" "$2, $many processes: for each" calls "pgrep-$1-calls.calls" per="$many"
}
search name 'NAME' stat '<= 1.10 floor and <= 0.3 procps' measure
search full '-f WORD' cmdline '<= 1.25 floor and <= 0.3 procps' '-f measure'
search regex 'an ERE' stat '<= 1.50 floor and <= 0.3 procps' '(m|w)easure$'
search user '-u USER NAME' 'owner stat' '<= 1.10 floor and <= 0.3 procps' '-u 0 measure'

# ---- Bytes of one alone.
for applet in pgrep pkill pidwait; do
	upper=$(echo "$applet" | tr a-z A-Z)
	file=$(build "$applet-only" "$upper=y" allnoconfig)
	if [ -s "$file" ]; then datum "bytes-$applet" ours "$(wc -c <"$file")"; fi
	row "bytes-$applet" "$applet alone, allnoconfig" bytes "bytes-$applet"
done
