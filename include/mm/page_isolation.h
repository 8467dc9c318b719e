/* SPDX-License-Identifier: MIT */
/*
 * Isolating pageblocks: nothing is allocated from them any more, what is freed into them stays
 * there, and so their pages can be emptied one by one until all are free.
 *
 *    pageblock    Movable   -> start_isolate_page_range() ->  Isolate   -> undo_... ->  Movable
 *    free pages   on Movable lists, counted                   on Isolate lists, not counted
 *    pages in use                                             come here when they are freed
 *                                                             all here: test_pages_isolated() == 0
 *
 * For whoever needs memory that is contiguous, or gone: the contiguous allocator, and tests. As
 * mm/page_isolation.c of Linux 3.10.
 *
 * Differs from Linux: no page is marked as damaged, so the argument skip_hwpoisoned_pages is left
 * out.
 */
#ifndef MM_PAGE_ISOLATION_H
#define MM_PAGE_ISOLATION_H

#include <lib/types.h>
#include <mm/mmzone.h>
#include <mm/pageblock.h>

/* Is the page in an isolated pageblock? */
static inline bool is_migrate_isolate_page(const struct page *page)
{
	return is_migrate_isolate(get_pageblock_migratetype(page));
}

/**
 * set_migratetype_isolate - isolate one pageblock
 * @page: any page of it; the pageblock's part in this page's zone is meant
 *
 * Its free pages leave NR_FREE_PAGES and nr_free, and every CPU's lists are drained. Context: as
 * drain_all_pages(). Return: 0; -EBUSY if it is isolated already, or holds a page that cannot be
 * got rid of: a reserved one, or, in a pageblock that is not for movable pages, one that is in use
 * and not on a list of reclaim.
 */
int set_migratetype_isolate(struct page *page);

/**
 * unset_migratetype_isolate - make an isolated pageblock one of @migratetype
 * @page: any page of it
 * @migratetype: its new type, which its free pages get too; without grouping see grouped_type()
 *
 * Does nothing with a pageblock that is not isolated. Context: any.
 */
void unset_migratetype_isolate(struct page *page, enum migratetype migratetype);

/**
 * start_isolate_page_range - isolate the pageblocks of a range
 * @start_pfn: the first page of the first
 * @end_pfn: the first page behind the last
 * @migratetype: what those get that were isolated before one could not be
 *
 * Both are multiples of pageblock_nr_pages. Pageblocks that are all hole are passed over. Context:
 * as drain_all_pages(). Return: 0; -EBUSY as set_migratetype_isolate(), after which none is
 * isolated; -EINVAL if the range is not in one zone.
 */
int start_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn,
			     enum migratetype migratetype);

/*
 * The reverse: those pageblocks from @start_pfn to before @end_pfn that are isolated become @migratetype. Context:
 * any.
 */
void undo_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn,
			     enum migratetype migratetype);

/**
 * test_pages_isolated - are all pages of a range isolated and free?
 * @start_pfn: any page
 * @end_pfn: behind the last
 *
 * Context: any; takes zone->lock. Return: 0; -EBUSY if a page is in use, or its pageblock is not
 * isolated, or no page of the range exists.
 */
int test_pages_isolated(unsigned long start_pfn, unsigned long end_pfn);

#endif
