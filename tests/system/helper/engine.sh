# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# What the tests under a container engine begin with, instead of lib.sh:
#
#	. "$(dirname "$0")/helper/engine.sh"
#	testIt() { assert_run 7 '' '' podman run --rm pidbox-none /inside exit 7; }
#	. "${SHUNIT2:-shunit2}"
#
# The file runs itself again in mount and PID namespaces of its own, in which podman and crun find
# an empty machine: their files are on a tmpfs, cgroup2 is where they look for it, and whatever they
# start ends with the file. So nothing can stay behind but cgroups, which are removed from outside.
# Where that cannot be, or no container starts, the tests are skipped, for the reason in $NO_ENGINE.

# In the new mount namespace.
enter_machine() {
	parent=/sys/fs/cgroup/pidbox-test.$$
	export ENGINE_STAGE=inside NO_ENGINE='' CGROUP_PARENT="${parent##*/}"
	# Beside cgroup1 it is mounted elsewhere.
	grep -q ' /sys/fs/cgroup [^-]* - cgroup2 ' /proc/self/mountinfo ||
		NO_ENGINE=$(mount -t cgroup2 none /sys/fs/cgroup 2>&1)
	for dir in /run /dev/shm /var/lib; do
		[ -n "$NO_ENGINE" ] || NO_ENGINE=$(mount -t tmpfs none "$dir" 2>&1)
	done
	trap : HUP INT TERM # the end of what we wait for, not ours
	# shellcheck disable=SC2086 # "busybox sh" is two words
	unshare --pid --fork --mount-proc --kill-child ${TEST_SHELL:-sh} "$TEST_FILE"
	status=$?
	# Its processes are gone, but the kernel may not have told the cgroups yet.
	tries=200
	while [ -d "$parent" ] && [ "$tries" != 0 ]; do
		find "$parent" -depth -type d -exec rmdir {} \; 2>/dev/null
		[ ! -d "$parent" ] || sleep 0.01
		tries=$((tries - 1))
	done
	exit "$status"
}

case ${TEST_FILE:+${ENGINE_STAGE:-none}} in
none)
	NO_ENGINE='needs root'
	if [ "$(id -u)" = 0 ]; then
		NO_ENGINE=$(unshare --mount --pid --fork --mount-proc true 2>&1)
	fi
	export NO_ENGINE
	# shellcheck disable=SC2086 # "busybox sh" is two words
	[ -n "$NO_ENGINE" ] ||
		ENGINE_STAGE=machine exec unshare --mount ${TEST_SHELL:-sh} "$TEST_FILE"
	;;
machine) enter_machine ;;
esac

. "$(dirname "$0")/../lib.sh"
need podman podman
need crun crun
. "$TOP/tests/applet/helper/probe.sh"

# ---- The engine

# hard_limit NAME MAX: the hard limit of that name in /proc/self/limits, but at most MAX. What podman asks
# for by itself is more than a root without CAP_SYS_RESOURCE may have.
hard_limit() {
	awk -v name="$1" -v max="$2" '
		index($0, name) == 1 {
			split(substr($0, length(name) + 1), w, " ")
			if (w[2] == "unlimited" || w[2] > max + 0) w[2] = max
			print w[2]
		}' /proc/self/limits
}

# Its files, none of them the machine's. The option --init takes what init_path says.
configure_engine() {
	ENGINE=/run/pidbox
	mkdir -p "$ENGINE/home" "$ENGINE/tmp" "$ENGINE/image" "$ENGINE/init" || return
	cat >"$ENGINE/containers.conf" <<-END
		[containers]
		netns = "none"
		cgroups = "disabled"
		log_driver = "k8s-file"
		default_ulimits = [
			"nofile=$(hard_limit 'Max open files' 1024):$(hard_limit 'Max open files' 1024)",
			"nproc=$(hard_limit 'Max processes' 65536):$(hard_limit 'Max processes' 65536)",
		]
		[engine]
		runtime = "crun"
		cgroup_manager = "cgroupfs"
		events_logger = "none"
		tmp_dir = "$ENGINE/libpod"
		init_path = "$ENGINE/init/catatonit"
	END
	cat >"$ENGINE/storage.conf" <<-END
		[storage]
		driver = "vfs"
		graphroot = "$ENGINE/storage"
		runroot = "$ENGINE/storage.run"
	END
	export CONTAINERS_CONF="$ENGINE/containers.conf" CONTAINERS_STORAGE_CONF="$ENGINE/storage.conf"
	export HOME="$ENGINE/home" TMPDIR="$ENGINE/tmp"
	unset XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_DATA_HOME CONTAINER_HOST
}

# The program that the containers run, so compiled that it needs nothing there.
compile_inside() {
	for cc in musl-gcc cc gcc clang; do
		if command -v "$cc" && "$cc" -std=gnu11 -Os -Wall -Wextra -D_GNU_SOURCE -static \
			-o "$ENGINE/image/inside" "$TOP/tests/system/helper/inside.c"
		then
			return
		fi
	done >"$T/inside.log" 2>&1
	cat "$T/inside.log"
	return 1
}

# image NAME: builds it of the Dockerfile on standard input and the files in $ENGINE/image.
image() {
	podman build --isolation=chroot --layers=false --quiet --tag "$1" --file - "$ENGINE/image" \
		>"$T/build.log" 2>&1 && return
	cat "$T/build.log"
	return 1
}

# start_engine: a container of the image pidbox-none, which has none of our code, shows whether the
# engine works here. $ENGINE/image gets our program for other images.
start_engine() {
	configure_engine || return
	compile_inside || return
	if ! NO_ENGINE=$(echo 'FROM scratch
		COPY inside /inside' | image pidbox-none && podman run --rm pidbox-none /inside exit 0 2>&1)
	then
		NO_ENGINE="podman with crun does not work here: $(echo "$NO_ENGINE" | tail -n 1)"
		return 0
	fi
	NO_ENGINE=
	cp "$PIDBOX" "$ENGINE/image/pidbox" && cp "$PIDBOX" "$ENGINE/init/catatonit" || return
}

# ---- Containers

# exit_code CONTAINER: of one that has ended.
exit_code() { podman inspect --format '{{.State.ExitCode}}' "$1"; }

# assert_processes PATTERN PODMAN...: what our ps shows as the command of these words: PID, parent and
# arguments, with single blanks, and none in front of a line.
assert_processes() {
	pattern=$1
	shift
	assert_run 0 '*' '' "$@" /bin/ps --no-headers -e -o pid,ppid,args
	processes=$(sed 's/  */ /g; s/^ //' "$T/out")
	like "$processes" "$pattern" && return
	show "stdout: $processes"
	show "   not: $pattern"
	fail "see above"
}

# defunct CONTAINER: how many zombies its PID 1 has, counted by our ps in there.
defunct() {
	podman exec "$1" /bin/ps --no-headers -e -o ppid,stat |
		awk '$1 == 1 && $2 ~ /^Z/ { n++ } END { print n + 0 }'
}

# assert_line TEXT: that the process in the background prints it now.
assert_line() { next_line && assertEquals "$1" "$line"; }

# assert_sent CONTAINER SIGNAL: the engine sends it.
assert_sent() { assert_run 0 "$1" '' podman kill --signal "$2" "$1"; }

# assert_stops CONTAINER RC: a stop of the one in the background is its end, without a KILL, whose
# status would be 137.
assert_stops() {
	assert_run 0 "$1" '' podman stop "$1"
	ended "$2"
	assertEquals "exit code of $1" "$2" "$(exit_code "$1")"
}

tearDown() {
	podman rm --all --depend --force --time 0 >/dev/null
	exec 8<&-
}

if [ -z "$NO_ENGINE" ]; then
	start_engine || exit 1
fi
if [ -n "$NO_ENGINE" ]; then
	without_engine() { skip_because "$NO_ENGINE"; }
	suite() { suite_addTest without_engine; }
	tearDown() { :; }
fi
