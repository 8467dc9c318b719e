// SPDX-License-Identifier: MIT
/*
 * Walking a zone whole: are the free blocks what mm/buddy.c says (B1 to B6), are the pages and
 * borders what mmzone.h and mm_types.h say?
 *
 * Free blocks are looked at twice, from both ends of what can go wrong:
 *
 *    by page   every page frame of the zone in turn; finds blocks that overlap, hide a page in
 *              use, or should have merged
 *    by list   every list in turn; finds links that do not match, blocks that are on no list, on
 *              two, or on the list of another order
 *
 * Both count blocks by order, isolated ones by themselves, and the counts must agree with each
 * other and with nr_free.
 *
 * These are for tests and for people: they report the first thing that is wrong and go on with
 * false, where the code that they check would stop. They take time in proportion to the zone's
 * size, with the zone's lock held.
 */
#define pr_fmt(fmt) "buddy_check: " fmt
#include <kernel/bug.h>
#include <mm/buddy.h>
#include <mm/mm.h>
#include <mm/pageblock.h>
#include "check.h"

/* Free blocks by order, as counted on one of the two ways. */
struct block_count {
	unsigned long blocks[MAX_ORDER];	/* that can be had */
	unsigned long isolated[MAX_ORDER];
};

static void count_block(struct block_count *count, unsigned int order, enum migratetype migratetype)
{
	if (is_migrate_isolate(migratetype))
		count->isolated[order]++;
	else
		count->blocks[order]++;
}

/* --- By page --- */

/* B3, for a page of a free block other than the first. */
static bool check_inner_page(const struct page *page)
{
	return page_ok(!PageBuddy(page), page, "a free block begins inside another") &&
	       page_ok(!PageCompound(page), page, "free, and part of a compound page") &&
	       page_ok(page_count(page) == 0, page, "free with %d references", page_count(page)) &&
	       page_ok(!PageReserved(page), page, "free and reserved") &&
	       page_ok(pfn_valid(page_to_pfn(page)), page, "free, but there is no RAM");
}

/* B2, but for the list. */
static bool check_head(const struct zone *zone, const struct page *page)
{
	unsigned long pfn = page_to_pfn(page), order = page_private(page);

	return page_ok(order < MAX_ORDER, page, "free block of order %lu", order) &&
	       page_ok(zone_holds_block(zone, pfn, order), page,
		       "not aligned to order %lu, or reaches out of the zone", order) &&
	       page_ok(!PageCompound(page), page, "free, and part of a compound page") &&
	       page_ok(page_zone(page) == zone, page, "belongs to another zone") &&
	       page_ok(page_count(page) == 0, page, "free with %d references", page_count(page)) &&
	       page_ok(!PageReserved(page), page, "free and reserved") &&
	       page_ok(pfn_valid(pfn), page, "free, but there is no RAM");
}

/* B4. */
static bool check_buddy(const struct zone *zone, const struct page *page)
{
	unsigned int order = page_order(page);
	unsigned long buddy_pfn = page_to_pfn(page) ^ (1UL << order);
	const struct page *buddy;

	if (order == MAX_ORDER - 1 || !zone_spans_pfn(zone, buddy_pfn))
		return true;
	buddy = pfn_to_page(buddy_pfn);
	return page_ok(!PageBuddy(buddy) || page_private(buddy) != order, page,
		       "and its buddy %lx are free with order %u, not merged", buddy_pfn, order);
}

static bool check_block(const struct zone *zone, const struct page *page)
{
	unsigned long i;

	if (!check_head(zone, page) || !check_buddy(zone, page))
		return false;
	for (i = 1; i < 1UL << page_order(page); i++)
		if (!check_inner_page(page + i))
			return false;
	return true;
}

static bool check_by_page(const struct zone *zone, struct block_count *count)
{
	unsigned long pfn = zone->zone_start_pfn;

	while (pfn < zone_end_pfn(zone)) {
		const struct page *page = pfn_to_page(pfn);

		if (!PageBuddy(page)) {
			pfn++;
			continue;
		}
		if (!check_block(zone, page))
			return false;
		count_block(count, page_order(page), get_zone_migratetype(zone, page));
		pfn += 1UL << page_order(page);
	}
	return true;
}

/* --- By list --- */

/*
 * One entry of the list of (@order, @type), reached from @prev: B2, B6, and M4 of mm/pageblock.c.
 */
static bool check_entry(const struct zone *zone, const struct page *page,
			const struct list_head *prev, unsigned int order, unsigned int type)
{
	return page_ok(page->lru.prev == prev, page, "its neighbour on list %u, %s is another",
		       order, migratetype_names[type]) &&
	       page_ok(PageBuddy(page) && page_private(page) == order, page,
		       "on list %u, %s, but not the head of such a block", order,
		       migratetype_names[type]) &&
	       page_ok(page_zone(page) == zone, page, "on a list of zone %s", zone_name(zone)) &&
	       page_ok(grouped_type(type) == type, page, "on list %u, %s, without grouping", order,
		       migratetype_names[type]) &&
	       page_ok(is_migrate_isolate(type) ==
		       is_migrate_isolate(get_zone_migratetype(zone, page)), page,
		       "on list %u, %s, but its pageblock is %s", order, migratetype_names[type],
		       migratetype_names[get_zone_migratetype(zone, page)]);
}

/* One list, counted. More than @limit entries, and it runs in a circle. */
static bool check_list(const struct zone *zone, unsigned int order, unsigned int type,
		       unsigned long limit, struct block_count *count)
{
	const struct list_head *head = &zone->free_area[order].free_list[type];
	const struct list_head *prev = head, *link;
	unsigned long nr_blocks = 0;

	for (link = head->next; link != head; prev = link, link = link->next) {
		const struct page *page = page_of_link(link);

		if (!zone_ok(page_in_map(page), zone, "list %u, %s leads to %p", order,
			     migratetype_names[type], (const void *)link))
			return false;
		if (!check_entry(zone, page, prev, order, type))
			return false;
		if (!zone_ok(++nr_blocks <= limit, zone, "list %u, %s has more than %lu blocks",
			     order, migratetype_names[type], limit))
			return false;
		count_block(count, order, type);
	}
	return zone_ok(head->prev == prev, zone, "list %u, %s does not end where it should", order,
		       migratetype_names[type]);
}

static bool check_by_list(const struct zone *zone, struct block_count *count)
{
	unsigned int order, type;

	for (order = 0; order < MAX_ORDER; order++) {
		unsigned long nr_free = zone->free_area[order].nr_free;

		for (type = 0; type < MIGRATE_TYPES; type++)
			if (!check_list(zone, order, type, zone->spanned_pages >> order, count))
				return false;
		if (!zone_ok(count->blocks[order] == nr_free, zone,
			     "%lu blocks on lists of order %u, nr_free is %lu",
			     count->blocks[order], order, nr_free))
			return false;
	}
	return true;
}

/* --- Both --- */

/* B5, and that what one way counts the other does. */
static bool check_counts(const struct zone *zone, const struct block_count *by_page,
			 const struct block_count *by_list)
{
	unsigned long nr_pages = 0;
	unsigned int order;

	for (order = 0; order < MAX_ORDER; order++) {
		if (!zone_ok(by_page->blocks[order] == by_list->blocks[order], zone,
			     "%lu blocks of order %u, but %lu on lists",
			     by_page->blocks[order], order, by_list->blocks[order]) ||
		    !zone_ok(by_page->isolated[order] == by_list->isolated[order], zone,
			     "%lu isolated blocks of order %u, but %lu on lists",
			     by_page->isolated[order], order, by_list->isolated[order]))
			return false;
		nr_pages += by_page->blocks[order] << order;
	}
	return zone_ok(nr_pages == zone_page_state(zone, NR_FREE_PAGES), zone,
		       "%lu pages are free, NR_FREE_PAGES is %lu", nr_pages,
		       zone_page_state(zone, NR_FREE_PAGES)) &&
	       zone_ok(nr_pages <= zone->managed_pages, zone, "%lu pages are free of %lu managed",
		       nr_pages, zone->managed_pages);
}

bool buddy_check(struct zone *zone)
{
	struct block_count by_page = { { 0 }, { 0 } }, by_list = { { 0 }, { 0 } };
	unsigned long flags;
	bool ok;

	if (!populated_zone(zone))
		return true;
	spin_lock_irqsave(&zone->lock, flags);
	ok = check_by_list(zone, &by_list) && check_by_page(zone, &by_page) &&
	     check_counts(zone, &by_page, &by_list);
	spin_unlock_irqrestore(&zone->lock, flags);
	return ok;
}

/* --- A zone and its pages --- */

static bool check_borders(const struct zone *zone)
{
	const pg_data_t *pgdat = zone->zone_pgdat;
	unsigned long expected = zone_idx(zone) ? zone_end_pfn(zone - 1) : pgdat->node_start_pfn;

	return zone_ok(zone->zone_start_pfn == expected, zone, "begins at pfn %lx, not at %lx",
		       zone->zone_start_pfn, expected) &&
	       zone_ok(zone_end_pfn(zone) <= pgdat_end_pfn(pgdat), zone,
		       "reaches out of the node") &&
	       zone_ok(zone->spanned_pages >= zone->present_pages &&
		       zone->present_pages >= zone->managed_pages, zone,
		       "spanned %lu, present %lu, managed %lu", zone->spanned_pages,
		       zone->present_pages, zone->managed_pages);
}

/* Is the page in one of the states of mm_types.h? */
static bool check_page_state(const struct page *page)
{
	if (PageReserved(page))
		return page_ok(page_count(page) >= 1, page, "reserved, without a reference") &&
		       page_ok(!PageBuddy(page), page, "reserved and free");
	return page_ok(pfn_valid(page_to_pfn(page)), page, "a hole, but not reserved") &&
	       page_ok(page_count(page) >= 0, page, "has %d references", page_count(page));
}

/* Every page, and mmzone.h's I2: present = managed + reserved. */
static bool check_pages(const struct zone *zone)
{
	unsigned long pfn, nr_reserved = 0, nr_holes = zone->spanned_pages - zone->present_pages;

	for (pfn = zone->zone_start_pfn; pfn < zone_end_pfn(zone); pfn++) {
		const struct page *page = pfn_to_page(pfn);

		if (!page_ok(page_zone(page) == zone, page, "lies in zone %s", zone_name(zone)) ||
		    !check_page_state(page))
			return false;
		nr_reserved += PageReserved(page);
	}
	return zone_ok(zone->present_pages == zone->managed_pages + nr_reserved - nr_holes, zone,
		       "%lu pages present, but %lu managed and %lu reserved, %lu of them holes",
		       zone->present_pages, zone->managed_pages, nr_reserved, nr_holes);
}

bool zone_check(struct zone *zone)
{
	unsigned long flags;
	bool ok;

	spin_lock_irqsave(&zone->lock, flags);
	ok = check_borders(zone) && check_pages(zone);
	spin_unlock_irqrestore(&zone->lock, flags);
	return ok;
}
