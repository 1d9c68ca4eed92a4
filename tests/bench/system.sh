# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh
# init as PID 1 of a machine, beside busybox's, both with the same inittab. See scripts/bench.sh.

# ---- The programs: the whole of pidbox, and what a small machine needs of it, with neither the other
# role nor what an inittab does not ask for
need_mounts=$(needs INIT_PROC INIT_SYS INIT_DEV INIT_PTS INIT_RUN | sed 's/$/=y/' | tr '\n' ' ')
small=$(build system-small "INIT=y INIT_SYSTEM=y $need_mounts LTO=y" allnoconfig -Oz)
shipped=$(build system-alone "$(without init) INIT_CONTAINER=n")
init=$(applet init)
busybox=$(path_of busybox) || trouble 'there is no busybox'

# called FILE DIR: a link to it by the name of init.
called() {
	mkdir -p "$programs/$2" && ln -sf "$1" "$programs/$2/init" && echo "$programs/$2/init"
}

# inittab NAME LINE...: the directory that has it in place of /etc.
inittab() {
	dir=$programs/etc-$1
	shift
	mkdir -p "$dir" && : >"$dir/of-boot" && printf '%s\n' "$@" >"$dir/inittab"
	echo "$dir"
}

# inits DIR: those that are compared, in a PID namespace.
inits() {
	fresh
	other ours "$programs/boot" "$1" "$init"
	peer busybox "$programs/boot" "$1" "$(called "$busybox" busybox)"
	other small "$programs/boot" "$1" "$(called "$small" small)"
	other shipped "$programs/boot" "$1" "$(called "$shipped" shipped)"
}

# ---- From the start to the end: the only program asks for a poweroff
inits "$(inittab off "::once:$programs/boot off")"
measure off -n "$(rounds 5)" run
row off 'an empty inittab, and poweroff' ms off.wall_us per=1000 goal='< 100 and <= 0.1 busybox'
row off-cpu 'CPU for that' ms off.cpu_us per=1000

# ---- From the start to the first program
etc=$(inittab first "::sysinit:$programs/stamp" "::once:$programs/boot off")
fresh
other ours "$programs/boot" "$etc" "$init"
other small "$programs/boot" "$etc" "$(called "$small" small)"
other floor "$programs/boot" "$etc" "$programs/floor-boot" "$programs/stamp"
other again "$programs/boot" "$etc" "$programs/floor-boot" "$programs/stamp"
measure first -n "$(rounds 15)" -k "$(some 60)" -1 exec
row first 'start to first program' us first.exec_us goal='<= 1.1 floor'
row first-small 'start to first program, small' us first.exec_us ours=small goal='<= 1.1 floor'
row first-noise 'noise of that: its floor beside itself' us first.exec_us ours=again
inits "$etc"
measure busy -n "$(rounds 5)" -1 exec
row first-busybox 'start to first program, beside busybox' us busy.exec_us

# ---- The same on Debian's kernel in qemu, from the moment at which it begins to execute /init. Without KVM
# the time there is what qemu takes to translate and run code, and varies with all that the machine does; so
# there is a second clock, which goes on by 8 ns with each instruction. The initramfs differ in /init alone.
T=$W
. "$top/tests/system/helper/kernel.sh"

# image LABEL PROGRAM
image() {
	sh "$top/scripts/mkinitramfs" -b "$PIDBOX" -i "$W/table" -a "$programs/first:first" -a "$2:init" \
		-o "$W/$1.cpio"
}

# boots TAG ROUND LABELS [OPTION]...: each, the one after the other, with more of qemu's options.
boots() {
	tag=$1 round=$2 labels=$3
	shift 3
	for label in $labels; do
		rm -f "$W/line"
		timeout -k 5 60 qemu-system-x86_64 -accel tcg -m 128 -nodefaults -display none -no-reboot \
			-serial "file:$W/line" -kernel "$KERNEL/vmlinuz" -initrd "$W/$label.cpio" "$@" \
			-append 'console=ttyS0 panic=-1 quiet' </dev/null >&2
		us=$(tr -d '\r' <"$W/line" | sed -n 's/^the first program: //p')
		if [ -z "$us" ]; then
			trouble "$name: $tag: $label has not booted"
			continue
		fi
		datum "$tag.us" "$label" "$us" "$round"
	done
}

if find_kernel >&2; then
	echo '::sysinit:/first' >"$W/table"
	image shipped "$shipped" && image small "$small" && image floor "$programs/floor-boot" &&
		cp "$W/floor.cpio" "$W/again.cpio"
	say "$name: boots"
	order='shipped small floor' round=0
	while [ "$round" -lt "$(rounds 9)" ]; do
		boots boot "$round" "$order again"
		boots counted "$round" "$order" -icount shift=3,sleep=off
		order="${order#* } ${order%% *}" round=$((round + 1))
	done
fi
row kernel 'kernel to first program, in qemu, as shipped' us boot.us ours=shipped goal='<= 1.1 floor'
row kernel-small 'kernel to first program, in qemu, small' us boot.us ours=small goal='<= 1.1 floor'
row kernel-noise 'noise of that: its floor beside itself' us boot.us ours=again
row kernel-code 'instructions for that, as shipped' 1,000 counted.us ours=shipped per=8 goal='<= 1.1 floor'
row kernel-code-small 'instructions for that, small' 1,000 counted.us ours=small per=8 goal='<= 1.1 floor'

# ---- Doing nothing, with one program that does nothing
inits "$(inittab idle "::respawn:$programs/sleeper")"
measure memory -n "$(rounds 9)" -t 0 idle
row rss-small 'idle, small: RSS' kB memory.rss_kb ours=small goal='<= 60'
row anon-small 'idle, small: anonymous' kB memory.anon_kb ours=small
row rss-shipped 'idle, this role alone, as shipped: RSS' kB memory.rss_kb ours=shipped goal='<= 60'
row rss 'idle, the whole of pidbox: RSS' kB memory.rss_kb
row anon 'idle, the whole of pidbox: anonymous' kB memory.anon_kb goal='<= 24'
row pss 'idle, the whole of pidbox: PSS' kB memory.pss_kb
measure quiet -n 1 -t "$(some 10000)" idle
row wakeups 'wake-ups in 10 idle seconds' '' quiet.switches goal='= 0'

# ---- Bytes
bytes() { datum bytes "$1" "$(wc -c <"$2")"; }
bytes busybox "$busybox"
bytes ours "$init"
bytes small "$small"
bytes shipped "$shipped"
row bytes-small 'small: inittab, mounts' bytes bytes ours=small goal='<= 20480'
row bytes-shipped 'this role alone, as shipped' bytes bytes ours=shipped
row bytes 'the whole of pidbox' bytes bytes
