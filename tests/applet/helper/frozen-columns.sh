# SPDX-License-Identifier: 0BSD
# shellcheck shell=sh disable=SC2034 # used by the tests
# The names of procps's columns, for the tests that compare ps with procps.

# Of a thread: the line that m gives to a process has "-" there. On the left of their column, and right.
LEFT_THREAD_NAMES='stat s state class policy wchan wname'
THREAD_NAMES='
	lwp spid tid ni nice priority intpri opri pri pri_foo pri_bar pri_baz pri_api rtprio cls sched cpuid
	lastcpu psr sgi_p blocked sig_block sigmask ignored sig_ignore sigignore caught sig_catch sigcatch
	oom oomadj rbytes rchars rops wbytes wcbytes wchars wops esp eip
'

# Of a process: the lines that m gives to its threads have "-" there; or of both.
PROCESS_NAMES='
	pid tgid ppid pgid pgrp sess session sid tpgid euser uid_hack uname user euid uid ruser ruid egroup
	group egid gid rgroup rgid suser svuser suid svuid sgroup svgroup sgid svgid fsuser fuser fsuid fuid
	fgroup fsgroup fgid fsgid luid args cmd command comm ucmd ucomm fname exe longtname tname tt tty
	tty8 tty4 f flag flags atime cputime time cputimes times bsdtime etime etimes start_time stime start
	bsdstart lstart c util %cpu pcpu cp cuu cuc %mem pmem vsize vsz rss rssize rsz sgi_rss sz m_size
	size m_trs trs trss tsiz drs m_drs dsiz pss uss lim min_flt minflt maj_flt majflt pagein numa nlwp
	thcount pending sig sig_pend tsig pidns userns mntns netns ipcns utsns cgroupns timens cgroup cgname
	lxc machine ouid seat lsession slice unit uunit context label zone ag_id ag_nice stackp start_stack
	supgid supgrp
'
# In the line of the thread that is the leader 4.0.2 shows those of the whole program.
LEADER_NAMES=' min_flt minflt maj_flt majflt pagein rbytes rchars rops wbytes wcbytes wchars wops '
COLUMN_NAMES="$LEFT_THREAD_NAMES $THREAD_NAMES $PROCESS_NAMES"

# Accepted for the sake of old scripts; there is nothing in them.
EMPTY_NAMES='
	acflag acflg addr addr_1 alarm argc bnd cmaj_flt cmin_flt cnswap ctid cursig cutime cwd emul
	end_code inblk inblock jid jobc ktrace ktracep login logname luser m_dt m_lrs m_resident m_share
	m_swap msgrcv msgsnd mwchan nivcsw nsignals nsigs nswap nvcsw nwchan osz oublk oublock p_ru paddr
	poip prmgrp prmid project projid pset psxpri re resident rlink scnt scount share sl start_code
	status systime taskid tdev timeout tmout tsess tsession tsid u_procp umask upr uprocp usertime
	usrpri utime vm_data vm_exe vm_lib vm_lock vm_stack xstat zoneid
'

# Those of the git of 2026 that 4.0.2 does not have, or has without a value.
NEW_NAMES='docker fds htprv htshr pcap pcaps cpu environ'

# A random number for awk, of Park and Miller: it fits a double, so it is the same in every awk.
RANDOM_AWK='function random(n) { seed = seed * 16807 % 2147483647; return seed % n }'
