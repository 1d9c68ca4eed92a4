/* SPDX-License-Identifier: 0BSD */
/*
 * What the parts of lsns share: the namespaces there are. find.c finds them and hold.c who holds
 * them; they ask nobody what is to be shown. The other parts show it (view.h).
 */
#ifndef LSNS_H
#define LSNS_H

#include "ns.h"
#include "str.h"
#include "sys.h"

/* Who keeps a namespace alive, as the column HOLDER names them. */
enum lsns_hold {
	HOLD_PROCESS, /* a process that is in it */
	HOLD_THREAD,  /* a thread that is in it, while its process is not */
	HOLD_CHILD,  /* a process whose children-to-be will be in it, while it is not (pid, time) */
	HOLD_FD,     /* a descriptor of it */
	HOLD_SOCKET, /* a socket of it, whose process is in another one (net) */
	HOLD_MOUNT,  /* a bind mount of it, in whatever mount namespace */
	HOLD_SPACE,  /* only another namespace: one below it, or one that it owns */
	HOLD_UNKNOWN, /* listns(2) knows it, and nobody who can be seen holds it */
	HOLD_N
};
#define LSNS_HOLDERS "process\0thread\0child\0fd\0socket\0mount\0namespace\0unknown\0"

/* The lowest process among the holders of one kind. */
struct lsns_holder {
	pid_t pid;  /* 0: there is none; HOLD_MOUNT: one that sees the mount */
	int number; /* HOLD_THREAD: the thread, which HOLD_CHILD may have too (else 0); HOLD_FD,
	             * HOLD_SOCKET: the descriptor */
};

/* A place where a namespace is mounted. */
struct lsns_mount {
	size_t path, len; /* in find.text; it can be used as it stands there: what the caller does
	                   * not see himself begins with /proc/PID/root */
	size_t next;      /* the namespace's next place: an index + 1; 0: none */
	size_t root;      /* how many bytes of the path are /proc/PID/root */
};

/* A namespace. */
struct space {
	uint64_t inode;
	enum ns_kind kind;
	unsigned held;           /* 1 << enum lsns_hold */
	unsigned long processes; /* that are in it */
	pid_t pid;               /* the lowest of them; 0: none */
	struct lsns_holder by[HOLD_N];
	size_t mount;     /* the first place: an index into find.mounts + 1; 0: none */
	int mounts_known; /* of a mount namespace: its mounts have been looked at */
	int picked;       /* the process find.task is in it */
	/* FIND_UP; 0: there is none, or nobody may know. */
	uint64_t parent, owner;
	/* FIND_UID: of one without processes, who made the user namespace that it belongs to. */
	uid_t uid;
	int has_uid;
	uint64_t id;    /* FIND_ID; 0: unknown */
	int32_t net_id; /* FIND_NETNSID, of a network namespace: its number in the caller's */
	pid_t init;     /* FIND_INIT, of a PID namespace: its number 1 as we see it; 0: unknown */
};

enum { NET_ID_UNKNOWN = -2, NET_ID_NONE = -1 }; /* of .net_id */

/* What is to be found out besides .inode, .kind, .processes, .pid and .picked. Each costs. */
enum find_want {
	FIND_HOLDERS = 1, /* all who hold one, and so namespaces without processes */
	FIND_UP = 2,      /* .parent, .owner */
	FIND_ADD = 4,     /* with FIND_UP: those, too, that nobody else holds (HOLD_SPACE) */
	FIND_UID = 8,
	FIND_ID = 16,
	FIND_NETNSID = 32,
	FIND_INIT = 64,
	FIND_MEMBERS = 128,
};

struct find {
	/* The caller's: */
	int proc;
	unsigned kinds; /* 1 << kind: those that are listed. Others may be found besides. */
	unsigned want;  /* enum find_want */
	pid_t task;     /* 0: nobody */
	uint64_t inode; /* FIND_MEMBERS */
	/* What is found: */
	struct str spaces;        /* struct space, by their inode numbers */
	struct str mounts;        /* struct lsns_mount */
	struct str members;       /* pid_t: the processes in `inode`, in the order of /proc */
	struct str text;          /* of paths */
	unsigned long unreadable; /* processes that nobody may look at but their owner */
	/* Its own: */
	int real, ours;    /* /proc is the kernel's; it is that of our PID namespace */
	unsigned look_for; /* what ns_ids takes */
	struct str slots;  /* open addressing: index + 1; 0: free */
	size_t slot_mask;
	struct str ids;       /* uint64_t: the kernel's list */
	struct sys_file nsfs; /* .device: that of all namespaces */
	uint64_t own_mnt;     /* what is mounted there is known below own_root; 0: it is not */
	struct sys_file own_root;
	int links; /* descriptors are told apart by the text of their links */
};

/* ---- find.c */

/* Finds them all. -errno of /proc itself; who vanishes meanwhile is no error. */
int find_all(struct find *f);
void find_free(struct find *f);

size_t find_count(const struct find *f);
struct space *find_at(const struct find *f, size_t i);
/* The one of that number, of whatever kind with NS_N; NULL. */
struct space *find_space(const struct find *f, enum ns_kind kind, uint64_t inode);
const struct lsns_mount *find_mount(const struct find *f, size_t index_and_1);

/* Whether it failed for want of memory or descriptors, and not because somebody has gone. */
int find_lacks(int r);
/* Finds or adds a namespace, says who holds it, and returns it until the next one is added. */
struct space *find_note(struct find *f, enum ns_kind kind, uint64_t inode, enum lsns_hold how,
                        pid_t pid, int number);

/* ---- hold.c: who holds namespaces besides those who are in them */

/* What a process holds, whose own are `id`, as ns_ids gives them. -errno when we lack something. */
int hold_process(struct find *f, pid_t pid, const uint64_t id[2 * NS_N]);
/* The caller's mounts. */
void hold_own_mounts(struct find *f);
/* Asks the kernel for its list; takes of it what nobody holds who has been seen since. */
void hold_list(struct find *f);
void hold_listed(struct find *f);

/* Where a holder of the space, who is there, has it: a path below /proc. 0, -ENOENT. */
int hold_path(const struct space *s, enum lsns_hold how, char path[NS_PATH]);
/* Opens a namespace. -errno. */
int hold_open(const struct find *f, const struct space *s);
/* Appends a path by which it can be entered. -ENOENT, -ENOMEM. */
int find_path(const struct find *f, const struct space *s, struct str *text);

#endif
