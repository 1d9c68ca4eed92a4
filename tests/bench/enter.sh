# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# unshare and nsenter beside those of util-linux and of busybox: from the start of the tool to the
# start of its program, less what the program takes by itself. See scripts/bench.sh.
#
# On a virtual machine where CPUID traps, half a millisecond and more of a peer's figure is how
# glibc starts, which asks it some 70 times. The rows "but for the tool's start" show the rest: there
# it is less what that project's unshare takes without any option.

unshare=$(applet unshare)
nsenter=$(applet nsenter)
busybox=$(path_of busybox.static || path_of busybox)
for tool in unshare nsenter; do
	"$(path_of $tool)" --version 2>/dev/null | grep -q util-linux || trouble "$tool is not that of util-linux"
done

# show ID TEXT [OPTION]...: measures those that are compared, with these options of measure.
show() {
	which=$1 what=$2
	shift 2
	other none
	measure "$which-calls" -n "$(rounds 3)" -o "$@" calls "$programs/true"
	other ours.start "$unshare"
	other util-linux.start unshare
	other busybox.start "$busybox" unshare
	other floor.start "$programs/floor-enter"
	measure "$which" -n "$(rounds 11)" -k "$(some 25)" "$@" exec "$programs/stamp"
	measure "$which-one" -n "$(rounds 11)" -k "$(some 25)" -1 "$@" exec "$programs/stamp"
	row "$which" "$what" us "$which.exec_us" minus=none goal='<= 0.7 util-linux and <= 1 busybox'
	row "$which-one" "$what, on one CPU" us "$which-one.exec_us" minus=none \
		goal='<= 0.7 util-linux and <= 1 busybox'
	row "$which-rest" "$what, on one CPU, but for the tool's start" us "$which-one.exec_us" minus='*.start'
	row "$which-end" "$what, to its end" us "$which.wall_us" minus=none
	row "$which-calls" "$what" calls "$which-calls.calls_exec"
}

# ---- unshare, with what busybox has too: neither cgroup nor time namespaces

# make_new ID [OPTION]...
make_new() {
	new=$1
	shift
	fresh
	other ours "$unshare" "$@"
	peer util-linux unshare "$@"
	peer busybox "$busybox" unshare "$@"
	other floor "$programs/floor-enter" "$@"
	show "$new" "unshare${*:+ }$*"
}

make_new unshare
make_new unshare-m -m
make_new unshare-pid -p -f --mount-proc
make_new unshare-user -r
make_new unshare-most -muinpUr -f --mount-proc

# ---- nsenter. A busybox that enters all kinds it knows enters two less.

# enter ID TEXT TARGET OPTIONS BUSYBOX FLOOR
enter() {
	fresh
	other ours "$nsenter" -t 2 "$4"
	peer util-linux nsenter -t 2 "$4"
	# shellcheck disable=SC2086 # it takes no letters together with another's value
	peer busybox "$busybox" nsenter -t 2 $5
	other floor "$programs/floor-enter" -t 2 "$6"
	show "$1" "$2" "$3"
}

enter nsenter-net 'nsenter -n' -T -n -n -n
enter nsenter-pid 'nsenter -p' -T -p -p -pf
enter nsenter 'nsenter -a' -T -a '-m -u -i -n -p' -muinpCTf
enter nsenter-user 'nsenter -a, with a user namespace' -U -a '-U -m -u -i -n -p' -UmuinpCTf

# ---- Bytes of the file: alone as shipped, and with and without each feature of the configuration
bytes() { if [ -e "$3" ]; then datum "$1" "$2" "$(wc -c <"$3")"; fi; }

for tool in unshare nsenter; do
	only=$(without $tool)
	symbol=$(echo $tool | tr '[:lower:]' '[:upper:]')
	alone=$(build $tool-alone "$only")
	bytes $tool-bytes ours "$alone"
	bytes $tool-bytes util-linux "$(path_of $tool)"
	row $tool-bytes "$tool alone" bytes $tool-bytes
	for feature in $(grep -rhE "^//config:config ${symbol}_" applets | sed 's/.* //' | sort | head -n "$(some 99)"); do
		with=$alone
		grep -qx "CONFIG_$feature=y" "${alone%/*}/.config" || with=$(build "with-$feature" "$only $feature=y")
		bytes "$feature" ours "$with"
		bytes "$feature" without "$(build "without-$feature" "$only $feature=n")"
		row "bytes-$feature" "what $feature adds" bytes "$feature" minus=without
	done
done
