// SPDX-License-Identifier: MIT
/*
 * Grouping pages by mobility: which free list a request is served from, and what happens when that
 * list is empty.
 *
 * All memory begins as MOVABLE. A request of another type finds its own lists empty and takes a
 * block from another type (__rmqueue_fallback): the largest there is, so that the next ones of its
 * kind come from the same place and the damage stays small. When most of that pageblock is free,
 * the pageblock itself changes its type with it, and pages freed there later come back to the new
 * type's lists:
 *
 *    wanted:  UNMOVABLE, order 0                    free lists, before       after
 *                                                   MOVABLE      10          -
 *    pageblock 7 of MOVABLE, all free               UNMOVABLE    -           0 1 2 ... 9
 *             |
 *             +-> becomes UNMOVABLE
 *
 * M1. Every pageblock has one type, one of those in enum migratetype.
 * M2. A free block's list need not be that of its pageblock: a type borrows what is too little to
 *     claim.
 * M3. CMA pageblocks keep their type, and serve MOVABLE requests only; RESERVE serves all when
 *     nothing else does; ISOLATE serves none.
 *
 * Called by mm/page_alloc.c with zone->lock held. As mm/page_alloc.c of Linux 3.10 has it.
 */
#include <kernel/bug.h>
#include <mm/buddy.h>
#include <mm/pageblock.h>

const char *const migratetype_names[MIGRATE_TYPES] = {
	[MIGRATE_UNMOVABLE] = "Unmovable",
	[MIGRATE_RECLAIMABLE] = "Reclaimable",
	[MIGRATE_MOVABLE] = "Movable",
	[MIGRATE_RESERVE] = "Reserve",
	[MIGRATE_CMA] = "CMA",
	[MIGRATE_ISOLATE] = "Isolate",
};

const char migratetype_letters[MIGRATE_TYPES] = {
	[MIGRATE_UNMOVABLE] = 'U',
	[MIGRATE_RECLAIMABLE] = 'E',
	[MIGRATE_MOVABLE] = 'M',
	[MIGRATE_RESERVE] = 'R',
	[MIGRATE_CMA] = 'C',
	[MIGRATE_ISOLATE] = 'I',
};

/* Whom a type borrows from, in this order, up to MIGRATE_RESERVE, which __rmqueue() asks itself. */
static const u8 fallbacks[MIGRATE_TYPES][4] = {
	[MIGRATE_UNMOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE, MIGRATE_RESERVE },
	[MIGRATE_RECLAIMABLE] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, MIGRATE_RESERVE },
	[MIGRATE_MOVABLE] = { MIGRATE_CMA, MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE,
			      MIGRATE_RESERVE },
	[MIGRATE_RESERVE] = { MIGRATE_RESERVE },
	[MIGRATE_CMA] = { MIGRATE_RESERVE },
	[MIGRATE_ISOLATE] = { MIGRATE_RESERVE },
};

static void set_pfnblock_migratetype(struct zone *zone, unsigned long pfn,
				     enum migratetype migratetype)
{
	VM_BUG_ON(migratetype >= MIGRATE_TYPES, "type %u", migratetype);
	VM_BUG_ON(!zone_spans_pfn(zone, pfn), "pfn %lx, zone %s", pfn, zone_name(zone));
	zone->pageblock_flags[pfn_to_pageblock(pfn)] = migratetype;
}

void set_pageblock_migratetype(struct page *page, enum migratetype migratetype)
{
	set_pfnblock_migratetype(page_zone(page), page_to_pfn(page), migratetype);
}

/*
 * Move the free blocks that begin in @start_pfn .. @end_pfn - 1. Return: how many pages that were.
 */
static unsigned int move_freepages(struct zone *zone, unsigned long start_pfn,
				   unsigned long end_pfn, enum migratetype migratetype)
{
	unsigned int nr_moved = 0;
	unsigned long pfn = start_pfn;

	while (pfn < end_pfn) {
		struct page *page = pfn_to_page(pfn);
		unsigned int order;

		if (!PageBuddy(page)) {
			pfn++;
			continue;
		}
		order = page_order(page);
		list_move(&page->lru, &zone->free_area[order].free_list[migratetype]);
		nr_moved += 1U << order;
		pfn += 1UL << order;
	}
	return nr_moved;
}

unsigned int move_freepages_block(struct zone *zone, struct page *page,
				  enum migratetype migratetype)
{
	unsigned long first = round_down(page_to_pfn(page), pageblock_nr_pages);
	unsigned long start_pfn = max(first, zone->zone_start_pfn);
	unsigned long end_pfn = min(first + pageblock_nr_pages, zone_end_pfn(zone));

	VM_BUG_ON(migratetype >= MIGRATE_TYPES, "type %u", migratetype);
	assert_spin_locked(&zone->lock);
	VM_BUG_ON(page_zone(page) != zone, "pfn %lx, zone %s", page_to_pfn(page), zone_name(zone));
	return move_freepages(zone, start_pfn, end_pfn, migratetype);
}

/*
 * Is a block of @order worth its whole pageblock? A large one is; and reclaimable pages are freed
 * in such numbers that they had better be together.
 */
static bool should_claim(unsigned int order, enum migratetype start_type)
{
	return order >= pageblock_order / 2 || start_type == MIGRATE_RECLAIMABLE;
}

/*
 * @start_type wants the free block (@page, @order), which is on a list of type @from. If it is
 * worth it, the rest of its pageblock's free pages comes along; and if those are half of the
 * pageblock, so does the pageblock. Return: the type whose list gets what is left of the block.
 */
static enum migratetype try_to_steal_freepages(struct zone *zone, struct page *page,
					       unsigned int order, enum migratetype start_type,
					       enum migratetype from)
{
	if (is_migrate_cma(from))
		return from;
	if (!should_claim(order, start_type))
		return start_type;
	if (move_freepages_block(zone, page, start_type) >= pageblock_nr_pages / 2)
		set_pfnblock_migratetype(zone, page_to_pfn(page), start_type);
	return start_type;
}

/*
 * The largest free block, of @order or more, on the lists that @start_type may borrow from; the
 * first in its order.
 */
static struct page *find_largest_fallback(struct zone *zone, unsigned int order,
					  enum migratetype start_type, enum migratetype *from)
{
	unsigned int current_order, i;

	for (current_order = MAX_ORDER; current_order-- > order;) {
		struct free_area *area = &zone->free_area[current_order];

		for (i = 0; fallbacks[start_type][i] != MIGRATE_RESERVE; i++) {
			*from = fallbacks[start_type][i];
			if (!list_empty(&area->free_list[*from]))
				return list_first_entry(&area->free_list[*from], struct page, lru);
		}
	}
	return NULL;
}

static struct page *__rmqueue_fallback(struct zone *zone, unsigned int order,
				       enum migratetype start_type)
{
	enum migratetype from;
	struct page *page = find_largest_fallback(zone, order, start_type, &from);

	if (!page)
		return NULL;
	from = try_to_steal_freepages(zone, page, page_order(page), start_type, from);
	return __rmqueue_block(zone, page, order, from);
}

struct page *__rmqueue_other(struct zone *zone, unsigned int order, enum migratetype migratetype)
{
	struct page *page = __rmqueue_fallback(zone, order, migratetype);

	if (!page && migratetype != MIGRATE_RESERVE)
		page = __rmqueue_smallest(zone, order, MIGRATE_RESERVE);
	return page;
}
