# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# For the tests that have procps's ps, $procps, beside ours; to be read after lib.sh.

procps=$(command -v ps)
if ! "$procps" --version 2>/dev/null | grep -q procps; then
	echo "$0: ps is not procps's: run scripts/setup test, or install procps" >&2
	exit 1
fi
unset COLUMNS LINES PS_FORMAT PS_PERSONALITY CMD_ENV
