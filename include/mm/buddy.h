/* SPDX-License-Identifier: MIT */
/*
 * The free lists of one zone: what stands between the page allocator and the buddy system.
 * For the page allocator and tests; everybody else asks for pages in gfp.h.
 */
#ifndef MM_BUDDY_H
#define MM_BUDDY_H

#include <lib/bitops.h>
#include <lib/math.h>
#include <lib/types.h>
#include <mm/mm.h>
#include <mm/mmzone.h>

/* The order of the free block that @page is the head of. */
static inline unsigned int page_order(const struct page *page)
{
	VM_BUG_ON(!PageBuddy(page), "pfn %lx is not the head of a free block", page_to_pfn(page));
	return page_private(page);
}

/* The order of the largest block that may begin at @pfn and ends at @end_pfn or before. */
static inline unsigned int largest_order(unsigned long pfn, unsigned long end_pfn)
{
	unsigned int by_size = ilog2(end_pfn - pfn);
	unsigned int by_alignment = pfn ? __ffs(pfn) : MAX_ORDER - 1;

	return min(min(by_size, by_alignment), MAX_ORDER - 1u);
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
 * free_one_page - put a block that came back on the free lists, and count it
 * @zone: its zone
 * @page: its first page
 * @order: 0 .. MAX_ORDER - 1
 *
 * In mm/page_free.c. Takes zone->lock. Context: any.
 */
void free_one_page(struct zone *zone, struct page *page, unsigned int order);

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
 * __rmqueue_at_most - take a block of one type of any order in a range
 * @zone: where
 * @order: the least order that will do
 * @max_order: the largest order that is wanted
 * @migratetype: the type
 * @got_order: receives the order of what was taken
 *
 * Takes the smallest block of at least @order, whole if it is not larger than @max_order. Context
 * and return as __rmqueue_smallest().
 */
struct page *__rmqueue_at_most(struct zone *zone, unsigned int order, unsigned int max_order,
			       enum migratetype migratetype, unsigned int *got_order);

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
