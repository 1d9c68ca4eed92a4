#!/bin/sh
# SPDX-License-Identifier: 0BSD
# init's command as another user, with fewer rights, elsewhere, in another environment; init itself
# stays what it was. What the numbers mean to the kernel is tested with core/cred and setpriv.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"

INIT=$BIN/init
export INIT

suite() { tests_of INIT_USER; }
not_container() { assert_run 1 '' "init: the role of a container's init is not built in" "$INIT" -- true; }
enabled INIT_CONTAINER || suite() { suite_addTest not_container; }

testNotBuiltIn() {
	assert_run 1 '' "*unrecognized option '--user'*" "$INIT" --user=1 -- true
}

# The ids of a process: real, effective, saved, file system; user, then group; its groups.
IDS='grep -E ^(Uid|Gid|Groups): /proc/self/status'

# ids UID GID GROUPS: the same lines as text.
ids() { printf 'Uid:\t%s\t%s\t%s\t%s\nGid:\t%s\t%s\t%s\t%s\nGroups:\t%s' "$1" "$1" "$1" "$1" "$2" "$2" "$2" "$2" "$3"; }

# leaves OPTIONS UID GID GROUPS: the command has these ids, as PID 1 and not.
leaves() {
	need_root || return 0
	for ns in '' in_ns; do
		# shellcheck disable=SC2086 # words
		assert_run 0 "$(ids "$2" "$3" "$4")?" '' $ns "$INIT" $1 -- $IDS
	done
}

testNumbers() {
	leaves '--user 65532:65533' 65532 65533 65533
	leaves '--user 4294967294:4294967294' 4294967294 4294967294 4294967294
	leaves '--user 1:2 --groups 5,6,5' 1 2 '2 5 6'
}

testNames() {
	leaves '--user nobody:daemon' "$(id -u nobody)" "$(id -g daemon)" "$(id -g daemon)"
	leaves '--user nobody' "$(id -u nobody)" "$(id -g nobody)" "$(id -g nobody)"
}

# In an image without /etc numbers are enough, and HOME is /.
testNoPasswd() {
	need_root && ! sanitized || return 0
	mkdir -p "$T/bare/proc"
	cp "$BIN/pidbox" "$T/bare/init"
	ln -sf init "$T/bare/env"
	assert_run 127 '' 'init: failed to execute /none: *' chroot "$T/bare" /init --user 7:8 -- /none
	assert_run 1 '' "init: unknown user 'nobody'" chroot "$T/bare" /init --user nobody -- /none
	assert_one_line
}

testWrongUsers() {
	for wrong in nosuchuser nobody:nosuchgroup -1 4294967295 4294967296 99999999999999999999 0x1 '' 1:2:3; do
		assert_run 1 '' 'init: *' "$INIT" --user "$wrong" -- true
		assert_one_line
	done
	for wrong in '' ',' '1,' nosuchgroup; do
		assert_run 1 '' 'init: *' "$INIT" --groups "$wrong" -- true
		assert_one_line
	done
	for wrong in nosuchcap chown,nosuchcap 64; do
		assert_run 1 '' 'init: *' "$INIT" --cap-drop "$wrong" -- true
		assert_one_line
		assert_run 1 '' 'init: *' "$INIT" --cap-add "$wrong" -- true
	done
}

# init stays root and can signal who has left; nor does it become unreadable.
testInitKeepsItsRights() {
	need_root || return 0
	background "$INIT" --user 65534:65534 -- "$PROBE" catch 1
	next_line || return
	assertEquals '0 0 0 0' "$(field Uid "$bg" | tr '\t' ' ')"
	assertEquals 65534 "$(field Uid "$(children "$bg" | tr -d ' ')" | cut -f1)"
	assertEquals "$(id -u)" "$(stat -c %u "/proc/$bg")"
	assertEquals "$(field CapEff)" "$(field CapEff "$bg")"
	"$PROBE" send "$bg" 15
	next_line
	like "$line" '15 *' || fail "got $line"
	ended 0
}

# Nor does it need CAP_KILL for that, which a hardened container does not have.
testInitSignalsWithoutCapKill() {
	need_root || return 0
	background setpriv --bounding-set -kill --inh-caps -kill "$INIT" --user 65534:65534 -- "$PROBE" catch 2
	next_line || return
	like "$(field CapEff "$bg")" '*df' || fail 'it has CAP_KILL'
	for sig in 15 10; do
		"$PROBE" send "$bg" "$sig"
		next_line || return
		like "$line" "$sig *" || fail "got $line"
	done
	ended 0
}

# Nor those whom the command leaves behind.
testInitEndsTheRestWithoutCapKill() {
	need_root && enabled INIT_STOP || return 0
	assert_run 3 '' '' in_ns setpriv --bounding-set -kill --inh-caps -kill \
		"$INIT" --user 65534:65534 --grace=15s -- sh -c '
		"$PROBE" catch 1 >"$0" &
		until grep -qsx ready "$0"; do "$PROBE" nop; done; exit 3' "$T/anyone/rest"
	assertEquals 'ready
15 0 0' "$(cat "$T/anyone/rest")"
	rm -f "$T/anyone/rest"
}

testCapabilities() {
	need_root || return 0
	run "$INIT" --user 65534:65534 --cap-add net_bind_service --cap-drop all -- \
		grep -E '^Cap(Prm|Eff|Bnd|Amb)' /proc/self/status
	assertEquals 4 "$(grep -c '0000000000000400$' "$T/out")"
	run "$INIT" --cap-drop all -- grep -E '^Cap(Prm|Eff|Bnd|Amb|Inh)' /proc/self/status
	assertEquals 5 "$(grep -c '0000000000000000$' "$T/out")"
	# nothing brings them back, not even a set-user-ID program
	cp "$(command -v setpriv)" "$T/anyone/become"
	chmod u+s "$T/anyone/become"
	assert_run 0 '*Uid:?65534?0?0?0*' '' "$INIT" --user 65534:65534 -- "$T/anyone/become" \
		grep Uid: /proc/self/status
	assert_run 0 'Uid:?65534?65534?65534?65534' '' "$INIT" --user 65534:65534 --no-new-privs -- \
		"$T/anyone/become" grep Uid: /proc/self/status
	rm "$T/anyone/become"
}

testDirectory() {
	assertEquals "$T" "$(cd / && "$INIT" --chdir "$T" -- pwd)"
	assert_run 1 '' "init: chdir to /no/such failed: $ENOENT" "$INIT" --chdir /no/such -- true
	assert_one_line
	# a relative command is looked for there
	printf '#!/bin/sh\necho here\n' >"$T/anyone/it"
	chmod +x "$T/anyone/it"
	assert_run 0 here '' "$INIT" --chdir "$T/anyone" -- ./it
	# one that only its owner may enter
	need_root || return 0
	mkdir -m 700 "$T/anyone/own"
	chown 65534 "$T/anyone/own"
	assert_run 0 "$T/anyone/own" '' "$INIT" --user 65534:65534 --chdir "$T/anyone/own" -- pwd
	rm -r "$T/anyone/own" "$T/anyone/it"
}

testUmask() {
	assert_run 0 0027 '' "$INIT" --umask 027 -- sh -c umask
	assert_run 0 0000 '' "$INIT" --umask 0 -- sh -c umask
	for wrong in 8 1000 77777 '' x -1; do
		assert_run 1 '' "init: --umask $wrong: *" "$INIT" --umask "$wrong" -- true
	done
}

testEnvironment() {
	assert_run 0 '' '' env A=1 "$INIT" --clear-env -- /usr/bin/env
	cat >"$T/vars" <<'END'
# a comment

A=1
B=two words
C=
A=last
TERM
NOT_SET
END
	printf '  \n\t# blanks before\n \tE=1\n  \r\nMAC=a\rb\r\n' >>"$T/vars"
	printf 'CR=x\r\nD=no newline at the end' >>"$T/vars"
	assert_run 0 'A=last
B=two words
C=
TERM=vt52
E=1
MAC=a?b
CR=x
D=no newline at the end' '' env TERM=vt52 "$INIT" --clear-env --env-file "$T/vars" -- /usr/bin/env
	assert_run 0 last '' env A=old "$INIT" --env-file "$T/vars" -- sh -c 'echo "$A"'
	assert_run 1 '' "init: --env-file $T/none: $ENOENT" "$INIT" --env-file "$T/none" -- true
	for wrong in '=x' 'A B=x' 'A B'; do
		printf '%s\n' "$wrong" >"$T/wrong"
		assert_run 1 '' "init: $T/wrong: '$wrong' is not of the form NAME=VALUE" \
			"$INIT" --env-file "$T/wrong" -- true
	done
}

# Of several variables of one name the first counts, with --user as without; it is the one that is replaced.
testEnvironmentWithDuplicates() {
	need_root || return 0
	for user in '' '--user 0:0'; do
		# shellcheck disable=SC2086 # words
		assert_run 0 'A=1
A=2
B=3
HOME=*' '' "$PROBE" vars A=1 A=2 B=3 HOME=x -- "$INIT" $user -- /usr/bin/env
	done
	echo A=new >"$T/vars"
	assert_run 0 'A=new
A=2' '' "$PROBE" vars A=1 A=2 -- "$INIT" --env-file "$T/vars" -- /usr/bin/env
	echo A >"$T/vars"
	assert_run 0 A=1 '' "$PROBE" vars A=1 A=2 -- "$INIT" --clear-env --env-file "$T/vars" -- \
		/usr/bin/env
}

testHome() {
	need_root || return 0
	assert_run 0 "$(getent passwd nobody | cut -d: -f6) nobody" '' \
		"$INIT" --user nobody -- sh -c 'echo "$HOME $USER"'
	assert_run 0 / '' "$INIT" --clear-env --user 54321:1 -- sh -c 'echo "$HOME$USER"'
}

# As an ordinary user nothing can be changed, which is said.
testWithoutRights() {
	need_root || return 0
	assert_run 1 '' "init: setgroups* failed: $EPERM*" as_user "$INIT" --user 1:1 -- true
	assert_one_line
	assert_run 0 0027 '' as_user "$INIT" --no-new-privs --umask 027 -- sh -c umask
}

. "${SHUNIT2:-shunit2}"
