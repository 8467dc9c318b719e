/* SPDX-License-Identifier: MIT */
/*
 * The free lists of one zone: what stands between the page allocator and the buddy system.
 * For mm/page_alloc.c, mm/pageblock.c and tests; everybody else asks for pages in gfp.h.
 */
#ifndef MM_BUDDY_H
#define MM_BUDDY_H

#include <lib/types.h>
#include <mm/mm.h>
#include <mm/mmzone.h>

/* The order of the free block that @page is the head of. */
static inline unsigned int page_order(const struct page *page)
{
	VM_BUG_ON(!PageBuddy(page), "pfn %lx is not the head of a free block", page_to_pfn(page));
	return page_private(page);
}

/**
 * __free_one_page - put a block on the free lists, merged with its free neighbours
 * @page: its first page, in the state "inside a free block" (mm_types.h)
 * @pfn: its number
 * @zone: its zone
 * @order: 0 .. MAX_ORDER - 1
 * @migratetype: the list to use
 *
 * Context: zone->lock held. Does not count NR_FREE_PAGES.
 */
void __free_one_page(struct page *page, unsigned long pfn, struct zone *zone, unsigned int order,
		     enum migratetype migratetype);

/**
 * __rmqueue_smallest - take a block from the lists of one type
 * @zone: where
 * @order: 0 .. MAX_ORDER - 1
 * @migratetype: the type
 *
 * Takes the smallest block that is large enough, and puts what is too much of it back.
 * Context: zone->lock held. Does not count NR_FREE_PAGES. Return: its first page, or NULL.
 */
struct page *__rmqueue_smallest(struct zone *zone, unsigned int order,
				enum migratetype migratetype);

/**
 * __rmqueue_block - take a certain block, from whatever list it is on
 * @zone: its zone
 * @page: its first page
 * @order: how much of it to take, at most its own order
 * @migratetype: the list for the rest
 *
 * The front of the block is taken. Context: zone->lock held. Does not count NR_FREE_PAGES.
 * Return: @page.
 */
struct page *__rmqueue_block(struct zone *zone, struct page *page, unsigned int order,
			     enum migratetype migratetype);

/**
 * buddy_check - walk a zone's free blocks, by page and by list
 * @zone: any zone
 *
 * Checks the invariants of mm/buddy.c. Takes zone->lock. Return: true if all is well; false after a
 * message that says what is not.
 */
bool buddy_check(struct zone *zone);

#endif
