// SPDX-License-Identifier: MIT
/*
 * The page allocator: which zone serves a request, what a page must look like when it is given out
 * or comes back, and the forms in which pages are asked for.
 *
 *    alloc_pages, __get_free_pages, ...            __free_pages, free_pages, put_page
 *      alloc_hot: this CPU's lists (pcp.h)           last reference gone?
 *      or else __alloc_pages                         free_pages_prepare     else bad page
 *        get_page_from_freelist                      free_hot: this CPU's lists
 *          each zone of a zonelist                   or else free_one_page
 *          buffered_rmqueue                            __free_one_page (mm/buddy.c)
 *            rmqueue_pcplist (mm/pcp.c)
 *            __rmqueue (mm/pageblock.c)
 *      prep_new_page    else bad page
 *
 * Most requests end in the first line of each side, with interrupts off and no lock: the lists of
 * the zone that is asked first have what is wanted. Only the second looks at zones. Pages on a
 * CPU's lists have left the free lists, so no watermark is concerned.
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
#include <kernel/printk.h>
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/fail_page_alloc.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/page_debug.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>
#include "internal.h"

/* --- What a page must look like --- */

/* 0 if a page has no mapping, no owner and no state bit. One test for the hot paths. */
static inline unsigned long page_remains(const struct page *page)
{
	return (unsigned long)(atomic_read(&page->_mapcount) + 1) | (unsigned long)page->mapping |
	       (page->flags & PAGE_FLAGS_CHECK_AT_PREP);
}

static inline bool page_is_clean(const struct page *page)
{
	return page_remains(page) == 0;
}

/* And no reference? */
static inline bool page_is_unused(const struct page *page)
{
	return (page_remains(page) | (unsigned long)atomic_read(&page->_count)) == 0;
}

/* How many pages of a block are examined: see the head of the file. */
static inline unsigned int pages_to_check(unsigned int order)
{
	return CONFIG_DEBUG_VM ? 1U << order : 1;
}

/*
 * A page that comes back is not as clean as page_is_clean() wants it. Return: is what was left on it
 * only what the allocator wipes off, as Linux's free_pages_check() does?
 */
static bool __cold noinline free_pages_check(struct page *page, const void *caller)
{
	page->flags &= ~(PAGE_FLAGS_CHECK_AT_PREP & ~PAGE_FLAGS_CHECK_AT_FREE);
	if (page_is_unused(page))
		return true;
	report_bad_free(page, caller);
	return false;
}

/*
 * The first page of a block that comes back. A compound page has its marks, which come off here.
 * Return: is the page clean then? If not, that is reported.
 */
static __cold noinline bool free_head_check(struct page *page, unsigned int order,
					    const void *caller)
{
	if (PageHead(page) && !destroy_compound_page(page, order, caller))
		return false;
	return page_is_clean(page) || free_pages_check(page, caller);
}

/* What debug builds look at besides: the order, and the other pages of the block. */
static bool free_block_check(struct page *page, unsigned int order, const void *caller)
{
	bool ok = true;
	unsigned int i;

	if (unlikely(page_alloc_order(page) != order)) {
		report_wrong_order(page, page_alloc_order(page), order, caller);
		return false;
	}
	for (i = 1; i < 1U << order; i++)
		if (unlikely(!page_is_unused(page + i)))
			ok &= free_pages_check(page + i, caller);
	set_page_alloc_order(page, 0);
	return ok;
}

/*
 * Must free_pages_prepare() be asked before a block is freed? If not, its first page is clean, and
 * nothing else is to be done: one test for the hot path.
 */
static __always_inline bool needs_preparing(const struct page *page)
{
	return CONFIG_DEBUG_VM || page_debugging() || unlikely(!page_is_clean(page));
}

/*
 * Return: is every page of a block, of which the last reference is gone, free to be used again? If
 * not, that is reported.
 */
static __always_inline bool free_pages_prepare(struct page *page, unsigned int order,
					       const void *caller)
{
	if (unlikely(!page_is_clean(page)) && !free_head_check(page, order, caller))
		return false;
	if (CONFIG_DEBUG_VM && !free_block_check(page, order, caller))
		return false;
	return !page_debugging() || page_debug_free(page, order, caller);
}

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
	return true;
}

/* --- Allocating --- */

/* From the free lists. */
static struct page *rmqueue(struct zone *zone, unsigned int order, enum migratetype migratetype)
{
	unsigned long flags;
	struct page *page;

	spin_lock_irqsave(&zone->lock, flags);
	page = __rmqueue(zone, order, migratetype);
	if (likely(page)) {
		VM_BUG_ON(!zone_holds_block(zone, page_to_pfn(page), order),
			  "pfn %lx, order %u, zone %s", page_to_pfn(page), order, zone->name);
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

/* Zero a block of lowmem. */
static void clear_block(struct page *page, unsigned int order)
{
	char *virt = page_address(page), *end = virt + (PAGE_SIZE << order);

	for (; virt < end; virt += PAGE_SIZE)
		clear_page(virt);
}

/* What a request asks of its block besides being there. Return: @page. */
static struct page *prep_as_asked(struct page *page, unsigned int order, gfp_t gfp_mask)
{
	if (gfp_mask & __GFP_ZERO)
		clear_block(page, order);
	if (order && gfp_mask & __GFP_COMP)
		prep_compound_page(page, order);
	return page;
}

/* The request for the block that prep_as_asked() is then called with. */
static gfp_t plain_request(gfp_t gfp_mask)
{
	gfp_t plain = gfp_mask & ~(__GFP_ZERO | __GFP_COMP);

	return gfp_mask & __GFP_ZERO ? plain & ~__GFP_HIGHMEM : plain;
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
 * A block that is to be zeroed, from lowmem; or a compound page; or cold; or of node @nid, unless
 * that is NUMA_NO_NODE.
 */
static noinline struct page *alloc_special(gfp_t gfp_mask, unsigned int order, int nid,
					   const void *caller)
{
	gfp_t junk_mask = plain_request(gfp_mask) & ~__GFP_COLD;
	struct page *page;

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

/* --- Freeing --- */

void free_one_page(struct zone *zone, struct page *page, unsigned int order)
{
	unsigned long flags, pfn = page_to_pfn(page);
	enum migratetype migratetype;

	spin_lock_irqsave(&zone->lock, flags);
	migratetype = get_zone_migratetype(zone, page);
	__free_one_page(page, pfn, zone, order, migratetype);
	__mod_zone_freepage_state(zone, 1 << order, migratetype);
	this_cpu_ptr(zone->pageset)->pcp.nr_free += 1UL << order;
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* A block that nobody refers to any more. @caller is who freed it, for messages. */
static noinline void __free_pages_ok(struct page *page, unsigned int order, const void *caller)
{
	struct zone *zone = page_zone(page);

	if (unlikely(!free_pages_prepare(page, order, caller)))
		return;
	if (likely(zone_has_pcplist(zone, order)))
		free_pcplist(zone, page, order, get_zone_migratetype(zone, page), false);
	else
		free_one_page(zone, page, order);
}

void free_hot_cold_page(struct page *page, bool cold)
{
	const void *caller = __builtin_return_address(0);
	struct zone *zone = page_zone(page);

	VM_BUG_ON(page_count(page) != 0, "pfn %lx has %d references", page_to_pfn(page),
		  page_count(page));
	if (likely(free_pages_prepare(page, 0, caller)))
		free_pcplist(zone, page, 0, get_zone_migratetype(zone, page), cold);
}

/* The same for one page, to this CPU's lists. */
static __always_inline void free_hot(struct page *page, const void *caller)
{
	struct zone *zone = page_zone(page);
	enum migratetype migratetype = get_zone_migratetype(zone, page);
	struct per_cpu_pages *pcp;
	unsigned long flags;

	if (needs_preparing(page) || unlikely(migratetype >= MIGRATE_PCPTYPES)) {
		__free_pages_ok(page, 0, caller);
		return;
	}
	local_irq_save(flags);
	pcp = &this_cpu_ptr(zone->pageset)->pcp;
	if (pcp_put(pcp, page, order_to_pindex(migratetype, 0), 0))
		pcp_spill(zone, pcp);
	local_irq_restore(flags);
}

/* Drop a reference. Return: was it the last? @caller is who does it, for messages. */
static __always_inline bool drop_reference(struct page *page, const void *caller)
{
	int left;

	VM_BUG_ON(!page_in_map(page), "%p from %pS is no struct page", (void *)page, caller);
	left = atomic_dec_return(&page->_count);
	if (likely(left == 0))
		return true;
	if (unlikely(left < 0))
		report_not_allocated(page, caller);
	return false;
}

/* Out of line, so that the hot path's frame needs no room for a message. */
static void __cold __noreturn noinline bad_order(unsigned int order, const void *caller)
{
	BUG_ON(true, "order %u from %pS", order, caller);
}

static noinline void put_block(struct page *page, unsigned int order, const void *caller)
{
	if (unlikely(order >= MAX_ORDER))
		bad_order(order, caller);
	if (drop_reference(page, caller))
		__free_pages_ok(page, order, caller);
}

static __always_inline void put_pages(struct page *page, unsigned int order, const void *caller)
{
	if (unlikely(order))
		put_block(page, order, caller);
	else if (drop_reference(page, caller))
		free_hot(page, caller);
}

void __free_pages(struct page *page, unsigned int order)
{
	put_pages(page, order, __builtin_return_address(0));
}

void free_compound_page(struct page *head)
{
	__free_pages_ok(head, compound_order(head), __builtin_return_address(0));
}

static noinline void put_compound_page(struct page *page, const void *caller)
{
	struct page *head = compound_head(page);

	if (drop_reference(head, caller))
		get_compound_page_dtor(head)(head);
}

void put_page(struct page *page)
{
	if (unlikely(PageCompound(page)))
		put_compound_page(page, __builtin_return_address(0));
	else
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
	BUG_ON(PageCompound(page), "pfn %lx belongs to a compound page", page_to_pfn(page));
	VM_BUG_ON(page_alloc_order(page) != order, "pfn %lx has order %u, not %u",
		  page_to_pfn(page), page_alloc_order(page), order);
	if (CONFIG_DEBUG_VM)
		set_page_alloc_order(page, 0);
	if (page_debugging())
		page_debug_split(page, order);
	for (i = 1; i < 1U << order; i++)
		set_page_refcounted(page + i);
}

void *alloc_pages_exact(size_t bytes, gfp_t gfp_mask)
{
	unsigned int order = get_order(bytes);
	unsigned long addr, used, end;

	if (WARN_ON(gfp_mask & __GFP_COMP, "%pS asks for a compound page of %zu bytes",
		    __builtin_return_address(0), bytes))
		return NULL;
	addr = __get_free_pages(gfp_mask, order);
	if (!addr)
		return NULL;
	used = addr + PAGE_ALIGN(bytes);
	end = addr + (PAGE_SIZE << order);
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
