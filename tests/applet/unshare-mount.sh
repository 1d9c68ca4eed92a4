#!/bin/sh
# SPDX-License-Identifier: 0BSD
# unshare: mounts: what gets out of the new mount namespace, also in a chroot; /proc, binfmt_misc.
# shellcheck disable=SC2016,SC2086,SC2089,SC2090 # scripts are expanded by other shells; options are words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/unshare.sh"
UNSHARE=$BIN/unshare
export UNSHARE MOUNTED

# A host whose / is shared, as systemd's is: `host sh -c ...`. What it prints first is $out.
host() { private sh -c 'mount -n --make-rshared / && exec "$@"' sh "$@"; }

mkdir -p "$T/m" "$T/n" "$T/dir"

# ---- propagation

# S28: / and all below it are made private at first.
testS28NothingGetsOutOfASharedRoot() {
	need_root || return 0
	for options in -m --mount '--mount-proc' '-m --propagation=private' '-m --propagation slave' \
		'-m -f' '-mpf --mount-proc' '-r -m'; do
		assert_run 0 '0 outside' '' host sh -c '
			"$UNSHARE" '"$options"' mount -n -t tmpfs none "$1" || exit
			echo $(grep -c " $1 " /proc/self/mountinfo) outside' sh "$T/m"
	done
}

testP6SharedMountsGetOut() {
	need_root || return 0
	for options in '-m --propagation=shared' '-m --propagation unchanged' '-mf --prop shared'; do
		assert_run 0 '1 outside' '' host sh -c '
			"$UNSHARE" '"$options"' mount -n -t tmpfs none "$1" || exit
			echo $(grep -c " $1 " /proc/self/mountinfo) outside' sh "$T/m"
	done
}

# A slave sees what is mounted outside afterwards, a private namespace does not.
testP6SlaveGetsWhatIsMountedOutside() {
	need_root || return 0
	mkfifo "$T/ready" "$T/go"
	for word in slave shared unchanged private; do
		case $word in
		private) want=0 ;;
		*) want=1 ;;
		esac
		assert_run 0 "$want inside" '' host sh -c '
			"$UNSHARE" -m --propagation=$2 sh -c "
				echo >$3/ready; read -r _ <$3/go
				echo \$(grep -c \" $1 \" /proc/self/mountinfo) inside" &
			read -r _ <"$3/ready"
			mount -n -t tmpfs none "$1"
			echo >"$3/go"
			wait $!' sh "$T/m" "$word" "$T"
	done
}

# Also what is mounted below /: recursively.
testP6Recursively() {
	need_root || return 0
	while read -r word tag; do
		[ "$tag" != none ] || tag=
		assert_run 0 "tmpfs*$tag/" '' host sh -c '
			mount -n -t tmpfs none "$1" &&
			"$UNSHARE" -m --propagation=$2 sh -c "$MOUNTED mounted $1 | sed s,\$,/,"' \
			sh "$T/m" "$word"
		case $word in
		private) like "$out" '*shared*' && fail "$out" ;;
		slave) like "$out" '*shared*' && fail "$out" ;;
		esac
	done <<-END
		private none
		slave master
		shared shared
		unchanged shared
	END
}

# A command: what mountinfo says of the propagation of $1/m, "" for private.
PROPAGATION='sed -n "s,^[^ ]* [^ ]* [^ ]* [^ ]* $1/m [^ ]* \(.*\)- .*,\1,p" /proc/self/mountinfo'

testPropagation() {
	need_root || return 0
	while read -r word shared private; do
		for type in shared private; do
			eval "want=\$$type"
			# What is mounted below it inside is seen outside where they are peers.
			case $word-$type in
			shared-shared | unchanged-shared) seen=yes ;;
			*) seen=no ;;
			esac
			[ "$word" = default ] && option='' || option=--propagation=$word
			run unshare -m sh -c '
				mount -n -t tmpfs none "$1/m" && mount -n --make-'"$type"' "$1/m" &&
					mkdir "$1/m/x" && [ -n "'"$option"'" ] || set -- "$1" ""
				"$0" -m '"$option"' sh -c '"'$PROPAGATION; "'mount -n -t tmpfs none "$1/m/x"'"'"' \
					sh "$1" || exit
				grep -q "$1/m/x " /proc/self/mountinfo && echo seen=yes || echo seen=no' \
				"$UNSHARE" "$T"
			got=$(echo "$out" | sed 's/:[0-9]*//g; s/^ *$/none/; s/ $//' | tr '\n' ' ')
			assertEquals "$word of $type: $err" "$want seen=$seen " "$got"
		done
	done <<-END
		private none none
		default none none
		slave master none
		shared shared shared
		unchanged shared none
	END
	assert_run 1 '' 'unshare: unsupported propagation mode: odd' "$UNSHARE" -m --propagation odd true
}

testPropagationWithoutAMountNamespace() {
	need_root || return 0
	for word in private slave unchanged; do
		assert_run 0 '*shared' '' host sh -c '
			"$UNSHARE" --propagation '$word' true; sh -c "$MOUNTED mounted /"'
	done
	assert_run 1 '' 'unshare: unsupported propagation mode: odd' "$UNSHARE" --propagation=odd true
	same --propagation=odd true
	same --propagation= true
	same --propagation PRIVATE true
}

# ---- in a chroot

# A directory of a shared mount, with a static program and nothing else. $1 is the mount.
CHROOT='
	mount -n -t tmpfs none "$1" && mount -n --make-shared "$1" && mkdir "$1/root" || exit
	mkdir "$1/root/sub" "$1/root/mnt" "$1/root/proc" "$1/root/deep"
	cp "$(command -v busybox)" "$1/root/busybox"
	cp "$UNSHARE" "$1/root/unshare"
	before=$(wc -l </proc/self/mountinfo)
	leaked() { [ "$(wc -l </proc/self/mountinfo)" = $before ] || cat /proc/self/mountinfo; }
'

# util-linux: "cannot change root filesystem propagation: Invalid argument".
testB12InAChrootOnAPlainDirectory() {
	need_root || return 0
	sanitized && return 0
	for options in '-m' '-m --propagation slave' '-m --propagation private' '-mf' '-mpf' \
		'-m --propagation shared'; do
		assert_run 0 'none /mnt tmpfs
/sub
busybox' '' private sh -c "$CHROOT"'
			chroot "$1/root" /busybox sh -c "
				cd /sub && exec /unshare '"$options"' /busybox sh -c \"
					/busybox mount -n -t tmpfs none /mnt
					/busybox mount -n -t proc proc /proc
					/busybox grep \\\"^none \\\" /proc/mounts | /busybox cut -d\\\" \\\" -f1-3
					/busybox pwd; /busybox ls / | /busybox head -n 1\""
			case "'"$options"'" in
			*shared) ;;
			*) leaked ;;
			esac' sh "$T/m"
	done
}

testB12WithAnInit() {
	need_root || return 0
	sanitized && return 0
	enabled UNSHARE_INIT || return 0
	assert_run 3 '/sub' '' private sh -c "$CHROOT"'
		chroot "$1/root" /busybox sh -c "
			cd /sub && exec /unshare --init --mount-proc /busybox sh -c \"
				[ -e /proc/self/status ] && /busybox pwd; exit 3\""
		rc=$?; leaked; exit $rc' sh "$T/m"
}

# It is still a chroot: nothing above it can be reached, and what -R and -w say is meant below it.
testB12StaysInside() {
	need_root || return 0
	sanitized && return 0
	assert_run 0 'busybox
/
../../../sub' '' private sh -c "$CHROOT"'
		chroot "$1/root" /unshare -m /busybox sh -c "
			cd ../../..; /busybox ls -d busybox; /busybox pwd; /busybox ls -d ../../../sub"' \
		sh "$T/m"
	assert_run 0 '/
only' '' private sh -c "$CHROOT"'
		: >"$1/root/deep/only"; cp "$1/root/busybox" "$1/root/deep/"
		chroot "$1/root" /unshare -m -R /deep /busybox sh -c "/busybox pwd; /busybox ls | /busybox grep only"' \
		sh "$T/m"
	# unchanged needs nothing of it.
	assert_run 0 '' '' private sh -c "$CHROOT"'
		chroot "$1/root" /unshare -m --propagation unchanged /busybox true; leaked' sh "$T/m"
}

# The same where / is a mount point, of whatever propagation.
testB12ChrootOnAMountPoint() {
	need_root || return 0
	sanitized && return 0
	for type in private shared slave; do
		assert_run 0 /sub '' private sh -c "$CHROOT"'
			mount -n --bind "$1/root" "$1/root" && mount -n --make-'$type' "$1/root"
			before=$(wc -l </proc/self/mountinfo)
			chroot "$1/root" /busybox sh -c "cd /sub && exec /unshare -m /busybox sh -c \"
				/busybox mount -n -t tmpfs none /mnt; /busybox pwd\""; leaked' sh "$T/m"
	done
}

# ---- --mount-proc

testP7Proc() {
	need_root || return 0
	for options in '-pf' '-pf -m' '-mpf --propagation slave' '-rpf' '-pf -S 65534'; do
		assert_run 0 1 '' "$UNSHARE" $options --mount-proc readlink /proc/self
		assert_run 0 1 '' "$UNSHARE" $options --mount-proc="$T/dir" readlink "$T/dir/self"
		assert_run 0 'proc rw,nosuid,nodev,noexec,relatime' '' "$UNSHARE" $options \
			--mount-proc="$T/dir" sh -c "$MOUNTED"'mounted "$1"' sh "$T/dir"
		assert_run 0 'proc rw,nosuid,nodev,noexec,relatime' '' "$UNSHARE" $options \
			--mount-proc sh -c "$MOUNTED"'mounted /proc'
	done
	# Over what is mounted there already.
	assert_run 0 1 '' private sh -c 'mount -n -t tmpfs none "$1" &&
		"$UNSHARE" -pf --mount-proc="$1" readlink "$1/self"' sh "$T/dir"
	assertNotEquals 'it implies -m' "$(readlink /proc/self/ns/mnt)" \
		"$("$UNSHARE" --mount-proc readlink /proc/self/ns/mnt)"
}

# S30: without -f it is the proc of the old PID namespace, in which this process still is.
testS30ProcWithoutFork() {
	need_root || return 0
	assert_run 0 yes '' "$UNSHARE" -p --mount-proc sh -c "test -e /proc/$$/status && echo yes; exit"
	assert_run 0 Name '' "$UNSHARE" -p --mount-proc grep -o -m 1 Name "/proc/$$/status"
}

# S31: it does not get out over a mount, whatever the propagation is. (On a plain directory of a shared
# mount it does, as other mounts do then.)
testS31ProcDoesNotGetOut() {
	need_root || return 0
	for word in shared unchanged slave private; do
		for dir in '' "=$T/dir" "=$T/n"; do
			case $word$dir in
			[su][hn]*"$T/dir") continue ;;
			esac
			assert_run 0 same '' host sh -c '
				mount -n -t tmpfs none "$1" || exit
				before=$(wc -l </proc/self/mountinfo)
				"$UNSHARE" -pf --propagation='$word' --mount-proc$2 true || exit
				[ "$(wc -l </proc/self/mountinfo)" = "$before" ] && echo same ||
					cat /proc/self/mountinfo' sh "$T/n" "$dir"
		done
	done
}

# S32: where something is mounted over a part of /proc, as container runtimes do, the kernel wants
# no new one in a user namespace. Real root may.
testS32MaskedProc() {
	need_root || return 0
	for mask in /proc/meminfo /proc/sys; do
		case $mask in
		*/sys) how='mount -n --bind /proc/sys /proc/sys' ;;
		*) how="mount -n --bind /dev/null $mask" ;;
		esac
		assert_run 1 '' "unshare: mount /proc failed: $EPERM$(hinted '*mask*')" private sh -c "$how &&"'
			exec setpriv --reuid 65534 --regid 65534 --clear-groups "$UNSHARE" -rpf --mount-proc true'
		assert_one_line
		assert_run 0 1 '' private sh -c "$how &&"'
			exec "$UNSHARE" -pf --mount-proc readlink /proc/self'
	done
}

testMountProcInARoot() {
	need_root || return 0
	assert_run 0 1 '' "$UNSHARE" -fp -R "$T/root" --mount-proc /busybox readlink /proc/self
	assertEquals 'not mounted outside' '' "$(ls "$T/root/proc")"
	# Where the mounts of the new namespace are shared with the old one, proc is not.
	assert_run 0 same '' unshare -m --propagation shared sh -c '
		mount -n -t tmpfs none "$1/dir" && before=$(wc -l </proc/self/mountinfo)
		"$0" -fp --propagation unchanged --mount-proc true || exit
		"$0" -fp --propagation shared --mount-proc="$1/dir" true || exit
		[ "$(wc -l </proc/self/mountinfo)" = "$before" ] && echo same' "$UNSHARE" "$T"
}

testProcCannotBeMounted() {
	need_root || return 0
	for options in '' -f '-pf'; do
		same $options --mount-proc="$T/none" true
		same $options --mount-proc= true
		same $options --mount-proc="$T/bin/pidbox" true
		assert_run 1 '' "unshare: mount $T/none failed: $ENOENT*" \
			"$UNSHARE" $options --mount-proc="$T/none" echo wrong
		assert_one_line
	done
}

# ---- binfmt_misc

# Whether this kernel has one for each user namespace (Linux 6.7).
has_binfmt() {
	unshare -rpfm --mount-proc mount -n -t binfmt_misc none /proc/sys/fs/binfmt_misc 2>/dev/null
}
need_binfmt() {
	enabled UNSHARE_BINFMT || return
	has_binfmt && return
	# What is said where it has none.
	assert_run 1 '' 'unshare: mount /proc/sys/fs/binfmt_misc failed: *' \
		as_user "$UNSHARE" -rpf --mount-binfmt true
	assert_one_line
	return 1
}

# An interpreter that prints what it is given: the file, and its arguments.
mkdir -p "$T/anyone/interp" "$T/root/proc"
cp "$(command -v busybox)" "$T/anyone/interp/echo"
cp "$(command -v busybox)" "$T/root/busybox"
chmod 755 "$T" "$T/root"
echo anything >"$T/anyone/word.pbx"
cp "$T/anyone/word.pbx" "$T/root/word.pbx"
chmod 755 "$T/anyone/word.pbx" "$T/root/word.pbx"
cat >"$T/root/inner" <<'END'
#!/busybox sh
echo inside: "$@"
END
chmod 755 "$T/root/inner"
RULE=":pidbox:E::pbx::$T/anyone/interp/echo:"

testMountBinfmt() {
	need_binfmt || return 0
	assert_run 0 'enabled
1
binfmt_misc rw,nosuid,nodev,noexec,relatime' '' as_user "$UNSHARE" -rpf --mount-binfmt \
		sh -c "$MOUNTED"'cat /proc/sys/fs/binfmt_misc/status; echo $$
			mounted /proc/sys/fs/binfmt_misc'
	# It implies a user namespace, in which nobody is mapped.
	assert_run 0 'enabled
65534' '' as_user "$UNSHARE" -pf --mount-binfmt sh -c 'cat /proc/sys/fs/binfmt_misc/status; id -u'
	assert_run 0 enabled '' as_user "$UNSHARE" -r --mount-binfmt="$T/dir" cat "$T/dir/status"
	assertEquals 'not outside' '' "$(ls "$T/dir")"
	assert_run 1 '' "unshare: mount $T/none failed: $ENOENT*" \
		as_user "$UNSHARE" -r --mount-binfmt="$T/none" true
	assert_one_line
}

testLoadInterp() {
	need_binfmt || return 0
	for option in -l '-l ' '--load-interp=' '--load-interp ' '--lo='; do
		assert_run 0 "$T/anyone/word.pbx a b" '' as_user sh -c '
			"$UNSHARE" -rpf '"$option\"$RULE\""' "$1" a b' sh "$T/anyone/word.pbx"
	done
	# By another directory, for which no new /proc is needed.
	assert_run 0 "$T/anyone/word.pbx" '' as_user "$UNSHARE" -r --mount-binfmt="$T/dir" -l "$RULE" \
		"$T/anyone/word.pbx"
	assert_run 0 "$T/anyone/word.pbx" '' as_user "$UNSHARE" -r -l "$RULE" --mount-binfmt="$T/dir" \
		"$T/anyone/word.pbx"
	# Nobody else has it.
	need_root || return 0
	assert_run 0 'register
status' '' private sh -c '"$UNSHARE" -rpf -l "$2" "$3" >/dev/null || exit
		mount -n -t binfmt_misc none "$1" && LC_ALL=C ls "$1" | sort' \
		sh "$T/dir" "$RULE" "$T/anyone/word.pbx"
}

# By F the interpreter is opened at once, and found where the root is another later.
testLoadInterpFromOutsideTheRoot() {
	need_binfmt || return 0
	sanitized && return 0
	assert_run 0 '/word.pbx x' '' as_user "$UNSHARE" -rpf -l "${RULE}F" -R "$T/root" /word.pbx x
	# Without, it is looked for there.
	run as_user "$UNSHARE" -rpf -l "$RULE" -R "$T/root" /word.pbx x
	assertNotEquals "$out" 0 "$rc"
	assert_run 0 "inside: /word.pbx y" '' as_user "$UNSHARE" -rpf -l ':x:E::pbx::/inner:' -R "$T/root" \
		/word.pbx y
}

testInterpIsWrong() {
	need_binfmt || return 0
	for rule in nonsense '' ':pidbox:E::pbx:::' ':a/b:E::pbx::/bin/sh:'; do
		assert_run 1 '' "unshare: write failed /proc/sys/fs/binfmt_misc/register: *" \
			as_user "$UNSHARE" -rpf -l "$rule" echo wrong
		assert_one_line
	done
}


. "${SHUNIT2:-shunit2}"
