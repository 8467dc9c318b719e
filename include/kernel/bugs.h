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
#define FOR_EACH_BUG(X)										\
	X(TLB_NOT_TOLD,	"entries change, and no TLB is told")					\
	X(TLB_ONLY_HERE,	"entries change, and only this CPU's TLB is told")		\
	X(ASID_TWICE,		"two address spaces get the same ASID")				\
	X(SPLIT_FORGETS,	"a section becomes pages without its permissions")		\
	X(WRITE_EXECUTE,	"a page becomes executable and stays writable")			\
	X(STACK_GUARD,		"stacks have no guard page below them")				\
	X(MEMBLOCK_FLAGS,	"regions merge though their flags differ")			\
	X(BOOTMEM_ROUNDS,	"a page that is partly in use is freed")			\
	X(INIT_LATE,		"a function is called after its memory was freed")		\
	X(BUDDY_BORDER,	"a block merges with one of another zone")				\
	X(BUDDY_ORDER,		"a block merges with one of another order")			\
	X(BUDDY_PCP,		"a block merges with one that is on a per-CPU list")		\
	X(PCP_TWICE,		"a page is freed twice")					\
	X(FREE_POINTER,	"a free page's list pointers are overwritten")				\
	X(ISOLATED_LEFT,	"a pageblock stays isolated after a failure")			\
	X(ZERO_FIRST,		"of a block that is to be zeroed, only the first page is")	\
	X(WATERMARK_ONE,	"a request goes one page below the watermark")			\
	X(RESERVE_IGNORED,	"requests for high memory use up lowmem")			\
	X(KSWAPD_ASLEEP,	"kswapd is asked for memory, and not woken")			\
	X(OBJECT_END,		"a string is one byte longer than its object")			\
	X(CONSTRUCTOR,		"objects are given out that were never constructed")		\
	X(COLOUR_END,		"the last colour does not fit into the slab")			\
	X(OTHER_ARRAY,		"objects are freed to another CPU's array")			\
	X(ERROR_LEAK,		"an error path forgets what was allocated before")		\
	X(SIZE_OVERFLOW,	"the bytes of an array are not what its elements need")		\
	X(GUARD_PAGE,		"areas have no guard page behind them")				\
	X(REUSE_UNFLUSHED,	"addresses are reused before TLBs forget them")			\
	X(KMAP_COUNT,		"a second kmap() is not counted")				\
	X(DEVMEM_END,		"an access may end behind what somebody has")			\
	X(FREED_FIRST,		"an object is read after it was freed")				\
	X(REALLOC_SIZE,	"more is copied than the old object has")			\
	X(ARRAY_END,		"a function writes behind its caller's array")			\
	X(LOCK_ORDER,		"two locks are taken in both orders")				\
	X(IRQS_ON,		"interrupts come where they must not")				\
	X(BARRIER,		"a load overtakes a store")

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
