// SPDX-License-Identifier: MIT
/*
 * The page allocator's slow path: what is tried, in which order, when no zone has a block above its
 * low watermark.
 *
 *    1  wake_all_kswapd()           somebody should free memory, in the background
 *    2  try_min()                   down to min, or as deep as the request may go
 *    3  try_own_lists()             what this CPU has put aside may be what is lacking
 *    4  try_reserves()              all of it, for those who free memory
 *       --- who cannot wait, or frees memory itself, ends here ---
 *    5  try_direct_reclaim()        free something, then 2 again; then 2 and 4 with all CPUs' lists
 *                                   drained
 *    6  should_alloc_retry()?       from 2 on, as long as it leads somewhere
 *       --- NULL, after a report; __GFP_NOFAIL waits for better times ---
 *
 *    request          2 stops at   3   4        5     6
 *    GFP_KERNEL       min          x            x     up to order 3, while pages are freed
 *      +NORETRY       min          x            x
 *      +REPEAT        min          x            x     also larger, until as many pages were freed
 *      +NOFAIL        min          x            x     for ever
 *    GFP_NOWAIT       3/4 min      x
 *    GFP_ATOMIC       3/8 min      x
 *    +MEMALLOC        min          x   x        x
 *    PF_MEMALLOC      min          x   x
 *    +NOMEMALLOC      never 4, and without waiting not below min
 *
 * S1. A request that may not wait neither frees memory nor waits for other CPUs.
 * S2. It ends: each further round needs pages that were freed in the last one, or somebody who is
 *     waited for.
 *
 * As __alloc_pages_slowpath() of Linux 3.10 (mm/page_alloc.c), with these differences: no process is
 * killed, since there are none, so a request gives up when nothing is freed; step 3, since more is
 * on per-CPU lists here; and who has interrupts off cannot wait, whatever it says.
 */
#include <asm/irqflags.h>
#include <kernel/bug.h>
#include <kernel/hardirq.h>
#include <kernel/printk.h>
#include <kernel/ratelimit.h>
#include <kernel/sched.h>
#include <kernel/stacktrace.h>
#include <mm/handoff.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/vmscan.h>
#include "internal.h"

/* Up to this order a request is worth some patience. */
#define PAGE_ALLOC_COSTLY_ORDER	3

/* Reports of failed requests: ten in five seconds. */
static DEFINE_RATELIMIT_STATE(nopage_rs, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);

bool (*wait_for_memory)(void);

/* --- What a request may do --- */

/* S1. */
static bool can_wait(gfp_t gfp_mask)
{
	return gfp_mask & __GFP_WAIT && !irqs_disabled() && !in_interrupt();
}

static bool is_memalloc(void)
{
	return !in_interrupt() && current->flags & PF_MEMALLOC;
}

static unsigned int gfp_to_alloc_flags(gfp_t gfp_mask)
{
	unsigned int alloc_flags = ALLOC_WMARK_MIN | (gfp_mask & __GFP_HIGH) |
				   gfp_to_cma_flag(gfp_mask);

	if (gfp_mask & __GFP_NOMEMALLOC)
		return alloc_flags;
	if (!(gfp_mask & __GFP_WAIT))
		alloc_flags |= ALLOC_HARDER;
	if (gfp_mask & __GFP_MEMALLOC || is_memalloc())
		alloc_flags |= ALLOC_NO_WATERMARKS;
	return alloc_flags;
}

/* --- The steps --- */

static void wake_all_kswapd(const struct alloc_context *ac)
{
	enum zone_type classzone_idx = (enum zone_type)zonelist_zone_idx(first_zoneref(ac));
	const struct zoneref *z;
	struct zone *zone;

	if (ac->gfp_mask & __GFP_NO_KSWAPD)
		return;
	for_each_zone_zonelist(zone, z, ac->zonelist, gfp_high_zoneidx(ac->gfp_mask))
		wakeup_kswapd(zone, ac->order, classzone_idx);
}

static struct page *try_min(const struct alloc_context *ac, unsigned int alloc_flags)
{
	return get_page_from_freelist(ac, alloc_flags & ~ALLOC_NO_WATERMARKS);
}

static struct page *try_own_lists(const struct alloc_context *ac, unsigned int alloc_flags)
{
	drain_local_pages(NULL);
	return try_min(ac, alloc_flags);
}

static struct page *try_reserves(const struct alloc_context *ac, unsigned int alloc_flags)
{
	return alloc_flags & ALLOC_NO_WATERMARKS ? get_page_from_freelist(ac, alloc_flags) : NULL;
}

static struct page *try_direct_reclaim(const struct alloc_context *ac, unsigned int alloc_flags,
				       unsigned long *nr_freed)
{
	struct page *page = NULL;

	*nr_freed = try_to_free_pages(ac->zonelist, ac->order, ac->gfp_mask);
	if (*nr_freed)
		page = try_min(ac, alloc_flags);
	if (page)
		return page;
	drain_all_pages();
	page = try_min(ac, alloc_flags);
	return page ? page : try_reserves(ac, alloc_flags);
}

/* Steps 2 to 5 once. *@nr_freed receives what step 5 freed. */
static struct page *try_all(const struct alloc_context *ac, unsigned long *nr_freed)
{
	unsigned int alloc_flags = gfp_to_alloc_flags(ac->gfp_mask);
	struct page *page;

	*nr_freed = 0;
	page = try_min(ac, alloc_flags);
	if (!page)
		page = try_own_lists(ac, alloc_flags);
	if (!page)
		page = try_reserves(ac, alloc_flags);
	if (!page && can_wait(ac->gfp_mask) && !is_memalloc())
		page = try_direct_reclaim(ac, alloc_flags, nr_freed);
	return page;
}

/* After a round in which @nr_freed pages were freed, @nr_total in all: is there hope in another (S2)? */
static bool should_alloc_retry(const struct alloc_context *ac, unsigned long nr_freed,
			       unsigned long nr_total)
{
	if (ac->gfp_mask & __GFP_NORETRY || !nr_freed)
		return false;
	if (ac->order <= PAGE_ALLOC_COSTLY_ORDER)
		return true;
	return ac->gfp_mask & __GFP_REPEAT && nr_total < 1UL << ac->order;
}

/* __GFP_NOFAIL: wait until somebody may have freed memory. If nobody will, that is the end. */
static void wait_or_die(const struct alloc_context *ac)
{
	if (can_wait(ac->gfp_mask) && !is_memalloc() && wait_for_memory && wait_for_memory())
		return;
	show_mem();
	panic("Out of memory: %pS must have order %u, mode 0x%x, and nobody frees any", ac->caller,
	      ac->order, ac->gfp_mask);
}

/* --- The report --- */

static void warn_alloc_failed(const struct alloc_context *ac)
{
	if (ac->gfp_mask & __GFP_NOWARN || !__ratelimit(&nopage_rs))
		return;
	pr_warn("%s: page allocation failure: order:%u, mode:0x%x\n", current->comm, ac->order,
		ac->gfp_mask);
	pr_warn("asked for by %pS\n", ac->caller);
	dump_stack();
	show_mem();
}

/* --- All of it --- */

struct page *__alloc_pages_slowpath(const struct alloc_context *ac)
{
	unsigned long nr_freed, nr_total = 0;
	struct page *page;

	if (mm_refuse(MM_BUDDY, "alloc_pages", ac->caller))
		return NULL;
	/* Its own node or nothing, in silence and at once: Linux's meaning of the three together. */
	if ((ac->gfp_mask & GFP_THISNODE) == GFP_THISNODE)
		return try_own_lists(ac, gfp_to_alloc_flags(ac->gfp_mask));
	do {
		do {
			wake_all_kswapd(ac);
			page = try_all(ac, &nr_freed);
			if (page)
				return page;
			nr_total += nr_freed;
		} while (should_alloc_retry(ac, nr_freed, nr_total));
		if (ac->gfp_mask & __GFP_NOFAIL)
			wait_or_die(ac);
	} while (ac->gfp_mask & __GFP_NOFAIL);
	warn_alloc_failed(ac);
	return NULL;
}
