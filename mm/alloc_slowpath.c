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
 *    6  should_alloc_retry()?       from 1 on, as long as it leads somewhere; if only others have
 *                                   freed something, after a moment's sleep
 *       --- NULL, after a report; __GFP_NOFAIL sleeps for a moment, and goes on with 1 ---
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
 * S1. A request that may not wait neither frees memory nor waits for other CPUs or threads.
 * S2. It ends: each further round needs pages that the request freed in the last one; or, for
 *     MAX_RECLAIM_RETRIES rounds in a row at most, others who free some.
 *
 * As __alloc_pages_slowpath() of Linux 3.10 (mm/page_alloc.c), with these differences: no process is
 * killed, since there are none, so a request gives up when nothing is freed, by the rule that Linux
 * has had since 4.7 (should_reclaim_retry() there); step 3, since more is on per-CPU lists here; and
 * who has interrupts off, or is an idle thread, cannot wait, whatever it says.
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

/* How often in a row a request may wait for what others free. */
#define MAX_RECLAIM_RETRIES	16

/* Reports of failed requests: ten in five seconds. */
static DEFINE_RATELIMIT_STATE(nopage_rs, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);

bool (*wait_for_memory)(void);

/* What the rounds of a request have brought. */
struct alloc_effort {
	unsigned long nr_freed;		/* pages that it freed in the last round */
	unsigned long nr_total;		/* in all rounds */
	unsigned long nr_before;	/* nr_reclaimed_ever() before the last round */
	unsigned int nr_waits;		/* rounds in a row in which it freed none */
};

/* --- What a request may do --- */

/* S1. Who holds a spinlock and says that it can wait is reported. */
static bool can_wait(gfp_t gfp_mask)
{
	if (!(gfp_mask & __GFP_WAIT) || irqs_disabled() || in_interrupt() || is_idle_task(current))
		return false;
	might_sleep();
	return !in_atomic();
}

static bool is_memalloc(void)
{
	return !in_interrupt() && current->flags & PF_MEMALLOC;
}

/* May the request free memory itself, and wait for others who do? */
static bool can_reclaim(const struct alloc_context *ac)
{
	return !is_memalloc() && can_wait(ac->gfp_mask);
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

/* Steps 1 to 5 once. */
static struct page *try_all(const struct alloc_context *ac, struct alloc_effort *effort)
{
	unsigned int alloc_flags = gfp_to_alloc_flags(ac->gfp_mask);
	struct page *page;

	effort->nr_before = nr_reclaimed_ever();
	effort->nr_freed = 0;
	wake_all_kswapd(ac);
	page = try_min(ac, alloc_flags);
	if (!page)
		page = try_own_lists(ac, alloc_flags);
	if (!page)
		page = try_reserves(ac, alloc_flags);
	if (!page && can_reclaim(ac))
		page = try_direct_reclaim(ac, alloc_flags, &effort->nr_freed);
	effort->nr_total += effort->nr_freed;
	return page;
}

/* Is a request so large that success is unlikely, and not worth many rounds? */
static bool is_too_costly(const struct alloc_context *ac, const struct alloc_effort *effort)
{
	return ac->order > PAGE_ALLOC_COSTLY_ORDER &&
	       !(ac->gfp_mask & __GFP_REPEAT && effort->nr_total < 1UL << ac->order);
}

/*
 * The request itself could free nothing. If others have, or are about to, wait for a moment.
 * Return: is it worth looking again?
 */
static bool wait_for_others(struct alloc_effort *effort)
{
	bool others_free = nr_reclaimed_ever() != effort->nr_before || reclaim_is_running();

	return others_free && effort->nr_waits++ < MAX_RECLAIM_RETRIES && wait_for_memory &&
	       wait_for_memory();
}

/* Step 6, and S2. */
static bool should_alloc_retry(const struct alloc_context *ac, struct alloc_effort *effort)
{
	if (ac->gfp_mask & __GFP_NORETRY || is_too_costly(ac, effort) || !can_reclaim(ac))
		return false;
	if (!effort->nr_freed)
		return wait_for_others(effort);
	effort->nr_waits = 0;
	return true;
}

/* __GFP_NOFAIL: wait until somebody may have freed memory. If nobody will, that is the end. */
static void wait_or_die(const struct alloc_context *ac)
{
	if (can_reclaim(ac) && wait_for_memory && wait_for_memory())
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

static struct page *try_while_it_helps(const struct alloc_context *ac)
{
	struct alloc_effort effort = { 0 };
	struct page *page;

	do
		page = try_all(ac, &effort);
	while (!page && should_alloc_retry(ac, &effort));
	return page;
}

struct page *__alloc_pages_slowpath(const struct alloc_context *ac)
{
	struct page *page;

	if (mm_refuse(MM_BUDDY, "alloc_pages", ac->caller))
		return NULL;
	/* Its own node or nothing, in silence and at once: Linux's meaning of the three together. */
	if ((ac->gfp_mask & GFP_THISNODE) == GFP_THISNODE)
		return try_own_lists(ac, gfp_to_alloc_flags(ac->gfp_mask));
	while (!(page = try_while_it_helps(ac)) && ac->gfp_mask & __GFP_NOFAIL)
		wait_or_die(ac);
	if (!page)
		warn_alloc_failed(ac);
	return page;
}
