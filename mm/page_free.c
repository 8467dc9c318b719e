// SPDX-License-Identifier: MIT
/*
 * The page allocator's way back: what is looked at when the last reference to a page goes, and where
 * the page goes then.
 *
 *    __free_pages, free_pages, put_page
 *      drop_reference                 not the last: that is all
 *        free_hot                     one clean page: this CPU's lists, with interrupts off
 *        or else __free_pages_ok
 *          free_pages_prepare         anything left on it: bad page, and it stays away for good
 *          free_pcplist (mm/pcp.c)    up to PCP_MAX_ORDER
 *          or else free_one_page
 *            __free_one_page (mm/buddy.c)
 *
 * The invariants A1 to A4 are those of mm/page_alloc.c. Names as in Linux 3.10.
 */
#include <kernel/bug.h>
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/kasan.h>
#include <mm/mm.h>
#include <mm/page_debug.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>
#include "page_state.h"

/* --- What is looked at --- */

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
	if (ok)
		set_page_alloc_order(page, 0);
	return ok;
}

/*
 * Must free_pages_prepare() be asked before a block is freed? If not, its first page is clean, and
 * nothing else is to be done: one test for the hot path.
 */
static __always_inline bool needs_preparing(const struct page *page)
{
	return CONFIG_DEBUG_VM || KASAN_ON || page_debugging() || unlikely(!page_is_clean(page));
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
	if (page_debugging() && !page_debug_free(page, order, caller))
		return false;
	kasan_poison_pages(page, order);
	return true;
}

/* --- Where it goes --- */

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
		free_pcplist(zone, page, order, false);
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
		free_pcplist(zone, page, 0, cold);
}

/*
 * The same for one page, to this CPU's lists. Its type is asked for with interrupts off: see P6 in
 * pcp.h.
 */
static __always_inline void free_hot(struct page *page, const void *caller)
{
	struct zone *zone = page_zone(page);
	enum migratetype migratetype;
	struct per_cpu_pages *pcp;
	unsigned long flags;

	if (needs_preparing(page)) {
		__free_pages_ok(page, 0, caller);
		return;
	}
	local_irq_save(flags);
	migratetype = get_zone_migratetype(zone, page);
	if (unlikely(migratetype >= MIGRATE_PCPTYPES)) {
		local_irq_restore(flags);
		__free_pages_ok(page, 0, caller);
		return;
	}
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

/*
 * Does nobody but the caller refer to the pages of a run, and are they clean? A reference comes from who
 * has one, so this stays so.
 */
static bool run_is_unshared(const struct page *page, unsigned int order)
{
	const struct page *end = page + (1UL << order);

	for (; page < end; page++)
		if (unlikely(atomic_read(&page->_count) != 1 || page_remains(page)))
			return false;
	return true;
}

void free_page_run(struct page *page, unsigned int order)
{
	const void *caller = __builtin_return_address(0);
	unsigned int i;

	VM_BUG_ON(!page_in_map(page) || page_to_pfn(page) & ((1UL << order) - 1), "%p, order %u",
		  (void *)page, order);
	if (page_debugging() || !run_is_unshared(page, order)) {
		for (i = 0; i < 1U << order; i++)
			put_pages(page + i, 0, caller);
		return;
	}
	for (i = 0; i < 1U << order; i++)
		set_page_count(page + i, 0);
	if (CONFIG_DEBUG_VM)
		set_page_alloc_order(page, order);
	__free_pages_ok(page, order, caller);
}

void free_pages(unsigned long addr, unsigned int order)
{
	if (!addr)
		return;
	VM_BUG_ON(!virt_addr_valid((void *)addr), "%08lx is no address of lowmem", addr);
	put_pages(virt_to_page((void *)addr), order, __builtin_return_address(0));
}
