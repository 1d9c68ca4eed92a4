# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# What the tests init-service*.sh share; to be read after probe.sh and init.sh.

# Services of the tests. $T/svc NAME [SIGNAL [CODE]] says "NAME up", and when it gets SIGNAL "NAME SIGNAL",
# and ends with CODE; $T/deaf NAME ignores TERM; $T/end CODE ends at once; $T/count FILE CODE adds a line;
# $T/says CMD... says "up" and becomes it.
if ! "${HOSTCC:-cc}" -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -o "$T/svc" "$HELPER/service.c"; then
	echo "$0: cannot compile service.c: run scripts/setup test" >&2
	exit 1
fi
cat >"$T/deaf" <<'END_OF_DEAF'
#!/bin/sh
trap '' TERM INT
echo "$1 up"
: >"$T/up-$1"
exec sleep 1000
END_OF_DEAF
cat >"$T/end" <<'END_OF_END'
#!/bin/sh
exit "$1"
END_OF_END
cat >"$T/count" <<'END_OF_COUNT'
#!/bin/sh
echo x >>"$1"
exit "$2"
END_OF_COUNT
printf '#!/bin/sh\necho up\nexec "$@"\n' >"$T/says"
chmod +x "$T/says" "$T/deaf" "$T/end" "$T/count"

TAB=$T/inittab
export TAB

# inittab LINE...: the file, which is never half of one.
inittab() { printf '%s\n' "$@" >"$TAB.new" && mv "$TAB.new" "$TAB"; }

# both RC OUT ERR ARGUMENT...: init with these as PID 1 and not.
both() {
	both_rc=$1 both_out=$2 both_err=$3
	shift 3
	assert_run "$both_rc" "$both_out" "$both_err" "$INIT" "$@"
	# shellcheck disable=SC2086 # words
	assert_run "$both_rc" "$both_out" "$both_err" $PID1 "$INIT" "$@"
}

# serve ns|'' ARGUMENT...: init in the background, as PID 1 or not; $up is its PID out here.
serve() {
	serve_ns=$1
	shift
	# shellcheck disable=SC2086 # words
	background ${serve_ns:+$PID1} "$INIT" "$@"
	up=$bg
	[ -z "$serve_ns" ] || { wait_for "[ -n \"\$(children $bg)\" ]" && up=$(children "$bg" | tr -d ' '); }
	wait_for "[ \"\$(cat /proc/$up/comm)\" = init ]"
}

# runs: "PID ARGUMENTS" of the children of init.
runs() {
	for child in $(children "$up"); do
		if words=$(tr '\0' ' ' <"/proc/$child/cmdline"); then echo "$child $words"; fi
	done 2>/dev/null
}

# find_service ARGUMENTS: the child of init that has these, once it has them, is $pid.
find_service() {
	wait_for "runs | grep -qx '[0-9]* $1 '" || return
	pid=$(runs | sed -n "s|^\\([0-9]*\\) $1 \$|\\1|p")
}

# expect LINE...: that these come next, in any order.
expect() {
	got=
	for _; do
		next_line || return
		got="$got$line
"
	done
	assertEquals "$(printf '%s\n' "$@" | sort)" "$(printf '%s' "$got" | sort)"
}

# counted FILE N: that the file has N lines.
counted() { assertEquals "$1" "$2" "$(wc -l <"$1" | tr -d ' ')"; }
