// SPDX-License-Identifier: MIT
/*
 * What pages cost: a pair is an allocation and the free of what it gave; a burst takes many, keeps
 * them, and gives them back in the order in which it got them.
 */
#include <kernel/bug.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include "bench.h"

#define NR_PAIRS	100
#define SMALL_BURST	512
#define LARGE_BURST	4096

/* The pages of a burst; in memory of its own, which the kernel without benchmarks does without. */
static struct page **burst;

/* --- Pairs --- */

static __always_inline bool can_pair(gfp_t gfp_mask, unsigned int order)
{
	struct page *page = alloc_pages(gfp_mask | __GFP_NOWARN, order);

	if (page)
		__free_pages(page, order);
	return page;
}

static __always_inline void run_pairs(gfp_t gfp_mask, unsigned int order, unsigned long ops)
{
	do
		__free_pages(alloc_pages(gfp_mask, order), order);
	while (--ops);
}

/* A case for pairs of one kind; the mask and the order are constants in the measured loop. */
#define PAIR_BENCH(id, name, gfp_mask, order)						\
	static bool can_##id(void) { return can_pair(gfp_mask, order); }		\
	static void run_##id(unsigned long ops) { run_pairs(gfp_mask, order, ops); }	\
	BENCH("page", name, NR_PAIRS, can_##id, run_##id, NULL)

PAIR_BENCH(kernel, "GFP_KERNEL pair", GFP_KERNEL, 0);
PAIR_BENCH(highuser, "GFP_HIGHUSER pair", GFP_HIGHUSER, 0);
PAIR_BENCH(movable, "GFP_HIGHUSER_MOVABLE pair", GFP_HIGHUSER_MOVABLE, 0);
PAIR_BENCH(zeroed, "zeroed pair", GFP_KERNEL | __GFP_ZERO, 0);
PAIR_BENCH(order_1, "order 1 pair", GFP_KERNEL, 1);
PAIR_BENCH(order_2, "order 2 pair", GFP_KERNEL, 2);
PAIR_BENCH(order_3, "order 3 pair", GFP_KERNEL, 3);
PAIR_BENCH(order_4, "order 4 pair", GFP_KERNEL, 4);
PAIR_BENCH(order_5, "order 5 pair", GFP_KERNEL, 5);
PAIR_BENCH(order_6, "order 6 pair", GFP_KERNEL, 6);
PAIR_BENCH(order_7, "order 7 pair", GFP_KERNEL, 7);
PAIR_BENCH(order_8, "order 8 pair", GFP_KERNEL, 8);
PAIR_BENCH(order_9, "order 9 pair", GFP_KERNEL, 9);
PAIR_BENCH(order_10, "order 10 pair", GFP_KERNEL, 10);

/* --- Bursts --- */

static void run_burst_alloc(unsigned long ops)
{
	struct page **page = burst;

	do
		*page++ = alloc_pages(GFP_KERNEL, 0);
	while (--ops);
}

static void run_burst_free(unsigned long ops)
{
	struct page **page = burst;

	do
		__free_pages(*page++, 0);
	while (--ops);
}

static void small_burst_after_alloc(void)
{
	run_burst_free(SMALL_BURST);
}

static void large_burst_after_alloc(void)
{
	run_burst_free(LARGE_BURST);
}

/* Is there memory for a burst? Of that there must be plenty: nothing here copes with less. */
static bool can_burst(void)
{
	if (nr_free_pages() - nr_free_highpages() < 2 * LARGE_BURST)
		return false;
	if (!burst)
		burst = alloc_pages_exact(LARGE_BURST * sizeof(*burst), GFP_KERNEL);
	return burst;
}

static bool small_burst_before_free(void)
{
	if (!can_burst())
		return false;
	run_burst_alloc(SMALL_BURST);
	return true;
}

static bool large_burst_before_free(void)
{
	if (!can_burst())
		return false;
	run_burst_alloc(LARGE_BURST);
	return true;
}

BENCH("page", "burst of 512, alloc", SMALL_BURST, can_burst, run_burst_alloc,
      small_burst_after_alloc);
BENCH("page", "burst of 512, free", SMALL_BURST, small_burst_before_free, run_burst_free, NULL);
BENCH("page", "burst of 4096, alloc", LARGE_BURST, can_burst, run_burst_alloc,
      large_burst_after_alloc);
BENCH("page", "burst of 4096, free", LARGE_BURST, large_burst_before_free, run_burst_free, NULL);
