# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# Outputs that nobody reads for a while: $CLOG (clog.c); to be read after probe.sh.

CLOG=$T/clog
if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -pthread -o "$CLOG" "$HELPER/clog.c"; then
	echo "$0: cannot compile clog.c: run scripts/setup test" >&2
	exit 1
fi
export CLOG

# clogged KIND FD CMD...: in the background, with FD to such an output, which ends up in $T/read.
clogged() {
	rm -f "$T/go" "$T/read"
	mkfifo "$T/go"
	clogged_kind=$1 clogged_fd=$2
	shift 2
	background "$CLOG" out "$clogged_kind" "$clogged_fd" "$T/go" "$T/read" "$@"
}

# unclog: it is read now; returns when all that was in it has been.
unclog() {
	echo >"$T/go"
	until next_line && [ "$line" = drained ]; do
		[ -n "$line" ] || return 1
	done
}

# events FILE: the lines of a text log, without their heads.
events() { tr -d '\r' <"$1" | sed -n 's/^[a-z-]*\[[0-9]*\] +[0-9]*\.[0-9]* //p'; }

# lost FILE: the sum of the lines that it says were lost.
lost() { events "$1" | awk '/^lost lines=/ { sub(/.*=/, ""); n += $0 } END { print n + 0 }'; }

# whole FILE: whether each of its lines is one of the log, and there is nothing else.
whole() {
	tr -d '\r' <"$1" >"$1.whole"
	[ "$(tail -c 1 "$1.whole" | tr '\n' n)" = n ] &&
		! grep -Evn '^[a-z-]+\[[0-9]+\] \+[0-9]+\.[0-9]{3} [a-z-]+( [a-z_]+=.*)?$' "$1.whole"
}
