// SPDX-License-Identifier: MIT
/*
 * What it costs to give a page an address, and to clear and copy pages that have none of their own.
 */
#include <mm/gfp.h>
#include <mm/highmem.h>
#include "bench.h"

#define NR_PAIRS	100
#define NR_CYCLED	1024	/* twice as many as there are slots */

static struct page *low[2], *high[2];
static struct page **cycled;

static bool get(struct page **pages, gfp_t gfp_mask, bool want_high)
{
	for (unsigned int i = 0; i < 2; i++) {
		if (!pages[i])
			pages[i] = alloc_page(gfp_mask | __GFP_NOWARN);
		if (!pages[i] || PageHighMem(pages[i]) != want_high)
			return false;
	}
	return true;
}

static bool get_low(void)
{
	return get(low, GFP_KERNEL, false);
}

static bool get_high(void)
{
	return get(high, GFP_HIGHUSER, true);
}

static bool get_cycled(void)
{
	if (!get_high())
		return false;
	if (!cycled)
		cycled = alloc_pages_exact(NR_CYCLED * sizeof(*cycled), GFP_KERNEL | __GFP_ZERO);
	for (unsigned int i = 0; cycled && i < NR_CYCLED; i++)
		if (!cycled[i])
			cycled[i] = alloc_page(GFP_HIGHUSER);
	return cycled && cycled[NR_CYCLED - 1];
}

static __always_inline void local_pairs(struct page *page, unsigned long ops)
{
	do
		kunmap_local(kmap_local_page(page));
	while (--ops);
}

static __always_inline void kmap_pairs(struct page *page, unsigned long ops)
{
	do {
		kmap(page);
		kunmap(page);
	} while (--ops);
}

static void local_low(unsigned long ops)
{
	local_pairs(low[0], ops);
}

static void local_high(unsigned long ops)
{
	local_pairs(high[0], ops);
}

static void kmap_low(unsigned long ops)
{
	kmap_pairs(low[0], ops);
}

static void kmap_same(unsigned long ops)
{
	kmap_pairs(high[0], ops);
}

static void kmap_cycle(unsigned long ops)
{
	struct page **page = cycled;

	do {
		kmap(*page);
		kunmap(*page++);
	} while (--ops);
}

static void atomic_high(unsigned long ops)
{
	do
		kunmap_atomic(kmap_atomic(high[0]));
	while (--ops);
}

static void clear_pages(unsigned long ops)
{
	void *page = page_address(low[0]);

	do
		clear_page(page);
	while (--ops);
}

static void copy_pages(unsigned long ops)
{
	void *to = page_address(low[0]), *from = page_address(low[1]);

	do
		copy_page(to, from);
	while (--ops);
}

static void clear_high(unsigned long ops)
{
	do
		clear_highpage(high[0]);
	while (--ops);
}

static void copy_high(unsigned long ops)
{
	do
		copy_highpage(high[0], high[1]);
	while (--ops);
}

BENCH("kmap", "kmap_local pair, lowmem", NR_PAIRS, get_low, local_low, NULL);
BENCH("kmap", "kmap_local pair, highmem", NR_PAIRS, get_high, local_high, NULL);
BENCH("kmap", "kmap_atomic pair, highmem", NR_PAIRS, get_high, atomic_high, NULL);
BENCH("kmap", "kmap pair, lowmem", NR_PAIRS, get_low, kmap_low, NULL);
BENCH("kmap", "kmap pair, highmem, same page", NR_PAIRS, get_high, kmap_same, NULL);
BENCH("kmap", "kmap pair, 1024 pages in turn", NR_CYCLED, get_cycled, kmap_cycle, NULL);
BENCH("kmap", "clear_page", NR_PAIRS, get_low, clear_pages, NULL);
BENCH("kmap", "copy_page", NR_PAIRS, get_low, copy_pages, NULL);
BENCH("kmap", "clear_highpage", NR_PAIRS, get_high, clear_high, NULL);
BENCH("kmap", "copy_highpage", NR_PAIRS, get_high, copy_high, NULL);
