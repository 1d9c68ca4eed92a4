#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Makes the corpora of the fuzz entries, DIR/NAME/*, from tests/fuzz/seeds and the recorded trees.
#
#   tests/fuzz/corpus.sh DIR
set -eu

dir=$1
fuzz=$(cd "$(dirname "$0")" && pwd)
trees=$fuzz/../proc

for entry in "$fuzz"/*.c; do
	name=$(basename "$entry" .c)
	[ "$name" != driver ] || continue
	mkdir -p "$dir/$name"
	[ ! -d "$fuzz/seeds/$name" ] || cp "$fuzz/seeds/$name"/* "$dir/$name"
done

# take NAME FILE...: into the corpus, under a name made of the path.
take() {
	entry=$1
	shift
	for file; do
		to=${file#"$trees"/}
		cp "$file" "$dir/$entry/$(echo "$to" | tr / -)"
	done
}

take stat "$trees"/*/[0-9]*/stat
take status "$trees"/*/[0-9]*/status
take pidref "$trees"/*/[0-9]*/cgroup
take escape "$trees"/*/[0-9]*/comm "$trees"/*/[0-9]*/cmdline

# One file for each target of a link.
for link in "$trees"/*/[0-9]*/ns/*; do
	target=$(readlink "$link")
	printf %s "$target" >"$dir/ns/$(printf %s "$target" | tr -c 'a-z0-9\n' -)"
done
