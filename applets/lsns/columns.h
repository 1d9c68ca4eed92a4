/* SPDX-License-Identifier: 0BSD */
/* The columns of lsns: those of util-linux in its order, then ours. */
#ifndef LSNS_COLUMNS_H
#define LSNS_COLUMNS_H

#include "view.h"

enum { R = OUT_RIGHT, RN = OUT_RIGHT | OUT_NUM };
/* A cell of several lines; one that is cut where the screen is too narrow. */
enum { LINES = OUT_OWN, CUT = OUT_CUT };
#define STAT NEED(PROC_STAT)
#define OWNER NEED(PROC_OWNER)
#define COMMAND NEED(PROC_STAT | PROC_CMDLINE)
#define COLUMNS_OF_UTIL_LINUX 13

#define COLUMNS(COL) \
	COL("ns", "NS", 10, RN, 0, SHOW_NS, 0, "namespace (inode number)") \
	COL("type", "TYPE", 5, 0, 0, SHOW_TYPE, 0, "kind of namespace") \
	COL("path", "PATH", 0, 0, 0, SHOW_PATH, 0, "a file that is it") \
	COL("nprocs", "NPROCS", 0, RN, 0, SHOW_NPROCS, 0, "processes in it") \
	COL("pid", "PID", 5, RN, 0, SHOW_PID, 0, "the lowest process in it") \
	COL("ppid", "PPID", 5, RN, STAT, SHOW_PPID, 0, "parent of that process") \
	COL("command", "COMMAND", 0, CUT, COMMAND, SHOW_COMMAND, 0, \
	    "command line of that process") \
	COL("uid", "UID", 0, RN, OWNER | FIND_UID, SHOW_UID, 0, \
	    "user id of that process, or without one of who made it") \
	COL("user", "USER", 0, 0, OWNER | FIND_UID, SHOW_USER, 0, "the same as a name") \
	COL("netnsid", "NETNSID", 0, R, FIND_NETNSID, SHOW_NETNSID, 0, \
	    "its number in our network namespace") \
	COL("nsfs", "NSFS", 0, LINES, FIND_HOLDERS, SHOW_NSFS, 0, "where it is mounted") \
	COL("pns", "PNS", 10, RN, FIND_UP, SHOW_PNS, 0, "its parent; 0: none that may be seen") \
	COL("ons", "ONS", 10, RN, FIND_UP, SHOW_ONS, 0, \
	    "the user namespace that owns it; 0: none that may be seen") \
	COL("nsid", "NSID", 0, RN, FIND_ID, SHOW_NSID, 0, \
	    "its id, which is never used again (Linux 6.18)") \
	COL("holder", "HOLDER", 0, 0, FIND_HOLDERS, SHOW_HOLDER, 0, \
	    "all that keeps it: process, thread, child, fd, socket, mount") \
	COL("init", "INIT", 0, RN, FIND_INIT, SHOW_INIT, 0, \
	    "of a PID namespace: its PID 1, as numbered here") \
	COL("nspid", "NSPID", 0, 0, FIND_INIT, SHOW_NSPID, 0, \
	    "all numbers of that init, from here inwards")

#define CONTAINER_COLUMNS(COL) \
	COL("ns", "NS", 10, RN, 0, SHOW_NS, 0, "PID namespace (inode number)") \
	COL("pns", "PNS", 10, RN, 0, SHOW_PNS, 0, "the PID namespace around it; 0: unknown") \
	COL("init", "INIT", 0, RN, 0, SHOW_INIT, 0, "its PID 1, as numbered here") \
	COL("nspid", "NSPID", 0, 0, 0, SHOW_NSPID, 0, \
	    "all numbers of its lowest process, from here inwards") \
	COL("pid", "PID", 0, RN, 0, SHOW_PID, 0, "the lowest process in it") \
	COL("ppid", "PPID", 0, RN, STAT, SHOW_PPID, 0, "parent of that process") \
	COL("uid", "UID", 0, RN, OWNER, SHOW_UID, 0, "user id of that process") \
	COL("user", "USER", 0, 0, OWNER, SHOW_USER, 0, "user of that process") \
	COL("nprocs", "NPROCS", 0, RN, 0, SHOW_NPROCS, 0, "processes in it, zombies too") \
	COL("zombies", "ZOMBIES", 0, RN, 0, SHOW_ZOMBIES, 0, \
	    "those that have ended and are not waited for") \
	COL("shared", "SHARED", 0, 0, 0, SHOW_SHARED, 0, \
	    "kinds of namespaces in which its lowest process is where lsns is") \
	COL("own", "OWN", 0, 0, 0, SHOW_OWN, 0, "the other kinds") \
	COL("sigterm", "SIGTERM", 0, 0, 0, SHOW_SIGTERM, 0, \
	    "what a TERM meets at its PID 1; default: it is lost") \
	COL("container", "CONTAINER", 0, 0, 0, SHOW_CONTAINER, 0, "id in the cgroup's path") \
	COL("command", "COMMAND", 0, CUT, COMMAND, SHOW_COMMAND, 0, \
	    "command line of the lowest process")

#endif
