#!/bin/sh
# SPDX-License-Identifier: 0BSD
# lsns: options and columns, byte for byte those of util-linux 2.38.1; and what is ours, or newer.
. "$(dirname "$0")/helper/lsns-scene.sh"
lsns=$BIN/lsns

oneTimeSetUp() { set_scene; }

# The 13 columns of util-linux.
COLUMNS_OF_PEER='NS TYPE PATH NPROCS PID PPID COMMAND UID USER NETNSID NSFS PNS ONS'
KINDS='mnt net ipc user pid uts cgroup time'

# ---- P20: as util-linux

testP20Options() {
	agrees 40 <<-END

		-l
		--list
		-n
		-l -n
		-lnuW
		-u
		--notruncate
		-W
		-r -l
		--raw --list
		-r -l -n
		-W -t net
		-r -l -t net
		-t net
		-t net -n
		-t net -t pid
		-t mnt -t uts -t ipc
		-t pid -t pid
		--type=net --type=mnt
		-tnet -p1
		-p 1
		-p $first
		--task $first
		-p $first -l
		-p $first -t net -W -n
		-p $deep -t user
		-p 999999
		--output-all
		--output-all -o nsfs,ns
		-o ns,type --output-all -T=process
		--output-all -l
		--output-all -W
		--output-all -r -l
		--output-all -n
		--output-all -p $first
		--output=ns,pid
		-lno ns
		-o Ns,pId,cOmMaNd
		-o ns,ns
		-o +ns
		-t net -o +ns,PNS,ONS
		-o pid,ppid,uid,user -l
		-o command,nsfs,pid
		-o nsfs,command
		-o nsfs,command,nsfs
	END
}

testP20Columns() {
	for column in $COLUMNS_OF_PEER; do
		for words in "-o $column" "-l -o $column" "-r -l -o $column" "-o +$column" \
			"-o COMMAND,$column" "-o $column,COMMAND -W" "-n -o NS,$column"
		do
			echo "$words"
		done
	done >"$T/words"
	agrees 90 <"$T/words"
}

testP20Kinds() {
	for kind in $KINDS; do
		for words in "" -l "-r -l" -W --output-all "-p $first" "-p $deep -o ns,pns,ons,nsfs"; do
			echo "-t $kind $words"
		done
	done >"$T/words"
	agrees 56 <"$T/words"
}

testP20Operand() {
	for inode in "$net" "$pid" "$uts"; do
		for words in '' -l '-r -l' -n -T -T=process -T=parent '-o NS,TYPE,NPROCS,PID,COMMAND' --output-all \
			'-o +UID' '-t net -l' '-t pid' '-t uts'
		do
			echo "$inode $words"
		done
	done >"$T/words"
	agrees 30 <"$T/words"
}

# A terminal cuts the command line, to no less than its header.
testP20Screens() {
	for screen in 200x50 80x24 60x24 40x24 30x24 12x5; do
		for words in '' -l -u -T '-t net' '-t net -W -l' '-o COMMAND,NS' '-o PATH,COMMAND,NS -l' \
			'-o COMMAND -l' '--output-all -l' "$net"
		do
			echo "@tty $screen $words"
		done
	done >"$T/words"
	agrees 60 <"$T/words"
}

# ours ARG...: $rc and $out. Nothing on stderr.
ours() {
	run "$lsns" "$@"
	assertEquals "stderr of lsns $*" '' "$err"
}

testP20Json() {
	enabled JSON || return 0
	can_compare || return 0
	while read -r words; do
		# shellcheck disable=SC2086 # they are words
		ours -J $words
		jq -S . "$T/out" >"$T/ours" || fail "not JSON: $out"
		# shellcheck disable=SC2086 # they are words
		"$peer" -J -l $words >"$T/raw"
		jq -S . "$T/raw" >"$T/theirs"
		cmp -s "$T/theirs" "$T/ours" || fail "lsns -J $words: $(diff "$T/theirs" "$T/ours")"
	done <<-END

		-l
		-t net
		-t net -W
		--output-all
		--output-all -t user
		-o nsfs
		-p 999999
		-p $first
		$net
		$pid -o ns,pid,pns
		-n -o uid,netnsid
	END
}

testP20JsonTypes() {
	enabled JSON || return 0
	ours -J --output-all -t net
	assertEquals 'number string string number number number string number string string null number number' \
		"$(jq -r '.namespaces[0] | [.ns, .type, .path, .nprocs, .pid, .ppid, .command, .uid, .user, .netnsid,
			.nsfs, .pns, .ons] | map(type) | join(" ")' "$T/out")"
	ours -J -t user -p 1 -o pns,ons,netnsid,nsfs
	assertEquals '{"namespaces":[{"pns":0,"ons":0,"netnsid":null,"nsfs":null}]}' "$(jq -c . "$T/out")"
	ours -J -p 999999
	assertEquals '{"namespaces":[]}' "$(jq -c . "$T/out")"
}

# A network namespace has a number in ours when somebody gave it one.
testP20NetnsId() {
	if ! enabled JSON || ! enabled LSNS_FILTER; then return; fi
	can_compare || return 0
	command -v ip >/dev/null || { skip_because 'no ip'; return; }
	mount -t tmpfs none /run || { skip_because 'no /run'; return; }
	mkdir /run/netns
	: >/run/netns/a
	mount --bind "/proc/$first/ns/net" /run/netns/a
	if ip netns set a 7; then
		for words in '-l -t net -o NS,NETNSID' '-l -r -t net -o NETNSID' '-J -l -t net -o ns,netnsid'; do
			# shellcheck disable=SC2086 # they are words
			assertEquals "$words" "$("$peer" $words)" "$("$lsns" $words)"
		done
		ours -n -r -t net -o NETNSID -Q "ns == $net"
		assertEquals 7 "$out"
	else
		fail 'ip netns set'
	fi
	umount /run/netns/a /run
}

testP20Messages() {
	agrees 13 <<-END
		-o bogus
		-o ns,bogus
		-o +bogus
		-t bogus
		-t pid,mnt
		-T=bogus
		--tree=bogus
		123
		abc
		$net -t pid
		$net -p 1
		-p abc
		-p ""
	END
	assert_run 1 '' 'lsns: unknown column: bogus' "$lsns" -o bogus
	assert_run 1 '' 'lsns: unknown namespace type: bogus' "$lsns" -t bogus
	assert_run 1 '' 'lsns: unknown namespace type: pid,mnt' "$lsns" -t pid,mnt
	assert_run 1 '' 'lsns: unknown tree type: bogus' "$lsns" -T=bogus
	assert_run 1 '' 'lsns: unknown tree type: bogus' "$lsns" --tree=bogus
	assert_run 1 '' 'lsns: not found namespace: 123' "$lsns" 123
	assert_run 1 '' "lsns: not found namespace: $net" "$lsns" "$net" -t pid
	assert_run 1 '' "lsns: invalid namespace argument: 'abc'" "$lsns" abc
	assert_run 1 '' "lsns: invalid namespace argument: '-1'" "$lsns" -- -1
	assert_run 1 '' "lsns: invalid namespace argument: '99999999999999999999'" "$lsns" 99999999999999999999
	assert_run 1 '' "lsns: invalid PID argument: 'abc'" "$lsns" -p abc
	assert_run 1 '' "lsns: invalid PID argument: ''" "$lsns" -p ''
	! enabled JSON ||
		assert_run 1 "" "lsns: options --json and --raw cannot be combined" "$lsns" -r -J
	assert_run 1 '' 'lsns: options --list and --tree cannot be combined' "$lsns" -l -T
	if enabled LSNS_HOLDERS; then
		assert_run 1 '' 'lsns: options --persistent and --task cannot be combined' "$lsns" -P -p 1
		assert_run 1 '' 'lsns: --persistent is mutually exclusive with <namespace>' "$lsns" "$net" -P
	fi
	assert_run 1 '' 'lsns: --task is mutually exclusive with <namespace>' "$lsns" "$net" -p 1
	assert_run 1 '' "lsns: extra operand '7'
Try 'lsns --help' for more information." "$lsns" "$net" 7
	for words in --bogus -p -t -o -Z; do
		assert_run 1 '' "lsns: *
Try 'lsns --help' for more information." "$lsns" $words
	done
}

# ---- newer than 2.38.1

testP20ListColumns() {
	ours -H
	assertEquals 'HOLDER  TYPE     DESCRIPTION' "$(head -n 1 "$T/out")"
	assertEquals "$COLUMNS_OF_PEER NSID HOLDER INIT NSPID" \
		"$(sed 1d "$T/out" | cut -d ' ' -f 1 | xargs)"
	assertEquals '<number> <string> <string> <number>' \
		"$(sed 1d "$T/out" | awk '{ print $2 }' | head -n 4 | xargs)"
	whole=$out
	ours --list-columns
	assertEquals "$whole" "$out"
	ours -H -r
	assertEquals 'HOLDER TYPE DESCRIPTION' "$(head -n 1 "$T/out")"
	! enabled HELP || assertEquals "three words a line" 3 "$(awk '{ print NF }' "$T/out" | sort -u | head -c 1)"
	ours -H -n
	like "$out" 'NS *' || fail "$out"
	enabled JSON || return 0
	ours -H -J
	assertEquals '["description","holder","type"] 17 NS <number>' "$(jq -r '."lsns-columns" |
		"\(.[0] | keys | tostring) \(length) \(.[0].holder) \(.[0].type)"' "$T/out")"
}

# Only what nobody is in; the rest of the line is of who made it.
testP20Persistent() {
	enabled LSNS_HOLDERS || return 0
	: >"$places/nobody"
	$new --uts="$places/nobody" true
	ours -P -o NS,TYPE,NPROCS,PID,PPID,COMMAND,USER,HOLDER,NSFS,PATH
	nobody=$(stat -L -c %i "$places/nobody")
	assertEquals "$nobody uts 0 $(id -un) mount $places/nobody $places/nobody" "$(sed 1d "$T/out" | xargs)"
	ours -r -n -P -o NS,NPROCS,PID,PPID,COMMAND,NETNSID
	assertEquals "$nobody 0    " "$out"
	ours --persistent -t net
	assertEquals '' "$out"
	ours -n -o NS -t uts
	like "$out" "*$nobody*" || fail "it is not listed without -P: $out"
	enabled JSON || return 0
	ours -J -P -o ns,pid,ppid,command,netnsid,nsfs
	assertEquals "[$nobody,null,null,null,null,\"$places/nobody\"]" \
		"$(jq -c '.namespaces[0] | [.ns, .pid, .ppid, .command, .netnsid, .nsfs]' "$T/out")"
	umount "$places/nobody"
}

# B29: JSON is flat and complete, whatever is said of trees; raw lines hold no drawing.
testB29JsonIsFlat() {
	enabled JSON || return 0
	ours -J
	ours_flat=$out
	ours -J -T=process
	assertEquals "$ours_flat" "$out"
	ours -r -n -o ns
	assertEquals "$(cat "$T/out")" "$(printf '%s\n' "$ours_flat" | jq '.namespaces[].ns')"
	assertEquals 0 "$(printf '%s\n' "$ours_flat" | jq '[.. | objects | select(has("children"))] | length')"
	ours -J -T -o ns,type
	assertEquals 'sorted, each once' true "$(jq '[.namespaces[].ns] | . == unique' "$T/out")"
	[ "$(jq '.namespaces | length' "$T/out")" -gt "$(printf '%s\n' "$ours_flat" | jq '.namespaces | length')" ] ||
		fail 'owners that nobody is in are missing'
}

testB29RawHoldsNoDrawing() {
	for words in -r '-r -T=process' '-r -t net' "-r $net"; do
		# shellcheck disable=SC2086 # they are words
		LC_ALL=C.UTF-8 ours $words
		case $out in
		*'\xe2\x94'* | *'`-'* | *'|-'*) fail "lsns $words: $out" ;;
		esac
	done
	ours -r
	flat=$out
	ours -r -l
	assertEquals "$flat" "$out"
	ours -r -n -t cgroup -o COMMAND -p "$other"
	assertEquals 'sh\x20-c\x20sleep\x20"1007";\x20echo\x20"x\x5c\x5cy"' "$out"
}

# B28: who keeps it, and the init of a PID namespace.
testB28HolderAndInit() {
	enabled LSNS_HOLDERS || return 0
	ours -r -n -o NS,HOLDER -t net -Q "ns == $net"
	assertEquals "$net process,mount" "$out"
	inner=$(pgrep -x -f 'sleep 1004')
	ours -r -n -o PID,INIT,NSPID -t pid -p "$inner"
	assertEquals "$inner $inner $inner,$(sed -n 's/^NSpid:[[:space:]]*[0-9]*[[:space:]]*//p' \
		"/proc/$inner/status" | tr '\t' ',')" "$out"
	ours -r -n -o INIT,NSPID -t net -p 1
	assertEquals ' ' "$out"
	sleep 1100 9</proc/self/ns/uts &
	$new --net sh -c 'exec 8</proc/self/ns/net; exec nsenter --net=/proc/1/ns/net sleep 1101' &
	holder=$!
	sleepers 10
	ours -r -n -o TYPE,HOLDER,PATH -P
	assertEquals "net fd\\x20$holder/8 /proc/$holder/fd/8" "$out"
	kill -KILL "$holder" $!
	wait "$holder" 2>/dev/null
	return 0
}

# A filter may ask for columns that are not shown.
testFilterOfColumnsThatAreNotShown() {
	enabled LSNS_FILTER || return 0
	ours -n -o type -Q "ns == $net"
	assertEquals net "$out"
}

. "${SHUNIT2:-shunit2}"
