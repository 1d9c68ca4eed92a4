#!/bin/sh
# SPDX-License-Identifier: 0BSD
# The documents that come from the sources: manual pages and the table of applets in README.md.
#
#   docs.sh OUTDIR              writes OUTDIR/*.1 and, where it differs, README.md
#   docs.sh --check [OUTDIR]    writes neither; names what is out of date, exit status 1
set -eu
export LC_ALL=C

# The day of the release that applets.sh names: pages carry it, since today's would change them.
RELEASED='November 22, 2026'

cd "$(dirname "$0")/.."
version=$(sed -n 's/^VERSION=//p' scripts/applets.sh)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/docs.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

docs() {
	mode=$1
	shift
	# shellcheck disable=SC2086 # AWK may be two words
	find applets -name '*.c' -exec ${AWK:-awk} -v mode="$mode" -v date="$RELEASED" \
		-v version="$version" "$@" \
		-f scripts/c.awk -f scripts/docs.awk -f scripts/mdoc.awk {} +
}

# README.md with a new table between its markers, which must stand there once and in this order.
readme() {
	${AWK:-awk} -v table="$tmp/table" '
		!inside { print }
		/^<!-- applets:begin -->$/ && !begun {
			begun = inside = 1
			print ""
			while ((getline row <table) > 0)
				print row
			print ""
		}
		/^<!-- applets:end -->$/ && inside {
			inside = 0
			ended = 1
			print
		}
		END { exit !ended }
	' README.md || {
		echo "README.md: no lines '<!-- applets:begin -->' and '<!-- applets:end -->'" >&2
		return 1
	}
}

make_all() {
	mkdir "$tmp/man"
	docs man -v dir="$tmp/man"
	docs main >"$tmp/man/pidbox.1"
	docs table >"$tmp/table"
	readme >"$tmp/README.md"
}

check() {
	status=0
	if ! cmp -s "$tmp/README.md" README.md; then
		echo 'README.md: the table of applets is out of date: run make docs' >&2
		status=1
	fi
	for page in ${1:+"$tmp"/man/*.1}; do
		if ! cmp -s "$page" "$1/${page##*/}"; then
			echo "$1/${page##*/}: out of date: run make docs" >&2
			status=1
		fi
	done
	return $status
}

write() {
	mkdir -p "$1"
	for page in "$tmp"/man/*.1; do
		cmp -s "$page" "$1/${page##*/}" || cp "$page" "$1"
	done
	cmp -s "$tmp/README.md" README.md || cat "$tmp/README.md" >README.md
}

case ${1-} in
--check)
	make_all
	check "${2-}"
	;;
'' | -*)
	echo 'usage: docs.sh OUTDIR | docs.sh --check [OUTDIR]' >&2
	exit 1
	;;
*)
	make_all
	write "$1"
	;;
esac
