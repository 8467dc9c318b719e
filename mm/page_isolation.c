// SPDX-License-Identifier: MIT
/*
 * Isolating pageblocks: see page_isolation.h for the picture.
 *
 * That an isolated pageblock gives nothing out needs no test in the allocator: no type falls back
 * to MIGRATE_ISOLATE (mm/pageblock.c), so its lists are never asked. What this file does is to
 * bring all free pages of a pageblock to these lists, and to take them out of what is counted:
 *
 *    on the free lists     move_freepages_block(), under zone->lock, together with the type
 *    on per-CPU lists      drain_all_pages(), after the type was set (P6 of pcp.h)
 *    in use                when they are freed: free_one_page() and free_pcppages_bulk() look at
 *                          the pageblock's type under zone->lock
 *
 * B5 and B6 of mm/buddy.c say what is true then.
 */
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <lib/errno.h>
#include <mm/mm.h>
#include <mm/page_isolation.h>
#include <mm/pcp.h>
#include <mm/vmstat.h>

/* The part of @page's pageblock that lies in its zone. */
struct pageblock_part {
	struct zone *zone;
	unsigned long start_pfn, end_pfn;
};

static struct pageblock_part part_of(const struct page *page)
{
	struct zone *zone = page_zone(page);
	unsigned long first = round_down(page_to_pfn(page), pageblock_nr_pages);

	return (struct pageblock_part){
		.zone = zone,
		.start_pfn = max(first, zone->zone_start_pfn),
		.end_pfn = min(first + pageblock_nr_pages, zone_end_pfn(zone)),
	};
}

/* Can pages of the pageblock be moved or freed, whatever they are used for? */
static bool is_for_movable_pages(const struct zone *zone, enum migratetype migratetype)
{
	return zone_idx(zone) == ZONE_MOVABLE || migratetype == MIGRATE_MOVABLE ||
	       is_migrate_cma(migratetype);
}

/* Is a page in use, and stays so for good? Holes are not in use. */
static bool is_unmovable(const struct page *page, bool movable_block)
{
	if (PageReserved(page))
		return pfn_valid(page_to_pfn(page));
	return page_count(page) && !movable_block && !PageLRU(page);
}

/* Context: zone->lock held. */
static bool has_unmovable_pages(const struct pageblock_part *part)
{
	bool movable = is_for_movable_pages(part->zone, get_pfnblock_migratetype(part->zone,
										 part->start_pfn));
	unsigned long pfn = part->start_pfn;

	while (pfn < part->end_pfn) {
		const struct page *page = pfn_to_page(pfn);

		if (is_unmovable(page, movable))
			return true;
		pfn += PageBuddy(page) ? 1UL << page_order(page) : 1;
	}
	return false;
}

/*
 * Move a pageblock from its type to another, one of which is MIGRATE_ISOLATE. Context: zone->lock
 * held.
 */
static void change_type(struct zone *zone, struct page *page, enum migratetype migratetype)
{
	enum migratetype old = get_zone_migratetype(zone, page);
	int nr_pages = (int)move_freepages_block(zone, page, migratetype);

	VM_BUG_ON(is_migrate_isolate(old) == is_migrate_isolate(migratetype), "from %s to %s",
		  migratetype_names[old], migratetype_names[migratetype]);
	__mod_zone_freepage_state(zone, -nr_pages, old);
	__mod_zone_freepage_state(zone, nr_pages, migratetype);
	set_pageblock_migratetype(page, migratetype);
}

int set_migratetype_isolate(struct page *page)
{
	const struct pageblock_part part = part_of(page);
	unsigned long flags;
	bool busy;

	spin_lock_irqsave(&part.zone->lock, flags);
	busy = is_migrate_isolate_page(page) || has_unmovable_pages(&part);
	if (!busy)
		change_type(part.zone, page, MIGRATE_ISOLATE);
	spin_unlock_irqrestore(&part.zone->lock, flags);
	if (busy)
		return -EBUSY;
	drain_all_pages();
	return 0;
}

void unset_migratetype_isolate(struct page *page, enum migratetype migratetype)
{
	struct zone *zone = page_zone(page);
	unsigned long flags;

	VM_BUG_ON(migratetype >= MIGRATE_ISOLATE, "type %u", migratetype);
	spin_lock_irqsave(&zone->lock, flags);
	if (is_migrate_isolate_page(page))
		change_type(zone, page, migratetype);
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* --- Ranges --- */

/* The first page of @nr_pages from @pfn that exists; NULL if none does. */
static struct page *__first_valid_page(unsigned long pfn, unsigned long nr_pages)
{
	unsigned long end_pfn = pfn + nr_pages;

	for (; pfn < end_pfn; pfn++)
		if (pfn_valid(pfn))
			return pfn_to_page(pfn);
	return NULL;
}

static bool is_in_one_zone(unsigned long start_pfn, unsigned long end_pfn)
{
	const struct page *page = __first_valid_page(start_pfn, end_pfn - start_pfn);

	return page && zone_spans_pfn(page_zone(page), start_pfn) &&
	       zone_spans_pfn(page_zone(page), end_pfn - 1);
}

int start_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn,
			     enum migratetype migratetype)
{
	unsigned long pfn;

	BUG_ON(!IS_ALIGNED(start_pfn | end_pfn, pageblock_nr_pages), "pfn %lx to %lx", start_pfn,
	       end_pfn);
	if (!is_in_one_zone(start_pfn, end_pfn))
		return -EINVAL;
	for (pfn = start_pfn; pfn < end_pfn; pfn += pageblock_nr_pages) {
		struct page *page = __first_valid_page(pfn, pageblock_nr_pages);

		if (page && set_migratetype_isolate(page)) {
			if (!bug(ISOLATED_LEFT))
				undo_isolate_page_range(start_pfn, pfn, migratetype);
			return -EBUSY;
		}
	}
	return 0;
}

void undo_isolate_page_range(unsigned long start_pfn, unsigned long end_pfn,
			     enum migratetype migratetype)
{
	unsigned long pfn;

	BUG_ON(!IS_ALIGNED(start_pfn | end_pfn, pageblock_nr_pages), "pfn %lx to %lx", start_pfn,
	       end_pfn);
	for (pfn = start_pfn; pfn < end_pfn; pfn += pageblock_nr_pages) {
		struct page *page = __first_valid_page(pfn, pageblock_nr_pages);

		if (page)
			unset_migratetype_isolate(page, migratetype);
	}
}

/*
 * How many pages from @pfn need no further look: a whole free block, if it is isolated, or a page
 * of a hole. 0 for a page that is in use.
 */
static unsigned long isolated_step(unsigned long pfn)
{
	const struct page *page;

	if (!pfn_valid(pfn))
		return 1;
	page = pfn_to_page(pfn);
	return PageBuddy(page) && is_migrate_isolate_page(page) ? 1UL << page_order(page) : 0;
}

/* The head of the free block that @pfn lies in, if it is in one and not its head; else @pfn. */
static unsigned long head_of_block(unsigned long pfn)
{
	unsigned int order;

	for (order = 0; order < MAX_ORDER; order++) {
		unsigned long head = round_down(pfn, 1UL << order);

		if (pfn_valid(head) && PageBuddy(pfn_to_page(head)))
			return page_order(pfn_to_page(head)) >= order ? head : pfn;
	}
	return pfn;
}

int test_pages_isolated(unsigned long start_pfn, unsigned long end_pfn)
{
	struct page *page = __first_valid_page(start_pfn, end_pfn - start_pfn);
	unsigned long flags, pfn, step = 1;
	struct zone *zone;

	if (!page)
		return -EBUSY;
	zone = page_zone(page);
	spin_lock_irqsave(&zone->lock, flags);
	for (pfn = head_of_block(page_to_pfn(page)); pfn < end_pfn && step; pfn += step)
		step = isolated_step(pfn);
	spin_unlock_irqrestore(&zone->lock, flags);
	return step ? 0 : -EBUSY;
}
