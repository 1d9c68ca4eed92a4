#!/bin/sh
# SPDX-License-Identifier: 0BSD
# nsenter: the command line: what is refused and how, abbreviations, --dry-run.
# shellcheck disable=SC2016 # scripts are expanded by the shells that are started
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/applet/helper/probe.sh"
. "$TOP/tests/applet/helper/nsenter.sh"
need strace strace

NSENTER=$BIN/nsenter

testWrongOptions() {
	assert_both 1 '' "*nsenter: unrecognized option '--nope'$try_line" --nope
	assert_both 1 '' "*nsenter: invalid option -- 'Y'$try_line" -Y
	assert_both 1 '' "*nsenter: option requires an argument -- 't'$try_line" -t
	assert_both 1 '' "*nsenter: option requires an argument -- 'S'$try_line" -FS
	assert_both 1 '' "*nsenter: option '--target' requires an argument$try_line" --target
	assert_both 1 '' "*nsenter: option '--all' doesn't allow an argument$try_line" --all=1
}

testNoTarget() {
	for option in -u -m --pid -r -w -e '-S follow' '-G follow' '-N 0' --children; do
		# shellcheck disable=SC2086 # words
		assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" $option true
	done
	assert_both 1 '' 'nsenter: no target PID specified*' -a true
	assert_both 1 '' 'nsenter: no target PID specified' -u true
	assert_both 1 '' 'nsenter: no target PID specified' -r true
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -u/proc/self/ns/uts -p true
}

# util-linux says so since 2.39; 2.38 runs the program where it is.
testNothingToEnter() {
	for options in '' "-t $$" '-F' '-S 0' '-W/' '--preserve-credentials' '--keep-caps' "-t $$ -e"; do
		# shellcheck disable=SC2086 # words
		assert_run 1 '' 'nsenter: no namespace specified' "$NSENTER" $options true
	done
}

testOptionsEndAtTheProgram() {
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -r sh -c "$SLEEP" || return
	assert_run 0 '-t --pid' '' as_user "$NSENTER" -t "$target" -U echo -t --pid
	assert_run 0 '-t' '' as_user "$NSENTER" --targ="$target" --use -- echo -t
	assert_run 0 '-- -u' '' as_user "$NSENTER" -U -t "$target" -- echo -- -u
	assert_run 0 '-u' '' as_user env POSIXLY_CORRECT=1 "$NSENTER" -U -t "$target" echo -u
}

# SELinux is not built in.
testFollowContext() {
	for option in -Z --follow-context -FZ --follow; do
		assert_run 1 '' "nsenter: SELinux contexts are not built in$try_line" "$NSENTER" "$option" true
		assert_run 1 '' "nsenter: SELinux contexts are not built in$try_line" \
			"$NSENTER" -t $$ -u "$option" true
	done
}

testHelpAndVersion() {
	for option in -h --help --he -Fh; do
		assert_run 0 'Usage: nsenter *' '' "$NSENTER" "$option"
	done
	for option in -V --version --v; do
		assert_run 0 '*[0-9]*' '' "$NSENTER" "$option"
	done
	if enabled HELP; then
		run "$NSENTER" --help
		for name in $NO_ARGUMENT $ARGUMENT $OPTIONAL; do
			assertTrue "$name" 'grep -qe "--$name\>" "$T/out"'
		done
	fi
}

# ---- abbreviations

# util-linux's options by what they take; the last ones are not in 2.38.
NO_ARGUMENT='all preserve-credentials no-fork follow-context help version user-parent keep-caps env'
ARGUMENT='target setuid setgid net-socket'
OPTIONAL='mount uts ipc net pid cgroup user time root wd wdns'
if enabled NSENTER_CGROUP; then NO_ARGUMENT="$NO_ARGUMENT join-cgroup"; fi
NEWER=' user-parent keep-caps env join-cgroup net-socket '

# matches PREFIX [old]: the options that begin so, without the newer ones.
matches() {
	for name in $NO_ARGUMENT $ARGUMENT $OPTIONAL; do
		case $name in "$1"*) ;; *) continue ;; esac
		case $NEWER in *" $name "*) [ -z "${2-}" ] || continue ;; esac
		echo "$name"
	done
}

# meaning WORD NAME...: what nsenter makes of --WORD, an option that takes what NAME takes; the text is
# different for every option.
meaning() {
	case " $NO_ARGUMENT " in
	*" $2 "*) set -- "--$1=x" ;;
	*) case " $ARGUMENT " in
		*" $2 "*) set -- "--$1" ;;
		*) case $2 in
			mount) set -- "--$1=/proc/self/ns/mnt" --dry-run ;;
			root | wd) set -- "--$1=/" --dry-run ;;
			wdns) set -- "--$1=/none" -r/ --dry-run ;;
			*) set -- "--$1=/proc/self/ns/$2" --dry-run ;;
			esac ;;
		esac ;;
	esac
	run "$NSENTER" "$@"
	printf '%s\n' "$rc" "$out" "$err"
}

# Every prefix that means an option for util-linux, of whatever version, means it here too, although
# there are more of them.
testAbbreviationsAreThoseOfUtilLinux() {
	enabled NSENTER_PLAN || return 0
	meanings=''
	for name in $NO_ARGUMENT $ARGUMENT $OPTIONAL; do
		whole=$(meaning "$name" "$name")
		prefix=$name
		while [ -n "$prefix" ]; do
			new=$(matches "$prefix") old=$(matches "$prefix" old)
			if [ "$prefix" = "$name" ] || [ "$new" = "$name" ] || [ "$old" = "$name" ]; then
				assertEquals "--$prefix" "$whole" "$(meaning "$prefix" "$name")"
			elif ! echo "$new" | grep -qx "$prefix" && [ "$(echo "$old" | wc -w)" != 1 ]; then
				run "$NSENTER" "--$prefix"
				assertEquals "--$prefix" 1 "$rc"
				like "$err" "nsenter: option '--$prefix' is ambiguous; possibilities:*$try_line" ||
					fail "--$prefix: $err"
			fi
			prefix=${prefix%?}
		done
		meanings="$meanings
== $whole"
	done
	# The test would see one that is taken for another.
	# shellcheck disable=SC2086 # words
	assertEquals "$(printf '%s\n' $NO_ARGUMENT $ARGUMENT $OPTIONAL | wc -l)" \
		"$(for name in $NO_ARGUMENT $ARGUMENT $OPTIONAL; do meaning "$name" "$name" | cksum; done |
			sort -u | wc -l)"
}

# The installed one agrees with the list above.
testAbbreviationsOfThePeer() {
	for prefix in u us use ut m n ne no p pi pr t ta ti s se set setu r ro w wd wdn a c h v f fol; do
		run nsenter "--$prefix"
		case "$(matches "$prefix" old)" in
		"$prefix" | *"
$prefix" | "$prefix
"*) ;;
		*'
'*) like "$err" "*is ambiguous*" || fail "--$prefix: $err" ;;
		*) like "$err" "*is ambiguous*" && fail "--$prefix: $err" ;;
		esac
	done
	true
}

testAbbreviationsOfOurOwn() {
	for word in bri:bring sel:self; do
		enabled NSENTER_BRING || break
		run "$NSENTER" "--${word%:*}"
		like "$err" "nsenter: option *'--${word#*:}'* requires an argument*" ||
			like "$err" "nsenter: option *--${word#*:} requires an*" || fail "$word: $err"
	done
	for word in chi:children dry:dry-run; do
		[ "$word" = chi:children ] || enabled NSENTER_PLAN || break
		assert_run 1 '' "nsenter: option '--${word#*:}' doesn't allow an argument$try_line" \
			"$NSENTER" "--${word%:*}=x"
	done
	assert_run 1 '' 'nsenter: unknown signal: NOPE' "$NSENTER" --ki=NOPE true
}

# ---- B32: --dry-run

# plan FORK ROOT CWD UID GID: what it should print, when $own and $its have the inodes of each kind in
# order, and $do what is done.
plan() {
	echo 'KIND    OURS        TARGET      DO'
	for kind in user cgroup ipc uts net pid mnt time; do
		own=$(ns "$kind" | tr -dc 0-9)
		its=$(ns "$kind" "$target" | tr -dc 0-9)
		same=
		[ "$own" != "$its" ] || same=', the same'
		case " $entered " in
		*" $kind "*) echo "$kind enter$same" ;;
		*) echo "$kind skip$same" ;;
		esac | {
			read -r kind text
			printf '%-8s%-12s%-12s%s\n' "$kind" "$own" "$its" "$text"
		}
	done
	printf '%-8s%s\n' fork "$1" root "$2" cwd "$3" uid "$4" gid "$5"
}

# dry OPTION...: that it prints the plan in $T/plan, and changes nothing.
dry() {
	rm -f "$T/ran"
	calls=setns,unshare,chroot,chdir,fchdir,setuid,setgid,setresuid,setresgid
	run strace -f -o "$T/trace" -e "trace=$calls,clone,fork,vfork,clone3,setgroups" \
		"$NSENTER" -t "$target" "$@" --dry-run touch "$T/ran"
	assertEquals "$*: $err" 0 "$rc"
	assertEquals "$*" '' "$err"
	assertEquals "$*" "$(cat "$T/plan")" "$out"
	assertEquals "$*" '' "$(grep -v '+++' "$T/trace")"
	assertFalse "$*: the program ran" "[ -e '$T/ran' ]"
}

testB32DryRun() {
	need_root || return 0
	enabled NSENTER_PLAN || return 0
	target unshare -muipf --mount-proc --kill-child sh -c "$SLEEP" || return
	entered='cgroup ipc uts net pid mnt time'
	plan yes unchanged "the namespace's root" unchanged unchanged >"$T/plan"
	dry -a
	plan no unchanged "the namespace's root" unchanged unchanged >"$T/plan"
	dry -a -F
	entered='uts ipc'
	plan no unchanged unchanged unchanged unchanged >"$T/plan"
	dry -u --ipc
	plan no "the target's" "the target's" "the target's" 5 >"$T/plan"
	dry -u -i -r -w -S follow -G 5
	plan no given given 7 "the target's" >"$T/plan"
	dry -u -i "-r$ROOT" "-w$ROOT" -S 7 -G follow
	plan no given 'the new root' unchanged unchanged >"$T/plan"
	dry -u -i "-r$ROOT"
	plan yes unchanged given unchanged unchanged >"$T/plan"
	dry -u -i -W/tmp --kill-child
	entered='pid'
	plan yes unchanged unchanged unchanged unchanged >"$T/plan"
	dry -p
}

testB32DryRunOfAUserNamespace() {
	need_root || return 0
	enabled NSENTER_PLAN || return 0
	target unshare -rn sh -c "$SLEEP" || return
	entered='user cgroup ipc uts net pid mnt time'
	plan yes unchanged "the namespace's root" 0 0 >"$T/plan"
	dry -a
	plan yes unchanged "the namespace's root" unchanged unchanged >"$T/plan"
	dry -a --preserve-credentials
	entered='user'
	plan no unchanged unchanged 3 0 >"$T/plan"
	dry -U -S 3
}

# As a plan is made, so mistakes are found; and what it prints is not lost.
testB32DryRunThatFails() {
	enabled NSENTER_PLAN || return 0
	assert_run 1 '' 'nsenter: no namespace specified' "$NSENTER" -t $$ --dry-run
	assert_run 1 '' 'nsenter: no target PID specified' "$NSENTER" -u --dry-run
	assert_run 1 '' "nsenter: cannot open $T/none: $ENOENT" "$NSENTER" "-u$T/none" --dry-run
	assert_run 1 '' "nsenter: *$ENOSPC" sh -c 'exec "$0" -t $$ -u --dry-run >/dev/full' "$NSENTER"
}

testB32DryRunOfFiles() {
	enabled NSENTER_PLAN || return 0
	# shellcheck disable=SC2086 # words
	target $AS_USER unshare -ru sh -c "$SLEEP" || return
	run "$NSENTER" "-u/proc/$target/ns/uts" --dry-run
	assertEquals "$(printf '%-8s%-12s%-12s%s' uts "$(ns uts | tr -dc 0-9)" \
		"$(ns uts "$target" | tr -dc 0-9)" enter)" "$(grep '^uts' "$T/out")"
	assertEquals "$(printf '%-8s%-12s%-12s%s' ipc "$(ns ipc | tr -dc 0-9)" - skip)" \
		"$(grep '^ipc' "$T/out")"
}

. "${SHUNIT2:-shunit2}"
