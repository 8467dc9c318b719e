// SPDX-License-Identifier: MIT
/*
 * The page allocator: which zone serves a request, what a page must look like when it is given out
 * or comes back, and the forms in which pages are asked for.
 *
 *    alloc_pages, __get_free_pages, ...            __free_pages, free_pages, put_page
 *      __alloc_pages                                 last reference gone?
 *        get_page_from_freelist                      __free_pages_ok
 *          MOVABLE -> HIGHMEM -> NORMAL -> DMA         free_pages_prepare    else bad page
 *          rmqueue                                     free_one_page
 *            __rmqueue (mm/pageblock.c)                  __free_one_page (mm/buddy.c)
 *            prep_new_page    else bad page
 *
 * A1. A page that is given out has one reference, no mapping and no state bit; only the first of a
 *     block has the reference.
 * A2. A page that comes back with anything left on it is reported, and never given out again.
 * A3. NR_FREE_PAGES of a zone changes together with its free lists, under zone->lock with
 *     interrupts off.
 * A4. Nobody but the last owner frees: a second free finds a page without a reference.
 *
 * The first page of a block is always examined, the others in debug builds only: that is what makes
 * the cost of a block independent of its size. Names as in Linux 3.10.
 */
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/handoff.h>
#include <mm/mm.h>
#include <mm/pageblock.h>

/* --- What a page must look like --- */

/*
 * All four of "no mappings, no owner, no reference, no forbidden bit", in one test for the hot
 * path.
 */
static inline bool page_is_clean(const struct page *page, unsigned long forbidden_flags)
{
	return ((unsigned long)(atomic_read(&page->_mapcount) + 1) | (unsigned long)page->mapping |
		(unsigned long)page_count(page) | (page->flags & forbidden_flags)) == 0;
}

/* How many pages of a block are examined: see the head of the file. */
static inline unsigned int pages_to_check(unsigned int order)
{
	return CONFIG_DEBUG_VM ? 1U << order : 1;
}

/*
 * Return: is every page of a block that comes back free to be used again? If not, that is reported.
 */
static bool free_pages_prepare(struct page *page, unsigned int order, const void *caller)
{
	unsigned int i, nr_bad = 0;

	for (i = 0; i < pages_to_check(order); i++) {
		if (likely(page_is_clean(page + i, PAGE_FLAGS_CHECK_AT_FREE)))
			continue;
		report_bad_free(page + i, caller);
		nr_bad++;
	}
	return nr_bad == 0;
}

/*
 * The first page of a block that leaves its zone. Return: false if it is not fit to be given out
 * (A2).
 */
static bool prep_new_page(struct page *page, unsigned int order, gfp_t gfp_mask, const void *caller)
{
	unsigned int i;

	for (i = 0; i < pages_to_check(order); i++) {
		if (likely(page_is_clean(page + i, PAGE_FLAGS_CHECK_AT_PREP)))
			continue;
		report_bad_alloc(page + i, caller);
		return false;
	}
	set_page_refcounted(page);
	if (gfp_mask & __GFP_ZERO)
		for (i = 0; i < 1U << order; i++)
			clear_page(page_address(page + i));
	return true;
}

/* --- Allocating --- */

static struct page *rmqueue(struct zone *zone, unsigned int order, enum migratetype migratetype)
{
	unsigned long flags;
	struct page *page;

	spin_lock_irqsave(&zone->lock, flags);
	page = __rmqueue(zone, order, migratetype);
	if (likely(page)) {
		VM_BUG_ON(!zone_holds_block(zone, page_to_pfn(page), order),
			  "pfn %lx, order %u, zone %s", page_to_pfn(page), order, zone->name);
		__mod_zone_page_state(zone, NR_FREE_PAGES, -(1L << order));
	}
	spin_unlock_irqrestore(&zone->lock, flags);
	return page;
}

/* A block from @zone that is fit to be given out. Blocks that are not stay out of circulation. */
static struct page *rmqueue_good(struct zone *zone, gfp_t gfp_mask, unsigned int order,
				 const void *caller)
{
	enum migratetype migratetype = allocflags_to_migratetype(gfp_mask);
	struct page *page;

	do
		page = rmqueue(zone, order, migratetype);
	while (page && unlikely(!prep_new_page(page, order, gfp_mask, caller)));
	return page;
}

/* From zone @high_zoneidx, or else from those below it. */
static struct page *get_page_from_freelist(gfp_t gfp_mask, unsigned int order,
					   enum zone_type high_zoneidx, const void *caller)
{
	struct zone *zones = NODE_DATA(0)->node_zones;
	struct page *page;
	int idx;

	for (idx = high_zoneidx; idx >= 0; idx--) {
		if (!zones[idx].managed_pages)
			continue;
		page = rmqueue_good(&zones[idx], gfp_mask, order, caller);
		if (likely(page))
			return page;
	}
	return NULL;
}

/* No zone had room. What is left to try, and what to say. */
static __cold noinline struct page *__alloc_pages_slowpath(gfp_t gfp_mask, unsigned int order,
							   const void *caller)
{
	if (mm_refuse(MM_BUDDY, "alloc_pages", caller))
		return NULL;
	if (gfp_zone(gfp_mask) == ZONE_DMA && !populated_zone(&NODE_DATA(0)->node_zones[ZONE_DMA]))
		return get_page_from_freelist(gfp_mask, order, ZONE_NORMAL, caller);
	return NULL;
}

static __cold noinline struct page *order_too_large(gfp_t gfp_mask, unsigned int order,
						    const void *caller)
{
	WARN_ON(!(gfp_mask & __GFP_NOWARN), "%pS asks for order %u, the largest is %u", caller,
		order, MAX_ORDER - 1);
	return NULL;
}

/* @caller is who asked, for messages. */
static struct page *__alloc_pages(gfp_t gfp_mask, unsigned int order, const void *caller)
{
	struct page *page;

	VM_BUG_ON(gfp_mask & ~__GFP_BITS_MASK, "gfp 0x%x from %pS", gfp_mask, caller);
	if (unlikely(order >= MAX_ORDER))
		return order_too_large(gfp_mask, order, caller);
	if (gfp_mask & __GFP_ZERO)
		gfp_mask &= ~__GFP_HIGHMEM;
	page = get_page_from_freelist(gfp_mask, order, gfp_zone(gfp_mask), caller);
	return likely(page) ? page : __alloc_pages_slowpath(gfp_mask, order, caller);
}

struct page *alloc_pages(gfp_t gfp_mask, unsigned int order)
{
	return __alloc_pages(gfp_mask, order, __builtin_return_address(0));
}

unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order)
{
	struct page *page;

	VM_BUG_ON(gfp_mask & __GFP_HIGHMEM, "high memory has no address: gfp 0x%x", gfp_mask);
	page = __alloc_pages(gfp_mask, order, __builtin_return_address(0));
	return page ? (unsigned long)page_address(page) : 0;
}

unsigned long get_zeroed_page(gfp_t gfp_mask)
{
	return __get_free_pages(gfp_mask | __GFP_ZERO, 0);
}

/* --- Freeing --- */

static void free_one_page(struct zone *zone, struct page *page, unsigned int order)
{
	unsigned long flags, pfn = page_to_pfn(page);

	spin_lock_irqsave(&zone->lock, flags);
	__free_one_page(page, pfn, zone, order, get_pfnblock_migratetype(zone, pfn));
	__mod_zone_page_state(zone, NR_FREE_PAGES, 1L << order);
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* A block that nobody refers to any more. */
static void __free_pages_ok(struct page *page, unsigned int order, const void *caller)
{
	if (likely(free_pages_prepare(page, order, caller)))
		free_one_page(page_zone(page), page, order);
}

/* Drop a reference; @caller is who does, for messages. */
static inline void put_pages(struct page *page, unsigned int order, const void *caller)
{
	int left;

	BUG_ON(order >= MAX_ORDER, "order %u from %pS", order, caller);
	VM_BUG_ON(!page_in_map(page), "%p from %pS is no struct page", (void *)page, caller);
	left = atomic_dec_return(&page->_count);
	if (likely(left == 0))
		__free_pages_ok(page, order, caller);
	else if (unlikely(left < 0))
		report_not_allocated(page, caller);
}

void __free_pages(struct page *page, unsigned int order)
{
	put_pages(page, order, __builtin_return_address(0));
}

void put_page(struct page *page)
{
	put_pages(page, 0, __builtin_return_address(0));
}

void free_pages(unsigned long addr, unsigned int order)
{
	if (!addr)
		return;
	VM_BUG_ON(!virt_addr_valid((void *)addr), "%08lx is no address of lowmem", addr);
	put_pages(virt_to_page((void *)addr), order, __builtin_return_address(0));
}

/* --- Sizes that are no power of two --- */

void split_page(struct page *page, unsigned int order)
{
	unsigned int i;

	BUG_ON(order >= MAX_ORDER, "order %u", order);
	VM_BUG_ON(!page_in_map(page), "%p is no struct page", (void *)page);
	VM_BUG_ON(page_count(page) != 1, "pfn %lx has %d references", page_to_pfn(page),
		  page_count(page));
	for (i = 1; i < 1U << order; i++)
		set_page_refcounted(page + i);
}

void *alloc_pages_exact(size_t bytes, gfp_t gfp_mask)
{
	unsigned int order = get_order(bytes);
	unsigned long addr = __get_free_pages(gfp_mask, order);
	unsigned long used = addr + PAGE_ALIGN(bytes), end = addr + (PAGE_SIZE << order);

	if (!addr)
		return NULL;
	split_page(virt_to_page((void *)addr), order);
	for (; used < end; used += PAGE_SIZE)
		free_page(used);
	return (void *)addr;
}

void free_pages_exact(void *virt, size_t bytes)
{
	unsigned long addr = (unsigned long)virt, end = addr + PAGE_ALIGN(bytes);

	BUG_ON(!IS_ALIGNED(addr, PAGE_SIZE), "%p is not what alloc_pages_exact() returned", virt);
	for (; addr < end; addr += PAGE_SIZE)
		free_page(addr);
}

/* --- Counting --- */

unsigned long nr_free_pages(void)
{
	return global_page_state(NR_FREE_PAGES);
}

unsigned long nr_free_highpages(void)
{
	unsigned long nr_free = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		if (is_highmem(zone))
			nr_free += zone_page_state(zone, NR_FREE_PAGES);
	return nr_free;
}
