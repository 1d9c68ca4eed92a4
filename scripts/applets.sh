#!/bin/sh
# SPDX-License-Identifier: 0BSD
# Lifts out of the applets' sources what the build needs of them.
#
#   applets.sh config FILE...          their //config: entries, for Config.in
#   applets.sh table CONFIG FILE...    the table of applets and aliases, C
#   applets.sh count CONFIG FILE...    how many are enabled, C
#   applets.sh version CONFIG FILE...  version, git id and features, C
#   applets.sh names FILE...           "NAME DIR" of every applet that exists
set -eu
export LC_ALL=C

VERSION=0.1

# "NAME DIR FILE ALIAS..." of each applet, sorted by name.
applets() {
	for f; do
		sed -n '
			s/^APPLET(\([a-z0-9_]*\),.*/\1/p
		' "$f" | while read -r name; do
			dir=$(sed -n 's,^//install:,,p' "$f")
			aliases=$(sed -n 's,^//alias:,,p' "$f" | tr '\n' ' ')
			echo "$name ${dir:-/usr/bin} $f $aliases"
		done
	done | sort
}

enabled() {
	config=$1
	shift
	applets "$@" | while read -r name rest; do
		symbol=$(echo "$name" | tr 'a-z' 'A-Z')
		if grep -q "^CONFIG_$symbol=y\$" "$config"; then echo "$name $rest"; fi
	done
}

table() {
	echo '/* Made by scripts/applets.sh from the APPLET() lines of the sources. */'
	echo '#include "table.h"'
	enabled "$@" | while read -r name _; do
		echo "extern const struct applet applet_$name;"
	done
	echo 'const struct table_row table_rows[] = {'
	enabled "$@" | while read -r name dir _ aliases; do
		for n in $name $aliases; do
			echo "	{ \"$n\", \"$dir\", &applet_$name },"
		done
	done | sort
	echo '	{ "", "", NULL },'
	echo '};'
}

count() {
	echo '/* Made by scripts/applets.sh. */'
	# shellcheck disable=SC2046 # names are words
	set -- $(enabled "$@" | cut -d' ' -f1)
	echo "#define TABLE_COUNT $#"
	if [ $# = 1 ]; then
		echo "extern const struct applet applet_$1;"
		echo "#define TABLE_SINGLE applet_$1"
	else
		echo '#define TABLE_SINGLE (*table_rows[0].applet)'
	fi
}

version() {
	config=$1
	shift
	# Of this tree's own repository only, and as long in a shallow clone as in a full one.
	id=
	if [ -e .git ] && id=$(git rev-parse --short=12 HEAD 2>/dev/null); then
		# status looks at contents where the times differ, as after a copy or chown.
		[ -z "$(git status --porcelain --untracked-files=no 2>/dev/null)" ] || id=$id-dirty
	fi
	names=" $(applets "$@" | cut -d' ' -f1 | tr 'a-z\n' 'A-Z ')"
	features=
	# shellcheck disable=SC2013 # symbols are words
	for symbol in $(sed -n 's/^CONFIG_\([A-Z0-9_]*\)=y$/\1/p' "$config"); do
		case $names in
		*" $symbol "*) ;;
		*) features="$features $(echo "$symbol" | tr 'A-Z_' 'a-z-')" ;;
		esac
	done
	echo '/* Made by scripts/applets.sh. */'
	echo "#define VERSION_NUMBER \"$VERSION\""
	echo "#define VERSION_GIT \"$id\""
	echo "#define VERSION \"$VERSION${id:+ ($id)}\""
	echo "#define VERSION_FEATURES \"$features\""
}

mode=$1
shift
case $mode in
config)
	for f; do
		if grep -q '^//config:' "$f"; then
			echo "# from $f"
			sed -n 's,^//config:,,p' "$f"
			echo
		fi
	done
	;;
names) applets "$@" | while read -r name dir _; do echo "$name $dir"; done ;;
table | count | version) $mode "$@" ;;
*)
	echo "applets.sh: unknown mode '$mode'" >&2
	exit 1
	;;
esac
