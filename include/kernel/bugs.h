/* SPDX-License-Identifier: MIT */
/*
 * The bug museum: mistakes that memory management is famous for, each a switch at the place where it is
 * made. `make museum' shows that the tests find every one of them; docs/museum.md is the guided tour.
 *
 *    make run BUGS=1 O=build/bugs CMDLINE="bug=GUARD_PAGE test=vmalloc"
 *
 * Only a kernel that is made with BUGS=1 has them, and at most one of them at a time. In every other
 * bug() is false when compiling, and nothing is left of it: tests/museum/switches.t compares.
 */
#ifndef KERNEL_BUGS_H
#define KERNEL_BUGS_H

#ifndef CONFIG_BUGS
#define CONFIG_BUGS 0
#endif

/* Name, and what somebody got wrong. In the order of docs/museum.md. */
#define FOR_EACH_BUG(X)									\
	X(TLB_NOT_TOLD,		"entries change, and no TLB is told")			\
	X(TLB_ONLY_HERE,	"entries change, and only this CPU's TLB is told")	\
	X(BUDDY_BORDER,		"a block merges with one of another zone")		\
	X(BUDDY_ORDER,		"a block merges with one of another order")		\
	X(GUARD_PAGE,		"areas have no guard page behind them")			\
	X(SIZE_OVERFLOW,	"the bytes of an array are not what its elements need")

#define BUG_NAME(name, title)	BUG_##name,
enum planted_bug {
	BUG_NONE,
	FOR_EACH_BUG(BUG_NAME)
};
#undef BUG_NAME

extern enum planted_bug planted_bug;

/* Is this the bug that is to be seen? */
#define bug(name)	(CONFIG_BUGS && planted_bug == BUG_##name)

/**
 * plant_bug - choose the bug that is to be seen
 * @name: one of FOR_EACH_BUG(), or "list" for their list and no bug
 *
 * `bug=NAME' calls it as an early parameter; on a host the environment variable BUG does. Return: 0;
 * -EINVAL, after a list of those that exist, if there is no such bug.
 */
int plant_bug(const char *name);

#endif
