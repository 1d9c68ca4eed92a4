#!/bin/sh
# SPDX-License-Identifier: 0BSD
# What the program costs, in bytes of the file and of what is loaded: whole, each applet alone (as
# shipped: defconfig with the others off), and the hardening switches. size.sh [BUILD_DIR]
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-build}/size
mkdir -p "$out"
cd "$top"
applets=$(sh scripts/applets.sh names applets/*.c applets/*/*.c | cut -d' ' -f1 | tr 'a-z' 'A-Z')

# row LABEL SET [CONFIG [CFLAGS]]: builds defconfig, or another, with SET on top, prints a line.
row() {
	make -s O="$out/tree" "${3:-defconfig}" SET="$2"
	make -s O="$out/tree" CFLAGS="${4:-}"
	set -- "$1" "$(wc -c <"$out/tree/pidbox")" "$(size "$out/tree/pidbox" | awk 'NR == 2 { print $1 + $2 }')"
	printf '%-34s %8d %8d\n' "$@"
}

printf '%-34s %8s %8s\n' program bytes loaded
row 'pidbox, as shipped' ''
for one in $applets; do
	others=
	for a in $applets; do
		[ "$a" = "$one" ] || others="$others $a=n"
	done
	row "$(echo "$one" | tr 'A-Z' 'a-z') alone, as shipped" "$others"
done
row 'pidbox without STATIC_PIE' 'STATIC_PIE=n'
row 'pidbox without STACK_PROTECTOR' 'STACK_PROTECTOR=n'
row 'pidbox with RELRO' 'RELRO=y'
row 'pidbox without all three' 'STATIC_PIE=n STACK_PROTECTOR=n RELRO=n'
row 'the same with LTO' 'STATIC_PIE=n STACK_PROTECTOR=n RELRO=n LTO=y'
machine='INIT=y INIT_SYSTEM=y INIT_PROC=y INIT_SYS=y INIT_DEV=y INIT_PTS=y INIT_RUN=y'
row 'init of a machine, no more' "$machine" allnoconfig
row 'the same with LTO and -Oz' "$machine LTO=y" allnoconfig -Oz
