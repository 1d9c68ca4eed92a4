# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh disable=SC2154 # variables of whoever reads this
# Debian's kernel, to be booted in qemu: for the tests machine*.sh and for tests/bench/system.sh, who set
# $BUILD, the build directory, where it stays, and $T, a temporary one. KERNEL=DIR is another one to be
# used instead: DIR/vmlinuz, and modules somewhere below.

# fetch_kernel DIR: Debian's, unpacked from its package; it is not installed.
fetch_kernel() {
	rm -rf "$1" && mkdir -p "$1" && cd "$1" || return
	package=$(apt-cache depends linux-image-cloud-amd64 |
		sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | sed 1q)
	apt-get -q -o Acquire::Retries=3 download "${package:-linux-image-cloud-amd64}" &&
		dpkg -x ./*.deb package && mv package/boot/vmlinuz-* vmlinuz && rm ./*.deb
}

# Once for a build directory, whoever comes first; where that fails the package lists may be old.
find_kernel() {
	if [ -z "${KERNEL:-}" ]; then
		KERNEL=$BUILD/kernel
		(
			flock 9
			[ ! -e "$KERNEL/vmlinuz" ] || exit
			(fetch_kernel "$KERNEL.new") || (apt-get -q update && fetch_kernel "$KERNEL.new") || exit
			mv "$KERNEL.new" "$KERNEL"
		) </dev/null >"$T/kernel.log" 2>&1 9>"$BUILD/kernel.lock"
	fi
	[ ! -e "$KERNEL/vmlinuz" ] || return 0
	cat "$T/kernel.log"
	echo "$0: no kernel: Debian's could not be fetched; KERNEL=DIR names another" >&2
	return 1
}
