/* SPDX-License-Identifier: 0BSD */
/* The columns of ps, sorted by name. */
#ifndef PS_COLUMNS_H
#define PS_COLUMNS_H

#define OF(member) offsetof(struct proc, member)
enum { R = OUT_RIGHT, RN = OUT_RIGHT | OUT_NUM, NAME = OUT_WIDE | OUT_WHOLE | PS_NAME };
#define ARGS (PROC_STAT | PROC_CMDLINE)
#define LINES (PROC_STATUS | PROC_LINES)
#define REST (PROC_STAT | PROC_REST)
#define MEMORY (PROC_STATUS | PROC_MEMORY)

#define COLUMNS(COL) \
	COL("%cpu", "%CPU", 4, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_CPU, 0, \
	    "%CPU one decimal; >=100 no decimal") \
	COL("%mem", "%MEM", 4, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, MEMORY, SHOW_MEM, 0, \
	    "VmRSS*1000/MemTotal, one decimal") \
	IF_PS_NONE(COL("acflag", "ACFLG", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("acflg", "ACFLG", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("addr", "ADDR", 4, OUT_RIGHT, 0, SHOW_NONE, 0, "always -") \
	COL("addr_1", "ADDR", 1, 0, 0, SHOW_NONE, 0, "always -") \
	IF_PS_FILES(COL("ag_id", "AGID", 5, OUT_RIGHT | OUT_NUM, 0, SHOW_FILE, NUMBER_GROUP, \
	                "autogroup, -1 for none")) \
	IF_PS_FILES(COL("ag_nice", "AGNI", 4, OUT_RIGHT | OUT_NUM, 0, SHOW_FILE, \
	                NUMBER_GROUP_NICE, "nice value of the autogroup")) \
	COL("alarm", "ALARM", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -") \
	IF_PS_NONE(COL("argc", "ARGC", 4, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("args", "COMMAND", 27, OUT_WIDE | PS_ONLY_PROCESS | PS_TREE, ARGS, SHOW_ARGS, 0, \
	    "full command line; c makes it comm") \
	COL("atime", "TIME", 8, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_TIME, 0, \
	    "user+system cpu [DD-]HH:MM:SS") \
	COL("blocked", "BLOCKED", 9, OUT_RIGHT | PS_SIGNAL | PS_ONLY_THREAD, LINES, SHOW_MASK, \
	    MASK_BLOCKED, "blocked mask") \
	IF_PS_NONE(COL("bnd", "BND", 1, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("bsdstart", "START", 6, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_BSDSTART, 0, \
	    " HH:MM or Mon DD (24 h rule)") \
	COL("bsdtime", "TIME", 6, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_BSDTIME, 0, "cpu MMM:SS") \
	COL("c", "C", 2, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_C, 0, "whole %CPU, capped 99") \
	COL("caught", "CAUGHT", 9, OUT_RIGHT | PS_SIGNAL | PS_ONLY_THREAD, LINES, SHOW_MASK, \
	    MASK_CAUGHT, "caught mask") \
	IF_PS_CGROUP(COL("cgname", "CGNAME", 27, OUT_WIDE | PS_ONLY_PROCESS, PROC_CGROUP, \
	                 SHOW_CGROUP, CGROUP_NAMED, "those of a hierarchy with a name, if any")) \
	IF_PS_CGROUP(COL("cgroup", "CGROUP", 27, OUT_WIDE | PS_ONLY_PROCESS, PROC_CGROUP, \
	                 SHOW_CGROUP, CGROUP_ALL, "cgroups that are no root")) \
	COL("cgroupns", "CGROUPNS", 10, OUT_RIGHT | OUT_NUM, 0, SHOW_NS, NS_CGROUP, \
	    "cgroup namespace: its inode") \
	COL("class", "CLS", 3, PS_ONLY_THREAD, REST, SHOW_CLASS, 0, \
	    "TS FF RR B ISO IDL DLN #n ?") \
	COL("cls", "CLS", 3, OUT_RIGHT | PS_ONLY_THREAD, REST, SHOW_CLASS, 0, \
	    "TS FF RR B ISO IDL DLN #n ?") \
	IF_PS_NONE(COL("cmaj_flt", "-", 1, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("cmd", "CMD", 27, OUT_WIDE | PS_ONLY_PROCESS | PS_TREE, ARGS, SHOW_ARGS, 0, \
	    "full command line; c makes it comm") \
	IF_PS_NONE(COL("cmin_flt", "-", 1, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("cnswap", "-", 1, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("comm", "COMMAND", 15, OUT_WIDE | PS_ONLY_PROCESS | PS_TREE, PROC_STAT, SHOW_COMM, 0, \
	    "comm; -f makes it the command line") \
	COL("command", "COMMAND", 27, OUT_WIDE | PS_ONLY_PROCESS | PS_TREE, ARGS, SHOW_ARGS, 0, \
	    "full command line; c makes it comm") \
	COL("context", "CONTEXT", 31, 0, 0, SHOW_LABEL, 0, "label of the security module") \
	COL("cp", "CP", 3, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_CP, 0, "per mille, capped 999") \
	COL("cpu", "CPU", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, REST, SHOW_INT, OF(cpu), \
	    "cpu last run on") \
	COL("cpuid", "CPUID", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, REST, SHOW_INT, \
	    OF(cpu), "cpu last run on") \
	COL("cputime", "TIME", 8, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_TIME, 0, \
	    "user+system cpu [DD-]HH:MM:SS") \
	COL("cputimes", "TIME", 8, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_TIMES, 0, "cpu seconds") \
	IF_PS_NONE(COL("ctid", "CTID", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("cuc", "%CUC", 7, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_CUC, 0, \
	    "same with dead children") \
	IF_PS_NONE(COL("cursig", "CURSIG", 6, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("cutime", "-", 1, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("cuu", "%CUU", 6, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_CUU, 0, "%CPU three decimals") \
	IF_PS_NONE(COL("cwd", "CWD", 3, 0, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_CGROUP(COL("docker", "DOCKER", 12, 0, PROC_CGROUP, SHOW_CGROUP, CGROUP_DOCKER, \
	                 "container of docker: 12 digits")) \
	COL("drs", "DRS", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, REST, SHOW_DATA, 0, \
	    "(vsize-code)/1024") \
	COL("dsiz", "DSIZ", 4, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, REST, SHOW_DATA, 0, \
	    "same") \
	COL("egid", "EGID", 5, OUT_RIGHT | OUT_NUM, PROC_OWNER, SHOW_ID, OF(egid), \
	    "effective gid") \
	COL("egroup", "EGROUP", 8, NAME, PROC_OWNER, SHOW_GROUP, OF(egid), \
	    "effective group") \
	COL("eip", "EIP", 16, OUT_RIGHT | PS_ONLY_THREAD, REST, SHOW_HEX, \
	    OF(instruction_pointer), "instruction pointer hex") \
	IF_PS_NONE(COL("emul", "EMUL", 13, 0, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("end_code", "E_CODE", 16, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("environ", "ENVIRONMENT", 31, OUT_WIDE | PS_ONLY_PROCESS, 0, SHOW_ENVIRON, 0, \
	    "environment") \
	COL("esp", "ESP", 16, OUT_RIGHT | PS_ONLY_THREAD, REST, SHOW_HEX, OF(stack_pointer), \
	    "stack pointer hex") \
	COL("etime", "ELAPSED", 11, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_ETIME, 0, \
	    "elapsed [[DD-]HH:]MM:SS") \
	COL("etimes", "ELAPSED", 7, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_ETIMES, 0, \
	    "elapsed seconds") \
	COL("euid", "EUID", 5, OUT_RIGHT | OUT_NUM, PROC_OWNER, SHOW_ID, OF(euid), \
	    "effective uid (printed signed)") \
	COL("euser", "EUSER", 8, NAME, PROC_OWNER, SHOW_USER, OF(euid), \
	    "effective user name") \
	COL("exe", "EXE", 27, OUT_WIDE | PS_ONLY_PROCESS, 0, SHOW_EXE, 0, "file of the program") \
	COL("f", "F", 1, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_FLAGS, 0, \
	    "(flags>>6)&7 in octal: 1 forked-no-exec, 4 used superuser") \
	COL("fds", "FDS", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, 0, SHOW_FDS, 0, \
	    "open descriptors") \
	COL("fgid", "FGID", 5, OUT_RIGHT | OUT_NUM, PROC_STATUS, SHOW_ID, OF(fsgid), "fs gid") \
	COL("fgroup", "FGROUP", 8, NAME, PROC_STATUS, SHOW_GROUP, OF(fsgid), \
	    "fs group") \
	COL("flag", "F", 1, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_FLAGS, 0, \
	    "(flags>>6)&7 in octal: 1 forked-no-exec, 4 used superuser") \
	COL("flags", "F", 1, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_FLAGS, 0, \
	    "(flags>>6)&7 in octal: 1 forked-no-exec, 4 used superuser") \
	COL("fname", "COMMAND", 8, OUT_WIDE | OUT_WHOLE | PS_ONLY_PROCESS | PS_TREE, PROC_STAT, \
	    SHOW_FNAME, 0, "comm cut at 8 columns") \
	COL("fsgid", "FSGID", 5, OUT_RIGHT | OUT_NUM, PROC_STATUS, SHOW_ID, OF(fsgid), "fs gid") \
	COL("fsgroup", "FSGROUP", 8, NAME, PROC_STATUS, SHOW_GROUP, OF(fsgid), \
	    "fs group") \
	COL("fsuid", "FSUID", 5, OUT_RIGHT | OUT_NUM, PROC_STATUS, SHOW_ID, OF(fsuid), "fs uid") \
	COL("fsuser", "FSUSER", 8, NAME, PROC_STATUS, SHOW_USER, OF(fsuid), \
	    "fs user") \
	COL("fuid", "FUID", 5, OUT_RIGHT | OUT_NUM, PROC_STATUS, SHOW_ID, OF(fsuid), "fs uid") \
	COL("fuser", "FUSER", 8, NAME, PROC_STATUS, SHOW_USER, OF(fsuid), "fs user") \
	COL("gid", "GID", 5, OUT_RIGHT | OUT_NUM, PROC_OWNER, SHOW_ID, OF(egid), "effective gid") \
	COL("group", "GROUP", 8, NAME, PROC_OWNER, SHOW_GROUP, OF(egid), \
	    "effective group") \
	IF_PS_FILES(COL("htprv", "HTPRV", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, 0, SHOW_FILE, \
	                NUMBER_HUGE_PRIVATE, "KiB of huge pages of its own")) \
	IF_PS_FILES(COL("htshr", "HTSHR", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, 0, SHOW_FILE, \
	                NUMBER_HUGE_SHARED, "KiB of huge pages shared")) \
	COL("ignored", "IGNORED", 9, OUT_RIGHT | PS_SIGNAL | PS_ONLY_THREAD, LINES, SHOW_MASK, \
	    MASK_IGNORED, "ignored mask") \
	IF_PS_NONE(COL("inblk", "INBLK", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("inblock", "INBLK", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("intpri", "PRI", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, PROC_STAT, SHOW_PRI, 160, \
	    "priority+60 (what -l prints)") \
	COL("ipcns", "IPCNS", 10, OUT_RIGHT | OUT_NUM, 0, SHOW_NS, NS_IPC, \
	    "ipc namespace: its inode") \
	IF_PS_NONE(COL("jid", "JID", 1, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("jobc", "JOBC", 4, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("ktrace", "KTRACE", 8, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("ktracep", "KTRACEP", 8, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("label", "LABEL", 31, 0, 0, SHOW_LABEL, 0, "label of the security module") \
	COL("lastcpu", "C", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, REST, SHOW_INT, OF(cpu), \
	    "cpu last run on") \
	COL("lim", "LIM", 5, OUT_RIGHT, REST, SHOW_LIMIT, 0, "RSS limit KiB, xx infinity") \
	IF_PS_NONE(COL("login", "LOGNAME", 8, 0, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("logname", "LOGNAME", 8, 0, 0, SHOW_NONE, 0, "always -")) \
	COL("longtname", "TTY", 8, PS_ONLY_PROCESS, PROC_STAT, SHOW_TTY, TTY_LONG, \
	    "terminal, ? for none") \
	IF_PS_CGROUP(COL("lsession", "SESSION", 11, 0, PROC_CGROUP, SHOW_CGROUP, CGROUP_SESSION, \
	                 "session of systemd's logind")) \
	COL("lstart", "STARTED", 24, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_LSTART, 0, \
	    "full date, -D/--date-format overrides") \
	IF_PS_FILES(COL("luid", "LUID", 5, OUT_RIGHT | OUT_NUM, 0, SHOW_FILE, NUMBER_LOGIN_UID, \
	                "who has logged in, - for nobody")) \
	IF_PS_NONE(COL("luser", "LUSER", 8, 0, 0, SHOW_NONE, 0, "always -")) \
	COL("lwp", "LWP", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_THREAD, 0, SHOW_TID, 0, \
	    "thread id") \
	IF_PS_CGROUP( \
		COL("lxc", "LXC", 8, 0, PROC_CGROUP, SHOW_CGROUP, CGROUP_LXC, "container of lxc")) \
	COL("m_drs", "DRS", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, REST, SHOW_DATA, 0, \
	    "(vsize-code)/1024") \
	IF_PS_NONE(COL("m_dt", "DT", 4, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("m_lrs", "LRS", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("m_resident", "RES", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("m_share", "SHRD", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("m_size", "SIZE", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, PROC_STAT, SHOW_U64, \
	    OF(vsize_bytes), "VmSize in bytes (name SIZE)") \
	IF_PS_NONE(COL("m_swap", "SWAP", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("m_trs", "TRS", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, REST, SHOW_CODE, 0, \
	    "(end_code-start_code)/1024") \
	IF_PS_CGROUP(COL("machine", "MACHINE", 31, 0, PROC_CGROUP, SHOW_CGROUP, CGROUP_MACHINE, \
	                 "machine registered with systemd")) \
	COL("maj_flt", "MAJFL", 6, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_FAULTS, OF(major_faults), \
	    "major faults") \
	COL("majflt", "MAJFLT", 6, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_FAULTS, OF(major_faults), \
	    "major faults") \
	COL("min_flt", "MINFL", 6, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_FAULTS, OF(minor_faults), \
	    "minor faults") \
	COL("minflt", "MINFLT", 6, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_FAULTS, OF(minor_faults), \
	    "minor faults") \
	COL("mntns", "MNTNS", 10, OUT_RIGHT | OUT_NUM, 0, SHOW_NS, NS_MNT, \
	    "mount namespace: its inode") \
	IF_PS_NONE(COL("msgrcv", "MSGRCV", 6, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("msgsnd", "MSGSND", 6, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("mwchan", "MWCHAN", 6, 0, 0, SHOW_NONE, 0, "always -")) \
	COL("netns", "NETNS", 10, OUT_RIGHT | OUT_NUM, 0, SHOW_NS, NS_NET, \
	    "net namespace: its inode") \
	COL("ni", "NI", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, REST, SHOW_NICE, 0, \
	    "nice; - for RT classes") \
	COL("nice", "NI", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, REST, SHOW_NICE, 0, \
	    "nice; - for RT classes") \
	IF_PS_NONE(COL("nivcsw", "IVCSW", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("nlwp", "NLWP", 4, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, PROC_STAT, SHOW_LONG, \
	    OF(threads), "number of threads") \
	COL("nschild", "NSCHILD", 10, RN, 0, SHOW_NSCHILD, 0, \
	    "PID namespace of its children to come, where another: its inode") \
	IF_PS_NONE(COL("nsignals", "NSIGS", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("nsigs", "NSIGS", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("nsinit", "NSINIT", 6, RN | PS_PID, PROC_STATUS | NEED_TREE, SHOW_NSINIT, 0, \
	    "the init of its PID namespace, which would reap its orphans") \
	COL("nslevel", "NSLVL", 5, OUT_RIGHT | OUT_NUM, PROC_STATUS, SHOW_NSLEVEL, 0, \
	    "how many PID namespaces below this one it is") \
	COL("nspgid", "NSPGID", 11, 0, LINES | PROC_STAT, SHOW_CHAIN, CHAIN_PGID, \
	    "the numbers of its process group in them") \
	COL("nspid", "NSPID", 11, 0, PROC_STATUS, SHOW_CHAIN, CHAIN_PID, \
	    "its numbers from here to its own PID namespace") \
	COL("nssid", "NSSID", 11, 0, LINES | PROC_STAT, SHOW_CHAIN, CHAIN_SID, \
	    "the numbers of its session in them") \
	COL("nstgid", "NSTGID", 11, 0, LINES, SHOW_CHAIN, CHAIN_TGID, \
	    "the numbers of its process in them") \
	IF_PS_NONE(COL("nswap", "NSWAP", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_FILES(COL("numa", "NUMA", 4, OUT_RIGHT | OUT_NUM, REST, SHOW_NUMA, 0, \
	                "NUMA node of the processor it ran on last")) \
	IF_PS_NONE(COL("nvcsw", "VCSW", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("nwchan", "WCHAN", 6, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_FILES(COL("oom", "OOM", 4, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, 0, SHOW_FILE, \
	                NUMBER_OOM, "the badness for the kernel when memory runs out")) \
	IF_PS_FILES(COL("oomadj", "OOMADJ", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, 0, SHOW_FILE, \
	                NUMBER_OOM_ADJUST, "what is added to that, of 1000")) \
	COL("opri", "PRI", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, PROC_STAT, SHOW_PRI, 160, \
	    "priority+60 (what -l prints)") \
	IF_PS_NONE(COL("osz", "SZ", 2, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("oublk", "OUBLK", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("oublock", "OUBLK", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_CGROUP(COL("ouid", "OWNER", 5, 0, PROC_CGROUP, SHOW_CGROUP, CGROUP_OWNER, \
	                 "user whose slice it is in")) \
	IF_PS_NONE(COL("p_ru", "P_RU", 6, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("paddr", "PADDR", 6, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("pagein", "PAGEIN", 6, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_FAULTS, OF(major_faults), \
	    "major faults") \
	COL("pcap", "PCAP", 16, OUT_RIGHT | PS_ONLY_THREAD, LINES, SHOW_MASK, MASK_PERMITTED, \
	    "permitted caps hex (4.0.5+)") \
	COL("pcaps", "PCAPS", 16, OUT_RIGHT | PS_ONLY_THREAD, LINES, SHOW_PCAPS, 0, \
	    "permitted caps names") \
	COL("pcpu", "%CPU", 4, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_CPU, 0, \
	    "%CPU one decimal; >=100 no decimal") \
	COL("pending", "PENDING", 9, OUT_RIGHT | PS_SIGNAL, LINES, SHOW_MASK, MASK_PENDING, \
	    "pending") \
	COL("pgid", "PGID", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_PROCESS, PROC_STAT, \
	    SHOW_INT, OF(pgid), "process group") \
	COL("pgrp", "PGRP", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_PROCESS, PROC_STAT, \
	    SHOW_INT, OF(pgid), "process group") \
	COL("pid", "PID", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_PROCESS, 0, SHOW_INT, OF(pid), \
	    "thread-group id") \
	COL("pidino", "PIDINO", 10, RN, PROC_STAT, SHOW_PIDINO, 0, \
	    "inode of its pidfd, which nobody else has ever had") \
	COL("pidns", "PIDNS", 10, OUT_RIGHT | OUT_NUM, 0, SHOW_NS, NS_PID, \
	    "PID namespace: its inode") \
	COL("pmem", "%MEM", 4, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, MEMORY, SHOW_MEM, 0, \
	    "VmRSS*1000/MemTotal, one decimal") \
	IF_PS_NONE(COL("poip", "-", 1, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("policy", "POL", 3, PS_ONLY_THREAD, REST, SHOW_CLASS, 0, \
	    "TS FF RR B ISO IDL DLN #n ?") \
	COL("ppid", "PPID", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_PROCESS, PROC_STAT, \
	    SHOW_INT, OF(ppid), "parent tgid; 0 = parent outside the /proc mount's ns") \
	COL("pri", "PRI", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, PROC_STAT, SHOW_PRI_DOWN, 139, \
	    "39-priority (what -c prints)") \
	COL("pri_api", "API", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, PROC_STAT, SHOW_PRI_DOWN, \
	    99, "-1-priority") \
	COL("pri_bar", "BAR", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, PROC_STAT, SHOW_PRI, 101, \
	    "priority+1") \
	COL("pri_baz", "BAZ", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, PROC_STAT, SHOW_PRI, 200, \
	    "priority+100") \
	COL("pri_foo", "FOO", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, PROC_STAT, SHOW_PRI, 80, \
	    "priority-20") \
	COL("priority", "PRI", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, PROC_STAT, SHOW_PRI, 100, \
	    "stat priority as is") \
	IF_PS_NONE(COL("prmgrp", "PRMGRP", 12, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("prmid", "PRMID", 12, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("project", "PROJECT", 12, 0, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("projid", "PROJID", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("pset", "PSET", 4, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("psr", "PSR", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, REST, SHOW_INT, OF(cpu), \
	    "cpu last run on") \
	IF_PS_FILES(COL("pss", "PSS", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, 0, SHOW_FILE, \
	                NUMBER_PSS, "KiB of memory, its share of what is shared")) \
	IF_PS_NONE(COL("psxpri", "PPR", 3, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_FILES(COL("rbytes", "RBYTES", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, 0, SHOW_FILE, \
	                NUMBER_READ_BYTES, "bytes read from storage")) \
	IF_PS_FILES(COL("rchars", "RCHARS", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, 0, SHOW_FILE, \
	                NUMBER_READ_CHARS, "bytes read")) \
	IF_PS_NONE(COL("re", "RE", 3, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("reaper", "REAPER", 15, OUT_WIDE | PS_ONLY_PROCESS, PROC_STAT, SHOW_REAPER, 0, \
	    "who must wait for it: its parent") \
	IF_PS_NONE(COL("resident", "RES", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("rgid", "RGID", 5, OUT_RIGHT | OUT_NUM, PROC_STATUS, SHOW_ID, OF(rgid), "real gid") \
	COL("rgroup", "RGROUP", 8, NAME, PROC_STATUS, SHOW_GROUP, OF(rgid), \
	    "real group") \
	IF_PS_NONE(COL("rlink", "RLINK", 8, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_FILES(COL("rops", "ROPS", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, 0, SHOW_FILE, \
	                NUMBER_READ_CALLS, "calls of read")) \
	COL("rss", "RSS", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, MEMORY, SHOW_KB, \
	    OF(vm_rss_kb), "VmRSS KiB") \
	COL("rssize", "RSS", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, MEMORY, SHOW_KB, \
	    OF(vm_rss_kb), "VmRSS KiB") \
	COL("rsz", "RSZ", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, MEMORY, SHOW_KB, \
	    OF(vm_rss_kb), "VmRSS KiB") \
	COL("rtprio", "RTPRIO", 6, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, REST, SHOW_RTPRIO, \
	    0, "RT priority, - if not RT") \
	COL("ruid", "RUID", 5, OUT_RIGHT | OUT_NUM, PROC_STATUS, SHOW_ID, OF(ruid), "real uid") \
	COL("ruser", "RUSER", 8, NAME, PROC_STATUS, SHOW_USER, OF(ruid), \
	    "real user") \
	COL("s", "S", 1, PS_ONLY_THREAD, PROC_STAT, SHOW_STATE, 0, "state letter only") \
	COL("sched", "SCH", 3, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, REST, SHOW_INT, \
	    OF(policy), "policy number") \
	IF_PS_NONE(COL("scnt", "SCNT", 4, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("scount", "SC", 4, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_CGROUP(COL("seat", "SEAT", 11, 0, PROC_CGROUP, SHOW_CGROUP, CGROUP_SEAT, \
	                 "seat of its session")) \
	COL("sess", "SESS", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_PROCESS, PROC_STAT, \
	    SHOW_INT, OF(sid), "session id") \
	COL("session", "SESS", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_PROCESS, PROC_STAT, \
	    SHOW_INT, OF(sid), "session id") \
	COL("sgi_p", "P", 1, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, REST, SHOW_RUNS_ON, 0, \
	    "cpu if R else *") \
	COL("sgi_rss", "RSS", 4, PS_ONLY_PROCESS | OUT_NUM, MEMORY, SHOW_KB, OF(vm_rss_kb), \
	    "VmRSS KiB") \
	COL("sgid", "SGID", 5, OUT_RIGHT | OUT_NUM, PROC_STATUS, SHOW_ID, OF(sgid), "saved gid") \
	COL("sgroup", "SGROUP", 8, NAME, PROC_STATUS, SHOW_GROUP, OF(sgid), \
	    "saved group") \
	IF_PS_NONE(COL("share", "-", 1, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("sid", "SID", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_PROCESS, PROC_STAT, SHOW_INT, \
	    OF(sid), "session id") \
	COL("sig", "PENDING", 9, OUT_RIGHT | PS_SIGNAL, LINES, SHOW_MASK, MASK_PENDING, "pending") \
	COL("sig_block", "BLOCKED", 9, OUT_RIGHT | PS_SIGNAL | PS_ONLY_THREAD, LINES, SHOW_MASK, \
	    MASK_BLOCKED, "blocked mask") \
	COL("sig_catch", "CATCHED", 9, OUT_RIGHT | PS_SIGNAL | PS_ONLY_THREAD, LINES, SHOW_MASK, \
	    MASK_CAUGHT, "caught mask") \
	COL("sig_ignore", "IGNORED", 9, OUT_RIGHT | PS_SIGNAL | PS_ONLY_THREAD, LINES, SHOW_MASK, \
	    MASK_IGNORED, "ignored mask") \
	COL("sig_pend", "SIGNAL", 9, OUT_RIGHT | PS_SIGNAL, LINES, SHOW_MASK, MASK_PENDING, \
	    "pending") \
	COL("sigcatch", "CAUGHT", 9, OUT_RIGHT | PS_SIGNAL | PS_ONLY_THREAD, LINES, SHOW_MASK, \
	    MASK_CAUGHT, "caught mask") \
	COL("sigignore", "IGNORED", 9, OUT_RIGHT | PS_SIGNAL | PS_ONLY_THREAD, LINES, SHOW_MASK, \
	    MASK_IGNORED, "ignored mask") \
	COL("sigmask", "BLOCKED", 9, OUT_RIGHT | PS_SIGNAL | PS_ONLY_THREAD, LINES, SHOW_MASK, \
	    MASK_BLOCKED, "blocked mask") \
	IF_PS_SIGTERM(COL("sigterm", "SIGTERM", 7, 0, MEMORY | PROC_LINES, SHOW_SIGTERM, 0, \
	                  "what a TERM meets: default handler ignored blocked waits unknown")) \
	COL("size", "SIZE", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, LINES | PROC_STAT, \
	    SHOW_SIZE, 0, "VmData+VmStk KiB") \
	IF_PS_NONE(COL("sl", "SL", 3, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_CGROUP(COL("slice", "SLICE", 31, 0, PROC_CGROUP, SHOW_CGROUP, CGROUP_SLICE, \
	                 "systemd's slice")) \
	COL("spid", "SPID", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_THREAD, 0, SHOW_TID, 0, \
	    "thread id") \
	COL("stackp", "STACKP", 16, OUT_RIGHT | PS_ONLY_PROCESS, REST, SHOW_HEX, \
	    OF(start_stack), "stack start hex") \
	COL("start", "STARTED", 8, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_STARTED, 0, \
	    "HH:MM:SS or   Mon DD (24 h rule)") \
	IF_PS_NONE(COL("start_code", "S_CODE", 16, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("start_stack", "STACKP", 16, OUT_RIGHT | PS_ONLY_PROCESS, REST, SHOW_HEX, \
	    OF(start_stack), "stack start hex") \
	COL("start_time", "START", 5, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_START, 0, \
	    "HH:MM / MonDD / YYYY") \
	COL("stat", "STAT", 4, PS_ONLY_THREAD, PROC_STAT | MEMORY, SHOW_STAT, 0, \
	    "state + modifier letters") \
	COL("state", "S", 1, PS_ONLY_THREAD, PROC_STAT, SHOW_STATE, 0, "state letter only") \
	IF_PS_NONE(COL("status", "STATUS", 6, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("stime", "STIME", 5, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_START, 0, \
	    "HH:MM / MonDD / YYYY") \
	COL("suid", "SUID", 5, OUT_RIGHT | OUT_NUM, PROC_STATUS, SHOW_ID, OF(suid), "saved uid") \
	COL("supgid", "SUPGID", 20, OUT_WIDE | PS_ONLY_PROCESS, LINES, SHOW_SUPGID, 0, \
	    "supplementary gids") \
	COL("supgrp", "SUPGRP", 40, OUT_WIDE | PS_ONLY_PROCESS, LINES, SHOW_SUPGRP, 0, \
	    "supplementary group names") \
	COL("suser", "SUSER", 8, NAME, PROC_STATUS, SHOW_USER, OF(suid), \
	    "saved user") \
	COL("svgid", "SVGID", 5, OUT_RIGHT | OUT_NUM, PROC_STATUS, SHOW_ID, OF(sgid), "saved gid") \
	COL("svgroup", "SVGROUP", 8, NAME, PROC_STATUS, SHOW_GROUP, OF(sgid), \
	    "saved group") \
	COL("svuid", "SVUID", 5, OUT_RIGHT | OUT_NUM, PROC_STATUS, SHOW_ID, OF(suid), "saved uid") \
	COL("svuser", "SVUSER", 8, NAME, PROC_STATUS, SHOW_USER, OF(suid), \
	    "saved user") \
	IF_PS_NONE(COL("systime", "SYSTEM", 6, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("sz", "SZ", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, MEMORY, SHOW_PAGES, 0, \
	    "VmSize in pages") \
	IF_PS_NONE(COL("taskid", "TASKID", 6, OUT_RIGHT | PS_PID, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("tdev", "TDEV", 4, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("tgid", "TGID", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_PROCESS, 0, SHOW_INT, \
	    OF(pid), "thread-group id") \
	COL("thcount", "THCNT", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, PROC_STAT, SHOW_LONG, \
	    OF(threads), "number of threads") \
	COL("tid", "TID", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_THREAD, 0, SHOW_TID, 0, \
	    "thread id") \
	COL("time", "TIME", 8, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_TIME, 0, \
	    "user+system cpu [DD-]HH:MM:SS") \
	COL("timens", "TIMENS", 10, OUT_RIGHT | OUT_NUM, 0, SHOW_NS, NS_TIME, \
	    "time namespace: its inode") \
	COL("timeout", "TMOUT", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -") \
	COL("times", "TIME", 8, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_TIMES, 0, "cpu seconds") \
	IF_PS_NONE(COL("tmout", "TMOUT", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("tname", "TTY", 8, PS_ONLY_PROCESS, PROC_STAT, SHOW_TTY, TTY_LONG, \
	    "terminal, ? for none") \
	COL("tpgid", "TPGID", 5, OUT_RIGHT | OUT_NUM | PS_PID | PS_ONLY_PROCESS, PROC_STAT, \
	    SHOW_INT, OF(tpgid), "foreground pgrp of the tty, -1 none") \
	COL("trs", "TRS", 4, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, REST, SHOW_CODE, 0, \
	    "(end_code-start_code)/1024") \
	COL("trss", "TRSS", 4, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, REST, SHOW_CODE, 0, \
	    "(end_code-start_code)/1024") \
	IF_PS_NONE(COL("tsess", "TSESS", 5, OUT_RIGHT | PS_PID, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("tsession", "TSESS", 5, OUT_RIGHT | PS_PID, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("tsid", "TSID", 5, OUT_RIGHT | PS_PID, 0, SHOW_NONE, 0, "always -")) \
	COL("tsig", "PENDING", 9, OUT_RIGHT | PS_SIGNAL, LINES, SHOW_MASK, MASK_THREAD, \
	    "thread pending") \
	COL("tsiz", "TSIZ", 4, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, REST, SHOW_CODE, 0, \
	    "same") \
	COL("tt", "TT", 8, PS_ONLY_PROCESS, PROC_STAT, SHOW_TTY, TTY_LONG, "terminal, ? for none") \
	COL("tty", "TT", 8, PS_ONLY_PROCESS, PROC_STAT, SHOW_TTY, TTY_LONG, \
	    "terminal, ? for none") \
	COL("tty4", "TTY", 4, PS_ONLY_PROCESS, PROC_STAT, SHOW_TTY, TTY_SHORT, \
	    "terminal without tty or pts/ in front") \
	COL("tty8", "TTY", 8, PS_ONLY_PROCESS, PROC_STAT, SHOW_TTY, TTY_LONG, \
	    "terminal, ? for none") \
	IF_PS_NONE(COL("u_procp", "UPROCP", 6, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("ucmd", "CMD", 15, OUT_WIDE | PS_ONLY_PROCESS | PS_TREE, PROC_STAT, SHOW_COMM, 0, \
	    "comm; -f makes it the command line") \
	COL("ucomm", "COMMAND", 15, OUT_WIDE | PS_ONLY_PROCESS | PS_TREE, PROC_STAT, SHOW_COMM, 0, \
	    "comm; -f makes it the command line") \
	COL("uid", "UID", 5, OUT_RIGHT | OUT_NUM, PROC_OWNER, SHOW_ID, OF(euid), \
	    "effective uid (printed signed)") \
	COL("uid_hack", "UID", 8, NAME, PROC_OWNER, SHOW_USER, OF(euid), \
	    "effective user name") \
	IF_PS_NONE(COL("umask", "UMASK", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("uname", "USER", 8, NAME, PROC_OWNER, SHOW_USER, OF(euid), \
	    "effective user name") \
	IF_PS_CGROUP(COL("unit", "UNIT", 31, 0, PROC_CGROUP, SHOW_CGROUP, CGROUP_UNIT, \
	                 "systemd's unit")) \
	IF_PS_NONE(COL("upr", "UPR", 3, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("uprocp", "UPROCP", 8, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("user", "USER", 8, NAME, PROC_OWNER, SHOW_USER, OF(euid), \
	    "effective user name") \
	COL("userns", "USERNS", 10, OUT_RIGHT | OUT_NUM, 0, SHOW_NS, NS_USER, \
	    "user namespace: its inode") \
	IF_PS_NONE(COL("usertime", "USER", 4, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("usrpri", "UPR", 3, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_FILES(COL("uss", "USS", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, 0, SHOW_FILE, \
	                NUMBER_USS, "KiB of memory of its own")) \
	COL("util", "C", 2, OUT_RIGHT | OUT_NUM, PROC_STAT, SHOW_C, 0, "whole %CPU, capped 99") \
	IF_PS_NONE(COL("utime", "UTIME", 6, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("utsns", "UTSNS", 10, OUT_RIGHT | OUT_NUM, 0, SHOW_NS, NS_UTS, \
	    "UTS namespace: its inode") \
	IF_PS_CGROUP(COL("uunit", "UUNIT", 31, 0, PROC_CGROUP, SHOW_CGROUP, CGROUP_USER_UNIT, \
	                 "unit of the user's systemd")) \
	IF_PS_NONE(COL("vm_data", "DATA", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("vm_exe", "EXE", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("vm_lib", "LIB", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	IF_PS_NONE(COL("vm_lock", "LCK", 3, OUT_RIGHT, MEMORY, SHOW_NONE, 1, \
	               "always -; sorts by the locked memory")) \
	IF_PS_NONE(COL("vm_stack", "STACK", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("vsize", "VSZ", 6, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, MEMORY, SHOW_KB, \
	    OF(vm_size_kb), "VmSize KiB") \
	COL("vsz", "VSZ", 6, OUT_RIGHT | OUT_NUM | PS_ONLY_PROCESS, MEMORY, SHOW_KB, \
	    OF(vm_size_kb), "VmSize KiB") \
	IF_PS_FILES(COL("wbytes", "WBYTES", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, 0, SHOW_FILE, \
	                NUMBER_WRITE_BYTES, "bytes written to storage")) \
	IF_PS_FILES(COL("wcbytes", "WCBYTES", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, 0, \
	                SHOW_FILE, NUMBER_CANCELLED_BYTES, "bytes whose writing was not needed")) \
	COL("wchan", "WCHAN", 6, NAME | PS_ONLY_THREAD, 0, SHOW_WCHAN, 0, \
	    "the kernel's function it sleeps in") \
	IF_PS_FILES(COL("wchars", "WCHARS", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, 0, SHOW_FILE, \
	                NUMBER_WRITE_CHARS, "bytes written")) \
	COL("wname", "WCHAN", 6, NAME | PS_ONLY_THREAD, 0, SHOW_WCHAN, 0, \
	    "the kernel's function it sleeps in") \
	IF_PS_FILES(COL("wops", "WOPS", 5, OUT_RIGHT | OUT_NUM | PS_ONLY_THREAD, 0, SHOW_FILE, \
	                NUMBER_WRITE_CALLS, "calls of write")) \
	IF_PS_NONE(COL("xstat", "XSTAT", 5, OUT_RIGHT, 0, SHOW_NONE, 0, "always -")) \
	COL("zone", "ZONE", 31, 0, 0, SHOW_LABEL, 0, "label of the security module") \
	IF_PS_NONE(COL("zoneid", "ZONEID", 31, OUT_RIGHT, 0, SHOW_NONE, 0, "always -"))

#endif
