// SPDX-License-Identifier: MIT
/*
 * The buddy system: the free pages of a zone, as blocks of 2^order pages.
 *
 * A block of order n begins at a page frame number that is a multiple of 2^n. Its buddy is the
 * other half of the block of order n + 1 that both lie in, so its number differs in bit n alone:
 *
 *    pfn     8   9  10  11  12  13  14  15
 *          |   order 2     |   order 2     |     the buddy of (8, order 2) is 8 ^ 4 = 12
 *          | ord 1 | ord 1 |       |       |     the buddy of (8, order 1) is 8 ^ 2 = 10
 *          | 0 | 0 |       |       |       |     the buddy of (9, order 0) is 9 ^ 1 = 8
 *
 * To allocate is to take a block and halve it until it fits (expand); to free is to look whether
 * the buddy is free too, and if so to go on with the block that both make (__free_one_page). Both
 * take at most MAX_ORDER - 1 steps, and touch nothing but heads of blocks.
 *
 *    free_area[1]  nr_free 3
 *       free_list[MIGRATE_UNMOVABLE]  <-> page 8 <-> page 40
 *       free_list[MIGRATE_MOVABLE]    <-> page 96
 *
 * B1. A free block of order n is aligned to 2^n pages and lies in one zone.
 * B2. Its first page is marked PageBuddy, has the order in ->private, no reference, and is
 *     on exactly one list: free_area[order].free_list[some type].
 * B3. No other page of it is marked, referenced or reserved, and none is a hole.
 * B4. No two free buddies have the same order: they would be one block.
 * B5. nr_free counts the blocks on an area's lists, and NR_FREE_PAGES the pages on all of them; but
 *     what is isolated counts as neither.
 * B6. A block is on a list of MIGRATE_ISOLATE if and only if its pageblock is of that type, so the
 *     blocks that merge are either all isolated, or none of them is.
 *
 * buddy_check() walks all of this (mm/buddy_check.c). Callers are mm/page_alloc.c, which keeps
 * NR_FREE_PAGES, and mm/pageblock.c, which knows what the types are for. Here a type only names a
 * list.
 *
 * Context: every function wants zone->lock held and interrupts off.
 *
 * Differs from Linux 3.10: whether a buddy can be looked at is asked of the zone's borders, so no
 * struct page beyond them is read; a block's pages have numbers, not indices in a block of
 * MAX_ORDER; and nr_free leaves isolated blocks out, as NR_FREE_PAGES does there too, so that
 * watermarks that look at both do not count on what nobody can have.
 */
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <mm/buddy.h>

/* The number of the buddy of block (@pfn, @order). */
static inline unsigned long __find_buddy_index(unsigned long pfn, unsigned int order)
{
	return pfn ^ (1UL << order);
}

/* The page numbered @to, when that of @page is @from: with a flat map, a matter of arithmetic. */
static inline struct page *page_at(struct page *page, unsigned long from, unsigned long to)
{
	return page + (long)(to - from);
}

/* Is the block of @order that begins at @buddy whole and free? Holes are never marked PageBuddy. */
static inline bool page_is_buddy(const struct zone *zone, const struct page *buddy,
				 unsigned long buddy_pfn, unsigned int order)
{
	return (zone_spans_pfn(zone, buddy_pfn) || bug(BUDDY_BORDER)) &&
	       (PageBuddy(buddy) || (bug(BUDDY_PCP) && !page_count(buddy))) &&
	       (page_order(buddy) == order || bug(BUDDY_ORDER));
}

/* B5: how much a block on lists of @migratetype counts. */
static inline unsigned long block_weight(enum migratetype migratetype)
{
	return migratetype != MIGRATE_ISOLATE;
}

/* Mark the head of a free block, and count the block. The caller puts it on a list. */
static inline void set_free_block(struct zone *zone, struct page *page, unsigned int order,
				  unsigned long weight)
{
	set_page_private(page, order);
	__SetPageBuddy(page);
	zone->free_area[order].nr_free += weight;
}

/* Take a free block of known order off its list; its head becomes a page like the others (B3). */
static inline void clear_free_block(struct zone *zone, struct page *page, unsigned int order,
				    unsigned long weight)
{
	__list_del(page->lru.prev, page->lru.next);
	__ClearPageBuddy(page);
	set_page_private(page, 0);
	zone->free_area[order].nr_free -= weight;
}

/*
 * Will the block soon merge? It will if its buddy, now busy, is freed, and the buddy of the block
 * that both make is free already. Then it goes to the end of its list, to be allocated last.
 */
static inline bool may_merge_higher(const struct zone *zone, struct page *page, unsigned long pfn,
				    unsigned int order)
{
	unsigned long combined_pfn = pfn & ~(1UL << order);
	unsigned long higher_pfn = __find_buddy_index(combined_pfn, order + 1);

	if (order >= MAX_ORDER - 2 || !zone_spans_pfn(zone, __find_buddy_index(pfn, order)))
		return false;
	return page_is_buddy(zone, page_at(page, pfn, higher_pfn), higher_pfn, order + 1);
}

void __free_one_page(struct page *page, unsigned long pfn, struct zone *zone, unsigned int order,
		     enum migratetype migratetype)
{
	const unsigned long weight = block_weight(migratetype);
	struct list_head *list;

	assert_spin_locked(&zone->lock);
	VM_BUG_ON(order >= MAX_ORDER, "order %u", order);
	VM_BUG_ON(migratetype >= MIGRATE_TYPES, "type %u", migratetype);
	VM_BUG_ON(page != pfn_to_page(pfn), "page %p, pfn %lx", (void *)page, pfn);
	VM_BUG_ON(!zone_holds_block(zone, pfn, order), "pfn %lx, order %u, zone %s", pfn, order,
		  zone_name(zone));
	VM_BUG_ON(PageBuddy(page) || PageReserved(page) || page_count(page),
		  "pfn %lx is not free to be freed", pfn);

	while (order < MAX_ORDER - 1) {
		unsigned long buddy_pfn = __find_buddy_index(pfn, order);
		struct page *buddy = page_at(page, pfn, buddy_pfn);

		if (!page_is_buddy(zone, buddy, buddy_pfn, order))
			break;
		clear_free_block(zone, buddy, order, weight);
		page = page_at(page, pfn, pfn & buddy_pfn);
		pfn &= buddy_pfn;
		order++;
	}

	set_free_block(zone, page, order, weight);
	list = &zone->free_area[order].free_list[migratetype];
	if (may_merge_higher(zone, page, pfn, order))
		list_add_tail(&page->lru, list);
	else
		list_add(&page->lru, list);
}

/*
 * Cut a block of order @high, which is on no list, down to order @low. The front is kept, the rest
 * goes on the free lists, half by half.
 */
static inline void expand(struct zone *zone, struct page *page, unsigned int low, unsigned int high,
			  enum migratetype migratetype, unsigned long weight)
{
	VM_BUG_ON(low > high || high >= MAX_ORDER, "from order %u to %u", high, low);
	VM_BUG_ON(PageBuddy(page), "pfn %lx is on a list", page_to_pfn(page));

	while (high > low) {
		struct page *half;

		high--;
		half = page + (1UL << high);
		set_free_block(zone, half, high, weight);
		list_add(&half->lru, &zone->free_area[high].free_list[migratetype]);
	}
}

struct page *__rmqueue_block(struct zone *zone, struct page *page, unsigned int order,
			     enum migratetype migratetype)
{
	const unsigned long weight = block_weight(migratetype);
	unsigned int current_order = page_order(page);

	assert_spin_locked(&zone->lock);
	VM_BUG_ON(!zone_holds_block(zone, page_to_pfn(page), current_order), "pfn %lx, order %u",
		  page_to_pfn(page), current_order);
	VM_BUG_ON(current_order < order, "pfn %lx has order %u, not %u", page_to_pfn(page),
		  current_order, order);

	clear_free_block(zone, page, current_order, weight);
	expand(zone, page, order, current_order, migratetype, weight);
	return page;
}

/* Takes the smallest block of at least @order, and cuts it down to @keep_order if it is larger. */
static inline struct page *rmqueue_cut(struct zone *zone, unsigned int order,
				       unsigned int keep_order, enum migratetype migratetype,
				       unsigned int *got_order)
{
	unsigned int current_order;

	assert_spin_locked(&zone->lock);
	VM_BUG_ON(order >= MAX_ORDER, "order %u", order);
	VM_BUG_ON(migratetype >= MIGRATE_ISOLATE, "type %u serves nobody", migratetype);

	for (current_order = order; current_order < MAX_ORDER; current_order++) {
		struct list_head *list = &zone->free_area[current_order].free_list[migratetype];
		struct page *page;

		if (list_empty(list))
			continue;
		page = list_first_entry(list, struct page, lru);
		VM_BUG_ON(page_order(page) != current_order, "pfn %lx of order %lu is on list %u",
			  page_to_pfn(page), page_private(page), current_order);
		clear_free_block(zone, page, current_order, 1);
		/* Written so that for __rmqueue_smallest() nothing is left to be computed. */
		*got_order = keep_order == order ? order : min(current_order, keep_order);
		expand(zone, page, *got_order, current_order, migratetype, 1);
		return page;
	}
	return NULL;
}

struct page *__rmqueue_smallest(struct zone *zone, unsigned int order, enum migratetype migratetype)
{
	unsigned int got_order;

	return rmqueue_cut(zone, order, order, migratetype, &got_order);
}

struct page *__rmqueue_at_most(struct zone *zone, unsigned int order, unsigned int max_order,
			       enum migratetype migratetype, unsigned int *got_order)
{
	VM_BUG_ON(order > max_order, "order %u to %u", order, max_order);
	return rmqueue_cut(zone, order, max_order, migratetype, got_order);
}
