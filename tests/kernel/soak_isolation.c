// SPDX-License-Identifier: MIT
/*
 * The soak of page isolation: a pageblock for movable pages is taken out of circulation for a moment,
 * while all others allocate and free, in it as well.
 */
#include <kernel/sched.h>
#include <mm/mm.h>
#include <mm/page_isolation.h>
#include "soak.h"

/* A pageblock anywhere in the map that is for movable pages, by its first page; NULL if @dice finds none. */
static struct page *find_pageblock(u32 dice)
{
	unsigned long pfn = page_to_pfn(mem_map) + soak_below(dice, max_mapnr >> pageblock_order) * pageblock_nr_pages;
	struct page *page;

	pfn = round_down(pfn, pageblock_nr_pages);
	if (pfn < page_to_pfn(mem_map) || !pfn_valid(pfn))
		return NULL;
	page = pfn_to_page(pfn);
	return get_pageblock_migratetype(page) == MIGRATE_MOVABLE ? page : NULL;
}

/* Nobody is given a page of it until it is over; that somebody has one is no mistake. */
static void isolate(struct soak_worker *w, struct page *page)
{
	unsigned long pfn = page_to_pfn(page), end_pfn = pfn + pageblock_nr_pages;

	if (start_isolate_page_range(pfn, end_pfn, MIGRATE_MOVABLE))
		return;
	soak_did(w, 2);
	w->digest = w->digest * 31 + pfn;
	test_pages_isolated(pfn, end_pfn);
	schedule_timeout_uninterruptible(1);
	test_pages_isolated(pfn, end_pfn);
	undo_isolate_page_range(pfn, end_pfn, MIGRATE_MOVABLE);
}

/* One worker at a time: on a small machine there are few. */
static void do_as_thread(struct soak_worker *w, u32 dice)
{
	struct page *page;

	if (!one_in(dice, w->soak->style->isolate_every))
		return;
	page = atomic_inc_return(&w->soak->nr_isolating) == 1 ? find_pageblock(dice) : NULL;
	if (page)
		isolate(w, page);
	atomic_dec(&w->soak->nr_isolating);
}

const struct soak_kind soak_kind_isolation = {
	.nr = SOAK_ISOLATION,
	.name = "isolation",
	.unit = "pfn",
	.do_as_thread = do_as_thread,
};
