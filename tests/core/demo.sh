# SPDX-License-Identifier: 0BSD
# The demo: what it claims is seen, and whatever ends it, it leaves nothing behind (for the latter the
# runner looks).
. "$(dirname "$0")/../lib.sh"

DEMO=$TOP/scripts/demo.sh
# A copy that other users reach. The program with sanitizers is not static: it cannot live in a root
# that holds nothing else.
STATIC=$T/pidbox
cp "$PIDBOX" "$STATIC"

testEveryClaimIsSeen() {
	run sh "$DEMO" "$STATIC"
	assertEquals "$out $err" 0 "$rc"
	assertEquals 'nothing is missing' 0 "$(grep -c 'NOT SEEN' "$T/out")"
	assertTrue 'there are claims' "[ $(grep -c '\[seen\]' "$T/out") -ge 29 ]"
	assertEquals '' "$err"
}

testAsAnOrdinaryUser() {
	cp "$DEMO" "$T/anyone/demo.sh"
	run as_user env TMPDIR="$T/anyone" sh "$T/anyone/demo.sh" "$STATIC"
	assertEquals "$out $err" 0 "$rc"
	assertEquals 'nothing is missing' 0 "$(grep -c 'NOT SEEN' "$T/out")"
	rm "$T/anyone/demo.sh"
}

# Whoever has seen enough closes the pipe; the namespaces must go all the same.
testClosedPipe() {
	mkfifo "$T/enough"
	sh "$DEMO" "$STATIC" >"$T/enough" 2>"$T/err" &
	demo=$!
	sed -n '/numbers$/q' "$T/enough"
	wait "$demo"
	assertEquals 'ended by the pipe' 141 $?
	# A namespace ends a moment after the unshare that it was told to end with.
	wait_for "! pgrep -f 'sleep 100000[0-9]' >/dev/null"
	rm "$T/enough"
}

# In a place without user namespaces it names what forbids them.
testForbidden() {
	cp "$DEMO" "$T/anyone/demo.sh"
	run as_user unshare -r sh -c 'echo 0 >/proc/sys/user/max_user_namespaces
		exec setpriv --inh-caps=-all --bounding-set=-all env TMPDIR="$1" sh "$1/demo.sh" "$2"' \
		sh "$T/anyone" "$STATIC"
	assertEquals "$out" 1 "$rc"
	like "$err" '*sysctl user.max_user_namespaces is 0*does not allow*' || fail "not named: $err"
	rm "$T/anyone/demo.sh"
}

. "${SHUNIT2:-shunit2}"
