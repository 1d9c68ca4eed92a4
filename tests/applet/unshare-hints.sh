#!/bin/sh
# SPDX-License-Identifier: 0BSD
# unshare: what a failure says, in one line: the cause that was found, and the cure; no failure passes
# unnoticed; and no /proc is needed where another way leads.
# shellcheck disable=SC2016,SC2086 # scripts are expanded by other shells; options are words
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/unshare.sh"
UNSHARE=$BIN/unshare
export UNSHARE

mkdir "$T/keep" "$T/sys" "$T/dir" "$T/root" "$T/root/proc" "$T/root/sub"
for kind in $KINDS; do : >"$T/keep/$kind"; done
chmod -R a+rwX "$T/keep"

# hint MESSAGE CMD...: it ends with 1 and this one line.
hint() {
	want_line=$1
	enabled HINTS || want_line="${want_line% (*}*"
	shift
	assert_run 1 '' "$want_line" "$@"
	assert_one_line
}

# ---- EPERM

testB14EpermWithoutRights() {
	for options in -m -u -i -n -p -C -T -mu '-pf --mount-proc' '-m -R /' '--kill-child -n'; do
		hint "unshare: unshare failed: $EPERM (*-r*)" as_user "$UNSHARE" $options true
	done
}

# The cure works.
testB14TheCureWorks() {
	for options in -m -u -i -n -p -C -T '-pf --mount-proc'; do
		assert_run 0 '' '' as_user "$UNSHARE" -r $options true
	done
}

# A sysctl of some distributions; here it is a picture of one, and strace for the kernel's answer.
testB14EpermBySysctl() {
	enabled HINTS || return 0
	need_root || return 0
	for name in unprivileged_userns_clone=0 apparmor_restrict_unprivileged_userns=1; do
		for value in 0 1; do
			run private sh -c '
				mount -n -t tmpfs none "$1" && echo "$3" >"$1/$2" &&
					mount -n --bind "$1" /proc/sys/kernel || exit
				exec setpriv --reuid 65534 --regid 65534 --clear-groups strace -o /dev/null \
					-e trace=unshare -e inject=unshare:error=EPERM "$UNSHARE" -U true' \
				sh "$T/sys" "${name%=*}" "$value"
			case $name in
			*=$value) like "$err" "unshare: unshare failed: $EPERM (sysctl kernel.${name%=*} is $value*)" ;;
			*) like "$err" "unshare: unshare failed: $EPERM (*)" && ! like "$err" '*sysctl*' ;;
			esac || fail "$name, $value: $err"
			assertEquals "$name" 1 "$rc"
			assert_one_line
		done
	done
}

testB14EpermOfSomebodyUnmapped() {
	hint "unshare: unshare failed: $EPERM (*mapped*)" unshare -U "$UNSHARE" -U true
	hint "unshare: unshare failed: $EPERM (*mapped*)" unshare -U "$UNSHARE" -r true
}

# ---- ENOSPC

# Only by a user namespace's own sysctl: never the machine's.
testB14TheLimitIsNamed() {
	while read -r option kind; do
		hint "unshare: unshare failed: $ENOSPC (*user.max_${kind}_namespaces is 0*)" unshare -r sh -c '
			echo 0 >/proc/sys/user/max_$2_namespaces && exec "$UNSHARE" -$1 true' \
			sh "$option" "$kind"
		# Among others, too.
		case $kind in
		user) continue ;;
		esac
		hint "unshare: unshare failed: $ENOSPC (*user.max_${kind}_namespaces is 0*)" unshare -r sh -c '
			echo 0 >/proc/sys/user/max_$1_namespaces && exec "$UNSHARE" -muinpCTf true' \
			sh "$kind"
	done <<-END
		m mnt
		u uts
		i ipc
		n net
		p pid
		U user
		C cgroup
		T time
	END
}

# One that is used up, and one of the namespace around, which cannot be seen: not that it is 0.
testB14OtherLimits() {
	hint "unshare: unshare failed: $ENOSPC (*max_*_namespaces*)" unshare -r sh -c '
		echo 1 >/proc/sys/user/max_uts_namespaces && exec unshare -u "$UNSHARE" -u true'
	like "$err" '* is 0*' && fail "$err"
	hint "unshare: unshare failed: $ENOSPC (*max_*_namespaces*)" unshare -r sh -c '
		echo 0 >/proc/sys/user/max_uts_namespaces && exec unshare -r "$UNSHARE" -u true'
	like "$err" '* is 0*' && fail "$err"
	return 0
}

testB14NestedTooDeep() {
	hint "unshare: unshare failed: $ENOSPC (*32*)" sh -c '
		n=0
		while [ $n -lt 33 ]; do set -- unshare -r "$@"; n=$((n + 1)); done
		exec "$@"' sh "$UNSHARE" -r true
}

# ---- EINVAL

# It has made a PID namespace already and may not make another before it is in there.
testB14EinvalOfASecondPidNamespace() {
	hint "unshare: unshare failed: $EINVAL (*-f*)" unshare -rp "$UNSHARE" -p true
	like "$err" '*kernel lacks*' && fail "$err"
	assert_run 0 '' '' unshare -rpf "$UNSHARE" -p true
}

# ---- ENOMEM

testB14EnomemOfADeadInit() {
	hint "unshare: fork failed: $ENOMEM (*init*)" unshare -rp sh -c 'true & wait; exec "$UNSHARE" -f true'
	hint "unshare: fork failed: $ENOMEM (*init*)" unshare -rp sh -c 'true & wait
		exec "$UNSHARE" --kill-child true'
	enabled UNSHARE_INIT || return 0
	run unshare -rp sh -c 'true & wait; exec "$UNSHARE" --init true'
	assertEquals 1 "$rc"
	assert_one_line
}

# ---- mounts

testB14ProcNeedsItsNamespace() {
	hint "unshare: mount /proc failed: $EPERM (*-fp*)" as_user "$UNSHARE" -r --mount-proc true
	hint "unshare: mount /proc failed: $EPERM (*-fp*)" as_user "$UNSHARE" -r -f --mount-proc true
}

# ---- B20: no /proc

# no_proc CMD...: as real root, where it is not mounted; in a container it may be so twice.
no_proc() {
	private sh -c 'while busybox umount -l /proc 2>/dev/null; do :; done
		[ ! -e /proc/self ] && exec "$@"' sh "$@"
}

testB20MapsWithoutProc() {
	sanitized && return 0 # the sanitizers want a /proc
	need_root || return 0
	assert_run 0 '0 0' '' no_proc "$UNSHARE" -r sh -c 'echo $(id -u) $(id -g)'
	assert_run 0 '0 0' '' no_proc "$UNSHARE" -rf sh -c 'echo $(id -u) $(id -g)'
	assert_run 0 '5 6' '' no_proc "$UNSHARE" --map-user 5 --map-group 6 sh -c 'echo $(id -u) $(id -g)'
	assert_run 0 "$(id -u)" '' no_proc "$UNSHARE" -c id -u
	enabled UNSHARE_KEEP || return 0
	# In a user namespace the kernel wants to see one before it mounts another: look from outside.
	while read -r setgroups ids options; do
		assert_run 0 "$(printf '%10d %10d %10d' 0 0 "$ids")
$setgroups" '' no_proc sh -c '
			"$UNSHARE" $2 --user="$1" true && mount -n -t proc proc /proc &&
			exec nsenter --user="$1" --preserve-credentials cat /proc/self/uid_map /proc/self/setgroups' \
			sh "$T/keep/user" "$options"
	done <<-END
		deny 1 -r
		deny 1 --map-user 0 --setgroups deny
		allow 1 --map-user 0 --setgroups allow
		$(enabled UNSHARE_IDMAP && echo allow 10 --map-users 0:0:10 --map-groups 0:0:10)
	END
}

testB20TheRestWithoutProc() {
	sanitized && return 0 # the sanitizers want a /proc
	need_root || return 0
	assert_run 0 1 '' no_proc "$UNSHARE" -pf --mount-proc readlink /proc/self
	assert_run 0 '/sub' '' no_proc "$UNSHARE" -m -w "$T/root/sub" sh -c 'echo "/${PWD##*/}"'
	assert_run 7 '' '' no_proc "$UNSHARE" -muinpCf --kill-child sh -c 'exit 7'
	assert_run 0 box '' no_proc "$UNSHARE" --hostname box hostname
	assert_run 127 '' "unshare: failed to execute /no/thing: $ENOENT*" no_proc "$UNSHARE" -f /no/thing
	assert_run 0 'boottime' '' no_proc "$UNSHARE" -Tpf --boottime 5 --mount-proc \
		sed -n 's/^\(boottime\) *5 .*/\1/p' /proc/self/timens_offsets
	! enabled UNSHARE_DEV || assert_run 0 tmpfs '' no_proc "$UNSHARE" --dev stat -fc %T /dev
	enabled UNSHARE_INIT || return 0
	assert_run 7 2 '' no_proc "$UNSHARE" --init sh -c 'echo $$; exit 7'
}

testB20PersistenceWithoutProc() {
	sanitized && return 0 # the sanitizers want a /proc
	need_root || return 0
	enabled UNSHARE_KEEP || return 0
	for kind in uts ipc net cgroup user; do
		assert_run 0 nsfs '' no_proc sh -c '"$UNSHARE" --$1="$2" true && stat -fc %T "$2"' \
			sh "$kind" "$T/keep/$kind"
	done
	for options in "--pid=$T/keep/pid -f" "--time=$T/keep/time" "--time=$T/keep/time -f" \
		"-r --user=$T/keep/user -m --uts=$T/keep/uts"; do
		assert_run 0 nsfs '' no_proc sh -c 'options=$1
			"$UNSHARE" $options true && file=${options#*=} && stat -fc %T "${file%% *}"' sh "$options"
	done
	# Which namespace it is, is seen where there is a proc.
	assert_run 0 'other' '' private sh -c '
		host=$(readlink /proc/self/ns/net)
		while busybox umount -l /proc 2>/dev/null; do :; done
		"$UNSHARE" --net="$1" true && mount -n -t proc proc /proc &&
		kept=$(nsenter --net="$1" readlink /proc/self/ns/net) && [ "$kept" != "$host" ] && echo other' \
		sh "$T/keep/net"
}

# Who may not mount one gets to know that it is missing.
testB20NoWayWithoutProc() {
	sanitized && return 0 # the sanitizers want a /proc
	need_root || return 0
	for options in -r -c '-r -f' '--map-user 5'; do
		hint 'unshare: *no /proc*' no_proc setpriv --reuid 65534 --regid 65534 --clear-groups \
			"$UNSHARE" $options true
	done
}

# ---- every failure

# Each call that it makes for this fails once. It may do without, then all is as it was; else it says
# so in one line and the program does not run.
fail_each() {
	calls=unshare,mount,mount_setattr,open_tree,move_mount,chroot,chdir,fchdir,pivot_root,umount2
	calls=$calls,setuid,setresuid,setgid,setresgid,setgroups,prctl,sethostname,ioctl,socket,pipe2
	calls=$calls,clone,fork,vfork,pidfd_open,setns,fsopen,fsconfig,fsmount,mkdir,mknod,symlink,chmod
	calls=$calls,openat,openat2,write,capset,poll
	$FAIL_IN strace -f -qq -o "$T/trace" -e trace="$calls" -e signal=none "$@" >"$T/right" 2>&1
	assertEquals "unharmed: $*" 0 $?
	# Those of the program, which follow its exec in the same process, count with ours.
	sed 's/^[0-9]* *//; s/(.*//; /[^a-z0-9_]/d' "$T/trace" | sort | uniq -c | while read -r count call; do
		i=1
		while [ "$i" -le "$count" ]; do
			timeout 20 $FAIL_IN strace -f -qq -o "$T/trace2" -e trace="$call" -e signal=none \
				-e inject="$call:error=EACCES:when=$i" "$@" >"$T/out" 2>"$T/err" </dev/null
			rc=$?
			if [ "$rc" = 0 ] && cmp -s "$T/right" "$T/out" && ! [ -s "$T/err" ]; then
				:
			elif [ "$rc" = 1 ] && ! [ -s "$T/out" ] && [ "$(wc -l <"$T/err")" = 1 ] &&
				like "$(cat "$T/err")" 'unshare: *'
			then
				echo told >>"$T/told"
			elif ! grep -q INJECTED "$T/trace2"; then
				:
			else
				echo "$call, time $i: status $rc; $(cat "$T/out"); $(cat "$T/err")" >>"$T/bad"
			fi
			i=$((i + 1))
		done
	done
	bad=$(cat "$T/bad" 2>/dev/null)
	assertEquals "$*" '' "$bad"
	[ "$(wc -l <"$T/told")" -ge 5 ] || fail "$*: hardly anything was told: $(cat "$T/told")"
	rm -f "$T/bad" "$T/told"
}

testEveryFailureIsTold() {
	FAIL_IN=
	# What the sanitizers do between would count.
	sanitized && return 0
	cp "$PROBE" "$T/root/probe"
	fail_each "$UNSHARE" -r -muinCT --hostname box --loopback --boottime 1 -w /tmp -S 0 -G 0 "$PROBE" nop
	fail_each "$UNSHARE" -r -m -p --mount-proc --kill-child -R "$T/root" -w /sub /probe nop
	need_root || return 0
	fail_each "$UNSHARE" -m -f -S 65534 -G 65534 -R "$T/root" --pivot-root /probe nop
	enabled UNSHARE_DEV || return 0
	fail_each "$UNSHARE" -r --dev "$PROBE" nop
	enabled UNSHARE_IDMAP || return 0
	fail_each "$UNSHARE" --map-users 0:0:10 --map-groups 0:0:10 -f "$PROBE" nop
	enabled UNSHARE_KEEP || return 0
	FAIL_IN='unshare -m --propagation private'
	fail_each "$UNSHARE" -f --uts="$T/keep/uts" "$PROBE" nop
}

. "${SHUNIT2:-shunit2}"
