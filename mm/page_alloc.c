// SPDX-License-Identifier: MIT
/*
 * The page allocator: which zone serves a request, and the forms in which pages are asked for.
 *
 *    alloc_pages, __get_free_pages, ...
 *      alloc_hot                      one page: this CPU's lists (pcp.h), with interrupts off
 *      or else __alloc_pages
 *        get_page_from_first_zone     above its low watermark?
 *        or else alloc_slowly
 *          get_page_from_freelist     each zone of the zonelist
 *            buffered_rmqueue
 *              rmqueue_pcplist        up to PCP_MAX_ORDER: this CPU's lists, refilled (mm/pcp.c)
 *              or else __rmqueue      the free lists, with the lock (mm/pageblock.c)
 *          or else __alloc_pages_slowpath (mm/alloc_slowpath.c)
 *      prep_new_page                  else bad page, and another one is taken
 *
 * Most requests end in the first line, with interrupts off and no lock: the lists of the zone that is
 * asked first have what is wanted. Pages on a CPU's lists have left the free lists, so no watermark
 * is concerned. mm/page_free.c is the way back.
 *
 * A1. A page that is given out has one reference, no mapping and no state bit; only the first of a
 *     block has the reference.
 * A2. A page that comes back with anything left on it is reported, and never given out again.
 * A3. NR_FREE_PAGES of a zone changes together with its free lists, under zone->lock with
 *     interrupts off.
 * A4. Nobody but the last owner frees: a second free finds a page without a reference.
 *
 * The first page of a block is always examined, the others in debug builds only: that is what makes
 * the cost of a block independent of its size. Debug builds also know the order of each block, in
 * its first page's flags. Names as in Linux 3.10.
 */
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/fail_page_alloc.h>
#include <mm/gfp.h>
#include <mm/highmem.h>
#include <mm/kasan.h>
#include <mm/mm.h>
#include <mm/page_debug.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>
#include "internal.h"
#include "page_state.h"

/* Is a block that leaves its zone fit to be given out (A2)? If so, its first page gets a reference. */
static __always_inline bool prep_new_page(struct page *page, unsigned int order)
{
	unsigned int i;

	for (i = 0; i < pages_to_check(order); i++)
		if (unlikely(!page_is_unused(page + i)))
			return false;
	set_page_refcounted(page);
	if (CONFIG_DEBUG_VM)
		set_page_alloc_order(page, order);
	kasan_unpoison_pages(page, order);
	return true;
}

/* From the free lists. */
static struct page *rmqueue(struct zone *zone, unsigned int order, enum migratetype migratetype)
{
	unsigned long flags;
	struct page *page;

	spin_lock_irqsave(&zone->lock, flags);
	page = __rmqueue(zone, order, migratetype);
	if (likely(page)) {
		VM_BUG_ON(!zone_holds_block(zone, page_to_pfn(page), order),
			  "pfn %lx, order %u, zone %s", page_to_pfn(page), order, zone_name(zone));
		__mod_zone_freepage_state(zone, -(1 << order), get_zone_migratetype(zone, page));
		this_cpu_ptr(zone->pageset)->pcp.nr_alloc += 1UL << order;
	}
	spin_unlock_irqrestore(&zone->lock, flags);
	return page;
}

static struct page *buffered_rmqueue(struct zone *zone, unsigned int order, gfp_t gfp_mask,
				     enum migratetype migratetype)
{
	if (likely(zone_has_pcplist(zone, order)))
		return rmqueue_pcplist(zone, order, migratetype, gfp_mask & __GFP_COLD);
	return rmqueue(zone, order, migratetype);
}

static void __cold report_bad_block(struct page *page, unsigned int order, const void *caller)
{
	unsigned int i;

	for (i = 0; i < 1U << order; i++)
		if (!page_is_unused(page + i))
			report_bad_alloc(page + i, caller);
}

/*
 * A block from @zone that is fit to be given out. Blocks that are not stay out of circulation.
 * @by_list: whether this CPU's lists may be refilled for it.
 */
static __always_inline struct page *rmqueue_good(struct zone *zone, const struct alloc_context *ac,
						 bool by_list)
{
	enum migratetype migratetype = allocflags_to_migratetype(ac->gfp_mask);
	struct page *page;

	for (;;) {
		page = by_list ? buffered_rmqueue(zone, ac->order, ac->gfp_mask, migratetype) :
				 rmqueue(zone, ac->order, migratetype);
		if (likely(!page || prep_new_page(page, ac->order)))
			return page;
		report_bad_block(page, ac->order, ac->caller);
	}
}

/* May @zone give the block? @classzone_idx: the zone that the request means first. */
static __always_inline bool zone_may_give(const struct zone *zone, unsigned int order,
					  int classzone_idx, unsigned int alloc_flags)
{
	return alloc_flags & ALLOC_NO_WATERMARKS ||
	       zone_watermark_fast(zone, order, zone->watermark[alloc_flags & ALLOC_WMARK_MASK],
				   (enum zone_type)classzone_idx, alloc_flags);
}

struct page *get_page_from_freelist(const struct alloc_context *ac, unsigned int alloc_flags)
{
	bool by_list = (alloc_flags & (ALLOC_WMARK_MASK | ALLOC_NO_WATERMARKS)) == ALLOC_WMARK_LOW;
	int classzone_idx = zonelist_zone_idx(first_zoneref(ac));
	const struct zoneref *z = first_zoneref(ac);
	struct zone *zone = zonelist_zone(z);

	while (zone) {
		if (zone_may_give(zone, ac->order, classzone_idx, alloc_flags)) {
			struct page *page = rmqueue_good(zone, ac, by_list);

			if (page)
				return page;
		}
		z = next_zones_zonelist(z + 1, gfp_high_zoneidx(ac->gfp_mask), &zone);
	}
	return NULL;
}

/* The zone that is asked first has no block to spare: ask all of them, then do something about it. */
static __cold noinline struct page *alloc_slowly(gfp_t gfp_mask, unsigned int order,
						 const struct zonelist *zonelist, const void *caller)
{
	const struct alloc_context ac = { gfp_mask, order, zonelist, caller };
	struct page *page;

	page = get_page_from_freelist(&ac, ALLOC_WMARK_LOW | gfp_to_cma_flag(gfp_mask));
	return page ? page : __alloc_pages_slowpath(&ac);
}

/* From the zone that is asked first, if its lowest watermark is far away. NULL if not. */
static __always_inline struct page *get_page_from_first_zone(const struct alloc_context *ac)
{
	const struct zoneref *z = first_zoneref(ac);
	struct zone *zone = zonelist_zone(z);

	if (likely(zone) && likely(zone_may_give(zone, ac->order, zonelist_zone_idx(z),
						 ALLOC_WMARK_LOW | gfp_to_cma_flag(ac->gfp_mask))))
		return rmqueue_good(zone, ac, true);
	return NULL;
}

static __cold noinline struct page *order_too_large(gfp_t gfp_mask, unsigned int order,
						    const void *caller)
{
	WARN_ON(!(gfp_mask & __GFP_NOWARN), "%pS asks for order %u, the largest is %u", caller,
		order, MAX_ORDER - 1);
	return NULL;
}

/*
 * Debug builds report who says that it can wait where nobody can, though this time there may be no
 * need to. Boot, which is an idle thread, asks with GFP_KERNEL before there is anybody to wait for.
 */
static __always_inline void check_may_wait(gfp_t gfp_mask)
{
	if (CONFIG_DEBUG_VM && gfp_mask & __GFP_WAIT && !is_idle_task(current))
		might_sleep();
}

/*
 * A block that is not at hand, with junk in it; from node @nid if it has any, or from this CPU's if
 * that is NUMA_NO_NODE. @caller is who asked, for messages.
 */
static noinline struct page *__alloc_pages(gfp_t gfp_mask, unsigned int order, int nid,
					   const void *caller)
{
	struct alloc_context ac = { .gfp_mask = gfp_mask, .order = order, .caller = caller };
	struct page *page;

	VM_BUG_ON(gfp_mask & ~__GFP_BITS_MASK, "gfp 0x%x from %pS", gfp_mask, caller);
	if (unlikely(order >= MAX_ORDER))
		return order_too_large(gfp_mask, order, caller);
	ac.zonelist = node_zonelist(nid == NUMA_NO_NODE ? numa_node_id() : nid, gfp_mask);
	page = get_page_from_first_zone(&ac);
	return likely(page) ? page : alloc_slowly(gfp_mask, order, ac.zonelist, caller);
}

/* The hottest page of this CPU's lists for a request; NULL if there is none. */
static __always_inline struct page *alloc_hot(gfp_t gfp_mask)
{
	enum migratetype migratetype = allocflags_to_migratetype(gfp_mask);
	unsigned long flags;
	struct page *page;

	local_irq_save(flags);
	page = pcp_take(this_cpu_preferred_pcp(gfp_mask), order_to_pindex(migratetype, 0), 0);
	local_irq_restore(flags);
	return page;
}

/* @page was at hand, but is not fit to be given out. */
static struct page *__cold noinline alloc_after_bad_page(struct page *page, gfp_t gfp_mask,
							 const void *caller)
{
	report_bad_block(page, 0, caller);
	return __alloc_pages(gfp_mask, 0, NUMA_NO_NODE, caller);
}

/* A block with junk in it, by the order of this CPU's node. */
static __always_inline struct page *alloc_junk(gfp_t gfp_mask, unsigned int order,
					       const void *caller)
{
	struct page *page;

	if (unlikely(order))
		return __alloc_pages(gfp_mask, order, NUMA_NO_NODE, caller);
	page = alloc_hot(gfp_mask);
	if (unlikely(!page))
		return __alloc_pages(gfp_mask, 0, NUMA_NO_NODE, caller);
	if (unlikely(!prep_new_page(page, 0)))
		return alloc_after_bad_page(page, gfp_mask, caller);
	return page;
}

static noinline void clear_high_block(struct page *page, unsigned int order)
{
	for (unsigned int i = 0; i < 1U << order; i++)
		clear_highpage(page + i);
}

/* Zero a block: of lowmem, where it has an address, or not. */
static void clear_block(struct page *page, unsigned int order)
{
	char *virt = lowmem_page_address(page), *end = virt + (PAGE_SIZE << order);

	if (PageHighMem(page)) {
		clear_high_block(page, order);
		return;
	}
	for (; virt < end; virt += PAGE_SIZE)
		clear_page(virt);
}

/* What a request asks of its block besides being there. Return: @page. */
static struct page *prep_as_asked(struct page *page, unsigned int order, gfp_t gfp_mask)
{
	if (gfp_mask & __GFP_ZERO)
		clear_block(page, bug(ZERO_FIRST) ? 0 : order);
	if (order && gfp_mask & __GFP_COMP)
		prep_compound_page(page, order);
	return page;
}

/* The request for the block that prep_as_asked() is then called with. */
static gfp_t plain_request(gfp_t gfp_mask)
{
	return gfp_mask & ~(__GFP_ZERO | __GFP_COMP);
}

/*
 * The way of all requests while pages are looked after. What a block's pages are filled with can
 * only be examined before they are zeroed.
 */
static __cold noinline struct page *alloc_pages_debug(gfp_t gfp_mask, unsigned int order, int nid,
						      const void *caller)
{
	struct page *page;

	if (should_fail_alloc_page(gfp_mask, order, caller))
		return NULL;
	do
		page = __alloc_pages(plain_request(gfp_mask), order, nid, caller);
	while (page && !page_debug_alloc(page, order, gfp_mask, caller));
	return page ? prep_as_asked(page, order, gfp_mask) : NULL;
}

/*
 * A block that is to be zeroed; or a compound page; or cold; or of node @nid, unless
 * that is NUMA_NO_NODE.
 */
static noinline struct page *alloc_special(gfp_t gfp_mask, unsigned int order, int nid,
					   const void *caller)
{
	gfp_t junk_mask = plain_request(gfp_mask) & ~__GFP_COLD;
	struct page *page;

	check_may_wait(gfp_mask);
	if (page_debugging())
		return alloc_pages_debug(gfp_mask, order, nid, caller);
	if (!(gfp_mask & (__GFP_ZERO | __GFP_COMP)))
		return __alloc_pages(gfp_mask, order, nid, caller);
	if (likely(nid == NUMA_NO_NODE))
		page = alloc_junk(junk_mask, order, caller);
	else
		page = __alloc_pages(junk_mask, order, nid, caller);
	return likely(page) ? prep_as_asked(page, order, gfp_mask) : NULL;
}

/* All requests that name no node come through here, inlined into the public functions. */
static __always_inline struct page *alloc_block(gfp_t gfp_mask, unsigned int order,
						const void *caller)
{
	check_may_wait(gfp_mask);
	if (page_debugging() || unlikely(gfp_mask & (__GFP_COLD | __GFP_ZERO | __GFP_COMP)))
		return alloc_special(gfp_mask, order, NUMA_NO_NODE, caller);
	return alloc_junk(gfp_mask, order, caller);
}

struct page *alloc_pages(gfp_t gfp_mask, unsigned int order)
{
	return alloc_block(gfp_mask, order, __builtin_return_address(0));
}

struct page *alloc_pages_node(int nid, gfp_t gfp_mask, unsigned int order)
{
	const void *caller = __builtin_return_address(0);

	if (nid == NUMA_NO_NODE || nid == numa_node_id())
		return alloc_block(gfp_mask, order, caller);
	BUG_ON(!node_online(nid), "node %d of %d", nid, nr_online_nodes);
	return alloc_special(gfp_mask, order, nid, caller);
}

struct page *alloc_pages_exact_node(int nid, gfp_t gfp_mask, unsigned int order)
{
	VM_BUG_ON(!node_online(nid), "node %d of %d", nid, nr_online_nodes);
	return alloc_special(gfp_mask, order, nid, __builtin_return_address(0));
}

unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order)
{
	struct page *page;

	VM_BUG_ON(gfp_mask & __GFP_HIGHMEM, "high memory has no address: gfp 0x%x", gfp_mask);
	page = alloc_block(gfp_mask, order, __builtin_return_address(0));
	return likely(page) ? (unsigned long)page_address(page) : 0;
}

unsigned long get_zeroed_page(gfp_t gfp_mask)
{
	return __get_free_pages(gfp_mask | __GFP_ZERO, 0);
}
