#!/bin/sh
# SPDX-License-Identifier: 0BSD
# limit: 300
# init as PID 1 of real containers: podman with crun, images that hold nothing but our program and
# static ones of the test. The image's ENTRYPOINT is ["/bin/init", "--"] unless told otherwise.
# shellcheck disable=SC1090,SC1091,SC2016,SC2154 # lib.sh and its variables; text for eval
. "$(dirname "$0")/helper/engine.sh"

image_of_the_tests() {
	image pidbox-test <<-'END'
		FROM scratch
		COPY pidbox inside /
		RUN ["/pidbox", "--install", "-s", "/bin"]
		ENTRYPOINT ["/bin/init", "--"]
	END
}
[ -n "$NO_ENGINE" ] || image_of_the_tests || exit

NAMES='init tini tini-static docker-init podman-init dumb-init catatonit pause'

# Our program under all its names, in three ways.
image_of_the_names() {
	! podman image exists pidbox-names || return 0
	files=$ENGINE/tmp/files
	mkdir "$files" "$files/copy" "$files/link" "$files/symlink" || return
	cp "$PIDBOX" "$files/pidbox"
	for name in $NAMES; do
		cp "$PIDBOX" "$files/copy/$name"
		ln "$files/pidbox" "$files/link/$name"
		ln -s ../pidbox "$files/symlink/$name"
	done
	tar -C "$files" -cf "$ENGINE/image/files.tar" . && image pidbox-names <<-'END'
		FROM pidbox-test
		ADD files.tar /
		ENTRYPOINT []
	END
}

# ---- the image's entry point

testExitCodesComeThrough() {
	for code in 0 7 126 127 255; do
		assert_run "$code" '' '' podman run --rm pidbox-test /inside exit "$code"
	done
}

testDeathBySignalComesThrough() {
	for sig in 6 9 15 34; do
		assert_run $((128 + sig)) '' '' podman run --rm pidbox-test /inside die "$sig"
	done
}

testNoSuchCommand() {
	assert_run 127 '' "init: failed to execute /nothing: $ENOENT*" \
		podman run --rm pidbox-test /nothing
	assert_one_line
	assert_run 126 '' 'init: failed to execute /bin: *' podman run --rm pidbox-test /bin
	assert_one_line
}

testInitIsPid1() {
	assert_processes '1 0 /bin/init -- /bin/ps*
*2 1 /bin/ps*' podman run --rm pidbox-test
}

# What the engine sends to PID 1 reaches the command, whether it has a terminal's meaning or none.
testSignalsAreForwarded() { forwards pidbox-test; }

# forwards OPTION-OR-IMAGE...
forwards() {
	signals='1 2 3 10 12 14 15 18 20 28 37 64'
	# shellcheck disable=SC2086 # words
	background podman run --name signals "$@" /inside catch "$(set -- $signals && echo $#)"
	assert_line ready || return
	for sig in $signals; do
		assert_sent signals "$sig"
		assert_line "$sig"
	done
	ended 0
}

testKillOfTheContainer() {
	background podman run --name killed pidbox-test /inside idle
	assert_line ready || return
	assert_sent killed KILL
	ended 137
	assertEquals 137 "$(exit_code killed)"
}

# ---- stop

testStopEndsTheCommand() {
	background podman run --name stopped pidbox-test /inside idle
	assert_line ready || return
	assert_stops stopped 143
}

# The reason why there is an init: the kernel keeps a TERM without a handler from PID 1.
testStopKillsTheBareCommand() {
	background podman run --name stopped --entrypoint '[]' pidbox-test /inside idle
	assert_line ready || return
	assert_run 0 stopped '*' podman stop --time 2 stopped
	ended 137
	assertEquals 137 "$(exit_code stopped)"
}

testStopSignalOfTheImage() {
	background podman run --name stopped --stop-signal USR1 pidbox-test /inside idle
	assert_line ready || return
	assert_stops stopped 138
}

# podman takes a command of that path for systemd, and stops it as systemd wants it.
testStopOfSbinInit() {
	set -- --volume "$ENGINE/image/pidbox:/sbin/init:ro"
	background podman run --name stopped "$@" --entrypoint '["/sbin/init", "--"]' pidbox-test \
		/inside idle
	assert_line ready || return
	assert_stops stopped $((128 + 37))
	assert_run 0 stopped '' podman rm stopped
	background podman run --name stopped "$@" \
		--entrypoint '["/sbin/init", "--rewrite", "RTMIN+3:TERM", "--"]' pidbox-test /inside idle
	assert_line ready || return
	assert_stops stopped 143
}

# ---- podman run --init

# podman binds the program over /run/podman-init, and runs that with "--".
testPodmanInit() {
	with_init="podman run --rm --entrypoint [] --init --init-path=$ENGINE/image/pidbox pidbox-test"
	# shellcheck disable=SC2086 # words
	{
		assert_processes '1 0 /run/podman-init -- /bin/ps*
*2 1 /bin/ps*' $with_init
		for code in 0 7 255; do
			assert_run "$code" '' '' $with_init /inside exit "$code"
		done
		assert_run 137 '' '' $with_init /inside die 9
		assert_run 143 '' '' $with_init /inside die 15
		assert_run 127 '' "podman-init: failed to execute /nothing: $ENOENT*" $with_init /nothing
		assert_one_line
	}
}

# TSTP is among them, which catatonit would take for itself.
testPodmanInitForwardsSignals() {
	forwards --init --init-path="$ENGINE/image/pidbox" --entrypoint '[]' pidbox-test
}

# Without --init-path it is the file named catatonit where podman looks for it: ours, here.
testFileNamedCatatonit() {
	background podman run --name stopped --init --entrypoint '[]' pidbox-test /inside idle
	assert_line ready || return
	assert_run 0 'tini version *pidbox*' '' podman exec stopped /run/podman-init --version
	assert_stops stopped 143
}

# ---- orphans

# ORPHANS of the command, and as many of a process that the engine put in beside it.
ORPHANS=5000

testThousandsOfOrphansAreReaped() {
	background podman run --name orphans pidbox-test \
		/inside orphans "$ORPHANS" /inside idle
	assert_line "$ORPHANS orphans" && assert_line ready || return
	wait_for '[ "$(defunct orphans)" = 0 ]' 30
	assert_run 7 "$ORPHANS orphans" '' podman exec orphans \
		/inside orphans "$ORPHANS" /inside exit 7
	wait_for '[ "$(defunct orphans)" = 0 ]' 30
	assert_processes '1 0 /bin/init -- /inside orphans *
*1 /inside idle
*0 /bin/ps *' podman exec orphans
	assertEquals 'lines' 3 "$(wc -l <"$T/out")"
	assert_stops orphans 143
}

# That the tests could see zombies.
testBareCommandReapsNothing() {
	background podman run --name orphans --entrypoint '[]' pidbox-test \
		/inside orphans 100 /inside idle
	assert_line '100 orphans' && assert_line ready || return
	assertEquals 100 "$(defunct orphans)"
}

# Without a PID namespace of its own init is PID 1 of nothing, but the orphans come to it all the same,
# and not to podman's own process above it.
testOrphansWithoutPidNamespace() {
	background podman run --name orphans --cgroups=enabled --cgroup-parent="/$CGROUP_PARENT" \
		--privileged --pids-limit=0 --pid host --entrypoint '["/bin/init", "--warn-reap", "--"]' \
		pidbox-test /inside orphans 20 /inside idle
	assert_line '20 orphans' && assert_line ready || return
	wait_for '[ "$(grep -c "Reaped zombie process" "$T/bg.err")" = 20 ]'
	assert_stops orphans 143
}

# ---- rights taken away

# confined NAME STATUS OPTION...: init does its work in a container of that name that has the options,
# and there PID 1 has these lines of /proc/1/status.
confined() {
	name=$1 expected=$2
	shift 2
	background podman run --name "$name" "$@" pidbox-test /inside orphans 100 /inside idle
	assert_line '100 orphans' && assert_line ready || return
	wait_for '[ "$(defunct "$name")" = 0 ]'
	assert_run 0 "$expected" '' podman exec "$name" /inside status 1 Uid CapEff NoNewPrivs Seccomp
	assert_stops "$name" 143
	assert_run 7 '' '' podman run "$@" pidbox-test /inside exit 7
	assert_run 137 '' '' podman run "$@" pidbox-test /inside die 9
}

testUserOfTheEngine() {
	confined user 'Uid: 65532 65532 65532 65532
CapEff: 0000000000000000
NoNewPrivs: 0
Seccomp: 2' --user 65532
}

testCapDropAll() {
	confined no-caps 'Uid: 0 0 0 0
CapEff: 0000000000000000
NoNewPrivs: 0
Seccomp: 2' --cap-drop ALL
}

testNoNewPrivileges() {
	confined no-new-privs 'Uid: 0 0 0 0
CapEff: *[1-9a-f]*
NoNewPrivs: 1
Seccomp: 2' --security-opt no-new-privileges
}

testReadOnly() {
	assert_run 1 'Read-only file system' '' \
		podman run --rm --read-only --read-only-tmpfs=false pidbox-test /inside create /file
	assert_run 0 '' '' podman run --rm pidbox-test /inside create /file
	confined read-only 'Uid: 0 0 0 0
CapEff: *[1-9a-f]*
NoNewPrivs: 0
Seccomp: 2' --read-only --read-only-tmpfs=false
}

testAllTakenAway() {
	confined nothing 'Uid: 65532 65532 65532 65532
CapEff: 0000000000000000
NoNewPrivs: 1
Seccomp: 2' --user 65532 --read-only --read-only-tmpfs=false --cap-drop ALL \
		--security-opt no-new-privileges
}

# An engine of other times: it denies, by EPERM, the system calls that it has never heard of.
testOldSeccompProfile() {
	cat >"$T/old.json" <<-'END'
		{
			"defaultAction": "SCMP_ACT_ALLOW",
			"syscalls": [ {
				"action": "SCMP_ACT_ERRNO",
				"errnoRet": 1,
				"names": [
					"clone3", "close_range", "epoll_pwait2", "execveat", "faccessat2",
					"openat2", "pidfd_getfd", "pidfd_open", "pidfd_send_signal"
				]
			} ]
		}
	END
	confined old-seccomp 'Uid: 0 0 0 0
CapEff: *[1-9a-f]*
NoNewPrivs: 0
Seccomp: 2' --security-opt seccomp="$T/old.json"
	# To become another user takes no newer call either.
	assert_run 7 '' '' podman run --rm --security-opt seccomp="$T/old.json" \
		--entrypoint '["/bin/init", "--user", "65532", "--"]' pidbox-test /inside exit 7
}

# As under a podman of an ordinary user, or docker's userns-remap. (Without --ipc podman now and then
# fails to remove the container: it calls its own /dev/shm busy.)
testUserNamespace() {
	confined user-ns 'Uid: 0 0 0 0
CapEff: *[1-9a-f]*
NoNewPrivs: 0
Seccomp: 2' --uidmap 0:100000:65536 --ipc none
}

# init's own option: the command is a user, who need not be in any file; init stays what it was.
testUserOfInit() {
	set -- --entrypoint '["/bin/init", "--user", "65532:65533", "--"]' pidbox-test
	assert_run 0 'Uid: 65532 65532 65532 65532
Gid: 65533 65533 65533 65533
Groups: 65533
CapPrm: 0000000000000000
CapEff: 0000000000000000' '' podman run --rm "$@" /inside status 0 Uid Gid Groups CapPrm CapEff
	assert_run 0 'Uid: 0 0 0 0' '' podman run --rm "$@" /inside status 1 Uid
	assert_run 7 '' '' podman run --rm "$@" /inside exit 7
	background podman run --name user "$@" /inside orphans 100 /inside idle
	assert_line '100 orphans' && assert_line ready || return
	wait_for '[ "$(defunct user)" = 0 ]'
	assert_stops user 143
}

# All that --user itself needs, and no CAP_KILL: the stop reaches the command all the same.
testUserOfInitWithoutKill() {
	background podman run --name user --cap-drop ALL --cap-add SETUID --cap-add SETGID \
		--entrypoint '["/bin/init", "--user", "65532:65533", "--"]' pidbox-test /inside idle
	assert_line ready || return
	assert_stops user 143
}

# ---- the termination log

# assert_told PATTERN: the file that a container's end has been written to, as Kubernetes reads it.
assert_told() {
	told=$(cat "$T/told")
	like "$told" "$1" && return
	show "told: $told"
	show " not: $1"
	fail "see above"
}

testTerminationLog() {
	: >"$T/told"
	set -- --volume "$T/told:/dev/termination-log" \
		--entrypoint '["/bin/init", "--termination-log", "--"]' pidbox-test
	assert_run 7 '' '' podman run --rm "$@" /inside exit 7
	assert_told '*exit status 7 *'
	assert_run 137 '' '' podman run --rm "$@" /inside die 9
	assert_told '*KILL*'
	assert_run 127 '' "*$ENOENT*" podman run --rm "$@" /nothing
	assert_told "*/nothing: $ENOENT*"
	background podman run --name told "$@" /inside idle
	assert_line ready || return
	assert_stops told 143
	assert_told '*TERM*TERM*outside of the PID namespace*'
}

# Kubernetes lets any user write it.
testTerminationLogOfAnyUser() {
	: >"$T/told"
	chmod 666 "$T/told"
	background podman run --name told --user 65532 --read-only --read-only-tmpfs=false \
		--cap-drop ALL --security-opt no-new-privileges --volume "$T/told:/told" \
		--entrypoint '["/bin/init", "--termination-log=/told", "--"]' pidbox-test /inside idle
	assert_line ready || return
	assert_stops told 143
	assert_told '*TERM*TERM*outside of the PID namespace*'
}

# ---- exec, and a terminal

testExecPs() {
	background podman run --name exec pidbox-test /inside idle
	assert_line ready || return
	assert_run 0 'UID          PID    PPID  C STIME TTY          TIME CMD
0              1       0 * /bin/init -- /inside idle
0              2       1 * /inside idle
0              *       0 * /bin/ps -ef' '' podman exec exec /bin/ps -ef
	assert_stops exec 143
}

# The command owns the foreground: it may read, and the terminal tells it its new size. (podman would
# besides hand on the WINCH that it gets itself, perhaps to a container that has ended meanwhile.)
testTerminal() {
	background "$PROBE" pty resized 'a word
' -- sh -c 'tty >"$1"; shift; exec "$@"' sh "$T/tty" \
		podman run --name terminal -it --sig-proxy=false pidbox-test /inside terminal 33 77
	assert_line "foreground is ours$CR"
	assert_run 0 '' '' stty -F "$(cat "$T/tty")" rows 33 cols 77
	assert_line "resized$CR"
	assert_line "a word$CR"
	assert_line "read a word$CR"
	assert_line "[exit 0]$CR"
	ended 0
}
CR=$(printf '\r')

testInterruptOfTheTerminal() {
	assert_run 0 "*ready*\\[exit 130\\]$CR" '' "$PROBE" pty ready "$(printf '\003')" -- \
		podman run --rm -it pidbox-test /inside idle
}

testTerminalWithInitOfPodman() {
	assert_run 0 "*ready*\\[exit 130\\]$CR" '' "$PROBE" pty ready "$(printf '\003')" -- \
		podman run --rm -it --init --entrypoint '[]' pidbox-test /inside idle
}

# ---- pause

# Two containers in one PID namespace, as in a pod: the second is none of our business but for its
# orphans. podman puts it in only with these options.
testPauseForTwoContainers() {
	image_of_the_names || return
	for pause in '"/symlink/pause"' '"/bin/init", "-P"' '"/copy/catatonit", "-P"'; do
		pause_for_two "$pause" || return
	done
}

pause_for_two() {
	entry=$1
	set -- --cgroups=enabled --cgroup-parent="/$CGROUP_PARENT" --privileged --pids-limit=0
	assert_run 0 '*' '' podman run --detach --name pause "$@" --entrypoint "[$entry]" pidbox-names
	pid=$(podman inspect --format '{{.State.Pid}}' pause)
	# What it will wait for is blocked: from then on no TERM is lost.
	wait_for '[ "$(field SigBlk "$pid")" != 0000000000000000 ]' || return
	background podman run --name second "$@" --pid container:pause --entrypoint '[]' \
		pidbox-test /inside orphans 1000 /inside idle
	assert_line '1000 orphans' && assert_line ready || return
	wait_for '[ "$(defunct second)" = 0 ]'
	assert_processes '1 0 /*
*0 /inside idle
*0 /bin/ps *' podman exec second
	# Its command has no init of its own, but is no PID 1 either.
	assert_stops second 143
	assert_run 0 pause '' podman stop pause
	assertEquals "exit code of $entry" 0 "$(exit_code pause)"
	assert_run 0 '*' '' podman rm second
	assert_run 0 '*' '' podman rm pause
}

# ---- docker

# What dockerd does for `docker run --init`: it binds the program there, and prepends that with "--".
testDockerInit() {
	set -- --volume "$ENGINE/image/pidbox:/sbin/docker-init:ro" \
		--entrypoint '["/sbin/docker-init", "--"]' pidbox-test
	assert_processes '1 0 /sbin/docker-init -- /bin/ps*
*2 1 /bin/ps*' podman run --rm "$@"
	assert_run 7 '' '' podman run --rm "$@" /inside exit 7
	assert_run 137 '' '' podman run --rm "$@" /inside die 9
	background podman run --name docker "$@" /inside orphans 100 /inside idle
	assert_line '100 orphans' && assert_line ready || return
	wait_for '[ "$(defunct docker)" = 0 ]'
	assert_stops docker 143
}

# dockerd parses it for `docker info`: what is before " - " without "tini version " is the version,
# what is behind it and "git." is the commit. It warns where it finds neither.
testDockerInitVersion() {
	ln -s "$PIDBOX" "$T/docker-init"
	assert_run 0 'tini version ?*' '' "$T/docker-init" --version
	assertEquals 'lines' 1 "$(wc -l <"$T/out")"
	version=${out#tini version }
	case $version in
	*' - '*)
		assertTrue "commit: $version" 'like "${version#* - }" "git.[0-9a-f]*"'
		assertFalse "commit: $version" 'like "${version#* - git.}" "*[. ]*"'
		;;
	esac
	assertTrue "version: $version" 'like "${version%% - *}" "[0-9]*"'
}

# ---- the file

# The program goes by the name that it is called by, whatever kind of file has that name.
testCopiesAndLinks() {
	image_of_the_names || return
	assert_run 0 'file 1
file [2-9]
link' '' podman run --rm pidbox-names /inside kind /copy/tini /link/tini /symlink/tini
	for dir in /copy /link /symlink; do
		for name in $NAMES; do assert_personality "$dir/$name"; done
	done
}

assert_personality() {
	case $1 in
	*/init) assert_version 'pidbox *' '' "$1" ;;
	*/dumb-init) assert_version '' 'dumb-init v*' "$1" ;;
	*/pause) assert_version 'pause *' '' "$1" ;;
	*) assert_version 'tini version *pidbox*' '' "$1" ;;
	esac
	case $1 in
	*/pause) ;;
	*) assert_run 7 '' '' podman run --rm pidbox-names "$1" -- /inside exit 7 ;;
	esac
}

# Whatever it is called, a stop is the command's end.
testStopUnderEveryName() {
	image_of_the_names || return
	for name in $NAMES; do
		[ "$name" != pause ] || continue
		background podman run --name "$name" pidbox-names "/symlink/$name" -- /inside idle
		assert_line ready || return
		assert_stops "$name" 143
	done
}

assert_version() { assert_run 0 "$1" "$2" podman run --rm pidbox-names "$3" --version; }

. "${SHUNIT2:-shunit2}"
